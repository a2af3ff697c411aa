/* What stands round a call: requests by hand, of Rest.li and of a sign-in,
   profiles, id_tokens, problems and their words, token records, webhooks,
   templates, look-ups, and a call whose doors are opened in any order. The
   first byte chooses; then come fields, each up to a newline.

   Too little memory tells a need that does; a wrong argument is named; a
   request's head is lines of plain text; a secret is in no word and in no head
   for another host; nobody who was not verified is a member. */
#define LINKEDIN_DOUBLE
#include "fuzz.h"

/* ---- fields */

enum { FIELDS = 64 };
static const uint8_t *left;
static size_t left_n;
static char *fields[FIELDS];
static unsigned field_n;

/* The next field, a C string in a block of its own. */
static const char *field(void)
{
    const uint8_t *end = left_n ? (const uint8_t *)memchr(left, '\n', left_n)
                                : NULL;
    size_t n = end ? (size_t)(end - left) : left_n;
    char *copy = (char *)malloc(n + 1);
    if (n)
        memcpy(copy, left, n);
    copy[n] = 0;
    left += n + (end != NULL);
    left_n -= n + (end != NULL);
    CLAIM(field_n < FIELDS);
    return fields[field_n++] = copy;
}

/* A field that may be left out. */
static const char *some(void)
{
    const char *text = field();
    return *text == '~' ? NULL : text;
}

static li_str text_field(void)
{
    return li_cstr(field());
}

static unsigned byte(void)
{
    if (!left_n)
        return 0;
    left_n--;
    return *left++;
}

/* ---- clients, and what is said of a call */

static int64_t now(void *user)
{
    (void)user;
    return 1793800000;
}

static li_rc random_bytes(void *user, void *dst, size_t len)
{
    (void)user;
    memset(dst, 7, len);
    return LI_OK;
}

static li_rc verify(void *user, const li_str key[2], li_str text,
                    li_str signature)
{
    char how = signature.len ? *signature.ptr : 0;
    (void)user, (void)key, (void)text;
    return how == 's' ? LI_OK : how == 'w' ? LI_WANT_SLEEP
           : how == 'm' ? LI_E_SPACE : LI_E_FORGED;
}

static const li_client usual = {.client_id = "app",
                                .client_secret = "CS-SECRET",
                                .redirect_uri = "http://localhost/cb",
                                .access_token = "AT-SECRET",
                                .version = "202609", .now = now,
                                .random = random_bytes, .verify = verify};
static li_client me;

static int loud; /* the input itself has what is looked for                  */
static int unusual;

static int has_secret(li_str text)
{
    return !unusual && (li__find(text, LI_STR("AT-SECRET")) < text.len ||
                        li__find(text, LI_STR("CS-SECRET")) < text.len);
}

static void guard_words(const li_call *call, li_rc rc)
{
    static char text[8192];
    li_buf out = LI_BUF(text);
    size_t i;
    li_explain(rc == LI_E_IO && !call->client ? NULL : call, rc, &out);
    CLAIM(memchr(text, 0, sizeof text) && !has_secret(li_cstr(text)));
    for (i = 0; text[i]; i++)
        CLAIM((unsigned char)text[i] >= ' ' || text[i] == '\n');
    li_to_curl(call, &out);
    CLAIM(memchr(text, 0, sizeof text) && !has_secret(li_cstr(text)));
    li_log(call, "step", &out);
    CLAIM(memchr(text, 0, sizeof text) && !has_secret(li_cstr(text)));
}

/* The token goes to the API's origin, or to LinkedIn where the request says
   so; without TLS to this machine alone. */
static void guard_token(const li_url *to, const li_req *req)
{
    li_url base;
    CLAIM(!li_url_split(li_cstr(me.api_base ? me.api_base : LI_API_BASE),
                        &base));
    CLAIM(to->tls || li__starts(to->host, "127.") ||
          li__is_nocase(to->host, "localhost") ||
          li__is_nocase(to->host, "[::1]"));
    CLAIM((to->port == base.port && to->tls == base.tls &&
           li__same_nocase(to->host, base.host)) ||
          (req->token == LI_TOKEN_HERE && to->tls &&
           (li__is_of(to, ".linkedin.com") || li__is_of(to, ".licdn.com"))));
}

