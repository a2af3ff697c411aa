/* The hooks that check the signatures of id_tokens, over mbedTLS and OpenSSL:
   both must say the same of every key and signature. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"
#include "../adapters/linkedin_mbedtls.h"
#include "../adapters/linkedin_openssl.h"
#include "../adapters/linkedin_platform.h"
#include "../adapters/linkedin_socket.h"

#include <mbedtls/rsa.h>

#include "exchange.h"

/* ---- a key, and what it signs */

#define TEXT "header.payload"

struct signer {
    mbedtls_rsa_context rsa;
    size_t len;
    char n[513], e[4], signature[513]; /* room for one byte too many */
    uint8_t digest[32];
};

static int some_random(void *user, unsigned char *dst, size_t len)
{
    return li_platform_random(user, dst, len) != LI_OK;
}

static void make_signer(struct signer *s, unsigned bits, int e)
{
    memset(s, 0, sizeof *s);
#if MBEDTLS_VERSION_NUMBER < 0x03000000
    mbedtls_rsa_init(&s->rsa, MBEDTLS_RSA_PKCS_V15, 0);
#else
    mbedtls_rsa_init(&s->rsa);
#endif
    assert_int_equal(
        mbedtls_rsa_gen_key(&s->rsa, some_random, NULL, bits, e), 0);
    s->len = bits / 8;
    assert_int_equal(
        mbedtls_rsa_export_raw(&s->rsa, (unsigned char *)s->n, s->len, NULL, 0,
                               NULL, 0, NULL, 0, (unsigned char *)s->e, 4),
        0);
}

static void sign(struct signer *s, li_str text)
{
    int e;

    li_sha256(text, s->digest);
    e = mbedtls_rsa_pkcs1_sign(&s->rsa, some_random, NULL,
#if MBEDTLS_VERSION_NUMBER < 0x03000000
                                   MBEDTLS_RSA_PRIVATE,
#endif
                                   MBEDTLS_MD_SHA256, 32, s->digest,
                                   (unsigned char *)s->signature);

    assert_int_equal(e, 0);
}

static struct signer *new_signer(unsigned bits, int e)
{
    struct signer *s = (struct signer *)calloc(1, sizeof *s);

    make_signer(s, bits, e);
    sign(s, LI_STR(TEXT));
    return s;
}

static void free_signer(struct signer *s)
{
    mbedtls_rsa_free(&s->rsa);
    free(s);
}

/* ---- both hooks, on the same */

static li_rc (*const verifiers[])(void *, const li_str *, li_str, li_str) = {
    li_mbedtls_verify, li_openssl_verify};

static void both(li_str n, li_str e, li_str text, li_str signature, li_rc want)
{
    const li_str key[2] = {guarded(0, n), guarded(1, e)};
    size_t i;

    text = guarded(2, text);
    signature = guarded(3, signature);
    for (i = 0; i < COUNT(verifiers); ++i)
        assert_int_equal(verifiers[i](NULL, key, text, signature), want);
}

static void both_say(const struct signer *s, const char *text, li_rc want)
{
    both(LI_VIEW(s->n, s->len), LI_VIEW(s->e, 4), li_cstr(text),
         LI_VIEW(s->signature, s->len), want);
}

static void keys_of_every_size(void **state)
{
    static const struct { unsigned bits; int e; } keys[] = {
        {2048, 65537}, {2048, 3}, {3072, 65537}, {4096, 65537}};
    size_t i, k;

    (void)state;
    for (i = 0; i < COUNT(keys); ++i) {
        struct signer *s = new_signer(keys[i].bits, keys[i].e);

        both_say(s, TEXT, LI_OK);
        both_say(s, "header.payloae", LI_E_FORGED);
        both_say(s, "", LI_E_FORGED);
        for (k = 0; k < s->len; k += 37) {
            s->signature[k] ^= 1;
            both_say(s, TEXT, LI_E_FORGED);
            s->signature[k] ^= 1;
        }
        s->n[s->len - 2] ^= 2;
        both_say(s, TEXT, LI_E_FORGED);
        free_signer(s);
    }
}

static void lengths_are_exact(void **state)
{
    struct signer *s = new_signer(2048, 65537);
    li_str n = LI_VIEW(s->n, 256), e = LI_VIEW(s->e, 4), text = LI_STR(TEXT);
    char zeros[300] = "";

    (void)state;
    both(n, LI_VIEW(s->e + 1, 3), text, LI_VIEW(s->signature, 256), LI_OK);
    both(n, e, text, LI_VIEW(s->signature, 255), LI_E_FORGED);
    both(n, e, text, LI_VIEW(s->signature, 257), LI_E_FORGED);
    both(n, e, text, LI_STR(""), LI_E_FORGED);
    both(n, e, text, LI_VIEW(zeros, 256), LI_E_FORGED);
    both(n, e, text, n, LI_E_FORGED);
    both(LI_STR(""), e, text, LI_VIEW(s->signature, 256), LI_E_FORGED);
    both(n, LI_STR(""), text, LI_VIEW(s->signature, 256), LI_E_FORGED);
    memcpy(zeros + 1, s->n, 256); /* as a key set may write it */
    both(LI_VIEW(zeros, 257), e, text, LI_VIEW(s->signature, 256), LI_OK);
    free_signer(s);
}

