/* >>call: one HTTP/1.1 exchange, driven over its windows by bytes in memory:
   no socket, no clock. Every answer is cut in every way; what comes out must
   be the same. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "test.h"

#define S(literal) { "" literal, sizeof(literal) - 1 }
#define NOTHING { NULL, 0 }
#define API "https://api.linkedin.com"
#define LOCAL "http://localhost"

/* ---- the driver */

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

static void append(char *dst, size_t cap, size_t *len, li_str s)
{
    assert_true(s.len <= cap - *len);
    if (s.len)
        memcpy(dst + *len, s.ptr, s.len);
    *len += s.len;
}

static li_rc take(void *user, li_str piece)
{
    (void)user;
    assert_true(piece.len > 0);
    append(seeing->sunk, sizeof seeing->sunk, &seeing->sunk_len, piece);
    return LI_OK;
}

static void see_header(void *user, li_str name, li_str value)
{
    li_str colon = LI_STR(":"), end = LI_STR("\n");

    (void)user;
    append(seeing->head, sizeof seeing->head, &seeing->head_len, name);
    append(seeing->head, sizeof seeing->head, &seeing->head_len, colon);
    append(seeing->head, sizeof seeing->head, &seeing->head_len, value);
    append(seeing->head, sizeof seeing->head, &seeing->head_len, end);
}

