/* Paging: li_page_req and li_page_end, over a server that pages in one of the
   documented ways, in pieces of any size, cut at any byte. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "test.h"

/* ---- the server: so many elements, each "e<number>" or an object */

enum style { LINKS, TOTAL, NEITHER, CURSOR, STUBBORN, MUTE, LOOPING };

static struct server {
    enum style style;
    unsigned all, cap;     /* elements; the most of a page, 0: what is asked  */
    size_t piece, cut;     /* bytes a recv; where the answer is cut, once     */
    int behind;            /* paging before the elements                      */
    unsigned requests;
    char in[4096], *out;
    size_t in_len, out_len, out_at;
} server;

static unsigned number_of(const char *name, unsigned other)
{
    const char *at = strstr(server.in, name);

    return at ? (unsigned)strtoul(at + strlen(name), NULL, 10) : other;
}

static void put_element(li_buf *out, unsigned n)
{
    char text[128];

    if (n % 3 == 0)
        snprintf(text, sizeof text, "{\"n\":%u,\"t\":[true,{\"a\":\"}]\"}]}",
                 n);
    else if (n % 3 == 1)
        snprintf(text, sizeof text, "\"e%u\\u00e9\"", n);
    else
        snprintf(text, sizeof text, "%u", n);
    put_json(out, li_cstr(text));
}

static void put_paging(li_buf *out, unsigned start, unsigned count,
                       unsigned end)
{
    char text[400];
    int more = end < server.all;

    if (server.style == CURSOR || server.style == LOOPING)
        snprintf(text, sizeof text,
                 more || server.style == LOOPING
                     ? "\"metadata\":{\"x\":{\"nextPageToken\":\"no\"},"
                       "\"nextPageToken\":\"t\\/%u\"}"
                     : "\"metadata\":{\"nextPageToken\":null}",
                 server.style == LOOPING ? 7 : end);
    else if (server.style == LINKS)
        snprintf(text, sizeof text,
                 "\"paging\":{\"start\":%u,\"count\":%u,\"links\":[%s"
                 "{\"rel\":\"prev\",\"href\":\"/x\"}]}",
                 start, count,
                 more ? "{\"type\":\"application\\/json\",\"rel\":\"next\","
                        "\"href\":\"/rest/x;start=1\"},"
                      : "");
    else if (server.style == TOTAL)
        snprintf(text, sizeof text,
                 "\"paging\":{\"start\":%u,\"count\":%u,\"total\":%u}", start,
                 count, server.all);
    else
        snprintf(text, sizeof text, "\"paging\":{\"start\":%u,\"count\":%u}",
                 start, count);
    put_json(out, li_cstr(text));
}

static void answer(void)
{
    static char body[1 << 17], whole[(1 << 17) + 100];
    li_buf out = LI_BUF(body);
    unsigned start = number_of("start=", 0), i, end;
    unsigned count = number_of("count=", number_of("pageSize=", 10));

    if (strstr(server.in, "pageToken="))
        start = number_of("pageToken=t%2F", 0);
    if (server.cap && count > server.cap)
        count = server.cap;
    if (server.style == STUBBORN || server.style == MUTE)
        start = 0; /* it does not know paging */
    end = start + count < server.all ? start + count : server.all;
    put_json(&out, LI_STR("{"));
    if (server.behind)
        put_paging(&out, start, count, end);
    put_json(&out, server.behind ? LI_STR("\"other\":[[1],{}],"
                                                 "\"elements\":[")
                                        : LI_STR("\"elements\":["));
    for (i = start; i < end; ++i)
        put_element(&out, i);
    put_json(&out, LI_STR("]"));
    if (!server.behind && server.style != MUTE)
        put_paging(&out, start, count, end);
    put_json(&out, LI_STR("}"));
    assert_int_equal(out.rc, LI_OK);
    snprintf(whole, sizeof whole,
             "HTTP/1.1 200 OK\r\nContent-Length: %u\r\n\r\n%s",
             (unsigned)out.len, (body[out.len] = 0, body));
    server.out = whole;
    server.out_len = strlen(whole);
    server.out_at = 0;
    server.requests++;
}

static int s_open(void *user, const char *host, unsigned port, int tls)
{
    (void)user, (void)host, (void)port, (void)tls;
    server.in_len = server.out_len = 0;
    return 0;
}

