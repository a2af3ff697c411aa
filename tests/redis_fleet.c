/* What linkedin_redis.h promises, on a real Redis: a table of checks; what
   calls cost that need no refresh; and a fleet whose token expires over and
   over, whose processes are killed at random and whose Redis is restarted: one
   refresh an expiry, no call fails, no quota is overrun.

   usage: redis_fleet checks
          redis_fleet measure BASE_URL SECONDS
          redis_fleet fleet BASE_URL SECONDS RESTART_COMMAND
   with REDIS_PORT, REDIS_SOCKET, REDIS_PID and REDIS_PASSWORD in the
   environment. The fleet's mock gives access tokens of four seconds, which are
   due after one: the rest is for those that wait until the lease of one that
   was killed is over, as minutes are for them elsewhere. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_redis.h"
#include "adapters/linkedin_socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 8, QUOTA = 150, SECONDS = 600 };

/* What all processes count in. */
static struct shared {
    volatile unsigned calls[WORKERS];
    volatile unsigned granted[SECONDS], refused, closed;
    volatile unsigned excused;   /* calls that Redis' absence ended         */
    volatile uint8_t holds[WORKERS]; /* the lock, and so may be refreshing  */
    volatile uint64_t down, up;  /* when Redis went and came, in ms         */
    volatile int failed;
} *shared;

static unsigned me;
static li_redis here;
static char mem[LI_TOKEN_MEM], buf[16384];
static li_token token = {.mem = mem, .cap = sizeof mem};
static const li_policy policy = {
    .total_ms = 600, .backoff_ms = 20, .refresh_s = 3};

static li_rc lock(void *user, int on)
{
    li_rc rc = li_redis_lock(user, on);
    shared->holds[me] = on && !rc;
    return rc;
}

static li_client app = {.client_id = "mock-client",
                        .client_secret = "mock-secret",
                        .redirect_uri = "http://localhost:8080/callback",
                        .token = &token,
                        .now = li_platform_now,
                        .random = li_platform_random,
                        .load = li_redis_load,
                        .save = li_redis_save,
                        .lock = lock,
                        .user = &here,
                        .again = li_again,
                        .policy = &policy};
static li_socket net;
static li_transport stream;

/* ---- the checks */

static int wrong;
static redisContext *line; /* what a connect hook made last */
static int gone;           /* 1: Redis is away for it        */

static void is(const char *what, int good)
{
    printf("%s  %s\n", good ? "ok    " : "FAILED", what);
    wrong |= !good;
}

static redisContext *dial(void *user)
{
    struct timeval limit = {1, 0};
    (void)user;
    line = redisConnectWithTimeout(
        "127.0.0.1", gone ? 1 : atoi(getenv("REDIS_PORT")), limit);
    return line;
}

static void leave(void)
{
    gone = 1;
    shutdown(line->fd, SHUT_RDWR);
}

/* A sealing that a reader of Redis would not take for JSON. */
static li_rc turn(void *user, li_str text, li_buf *out)
{
    size_t i;
    (void)user;
    for (i = 0; i < text.len; i++) {
        char c = (char)(text.ptr[i] ^ 0x55);
        li_put(out, LI_VIEW(&c, 1));
    }
    return out->rc;
}

static li_redis redis_of(const char *prefix)
{
    li_redis r;
    memset(&r, 0, sizeof r);
    r.connect = dial;
    r.password = getenv("REDIS_PASSWORD");
    r.prefix = prefix;
    r.lease_ms = 300;
    return r;
}

/* A record of its own memory, with an access token or empty. */
static li_token *record(unsigned which, const char *access, int64_t life)
{
    static char memory[6][LI_TOKEN_MEM], json[300];
    static li_token tokens[6];
    li_token *t = &tokens[which];
    memset(t, 0, sizeof *t);
    t->mem = memory[which];
    t->cap = LI_TOKEN_MEM;
    if (!access) return t;
    snprintf(json, sizeof json,
             "{\"access_token\":\"%s\",\"refresh_token\":\"refresh-%s\","
             "\"expires_in\":%d,\"issued_at\":%lld}",
             access, access, (int)life, (long long)li_platform_now(NULL));
    if (li_token_read(t, li_cstr(json), NULL)) abort();
    return t;
}

static int has(const li_token *t, const char *access)
{
    return li_equal(t->access_token, li_cstr(access));
}

static int stored(const char *prefix, const char *access)
{
    li_redis r = redis_of(prefix);
    li_token *t = record(5, NULL, 0);
    int good = !li_redis_load(&r, t) && has(t, access);
    li_redis_free(&r);
    return good;
}

