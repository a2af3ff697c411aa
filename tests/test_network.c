/* What the two network adapters do alike on a good network and a bad one:
   waiting, trying again, racing addresses, keeping connections; and what only
   linkedin_curl.h has: a shared multi handle, a setup of the user's, proxies.
   cc test_network.c -lcmocka -lcurl -lmbedtls -lmbedx509 -lmbedcrypto */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"
#include "../adapters/linkedin_curl.h"
#include "../adapters/linkedin_mbedtls.h"
#include "../adapters/linkedin_platform.h"
#include "../adapters/linkedin_socket.h"

#include "peers.h"

#include <dlfcn.h>

/* ---- a resolver of ours, before the system's */

static volatile int broken_ipv6; /* localhost is [::1], too                  */

typedef int resolver(const char *, const char *, const struct addrinfo *,
                     struct addrinfo **);

int getaddrinfo(const char *node, const char *service,
                const struct addrinfo *hints, struct addrinfo **list)
{
    void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");
    struct addrinfo numeric, *last;
    resolver *real;
    int e;

    memcpy(&real, &symbol, sizeof real);
    if (node && !strcmp(node, "slow.test")) {
        sleep(4);
        return EAI_AGAIN;
    }
    if (!broken_ipv6 || !node || strcmp(node, "localhost"))
        return real(node, service, hints, list);
    numeric = *hints;
    numeric.ai_flags |= AI_NUMERICHOST;
    e = real("::1", service, &numeric, list);
    if (e)
        return e;
    for (last = *list; last->ai_next; last = last->ai_next)
        continue;
    return real("127.0.0.1", service, &numeric, &last->ai_next);
}

/* A listener on [::1] whose queue is full: a SYN gets no answer. */
static void hang_ipv6(unsigned port, int fds[20])
{
    struct sockaddr_in6 a;
    int i;

    memset(&a, 0, sizeof a);
    a.sin6_family = AF_INET6;
    a.sin6_addr = in6addr_loopback;
    a.sin6_port = htons((uint16_t)port);
    fds[0] = socket(AF_INET6, SOCK_STREAM, 0);
    if (fds[0] < 0 || bind(fds[0], (struct sockaddr *)&a, sizeof a) ||
        listen(fds[0], 0))
        abort();
    for (i = 1; i < 20; i++) {
        fds[i] = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (connect(fds[i], (struct sockaddr *)&a, sizeof a) &&
            errno != EINPROGRESS)
            abort();
    }
}

struct both {
    int line;
    const char *what;
    int which, nonblocking;
};

#define BOTH(what) \
    {__LINE__, what ", curl", CURL_WAY, 0}, \
    {__LINE__, what ", mbedtls", MBEDTLS_WAY, 0}, \
    {__LINE__, what ", curl, not blocking", CURL_WAY, 1}, \
    {__LINE__, what ", mbedtls, not blocking", MBEDTLS_WAY, 1}

/* RFC 8305: an address that hangs holds nobody up for long. */
static const struct both races[] = {BOTH("a broken IPv6")};

static void next_address_is_raced(void **state)
{
    static const struct turn turns[] = {{OK2, KEEP}};
    const struct both *row = (const struct both *)*state;
    struct server s = serve_script(turns, 1);
    struct trial *t = trial("http", "localhost", s.port);
    int fds[20], i;
    uint64_t began, took;
    struct way w;

    hang_ipv6(s.port, fds);
    way_open(&w, row->which, row->nonblocking, 8000);
    broken_ipv6 = 1;
    began = li_platform_ms(NULL);
    assert_int_equal(way_run(&w, t), LI_OK);
    broken_ipv6 = 0;
    took = li_platform_ms(NULL) - began;
    for (i = 0; i < 20; i++)
        close(fds[i]);
    /* libcurl looks "localhost" up in its own way */
    assert_true(took < 1000 && (took >= 240 || row->which == CURL_WAY));
    way_close(&w);
    stop(&s);
}

/* ---- the look-up of a name that hangs */

static const struct both look_ups[] = {
    {__LINE__, "a look-up that hangs ends at connect_ms", 0, 0},
    {__LINE__, "a look-up that hangs ends at connect_ms, not blocking", 0, 1},
    {__LINE__, "a look-up that hangs ends at total_ms", 1, 0},
    {__LINE__, "a look-up that hangs ends at total_ms, not blocking", 1, 1},
};

