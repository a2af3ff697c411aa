/* Calls of mixed kinds against a scripted LinkedIn in virtual time, with a
   fault at any step: refused, reset, cut, stalled, throttled, failing,
   expiring. What must hold is CHECKed as it happens.

   usage: faults [CALLS [SEED]]: CALLS in batches, each of its own seed, from
   SEED on. A failure names its batch; `faults 0 SEED` runs that one alone.
   faults 0 SEED AT_ONCE: an hour of virtual time with AT_ONCE calls at once,
   whose memory must not grow by a byte, for it is all there before. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 1000, HOUR = 3600000 };
static size_t at_once = 8; /* calls */
static int crowded;        /* many more: for an hour, with fewer faults */
#define EPOCH 1793800000 /* a day in 2026 */

static uint64_t seed;
static unsigned long calls_ended;
#define CHECK(good) ((good) ? (void)0 : failed(#good, __LINE__))

static void failed(const char *what, int line)
{
    printf("FAILED: faults.c:%d: %s\nreplay: faults 0 %llu\n", line, what,
           (unsigned long long)seed);
    exit(1);
}

/* ---- chance */

static uint64_t chance_state;

static uint32_t chance(uint32_t below)
{
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (uint32_t)(chance_state >> 32) % below;
}

static uint32_t fault_per_mille;

static int strikes(void)
{
    return chance(1000) < fault_per_mille;
}

/* ---- the world: a clock, a grant, a store */

static uint64_t now_ms;
static li_token token;
static char token_mem[LI_TOKEN_MEM];
static struct {
    unsigned issued;        /* the last access token's number               */
    int64_t expires[2];     /* of the last two, Unix seconds                */
    int64_t made;
    unsigned delivered;     /* the last whose answer was read whole         */
    unsigned refreshing;    /* refreshes in flight                          */
    int revoked;
    char stored[LI_TOKEN_MEM];
} grant;

static int64_t unix_now(void *user)
{
    (void)user;
    return EPOCH + (int64_t)(now_ms / 1000);
}

static li_rc random_bytes(void *user, void *dst, size_t len)
{
    unsigned char *p = (unsigned char *)dst;
    (void)user;
    while (len--)
        *p++ = (unsigned char)chance(256);
    return LI_OK;
}

static li_rc save(void *user, const li_token *t)
{
    li_buf out = LI_BUF(grant.stored);
    (void)user;
    if (strikes())
        return LI_E_IO;
    CHECK(!li_token_put(t, &out) && !li_buf_end(&out));
    return LI_OK;
}

static int lock_holder;

static li_rc lock(void *user, int on)
{
    (void)user;
    if (on && strikes())
        return LI_WANT_SLEEP; /* another process has it */
    lock_holder = on;
    return LI_OK;
}

static const li_policy patience = {.connect_ms = 5000,
                                   .first_byte_ms = 8000,
                                   .idle_ms = 4000,
                                   .total_ms = 90000};
static const li_client app = {.client_id = "app",
                              .client_secret = "s3cret-of-app",
                              .token = &token,
                              .version = "202609",
                              .now = unix_now,
                              .random = random_bytes,
                              .save = save,
                              .lock = lock,
                              .again = li_again};

/* ---- one call and its connection */

enum kind { GET, SINK, PUT, REMOVE, POST, READER, TWICE, KINDS };
static const char *const methods[KINDS] = {"GET", "GET", "PUT", "DELETE",
                                           "POST", "POST", "POST"};

typedef struct slot {
    li_call call;
    li_req req;
    li_policy policy;
    li_transport t;
    enum kind kind;
    int busy;
    unsigned id;
    uint64_t began, next, io_at;
    unsigned requests, acted, refreshes;
    int may_have_acted, stalled, limit_ms;
    char path[64], body[64], taken[256];
    size_t taken_len;
    /* the connection */
    int open, auth, refresh_in, dead;
    char in[1024], out[1024];
    size_t in_len, out_len, out_at, cut_at;
    int whole_at_end, cut_kind;
    unsigned token_out;
    char buf[4096];
} slot;

