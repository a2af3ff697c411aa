#include "around.h"

int main(void)
{
    li_transport via = li_curl_transport(&curl);
    li_buf mem = LI_BUF(memory);
    li_client me = mock_client();
#include SNIPPET
    return told(!rc);
}