static void look_up_is_given_up(void **state)
{
    static const li_policy total = {.total_ms = 300};
    const struct both *row = (const struct both *)*state;
    struct trial *t = trial("https", "slow.test", 443);
    uint64_t began = li_platform_ms(NULL), took;
    struct way w;

    way_open(&w, CURL_WAY, row->nonblocking, row->which ? 0 : 300);
    t->me.policy = row->which ? &total : NULL;
    assert_int_equal(way_run(&w, t), LI_E_TIMEOUT);
    way_close(&w);
    took = li_platform_ms(NULL) - began;
    assert_true(took >= 290 && took < 2000);
}

/* Given up in the midst: at once, too. */
static void look_up_is_hung_up(void **state)
{
    struct trial *t = trial("https", "slow.test", 443);
    uint64_t began = li_platform_ms(NULL);
    struct way w;
    int i;

    (void)state;
    way_open(&w, CURL_WAY, 1, 0);
    for (i = 0; i < 5; i++) {
        assert_true((i ? li_run(&t->call, &w.over) : run(t, &w.over)) > 0);
        way_wait(&w, &t->call, t->call.rc);
    }
    way_close(&w);
    assert_true(li_platform_ms(NULL) - began < 3000);
}

/* ---- failures told apart */

struct failure {
    int line;
    const char *what, *scheme, *host;
    int port; /* 0: of a server                                              */
    li_rc rc;
};

static const struct failure failures[] = {
    {__LINE__, "no such name", "https", "no.such.name.invalid", 443, LI_E_DNS},
    {__LINE__, "refused", "https", "localhost", 1, LI_E_IO},
    {__LINE__, "refused, plain", "http", "127.0.0.1", 1, LI_E_IO},
    {__LINE__, "refused, IPv6", "http", "[::1]", 1, LI_E_IO},
    {__LINE__, "no TLS there", "https", "localhost", 0, LI_E_TLS},
};

static void failure_is_told(void **state)
{
    static const struct turn turns[] = {{"no TLS\r\n", HELLO},
                                        {"no TLS\r\n", HELLO}};
    const struct failure *row = (const struct failure *)*state;
    struct server s = serve_script(turns, 2);
    struct trial *t = trial(row->scheme, row->host,
                            row->port ? (unsigned)row->port : s.port);
    const char *bare = *row->host == '[' ? "::1" : row->host;
    char text[1024];
    li_buf out = LI_BUF(text);
    int i;

    for (i = 0; i < WAYS; i++) {
        struct way w;

        way_open(&w, i, 0, 0);
        assert_int_equal(run(t, &w.over), row->rc);
        assert_non_null(strstr(w.over.why, bare));
        assert_int_equal(li_explain(&t->call, LI_OK, &out), LI_OK);
        assert_non_null(strstr(text, bare));
        assert_non_null(strstr(text, li_hint(row->rc, NULL)));
        way_close(&w);
    }
    stop(&s);
}

/* ---- patience: limits and further tries */

#define BUSY "HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n"

static const struct patience {
    int line;
    const char *what, *method;
    struct turn turns[3];
    li_policy policy;
    li_rc rc;
    int status;
    unsigned tries, connections;
} patiences[] = {
    {__LINE__, "503, then 200 on the same connection", "GET",
     {{BUSY, KEEP}, {OK2, KEEP}}, {.backoff_ms = 20}, LI_OK, 200, 2, 1},
    {__LINE__, "reset, then 200", "GET", {{"", RESET}, {OK2, KEEP}},
     {.backoff_ms = 20}, LI_OK, 200, 2, 2},
    {__LINE__, "POST is not repeated after a reset", "POST",
     {{"", RESET}, {OK2, KEEP}}, {.backoff_ms = 20}, LI_E_CLOSED, 0, 1, 1},
    {__LINE__, "POST is repeated after 429", "POST",
     {{"HTTP/1.1 429 X\r\nRetry-After: 0\r\nContent-Length: 0\r\n"
       "Connection: close\r\n\r\n", CLOSE}, {OK2, KEEP}},
     {.backoff_ms = 20}, LI_OK, 200, 2, 2},
    {__LINE__, "silence ends at the total", "GET", {{"", SILENT}},
     {.total_ms = 300}, LI_E_TIMEOUT, 0, 1, 1},
    {__LINE__, "silence of a POST", "POST", {{"", SILENT}},
     {.total_ms = 300}, LI_E_TIMEOUT, 0, 1, 1},
    {__LINE__, "silence ends at first_byte_ms", "POST", {{"", SILENT}},
     {.first_byte_ms = 300, .total_ms = 9000}, LI_E_TIMEOUT, 0, 1, 1},
    {__LINE__, "silence in a head ends at idle_ms", "POST",
     {{"HTTP/1.1 200 OK\r\n", SILENT}},
     {.idle_ms = 300, .total_ms = 9000}, LI_E_TIMEOUT, 200, 1, 1},
};

