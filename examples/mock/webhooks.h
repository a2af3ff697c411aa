/* webhooks.h - the webhooks that the mock sends itself: LinkedIn's challenge,
   then events, again until they are taken. linkedin.h's own engine calls, in
   the mock's poll() loop. Source: shared/api-guide/webhook-validation. */
#ifndef MOCK_WEBHOOKS_H
#define MOCK_WEBHOOKS_H

enum {
    MAX_EVENTS = 64,   /* older ones are forgotten                          */
    MAX_EVENT = 12288,
    EVENT_TRIES = 8,   /* LinkedIn: every five minutes for eight hours      */
    CHALLENGES = 3,    /* that fail in a row: LinkedIn sends no more        */
    EVENT_MS = 3000    /* as long as LinkedIn waits for an answer           */
};

enum event_state { EVENT_DUE, EVENT_TAKEN, EVENT_GIVEN_UP };

static struct event {
    char json[MAX_EVENT], name[64];
    char why[160];     /* what became of the last try                       */
    int64_t due;
    unsigned tries;
    enum event_state state;
    uint8_t used;
} hook_events[MAX_EVENTS];
static unsigned events_made;

/* The one call at a time; number 0 of hook_events is the challenge. */
static struct {
    li_url url;
    char base[128], path[1024];
    const char *headers[3];
    char signature[65], query[128], code[40];
    li_client client;
    li_policy policy;
    li_req req;
    li_call call;
    li_socket socket;
    li_transport via;
    struct event *sends; /* NULL: nothing                                   */
    unsigned valid;      /* the challenge was answered well                 */
    short wants;
    char buf[16384];
} hook;

/* ---- what is sent */

static void event_queue(struct event *e, const char *name)
{
    snprintf(e->name, sizeof e->name, "%s", name);
    e->due = now_ms();
    e->tries = 0;
    e->state = EVENT_DUE;
    e->used = 1;
    snprintf(e->why, sizeof e->why, "waits");
}

/* A free place, or that of the oldest that is not being sent. */
static struct event *event_place(void)
{
    struct event *e;
    do
        e = &hook_events[1 + events_made++ % (MAX_EVENTS - 1)];
    while (e == hook.sends);
    memset(e, 0, sizeof *e);
    return e;
}

/* A version 4 UUID (RFC 9562 section 5.4), as LinkedIn's challenges are. */
static void challenge_code(char *out, size_t cap)
{
    unsigned char b[16];

    random_bytes(b, sizeof b);
    snprintf(out, cap, "%02x%02x%02x%02x-%02x%02x-4%x%02x-%x%x%02x-"
             "%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3], b[4], b[5],
             b[6] & 15u, b[7], 8 + (b[8] & 3u), b[8] >> 4, b[9], b[10], b[11],
             b[12], b[13], b[14], b[15]);
}

static void challenge_begin(void)
{
    hook.req.method = "GET";
    challenge_code(hook.code, sizeof hook.code);
    snprintf(hook.query, sizeof hook.query, "challengeCode=%s%s%s", hook.code,
             set.webhook_app ? "&applicationId=" : "",
             set.webhook_app ? set.webhook_app : "");
    hook.req.query = hook.query;
}

/* Hex of HMAC-SHA256 over "hmacsha256=" and the body. */
static void event_sign(li_str body, char *out)
{
    static const char hex[] = "0123456789abcdef";
    uint8_t digest[32];
    li_webhook sum;
    unsigned i;

    li_webhook_begin(&sum, set.client_secret, NULL);
    li_webhook_put(&sum, body);
    li__hash_end(&sum.now, digest);
    for (i = 0; i < 64; i++)
        out[i] = hex[digest[i / 2] >> (i % 2 ? 0 : 4) & 15];
    out[64] = '\0';
}

static void event_begin(const struct event *e)
{
    hook.req.method = "POST";
    hook.req.body = li_cstr(e->json);
    event_sign(hook.req.body, hook.signature);
    hook.headers[0] = "X-LI-Signature";
    hook.headers[1] = hook.signature;
    hook.req.headers = hook.headers;
}

static void hook_begin(struct event *e)
{
    memset(&hook.req, 0, sizeof hook.req);
    hook.req.path = hook.path;
    hook.req.token = LI_TOKEN_NEVER;
    if (e == hook_events)
        challenge_begin();
    else
        event_begin(e);
    hook.sends = e;
    e->tries++;
    li_begin(&hook.call, &hook.client, &hook.req, hook.buf, sizeof hook.buf);
}

/* ---- what became of it */

