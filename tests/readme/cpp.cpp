#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_curl.h"
#include <cstdlib>
#include <string>
#include <vector>

int main()
{
    li_curl curl = {};
    li_transport via = li_curl_transport(&curl);
    li_call call;
    li_rc rc;
#include SNIPPET
    li_hangup(&via);
    li_curl_free(&curl);
    return rc != LI_OK || body.find("\"name\"") == std::string::npos;
}