static void a_modulus_beyond_the_adapters(void **state)
{
    char n[513];
    li_str key[2];

    (void)state;
    memset(n, 0xff, sizeof n);
    key[0] = LI_VIEW(n, 513);
    key[1] = LI_STR("\3");
    assert_int_equal(li_mbedtls_verify(NULL, key, LI_STR(TEXT),
                                       LI_VIEW(n, 513)), LI_E_LIMIT);
}

/* Blocks that a lax reader of the padding takes, under a real signature
   (Bleichenbacher 2006 and its kin). */
static void padding_is_exact(void **state)
{
    static const char name[] = "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65"
                               "\x03\x04\x02\x01\x05\x00\x04\x20";
    struct signer *s = new_signer(2048, 3);
    unsigned char block[256];
    unsigned lax;

    (void)state;
    for (lax = 0; lax < 7; ++lax) {
        unsigned char *digest = block + 256 - 32, *at = digest - 20;

        memset(block, 0xff, sizeof block);
        block[0] = 0;
        block[1] = lax == 1 ? 2 : 1;
        *at = lax == 2 ? 1 : 0;
        memcpy(at + 1, name, 19);
        memcpy(digest, s->digest, 32);
        if (lax == 3)
            at[16] = 0x06; /* no NULL */
        if (lax == 4)
            at[15] = 2; /* SHA-384 by name */
        if (lax == 5)
            block[100] = 0xfe;
        if (lax == 6) { /* short padding, rubbish behind */
            memmove(block + 10, at, 52);
            memset(block + 62, 0x5a, 256 - 62);
        }
        assert_int_equal(mbedtls_rsa_private(&s->rsa, some_random, NULL,
                                             block,
                                             (unsigned char *)s->signature),
                         0);
        both_say(s, TEXT, lax ? LI_E_FORGED : LI_OK);
    }
    free_signer(s);
}

/* ---- a whole id_token, by each hook */

static void an_id_token_is_read(void **state)
{
    struct signer *s = new_signer(2048, 65537);
    static char text[2048], keys[1024], mem[LI_ID_MEM];
    li_buf id = LI_BUF(text), jwks = LI_BUF(keys);
    li_token token;
    li_client app = {.client_id = "app", .token = &token, .now = tell};
    li_profile who;
    size_t i;

    (void)state;
    clock_says = 1800000000;
    memset(&token, 0, sizeof token);
    li_base64url_encode(LI_STR("{\"alg\":\"RS256\"}"), &id);
    li_put(&id, LI_STR("."));
    li_base64url_encode(LI_STR("{\"iss\":\"https://www.linkedin.com/oauth\","
                               "\"aud\":\"app\",\"exp\":1800000100,"
                               "\"iat\":1799999900,\"sub\":\"me\"}"), &id);
    sign(s, written(&id));
    li_put(&id, LI_STR("."));
    li_base64url_encode(LI_VIEW(s->signature, s->len), &id);
    token.id_token = written(&id);
    li_put(&jwks, LI_STR("{\"keys\":[{\"kty\":\"RSA\",\"e\":\""));
    li_base64url_encode(LI_VIEW(s->e, 4), &jwks);
    li_put(&jwks, LI_STR("\",\"n\":\""));
    li_base64url_encode(LI_VIEW(s->n, s->len), &jwks);
    li_put(&jwks, LI_STR("\"}]}"));
    for (i = 0; i < COUNT(verifiers); ++i) {
        li_buf out = LI_BUF(mem);
        li_flow flow;

        memset(&flow, 0, sizeof flow);
        app.verify = verifiers[i];
        assert_int_equal(li_id_token_read(&who, &app, &flow, written(&jwks),
                                          &out), LI_OK);
        assert_string_equal(who.id.ptr, "me");
        text[2] ^= 1; /* another header, not signed */
        out = LI_BUF(mem);
        assert_int_not_equal(li_id_token_read(&who, &app, &flow,
                                              written(&jwks), &out), LI_OK);
        text[2] ^= 1;
    }
    free_signer(s);
}

int main(void)
{
    TEST(keys_of_every_size);
    TEST(lengths_are_exact);
    TEST(a_modulus_beyond_the_adapters);
    TEST(padding_is_exact);
    TEST(an_id_token_is_read);
    return RUN("signature");
}
