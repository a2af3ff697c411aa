/* >>json_put: the writer. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "test.h"

static li_rc put_document(const void *arg, li_buf *out)
{
    (void)arg;
    li_json_put_raw(out, LI_STR("{"));
    li_json_put_key(out, LI_STR("a"));
    li_json_put_raw(out, LI_STR("1"));
    li_json_put_key(out, LI_STR("b\n"));
    li_json_put_raw(out, LI_STR("["));
    li_json_put_string(out, LI_STR("{"));
    li_json_put_string(out, LI_STR(""));
    li_json_put_raw(out, LI_STR("["));
    li_json_put_raw(out, LI_STR("]"));
    li_json_put_raw(out, LI_STR("{"));
    li_json_put_raw(out, LI_STR("}"));
    li_json_put_raw(out, LI_STR("null"));
    li_json_put_raw(out, LI_STR("{\"ready\":[]}"));
    li_json_put_raw(out, LI_STR("]"));
    li_json_put_key(out, li_cstr(NULL));
    li_json_put_string(out, LI_STR(":"));
    return li_json_put_raw(out, LI_STR("}"));
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
    return li_json_put_string(out, guarded(0, ((const put_row *)arg)->want));
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
    assert_int_equal(li_json_put_key(&b, LI_STR("a")), r->rc);
    assert_int_equal(li_json_put_raw(&b, LI_STR("1")), r->rc);
    assert_int_equal(b.len, 0);
    b = li_buf_of(mem, 40);
    assert_int_equal(li_json_put_key(&b, r->want), r->rc);
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
        li_json_put_raw(out, li_cstr(words[test_random(seed) % 4]));
    else if (kind < 4)
        li_json_put_string(out, s);
    else {
        li_json_put_raw(out, kind & 1 ? LI_STR("{") : LI_STR("["));
        for (n = test_random(seed) % 4; n--;) {
            if (kind & 1)
                li_json_put_key(out, s);
            write_value(out, seed, depth + 1);
        }
        li_json_put_raw(out, kind & 1 ? LI_STR("}") : LI_STR("]"));
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
            li_json_put_raw(out, json.text);
            continue;
        }
        assert_int_equal(li_json_text(json.text, &b), LI_OK);
        if (json.type == LI_JSON_KEY)
            li_json_put_key(out, written(&b));
        else
            li_json_put_string(out, written(&b));
    }
    return rc;
}

static void written_read_and_written_again(void **state)
{
    static char first[65536], again[65536];
    uint32_t seed = 7;
    int round;

    (void)state;
    for (round = 0; round < 2000; ++round) {
        li_buf a = LI_BUF(first), b = LI_BUF(again);

        write_value(&a, &seed, 0);
        assert_int_equal(a.rc, LI_OK);
        assert_int_equal(write_again(written(&a), &b), LI_OK);
        assert_text(written(&b), written(&a));
    }
}

int main(void)
{
    TEST(commas_come_by_themselves);
    ROWS(put_rows, put_a_string);
    TEST(written_read_and_written_again);
    return RUN("json_put");
}
