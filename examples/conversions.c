/* Conversions, their events, and DMP segments. Scopes: rw_conversions, r_ads,
   rw_dmp_segments.
   cc -I. examples/conversions.c -lcurl -o conversions */
#include "example.h"

int main(void)
{
    static const li_rest rules = {
        .name = "account",
        .query = JSON("{\"account\":\"urn:li:sponsoredAccount:512345678\","
                      "\"start\":0,\"count\":10}")};
    static const li_rest event = {
        .body = JSON("{\"conversion\":\"urn:lla:llaPartnerConversion:14488340\""
                     ",\"conversionHappenedAt\":1763800000000,"
                     "\"conversionValue\":{\"currencyCode\":\"USD\","
                     "\"amount\":\"50.0\"},\"user\":{\"userIds\":[{\"idType\":"
                     "\"SHA256_EMAIL\",\"idValue\":\"bad8677b\"}]}}")};
    static const li_rest segment = {
        .body = JSON("{\"name\":\"Visitors\",\"sourcePlatform\":\"MY_DMP\","
                     "\"account\":\"urn:li:sponsoredAccount:512345678\","
                     "\"type\":\"USER\",\"destinations\":[{\"destination\":"
                     "\"LINKEDIN\"}]}")};
    return !(rest(LI_FINDER, "/conversions", rules) &&
             rest(LI_CREATE, "/conversionEvents", event) &&
             rest(LI_CREATE, "/dmpSegments", segment) &&
             rest(LI_FINDER, "/dmpSegments", rules));
}
