/* sign_in.h - the authorization page, and the token endpoints. */
#ifndef MOCK_SIGN_IN_H
#define MOCK_SIGN_IN_H

#define OOPS "Bummer, something went wrong."
#define MISMATCH                                                           \
    "Unable to retrieve access token: appid/redirect uri/code verifier "   \
    "does not match authorization code. Or authorization code expired. "   \
    "Or external member binding exists"

/* Reads a form of OAuth's, whose values are all printable ASCII (RFC 6749
   appendix A). */
static int oauth_form(exchange *x, li_str text)
{
    size_t i, k;

    if (!form_read(x, text))
        return 0;
    for (i = 0; i < x->form_count; i++)
        for (k = 0; k < x->form[i].value.len; k++)
            if (x->form[i].value.ptr[k] < 32 || x->form[i].value.ptr[k] > 126)
                return 0;
    return 1;
}

/* Refuses if a parameter of the list is missing or empty. */
static int lacks(exchange *x, const char *const *names)
{
    char text[96];

    while (*names && param(x, *names).len)
        names++;
    if (!*names)
        return 0;
    snprintf(text, sizeof text, "A required parameter \"%s\" is missing",
             *names);
    return oauth_error(x, 400, "invalid_request", text);
}

static int is_native(const exchange *x)
{
    return starts(x->path, "/oauth/native-pkce/");
}

/* The ordinary flow compares the whole text; a query in the registered URL
   is ignored. The native flow takes any port of the loopback addresses. */
static int redirect_known(const exchange *x)
{
    li_str uri = param(x, "redirect_uri"), known;
    li_url url;
    size_t i;

    if (is_native(x))
        return uri.len < MAX_REDIRECT && !li_url_split(uri, &url) &&
               !url.fragment.ptr &&
               (is(url.host, "127.0.0.1") || is(url.host, "[::1]"));
    for (i = 0; i < set.redirect_count; i++) {
        known = li_cstr(set.redirects[i]);
        if (li_equal(uri, known) || li_equal(uri, cut(&known, "?")))
            return 1;
    }
    return 0;
}

/* Sends the browser back with a parameter, another unless it is absent, and
   the state. */
static int redirect(exchange *x, const char *name, li_str value,
                    const char *name2, li_str value2)
{
    li_str uri = param(x, "redirect_uri"), state = param(x, "state");

    put(&x->extra, "Location: ");
    li_put(&x->extra, uri);
    if (!contains(uri, "?"))
        put(&x->extra, "?");
    li_form_put(&x->extra, li_cstr(name), value);
    if (value2.ptr)
        li_form_put(&x->extra, li_cstr(name2), value2);
    if (state.ptr)
        li_form_put(&x->extra, LI_STR("state"), state);
    put(&x->extra, "\r\n");
    return 302;
}

static int redirect_error(exchange *x, const char *error, const char *why)
{
    return redirect(x, "error", li_cstr(error), "error_description",
                    li_cstr(why));
}

/* Seen: LinkedIn escapes the quotes for HTML inside the percent-encoding. */
static int scope_error(exchange *x, li_str name)
{
    char memory[6 * MAX_FORM];
    li_buf text = LI_BUF(memory);

    put(&text, "Scope &quot;");
    put_html(&text, name);
    put(&text, "&quot; is not authorized for your application");
    li_buf_end(&text);
    return redirect_error(x, "unauthorized_scope_error", memory);
}

static int consent_page(exchange *x)
{
    size_t i;

    page(x, 200, "Mock LinkedIn", "Ann Example, the application asks for:");
    put_html(&x->out, param(x, "scope"));
    put(&x->out, "\n<form method=\"post\">\n");
    for (i = 0; i < x->form_count; i++) {
        put(&x->out, "<input type=\"hidden\" name=\"");
        put_html(&x->out, x->form[i].name);
        put(&x->out, "\" value=\"");
        put_html(&x->out, x->form[i].value);
        put(&x->out, "\">\n");
    }
    put(&x->out, "<button name=\"decision\" value=\"allow\">Allow</button>\n"
                 "<button name=\"decision\" value=\"cancel\">Cancel</button>\n"
                 "</form>\n");
    return 200;
}

