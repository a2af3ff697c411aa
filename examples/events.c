/* Events of a page. Scopes: r_events, rw_events.
   cc -I. examples/events.c -lcurl -o events */
#include "example.h"

int main(void)
{
    static const li_rest event = {
        .body = JSON("{\"organizer\":\"urn:li:organization:2414183\","
                     "\"name\":{\"localized\":{\"en_US\":\"Launch\"},"
                     "\"preferredLocale\":{\"country\":\"US\",\"language\":"
                     "\"en\"}},\"type\":{\"online\":{\"format\":{\"external\":"
                     "{\"url\":\"https://acme.example/live\"}}}},"
                     "\"startsAt\":1800000000000,\"endsAt\":1800003600000}")};
    static const li_rest listing = {
        .name = "eventsByOrganizer",
        .query = JSON("{\"organizer\":\"urn:li:organization:2414183\","
                      "\"excludeCancelled\":true,\"entryCriteria\":\"PUBLIC\","
                      "\"start\":0,\"count\":10}")};
    return !(rest(LI_CREATE, "/events", event) &&
             rest(LI_FINDER, "/events", listing));
}
