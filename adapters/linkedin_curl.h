/* linkedin_curl.h - linkedin.h over libcurl, 7.88 or later: HTTP/1.1 or 2, TLS
   1.2 or later, the system's CA store and proxy settings.
   SPDX-License-Identifier: MIT OR Unlicense

       li_rc rc = li_curl_run(&call, NULL);      // one call, one connection

       li_curl curl = { 0 };                     // many: connection, TLS
       rc = li_curl_run(&call, &curl);           // session and CA store kept
       if (rc) puts(curl.why);
       li_curl_free(&curl);

       // an event loop of yours over curl's multi interface: a li_curl for
       // each call in flight
       rc = li_curl_add(multi, &call, &curl);    // LI_WANT_READ: under way
       ...
       rc = li_curl_done(multi, curl_multi_info_read(multi, &n), &which);

   curl_easy_init() sets curl up at its first use: programs with threads call
   curl_global_init() before they start any. One li_curl per thread.

   curl frames the answers, and is laxer than linkedin.h: over HTTP/1.1 it
   takes a body that neither a length nor chunks frame as whole, even where the
   TLS stream was cut. It copies the request's head into memory of its own,
   which it does not wipe. */
#ifndef LINKEDIN_CURL_H
#define LINKEDIN_CURL_H

#ifndef LINKEDIN_H
#include "../linkedin.h"
#endif
#include <curl/curl.h>

#if LIBCURL_VERSION_NUM < 0x075800
#error "linkedin_curl.h needs libcurl 7.88 or later"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** What is kept from call to call. Zero is the default of every member;
    ca_file is read when the first call begins. */
typedef struct li_curl {
    CURL *easy;          /* made by the first call                           */
    const char *ca_file; /* PEM; NULL: the system's                          */
    long connect_ms;     /* 0: 10 s                                          */
    long timeout_ms;     /* for a whole call; 0: 60 s                        */
    char why[CURL_ERROR_SIZE]; /* what failed last, in words                 */
    struct {
        struct li__curl_io *io; /* the try that is under way                 */
        char *mem;       /* a call's headers and form; wiped after it        */
        size_t cap;
    } priv;
} li_curl;

/** Runs a call to its end; session NULL: with a connection of its own. Returns
    call.rc. LI_E_LIMIT: the URL has 8 KB or more; LI_E_SPACE: also where
    malloc failed. A request that may have reached the server is sent again
    only if its method is idempotent. A policy's connect_ms and total_ms go
    before the session's times; its other limits are looked at once a second.
    Sleeps between tries. */
LINKEDIN_API li_rc li_curl_run(li_call *call, li_curl *session);
/** Begins a call's next try on a multi handle of yours, and gives the session
    to it until li_curl_done(). LI_WANT_READ: it is under way; LI_WANT_SLEEP:
    add it again at call.wake_ms, by li_curl_ms(); else call.rc: it is over.
    Set CURLMOPT_MAX_TOTAL_CONNECTIONS: connections belong to the multi
    handle. */
LINKEDIN_API li_rc li_curl_add(CURLM *multi, li_call *call, li_curl *session);
/** Takes what curl_multi_info_read() gave. *call is the call that it was;
    LI_WANT_OPEN: add it again now, LI_WANT_SLEEP: later; else call.rc: it is
    over. */
LINKEDIN_API li_rc li_curl_done(CURLM *multi, CURLMsg *msg, li_call **call);
/** Milliseconds of the clock that these calls go by. */
LINKEDIN_API uint64_t li_curl_ms(void);
/** Ends what is kept. Safe on an all-zero one, and twice. */
LINKEDIN_API void li_curl_free(li_curl *session);

#ifdef __cplusplus
}
#endif
#endif /* LINKEDIN_CURL_H */

#ifdef LINKEDIN_IMPLEMENTATION
#ifndef LINKEDIN_CURL_IMPLEMENTED
#define LINKEDIN_CURL_IMPLEMENTED

#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef _WIN32
#include <windows.h>
#endif

/* One try. */
typedef struct li__curl_io {
    li_call *call;
    li_str body;      /* from memory, or req->read's read_len bytes          */
    uint64_t at, len; /* how far it is sent, of how much                     */
    struct curl_slist *headers, *last, *node; /* node: the next unused one   */
    li_buf text;      /* what they point to, then the method, then the form  */
    const char *method;
    uint8_t framed;   /* the request tells a length, even of 0               */
    uint8_t once;     /* it must not be sent twice                           */
    uint8_t final;    /* the head that is coming is not a 1xx                */
    uint8_t whole;    /* its empty line has come                             */
    uint8_t timed;    /* the call has limits, or further tries               */
} li__curl_io;