static slot *slots, **idle, **heap; /* heap: who is next, first */
static size_t resting, heaped;      /* slots without a call; calls */
static unsigned last_id;
static int blocking;

enum { CUT_NOT, CUT_CLOSE, CUT_RESET, CUT_STALL };

/* What an operation does that is to make no progress: the call's own limits
   must end it. */
static int stall(slot *s, int would)
{
    s->stalled = 1;
    if (!blocking)
        return would;
    CHECK(s->limit_ms > 0);
    now_ms += (uint64_t)s->limit_ms;
    return LI_E_TIMEOUT;
}

static int waits(slot *s)
{
    if (blocking || chance(3))
        return 0;
    s->io_at = now_ms + chance(60);
    return 1;
}

static void drop(slot *s)
{
    if (s->refresh_in)
        grant.refreshing--;
    s->open = s->refresh_in = 0;
    s->in_len = s->out_len = s->out_at = 0;
}

static int peer_open(void *user, const char *host, unsigned port, int tls)
{
    static const int ends[] = {LI_E_IO, LI_E_DNS, LI_E_TLS, LI_E_CLOSED};
    slot *s = (slot *)user;
    uint32_t took = 0;
    CHECK(!s->open && tls && port == 443);
    if (s->stalled)
        return stall(s, LI_IO_WRITE);
    if (strikes())
        return chance(3) ? ends[chance(4)] : stall(s, LI_IO_WRITE);
    if (waits(s))
        return LI_IO_WRITE;
    if (blocking && (took = chance(50)) >= (uint32_t)s->limit_ms)
        return stall(s, LI_IO_WRITE);
    now_ms += took;
    s->auth = !strcmp(host, "www.linkedin.com");
    CHECK(s->auth || !strcmp(host, "api.linkedin.com"));
    s->open = 1;
    s->dead = 0;
    s->in_len = s->out_len = s->out_at = 0;
    return 0;
}

static void peer_close(void *user)
{
    slot *s = (slot *)user;
    s->stalled = 0;
    drop(s);
}

/* ---- the server */

static void say(slot *s, const char *status, const char *header,
                const char *body)
{
    int n = snprintf(s->out, sizeof s->out,
                     "HTTP/1.1 %s\r\n%sContent-Length: %u\r\n\r\n%s", status,
                     header, (unsigned)strlen(body), body);
    CHECK(n > 0 && (size_t)n < sizeof s->out);
    s->out_len = (size_t)n;
    s->out_at = 0;
    s->cut_at = s->out_len;
    s->cut_kind = CUT_NOT;
    s->token_out = 0;
    if (strikes()) { /* cut, reset or stalled at any byte */
        s->cut_at = chance((uint32_t)s->out_len);
        s->cut_kind = CUT_CLOSE + (int)chance(3);
    }
    s->io_at = now_ms + chance(crowded ? 4000 : 200);
}

static void refuse(slot *s, const char *status, const char *header,
                   const char *body)
{
    s->may_have_acted = 0;
    say(s, status, header, body);
}

static void throttle(slot *s)
{
    char header[64];
    if (!chance(20)) {
        refuse(s, "429 Too Many Requests", "",
               "{\"status\":429,\"message\":\"APPLICATION DAY limit\"}");
        return;
    }
    snprintf(header, sizeof header, "Retry-After: %u\r\n", chance(20));
    refuse(s, "429 Too Many Requests", chance(2) ? header : "",
           "{\"status\":429,\"message\":\"Too many\"}");
}

static void fail_somehow(slot *s)
{
    static const char *const statuses[] = {
        "500 Internal Server Error", "502 Bad Gateway",
        "503 Service Unavailable", "504 Gateway Timeout"};
    if (!s->auth && chance(2))
        s->acted++; /* a 5xx may come behind the deed */
    say(s, statuses[chance(4)], "", chance(2) ? "<html>sorry</html>"
                                              : "{\"status\":500}");
}