static void check_store(void)
{
    li_redis a = redis_of("one"), b = redis_of("two"), c = redis_of("one");
    li_token *t = record(1, NULL, 0);
    is("an empty store: LI_E_MISSING",
       li_redis_load(&a, t) == LI_E_MISSING);
    is("a token is saved", !li_redis_save(&a, record(0, "first", 600)));
    is("and loaded by another", !li_redis_load(&c, t) && has(t, "first") &&
       li_equal(t->refresh_token, LI_STR("refresh-first")));
    is("two prefixes do not mix",
       li_redis_load(&b, record(2, NULL, 0)) == LI_E_MISSING);
    c.prefix = "one}:x{";
    is("a prefix with braces: LI_E_STORE, with words",
       li_redis_load(&c, record(2, NULL, 0)) == LI_E_STORE && c.why[0]);
    is("and no lock that waits for ever", li_redis_lock(&c, 1) == LI_E_STORE);
    li_redis_free(&a);
    li_redis_free(&b);
    li_redis_free(&c);
}

static void check_seal(void)
{
    li_redis a = redis_of("sealed"), b = redis_of("sealed");
    li_token *t = record(1, NULL, 0);
    redisReply *reply;
    a.seal = a.open = turn;
    is("a token is sealed", !li_redis_save(&a, record(0, "secret-text", 600)));
    reply = (redisReply *)redisCommand(line, "GET li:{sealed}:token");
    is("and Redis does not see it", reply && reply->len &&
       !strstr(reply->str, "secret-text") && reply->str[0] == ('{' ^ 0x55));
    freeReplyObject(reply);
    is("and opened", !li_redis_load(&a, t) && has(t, "secret-text"));
    is("what is sealed cannot be read without",
       li_redis_load(&b, record(2, NULL, 0)) < 0 && b.why[0] &&
       !strstr(b.why, "secret"));
    li_redis_free(&a);
    li_redis_free(&b);
}

static void check_lock(void)
{
    li_redis a = redis_of("lock"), b = redis_of("lock"), c = redis_of("lock");
    li_token *t = record(1, NULL, 0);
    is("the lock is taken", !li_redis_lock(&a, 1));
    is("it excludes", li_redis_lock(&b, 1) == LI_WANT_SLEEP);
    is("who has it not does not release it", !li_redis_lock(&b, 0) &&
       li_redis_lock(&c, 1) == LI_WANT_SLEEP);
    is("its owner does", !li_redis_lock(&a, 0) && !li_redis_lock(&b, 1));
    is("under it a token is saved",
       !li_redis_save(&b, record(0, "second", 600)));
    is("and the lock's own load is fresh",
       !li_redis_lock(&b, 0) && !li_redis_lock(&a, 1) &&
       !li_redis_load(&a, t) && has(t, "second"));
    li_platform_sleep(NULL, 350);
    is("it ends with its lease", !li_redis_lock(&b, 1));
    is("whose holder of before saves no more",
       li_redis_save(&a, record(0, "late", 600)) == LI_E_STORE && a.why[0] &&
       stored("lock", "second"));
    is("and releases nothing", !li_redis_lock(&a, 0) &&
       li_redis_lock(&c, 1) == LI_WANT_SLEEP);
    li_platform_sleep(NULL, 350);
    is("nor does one save whose lease is over with none after it",
       li_redis_save(&b, record(0, "late", 600)) == LI_E_STORE);
    is("a lock lost is asked for again, and is another's",
       !li_redis_lock(&c, 1) && li_redis_lock(&b, 1) == LI_WANT_SLEEP &&
       li_redis_save(&b, record(0, "late", 600)) == LI_E_STORE);
    is("a sign-in saves without the lock, and takes it from who refreshes",
       !li_redis_save(&a, record(0, "sign-in", 600)) &&
       li_redis_save(&c, record(0, "late", 600)) == LI_E_STORE &&
       stored("lock", "sign-in"));
    li_redis_free(&a);
    li_redis_free(&b);
    li_redis_free(&c);
}

/* A process that holds the lock and its token lives: others go on. */
static void check_slow(void)
{
    li_redis a = redis_of("slow"), b = redis_of("slow");
    a.lease_ms = b.lease_ms = 2000;
    is("one has the lock", !li_redis_save(&a, record(0, "lives", 600)) &&
       !li_redis_lock(&a, 1) && !li_redis_load(&b, record(1, NULL, 0)));
    is("others wait", li_redis_lock(&b, 1) == LI_WANT_SLEEP);
    li_platform_sleep(NULL, 550);
    is("a quarter of its lease, then go on with a token that lives",
       li_redis_lock(&b, 1) == LI_E_STORE && b.why[0]);
    b.priv.ends = 1;
    is("or wait on where it is over", li_redis_lock(&b, 1) == LI_WANT_SLEEP);
    li_redis_free(&a);
    li_redis_free(&b);
}

