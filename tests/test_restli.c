/* >>restli: encodings, paths, URNs, Little Text. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "test.h"

/* ---- encoding and back */

static const struct form_row {
    int line;
    const char *what;
    li_restli form;
    const char *json, *text;
    const char *back; /* what is read back; NULL: json */
} form_rows[] = {
    {__LINE__, "a text", LI_RESTLI_URL, "\"a b\"", "a%20b", NULL},
    {__LINE__, "the empty text", LI_RESTLI_URL, "\"\"", "''", NULL},
    {__LINE__, "two apostrophes", LI_RESTLI_URL, "\"''\"", "%27%27", NULL},
    {__LINE__, "reserved characters", LI_RESTLI_URL, "\"(a:b,c)'%&=?/#+\"",
     "%28a%3Ab%2Cc%29%27%25%26%3D%3F%2F%23%2B", NULL},
    {__LINE__, "what stays", LI_RESTLI_URL, "\"aZ09-._~!*\"", "aZ09-._~!*",
     NULL},
    {__LINE__, "escapes of JSON", LI_RESTLI_URL, "\"\\u00e9\\n\\ud83d\\ude00\"",
     "%C3%A9%0A%F0%9F%98%80", "\"\xc3\xa9\\n\xf0\x9f\x98\x80\""},
    {__LINE__, "numbers keep their digits", LI_RESTLI_URL,
     "[18446744073709551615,-0.10,1e5]", "List(18446744073709551615,-0.10,1e5)",
     "[\"18446744073709551615\",\"-0.10\",\"1e5\"]"},
    {__LINE__, "a number's plus is no space", LI_RESTLI_URL, "2E+9",
     "2E%2B9", "\"2E+9\""},
    {__LINE__, "a number's plus, within", LI_RESTLI_URL,
     "{\"a\":[1e+1,-1.5E+10]}", "(a:List(1e%2B1,-1.5E%2B10))",
     "{\"a\":[\"1e+1\",\"-1.5E+10\"]}"},
    {__LINE__, "a number's plus in a query", LI_RESTLI_QUERY,
     "{\"n\":2E+9}", "n=2E%2B9", "{\"n\":\"2E+9\"}"},
    {__LINE__, "a number's plus in a body", LI_RESTLI_REDUCED, "[2E+9]",
     "List(2E+9)", "[\"2E+9\"]"},
    {__LINE__, "true and false", LI_RESTLI_URL, "[true,false]",
     "List(true,false)", "[\"true\",\"false\"]"},
    {__LINE__, "empty list and object", LI_RESTLI_URL, "[[],{}]",
     "List(List(),())", NULL},
    {__LINE__, "nested", LI_RESTLI_URL,
     "{\"a\":[{\"b\":\"\"},\"c\"],\"d:\":{\"e\":\"f\"}}",
     "(a:List((b:''),c),d%3A:(e:f))", NULL},
    {__LINE__, "reduced", LI_RESTLI_REDUCED,
     "{\"a b\":[\"%,()':\",\"/?&=\xc3\xa9\"]}",
     "(a b:List(%25%2C%28%29%27%3A,/?&=\xc3\xa9))", NULL},
    {__LINE__, "a reduced text stands for itself", LI_RESTLI_REDUCED,
     "\"urn:li:share:1\"", "urn%3Ali%3Ashare%3A1", NULL},
    {__LINE__, "parameters", LI_RESTLI_QUERY,
     "{\"q\":\"a&b\",\"ids\":[1,2],\"none\":null,\"o\":{\"k\":\"v\"}}",
     "q=a%26b&ids=List(1,2)&o=(k:v)",
     "{\"q\":\"a&b\",\"ids\":[\"1\",\"2\"],\"o\":{\"k\":\"v\"}}"},
    {__LINE__, "fields go last, as they are", LI_RESTLI_QUERY,
     "{\"fields\":\"id,a:(b)\",\"metadataFields\":\"x\",\"a\":1}",
     "metadataFields=x&a=1&fields=id,a:(b)", "!"},
    {__LINE__, "no parameters", LI_RESTLI_QUERY, "{}", "", NULL},
    {__LINE__, "null parameters", LI_RESTLI_QUERY, "null", "", "{}"},
    {__LINE__, "a projection", LI_RESTLI_FIELDS,
     "{\"a\":1,\"b\":{\"$*\":{\"c\":1},\"$start\":2,\"$count\":0},\"d\":0}",
     "a,b:($*:(c),$start:2,$count:0),-d", NULL},
    {__LINE__, "no projection", LI_RESTLI_FIELDS, "{}", "", NULL},
    {__LINE__, "fields alone", LI_RESTLI_QUERY, "{\"fields\":\"id\"}",
     "fields=id", NULL},
    {__LINE__, "fields that are empty", LI_RESTLI_QUERY,
     "{\"fields\":\"\",\"a\":1}", "a=1", "{\"a\":\"1\"}"},
    {__LINE__, "fields of another type", LI_RESTLI_QUERY, "{\"fields\":5}",
     "fields=5", "{\"fields\":\"5\"}"},
    {__LINE__, "a field with a space", LI_RESTLI_FIELDS, "{\"a b\":1}",
     "a%20b", NULL},
    {__LINE__, "a field of no name", LI_RESTLI_FIELDS, "{\"\":1}", "''", "!"},
    {__LINE__, "a control character", LI_RESTLI_URL, "\"\\u0001\"", "%01",
     NULL},
    {__LINE__, "reduced, what only a body escapes", LI_RESTLI_REDUCED,
     "{\"a\":\":%41%3B%2z\"}", "(a:%3A%2541%253B%252z)", NULL},
};

