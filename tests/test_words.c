/* >>words: what a person wrote, as a commentary or a comment, and back. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "test.h"

#define EMOJI "\xf0\x9f\x98\x80"
#define ACUTE "e\xcc\x81" /* an e, and an accent that combines with it */
#define ANN "@[Ann](urn:li:person:1)"
#define ACME "@[Acme](urn:li:organization:2)"

struct put_arg {
    li_words form;
    li_str text;
    size_t length;
};

static li_rc put_words(const void *arg, li_buf *out)
{
    struct put_arg *a = (struct put_arg *)(uintptr_t)arg;
    return li_words_put(out, a->form, a->text, &a->length);
}

/* A commentary in pieces: T(text), H(#word), M(name=urn). */
static li_str pieces(li_str commentary, li_buf *out)
{
    li_str urn;
    li_word kind;
    char mem[512];
    while (commentary.len) {
        li_buf piece = LI_BUF(mem);
        assert_int_equal(li_words_next(&commentary, &piece, &kind, &urn), 0);
        li_put(out, LI_VIEW(&"TMH"[kind], 1));
        li_put(out, LI_STR("("));
        li_put(out, written(&piece));
        if (kind == LI_WORD_MENTION) {
            li_put(out, LI_STR("="));
            li_put(out, urn);
        }
        else
            assert_null(urn.ptr);
        li_put(out, LI_STR(")"));
    }
    return written(out);
}

/* ---- posts, both ways. want NULL: the text is refused at byte length */