LINKEDIN_API uint64_t li_curl_ms(void)
{
#ifdef _WIN32
    return GetTickCount64();
#elif defined(CLOCK_MONOTONIC)
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
#else /* hidden by a strict -std: whole seconds do */
    return (uint64_t)time(NULL) * 1000;
#endif
}

static li_rc li__curl_rc(CURLcode code)
{
    static const struct {
        CURLcode code;
        li_rc rc;
    } rows[] = {{CURLE_COULDNT_RESOLVE_HOST, LI_E_DNS},
                {CURLE_COULDNT_RESOLVE_PROXY, LI_E_DNS},
                {CURLE_OPERATION_TIMEDOUT, LI_E_TIMEOUT},
                {CURLE_GOT_NOTHING, LI_E_CLOSED},
                {CURLE_PARTIAL_FILE, LI_E_CLOSED},
                {CURLE_SEND_FAIL_REWIND, LI_E_CLOSED},
                {CURLE_OUT_OF_MEMORY, LI_E_SPACE},
                {CURLE_WEIRD_SERVER_REPLY, LI_E_PROTOCOL},
                {CURLE_UNSUPPORTED_PROTOCOL, LI_E_PROTOCOL},
                {CURLE_BAD_CONTENT_ENCODING, LI_E_PROTOCOL},
                {CURLE_HTTP2, LI_E_PROTOCOL},
                {CURLE_HTTP2_STREAM, LI_E_PROTOCOL},
                {CURLE_SSL_CONNECT_ERROR, LI_E_TLS},
                {CURLE_SSL_ENGINE_NOTFOUND, LI_E_TLS},
                {CURLE_SSL_ENGINE_SETFAILED, LI_E_TLS},
                {CURLE_SSL_ENGINE_INITFAILED, LI_E_TLS},
                {CURLE_SSL_CERTPROBLEM, LI_E_TLS},
                {CURLE_SSL_CIPHER, LI_E_TLS},
                {CURLE_PEER_FAILED_VERIFICATION, LI_E_TLS},
                {CURLE_SSL_CACERT_BADFILE, LI_E_TLS},
                {CURLE_SSL_CRL_BADFILE, LI_E_TLS},
                {CURLE_SSL_ISSUER_ERROR, LI_E_TLS},
                {CURLE_SSL_INVALIDCERTSTATUS, LI_E_TLS},
                {CURLE_USE_SSL_FAILED, LI_E_TLS}};
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].code == code)
            return rows[i].rc;
    return LI_E_IO;
}

/* ---- the request */

/* RFC 9110 section 9.2.2 */
static int li__curl_idempotent(const char *method)
{
    static const char *const names[] = {"GET", "HEAD", "PUT", "DELETE",
                                        "OPTIONS"};
    size_t i;
    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!strcmp(method, names[i]))
            return 1;
    return 0;
}

static li_str li__curl_rest(li_str s, size_t from)
{
    return from < s.len ? li__str(s.ptr + from, s.len - from)
                        : li_cstr(NULL);
}

/* Takes the next line, without its CRLF, off a head. */
static li_str li__curl_next(li_str *head)
{
    size_t n = 0;
    li_str line;
    while (n + 1 < head->len && head->ptr[n] != '\r')
        n++;
    line = li__str(head->ptr, n);
    *head = li__curl_rest(*head, n + 2);
    return line;
}

static const char *li__curl_text(li__curl_io *io, li_str text)
{
    const char *at = io->text.ptr + io->text.len;
    li_put(&io->text, text);
    li_put(&io->text, li__str("", 1));
    return at;
}

static void li__curl_header(li__curl_io *io, li_str line)
{
    struct curl_slist *node = io->node++;
    node->data = io->text.ptr + io->text.len;
    node->next = NULL;
    /* for curl "Name:" leaves a header out, "Name;" sends an empty one */
    if (line.len > 2 && line.ptr[line.len - 2] == ':') {
        li_put(&io->text, li__str(line.ptr, line.len - 2));
        line = LI_STR(";");
    }
    li__curl_text(io, line);
    if (io->last)
        io->last->next = node;
    else
        io->headers = node;
    io->last = node;
}

