/* Job postings, and learning assets: APIs of /v2, so no version. Scopes: by
   agreement with LinkedIn (client credentials).
   cc -I. examples/jobs.c -lcurl -o jobs */
#include "example.h"

int main(void)
{
    static const li_rest postings = {
        .body = JSON("[{\"integrationContext\":\"urn:li:organization:2414183\","
                     "\"companyApplyUrl\":\"https://acme.example/jobs/1\","
                     "\"description\":\"Embedded C\",\"employmentStatus\":"
                     "\"FULL_TIME\",\"externalJobPostingId\":\"job-1\","
                     "\"listedAt\":1763800000000,\"jobPostingOperationType\":"
                     "\"CREATE\",\"title\":\"Engineer\",\"location\":"
                     "\"Berlin, Germany\"}]")};
    static const li_rest courses = {
        .name = "criteria",
        .query = JSON("{\"assetFilteringCriteria\":{\"assetTypes\":[\"COURSE\"]"
                      ",\"locales\":[{\"language\":\"en\",\"country\":\"US\"}]}"
                      ",\"assetRetrievalCriteria\":{\"includeRetired\":true,"
                      "\"expandDepth\":1},\"start\":0,\"count\":100,"
                      "\"fields\":\"urn,title,details:(level)\"}")};
    me.version = NULL;
    return !(rest(LI_BATCH_CREATE, "/simpleJobPostings", postings) &&
             rest(LI_FINDER, "/learningAssets", courses));
}