static const struct post_row {
    int line;
    const char *what;
    li_words form;
    const char *text, *want;
    size_t length;
    const char *back;
} post_rows[] = {
    {__LINE__, "nothing", LI_WORDS_POST, "", "", 0, ""},
    {__LINE__, "a word", LI_WORDS_POST, "Hello", "Hello", 5, "T(Hello)"},
    {__LINE__, "every mark", LI_WORDS_POST, "\\|{}@[]()<>#*_~",
     "\\\\\\|\\{\\}\\@\\[\\]\\(\\)\\<\\>\\#\\*\\_\\~", 30,
     "T(\\|{}@[]()<>#*_~)"},
    {__LINE__, "lines", LI_WORDS_POST, "a\nb\r\n\tc", "a\nb\r\n\tc", 7,
     "T(a\nb\r\n\tc)"},
    {__LINE__, "an emoji counts as two", LI_WORDS_POST, EMOJI, EMOJI, 2,
     "T(" EMOJI ")"},
    {__LINE__, "two and three bytes count as one", LI_WORDS_POST,
     "\xc3\xa9\xe2\x82\xac", "\xc3\xa9\xe2\x82\xac", 2,
     "T(\xc3\xa9\xe2\x82\xac)"},
    {__LINE__, "a combining mark counts", LI_WORDS_POST, ACUTE, ACUTE, 2,
     "T(" ACUTE ")"},
    {__LINE__, "a member", LI_WORDS_POST, ANN, ANN, 23, "M(Ann=urn:li:person:1)"},
    {__LINE__, "an organization", LI_WORDS_POST, "Hi " ACME "!",
     "Hi " ACME "!", 34, "T(Hi )M(Acme=urn:li:organization:2)T(!)"},
    {__LINE__, "a brand", LI_WORDS_POST, "@[B](urn:li:organizationBrand:3)",
     "@[B](urn:li:organizationBrand:3)", 32,
     "M(B=urn:li:organizationBrand:3)"},
    {__LINE__, "two mentions", LI_WORDS_POST, ANN ACME, ANN ACME, 53,
     "M(Ann=urn:li:person:1)M(Acme=urn:li:organization:2)"},
    {__LINE__, "a name with parentheses", LI_WORDS_POST,
     "@[Ann (Bee)](urn:li:person:1)", "@[Ann \\(Bee\\)](urn:li:person:1)", 31,
     "M(Ann (Bee)=urn:li:person:1)"},
    {__LINE__, "a name with a bracket", LI_WORDS_POST,
     "@[A] (b](urn:li:person:1)", "@[A\\] \\(b](urn:li:person:1)", 27,
     "M(A] (b=urn:li:person:1)"},
    {__LINE__, "a name that ends in a bracket", LI_WORDS_POST,
     "@[A]](urn:li:person:1)", "@[A\\]](urn:li:person:1)", 23,
     "M(A]=urn:li:person:1)"},
    {__LINE__, "a name with an emoji and a mark", LI_WORDS_POST,
     "@[" EMOJI ACUTE "](urn:li:person:1)", "@[" EMOJI ACUTE
     "](urn:li:person:1)", 24, "M(" EMOJI ACUTE "=urn:li:person:1)"},
    {__LINE__, "a name with an at sign and a backslash", LI_WORDS_POST,
     "@[a@b\\](urn:li:person:1)", "@[a\\@b\\\\](urn:li:person:1)", 26,
     "M(a@b\\=urn:li:person:1)"},
    {__LINE__, "a name with what a template has", LI_WORDS_POST,
     "@[{a|#}](urn:li:person:1)", "@[\\{a\\|\\#\\}](urn:li:person:1)", 29,
     "M({a|#}=urn:li:person:1)"},
    {__LINE__, "parentheses beside a mention", LI_WORDS_POST, "(" ANN ")",
     "\\(" ANN "\\)", 27, "T(()M(Ann=urn:li:person:1)T())"},
    {__LINE__, "a person's id of letters and -_", LI_WORDS_POST,
     "@[A](urn:li:person:a-B_9)", "@[A](urn:li:person:a-B_9)", 25,
     "M(A=urn:li:person:a-B_9)"},
    {__LINE__, "no mention, but an address", LI_WORDS_POST, "a@b.example",
     "a\\@b.example", 12, "T(a@b.example)"},
    {__LINE__, "no mention, but a name", LI_WORDS_POST, "@Ann", "\\@Ann", 5,
     "T(@Ann)"},
    {__LINE__, "no mention, but a link", LI_WORDS_POST,
     "@[A](https://a.example)", "\\@\\[A\\]\\(https://a.example\\)", 28,
     "T(@[A](https://a.example))"},
    {__LINE__, "a name that does not end", LI_WORDS_POST, "@[A", "\\@\\[A", 5,
     "T(@[A)"},
    {__LINE__, "an at sign at the end", LI_WORDS_POST, "a @", "a \\@", 4,
     "T(a @)"},
    {__LINE__, "a name that holds a newline", LI_WORDS_POST,
     "@[A\nb](urn:li:person:1)", "\\@\\[A\nb\\]\\(urn:li:person:1\\)", 28,
     "T(@[A\nb](urn:li:person:1))"},
    {__LINE__, "the mention is the last that began", LI_WORDS_POST,
     "@[a " ANN, "\\@\\[a " ANN, 29, "T(@[a )M(Ann=urn:li:person:1)"},
    {__LINE__, "no hashtag unless asked", LI_WORDS_POST, "#a", "\\#a", 3,
     "T(#a)"},
    {__LINE__, "a hashtag", LI_WORDS_HASHTAGS, "#a", "{hashtag|\\#|a}", 14,
     "H(#a)"},
    {__LINE__, "a hashtag in a text", LI_WORDS_HASHTAGS, "x #a, y",
     "x {hashtag|\\#|a}, y", 19, "T(x )H(#a)T(, y)"},
    {__LINE__, "hashtags", LI_WORDS_HASHTAGS, "#a #b",
     "{hashtag|\\#|a} {hashtag|\\#|b}", 29, "H(#a)T( )H(#b)"},
    {__LINE__, "a hashtag with _", LI_WORDS_HASHTAGS, "#a_b",
     "{hashtag|\\#|a\\_b}", 17, "H(#a_b)"},
    {__LINE__, "a hashtag with digits", LI_WORDS_HASHTAGS, "#a1",
     "{hashtag|\\#|a1}", 15, "H(#a1)"},
    {__LINE__, "a hashtag that begins with digits", LI_WORDS_HASHTAGS, "#1a",
     "{hashtag|\\#|1a}", 15, "H(#1a)"},
    {__LINE__, "digits are no hashtag", LI_WORDS_HASHTAGS, "#109", "\\#109", 5,
     "T(#109)"},
    {__LINE__, "a sign alone", LI_WORDS_HASHTAGS, "# a #", "\\# a \\#", 7,
     "T(# a #)"},
    {__LINE__, "C# is no hashtag", LI_WORDS_HASHTAGS, "C#x", "C\\#x", 4,
     "T(C#x)"},
    {__LINE__, "a URL's fragment is none", LI_WORDS_HASHTAGS,
     "https://a.example/#x", "https://a.example/\\#x", 21,
     "T(https://a.example/#x)"},
    {__LINE__, "a hashtag ends at a sign", LI_WORDS_HASHTAGS, "#a#b",
     "{hashtag|\\#|a}\\#b", 17, "H(#a)T(#b)"},
    {__LINE__, "a hashtag ends at - . ~ \\", LI_WORDS_HASHTAGS,
     "#a-b #c. #d~ #e\\_",
     "{hashtag|\\#|a}-b {hashtag|\\#|c}. {hashtag|\\#|d}\\~ "
     "{hashtag|\\#|e}\\\\\\_", 68,
     "H(#a)T(-b )H(#c)T(. )H(#d)T(~ )H(#e)T(\\_)"},
    {__LINE__, "hashtags in brackets and quotes", LI_WORDS_HASHTAGS,
     "(#a) [#b] {#c} \"#d\" '#e'",
     "\\({hashtag|\\#|a}\\) \\[{hashtag|\\#|b}\\] \\{{hashtag|\\#|c}\\} "
     "\"{hashtag|\\#|d}\" '{hashtag|\\#|e}'", 90,
     "T(()H(#a)T() [)H(#b)T(] {)H(#c)T(} \")H(#d)T(\" ')H(#e)T(')"},
    {__LINE__, "hashtags behind white space", LI_WORDS_HASHTAGS,
     "\t#a\n#b\r#c", "\t{hashtag|\\#|a}\n{hashtag|\\#|b}\r{hashtag|\\#|c}", 45,
     "T(\t)H(#a)T(\n)H(#b)T(\r)H(#c)"},
    {__LINE__, "letters of other scripts", LI_WORDS_HASHTAGS,
     "#\xc3\xa9\xe6\x97\xa5\xd7\xa9", "{hashtag|\\#|\xc3\xa9\xe6\x97\xa5\xd7"
     "\xa9}", 16, "H(#\xc3\xa9\xe6\x97\xa5\xd7\xa9)"},
    {__LINE__, "marks that combine", LI_WORDS_HASHTAGS, "#" ACUTE "a",
     "{hashtag|\\#|" ACUTE "a}", 16, "H(#" ACUTE "a)"},
    {__LINE__, "a joiner is of the word", LI_WORDS_HASHTAGS,
     "#\xd9\x85\xe2\x80\x8c\xd9\x85\xe2\x80\x8d", "{hashtag|\\#|\xd9\x85\xe2"
     "\x80\x8c\xd9\x85\xe2\x80\x8d}", 17,
     "H(#\xd9\x85\xe2\x80\x8c\xd9\x85\xe2\x80\x8d)"},
    {__LINE__, "repeating and zero of Japanese", LI_WORDS_HASHTAGS,
     "#\xe3\x80\x85\xe3\x80\x87", "{hashtag|\\#|\xe3\x80\x85\xe3\x80\x87}", 15,
     "H(#\xe3\x80\x85\xe3\x80\x87)"},
    {__LINE__, "a dash ends a hashtag", LI_WORDS_HASHTAGS, "#a\xe2\x80\x94",
     "{hashtag|\\#|a}\xe2\x80\x94", 15, "H(#a)T(\xe2\x80\x94)"},
    {__LINE__, "a Japanese stop ends a hashtag", LI_WORDS_HASHTAGS,
     "#a\xe3\x80\x82", "{hashtag|\\#|a}\xe3\x80\x82", 15,
     "H(#a)T(\xe3\x80\x82)"},
    {__LINE__, "an emoji ends a hashtag", LI_WORDS_HASHTAGS, "#a" EMOJI,
     "{hashtag|\\#|a}" EMOJI, 16, "H(#a)T(" EMOJI ")"},
    {__LINE__, "a quotation mark of Latin-1 ends a hashtag",
     LI_WORDS_HASHTAGS, "#a\xc2\xbb", "{hashtag|\\#|a}\xc2\xbb", 15,
     "H(#a)T(\xc2\xbb)"},
    {__LINE__, "only an emoji behind the sign", LI_WORDS_HASHTAGS, "#" EMOJI,
     "\\#" EMOJI, 4, "T(#" EMOJI ")"},
    {__LINE__, "an older script is no emoji", LI_WORDS_HASHTAGS,
     "#\xf0\x90\x8c\xb0", "{hashtag|\\#|\xf0\x90\x8c\xb0}", 15,
     "H(#\xf0\x90\x8c\xb0)"},
    {__LINE__, "a hashtag behind a mention", LI_WORDS_HASHTAGS, ANN " #a",
     ANN " {hashtag|\\#|a}", 38, "M(Ann=urn:li:person:1)T( )H(#a)"},
    {__LINE__, "a name is no hashtag", LI_WORDS_HASHTAGS,
     "@[a #b](urn:li:person:1)", "@[a \\#b](urn:li:person:1)", 25,
     "M(a #b=urn:li:person:1)"},
    {__LINE__, "a hashtag where no name ends", LI_WORDS_HASHTAGS, "@[a #b",
     "\\@\\[a {hashtag|\\#|b}", 20, "T(@[a )H(#b)"},
    /* refused */
    {__LINE__, "no UTF-8", LI_WORDS_POST, "a\xff", NULL, 0, "encoding"},
    {__LINE__, "a cut character", LI_WORDS_HASHTAGS, "#a\xc3", NULL, 0,
     "encoding"},
    {__LINE__, "a mention of a post", LI_WORDS_POST, "ab @[A](urn:li:share:7)",
     NULL, 3, NULL},
    {__LINE__, "the second mention", LI_WORDS_POST,
     ANN "@[A](urn:li:persons:1)", NULL, 23, NULL},
    {__LINE__, "a type cut short", LI_WORDS_POST, "@[A](urn:li:perso:1)", NULL, 0,
     NULL},
    {__LINE__, "a type with another case", LI_WORDS_POST,
     "@[A](urn:li:Person:1)", NULL, 0, NULL},
    {__LINE__, "another namespace", LI_WORDS_POST, "@[A](urn:x:person:1)", NULL,
     0, NULL},
    {__LINE__, "a URN without an id", LI_WORDS_POST, "@[A](urn:li:person:)",
     NULL, 0, NULL},
    {__LINE__, "a URN in a URN", LI_WORDS_POST,
     "@[A](urn:li:person:(urn:li:person:1,2))", NULL, 0, NULL},
    {__LINE__, "an id with a colon", LI_WORDS_POST, "@[A](urn:li:person:1:2)",
     NULL, 0, NULL},
    {__LINE__, "a URN that does not end", LI_WORDS_POST,
     "@[A](urn:li:person:1", NULL, 0, NULL},
    {__LINE__, "a URN with a space", LI_WORDS_POST,
     "@[A](urn:li:person:1 )", NULL, 0, NULL},
    {__LINE__, "nothing of a URN", LI_WORDS_POST, "@[A](urn:)", NULL, 0, NULL},
    {__LINE__, "no name", LI_WORDS_POST, "@[](urn:li:person:1)", NULL, 0, NULL},
};

