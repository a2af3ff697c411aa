/* linkedin_mbedtls.h - linkedin.h over mbedTLS 2.28, 3.x or 4.x and the
   sockets of linkedin_socket.h. SPDX-License-Identifier: MIT OR Unlicense

       static li_mbedtls tls;
       if (li_mbedtls_init(&tls, NULL))     // NULL: the system's CA bundle
           return puts(tls.why), 1;
       li_transport t = li_mbedtls_transport(&tls);
       ...li_run(&call, &t)...              // as often as you like
       li_hangup(&t);
       li_mbedtls_free(&tls);

   Always verified: the chain, the dates, the host's name, which must stand
   among the certificate's alternative names (RFC 9110 section 4.3.4: the
   common name does not count); TLS 1.2 or later, RSA keys of 2048 bits or
   more, no SHA-1. There is nothing to turn that off. Not checked: revocation.
   A host given as an IP address needs mbedTLS 3.5, and is refused before. Key
   exchange is ephemeral: a key that is stolen later opens nothing. mbedTLS
   does not know name constraints: a CA that is limited to some names by a
   non-critical extension is trusted for all.
   The CA certificates are parsed once, and the TLS session is resumed at the
   next connection to the same host. Link: -lmbedtls -lmbedx509 -lmbedcrypto
   (4.x: -ltfpsacrypto for the last). Needs linkedin_platform.h as well. */
#ifndef LINKEDIN_MBEDTLS_H
#define LINKEDIN_MBEDTLS_H

#ifndef LINKEDIN_H
#include "../linkedin.h"
#endif
#ifndef LINKEDIN_SOCKET_H
#include "linkedin_socket.h"
#endif
#include <mbedtls/version.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>

#if MBEDTLS_VERSION_NUMBER < 0x021c0000
#error "linkedin_mbedtls.h needs mbedTLS 2.28 or later"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** One connection and what outlives it. Stays where it is from init to free.
    Yours to set after init: socket's connect_ms, which is for TLS as well, and
    nonblocking. */
typedef struct li_mbedtls {
    li_socket socket;
    char why[192]; /* what failed last, in words */
    struct {
        mbedtls_x509_crt ca;
        mbedtls_x509_crt_profile profile;
        mbedtls_ssl_config conf;
        mbedtls_ssl_context ssl;
        mbedtls_ssl_session session;    /* of this host:                     */
        char host[LI_MAX_HOST + 1];
        unsigned port;
        int io;          /* what the socket said last                        */
        int suites[64];  /* of ephemeral key exchange; 0 ends them           */
        uint8_t idle;    /* messages without data since the last with some   */
        uint8_t state, has_session, got;
    } priv;
} li_mbedtls;

/** ca: the name of a PEM or DER file; or PEM text, known by its "-----BEGIN";
    or NULL for the system's bundle. LI_E_TLS: why says what is wrong with it.
    To be freed in any case. */
LINKEDIN_API li_rc li_mbedtls_init(li_mbedtls *t, const char *ca);
LINKEDIN_API void li_mbedtls_free(li_mbedtls *t);
/** The transport. Without TLS asked for it passes plain bytes on. After a
    failure t->why tells more than the result. */
LINKEDIN_API li_transport li_mbedtls_transport(li_mbedtls *t);
/** For li_client.verify: checks an RSASSA-PKCS1-v1_5 signature with SHA-256, by
    mbedTLS's PSA. key: modulus and exponent, big-endian bytes. user is not
    looked at, and no li_mbedtls is needed.
    Errors: LI_E_FORGED: it is not that key's; LI_E_LIMIT: a modulus of more
    than 4,096 bits; LI_E_STORE: PSA cannot start.
    Source: RFC 8017 section 8.2.2. */
LINKEDIN_API li_rc li_mbedtls_verify(void *user, const li_str key[2],
                                     li_str text, li_str signature);

#ifdef __cplusplus
}
#endif
#endif /* LINKEDIN_MBEDTLS_H */

