/* Calls something of each adapter that hello.c does without, so that a way
   in which forgets one of their libraries does not link. Prints the version. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_mbedtls.h"
#include "adapters/linkedin_openssl.h"
#include "adapters/linkedin_redis.h"
#include <stdio.h>

static redisContext *dial(void *user)
{
    (void)user;
    return redisConnectUnix("no such socket");
}

int main(void)
{
    static li_mbedtls tls;
    static li_redis redis = {.connect = dial, .prefix = "app"};
    static li_token token;
    li_str key[2] = {LI_STR("not"), LI_STR("a key")};
    li_rc rc = li_mbedtls_init(&tls, "no such file");
    li_mbedtls_free(&tls);
    if (rc != LI_E_TLS) return 1;
    if (!li_openssl_verify(NULL, key, key[0], key[1])) return 2;
    if (li_redis_load(&redis, &token) != LI_E_STORE) return 3;
    li_redis_free(&redis);
    puts(LI_VERSION);
    return 0;
}