static void refused(const struct post_row *row)
{
    char mem[64];
    li_buf out = LI_BUF(mem);
    size_t length = 77;
    li_rc rc = li_words_put(&out, row->form, guarded(0, li_cstr(row->text)),
                            &length);
    assert_int_equal(rc, row->back ? LI_E_ENCODING : LI_E_ARG);
    assert_int_equal(out.rc, rc);
    assert_int_equal(out.len, 0);
    assert_int_equal(out.at, row->length);
    assert_int_equal(length, 0);
}

static void posts(void **state)
{
    const struct post_row *row = (const struct post_row *)*state;
    struct put_arg a = {row->form, {NULL, 0}, 0};
    char mem[256];
    li_buf out = LI_BUF(mem);
    if (!row->want) {
        refused(row);
        return;
    }
    a.text = guarded(0, li_cstr(row->text));
    put_at_every_cap(put_words, &a, li_cstr(row->want));
    assert_int_equal(a.length, row->length);
    assert_text(pieces(guarded(0, li_cstr(row->want)), &out),
                li_cstr(row->back));
}

/* ---- comments */

#define SAYS(text, attributes) \
    "{\"text\":\"" text "\",\"attributes\":[" attributes "]}"
#define AT(start, length, type, urn) "{\"start\":" #start ",\"length\":" #length \
    ",\"value\":{\"" type "\":{\"" type "\":\"" urn "\"}}}"

