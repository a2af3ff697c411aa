/* Ad analytics with a complex query, and a search for targeting. Scopes:
   r_ads_reporting, r_ads. At most 45 million metric values in five minutes.
   cc -I. examples/ad_analytics.c -lcurl -o ad_analytics */
#include "example.h"

int main(void)
{
    static const li_rest analytics = {
        .name = "analytics",
        .query = JSON(
            "{\"pivot\":\"CAMPAIGN\",\"timeGranularity\":\"DAILY\","
            "\"dateRange\":{\"start\":{\"year\":2026,\"month\":10,\"day\":1},"
            "\"end\":{\"year\":2026,\"month\":10,\"day\":31}},"
            "\"accounts\":[\"urn:li:sponsoredAccount:512345678\"],"
            "\"fields\":\"impressions,clicks,costInLocalCurrency,dateRange,"
            "pivotValues\"}")};
    static const li_rest typeahead = {
        .name = "typeahead",
        .query = JSON("{\"query\":\"united states\","
                      "\"facet\":\"urn:li:adTargetingFacet:locations\","
                      "\"queryVersion\":\"QUERY_USES_URNS\","
                      "\"locale\":{\"language\":\"en\",\"country\":\"US\"}}")};
    return !(rest(LI_FINDER, "/adAnalytics", analytics) &&
             rest(LI_FINDER, "/adTargetingEntities", typeahead));
}
