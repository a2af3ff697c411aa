/* Signs in against a real OAuth server (oidc-provider behind nginx with TLS)
   through one of the adapters: code, PKCE, refresh, client credentials,
   introspection, userinfo, and what must fail.

   usage: oidc_client socket|curl BASE_URL CA_FILE; one line a check. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_platform.h"
#include "adapters/linkedin_socket.h"
#include "adapters/linkedin_mbedtls.h"
#include "adapters/linkedin_curl.h"
#include "adapters/linkedin_openssl.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char buf[32768], text[4096], mem[LI_TOKEN_MEM];
static li_token token = {.mem = mem, .cap = sizeof mem};
static li_client app = {.client_id = "mock-client",
                        .client_secret = "mock-secret",
                        .redirect_uri = "http://localhost:8080/callback",
                        .token = &token,
                        .now = li_platform_now,
                        .random = li_platform_random};
static li_mbedtls tls;
static li_curl session;
static li_transport stream;
static const char *way;
static int failed;

static void check(int good, const char *what, li_call *call)
{
    li_buf out = LI_BUF(text);
    printf("%s %s: %s\n", good ? "ok" : "not ok", way, what);
    if (good)
        return;
    failed++;
    if (call && !li_explain(call, LI_OK, &out))
        printf("# %s\n", text);
}

static li_rc ask(li_call *call, const li_client *client, const li_req *req)
{
    li_begin(call, client, req, buf, sizeof buf);
    return li_run(call, &stream);
}

/* Follows the authorization URL as the member would: the redirect. */
static int redirect(const li_client *client, li_flow *flow, char *back,
                    size_t cap, const char *decision)
{
    static char url[4096];
    const char *scope = flow->pkce ? "profile" : "openid profile email";
    li_buf out = LI_BUF(url), to = li_buf_of(back, cap);
    li_req req = {.base = LI_BASE_AUTH};
    li_call call;
    if (li_oauth_url(flow, client, scope, &out))
        return 0;
    strncat(url, decision, sizeof url - strlen(url) - 1);
    req.path = strchr(strstr(url, "://") + 3, '/');
    if (ask(&call, client, &req) || call.status / 100 != 3)
        return check(0, "authorization page", &call), 0;
    li_put(&to, li_header(&call, LI_H_LOCATION));
    return li_buf_end(&to) == LI_OK;
}

static int exchange(const li_client *client, li_grant grant, const char *what,
                    li_flow *flow, li_call *call)
{
    static li_req req; /* outlives the call, which explains itself later */
    if (li_oauth_req(&req, client, grant, what, flow))
        return 0;
    if (ask(call, client, &req) || li_check(call))
        return 0;
    return li_token_read(&token, call->body, client) == LI_OK;
}

static void userinfo(const char *what)
{
    li_req req = {.path = "/v2/userinfo"};
    li_buf out = LI_BUF(text);
    li_profile who;
    li_call call;
    li_rc rc = ask(&call, &app, &req);
    if (!rc)
        rc = li_profile_read(&who, &call, &out);
    check(!rc && !strcmp(who.id.ptr, "ann"), what, &call);
}

/* ---- the id_token */

static char jwks[8192];

/* From the discovery document to the keys. */
static void keys(void)
{
    static char uri[512], issuer[256];
    li_buf to = LI_BUF(uri), name = LI_BUF(issuer), all = LI_BUF(jwks);
    li_req req = {.base = LI_BASE_AUTH,
                  .path = "/oauth/.well-known/openid-configuration"};
    li_call call;
    check(!ask(&call, &app, &req) &&
              !li_json_copy(call.body, "/jwks_uri", &to) &&
              !li_json_copy(call.body, "/issuer", &name) &&
              !strcmp(issuer, app.issuer),
          "discovery: the issuer and the keys' URL", &call);
    req.path = uri;
    req.base = LI_BASE_API;
    check(!ask(&call, &app, &req) && !li_check(&call) &&
              !li_put(&all, call.body) && !li_buf_end(&all),
          "the keys", &call);
}

