/* Reads your own profile: LINKEDIN_TOKEN=... ./hello
   cc -I. examples/hello.c -lcurl -o hello */
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
    li_client me = {.access_token = getenv("LINKEDIN_TOKEN")};
    li_req req = {.path = "/v2/userinfo"};
    li_buf out = LI_BUF(text);
    li_profile who;
    li_call call;
    li_rc rc;
    rc = li_do(&call, &me, &req, buf, sizeof buf, &via);
    if (!rc) rc = li_profile_read(&who, &call, &out);
    if (rc) li_explain(&call, rc, &out);
    puts(rc ? text : who.name.ptr);
    return rc != LI_OK;
}
