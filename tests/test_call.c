/* >>call: the engine over bytes in memory: no socket, no clock. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "exchange.h"
#include "test.h"

/* ---- reader bodies */

static size_t read_badly(void *user, uint64_t at, char *dst, size_t cap)
{
    size_t most = *(size_t *)user;

    (void)dst;
    return at ? most == 0 ? 0 : cap + 1 : 1;
}

static void a_reader_that_fails(void **state)
{
    static struct result r;
    size_t i, says[] = { 0, 1 };

    (void)state;
    for (i = 0; i < 2; ++i) {
        li_req req = { .path = "/", .base = LI_BASE_AUTH, .read = read_badly,
                       .read_len = 9, .user = &says[i] };
        struct way w = { .cap = 300 };

        w.in = done_answer;
        exchange(&plain_client, &req, &w, &r);
        assert_int_equal(r.rc, LI_E_CANCELLED);
    }
}

/* ---- kept connections that are dead, and early answers */

enum { DIE_EOF, DIE_IO, DIE_CLOSED };

static li_rc die(li_call *call, int how)
{
    if (how == DIE_EOF)
        return li_in_eof(call);
    return li_fail(call, how == DIE_IO ? LI_E_IO : LI_E_CLOSED);
}

/* Brings a call to where `sent` bytes of its request are sent; SIZE_MAX: all,
   and the answer is awaited. */
static void bring_of(li_call *call, const li_client *client, const li_req *req,
                     char *buf, int reused, size_t sent)
{
    assert_int_equal(li_begin(call, client, req, buf, 600), LI_OK);
    assert_int_equal(li_step(call), LI_WANT_OPEN);
    assert_int_equal(li_opened(call, reused), LI_OK);
    while (li_step(call) == LI_WANT_WRITE && sent) {
        size_t n = least(sent, li_out_buf(call).len);

        sent -= n;
        assert_int_equal(li_out_ack(call, n), LI_OK);
    }
}

static void bring(li_call *call, const li_req *req, char *buf, int reused,
                  size_t sent)
{
    bring_of(call, &member, req, buf, reused, sent);
}

typedef struct stale_row {
    int line;
    const char *what;
    li_req req;
    int reused;
    size_t sent;
    li_rc rc; /* of the first loss */
} stale_row;

#define ALL SIZE_MAX
#define POSTED { .path = "/v2/x", .body = S("{}") }
#define BY(m) { .method = m, .path = "/v2/x" }

static const stale_row stale_rows[] = {
    { __LINE__, "GET, awaited", BY("GET"), 1, ALL, LI_WANT_OPEN },
    { __LINE__, "GET, half sent", BY("GET"), 1, 20, LI_WANT_OPEN },
    { __LINE__, "GET, nothing sent", BY("GET"), 1, 0, LI_WANT_OPEN },
    { __LINE__, "HEAD", BY("HEAD"), 1, ALL, LI_WANT_OPEN },
    { __LINE__, "PUT", BY("PUT"), 1, ALL, LI_WANT_OPEN },
    { __LINE__, "DELETE", BY("DELETE"), 1, ALL, LI_WANT_OPEN },
    { __LINE__, "OPTIONS", BY("OPTIONS"), 1, ALL, LI_WANT_OPEN },
    { __LINE__, "PATCH", BY("PATCH"), 1, ALL, LI_E_CLOSED },
    { __LINE__, "get is another method", BY("get"), 1, ALL, LI_E_CLOSED },
    { __LINE__, "PUT of a reader", { .method = "PUT", .path = "/v2/x",
        .read = read_digits, .read_len = 23 }, 1, ALL, LI_WANT_OPEN },
    { __LINE__, "POST, nothing sent", POSTED, 1, 0, LI_WANT_OPEN },
    { __LINE__, "POST, one byte sent", POSTED, 1, 1, LI_WANT_READ },
    { __LINE__, "POST, awaited", POSTED, 1, ALL, LI_E_CLOSED },
    { __LINE__, "new connection, GET", BY("GET"), 0, ALL, LI_E_CLOSED },
    { __LINE__, "new connection, nothing sent", BY("GET"), 0, 0, LI_E_CLOSED },
    { __LINE__, "new connection, half sent", BY("GET"), 0, 20, LI_WANT_READ },
};

/* Behind the loss: the whole request again, once. */
static void stale_again(const stale_row *row, li_call *call, int how)
{
    char sent[700], want[700], buf[600];
    li_call fresh;
    size_t n = 0, m = 0;

    bring(&fresh, &row->req, buf, 0, 0);
    while (li_step(&fresh) == LI_WANT_WRITE) {
        append(want, sizeof want, &m, li_out_buf(&fresh));
        li_out_ack(&fresh, li_out_buf(&fresh).len);
    }
    assert_int_equal(li_step(call), LI_WANT_OPEN);
    assert_int_equal(li_opened(call, 1), LI_OK);
    while (li_step(call) == LI_WANT_WRITE) {
        append(sent, sizeof sent, &n, li_out_buf(call));
        li_out_ack(call, li_out_buf(call).len);
    }
    assert_text(view(sent, n), view(want, m));
    assert_int_equal(li_step(call), LI_WANT_READ);
    assert_int_equal(die(call, how), how == DIE_IO ? LI_E_IO : LI_E_CLOSED);
    stays_failed(call);
}

static void stale(void **state)
{
    const stale_row *row = (const stale_row *)*state;
    char *buf = guard(3, 600);
    int how;

    for (how = DIE_EOF; how <= DIE_CLOSED; ++how) {
        li_call call;
        li_rc want = row->rc;

        bring(&call, &row->req, buf, row->reused, row->sent);
        if (want == LI_E_CLOSED && how == DIE_IO)
            want = LI_E_IO;
        assert_int_equal(die(&call, how), want);
        assert_int_equal(call.rc, want);
        assert_int_equal(li_step(&call), want);
        if (want == LI_WANT_OPEN)
            stale_again(row, &call, how);
        else if (want < 0)
            stays_failed(&call);
        else
            assert_true(die(&call, how) < 0);
    }
}

