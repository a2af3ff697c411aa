/* A whole client whose world is the fuzzer's bytes: they play the server, the
   connection, the clock, the token store and its lock. Each byte is a fate: 0,
   and what comes when none are left, is the one that lets the client go on, so
   that every input ends. What must hold whatever they decide:

   - a call ends within a bound of steps, and stays as it ended;
   - a token goes to its own host by TLS alone, the app's secret and the refresh
     token to the token endpoint alone, and none into a text for people;
   - what may have acted is not sent twice;
   - a success has the whole of what the server said, a listing every element
     once, and a file every byte once;
   - too little memory tells the need; the lock is given back;
   - a call may be moved in memory wherever it waits. */
#include "fuzz.h"

#define EPOCH 1793800000 /* a day in 2026 */

/* ---- the fates */

static const uint8_t *fates;
static size_t fates_left;

static unsigned fate(void)
{
    if (!fates_left)
        return 0;
    fates_left--;
    return *fates++;
}

static li_str fate_bytes(size_t most)
{
    li_str bytes;
    bytes.len = 4 * fate();
    bytes.len = bytes.len < most ? bytes.len : most;
    bytes.len = bytes.len < fates_left ? bytes.len : fates_left;
    bytes.ptr = (const char *)fates;
    fates += bytes.len;
    fates_left -= bytes.len;
    return bytes;
}

/* ---- the world */

enum kind { PROFILE, CREATE, BY_START, BY_CURSOR, IMAGE, DOCUMENT, VIDEO,
            SIGN_IN, KINDS };
enum { PARTS = 4, FILE_MAX = PARTS * 256 };

static struct world {
    enum kind kind;
    uint64_t ms;
    int64_t drift;              /* of the wall clock                         */
    unsigned issued, locked, creates, pages, ops;
    unsigned all, parts, part;  /* elements; parts, and how long each is     */
    size_t len;                 /* of the file                               */
    unsigned char file[FILE_MAX], came[FILE_MAX];
    int told;
    int leased;    /* another call of this process refreshes the token       */
    int hostile;   /* the server has said what LinkedIn does not say         */
    int may_have_acted;
    char stored[1024];
    size_t stored_len;
    /* the connection */
    int open, tls;
    unsigned port;
    char host[LI_MAX_HOST + 1], in[8192], out[8192], body[4096], *cut;
    size_t in_len, out_len, out_at;
    int ends;      /* how it ends behind out: 0, or an LI_E_                 */
    int whole;     /* body is what a success must have; -1: there is none    */
    int to_end;    /* whatever came behind it would be its body              */
} w;

static li_client me;
static li_token token;
static li_policy policy;
static uint16_t budget;
static char mem[8192], taken[8192];
static size_t taken_len;
static li_call *call;
static li_req req;

/* ---- what is said is not what is secret */

/* Not what is to be reached: its branches would but be counted. */
#if defined(__clang__)
__attribute__((no_sanitize("coverage")))
#endif
static int has(const char *text, size_t len, const char *what)
{
    size_t n = strlen(what), i;
    for (i = 0; i + n <= len; i++)
        if (text[i] == *what && !memcmp(text + i, what, n))
            return 1;
    return 0;
}

static int ends_in(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && li__same_nocase(li__str(text + n - m, m), li_cstr(end));
}

static int at_home(void)
{
    return ends_in(w.host, ".linkedin.com") || ends_in(w.host, ".licdn.com");
}

/* Of the request so far: each secret is where it may be. */
static void guard(size_t from)
{
    const char *text = w.in + (from > 48 ? from - 48 : 0);
    size_t n = (size_t)(w.in + w.in_len - text);
    int upload = w.kind == IMAGE || w.kind == DOCUMENT || w.kind == VIDEO;
    if (has(text, n, "RT-SECRET") || has(text, n, "CS-SECRET"))
        CLAIM(w.port == 443 && !strcmp(w.host, "www.linkedin.com") &&
              !strncmp(w.in, "POST /oauth/v2/accessToken ", 27));
    if (!has(text, n, "AT-SECRET"))
        return;
    CLAIM(w.tls && w.port && at_home());
    if (!upload)
        CLAIM(w.port == 443 && !strcmp(w.host, "api.linkedin.com"));
    if (w.kind == VIDEO)
        CLAIM(strncmp(w.in, "PUT /p/", 7));
}

static void guard_text(const char *text, size_t cap)
{
    CLAIM(memchr(text, 0, cap) && !strstr(text, "SECRET"));
}

