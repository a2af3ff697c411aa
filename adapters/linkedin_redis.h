/* linkedin_redis.h - a token, its refresh and counted calls, shared by many
   machines in Redis, over hiredis. SPDX-License-Identifier: MIT OR Unlicense

       li_redis here = {.connect = dial, .prefix = "app:member", .client = &me};
       li_client me = {.load = li_redis_load, .save = li_redis_save,
                       .lock = li_redis_lock, .user = &here, ...};

   A call asks Redis only when the token in memory is due or was refused: for
   the lock, then for the token, which another process may have refreshed. Who
   dies with the lock has it for its lease; others with a token that lives wait
   total_ms / 4, a second at most, and go on.

   While Redis is away, calls go on with the token in memory, and none refreshes
   it. A call whose token is over waits for Redis as long as its total_ms lets
   it. Redis is asked again after 100 ms and ten times what asking took.

   POSIX. One li_redis a thread, made after a fork; no cluster. -lhiredis */
#ifndef LINKEDIN_REDIS_H
#define LINKEDIN_REDIS_H
#include "linkedin_platform.h"
#include <hiredis/hiredis.h>
#ifdef __cplusplus
extern "C" {
#endif

/** The user of li_client's hooks. What it points to is yours, and stays. */
typedef struct li_redis {
    redisContext *(*connect)(void *user); /* with timeouts; it is freed here */
    li_rc (*seal)(void *user, int open, li_buf *text); /* in its place: seals a
                                token's text, or opens it. NULL: stored as is */
    void *user;              /* handed to both                              */
    const char *prefix;      /* of all keys: one for each app and member    */
    const li_client *client; /* the lease: its total_ms, and a second more  */
    char why[128];           /* what failed last; no secret is ever in it   */
    struct {                 /* not yours */
        redisContext *net;
        uint64_t next_ms, since_ms;
        uint8_t locked, named;
        char name[16];       /* of this process, in the lock: random        */
    } priv;
} li_redis;

/** As li_client.load. Errors: LI_E_MISSING: nobody has signed in; LI_E_STORE:
    why tells; those of li_token_read(). */
LINKEDIN_API li_rc li_redis_load(void *user, li_token *token);
/** As li_client.save. Under the lock it saves while that is ours; without, as
    after a sign-in, it takes the lock from who refreshes the old token.
    Errors: LI_E_STORE: why tells. */
LINKEDIN_API li_rc li_redis_save(void *user, const li_token *token);
/** As li_client.lock. LI_WANT_SLEEP: another has it, or Redis is away and the
    token over. Errors: LI_E_STORE: go on with the token you have; why tells. */
LINKEDIN_API li_rc li_redis_lock(void *user, int on);
/** Takes *calls of a limit that all share who use prefix and name (99 bytes at
    most), or what is left, and tells in *calls how many. It is new with each
    period: of 86,400 s, the longest, at 00:00 UTC. Errors: LI_E_RATE: none is
    left, *calls is 0; LI_E_STORE: likewise, why tells, and a lost answer may
    have cost *calls; LI_E_ARG: a 0, or a period or name that is too long. */
LINKEDIN_API li_rc li_redis_take(li_redis *r, const char *name, uint32_t limit,
                                 uint32_t period, int64_t now, uint32_t *calls);
/** Closes; what is used again connects. */
LINKEDIN_API void li_redis_free(li_redis *r);
#ifdef __cplusplus
}
#endif
#endif /* LINKEDIN_REDIS_H */

#if defined(LINKEDIN_IMPLEMENTATION) && !defined(LINKEDIN_REDIS_IMPLEMENTED)
#define LINKEDIN_REDIS_IMPLEMENTED
#include <signal.h>
#include <stdio.h>

/* What all scripts begin with; ARGV has two numbers more, and the text. A lock
   whose answer was lost is found again by the name of its process, p. */
