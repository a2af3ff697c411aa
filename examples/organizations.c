/* Pages: look-up, who may do what, share, follower and page statistics.
   Scopes: r_organization_admin (rw_organization_admin), r_organization_social.
   cc -I. examples/organizations.c -lcurl -o organizations */
#include "example.h"

int main(void)
{
    static const li_rest by_name = {
        .name = "vanityName", .query = JSON("{\"vanityName\":\"acme\"}")};
    static const li_rest by_id = {
        .keys = JSON("{\"id\":2414183}"),
        .query = JSON("{\"fields\":\"id,localizedName,vanityName\"}")};
    static const li_rest mine = {
        .name = "roleAssignee",
        .query = JSON("{\"role\":\"ADMINISTRATOR\",\"state\":\"APPROVED\"}")};
    static const li_rest of_page = {
        .name = "organizationalEntity",
        .query = JSON("{\"organizationalEntity\":"
                      "\"urn:li:organization:2414183\"}")};
    static const li_rest by_day = {
        .name = "organization",
        .query = JSON("{\"organization\":\"urn:li:organization:2414183\","
                      "\"timeIntervals\":{\"timeRange\":{\"start\":"
                      "1767225600000,\"end\":1769904000000},"
                      "\"timeGranularityType\":\"DAY\"}}")};
    return !(
        rest(LI_FINDER, "/organizations", by_name) &&
        rest(LI_GET, "/organizations/{id}", by_id) &&
        rest(LI_FINDER, "/organizationAcls", mine) &&
        rest(LI_FINDER, "/organizationalEntityShareStatistics", of_page) &&
        rest(LI_FINDER, "/organizationalEntityFollowerStatistics", of_page) &&
        rest(LI_FINDER, "/organizationPageStatistics", by_day));
}