static const struct post_row comment_rows[] = {
    {__LINE__, "nothing", LI_WORDS_COMMENT, "", SAYS("", ""), 0, NULL},
    {__LINE__, "plain: no escapes of Little Text", LI_WORDS_COMMENT,
     "a (b) #c_d", SAYS("a (b) #c_d", ""), 10, NULL},
    {__LINE__, "JSON's escapes", LI_WORDS_COMMENT, "\"a\\\"\n",
     SAYS("\\\"a\\\\\\\"\\n", ""), 5, NULL},
    {__LINE__, "a member", LI_WORDS_COMMENT, "Thanks " ANN,
     SAYS("Thanks Ann", AT(7, 3, "person", "urn:li:person:1")), 10, NULL},
    {__LINE__, "an organization", LI_WORDS_COMMENT, ACME ".",
     SAYS("Acme.", AT(0, 4, "organization", "urn:li:organization:2")), 5, NULL},
    {__LINE__, "two", LI_WORDS_COMMENT, ANN "," ACME,
     SAYS("Ann,Acme", AT(0, 3, "person", "urn:li:person:1") ","
          AT(4, 4, "organization", "urn:li:organization:2")), 8, NULL},
    {__LINE__, "an emoji before is two", LI_WORDS_COMMENT, EMOJI ANN,
     SAYS(EMOJI "Ann", AT(2, 3, "person", "urn:li:person:1")), 5, NULL},
    {__LINE__, "letters of two bytes are one", LI_WORDS_COMMENT,
     "\xc3\xa4" ANN, SAYS("\xc3\xa4" "Ann", AT(1, 3, "person",
     "urn:li:person:1")), 4, NULL},
    {__LINE__, "a name with an emoji and a mark", LI_WORDS_COMMENT,
     "@[" EMOJI ACUTE "](urn:li:person:1)" ANN, SAYS(EMOJI ACUTE "Ann",
     AT(0, 4, "person", "urn:li:person:1") "," AT(4, 3, "person",
     "urn:li:person:1")), 7, NULL},
    {__LINE__, "a name with brackets and quotes", LI_WORDS_COMMENT,
     "@[\"A\"] (b)](urn:li:person:1)", SAYS("\\\"A\\\"] (b)", AT(0, 8, "person",
     "urn:li:person:1")), 8, NULL},
    {__LINE__, "JSON's escapes count as one", LI_WORDS_COMMENT, "\"\n" ANN,
     SAYS("\\\"\\nAnn", AT(2, 3, "person", "urn:li:person:1")), 5, NULL},
    {__LINE__, "a brand", LI_WORDS_COMMENT, "a@[B](urn:li:organizationBrand:3)",
     NULL, 1, NULL},
    {__LINE__, "a mention of a comment", LI_WORDS_COMMENT,
     "@[B](urn:li:comment:(urn:li:activity:1,2))", NULL, 0, NULL},
    {__LINE__, "no UTF-8", LI_WORDS_COMMENT, "\x80", NULL, 0, "encoding"},
};

