/* >>again: further tries, waits, limits, tokens that live, the trace. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "test.h"

#define OK200 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
#define SAYS(status, more, body) \
    "HTTP/1.1 " status " X\r\n" more "Connection: close\r\n\r\n" body
#define BUSY SAYS("503", "", "")
#define EXPIRED SAYS("401", "", "{\"serviceErrorCode\":65602}")
#define NEW_TOKEN \
    SAYS("200", "", "{\"access_token\":\"NEW\",\"expires_in\":5184000}")

/* ---- the other side: what each connection answers, by a clock of its own;
   tests/faults.c has the long run */

static struct net {
    const char *const *script; /* NULL: refused; "": no answer; "!": silent */
    unsigned opened, slept;
    size_t at, sent;
    uint64_t ms;
    uint32_t limit;
    char text[4096]; /* all that was sent */
    char hosts[256];
    const char *now;
} net;

static int net_open(void *user, const char *host, unsigned port, int tls)
{
    (void)user;
    (void)port;
    (void)tls;
    net.now = net.script[net.opened++];
    net.at = 0;
    strncat(net.hosts, host, sizeof net.hosts - strlen(net.hosts) - 2);
    strcat(net.hosts, " ");
    return net.now ? 0 : LI_E_IO;
}

static int net_send(void *user, const char *data, size_t len)
{
    (void)user;
    assert_true(net.sent + len < sizeof net.text);
    memcpy(net.text + net.sent, data, len);
    net.sent += len;
    return (int)len;
}

static int net_recv(void *user, char *data, size_t cap)
{
    size_t left = strlen(net.now) - net.at;

    (void)user;
    if (*net.now == '!') {
        net.ms += net.limit;
        return LI_E_TIMEOUT;
    }
    left = left < cap ? left : cap;
    memcpy(data, net.now + net.at, left);
    net.at += left;
    return (int)left;
}

static void net_close(void *user)
{
    (void)user;
}

static uint64_t net_ms(void *user)
{
    (void)user;
    return net.ms;
}

static int net_sleep(void *user, uint32_t ms)
{
    (void)user;
    net.slept++;
    net.ms += ms;
    return 0;
}

static void net_limit(void *user, uint32_t ms)
{
    (void)user;
    net.limit = ms;
}

static li_transport over(const char *const *script)
{
    li_transport t;

    memset(&net, 0, sizeof net);
    memset(&t, 0, sizeof t);
    net.script = script;
    net.ms = 1000000;
    t.open = net_open;
    t.send = net_send;
    t.recv = net_recv;
    t.close = net_close;
    t.ms = net_ms;
    t.sleep = net_sleep;
    t.limit = net_limit;
    return t;
}

static int64_t noon(void *user)
{
    (void)user;
    return NOON + (int64_t)(net.ms - 1000000) / 1000;
}

static char work[4096];

/* ---- which tries follow which */

static size_t read_abc(void *user, uint64_t at, char *dst, size_t cap)
{
    (void)user;
    (void)cap;
    *dst = "abc"[at];
    return 1;
}

static char sunk[64];
static size_t sunk_len;

static li_rc sink(void *user, li_str piece)
{
    (void)user;
    memcpy(sunk + sunk_len, piece.ptr, piece.len);
    sunk_len += piece.len;
    return LI_OK;
}

enum { POST = 1, REPEATABLE = 2, READER = 4, SINK = 8 };

