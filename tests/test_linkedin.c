/* >>linkedin: sign-in, tokens, typed answers, problems and hints. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "test.h"

#define S(literal) { "" literal, sizeof(literal) - 1 }
#define MARK "sEcReT"
#define BACK "https://app.test/back"
#define AUTH "https://www.linkedin.com/oauth/"

/* ---- texts that end in NUL, at every capacity */

/* want is the text without its NUL. */
static void ends_at_every_cap(put_fn *put, const void *arg, const char *want)
{
    size_t cap, need = strlen(want) + 1;

    for (cap = 0; cap <= need + 2; ++cap) {
        char *mem = guard(2, cap);
        li_buf out = li_buf_of(mem, cap);
        li_rc rc = put(arg, &out);

        assert_true(untouched(mem - 64, 64));
        assert_int_equal(rc, cap < need ? LI_E_SPACE : LI_OK);
        assert_int_equal(out.need, need);
        if (cap)
            assert_string_equal(mem, rc ? "" : want);
        if (!rc)
            assert_true(untouched(mem + need, cap - need));
    }
}

static int holds(const char *p, size_t len, const char *text)
{
    size_t n = strlen(text);

    for (; len >= n; ++p, --len)
        if (!memcmp(p, text, n))
            return 1;
    return 0;
}

/* ---- hooks */

static int hook_fails;

static li_rc count_up(void *user, void *dst, size_t len)
{
    unsigned char *p = (unsigned char *)dst;
    size_t i;

    (void)user;
    if (hook_fails)
        return LI_E_IO;
    for (i = 0; i < len; ++i)
        p[i] = (unsigned char)i;
    return LI_OK;
}

static int64_t clock_says;

static int64_t tell(void *user)
{
    (void)user;
    return clock_says;
}

static unsigned saved;

static li_rc save(void *user, const li_token *token)
{
    (void)user;
    (void)token;
    ++saved;
    return hook_fails ? LI_E_IO : LI_OK;
}

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
#define X63 "012345678901234567890123456789012345678901234567890123456789012"
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
    flow.pkce = 1;
    flow.state[0] = 's';
    memset(flow.verifier, 'a', sizeof flow.verifier);
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

static li_flow made_flow(void)
{
    li_flow flow;

    memset(&flow, 0, sizeof flow);
    strcpy(flow.state, "s/1");
    strcpy(flow.redirect_uri, BACK);
    flow.stage = 1;
    return flow;
}

static void redirect_at(const redirect_row *row, size_t cap, size_t need)
{
    li_flow flow = made_flow();
    char *mem = guard(2, cap);
    li_buf out = li_buf_of(mem, cap);
    li_problem why;
    li_str url = guarded(0, li_cstr(row->url));
    li_rc want = cap < need ? LI_E_SPACE : row->rc;

    assert_int_equal(li_oauth_redirect(&flow, url, &out, &why), want);
    assert_true(untouched(mem - 64, 64));
    assert_int_equal(flow.stage, want == LI_OK ? 2 :
                                 want == LI_E_DENIED ? 3 : 1);
    if (want == LI_E_SPACE)
        assert_int_equal(out.need, need);
    if (want == LI_E_ARG)
        assert_string_equal(flow.wrong, "url");
    if (want == LI_OK)
        assert_string_equal(mem, row->text);
    if (want != LI_E_DENIED)
        return;
    assert_text(why.code, li_cstr(row->text));
    assert_text(why.message, li_cstr(row->message));
    assert_int_equal(why.code.ptr[why.code.len], 0);
    assert_int_equal(why.token_age, -1);
    assert_int_equal(why.status, 0);
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
    { __LINE__, "client with a scope", LI_GRANT_CLIENT, "a b",
      "/oauth/v2/accessToken", "grant_type=client_credentials&scope=a%20b&"
      "client_id=id&client_secret=" MARK "%2B", 0 },
    { __LINE__, "introspect", LI_INTROSPECT, "t", "/oauth/v2/introspectToken",
      "token=t&client_id=id&client_secret=" MARK "%2B", 0 },
    { __LINE__, "revoke", LI_REVOKE, "t", "/oauth/v2/revoke",
      "token=t&client_id=id&client_secret=" MARK "%2B", 0 },
};

static const li_client app = { APP, .client_secret = MARK "+" };

static li_flow taken_flow(int pkce)
{
    li_flow flow = made_flow();

    flow.stage = 2;
    flow.pkce = (uint8_t)pkce;
    strcpy(flow.verifier, "vvv");
    return flow;
}

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
    assert_null(strchr(url, '?') && strchr(url, '?') < url + out.len ? url
                                                                     : NULL);
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

/* ---- tokens */

typedef struct token_row {
    int line;
    const char *what;
    li_str json;
    li_rc rc;
    const char *access, *refresh, *id, *scope; /* NULL: absent */
    int64_t expires, refresh_expires, issued;
} token_row;

#define NO_TOKEN NULL, NULL, NULL, NULL, 0, 0, 0
#define NOW 1700000000