static void trace(void *user, const li_call *of, const char *step)
{
    char line[400];
    li_buf out = LI_BUF(line);
    CLAIM(user == &w);
    li_log(of, step, &out);
    guard_text(line, sizeof line);
}

/* ---- the server */

static void out_put(const char *text, size_t len)
{
    size_t room = sizeof w.out - w.out_len;
    len = len < room ? len : room;
    memcpy(w.out + w.out_len, text, len);
    w.out_len += len;
}

static void out_text(const char *text)
{
    out_put(text, strlen(text));
}

static void chunks(size_t len)
{
    char line[32];
    size_t at, n;
    for (at = 0; at < len; at += n) {
        n = fate();
        n = n && n < len - at ? n : len - at;
        snprintf(line, sizeof line, fate() & 1 ? "%zX;x=\"y\"\r\n" : "%zx\r\n",
                 n);
        out_text(line);
        out_put(w.body + at, n);
        out_text("\r\n");
    }
    out_text(fate() & 1 ? "0\r\nX-Trailer: 1\r\n\r\n" : "0\r\n\r\n");
}

/* An answer of w.body in one of the three framings. */
static void say(const char *status, const char *headers)
{
    unsigned framing = fate() % 8;
    size_t len = strlen(w.body);
    char line[64];
    if (fate() == 1)
        out_text("HTTP/1.1 100 Continue\r\n\r\n");
    out_text("HTTP/1.1 ");
    out_text(status);
    out_text("\r\n");
    out_text(headers);
    if (framing == 1) {
        out_text("Transfer-Encoding: chunked\r\n\r\n");
        chunks(len);
    } else if (framing == 2) {
        out_text("\r\n");
        out_put(w.body, len);
    } else {
        snprintf(line, sizeof line, "Content-Length: %zu\r\n%s\r\n", len,
                 framing == 3 ? "Connection: close\r\n" : "");
        out_text(line);
        out_put(w.body, len);
    }
    w.ends = framing == 2 && fate() == 1 ? LI_E_CLOSED : 0;
    w.whole = 1;
    w.to_end = framing == 2;
    if (framing != 2 && fate() == 1) { /* nobody can tell a cut there */
        w.out_len = w.out_len * fate() / 256;
        w.ends = fate() & 1 ? LI_E_CLOSED : 0;
        w.whole = -1;
        w.to_end = 1;
    }
}

static unsigned asked(const char *name, unsigned other)
{
    const char *at = strstr(w.in, name);
    return at ? (unsigned)strtoul(at + strlen(name), NULL, 10) : other;
}

static void give_page(void)
{
    int by_start = w.kind == BY_START;
    unsigned start = asked("start=", asked("pageToken=t", 0)), i, end;
    size_t n = (size_t)snprintf(w.body, sizeof w.body, "{\"elements\":[");
    end = start + asked(by_start ? "count=" : "pageSize=", 3);
    end = end < w.all ? end : w.all;
    for (i = start; i < end; i++)
        n += (size_t)snprintf(w.body + n, sizeof w.body - n, "%s{\"n\":%u}",
                              i > start ? "," : "", i);
    if (by_start)
        snprintf(w.body + n, sizeof w.body - n,
                 "],\"paging\":{\"start\":%u,\"count\":%u,\"total\":%u}}",
                 start, 3, w.all);
    else if (end < w.all)
        snprintf(w.body + n, sizeof w.body - n,
                 "],\"metadata\":{\"nextPageToken\":\"t%u\"}}", end);
    else
        snprintf(w.body + n, sizeof w.body - n, "],\"metadata\":{}}");
    say("200 OK", "");
}

/* Where bytes are to go: to LinkedIn, as a rule. */
static const char *a_place(void)
{
    static const char *const places[] = {
        "https://www.linkedin.com", "https://dms.licdn.com:444",
        "https://UP.example", "https://evil.example",
        "http://www.linkedin.com", "https://www.linkedin.com.evil.example",
        "https://evil.example\\\\@www.linkedin.com", "https://u@up.example"};
    unsigned i = fate();
    i = i < 8 ? i : 0;
    if (i > 2 || (i == 2 && w.kind != VIDEO))
        w.hostile = 1;
    return places[i];
}

