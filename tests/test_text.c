/* >>text: percent, form and base64url coding, URLs. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "test.h"

/* ---- coding: every row at every capacity, in guarded memory */

typedef li_rc code_fn(li_str text, li_buf *out);

typedef struct code_row {
    int line;
    const char *what;
    code_fn *code;
    li_str in, want; /* want absent: LI_E_SYNTAX */
} code_row;

#define BAD { NULL, 0 }
#define ENC li_percent_encode
#define DEC li_percent_decode
#define FORM li_form_decode
#define B64 li_base64url_encode
#define UNB64 li_base64url_decode

static const code_row code_rows[] = {
    { __LINE__, "encode nothing", ENC, S(""), S("") },
    { __LINE__, "digits stay", ENC, S("0123456789"), S("0123456789") },
    { __LINE__, "capitals stay", ENC, S("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
      S("ABCDEFGHIJKLMNOPQRSTUVWXYZ") },
    { __LINE__, "letters stay", ENC, S("abcdefghijklmnopqrstuvwxyz"),
      S("abcdefghijklmnopqrstuvwxyz") },
    { __LINE__, "four more stay", ENC, S("-._~"), S("-._~") },
    { __LINE__, "space is no plus", ENC, S("a b"), S("a%20b") },
    { __LINE__, "gen-delims", ENC, S(":/?#[]@"), S("%3A%2F%3F%23%5B%5D%40") },
    { __LINE__, "sub-delims", ENC, S("!$&'()*+,;="),
      S("%21%24%26%27%28%29%2A%2B%2C%3B%3D") },
    { __LINE__, "neighbours of the ranges", ENC, S("/:@[`{"),
      S("%2F%3A%40%5B%60%7B") },
    { __LINE__, "percent itself", ENC, S("%41"), S("%2541") },
    { __LINE__, "NUL and high bytes", ENC, S("\0\x7f\x80\xff"),
      S("%00%7F%80%FF") },
    { __LINE__, "UTF-8", ENC, S("\xc3\xa9"), S("%C3%A9") },
    { __LINE__, "decode nothing", DEC, S(""), S("") },
    { __LINE__, "either case", DEC, S("%c3%A9%aF%Fa"), S("\xc3\xa9\xaf\xfa") },
    { __LINE__, "all hex digits", DEC, S("%01%23%45%67%89%ab%cd%ef"),
      S("\x01\x23\x45\x67\x89\xab\xcd\xef") },
    { __LINE__, "plus stays", DEC, S("a+b%2B"), S("a+b+") },
    { __LINE__, "once only", DEC, S("%2541"), S("%41") },
    { __LINE__, "NUL comes out", DEC, S("a%00b"), S("a\0b") },
    { __LINE__, "raw bytes pass", DEC, S("\xff \x01"), S("\xff \x01") },
    { __LINE__, "a percent at the end", DEC, S("abc%"), BAD },
    { __LINE__, "one digit at the end", DEC, S("abc%4"), BAD },
    { __LINE__, "no digit first", DEC, S("%g1"), BAD },
    { __LINE__, "no digit second", DEC, S("%1G"), BAD },
    { __LINE__, "next to the digits", DEC, S("%/0"), BAD },
    { __LINE__, "next to them above", DEC, S("%0:"), BAD },
    { __LINE__, "next to A", DEC, S("%@0"), BAD },
    { __LINE__, "next to a", DEC, S("%`0"), BAD },
    { __LINE__, "two percents", DEC, S("%%41"), BAD },
    { __LINE__, "a high byte", DEC, S("%\xb1""1"), BAD },
    { __LINE__, "good, then bad", DEC, S("%41%4"), BAD },
    { __LINE__, "form: plus is space", FORM, S("a+b%2Bc++"), S("a b+c  ") },
    { __LINE__, "form: escapes", FORM, S("%26%3d"), S("&=") },
    { __LINE__, "form: nothing", FORM, S(""), S("") },
    { __LINE__, "form: bad escape", FORM, S("a+%2"), BAD },
    { __LINE__, "form: plus is no digit", FORM, S("%+1"), BAD },
    /* RFC 4648 section 10, and the two characters of section 5 */
    { __LINE__, "base64url nothing", B64, S(""), S("") },
    { __LINE__, "1 byte", B64, S("f"), S("Zg") },
    { __LINE__, "2 bytes", B64, S("fo"), S("Zm8") },
    { __LINE__, "3 bytes", B64, S("foo"), S("Zm9v") },
    { __LINE__, "4 bytes", B64, S("foob"), S("Zm9vYg") },
    { __LINE__, "6 bytes", B64, S("foobar"), S("Zm9vYmFy") },
    { __LINE__, "minus and underscore", B64, S("\xfb\xff\xbf"), S("-_-_") },
    { __LINE__, "high bytes", B64, S("\xff\xff"), S("__8") },
    { __LINE__, "back: nothing", UNB64, S(""), S("") },
    { __LINE__, "back: 1", UNB64, S("Zg"), S("f") },
    { __LINE__, "back: 2", UNB64, S("Zm8"), S("fo") },
    { __LINE__, "back: 3", UNB64, S("Zm9v"), S("foo") },
    { __LINE__, "back: 4", UNB64, S("Zm9vYg"), S("foob") },
    { __LINE__, "back: 6", UNB64, S("Zm9vYmFy"), S("foobar") },
    { __LINE__, "back: minus", UNB64, S("-_-_"), S("\xfb\xff\xbf") },
    { __LINE__, "back: nought", UNB64, S("AA"), S("\0") },
    { __LINE__, "padding", UNB64, S("Zg=="), BAD },
    { __LINE__, "padding of one", UNB64, S("Zm8="), BAD },
    { __LINE__, "padding alone", UNB64, S("===="), BAD },
    { __LINE__, "plus", UNB64, S("+_-_"), BAD },
    { __LINE__, "slash", UNB64, S("-/-_"), BAD },
    { __LINE__, "space", UNB64, S("Zm9 v"), BAD },
    { __LINE__, "line feed", UNB64, S("Zm9v\n"), BAD },
    { __LINE__, "NUL", UNB64, S("Zm9v\0"), BAD },
    { __LINE__, "high byte", UNB64, S("Zm9\xff"), BAD },
    { __LINE__, "length 1", UNB64, S("Z"), BAD },
    { __LINE__, "length 5", UNB64, S("Zm9vZ"), BAD },
    { __LINE__, "length 1 of noughts", UNB64, S("A"), BAD },
    { __LINE__, "bits left over", UNB64, S("Zh"), BAD },
    { __LINE__, "highest of four", UNB64, S("Zo"), BAD },
    { __LINE__, "two bits left over", UNB64, S("Zm9"), BAD },
    { __LINE__, "higher of two", UNB64, S("Zm-"), BAD },
};

static li_rc put_code(const void *arg, li_buf *out)
{
    const code_row *r = (const code_row *)arg;

    return r->code(guarded(0, r->in), out);
}

static void bad_at_capacity(const code_row *r, size_t cap)
{
    char *mem = guard(1, cap + 1);
    li_buf b = li_buf_of(mem, cap + 1);

    li_put(&b, LI_STR("x"));
    assert_int_equal(r->code(guarded(0, r->in), &b), LI_E_SYNTAX);
    assert_int_equal(b.rc, LI_E_SYNTAX);
    assert_text(written(&b), LI_STR("x"));
    assert_int_equal(r->code(LI_STR("AAAA"), &b), LI_E_SYNTAX);
    assert_text(written(&b), LI_STR("x"));
}

static void code(void **state)
{
    const code_row *r = (const code_row *)*state;
    size_t cap;

    if (r->want.ptr)
        put_at_every_cap(put_code, r, r->want);
    else
        for (cap = 0; cap <= r->in.len + 2; ++cap)
            bad_at_capacity(r, cap);
}

/* Behind other text, and behind a failure: appended, or nothing at all. */
static void code_appends(void **state)
{
    const code_row *r = (const code_row *)*state;
    char *mem = guard(1, 200);
    li_buf b = li_buf_of(mem, 200);

    if (!r->want.ptr)
        return;
    li_put(&b, LI_STR("before:"));
    assert_int_equal(r->code(r->in, &b), LI_OK);
    assert_int_equal(b.len, 7 + r->want.len);
    assert_int_equal(b.need, b.len);
    assert_int_equal(b.last, b.ptr[b.len - 1]);
    assert_memory_equal(mem, "before:", 7);
    if (r->want.len)
        assert_memory_equal(mem + 7, r->want.ptr, r->want.len);
}

static void code_behind_a_failure(void **state)
{
    const code_row *r = (const code_row *)*state;
    char *mem = guard(1, 200);
    li_buf b = li_buf_of(mem, 200);

    b.rc = LI_E_ENCODING;
    assert_int_equal(r->code(r->in, &b), LI_E_ENCODING);
    assert_int_equal(b.len, 0);
    assert_true(untouched(mem, 200));
    if (r->want.ptr)
        assert_int_equal(b.need, r->want.len);
}

/* ---- decode of encode is the identity */

static const struct pair_row {
    int line;
    const char *what;
    code_fn *encode, *decode;
} pair_rows[] = {
    { __LINE__, "percent", ENC, DEC },
    { __LINE__, "percent and form", ENC, FORM },
    { __LINE__, "base64url", B64, UNB64 },
};

static void there_and_back(void **state)
{
    const struct pair_row *r = (const struct pair_row *)*state;
    char in[64], coded[200], back[64];
    uint32_t seed = 1;
    int round;

    for (round = 0; round < OFTEN(3000, 300); ++round) {
        li_buf a = LI_BUF(coded), b = LI_BUF(back);
        li_str text;

        text.ptr = in;
        text.len = (size_t)round % 65;
        test_random_fill(&seed, in, text.len);
        assert_int_equal(r->encode(guarded(0, text), &a), LI_OK);
        assert_int_equal(r->decode(guarded(1, written(&a)), &b), LI_OK);
        assert_text(written(&b), text);
    }
}

static void every_byte_there_and_back(void **state)
{
    const struct pair_row *r = (const struct pair_row *)*state;
    char in[256], coded[800], back[256];
    li_buf a = LI_BUF(coded), b = LI_BUF(back);
    li_str text;
    int c;

    for (c = 0; c < 256; ++c)
        in[c] = (char)(unsigned char)c;
    text.ptr = in;
    text.len = sizeof in;
    assert_int_equal(r->encode(text, &a), LI_OK);
    assert_int_equal(r->decode(written(&a), &b), LI_OK);
    assert_text(written(&b), text);
}

/* RFC 3986 section 2.3 */
static void every_byte_stays_or_is_escaped(void **state)
{
    static const char stays[] = "abcdefghijklmnopqrstuvwxyz"
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    int c;

    (void)state;
    for (c = 0; c < 256; ++c) {
        char byte = (char)(unsigned char)c, got[3], want[4];
        li_buf b = LI_BUF(got);
        li_str text;

        text.ptr = &byte;
        text.len = 1;
        snprintf(want, sizeof want, "%%%02X", (unsigned)c);
        assert_int_equal(li_percent_encode(text, &b), LI_OK);
        if (memchr(stays, c, sizeof stays - 1))
            assert_text(written(&b), text);
        else
            assert_text(written(&b), li_cstr(want));
    }
}

static void a_need_beyond_memory_is_told(void **state)
{
    char mem[8];
    li_buf b = LI_BUF(mem);
    li_str text = LI_STR("a");

    (void)state;
    text.len = SIZE_MAX / 2; /* refused before a byte of it is read */
    assert_int_equal(li_percent_encode(text, &b), LI_E_SPACE);
    assert_true(b.need == SIZE_MAX);
    assert_int_equal(b.len, 0);
}

/* Of nothing not even a byte to work in is used. */
static void decoding_nothing_writes_nothing(void **state)
{
    char mem[1] = { 'x' };
    li_buf some = li_buf_of(mem, sizeof mem), none = li_buf_of(NULL, 0);

    (void)state;
    assert_int_equal(li_percent_decode(LI_STR(""), &some), LI_OK);
    assert_int_equal(mem[0], 'x');
    assert_int_equal(some.last, 0);
    assert_int_equal(li_percent_decode(LI_STR(""), &none), LI_OK);
}

/* ---- every text of up to six symbols: the decoders against the rule */

static int nibble(char c)
{
    const char *hex = "0123456789abcdef", *at;

    at = c ? strchr(hex, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;
    return at ? (int)(at - hex) : -1;
}

/* RFC 3986 section 2.1, said another way: the length, or -1. */
static int plain_decode(const char *s, int n, int plus, char *out)
{
    int i, len = 0;

    for (i = 0; i < n; ++i) {
        if (s[i] != '%') {
            out[len++] = plus && s[i] == '+' ? ' ' : s[i];
            continue;
        }
        if (n - i < 3 || nibble(s[i + 1]) < 0 || nibble(s[i + 2]) < 0)
            return -1;
        out[len++] = (char)(unsigned char)(nibble(s[i + 1]) * 16
                                           + nibble(s[i + 2]));
        i += 2;
    }
    return len;
}

static void try_decoding(const char *s, int n, int plus)
{
    char want[8], got[8];
    li_buf b = LI_BUF(got);
    li_str text;
    int len = plain_decode(s, n, plus, want);
    li_rc rc;

    text.ptr = s;
    text.len = (size_t)n;
    text = guarded(0, text);
    rc = plus ? li_form_decode(text, &b) : li_percent_decode(text, &b);
    assert_int_equal(rc, len < 0 ? LI_E_SYNTAX : LI_OK);
    assert_int_equal(b.len, len < 0 ? 0 : len);
    if (len > 0)
        assert_memory_equal(got, want, (size_t)len);
}

static void every_short_escaped_text(void **state)
{
    static const char alphabet[] = "%+09afAFgG";
    char s[6];
    int n, i, count, left;

    (void)state;
    for (n = 0, count = 1; n <= 5; ++n, count *= 10)
        for (i = 0; i < count; ++i) {
            int k;

            for (k = 0, left = i; k < n; ++k, left /= 10)
                s[k] = alphabet[left % 10];
            try_decoding(s, n, 0);
            try_decoding(s, n, 1);
        }
}

/* Of all texts of up to four bytes, base64url takes those that encoding some
   bytes gives, and no other. */
static void every_short_base64url_text(void **state)
{
    static const char alphabet[] = "ABCDQgwZ089-_=+/ .";
    size_t n, i, k, count, left, base = sizeof alphabet - 1;

    (void)state;
    for (n = 0, count = 1; n <= 4; ++n, count *= base)
        for (i = 0; i < count; ++i) {
            char s[4], bytes[4], again[8];
            li_buf b = LI_BUF(bytes), a = LI_BUF(again);
            li_str text;

            for (k = 0, left = i; k < n; ++k, left /= base)
                s[k] = alphabet[left % base];
            text.ptr = s;
            text.len = n;
            if (li_base64url_decode(guarded(0, text), &b)) {
                assert_int_equal(b.len, 0);
                continue;
            }
            assert_int_equal(b.len, n * 6 / 8);
            assert_int_equal(li_base64url_encode(written(&b), &a), LI_OK);
            assert_text(written(&a), text);
        }
}

/* ---- forms */

static li_rc put_form(const void *arg, li_buf *out)
{
    const char *const *pair = (const char *const *)arg;

    for (; *pair; pair += 2)
        li_form_put(out, li_cstr(pair[0]), li_cstr(pair[1]));
    return out->rc;
}

static void form_put_at_every_capacity(void **state)
{
    static const char *const pairs[] = {
        "grant_type", "client credentials", "a&b", "=", "", "", "x", "\xff",
        NULL
    };

    (void)state;
    put_at_every_cap(put_form, pairs,
                     LI_STR("grant_type=client%20credentials"
                            "&a%26b=%3D&=&x=%FF"));
}

static li_rc put_query(const void *arg, li_buf *out)
{
    (void)arg;
    li_put(out, LI_STR("https://h/p?"));
    li_form_put(out, LI_STR("a"), LI_STR("?"));
    return li_form_put(out, LI_STR("b"), li_cstr(NULL));
}

static void form_put_behind_a_question_mark(void **state)
{
    (void)state;
    put_at_every_cap(put_query, NULL, LI_STR("https://h/p?a=%3F&b="));
}

static li_rc put_behind(const void *arg, li_buf *out)
{
    (void)arg;
    li_put(out, LI_STR("a=b"));
    return li_form_put(out, LI_STR("c"), LI_STR("d"));
}

static void form_put_behind_a_pair(void **state)
{
    (void)state;
    put_at_every_cap(put_behind, NULL, LI_STR("a=b&c=d"));
}

/* want: name and value of each pair; "-" is an absent value. */
static const struct form_row {
    int line;
    const char *what, *in;
    const char *want[9];
} form_rows[] = {
    { __LINE__, "nothing", "", { NULL } },
    { __LINE__, "one", "a=b", { "a", "b", NULL } },
    { __LINE__, "two", "a=b&c=d", { "a", "b", "c", "d", NULL } },
    { __LINE__, "equal signs", "a=b=c&==", { "a", "b=c", "", "=", NULL } },
    { __LINE__, "no equal sign", "a&b", { "a", "-", "b", "-", NULL } },
    { __LINE__, "empty value", "a=&b=", { "a", "", "b", "", NULL } },
    { __LINE__, "empty name", "=b&=", { "", "b", "", "", NULL } },
    { __LINE__, "empty pairs", "&&a=b&&&c&", { "a", "b", "c", "-", NULL } },
    { __LINE__, "only empty pairs", "&&&", { NULL } },
    { __LINE__, "still encoded", "a+%3D=%26", { "a+%3D", "%26", NULL } },
    { __LINE__, "semicolon is text", "a=b;c=d", { "a", "b;c=d", NULL } },
    { __LINE__, "same name", "a=1&a=2", { "a", "1", "a", "2", NULL } },
};

static void form(void **state)
{
    const struct form_row *r = (const struct form_row *)*state;
    li_str rest = guarded(0, li_cstr(r->in)), name, value;
    const char *const *w = r->want;

    for (; *w; w += 2) {
        assert_int_equal(li_form_next(&rest, &name, &value), LI_OK);
        assert_text(name, li_cstr(w[0]));
        assert_non_null(name.ptr);
        if (!strcmp(w[1], "-")) {
            assert_null(value.ptr);
            assert_int_equal(value.len, 0);
        } else {
            assert_non_null(value.ptr);
            assert_text(value, li_cstr(w[1]));
        }
    }
    assert_int_equal(li_form_next(&rest, &name, &value), LI_E_MISSING);
    assert_int_equal(li_form_next(&rest, &name, &value), LI_E_MISSING);
}

static void an_absent_form_is_empty(void **state)
{
    li_str rest = li_cstr(NULL), name, value;

    (void)state;
    assert_int_equal(li_form_next(&rest, &name, &value), LI_E_MISSING);
}

/* ---- URLs. want: "scheme host port path ?query #fragment", or NULL */

#define L63 "abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ_012345678"

static const struct url_row {
    int line;
    const char *what;
    li_str in;
    const char *want;
} url_rows[] = {
    { __LINE__, "the least", S("http://h"), "http h 80 /" },
    { __LINE__, "https", S("https://h"), "https h 443 /" },
    { __LINE__, "scheme has no case", S("hTTpS://Ex.Org"),
      "https Ex.Org 443 /" },
    { __LINE__, "all parts", S("https://a.b:8443/p/q?r=s#t"),
      "https a.b 8443 /p/q ?r=s #t" },
    { __LINE__, "no path but a query", S("http://h?q"), "http h 80 / ?q" },
    { __LINE__, "no path but a fragment", S("http://h#f"),
      "http h 80 / #f" },
    { __LINE__, "empty query", S("http://h/?"), "http h 80 / ?" },
    { __LINE__, "empty fragment", S("http://h/#"), "http h 80 / #" },
    { __LINE__, "both empty", S("http://h?#"), "http h 80 / ? #" },
    { __LINE__, "fragment hides the query", S("http://h/#a?b"),
      "http h 80 / #a?b" },
    { __LINE__, "question marks in the query", S("http://h/?a?b/"),
      "http h 80 / ?a?b/" },
    { __LINE__, "all of pchar", S("http://h/aZ09-._~!$&'()*+,;=:@%20/"),
      "http h 80 /aZ09-._~!$&'()*+,;=:@%20/" },
    { __LINE__, "all of the query", S("http://h/?-._~!$&'()*+,;=:@/?%aF"),
      "http h 80 / ?-._~!$&'()*+,;=:@/?%aF" },
    { __LINE__, "all of the host", S("http://aZ09-_.b/"),
      "http aZ09-_.b 80 /" },
    { __LINE__, "a label of 63", S("http://" L63 ".b/"), "http " L63 ".b 80 /" },
    { __LINE__, "digits, but not last", S("http://1.2.3.b/"),
      "http 1.2.3.b 80 /" },
    { __LINE__, "port 1", S("http://h:1"), "http h 1 /" },
    { __LINE__, "port 65535", S("http://h:65535/"), "http h 65535 /" },
    { __LINE__, "port, then query", S("https://h:8?q"), "https h 8 / ?q" },
    { __LINE__, "IPv4", S("http://127.0.0.1:80/"), "http 127.0.0.1 80 /" },
    { __LINE__, "IPv6 loopback", S("http://[::1]:8080/x"),
      "http [::1] 8080 /x" },
    { __LINE__, "IPv6 all groups", S("http://[1:22:333:4444:aAfF:0:7:8]"),
      "http [1:22:333:4444:aAfF:0:7:8] 80 /" },
    { __LINE__, "IPv6 nothing", S("http://[::]"), "http [::] 80 /" },
    { __LINE__, "IPv6 gap at the end", S("http://[1::]"),
      "http [1::] 80 /" },
    { __LINE__, "IPv6 gap for one at the start", S("http://[::1:2:3:4:5:6:7]"),
      "http [::1:2:3:4:5:6:7] 80 /" },
    { __LINE__, "IPv6 gap for one", S("http://[1:2:3::5:6:7:8]"),
      "http [1:2:3::5:6:7:8] 80 /" },
    { __LINE__, "IPv6 with IPv4", S("http://[::ffff:1.2.3.255]"),
      "http [::ffff:1.2.3.255] 80 /" },
    { __LINE__, "IPv6, six and IPv4", S("http://[1:2:3:4:5:6:1.2.3.4]"),
      "http [1:2:3:4:5:6:1.2.3.4] 80 /" },
    { __LINE__, "empty", S(""), NULL },
    { __LINE__, "scheme only", S("http:"), NULL },
    { __LINE__, "one slash", S("http:/h"), NULL },
    { __LINE__, "no host", S("http://"), NULL },
    { __LINE__, "no host, https", S("https://"), NULL },
    { __LINE__, "escapes with an F", S("http://h/%F0%0f"),
      "http h 80 /%F0%0f" },
    { __LINE__, "no host but a path", S("http:///p"), NULL },
    { __LINE__, "no host but a port", S("http://:80/"), NULL },
    { __LINE__, "no host but a query", S("http://?q"), NULL },
    { __LINE__, "another scheme", S("ftp://h/"), NULL },
    { __LINE__, "longer scheme", S("httpss://h/"), NULL },
    { __LINE__, "relative", S("//h/"), NULL },
    { __LINE__, "space before", S(" http://h/"), NULL },
    { __LINE__, "space behind", S("http://h/ "), NULL },
    { __LINE__, "userinfo", S("http://u@h/"), NULL },
    { __LINE__, "user and password", S("http://u:p@h/"), NULL },
    { __LINE__, "port 0", S("http://h:0/"), NULL },
    { __LINE__, "port 65536", S("http://h:65536/"), NULL },
    { __LINE__, "port that wraps", S("http://h:4294967376/"), NULL },
    { __LINE__, "port that wraps 64", S("http://h:18446744073709551696/"),
      NULL },
    { __LINE__, "port with a sign", S("http://h:+80/"), NULL },
    { __LINE__, "port with a letter", S("http://h:8a/"), NULL },
    { __LINE__, "two ports", S("http://h:8:8/"), NULL },
    { __LINE__, "bad escape in the host", S("http://h%4/"), NULL },
    { __LINE__, "escaped slash in the host",
      S("https://evil.example%2f.linkedin.com/"), NULL },
    { __LINE__, "escaped NUL in the host",
      S("https://evil.example%00.linkedin.com/"), NULL },
    { __LINE__, "escaped letter in the host", S("https://%61.example/"),
      NULL },
    { __LINE__, "semicolon in the host",
      S("https://evil.example;.linkedin.com/"), NULL },
    { __LINE__, "comma in the host", S("https://a,b.example/"), NULL },
    { __LINE__, "tilde in the host", S("https://a~b.example/"), NULL },
    { __LINE__, "empty label", S("https://a..linkedin.com/"), NULL },
    { __LINE__, "dot first", S("https://.linkedin.com/"), NULL },
    { __LINE__, "dot last", S("https://linkedin.com./"), NULL },
    { __LINE__, "dots only", S("https://../"), NULL },
    { __LINE__, "a label of 64", S("https://a" L63 ".b/"), NULL },
    { __LINE__, "a last label of 64", S("https://b.a" L63 "/"), NULL },
    { __LINE__, "IPv4 of three parts, bare", S("http://127.0.1/"), NULL },
    { __LINE__, "IPv4 of one part", S("http://2130706433/"), NULL },
    { __LINE__, "IPv4 of five parts, bare", S("http://1.2.3.4.5/"), NULL },
    { __LINE__, "IPv4 part 256, bare", S("http://1.2.3.256/"), NULL },
    { __LINE__, "IPv4 leading nought, bare", S("http://1.2.3.04/"), NULL },
    { __LINE__, "digits last", S("http://a.1/"), NULL },
    { __LINE__, "bad escape in the path", S("http://h/%4g"), NULL },
    { __LINE__, "cut escape in the path", S("http://h/%4"), NULL },
    { __LINE__, "bad escape in the query", S("http://h/?%"), NULL },
    { __LINE__, "bad escape in the fragment", S("http://h/#%z0"), NULL },
    { __LINE__, "two hashes", S("http://h/#a#b"), NULL },
    { __LINE__, "NUL", S("http://h/\0"), NULL },
    { __LINE__, "NUL in the host", S("http://h\0/"), NULL },
    { __LINE__, "CR LF", S("http://h/\r\nX: y"), NULL },
    { __LINE__, "one number, hexadecimal", S("https://0x7f000001/"), NULL },
    { __LINE__, "the last of four hexadecimal", S("https://127.0.0.0X1/"),
      NULL },
    { __LINE__, "a name that ends in a number", S("https://a.0x1F/"), NULL },
    { __LINE__, "a number of no digits", S("https://a.0x/"), NULL },
    { __LINE__, "DEL", S("http://h/\x7f"), NULL },
    { __LINE__, "high byte", S("http://h/\x80"), NULL },
    { __LINE__, "high byte in the host", S("http://\xe9/"), NULL },
    { __LINE__, "bracket in the path", S("http://h/[1]"), NULL },
    { __LINE__, "backslash", S("http://h\\@e/"), NULL },
    { __LINE__, "quote", S("http://h/\""), NULL },
    { __LINE__, "braces", S("http://h/{id}"), NULL },
    { __LINE__, "angle brackets", S("http://h/<"), NULL },
    { __LINE__, "pipe in the query", S("http://h/?a|b"), NULL },
    { __LINE__, "caret in the fragment", S("http://h/#^"), NULL },
    { __LINE__, "grave accent", S("http://h/`"), NULL },
    { __LINE__, "IPv6 empty", S("http://[]"), NULL },
    { __LINE__, "IPv6 not closed", S("http://[::1"), NULL },
    { __LINE__, "IPv6 seven groups", S("http://[1:2:3:4:5:6:7]"), NULL },
    { __LINE__, "IPv6 nine groups", S("http://[1:2:3:4:5:6:7:8:9]"), NULL },
    { __LINE__, "IPv6 gap for none", S("http://[1:2:3:4::5:6:7:8]"), NULL },
    { __LINE__, "IPv6 two gaps", S("http://[1::2::3]"), NULL },
    { __LINE__, "IPv6 three colons", S("http://[:::]"), NULL },
    { __LINE__, "IPv6 colon first", S("http://[:1::]"), NULL },
    { __LINE__, "IPv6 colon last", S("http://[::1:]"), NULL },
    { __LINE__, "IPv6 five digits", S("http://[::12345]"), NULL },
    { __LINE__, "IPv6 no digit", S("http://[::g]"), NULL },
    { __LINE__, "IPv6 zone", S("http://[fe80::1%251]"), NULL },
    { __LINE__, "IPv6, zeros at the end", S("http://[1:2:3:4:5:6:7::]/"),
      "http [1:2:3:4:5:6:7::] 80 /" },
    { __LINE__, "IPv4, nines", S("http://9.99.199.9/"), "http 9.99.199.9 80 /" },
    { __LINE__, "IPv6 text behind", S("http://[::1]x/"), NULL },
    { __LINE__, "IPv4 of three parts", S("http://[::1.2.3]"), NULL },
    { __LINE__, "IPv4 of five parts", S("http://[::1.2.3.4.5]"), NULL },
    { __LINE__, "IPv4 part 256", S("http://[::1.2.3.256]"), NULL },
    { __LINE__, "IPv4 leading nought", S("http://[::1.2.3.04]"), NULL },
    { __LINE__, "IPv4 dot last", S("http://[::1.2.3.]"), NULL },
    { __LINE__, "IPv4 first", S("http://[1.2.3.4::]"), NULL },
    { __LINE__, "IPv4 and seven", S("http://[1:2:3:4:5:6:7:1.2.3.4]"), NULL },
    { __LINE__, "IPv4 alone in brackets", S("http://[1.2.3.4]"), NULL },
    { __LINE__, "IPv4 in place of 2 groups", S("http://[1:2:3:4:5:1.2.3.4]"),
      NULL },
    { __LINE__, "IPv4 and a gap for none",
      S("http://[1:2:3::4:5:6:1.2.3.4]"), NULL },
};

static void describe(const li_url *u, char *text, size_t cap)
{
    int n = snprintf(text, cap, "%s %.*s %u %.*s", u->tls ? "https" : "http",
                     (int)u->host.len, u->host.ptr, (unsigned)u->port,
                     (int)u->path.len, u->path.ptr);

    if (u->query.ptr)
        n += snprintf(text + n, cap - (size_t)n, " ?%.*s", (int)u->query.len,
                      u->query.ptr);
    if (u->fragment.ptr)
        snprintf(text + n, cap - (size_t)n, " #%.*s", (int)u->fragment.len,
                 u->fragment.ptr);
}

static void url(void **state)
{
    const struct url_row *r = (const struct url_row *)*state;
    char text[200];
    li_str in = guarded(0, r->in);
    li_url u;
    li_rc rc = li_url_split(in, &u);

    assert_int_equal(rc, r->want ? LI_OK : LI_E_SYNTAX);
    if (rc)
        return;
    if (u.path.ptr < in.ptr || u.path.ptr >= in.ptr + in.len)
        assert_text(u.path, LI_STR("/"));
    describe(&u, text, sizeof text);
    assert_string_equal(text, r->want);
}

/* Every character in every part, against the sets of RFC 3986. */
static void every_character_of_a_url(void **state)
{
    static const char host[] = "abcdefghijklmnopqrstuvwxyz"
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    static const char unreserved[] = "abcdefghijklmnopqrstuvwxyz"
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=";
    static const char *const urls[] = {
        "http://a_b/", "http://a/_b", "http://a/?_b", "http://a/#_b"
    };
    static const char *const more[] = { "", ":@/", ":@/?", ":@/?" };
    size_t part;
    int c;

    (void)state;
    for (part = 0; part < COUNT(urls); ++part)
        for (c = 0; c < 256; ++c) {
            char text[16];
            size_t n = strlen(urls[part]);
            li_str s;
            li_url u;
            int good = c && c < 128
                       && (strchr(part ? unreserved : host, c)
                           || strchr(more[part], c));

            memcpy(text, urls[part], n);
            *(char *)memchr(text, '_', n) = (char)(unsigned char)c;
            s.ptr = text;
            s.len = n;
            if ((part == 0 && (c == ':' || c == '/' || c == '?' || c == '#'))
                || (part == 1 && (c == '?' || c == '#'))
                || (part == 2 && c == '#'))
                continue; /* ends the part: other tests */
            assert_int_equal(li_url_split(guarded(0, s), &u),
                             good ? LI_OK : LI_E_SYNTAX);
        }
}

/* Of every short authority and path, what is taken is made of its parts
   again; and how many are taken is known. */
static void every_short_url(void **state)
{
    static const char alphabet[] = "a1:/?#[]%@.";
    size_t n, i, k, count, left, base = sizeof alphabet - 1;
    unsigned long taken = 0;

    (void)state;
    for (n = 0, count = 1; n <= 5; ++n, count *= base)
        for (i = 0; i < count; ++i) {
            char text[16] = "http://", again[64], port[8] = "";
            li_str s;
            li_url u;

            for (k = 0, left = i; k < n; ++k, left /= base)
                text[7 + k] = alphabet[left % base];
            s.ptr = text;
            s.len = 7 + n;
            s = guarded(0, s);
            if (li_url_split(s, &u))
                continue;
            ++taken;
            if (u.host.ptr + u.host.len < s.ptr + s.len
                && u.host.ptr[u.host.len] == ':')
                snprintf(port, sizeof port, ":%u", (unsigned)u.port);
            k = (size_t)snprintf(again, sizeof again, "http://%.*s%s",
                                 (int)u.host.len, u.host.ptr, port);
            if (u.path.ptr >= s.ptr && u.path.ptr < s.ptr + s.len)
                k += (size_t)snprintf(again + k, sizeof again - k, "%.*s",
                                      (int)u.path.len, u.path.ptr);
            if (u.query.ptr)
                k += (size_t)snprintf(again + k, sizeof again - k, "?%.*s",
                                      (int)u.query.len, u.query.ptr);
            if (u.fragment.ptr)
                snprintf(again + k, sizeof again - k, "#%.*s",
                         (int)u.fragment.len, u.fragment.ptr);
            assert_text(li_cstr(again), s);
        }
    assert_int_equal(taken, 2619); /* as a regular expression has it */
}

int main(void)
{
    ROWS(code_rows, code);
    ROWS(code_rows, code_appends);
    ROWS(code_rows, code_behind_a_failure);
    ROWS(pair_rows, there_and_back);
    ROWS(pair_rows, every_byte_there_and_back);
    TEST(every_byte_stays_or_is_escaped);
    TEST(a_need_beyond_memory_is_told);
    TEST(decoding_nothing_writes_nothing);
    TEST(every_short_escaped_text);
    TEST(every_short_base64url_text);
    TEST(form_put_at_every_capacity);
    TEST(form_put_behind_a_question_mark);
    TEST(form_put_behind_a_pair);
    ROWS(form_rows, form);
    TEST(an_absent_form_is_empty);
    ROWS(url_rows, url);
    TEST(every_character_of_a_url);
    TEST(every_short_url);
    return RUN("text");
}
