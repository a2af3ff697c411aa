/* >>answer: answers, cut in every way; limits; what is kept. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include <signal.h>

#include "exchange.h"
#include "test.h"

#define NOTHING { NULL, 0 }

/* ---- answers */

enum { CLOSES, KEEPS, JUNK /* closes if the junk is seen in time */ };

typedef struct answer_row {
    int line;
    const char *what;
    li_str in;
    li_rc rc;
    int status;
    int keep;
    li_str body;
    const char *method;
    int eof;           /* the body ends where the connection does */
    size_t head;       /* eof: bytes of its head */
} answer_row;

#define GOOD(what, in, keep, body) \
    { __LINE__, what, S(in), LI_OK, 200, keep, S(body), NULL, 0, 0 }
#define BAD(what, in) \
    { __LINE__, what, S(in), LI_E_PROTOCOL, 0, 0, NOTHING, NULL, 0, 0 }
#define TAIL(what, head, body) \
    { __LINE__, what, S(head body), LI_OK, 200, CLOSES, S(body), NULL, 1, \
      sizeof(head) - 1 }

static const answer_row answer_rows[] = {
    GOOD("length", OK LEN("5") E "hello", KEEPS, "hello"),
    GOOD("length 0", OK LEN("0") E, KEEPS, ""),
    GOOD("length with noughts", OK LEN("0005") E "hello", KEEPS, "hello"),
    GOOD("no space behind the colon", OK "Content-Length:5\r\n\r\nhello",
         KEEPS, "hello"),
    GOOD("spaces and tabs round it", OK "Content-Length: \t 5 \t\r\n\r\nhello",
         KEEPS, "hello"),
    GOOD("any case", OK "cONTENT-lENGTH: 5\r\n\r\nhello", KEEPS, "hello"),
    GOOD("no reason", "HTTP/1.1 200\r\n" LEN("2") E "hi", KEEPS, "hi"),
    GOOD("empty reason", "HTTP/1.1 200 \r\n" LEN("2") E "hi", KEEPS, "hi"),
    GOOD("reason of high bytes", "HTTP/1.1 200 \xc3\xa9\t!\r\n" LEN("2") E
         "hi", KEEPS, "hi"),
    GOOD("an empty value", OK "X:\r\n" LEN("2") E "hi", KEEPS, "hi"),
    GOOD("a value of colons", OK "X: a:b::c\r\n" LEN("2") E "hi", KEEPS, "hi"),
    GOOD("NUL in the body", OK LEN("3") E "a\0b", KEEPS, "a\0b"),
    GOOD("a body like a head", OK LEN("19") E "HTTP/1.1 200 OK\r\n\r\n", KEEPS,
         "HTTP/1.1 200 OK\r\n\r\n"),
    GOOD("chunks", CH "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", KEEPS, "abcde"),
    GOOD("many chunks", CH "1\r\na\r\n1\r\nb\r\n1\r\nc\r\n1\r\nd\r\n1\r\ne\r\n"
         "1\r\nf\r\n1\r\ng\r\n1\r\nh\r\n0\r\n\r\n", KEEPS, "abcdefgh"),
    GOOD("no chunk but the last", CH "0\r\n\r\n", KEEPS, ""),
    GOOD("hex of both cases", CH "a\r\n0123456789\r\nB\r\n0123456789A\r\n"
         "0\r\n\r\n", KEEPS, "01234567890123456789A"),
    GOOD("noughts before a size", CH "0000000000000000000003\r\nabc\r\n"
         "000\r\n\r\n", KEEPS, "abc"),
    GOOD("extensions", CH "3;a=b\r\nabc\r\n1;x;y=\"z\"\r\nd\r\n0;e\r\n\r\n",
         KEEPS, "abcd"),
    GOOD("spaces before an extension", CH "3 \t ;a\r\nabc\r\n0\r\n\r\n", KEEPS,
         "abc"),
    GOOD("CR LF inside a chunk", CH "4\r\n\r\n\r\n\r\n0\r\n\r\n", KEEPS,
         "\r\n\r\n"),
    GOOD("trailers", CH "3\r\nabc\r\n0\r\nA: b\r\nC: d\r\n\r\n", KEEPS, "abc"),
    GOOD("trailers change nothing", CH "3\r\nabc\r\n0\r\nContent-Length: 7\r\n"
         "Connection: close\r\nTransfer-Encoding: x\r\nAuthorization: b\r\n"
         "\r\n", KEEPS, "abc"),
    GOOD("chunked in capitals", OK "transfer-encoding: CHUNKED\r\n\r\n"
         "1\r\na\r\n0\r\n\r\n", KEEPS, "a"),
    TAIL("until it closes", OK E, "the rest"),
    TAIL("nothing until it closes", OK E, ""),
    TAIL("of HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\n", "the rest"),
    TAIL("kept alive in words only", OK "Connection: keep-alive\r\n\r\n", "x"),
    { __LINE__, "HEAD with a length", S(OK LEN("5") E), LI_OK, 200, KEEPS,
      S(""), "HEAD", 0, 0 },
    { __LINE__, "HEAD with chunks", S(CH), LI_OK, 200, KEEPS, S(""), "HEAD", 0,
      0 },
    { __LINE__, "HEAD without a length", S(OK E), LI_OK, 200, KEEPS, S(""),
      "HEAD", 0, 0 },
    { __LINE__, "HEAD with a body", S(OK LEN("5") E "hello"), LI_OK, 200, JUNK,
      S(""), "HEAD", 0, 0 },
    { __LINE__, "204", S("HTTP/1.1 204 No Content\r\n\r\n"), LI_OK, 204, KEEPS,
      S(""), NULL, 0, 0 },
    { __LINE__, "204 with a length of 0", S("HTTP/1.1 204 X\r\n" LEN("0") E),
      LI_OK, 204, KEEPS, S(""), NULL, 0, 0 },
    { __LINE__, "204 with junk", S("HTTP/1.1 204 No Content\r\n\r\nx"), LI_OK,
      204, JUNK, S(""), NULL, 0, 0 },
    { __LINE__, "304 with a length", S("HTTP/1.1 304 X\r\n" LEN("5") E), LI_OK,
      304, KEEPS, S(""), NULL, 0, 0 },
    { __LINE__, "201", S("HTTP/1.1 201 Created\r\n" LEN("0") E), LI_OK, 201,
      KEEPS, S(""), NULL, 0, 0 },
    { __LINE__, "302 is an answer", S("HTTP/1.1 302 X\r\nLocation: "
      "file:///etc\r\n" LEN("0") E), LI_OK, 302, KEEPS, S(""), NULL, 0, 0 },
    { __LINE__, "404 is an answer", S("HTTP/1.1 404 X\r\n" LEN("2") E "{}"),
      LI_OK, 404, KEEPS, S("{}"), NULL, 0, 0 },
    { __LINE__, "999 is an answer", S("HTTP/1.1 999 X\r\n" LEN("2") E "{}"),
      LI_OK, 999, KEEPS, S("{}"), NULL, 0, 0 },
    GOOD("100 first", "HTTP/1.1 100 Continue\r\n\r\n" OK LEN("2") E "hi", KEEPS,
         "hi"),
    GOOD("103 with headers, 100 twice", "HTTP/1.1 103 X\r\nLink: a\r\n"
         "Content-Length: 9\r\nConnection: close\r\nRetry-After: 7\r\n\r\n"
         "HTTP/1.1 100 X\r\n\r\nHTTP/1.1 100 X\r\n\r\n" OK LEN("2") E "hi",
         KEEPS, "hi"),
    GOOD("100 of HTTP/1.0, then 1.1", "HTTP/1.0 100 X\r\n\r\n" OK LEN("0") E,
         KEEPS, ""),
    GOOD("1.0 closes", "HTTP/1.0 200 OK\r\n" LEN("2") E "hi", CLOSES, "hi"),
    GOOD("1.0 kept", "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n" LEN("2") E
         "hi", KEEPS, "hi"),
    GOOD("1.1 closes", OK "Connection: close\r\n" LEN("2") E "hi", CLOSES,
         "hi"),
    GOOD("close in a list", OK "Connection: x, Close ,y\r\n" LEN("2") E "hi",
         CLOSES, "hi"),
    GOOD("close in a second line", OK "Connection: keep-alive\r\n"
         "Connection: close\r\n" LEN("2") E "hi", CLOSES, "hi"),
    GOOD("close is stronger", OK "Connection: close, keep-alive\r\n" LEN("2") E
         "hi", CLOSES, "hi"),
    GOOD("closed is another word", OK "Connection: closed,,\r\n" LEN("2") E
         "hi", KEEPS, "hi"),
    GOOD("1.2 counts as 1.1", "HTTP/1.2 200 OK\r\n" LEN("2") E "hi", KEEPS,
         "hi"),
    GOOD("junk behind a length", OK LEN("2") E "hijunk", JUNK, "hi"),
    GOOD("a second answer", OK LEN("2") E "hi" OK LEN("3") E "abc", JUNK, "hi"),
    GOOD("junk behind chunks", CH "1\r\na\r\n0\r\n\r\njunk", JUNK, "a"),
    BAD("a version begun twice", "HTT" OK LEN("0") E),
    BAD("two lengths", OK LEN("5") LEN("6") E "hello!"),
    BAD("one length twice", OK LEN("5") LEN("5") E "hello"),
    BAD("a list of one length", OK LEN("5, 5") E "hello"),
    BAD("length +5", OK LEN("+5") E "hello"),
    BAD("length 0x5", OK LEN("0x5") E "hello"),
    BAD("length -5", OK LEN("-5") E "hello"),
    BAD("length 5:", OK LEN("5:") E "hello"),
    BAD("length 5/", OK LEN("5/") E "hello"),
    BAD("length 5a", OK LEN("5a") E "hello"),
    BAD("length 1 2", OK LEN("1 2") E "hello"),
    BAD("length of nothing", OK LEN("") E "hello"),
    BAD("length of a quote", OK LEN("\"5\"") E "hello"),
    BAD("length 2^64", OK LEN("18446744073709551616") E "hello"),
    BAD("length 2^64 + 2", OK LEN("18446744073709551618") E "hello"),
    BAD("length of 40 digits",
        OK LEN("1111111111111111111111111111111111111111") E "hello"),
    BAD("length and chunks", OK LEN("5") CHUNKED E "0\r\n\r\n"),
    BAD("chunks and length", OK CHUNKED LEN("5") E "0\r\n\r\n"),
    BAD("chunked, identity", OK "Transfer-Encoding: chunked, identity\r\n\r\n"),
    BAD("identity", OK "Transfer-Encoding: identity\r\n\r\n"),
    BAD("gzip that nobody asked for",
        OK "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi"),
    BAD("two codings", OK "content-encoding: identity\r\nCONTENT-ENCODING: br"
        "\r\nContent-Length: 2\r\n\r\nhi"),
    BAD("gzip, chunked", OK "Transfer-Encoding: gzip, chunked\r\n\r\n"),
    BAD("xchunked", OK "Transfer-Encoding: xchunked\r\n\r\n"),
    BAD("chunked;q", OK "Transfer-Encoding: chunked;q=1\r\n\r\n"),
    BAD("no coding", OK "Transfer-Encoding:\r\n\r\n"),
    BAD("chunked twice", OK CHUNKED CHUNKED E),
    BAD("chunked, then another", OK CHUNKED "Transfer-Encoding: x\r\n\r\n"),
    BAD("chunked in HTTP/1.0", "HTTP/1.0 200 OK\r\n" CHUNKED E),
    BAD("chunk 0x5", CH "0x5\r\nhello\r\n0\r\n\r\n"),
    BAD("chunk +5", CH "+5\r\nhello\r\n0\r\n\r\n"),
    BAD("chunk -5", CH "-5\r\nhello\r\n0\r\n\r\n"),
    BAD("chunk size with a CR and an extension",
        CH "1\r;x\r\na\r\n0\r\n\r\n"),
    BAD("chunk of nothing", CH "\r\nhello\r\n0\r\n\r\n"),
    BAD("chunk with a space first", CH " 5\r\nhello\r\n0\r\n\r\n"),
    BAD("chunk with a space last", CH "5 \r\nhello\r\n0\r\n\r\n"),
    BAD("chunk with a space within", CH "5 5\r\nhello\r\n0\r\n\r\n"),
    BAD("chunk of ;", CH ";a\r\nhello\r\n0\r\n\r\n"),
    BAD("chunk of 17 digits", CH "10000000000000005\r\nhello\r\n0\r\n\r\n"),
    BAD("chunk of ; and an end", CH ";a\r\n\r\n"),
    BAD("chunk of a tab", CH "\t\r\nhello\r\n0\r\n\r\n"),
    BAD("chunk of a space and ;", CH " ;a\r\n\r\n"),
    BAD("chunk g", CH "g\r\nhello\r\n0\r\n\r\n"),
    BAD("LF behind a size", CH "5\nhello\r\n0\r\n\r\n"),
    BAD("CR X behind a size", CH "5\rXhello\r\n0\r\n\r\n"),
    BAD("LF in an extension", CH "5;a\nb\r\nhello\r\n0\r\n\r\n"),
    BAD("CR in an extension", CH "5;a\rb\r\nhello\r\n0\r\n\r\n"),
    BAD("NUL in an extension", CH "5;a\0b\r\nhello\r\n0\r\n\r\n"),
    BAD("DEL in an extension", CH "5;a\177b\r\nhello\r\n0\r\n\r\n"),
    BAD("no CR LF behind data", CH "5\r\nhello0\r\n\r\n"),
    BAD("LF behind data", CH "5\r\nhello\n0\r\n\r\n"),
    BAD("CR X behind data", CH "5\r\nhello\rX0\r\n\r\n"),
    BAD("more data than told", CH "4\r\nhello\r\n0\r\n\r\n"),
    BAD("LF for the last line", CH "0\r\n\n"),
    BAD("trailer without a colon", CH "0\r\nabc\r\n\r\n"),
    BAD("trailer that is folded", CH "0\r\nA: b\r\n c\r\n\r\n"),
    BAD("trailer with LF", CH "0\r\nA: b\n\r\n"),
    BAD("CR LF CR X in trailers", CH "0\r\nA: b\r\n\rX"),
    BAD("space before the colon", OK "Content-Length : 5\r\n\r\nhello"),
    BAD("tab before the colon", OK "Content-Length\t: 5\r\n\r\nhello"),
    BAD("space before the name", OK " Content-Length: 5\r\n\r\nhello"),
    BAD("folded", OK "X: a\r\n b\r\n\r\n"),
    BAD("folded coding", OK "Transfer-Encoding:\r\n chunked\r\n\r\n"),
    BAD("bare LF", OK "X: a\nContent-Length: 5\r\n\r\nhello"),
    BAD("bare LF ends the head", OK "Content-Length: 5\r\n\nhello"),
    BAD("bare CR", OK "X: a\rContent-Length: 5\r\n\r\nhello"),
    BAD("CR LF CR X", OK "Content-Length: 5\r\n\rXhello"),
    BAD("LF behind the status", "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n"),
    BAD("CR X behind the status", "HTTP/1.1 200 OK\rX\r\n\r\n"),
    BAD("NUL in a value", OK "X: a\0b\r\n\r\n"),
    BAD("NUL in a name", OK "X\0: a\r\n\r\n"),
    BAD("DEL in a value", OK "X: a\177\r\n\r\n"),
    BAD("ESC in a value", OK "X: a\033[1m\r\n\r\n"),
    BAD("NUL in the reason", "HTTP/1.1 200 O\0K\r\n\r\n"),
    BAD("no colon", OK "abc\r\n\r\n"),
    BAD("no name", OK ": a\r\n\r\n"),
    BAD("a name in brackets", OK "(a): b\r\n\r\n"),
    BAD("a high byte in a name", OK "\xc3\xa9: b\r\n\r\n"),
    BAD("101 unasked", "HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n"),
    BAD("HTTP/2.0", "HTTP/2.0 200 OK\r\n\r\n"),
    BAD("HTTP/2", "HTTP/2 200 OK\r\n\r\n"),
    BAD("HTTP/1", "HTTP/1 200 OK\r\n\r\n"),
    BAD("HTTP/1.10", "HTTP/1.10 200 OK\r\n\r\n"),
    BAD("http/1.1", "http/1.1 200 OK\r\n\r\n"),
    BAD("HTTP/0.9", "<html>hello</html>"),
    BAD("ICY", "ICY 200 OK\r\n\r\n"),
    BAD("status 99999", "HTTP/1.1 99999 OK\r\n\r\n"),
    BAD("status 2000", "HTTP/1.1 2000 OK\r\n\r\n"),
    BAD("status 099", "HTTP/1.1 099 OK\r\n\r\n"),
    BAD("status 000", "HTTP/1.1 000 OK\r\n\r\n"),
    BAD("status 20", "HTTP/1.1 20 OK\r\n\r\n"),
    BAD("status -20", "HTTP/1.1 -20 OK\r\n\r\n"),
    BAD("two spaces", "HTTP/1.1  200 OK\r\n\r\n"),
    BAD("a tab", "HTTP/1.1\t200 OK\r\n\r\n"),
    BAD("200OK", "HTTP/1.1 200OK\r\n\r\n"),
    BAD("empty lines first", "\r\n\r\n" OK LEN("0") E),
    BAD("a space first", " " OK LEN("0") E),
    BAD("TLS alert", "\x15\x03\x03\x00\x02\x02\x28"),
};

