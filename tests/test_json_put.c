/* >>json_put: the writer. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "test.h"

static li_rc put_document(const void *arg, li_buf *out)
{
    (void)arg;
    put_json(out, LI_STR("{"));
    put_json_key(out, LI_STR("a"));
    put_json(out, LI_STR("1"));
    put_json_key(out, LI_STR("b\n"));
    put_json(out, LI_STR("["));
    put_json_text(out, LI_STR("{"));
    put_json_text(out, LI_STR(""));
    put_json(out, LI_STR("["));
    put_json(out, LI_STR("]"));
    put_json(out, LI_STR("{"));
    put_json(out, LI_STR("}"));
    put_json(out, LI_STR("null"));
    put_json(out, LI_STR("{\"ready\":[]}"));
    put_json(out, LI_STR("]"));
    put_json_key(out, LI_STR(""));
    put_json_text(out, LI_STR(":"));
    return put_json(out, LI_STR("}"));
}

static void commas_come_by_themselves(void **state)
{
    (void)state;
    put_at_every_cap(put_document, NULL,
                     LI_STR("{\"a\":1,\"b\\n\":[\"{\",\"\",[],{},null,"
                            "{\"ready\":[]}],\"\":\":\"}"));
}

typedef struct put_row {
    int line;
    const char *what;
    li_str raw, want; /* raw absent: rc */
    int rc;
} put_row;

static const put_row put_rows[] = {
    { __LINE__, "nothing", S("\"\""), S(""), 0 },
    { __LINE__, "plain", S("\"plain text/\""), S("plain text/"), 0 },
    { __LINE__, "short escapes", S("\"\\\"\\\\\\b\\f\\n\\r\\t\""),
      S("\"\\\b\f\n\r\t"), 0 },
    { __LINE__, "control characters",
      S("\"\\u0000\\u0001\\u0007\\u000b\\u000e\\u0019\\u001a\\u001f\""),
      S("\0\x01\x07\x0b\x0e\x19\x1a\x1f"), 0 },
    { __LINE__, "raw from 0x20 on", S("\" !#'[]\x7f\""), S(" !#'[]\x7f"),
      0 },
    { __LINE__, "UTF-8", S("\"\xc2\x80\xe2\x80\xa8\xf4\x8f\xbf\xbf\""),
      S("\xc2\x80\xe2\x80\xa8\xf4\x8f\xbf\xbf"), 0 },
    { __LINE__, "UTF-8 between escapes", S("\"\\n\xc3\xa9\\n\""),
      S("\n\xc3\xa9\n"), 0 },
    { __LINE__, "far apart", S("\"12345678\\n12345678\xc3\xa9" "1234567\\\"\""),
      S("12345678\n12345678\xc3\xa9" "1234567\""), 0 },
    { __LINE__, "tail alone", { NULL, 0 }, S("a\x80"), LI_E_ENCODING },
    { __LINE__, "cut", { NULL, 0 }, S("a\xe2\x80"), LI_E_ENCODING },
    { __LINE__, "cut before text", { NULL, 0 }, S("\xe2\x80z"),
      LI_E_ENCODING },
    { __LINE__, "over-long", { NULL, 0 }, S("\xc0\x80"), LI_E_ENCODING },
    { __LINE__, "surrogate", { NULL, 0 }, S("\xed\xa0\x80"), LI_E_ENCODING },
    { __LINE__, "too high", { NULL, 0 }, S("\xf4\x90\x80\x80"),
      LI_E_ENCODING },
    { __LINE__, "FF", { NULL, 0 }, S("\xff"), LI_E_ENCODING },
};

static li_rc put_string(const void *arg, li_buf *out)
{
    return put_json_text(out, guarded(0, ((const put_row *)arg)->want));
}

