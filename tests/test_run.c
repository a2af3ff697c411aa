/* >>run: the engine over a transport of four functions, scripted here. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "test.h"

#define OK "HTTP/1.1 200 OK\r\n"
#define HI OK "Content-Length: 2\r\n\r\nhi"

/* ---- the transport: connection number i answers with lines[i] */

enum { ASK_ALIVE = 1, BLOCKING = 2, IN_BITS = 4 };

struct net {
    const char *lines[8]; /* what each connection answers; NULL: nothing */
    int open_says[4], send_says, recv_says; /* instead, once; 0: nothing */
    int flags, alive;
    unsigned opened, closed, asked, sent, blocks;
    size_t at, out;
    char text[4096], host[80];
    unsigned port;
    int tls, open_now;
    unsigned ops, strike;       /* the operation that a fault strikes */
    int fault, for_ever, struck;
};

/* The fault, where it strikes; 1 elsewhere. */
static int strikes(struct net *n)
{
    ++n->ops;
    if (n->ops != n->strike && !(n->for_ever && n->struck))
        return 1;
    n->struck = 1;
    return n->fault;
}

/* Says "would block" every other time. */
static int blocks(struct net *n, int how)
{
    return (n->flags & BLOCKING) && ++n->blocks % 2 ? how : 0;
}

static int once(int *says)
{
    int value = *says;

    *says = 0;
    return value;
}

static int net_open(void *user, const char *host, unsigned port, int tls)
{
    struct net *n = (struct net *)user;
    int says = n->opened < 4 ? once(&n->open_says[n->opened]) : 0;

    assert_false(n->open_now);
    snprintf(n->host, sizeof n->host, "%s", host);
    n->port = port;
    n->tls = tls;
    says = says ? says : blocks(n, LI_IO_WRITE);
    if (says || (says = strikes(n)) < 0)
        return says;
    n->open_now = 1;
    n->opened++;
    n->at = n->sent = 0;
    return 0;
}

static int net_send(void *user, const char *data, size_t len)
{
    struct net *n = (struct net *)user;
    int says = once(&n->send_says);

    assert_true(n->open_now && len > 0);
    says = says ? says : blocks(n, LI_IO_READ);
    if (says || (says = strikes(n)) <= 0)
        return says;
    if (n->flags & IN_BITS)
        len = 1;
    assert_true(n->out + len < sizeof n->text);
    memcpy(n->text + n->out, data, len);
    n->out += len;
    n->sent += (unsigned)len;
    return (int)len;
}

static int net_recv(void *user, char *data, size_t cap)
{
    struct net *n = (struct net *)user;
    const char *line = n->lines[n->opened - 1];
    size_t left = line ? strlen(line) - n->at : 0;
    int says = once(&n->recv_says);

    assert_true(n->open_now && cap > 0);
    says = says ? says : blocks(n, LI_IO_READ);
    if (says || !left || (says = strikes(n)) <= 0)
        return says;
    if (n->flags & IN_BITS)
        left = 1;
    left = left < cap ? left : cap;
    memcpy(data, line + n->at, left);
    n->at += left;
    return (int)left;
}

static void net_close(void *user)
{
    struct net *n = (struct net *)user;

    n->open_now = 0;
    n->closed++;
}

static int net_alive(void *user)
{
    struct net *n = (struct net *)user;

    n->asked++;
    return n->alive;
}

static li_transport over(struct net *n)
{
    li_transport t;

    memset(&t, 0, sizeof t);
    t.open = net_open;
    t.send = net_send;
    t.recv = net_recv;
    t.close = net_close;
    t.alive = n->flags & ASK_ALIVE ? net_alive : NULL;
    t.user = n;
    return t;
}

/* ---- one call to its end */

static char work[2000];
static const li_client me = { .access_token = "TOK" };
static const li_req get = { .path = "/v2/me" };
static const li_req post = { .path = "/v2/x",
                             .body = { "0123456789", 10 } };

