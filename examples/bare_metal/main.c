/* main.c - a sign-in, a refresh and GET /v2/me on a board without an operating
   system: no heap, no files, no threads, every byte of an answer by itself.

   LinkedIn is played by peer_heard() here; on a device its place is taken by a
   TLS stack over a modem. The clock and the random bytes are played likewise: a
   device reads its RTC and its TRNG. `sh examples/bare_metal/run.sh` builds it
   for a Cortex-M3 and an ATmega, and runs it in qemu and simavr. */
#define LINKEDIN_STATIC
#define LINKEDIN_IMPLEMENTATION
#include "../../linkedin.h"

#include "board.h"

static char work[1536], kept[384], text[640];
static int64_t seconds = 1796083200; /* 2026-11-30 */

static int64_t clock_now(void *user)
{
    (void)user;
    return seconds;
}

static li_rc random_bytes(void *user, void *dst, size_t len)
{
    static uint8_t next = 1;
    (void)user;
    while (len--)
        ((uint8_t *)dst)[len] = next = (uint8_t)(next * 5 + 3);
    return LI_OK;
}

/* ---- LinkedIn */

#define TOKEN(access, refresh) \
    "{\"access_token\":\"" access "\",\"expires_in\":5184000," \
    "\"refresh_token\":\"" refresh "\",\"refresh_token_expires_in\":31536000," \
    "\"scope\":\"r_basicprofile\",\"token_type\":\"Bearer\"}"

static struct {
    char line[20];      /* how the request begins                            */
    uint8_t n, end, refresh, new_token;
    const char *answer; /* what is still to be said of it                    */
} peer;

/* Takes the request's bytes, and looks at three things in them. */
static void peer_heard(char c)
{
    static const char refresh[] = "=refresh_token", bearer[] = "Bearer AQW2";
    static uint8_t at[2];
    if (peer.n < sizeof peer.line)
        peer.line[peer.n++] = c;
    at[0] = c == refresh[at[0]] ? (uint8_t)(at[0] + 1) : 0;
    at[1] = c == bearer[at[1]] ? (uint8_t)(at[1] + 1) : 0;
    if (!refresh[at[0]]) peer.refresh = 1, at[0] = 0;
    if (!bearer[at[1]]) peer.new_token = 1, at[1] = 0;
}

static const char *peer_answer(void)
{
    li_str line = LI_VIEW(peer.line, 11);
    if (li_equal(line, LI_STR("POST /oauth")))
        return peer.refresh ? TOKEN("AQW2", "AQX2") : TOKEN("AQW1", "AQX1");
    if (li_equal(line, LI_STR("GET /v2/me ")) && peer.new_token)
        return "{\"id\":\"782bbtaQ\",\"localizedFirstName\":\"Ann\","
               "\"localizedLastName\":\"Bee\"}";
    return "{\"status\":401,\"message\":\"no\"}";
}

static void peer_opened(void)
{
    peer.n = peer.refresh = peer.new_token = 0;
    peer.answer = NULL;
}

/* One more byte of the answer; 0: there is none. */
static int peer_says(char *c)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    if (!peer.answer) {
        peer.answer = head;
        peer.end = 0;
    }
    if (!*peer.answer && !peer.end) {
        peer.answer = peer_answer();
        peer.end = 1;
    }
    *c = *peer.answer;
    peer.answer += *c != 0;
    return *c != 0;
}

/* ---- a call, a byte at a time */

static li_rc finish(li_call *call)
{
    size_t room;
    char *in, c;
    for (;;) {
        li_rc rc = li_step(call);
        switch (rc) {
        case LI_WANT_OPEN:
            peer_opened();
            li_opened(call, 0);
            break;
        case LI_WANT_WRITE:
            peer_heard(*li_out_buf(call).ptr);
            li_out_ack(call, 1);
            break;
        case LI_WANT_READ:
            in = li_in_buf(call, &room);
            if (peer_says(&c)) {
                *in = c;
                li_in_ack(call, 1);
            } else {
                li_in_eof(call);
            }
            break;
        case LI_WANT_SLEEP: li_tick(call, call->wake_ms); break;
        default: return rc;
        }
    }
}

/* ---- the main job */

/* The member's browser comes back with the state that it went with. */
static void browser(const char *url, li_buf *back)
{
    li_str rest = li_cstr(url), name, value;
    li_put(back, LI_STR("https://device.example/back?code=AQT1&state="));
    while (!li_form_next(&rest, &name, &value))
        if (li_equal(name, LI_STR("state")))
            li_put(back, value);
    li_buf_end(back);
}

static li_rc sign_in(const li_client *me)
{
    static li_flow flow;
    static char back[192], code[64];
    li_buf url = LI_BUF(text), way_back = LI_BUF(back), out = LI_BUF(code);
    static li_req req;
    static li_call call;
    li_rc rc = li_oauth_url(&flow, me, "r_basicprofile", &url);
    if (rc) return rc;
    browser(text, &way_back);
    rc = li_oauth_redirect(&flow, LI_VIEW(back, way_back.len), &out, NULL);
    if (!rc) rc = li_oauth_req(&req, me, LI_GRANT_CODE, code, &flow);
    if (!rc) rc = li_begin(&call, me, &req, work, sizeof work);
    if (rc == LI_WANT_OPEN || !rc) rc = finish(&call);
    if (!rc) rc = li_check(&call);
    if (!rc) rc = li_token_read(me->token, call.body, me);
    return rc;
}

static li_rc who_am_i(const li_client *me, li_profile *who)
{
    static const li_req req = {.path = "/v2/me"};
    static li_call call;
    li_buf out = LI_BUF(text);
    li_rc rc = li_begin(&call, me, &req, work, sizeof work);
    if (rc == LI_WANT_OPEN || !rc) rc = finish(&call);
    return rc ? rc : li_profile_read(who, &call, &out);
}

static void say(const char *what, size_t number, const char *unit)
{
    char digits[24];
    li_buf out = LI_BUF(digits);
    li_put_int(&out, (int64_t)number);
    li_buf_end(&out);
    board_put(what);
    board_put(digits);
    board_put(unit);
}

int main(void)
{
    static li_token token = {.mem = kept, .cap = sizeof kept};
    static const li_client me = {
        .client_id = "86example", .client_secret = "the-secret",
        .redirect_uri = "https://device.example/back", .token = &token,
        .now = clock_now, .random = random_bytes, .again = li_again};
    static li_profile who;
    li_rc rc = sign_in(&me);
    board_put(rc ? "sign-in failed: " : "signed in\n");
    if (!rc) {
        seconds += token.expires_in - 60; /* so that a refresh is due */
        rc = who_am_i(&me, &who);
        board_put(rc ? "/v2/me failed: " : "Hello, ");
    }
    board_put(rc ? li_rc_name(rc) : who.name.ptr);
    say("\nimage ", board_image(), " B, ");
    say("RAM ", board_ram(), " B, ");
    say("stack ", board_stack(), " B at most\n");
    rc = rc ? rc : li_equal(token.access_token, LI_STR("AQW2")) ? LI_OK
                                                                : LI_E_STATE;
    board_put(rc ? "failed\n" : "done\n");
    board_end(rc != LI_OK);
    return 0;
}
