/* >>json: the tokenizer, JSON Pointer, values. */
#define LINKEDIN_IMPLEMENTATION
#define LINKEDIN_DOUBLE
#include "../linkedin.h"

#include <float.h>

#include "test.h"

/* ---- reading: what a text says, as a line such as {k"a" 1 }, and at a
   failure !json@7. It must not depend on how the text is cut. */

typedef struct said {
    char text[8192];
    size_t len;
} said;

static void add(said *s, const char *p, size_t n)
{
    assert_true(n <= sizeof s->text - s->len);
    memcpy(s->text + s->len, p, n);
    s->len += n;
}

static void add_end(said *s, li_rc rc, uint64_t at)
{
    const char *name = rc == LI_OK ? "" : rc == LI_E_JSON ? "!json@"
                     : rc == LI_E_ENCODING ? "!text@"
                     : rc == LI_E_DEPTH ? "!depth@" : "!other@";
    char number[24];

    snprintf(number, sizeof number, "%lu", (unsigned long)at);
    add(s, name, strlen(name));
    if (rc)
        add(s, number, strlen(number));
}

static li_str said_text(const said *s)
{
    li_str text;

    text.ptr = s->text;
    text.len = s->len;
    return text;
}

/* How a text is given: whole, byte by byte, the same with empty pieces and
   the reader moved in memory, or cut in two at CUT + n. */
enum { WHOLE, BYTES, MOVED, CUT };

typedef struct reader {
    li_json json;
    li_str in, piece;
    size_t at; /* given so far */
    int way, fed;
} reader;

static size_t piece_end(const reader *r)
{
    size_t cut = (size_t)(r->way - CUT);

    if (r->way == WHOLE)
        return r->in.len;
    if (r->way == MOVED && r->fed % 2)
        return r->at;
    if (r->way == BYTES || r->way == MOVED)
        return r->at < r->in.len ? r->at + 1 : r->at;
    return r->at < cut ? cut : r->in.len;
}

/* The next piece; what was given before is overwritten. */
static void feed(reader *r)
{
    size_t end = piece_end(r);
    int last = end == r->in.len && (r->way != MOVED || end == r->at);

    r->piece.ptr = r->in.ptr + r->at;
    r->piece.len = end - r->at;
    r->piece = guarded(0, r->piece);
    r->at = end;
    if (r->fed++)
        li_json_feed(&r->json, r->piece, last);
    else
        li_json_open(&r->json, r->piece, last);
}

static void begin(reader *r, li_str in, int way)
{
    r->in = in;
    r->at = 0;
    r->way = way;
    r->fed = 0;
    feed(r);
}

static li_rc next(reader *r)
{
    li_rc rc;

    while ((rc = li_json_next(&r->json)) == LI_WANT_READ) {
        reader copy = *r;

        assert_true(r->at < r->in.len || r->way == MOVED);
        feed(&copy);
        memset(r, 0xEE, sizeof *r);
        *r = copy;
    }
    return rc;
}

static li_rc pass_over(reader *r)
{
    li_rc rc;

    while ((rc = li_json_skip(&r->json)) == LI_WANT_READ)
        feed(r);
    return rc;
}

static void assert_sticky(reader *r, li_rc rc)
{
    uint64_t at = li_json_offset(&r->json);
    int i;

    for (i = 0; i < 3; ++i) {
        assert_int_equal(li_json_next(&r->json), rc);
        assert_int_equal(li_json_skip(&r->json), rc);
        assert_true(li_json_offset(&r->json) == at);
        if (!rc)
            assert_int_equal(r->json.type, LI_JSON_END);
        else
            assert_int_equal(r->json.rc, rc);
        if (rc)
            li_json_feed(&r->json, LI_STR("[]"), 1);
    }
}

static int opens(const li_json *json)
{
    return json->type == LI_JSON_OBJECT || json->type == LI_JSON_ARRAY;
}

static int closes(const li_json *json)
{
    return json->type == LI_JSON_OBJECT_END
           || json->type == LI_JSON_ARRAY_END;
}

/* One token, in as many parts as it comes. *done: how much was said up to
   the last whole token. */
static void add_token(said *s, const li_json *json, size_t *done)
{
    if (s->len == *done && json->type == LI_JSON_KEY)
        add(s, "k", 1);
    add(s, json->text.ptr, json->text.len);
    if (json->more)
        return;
    add(s, " ", 1);
    *done = s->len;
}

/* Reads all, skipping what is opened at depth `deepest` and beyond. */
static li_rc read_all(li_str in, int way, unsigned deepest, said *s)
{
    reader r;
    unsigned depth = 0;
    size_t done = 0;
    li_rc rc;

    s->len = 0;
    begin(&r, in, way);
    while (!(rc = next(&r)) && r.json.type != LI_JSON_END) {
        depth += (unsigned)opens(&r.json);
        depth -= (unsigned)closes(&r.json);
        assert_int_equal(r.json.depth, depth);
        if (way == WHOLE) {
            assert_int_equal(r.json.more, 0);
            assert_true(r.json.text.ptr >= r.piece.ptr);
            assert_true(r.json.text.ptr + r.json.text.len
                        <= r.piece.ptr + r.piece.len);
        }
        if (opens(&r.json) && depth > deepest) {
            if ((rc = pass_over(&r)) != 0)
                break;
            assert_int_equal(r.json.depth, --depth);
            assert_true(closes(&r.json));
        }
        add_token(s, &r.json, &done);
    }
    if (!rc)
        assert_true(li_json_offset(&r.json) == in.len);
    s->len = done;
    add_end(s, rc, li_json_offset(&r.json));
    assert_sticky(&r, rc);
    return rc;
}

/* ---- rows: every way of cutting, every truncation, every depth of skip */

typedef struct json_row {
    int line;
    const char *what;
    li_str in;
    const char *want;
} json_row;

