/* Answers of a listing, of an upload, and of a sign-in: whole or in pieces
   they mean the same, nothing is written beyond the memory given, and bytes go
   only to hosts that are allowed. The first byte chooses. */
#include "fuzz.h"

static const li_client me = {.access_token = "t", .version = "202609"};
static char work[1 << 16], mem[1 << 16];

static void answer(li_call *call, const li_req *req, int status, li_str body,
                   uint32_t *seed)
{
    size_t at = 0, n;
    li_begin(call, &me, req, work, sizeof work);
    li_feed_status(call, status);
    for (; at < body.len; at += n) {
        n = seed ? piece(seed, body.len - at) : body.len;
        /* a piece of its own, so that no one keeps a view of it */
        {
            char *copy = (char *)malloc(n);
            memcpy(copy, body.ptr + at, n);
            li_feed_body(call, li__str(copy, n));
            memset(copy, 'x', n);
            free(copy);
        }
    }
    li_feed_end(call);
}

/* ---- a listing */

static li_rc element(void *user, li_str json)
{
    uint64_t *hash = (uint64_t *)user;
    li_str whole;
    CLAIM(!li_json_find(json, "", &whole) && whole.len == json.len);
    fold(hash, json.ptr, json.len);
    fold_int(hash, (int)json.len);
    return LI_OK;
}

/* What a page came to, in a number. */
static uint64_t listing(li_str body, int cursor, uint32_t *seed, size_t cap)
{
    static const li_rest rest = {.method = LI_GET_ALL, .path = "/things"};
    uint64_t hash = 0xcbf29ce484222325u, handed;
    li_buf out = LI_BUF(mem);
    li_page page = {.rest = &rest, .element = element, .user = &hash,
                    .count = 3, .cursor = (uint8_t)cursor};
    li_call call;
    li_req req;
    li_rc rc;
    page.mem = (char *)malloc(cap + !cap);
    page.cap = cap;
    CLAIM(!li_page_req(&page, &req, &me, &out));
    answer(&call, &req, 200, body, seed);
    rc = li_page_end(&page, &call);
    CLAIM(rc <= 0);
    if (rc == LI_E_SPACE)
        CLAIM(page.need > cap);
    fold_int(&hash, rc != 0); /* of two faults, either may be told */
    handed = page.handed;
    out = LI_BUF(mem);
    rc = li_page_req(&page, &req, &me, &out);
    CLAIM(!rc || rc == LI_E_MISSING);
    fold_int(&hash, rc);
    if (!rc)
        fold(&hash, req.query, strlen(req.query));
    if (!rc) { /* the same again: by cursor, nothing is handed over twice */
        answer(&call, &req, 200, body, seed);
        li_page_end(&page, &call);
        CLAIM(page.handed >= handed);
    }
    free(page.mem);
    return hash;
}

static void listings(li_str body, uint32_t seed, int cursor)
{
    uint64_t whole = listing(body, cursor, NULL, body.len + 1);
    CLAIM(whole == listing(body, cursor, &seed, body.len + 1));
    listing(body, cursor, &seed, body.len / 3);
}

/* ---- an upload */

static size_t give(void *user, uint64_t at, char *dst, size_t cap)
{
    (void)user, (void)at;
    memset(dst, 'v', cap);
    return cap;
}

static int ends_in(li_str s, const char *end)
{
    size_t n = strlen(end);
    return s.len >= n && li__same_nocase(li__cut(s, s.len - n, s.len),
                                        li_cstr(end));
}

static void upload(li_str body, li_media media, size_t cap)
{
    li_upload up = {.media = media, .owner = "urn:li:person:1", .len = 20,
                    .read = give, .hosts = "up.example"};
    uint64_t sent = 0;
    li_call call;
    li_req req;
    int i;
    up.mem = (char *)malloc(cap + !cap);
    up.cap = cap;
    for (i = 0; i < 30; i++) {
        li_buf out = LI_BUF(mem);
        li_url url;
        if (li_upload_req(&up, &req, &me, &out))
            break;
        if (i && req.read) {
            CLAIM(!li_url_split(li_cstr(req.path), &url) && url.tls);
            CLAIM(ends_in(url.host, ".linkedin.com") ||
                  ends_in(url.host, ".licdn.com") ||
                  (ends_in(url.host, "up.example") && media == LI_VIDEO));
            CLAIM(req.token == (media == LI_VIDEO ? LI_TOKEN_NEVER
                                                  : LI_TOKEN_HERE));
            sent += req.read_len;
            CLAIM(sent <= up.len);
        }
        li_begin(&call, &me, &req, work, sizeof work);
        li_feed_status(&call, 200);
        li_feed_header(&call, LI_STR("ETag"), LI_STR("\"tag\""));
        if (!i)
            li_feed_body(&call, body);
        li_feed_end(&call);
        if (li_upload_end(&up, &call))
            break;
    }
    if (up.priv.step == LI__ALL_DONE)
        CLAIM(sent == up.len);
    free(up.mem);
}

/* ---- a sign-in */

static int64_t now(void *user)
{
    (void)user;
    return 1800000000;
}

/* No bytes that anybody makes up are ever a member. */
static void sign_in(li_str text)
{
    li_token token = {.mem = NULL};
    li_client app = {.client_id = "app", .token = &token, .now = now};
    li_flow flow = {.stage = 3};
    li_buf out = LI_BUF(mem);
    li_profile who;
    li_str jwks = text;
    token.id_token = li__upto(&jwks, '\n');
    CLAIM(li_id_token_read(&who, &app, &flow, jwks, &out));
    CLAIM(!who.id.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = (char *)malloc(size + 1);
    li_str text = li__str(copy, size > 2 ? size - 2 : 0);
    if (size > 2)
        memcpy(copy, data + 2, size - 2);
    switch (size ? data[0] % 6 : 0) {
    case 0: listings(text, size > 1 ? data[1] : 0, 0); break;
    case 1: listings(text, size > 1 ? data[1] : 0, 1); break;
    case 2: upload(text, LI_IMAGE, 4096); break;
    case 3: upload(text, LI_VIDEO, 4096); break;
    case 4: upload(text, LI_VIDEO, text.len / 2); break;
    default: sign_in(text); break;
    }
    free(copy);
    return 0;
}