static int allow(exchange *x, uint32_t scopes)
{
    auth_code *c = &codes[codes_made++ % MAX_CODES];
    li_buf text = LI_BUF(c->text), uri = LI_BUF(c->redirect_uri);
    li_buf challenge = LI_BUF(c->challenge), nonce = LI_BUF(c->nonce);

    memset(c, 0, sizeof *c);
    random_text(&text, "AQT", 156);
    li_buf_end(&text);
    li_put(&uri, param(x, "redirect_uri"));
    li_buf_end(&uri);
    li_put(&nonce, param(x, "nonce"));
    li_buf_end(&nonce);
    c->native = (uint8_t)is_native(x);
    if (c->native)
        li_put(&challenge, param(x, "code_challenge"));
    li_buf_end(&challenge);
    c->scopes = scopes;
    c->expires_at = now_s() + set.code_ttl;
    member_grants(scopes);
    return redirect(x, "code", written(&text), "", li_cstr(NULL));
}

static int decide(exchange *x, uint32_t scopes)
{
    li_str decision = param(x, "decision");

    if (is(decision, "cancel"))
        return redirect_error(x, "user_cancelled_authorize",
                              "The user cancelled the authorization");
    if (is(decision, "login_cancel"))
        return redirect_error(x, "user_cancelled_login",
                              "The user cancelled LinkedIn login");
    if (is(decision, "allow"))
        return allow(x, scopes);
    if (decision.ptr)
        return page(x, 400, OOPS, "There is no such decision");
    if (set.auto_consent || granted == scopes)
        return allow(x, scopes);
    return consent_page(x);
}

/* RFC 7636 section 4.3; only S256 is documented. */
static int challenge_good(const exchange *x)
{
    char memory[32];
    li_buf digest = LI_BUF(memory);

    return is(param(x, "code_challenge_method"), "S256") &&
           !li_base64url_decode(param(x, "code_challenge"), &digest) &&
           digest.len == sizeof memory;
}

/* GET shows the page, its form POSTs the same parameters and a decision. A
   wrong client or redirect URI is never sent to the redirect URI. */
static int authorize(exchange *x)
{
    uint32_t scopes;
    li_str unknown;

    if (!oauth_form(x, is(x->method, "POST") ? x->body : x->query))
        return page(x, 400, OOPS, "The request is malformed");
    if (is_native(x) && !set.pkce)
        return page(x, 401, OOPS, "Native PKCE is not enabled for the app");
    if (!is(param(x, "client_id"), set.client_id))
        return page(x, 401, OOPS, "The passed in client_id is invalid");
    if (!redirect_known(x))
        return page(x, 401, OOPS,
                    "The redirect_uri does not match the registered value");
    if (!is(param(x, "response_type"), "code"))
        return redirect_error(x, "unsupported_response_type",
                              "The response_type must be code");
    scopes = scope_bits(param(x, "scope"), &unknown);
    /* Seen: openid is not granted to native apps. */
    if (is_native(x) && has_scope(scopes, "openid"))
        unknown = LI_STR("openid");
    if (unknown.ptr)
        return scope_error(x, unknown);
    if (!scopes)
        return redirect_error(x, "invalid_scope_error",
                              "The requested scope is not valid");
    if (is_native(x) && !challenge_good(x))
        return redirect_error(x, "invalid_request",
                              "A code_challenge of S256 is required");
    return decide(x, scopes);
}

static int id_wrong(exchange *x)
{
    char text[MAX_FORM];
    li_str id = param(x, "client_id");

    if (is(id, set.client_id))
        return 0;
    snprintf(text, sizeof text, "The passed in client_id is invalid \"%.*s\"",
             (int)id.len, id.ptr);
    return oauth_error(x, 400, "invalid_client_id", text);
}

static int refuse_client(exchange *x)
{
    return oauth_error(x, 401, "invalid_client",
                       "Client authentication failed");
}

static int secret_wrong(exchange *x)
{
    return is(param(x, "client_secret"), set.client_secret)
               ? 0 : refuse_client(x);
}

static void json_scopes(li_buf *out, uint32_t scopes)
{
    char memory[1024];
    li_buf text = LI_BUF(memory);
    size_t i;

    for (i = 0; i < set.scope_count; i++) {
        if (!(scopes >> i & 1))
            continue;
        put(&text, text.len ? "," : "");
        li_put(&text, set.scope_names[i]);
    }
    json_text(out, "scope", written(&text));
}