static const json_row json_rows[] = {
    { __LINE__, "empty object", S("{}"), "{ } " },
    { __LINE__, "empty array", S("[]"), "[ ] " },
    { __LINE__, "string alone", S("\"a\""), "\"a\" " },
    { __LINE__, "empty string", S("\"\""), "\"\" " },
    { __LINE__, "true alone", S("true"), "true " },
    { __LINE__, "false alone", S("false"), "false " },
    { __LINE__, "null alone", S("null"), "null " },
    { __LINE__, "number alone", S("0"), "0 " },
    { __LINE__, "white space everywhere",
      S(" \t\r\n{ \t\"a\"\r:\n[ 1 , 2\t] \r\n, \"b\" : null } \n"),
      "{ k\"a\" [ 1 2 ] k\"b\" null } " },
    { __LINE__, "mixed nesting", S("[{\"a\":[{}]},[[]]]"),
      "[ { k\"a\" [ { } ] } [ [ ] ] ] " },
    { __LINE__, "same name twice", S("{\"a\":1,\"a\":2}"),
      "{ k\"a\" 1 k\"a\" 2 } " },
    { __LINE__, "empty name", S("{\"\":0}"), "{ k\"\" 0 } " },
    { __LINE__, "all words", S("[true,false,null]"),
      "[ true false null ] " },
    { __LINE__, "numbers",
      S("[0,-0,1,-1,10,0.0,-0.5,1e1,1E+1,1e-1,0e0,1.25e10]"),
      "[ 0 -0 1 -1 10 0.0 -0.5 1e1 1E+1 1e-1 0e0 1.25e10 ] " },
    { __LINE__, "number before a brace", S("{\"a\":1}"), "{ k\"a\" 1 } " },
    { __LINE__, "number before white space", S("[1 ,2\n]"), "[ 1 2 ] " },
    { __LINE__, "huge number", S("123456789012345678901234567890e+999"),
      "123456789012345678901234567890e+999 " },
    { __LINE__, "all escapes", S("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0aF9\""),
      "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0aF9\" " },
    { __LINE__, "quote escaped before the end", S("[\"\\\\\",\"\\\"\"]"),
      "[ \"\\\\\" \"\\\"\" ] " },
    { __LINE__, "surrogate pair", S("\"\\ud83D\\uDe00\""),
      "\"\\ud83D\\uDe00\" " },
    { __LINE__, "edges of surrogates",
      S("\"\\ud7ff\\ue000\\ud800\\udc00\\udbff\\udfff\""),
      "\"\\ud7ff\\ue000\\ud800\\udc00\\udbff\\udfff\" " },
    { __LINE__, "UTF-8 edges", S("\"\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80"
      "\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\xf0\x90\x80\x80"
      "\xf4\x8f\xbf\xbf\""), "\"\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80"
      "\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\xf0\x90\x80\x80"
      "\xf4\x8f\xbf\xbf\" " },
    { __LINE__, "UTF-8 in the middle",
      S("\"\xe1\x80\x80\xec\xbf\xbf\xf1\x80\x80\x80\xf3\xbf\xbf\xbf\""),
      "\"\xe1\x80\x80\xec\xbf\xbf\xf1\x80\x80\x80\xf3\xbf\xbf\xbf\" " },
    { __LINE__, "BOM inside a string", S("\"\xef\xbb\xbf\""),
      "\"\xef\xbb\xbf\" " },
    { __LINE__, "long string, quotes at many places",
      S("[\"abcdefghijklmnopqrstuvwxyz\",\"1234567\",\"12345678\","
        "\"123456789\"]"),
      "[ \"abcdefghijklmnopqrstuvwxyz\" \"1234567\" \"12345678\" "
      "\"123456789\" ] " },
    { __LINE__, "escapes at many places",
      S("[\"\\n\",\"1\\n\",\"123456\\n\",\"1234567\\n8\",\"12345678\\n\"]"),
      "[ \"\\n\" \"1\\n\" \"123456\\n\" \"1234567\\n8\" \"12345678\\n\" ] " },
    { __LINE__, "escape behind null", S("[null,\"\\u0041\",null]"),
      "[ null \"\\u0041\" null ] " },
    { __LINE__, "escape behind false", S("[false,\"\\u0041\\ud800\\udc00\"]"),
      "[ false \"\\u0041\\ud800\\udc00\" ] " },
    { __LINE__, "escape behind true", S("{\"a\":true,\"\\u00e9\":1}"),
      "{ k\"a\" true k\"\\u00e9\" 1 } " },
    { __LINE__, "a profile",
      S("{\"sub\":\"782bbtaQ\",\"email_verified\":true,\"locale\":"
        "{\"country\":\"US\",\"language\":\"en\"},\"n\":[1,2.5,-3e2]}"),
      "{ k\"sub\" \"782bbtaQ\" k\"email_verified\" true k\"locale\" { "
      "k\"country\" \"US\" k\"language\" \"en\" } k\"n\" [ 1 2.5 -3e2 ] } " },

    { __LINE__, "nothing", S(""), "!json@0" },
    { __LINE__, "white space only", S(" \n"), "!json@2" },
    { __LINE__, "NUL", S("\0"), "!json@0" },
    { __LINE__, "NUL behind", S("[]\0"), "[ ] !json@2" },
    { __LINE__, "BOM", S("\xef\xbb\xbf[]"), "!json@0" },
    { __LINE__, "form feed", S("\f[]"), "!json@0" },
    { __LINE__, "vertical tab behind", S("[]\v"), "[ ] !json@2" },
    { __LINE__, "no-break space", S("\xc2\xa0[]"), "!json@0" },
    { __LINE__, "two values", S("1 2"), "1 !json@2" },
    { __LINE__, "two texts", S("{}{}"), "{ } !json@2" },
    { __LINE__, "comma behind", S("[],"), "[ ] !json@2" },
    { __LINE__, "colon behind", S("\"a\":"), "\"a\" !json@3" },
    { __LINE__, "comma first", S("[,1]"), "[ !json@1" },
    { __LINE__, "comma last in an array", S("[1,]"), "[ 1 !json@3" },
    { __LINE__, "comma last in an object", S("{\"a\":1,}"),
      "{ k\"a\" 1 !json@7" },
    { __LINE__, "two commas", S("[1,,2]"), "[ 1 !json@3" },
    { __LINE__, "no comma", S("[1 2]"), "[ 1 !json@3" },
    { __LINE__, "no comma between strings", S("[\"a\"\"b\"]"),
      "[ \"a\" !json@4" },
    { __LINE__, "no comma between members", S("{\"a\":1\"b\":2}"),
      "{ k\"a\" 1 !json@6" },
    { __LINE__, "no comma between objects", S("[{}{}]"), "[ { } !json@3" },
    { __LINE__, "colon in an array", S("[\"a\":1]"), "[ \"a\" !json@4" },
    { __LINE__, "no colon", S("{\"a\" 1}"), "{ k\"a\" !json@5" },
    { __LINE__, "two colons", S("{\"a\"::1}"), "{ k\"a\" !json@5" },
    { __LINE__, "comma for a colon", S("{\"a\",1}"), "{ k\"a\" !json@4" },
    { __LINE__, "colon for a comma", S("{\"a\":1:2}"), "{ k\"a\" 1 !json@6" },
    { __LINE__, "name only", S("{\"a\"}"), "{ k\"a\" !json@4" },
    { __LINE__, "no value", S("{\"a\":}"), "{ k\"a\" !json@5" },
    { __LINE__, "no value, comma", S("{\"a\":,}"), "{ k\"a\" !json@5" },
    { __LINE__, "number for a name", S("{1:2}"), "{ !json@1" },
    { __LINE__, "word for a name", S("{null:2}"), "{ !json@1" },
    { __LINE__, "object for a name", S("{{}:2}"), "{ !json@1" },
    { __LINE__, "array for a name", S("{[]:2}"), "{ !json@1" },
    { __LINE__, "comma for a name", S("{,}"), "{ !json@1" },
    { __LINE__, "colon for a name", S("{:1}"), "{ !json@1" },
    { __LINE__, "no quotes", S("{a:1}"), "{ !json@1" },
    { __LINE__, "single quotes", S("['a']"), "[ !json@1" },
    { __LINE__, "wrong end", S("[}"), "[ !json@1" },
    { __LINE__, "other wrong end", S("{]"), "{ !json@1" },
    { __LINE__, "wrong end behind a value", S("[1}"), "[ 1 !json@2" },
    { __LINE__, "wrong end behind a member", S("{\"a\":1]"),
      "{ k\"a\" 1 !json@6" },
    { __LINE__, "wrong end, level up", S("[{\"a\":1]}"),
      "[ { k\"a\" 1 !json@7" },
    { __LINE__, "end of nothing", S("]"), "!json@0" },
    { __LINE__, "end once too often", S("[]]"), "[ ] !json@2" },
    { __LINE__, "not closed", S("[1"), "[ 1 !json@2" },
    { __LINE__, "object not closed", S("{\"a\":1"), "{ k\"a\" 1 !json@6" },
    { __LINE__, "word too short", S("tru"), "!json@3" },
    { __LINE__, "word too long", S("truee"), "true !json@4" },
    { __LINE__, "word and digit", S("[true1]"), "[ true !json@5" },
    { __LINE__, "word in capitals", S("TRUE"), "!json@0" },
    { __LINE__, "word gone wrong", S("[nul1]"), "[ !json@4" },
    { __LINE__, "word gone wrong at the end", S("[falsf]"), "[ !json@5" },
    { __LINE__, "NaN", S("NaN"), "!json@0" },
    { __LINE__, "Infinity", S("[-Infinity]"), "[ !json@2" },
    { __LINE__, "comment", S("[/**/]"), "[ !json@1" },
    { __LINE__, "plus", S("+1"), "!json@0" },
    { __LINE__, "minus alone", S("-"), "!json@1" },
    { __LINE__, "minus twice", S("--1"), "!json@1" },
    { __LINE__, "leading nought", S("01"), "0 !json@1" },
    { __LINE__, "leading nought, negative", S("-01"), "-0 !json@2" },
    { __LINE__, "point first", S(".5"), "!json@0" },
    { __LINE__, "point last", S("1."), "!json@2" },
    { __LINE__, "point, then e", S("1.e1"), "!json@2" },
    { __LINE__, "two points", S("1.2.3"), "1.2 !json@3" },
    { __LINE__, "e last", S("1e"), "!json@2" },
    { __LINE__, "sign last", S("1e+"), "!json@3" },
    { __LINE__, "two signs", S("1e+-1"), "!json@3" },
    { __LINE__, "two e", S("1e1e1"), "1e1 !json@3" },
    { __LINE__, "point in the exponent", S("1e1.5"), "1e1 !json@3" },
    { __LINE__, "hexadecimal", S("0x1"), "0 !json@1" },
    { __LINE__, "string not closed", S("\"abc"), "!json@4" },
    { __LINE__, "name not closed", S("{\"abc"), "{ !json@5" },
    { __LINE__, "line feed in a string", S("\"a\nb\""), "!json@2" },
    { __LINE__, "NUL in a string", S("\"a\0\""), "!json@2" },
    { __LINE__, "0x1f far in a string", S("\"123456789\x1f\""), "!json@10" },
    { __LINE__, "unknown escape", S("\"\\a\""), "!json@2" },
    { __LINE__, "escape of NUL", S("\"\\\0\""), "!json@2" },
    { __LINE__, "escape in capitals", S("\"\\N\""), "!json@2" },
    { __LINE__, "hex escape", S("\"\\x41\""), "!json@2" },
    { __LINE__, "short \\u", S("\"\\u12\""), "!json@5" },
    { __LINE__, "no hex digit", S("\"\\u00g0\""), "!json@5" },
    { __LINE__, "no hex digit last", S("\"\\u000:\""), "!json@6" },
    { __LINE__, "escape cut by the end", S("\"\\"), "!json@2" },
    { __LINE__, "escape outside", S("\\u0031"), "!json@0" },
};

