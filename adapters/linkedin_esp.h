/* linkedin_esp.h - the transport of linkedin.h on ESP-IDF 5: esp-tls.
   SPDX-License-Identifier: MIT OR Unlicense

       static li_esp esp; li_transport via = li_esp_transport(&esp);

   Verified by IDF's certificate bundle, always; dates only with SNTP and
   CONFIG_MBEDTLS_HAVE_TIME_DATE. open waits in either mode, for a name without
   limit. A TLS connection's end, orderly or not, and a reset: LI_E_CLOSED. */
#ifndef LINKEDIN_ESP_H
#define LINKEDIN_ESP_H
#ifndef LINKEDIN_H
#include "../linkedin.h"
#endif
#ifdef __cplusplus
extern "C" {
#endif
/** One connection, of one task. Zero is the default of every member. */
typedef struct li_esp {
    uint32_t timeout_ms; /* of connecting and unlimited waits; 0: 30 s       */
    uint8_t nonblocking; /* 1: send and receive never wait                   */
    int fd;              /* to wait for, while LI_WANT_ is said              */
    char why[128];       /* what failed last, in words                       */
    struct { struct esp_tls *tls; uint64_t limit; int secure; } priv;
} li_esp;
LINKEDIN_API li_transport li_esp_transport(li_esp *l);
#ifdef __cplusplus
}
#endif
#endif /* LINKEDIN_ESP_H; the rest is IDF's, which defines ESP_PLATFORM */
#if defined(LINKEDIN_IMPLEMENTATION) && defined(ESP_PLATFORM) && \
    !defined(LINKEDIN_ESP_IMPLEMENTED)
#define LINKEDIN_ESP_IMPLEMENTED
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <esp_crt_bundle.h>
#include <esp_timer.h>
#include <esp_tls.h>
#include <freertos/FreeRTOS.h>
#include <freertos/task.h>
#ifndef CONFIG_MBEDTLS_CERTIFICATE_BUNDLE
#error "set CONFIG_MBEDTLS_CERTIFICATE_BUNDLE: without it nothing is verified"
#endif
static uint64_t li__esp_ms(void *user)
{ return (void)user, (uint64_t)esp_timer_get_time() / 1000; }
static void li__esp_limit(void *user, uint32_t ms)
{ ((li_esp *)user)->priv.limit = ms ? li__esp_ms(NULL) + ms : 0; }
static int li__esp_sleep(void *user, uint32_t ms)
{
    for (; ms > 9999; ms -= 9999) vTaskDelay(pdMS_TO_TICKS(9999)); /* 32 bits */
    return (void)user, vTaskDelay(pdMS_TO_TICKS(ms) + 1), 0;
}
static uint64_t li__esp_until(const li_esp *l)
{
    return l->priv.limit ? l->priv.limit : li__esp_ms(NULL) +
                           (l->timeout_ms ? l->timeout_ms : 30000);
}
static int li__esp_fail(li_esp *l, int rc, const char *what, int code)
{
    snprintf(l->why, sizeof l->why, "%s (0x%x)", what, (unsigned)code);
    return rc;
}
static void li__esp_close(void *user)
{ li_esp *l = (li_esp *)user; esp_tls_conn_destroy(l->priv.tls);
  l->priv.tls = NULL, l->fd = -1; }
