/* The byte streams of the network adapters: what a peer sends, and what the
   system says of it. The sockets below linkedin_socket.h are played, those of
   libcurl are a pair whose other end is the fuzzer's; mbedTLS gets the bytes in
   place of TLS records, or is played as well, so that what lies behind its
   handshake is reached.

   An input is a mode, a count of fates, the fates, and the peer's bytes. What
   must hold: where nothing failed but time, the call ends as the engine does on
   the same bytes alone; a failure has its words; nothing goes to a peer before
   it is verified; every socket is closed, every list of addresses freed; a call
   ends within a bound of steps. */
#include "fuzz.h"
#include "adapters/linkedin_platform.h"
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>

enum { PLAIN, PLAIN_TLS, TLS_BYTES, TLS_PLAYED, CURL_PLAIN, CURL_TLS,
       TLS_PLAIN, MODES };

static struct {
    const uint8_t *fates;
    size_t fates_left, at, steps;
    li_str bytes;             /* of the peer, for this connection and on     */
    uint64_t ms;
    int mode, sockets, lists, hurt, verified, nonblocking;
    uint32_t pieces;
} p;

static unsigned fate(void)
{
    p.steps++;
    if (!p.fates_left)
        return 0;
    p.fates_left--;
    return *p.fates++;
}

/* One fate in a few makes something fail; 1 to n: how. */
static unsigned failure(unsigned n)
{
    unsigned how = fate();
    if (!how || how > n)
        return 0;
    p.hurt = 1;
    return how;
}

/* ---- the system, as linkedin_socket.h sees it */

static int fails(int error)
{
    errno = error;
    return -1;
}

static int play_addresses(struct addrinfo **list)
{
    static struct sockaddr_in6 nowhere;
    static struct addrinfo all[6];
    static const int errors[] = {EAI_NONAME, EAI_MEMORY, EAI_AGAIN};
    unsigned how = failure(3), n, i;
    if (how)
        return errors[how - 1];
    n = 1 + fate() % 6;
    memset(all, 0, sizeof all);
    for (i = 0; i < n; i++) {
        all[i].ai_family = fate() & 1 ? AF_INET6 : AF_INET;
        all[i].ai_socktype = SOCK_STREAM;
        all[i].ai_addr = (struct sockaddr *)&nowhere;
        all[i].ai_addrlen = sizeof nowhere;
        all[i].ai_next = i + 1 < n ? &all[i + 1] : NULL;
    }
    *list = all;
    p.lists++;
    return 0;
}

static int play_socket(int family, int type, int protocol)
{
    (void)family, (void)type, (void)protocol;
    if (failure(1))
        return fails(EMFILE);
    return 100 + p.sockets++;
}

static int play_close(int fd)
{
    CLAIM(fd >= 100 && p.sockets > 0);
    p.sockets--;
    return 0;
}

static int play_connect(void)
{
    static const int errors[] = {ECONNREFUSED, EINPROGRESS, EINTR};
    unsigned how = fate();
    p.hurt |= how == 1;
    return how >= 1 && how <= 3 ? fails(errors[how - 1]) : 0;
}

/* Nothing happens: then time goes by. */
static int play_poll(struct pollfd *of, unsigned n, int ms)
{
    unsigned how = fate(), i;
    CLAIM(n);
    if (how == 1)
        return fails(EINTR);
    if (how == 2) {
        p.ms += ms > 0 ? (unsigned)ms : 1;
        return 0;
    }
    if (how == 3) {
        p.hurt = 1;
        return fails(ENOMEM);
    }
    for (i = 0; i < n; i++)
        of[i].revents = how < 8 || (how >> 3 & 1u << i) || i + 1 == n ? POLLOUT
                                                                      : 0;
    return 1;
}

static int play_flags(int fd, int which, ...)
{
    CLAIM(fd >= 100);
    (void)which;
    return failure(1) ? fails(EBADF) : 0;
}

static int play_getsockopt(int *e, const socklen_t *size)
{
    unsigned how = failure(2);
    CLAIM(*size == sizeof *e);
    if (how == 2)
        return fails(ENOBUFS);
    *e = how ? ECONNREFUSED : 0;
    return 0;
}