static void give_places(void)
{
    size_t n;
    unsigned i;
    if (w.kind != VIDEO) {
        const char *kind = w.kind == IMAGE ? "image" : "document";
        snprintf(w.body, sizeof w.body,
                 "{\"value\":{\"%s\":\"urn:li:%s:1\","
                 "\"uploadUrl\":\"%s/p/0\"}}", kind, kind, a_place());
        say("200 OK", "");
        return;
    }
    n = (size_t)snprintf(w.body, sizeof w.body,
                         "{\"value\":{\"video\":\"urn:li:video:1\","
                         "\"uploadToken\":\"up\",\"thumbnailUploadUrl\":\"%s"
                         "/thumb\",\"captionsUploadUrl\":\"%s/captions\","
                         "\"uploadInstructions\":[", a_place(), a_place());
    for (i = 0; i < w.parts; i++)
        n += (size_t)snprintf(
            w.body + n, sizeof w.body - n, "%s{\"uploadUrl\":\"%s/p/%u\","
            "\"firstByte\":%u,\"lastByte\":%u}", i ? "," : "", a_place(), i,
            i * w.part, (i + 1) * w.part - 1);
    snprintf(w.body + n, sizeof w.body - n, "]}}");
    say("200 OK", "");
}

static void take_part(const char *bytes, size_t len)
{
    unsigned i = (unsigned)strtoul(w.in + 7, NULL, 10);
    size_t at = i * (size_t)w.part, k;
    if (at + len > w.len) { /* made up by hostile instructions */
        CLAIM(w.hostile);
        at = len = 0;
    }
    for (k = 0; k < len; k++) {
        w.file[at + k] = (unsigned char)bytes[k];
        w.came[at + k] = 1;
    }
    w.body[0] = 0;
    say("201 Created", "ETag: \"part\"\r\n");
}

static void act(const char *body, size_t len)
{
    if (!strncmp(w.in, "PUT /p/", 7)) {
        take_part(body, len);
    } else if (strstr(w.in, "initializeUpload")) {
        give_places();
    } else if (strstr(w.in, "GET /rest/things")) {
        give_page();
    } else if (strstr(w.in, "POST /oauth/v2/accessToken")) {
        snprintf(w.body, sizeof w.body,
                 "{\"access_token\":\"AT-SECRET-%u\",\"expires_in\":%u,"
                 "\"refresh_token\":\"RT-SECRET\",\"id_token\":\"e30.e30.x\"}",
                 ++w.issued, 60 * fate());
        say("200 OK", "");
    } else if (strstr(w.in, "POST /rest/posts")) {
        w.creates++;
        w.body[0] = 0;
        say("201 Created", "x-restli-id: urn:li:share:1\r\n");
    } else {
        snprintf(w.body, sizeof w.body, "{\"sub\":\"s%u\",\"name\":\"Ann\"}",
                 fate());
        say("200 OK", "");
    }
}

/* The caller's token, back in words that LinkedIn might write. */
static void echo(void)
{
    const char *at = strstr(w.in, "AT-SECRET");
    snprintf(w.body, sizeof w.body,
             "{\"status\":403,\"message\":\"no: %.*s.\"}",
             at ? (int)strcspn(at, "\r") : 0, at ? at : "");
    say("403 Forbidden", "");
}

static void refuse(unsigned how)
{
    static const struct { const char *status, *headers, *body; } rows[] = {
        {"401 Unauthorized", "", "{\"serviceErrorCode\":65602}"},
        {"401 Unauthorized", "", "{\"serviceErrorCode\":65601}"},
        {"429 Too Many Requests", "Retry-After: 3\r\n", "{}"},
        {"429 Too Many Requests", "", "{\"message\":\"APPLICATION DAY\"}"},
        {"503 Service Unavailable", "", "<html>"},
        {"500 Internal Server Error", "Retry-After: Fri, 06 Nov 2026 "
         "08:49:37 GMT\r\n", "{\"status\":500}"},
        {"400 Bad Request", "", "{\"error\":\"invalid_grant\"}"},
        {"307 Temporary Redirect", "Location: https://evil.example/\r\n", ""},
        {"422 X", "", "{\"errorDetails\":{\"inputErrors\":[{\"code\":"
         "\"DUPLICATE_POST\",\"input\":{\"inputPath\":{\"fieldPath\":\"a\"}}"
         "}]},\"message\":\"again\"}"},
        {"426 Upgrade Required", "", "{\"code\":\"NONEXISTENT_VERSION\"}"},
        {"404 Not Found", "Content-Encoding: gzip\r\n", "x"},
        {"204 No Content", "", ""}, {"408 Request Timeout", "", ""},
        {"501 Not Implemented", "Retry-After: 9\r\n", ""},
        {"505 X", "", "{}"}, {"304 Not Modified", "", ""},
        {"429 X", "Retry-After: 5000000\r\n", "{}"},
        {"200 OK", "Transfer-Encoding: chunked\r\n", "x"}};
    if (how >= sizeof rows / sizeof *rows) {
        echo();
        return;
    }
    w.hostile |= how == 11 || how == 17;
    snprintf(w.body, sizeof w.body, "%s", rows[how].body);
    say(rows[how].status, rows[how].headers);
}