static const struct again_row {
    int line;
    const char *what;
    int how;
    const char *script[9];
    unsigned tries, waited; /* tries begun, milliseconds waited */
    int ends;               /* status, or li_rc */
} again_rows[] = {
    {__LINE__, "a success", 0, {OK200}, 1, 0, 200},
    {__LINE__, "no connection, then one", 0, {NULL, OK200}, 2, 500, 200},
    {__LINE__, "no answer", 0, {"", OK200}, 2, 500, 200},
    {__LINE__, "an answer that is cut", 0,
     {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh", OK200}, 2, 500, 200},
    {__LINE__, "silence", 0, {"!", OK200}, 2, 500, 200},
    {__LINE__, "503, 500, 504: the wait doubles", 0,
     {BUSY, SAYS("500", "", ""), SAYS("504", "", ""), OK200}, 4, 3500, 200},
    {__LINE__, "a gateway's page", 0, {SAYS("502", "", "<html>"), OK200}, 2,
     500, 200},
    {__LINE__, "408", 0, {SAYS("408", "", ""), OK200}, 2, 500, 200},
    {__LINE__, "four tries by default", 0, {BUSY, BUSY, BUSY, BUSY, OK200}, 4,
     3500, 503},
    {__LINE__, "501 stays", 0, {SAYS("501", "", ""), OK200}, 1, 0, 501},
    {__LINE__, "505 stays", 0, {SAYS("505", "", ""), OK200}, 1, 0, 505},
    {__LINE__, "400 stays", 0, {SAYS("400", "", ""), OK200}, 1, 0, 400},
    {__LINE__, "403 stays", 0, {SAYS("403", "", ""), OK200}, 1, 0, 403},
    {__LINE__, "404 stays", 0, {SAYS("404", "", ""), OK200}, 1, 0, 404},
    {__LINE__, "what is no HTTP stays", 0, {"HELLO\r\n\r\n", OK200}, 1, 0,
     LI_E_PROTOCOL},
    {__LINE__, "429 that tells no time waits longer", 0,
     {SAYS("429", "", ""), SAYS("429", "", ""), OK200}, 3, 12000, 200},
    {__LINE__, "Retry-After in seconds", 0,
     {SAYS("429", "Retry-After: 7\r\n", ""), OK200}, 2, 7000, 200},
    {__LINE__, "Retry-After: 0", 0,
     {SAYS("503", "Retry-After: 0\r\n", ""), OK200}, 2, 0, 200},
    {__LINE__, "Retry-After as a date", 0,
     {SAYS("503", "Retry-After: Wed, 04 Nov 2026 12:00:30 GMT\r\n", ""), OK200},
     2, 30000, 200},
    {__LINE__, "a longer wait than is allowed ends it", 0,
     {SAYS("429", "Retry-After: 61\r\n", ""), OK200}, 1, 0, 429},
    {__LINE__, "a wait of a century", 0,
     {SAYS("429", "Retry-After: 4000000000\r\n", ""), OK200}, 1, 0, 429},
    {__LINE__, "the day's quota is spent", 0,
     {SAYS("429", "", "{\"message\":\"MEMBER DAY limit\"}"), OK200}, 1, 0,
     429},
    {__LINE__, "the data volume of five minutes", 0,
     {SAYS("429", "",
           "{\"message\":\"The data request limit has been exceeded.\"}"),
      OK200}, 1, 0, 429},
    {__LINE__, "503 of a body that does not fit", 0,
     {"HTTP/1.1 503 X\r\nContent-Length: 99999\r\n\r\n", OK200}, 2, 500,
     200},
    {__LINE__, "200 of a body that does not fit", 0,
     {"HTTP/1.1 200 X\r\nContent-Length: 99999\r\n\r\n", OK200}, 1, 0,
     LI_E_SPACE},
    {__LINE__, "401, and no token that could be renewed", 0,
     {EXPIRED, OK200}, 1, 0, 401},
    {__LINE__, "POST: nothing was sent", POST, {NULL, OK200}, 2, 500, 200},
    {__LINE__, "POST: it may have acted", POST, {"", OK200}, 1, 0,
     LI_E_CLOSED},
    {__LINE__, "POST: 500 may have acted", POST, {SAYS("500", "", ""), OK200},
     1, 0, 500},
    {__LINE__, "POST: 503 may have acted", POST, {BUSY, OK200}, 1, 0, 503},
    {__LINE__, "POST: 429 has not acted", POST, {SAYS("429", "", ""), OK200},
     2, 4000, 200},
    {__LINE__, "POST that may be repeated", POST | REPEATABLE, {"", BUSY,
     OK200}, 3, 1500, 200},
    {__LINE__, "a reader begins anew", POST | REPEATABLE | READER,
     {BUSY, OK200}, 2, 500, 200},
    {__LINE__, "a sink gets the success only", SINK,
     {SAYS("500", "", "sorry"), OK200}, 2, 500, 200},
    {__LINE__, "what a sink has taken is not sent again", SINK,
     {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhi", OK200}, 1, 0,
     LI_E_CLOSED},
};

static void set_up(li_client *me, li_req *req, int how)
{
    memset(me, 0, sizeof *me);
    memset(req, 0, sizeof *req);
    me->access_token = "TOK";
    me->again = li_again;
    me->now = noon;
    req->path = "/v2/me";
    req->repeatable = (how & REPEATABLE) != 0;
    if ((how & POST) && !(how & READER))
        req->body = li_cstr("abc");
    if (how & READER) {
        req->read = read_abc;
        req->read_len = 3;
    }
    if (how & SINK)
        req->sink = sink;
    sunk_len = 0;
}

static int ended(const li_call *call, li_rc rc)
{
    return rc ? (int)rc : call->status;
}

static unsigned times(const char *what)
{
    unsigned n = 0;
    const char *at = net.text;

    for (; (at = strstr(at, what)) != NULL; at++)
        n++;
    return n;
}

static void tries(void **state)
{
    const struct again_row *row = (const struct again_row *)*state;
    static const li_policy idle = {.first_byte_ms = 100};
    li_transport t = over(row->script);
    li_client me;
    li_req req;
    li_call call;
    li_rc rc;

    set_up(&me, &req, row->how);
    me.policy = &idle;
    assert_int_equal(li_begin(&call, &me, &req, work, sizeof work), LI_OK);
    rc = li_run(&call, &t);
    assert_int_equal(ended(&call, rc), row->ends);
    assert_int_equal(call.tries, row->tries);
    assert_int_equal(net.opened, row->tries);
    assert_int_equal(call.waited_ms, row->waited);
    assert_int_equal(li_run(&call, &t), rc); /* over is over */
    assert_int_equal(li_step(&call), rc);
    assert_int_equal(net.opened, row->tries);
    if (row->how & SINK)
        assert_true(sunk_len == 2 && !memcmp(sunk, "hi", 2));
    if (row->how & READER)
        assert_int_equal(times("\r\n\r\nabc"), row->tries);
}

/* The same, where the loop is the caller's: LI_WANT_SLEEP, li_tick(). */
static int no_sleep(void *user, uint32_t ms)
{
    (void)user;
    (void)ms;
    return LI_IO_READ;
}

static void tries_of_a_loop(void **state)
{
    const struct again_row *row = (const struct again_row *)*state;
    static const li_policy idle = {.first_byte_ms = 100};
    li_transport t = over(row->script);
    li_client me;
    li_req req;
    li_call call;
    li_rc rc;

    set_up(&me, &req, row->how);
    me.policy = &idle;
    t.sleep = no_sleep;
    assert_int_equal(li_begin(&call, &me, &req, work, sizeof work), LI_OK);
    while ((rc = li_run(&call, &t)) == LI_WANT_SLEEP) {
        assert_int_equal(li_run(&call, &t), LI_WANT_SLEEP); /* not yet */
        assert_true(call.wake_ms >= net.ms);
        net.ms = call.wake_ms;
    }
    assert_int_equal(ended(&call, rc), row->ends);
    assert_int_equal(call.tries, row->tries);
    assert_int_equal(call.waited_ms, row->waited);
}

/* And where there is no clock at all. */
static void tries_without_a_clock(void **state)
{
    const struct again_row *row = (const struct again_row *)*state;
    li_transport t = over(row->script);
    li_client me;
    li_req req;
    li_call call;
    li_rc rc;

    if (row->script[0] && *row->script[0] == '!')
        return; /* that row is about a limit */
    set_up(&me, &req, row->how);
    t.sleep = NULL;
    t.ms = NULL;
    li_begin(&call, &me, &req, work, sizeof work);
    li_tick(&call, 0);
    while ((rc = li_run(&call, &t)) == LI_WANT_SLEEP)
        li_tick(&call, call.wake_ms);
    assert_int_equal(ended(&call, rc), row->ends);
    assert_int_equal(call.waited_ms, row->waited);
}

/* A clock that is told only once the call waits: the wait begins then; a limit
   of the whole time is none before. */
static void clock_comes_while_it_waits(void **state)
{
    static const char *const script[] = {
        SAYS("503", "Retry-After: 1\r\n", ""), OK200};
    static const li_policy policy = {.total_ms = 100};
    li_transport t = over(script);
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    set_up(&me, &req, 0);
    t.sleep = NULL;
    t.ms = NULL;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_WANT_SLEEP);
    assert_int_equal(call.wake_ms, 1000);
    li_tick(&call, 5000);
    assert_int_equal(call.wake_ms, 6000);
    li_tick(&call, 5001);
    assert_int_equal(call.wake_ms, 6000);
    li_hangup(&t);
    t = over(script);
    t.sleep = NULL;
    t.ms = NULL;
    me.policy = &policy;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_WANT_SLEEP);
    assert_int_equal(call.wake_ms, 1000);
    li_tick(&call, 5000);
    assert_int_equal(call.wake_ms, 5100); /* the limit, from now on */
}

/* ---- policies */

static void what_was_tried_can_be_read(void **state)
{
    static const char *const script[] = {NULL, "", BUSY, OK200};
    li_transport t = over(script);
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    set_up(&me, &req, 0);
    t.why = "nobody is there"; /* of the first try, which the last one mends */
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_null(call.wrong);
    assert_int_equal(call.tries, 4);
    assert_int_equal(call.tried[0], LI_E_IO);
    assert_int_equal(call.tried[1], LI_E_CLOSED);
    assert_int_equal(call.tried[2], 503);
    assert_int_equal(call.tried[3], 0);
}

static void tries_are_capped(void **state)
{
    static const char *const script[12] = {BUSY, BUSY, BUSY, BUSY, BUSY, BUSY,
                                           BUSY, BUSY, BUSY, BUSY, BUSY, BUSY};
    li_policy policy = {.backoff_ms = 1};
    unsigned wanted;

    (void)state;
    for (wanted = 1; wanted < 12; ++wanted) {
        li_transport t = over(script);
        li_client me;
        li_req req;
        li_call call;

        set_up(&me, &req, 0);
        policy.tries = (uint8_t)wanted;
        req.policy = &policy; /* the request's wins */
        li_begin(&call, &me, &req, work, sizeof work);
        assert_int_equal(li_run(&call, &t), LI_OK);
        assert_int_equal(call.tries, wanted < LI_TRIES ? wanted : LI_TRIES);
    }
}

static void a_wait_beyond_the_total_is_not_begun(void **state)
{
    static const char *const script[] = {BUSY, BUSY, OK200};
    li_policy policy = {.total_ms = 1500};
    li_transport t = over(script);
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    set_up(&me, &req, 0);
    me.policy = &policy;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_int_equal(call.status, 503); /* 500 + 1000 is not below 1500 */
    assert_int_equal(call.tries, 2);
    policy.total_ms = 1501;
    t = over(script);
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_int_equal(call.status, 200);
}

static void waits_grow_to_their_most(void **state)
{
    static const char *const script[] = {BUSY, BUSY, BUSY, BUSY, BUSY, OK200};
    static const struct { li_policy policy; uint32_t waited; } rows[] = {
        {{.tries = 6, .backoff_ms = 3000, .wait_max_ms = 5000},
         3000 + 4 * 5000},
        {{.tries = 4, .backoff_ms = 4, .wait_max_ms = 9}, 4 + 8 + 9}};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rows); ++i) {
        li_transport t = over(script);
        li_client me;
        li_req req;
        li_call call;

        set_up(&me, &req, 0);
        me.policy = &rows[i].policy;
        li_begin(&call, &me, &req, work, sizeof work);
        assert_int_equal(li_run(&call, &t), LI_OK);
        assert_int_equal(call.waited_ms, rows[i].waited);
    }
}

static uint16_t dice;

static li_rc roll(void *user, void *dst, size_t len)
{
    (void)user;
    assert_int_equal(len, sizeof dice);
    memcpy(dst, &dice, sizeof dice);
    return LI_OK;
}

static unsigned waited_with(uint16_t value, const char *const *script)
{
    li_transport t = over(script);
    li_client me;
    li_req req;
    li_call call;

    set_up(&me, &req, 0);
    me.random = roll;
    dice = value;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK);
    return call.waited_ms;
}

