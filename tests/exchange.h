/* What the tests of calls share: how the bytes of an answer are played to a
   call in pieces, a call that is fed, a sign-in under way, and hooks whose
   answers are known. No socket, no clock. Include after linkedin.h. */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "test.h"

/* ---- hooks */

static int hook_fails;

static inline li_rc count_up(void *user, void *dst, size_t len)
{
    unsigned char *p = (unsigned char *)dst;
    size_t i;

    (void)user;
    if (hook_fails)
        return LI_E_IO;
    for (i = 0; i < len; ++i)
        p[i] = (unsigned char)i;
    return LI_OK;
}

static int64_t clock_says;

static inline int64_t tell(void *user)
{
    (void)user;
    return clock_says;
}

/* Digits of where they stand, five at most at a time. */
static inline size_t read_digits(void *user, uint64_t at, char *dst, size_t cap)
{
    size_t n = 0;

    (void)user;
    for (; n < cap && n < 5; ++n)
        dst[n] = (char)('0' + (at + n) % 10);
    return n;
}

/* A sink that says what it is told to say. */
static inline li_rc refuse(void *user, li_str piece)
{
    (void)piece;
    return *(li_rc *)user;
}

/* ---- the bytes of an answer */

#define OK "HTTP/1.1 200 OK\r\n"
#define LEN(n) "Content-Length: " n "\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n"
#define E "\r\n"
#define CH OK CHUNKED E /* the chunks come next */

static const li_str done_answer = S(OK "Content-Length: 0\r\n\r\n");

/* ---- the driver: an answer is cut in every way, and what comes out must be
   the same */

/** How the bytes of an answer come. */
struct way {
    li_str in;
    size_t piece; /* at most so many at a time; 0: as many as fit */
    size_t first; /* but so many at first; 0: no such piece */
    size_t cap;   /* of the work buffer */
    int eof;      /* what comes behind the bytes: 1 an orderly end */
    int blocked;  /* every step is asked for twice, every ack is first of 0 */
    int reused;
};

/** What came of it. */
struct result {
    li_rc rc;
    int status;
    int keep;
    size_t need;
    size_t taken;            /* bytes of the answer that were accepted */
    size_t sent_len, body_len, sunk_len, head_len;
    char sent[4096];
    char body[8192];
    char sunk[8192];         /* by the sink */
    char head[8192];         /* what on_header saw */
    char kept[LI_H_COUNT][64];
};

static struct result *seeing;

static inline void append(char *dst, size_t cap, size_t *len, li_str s)
{
    assert_true(s.len <= cap - *len);
    if (s.len)
        memcpy(dst + *len, s.ptr, s.len);
    *len += s.len;
}

static inline li_rc take(void *user, li_str piece)
{
    (void)user;
    assert_true(piece.len > 0);
    append(seeing->sunk, sizeof seeing->sunk, &seeing->sunk_len, piece);
    return LI_OK;
}

static inline void see_header(void *user, li_str name, li_str value)
{
    li_str colon = LI_STR(":"), end = LI_STR("\n");

    (void)user;
    append(seeing->head, sizeof seeing->head, &seeing->head_len, name);
    append(seeing->head, sizeof seeing->head, &seeing->head_len, colon);
    append(seeing->head, sizeof seeing->head, &seeing->head_len, value);
    append(seeing->head, sizeof seeing->head, &seeing->head_len, end);
}

static inline li_str view(const char *ptr, size_t len)
{
    li_str s;

    s.ptr = ptr;
    s.len = len;
    return s;
}

static inline size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* A call may be moved: it never points into itself. */
static inline li_call *move_call(li_call place[2], li_call *call)
{
    li_call *other = call == place ? place + 1 : place;

    memcpy(other, call, sizeof *call);
    memset(call, 0xEE, sizeof *call);
    return other;
}

static inline void write_some(li_call *call, const struct way *w,
                              struct result *r)
{
    li_str out = li_out_buf(call);
    li_str again = li_out_buf(call);
    size_t n = w->piece ? least(out.len, w->piece) : out.len;

    assert_true(out.len > 0);
    assert_ptr_equal(out.ptr, again.ptr);
    assert_int_equal(out.len, again.len);
    if (w->blocked)
        assert_int_equal(li_out_ack(call, 0), LI_OK);
    append(r->sent, sizeof r->sent, &r->sent_len, view(out.ptr, n));
    assert_int_equal(li_out_ack(call, n), LI_OK);
}

/* Gives bytes, or the end; 0: nothing more will come. */
static inline int read_some(li_call *call, const struct way *w,
                            struct result *r)
{
    size_t len, again, n = w->in.len - r->taken;
    char *in = li_in_buf(call, &len);