static void answer(const char *body, size_t len)
{
    unsigned how = fate();
    w.out_len = w.out_at = 0;
    w.whole = w.ends = w.to_end = 0;
    if (how == 1) { /* any bytes */
        li_str bytes = fate_bytes(2000);
        w.hostile = 1;
        out_put(bytes.ptr, bytes.len);
    } else if (how == 2) { /* any body */
        li_str bytes = fate_bytes(2000);
        w.hostile = 1;
        snprintf(w.body, sizeof w.body, "%.*s", (int)bytes.len, bytes.ptr);
        say("200 OK", "ETag: x\r\n");
    } else if (how == 3) {
        w.ends = LI_E_CLOSED; /* gone, and perhaps it has acted */
        w.creates += strstr(w.in, "POST /rest/posts") && fate() == 1;
    } else if (how >= 4 && how < 23) {
        refuse(how - 4);
    } else {
        act(body, len);
    }
    if (!w.to_end && fate() == 1)
        out_text("HTTP/1.1 200 OK\r\n"); /* nobody asked for that */
}

/* ---- the connection */

static int p_open(void *user, const char *host, unsigned port, int tls)
{
    static const int ends[] = {LI_E_IO, LI_E_DNS, LI_E_TLS, LI_E_TIMEOUT,
                               LI_E_CLOSED, -77, LI_IO_WRITE, LI_IO_READ};
    unsigned how = fate();
    CLAIM(user == &w && tls && strlen(host) <= LI_MAX_HOST);
    w.ops++;
    snprintf(w.host, sizeof w.host, "%s", host);
    w.port = port;
    w.tls = tls;
    CLAIM(at_home() || (w.kind == VIDEO && li__is_nocase(li_cstr(host),
                                                         "up.example")));
    if (how >= 1 && how <= 8)
        return ends[how - 1];
    w.open = 1;
    w.in_len = w.out_len = w.out_at = 0;
    w.ends = 0;
    return 0;
}

static int p_send(void *user, const char *data, size_t len)
{
    static const int ends[] = {LI_E_CLOSED, LI_E_IO, LI_E_TIMEOUT, 0,
                               LI_IO_WRITE, LI_IO_READ};
    unsigned how = fate();
    const char *end, *length;
    size_t body, before = w.in_len;
    CLAIM(user == &w && w.open && len);
    w.ops++;
    if (how >= 1 && how <= 6)
        return ends[how - 1];
    if (how == 7) { /* it says no before it has all, and reads no more */
        w.out_len = w.out_at = 0;
        snprintf(w.body, sizeof w.body, "{\"status\":413}");
        say("413 Content Too Large", "Connection: close\r\n");
        return LI_E_CLOSED;
    }
    len = how >= 8 && how < 32 && how < len ? how : len;
    CLAIM(w.in_len + len < sizeof w.in);
    memcpy(w.in + w.in_len, data, len);
    w.in_len += len;
    w.in[w.in_len] = 0;
    guard(before);
    if (!before && w.kind == CREATE && !strncmp(w.host, "api.", 4)) {
        CLAIM(!w.may_have_acted);
        w.may_have_acted = 1;
    }
    end = strstr(w.in, "\r\n\r\n");
    length = strstr(w.in, "Content-Length: ");
    body = length && end && length < end ? strtoul(length + 16, NULL, 10) : 0;
    if (!end || w.in_len < (size_t)(end + 4 - w.in) + body)
        return (int)len;
    answer(end + 4, body);
    w.in_len = 0;
    /* who says 401 or 429 has not acted */
    if (strstr(w.out, " 401 ") || strstr(w.out, " 429 "))
        w.may_have_acted = 0;
    return (int)len;
}

static int p_recv(void *user, char *data, size_t cap)
{
    static const int ends[] = {LI_E_CLOSED, LI_E_IO, LI_E_TIMEOUT,
                               LI_IO_WRITE, LI_IO_READ};
    unsigned how = fate();
    size_t left = w.out_len - w.out_at;
    CLAIM(user == &w && w.open && cap);
    w.ops++;
    if (how >= 1 && how <= 5)
        return ends[how - 1];
    if (!left)
        return w.ends;
    left = left < cap ? left : cap;
    left = how >= 8 && how < 32 && how - 7 < left ? how - 7 : left;
    memcpy(data, w.out + w.out_at, left);
    w.out_at += left;
    return (int)left;
}

