/* The member is curl, who follows the mock's redirect as a browser would. */
#include "around.h"

static const char *browse(const char *url)
{
    static char came_to[2048];
    char command[4096];
    FILE *curl_says;
    snprintf(command, sizeof command,
             "curl -s -o /dev/null -w '%%{redirect_url}\n' '%s'", url);
    curl_says = popen(command, "r");
    if (!curl_says || !fgets(came_to, sizeof came_to, curl_says)) abort();
    pclose(curl_says);
    came_to[strcspn(came_to, "\n")] = 0;
    return came_to;
}

static int sign_in(void)
{
    li_transport via = li_curl_transport(&curl);
    li_buf url = LI_BUF(memory);
    const char *came_to;
    li_problem why;
#include SNIPPET
    if (rc) return told(0); /* here, where client and request still are */
    static char id[LI_ID_MEM];
    li_profile who;
    out = li_buf_of(id, sizeof id);
#include ID_TOKEN
    return told(!rc);
}

int main(void)
{
    remove("token.json");
    return sign_in();
}