static const char *const probe_headers[] = { NULL };

static li_req plain_req(const answer_row *row)
{
    li_req req = { .path = "/", .base = LI_BASE_AUTH,
                   .headers = probe_headers, .on_header = see_header };

    req.method = row->method ? row->method : "GET";
    return req;
}

static void run_row(const answer_row *row, struct way w, int sink,
                    struct result *r)
{
    li_req req = plain_req(row);
    li_str body;

    w.in = guarded(0, row->in);
    w.eof = row->eof;
    if (!w.cap)
        w.cap = row->in.len + PLAIN_HEAD + 2;
    req.sink = sink ? take : NULL;
    exchange(&plain_client, &req, &w, r);
    assert_int_equal(r->rc, row->rc);
    if (r->rc)
        return;
    assert_int_equal(r->status, row->status);
    if (row->keep != JUNK)
        assert_int_equal(r->keep, row->keep == KEEPS);
    assert_int_equal(r->sunk_len, sink ? row->body.len : 0);
    assert_int_equal(r->body_len, sink ? 0 : row->body.len);
    body = view(sink ? r->sunk : r->body, row->body.len);
    assert_text(body, row->body);
}

static void same_results(const struct result *a, const struct result *b)
{
    assert_int_equal(a->head_len, b->head_len);
    assert_memory_equal(a->head, b->head, sizeof a->head);
    assert_memory_equal(a->kept, b->kept, sizeof a->kept);
    assert_int_equal(a->sent_len, b->sent_len);
    assert_memory_equal(a->sent, b->sent, sizeof a->sent);
}