static void be_patient(const struct patience *row, int which, int nonblocking)
{
    struct server s = serve_script(row->turns, row->turns[1].answer ? 2 : 1);
    struct trial *t = plain_trial(&s);
    uint64_t began = li_platform_ms(NULL), took;
    uint32_t limit = row->policy.first_byte_ms ? row->policy.first_byte_ms
                     : row->policy.idle_ms     ? row->policy.idle_ms
                                               : row->policy.total_ms;
    struct way w;

    way_open(&w, which, nonblocking, 0);
    t->me.again = li_again;
    t->me.policy = &row->policy;
    t->req.method = row->method;
    assert_int_equal(way_run(&w, t), row->rc);
    took = li_platform_ms(NULL) - began;
    assert_int_equal(t->call.status, row->status);
    assert_int_equal(t->call.tries, row->tries);
    assert_int_equal(s.record->connections, row->connections);
    assert_int_equal(t->call.sent, 1);
    if (limit)
        assert_true(took + 5 >= limit && took < limit + 1500);
    way_close(&w);
    stop(&s);
}

static void patient(void **state)
{
    int i;

    for (i = 0; i < 2 * WAYS; i++)
        be_patient((const struct patience *)*state, i % WAYS, i >= WAYS);
}

/* No adapter has a limit of its own behind connecting: an upload that is slow
   but goes on is never cut. (It was, at 60 s; here time is what it is, so that
   only the reasons for a cut are looked at.) */
static void slow_upload_goes_on(void **state)
{
    static const struct turn turns[] = {{OK2, KEEP}, {OK2, KEEP}};
    struct server s = serve_script(turns, 2);
    int i;

    (void)state;
    for (i = 0; i < WAYS; i++) {
        struct trial *t = plain_trial(&s);
        struct way w;

        way_open(&w, i, 0, 100);
        kill(s.pid, SIGSTOP); /* the answer takes longer than connect_ms */
        if (!fork()) {
            usleep(400000);
            kill(s.pid, SIGCONT);
            _exit(0);
        }
        assert_int_equal(run(t, &w.over), LI_OK);
        while (wait(NULL) < 0 && errno == EINTR)
            continue;
        way_close(&w);
        if (!i) { /* the script is over with the first connection's end */
            stop(&s);
            s = serve_script(turns, 2);
        }
    }
    stop(&s);
}

/* ---- what is sent is the head, to the byte, and the body */

static size_t give_some(void *user, uint64_t at, char *dst, size_t cap)
{
    (void)user;
    if (cap)
        *dst = "abcdefgh"[at];
    return cap ? 1 : 0;
}

struct sent {
    int line;
    const char *what, *method, *body, *form;
    uint64_t read_len;
    const char *sent; /* the body                                            */
};

static const struct sent sents[] = {
    {__LINE__, "GET", NULL, NULL, NULL, 0, ""},
    {__LINE__, "HEAD", "HEAD", NULL, NULL, 0, ""},
    {__LINE__, "DELETE", "DELETE", NULL, NULL, 0, ""},
    {__LINE__, "POST of nothing", "POST", NULL, NULL, 0, ""},
    {__LINE__, "POST", NULL, "{\"a\":1}", NULL, 0, "{\"a\":1}"},
    {__LINE__, "PUT", "PUT", "xyz", NULL, 0, "xyz"},
    {__LINE__, "GET with a body", "GET", "xyz", NULL, 0, "xyz"},
    {__LINE__, "HEAD with a body", "HEAD", "xyz", NULL, 0, "xyz"},
    {__LINE__, "a form", NULL, NULL, "p&q", 0, "name=p%26q"},
    {__LINE__, "a reader", NULL, NULL, NULL, 8, "abcdefgh"},
};