static void p_close(void *user)
{
    CLAIM(user == &w);
    w.open = 0;
    w.in_len = w.out_len = w.out_at = 0;
}

static int p_alive(void *user)
{
    return user == &w && w.open && fate() != 1;
}

static uint64_t p_ms(void *user)
{
    (void)user;
    return w.ms;
}

static int p_sleep(void *user, uint32_t ms)
{
    (void)user;
    if (fate() & 1)
        return LI_IO_READ;
    w.ms += ms;
    return 0;
}

static uint32_t p_wake(void *user)
{
    (void)user;
    return 10;
}

/* ---- the hooks */

static int64_t now(void *user)
{
    (void)user;
    return EPOCH + w.drift + (int64_t)(w.ms / 1000);
}

static li_rc random_bytes(void *user, void *dst, size_t len)
{
    (void)user;
    memset(dst, (int)fate(), len);
    return fate() == 1 ? LI_E_IO : LI_OK;
}

static li_rc save(void *user, const li_token *t)
{
    li_buf out = LI_BUF(w.stored);
    (void)user;
    if (fate() == 1)
        return LI_E_IO;
    w.stored_len = li_token_put(t, &out) ? 0 : out.len;
    return LI_OK;
}

/* Another process may have been there. */
static li_rc load(void *user, li_token *t)
{
    unsigned how = fate();
    (void)user;
    if (how == 1)
        return LI_E_IO;
    if (how == 2) {
        li_str any = fate_bytes(300);
        return li_token_read(t, any, NULL);
    }
    if (how == 3)
        w.stored_len = (size_t)snprintf(
            w.stored, sizeof w.stored, "{\"access_token\":\"AT-SECRET-%u\","
            "\"expires_in\":5000,\"issued_at\":%lld,\"refresh_token\":"
            "\"RT-SECRET\"}", ++w.issued, (long long)now(NULL));
    if (!w.stored_len)
        return LI_E_MISSING;
    return li_token_read(t, li__str(w.stored, w.stored_len), NULL);
}

static li_rc lock(void *user, int on)
{
    unsigned how = on ? fate() : 0;
    (void)user;
    if (how == 1 || how == 2)
        return how == 1 ? LI_WANT_SLEEP : LI_E_STORE;
    CLAIM(w.locked != (unsigned)on);
    w.locked = (unsigned)on;
    return LI_OK;
}

/* ---- a call is driven, and judged */

static char *work;
static size_t work_cap;
static li_transport via;

static void move_call(void)
{
    li_call *other;
    if (fate() != 1)
        return;
    other = (li_call *)malloc(sizeof *other);
    *other = *call;
    memset(call, 0x5a, sizeof *call);
    free(call);
    call = other;
}

/* It waits; so time goes by, and what it waits for may never come. */
static void wait_a_bit(li_rc want)
{
    unsigned how = fate();
    uint64_t step = how >= 8 ? how : 1;
    if (w.leased && how != 5) /* now it has done so */
        token.priv.lease = 0, w.leased = 0;
    if (want == LI_WANT_SLEEP || how == 1) {
        CLAIM(want != LI_WANT_SLEEP || call->wake_ms != UINT64_MAX);
        if (call->wake_ms != UINT64_MAX && call->wake_ms > w.ms)
            w.ms = call->wake_ms;
    } else {
        w.ms += step;
    }
    if (how == 2)
        li_fail(call, LI_E_CANCELLED), li_hangup(&via);
    else if (how == 3)
        w.drift += 40 * (int64_t)fate();
    else if (how == 4)
        w.drift -= 40 * (int64_t)fate();
    else if (want == LI_WANT_SLEEP && !via.ms)
        li_tick(call, w.ms);
    move_call();
}

static void bounded(size_t fates_before)
{
    CLAIM(w.ops <= call->bytes_in + call->bytes_out + 400 +
                       (fates_before - fates_left));
}

static li_rc by_run(size_t before)
{
    li_rc rc;
    while ((rc = li_run(call, &via)) > 0) {
        w.ops++;
        bounded(before);
        wait_a_bit(rc);
    }
    return rc;
}