static void answer(void **state)
{
    const answer_row *row = (const answer_row *)*state;
    static struct result r;
    struct way whole = { .cap = 0 };

    run_row(row, whole, 0, &r);
    if (!r.rc && row->keep == JUNK)
        assert_int_equal(r.keep, 0);
    run_row(row, whole, 1, &r);
}

static void answer_in_pieces(void **state)
{
    const answer_row *row = (const answer_row *)*state;
    static const size_t pieces[] = { 0, 1, 2, 7 };
    static struct result whole, r;
    struct way w = { .cap = 0 };
    size_t i;

    run_row(row, w, 0, &whole);
    for (i = 0; i < 16; ++i) {
        w.piece = pieces[i / 4];
        w.blocked = (i & 1) != 0;
        run_row(row, w, (i & 2) != 0, &r);
        same_results(&whole, &r);
    }
    w.piece = 0;
    w.blocked = 0;
    for (w.first = 1; w.first < row->in.len; ++w.first) {
        run_row(row, w, 0, &r);
        same_results(&whole, &r);
        run_row(row, w, 1, &r);
        same_results(&whole, &r);
    }
}

/* How many bytes it takes until the call has ended. */
static size_t whole_len(const answer_row *row)
{
    static struct result r;
    struct way w = { .piece = 1 };

    run_row(row, w, 0, &r);
    return r.taken;
}

static void cut_at(const answer_row *row, size_t len, size_t ends)
{
    static struct result r;
    li_req req = plain_req(row);
    struct way w = { .cap = row->in.len + PLAIN_HEAD + 2, .eof = 1 };

    w.in = guarded(0, view(row->in.ptr, len));
    exchange(&plain_client, &req, &w, &r);
    if (row->eof && len >= row->head) {
        assert_int_equal(r.rc, LI_OK);
        assert_int_equal(r.body_len, len - row->head);
        assert_memory_equal(r.body, row->body.ptr, r.body_len);
    } else if (len < ends || row->eof) {
        assert_int_equal(r.rc, LI_E_CLOSED);
    } else {
        assert_int_equal(r.rc, row->rc);
    }
}

/* An answer that is cut is never a success; where the connection's end is the
   body's, all that came is there. */
static void answer_cut(void **state)
{
    const answer_row *row = (const answer_row *)*state;
    size_t len, ends = whole_len(row);

    for (len = 0; len <= row->in.len; ++len)
        cut_at(row, len, ends);
}

/* The end may be told right behind the last bytes, before a step sees them: an
   event loop that reads until there is nothing more does so. */
