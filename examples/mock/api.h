/* api.h - who may call, the member's profile, and what tests ask for. */
#ifndef MOCK_API_H
#define MOCK_API_H

#define REVOKED "The token used in the request has been revoked by the user"

/* Finds the caller's token. */
static int token_wrong(exchange *x)
{
    li_str value = header(x, "Authorization"), scheme = cut(&value, " ");
    token *t = token_find(value);

    if (!scheme.len || (is_nocase(scheme, "Bearer") && !value.len))
        return problem(x, 401, 65604, "EMPTY_ACCESS_TOKEN",
                       "Empty oauth2 access token");
    if (!is_nocase(scheme, "Bearer"))
        return problem(x, 401, -1, NULL, "Unknown authentication scheme");
    if (!t || t->refresh)
        return problem(x, 401, 65600, "INVALID_ACCESS_TOKEN",
                       "Invalid access token");
    if (t->revoked)
        return problem(x, 401, 65601, "REVOKED_ACCESS_TOKEN", REVOKED);
    if (t->expires_at <= now_s())
        return problem(x, 401, 65602, "EXPIRED_ACCESS_TOKEN",
                       "The token used in the request has expired");
    x->token = t;
    return 0;
}

/* Writes YYYYMMDD of YYYYMM or YYYYMM.RR, where RR stands in for the day: so
   LinkedIn's messages show a version. 0 if it is none. */
static int version_day(li_str version, char day[9])
{
    if (version.len != 6 && (version.len != 9 || version.ptr[6] != '.'))
        return 0;
    memcpy(day, version.ptr, 6);
    memcpy(day + 6, version.len == 9 ? version.ptr + 7 : "01", 3);
    day[8] = '\0';
    return only(span(day, 8), DIGITS);
}

static int version_wrong(exchange *x)
{
    li_str version = header(x, "LinkedIn-Version");
    char day[9], message[64];

    if (!version.ptr)
        return problem(x, 400, -1, "VERSION_MISSING",
                       "A version must be present. Please specify a version "
                       "by adding the LinkedIn-Version header.");
    if (!version_day(version, day))
        return problem(x, 400, -1, "ILLEGAL_ARGUMENT",
                       "The LinkedIn-Version header is not YYYYMM");
    if (strncmp(day, set.first_version, 6) >= 0 &&
        strncmp(day, set.last_version, 6) <= 0)
        return 0;
    snprintf(message, sizeof message, "Requested version %s is not active",
             day);
    return problem(x, 426, -1, "NONEXISTENT_VERSION", message);
}

/* The texts of 403 name a call as resource.METHOD.version. */
static int forbidden(exchange *x, const char *resource)
{
    char message[128], day[9];
    int rest = starts(x->path, "/rest/") &&
               version_day(header(x, "LinkedIn-Version"), day);

    snprintf(message, sizeof message,
             "Not enough permissions to access: %s.%.*s.%s", resource,
             (int)x->method.len, x->method.ptr, rest ? day : "NO_VERSION");
    return problem(x, 403, 100, "ACCESS_DENIED", message);
}

#define LOCALE "\"preferredLocale\":{\"country\":\"US\",\"language\":\"en\"}"
#define ASSET "urn:li:digitalmediaAsset:D4D03AQmock"
#define PICTURE_URL "https://media.licdn.com/dms/image/mock/100_100"

static const char profile_lite[] =
    "{\"id\":\"782bbtaQ\",\"localizedFirstName\":\"Ann\","
    "\"localizedLastName\":\"Example\","
    "\"firstName\":{\"localized\":{\"en_US\":\"Ann\"}," LOCALE "},"
    "\"lastName\":{\"localized\":{\"en_US\":\"Example\"}," LOCALE "}";
static const char profile_basic[] =
    ",\"headline\":{\"localized\":{\"en_US\":\"Tester\"}," LOCALE "},"
    "\"localizedHeadline\":\"Tester\",\"vanityName\":\"ann-example\"";
static const char picture_plain[] =
    ",\"profilePicture\":{\"displayImage\":\"" ASSET "\"}}";
