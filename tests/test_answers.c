/* Every answer that the library reads, with each of its values replaced by one
   of each other type, by nothing and by too much: a documented result, within
   bounded steps, and nothing read or written beyond its memory. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"
#include "test.h"
#include <signal.h>

static char work[1 << 18], memory[1 << 18];

static int64_t now(void *user)
{
    (void)user;
    return 1800000000;
}

static li_token token;
static const li_client me = {.access_token = "AQX-token", .version = "202609",
                             .client_id = "app", .now = now, .token = &token};

static void answered(li_call *call, const li_req *req, int status, li_str body)
{
    li_begin(call, &me, req, work, sizeof work);
    li_feed_status(call, status);
    li_feed_header(call, LI_STR("Content-Type"), LI_STR("application/json"));
    li_feed_header(call, LI_STR("ETag"), LI_STR("\"tag\""));
    li_feed_body(call, body);
    li_feed_end(call);
}

/* A result that is documented: below zero an error code, never a "not yet". */
static void documented(li_rc rc)
{
    assert_true(rc == LI_OK || (rc <= LI_E_ARG && rc >= LI_E_DUPLICATE));
    if (rc)
        assert_string_not_equal(li_strerror(rc), "unknown result");
}

/* ---- the readers */

static void read_token(li_str body)
{
    static char mem[4096];

    memset(&token, 0, sizeof token);
    token.mem = mem;
    token.cap = sizeof mem;
    documented(li_token_read(&token, body, NULL));
    if (token.access_token.ptr)
        assert_int_equal(strlen(token.access_token.ptr),
                         token.access_token.len);
    if (token.refresh_token.ptr)
        assert_int_equal(strlen(token.refresh_token.ptr),
                         token.refresh_token.len);
}

static const li_req get_me = {.path = "/v2/me"};

static void read_profile(li_str body)
{
    li_buf out = LI_BUF(memory);
    li_profile who;
    li_call call;

    answered(&call, &get_me, 200, body);
    if (li_profile_read(&who, &call, &out) == LI_OK) {
        assert_int_equal(strlen(who.id.ptr), who.id.len);
        assert_int_equal(strlen(who.name.ptr), who.name.len);
    }
    documented(li_profile_read(&who, &call, &out));
}

static void read_problem(li_str body)
{
    li_buf out = LI_BUF(memory);
    li_problem why;
    li_call call;

    answered(&call, &get_me, 400, body);
    documented(li_check(&call));
    documented(li_problem_read(&why, &call, &out));
    assert_non_null(li_hint(LI_E_HTTP, &why));
    documented(li_explain(&call, LI_OK, &out));
    answered(&call, &get_me, 422, body);
    documented(li_check(&call));
}

static void read_introspection(li_str body)
{
    li_buf out = LI_BUF(memory);
    li_str raw;
    int64_t n;

    if (!li_json_find(body, "/expires_at", &raw))
        documented(li_json_int(raw, &n));
    documented(li_json_find(body, "/active", &raw));
    documented(li_json_copy(body, "/scope", &out));
    if (!out.rc)
        assert_int_equal(strlen(out.ptr), out.len);
}

static unsigned handed;

static li_rc element(void *user, li_str json)
{
    li_str all;

    (void)user;
    assert_int_equal(li_json_find(json, "", &all), LI_OK);
    handed++;
    return LI_OK;
}

static void read_listing(li_str body, int cursor)
{
    static const li_rest rest = {.method = LI_GET_ALL, .path = "/things"};
    li_page page;
    li_buf out = LI_BUF(memory);
    li_req req;
    li_call call;
    unsigned turn;

    memset(&page, 0, sizeof page);
    page.rest = &rest;
    page.element = element;
    page.mem = memory + sizeof memory / 2;
    page.cap = sizeof memory / 2;
    page.cursor = (uint8_t)cursor;
    out.cap = sizeof memory / 2;
    for (turn = 0; turn < 4; turn++) {
        li_rc rc;

        li_buf_clear(&out);
        rc = li_page_req(&page, &req, &me, &out);
        documented(rc);
        if (rc)
            return;
        answered(&call, &req, 200, body);
        documented(li_page_end(&page, &call));
    }
}

static void read_listing_by_index(li_str body)
{
    read_listing(body, 0);
}

static void read_listing_by_cursor(li_str body)
{
    read_listing(body, 1);
}

static size_t give(void *user, uint64_t at, char *dst, size_t cap)
{
    (void)user;
    (void)at;
    memset(dst, 'v', cap);
    return cap;
}

static void read_upload(li_media media, li_str body)
{
    li_upload up;
    li_call call;
    li_req req;
    li_rc rc = LI_OK;
    unsigned turn;

    memset(&up, 0, sizeof up);
    up.media = media;
    up.owner = "urn:li:person:1";
    up.len = 10;
    up.read = give;
    up.mem = memory + sizeof memory / 2;
    up.cap = sizeof memory / 2;
    for (turn = 0; turn < 8 && !rc; turn++) {
        li_buf out = li_buf_of(memory, sizeof memory / 2);

        rc = li_upload_req(&up, &req, &me, &out);
        documented(rc);
        if (rc)
            break;
        answered(&call, &req, 200, turn ? LI_STR("") : body);
        rc = li_upload_end(&up, &call);
        documented(rc);
    }
    assert_true(turn < 8);
}