/* Every other failure is final, wherever it strikes. */
static void other_failures_are_final(void **state)
{
    static const li_req req = BY("GET");
    static const li_rc why[] = { LI_E_TIMEOUT, LI_E_TLS, LI_E_DNS,
                                 LI_E_CANCELLED, LI_E_PROTOCOL };
    static const size_t sent[] = { 0, 20, ALL };
    char buf[600];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(why) * COUNT(sent); ++i) {
        li_call call;

        bring(&call, &req, buf, 1, sent[i % COUNT(sent)]);
        assert_int_equal(li_fail(&call, why[i / COUNT(sent)]),
                         why[i / COUNT(sent)]);
        stays_failed(&call);
    }
}

static void a_failure_needs_a_reason(void **state)
{
    static const li_req req = BY("GET");
    char buf[600];
    li_call call;

    (void)state;
    bring(&call, &req, buf, 1, 0);
    assert_int_equal(li_fail(&call, LI_OK), LI_E_ARG);
    stays_failed(&call);
}

/* What came of an answer forbids a repetition. */
static void no_repetition_behind_a_byte(void **state)
{
    static const li_req req = BY("GET");
    char buf[600];
    li_call call;
    size_t len;

    (void)state;
    bring(&call, &req, buf, 1, ALL);
    li_in_buf(&call, &len)[0] = 'H';
    assert_int_equal(li_in_ack(&call, 1), LI_OK);
    assert_int_equal(li_in_eof(&call), LI_E_CLOSED);
    bring(&call, &req, buf, 1, ALL);
    li_in_buf(&call, &len)[0] = 'H';
    assert_int_equal(li_in_ack(&call, 1), LI_OK);
    assert_int_equal(li_step(&call), LI_WANT_READ);
    assert_int_equal(li_fail(&call, LI_E_IO), LI_E_IO);
}

/* A peer that stops reading may have answered: 413 comes through, and the
   connection is done for. */
static void an_early_answer(void **state)
{
    static const char in[] = "HTTP/1.1 413 X\r\nContent-Length: 2\r\n\r\nno";
    li_req req = { .path = "/v2/x", .read = read_digits, .read_len = 5000 };
    char buf[600];
    size_t len, sent;

    (void)state;
    for (sent = 1; sent < 1000; sent += 37) {
        li_call call;
        char *to;

        bring(&call, &req, buf, 0, sent);
        assert_int_equal(call.rc, LI_WANT_WRITE);
        assert_int_equal(li_fail(&call, LI_E_IO), LI_WANT_READ);
        assert_int_equal(li_step(&call), LI_WANT_READ);
        assert_int_equal(li_out_buf(&call).len, 0);
        to = li_in_buf(&call, &len);
        memcpy(to, in, sizeof in - 1);
        assert_int_equal(li_in_ack(&call, sizeof in - 1), LI_OK);
        assert_int_equal(li_step(&call), LI_OK);
        assert_int_equal(call.status, 413);
        assert_text(call.body, LI_STR("no"));
        assert_int_equal(call.keep_alive, 0);
    }
}

/* A caller that retries must know whether the server may have acted. */
static void what_may_have_been_seen(void **state)
{
    static const li_req req = POSTED;
    char buf[600];
    li_call call;

    (void)state;
    bring(&call, &req, buf, 0, 0);
    assert_int_equal(call.sent, 0);
    assert_int_equal(li_out_ack(&call, 0), LI_OK);
    assert_int_equal(call.sent, 0);
    assert_int_equal(li_out_ack(&call, 1), LI_OK);
    assert_int_equal(call.sent, 1);
    li_fail(&call, LI_E_TIMEOUT);
    assert_int_equal(call.sent, 1);
}

/* ---- what is out of order */

static void out_of_order(void **state)
{
    static const li_req req = BY("GET");
    char buf[600];
    li_call call;
    size_t len;

    (void)state;
    bring(&call, &req, buf, 0, 0);
    assert_int_equal(li_opened(&call, 0), LI_E_STATE);
    stays_failed(&call);
    bring(&call, &req, buf, 0, 0);
    assert_int_equal(li_out_ack(&call, li_out_buf(&call).len + 1), LI_E_STATE);
    stays_failed(&call);
    bring(&call, &req, buf, 0, 0);
    assert_null(li_in_buf(&call, &len));
    assert_int_equal(li_in_ack(&call, 1), LI_E_STATE);
    stays_failed(&call);
    bring(&call, &req, buf, 0, ALL);
    li_in_buf(&call, &len);
    assert_int_equal(li_in_ack(&call, len + 1), LI_E_STATE);
    stays_failed(&call);
    bring(&call, &req, buf, 0, ALL);
    assert_int_equal(li_out_ack(&call, 1), LI_E_STATE);
    stays_failed(&call);
}

/* ---- the token */

static void a_sent_head_leaves_no_token(void **state)
{
    li_client client = { .access_token = MARK };
    li_req reqs[] = { BY("GET"), POSTED, { .path = "/v2/x",
        .read = read_digits, .read_len = 900 },
        { .path = "/x", .base = LI_BASE_AUTH, .form = { "a", MARK } } };
    char buf[600];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(reqs); ++i) {
        li_call call;

        memset(buf, 0, sizeof buf);
        li_begin(&call, &client, &reqs[i], buf, sizeof buf);
        assert_true(holds(buf, sizeof buf, MARK));
        li_opened(&call, 0);
        li_step(&call);
        li_out_ack(&call, li_out_buf(&call).len);
        li_step(&call);
        assert_false(holds(buf, sizeof buf, MARK));
    }
}