/* Asks again as long as the transport would block. */
static li_rc go_on(li_call *call, li_transport *t)
{
    unsigned budget = 5000;
    li_rc rc = LI_OK;

    while (budget-- && (rc = li_run(call, t)) > 0) {
        struct net *n = (struct net *)t->user;

        assert_true(n->flags & BLOCKING);
        assert_true(rc == LI_WANT_READ || rc == LI_WANT_WRITE);
    }
    assert_int_equal(rc, call->rc);
    assert_true(rc <= 0);
    return rc;
}

static li_rc go(li_call *call, const li_client *client, const li_req *req,
                li_transport *t)
{
    assert_int_equal(li_begin(call, client, req, work, sizeof work), LI_OK);
    return go_on(call, t);
}

static li_rc go_get(li_transport *t)
{
    li_call call;

    return go(&call, &me, &get, t);
}

static void one_call(void **state)
{
    struct net n = { .lines = { HI } };
    li_transport t;
    li_call call;
    int flags;

    (void)state;
    for (flags = 0; flags < 8; ++flags) {
        memset(&n, 0, sizeof n);
        n.lines[0] = HI;
        n.flags = flags;
        t = over(&n);
        assert_int_equal(go(&call, &me, &get, &t), LI_OK);
        assert_int_equal(call.status, 200);
        assert_text(call.body, LI_STR("hi"));
        assert_string_equal(n.host, "api.linkedin.com");
        assert_int_equal(n.port, 443);
        assert_int_equal(n.tls, 1);
        assert_int_equal(n.opened, 1);
        assert_int_equal(n.closed, 0);
        li_hangup(&t);
        assert_int_equal(n.closed, 1);
        li_hangup(&t);
        assert_int_equal(n.closed, 1);
    }
}

static void a_transport_never_used_hangs_up(void **state)
{
    struct net n = { .flags = 0 };
    li_transport t = over(&n);

    (void)state;
    li_hangup(&t);
    assert_int_equal(n.closed, 0);
}

static void a_body_until_the_end(void **state)
{
    struct net n = { .lines = { OK "\r\nall of it", HI } };
    li_transport t = over(&n);
    li_call call;

    (void)state;
    assert_int_equal(go(&call, &me, &get, &t), LI_OK);
    assert_text(call.body, LI_STR("all of it"));
    assert_int_equal(n.closed, 1);
    assert_int_equal(go_get(&t), LI_OK);
    assert_int_equal(n.opened, 2);
}

static void a_connection_is_kept(void **state)
{
    struct net n = { .lines = { HI HI HI, HI } };
    li_transport t;

    (void)state;
    n.flags = IN_BITS;
    t = over(&n);
    assert_int_equal(go_get(&t), LI_OK);
    assert_int_equal(go_get(&t), LI_OK);
    assert_int_equal(go_get(&t), LI_OK);
    assert_int_equal(n.opened, 1);
    assert_int_equal(n.closed, 0);
}

static void junk_behind_an_answer_ends_it(void **state)
{
    struct net n = { .lines = { HI "junk", HI } };
    li_transport t = over(&n);

    (void)state;
    assert_int_equal(go_get(&t), LI_OK);
    assert_int_equal(n.closed, 1);
    assert_int_equal(go_get(&t), LI_OK);
    assert_int_equal(n.opened, 2);
}

static void close_is_obeyed(void **state)
{
    struct net n = { .lines = { OK "Connection: close\r\n"
        "Content-Length: 0\r\n\r\n", "HTTP/1.0 200 OK\r\n"
        "Content-Length: 0\r\n\r\n", HI } };
    li_transport t = over(&n);

    (void)state;
    assert_int_equal(go_get(&t), LI_OK);
    assert_int_equal(n.closed, 1);
    assert_int_equal(go_get(&t), LI_OK);
    assert_int_equal(n.closed, 2);
    assert_int_equal(go_get(&t), LI_OK);
    assert_int_equal(n.opened, 3);
    assert_int_equal(n.closed, 2);
}

/* ---- only for the same origin */