#ifdef LINKEDIN_IMPLEMENTATION
#ifndef LINKEDIN_MBEDTLS_IMPLEMENTED
#define LINKEDIN_MBEDTLS_IMPLEMENTED

#include <mbedtls/error.h>
#include <string.h>
#include <psa/crypto.h>
#if MBEDTLS_VERSION_NUMBER >= 0x04000000 || \
    defined(MBEDTLS_USE_PSA_CRYPTO) || defined(MBEDTLS_SSL_PROTO_TLS1_3)
#define LI__TLS_PSA
#endif

/* priv.state */
enum { LI__M_CLOSED, LI__M_CONNECTING, LI__M_SHAKING, LI__M_OPEN, LI__M_PLAIN,
       LI__M_BROKEN };

#define LI__TLS_IDLE 64 /* more messages without data are an attack */

/* "host: why", as far as there is a host. */
static li_buf li__tls_why(li_mbedtls *t)
{
    li_buf out = LI_BUF(t->why);
    li_put(&out, li_cstr(t->priv.host));
    li_put(&out, t->priv.host[0] ? LI_STR(": ") : LI_STR(""));
    return out;
}

static int li__tls_fail(li_mbedtls *t, int rc, const char *why)
{
    li_buf out = li__tls_why(t);
    li_put(&out, li_cstr(why));
    li_buf_end(&out);
    return rc;
}

/* What the socket says has the host in it. */
static int li__tls_fail_below(li_mbedtls *t, int rc)
{
    li_buf out = LI_BUF(t->why);
    li_put(&out, li_cstr(t->socket.why));
    li_buf_end(&out);
    return rc;
}

/* ---- words for what went wrong */

/* mbedTLS's number, as its documents write it: -0x2700. */
static void li__tls_number(li_buf *out, int e)
{
    static const char digits[] = "0123456789ABCDEF";
    unsigned v = 0u - (unsigned)e;
    int shift;
    li_put(out, LI_STR(" (mbedTLS -0x"));
    for (shift = 12; shift >= 0; shift -= 4)
        li_put(out, li__str(digits + ((v >> shift) & 15), 1));
    li_put(out, LI_STR(")"));
}

static const char *li__tls_text(int e)
{
    switch (e) {
    case MBEDTLS_ERR_SSL_CONN_EOF:
        return "the peer closed within TLS, without saying so";
    case MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY:
        return "the peer ended the TLS handshake";
    case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE:
        return "the peer refused TLS, maybe its version or ciphers";
#ifdef MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION /* until 2.28 */
    case MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION:
#else
    case MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION:
#endif
        return "the peer speaks no TLS 1.2 or later";
    case MBEDTLS_ERR_SSL_INVALID_RECORD:
        return "the peer does not speak TLS";
    default:
        return "TLS failed";
    }
}

/* A handshake that breaks off is a failure of TLS, whoever broke it off; behind
   it whatever cannot be read is the end of the connection. */
static int li__tls_error(li_mbedtls *t, int e)
{
    int open = t->priv.state == LI__M_OPEN;
    li_buf out = li__tls_why(t);
    t->priv.state = LI__M_BROKEN;
    if (t->priv.io <= LI_E_ARG && e != MBEDTLS_ERR_SSL_CONN_EOF)
        return li__tls_fail_below(t, open || t->priv.io != LI_E_CLOSED
                                         ? t->priv.io
                                         : (int)LI_E_TLS);
    li_put(&out, li_cstr(li__tls_text(e)));
    li__tls_number(&out, e);
    li_buf_end(&out);
    return open ? LI_E_CLOSED : LI_E_TLS;
}