static void end_told_early(const char *head, const char *rest, li_call *call,
                           char *buf, size_t cap)
{
    li_req req = { .path = "/", .base = LI_BASE_AUTH };
    size_t len;

    li_begin(call, &plain_client, &req, buf, cap);
    li_opened(call, 0);
    li_out_ack(call, li_out_buf(call).len);
    assert_int_equal(li_step(call), LI_WANT_READ);
    memcpy(li_in_buf(call, &len), head, strlen(head));
    li_in_ack(call, strlen(head));
    if (*head)
        assert_int_equal(li_step(call), LI_WANT_READ);
    memcpy(li_in_buf(call, &len), rest, strlen(rest));
    li_in_ack(call, strlen(rest));
    li_in_eof(call);
    li_step(call);
}

static void a_close_delimited_body_loses_nothing(void **state)
{
    char buf[200];
    li_call call;

    (void)state;
    end_told_early(OK E, "the rest", &call, buf, sizeof buf);
    if (!call.rc)
        assert_text(call.body, LI_STR("the rest"));
}

static void a_whole_answer_and_its_end_at_once(void **state)
{
    static const char *const parts[][2] = {
        { "", OK LEN("2") E "hi" }, { OK LEN("2") E, "hi" },
        { "", CH "2\r\nhi\r\n0\r\n\r\n" }, { CH "2\r\nhi\r\n0\r\n", E },
        { "", OK E "hi" }, { OK E "h", "i" },
    };
    char buf[200];
    li_call call;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(parts); ++i) {
        end_told_early(parts[i][0], parts[i][1], &call, buf, sizeof buf);
        assert_int_equal(call.rc, LI_OK);
        assert_text(call.body, LI_STR("hi"));
    }
}

static li_rc with_cap(const answer_row *row, struct way w, int sink,
                      struct result *r)
{
    li_req req = plain_req(row);

    w.in = row->in;
    w.eof = row->eof;
    req.sink = sink ? take : NULL;
    exchange(&plain_client, &req, &w, r);
    return r->rc;
}

/* Less than enough: LI_E_SPACE, and a need that does. Enough, and more: the
   same result. Never something between. */
static void capacities(const answer_row *row, struct way w, int sink)
{
    static struct result full, r;
    size_t least_cap = PLAIN_HEAD + (row->method ? 1 : 0);
    int fits = 0;

    w.cap = row->in.len + PLAIN_HEAD + 2;
    with_cap(row, w, sink, &full);
    for (w.cap = 0; w.cap <= row->in.len + PLAIN_HEAD + 2;
         w.cap += OFTEN(1, 5)) {
        size_t cap = w.cap;

        with_cap(row, w, sink, &r);
        if (r.rc == LI_E_SPACE) {
            assert_false(fits);
            assert_true(!r.need || r.need > cap);
            assert_true(cap < least_cap || cap <= row->in.len);
            if (cap < least_cap)
                assert_int_equal(r.need, least_cap);
            w.cap = r.need;
            if (cap >= least_cap && r.need && r.need < 10000)
                assert_int_not_equal(with_cap(row, w, sink, &r), LI_E_SPACE);
            w.cap = cap;
            continue;
        }
        fits = 1;
        assert_int_equal(r.rc, full.rc);
        assert_int_equal(r.body_len, full.body_len);
        assert_memory_equal(r.body, full.body, sizeof r.body);
        assert_memory_equal(r.sunk, full.sunk, sizeof r.sunk);
        if (!r.rc || !w.piece)
            assert_memory_equal(r.kept, full.kept, sizeof r.kept);
    }
    assert_true(fits);
}

static void answer_at_every_capacity(void **state)
{
    const answer_row *row = (const answer_row *)*state;
    struct way w = { .cap = 0 };

    capacities(row, w, 0);
    capacities(row, w, 1);
    w.piece = 1;
    capacities(row, w, 0);
    capacities(row, w, 1);
}

/* 204 has no body, whatever it says. keep_alive is what the message says;
   li_run does not trust such a peer with another call (test_run.c). */
static void a_204_that_tells_a_body_has_none(void **state)
{
    static const answer_row rows[] = {
        { __LINE__, "length", S("HTTP/1.1 204 X\r\n" LEN("5") E), LI_OK, 204,
          KEEPS, S(""), NULL, 0, 0 },
        { __LINE__, "chunks", S("HTTP/1.1 204 X\r\n" CHUNKED E), LI_OK, 204,
          KEEPS, S(""), NULL, 0, 0 },
    };
    static struct result r;
    struct way w = { .piece = 1 };

    (void)state;
    run_row(&rows[0], w, 0, &r);
    run_row(&rows[1], w, 0, &r);
}

/* ---- what has no end */

typedef struct endless_row {
    int line;
    const char *what;
    const char *start, *again;
    size_t bound; /* a large buffer: LI_E_LIMIT within so many bytes */
    li_rc small;  /* what a small one gives */
} endless_row;

static const endless_row endless_rows[] = {
    { __LINE__, "headers", OK, "X: y\r\n", LI_MAX_HEAD, LI_E_LIMIT },
    { __LINE__, "empty headers", OK, "X:\r\n", LI_MAX_HEAD, LI_E_LIMIT },
    { __LINE__, "a name", OK, "X", LI_MAX_HEAD + 1, LI_E_SPACE },
    { __LINE__, "a value", OK "X: ", "y", LI_MAX_HEAD + 1, LI_E_SPACE },
    { __LINE__, "a reason", "HTTP/1.1 200 ", "y", LI_MAX_HEAD + 1, LI_E_SPACE },
    { __LINE__, "long headers", OK, "X: 3456789012345678901234567890123456789"
      "0123456789\r\n", LI_MAX_HEAD, LI_E_LIMIT },
    { __LINE__, "1xx", "", "HTTP/1.1 100 X\r\n\r\n", LI_MAX_HEAD, LI_E_LIMIT },
    { __LINE__, "1xx with headers", "", "HTTP/1.1 103 X\r\nA: b\r\n\r\n",
      LI_MAX_HEAD, LI_E_LIMIT },
    { __LINE__, "a chunk extension", CH "1;", "x", LI_MAX_CHUNK_LINE + 99,
      LI_E_LIMIT },
    { __LINE__, "spaces behind a size", CH "1", " ", LI_MAX_CHUNK_LINE + 99,
      LI_E_LIMIT },
    { __LINE__, "noughts of a size", CH, "0", LI_MAX_CHUNK_LINE + 99,
      LI_E_LIMIT },
    { __LINE__, "noughts in a chunk after others",
      CH "1\r\na\r\n1\r\nb\r\n", "0", LI_MAX_CHUNK_LINE + 99, LI_E_LIMIT },
    { __LINE__, "trailers", CH "1\r\na\r\n0\r\n", "X: y\r\n", LI_MAX_HEAD,
      LI_E_LIMIT },
    { __LINE__, "a trailer", CH "1\r\na\r\n0\r\nX: ", "y", LI_MAX_HEAD + 99,
      LI_E_SPACE },
    { __LINE__, "a length of nines", OK "Content-Length: ", "0",
      LI_MAX_HEAD + 1, LI_E_SPACE },
    { __LINE__, "chunks, in a buffer", CH, "1\r\na\r\n", 200000 * 6,
      LI_E_SPACE },
    { __LINE__, "a body, in a buffer", OK E, "a", 200000, LI_E_SPACE },
};