static void check_password(void)
{
    li_redis r = redis_of("one");
    r.password = "not-the-password";
    is("a wrong password: LI_E_STORE, with Redis' word",
       li_redis_load(&r, record(1, NULL, 0)) == LI_E_STORE &&
       strstr(r.why, "WRONGPASS") && !strstr(r.why, "not-the"));
    li_redis_free(&r);
    r = redis_of("one");
    r.username = "worker";
    r.password = "worker-password";
    is("a user of the ACL", !li_redis_load(&r, record(1, NULL, 0)));
    li_redis_free(&r);
    r = redis_of("one");
    r.connect = NULL;
    r.port = atoi(getenv("REDIS_PORT"));
    is("by host and port", !li_redis_load(&r, record(1, NULL, 0)));
    li_redis_free(&r);
    r = redis_of("one");
    r.connect = NULL;
    r.path = getenv("REDIS_SOCKET");
    is("by a Unix socket", !li_redis_load(&r, record(1, NULL, 0)));
    r.tls = &r;
    li_redis_free(&r);
    is("TLS that is not built in is never left out",
       li_redis_load(&r, record(1, NULL, 0)) == LI_E_STORE &&
       strstr(r.why, "LI_REDIS_TLS"));
    li_redis_free(&r);
}

static void check_away(void)
{
    li_redis r = redis_of("away");
    li_token *t = record(1, NULL, 0);
    uint64_t began;
    r.wait_ms = 300;
    is("Redis is there", !li_redis_save(&r, record(0, "kept", 600)) &&
       !li_redis_load(&r, t) && has(t, "kept"));
    leave();
    r.fresh_ms = 1;
    li_platform_sleep(NULL, 5);
    is("Redis is away: the token in memory does",
       !li_redis_load(&r, t) && has(t, "kept") && r.why[0]);
    is("it is not refreshed", li_redis_lock(&r, 1) == LI_E_STORE);
    is("a new process has none",
       li_redis_load(&r, record(2, NULL, 0)) == LI_E_STORE);
    r.priv.ends = 1;
    is("a token that is over waits for a restart",
       li_redis_lock(&r, 1) == LI_WANT_SLEEP);
    li_platform_sleep(NULL, 350);
    is("but not for ever", li_redis_lock(&r, 1) == LI_E_STORE);
    is("the quota is closed",
       li_redis_quota(&r, "q", 5, 1700000000) == LI_E_STORE);
    r.quota_open = 1;
    is("or open, as is asked", !li_redis_quota(&r, "q", 5, 1700000000));
    gone = 0;
    li_platform_sleep(NULL, 150);
    is("Redis is back: it reconnects by itself",
       !li_redis_lock(&r, 1) && !li_redis_lock(&r, 0));
    shutdown(line->fd, SHUT_RDWR);
    is("a connection that was cut: none sees it", !li_redis_lock(&r, 1) &&
       !li_redis_save(&r, t) && !li_redis_lock(&r, 0));
    kill(atoi(getenv("REDIS_PID")), SIGSTOP);
    r.timeout_ms = 200;
    li_redis_free(&r);
    began = li_platform_ms(NULL);
    is("Redis hangs: a command ends with its time",
       li_redis_load(&r, record(2, NULL, 0)) == LI_E_STORE &&
       li_platform_ms(NULL) - began < 1000);
    began = li_platform_ms(NULL);
    is("and it is not asked again at once",
       li_redis_load(&r, record(2, NULL, 0)) == LI_E_STORE &&
       li_platform_ms(NULL) - began < 50);
    kill(atoi(getenv("REDIS_PID")), SIGCONT);
    li_redis_free(&r);
}

static void check_quota(void)
{
    li_redis a = redis_of("quota"), b = redis_of("quota"), c = redis_of("q2");
    int64_t midnight = (li_platform_now(NULL) / 86400 + 1) * 86400;
    int i, good = 1;
    for (i = 0; i < 10; i++)
        good &= !li_redis_quota(i % 2 ? &a : &b, "post", 10, midnight - 1);
    is("a quota is given out", good);
    is("at its limit: LI_E_RATE, in all processes", b.why[0] == 0 &&
       li_redis_quota(&a, "post", 10, midnight - 1) == LI_E_RATE &&
       li_redis_quota(&b, "post", 10, midnight - 1) == LI_E_RATE);
    is("another name, another prefix: their own",
       !li_redis_quota(&a, "get", 10, midnight - 1) &&
       !li_redis_quota(&c, "post", 10, midnight - 1));
    is("after midnight UTC it is new",
       !li_redis_quota(&a, "post", 10, midnight));
    is("no name: LI_E_ARG",
       li_redis_quota(&a, "", 10, midnight) == LI_E_ARG);
    li_redis_free(&a);
    li_redis_free(&b);
    li_redis_free(&c);
}