static void jitter_is_full(void **state)
{
    static const char *const vague[] = {BUSY, OK200};
    static const char *const told[] = {SAYS("503", "Retry-After: 7\r\n", ""),
                                       OK200};
    static const char *const most[] = {SAYS("503", "Retry-After: 60\r\n", ""),
                                       OK200};

    (void)state;
    assert_int_equal(waited_with(0, vague), 0);
    assert_int_equal(waited_with(0x7fff, vague), 250);
    assert_int_equal(waited_with(0xffff, vague), 500);
    assert_int_equal(waited_with(0, told), 7000);
    assert_int_equal(waited_with(0xffff, told), 7500); /* never sooner */
    assert_int_equal(waited_with(0xffff, most), 60000);
}

static void a_budget_ends_a_storm(void **state)
{
    static const char *const script[] = {BUSY, BUSY, BUSY, BUSY};
    static const char *const good[] = {OK200};
    uint16_t budget = 25;
    li_policy policy = {.budget = &budget};
    li_transport t = over(script);
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    set_up(&me, &req, 0);
    me.policy = &policy;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_int_equal(call.tries, 3); /* two of ten each */
    assert_int_equal(budget, 5);
    t = over(good);
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_int_equal(budget, 6);
    budget = LI_BUDGET;
    t = over(good);
    li_begin(&call, &me, &req, work, sizeof work);
    li_run(&call, &t);
    assert_int_equal(budget, LI_BUDGET);
}

static void a_hook_that_wants_no_more_has_its_way(void **state)
{
    static const char *const script[] = {BUSY, OK200};
    li_transport t = over(script);
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    set_up(&me, &req, 0);
    me.again = NULL;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_int_equal(call.status, 503);
    assert_int_equal(call.tries, 1);
}

/* ---- limits */

static const struct limit_row {
    int line;
    const char *what;
    li_policy policy;
    int upto; /* 0 opening, 1 sending, 2 no answer, 3 within the answer */
    uint32_t due;
} limit_rows[] = {
    {__LINE__, "connecting", {.connect_ms = 70}, 0, 70},
    {__LINE__, "connecting is not idling", {.idle_ms = 70}, 0, 0},
    {__LINE__, "sending", {.idle_ms = 80}, 1, 80},
    {__LINE__, "the first byte", {.first_byte_ms = 90, .idle_ms = 5}, 2, 90},
    {__LINE__, "within the answer", {.idle_ms = 60}, 3, 60},
    {__LINE__, "within the answer, by the total",
     {.idle_ms = 60, .total_ms = 50}, 3, 50},
    {__LINE__, "the total", {.total_ms = 100}, 0, 100},
    {__LINE__, "the total, later", {.total_ms = 100}, 2, 100},
    {__LINE__, "no limit", {.connect_ms = 1, .first_byte_ms = 1}, 3, 0},
};

static void bring_to(li_call *call, int upto)
{
    size_t len;

    if (upto > 0)
        assert_int_equal(li_opened(call, 0), LI_OK);
    if (upto > 1)
        assert_int_equal(li_out_ack(call, li_out_buf(call).len), LI_OK);
    li_step(call);
    if (upto > 2) {
        memcpy(li_in_buf(call, &len), "HTTP/1.1 2", 10);
        assert_int_equal(li_in_ack(call, 10), LI_OK);
    }
    assert_true(li_step(call) > 0);
}

static void limits(void **state)
{
    const struct limit_row *row = (const struct limit_row *)*state;
    static const li_req req = {.path = "/v2/me"};
    li_client me = {.access_token = "TOK", .policy = &row->policy};
    uint64_t begin = 5000, due = begin + row->due;
    li_call call;

    li_begin(&call, &me, &req, work, sizeof work);
    li_tick(&call, begin);
    bring_to(&call, row->upto);
    assert_true(li_tick(&call, begin) > 0);
    if (!row->due) {
        assert_true(call.wake_ms == UINT64_MAX);
        assert_true(li_tick(&call, UINT64_MAX / 2) > 0);
        return;
    }
    assert_true(call.wake_ms == due);
    assert_true(li_tick(&call, due - 1) > 0);
    assert_true(call.wake_ms == due);
    assert_int_equal(li_tick(&call, due), LI_E_TIMEOUT);
    assert_int_equal(li_step(&call), LI_E_TIMEOUT);
    assert_int_equal(li_tick(&call, due + 1), LI_E_TIMEOUT);
    assert_int_equal(call.sent, row->upto > 1);
}

static void every_byte_begins_the_idle_limit_anew(void **state)
{
    static const li_policy policy = {.idle_ms = 100};
    static const li_req req = {.path = "/v2/me"};
    li_client me = {.access_token = "TOK", .policy = &policy};
    uint64_t now = 0;
    li_call call;
    unsigned i;

    (void)state;
    li_begin(&call, &me, &req, work, sizeof work);
    li_tick(&call, now);
    li_step(&call);
    li_opened(&call, 0);
    for (i = 0; i < 50; ++i) {
        li_step(&call);
        assert_true(li_tick(&call, now += 99) > 0);
        assert_int_equal(li_out_ack(&call, 1), LI_OK);
    }
    assert_true(li_tick(&call, now) > 0);
    assert_int_equal(li_tick(&call, now + 100), LI_E_TIMEOUT);
}

static void cancelled_is_over(void **state)
{
    static const char *const script[] = {OK200};
    li_transport t = over(script);
    li_client me;
    li_req req;
    int upto;

    (void)state;
    for (upto = 0; upto < 4; ++upto) {
        li_call call;

        set_up(&me, &req, 0);
        li_begin(&call, &me, &req, work, sizeof work);
        li_step(&call);
        bring_to(&call, upto);
        assert_int_equal(li_fail(&call, LI_E_CANCELLED), LI_E_CANCELLED);
        assert_int_equal(li_step(&call), LI_E_CANCELLED);
        assert_int_equal(li_run(&call, &t), LI_E_CANCELLED);
        assert_int_equal(call.sent, upto > 1);
        assert_int_equal(net.opened, 0);
        assert_int_equal(call.tries, 1);
    }
}

static void cancelled_while_it_waits(void **state)
{
    static const char *const script[] = {BUSY, OK200};
    li_transport t = over(script);
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    set_up(&me, &req, 0);
    t.sleep = NULL;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_WANT_SLEEP);
    assert_int_equal(call.status, 503); /* still there to read */
    assert_int_equal(li_fail(&call, LI_E_CANCELLED), LI_E_CANCELLED);
    assert_int_equal(li_tick(&call, UINT64_MAX), LI_E_CANCELLED);
    assert_int_equal(net.opened, 1);
}

/* ---- a token that lives */

static li_token token;
static char token_mem[LI_TOKEN_MEM];
static int saves, save_says, locks, lock_says, loads;
static const char *in_store;

static li_rc save(void *user, const li_token *t)
{
    (void)user;
    assert_ptr_equal(t, &token);
    ++saves;
    return (li_rc)save_says;
}

static li_rc load(void *user, li_token *t)
{
    (void)user;
    ++loads;
    return in_store ? li_token_read(t, li_cstr(in_store), NULL) : LI_E_MISSING;
}

static li_rc lock(void *user, int on)
{
    (void)user;
    if (on && lock_says) {
        int says = lock_says;
        if (says > 0)
            lock_says = 0; /* free the next time */
        return (li_rc)says;
    }
    locks += on ? 1 : -1;
    return LI_OK;
}

#define OLD(life) \
    "{\"access_token\":\"OLD\",\"expires_in\":" life ",\"refresh_token\":" \
    "\"REFRESH\",\"refresh_token_expires_in\":31536000,\"issued_at\":" \
    "1793793600}"

static void with_token(li_client *me, li_req *req, const char *json)
{
    set_up(me, req, 0);
    memset(&token, 0, sizeof token);
    token.mem = token_mem;
    token.cap = sizeof token_mem;
    me->access_token = NULL;
    me->token = &token;
    me->client_id = "app";
    me->client_secret = "SECRET";
    me->save = save;
    me->lock = lock;
    saves = save_says = locks = lock_says = loads = 0;
    in_store = NULL;
    assert_int_equal(li_token_read(&token, li_cstr(json), NULL), LI_OK);
}

