/* event_loop.c - thousands of calls at once in one thread, in an epoll loop
   (event_loop.h): over the engine's windows, and beside it over libcurl:

       cc -std=gnu99 -O2 -I. examples/event_loop.c -o event_loop -lcurl
       ./mock_linkedin --token the-token --fault 429-retry-after:0%5 &
       ./event_loop http://127.0.0.1:PORT [CALLS [CONNECTIONS]] */
#include "event_loop.h"
#include <malloc.h>

static const li_policy policy = {.connect_ms = 5000, .first_byte_ms = 10000,
                                 .idle_ms = 10000, .total_ms = 100000,
                                 .tries = 8, .backoff_ms = 20};
static li_client me = {.access_token = "the-token", .again = li_again,
                       .random = li_platform_random, .policy = &policy};
static const li_req req = {.path = "/v2/userinfo"};

static int measure(const char *name, void (*run)(void), size_t per_line)
{
    size_t i, failed = 0, retried = 0, before = mallinfo2().uordblks, most;
    uint64_t began = li_platform_ms(NULL);
    double seconds;
    for (i = 0; i < calls; i++) {
        li_begin(&jobs[i].call, &me, &req, jobs[i].buf, sizeof jobs[i].buf);
        li_tick(&jobs[i].call, began);
        enqueue(&jobs[i]);
    }
    left = calls;
    run();
    most = mallinfo2().arena > before ? mallinfo2().arena - before : 0;
    seconds = (double)(li_platform_ms(NULL) - began) / 1000;
    for (i = 0; i < calls; i++) {
        failed += li_check(&jobs[i].call) != LI_OK;
        retried += jobs[i].call.tries - 1u;
    }
    printf("%-8s %zu calls at once on %zu connections: %zu failed, %zu tried "
           "again, %.2f s, %.0f calls/s\n         %zu B a call (work buffer "
           "and state), %zu B more a connection\n",
           name, calls, connections, failed, retried, seconds,
           (double)calls / seconds, sizeof(job),
           per_line ? per_line : most / connections);
    return failed > 0;
}

int main(int argc, char **argv)
{
    calls = argc > 2 ? strtoul(argv[2], NULL, 10) : 10000;
    connections = argc > 3 ? strtoul(argv[3], NULL, 10) : 256;
    if (argc < 2 || !begin_loop())
        return puts("usage: event_loop BASE_URL [CALLS [CONNECTIONS]]"), 2;
    me.api_base = argv[1];
    return measure("windows", run_windows, offsetof(line, curl)) |
           measure("curl", run_curl, 0);
}
