/* >>problem: what a failed answer says. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "exchange.h"
#include "test.h"

/* ---- statuses */

static void every_status(void **state)
{
    li_call call = { .rc = LI_OK };
    int s;

    (void)state;
    for (s = 200; s <= 999; ++s) {
        li_rc want = s < 300 ? LI_OK : s < 500 ? LI_E_HTTP : LI_E_SERVER;

        want = s == 401 ? LI_E_AUTH : s == 403 ? LI_E_FORBIDDEN :
               s == 404 ? LI_E_NOT_FOUND : s == 426 ? LI_E_VERSION :
               s == 429 ? LI_E_RATE : want;
        call.status = s;
        assert_int_equal(li_check(&call), want);
    }
    call.status = 422;
    call.body = LI_STR("{\"code\":\"DUPLICATE_POST\"}");
    assert_int_equal(li_check(&call), LI_E_DUPLICATE);
    call.body = LI_STR("{\"errorDetailType\":\"com.linkedin.common.error."
                       "BadRequest\",\"message\":\"Content is a duplicate\","
                       "\"errorDetails\":{\"inputErrors\":[{\"input\":{},"
                       "\"code\":\"DUPLICATE_POST\"}]},\"status\":422}");
    assert_int_equal(li_check(&call), LI_E_DUPLICATE); /* as it was seen */
    call.body = LI_STR("{\"errorDetails\":{\"inputErrors\":[{\"code\":"
                       "\"OTHER\"},{\"code\":\"DUPLICATE_POST\"}]}}");
    assert_int_equal(li_check(&call), LI_E_HTTP);
    call.body = LI_STR("{\"code\":\"DUPLICATE_POST_\"}");
    assert_int_equal(li_check(&call), LI_E_HTTP);
    call.rc = LI_E_TLS;
    assert_int_equal(li_check(&call), LI_E_TLS);
    call.rc = LI_WANT_READ;
    assert_int_equal(li_check(&call), LI_E_STATE);
}

/* ---- problems: every shape that LinkedIn has been seen to send */

typedef struct problem_row {
    int line;
    const char *what;
    int status;
    li_str body;
    const char *code, *message, *field, *request_id;
    int has_service;
    int64_t service;
    int not_json;
} problem_row;