#define LI__REDIS "local r,k,p=redis.call,KEYS[1],ARGV[1] "
static const char li__redis_get[] = LI__REDIS "return r('GET',KEYS[2])",
    li__redis_on[] = LI__REDIS
        "if r('SET',k,p,'NX','PX',ARGV[2]) then return 1 end "
        "return r('GET',k)==p and r('PEXPIRE',k,ARGV[2]) or 0",
    li__redis_off[] = LI__REDIS "return r('GET',k)==p and r('DEL',k)",
    li__redis_put[] = LI__REDIS
        "if ARGV[2]=='0' then r('DEL',k) elseif r('GET',k)~=p then return 0 "
        "end r('SET',KEYS[2],ARGV[4]) return 1",
    li__redis_count[] = LI__REDIS
        "local n=math.min(ARGV[3],ARGV[2]-(r('GET',k)or 0)) if n<1 then return "
        "0 end r('INCRBY',k,n) r('EXPIRE',k,93600) return n";

static li_rc li__redis_fail(li_redis *r, const char *what)
{
    snprintf(r->why, sizeof r->why, "%s", what);
    return LI_E_STORE;
}

/* Asks once. NULL: it failed, and the connection is closed. Of Redis' own words
   why has the first only: the others may quote what was sent. */
static redisReply *li__redis_try(li_redis *r, li_str command)
{
    redisContext *net = r->priv.net ? r->priv.net : r->connect(r->user);
    redisReply *reply = NULL;
    r->priv.net = net;
    if (net && !net->err)
        redisAppendFormattedCommand(net, command.ptr, command.len);
    if (net && !net->err && !redisGetReply(net, (void **)&reply) &&
        reply->type != REDIS_REPLY_ERROR)
        return reply;
    snprintf(r->why, sizeof r->why, "Redis: %.*s",
             reply ? (int)strspn(reply->str, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") : 99,
             reply ? reply->str : net ? net->errstr : "no connection");
    freeReplyObject(reply);
    li_redis_free(r);
    return NULL;
}

/* Asks; once more where a kept connection turns out dead. hiredis writes as to
   a file: SIGPIPE, which would end the program, is held back and taken. */
static redisReply *li__redis_ask(li_redis *r, li_str command)
{
    uint64_t began = li_platform_ms(NULL), now;
    int tries = r->priv.net ? 2 : 1, sig;
    sigset_t ours, before, pending;
    redisReply *reply = NULL;
    if (began < r->priv.next_ms) return NULL;
    sigemptyset(&ours);
    sigaddset(&ours, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &ours, &before);
    for (; tries && !reply && li_platform_ms(NULL) - began < 100; tries--)
        reply = li__redis_try(r, command);
    if (!sigpending(&pending) && sigismember(&pending, SIGPIPE))
        sigwait(&ours, &sig);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    now = li_platform_ms(NULL);
    r->priv.next_ms = reply ? 0 : now + 100 + 10 * (now - began);
    return reply;
}

/* Runs a script. NULL: it did not run, and why tells. */
static redisReply *li__redis_run(li_redis *r, const char *script,
                                 const char *key, int64_t a, int64_t b,
                                 li_str text)
{
    redisReply *reply = NULL;
    char *command = NULL;
    int len = !r->prefix || !*r->prefix ? -1 : redisFormatCommand(
        &command, "EVAL %s 2 %s:%s %s:token %b %lld %lld %b", script, r->prefix,
        key, r->prefix, r->priv.name, sizeof r->priv.name, (long long)a,
        (long long)b, text.ptr, text.len);
    if (len < 0) return li__redis_fail(r, "no prefix, or no memory"), reply;
    reply = li__redis_ask(r, LI_VIEW(command, (size_t)len));
    li_wipe(command, (size_t)len);
    redisFreeCommand(command);
    return reply;
}

/* What a script says; -1: it did not run. */
static int64_t li__redis_number(redisReply *reply)
{
    int64_t n = reply ? reply->integer : -1;
    freeReplyObject(reply);
    return n;
}

LINKEDIN_API li_rc li_redis_load(void *user, li_token *token)
{
    li_redis *r = (li_redis *)user;
    redisReply *got = li__redis_run(r, li__redis_get, "lock", 0, 0, LI_STR(""));
    li_rc rc = got ? LI_E_MISSING : LI_E_STORE;
    if (got && got->str) {
        li_buf text = li_buf_of(got->str, got->len);
        text.len = got->len;
        rc = r->seal ? r->seal(r->user, 1, &text) : LI_OK;
        if (!rc)
            rc = li__token_replace(token, LI_VIEW(text.ptr, text.len));
        if (rc)
            li__redis_fail(r, "Redis holds no token that fits");
        li_wipe(got->str, got->len);
    }
    freeReplyObject(got);
    return rc;
}

LINKEDIN_API li_rc li_redis_save(void *user, const li_token *token)
{
    li_redis *r = (li_redis *)user;
    char mem[LI_PLATFORM_FILE];
    li_buf text = LI_BUF(mem);
    int64_t saved = -1;
    li_rc rc = li_token_put(token, &text);
    if (!rc && r->seal)
        rc = r->seal(r->user, 0, &text);
    if (rc || text.rc)
        li__redis_fail(r, "the token is too large, or not sealed");
    else if (!(saved = li__redis_number(
                   li__redis_run(r, li__redis_put, "lock", r->priv.locked, 0,
                                 LI_VIEW(mem, text.len)))))
        li__redis_fail(r, "the lock had ended: not saved");
    li_wipe(mem, sizeof mem);
    return saved == 1 ? LI_OK : LI_E_STORE;
}

/* Another has the lock, or Redis is away: a token that lives need not wait for
   Redis, nor long for who may have been killed. */
static li_rc li__redis_wait(li_redis *r, int away, uint32_t total_ms)
{
    uint64_t now = li_platform_ms(NULL), passed = now - r->priv.since_ms;
    int lives = li__life_left(r->client, r->client->token->expires_in) > 0;
    if (!r->priv.since_ms || passed > 1000u + total_ms)
        r->priv.since_ms = now, passed = 0;
    if (!lives || (!away && passed < 1000 && passed < total_ms / 4))
        return LI_WANT_SLEEP;
    return away ? LI_E_STORE : li__redis_fail(r, "another has the lock");
}

LINKEDIN_API li_rc li_redis_lock(void *user, int on)
{
    li_redis *r = (li_redis *)user;
    uint32_t total = r->client->policy ? r->client->policy->total_ms : 0;
    int64_t got;
    if (!total) return li__redis_fail(r, "the policy has no total_ms");
    if (!r->priv.named && li_platform_random(NULL, r->priv.name, 16))
        return li__redis_fail(r, "no secure randomness");
    r->priv.named = 1;
    got = li__redis_number(li__redis_run(r, on ? li__redis_on : li__redis_off,
                           "lock", 1000 + (int64_t)total, 0, LI_STR("")));
    if (on && got != 1) return li__redis_wait(r, got < 0, total);
    r->priv.locked = on != 0;
    r->priv.since_ms = 0;
    return LI_OK;
}

LINKEDIN_API li_rc li_redis_take(li_redis *r, const char *name, uint32_t limit,
                                 uint32_t period, int64_t now, uint32_t *calls)
{
    char key[160];
    int64_t got;
    if (!period || period > 86400 || !*calls || strlen(name) > 99)
        return li__redis_fail(r, "period, calls or name"), LI_E_ARG;
    snprintf(key, sizeof key, "%u:%lld:%s", (unsigned)period,
             (long long)now / period, name);
    got = li__redis_number(
        li__redis_run(r, li__redis_count, key, limit, *calls, LI_STR("")));
    *calls = got > 0 ? (uint32_t)got : 0;
    if (got) return got < 0 ? LI_E_STORE : LI_OK;
    return li__redis_fail(r, "the limit is reached"), LI_E_RATE;
}

LINKEDIN_API void li_redis_free(li_redis *r)
{
    redisFree(r->priv.net);
    r->priv.net = NULL;
}
#endif /* LINKEDIN_REDIS_IMPLEMENTED */