static void a_failure_leaves_no_token(void **state)
{
    li_client client = { .access_token = MARK };
    li_req req = BY("GET"), form = { .path = "/x", .base = LI_BASE_AUTH,
        .form = { "a", MARK "0123456789" } };
    char buf[600];
    li_call call;
    size_t cap;

    (void)state;
    for (cap = 1; cap < 300; ++cap) {
        memset(buf, 0, sizeof buf);
        if (li_begin(&call, &client, &req, buf, cap))
            assert_false(holds(buf, sizeof buf, MARK));
        memset(buf, 0, sizeof buf);
        if (li_begin(&call, &client, &form, buf, cap))
            assert_false(holds(buf, sizeof buf, MARK));
    }
    memset(buf, 0, sizeof buf);
    for (cap = 0; cap < 3; ++cap) {
        li_begin(&call, &client, &req, buf, sizeof buf);
        if (cap)
            li_opened(&call, 0);
        if (cap > 1)
            li_out_ack(&call, 9);
        li_fail(&call, LI_E_TIMEOUT);
        assert_false(holds(buf, sizeof buf, MARK));
    }
    li_begin(&call, &client, &req, buf, sizeof buf);
    li_feed_status(&call, 200);
    assert_false(holds(buf, sizeof buf, MARK));
}

/* ---- feeding */

static li_rc feed_header(li_call *call, const char *name, const char *value)
{
    return li_feed_header(call, li_cstr(name), li_cstr(value));
}

static void begin_fed(li_call *call, const li_req *req, char *buf, size_t cap)
{
    static const li_client client = { .access_token = "TOK" };

    assert_int_equal(li_begin(call, &client, req, buf, cap), LI_OK);
}

/* A call of zeros is for no target; neither is one that could not begin. */
static void a_call_without_a_target(void **state)
{
    static const li_req wrong = { .path = "no" };
    static const li_client client = { .access_token = "TOK" };
    char buf[300];
    li_url target;
    li_call call;

    (void)state;
    memset(&call, 0, sizeof call);
    assert_int_equal(li_target(&call, &target), LI_E_STATE);
    assert_int_equal(li_head(&call).len, 0);
    assert_null(li_body(&call).ptr);
    assert_int_equal(li_tick(&call, 0), LI_E_TIMEOUT);
    memset(&call, 0, sizeof call);
    call.client = &client;
    assert_int_equal(li_target(&call, &target), LI_E_STATE);
    assert_int_equal(li_begin(&call, &client, &wrong, buf, sizeof buf),
                     LI_E_ARG);
    assert_int_equal(li_target(&call, &target), LI_E_ARG);
}

/* Every byte is counted, and a call that is over takes none. */
static void bytes_are_counted(void **state)
{
    static const li_req req = { .path = "/v2/me" };
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n"
                                 "0123456789012345678901234567890";
    static const size_t cuts[] = { 5, 40, 7, 3, 2, 10 };
    static char buf[900];
    int how;

    (void)state;
    for (how = 0; how < 4; ++how) {
        li_call call;
        size_t i, len, at = 0, head;

        begin_fed(&call, &req, buf, sizeof buf);
        head = li_head(&call).len;
        li_opened(&call, 0);
        li_out_ack(&call, 7);
        li_out_ack(&call, head - 7);
        assert_true(call.bytes_out == head);
        for (i = 0; li_step(&call) == LI_WANT_READ; ++i) {
            size_t n = i < COUNT(cuts) ? cuts[i] : 1;
            char *in = li_in_buf(&call, &len);

            n = n < sizeof answer - 2 - at ? n : sizeof answer - 2 - at;
            assert_true(n && n <= len);
            memcpy(in, answer + at, n);
            at += n;
            assert_int_equal(li_in_ack(&call, n), LI_OK);
            assert_true(call.bytes_in == at);
        }
        assert_int_equal(call.rc, LI_OK);
        assert_int_equal(at, sizeof answer - 2);
        assert_text(call.body, LI_STR("012345678901234567890123456789"));
        assert_int_equal(how == 0 ? li_opened(&call, 0)
                         : how == 1 ? li_out_ack(&call, 1)
                         : how == 2 ? li_in_ack(&call, 1)
                                    : li_feed_status(&call, 99), LI_E_STATE);
    }
}

/* A longer token came between two tries for one: the head no longer fits. */
static void a_token_that_grew(void **state)
{
    static const li_req req = { .path = "/v2/me" };
    li_token token = { .access_token = S("TOK") };
    li_client client = { .token = &token };
    char buf[500];
    li_call call;
    size_t need;

    (void)state;
    li_begin(&call, &client, &req, buf, 1);
    need = call.need;
    assert_int_equal(li_begin(&call, &client, &req, buf, need), LI_OK);
    li_opened(&call, 1);
    li_out_ack(&call, li_out_buf(&call).len);
    token.access_token = LI_STR("TOKE");
    assert_int_equal(li_fail(&call, LI_E_CLOSED), LI_WANT_OPEN);
    assert_int_equal(li_opened(&call, 0), LI_E_SPACE);
    assert_int_equal(call.need, need + 1);
}

/* A body of 2^63 - 1 bytes may be told; one more is beyond what is counted. */
static void the_longest_body_of_a_reader(void **state)
{
    li_req req = { .path = "/v2/x", .read = read_digits };
    char buf[600];
    li_call call;

    (void)state;
    req.read_len = INT64_MAX;
    assert_int_equal(li_begin(&call, &member, &req, buf, 600), LI_OK);
    req.read_len++;
    assert_int_equal(li_begin(&call, &member, &req, buf, 600), LI_E_LIMIT);
}