static void read_image(li_str body)
{
    read_upload(LI_IMAGE, body);
}

static void read_document(li_str body)
{
    read_upload(LI_DOCUMENT, body);
}

static void read_video(li_str body)
{
    read_upload(LI_VIDEO, body);
}

/* base64url of {"alg":"RS256","kid":"k"} and of claims, with a signature of
   nobody: the keys are read before it is looked at. */
static void read_id_token(li_str header, li_str claims, li_str keys)
{
    static char text[1 << 17];
    li_buf id = LI_BUF(text), out = LI_BUF(memory);
    li_flow flow;
    li_profile who;
    li_rc rc;

    memset(&flow, 0, sizeof flow);
    memset(&token, 0, sizeof token);
    li_base64url_encode(header, &id);
    li_put(&id, LI_STR("."));
    li_base64url_encode(claims, &id);
    li_put(&id, LI_STR(".AAAA"));
    token.id_token = written(&id);
    rc = li_id_token_read(&who, &me, &flow, keys, &out);
    documented(rc);
    assert_int_not_equal(rc, LI_OK);
    assert_non_null(flow.wrong);
}

#define HEADER "{\"alg\":\"RS256\",\"kid\":\"k\",\"typ\":\"JWT\"}"
#define CLAIMS                                                                \
    "{\"iss\":\"https://www.linkedin.com/oauth\",\"aud\":[\"app\"],"          \
    "\"azp\":\"app\",\"exp\":1800000100,\"iat\":1799999900,\"nbf\":1,"        \
    "\"sub\":\"me\",\"name\":\"A\"}"
#define KEYS                                                                  \
    "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k\",\"use\":\"sig\",\"alg\":"      \
    "\"RS256\",\"n\":\"AQAB\",\"e\":\"AQAB\"},{\"kty\":\"EC\"}]}"

static void read_id_header(li_str body)
{
    read_id_token(body, LI_STR(CLAIMS), LI_STR(KEYS));
}

static void read_id_claims(li_str body)
{
    li_str raw[LI__C_COUNT];
    li_flow flow;

    read_id_token(LI_STR(HEADER), body, LI_STR(KEYS));
    memset(&flow, 0, sizeof flow);
    if (!li__pick(body, li__claims, LI__C_COUNT, raw))
        documented(li__id_claims(&flow, &me, raw));
}

static void read_jwks(li_str body)
{
    read_id_token(LI_STR(HEADER), LI_STR(CLAIMS), body);
}

/* What a program reads out of a batch's results. */
static void read_results(li_str body)
{
    li_buf out = LI_BUF(memory);
    li_str raw;
    int64_t n;

    documented(li_json_find(body, "/results/7/name", &raw));
    if (!li_json_find(body, "/statuses/7", &raw))
        documented(li_json_int(raw, &n));
    if (!li_json_find(body, "/errors/8", &raw))
        documented(li_restli_encode(LI_RESTLI_URL, raw, &out));
    documented(li_patch_put(&out, body, LI_STR("{\"results\":{\"7\":{}}}")));
}

/* ---- the answers */

