/* The main job, end to end, against a LinkedIn (the mock, see demo.sh): sign a
   member in, read the profile, refresh an expired token, explain an error.

   usage: demo socket|curl BASE_URL CA_FILE */
#include "demo.h"

static void get_token(li_grant grant, const char *what, li_flow *flow)
{
    li_call call;
    li_req req;
    li_rc rc;
    if (li_oauth_req(&req, &client, grant, what, flow))
        stop("token request", req.wrong);
    ask(&call, &req, 200, 200);
    rc = li_token_read(&token, call.body, &client);
    if (rc)
        stop("token answer", li_strerror(rc));
    printf("   < access token of %u characters, good for %ld s\n",
           (unsigned)token.access_token.len, (long)token.expires_in);
    li_wipe(buf, sizeof buf);
}

static void read_profile(void)
{
    li_req req = {.path = "/v2/me"};
    li_buf out = LI_BUF(text);
    li_profile who;
    li_call call;
    ask(&call, &req, 200, 200);
    if (li_profile_read(&who, &call, &out))
        stop("profile", "not understood");
    printf("   Hello, %s! (urn:li:person:%s)\n", who.name.ptr, who.id.ptr);
}

int main(int argc, char **argv)
{
    static char code[1024];
    li_flow flow = {.stage = 0};
    if (argc < 3)
        return puts("usage: demo socket|curl BASE_URL [CA_FILE]"), 2;
    client.api_base = client.auth_base = argv[2];
    use(argv[1], argc > 3 ? argv[3] : "");
    printf("--- %s over %s\n", argv[2], argc > 3 ? argv[1] : "plain sockets");
    sign_in(&flow, code, sizeof code);
    puts("3. Exchange the code for an access token");
    get_token(LI_GRANT_CODE, code, &flow);
    puts("4. Make an authenticated call");
    read_profile();
    puts("5. The token expires: the call says so, a refresh cures it");
    expire();
    get_token(LI_GRANT_REFRESH, token.refresh_token.ptr, NULL);
    read_profile();
    puts("6. An error, explained: a wrong client secret");
    wrong_secret(code);
    li_hangup(&stream);
    li_wipe(token_mem, sizeof token_mem);
    return 0;
}
