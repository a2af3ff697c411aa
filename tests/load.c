/* Load: thousands of calls at once, round after round, through the windows in
   an epoll loop, and fewer through libcurl, against a mock with faults of every
   kind. No descriptor, byte or call is lost, and the memory stays flat.

   usage: load BASE_URL SECONDS [CALLS [CONNECTIONS]] */
#include "examples/event_loop.h"

#include <dirent.h>

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

static unsigned descriptors(void)
{
    unsigned n = 0;
    DIR *dir = opendir("/proc/self/fd");
    CHECK(dir != NULL);
    while (readdir(dir))
        n++;
    closedir(dir);
    return n;
}

static unsigned long resident(void) /* kB */
{
    char text[256];
    unsigned long kb = 0;
    FILE *f = fopen("/proc/self/status", "r");
    CHECK(f != NULL);
    while (fgets(text, sizeof text, f))
        if (!strncmp(text, "VmRSS:", 6))
            kb = strtoul(text + 6, NULL, 10);
    fclose(f);
    return kb;
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

static void round_of(void (*run)(void))
{
    unsigned fds = descriptors();
    size_t i;
    now = li_platform_ms(NULL);
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

int main(int argc, char **argv)
{
    unsigned long rounds = 0, flat = 0, most = 0, begun = 0, kb;
    size_t all;
    uint64_t began = li_platform_ms(NULL), seconds;
    int i;
    calls = argc > 3 ? strtoul(argv[3], NULL, 10) : 2000;
    connections = argc > 4 ? strtoul(argv[4], NULL, 10) : 256;
    if (argc < 3 || !begin_loop())
        return puts("usage: load BASE_URL SECONDS [CALLS [CONNECTIONS]]"), 2;
    me.api_base = argv[1];
    curl_global_init(CURL_GLOBAL_DEFAULT);
    seconds = strtoull(argv[2], NULL, 10);
    all = calls;
    do {
        round_of(run_windows);
        calls = all * 3 / 10; /* with many more it takes minutes */
        round_of(run_curl);
        begun += all + calls;
        calls = all;
        kb = resident();
        most = kb > most ? kb : most;
        if (++rounds == 2)
            flat = kb;
    } while (rounds < 3 || li_platform_ms(NULL) - began < seconds * 1000);
    printf("%lu rounds of %zu calls at once by windows, then by curl: %lu "
           "ended, %lu well, %lu tries, %lu kB of memory after two rounds and "
           "%lu at most\n",
           rounds, calls, ended, well, tries, flat, most);
    for (i = 0; i < 64; i++)
        if (i && by_rc[i])
            printf("  %s: %lu\n", li_rc_name((li_rc)-i), by_rc[i]);
    CHECK(ended == begun);
    CHECK(most <= flat + flat / 50 + 512);
    return 0;
}