static void comments(void **state)
{
    const struct post_row *row = (const struct post_row *)*state;
    struct put_arg a = {row->form, {NULL, 0}, 0};
    li_str raw;
    if (!row->want) {
        refused(row);
        return;
    }
    a.text = guarded(0, li_cstr(row->text));
    put_at_every_cap(put_words, &a, li_cstr(row->want));
    assert_int_equal(a.length, row->length);
    assert_int_equal(li_json_find(li_cstr(row->want), "/text", &raw), LI_OK);
}

/* ---- commentaries that others wrote: pieces as above */

static const struct read_row {
    int line;
    const char *what, *text, *want;
} read_rows[] = {
    {__LINE__, "escapes of what needs none", "\\a\\.", "T(a.)"},
    {__LINE__, "a backslash at the end", "a\\", "T(a\\)"},
    {__LINE__, "marks that nobody escaped", "a (b) <c> *d* ~e",
     "T(a (b) <c> *d* ~e)"},
    {__LINE__, "a hashtag as it is typed", "a #One, b", "T(a )H(#One)T(, b)"},
    {__LINE__, "a typed hashtag with _", "#a\\_b c", "H(#a_b)T( c)"},
    {__LINE__, "a typed hashtag at a backslash", "#a\\", "H(#a)T(\\)"},
    {__LINE__, "a typed hashtag at an escape", "#a\\*", "H(#a)T(*)"},
    {__LINE__, "a typed hashtag with a cut character", "#a\xe2\x80",
     "H(#a\xe2\x80)"},
    {__LINE__, "typed digits", "#1", "T(#1)"},
    {__LINE__, "two typed hashtags", "#a #b", "H(#a)T( )H(#b)"},
    {__LINE__, "a typed hashtag behind an escape", "\\(#b\\)",
     "T(()H(#b)T())"},
    {__LINE__, "the sign as it is", "a{hashtag|#|One}b", "T(a)H(#One)T(b)"},
    {__LINE__, "a wide sign", "{hashtag|\xef\xbc\x83|a}",
     "H(\xef\xbc\x83" "a)"},
    {__LINE__, "a wide sign, escaped", "{hashtag|\\\xef\xbc\x83|a}",
     "H(\xef\xbc\x83" "a)"},
    {__LINE__, "another sign", "{hashtag|+|a}", "T({hashtag|+|a})"},
    {__LINE__, "a word with escapes", "{hashtag|\\#|a\\_b\\}c}", "H(#a_b}c)"},
    {__LINE__, "another template", "{x|#|One}", "T({x|#|One})"},
    {__LINE__, "a template that does not end", "{hashtag|\\#|One",
     "T({hashtag|#|One)"},
    {__LINE__, "a template without a word", "{hashtag|\\#|}",
     "T({hashtag|#|})"},
    {__LINE__, "a template without a sign", "{hashtag|a}", "T({hashtag|a})"},
    {__LINE__, "a template cut at its sign", "{hashtag|", "T({hashtag|)"},
    {__LINE__, "a template cut in its sign", "{hashtag|#", "T({hashtag|#)"},
    {__LINE__, "a template cut behind its sign", "{hashtag|#|",
     "T({hashtag|#|)"},
    {__LINE__, "a bar behind a template", "{hashtag|a}|b", "T({hashtag|a}|b)"},
    {__LINE__, "a template in a template", "{hashtag|\\#|{hashtag|\\#|b}",
     "T({hashtag|#|)H(#b)"},
    {__LINE__, "a name with escapes", "@[A \\(x\\) \\]](urn:li:person:x)",
     "M(A (x) ]=urn:li:person:x)"},
    {__LINE__, "a name with parentheses as they are", "@[A (x)](urn:li:person:x)",
     "M(A (x)=urn:li:person:x)"},
    {__LINE__, "a mention without a URN", "@[A] (b)", "M(A=)T( (b))"},
    {__LINE__, "one at the end", "@[A]", "M(A=)"},
    {__LINE__, "one whose URN does not end", "@[A](urn", "M(A=)T((urn)"},
    {__LINE__, "one whose URN does not end before another",
     "@[A](urn@[B](c)", "M(A=)T((urn)M(B=c)"},
    {__LINE__, "one that does not end", "@[A", "T(@[A)"},
    {__LINE__, "one cut at its bracket", "@[", "T(@[)"},
    {__LINE__, "one in another", "@[A@[B](c)", "T(@[A)M(B=c)"},
    {__LINE__, "an at sign", "a@b.c @", "T(a@b.c @)"},
    {__LINE__, "an escaped at sign", "\\@\\[A\\]", "T(@[A])"},
    {__LINE__, "an empty name", "@[](c)", "M(=c)"},
    {__LINE__, "bytes that are no UTF-8", "\xff\\(", "T(\xff()"},
};

