/* Lead forms, and their responses: all of them, page by page, in the memory of
   one. Scope: r_marketing_leadgen_automation.
   cc -I. examples/leads.c -lcurl -o leads */
#include "example.h"

#define OWNER "\"owner\":{\"sponsoredAccount\":" \
              "\"urn:li:sponsoredAccount:512345678\"}"

static li_rc print(void *user, li_str response)
{
    (void)user;
    printf("  %.*s\n", (int)response.len, response.ptr);
    return LI_OK;
}

int main(void)
{
    static const li_rest forms = {
        .name = "owner", .query = JSON("{" OWNER ",\"start\":0,\"count\":10}")};
    static const li_rest responses = {
        .method = LI_FINDER, .path = "/leadFormResponses", .name = "owner",
        .query = JSON("{" OWNER ",\"leadType\":{\"leadType\":\"SPONSORED\"},"
                      "\"limitedToTestLeads\":false,\"submittedAtTimeRange\":"
                      "{\"start\":1763000000000,\"end\":1763900000000}}")};
    static char one[8192];
    li_page page = {.rest = &responses, .element = print, .mem = one,
                    .cap = sizeof one, .count = 100};
    li_rc rc = LI_OK;
    if (!rest(LI_FINDER, "/leadForms", forms))
        return 1;
    while (!rc) {
        li_buf out = LI_BUF(mem);
        rc = li_page_req(&page, &req, &me, &out);
        if (!rc && made())
            rc = li_page_end(&page, &call);
        else if (!rc)
            return 1;
    }
    printf("%u responses\n", (unsigned)page.handed);
    return rc != LI_E_MISSING;
}