/* nonce: of the authorization request; absent where there was none. */
static void json_id_token(li_buf *out, li_str nonce)
{
    char head[128], claims[1024], text[2048];
    li_buf h = LI_BUF(head), c = LI_BUF(claims), t = LI_BUF(text);

    json_put(&c, "{");
    json_raw(&c, "iss", "\"https://www.linkedin.com/oauth\"");
    json_text(&c, "aud", li_cstr(set.client_id));
    json_int(&c, "iat", now_s());
    json_int(&c, "exp", now_s() + 3600);
    if (nonce.len)
        json_text(&c, "nonce", nonce);
    json_raw(&c, "sub", "\"782bbtaQ\"");
    json_raw(&c, "name", "\"Ann Example\"");
    json_raw(&c, "locale", "\"en_US\"");
    json_put(&c, "}");
    id_header(&h);
    li_base64url_encode(written(&h), &t);
    put(&t, ".");
    li_base64url_encode(written(&c), &t);
    id_sign(&t);
    json_text(out, "id_token", written(&t));
}

/* refresh may be NULL. LinkedIn's page has the life of an application token
   as a string. */
static int token_answer(exchange *x, const token *access,
                        const token *refresh)
{
    li_buf *out = &x->out;

    add_header(x, "Cache-Control", LI_STR("no-store"));
    json_put(out, "{");
    json_text(out, "access_token", li_cstr(access->text));
    if (access->app)
        json_raw(out, "expires_in", "\"1800\"");
    else
        json_int(out, "expires_in", access->expires_at - now_s());
    if (refresh) {
        json_text(out, "refresh_token", li_cstr(refresh->text));
        json_int(out, "refresh_token_expires_in",
                 refresh->expires_at - now_s());
    }
    if (!access->app)
        json_scopes(out, access->scopes);
    if (!set.no_token_type)
        json_raw(out, "token_type", "\"Bearer\"");
    if (has_scope(access->scopes, "openid"))
        json_id_token(out, x->nonce);
    json_put(out, "}");
    return answer_json(x, 200);
}

/* RFC 7636 section 4.6. */
static int verifier_fits(const auth_code *c, li_str verifier)
{
    char digest[32], text[48];
    li_buf challenge = LI_BUF(text);

    li_sha256(verifier, (uint8_t *)digest);
    li_base64url_encode(span(digest, sizeof digest), &challenge);
    return verifier.len >= 43 && verifier.len <= 128 &&
           only(verifier, ALNUM "-._~") &&
           is(written(&challenge), c->challenge);
}

/* A code_verifier marks the native flow, which has no secret; the ordinary
   flow refuses a verifier (seen) and wants the secret. */
static int grant_code(exchange *x)
{
    static const char *const secret[] = {"client_secret", NULL};
    li_str verifier = param(x, "code_verifier");
    uint8_t native = verifier.ptr != NULL;
    auth_code *c = code_find(param(x, "code"));
    token *access, *refresh = NULL;
    int status;

    if (!native && ((status = lacks(x, secret)) || (status = secret_wrong(x))))
        return status;
    if (!c)
        return oauth_error(x, 401, "invalid_request",
                           "Unable to retrieve access token: authorization "
                           "code not found");
    if (c->native != native || c->used || c->expires_at <= now_s() ||
        (native && !verifier_fits(c, verifier)))
        return oauth_error(x, 400, "invalid_request", MISMATCH);
    if (!is(param(x, "redirect_uri"), c->redirect_uri))
        return oauth_error(x, 400, "invalid_redirect_uri", MISMATCH);
    if (native && param(x, "client_secret").ptr)
        return refuse_client(x);
    c->used = 1;
    x->nonce = li_cstr(c->nonce);
    access = token_new("AQX", c->scopes, set.token_ttl);
    if (!set.no_refresh && !native) {
        refresh = token_new("AQV", c->scopes, set.refresh_ttl);
        refresh->refresh = 1;
    }
    return token_answer(x, access, refresh);
}

/* The refresh token's life is not renewed, and no access token outlives it
   (shared/authentication/programmatic-refresh-tokens). */
