/* The world of every_fault.c: a plan of one fault, memory between canaries, a
   scripted LinkedIn, a transport and the hooks, whose every call may be the
   one that fails. */
#ifndef EVERY_FAULT_H
#define EVERY_FAULT_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "marks.h"
#include "things.h"

#define EPOCH 1793800000 /* a day in 2026 */
#define CHECK(good) ((good) ? (void)0 : failed(#good, __LINE__))
#define LOOK(where, bytes, allowed)                                            \
    look((where), (bytes).ptr, (bytes).len, (allowed), __LINE__)

/* ---- the plan: which call fails, and how */

/* What a call of the transport, of a hook, or of the server can do. */
enum fault {
    FAILS,    /* an error; the clock tells -1                              */
    CLOSES,   /* the connection broke                                      */
    STRANGE,  /* an answer that no transport may give                      */
    SHORT,    /* all but one byte                                          */
    ONE,      /* one byte                                                  */
    BLOCKS,   /* would block; a lock is another's                          */
    CROSSED,  /* would block, until the other direction is ready           */
    ENDS,     /* an orderly end; the clock tells 0                         */
    LOST,     /* all but the last byte arrives, and the connection breaks  */
    VOID,     /* the bytes never arrive                                    */
    LEAPS,    /* the clock goes on by a day                                */
    S500,     /* the server acts, and says that it failed                  */
    S503,     /* it does not act                                           */
    S429,     /* likewise                                                  */
    S401,     /* it does not take the token, or the grant                  */
    GARBAGE,  /* it acts, and answers what is no HTTP                      */
    ECHO,     /* it does not act, and repeats what it was sent             */
    EXTRA,    /* it acts, and sends more than an answer                    */
    FAULTS
};
static const char *const fault_names[FAULTS] = {
    "fails", "closes", "strange", "short", "one", "blocks", "crossed", "ends",
    "lost", "void", "leaps", "500", "503", "429", "401", "garbage", "echo",
    "extra"};
#define F(fault) (1u << (fault))

/* What each call can do. */
enum call_kind {
    C_OPEN, C_SEND, C_RECV, C_ALIVE, C_MS, C_SLEEP, C_NOW, C_RANDOM, C_LOAD,
    C_SAVE, C_LOCK, C_READER, C_SERVER, CALLS
};
static const unsigned can[CALLS] = {
    F(FAILS) | F(CLOSES) | F(STRANGE) | F(BLOCKS) | F(CROSSED),
    F(FAILS) | F(CLOSES) | F(STRANGE) | F(SHORT) | F(ONE) | F(BLOCKS) |
        F(CROSSED) | F(ENDS) | F(LOST) | F(VOID),
    F(FAILS) | F(CLOSES) | F(STRANGE) | F(SHORT) | F(ONE) | F(BLOCKS) |
        F(CROSSED) | F(ENDS),
    F(ENDS),
    F(LEAPS),
    F(FAILS) | F(BLOCKS),
    F(FAILS) | F(ENDS) | F(LEAPS),
    F(FAILS),
    F(FAILS),
    F(FAILS),
    F(FAILS) | F(BLOCKS),
    F(FAILS) | F(SHORT) | F(ONE),
    F(S500) | F(S503) | F(S429) | F(S401) | F(GARBAGE) | F(ECHO) | F(EXTRA)};

enum driver { RUN, BLOCKING, WINDOWS, DRIVERS };

static struct plan {
    unsigned flow, variant, driver, piece; /* piece: bytes a move; 0: all   */
    enum fault fault;
    unsigned forever, at; /* at: the call that fails, from 1; 0: none       */
    unsigned step, struck, healed;
} plan;
static unsigned long runs, faults;

static void tell_plan(void)
{
    printf("%s, %s\nreplay: every_fault %u %u %u %u %u %u %u\n",
           fault_names[plan.fault], plan.forever ? "for ever" : "once",
           plan.flow, plan.variant, plan.driver, plan.piece,
           (unsigned)plan.fault, plan.forever, plan.at);
    fflush(stdout);
}