/* The certificate's faults. */
static int li__tls_distrust(li_mbedtls *t, uint32_t flags)
{
    static const struct {
        uint32_t flag;
        const char *text;
    } rows[] = {
        {MBEDTLS_X509_BADCERT_EXPIRED, "expired"},
        {MBEDTLS_X509_BADCERT_FUTURE,
         "not yet valid: is this device's clock right?"},
        {MBEDTLS_X509_BADCERT_CN_MISMATCH, "for another host"},
        {MBEDTLS_X509_BADCERT_NOT_TRUSTED, "not trusted by the CA bundle"},
        {MBEDTLS_X509_BADCERT_REVOKED, "revoked"},
        {MBEDTLS_X509_BADCERT_MISSING, "missing"},
        {MBEDTLS_X509_BADCERT_KEY_USAGE | MBEDTLS_X509_BADCERT_EXT_KEY_USAGE |
             MBEDTLS_X509_BADCERT_NS_CERT_TYPE, "not made for a server"},
        {MBEDTLS_X509_BADCERT_BAD_MD, "signed with a weak hash"},
        {MBEDTLS_X509_BADCERT_BAD_PK | MBEDTLS_X509_BADCERT_BAD_KEY,
         "of a weak key"}};
    li_buf out = li__tls_why(t);
    size_t i, n = 0;
    t->priv.state = LI__M_BROKEN;
    li_put(&out, LI_STR("the server's certificate is "));
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        li_buf before = out; /* as many of them as there is room for */
        if (!(flags & rows[i].flag))
            continue;
        li_put(&out, n++ ? LI_STR(", ") : LI_STR(""));
        li_put(&out, li_cstr(rows[i].text));
        if (out.need >= sizeof t->why)
            out = before;
    }
    li_put(&out, n ? LI_STR("") : LI_STR("not acceptable"));
    li_buf_end(&out);
    return LI_E_TLS;
}

/* ---- set up once */

static int li__tls_load(li_mbedtls *t, const char *ca)
{
    static const char *const system[] = {
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/usr/local/share/certs/ca-root-nss.crt",
        "/etc/ssl/cert.pem"};
    int e = -1;
    size_t i;
    if (ca && strstr(ca, "-----BEGIN"))
        return mbedtls_x509_crt_parse(&t->priv.ca, (const unsigned char *)ca,
                                      strlen(ca) + 1);
#ifdef MBEDTLS_FS_IO
    if (ca)
        return mbedtls_x509_crt_parse_file(&t->priv.ca, ca);
    for (i = 0; e < 0 && i < sizeof system / sizeof system[0]; i++)
        e = mbedtls_x509_crt_parse_file(&t->priv.ca, system[i]);
#else
    (void)i;
    (void)system;
#endif
    return e;
}

/* mbedTLS takes the common name where there are no alternative names. */
static int li__tls_verify(void *user, mbedtls_x509_crt *crt, int depth,
                          uint32_t *flags)
{
    (void)user;
    if (!depth && !crt->subject_alt_names.buf.p)
        *flags |= MBEDTLS_X509_BADCERT_CN_MISMATCH;
    return 0;
}

#if MBEDTLS_VERSION_NUMBER < 0x04000000
static int li__tls_random(void *user, unsigned char *dst, size_t len)
{
    return li_platform_random(user, dst, len) ? -1 : 0;
}
#endif

/* All of mbedTLS's own choice but those that encrypt a secret to the key of the
   certificate, or need a key shared before: RSA-, ECDH-, PSK. TLS 1.3's names
   do not tell: it knows none of these. */
static void li__tls_choose(li_mbedtls *t)
{
    const int *all = mbedtls_ssl_list_ciphersuites();
    size_t n = 0;
    for (; *all && n + 1 < sizeof t->priv.suites / sizeof *all; all++) {
        const char *name = mbedtls_ssl_get_ciphersuite_name(*all);
        if (!strncmp(name, "TLS-ECDHE-RSA-", 14) ||
            !strncmp(name, "TLS-ECDHE-ECDSA-", 16) ||
            !strncmp(name, "TLS-DHE-RSA-", 12) ||
            !strncmp(name, "TLS1-3-", 7))
            t->priv.suites[n++] = *all;
    }
    t->priv.suites[n] = 0;
    mbedtls_ssl_conf_ciphersuites(&t->priv.conf, t->priv.suites);
}