struct form_arg {
    li_restli form;
    li_str in;
    int back;
};

static li_rc put_form(const void *arg, li_buf *out)
{
    const struct form_arg *a = (const struct form_arg *)arg;

    return a->back ? li_restli_decode(a->form, a->in, out)
                   : li_restli_encode(a->form, a->in, out);
}

static void forms(void **state)
{
    const struct form_row *row = (const struct form_row *)*state;
    const char *back = row->back ? row->back : row->json;
    struct form_arg a;

    a.form = row->form;
    a.in = guarded(0, li_cstr(row->json));
    a.back = 0;
    put_at_every_cap(put_form, &a, li_cstr(row->text));
    if (*back == '!')
        return;
    a.in = guarded(0, li_cstr(row->text));
    a.back = 1;
    put_at_every_cap(put_form, &a, li_cstr(back));
}

static const struct bad_row {
    int line;
    const char *what;
    li_restli form;
    int back;
    const char *in;
    li_rc rc;
} bad_rows[] = {
    {__LINE__, "null", LI_RESTLI_URL, 0, "[null]", LI_E_TYPE},
    {__LINE__, "no JSON", LI_RESTLI_URL, 0, "{\"a\":", LI_E_JSON},
    {__LINE__, "nothing", LI_RESTLI_URL, 0, "", LI_E_JSON},
    {__LINE__, "something behind", LI_RESTLI_URL, 0, "1 2", LI_E_JSON},
    {__LINE__, "no UTF-8", LI_RESTLI_URL, 0, "\"\xff\"", LI_E_ENCODING},
    {__LINE__, "a lone surrogate", LI_RESTLI_URL, 0, "\"\\ud800\"",
     LI_E_ENCODING},
    {__LINE__, "parameters of a list", LI_RESTLI_QUERY, 0, "[1]", LI_E_TYPE},
    {__LINE__, "fields that break out", LI_RESTLI_QUERY, 0,
     "{\"fields\":\"a&b=c\"}", LI_E_ARG},
    {__LINE__, "fields with a line end", LI_RESTLI_QUERY, 0,
     "{\"fields\":\"a\\nb\"}", LI_E_ARG},
    {__LINE__, "a projection of a list", LI_RESTLI_FIELDS, 0, "[1]",
     LI_E_TYPE},
    {__LINE__, "a projection with a list", LI_RESTLI_FIELDS, 0,
     "{\"a\":[1]}", LI_E_TYPE},
    {__LINE__, "a projection of 2", LI_RESTLI_FIELDS, 0, "{\"a\":2}",
     LI_E_TYPE},
    {__LINE__, "a projection of a text", LI_RESTLI_FIELDS, 0,
     "{\"a\":\"1\"}", LI_E_TYPE},
    {__LINE__, "$start at the top", LI_RESTLI_FIELDS, 0, "{\"$start\":1}",
     LI_E_TYPE},
    {__LINE__, "$count at the top, behind", LI_RESTLI_FIELDS, 0,
     "{\"a\":1,\"$count\":1}", LI_E_TYPE},
    {__LINE__, "$start at the top, escaped", LI_RESTLI_FIELDS, 0,
     "{\"\\u0024start\":1}", LI_E_TYPE},
    {__LINE__, "back: a name with a space in it", LI_RESTLI_FIELDS, 1, "a b",
     LI_E_SYNTAX},
    {__LINE__, "back: white space only", LI_RESTLI_FIELDS, 1, " ",
     LI_E_SYNTAX},
    {__LINE__, "back: another word than List", LI_RESTLI_URL, 1, "%4fist(a)",
     LI_E_SYNTAX},
    {__LINE__, "back: Lis", LI_RESTLI_URL, 1, "Lis(a)", LI_E_SYNTAX},
    {__LINE__, "back: Listx", LI_RESTLI_URL, 1, "Listx(a)", LI_E_SYNTAX},
    {__LINE__, "back: List of nothing", LI_RESTLI_URL, 1, "List(",
     LI_E_SYNTAX},
    {__LINE__, "a field that would be one less", LI_RESTLI_FIELDS, 0,
     "{\"\\u002da\":1}", LI_E_TYPE},
    {__LINE__, "back: nothing", LI_RESTLI_URL, 1, "", LI_E_SYNTAX},
    {__LINE__, "back: open list", LI_RESTLI_URL, 1, "List(a", LI_E_SYNTAX},
    {__LINE__, "back: empty element", LI_RESTLI_URL, 1, "List(a,,b)",
     LI_E_SYNTAX},
    {__LINE__, "back: comma at the end", LI_RESTLI_URL, 1, "List(a,)",
     LI_E_SYNTAX},
    {__LINE__, "back: colon in a list", LI_RESTLI_URL, 1, "List(a:b)",
     LI_E_SYNTAX},
    {__LINE__, "back: no value", LI_RESTLI_URL, 1, "(a)", LI_E_SYNTAX},
    {__LINE__, "back: no name", LI_RESTLI_URL, 1, "(:a)", LI_E_SYNTAX},
    {__LINE__, "back: rest", LI_RESTLI_URL, 1, "(a:b)c", LI_E_SYNTAX},
    {__LINE__, "back: bad escape", LI_RESTLI_URL, 1, "%4", LI_E_SYNTAX},
    {__LINE__, "back: no UTF-8", LI_RESTLI_URL, 1, "%ff", LI_E_ENCODING},
    {__LINE__, "back: reduced, open", LI_RESTLI_REDUCED, 1, "(a:b",
     LI_E_SYNTAX},
    {__LINE__, "back: -a:(b)", LI_RESTLI_FIELDS, 1, "-a:(b)", LI_E_SYNTAX},
    {__LINE__, "back: $start of no number", LI_RESTLI_FIELDS, 1, "$start:x",
     LI_E_SYNTAX},
    {__LINE__, "back: $start at the top", LI_RESTLI_FIELDS, 1, "$start:1",
     LI_E_SYNTAX},
    {__LINE__, "back: $count at the top, behind", LI_RESTLI_FIELDS, 1,
     "a,$count:1", LI_E_SYNTAX},
    {__LINE__, "back: a number behind another name", LI_RESTLI_FIELDS, 1,
     "a:(b:1)", LI_E_SYNTAX},
    {__LINE__, "parameters that are no JSON", LI_RESTLI_QUERY, 0, "{a",
     LI_E_JSON},
    {__LINE__, "parameters that are nothing", LI_RESTLI_QUERY, 0, "",
     LI_E_JSON},
    {__LINE__, "a projection that is nothing", LI_RESTLI_FIELDS, 0, "",
     LI_E_JSON},
    {__LINE__, "a projection that is cut", LI_RESTLI_FIELDS, 0, "{\"a\":1",
     LI_E_JSON},
    {__LINE__, "a field that is no JSON", LI_RESTLI_FIELDS, 0, "{\"a\":b}",
     LI_E_JSON},
    {__LINE__, "a projection of -1", LI_RESTLI_FIELDS, 0, "{\"a\":-1}",
     LI_E_TYPE},
    {__LINE__, "back: a value that is open, and another", LI_RESTLI_QUERY, 1,
     "a=(&b=1", LI_E_SYNTAX},
    {__LINE__, "back: a name that is no UTF-8", LI_RESTLI_QUERY, 1, "%ff=1",
     LI_E_ENCODING},
    {__LINE__, "back: a field that is no UTF-8", LI_RESTLI_FIELDS, 1, "a\xff",
     LI_E_ENCODING},
    {__LINE__, "back: no number of a range", LI_RESTLI_FIELDS, 1,
     "a:($start:x)", LI_E_SYNTAX},
    {__LINE__, "back: a range of nothing", LI_RESTLI_FIELDS, 1, "a:($start:)",
     LI_E_SYNTAX},
    {__LINE__, "back: a range before the first", LI_RESTLI_FIELDS, 1,
     "a:($start:-1)", LI_E_SYNTAX},
    {__LINE__, "back: closed too often", LI_RESTLI_FIELDS, 1, "a:(b))",
     LI_E_SYNTAX},
    {__LINE__, "back: closed before it was opened", LI_RESTLI_FIELDS, 1,
     "a),b:(c", LI_E_SYNTAX},
    {__LINE__, "back: open projection", LI_RESTLI_FIELDS, 1, "a:(b",
     LI_E_SYNTAX},
};