/* Lines of plain text, and the token for its own host alone. */
static void guard_head(const li_call *call, const li_req *req)
{
    li_str head = li_head(call);
    li_url to;
    size_t i;
    CLAIM(!li_target(call, &to));
    CLAIM(head.len > 4 && !memcmp(head.ptr + head.len - 4, "\r\n\r\n", 4));
    CLAIM(li__find(head, LI_STR("\r\n\r\n")) == head.len - 4);
    for (i = 0; i < head.len; i++) {
        unsigned char c = (unsigned char)head.ptr[i];
        CLAIM(c >= ' ' ? c != 127 : c == '\t' || c == '\r' || c == '\n');
        CLAIM(c != '\r' || head.ptr[i + 1] == '\n');
        CLAIM(c != '\n' || head.ptr[i - 1] == '\r');
    }
    if (!loud && li__find(head, LI_STR("AT-SECRET")) < head.len)
        guard_token(&to, req);
}

/* Begins a call with much memory, and with too little. */
static void begin(const li_req *req)
{
    static char work[16384];
    static char url[8192];
    li_buf out = LI_BUF(url);
    size_t cap = byte() * 4u;
    char *little = (char *)malloc(cap + 1);
    li_call call;
    li_rc rc = li_begin(&call, &me, req, work, sizeof work), other;
    CLAIM(rc <= 0 && (rc != LI_E_ARG || call.wrong));
    if (!rc) {
        guard_head(&call, req);
        CLAIM(!li_put_url(&call, &out));
        CLAIM(loud || !has_secret(li__str(url, out.len)));
        (void)li_body(&call);
    }
    guard_words(&call, rc);
    other = li_begin(&call, &me, req, little, cap);
    if (other == LI_E_SPACE && call.need) {
        CLAIM(call.need > cap);
        free(little);
        little = (char *)malloc(call.need);
        other = li_begin(&call, &me, req, little, call.need);
    }
    CLAIM(other == rc || req->wrong);
    guard_words(&call, other);
    free(little);
}

/* A client that lacks something, or says it oddly. */
static void odd_client(void)
{
    unsigned odd = byte();
    unusual = loud && odd; /* what is found may not be the secret */
    if (odd & 1)
        me.client_id = some();
    if (odd & 2)
        me.client_secret = some();
    if (odd & 4)
        me.redirect_uri = some();
    if (odd & 8)
        me.random = NULL;
    if (odd & 16)
        me.user_agent = some();
    if (odd & 32)
        me.version = some();
    if (odd & 64)
        me.now = NULL;
    if (odd & 128)
        me.issuer = some();
}

/* ---- requests */

static void rest(void)
{
    static char mem[32768];
    unsigned what = byte();
    size_t cap = byte() * 3u;
    char *little = (char *)malloc(cap + 1);
    li_buf out = LI_BUF(mem), small = li_buf_of(little, cap);
    li_rest of = {.method = (li_method)(what & 15)};
    li_req req, again;
    li_rc rc;
    of.path = some();
    of.name = some();
    of.keys = text_field();
    of.ids = text_field();
    of.query = text_field();
    of.body = text_field();
    me.version = what & 16 ? NULL : "202609";
    rc = li_rest_req(&req, &me, &of, &out);
    CLAIM(rc <= 0 && (rc != LI_E_ARG || req.wrong));
    if (!rc && what & 32)
        li_tunnel(&req, what >> 6, what & 64 ? field() : NULL, &out);
    begin(&req);
    if (li_rest_req(&again, &me, &of, &small) == LI_E_SPACE) {
        CLAIM(rc || small.need > cap);
        if (!rc) {
            size_t need = small.need;
            free(little);
            little = (char *)malloc(need);
            small = li_buf_of(little, need);
            CLAIM(li_rest_req(&again, &me, &of, &small) != LI_E_SPACE);
        }
    }
    free(little);
}

