#include "around.h"

int main(void)
{
    li_transport via = li_curl_transport(&curl);
    li_client me = mock_client();
    const char *author = "urn:li:person:782bbtaQ";
#include SNIPPET
    li_buf_end(&out);
    puts(text);
    return told(!rc && !strncmp(text, "urn:li:share:", 13));
}