static const struct forged {
    const char *name;
    li_rc rc;
    const char *wrong; /* NULL: nothing                                     */
} forgeds[] = {
    {"good", LI_OK, NULL},
    {"aud list", LI_OK, NULL},
    {"aud list, azp", LI_OK, NULL},
    {"exp a little ago", LI_OK, NULL},
    {"alg none", LI_E_SYNTAX, "id_token"},
    {"alg none, signed", LI_E_FORGED, "alg"},
    {"alg nOnE", LI_E_FORGED, "alg"},
    {"alg HS256 with the public key", LI_E_FORGED, "alg"},
    {"alg RS256 but HS256", LI_E_FORGED, "signature"},
    {"alg RS384", LI_E_FORGED, "alg"},
    {"alg RS256 but RS512", LI_E_FORGED, "signature"},
    {"alg RS256 but PSS", LI_E_FORGED, "signature"},
    {"alg ES256", LI_E_FORGED, "alg"},
    {"alg missing", LI_E_FORGED, "alg"},
    {"alg a number", LI_E_FORGED, "alg"},
    {"crit", LI_E_FORGED, "crit"},
    {"kid of nobody", LI_E_MISSING, "kid"},
    {"kid a number", LI_E_TYPE, "kid"},
    {"another key", LI_E_FORGED, "signature"},
    {"another key, sent along", LI_E_FORGED, "signature"},
    {"another payload", LI_E_FORGED, "signature"},
    {"another header", LI_E_FORGED, "signature"},
    {"signature cut", LI_E_FORGED, "signature"},
    {"signature of zeros", LI_E_FORGED, "signature"},
    {"signature of ones", LI_E_FORGED, "signature"},
    {"signature too long", LI_E_FORGED, "signature"},
    {"signature empty", LI_E_SYNTAX, "id_token"},
    {"signature not base64url", LI_E_SYNTAX, "signature"},
    {"two parts", LI_E_SYNTAX, "id_token"},
    {"four parts", LI_E_SYNTAX, "id_token"},
    {"payload padded", LI_E_SYNTAX, "payload"},
    {"header no JSON", LI_E_JSON, "header"},
    {"payload no JSON", LI_E_JSON, "payload"},
    {"payload no object", LI_E_TYPE, "payload"},
    {"other issuer", LI_E_FORGED, "iss"},
    {"issuer with a slash", LI_E_FORGED, "iss"},
    {"other audience", LI_E_FORGED, "aud"},
    {"audience of others", LI_E_FORGED, "aud"},
    {"two audiences, no azp", LI_E_FORGED, "aud"},
    {"azp of another", LI_E_FORGED, "aud"},
    {"expired", LI_E_TIMEOUT, "exp"},
    {"of the future", LI_E_TIMEOUT, "iat"},
    {"not yet valid", LI_E_TIMEOUT, "nbf"},
    {"exp a text", LI_E_TYPE, "exp"},
    {"other nonce", LI_E_FORGED, "nonce"},
    {"no nonce", LI_E_MISSING, "nonce"},
    {"no exp", LI_E_MISSING, "exp"},
    {"no iat", LI_E_MISSING, "iat"},
    {"no iss", LI_E_MISSING, "iss"},
    {"no aud", LI_E_MISSING, "aud"},
    {"no sub", LI_E_MISSING, "sub"}};

/* An exact-size copy, so that a reader beyond its end is caught. */
static li_rc verify(li_str text, li_flow *flow, li_profile *who, size_t cap)
{
    char *copy = malloc(text.len + 1), *memory = malloc(cap + 1);
    li_token one = {.id_token = li__str(copy, text.len)};
    li_client client = app;
    li_buf out = li_buf_of(memory, cap);
    li_rc rc;
    memcpy(copy, text.ptr, text.len);
    client.token = &one;
    rc = li_id_token_read(who, &client, flow, li_cstr(jwks), &out);
    if (!rc && (!li_equal(who->id, LI_STR("ann")) ||
                !li_equal(who->name, LI_STR("Ann Example"))))
        rc = LI_E_STATE;
    free(copy);
    free(memory);
    return rc;
}