static void window(li_rc want)
{
    size_t room = 0, again = 0;
    char *in = li_in_buf(call, &room);
    li_str out = li_out_buf(call), same = li_out_buf(call);
    int n;
    CLAIM(out.ptr == same.ptr && out.len == same.len);
    CLAIM(in == li_in_buf(call, &again) && room == again);
    if (want == LI_WANT_READ) {
        CLAIM(in >= work && room && in + room <= work + work_cap);
        n = p_recv(&w, in, room);
        if (n > 0)
            li_in_ack(call, (size_t)n);
        else if (!n)
            li_in_eof(call);
    } else {
        CLAIM(out.len);
        n = p_send(&w, out.ptr, out.len);
        if (n > 0)
            li_out_ack(call, (size_t)n);
        else if (!n)
            n = LI_E_IO;
    }
    if (n <= LI_E_ARG)
        li_fail(call, (li_rc)n);
    else if (n < 0)
        wait_a_bit(want);
}

static li_rc by_windows(size_t before)
{
    int open = 0;
    li_rc rc;
    li_tick(call, w.ms);
    while ((rc = li_step(call)) > 0) {
        bounded(before);
        if (rc == LI_WANT_OPEN) {
            li_url to;
            char host[LI_MAX_HOST + 1];
            int n;
            CLAIM(!li_target(call, &to) && to.tls);
            if (open)
                p_close(&w);
            snprintf(host, sizeof host, "%.*s", (int)to.host.len, to.host.ptr);
            n = p_open(&w, host, to.port, to.tls);
            open = 1;
            if (!n)
                li_opened(call, 0);
            else if (n == LI_IO_READ || n == LI_IO_WRITE)
                wait_a_bit(rc);
            else
                li_fail(call, n == -77 ? LI_E_IO : (li_rc)n);
        } else if (rc == LI_WANT_SLEEP) {
            w.ops++;
            wait_a_bit(rc);
        } else {
            window(rc);
        }
        if (call->rc > 0)
            li_tick(call, w.ms);
    }
    p_close(&w);
    return rc;
}

/* With a token that is refreshed, the refresh's own errors come as well. */
static void judge_rc(li_rc rc)
{
    int narrow = rc == LI_OK || rc == LI_E_SPACE || rc == LI_E_ARG ||
                 rc == LI_E_LIMIT || (rc <= LI_E_IO && rc >= LI_E_CANCELLED);
    CLAIM(rc <= 0 && rc >= LI_E_DUPLICATE && rc != LI_IO_READ &&
          rc != LI_IO_WRITE && rc != LI_E_STATE);
    CLAIM(narrow || (me.again && me.token) || req.sink);
    CLAIM(rc != LI_E_ARG || call->wrong || req.wrong);
    if (rc == LI_E_SPACE)
        CLAIM(!call->need || call->need > work_cap || call->refreshed);
}

static void judge(li_rc rc)
{
    char text[2000];
    li_buf out = LI_BUF(text);
    CLAIM(rc == call->rc && li_step(call) == rc && li_run(call, &via) == rc);
    judge_rc(rc);
    CLAIM(!w.locked && (!token.priv.lease || w.leased));
    CLAIM(call->req == &req);
    CLAIM(!w.creates || call->sent);
    CLAIM(w.creates <= 1);
    CLAIM(rc || call->status >= 200);
    if (!rc && !req.sink && call->status / 100 == 2 && w.whole && !w.hostile)
        CLAIM(w.whole == 1 && li_equal(call->body, li_cstr(w.body)));
    if ((!rc && call->status == 200) || w.told++)
        return; /* one story is enough: telling takes the longest */
    li_explain(call, rc, &out);
    guard_text(text, sizeof text);
    li_to_curl(call, &out);
    guard_text(text, sizeof text);
}

static li_rc run(void)
{
    size_t before = fates_left;
    li_rc rc;
    unsigned how = fate();
    w.ops = 0;
    free(work);
    work_cap = how & 1 ? 300 + 4 * fate() : 6000;
    work = (char *)malloc(work_cap);
    rc = li_begin(call, &me, &req, work, work_cap);
    if (rc == LI_E_SPACE && call->need) {
        CLAIM(call->need > work_cap);
        work_cap = call->need;
        free(work);
        work = (char *)malloc(work_cap);
        CLAIM(li_begin(call, &me, &req, work, work_cap) != LI_E_SPACE);
    }
    w.ms += how & 2 ? 1000 : 1;
    rc = how & 4 ? by_windows(before) : by_run(before);
    if (how & 4)
        li_hangup(&via);
    judge(rc);
    return rc;
}

/* ---- the flows */

static li_rc element(void *user, li_str json)
{
    char want[32];
    (void)user;
    snprintf(want, sizeof want, "{\"n\":%u}", w.pages);
    CLAIM(w.hostile || li_equal(json, li_cstr(want)));
    w.pages++;
    return fate() == 1 ? LI_E_CANCELLED : LI_OK;
}

