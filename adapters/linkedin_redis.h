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
   for Redis, as it may but restart, then fails with LI_E_STORE. Redis is asked
   again after 100 ms, or ten times what asking took.

   Of a process that died with the lock, the others wait for the lease's end if
   their token is over; else for a quarter of the lease, a second at most, and
   go on with the token they have. One that was stopped for longer than its
   lease cannot save over a newer token.

   POSIX, as linkedin_platform.h. One li_redis per thread, and none connected
   across a fork. One Redis, or its primary by your connect hook: redirects of a
   cluster are not followed. Link: -lhiredis. */
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
    const char *host;     /* NULL: 127.0.0.1. Better an address: timeout_ms
                             does not limit the look-up of a name            */
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
    li_rc (*seal)(void *user, li_str token, li_buf *out);  /* what is stored */
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
        uint8_t locked, away, budgeted, valued;
        li_rc rc;
        char value[16];   /* of the lock: random, ours alone                 */
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
    Errors: LI_E_RATE: limit are taken; LI_E_STORE: Redis is away, and
    quota_open is not set; LI_E_ARG: no name, or one of over 99 bytes. */
LINKEDIN_API li_rc li_redis_quota(li_redis *r, const char *name, uint32_t limit,
                                  int64_t now);
/** Shares a policy's budget: tells Redis what *budget lost and won, and takes
    what all have left. For before each call: it asks once in fresh_ms. While
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
#include <stdio.h>
#include <string.h>
#ifdef LI_REDIS_TLS
#include <hiredis/hiredis_ssl.h>
#endif

/* KEYS: the lock or a counter, the token. ARGV: the lock's value, a text, two
   numbers. The lock brings the token, so that nobody refreshes who could not
   look whether another has; one whose answer was lost is found by its value. */
static const char li__redis_get[] = "return redis.call('GET',KEYS[2])",
    li__redis_take[] =
        "if not redis.call('SET',KEYS[1],ARGV[1],'NX','PX',ARGV[3]) then "
        "if redis.call('GET',KEYS[1])~=ARGV[1] then return 0 end "
        "redis.call('PEXPIRE',KEYS[1],ARGV[3]) end "
        "return redis.call('GET',KEYS[2])or''",
    li__redis_leave[] =
        "if redis.call('GET',KEYS[1])~=ARGV[1] then return 0 end "
        "return redis.call('DEL',KEYS[1])",
    li__redis_put[] =
        "if ARGV[3]=='0' then redis.call('DEL',KEYS[1]) "
        "elseif redis.call('GET',KEYS[1])~=ARGV[1] then return 0 end "
        "redis.call('SET',KEYS[2],ARGV[2]) return 1",
    li__redis_count[] =
        "if tonumber(redis.call('GET',KEYS[1])or 0)>=tonumber(ARGV[3]) then "
        "return 0 end redis.call('INCR',KEYS[1]) "
        "redis.call('EXPIRE',KEYS[1],ARGV[4]) return 1",
    li__redis_sync[] =
        "local n=tonumber(redis.call('GET',KEYS[1])or ARGV[4])+ARGV[3] "
        "n=math.max(0,math.min(n,tonumber(ARGV[4]))) "
        "redis.call('SET',KEYS[1],n,'EX',3600) return n";

/* priv.locked */
enum { LI__REDIS_FREE, LI__REDIS_OURS, LI__REDIS_LOST };

/* The user of a hook, its defaults filled in. */
static li_redis *li__redis_of(void *user)
{
    li_redis *r = (li_redis *)user;
    r->timeout_ms = r->timeout_ms ? r->timeout_ms : 1000;
    r->lease_ms = r->lease_ms ? r->lease_ms : 60000;
    r->fresh_ms = r->fresh_ms ? r->fresh_ms : 1000;
    r->wait_ms = r->wait_ms ? r->wait_ms : 5000;
    return r;
}

