#include "around.h"
#include SNIPPET

int main(void)
{
    li_transport via = li_curl_transport(&curl);
    li_client me = mock_client();
    rc = post(&call, &me, "urn:li:person:782bbtaQ", "Hello (world) #1", &via);
    return told(!rc && li_header(&call, LI_H_RESTLI_ID).len > 13) ||
           !post(&call, &me, "urn:li:person:782bbtaQ", "caf\xe9", &via);
}