static void list(void)
{
    static const li_rest rest = {.method = LI_GET_ALL, .path = "/things",
                                 .query = {"{\"a\":[1]}", 9}};
    li_page page = {.rest = &rest, .element = element, .count = 3,
                    .cursor = w.kind == BY_CURSOR};
    li_rc rc = LI_OK;
    unsigned i, cancelled = 0;
    page.cap = 16 + 2 * fate();
    page.mem = (char *)malloc(page.cap);
    w.all = fate() % 16;
    for (i = 0; i < 40 && !cancelled; i++) {
        li_buf out = LI_BUF(mem);
        if ((rc = li_page_req(&page, &req, &me, &out)) != 0)
            break;
        run();
        rc = li_page_end(&page, call);
        cancelled = rc == LI_E_CANCELLED;
        CLAIM(page.handed <= w.pages && page.handed + cancelled >= w.pages);
        if (rc == LI_E_SPACE && !call->need)
            CLAIM(page.need > page.cap);
        CLAIM(w.hostile || (rc != LI_E_PROTOCOL && rc != LI_E_JSON &&
                            rc != LI_E_TYPE) || call->rc);
        if (rc == LI_E_SPACE)
            break;
    }
    CLAIM(i == 40 || rc);
    if (rc == LI_E_MISSING && !w.hostile)
        CLAIM(w.pages == w.all);
    free(page.mem);
}

static size_t from_file(void *user, uint64_t at, char *dst, size_t cap)
{
    unsigned how = fate();
    size_t i, n = how >= 8 && how < 40 && how < cap ? how : cap;
    CLAIM(user == &w && at < w.len && cap && at + cap <= w.len);
    if (how == 1)
        return 0;
    for (i = 0; i < n; i++)
        dst[i] = (char)((at + i) * 7 + ((at + i) >> 8));
    return n;
}

static void send_file(void)
{
    li_upload up = {.media = (li_media)(w.kind - IMAGE + LI_IMAGE),
                    .owner = "urn:li:person:1", .read = from_file, .user = &w,
                    .hosts = "x.example up.example"};
    li_rc rc = LI_OK;
    size_t i;
    w.parts = w.kind == VIDEO ? 1 + fate() % PARTS : 1;
    w.part = 1 + fate() % 256;
    up.len = w.len = w.parts * (size_t)w.part;
    if (w.kind == VIDEO && fate() & 1)
        up.thumbnail = LI_STR("picture");
    if (w.kind == VIDEO && fate() & 1)
        up.captions = LI_STR("1\n00:00:00,000 --> 00:00:01,000\nHello\n");
    up.cap = 200 + 8 * fate();
    up.mem = (char *)malloc(up.cap);
    for (i = 0; i < 40; i++) {
        li_buf out = LI_BUF(mem);
        if ((rc = li_upload_req(&up, &req, &me, &out)) != 0)
            break;
        run();
        rc = li_upload_end(&up, call);
        if (rc == LI_E_SPACE && !call->rc)
            CLAIM(up.need > up.cap);
        if (rc == LI_E_SPACE || up.part > up.parts)
            break;
        CLAIM(w.hostile || call->rc || call->status != 200 || !rc);
    }
    CLAIM(up.part <= up.parts);
    if (rc == LI_E_MISSING && !req.wrong && !w.hostile)
        for (i = 0; i < w.len; i++)
            CLAIM(w.came[i] &&
                  w.file[i] == (unsigned char)(i * 7 + (i >> 8)));
    free(up.mem);
}

static void create(void)
{
    static const li_rest rest = {.method = LI_CREATE, .path = "/posts",
                                 .body = {"{\"commentary\":\"x\"}", 18}};
    li_buf out = LI_BUF(mem);
    CLAIM(!li_rest_req(&req, &me, &rest, &out));
    run();
}

static li_rc sink(void *user, li_str piece)
{
    (void)user;
    CLAIM(!me.again || call->status / 100 == 2);
    if (taken_len + piece.len <= sizeof taken)
        memcpy(taken + taken_len, piece.ptr, piece.len);
    taken_len += piece.len;
    return fate() == 1 ? LI_E_CANCELLED : LI_OK;
}

static void read_profile(void)
{
    li_profile who;
    li_buf out = LI_BUF(mem);
    li_rc rc;
    req.path = "/v2/userinfo";
    req.sink = fate() & 1 ? sink : NULL;
    rc = run();
    if (!rc && req.sink && call->status == 200 && w.whole && !w.hostile)
        CLAIM(w.whole == 1 &&
              li_equal(li__str(taken, taken_len), li_cstr(w.body)));
    rc = li_profile_read(&who, call, &out);
    CLAIM((rc == LI_OK) == (who.id.len > 0));
}