static void another_origin_is_opened_anew(void **state)
{
    static const char *const paths[] = {
        "https://b.test/x", "https://b.test:444/x", "http://localhost:444/x",
        "https://localhost:444/x", "https://api.linkedin.com/x",
    };
    struct net n = { .flags = IN_BITS };
    li_transport t = over(&n);
    li_req req = { .path = "/v2/me" };
    unsigned i;

    (void)state;
    for (i = 0; i < 6; ++i)
        n.lines[i] = HI HI; /* a wrong one would answer, too */
    assert_int_equal(go_get(&t), LI_OK);
    for (i = 0; i < COUNT(paths); ++i) {
        li_call call;

        req.path = paths[i];
        assert_int_equal(go(&call, &me, &req, &t), LI_OK);
        assert_int_equal(n.opened, i + 2);
        assert_int_equal(n.closed, i + 1);
    }
    assert_string_equal(n.host, "api.linkedin.com");
    assert_int_equal(n.port, 443);
    assert_int_equal(n.tls, 1);
}

static void a_shorter_name_behind_a_longer(void **state)
{
    struct net n = { .lines = { HI, HI } };
    li_transport t = over(&n);
    li_req req = { .path = "https://api.linkedin.com.long.test/x" };
    li_call call;

    (void)state;
    assert_int_equal(go(&call, &me, &req, &t), LI_OK);
    assert_string_equal(n.host, "api.linkedin.com.long.test");
    assert_int_equal(go_get(&t), LI_OK);
    assert_string_equal(n.host, "api.linkedin.com");
    assert_int_equal(n.opened, 2);
}

static void names_are_compared_without_case(void **state)
{
    struct net n = { .lines = { HI HI } };
    li_transport t;
    li_req req = { .path = "https://API.LinkedIn.com/x" };
    li_call call;

    (void)state;
    n.flags = IN_BITS;
    t = over(&n);
    assert_int_equal(go(&call, &me, &get, &t), LI_OK);
    assert_int_equal(go(&call, &me, &req, &t), LI_OK);
    assert_int_equal(n.opened, 1);
}

static void a_connection_that_is_not_alive(void **state)
{
    int alive;

    (void)state;
    for (alive = 0; alive < 2; ++alive) {
        struct net n = { .lines = { HI HI, HI }, .flags = ASK_ALIVE | IN_BITS };
        li_transport t = over(&n);

        n.alive = alive;
        assert_int_equal(go_get(&t), LI_OK);
        assert_int_equal(n.asked, 0);
        assert_int_equal(go_get(&t), LI_OK);
        assert_int_equal(n.asked, 1);
        assert_int_equal(n.opened, alive ? 1 : 2);
        assert_int_equal(n.closed, alive ? 0 : 1);
    }
}

/* A call that was given up leaves its answer on the wire: whoever comes next
   must not get it. */
static void what_was_given_up_is_not_reused(void **state)
{
    struct net n = { .lines = { OK "Content-Length: 5\r\n\r\nfirst",
                                HI }, .flags = IN_BITS };
    li_transport t = over(&n);
    li_call call;

    (void)state;
    li_begin(&call, &me, &get, work, sizeof work);
    n.recv_says = LI_IO_READ;
    assert_int_equal(li_run(&call, &t), LI_WANT_READ);
    assert_int_equal(go(&call, &me, &get, &t), LI_OK);
    assert_text(call.body, LI_STR("hi"));
    assert_int_equal(n.opened, 2);
}

/* Given up while connecting: the next call goes to its own host. */
static void given_up_while_opening(void **state)
{
    struct net n = { .lines = { HI } };
    li_transport t = over(&n);
    li_req elsewhere = { .path = "https://evil.test/x" };
    li_call call;

    (void)state;
    n.open_says[0] = LI_IO_WRITE;
    li_begin(&call, &me, &elsewhere, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_WANT_WRITE);
    assert_int_equal(go(&call, &me, &get, &t), LI_OK);
    assert_string_equal(n.host, "api.linkedin.com");
}

/* ---- kept connections that are dead */

static void a_stale_connection_is_opened_anew(void **state)
{
    struct net n = { .lines = { HI, HI } };
    li_transport t = over(&n);
    li_call call;

    (void)state;
    assert_int_equal(go_get(&t), LI_OK);
    assert_int_equal(go(&call, &me, &get, &t), LI_OK);
    assert_text(call.body, LI_STR("hi"));
    assert_int_equal(n.opened, 2);
    assert_int_equal(n.closed, 1);
}