static const problem_row problem_rows[] = {
    { __LINE__, "today's", 401, S("{\"status\":401,\"serviceErrorCode\":65601,"
      "\"code\":\"REVOKED_ACCESS_TOKEN\",\"message\":\"The token\"}"),
      "REVOKED_ACCESS_TOKEN", "The token", NULL, "head", 1, 65601, 0 },
    { __LINE__, "without code", 403, S("{\"serviceErrorCode\":100,\"message\":"
      "\"Not \\\"enough\\\"\",\"status\":403}"), NULL, "Not \"enough\"", NULL,
      "head", 1, 100, 0 },
    { __LINE__, "the oldest", 401, S("{\"errorCode\":0,\"message\":\"m\","
      "\"requestId\":\"rid\",\"status\":401,\"timestamp\":1493055596000}"),
      NULL, "m", NULL, "rid", 1, 0, 0 },
    { __LINE__, "input errors", 400, S("{\"errorDetailType\":\"com.x\","
      "\"message\":\"m\",\"errorDetails\":{\"inputErrors\":[{\"code\":"
      "\"FIELD_INVALID\",\"description\":\"d\",\"input\":{\"inputPath\":"
      "{\"fieldPath\":\"countries\\/value\"}}},{\"code\":\"OTHER\"}]},"
      "\"status\":400}"), "FIELD_INVALID", "m", "countries/value", "head", 0,
      0, 0 },
    { __LINE__, "its code at the top too", 400, S("{\"code\":\"TOP\","
      "\"errorDetails\":{\"inputErrors\":[{\"code\":\"IN\"}]}}"), "TOP", NULL,
      NULL, "head", 0, 0, 0 },
    { __LINE__, "schema check", 422, S("{\"message\":\"ERROR :: /a :: b\\n\","
      "\"status\":422}"), NULL, "ERROR :: /a :: b\n", NULL, "head", 0, 0, 0 },
    { __LINE__, "OAuth", 400, S("{\"error\":\"invalid_request\","
      "\"error_description\":\"A required\"}"), "invalid_request",
      "A required", NULL, "head", 0, 0, 0 },
    { __LINE__, "service code in a string", 401,
      S("{\"serviceErrorCode\":\"65602\"}"), NULL, NULL, NULL, "head", 1,
      65602, 0 },
    { __LINE__, "service code of nonsense", 401,
      S("{\"serviceErrorCode\":\"x\"}"), NULL, NULL, NULL, "head", 0, 0, 0 },
    { __LINE__, "values of other types", 400, S("{\"code\":5,\"message\":[],"
      "\"errorDetails\":\"x\"}"), NULL, NULL, NULL, "head", 0, 0, 0 },
    { __LINE__, "nulls", 400, S("{\"code\":null,\"message\":null,"
      "\"error\":\"e\",\"errorDetails\":null}"), "e", NULL, NULL, "head", 0, 0,
      0 },
    { __LINE__, "HTML", 502, S("<html>Bad Gateway</html>"), NULL, NULL, NULL,
      "head", 0, 0, 1 },
    { __LINE__, "nothing", 500, S(""), NULL, NULL, NULL, "head", 0, 0, 1 },
    { __LINE__, "text", 429, S("Too many"), NULL, NULL, NULL, "head", 0, 0, 1 },
    { __LINE__, "cut", 400, S("{\"code\":\"A\""), NULL, NULL, NULL, "head", 0,
      0, 1 },
    { __LINE__, "an array", 400, S("[]"), NULL, NULL, NULL, "head", 0, 0, 1 },
};

static const char *const id_header[] = { "x-li-request-id", "head", NULL };

static void problem_numbers(const problem_row *row, const li_problem *why)
{
    assert_int_equal(why->status, row->status);
    assert_int_equal(why->has_service_code, row->has_service);
    assert_int_equal(why->service_code, row->service);
    assert_int_equal(why->not_json, row->not_json);
    assert_int_equal(why->token_age, -1);
}

static void problem(void **state)
{
    const problem_row *row = (const problem_row *)*state;
    size_t cap, need = text_need(row->code) + text_need(row->message) +
                       text_need(row->field) + text_need(row->request_id);
    li_problem why;
    li_call call;

    answered(&call, &member, &get_me, row->status, id_header, row->body);
    assert_int_equal(li_problem_read(&why, &call, NULL), LI_OK);
    problem_numbers(row, &why);
    for (cap = 0; cap <= need + 2; ++cap) {
        char *mem = guard(1, cap);
        li_buf out = li_buf_of(mem, cap);

        assert_int_equal(li_problem_read(&why, &call, &out),
                         cap < need ? LI_E_SPACE : LI_OK);
        assert_true(untouched(mem - 64, 64));
        assert_int_equal(out.need, need);
        problem_numbers(row, &why);
        if (cap < need)
            continue;
        same_text(why.code, row->code);
        same_text(why.message, row->message);
        same_text(why.field, row->field);
        same_text(why.request_id, row->request_id);
    }
}