static li_rc li__redis_fail(li_redis *r, const char *what)
{
    snprintf(r->why, sizeof r->why, "%s", what);
    return LI_E_STORE;
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

/* NULL: it failed, and the connection is closed, as another may do. Of Redis'
   own words why has the first only: others may quote what it was sent. */
static redisReply *li__redis_send(li_redis *r, int n, const char **args,
                                  const size_t *lens)
{
    redisReply *reply =
        (redisReply *)redisCommandArgv(r->priv.net, n, args, lens);
    if (reply && reply->type != REDIS_REPLY_ERROR) return reply;
    if (reply)
        snprintf(r->why, sizeof r->why, "Redis says %.*s",
                 (int)strspn(reply->str, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
                 reply->str);
    else
        snprintf(r->why, sizeof r->why, "Redis: %.100s", r->priv.net->errstr);
    li__redis_drop(reply);
    li__redis_close(r);
    return NULL;
}

static const char *li__redis_secure(li_redis *r)
{
    if (!r->tls) return NULL;
#ifdef LI_REDIS_TLS
    return redisInitiateSSLWithContext(
               r->priv.net, (redisSSLContext *)r->tls) == REDIS_OK
               ? NULL
               : r->priv.net->errstr;
#else
    return "tls is set, but not LI_REDIS_TLS";
#endif
}

/* Connects and signs in. */
static li_rc li__redis_open(li_redis *r)
{
    const char *args[3] = {"AUTH", r->username, r->password}, *wrong;
    struct timeval limit;
    redisReply *reply;
    limit.tv_sec = (time_t)(r->timeout_ms / 1000);
    limit.tv_usec = (suseconds_t)(r->timeout_ms % 1000) * 1000;
    r->priv.net =
        r->connect ? r->connect(r->user)
        : r->path  ? redisConnectUnixWithTimeout(r->path, limit)
                   : redisConnectWithTimeout(r->host ? r->host : "127.0.0.1",
                                             r->port ? r->port : 6379, limit);
    if (!r->priv.net)
        return li__redis_fail(r, "Redis: no connection was made");
    if (r->priv.net->err || redisSetTimeout(r->priv.net, limit) != REDIS_OK)
        wrong = r->priv.net->errstr;
    else
        wrong = li__redis_secure(r);
    if (wrong) {
        snprintf(r->why, sizeof r->why, "Redis: %.100s", wrong);
        li__redis_close(r);
    }
    if (wrong || !r->password) return wrong ? LI_E_STORE : LI_OK;
    if (!r->username)
        args[1] = r->password;
    reply = li__redis_send(r, r->username ? 3 : 2, args, NULL);
    li__redis_drop(reply);
    return reply ? LI_OK : LI_E_STORE;
}

/* A command; on a new connection, too, where a kept one turns out dead. */
static redisReply *li__redis_ask(li_redis *r, int n, const char **args,
                                 const size_t *lens)
{
    uint64_t began = li_platform_ms(NULL), now = began;
    redisReply *reply = NULL;
    int kept = 1;
    if (began < r->priv.next_ms) return NULL;
    while (!reply && kept && now - began < r->timeout_ms) {
        kept = r->priv.net != NULL;
        if (kept || !li__redis_open(r))
            reply = li__redis_send(r, n, args, lens);
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
   by SIGPIPE, which is kept off meanwhile and taken back. */
static redisReply *li__redis_safe(li_redis *r, int n, const char **args,
                                  const size_t *lens)
{
    sigset_t ours, before, pending;
    redisReply *reply;
    int was, sig;
    sigemptyset(&ours);
    sigaddset(&ours, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &ours, &before);
    was = !sigpending(&pending) && sigismember(&pending, SIGPIPE);
    reply = li__redis_ask(r, n, args, lens);
    if (!was && !sigpending(&pending) && sigismember(&pending, SIGPIPE))
        sigwait(&ours, &sig);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return reply;
}

/* Runs a script on the keys "li:{prefix}:name" and "li:{prefix}:token", whose
   braces keep all of a prefix in one slot. NULL: it did not, and why tells. */
static redisReply *li__redis_run(li_redis *r, const char *script,
                                 const char *name, li_str text,
                                 const int64_t number[2])
{
    char key[2][256], numbers[2][24];
    const char *args[9] = {"EVAL", script, "2", key[0], key[1], r->priv.value,
                           text.ptr, numbers[0], numbers[1]};
    size_t lens[9], i;
    if (!r->prefix || !*r->prefix || strlen(r->prefix) > 99 ||
        strpbrk(r->prefix, "{}")) {
        li__redis_fail(r, "prefix is empty, too long or has braces");
        return NULL;
    }
    for (i = 0; i < 2; i++) {
        snprintf(key[i], sizeof key[i], "li:{%s}:%s", r->prefix,
                 i ? "token" : name);
        snprintf(numbers[i], sizeof numbers[i], "%lld",
                 number ? (long long)number[i] : 0);
    }
    for (i = 0; i < 9; i++)
        lens[i] = i == 5 ? sizeof r->priv.value
                  : i == 6 ? text.len : strlen(args[i]);
    return li__redis_safe(r, 9, args, lens);
}

/* Whether the script says 1. */
static int li__redis_yes(redisReply *reply)
{
    int yes = reply && reply->type == REDIS_REPLY_INTEGER &&
              reply->integer == 1;
    li__redis_drop(reply);
    return yes;
}

/* The record is as the store has it. */
static void li__redis_saw(li_redis *r, const li_token *token, li_rc rc)
{
    int known = token->issued_at > 0 && token->expires_in > 0;
    r->priv.ends = known ? token->issued_at + token->expires_in : 0;
    r->priv.seen = token;
    r->priv.print = token->priv.print;
    r->priv.read_ms = li_platform_ms(NULL);
    r->priv.rc = rc;
}

static li_rc li__redis_read(li_redis *r, li_token *token, li_str text)
{
    char plain[LI_REDIS_TOKEN];
    li_buf out = LI_BUF(plain);
    li_rc rc = LI_OK;
    if (r->open && (r->open(r->user, text, &out) || out.rc))
        rc = li__redis_fail(r, "open refuses the token");
    else
        rc = li__token_replace(token, r->open ? LI_VIEW(plain, out.len) : text);
    if (rc && rc != LI_E_STORE)
        li__redis_fail(r, "Redis holds no token that fits");
    li_wipe(plain, sizeof plain);
    return rc;
}

LINKEDIN_API li_rc li_redis_load(void *user, li_token *token)
{
    li_redis *r = li__redis_of(user);
    redisReply *reply = r->priv.held;
    uint64_t now = li_platform_ms(NULL);
    int same = !r->priv.locked && r->priv.seen == token &&
               r->priv.print == token->priv.print;
    li_rc rc = LI_E_MISSING;
    if (same && now - r->priv.read_ms < r->fresh_ms) return r->priv.rc;
    r->priv.held = NULL;
    if (!reply)
        reply = li__redis_run(r, li__redis_get, "lock", li_cstr(""), NULL);
    if (!reply && same)
        r->priv.read_ms = now; /* nor is one that is away asked more often */
    if (!reply) return same && !r->priv.rc ? LI_OK : LI_E_STORE;
    if (reply->type == REDIS_REPLY_STRING && reply->len)
        rc = li__redis_read(r, token, LI_VIEW(reply->str, reply->len));
    li__redis_drop(reply);
    if (!rc || rc == LI_E_MISSING)
        li__redis_saw(r, token, rc);
    return rc;
}

/* What is stored of a token. */
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
    li_redis *r = li__redis_of(user);
    const int64_t fenced[2] = {r->priv.locked, 0};
    char stored[2 * LI_REDIS_TOKEN];
    li_buf out = LI_BUF(stored);
    redisReply *reply = NULL;
    int lost = r->priv.locked == LI__REDIS_LOST;
    li_rc rc = li__redis_text(r, token, &out);
    if (rc)
        li__redis_fail(r, "the token is too large, or not sealed");
    else if (!lost) {
        reply = li__redis_run(r, li__redis_put, "lock",
                              LI_VIEW(stored, out.len), fenced);
        rc = reply ? LI_OK : LI_E_STORE;
        lost = reply && !li__redis_yes(reply);
    }
    if (lost)
        rc = li__redis_fail(r, "the lease was over: not saved");
    li_wipe(stored, sizeof stored);
    li__redis_drop(r->priv.held);
    r->priv.held = NULL;
    li__redis_saw(r, token, LI_OK);
    if (rc)
        r->priv.seen = NULL; /* memory knows more */
    return rc ? LI_E_STORE : LI_OK;
}

/* The lock is another's, or Redis is away: wait, but not for ever, and not
   while the token in memory lives. */
static li_rc li__redis_wait(li_redis *r, uint64_t now)
{
    int lives = r->priv.ends > li_platform_now(NULL);
    uint64_t limit = r->lease_ms / 4 < 1000 ? r->lease_ms / 4 : 1000;
    if (r->priv.away)
        return !lives && now - r->priv.away_ms < r->wait_ms ? LI_WANT_SLEEP
                                                            : LI_E_STORE;
    if (!lives || now - r->priv.busy_ms < limit) return LI_WANT_SLEEP;
    return li__redis_fail(r, "another has the lock, and is slow");
}

static li_rc li__redis_unlock(li_redis *r)
{
    redisReply *reply = NULL;
    li__redis_drop(r->priv.held);
    r->priv.held = NULL;
    if (r->priv.locked == LI__REDIS_OURS)
        reply = li__redis_run(r, li__redis_leave, "lock", li_cstr(""), NULL);
    if (reply) /* else the next lock finds it by its value, or it ends */
        r->priv.valued = 0;
    r->priv.locked = LI__REDIS_FREE;
    li__redis_drop(reply);
    return LI_OK;
}

LINKEDIN_API li_rc li_redis_lock(void *user, int on)
{
    li_redis *r = li__redis_of(user);
    const int64_t lease[2] = {r->lease_ms, 0};
    uint64_t now = li_platform_ms(NULL);
    redisReply *reply;
    if (!on) return li__redis_unlock(r);
    if (!r->priv.valued && li_platform_random(NULL, r->priv.value, 16))
        return li__redis_fail(r, "no secure randomness");
    r->priv.valued = 1;
    /* who goes on without it asks ten times a second at most */
    if (r->priv.busy_ms && now - r->priv.asked_ms < 100 &&
        li__redis_wait(r, now) == LI_E_STORE)
        return LI_E_STORE;
    r->priv.asked_ms = now;
    reply = li__redis_run(r, li__redis_take, "lock", li_cstr(""), lease);
    if (!reply && !r->priv.away) return LI_E_STORE; /* it was not asked */
    li__redis_drop(r->priv.held);
    r->priv.held = NULL;
    if (reply && reply->type == REDIS_REPLY_STRING) {
        r->priv.held = reply;
        r->priv.locked = LI__REDIS_OURS;
        r->priv.busy_ms = 0;
        return LI_OK;
    }
    if (r->priv.locked)
        r->priv.locked = LI__REDIS_LOST;
    if (reply && (!r->priv.busy_ms || now - r->priv.busy_ms > r->lease_ms))
        r->priv.busy_ms = now;
    r->priv.valued &= !reply; /* not ours, and may have been another's before */
    li__redis_drop(reply);
    return li__redis_wait(r, li_platform_ms(NULL));
}

LINKEDIN_API li_rc li_redis_check(li_redis *r, const li_policy *policy)
{
    uint32_t total = policy ? policy->total_ms : 0;
    if (total && total < li__redis_of(r)->lease_ms) return LI_OK;
    li__redis_fail(r, "lease_ms is not above total_ms");
    return LI_E_ARG;
}

/* A counter's name has its day: its end is no more than tidiness. It comes an
   hour after midnight, and by seconds: so Redis may have another clock. */
LINKEDIN_API li_rc li_redis_quota(li_redis *r, const char *name, uint32_t limit,
                                  int64_t now)
{
    const int64_t day = now / 86400;
    const int64_t number[2] = {limit, (day + 1) * 86400 - now + 3600};
    char key[144];
    redisReply *reply;
    if (!name || !*name || strlen(name) > 99) {
        li__redis_fail(r, "the quota's name is empty or too long");
        return LI_E_ARG;
    }
    snprintf(key, sizeof key, "quota:%s:%lld", name, (long long)day);
    reply = li__redis_run(li__redis_of(r), li__redis_count, key, li_cstr(""),
                          number);
    if (!reply) return r->quota_open && r->priv.away ? LI_OK : LI_E_STORE;
    if (li__redis_yes(reply)) return LI_OK;
    snprintf(r->why, sizeof r->why, "the day's quota is spent: %.90s", name);
    return LI_E_RATE;
}

LINKEDIN_API li_rc li_redis_budget(li_redis *r, uint16_t *budget)
{
    uint64_t now = li_platform_ms(NULL);
    int64_t number[2] = {0, LI_BUDGET};
    redisReply *reply;
    li__redis_of(r);
    if (r->priv.budgeted && now - r->priv.budget_ms < r->fresh_ms) return LI_OK;
    if (r->priv.budgeted)
        number[0] = *budget - r->priv.budget;
    else
        r->priv.budget = *budget;
    r->priv.budget_ms = now;
    r->priv.budgeted = 1;
    reply = li__redis_run(r, li__redis_sync, "budget", li_cstr(""), number);
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