/* A lone surrogate, or bad UTF-8, at any place. */
static const json_row text_rows[] = {
    { __LINE__, "low surrogate", S("\"\\udc00\""), NULL },
    { __LINE__, "low surrogate behind null", S("[null,\"\\udc00\"]"), NULL },
    { __LINE__, "high surrogate behind false", S("[false,\"\\ud800\"]"),
      NULL },
    { __LINE__, "low surrogate, highest", S("\"\\udfff\""), NULL },
    { __LINE__, "high, then the end", S("\"\\ud800\""), NULL },
    { __LINE__, "high, then text", S("\"\\udbffa\""), NULL },
    { __LINE__, "high, then a letter escape", S("\"\\ud800\\n\""), NULL },
    { __LINE__, "high twice", S("\"\\ud800\\ud800\\udc00\""), NULL },
    { __LINE__, "high, then below low", S("\"\\ud800\\udbff\""), NULL },
    { __LINE__, "high, then no surrogate", S("\"\\ud800\\u0041\""), NULL },
    { __LINE__, "high, then NUL", S("\"\\ud800\\u0000\""), NULL },
    { __LINE__, "high, then above low", S("\"\\ud800\\ue000\""), NULL },
    { __LINE__, "high, then \\u00dc", S("\"\\ud800\\u00dc\""), NULL },
    { __LINE__, "in a name", S("{\"\\udc00\":1}"), NULL },
    { __LINE__, "behind a pair", S("\"\\ud800\\udc00\\udc00\""), NULL },
    { __LINE__, "tail byte alone", S("\"\x80\""), NULL },
    { __LINE__, "highest tail alone", S("\"\xbf\""), NULL },
    { __LINE__, "over-long 2", S("\"\xc0\x80\""), NULL },
    { __LINE__, "over-long 2, highest", S("\"\xc1\xbf\""), NULL },
    { __LINE__, "over-long 3", S("\"\xe0\x9f\xbf\""), NULL },
    { __LINE__, "over-long 4", S("\"\xf0\x8f\xbf\xbf\""), NULL },
    { __LINE__, "surrogate", S("\"\xed\xa0\x80\""), NULL },
    { __LINE__, "surrogate, highest", S("\"\xed\xbf\xbf\""), NULL },
    { __LINE__, "above U+10FFFF", S("\"\xf4\x90\x80\x80\""), NULL },
    { __LINE__, "F5", S("\"\xf5\x80\x80\x80\""), NULL },
    { __LINE__, "FF", S("\"\xff\""), NULL },
    { __LINE__, "tail too low", S("\"\xc3\x7f\""), NULL },
    { __LINE__, "tail too high", S("\"\xc3\xc0\""), NULL },
    { __LINE__, "second tail bad", S("\"\xe1\x80\x41\""), NULL },
    { __LINE__, "third tail bad", S("\"\xf1\x80\x80\x22"), NULL },
    { __LINE__, "cut by the quote", S("\"\xe1\x80\""), NULL },
    { __LINE__, "far in the string", S("\"1234567890123\xff\""), NULL },
    { __LINE__, "the eighth byte", S("\"1234567\xff\""), NULL },
};

static void json(void **state)
{
    const json_row *r = (const json_row *)*state;
    static said whole, other;
    int way, ways = CUT + (int)r->in.len;

    read_all(r->in, WHOLE, 99, &whole);
    assert_text(said_text(&whole), li_cstr(r->want));
    for (way = BYTES; way < ways; ++way) {
        read_all(r->in, way, 99, &other);
        assert_text(said_text(&other), said_text(&whole));
    }
}

/* Passing over a value ends where reading it ends, with the same result. */
static void json_skipped(void **state)
{
    const json_row *r = (const json_row *)*state;
    static said whole, first, other;
    unsigned depth;
    int way, ways = CUT + (int)r->in.len;
    li_rc rc = read_all(r->in, WHOLE, 99, &whole);
    const char *end = strchr(r->want, '!');

    for (depth = 0; depth < 3; ++depth) {
        read_all(r->in, WHOLE, depth, &first);
        assert_true(first.len <= whole.len + 1);
        if (rc)
            assert_memory_equal(first.text + first.len - strlen(end), end,
                                strlen(end));
        for (way = BYTES; way < ways; ++way) {
            assert_int_equal(read_all(r->in, way, depth, &other), rc);
            assert_text(said_text(&other), said_text(&first));
        }
    }
}

static void json_cut_short(void **state)
{
    const json_row *r = (const json_row *)*state;
    static said s;
    li_str in = r->in;

    if (strchr(r->want, '!') || !strchr("{[\"tfn", in.ptr[0]))
        return;
    while (in.len && strchr(" \n", in.ptr[in.len - 1]))
        --in.len;
    while (in.len--) {
        assert_int_equal(read_all(in, WHOLE, 99, &s), LI_E_JSON);
        assert_int_equal(read_all(in, BYTES, 99, &s), LI_E_JSON);
    }
}

/* Behind a bad byte no text, and before it all, is as it was. */
static void json_bad_text(void **state)
{
    const json_row *r = (const json_row *)*state;
    static said whole, other;
    int way, ways = CUT + (int)r->in.len;

    assert_int_equal(read_all(r->in, WHOLE, 99, &whole), LI_E_ENCODING);
    for (way = BYTES; way < ways; ++way) {
        assert_int_equal(read_all(r->in, way, 99, &other), LI_E_ENCODING);
        assert_text(said_text(&other), said_text(&whole));
    }
}

/* ---- every text of up to five symbols */

static const char *const symbols[] = {
    "{", "}", "[", "]", "\"", ",", ":", "0", "1", "-", ".", "e", "\\", "tr",
    "ue", " ", "u00", "\xc3", "\xa9"
};

static uint64_t fold(uint64_t sum, const said *s)
{
    size_t i;

    for (i = 0; i < s->len; ++i)
        sum = (sum ^ (unsigned char)s->text[i]) * UINT64_C(1099511628211);
    return (sum ^ 0xFF) * UINT64_C(1099511628211);
}

static size_t spell(char *text, unsigned long number, int length)
{
    size_t n = 0;

    for (; length--; number /= COUNT(symbols)) {
        const char *symbol = symbols[number % COUNT(symbols)];

        memcpy(text + n, symbol, strlen(symbol));
        n += strlen(symbol);
    }
    return n;
}