static void the_age_of_a_token(void **state)
{
    li_token token = { .access_token = S("TOK"), .issued_at = 1000 };
    li_client client = { .token = &token, .now = tell };
    li_problem why;
    li_call call;

    (void)state;
    answered(&call, &client, &get_me, 401, NULL, li_cstr("{}"));
    clock_says = 1100;
    li_problem_read(&why, &call, NULL);
    assert_int_equal(why.token_age, 100);
    clock_says = 900;
    li_problem_read(&why, &call, NULL);
    assert_int_equal(why.token_age, 0);
    token.issued_at = 0;
    li_problem_read(&why, &call, NULL);
    assert_int_equal(why.token_age, -1);
    token.issued_at = -1000; /* before 1970 */
    li_problem_read(&why, &call, NULL);
    assert_int_equal(why.token_age, 1900);
    clock_says = INT64_MAX - 999; /* beyond what a number holds */
    li_problem_read(&why, &call, NULL);
    assert_true(why.token_age == INT64_MAX);
    clock_says = INT64_MAX - 1000;
    li_problem_read(&why, &call, NULL);
    assert_true(why.token_age == INT64_MAX);
    client.now = NULL;
    li_problem_read(&why, &call, NULL);
    assert_int_equal(why.token_age, -1);
}

/* A fed value may hold anything; such a date is none. */
static void a_date_with_a_nul(void **state)
{
    static const li_str date = S("Wed,\0" "04 Nov 2026 12:01:40 GMT");
    static char buf[500];
    li_client client = { .access_token = "t", .now = tell };
    li_problem why;
    li_call call;

    (void)state;
    clock_says = NOON;
    li_begin(&call, &client, &get_me, buf, sizeof buf);
    li_feed_status(&call, 429);
    li_feed_header(&call, LI_STR("Retry-After"), date);
    li_feed_end(&call);
    assert_int_equal(li_problem_read(&why, &call, NULL), LI_OK);
    assert_int_equal(why.wait_s, -1);
}

/* A call that was never begun says what stands in it, and no more. */
static void a_call_of_no_client(void **state)
{
    li_call call;
    li_problem why;

    (void)state;
    memset(&call, 0, sizeof call);
    call.status = 404;
    call.body = LI_STR("{\"code\":\"A\"}");
    assert_int_equal(li_problem_read(&why, &call, NULL), LI_OK);
    assert_int_equal(why.status, 404);
    assert_int_equal(why.token_age, -1);
    assert_int_equal(why.wait_s, -1);
}

/* A header is no JSON: what looks like an escape in it is none. */
static void a_request_id_of_backslashes(void **state)
{
    static const char *const headers[] = { "x-li-request-id", "a\\b\\", NULL };
    char text[400];
    li_buf out = LI_BUF(text);
    li_problem why;
    li_call call;

    (void)state;
    answered(&call, &member, &get_me, 404, headers, li_cstr("{}"));
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    assert_non_null(strstr(text, "request id: a\\b\\"));
    out = LI_BUF(text);
    assert_int_equal(li_problem_read(&why, &call, &out), LI_OK);
    assert_text(why.request_id, LI_STR("a\\b\\"));
}

/* ---- waits */

typedef struct wait_row {
    int line;
    const char *what;
    int64_t now; /* -1: no clock hook */
    const char *after, *message;
    int64_t wait_s;
    int final;
} wait_row;

#define DAY_LIMIT "throttle MEMBER DAY limit for calls"