static size_t endless_byte(const endless_row *row, size_t i, char *c)
{
    size_t start = strlen(row->start), again = strlen(row->again);

    *c = i < start ? row->start[i] : row->again[(i - start) % again];
    return i + 1;
}

/* Drives until it fails; gives how many bytes were taken. */
static size_t endless_run(const endless_row *row, size_t cap, size_t piece,
                          li_rc *rc)
{
    li_req req = { .path = "/", .base = LI_BASE_AUTH };
    li_call call;
    size_t i = 0, len, n;

    li_begin(&call, &plain_client, &req, guard(3, cap), cap);
    li_opened(&call, 0);
    li_out_ack(&call, li_out_buf(&call).len);
    while ((*rc = li_step(&call)) == LI_WANT_READ && i < 10000000) {
        char *in = li_in_buf(&call, &len);

        assert_true(len > 0);
        for (n = 0; n < len && n < piece; ++n)
            i = endless_byte(row, i, in + n);
        li_in_ack(&call, n);
    }
    assert_int_equal(call.keep_alive, 0);
    return i;
}

static void endless(void **state)
{
    const endless_row *row = (const endless_row *)*state;
    li_rc want = row->bound >= 200000 ? LI_E_SPACE : LI_E_LIMIT, rc;
    size_t n;

    n = endless_run(row, 100000, 1, &rc);
    assert_int_equal(rc, want);
    assert_true(n <= row->bound);
    n = endless_run(row, 100000, 100000, &rc);
    assert_int_equal(rc, want);
    n = endless_run(row, 100, 1, &rc);
    assert_int_equal(rc, row->small);
    assert_true(n <= row->bound);
    n = endless_run(row, 100, 100, &rc);
    assert_int_equal(rc, row->small);
    assert_true(n <= row->bound + 100);
}

/* The limits, to the byte: a head of LI_MAX_HEAD bytes (the empty line not
   counted) and LI_MAX_HEADERS lines is taken, one more of either is not.
   first: so many bytes come at first; 0: all at once. */
static li_rc head_of(size_t lines, size_t bytes, size_t first)
{
    static char in[80000];
    static struct result r;
    li_req req = { .path = "/", .base = LI_BASE_AUTH };
    struct way w = { .cap = 100000, .first = first };
    size_t i, n = (size_t)sprintf(in, OK);

    for (i = 1; i + 1 < lines; ++i)
        n += (size_t)sprintf(in + n, "X:\r\n");
    n += (size_t)sprintf(in + n, "Content-Length:");
    while (n + 3 < bytes)
        in[n++] = ' ';
    n += (size_t)sprintf(in + n, "0\r\n\r\n");
    w.in = view(in, n);
    exchange(&plain_client, &req, &w, &r);
    return r.rc;
}

static void limits_to_the_byte(void **state)
{
    (void)state;
    assert_int_equal(head_of(LI_MAX_HEADERS, 0, 0), LI_OK);
    assert_int_equal(head_of(LI_MAX_HEADERS + 1, 0, 0), LI_E_LIMIT);
    assert_int_equal(head_of(2, LI_MAX_HEAD, 0), LI_OK);
    assert_int_equal(head_of(2, LI_MAX_HEAD + 1, 0), LI_E_LIMIT);
    /* where a first piece ends, only the line's own length counts, wherever
       it begins */
    assert_int_equal(head_of(2, LI_MAX_HEAD, LI_MAX_HEAD - 20), LI_OK);
    assert_int_equal(head_of(2, LI_MAX_HEAD, LI_MAX_HEAD), LI_OK);
}

static li_rc chunk_line_of(size_t len)
{
    static char in[4000];
    static struct result r;
    li_req req = { .path = "/", .base = LI_BASE_AUTH };
    struct way w = { .cap = 3000 };
    size_t n = (size_t)sprintf(in, CH);

    while (len-- > 1)
        in[n++] = '0';
    n += (size_t)sprintf(in + n, "1\r\na\r\n0\r\n\r\n");
    w.in = view(in, n);
    exchange(&plain_client, &req, &w, &r);
    return r.rc;
}

static void a_chunk_line_to_the_byte(void **state)
{
    (void)state;
    assert_int_equal(chunk_line_of(LI_MAX_CHUNK_LINE - 1), LI_OK);
    assert_int_equal(chunk_line_of(LI_MAX_CHUNK_LINE + 2), LI_E_LIMIT);
}

/* ---- lengths no buffer holds */

static void a_length_beyond_memory(void **state)
{
    static const answer_row rows[] = {
        { __LINE__, "2^64 - 10", S(OK LEN("18446744073709551606") E "x"),
          LI_E_SPACE, 0, 0, NOTHING, NULL, 0, 0 },
        { __LINE__, "2^63", S(OK LEN("9223372036854775808") E "x"),
          LI_E_SPACE, 0, 0, NOTHING, NULL, 0, 0 },
    };
    static struct result r;
    struct way w = { .cap = 0 };

    (void)state;
    run_row(&rows[0], w, 0, &r);
    assert_true(r.need > (size_t)1 << (8 * sizeof(size_t) - 2));
    run_row(&rows[1], w, 0, &r);
    assert_true(r.need >= (size_t)1 << (8 * sizeof(size_t) - 1));
}

static void a_chunk_beyond_memory_is_never_whole(void **state)
{
    static const answer_row row = {
        __LINE__, "2^64 - 1", S(CH "ffffffffffffffff\r\nabc"), LI_WANT_READ,
        0, 0, NOTHING, NULL, 0, 0 };
    static struct result r;
    struct way w = { .cap = 0 };

    (void)state;
    run_row(&row, w, 0, &r);
    w.piece = 1;
    run_row(&row, w, 1, &r);
    assert_text(view(r.sunk, r.sunk_len), LI_STR("abc"));
}

/* Where the length is told, the need is: what is kept, and the body. */
static void a_known_length_tells_the_need(void **state)
{
    static const answer_row row = {
        __LINE__, "need", S(OK "Location: /abcdefgh\r\n" LEN("80") E
        "0123456789012345678901234567890123456789"
        "0123456789012345678901234567890123456789"), LI_OK, 200, KEEPS, S(""),
        NULL, 0, 0 };
    static struct result r;
    struct way w = { .cap = 0 };

    (void)state;
    for (w.cap = PLAIN_HEAD; w.cap < 89; ++w.cap) {
        assert_int_equal(with_cap(&row, w, 0, &r), LI_E_SPACE);
        assert_int_equal(r.need, 89);
    }
    assert_int_equal(with_cap(&row, w, 0, &r), LI_OK);
    assert_int_equal(r.body_len, 80);
}

/* ---- headers that are kept */