static li_str view(const char *ptr, size_t len)
{
    li_str s;

    s.ptr = ptr;
    s.len = len;
    return s;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* A call may be moved: it never points into itself. */
static li_call *move_call(li_call place[2], li_call *call)
{
    li_call *other = call == place ? place + 1 : place;

    memcpy(other, call, sizeof *call);
    memset(call, 0xEE, sizeof *call);
    return other;
}

static void write_some(li_call *call, const struct way *w, struct result *r)
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
static int read_some(li_call *call, const struct way *w, struct result *r)
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

static void note(const li_call *call, struct result *r)
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
static void stays_failed(li_call *call)
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

static void exchange(const li_client *client, const li_req *req,
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

/* ---- answers */

static const li_client plain_client = { .auth_base = LOCAL, .user_agent = "" };
#define PLAIN_HEAD 62 /* what the request takes of the buffer; HEAD one more */

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

#define OK "HTTP/1.1 200 OK\r\n"
#define LEN(n) "Content-Length: " n "\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n"
#define E "\r\n"
#define CH OK CHUNKED E
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
    for (w.cap = 0; w.cap <= row->in.len + PLAIN_HEAD + 2; ++w.cap) {
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
   counted) and LI_MAX_HEADERS lines is taken, one more of either is not. */
static li_rc head_of(size_t lines, size_t bytes)
{
    static char in[80000];
    static struct result r;
    li_req req = { .path = "/", .base = LI_BASE_AUTH };
    struct way w = { .cap = 100000 };
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
    assert_int_equal(head_of(LI_MAX_HEADERS, 0), LI_OK);
    assert_int_equal(head_of(LI_MAX_HEADERS + 1, 0), LI_E_LIMIT);
    assert_int_equal(head_of(2, LI_MAX_HEAD), LI_OK);
    assert_int_equal(head_of(2, LI_MAX_HEAD + 1), LI_E_LIMIT);
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

static void no_such_header(void **state)
{
    li_call call = { .rc = LI_OK };

    (void)state;
    assert_null(li_header(&call, LI_H_COUNT).ptr);
    assert_null(li_header(&call, (li_kept)-1).ptr);
    assert_null(li_header(&call, LI_H_LOCATION).ptr);
}

/* ---- a sink that says no */

static li_rc refuse(void *user, li_str piece)
{
    (void)piece;
    return *(li_rc *)user;
}

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

/* ---- requests, to the byte */

#define AGENT "User-Agent: linkedin.h/" LI_VERSION "\r\n"
#define IDENTITY "Accept-Encoding: identity\r\n"
#define BEARER "Authorization: Bearer TOK\r\n"
#define RESTLI "X-Restli-Protocol-Version: 2.0.0\r\n"
#define AT_API " HTTP/1.1\r\nHost: api.linkedin.com\r\n" AGENT IDENTITY BEARER \
    RESTLI
#define AT_AUTH " HTTP/1.1\r\nHost: www.linkedin.com\r\n" AGENT IDENTITY
#define JSON "Content-Type: application/json\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

static size_t read_digits(void *user, uint64_t at, char *dst, size_t cap)
{
    size_t n = 0;

    (void)user;
    for (; n < cap && n < 5; ++n)
        dst[n] = (char)('0' + (at + n) % 10);
    return n;
}

static const char *const two_headers[] = { "X-A", "b c", "X-D", "", NULL };

typedef struct request_row {
    int line;
    const char *what;
    li_client client;
    li_req req;
    const char *want;
    const char *url;
} request_row;

static const request_row request_rows[] = {
    { __LINE__, "GET", { .access_token = "TOK" }, { .path = "/v2/userinfo" },
      "GET /v2/userinfo" AT_API E, API "/v2/userinfo" },
    { __LINE__, "query in the path", { .access_token = "TOK" },
      { .path = "/v2/me?projection=(id,a~(b))" },
      "GET /v2/me?projection=(id,a~(b))" AT_API E,
      API "/v2/me?projection=(id,a~(b))" },
    { __LINE__, "query apart", { .access_token = "TOK" },
      { .path = "/v2/me", .query = "ids=List(1,2)&q=%20" },
      "GET /v2/me?ids=List(1,2)&q=%20" AT_API E,
      API "/v2/me?ids=List(1,2)&q=%20" },
    { __LINE__, "query in both", { .access_token = "TOK" },
      { .path = "/v2/me?a=1", .query = "b=2" },
      "GET /v2/me?a=1&b=2" AT_API E, API "/v2/me?a=1&b=2" },
    { __LINE__, "an empty query", { .access_token = "TOK" },
      { .path = "/v2/me", .query = "" }, "GET /v2/me?" AT_API E,
      API "/v2/me?" },
    { __LINE__, "empty query behind one", { .access_token = "TOK" },
      { .path = "/v2/me?a=1", .query = "" }, "GET /v2/me?a=1" AT_API E,
      API "/v2/me?a=1" },
    { __LINE__, "versioned", { .access_token = "TOK", .version = "202601" },
      { .path = "/rest/posts", .rest_method = "FINDER", .query = "q=author" },
      "GET /rest/posts?q=author" AT_API "LinkedIn-Version: 202601\r\n"
      "X-RestLi-Method: FINDER\r\n\r\n", API "/rest/posts?q=author" },
    { __LINE__, "version with a patch",
      { .access_token = "TOK", .version = "202601.02" },
      { .path = "/rest/me" },
      "GET /rest/me" AT_API "LinkedIn-Version: 202601.02\r\n\r\n",
      API "/rest/me" },
    { __LINE__, "no version for /v2",
      { .access_token = "TOK", .version = "202601" }, { .path = "/v2/me" },
      "GET /v2/me" AT_API E, API "/v2/me" },
    { __LINE__, "body", { .access_token = "TOK" },
      { .path = "/v2/x", .body = S("{\"a\":1}") },
      "POST /v2/x" AT_API JSON "Content-Length: 7\r\n\r\n{\"a\":1}",
      API "/v2/x" },
    { __LINE__, "body of another type, by PUT", { .access_token = "TOK" },
      { .method = "PUT", .path = "/v2/x", .content_type = "text/plain",
        .body = S("a") },
      "PUT /v2/x" AT_API "Content-Type: text/plain\r\n"
      "Content-Length: 1\r\n\r\na", API "/v2/x" },
    { __LINE__, "an empty POST", { .access_token = "TOK" },
      { .method = "POST", .path = "/v2/x" },
      "POST /v2/x" AT_API "Content-Length: 0\r\n\r\n", API "/v2/x" },
    { __LINE__, "DELETE", { .access_token = "TOK" },
      { .method = "DELETE", .path = "/v2/x/1" }, "DELETE /v2/x/1" AT_API E,
      API "/v2/x/1" },
    { __LINE__, "HEAD", { .access_token = "TOK" },
      { .method = "HEAD", .path = "/v2/x" }, "HEAD /v2/x" AT_API E,
      API "/v2/x" },
    { __LINE__, "form", { .client_id = "id" },
      { .path = "/oauth/v2/x", .base = LI_BASE_AUTH,
        .form = { "a b", "c&d=\xc3\xa9", "e", "" } },
      "POST /oauth/v2/x" AT_AUTH FORM "Content-Length: 23\r\n\r\n"
      "a%20b=c%26d%3D%C3%A9&e=", LI_AUTH_BASE "/oauth/v2/x" },
    { __LINE__, "six fields", { .client_id = "id" },
      { .path = "/x", .base = LI_BASE_AUTH,
        .form = { "a", "1", "b", "2", "c", "3", "d", "4", "e", "5", "f",
                  "6" } },
      "POST /x" AT_AUTH FORM "Content-Length: 23\r\n\r\n"
      "a=1&b=2&c=3&d=4&e=5&f=6", LI_AUTH_BASE "/x" },
    { __LINE__, "reader", { .access_token = "TOK" },
      { .method = "PUT", .path = "/v2/x", .read = read_digits,
        .read_len = 23, .content_type = "video/mp4" },
      "PUT /v2/x" AT_API "Content-Type: video/mp4\r\nContent-Length: 23\r\n\r\n"
      "01234567890123456789012", API "/v2/x" },
    { __LINE__, "reader of nothing", { .access_token = "TOK" },
      { .path = "/v2/x", .read = read_digits },
      "POST /v2/x" AT_API JSON "Content-Length: 0\r\n\r\n", API "/v2/x" },
    { __LINE__, "more headers", { .access_token = "TOK" },
      { .path = "/v2/x", .headers = two_headers },
      "GET /v2/x" AT_API "X-A: b c\r\nX-D: \r\n\r\n", API "/v2/x" },
    { __LINE__, "another agent", { .access_token = "TOK",
        .user_agent = "mine/1" }, { .path = "/v2/x" },
      "GET /v2/x HTTP/1.1\r\nHost: api.linkedin.com\r\nUser-Agent: mine/1\r\n"
      IDENTITY BEARER RESTLI E, API "/v2/x" },
    { __LINE__, "no agent", { .access_token = "TOK", .user_agent = "" },
      { .path = "/v2/x" },
      "GET /v2/x HTTP/1.1\r\nHost: api.linkedin.com\r\n" IDENTITY BEARER
      RESTLI E, API "/v2/x" },
    { __LINE__, "loopback, a port", { .access_token = "TOK", .user_agent = "",
        .api_base = "http://127.0.0.1:8080/" }, { .path = "/v2/x" },
      "GET /v2/x HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n" IDENTITY BEARER RESTLI
      E, "http://127.0.0.1:8080/v2/x" },
    { __LINE__, "loopback of IPv6", { .access_token = "TOK", .user_agent = "",
        .api_base = "http://[::1]:1" }, { .path = "/v2/x" },
      "GET /v2/x HTTP/1.1\r\nHost: [::1]:1\r\n" IDENTITY BEARER RESTLI E,
      "http://[::1]:1/v2/x" },
    { __LINE__, "the usual port is not told", { .access_token = "TOK",
        .user_agent = "", .api_base = "https://a.test:443" },
      { .path = "/v2/x" },
      "GET /v2/x HTTP/1.1\r\nHost: a.test\r\n" IDENTITY BEARER RESTLI E,
      "https://a.test/v2/x" },
    { __LINE__, "another port over TLS", { .access_token = "TOK",
        .user_agent = "", .api_base = "https://a.test:80" },
      { .path = "/v2/x" },
      "GET /v2/x HTTP/1.1\r\nHost: a.test:80\r\n" IDENTITY BEARER RESTLI E,
      "https://a.test:80/v2/x" },
    { __LINE__, "a whole URL of the API", { .access_token = "TOK" },
      { .path = "HTTPS://API.linkedin.com:443/v2/x?a=1" },
      "GET /v2/x?a=1 HTTP/1.1\r\nHost: API.linkedin.com\r\n" AGENT IDENTITY
      BEARER RESTLI E, "https://API.linkedin.com/v2/x?a=1" },
    { __LINE__, "a whole URL elsewhere", { .access_token = "TOK",
        .version = "202601" },
      { .path = "https://www.linkedin.com/rest/x?k=1" },
      "GET /rest/x?k=1" AT_AUTH E, LI_AUTH_BASE "/rest/x?k=1" },
    { __LINE__, "another port is elsewhere", { .access_token = "TOK",
        .user_agent = "" }, { .path = API ":444/x" },
      "GET /x HTTP/1.1\r\nHost: api.linkedin.com:444\r\n" IDENTITY E,
      API ":444/x" },
    { __LINE__, "plain is elsewhere", { .access_token = "TOK",
        .user_agent = "", .api_base = "https://localhost:80" },
      { .path = "http://localhost/x" },
      "GET /x HTTP/1.1\r\nHost: localhost\r\n" IDENTITY E,
      "http://localhost/x" },
    { __LINE__, "a longer name is elsewhere", { .access_token = "TOK",
        .user_agent = "" }, { .path = API ".evil.test/x" },
      "GET /x HTTP/1.1\r\nHost: api.linkedin.com.evil.test\r\n" IDENTITY E,
      API ".evil.test/x" },
    { __LINE__, "API URL, but for the other base", { .access_token = "TOK",
        .user_agent = "" }, { .path = API "/x", .base = LI_BASE_AUTH },
      "GET /x HTTP/1.1\r\nHost: api.linkedin.com\r\n" IDENTITY E, API "/x" },
    { __LINE__, "the other base's own URL", { .access_token = "TOK" },
      { .path = LI_AUTH_BASE "/x", .base = LI_BASE_AUTH },
      "GET /x" AT_AUTH E, LI_AUTH_BASE "/x" },
    { __LINE__, "two slashes are a path", { .access_token = "TOK" },
      { .path = "//evil.test/x" }, "GET //evil.test/x" AT_API E,
      API "//evil.test/x" },
    { __LINE__, "URL without a path", { .access_token = "TOK" },
      { .path = API }, "GET /" AT_API E, API "/" },
};

static const li_str done_answer = S(OK "Content-Length: 0\r\n\r\n");

static void request(void **state)
{
    const request_row *row = (const request_row *)*state;
    static const size_t pieces[] = { 0, 1, 2, 7 };
    static struct result r;
    struct way w = { .cap = 1000 };
    size_t i;

    w.in = done_answer;
    for (i = 0; i < 8; ++i) {
        w.piece = pieces[i / 2];
        w.blocked = i & 1;
        exchange(&row->client, &row->req, &w, &r);
        assert_int_equal(r.rc, LI_OK);
        assert_text(view(r.sent, r.sent_len), li_cstr(row->want));
    }
}

/* From the smallest buffer that li_begin takes: the head, and a form. */
static void request_at_every_capacity(void **state)
{
    const request_row *row = (const request_row *)*state;
    size_t cap, need = strlen(row->want);
    static struct result r;
    struct way w = { .cap = 0 };

    w.in = done_answer;
    if (row->req.body.len || row->req.read)
        need = (size_t)(strstr(row->want, "\r\n\r\n") + 4 - row->want);
    for (cap = 0; cap <= need + 9; ++cap) {
        li_call call;
        char *buf = guard(3, cap);
        li_rc rc = li_begin(&call, &row->client, &row->req, buf, cap);

        assert_int_equal(rc, cap < need ? LI_E_SPACE : LI_OK);
        assert_int_equal(call.need, cap < need ? need : 0);
        assert_int_equal(li_step(&call), rc ? rc : LI_WANT_OPEN);
        w.cap = cap;
        if (rc)
            continue;
        exchange(&row->client, &row->req, &w, &r);
        assert_int_equal(r.rc, LI_OK);
        assert_text(view(r.sent, r.sent_len), li_cstr(row->want));
    }
}

static li_rc put_url(const void *arg, li_buf *out)
{
    return li_put_url((const li_call *)arg, out);
}

static void request_url(void **state)
{
    const request_row *row = (const request_row *)*state;
    char buf[1000];
    li_call call;
    li_url to, want;

    assert_int_equal(li_begin(&call, &row->client, &row->req, buf, 1000),
                     LI_OK);
    put_at_every_cap(put_url, &call, li_cstr(row->url));
    assert_int_equal(li_target(&call, &to), LI_OK);
    assert_int_equal(li_url_split(li_cstr(row->url), &want), LI_OK);
    assert_text(to.host, want.host);
    assert_int_equal(to.port, want.port);
    assert_int_equal(to.tls, want.tls);
}

/* The third door gives the same bytes. */
static void request_fed(void **state)
{
    const request_row *row = (const request_row *)*state;
    char buf[1000], all[1000];
    size_t n = 0;
    li_call call;

    li_begin(&call, &row->client, &row->req, buf, sizeof buf);
    append(all, sizeof all, &n, li_head(&call));
    append(all, sizeof all, &n, li_body(&call));
    if (!row->req.read)
        assert_text(view(all, n), li_cstr(row->want));
    assert_int_equal(li_feed_status(&call, 200), LI_OK);
    assert_int_equal(li_head(&call).len, 0);
    if (row->req.form[0])
        assert_int_equal(li_body(&call).len, 0);
    assert_int_equal(li_feed_end(&call), LI_OK);
    assert_int_equal(li_step(&call), LI_OK);
}

/* ---- wrong arguments: named, and not a byte to send */

static const char *const h_space[] = { "X A", "b", NULL };
static const char *const h_colon[] = { "X:A", "b", NULL };
static const char *const h_empty[] = { "", "b", NULL };
static const char *const h_crlf[] = { "X", "b\r\nEvil: 1", NULL };
static const char *const h_name_lf[] = { "X\nEvil", "b", NULL };
static const char *const h_lf[] = { "X", "b\n", NULL };
static const char *const h_cr[] = { "X", "b\r", NULL };
static const char *const h_null[] = { "X", NULL };
static const char *const h_second[] = { "X", "a", "Y", "\x7f", NULL };
static const char *const h_host[] = { "hOST", "evil.test", NULL };
static const char *const h_length[] = { "Content-Length", "1", NULL };
static const char *const h_coding[] = { "Transfer-Encoding", "chunked", NULL };
static const char *const h_conn[] = { "Connection", "close", NULL };
static const char *const h_auth[] = { "authorization", "Bearer x", NULL };
static const char *const h_type[] = { "Content-Type", "a", NULL };
static const char *const h_te[] = { "TE", "trailers", NULL };
static const char *const h_coded[] = { "Accept-Encoding", "trailers", NULL };
static const char *const h_upgrade[] = { "Upgrade", "h2c", NULL };
static const char *const h_late[] = { "X", "a", "Host", "b", NULL };

#define HOST63 "a12345678.a12345678.a12345678.a12345678.a12345678.a12345678.abc"

typedef struct wrong_row {
    int line;
    const char *what, *wrong; /* NULL: LI_E_LIMIT */
    li_client client;
    li_req req;
} wrong_row;

#define TOK { .access_token = "TOK", .version = "202601" }
#define PATH(p) { .path = p }
#define CLIENT(...) { .access_token = "TOK", __VA_ARGS__ }
#define REQ(...) { .path = "/v2/x", __VA_ARGS__ }

static const wrong_row wrong_rows[] = {
    { __LINE__, "no path", "path", TOK, { .path = NULL } },
    { __LINE__, "empty path", "path", TOK, PATH("") },
    { __LINE__, "space in the path", "path", TOK, PATH("/v2/a b") },
    { __LINE__, "CR LF in the path", "path", TOK, PATH("/a\r\nEvil: 1") },
    { __LINE__, "LF in the path", "path", TOK, PATH("/a\n") },
    { __LINE__, "tab in the path", "path", TOK, PATH("/a\t") },
    { __LINE__, "fragment", "path", TOK, PATH("/a#b") },
    { __LINE__, "quote", "path", TOK, PATH("/a\"b") },
    { __LINE__, "high byte", "path", TOK, PATH("/\xc3\xa9") },
    { __LINE__, "a bad escape", "path", TOK, PATH("/a%2") },
    { __LINE__, "another bad escape", "path", TOK, PATH("/a%zz") },
    { __LINE__, "space in the path's query", "path", TOK, PATH("/a?b c") },
    { __LINE__, "LF in the path's query", "path", TOK, PATH("/a?b\nc") },
    { __LINE__, "no slash", "path", TOK, PATH("v2/me") },
    { __LINE__, "another scheme", "path", TOK, PATH("ftp://a.test/x") },
    { __LINE__, "a file", "path", TOK, PATH("file:///etc/passwd") },
    { __LINE__, "no host", "path", TOK, PATH("https:///x") },
    { __LINE__, "user in the URL", "path", TOK, PATH("https://a@b.test/") },
    { __LINE__, "fragment of a URL", "path", TOK, PATH(API "/x#y") },
    { __LINE__, "LF in a URL", "path", TOK, PATH(API "/x\ny") },
    { __LINE__, "LF in a host", "path", TOK, PATH("https://a\nb/") },
    { __LINE__, "plain to the net", "path", TOK, PATH("http://a.test/x") },
    { __LINE__, "plain to the API", "path", TOK,
      PATH("http://api.linkedin.com/v2/me") },
    { __LINE__, "nearly loopback", "path", TOK,
      PATH("http://localhost.evil.test/x") },
    { __LINE__, "nearly 127.0.0.1", "path", TOK,
      PATH("http://127.0.0.1.evil.test/x") },
    { __LINE__, "all addresses", "path", TOK, PATH("http://0.0.0.0/x") },
    { __LINE__, "plain api_base", "api_base",
      CLIENT(.api_base = "http://api.linkedin.com"), REQ(.query = NULL) },
    { __LINE__, "api_base with a path", "api_base",
      CLIENT(.api_base = "https://a.test/b"), REQ(.query = NULL) },
    { __LINE__, "api_base with a query", "api_base",
      CLIENT(.api_base = "https://a.test/?b"), REQ(.query = NULL) },
    { __LINE__, "api_base with a fragment", "api_base",
      CLIENT(.api_base = "https://a.test/#b"), REQ(.query = NULL) },
    { __LINE__, "api_base is no URL", "api_base",
      CLIENT(.api_base = "a.test"), REQ(.query = NULL) },
    { __LINE__, "empty api_base", "api_base", CLIENT(.api_base = ""),
      REQ(.query = NULL) },
    { __LINE__, "api_base with LF", "api_base",
      CLIENT(.api_base = "https://a.test\r\nX: y"), REQ(.query = NULL) },
    { __LINE__, "wrong base, whole URL", "api_base", CLIENT(.api_base = "x"),
      PATH(API "/v2/me") },
    { __LINE__, "plain auth_base", "auth_base",
      CLIENT(.auth_base = "http://www.linkedin.com"),
      REQ(.base = LI_BASE_AUTH) },
    { __LINE__, "space in the query", "query", TOK, REQ(.query = "a b") },
    { __LINE__, "CR in the query", "query", TOK, REQ(.query = "a\rb") },
    { __LINE__, "LF in the query", "query", TOK, REQ(.query = "a\nb") },
    { __LINE__, "fragment in the query", "query", TOK, REQ(.query = "a#b") },
    { __LINE__, "bad escape in the query", "query", TOK, REQ(.query = "a=%") },
    { __LINE__, "quote in the query", "query", TOK, REQ(.query = "\"") },
    { __LINE__, "empty method", "method", TOK, REQ(.method = "") },
    { __LINE__, "method of two", "method", TOK, REQ(.method = "GET /") },
    { __LINE__, "LF in the method", "method", TOK, REQ(.method = "GET\n") },
    { __LINE__, "no token", "access_token", { .client_id = "x" },
      PATH("/v2/me") },
    { __LINE__, "empty token", "access_token", { .access_token = "" },
      PATH("/v2/me") },
    { __LINE__, "CR LF in the token", "access_token",
      { .access_token = "a\r\nEvil: 1" }, PATH("/v2/me") },
    { __LINE__, "space in the token", "access_token",
      { .access_token = "a b" }, PATH("/v2/me") },
    { __LINE__, "high byte in the token", "access_token",
      { .access_token = "\xc3\xa9" }, PATH("/v2/me") },
    { __LINE__, "no version", "version", { .access_token = "t" },
      PATH("/rest/me") },
    { __LINE__, "empty version", "version", CLIENT(.version = ""),
      PATH("/rest/me") },
    { __LINE__, "five digits", "version", CLIENT(.version = "20260"),
      PATH("/rest/me") },
    { __LINE__, "seven digits", "version", CLIENT(.version = "2026011"),
      PATH("/rest/me") },
    { __LINE__, "a letter", "version", CLIENT(.version = "20260a"),
      PATH("/rest/me") },
    { __LINE__, "a minus", "version", CLIENT(.version = "2026-1"),
      PATH("/rest/me") },
    { __LINE__, "half a patch", "version", CLIENT(.version = "202601.1"),
      PATH("/rest/me") },
    { __LINE__, "a point only", "version", CLIENT(.version = "202601."),
      PATH("/rest/me") },
    { __LINE__, "no point", "version", CLIENT(.version = "202601x01"),
      PATH("/rest/me") },
    { __LINE__, "LF behind a version", "version",
      CLIENT(.version = "202601\r\n"), PATH("/rest/me") },
    { __LINE__, "no version, whole URL", "version", { .access_token = "t" },
      PATH(API "/rest/me") },
    { __LINE__, "LF in the agent", "user_agent",
      CLIENT(.user_agent = "a\nb"), PATH("/v2/me") },
    { __LINE__, "LF in the content type", "content_type", TOK,
      REQ(.content_type = "a\r\nb") },
    { __LINE__, "LF in rest_method", "rest_method", TOK,
      REQ(.rest_method = "a\n") },
    { __LINE__, "space in rest_method", "rest_method", TOK,
      REQ(.rest_method = "GET ALL") },
    { __LINE__, "empty rest_method", "rest_method", TOK,
      REQ(.rest_method = "") },
    { __LINE__, "body and form", "body", TOK,
      REQ(.body = S("a"), .form = { "b", "c" }) },
    { __LINE__, "body and reader", "body", TOK,
      REQ(.body = S("a"), .read = read_digits) },
    { __LINE__, "form and reader", "body", TOK,
      REQ(.read = read_digits, .form = { "b", "c" }) },
    { __LINE__, "body of nowhere", "body", TOK, REQ(.body = { NULL, 3 }) },
    { __LINE__, "header: space in a name", "headers", TOK,
      REQ(.headers = h_space) },
    { __LINE__, "header: colon in a name", "headers", TOK,
      REQ(.headers = h_colon) },
    { __LINE__, "header: no name", "headers", TOK, REQ(.headers = h_empty) },
    { __LINE__, "header: CR LF", "headers", TOK, REQ(.headers = h_crlf) },
    { __LINE__, "header: LF in a name", "headers", TOK,
      REQ(.headers = h_name_lf) },
    { __LINE__, "header: LF", "headers", TOK, REQ(.headers = h_lf) },
    { __LINE__, "header: CR", "headers", TOK, REQ(.headers = h_cr) },
    { __LINE__, "header: no value", "headers", TOK, REQ(.headers = h_null) },
    { __LINE__, "header: the second", "headers", TOK,
      REQ(.headers = h_second) },
    { __LINE__, "header: Host", "headers", TOK, REQ(.headers = h_host) },
    { __LINE__, "header: Content-Length", "headers", TOK,
      REQ(.headers = h_length) },
    { __LINE__, "header: Transfer-Encoding", "headers", TOK,
      REQ(.headers = h_coding) },
    { __LINE__, "header: Connection", "headers", TOK, REQ(.headers = h_conn) },
    { __LINE__, "header: Authorization", "headers", TOK,
      REQ(.headers = h_auth) },
    { __LINE__, "header: Content-Type", "headers", TOK,
      REQ(.headers = h_type) },
    { __LINE__, "header: TE", "headers", TOK, REQ(.headers = h_te) },
    { __LINE__, "header: Accept-Encoding", "headers", TOK,
      REQ(.headers = h_coded) },
    { __LINE__, "header: Upgrade", "headers", TOK, REQ(.headers = h_upgrade) },
    { __LINE__, "header: Host, later", "headers", TOK,
      REQ(.headers = h_late) },
    { __LINE__, "what li_oauth_req found", "code", TOK,
      REQ(.wrong = "code") },
    { __LINE__, "host of 64", NULL,
      CLIENT(.api_base = "https://x" HOST63), PATH("/v2/me") },
    { __LINE__, "host of 64 in a URL", NULL, TOK,
      PATH("https://x" HOST63 "/") },
    { __LINE__, "a reader without end", NULL, TOK,
      REQ(.read = read_digits, .read_len = (uint64_t)INT64_MAX + 1) },
};

static void wrong(void **state)
{
    const wrong_row *row = (const wrong_row *)*state;
    li_rc want = row->wrong ? LI_E_ARG : LI_E_LIMIT;
    char *buf = guard(3, 900);
    li_call call;

    assert_int_equal(li_begin(&call, &row->client, &row->req, buf, 900), want);
    assert_int_equal(call.rc, want);
    if (row->wrong) {
        assert_non_null(call.wrong);
        assert_string_equal(call.wrong, row->wrong);
    }
    assert_int_equal(li_step(&call), want);
    assert_int_equal(li_head(&call).len, 0);
    assert_true(untouched(buf, 900));
    assert_int_equal(call.sent, 0);
    stays_failed(&call);
}

static void nothing_to_begin_with(void **state)
{
    li_client client = TOK;
    li_req req = PATH("/v2/me");
    char buf[500];
    li_call call;

    (void)state;
    assert_int_equal(li_begin(&call, NULL, &req, buf, 500), LI_E_ARG);
    assert_string_equal(call.wrong, "client");
    assert_int_equal(li_begin(&call, &client, NULL, buf, 500), LI_E_ARG);
    assert_string_equal(call.wrong, "req");
    assert_int_equal(li_begin(&call, &client, &req, NULL, 500), LI_E_SPACE);
    assert_true(call.need > 100 && call.need < 500);
}

static void a_host_of_63_is_taken(void **state)
{
    li_client client = CLIENT(.api_base = "https://" HOST63);
    li_req req = PATH("/v2/me");
    char buf[500];
    li_call call;

    (void)state;
    assert_int_equal(li_begin(&call, &client, &req, buf, 500), LI_OK);
}

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
static void bring(li_call *call, const li_req *req, char *buf, int reused,
                  size_t sent)
{
    static const li_client client = { .access_token = "TOK" };

    assert_int_equal(li_begin(call, &client, req, buf, 600), LI_OK);
    assert_int_equal(li_step(call), LI_WANT_OPEN);
    assert_int_equal(li_opened(call, reused), LI_OK);
    while (li_step(call) == LI_WANT_WRITE && sent) {
        size_t n = least(sent, li_out_buf(call).len);

        sent -= n;
        assert_int_equal(li_out_ack(call, n), LI_OK);
    }
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

static int holds(const char *p, size_t len, const char *text)
{
    size_t n = strlen(text);

    for (; len >= n; ++p, --len)
        if (!memcmp(p, text, n))
            return 1;
    return 0;
}

#define MARK "sEcReT"

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

/* The token of the record counts where the client gives none of its own. */
static void a_token_of_the_record(void **state)
{
    li_token token = { .access_token = S("TOK") };
    li_client client = { .token = &token };
    li_req req = PATH("/v2/me");
    char buf[600];
    li_call call;

    (void)state;
    assert_int_equal(li_begin(&call, &client, &req, buf, 600), LI_OK);
    assert_true(holds(buf, li_head(&call).len, BEARER));
    client.access_token = "OWN";
    assert_int_equal(li_begin(&call, &client, &req, buf, 600), LI_OK);
    assert_false(holds(buf, li_head(&call).len, BEARER));
    assert_true(holds(buf, li_head(&call).len, "Bearer OWN\r\n"));
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

static void feeding(void **state)
{
    static const li_req req = PATH("/v2/me");
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
    assert_text(li_header(&call, LI_H_RESTLI_ID), LI_STR("7"));
    assert_text(li_header(&call, LI_H_LOCATION), LI_STR("/a"));
    assert_null(li_header(&call, LI_H_RETRY_AFTER).ptr);
    assert_true(untouched(buf - 64, 64));
}

/* A coding nobody asked for: by this door, too; and none is none. */
static void feeding_a_coding(void **state)
{
    static const struct { const char *coding; li_rc rc; } rows[] = {
        { "gzip", LI_E_PROTOCOL }, { "br", LI_E_PROTOCOL },
        { "identity, gzip", LI_E_PROTOCOL }, { "identity", LI_OK },
        { " Identity ", LI_OK }, { "", LI_OK } };
    static const li_req req = PATH("/v2/me");
    char buf[300];
    li_call call;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rows); ++i) {
        begin_fed(&call, &req, buf, 300);
        assert_int_equal(li_feed_status(&call, 200), LI_OK);
        assert_int_equal(feed_header(&call, "Content-Encoding",
                                     rows[i].coding), rows[i].rc);
        assert_int_equal(call.rc, rows[i].rc);
    }
}

/* Space round a value is taken off, as the engine does it. */
static void feeding_trims(void **state)
{
    static const li_req req = PATH("/v2/me");
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
    static const li_req req = PATH("/v2/me");
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
    static const li_req req = PATH("/v2/me");
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
    static const li_req req = PATH("/v2/me");
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
    static const li_req req = PATH("/v2/me");
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

enum { ONCE, FOR_EVER, SHORT, BLOCKS, EOFS, FAULTS };

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
    if (strikes(f) && f->kind != SHORT) {
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
        if (f->kind != SHORT)
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
        if (f->kind != SHORT)
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
        if (kind == SHORT || kind == BLOCKS || !f.struck)
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

/* What is asked of a call that was refused. */
static void a_refused_call_can_be_asked(void **state)
{
    static char buf[300], text[900];
    static const char *const half[] = { "X-Note", NULL };
    li_client client = { .access_token = "t" };
    li_req headers = { .path = "/", .headers = half };
    li_req body = { .path = "/", .body = { NULL, 5 } };
    li_buf out = LI_BUF(text);
    li_call call;
    li_url url;

    (void)state;
    assert_int_equal(li_begin(&call, &client, &headers, buf, sizeof buf),
                     LI_E_ARG);
    assert_int_equal(li_to_curl(&call, &out), LI_OK);
    assert_int_equal(li_begin(&call, &client, &body, buf, sizeof buf),
                     LI_E_ARG);
    assert_int_equal(li_to_curl(&call, &out), LI_OK);
    assert_null(li_body(&call).ptr);
    assert_int_equal(li_body(&call).len, 0);
    assert_int_equal(li_begin(&call, NULL, &body, buf, sizeof buf), LI_E_ARG);
    assert_int_equal(li_target(&call, &url), LI_E_STATE);
    assert_int_equal(li_put_url(&call, &out), LI_E_STATE);
}

int main(void)
{
    TEST(a_hook_may_give_up);
    TEST(feeding_behind_the_windows);
    TEST(a_refused_call_can_be_asked);
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
    TEST(no_such_header);
    TEST(a_sink_ends_the_call);
    ROWS(request_rows, request);
    ROWS(request_rows, request_at_every_capacity);
    ROWS(request_rows, request_url);
    ROWS(request_rows, request_fed);
    ROWS(wrong_rows, wrong);
    TEST(nothing_to_begin_with);
    TEST(a_host_of_63_is_taken);
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
    TEST(a_token_of_the_record);
    TEST(feeding);
    TEST(feeding_a_coding);
    TEST(feeding_trims);
    TEST(a_later_status_forgets_headers);
    ROWS(order_rows, order);
    TEST(feeding_at_every_capacity);
    TEST(a_fed_header_that_does_not_fit);
    TEST(feeding_a_sink);
    TEST(a_fed_call_has_no_windows);
    TEST(a_fault_at_every_operation);
    TEST(an_absent_value_is_fed);
    return RUN("call");
}
