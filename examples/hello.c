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
    li_client me = {.access_token = getenv("LINKEDIN_TOKEN")};
    li_req req = {.path = "/v2/userinfo"};
    li_call call;
    li_buf out = LI_BUF(text);
    li_profile who;
    li_rc rc;

    me.api_base = getenv("LINKEDIN_API_BASE"); /* for a mock; else NULL */
    li_begin(&call, &me, &req, buf, sizeof buf);
    if ((rc = li_curl_run(&call, NULL)) != LI_OK ||
        (rc = li_profile_read(&who, &call, &out)) != LI_OK)
        return li_explain(&call, rc, &out), puts(text), 1;
    printf("Hello, %s!\n", who.name.ptr);
    return 0;
}