/* What is read, but never written so. */
static const struct form_row read_rows[] = {
    {__LINE__, "white space between a projection's tokens", LI_RESTLI_FIELDS,
     "{\"a\":1,\"b\":{\"$*\":{\"c\":1},\"$start\":2}}",
     "a ,\tb:($*:(c), $start:2)", NULL},
    {__LINE__, "white space everywhere", LI_RESTLI_FIELDS,
     "{\"a\":{\"b\":1,\"$count\":3},\"d\":0}",
     " \t a : ( b , $count : 3 ) \r\n, - d ", NULL},
    {__LINE__, "an escape in the word List", LI_RESTLI_URL, "[\"a\"]",
     "%4cist(a)", NULL},
    {__LINE__, "nothing but escapes in it", LI_RESTLI_URL, "[[\"a\"],{}]",
     "%4C%69%73%74(List(a),())", NULL},
    {__LINE__, "List alone is a text", LI_RESTLI_URL, "\"List\"", "List",
     NULL},
    {__LINE__, "an escaped List alone", LI_RESTLI_URL, "\"List\"", "%4cist",
     NULL},
    {__LINE__, "an escaped List in a query", LI_RESTLI_QUERY,
     "{\"ids\":[\"1\",\"2\"]}", "ids=%4cist(1,2)", NULL},
    {__LINE__, "half an escape at the end, reduced", LI_RESTLI_REDUCED,
     "\"a%3\"", "a%3", NULL},
    {__LINE__, "what is no escape there, reduced", LI_RESTLI_REDUCED,
     "\"%41%3B%2%2z%2A%3\"", "%41%3B%2%2z%2A%3", NULL},
    {__LINE__, "within, the comma and the quote are", LI_RESTLI_REDUCED,
     "{\"a\":\",'%2F\"}", "(a:%2C%27%2F)", NULL},
    {__LINE__, "no name, no value", LI_RESTLI_QUERY,
     "{\"a\":\"\",\"b\":\"1\"}", "=2&a=&b=1", NULL},
};

