/* What the two tests of constant time share: a body, and its signature by a
   secret as LinkedIn makes it. Include behind linkedin.h. */
#ifndef SIGNED_BODY_H
#define SIGNED_BODY_H

#include <stdio.h>

#define SECRET "a-client-secret"
#define BODY "{\"notificationId\":1}"

static char right[65], guess[65];
static volatile int result;

/* So that a guess can be right, or wrong at one place only. */
static void find_right(void)
{
    uint8_t digest[32];
    li__hash hash;
    unsigned i;
    li__hmac_begin(&hash, li_cstr(SECRET));
    li__hash_put(&hash, li_cstr("hmacsha256=" BODY));
    li__hash_end(&hash, digest);
    for (i = 0; i < 32; i++)
        snprintf(right + 2 * i, 3, "%02x", digest[i]);
}

#endif
