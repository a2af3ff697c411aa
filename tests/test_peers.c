/* One table of hostile peers, and each of them over both network adapters,
   plain and within TLS: they must agree with the table everywhere, in bounded
   memory, and leave no connection open that another call would take.
   cc test_peers.c -lcmocka -lcurl -lmbedtls -lmbedx509 -lmbedcrypto */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"
#include "../adapters/linkedin_curl.h"
#include "../adapters/linkedin_mbedtls.h"
#include "../adapters/linkedin_platform.h"
#include "../adapters/linkedin_socket.h"

#include "peers.h"
#include "process.h"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <sys/resource.h>

/* A sanitizer has memory of its own, which is not the library's. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED 0
#endif
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "quarantine_size_mb=1:detect_leaks=1";
}

/* ---- the table */

/* What the peer does behind its bytes. HOLD: nothing, until we hang up; END:
   closes, within TLS without close_notify; BREAK: resets; AGAIN: sends `again`
   without end; SLOWLY: sends the bytes one each 30 ms; EARLY: answers before it
   has read the body, and reads no more; BEFORE: answers before the request */
enum { HOLD, END, BREAK, AGAIN, SLOWLY, EARLY, BEFORE };

struct peer {
    int line;
    const char *what, *bytes;
    size_t len;
    int then;
    const char *again;
    li_rc rc, tls_rc; /* tls_rc: where it differs                            */
    int status;
    const char *body; /* LI_OK: that is the body                             */
};

#define H "HTTP/1.1 200 OK\r\n"
#define CL "Content-Length: "
#define TE "Transfer-Encoding: "
#define CHUNKED H TE "chunked\r\n\r\n"
#define OK_HEAD H CL "2\r\n"
#define TEXT(bytes) bytes, sizeof(bytes) - 1
/* the framing cannot be trusted: told at once, whether more comes or not */
#define BAD(what, bytes) \
    {__LINE__, what, TEXT(bytes), HOLD, NULL, LI_E_PROTOCOL, LI_OK, 0, NULL}
#define CUT(what, bytes) \
    {__LINE__, what, TEXT(bytes), END, NULL, LI_E_CLOSED, LI_OK, 0, NULL}
#define ENDLESS(what, bytes, again) \
    {__LINE__, what, TEXT(bytes), AGAIN, again, LI_E_LIMIT, LI_OK, 0, NULL}
#define GOOD(what, bytes, status, body) \
    {__LINE__, what, TEXT(bytes), HOLD, NULL, LI_OK, LI_OK, status, body}

