/* The mock's own reading of Rest.li: patches as the server applies them
   (linkedin.github.io/rest.li/spec/protocol, partial update); and of Little
   Text, as its page shows it. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"
#include "../examples/mock/restli.h"
#include "../examples/mock/little.h"
#include "test.h"

static const struct apply_row {
    int line;
    const char *what, *data, *patch, *want; /* NULL: refused                 */
} apply_rows[] = {
    {__LINE__, "set", "{\"a\":1}", "{\"$set\":{\"a\":2,\"b\":3}}",
     "{\"a\":2,\"b\":3}"},
    {__LINE__, "delete", "{\"a\":1,\"b\":2}", "{\"$delete\":[\"a\"]}",
     "{\"b\":2}"},
    {__LINE__, "delete what is not there", "{\"a\":1}",
     "{\"$delete\":[\"z\"]}", "{\"a\":1}"},
    {__LINE__, "delete below what is not there", "{\"a\":1}",
     "{\"e\":{\"$delete\":[\"c\"]}}", "{\"a\":1}"},
    {__LINE__, "delete far below what is not there", "{}",
     "{\"e\":{\"f\":{\"$delete\":[\"c\"]}}}", "{}"},
    {__LINE__, "delete and set below what is not there", "{\"a\":1}",
     "{\"e\":{\"$delete\":[\"c\"],\"$set\":{\"q\":1}}}",
     "{\"a\":1,\"e\":{\"q\":1}}"},
    {__LINE__, "set and delete of one name", "{\"a\":1}",
     "{\"$set\":{\"a\":2},\"$delete\":[\"a\"]}", NULL},
    {__LINE__, "set and delete of one name that is not there", "{}",
     "{\"$set\":{\"a\":2},\"$delete\":[\"a\"]}", NULL},
    {__LINE__, "deleted and changed", "{\"a\":{\"b\":1}}",
     "{\"a\":{\"$set\":{\"b\":2}},\"$delete\":[\"a\"]}", NULL},
    {__LINE__, "deleted and changed, not there", "{}",
     "{\"a\":{\"$set\":{\"b\":2}},\"$delete\":[\"a\"]}", NULL},
    {__LINE__, "one move", "{\"a\":[1,2,3]}",
     "{\"a\":{\"$reorder\":[{\"$fromIndex\":0,\"$toIndex\":2}]}}",
     "{\"a\":[2,3,1]}"},
    {__LINE__, "two moves", "{\"a\":[1,2,3]}",
     "{\"a\":{\"$reorder\":[{\"$fromIndex\":0,\"$toIndex\":2},"
     "{\"$fromIndex\":1,\"$toIndex\":0}]}}", NULL},
    {__LINE__, "no move", "{\"a\":[1]}", "{\"a\":{\"$reorder\":[]}}", NULL},
};

static void patch_is_applied(void **state)
{
    const struct apply_row *row = (const struct apply_row *)*state;
    char mem[400];
    li_buf out = LI_BUF(mem);
    int good = patch_apply(li_cstr(row->data), li_cstr(row->patch), &out);

    assert_int_equal(good, row->want != NULL);
    if (good)
        assert_text(written(&out), li_cstr(row->want));
}

/* Pieces as T(text), H(hashtag) and M(mention=urn). */
static const struct little_row {
    int line;
    const char *what, *text, *want;
} little_rows[] = {
    {__LINE__, "nothing", "", ""},
    {__LINE__, "plain", "Hello", "T(Hello)"},
    {__LINE__, "escapes", "a \\(b\\) \\\\ \\#1", "T(a (b) \\ #1)"},
    {__LINE__, "a backslash at the end", "a\\", "T(a\\)"},
    {__LINE__, "hashtag", "#One", "H(One)"},
    {__LINE__, "hashtag in text", "a #One, b", "T(a )H(One)T(, b)"},
    {__LINE__, "hashtag with _", "#a\\_b c", "H(a_b)T( c)"},
    {__LINE__, "hashtag ends at _", "#a_b", "H(a)T(_b)"},
    {__LINE__, "hashtag of letters beyond ASCII", "#\xc3\xa4h", "H(\xc3\xa4h)"},
    {__LINE__, "a sign alone", "# a", "T(# a)"},
    {__LINE__, "a sign at the end", "a #", "T(a #)"},
    {__LINE__, "no hashtag within a word", "C#x", "T(C#x)"},
    {__LINE__, "two hashtags", "#a #b", "H(a)T( )H(b)"},
    {__LINE__, "template", "{hashtag|\\#|One}", "H(One)"},
    {__LINE__, "template, the sign as it is", "a{hashtag|#|One}b",
     "T(a)H(One)T(b)"},
    {__LINE__, "template with escapes", "{hashtag|\\#|a\\_b\\}c}", "H(a_b}c)"},
    {__LINE__, "another template", "{x|#|One}", "T({x|#|One})"},
    {__LINE__, "a template that does not end", "{hashtag|\\#|One",
     "T({hashtag|#|One)"},
    {__LINE__, "a template without a word", "{hashtag|a}", "T({hashtag|a})"},
    {__LINE__, "a bar behind a template", "{hashtag|a}|b",
     "T({hashtag|a}|b)"},
    {__LINE__, "mention", "@[Acme](urn:li:organization:1)",
     "M(Acme=urn:li:organization:1)"},
    {__LINE__, "mention in text", "a @[A B](urn:li:person:x) c",
     "T(a )M(A B=urn:li:person:x)T( c)"},
    {__LINE__, "mention with escapes", "@[A \\(x\\) \\]](urn:li:person:x)",
     "M(A (x) ]=urn:li:person:x)"},
    {__LINE__, "mention without a URN", "@[A] (b)", "M(A=)T( (b))"},
    {__LINE__, "mention at the end, without a URN", "@[A]", "M(A=)"},
    {__LINE__, "mention whose URN does not end", "@[A](urn", "M(A=)T((urn)"},
    {__LINE__, "mention that does not end", "@[A", "T(@[A)"},
    {__LINE__, "an at sign", "a@b.c @", "T(a@b.c @)"},
    {__LINE__, "an escaped at sign", "\\@\\[A\\]", "T(@[A])"},
};

static void little_is_read(void **state)
{
    const struct little_row *row = (const struct little_row *)*state;
    char mem[200];
    li_buf out = LI_BUF(mem);
    little l = {0};

    l.all = li_cstr(row->text);
    while (little_next(&l)) {
        li_put(&out, LI_VIEW(&"THM"[l.kind], 1));
        li_put(&out, LI_STR("("));
        little_plain(l.text, &out);
        if (l.kind == LITTLE_MENTION) {
            li_put(&out, LI_STR("="));
            li_put(&out, l.urn);
        }
        li_put(&out, LI_STR(")"));
    }
    assert_text(LI_VIEW(mem, out.len), li_cstr(row->want));
}

int main(void)
{
    (void)untunnel; /* tried by the conformance runner */
    ROWS(apply_rows, patch_is_applied);
    ROWS(little_rows, little_is_read);
    return RUN("mock");
}