static void sends_the_head(void **state)
{
    static const struct turn turns[] = {{OK2, CLOSE}};
    static const char *const more[] = {
        "X-Empty", "", "X-Colon", "a:b", "X-Last", "ab:", "X-Time", "12:3",
        "Expect-Not", "100-continue", NULL};
    const struct sent *row = (const struct sent *)*state;
    int i;

    for (i = 0; i < WAYS; i++) {
        struct server s = serve_script(turns, 1);
        struct trial *t = plain_trial(&s);
        char want[2048];
        struct way w;
        li_str head;

        way_open(&w, i, 0, 0);
        t->req.method = row->method;
        t->req.headers = more;
        t->req.body = li_cstr(row->body);
        if (row->form) {
            t->req.form[0] = "name";
            t->req.form[1] = row->form;
        }
        t->req.read = row->read_len ? give_some : NULL;
        t->req.read_len = row->read_len;
        li_begin(&t->call, &t->me, &t->req, t->buf, sizeof t->buf);
        head = li_head(&t->call);
        snprintf(want, sizeof want, "%.*s%s", (int)head.len, head.ptr,
                 row->sent);
        assert_int_equal(li_run(&t->call, &w.over), LI_OK);
        assert_string_equal(s.record->text, want);
        assert_non_null(strstr(want, "\r\nX-Colon: a:b\r\n"));
        assert_non_null(strstr(want, "\r\nX-Last: ab:\r\n"));
        way_close(&w);
        stop(&s);
    }
}

/* ---- connections that are kept */

struct dropped {
    int line;
    const char *what, *method, *body;
    li_rc rc;
    unsigned requests;
};

/* The server takes the second request off a kept connection, and drops it. */
static const struct dropped droppeds[] = {
    {__LINE__, "GET is repeated", "GET", NULL, LI_OK, 3},
    {__LINE__, "PUT is repeated", "PUT", "xyz", LI_OK, 3},
    {__LINE__, "POST is not", "POST", "xyz", LI_E_CLOSED, 2},
    {__LINE__, "POST of nothing is not", "POST", NULL, LI_E_CLOSED, 2},
    {__LINE__, "PATCH is not", "PATCH", "xyz", LI_E_CLOSED, 2},
};

static void repeats_what_is_safe(void **state)
{
    static const struct turn turns[] = {{OK2, KEEP}, {"", CLOSE}, {OK2, KEEP}};
    const struct dropped *row = (const struct dropped *)*state;
    int i;

    for (i = 0; i < WAYS; i++) {
        struct server s = serve_script(turns, 3);
        struct trial *t = plain_trial(&s);
        struct way w;

        way_open(&w, i, 0, 0);
        assert_int_equal(run(t, &w.over), LI_OK);
        t->req.method = row->method;
        t->req.body = li_cstr(row->body);
        assert_int_equal(run(t, &w.over), row->rc);
        assert_int_equal(times_in(s.record->text, " /ok HTTP/1.1"),
                         row->requests);
        assert_int_equal(s.record->connections, row->requests - 1);
        way_close(&w);
        stop(&s);
    }
}

static void connection_is_kept(void **state)
{
    static const struct turn turns[] = {{OK2, KEEP}, {OK2, KEEP}, {OK2, KEEP}};
    int i, k;

    (void)state;
    for (i = 0; i < WAYS; i++) {
        struct server s = serve_script(turns, 3);
        struct trial *t = plain_trial(&s);
        struct way w;

        way_open(&w, i, 0, 0);
        for (k = 0; k < 3; k++) {
            assert_int_equal(run(t, &w.over), LI_OK);
            assert_text(t->call.body, LI_STR("{}"));
            assert_true(w.over.alive(w.over.user));
        }
        assert_int_equal(s.record->connections, 1);
        stop(&s);
        usleep(20000);
        assert_false(w.over.alive(w.over.user));
        way_close(&w);
    }
}

/* ---- a transport that never waits */

static const struct both waits[] = {BOTH("each wait is told")};

static void wait_is_told(void **state)
{
    const struct both *row = (const struct both *)*state;
    struct server s = tls_server("good", "-HTTP");
    struct trial *t = trial("https", "localhost", s.port);
    struct way w;
    li_rc rc;

    way_open(&w, row->which, row->nonblocking, 0);
    if (row->nonblocking)
        kill(s.pid, SIGSTOP);
    rc = run(t, &w.over);
    if (row->nonblocking) {
        int i;

        for (i = 0; i < 50 && rc == LI_WANT_WRITE; i++) {
            way_wait(&w, &t->call, rc); /* until the hello is sent */
            rc = li_run(&t->call, &w.over);
        }
        assert_int_equal(rc, LI_WANT_READ);
        assert_true(way_socket(&w) >= 0);
        assert_int_equal(li_run(&t->call, &w.over), LI_WANT_READ);
        kill(s.pid, SIGCONT);
    }
    for (; rc > 0; rc = li_run(&t->call, &w.over))
        way_wait(&w, &t->call, rc);
    assert_int_equal(rc, LI_OK);
    assert_text(t->call.body, LI_STR("{}"));
    way_close(&w);
    stop(&s);
}