static const struct peer peers[] = {
    /* RFC 9112 section 4: the status line */
    BAD("no HTTP at all", "hello\r\n\r\n"),
    BAD("HTTP/0.9", "<html>hello</html>"),
    BAD("HTTP/2.0", "HTTP/2.0 200 OK\r\n" CL "2\r\n\r\n{}"),
    BAD("http in lower case", "http/1.1 200 OK\r\n" CL "2\r\n\r\n{}"),
    BAD("status of two digits", "HTTP/1.1 20 OK\r\n" CL "2\r\n\r\n{}"),
    BAD("status of four digits", "HTTP/1.1 2000 OK\r\n" CL "2\r\n\r\n{}"),
    BAD("status 99999", "HTTP/1.1 99999 OK\r\n" CL "2\r\n\r\n{}"),
    BAD("status below 100", "HTTP/1.1 099 OK\r\n" CL "2\r\n\r\n{}"),
    BAD("status with a letter", "HTTP/1.1 2xx OK\r\n" CL "2\r\n\r\n{}"),
    BAD("two spaces before the status", "HTTP/1.1  200 OK\r\n\r\n"),
    BAD("a tab before the status", "HTTP/1.1\t200 OK\r\n\r\n"),
    BAD("an empty line before it", "\r\n" OK_HEAD "\r\n{}"),
    BAD("a space before it", " " OK_HEAD "\r\n{}"),
    BAD("a minor version of two digits", "HTTP/1.10 200 OK\r\n\r\n"),
    BAD("NUL in the reason", "HTTP/1.1 200 O\0K\r\n" CL "2\r\n\r\n{}"),
    BAD("bare LF behind the status line",
        "HTTP/1.1 200 OK\n" CL "2\r\n\r\n{}"),
    BAD("bare CR in the status line",
        "HTTP/1.1 200 O\rK\r\n" CL "2\r\n\r\n{}"),
    /* RFC 9112 section 5: header lines */
    BAD("space before the colon", H "Content-Length : 2\r\n\r\n{}"),
    BAD("a folded line", H "X-A: 1\r\n b\r\n" CL "2\r\n\r\n{}"),
    BAD("a line without a colon", H "nonsense\r\n" CL "2\r\n\r\n{}"),
    BAD("an empty name", H ": x\r\n" CL "2\r\n\r\n{}"),
    BAD("a name with a bracket", H "X(A): x\r\n" CL "2\r\n\r\n{}"),
    BAD("a name that is not ASCII", H "X\xc3\xa4: x\r\n" CL "2\r\n\r\n{}"),
    BAD("a field that begins as a status line does",
        H "HTTP/1.1 404 Not: Found\r\n" CL "2\r\n\r\n{}"),
    BAD("NUL in a name", H "X\0A: x\r\n" CL "2\r\n\r\n{}"),
    BAD("NUL in a value", H "X-A: x\0y\r\n" CL "2\r\n\r\n{}"),
    BAD("DEL in a value", H "X-A: x\x7fy\r\n" CL "2\r\n\r\n{}"),
    BAD("ESC in a value", H "X-A: \x1b[2J\r\n" CL "2\r\n\r\n{}"),
    BAD("bare LF behind a header", H CL "2\n\r\n{}"),
    BAD("bare CR in a value", H "X-A: x\ry\r\n" CL "2\r\n\r\n{}"),
    BAD("bare LF as the head's end", H CL "2\r\n\n{}"),
    BAD("CR CR LF as the head's end", H CL "2\r\n\r\r\n{}"),
    BAD("CR and a letter as the head's end", H CL "2\r\n\rX\r\n{}"),
    /* RFC 9110 section 8.6 */
    BAD("length +2", H CL "+2\r\n\r\n{}"),
    BAD("length -2", H CL "-2\r\n\r\n{}"),
    BAD("length 0x2", H CL "0x2\r\n\r\n{}"),
    BAD("length 2.0", H CL "2.0\r\n\r\n{}"),
    BAD("length 2^64 + 2", H CL "18446744073709551618\r\n\r\n{}"),
    BAD("length 2^64", H CL "18446744073709551616\r\n\r\n{}"),
    BAD("length 2, 2", H CL "2, 2\r\n\r\n{}"),
    BAD("length 2 2", H CL "2 2\r\n\r\n{}"),
    BAD("length 2;", H CL "2;\r\n\r\n{}"),
    BAD("no length behind its name", H CL "\r\n\r\n{}"),
    BAD("two different lengths", H CL "2\r\n" CL "3\r\n\r\n{}x"),
    BAD("two equal lengths", H CL "2\r\n" CL "2\r\n\r\n{}"),
    /* RFC 9112 section 6.1 */
    BAD("length and chunked", H CL "2\r\n" TE "chunked\r\n\r\n0\r\n\r\n"),
    BAD("chunked and length", H TE "chunked\r\n" CL "2\r\n\r\n0\r\n\r\n"),
    BAD("chunked, identity", H TE "chunked, identity\r\n\r\n0\r\n\r\n"),
    BAD("gzip, chunked", H TE "gzip, chunked\r\n\r\n0\r\n\r\n"),
    BAD("identity", H TE "identity\r\n\r\n{}"),
    BAD("xchunked", H TE "xchunked\r\n\r\n0\r\n\r\n"),
    BAD("chunked;q=1", H TE "chunked;q=1\r\n\r\n0\r\n\r\n"),
    BAD("chunked twice", H TE "chunked\r\n" TE "chunked\r\n\r\n0\r\n\r\n"),
    BAD("chunked, then identity in another field",
        H TE "chunked\r\n" TE "identity\r\n\r\n0\r\n\r\n"),
    BAD("an empty coding", H TE "\r\n\r\n{}"),
    BAD("chunked in HTTP/1.0",
        "HTTP/1.0 200 OK\r\n" TE "chunked\r\n\r\n0\r\n\r\n"),
    /* RFC 9112 section 7.1 */
    BAD("chunk 0x2", CHUNKED "0x2\r\n{}\r\n0\r\n\r\n"),
    BAD("chunk -2", CHUNKED "-2\r\n{}\r\n0\r\n\r\n"),
    BAD("chunk +2", CHUNKED "+2\r\n{}\r\n0\r\n\r\n"),
    BAD("an empty chunk size", CHUNKED "\r\n{}\r\n0\r\n\r\n"),
    BAD("a chunk size of 17 digits",
        CHUNKED "10000000000000002\r\n{}\r\n0\r\n\r\n"),
    BAD("space before a chunk size", CHUNKED " 2\r\n{}\r\n0\r\n\r\n"),
    BAD("space behind a chunk size", CHUNKED "2 \r\n{}\r\n0\r\n\r\n"),
    BAD("space in a chunk size", CHUNKED "2 2\r\n{}\r\n0\r\n\r\n"),
    BAD("bare LF behind a chunk size", CHUNKED "2\n{}\r\n0\r\n\r\n"),
    BAD("LF in a chunk extension", CHUNKED "2;a\nb\r\n{}\r\n0\r\n\r\n"),
    BAD("NUL in a chunk extension", CHUNKED "2;a\0b\r\n{}\r\n0\r\n\r\n"),
    BAD("no CRLF behind a chunk", CHUNKED "2\r\n{}0\r\n\r\n"),
    BAD("bare LF behind a chunk", CHUNKED "2\r\n{}\n0\r\n\r\n"),
    BAD("a chunk longer than its size", CHUNKED "2\r\n{}x\r\n0\r\n\r\n"),
    BAD("space before a trailer's colon",
        CHUNKED "0\r\nX-T : 1\r\n\r\n"),
    BAD("a folded trailer", CHUNKED "0\r\nX-T: 1\r\n 2\r\n\r\n"),
    BAD("a trailer without a colon", CHUNKED "0\r\nnonsense\r\n\r\n"),
    BAD("bare LF behind the trailers", CHUNKED "0\r\n\n"),
    /* what nobody asked for */
    BAD("101 unasked", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"),
    BAD("gzip unasked", H "Content-Encoding: gzip\r\n" CL "2\r\n\r\n{}"),
    BAD("br unasked", H "content-encoding: br\r\n" CL "2\r\n\r\n{}"),
    BAD("gzip behind identity", H "Content-Encoding: identity, gzip\r\n"
                                CL "2\r\n\r\n{}"),
    /* without end */
    ENDLESS("endless headers", H, "X-A: 1\r\n"),
    ENDLESS("one endless header", H "X-A: ", "aaaaaaaaaaaaaaaa"),
    ENDLESS("an endless name", H, "aaaaaaaaaaaaaaaa"),
    ENDLESS("an endless reason", "HTTP/1.1 200 ", "OKOKOKOKOKOKOKOK"),
    ENDLESS("endless 103", "", "HTTP/1.1 103 Early\r\n\r\n"),
    ENDLESS("endless 100 with headers", "",
            "HTTP/1.1 100 Go\r\nX-A: 1\r\n\r\n"),
    ENDLESS("an endless chunk extension", CHUNKED "2;", "aaaaaaaaaaaaaaaa"),
    ENDLESS("an endless chunk size", CHUNKED, "0000000000000000"),
    ENDLESS("endless trailers", CHUNKED "0\r\n", "X-T: 1\r\n"),
    ENDLESS("one endless trailer", CHUNKED "0\r\nX-T: ", "aaaaaaaaaaaaaaaa"),
    {__LINE__, "an endless body by length", TEXT(H CL "9999999999\r\n\r\n"),
     AGAIN, "0123456789abcdef", LI_E_SPACE, LI_OK, 200, NULL},
    {__LINE__, "an endless body in one chunk",
     TEXT(CHUNKED "ffffffffffffffff\r\n"), AGAIN, "0123456789abcdef",
     LI_E_SPACE, LI_OK, 200, NULL},
    {__LINE__, "endless chunks", TEXT(CHUNKED), AGAIN, "4\r\nabcd\r\n",
     LI_E_SPACE, LI_OK, 200, NULL},
    {__LINE__, "an endless body up to the end", TEXT(H "\r\n"), AGAIN,
     "0123456789abcdef", LI_E_SPACE, LI_OK, 200, NULL},
    /* cut off */
    CUT("closed at once", ""),
    CUT("cut in the status line", "HTTP/1.1 2"),
    CUT("cut behind the status line", H),
    CUT("cut in a header", H "Content-Le"),
    CUT("cut before the empty line", H CL "2\r\n"),
    CUT("cut in the empty line", H CL "2\r\n\r"),
    CUT("cut behind a 103", "HTTP/1.1 103 Early\r\n\r\n"),
    CUT("a body cut, by length", H CL "9\r\n\r\n{}"),
    CUT("a body cut, in a chunk", CHUNKED "9\r\n{}"),
    CUT("a body cut, between chunks", CHUNKED "2\r\n{}\r\n"),
    CUT("a body cut, in the last chunk's line", CHUNKED "2\r\n{}\r\n0"),
    CUT("a body cut, before the last line", CHUNKED "2\r\n{}\r\n0\r\n"),
    CUT("a body cut, in a trailer", CHUNKED "2\r\n{}\r\n0\r\nX-T: 1"),
    {__LINE__, "reset at once", TEXT(""), BREAK, NULL, LI_E_CLOSED, LI_OK, 0,
     NULL},
    {__LINE__, "reset in the head", TEXT(H "X-A:"), BREAK, NULL, LI_E_CLOSED,
     LI_OK, 0, NULL},
    {__LINE__, "reset in the body", TEXT(H CL "9\r\n\r\n{}"), BREAK, NULL,
     LI_E_CLOSED, LI_OK, 200, NULL},
    {__LINE__, "only the end delimits the body", TEXT(H "\r\n{}"), END, NULL,
     LI_OK, LI_E_CLOSED, 200, "{}"},
    {__LINE__, "HTTP/1.0, and only the end delimits the body",
     TEXT("HTTP/1.0 200 OK\r\n\r\n{}"), END, NULL, LI_OK, LI_E_CLOSED, 200,
     "{}"},
    /* late */
    {__LINE__, "silence", TEXT(""), HOLD, NULL, LI_E_TIMEOUT, LI_OK, 0, NULL},
    {__LINE__, "silence in the head", TEXT(H "X-A"), HOLD, NULL, LI_E_TIMEOUT,
     LI_OK, 0, NULL},
    {__LINE__, "silence in the body", TEXT(H CL "9\r\n\r\n{}"), HOLD, NULL,
     LI_E_TIMEOUT, LI_OK, 200, NULL},
    {__LINE__, "silence before the last chunk",
     TEXT(CHUNKED "2\r\n{}\r\n"), HOLD, NULL, LI_E_TIMEOUT, LI_OK, 200, NULL},
    {__LINE__, "a byte each 30 ms", TEXT(H "X-A: 1\r\nX-B: 2\r\n\r\n"), SLOWLY,
     NULL, LI_E_TIMEOUT, LI_OK, 0, NULL},
    /* odd, but to be taken; the connection is of no use behind the first ones */
    GOOD("a second answer unasked", OK_HEAD "\r\n{}" OK_HEAD "\r\n[]", 200,
         "{}"),
    GOOD("junk behind the body", OK_HEAD "\r\n{}junk", 200, "{}"),
    GOOD("junk behind the last chunk",
         CHUNKED "2\r\n{}\r\n0\r\n\r\njunk", 200, "{}"),
    GOOD("204 with a body", "HTTP/1.1 204 No\r\n" CL "2\r\n\r\n{}", 204, ""),
    GOOD("204 with chunks",
         "HTTP/1.1 204 No\r\n" TE "chunked\r\n\r\n0\r\n\r\n", 204, ""),
    GOOD("304 with a body", "HTTP/1.1 304 No\r\n" CL "2\r\n\r\n{}", 304, ""),
    GOOD("close, but held open",
         H "Connection: close\r\n" CL "2\r\n\r\n{}", 200, "{}"),
    {__LINE__, "an answer before the request", TEXT(OK_HEAD "\r\n{}"), BEFORE,
     NULL, LI_OK, LI_OK, 200, "{}"},
    {__LINE__, "413 before the body is sent",
     TEXT("HTTP/1.1 413 Large\r\n" CL "2\r\n\r\n{}"), EARLY, NULL, LI_OK,
     LI_OK, 413, "{}"},
    GOOD("identity unasked", H "Content-Encoding: identity\r\n"
                             CL "2\r\n\r\n{}", 200, "{}"),
    GOOD("trailers that change nothing",
         CHUNKED "2\r\n{}\r\n0\r\n" CL "9\r\nX-RestLi-Id: forged\r\n"
                 "Location: /forged\r\nAuthorization: x\r\n\r\n", 200, "{}"),
    GOOD("a redirect to elsewhere",
         "HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1:1/\r\n" CL
         "0\r\n\r\n", 302, ""),
    GOOD("interim answers before it", "HTTP/1.1 100 Go\r\n\r\n"
         "HTTP/1.1 103 Early\r\nLocation: /forged\r\n\r\n" OK_HEAD "\r\n{}",
         200, "{}"),
    GOOD("no reason", "HTTP/1.1 200\r\n" CL "2\r\n\r\n{}", 200, "{}"),
    GOOD("status 999", "HTTP/1.1 999 No\r\n" CL "2\r\n\r\n{}", 999, "{}"),
    GOOD("zeros before a length", H CL "0002\r\n\r\n{}", 200, "{}"),
    GOOD("chunk extensions", CHUNKED "2;a=\"b\"\r\n{}\r\n0;z\r\n\r\n", 200,
         "{}"),
    GOOD("chunks of a byte", CHUNKED "1\r\n{\r\n001\r\n}\r\n0\r\n\r\n", 200,
         "{}"),
};

/* ---- the peer */

/* One connection of the peer's: a socket, or TLS over it. */
struct line {
    int fd;
    mbedtls_ssl_context *ssl;
};

static int line_send(void *user, const unsigned char *data, size_t len)
{
    ssize_t n = send(*(int *)user, data, len, MSG_NOSIGNAL);

    return n < 0 ? MBEDTLS_ERR_SSL_INTERNAL_ERROR : (int)n;
}

static int line_recv(void *user, unsigned char *data, size_t len)
{
    ssize_t n = recv(*(int *)user, data, len, 0);

    return n < 0 ? MBEDTLS_ERR_SSL_INTERNAL_ERROR : (int)n;
}

static int peer_random(void *user, unsigned char *dst, size_t len)
{
    return li_platform_random(user, dst, len) != LI_OK;
}

static struct line line_open(int fd, int tls)
{
    static mbedtls_ssl_config conf;
    static mbedtls_ssl_context ssl;
    static mbedtls_x509_crt chain;
    static mbedtls_pk_context key;
    static int socket_of;
    struct line l = {fd, NULL};
    int on = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!tls)
        return l;
    socket_of = fd;
    mbedtls_ssl_config_init(&conf);
    mbedtls_ssl_init(&ssl);
    mbedtls_x509_crt_init(&chain);
    mbedtls_pk_init(&key);
#if MBEDTLS_VERSION_NUMBER < 0x03000000
    if (mbedtls_pk_parse_keyfile(&key, in_folder("good.key"), NULL))
        _exit(2);
#else
    if (mbedtls_pk_parse_keyfile(&key, in_folder("good.key"), NULL,
                                 peer_random, NULL))
        _exit(2);
#endif
    if (mbedtls_x509_crt_parse_file(&chain, in_folder("good.pem")) ||
        mbedtls_ssl_config_defaults(&conf, MBEDTLS_SSL_IS_SERVER,
                                    MBEDTLS_SSL_TRANSPORT_STREAM,
                                    MBEDTLS_SSL_PRESET_DEFAULT) ||
        mbedtls_ssl_conf_own_cert(&conf, &chain, &key))
        _exit(2);
    mbedtls_ssl_conf_rng(&conf, peer_random, NULL);
    if (mbedtls_ssl_setup(&ssl, &conf))
        _exit(2);
    mbedtls_ssl_set_bio(&ssl, &socket_of, line_send, line_recv, NULL);
    if (mbedtls_ssl_handshake(&ssl))
        _exit(3);
    l.ssl = &ssl;
    return l;
}

