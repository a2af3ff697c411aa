/* Whole listings and uploads under seeded faults, with further tries inside a
   call and resumption outside: no element is lost or comes twice, every part
   arrives once, a create that may have acted is not repeated.

   usage: faults_flows [FLOWS [SEED]]: each flow has a seed of its own, from
   SEED on; a failure names it, and `faults_flows 1 SEED` runs it alone. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "things.h"

static uint64_t seed, chance_state;
#define CHECK(good) ((good) ? (void)0 : failed(#good, __LINE__))

static void failed(const char *what, int line)
{
    printf("FAILED: faults_flows.c:%d: %s\nreplay: faults_flows 1 %llu\n",
           line, what, (unsigned long long)seed);
    exit(1);
}

static uint32_t chance(uint32_t below)
{
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (uint32_t)(chance_state >> 32) % below;
}

static uint32_t per_mille;

static int strikes(void)
{
    return chance(1000) < per_mille;
}

/* ---- LinkedIn */

enum flow { BY_START, BY_CURSOR, VIDEO, IMAGE, CREATE, FLOWS };
enum { PARTS = 5, PART = 700 };

static struct server {
    enum flow flow;
    unsigned all;                /* elements                                 */
    unsigned part_acted[PARTS], creates, finished;
    unsigned char file[PARTS * PART];
    char in[4096], out[8192];
    size_t in_len, out_len, out_at, cut;
} s;

static int connection; /* 0: none; else how it ends when `cut` is reached */

static void say(const char *status, const char *header, const char *body)
{
    s.out_len = (size_t)snprintf(s.out, sizeof s.out,
                                 "HTTP/1.1 %s X\r\n%sContent-Length: %u\r\n\r\n"
                                 "%s", status, header,
                                 (unsigned)strlen(body), body);
    s.out_at = 0;
    s.cut = strikes() ? chance((uint32_t)s.out_len) : s.out_len;
}

static void give_page(void)
{
    say("200", "", things_page(s.in, s.all, s.flow != BY_START));
}

static void give_urls(void)
{
    static char body[2048];
    size_t n;
    int i;
    if (s.flow == IMAGE) {
        say("200", "", "{\"value\":{\"image\":\"urn:li:image:1\",\"uploadUrl\":"
                       "\"https://www.linkedin.com/p/0\"}}");
        return;
    }
    n = (size_t)snprintf(body, sizeof body,
                         "{\"value\":{\"video\":\"urn:li:video:1\","
                         "\"uploadToken\":\"\",\"uploadInstructions\":[");
    for (i = 0; i < PARTS; i++)
        n += (size_t)snprintf(body + n, sizeof body - n,
                              "%s{\"uploadUrl\":\"https://www.linkedin.com/p/"
                              "%d\",\"firstByte\":%d,\"lastByte\":%d}",
                              i ? "," : "", i, i * PART, i * PART + PART - 1);
    snprintf(body + n, sizeof body - n, "]}}");
    say("200", "", body);
}

static void take_part(const char *bytes, size_t len)
{
    char tag[64];
    unsigned i = (unsigned)strtoul(s.in + 7, NULL, 10);
    CHECK(i < PARTS && len == (s.flow == IMAGE ? PARTS * PART : PART));
    memcpy(s.file + i * PART, bytes, len);
    s.part_acted[i]++;
    snprintf(tag, sizeof tag, "ETag: \"part-%u\"\r\n", i);
    say(s.flow == IMAGE ? "201" : "200", tag, "");
}

static void act(const char *body, size_t len)
{
    if (!strncmp(s.in, "PUT /p/", 7)) {
        take_part(body, len);
    } else if (strstr(s.in, "finalizeUpload")) {
        int i;
        char tag[32];
        for (i = 0; i < PARTS; i++) {
            snprintf(tag, sizeof tag, "\"part-%d\"", i);
            CHECK(strstr(body, tag));
        }
        s.finished++;
        say("200", "", "");
    } else if (strstr(s.in, "initializeUpload")) {
        give_urls();
    } else if (strstr(s.in, "POST /rest/posts")) {
        if (s.creates++)
            say("422", "", "{\"errorDetails\":{\"inputErrors\":[{\"code\":"
                           "\"DUPLICATE_POST\"}]},\"status\":422}");
        else
            say("201", "x-restli-id: urn:li:share:1\r\n", "");
    } else {
        give_page();
    }
}

/* ---- the transport */

/* Half of the flows are over a transport that does not block. */
static int nonblocking;

static int would_block(void)
{
    return nonblocking && !chance(3);
}

static int p_open(void *user, const char *host, unsigned port, int tls)
{
    (void)user, (void)host, (void)port, (void)tls;
    if (would_block())
        return LI_IO_WRITE;
    if (strikes())
        return LI_E_IO;
    connection = 1;
    s.in_len = s.out_len = 0;
    return 0;
}

static int p_send(void *user, const char *data, size_t len)
{
    const char *end, *length;
    size_t body;
    (void)user;
    if (would_block())
        return chance(2) ? LI_IO_WRITE : LI_IO_READ;
    if (strikes())
        return LI_E_CLOSED;
    if (chance(3) == 0 && len > 1)
        len = 1 + chance((uint32_t)len - 1);
    CHECK(s.in_len + len < sizeof s.in);
    memcpy(s.in + s.in_len, data, len);
    s.in_len += len;
    s.in[s.in_len] = 0;
    end = strstr(s.in, "\r\n\r\n");
    length = strstr(s.in, "Content-Length: ");
    body = length && end && length < end ? strtoul(length + 16, NULL, 10) : 0;
    if (!end || s.in_len < (size_t)(end + 4 - s.in) + body)
        return (int)len;
    if (strikes())
        say(chance(2) ? "503" : "500", "", "<html>"); /* has not acted */
    else if (strikes())
        say("429", "Retry-After: 0\r\n", "{}");
    else
        act(end + 4, body);
    s.in_len = 0;
    return (int)len;
}

