/* Every fault at every step: the k-th call that can fail, fails, for k = 1, 2
   and so on until a run meets no fault. Once or for ever; until it "heals":
   then everything must come to its end all the same. By li_run() over a
   transport that does not block and one that does, and by the windows. The
   marks that stand for secrets are looked for in all that a run gives out.

   usage: every_fault [SIZES]     in moves of so many sizes: 1 to 4; 2
          every_fault FLOW VARIANT DRIVER PIECE FAULT FOREVER AT */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"

#include "every_fault.h"

/* ---- how a call is made */

enum { ROUNDS = 20000 }; /* more steps than any call needs: it spins */

/* Time passes while a call waits: a little, then to its limit. */
static void wait_for(li_rc want)
{
    static unsigned in_a_row;
    static uint64_t moved;
    uint64_t bytes = call->bytes_in + call->bytes_out;
    in_a_row = bytes == moved ? in_a_row + 1 : 0;
    moved = bytes;
    CHECK(call->wake_ms != UINT64_MAX);
    if (want == LI_WANT_SLEEP || in_a_row > 3)
        now_ms = call->wake_ms > now_ms ? call->wake_ms : now_ms;
    else
        now_ms++;
}

static li_rc by_transport(void)
{
    unsigned rounds = 0;
    li_rc rc;
    while ((rc = li_run(call, &transport)) > 0) {
        CHECK(rounds++ < ROUNDS);
        CHECK(plan.driver == RUN || rc == LI_WANT_SLEEP);
        wait_for(rc);
        if (rc == LI_WANT_SLEEP)
            li_tick(call, now_ms);
    }
    return rc;
}

/* A failure as the windows' caller tells it. */
static void broken(int io)
{
    li_rc why = io <= LI_E_ARG && io >= LI_E_DUPLICATE ? (li_rc)io : LI_E_IO;
    if (li_fail(call, why) != LI_WANT_READ && s.open)
        hang_up(); /* else there may be an early answer to read */
}

static void window_open(void)
{
    char host[LI_MAX_HOST + 1];
    li_url to;
    int io;
    CHECK(!li_target(call, &to) && to.host.len < sizeof host);
    snprintf(host, sizeof host, "%.*s", (int)to.host.len, to.host.ptr);
    if (s.open && !strcmp(host, s.host)) {
        li_opened(call, 1);
        return;
    }
    if (s.open)
        hang_up();
    io = p_open(NULL, host, to.port, to.tls);
    if (io == LI_IO_READ || io == LI_IO_WRITE)
        wait_for(LI_WANT_OPEN);
    else if (io < 0)
        broken(io);
    else
        li_opened(call, 0);
}

static void window_move(li_rc want)
{
    size_t len = 0;
    char *in = want == LI_WANT_READ ? li_in_buf(call, &len) : NULL;
    li_str out = li_out_buf(call);
    int io = in ? p_recv(NULL, in, len) : p_send(NULL, out.ptr, out.len);
    if (io == LI_IO_READ || io == LI_IO_WRITE)
        wait_for(want);
    else if (io < 0 || (!io && !in))
        broken(io);
    else if (!io)
        li_in_eof(call);
    else if (in)
        li_in_ack(call, (size_t)io);
    else
        li_out_ack(call, (size_t)io);
}

static li_rc by_windows(void)
{
    unsigned rounds = 0;
    for (;;) {
        li_rc rc = li_step(call);
        CHECK(rounds++ < ROUNDS);
        if (rc > 0)
            li_tick(call, p_ms(NULL));
        if (rc > 0)
            rc = li_step(call);
        if ((rc <= 0 || rc == LI_WANT_SLEEP || rc == LI_WANT_OPEN) && s.open &&
            (!call->keep_alive || s.in_len || s.out_len))
            hang_up();
        if (rc == LI_WANT_OPEN)
            window_open();
        else if (rc == LI_WANT_SLEEP)
            wait_for(rc);
        else if (rc > 0)
            window_move(rc);
        else
            return rc;
    }
}