static void readings(void **state)
{
    const struct read_row *row = (const struct read_row *)*state;
    char mem[256];
    li_buf out = LI_BUF(mem);
    assert_text(pieces(guarded(0, li_cstr(row->text)), &out),
                li_cstr(row->want));
}

/* Too little room: nothing is written, and *rest is what it was. */
static void a_piece_that_does_not_fit(void **state)
{
    static const char *const pieces_of_4[] = {"abcd", "{hashtag|\\#|abc}",
                                              "@[abcd](urn:li:person:1)",
                                              "a\\(b\\)"};
    size_t i, cap;
    (void)state;
    for (i = 0; i < COUNT(pieces_of_4); i++)
        for (cap = 0; cap < 6; cap++) {
            li_str rest = li_cstr(pieces_of_4[i]), urn;
            li_buf out = li_buf_of(guard(1, cap), cap);
            li_word kind;
            li_rc rc = li_words_next(&rest, &out, &kind, &urn);
            assert_int_equal(rc, cap < 4 ? LI_E_SPACE : LI_OK);
            assert_int_equal(out.need, 4);
            assert_int_equal(out.len, rc ? 0 : 4);
            assert_int_equal(rest.len, rc ? strlen(pieces_of_4[i]) : 0);
        }
}

static void at_the_end_is_nothing(void **state)
{
    li_str rest = li_cstr(NULL), urn;
    li_buf out = li_buf_of(NULL, 0);
    li_word kind;
    (void)state;
    assert_int_equal(li_words_next(&rest, &out, &kind, &urn), LI_E_MISSING);
    rest = LI_STR("");
    assert_int_equal(li_words_next(&rest, &out, &kind, &urn), LI_E_MISSING);
    assert_int_equal(out.rc, LI_OK);
}