static int64_t left_of(unsigned number)
{
    if (number + 1 < grant.issued || !number || number > grant.issued)
        return -1;
    return grant.expires[number & 1] - unix_now(NULL);
}

static void issue(void)
{
    grant.issued++;
    grant.made = unix_now(NULL);
    grant.expires[grant.issued & 1] = grant.made + 60 + chance(2000);
}

static void answer_refresh(slot *s)
{
    char body[256];
    int n;
    CHECK(strstr(s->in, "refresh_token=RT-of-ann") != NULL);
    CHECK(strstr(s->in, "client_secret=s3cret-of-app") != NULL);
    CHECK(strstr(s->in, "Authorization") == NULL);
    CHECK(grant.refreshing == 1); /* many calls cause one refresh */
    if (grant.revoked || !chance(3000)) {
        grant.revoked = 1;
        say(s, "400 Bad Request", "",
            "{\"error\":\"invalid_grant\",\"error_description\":\"revoked\"}");
        return;
    }
    if (strikes()) {
        fail_somehow(s);
        return;
    }
    issue();
    n = snprintf(body, sizeof body,
                 "{\"access_token\":\"AT-%u\",\"expires_in\":%lld%s}",
                 grant.issued, (long long)left_of(grant.issued),
                 chance(2) ? ",\"refresh_token\":\"RT-of-ann\"" : "");
    CHECK(n > 0 && (size_t)n < sizeof body);
    say(s, "200 OK", "", body);
    s->token_out = grant.issued;
}

static void act(slot *s)
{
    char body[64];
    s->acted++;
    snprintf(body, sizeof body, "{\"id\":%u}", s->id);
    say(s, s->kind >= POST ? "201 Created" : "200 OK",
        chance(20) ? "" : "Connection: close\r\n", body);
}

static void answer_api(slot *s)
{
    const char *bearer = strstr(s->in, "\r\nAuthorization: Bearer AT-");
    unsigned number;
    CHECK(bearer && !strstr(s->in, "RT-of-ann") &&
          !strstr(s->in, "s3cret"));
    number = (unsigned)strtoul(bearer + 27, NULL, 10);
    CHECK(number <= grant.issued);
    if (left_of(number) <= 0 || (grant.revoked && number < grant.issued))
        refuse(s, "401 Unauthorized", "",
               "{\"status\":401,\"serviceErrorCode\":65602}");
    else if (strikes() && unix_now(NULL) - grant.made < 60)
        refuse(s, "401 Unauthorized", "",
               "{\"status\":401,\"serviceErrorCode\":65601}");
    else if (strikes())
        throttle(s);
    else if (strikes())
        fail_somehow(s);
    else
        act(s);
}

/* The request's first byte has come: was another one allowed? */
static void arrives(slot *s, char first)
{
    int refresh = s->auth;
    CHECK(!s->refresh_in);
    if (refresh) {
        CHECK(first == 'P');
        s->refreshes++;
        s->refresh_in = 1;
        grant.refreshing++;
        return;
    }
    s->requests++;
    if (s->kind == POST || s->kind == READER)
        CHECK(!s->may_have_acted); /* what may have acted is not repeated */
    s->may_have_acted = 1;
}

/* 1: the request is whole. */
static int is_whole(const slot *s)
{
    const char *end = strstr(s->in, "\r\n\r\n");
    const char *length = strstr(s->in, "Content-Length: ");
    size_t body = length && end && length < end
                      ? (size_t)strtoul(length + 16, NULL, 10)
                      : 0;
    return end && s->in_len == (size_t)(end + 4 - s->in) + body;
}