static void a_stale_connection_when_sending(void **state)
{
    static const int says[] = { LI_E_IO, LI_E_CLOSED, -99 };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(says); ++i) {
        struct net n = { .lines = { HI, HI } };
        li_transport t = over(&n);
        li_call call;

        assert_int_equal(go_get(&t), LI_OK);
        n.send_says = says[i];
        assert_int_equal(go(&call, &me, &post, &t), LI_OK);
        assert_int_equal(n.opened, 2);
        assert_int_equal(n.closed, 1);
    }
}

static void a_stale_connection_twice_is_final(void **state)
{
    struct net n = { .lines = { HI, NULL, HI } };
    li_transport t = over(&n);

    (void)state;
    assert_int_equal(go_get(&t), LI_OK);
    assert_int_equal(go_get(&t), LI_E_CLOSED);
    assert_int_equal(n.opened, 2);
    assert_int_equal(n.closed, 2);
    assert_int_equal(go_get(&t), LI_OK);
}

static void a_post_is_not_sent_twice(void **state)
{
    struct net n = { .lines = { HI, HI } };
    li_transport t = over(&n);
    li_call call;

    (void)state;
    assert_int_equal(go_get(&t), LI_OK);
    assert_int_equal(go(&call, &me, &post, &t), LI_E_CLOSED);
    assert_int_equal(n.opened, 1);
    assert_int_equal(n.closed, 1);
}

/* ---- what the functions say */

static const struct says_row {
    int line;
    const char *what;
    int says;
    li_rc rc;
} says_rows[] = {
    { __LINE__, "I/O", LI_E_IO, LI_E_IO },
    { __LINE__, "DNS", LI_E_DNS, LI_E_DNS },
    { __LINE__, "TLS", LI_E_TLS, LI_E_TLS },
    { __LINE__, "timeout", LI_E_TIMEOUT, LI_E_TIMEOUT },
    { __LINE__, "closed", LI_E_CLOSED, LI_E_CLOSED },
    { __LINE__, "cancelled", LI_E_CANCELLED, LI_E_CANCELLED },
    { __LINE__, "last code", LI_E_DUPLICATE, LI_E_DUPLICATE },
    { __LINE__, "behind the codes", LI_E_DUPLICATE - 1, LI_E_IO },
    { __LINE__, "first code", LI_E_ARG, LI_E_ARG },
    { __LINE__, "before the codes", LI_E_ARG + 1, LI_E_IO },
    { __LINE__, "-3", -3, LI_E_IO },
    { __LINE__, "nonsense", -100000, LI_E_IO },
};

static void open_says(void **state)
{
    const struct says_row *row = (const struct says_row *)*state;
    struct net n = { .lines = { HI } };
    li_transport t = over(&n);

    n.open_says[0] = row->says;
    assert_int_equal(go_get(&t), row->rc);
    assert_int_equal(n.opened, 0);
    assert_int_equal(go_get(&t), LI_OK);
}

static void send_says(void **state)
{
    const struct says_row *row = (const struct says_row *)*state;
    struct net n = { .lines = { HI, HI } };
    li_transport t = over(&n);

    n.send_says = row->says;
    assert_int_equal(go_get(&t), row->rc);
    assert_int_equal(n.closed, 1);
    assert_int_equal(go_get(&t), LI_OK);
    assert_int_equal(n.opened, 2);
}

static void recv_says(void **state)
{
    const struct says_row *row = (const struct says_row *)*state;
    struct net n = { .lines = { HI, HI } };
    li_transport t = over(&n);

    n.recv_says = row->says;
    assert_int_equal(go_get(&t), row->rc);
    assert_int_equal(n.closed, 1);
    assert_int_equal(go_get(&t), LI_OK);
    assert_int_equal(n.opened, 2);
}

/* Its body may still come, and would be the next call's answer. */
/* Asking a call that is over must not free what another call is on. */
static void a_finished_call_is_asked_again(void **state)
{
    struct net n = { .lines = { HI, HI } };
    li_transport t = over(&n);
    li_call done, left;

    (void)state;
    assert_int_equal(go(&done, &me, &get, &t), LI_OK);
    n.flags |= BLOCKING;
    li_begin(&left, &me, &get, work, sizeof work);
    while (li_run(&left, &t) != LI_WANT_READ)
        ;
    assert_int_equal(li_run(&done, &t), LI_OK);
    n.flags = 0;
    assert_int_equal(go_get(&t), LI_OK);
    assert_int_equal(n.opened, 2);
}