/* ---- curl: one multi handle for many */

static void multi_is_shared(void **state)
{
    static const struct turn turns[] = {{OK2, CLOSE}, {OK2, CLOSE},
                                        {OK2, CLOSE}};
    enum { MANY = 3 };
    struct server s = serve_script(turns, MANY);
    struct trial base = *plain_trial(&s);
    static struct trial t[MANY];
    li_transport over[MANY];
    li_curl curl[MANY];
    CURLM *multi = curl_multi_init();
    unsigned i, done = 0, turn;
    li_rc rc;

    (void)state;
    memset(curl, 0, sizeof curl);
    for (i = 0; i < MANY; i++) {
        t[i] = base;
        t[i].me.api_base = t[i].base;
        curl[i].multi = multi;
        curl[i].nonblocking = 1;
        over[i] = li_curl_transport(&curl[i]);
        li_begin(&t[i].call, &t[i].me, &t[i].req, t[i].buf, sizeof t[i].buf);
    }
    for (turn = 0; done != MANY && turn < 5000; turn++) {
        for (i = done = 0; i < MANY; i++) { /* all at once, in turns */
            rc = li_run(&t[i].call, &over[i]);
            assert_true(rc >= 0);
            done += rc == LI_OK;
        }
        usleep(500);
    }
    for (i = 0; i < MANY; i++) {
        assert_text(t[i].call.body, LI_STR("{}"));
        li_hangup(&over[i]);
        li_curl_free(&curl[i]);
        li_curl_free(&curl[i]);
    }
    assert_int_equal(s.record->connections, MANY);
    assert_int_equal(curl_multi_cleanup(multi), CURLM_OK);
    stop(&s);
}

static void nothing_is_freed_twice(void **state)
{
    li_curl none;

    (void)state;
    memset(&none, 0, sizeof none);
    li_curl_free(&none);
    li_curl_free(&none);
    assert_true(li_curl_socket(&none) == CURL_SOCKET_BAD);
}

/* ---- curl: a setup of the user's */

static unsigned setups;
static CURLU *elsewhere;
static struct curl_slist *detour;

/* Whatever could be turned off is turned off here. */
static void careless(void *user, CURL *easy)
{
    setups += user == &setups;
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1);
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 0L);
    curl_easy_setopt(easy, CURLOPT_CERTINFO, 0L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "all");
    curl_easy_setopt(easy, CURLOPT_URL, "http://127.0.0.1:1/");
    curl_easy_setopt(easy, CURLOPT_CURLU, elsewhere);
    curl_easy_setopt(easy, CURLOPT_PORT, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECT_TO, detour);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, NULL);
}

static void careless_way(struct way *w)
{
    setups = 0;
    way_open(w, CURL_WAY, 0, 0);
    w->curl.setup = careless;
    w->curl.user = &setups;
}

static const struct both setup_rows[] = {
    {__LINE__, "expired", 0, 0}, {__LINE__, "other", 0, 0},
    {__LINE__, "self", 0, 0},    {__LINE__, "cn", 0, 0},
};

static void setup_cannot_turn_it_off(void **state)
{
    const struct both *row = (const struct both *)*state;
    struct server s = tls_server(row->what, "-HTTP");
    struct trial *t = trial("https", "localhost", s.port);
    struct way w;

    careless_way(&w);
    assert_int_equal(run(t, &w.over), LI_E_TLS);
    assert_int_equal(t->call.sent, 0);
    assert_int_equal(setups, 1);
    way_close(&w);
    stop(&s);
}