static int peer_send(void *user, const char *data, size_t len)
{
    slot *s = (slot *)user;
    CHECK(s->open && len && !s->out_len);
    if (s->stalled)
        return stall(s, LI_IO_WRITE);
    if (s->dead)
        return chance(2) ? LI_E_CLOSED : (int)len; /* into the void */
    if (strikes()) {
        if (chance(3))
            return chance(2) ? LI_E_CLOSED : LI_E_IO;
        return stall(s, LI_IO_WRITE);
    }
    if (waits(s))
        return LI_IO_WRITE;
    if (!s->in_len)
        arrives(s, *data);
    if (chance(4) == 0)
        len = 1 + chance((uint32_t)len);
    CHECK(s->in_len + len < sizeof s->in);
    memcpy(s->in + s->in_len, data, len);
    s->in_len += len;
    s->in[s->in_len] = 0;
    if (is_whole(s)) {
        if (strikes())
            s->out_len = s->out_at = s->cut_at = 1, s->cut_kind = CUT_RESET;
        else if (s->auth)
            answer_refresh(s);
        else
            answer_api(s);
    }
    return (int)len;
}

static int cut(slot *s)
{
    if (s->cut_kind == CUT_CLOSE)
        return 0;
    return s->cut_kind == CUT_RESET ? LI_E_CLOSED : stall(s, LI_IO_READ);
}

static int peer_recv(void *user, char *data, size_t cap)
{
    slot *s = (slot *)user;
    size_t left = s->cut_at - s->out_at;
    CHECK(s->open && cap);
    if (s->dead)
        return chance(2) ? LI_E_CLOSED : 0;
    if (s->stalled || (!s->out_len && !is_whole(s)))
        return stall(s, LI_IO_READ); /* half a request has no answer */
    if (!blocking && now_ms < s->io_at)
        return LI_IO_READ;
    if (waits(s))
        return LI_IO_READ;
    if (!left)
        return cut(s);
    left = left < cap ? left : cap;
    if (!chance(3))
        left = 1 + chance((uint32_t)left);
    memcpy(data, s->out + s->out_at, left);
    s->out_at += left;
    if (s->out_at == s->out_len) {
        if (s->token_out)
            grant.delivered = s->token_out;
        if (s->refresh_in)
            grant.refreshing--;
        s->refresh_in = 0;
        s->in_len = s->out_len = s->out_at = 0; /* ready for another */
        s->dead = strikes(); /* closed while it is kept */
    }
    return (int)left;
}

static int peer_alive(void *user)
{
    const slot *s = (slot *)user;
    return s->open && (chance(10) ? !s->dead : chance(2) == 0);
}

static uint64_t peer_ms(void *user)
{
    (void)user;
    return now_ms;
}

static int peer_sleep(void *user, uint32_t ms)
{
    (void)user;
    if (!blocking)
        return LI_IO_READ;
    now_ms += ms;
    return 0;
}

static void peer_limit(void *user, uint32_t ms)
{
    ((slot *)user)->limit_ms = (int)ms;
}

/* ---- a call: begun, and judged */

static size_t reader(void *user, uint64_t at, char *dst, size_t cap)
{
    slot *s = (slot *)user;
    size_t left = strlen(s->body) - (size_t)at;
    left = left < cap ? left : cap;
    left = left > 5 ? 5 : left;
    memcpy(dst, s->body + at, left);
    return left;
}

static li_rc sink(void *user, li_str piece)
{
    slot *s = (slot *)user;
    CHECK(s->call.status / 100 == 2);
    CHECK(s->taken_len + piece.len < sizeof s->taken);
    memcpy(s->taken + s->taken_len, piece.ptr, piece.len);
    s->taken_len += piece.len;
    return LI_OK;
}

