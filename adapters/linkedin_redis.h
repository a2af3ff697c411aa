/* linkedin_redis.h - a token, its refresh and a day's quota for many machines,
   in Redis, over hiredis. SPDX-License-Identifier: MIT OR Unlicense

       static li_redis here = {.host = "10.0.0.7", .password = "...",
                               .prefix = "my-app:member-1",
                               .lease_ms = 30000}; // above policy.total_ms

       li_client me = {.now  = li_platform_now, .random = li_platform_random,
                       .load = li_redis_load,   .save   = li_redis_save,
                       .lock = li_redis_lock,   .user   = &here, ...};

   While Redis is away, calls go on with the token in memory, and nobody
   refreshes it: that wants the lock. A call whose token is over waits wait_ms
   for Redis, as it may but restart, and then fails with LI_E_STORE. Redis is
   asked again after 100 ms, or ten times what asking took: trying costs a
   process a tenth of its time.

   A refresh ends before its lease does where lease_ms is above total_ms of each
   policy: li_redis_check(). Who was stopped for longer cannot save over a newer
   token. Of a process that died with the lock, the others wait for the lease's
   end if their token is over; else a quarter of it, a second at most, and go on
   with the token they have.

   POSIX, as linkedin_platform.h. One li_redis per thread, and none connected
   across a fork. One Redis, or its primary by your connect hook: no cluster's
   redirects are followed. Link: -lhiredis. */
#ifndef LINKEDIN_REDIS_H
#define LINKEDIN_REDIS_H
#ifndef LINKEDIN_H
#include "../linkedin.h"
#endif
#include "linkedin_platform.h"
#include <hiredis/hiredis.h>
#ifdef __cplusplus
extern "C" {
#endif

/** A token, as JSON, may have so many bytes, and twice as many when sealed. */
#ifndef LI_REDIS_TOKEN
#define LI_REDIS_TOKEN 12288
#endif

/** Where Redis is, and what this process knows of it: the user of li_client's
    hooks. Zero is the default of every member. */
typedef struct li_redis {
    const char *host;     /* NULL: 127.0.0.1. timeout_ms does not limit how
                             long a name's look-up takes: an address is better */
    int port;             /* 0: 6379                                         */
    const char *path;     /* of a Unix socket, instead                       */
    redisContext *(*connect)(void *user); /* or a connection of your making  */
    const char *username; /* of Redis' ACL; NULL: its default user           */
    const char *password; /* NULL: none                                      */
    void *tls;            /* a redisSSLContext: with LI_REDIS_TLS defined    */
    const char *prefix;   /* of all keys, one for each app and member; without
                             braces, 99 bytes at most                        */
    uint32_t timeout_ms;  /* to connect, and of each command. 0: 1,000       */
    uint32_t lease_ms;    /* after which a lock ends by itself. 0: 60,000    */
    uint32_t fresh_ms;    /* so old may a load be, and a budget. 0: 1,000    */
    uint32_t wait_ms;     /* for a Redis that went away. 0: 5,000            */
    uint8_t quota_open;   /* 1: while Redis is away no quota is kept         */
    li_rc (*seal)(void *user, li_str token, li_buf *out); /* what is stored  */
    li_rc (*open)(void *user, li_str sealed, li_buf *out); /* and back       */
    void *user;           /* handed to connect, seal and open                */
    char why[128];        /* what failed last; no secret is ever in it       */
    struct {              /* not yours */
        redisContext *net;
        redisReply *held; /* the token, read as the lock was taken           */
        const li_token *seen;
        uint64_t read_ms, next_ms, away_ms, busy_ms, asked_ms, budget_ms;
        int64_t ends;     /* of the access token, Unix seconds               */
        uint32_t print;
        uint16_t budget;
        uint8_t locked, away, budgeted;
        li_rc rc;
        char value[33];   /* of the lock, ours alone                         */
    } priv;
} li_redis;

/** As li_client.load. Redis is asked once in fresh_ms: until then, and while it
    is away, a record that is as it was loaded stays so, and that is LI_OK.
    Errors: LI_E_MISSING: nobody has signed in; LI_E_STORE: why tells; else what
    li_token_read() says. */
LINKEDIN_API li_rc li_redis_load(void *user, li_token *token);
/** As li_client.save. Under the lock it saves while that is ours; without, as
    after a sign-in, it takes the lock from whoever refreshes the old token, so
    that the new one stays. Errors: LI_E_STORE: why tells. */
LINKEDIN_API li_rc li_redis_save(void *user, const li_token *token);
/** As li_client.lock. LI_WANT_SLEEP: another has it, or Redis went away just
    now. Errors: LI_E_STORE: go on with the token you have; why tells. */
LINKEDIN_API li_rc li_redis_lock(void *user, int on);
/** Whether the lease outlasts a call: ask for each policy that you use.
    Errors: LI_E_ARG: lease_ms is not above total_ms, or that has no limit. */
LINKEDIN_API li_rc li_redis_check(li_redis *r, const li_policy *policy);
/** Takes one of the day's calls, before it goes out; all that share prefix and
    name share it, until 00:00 UTC. A command whose answer was lost is repeated,
    and may count twice.
    Errors: LI_E_RATE: limit are taken; LI_E_STORE: Redis is away, and quota_open
    is not set; LI_E_ARG: no name, or too long a one. */
LINKEDIN_API li_rc li_redis_quota(li_redis *r, const char *name, uint32_t limit,
                                  int64_t now);
/** Shares a policy's budget: tells Redis what *budget lost and won, and takes
    what all have left; before each call, for it asks once in fresh_ms. While
    Redis is away *budget is the process's own. An hour's rest fills it.
    Errors: LI_E_STORE. */
LINKEDIN_API li_rc li_redis_budget(li_redis *r, uint16_t *budget);
/** Closes and frees; an all-zero one is none. What is used again connects. */
LINKEDIN_API void li_redis_free(li_redis *r);

#ifdef __cplusplus
}
#endif
#endif /* LINKEDIN_REDIS_H */

