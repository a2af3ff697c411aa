/* server.h - the connections: one thread, one poll() loop. */
#ifndef MOCK_SERVER_H
#define MOCK_SERVER_H

#include "http.h"

/* ---- connections */

typedef struct conn {
    int fd;                /* -1: free                                      */
    short wants;           /* what poll() shall wait for                    */
    uint8_t loopback, handshaking, closing, draining, abrupt;
    uint8_t told;          /* to go on with the body                        */
    intake sent;           /* so far, of an upload                          */
    int64_t hold_until;    /* 0: no hold                                    */
    int64_t drip_ms;       /* 0: all at once                                */
    int64_t deadline;
    size_t in_len, scanned, out_len, out_at;
    size_t stall_at;       /* SIZE_MAX: it does not stall                   */
#ifndef MOCK_NO_TLS
    mbedtls_ssl_context ssl;
    mbedtls_net_context net;
#endif
    char in[MAX_HEAD + MAX_BODY];
    char out[1024 + MAX_EXTRA + MAX_ANSWER];
} conn;

static conn conns[MAX_CONNS];

#ifndef MOCK_NO_TLS
static struct {
    mbedtls_ssl_config config;
    mbedtls_x509_crt cert;
    mbedtls_pk_context key;
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
} tls;

static int load_key(void)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
    return psa_crypto_init() ||
           mbedtls_pk_parse_keyfile(&tls.key, set.key, NULL,
                                    mbedtls_ctr_drbg_random, &tls.random);
#else
    return mbedtls_pk_parse_keyfile(&tls.key, set.key, NULL);
#endif
}

static void tls_open(void)
{
    mbedtls_ssl_config_init(&tls.config);
    mbedtls_x509_crt_init(&tls.cert);
    mbedtls_pk_init(&tls.key);
    mbedtls_entropy_init(&tls.entropy);
    mbedtls_ctr_drbg_init(&tls.random);
    if (mbedtls_ctr_drbg_seed(&tls.random, mbedtls_entropy_func, &tls.entropy,
                              NULL, 0) ||
        mbedtls_ssl_config_defaults(&tls.config, MBEDTLS_SSL_IS_SERVER,
                                    MBEDTLS_SSL_TRANSPORT_STREAM,
                                    MBEDTLS_SSL_PRESET_DEFAULT))
        die("TLS does not start", NULL);
    if (mbedtls_x509_crt_parse_file(&tls.cert, set.cert))
        die("no good certificate", set.cert);
    if (load_key())
        die("no good key", set.key);
    mbedtls_ssl_conf_rng(&tls.config, mbedtls_ctr_drbg_random, &tls.random);
#if MBEDTLS_VERSION_NUMBER < 0x03000000
    /* LinkedIn refuses TLS 1.0 and 1.1, as do later mbedTLS. */
    mbedtls_ssl_conf_min_version(&tls.config, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_3);
#endif
    if (mbedtls_ssl_conf_own_cert(&tls.config, &tls.cert, &tls.key))
        die("certificate and key", "not a pair");
}

static void tls_close(void)
{
    mbedtls_ssl_config_free(&tls.config);
    mbedtls_x509_crt_free(&tls.cert);
    mbedtls_pk_free(&tls.key);
    mbedtls_ctr_drbg_free(&tls.random);
    mbedtls_entropy_free(&tls.entropy);
}

static int tls_accept(conn *c)
{
    mbedtls_ssl_init(&c->ssl);
    mbedtls_net_init(&c->net);
    c->net.fd = c->fd;
    c->handshaking = 1;
    mbedtls_ssl_set_bio(&c->ssl, &c->net, mbedtls_net_send, mbedtls_net_recv,
                        NULL);
    return mbedtls_ssl_setup(&c->ssl, &tls.config);
}

/* The bytes moved; 0 for the peer's end; -1 for "would block", with
   c->wants set; -2 for a failure. The I/O of a plain connection likewise. */