static const struct answer {
    int line;
    const char *what, *body;
    void (*read)(li_str body);
} answers[] = {
    {__LINE__, "token", "{\"access_token\":\"AQX\",\"expires_in\":5184000,"
     "\"scope\":\"openid\",\"token_type\":\"Bearer\",\"id_token\":\"e.y.J\","
     "\"refresh_token\":\"AQV\",\"refresh_token_expires_in\":31536000}",
     read_token},
    {__LINE__, "introspection", "{\"active\":true,\"client_id\":\"app\","
     "\"status\":\"active\",\"scope\":\"openid\",\"expires_at\":1800000000}",
     read_introspection},
    {__LINE__, "profile of /v2/me", "{\"id\":\"a\",\"firstName\":{"
     "\"localized\":{\"en_US\":\"Ann\"},\"preferredLocale\":{\"language\":"
     "\"en\",\"country\":\"US\"}},\"localizedLastName\":\"Li\","
     "\"profilePicture\":{\"displayImage~\":{\"elements\":[{\"identifiers\":"
     "[{\"identifier\":\"https://x/y\"}]}]}}}", read_profile},
    {__LINE__, "profile of /v2/userinfo", "{\"sub\":\"a\",\"name\":\"Ann Li\","
     "\"given_name\":\"Ann\",\"family_name\":\"Li\",\"email\":\"a@b\","
     "\"picture\":\"https://x/y\"}", read_profile},
    {__LINE__, "problem", "{\"status\":400,\"serviceErrorCode\":100,\"code\":"
     "\"C\",\"message\":\"m\",\"requestId\":\"r\",\"errorDetails\":{"
     "\"inputErrors\":[{\"code\":\"D\",\"description\":\"d\",\"input\":{"
     "\"inputPath\":{\"fieldPath\":\"f\"}}}]}}", read_problem},
    {__LINE__, "problem of sign-in", "{\"error\":\"invalid_grant\","
     "\"error_description\":\"used\",\"errorCode\":\"7\"}", read_problem},
    {__LINE__, "listing", "{\"elements\":[{\"a\":1},{\"a\":2}],\"paging\":{"
     "\"start\":0,\"count\":2,\"total\":9,\"links\":[{\"rel\":\"next\"}]}}",
     read_listing_by_index},
    {__LINE__, "listing by cursor", "{\"elements\":[{\"a\":1}],\"metadata\":{"
     "\"nextPageToken\":\"t\"}}", read_listing_by_cursor},
    {__LINE__, "image", "{\"value\":{\"uploadUrlExpiresAt\":1,\"uploadUrl\":"
     "\"https://www.linkedin.com/u\",\"image\":\"urn:li:image:1\"}}",
     read_image},
    {__LINE__, "document", "{\"value\":{\"uploadUrlExpiresAt\":1,"
     "\"uploadUrl\":\"https://www.linkedin.com/u\",\"document\":"
     "\"urn:li:document:1\"}}", read_document},
    {__LINE__, "video", "{\"value\":{\"uploadUrlsExpireAt\":1,\"video\":"
     "\"urn:li:video:1\",\"uploadToken\":\"\",\"uploadInstructions\":[{"
     "\"uploadUrl\":\"https://www.linkedin.com/u\",\"firstByte\":0,"
     "\"lastByte\":4},{\"uploadUrl\":\"https://www.linkedin.com/v\","
     "\"firstByte\":5,\"lastByte\":9}]}}", read_video},
    {__LINE__, "id_token's header", HEADER, read_id_header},
    {__LINE__, "id_token's claims", CLAIMS, read_id_claims},
    {__LINE__, "jwks", KEYS, read_jwks},
    {__LINE__, "results of a batch", "{\"results\":{\"7\":{\"name\":\"x\"}},"
     "\"statuses\":{\"7\":200},\"errors\":{\"8\":{\"status\":404}}}",
     read_results},
};

/* ---- what a value is replaced by */

static char deep[200], longer[70000];

static const char *replacement(unsigned i)
{
    static const char *const texts[] = {
        "null", "true", "false", "0", "-1", "1.5", "1e999", "2E+9",
        "18446744073709551616", "-9223372036854775809", "\"\"", "\"x\"",
        "\"0\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\xff\"",
        "[]", "[null]", "[[]]", "[1,2,3]", "{}", "{\"a\":{}}", "{\"\":null}",
        "", "}", "]", ",", "\"", "nul", "1 2", "{} []"};

    if (i < COUNT(texts))
        return texts[i];
    if (i == COUNT(texts)) {
        memset(deep, '[', 70);
        memset(deep + 70, ']', 70);
        return deep;
    }
    if (i > COUNT(texts) + 1)
        return NULL;
    memset(longer, 'y', sizeof longer - 1);
    longer[0] = longer[sizeof longer - 2] = '"';
    return longer;
}

static void on_alarm(int sig)
{
    static const char text[] = "an answer is read without end\n";

    (void)sig;
    if (write(2, text, sizeof text - 1) < 0)
        _exit(1);
    _exit(1);
}

/* At an exact size before a closed page. */
static void read_changed(const struct answer *row, li_str before,
                         const char *by, li_str behind)
{
    static char text[1 << 17];
    li_buf out = LI_BUF(text);

    li_put(&out, before);
    li_put(&out, li_cstr(by));
    li_put(&out, behind);
    assert_int_equal(out.rc, LI_OK);
    alarm(20);
    row->read(guarded(0, written(&out)));
    alarm(0);
}

static void answer_is_read(void **state)
{
    const struct answer *row = (const struct answer *)*state;
    li_str body = li_cstr(row->body);
    li_json json;
    unsigned i, values = 0;

    signal(SIGALRM, on_alarm);
    handed = 0;
    read_changed(row, body, "", LI_STR(""));
    for (i = 0; replacement(i); i++) /* behind the whole of it */
        read_changed(row, body, replacement(i), LI_STR(""));
    li_json_open(&json, body, 1);
    while (!li_json_next(&json) && json.type != LI_JSON_END) {
        li_json value = json;
        size_t at = (size_t)(json.text.ptr - body.ptr), end;

        if (json.type == LI_JSON_KEY || json.type == LI_JSON_OBJECT_END ||
            json.type == LI_JSON_ARRAY_END)
            continue;
        assert_int_equal(li_json_skip(&value), LI_OK);
        end = li_json_offset(&value);
        for (i = 0; replacement(i); i++)
            read_changed(row, li__cut(body, 0, at), replacement(i),
                         li__cut(body, end, body.len));
        read_changed(row, li__cut(body, 0, at), "", LI_STR("")); /* cut */
        values++;
    }
    assert_true(values > 2);
}

int main(void)
{
    ROWS(answers, answer_is_read);
    return RUN("answers");
}