static int play_option(int name)
{
    return (name == SO_RCVTIMEO || name == SO_SNDTIMEO) && failure(1)
               ? fails(EINVAL) : 0;
}

static ssize_t play_io(int *stop)
{
    static const int errors[] = {EINTR, EAGAIN, ECONNRESET, EPIPE, ETIMEDOUT,
                                 ECONNABORTED, EIO};
    unsigned how = fate();
    *stop = how >= 1 && how <= 7;
    if (!*stop)
        return 0;
    p.hurt |= how > 2;
    if (how == 2 && !p.nonblocking)
        p.ms += 5;
    return fails(errors[how - 1]);
}

static ssize_t play_recv(char *dst, size_t cap, int flags)
{
    size_t n = p.bytes.len - p.at;
    int stop;
    ssize_t got = play_io(&stop);
    CLAIM(cap && p.sockets == 1);
    if (stop)
        return got;
    n = p.pieces ? piece(&p.pieces, n) : n;
    n = n < cap ? n : cap;
    memcpy(dst, p.bytes.ptr + p.at, n);
    if (!(flags & MSG_PEEK))
        p.at += n;
    return (ssize_t)n;
}

static ssize_t play_send(const char *data, size_t len)
{
    int stop;
    ssize_t got = play_io(&stop);
    CLAIM(len && p.sockets == 1);
    if (p.mode == TLS_BYTES || p.mode == TLS_PLAYED) {
        li_str sent = li__str(data, len);
        CLAIM(p.verified || li__find(sent, LI_STR("SECRET")) > len);
    }
    if (stop)
        return got;
    return p.pieces ? (ssize_t)piece(&p.pieces, len) : (ssize_t)len;
}

static uint64_t play_ms(void)
{
    return p.ms;
}

#define getaddrinfo(host, service, hints, list)                                \
    ((void)(hints), play_addresses(list))
#define freeaddrinfo(list) (CLAIM_LIST, p.lists--)
#define CLAIM_LIST ((void)(p.lists == 1 ? 0 : (abort(), 0)))
#define socket(family, type, protocol) play_socket(family, type, protocol)
#define close(fd) play_close(fd)
#define connect(fd, address, len) play_connect()
#define poll(of, n, ms) play_poll(of, n, ms)
#define getsockopt(fd, level, name, to, size)                                  \
    play_getsockopt((int *)(void *)(to), size)
#define setsockopt(fd, level, name, value, size)                               \
    ((void)(value), play_option(name))
#define fcntl(fd, ...) play_flags(fd, __VA_ARGS__)
#define recv(fd, dst, cap, flags) play_recv(dst, cap, flags)
#define send(fd, data, len, flags) play_send(data, len)
#define li_platform_ms(user) ((void)(user), play_ms())
#include "adapters/linkedin_socket.h"

/* ---- mbedTLS, itself or played */

static int li__tls_recv_below(void *user, unsigned char *data, size_t cap);
static int li__tls_send_below(void *user, const unsigned char *data,
                              size_t len);
static void *tls_user; /* the adapter, as mbedTLS's callbacks get it         */

/* What mbedTLS may say instead of moving bytes; 0: nothing. */
static int tls_says(void)
{
    static const int says[] = {MBEDTLS_ERR_SSL_WANT_READ,
                               MBEDTLS_ERR_SSL_WANT_WRITE,
                               MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE,
                               MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION,
                               MBEDTLS_ERR_SSL_INVALID_RECORD,
                               MBEDTLS_ERR_SSL_CONN_EOF,
                               MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY, -0x7780};
    unsigned how = fate();
    p.hurt |= how >= 3 && how <= 8;
    return how >= 1 && how <= 8 ? says[how - 1] : 0;
}

