/* server.h - HTTP/1.1 and its connections: one thread, one poll() loop. */
#ifndef MOCK_SERVER_H
#define MOCK_SERVER_H

/* ---- HTTP/1.1 */

static int is_token(li_str text)
{
    return only(text, ALNUM "!#$%&'*+-.^_`|~");
}

/* The length of the head from data, 0 if it is not whole. *bad: a line end
   without CR (RFC 9112 section 2.2 lets a server refuse it). */
static size_t head_length(const char *data, size_t len, size_t *from,
                          int *bad)
{
    size_t i;
    for (i = *from; i < len; i++) {
        if (data[i] != '\n')
            continue;
        if (i < 1 || data[i - 1] != '\r')
            return *bad = 1, (size_t)0;
        if (i >= 3 && data[i - 2] == '\n')
            return i + 1;
    }
    return *from = i, (size_t)0;
}

static int segment_too_long(li_str path)
{
    while (path.len)
        if (cut(&path, "/").len > MAX_QUERY)
            return 1;
    return 0;
}

/* These readers give 0, or the status of the refusal. Only the origin form
   is served (RFC 9112 section 3.2.1). */
static int read_request_line(exchange *x, li_str line)
{
    li_str target;
    size_t i;

    x->method = cut(&line, " ");
    target = cut(&line, " ");
    if (target.len > MAX_URL)
        return 414;
    if (!is_token(x->method) || !starts(target, "/"))
        return 400;
    for (i = 0; i < target.len; i++)
        if (target.ptr[i] <= ' ' || target.ptr[i] > '~' ||
            target.ptr[i] == '#')
            return 400;
    x->path = cut(&target, "?");
    x->query = target;
    x->http10 = (uint8_t)is(line, "HTTP/1.0");
    if (x->query.len > MAX_QUERY || segment_too_long(x->path))
        return 414;
    return x->http10 || is(line, "HTTP/1.1") ? 0
           : starts(line, "HTTP/")           ? 505
                                             : 400;
}

static int read_header(exchange *x, li_str line)
{
    li_str value = line, name = cut(&value, ":");
    size_t i;

    if (x->header_count == MAX_HEADERS)
        return 431;
    if (!value.ptr || !is_token(name))
        return 400;
    for (i = 0; i < value.len; i++)
        if ((unsigned char)value.ptr[i] < ' ' ? value.ptr[i] != '\t'
                                              : value.ptr[i] == 127)
            return 400;
    x->headers[x->header_count].name = name;
    x->headers[x->header_count++].value = trim(value);
    return 0;
}

static size_t header_times(const exchange *x, const char *name)
{
    size_t i, n = 0;
    for (i = 0; i < x->header_count; i++)
        n += (size_t)is_nocase(x->headers[i].name, name);
    return n;
}

static int read_length(li_str text, size_t *len)
{
    long value = number(text);

    if (!only(text, DIGITS))
        return 400;
    if (value < 0 || value > MAX_BODY)
        return 413;
    *len = (size_t)value;
    return 0;
}

/* RFC 9112 section 6.3. A body has a Content-Length here; a coded one is
   refused (411). */
static int read_framing(exchange *x, size_t *body_len)
{
    li_str length = header(x, "Content-Length");
    int coded = header(x, "Transfer-Encoding").ptr != NULL;
    int due = is(x->method, "POST") || is(x->method, "PUT");

    if ((!x->http10 && header_times(x, "Host") != 1) ||
        header_times(x, "Content-Length") > 1 ||
        header_times(x, "Authorization") > 1 || (coded && length.ptr))
        return 400;
    if (coded || (due && !length.ptr))
        return 411;
    return length.ptr ? read_length(length, body_len) : 0;
}

static int read_head(exchange *x, li_str head, size_t *body_len)
{
    int status = read_request_line(x, line_next(&head));
    li_str line;

    while (!status && (line = line_next(&head)).len)
        status = read_header(x, line);
    return status ? status : read_framing(x, body_len);
}