static int li__curl_is(li_str line, const char *name)
{
    size_t n = strlen(name);
    return line.len > n && line.ptr[n] == ':' &&
           curl_strnequal(line.ptr, name, n);
}

static void li__curl_headers(li__curl_io *io, li_str head)
{
    li_str line = li__curl_next(&head);
    const char *space = (const char *)memchr(line.ptr, ' ', line.len);
    io->method =
        li__curl_text(io, li__str(line.ptr, (size_t)(space - line.ptr)));
    for (line = li__curl_next(&head); line.len; line = li__curl_next(&head))
        if (li__curl_is(line, "Content-Length"))
            io->framed = 1;
        else if (!li__curl_is(line, "Host"))
            li__curl_header(io, line);
    /* none of curl's own: every door sends the same */
    li__curl_header(io, LI_STR("Accept:"));
    li__curl_header(io, LI_STR("Content-Type:"));
    li__curl_header(io, LI_STR("Expect:"));
}

/* Copies head and form out of the work buffer, where an early answer could
   overwrite them, into one block of ours that can be wiped: a list made by
   curl_slist_append() would leave copies of the token behind. */
static li_rc li__curl_copy(li__curl_io *io, li_curl *session)
{
    const li_req *req = io->call->req;
    li_str head = li_head(io->call), body = li_body(io->call);
    size_t lines = 3, i, nodes, need;
    for (i = 0; i < head.len; i++)
        lines += head.ptr[i] == '\n';
    if (head.len > SIZE_MAX / 64 || body.len > SIZE_MAX / 4)
        return LI_E_SPACE;
    nodes = lines * sizeof(struct curl_slist);
    need = nodes + head.len + 64 + (req->form[0] ? body.len : 0);
    if (need > session->priv.cap) {
        free(session->priv.mem);
        session->priv.mem = (char *)malloc(need);
        session->priv.cap = session->priv.mem ? need : 0;
        if (!session->priv.mem)
            return LI_E_SPACE;
    }
    io->node = (struct curl_slist *)(void *)session->priv.mem;
    io->text = li_buf_of(session->priv.mem + nodes, need - nodes);
    li__curl_headers(io, head);
    io->body = body;
    if (req->form[0])
        io->body.ptr = li__curl_text(io, body);
    io->len = req->read ? req->read_len : body.len;
    io->once = !li__curl_idempotent(io->method);
    if (io->framed && !strcmp(io->method, "HEAD"))
        return LI_E_ARG; /* curl cannot send that */
    return io->text.rc;
}

static size_t li__curl_read(char *dst, size_t size, size_t count, void *user)
{
    li__curl_io *io = (li__curl_io *)user;
    const li_req *req = io->call->req;
    uint64_t left = io->len - io->at;
    size_t n = size * count;
    if (n > left)
        n = (size_t)left;
    if (!n)
        return 0;
    if (!req->read)
        memcpy(dst, io->body.ptr + io->at, n);
    else {
        size_t got = req->read(req->user, io->at, dst, n);
        if (!got || got > n) {
            li_fail(io->call, LI_E_CANCELLED);
            return CURL_READFUNC_ABORT;
        }
        n = got;
    }
    io->at += n;
    io->call->bytes_out += n;
    return n;
}

/* curl goes back when a kept connection died and it wants to send the request
   again: not where the server may have acted on it. */
static int li__curl_seek(void *user, curl_off_t offset, int origin)
{
    li__curl_io *io = (li__curl_io *)user;
    if (io->once || origin != SEEK_SET || offset < 0 ||
        (uint64_t)offset > io->len)
        return CURL_SEEKFUNC_FAIL;
    io->at = (uint64_t)offset;
    return CURL_SEEKFUNC_OK;
}

/* ---- the answer */

/* "HTTP/1.1 200 …" or "HTTP/2 200 ": 0 if it is not of that shape. */
static int li__curl_status(li_str line)
{
    size_t i = 0, k;
    int status = 0;
    while (i < line.len && line.ptr[i] != ' ')
        i++;
    for (k = i + 1; k < i + 4; k++) {
        if (k >= line.len || line.ptr[k] < '0' || line.ptr[k] > '9')
            return 0;
        status = status * 10 + (line.ptr[k] - '0');
    }
    return status;
}