/* 1: all of it went. */
static int say_bytes(struct line *l, const char *data, size_t len)
{
    while (len) {
        int n = l->ssl ? mbedtls_ssl_write(l->ssl, (const unsigned char *)data,
                                           len)
                       : (int)send(l->fd, data, len, MSG_NOSIGNAL);

        if (n <= 0)
            return 0;
        data += n;
        len -= (size_t)n;
    }
    return 1;
}

static int hear(struct line *l, char *dst, size_t cap)
{
    return l->ssl ? mbedtls_ssl_read(l->ssl, (unsigned char *)dst, cap)
                  : (int)recv(l->fd, dst, cap, 0);
}

/* Reads a request's head: 1 when it is whole. */
static int hear_request(struct line *l, struct record *record)
{
    char text[8192] = "";
    size_t len = 0;
    int n;

    while (!strstr(text, "\r\n\r\n")) {
        n = hear(l, text + len, sizeof text - 1 - len);
        if (n <= 0)
            return 0;
        len += (size_t)n;
        text[len] = 0;
    }
    record->len++; /* requests */
    return 1;
}

static void act(struct line *l, const struct peer *row, struct record *record)
{
    struct linger hard = {1, 0};
    char rest[4096], block[4096];
    size_t i, len = row->again ? strlen(row->again) : 0, sent = 0;

    if (row->then != BEFORE && !hear_request(l, record))
        return;
    for (i = 0; row->then == SLOWLY && i < row->len; i++) {
        usleep(30000);
        if (!say_bytes(l, row->bytes + i, 1))
            return;
    }
    if (row->then != SLOWLY && row->len)
        say_bytes(l, row->bytes, row->len);
    for (i = 0; len && (i + 1) * len <= sizeof block; i++)
        memcpy(block + i * len, row->again, len);
    while (row->then == AGAIN && sent < (256u << 20) &&
           say_bytes(l, block, i * len))
        sent += i * len;
    if (row->then == BREAK)
        setsockopt(l->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    if (row->then == EARLY) /* let the client run into a full pipe */
        usleep(50000);
    while (row->then != END && row->then != BREAK &&
           hear(l, rest, sizeof rest) > 0)
        if (row->then == BEFORE)
            record->len = 1;
}

/* Two connections in plain text, then two within TLS. */
static void be_peer(int at, const struct peer *row, struct record *record)
{
    unsigned i;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (i = 0; i < 2 * WAYS; i++) {
        int fd = accept(at, NULL, NULL);
        struct line l = line_open(fd, i >= WAYS);

        record->connections++;
        act(&l, row, record);
        close(fd);
    }
    _exit(0);
}

static struct server serve_peer(const struct peer *row)
{
    int fd;
    struct server s = fork_server(&fd);

    if (!s.pid)
        be_peer(fd, row, s.record);
    return s;
}

/* ---- the client */

static size_t give_much(void *user, uint64_t at, char *dst, size_t cap)
{
    (void)user;
    (void)at;
    memset(dst, 'x', cap);
    return cap;
}

static long most_kb; /* over the start, of all rows so far */
static long start_kb;

static void meet(const struct peer *row, const struct server *s, int which,
                 int tls)
{
    static const li_policy patience = {.total_ms = 8000};
    /* by what the peer is to do, and not by the whole: a busy machine may take
       long to connect */
    static const li_policy haste = {.first_byte_ms = 1000, .idle_ms = 300};
    static const li_policy slowly = {.total_ms = 1000};
    struct trial *t = trial(tls ? "https" : "http", "localhost", s->port);
    li_rc rc, want = tls && row->tls_rc ? row->tls_rc : row->rc;
    struct way w;
    int good;

    way_open(&w, which, 0, 0);
    t->me.policy = row->rc != LI_E_TIMEOUT ? &patience
                   : row->then == SLOWLY   ? &slowly : &haste;
    if (row->then == EARLY) {
        t->req.read = give_much;
        t->req.read_len = 64u << 20;
    }
    rc = run(t, &w.over);
    good = rc == want && t->call.status == (row->status ? row->status
                                                        : t->call.status);
    if (rc == LI_OK)
        good = good && row->body &&
               same(t->call.body, li_cstr(row->body)) &&
               !li_header(&t->call, LI_H_RESTLI_ID).ptr;
    else
        good = good && t->call.sent && w.over.priv.state == LI__CLOSED;
    /* a reused connection would have the junk on it */
    if (good && strstr(row->what, "unasked") == NULL &&
        strstr(row->what, "behind the") != NULL && rc == LI_OK)
        good = w.over.priv.state == LI__CLOSED;
    if (memory_kb() - start_kb > most_kb)
        most_kb = memory_kb() - start_kb;
    if (!good)
        print_error("over %s%s: %s (%d), status %d, body %.*s; %s\n",
                    way_names[which], tls ? " within TLS" : "",
                    li_strerror(rc), rc, t->call.status,
                    (int)t->call.body.len, t->call.body.ptr ? t->call.body.ptr
                                                            : "",
                    w.over.why);
    way_close(&w);
    assert_true(good);
}

static void hostile_peer(void **state)
{
    const struct peer *row = (const struct peer *)*state;
    struct server s = serve_peer(row);
    int i;

    for (i = 0; i < 2 * WAYS; i++)
        meet(row, &s, i % WAYS, i >= WAYS);
    assert_int_equal(s.record->connections, 2 * WAYS); /* none was repeated */
    stop(&s);
}

/* Behind all rows, so that it speaks of all of them. */
static void memory_stays_small(void **state)
{
    (void)state;
    print_message("hostile peers: %zu, memory over the start: %ld KB\n",
                  COUNT(peers), most_kb);
    assert_true(most_kb < (SANITIZED ? 4 * 8192 : 8192));
}

/* ---- a kept connection */

/* Answers; behind `wait` sends bytes that nobody asked for, or closes. */
static void unasked(int at, const char *bytes, int tls,
                    struct record *record)
{
    unsigned i;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (i = 0; i < 2; i++) {
        int fd = accept(at, NULL, NULL);
        struct line l = line_open(fd, tls);
        char rest[1024];

        record->connections++;
        if (!hear_request(&l, record) ||
            !say_bytes(&l, OK2, sizeof OK2 - 1))
            _exit(1);
        if (i == 0 && *bytes)
            say_bytes(&l, bytes, strlen(bytes));
        record->text[0] = 1; /* said */
        while ((i || *bytes) && hear(&l, rest, sizeof rest) > 0)
            continue;
        close(fd);
    }
    _exit(0);
}

struct stale {
    int line;
    const char *what, *bytes;
    int which, tls;
};

#define STALE "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"

static const struct stale stales[] = {
    {__LINE__, "bytes between two calls, curl", STALE, CURL_WAY, 0},
    {__LINE__, "bytes between two calls, mbedtls", STALE, MBEDTLS_WAY, 0},
    {__LINE__, "bytes between two calls, curl, TLS", STALE, CURL_WAY, 1},
    {__LINE__, "bytes between two calls, mbedtls, TLS", STALE, MBEDTLS_WAY, 1},
    {__LINE__, "one byte between two calls, curl", "\r", CURL_WAY, 0},
    {__LINE__, "one byte between two calls, mbedtls", "\r", MBEDTLS_WAY, 0},
    {__LINE__, "the end between two calls, curl", "", CURL_WAY, 0},
    {__LINE__, "the end between two calls, mbedtls", "", MBEDTLS_WAY, 0},
    {__LINE__, "the end between two calls, curl, TLS", "", CURL_WAY, 1},
    {__LINE__, "the end between two calls, mbedtls, TLS", "", MBEDTLS_WAY, 1},
};

static void stale_is_not_taken(void **state)
{
    const struct stale *row = (const struct stale *)*state;
    struct server s;
    struct trial *t;
    struct way w;
    unsigned i;
    int fd;

    s.port = 0;
    fd = listen_here(&s.port);
    s.record = (struct record *)mmap(NULL, sizeof *s.record,
                                     PROT_READ | PROT_WRITE,
                                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    s.pid = fork();
    if (!s.pid)
        unasked(fd, row->bytes, row->tls, s.record);
    close(fd);
    t = trial(row->tls ? "https" : "http", "localhost", s.port);
    way_open(&w, row->which, 0, 0);
    t->req.method = "POST"; /* which is never repeated */
    for (i = 0; i < 2; i++) {
        assert_int_equal(run(t, &w.over), LI_OK);
        assert_text(t->call.body, LI_STR("{}"));
        while (!i && !*(volatile char *)s.record->text)
            usleep(1000);
        usleep(20000);
    }
    assert_int_equal(s.record->connections, 2);
    way_close(&w);
    stop(&s);
}

/* ---- peers that do not get as far as an answer within TLS */

struct stranger {
    int line;
    const char *what, *bytes;
    size_t len;
    int then;
    li_rc rc;
};

static const struct stranger strangers[] = {
    {__LINE__, "TLS: closed at once", TEXT(""), END, LI_E_TLS},
    {__LINE__, "TLS: reset at once", TEXT(""), BREAK, LI_E_TLS},
    {__LINE__, "TLS: plain HTTP", TEXT("HTTP/1.1 400 No\r\n\r\n"), END,
     LI_E_TLS},
    {__LINE__, "TLS: an alert", TEXT("\25\3\3\0\2\2\50"), END, LI_E_TLS},
    {__LINE__, "TLS: a record of 65,535",
     TEXT("\26\3\3\377\377\2\0\0\0\0\0\0\0\0\0\0\0"), HOLD, LI_E_TLS},
    {__LINE__, "TLS: cut in the record's head", TEXT("\26\3\3\0"), END,
     LI_E_TLS},
    {__LINE__, "TLS: cut in the hello", TEXT("\26\3\3\0\172\2\0\0\166\3\3"),
     END, LI_E_TLS},
    {__LINE__, "TLS: hello of SSL 3", TEXT("\26\3\0\0\6\2\0\0\2\3\0"), HOLD,
     LI_E_TLS},
    {__LINE__, "TLS: zeros", TEXT("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), HOLD,
     LI_E_TLS},
    {__LINE__, "TLS: silence", TEXT(""), HOLD, LI_E_TIMEOUT},
};

static void be_stranger(int at, const struct stranger *row,
                        struct record *record)
{
    struct linger hard = {1, 0};
    char hello[4096];
    unsigned i;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (i = 0; i < WAYS; i++) {
        int fd = accept(at, NULL, NULL);

        record->connections++;
        if (recv(fd, hello, sizeof hello, 0) <= 0 ||
            send(fd, row->bytes, row->len, MSG_NOSIGNAL) < 0)
            _exit(1);
        if (row->then == BREAK)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        while (row->then == HOLD && recv(fd, hello, sizeof hello, 0) > 0)
            continue;
        close(fd);
    }
    _exit(0);
}

static void stranger_is_refused(void **state)
{
    const struct stranger *row = (const struct stranger *)*state;
    struct server s;
    int fd, i;

    s.port = 0;
    fd = listen_here(&s.port);
    s.record = (struct record *)mmap(NULL, sizeof *s.record,
                                     PROT_READ | PROT_WRITE,
                                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    s.pid = fork();
    if (!s.pid)
        be_stranger(fd, row, s.record);
    close(fd);
    for (i = 0; i < WAYS; i++) {
        struct trial *t = trial("https", "localhost", s.port);
        struct way w;
        li_rc rc;

        way_open(&w, i, 0, row->rc == LI_E_TIMEOUT ? 300 : 0);
        rc = run(t, &w.over);
        if (rc != row->rc)
            print_error("over %s: %s\n", way_names[i], w.over.why);
        assert_int_equal(rc, row->rc);
        assert_int_equal(t->call.sent, 0);
        assert_non_null(strstr(w.over.why, "localhost"));
        way_close(&w);
    }
    assert_int_equal(s.record->connections, WAYS);
    stop(&s);
}

/* ---- certificates */

#define OLD "-HTTP -cipher DEFAULT@SECLEVEL=0 "

struct certificate {
    int line;
    const char *what, *name, *options, *host;
    li_rc rc;
};

static const struct certificate certificates[] = {
    {__LINE__, "TLS: good", "good", "-HTTP", "localhost", LI_OK},
    {__LINE__, "TLS: good, 1.2 only", "good", "-HTTP -tls1_2", "localhost",
     LI_OK},
    {__LINE__, "TLS: whole chain", "leaf", "-HTTP -cert_chain mid.pem",
     "localhost", LI_OK},
    {__LINE__, "TLS: intermediate missing", "leaf", "-HTTP", "localhost",
     LI_E_TLS},
    {__LINE__, "TLS: other host", "other", "-HTTP", "localhost", LI_E_TLS},
    {__LINE__, "TLS: a wildcard for all", "star", "-HTTP", "localhost",
     LI_E_TLS},
    {__LINE__, "TLS: expired", "expired", "-HTTP", "localhost", LI_E_TLS},
    {__LINE__, "TLS: not yet valid", "future", "-HTTP", "localhost",
     LI_E_TLS},
    {__LINE__, "TLS: self-signed", "self", "-HTTP", "localhost", LI_E_TLS},
    {__LINE__, "TLS: unknown CA", "stray", "-HTTP -cert_chain rogue.pem",
     "localhost", LI_E_TLS},
    {__LINE__, "TLS: signed by no CA", "fake", "-HTTP -cert_chain good.pem",
     "localhost", LI_E_TLS},
    {__LINE__, "TLS: for clients only", "client", "-HTTP", "localhost",
     LI_E_TLS},
    {__LINE__, "TLS: RSA 1024", "rsa1024", OLD, "localhost", LI_E_TLS},
    {__LINE__, "TLS: SHA-1", "sha1", OLD, "localhost", LI_E_TLS},
    {__LINE__, "TLS: name in CN only", "cn", "-HTTP", "localhost", LI_E_TLS},
    {__LINE__, "TLS: name in CN only, 1.2", "cn", "-HTTP -tls1_2",
     "localhost", LI_E_TLS},
    {__LINE__, "TLS: name in CN, a mailbox beside it", "mail", "-HTTP",
     "localhost", LI_E_TLS},
    {__LINE__, "TLS: name certificate, asked by address", "good", "-HTTP",
     "127.0.0.1", LI_E_TLS},
    {__LINE__, "TLS: 1.1 only", "good", OLD "-tls1_1", "localhost", LI_E_TLS},
    {__LINE__, "TLS: 1.0 only", "good", OLD "-tls1", "localhost", LI_E_TLS},
    {__LINE__, "TLS: no encryption", "good",
     "-HTTP -tls1_2 -cipher NULL-SHA256:@SECLEVEL=0", "localhost", LI_E_TLS},
    {__LINE__, "TLS: nobody known", "good",
     "-HTTP -tls1_2 -cipher aNULL:@SECLEVEL=0", "localhost", LI_E_TLS},
};

/* Twice over the same adapter: what was refused is not resumed. */
static void certificate_is_judged(void **state)
{
    const struct certificate *row = (const struct certificate *)*state;
    struct server s = tls_server(row->name, row->options);
    int i, k;

    for (i = 0; i < WAYS; i++) {
        struct trial *t = trial("https", row->host, s.port);
        struct way w;

        way_open(&w, i, 0, 0);
        for (k = 0; k < 2; k++) {
            li_rc rc = run(t, &w.over);

            if (rc != row->rc)
                print_error("over %s: %s\n", way_names[i], w.over.why);
            assert_int_equal(rc, row->rc);
            assert_int_equal(t->call.sent, !rc);
            assert_true(!w.over.why[0] == !rc);
            if (!rc)
                assert_text(t->call.body, LI_STR("{}"));
            li_hangup(&w.over);
        }
        way_close(&w);
    }
    stop(&s);
}

int main(void)
{
    int failed;

    make_folder();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    start_kb = memory_kb();
    ROWS(peers, hostile_peer);
    TEST(memory_stays_small);
    ROWS(stales, stale_is_not_taken);
    ROWS(strangers, stranger_is_refused);
    ROWS(certificates, certificate_is_judged);
    failed = RUN("peers");
    remove_folder();
    return failed;
}