static const wait_row wait_rows[] = {
    { __LINE__, "nothing said", NOON, NULL, "x", -1, 0 },
    { __LINE__, "seconds", NOON, "30", "x", 30, 0 },
    { __LINE__, "seconds without a clock", -1, "30", "x", 30, 0 },
    { __LINE__, "no seconds", NOON, "0", "x", 0, 0 },
    { __LINE__, "leading zeros", NOON, "007", "x", 7, 0 },
    { __LINE__, "sign", NOON, "-5", "x", -1, 0 },
    { __LINE__, "fraction", NOON, "1.5", "x", -1, 0 },
    { __LINE__, "beyond 64 bits", NOON, "99999999999999999999", "x", -1, 0 },
    { __LINE__, "date", NOON, "Wed, 04 Nov 2026 12:01:40 GMT", "x", 100, 0 },
    { __LINE__, "date of RFC 850", NOON, "Wednesday, 04-Nov-26 12:01:40 GMT",
      "x", 100, 0 },
    { __LINE__, "date of asctime", NOON, "Wed Nov  4 12:01:40 2026", "x", 100,
      0 },
    { __LINE__, "two digits of the day in asctime", NOON,
      "Tue Nov 10 12:00:00 2026", "x", 6 * 86400, 0 },
    { __LINE__, "date over a leap day", 1709164800,
      "Fri, 01 Mar 2024 00:00:00 GMT", "x", 86400, 0 },
    { __LINE__, "the leap day", 1709164800, "Thu, 29 Feb 2024 00:00:01 GMT",
      "x", 1, 0 },
    { __LINE__, "no leap day in 2026", NOON, "Sun, 29 Feb 2026 00:00:00 GMT",
      "x", -1, 0 },
    { __LINE__, "no leap day in 2100", NOON, "Mon, 29 Feb 2100 00:00:00 GMT",
      "x", -1, 0 },
    { __LINE__, "far away", NOON, "Fri, 31 Dec 9999 23:59:59 GMT", "x",
      253402300799 - NOON, 0 },
    { __LINE__, "a year of four digits is no short one", NOON,
      "Wed, 28 Sep 0085 22:36:49 GMT", "x", -1, 0 },
    { __LINE__, "a year of three digits", NOON,
      "Wed, 04 Nov 026 12:01:40 GMT", "x", -1, 0 },
    { __LINE__, "a short year of another century", NOON,
      "Wednesday, 04-Nov-85 12:01:40 GMT", "x", 0, 0 },
    { __LINE__, "something behind a date", NOON,
      "Wed, 04 Nov 2026 12:01:40 GMT+1", "x", -1, 0 },
    { __LINE__, "past", NOON, "Wed, 04 Nov 2026 11:00:00 GMT", "x", 0, 0 },
    { __LINE__, "the century before", NOON, "Friday, 04-Nov-94 12:00:00 GMT",
      "x", 0, 0 },
    { __LINE__, "before 1970", NOON, "Wed, 04 Nov 1969 12:00:00 GMT", "x", -1,
      0 },
    { __LINE__, "date without a clock", -1, "Wed, 04 Nov 2026 12:01:40 GMT",
      "x", -1, 0 },
    { __LINE__, "other zone", NOON, "Wed, 04 Nov 2026 12:01:40 CET", "x", -1,
      0 },
    { __LINE__, "hour 24", NOON, "Wed, 04 Nov 2026 24:00:00 GMT", "x", -1, 0 },
    { __LINE__, "minute 60", NOON, "Wed, 04 Nov 2026 12:60:00 GMT", "x", -1,
      0 },
    { __LINE__, "leap second", NOON, "Wed, 04 Nov 2026 12:00:60 GMT", "x", 60,
      0 },
    { __LINE__, "no month", NOON, "Wed, 04 Foo 2026 12:00:00 GMT", "x", -1, 0 },
    { __LINE__, "day 31 of November", NOON, "Wed, 31 Nov 2026 12:00:00 GMT",
      "x", -1, 0 },
    { __LINE__, "cut", NOON, "Wed, 04 Nov 2026 12:01:40", "x", -1, 0 },
    { __LINE__, "year of three digits", NOON, "Wed, 04 Nov 202 12:00:00 GMT",
      "x", -1, 0 },
    { __LINE__, "the leap day of 2000", 951782400,
      "Tue, 29 Feb 2000 00:00:09 GMT", "x", 9, 0 },
    { __LINE__, "a day of nought", NOON, "Wed, 00 Nov 2026 12:00:00 GMT", "x",
      -1, 0 },
    { __LINE__, "the first of January", 1767225600,
      "Thu, 01 Jan 2026 00:00:01 GMT", "x", 1, 0 },
    { __LINE__, "1969", 0, "Wed, 31 Dec 1969 23:59:59 GMT", "x", -1, 0 },
    { __LINE__, "1970, and a month that is none", 0,
      "Wed, 04 Foo 1970 12:00:00 GMT", "x", -1, 0 },
    { __LINE__, "1970, and day 32", 0, "Wed, 32 Jan 1970 12:00:00 GMT", "x",
      -1, 0 },
    { __LINE__, "second 61", NOON, "Wed, 04 Nov 2026 12:00:61 GMT", "x", -1,
      0 },
    { __LINE__, "an hour of one digit", NOON, "Wed, 04 Nov 2026 1:00:00 GMT",
      "x", -1, 0 },
    { __LINE__, "no hour", NOON, "Wed, 04 Nov 2026 :00:00 GMT", "x", -1, 0 },
    { __LINE__, "no minute", NOON, "Wed, 04 Nov 2026 12::00 GMT", "x", -1, 0 },
    { __LINE__, "no second", NOON, "Wed, 04 Nov 2026 12:00: GMT", "x", -1, 0 },
    { __LINE__, "a point behind the hour", NOON,
      "Wed, 04 Nov 2026 12.00:00 GMT", "x", -1, 0 },
    { __LINE__, "a point behind the minute", NOON,
      "Wed, 04 Nov 2026 12:00.00 GMT", "x", -1, 0 },
    { __LINE__, "cut in the month", NOON, "Wed, 04 No", "x", -1, 0 },
    { __LINE__, "a year of three digits, asctime", NOON,
      "Wed Nov  4 14:46:40 202", "x", -1, 0 },
    { __LINE__, "fifty years ahead, to the second",
      1793803600 + INT64_C(1577923200) - 1577880000,
      "Wednesday, 04-Nov-76 14:46:40 GMT", "x", 1577880000, 0 },
    { __LINE__, "a year of one digit, asctime", NOON, "Wed Nov  4 12:01:40 2",
      "x", -1, 0 },
    { __LINE__, "day's quota in 1970", 0, NULL, DAY_LIMIT, 86400, 1 },
    { __LINE__, "day's quota, the message's end", NOON, NULL, "DAY limit",
      43200, 1 },
    { __LINE__, "nine", NOON, "9", "x", 9, 0 },
    { __LINE__, "nearly as many as there are", NOON, "5764607523034234879",
      "x", INT64_C(5764607523034234879), 0 },
    { __LINE__, "no wait, whatever the message", NOON, "0",
      "data request limit", 0, 0 },
    { __LINE__, "five minutes", NOON, NULL, "data request limit", 300, 0 },
    { __LINE__, "a clock of 1970", 0, "Thu, 01 Jan 1970 00:00:05 GMT", "x", 5,
      0 },
    { __LINE__, "three digits of the hour", NOON,
      "Wed, 04 Nov 2026 012:00:40 GMT", "x", -1, 0 },
    { __LINE__, "three digits of the day", NOON,
      "Wed, 004 Nov 2026 12:00:40 GMT", "x", -1, 0 },
    { __LINE__, "a digit that is a letter", NOON,
      "Wed, 04 Nov 2026 12:00:0a GMT", "x", -1, 0 },
    { __LINE__, "word", NOON, "soon", "x", -1, 0 },
    { __LINE__, "day's quota", NOON, NULL, DAY_LIMIT, 43200, 1 },
    { __LINE__, "day's quota, a second before midnight", NOON + 43199, NULL,
      DAY_LIMIT, 1, 1 },
    { __LINE__, "day's quota at midnight", NOON + 43200, NULL, DAY_LIMIT,
      86400, 1 },
    { __LINE__, "day's quota, whatever Retry-After", NOON, "30", DAY_LIMIT,
      43200, 1 },
    { __LINE__, "day's quota without a clock", -1, "30", DAY_LIMIT, -1, 1 },
};