static int s_send(void *user, const char *data, size_t len)
{
    (void)user;
    memcpy(server.in + server.in_len, data, len);
    server.in_len += len;
    server.in[server.in_len] = 0;
    if (strstr(server.in, "\r\n\r\n")) {
        answer();
        server.in_len = 0;
    }
    return (int)len;
}

static int s_recv(void *user, char *data, size_t cap)
{
    size_t left = server.out_len - server.out_at;
    size_t end = server.cut && server.cut < server.out_len ? server.cut
                                                           : server.out_len;

    (void)user;
    if (server.cut && server.out_at >= end) {
        server.cut = 0;
        return LI_E_CLOSED;
    }
    left = end - server.out_at < left ? end - server.out_at : left;
    left = left < cap ? left : cap;
    if (server.piece && left > server.piece)
        left = server.piece;
    memcpy(data, server.out + server.out_at, left);
    server.out_at += left;
    return (int)left;
}

static void s_close(void *user)
{
    (void)user;
}

/* ---- the client */

static unsigned expected, wrong;

static li_rc take(void *user, li_str json)
{
    char text[128];
    li_buf want = LI_BUF(text);

    (void)user;
    put_element(&want, expected);
    wrong += !same(written(&want), json);
    expected++;
    return LI_OK;
}

static char element[256];

/* Through all pages; resumes after failures, at most so many. */
static li_rc walk(li_page *page, unsigned failures)
{
    static char mem[1024], buf[1024];
    static const li_client me = {.access_token = "TOK",
                                 .version = "202609"};
    static li_transport t = {.open = s_open, .send = s_send, .recv = s_recv,
                             .close = s_close};
    li_rc rc;

    expected = wrong = server.requests = 0;
    li_hangup(&t);
    for (;;) {
        li_buf out = LI_BUF(mem);
        li_req req;
        li_call call;

        rc = li_page_req(page, &req, &me, &out);
        if (rc)
            return rc;
        li_begin(&call, &me, &req, buf, sizeof buf);
        li_run(&call, &t);
        rc = li_page_end(page, &call);
        if (rc && !failures--)
            return rc;
    }
}

static li_rc any(void *user, li_str raw)
{
    (void)user, (void)raw;
    return LI_OK;
}

static const li_rest all_of_them = {.path = "/things", .method = LI_GET_ALL};

static li_page page_of(int cursor, unsigned count)
{
    li_page page;

    memset(&page, 0, sizeof page);
    page.rest = &all_of_them;
    page.element = take;
    page.mem = element;
    page.cap = sizeof element;
    page.count = count;
    page.cursor = (uint8_t)cursor;
    return page;
}

static void every_element_once(void **state)
{
    static const unsigned alls[] = {0, 1, 9, 10, 11, 35};
    static const size_t pieces[] = {0, 1, 2, 3, 5, 7, 64};
    int style, behind;
    size_t i, k;

    (void)state;
    for (style = LINKS; style <= CURSOR; ++style)
        for (behind = 0; behind < 2; ++behind)
            for (i = 0; i < COUNT(alls); ++i)
                for (k = 0; k < COUNT(pieces); ++k) {
                    li_page page = page_of(style == CURSOR, 10);

                    memset(&server, 0, sizeof server);
                    server.style = (enum style)style;
                    server.behind = behind;
                    server.all = alls[i];
                    server.piece = pieces[k];
                    assert_int_equal(walk(&page, 0), LI_E_MISSING);
                    assert_int_equal(wrong, 0);
                    assert_int_equal(expected, alls[i]);
                    assert_int_equal(page.handed, alls[i]);
                    assert_int_equal(page.total, style == TOTAL
                                                     ? (int64_t)alls[i] : -1);
                    assert_true(server.requests <= alls[i] / 10 + 2);
                    assert_int_equal(walk(&page, 0), LI_E_MISSING);
                    assert_int_equal(server.requests, 0); /* over is over */
                }
}

/* Cut at every byte of the second page: what is missing comes, nothing comes
   twice. */