static void setup_cannot_redirect(void **state)
{
    static const struct turn turns[] = {{OK2, KEEP}};
    struct server s = serve_script(turns, 1);
    struct trial *t = plain_trial(&s);
    struct way w;

    (void)state;
    elsewhere = curl_url();
    curl_url_set(elsewhere, CURLUPART_URL, "http://127.0.0.1:1/", 0);
    detour = curl_slist_append(NULL, "::127.0.0.1:1");
    careless_way(&w);
    assert_int_equal(run(t, &w.over), LI_OK);
    assert_int_equal(setups, 1);
    way_close(&w);
    stop(&s);
    curl_url_cleanup(elsewhere);
    curl_slist_free_all(detour);
    elsewhere = NULL;
    detour = NULL;
}

/* A program that is started meanwhile does not hold the connection open; a
   handle that was freed too early opens anew. */
static void connection_is_ours_alone(void **state)
{
    static const struct turn turns[] = {{OK2, CLOSE}, {OK2, KEEP}};
    int i, seen;

    (void)state;
    for (i = 0; i < WAYS; i++) {
        struct server s = serve_script(turns, 2);
        struct trial *t = plain_trial(&s);
        struct way w;
        int fd;

        way_open(&w, i, 0, 0);
        assert_int_equal(run(t, &w.over), LI_OK);
        for (fd = 3, seen = 0; fd < 64; fd++) {
            struct sockaddr_in peer;
            socklen_t len = sizeof peer;

            if (!getpeername(fd, (struct sockaddr *)&peer, &len) &&
                peer.sin_family == AF_INET && ntohs(peer.sin_port) == s.port) {
                assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
                seen++;
            }
        }
        assert_int_equal(seen, 1);
        if (i == CURL_WAY) {
            li_curl_free(&w.curl);
            assert_int_equal(run(t, &w.over), LI_OK);
        }
        way_close(&w);
        stop(&s);
    }
}

/* ---- curl: proxies */

/* A plain connection stays on this machine, whatever the environment says. */
static void no_proxy_for_plain(void **state)
{
    static const struct turn turns[] = {{OK2, CLOSE}};
    struct server s = serve_script(turns, 1);
    struct trial *t = plain_trial(&s);
    struct way w;
    li_rc rc;

    (void)state;
    way_open(&w, CURL_WAY, 0, 0);
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    rc = run(t, &w.over);
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    assert_int_equal(rc, LI_OK);
    way_close(&w);
    stop(&s);
}

/* tinyproxy, and what it logs, in proxy.log of the folder. */
static struct server start_proxy(unsigned to)
{
    struct server s = {0, 0, NULL};
    char conf[512];
    unsigned tries = 0;
    int fd;

    close(listen_here(&s.port));
    snprintf(conf, sizeof conf,
             "Port %u\nListen 127.0.0.1\nLogFile \"%s\"\nLogLevel Info\n"
             "MaxClients 8\nAllow 127.0.0.1\nConnectPort %u\n", s.port,
             in_folder("proxy.log"), to);
    {
        FILE *f = fopen(in_folder("proxy.conf"), "w");

        fputs(conf, f);
        fclose(f);
    }
    s.pid = fork();
    if (!s.pid) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execlp("tinyproxy", "tinyproxy", "-d", "-c", in_folder("proxy.conf"),
               (char *)NULL);
        _exit(1);
    }
    while (tries++ < 500) {
        struct sockaddr_in a;

        memset(&a, 0, sizeof a);
        a.sin_family = AF_INET;
        a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        a.sin_port = htons((uint16_t)s.port);
        fd = socket(AF_INET, SOCK_STREAM, 0);
        if (!connect(fd, (struct sockaddr *)&a, sizeof a)) {
            close(fd);
            return s;
        }
        close(fd);
        usleep(10000);
    }
    abort();
}

static void proxy_tunnels(void **state)
{
    struct server s = tls_server("good", "-HTTP");
    struct server proxy = start_proxy(s.port);
    struct trial *t = trial("https", "localhost", s.port);
    char url[64], log[65536] = "";
    struct way w;
    FILE *f;
    li_rc rc;

    (void)state;
    snprintf(url, sizeof url, "http://127.0.0.1:%u", proxy.port);
    way_open(&w, CURL_WAY, 0, 0);
    setenv("https_proxy", url, 1);
    rc = run(t, &w.over);
    unsetenv("https_proxy");
    assert_int_equal(rc, LI_OK);
    assert_text(t->call.body, LI_STR("{}"));
    way_close(&w);
    usleep(100000);
    f = fopen(in_folder("proxy.log"), "r");
    assert_non_null(f);
    assert_true(fread(log, 1, sizeof log - 1, f) > 0);
    fclose(f);
    assert_non_null(strstr(log, "CONNECT localhost:"));
    assert_null(strstr(log, TOKEN));
    assert_null(strstr(log, "Bearer"));
    assert_null(strstr(log, "/ok"));
    stop(&proxy);
    stop(&s);
}