static int play_handshake(mbedtls_ssl_context *ssl)
{
    unsigned char byte;
    int e;
    if (p.mode == TLS_BYTES)
        return mbedtls_ssl_handshake(ssl);
    e = tls_says();
    if (!e && fate() & 1) { /* it takes a byte of the peer's */
        e = li__tls_recv_below(tls_user, &byte, 1);
        p.hurt = 1;
        e = e > 0 ? 0 : e ? e : MBEDTLS_ERR_SSL_CONN_EOF;
    }
    return e;
}

static uint32_t play_verify_result(const mbedtls_ssl_context *ssl)
{
    unsigned how;
    if (p.mode == TLS_BYTES)
        return mbedtls_ssl_get_verify_result(ssl);
    how = failure(34);
    p.verified = !how;
    return how > 32 ? (uint32_t)-1 : how ? UINT32_C(1) << (how - 1) : 0;
}

static int play_read(mbedtls_ssl_context *ssl, unsigned char *dst, size_t cap)
{
    int e;
    if (p.mode == TLS_BYTES)
        return mbedtls_ssl_read(ssl, dst, cap);
    CLAIM(p.verified);
    e = tls_says();
    e = e ? e : li__tls_recv_below(tls_user, dst, cap);
    if (e)
        return e;
    if (fate() != 1)
        return MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY;
    p.hurt = 1;
    return 0;
}

static int play_write(mbedtls_ssl_context *ssl, const unsigned char *data,
                      size_t len)
{
    int e;
    if (p.mode == TLS_BYTES)
        return mbedtls_ssl_write(ssl, data, len);
    CLAIM(p.verified);
    e = tls_says();
    return e ? e : li__tls_send_below(tls_user, data, len);
}

static int play_session(const mbedtls_ssl_context *ssl,
                        mbedtls_ssl_session *to)
{
    if (p.mode == TLS_BYTES)
        return mbedtls_ssl_get_session(ssl, to);
    return fate() == 1 ? 0 : -1;
}

#define mbedtls_ssl_handshake(ssl) play_handshake(ssl)
#define mbedtls_ssl_get_verify_result(ssl) play_verify_result(ssl)
#define mbedtls_ssl_read(ssl, dst, cap) play_read(ssl, dst, cap)
#define mbedtls_ssl_write(ssl, data, len) play_write(ssl, data, len)
#define mbedtls_ssl_get_session(ssl, to) play_session(ssl, to)
#define mbedtls_ssl_check_pending(ssl) (fate() == 1)
#define mbedtls_ssl_close_notify(ssl)                                          \
    (p.mode == TLS_PLAYED ? 0 : mbedtls_ssl_close_notify(ssl))
#include "adapters/linkedin_mbedtls.h"
#undef close
#undef socket
#undef fcntl
#undef send
#undef recv
#undef connect

/* ---- libcurl, over a pair of sockets */

static int peer_end = -1;

static curl_socket_t open_pair(void *user, curlsocktype what,
                               struct curl_sockaddr *address)
{
    int ends[2];
    size_t left = p.bytes.len - p.at;
    (void)user, (void)what, (void)address;
    if (failure(1) || socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
        return CURL_SOCKET_BAD;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    if (peer_end >= 0)
        close(peer_end);
    peer_end = ends[1];
    CLAIM(send(peer_end, p.bytes.ptr + p.at, left, 0) == (ssize_t)left);
    p.at = p.bytes.len;
    shutdown(peer_end, SHUT_WR);
    return ends[0];
}

/* In the place of the C library's: libcurl 7.88 connects whatever
   CURLOPT_SOCKOPTFUNCTION says of a socket that is connected already. */
int connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t len)
{
    (void)fd, (void)address, (void)len;
    return 0;
}

static CURLcode curl_says(void)
{
    static const CURLcode says[] = {CURLE_AGAIN, CURLE_RECV_ERROR,
                                    CURLE_SEND_ERROR, CURLE_OUT_OF_MEMORY,
                                    CURLE_OPERATION_TIMEDOUT,
                                    CURLE_SSL_CONNECT_ERROR};
    unsigned how = fate();
    p.hurt |= how >= 2 && how <= 6;
    p.ms += how == 1;
    return how >= 1 && how <= 6 ? says[how - 1] : CURLE_OK;
}