static size_t give(void *user, uint64_t at, char *dst, size_t cap)
{
    (void)user, (void)at;
    memset(dst, 'b', cap);
    return cap;
}

static void by_hand(void)
{
    static const char *headers[9];
    unsigned what = byte(), i;
    li_req req = {.base = (li_base)(what & 1), .repeatable = 1,
                  .token = (uint8_t)(what >> 1 & 3)};
    odd_client();
    if (what & 8)
        *(what & 1 ? &me.auth_base : &me.api_base) = field();
    req.method = some();
    req.path = some();
    req.query = some();
    req.content_type = some();
    req.rest_method = some();
    req.override = some();
    if (what & 16)
        req.body = text_field();
    for (i = 0; what & 32 && i < 6; i++)
        req.form[i] = some();
    if (what & 64) {
        for (i = 0; i < 8; i++)
            headers[i] = some();
        req.headers = headers;
    }
    if (what & 128) {
        req.read = give;
        req.read_len = byte();
    }
    begin(&req);
}

static void sign_in(void)
{
    static char url[4096], code[512];
    unsigned what = byte();
    size_t cap = byte() * 4u;
    char *little = (char *)malloc(cap + 1);
    li_buf out = LI_BUF(url), got = LI_BUF(code), small;
    li_flow flow = {.pkce = (uint8_t)(what & 1)}, other;
    li_problem why;
    li_req req;
    odd_client();
    memset(flow.state, 's', sizeof flow.state); /* one that does not end */
    if (what != 255)
        snprintf(flow.state, sizeof flow.state, "%s", field());
    if (what & 32)
        snprintf(flow.verifier, sizeof flow.verifier, "%s", field());
    snprintf(flow.nonce, sizeof flow.nonce, "%s", field());
    other = flow;
    small = li_buf_of(little, cap);
    if (!li_oauth_url(&flow, &me, some(), &out)) {
        li_url to;
        CLAIM(!li_url_split(li_cstr(url), &to));
        CLAIM(loud || !has_secret(li_cstr(url)));
        if (li_oauth_url(&other, &me, "openid", &small) == LI_E_SPACE)
            CLAIM(small.need > cap);
        if (!li_oauth_redirect(&flow, text_field(), &got, &why))
            CLAIM(memchr(code, 0, sizeof code));
        else
            li_hint(LI_E_DENIED, &why);
    }
    li_oauth_req(&req, &me, (li_grant)(what >> 1 & 7), some(),
                 what & 16 ? &flow : NULL);
    begin(&req);
    free(little);
}

/* ---- answers */

static void answered(li_call *call, const li_req *req, unsigned status,
                     char *work, size_t cap)
{
    unsigned n = byte() & 3;
    li_begin(call, &me, req, work, cap);
    li_feed_status(call, (int)status);
    while (n--) {
        li_str name = text_field(), value = text_field();
        li_feed_header(call, name, value);
    }
    li_feed_body(call, li__str((const char *)left, left_n));
    li_feed_end(call);
}

static void problems(void)
{
    static const int statuses[] = {200, 302, 400, 401, 403, 404, 422, 426,
                                   429, 500, 502, 503, 99, 100, 408, 207};
    static char work[8192], mem[4096];
    unsigned what = byte();
    size_t cap = byte();
    char *little = (char *)malloc(cap + 1);
    li_buf out = LI_BUF(mem), small = li_buf_of(little, cap);
    li_req req = {.path = "/v2/me"};
    li_problem why;
    li_call call;
    li_rc rc;
    answered(&call, &req, (unsigned)statuses[what & 15], work, sizeof work);
    rc = li_check(&call);
    CLAIM(rc <= 0 && (rc || call.status / 100 == 2));
    li_problem_read(&why, &call, &out);
    CLAIM(*li_hint(rc, &why) && *li_hint(rc, NULL));
    li_problem_read(&why, &call, NULL);
    if (li_problem_read(&why, &call, &small) == LI_E_SPACE)
        CLAIM(small.need > cap);
    guard_words(&call, rc);
    li_explain(&call, rc, &small);
    CLAIM(!cap || memchr(little, 0, cap));
    free(little);
}