static const struct token_row {
    int line;
    const char *what;
    const char *token; /* the record at first, of noon */
    unsigned after_s;  /* when the call begins */
    const char *script[8];
    const char *hosts; /* where it went */
    int ends, refreshed;
    unsigned tries;
    const char *token_after;
} token_rows[] = {
#define API "api.linkedin.com "
#define WWW "www.linkedin.com "
    {__LINE__, "not due", OLD("5184000"), 5183000, {OK200}, API, 200, 0, 1,
     "OLD"},
    {__LINE__, "due: five minutes before its end", OLD("5184000"), 5183700,
     {NEW_TOKEN, OK200}, WWW API, 200, 1, 1, "NEW"},
    {__LINE__, "an eighth of a short life", OLD("80"), 69, {OK200}, API, 200,
     0, 1, "OLD"},
    {__LINE__, "due: an eighth of a short life", OLD("80"), 70,
     {NEW_TOKEN, OK200}, WWW API, 200, 1, 1, "NEW"},
    {__LINE__, "expires in 0: due at once", OLD("0"), 0, {NEW_TOKEN, OK200},
     WWW API, 200, 1, 1, "NEW"},
    {__LINE__, "not told: never due",
     "{\"access_token\":\"OLD\",\"refresh_token\":\"REFRESH\","
     "\"issued_at\":1793793600}", 99999999, {OK200}, API, 200, 0, 1, "OLD"},
    {__LINE__, "refused as expired: refreshed once", OLD("5184000"), 1000,
     {EXPIRED, NEW_TOKEN, OK200}, API WWW API, 200, 1, 2, "NEW"},
    {__LINE__, "a 401 that says nothing: likewise", OLD("5184000"), 1000,
     {SAYS("401", "", ""), NEW_TOKEN, OK200}, API WWW API, 200, 1, 2, "NEW"},
    {__LINE__, "refused again: no loop", OLD("5184000"), 1000,
     {EXPIRED, NEW_TOKEN, EXPIRED, OK200}, API WWW API, 401, 1, 2, "NEW"},
    {__LINE__, "revoked: another token is no cure", OLD("5184000"), 1000,
     {SAYS("401", "", "{\"serviceErrorCode\":65601}"), OK200}, API, 401, 0, 1,
     "OLD"},
    {__LINE__, "'revoked' in its first two minutes: not known yet",
     OLD("5184000"), 1,
     {SAYS("401", "", "{\"serviceErrorCode\":65601}"), OK200}, API API, 200, 0,
     2, "OLD"},
    {__LINE__, "two minutes old: it is revoked", OLD("5184000"), 120,
     {SAYS("401", "", "{\"serviceErrorCode\":65601}"), OK200}, API, 401, 0, 1,
     "OLD"},
    {__LINE__, "a second less: not known yet", OLD("5184000"), 119,
     {SAYS("401", "", "{\"serviceErrorCode\":65601}"), OK200}, API API, 200, 0,
     2, "OLD"},
    {__LINE__, "nobody knows how old: it is revoked",
     "{\"access_token\":\"OLD\",\"expires_in\":80,  \"refresh_token\":"
     "\"REFRESH\"}", 1, {SAYS("401", "", "{\"serviceErrorCode\":65601}"),
     OK200}, API, 401, 0, 1, "OLD"},
    {__LINE__, "the app is not this one's: another token is no cure",
     OLD("5184000"), 1000,
     {SAYS("401", "", "{\"serviceErrorCode\":65604}"), OK200}, API, 401, 0, 1,
     "OLD"},
    {__LINE__, "the app is not accepted", OLD("5184000"), 1000,
     {EXPIRED, SAYS("401", "", "{\"error\":\"invalid_client\"}"), OK200},
     API WWW, LI_E_AUTH, 1, 1, "OLD"},
    {__LINE__, "it fails for long, and the old one is over", OLD("80"), 78,
     {NULL, NULL, NULL, NULL, OK200}, WWW WWW WWW WWW, LI_E_IO, 1, 0, "OLD"},
    {__LINE__, "it fails until the very end", OLD("80"), 77,
     {NULL, NULL, NULL, NULL, OK200}, WWW WWW WWW WWW, LI_E_IO, 1, 0, "OLD"},
    {__LINE__, "'revoked' in its first second: not known yet", OLD("5184000"),
     0, {SAYS("401", "", "{\"serviceErrorCode\":65601}"), OK200}, API API, 200,
     0, 2, "OLD"},
    {__LINE__, "the grant is gone", OLD("5184000"), 1000,
     {EXPIRED, SAYS("400", "", "{\"error\":\"invalid_grant\"}"), OK200},
     API WWW, LI_E_AUTH, 1, 1, "OLD"},
    {__LINE__, "the refresh fails, then works", OLD("80"), 70,
     {BUSY, NULL, "", NEW_TOKEN, OK200}, WWW WWW WWW WWW API, 200, 1, 1,
     "NEW"},
    {__LINE__, "it fails for long: the old one does for now", OLD("80"), 71,
     {NULL, NULL, NULL, NULL, OK200}, WWW WWW WWW WWW API, 200, 1, 1, "OLD"},
    {__LINE__, "it fails for long, and the old one was refused",
     OLD("5184000"), 1000, {EXPIRED, BUSY, BUSY, BUSY, BUSY},
     API WWW WWW WWW WWW, LI_E_SERVER, 1, 1, "OLD"},
    {__LINE__, "the refresh's answer is no token", OLD("5184000"), 1000,
     {EXPIRED, SAYS("200", "", "{}"), OK200}, API WWW, LI_E_MISSING, 1, 1,
     "OLD"},
    {__LINE__, "due: a refresh token whose print would be 0",
     "{\"access_token\":\"OLD\",\"expires_in\":80,\"refresh_token\":"
     "\"z8FNbar\",\"issued_at\":1793793600}", 70, {NEW_TOKEN, OK200}, WWW API,
     200, 1, 1, "NEW"},
    {__LINE__, "no refresh token: nothing to do", "{\"access_token\":\"OLD\","
     "\"expires_in\":80,\"issued_at\":1793793600}", 75, {EXPIRED}, API, 401,
     0, 1, "OLD"},
};

static void tokens(void **state)
{
    const struct token_row *row = (const struct token_row *)*state;
    li_transport t = over(row->script);
    li_client me;
    li_req req;
    li_call call;
    li_rc rc;

    with_token(&me, &req, row->token);
    net.ms += row->after_s * 1000ull;
    assert_int_equal(li_begin(&call, &me, &req, work, sizeof work), LI_OK);
    rc = li_run(&call, &t);
    assert_int_equal(ended(&call, rc), row->ends);
    assert_string_equal(net.hosts, row->hosts);
    assert_int_equal(call.refreshed, row->refreshed);
    assert_int_equal(call.tries, row->tries);
    assert_text(token.access_token, li_cstr(row->token_after));
    assert_text(token.refresh_token, row->token[60] ? token.refresh_token
                                                    : li_cstr(NULL));
    assert_int_equal(saves, !strcmp(row->token_after, "NEW"));
    assert_int_equal(locks, 0);
    assert_ptr_equal(call.req, &req);
    assert_int_equal(token.priv.lease, 0);
    assert_int_equal(times("Bearer NEW"),
                     !strcmp(row->token_after, "NEW") ? 1 : 0);
}

static void no_secret_goes_to_the_wrong_host(void **state)
{
    static const char *const script[] = {EXPIRED, NEW_TOKEN, OK200};
    li_transport t = over(script);
    li_client me;
    li_req req;
    li_call call;
    char *refresh;

    (void)state;
    with_token(&me, &req, OLD("5184000"));
    net.ms += 1000000;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_int_equal(times("SECRET"), 1);
    assert_int_equal(times("Bearer OLD"), 1);
    refresh = strstr(net.text, "POST /oauth/v2/accessToken");
    assert_non_null(refresh);
    assert_non_null(strstr(refresh, "refresh_token=REFRESH"));
    *strstr(refresh, "Bearer NEW") = 0; /* its own head ends before */
    assert_null(strstr(refresh, "Bearer OLD"));
}

static void the_grant_that_is_gone_is_told_once(void **state)
{
    static const char *const script[] = {
        EXPIRED, SAYS("400", "", "{\"error\":\"invalid_grant\"}"), EXPIRED};
    li_transport t = over(script);
    char text[1024];
    li_buf out = LI_BUF(text);
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    with_token(&me, &req, OLD("5184000"));
    net.ms += 1000000;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_E_AUTH);
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    assert_non_null(strstr(text, "must sign in again"));
    assert_null(strstr(text, "REFRESH"));
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK); /* no second refresh */
    assert_int_equal(call.status, 401);
    assert_string_equal(net.hosts, API WWW API);
    assert_int_equal(li_token_read(&token, li_cstr(OLD("80")), NULL), LI_OK);
    net.script = (const char *const[]){"", "", "", NEW_TOKEN, OK200};
    net.ms = 1000000 + 75000;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK); /* a new grant counts */
    assert_int_equal(call.status, 200);
}