static long tls_result(conn *c, int got)
{
    if (got == MBEDTLS_ERR_SSL_WANT_READ)
        return c->wants = POLLIN, -1;
    if (got == MBEDTLS_ERR_SSL_WANT_WRITE)
        return c->wants = POLLOUT, -1;
    return got >= 0 ? got : got == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY ? 0 : -2;
}
#endif

static long plain_result(conn *c, ssize_t got, short wants)
{
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK ||
                    errno == EINTR))
        return c->wants = wants, -1;
    return got < 0 ? -2 : (long)got;
}

static long conn_recv(conn *c, char *dst, size_t cap)
{
#ifndef MOCK_NO_TLS
    if (set.tls && !c->draining)
        return tls_result(c, mbedtls_ssl_read(&c->ssl, (void *)dst, cap));
#endif
    return plain_result(c, recv(c->fd, dst, cap, 0), POLLIN);
}

static long conn_send(conn *c, const char *data, size_t len)
{
#ifndef MOCK_NO_TLS
    if (set.tls)
        return tls_result(c, mbedtls_ssl_write(&c->ssl, (const void *)data,
                                               len));
#endif
    return plain_result(c, send(c->fd, data, len, 0), POLLOUT);
}

static void conn_close(conn *c)
{
#ifndef MOCK_NO_TLS
    if (set.tls)
        mbedtls_ssl_free(&c->ssl);
#endif
    close(c->fd);
    c->fd = -1;
}

/* Closes so that the peer sees a reset and no answer. */
static void conn_reset(conn *c)
{
    struct linger hard = {1, 0};
    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    conn_close(c);
}

/* Ends sending, then reads what still comes: closing at once could reset the
   connection before the peer has read the answer (RFC 9112 section 9.6). */
static void conn_drain(conn *c)
{
#ifndef MOCK_NO_TLS
    if (set.tls && !c->abrupt)
        mbedtls_ssl_close_notify(&c->ssl);
#endif
    shutdown(c->fd, SHUT_WR);
    c->draining = 1;
    c->deadline = now_ms() + LINGER_MS;
}

/* The path alone: a query holds codes and states. */
static void log_line(const exchange *x, int status)
{
    if (!set.quiet && x->path.len && !is_page(x))
        fprintf(stderr, "%.*s %.*s %d\n", (int)x->method.len, x->method.ptr,
                (int)x->path.len, x->path.ptr, status);
}

/* Whoever wants to know of an exchange, learns of it here. */
static void notice(exchange *x, int status, li_str head)
{
    if (!x->came.method.ptr || is_page(x))
        return;
    head.len -= is(x->method, "HEAD") ? 0 : x->out.len;
    record(x, status, head);
    page_notice(x, status);
    event_notice(x, status);
}

static void conn_deliver(conn *c, exchange *x, int status)
{
    li_buf out = LI_BUF(c->out);
    long cut_at = x->effect[CUT];

    log_line(x, status);
    put_answer(x, status, &out);
    notice(x, status, span(c->out, out.len));
    if (x->effect[RESET] >= 0 || x->effect[LOST] >= 0) {
        conn_reset(c);
        return;
    }
    c->out_at = 0;
    c->out_len = out.len;
    c->closing = x->close;
    if (cut_at >= 0 && (size_t)cut_at < c->out_len) {
        c->out_len = (size_t)cut_at;
        c->closing = c->abrupt = 1;
    }
    c->stall_at = x->effect[STALL] < 0 ? SIZE_MAX : (size_t)x->effect[STALL];
    c->drip_ms = x->effect[DRIP] > 0 ? x->effect[DRIP] : 0;
    c->hold_until = x->effect[SLOW] > 0 ? now_ms() + x->effect[SLOW] : 0;
    c->deadline = now_ms() + IDLE_MS;
}

static int refuse(exchange *x, int status)
{
    x->close = 1;
    if (status == 411)
        return problem(x, 411, -1, NULL, "Length Required");
    return page(x, status, reason(status), "The request cannot be served.");
}

/* Any token of the Connection header (RFC 9112 section 9.3). */
static int asks_close(const exchange *x)
{
    li_str list = header(x, "Connection"), one;

    while (list.ptr) {
        one = trim(cut(&list, ","));
        if (is_nocase(one, "close"))
            return 1;
    }
    return x->http10;
}