static void profiles(void)
{
    static char work[8192], mem[8192];
    size_t cap = byte();
    char *little = (char *)malloc(cap + 1);
    li_buf out = LI_BUF(mem), small = li_buf_of(little, cap);
    li_req req = {.path = "/v2/me"};
    li_profile who, other;
    li_call call;
    li_rc rc;
    answered(&call, &req, 200, work, sizeof work);
    rc = li_profile_read(&who, &call, &out);
    CLAIM((rc == LI_OK) == (who.id.len > 0));
    if (!rc)
        CLAIM(who.name.ptr && !who.name.ptr[who.name.len] &&
              !who.id.ptr[who.id.len]);
    if (li_profile_read(&other, &call, &small) == LI_E_SPACE && !rc) {
        size_t need = small.need;
        CLAIM(need > cap);
        free(little);
        little = (char *)malloc(need);
        small = li_buf_of(little, need);
        CLAIM(!li_profile_read(&other, &call, &small) &&
              li_equal(other.id, who.id) && li_equal(other.name, who.name));
    }
    free(little);
}

static void id_tokens(void)
{
    static char jwt[16384], mem[LI_ID_MEM];
    unsigned what = byte(), i;
    li_buf to = LI_BUF(jwt), out = LI_BUF(mem);
    li_token token = {.mem = NULL};
    li_flow flow = {.stage = 3, .trust_tls = (uint8_t)(what & 1)};
    li_str part = {NULL, 0}, claims = {NULL, 0};
    li_profile who;
    li_rc rc;
    odd_client();
    for (i = 0; i < 3; i++) {
        claims = i == 2 ? part : claims;
        part = text_field();
        li_put(&to, LI_VIEW(".", i > 0));
        li_base64url_encode(part, &to);
    }
    token.id_token = li__str(jwt, to.len);
    if (what & 2)
        snprintf(flow.nonce, sizeof flow.nonce, "n");
    me.token = &token;
    rc = li_id_token_read(&who, &me, &flow, text_field(), &out);
    CLAIM((rc == LI_OK) == (who.id.len > 0));
    if (!rc)
        CLAIM((what & 1 || *part.ptr == 's') &&
              li__find(claims, li_cstr(me.client_id)) < claims.len + 2 &&
              li__find(claims, who.id) < claims.len + 2);
}

static li_token stored;

static li_rc load(void *user, li_token *token)
{
    (void)user;
    *token = stored;
    return token->access_token.len ? LI_OK : LI_E_MISSING;
}

static void tokens(void)
{
    static char mem[4096], back[4096], a[8192], b[8192];
    li_buf one = LI_BUF(a), two = LI_BUF(b);
    li_token token, same;
    size_t cap = byte() * 2u;
    li_str json;
    char *little = (char *)malloc(cap + 1);
    odd_client();
    json = text_field();
    memset(&token, 0, sizeof token);
    token.mem = little;
    token.cap = cap;
    if (li_token_read(&token, json, &me) == LI_E_SPACE)
        CLAIM(token.need > cap);
    same = token;
    token.mem = mem;
    token.cap = sizeof mem;
    if (!li_token_read(&token, json, &me)) {
        li_token_read(&token, text_field(), &me); /* a refresh behind it */
        CLAIM(!li_token_put(&token, &one));
        memset(&same, 0, sizeof same);
        same.mem = back;
        same.cap = sizeof back;
        CLAIM(!li_token_read(&same, li__str(a, one.len), NULL));
        CLAIM(!li_token_put(&same, &two));
        CLAIM(li_equal(li__str(a, one.len), li__str(b, two.len)));
    }
    stored = token;
    me.token = &same;
    me.load = load;
    li_token_load(&me);
    li_sign_in_due(&me);
    free(little);
}