static void a_save_that_fails_is_told(void **state)
{
    static const char *const script[] = {NEW_TOKEN, OK200};
    li_transport t = over(script);
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    with_token(&me, &req, OLD("80"));
    me.load = load;
    in_store = OLD("80");
    save_says = LI_E_IO;
    net.ms += 75000;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_int_equal(call.status, 200);
    assert_int_equal(call.unsaved, 1);
    assert_text(token.access_token, LI_STR("NEW"));
    loads = 0; /* the store is older than memory: not loaded */
    net.ms += 5184000ull * 1000;
    t = over(script);
    net.ms += 5184000ull * 1000;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_int_equal(loads, 0);
}

static void another_process_was_faster(void **state)
{
    static const char *const script[] = {OK200};
    li_transport t = over(script);
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    with_token(&me, &req, OLD("80"));
    me.load = load;
    in_store = "{\"access_token\":\"THEIRS\",\"expires_in\":500,"
               "\"refresh_token\":\"REFRESH\",\"issued_at\":1793793670}";
    lock_says = LI_WANT_SLEEP; /* it has the lock at first */
    net.ms += 75000;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_int_equal(call.status, 200);
    assert_int_equal(call.refreshed, 0);
    assert_int_equal(times("Bearer THEIRS"), 1);
    assert_int_equal(locks, 0);
    assert_true(call.waited_ms > 0);
}

static void a_lock_that_fails(void **state)
{
    static const char *const script[] = {OK200};
    static const char *const refused[] = {EXPIRED};
    li_transport t = over(script);
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    with_token(&me, &req, OLD("80"));
    lock_says = LI_E_STORE;
    net.ms += 75000;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK); /* the old one still works */
    assert_int_equal(call.status, 200);
    t = over(refused);
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_E_STORE);
}

/* Two calls in one loop: the second waits for the first's refresh. */
static void many_calls_cause_one_refresh(void **state)
{
    static const char *const script[] = {NEW_TOKEN, OK200};
    static const char *const other[] = {OK200};
    static char work_b[4096];
    li_transport a = over(script);
    li_client me;
    li_req req;
    li_call first, second;

    (void)state;
    with_token(&me, &req, OLD("80"));
    net.ms += 75000;
    li_begin(&first, &me, &req, work, sizeof work);
    li_begin(&second, &me, &req, work_b, sizeof work_b);
    assert_int_equal(li_step(&first), LI_WANT_OPEN); /* its refresh */
    assert_true(token.priv.lease > 0);
    li_tick(&second, net.ms);
    assert_int_equal(li_step(&second), LI_WANT_SLEEP);
    li_tick(&second, second.wake_ms);
    assert_int_equal(li_step(&second), LI_WANT_SLEEP); /* and again */
    assert_int_equal(li_run(&first, &a), LI_OK);
    assert_int_equal(first.status, 200);
    li_tick(&second, second.wake_ms);
    li_hangup(&a);
    net.script = other;
    net.opened = 0;
    net.sent = 0;
    memset(net.text, 0, sizeof net.text);
    assert_int_equal(li_run(&second, &a), LI_OK);
    assert_int_equal(second.refreshed, 0);
    assert_int_equal(times("Bearer NEW"), 1);
}

static void a_forgotten_lease_is_taken_over(void **state)
{
    static const char *const script[] = {NEW_TOKEN, OK200};
    li_transport t = over(script);
    li_client me;
    li_req req;
    li_call lost, call;

    (void)state;
    with_token(&me, &req, OLD("80"));
    net.ms += 75000;
    li_begin(&lost, &me, &req, work, sizeof work);
    assert_int_equal(li_step(&lost), LI_WANT_OPEN);
    memset(&lost, 0, sizeof lost); /* never stepped again, nor cancelled */
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_int_equal(call.status, 200);
    assert_int_equal(call.refreshed, 1);
    assert_true(call.waited_ms >= 179000 && call.waited_ms < 182000);
}

static void cancelled_while_it_refreshes(void **state)
{
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    over(NULL);
    with_token(&me, &req, OLD("80"));
    net.ms += 75000;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_step(&call), LI_WANT_OPEN);
    bring_to(&call, 2);
    assert_int_equal(locks, 1);
    assert_int_equal(li_fail(&call, LI_E_CANCELLED), LI_E_CANCELLED);
    assert_int_equal(locks, 0);
    assert_int_equal(token.priv.lease, 0);
    assert_ptr_equal(call.req, &req);
    assert_int_equal(call.sent, 0); /* the refresh was, the request was not */
    assert_text(token.access_token, LI_STR("OLD"));
}

/* ---- watching */

static char steps[512];

static void trace(void *user, const li_call *call, const char *step)
{
    char line[512];
    li_buf out = LI_BUF(line);

    (void)user;
    assert_int_equal(li_log(call, step, &out), LI_OK);
    assert_null(strstr(line, "OLD"));
    assert_null(strstr(line, "NEW"));
    assert_null(strstr(line, "REFRESH"));
    assert_null(strstr(line, "SECRET"));
    assert_null(strstr(line, "hidden"));
    strcat(steps, step);
    strcat(steps, " ");
}

/* A refresh goes to its own host, however a driver asks where to connect: it
   may begin a try without a step before, or go by what a call returned. */
static void a_refresh_is_not_sent_to_the_api(void **state)
{
    static const char fed[] = "{\"serviceErrorCode\":65602}";
    li_client me;
    li_req req;
    li_url target;
    li_call call;

    (void)state;
    with_token(&me, &req, OLD("80"));
    net.ms += 75000; /* it is due */
    li_begin(&call, &me, &req, work, sizeof work);
    li_target(&call, &target); /* no step yet: the API's */
    assert_text(target.host, LI_STR("api.linkedin.com"));
    assert_int_equal(li_opened(&call, 0), LI_WANT_OPEN);
    assert_int_equal(li_out_buf(&call).len, 0);
    li_target(&call, &target);
    assert_text(target.host, LI_STR("www.linkedin.com"));
    assert_int_equal(li_opened(&call, 0), LI_OK);
    assert_memory_equal(li_out_buf(&call).ptr, "POST /oauth/v2/", 15);

    with_token(&me, &req, OLD("5184000"));
    net.ms += 1000000;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_step(&call), LI_WANT_OPEN);
    li_feed_status(&call, 401);
    li_feed_body(&call, li_cstr(fed));
    assert_int_equal(li_feed_end(&call), LI_WANT_OPEN);
    li_target(&call, &target);
    assert_text(target.host, LI_STR("www.linkedin.com"));
    assert_int_equal(li_opened(&call, 0), LI_OK);
    assert_memory_equal(li_out_buf(&call).ptr, "POST /oauth/v2/", 15);
}

static void every_step_is_seen(void **state)
{
    static const char *const script[] = {NEW_TOKEN, NULL, BUSY, OK200};
    li_transport t = over(script);
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    with_token(&me, &req, OLD("80"));
    req.query = "q=hidden";
    me.trace = trace;
    net.ms += 75000;
    steps[0] = 0;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_string_equal(steps,
                        "open send head body done open "    /* the refresh */
                        "failed wait open "            /* refused */
                        "send head body done wait open " /* 503 */
                        "send head body done ");
}

/* ---- what a hostile reader found */

#define NEW_200 "HTTP/1.1 200 OK\r\nContent-Length: 41\r\n\r\n" \
    "{\"access_token\":\"NEW\",\"expires_in\":80000}"

/* The whole time passes while the token answer lies there unread: the request
   itself was not made, and does not look as if it was. */