static int forge(const char *name, li_call *call)
{
    static char query[256];
    static li_req req;
    li_buf out = LI_BUF(query);
    li_form_put(&out, LI_STR("case"), li_cstr(name));
    li_buf_end(&out);
    req.base = LI_BASE_AUTH;
    req.path = "/forge";
    req.query = query;
    return !ask(call, &app, &req) && call->body.len;
}

static void forged_tokens(void)
{
    size_t i;
    for (i = 0; i < sizeof forgeds / sizeof forgeds[0]; i++) {
        const struct forged *row = &forgeds[i];
        li_flow flow = {.nonce = "a-nonce"};
        char what[80];
        li_profile who;
        li_call call;
        li_rc rc = forge(row->name, &call)
                       ? verify(call.body, &flow, &who, LI_ID_MEM)
                       : LI_E_IO;
        snprintf(what, sizeof what, "id_token: %s", row->name);
        check(rc == row->rc && !flow.wrong == !row->wrong &&
                  (!row->wrong || !strcmp(flow.wrong, row->wrong)),
              what, NULL);
        if (rc != row->rc)
            printf("# %s, wrong: %s\n", li_strerror(rc),
                   flow.wrong ? flow.wrong : "-");
    }
}

/* A good token, cut at every byte, changed at every ninth, read into memory of
   every size: right, or refused. */
static void broken_tokens(void)
{
    static char text[4096];
    li_flow flow = {.nonce = "a-nonce"};
    li_profile who;
    li_call call;
    size_t len, i, good = 0, cap;
    if (!forge("good", &call) || call.body.len > sizeof text)
        return check(0, "a good id_token", &call);
    len = call.body.len;
    memcpy(text, call.body.ptr, len);
    for (i = 0; i < len; i++)
        good += !verify(li__str(text, i), &flow, &who, LI_ID_MEM);
    check(!good, "id_token: cut at any byte", NULL);
    for (i = 0; i < len; i += 9) {
        text[i] ^= 1;
        good += !verify(li__str(text, len), &flow, &who, LI_ID_MEM);
        text[i] ^= 1;
    }
    check(!good, "id_token: any byte changed", NULL);
    for (cap = 0; cap < LI_ID_MEM && !good; cap += 61) {
        li_rc rc = verify(li__str(text, len), &flow, &who, cap);
        good = !rc;
        if (rc && rc != LI_E_SPACE)
            break;
    }
    check(good && cap > 500, "id_token: memory of any size", NULL);
}

/* The real one, of the sign-in. */
static void id_token(li_flow *flow)
{
    li_buf out = LI_BUF(text);
    li_profile who;
    li_rc rc;
    keys();
    rc = li_id_token_read(&who, &app, flow, li_cstr(jwks), &out);
    check(!rc && !strcmp(who.id.ptr, "ann"), "the id_token is verified", NULL);
    flow->nonce[0] ^= 1;
    out = LI_BUF(text);
    check(li_id_token_read(&who, &app, flow, li_cstr(jwks), &out) ==
              LI_E_FORGED && !strcmp(flow->wrong, "nonce"),
          "not with another sign-in's nonce", NULL);
}

/* Signs in; then, once all is done with the token, tries the code again:
   that must fail, and revokes the token (RFC 6749 section 4.1.2). */
static void code_flow(void (*with_token)(void))
{
    static char back[2048], code[1024];
    li_buf out = LI_BUF(code);
    li_flow flow = {.nonce = "n-0S6_WzA2Mj"};
    li_call call;
    check(redirect(&app, &flow, back, sizeof back, "") &&
              !li_oauth_redirect(&flow, li_cstr(back), &out, NULL),
          "the member comes back with a code", NULL);
    check(exchange(&app, LI_GRANT_CODE, code, &flow, &call),
          "code becomes a token", &call);
    check(token.id_token.len > 0, "with openid, an id_token", NULL);
    id_token(&flow);
    userinfo("userinfo with the token: the id_token's sub");
    with_token();
    flow.stage = 2;
    check(!exchange(&app, LI_GRANT_CODE, code, &flow, &call) &&
              li_check(&call) == LI_E_HTTP,
          "a code works once", &call);
}