static li_str li__curl_trim(li_str s)
{
    while (s.len && (*s.ptr == ' ' || *s.ptr == '\t'))
        s = li__curl_rest(s, 1);
    while (s.len && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t' ||
                     s.ptr[s.len - 1] == '\r' || s.ptr[s.len - 1] == '\n'))
        s.len--;
    return s;
}

/* A line of a head or trailer. A folded one is refused: RFC 9112 section
   5.2. */
static li_rc li__curl_field(li__curl_io *io, li_str line)
{
    const char *colon = (const char *)memchr(line.ptr, ':', line.len);
    size_t n = colon ? (size_t)(colon - line.ptr) : 0;
    if (!n || *line.ptr == ' ' || *line.ptr == '\t')
        return LI_E_PROTOCOL;
    return li_feed_header(io->call, li__str(line.ptr, n),
                          li__curl_trim(li__curl_rest(line, n + 1)));
}

static li_rc li__curl_head(li__curl_io *io, li_str line)
{
    int status;
    if (line.len > 5 && !memcmp(line.ptr, "HTTP/", 5) && !io->whole) {
        status = li__curl_status(line);
        io->final = status >= 200;
        if (io->final)
            return li_feed_status(io->call, status);
        return status < 100 ? LI_E_PROTOCOL : LI_OK;
    }
    if (!io->final)
        return LI_OK;
    if (li__curl_trim(line).len)
        return li__curl_field(io, line);
    io->whole = 1;
    return LI_OK;
}

static size_t li__curl_on_head(char *data, size_t size, size_t count,
                               void *user)
{
    li__curl_io *io = (li__curl_io *)user;
    li_rc rc = li__curl_head(io, li__str(data, size * count));
    if (!rc)
        return size * count;
    li_fail(io->call, rc);
    return 0;
}

static size_t li__curl_on_body(char *data, size_t size, size_t count,
                               void *user)
{
    li__curl_io *io = (li__curl_io *)user;
    if (li_feed_body(io->call, li__str(data, size * count)))
        return 0;
    return size * count;
}

/* ---- running */

/* Tells the engine that the server may have acted, once it may. */
static void li__curl_sent(const li__curl_io *io, CURL *easy)
{
    long sent = 0;
    curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent);
    if (sent && io->call->rc == LI_WANT_OPEN && !li_opened(io->call, 0))
        li_out_ack(io->call, li_out_buf(io->call).len);
}

/* 1: that ended the try. */
static int li__curl_tick(const li__curl_io *io)
{
    li_rc was = io->call->rc;
    return io->timed && li_tick(io->call, li_curl_ms()) != was;
}

static int li__curl_progress(void *user, curl_off_t down_all, curl_off_t down,
                             curl_off_t up_all, curl_off_t up)
{
    const li_curl *session = (const li_curl *)user;
    (void)down_all;
    (void)down;
    (void)up_all;
    (void)up;
    li__curl_sent(session->priv.io, session->easy);
    return li__curl_tick(session->priv.io);
}


/* Options that stay. A plain connection goes to this machine only: a proxy of
   the environment must not see its token. */
static li_rc li__curl_setup(li_curl *session)
{
    CURL *easy = curl_easy_init();
    CURLcode e = CURLE_OK;
    if (!easy)
        return LI_E_SPACE;
    session->easy = easy;
#define LI__SET(option, value) \
    e = e ? e : curl_easy_setopt(easy, option, value)
    LI__SET(CURLOPT_NOSIGNAL, 1L);
    LI__SET(CURLOPT_FOLLOWLOCATION, 0L);
    LI__SET(CURLOPT_PATH_AS_IS, 1L);
    LI__SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    LI__SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    LI__SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    LI__SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    LI__SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    LI__SET(CURLOPT_SSL_VERIFYPEER, 1L);
    LI__SET(CURLOPT_SSL_VERIFYHOST, 2L);
    if (session->ca_file) {
        LI__SET(CURLOPT_CAINFO, session->ca_file);
        LI__SET(CURLOPT_CAPATH, (char *)NULL);
    }
    LI__SET(CURLOPT_XFERINFOFUNCTION, li__curl_progress);
    LI__SET(CURLOPT_READFUNCTION, li__curl_read);
    LI__SET(CURLOPT_SEEKFUNCTION, li__curl_seek);
    LI__SET(CURLOPT_HEADERFUNCTION, li__curl_on_head);
    LI__SET(CURLOPT_WRITEFUNCTION, li__curl_on_body);
    if (e) { /* never run with an option missing */
        curl_easy_cleanup(easy);
        session->easy = NULL;
    }
    return e == CURLE_OUT_OF_MEMORY ? LI_E_SPACE : e ? LI_E_TLS : LI_OK;
}