static void a_refresh_that_comes_too_late(void **state)
{
    static const li_policy policy = {.total_ms = 1000};
    li_client me;
    li_req req;
    li_call call;
    size_t room;
    char *in;

    (void)state;
    with_token(&me, &req, OLD("80"));
    me.policy = &policy;
    req.method = "POST";
    net.ms += 75000;
    li_begin(&call, &me, &req, work, sizeof work);
    li_tick(&call, 1);
    assert_int_equal(li_step(&call), LI_WANT_OPEN);
    li_opened(&call, 0);
    while (li_step(&call) == LI_WANT_WRITE)
        li_out_ack(&call, li_out_buf(&call).len);
    in = li_in_buf(&call, &room);
    assert_true(room > sizeof NEW_200);
    memcpy(in, NEW_200, sizeof NEW_200 - 1);
    li_in_ack(&call, sizeof NEW_200 - 1);
    assert_int_equal(li_tick(&call, 5000), LI_E_TIMEOUT);
    assert_int_equal(call.status, 0);
    assert_int_equal(call.body.len, 0);
    assert_int_equal(call.sent, 0);
    assert_ptr_equal(call.req, &req);
    assert_int_equal(locks, 0);
    assert_text(token.access_token, LI_STR("NEW")); /* for the next call */
}

/* Memory that does for the request and not for the refresh: what the refresh
   held is given back. */
static void a_refresh_that_does_not_fit(void **state)
{
    li_client me;
    li_req req;
    li_call call;
    size_t cap = 230;

    (void)state;
    with_token(&me, &req, OLD("80"));
    net.ms += 75000;
    me.client_secret = "a secret of such a length that the form is too long for "
                       "the work buffer of this call";
    assert_int_equal(li_begin(&call, &me, &req, work, cap), LI_OK);
    assert_int_equal(li_step(&call), LI_E_SPACE);
    assert_true(call.need > cap);
    assert_int_equal(locks, 0);
    assert_int_equal(token.priv.lease, 0);
    assert_ptr_equal(call.req, &req);
    assert_int_equal(li_begin(&call, &me, &req, work, sizeof work), LI_OK);
    assert_int_equal(li_step(&call), LI_WANT_OPEN); /* at once */
    assert_int_equal(locks, 1);
}

/* A lock that another process has is not ours to give back. */
static void a_lock_that_was_never_got(void **state)
{
    static const li_policy policy = {.total_ms = 1000};
    li_client me;
    li_req req;
    li_call call;
    uint64_t now = 1;

    (void)state;
    with_token(&me, &req, OLD("80"));
    me.policy = &policy;
    net.ms += 75000;
    li_begin(&call, &me, &req, work, sizeof work);
    li_tick(&call, now);
    for (;;) {
        lock_says = LI_WANT_SLEEP;
        if (li_step(&call) != LI_WANT_SLEEP)
            break;
        now = call.wake_ms;
        lock_says = LI_WANT_SLEEP;
        li_tick(&call, now);
    }
    assert_int_equal(call.rc, LI_E_TIMEOUT);
    assert_int_equal(locks, 0);
    assert_int_equal(token.priv.lease, 0);
}

/* An event that comes without a step before it is of the first try. */
static void a_first_try_without_a_step(void **state)
{
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    over(NULL);
    set_up(&me, &req, 0);
    me.random = NULL;
    li_begin(&call, &me, &req, work, sizeof work);
    li_feed_status(&call, 503);
    assert_int_equal(li_feed_end(&call), LI_WANT_SLEEP);
    assert_int_equal(call.waited_ms, 500);
    assert_int_equal(call.tries, 1);
    assert_int_equal(call.tried[0], 503);
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_fail(&call, LI_E_DNS), LI_WANT_SLEEP);
    assert_int_equal(call.waited_ms, 500);
    assert_int_equal(call.tries, 1);
    assert_int_equal(call.tried[0], LI_E_DNS);
}

/* Without a clock a wait is slept once. */
static void a_wait_without_a_clock(void **state)
{
    static const char *const script[] = {BUSY, OK200};
    li_transport t = over(script);
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    set_up(&me, &req, 0);
    t.ms = NULL;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_int_equal(call.status, 200);
    assert_int_equal(net.slept, 1);
}

/* What the refresh lacks is named. */
static void a_refresh_without_a_secret(void **state)
{
    static const char *const script[] = {EXPIRED, OK200};
    li_transport t = over(script);
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    with_token(&me, &req, OLD("5184000"));
    me.client_secret = NULL;
    net.ms += 1000000;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_E_ARG);
    assert_string_equal(call.wrong, "client_secret");
}

/* ---- what a call does where something else went before it */

static li_rc no_dice(void *user, void *dst, size_t len)
{
    (void)user, (void)dst, (void)len;
    return LI_E_IO;
}

/* Without randomness it waits for the most. */
static void a_random_hook_that_fails(void **state)
{
    static const char *const script[] = {BUSY, OK200};
    li_transport t = over(script);
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    set_up(&me, &req, 0);
    me.random = no_dice;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_int_equal(call.waited_ms, 500);
}

/* What was refused has not been sent; what may have acted has. */
static void what_counts_as_sent(void **state)
{
    static const struct { const char *first; int repeatable, sent; } rows[] = {
        {SAYS("429", "", ""), 0, 0}, {SAYS("429", "", ""), 1, 0},
        {BUSY, 1, 1}};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rows); ++i) {
        const char *script[] = {rows[i].first, NULL, NULL, NULL};
        li_transport t = over(script);
        li_client me;
        li_req req;
        li_call call;

        set_up(&me, &req, POST);
        req.repeatable = (uint8_t)rows[i].repeatable;
        li_begin(&call, &me, &req, work, sizeof work);
        assert_int_equal(li_run(&call, &t), LI_E_IO);
        assert_int_equal(call.sent, rows[i].sent);
    }
}

/* The bounds of a wait are within it. */
static void waits_at_their_bounds(void **state)
{
    static const struct { const char *after; uint32_t most, backoff;
                          uint16_t budget; int random; uint32_t wait; } rows[] = {
        {SAYS("429", "Retry-After: 60\r\n", ""), 0, 0, 500, 0, 60000},
        {SAYS("429", "Retry-After: 4000000\r\n", ""), UINT32_MAX, 0, 500, 0,
         4000000000u},
        {SAYS("429", "Retry-After: 0\r\n", ""), 0, 0, 500, 1, 500},
        {SAYS("429", "", ""), 0xf0000000u, 0x90000000u, 500, 0, 0xf0000000u},
        {BUSY, 0, 0, 10, 0, 500}};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rows); ++i) {
        const char *script[] = {rows[i].after};
        li_transport t = over(script);
        uint16_t budget = rows[i].budget;
        li_policy policy;
        li_client me;
        li_req req;
        li_call call;

        memset(&policy, 0, sizeof policy);
        policy.wait_max_ms = rows[i].most;
        policy.backoff_ms = rows[i].backoff;
        policy.budget = &budget;
        set_up(&me, &req, 0);
        me.policy = &policy;
        if (rows[i].random) {
            me.random = roll;
            dice = 0xffff;
        }
        t.sleep = NULL;
        li_begin(&call, &me, &req, work, sizeof work);
        assert_int_equal(li_run(&call, &t), LI_WANT_SLEEP);
        assert_true(call.wake_ms - call.now_ms == rows[i].wait);
    }
}

/* A connection kept too long: the refresh is sent again, and counts as the
   first; with one try allowed, nothing is. */
static void a_refresh_over_a_dead_connection(void **state)
{
    static const li_policy once = {.tries = 1};
    li_client me;
    li_req req;
    li_call call;
    int tries;

    (void)state;
    for (tries = 0; tries < 2; ++tries) {
        with_token(&me, &req, OLD("80"));
        me.policy = tries ? &once : NULL;
        net.ms = 1000000 + 75000;
        li_begin(&call, &me, &req, work, sizeof work);
        assert_int_equal(li_step(&call), LI_WANT_OPEN);
        li_opened(&call, 1);
        while (li_step(&call) == LI_WANT_WRITE)
            li_out_ack(&call, li_out_buf(&call).len);
        if (tries) { /* the old token does: on with the call */
            assert_int_equal(li_fail(&call, LI_E_CLOSED), LI_WANT_OPEN);
            assert_ptr_equal(call.req, &req);
            assert_int_equal(locks, 0);
            continue;
        }
        assert_int_equal(li_fail(&call, LI_E_CLOSED), LI_WANT_OPEN);
        assert_int_equal(call.priv.renewals, 2);
        assert_int_equal(call.tries, 0);
        assert_int_equal(li_opened(&call, 0), LI_OK);
        assert_memory_equal(li_out_buf(&call).ptr, "POST /oauth/v2/", 15);
        li_fail(&call, LI_E_CANCELLED);
        assert_int_equal(locks, 0);
    }
}