static void a_204_that_tells_a_body_is_not_kept(void **state)
{
    static const char *const lines[] = {
        "HTTP/1.1 204 X\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 204 X\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 204 X\r\nContent-Length: 0\r\n\r\n",
    };
    static const int closed[] = { 1, 1, 0 };
    unsigned i;

    (void)state;
    for (i = 0; i < COUNT(lines); ++i) {
        struct net n = { .lines = { lines[i], HI } };
        li_transport t = over(&n);

        assert_int_equal(go_get(&t), LI_OK);
        assert_int_equal(n.closed, closed[i]);
    }
}

static void a_failed_answer_ends_the_connection(void **state)
{
    static const char *const lines[] = {
        "HTTP/2 200\r\n\r\n", OK "Content-Length: 9999\r\n\r\n",
        OK "Content-Length: 5\r\n\r\nhi", "", OK,
    };
    static const li_rc want[] = { LI_E_PROTOCOL, LI_E_SPACE, LI_E_CLOSED,
                                  LI_E_CLOSED, LI_E_CLOSED };
    unsigned i;

    (void)state;
    for (i = 0; i < COUNT(lines); ++i) {
        struct net n = { .lines = { lines[i], HI } };
        li_transport t = over(&n);

        assert_int_equal(go_get(&t), want[i]);
        assert_int_equal(n.closed, 1);
        assert_int_equal(go_get(&t), LI_OK);
    }
}

static void a_call_that_never_began(void **state)
{
    struct net n = { .lines = { HI } };
    li_transport t = over(&n);
    li_req req = { .path = "" };
    li_call call;

    (void)state;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_E_ARG);
    assert_int_equal(li_run(&call, &t), LI_E_ARG);
    assert_int_equal(n.opened, 0);
    assert_int_equal(n.closed, 0);
}

static uint64_t some_time(void *user)
{
    (void)user;
    return 1000;
}

/* One of zeros, which li_begin() has never seen: it asks for nothing. */
static void a_call_of_zeros(void **state)
{
    struct net n = { .lines = { HI } };
    li_transport t = over(&n);
    li_call call;

    (void)state;
    t.ms = some_time;
    memset(&call, 0, sizeof call);
    assert_int_equal(li_run(&call, &t), LI_WANT_SLEEP);
    assert_int_equal(n.opened, 0);
}

static void a_call_that_is_done_stays_done(void **state)
{
    struct net n = { .lines = { HI } };
    li_transport t = over(&n);
    li_call call;
    size_t out;

    (void)state;
    assert_int_equal(go(&call, &me, &get, &t), LI_OK);
    out = n.out;
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_int_equal(n.out, out);
    assert_text(call.body, LI_STR("hi"));
}

/* More sent than was given: a transport that lies breaks only its call. */
static int send_too_much(void *user, const char *data, size_t len)
{
    (void)user;
    (void)data;
    return (int)len + 1;
}

static int send_nothing(void *user, const char *data, size_t len)
{
    (void)user;
    (void)data;
    (void)len;
    return 0;
}

/* The host as a resolver wants it: IPv6 without the brackets of the URL. */
static void an_ipv6_host_has_no_brackets(void **state)
{
    static const li_client six = { .access_token = "T",
                                   .api_base = "http://[::1]:81" };
    struct net n = { .lines = { HI HI }, .flags = IN_BITS };
    li_transport t = over(&n);
    li_req req = { .path = "/a" };
    char buf[500];
    li_call call;
    int i;

    (void)state;
    for (i = 0; i < 2; ++i) {
        li_begin(&call, &six, &req, buf, sizeof buf);
        assert_int_equal(li_run(&call, &t), LI_OK);
        assert_string_equal(n.host, "::1");
        assert_int_equal(n.port, 81);
    }
    assert_int_equal(n.opened, 1); /* and it is known again */
    assert_non_null(strstr(n.text, "Host: [::1]:81\r\n"));
    li_hangup(&t);
}

