/* What linkedin_redis.h promises, on a real Redis: a table of checks; what
   calls cost that need no refresh; and a fleet whose token expires over and
   over, whose processes are killed at random and whose Redis is restarted: one
   refresh an expiry, no call fails, no quota is overrun.

   usage: redis_fleet checks
          redis_fleet measure BASE_URL SECONDS
          redis_fleet fleet BASE_URL SECONDS RESTART_COMMAND
   with REDIS_PORT, REDIS_SOCKET, REDIS_PID and REDIS_PASSWORD in the
   environment. The fleet's mock gives access tokens of eight seconds, which are
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
    .total_ms = 600, .backoff_ms = 20, .refresh_s = 7};

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

/* By the port, or by the socket; password is the user's, or of user. */
static const char *password, *user_name;
static int by_socket, limit_ms = 1000;

static redisContext *dial(void *user)
{
    struct timeval limit = {limit_ms / 1000, limit_ms % 1000 * 1000};
    const char *word = password ? password : getenv("REDIS_PASSWORD");
    (void)user;
    line = by_socket ? redisConnectUnixWithTimeout(getenv("REDIS_SOCKET"), limit)
                     : redisConnectWithTimeout(
                           "127.0.0.1",
                           gone ? 1 : atoi(getenv("REDIS_PORT")), limit);
    if (!line || line->err || redisSetTimeout(line, limit))
        return line;
    freeReplyObject(user_name ? redisCommand(line, "AUTH %s %s", user_name, word)
                              : redisCommand(line, "AUTH %s", word));
    return line;
}

static void leave(void)
{
    gone = 1;
    shutdown(line->fd, SHUT_RDWR);
}

/* A sealing that a reader of Redis would not take for JSON, and that is longer
   than what it seals. What was not sealed is not opened. */
static li_rc turn(void *user, int open, li_buf *text)
{
    size_t i;
    (void)user;
    if (open && (!text->len || text->ptr[--text->len] != '!')) return LI_E_FORGED;
    for (i = 0; i < text->len; i++)
        text->ptr[i] = (char)(text->ptr[i] ^ 0x55);
    return open ? LI_OK : li_put(text, LI_STR("!"));
}

/* Two records, and clients of them, whose refresh takes 100 ms at most: so a
   lease is of 1,100. */
static const li_policy brief = {.total_ms = 100}, endless = {.total_ms = 0};
static li_token living, over;
static const li_client has_living = {.token = &living, .policy = &brief,
                                     .now = li_platform_now},
                       has_over = {.token = &over, .policy = &brief,
                                   .now = li_platform_now};

static li_redis redis_of(const char *prefix)
{
    li_redis r;
    memset(&r, 0, sizeof r);
    r.connect = dial;
    r.prefix = prefix;
    r.client = &has_over;
    return r;
}

/* The lease of the prefix ends now. */
static void lease_ends(const char *prefix)
{
    redisContext *c = dial(NULL);
    freeReplyObject(redisCommand(c, "DEL %s:lock", prefix));
    redisFree(c);
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
    c.prefix = NULL;
    is("no prefix: LI_E_STORE, with words", li_redis_load(&c, t) == LI_E_STORE &&
       strstr(c.why, "prefix") && (c.prefix = "", 1) &&
       li_redis_load(&c, t) == LI_E_STORE);
    li_redis_free(&a);
    li_redis_free(&b);
    li_redis_free(&c);
}

static void check_seal(void)
{
    li_redis a = redis_of("sealed"), b = redis_of("sealed");
    li_token *t = record(1, NULL, 0);
    redisReply *reply;
    a.seal = turn;
    is("a token is sealed", !li_redis_save(&a, record(0, "secret-text", 600)));
    reply = (redisReply *)redisCommand(line, "GET sealed:token");
    is("and Redis does not see it", reply && reply->len &&
       !strstr(reply->str, "secret-text") && reply->str[0] == ('{' ^ 0x55));
    freeReplyObject(reply);
    is("and opened", !li_redis_load(&a, t) && has(t, "secret-text"));
    is("what is sealed cannot be read without",
       li_redis_load(&b, record(2, NULL, 0)) < 0 && b.why[0] &&
       !strstr(b.why, "secret"));
    freeReplyObject(redisCommand(line, "SET sealed:token {}"));
    is("nor what is not sealed with it", li_redis_load(&a, t) == LI_E_FORGED);
    li_redis_free(&a);
    li_redis_free(&b);
}