static void resumes_anywhere(void **state)
{
    int style;
    size_t cut;

    (void)state;
    for (style = LINKS; style <= CURSOR; ++style)
        for (cut = 1; cut < 400; cut += OFTEN(1, 7)) {
            li_page page = page_of(style == CURSOR, 5);

            memset(&server, 0, sizeof server);
            server.style = (enum style)style;
            server.all = 17;
            server.cut = cut;
            server.piece = cut % 9;
            server.behind = cut & 1;
            assert_int_equal(walk(&page, 1), LI_E_MISSING);
            assert_int_equal(wrong, 0);
            assert_int_equal(expected, 17);
        }
}

static void the_servers_own_page_size(void **state)
{
    int style;

    (void)state;
    for (style = LINKS; style <= CURSOR; ++style) {
        li_page page = page_of(style == CURSOR, style == LINKS ? 0 : 50);

        memset(&server, 0, sizeof server);
        server.style = (enum style)style;
        server.all = 33;
        server.cap = 7; /* less than is asked for */
        assert_int_equal(walk(&page, 0), LI_E_MISSING);
        assert_int_equal(expected, 33);
        assert_int_equal(wrong, 0);
    }
}

static void a_server_that_repeats_itself(void **state)
{
    li_page page = page_of(0, 5);

    (void)state;
    memset(&server, 0, sizeof server);
    server.style = STUBBORN; /* gives the first page for ever, and says so */
    server.all = 12;
    server.behind = 1;
    assert_int_equal(walk(&page, 0), LI_E_PROTOCOL);
    assert_int_equal(expected, 5); /* none of it twice */
    page = page_of(0, 5);
    server.behind = 0;
    assert_int_equal(walk(&page, 0), LI_E_PROTOCOL);
    assert_int_equal(server.requests, 2);
    page = page_of(0, 5);
    server.style = MUTE; /* and does not say so */
    assert_int_equal(walk(&page, 0), LI_E_PROTOCOL);
    assert_int_equal(server.requests, 2);
    page = page_of(1, 5);
    memset(&server, 0, sizeof server);
    server.style = LOOPING; /* gives one token for ever */
    server.all = 12;
    assert_int_equal(walk(&page, 0), LI_E_PROTOCOL);
}

static void memory_for_the_largest_element(void **state)
{
    size_t cap, piece;

    (void)state;
    for (piece = 1; piece < 40; piece += 6)
        for (cap = 0; cap < 140; ++cap) {
            li_page page = page_of(0, 10);
            li_rc rc;

            memset(&server, 0, sizeof server);
            server.style = LINKS;
            server.all = 4;
            server.piece = piece;
            page.mem = guard(0, cap);
            page.cap = cap;
            rc = walk(&page, 0);
            assert_int_equal(wrong, 0);
            if (rc == LI_E_SPACE)
                assert_true(page.need > cap);
            else
                assert_int_equal(rc, LI_E_MISSING);
        }
    assert_true(cap == 140);
}

static li_rc enough(void *user, li_str json)
{
    li_rc rc = take(user, json);

    return expected == 7 ? LI_E_CANCELLED : rc;
}

static void the_caller_ends_it(void **state)
{
    li_page page = page_of(0, 5);

    (void)state;
    memset(&server, 0, sizeof server);
    server.style = LINKS;
    server.all = 30;
    page.element = enough;
    assert_int_equal(walk(&page, 0), LI_E_CANCELLED);
    assert_int_equal(page.handed, 7);
}

static li_rc stop(void *user, li_str json)
{
    (void)user, (void)json;
    return LI_E_CANCELLED;
}

/* A page that is fed whole. query: what was asked for; room for 128 bytes. */
static li_rc fed_page(li_page *page, li_call *call, const char *body,
                      char *query)
{
    static const li_client me = {.access_token = "TOK"};
    static char mem[512], buf[512];
    static li_req req;
    li_buf out = LI_BUF(mem);

    assert_int_equal(li_page_req(page, &req, &me, &out), LI_OK);
    snprintf(query, 128, "%s", req.query);
    li_begin(call, &me, &req, buf, sizeof buf);
    li_feed_status(call, 200);
    li_feed_body(call, li_cstr(body));
    li_feed_end(call);
    return li_page_end(page, call);
}