static void failed(const char *what, int line)
{
    printf("FAILED: every_fault, line %d: %s\n", line, what);
    tell_plan();
    exit(1);
}

/* FAULTS: this call does what it is to do. */
static enum fault strikes(enum call_kind kind)
{
    if (!(can[kind] & F(plan.fault)) || !plan.at)
        return FAULTS;
    plan.step++;
    if (plan.healed || plan.step < plan.at ||
        (plan.step > plan.at && !plan.forever))
        return FAULTS;
    plan.struck++;
    return plan.fault;
}

/* The trouble is over: what follows must come to its end. */
static void heal(void)
{
    plan.healed = 1;
}

/* ---- memory: each piece ends at a closed page and begins behind canaries */

enum { SLOTS = 12, SLOT = 16384, CANARY = 64 };
static struct slot {
    char *end;
    size_t len;
} slots[SLOTS];

static void *give(unsigned slot, size_t len)
{
    struct slot *s = &slots[slot];
    if (!s->end) {
        char *p = (char *)mmap(NULL, SLOT + 4096, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        CHECK(p != MAP_FAILED && !mprotect(p + SLOT, 4096, PROT_NONE));
        s->end = p + SLOT;
    }
    CHECK(len + CANARY <= SLOT);
    s->len = len;
    memset(s->end - len - CANARY, 0xA5, CANARY);
    memset(s->end - len, 0, len);
    return s->end - len;
}

static void canaries(void)
{
    unsigned i, k;
    for (i = 0; i < SLOTS; i++)
        for (k = 0; slots[i].end && k < CANARY; k++)
            CHECK((unsigned char)slots[i].end[-(long)slots[i].len - CANARY +
                                              (long)k] == 0xA5);
}

/* ---- the client */

static li_call *call;
static li_req *req;
static li_token *token;
static char *buf;
static size_t cap; /* of buf */
static li_client app;
static li_policy policy;
static li_transport transport;
static uint64_t now_ms;
static char stored[LI_TOKEN_MEM];
static unsigned lock_held, saves_failed;

#define ACCESS "AT/mKaCcEsS7tOkEn4q+\"\\~%41-"
#define REFRESH "RT mKrEfReSh8tOkEn5&=\"\\/+"
#define CLIENT "CS-mKcLiEnT9sEcReT6 &=+%'$`"
#define CODE "AQ_mKaUtHcOdE7nUmB3/+="
#define STATE "s/mKsTaTe5oFfLoW91 &+"
#define ID_TOKEN_END "mKiDtOkEn6jWtS42"

/* ---- LinkedIn */

static struct server {
    int open, auth, foreign, dead, whole, looked, chunked;
    char in[16384], out[16384], host[64];
    size_t in_len, out_len, out_at;
    unsigned issued;  /* the last access token's number                     */
    unsigned delivered; /* the last whose answer was read whole             */
    unsigned giving;  /* the one that is in the answer that is being read   */
    unsigned least;   /* tokens below this one have expired                 */
    unsigned refused; /* grants and tokens that were not taken              */
    unsigned codes, refreshes, gets, creates, captions, thumbnails, finished;
    unsigned begun, batches, elements, cursor;
    unsigned part_acted[3];
    char file[3 * 40];
    /* of the call that is being made */
    unsigned arrived, acted, may_have_acted, once;
} s;

static void say(const char *status, const char *headers, const char *body)
{
    size_t len = strlen(body), half = len / 2;
    int n;
    if (s.chunked && len)
        n = snprintf(s.out, sizeof s.out,
                     "HTTP/1.1 %s Said\r\n%sTransfer-Encoding: chunked\r\n\r\n"
                     "%x\r\n%.*s\r\n%x\r\n%s\r\n0\r\n\r\n", status, headers,
                     (unsigned)half, (int)half, body, (unsigned)(len - half),
                     body + half);
    else
        n = snprintf(s.out, sizeof s.out,
                     "HTTP/1.1 %s Said\r\n%sContent-Length: %u\r\n\r\n%s",
                     status, headers, (unsigned)len, body);
    CHECK(n > 0 && (size_t)n < sizeof s.out);
    s.out_len = (size_t)n;
}

/* An answer of 2xx: what was asked for has been done. */
static void done(const char *status, const char *headers, const char *body)
{
    if (!s.auth)
        s.acted++;
    say(status, headers, body);
}

/* Has this form a field of that value? */
static int has(const char *form, const char *name, const char *value)
{
    li_str rest = li_cstr(form), n, v;
    char text[256];
    while (!li_form_next(&rest, &n, &v)) {
        li_buf out = LI_BUF(text);
        if (li_equal(n, li_cstr(name)))
            return !li_form_decode(v, &out) && !li_buf_end(&out) &&
                   !strcmp(text, value);
    }
    return 0;
}

static void give_token(void)
{
    static char body[2048], access[64], filler[200];
    static const char id[] =
        "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ."
        "eyJpc3MiOiJodHRwczovL3d3dy5saW5rZWRpbi5jb20iLCJhdWQiOiJhcHAiLCJzdWIi"
        "OiJhbm4iLCJpYXQiOjE3OTM4MDAwMDAsImV4cCI6MjAwMDAwMDAwMH0."
        ID_TOKEN_END;
    li_buf out = LI_BUF(body);
    li_value v[4];
    memset(v, 0, sizeof v);
    s.giving = ++s.issued;
    snprintf(access, sizeof access, "%s%u", ACCESS, s.issued);
    v[0].text = li_cstr(access);
    v[1].text = li_cstr(REFRESH);
    v[2].text = li_cstr(id);
    v[3].number = 5184000;
    CHECK(!li_json_fill(&out, "{\"access_token\":?,\"refresh_token\":?,"
                              "\"id_token\":?,\"expires_in\":#}", v, 4) &&
          !li_buf_end(&out));
    snprintf(filler, sizeof filler, "X-Filler: %0*d\r\n",
             cap < 1000 ? 150 : 1, 0); /* the body does not fit behind it */
    done("200", filler, body);
}

/* Whoever sends a code or refreshes: LinkedIn's own page takes both. */
static void answer_grant(const char *form)
{
    if (has(form, "grant_type", "authorization_code")) {
        CHECK(has(form, "code", CODE) && !s.codes++); /* it works once */
        CHECK(strstr(form, "code_verifier=") != NULL ||
              has(form, "client_secret", CLIENT));
    } else {
        CHECK(has(form, "refresh_token", REFRESH));
        CHECK(has(form, "client_secret", CLIENT));
        CHECK(lock_held || !app.lock); /* many processes, one refresh */
        s.refreshes++;
    }
    give_token();
}

static void give_page(void)
{
    done("200", "", things_page(s.in, s.elements, s.cursor != 0));
}

static void give_urls(void)
{
    static char body[2048];
    size_t n;
    int i;
    s.begun++;
    n = (size_t)snprintf(body, sizeof body,
                         "{\"value\":{\"video\":\"urn:li:video:1\","
                         "\"uploadToken\":\"up\",\"captionsUploadUrl\":"
                         "\"https://www.linkedin.com/captions\","
                         "\"thumbnailUploadUrl\":"
                         "\"https://www.linkedin.com/thumbnail\","
                         "\"uploadInstructions\":[");
    for (i = 0; i < 3; i++)
        n += (size_t)snprintf(body + n, sizeof body - n,
                              "%s{\"uploadUrl\":\"https://dms.licdn.com/p/%d\","
                              "\"firstByte\":%d,\"lastByte\":%d}",
                              i ? "," : "", i, i * 40, i * 40 + 39);
    snprintf(body + n, sizeof body - n, "]}}");
    done("200", "", body);
}

static void take_part(const char *bytes, size_t len)
{
    char tag[64];
    unsigned i = (unsigned)strtoul(s.in + 7, NULL, 10);
    CHECK(i < 3 && len == 40);
    memcpy(s.file + i * 40, bytes, len);
    s.part_acted[i]++;
    snprintf(tag, sizeof tag, "ETag: \"part-%u\"\r\n", i);
    done("200", tag, "");
}

static void take_create(const char *body)
{
    CHECK(!strcmp(body, "{\"commentary\":\"x\"}"));
    if (!s.creates++) {
        done("201", "x-restli-id: urn:li:share:1\r\n", "");
        return;
    }
    done("422", "", "{\"errorDetails\":{\"inputErrors\":[{\"code\":"
                    "\"DUPLICATE_POST\"}]},\"status\":422}");
}

/* Does what it was asked for. */
static void act(const char *body, size_t len)
{
    if (s.auth && strstr(s.in, "/oauth/v2/accessToken"))
        answer_grant(body);
    else if (!strncmp(s.in, "PUT /p/", 7))
        take_part(body, len);
    else if (strstr(s.in, "PUT /thumbnail")) {
        CHECK(!strcmp(body, "a picture"));
        s.thumbnails++;
        done("201", "", "");
    } else if (strstr(s.in, "POST /captions")) {
        CHECK(strstr(body, "00:01 --> 00:02") && strstr(body, "captions--"));
        s.captions++;
        done("201", "", "");
    } else if (strstr(s.in, "finalizeUpload")) {
        CHECK(strstr(body, "[\"part-0\",\"part-1\",\"part-2\"]"));
        s.finished++;
        done("200", "", "");
    } else if (strstr(s.in, "initializeUpload"))
        give_urls();
    else if (strstr(s.in, "POST /rest/posts"))
        take_create(body);
    else if (strstr(s.in, "X-HTTP-Method-Override: GET")) {
        CHECK(strstr(body, "ids=List(") && strstr(body, "(id:39)"));
        s.batches++;
        done("200", "", "{\"results\":{\"1\":{}}}");
    } else if (strstr(s.in, "/rest/things?") && s.elements)
        give_page();
    else {
        s.gets++;
        done("200", "", "{\"sub\":\"ann\",\"name\":\"Ann\"}");
    }
}

/* Says what it was sent, head and all, as a careless gateway does. */
static void echo(void)
{
    static char body[16384];
    li_buf out = LI_BUF(body);
    li_value v[2];
    memset(v, 0, sizeof v);
    v[0].number = s.auth ? 400 : 403;
    v[1].text = s.auth ? li__str(s.in, s.in_len)
                       : li__str(s.in, (size_t)(strstr(s.in, "\r\n\r\n") -
                                                s.in));
    CHECK(!li_json_fill(&out, "{\"status\":#,\"code\":\"E\",\"message\":?}", v,
                        2) && !li_buf_end(&out));
    say(s.auth ? "400" : "403", "", body);
    s.refused++;
}

static int is_expired(void)
{
    const char *at = strstr(s.in, "\r\nAuthorization: Bearer " ACCESS);
    unsigned number;
    if (!at)
        return 0;
    number = asked_for(s.in, "\r\nAuthorization: Bearer " ACCESS, 0);
    CHECK(number && number <= s.issued);
    return number < s.least;
}

static void refuse(const char *status, const char *headers, const char *body)
{
    s.may_have_acted = 0;
    say(status, headers, body);
}

static void answer(const char *body, size_t len)
{
    enum fault f = strikes(C_SERVER);
    s.giving = 0;
    if (f == S503)
        say("503", "", "<html>sorry</html>");
    else if (f == S429)
        refuse("429", "Retry-After: 1\r\n", "{\"status\":429}");
    else if (f == S401) {
        s.refused++;
        refuse("401", "", "{\"status\":401,\"serviceErrorCode\":65602,"
                          "\"error\":\"invalid_grant\"}");
    } else if (f == ECHO)
        echo();
    else if (is_expired())
        refuse("401", "", "{\"status\":401,\"serviceErrorCode\":65602}");
    else
        act(body, len);
    if (f == S500)
        say("500", "", "<html>sorry</html>");
    if (f == GARBAGE)
        s.out_len = (size_t)snprintf(s.out, sizeof s.out, "SSH-2.0-x\r\n\r\n");
    if (f == EXTRA)
        s.out_len += (size_t)snprintf(s.out + s.out_len, 64, "HTTP/1.1 200 ");
    if (f == S500 || f == GARBAGE)
        s.giving = 0;
}

/* ---- the connection */

/* Which secrets may go there. */
static unsigned allowed_here(void)
{
    if (s.foreign)
        return 0;
    if (s.auth && strstr(s.in, "/oauth/"))
        return BIT(M_REFRESH) | BIT(M_CLIENT) | BIT(M_CODE) | BIT(M_VERIFIER);
    return BIT(M_ACCESS);
}

static void hang_up(void)
{
    LOOK("a request", li__str(s.in, s.in_len), allowed_here());
    s.open = s.dead = 0;
    s.in_len = s.out_len = s.out_at = 0;
    s.whole = 0;
}

/* The first byte of a request has come: was another one allowed? */
static void arrives(void)
{
    int grant = s.auth && call->req != req;
    if (grant)
        return; /* of the library's own: a refresh */
    s.arrived++;
    CHECK(!s.once || !s.may_have_acted); /* it is not sent twice */
    s.may_have_acted = 1;
}

/* The request's body, where it is whole; NULL. */
static const char *whole_body(size_t *len)
{
    const char *end = strstr(s.in, "\r\n\r\n");
    const char *length = strstr(s.in, "Content-Length: ");
    *len = length && end && length < end
               ? (size_t)strtoul(length + 16, NULL, 10) : 0;
    return end && s.in_len == (size_t)(end + 4 - s.in) + *len ? end + 4 : NULL;
}

static void arrive(const char *data, size_t n)
{
    size_t len;
    const char *body;
    CHECK(!s.whole && s.in_len + n < sizeof s.in);
    memcpy(s.in + s.in_len, data, n);
    s.in_len += n;
    s.in[s.in_len] = 0;
    body = whole_body(&len);
    if (!body)
        return;
    LOOK("a request", li__str(s.in, s.in_len), allowed_here());
    s.whole = 1;
    answer(body, len);
}

static uint32_t limit_ms;

/* A blocking transport waits itself; another says so. */
static int blocks(int would)
{
    if (plan.driver != BLOCKING)
        return would;
    if (!plan.forever) {
        now_ms++;
        return 0;
    }
    CHECK(limit_ms > 0);
    now_ms += limit_ms;
    return LI_E_TIMEOUT;
}

/* What these faults mean to any of open, send and recv; 0: go on. */
static int trouble(enum fault f, int would, int other)
{
    if (f == FAILS) return LI_E_IO;
    if (f == CLOSES) return LI_E_CLOSED;
    if (f == STRANGE) return -4711;
    if (f == BLOCKS) return blocks(would);
    if (f == CROSSED) return blocks(other);
    return 0;
}

static int p_open(void *user, const char *host, unsigned port, int tls)
{
    int rc = trouble(strikes(C_OPEN), LI_IO_WRITE, LI_IO_READ);
    (void)user;
    CHECK(tls && port == 443);
    if (rc)
        return rc;
    s.auth = !strcmp(host, "www.linkedin.com");
    s.foreign = !strcmp(host, "dms.licdn.com");
    CHECK(s.auth || s.foreign || !strcmp(host, "api.linkedin.com"));
    snprintf(s.host, sizeof s.host, "%s", host);
    s.open = 1;
    s.dead = s.whole = 0;
    s.in_len = s.out_len = s.out_at = 0;
    return 0;
}

static int p_send(void *user, const char *data, size_t len)
{
    enum fault f = strikes(C_SEND);
    int rc = trouble(f, LI_IO_WRITE, LI_IO_READ);
    (void)user;
    CHECK(s.open && len);
    s.looked = 0;
    if (rc)
        return rc;
    if (f == ENDS)
        return 0;
    if (f == VOID)
        s.dead = 1;
    if (s.dead)
        return (int)len;
    if (plan.piece && len > plan.piece)
        len = plan.piece;
    if (f == ONE || (len > 1 && (f == SHORT || f == LOST)))
        len = f == ONE ? 1 : len - 1;
    if (!s.in_len && f != LOST)
        arrives();
    arrive(data, len);
    if (f == LOST) {
        s.dead = 1;
        return LI_E_CLOSED;
    }
    return (int)len;
}

static int p_recv(void *user, char *data, size_t room)
{
    enum fault f = strikes(C_RECV);
    int rc = trouble(f, LI_IO_READ, LI_IO_WRITE);
    size_t left = s.out_len - s.out_at;
    (void)user;
    CHECK(s.open && room);
    if (!s.looked) /* what was sent is wiped */
        LOOK("the work buffer, sent,", li__str(buf, cap), 0);
    s.looked = 1;
    if (rc)
        return rc;
    if (s.dead)
        return LI_E_CLOSED;
    if (f == ENDS || !left)
        return 0;
    left = left < room ? left : room;
    if (plan.piece && left > plan.piece)
        left = plan.piece;
    if (f == ONE || (f == SHORT && left > 1))
        left = f == ONE ? 1 : left - 1;
    memcpy(data, s.out + s.out_at, left);
    s.out_at += left;
    if (s.out_at == s.out_len) {
        if (s.giving)
            s.delivered = s.giving;
        s.in_len = s.out_len = s.out_at = 0; /* ready for another */
        s.whole = 0;
    }
    return (int)left;
}

static void p_close(void *user)
{
    (void)user;
    hang_up();
}

static int p_alive(void *user)
{
    (void)user;
    return s.open && !s.out_len && strikes(C_ALIVE) != ENDS;
}

static uint64_t p_ms(void *user)
{
    (void)user;
    if (strikes(C_MS) == LEAPS)
        now_ms += 86400000;
    return now_ms;
}

static int p_sleep(void *user, uint32_t ms)
{
    enum fault f = strikes(C_SLEEP);
    (void)user;
    if (plan.driver != BLOCKING || f == BLOCKS)
        return LI_IO_READ;
    if (f == FAILS)
        return LI_E_IO;
    now_ms += ms;
    return 0;
}

static void p_limit(void *user, uint32_t ms)
{
    (void)user;
    limit_ms = ms;
}

/* ---- the hooks */

static int64_t h_now(void *user)
{
    enum fault f = strikes(C_NOW);
    (void)user;
    if (f == LEAPS)
        now_ms += 86400000;
    return f == FAILS ? -1 : f == ENDS ? 0 : EPOCH + (int64_t)(now_ms / 1000);
}

/* Bytes that are the mark of the verifier, read as base64url. */
static li_rc h_random(void *user, void *dst, size_t len)
{
    static const char text[] = "mKvErIfIeR2pKcE8mKvErIfIeR2pKcE8mKvErIfIeR0";
    char bytes[64];
    li_buf out = LI_BUF(bytes);
    (void)user;
    if (strikes(C_RANDOM) == FAILS)
        return LI_E_STORE;
    memset(bytes, 0, sizeof bytes);
    li_base64url_decode(li_cstr(text), &out);
    CHECK(len <= sizeof bytes);
    memcpy(dst, bytes, len);
    return LI_OK;
}

static li_rc h_load(void *user, li_token *t)
{
    (void)user;
    if (strikes(C_LOAD) == FAILS)
        return LI_E_STORE;
    return *stored ? li_token_read(t, li_cstr(stored), NULL) : LI_E_MISSING;
}

static li_rc h_save(void *user, const li_token *t)
{
    li_buf out = LI_BUF(stored);
    (void)user;
    if (strikes(C_SAVE) == FAILS) {
        saves_failed++;
        return LI_E_IO;
    }
    CHECK(!li_token_put(t, &out) && !li_buf_end(&out));
    return LI_OK;
}

static li_rc h_lock(void *user, int on)
{
    enum fault f = strikes(C_LOCK);
    (void)user;
    if (on && f == BLOCKS)
        return LI_WANT_SLEEP;
    if (on && f == FAILS)
        return LI_E_STORE;
    CHECK(on ? !lock_held : lock_held);
    lock_held = on != 0;
    return LI_OK;
}

static void h_trace(void *user, const li_call *of, const char *step)
{
    char text[512];
    li_buf out = LI_BUF(text);
    (void)user;
    li_log(of, step, &out);
    LOOK("a log line", li__str(text, out.len), 0);
}

#endif /* EVERY_FAULT_H */