/* A NUL is a character like any other, wherever it stands. */
static void nul_is_a_character(void **state)
{
    static const struct {
        li_restli form;
        int back;
        li_str in, want;
    } rows[] = {
        {LI_RESTLI_REDUCED, 0, S("[\"a\\u0000\"]"), S("List(a\0)")},
        {LI_RESTLI_URL, 0, S("\"\\u0000\""), S("%00")},
        {LI_RESTLI_URL, 1, S("List(a\0,b)"), S("[\"a\\u0000\",\"b\"]")},
        {LI_RESTLI_FIELDS, 1, S("a,\0b"), S("{\"a\":1,\"\\u0000b\":1}")}};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rows); ++i) {
        struct form_arg a;

        a.form = rows[i].form;
        a.in = guarded(0, rows[i].in);
        a.back = rows[i].back;
        put_at_every_cap(put_form, &a, rows[i].want);
    }
}

static void read_only_forms(void **state)
{
    const struct form_row *row = (const struct form_row *)*state;
    struct form_arg a;

    a.form = row->form;
    a.in = guarded(0, li_cstr(row->text));
    a.back = 1;
    put_at_every_cap(put_form, &a, li_cstr(row->json));
}

static void bad_forms(void **state)
{
    const struct bad_row *row = (const struct bad_row *)*state;
    char mem[256] = "kept";
    li_buf out = LI_BUF(mem);
    struct form_arg a;

    out.len = out.need = 4;
    a.form = row->form;
    a.in = guarded(0, li_cstr(row->in));
    a.back = row->back;
    assert_int_equal(put_form(&a, &out), row->rc);
    assert_int_equal(out.rc, row->rc);
    assert_text(written(&out), LI_STR("kept"));
}