static void every_short_text(void **state)
{
    static said whole, bytes;
    unsigned long i, count = 1, taken = 0;
    uint64_t sum = UINT64_C(14695981039346656037);
    int length;

    (void)state;
    for (length = 0; length <= OFTEN(5, 3); ++length, count *= COUNT(symbols))
        for (i = 0; i < count; ++i) {
            char text[16];
            li_str in;

            in.ptr = text;
            in.len = spell(text, i, length);
            taken += !read_all(in, WHOLE, 99, &whole);
            read_all(in, BYTES, 99, &bytes);
            if (!same(said_text(&whole), said_text(&bytes)))
                assert_text(said_text(&bytes), said_text(&whole));
            sum = fold(sum, &whole);
        }
    assert_int_equal(taken, OFTEN(4873, 69));
    assert_true(sum == OFTEN(UINT64_C(0x92cfebe52ff4560c),
                             UINT64_C(0x9dba67018de2758b)));
}

/* ---- depth */

/* n levels, each an array or an object as the bits of kinds say. */
static li_str nested(char *text, int n, uint64_t kinds, int close)
{
    li_str s;
    int i;

    s.ptr = text;
    for (i = 0; i < n; ++i) {
        int object = (kinds >> (i & 63)) & 1;

        memcpy(text, object ? "{\"\":" : "[", object ? 4 : 1);
        text += object ? 4 : 1;
    }
    *text++ = '0';
    while (close && i--)
        *text++ = (kinds >> (i & 63)) & 1 ? '}' : ']';
    s.len = (size_t)(text - s.ptr);
    return s;
}

static const uint64_t kinds_of_depth[] = {
    0, UINT64_MAX, UINT64_C(0x5555555555555555), UINT64_C(0x123456789abcdef0)
};

static void depth_of_64_passes(void **state)
{
    static said s;
    char text[400];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(kinds_of_depth); ++i) {
        li_str in = nested(text, 64, kinds_of_depth[i], 1), raw;

        assert_int_equal(read_all(in, WHOLE, 99, &s), LI_OK);
        assert_int_equal(read_all(in, BYTES, 99, &s), LI_OK);
        assert_int_equal(read_all(in, WHOLE, 0, &s), LI_OK);
        assert_int_equal(read_all(in, BYTES, 63, &s), LI_OK);
        assert_int_equal(li_json_find(guarded(0, in), "", &raw), LI_OK);
    }
}

static void depth_of_65_does_not(void **state)
{
    static said s;
    char text[400];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(kinds_of_depth); ++i) {
        li_str in = nested(text, 65, kinds_of_depth[i], 1), raw;

        assert_int_equal(read_all(in, WHOLE, 99, &s), LI_E_DEPTH);
        assert_int_equal(read_all(in, BYTES, 99, &s), LI_E_DEPTH);
        assert_int_equal(read_all(in, BYTES, 0, &s), LI_E_DEPTH);
        assert_int_equal(li_json_find(guarded(0, in), "", &raw), LI_E_DEPTH);
    }
}

static void each_level_keeps_its_kind(void **state)
{
    static said s;
    char text[400];
    int level;

    (void)state;
    for (level = 0; level < 64; ++level) {
        li_str in = nested(text, 64, UINT64_C(1) << level, 1);
        char *end = text + in.len - 1 - level;

        assert_int_equal(read_all(in, WHOLE, 99, &s), LI_OK);
        *end = ']';
        assert_int_equal(read_all(in, WHOLE, 99, &s), LI_E_JSON);
        assert_int_equal(read_all(in, BYTES, 0, &s), LI_E_JSON);
    }
}

/* ---- the rules of feeding */

static void feeding_before_it_is_asked_for(void **state)
{
    li_json j;

    (void)state;
    li_json_open(&j, LI_STR("[1,"), 0);
    assert_int_equal(li_json_next(&j), LI_OK);
    li_json_feed(&j, LI_STR("2]"), 1);
    assert_int_equal(li_json_next(&j), LI_E_STATE);
    assert_int_equal(li_json_next(&j), LI_E_STATE);
    assert_int_equal(j.rc, LI_E_STATE);
}

static void feeding_behind_the_last(void **state)
{
    li_json j;

    (void)state;
    li_json_open(&j, LI_STR("[]"), 1);
    while (!li_json_next(&j) && j.type != LI_JSON_END)
        continue;
    li_json_feed(&j, LI_STR(" "), 1);
    assert_int_equal(li_json_next(&j), LI_E_STATE);
}

static void wanting_is_repeated(void **state)
{
    li_json j;
    int i;

    (void)state;
    li_json_open(&j, LI_STR(" "), 0);
    for (i = 0; i < 3; ++i)
        assert_int_equal(li_json_next(&j), LI_WANT_READ);
    li_json_feed(&j, LI_STR("[\"a"), 0);
    assert_int_equal(li_json_next(&j), LI_OK);
    assert_int_equal(li_json_next(&j), LI_OK);
    assert_int_equal(j.type, LI_JSON_STRING);
    assert_int_equal(j.more, 1);
    assert_text(j.text, LI_STR("\"a"));
    for (i = 0; i < 3; ++i)
        assert_int_equal(li_json_next(&j), LI_WANT_READ);
    li_json_feed(&j, LI_STR("\"]"), 1);
    assert_int_equal(li_json_next(&j), LI_OK);
    assert_int_equal(j.more, 0);
    assert_text(j.text, LI_STR("\""));
}

static void a_complete_text_that_is_not_last_wants_more(void **state)
{
    li_json j;

    (void)state;
    li_json_open(&j, LI_STR("12"), 0);
    assert_int_equal(li_json_next(&j), LI_OK);
    assert_int_equal(j.more, 1);
    assert_int_equal(li_json_next(&j), LI_WANT_READ);
    li_json_feed(&j, li_cstr(NULL), 1);
    assert_int_equal(li_json_next(&j), LI_OK);
    assert_int_equal(j.type, LI_JSON_NUMBER);
    assert_int_equal(j.more, 0);
    assert_int_equal(j.text.len, 0);
    assert_int_equal(li_json_next(&j), LI_OK);
    assert_int_equal(j.type, LI_JSON_END);
}

static void skip_of_a_scalar_does_nothing(void **state)
{
    li_json j;

    (void)state;
    li_json_open(&j, LI_STR("{\"a\":1,\"b\":[2]}"), 1);
    assert_int_equal(li_json_skip(&j), LI_OK);
    assert_int_equal(j.type, LI_JSON_NONE);
    li_json_next(&j);
    li_json_next(&j);
    assert_int_equal(li_json_skip(&j), LI_OK);
    assert_int_equal(j.type, LI_JSON_KEY);
    li_json_next(&j);
    assert_int_equal(li_json_skip(&j), LI_OK);
    assert_text(j.text, LI_STR("1"));
    li_json_next(&j);
    assert_text(j.text, LI_STR("\"b\""));
    li_json_next(&j);
    assert_int_equal(li_json_skip(&j), LI_OK);
    assert_int_equal(j.type, LI_JSON_ARRAY_END);
    assert_int_equal(li_json_skip(&j), LI_OK);
    assert_int_equal(j.type, LI_JSON_ARRAY_END);
    li_json_next(&j);
    assert_int_equal(j.type, LI_JSON_OBJECT_END);
}

static void the_offset_counts_all_pieces(void **state)
{
    li_json j;

    (void)state;
    li_json_open(&j, LI_STR("  [1"), 0);
    assert_true(li_json_offset(&j) == 0);
    li_json_next(&j);
    assert_true(li_json_offset(&j) == 3);
    li_json_next(&j);
    assert_int_equal(li_json_next(&j), LI_WANT_READ);
    assert_true(li_json_offset(&j) == 4);
    li_json_feed(&j, LI_STR("2 x"), 1);
    li_json_next(&j);
    assert_true(li_json_offset(&j) == 5);
    assert_int_equal(li_json_next(&j), LI_E_JSON);
    assert_true(li_json_offset(&j) == 6);
}

/* ---- JSON Pointer */

