/* linkedin_openssl.h - the signatures of id_tokens by OpenSSL's libcrypto, 3.0
   or later: for programs that come with linkedin_curl.h, whose libcurl has it
   as a rule. SPDX-License-Identifier: MIT OR Unlicense

       client.verify = li_openssl_verify;

   It needs no set-up and keeps nothing. Link: -lcrypto. */
#ifndef LINKEDIN_OPENSSL_H
#define LINKEDIN_OPENSSL_H
#ifndef LINKEDIN_H
#include "../linkedin.h"
#endif
#include <openssl/opensslv.h>
#if OPENSSL_VERSION_NUMBER < 0x30000000L
#error "linkedin_openssl.h needs OpenSSL 3.0 or later"
#endif
#ifdef __cplusplus
extern "C" {
#endif

/** For li_client.verify: checks an RSASSA-PKCS1-v1_5 signature with SHA-256.
    key: modulus and exponent, big-endian bytes. user is not looked at.
    Errors: LI_E_FORGED: it is not that key's; LI_E_STORE: no memory.
    Source: RFC 8017 section 8.2.2. */
LINKEDIN_API li_rc li_openssl_verify(void *user, const li_str key[2],
                                     li_str text, li_str signature);

#ifdef __cplusplus
}
#endif
#endif /* LINKEDIN_OPENSSL_H */

#ifdef LINKEDIN_IMPLEMENTATION
#ifndef LINKEDIN_OPENSSL_IMPLEMENTED
#define LINKEDIN_OPENSSL_IMPLEMENTED

#include <limits.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

static const unsigned char *li__ossl_bytes(li_str s)
{
    return (const unsigned char *)s.ptr;
}

/* The key of a modulus and an exponent, or NULL. */
static EVP_PKEY *li__ossl_key(const BIGNUM *n, const BIGNUM *e)
{
    EVP_PKEY_CTX *make = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    OSSL_PARAM *params = NULL;
    EVP_PKEY *key = NULL;
    if (build && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e))
        params = OSSL_PARAM_BLD_to_param(build);
    if (make && params && EVP_PKEY_fromdata_init(make) == 1 &&
        EVP_PKEY_fromdata(make, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(make);
    return key;
}

/* 1: the signature is good; 0: it is not; -1: there is no memory. */
static int li__ossl_check(EVP_PKEY *key, li_str text, li_str signature)
{
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    int good = digest ? 0 : -1;
    if (digest && EVP_DigestVerifyInit(digest, NULL, EVP_sha256(), NULL, key) == 1)
        good = EVP_DigestVerify(digest, li__ossl_bytes(signature),
                                signature.len, li__ossl_bytes(text),
                                text.len) == 1;
    EVP_MD_CTX_free(digest);
    return good;
}

LINKEDIN_API li_rc li_openssl_verify(void *user, const li_str key[2],
                                     li_str text, li_str signature)
{
    BIGNUM *n = NULL, *e = NULL;
    EVP_PKEY *rsa = NULL;
    int good = 0;
    (void)user;
    if (key[0].len > INT_MAX || key[1].len > INT_MAX)
        return LI_E_FORGED;
    n = BN_bin2bn(li__ossl_bytes(key[0]), (int)key[0].len, NULL);
    e = BN_bin2bn(li__ossl_bytes(key[1]), (int)key[1].len, NULL);
    if (n && e)
        rsa = li__ossl_key(n, e);
    if (rsa)
        good = li__ossl_check(rsa, text, signature);
    if (!n || !e)
        good = -1;
    EVP_PKEY_free(rsa);
    BN_free(n);
    BN_free(e);
    ERR_clear_error(); /* a forged signature is no error of the program */
    return good > 0 ? LI_OK : good < 0 ? LI_E_STORE : LI_E_FORGED;
}

#endif /* LINKEDIN_OPENSSL_IMPLEMENTED */
#endif /* LINKEDIN_IMPLEMENTATION */
