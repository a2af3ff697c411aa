/* The mock answers the first call with a 503: there must be a second. */
#include "around.h"

static unsigned steps;
static void my_log(void *user, const li_call *c, const char *step)
{
    char line[512];
    li_buf b = LI_BUF(line);
    (void)user;
    if (!li_log(c, step, &b)) puts(line), steps++;
}

int main(void)
{
    static li_platform here = {.token_path = "unattended.json"};
    li_transport via = li_curl_transport(&curl);
    li_client me = mock_client();
    me.now = li_platform_now;
    me.random = li_platform_random;
    me.user = &here;
#include SNIPPET
    req.path = "/v2/userinfo";
    rc = li_do(&call, &me, &req, buf, sizeof buf, &via);
    return told(!rc && call.tries == 2 && steps > 3);
}