#define DOC "{\"a\":[10,[20,21],{\"b\":30}],\"\":0,\"a/b\":1,\"m~n\":2," \
    "\"~1\":3,\"d\":4,\"d\":5,\"\\u0065\\n\":6,\"o\":{\"0\":7,\"-\":8," \
    "\"01\":9},\"t\":true,\"f\": false ,\"n\":null,\"s\":\"x\\ny\"," \
    "\"e\":[],\"\xc3\xa9\":-1.5,\"\\ud83d\\ude00\":11,\"~\":12}"

static const struct find_row {
    int line;
    const char *what, *doc, *pointer, *want;
    int rc;
} find_rows[] = {
    { __LINE__, "member", DOC, "/d", "4", 0 },
    { __LINE__, "first of equal names", DOC, "/d", "4", 0 },
    { __LINE__, "array", DOC, "/a", "[10,[20,21],{\"b\":30}]", 0 },
    { __LINE__, "element", DOC, "/a/0", "10", 0 },
    { __LINE__, "element behind others", DOC, "/a/2", "{\"b\":30}", 0 },
    { __LINE__, "nested element", DOC, "/a/1/1", "21", 0 },
    { __LINE__, "nested member", DOC, "/a/2/b", "30", 0 },
    { __LINE__, "empty name", DOC, "/", "0", 0 },
    { __LINE__, "~1 is a slash", DOC, "/a~1b", "1", 0 },
    { __LINE__, "~0 is a tilde", DOC, "/m~0n", "2", 0 },
    { __LINE__, "~01 is ~1", DOC, "/~01", "3", 0 },
    { __LINE__, "~0 alone", DOC, "/~0", "12", 0 },
    { __LINE__, "tilde, then NUL, is another name",
      "{\"~\\u0000\":1,\"~\":2}", "/~0", "2", 0 },
    { __LINE__, "NUL behind is another name", "{\"a\\u0000\":1,\"a\":2}",
      "/a", "2", 0 },
    { __LINE__, "tilde names that are longer", "{\"~a\":1,\"~\":2}", "/~0",
      "2", 0 },
    { __LINE__, "tilde names that are shorter", "{\"~\":1,\"~a\":2}",
      "/~0a", "2", 0 },
    { __LINE__, "~1 is not ~0", "{\"~\":1,\"/\":2}", "/~1", "2", 0 },
    { __LINE__, "~0 is not ~1", "{\"/\":1,\"~\":2}", "/~0", "2", 0 },
    { __LINE__, "escaped tilde and slash", "{\"\\u007e\\/\":1}", "/~0~1",
      "1", 0 },
    { __LINE__, "escaped name", DOC, "/e\n", "6", 0 },
    { __LINE__, "UTF-8 name", DOC, "/\xc3\xa9", "-1.5", 0 },
    { __LINE__, "name beyond 16 bits", DOC, "/\xf0\x9f\x98\x80", "11", 0 },
    { __LINE__, "digits name a member", DOC, "/o/0", "7", 0 },
    { __LINE__, "minus names a member", DOC, "/o/-", "8", 0 },
    { __LINE__, "leading nought names one", DOC, "/o/01", "9", 0 },
    { __LINE__, "true", DOC, "/t", "true", 0 },
    { __LINE__, "false, spaces off", DOC, "/f", "false", 0 },
    { __LINE__, "null", DOC, "/n", "null", 0 },
    { __LINE__, "string", DOC, "/s", "\"x\\ny\"", 0 },
    { __LINE__, "empty array", DOC, "/e", "[]", 0 },
    { __LINE__, "whole", " [1, 2] ", "", "[1, 2]", 0 },
    { __LINE__, "whole word", " null\n", "", "null", 0 },
    { __LINE__, "whole number", "\t-1e5 ", "", "-1e5", 0 },
    { __LINE__, "whole string", "\"a\"", "", "\"a\"", 0 },
    { __LINE__, "spaces inside stay", "[ [ 1 ] ]", "/0", "[ 1 ]", 0 },
    { __LINE__, "found before the fault", "[1,}", "/0", "1", 0 },
    { __LINE__, "ninth element", "[0,1,2,3,4,5,6,7,8,\"9\",10]", "/9", "\"9\"",
      0 },
    { __LINE__, "tenth element", "[0,1,2,3,4,5,6,7,8,9,10]", "/10", "10",
      0 },

    { __LINE__, "no such member", DOC, "/z", NULL, LI_E_MISSING },
    { __LINE__, "case counts", DOC, "/A", NULL, LI_E_MISSING },
    { __LINE__, "a name's beginning", DOC, "/a~1", NULL, LI_E_MISSING },
    { __LINE__, "a longer name", DOC, "/dd", NULL, LI_E_MISSING },
    { __LINE__, "no such element", DOC, "/a/3", NULL, LI_E_MISSING },
    { __LINE__, "of an empty array", DOC, "/e/0", NULL, LI_E_MISSING },
    { __LINE__, "minus", DOC, "/a/-", NULL, LI_E_MISSING },
    { __LINE__, "leading nought", DOC, "/a/00", NULL, LI_E_MISSING },
    { __LINE__, "leading nought, one", DOC, "/a/01", NULL, LI_E_MISSING },
    { __LINE__, "no index", DOC, "/a/x", NULL, LI_E_MISSING },
    { __LINE__, "index with a sign", DOC, "/a/+1", NULL, LI_E_MISSING },
    { __LINE__, "index and text", DOC, "/a/1x", NULL, LI_E_MISSING },
    { __LINE__, "empty index", DOC, "/a/", NULL, LI_E_MISSING },
    { __LINE__, "index that wraps 32", DOC, "/a/4294967296", NULL,
      LI_E_MISSING },
    { __LINE__, "index that wraps 64", DOC, "/a/18446744073709551616", NULL,
      LI_E_MISSING },
    { __LINE__, "index of many digits", DOC,
      "/a/100000000000000000000000000000000000000000", NULL, LI_E_MISSING },
    { __LINE__, "below a number", DOC, "/d/0", NULL, LI_E_MISSING },
    { __LINE__, "below a string", DOC, "/s/0", NULL, LI_E_MISSING },
    { __LINE__, "below a word", DOC, "/t/", NULL, LI_E_MISSING },
    { __LINE__, "below null", DOC, "/n/a", NULL, LI_E_MISSING },
    { __LINE__, "only the first of equals is entered",
      "{\"a\":{},\"a\":{\"b\":1}}", "/a/b", NULL, LI_E_MISSING },
    { __LINE__, "no deeper search", "{\"x\":{\"a\":1}}", "/a", NULL,
      LI_E_MISSING },
    { __LINE__, "a value is no name", "{\"x\":\"a\"}", "/a", NULL,
      LI_E_MISSING },
    { __LINE__, "no slash first", DOC, "a", NULL, LI_E_ARG },
    { __LINE__, "no slash first, then one", DOC, "a/b", NULL, LI_E_ARG },
    { __LINE__, "tilde last", DOC, "/a~", NULL, LI_E_ARG },
    { __LINE__, "tilde and 2", DOC, "/a~2", NULL, LI_E_ARG },
    { __LINE__, "tilde and slash", DOC, "/a~/b", NULL, LI_E_ARG },
    { __LINE__, "two tildes", DOC, "/~~0", NULL, LI_E_ARG },
    { __LINE__, "bad pointer, no JSON", "", "/~", NULL, LI_E_ARG },
    { __LINE__, "absent pointer", DOC, NULL, NULL, LI_E_ARG },
    { __LINE__, "empty document", "", "", NULL, LI_E_JSON },
    { __LINE__, "empty document, member", "", "/a", NULL, LI_E_JSON },
    { __LINE__, "text behind the whole", "[] x", "", NULL, LI_E_JSON },
    { __LINE__, "fault before", "[1,,2]", "/1", NULL, LI_E_JSON },
    { __LINE__, "fault in what is passed", "[[1,],2]", "/1", NULL,
      LI_E_JSON },
    { __LINE__, "fault in the value", "[[1,]]", "/0", NULL, LI_E_JSON },
    { __LINE__, "cut in the value", "[[1", "/0", NULL, LI_E_JSON },
    { __LINE__, "cut in a name", "{\"a", "/a", NULL, LI_E_JSON },
    { __LINE__, "cut behind the name", "{\"a\"", "/a", NULL, LI_E_JSON },
    { __LINE__, "missing, then a fault", "{\"a\":1,}", "/b", NULL,
      LI_E_JSON },
    { __LINE__, "bad text before", "[\"\xff\",1]", "/1", NULL,
      LI_E_ENCODING },
    { __LINE__, "lone surrogate in a name", "{\"\\ud800\":1}", "/a", NULL,
      LI_E_ENCODING },
};