static void kept_headers(void **state)
{
    static const answer_row row = {
        __LINE__, "kept",
        S(OK "Date: x\r\nX-LI-UUID: u-u\r\nlocation:   /a/b  \r\n"
          "Other: zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\r\n"
          "X-RestLi-Id: urn:li:share:1\r\nContent-Type: application/json\r\n"
          "Retry-After: 12\r\nx-li-request-id: rid\r\nLocation: second\r\n"
          CHUNKED E "2\r\nhi\r\n0\r\nRetry-After: 99\r\n\r\n"),
        LI_OK, 200, KEEPS, S("hi"), NULL, 0, 0 };
    static struct result r;
    struct way w = { .cap = 0 };

    (void)state;
    for (w.piece = 0; w.piece < 9; ++w.piece)
        for (w.cap = 140; w.cap < 400; w.cap += 13) {
            run_row(&row, w, 0, &r);
            assert_string_equal(r.kept[LI_H_LI_UUID], "u-u");
            assert_string_equal(r.kept[LI_H_LOCATION], "/a/b");
            assert_string_equal(r.kept[LI_H_RESTLI_ID], "urn:li:share:1");
            assert_string_equal(r.kept[LI_H_CONTENT_TYPE], "application/json");
            assert_string_equal(r.kept[LI_H_RETRY_AFTER], "12");
            assert_string_equal(r.kept[LI_H_REQUEST_ID], "rid");
        }
}

static void the_older_id_header(void **state)
{
    static const answer_row row = {
        __LINE__, "older", S(OK "x-linkedin-id: 7\r\n" LEN("0") E), LI_OK, 200,
        KEEPS, S(""), NULL, 0, 0 };
    static struct result r;
    struct way w = { .cap = 0 };

    (void)state;
    run_row(&row, w, 0, &r);
    assert_string_equal(r.kept[LI_H_RESTLI_ID], "7");
}

static void all_headers_and_trailers_are_seen(void **state)
{
    static const answer_row row = {
        __LINE__, "seen",
        S("HTTP/1.1 103 X\r\nHint: h\r\n\r\n" OK "A:  b \r\nC:\r\n" CHUNKED E
          "1\r\na\r\n0\r\nT: u\r\n\r\n"), LI_OK, 200, KEEPS, S("a"), NULL, 0,
        0 };
    static struct result r;
    struct way w = { .cap = 0 };

    (void)state;
    run_row(&row, w, 0, &r);
    assert_text(view(r.head, r.head_len),
                LI_STR("A:b\nC:\nTransfer-Encoding:chunked\nT:u\n"));
}

/* Names of any length, and of all characters that a name may have. */
static void odd_names(void **state)
{
    static const answer_row row = {
        __LINE__, "odd names",
        S(OK "X_Under_Score_9: a\r\nX-Name-Of-Eighteen: b\r\n"
          "X-Name-Of-Nineteen-: c\r\nx!#$%&'*+.^_`|~: d\r\n"
          "connection_: close\r\nContent-Xxxxxx: 5\r\n" LEN("0") E), LI_OK, 200, KEEPS, S(""), NULL,
        0, 0 };
    static struct result r;
    struct way w = { .cap = 0 };

    (void)state;
    run_row(&row, w, 0, &r);
    assert_text(view(r.head, r.head_len),
                LI_STR("X_Under_Score_9:a\nX-Name-Of-Eighteen:b\n"
                       "X-Name-Of-Nineteen-:c\nx!#$%&'*+.^_`|~:d\n"
                       "connection_:close\nContent-Xxxxxx:5\n"
                       "Content-Length:0\n"));
    assert_int_equal(r.keep, 1);
}

/* The names that count, each with one letter changed: they count no more. */
static void names_that_are_nearly_known(void **state)
{
    static const char *const lines[] = {
        "Content-Length: 9", "Transfer-Encoding: gzip", "Connection: close",
        "Content-Encoding: br", "Location: no", "X-LI-UUID: no",
        "X-RestLi-Id: no", "X-LinkedIn-Id: no", "Content-Type: no",
        "Retry-After: 9", "X-LI-Request-Id: no"};
    size_t i, at, k;

    (void)state;
    for (i = 0; i < COUNT(lines); ++i)
        for (at = 0; lines[i][at] != ':'; ++at) {
            char in[200];
            answer_row row = {__LINE__, "nearly", S(""), LI_OK, 200, KEEPS,
                              S(""), NULL, 0, 0};
            static struct result r;
            struct way w = {.cap = 0};

            snprintf(in, sizeof in, OK "%s\r\n" LEN("0") E, lines[i]);
            in[sizeof OK - 1 + at] = '~';
            row.in = view(in, strlen(in));
            run_row(&row, w, 0, &r);
            for (k = 0; k < LI_H_COUNT; ++k)
                assert_string_equal(r.kept[k], "");
        }
}

static void no_such_header(void **state)
{
    li_call call = { .rc = LI_OK }, over;
    char buf[200];

    (void)state;
    end_told_early(OK LEN("2") E, "hi", &over, buf, sizeof buf);
    assert_int_equal(over.rc, LI_OK);
    assert_null(li_header(&over, LI_H_COUNT).ptr);
    assert_null(li_header(&call, LI_H_COUNT).ptr);
    assert_null(li_header(&call, (li_kept)-1).ptr);
    assert_null(li_header(&call, LI_H_LOCATION).ptr);
}

/* ---- a sink that says no */

static void a_sink_ends_the_call(void **state)
{
    static const struct { const char *in; li_rc says, rc; } cases[] = {
        { OK LEN("5") E "hello", LI_E_CANCELLED, LI_E_CANCELLED },
        { CH "1\r\na\r\n", LI_E_STORE, LI_E_STORE },
        { OK E "x", LI_E_JSON, LI_E_JSON },
        { OK LEN("5") E "hello", LI_WANT_READ, LI_E_STATE },
        { CH "1\r\na\r\n", LI_WANT_READ, LI_E_STATE },
    };
    static struct result r;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); ++i) {
        li_rc says = cases[i].says;
        li_req req = { .path = "/", .base = LI_BASE_AUTH, .sink = refuse,
                       .user = &says };
        struct way w = { .cap = 200 };

        w.in = li_cstr(cases[i].in);
        exchange(&plain_client, &req, &w, &r);
        assert_int_equal(r.rc, cases[i].rc);
    }
}

/* ---- bodies with a value replaced */

/* Every answer that the library reads, with each of its values replaced by one
   of each other type, by nothing and by too much: a documented result, within
   bounded steps, and nothing read or written beyond its memory. */

/* More than the work of exchange.h: one value is of 70,000 bytes. */
static char wide[1 << 18], memory[1 << 18];

static li_rc accept_any(void *user, const li_str key[2], li_str text,
                        li_str signature)
{
    (void)user;
    (void)key;
    (void)text;
    (void)signature;
    return LI_OK;
}

static li_token token;
static const li_client me = {.access_token = "AQX-token", .version = "202609",
                             .client_id = "app", .now = tell,
                             .verify = accept_any, .token = &token};

static void fed_json(li_call *call, const li_req *req, int status, li_str body)
{
    li_begin(call, &me, req, wide, sizeof wide);
    li_feed_status(call, status);
    li_feed_header(call, LI_STR("Content-Type"), LI_STR("application/json"));
    li_feed_header(call, LI_STR("ETag"), LI_STR("\"tag\""));
    li_feed_body(call, body);
    li_feed_end(call);
}

/* A result that is documented: below zero an error code, never a "not yet". */
static void documented(li_rc rc)
{
    assert_true(rc == LI_OK || (rc <= LI_E_ARG && rc >= LI_E_DUPLICATE));
    if (rc)
        assert_string_not_equal(li_strerror(rc), "unknown result");
}

/* ---- the readers */