static const token_row token_rows[] = {
    { __LINE__, "all", S("{\"access_token\":\"AQX\",\"expires_in\":5184000,"
      "\"scope\":\"openid,profile\",\"token_type\":\"Bearer\",\"id_token\":"
      "\"eyJ\",\"refresh_token\":\"AQV\",\"refresh_token_expires_in\":31536000}"
      ), LI_OK, "AQX", "AQV", "eyJ", "openid,profile", 5184000, 31536000,
      NOW },
    { __LINE__, "the least", S("{\"access_token\":\"a\"}"), LI_OK, "a", NULL,
      NULL, NULL, -1, -1, NOW },
    { __LINE__, "nought is told, and is not nothing", S("{\"access_token\":"
      "\"a\",\"expires_in\":0,\"refresh_token_expires_in\":0}"), LI_OK, "a",
      NULL, NULL, NULL, 0, 0, NOW },
    { __LINE__, "digits in strings", S("{\"access_token\":\"a\",\"expires_in\":"
      "\"1800\",\"refresh_token\":\"r\",\"refresh_token_expires_in\":\"9\"}"),
      LI_OK, "a", "r", NULL, NULL, 1800, 9, NOW },
    { __LINE__, "type in small letters", S("{\"token_type\":\"bearer\","
      "\"access_token\":\"a\"}"), LI_OK, "a", NULL, NULL, NULL, -1, -1, NOW },
    { __LINE__, "type with an escape", S("{\"token_type\":\"\\u0042earer\","
      "\"access_token\":\"a\"}"), LI_OK, "a", NULL, NULL, NULL, -1, -1, NOW },
    { __LINE__, "an empty refresh token", S("{\"access_token\":\"a\","
      "\"refresh_token\":\"\"}"), LI_OK, "a", NULL, NULL, NULL, -1, -1, NOW },
    { __LINE__, "nulls", S("{\"access_token\":\"a\",\"refresh_token\":null,"
      "\"expires_in\":null,\"token_type\":null}"), LI_OK, "a", NULL, NULL,
      NULL, -1, -1, NOW },
    { __LINE__, "escapes", S("{\"access_token\":\"a\\u0062\\/\",\"scope\":"
      "\"\\u00e9\"}"), LI_OK, "ab/", NULL, NULL, "\xc3\xa9", -1, -1, NOW },
    { __LINE__, "more members", S(" { \"x\":{\"access_token\":1},\"access_"
      "token\":\"a\",\"y\":[1,2] } "), LI_OK, "a", NULL, NULL, NULL, -1, -1,
      NOW },
    { __LINE__, "issued is told", S("{\"access_token\":\"a\",\"issued_at\":"
      "12345}"), LI_OK, "a", NULL, NULL, NULL, -1, -1, 12345 },
    { __LINE__, "an empty scope", S("{\"access_token\":\"a\",\"scope\":\"\"}"),
      LI_OK, "a", NULL, NULL, "", -1, -1, NOW },
    { __LINE__, "no access token", S("{\"refresh_token\":\"r\"}"),
      LI_E_MISSING, NO_TOKEN },
    { __LINE__, "null", S("{\"access_token\":null}"), LI_E_MISSING, NO_TOKEN },
    { __LINE__, "no members", S("{}"), LI_E_MISSING, NO_TOKEN },
    { __LINE__, "a number", S("{\"access_token\":5}"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "an object", S("{\"access_token\":{}}"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "another type", S("{\"access_token\":\"a\",\"token_type\":"
      "\"mac\"}"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "scope in a list", S("{\"access_token\":\"a\",\"scope\":"
      "[\"b\"]}"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "expires in words", S("{\"access_token\":\"a\",\"expires_in\":"
      "\"soon\"}"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "expires in nothing", S("{\"access_token\":\"a\","
      "\"expires_in\":\"\"}"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "expires before", S("{\"access_token\":\"a\",\"expires_in\":"
      "-1}"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "expires in 1.5", S("{\"access_token\":\"a\",\"expires_in\":"
      "1.5}"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "expires beyond 64 bits", S("{\"access_token\":\"a\","
      "\"expires_in\":9223372036854775808}"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "an empty token", S("{\"access_token\":\"\"}"), LI_E_ARG,
      NO_TOKEN },
    { __LINE__, "CR LF in a token", S("{\"access_token\":\"a\\r\\nb\"}"),
      LI_E_ARG, NO_TOKEN },
    { __LINE__, "NUL in a token", S("{\"access_token\":\"a\\u0000b\"}"),
      LI_E_ARG, NO_TOKEN },
    { __LINE__, "NUL in a refresh token", S("{\"access_token\":\"a\","
      "\"refresh_token\":\"r\\u0000s\"}"), LI_E_ENCODING, NO_TOKEN },
    { __LINE__, "NUL in an id_token", S("{\"access_token\":\"a\","
      "\"id_token\":\"\\u0000\"}"), LI_E_ENCODING, NO_TOKEN },
    { __LINE__, "NUL in a scope", S("{\"access_token\":\"a\","
      "\"scope\":\"s\\u0000\"}"), LI_E_ENCODING, NO_TOKEN },
    { __LINE__, "space in a token", S("{\"access_token\":\"a b\"}"), LI_E_ARG,
      NO_TOKEN },
    { __LINE__, "high byte in a token", S("{\"access_token\":\"\xc3\xa9\"}"),
      LI_E_ARG, NO_TOKEN },
    { __LINE__, "cut", S("{\"access_token\":\"a\""), LI_E_JSON, NO_TOKEN },
    { __LINE__, "two", S("{\"access_token\":\"a\"}{}"), LI_E_JSON, NO_TOKEN },
    { __LINE__, "HTML", S("<html></html>"), LI_E_JSON, NO_TOKEN },
    { __LINE__, "nothing", S(""), LI_E_JSON, NO_TOKEN },
    { __LINE__, "an array", S("[\"access_token\"]"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "a string", S("\"access_token\""), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "not UTF-8", S("{\"access_token\":\"a\",\"scope\":\"\xff\"}"),
      LI_E_ENCODING, NO_TOKEN },
    { __LINE__, "lone surrogate", S("{\"access_token\":\"a\",\"scope\":"
      "\"\\ud800\"}"), LI_E_ENCODING, NO_TOKEN },
};

static const li_client timed = { .now = tell, .save = save };

static void same_text(li_str got, const char *want)
{
    if (!want)
        assert_null(got.ptr);
    assert_text(got, li_cstr(want));
    if (want)
        assert_int_equal(got.ptr[got.len], 0);
}

static void token_is(const li_token *token, const token_row *row)
{
    same_text(token->access_token, row->access);
    same_text(token->refresh_token, row->refresh);
    same_text(token->id_token, row->id);
    same_text(token->scope, row->scope);
    assert_int_equal(token->issued_at, row->issued);
    assert_int_equal(token->expires_in, row->expires);
    assert_int_equal(token->refresh_expires_in, row->refresh_expires);
}

static size_t token_need(const token_row *row)
{
    const char *const texts[] = { row->access, row->refresh, row->id,
                                  row->scope };
    size_t i, need = 0;

    for (i = 0; i < 4; ++i)
        need += texts[i] ? strlen(texts[i]) + 1 : 0;
    return need;
}

static void token_at_every_capacity(void **state)
{
    const token_row *row = (const token_row *)*state;
    size_t cap, need = token_need(row);

    clock_says = NOW;
    for (cap = 0; cap <= need + 2; ++cap) {
        li_token token = { .cap = cap }, before;
        li_rc want = row->rc ? row->rc : cap < need ? LI_E_SPACE : LI_OK;

        token.mem = guard(1, cap);
        before = token;
        saved = 0;
        assert_int_equal(li_token_read(&token, guarded(0, row->json), &timed),
                         want);
        assert_true(untouched(token.mem - 64, 64));
        assert_int_equal(saved, want == LI_OK);
        if (want == LI_E_SPACE)
            assert_int_equal(token.need, need);
        if (want == LI_OK) {
            token_is(&token, row);
            continue;
        }
        assert_true(untouched(token.mem, cap));
        token.need = before.need;
        assert_memory_equal(&token, &before, sizeof token);
    }
}

static li_rc put_token(const void *arg, li_buf *out)
{
    return li_token_put((const li_token *)arg, out);
}

static void token_there_and_back(void **state)
{
    const token_row *row = (const token_row *)*state;
    char mem[200], again[200], text[500];
    li_token token = { .mem = mem, .cap = sizeof mem };
    li_token back = { .mem = again, .cap = sizeof again };
    li_buf out = LI_BUF(text);

    if (row->rc)
        return;
    clock_says = NOW;
    assert_int_equal(li_token_read(&token, row->json, &timed), LI_OK);
    assert_int_equal(li_token_put(&token, &out), LI_OK);
    put_at_every_cap(put_token, &token, written(&out));
    clock_says = 1;
    assert_int_equal(li_token_read(&back, written(&out), &timed), LI_OK);
    token_is(&back, row);
}

static void tokens_of_every_length(void **state)
{
    static const size_t lengths[] = { 350, 1000, 1024, 1867, 4096, 6143 };
    static char json[7000], mem[LI_TOKEN_MEM];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(lengths); ++i) {
        li_token token = { .mem = mem, .cap = lengths[i] };
        size_t n = (size_t)sprintf(json, "{\"access_token\":\"");
        li_str text;

        memset(json + n, 'a', lengths[i]);
        n += lengths[i];
        n += (size_t)sprintf(json + n, "\"}");
        text = li_cstr(json);
        assert_int_equal(li_token_read(&token, text, NULL), LI_E_SPACE);
        assert_int_equal(token.need, lengths[i] + 1);
        token.cap = token.need;
        assert_int_equal(li_token_read(&token, text, NULL), LI_OK);
        assert_int_equal(token.access_token.len, lengths[i]);
        assert_int_equal(token.issued_at, 0);
    }
}

/* A refresh: the answer may leave the refresh token out. */
static void a_refresh_token_is_kept(void **state)
{
    static const struct { const char *json; int64_t issued, now, left; } c[] = {
        { "{\"access_token\":\"longer-than-before\",\"expires_in\":9}", 1000,
          1100, 900 },
        { "{\"access_token\":\"b\"}", 1000, 1000, 1000 },
        { "{\"access_token\":\"b\"}", 1000, 1999, 1 },
        { "{\"access_token\":\"b\"}", 1000, 5000, 0 },
        { "{\"access_token\":\"b\"}", 1000, 2000, 0 },
        { "{\"access_token\":\"b\"}", 1000, 500, 1000 },
        { "{\"access_token\":\"b\"}", 0, 5000, 1000 },
        { "{\"access_token\":\"b\"}", 1000, 0, 1000 },
        { "{\"access_token\":\"b\",\"refresh_token_expires_in\":77}", 1000,
          1100, 77 },
        { "{\"access_token\":\"b\",\"issued_at\":1200}", 1000, 1100, 800 },
        { "{\"access_token\":\"b\",\"refresh_token_expires_in\":0}", 1000,
          1100, 0 },
        { "{\"access_token\":\"b\",\"refresh_token\":\"\"}", 1000, 1100, 900 },
        { "{\"access_token\":\"b\"}", INT64_MAX, -5, 1000 },
        { "{\"access_token\":\"b\"}", -5, INT64_MAX, 0 },
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(c); ++i) {
        char mem[100];
        li_token token = { .mem = mem, .cap = sizeof mem };

        clock_says = 1000;
        assert_int_equal(li_token_read(&token, LI_STR("{\"access_token\":"
            "\"a\",\"refresh_token\":\"keep-me\",\"scope\":\"s\","
            "\"refresh_token_expires_in\":1000}"), &timed), LI_OK);
        token.issued_at = c[i].issued;
        clock_says = c[i].now;
        assert_int_equal(li_token_read(&token, li_cstr(c[i].json), &timed),
                         LI_OK);
        same_text(token.refresh_token, "keep-me");
        assert_null(token.scope.ptr);
        assert_int_equal(token.refresh_expires_in, c[i].left);
        assert_int_equal(li_token_read(&token, LI_STR("{\"access_token\":"
            "\"c\",\"refresh_token\":\"new\"}"), &timed), LI_OK);
        same_text(token.refresh_token, "new");
        assert_int_equal(token.refresh_expires_in, -1);
        assert_int_equal(li_token_read(&token, LI_STR("{\"access_token\":"
            "\"d\"}"), &timed), LI_OK); /* what was not told is not due */
        same_text(token.refresh_token, "new");
        assert_int_equal(token.refresh_expires_in, -1);
    }
}

static void an_old_token_is_wiped(void **state)
{
    char mem[100] = { 0 };
    li_token token = { .mem = mem, .cap = sizeof mem };

    (void)state;
    li_token_read(&token, LI_STR("{\"access_token\":\"0123456789" MARK
                                 "\"}"), NULL);
    assert_true(holds(mem, sizeof mem, MARK));
    li_token_read(&token, LI_STR("{\"access_token\":\"new\"}"), NULL);
    assert_false(holds(mem, sizeof mem, MARK));
}

static void saving_fails(void **state)
{
    char mem[100];
    li_token token = { .mem = mem, .cap = sizeof mem };

    (void)state;
    hook_fails = 1;
    assert_int_equal(li_token_read(&token, LI_STR("{\"access_token\":\"a\"}"),
                                   &timed), LI_E_STORE);
    hook_fails = 0;
    same_text(token.access_token, "a");
}

/* ---- answers, fed */

static char work[4000];

/* The call of an answer. headers: name, value, ..., NULL. */
static void answered(li_call *call, const li_client *client,
                     const li_req *req, int status,
                     const char *const *headers, li_str body)
{
    assert_int_equal(li_begin(call, client, req, work, sizeof work), LI_OK);
    assert_int_equal(li_feed_status(call, status), LI_OK);
    for (; headers && headers[0]; headers += 2)
        assert_int_equal(li_feed_header(call, li_cstr(headers[0]),
                                        li_cstr(headers[1])), LI_OK);
    assert_int_equal(li_feed_body(call, body), LI_OK);
    assert_int_equal(li_feed_end(call), LI_OK);
}

static const li_client member = { .access_token = "TOK" };
static const li_req get_me = { .path = "/v2/me" };

typedef struct profile_row {
    int line;
    const char *what;
    int status;
    li_str json;
    li_rc rc;
    const char *id, *name, *first, *last, *email, *picture;
} profile_row;

#define NOBODY NULL, NULL, NULL, NULL, NULL, NULL

static const profile_row profile_rows[] = {
    { __LINE__, "userinfo", 200, S("{\"sub\":\"782bbtaQ\",\"name\":\"Ann "
      "Example\",\"given_name\":\"Ann\",\"family_name\":\"Example\","
      "\"picture\":\"https:\\/\\/media.test/p\",\"locale\":{\"country\":\"US\","
      "\"language\":\"en\"},\"email\":\"ann@example.com\","
      "\"email_verified\":true}"), LI_OK, "782bbtaQ", "Ann Example", "Ann",
      "Example", "ann@example.com", "https://media.test/p" },
    { __LINE__, "me", 200, S("{\"localizedLastName\":\"Y\",\"id\":\"i\","
      "\"localizedFirstName\":\"X\"}"), LI_OK, "i", "X Y", "X", "Y", NULL,
      NULL },
    { __LINE__, "preferred locale", 200, S("{\"id\":\"i\",\"localizedFirstName"
      "\":\"Bob\",\"firstName\":{\"localized\":{\"de_DE\":\"Robert\",\"en_US\":"
      "\"Bob\"},\"preferredLocale\":{\"country\":\"DE\",\"language\":\"de\"}}}"
      ), LI_OK, "i", "Robert", "Robert", NULL, NULL, NULL },
    { __LINE__, "locale without country", 200, S("{\"id\":\"i\",\"lastName\":"
      "{\"localized\":{\"de\":\"L\"},\"preferredLocale\":{\"language\":\"de\"}"
      "}}"), LI_OK, "i", "L", NULL, "L", NULL, NULL },
    { __LINE__, "locale that is not there", 200, S("{\"id\":\"i\","
      "\"localizedFirstName\":\"Bob\",\"firstName\":{\"localized\":{\"en_US\":"
      "\"Bo\"},\"preferredLocale\":{\"country\":\"FR\",\"language\":\"fr\"}}}"),
      LI_OK, "i", "Bob", "Bob", NULL, NULL, NULL },
    { __LINE__, "no locale", 200, S("{\"id\":\"i\",\"localizedFirstName\":"
      "\"Bob\",\"firstName\":{}}"), LI_OK, "i", "Bob", "Bob", NULL, NULL,
      NULL },
    { __LINE__, "a very long locale", 200, S("{\"id\":\"i\","
      "\"localizedFirstName\":\"Bob\",\"firstName\":{\"localized\":{},"
      "\"preferredLocale\":{\"language\":\"" X63 "\"}}}"), LI_OK, "i", "Bob",
      "Bob", NULL, NULL, NULL },
    { __LINE__, "pictures", 200, S("{\"id\":\"i\",\"profilePicture\":{"
      "\"displayImage\":\"urn:x\",\"displayImage~\":{\"elements\":["
      "{\"identifiers\":[{\"identifier\":\"small\"}]},"
      "{\"identifiers\":[{\"identifier\":\"large\"}]}]}}}"), LI_OK, "i", "",
      NULL, NULL, NULL, "large" },
    { __LINE__, "no pictures", 200, S("{\"id\":\"i\",\"profilePicture\":{"
      "\"displayImage\":\"urn:x\"}}"), LI_OK, "i", "", NULL, NULL, NULL, NULL },
    { __LINE__, "escapes", 200, S("{\"id\":\"i\",\"name\":\"\\u00c9\\\"a\"}"),
      LI_OK, "i", "\xc3\x89\"a", NULL, NULL, NULL, NULL },
    { __LINE__, "no id", 200, S("{\"name\":\"x\"}"), LI_E_MISSING, NOBODY },
    { __LINE__, "empty id", 200, S("{\"id\":\"\"}"), LI_E_MISSING, NOBODY },
    { __LINE__, "id is a number", 200, S("{\"id\":5}"), LI_E_MISSING, NOBODY },
    { __LINE__, "401", 401, S("{\"id\":\"i\"}"), LI_E_AUTH, NOBODY },
    { __LINE__, "500", 500, S("<html>"), LI_E_SERVER, NOBODY },
    { __LINE__, "HTML", 200, S("<html>"), LI_E_JSON, NOBODY },
    { __LINE__, "empty", 200, S(""), LI_E_JSON, NOBODY },
    { __LINE__, "an array", 200, S("[]"), LI_E_TYPE, NOBODY },
};

static size_t text_need(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static void profile_at(const profile_row *row, const li_call *call,
                       size_t cap, size_t need)
{
    char *mem = guard(1, cap);
    li_buf out = li_buf_of(mem, cap);
    li_profile who;
    li_rc want = row->rc ? row->rc : cap < need ? LI_E_SPACE : LI_OK;

    assert_int_equal(li_profile_read(&who, call, &out), want);
    assert_true(untouched(mem - 64, 64));
    if (want)
        return;
    same_text(who.id, row->id);
    same_text(who.name, row->name);
    same_text(who.first_name, row->first);
    same_text(who.last_name, row->last);
    same_text(who.email, row->email);
    same_text(who.picture, row->picture);
}

static void profile(void **state)
{
    const profile_row *row = (const profile_row *)*state;
    size_t cap, need = text_need(row->id) + text_need(row->name) +
                       text_need(row->first) + text_need(row->last) +
                       text_need(row->email) + text_need(row->picture);
    li_call call;

    answered(&call, &member, &get_me, row->status, NULL, row->json);
    if (row->rc) {
        profile_at(row, &call, 100, 0);
        return;
    }
    for (cap = 0; cap <= need + 2; ++cap)
        profile_at(row, &call, cap, need);
}

/* What is told to be enough is enough: a full name out of two counts too. */
static void profile_need(void **state)
{
    const profile_row *row = (const profile_row *)*state;
    li_buf out = li_buf_of(NULL, 0);
    li_profile who;
    li_call call;

    if (row->rc)
        return;
    answered(&call, &member, &get_me, row->status, NULL, row->json);
    assert_int_equal(li_profile_read(&who, &call, &out), LI_E_SPACE);
    out = li_buf_of(guard(1, out.need), out.need);
    assert_int_equal(li_profile_read(&who, &call, &out), LI_OK);
}

/* ---- statuses */

static void every_status(void **state)
{
    li_call call = { .rc = LI_OK };
    int s;

    (void)state;
    for (s = 200; s <= 999; ++s) {
        li_rc want = s < 300 ? LI_OK : s < 500 ? LI_E_HTTP : LI_E_SERVER;

        want = s == 401 ? LI_E_AUTH : s == 403 ? LI_E_FORBIDDEN :
               s == 404 ? LI_E_NOT_FOUND : s == 426 ? LI_E_VERSION :
               s == 429 ? LI_E_RATE : want;
        call.status = s;
        assert_int_equal(li_check(&call), want);
    }
    call.status = 422;
    call.body = LI_STR("{\"code\":\"DUPLICATE_POST\"}");
    assert_int_equal(li_check(&call), LI_E_DUPLICATE);
    call.body = LI_STR("{\"errorDetailType\":\"com.linkedin.common.error."
                       "BadRequest\",\"message\":\"Content is a duplicate\","
                       "\"errorDetails\":{\"inputErrors\":[{\"input\":{},"
                       "\"code\":\"DUPLICATE_POST\"}]},\"status\":422}");
    assert_int_equal(li_check(&call), LI_E_DUPLICATE); /* as it was seen */
    call.body = LI_STR("{\"errorDetails\":{\"inputErrors\":[{\"code\":"
                       "\"OTHER\"},{\"code\":\"DUPLICATE_POST\"}]}}");
    assert_int_equal(li_check(&call), LI_E_HTTP);
    call.body = LI_STR("{\"code\":\"DUPLICATE_POST_\"}");
    assert_int_equal(li_check(&call), LI_E_HTTP);
    call.rc = LI_E_TLS;
    assert_int_equal(li_check(&call), LI_E_TLS);
    call.rc = LI_WANT_READ;
    assert_int_equal(li_check(&call), LI_E_STATE);
}

/* ---- problems: every shape that LinkedIn has been seen to send */

typedef struct problem_row {
    int line;
    const char *what;
    int status;
    li_str body;
    const char *code, *message, *field, *request_id;
    int has_service;
    int64_t service;
    int not_json;
} problem_row;

static const problem_row problem_rows[] = {
    { __LINE__, "today's", 401, S("{\"status\":401,\"serviceErrorCode\":65601,"
      "\"code\":\"REVOKED_ACCESS_TOKEN\",\"message\":\"The token\"}"),
      "REVOKED_ACCESS_TOKEN", "The token", NULL, "head", 1, 65601, 0 },
    { __LINE__, "without code", 403, S("{\"serviceErrorCode\":100,\"message\":"
      "\"Not \\\"enough\\\"\",\"status\":403}"), NULL, "Not \"enough\"", NULL,
      "head", 1, 100, 0 },
    { __LINE__, "the oldest", 401, S("{\"errorCode\":0,\"message\":\"m\","
      "\"requestId\":\"rid\",\"status\":401,\"timestamp\":1493055596000}"),
      NULL, "m", NULL, "rid", 1, 0, 0 },
    { __LINE__, "input errors", 400, S("{\"errorDetailType\":\"com.x\","
      "\"message\":\"m\",\"errorDetails\":{\"inputErrors\":[{\"code\":"
      "\"FIELD_INVALID\",\"description\":\"d\",\"input\":{\"inputPath\":"
      "{\"fieldPath\":\"countries\\/value\"}}},{\"code\":\"OTHER\"}]},"
      "\"status\":400}"), "FIELD_INVALID", "m", "countries/value", "head", 0,
      0, 0 },
    { __LINE__, "its code at the top too", 400, S("{\"code\":\"TOP\","
      "\"errorDetails\":{\"inputErrors\":[{\"code\":\"IN\"}]}}"), "TOP", NULL,
      NULL, "head", 0, 0, 0 },
    { __LINE__, "schema check", 422, S("{\"message\":\"ERROR :: /a :: b\\n\","
      "\"status\":422}"), NULL, "ERROR :: /a :: b\n", NULL, "head", 0, 0, 0 },
    { __LINE__, "OAuth", 400, S("{\"error\":\"invalid_request\","
      "\"error_description\":\"A required\"}"), "invalid_request",
      "A required", NULL, "head", 0, 0, 0 },
    { __LINE__, "service code in a string", 401,
      S("{\"serviceErrorCode\":\"65602\"}"), NULL, NULL, NULL, "head", 1,
      65602, 0 },
    { __LINE__, "service code of nonsense", 401,
      S("{\"serviceErrorCode\":\"x\"}"), NULL, NULL, NULL, "head", 0, 0, 0 },
    { __LINE__, "values of other types", 400, S("{\"code\":5,\"message\":[],"
      "\"errorDetails\":\"x\"}"), NULL, NULL, NULL, "head", 0, 0, 0 },
    { __LINE__, "nulls", 400, S("{\"code\":null,\"message\":null,"
      "\"error\":\"e\",\"errorDetails\":null}"), "e", NULL, NULL, "head", 0, 0,
      0 },
    { __LINE__, "HTML", 502, S("<html>Bad Gateway</html>"), NULL, NULL, NULL,
      "head", 0, 0, 1 },
    { __LINE__, "nothing", 500, S(""), NULL, NULL, NULL, "head", 0, 0, 1 },
    { __LINE__, "text", 429, S("Too many"), NULL, NULL, NULL, "head", 0, 0, 1 },
    { __LINE__, "cut", 400, S("{\"code\":\"A\""), NULL, NULL, NULL, "head", 0,
      0, 1 },
    { __LINE__, "an array", 400, S("[]"), NULL, NULL, NULL, "head", 0, 0, 1 },
};

static const char *const id_header[] = { "x-li-request-id", "head", NULL };

static void problem_numbers(const problem_row *row, const li_problem *why)
{
    assert_int_equal(why->status, row->status);
    assert_int_equal(why->has_service_code, row->has_service);
    assert_int_equal(why->service_code, row->service);
    assert_int_equal(why->not_json, row->not_json);
    assert_int_equal(why->token_age, -1);
}

static void problem(void **state)
{
    const problem_row *row = (const problem_row *)*state;
    size_t cap, need = text_need(row->code) + text_need(row->message) +
                       text_need(row->field) + text_need(row->request_id);
    li_problem why;
    li_call call;

    answered(&call, &member, &get_me, row->status, id_header, row->body);
    assert_int_equal(li_problem_read(&why, &call, NULL), LI_OK);
    problem_numbers(row, &why);
    for (cap = 0; cap <= need + 2; ++cap) {
        char *mem = guard(1, cap);
        li_buf out = li_buf_of(mem, cap);

        assert_int_equal(li_problem_read(&why, &call, &out),
                         cap < need ? LI_E_SPACE : LI_OK);
        assert_true(untouched(mem - 64, 64));
        assert_int_equal(out.need, need);
        problem_numbers(row, &why);
        if (cap < need)
            continue;
        same_text(why.code, row->code);
        same_text(why.message, row->message);
        same_text(why.field, row->field);
        same_text(why.request_id, row->request_id);
    }
}

static void the_age_of_a_token(void **state)
{
    li_token token = { .access_token = S("TOK"), .issued_at = 1000 };
    li_client client = { .token = &token, .now = tell };
    li_problem why;
    li_call call;

    (void)state;
    answered(&call, &client, &get_me, 401, NULL, li_cstr("{}"));
    clock_says = 1100;
    li_problem_read(&why, &call, NULL);
    assert_int_equal(why.token_age, 100);
    clock_says = 900;
    li_problem_read(&why, &call, NULL);
    assert_int_equal(why.token_age, 0);
    token.issued_at = 0;
    li_problem_read(&why, &call, NULL);
    assert_int_equal(why.token_age, -1);
}

/* A header is no JSON: what looks like an escape in it is none. */
static void a_request_id_of_backslashes(void **state)
{
    static const char *const headers[] = { "x-li-request-id", "a\\b\\", NULL };
    char text[400];
    li_buf out = LI_BUF(text);
    li_problem why;
    li_call call;

    (void)state;
    answered(&call, &member, &get_me, 404, headers, li_cstr("{}"));
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    out = LI_BUF(text);
    assert_int_equal(li_problem_read(&why, &call, &out), LI_OK);
    assert_text(why.request_id, LI_STR("a\\b\\"));
}

/* ---- hints: what people meet, and the word that helps */

typedef struct hint_row {
    int line;
    const char *what;
    int status;        /* 0: at sign-in; below 0: the call failed so */
    int age;           /* of the token in seconds; -1: unknown */
    const char *code;
    int64_t service;   /* -1: none */
    const char *message;
    const char *word, *second; /* of the hint */
} hint_row;

#define CODE_NOT_FOUND "Unable to retrieve access token: authorization code " \
    "not found"
#define NO_MATCH "Unable to retrieve access token: appid/redirect uri/code " \
    "verifier does not match authorization code. Or authorization code " \
    "expired. Or external member binding exists"
#define NOT_ENOUGH "Not enough permissions to access: "

static const hint_row hint_rows[] = {
    { __LINE__, "left the sign-in", 0, -1, "user_cancelled_login", -1, "",
      "sign-in", "again" },
    { __LINE__, "said no", 0, -1, "user_cancelled_authorize", -1, "",
      "said no", "scopes" },
    { __LINE__, "4: product missing", 0, -1, "unauthorized_scope_error", -1,
      "Scope \"r_organization_social\" is not authorized for your application",
      "Products tab", "scope" },
    { __LINE__, "4: openid", 0, -1, "unauthorized_scope_error", -1,
      "Scope \"openid\" is not authorized for your application",
      "Sign In with LinkedIn using OpenID Connect", "Products tab" },
    { __LINE__, "4: posting", 0, -1, "unauthorized_scope_error", -1,
      "Scope \"w_member_social\" is not authorized for your application",
      "Share on LinkedIn", "Products tab" },
    { __LINE__, "5: r_liteprofile", 0, -1, "unauthorized_scope_error", -1,
      "Scope \"r_liteprofile\" is not authorized for your application",
      "openid profile email", "retired" },
    { __LINE__, "5: escaped as HTML", 0, -1, "unauthorized_scope_error", -1,
      "Scope &quot;r_emailaddress&quot; is not authorized", "openid",
      "r_emailaddress" },
    { __LINE__, "unknown scope", 0, -1, "invalid_scope_error", -1, "",
      "spelling", "spaces" },
    { __LINE__, "access denied", 0, -1, "access_denied", -1, "", "refused",
      NULL },
    { __LINE__, "server error", 0, -1, "server_error", -1, "", "later", NULL },
    { __LINE__, "busy", 0, -1, "temporarily_unavailable", -1, "", "later",
      NULL },
    { __LINE__, "wrong secret", 401, -1, "invalid_client", -1,
      "Client authentication failed", "Auth tab", "secret" },
    { __LINE__, "wrong id, 401", 401, -1, "invalid_client_id", -1,
      "Client authentication failed", "Auth tab", "client id" },
    { __LINE__, "wrong id, 400", 400, -1, "invalid_client_id", -1,
      "The passed in client_id is invalid \"x\"", "Auth tab", "client id" },
    { __LINE__, "10: redirect_uri", 400, -1, "invalid_redirect_uri", -1,
      "Redirect_uri doesn't match", "redirect_uri", "Auth tab" },
    { __LINE__, "11: no match", 400, -1, "invalid_redirect_uri", -1, NO_MATCH,
      "30 minutes", "redirect_uri" },
    { __LINE__, "11: no match, other code", 400, -1, "invalid_request", -1,
      NO_MATCH, "used already", "PKCE" },
    { __LINE__, "code not found", 401, -1, "invalid_request", -1,
      CODE_NOT_FOUND, "used already", "cut" },
    { __LINE__, "parameter missing", 400, -1, "invalid_request", -1,
      "A required parameter \"redirect_uri\" is missing", "parameter", NULL },
    { __LINE__, "15: grant revoked", 400, -1, "invalid_grant", -1,
      "The provided authorization grant or refresh token is invalid, expired "
      "or revoked", "sign in again", NULL },
    { __LINE__, "15: refresh token revoked", 400, -1, "invalid_request", -1,
      "The provided authorization grant or refresh token is invalid, expired "
      "or revoked", "sign in again", "refresh token" },
    { __LINE__, "no application tokens", 401, -1, "access_denied", -1,
      "This application is not allowed to create application tokens",
      "application tokens", NULL },
    { __LINE__, "as a page, 403", 403, -1, "ACCESS_DENIED", 100,
      "Organization permissions must be used when using organization as "
      "author", "w_organization_social", "role" },
    { __LINE__, "as a page, 400", 400, -1, NULL, -1,
      "Organization permissions must be used when using organization as "
      "author", "w_organization_social", "role" },
    { __LINE__, "as a page or for its event", 400, -1, NULL, -1,
      "Organization Or Events permissions must be used when using "
      "organization as author", "w_organization_social", "role" },
    { __LINE__, "another's author", 403, -1, NULL, 100,
      "Field Value validation failed in REQUEST_BODY: Data Processing "
      "Exception while processing fields [/author]", "not this token's member",
      "role" },
    { __LINE__, "another field", 403, -1, NULL, 100,
      "Unpermitted fields present in REQUEST_BODY: Data Processing Exception "
      "while processing fields [/content]", "Leave out", "never send null" },
    { __LINE__, "a page administered no more", 403, -1, "ACCESS_DENIED", 100,
      "ADMIN_ONLY VisibilityReduction for urn:li:organization:7",
      "administers", "leave it out" },
    { __LINE__, "a member restricted", 401, -1, NULL, 65605, "Member is "
      "restricted", "restricted this member's account", "sign in again" },
    { __LINE__, "a parameter that is not Rest.li's", 400, -1, NULL, 0,
      "Parameter 'ids' is invalid", "List(a,b)", "{\"ids\":[1,2]}" },
    { __LINE__, "415", 415, -1, NULL, -1, "", "Content-Type", "JSON" },
    { __LINE__, "413", 413, -1, NULL, -1, "", "larger", NULL },
    { __LINE__, "303", 303, -1, NULL, -1, "", "redirect", "path" },
    { __LINE__, "a medium that waits, 422", 422, -1,
      "MEDIA_ASSET_WAITING_UPLOAD", -1, "", "AVAILABLE", "wait" },
    { __LINE__, "a medium that waits, 400", 400, -1, NULL, -1,
      "Media asset is waiting upload", "AVAILABLE", "wait" },
    { __LINE__, "a medium that failed", 422, -1,
      "MEDIA_ASSET_PROCESSING_FAILED", -1, "", "upload it anew", "format" },
    { __LINE__, "6: me", 403, -1, "ACCESS_DENIED", 100,
      NOT_ENOUGH "me.GET.NO_VERSION", "/v2/userinfo", "openid" },
    { __LINE__, "6: userinfo", 403, -1, "ACCESS_DENIED", 100,
      NOT_ENOUGH "userinfo.GET.NO_VERSION", "openid", "profile" },
    { __LINE__, "6: partnerApiMe", 403, -1, "ACCESS_DENIED", 100,
      NOT_ENOUGH "partnerApiMe.GET.20241101", "/v2/userinfo", "openid" },
    { __LINE__, "6: posts", 403, -1, "ACCESS_DENIED", 100,
      NOT_ENOUGH "partnerApiPosts.CREATE.20250101", "w_member_social", NULL },
    { __LINE__, "6: another", 403, 9999, "ACCESS_DENIED", 100,
      NOT_ENOUGH "adAccounts.GET.NO_VERSION", "scope", "product" },
    { __LINE__, "7: scope just granted", 403, 60, "ACCESS_DENIED", 100,
      NOT_ENOUGH "adAccounts.GET.NO_VERSION", "five minutes", NULL },
    { __LINE__, "7: but not after them", 403, 300, "ACCESS_DENIED", 100,
      NOT_ENOUGH "adAccounts.GET.NO_VERSION", "resource", NULL },
    { __LINE__, "7: and waiting does not open /v2/me", 403, 60,
      "ACCESS_DENIED", 100, NOT_ENOUGH "me.GET.NO_VERSION", "/v2/userinfo",
      NULL },
    { __LINE__, "8: new token revoked", 401, 5, "REVOKED_ACCESS_TOKEN", 65601,
      "The token used in the request has been revoked by the user",
      "wait", "try again" },
    { __LINE__, "8: new token unknown", 401, 5, "INVALID_ACCESS_TOKEN", 65600,
      "Invalid access token", "wait", "new" },
    { __LINE__, "8: old token revoked", 401, 120, "REVOKED_ACCESS_TOKEN",
      65601, "The token used in the request has been revoked by the user",
      "sign in again", "revoked" },
    { __LINE__, "8: revoked, age unknown", 401, -1, "REVOKED_ACCESS_TOKEN",
      65601, "", "sign in again", "revoked" },
    { __LINE__, "14: token cut", 401, -1, "INVALID_ACCESS_TOKEN", 65600,
      "Invalid access token", "2,048", "cut" },
    { __LINE__, "15: expired", 401, 5, "EXPIRED_ACCESS_TOKEN", 65602,
      "The token used in the request has expired", "refresh", "expired" },
    { __LINE__, "empty token, coded", 401, -1, "EMPTY_ACCESS_TOKEN", 65604,
      "Empty oauth2 access token", "access_token", NULL },
    { __LINE__, "empty token, in words", 401, -1, NULL, 401,
      "Empty oauth2 access token", "access_token", NULL },
    { __LINE__, "9: another scheme", 401, -1, NULL, -1,
      "Unknown authentication scheme", "Bearer", "Authorization" },
    { __LINE__, "401 of nothing", 401, -1, NULL, -1, "", "sign in again",
      NULL },
    { __LINE__, "organization", 403, -1, NULL, -1, "Organization permissions "
      "must be used when using organization as author",
      "w_organization_social", "role" },
    { __LINE__, "unpermitted fields", 403, -1, NULL, -1, "Unpermitted fields "
      "present in REQUEST_BODY: Data Processing Exception while processing "
      "fields [/a]", "fields", "null" },
    { __LINE__, "403 of nothing", 403, -1, NULL, -1, "", "scope", "role" },
    { __LINE__, "version missing", 400, -1, "VERSION_MISSING", -1,
      "A version must be present. Please specify a version by adding the "
      "LinkedIn-Version header.", "client.version", "YYYYMM" },
    { __LINE__, "version retired", 426, -1, "NONEXISTENT_VERSION", -1,
      "Requested version 20250401 is not active", "client.version", "YYYYMM" },
    { __LINE__, "keys not encoded", 400, -1, NULL, -1,
      "Syntax exception in path variables", "encoded", NULL },
    { __LINE__, "400", 400, -1, "FIELD_INVALID", -1, "", "wrong", "field" },
    { __LINE__, "404", 404, -1, "RESOURCE_NOT_FOUND", 0, "", "path", "id" },
    { __LINE__, "405", 405, -1, NULL, -1, "", "method", NULL },
    { __LINE__, "409", 409, -1, "VERSION_CONFLICT", -1, "", "already", NULL },
    { __LINE__, "411", 411, -1, NULL, -1, "", "Content-Length", NULL },
    { __LINE__, "414", 414, -1, NULL, -1, "", "too long", NULL },
    { __LINE__, "duplicate", 422, -1, "DUPLICATE_POST", -1,
      "Content is a duplicate of urn:li:share:1", "Do not send it again",
      "posted already" },
    { __LINE__, "422", 422, -1, NULL, -1, "ERROR :: /a", "message", NULL },
    { __LINE__, "the day's quota", 429, -1, "TOO_MANY_REQUESTS", 101,
      "Resource level throttle APPLICATION DAY limit for calls to this "
      "resource is reached.", "00:00 UTC", "quota" },
    { __LINE__, "the member's quota", 429, -1, NULL, 101,
      "Resource level throttle MEMBER DAY limit for calls to this resource is "
      "reached.", "00:00 UTC", NULL },
    { __LINE__, "too fast", 429, -1, NULL, -1, "", "half a minute",
      "Retry-After" },
    { __LINE__, "500", 500, -1, "INTERNAL_SERVER_ERROR", -1, "", "later",
      "x-li-uuid" },
    { __LINE__, "504", 504, -1, NULL, -1, "", "later", NULL },
    { __LINE__, "999", 999, -1, NULL, -1, "", "robot", NULL },
    { __LINE__, "an unknown status", 418, -1, NULL, -1, "", "status", NULL },
    { __LINE__, "argument", LI_E_ARG, -1, NULL, -1, NULL, "argument",
      "nothing was sent" },
    { __LINE__, "space", LI_E_SPACE, -1, NULL, -1, NULL, "need", NULL },
    { __LINE__, "state", LI_E_STATE, -1, NULL, -1, NULL, "anew", NULL },
    { __LINE__, "I/O", LI_E_IO, -1, NULL, -1, NULL, "network", "firewall" },
    { __LINE__, "DNS", LI_E_DNS, -1, NULL, -1, NULL, "name server", NULL },
    { __LINE__, "TLS", LI_E_TLS, -1, NULL, -1, NULL, "clock", "CA" },
    { __LINE__, "timeout", LI_E_TIMEOUT, -1, NULL, -1, NULL, "firewall", NULL },
    { __LINE__, "cut answer", LI_E_CLOSED, -1, NULL, -1, NULL, "cut", NULL },
    { __LINE__, "captive portal", LI_E_PROTOCOL, -1, NULL, -1, NULL, "portal",
      "proxy" },
    { __LINE__, "no JSON", LI_E_JSON, -1, NULL, -1, NULL, "JSON", NULL },
    { __LINE__, "12: forged", LI_E_FORGED, -1, NULL, -1, NULL,
      "another sign-in", "Do not use" },
    { __LINE__, "denied", LI_E_DENIED, -1, NULL, -1, NULL, "refused", NULL },
    { __LINE__, "hook", LI_E_STORE, -1, NULL, -1, NULL, "hook", NULL },
    { __LINE__, "server", LI_E_SERVER, -1, NULL, -1, NULL, "later", NULL },
    { __LINE__, "limit", LI_E_LIMIT, -1, NULL, -1, NULL, "status", NULL },
    { __LINE__, "no such code", -99, -1, NULL, -1, NULL, "status", NULL },
};

static void hint(void **state)
{
    const hint_row *row = (const hint_row *)*state;
    li_problem why = { .status = row->status, .token_age = row->age };
    const char *text;

    why.code = li_cstr(row->code);
    why.message = li_cstr(row->message);
    why.has_service_code = row->service >= 0;
    why.service_code = row->service >= 0 ? row->service : 0;
    text = row->status < 0 ? li_hint((li_rc)row->status, NULL)
                           : li_hint(LI_E_HTTP, &why);
    if (!strstr(text, row->word) || (row->second && !strstr(text, row->second)))
        fail_msg("%s", text);
    assert_null(strchr(text, '|'));
    assert_null(strchr(text, '\n'));
    assert_int_equal(text[strlen(text) - 1], '.');
}

/* The same hint by way of an answer, and in the explanation. */
static void hint_of_an_answer(void **state)
{
    const hint_row *row = (const hint_row *)*state;
    li_token token = { .access_token = S("TOK"), .issued_at = 5000 };
    li_client client = { .token = &token, .now = tell };
    char json[900], text[2000];
    li_buf body = LI_BUF(json), out = LI_BUF(text);
    li_call call;

    if (row->status <= 0)
        return;
    clock_says = 5000 + row->age;
    if (row->age < 0)
        token.issued_at = 0;
    li_json_put_raw(&body, LI_STR("{"));
    if (row->code) {
        li_json_put_key(&body, LI_STR("code"));
        li_json_put_string(&body, li_cstr(row->code));
    }
    li_json_put_key(&body, LI_STR("message"));
    li_json_put_string(&body, li_cstr(row->message));
    if (row->service >= 0) {
        li_json_put_key(&body, LI_STR("serviceErrorCode"));
        li_put_int(&body, row->service);
    }
    li_json_put_raw(&body, LI_STR("}"));
    answered(&call, &client, &get_me, row->status, NULL, written(&body));
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    assert_non_null(strstr(text, "\nhint: "));
    if (!strstr(strstr(text, "\nhint: "), row->word))
        fail_msg("%s", text);
}

static void every_code_has_a_hint(void **state)
{
    int rc;

    (void)state;
    for (rc = -50; rc < 10; ++rc)
        assert_true(strlen(li_hint((li_rc)rc, NULL)) > 10);
}

/* ---- explanations, to the byte */

typedef struct explain_row {
    int line;
    const char *what;
    int status; /* below 0: li_fail with it */
    li_str body;
    const char *type; /* Content-Type */
    li_rc rc;   /* handed to li_explain */
    const char *want;
} explain_row;

#define NO_JSON "hint: The answer is no JSON, as an API's is: mostly the path " \
    "is no API's, a version header is missing (client.version), or a proxy or " \
    "captive portal sent a page of its own. See its status and first bytes."

static const explain_row explain_rows[] = {
    { __LINE__, "404", 404, S("{\"status\":404,\"serviceErrorCode\":0,\"code\":"
      "\"NOT_FOUND\",\"message\":\"No such \\u00e9\"}"), NULL, LI_OK,
      "GET /v2/me: not found\nHTTP 404 NOT_FOUND (0): No such \xc3\xa9\n"
      "hint: Wrong path or id, or nothing that this token may see." },
    { __LINE__, "a field, a request id", 422, S("{\"message\":\"m\","
      "\"requestId\":\"rid\",\"errorDetails\":{\"inputErrors\":[{\"code\":"
      "\"C\",\"input\":{\"inputPath\":{\"fieldPath\":\"f/g\"}}}]}}"), NULL,
      LI_OK, "GET /v2/me: not a success\n"
      "HTTP 422 C: m; field: f/g; request id: rid\n"
      "hint: The content is refused: see the message." },
    { __LINE__, "a gateway's page", 502, S("<html>"), "text/html", LI_OK,
      "GET /v2/me: server failed\nHTTP 502; not JSON: text/html\n"
      "hint: LinkedIn failed: try again later; quote x-li-uuid to its "
      "support." },
    { __LINE__, "no network", LI_E_DNS, S(""), NULL, LI_OK,
      "GET /v2/me: host name does not resolve\n"
      "hint: Check the host's name, the network and the name server." },
    { __LINE__, "what failed behind it", 200, S("<html>"), NULL, LI_E_JSON,
      "GET /v2/me: not JSON\nHTTP 200\n" NO_JSON },
    { __LINE__, "a page of HTML with 200", 200, S("<html>"), "text/html",
      LI_OK, "GET /v2/me: not JSON\nHTTP 200; not JSON: text/html\n" NO_JSON },
    { __LINE__, "a profile without an id", 200, S("{}"), NULL, LI_E_MISSING,
      "GET /v2/me: nothing there\n"
      "hint: See the status, the code and the message." },
    { __LINE__, "a redirect", 301, S(""), NULL, LI_OK,
      "GET /v2/me: not a success\nHTTP 301\n"
      "hint: A redirect is never followed: see li_header(LI_H_LOCATION), and "
      "this request's host and path." },
    { __LINE__, "413 is not about redirects", 413, S(""), NULL, LI_OK,
      "GET /v2/me: not a success\nHTTP 413\n"
      "hint: The body is larger than LinkedIn takes here: send less at once."
    },
    { __LINE__, "the first of multiple errors", 400, S("{\"message\":"
      "\"Multiple errors occurred, see errorDetails\",\"errorDetails\":"
      "{\"inputErrors\":[{\"code\":\"C\",\"description\":\"start is no "
      "date\"},{\"description\":\"no\"}]}}"), NULL, LI_OK,
      "GET /v2/me: not a success\nHTTP 400 C: Multiple errors occurred, see "
      "errorDetails: start is no date\n"
      "hint: The request is wrong: the message or the field names the place."
    },
    { __LINE__, "nothing", 200, S("{}"), NULL, LI_OK,
      "GET /v2/me: done\nhint: Nothing to do." },
};

struct told {
    const li_call *call;
    li_rc rc;
};

static li_rc put_explain(const void *arg, li_buf *out)
{
    const struct told *told = (const struct told *)arg;

    return li_explain(told->call, told->rc, out);
}

static void explain(void **state)
{
    const explain_row *row = (const explain_row *)*state;
    const char *headers[] = { "Content-Type", row->type, NULL };
    struct told told;
    li_call call;

    if (row->status > 0) {
        answered(&call, &member, &get_me, row->status,
                 row->type ? headers : NULL, row->body);
    } else {
        li_begin(&call, &member, &get_me, work, sizeof work);
        li_fail(&call, (li_rc)row->status);
    }
    told.call = &call;
    told.rc = row->rc;
    ends_at_every_cap(put_explain, &told, row->want);
}

static void explain_what_never_began(void **state)
{
    li_client client = { .client_id = "x" };
    li_req none = { .path = "" };
    struct told told;
    li_call call;
    char small[10];

    (void)state;
    told.call = &call;
    told.rc = LI_OK;
    li_begin(&call, &client, &get_me, work, sizeof work);
    ends_at_every_cap(put_explain, &told, "GET /v2/me: wrong argument: "
        "access_token\nhint: Set client.access_token, or client.token: a "
        "token of visible ASCII (is the environment variable set?).");
    li_begin(&call, &client, &none, work, sizeof work);
    ends_at_every_cap(put_explain, &told, "wrong argument: path\n"
        "hint: Begin it with \"/\", or give a whole URL; encode what a URL "
        "may not hold. Of a li_rest: without /rest or /v2, a key for each "
        "placeholder.");
    li_begin(&call, NULL, NULL, work, sizeof work);
    ends_at_every_cap(put_explain, &told, "wrong argument: client\n"
        "hint: Correct it; nothing was sent.");
    li_begin(&call, &member, &get_me, small, sizeof small);
    ends_at_every_cap(put_explain, &told, "GET /v2/me: memory too small: "
        "needs 165\nhint: Give more memory: need says how much where it is "
        "known.");
}

/* A call that was never begun, and none at all. */
static void explain_nothing(void **state)
{
    static li_call zero;
    char text[400];
    li_buf out = LI_BUF(text);

    (void)state;
    assert_int_equal(li_explain(&zero, LI_OK, &out), LI_OK);
    assert_memory_equal(text, "not allowed now\nhint: ", 22);
    assert_int_equal(li_explain(NULL, LI_OK, &out), LI_OK);
    assert_memory_equal(text, "not allowed now\nhint: ", 22);
    assert_int_equal(li_explain(NULL, LI_E_DNS, &out), LI_OK);
    assert_memory_equal(text, "host name does not resolve\nhint: ", 33);
    assert_int_equal(li_explain(&zero, LI_E_TLS, &out), LI_OK);
    assert_memory_equal(text, "no trustworthy TLS connection\n", 30);
}

/* What the answer echoes of this call's secrets is shown as stars, also where
   it is cut; nothing else is. */
static void explain_masks(void **state)
{
    static const char *const secrets[] = {
        "the-access-token-1", "the-refresh-token-2", "the-id-token-3",
        "the-secret-4", "the-code-5", "the-verifier-6"};
    static const char *const forms[] = {
        "{\"message\":\"<%s> and <%s>\"}", "{\"code\":\"%s\","
        "\"message\":\"%s\"}", "{\"error\":\"e\",\"error_description\":"
        "\"code %s is no %s.\"}", "{\"message\":\"m\",\"requestId\":\"%s\","
        "\"errorDetails\":{\"inputErrors\":[{\"description\":\"d\","
        "\"input\":{\"inputPath\":{\"fieldPath\":\"%s\"}}}]}}"};
    li_token token = { .mem = NULL };
    li_client me = { .client_id = "app-id", .client_secret = secrets[3],
                     .token = &token, .redirect_uri = "https://x/back" };
    li_flow flow = { .pkce = 0 };
    char body[600], text[1500];
    size_t i, k;
    li_req req;
    li_call call;
    li_buf out = LI_BUF(text);

    (void)state;
    token.access_token = li_cstr(secrets[0]);
    token.refresh_token = li_cstr(secrets[1]);
    token.id_token = li_cstr(secrets[2]);
    strcpy(flow.redirect_uri, me.redirect_uri);
    assert_int_equal(li_oauth_req(&req, &me, LI_GRANT_CODE, secrets[4], &flow),
                     LI_OK);
    req.form[10] = "code_verifier";
    req.form[11] = secrets[5];
    for (i = 0; i < COUNT(secrets); ++i)
        for (k = 0; k < COUNT(forms); ++k) {
            snprintf(body, sizeof body, forms[k], secrets[i], secrets[i]);
            answered(&call, &me, &req, 400, NULL, li_cstr(body));
            assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
            if (strstr(text, secrets[i]))
                fail_msg("%s", text);
            assert_non_null(strstr(text, "***"));
            assert_non_null(strstr(text, "\nhint: "));
            /* cut by the server, which would still tell most of it */
            snprintf(body, sizeof body, "{\"message\":\"%.9s\"}", secrets[i]);
            answered(&call, &me, &req, 400, NULL, li_cstr(body));
            assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
            assert_null(strstr(text, li_cstr(secrets[i]).len > 9
                                         ? strtok(body + 12, "\"")
                                         : secrets[i]));
        }
    answered(&call, &me, &req, 400, NULL,
             LI_STR("{\"message\":\"app-id https://x/back\"}"));
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    assert_non_null(strstr(text, ": app-id https://x/back\n"));
}

/* However an answer writes a secret, and whatever is like one. */
static const struct mask_row {
    int line;
    const char *what, *message, *shown;
} mask_rows[] = {
    { __LINE__, "whole", "<AQXtoken0+/1==>", "<***>" },
    { __LINE__, "escaped", "<AQXtoken0%2B%2f1%3d%3D>", "<***>" },
    { __LINE__, "escaped without need", "<%41QXtoken0%2B/1==>", "<***>" },
    { __LINE__, "escaped for JSON", "<\\u0041QXtoken0+/1==>", "<***>" },
    { __LINE__, "twice", "<AQXtoken0+/1==,AQXtoken0+/1==>", "<***,***>" },
    { __LINE__, "cut", "<AQXtoken>", "<***>" },
    { __LINE__, "cut in an escape", "<AQXtoken0%2>", "<***>" },
    { __LINE__, "too little of it", "<AQXtoke>", "<AQXtoke>" },
    { __LINE__, "another that begins so", "<AQXtoken.9-of_an~other>",
      "<***>" },
    { __LINE__, "the one with the same beginning", "<AQXtokenREFRESH>",
      "<***>" },
    { __LINE__, "an escape that is none", "<AQXtoken%zz>", "<***>" },
    { __LINE__, "a header of the request's", "<key-of-theirs>", "<***>" },
    { __LINE__, "a secret of four bytes", "<four>", "<***>" },
    { __LINE__, "a header of eight bytes", "<eight-by>", "<***>" },
    { __LINE__, "a short one, which is none", "<en-US>", "<en-US>" },
    { __LINE__, "an open one", "<application/vnd.x>", "<application/vnd.x>" },
    { __LINE__, "of the query", "<in-the-query>", "<***>" },
    { __LINE__, "of the query, open", "<open-query>", "<open-query>" },
    { __LINE__, "of the path's query", "<in-the-path>", "<***>" },
};

static void explain_masks_however_it_is_written(void **state)
{
    static const char *const headers[] = {"X-Key", "key-of-theirs",
        "X-Eight", "eight-by", "Accept-Language", "en-US", "Accept", "application/vnd.x", NULL};
    const struct mask_row *row = (const struct mask_row *)*state;
    li_token token = { .refresh_token = S("AQXtokenREFRESH") };
    li_client me = { .access_token = "AQXtoken0+/1==", .token = &token,
                     .client_secret = "four" };
    li_req req = { .path = "/v2/x?code=in-the-path", .headers = headers,
                   .query = "a=open-query&oauth2_access_token=in-the-query" };
    char body[200], text[1000];
    li_buf out = LI_BUF(text);
    li_call call;

    snprintf(body, sizeof body, "{\"message\":\"%s\"}", row->message);
    answered(&call, &me, &req, 400, NULL, li_cstr(body));
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    snprintf(body, sizeof body, "HTTP 400: %s\nhint: ", row->shown);
    if (!strstr(text, body))
        fail_msg("%s", text);
}

/* What the caller has put into a path or body himself, and a method that is
   none. */
static void logs_and_curl_are_masked(void **state)
{
    li_client me = { .access_token = "AQXtoken0" };
    li_req req = { .path = "/v2/AQXtoken0/x", .query = "q=AQXtoken0",
                   .body = S("{\"t\":\"AQXtoken0\"}") };
    char text[1000];
    li_buf out = LI_BUF(text);
    li_call call;

    (void)state;
    answered(&call, &me, &req, 200, NULL, li_cstr("{}"));
    assert_int_equal(li_log(&call, "done", &out), LI_OK);
    assert_non_null(strstr(text, "/v2/*** status=200"));
    assert_int_equal(li_to_curl(&call, &out), LI_OK);
    assert_null(strstr(text, "AQX"));
    assert_non_null(strstr(text, "/v2/***?q=***'"));
    assert_non_null(strstr(text, "{\"t\":\"***\"}"));
    req.method = "G\x1b[31m\n";
    assert_int_equal(li_begin(&call, &me, &req, work, sizeof work), LI_E_ARG);
    assert_int_equal(li_log(&call, "done", &out), LI_OK);
    assert_non_null(strstr(text, "G\\u001b[31m  "));
    assert_null(strchr(text, '\n'));
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    assert_null(strchr(text, 27));
    assert_int_equal(li_to_curl(&call, &out), LI_E_ARG);
    assert_int_equal(*text, 0);
}

/* Characters that act on a terminal, or are not seen, are told by number. */
static const struct shown_row {
    int line;
    const char *what, *body, *shown;
} shown_rows[] = {
    { __LINE__, "ESC", "a\\u001b[2Jb", "a\\u001b[2Jb" },
    { __LINE__, "C1 raw", "a\xc2\x9b" "2Jb", "a\\u009b2Jb" },
    { __LINE__, "C1 escaped", "a\\u009b2Jb", "a\\u009b2Jb" },
    { __LINE__, "DEL", "a\x7f" "b", "a\\u007fb" },
    { __LINE__, "NUL", "a\\u0000b", "a\\u0000b" },
    { __LINE__, "right to left", "a\xe2\x80\xae" "b", "a\\u202eb" },
    { __LINE__, "isolates", "a\\u2066b\\u2069", "a\\u2066b\\u2069" },
    { __LINE__, "zero width", "a\xe2\x80\x8b" "b\xef\xbb\xbf",
      "a\\u200bb\\ufeff" },
    { __LINE__, "what Unicode calls ignorable", "a\xcd\x8f\xe3\x85\xa4"
      "\xef\xb8\x8f\xef\xbf\xb0\xf0\x9d\x85\xb3" "b",
      "a\\u034f\\u3164\\ufe0f\\ufff0\\u01d173b" },
    { __LINE__, "soft hyphen", "a\xc2\xad" "b", "a\\u00adb" },
    { __LINE__, "line separator", "a\\u2028b", "a\\u2028b" },
    { __LINE__, "a tag beyond the plane", "a\xf3\xa0\x81\x81" "b",
      "a\\u0e0041b" },
    { __LINE__, "white space", "a\\tb\\nc\\rd", "a b c d" },
    { __LINE__, "what may be seen", "\xc3\xa9 \xe6\xbc\xa2 \\ud83d\\ude00",
      "\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x98\x80" },
};

static void explain_shows(void **state)
{
    const struct shown_row *row = (const struct shown_row *)*state;
    char body[200], want[200], text[500];
    li_buf out = LI_BUF(text);
    li_call call;

    snprintf(body, sizeof body, "{\"message\":\"%s\"}", row->body);
    snprintf(want, sizeof want, "\nHTTP 400: %s\nhint: ", row->shown);
    answered(&call, &member, &get_me, 400, NULL, li_cstr(body));
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    if (!strstr(text, want))
        fail_msg("%s", text);
}

/* A header is anybody's bytes. */
static void explain_shows_headers(void **state)
{
    static const char *const headers[] = {
        "X-Li-UUID", "a\xff\xc2\x9b\xe2\x80\xae", NULL};
    char text[500];
    li_buf out = LI_BUF(text);
    li_call call;

    (void)state;
    answered(&call, &member, &get_me, 400, headers, LI_STR("{}"));
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    assert_non_null(strstr(text, "x-li-uuid: a?\\u009b\\u202e\n"));
}

/* The path of an upload's URL is a key, in an explanation and in a log. */
static void key_urls_are_not_told(void **state)
{
    static const li_client me = { .access_token = "TOK" };
    li_req req = { .path = "https://upload.example/dms/the-key?sig=the-sig",
                   .token = LI_TOKEN_NEVER, .method = "PUT" };
    char text[500];
    li_buf out = LI_BUF(text);
    li_call call;
    int i;

    (void)state;
    for (i = 0; i < 2; ++i) {
        req.base = i ? LI_BASE_AUTH : LI_BASE_API;
        answered(&call, &me, &req, 403, NULL, LI_STR(""));
        assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
        assert_non_null(strstr(text, "PUT upload.example/***: "));
        assert_null(strstr(text, "the-key"));
        assert_int_equal(li_log(&call, "done", &out), LI_OK);
        assert_non_null(strstr(text, "PUT upload.example/*** status=403"));
        assert_null(strstr(text, "the-key"));
        assert_null(strstr(text, "the-sig"));
    }
}

/* A command that cannot be made leaves nothing of what was there. */
static void a_failed_command_is_empty(void **state)
{
    static const li_client me = { .api_base = "no base" };
    char text[40] = "what was there";
    li_buf out = LI_BUF(text);
    li_call call;

    (void)state;
    li_begin(&call, &me, &get_me, work, sizeof work);
    assert_int_equal(li_to_curl(&call, &out), LI_E_ARG);
    assert_string_equal(text, "");
}

/* Three lines at most, whatever LinkedIn's text holds: it writes line ends
   (one a fault), and a terminal obeys control characters. */
static void an_explanation_has_three_lines(void **state)
{
    char text[900];
    li_buf out = LI_BUF(text);
    unsigned lines = 1;
    size_t i;
    li_call call;

    (void)state;
    answered(&call, &member, &get_me, 422, NULL, li_cstr(
        "{\"code\":\"A\\nB\",\"message\":\"ERROR :: /a\\nERROR :: /b\\n"
        "\\u001b[2J\\r\"}"));
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    for (i = 0; i < out.len; ++i) {
        lines += text[i] == '\n';
        assert_true(text[i] == '\n' || (unsigned char)text[i] >= ' ');
    }
    assert_int_equal(lines, 3);
}

/* ---- curl commands, to the byte */

typedef struct curl_row {
    int line;
    const char *what;
    li_client client;
    li_req req;
    const char *want;
} curl_row;

#define H(name, value) " \\\n  -H '" name ": " value "'"
#define USUAL H("User-Agent", "linkedin.h/" LI_VERSION) \
    H("Accept-Encoding", "identity")
#define TO_API USUAL H("Authorization", "Bearer ***") \
    H("X-Restli-Protocol-Version", "2.0.0")
#define TOK .access_token = MARK

static size_t read_nothing(void *user, uint64_t at, char *dst, size_t cap)
{
    (void)user;
    (void)at;
    (void)dst;
    (void)cap;
    return 0;
}

static const char *const more_headers[] = {
    "X-Secret", MARK, "Accept", "it's", "x-restli-METHOD", "a", NULL };
static const char *const quoted_name[] = { "X-'a", "b", NULL };

static const curl_row curl_rows[] = {
    { __LINE__, "GET", { TOK }, { .path = "/v2/me" },
      "curl 'https://api.linkedin.com/v2/me'" TO_API },
    { __LINE__, "query in the path", { TOK }, { .path = "/v2/me?a=1&b&c=" },
      "curl 'https://api.linkedin.com/v2/me?a=1&b&c='" TO_API },
    { __LINE__, "query apart", { TOK }, { .path = "/v2/me", .query = "a=1" },
      "curl 'https://api.linkedin.com/v2/me?a=1'" TO_API },
    { __LINE__, "query in both", { TOK }, { .path = "/v2/me?a=1",
        .query = "b=2" },
      "curl 'https://api.linkedin.com/v2/me?a=1&b=2'" TO_API },
    { __LINE__, "a value with =", { TOK }, { .path = "/v2/me?a=b=c" },
      "curl 'https://api.linkedin.com/v2/me?a=b=c'" TO_API },
    { __LINE__, "secrets in a query", { TOK }, { .path = "/v2/me",
        .query = "oauth2_access_token=" MARK "&a=b&code=" MARK "&STATE=" MARK
        "&refresh_token=" MARK "&token=" MARK "&id_token=" MARK
        "&client_secret=" MARK "&code_verifier=" MARK },
      "curl 'https://api.linkedin.com/v2/me?oauth2_access_token=***&a=b&"
      "code=***&STATE=***&refresh_token=***&token=***&id_token=***&"
      "client_secret=***&code_verifier=***'" TO_API },
    { __LINE__, "versioned", { TOK, .version = "202601" }, { .path =
        "/rest/posts", .rest_method = "CREATE", .body = S("{\"a\":\"it's\"}") },
      "curl -X POST 'https://api.linkedin.com/rest/posts'" TO_API
      H("LinkedIn-Version", "202601") H("X-RestLi-Method", "CREATE")
      H("Content-Type", "application/json")
      " \\\n  --data-raw '{\"a\":\"it'\\''s\"}'" },
    { __LINE__, "quotes in the path", { TOK }, { .path = "/v2/a'b'?c='&'=d",
        .query = "e='" },
      "curl 'https://api.linkedin.com/v2/a'\\''b'\\''?c='\\''&'\\''=d&e='\\'''"
      TO_API },
    { __LINE__, "headers", { TOK }, { .path = "/v2/me",
        .headers = more_headers },
      "curl 'https://api.linkedin.com/v2/me'" TO_API H("X-Secret", "***")
      H("Accept", "it'\\''s") H("x-restli-METHOD", "a") },
    { __LINE__, "a quote in a header's name", { TOK }, { .path = "/v2/me",
        .headers = quoted_name },
      "curl 'https://api.linkedin.com/v2/me'" TO_API
      H("X-'\\''a", "***") },
    { __LINE__, "a quote in the path", { TOK }, { .path = "/v2/a'b" },
      "curl 'https://api.linkedin.com/v2/a'\\''b'" TO_API },
    { __LINE__, "HEAD", { TOK }, { .method = "HEAD", .path = "/v2/me" },
      "curl -I 'https://api.linkedin.com/v2/me'" TO_API },
    { __LINE__, "DELETE", { TOK }, { .method = "DELETE", .path = "/v2/x" },
      "curl -X DELETE 'https://api.linkedin.com/v2/x'" TO_API },
    { __LINE__, "an upload", { TOK }, { .method = "PUT",
        .path = "https://www.linkedin.com/dms-uploads/x?ca=" MARK "&ut="
        MARK, .read = read_nothing, .read_len = 5,
        .content_type = "image/png" },
      "curl -X PUT 'https://www.linkedin.com/dms-uploads/x?***'" USUAL
      H("Content-Type", "image/png") " \\\n  --data-binary @-" },
    { __LINE__, "an upload, query apart", { TOK }, { .method = "PUT",
        .path = "https://www.linkedin.com/dms-uploads/x", .query = "ca=" MARK,
        .read = read_nothing, .read_len = 5, .content_type = "image/png" },
      "curl -X PUT 'https://www.linkedin.com/dms-uploads/x?***'" USUAL
      H("Content-Type", "image/png") " \\\n  --data-binary @-" },
    { __LINE__, "form", { .client_id = "i" }, { .path = "/oauth/v2/x",
        .base = LI_BASE_AUTH, .form = { "grant_type", "a b", "client_secret",
        MARK, "client_id", "it's", "code", MARK, "x", MARK } },
      "curl -X POST 'https://www.linkedin.com/oauth/v2/x'" USUAL
      H("Content-Type", "application/x-www-form-urlencoded")
      " \\\n  --data-raw 'grant_type=a%20b&client_secret=***&"
      "client_id=it%27s&code=***&x=***'" },
    { __LINE__, "an escaped name in a query", { TOK }, { .path =
        "/v2/me?access%5Ftoken=" MARK },
      "curl 'https://api.linkedin.com/v2/me?access%5Ftoken=***'" TO_API },
    { __LINE__, "a form by hand", { .client_id = "i" }, { .path = "/x",
        .base = LI_BASE_AUTH, .body = S("client_secret=" MARK),
        .content_type = "application/x-www-form-urlencoded" },
      "curl -X POST 'https://www.linkedin.com/x'" USUAL
      H("Content-Type", "application/x-www-form-urlencoded")
      " \\\n  --data-raw '***'" },
    { __LINE__, "a whole URL at sign-in", { .client_id = "i" }, { .path =
        "https://upload.example/x?sig=" MARK, .base = LI_BASE_AUTH },
      "curl 'https://upload.example/x?***'" USUAL },
    { __LINE__, "a quote in a form's name", { .client_id = "i" },
      { .path = "/x", .base = LI_BASE_AUTH, .form = { "a'b", "c" } },
      "curl -X POST 'https://www.linkedin.com/x'" USUAL
      H("Content-Type", "application/x-www-form-urlencoded")
      " \\\n  --data-raw 'a%27b=***'" },
    { __LINE__, "loopback", { TOK, .api_base = "http://[::1]:8080",
        .user_agent = "" }, { .path = "/v2/me" },
      "curl 'http://[::1]:8080/v2/me'" H("Accept-Encoding", "identity")
      H("Authorization", "Bearer ***") H("X-Restli-Protocol-Version", "2.0.0")
    },
};

static li_rc put_curl(const void *arg, li_buf *out)
{
    return li_to_curl((const li_call *)arg, out);
}

static void curl(void **state)
{
    const curl_row *row = (const curl_row *)*state;
    li_call call;
    char text[1500];
    li_buf out = LI_BUF(text);

    assert_int_equal(li_begin(&call, &row->client, &row->req, work,
                              sizeof work), LI_OK);
    assert_int_equal(li_to_curl(&call, &out), LI_OK);
    assert_text(written(&out), li_cstr(row->want));
    assert_false(holds(text, out.len, MARK));
    ends_at_every_cap(put_curl, &call, row->want);
    li_fail(&call, LI_E_TIMEOUT);
    ends_at_every_cap(put_curl, &call, row->want);
}

/* What a shell would run must stay one command: these characters may stand in
   a method (RFC 9110 section 5.6.2), or the method is refused. */
static void a_method_is_no_command(void **state)
{
    static const char *const methods[] = { "X`id`", "A|id", "A&id", "$HOME",
                                           "A;id", "A id", "A\nid" };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(methods); ++i) {
        li_req req = { .method = methods[i], .path = "/v2/me" };
        char text[900], quoted[60];
        li_buf out = LI_BUF(text);
        li_call call;

        li_begin(&call, &member, &req, work, sizeof work);
        if (li_to_curl(&call, &out))
            continue;
        snprintf(quoted, sizeof quoted, "-X '%s' ", methods[i]);
        if (!strstr(text, quoted))
            fail_msg("%s", text);
    }
}

static void curl_without_a_target(void **state)
{
    li_req req = { .path = "no" };
    char text[100];
    li_buf out = LI_BUF(text);
    li_call call;

    (void)state;
    li_begin(&call, &member, &req, work, sizeof work);
    assert_int_equal(li_to_curl(&call, &out), LI_E_ARG);
    li_begin(&call, NULL, NULL, work, sizeof work);
    assert_int_equal(li_to_curl(&call, &out), LI_E_ARG);
}

/* ---- no secret in any text that is meant for people */

static void clean(const li_call *call)
{
    static char text[4000];
    li_buf out = LI_BUF(text);
    int rc;

    for (rc = LI_E_STORE; rc <= 0; ++rc) {
        assert_int_equal(li_explain(call, (li_rc)rc, &out), LI_OK);
        assert_false(holds(text, out.len, MARK));
    }
    assert_int_equal(li_to_curl(call, &out), LI_OK);
    assert_false(holds(text, out.len, MARK));
    if (call->wrong)
        assert_null(strstr(call->wrong, MARK));
}

static void no_secret_is_told(void **state)
{
    li_token token = { .access_token = S(MARK), .refresh_token = S(MARK),
                       .id_token = S(MARK) };
    li_client client = { .client_id = "id", .client_secret = MARK,
                         .redirect_uri = BACK, .token = &token };
    li_flow flow;
    li_req req;
    li_call call;
    int g;

    (void)state;
    for (g = LI_GRANT_CODE; g <= LI_REVOKE; ++g) {
        flow = taken_flow(g == LI_GRANT_CODE);
        strcpy(flow.verifier, MARK);
        strcpy(flow.state, MARK);
        assert_int_equal(li_oauth_req(&req, &client, (li_grant)g,
                                      g == LI_GRANT_CLIENT ? "scope" : MARK,
                                      &flow), LI_OK);
        answered(&call, &client, &req, 401, NULL, li_cstr("{}"));
        clean(&call);
        answered(&call, &client, &req, 200, NULL,
                 LI_STR("{\"access_token\":\"" MARK "\"}"));
        clean(&call);
    }
    answered(&call, &client, &get_me, 200, NULL, li_cstr("{}"));
    clean(&call);
    client.access_token = MARK "\n";
    assert_int_equal(li_begin(&call, &client, &get_me, work, sizeof work),
                     LI_E_ARG);
    clean(&call);
}

/* ---- waits */

typedef struct wait_row {
    int line;
    const char *what;
    int64_t now; /* -1: no clock hook */
    const char *after, *message;
    int64_t wait_s;
    int final;
} wait_row;

#define NOON 1793793600 /* Wed, 04 Nov 2026 12:00:00 GMT */
#define DAY_LIMIT "throttle MEMBER DAY limit for calls"

static const wait_row wait_rows[] = {
    { __LINE__, "nothing said", NOON, NULL, "x", -1, 0 },
    { __LINE__, "seconds", NOON, "30", "x", 30, 0 },
    { __LINE__, "seconds without a clock", -1, "30", "x", 30, 0 },
    { __LINE__, "no seconds", NOON, "0", "x", 0, 0 },
    { __LINE__, "leading zeros", NOON, "007", "x", 7, 0 },
    { __LINE__, "sign", NOON, "-5", "x", -1, 0 },
    { __LINE__, "fraction", NOON, "1.5", "x", -1, 0 },
    { __LINE__, "beyond 64 bits", NOON, "99999999999999999999", "x", -1, 0 },
    { __LINE__, "date", NOON, "Wed, 04 Nov 2026 12:01:40 GMT", "x", 100, 0 },
    { __LINE__, "date of RFC 850", NOON, "Wednesday, 04-Nov-26 12:01:40 GMT",
      "x", 100, 0 },
    { __LINE__, "date of asctime", NOON, "Wed Nov  4 12:01:40 2026", "x", 100,
      0 },
    { __LINE__, "two digits of the day in asctime", NOON,
      "Tue Nov 10 12:00:00 2026", "x", 6 * 86400, 0 },
    { __LINE__, "date over a leap day", 1709164800,
      "Fri, 01 Mar 2024 00:00:00 GMT", "x", 86400, 0 },
    { __LINE__, "the leap day", 1709164800, "Thu, 29 Feb 2024 00:00:01 GMT",
      "x", 1, 0 },
    { __LINE__, "no leap day in 2026", NOON, "Sun, 29 Feb 2026 00:00:00 GMT",
      "x", -1, 0 },
    { __LINE__, "no leap day in 2100", NOON, "Mon, 29 Feb 2100 00:00:00 GMT",
      "x", -1, 0 },
    { __LINE__, "far away", NOON, "Fri, 31 Dec 9999 23:59:59 GMT", "x",
      253402300799 - NOON, 0 },
    { __LINE__, "past", NOON, "Wed, 04 Nov 2026 11:00:00 GMT", "x", 0, 0 },
    { __LINE__, "the century before", NOON, "Friday, 04-Nov-94 12:00:00 GMT",
      "x", 0, 0 },
    { __LINE__, "before 1970", NOON, "Wed, 04 Nov 1969 12:00:00 GMT", "x", -1,
      0 },
    { __LINE__, "date without a clock", -1, "Wed, 04 Nov 2026 12:01:40 GMT",
      "x", -1, 0 },
    { __LINE__, "other zone", NOON, "Wed, 04 Nov 2026 12:01:40 CET", "x", -1,
      0 },
    { __LINE__, "hour 24", NOON, "Wed, 04 Nov 2026 24:00:00 GMT", "x", -1, 0 },
    { __LINE__, "minute 60", NOON, "Wed, 04 Nov 2026 12:60:00 GMT", "x", -1,
      0 },
    { __LINE__, "leap second", NOON, "Wed, 04 Nov 2026 12:00:60 GMT", "x", 60,
      0 },
    { __LINE__, "no month", NOON, "Wed, 04 Foo 2026 12:00:00 GMT", "x", -1, 0 },
    { __LINE__, "day 31 of November", NOON, "Wed, 31 Nov 2026 12:00:00 GMT",
      "x", -1, 0 },
    { __LINE__, "cut", NOON, "Wed, 04 Nov 2026 12:01:40", "x", -1, 0 },
    { __LINE__, "year of three digits", NOON, "Wed, 04 Nov 202 12:00:00 GMT",
      "x", -1, 0 },
    { __LINE__, "word", NOON, "soon", "x", -1, 0 },
    { __LINE__, "day's quota", NOON, NULL, DAY_LIMIT, 43200, 1 },
    { __LINE__, "day's quota, a second before midnight", NOON + 43199, NULL,
      DAY_LIMIT, 1, 1 },
    { __LINE__, "day's quota at midnight", NOON + 43200, NULL, DAY_LIMIT,
      86400, 1 },
    { __LINE__, "day's quota, whatever Retry-After", NOON, "30", DAY_LIMIT,
      43200, 1 },
    { __LINE__, "day's quota without a clock", -1, "30", DAY_LIMIT, -1, 1 },
};

static int64_t row_now;

static int64_t tell_now(void *user)
{
    (void)user;
    return row_now;
}

static void waiting(void **state)
{
    const wait_row *row = (const wait_row *)*state;
    static char buf[1000], body[200], mem[400];
    li_client client = { .access_token = "t" };
    li_req req = { .path = "/" };
    li_buf out = LI_BUF(mem);
    li_problem why;
    li_call call;

    row_now = row->now;
    client.now = row->now < 0 ? NULL : tell_now;
    assert_int_equal(li_begin(&call, &client, &req, buf, sizeof buf), LI_OK);
    li_feed_status(&call, 429);
    if (row->after)
        li_feed_header(&call, LI_STR("Retry-After"), li_cstr(row->after));
    snprintf(body, sizeof body, "{\"message\":\"%s\"}", row->message);
    li_feed_body(&call, li_cstr(body));
    assert_int_equal(li_feed_end(&call), LI_OK);
    assert_int_equal(li_problem_read(&why, &call, &out), LI_OK);
    assert_int_equal(why.wait_s, row->wait_s);
    assert_int_equal(why.final, row->final);
}

/* ---- webhooks */

#define UUID "890e4665-4dfe-4ab1-b689-ed553bceeed0"

typedef struct challenge_row {
    int line;
    const char *what, *secret, *query, *answer;
} challenge_row;

static const challenge_row challenge_rows[] = {
    { __LINE__, "the one of the documentation", "secret",
      "challengeCode=" UUID,
      "{\"challengeCode\":\"" UUID "\",\"challengeResponse\":\""
      "9585d359e64d6a2013e0cf377f702b7141313246286c6891f22e3bfcc3938f65\"}" },
    { __LINE__, "with another parameter", "secret",
      "applicationId=1&challengeCode=" UUID "&x",
      "{\"challengeCode\":\"" UUID "\",\"challengeResponse\":\""
      "9585d359e64d6a2013e0cf377f702b7141313246286c6891f22e3bfcc3938f65\"}" },
    { __LINE__, "none", "secret", "", NULL },
    { __LINE__, "another name", "secret", "ChallengeCode=" UUID, NULL },
    { __LINE__, "twice", "secret",
      "challengeCode=" UUID "&challengeCode=" UUID, NULL },
    { __LINE__, "no secret", "", "challengeCode=" UUID, NULL },
    { __LINE__, "NULL for a secret", NULL, "challengeCode=" UUID, NULL },
    { __LINE__, "an event, to be signed", "secret",
      "challengeCode=hmacsha256%3D%7B%22type%22%3A%22LEAD_ACTION%22%7D",
      NULL },
    { __LINE__, "version 1", "secret",
      "challengeCode=890e4665-4dfe-1ab1-b689-ed553bceeed0", NULL },
    { __LINE__, "variant 7", "secret",
      "challengeCode=890e4665-4dfe-4ab1-7689-ed553bceeed0", NULL },
    { __LINE__, "cut", "secret",
      "challengeCode=890e4665-4dfe-4ab1-b689-ed553bceeed", NULL },
    { __LINE__, "longer", "secret", "challengeCode=" UUID "0", NULL },
    { __LINE__, "without dashes", "secret",
      "challengeCode=890e4665a4dfea4ab1ab689aed553bceeed0", NULL },
    { __LINE__, "bad escape", "secret",
      "challengeCode=%zz0e4665-4dfe-4ab1-b689-ed553bceeed0", NULL },
};

static void challenge(void **state)
{
    const challenge_row *row = (const challenge_row *)*state;
    char mem[200];
    size_t cap, need = row->answer ? strlen(row->answer) + 1 : 0;

    for (cap = 0; cap <= sizeof mem; ++cap) {
        li_buf out = li_buf_of(mem, cap);
        li_rc rc = li_webhook_challenge(row->secret, li_cstr(row->query), &out);

        if (!row->answer) {
            assert_int_equal(rc, LI_E_ARG);
            assert_int_equal(out.need, 0);
        } else if (cap < need) {
            assert_int_equal(rc, LI_E_SPACE);
            assert_int_equal(out.need, need);
        } else {
            assert_int_equal(rc, LI_OK);
            assert_string_equal(mem, row->answer);
        }
    }
}

#define EVENT "{\"type\":\"LEAD_ACTION\",\"leadAction\":\"CREATED\"}"
#define SIGNED \
    "3e1b2ea1f82b6f7a8cce94a35a91009e5cd692249eb3cf0278641b27329af7ba"

static li_rc verify(const char *secret, const char *before, const char *event,
                    size_t cut, const char *signature)
{
    li_webhook hook;
    li_rc rc = li_webhook_begin(&hook, secret, before);

    if (rc)
        return rc;
    li_webhook_put(&hook, li__str(event, cut));
    li_webhook_put(&hook, li_cstr(event + cut));
    return li_webhook_end(&hook, li_cstr(signature));
}

static void event_signature(void **state)
{
    char wrong[] = SIGNED, upper[] = SIGNED;
    size_t i;

    (void)state;
    for (i = 0; i <= strlen(EVENT); ++i)
        assert_int_equal(verify("secret", NULL, EVENT, i, SIGNED), LI_OK);
    for (i = 0; upper[i]; ++i)
        if (upper[i] >= 'a')
            upper[i] = (char)(upper[i] - 32);
    assert_int_equal(verify("secret", "", EVENT, 0, upper), LI_OK);
    for (i = 0; i < 64; ++i) {
        wrong[i] = wrong[i] == '0' ? '1' : '0';
        assert_int_equal(verify("secret", NULL, EVENT, 9, wrong), LI_E_FORGED);
        wrong[i] = 'g';
        assert_int_equal(verify("secret", NULL, EVENT, 9, wrong), LI_E_FORGED);
        wrong[i] = SIGNED[i];
    }
    assert_int_equal(verify("secret", NULL, EVENT " ", 9, SIGNED), LI_E_FORGED);
    assert_int_equal(verify("secret", NULL, EVENT, 9, ""), LI_E_FORGED);
    assert_int_equal(verify("secret", NULL, EVENT, 9, SIGNED "0"), LI_E_FORGED);
    assert_int_equal(verify("new", "secret", EVENT, 9, SIGNED), LI_OK);
    assert_int_equal(verify("secret", "old", EVENT, 9, SIGNED), LI_OK);
    assert_int_equal(verify("new", "old", EVENT, 9, SIGNED), LI_E_FORGED);
    assert_int_equal(verify("", "secret", EVENT, 9, SIGNED), LI_E_ARG);
    assert_int_equal(verify(NULL, "secret", EVENT, 9, SIGNED), LI_E_ARG);
}

static void a_hook_is_wiped_and_spent(void **state)
{
    static const li_webhook empty;
    li_webhook hook;

    (void)state;
    assert_int_equal(li_webhook_begin(&hook, "secret", "old"), LI_OK);
    li_webhook_put(&hook, li_cstr(EVENT));
    assert_int_equal(li_webhook_end(&hook, LI_STR(SIGNED)), LI_OK);
    assert_memory_equal(&hook, &empty, sizeof hook);
    assert_int_equal(li_webhook_end(&hook, LI_STR(SIGNED)), LI_E_FORGED);
}

static void events_seen(void **state)
{
    uint64_t table[3] = { 0, 0, 0 };

    (void)state;
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("1")), 0);
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("2")), 0);
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("1")), 1);
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("3")), 0);
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("")), 0); /* "1" goes */
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("2")), 1);
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("1")), 0);
    assert_int_equal(li_webhook_seen(table, 0, LI_STR("1")), 0);
}

