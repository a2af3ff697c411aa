/* doctor.c - what keeps a first call from working, in the order in which it
   bites: a line each, "ok" or what to do. */
#include "cli.h"
#include <sys/stat.h>

static int troubles;
static int64_t server_time; /* by the Date of the last answer; 0: none      */

static int line(int good, const char *what, const char *todo)
{
    int painted = is_painted(stdout);
    printf("%s%-7s%s %s%s%s\n", painted ? good ? "\033[32m" : "\033[31m" : "",
           good ? "ok" : "TROUBLE", painted ? "\033[0m" : "", what,
           good ? "" : ": ", good ? "" : todo);
    troubles += !good;
    return good;
}

/* Unix seconds of "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7). */
static int64_t date_of(const char *text)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int day, year, hour, minute, second, month;
    char name[4];
    const char *at;
    if (sscanf(text, "%*3s, %2d %3s %4d %2d:%2d:%2d", &day, name, &year, &hour,
               &minute, &second) != 6 || !(at = strstr(names, name)))
        return 0;
    month = (int)(at - names) / 3 + 1;
    year -= month < 3; /* the year begins in March: its leap day is its last */
    return ((int64_t)year * 365 + year / 4 - year / 100 + year / 400 +
            ((month + 9) % 12 * 153 + 2) / 5 + day - 719469) * 86400 +
           hour * 3600 + minute * 60 + second;
}

static void take_date(void *user, li_str name, li_str value)
{
    char text[64];
    (void)user;
    if (name.len != 4 || (*name.ptr | 32) != 'd' || (name.ptr[1] | 32) != 'a')
        return;
    snprintf(text, sizeof text, "%.*s", (int)value.len, value.ptr);
    server_time = date_of(text);
}

/* Does the host answer at all? Any status is an answer. */
static int reaches(li_base base, const char *what)
{
    const char *proxy = getenv("https_proxy") ? getenv("https_proxy")
                                              : getenv("HTTPS_PROXY");
    li_req req = {.path = "/", .token = LI_TOKEN_NEVER};
    const char *of = base == LI_BASE_API ? me.api_base : me.auth_base;
    int plain = of && !strncmp(of, "http:", 5);
    char text[300];
    li_rc rc;
    req.base = base;
    req.on_header = take_date;
    rc = ask_quietly(&req);
    snprintf(text, sizeof text, "the %s host: name, connection%s%s", what,
             plain ? "" : ", TLS",
             proxy && *proxy && !plain ? " (through https_proxy)" : "");
    return line(call.status != 0, text, hint_of(rc));
}

/* A clock that is wrong breaks TLS, and the token's days. */
static void clock_agrees(void)
{
    int64_t off = li_platform_now(NULL) - server_time;
    if (server_time)
        line(off > -300 && off < 300, "the clock of this machine",
             "it differs from LinkedIn's by more than five minutes: set it");
}

static void credentials(void)
{
    int by_env = getenv("LINKEDIN_CLIENT_ID") && getenv("LINKEDIN_CLIENT_SECRET");
    char what[4200];
    snprintf(what, sizeof what, "client id and secret, from %s%s",
             by_env ? "the environment" : app.file,
             by_env ? "" : " (mode 0600)");
    line(*app.client_id && *app.client_secret, what, "linkedin login asks for "
         "them; they stand on the app's Auth tab");
}

/* Asks the token endpoint about a token that is none: it looks at id and secret
   first, and nothing comes of it. */
static void id_and_secret(void)
{
    static li_req req;
    li_rc rc;
    if (!*app.client_id || !*app.client_secret)
        return;
    li_oauth_req(&req, &me, LI_INTROSPECT, "none", NULL);
    rc = ask_quietly(&req);
    if (call.status == 400)
        rc = LI_OK;
    line(!rc, "LinkedIn knows id and secret", hint_of(rc));
}

static int redirect_uri_may_be(void)
{
    li_url url;
    const char *uri = app.redirect_uri, *wrong = NULL;
    if (!*uri)
        wrong = "it is not set: LINKEDIN_REDIRECT_URI, or linkedin login";
    else if (li_url_split(li_cstr(uri), &url))
        wrong = "it is no absolute URL";
    else if (url.fragment.ptr)
        wrong = "LinkedIn refuses a #";
    else if (!url.tls && !li_equal(url.host, LI_STR("localhost")) &&
             !li_equal(url.host, LI_STR("127.0.0.1")))
        wrong = "https is wanted, but for localhost";
    return line(!wrong, "the redirect URI is one that LinkedIn takes", wrong);
}