static int grant_refresh(exchange *x)
{
    token *refresh = token_find(param(x, "refresh_token")), *access, *rotated;
    int status = secret_wrong(x);

    if (status)
        return status;
    if (!refresh || !refresh->refresh ||
        strcmp(token_status(refresh), "active"))
        return oauth_error(x, 400, "invalid_grant",
                           "The provided authorization grant or refresh "
                           "token is invalid, expired or revoked");
    access = token_new("AQX", refresh->scopes, set.token_ttl);
    access->authorized_at = refresh->authorized_at;
    if (access->expires_at > refresh->expires_at)
        access->expires_at = refresh->expires_at;
    if (set.rotate_refresh) {
        rotated = token_new("AQV", refresh->scopes, set.refresh_ttl);
        rotated->refresh = 1;
        rotated->expires_at = refresh->expires_at;
        refresh->revoked = 1;
        refresh = rotated;
    }
    return token_answer(x, access, refresh);
}

static int grant_client(exchange *x)
{
    token *access;
    int status = secret_wrong(x);

    if (status)
        return status;
    if (set.no_app_tokens)
        return oauth_error(x, 401, "access_denied",
                           "This application is not allowed to create "
                           "application tokens");
    access = token_new("AQU", 0, 1800);
    access->app = 1;
    return token_answer(x, access, NULL);
}

static const struct {
    const char *name;
    const char *needs[4];
    int (*answer)(exchange *x);
} grants[] = {
    {"authorization_code", {"code", "client_id", "redirect_uri"}, grant_code},
    {"refresh_token", {"refresh_token", "client_id", "client_secret"},
     grant_refresh},
    {"client_credentials", {"client_id", "client_secret"}, grant_client},
};

/* Credentials are members of the form; a Basic header is refused, as it is
   said to spoil tokens. A body of another type has no parameters. */
static int form_wrong(exchange *x)
{
    li_str type = header(x, "Content-Type");

    if (header(x, "Authorization").ptr)
        return refuse_client(x);
    if (is_nocase(cut(&type, ";"), "application/x-www-form-urlencoded") &&
        !oauth_form(x, x->body))
        return oauth_error(x, 400, "invalid_request",
                           "The request is malformed");
    return 0;
}

static int access_token(exchange *x)
{
    static const char *const type[] = {"grant_type", NULL};
    int status;
    size_t i;

    if ((status = form_wrong(x)) || (status = lacks(x, type)))
        return status;
    for (i = 0; i < sizeof grants / sizeof *grants; i++) {
        if (!is(param(x, "grant_type"), grants[i].name))
            continue;
        if ((status = lacks(x, grants[i].needs)) || (status = id_wrong(x)))
            return status;
        return grants[i].answer(x);
    }
    return oauth_error(x, 400, "unsupported_grant_type",
                       "The grant_type is not supported");
}

/* Finds the token that introspection and revocation are asked about. */
static int token_asked(exchange *x, token **t)
{
    static const char *const needs[] = {"client_id", "client_secret",
                                        "token", NULL};
    int status;

    if ((status = form_wrong(x)) || (status = lacks(x, needs)) ||
        (status = id_wrong(x)) || (status = secret_wrong(x)))
        return status;
    *t = token_find(param(x, "token"));
    return 0;
}

static int introspect(exchange *x)
{
    token *t;
    li_buf *out = &x->out;
    int status = token_asked(x, &t);

    if (status)
        return status;
    if (!t)
        return oauth_error(x, 400, "invalid_request",
                           "The passed in token is invalid");
    json_put(out, "{");
    json_raw(out, "active",
             strcmp(token_status(t), "active") ? "false" : "true");
    json_text(out, "client_id", li_cstr(set.client_id));
    json_int(out, "authorized_at", t->authorized_at);
    json_int(out, "created_at", t->created_at);
    json_text(out, "status", li_cstr(token_status(t)));
    json_int(out, "expires_at", t->expires_at);
    if (!t->app)
        json_scopes(out, t->scopes);
    json_text(out, "auth_type", li_cstr(t->app ? "2L" : "3L"));
    json_put(out, "}");
    return answer_json(x, 200);
}

/* Seen in many clients, not documented: 200 and no body, whatever the token
   (RFC 7009 section 2.2). */
static int revoke_token(exchange *x)
{
    token *t;
    int status = token_asked(x, &t);

    if (!status && t)
        t->revoked = 1;
    return status ? status : 200;
}

#endif /* MOCK_SIGN_IN_H */
