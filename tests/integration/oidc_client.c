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
#include <stdio.h>
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
    return strcmp(way, "curl") ? li_run(call, &stream)
                               : li_curl_run(call, &session);
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

/* Signs in; then, once all is done with the token, tries the code again:
   that must fail, and revokes the token (RFC 6749 section 4.1.2). */
static void code_flow(void (*with_token)(void))
{
    static char back[2048], code[1024];
    li_buf out = LI_BUF(code);
    li_flow flow = {.stage = 0};
    li_call call;
    check(redirect(&app, &flow, back, sizeof back, "") &&
              !li_oauth_redirect(&flow, li_cstr(back), &out, NULL),
          "the member comes back with a code", NULL);
    check(exchange(&app, LI_GRANT_CODE, code, &flow, &call),
          "code becomes a token", &call);
    check(token.id_token.len > 0, "with openid, an id_token", NULL);
    userinfo("userinfo with the token");
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
    app.api_base = app.auth_base = argv[2];
    session.ca_file = argv[3];
    if (li_mbedtls_init(&tls, argv[3]))
        return printf("not ok %s: CA file\n", way), 1;
    stream = li_mbedtls_transport(&tls);
    denied();
    code_flow(other_grants);
    pkce();
    li_hangup(&stream);
    li_mbedtls_free(&tls);
    li_curl_free(&session);
    return failed > 0;
}