/* All that a call can tell: none of it tells a secret. */
static void listen_to(li_rc rc)
{
    static char text[2048], line[24000];
    li_buf out = LI_BUF(text), curl = LI_BUF(line);
    li_problem why;
    const char *hint;
    li_explain(call, rc, &out);
    LOOK("li_explain()", li__str(text, out.len), 0);
    li_to_curl(call, &curl);
    LOOK("li_to_curl()", li__str(line, curl.len), 0);
    li_problem_read(&why, call, NULL);
    hint = li_hint(rc, &why);
    LOOK("li_hint()", li_cstr(hint), 0);
    LOOK("call.wrong", li_cstr(call->wrong), 0);
}

/* Makes the call of `req`, which was filled just now. `holds`: what its answer
   may have left in the work buffer. */
static li_rc perform(unsigned holds)
{
    li_rc rc;
    li_wipe(buf, cap); /* what an answer of before said */
    rc = li_begin(call, &app, req, buf, cap);
    s.arrived = s.acted = s.may_have_acted = 0;
    s.once = !li__is_repeatable(req);
    if (!rc)
        rc = plan.driver == WINDOWS ? by_windows() : by_transport();
    CHECK(rc <= 0 && rc == call->rc);
    CHECK(!s.acted || call->sent); /* it says that it may have acted */
    CHECK(!s.once || s.acted <= 1);
    CHECK(s.arrived <= call->tries);
    CHECK(call->req == req && !call->priv.lease && !lock_held);
    rc = li_check(call);
    CHECK(rc || s.acted || s.auth);
    listen_to(rc);
    if (call->status / 100 != 2 && call->status)
        holds = ~0u; /* an answer may repeat what it was sent */
    LOOK("the work buffer, over,", li__str(buf, cap), holds);
    canaries();
    return rc;
}

/* ---- the world, anew for each run */

enum { P_CALL, P_REQ, P_TOKEN, P_BUF, P_TOKEN_MEM, P_MEM, P_OTHER, P_FLOW,
       P_TEXT };

static void sign_in(int64_t expires_in)
{
    char json[512], access[64];
    li_buf out = LI_BUF(json);
    li_value v[3];
    memset(v, 0, sizeof v);
    snprintf(access, sizeof access, "%s%u", ACCESS, ++s.issued);
    s.delivered = s.issued;
    v[0].text = li_cstr(access);
    v[1].text = li_cstr(REFRESH);
    v[2].number = expires_in;
    CHECK(!li_json_fill(&out, "{\"access_token\":?,\"refresh_token\":?,"
                              "\"expires_in\":#}", v, 3));
    li_token_read(token, li__str(json, out.len), NULL);
    token->issued_at = EPOCH + (int64_t)(now_ms / 1000);
    li_buf_clear(&out);
    out = li_buf_of(stored, sizeof stored);
    CHECK(!li_token_put(token, &out) && !li_buf_end(&out));
}

static void world(int again, size_t space)
{
    static const li_transport t = {p_open, p_send, p_recv, p_close, p_alive,
                                   p_ms, p_sleep, p_limit, NULL, NULL, NULL,
                                   {{0}, 0, 0, 0}};
    memset(&s, 0, sizeof s);
    memset(&app, 0, sizeof app);
    memset(stored, 0, sizeof stored);
    lock_held = saves_failed = 0;
    now_ms = 5000;
    transport = t;
    policy.connect_ms = 5000;
    policy.first_byte_ms = 8000;
    policy.idle_ms = 4000;
    policy.total_ms = 90000;
    call = (li_call *)give(P_CALL, sizeof *call);
    req = (li_req *)give(P_REQ, sizeof *req);
    token = (li_token *)give(P_TOKEN, sizeof *token);
    cap = space;
    buf = (char *)give(P_BUF, cap);
    token->mem = (char *)give(P_TOKEN_MEM, 1000);
    token->cap = 1000;
    app.client_id = "app";
    app.client_secret = CLIENT;
    app.redirect_uri = "https://app.test/back";
    app.token = token;
    app.version = "202609";
    app.now = h_now;
    app.random = h_random;
    app.load = h_load;
    app.save = h_save;
    app.lock = h_lock;
    app.trace = h_trace;
    app.policy = &policy;
    app.again = again ? li_again : NULL;
}

