/* Signs you in, keeps the token in a file, and says hello. The page of the
   redirect URI need not exist: copy the address out of the browser.
   cc -I. examples/login.c -lcurl -o login; ./login [FILE]. LINKEDIN_CLIENT_ID,
   _CLIENT_SECRET, _REDIRECT_URI, _BASE (the mock's). Exit code: 0; 1 and why. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_curl.h"
#include <stdio.h>
#include <stdlib.h>
static char buf[16384], text[4096], code[1024], mem[LI_TOKEN_MEM];
static li_token token = {.mem = mem, .cap = sizeof mem};
static li_platform here = {.token_path = "token.json"};
static li_client app = {.token = &token, .user = &here, .now = li_platform_now,
    .random = li_platform_random, .load = li_platform_load,
    .save = li_platform_save};
static li_curl curl;
static li_call call;
static int failed(const char *why) { return fprintf(stderr, "%s\n", why), 0; }
static int asked(const li_req *req) /* 1: a success; else it says why */
{
    li_buf out = LI_BUF(text);
    li_transport via = li_curl_transport(&curl);
    li_rc rc = li_do(&call, &app, req, buf, sizeof buf, &via);
    li_hangup(&via);
    return !rc || (li_explain(&call, rc, &out), failed(text));
}

static int signed_in(void)
{
    li_buf url = LI_BUF(text), out = LI_BUF(code);
    li_flow flow = {.stage = 0};
    li_problem why;
    li_req req;
    li_rc rc = li_oauth_url(&flow, &app, "openid profile email", &url);
    if (rc) return failed(flow.wrong ? flow.wrong : li_strerror(rc));
    fprintf(stderr, "Open this, allow it, paste what you come to:\n%s\n", text);
    if (scanf("%4095s", text) != 1) return failed("no URL was pasted");
    rc = li_oauth_redirect(&flow, li_cstr(text), &out, &why);
    if (rc) return failed(li_hint(rc, &why));
    li_oauth_req(&req, &app, LI_GRANT_CODE, code, &flow); /* li_do tells all */
    return asked(&req) && (!li_token_read(&token, call.body, &app) ||
                           failed(here.why ? here.why : "no token came"));
}

int main(int argc, char **argv)
{
    li_req req = {.path = "/v2/userinfo"};
    li_buf out = LI_BUF(text);
    li_profile who;
    app.client_id = getenv("LINKEDIN_CLIENT_ID");
    app.client_secret = getenv("LINKEDIN_CLIENT_SECRET");
    app.redirect_uri = getenv("LINKEDIN_REDIRECT_URI");
    app.api_base = app.auth_base = getenv("LINKEDIN_BASE");
    if (argc > 1) here.token_path = argv[1];
    li_rc rc = li_token_load(&app);
    if (rc && rc != LI_E_MISSING) return !failed(here.why); /* keep that file */
    if ((rc && !signed_in()) || !asked(&req)) return 1;
    if (li_profile_read(&who, &call, &out)) return !failed("no profile");
    return printf("Hello, %s!\n", who.name.ptr) < 0 || fflush(stdout);
}