static void check_budget(void)
{
    li_redis a = redis_of("budget"), b = redis_of("budget");
    const li_policy slow = {.total_ms = 300}, quick = {.total_ms = 299};
    const li_policy never = {.total_ms = 0};
    uint16_t mine = LI_BUDGET, yours = LI_BUDGET;
    a.fresh_ms = b.fresh_ms = 1;
    is("a budget is full at first", !li_redis_budget(&a, &mine) &&
       !li_redis_budget(&b, &yours) && mine == LI_BUDGET);
    mine = 400;
    li_platform_sleep(NULL, 5);
    is("what one spends, all see", !li_redis_budget(&a, &mine) &&
       !li_redis_budget(&b, &yours) && mine == 400 && yours == 400);
    yours = 450;
    mine = 380;
    li_platform_sleep(NULL, 5);
    is("and what they win", !li_redis_budget(&a, &mine) &&
       !li_redis_budget(&b, &yours) && mine == 380 && yours == 430);
    a.fresh_ms = 10000;
    mine = 0;
    is("it asks once in fresh_ms", !li_redis_budget(&a, &mine) && !mine);
    is("a lease no longer than a call is told",
       li_redis_check(&a, &slow) == LI_E_ARG && a.why[0] &&
       li_redis_check(&a, &never) == LI_E_ARG &&
       li_redis_check(&a, NULL) == LI_E_ARG && !li_redis_check(&a, &quick));
    li_redis_free(&a);
    li_redis_free(&b);
}

/* ---- the fleet */