/* No further byte is read for who wants no more. */
static void what_the_caller_says_ends_the_call(void **state)
{
    li_page page = page_of(0, 5);
    char query[128];
    li_call call;

    (void)state;
    page.element = stop;
    assert_int_equal(fed_page(&page, &call, "{\"elements\":[1,2]}", query),
                     LI_E_CANCELLED);
    assert_int_equal(call.rc, LI_E_CANCELLED);
}

#define NEXT "\"links\":[{\"rel\":\"next\"}]}}"

/* Later pages need not say how many there are. */
static void the_total_stays(void **state)
{
    static const char *const bodies[] = {
        "{\"elements\":[1],\"paging\":{\"total\":9," NEXT,
        "{\"elements\":[],\"paging\":{" NEXT,
        "{\"elements\":[2]}"};
    li_page page = page_of(0, 5);
    char query[128];
    li_call call;
    size_t i;

    (void)state;
    page.element = any;
    for (i = 0; i < COUNT(bodies); ++i) {
        assert_int_equal(fed_page(&page, &call, bodies[i], query), LI_OK);
        assert_int_equal(page.total, 9);
    }
}

/* However long a name at the top is, nothing but it is cut: the token of the
   page before is asked with once more. */
static void a_long_name_touches_nothing(void **state)
{
    li_page page = page_of(1, 5);
    char query[128];
    li_call call;

    (void)state;
    page.element = any;
    assert_int_equal(fed_page(&page, &call, "{\"elements\":[1],\"metadata\":"
                              "{\"nextPageToken\":\"abc\"}}", query), LI_OK);
    assert_int_equal(fed_page(&page, &call, "{\"averylongname\":1,"
                              "\"elements\":[}", query), LI_E_JSON);
    assert_int_equal(fed_page(&page, &call, "{\"elements\":[]}", query),
                     LI_OK);
    assert_string_equal(query, "pageSize=5&pageToken=abc");
}

/* Bodies that are no page. */
static void what_is_no_page(void **state)
{
    static const struct {
        int status;
        const char *body;
        li_rc rc;
    } rows[] = {{200, "", LI_E_JSON}, {200, "{", LI_E_JSON},
                {200, "{\"elements\":[1", LI_E_JSON},
                {200, "{\"elements\":{}}", LI_E_TYPE},
                {200, "{\"elements\":3}", LI_E_TYPE},
                {200, "<html>", LI_E_JSON},
                {200, "{\"elements\":[\"\xff\"]}", LI_E_ENCODING},
                {502, "<html>", LI_E_SERVER},
                {403, "{\"status\":403}", LI_E_FORBIDDEN},
                {200, "[{\"elements\":{}}]", LI_E_TYPE},
                {200, "[]", LI_E_TYPE},
                {200, "{\"a\":{\"elements\":{}},\"b\":[[1]]}", LI_OK},
                {200, "{\"elements\":[],\"paging\":{\"links\":[]}}", LI_OK},
                {200, "{\"elements\":[{\"a\":[{}]}],\"paging\":{\"count\":"
                      "4294967296,\"start\":0},\"metadata\":{\"b\":{}}}",
                 LI_OK},
                {200, "{\"a name that is longer than any it knows\":1,"
                      "\"elements\":[\"a\",7,true,null]}", LI_OK}};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rows); ++i) {
        static const li_client me = {.access_token = "TOK"};
        char mem[512], buf[512];
        li_buf out = LI_BUF(mem);
        li_page page = page_of(0, 5);
        li_req req;
        li_call call;

        assert_int_equal(li_page_req(&page, &req, &me, &out), LI_OK);
        li_begin(&call, &me, &req, buf, sizeof buf);
        li_feed_status(&call, rows[i].status);
        if (rows[i].body[0]) {
            li_feed_body(&call, li_cstr(rows[i].body));
            li_feed_body(&call, LI_STR(" ")); /* and what comes behind */
        }
        li_feed_end(&call);
        assert_int_equal(li_page_end(&page, &call), rows[i].rc);
    }
}

