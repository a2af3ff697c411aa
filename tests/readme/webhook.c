/* An event, signed as LinkedIn signs it, twice; and one that is forged. */
#include "around.h"

static int handled;
static int handle(li_str body) { return handled += body.len > 0, 200; }

static int event(const char *client_secret, li_str body, li_str signature,
                 li_str id)
{
    static uint64_t table[64];
    li_webhook hook;
#include SNIPPET
}

int main(void)
{ /* HMAC-SHA256 of "hmacsha256={}" by the key "key", from OpenSSL's tool */
    li_str body = LI_STR("{}"), id = LI_STR("1");
    li_str good = li_cstr(getenv("SIGNATURE")), bad = LI_STR("00");
    return event("key", body, bad, id) != 403 ||
           event("key", body, good, id) != 200 || handled != 1 ||
           event("key", body, good, id) != 200 || handled != 1;
}