/* ---- the load hook */

static li_rc load_says;

static li_rc load_some(void *user, li_token *t)
{
    (void)user;
    t->expires_in = 7;
    return load_says;
}

static void loading(void **state)
{
    static const li_rc says[] = { LI_OK, LI_E_MISSING, LI_E_STORE, LI_E_JSON };
    static const li_rc want[] = { LI_OK, LI_E_MISSING, LI_E_STORE, LI_E_STORE };
    li_token t = { .mem = NULL };
    li_client client = { .token = &t, .load = load_some };
    unsigned i;

    (void)state;
    for (i = 0; i < COUNT(says); ++i) {
        load_says = says[i];
        assert_int_equal(li_token_load(&client), want[i]);
        assert_int_equal(t.expires_in, 7);
    }
    load_says = LI_OK;
    client.load = NULL;
    assert_int_equal(li_token_load(&client), LI_E_STORE);
    client.load = load_some;
    client.token = NULL;
    assert_int_equal(li_token_load(&client), LI_E_STORE);
}

int main(void)
{
    TEST(loading);
    ROWS(wait_rows, waiting);
    ROWS(challenge_rows, challenge);
    TEST(event_signature);
    TEST(a_hook_is_wiped_and_spent);
    TEST(events_seen);
    ROWS(sign_in_rows, sign_in);
    TEST(texts_without_an_end);
    TEST(randomness_is_asked_for);
    ROWS(redirect_rows, redirect);
    TEST(a_redirect_counts_once);
    TEST(a_code_with_nul_is_refused);
    ROWS(grant_rows, grant);
    ROWS(no_grant_rows, no_grant);
    TEST(a_code_is_spent_once);
    ROWS(token_rows, token_at_every_capacity);
    ROWS(token_rows, token_there_and_back);
    TEST(tokens_of_every_length);
    TEST(a_refresh_token_is_kept);
    TEST(an_old_token_is_wiped);
    TEST(saving_fails);
    ROWS(profile_rows, profile);
    ROWS(profile_rows, profile_need);
    TEST(every_status);
    ROWS(problem_rows, problem);
    TEST(the_age_of_a_token);
    TEST(a_request_id_of_backslashes);
    ROWS(hint_rows, hint);
    ROWS(hint_rows, hint_of_an_answer);
    TEST(every_code_has_a_hint);
    ROWS(explain_rows, explain);
    TEST(explain_what_never_began);
    TEST(explain_nothing);
    TEST(explain_masks);
    ROWS(mask_rows, explain_masks_however_it_is_written);
    TEST(logs_and_curl_are_masked);
    ROWS(shown_rows, explain_shows);
    TEST(explain_shows_headers);
    TEST(key_urls_are_not_told);
    TEST(a_failed_command_is_empty);
    TEST(an_explanation_has_three_lines);
    ROWS(curl_rows, curl);
    TEST(a_method_is_no_command);
    TEST(curl_without_a_target);
    TEST(no_secret_is_told);
    return RUN("linkedin");
}