static void read_token(li_str body)
{
    static char mem[4096];

    memset(&token, 0, sizeof token);
    token.mem = mem;
    token.cap = sizeof mem;
    documented(li_token_read(&token, body, NULL));
    if (token.access_token.ptr)
        assert_int_equal(strlen(token.access_token.ptr),
                         token.access_token.len);
    if (token.refresh_token.ptr)
        assert_int_equal(strlen(token.refresh_token.ptr),
                         token.refresh_token.len);
}

static void read_profile(li_str body)
{
    li_buf out = LI_BUF(memory);
    li_profile who;
    li_call call;

    fed_json(&call, &get_me, 200, body);
    if (li_profile_read(&who, &call, &out) == LI_OK) {
        assert_int_equal(strlen(who.id.ptr), who.id.len);
        assert_int_equal(strlen(who.name.ptr), who.name.len);
    }
    documented(li_profile_read(&who, &call, &out));
}

static void read_problem(li_str body)
{
    li_buf out = LI_BUF(memory);
    li_problem why;
    li_call call;

    fed_json(&call, &get_me, 400, body);
    documented(li_check(&call));
    documented(li_problem_read(&why, &call, &out));
    assert_non_null(li_hint(LI_E_HTTP, &why));
    documented(li_explain(&call, LI_OK, &out));
    fed_json(&call, &get_me, 422, body);
    documented(li_check(&call));
}

static void read_introspection(li_str body)
{
    li_buf out = LI_BUF(memory);
    li_str raw;
    int64_t n;

    if (!li_json_find(body, "/expires_at", &raw))
        documented(li_json_int(raw, &n));
    documented(li_json_find(body, "/active", &raw));
    documented(li_json_copy(body, "/scope", &out));
    if (!out.rc)
        assert_int_equal(strlen(out.ptr), out.len);
}

static unsigned handed;

static li_rc element(void *user, li_str json)
{
    li_str all;

    (void)user;
    assert_int_equal(li_json_find(json, "", &all), LI_OK);
    handed++;
    return LI_OK;
}

static void read_listing(li_str body, int cursor)
{
    static const li_rest rest = {.method = LI_GET_ALL, .path = "/things"};
    li_page page;
    li_buf out = LI_BUF(memory);
    li_req req;
    li_call call;
    unsigned turn;

    memset(&page, 0, sizeof page);
    page.rest = &rest;
    page.element = element;
    page.mem = memory + sizeof memory / 2;
    page.cap = sizeof memory / 2;
    page.cursor = (uint8_t)cursor;
    out.cap = sizeof memory / 2;
    for (turn = 0; turn < 4; turn++) {
        li_rc rc;

        li_buf_clear(&out);
        rc = li_page_req(&page, &req, &me, &out);
        documented(rc);
        if (rc)
            return;
        fed_json(&call, &req, 200, body);
        documented(li_page_end(&page, &call));
    }
}

static void read_listing_by_index(li_str body)
{
    read_listing(body, 0);
}

static void read_listing_by_cursor(li_str body)
{
    read_listing(body, 1);
}

static size_t give(void *user, uint64_t at, char *dst, size_t cap)
{
    (void)user;
    (void)at;
    memset(dst, 'v', cap);
    return cap;
}

static void read_upload(li_media media, li_str body)
{
    li_upload up;
    li_call call;
    li_req req;
    li_rc rc = LI_OK;
    unsigned turn;

    memset(&up, 0, sizeof up);
    up.media = media;
    up.owner = "urn:li:person:1";
    up.len = 10;
    up.read = give;
    up.mem = memory + sizeof memory / 2;
    up.cap = sizeof memory / 2;
    for (turn = 0; turn < 8 && !rc; turn++) {
        li_buf out = li_buf_of(memory, sizeof memory / 2);

        rc = li_upload_req(&up, &req, &me, &out);
        documented(rc);
        if (rc)
            break;
        fed_json(&call, &req, 200, turn ? LI_STR("") : body);
        rc = li_upload_end(&up, &call);
        documented(rc);
    }
    assert_true(turn < 8);
}

static void read_image(li_str body)
{
    read_upload(LI_IMAGE, body);
}

static void read_document(li_str body)
{
    read_upload(LI_DOCUMENT, body);
}

static void read_video(li_str body)
{
    read_upload(LI_VIDEO, body);
}

/* An id_token, read with its keys, and again without looking at them. */
static void read_id_token(li_str header, li_str claims, li_str keys)
{
    static char text[1 << 17];
    li_buf id = LI_BUF(text), out = LI_BUF(memory);
    li_flow flow;
    li_profile who;
    li_rc rc;

    memset(&flow, 0, sizeof flow);
    memset(&token, 0, sizeof token);
    li_base64url_encode(header, &id);
    li_put(&id, LI_STR("."));
    li_base64url_encode(claims, &id);
    li_put(&id, LI_STR(".AAAA"));
    token.id_token = written(&id);
    rc = li_id_token_read(&who, &me, &flow, keys, &out);
    documented(rc);
    assert_int_not_equal(rc, LI_OK); /* the key is too short */
    assert_non_null(flow.wrong);
    flow.trust_tls = 1;
    flow.stage = 3;
    out = LI_BUF(memory);
    documented(li_id_token_read(&who, &me, &flow, keys, &out));
}

#define HEADER "{\"alg\":\"RS256\",\"kid\":\"k\",\"typ\":\"JWT\"}"
#define CLAIMS                                                                \
    "{\"iss\":\"https://www.linkedin.com/oauth\",\"aud\":[\"app\"],"          \
    "\"azp\":\"app\",\"exp\":1800000100,\"iat\":1799999900,\"nbf\":1,"        \
    "\"sub\":\"me\",\"name\":\"A\"}"
#define KEYS                                                                  \
    "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k\",\"use\":\"sig\",\"alg\":"      \
    "\"RS256\",\"n\":\"AQAB\",\"e\":\"AQAB\"},{\"kty\":\"EC\"}]}"

static void read_id_header(li_str body)
{
    read_id_token(body, LI_STR(CLAIMS), LI_STR(KEYS));
}

static void read_id_claims(li_str body)
{
    read_id_token(LI_STR(HEADER), body, LI_STR(KEYS));
}

static void read_jwks(li_str body)
{
    read_id_token(LI_STR(HEADER), LI_STR(CLAIMS), body);
}

/* What a program reads out of a batch's results. */
static void read_results(li_str body)
{
    li_buf out = LI_BUF(memory);
    li_str raw;
    int64_t n;

    documented(li_json_find(body, "/results/7/name", &raw));
    if (!li_json_find(body, "/statuses/7", &raw))
        documented(li_json_int(raw, &n));
    if (!li_json_find(body, "/errors/8", &raw))
        documented(li_restli_encode(LI_RESTLI_URL, raw, &out));
    documented(li_patch_put(&out, body, LI_STR("{\"results\":{\"7\":{}}}")));
}

/* ---- the answers */

