/* Signs you in from a terminal, keeps the token in a file, and says hello.
   Register the redirect URI first; the page it leads to need not exist: copy
   its address out of the browser.

   LINKEDIN_CLIENT_ID=… LINKEDIN_CLIENT_SECRET=… \
   LINKEDIN_REDIRECT_URI=… ./login token.json
   cc -D_GNU_SOURCE -I. examples/login.c -lcurl -o login */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_platform.h"
#include "adapters/linkedin_curl.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char buf[16384], text[4096], mem[LI_TOKEN_MEM];
static li_token token = {.mem = mem, .cap = sizeof mem};
static li_platform here;
static li_client app = {.token = &token, .now = li_platform_now,
                        .random = li_platform_random,
                        .load = li_platform_load, .save = li_platform_save,
                        .user = &here};

static int sorry(const li_call *call, li_rc rc)
{
    li_buf out = LI_BUF(text);
    li_explain(call, rc, &out);
    fprintf(stderr, "%s\n", text);
    return 1;
}

static li_rc sign_in(li_call *call)
{
    static char code[1024], back[4096];
    li_buf url = LI_BUF(text), out = LI_BUF(code);
    li_flow flow = {.stage = 0};
    li_req req;
    li_rc rc = li_oauth_url(&flow, &app, "openid profile email", &url);
    if (rc)
        return fprintf(stderr, "%s: %s\n", li_strerror(rc), flow.wrong), rc;
    printf("Open this, allow it, and paste the address you come to:\n%s\n",
           text);
    if (!fgets(back, sizeof back, stdin))
        return LI_E_CANCELLED;
    back[strcspn(back, "\r\n")] = 0;
    rc = li_oauth_redirect(&flow, li_cstr(back), &out, NULL);
    if (rc)
        return fprintf(stderr, "%s\n", li_hint(rc, NULL)), rc;
    li_oauth_req(&req, &app, LI_GRANT_CODE, code, &flow);
    li_begin(call, &app, &req, buf, sizeof buf);
    if ((rc = li_curl_run(call, NULL)) != LI_OK ||
        (rc = li_check(call)) != LI_OK)
        return sorry(call, rc), rc;
    return li_token_read(&token, call->body, &app);
}

int main(int argc, char **argv)
{
    li_req req = {.path = "/v2/userinfo"};
    li_buf out = LI_BUF(text);
    li_profile who;
    li_call call;
    li_rc rc;
    here.token_path = argc > 1 ? argv[1] : "token.json";
    app.client_id = getenv("LINKEDIN_CLIENT_ID");
    app.client_secret = getenv("LINKEDIN_CLIENT_SECRET");
    app.redirect_uri = getenv("LINKEDIN_REDIRECT_URI");
    if (li_token_load(&app) && sign_in(&call))
        return here.why ? fprintf(stderr, "%s\n", here.why), 1 : 1;
    li_begin(&call, &app, &req, buf, sizeof buf);
    if ((rc = li_curl_run(&call, NULL)) != LI_OK ||
        (rc = li_profile_read(&who, &call, &out)) != LI_OK)
        return sorry(&call, rc);
    printf("Hello, %s!\n", who.name.ptr);
    li_wipe(mem, sizeof mem);
    return 0;
}