static void depth_is_bounded(void **state)
{
    char text[LI_JSON_DEPTH + 2], json[1024], mem[2048];
    li_buf out = LI_BUF(mem);
    unsigned n;

    (void)state;
    for (n = LI_JSON_DEPTH; n <= LI_JSON_DEPTH + 1; ++n) {
        li_rc want = n > LI_JSON_DEPTH ? LI_E_DEPTH : LI_OK;
        li_buf lists = LI_BUF(json);
        unsigned i;

        memset(text, '[', sizeof text);
        for (i = 0; i < n; ++i)
            li_put(&lists, LI_STR("List("));
        for (i = 0; i < n; ++i)
            li_put(&lists, LI_STR(")"));
        out = LI_BUF(mem);
        assert_int_equal(li_restli_decode(LI_RESTLI_URL, written(&lists),
                                          &out), want);
        if (want)
            continue;
        lists = LI_BUF(json);
        assert_int_equal(li_restli_encode(LI_RESTLI_URL, written(&out),
                                          &lists), LI_OK);
        assert_int_equal(lists.len, n * 6);
    }
}

/* Random values, encoded and read back: the same again. */
static void put_random(uint32_t *seed, unsigned depth, li_buf *out)
{
    static const char *const texts[] = {
        "\"\"", "\"a\"", "\"(,:)'%\"", "\"\xc3\xa9 \xf0\x9f\x98\x80\"",
        "\"\\\"\\\\\\n\"", "\"''\"", "\"List(\"", "\"&=+?#\""};
    unsigned kind = test_random(seed) % (depth ? 4 : 2), n, i;

    if (kind < 2) {
        put_json(out, li_cstr(texts[test_random(seed) % 8]));
        return;
    }
    n = test_random(seed) % 4;
    put_json(out, kind == 2 ? LI_STR("[") : LI_STR("{"));
    for (i = 0; i < n; ++i) {
        if (kind == 3) {
            char name[8];

            snprintf(name, sizeof name, "k%u%c", i, "(,:%' "[i]);
            put_json_key(out, li_cstr(name));
        }
        put_random(seed, depth - 1, out);
    }
    put_json(out, kind == 2 ? LI_STR("]") : LI_STR("}"));
}