#if defined(LINKEDIN_IMPLEMENTATION) && !defined(LINKEDIN_REDIS_IMPLEMENTED)
#define LINKEDIN_REDIS_IMPLEMENTED
#include <signal.h>
#include <string.h>
#ifdef LI_REDIS_TLS
#include <hiredis/hiredis_ssl.h>
#endif

/* KEYS: the lock (or a counter), the token. A lock whose answer was lost is
   found by its value; the token comes with it, so that nobody refreshes who
   could not look whether another has. */
static const char li__redis_get[] = "return redis.call('GET',KEYS[2])";
static const char li__redis_take[] =
    "if not redis.call('SET',KEYS[1],ARGV[1],'NX','PX',ARGV[2]) then "
    "if redis.call('GET',KEYS[1])~=ARGV[1] then return 0 end "
    "redis.call('PEXPIRE',KEYS[1],ARGV[2]) end "
    "return redis.call('GET',KEYS[2])or''";
static const char li__redis_leave[] =
    "if redis.call('GET',KEYS[1])~=ARGV[1] then return 0 end "
    "return redis.call('DEL',KEYS[1])";
static const char li__redis_put[] =
    "if ARGV[1]=='' then redis.call('DEL',KEYS[1]) "
    "elseif redis.call('GET',KEYS[1])~=ARGV[1] then return 0 end "
    "redis.call('SET',KEYS[2],ARGV[2]) return 1";
static const char li__redis_count[] =
    "if tonumber(redis.call('GET',KEYS[1])or 0)>=tonumber(ARGV[1]) then "
    "return 0 end redis.call('INCR',KEYS[1]) "
    "redis.call('EXPIREAT',KEYS[1],ARGV[2]) return 1";
static const char li__redis_sync[] =
    "local n=tonumber(redis.call('GET',KEYS[1])or ARGV[2])+ARGV[1] "
    "n=math.max(0,math.min(n,tonumber(ARGV[2]))) "
    "redis.call('SET',KEYS[1],n,'EX',3600) return n";

/* priv.locked */
enum { LI__REDIS_FREE, LI__REDIS_OURS, LI__REDIS_LOST };

static uint32_t li__redis_or(uint32_t ms, uint32_t otherwise)
{
    return ms ? ms : otherwise;
}

static li_rc li__redis_fail(li_redis *r, const char *what, const char *words)
{
    li_buf out = LI_BUF(r->why);
    li_put(&out, li_cstr(what));
    li_put(&out, li_cstr(words));
    li_buf_end(&out);
    return LI_E_STORE;
}