static void refused_by_proxy(void **state)
{
    static const struct turn turns[] = {
        {"HTTP/1.1 407 No\r\nContent-Length: 4\r\n\r\nsecr", CLOSE}};
    struct server proxy = serve_script(turns, 1);
    struct trial *t = trial("https", "localhost", 443);
    char url[64];
    struct way w;
    li_rc rc;

    (void)state;
    snprintf(url, sizeof url, "http://127.0.0.1:%u", proxy.port);
    way_open(&w, CURL_WAY, 0, 0);
    setenv("https_proxy", url, 1);
    rc = run(t, &w.over);
    unsetenv("https_proxy");
    assert_true(rc == LI_E_CLOSED || rc == LI_E_IO);
    assert_non_null(strstr(w.over.why, "407"));
    assert_null(strstr(proxy.record->text, TOKEN));
    way_close(&w);
    stop(&proxy);
}

/* ---- curl: memory that runs out at the k-th call, which is told */

static long left_to_fail;

static void *fail_malloc(size_t n)
{
    return left_to_fail-- == 0 ? NULL : malloc(n);
}

static void *fail_calloc(size_t n, size_t size)
{
    return left_to_fail-- == 0 ? NULL : calloc(n, size);
}

static void *fail_realloc(void *old, size_t n)
{
    return left_to_fail-- == 0 ? NULL : realloc(old, n);
}

static char *fail_strdup(const char *text)
{
    return left_to_fail-- == 0 ? NULL : strdup(text);
}

static int all_memory_failures(void)
{
    static struct turn turns[1200];
    unsigned told = 0, k, n = 0;
    struct server s;

    for (k = 0; k < COUNT(turns); k++) {
        turns[k].answer = OK2;
        turns[k].then = CLOSE;
    }
    s = serve_script(turns, COUNT(turns));
    curl_global_cleanup();
    left_to_fail = -1;
    if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, fail_malloc, free,
                             fail_realloc, fail_strdup, fail_calloc))
        return 1;
    for (k = 0; k < 1000; k++) {
        struct trial *t = plain_trial(&s);
        li_transport over;
        li_curl curl;
        li_rc rc;

        memset(&curl, 0, sizeof curl);
        over = li_curl_transport(&curl);
        left_to_fail = k;
        rc = run(t, &over);
        n = left_to_fail >= 0;
        left_to_fail = -1;
        told += rc == LI_E_SPACE;
        if (rc > 0 || (rc == LI_OK && t->call.status != 200) ||
            (rc < 0 && !curl.why[0]))
            return fprintf(stderr, "at %u: %d\n", k, rc), 1;
        if (rc)
            rc = run(t, &over); /* which is over: another try does */
        li_hangup(&over);
        li_curl_free(&curl);
        if (rc)
            return fprintf(stderr, "after %u: %d %s\n", k, rc, curl.why), 1;
        if (n)
            break; /* it needed fewer */
    }
    stop(&s);
    return !(told > 5 && n);
}

static void memory_may_run_out(void **state)
{
    int status = 1;
    pid_t child = fork();

    (void)state;
    if (!child)
        _exit(all_memory_failures());
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
}

int main(void)
{
    int failed;

    make_folder();
    curl_global_init(CURL_GLOBAL_DEFAULT);
    TEST(memory_may_run_out); /* before curl is at work here */
    ROWS(races, next_address_is_raced);
    ROWS(look_ups, look_up_is_given_up);
    TEST(look_up_is_hung_up);
    ROWS(failures, failure_is_told);
    ROWS(patiences, patient);
    TEST(slow_upload_goes_on);
    ROWS(sents, sends_the_head);
    ROWS(droppeds, repeats_what_is_safe);
    TEST(connection_is_kept);
    ROWS(waits, wait_is_told);
    TEST(multi_is_shared);
    TEST(nothing_is_freed_twice);
    ROWS(setup_rows, setup_cannot_turn_it_off);
    TEST(setup_cannot_redirect);
    TEST(connection_is_ours_alone);
    TEST(no_proxy_for_plain);
    TEST(proxy_tunnels);
    TEST(refused_by_proxy);
    failed = RUN("network");
    remove_folder();
    return failed;
}