/* Of one try allowed there is no second, over a kept connection neither. */
static void one_try_over_a_dead_connection(void **state)
{
    static const li_policy once = {.tries = 1};
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    set_up(&me, &req, 0);
    me.policy = &once;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_step(&call), LI_WANT_OPEN);
    li_opened(&call, 1);
    assert_int_equal(li_fail(&call, LI_E_CLOSED), LI_E_CLOSED);
    assert_int_equal(call.tries, 1);
    me.policy = NULL; /* of more there is, and it can be read */
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_step(&call), LI_WANT_OPEN);
    li_opened(&call, 1);
    assert_int_equal(li_fail(&call, LI_E_CLOSED), LI_WANT_OPEN);
    assert_int_equal(call.tries, 2);
    assert_int_equal(call.tried[0], LI_E_CLOSED);
}

/* The store has a newer one before the first try: the head is built anew. */
static void a_newer_token_at_first(void **state)
{
    static const char *const script[] = {OK200};
    li_transport t = over(script);
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    with_token(&me, &req, OLD("80"));
    me.load = load;
    in_store = "{\"access_token\":\"OLDER\",\"expires_in\":500,"
               "\"refresh_token\":\"REFRESH\",\"issued_at\":1793793670}";
    net.ms += 75000;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_int_equal(times("Bearer OLDER"), 1);
}

/* Another process has the lock: a connection that is there waits, too. */
static void opened_while_another_refreshes(void **state)
{
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    with_token(&me, &req, OLD("80"));
    net.ms += 75000;
    lock_says = LI_WANT_SLEEP;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_opened(&call, 0), LI_WANT_SLEEP);
    assert_int_equal(li_out_buf(&call).len, 0);
}

/* A driver that feeds need not step: its tries are counted all the same. */
static void fed_tries_are_counted(void **state)
{
    li_client me;
    li_req req;
    li_call call;
    unsigned n = 0;

    (void)state;
    set_up(&me, &req, 0);
    li_begin(&call, &me, &req, work, sizeof work);
    li_tick(&call, 1);
    for (; n < 20; n++) {
        assert_int_equal(li_feed_status(&call, 503), LI_OK);
        if (li_feed_end(&call) != LI_WANT_SLEEP)
            break;
        assert_int_equal(li_tick(&call, call.wake_ms), LI_WANT_OPEN);
    }
    assert_int_equal(n, 3);
    assert_int_equal(call.tries, 4);
    assert_int_equal(call.status, 503);
}

/* A 401 to a token that was replaced meanwhile: at once, with the new one. */
static void a_token_that_came_meanwhile(void **state)
{
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    with_token(&me, &req, OLD("5184000"));
    net.ms += 1000000;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_step(&call), LI_WANT_OPEN);
    assert_int_equal(li_token_read(&token, LI_STR("{\"access_token\":\"NEW\","
                                   "\"expires_in\":5184000}"), &me), LI_OK);
    li_feed_status(&call, 401);
    assert_int_equal(li_feed_end(&call), LI_WANT_OPEN);
    assert_int_equal(call.refreshed, 0);
    assert_int_equal(li_opened(&call, 0), LI_OK);
    assert_non_null(strstr(li_out_buf(&call).ptr, "Bearer NEW"));
}

/* The store has a newer one for a token that was refused; or one that is due,
   too; or cannot be read. */
static void what_the_store_has(void **state)
{
    static const struct { const char *json, *script[4], *hosts; int refreshed;
    } rows[] = {
        {"{\"access_token\":\"THEIRS\",\"expires_in\":5184000,"
         "\"refresh_token\":\"REFRESH\",\"issued_at\":1793793670}",
         {EXPIRED, OK200}, API API, 0},
        {"{\"access_token\":\"THEIRS\",\"expires_in\":10,"
         "\"refresh_token\":\"REFRESH\",\"issued_at\":1793793670}",
         {EXPIRED, NEW_TOKEN, OK200}, API WWW API, 1},
        {NULL, {EXPIRED, NEW_TOKEN, OK200}, API WWW API, 1}};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rows); ++i) {
        li_transport t = over(rows[i].script);
        li_client me;
        li_req req;
        li_call call;

        with_token(&me, &req, OLD("5184000"));
        me.load = load;
        in_store = rows[i].json;
        net.ms += 1000000;
        li_begin(&call, &me, &req, work, sizeof work);
        assert_int_equal(li_run(&call, &t), LI_OK);
        assert_int_equal(call.status, 200);
        assert_int_equal(loads, 1);
        assert_int_equal(locks, 0);
        assert_int_equal(call.refreshed, rows[i].refreshed);
        assert_string_equal(net.hosts, rows[i].hosts);
    }
}

/* Without a lock hook, and with a margin of the policy's. */
static void a_refresh_without_a_lock(void **state)
{
    static const char *const script[] = {NEW_TOKEN, OK200};
    static const li_policy early = {.refresh_s = 50};
    unsigned at;

    (void)state;
    for (at = 29; at < 31; ++at) {
        li_transport t = over(script + (at < 30));
        li_client me;
        li_req req;
        li_call call;

        with_token(&me, &req, OLD("80"));
        me.lock = NULL;
        me.policy = &early;
        net.ms += at * 1000;
        li_begin(&call, &me, &req, work, sizeof work);
        assert_int_equal(li_run(&call, &t), LI_OK);
        assert_string_equal(net.hosts, at < 30 ? API : WWW API);
        assert_int_equal(token.priv.lease, 0);
    }
}

/* A refresh that took so long that another call has taken it over does not go
   on, and does not give back what that one holds. */
static void a_lease_that_was_lost(void **state)
{
    static const char *const script[] = {OK200};
    static char work_b[4096];
    li_transport t;
    li_client me;
    li_req req;
    li_call first, second;

    (void)state;
    with_token(&me, &req, OLD("80"));
    t = over(script);
    net.ms += 75000;
    li_begin(&first, &me, &req, work, sizeof work);
    li_tick(&first, net.ms);
    assert_int_equal(li_step(&first), LI_WANT_OPEN);
    assert_int_equal(li_fail(&first, LI_E_DNS), LI_WANT_SLEEP);
    net.ms += 180000;
    li_begin(&second, &me, &req, work_b, sizeof work_b);
    assert_int_equal(li_step(&second), LI_WANT_OPEN);
    assert_int_equal(locks, 2); /* as the hook was asked */
    assert_int_equal(li_tick(&first, net.ms), LI_WANT_OPEN);
    assert_int_equal(locks, 2);
    assert_true(token.priv.lease == second.priv.lease);
    assert_ptr_equal(first.req, &req);
    assert_ptr_equal(second.req, &token.priv.req);
    assert_int_equal(li_run(&first, &t), LI_OK); /* with the old one */
    assert_int_equal(times("Bearer OLD"), 1);
    li_fail(&second, LI_E_CANCELLED);
    assert_int_equal(locks, 1);
}

/* What comes on the connection of a call that waits for it. */
static void hear(li_call *call, const char *text)
{
    size_t room;

    assert_int_equal(li_step(call), LI_WANT_READ);
    memcpy(li_in_buf(call, &room), text, strlen(text));
    li_in_ack(call, strlen(text));
    li_step(call);
}

/* A refresh that was taken over has its answer only then: the record has what
   the other call was given, which was neither refused nor grew old. */
static void the_late_answer_of_a_lost_lease(void **state)
{
    static const char *const late[] = {
        SAYS("200", "", "{\"access_token\":\"STALE\",\"expires_in\":80}"),
        SAYS("400", "", "{\"error\":\"invalid_grant\"}"),
        SAYS("503", "", ""), NULL}; /* the last is given up instead */
    static const char newer[] = SAYS(
        "200", "", "{\"access_token\":\"NEWER\",\"expires_in\":80,"
        "\"refresh_token\":\"ANOTHER\"}");
    static char work_b[4096];
    unsigned i;

    (void)state;
    for (i = 0; i < COUNT(late); ++i) {
        li_client me;
        li_req req;
        li_call first, second;
        li_url to;

        over(NULL);
        with_token(&me, &req, OLD("80"));
        net.ms += 75000;
        li_begin(&first, &me, &req, work, sizeof work);
        li_step(&first);
        bring_to(&first, 2);
        net.ms += 180000;
        li_begin(&second, &me, &req, work_b, sizeof work_b);
        li_step(&second);
        bring_to(&second, 2);
        hear(&second, newer);
        li_in_eof(&second);
        assert_int_equal(saves, 1);
        if (!late[i]) {
            assert_int_equal(li_fail(&first, LI_E_CANCELLED),
                             LI_E_CANCELLED);
            continue;
        }
        hear(&first, late[i]);
        li_in_eof(&first);
        assert_int_equal(saves, 1);
        assert_text(token.access_token, LI_STR("NEWER"));
        assert_int_equal(li_step(&first), LI_WANT_OPEN); /* with that one */
        assert_int_equal(li_target(&first, &to), LI_OK);
        assert_text(to.host, LI_STR("api.linkedin.com"));
        net.ms += 75000; /* it is due, and its refresh token is a good one */
        li_begin(&second, &me, &req, work_b, sizeof work_b);
        li_step(&second);
        assert_int_equal(li_target(&second, &to), LI_OK);
        assert_text(to.host, LI_STR("www.linkedin.com"));
        li_fail(&second, LI_E_CANCELLED);
    }
}