/* Whether the answer is what the client secret makes of the challenge. */
static int challenge_met(void)
{
    char text[256];
    li_buf out = LI_BUF(text);
    li_str got, wanted;
    const char *const names[] = {"/challengeCode", "/challengeResponse"};
    int i;

    if (!starts(li_header(&hook.call, LI_H_CONTENT_TYPE), "application/json") ||
        li_webhook_challenge(set.client_secret, li_cstr(hook.query), &out))
        return 0;
    for (i = 0; i < 2; i++)
        if (li_json_find(hook.call.body, names[i], &got) ||
            li_json_find(written(&out), names[i], &wanted) ||
            !li_equal(got, wanted))
            return 0;
    return 1;
}

static void hook_why(struct event *e, int good)
{
    const li_call *call = &hook.call;

    if (call->rc < 0)
        snprintf(e->why, sizeof e->why, "%s",
                 call->wrong ? call->wrong : li_strerror(call->rc));
    else
        snprintf(e->why, sizeof e->why, "%d%s", call->status,
                 good || call->status / 100 != 2
                     ? "" : ", not what the challenge asks for");
    if (!set.quiet)
        fprintf(stderr, "webhook %s try %u: %s\n", e->name, e->tries, e->why);
}

static void hook_ended(void)
{
    struct event *e = hook.sends;
    int challenge = e == hook_events;
    unsigned most = challenge ? CHALLENGES : EVENT_TRIES;
    int good = !hook.call.rc && (challenge ? hook.call.status == 200 &&
                                                 challenge_met()
                                           : hook.call.status / 100 == 2);

    hook_why(e, good);
    hook.sends = NULL;
    hook.wants = 0;
    li_hangup(&hook.via);
    if (good)
        e->state = EVENT_TAKEN;
    else if (e->tries >= most)
        e->state = EVENT_GIVEN_UP;
    e->due = now_ms() + set.webhook_retry;
    if (challenge)
        hook.valid = (unsigned)good;
}

/* ---- the loop's part */

/* The next that can be sent: events wait for the challenge. */
static struct event *hook_next(void)
{
    unsigned i, n = hook.valid ? MAX_EVENTS : 1;
    struct event *e, *first = NULL;

    for (i = hook.valid ? 1 : 0; i < n; i++) {
        e = &hook_events[i];
        if (e->used && e->state == EVENT_DUE && (!first || e->due < first->due))
            first = e;
    }
    return first;
}

/* When the loop must come back, though nothing came. */
static int64_t hook_due(void)
{
    const struct event *e = hook.sends ? NULL : hook_next();

    if (hook.sends)
        return hook.call.wake_ms < INT64_MAX ? (int64_t)hook.call.wake_ms
                                             : INT64_MAX;
    return e ? e->due : INT64_MAX;
}

static void hook_turn(void)
{
    struct event *e = hook.sends ? NULL : hook_next();
    li_rc rc;

    if (e && e->due <= now_ms())
        hook_begin(e);
    if (!hook.sends)
        return;
    rc = li_run(&hook.call, &hook.via);
    hook.wants = rc == LI_WANT_READ    ? POLLIN
                 : rc == LI_WANT_WRITE ? POLLOUT
                                       : 0;
    if (rc <= 0)
        hook_ended();
}

static void hook_poll(struct pollfd *p)
{
    p->fd = hook.sends ? hook.socket.fd : -1;
    p->events = hook.wants;
}

static uint64_t hook_ms(void *user)
{
    (void)user;
    return (uint64_t)now_ms();
}

/* Only to this machine: the mock calls nobody else. */
static int set_webhook(void *to, const char *value)
{
    struct in_addr at;
    li_url *url = &hook.url;
    char host[16];

    (void)to;
    if (li_url_split(li_cstr(value), url) || url->tls || url->fragment.ptr ||
        url->query.ptr || url->host.len >= sizeof host ||
        url->path.len >= sizeof hook.path)
        return 0;
    snprintf(host, sizeof host, "%.*s", (int)url->host.len, url->host.ptr);
    if (!strcasecmp(host, "localhost")) /* a name would have to be looked up */
        snprintf(host, sizeof host, "127.0.0.1");
    if (inet_pton(AF_INET, host, &at) != 1 || ntohl(at.s_addr) >> 24 != 127)
        return 0;
    snprintf(hook.base, sizeof hook.base, "http://%s:%u", host, url->port);
    snprintf(hook.path, sizeof hook.path, "%.*s", (int)url->path.len,
             url->path.ptr);
    set.webhook = value;
    return 1;
}

static void hook_open(void)
{
    hook.policy.total_ms = EVENT_MS;
    hook.client.policy = &hook.policy;
    hook.client.api_base = hook.base;
    hook.client.user_agent = "mock_linkedin";
    hook.socket.nonblocking = 1;
    hook.via = li_socket_transport(&hook.socket);
    hook.via.ms = hook_ms;
    event_queue(hook_events, "challenge");
}

#endif /* MOCK_WEBHOOKS_H */