static void sign_in(void)
{
    static char url[800], code[300];
    li_flow flow = {.state = "the-state"};
    li_buf to = LI_BUF(url), out = LI_BUF(code), text = LI_BUF(mem);
    li_str back = LI_STR("http://localhost/cb?code=c%2F1&state=the-state");
    li_str whole;
    li_url at;
    li_problem why;
    li_profile who;
    flow.trust_tls = 1;
    if (li_oauth_url(&flow, &me, "openid", &to))
        return;
    if (fate() == 1)
        back = fate_bytes(300);
    if (li_oauth_redirect(&flow, back, &out, &why))
        return;
    whole = back;
    CLAIM(!li_url_split(li__upto(&whole, '#'), &at) && !at.tls &&
          at.port == 80 && li__is_nocase(at.host, "localhost") &&
          li__same(at.path, LI_STR("/cb")) &&
          has(back.ptr, back.len, "the-state"));
    CLAIM(!li_oauth_req(&req, &me, LI_GRANT_CODE, code, &flow));
    if (run() || li_check(call))
        return;
    if (li_token_read(&token, call->body, &me) == LI_E_SPACE)
        CLAIM(token.need > token.cap);
    CLAIM(li_id_token_read(&who, &me, &flow, li__str(NULL, 0), &text));
}

/* ---- all together */

static void begin_world(void)
{
    unsigned how = fate(), more = fate();
    char json[200];
    li_transport plain = {p_open, p_send, p_recv, p_close,
                          how & 1 ? p_alive : NULL, how & 2 ? NULL : p_ms,
                          how & 4 ? p_sleep : NULL, NULL,
                          how & 8 && !(how & 2) ? p_wake : NULL, "\x1b[31m why",
                          &w, {{0}, 0, 0, 0}};
    li_client app = {.client_id = "app", .client_secret = "CS-SECRET",
                     .redirect_uri = "http://localhost/cb",
                     .version = "202609", .now = now, .random = random_bytes,
                     .trace = (how & 144) == 128 ? trace : NULL, .user = &w,
                     .policy = &policy};
    li_policy patience = {.connect_ms = 50, .first_byte_ms = 90,
                          .idle_ms = 40, .total_ms = 9000};
    via = plain;
    me = app;
    memset(&policy, 0, sizeof policy);
    if (more & 1)
        policy = patience;
    policy.tries = (uint8_t)(more >> 4);
    how = how & 31 ? how : how | fate() << 8; /* what is rarely set */
    policy.backoff_ms = how & 256 ? 20 : 0;
    policy.wait_max_ms = how & 512 ? 5000 : 0;
    policy.budget = how & 1024 ? &budget : NULL;
    budget = how & 2048 ? 12 : 499;
    me.random = how & 4096 ? NULL : random_bytes;
    me.again = more & 2 ? NULL : li_again;
    me.load = more & 4 ? load : NULL;
    me.save = save;
    me.lock = more & 8 ? lock : NULL;
    me.token = &token;
    memset(&token, 0, sizeof token);
    token.cap = how & 16 ? 60 + fate() : 600;
    token.mem = (char *)malloc(token.cap);
    snprintf(json, sizeof json, "{\"access_token\":\"AT-SECRET-1\","
             "\"expires_in\":%u%s}", how & 32 ? 5 : 5000,
             how & 64 ? "" : ",\"refresh_token\":\"RT-SECRET\"");
    w.issued = 1;
    if (li_token_read(&token, li_cstr(json), &me)) {
        me.token = NULL;
        me.access_token = "AT-SECRET-1";
    }
    if (how & 8192) {
        token.priv.lease = 77;
        token.priv.since = now(NULL);
        w.leased = 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (has((const char *)data, size, "ECRET"))
        return 0; /* a word that the fuzzer made up would count as leaked */
    fates = data;
    fates_left = size;
    memset(&w, 0, sizeof w);
    memset(&req, 0, sizeof req);
    taken_len = 0;
    w.kind = (enum kind)(fate() % KINDS);
    call = (li_call *)malloc(sizeof *call);
    work = NULL;
    begin_world();
    switch (w.kind) {
    case PROFILE: read_profile(); break;
    case CREATE: create(); break;
    case BY_START:
    case BY_CURSOR: list(); break;
    case SIGN_IN: sign_in(); break;
    default: send_file(); break;
    }
    li_hangup(&via);
    CLAIM(!w.open);
    free(work);
    free(call);
    free(token.mem);
    return 0;
}
