/* Says hello to the member whose access token is in LINKEDIN_TOKEN.
   cc -I. examples/hello.c -lcurl -o hello
   LINKEDIN_BASE: another host than LinkedIn's, as the mock prints it.
   Exit code: 0 greeted; 1 not, and standard error says why. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_curl.h"
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    static char buf[16384], text[2048];
    static li_curl curl;
    li_transport via = li_curl_transport(&curl);
    li_client me = {.access_token = getenv("LINKEDIN_TOKEN"),
                    .api_base = getenv("LINKEDIN_BASE"), .version = "202609"};
    li_req req = {.path = "/v2/userinfo"};
    li_buf out = LI_BUF(text);
    li_profile who;
    li_call call;
    li_rc rc = li_do(&call, &me, &req, buf, sizeof buf, &via);
    if (!rc) rc = li_profile_read(&who, &call, &out);
    if (rc) li_explain(&call, rc, &out);
    li_hangup(&via);
    li_curl_free(&curl);
    if (rc) fprintf(stderr, "%s\n", text);
    else printf("Hello, %s!\n", who.name.ptr);
    return rc || fflush(stdout);
}
