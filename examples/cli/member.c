/* member.c - me, token, logout. */
#include "cli.h"

int cmd_me(int count, char **arguments)
{
    static const li_req req = {.path = "/v2/userinfo"};
    int code = token_ready();
    (void)count, (void)arguments;
    if (!code)
        code = ask(&req);
    if (code)
        return code < 0 ? 0 : code;
    printf("%.*s\n", (int)call.body.len, call.body.ptr);
    return 0;
}

int cmd_logout(int count, char **arguments)
{
    (void)count, (void)arguments;
    return store_forget();
}

static const char *days(int64_t seconds, char *to, size_t cap)
{
    if (seconds == INT64_MAX)
        return "not told";
    if (seconds <= 0)
        return "passed";
    if (seconds < 172800)
        snprintf(to, cap, "in %ld minutes", (long)(seconds / 60));
    else
        snprintf(to, cap, "in %ld days", (long)((seconds + 43200) / 86400));
    return to;
}

static int token_state(void)
{
    int64_t age = li_platform_now(NULL) - token.issued_at,
            left = token.issued_at && token.expires_in >= 0
                       ? token.expires_in - age : INT64_MAX,
            due = li_sign_in_due(&me);
    char a[40], b[40];
    if (set.json) {
        char text[4096];
        li_buf out = LI_BUF(text);
        li_value v[] = {{LI_STR(""), left == INT64_MAX ? -1 : left},
                        {LI_STR(""), due == INT64_MAX ? -1 : due},
                        {token.scope, 0}};
        if (!v[2].text.ptr)
            v[2].text = LI_STR("");
        if (li_json_fill(&out, "{\"expires_in\":#,\"sign_in_in\":#,"
                               "\"scope\":?}", v, 3))
            return complain(CLI_FAILED, "scope", "is too long");
        return printf("%.*s\n", (int)out.len, text) < 0;
    }
    printf("access token ends: %s\nsign in again: %s\nscopes: %.*s\n",
           days(left, a, sizeof a), days(due, b, sizeof b),
           (int)token.scope.len, token.scope.ptr ? token.scope.ptr : "");
    return 0;
}

int cmd_token(int count, char **arguments)
{
    static li_req req;
    const char *what = count ? arguments[0] : "";
    int refresh = !strcmp(what, "refresh"), revoke = !strcmp(what, "revoke");
    int code = token_ready();
    if (code)
        return code;
    if (me.access_token)
        return complain(CLI_USAGE, "LINKEDIN_TOKEN",
                        "is set: the profile's token is not looked at");
    if (!count)
        return token_state();
    if (!refresh && !revoke)
        return complain(CLI_USAGE, what, "is neither refresh nor revoke");
    if (refresh && !token.refresh_token.len)
        return complain(CLI_SIGN_IN, "there is no refresh token",
                        "LinkedIn gives them to approved apps; linkedin login");
    if (!me.client_id || !me.client_secret)
        return complain(CLI_USAGE, "LINKEDIN_CLIENT_ID, LINKEDIN_CLIENT_SECRET",
                        "are not set, and the profile's file has none");
    while (refresh && me.lock(me.user, 1) == LI_WANT_SLEEP)
        li_platform_sleep(NULL, 100); /* who else refreshes, is first */
    if (refresh)
        li_token_load(&me);
    li_oauth_req(&req, &me, refresh ? LI_GRANT_REFRESH : LI_REVOKE,
                 refresh ? token.refresh_token.ptr : token.access_token.ptr,
                 NULL);
    code = ask(&req);
    if (!code && refresh && li_token_read(&token, call.body, &me))
        code = complain(CLI_FILE, app.token_file, "the token was not kept");
    if (refresh)
        me.lock(me.user, 0);
    if (code)
        return code < 0 ? 0 : code;
    return revoke ? store_forget() : token_state();
}