static void what_is_encoded_is_read_back(void **state)
{
    static char json[8192], text[32768], back[32768];
    uint32_t seed = 11;
    unsigned i;

    (void)state;
    for (i = 0; i < OFTEN(5000, 500); ++i) {
        li_buf a = LI_BUF(json), b = LI_BUF(text), c = LI_BUF(back);
        li_restli form = i & 1 ? LI_RESTLI_REDUCED : LI_RESTLI_URL;

        put_random(&seed, 4, &a);
        if (form == LI_RESTLI_REDUCED && json[0] == '"')
            continue; /* a simple id stands for itself */
        assert_int_equal(a.rc, LI_OK);
        assert_int_equal(li_restli_encode(form, guarded(0, written(&a)), &b),
                         LI_OK);
        assert_int_equal(li_restli_decode(form, guarded(1, written(&b)), &c),
                         LI_OK);
        assert_text(written(&c), written(&a));
    }
}

/* All texts of up to six symbols: no reader goes astray, and what is read is
   JSON that encodes to a text which is read alike. */
static void all_short_texts(void **state)
{
    static const char symbols[] = "L(),:%2'a";
    size_t digits[6] = {0}, len, i, good = 0;

    (void)state;
    for (len = 1; len <= OFTEN(6, 4); ++len) {
        memset(digits, 0, sizeof digits);
        for (;;) {
            char text[40] = "", json[256], again[256], same[256];
            li_buf a = LI_BUF(json), b = LI_BUF(again), c = LI_BUF(same);

            for (i = 0; i < len; ++i)
                if (symbols[digits[i]] == 'L')
                    strcat(text, "List(");
                else
                    strncat(text, &symbols[digits[i]], 1);
            if (!li_restli_decode(LI_RESTLI_URL, guarded(0, li_cstr(text)),
                                  &a)) {
                good++;
                assert_int_equal(
                    li_restli_encode(LI_RESTLI_URL, written(&a), &b), LI_OK);
                assert_int_equal(
                    li_restli_decode(LI_RESTLI_URL, written(&b), &c), LI_OK);
                assert_text(written(&c), written(&a));
            }
            for (i = 0; i < len && ++digits[i] == sizeof symbols - 1; ++i)
                digits[i] = 0;
            if (i == len)
                break;
        }
    }
    assert_true(good > OFTEN(1000, 100));
}

/* ---- paths */

static const struct path_row {
    int line;
    const char *what, *path, *keys, *want;
    li_rc rc;
} path_rows[] = {
    {__LINE__, "no key", "/me", "", "/me", LI_OK},
    {__LINE__, "no key, an object", "/me", "{}", "/me", LI_OK},
    {__LINE__, "a number", "/adAccounts/{id}", "{\"id\":7}", "/adAccounts/7",
     LI_OK},
    {__LINE__, "a URN", "/posts/{urn}/x", "{\"urn\":\"urn:li:share:1\"}",
     "/posts/urn%3Ali%3Ashare%3A1/x", LI_OK},
    {__LINE__, "two side by side", "/r/{a}{b}", "{\"a\":1,\"b\":2}", "/r/12",
     LI_OK},
    {__LINE__, "two, in another order", "/a/{p}/{q}",
     "{\"q\":\"1\",\"p\":\"{q}\"}", "/a/%7Bq%7D/1", LI_OK},
    {__LINE__, "a complex key", "/r/{k}",
     "{\"k\":{\"a\":\"x/y\",\"b\":[1]}}", "/r/(a:x%2Fy,b:List(1))", LI_OK},
    {__LINE__, "no way up", "/r/{k}", "{\"k\":\"../x\"}", "/r/..%2Fx", LI_OK},
    {__LINE__, "dots that lead nowhere", "/r/{k}/{l}",
     "{\"k\":\"...\",\"l\":\".a\"}", "/r/.../.a", LI_OK},
    {__LINE__, "a key of a dot", "/r/{k}", "{\"k\":\".\"}", NULL, LI_E_ARG},
    {__LINE__, "a key of two dots", "/r/{k}/s", "{\"k\":\"..\"}", NULL,
     LI_E_ARG},
    {__LINE__, "dots put together", "/r/.{k}", "{\"k\":\".\"}", NULL, LI_E_ARG},
    {__LINE__, "dots in the path", "/r/../s", "", NULL, LI_E_ARG},
    {__LINE__, "an empty key", "/r/{k}", "{\"k\":\"\"}", NULL, LI_E_ARG},
    {__LINE__, "a key is missing", "/a/{id}", "{}", NULL, LI_E_ARG},
    {__LINE__, "a key of another name", "/a/{id}", "{\"di\":1}", NULL,
     LI_E_ARG},
    {__LINE__, "a key too many", "/a", "{\"id\":1}", NULL, LI_E_ARG},
    {__LINE__, "keys that are none", "/a/{id}", "[1]", NULL, LI_E_TYPE},
    {__LINE__, "keys that are no JSON", "/a/{id}", "{\"id\"", NULL,
     LI_E_JSON},
    {__LINE__, "null", "/a/{id}", "{\"id\":null}", NULL, LI_E_TYPE},
    {__LINE__, "an open placeholder", "/a/{id", "{\"id\":1}", NULL, LI_E_ARG},
    {__LINE__, "a space", "/a b", "", NULL, LI_E_ARG},
    {__LINE__, "a query", "/a?b", "", NULL, LI_E_ARG},
    {__LINE__, "no slash", "a", "", NULL, LI_E_ARG},
    {__LINE__, "nothing", "", "", NULL, LI_E_ARG},
};

