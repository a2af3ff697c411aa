/* >>oauth: sign-in. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "exchange.h"
#include "test.h"

#define AUTH "https://www.linkedin.com/oauth/"

/* ---- the authorization URL */

typedef struct sign_in_row {
    int line;
    const char *what;
    li_client client;
    const char *scope;
    li_flow flow;
    const char *want;  /* the URL, or NULL */
    const char *wrong; /* LI_E_ARG: the argument */
} sign_in_row;

#define APP .client_id = "id", .redirect_uri = BACK
#define ASK AUTH "v2/authorization?response_type=code&client_id=id&" \
    "redirect_uri=https%3A%2F%2Fapp.test%2Fback"
#define BYTES_0_31 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

static const sign_in_row sign_in_rows[] = {
    { __LINE__, "state given", { APP }, "openid profile", { .state = "a b/c" },
      ASK "&scope=openid%20profile&state=a%20b%2Fc", NULL },
    { __LINE__, "state made", { APP, .random = count_up }, "openid",
      { .stage = 0 }, ASK "&scope=openid&state=" BYTES_0_31, NULL },
    { __LINE__, "state given, though there is a hook",
      { APP, .random = count_up }, "openid", { .state = "s" },
      ASK "&scope=openid&state=s", NULL },
    { __LINE__, "encoded", { .client_id = "i&d",
        .redirect_uri = "http://localhost:3000/a?b=c%20d" }, "w_member_social",
      { .state = "s" }, AUTH "v2/authorization?response_type=code&client_id="
      "i%26d&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fa%3Fb%3Dc%2520d&"
      "scope=w_member_social&state=s", NULL },
    { __LINE__, "another host", { APP, .auth_base = "http://127.0.0.1:99" },
      "openid", { .state = "s" }, "http://127.0.0.1:99/oauth/v2/authorization"
      "?response_type=code&client_id=id&redirect_uri=https%3A%2F%2Fapp.test"
      "%2Fback&scope=openid&state=s", NULL },
    /* RFC 7636 appendix B */
    { __LINE__, "PKCE", { APP }, "r_basicprofile", { .state = "s", .pkce = 1,
        .verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" },
      AUTH "native-pkce/authorization?response_type=code&client_id=id&"
      "redirect_uri=https%3A%2F%2Fapp.test%2Fback&scope=r_basicprofile&"
      "state=s&code_challenge_method=S256&code_challenge="
      "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", NULL },
    { __LINE__, "a verifier of 63", { APP }, "x", { .state = "s", .pkce = 1,
        .verifier = X63 }, AUTH "native-pkce/authorization?response_type=code"
      "&client_id=id&redirect_uri=https%3A%2F%2Fapp.test%2Fback&scope=x&"
      "state=s&code_challenge_method=S256&code_challenge="
      "B09umsMB1dG2328d-4xvicGH6pRdNSzmopJ5qcYwaAs", NULL },
    { __LINE__, "no client id", { .redirect_uri = BACK }, "openid",
      { .state = "s" }, NULL, "client_id" },
    { __LINE__, "empty client id", { .client_id = "",
        .redirect_uri = BACK }, "openid", { .state = "s" }, NULL,
      "client_id" },
    { __LINE__, "LF in the client id", { .client_id = "a\n",
        .redirect_uri = BACK }, "openid", { .state = "s" }, NULL,
      "client_id" },
    { __LINE__, "no redirect", { .client_id = "id" }, "openid",
      { .state = "s" }, NULL, "redirect_uri" },
    { __LINE__, "redirect without scheme", { .client_id = "id",
        .redirect_uri = "app.test/back" }, "openid", { .state = "s" }, NULL,
      "redirect_uri" },
    { __LINE__, "redirect with a fragment", { .client_id = "id",
        .redirect_uri = BACK "#x" }, "openid", { .state = "s" }, NULL,
      "redirect_uri" },
    { __LINE__, "redirect of 256", { .client_id = "id", .redirect_uri = BACK
        "/" X63 X63 X63 "012345678901234567890123456789012345678901234" },
      "openid", { .state = "s" }, NULL, "redirect_uri" },
    { __LINE__, "no scope", { APP }, NULL, { .state = "s" }, NULL, "scope" },
    { __LINE__, "empty scope", { APP }, "", { .state = "s" }, NULL, "scope" },
    { __LINE__, "LF in the scope", { APP }, "a\nb", { .state = "s" }, NULL,
      "scope" },
    { __LINE__, "a nonce", { APP }, "openid", { .state = "s", .nonce = "n 1" },
      ASK "&scope=openid&state=s&nonce=n%201", NULL },
    { __LINE__, "DEL in the client id", { .client_id = "a\x7f",
        .redirect_uri = BACK }, "openid", { .state = "s" }, NULL,
      "client_id" },
    { __LINE__, "verifier of 42", { APP }, "x", { .state = "s", .pkce = 1,
        .verifier = "012345678901234567890123456789012345678901" }, NULL,
      "verifier" },
    { __LINE__, "verifier with a plus", { APP }, "x", { .state = "s",
        .pkce = 1, .verifier =
        "+012345678901234567890123456789012345678901234" }, NULL, "verifier" },
    { __LINE__, "verifier with an escape", { APP }, "x", { .state = "s",
        .pkce = 1, .verifier =
        "%41012345678901234567890123456789012345678901234" }, NULL,
      "verifier" },
    { __LINE__, "plain auth_base", { APP, .auth_base = "http://a.test" }, "x",
      { .state = "s" }, NULL, "auth_base" },
    { __LINE__, "auth_base with a path", { APP,
        .auth_base = "https://a.test/b" }, "x", { .state = "s" }, NULL,
      "auth_base" },
    { __LINE__, "auth_base with a fragment", { APP,
        .auth_base = "https://a.test#b" }, "x", { .state = "s" }, NULL,
      "auth_base" },
    { __LINE__, "auth_base with a query", { APP,
        .auth_base = "https://a.test/?b" }, "x", { .state = "s" }, NULL,
      "auth_base" },
};

static li_rc put_sign_in(const void *arg, li_buf *out)
{
    const sign_in_row *row = (const sign_in_row *)arg;
    li_flow flow = row->flow;
    li_rc rc = li_oauth_url(&flow, &row->client, row->scope, out);

    assert_int_equal(flow.stage, rc == LI_OK);
    if (!rc)
        assert_string_equal(flow.redirect_uri, row->client.redirect_uri);
    return rc;
}

static void sign_in(void **state)
{
    const sign_in_row *row = (const sign_in_row *)*state;
    li_flow flow = row->flow;
    char text[900];
    li_buf out = LI_BUF(text);

    if (row->want) {
        ends_at_every_cap(put_sign_in, row, row->want);
        return;
    }
    assert_int_equal(li_oauth_url(&flow, &row->client, row->scope, &out),
                     LI_E_ARG);
    assert_non_null(flow.wrong);
    assert_string_equal(flow.wrong, row->wrong);
    assert_int_equal(flow.stage, 0);
    assert_int_equal(out.len, 0);
}

static void texts_without_an_end(void **state)
{
    li_client client = { APP };
    li_flow flow;
    li_buf out = li_buf_of(NULL, 0);

    (void)state;
    memset(&flow, 0, sizeof flow);
    memset(flow.state, 'a', sizeof flow.state);
    assert_int_equal(li_oauth_url(&flow, &client, "x", &out), LI_E_ARG);
    assert_string_equal(flow.wrong, "state");
    memset(&flow, 0, sizeof flow);
    flow.state[0] = 's';
    memset(flow.nonce, 'a', sizeof flow.nonce);
    assert_int_equal(li_oauth_url(&flow, &client, "x", &out), LI_E_ARG);
    assert_string_equal(flow.wrong, "nonce");
    memset(&flow, 0, sizeof flow);
    flow.pkce = 1;
    flow.state[0] = 's';
    memset(flow.verifier, 'a', sizeof flow.verifier);
    flow.redirect_uri[0] = 'x'; /* no NUL of this lies behind it by chance */
    assert_int_equal(li_oauth_url(&flow, &client, "x", &out), LI_E_ARG);
    assert_string_equal(flow.wrong, "verifier");
}

static void randomness_is_asked_for(void **state)
{
    li_client client = { APP };
    li_flow flow = { .stage = 0 };
    char text[500];
    li_buf out = LI_BUF(text);

    (void)state;
    assert_int_equal(li_oauth_url(&flow, &client, "x", &out), LI_E_STORE);
    client.random = count_up;
    hook_fails = 1;
    assert_int_equal(li_oauth_url(&flow, &client, "x", &out), LI_E_STORE);
    hook_fails = 0;
    assert_int_equal(flow.stage, 0);
    out = LI_BUF(text);
    flow.pkce = 1;
    assert_int_equal(li_oauth_url(&flow, &client, "x", &out), LI_OK);
    assert_string_equal(flow.verifier, BYTES_0_31);
    assert_string_equal(flow.state, BYTES_0_31);
    assert_int_equal(li_oauth_url(&flow, &client, "x", &out), LI_E_STATE);
}

/* ---- the redirect */

typedef struct redirect_row {
    int line;
    const char *what;
    const char *url;
    li_rc rc;
    const char *text;    /* the code, or the error's code */
    const char *message; /* of the error; NULL: none */
} redirect_row;

static const redirect_row redirect_rows[] = {
    { __LINE__, "code", BACK "?code=AQR-_9&state=s%2F1", LI_OK, "AQR-_9",
      NULL },
    { __LINE__, "state first", BACK "?state=s%2f1&code=a", LI_OK, "a", NULL },
    { __LINE__, "raw state", BACK "?state=s/1&code=a", LI_OK, "a", NULL },
    { __LINE__, "encoded code", BACK "?code=a%2Bb+c&state=s/1", LI_OK, "a+b c",
      NULL },
    { __LINE__, "more parameters", BACK "?x=1&&code=a&y&=z&state=s/1&lc",
      LI_OK, "a", NULL },
    { __LINE__, "encoded name", BACK "?c%6Fde=a&state=s/1", LI_OK, "a", NULL },
    { __LINE__, "NUL in the code", BACK "?code=a%00b&state=s/1", LI_E_ARG,
      NULL, NULL },
    { __LINE__, "NUL in the description",
      BACK "?error=e&error_description=a%00b&state=s/1", LI_E_ARG, NULL,
      NULL },
    { __LINE__, "fragment #!", BACK "?code=a&state=s/1#!", LI_OK, "a", NULL },
    { __LINE__, "fragment #_=_", BACK "?code=a&state=s/1#_=_", LI_OK, "a",
      NULL },
    { __LINE__, "fragment of anything", BACK "?code=a&state=s/1# ^%%", LI_OK,
      "a", NULL },
    { __LINE__, "host in capitals", "https://APP.test/back?code=a&state=s/1",
      LI_OK, "a", NULL },
    { __LINE__, "port told", "https://app.test:443/back?code=a&state=s/1",
      LI_OK, "a", NULL },
    { __LINE__, "denied", BACK "?error=user_cancelled_login&"
      "error_description=The+user%20said&state=s/1", LI_E_DENIED,
      "user_cancelled_login", "The user said" },
    { __LINE__, "denied without a text", BACK "?state=s/1&error=x",
      LI_E_DENIED, "x", NULL },
    { __LINE__, "denied with an empty text",
      BACK "?state=s/1&error=x&error_description=", LI_E_DENIED, "x", "" },
    { __LINE__, "denied with an empty code", BACK "?state=s/1&error=&code=",
      LI_E_ARG, NULL, NULL },
    { __LINE__, "denied, escaped as HTML", BACK "?error=unauthorized_scope_"
      "error&error_description=Scope+%26quot%3Br_liteprofile%26quot%3B&"
      "state=s/1", LI_E_DENIED, "unauthorized_scope_error",
      "Scope &quot;r_liteprofile&quot;" },
    { __LINE__, "no state", BACK "?code=a", LI_E_FORGED, NULL, NULL },
    { __LINE__, "empty state", BACK "?code=a&state=", LI_E_FORGED, NULL, NULL },
    { __LINE__, "state without =", BACK "?code=a&state", LI_E_FORGED, NULL,
      NULL },
    { __LINE__, "state cut", BACK "?code=a&state=s/", LI_E_FORGED, NULL, NULL },
    { __LINE__, "state longer", BACK "?code=a&state=s/1x", LI_E_FORGED, NULL,
      NULL },
    { __LINE__, "state of another case", BACK "?code=a&state=S/1", LI_E_FORGED,
      NULL, NULL },
    { __LINE__, "state and NUL", BACK "?code=a&state=s/1%00", LI_E_FORGED, NULL,
      NULL },
    { __LINE__, "state of 200", BACK "?code=a&state=" X63 X63 X63,
      LI_E_FORGED, NULL, NULL },
    { __LINE__, "denied by another", BACK "?error=x&state=t", LI_E_FORGED,
      NULL, NULL },
    { __LINE__, "denied without state", BACK "?error=x", LI_E_FORGED, NULL,
      NULL },
    { __LINE__, "nothing", BACK, LI_E_FORGED, NULL, NULL },
    { __LINE__, "no code", BACK "?state=s/1", LI_E_ARG, NULL, NULL },
    { __LINE__, "empty code", BACK "?code=&state=s/1", LI_E_ARG, NULL, NULL },
    { __LINE__, "code and error", BACK "?code=a&error=b&state=s/1", LI_E_ARG,
      NULL, NULL },
    { __LINE__, "code twice", BACK "?code=a&code=a&state=s/1", LI_E_ARG, NULL,
      NULL },
    { __LINE__, "state twice", BACK "?code=a&state=s/1&state=s/1", LI_E_ARG,
      NULL, NULL },
    { __LINE__, "state twice, empty", BACK "?code=a&state&state=s/1", LI_E_ARG,
      NULL, NULL },
    { __LINE__, "bad escape", BACK "?code=%4&state=s/1", LI_E_ARG, NULL, NULL },
    { __LINE__, "not UTF-8", BACK "?code=%ff&state=s/1", LI_E_ARG, NULL, NULL },
    { __LINE__, "a name that is not UTF-8", BACK "?%ff=1&code=a&state=s/1",
      LI_E_ARG, NULL, NULL },
    { __LINE__, "raw space", BACK "?code=a b&state=s/1", LI_E_ARG, NULL, NULL },
    { __LINE__, "another host", "https://app.test.evil/back?code=a&state=s/1",
      LI_E_ARG, NULL, NULL },
    { __LINE__, "another path", BACK "/?code=a&state=s/1", LI_E_ARG, NULL,
      NULL },
    { __LINE__, "path of another case", "https://app.test/Back?code=a&"
      "state=s/1", LI_E_ARG, NULL, NULL },
    { __LINE__, "another port", "https://app.test:444/back?code=a&state=s/1",
      LI_E_ARG, NULL, NULL },
    { __LINE__, "plain", "http://app.test/back?code=a&state=s/1", LI_E_ARG,
      NULL, NULL },
    { __LINE__, "a path alone", "/back?code=a&state=s/1", LI_E_ARG, NULL,
      NULL },
    { __LINE__, "nothing at all", "", LI_E_ARG, NULL, NULL },
};

static void redirect_at(const redirect_row *row, size_t cap, size_t need)
{
    li_flow flow = made_flow();
    char *mem = guard(2, cap);
    li_buf out = li_buf_of(mem, cap);
    li_problem why;
    li_str url = guarded(0, li_cstr(row->url));
    li_rc want = cap < need ? LI_E_SPACE : row->rc;

    memset(&why, 1, sizeof why); /* what the caller left in it */
    assert_int_equal(li_oauth_redirect(&flow, url, &out, &why), want);
    assert_true(untouched(mem - 64, 64));
    assert_int_equal(flow.stage, want == LI_OK ? 2 :
                                 want == LI_E_DENIED ? 4 : 1);
    if (want == LI_E_SPACE)
        assert_int_equal(out.need, need);
    if (want == LI_E_ARG)
        assert_string_equal(flow.wrong, "url");
    if (want == LI_OK) {
        assert_string_equal(mem, row->text);
        assert_int_equal(out.len, strlen(row->text));
    }
    assert_int_equal(why.token_age, -1);
    assert_int_equal(why.wait_s, -1);
    assert_int_equal(why.status, 0);
    if (want != LI_E_DENIED) {
        assert_null(why.code.ptr);
        assert_non_null(li_hint(want, &why));
        return;
    }
    assert_text(why.code, li_cstr(row->text));
    assert_text(why.message, li_cstr(row->message));
    assert_int_equal(why.code.ptr[why.code.len], 0);
}

static void redirect(void **state)
{
    const redirect_row *row = (const redirect_row *)*state;
    size_t cap, need = 0;

    if (row->text)
        need = strlen(row->text) + 1;
    if (row->message)
        need += strlen(row->message) + 1;
    for (cap = 0; cap <= need + 2; ++cap)
        redirect_at(row, cap, need);
}

/* A flow that was kept somewhere, and came back changed. */
static void a_flow_that_is_damaged(void **state)
{
    li_flow flow = made_flow();
    char text[20];
    li_buf out = LI_BUF(text);

    (void)state;
    flow.redirect_uri[0] = '!';
    assert_int_equal(li_oauth_redirect(&flow, LI_STR(BACK
                                       "?code=a&state=s/1"), &out, NULL),
                     LI_E_ARG);
    assert_string_equal(flow.wrong, "url");
}

static void a_redirect_counts_once(void **state)
{
    static const char *const urls[] = { BACK "?code=a&state=s/1",
                                        BACK "?error=a&state=s/1" };
    static const li_rc first[] = { LI_OK, LI_E_DENIED };
    unsigned i;

    (void)state;
    for (i = 0; i < 2; ++i) {
        li_flow flow = made_flow();
        char text[20];
        li_buf out = LI_BUF(text);

        assert_int_equal(li_oauth_redirect(&flow, LI_STR(BACK), &out, NULL),
                         LI_E_FORGED);
        assert_int_equal(li_oauth_redirect(&flow, li_cstr(urls[i]), &out,
                                           NULL), first[i]);
        assert_int_equal(li_oauth_redirect(&flow, li_cstr(urls[0]), &out,
                                           NULL), LI_E_STATE);
        flow.stage = 0;
        assert_int_equal(li_oauth_redirect(&flow, li_cstr(urls[0]), &out,
                                           NULL), LI_E_STATE);
    }
}

/* A code is a C string later on: it cannot hold a NUL. */
static void a_code_with_nul_is_refused(void **state)
{
    li_flow flow = made_flow();
    char text[20];
    li_buf out = LI_BUF(text);

    (void)state;
    assert_int_equal(li_oauth_redirect(&flow,
        LI_STR(BACK "?code=a%00b&state=s/1"), &out, NULL), LI_E_ARG);
}

/* ---- requests to the token endpoints */

typedef struct grant_row {
    int line;
    const char *what;
    li_grant grant;
    const char *text;
    const char *path, *body;
    int pkce;
} grant_row;

static const grant_row grant_rows[] = {
    { __LINE__, "code", LI_GRANT_CODE, "c/1", "/oauth/v2/accessToken",
      "grant_type=authorization_code&code=c%2F1&client_id=id&"
      "client_secret=" MARK "%2B&redirect_uri=https%3A%2F%2Fapp.test%2Fback",
      0 },
    { __LINE__, "code with PKCE", LI_GRANT_CODE, "c", "/oauth/v2/accessToken",
      "grant_type=authorization_code&code=c&client_id=id&"
      "redirect_uri=https%3A%2F%2Fapp.test%2Fback&code_verifier=vvv", 1 },
    { __LINE__, "refresh", LI_GRANT_REFRESH, "r", "/oauth/v2/accessToken",
      "grant_type=refresh_token&refresh_token=r&client_id=id&client_secret="
      MARK "%2B", 0 },
    { __LINE__, "client", LI_GRANT_CLIENT, NULL, "/oauth/v2/accessToken",
      "grant_type=client_credentials&client_id=id&client_secret=" MARK "%2B",
      0 },
    { __LINE__, "client with an empty scope", LI_GRANT_CLIENT, "",
      "/oauth/v2/accessToken", "grant_type=client_credentials&client_id=id&"
      "client_secret=" MARK "%2B", 0 },
    { __LINE__, "client with a scope", LI_GRANT_CLIENT, "a b",
      "/oauth/v2/accessToken", "grant_type=client_credentials&scope=a%20b&"
      "client_id=id&client_secret=" MARK "%2B", 0 },
    { __LINE__, "introspect", LI_INTROSPECT, "t", "/oauth/v2/introspectToken",
      "token=t&client_id=id&client_secret=" MARK "%2B", 0 },
    { __LINE__, "revoke", LI_REVOKE, "t", "/oauth/v2/revoke",
      "token=t&client_id=id&client_secret=" MARK "%2B", 0 },
};

static const li_client app = { APP, .client_secret = MARK "+" };

static void grant(void **state)
{
    const grant_row *row = (const grant_row *)*state;
    li_flow flow = taken_flow(row->pkce);
    li_req req;
    li_call call;
    char buf[900], url[200];
    li_buf out = LI_BUF(url);
    li_str head;

    assert_int_equal(li_oauth_req(&req, &app, row->grant, row->text, &flow),
                     LI_OK);
    assert_int_equal(flow.stage, row->grant == LI_GRANT_CODE ? 3 : 2);
    assert_int_equal(li_begin(&call, &app, &req, buf, sizeof buf), LI_OK);
    assert_text(li_body(&call), li_cstr(row->body));
    head = li_head(&call);
    assert_true(holds(head.ptr, head.len, row->path));
    assert_true(holds(head.ptr, head.len, "POST /"));
    assert_true(holds(head.ptr, head.len, "Host: www.linkedin.com\r\n"));
    assert_true(holds(head.ptr, head.len,
                      "Content-Type: application/x-www-form-urlencoded\r\n"));
    assert_false(holds(head.ptr, head.len, MARK));
    assert_false(holds(head.ptr, head.len, "Authorization"));
    assert_int_equal(li_put_url(&call, &out), LI_OK);
    assert_false(holds(url, out.len, MARK));
    assert_null(memchr(url, '?', out.len));
}

typedef struct no_grant_row {
    int line;
    const char *what, *wrong;
    li_client client;
    li_grant grant;
    const char *text;
    int flow; /* 0: none, 1: one, 2: of no URL, 3: PKCE without verifier */
} no_grant_row;

#define SECRET .client_id = "i", .client_secret = "s"
#define LI_GRANT_NONE ((li_grant)9)

static const no_grant_row no_grant_rows[] = {
    { __LINE__, "no id", "client_id", { .client_secret = "s" },
      LI_GRANT_REFRESH, "r", 0 },
    { __LINE__, "empty id", "client_id", { .client_id = "",
        .client_secret = "s" }, LI_GRANT_REFRESH, "r", 0 },
    { __LINE__, "no secret", "client_secret", { .client_id = "i" },
      LI_GRANT_CLIENT, NULL, 0 },
    { __LINE__, "empty secret", "client_secret", { .client_id = "i",
        .client_secret = "" }, LI_GRANT_CODE, "c", 1 },
    { __LINE__, "no code", "code", { SECRET }, LI_GRANT_CODE, NULL, 1 },
    { __LINE__, "empty code", "code", { SECRET }, LI_GRANT_CODE, "", 1 },
    { __LINE__, "no flow", "flow", { SECRET }, LI_GRANT_CODE, "c", 0 },
    { __LINE__, "a flow of no URL", "redirect_uri", { SECRET }, LI_GRANT_CODE,
      "c", 2 },
    { __LINE__, "no verifier", "verifier", { SECRET }, LI_GRANT_CODE, "c", 3 },
    { __LINE__, "no refresh token", "refresh_token", { SECRET },
      LI_GRANT_REFRESH, NULL, 0 },
    { __LINE__, "empty refresh token", "refresh_token", { SECRET },
      LI_GRANT_REFRESH, "", 0 },
    { __LINE__, "nothing to ask about", "token", { SECRET }, LI_INTROSPECT,
      NULL, 0 },
    { __LINE__, "nothing to revoke", "token", { SECRET }, LI_REVOKE, "", 0 },
    { __LINE__, "no such grant", "grant", { SECRET }, LI_GRANT_NONE, "x", 0 },
};

static void no_grant(void **state)
{
    const no_grant_row *row = (const no_grant_row *)*state;
    li_flow flow = taken_flow(row->flow == 3);
    li_req req;
    li_call call;
    char buf[900];

    if (row->flow == 2)
        flow.redirect_uri[0] = 0;
    flow.verifier[0] = 0;
    assert_int_equal(li_oauth_req(&req, &row->client, row->grant, row->text,
                                  row->flow ? &flow : NULL), LI_E_ARG);
    assert_int_equal(flow.stage, 2);
    assert_int_equal(li_begin(&call, &row->client, &req, buf, 900), LI_E_ARG);
    assert_string_equal(call.wrong, row->wrong);
}

static void a_code_is_spent_once(void **state)
{
    li_flow flow = taken_flow(0);
    li_req req;
    li_call call;
    char buf[900];

    (void)state;
    assert_int_equal(li_oauth_req(&req, &app, LI_GRANT_CODE, "c", &flow),
                     LI_OK);
    assert_int_equal(li_oauth_req(&req, &app, LI_GRANT_CODE, "c", &flow),
                     LI_E_STATE);
    assert_int_equal(li_begin(&call, &app, &req, buf, 900), LI_E_ARG);
    assert_string_equal(call.wrong, "flow");
}

int main(void)
{
    ROWS(sign_in_rows, sign_in);
    TEST(texts_without_an_end);
    TEST(randomness_is_asked_for);
    ROWS(redirect_rows, redirect);
    TEST(a_flow_that_is_damaged);
    TEST(a_redirect_counts_once);
    TEST(a_code_with_nul_is_refused);
    ROWS(grant_rows, grant);
    ROWS(no_grant_rows, no_grant);
    TEST(a_code_is_spent_once);
    return RUN("oauth");
}
