/* Ad accounts, campaign groups, campaigns, creatives. Scopes: r_ads, rw_ads.
   cc -I. examples/ads.c -lcurl -o ads */
#include "example.h"

#define ACCOUNT .keys = JSON("{\"account\":512345678}")

int main(void)
{
    static const li_rest accounts = {
        .name = "search",
        .query = JSON("{\"search\":{\"type\":{\"values\":[\"BUSINESS\"]},"
                      "\"status\":{\"values\":[\"ACTIVE\",\"DRAFT\"]},"
                      "\"test\":false},\"sortOrder\":\"DESCENDING\","
                      "\"pageSize\":100}")};
    static const li_rest group = {
        ACCOUNT,
        .body = JSON("{\"account\":\"urn:li:sponsoredAccount:512345678\","
                     "\"name\":\"Spring\",\"status\":\"DRAFT\",\"runSchedule\":"
                     "{\"start\":1800000000000},\"totalBudget\":{\"amount\":"
                     "\"100.00\",\"currencyCode\":\"USD\"}}")};
    static const li_rest campaigns = {
        ACCOUNT, .name = "search",
        .query = JSON("{\"search\":{\"status\":{\"values\":[\"ACTIVE\"]}},"
                      "\"sortOrder\":\"DESCENDING\",\"pageSize\":100}")};
    static const li_rest pause = {
        .keys = JSON("{\"account\":512345678,\"id\":345678901}"),
        .body = JSON("{\"patch\":{\"$set\":{\"status\":\"PAUSED\"}}}")};
    static const li_rest creatives = {
        ACCOUNT, .name = "criteria",
        .query = JSON("{\"campaigns\":[\"urn:li:sponsoredCampaign:345678901\"]"
                      ",\"intendedStatuses\":[\"ACTIVE\",\"DRAFT\"],"
                      "\"pageSize\":100}")};
    return !(rest(LI_FINDER, "/adAccounts", accounts) &&
             rest(LI_CREATE, "/adAccounts/{account}/adCampaignGroups", group) &&
             rest(LI_FINDER, "/adAccounts/{account}/adCampaigns", campaigns) &&
             rest(LI_PARTIAL_UPDATE, "/adAccounts/{account}/adCampaigns/{id}",
                  pause) &&
             rest(LI_FINDER, "/adAccounts/{account}/creatives", creatives));
}
