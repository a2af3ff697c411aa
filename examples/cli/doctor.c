/* doctor.c - what keeps a first call from working, in the order in which it
   bites: a line each, "ok" or what to do. */
#include "cli.h"

static int troubles;

static int line(int good, const char *what, const char *todo)
{
    printf("%-7s %s%s%s\n", good ? "ok" : "TROUBLE", what, good ? "" : ": ",
           good ? "" : todo);
    troubles += !good;
    return good;
}

/* What the last call says, in a line. */
static const char *last_hint(li_rc rc)
{
    static char text[4096];
    li_buf out = LI_BUF(text);
    char *hint;
    if (li_explain(&call, rc, &out))
        return li_strerror(rc);
    hint = strstr(text, "hint: ");
    return hint ? hint + 6 : text;
}

/* Does the host answer at all? Any status is an answer. */
static int reaches(li_base base, const char *what)
{
    li_req req = {.path = "/", .token = LI_TOKEN_NEVER};
    li_rc rc;
    req.base = base;
    rc = ask_quietly(&req);
    return line(call.status != 0, what, last_hint(rc));
}

/* A clock that is wrong breaks TLS, and tokens. The answer tells the time. */
static void credentials(void)
{
    const char *here = getenv("LINKEDIN_CLIENT_ID") ? "the environment"
                                                    : app.file;
    char what[4200];
    snprintf(what, sizeof what, "client id and secret, from %s", here);
    line(*app.client_id && *app.client_secret, what, "linkedin login asks for "
         "them; they stand on the app's Auth tab");
}

/* Asks the token endpoint with a code that is none: it looks at id and secret
   first. */
static void id_and_secret(void)
{
    static li_req req;
    char word[64] = "";
    li_buf out = LI_BUF(word);
    li_rc rc;
    if (!*app.client_id || !*app.client_secret)
        return;
    li_oauth_req(&req, &me, LI_INTROSPECT, "none", NULL);
    rc = ask_quietly(&req);
    if (rc == LI_OK || call.status == 400)
        rc = LI_OK;
    li_json_copy(call.body, "/error", &out);
    line(!rc, "LinkedIn knows id and secret", last_hint(rc));
}

static void redirect_uri(void)
{
    li_url url;
    const char *uri = app.redirect_uri, *wrong = NULL;
    if (li_url_split(li_cstr(uri), &url))
        wrong = "it is no absolute URL";
    else if (url.fragment.ptr)
        wrong = "LinkedIn refuses a #";
    else if (!url.tls && !li_equal(url.host, LI_STR("localhost")) &&
             !li_equal(url.host, LI_STR("127.0.0.1")))
        wrong = "https is wanted, but for localhost";
    line(!wrong, "the redirect URI is one that LinkedIn takes", wrong);
}

static void token_days(void)
{
    char what[160];
    li_rc rc = me.access_token ? LI_OK : li_token_load(&me);
    int64_t left;
    if (rc) {
        line(0, "the token", rc == LI_E_MISSING ? "linkedin login"
                                                : "its file cannot be used");
        return;
    }
    if (me.access_token) {
        line(1, "the token, from LINKEDIN_TOKEN", NULL);
        return;
    }
    left = token.issued_at + token.expires_in - li_platform_now(NULL);
    snprintf(what, sizeof what, "the token: %ld days left; scopes %.*s",
             (long)((left + 43200) / 86400), (int)token.scope.len,
             token.scope.ptr ? token.scope.ptr : "");
    line(left > 0, what, "it has expired: linkedin token refresh, or login");
}

int cmd_doctor(int count, char **arguments)
{
    static const li_req who = {.path = "/v2/userinfo"};
    li_rc rc;
    int auth, api;
    (void)count, (void)arguments;
    auth = reaches(LI_BASE_AUTH, "the sign-in host: name, connection, TLS");
    api = reaches(LI_BASE_API, "the API host: name, connection, TLS");
    credentials();
    if (auth)
        id_and_secret();
    redirect_uri();
    token_days();
    if (api && (me.access_token || token.access_token.len)) {
        rc = ask_quietly(&who);
        line(!rc, "GET /v2/userinfo", last_hint(rc));
    }
    return troubles ? CLI_FAILED : 0;
}