/* The length is told, and no text is refused for it. */
static void too_long_is_told(void **state)
{
    static char text[70020], mem[140100];
    li_buf out = LI_BUF(mem);
    size_t length = 0;
    (void)state;
    memset(text, 'a', sizeof text);
    assert_int_equal(li_words_put(&out, LI_WORDS_POST, LI_VIEW(text, 3000),
                                  &length), LI_OK);
    assert_int_equal(length, LI_POST_LENGTH);
    assert_int_equal(li_words_put(&out, LI_WORDS_POST, LI_VIEW(text, 3001),
                                  &length), LI_OK);
    assert_int_equal(length, 3001); /* of this text, not of all in out */
    assert_int_equal(li_words_put(&out, LI_WORDS_COMMENT, LI_VIEW(text, 1251),
                                  &length), LI_OK);
    assert_int_equal(length, LI_COMMENT_LENGTH + 1);
    assert_int_equal(li_words_put(&out, LI_WORDS_COMMENT, LI_VIEW(text, 9),
                                  NULL), LI_OK);
    /* a place that its 16 bits cannot say */
    memcpy(text + 70000, "@[A](urn:li:x:1)", 16);
    li_buf_clear(&out);
    assert_int_equal(li_words_put(&out, LI_WORDS_POST, LI_VIEW(text, 70016),
                                  NULL), LI_E_ARG);
    assert_int_equal(out.at, 0xffff);
    li_buf_clear(&out);
    memcpy(text + 65534, "@[A](urn:li:x:1)", 16);
    assert_int_equal(li_words_put(&out, LI_WORDS_POST, LI_VIEW(text, 70000),
                                  NULL), LI_E_ARG);
    assert_int_equal(out.at, 65534);
}