static void find(void **state)
{
    const struct find_row *r = (const struct find_row *)*state;
    li_str doc = guarded(0, li_cstr(r->doc)), raw = LI_STR("old");
    li_rc rc = li_json_find(doc, r->pointer, &raw);

    assert_int_equal(rc, r->rc);
    if (rc) {
        assert_null(raw.ptr);
        assert_int_equal(raw.len, 0);
        return;
    }
    assert_text(raw, li_cstr(r->want));
    assert_true(raw.ptr >= doc.ptr && raw.ptr < doc.ptr + doc.len);
}

/* A pointer through 64 levels. */
static void find_at_the_deepest(void **state)
{
    char text[400], pointer[129];
    li_str raw;
    int i;

    (void)state;
    for (i = 0; i < 64; ++i)
        memcpy(pointer + 2 * i, "/0", 3);
    assert_int_equal(li_json_find(guarded(0, nested(text, 64, 0, 1)), pointer,
                                  &raw), LI_OK);
    assert_text(raw, LI_STR("0"));
}

/* ---- values */

typedef struct text_row {
    int line;
    const char *what;
    li_str raw, want; /* want absent: rc */
    int rc;
} text_row;

static const text_row string_rows[] = {
    { __LINE__, "empty", S("\"\""), S(""), 0 },
    { __LINE__, "plain", S("\"plain text\""), S("plain text"), 0 },
    { __LINE__, "letter escapes", S("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
      S("\"\\/\b\f\n\r\t"), 0 },
    { __LINE__, "one byte", S("\"\\u0041\\u007f\""), S("A\x7f"), 0 },
    { __LINE__, "NUL", S("\"a\\u0000b\""), S("a\0b"), 0 },
    { __LINE__, "two bytes", S("\"\\u0080\\u07FF\""), S("\xc2\x80\xdf\xbf"),
      0 },
    { __LINE__, "three bytes", S("\"\\u0800\\ud7ff\\ue000\\uFFff\""),
      S("\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"), 0 },
    { __LINE__, "four bytes", S("\"\\ud800\\udc00\\uDBFF\\uDFFF\""),
      S("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"), 0 },
    { __LINE__, "a face", S("\"\\ud83d\\ude00\""), S("\xf0\x9f\x98\x80"), 0 },
    { __LINE__, "UTF-8 as it is", S("\"\xc3\xa9\xf0\x9f\x98\x80\""),
      S("\xc3\xa9\xf0\x9f\x98\x80"), 0 },
    { __LINE__, "text round escapes", S("\"ab\\ncd\\u0065f\""),
      S("ab\ncdef"), 0 },
    { __LINE__, "number", S("1"), { NULL, 0 }, LI_E_TYPE },
    { __LINE__, "word", S("null"), { NULL, 0 }, LI_E_TYPE },
    { __LINE__, "object", S("{\"a\":\"b\"}"), { NULL, 0 }, LI_E_TYPE },
    { __LINE__, "array", S("[\"a\"]"), { NULL, 0 }, LI_E_TYPE },
    { __LINE__, "absent", { NULL, 0 }, { NULL, 0 }, LI_E_TYPE },
    { __LINE__, "nothing", S(""), { NULL, 0 }, LI_E_TYPE },
    { __LINE__, "one quote", S("\""), { NULL, 0 }, LI_E_TYPE },
    { __LINE__, "no quote behind", S("\"a"), { NULL, 0 }, LI_E_TYPE },
    { __LINE__, "no quote before", S("a\""), { NULL, 0 }, LI_E_TYPE },
    { __LINE__, "low surrogate", S("\"x\\udc00\""), { NULL, 0 },
      LI_E_ENCODING },
    { __LINE__, "high surrogate", S("\"x\\ud800\""), { NULL, 0 },
      LI_E_ENCODING },
    { __LINE__, "high, then text", S("\"\\ud800xxxxxx\""), { NULL, 0 },
      LI_E_ENCODING },
    { __LINE__, "high, then no low", S("\"\\ud800\\u0041\""), { NULL, 0 },
      LI_E_ENCODING },
    { __LINE__, "high, then another escape", S("\"\\ud800\\nxxxx\""),
      { NULL, 0 }, LI_E_ENCODING },
    { __LINE__, "high twice", S("\"\\ud800\\ud800\""), { NULL, 0 },
      LI_E_ENCODING },
    { __LINE__, "high, then above low", S("\"\\ud800\\ue000\""), { NULL, 0 },
      LI_E_ENCODING },
    { __LINE__, "low twice", S("\"\\udc00\\udc00\""), { NULL, 0 },
      LI_E_ENCODING },
    { __LINE__, "low behind a letter", S("\"\\u0041\\udc00\""), { NULL, 0 },
      LI_E_ENCODING },
    { __LINE__, "low behind one above", S("\"\\ue000\\udc00\""), { NULL, 0 },
      LI_E_ENCODING },
    { __LINE__, "high, then a low without \\", S("\"\\ud83dxude00\""),
      { NULL, 0 }, LI_E_ENCODING },
    { __LINE__, "high, then a low without u", S("\"\\ud83d\\nde00\""),
      { NULL, 0 }, LI_E_ENCODING },
};

static li_rc put_text(const void *arg, li_buf *out)
{
    return li_json_text(guarded(0, ((const text_row *)arg)->raw), out);
}

static void string(void **state)
{
    const text_row *r = (const text_row *)*state;
    char *mem = guard(1, 40);
    li_buf b = li_buf_of(mem, 40);

    if (r->want.ptr) {
        put_at_every_cap(put_text, r, r->want);
        return;
    }
    li_put(&b, LI_STR("before"));
    assert_int_equal(li_json_text(guarded(0, r->raw), &b), r->rc);
    assert_int_equal(b.rc, r->rc);
    assert_text(written(&b), LI_STR("before"));
}

static void string_is_itself(void **state)
{
    const text_row *r = (const text_row *)*state;
    char other[64];
    li_str want = r->want, wrong;
    size_t i;

    if (!want.ptr) {
        assert_int_equal(li_json_is(guarded(0, r->raw), LI_STR("x")), 0);
        assert_int_equal(li_json_is(guarded(0, r->raw), LI_STR("")), 0);
        return;
    }
    assert_int_equal(li_json_is(guarded(0, r->raw), guarded(1, want)), 1);
    memcpy(other, want.ptr, want.len);
    wrong.ptr = other;
    other[want.len] = 'x';
    wrong.len = want.len + 1;
    assert_int_equal(li_json_is(guarded(0, r->raw), guarded(1, wrong)), 0);
    for (i = 0; i < want.len; ++i) {
        wrong.len = i;
        assert_int_equal(li_json_is(guarded(0, r->raw), guarded(1, wrong)),
                         0);
        wrong.len = want.len;
        other[i] ^= 1;
        assert_int_equal(li_json_is(guarded(0, r->raw), guarded(1, wrong)),
                         0);
        other[i] ^= 1;
    }
}

/* No token of the reader, but what a caller may hand over by mistake. */
static void malformed_strings_are_refused(void **state)
{
    static const char *const raws[] = {
        "\"\\\"", "\"\\q\"", "\"\\u\"", "\"\\u1\"", "\"\\u12\"",
        "\"\\u123\"", "\"\\u12g4\"", "\"\\ud800\\\"", "\"\\ud800\\u\"",
        "\"\\ud800\\udc0\"", "\"\\ud800u\""
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(raws); ++i) {
        char mem[16];
        li_buf b = LI_BUF(mem);
        li_str raw = guarded(0, li_cstr(raws[i]));

        assert_true(li_json_text(raw, &b) < 0);
        assert_int_equal(b.len, 0);
        assert_int_equal(li_json_is(raw, LI_STR("u")), 0);
    }
}

static void is_compares_decoded_texts(void **state)
{
    (void)state;
    assert_int_equal(li_json_is(LI_STR("\"a\\/b\""), LI_STR("a/b")), 1);
    assert_int_equal(li_json_is(LI_STR("\"a\\/b\""), LI_STR("a\\/b")), 0);
    assert_int_equal(li_json_is(LI_STR("\"\\u0061\""), LI_STR("a")), 1);
    assert_int_equal(li_json_is(LI_STR("\"\\u0061\""), LI_STR("\\u0061")),
                     0);
    assert_int_equal(li_json_is(LI_STR("\"\\\\\""), LI_STR("\\")), 1);
    assert_int_equal(li_json_is(LI_STR("\"\\\\\""), LI_STR("\\\\")), 0);
    assert_int_equal(li_json_is(LI_STR("a"), LI_STR("a")), 0);
    assert_int_equal(li_json_is(li_cstr(NULL), li_cstr(NULL)), 0);
    assert_int_equal(li_json_is(LI_STR("\"\""), li_cstr(NULL)), 1);
}

static const struct int_row {
    int line;
    const char *what, *raw;
    int rc;
    int64_t value;
} int_rows[] = {
    { __LINE__, "nought", "0", 0, 0 },
    { __LINE__, "minus nought", "-0", 0, 0 },
    { __LINE__, "one", "1", 0, 1 },
    { __LINE__, "minus one", "-1", 0, -1 },
    { __LINE__, "beyond 2^53", "9007199254740993", 0, 9007199254740993 },
    { __LINE__, "beyond 2^32", "4294967297", 0, 4294967297 },
    { __LINE__, "most", "9223372036854775807", 0, INT64_MAX },
    { __LINE__, "least", "-9223372036854775808", 0, INT64_MIN },
    { __LINE__, "one more than least", "-9223372036854775807", 0,
      -INT64_MAX },
    { __LINE__, "one too many", "9223372036854775808", LI_E_RANGE, 0 },
    { __LINE__, "one too few", "-9223372036854775809", LI_E_RANGE, 0 },
    { __LINE__, "ten times most", "92233720368547758070", LI_E_RANGE, 0 },
    { __LINE__, "what would come round to a good one", "20000000000000000000",
      LI_E_RANGE, 0 },
    { __LINE__, "2^64", "18446744073709551616", LI_E_RANGE, 0 },
    { __LINE__, "2^64 and one", "18446744073709551617", LI_E_RANGE, 0 },
    { __LINE__, "minus 2^64", "-18446744073709551616", LI_E_RANGE, 0 },
    { __LINE__, "19 nines", "9999999999999999999", LI_E_RANGE, 0 },
    { __LINE__, "very long", "1000000000000000000000000000000", LI_E_RANGE,
      0 },
    { __LINE__, "fraction", "1.0", LI_E_TYPE, 0 },
    { __LINE__, "exponent", "1e2", LI_E_TYPE, 0 },
    { __LINE__, "exponent in capitals", "1E2", LI_E_TYPE, 0 },
    { __LINE__, "too many and a fraction", "99999999999999999999.5",
      LI_E_TYPE, 0 },
    { __LINE__, "nothing", "", LI_E_TYPE, 0 },
    { __LINE__, "absent", NULL, LI_E_TYPE, 0 },
    { __LINE__, "minus", "-", LI_E_TYPE, 0 },
    { __LINE__, "minus twice", "--1", LI_E_TYPE, 0 },
    { __LINE__, "plus", "+1", LI_E_TYPE, 0 },
    { __LINE__, "leading nought", "01", LI_E_TYPE, 0 },
    { __LINE__, "minus, leading nought", "-01", LI_E_TYPE, 0 },
    { __LINE__, "string", "\"1\"", LI_E_TYPE, 0 },
    { __LINE__, "word", "true", LI_E_TYPE, 0 },
    { __LINE__, "array", "[1]", LI_E_TYPE, 0 },
    { __LINE__, "space behind", "1 ", LI_E_TYPE, 0 },
    { __LINE__, "next to the digits", "1/", LI_E_TYPE, 0 },
    { __LINE__, "next to them above", "1:", LI_E_TYPE, 0 },
};

static void integer(void **state)
{
    const struct int_row *r = (const struct int_row *)*state;
    int64_t value = 77;

    assert_int_equal(li_json_int(guarded(0, li_cstr(r->raw)), &value),
                     r->rc);
    assert_true(value == (r->rc ? 77 : r->value));
}

static void every_integer_there_and_back(void **state)
{
    int bit, step;

    (void)state;
    for (bit = 0; bit < 64; ++bit)
        for (step = -2; step < 3; ++step) {
            uint64_t n = ((uint64_t)1 << bit) + (uint64_t)(int64_t)step;
            int64_t in, out = 0;
            char mem[20];
            li_buf b = LI_BUF(mem);

            memcpy(&in, &n, sizeof in);
            assert_int_equal(li_put_int(&b, in), LI_OK);
            assert_int_equal(li_json_int(written(&b), &out), LI_OK);
            assert_true(in == out);
        }
}

static const struct double_row {
    int line;
    const char *what, *raw;
    int rc;
    double value;
} double_rows[] = {
    { __LINE__, "nought", "0", 0, 0.0 },
    { __LINE__, "half", "-0.5", 0, -0.5 },
    { __LINE__, "exponent", "1.25e2", 0, 125.0 },
    { __LINE__, "negative exponent", "1E-1", 0, 0.1 },
    { __LINE__, "signed exponent", "2e+3", 0, 2000.0 },
    { __LINE__, "most", "1.7976931348623157e308", 0, DBL_MAX },
    { __LINE__, "integer", "9007199254740993", 0, 9007199254740992.0 },
    { __LINE__, "63 characters",
      "1.0000000000000000000000000000000000000000000000000000000000000", 0,
      1.0 },
    { __LINE__, "64 characters",
      "1.00000000000000000000000000000000000000000000000000000000000000",
      LI_E_LIMIT, 0 },
    { __LINE__, "string", "\"1\"", LI_E_TYPE, 0 },
    { __LINE__, "nothing", "", LI_E_TYPE, 0 },
    { __LINE__, "word", "nan", LI_E_TYPE, 0 },
    { __LINE__, "hexadecimal", "0x10", LI_E_TYPE, 0 },
    { __LINE__, "infinity", "-inf", LI_E_TYPE, 0 },
    { __LINE__, "plus", "+1", LI_E_TYPE, 0 },
    { __LINE__, "minus", "-", LI_E_TYPE, 0 },
    { __LINE__, "point last", "1.", LI_E_TYPE, 0 },
    { __LINE__, "point first", ".5", LI_E_TYPE, 0 },
    { __LINE__, "leading nought", "01", LI_E_TYPE, 0 },
    { __LINE__, "space before", " 1", LI_E_TYPE, 0 },
    { __LINE__, "space behind", "1 ", LI_E_TYPE, 0 },
    { __LINE__, "e last", "1e", LI_E_TYPE, 0 },
};

static void floating(void **state)
{
    const struct double_row *r = (const struct double_row *)*state;
    double value = 0;

    assert_int_equal(li_json_double(guarded(0, li_cstr(r->raw)), &value),
                     r->rc);
    if (!r->rc)
        assert_true(value <= r->value && value >= r->value);
}

/* ---- li_json_copy */

static void copy_at_capacity(size_t cap)
{
    static const char want[] = "x\ny";
    char *mem = guard(1, cap);
    li_buf b = li_buf_of(mem, cap);
    li_rc rc = li_json_copy(guarded(0, LI_STR(DOC)), "/s", &b);

    assert_int_equal(rc, cap < sizeof want ? LI_E_SPACE : LI_OK);
    assert_int_equal(b.rc, rc);
    assert_int_equal(b.need, sizeof want);
    if (cap)
        assert_string_equal(mem, rc ? "" : want);
    if (!rc)
        assert_int_equal(b.len, sizeof want - 1);
    assert_true(untouched(mem - 64, 64));
}

static void copy_at_every_capacity(void **state)
{
    size_t cap;

    (void)state;
    for (cap = 0; cap < 8; ++cap)
        copy_at_capacity(cap);
}

static void copy_says_what_failed(void **state)
{
    static const struct {
        const char *doc, *pointer;
        int rc;
    } rows[] = {
        { DOC, "/z", LI_E_MISSING }, { DOC, "/d", LI_E_TYPE },
        { DOC, "/a", LI_E_TYPE }, { DOC, "d", LI_E_ARG },
        { "{", "/a", LI_E_JSON }, { "[\"\\ud800\"]", "/0", LI_E_ENCODING },
        { "[\"a\\u0000b\"]", "/0", LI_E_ENCODING },
        { "[\"\\u0000\"]", "/0", LI_E_ENCODING },
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rows); ++i) {
        char mem[16] = "what was there";
        li_buf b = LI_BUF(mem);

        assert_int_equal(li_json_copy(guarded(0, li_cstr(rows[i].doc)),
                                      rows[i].pointer, &b), rows[i].rc);
        assert_int_equal(b.rc, rows[i].rc);
        assert_int_equal(b.len, 0);
        assert_string_equal(mem, "");
    }
}

