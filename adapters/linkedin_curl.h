/* linkedin_curl.h - linkedin.h over libcurl, 7.88 or later: names, IPv6 beside
   IPv4, proxies and TLS are libcurl's; the engine speaks HTTP, as always.
   SPDX-License-Identifier: MIT OR Unlicense

       static li_curl curl;                      // all zero: the defaults
       li_transport t = li_curl_transport(&curl);
       if (li_run(&call, &t))                    // as often as you like
           puts(curl.why);
       li_hangup(&t), li_curl_free(&curl);

   Always verified: the certificate's chain, dates and host; TLS 1.2 or later;
   revocation is not. The host must stand among the alternative names (RFC 9110
   section 4.3.4) over OpenSSL and its kin; other TLS back ends do not tell, and
   may take the common name. Several hide whether TLS ended in order: an answer
   that only its end delimits fails with LI_E_CLOSED. HTTPS goes through the
   proxy of the environment or of your setup, in a tunnel; plain HTTP to this
   machine only, through none. A program with threads calls curl_global_init()
   before it starts any; one li_curl per thread at a time. Link: -lcurl. */
#ifndef LINKEDIN_CURL_H
#define LINKEDIN_CURL_H
#ifndef LINKEDIN_H
#include "../linkedin.h"
#endif
#include "linkedin_platform.h"
#include <curl/curl.h>
#if LIBCURL_VERSION_NUM < 0x075800
#error "linkedin_curl.h needs libcurl 7.88 or later"
#endif
#ifdef __cplusplus
extern "C" {
#endif

/** One connection and what outlives it. Zero is the default of every member. It
    stays where it is from first use to li_curl_free(). */
typedef struct li_curl {
    const char *ca_file; /* PEM; NULL: the system's                          */
    uint32_t connect_ms; /* for name, connection, proxy and TLS; 0: 10 s     */
    uint8_t nonblocking; /* 1: never waits                                   */
    CURLM *multi;        /* that many li_curl of one thread share, nonblocking
                            all or none, and nothing else uses: less memory,
                            one CA store. It outlives them. NULL: its own    */
    void (*setup)(void *user, CURL *easy); /* before each connection: your
                            options, as proxy, interface, client certificate.
                            What the adapter lives by is set over them       */
    void *user;          /* handed to setup                                  */
    char why[LI_MAX_HOST + CURL_ERROR_SIZE + 32]; /* what failed last        */
    struct {             /* not yours */
        CURL *easy;
        CURLM *multi;
        CURLcode code;   /* how connecting ended                             */
        uint64_t limit;  /* when the call must be looked at                  */
        curl_socket_t fds[8]; /* n of them: while connecting some may race   */
        int want;        /* what the last of them is for: LI_IO_             */
        uint8_t n, state, tls;
        char url[LI_MAX_HOST + 24], error[CURL_ERROR_SIZE];
    } priv;
} li_curl;

/** The transport. LI_E_DNS: no such name; LI_E_IO: refused; LI_E_TLS;
    LI_E_TIMEOUT; LI_E_CLOSED: the connection broke, or TLS ended; LI_E_SPACE:
    libcurl has no memory. */
LINKEDIN_API li_transport li_curl_transport(li_curl *curl);
/** What to wait for after LI_WANT_READ or LI_WANT_WRITE; CURL_SOCKET_BAD: for
    nothing, until call.wake_ms. */
LINKEDIN_API curl_socket_t li_curl_socket(const li_curl *curl);
/** Closes and frees, after li_hangup(); an all-zero one is none. */
LINKEDIN_API void li_curl_free(li_curl *curl);
#ifdef __cplusplus
}
#endif
#endif /* LINKEDIN_CURL_H */

#if defined(LINKEDIN_IMPLEMENTATION) && !defined(LINKEDIN_CURL_IMPLEMENTED)
#define LINKEDIN_CURL_IMPLEMENTED
#include <stdio.h>
#include <string.h>

/* priv.state; DONE: libcurl has come to an end with connecting */
enum { LI__C_CLOSED, LI__C_OPEN, LI__C_OPENING, LI__C_DONE };