static void put_a_string(void **state)
{
    const put_row *r = (const put_row *)*state;
    char *mem = guard(1, 40);
    li_buf b = li_buf_of(mem, 40), back = li_buf_of(mem, 40);

    if (r->raw.ptr) {
        put_at_every_cap(put_string, r, r->raw);
        assert_int_equal(li_json_text(r->raw, &back), LI_OK);
        assert_text(written(&back), r->want);
        return;
    }
    assert_int_equal(put_string(r, &b), r->rc);
    assert_int_equal(b.len, 0);
    assert_int_equal(put_json_key(&b, LI_STR("a")), r->rc);
    assert_int_equal(put_json(&b, LI_STR("1")), r->rc);
    assert_int_equal(b.len, 0);
    b = li_buf_of(mem, 40);
    assert_int_equal(put_json_key(&b, r->want), r->rc);
    assert_int_equal(b.len, 0);
}

static void write_value(li_buf *out, uint32_t *seed, int depth)
{
    static const char *const words[] = { "true", "false", "null", "-1.5e3" };
    uint32_t kind = test_random(seed) % (depth < 6 ? 8 : 4), n;
    char text[6];
    li_str s;
    size_t i;

    s.ptr = text;
    s.len = test_random(seed) % sizeof text;
    for (i = 0; i < sizeof text; ++i)
        text[i] = (char)(test_random(seed) & 127);
    if (kind < 2)
        put_json(out, li_cstr(words[test_random(seed) % 4]));
    else if (kind < 4)
        put_json_text(out, s);
    else {
        put_json(out, kind & 1 ? LI_STR("{") : LI_STR("["));
        for (n = test_random(seed) % 4; n--;) {
            if (kind & 1)
                put_json_key(out, s);
            write_value(out, seed, depth + 1);
        }
        put_json(out, kind & 1 ? LI_STR("}") : LI_STR("]"));
    }
}

/* Reads a text and writes every token of it again. */
static li_rc write_again(li_str in, li_buf *out)
{
    li_json json;
    li_rc rc;

    li_json_open(&json, guarded(0, in), 1);
    while (!(rc = li_json_next(&json)) && json.type != LI_JSON_END) {
        char text[8];
        li_buf b = LI_BUF(text);

        if (json.type != LI_JSON_KEY && json.type != LI_JSON_STRING) {
            put_json(out, json.text);
            continue;
        }
        assert_int_equal(li_json_text(json.text, &b), LI_OK);
        if (json.type == LI_JSON_KEY)
            put_json_key(out, written(&b));
        else
            put_json_text(out, written(&b));
    }
    return rc;
}

static void written_read_and_written_again(void **state)
{
    static char first[65536], again[65536];
    uint32_t seed = 7;
    int round;

    (void)state;
    for (round = 0; round < OFTEN(2000, 200); ++round) {
        li_buf a = LI_BUF(first), b = LI_BUF(again);

        write_value(&a, &seed, 0);
        assert_int_equal(a.rc, LI_OK);
        assert_int_equal(write_again(written(&a), &b), LI_OK);
        assert_text(written(&b), written(&a));
    }
}

/* ---- templates */

typedef struct fill_row {
    int line;
    const char *what, *tmpl;
    size_t n;
    li_value values[4];
    const char *before, *want; /* before: what out holds */
    li_rc rc;
    unsigned at;
} fill_row;

#define T(text) { S(text), 0 }
#define N(number) { { NULL, 0 }, number }
#define NONE { { { NULL, 0 }, 0 } }