/* A head of which a part is sent is none to send again. */
static void a_head_half_sent(void **state)
{
    static const li_req req = { .path = "/v2/me" };
    char buf[300];
    li_call call;

    (void)state;
    begin_fed(&call, &req, buf, sizeof buf);
    assert_true(li_head(&call).len > 0);
    li_opened(&call, 0);
    assert_true(li_head(&call).len > 0);
    li_out_ack(&call, 1);
    assert_int_equal(li_head(&call).len, 0);
}

/* A fed call wants more until it is told the end; a status that is none fails
   it once, and what failed it stays. */
static void feeding_step_by_step(void **state)
{
    static const li_req req = { .path = "/v2/me" };
    char buf[300];
    li_call call;

    (void)state;
    begin_fed(&call, &req, buf, sizeof buf);
    li_feed_status(&call, 200);
    assert_int_equal(li_step(&call), LI_WANT_READ);
    li_feed_body(&call, LI_STR("a"));
    assert_int_equal(li_step(&call), LI_WANT_READ);
    assert_int_equal(li_feed_end(&call), LI_OK);
    begin_fed(&call, &req, buf, sizeof buf);
    assert_int_equal(li_fail(&call, LI_E_DNS), LI_E_DNS);
    assert_int_equal(li_feed_status(&call, 99), LI_E_DNS);
    assert_int_equal(li_feed_status(&call, 1000), LI_E_DNS);
    begin_fed(&call, &req, buf, sizeof buf);
    assert_int_equal(li_feed_status(&call, 99), LI_E_STATE);
}

/* The kept headers of all fed ones have the limit that those of a head have. */
static void feeding_long_headers(void **state)
{
    static const li_req req = { .path = "/v2/me" };
    static char buf[80000], value[LI_MAX_HEAD + 1];
    li_call call;
    size_t len;

    (void)state;
    memset(value, 'x', sizeof value);
    for (len = LI_MAX_HEAD - 1; len <= LI_MAX_HEAD + 1; ++len) {
        begin_fed(&call, &req, buf, sizeof buf);
        li_feed_status(&call, 200);
        assert_int_equal(li_feed_header(&call, LI_STR("Location"),
                                        li__str(value, len)),
                         len > LI_MAX_HEAD ? LI_E_SPACE : LI_OK);
    }
    begin_fed(&call, &req, buf, sizeof buf);
    li_feed_status(&call, 200);
    assert_int_equal(li_feed_header(&call, LI_STR("Location"),
                                    li__str(value, 40000)), LI_OK);
    assert_int_equal(li_feed_header(&call, LI_STR("Content-Type"),
                                    li__str(value, LI_MAX_HEAD - 39999)),
                     LI_E_SPACE); /* all of them together */
}

/* Room beyond 16 bits is all given. */
static void a_large_window(void **state)
{
    static const li_req req = { .path = "/v2/me" };
    static char buf[200000];
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 150000\r\n"
                               "\r\n";
    li_call call;
    size_t len, sum = 0;
    char *in;

    (void)state;
    begin_fed(&call, &req, buf, sizeof buf);
    li_opened(&call, 0);
    li_out_ack(&call, li_out_buf(&call).len);
    li_step(&call);
    in = li_in_buf(&call, &len);
    memcpy(in, head, sizeof head - 1);
    li_in_ack(&call, sizeof head - 1);
    while (li_step(&call) == LI_WANT_READ) {
        in = li_in_buf(&call, &len);
        len = len < 150000 - sum ? len : 150000 - sum;
        memset(in, 'y', len);
        assert_int_equal(li_in_ack(&call, len), LI_OK);
        sum += len;
    }
    assert_int_equal(sum, 150000);
    assert_int_equal(call.body.len, 150000);
    assert_true(call.body.ptr[0] == 'y' && call.body.ptr[149999] == 'y');
}

static void feeding(void **state)
{
    static const li_req req = { .path = "/v2/me" };
    char *buf = guard(3, 300);
    li_call call;

    (void)state;
    begin_fed(&call, &req, buf, 300);
    assert_int_equal(li_feed_status(&call, 401), LI_OK);
    assert_int_equal(feed_header(&call, "WWW-Authenticate", "x"), LI_OK);
    assert_int_equal(li_feed_status(&call, 201), LI_OK);
    assert_int_equal(feed_header(&call, "X-RestLi-Id", "7"), LI_OK);
    assert_int_equal(feed_header(&call, "Content-Length", "999"), LI_OK);
    assert_int_equal(feed_header(&call, "Location", "/a"), LI_OK);
    assert_int_equal(feed_header(&call, "Location", "/b"), LI_OK);
    assert_int_equal(li_feed_body(&call, LI_STR("ab")), LI_OK);
    assert_int_equal(li_feed_body(&call, li_cstr(NULL)), LI_OK);
    assert_int_equal(feed_header(&call, "Retry-After", "9"), LI_OK);
    assert_int_equal(li_feed_body(&call, LI_STR("c")), LI_OK);
    assert_int_equal(li_feed_end(&call), LI_OK);
    assert_int_equal(li_step(&call), LI_OK);
    assert_int_equal(call.status, 201);
    assert_int_equal(call.sent, 1);
    assert_text(call.body, LI_STR("abc"));
    assert_int_equal(call.bytes_in, 3);
    assert_text(li_header(&call, LI_H_RESTLI_ID), LI_STR("7"));
    assert_text(li_header(&call, LI_H_LOCATION), LI_STR("/a"));
    assert_null(li_header(&call, LI_H_RETRY_AFTER).ptr);
    assert_true(untouched(buf - 64, 64));
}