/* The trouble lasts for so many calls. */
static void lasts(unsigned calls)
{
    if (calls >= 2)
        heal();
    CHECK(calls < 8);
    if (s.refused && calls >= 1) { /* then the member signs in again */
        s.refused = 0;
        sign_in(5184000);
    }
}

/* ---- the flows */

/* Until it works. Whatever may be repeated may be called again. */
static void must(void (*fill)(void), const char *body)
{
    unsigned calls = 0;
    for (;; lasts(++calls)) {
        fill();
        if (!perform(0))
            break;
    }
    CHECK(!body || li_equal(call->body, li_cstr(body)));
}

static void fill_get(void)
{
    memset(req, 0, sizeof *req);
    req->path = "/v2/userinfo";
}

static const char who_is[] = "{\"sub\":\"ann\",\"name\":\"Ann\"}";

static void end_of_run(void)
{
    heal();
    must(fill_get, who_is); /* a connection or a lock left behind shows here */
    li_hangup(&transport);
    if (s.open)
        hang_up();
    CHECK(!lock_held && !token->priv.lease);
    CHECK((unsigned)strtoul(token->access_token.ptr + strlen(ACCESS), NULL,
                            10) >= s.delivered); /* none is lost */
    canaries();
}

/* Redirects that are not ours: what is said of them tells no secret. */
static void forged(const li_flow *made)
{
    static const char *const back[] = {
        "https://app.test/back?code=x&state=wrong", "https://app.test/back",
        "https://elsewhere.test/back?code=x&state=s",
        "https://app.test/back?code=x&state=%zz"};
    char text[64];
    li_problem why;
    unsigned i;
    for (i = 0; i < 4; i++) {
        li_flow flow = *made;
        li_buf out = LI_BUF(text);
        li_rc rc = li_oauth_redirect(&flow, li_cstr(back[i]), &out, &why);
        const char *hint = li_hint(rc, &why);
        CHECK(rc == LI_E_FORGED || rc == LI_E_ARG);
        LOOK("a redirect's text", li__str(text, out.len), 0);
        LOOK("flow.wrong", li_cstr(flow.wrong), 0);
        LOOK("li_hint()", li_cstr(hint), 0);
    }
}

/* A webhook makes no call. Its secret is in nothing that it gives, nor in what
   it leaves behind. */
static void webhook(void)
{
    static const char secret[] = "WS/mKwEbHoOk3sIgN77 +\"";
    char text[300];
    li_buf out = LI_BUF(text);
    li_webhook hook;
    CHECK(!li_webhook_challenge(secret, LI_STR("challengeCode=890e4665-4dfe-"
                                               "4ab1-b689-ed553bceeed0"),
                                &out));
    LOOK("a challenge's answer", li__str(text, out.len), 0);
    li_buf_clear(&out);
    CHECK(li_webhook_challenge(secret, LI_STR("challengeCode=1"), &out));
    LOOK("a challenge's answer", li__str(text, sizeof text), 0);
    CHECK(!li_webhook_begin(&hook, secret, secret));
    li_webhook_put(&hook, LI_STR("{}"));
    CHECK(li_webhook_end(&hook, LI_STR("no signature")) == LI_E_FORGED);
    LOOK("a webhook that is over", li__str((char *)&hook, sizeof hook), 0);
}

