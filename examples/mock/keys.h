/* keys.h - the RSA key that signs id_tokens, and the public keys as LinkedIn
   lists them. Built with MOCK_NO_TLS there is no library for RSA: the tokens
   then say "none", the list is empty, and no client may take them as proof. */
#ifndef MOCK_KEYS_H
#define MOCK_KEYS_H

#ifdef MOCK_NO_TLS
static void id_sign(li_buf *text)
{
    put(text, "."); /* an empty signature */
}

static void json_keys(li_buf *out) { (void)out; }
#else
enum { KEY_BITS = 2048, KEYS_LISTED = 2 }; /* the one before, too: tokens of
                                              it are still around            */

static mbedtls_rsa_context rsa_key;
static unsigned keys_made; /* the number of the latest is its kid           */
static char key_moduli[KEYS_LISTED][KEY_BITS / 8]; /* of number n at n % 2   */

static int rsa_random(void *user, unsigned char *dst, size_t len)
{
    (void)user;
    random_bytes(dst, len);
    return 0;
}

static void rsa_new(void)
{
    unsigned char *modulus = (void *)key_moduli[++keys_made % KEYS_LISTED];

    if (keys_made > 1)
        mbedtls_rsa_free(&rsa_key);
#if MBEDTLS_VERSION_NUMBER < 0x03000000
    mbedtls_rsa_init(&rsa_key, MBEDTLS_RSA_PKCS_V15, 0);
#else
    mbedtls_rsa_init(&rsa_key);
#endif
    if (mbedtls_rsa_gen_key(&rsa_key, rsa_random, NULL, KEY_BITS, 65537) ||
        mbedtls_rsa_export_raw(&rsa_key, modulus, KEY_BITS / 8, NULL, 0, NULL, 0,
                               NULL, 0, NULL, 0))
        die("no RSA key", NULL);
}

/* Signs "header.claims", and appends ".signature" (RFC 7515 section 5.1). */
static void id_sign(li_buf *text)
{
    unsigned char digest[32], signature[KEY_BITS / 8];

    li_sha256(written(text), digest);
    if (mbedtls_rsa_pkcs1_sign(&rsa_key, rsa_random, NULL,
#if MBEDTLS_VERSION_NUMBER < 0x03000000
                               MBEDTLS_RSA_PRIVATE,
#endif
                               MBEDTLS_MD_SHA256, 32, digest, signature))
        die("no RSA signature", NULL);
    put(text, ".");
    li_base64url_encode(span((char *)signature, sizeof signature), text);
}

static void json_public_key(li_buf *out, unsigned number)
{
    char text[KEY_BITS / 6 + 2], kid[16];
    li_buf n = LI_BUF(text);

    snprintf(kid, sizeof kid, "%u", number);
    li_base64url_encode(span(key_moduli[number % KEYS_LISTED], KEY_BITS / 8),
                        &n);
    json_put(out, "{");
    json_raw(out, "kty", "\"RSA\"");
    json_raw(out, "use", "\"sig\"");
    json_raw(out, "alg", "\"RS256\"");
    json_text(out, "kid", li_cstr(kid));
    json_raw(out, "e", "\"AQAB\"");
    json_text(out, "n", written(&n));
    json_put(out, "}");
}

static void json_keys(li_buf *out)
{
    if (!keys_made)
        rsa_new();
    if (keys_made > 1)
        json_public_key(out, keys_made - 1);
    json_public_key(out, keys_made);
}
#endif

/* Of an id_token. The key is made at the first need; with --change-key there
   is a new one each time. */
static void id_header(li_buf *out)
{
#ifdef MOCK_NO_TLS
    put(out, "{\"typ\":\"JWT\",\"alg\":\"none\"}");
#else
    char text[96];

    if (!keys_made || set.change_key)
        rsa_new();
    snprintf(text, sizeof text,
             "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"%u\"}", keys_made);
    put(out, text);
#endif
}

/* https://www.linkedin.com/oauth/openid/jwks */
static int list_keys(exchange *x)
{
    json_put(&x->out, "{\"keys\":[");
    json_keys(&x->out);
    json_put(&x->out, "]}");
    return answer_json(x, 200);
}
#endif