static void begin(slot *s)
{
    s->id = ++last_id;
    s->kind = (enum kind)chance(KINDS);
    s->busy = 1;
    s->requests = s->acted = s->refreshes = 0;
    s->may_have_acted = 0;
    s->taken_len = 0;
    s->began = now_ms;
    s->policy = patience;
    s->policy.tries = (uint8_t)(1 + chance(9));
    snprintf(s->path, sizeof s->path, "/rest/things/%u", s->id);
    snprintf(s->body, sizeof s->body, "{\"thing\":%u,\"x\":\"....\"}", s->id);
    memset(&s->req, 0, sizeof s->req);
    s->req.method = methods[s->kind];
    s->req.path = s->path;
    s->req.policy = &s->policy;
    s->req.user = s;
    s->req.repeatable = s->kind == TWICE;
    if (s->kind == READER) {
        s->req.read = reader;
        s->req.read_len = strlen(s->body);
    } else if (s->kind == SINK) {
        s->req.sink = sink;
    } else if (s->kind != GET && s->kind != REMOVE) {
        s->req.body = li_cstr(s->body);
    }
    CHECK(!li_begin(&s->call, &app, &s->req, s->buf, sizeof s->buf));
    li_tick(&s->call, now_ms);
    s->next = now_ms;
}

static unsigned long by_rc[64], retried, refreshed, waited;

static void judge_body(const slot *s)
{
    char want[64];
    li_str body = s->kind == SINK ? li__str(s->taken, s->taken_len)
                                  : s->call.body;
    snprintf(want, sizeof want, "{\"id\":%u}", s->id);
    CHECK(s->acted >= 1);
    CHECK(body.len == strlen(want) && !memcmp(body.ptr, want, body.len));
}

static void judge(slot *s, li_rc rc)
{
    unsigned tries = s->policy.tries > LI_TRIES ? LI_TRIES : s->policy.tries;
    CHECK(rc == s->call.rc && rc <= 0);
    CHECK(now_ms - s->began <= s->policy.total_ms);
    CHECK(s->call.tries <= tries && s->requests <= s->call.tries);
    CHECK(s->refreshes <= 2 * tries && s->call.refreshed <= 1);
    CHECK(s->call.req == &s->req);
    CHECK(!s->call.priv.lease);
    CHECK(!s->acted || s->call.sent); /* it says that it may have acted */
    CHECK((s->kind != POST && s->kind != READER) || s->acted <= 1);
    if (rc == LI_OK && s->call.status / 100 == 2)
        judge_body(s);
    if (rc == LI_E_AUTH) /* then a sign-in, as the hint says */
        CHECK(grant.revoked);
    CHECK(!s->open || s->t.priv.state == LI__KEPT);
    retried += s->call.tries > 1;
    refreshed += s->call.refreshed;
    waited += s->call.waited_ms;
    by_rc[rc ? (unsigned)-rc : (unsigned)(s->call.status / 100)]++;
    calls_ended++;
    s->busy = 0;
}

static void sign_in(void)
{
    char json[256];
    issue();
    grant.revoked = 0;
    snprintf(json, sizeof json,
             "{\"access_token\":\"AT-%u\",\"expires_in\":%lld,"
             "\"refresh_token\":\"RT-of-ann\"}",
             grant.issued, (long long)left_of(grant.issued));
    li_token_read(&token, li_cstr(json), &app);
    grant.delivered = grant.issued;
}

static void turn(slot *s)
{
    li_rc rc;
    s->io_at = s->stalled ? UINT64_MAX : now_ms;
    if (!blocking && !chance(300)) {
        rc = li_fail(&s->call, LI_E_CANCELLED);
        li_hangup(&s->t);
        CHECK(!s->open && rc < 0);
    } else {
        rc = li_run(&s->call, &s->t);
    }
    CHECK(strtoul(token.access_token.ptr + 3, NULL, 10) >= grant.delivered);
    if (rc <= 0) {
        judge(s, rc);
        if (rc == LI_E_AUTH)
            sign_in();
        return;
    }
    CHECK(!blocking);
    s->next = s->call.wake_ms;
    if (rc != LI_WANT_SLEEP && !s->stalled && s->io_at < s->next)
        s->next = s->io_at;
    CHECK(s->next != UINT64_MAX);
}