/* Code, token, profile. variant: bit 0: PKCE. */
static int code_flow(void)
{
    li_flow *flow = (li_flow *)give(P_FLOW, sizeof *flow);
    char *text = (char *)give(P_TEXT, 700), *back = (char *)give(P_OTHER, 300);
    li_buf out = li_buf_of(text, 700), url = li_buf_of(back, 300);
    li_rc rc;
    flow->pkce = plan.variant & 1;
    strcpy(flow->state, STATE);
    s.codes = 0;
    while ((rc = li_oauth_url(flow, &app, "openid profile", &out)) != 0) {
        CHECK(rc == LI_E_STORE && flow->pkce);
        LOOK("a URL that failed", li__str(text, out.len), 0);
        lasts(2);
        li_buf_clear(&out);
    }
    LOOK("the authorization URL", li__str(text, out.len), BIT(M_STATE));
    forged(flow);
    li_put(&url, LI_STR("https://app.test/back?"));
    li_form_put(&url, LI_STR("code"), LI_STR(CODE));
    li_form_put(&url, LI_STR("state"), LI_STR(STATE));
    CHECK(!url.rc);
    li_buf_clear(&out);
    CHECK(!li_oauth_redirect(flow, li__str(back, url.len), &out, NULL));
    CHECK(!strcmp(text, CODE));
    CHECK(!li_oauth_req(req, &app, LI_GRANT_CODE, text, flow));
    rc = perform(BIT(M_ACCESS) | BIT(M_REFRESH) | BIT(M_ID));
    CHECK(s.codes <= 1);
    if (rc)
        return rc;
    saves_failed = 0;
    rc = li_token_read(token, call->body, &app);
    CHECK(rc == (saves_failed ? LI_E_STORE : LI_OK));
    li_wipe(buf, cap);
    flow->trust_tls = 1;
    return 0;
}

static void flow_sign_in(void)
{
    li_flow *flow;
    li_profile who;
    li_buf mem;
    li_rc rc;
    unsigned calls = 0;
    world((int)plan.variant >> 1 & 1, 8192);
    while (code_flow())
        lasts(++calls);
    flow = (li_flow *)(void *)(slots[P_FLOW].end - sizeof *flow);
    mem = li_buf_of((char *)give(P_MEM, LI_ID_MEM), LI_ID_MEM);
    rc = li_id_token_read(&who, &app, flow, li_cstr(NULL), &mem);
    CHECK(!rc || plan.struck); /* a clock that fails, or leapt */
    CHECK(rc ? !who.id.ptr : !strcmp(who.id.ptr, "ann"));
    LOOK("flow.wrong", li_cstr(flow->wrong), 0);
    must(fill_get, who_is);
    li_buf_clear(&mem);
    CHECK(!li_profile_read(&who, call, &mem) && !strcmp(who.name.ptr, "Ann"));
}

/* The token is due (0), refused (1), another process has a new one (2),
   or due, and its answer is as long as the work buffer (3), or chunked (4). */
static void flow_refresh(void)
{
    unsigned number;
    world(1, plan.variant < 3 ? 8192 : 490); /* what came is moved about */
    s.chunked = plan.variant == 4;
    sign_in(plan.variant == 1 ? 5184000 : 10);
    s.least = s.issued + 1;
    if (plan.variant == 2) { /* the store is ahead of this process */
        char *mem = (char *)give(P_OTHER, 1000);
        sign_in(5184000);
        memcpy(mem, stored, 1000);
        sign_in(10);
        memcpy(stored, mem, 1000);
        s.least = s.issued;
    }
    must(fill_get, who_is);
    number = (unsigned)strtoul(token->access_token.ptr + strlen(ACCESS), NULL,
                               10);
    CHECK(number >= s.delivered);
    CHECK(!saves_failed || call->unsaved || plan.struck);
}

static unsigned expected;

static li_rc take(void *user, li_str json)
{
    char want[32];
    (void)user;
    snprintf(want, sizeof want, "{\"n\":%u}", expected++);
    CHECK(li_equal(json, li_cstr(want)));
    return LI_OK;
}

/* By start (0) or cursor (1); bit 1: with li_again. */
static void flow_pages(void)
{
    static const li_rest rest = {.method = LI_GET_ALL, .path = "/things"};
    li_page *page;
    char *mem;
    unsigned calls = 0;
    li_rc rc = LI_OK;
    world((int)plan.variant >> 1, 8192);
    sign_in(5184000);
    s.elements = 5;
    s.cursor = plan.variant & 1;
    expected = 0;
    page = (li_page *)give(P_OTHER, sizeof *page);
    mem = (char *)give(P_MEM, 300);
    page->rest = &rest;
    page->element = take;
    page->mem = (char *)give(P_TEXT, 100);
    page->cap = 100;
    page->count = 2;
    page->cursor = (uint8_t)s.cursor;
    while (rc != LI_E_MISSING) {
        li_buf out = li_buf_of(mem, 300);
        rc = li_page_req(page, req, &app, &out);
        if (rc)
            break;
        perform(0);
        rc = li_page_end(page, call);
        if (rc)
            lasts(++calls);
    }
    CHECK(rc == LI_E_MISSING && expected == 5 && page->handed == 5);
}