static int lease_is(const char *prefix, long long most)
{
    redisReply *reply =
        (redisReply *)redisCommand(line, "PTTL %s:lock", prefix);
    int good = reply->integer <= most && reply->integer > most - 1000;
    freeReplyObject(reply);
    return good;
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
    is("a lease is a second longer than a refresh", lease_is("lock", 1100));
    lease_ends("lock");
    is("it ends with its lease", !li_redis_lock(&b, 1));
    is("whose holder of before saves no more",
       li_redis_save(&a, record(0, "late", 600)) == LI_E_STORE && a.why[0] &&
       stored("lock", "second"));
    is("and releases nothing", !li_redis_lock(&a, 0) &&
       li_redis_lock(&c, 1) == LI_WANT_SLEEP);
    lease_ends("lock");
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

static int64_t last_moment(void *user)
{
    (void)user;
    return over.issued_at + over.expires_in;
}

/* A process that holds the lock and its token lives: others go on. */
static void check_slow(void)
{
    li_redis a = redis_of("slow"), b = redis_of("slow"), c = redis_of("slow");
    static const li_client none = {.token = &living}, never = {
        .token = &living, .policy = &endless}, ends_now = {
        .token = &over, .policy = &brief, .now = last_moment};
    b.client = &has_living;
    is("one has the lock", !li_redis_save(&a, &living) && !li_redis_lock(&a, 1));
    is("others wait", li_redis_lock(&b, 1) == LI_WANT_SLEEP &&
       li_redis_lock(&c, 1) == LI_WANT_SLEEP);
    li_platform_sleep(NULL, 26);
    is("a quarter of total_ms, then go on with a token that lives",
       li_redis_lock(&b, 1) == LI_E_STORE && b.why[0]);
    is("or wait on where it is over", li_redis_lock(&c, 1) == LI_WANT_SLEEP);
    c.client = &ends_now;
    is("as it is in its last moment", li_redis_lock(&c, 1) == LI_WANT_SLEEP);
    c.client = &none;
    is("no policy, no lock: LI_E_STORE, with words",
       li_redis_lock(&c, 1) == LI_E_STORE && strstr(c.why, "total_ms"));
    c.client = &never;
    is("nor one without an end", li_redis_lock(&c, 1) == LI_E_STORE);
    li_redis_free(&a);
    li_redis_free(&b);
    li_redis_free(&c);
}

static void check_password(void)
{
    li_redis r = redis_of("one");
    password = "not-the-password";
    is("a wrong password: LI_E_STORE, with Redis' word",
       li_redis_load(&r, record(1, NULL, 0)) == LI_E_STORE &&
       strstr(r.why, "NOAUTH") && !strstr(r.why, "not-the"));
    li_redis_free(&r);
    r = redis_of("one");
    user_name = "worker";
    password = "worker-password";
    is("a user of the ACL", !li_redis_load(&r, record(1, NULL, 0)));
    li_redis_free(&r);
    user_name = password = NULL;
    by_socket = 1;
    is("by a Unix socket", !li_redis_load(&r, record(1, NULL, 0)));
    by_socket = 0;
    li_redis_free(&r);
}

static void check_away(void)
{
    li_redis r = redis_of("away");
    li_token *t = record(1, NULL, 0);
    uint64_t began;
    uint32_t n = 5;
    r.client = &has_living;
    is("Redis is there", !li_redis_save(&r, record(0, "kept", 600)) &&
       !li_redis_load(&r, t) && has(t, "kept"));
    leave();
    is("Redis is away: the token in memory stays",
       li_redis_load(&r, t) == LI_E_STORE && has(t, "kept") && r.why[0]);
    is("it is not refreshed", li_redis_lock(&r, 1) == LI_E_STORE);
    is("a new process has none",
       li_redis_load(&r, record(2, NULL, 0)) == LI_E_STORE);
    r.client = &has_over;
    is("a token that is over waits for a restart",
       li_redis_lock(&r, 1) == LI_WANT_SLEEP);
    is("of a quota there is nothing",
       li_redis_take(&r, "q", 5, 86400, 1700000000, &n) == LI_E_STORE && !n);
    gone = 0;
    li_platform_sleep(NULL, 200);
    is("Redis is back: it reconnects by itself",
       !li_redis_lock(&r, 1) && !li_redis_lock(&r, 0));
    shutdown(line->fd, SHUT_RDWR);
    is("a connection that was cut: none sees it", !li_redis_lock(&r, 1) &&
       !li_redis_save(&r, t) && !li_redis_lock(&r, 0));
    kill(atoi(getenv("REDIS_PID")), SIGSTOP);
    limit_ms = 200;
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
    limit_ms = 1000;
    li_redis_free(&r);
}

static uint32_t take(li_redis *r, const char *name, uint32_t n, int64_t now)
{
    li_rc rc = li_redis_take(r, name, 10, 86400, now, &n);
    return rc == (n ? LI_OK : LI_E_RATE) ? n : 99;
}

static void check_quota(void)
{
    li_redis a = redis_of("quota"), b = redis_of("quota"), c = redis_of("q2");
    int64_t midnight = (li_platform_now(NULL) / 86400 + 1) * 86400;
    uint32_t n = 3;
    is("a quota is given out, one by one and many at once",
       take(&a, "post", 1, midnight - 1) == 1 &&
       take(&b, "post", 5, midnight - 1) == 5);
    is("its rest, though more are asked for", !b.why[0] &&
       take(&a, "post", 5, midnight - 1) == 4);
    is("at its limit: LI_E_RATE, in all processes",
       !take(&a, "post", 1, midnight - 1) && a.why[0] &&
       !take(&b, "post", 5, midnight - 1));
    is("another name, another prefix: their own",
       take(&a, "get", 2, midnight - 1) == 2 &&
       take(&c, "post", 2, midnight - 1) == 2);
    is("after midnight UTC it is new", take(&a, "post", 1, midnight) == 1);
    n = 0;
    is("no calls, no period, one of over a day, a name too long: LI_E_ARG",
       li_redis_take(&a, "post", 3, 60, midnight, &n) == LI_E_ARG &&
       (n = 3, li_redis_take(&a, "post", 3, 0, midnight, &n) == LI_E_ARG) &&
       li_redis_take(&a, "post", 3, 86401, midnight, &n) == LI_E_ARG &&
       li_redis_take(&a, "0123456789012345678901234567890123456789012345678901"
                     "234567890123456789012345678901234567890123456789", 3, 60,
                     midnight, &n) == LI_E_ARG);
    is("another period is another limit",
       !li_redis_take(&a, "post", 3, 60, midnight, &n) && n == 3);
    n = 1;
    is("which is new with each",
       li_redis_take(&b, "post", 3, 60, midnight + 59, &n) == LI_E_RATE &&
       (n = 1, !li_redis_take(&b, "post", 3, 60, midnight + 60, &n)));
    li_redis_free(&a);
    li_redis_free(&b);
    li_redis_free(&c);
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

/* As a member who allows everything, who has time on a busy machine. */
static int sign_in(void)
{
    static const li_policy patient = {.total_ms = 20000};
    static char url[2048], code[1024];
    li_buf out = LI_BUF(url), text = LI_BUF(code);
    li_flow flow = {.stage = 0};
    li_req req = {.base = LI_BASE_AUTH};
    li_call call;
    li_rc rc;
    if (li_oauth_url(&flow, &app, "openid profile", &out))
        return fail("the authorization URL", NULL);
    req.path = strchr(strstr(url, "://") + 3, '/');
    req.policy = &patient;
    if (ask(&call, &req) || call.status != 302 ||
        li_oauth_redirect(&flow, li_header(&call, LI_H_LOCATION), &text, NULL))
        return fail("the authorization page", &call);
    rc = li_oauth_req(&req, &app, LI_GRANT_CODE, code, &flow);
    req.policy = &patient;
    if (rc || ask(&call, &req) || li_token_read(&token, call.body, &app))
        return fail("the code", &call);
    return 0;
}

/* Each second is a day. LI_E_STORE: Redis is away, and the call goes out. */
static int may_call(uint64_t second)
{
    static uint64_t of;
    static uint32_t left;
    li_rc rc = LI_OK;
    if (of != second)
        left = 0;
    of = second;
    if (!left) {
        left = 5;
        rc = li_redis_take(&here, "calls", QUOTA, 86400,
                           ((int64_t)second + 20000) * 86400, &left);
        __sync_fetch_and_add(&shared->granted[second], left);
    }
    if (left)
        left--;
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
    printf("%u calls of %d processes, %lld commands\n", calls_of_all(), WORKERS,
           n);
    return shared->failed || n > WORKERS; /* each loads the token as it starts */
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

/* Kills one at random, and now and then who has the lock: not so often that none
   ever gets to refresh. Was it refreshing? Then another will once more. */
static unsigned kill_one(pid_t *pids, uint64_t start, unsigned kills)
{
    unsigned i, held;
    uint32_t random;
    li_platform_random(NULL, &random, sizeof random);
    li_platform_sleep(NULL, 20 + random % 400);
    i = (random >> 16) % WORKERS;
    if (kills % 24 == 23)
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
        living = *record(3, "living", 600);
        over = *record(4, "over", 600);
        over.issued_at -= 601;
        check_store(), check_seal(), check_lock(), check_slow();
        check_password(), check_away(), check_quota();
        return wrong;
    }
    if (argc < 4) return 2;
    app.api_base = app.auth_base = argv[2];
    here.connect = dial;
    here.prefix = argv[1];
    here.client = &app;
    shared = (struct shared *)mmap(NULL, sizeof *shared,
                                   PROT_READ | PROT_WRITE,
                                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    stream = li_socket_transport(&net);
    if (shared == MAP_FAILED || sign_in())
        return 1;
    li_hangup(&stream);
    li_redis_free(&here); /* no connection goes along into a fork */
    fflush(stdout);
    return argc == 5 ? fleet(strtoull(argv[3], NULL, 10), argv[4])
                     : measure(strtoull(argv[3], NULL, 10));
}