static int fail(const char *what, const li_call *call)
{
    char text[1024];
    li_buf out = LI_BUF(text);
    printf("FAILED %d: %s\n", (int)getpid(), what);
    if (call && !li_explain(call, LI_OK, &out))
        printf("%s\n", text);
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

/* Each second is a day. LI_E_STORE: Redis is away, and the call goes out. */
static int may_call(uint64_t second)
{
    li_rc rc = li_redis_quota(&here, "calls", QUOTA,
                              ((int64_t)second + 20000) * 86400);
    if (!rc)
        __sync_fetch_and_add(&shared->granted[second], 1);
    if (rc == LI_E_RATE)
        __sync_fetch_and_add(&shared->refused, 1);
    if (rc == LI_E_STORE)
        __sync_fetch_and_add(&shared->closed, 1);
    return rc != LI_E_RATE;
}

/* A call that ended because its token was over and Redis not there, or not
   asked again yet. */
static int is_excused(const li_call *call, uint64_t began)
{
    return (call->rc == LI_E_STORE || call->rc == LI_E_TIMEOUT) &&
           shared->down && (!shared->up || began < shared->up + 200);
}

static void work(uint64_t start, int counts)
{
    const li_req req = {.path = "/v2/userinfo"};
    li_call call;
    while (li_token_load(&app)) /* Redis may be away as it starts */
        li_platform_sleep(NULL, 20);
    while (!shared->failed) {
        uint64_t began = li_platform_ms(NULL);
        li_token_load(&app);
        if (counts && !may_call((began - start) / 1000 % SECONDS)) {
            li_platform_sleep(NULL, 10);
            continue;
        }
        if (!ask(&call, &req) && call.status == 200)
            shared->calls[me]++;
        else if (is_excused(&call, began))
            __sync_fetch_and_add(&shared->excused, 1);
        else
            shared->failed = fail("a call", &call);
        li_platform_sleep(NULL, 5);
    }
    _exit(0);
}

static pid_t start_one(unsigned who, uint64_t start, int counts)
{
    pid_t pid = fork();
    if (pid)
        return pid;
    me = who;
    stream = li_socket_transport(&net);
    work(start, counts);
    return 0;
}

static void stop_one(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* How many scripts, which are all that the adapter sends, Redis has run. */
static long long commands(void)
{
    redisContext *c = dial(NULL);
    redisReply *reply;
    const char *at;
    long long n = 0;
    freeReplyObject(redisCommand(c, "AUTH %s", getenv("REDIS_PASSWORD")));
    reply = (redisReply *)redisCommand(c, "INFO commandstats");
    at = strstr(reply->str, "cmdstat_eval:calls=");
    if (at)
        n = strtoll(at + 19, NULL, 10);
    freeReplyObject(reply);
    redisFree(c);
    return n;
}

static unsigned calls_of_all(void)
{
    unsigned i, calls = 0;
    for (i = 0; i < WORKERS; i++)
        calls += shared->calls[i];
    return calls;
}

static int measure(uint64_t seconds)
{
    pid_t pids[WORKERS];
    long long before, n;
    unsigned i;
    before = commands();
    for (i = 0; i < WORKERS; i++)
        pids[i] = start_one(i, li_platform_ms(NULL), 0);
    li_platform_sleep(NULL, (uint32_t)seconds * 1000);
    for (i = 0; i < WORKERS; i++)
        stop_one(pids[i]);
    n = commands() - before;
    printf("%u calls, %lld commands: %.4f a call, %.2f a process and second\n",
           calls_of_all(), n, (double)n / calls_of_all(),
           (double)n / (double)(WORKERS * seconds));
    return shared->failed || n > (long long)(WORKERS * (seconds + 1));
}

/* The next one that takes the lock, if any does soon. */
static unsigned holder(unsigned otherwise)
{
    uint64_t end = li_platform_ms(NULL) + 1500;
    unsigned i;
    while (li_platform_ms(NULL) < end)
        for (i = 0; i < WORKERS; i++)
            if (shared->holds[i])
                return i;
    return otherwise;
}

/* Kills one at random, and each eighth time who has the lock. Was it
   refreshing? Then another will once more. */
static unsigned kill_one(pid_t *pids, uint64_t start, unsigned kills)
{
    unsigned i, held;
    uint32_t random;
    li_platform_random(NULL, &random, sizeof random);
    li_platform_sleep(NULL, 20 + random % 400);
    i = (random >> 16) % WORKERS;
    if (kills % 8 == 7)
        i = holder(i);
    stop_one(pids[i]);
    held = shared->holds[i];
    shared->holds[i] = 0;
    pids[i] = start_one(i, start, 1);
    return held;
}

static int fleet(uint64_t seconds, const char *restart)
{
    pid_t pids[WORKERS];
    uint64_t start = li_platform_ms(NULL), now = start, restarts = 0;
    unsigned i, kills = 0, held = 0, most = 0;
    for (i = 0; i < WORKERS; i++)
        pids[i] = start_one(i, start, 1);
    while ((now = li_platform_ms(NULL)) - start < seconds * 1000 &&
           !shared->failed) {
        held += kill_one(pids, start, kills);
        kills++;
        if (restarts < 2 && now - start > (restarts + 1) * seconds * 333) {
            shared->up = 0;
            shared->down = li_platform_ms(NULL);
            if (system(restart)) shared->failed = fail("the restart", NULL);
            shared->up = li_platform_ms(NULL);
            printf("Redis was away for %u ms\n",
                   (unsigned)(shared->up - shared->down));
            restarts++;
        }
    }
    for (i = 0; i < WORKERS; i++)
        stop_one(pids[i]);
    for (i = 0; i < SECONDS; i++)
        most = shared->granted[i] > most ? shared->granted[i] : most;
    printf("%u calls, %u processes killed, %u of them with the lock, %u calls "
           "ended by Redis' absence\nquota %d: %u at most, %u refused, %u "
           "while Redis was away\nbegun %u\n", calls_of_all(), kills, held,
           shared->excused, QUOTA, most, shared->refused, shared->closed,
           held + (unsigned)restarts);
    if (li_token_load(&app) || !token.refresh_token.len)
        return fail("the token is lost", NULL);
    return shared->failed || most > QUOTA || !shared->refused;
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "checks")) {
        check_store(), check_seal(), check_lock(), check_slow();
        check_password(), check_away(), check_quota(), check_budget();
        return wrong;
    }
    if (argc < 4) return 2;
    app.api_base = app.auth_base = argv[2];
    here.port = atoi(getenv("REDIS_PORT"));
    here.password = getenv("REDIS_PASSWORD");
    here.prefix = argv[1];
    here.lease_ms = 700;
    here.wait_ms = 2000;
    shared = (struct shared *)mmap(NULL, sizeof *shared,
                                   PROT_READ | PROT_WRITE,
                                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    stream = li_socket_transport(&net);
    if (shared == MAP_FAILED || li_redis_check(&here, &policy) || sign_in())
        return 1;
    li_hangup(&stream);
    li_redis_free(&here); /* no connection goes along into a fork */
    fflush(stdout);
    return argc == 5 ? fleet(strtoull(argv[3], NULL, 10), argv[4])
                     : measure(strtoull(argv[3], NULL, 10));
}