/* A coding nobody asked for: by this door, too; and none is none. */
static void feeding_a_coding(void **state)
{
    static const struct { li_str coding; li_rc rc; } rows[] = {
        { S("gzip"), LI_E_PROTOCOL }, { S("br"), LI_E_PROTOCOL },
        { S("identity, gzip"), LI_E_PROTOCOL }, { S("identity"), LI_OK },
        { S("identity\0x"), LI_E_PROTOCOL }, { S(" Identity "), LI_OK },
        { S(""), LI_OK } };
    static const li_req req = { .path = "/v2/me" };
    char buf[300];
    li_call call;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rows); ++i) {
        begin_fed(&call, &req, buf, 300);
        assert_int_equal(li_feed_status(&call, 200), LI_OK);
        assert_int_equal(li_feed_header(&call, LI_STR("Content-Encoding"),
                                        rows[i].coding), rows[i].rc);
        assert_int_equal(call.rc, rows[i].rc);
    }
}

/* Space round a value is taken off, as the engine does it. */
static void feeding_trims(void **state)
{
    static const li_req req = { .path = "/v2/me" };
    char buf[300];
    li_call call;

    (void)state;
    begin_fed(&call, &req, buf, 300);
    li_feed_status(&call, 201);
    assert_int_equal(feed_header(&call, "X-RestLi-Id", " \t7 \r\n"), LI_OK);
    assert_text(li_header(&call, LI_H_RESTLI_ID), LI_STR("7"));
}

static void a_later_status_forgets_headers(void **state)
{
    static const li_req req = { .path = "/v2/me" };
    char buf[300];
    li_call call;

    (void)state;
    begin_fed(&call, &req, buf, 300);
    li_feed_status(&call, 100);
    feed_header(&call, "Location", "/a");
    li_feed_status(&call, 200);
    assert_null(li_header(&call, LI_H_LOCATION).ptr);
    assert_int_equal(li_feed_end(&call), LI_OK);
    assert_int_equal(call.body.len, 0);
    assert_int_equal(call.rc, LI_OK);
}

/* A header of no bytes at all, as a stack may give it. */
static void an_absent_value_is_fed(void **state)
{
    static const li_req req = { .path = "/v2/me" };
    char buf[300];
    li_call call;

    (void)state;
    begin_fed(&call, &req, buf, 300);
    li_feed_status(&call, 200);
    assert_int_equal(feed_header(&call, "Location", NULL), LI_OK);
    assert_int_equal(li_feed_header(&call, li_cstr(NULL), li_cstr(NULL)),
                     LI_OK);
    assert_int_equal(li_feed_end(&call), LI_OK);
    assert_null(li_header(&call, LI_H_LOCATION).ptr);
}

typedef struct order_row {
    int line;
    const char *what;
    const char *steps; /* s status, h header, b body, e end, w li_step */
    li_rc last;
} order_row;

static const order_row order_rows[] = {
    { __LINE__, "header first", "h", LI_E_STATE },
    { __LINE__, "body first", "b", LI_E_STATE },
    { __LINE__, "end first", "e", LI_E_STATE },
    { __LINE__, "status behind the body", "sbs", LI_E_STATE },
    { __LINE__, "status behind the end", "ses", LI_OK },
    { __LINE__, "body behind the end", "seb", LI_OK },
    { __LINE__, "header behind the end", "seh", LI_OK },
    { __LINE__, "end twice", "see", LI_OK },
    { __LINE__, "trailers", "shbhe", LI_OK },
    { __LINE__, "no header, no body", "se", LI_OK },
    { __LINE__, "status 99", "9", LI_E_STATE },
    { __LINE__, "status 1000", "K", LI_E_STATE },
    { __LINE__, "failed stays", "hs", LI_E_STATE },
};

static li_rc feed_one(li_call *call, char what)
{
    switch (what) {
    case 's': return li_feed_status(call, 200);
    case '9': return li_feed_status(call, 99);
    case 'K': return li_feed_status(call, 1000);
    case 'h': return feed_header(call, "Location", "/a");
    case 'b': return li_feed_body(call, LI_STR("b"));
    default: return li_feed_end(call);
    }
}

/* What comes behind the end is refused, and breaks nothing that is done. */
static void order(void **state)
{
    const order_row *row = (const order_row *)*state;
    static const li_req req = { .path = "/v2/me" };
    char buf[300];
    const char *s = row->steps;
    li_call call;
    li_rc rc = LI_OK;

    begin_fed(&call, &req, buf, 300);
    for (; *s; ++s)
        rc = feed_one(&call, *s);
    if (row->last)
        assert_int_equal(rc, row->last);
    if (!row->last && strchr(row->steps, 'e')[1])
        assert_int_equal(rc, LI_E_STATE);
}

static void feeding_at_every_capacity(void **state)
{
    li_client client = { .auth_base = LOCAL, .user_agent = "" };
    li_req req = { .path = "/", .base = LI_BASE_AUTH };
    static const char text[] = "0123456789012345678901234567890123456789"
                               "0123456789012345678901234567890123456789";
    size_t cap;

    (void)state;
    for (cap = PLAIN_HEAD; cap < 100; ++cap) {
        li_call call;
        char *buf = guard(3, cap);
        li_rc rc;

        assert_int_equal(li_begin(&call, &client, &req, buf, cap), LI_OK);
        li_feed_status(&call, 200);
        assert_int_equal(feed_header(&call, "Location", "/abc"), LI_OK);
        rc = li_feed_body(&call, view(text, 40));
        rc = rc ? rc : li_feed_body(&call, view(text + 40, 40));
        assert_int_equal(rc, cap < 84 ? LI_E_SPACE : LI_OK);
        assert_int_equal(call.need, cap < 84 ? 84 : 0);
        if (rc)
            stays_failed(&call);
        else
            assert_text(call.body, view(text, 80));
        assert_true(untouched(buf - 64, 64));
    }
}