static CURLcode li__curl_target(CURL *easy, const char *url, int tls)
{
    CURLcode e = curl_easy_setopt(easy, CURLOPT_URL, url);
    LI__SET(CURLOPT_PROTOCOLS_STR, tls ? "https" : "http");
    LI__SET(CURLOPT_NOPROXY, tls ? NULL : "*");
    return e;
}

/* Bodies go by the read function alone: curl rewinds what it knows the memory
   of without asking, and then sends it twice. Where there is none to refuse
   the rewinding of, a connection of its own makes it impossible. */
static CURLcode li__curl_method(CURL *easy, const li__curl_io *io)
{
    int head = !strcmp(io->method, "HEAD");
    CURLcode e = curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    LI__SET(CURLOPT_FRESH_CONNECT, (long)(io->once && !io->len));
    LI__SET(CURLOPT_CUSTOMREQUEST, head ? NULL : io->method);
    if (head)
        LI__SET(CURLOPT_NOBODY, 1L);
    if (!io->framed)
        return e;
    LI__SET(CURLOPT_POST, 1L);
    LI__SET(CURLOPT_POSTFIELDS, (void *)NULL);
    LI__SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)io->len);
    return e;
}

static CURLcode li__curl_prepare(li_curl *session, li__curl_io *io,
                                 const char *url, int tls)
{
    CURL *easy = session->easy;
    CURLcode e = li__curl_target(easy, url, tls);
    e = e ? e : li__curl_method(easy, io);
    LI__SET(CURLOPT_HTTPHEADER, io->headers);
    LI__SET(CURLOPT_XFERINFODATA, session);
    LI__SET(CURLOPT_READDATA, io);
    LI__SET(CURLOPT_SEEKDATA, io);
    LI__SET(CURLOPT_HEADERDATA, io);
    LI__SET(CURLOPT_WRITEDATA, io);
    LI__SET(CURLOPT_ERRORBUFFER, session->why);
#undef LI__SET
    return e;
}

/* Asked once more, since the engine first hopes for an early answer, which
   curl has looked for. */
static li_rc li__curl_failed(const li__curl_io *io, CURL *easy, li_rc rc)
{
    li_call *call = io->call;
    if (call->rc <= 0 || call->rc == LI_WANT_SLEEP)
        return li_fail(call, rc); /* settled before: it stays so */
    li__curl_sent(io, easy);
    if (!li__curl_tick(io) && li_fail(call, rc) == LI_WANT_READ)
        li_fail(call, rc);
    return call->rc;
}

static void li__curl_why(li_curl *session, li_rc rc, CURLcode e)
{
    li_buf out = li_buf_of(session->why, sizeof session->why);
    if (rc >= 0 && session->why[0])
        return;
    li_put(&out, li_cstr(rc < 0 ? li_strerror(rc)
                         : e    ? curl_easy_strerror(e)
                                : "the answer's head was cut"));
    li_buf_end(&out);
}

static void li__curl_limits(const li_curl *session, CURL *easy,
                            const li__curl_io *io)
{
    const li_policy *policy = io->call->req->policy;
    uint64_t left = io->call->wake_ms - io->call->now_ms;
    long connect = session->connect_ms ? session->connect_ms : 10000L;
    long whole = session->timeout_ms ? session->timeout_ms : 60000L;
    if (!policy)
        policy = io->call->client->policy;
    if (policy && policy->connect_ms)
        connect = (long)policy->connect_ms;
    if (policy && policy->total_ms) /* the engine ends it a little before */
        whole = left < 0x7fffffff && !policy->connect_ms
                    ? (long)left + 1
                    : (long)(policy->total_ms & 0x7fffffff);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, whole);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, io->timed ? 0L : 1L);
}

