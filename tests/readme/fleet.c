/* Redis is at REDIS_PORT: a token that another process has saved there is found,
   and the day gives what it has. */
#include "around.h"
#include "adapters/linkedin_redis.h"

static redisContext *dial(void *user)
{
    struct timeval limit = {1, 0};
    (void)user;
    return redisConnectWithTimeout("127.0.0.1", atoi(getenv("REDIS_PORT")),
                                   limit);
}

int main(void)
{
    static const li_policy patience = {.total_ms = 120000};
    static char mem[LI_TOKEN_MEM];
    static li_token token = {.mem = mem, .cap = sizeof mem};
    li_client me = mock_client();
    li_redis before = {.connect = dial, .prefix = "app:member", .client = &me};
    uint32_t n;
    me.token = &token;
    me.now = li_platform_now;
    if (li_token_read(&token, LI_STR("{\"access_token\":\"a\"}"), NULL) ||
        li_redis_save(&before, &token))
        return told(0);
    li_redis_free(&before);
    token.access_token = LI_STR("");
#include SNIPPET
    if (here.why[0]) fprintf(stderr, "%s\n", here.why);
    li_redis_free(&here);
    return told(!rc && n == 100 && li_equal(token.access_token, LI_STR("a")));
}
