/* >>token: tokens, read, kept, saved and loaded. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "exchange.h"
#include "test.h"

/* ---- tokens */

typedef struct token_row {
    int line;
    const char *what;
    li_str json;
    li_rc rc;
    const char *access, *refresh, *id, *scope; /* NULL: absent */
    int64_t expires, refresh_expires, issued;
} token_row;

#define NO_TOKEN NULL, NULL, NULL, NULL, 0, 0, 0
#define NOW 1700000000

static const token_row token_rows[] = {
    { __LINE__, "all", S("{\"access_token\":\"AQX\",\"expires_in\":5184000,"
      "\"scope\":\"openid,profile\",\"token_type\":\"Bearer\",\"id_token\":"
      "\"eyJ\",\"refresh_token\":\"AQV\",\"refresh_token_expires_in\":31536000}"
      ), LI_OK, "AQX", "AQV", "eyJ", "openid,profile", 5184000, 31536000,
      NOW },
    { __LINE__, "a tilde", S("{\"access_token\":\"a~\"}"), LI_OK, "a~", NULL,
      NULL, NULL, -1, -1, NOW },
    { __LINE__, "the least", S("{\"access_token\":\"a\"}"), LI_OK, "a", NULL,
      NULL, NULL, -1, -1, NOW },
    { __LINE__, "nought is told, and is not nothing", S("{\"access_token\":"
      "\"a\",\"expires_in\":0,\"refresh_token_expires_in\":0}"), LI_OK, "a",
      NULL, NULL, NULL, 0, 0, NOW },
    { __LINE__, "digits in strings", S("{\"access_token\":\"a\",\"expires_in\":"
      "\"1800\",\"refresh_token\":\"r\",\"refresh_token_expires_in\":\"9\"}"),
      LI_OK, "a", "r", NULL, NULL, 1800, 9, NOW },
    { __LINE__, "type in small letters", S("{\"token_type\":\"bearer\","
      "\"access_token\":\"a\"}"), LI_OK, "a", NULL, NULL, NULL, -1, -1, NOW },
    { __LINE__, "type with an escape", S("{\"token_type\":\"\\u0042earer\","
      "\"access_token\":\"a\"}"), LI_OK, "a", NULL, NULL, NULL, -1, -1, NOW },
    { __LINE__, "an empty refresh token", S("{\"access_token\":\"a\","
      "\"refresh_token\":\"\"}"), LI_OK, "a", NULL, NULL, NULL, -1, -1, NOW },
    { __LINE__, "nulls", S("{\"access_token\":\"a\",\"refresh_token\":null,"
      "\"expires_in\":null,\"token_type\":null}"), LI_OK, "a", NULL, NULL,
      NULL, -1, -1, NOW },
    { __LINE__, "escapes", S("{\"access_token\":\"a\\u0062\\/\",\"scope\":"
      "\"\\u00e9\"}"), LI_OK, "ab/", NULL, NULL, "\xc3\xa9", -1, -1, NOW },
    { __LINE__, "more members", S(" { \"x\":{\"access_token\":1},\"access_"
      "token\":\"a\",\"y\":[1,2] } "), LI_OK, "a", NULL, NULL, NULL, -1, -1,
      NOW },
    { __LINE__, "issued is told", S("{\"access_token\":\"a\",\"issued_at\":"
      "12345}"), LI_OK, "a", NULL, NULL, NULL, -1, -1, 12345 },
    { __LINE__, "an empty scope", S("{\"access_token\":\"a\",\"scope\":\"\"}"),
      LI_OK, "a", NULL, NULL, "", -1, -1, NOW },
    { __LINE__, "no access token", S("{\"refresh_token\":\"r\"}"),
      LI_E_MISSING, NO_TOKEN },
    { __LINE__, "null", S("{\"access_token\":null}"), LI_E_MISSING, NO_TOKEN },
    { __LINE__, "no members", S("{}"), LI_E_MISSING, NO_TOKEN },
    { __LINE__, "a number", S("{\"access_token\":5}"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "an object", S("{\"access_token\":{}}"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "another type", S("{\"access_token\":\"a\",\"token_type\":"
      "\"mac\"}"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "scope in a list", S("{\"access_token\":\"a\",\"scope\":"
      "[\"b\"]}"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "expires in words", S("{\"access_token\":\"a\",\"expires_in\":"
      "\"soon\"}"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "expires in nothing", S("{\"access_token\":\"a\","
      "\"expires_in\":\"\"}"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "expires before", S("{\"access_token\":\"a\",\"expires_in\":"
      "-1}"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "expires in 1.5", S("{\"access_token\":\"a\",\"expires_in\":"
      "1.5}"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "expires beyond 64 bits", S("{\"access_token\":\"a\","
      "\"expires_in\":9223372036854775808}"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "an empty token", S("{\"access_token\":\"\"}"), LI_E_ARG,
      NO_TOKEN },
    { __LINE__, "CR LF in a token", S("{\"access_token\":\"a\\r\\nb\"}"),
      LI_E_ARG, NO_TOKEN },
    { __LINE__, "NUL in a token", S("{\"access_token\":\"a\\u0000b\"}"),
      LI_E_ARG, NO_TOKEN },
    { __LINE__, "NUL in a refresh token", S("{\"access_token\":\"a\","
      "\"refresh_token\":\"r\\u0000s\"}"), LI_E_ENCODING, NO_TOKEN },
    { __LINE__, "NUL in an id_token", S("{\"access_token\":\"a\","
      "\"id_token\":\"\\u0000\"}"), LI_E_ENCODING, NO_TOKEN },
    { __LINE__, "NUL in a scope", S("{\"access_token\":\"a\","
      "\"scope\":\"s\\u0000\"}"), LI_E_ENCODING, NO_TOKEN },
    { __LINE__, "space in a token", S("{\"access_token\":\"a b\"}"), LI_E_ARG,
      NO_TOKEN },
    { __LINE__, "DEL in a token", S("{\"access_token\":\"a\x7f\"}"), LI_E_ARG,
      NO_TOKEN },
    { __LINE__, "half a character in a token",
      S("{\"access_token\":\"a\\ud800\"}"), LI_E_ENCODING, NO_TOKEN },
    { __LINE__, "high byte in a token", S("{\"access_token\":\"\xc3\xa9\"}"),
      LI_E_ARG, NO_TOKEN },
    { __LINE__, "cut", S("{\"access_token\":\"a\""), LI_E_JSON, NO_TOKEN },
    { __LINE__, "two", S("{\"access_token\":\"a\"}{}"), LI_E_JSON, NO_TOKEN },
    { __LINE__, "HTML", S("<html></html>"), LI_E_JSON, NO_TOKEN },
    { __LINE__, "nothing", S(""), LI_E_JSON, NO_TOKEN },
    { __LINE__, "an array", S("[\"access_token\"]"), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "a string", S("\"access_token\""), LI_E_TYPE, NO_TOKEN },
    { __LINE__, "not UTF-8", S("{\"access_token\":\"a\",\"scope\":\"\xff\"}"),
      LI_E_ENCODING, NO_TOKEN },
    { __LINE__, "lone surrogate", S("{\"access_token\":\"a\",\"scope\":"
      "\"\\ud800\"}"), LI_E_ENCODING, NO_TOKEN },
};

static unsigned saved;

static li_rc save(void *user, const li_token *token)
{
    (void)user;
    (void)token;
    ++saved;
    return hook_fails ? LI_E_IO : LI_OK;
}

static const li_client timed = { .now = tell, .save = save };

static void token_is(const li_token *token, const token_row *row)
{
    same_text(token->access_token, row->access);
    same_text(token->refresh_token, row->refresh);
    same_text(token->id_token, row->id);
    same_text(token->scope, row->scope);
    assert_int_equal(token->issued_at, row->issued);
    assert_int_equal(token->expires_in, row->expires);
    assert_int_equal(token->refresh_expires_in, row->refresh_expires);
}

static size_t token_need(const token_row *row)
{
    const char *const texts[] = { row->access, row->refresh, row->id,
                                  row->scope };
    size_t i, need = 0;

    for (i = 0; i < 4; ++i)
        need += texts[i] ? strlen(texts[i]) + 1 : 0;
    return need;
}

static void token_at_every_capacity(void **state)
{
    const token_row *row = (const token_row *)*state;
    size_t cap, need = token_need(row);

    clock_says = NOW;
    for (cap = 0; cap <= need + 2; ++cap) {
        li_token token = { .cap = cap }, before;
        li_rc want = row->rc ? row->rc : cap < need ? LI_E_SPACE : LI_OK;

        token.mem = guard(1, cap);
        before = token;
        saved = 0;
        assert_int_equal(li_token_read(&token, guarded(0, row->json), &timed),
                         want);
        assert_true(untouched(token.mem - 64, 64));
        assert_int_equal(saved, want == LI_OK);
        if (want == LI_E_SPACE)
            assert_int_equal(token.need, need);
        if (want == LI_OK) {
            token_is(&token, row);
            continue;
        }
        assert_true(untouched(token.mem, cap));
        token.need = before.need;
        assert_memory_equal(&token, &before, sizeof token);
    }
}

static li_rc put_token(const void *arg, li_buf *out)
{
    return li_token_put((const li_token *)arg, out);
}

static void token_there_and_back(void **state)
{
    const token_row *row = (const token_row *)*state;
    char mem[200], again[200], text[500];
    li_token token = { .mem = mem, .cap = sizeof mem };
    li_token back = { .mem = again, .cap = sizeof again };
    li_buf out = LI_BUF(text);

    if (row->rc)
        return;
    clock_says = NOW;
    assert_int_equal(li_token_read(&token, row->json, &timed), LI_OK);
    assert_int_equal(li_token_put(&token, &out), LI_OK);
    put_at_every_cap(put_token, &token, written(&out));
    clock_says = 1;
    assert_int_equal(li_token_read(&back, written(&out), &timed), LI_OK);
    token_is(&back, row);
}

static void tokens_of_every_length(void **state)
{
    static const size_t lengths[] = { 350, 1000, 1024, 1867, 4096, 6143 };
    static char json[7000], mem[LI_TOKEN_MEM];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(lengths); ++i) {
        li_token token = { .mem = mem, .cap = lengths[i] };
        size_t n = (size_t)sprintf(json, "{\"access_token\":\"");
        li_str text;

        memset(json + n, 'a', lengths[i]);
        n += lengths[i];
        n += (size_t)sprintf(json + n, "\"}");
        text = li_cstr(json);
        assert_int_equal(li_token_read(&token, text, NULL), LI_E_SPACE);
        assert_int_equal(token.need, lengths[i] + 1);
        token.cap = token.need;
        assert_int_equal(li_token_read(&token, text, NULL), LI_OK);
        assert_int_equal(token.access_token.len, lengths[i]);
        assert_int_equal(token.issued_at, 0);
    }
}

/* A refresh: the answer may leave the refresh token out. */
static void a_refresh_token_is_kept(void **state)
{
    static const struct { const char *json; int64_t issued, now, left; } c[] = {
        { "{\"access_token\":\"longer-than-before\",\"expires_in\":9}", 1000,
          1100, 900 },
        { "{\"access_token\":\"b\"}", 1000, 1000, 1000 },
        { "{\"access_token\":\"b\"}", 1000, 1999, 1 },
        { "{\"access_token\":\"b\"}", 1000, 5000, 0 },
        { "{\"access_token\":\"b\"}", 1000, 2000, 0 },
        { "{\"access_token\":\"b\"}", 1000, 500, 1000 },
        { "{\"access_token\":\"b\"}", 0, 5000, 1000 },
        { "{\"access_token\":\"b\"}", 1000, 0, 1000 },
        { "{\"access_token\":\"b\",\"refresh_token_expires_in\":77}", 1000,
          1100, 77 },
        { "{\"access_token\":\"b\",\"issued_at\":1200}", 1000, 1100, 800 },
        { "{\"access_token\":\"b\",\"refresh_token_expires_in\":0}", 1000,
          1100, 0 },
        { "{\"access_token\":\"b\",\"refresh_token\":\"\"}", 1000, 1100, 900 },
        { "{\"access_token\":\"b\"}", INT64_MAX, -5, 1000 },
        { "{\"access_token\":\"b\"}", -5, INT64_MAX, 0 },
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(c); ++i) {
        char mem[100];
        li_token token = { .mem = mem, .cap = sizeof mem };

        clock_says = 1000;
        assert_int_equal(li_token_read(&token, LI_STR("{\"access_token\":"
            "\"a\",\"refresh_token\":\"keep-me\",\"scope\":\"s\","
            "\"refresh_token_expires_in\":1000}"), &timed), LI_OK);
        token.issued_at = c[i].issued;
        clock_says = c[i].now;
        assert_int_equal(li_token_read(&token, li_cstr(c[i].json), &timed),
                         LI_OK);
        same_text(token.refresh_token, "keep-me");
        assert_null(token.scope.ptr);
        assert_int_equal(token.refresh_expires_in, c[i].left);
        assert_int_equal(li_token_read(&token, LI_STR("{\"access_token\":"
            "\"c\",\"refresh_token\":\"new\"}"), &timed), LI_OK);
        same_text(token.refresh_token, "new");
        assert_int_equal(token.refresh_expires_in, -1);
        assert_int_equal(li_token_read(&token, LI_STR("{\"access_token\":"
            "\"d\"}"), &timed), LI_OK); /* what was not told is not due */
        same_text(token.refresh_token, "new");
        assert_int_equal(token.refresh_expires_in, -1);
    }
}

static void an_old_token_is_wiped(void **state)
{
    char mem[100] = { 0 };
    li_token token = { .mem = mem, .cap = sizeof mem };

    (void)state;
    li_token_read(&token, LI_STR("{\"access_token\":\"0123456789" MARK
                                 "\"}"), NULL);
    assert_true(holds(mem, sizeof mem, MARK));
    li_token_read(&token, LI_STR("{\"access_token\":\"new\"}"), NULL);
    assert_false(holds(mem, sizeof mem, MARK));
}

/* The token that is kept counts, with its end. */
static void memory_for_a_token_that_is_kept(void **state)
{
    static const li_str next = S("{\"access_token\":\"bc\"}");
    char mem[20];
    li_token token = { .mem = mem, .cap = sizeof mem };

    (void)state;
    assert_int_equal(li_token_read(&token, LI_STR("{\"access_token\":\"a\","
                                   "\"refresh_token\":\"keep\"}"), NULL),
                     LI_OK);
    token.cap = 7;
    assert_int_equal(li_token_read(&token, next, NULL), LI_E_SPACE);
    assert_int_equal(token.need, 8);
    token.cap = 8;
    assert_int_equal(li_token_read(&token, next, NULL), LI_OK);
    same_text(token.refresh_token, "keep");
    same_text(token.access_token, "bc");
}

/* Without memory, a clock, or a store: what is there does. */
static void without_a_hook(void **state)
{
    static const li_str json = S("{\"access_token\":\"a\"}");
    static const li_client bare = { .client_id = "id" };
    char mem[10];
    li_token token = { .cap = sizeof mem };

    (void)state;
    assert_int_equal(li_token_read(&token, json, &bare), LI_E_SPACE);
    assert_int_equal(token.need, 2);
    token.mem = mem;
    assert_int_equal(li_token_read(&token, json, &bare), LI_OK);
    assert_int_equal(token.issued_at, 0);
    same_text(token.access_token, "a");
    {
        char text[60];
        li_buf out = LI_BUF(text);

        assert_int_equal(li_token_put(&token, &out), LI_OK);
        assert_text(written(&out), LI_STR("{\"access_token\":\"a\"}"));
    }
}

static void saving_fails(void **state)
{
    char mem[100];
    li_token token = { .mem = mem, .cap = sizeof mem };

    (void)state;
    hook_fails = 1;
    assert_int_equal(li_token_read(&token, LI_STR("{\"access_token\":\"a\"}"),
                                   &timed), LI_E_STORE);
    hook_fails = 0;
    same_text(token.access_token, "a");
}

/* ---- the load hook */

static li_rc load_says;

static li_rc load_some(void *user, li_token *t)
{
    (void)user;
    t->expires_in = 7;
    return load_says;
}

static void loading(void **state)
{
    static const li_rc says[] = { LI_OK, LI_E_MISSING, LI_E_STORE, LI_E_JSON };
    static const li_rc want[] = { LI_OK, LI_E_MISSING, LI_E_STORE, LI_E_STORE };
    li_token t = { .mem = NULL };
    li_client client = { .token = &t, .load = load_some };
    unsigned i;

    (void)state;
    for (i = 0; i < COUNT(says); ++i) {
        load_says = says[i];
        assert_int_equal(li_token_load(&client), want[i]);
        assert_int_equal(t.expires_in, 7);
    }
    load_says = LI_OK;
    client.load = NULL;
    assert_int_equal(li_token_load(&client), LI_E_STORE);
    client.load = load_some;
    client.token = NULL;
    assert_int_equal(li_token_load(&client), LI_E_STORE);
}

/* ---- when a member must sign in */

static void when_a_member_must_sign_in(void **state)
{
    char mem[100];
    li_token token = { .mem = mem, .cap = sizeof mem };
    li_client me = { .client_id = "app", .client_secret = "SECRET",
                     .token = &token, .now = tell };

    (void)state;
    assert_int_equal(li_token_read(&token, LI_STR("{\"access_token\":\"OLD\","
        "\"expires_in\":80,\"refresh_token\":\"REFRESH\","
        "\"refresh_token_expires_in\":31536000,\"issued_at\":1793793600}"),
        NULL), LI_OK);
    clock_says = NOON + 1;
    assert_true(li_sign_in_due(&me) == 31535999);
    clock_says += 31536000;
    assert_true(li_sign_in_due(&me) == -1);
    token.refresh_token = li_cstr(NULL);
    assert_true(li_sign_in_due(&me) == 80 - 31536001);
    token.expires_in = -1;
    assert_true(li_sign_in_due(&me) == INT64_MAX);
    token.expires_in = 0;
    assert_true(li_sign_in_due(&me) == -31536001);
    token.expires_in = INT64_MAX;
    assert_true(li_sign_in_due(&me) == INT64_MAX - 31536001);
    token.issued_at = INT64_MAX; /* a clock that was set back */
    assert_true(li_sign_in_due(&me) == INT64_MAX);
    token.expires_in = 80;
    assert_true(li_sign_in_due(&me) == 80);
    token.issued_at = 0; /* it is not known when */
    assert_true(li_sign_in_due(&me) == INT64_MAX);
    token.issued_at = NOON;
    me.now = NULL;
    assert_true(li_sign_in_due(&me) == INT64_MAX);
    me.token = NULL;
    assert_true(li_sign_in_due(&me) == INT64_MAX);
}

int main(void)
{
    ROWS(token_rows, token_at_every_capacity);
    ROWS(token_rows, token_there_and_back);
    TEST(tokens_of_every_length);
    TEST(a_refresh_token_is_kept);
    TEST(an_old_token_is_wiped);
    TEST(memory_for_a_token_that_is_kept);
    TEST(without_a_hook);
    TEST(saving_fails);
    TEST(loading);
    TEST(when_a_member_must_sign_in);
    return RUN("token");
}