static const fill_row fill_rows[] = {
    { __LINE__, "a post", "{\"author\":?,\"commentary\":?,\"x\":\"D\"}", 2,
      { T("urn:li:person:1"), T("\"#1\"?\n") }, "",
      "{\"author\":\"urn:li:person:1\",\"commentary\":\"\\\"#1\\\"?\\n\","
      "\"x\":\"D\"}", LI_OK, 0 },
    { __LINE__, "each kind", "{?:#,\"b\":*}", 3,
      { T("a\""), N(-9), T(" [1, {\"?\":\"#\"}] ") }, "",
      "{\"a\\\"\":-9,\"b\":[1, {\"?\":\"#\"}]}", LI_OK, 0 },
    { __LINE__, "nothing", "", 0, NONE, "", "", LI_OK, 0 },
    { __LINE__, "nothing behind a value", "", 0, NONE, "[1", "[1", LI_OK, 0 },
    { __LINE__, "no place", "{\"a\":[true,null]}", 0, NONE, "",
      "{\"a\":[true,null]}", LI_OK, 0 },
    { __LINE__, "an empty text", "?", 1, { T("") }, "", "\"\"", LI_OK, 0 },
    { __LINE__, "the least number", "#", 1, { N(INT64_MIN) }, "",
      "-9223372036854775808", LI_OK, 0 },
    { __LINE__, "behind a value", "?", 1, { T("b") }, "[\"a\"",
      "[\"a\",\"b\"", LI_OK, 0 },
    { __LINE__, "behind an end", "{\"b\":#}", 1, { N(1) }, "[{}",
      "[{},{\"b\":1}", LI_OK, 0 },
    { __LINE__, "behind a bracket", "#", 1, { N(1) }, "[", "[1", LI_OK, 0 },
    { __LINE__, "behind a brace", "?:", 1, { T("a") }, "{", "{\"a\":", LI_OK,
      0 },
    { __LINE__, "behind a name", "#", 1, { N(2) }, "{\"a\":", "{\"a\":2",
      LI_OK, 0 },
    { __LINE__, "an end gets no comma", "]}", 0, NONE, "{\"a\":[1",
      "{\"a\":[1]}", LI_OK, 0 },
    { __LINE__, "nor a comma another", ",#", 1, { N(2) }, "[1", "[1,2", LI_OK,
      0 },
    { __LINE__, "nor a colon", ":#", 1, { N(2) }, "{\"a\"", "{\"a\":2", LI_OK,
      0 },
    { __LINE__, "white space in front of an end", " }", 0, NONE, "{\"a\":1",
      "{\"a\":1}", LI_OK, 0 },
    { __LINE__, "white space round a place", "\n ? ", 1, { T("b") }, "[1",
      "[1,\"b\"", LI_OK, 0 },
    { __LINE__, "white space behind a name", "\"a\": ", 0, NONE, "{",
      "{\"a\":", LI_OK, 0 },
    { __LINE__, "white space alone", " \t\r\n", 0, NONE, "[1", "[1", LI_OK, 0 },
    { __LINE__, "a place behind white space", "  [?]", 1, NONE, "", "",
      LI_E_ARG, 3 },
    { __LINE__, "escapes in the template", "{\"a\\\"b\\\\\":?}", 1,
      { T("c") }, "", "{\"a\\\"b\\\\\":\"c\"}", LI_OK, 0 },
    { __LINE__, "a backslash outside of a string", "\\?", 1, { T("c") }, "",
      "\\\"c\"", LI_OK, 0 },
    { __LINE__, "one too few", "{\"a\":?,\"b\":#}", 1, { T("x") }, "[1", "[1",
      LI_E_ARG, 11 },
    { __LINE__, "none for one", "?", 0, NONE, "", "", LI_E_ARG, 0 },
    { __LINE__, "one too many", "{\"a\":?}", 2, { T("x"), T("y") }, "", "",
      LI_E_ARG, 7 },
    { __LINE__, "one for none", "", 1, { T("x") }, "", "", LI_E_ARG, 0 },
    { __LINE__, "a place in a string", "{\"a\":\"?\"}", 1, { T("x") }, "", "",
      LI_E_ARG, 6 },
    { __LINE__, "a number in a string", "[\"#\"]", 1, { N(1) }, "", "",
      LI_E_ARG, 2 },
    { __LINE__, "JSON in a name", "{\"$*\":1}", 1, { T("1") }, "", "",
      LI_E_ARG, 3 },
    { __LINE__, "a place behind an escaped quote", "\"\\\"?\"", 1, { T("x") },
      "", "", LI_E_ARG, 3 },
    { __LINE__, "a string without an end", "{\"a", 0, NONE, "", "", LI_E_ARG,
      3 },
    { __LINE__, "a string that ends in an escape", "\"a\\", 0, NONE, "", "",
      LI_E_ARG, 3 },
    { __LINE__, "an absent text", "[?]", 1, NONE, "", "", LI_E_ARG, 1 },
    { __LINE__, "absent JSON", "[*]", 1, NONE, "", "", LI_E_ARG, 1 },
    { __LINE__, "no UTF-8", "[?]", 1, { T("a\xff") }, "[1", "[1",
      LI_E_ENCODING, 0 },
    { __LINE__, "no JSON", "[*]", 1, { T("{]") }, "", "", LI_E_JSON, 0 },
    { __LINE__, "two for one", "[*]", 1, { T("1,2") }, "", "", LI_E_JSON, 0 },
    { __LINE__, "empty JSON", "[*]", 1, { T("") }, "", "", LI_E_JSON, 0 },
    { __LINE__, "JSON of no UTF-8", "*", 1, { T("\"\xff\"") }, "", "",
      LI_E_ENCODING, 0 },
    { __LINE__, "JSON to end an object", "{\"a\":*}", 1,
      { T("1},\"admin\":{") }, "", "", LI_E_JSON, 0 },
};

