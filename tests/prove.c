/* Entries for Frama-C's Eva (make prove): with bytes and lengths unknown, no
   read or write may leave its object. 32- and 16-bit machines, for there the
   eight-byte scans are not compiled. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "__fc_builtin.h"

char bytes[64]; /* -lib-entry: of unknown value */

static void read_on(li_json *json)
{
    while (!li_json_next(json) && json->type != LI_JSON_END)
        ;
}

void json_whole(void)
{
    li_json json;
    li_json_open(&json, li__str(bytes, (size_t)Frama_C_interval(0, 64)), 1);
    read_on(&json);
}

void json_in_two(void)
{
    li_json json;
    li_json_open(&json, li__str(bytes, (size_t)Frama_C_interval(0, 32)), 0);
    read_on(&json);
    li_json_feed(&json, li__str(bytes + 32, (size_t)Frama_C_interval(0, 32)),
                 1);
    read_on(&json);
}