/* What a page says of itself, and whether another is asked for, and where. */
static void what_comes_next(void **state)
{
    static const struct { const char *body, *query; } rows[] = {
        {"{\"elements\":[1,2,3,4,5],\"paging\":{\"start\":0,\"count\":5,"
         "\"total\":0}}", NULL},
        {"{\"elements\":[1,2,3,4,5],\"paging\":{\"start\":0,\"count\":5,"
         "\"total\":5}}", NULL},
        {"{\"elements\":[1,2],\"paging\":{\"start\":0,\"count\":2,"
         "\"total\":9,\"links\":[]}}", NULL},
        {"{\"elements\":[1,2],\"paging\":{\"start\":0,\"count\":2,"
         "\"total\":9}}", "count=5&start=2"},
        {"{\"elements\":[1,2,3,4,5],\"paging\":{\"count\":-1}}",
         "count=5&start=5"},
        {"{\"elements\":[1,2,3,4,5],\"paging\":{\"count\":4294967297}}",
         "count=5&start=5"},
        {"{\"elements\":[1],\"paging\":{\"count\":2147483647,"
         "\"total\":9999999999}}", "count=5&start=2147483647"},
        {"{\"elements\":[1,2,3,4,5],\"paging\":{\"count\":\"x\"}}",
         "count=5&start=5"},
        {"{\"elements\":[1,2],\"paging\":{\"start\":0,\"count\":5}}", NULL}};
    static const li_client me = {.access_token = "TOK"};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rows); ++i) {
        li_page page = page_of(0, 5);
        char mem[512], buf[512];
        li_buf out = LI_BUF(mem);
        li_req req;
        li_call call;

        page.element = any;
        assert_int_equal(li_page_req(&page, &req, &me, &out), LI_OK);
        li_begin(&call, &me, &req, buf, sizeof buf);
        li_feed_status(&call, 200);
        li_feed_body(&call, li_cstr(rows[i].body));
        li_feed_end(&call);
        assert_int_equal(li_page_end(&page, &call), LI_OK);
        out = LI_BUF(mem);
        assert_int_equal(li_page_req(&page, &req, &me, &out),
                         rows[i].query ? LI_OK : LI_E_MISSING);
        if (rows[i].query)
            assert_string_equal(req.query, rows[i].query);
    }
}

static char all_of_it[64];

static li_rc add(void *user, li_str raw)
{
    (void)user;
    strncat(all_of_it, raw.ptr, raw.len);
    strcat(all_of_it, ";");
    return LI_OK;
}

/* A piece of no bytes, from nowhere, within an element. */
static void an_empty_piece(void **state)
{
    static const li_client me = {.access_token = "TOK"};
    static const char *const pieces[] = {"{\"elements\":[{\"a\":", NULL,
                                         "1,\"b\":2},3]}", NULL};
    li_page page = page_of(0, 5);
    char mem[512], buf[512];
    li_buf out = LI_BUF(mem);
    li_req req;
    li_call call;
    size_t i;

    (void)state;
    page.element = add;
    *all_of_it = 0;
    assert_int_equal(li_page_req(&page, &req, &me, &out), LI_OK);
    li_begin(&call, &me, &req, buf, sizeof buf);
    li_feed_status(&call, 200);
    for (i = 0; i < COUNT(pieces); ++i)
        li_feed_body(&call, pieces[i] ? li_cstr(pieces[i])
                                      : li__str(NULL, 0));
    li_feed_end(&call);
    assert_int_equal(li_page_end(&page, &call), LI_OK);
    assert_string_equal(all_of_it, "{\"a\":1,\"b\":2};3;");
}

/* It says that there is more, and has nothing, for ever. */
static unsigned empty_pages(int cursor)
{
    static const char links[] =
        "{\"elements\":[],\"paging\":{\"links\":[{\"rel\":\"next\"}]}}";
    li_page page = page_of(cursor, 5);
    unsigned n;
    li_rc rc = LI_OK;

    for (n = 0; !rc && n < 300; ++n) {
        char body[128], query[128];
        li_call call;

        snprintf(body, sizeof body, "{\"elements\":[],\"metadata\":"
                 "{\"nextPageToken\":\"t%u\"}}", n);
        rc = fed_page(&page, &call, cursor ? body : links, query);
    }
    assert_int_equal(rc, LI_E_PROTOCOL);
    return n;
}

static void empty_pages_without_end(void **state)
{
    (void)state;
    assert_int_equal(empty_pages(0), 101);
    assert_int_equal(empty_pages(1), 101);
}

/* The second page fails behind its second element, then behind its first, and
   then comes whole: nothing is left out, and nothing comes twice. */