/* Of Redis' own words the first only: others may quote what it was sent. */
static void li__redis_refused(li_redis *r, const char *words)
{
    char code[32];
    size_t n = 0;
    for (; n < sizeof code - 1 && words[n] >= 'A' && words[n] <= 'Z'; n++)
        code[n] = words[n];
    code[n] = 0;
    li__redis_fail(r, "Redis says ", code);
}

/* A token may be in it. */
static void li__redis_drop(redisReply *reply)
{
    if (reply && reply->str)
        li_wipe(reply->str, reply->len);
    if (reply)
        freeReplyObject(reply);
}

static void li__redis_close(li_redis *r)
{
    if (r->priv.net)
        redisFree(r->priv.net);
    r->priv.net = NULL;
}

/* NULL: it failed, and the connection is closed, as another may do. */
static redisReply *li__redis_send(li_redis *r, int n, const li_str *args)
{
    const char *texts[7];
    size_t lens[7];
    redisReply *reply;
    int i;
    for (i = 0; i < n; i++) {
        texts[i] = args[i].ptr;
        lens[i] = args[i].len;
    }
    reply = (redisReply *)redisCommandArgv(r->priv.net, n, texts, lens);
    if (reply && reply->type != REDIS_REPLY_ERROR) return reply;
    if (reply)
        li__redis_refused(r, reply->str);
    else
        li__redis_fail(r, "Redis: ", r->priv.net->errstr);
    li__redis_drop(reply);
    li__redis_close(r);
    return NULL;
}

static redisContext *li__redis_dial(li_redis *r, struct timeval limit)
{
    if (r->connect) return r->connect(r->user);
    if (r->path) return redisConnectUnixWithTimeout(r->path, limit);
    return redisConnectWithTimeout(r->host ? r->host : "127.0.0.1",
                                   r->port ? r->port : 6379, limit);
}

static li_rc li__redis_secure(li_redis *r)
{
    if (!r->tls) return LI_OK;
#ifdef LI_REDIS_TLS
    if (redisInitiateSSLWithContext(r->priv.net, (redisSSLContext *)r->tls) ==
        REDIS_OK)
        return LI_OK;
    return li__redis_fail(r, "Redis by TLS: ", r->priv.net->errstr);
#else
    return li__redis_fail(r, "tls is set, but not LI_REDIS_TLS", "");
#endif
}

/* Connects and signs in. */
static li_rc li__redis_open(li_redis *r)
{
    uint32_t ms = li__redis_or(r->timeout_ms, 1000);
    li_str auth[3] = {LI_STR("AUTH"), {NULL, 0}, {NULL, 0}};
    struct timeval limit;
    redisReply *reply;
    limit.tv_sec = (time_t)(ms / 1000);
    limit.tv_usec = (suseconds_t)(ms % 1000) * 1000;
    r->priv.net = li__redis_dial(r, limit);
    if (!r->priv.net)
        return li__redis_fail(r, "Redis: no connection was made", "");
    if (r->priv.net->err || redisSetTimeout(r->priv.net, limit) != REDIS_OK)
        li__redis_fail(r, "Redis: ", r->priv.net->errstr);
    else if (!li__redis_secure(r)) {
        if (!r->password) return LI_OK;
        auth[1] = li_cstr(r->username ? r->username : r->password);
        auth[2] = li_cstr(r->password);
        reply = li__redis_send(r, r->username ? 3 : 2, auth);
        li__redis_drop(reply);
        return reply ? LI_OK : LI_E_STORE;
    }
    li__redis_close(r);
    return LI_E_STORE;
}

/* A command; on a new connection, too, where a kept one turns out dead. */
static redisReply *li__redis_tries(li_redis *r, int n, const li_str *args)
{
    uint32_t limit = li__redis_or(r->timeout_ms, 1000);
    uint64_t began = li_platform_ms(NULL), now = began;
    redisReply *reply = NULL;
    int kept = 1;
    if (began < r->priv.next_ms) return NULL;
    while (!reply && kept && now - began < limit) {
        kept = r->priv.net != NULL;
        if (kept || !li__redis_open(r))
            reply = li__redis_send(r, n, args);
        now = li_platform_ms(NULL);
    }
    if (!reply && !r->priv.away)
        r->priv.away_ms = now;
    r->priv.away = !reply;
    if (!reply)
        r->priv.next_ms = now + (now - began < 10 ? 100 : 10 * (now - began));
    return reply;
}

