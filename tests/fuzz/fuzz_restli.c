/* Rest.li's encodings, paths, URNs, patches, Little Text and words: nothing
   leaves its memory, no output holds what a URL may not, and what is encoded is read
   back. The first byte chooses what is tried. */
#include "fuzz.h"
#include "examples/mock/restli.h"

static char a[1 << 18], b[1 << 18], c[1 << 18];

static li_str written(const li_buf *out)
{
    return li__str(out->ptr, out->len);
}

/* Whatever comes out may stand in a path and in a query. */
static void is_safe(li_str text)
{
    size_t i;
    for (i = 0; i < text.len; i++)
        CLAIM(text.ptr[i] > ' ' && text.ptr[i] < 0x7f &&
              !strchr("#<>\"\\^`{|}", text.ptr[i]));
}

/* All or nothing, and the need is told. */
static void by_size(li_restli form, li_str json, size_t len)
{
    li_buf none = li_buf_of(NULL, 0), small, exact;
    char *mem = (char *)malloc(len + !len);
    small = li_buf_of(mem, len ? len - 1 : 0);
    exact = li_buf_of(mem, len);
    li_restli_encode(form, json, &none);
    CLAIM(none.need == len);
    CLAIM(!len || li_restli_encode(form, json, &small) == LI_E_SPACE);
    CLAIM(small.len == 0 && small.need == len);
    CLAIM(!li_restli_encode(form, json, &exact) && exact.len == len);
    free(mem);
}

static void encoding(li_restli form, li_str json)
{
    li_buf out = LI_BUF(a), back = LI_BUF(b), again = LI_BUF(c);
    if (li_restli_encode(form, json, &out)) {
        CLAIM(!out.len && out.rc != LI_OK);
        return;
    }
    by_size(form, json, out.len);
    if (form != LI_RESTLI_REDUCED)
        is_safe(written(&out));
    if (form == LI_RESTLI_QUERY || /* what stands ready there is anybody's */
        (form == LI_RESTLI_REDUCED && *a != '(' && strncmp(a, "List(", 5)))
        return; /* a simple id stands for itself, its "%25" too */
    if (form == LI_RESTLI_FIELDS &&
        li__find(written(&out), LI_STR("()")) < out.len)
        return; /* a projection of nothing can be said, and not read */
    CLAIM(!li_restli_decode(form, written(&out), &back));
    CLAIM(!li_restli_encode(form, written(&back), &again));
    CLAIM(li_equal(written(&out), written(&again)));
}

static void decoding(li_restli form, li_str text)
{
    li_buf out = LI_BUF(a), back = LI_BUF(b), again = LI_BUF(c);
    li_str whole;
    if (li_restli_decode(form, text, &out)) {
        CLAIM(!out.len);
        return;
    }
    CLAIM(!li_json_find(written(&out), "", &whole));
    if (form == LI_RESTLI_QUERY || (form == LI_RESTLI_REDUCED && *a == '"') ||
        li_restli_encode(form, written(&out), &back))
        return;
    CLAIM(!li_restli_decode(form, written(&back), &again));
    CLAIM(li_equal(written(&out), written(&again)));
}

static void path(const char *text, li_str keys)
{
    li_buf out = LI_BUF(a);
    if (li_restli_path(&out, text, keys))
        CLAIM(!out.len);
    else
        is_safe(written(&out));
    if (!out.rc)
        CLAIM(out.len && *a == '/' && !memchr(a, '?', out.len));
}

static void urns(li_str text)
{
    li_buf out = LI_BUF(a);
    li_str space, type, id;
    if (li_urn_split(text, &space, &type, &id))
        return;
    CLAIM(!li_urn_put(&out, space, type, id));
    CLAIM(li_equal(written(&out), text));
}

/* Little Text: without the backslashes it is what it was. */
static void little(li_str text)
{
    li_buf out = LI_BUF(a);
    size_t i, n = 0;
    if (li_little_put(&out, text)) {
        CLAIM(out.rc == LI_E_ENCODING);
        return;
    }
    for (i = 0; i < out.len; i++) {
        if (a[i] == '\\')
            CLAIM(++i < out.len);
        else
            CLAIM(!strchr("|{}@[]()<>#*_~", a[i]) || !a[i]);
        CLAIM(n < text.len && text.ptr[n++] == a[i]);
    }
    CLAIM(n == text.len);
}