static void fill(void **state)
{
    const fill_row *row = (const fill_row *)*state;
    size_t cap, need = strlen(row->want), start = strlen(row->before);

    for (cap = start; cap <= need + 2; ++cap) {
        char *mem = guard(1, cap);
        li_buf out = li_buf_of(mem, cap);
        li_rc rc, want = row->rc ? row->rc : cap < need ? LI_E_SPACE : LI_OK;

        li_put(&out, li_cstr(row->before));
        rc = li_json_fill(&out, row->tmpl, row->n ? row->values : NULL, row->n);
        assert_int_equal(rc, want);
        assert_int_equal(out.rc, want);
        assert_text(written(&out), li_cstr(rc ? row->before : row->want));
        assert_true(untouched(mem - 64, 64));
        if (rc == LI_E_ARG)
            assert_int_equal(out.at, row->at);
        if (rc == LI_E_SPACE)
            assert_int_equal(out.need, need);
    }
}

/* An earlier failure stays, and the need goes on counting. */
static void a_writer_that_failed(void **state)
{
    char mem[4];
    li_buf out = LI_BUF(mem);
    li_value value = T("abc");

    (void)state;
    li_put(&out, LI_STR("12345"));
    assert_int_equal(li_json_fill(&out, "[?]", &value, 1), LI_E_SPACE);
    assert_int_equal(out.need, 5 + 1 + 7);
    assert_int_equal(li_json_fill(&out, "[?]", &value, 0), LI_E_SPACE);
}

static void elements_in_a_loop(void **state)
{
    char mem[64];
    li_buf out = LI_BUF(mem);
    li_value value = N(0);

    (void)state;
    li_json_fill(&out, "{\"ids\":[", NULL, 0);
    for (; value.number < 3; value.number++)
        li_json_fill(&out, "{\"id\":#}", &value, 1);
    assert_int_equal(li_json_fill(&out, "]}", NULL, 0), LI_OK);
    assert_text(written(&out),
                LI_STR("{\"ids\":[{\"id\":0},{\"id\":1},{\"id\":2}]}"));
}

/* A place beyond what is told of it: the most. */
static void far_into_a_template(void **state)
{
    static char tmpl[70001], mem[70001];
    li_buf out = LI_BUF(mem);

    (void)state;
    memset(tmpl, ' ', 70000);
    tmpl[65534] = '?';
    assert_int_equal(li_json_fill(&out, tmpl, NULL, 0), LI_E_ARG);
    assert_int_equal(out.at, 65534);
    tmpl[65534] = ' ';
    tmpl[66000] = '?';
    out = LI_BUF(mem);
    assert_int_equal(li_json_fill(&out, tmpl, NULL, 0), LI_E_ARG);
    assert_int_equal(out.at, 65535);
}

int main(void)
{
    TEST(commas_come_by_themselves);
    ROWS(put_rows, put_a_string);
    TEST(written_read_and_written_again);
    ROWS(fill_rows, fill);
    TEST(a_writer_that_failed);
    TEST(elements_in_a_loop);
    TEST(far_into_a_template);
    return RUN("json_put");
}