/* hiredis writes as to a file: a Redis that went away must not end the program
   by SIGPIPE. */
static redisReply *li__redis_ask(li_redis *r, int n, const li_str *args)
{
    sigset_t ours, before, waiting;
    redisReply *reply;
    int was, is, signal;
    sigemptyset(&ours);
    sigaddset(&ours, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &ours, &before);
    was = !sigpending(&waiting) && sigismember(&waiting, SIGPIPE);
    reply = li__redis_tries(r, n, args);
    is = !sigpending(&waiting) && sigismember(&waiting, SIGPIPE);
    if (is && !was)
        sigwait(&ours, &signal);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return reply;
}

/* "li:{prefix}:name": the braces keep all of a prefix in one slot. */
static li_rc li__redis_key(const li_redis *r, const char *name, char key[240])
{
    li_buf out = li_buf_of(key, 240);
    li_str prefix = li_cstr(r->prefix);
    if (!prefix.len || prefix.len > 99 || strpbrk(r->prefix, "{}"))
        return LI_E_ARG;
    li_put(&out, LI_STR("li:{"));
    li_put(&out, prefix);
    li_put(&out, LI_STR("}:"));
    li_put(&out, li_cstr(name));
    return li_buf_end(&out);
}

/* Runs a script. NULL: it did not, and why tells. */
static redisReply *li__redis_run(li_redis *r, const char *script,
                                 const char *name, li_str a, li_str b)
{
    char key[2][240];
    li_str args[7] = {LI_STR("EVAL"), {NULL, 0}, LI_STR("2")};
    if (li__redis_key(r, name, key[0]) || li__redis_key(r, "token", key[1])) {
        li__redis_fail(r, "prefix is empty, too long or has braces", "");
        return NULL;
    }
    args[1] = li_cstr(script);
    args[3] = li_cstr(key[0]);
    args[4] = li_cstr(key[1]);
    args[5] = a;
    args[6] = b;
    return li__redis_ask(r, 7, args);
}

static li_str li__redis_number(int64_t value, char text[24])
{
    li_buf out = li_buf_of(text, 24);
    li_put_int(&out, value);
    li_buf_end(&out);
    return LI_VIEW(text, out.len);
}

/* The record is as the store has it, or newer. */
static void li__redis_saw(li_redis *r, const li_token *token, li_rc rc)
{
    r->priv.seen = token;
    r->priv.print = token->priv.print;
    r->priv.read_ms = li_platform_ms(NULL);
    r->priv.rc = rc;
}

static void li__redis_ends(li_redis *r, const li_token *token)
{
    int known = token->issued_at > 0 && token->expires_in > 0;
    r->priv.ends = known ? token->issued_at + token->expires_in : 0;
}

static li_rc li__redis_read(li_redis *r, li_token *token, li_str text)
{
    char plain[LI_REDIS_TOKEN];
    li_buf out = LI_BUF(plain);
    li_rc rc = LI_OK;
    if (r->open) {
        rc = r->open(r->user, text, &out);
        rc = rc || out.rc ? li__redis_fail(r, "open refuses the token", "")
                          : LI_OK;
        text = LI_VIEW(plain, out.len);
    }
    if (!rc) {
        rc = li__token_replace(token, text);
        if (rc)
            li__redis_fail(r, "Redis holds no token that fits", "");
        else
            li__redis_ends(r, token);
    }
    li_wipe(plain, sizeof plain);
    return rc;
}

LINKEDIN_API li_rc li_redis_load(void *user, li_token *token)
{
    li_redis *r = (li_redis *)user;
    redisReply *reply = r->priv.held;
    int same = !r->priv.locked && r->priv.seen == token &&
               r->priv.print == token->priv.print;
    li_rc rc = LI_E_MISSING;
    if (same && li_platform_ms(NULL) - r->priv.read_ms <
                    li__redis_or(r->fresh_ms, 1000))
        return r->priv.rc;
    r->priv.held = NULL;
    if (!reply)
        reply = li__redis_run(r, li__redis_get, "lock", li_cstr(""),
                              li_cstr(""));
    if (!reply && same)
        r->priv.read_ms = li_platform_ms(NULL);
    if (!reply) return same && !r->priv.rc ? LI_OK : LI_E_STORE;
    if (reply->type == REDIS_REPLY_STRING && reply->len)
        rc = li__redis_read(r, token, LI_VIEW(reply->str, reply->len));
    li__redis_drop(reply);
    if (!rc || rc == LI_E_MISSING)
        li__redis_saw(r, token, rc);
    return rc;
}