    assert_true(len > 0);
    assert_ptr_equal(in, li_in_buf(call, &again));
    assert_int_equal(len, again);
    if (w->blocked)
        assert_int_equal(li_in_ack(call, 0), LI_OK);
    if (w->piece)
        n = least(n, w->piece);
    if (w->first > r->taken)
        n = least(n, w->first - r->taken);
    n = least(n, len);
    if (!n && !w->eof)
        return 0;
    if (!n)
        li_in_eof(call);
    if (!n)
        return 1;
    memcpy(in, w->in.ptr + r->taken, n);
    r->taken += n;
    assert_int_equal(li_in_ack(call, n), LI_OK);
    return 1;
}

static inline void note(const li_call *call, struct result *r)
{
    unsigned i;

    r->rc = call->rc;
    r->status = call->status;
    r->keep = call->keep_alive;
    r->need = call->need;
    if (call->rc)
        return;
    append(r->body, sizeof r->body, &r->body_len, call->body);
    for (i = 0; i < LI_H_COUNT; ++i) {
        li_str h = li_header(call, (li_kept)i);

        memcpy(r->kept[i], h.ptr ? h.ptr : "", least(h.len, 63));
    }
}

/* An error stays: nothing that is called changes it. */
static inline void stays_failed(li_call *call)
{
    size_t len;
    li_rc rc = call->rc;

    assert_int_equal(li_step(call), rc);
    assert_int_equal(li_opened(call, 0), rc);
    assert_int_equal(li_out_buf(call).len, 0);
    assert_null(li_in_buf(call, &len));
    assert_int_equal(len, 0);
    assert_int_equal(li_in_eof(call), rc);
    assert_int_equal(li_fail(call, LI_E_TIMEOUT), rc);
    assert_int_equal(li_in_ack(call, 1), rc);
    assert_int_equal(li_out_ack(call, 1), rc);
    assert_int_equal(li_step(call), rc);
    assert_int_equal(call->keep_alive, 0);
}

static inline void exchange(const li_client *client, const li_req *req,
                            const struct way *w, struct result *r)
{
    li_call place[2], *call = place;
    char *buf = guard(3, w->cap);
    size_t budget = w->in.len + 4096 + 40;

    memset(r, 0, sizeof *r);
    seeing = r;
    li_begin(call, client, req, buf, w->cap);
    for (; budget; --budget) {
        li_rc rc = li_step(call);

        call = move_call(place, call);
        assert_int_equal(call->rc, rc);
        if (w->blocked)
            assert_int_equal(li_step(call), rc);
        if (rc == LI_WANT_OPEN)
            assert_int_equal(li_opened(call, w->reused), LI_OK);
        else if (rc == LI_WANT_WRITE)
            write_some(call, w, r);
        else if (rc != LI_WANT_READ || !read_some(call, w, r))
            break;
    }
    assert_true(budget > 0);
    assert_true(untouched(buf - 64, 64));
    note(call, r);
    if (r->rc < 0)
        stays_failed(call);
}

/* Its requests are the smallest there are. */
#define LOCAL "http://localhost"
static const li_client plain_client = { .auth_base = LOCAL, .user_agent = "" };
#define PLAIN_HEAD 62 /* what the request takes of the buffer; HEAD one more */

/* ---- a call that is fed */

static char work[4000];

/* The call of an answer. headers: name, value, ..., NULL. */
static inline void answered(li_call *call, const li_client *client,
                            const li_req *req, int status,
                            const char *const *headers, li_str body)
{
    assert_int_equal(li_begin(call, client, req, work, sizeof work), LI_OK);
    assert_int_equal(li_feed_status(call, status), LI_OK);
    for (; headers && headers[0]; headers += 2)
        assert_int_equal(li_feed_header(call, li_cstr(headers[0]),
                                        li_cstr(headers[1])), LI_OK);
    assert_int_equal(li_feed_body(call, body), LI_OK);
    assert_int_equal(li_feed_end(call), LI_OK);
}

static const li_client member = { .access_token = "TOK" };
static const li_req get_me = { .path = "/v2/me" };

/* ---- a sign-in under way */

#define BACK "https://app.test/back"

/* Its URL is made, and the member is there. */
static inline li_flow made_flow(void)
{
    li_flow flow;

    memset(&flow, 0, sizeof flow);
    strcpy(flow.state, "s/1");
    strcpy(flow.redirect_uri, BACK);
    flow.stage = 1;
    return flow;
}

/* The member is back, with a code. */
static inline li_flow taken_flow(int pkce)
{
    li_flow flow = made_flow();

    flow.stage = 2;
    flow.pkce = (uint8_t)pkce;
    strcpy(flow.verifier, "vvv");
    return flow;
}

#endif /* EXCHANGE_H */