/* ---- loops, and several members at once */

typedef struct each_row {
    int line;
    const char *what, *json, *names, *values; /* each with ";" behind it */
    li_rc rc;
} each_row;

static const each_row each_rows[] = {
    { __LINE__, "an array", "[1,\"b\",{\"c\":[2]},[[]],null]", ";;;;;",
      "1;\"b\";{\"c\":[2]};[[]];null;", LI_E_MISSING },
    { __LINE__, "an object", "{\"a\":1,\"b\":{\"a\":2},\"\":\"\"}",
      "\"a\";\"b\";\"\";", "1;{\"a\":2};\"\";", LI_E_MISSING },
    { __LINE__, "white space", " [ 1 , [ 2 ] ] ", ";;", "1;[ 2 ];",
      LI_E_MISSING },
    { __LINE__, "empty array", "[]", "", "", LI_E_MISSING },
    { __LINE__, "empty object", " {} ", "", "", LI_E_MISSING },
    { __LINE__, "a text", "\"a\"", "", "", LI_E_TYPE },
    { __LINE__, "a number", "7", "", "", LI_E_TYPE },
    { __LINE__, "nothing", "", "", "", LI_E_JSON },
    { __LINE__, "cut", "[1,{\"a\":2}", ";;", "1;{\"a\":2};", LI_E_JSON },
    { __LINE__, "cut in a value", "[1,{\"a\":", ";", "1;", LI_E_JSON },
    { __LINE__, "more behind it", "[1]x", ";", "1;", LI_E_JSON },
    { __LINE__, "an array behind it", "[1][2]", ";", "1;", LI_E_JSON },
    { __LINE__, "a name without a value", "{\"a\"}", "", "", LI_E_JSON },
    { __LINE__, "no UTF-8", "[1,\"\xff\"]", ";", "1;", LI_E_ENCODING },
};