static int li__curl_fail(li_curl *c, li_rc rc, const char *what)
{
    char *at = c->why;
    snprintf(at, sizeof c->why, "%s: %s", c->priv.url, what);
    for (; *at; at++) /* some of it may be the peer's own words */
        *at = *at < ' ' || *at > '~' ? '?' : *at;
    return rc;
}

static int li__curl_failed(li_curl *c, CURLcode e)
{
    int name = e == CURLE_COULDNT_RESOLVE_HOST;
    li_rc rc = name || e == CURLE_COULDNT_RESOLVE_PROXY         ? LI_E_DNS
               : e == CURLE_COULDNT_CONNECT || e == CURLE_PROXY ? LI_E_IO
               : e == CURLE_SEND_ERROR || e == CURLE_RECV_ERROR ? LI_E_CLOSED
               : e == CURLE_OPERATION_TIMEDOUT                  ? LI_E_TIMEOUT
               : e == CURLE_OUT_OF_MEMORY                       ? LI_E_SPACE
               : c->priv.tls ? LI_E_TLS : LI_E_IO; /* of some thirty codes */
    return li__curl_fail(c, rc, *c->priv.error ? c->priv.error
                                               : curl_easy_strerror(e));
}

static li_curl *li__curl_of(CURL *easy)
{
    char *user = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &user);
    return (li_curl *)(void *)user;
}

/* libcurl tells which sockets it waits for while it connects. */
static int li__curl_watch(CURL *easy, curl_socket_t fd, int want, void *user,
                          void *of_socket)
{
    li_curl *c = li__curl_of(easy);
    uint8_t i = 0;
    while (c && i < c->priv.n && c->priv.fds[i] != fd)
        i++;
    if (c && i < c->priv.n && want == CURL_POLL_REMOVE)
        c->priv.fds[i] = c->priv.fds[--c->priv.n];
    if (c && i < 8 && want != CURL_POLL_REMOVE) {
        c->priv.n = (uint8_t)(c->priv.n + (i == c->priv.n));
        c->priv.fds[i] = fd;
        c->priv.want = want == CURL_POLL_IN ? LI_IO_READ : LI_IO_WRITE;
    }
    return (void)user, (void)of_socket, 0;
}

LINKEDIN_API curl_socket_t li_curl_socket(const li_curl *c)
{
    return c->priv.n ? c->priv.fds[c->priv.n - 1] : CURL_SOCKET_BAD;
}

static void li__curl_close(void *user)
{
    li_curl *c = (li_curl *)user;
    if (c->priv.state != LI__C_CLOSED) /* that closes the connection, too */
        curl_multi_remove_handle(c->priv.multi, c->priv.easy);
    c->priv.state = c->priv.n = LI__C_CLOSED;
}

LINKEDIN_API void li_curl_free(li_curl *c)
{
    li__curl_close(c);
    curl_easy_cleanup(c->priv.easy);
    if (!c->multi)
        curl_multi_cleanup(c->priv.multi);
    c->priv.easy = NULL;
    c->priv.multi = NULL;
}

/* The user's options, and over them what the adapter lives by. A libcurl may
   be built without the last ones and without what they guard. */
static CURLcode li__curl_set(li_curl *c, CURL *easy)
{
    CURLcode e = CURLE_OK;
#define LI__SET(option, value) e = e ? e : curl_easy_setopt(easy, option, value)
    curl_easy_reset(easy); /* keeps the TLS session */
    if (c->ca_file && !(e = curl_easy_setopt(easy, CURLOPT_CAINFO, c->ca_file)))
        LI__SET(CURLOPT_CAPATH, (char *)NULL);
    if (c->setup)
        c->setup(c->user, easy);
    LI__SET(CURLOPT_SSL_VERIFYPEER, 1L);
    LI__SET(CURLOPT_SSL_VERIFYHOST, 2L);
    LI__SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    LI__SET(CURLOPT_PROTOCOLS_STR, c->priv.tls ? "https" : "http");
    if (!c->priv.tls)
        LI__SET(CURLOPT_NOPROXY, "*");
    LI__SET(CURLOPT_CONNECT_TO, (struct curl_slist *)NULL);
    LI__SET(CURLOPT_CURLU, (CURLU *)NULL);
    LI__SET(CURLOPT_PORT, 0L);
    LI__SET(CURLOPT_URL, c->priv.url);
    LI__SET(CURLOPT_CONNECT_ONLY, 1L);
    LI__SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1); /* for ALPN */
    LI__SET(CURLOPT_CONNECTTIMEOUT_MS,
            (long)(c->connect_ms ? c->connect_ms : 10000));
    LI__SET(CURLOPT_QUICK_EXIT, 1L); /* waits for no look-up given up */
    LI__SET(CURLOPT_NOSIGNAL, 1L);
    LI__SET(CURLOPT_ERRORBUFFER, c->priv.error);
    LI__SET(CURLOPT_PRIVATE, c);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, NULL);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 1024L);
    return e;
}

