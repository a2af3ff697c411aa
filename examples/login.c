/* Signs you in from a terminal, keeps the token in a file, and says hello.
   Register the redirect URI first; its page need not exist: copy the address
   out of the browser. cc -I. examples/login.c -lcurl -o login;
   LINKEDIN_CLIENT_ID= LINKEDIN_CLIENT_SECRET= LINKEDIN_REDIRECT_URI= ./login */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_curl.h"
#include <stdio.h>
#include <stdlib.h>

static char buf[16384], text[4096], code[1024], mem[LI_TOKEN_MEM];
static li_token token = {.mem = mem, .cap = sizeof mem};
static li_platform here;
static li_client app = {
    .token = &token, .now = li_platform_now, .random = li_platform_random,
    .load = li_platform_load, .save = li_platform_save, .user = &here};
static li_curl curl;  static li_call call;

static int asked(const li_req *req) /* 1: a success; else it says why */
{
    li_buf out = LI_BUF(text);
    li_transport via = li_curl_transport(&curl);
    li_rc rc = li_do(&call, &app, req, buf, sizeof buf, &via);
    li_hangup(&via);
    if (rc && !li_explain(&call, rc, &out))
        fprintf(stderr, "%s\n", text);
    return !rc;
}

static int signed_in(void)
{
    li_buf url = LI_BUF(text), out = LI_BUF(code);
    li_flow flow = {.stage = 0};
    li_problem why;
    li_req req;
    li_rc rc;
    if (li_oauth_url(&flow, &app, "openid profile email", &url))
        return fprintf(stderr, "%s\n", flow.wrong ? flow.wrong : "random"), 0;
    fprintf(stderr, "Open this, allow it, paste what you come to:\n%s\n", text);
    if (scanf("%4095s", text) != 1) return 0;
    if ((rc = li_oauth_redirect(&flow, li_cstr(text), &out, &why)) != LI_OK)
        return fprintf(stderr, "%s\n", li_hint(rc, &why)), 0;
    return !li_oauth_req(&req, &app, LI_GRANT_CODE, code, &flow) &&
           asked(&req) && !li_token_read(&token, call.body, &app);
}

int main(int argc, char **argv)
{
    li_req req = {.path = "/v2/userinfo"};
    li_buf out = LI_BUF(text);
    li_profile who;
    here.token_path = argc > 1 ? argv[1] : "token.json";
    app.client_id = getenv("LINKEDIN_CLIENT_ID");
    app.client_secret = getenv("LINKEDIN_CLIENT_SECRET");
    app.redirect_uri = getenv("LINKEDIN_REDIRECT_URI");
    if ((li_token_load(&app) && !signed_in()) || !asked(&req) ||
        li_profile_read(&who, &call, &out))
        return fprintf(stderr, "%s\n", here.why ? here.why : ""), 1;
    return printf("Hello, %s!\n", who.name.ptr) < 0;
}