static const char picture_decorated[] =
    ",\"profilePicture\":{\"displayImage\":\"" ASSET "\","
    "\"displayImage~\":{\"paging\":{\"start\":0,\"count\":10,\"links\":[]},"
    "\"elements\":[{\"artifact\":\"urn:li:digitalmediaMediaArtifact:(" ASSET
    ",urn:li:digitalmediaMediaArtifactClass:"
    "profile-displayphoto-shrink_100_100)\","
    "\"authorizationMethod\":\"PUBLIC\",\"data\":{"
    "\"com.linkedin.digitalmedia.mediaartifact.StillImage\":{"
    "\"storageSize\":{\"width\":100,\"height\":100},"
    "\"mediaType\":\"image/jpeg\"}},\"identifiers\":[{"
    "\"identifier\":\"" PICTURE_URL "\",\"index\":0,"
    "\"mediaType\":\"image/jpeg\",\"identifierType\":\"EXTERNAL_URL\","
    "\"identifierExpiresInSeconds\":1893456000}]}]}}}";

/* Takes the next top-level name off a projection; what it holds in
   parentheses is passed over. */
static li_str field_next(li_str *rest)
{
    li_str name = *rest;
    size_t i, depth = 0, end = rest->len;

    for (i = 0; i < rest->len && (depth || rest->ptr[i] != ','); i++) {
        if (rest->ptr[i] == '(' && !depth++)
            end = i;
        if (rest->ptr[i] == ')' && depth)
            depth--;
    }
    name.len = end < i ? end : i;
    if (name.len && name.ptr[name.len - 1] == ':')
        name.len--;
    rest->ptr += i < rest->len ? i + 1 : i;
    rest->len -= i < rest->len ? i + 1 : i;
    return name;
}

/* The members of doc that the list names: a,b or (a,b(c)). */
static void project(exchange *x, li_str doc, li_str list)
{
    char pointer[64];
    li_str name, raw;

    if (starts(list, "(") && list.ptr[list.len - 1] == ')')
        list.ptr++, list.len -= 2;
    json_put(&x->out, "{");
    while (list.len) {
        li_buf path = LI_BUF(pointer);
        name = field_next(&list);
        put(&path, "/");
        li_put(&path, name);
        if (li_buf_end(&path) || li_json_find(doc, pointer, &raw))
            continue;
        json_key(&x->out, name);
        json_value(&x->out, raw);
    }
    json_put(&x->out, "}");
}

static int profile(exchange *x)
{
    char memory[4096];
    li_buf doc = LI_BUF(memory);
    li_str list;

    if (!form_read(x, x->query))
        return problem(x, 400, -1, "ILLEGAL_ARGUMENT",
                       "The query is malformed");
    list = param(x, "projection");
    if (!list.ptr)
        list = param(x, "fields");
    put(&doc, profile_lite);
    if (has_scope(x->token->scopes, "r_basicprofile"))
        put(&doc, profile_basic);
    put(&doc, contains(list, "displayImage~") ? picture_decorated
                                              : picture_plain);
    if (list.ptr)
        project(x, written(&doc), list);
    else
        li_put(&x->out, written(&doc));
    return answer_json(x, 200);
}

static int userinfo(exchange *x)
{
    li_buf *out = &x->out;

    json_put(out, "{");
    json_raw(out, "sub", "\"782bbtaQ\"");
    if (has_scope(x->token->scopes, "profile")) {
        json_raw(out, "name", "\"Ann Example\"");
        json_raw(out, "given_name", "\"Ann\"");
        json_raw(out, "family_name", "\"Example\"");
        json_raw(out, "picture", "\"" PICTURE_URL "\"");
        json_raw(out, "locale", "{\"country\":\"US\",\"language\":\"en\"}");
    }
    if (has_scope(x->token->scopes, "email")) {
        json_raw(out, "email", "\"ann@example.com\"");
        json_raw(out, "email_verified", "true");
    }
    json_put(out, "}");
    return answer_json(x, 200);
}

/* Tests only, and only from loopback. */
static int mock_expire(exchange *x)
{
    size_t i;

    (void)x;
    for (i = 0; i < MAX_TOKENS; i++)
        if (!tokens[i].refresh && !tokens[i].given)
            tokens[i].expires_at = now_s();
    return 204;
}

static int mock_revoke(exchange *x)
{
    size_t i;

    (void)x;
    for (i = 0; i < MAX_TOKENS; i++)
        tokens[i].revoked = !tokens[i].given;
    granted = 0;
    return 204;
}

#endif /* MOCK_API_H */