/* Begins a try: LI_OK, or how the call stands. */
static li_rc li__curl_begin(li_call *call, li_curl *session)
{
    li__curl_io *io;
    char url[8192];
    li_url target;
    li_buf out = LI_BUF(url);
    const li_client *client = call->client;
    int timed = client && call->req &&
                (client->again || client->policy || call->req->policy);
    li_rc rc = timed ? (li_tick(call, li_curl_ms()), li_step(call))
                     : li_step(call);
    if (rc != LI_WANT_OPEN)
        return rc;
    if (timed)
        li_tick(call, li_curl_ms()); /* connecting begins */
    rc = session->easy ? LI_OK : li__curl_setup(session);
    if (!rc && !session->priv.io)
        session->priv.io = (li__curl_io *)malloc(sizeof *io);
    io = session->priv.io;
    if (rc || !io)
        return li_fail(call, rc ? rc : LI_E_SPACE);
    memset(io, 0, sizeof *io);
    io->call = call;
    io->timed = (uint8_t)timed;
    rc = li__curl_copy(io, session);
    li_put_url(call, &out);
    if (!rc && (li_buf_end(&out) || li_target(call, &target)))
        rc = out.rc == LI_E_SPACE ? LI_E_LIMIT : LI_E_ARG;
    session->why[0] = 0;
    if (!rc && li__curl_prepare(session, io, url, target.tls))
        rc = LI_E_SPACE;
    li__curl_limits(session, session->easy, io);
    return rc ? li_fail(call, rc) : LI_OK;
}

/* Ends a try. */
static li_rc li__curl_end(li_curl *session, CURLcode e)
{
    li__curl_io *io = session->priv.io;
    li_call *call = io->call;
    li_rc rc;
    curl_easy_setopt(session->easy, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(session->easy, CURLOPT_ERRORBUFFER, NULL);
    if (!e && io->whole) {
        rc = li_feed_end(call);
    } else {
        li__curl_why(session, call->rc, e);
        rc = li__curl_failed(io, session->easy,
                             e ? li__curl_rc(e) : LI_E_CLOSED);
    }
    li_wipe(session->priv.mem, session->priv.cap);
    return rc;
}

LINKEDIN_API void li_curl_free(li_curl *session)
{
    if (session->easy)
        curl_easy_cleanup(session->easy);
    free(session->priv.mem);
    free(session->priv.io);
    session->easy = NULL;
    session->priv.io = NULL;
    session->priv.mem = NULL;
    session->priv.cap = 0;
}

static void li__curl_sleep(li_call *call)
{
    uint64_t left = call->wake_ms - call->now_ms;
    CURLM *nothing = curl_multi_init();
    if (nothing)
        curl_multi_poll(nothing, NULL, 0,
                        left < 0x7fffffff ? (int)left : 0x7fffffff, NULL);
    curl_multi_cleanup(nothing);
    li_tick(call, li_curl_ms());
}

LINKEDIN_API li_rc li_curl_run(li_call *call, li_curl *session)
{
    li_curl own;
    li_rc rc;
    memset(&own, 0, sizeof own);
    session = session ? session : &own;
    do {
        rc = li__curl_begin(call, session);
        if (!rc && call->rc == LI_WANT_OPEN)
            rc = li__curl_end(session, curl_easy_perform(session->easy));
        if (rc == LI_WANT_SLEEP)
            li__curl_sleep(call);
    } while (rc > 0);
    if (session->priv.mem)
        li_wipe(session->priv.mem, session->priv.cap);
    li_curl_free(&own);
    return rc;
}

LINKEDIN_API li_rc li_curl_add(CURLM *multi, li_call *call, li_curl *session)
{
    li_rc rc = li__curl_begin(call, session);
    if (rc || call->rc != LI_WANT_OPEN)
        return rc;
    curl_easy_setopt(session->easy, CURLOPT_PRIVATE, session);
    if (curl_multi_add_handle(multi, session->easy))
        return li_fail(call, LI_E_SPACE);
    return LI_WANT_READ;
}

LINKEDIN_API li_rc li_curl_done(CURLM *multi, CURLMsg *msg, li_call **call)
{
    CURLcode e = msg->data.result;
    char *user = NULL;
    li_curl *session;
    curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &user);
    session = (li_curl *)(void *)user;
    *call = session->priv.io->call;
    curl_multi_remove_handle(multi, session->easy);
    return li__curl_end(session, e);
}

#endif /* LINKEDIN_CURL_IMPLEMENTED */
#endif /* LINKEDIN_IMPLEMENTATION */