static uint32_t wake_in;
static uint64_t clock_ms;

static uint32_t net_wake(void *user)
{
    (void)user;
    return wake_in;
}

static uint64_t net_ms(void *user)
{
    (void)user;
    return clock_ms;
}

/* While it connects, a transport says when it must be called again; what the
   call's own limits say stays where that is sooner. */
static void a_transport_that_wants_to_be_woken(void **state)
{
    static const li_policy policy = { .connect_ms = 300 };
    static const struct { uint32_t wake; int timed; uint64_t want; } rows[] = {
        { 10, 0, 1010 }, { 250, 0, 1250 }, { 10, 1, 1010 }, { 400, 1, 1300 }};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rows); ++i) {
        struct net n = { .lines = { HI }, .open_says = { LI_IO_WRITE } };
        li_transport t = over(&n);
        li_req req = { .path = "/a" };
        char buf[500];
        li_call call;

        t.wake = net_wake;
        t.ms = net_ms;
        wake_in = rows[i].wake;
        clock_ms = 1000;
        req.policy = rows[i].timed ? &policy : NULL;
        li_begin(&call, &me, &req, buf, sizeof buf);
        assert_int_equal(li_run(&call, &t), LI_WANT_WRITE);
        assert_true(call.wake_ms == rows[i].want);
        clock_ms = 1005;
        n.recv_says = LI_IO_READ;
        assert_int_equal(li_run(&call, &t), LI_WANT_READ);
        assert_true(call.wake_ms == UINT64_MAX); /* it is open */
        assert_int_equal(li_run(&call, &t), LI_OK);
        li_hangup(&t);
    }
}

/* A clock is no wish to be woken. */
static void a_clock_without_a_wake(void **state)
{
    struct net n = { .lines = { HI }, .open_says = { LI_IO_WRITE } };
    li_transport t = over(&n);
    li_call call;

    (void)state;
    t.ms = net_ms;
    clock_ms = 1000;
    li_begin(&call, &me, &get, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_WANT_WRITE);
    assert_true(call.wake_ms == UINT64_MAX);
    assert_int_equal(li_run(&call, &t), LI_OK);
    li_hangup(&t);
}

/* Who asks before a wait is over is told to wait, and nothing else happens. */
static void asked_again_while_it_waits(void **state)
{
    static const li_client again = { .access_token = "TOK",
                                     .again = li_again };
    struct net n = { .lines = { "HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n"
                                HI } };
    li_transport t = over(&n);
    li_call call;
    size_t out;

    (void)state;
    t.ms = net_ms;
    clock_ms = 1000;
    n.flags = IN_BITS;
    li_begin(&call, &again, &get, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_WANT_SLEEP);
    out = n.out;
    assert_int_equal(li_run(&call, &t), LI_WANT_SLEEP);
    assert_int_equal(n.out, out);
    clock_ms = call.wake_ms;
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_int_equal(call.status, 200);
    assert_int_equal(n.opened, 1);
    li_hangup(&t);
}

/* What the transport says of its failure stands in the call. */
static void why_a_transport_failed(void **state)
{
    struct net n = { .open_says = { LI_E_DNS } };
    char why[] = "api.test: no such name", text[300];
    li_transport t = over(&n);
    li_req req = { .path = "/a" };
    li_buf out = LI_BUF(text);
    char buf[500];
    li_call call;

    (void)state;
    t.why = why;
    li_begin(&call, &me, &req, buf, sizeof buf);
    assert_int_equal(li_run(&call, &t), LI_E_DNS);
    assert_string_equal(call.wrong, why);
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    assert_non_null(strstr(text, ": host name does not resolve: api.test: no "
                                 "such name\nhint: Check the host"));
    n.lines[0] = HI;
    li_begin(&call, &me, &req, buf, sizeof buf);
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_null(call.wrong);
    li_hangup(&t);
    n.open_says[1] = LI_E_DNS;
    why[0] = 0; /* it has no words for it */
    li_begin(&call, &me, &req, buf, sizeof buf);
    assert_int_equal(li_run(&call, &t), LI_E_DNS);
    assert_null(call.wrong);
}

static size_t most_asked;