static CURLcode play_curl_recv(CURL *easy, void *dst, size_t cap, size_t *n)
{
    CURLcode e = curl_says();
    if (p.pieces)
        cap = piece(&p.pieces, cap);
    return e ? e : curl_easy_recv(easy, dst, cap, n);
}

static CURLcode play_curl_send(CURL *easy, const void *data, size_t len,
                               size_t *n)
{
    CURLcode e = curl_says();
    if (p.pieces)
        len = piece(&p.pieces, len);
    return e ? e : curl_easy_send(easy, data, len, n);
}

#define curl_easy_recv(easy, dst, cap, n) play_curl_recv(easy, dst, cap, n)
#define curl_easy_send(easy, data, len, n) play_curl_send(easy, data, len, n)
#include "adapters/linkedin_curl.h"

static void set_up(void *user, CURL *easy)
{
    (void)user;
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_pair);
    curl_easy_setopt(easy, CURLOPT_CAINFO, (char *)NULL);
    curl_easy_setopt(easy, CURLOPT_CAPATH, (char *)NULL);
}

/* ---- a call */

static char work[8192];

static int is_tls(void)
{
    return p.mode == PLAIN_TLS || p.mode == TLS_BYTES ||
           p.mode == TLS_PLAYED || p.mode == CURL_TLS;
}

/* What the engine makes of the bytes alone. */
static li_rc alone(li_call *call, const li_client *app, const li_req *req,
                   li_str bytes)
{
    li_rc rc = li_begin(call, app, req, work, sizeof work);
    while ((rc = li_step(call)) > 0) {
        size_t room;
        char *in;
        if (rc == LI_WANT_OPEN) {
            li_opened(call, 0);
            continue;
        }
        if (rc == LI_WANT_WRITE) {
            li_out_ack(call, li_out_buf(call).len);
            continue;
        }
        in = li_in_buf(call, &room);
        room = room < bytes.len ? room : bytes.len;
        if (!room) {
            li_in_eof(call);
            continue;
        }
        memcpy(in, bytes.ptr, room);
        bytes = li__cut(bytes, room, bytes.len);
        li_in_ack(call, room);
    }
    return rc;
}

/* As long as it waits, time goes by. */
static li_rc drive(li_call *call, li_transport *via)
{
    li_rc rc;
    while ((rc = li_run(call, via)) > 0) {
        unsigned how = fate();
        CLAIM(p.nonblocking && rc != LI_WANT_SLEEP);
        CLAIM(p.steps < 4000 + 40 * p.bytes.len);
        if (call->wake_ms != UINT64_MAX && how == 1 && call->wake_ms > p.ms)
            p.ms = call->wake_ms;
        else
            p.ms += how;
        if (how == 2)
            li_fail(call, LI_E_CANCELLED), p.hurt = 1;
    }
    return rc;
}

static void judge(const li_call *call, li_rc rc, const char *why)
{
    const char *at;
    CLAIM(rc == LI_OK || (rc <= LI_E_IO && rc >= LI_E_CANCELLED) ||
          rc == LI_E_SPACE);
    CLAIM(!p.hurt || rc || call->status);
    if (rc == LI_E_IO || rc == LI_E_DNS || rc == LI_E_TLS)
        CLAIM(*why);
    for (at = why; *at; at++)
        CLAIM((unsigned char)*at >= ' ');
    if (p.mode == TLS_BYTES || p.mode == PLAIN_TLS || p.mode == CURL_TLS)
        CLAIM(rc < 0 && !call->bytes_in);
}

static void calls(li_transport *via, int timed)
{
    static const li_policy limits = {.total_ms = 3000, .idle_ms = 900};
    li_client app = {.access_token = "AT-SECRET",
                     .api_base = is_tls() ? "https://localhost:1"
                                          : "http://127.0.0.1:1",
                     .policy = timed ? &limits : NULL};
    li_req req = {.path = "/"};
    li_call first, call;
    uint64_t want = 1, got = 1;
    li_rc rc = alone(&first, &app, &req, p.bytes), other;
    unsigned again;
    fold(&want, first.body.ptr, first.body.len);
    li_begin(&call, &app, &req, work, sizeof work);
    other = drive(&call, via);
    judge(&call, other, via->why);
    fold(&got, call.body.ptr, call.body.len);
    if (!p.hurt && other != LI_E_TIMEOUT && !is_tls())
        CLAIM(other == rc && call.status == first.status &&
              (rc || want == got));
    for (again = 0; again < 2 && !other; again++) { /* it may be kept */
        li_begin(&call, &app, &req, work, sizeof work);
        other = drive(&call, via);
        judge(&call, other, via->why);
    }
    li_hangup(via);
}

