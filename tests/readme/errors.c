#include "around.h"

int main(void)
{
    li_transport via = li_curl_transport(&curl);
    li_client me = mock_client();
    li_buf mem = LI_BUF(memory);
    li_problem why;
    req.path = "/rest/adAccounts";
    me.version = "202001"; /* retired long ago */
    rc = li_do(&call, &me, &req, buf, sizeof buf, &via);
#include SNIPPET
    return told(rc == LI_E_VERSION && why.status == 426 && strstr(text, "hint"));
}