static int send_much(void *user, const char *data, size_t len)
{
    (void)user;
    (void)data;
    most_asked = len > most_asked ? len : most_asked;
    return (int)len;
}

static int recv_much(void *user, char *data, size_t cap)
{
    struct net *n = (struct net *)user;
    size_t left = n->at < 19 ? 19 - n->at : 1;

    most_asked = cap > most_asked ? cap : most_asked;
    left = left < cap ? left : cap;
    memcpy(data, n->at < 19 ? OK "\r\n" + n->at : "x", left);
    n->at += left;
    return n->at > 100 ? 0 : (int)left;
}

/* An int may have 16 bits: a transport is never asked for more at a time. */
static void no_more_than_an_int_holds(void **state)
{
    static char body[70000], buf[70000];
    static const size_t lengths[] = { 0x7ffe, 0x7fff, 0x8000, sizeof body };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(lengths); ++i) {
        struct net n = { .flags = 0 };
        li_transport t = over(&n);
        li_req req = { .path = "/v2/x" };
        li_call call;

        req.body = li__str(body, lengths[i]);
        t.send = send_much;
        n.lines[0] = HI;
        most_asked = 0;
        li_begin(&call, &me, &req, work, sizeof work);
        assert_int_equal(li_run(&call, &t), LI_OK);
        assert_int_equal(most_asked, lengths[i] < 0x7fff ? lengths[i] : 0x7fff);
        li_hangup(&t);
    }
    for (i = 0; i < 2; ++i) {
        struct net n = { .flags = 0 };
        li_transport t = over(&n);
        li_call call;

        t.recv = recv_much;
        most_asked = 0;
        li_begin(&call, &me, &get, buf, i ? sizeof buf : 0x7000);
        assert_int_equal(li_run(&call, &t), LI_OK);
        assert_int_equal(most_asked, i ? 0x7fff : 0x7000);
        li_hangup(&t);
    }
}

static int send_late(void *user, const char *data, size_t len)
{
    int sent = net_send(user, data, len);

    clock_ms += 1000;
    return sent;
}

/* The client's limits count too, and the whole time may pass in one step: no
   transport is told a limit then. */
static unsigned limits_told;

static void net_limit(void *user, uint32_t ms)
{
    (void)user;
    limits_told += ms == 500;
}

static void the_time_passes_in_a_step(void **state)
{
    static const li_policy policy = { .total_ms = 500 };
    struct net n = { .lines = { HI } };
    li_transport t = over(&n);
    li_client hasty = me;
    li_call call;

    (void)state;
    hasty.policy = &policy;
    t.ms = net_ms;
    t.wake = NULL;
    t.limit = net_limit;
    t.send = send_late;
    limits_told = 0;
    clock_ms = 1000;
    assert_int_equal(go(&call, &hasty, &get, &t), LI_E_TIMEOUT);
    assert_int_equal(limits_told, 2); /* to open, and to write */
    assert_int_equal(n.closed, 1);
    t.send = net_send;
    t.ms = NULL; /* one that tells no time is not asked when to wake */
    t.wake = net_wake;
    n.opened = 0;
    assert_int_equal(go(&call, &hasty, &get, &t), LI_OK);
}

static void a_transport_that_lies(void **state)
{
    struct net n = { .lines = { HI } };
    li_transport t = over(&n);

    (void)state;
    t.send = send_too_much;
    assert_int_equal(go_get(&t), LI_E_STATE);
    t.send = send_nothing;
    assert_int_equal(go_get(&t), LI_E_IO);
    assert_int_equal(n.closed, 2);
}

/* The request goes out whole, in however small parts. */
static void short_sends(void **state)
{
    static struct net a, b;
    li_transport t;
    li_call call;

    (void)state;
    a.lines[0] = b.lines[0] = HI;
    b.flags = IN_BITS | BLOCKING;
    t = over(&a);
    assert_int_equal(go(&call, &me, &post, &t), LI_OK);
    t = over(&b);
    assert_int_equal(go(&call, &me, &post, &t), LI_OK);
    assert_int_equal(a.out, b.out);
    assert_memory_equal(a.text, b.text, a.out);
    assert_memory_equal(a.text + a.out - 10, "0123456789", 10);
}