static void over_socket(int timed)
{
    li_socket s;
    li_transport via;
    memset(&s, 0, sizeof s);
    s.nonblocking = (uint8_t)p.nonblocking;
    via = li_socket_transport(&s);
    if (p.pieces & 2)
        via.alive = li_socket_alive;
    calls(&via, timed);
}

/* A CA whose key nobody has. */
static const char ca[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBdTCCARugAwIBAgIUGmOih09KMYBC+ExC8h38WsFOneIwCgYIKoZIzj0EAwIw\n"
    "DzENMAsGA1UEAwwEZnV6ejAgFw0yNjExMzAyMTQxNDhaGA8yMTI2MTEwNjIxNDE0\n"
    "OFowDzENMAsGA1UEAwwEZnV6ejBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEEd\n"
    "ZPXkZxz6n4h1RKaJ4xQy3AeE31kR4hb0LwcfHihG+I0m6uGrMr4ivHzh4UfSexCx\n"
    "lgw4bGOKI7oyTkLBhIujUzBRMB0GA1UdDgQWBBQaMXnE2cADxs6J3Tc/ran0jWn1\n"
    "VzAfBgNVHSMEGDAWgBQaMXnE2cADxs6J3Tc/ran0jWn1VzAPBgNVHRMBAf8EBTAD\n"
    "AQH/MAoGCCqGSM49BAMCA0gAMEUCIQCCiA2vbS4zjM4D0SN+9ZxUuiPut7QGDncL\n"
    "jLpnd5scVwIgWG42ULSNLEM6jK5tSa15UuYyhzK26le92gm46EZtsZo=\n"
    "-----END CERTIFICATE-----\n";

static void over_mbedtls(int timed)
{
    static li_mbedtls t;
    li_transport via;
    tls_user = &t;
    CLAIM(!li_mbedtls_init(&t, ca));
    t.socket.nonblocking = (uint8_t)p.nonblocking;
    via = li_mbedtls_transport(&t);
    calls(&via, timed);
    li_mbedtls_free(&t);
}

static void over_curl(int timed)
{
    static li_curl c;
    li_transport via;
    memset(&c, 0, sizeof c);
    c.setup = set_up;
    c.nonblocking = (uint8_t)p.nonblocking;
    via = li_curl_transport(&c);
    calls(&via, timed);
    li_curl_free(&c);
    if (peer_end >= 0)
        close(peer_end);
    peer_end = -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy;
    if (size < 2)
        return 0;
    memset(&p, 0, sizeof p);
    p.mode = (data[0] & 7) % MODES;
    p.nonblocking = data[0] >> 3 & 1;
    p.pieces = data[0] & 32 ? 1u | data[1] << 1 : 0;
    p.fates = data + 2;
    p.fates_left = data[1] < size - 2 ? data[1] : size - 2;
    p.bytes.len = size - 2 - p.fates_left;
    copy = (char *)malloc(p.bytes.len + !p.bytes.len);
    memcpy(copy, data + 2 + p.fates_left, p.bytes.len);
    p.bytes.ptr = copy;
    p.ms = 1000;
    if (p.mode == PLAIN || p.mode == PLAIN_TLS)
        over_socket(data[0] >> 4 & 1);
    else if (p.mode == CURL_PLAIN || p.mode == CURL_TLS)
        over_curl(data[0] >> 4 & 1);
    else
        over_mbedtls(data[0] >> 4 & 1);
    CLAIM(!p.sockets && !p.lists);
    free(copy);
    return 0;
}