static li_rc put_path(const void *arg, li_buf *out)
{
    const struct path_row *row = (const struct path_row *)arg;

    return li_restli_path(out, row->path, li_cstr(row->keys));
}

static void paths(void **state)
{
    const struct path_row *row = (const struct path_row *)*state;
    char mem[64];
    li_buf out = LI_BUF(mem);

    if (!row->rc) {
        put_at_every_cap(put_path, row, li_cstr(row->want));
        return;
    }
    assert_int_equal(put_path(row, &out), row->rc);
    assert_int_equal(out.len, 0);
}

/* ---- URNs */

static const struct urn_row {
    int line;
    const char *urn, *space, *type, *id; /* space NULL: it is none */
} urn_rows[] = {
    {__LINE__, "urn:li:share:1", "li", "share", "1"},
    {__LINE__, "urn:li:comment:(urn:li:activity:1,2)", "li", "comment",
     "(urn:li:activity:1,2)"},
    {__LINE__, "urn:lla:llaPartnerConversion:1", "lla",
     "llaPartnerConversion", "1"},
    {__LINE__, "urn:li:a:b:c", "li", "a", "b:c"},
    {__LINE__, "urn:li:share:", NULL, NULL, NULL},
    {__LINE__, "urn:li::1", NULL, NULL, NULL},
    {__LINE__, "urn:li:share", NULL, NULL, NULL},
    {__LINE__, "urn::share:1", NULL, NULL, NULL},
    {__LINE__, "URN:li:share:1", NULL, NULL, NULL},
    {__LINE__, "urn:li:share:1)", NULL, NULL, NULL},
    {__LINE__, "urn:li:share:(1", NULL, NULL, NULL},
    {__LINE__, "urn:li:share:1 2", NULL, NULL, NULL},
    {__LINE__, "urn:li:share:1\x7f", NULL, NULL, NULL},
    {__LINE__, "urn:li:sh/are:1", NULL, NULL, NULL},
    {__LINE__, "share:1", NULL, NULL, NULL},
    {__LINE__, "", NULL, NULL, NULL},
};

static li_rc put_urn(const void *arg, li_buf *out)
{
    const struct urn_row *row = (const struct urn_row *)arg;

    return li_urn_put(out, li_cstr(row->space), li_cstr(row->type),
                      li_cstr(row->id));
}

static void urns(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(urn_rows); ++i) {
        const struct urn_row *row = &urn_rows[i];
        li_str space, type, id;
        li_rc rc = li_urn_split(guarded(0, li_cstr(row->urn)), &space, &type,
                                &id);

        assert_int_equal(rc, row->space ? LI_OK : LI_E_SYNTAX);
        if (rc)
            continue;
        assert_text_at(space, li_cstr(row->space), row->line);
        assert_text_at(type, li_cstr(row->type), row->line);
        assert_text_at(id, li_cstr(row->id), row->line);
        put_at_every_cap(put_urn, row, li_cstr(row->urn));
    }
}