static size_t fixed_reader(void *user, uint64_t at, char *dst, size_t room)
{
    static const char body[] = "{\"commentary\":\"x\"}";
    size_t left = sizeof body - 1 - (size_t)at;
    enum fault f = strikes(C_READER);
    (void)user;
    if (f == FAILS)
        return 0;
    left = left < room ? left : room;
    left = f == ONE ? 1 : f == SHORT && left > 1 ? left - 1 : left;
    memcpy(dst, body + at, left);
    return left;
}

/* variant: bit 0: li_again; bit 1: from a reader; bit 2: behind a GET, on the
   connection that it leaves. */
static void flow_create(void)
{
    static const li_rest rest = {.method = LI_CREATE, .path = "/posts",
                                 .body = {"{\"commentary\":\"x\"}", 18}};
    li_buf out;
    li_rc rc;
    unsigned before, calls = 0;
    world((int)plan.variant & 1, 8192);
    sign_in(5184000);
    if (plan.variant & 4)
        must(fill_get, who_is);
    do {
        out = li_buf_of((char *)give(P_MEM, 300), 300);
        CHECK(!li_rest_req(req, &app, &rest, &out));
        if (plan.variant & 2) {
            req->body = li_cstr(NULL);
            req->content_type = "application/json";
            req->read = fixed_reader;
            req->read_len = 18;
        }
        before = s.creates;
        rc = perform(0);
        CHECK(s.creates <= before + 1); /* whatever was tried */
        CHECK(s.creates == before || call->sent);
        CHECK(rc || s.creates == 1);
        if (rc && rc != LI_E_DUPLICATE)
            lasts(++calls);
    } while (rc && rc != LI_E_DUPLICATE);
    /* a second one only where the first told that it may have acted */
    CHECK((rc == LI_E_DUPLICATE) == (s.creates > 1));
}

static size_t from_file(void *user, uint64_t at, char *dst, size_t room)
{
    enum fault f = strikes(C_READER);
    size_t i, n = room > 33 ? 33 : room;
    (void)user;
    if (f == FAILS)
        return 0;
    n = f == ONE ? 1 : f == SHORT && n > 1 ? n - 1 : n;
    for (i = 0; i < n; i++)
        dst[i] = (char)((at + i) * 7);
    return n;
}

/* A video of three parts, with captions and a thumbnail. */
static void flow_upload(void)
{
    li_upload *up;
    unsigned calls = 0, i;
    char *mem;
    li_rc rc = LI_OK;
    world((int)plan.variant, 8192);
    sign_in(5184000);
    up = (li_upload *)give(P_OTHER, sizeof *up);
    mem = (char *)give(P_MEM, 400);
    up->media = LI_VIDEO;
    up->owner = "urn:li:person:1";
    up->len = 120;
    up->read = from_file;
    up->thumbnail = LI_STR("a picture");
    up->captions = LI_STR("1\n00:01 --> 00:02\nHello\n");
    up->mem = (char *)give(P_TEXT, 700);
    up->cap = 700;
    while (rc != LI_E_MISSING) {
        li_buf out = li_buf_of(mem, 400);
        rc = li_upload_req(up, req, &app, &out);
        CHECK(!rc || rc == LI_E_MISSING);
        if (rc)
            break;
        perform(0);
        rc = li_upload_end(up, call);
        if (rc)
            lasts(++calls);
        CHECK(rc != LI_E_MISSING);
    }
    CHECK(up->part == 3 && s.finished && s.captions && s.thumbnails);
    for (i = 0; i < 120; i++)
        CHECK(s.file[i] == (char)(i * 7));
    CHECK(plan.struck || (s.finished == 1 && s.captions == 1 && s.begun == 1));
    for (i = 0; i < 3; i++)
        CHECK(plan.struck ? s.part_acted[i] > 0 : s.part_acted[i] == 1);
}