static void waiting(void **state)
{
    const wait_row *row = (const wait_row *)*state;
    static char buf[1000], body[200], mem[400];
    li_client client = { .access_token = "t" };
    li_req req = { .path = "/" };
    li_buf out = LI_BUF(mem);
    li_problem why;
    li_call call;

    clock_says = row->now;
    client.now = row->now < 0 ? NULL : tell;
    assert_int_equal(li_begin(&call, &client, &req, buf, sizeof buf), LI_OK);
    li_feed_status(&call, 429);
    if (row->after)
        li_feed_header(&call, LI_STR("Retry-After"), li_cstr(row->after));
    /* its digits are kept right behind, and belong to no date */
    li_feed_header(&call, LI_STR("x-li-uuid"), LI_STR("66"));
    snprintf(body, sizeof body, "{\"message\":\"%s\"}", row->message);
    li_feed_body(&call, li_cstr(body));
    assert_int_equal(li_feed_end(&call), LI_OK);
    assert_int_equal(li_problem_read(&why, &call, &out), LI_OK);
    assert_int_equal(why.wait_s, row->wait_s);
    assert_int_equal(why.final, row->final);
}

/* ---- a call in one */

/* A transport that gives one answer, or fails. */
static struct wire {
    const char *answer;
    size_t at;
    int says; /* what open says */
} wire;