/* ---- who is next: a binary heap */

static void push(slot *s)
{
    size_t at = heaped++, up;
    for (; at && heap[up = (at - 1) / 2]->next > s->next; at = up)
        heap[at] = heap[up];
    heap[at] = s;
}

static slot *pop(void)
{
    slot *first = heap[0], *s = heap[--heaped];
    size_t at = 0, down;
    for (; (down = 2 * at + 1) < heaped; at = down) {
        down += down + 1 < heaped && heap[down + 1]->next < heap[down]->next;
        if (heap[down]->next >= s->next)
            break;
        heap[at] = heap[down];
    }
    heap[at] = s;
    return first;
}

static void next_turn(void)
{
    slot *s = pop();
    if (s->next > now_ms)
        now_ms = s->next;
    turn(s);
    if (s->busy)
        push(s);
    else
        idle[resting++] = s;
}

/* ---- a batch: a process that starts with what the store has */

static void start(size_t used)
{
    memset(slots, 0, used * sizeof *slots);
    memset(&token, 0, sizeof token);
    memset(&grant, 0, sizeof grant);
    token.mem = token_mem;
    token.cap = sizeof token_mem;
    now_ms = chance(100000);
    last_id = 0;
    sign_in();
    for (resting = 0; resting < used; resting++) {
        slot *s = &slots[resting];
        li_transport t = {peer_open, peer_send, peer_recv, peer_close,
                          chance(2) ? peer_alive : NULL, peer_ms, peer_sleep,
                          peer_limit, NULL, NULL, s, {{0}, 0, 0, 0}};
        s->t = t;
        idle[resting] = s;
    }
}

/* 1: calls are to begin; a crowd is full all its hour, fewer rest at times. */
static int begins(unsigned long begun)
{
    static int rests;
    if (crowded)
        return now_ms < HOUR;
    if (!heaped && rests)
        now_ms += chance(100000);
    rests = rests ? heaped != 0 : !chance(100);
    return begun < BATCH && !rests;
}

static void batch(void)
{
    static const uint32_t levels[] = {0, 5, 20, 60, 250};
    unsigned long begun = 0;
    size_t i, used;
    chance_state = seed * 0x9e3779b97f4a7c15u + 1;
    fault_per_mille = crowded ? 50 : levels[chance(5)];
    blocking = !crowded && !chance(4);
    used = blocking ? 1 : at_once;
    start(used);
    do {
        for (; resting && begins(begun); begun++) {
            slot *s = idle[--resting];
            begin(s);
            push(s);
        }
        if (heaped)
            next_turn();
    } while (heaped || (!crowded && begun < BATCH));
    for (i = 0; i < used; i++)
        li_hangup(&slots[i].t);
    CHECK(!token.priv.lease && !grant.refreshing && !lock_holder);
}

int main(int argc, char **argv)
{
    unsigned long calls = argc > 1 ? strtoul(argv[1], NULL, 10) : 100000;
    unsigned i;
    seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    crowded = argc > 3;
    at_once = crowded ? strtoul(argv[3], NULL, 10) : at_once;
    slots = (slot *)malloc(at_once * sizeof *slots);
    idle = (slot **)malloc(at_once * sizeof *idle);
    heap = (slot **)malloc(at_once * sizeof *heap);
    if (!slots || !idle || !heap)
        return puts("no memory"), 2;
    do
        batch();
    while (seed++, calls_ended < calls);
    free(slots);
    free(idle);
    free(heap);
    printf("%lu calls ended: %lu with 2xx, %lu 4xx, %lu 5xx; %lu tried more "
           "than once, %lu token refreshes, %lu s of waiting\n",
           calls_ended, by_rc[2], by_rc[4], by_rc[5], retried, refreshed,
           waited / 1000);
    for (i = 10; i < 64; i++)
        if (by_rc[i])
            printf("  %s: %lu\n", li_strerror((li_rc)-(int)i), by_rc[i]);
    return 0;
}