static int li__curl_begin(li_curl *c, const char *host, unsigned port, int tls)
{
    int v6 = strchr(host, ':') != NULL;
    CURLcode e = CURLE_OUT_OF_MEMORY;
    snprintf(c->priv.url, sizeof c->priv.url, v6 ? "%s[%s]:%u" : "%s%s:%u",
             tls ? "https://" : "http://", host, port);
    li__curl_close(c);
    c->priv.error[0] = c->why[0] = 0;
    c->priv.tls = tls != 0;
    c->priv.easy = c->priv.easy ? c->priv.easy : curl_easy_init();
    if (!c->priv.multi)
        c->priv.multi = c->multi ? c->multi : curl_multi_init();
    curl_multi_setopt(c->priv.multi, CURLMOPT_SOCKETFUNCTION, li__curl_watch);
    if (c->priv.easy && c->priv.multi)
        e = li__curl_set(c, c->priv.easy);
    if (!e && curl_multi_add_handle(c->priv.multi, c->priv.easy))
        e = CURLE_OUT_OF_MEMORY;
    c->priv.state = e ? LI__C_CLOSED : LI__C_OPENING;
    c->priv.want = LI_IO_WRITE;
    return e ? li__curl_failed(c, e) : 0;
}

/* Connecting has ended. Where the TLS back end shows the certificate, a host
   must stand among its alternative names. */
static int li__curl_settle(li_curl *c)
{
    static const char name[] = "X509v3 Subject Alternative Name:";
    struct curl_tlssessioninfo *tls = NULL;
    struct curl_certinfo *info = NULL;
    const struct curl_slist *line;
    if (c->priv.code)
        return li__curl_failed(c, c->priv.code);
    curl_easy_getinfo(c->priv.easy, CURLINFO_ACTIVESOCKET, c->priv.fds);
#ifndef _WIN32
    fcntl(c->priv.fds[0], F_SETFD, FD_CLOEXEC); /* no child holds it open */
#endif
    c->priv.n = 1;
    c->priv.state = LI__C_OPEN;
    if (curl_easy_getinfo(c->priv.easy, CURLINFO_TLS_SSL_PTR, &tls) ||
        curl_easy_getinfo(c->priv.easy, CURLINFO_CERTINFO, &info) ||
        tls->backend != CURLSSLBACKEND_OPENSSL || !c->priv.tls)
        return 0;
    line = info->num_of_certs > 0 ? info->certinfo[0] : NULL;
    for (; line; line = line->next)
        if (!strncmp(line->data, name, sizeof name - 1) &&
            (strstr(line->data, "DNS:") || strstr(line->data, "IP Address:")))
            return 0;
    li_curl_free(c); /* with its session, which would be resumed */
    return li__curl_fail(c, LI_E_TLS, "the certificate has no host's name");
}

/* While it connects it must be looked at as libcurl's timers say, which forget
   at times, and often where sockets race, for a loop waits for one only. */
static uint32_t li__curl_wake(void *user)
{
    const li_curl *c = (const li_curl *)user;
    long most = c->priv.n > 1 ? 10 : 500, ms = -1;
    curl_multi_timeout(c->priv.multi, &ms);
    return (uint32_t)(ms < 0 || ms > most ? most : ms);
}

/* Waits for the socket, or for all of libcurl's: 0, LI_E_TIMEOUT, or, where it
   must not wait, what for. */
