/* Four processes share a token file while its token expires over and over,
   and are killed at random: one refresh an expiry, no call fails, the file is
   whole at every moment.

   usage: token_file BASE_URL KILL SECONDS, against a mock whose access tokens
   live for two seconds; KILL: 1 or 0. The mock's log has the number of
   refreshes. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_platform.h"
#include "adapters/linkedin_socket.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 4 };

/* What all processes count in. */
static struct shared {
    volatile unsigned calls[WORKERS + 1];
    volatile unsigned refreshes[WORKERS];
    volatile int failed; /* 1: a call; 2: the file */
} *shared;

static const char *base;
static li_platform here = {.token_path = "shared_token.json"};
static char mem[LI_TOKEN_MEM], buf[16384];
static li_token token = {.mem = mem, .cap = sizeof mem};
static const li_policy policy = {.total_ms = 20000, .backoff_ms = 50};
static li_client app = {.client_id = "mock-client",
                        .client_secret = "mock-secret",
                        .redirect_uri = "http://localhost:8080/callback",
                        .token = &token,
                        .now = li_platform_now,
                        .random = li_platform_random,
                        .load = li_platform_load,
                        .save = li_platform_save,
                        .lock = li_platform_lock,
                        .user = &here,
                        .again = li_again,
                        .policy = &policy};
static li_socket net;
static li_transport stream;

static int fail(const char *what, const li_call *call)
{
    char text[1024];
    li_buf out = LI_BUF(text);
    printf("FAILED %d: %s\n", (int)getpid(), what);
    if (call && !li_explain(call, LI_OK, &out))
        printf("%s\n", text);
    if (here.why)
        printf("%s\n", here.why);
    fflush(stdout);
    return 1;
}

static li_rc ask(li_call *call, const li_req *req)
{
    li_begin(call, &app, req, buf, sizeof buf);
    return li_run(call, &stream);
}

/* As a member who allows everything. */
static int sign_in(void)
{
    static char url[2048], code[1024];
    li_buf out = LI_BUF(url), text = LI_BUF(code);
    li_flow flow = {.stage = 0};
    li_req req = {.base = LI_BASE_AUTH};
    li_call call;
    if (li_oauth_url(&flow, &app, "openid profile", &out))
        return fail("the authorization URL", NULL);
    req.path = strchr(strstr(url, "://") + 3, '/');
    if (ask(&call, &req) || call.status != 302 ||
        li_oauth_redirect(&flow, li_header(&call, LI_H_LOCATION), &text, NULL))
        return fail("the authorization page", &call);
    if (li_oauth_req(&req, &app, LI_GRANT_CODE, code, &flow) ||
        ask(&call, &req) || li_token_read(&token, call.body, &app))
        return fail("the code", &call);
    return 0;
}

static void work(unsigned who)
{
    const li_req req = {.path = "/v2/userinfo"};
    li_call call;
    if (li_token_load(&app))
        shared->failed = fail("the file, at the start", NULL) * 2;
    while (!shared->failed) {
        if (ask(&call, &req) || call.status != 200)
            shared->failed = fail("a call", &call);
        shared->calls[who]++;
        shared->refreshes[who] += call.refreshed;
        li_platform_sleep(NULL, 5);
    }
    _exit(0);
}

/* Reads the file as fast as it can. */
static void watch(void)
{
    while (!shared->failed) {
        if (li_token_load(&app) || !token.refresh_token.len)
            shared->failed = fail("the file", NULL) * 2;
        shared->calls[WORKERS]++;
    }
    _exit(0);
}

static pid_t start(unsigned who)
{
    pid_t pid = fork();
    if (pid)
        return pid;
    stream = li_socket_transport(&net);
    if (who == WORKERS)
        watch();
    work(who);
    return 0;
}

int main(int argc, char **argv)
{
    pid_t pids[WORKERS + 1];
    unsigned i, kills = 0, calls = 0;
    uint64_t end;
    uint32_t random;
    if (argc != 4)
        return puts("usage: token_file BASE_URL KILL SECONDS"), 2;
    base = argv[1];
    app.api_base = app.auth_base = base;
    shared = (struct shared *)mmap(NULL, sizeof *shared,
                                   PROT_READ | PROT_WRITE,
                                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    stream = li_socket_transport(&net);
    if (shared == MAP_FAILED || sign_in())
        return 1;
    li_hangup(&stream);
    fflush(stdout);
    end = li_platform_ms(NULL) + strtoull(argv[3], NULL, 10) * 1000;
    for (i = 0; i <= WORKERS; i++)
        pids[i] = start(i);
    while (li_platform_ms(NULL) < end && !shared->failed) {
        li_platform_random(NULL, &random, sizeof random);
        li_platform_sleep(NULL, 20 + random % 400);
        i = (random >> 16) % WORKERS;
        if (*argv[2] != '1')
            continue;
        kill(pids[i], SIGKILL);
        waitpid(pids[i], NULL, 0);
        pids[i] = start(i);
        kills++;
    }
    for (i = 0; i <= WORKERS; i++) {
        kill(pids[i], SIGKILL);
        waitpid(pids[i], NULL, 0);
    }
    for (i = 0; i < WORKERS; i++)
        calls += shared->calls[i];
    printf("%u calls, %u processes killed, %u readings of the file\n", calls,
           kills, shared->calls[WORKERS]);
    return shared->failed;
}