static void a_urn_that_would_be_none(void **state)
{
    static const char *const parts[][3] = {{"", "a", "1"}, {"li", "", "1"},
                                           {"li", "a", ""}, {"li", "a:b", "1"},
                                           {"li", "a", "1)"},
                                           {"l i", "a", "1"}};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(parts); ++i) {
        char mem[64];
        li_buf out = LI_BUF(mem);

        assert_int_equal(li_urn_put(&out, li_cstr(parts[i][0]),
                                    li_cstr(parts[i][1]), li_cstr(parts[i][2])),
                         LI_E_ARG);
        assert_int_equal(out.len, 0);
    }
}

/* ---- Little Text */

static li_rc put_little(const void *arg, li_buf *out)
{
    return li_little_put(out, li_cstr((const char *)arg));
}

static li_rc put_mention(const void *arg, li_buf *out)
{
    const char *const *a = (const char *const *)arg;

    return li_mention_put(out, li_cstr(a[0]), li_cstr(a[1]));
}

static li_rc put_hashtag(const void *arg, li_buf *out)
{
    return li_hashtag_put(out, li_cstr((const char *)arg));
}

static void little_text(void **state)
{
    static const char *const ana[] = {"Ana (Li)", "urn:li:person:aB-1"};
    static const char *const bad[][2] = {{"A", "urn:li:person:1)x"},
                                         {"A", "person:1"}, {"A", ""},
                                         {"A", "urn:li:a:(b)"}};
    char mem[64];
    size_t i;

    (void)state;
    put_at_every_cap(put_little, "a(b) #c\\d {e}|f @g [h] <i> *j_k~",
                     LI_STR("a\\(b\\) \\#c\\\\d \\{e\\}\\|f \\@g \\[h\\] "
                            "\\<i\\> \\*j\\_k\\~"));
    put_at_every_cap(put_little, "", LI_STR(""));
    put_at_every_cap(put_mention, ana,
                     LI_STR("@[Ana \\(Li\\)](urn:li:person:aB-1)"));
    put_at_every_cap(put_hashtag, "c_99", LI_STR("{hashtag|\\#|c\\_99}"));
    for (i = 0; i < COUNT(bad); ++i) {
        li_buf out = LI_BUF(mem);

        assert_int_equal(put_mention(bad[i], &out), LI_E_ARG);
        assert_int_equal(out.len, 0);
    }
    for (i = 0; i < 6; ++i) {
        static const char *const tags[] = {"", "a b", " ", "a\n", "a#b",
                                           "a\xff"};
        li_buf out = LI_BUF(mem);

        assert_int_equal(put_hashtag(tags[i], &out),
                         i < 5 ? LI_E_ARG : LI_E_ENCODING);
        assert_int_equal(out.len, 0);
    }
    {
        li_buf out = LI_BUF(mem);

        assert_int_equal(put_little("\xc3", &out), LI_E_ENCODING);
        out = LI_BUF(mem);
        assert_int_equal(li_mention_put(&out, LI_STR("\xc3"),
                                        LI_STR("urn:li:person:1")),
                         LI_E_ENCODING);
        assert_int_equal(out.len, 0);
        out = LI_BUF(mem);
        assert_int_equal(li_little_put(&out, LI_STR("a\0#")), LI_OK);
        assert_text(written(&out), LI_STR("a\0\\#"));
    }
}

int main(void)
{
    ROWS(form_rows, forms);
    ROWS(read_rows, read_only_forms);
    ROWS(bad_rows, bad_forms);
    TEST(nul_is_a_character);
    TEST(depth_is_bounded);
    TEST(what_is_encoded_is_read_back);
    TEST(all_short_texts);
    ROWS(path_rows, paths);
    TEST(urns);
    TEST(a_urn_that_would_be_none);
    TEST(little_text);
    return RUN("restli");
}