/* An earlier failure of the writer stays, and what stood there is kept. */
static void what_stands_before_is_kept(void **state)
{
    char mem[38];
    li_buf out = LI_BUF(mem);
    (void)state;
    li_put(&out, LI_STR("{\"message\":"));
    assert_int_equal(li_words_put(&out, LI_WORDS_COMMENT,
                                  LI_STR("@[A](urn:li:x:1)"), NULL), LI_E_ARG);
    assert_text(written(&out), LI_STR("{\"message\":"));
    assert_int_equal(li_words_put(&out, LI_WORDS_COMMENT, LI_STR("a"), NULL),
                     LI_E_ARG);
    out = LI_BUF(mem);
    li_put(&out, LI_STR("{\"message\":"));
    assert_int_equal(li_words_put(&out, LI_WORDS_COMMENT, LI_STR("a"), NULL),
                     LI_E_SPACE);
    assert_int_equal(out.need, 11 + 28);
    assert_int_equal(out.len, 11);
}

/* ---- random texts come back as they went */

static const char *const atoms[] = {
    "a", "Z", "0", "9", " ", "\n", "\t", "\\", "|", "{", "}", "@", "[", "]",
    "(", ")", "<", ">", "#", "*", "_", "~", ".", "-", "'", "\"", ":", "/",
    EMOJI, ACUTE, "\xc3\xa9", "\xe6\x97\xa5", "\xe2\x80\x94", "\xe2\x80\x8d",
    "urn:", "hashtag", "{hashtag|\\#|", "@[", "](", "\x01"};

static void random_plain(uint32_t *seed, li_buf *out, int name)
{
    size_t n = test_random(seed) % 8 + (name != 0), from = out->len;
    while (n--) {
        const char *atom = atoms[test_random(seed) % COUNT(atoms)];
        if (name && strpbrk(atom, "\n@")) continue;
        if (*atom == 'u' && out->last == '(') continue; /* no mention by chance */
        li_put(out, li_cstr(atom));
    }
    if (name && out->len == from)
        li_put(out, LI_STR("N"));
}

/* A text of random pieces, plain and mentions; want gets what is to come back,
   with a mention's name between two bytes of 1. */
static void random_text(uint32_t *seed, li_buf *text, li_buf *want)
{
    size_t n = test_random(seed) % 6;
    while (n--) {
        size_t from = text->len;
        if (test_random(seed) % 2) {
            random_plain(seed, text, 0);
            li_put(want, LI_VIEW(text->ptr + from, text->len - from));
        } else {
            li_put(text, LI_STR("@["));
            from += 2;
            random_plain(seed, text, 1);
            li_put(want, LI_STR("\1M"));
            li_put(want, LI_VIEW(text->ptr + from, text->len - from));
            li_put(text, LI_STR("](urn:li:person:x-1)"));
            li_put(want, LI_STR("\1"));
        }
    }
}

static void random_texts_come_back(void **state)
{
    uint32_t seed = 20261130;
    unsigned i;
    (void)state;
    for (i = 0; i < OFTEN(100000, 1000); i++) {
        char text_mem[512], want_mem[512], little_mem[2048], got_mem[512];
        li_buf text = LI_BUF(text_mem), want = LI_BUF(want_mem);
        li_buf little = LI_BUF(little_mem), got = LI_BUF(got_mem);
        li_str rest, urn;
        li_word kind;
        random_text(&seed, &text, &want);
        assert_int_equal(li_words_put(&little, i % 2 ? LI_WORDS_POST
                                                     : LI_WORDS_HASHTAGS,
                                      written(&text), NULL), LI_OK);
        for (rest = written(&little); rest.len;) {
            if (*rest.ptr == '@')
                li_put(&got, LI_STR("\1M"));
            assert_int_equal(li_words_next(&rest, &got, &kind, &urn), LI_OK);
            assert_int_equal(kind == LI_WORD_MENTION, urn.ptr != NULL);
            assert_true(i % 2 == 0 || kind != LI_WORD_HASHTAG);
            if (kind == LI_WORD_MENTION) {
                assert_text(urn, LI_STR("urn:li:person:x-1"));
                li_put(&got, LI_STR("\1"));
            }
        }
        assert_text(written(&got), written(&want));
    }
}

int main(void)
{
    ROWS(post_rows, posts);
    ROWS(comment_rows, comments);
    ROWS(read_rows, readings);
    TEST(a_piece_that_does_not_fit);
    TEST(at_the_end_is_nothing);
    TEST(too_long_is_told);
    TEST(what_stands_before_is_kept);
    TEST(random_texts_come_back);
    return RUN("words");
}