static const char *reason(int status)
{
    static const struct { int status; const char *text; } reasons[] = {
        {200, "OK"}, {201, "Created"}, {204, "No Content"}, {302, "Found"},
        {400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"},
        {404, "Not Found"}, {405, "Method Not Allowed"},
        {411, "Length Required"}, {413, "Content Too Large"},
        {414, "URI Too Long"}, {422, "Unprocessable Content"},
        {426, "Upgrade Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"}, {502, "Bad Gateway"},
        {503, "Service Unavailable"}, {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
    };
    size_t i;
    for (i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].text;
    return "Unknown";
}

static void put_date(const char *name, time_t at, li_buf *out)
{
    char date[40];
    struct tm utc;

    if (gmtime_r(&at, &utc) &&
        strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc))
        put(out, name), put(out, ": "), put(out, date), put(out, "\r\n");
}

static void put_trace_headers(exchange *x, li_buf *out)
{
    put_date("Date", time(NULL), out);
    put(out, "x-li-uuid: ");
    random_text(out, "AAY", 15);
    put(out, "==\r\nx-li-request-id: ");
    random_text(out, "", 9);
    put(out, "\r\nx-li-fabric: prod-lva1\r\nx-li-pop: prod-lva1-x\r\n"
             "x-li-proto: http/1.1\r\n");
    if (x->token)
        put(out, "x-restli-protocol-version: 2.0.0\r\n");
}

static void put_answer(exchange *x, int status, li_buf *out)
{
    char line[64];

    snprintf(line, sizeof line, "HTTP/1.1 %d %s\r\n", status,
             reason(status));
    put(out, line);
    if (!x->verbatim)
        put_trace_headers(x, out);
    li_put(out, written(&x->extra));
    if (x->effect[RETRY_AFTER] >= 0) {
        snprintf(line, sizeof line, "Retry-After: %ld\r\n",
                 x->effect[RETRY_AFTER]);
        put(out, line);
    }
    if (x->effect[RETRY_DATE] >= 0)
        put_date("Retry-After", time(NULL) + x->effect[RETRY_DATE], out);
    if (x->type)
        put(out, "Content-Type: "), put(out, x->type), put(out, "\r\n");
    if (x->close)
        put(out, "Connection: close\r\n");
    if (status != 204) {
        snprintf(line, sizeof line, "Content-Length: %zu\r\n", x->out.len);
        put(out, line);
    }
    put(out, "\r\n");
    if (!is(x->method, "HEAD"))
        li_put(out, written(&x->out));
}

/* ---- connections */

typedef struct conn {
    int fd;                /* -1: free                                      */
    short wants;           /* what poll() shall wait for                    */
    uint8_t loopback, handshaking, closing, draining, abrupt;
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
static int answered(exchange *x)
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
        status = answered(x);
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

/* Answers the request at the front of c->in; 0 if it is not whole yet. */
static int conn_serve(conn *c)
{
    static exchange x;
    int bad = 0, refusal;
    size_t head = head_length(c->in, c->in_len, &c->scanned, &bad);
    size_t body = 0;

    memset(&x, 0, sizeof x);
    if (!head && !bad && c->in_len <= MAX_HEAD)
        return 0;
    if (bad)
        refusal = 400;
    else if (!head || head > (size_t)MAX_HEAD)
        refusal = 431;
    else
        refusal = read_head(&x, span(c->in, head), &body);
    if (!refusal && c->in_len - head < body)
        return 0;
    x.body = span(c->in + head, body);
    conn_answer(c, &x, refusal);
    c->scanned = 0;
    c->in_len = refusal ? 0 : c->in_len - head - body;
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

    if (c->out_at >= c->stall_at)
        return c->hold_until = INT64_MAX, 0;
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

#endif /* MOCK_SERVER_H */