static int p_recv(void *user, char *data, size_t cap)
{
    size_t left = s.cut - s.out_at;
    (void)user;
    if (would_block())
        return LI_IO_READ;
    if (!left)
        return s.cut < s.out_len && chance(2) ? LI_E_CLOSED : 0;
    left = left < cap ? left : cap;
    if (left > 1 && chance(2))
        left = 1 + chance((uint32_t)left - 1);
    memcpy(data, s.out + s.out_at, left);
    s.out_at += left;
    return (int)left;
}

static void p_close(void *user)
{
    (void)user;
}

static int p_sleep(void *user, uint32_t ms)
{
    (void)user, (void)ms;
    return nonblocking ? LI_IO_READ : 0;
}

/* ---- the flows */

static li_transport t;
static li_client me = {.access_token = "TOK", .version = "202609"};
static char mem[4096], buf[8192], memory[4096];
static li_call call;
static li_req req;
static unsigned expected, resumed;

static void run(void)
{
    li_rc rc;
    li_begin(&call, &me, &req, buf, sizeof buf);
    while ((rc = li_run(&call, &t)) > 0)
        if (rc == LI_WANT_SLEEP)
            li_tick(&call, call.wake_ms);
}

static li_rc take(void *user, li_str json)
{
    char want[32];
    (void)user;
    snprintf(want, sizeof want, "{\"n\":%u}", expected++);
    CHECK(li_equal(json, li_cstr(want)));
    return LI_OK;
}

static void list(void)
{
    static const li_rest rest = {.method = LI_GET_ALL, .path = "/things"};
    li_page page = {.rest = &rest, .element = take, .mem = memory,
                    .cap = sizeof memory, .count = 1 + chance(9),
                    .cursor = s.flow == BY_CURSOR};
    li_rc rc = LI_OK;
    expected = 0;
    s.all = chance(40);
    while (rc != LI_E_MISSING) {
        li_buf out = LI_BUF(mem);
        rc = li_page_req(&page, &req, &me, &out);
        if (rc)
            break;
        run();
        rc = li_page_end(&page, &call);
        resumed += rc != LI_OK;
        CHECK(rc != LI_E_PROTOCOL && rc != LI_E_JSON);
    }
    CHECK(rc == LI_E_MISSING && expected == s.all && page.handed == s.all);
}

static size_t from_file(void *user, uint64_t at, char *dst, size_t cap)
{
    size_t i, n = cap > 97 ? 97 : cap;
    (void)user;
    for (i = 0; i < n; i++)
        dst[i] = (char)((at + i) * 7 + ((at + i) >> 8));
    return n;
}

static void send_file(void)
{
    li_upload up = {.media = s.flow == VIDEO ? LI_VIDEO : LI_IMAGE,
                    .owner = "urn:li:person:1", .len = PARTS * PART,
                    .read = from_file, .mem = memory, .cap = sizeof memory};
    li_rc rc = LI_OK;
    unsigned i;
    while (rc != LI_E_MISSING) {
        li_buf out = LI_BUF(mem);
        rc = li_upload_req(&up, &req, &me, &out);
        if (rc)
            break;
        run();
        rc = li_upload_end(&up, &call);
        resumed += rc != LI_OK;
    }
    CHECK(rc == LI_E_MISSING && up.part == up.parts);
    for (i = 0; i < PARTS * PART; i++)
        CHECK(s.file[i] == (unsigned char)(i * 7 + (i >> 8)));
    CHECK(s.flow != VIDEO || s.finished >= 1);
}

/* Once; and once more where the answer was lost, which tells what became of
   the first. */
static void create(void)
{
    static const li_rest rest = {.method = LI_CREATE, .path = "/posts",
                                 .body = {"{\"commentary\":\"x\"}", 18}};
    li_buf out = LI_BUF(mem);
    unsigned before;
    li_rest_req(&req, &me, &rest, &out);
    run();
    CHECK(s.creates <= 1); /* whatever was tried */
    CHECK(!s.creates || call.sent);
    before = s.creates;
    if (li_check(&call) == LI_OK || !call.sent)
        return;
    per_mille = 0;
    li_hangup(&t);
    run();
    CHECK(li_check(&call) == (before ? LI_E_DUPLICATE : LI_OK));
}

int main(int argc, char **argv)
{
    static const uint32_t levels[] = {0, 10, 40, 100};
    unsigned long flows = argc > 1 ? strtoul(argv[1], NULL, 10) : 20000, i;
    unsigned long done[FLOWS] = {0};
    seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    for (i = 0; i < flows; i++, seed++) {
        chance_state = seed * 0x9e3779b97f4a7c15u + 1;
        memset(&s, 0, sizeof s);
        memset(&t, 0, sizeof t);
        t.open = p_open;
        t.send = p_send;
        t.recv = p_recv;
        t.close = p_close;
        t.sleep = p_sleep;
        me.again = chance(3) ? li_again : NULL;
        per_mille = levels[chance(4)];
        nonblocking = chance(2) == 0;
        s.flow = (enum flow)chance(FLOWS);
        done[s.flow]++;
        if (s.flow <= BY_CURSOR)
            list();
        else if (s.flow <= IMAGE)
            send_file();
        else
            create();
    }
    printf("%lu listings, %lu uploads, %lu creates; %u calls resumed\n",
           done[BY_START] + done[BY_CURSOR], done[VIDEO] + done[IMAGE],
           done[CREATE], resumed);
    return 0;
}