static void li__tls_configure(li_mbedtls *t)
{
    mbedtls_ssl_config *conf = &t->priv.conf;
    li__tls_choose(t);
    t->priv.profile = mbedtls_x509_crt_profile_default;
    t->priv.profile.allowed_mds = MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA256) |
                                  MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA384) |
                                  MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA512);
    t->priv.profile.rsa_min_bitlen = 2048;
    mbedtls_ssl_conf_cert_profile(conf, &t->priv.profile);
    mbedtls_ssl_conf_authmode(conf, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_ca_chain(conf, &t->priv.ca, NULL);
    mbedtls_ssl_conf_verify(conf, li__tls_verify, NULL);
#if MBEDTLS_VERSION_NUMBER < 0x03020000
    mbedtls_ssl_conf_min_version(conf, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_3);
#else
    mbedtls_ssl_conf_min_tls_version(conf, MBEDTLS_SSL_VERSION_TLS1_2);
#endif
#if MBEDTLS_VERSION_NUMBER < 0x04000000
    mbedtls_ssl_conf_rng(conf, li__tls_random, NULL);
#endif
#if defined(MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED) && \
    defined(MBEDTLS_SSL_SESSION_TICKETS) && defined(MBEDTLS_SSL_PROTO_TLS1_3)
    mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(
        conf, MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
#endif
}

LINKEDIN_API li_rc li_mbedtls_init(li_mbedtls *t, const char *ca)
{
    int e;
    memset(t, 0, sizeof *t);
    mbedtls_x509_crt_init(&t->priv.ca);
    mbedtls_ssl_config_init(&t->priv.conf);
    mbedtls_ssl_init(&t->priv.ssl);
    mbedtls_ssl_session_init(&t->priv.session);
#ifdef LI__TLS_PSA
    if (psa_crypto_init() != PSA_SUCCESS)
        return (li_rc)li__tls_fail(t, LI_E_TLS, "PSA cannot start");
#endif
    e = mbedtls_ssl_config_defaults(&t->priv.conf, MBEDTLS_SSL_IS_CLIENT,
                                    MBEDTLS_SSL_TRANSPORT_STREAM,
                                    MBEDTLS_SSL_PRESET_DEFAULT);
    if (e)
        return (li_rc)li__tls_error(t, e);
    /* above 0: some of a bundle are of a kind that mbedTLS does not know */
    if (li__tls_load(t, ca) < 0)
        return (li_rc)li__tls_fail(t, LI_E_TLS,
                                   "no CA certificates could be read");
    li__tls_configure(t);
    return LI_OK;
}

static void li__tls_forget(li_mbedtls *t)
{
    mbedtls_ssl_session_free(&t->priv.session);
    mbedtls_ssl_session_init(&t->priv.session);
    t->priv.has_session = 0;
}

/* Kept for the next connection. Only once an answer was read: with TLS 1.3
   the ticket comes behind the handshake. */
static void li__tls_remember(li_mbedtls *t)
{
    mbedtls_ssl_session fresh;
    mbedtls_ssl_session_init(&fresh);
    if (mbedtls_ssl_get_session(&t->priv.ssl, &fresh)) {
        mbedtls_ssl_session_free(&fresh);
        return;
    }
    li__tls_forget(t);
    t->priv.session = fresh; /* with all that it points to */
    li_wipe(&fresh, sizeof fresh);
    t->priv.has_session = 1;
}

static void li__tls_close(void *user)
{
    li_mbedtls *t = (li_mbedtls *)user;
    if (t->priv.state == LI__M_OPEN)
        mbedtls_ssl_close_notify(&t->priv.ssl);
    if (t->priv.got)
        li__tls_remember(t);
    mbedtls_ssl_free(&t->priv.ssl);
    mbedtls_ssl_init(&t->priv.ssl);
    li_socket_close(&t->socket);
    t->priv.state = LI__M_CLOSED;
    t->priv.got = t->priv.idle = 0;
}

LINKEDIN_API void li_mbedtls_free(li_mbedtls *t)
{
    li__tls_close(t);
    li__tls_forget(t);
    mbedtls_ssl_config_free(&t->priv.conf);
    mbedtls_x509_crt_free(&t->priv.ca);
}

/* ---- the socket below */

static int li__tls_below(li_mbedtls *t, int n)
{
    t->priv.io = n;
    if (n == LI_IO_READ)
        return MBEDTLS_ERR_SSL_WANT_READ;
    if (n == LI_IO_WRITE)
        return MBEDTLS_ERR_SSL_WANT_WRITE;
    return n >= 0 ? n : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
}

static int li__tls_send_below(void *user, const unsigned char *data,
                              size_t len)
{
    li_mbedtls *t = (li_mbedtls *)user;
    return li__tls_below(
        t, li_socket_send(&t->socket, (const char *)data, len));
}

static int li__tls_recv_below(void *user, unsigned char *data, size_t cap)
{
    li_mbedtls *t = (li_mbedtls *)user;
    return li__tls_below(t, li_socket_recv(&t->socket, (char *)data, cap));
}

static int li__tls_wants(int e)
{
#ifdef MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET
    if (e == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET)
        return 1;
#endif
    return e == MBEDTLS_ERR_SSL_WANT_READ || e == MBEDTLS_ERR_SSL_WANT_WRITE;
}

/* What mbedTLS said, for linkedin.h: 0 is "at once again". It asks to be
   called again behind a message that is no data, such as a ticket, too: the
   next may be in its buffer already, so that only the socket's own word is a
   reason to wait. */
static int li__tls_result(li_mbedtls *t, int e)
{
    if (!li__tls_wants(e))
        return li__tls_error(t, e);
    if (t->priv.io == LI_IO_READ || t->priv.io == LI_IO_WRITE)
        return t->priv.io;
    if (t->priv.idle++ < LI__TLS_IDLE)
        return 0;
    t->priv.state = LI__M_BROKEN;
    return li__tls_fail(t, LI_E_TLS, "too many messages without data");
}

/* ---- a connection */

/* Before anything is sent: the name to be verified, or why it cannot be. */
static const char *li__tls_wrong_name(const char *host)
{
    if (!*host)
        return "no host name to verify";
#if MBEDTLS_VERSION_NUMBER < 0x03050000
    if (strchr(host, ':') || strspn(host, ".0123456789") == strlen(host))
        return "this mbedTLS cannot verify an IP address: use a host name";
#endif
    return strlen(host) > LI_MAX_HOST ? "the host name is too long" : NULL;
}

static int li__tls_begin(li_mbedtls *t, const char *host, unsigned port)
{
    const char *wrong = li__tls_wrong_name(host);
    int e;
    if (wrong)
        return li__tls_fail(t, LI_E_TLS, wrong);
    if (strcmp(host, t->priv.host) || port != t->priv.port)
        li__tls_forget(t);
    memcpy(t->priv.host, host, strlen(host) + 1);
    t->priv.port = port;
    e = mbedtls_ssl_setup(&t->priv.ssl, &t->priv.conf);
    e = e ? e : mbedtls_ssl_set_hostname(&t->priv.ssl, host);
    if (e)
        return li__tls_error(t, e);
    if (t->priv.has_session) /* refused: a full handshake, no harm */
        mbedtls_ssl_set_session(&t->priv.ssl, &t->priv.session);
    mbedtls_ssl_set_bio(&t->priv.ssl, t, li__tls_send_below,
                        li__tls_recv_below, NULL);
    t->priv.state = LI__M_CONNECTING;
    return 0;
}

static int li__tls_shake(li_mbedtls *t)
{
    uint32_t flags;
    int e, rc = 0;
    do {
        t->priv.io = 0;
        e = mbedtls_ssl_handshake(&t->priv.ssl);
        if (e)
            rc = li__tls_result(t, e);
    } while (e && !rc);
    if (rc == LI_IO_READ || rc == LI_IO_WRITE)
        return rc;
    if (rc)
        li__tls_forget(t);
    flags = mbedtls_ssl_get_verify_result(&t->priv.ssl);
    if (flags && (!e || flags != (uint32_t)-1)) /* -1: it came to no check */
        return li__tls_distrust(t, flags);
    if (!rc) {
        li_socket_opened(&t->socket);
        t->priv.state = LI__M_OPEN;
        t->priv.idle = 0;
    }
    return rc;
}

static int li__tls_connect(li_mbedtls *t, const char *host, unsigned port,
                           int next)
{
    int rc = li_socket_connect(&t->socket, host, port);
    if (!rc)
        t->priv.state = (uint8_t)next;
    else if (rc != LI_IO_WRITE)
        li__tls_fail_below(t, rc);
    return rc;
}

static int li__tls_open(void *user, const char *host, unsigned port, int tls)
{
    li_mbedtls *t = (li_mbedtls *)user;
    int rc = 0;
    if (!tls) {
        if (t->priv.state != LI__M_CLOSED)
            li__tls_close(t);
        t->why[0] = 0; /* the socket remembers how far it has come */
        rc = li__tls_connect(t, host, port, LI__M_PLAIN);
        if (!rc)
            li_socket_opened(&t->socket);
        return rc;
    }
    if (t->priv.state != LI__M_CONNECTING && t->priv.state != LI__M_SHAKING) {
        li__tls_close(t);
        t->why[0] = 0;
        rc = li__tls_begin(t, host, port);
    }
    if (!rc && t->priv.state == LI__M_CONNECTING)
        rc = li__tls_connect(t, host, port, LI__M_SHAKING);
    if (!rc)
        rc = li__tls_shake(t);
    return rc;
}

static int li__tls_closed(li_mbedtls *t)
{
    return li__tls_fail(t, LI_E_IO, "not connected");
}

/* What the socket said of plain bytes. */
static int li__tls_plain(li_mbedtls *t, int n)
{
    return n <= LI_E_ARG ? li__tls_fail_below(t, n) : n;
}

static int li__tls_send(void *user, const char *data, size_t len)
{
    li_mbedtls *t = (li_mbedtls *)user;
    int e, rc;
    if (t->priv.state == LI__M_PLAIN)
        return li__tls_plain(t, li_socket_send(&t->socket, data, len));
    do {
        if (t->priv.state != LI__M_OPEN)
            return li__tls_closed(t);
        t->priv.io = 0;
        e = mbedtls_ssl_write(&t->priv.ssl, (const unsigned char *)data, len);
        rc = e > 0 ? e : li__tls_result(t, e);
    } while (!rc);
    return rc;
}

/* RFC 8446 section 6.1: only close_notify is an end; anything else may be
   somebody cutting the answer short. */
static int li__tls_recv(void *user, char *data, size_t cap)
{
    li_mbedtls *t = (li_mbedtls *)user;
    int e, rc;
    if (t->priv.state == LI__M_PLAIN)
        return li__tls_plain(t, li_socket_recv(&t->socket, data, cap));
    do {
        if (t->priv.state != LI__M_OPEN)
            return li__tls_closed(t);
        t->priv.io = 0;
        e = mbedtls_ssl_read(&t->priv.ssl, (unsigned char *)data, cap);
        if (e == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
            return 0;
        if (!e)
            e = MBEDTLS_ERR_SSL_CONN_EOF;
        rc = e > 0 ? e : li__tls_result(t, e);
    } while (!rc);
    if (rc > 0) {
        t->priv.got = 1;
        t->priv.idle = 0;
    }
    return rc;
}

static int li__tls_alive(void *user)
{
    li_mbedtls *t = (li_mbedtls *)user;
    if (t->priv.state != LI__M_PLAIN && t->priv.state != LI__M_OPEN)
        return 0;
    if (t->priv.state == LI__M_OPEN &&
        mbedtls_ssl_check_pending(&t->priv.ssl))
        return 0;
    return li_socket_alive(&t->socket);
}

/* The socket stands first in it, but that is nobody's business. */
static void li__tls_limit(void *user, uint32_t ms)
{
    li_socket_limit(&((li_mbedtls *)user)->socket, ms);
}

static uint32_t li__tls_wake(void *user)
{
    return li_socket_wake(&((li_mbedtls *)user)->socket);
}

LINKEDIN_API li_transport li_mbedtls_transport(li_mbedtls *t)
{
    li_transport out;
    memset(&out, 0, sizeof out);
    out.open = li__tls_open;
    out.send = li__tls_send;
    out.recv = li__tls_recv;
    out.close = li__tls_close;
    out.alive = li__tls_alive;
    out.ms = li_platform_ms;
    out.sleep = t->socket.nonblocking ? NULL : li_platform_sleep;
    out.limit = li__tls_limit;
    out.wake = li__tls_wake;
    out.why = t->why;
    out.user = t;
    return out;
}

/* ---- the signatures of id_tokens */

/* DER, written from the back, as its lengths stand in front. */
typedef struct li__der {
    unsigned char mem[540]; /* RSAPublicKey of 4,096 bits takes 526 */
    size_t at;
} li__der;

static void li__der_head(li__der *der, unsigned char tag, size_t len)
{
    if (len > 255)
        der->mem[--der->at] = (unsigned char)(len & 255);
    der->mem[--der->at] = (unsigned char)(len > 255 ? len >> 8 : len);
    if (len > 127)
        der->mem[--der->at] = len > 255 ? 0x82 : 0x81;
    der->mem[--der->at] = tag;
}

static void li__der_number(li__der *der, li_str bytes)
{
    size_t end = der->at;
    der->at -= bytes.len;
    memcpy(der->mem + der->at, bytes.ptr, bytes.len);
    if (der->mem[der->at] & 0x80)
        der->mem[--der->at] = 0; /* else it would be negative */
    li__der_head(der, 0x02, end - der->at);
}

/* Without leading zeros; 0: empty, or longer than it may be. */
static int li__der_fits(li_str *bytes, size_t most)
{
    while (bytes->len && !*bytes->ptr) {
        bytes->ptr++;
        bytes->len--;
    }
    return bytes->len && bytes->len <= most;
}

LINKEDIN_API li_rc li_mbedtls_verify(void *user, const li_str key[2],
                                     li_str text, li_str signature)
{
    psa_key_attributes_t what = PSA_KEY_ATTRIBUTES_INIT;
    psa_algorithm_t how = PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256);
    li_str n = key[0], e = key[1];
    psa_key_id_t id;
    psa_status_t status;
    li__der der;
    (void)user;
    if (!li__der_fits(&n, 512) || !li__der_fits(&e, 4))
        return n.len > 512 ? LI_E_LIMIT : LI_E_FORGED;
    if (psa_crypto_init() != PSA_SUCCESS)
        return LI_E_STORE;
    der.at = sizeof der.mem; /* RFC 8017, appendix A.1.1 */
    li__der_number(&der, e);
    li__der_number(&der, n);
    li__der_head(&der, 0x30, sizeof der.mem - der.at);
    psa_set_key_type(&what, PSA_KEY_TYPE_RSA_PUBLIC_KEY);
    psa_set_key_usage_flags(&what, PSA_KEY_USAGE_VERIFY_MESSAGE);
    psa_set_key_algorithm(&what, how);
    if (psa_import_key(&what, der.mem + der.at, sizeof der.mem - der.at, &id) !=
        PSA_SUCCESS)
        return LI_E_FORGED;
    status = psa_verify_message(id, how, (const uint8_t *)text.ptr, text.len,
                                (const uint8_t *)signature.ptr, signature.len);
    psa_destroy_key(id);
    return status == PSA_SUCCESS ? LI_OK : LI_E_FORGED;
}

#endif /* LINKEDIN_MBEDTLS_IMPLEMENTED */
#endif /* LINKEDIN_IMPLEMENTATION */