static void a_fed_header_that_does_not_fit(void **state)
{
    li_req req = { .path = "/", .base = LI_BASE_AUTH };
    static const char text[] = "0123456789012345678901234567890123456789"
                               "012345678901234567890123456789";
    char *buf = guard(3, PLAIN_HEAD);
    li_call call;

    (void)state;
    li_begin(&call, &plain_client, &req, buf, PLAIN_HEAD);
    li_feed_status(&call, 200);
    assert_int_equal(feed_header(&call, "Unknown", text), LI_OK);
    assert_int_equal(feed_header(&call, "Location", text), LI_E_SPACE);
    stays_failed(&call);
    li_begin(&call, &plain_client, &req, buf, PLAIN_HEAD);
    li_feed_status(&call, 200);
    assert_int_equal(feed_header(&call, "Location", text + 8), LI_OK);
    assert_int_equal(feed_header(&call, "Retry-After", "1"), LI_E_SPACE);
}

static void feeding_a_sink(void **state)
{
    static struct result r;
    li_req req = { .path = "/v2/me", .sink = take, .on_header = see_header };
    li_rc says = LI_E_CANCELLED;
    char buf[300];
    li_call call;

    (void)state;
    memset(&r, 0, sizeof r);
    seeing = &r;
    begin_fed(&call, &req, buf, 300);
    li_feed_status(&call, 200);
    feed_header(&call, "A", "b");
    assert_int_equal(li_feed_body(&call, LI_STR("abc")), LI_OK);
    assert_int_equal(li_feed_body(&call, LI_STR("def")), LI_OK);
    assert_int_equal(li_feed_end(&call), LI_OK);
    assert_int_equal(call.body.len, 0);
    assert_text(view(r.sunk, r.sunk_len), LI_STR("abcdef"));
    assert_text(view(r.head, r.head_len), LI_STR("A:b\n"));
    req.sink = refuse;
    req.user = &says;
    req.on_header = NULL;
    begin_fed(&call, &req, buf, 300);
    li_feed_status(&call, 200);
    assert_int_equal(li_feed_body(&call, LI_STR("abc")), LI_E_CANCELLED);
    stays_failed(&call);
    says = LI_WANT_READ;
    begin_fed(&call, &req, buf, 300);
    li_feed_status(&call, 200);
    assert_int_equal(li_feed_body(&call, LI_STR("abc")), LI_E_STATE);
}

/* A call that is fed takes nothing by the windows. */
static void a_fed_call_has_no_windows(void **state)
{
    static const li_req req = { .path = "/v2/me" };
    char buf[300];
    li_call call;
    size_t len;

    (void)state;
    begin_fed(&call, &req, buf, 300);
    li_feed_status(&call, 200);
    assert_null(li_in_buf(&call, &len));
    assert_int_equal(len, 0);
    assert_int_equal(li_out_buf(&call).len, 0);
    li_feed_body(&call, LI_STR("part"));
    assert_int_equal(li_in_eof(&call), LI_E_CLOSED);
    stays_failed(&call);
}

/* ---- a fault at every operation */

enum { ONCE, FOR_EVER, SHORTER, BLOCKS, EOFS, FAULTS };

struct faulty {
    li_str in;
    size_t at, ops, strike;
    int kind, struck;
    unsigned opened, heads; /* connections, requests that have begun */
    size_t fresh;           /* bytes sent on this connection */
};

/* 1: this operation shall fail. */
static int strikes(struct faulty *f)
{
    ++f->ops;
    if (f->ops != f->strike && !(f->kind == FOR_EVER && f->struck))
        return 0;
    f->struck = 1;
    return 1;
}

static void faulty_open(li_call *call, struct faulty *f, int reused)
{
    if (strikes(f) && f->kind != SHORTER) {
        if (f->kind != BLOCKS)
            li_fail(call, LI_E_IO);
        return;
    }
    f->at = f->fresh = 0;
    li_opened(call, reused && !f->opened++);
}

static void faulty_write(li_call *call, struct faulty *f)
{
    size_t n = least(li_out_buf(call).len, 50);

    if (strikes(f)) {
        if (f->kind == EOFS || f->kind == ONCE || f->kind == FOR_EVER)
            li_fail(call, LI_E_IO);
        if (f->kind != SHORTER)
            return;
        n = 1;
    }
    f->heads += !f->fresh;
    f->fresh += n;
    li_out_ack(call, n);
}

static void faulty_read(li_call *call, struct faulty *f)
{
    size_t len, n;
    char *in = li_in_buf(call, &len);

    n = least(least(len, f->in.len - f->at), 30);
    if (strikes(f)) {
        if (f->kind == EOFS)
            li_in_eof(call);
        if (f->kind == ONCE || f->kind == FOR_EVER)
            li_fail(call, LI_E_IO);
        if (f->kind != SHORTER)
            return;
        n = least(n, 1);
    }
    if (!n) {
        li_in_eof(call);
        return;
    }
    memcpy(in, f->in.ptr + f->at, n);
    f->at += n;
    li_in_ack(call, n);
}

static li_rc faulty_run(li_call *call, const li_req *req, struct faulty *f,
                        int reused)
{
    static char buf[600];
    static const li_client client = { .access_token = "TOK" };
    unsigned budget = 2000;
    li_rc rc;

    li_begin(call, &client, req, buf, sizeof buf);
    while ((rc = li_step(call)) > 0 && --budget) {
        if (rc == LI_WANT_OPEN)
            faulty_open(call, f, reused);
        else if (rc == LI_WANT_WRITE)
            faulty_write(call, f);
        else
            faulty_read(call, f);
    }
    assert_true(budget > 0);
    return rc;
}