static void fill_batch(void)
{
    static char ids[1024];
    static const li_rest rest = {.method = LI_BATCH_GET, .path = "/things",
                                 .ids = {ids, 0}};
    li_rest r = rest;
    li_buf out = li_buf_of((char *)give(P_MEM, 2500), 2500);
    size_t n = 0;
    unsigned i;
    for (i = 0; i < 40; i++)
        n += (size_t)snprintf(ids + n, sizeof ids - n, "%s{\"id\":%u}",
                              i ? "," : "[", i);
    snprintf(ids + n, sizeof ids - n, "]");
    r.ids = li_cstr(ids);
    CHECK(!li_rest_req(req, &app, &r, &out));
    CHECK(!li_tunnel(req, 40, NULL, &out));
}

/* Forty entities at once, whose ids go in the body of a POST. */
static void flow_batch(void)
{
    world((int)plan.variant, 8192);
    sign_in(5184000);
    must(fill_batch, "{\"results\":{\"1\":{}}}");
    CHECK(plan.struck || s.batches == 1);
}

static const struct {
    const char *name;
    void (*run)(void);
    unsigned variants;
} flows[] = {{"sign-in", flow_sign_in, 4}, {"refresh", flow_refresh, 5},
             {"pages", flow_pages, 4},     {"create", flow_create, 8},
             {"upload", flow_upload, 2},   {"batch", flow_batch, 2}};
enum { FLOWS = sizeof flows / sizeof flows[0] };

/* ---- all of them */

static void run(void)
{
    plan.step = plan.struck = plan.healed = 0;
    flows[plan.flow].run();
    end_of_run();
    runs++;
    faults += plan.struck > 0;
}

static void every_step(void)
{
    plan.at = 0;
    do {
        plan.at++;
        run();
    } while (plan.struck);
}

static void every_fault(void)
{
    unsigned i;
    for (i = 0; i < FAULTS * 2; i++) {
        plan.fault = (enum fault)(i / 2);
        plan.forever = i % 2;
        every_step();
    }
}

static void died(int signal)
{
    (void)signal;
    printf("FAILED: every_fault: memory beyond its end\n");
    tell_plan();
    _exit(1);
}

static int one_run(char **argv)
{
    plan.flow = (unsigned)atoi(argv[1]) % FLOWS;
    plan.variant = (unsigned)atoi(argv[2]);
    plan.driver = (unsigned)atoi(argv[3]);
    plan.piece = (unsigned)atoi(argv[4]);
    plan.fault = (enum fault)atoi(argv[5]);
    plan.forever = (unsigned)atoi(argv[6]);
    plan.at = (unsigned)atoi(argv[7]);
    run();
    printf("%u of %u calls that can, failed\n", plan.struck, plan.step);
    return 0;
}

int main(int argc, char **argv)
{
    static const unsigned pieces[] = {0, 50, 7, 1};
    unsigned sizes = argc > 1 ? (unsigned)atoi(argv[1]) : 2, p;
    signal(SIGSEGV, died);
    signal(SIGBUS, died);
    marks_make();
    marks_try();
    if (argc == 8)
        return one_run(argv);
    CHECK(sizes >= 1 && sizes <= 4);
    webhook();
    for (plan.flow = 0; plan.flow < FLOWS; plan.flow++) {
        unsigned long before = runs;
        for (plan.variant = 0; plan.variant < flows[plan.flow].variants;
             plan.variant++)
            for (plan.driver = 0; plan.driver < DRIVERS; plan.driver++)
                for (p = 0; p < sizes; p++) {
                    plan.piece = pieces[p];
                    every_fault();
                }
        printf("%s: %lu runs\n", flows[plan.flow].name, runs - before);
    }
    printf("%lu runs, %lu of them with faults; %llu MB looked at for secrets\n",
           runs, faults, looked_at / 1000000);
    return 0;
}