static void an_early_answer(void **state)
{
    struct net n = { .lines = { "HTTP/1.1 413 X\r\nContent-Length: 2\r\n\r\n"
                                "no" } };
    li_transport t = over(&n);
    li_call call;

    (void)state;
    n.flags = IN_BITS | BLOCKING;
    li_begin(&call, &me, &post, work, sizeof work);
    while (n.sent < 30)
        li_run(&call, &t);
    n.send_says = LI_E_CLOSED;
    assert_int_equal(go_on(&call, &t), LI_OK);
    assert_int_equal(call.status, 413);
    assert_text(call.body, LI_STR("no"));
    assert_int_equal(n.closed, 1);
}

/* ---- a fault at every operation of two calls on one connection */

static unsigned count(const struct net *n, const char *part)
{
    const char *at = n->text;
    unsigned found = 0;

    while ((at = strstr(at, part)) != NULL) {
        ++found;
        ++at;
    }
    return found;
}

static void came_well(li_call *call, li_rc rc)
{
    if (rc)
        assert_true(rc == LI_E_IO || rc == LI_E_CLOSED);
    else
        assert_text(call->body, LI_STR("hi"));
}

static int faulty(int fault, int for_ever, unsigned strike)
{
    static struct net n;
    li_transport t;
    li_call call;
    li_rc rc;

    memset(&n, 0, sizeof n);
    n.lines[0] = n.lines[1] = n.lines[2] = HI HI;
    n.flags = IN_BITS | (fault == LI_IO_READ ? BLOCKING : 0);
    n.fault = fault;
    n.for_ever = for_ever;
    n.strike = strike;
    t = over(&n);
    came_well(&call, go(&call, &me, &get, &t));
    rc = go(&call, &me, &post, &t);
    came_well(&call, rc);
    assert_true(count(&n, "POST /") <= 1);
    if (fault == LI_IO_READ || !n.struck) {
        assert_int_equal(rc, LI_OK);
        assert_int_equal(count(&n, "0123456789"), 1);
    }
    li_hangup(&t);
    assert_int_equal(n.open_now, 0);
    return n.struck;
}

static void a_fault_at_every_operation(void **state)
{
    static const int faults[] = { LI_E_IO, LI_E_CLOSED, 0, LI_IO_READ };
    unsigned i, k;

    (void)state;
    for (i = 0; i < COUNT(faults); ++i)
        for (k = 1; faulty(faults[i], 0, k); ++k)
            if (i < 3)
                assert_true(faulty(faults[i], 1, k));
}

int main(void)
{
    TEST(one_call);
    TEST(a_transport_never_used_hangs_up);
    TEST(a_body_until_the_end);
    TEST(a_connection_is_kept);
    TEST(junk_behind_an_answer_ends_it);
    TEST(close_is_obeyed);
    TEST(another_origin_is_opened_anew);
    TEST(a_shorter_name_behind_a_longer);
    TEST(names_are_compared_without_case);
    TEST(a_connection_that_is_not_alive);
    TEST(what_was_given_up_is_not_reused);
    TEST(given_up_while_opening);
    TEST(a_stale_connection_is_opened_anew);
    TEST(a_stale_connection_when_sending);
    TEST(a_stale_connection_twice_is_final);
    TEST(a_post_is_not_sent_twice);
    ROWS(says_rows, open_says);
    ROWS(says_rows, send_says);
    ROWS(says_rows, recv_says);
    TEST(a_finished_call_is_asked_again);
    TEST(a_204_that_tells_a_body_is_not_kept);
    TEST(a_failed_answer_ends_the_connection);
    TEST(a_call_that_never_began);
    TEST(a_call_of_zeros);
    TEST(a_call_that_is_done_stays_done);
    TEST(an_ipv6_host_has_no_brackets);
    TEST(a_transport_that_wants_to_be_woken);
    TEST(a_clock_without_a_wake);
    TEST(asked_again_while_it_waits);
    TEST(why_a_transport_failed);
    TEST(no_more_than_an_int_holds);
    TEST(the_time_passes_in_a_step);
    TEST(a_transport_that_lies);
    TEST(short_sends);
    TEST(an_early_answer);
    TEST(a_fault_at_every_operation);
    return RUN("run");
}