static void fault_run(const li_req *req, int kind, int reused)
{
    static const li_str in = S("HTTP/1.1 200 OK\r\nTransfer-Encoding: "
        "chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
    int idempotent = req->method != NULL;
    struct faulty f;
    size_t k = 0;

    do {
        li_call call;
        li_rc rc;

        memset(&f, 0, sizeof f);
        f.in = in;
        f.strike = ++k;
        f.kind = kind;
        rc = faulty_run(&call, req, &f, reused);
        if (!rc)
            assert_text(call.body, LI_STR("hello world"));
        else
            assert_true(rc == LI_E_IO || rc == LI_E_CLOSED);
        if (kind == SHORTER || kind == BLOCKS || !f.struck)
            assert_int_equal(rc, LI_OK);
        assert_true(f.heads <= (idempotent && reused ? 2u : 1u));
        assert_true(k < 1000);
    } while (f.struck);
    assert_true(k > 5);
}

static void a_fault_at_every_operation(void **state)
{
    static const li_req reqs[] = {
        BY("GET"), { .path = "/v2/x", .body = S("0123456789") },
        { .path = "/v2/x", .read = read_digits, .read_len = 123 },
        { .method = "PUT", .path = "/v2/x", .read = read_digits,
          .read_len = 123 },
    };
    size_t i;
    int kind, reused;

    (void)state;
    for (i = 0; i < COUNT(reqs); ++i)
        for (kind = 0; kind < FAULTS; ++kind)
            for (reused = 0; reused < 2; ++reused)
                fault_run(&reqs[i], kind, reused);
}

/* ---- hooks that give up */

static li_call *given_up;

static void give_up_at_a_header(void *user, li_str name, li_str value)
{
    (void)user;
    (void)name;
    (void)value;
    li_fail(given_up, LI_E_CANCELLED);
}

static int sink_depth, deepest;

static li_rc give_up_at_a_piece(void *user, li_str bytes)
{
    (void)user;
    (void)bytes;
    if (++sink_depth > deepest)
        deepest = sink_depth;
    li_fail(given_up, LI_E_IO);
    --sink_depth;
    return LI_OK;
}

static void a_hook_may_give_up(void **state)
{
    static const char answer[] = OK CHUNKED E "1\r\na\r\n1\r\nb\r\n0\r\n" E;
    static char buf[400];
    li_client client = { .access_token = "t" };
    size_t cut, room;
    int way;

    (void)state;
    for (way = 0; way < 2; ++way)
        for (cut = 1; cut < sizeof answer; ++cut) {
            li_req req = { .path = "/" };
            li_call call;
            char *in;
            size_t at = 0, steps = 0;

            if (way)
                req.sink = give_up_at_a_piece;
            else
                req.on_header = give_up_at_a_header;
            given_up = &call;
            deepest = 0;
            li_begin(&call, &client, &req, buf, sizeof buf);
            li_opened(&call, 0);
            li_out_ack(&call, li_out_buf(&call).len);
            while (li_step(&call) == LI_WANT_READ) {
                size_t n = sizeof answer - 1 - at;

                assert_true(++steps < 2 * sizeof answer);
                in = li_in_buf(&call, &room);
                n = n < cut ? n : cut;
                memcpy(in, answer + at, n);
                at += n;
                li_in_ack(&call, n);
            }
            assert_int_equal(call.rc, way ? LI_E_IO : LI_E_CANCELLED);
            assert_int_equal(li_step(&call), call.rc);
            assert_int_equal(call.keep_alive, 0);
            assert_true(deepest <= 1);
            assert_null(li_in_buf(&call, &room));
        }
}

static void feeding_behind_the_windows(void **state)
{
    char buf[300];
    li_client client = { .access_token = "t" };
    li_req req = { .path = "/" };
    li_call call;
    size_t room;

    (void)state;
    li_begin(&call, &client, &req, buf, sizeof buf);
    li_opened(&call, 0);
    li_out_ack(&call, li_out_buf(&call).len);
    assert_int_equal(li_step(&call), LI_WANT_READ);
    memcpy(li_in_buf(&call, &room), OK, sizeof OK - 1);
    li_in_ack(&call, sizeof OK - 1);
    assert_int_equal(li_feed_status(&call, 500), LI_E_STATE);
    assert_int_equal(li_step(&call), LI_E_STATE);
}

/* A hook that gives up is not called again, whatever lies there still: a line
   that fills the buffer least of all. */
static li_call *given_up;
static unsigned seen;

static void give_up(void *user, li_str name, li_str value)
{
    (void)user;
    (void)name;
    (void)value;
    ++seen;
    li_fail(given_up, LI_E_CANCELLED);
}

static li_rc give_up_at_once(void *user, li_str piece)
{
    (void)user;
    (void)piece;
    ++seen;
    li_fail(given_up, LI_E_CANCELLED);
    return LI_OK;
}

static void a_hook_gives_up_before_a_long_line(void **state)
{
    static const char *const answers[] = {
        "HTTP/1.1 200 OK\r\nX-A: b\r\nX-Long: ",
        "HTTP/1.1 200 OK\r\nX-A: b\r\nX-B: c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "1\r\na\r\n1\r\nb\r\n0\r\n\r\n"};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(answers); ++i) {
        li_req req = get_me;
        li_call call;
        size_t room;
        char *in;

        given_up = &call;
        seen = 0;
        if (i < 2)
            req.on_header = give_up;
        else
            req.sink = give_up_at_once;
        li_begin(&call, &member, &req, guard(1, 200), 200);
        li_step(&call);
        li_opened(&call, 0);
        while (li_step(&call) == LI_WANT_WRITE)
            li_out_ack(&call, li_out_buf(&call).len);
        in = li_in_buf(&call, &room);
        memset(in, 'x', room);
        memcpy(in, answers[i], strlen(answers[i]));
        li_in_ack(&call, i ? strlen(answers[i]) : room);
        assert_int_equal(li_step(&call), LI_E_CANCELLED);
        assert_int_equal(seen, 1);
    }
}

/* The failure that a reader told is not replaced by what it then returns. */
static size_t read_and_give_up(void *user, uint64_t at, char *dst, size_t cap)
{
    (void)user;
    (void)at;
    (void)dst;
    (void)cap;
    li_fail(given_up, LI_E_STORE);
    return 0;
}

static void the_first_failure_of_a_reader_stays(void **state)
{
    static const li_req req = { .path = "/v2/x", .read = read_and_give_up,
                                .read_len = 10 };
    char buf[600];
    li_call call;

    (void)state;
    given_up = &call;
    bring(&call, &req, buf, 0, ALL);
    assert_int_equal(call.rc, LI_E_STORE);
    stays_failed(&call);
}

/* ---- the hook between two tries, and the trace */

/* The whole answer at once. */
static li_rc hear(li_call *call, li_str in)
{
    size_t room;
    char *to = li_in_buf(call, &room);

    assert_true(room >= in.len);
    memcpy(to, in.ptr, in.len);
    assert_int_equal(li_in_ack(call, in.len), LI_OK);
    return li_step(call);
}

static void give_up_for_another_try(void *user, li_str name, li_str value)
{
    (void)user;
    (void)name;
    (void)value;
    li_fail(given_up, LI_E_IO);
}

/* Who gives up within a hook wants no further try. */
static void what_a_hook_gave_up_is_not_tried_again(void **state)
{
    static const li_client client = { .access_token = "TOK",
                                      .again = li_again };
    static const li_req req = { .path = "/v2/x",
                                .on_header = give_up_for_another_try };
    char buf[600];
    li_call call;

    (void)state;
    given_up = &call;
    bring_of(&call, &client, &req, buf, 0, ALL);
    assert_int_equal(hear(&call, done_answer), LI_E_IO);
    stays_failed(&call);
}

static unsigned asked;

static li_rc count_asked(li_call *call)
{
    (void)call;
    ++asked;
    return LI_OK;
}

/* A hook of one's own need not count tries: a repetition then has none that
   it could be written down for. */
static void a_repetition_without_a_try(void **state)
{
    static const li_client client = { .access_token = "TOK",
                                      .again = count_asked };
    static const li_req req = BY("GET");
    char buf[600];
    li_call call;

    (void)state;
    bring_of(&call, &client, &req, buf, 1, ALL);
    assert_int_equal(call.tries, 0);
    assert_int_equal(li_fail(&call, LI_E_CLOSED), LI_WANT_OPEN);
    assert_int_equal(call.unsaved, 0);
    assert_int_equal(call.refreshed, 0);
    assert_int_equal(call.tried[0], 0);
}

/* Before the try, and behind it; not with each step that is asked for then. */
static void a_hook_is_asked_once_behind_a_try(void **state)
{
    static const li_req req = BY("GET");
    li_client client = { .access_token = "TOK", .again = count_asked };
    char buf[600];
    li_call call;

    (void)state;
    asked = 0;
    bring_of(&call, &client, &req, buf, 0, ALL);
    assert_int_equal(asked, 1);
    assert_int_equal(hear(&call, done_answer), LI_OK);
    assert_int_equal(li_step(&call), LI_OK);
    assert_int_equal(li_step(&call), LI_OK);
    assert_int_equal(asked, 2);
}

static void give_up_when_done(void *user, const li_call *call,
                              const char *step)
{
    (void)user;
    (void)call;
    if (!strcmp(step, "done"))
        li_fail(given_up, LI_E_CANCELLED);
}

/* What is done is done, also for a trace that is told so. */
static void a_trace_does_not_undo_an_answer(void **state)
{
    static const li_client client = { .access_token = "TOK",
                                      .trace = give_up_when_done };
    static const li_req req = BY("GET");
    char buf[600];
    li_call call;

    (void)state;
    given_up = &call;
    bring_of(&call, &client, &req, buf, 0, ALL);
    assert_int_equal(hear(&call, done_answer), LI_OK);
    assert_int_equal(call.rc, LI_OK);
    assert_int_equal(call.status, 200);
}

int main(void)
{
    TEST(a_reader_that_fails);
    ROWS(stale_rows, stale);
    TEST(other_failures_are_final);
    TEST(a_failure_needs_a_reason);
    TEST(no_repetition_behind_a_byte);
    TEST(an_early_answer);
    TEST(what_may_have_been_seen);
    TEST(out_of_order);
    TEST(a_sent_head_leaves_no_token);
    TEST(a_failure_leaves_no_token);
    TEST(a_call_without_a_target);
    TEST(bytes_are_counted);
    TEST(a_token_that_grew);
    TEST(the_longest_body_of_a_reader);
    TEST(a_head_half_sent);
    TEST(feeding_step_by_step);
    TEST(feeding_long_headers);
    TEST(a_large_window);
    TEST(feeding);
    TEST(feeding_a_coding);
    TEST(feeding_trims);
    TEST(a_later_status_forgets_headers);
    TEST(an_absent_value_is_fed);
    ROWS(order_rows, order);
    TEST(feeding_at_every_capacity);
    TEST(a_fed_header_that_does_not_fit);
    TEST(feeding_a_sink);
    TEST(a_fed_call_has_no_windows);
    TEST(a_fault_at_every_operation);
    TEST(a_hook_may_give_up);
    TEST(feeding_behind_the_windows);
    TEST(a_hook_gives_up_before_a_long_line);
    TEST(the_first_failure_of_a_reader_stays);
    TEST(what_a_hook_gave_up_is_not_tried_again);
    TEST(a_repetition_without_a_try);
    TEST(a_hook_is_asked_once_behind_a_try);
    TEST(a_trace_does_not_undo_an_answer);
    return RUN("call");
}