static int wire_open(void *user, const char *host, unsigned port, int tls)
{
    (void)user;
    (void)host;
    (void)port;
    (void)tls;
    return wire.says;
}

static int wire_send(void *user, const char *data, size_t len)
{
    (void)user;
    (void)data;
    return (int)len;
}

static int wire_recv(void *user, char *data, size_t cap)
{
    size_t n = strlen(wire.answer + wire.at);

    (void)user;
    n = n < cap ? n : cap;
    memcpy(data, wire.answer + wire.at, n);
    wire.at += n;
    return (int)n;
}

static void wire_close(void *user)
{
    (void)user;
}

static const struct do_row {
    int line;
    const char *what, *path, *answer;
    int opens;
    size_t cap;
    li_rc rc;
} do_rows[] = {
    { __LINE__, "do: a success", "/v2/me", "HTTP/1.1 200 OK\r\n"
      "Content-Length: 2\r\n\r\n{}", 0, 1000, LI_OK },
    { __LINE__, "do: 404", "/v2/me", "HTTP/1.1 404 Not Found\r\n"
      "Content-Length: 2\r\n\r\n{}", 0, 1000, LI_E_NOT_FOUND },
    { __LINE__, "do: an argument", "v2", "", 0, 1000, LI_E_ARG },
    { __LINE__, "do: no memory", "/v2/me", "", 0, 10, LI_E_SPACE },
    { __LINE__, "do: no connection", "/v2/me", "", LI_E_DNS, 1000, LI_E_DNS },
    { __LINE__, "do: no answer", "/v2/me", "", 0, 1000, LI_E_CLOSED },
    { __LINE__, "do: it would block", "/v2/me", "", LI_IO_WRITE, 1000,
      LI_WANT_WRITE },
};

static void do_it(void **state)
{
    const struct do_row *row = (const struct do_row *)*state;
    li_transport t;
    li_req req;
    li_call call;

    memset(&t, 0, sizeof t);
    t.open = wire_open;
    t.send = wire_send;
    t.recv = wire_recv;
    t.close = wire_close;
    memset(&req, 0, sizeof req);
    req.path = row->path;
    wire.answer = row->answer;
    wire.at = 0;
    wire.says = row->opens;
    assert_int_equal(li_do(&call, &member, &req, guard(0, row->cap), row->cap,
                           &t), row->rc);
    if (row->rc < 0)
        assert_int_equal(li_check(&call), row->rc);
}

int main(void)
{
    TEST(every_status);
    ROWS(problem_rows, problem);
    TEST(the_age_of_a_token);
    TEST(a_date_with_a_nul);
    TEST(a_call_of_no_client);
    TEST(a_request_id_of_backslashes);
    ROWS(wait_rows, waiting);
    ROWS(do_rows, do_it);
    return RUN("problem");
}