static int li__esp_error(li_esp *l, esp_err_t e, int code, int flags)
{ /* e: of esp-tls; code: of mbedTLS, above 0; flags: of its verification */
    if (e == ESP_ERR_ESP_TLS_CANNOT_RESOLVE_HOSTNAME)
        return li__esp_fail(l, LI_E_DNS, "the name cannot be looked up", e);
    if (e == ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT)
        return li__esp_fail(l, LI_E_TIMEOUT, "out of time", e);
    if (flags) return li__esp_fail(l, LI_E_TLS, "certificate refused", flags);
    if (!l->priv.secure || (code >= 0x42 && code <= 0x52) || /* ERR_NET_... */
        (e >= ESP_ERR_ESP_TLS_BASE && e < ESP_ERR_MBEDTLS_CERT_PARTLY_OK))
        return li__esp_fail(l, LI_E_IO, "no connection", code ? code : e);
    return li__esp_fail(l, LI_E_TLS, "TLS failed", code ? code : e);
}
static int li__esp_open(void *user, const char *host, unsigned port, int tls)
{
    li_esp *l = (li_esp *)user;
    uint64_t until = li__esp_until(l), now = li__esp_ms(NULL);
    esp_tls_error_handle_t h = NULL;
    int done, rc, code = 0, flags = 0;
    esp_tls_cfg_t cfg;
    memset(&cfg, 0, sizeof cfg); /* what is not set is off */
    cfg.crt_bundle_attach = esp_crt_bundle_attach; /* verifies, with the name */
    cfg.is_plain_tcp = !tls;
    cfg.timeout_ms = now < until ? (int)(until - now) : 1;
    li__esp_close(l);
    l->priv.secure = tls;
    if (!(l->priv.tls = esp_tls_init()))
        return li__esp_fail(l, LI_E_IO, "no memory", 0);
    done = esp_tls_conn_new_sync(host, (int)strlen(host), (int)port, &cfg,
                                 l->priv.tls);
    if (done == 1 && !esp_tls_get_conn_sockfd(l->priv.tls, &l->fd))
        return !l->nonblocking || fcntl(l->fd, F_SETFL, O_NONBLOCK) >= 0
                   ? 0 : li__esp_fail(l, LI_E_IO, "no O_NONBLOCK", errno);
    esp_tls_get_error_handle(l->priv.tls, &h);
    rc = esp_tls_get_and_clear_last_error(h, &code, &flags); /* h may be NULL */
    if (!done || (!flags && li__esp_ms(NULL) >= until))
        rc = ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT;
    return li__esp_error(l, rc, code, flags);
}
static int li__esp_move(li_esp *l, int way, char *data, size_t len)
{
    uint64_t until = li__esp_until(l), now;
    int e;
    if (!l->priv.tls) return li__esp_fail(l, LI_E_IO, "not connected", 0);
    while ((now = li__esp_ms(NULL)) < until || l->nonblocking) {
        uint64_t left = now < until ? until - now : 0;
        struct timeval t = {(time_t)(left / 1000), (int)(left % 1000) * 1000};
        ssize_t n;
        setsockopt(l->fd, SOL_SOCKET,
                   way == LI_IO_READ ? SO_RCVTIMEO : SO_SNDTIMEO, &t, sizeof t);
        n = way == LI_IO_READ ? esp_tls_conn_read(l->priv.tls, data, len)
                              : esp_tls_conn_write(l->priv.tls, data, len);
        if (n > 0 || (!n && way == LI_IO_READ && !l->priv.secure))
            return (int)n;
        if (!n && way == LI_IO_READ)
            return li__esp_fail(l, LI_E_CLOSED, "the connection ended", 0);
        e = l->priv.secure ? (int)-n : errno;
        if (l->priv.secure ? e == 0x50 : e == ECONNRESET || e == EPIPE)
            return li__esp_fail(l, LI_E_CLOSED, "the peer reset it", e);
        if (l->priv.secure ? n && n != ESP_TLS_ERR_SSL_WANT_READ &&
                                 n != ESP_TLS_ERR_SSL_WANT_WRITE
                           : e != EAGAIN && e != EWOULDBLOCK)
            return li__esp_error(l, ESP_FAIL, e, 0);
        if (l->nonblocking)
            return n == ESP_TLS_ERR_SSL_WANT_READ ? LI_IO_READ : way;
    }
    return li__esp_error(l, ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT, 0, 0);
}
static int li__esp_send(void *user, const char *data, size_t len)
{ return li__esp_move((li_esp *)user, LI_IO_WRITE, (char *)(size_t)data, len); }
static int li__esp_recv(void *user, char *data, size_t cap)
{ return li__esp_move((li_esp *)user, LI_IO_READ, data, cap); }
static int li__esp_alive(void *user)
{ char c; return recv(((li_esp *)user)->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) < 0
                 && errno == EAGAIN; }
LINKEDIN_API li_transport li_esp_transport(li_esp *l)
{
    li_transport t = {li__esp_open, li__esp_send, li__esp_recv, li__esp_close,
                      li__esp_alive, li__esp_ms, li__esp_sleep, li__esp_limit,
                      NULL, l->why, l, {"", 0, 0, 0}};
    if (l->nonblocking) t.sleep = NULL;
    return t;
}
#endif