static int li__curl_wait(li_curl *c, int want)
{
    uint64_t now = c->priv.limit ? li_platform_ms(NULL) : 0;
    int open = c->priv.state == LI__C_OPEN;
    uint32_t ms = open ? 0x7fffffff : li__curl_wake(c);
    struct curl_waitfd fd = {c->priv.fds[0], 0, 0};
    if (now && now >= c->priv.limit)
        return li__curl_fail(c, LI_E_TIMEOUT, "out of time");
    if (c->nonblocking)
        return want;
    if (now && c->priv.limit - now < ms)
        ms = (uint32_t)(c->priv.limit - now);
    fd.events = want == LI_IO_READ ? CURL_WAIT_POLLIN : CURL_WAIT_POLLOUT;
    curl_multi_poll(c->priv.multi, &fd, (unsigned)open, (int)ms, NULL);
    return 0;
}

/* Lets libcurl act. What has ended may be another's on the same handle. */
static void li__curl_turn(li_curl *c)
{
    int running, n = c->priv.n;
    CURLMsg *msg;
    while (n-- > 0)
        curl_multi_socket_action(c->priv.multi, c->priv.fds[n], 0, &running);
    curl_multi_socket_action(c->priv.multi, CURL_SOCKET_TIMEOUT, 0, &running);
    while ((msg = curl_multi_info_read(c->priv.multi, &n)) != NULL) {
        li_curl *of = li__curl_of(msg->easy_handle);
        of->priv.code = msg->data.result;
        of->priv.state = LI__C_DONE;
    }
}

static int li__curl_open(void *user, const char *host, unsigned port, int tls)
{
    li_curl *c = (li_curl *)user;
    int rc = c->priv.state < LI__C_OPENING ? li__curl_begin(c, host, port, tls)
                                           : 0;
    while (!rc && c->priv.state == LI__C_OPENING) {
        li__curl_turn(c);
        if (c->priv.state == LI__C_OPENING)
            rc = li__curl_wait(c, c->priv.want);
    }
    rc = rc ? rc : li__curl_settle(c);
    if (rc <= LI_E_ARG)
        li__curl_close(c);
    return rc;
}

static int li__curl_move(li_curl *c, const char *out, char *in, size_t len)
{
    int rc = 0;
    while (!rc) {
        size_t n = 0;
        CURLcode e = out ? curl_easy_send(c->priv.easy, out, len, &n)
                         : curl_easy_recv(c->priv.easy, in, len, &n);
        if (!e && !n && c->priv.tls)
            return li__curl_fail(c, LI_E_CLOSED, "the peer ended TLS");
        if (!e)
            return (int)n;
        rc = e != CURLE_AGAIN
                 ? li__curl_failed(c, e)
                 : li__curl_wait(c, out ? LI_IO_WRITE : LI_IO_READ);
    }
    return rc;
}

static int li__curl_send(void *user, const char *data, size_t len)
{
    return li__curl_move((li_curl *)user, data, NULL, len);
}

static int li__curl_recv(void *user, char *data, size_t cap)
{
    return li__curl_move((li_curl *)user, NULL, data, cap);
}

/* Bytes that wait on an idle connection were asked for by nobody. */
static int li__curl_alive(void *user)
{
    CURL *easy = ((li_curl *)user)->priv.easy;
    size_t n;
    char byte;
    return easy && curl_easy_recv(easy, &byte, 1, &n) == CURLE_AGAIN;
}

static void li__curl_limit(void *user, uint32_t ms)
{
    ((li_curl *)user)->priv.limit = ms ? li_platform_ms(NULL) + ms : 0;
}

LINKEDIN_API li_transport li_curl_transport(li_curl *curl)
{
    li_transport t = {li__curl_open, li__curl_send, li__curl_recv,
                      li__curl_close, li__curl_alive, li_platform_ms,
                      curl->nonblocking ? NULL : li_platform_sleep,
                      li__curl_limit, li__curl_wake, curl->why, curl,
                      {"", 0, 0, 0}};
    return t;
}
#endif /* LINKEDIN_IMPLEMENTATION */
