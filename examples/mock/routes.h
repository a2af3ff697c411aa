/* routes.h - which path leads where, and what breaks on the way. To add an
   answer, write a short function and one row of routes[]; to add a failure, one
   row of fault_kinds[]. */
#ifndef MOCK_ROUTES_H
#define MOCK_ROUTES_H

/* ---- routes */

static const struct route {
    const char *method, *path;
    const char *scopes;   /* one of them is needed; NULL: none              */
    const char *resource; /* its name in the text of a 403                  */
    int (*answer)(exchange *x);
} routes[] = {
    {"GET", "/oauth/v2/authorization", NULL, NULL, authorize},
    {"POST", "/oauth/v2/authorization", NULL, NULL, authorize},
    {"GET", "/oauth/native-pkce/authorization", NULL, NULL, authorize},
    {"POST", "/oauth/native-pkce/authorization", NULL, NULL, authorize},
    {"POST", "/oauth/v2/accessToken", NULL, NULL, access_token},
    {"POST", "/oauth/v2/introspectToken", NULL, NULL, introspect},
    {"POST", "/oauth/v2/revoke", NULL, NULL, revoke_token},
    {"GET", "/oauth/openid/jwks", NULL, NULL, list_keys},
    {"GET", "/v2/me", "r_liteprofile,r_basicprofile", "me", profile},
    {"GET", "/v2/userinfo", "openid", "userinfo", userinfo},
    {"GET", "/rest/me", "r_basicprofile", "partnerApiMe", profile},
    {"GET", "/", NULL, NULL, page_show},
    {"GET", "/mock/page.json", NULL, NULL, page_state},
    {"GET", "/mock/picture", NULL, NULL, page_picture},
    {"POST", "/mock/expire", NULL, NULL, mock_expire},
    {"POST", "/mock/revoke", NULL, NULL, mock_revoke},
};

/* The row of method and path; *known says that the path has a row. */
static const struct route *route_find(const exchange *x, int *known)
{
    size_t i;

    *known = 0;
    for (i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (!is(x->path, routes[i].path))
            continue;
        *known = 1;
        if (is(x->method, routes[i].method))
            return &routes[i];
    }
    return NULL;
}

/* A request that came through a query tunnel, as it was meant. */
static int through_tunnel(exchange *x)
{
    static char memory[MAX_BODY];
    li_buf query = LI_BUF(memory);
    untunnelled u;

    if (!header(x, "X-HTTP-Method-Override").ptr)
        return 0;
    u.method = x->method;
    u.type = header(x, "Content-Type");
    u.body = x->body;
    u.query = &query;
    li_put(&query, x->query);
    if (!untunnel(&u, header(x, "X-HTTP-Method-Override")) || query.rc)
        return problem(x, 400, -1, "ILLEGAL_ARGUMENT",
                       "The tunnelled query cannot be read");
    x->method = u.method;
    x->query = written(&query);
    x->body = u.body;
    return 0;
}

/* Checks in this order: token, version, path, method, scope. */
static int route(exchange *x)
{
    int known, status, rest = starts(x->path, "/rest/");
    const struct route *r;
    li_str unknown;

    if ((status = through_tunnel(x)))
        return status;
    r = route_find(x, &known);
    if ((rest || starts(x->path, "/v2/")) && (status = token_wrong(x)))
        return status;
    if (rest && (status = version_wrong(x)))
        return status;
    if (is_upload(x))
        return upload_bytes(x);
    if (!known && (rest || starts(x->path, "/v2/")))
        return store(x);
    if (!known ||
        ((starts(x->path, "/mock/") || is_page(x)) && !x->loopback))
        return problem(x, 404, 0, "RESOURCE_NOT_FOUND",
                       "No virtual resource found");
    if (!r)
        return problem(x, 405, -1, NULL, "Method Not Allowed");
    if (r->scopes &&
        !(x->token->scopes & scope_bits(li_cstr(r->scopes), &unknown)))
        return forbidden(x, r->resource);
    return r->answer(x);
}

/* ---- faults */

#define THROTTLE "Resource level throttle "
#define REACHED "limit for calls to this resource is reached."