static void each(void **state)
{
    const each_row *row = (const each_row *)*state;
    char names[64] = "", values[64] = "";
    li_buf n = LI_BUF(names), v = LI_BUF(values);
    li_str name, value;
    li_json json;
    li_rc rc;

    li_json_open(&json, guarded(0, li_cstr(row->json)), 1);
    while (!(rc = li_json_each(&json, &name, &value))) {
        li_put(&n, name);
        li_put(&n, LI_STR(";"));
        li_put(&v, value);
        li_put(&v, LI_STR(";"));
    }
    assert_int_equal(rc, row->rc);
    assert_int_equal(li_json_each(&json, &name, &value), rc); /* it stays */
    assert_text(written(&n), li_cstr(row->names));
    assert_text(written(&v), li_cstr(row->values));
    li_json_open(&json, guarded(0, li_cstr(row->json)), 1);
    while (!(rc = li_json_each(&json, NULL, &value)))
        ;
    assert_int_equal(rc, row->rc);
}

/* A loop within a loop: each has a reader of its own. */
static void loops_within_loops(void **state)
{
    li_str row, cell;
    li_json rows, cells;
    int64_t sum = 0, one;

    (void)state;
    li_json_open(&rows, LI_STR("[[1,2],[3],[]]"), 1);
    while (!li_json_each(&rows, NULL, &row)) {
        li_json_open(&cells, row, 1);
        while (!li_json_each(&cells, NULL, &cell) && !li_json_int(cell, &one))
            sum += one;
    }
    assert_int_equal(sum, 6);
}

typedef struct pick_row {
    int line;
    const char *what, *json;
    li_rc rc;
    const char *a, *b; /* NULL: absent */
} pick_row;

static const pick_row pick_rows[] = {
    { __LINE__, "both", "{\"b\":[1],\"x\":{\"a\":0},\"a\":\"t\"}", LI_OK,
      "\"t\"", "[1]" },
    { __LINE__, "one", "{\"a\":1}", LI_OK, "1", NULL },
    { __LINE__, "none", "{}", LI_OK, NULL, NULL },
    { __LINE__, "null is none", "{\"a\":null,\"b\":2}", LI_OK, NULL, "2" },
    { __LINE__, "the first counts", "{\"a\":1,\"a\":2}", LI_OK, "1", NULL },
    { __LINE__, "but null does not", "{\"a\":null,\"a\":2}", LI_OK, "2", NULL },
    { __LINE__, "an escaped name", "{\"\\u0061\":1}", LI_OK, "1", NULL },
    { __LINE__, "a longer name", "{\"ab\":1}", LI_OK, NULL, NULL },
    { __LINE__, "an array", "[1]", LI_E_TYPE, NULL, NULL },
    { __LINE__, "an empty array", "[]", LI_E_TYPE, NULL, NULL },
    { __LINE__, "a text", "\"a\"", LI_E_TYPE, NULL, NULL },
    { __LINE__, "nothing", "", LI_E_JSON, NULL, NULL },
    { __LINE__, "cut", "{\"a\":1", LI_E_JSON, NULL, NULL },
    { __LINE__, "more behind it", "{\"a\":1}1", LI_E_JSON, NULL, NULL },
};

static void pick(void **state)
{
    static const char *const names[] = { "a", "b" };
    const pick_row *row = (const pick_row *)*state;
    li_str raws[3];

    raws[2] = LI_STR("mine");
    assert_int_equal(li_json_pick(guarded(0, li_cstr(row->json)), names, 2,
                                  raws), row->rc);
    assert_text(raws[2], LI_STR("mine"));
    if (row->rc)
        return;
    assert_int_equal(raws[0].ptr != NULL, row->a != NULL);
    assert_text(raws[0], li_cstr(row->a));
    assert_int_equal(raws[1].ptr != NULL, row->b != NULL);
    assert_text(raws[1], li_cstr(row->b));
}

int main(void)
{
    ROWS(json_rows, json);
    ROWS(json_rows, json_skipped);
    ROWS(json_rows, json_cut_short);
    ROWS(text_rows, json_bad_text);
    TEST(every_short_text);
    TEST(depth_of_64_passes);
    TEST(depth_of_65_does_not);
    TEST(each_level_keeps_its_kind);
    TEST(feeding_before_it_is_asked_for);
    TEST(feeding_behind_the_last);
    TEST(wanting_is_repeated);
    TEST(a_complete_text_that_is_not_last_wants_more);
    TEST(skip_of_a_scalar_does_nothing);
    TEST(the_offset_counts_all_pieces);
    ROWS(find_rows, find);
    TEST(find_at_the_deepest);
    ROWS(string_rows, string);
    ROWS(string_rows, string_is_itself);
    TEST(malformed_strings_are_refused);
    TEST(is_compares_decoded_texts);
    ROWS(int_rows, integer);
    TEST(every_integer_there_and_back);
    ROWS(double_rows, floating);
    TEST(copy_at_every_capacity);
    TEST(copy_says_what_failed);
    ROWS(each_rows, each);
    TEST(loops_within_loops);
    ROWS(pick_rows, pick);
    return RUN("json");
}