/* 1: the number that a script says is `is`. */
static int li__redis_says(redisReply *reply, long long is)
{
    int says = reply && reply->type == REDIS_REPLY_INTEGER &&
               reply->integer == is;
    li__redis_drop(reply);
    return says;
}

/* Writes what is stored of a token. */
static li_rc li__redis_text(li_redis *r, const li_token *token, li_buf *out)
{
    char plain[LI_REDIS_TOKEN];
    li_buf text = LI_BUF(plain);
    li_rc rc = li_token_put(token, r->seal ? &text : out);
    if (!rc && r->seal)
        rc = r->seal(r->user, LI_VIEW(plain, text.len), out);
    li_wipe(plain, sizeof plain);
    return rc ? rc : out->rc;
}

LINKEDIN_API li_rc li_redis_save(void *user, const li_token *token)
{
    li_redis *r = (li_redis *)user;
    char stored[2 * LI_REDIS_TOKEN];
    li_buf out = LI_BUF(stored);
    const char *lost = "the lease was over: the token is not saved";
    redisReply *reply = NULL;
    li_rc rc = LI_OK;
    li__redis_ends(r, token);
    li__redis_drop(r->priv.held);
    r->priv.held = NULL;
    if (li__redis_text(r, token, &out))
        rc = li__redis_fail(r, "the token is too large, or not sealed", "");
    else if (r->priv.locked == LI__REDIS_LOST)
        rc = li__redis_fail(r, lost, "");
    else {
        reply = li__redis_run(r, li__redis_put, "lock",
                              li_cstr(r->priv.locked ? r->priv.value : ""),
                              LI_VIEW(stored, out.len));
        rc = reply ? LI_OK : LI_E_STORE;
        if (reply && !li__redis_says(reply, 1))
            rc = li__redis_fail(r, lost, "");
    }
    li_wipe(stored, sizeof stored);
    if (!rc)
        li__redis_saw(r, token, LI_OK);
    return rc;
}

/* The lock is another's, or Redis is away: wait, but not for ever, and not
   while the token in memory lives. */
static li_rc li__redis_wait(li_redis *r, uint64_t now)
{
    uint32_t lease = li__redis_or(r->lease_ms, 60000);
    int lives = r->priv.ends > li_platform_now(NULL);
    uint64_t limit = lease / 4 < 1000 ? lease / 4 : 1000;
    if (r->priv.away) {
        limit = lives ? 0 : li__redis_or(r->wait_ms, 5000);
        return now - r->priv.away_ms < limit ? LI_WANT_SLEEP : LI_E_STORE;
    }
    if (!lives || now - r->priv.busy_ms < limit) return LI_WANT_SLEEP;
    return li__redis_fail(r, "another has the lock, and is slow", "");
}

static li_rc li__redis_unlock(li_redis *r)
{
    redisReply *reply = NULL;
    li__redis_drop(r->priv.held);
    r->priv.held = NULL;
    if (r->priv.locked == LI__REDIS_OURS)
        reply = li__redis_run(r, li__redis_leave, "lock",
                              li_cstr(r->priv.value), li_cstr(""));
    if (reply) /* else the next lock finds it by its value, or it ends */
        r->priv.value[0] = 0;
    r->priv.locked = LI__REDIS_FREE;
    li__redis_drop(reply);
    return LI_OK;
}

/* 128 random bits in hex. */
static li_rc li__redis_value(li_redis *r)
{
    uint8_t random[16];
    unsigned i;
    if (r->priv.value[0]) return LI_OK;
    if (li_platform_random(NULL, random, sizeof random))
        return li__redis_fail(r, "no secure randomness", "");
    for (i = 0; i < 32; i++)
        r->priv.value[i] =
            "0123456789abcdef"[random[i / 2] >> (i % 2 * 4) & 15];
    r->priv.value[32] = 0;
    return LI_OK;
}