static void a_page_that_fails_twice(void **state)
{
    static const char *const by_token[] = {"[1,2,3]", "[4,5,x]", "[4,x]",
                                           "[4,5,6]"};
    static const char *const by_start[] = {"[1,2,3]", "[4,5,x]", "[6,x]",
                                           "[7,8,9]"};
    static const char *const asked[] = {"count=3&start=0", "count=3&start=3",
                                        "count=3&start=5", "count=3&start=6"};
    unsigned cursor, n;

    (void)state;
    for (cursor = 0; cursor < 2; ++cursor) {
        li_page page = page_of((int)cursor, 3);

        page.element = any;
        for (n = 0; n < COUNT(asked); ++n) {
            char body[128], query[128];
            li_call call;

            snprintf(body, sizeof body, "{\"elements\":%s,\"metadata\":"
                     "{\"nextPageToken\":\"t%u\"}}",
                     cursor ? by_token[n] : by_start[n], n);
            assert_int_equal(fed_page(&page, &call, body, query),
                             n == 1 || n == 2 ? LI_E_JSON : LI_OK);
            if (!cursor)
                assert_string_equal(query, asked[n]);
        }
        assert_int_equal(page.handed, cursor ? 6 : 9);
    }
}

static void a_query_of_the_call_stays(void **state)
{
    static const li_client me = {.access_token = "TOK"};
    static const li_rest finder = {.path = "/x", .method = LI_FINDER,
                                   .name = "search",
                                   .query = {" {\"a\":[1]} ", 11}};
    static const li_rest bad = {.path = "/x", .query = {"[1]", 3}};
    li_page page = page_of(0, 20);
    char mem[256];
    li_buf out = LI_BUF(mem);
    li_req req;
    size_t cap;

    (void)state;
    page.rest = &finder;
    assert_int_equal(li_page_req(&page, &req, &me, &out), LI_OK);
    assert_string_equal(req.query, "q=search&count=20&start=0&a=List(1)");
    for (cap = 0; cap < out.need; ++cap) {
        li_buf less = li_buf_of(guard(0, cap), cap);

        assert_int_equal(li_page_req(&page, &req, &me, &less), LI_E_SPACE);
        assert_int_equal(less.need, out.need); /* and that does */
    }
    page.cursor = 1;
    page.priv.token_len = 5;
    memcpy(page.priv.token, "a+/=(", 5);
    out = LI_BUF(mem);
    assert_int_equal(li_page_req(&page, &req, &me, &out), LI_OK);
    assert_string_equal(req.query, "q=search&pageSize=20&pageToken="
                                   "a%2B%2F%3D%28&a=List(1)");
    page.rest = &bad;
    assert_int_equal(li_page_req(&page, &req, &me, &out), LI_E_ARG);
    assert_string_equal(req.wrong, "query");
}

/* A hundred thousand elements in the memory of one. */
static void a_hundred_thousand(void **state)
{
    li_page page = page_of(0, 1000);

    (void)state;
    memset(&server, 0, sizeof server);
    server.style = TOTAL;
    server.all = OFTEN(100000, 500);
    server.piece = 1460;
    assert_int_equal(walk(&page, 0), LI_E_MISSING);
    assert_int_equal(expected, server.all);
    assert_int_equal(wrong, 0);
    print_message("100,000 elements in %u B: work buffer 1024, request 1024, "
                  "element %u, state %u\n",
                  (unsigned)(2048 + sizeof element + sizeof page),
                  (unsigned)sizeof element, (unsigned)sizeof page);
}

int main(void)
{
    TEST(every_element_once);
    TEST(resumes_anywhere);
    TEST(the_servers_own_page_size);
    TEST(a_server_that_repeats_itself);
    TEST(memory_for_the_largest_element);
    TEST(the_caller_ends_it);
    TEST(what_the_caller_says_ends_the_call);
    TEST(the_total_stays);
    TEST(a_long_name_touches_nothing);
    TEST(what_is_no_page);
    TEST(what_comes_next);
    TEST(an_empty_piece);
    TEST(empty_pages_without_end);
    TEST(a_page_that_fails_twice);
    TEST(a_query_of_the_call_stays);
    TEST(a_hundred_thousand);
    return RUN("page");
}