/* Given up while the refusal of a refresh is read: it is given up, and whether
   the grant is gone is not known. */
static void cancelled_in_a_refusal(void **state)
{
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    over(NULL);
    with_token(&me, &req, OLD("80"));
    net.ms += 75000;
    li_begin(&call, &me, &req, work, sizeof work);
    li_step(&call);
    bring_to(&call, 2);
    hear(&call, "HTTP/1.1 400 X\r\n");
    assert_int_equal(li_fail(&call, LI_E_CANCELLED), LI_E_CANCELLED);
    assert_int_equal(token.priv.dead, 0);
    assert_int_equal(locks, 0);
}

/* A connection that fails while a call waits for another's refresh, before its
   own first try: it goes on as behind a first try. */
static void a_failure_before_the_first_try(void **state)
{
    static char work_b[4096];
    li_client me;
    li_req req;
    li_call first, second;

    (void)state;
    over(NULL);
    with_token(&me, &req, OLD("80"));
    net.ms += 75000;
    li_begin(&first, &me, &req, work, sizeof work);
    li_step(&first);
    li_begin(&second, &me, &req, work_b, sizeof work_b);
    li_tick(&second, net.ms);
    assert_int_equal(li_step(&second), LI_WANT_SLEEP);
    assert_int_equal(li_fail(&second, LI_E_IO), LI_WANT_SLEEP);
    assert_true(second.wake_ms - second.now_ms <= 500);
}

/* The whole time passes in the refresh: what it held is given back. */
static void time_passes_in_a_refresh(void **state)
{
    static const li_policy policy = {.total_ms = 1000};
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    over(NULL);
    with_token(&me, &req, OLD("80"));
    me.policy = &policy;
    net.ms += 75000;
    li_begin(&call, &me, &req, work, sizeof work);
    li_tick(&call, 1);
    assert_int_equal(li_step(&call), LI_WANT_OPEN);
    assert_int_equal(li_tick(&call, 1001), LI_E_TIMEOUT);
    assert_int_equal(locks, 0);
    assert_ptr_equal(call.req, &req);
}

/* With the last of the time the call ends, though the old token would do. */
static void a_refresh_at_the_end_of_the_time(void **state)
{
    static const li_policy policy = {.total_ms = 1000};
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    with_token(&me, &req, OLD("1000"));
    me.policy = &policy;
    net.ms = 1000000 + 900000; /* a hundred seconds are left of it */
    li_begin(&call, &me, &req, work, sizeof work);
    li_tick(&call, 0);
    assert_int_equal(li_step(&call), LI_WANT_OPEN);
    assert_int_equal(li_opened(&call, 0), LI_OK);
    assert_int_equal(li_tick(&call, 1000), LI_E_TIMEOUT);
}

/* A POST that is refused has done nothing: with a new token it goes again. */
static void a_post_that_is_refused(void **state)
{
    static const char *const script[] = {
        SAYS("401", "", "{\"serviceErrorCode\":65600}"), OK200};
    li_transport t = over(script);
    li_client me;
    li_req req;
    li_call call;

    (void)state;
    with_token(&me, &req, OLD("5184000"));
    req.body = LI_STR("abc");
    net.ms += 119000;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_int_equal(call.status, 200);
    assert_int_equal(call.tries, 2);
    assert_string_equal(net.hosts, API API);
}

/* Whether a new token came whole, in half, or was moved about in a buffer that
   is hardly large enough: nothing of it stays in the work buffer. */
static void a_new_token_does_not_stay_behind(void **state)
{
    static const char half[] = "HTTP/1.1 200 X\r\nContent-Length: 900\r\n"
                               "X-LI-UUID: a-name-to-keep\r\n\r\n"
                               "{\"access_token\":\"" MARK "-half";
    static const char whole[] =
        SAYS("200", "X-Filler: " X63 X63 X63 X63 "\r\n",
             "{\"access_token\":\"" MARK "-and-a-long-rest-" X63 X63
             "\",\"expires_in\":5184000}");
    static const char *const scripts[][6] = {
        {whole, OK200},
        {half, whole, OK200},
        {half, half, half, half, OK200}};
    static char all[64 + sizeof work + 64];
    size_t caps[] = {350, sizeof work}, i, k, at;

    (void)state;
    for (i = 0; i < 3; ++i)
        for (k = 0; k < COUNT(caps); ++k) {
            li_transport t = over(scripts[i]);
            li_client me;
            li_req req;
            li_call call;

            with_token(&me, &req, OLD("80"));
            net.ms += 70000;
            memset(all, 'x', sizeof all);
            li_begin(&call, &me, &req, all + 64, caps[k]);
            li_run(&call, &t);
            assert_int_equal(call.refreshed, 1);
            for (at = 0; at + sizeof MARK <= sizeof all; ++at)
                assert_memory_not_equal(all + at, MARK, sizeof MARK - 1);
            for (at = 0; at < 64; ++at) /* what is beside it stays */
                assert_true(all[at] == 'x' && all[64 + caps[k] + at] == 'x');
        }
}

int main(void)
{
    ROWS(again_rows, tries);
    ROWS(again_rows, tries_of_a_loop);
    ROWS(again_rows, tries_without_a_clock);
    TEST(clock_comes_while_it_waits);
    TEST(what_was_tried_can_be_read);
    TEST(tries_are_capped);
    TEST(a_wait_beyond_the_total_is_not_begun);
    TEST(waits_grow_to_their_most);
    TEST(jitter_is_full);
    TEST(a_budget_ends_a_storm);
    TEST(a_hook_that_wants_no_more_has_its_way);
    ROWS(limit_rows, limits);
    TEST(every_byte_begins_the_idle_limit_anew);
    TEST(cancelled_is_over);
    TEST(cancelled_while_it_waits);
    ROWS(token_rows, tokens);
    TEST(no_secret_goes_to_the_wrong_host);
    TEST(a_refresh_is_not_sent_to_the_api);
    TEST(the_grant_that_is_gone_is_told_once);
    TEST(a_save_that_fails_is_told);
    TEST(another_process_was_faster);
    TEST(a_lock_that_fails);
    TEST(many_calls_cause_one_refresh);
    TEST(a_forgotten_lease_is_taken_over);
    TEST(cancelled_while_it_refreshes);
    TEST(every_step_is_seen);
    TEST(a_refresh_that_comes_too_late);
    TEST(a_refresh_that_does_not_fit);
    TEST(a_lock_that_was_never_got);
    TEST(a_first_try_without_a_step);
    TEST(a_wait_without_a_clock);
    TEST(a_refresh_without_a_secret);
    TEST(a_random_hook_that_fails);
    TEST(a_refresh_over_a_dead_connection);
    TEST(one_try_over_a_dead_connection);
    TEST(opened_while_another_refreshes);
    TEST(fed_tries_are_counted);
    TEST(a_token_that_came_meanwhile);
    TEST(what_the_store_has);
    TEST(a_refresh_without_a_lock);
    TEST(a_lease_that_was_lost);
    TEST(the_late_answer_of_a_lost_lease);
    TEST(cancelled_in_a_refusal);
    TEST(a_failure_before_the_first_try);
    TEST(time_passes_in_a_refresh);
    TEST(a_refresh_at_the_end_of_the_time);
    TEST(a_post_that_is_refused);
    TEST(what_counts_as_sent);
    TEST(waits_at_their_bounds);
    TEST(a_new_token_does_not_stay_behind);
    TEST(a_newer_token_at_first);
    return RUN("again");
}