LINKEDIN_API li_rc li_redis_lock(void *user, int on)
{
    li_redis *r = (li_redis *)user;
    uint32_t lease = li__redis_or(r->lease_ms, 60000);
    uint64_t now = li_platform_ms(NULL);
    redisReply *reply;
    char number[24];
    if (!on) return li__redis_unlock(r);
    if (li__redis_value(r)) return LI_E_STORE;
    /* a process asks ten times a second at most, whatever its calls do */
    if (r->priv.busy_ms && now - r->priv.asked_ms < 100 &&
        li__redis_wait(r, now) == LI_E_STORE)
        return LI_E_STORE;
    r->priv.asked_ms = now;
    reply = li__redis_run(r, li__redis_take, "lock", li_cstr(r->priv.value),
                          li__redis_number(lease, number));
    if (reply && reply->type == REDIS_REPLY_STRING) {
        li__redis_drop(r->priv.held);
        r->priv.held = reply;
        r->priv.locked = LI__REDIS_OURS;
        r->priv.busy_ms = 0;
        return LI_OK;
    }
    if (r->priv.locked)
        r->priv.locked = LI__REDIS_LOST;
    if (reply) /* so it is not ours, and may have been another's before */
        r->priv.value[0] = 0;
    if (reply && (!r->priv.busy_ms || now - r->priv.busy_ms > lease))
        r->priv.busy_ms = now;
    li__redis_drop(reply);
    return li__redis_wait(r, li_platform_ms(NULL));
}

LINKEDIN_API li_rc li_redis_check(li_redis *r, const li_policy *policy)
{
    uint32_t total = policy ? policy->total_ms : 0;
    if (total && total < li__redis_or(r->lease_ms, 60000)) return LI_OK;
    li__redis_fail(r, "lease_ms is not above the policy's total_ms", "");
    return LI_E_ARG;
}

/* A counter's name has its day: its end is no more than tidiness, and comes an
   hour late, for clocks that are fast. */
LINKEDIN_API li_rc li_redis_quota(li_redis *r, const char *name, uint32_t limit,
                                  int64_t now)
{
    char key[128], most[24], ends[24];
    li_buf out = LI_BUF(key);
    int64_t day = now / 86400;
    redisReply *reply;
    li_put(&out, LI_STR("quota:"));
    li_put(&out, li_cstr(name));
    li_put(&out, LI_STR(":"));
    li_put_int(&out, day);
    if (!name || !*name || li_buf_end(&out)) {
        li__redis_fail(r, "the quota's name is empty or too long", "");
        return LI_E_ARG;
    }
    reply = li__redis_run(r, li__redis_count, key, li__redis_number(limit, most),
                          li__redis_number((day + 1) * 86400 + 3600, ends));
    if (!reply) return r->quota_open && r->priv.away ? LI_OK : LI_E_STORE;
    if (li__redis_says(reply, 1)) return LI_OK;
    li__redis_fail(r, "the day's quota is spent: ", name);
    return LI_E_RATE;
}

LINKEDIN_API li_rc li_redis_budget(li_redis *r, uint16_t *budget)
{
    uint64_t now = li_platform_ms(NULL);
    char won[24], full[24];
    redisReply *reply;
    if (r->priv.budgeted &&
        now - r->priv.budget_ms < li__redis_or(r->fresh_ms, 1000))
        return LI_OK;
    if (!r->priv.budgeted)
        r->priv.budget = *budget;
    r->priv.budget_ms = now;
    r->priv.budgeted = 1;
    reply = li__redis_run(r, li__redis_sync, "budget",
                          li__redis_number(*budget - r->priv.budget, won),
                          li__redis_number(LI_BUDGET, full));
    if (reply && reply->type == REDIS_REPLY_INTEGER)
        *budget = r->priv.budget = (uint16_t)reply->integer;
    li__redis_drop(reply);
    return reply ? LI_OK : LI_E_STORE;
}

LINKEDIN_API void li_redis_free(li_redis *r)
{
    li__redis_drop(r->priv.held);
    li__redis_close(r);
    li_wipe(&r->priv, sizeof r->priv);
}

#endif /* LINKEDIN_REDIS_IMPLEMENTED */