static const struct fault_kind {
    const char *name;
    int effect, status, service; /* status 0: no answer of its own          */
    const char *code, *message;  /* NULL: a gateway's HTML page             */
    const char *help;
} fault_kinds[] = {
    {"401-revoked", NOTHING, 401, 65601, "REVOKED_ACCESS_TOKEN", REVOKED,
     "as a token that is seconds old may be answered"},
    {"429", NOTHING, 429, 101, "TOO_MANY_REQUESTS", THROTTLE REACHED,
     "too many requests, without a reason"},
    {"429-retry-after", RETRY_AFTER, 429, 101, "TOO_MANY_REQUESTS",
     THROTTLE REACHED, "the same with Retry-After: ARG seconds"},
    {"429-day", NOTHING, 429, 101, "TOO_MANY_REQUESTS",
     THROTTLE "APPLICATION DAY " REACHED, "the day's quota is used up"},
    {"429-retry-date", RETRY_DATE, 429, 101, "TOO_MANY_REQUESTS",
     THROTTLE REACHED, "the same with a date ARG seconds from now"},
    {"429-volume", NOTHING, 429, 0, "TOO_MANY_REQUESTS",
     "The data request limit has been exceeded. More than 45 million metric "
     "values were requested in a 5-minute window.",
     "too much ad analytics in five minutes"},
    {"401-expired", NOTHING, 401, 65602, "EXPIRED_ACCESS_TOKEN",
     "The token used in the request has expired", "an expired token"},
    {"500", NOTHING, 500, 0, "INTERNAL_SERVER_ERROR",
     "Internal Server Error", "a server error"},
    {"502-html", NOTHING, 502, 0, NULL, NULL, "a gateway's HTML page"},
    {"503", NOTHING, 503, 0, "SERVICE_UNAVAILABLE", "Service Unavailable",
     "service unavailable"},
    {"504", NOTHING, 504, 0, "GATEWAY_TIMEOUT", "Gateway Timeout",
     "the gateway gave up"},
    {"slow", SLOW, 0, 0, NULL, NULL, "answer after ARG milliseconds"},
    {"drip", DRIP, 0, 0, NULL, NULL, "16 bytes of the answer every ARG ms"},
    {"cut", CUT, 0, 0, NULL, NULL, "close after ARG bytes of the answer"},
    {"reset", RESET, 0, 0, NULL, NULL,
     "RST instead of an answer, before it is acted on"},
    {"lost", LOST, 0, 0, NULL, NULL, "the same, once it is acted on"},
    {"stall", STALL, 0, 0, NULL, NULL,
     "ARG bytes of the answer, the connection open"},
};

static struct fault {
    const struct fault_kind *kind;
    long arg, nth;    /* nth 0: every request                               */
    long percent;     /* so many of them, by chance; 0: all                 */
    long seen;
    const char *path; /* how the paths begin that it is for; never NULL     */
} faults[MAX_LIST];
static size_t fault_count;

/* xorshift: the same faults for the same --seed and requests. */
static int by_chance(long percent)
{
    static uint32_t x;
    if (!x)
        x = (uint32_t)set.seed * 2654435761u + 1;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return x % 100 < (uint32_t)percent;
}

/* KIND[:ARG][@N or %P][/PATH]; the path must end the C string. */
static int fault_read(struct fault *fault, li_str text)
{
    li_str rest = text, nth, name;
    size_t i;

    memset(fault, 0, sizeof *fault);
    nth = cut(&rest, "/");
    fault->path = rest.ptr ? rest.ptr - 1 : "";
    if (contains(nth, "%")) {
        rest = cut(&nth, "%");
        if ((fault->percent = number(nth)) < 1 || fault->percent > 100)
            return 0;
        nth = li_cstr(NULL);
    } else {
        rest = cut(&nth, "@");
    }
    name = cut(&rest, ":");
    if (nth.ptr && (fault->nth = number(nth)) < 1)
        return 0;
    if (rest.ptr && (fault->arg = number(rest)) < 0)
        return 0;
    for (i = 0; i < sizeof fault_kinds / sizeof *fault_kinds; i++)
        if (is(name, fault_kinds[i].name))
            fault->kind = &fault_kinds[i];
    return fault->kind != NULL;
}

/* The first fault that answers wins; effects add up. */
static int fault_apply(exchange *x, const struct fault *fault, int status)
{
    const struct fault_kind *k = fault->kind;

    x->effect[k->effect] = fault->arg;
    if (status || !k->status)
        return status;
    if (!k->message)
        return page(x, k->status, "Bad Gateway", "No valid answer came.");
    return problem(x, k->status, k->service, k->code, k->message);
}

static int fault_check(exchange *x)
{
    li_str asked = header(x, "X-Mock-Fault");
    struct fault one;
    int status = 0;
    size_t i;

    if (starts(x->path, "/mock/") || is_page(x))
        return 0;
    if (asked.ptr && (contains(asked, "/") || !fault_read(&one, asked)))
        return problem(x, 400, -1, "MOCK", "X-Mock-Fault is not understood");
    if (asked.ptr)
        status = fault_apply(x, &one, status);
    for (i = 0; i < fault_count; i++) {
        if (!starts(x->path, faults[i].path))
            continue;
        faults[i].seen++;
        if ((!faults[i].nth || faults[i].nth == faults[i].seen) &&
            (!faults[i].percent || by_chance(faults[i].percent)))
            status = fault_apply(x, &faults[i], status);
    }
    return status;
}

#endif /* MOCK_ROUTES_H */