/* What the authorization page makes of the sign-in: NULL: nothing is wrong. It
   tells an unknown client or redirect URI itself, and all else by the way back. */
static const char *refusal(li_flow *flow)
{
    static char code[4096];
    li_buf out = LI_BUF(code);
    li_str back = li_header(&call, LI_H_LOCATION);
    const char *at = call.body.ptr, *end = at ? at + call.body.len : at;
    size_t len = strlen(app.redirect_uri);
    li_problem why;
    li_rc rc;
    if (call.status >= 400) {
        while (at < end && strncmp(at, "redirect_uri", 12))
            at++;
        return at < end ? "it is not registered so, to the letter: the app's "
                          "Auth tab"
                        : "the client id is unknown: the app's Auth tab";
    }
    if (back.len < len || memcmp(back.ptr, app.redirect_uri, len))
        return NULL; /* on to where a member signs in */
    rc = li_oauth_redirect(flow, back, &out, &why);
    return rc ? li_hint(rc, &why) : NULL;
}

/* What the token has, for a sign-in with other scopes would end it; else what
   login asks for. */
static const char *scopes(void)
{
    static char text[1024];
    char *comma;
    if (set.scope || me.access_token || li_token_load(&me) || !token.scope.len)
        return set.scope ? set.scope : CLI_SCOPES;
    snprintf(text, sizeof text, "%.*s", (int)token.scope.len, token.scope.ptr);
    while ((comma = strchr(text, ',')) != NULL)
        *comma = ' ';
    return text;
}

static void redirect_uri_is_registered(void)
{
    static char text[8192];
    static li_flow flow;
    li_buf url = LI_BUF(text);
    li_req req = {.base = LI_BASE_AUTH, .token = LI_TOKEN_NEVER};
    const char *wrong;
    if (!*app.client_id || li_oauth_url(&flow, &me, scopes(), &url))
        return;
    req.path = strchr(strstr(text, "://") + 3, '/');
    ask_quietly(&req);
    wrong = refusal(&flow);
    line(!wrong, "LinkedIn takes this redirect URI, and the scopes", wrong);
}

/* What login left when it failed last. */
static void last_sign_in(void)
{
    li_str text;
    char name[4200];
    struct stat st;
    snprintf(name, sizeof name, "%s.failed", app.token_file);
    if (stat(name, &st) || read_whole(name, &text) || !text.len)
        return;
    snprintf(name, sizeof name, "%.*s", (int)text.len, text.ptr);
    line(0, "the last sign-in", name);
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

/* What --scope asks for, and the token lacks. */
static void lacks_scopes(void)
{
    li_str rest = li_cstr(set.scope);
    char what[160];
    while (rest.len && token.scope.len) {
        const char *end = memchr(rest.ptr, ' ', rest.len);
        size_t n = end ? (size_t)(end - rest.ptr) : rest.len, i, found = 0;
        for (i = 0; i + n <= token.scope.len; i++)
            found |= !memcmp(token.scope.ptr + i, rest.ptr, n) &&
                     (!i || token.scope.ptr[i - 1] == ',') &&
                     (i + n == token.scope.len || token.scope.ptr[i + n] == ',');
        snprintf(what, sizeof what, "the token has the scope %.*s", (int)n,
                 rest.ptr);
        if (n)
            line(found != 0, what, "linkedin login --scope, with it");
        n += end != NULL;
        rest = LI_VIEW(rest.ptr + n, rest.len - n);
    }
}

int cmd_doctor(int count, char **arguments)
{
    static const li_req who = {.path = "/v2/userinfo"};
    li_rc rc;
    int auth, api;
    (void)count, (void)arguments;
    auth = reaches(LI_BASE_AUTH, "sign-in");
    api = reaches(LI_BASE_API, "API");
    clock_agrees();
    credentials();
    if (auth)
        id_and_secret();
    if (redirect_uri_may_be() && auth)
        redirect_uri_is_registered();
    last_sign_in();
    token_days();
    lacks_scopes();
    if (api && (me.access_token || token.access_token.len)) {
        rc = ask_quietly(&who);
        line(!rc, "GET /v2/userinfo", hint_of(rc));
    }
    return troubles ? CLI_FAILED : 0;
}