/* ---- webhooks */

static void sign(const li_webhook *hook, char hex[65])
{
    uint8_t digest[32];
    li__hash h = hook->now;
    unsigned i;
    li__hash_end(&h, digest);
    for (i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

static void webhooks(void)
{
    char text[256], hex[65];
    uint64_t table[3] = {0};
    const char *secret = field(), *previous = some();
    li_buf out = LI_BUF(text);
    li_str query = text_field(), given = text_field(), id, body;
    uint32_t seed = byte();
    li_webhook hook, whole;
    size_t at, n;
    if (!li_webhook_challenge(secret, query, &out))
        CLAIM(*secret && !li_json_find(li__str(text, out.len), "", &id));
    id = text_field();
    CLAIM(!li_webhook_seen(table, 3, id) && li_webhook_seen(table, 3, id));
    body = li__str((const char *)left, left_n);
    if (li_webhook_begin(&hook, secret, previous))
        return;
    whole = hook;
    li_webhook_put(&whole, body);
    for (at = 0; at < body.len; at += n) {
        n = 9 * piece(&seed, body.len - at);
        n = n < body.len - at ? n : body.len - at;
        li_webhook_put(&hook, li__cut(body, at, at + n));
    }
    sign(&whole, hex);
    CLAIM(li_webhook_end(&hook, li_cstr(hex)) == LI_OK);
    hook = whole;
    li_webhook_end(&whole, given);
    hex[seed & 63] = hex[seed & 63] == '0' ? '1' : '0';
    CLAIM(li_webhook_end(&hook, li_cstr(hex)) == LI_E_FORGED || previous);
}

/* ---- JSON, written and looked into */

static void templates(void)
{
    static char mem[8192];
    unsigned what = byte();
    size_t cap = byte();
    char *little = (char *)malloc(cap + 1);
    li_buf out = LI_BUF(mem), small = li_buf_of(little, cap);
    const char *tmpl = field();
    li_value values[4] = {{{NULL, 0}, -1}, {{NULL, 0}, INT64_MIN},
                          {{NULL, 0}, 10}, {{NULL, 0}, 0}};
    unsigned i;
    li_rc rc;
    for (i = 0; i < 4; i++)
        values[i].text = li_cstr(some());
    if (what & 8)
        li_put(&out, LI_STR("[1"));
    rc = li_json_fill(&out, tmpl, values, what & 7 ? (what & 7) % 5 : 4);
    CLAIM(rc <= 0 && (!rc || out.at <= strlen(tmpl)));
    CLAIM(!rc || out.len == (what & 8 ? 2u : 0u));
    if (li_json_fill(&small, tmpl, values, what & 7 ? (what & 7) % 5 : 4) ==
            LI_E_SPACE && !rc && !(what & 8))
        CLAIM(small.need > cap && small.need == out.len);
    free(little);
}

static void looks(void)
{
    static char text[4096];
    const char *pointer = field(), *names[3];
    unsigned i, cap = byte();
    li_buf out = li_buf_of(text, cap);
    li_str doc, raw, whole, name, raws[3];
    li_json json;
    double number;
    for (i = 0; i < 3; i++)
        names[i] = field();
    doc = li__str((const char *)left, left_n);
    if (!li_json_find(doc, pointer, &raw)) {
        CLAIM(raw.ptr >= doc.ptr && raw.ptr + raw.len <= doc.ptr + doc.len);
        CLAIM(!li_json_find(raw, "", &whole) && whole.len == raw.len);
        li_json_text(raw, &out);
    }
    if (!li_json_pick(doc, names, 3, raws))
        for (i = 0; i < 3; i++)
            CLAIM(!raws[i].ptr || !li_json_find(raws[i], "", &whole));
    li_json_open(&json, doc, 1);
    for (i = 0; !li_json_each(&json, &name, &raw); i++)
        CLAIM(i <= doc.len && !li_json_find(raw, "", &whole));
    out = li_buf_of(text, cap);
    if (!li_json_copy(doc, pointer, &out))
        CLAIM(strlen(text) == out.len);
    li_json_double(doc, &number);
}

/* ---- a call whose doors are opened in any order */

static li_rc again(li_call *call)
{
    return call->priv.state == LI__ASK && byte() == 1 ? LI_E_CANCELLED
                                                      : li_again(call);
}

static void door(li_call *call, unsigned what)
{
    size_t room;
    char *in;
    unsigned n;
    switch (what % 13) {
    case 0: li_step(call); break;
    case 1: li_opened(call, (int)(byte() & 1)); break;
    case 2: li_out_ack(call, li_out_buf(call).len); break;
    case 3: li_out_ack(call, byte()); break;
    case 4:
    case 5:
        in = li_in_buf(call, &room);
        n = byte();
        CLAIM(!in == !room);
        for (; n && room && left_n; n--, room--)
            *in++ = (char)byte();
        li_in_ack(call, (size_t)(in - li_in_buf(call, &room)) + n / 200);
        break;
    case 6: li_in_eof(call); break;
    case 7: li_fail(call, (li_rc)-(int)(byte() % 30)); break;
    case 8: li_feed_status(call, (int)byte() * 4); break;
    case 9: li_feed_header(call, text_field(), text_field()); break;
    case 10: li_feed_body(call, text_field()); break;
    case 11: li_feed_end(call); break;
    default: li_tick(call, call->now_ms + byte() * 50u); break;
    }
}

static void doors(void)
{
    static const li_policy policy = {.connect_ms = 900, .idle_ms = 2000,
                                     .total_ms = 20000, .tries = 3};
    static const char *const methods[] = {"GET", "POST", "HEAD", "PUT"};
    unsigned what = byte(), i;
    size_t cap = 250 + byte() * 4u;
    char *work = (char *)malloc(cap);
    li_req req = {.path = "/", .method = methods[what & 3]};
    li_call call;
    me.again = what & 4 ? again : NULL;
    me.policy = what & 8 ? &policy : NULL;
    req.read = what & 16 && what & 1 ? give : NULL;
    req.read_len = req.read ? 700 : 0;
    req.body = what & 32 && what & 1 && !req.read ? LI_STR("body")
                                                  : li__str(NULL, 0);
    memset(&call, 0, sizeof call);
    if (what & 64) /* it never began */
        guard_words(&call, what & 128 ? LI_E_IO : LI_OK);
    li_begin(&call, &me, &req, work, cap);
    for (i = 0; left_n && i < 60 && field_n + 2 < FIELDS; i++) {
        li_rc before = call.rc;
        int over = call.priv.state == LI__OVER;
        li_str out = li_out_buf(&call);
        CLAIM(!out.len || out.ptr == req.body.ptr ||
              (out.ptr >= work && out.ptr + out.len <= work + cap) ||
              (out.ptr > req.body.ptr && out.ptr + out.len ==
                                             req.body.ptr + req.body.len));
        door(&call, byte());
        /* an error stays, and what is over is not begun again */
        CLAIM((!over && before >= 0) || call.rc == before ||
              (over && !before && call.rc == LI_E_STATE));
        CLAIM(call.bytes_in + call.bytes_out < 100000);
    }
    guard_words(&call, call.rc);
    free(work);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const all[])(void) = {rest, by_hand, sign_in, problems,
                                        profiles, id_tokens, tokens, webhooks,
                                        templates, looks, doors};
    uint8_t *copy = (uint8_t *)malloc(size + !size);
    if (size)
        memcpy(copy, data, size);
    left = copy;
    left_n = size;
    field_n = 0;
    unusual = 0;
    loud = li__find(li__str((const char *)copy, size), LI_STR("SECRET")) < size;
    me = usual;
    all[byte() % (sizeof all / sizeof *all)]();
    while (field_n)
        free(fields[--field_n]);
    free(copy);
    return 0;
}