static void denied(void)
{
    static char back[2048];
    li_flow flow = {.stage = 0};
    li_problem why;
    li_buf out = LI_BUF(text);
    check(redirect(&app, &flow, back, sizeof back, "&decision=cancel") &&
              li_oauth_redirect(&flow, li_cstr(back), &out, &why) ==
                  LI_E_DENIED &&
              !strcmp(why.code.ptr, "access_denied"),
          "the member says no", NULL);
}

static void pkce(void)
{
    static char back[2048], code[1024];
    li_client native = app;
    li_flow flow = {.pkce = 1};
    li_buf out = LI_BUF(code);
    li_call call;
    native.client_id = "mock-native";
    native.client_secret = NULL;
    native.redirect_uri = "http://127.0.0.1:43210/callback";
    check(redirect(&native, &flow, back, sizeof back, "") &&
              !li_oauth_redirect(&flow, li_cstr(back), &out, NULL) &&
              exchange(&native, LI_GRANT_CODE, code, &flow, &call),
          "PKCE: code becomes a token without a secret", NULL);
    flow.stage = 0;
    memset(flow.state, 0, sizeof flow.state);
    memset(flow.verifier, 0, sizeof flow.verifier);
    out = LI_BUF(code);
    check(redirect(&native, &flow, back, sizeof back, "") &&
              !li_oauth_redirect(&flow, li_cstr(back), &out, NULL),
          "PKCE: a second sign-in", NULL);
    flow.verifier[0] = flow.verifier[0] == 'x' ? 'y' : 'x';
    check(!exchange(&native, LI_GRANT_CODE, code, &flow, &call) &&
              li_check(&call) == LI_E_HTTP,
          "PKCE: a wrong verifier is refused", &call);
}

static void other_grants(void)
{
    static char refresh[1024];
    li_client wrong = app;
    li_call call;
    li_req req;
    li_str active;
    if (token.refresh_token.len < sizeof refresh)
        memcpy(refresh, token.refresh_token.ptr, token.refresh_token.len);
    check(*refresh && exchange(&app, LI_GRANT_REFRESH, refresh, NULL, &call),
          "refresh", &call);
    userinfo("userinfo with the refreshed token");
    check(!li_oauth_req(&req, &app, LI_INTROSPECT, token.access_token.ptr,
                        NULL) &&
              !ask(&call, &app, &req) &&
              !li_json_find(call.body, "/active", &active) &&
              active.len == 4,
          "introspection: active", &call);
    wrong.client_secret = "wrong";
    check(!li_oauth_req(&req, &wrong, LI_GRANT_REFRESH, refresh, NULL) &&
              !ask(&call, &wrong, &req) && li_check(&call) == LI_E_AUTH,
          "a wrong secret is refused", &call);
    check(exchange(&app, LI_GRANT_CLIENT, NULL, NULL, &call),
          "client credentials", &call);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return puts("usage: oidc_client socket|curl BASE_URL CA_FILE"), 2;
    way = argv[1];
    app.api_base = app.auth_base = app.issuer = argv[2];
    app.verify = strcmp(way, "curl") ? li_mbedtls_verify : li_openssl_verify;
    session.ca_file = argv[3];
    if (li_mbedtls_init(&tls, argv[3]))
        return printf("not ok %s: CA file\n", way), 1;
    stream = strcmp(way, "curl") ? li_mbedtls_transport(&tls)
                                 : li_curl_transport(&session);
    denied();
    code_flow(other_grants);
    forged_tokens();
    broken_tokens();
    pkce();
    li_hangup(&stream);
    li_mbedtls_free(&tls);
    li_curl_free(&session);
    return failed > 0;
}
