/* Load: thousands of calls at once, round after round, in an epoll loop: by the
   windows, over libcurl, over sockets, and over mbedTLS, with TLS, against two
   mocks with faults of every kind. No descriptor, byte or call is lost, and the
   memory stays flat.

   usage: load BASE_URL TLS_BASE_URL CA SECONDS [CALLS [CONNECTIONS]] */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_mbedtls.h"
#include "examples/event_loop.h"
#include "tests/process.h"

/* No connect_ms: it would count while a call waits in the loop's queue. */
static const li_policy policy = {.first_byte_ms = 2000, .idle_ms = 200,
                                 .total_ms = 100000,
                                 .tries = 8, .backoff_ms = 20,
                                 .wait_max_ms = 200};
static li_client me = {.access_token = "the-token", .again = li_again,
                       .random = li_platform_random, .policy = &policy};
static const li_req req = {.path = "/v2/userinfo"};
static char expected[1024]; /* what each answer is, to the byte */
static unsigned long ended, well, tries, by_rc[64];

#define CHECK(good) ((good) ? (void)0 : failed(#good, __LINE__))

static void failed(const char *what, int at)
{
    printf("FAILED: load.c:%d: %s\n", at, what);
    exit(1);
}

/* Each call is over, by an answer that is whole or by an error that says what
   was wrong at last. */
static void judge(const job *j)
{
    li_rc rc = li_check(&j->call);
    CHECK(j->call.rc <= 0 && j->call.priv.state == LI__OVER);
    CHECK(j->call.tries >= 1 && j->call.tries <= 8);
    CHECK(rc == j->call.rc || !j->call.rc);
    if (!rc && !*expected)
        snprintf(expected, sizeof expected, "%.*s", (int)j->call.body.len,
                 j->call.body.ptr);
    CHECK(rc || li_equal(j->call.body, li_cstr(expected)));
    CHECK(!rc || rc == LI_E_RATE || rc == LI_E_SERVER || rc == LI_E_AUTH ||
          rc == LI_E_CLOSED || rc == LI_E_TIMEOUT || rc == LI_E_IO);
    ended++;
    well += !rc;
    tries += j->call.tries;
    by_rc[-rc]++;
}

/* ---- the ways */

static li_socket *sockets;
static li_mbedtls *over_tls;
static const char *plain_base, *tls_base, *ca;

static li_transport socket_begin(line *l)
{
    li_socket *s = &sockets[l - lines];
    memset(s, 0, sizeof *s);
    s->nonblocking = 1;
    return li_socket_transport(s);
}

static int socket_of(const line *l)
{
    return sockets[l - lines].fd;
}

static void socket_end(line *l)
{
    (void)l;
}

static li_transport tls_begin(line *l)
{
    li_mbedtls *t = &over_tls[l - lines];
    CHECK(!li_mbedtls_init(t, ca));
    t->socket.nonblocking = 1;
    return li_mbedtls_transport(t);
}

static int tls_socket(const line *l)
{
    return over_tls[l - lines].socket.fd;
}

static void tls_end(line *l)
{
    li_mbedtls_free(&over_tls[l - lines]);
}

static void run_sockets(void)
{
    static const way by_sockets = {socket_begin, socket_of, socket_end};
    run_over(&by_sockets);
}

static void run_tls(void)
{
    static const way by_tls = {tls_begin, tls_socket, tls_end};
    run_over(&by_tls);
}

static const struct {
    const char *name;
    void (*run)(void);
} ways[] = {{"windows", run_windows},
            {"libcurl", run_curl},
            {"sockets", run_sockets},
            {"mbedTLS", run_tls}};

static void round_of(void (*run)(void))
{
    unsigned fds = descriptors();
    size_t i;
    now = li_platform_ms(NULL);
    me.api_base = run == run_tls ? tls_base : plain_base;
    for (i = 0; i < calls; i++) {
        li_begin(&jobs[i].call, &me, &req, jobs[i].buf, sizeof jobs[i].buf);
        li_tick(&jobs[i].call, now);
        enqueue(&jobs[i]);
    }
    left = calls;
    run();
    CHECK(!left && !heaped && !head);
    for (i = 0; i < connections; i++)
        CHECK(!lines[i].job);
    for (i = 0; i < calls; i++)
        judge(&jobs[i]);
    memset(lines, 0, connections * sizeof *lines);
    CHECK(descriptors() == fds);
}

/* Begins with what all rounds need: then memory is flat from the second on. */
int main(int argc, char **argv)
{
    unsigned long rounds = 0;
    long flat = 0, most = 0, kb;
    uint64_t began = li_platform_ms(NULL), seconds;
    size_t i;
    calls = argc > 5 ? strtoul(argv[5], NULL, 10) : 10000;
    connections = argc > 6 ? strtoul(argv[6], NULL, 10) : 256;
    sockets = (li_socket *)calloc(connections, sizeof *sockets);
    over_tls = (li_mbedtls *)calloc(connections, sizeof *over_tls);
    if (argc < 5 || !begin_loop() || !sockets || !over_tls)
        return puts("usage: load BASE TLS_BASE CA SECONDS [CALLS [LINES]]"), 2;
    plain_base = argv[1];
    tls_base = argv[2];
    ca = argv[3];
    seconds = strtoull(argv[4], NULL, 10);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    do {
        for (i = 0; i < sizeof ways / sizeof *ways; i++)
            round_of(ways[i].run);
        kb = memory_kb();
        most = kb > most ? kb : most;
        flat = ++rounds == 2 ? kb : flat;
    } while (rounds < 3 || li_platform_ms(NULL) - began < seconds * 1000);
    printf("%lu rounds of %zu calls at once, by each of four ways: %lu ended, "
           "%lu well, %lu tries, %ld kB of memory after two rounds and %ld at "
           "most, %lu s\n",
           rounds, calls, ended, well, tries, flat, most,
           (unsigned long)(li_platform_ms(NULL) - began) / 1000);
    for (i = 1; i < 64; i++)
        if (by_rc[i])
            printf("  %s: %lu\n", li_rc_name((li_rc)-(int)i), by_rc[i]);
    CHECK(ended == rounds * 4 * calls);
    CHECK(most <= flat + flat / 50 + 512);
    return 0;
}
