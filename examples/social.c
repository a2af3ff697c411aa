/* Comments, reactions and their counts. Scopes: w_member_social_feed, or
   w_organization_social_feed; comments are plain text, not Little Text.
   cc -I. examples/social.c -lcurl -o social */
#include "example.h"

int main(void)
{
    static const li_rest comment = {
        .keys = JSON("{\"post\":\"urn:li:share:7\"}"),
        .body = JSON("{\"actor\":\"urn:li:person:me\",\"object\":\"urn:li:"
                     "share:7\",\"message\":{\"text\":\"Nice (1)\"}}")};
    static const li_rest comments = {
        .keys = JSON("{\"post\":\"urn:li:share:7\"}"),
        .query = JSON("{\"start\":0,\"count\":10}")};
    static const li_rest like = {
        .query = JSON("{\"actor\":\"urn:li:person:me\"}"),
        .body = JSON("{\"root\":\"urn:li:share:7\","
                     "\"reactionType\":\"LIKE\"}")};
    static const li_rest counts = {
        .ids = JSON("[\"urn:li:share:7\",\"urn:li:ugcPost:8\"]")};
    return !(rest(LI_CREATE, "/socialActions/{post}/comments", comment) &&
             rest(LI_GET_ALL, "/socialActions/{post}/comments", comments) &&
             rest(LI_CREATE, "/reactions", like) &&
             rest(LI_BATCH_GET, "/socialMetadata", counts));
}