static const struct answer {
    int line;
    const char *what, *body;
    void (*read)(li_str body);
} answers[] = {
    {__LINE__, "token", "{\"access_token\":\"AQX\",\"expires_in\":5184000,"
     "\"scope\":\"openid\",\"token_type\":\"Bearer\",\"id_token\":\"e.y.J\","
     "\"refresh_token\":\"AQV\",\"refresh_token_expires_in\":31536000}",
     read_token},
    {__LINE__, "introspection", "{\"active\":true,\"client_id\":\"app\","
     "\"status\":\"active\",\"scope\":\"openid\",\"expires_at\":1800000000}",
     read_introspection},
    {__LINE__, "profile of /v2/me", "{\"id\":\"a\",\"firstName\":{"
     "\"localized\":{\"en_US\":\"Ann\"},\"preferredLocale\":{\"language\":"
     "\"en\",\"country\":\"US\"}},\"localizedLastName\":\"Li\","
     "\"profilePicture\":{\"displayImage~\":{\"elements\":[{\"identifiers\":"
     "[{\"identifier\":\"https://x/y\"}]}]}}}", read_profile},
    {__LINE__, "profile of /v2/userinfo", "{\"sub\":\"a\",\"name\":\"Ann Li\","
     "\"given_name\":\"Ann\",\"family_name\":\"Li\",\"email\":\"a@b\","
     "\"picture\":\"https://x/y\"}", read_profile},
    {__LINE__, "problem", "{\"status\":400,\"serviceErrorCode\":100,\"code\":"
     "\"C\",\"message\":\"m\",\"requestId\":\"r\",\"errorDetails\":{"
     "\"inputErrors\":[{\"code\":\"D\",\"description\":\"d\",\"input\":{"
     "\"inputPath\":{\"fieldPath\":\"f\"}}}]}}", read_problem},
    {__LINE__, "problem of sign-in", "{\"error\":\"invalid_grant\","
     "\"error_description\":\"used\",\"errorCode\":\"7\"}", read_problem},
    {__LINE__, "listing", "{\"elements\":[{\"a\":1},{\"a\":2}],\"paging\":{"
     "\"start\":0,\"count\":2,\"total\":9,\"links\":[{\"rel\":\"next\"}]}}",
     read_listing_by_index},
    {__LINE__, "listing by cursor", "{\"elements\":[{\"a\":1}],\"metadata\":{"
     "\"nextPageToken\":\"t\"}}", read_listing_by_cursor},
    {__LINE__, "image", "{\"value\":{\"uploadUrlExpiresAt\":1,\"uploadUrl\":"
     "\"https://www.linkedin.com/u\",\"image\":\"urn:li:image:1\"}}",
     read_image},
    {__LINE__, "document", "{\"value\":{\"uploadUrlExpiresAt\":1,"
     "\"uploadUrl\":\"https://www.linkedin.com/u\",\"document\":"
     "\"urn:li:document:1\"}}", read_document},
    {__LINE__, "video", "{\"value\":{\"uploadUrlsExpireAt\":1,\"video\":"
     "\"urn:li:video:1\",\"uploadToken\":\"\",\"uploadInstructions\":[{"
     "\"uploadUrl\":\"https://www.linkedin.com/u\",\"firstByte\":0,"
     "\"lastByte\":4},{\"uploadUrl\":\"https://www.linkedin.com/v\","
     "\"firstByte\":5,\"lastByte\":9}]}}", read_video},
    {__LINE__, "id_token's header", HEADER, read_id_header},
    {__LINE__, "id_token's claims", CLAIMS, read_id_claims},
    {__LINE__, "jwks", KEYS, read_jwks},
    {__LINE__, "results of a batch", "{\"results\":{\"7\":{\"name\":\"x\"}},"
     "\"statuses\":{\"7\":200},\"errors\":{\"8\":{\"status\":404}}}",
     read_results},
};

/* ---- what a value is replaced by */

static char deep[200], longer[OFTEN(70000, 3000)];

static const char *replacement(unsigned i)
{
    static const char *const texts[] = {
        "null", "true", "false", "0", "-1", "1.5", "1e999", "2E+9",
        "18446744073709551616", "-9223372036854775809", "\"\"", "\"x\"",
        "\"0\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\xff\"",
        "[]", "[null]", "[[]]", "[1,2,3]", "{}", "{\"a\":{}}", "{\"\":null}",
        "", "}", "]", ",", "\"", "nul", "1 2", "{} []"};

    if (i < COUNT(texts))
        return texts[i];
    if (i == COUNT(texts)) {
        memset(deep, '[', 70);
        memset(deep + 70, ']', 70);
        return deep;
    }
    if (i > COUNT(texts) + 1)
        return NULL;
    memset(longer, 'y', sizeof longer - 1);
    longer[0] = longer[sizeof longer - 2] = '"';
    return longer;
}

static void on_alarm(int sig)
{
    static const char text[] = "an answer is read without end\n";

    (void)sig;
    if (write(2, text, sizeof text - 1) < 0)
        _exit(1);
    _exit(1);
}

/* At an exact size before a closed page. */
static void read_changed(const struct answer *row, li_str before,
                         const char *by, li_str behind)
{
    static char text[1 << 17];
    li_buf out = LI_BUF(text);

    li_put(&out, before);
    li_put(&out, li_cstr(by));
    li_put(&out, behind);
    assert_int_equal(out.rc, LI_OK);
    alarm(20);
    row->read(guarded(0, written(&out)));
    alarm(0);
}

static void answer_is_read(void **state)
{
    const struct answer *row = (const struct answer *)*state;
    li_str body = li_cstr(row->body);
    li_json json;
    unsigned i, values = 0;

    signal(SIGALRM, on_alarm);
    handed = 0;
    clock_says = 1800000000;
    read_changed(row, body, "", LI_STR(""));
    for (i = 0; replacement(i); i++) /* behind the whole of it */
        read_changed(row, body, replacement(i), LI_STR(""));
    li_json_open(&json, body, 1);
    while (!li_json_next(&json) && json.type != LI_JSON_END) {
        li_json value = json;
        size_t at = (size_t)(json.text.ptr - body.ptr), end;

        if (json.type == LI_JSON_KEY || json.type == LI_JSON_OBJECT_END ||
            json.type == LI_JSON_ARRAY_END)
            continue;
        assert_int_equal(li_json_skip(&value), LI_OK);
        end = li_json_offset(&value);
        for (i = 0; replacement(i); i++)
            read_changed(row, li__cut(body, 0, at), replacement(i),
                         li__cut(body, end, body.len));
        read_changed(row, li__cut(body, 0, at), "", LI_STR("")); /* cut */
        values++;
    }
    assert_true(values > 2);
}

int main(void)
{
    ROWS(answer_rows, answer);
    ROWS(answer_rows, answer_in_pieces);
    ROWS(answer_rows, answer_cut);
    TEST(a_close_delimited_body_loses_nothing);
    TEST(a_whole_answer_and_its_end_at_once);
    ROWS(answer_rows, answer_at_every_capacity);
    TEST(a_204_that_tells_a_body_has_none);
    ROWS(endless_rows, endless);
    TEST(limits_to_the_byte);
    TEST(a_chunk_line_to_the_byte);
    TEST(a_length_beyond_memory);
    TEST(a_chunk_beyond_memory_is_never_whole);
    TEST(a_known_length_tells_the_need);
    TEST(kept_headers);
    TEST(the_older_id_header);
    TEST(all_headers_and_trailers_are_seen);
    TEST(odd_names);
    TEST(names_that_are_nearly_known);
    TEST(no_such_header);
    TEST(a_sink_ends_the_call);
    ROWS(answers, answer_is_read);
    return RUN("answer");
}