/* What was asked for, done; of a record, what was done then. */
static int status_of(exchange *x)
{
    int status;

    if (set.replay && !is_page(x))
        return replay(x);
    status = fault_check(x);
    return status || x->effect[RESET] >= 0 ? status : route(x);
}

static void conn_answer(conn *c, exchange *x, int refusal)
{
    static char extra[MAX_EXTRA], out[MAX_ANSWER];
    int i, status;

    x->extra = LI_BUF(extra);
    x->out = LI_BUF(out);
    x->loopback = c->loopback;
    if (!refusal) {
        x->came.method = x->method;
        x->came.query = x->query;
        x->came.body = x->body;
    }
    for (i = 0; i < EFFECTS; i++)
        x->effect[i] = -1;
    if (refusal) {
        status = refuse(x, refusal);
    } else {
        x->close = (uint8_t)asks_close(x);
        status = status_of(x);
    }
    if (x->out.rc || x->extra.rc) {
        li_rc rc = x->out.rc ? x->out.rc : x->extra.rc;

        x->extra = LI_BUF(extra);
        x->out = LI_BUF(out);
        status = problem(x, 500, 0, "INTERNAL_SERVER_ERROR",
                         rc == LI_E_SPACE ? "The answer is too long"
                                          : li_rc_name(rc));
    }
    conn_deliver(c, x, status);
}

/* Who waits to be told so is told to send the body (RFC 9110 section 10.1.1).
   1: there is something to write. */
static int conn_continue(conn *c, const exchange *x, int nothing_came)
{
    li_buf out = LI_BUF(c->out);

    if (c->told || x->http10 || !nothing_came ||
        !is_nocase(header(x, "Expect"), "100-continue"))
        return 0;
    put(&out, "HTTP/1.1 100 Continue\r\n\r\n");
    c->told = 1;
    c->out_at = 0;
    c->out_len = out.len;
    c->stall_at = SIZE_MAX;
    c->drip_ms = 0;
    return 1;
}

/* Takes what has come of an upload off c->in; the head before it stays, and so
   does the next request behind it. 1: that was all of it. */
static int conn_take(conn *c, const exchange *x, size_t head, uint64_t body)
{
    size_t n = c->in_len - head;

    if (!c->sent.begun)
        intake_begin(&c->sent, is_picture(x), body);
    if (n > body - c->sent.len)
        n = (size_t)(body - c->sent.len);
    intake_take(&c->sent, span(c->in + head, n));
    c->in_len -= n;
    memmove(c->in + head, c->in + head + n, c->in_len - head);
    return c->sent.len == body;
}

/* 1: the body is there, all of it; an upload's is by then no longer. */
static int conn_has_body(conn *c, exchange *x, size_t head, uint64_t *body)
{
    if (!is_upload(x)) {
        x->body = span(c->in + head, (size_t)*body);
        return c->in_len - head >= *body;
    }
    if (!conn_take(c, x, head, *body))
        return 0;
    *body = 0;
    x->sent = c->sent;
    return 1;
}

/* Answers the request at the front of c->in; 0 if it is not whole yet. */
static int conn_serve(conn *c)
{
    static exchange x;
    int bad = 0, refusal;
    size_t head = head_length(c->in, c->in_len, &c->scanned, &bad);
    uint64_t body = 0;

    memset(&x, 0, sizeof x);
    if (!head && !bad && c->in_len <= MAX_HEAD)
        return 0;
    if (bad)
        refusal = 400;
    else if (!head || head > (size_t)MAX_HEAD)
        refusal = 431;
    else
        refusal = read_head(&x, span(c->in, head), &body);
    if (!refusal && !conn_has_body(c, &x, head, &body))
        return conn_continue(c, &x, c->in_len == head && !c->sent.len);
    conn_answer(c, &x, refusal);
    c->scanned = 0;
    c->told = 0;
    memset(&c->sent, 0, sizeof c->sent);
    c->in_len = refusal ? 0 : c->in_len - head - (size_t)body;
    memmove(c->in, c->in + head + body, c->in_len);
    return 1;
}