/* What a person wrote comes back: the pieces, put together as he wrote them. */
static void words(li_words form, li_str text)
{
    li_buf out = LI_BUF(a), back = LI_BUF(b), piece = LI_BUF(c);
    li_str rest, urn, all;
    size_t length = 0;
    li_word kind;
    li_rc rc = li_words_put(&out, form, text, &length);
    if (rc) {
        CLAIM((rc == LI_E_ARG || rc == LI_E_ENCODING) && !out.len && !length);
        CLAIM(rc != LI_E_ARG || !strncmp(text.ptr + out.at, "@[", 2));
        return;
    }
    CLAIM(length <= out.len);
    if (form == LI_WORDS_COMMENT) {
        CLAIM(!li_json_find(written(&out), "/text", &all));
        CLAIM(!li_json_find(written(&out), "/attributes", &all));
        return;
    }
    for (rest = written(&out); rest.len; li_buf_clear(&piece)) {
        CLAIM(!li_words_next(&rest, &piece, &kind, &urn));
        CLAIM(kind != LI_WORD_HASHTAG || (piece.len > 1 && *c == '#'));
        if (kind == LI_WORD_MENTION)
            li_put(&back, LI_STR("@["));
        li_put(&back, written(&piece));
        if (kind == LI_WORD_MENTION) {
            li_put(&back, LI_STR("]("));
            li_put(&back, urn);
            li_put(&back, LI_STR(")"));
        }
    }
    CLAIM(li_equal(written(&back), text));
}

/* Any commentary is read to its end, and shows no more than it has. */
static void commentary(li_str rest)
{
    li_buf out = LI_BUF(a);
    size_t all = rest.len, before;
    li_word kind;
    li_str urn;
    for (before = all; rest.len; before = rest.len) {
        CLAIM(!li_words_next(&rest, &out, &kind, &urn));
        CLAIM(rest.len < before);
    }
    CLAIM(out.len <= all);
}

/* ---- patches of objects that the bytes describe */

static const uint8_t *at, *end;

static unsigned next_byte(void)
{
    return at < end ? *at++ : 0;
}

static void make(li_buf *out, unsigned depth)
{
    static const char *const plain[] = {"0", "1.0", "\"x\"", "\"\\u0078\"",
                                        "null", "[1,{\"a\":2}]", "[]", "true"};
    unsigned names = depth < 12 ? next_byte() : 0, i, kind;
    li_put(out, LI_STR("{"));
    for (i = 0; i < 4; i++) {
        if (!(names >> i & 1))
            continue;
        if (out->last != '{')
            li_put(out, LI_STR(","));
        li_put(out, li__str(&"\"a\":\"b\":\"c\":\"$\":"[4 * i], 4));
        kind = next_byte();
        if (kind & 1)
            make(out, depth + 1);
        else
            li_put(out, li_cstr(plain[kind >> 1 & 7]));
    }
    li_put(out, LI_STR("}"));
}

/* Equal, whatever the order of the names. */
static int same(li_str x, li_str y)
{
    li_str key, value;
    li_json json;
    unsigned i, n = 0;
    int equal;
    if (!is_object(x) || !is_object(y))
        return !li__is_equal_json(x, y, &equal) && equal;
    li_json_open(&json, x, 1);
    while (next_member(&json, &key, &value)) {
        li_str twin = member_of(y, key);
        n++;
        if (!twin.ptr || !same(value, twin))
            return 0;
    }
    for (i = 0; i < 4; i++)
        n -= member_of(y, li__str(&"\"a\"\"b\"\"c\"\"$\""[3 * i], 3)).ptr != 0;
    return n == 0;
}

static void patches(const uint8_t *data, size_t size)
{
    static char d[1 << 18];
    li_buf was = LI_BUF(a), is = LI_BUF(b), patch = LI_BUF(c), back = LI_BUF(d);
    li_str all, inner;
    at = data;
    end = data + size;
    make(&was, 0);
    make(&is, 0);
    if (was.rc || is.rc)
        return;
    CLAIM(!li_patch_put(&patch, written(&was), written(&is)));
    CLAIM(!li_json_find(written(&patch), "", &all));
    CLAIM(!li_json_find(all, "/patch", &inner));
    CLAIM(patch_apply(written(&was), inner, &back));
    CLAIM(same(written(&back), written(&is)));
    if (same(written(&was), written(&is)))
        CLAIM(li_equal(inner, LI_STR("{}")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = (char *)malloc(size + 1);
    li_str text = li__str(copy, size ? size - 1 : 0);
    unsigned what = size ? data[0] : 0;
    li_buf out = LI_BUF(a);
    const char *hit;
    if (size)
        memcpy(copy, data + 1, size - 1);
    copy[text.len] = 0;
    switch (what % 12) {
    case 0: case 1: case 2: case 3: encoding((li_restli)(what & 3), text); break;
    case 4: case 5: case 6: case 7: decoding((li_restli)(what & 3), text); break;
    case 8:
        hit = strchr(copy, '\n');
        if (hit) {
            copy[hit - copy] = 0;
            path(copy, li__cut(text, (size_t)(hit - copy) + 1, text.len));
        }
        break;
    case 9: urns(text); break;
    case 10:
        little(text);
        out = LI_BUF(a);
        li_mention_put(&out, text, LI_STR("urn:li:person:1"));
        out = LI_BUF(a);
        li_hashtag_put(&out, text);
        out = LI_BUF(a);
        li_mention_put(&out, LI_STR("A"), text);
        words(LI_WORDS_POST, text);
        words(LI_WORDS_HASHTAGS, text);
        words(LI_WORDS_COMMENT, text);
        commentary(text);
        break;
    default: patches((const uint8_t *)copy, text.len); break;
    }
    free(copy);
    return 0;
}