/* The steps of a connection: 1 moved on, 0 would block, -1 is over. */

#ifndef MOCK_NO_TLS
static int step_handshake(conn *c)
{
    long r = tls_result(c, mbedtls_ssl_handshake(&c->ssl));

    if (r == 0)
        c->handshaking = 0;
    return r == 0 ? 1 : r == -1 ? 0 : -1;
}
#endif

static int step_read(conn *c)
{
    long got;

    c->wants = 0;
    if (c->in_len == sizeof c->in)
        return 0;
    got = conn_recv(c, c->in + c->in_len, sizeof c->in - c->in_len);
    if (got == -1)
        return 0;
    if (got <= 0)
        return -1;
    c->in_len += (size_t)got;
    c->deadline = now_ms() + IDLE_MS;
    return 1;
}

static int step_drain(conn *c)
{
    int64_t until = c->deadline;
    int moved;

    c->in_len = 0;
    moved = step_read(c);
    c->deadline = until;
    return now_ms() < until ? moved : -1;
}

static int step_write(conn *c)
{
    size_t len = c->out_len - c->out_at;
    long put_now;

    if (c->out_at >= c->stall_at) /* go on, to see when the peer has gone */
        return c->hold_until = INT64_MAX, 1;
    if (c->out_at + len > c->stall_at)
        len = c->stall_at - c->out_at;
    if (c->drip_ms && len > 16) {
        len = 16;
        c->hold_until = now_ms() + c->drip_ms;
    }
    put_now = conn_send(c, c->out + c->out_at, len);

    if (put_now == -1)
        return 0;
    if (put_now <= 0)
        return -1;
    c->out_at += (size_t)put_now;
    c->deadline = now_ms() + IDLE_MS;
    return 1;
}

static int conn_step(conn *c)
{
#ifndef MOCK_NO_TLS
    if (c->handshaking)
        return step_handshake(c);
#endif
    if (c->draining)
        return step_drain(c);
    if (now_ms() < c->hold_until)
        return step_read(c);
    c->hold_until = 0;
    if (c->out_at < c->out_len)
        return step_write(c);
    if (c->closing)
        return conn_drain(c), 1;
    return conn_serve(c) ? 1 : step_read(c);
}

static void conn_turn(conn *c)
{
    int moved = 1;

    while (c->fd >= 0 && moved > 0)
        moved = conn_step(c);
    if (c->fd >= 0 && moved < 0)
        conn_close(c);
}

static void conn_open(int fd, const struct sockaddr_in *peer)
{
    conn *c = conns;

    while (c->fd >= 0)
        c++;
    memset(c, 0, offsetof(conn, in));
    c->fd = fd;
    c->loopback = ntohl(peer->sin_addr.s_addr) >> 24 == 127;
    c->deadline = now_ms() + IDLE_MS;
#ifndef MOCK_NO_TLS
    if (set.tls && tls_accept(c)) {
        conn_close(c);
        return;
    }
#endif
    if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
        conn_close(c);
    conn_turn(c);
}

/* When a connection must be looked at although nothing came. A stalled one
   waits for its peer, however long. */
static int64_t conn_due(const conn *c)
{
    return c->hold_until ? c->hold_until : c->deadline;
}

static void conn_tick(conn *c)
{
    if (now_ms() < conn_due(c))
        return;
    if (c->hold_until)
        conn_turn(c);
    else
        conn_close(c);
}

static void conns_begin(void)
{
    size_t i;

#ifndef MOCK_NO_TLS
    if (set.tls)
        tls_open();
#endif
    for (i = 0; i < MAX_CONNS; i++)
        conns[i].fd = -1;
}

static void conns_end(void)
{
    size_t i;

    for (i = 0; i < MAX_CONNS; i++)
        if (conns[i].fd >= 0)
            conn_close(&conns[i]);
#ifndef MOCK_NO_TLS
    if (set.tls)
        tls_close();
#endif
}

#endif /* MOCK_SERVER_H */
