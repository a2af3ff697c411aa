/* >>patch: what changed, as Rest.li's partial updates. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "test.h"

static const struct patch_row {
    int line;
    const char *what, *was, *is, *patch;
} patch_rows[] = {
    {__LINE__, "nothing", "{}", "{}", "{}"},
    {__LINE__, "equal", "{\"a\":1,\"b\":[1,{\"c\":2}]}",
     "{ \"a\" : 1, \"b\" : [ 1, { \"c\" : 2 } ] }", "{}"},
    {__LINE__, "another order", "{\"a\":{\"x\":1,\"y\":2},\"b\":3}",
     "{\"b\":3,\"a\":{\"y\":2,\"x\":1}}", "{}"},
    {__LINE__, "an escape is the same text", "{\"a\":\"\\u0041\"}",
     "{\"\\u0061\":\"A\"}", "{}"},
    {__LINE__, "a name escaped and raw", "{\"\\u00e9\":1}",
     "{\"\xc3\xa9\":1}", "{}"},
    {__LINE__, "a text escaped and raw", "{\"a\":\"x\\ud83d\\ude00\"}",
     "{\"a\":\"x\xf0\x9f\x98\x80\"}", "{}"},
    {__LINE__, "a text that ends before", "{\"a\":\"\\u00e9\"}",
     "{\"a\":\"\xc3\xa9y\"}", "{\"$set\":{\"a\":\"\xc3\xa9y\"}}"},
    {__LINE__, "a text that is the beginning twice", "{\"a\":\"\\u00e9\"}",
     "{\"a\":\"\xc3\xa9\xc3\xa9\"}",
     "{\"$set\":{\"a\":\"\xc3\xa9\xc3\xa9\"}}"},
    {__LINE__, "a new one", "{}", "{\"a\":1}", "{\"$set\":{\"a\":1}}"},
    {__LINE__, "one that is gone", "{\"a\":1,\"b\":2}", "{}",
     "{\"$delete\":[\"a\",\"b\"]}"},
    {__LINE__, "changed and gone", "{\"a\":1,\"b\":2}", "{\"b\":3}",
     "{\"$delete\":[\"a\"],\"$set\":{\"b\":3}}"},
    {__LINE__, "within", "{\"a\":{\"b\":{\"c\":1,\"d\":2}},\"e\":1}",
     "{\"a\":{\"b\":{\"c\":2}},\"e\":1}",
     "{\"a\":{\"b\":{\"$delete\":[\"d\"],\"$set\":{\"c\":2}}}}"},
    {__LINE__, "arrays whole", "{\"a\":[1,2]}", "{\"a\":[1]}",
     "{\"$set\":{\"a\":[1]}}"},
    {__LINE__, "another type", "{\"a\":{\"b\":1}}", "{\"a\":\"x\"}",
     "{\"$set\":{\"a\":\"x\"}}"},
    {__LINE__, "numbers by their text", "{\"a\":1}", "{\"a\":1.0}",
     "{\"$set\":{\"a\":1.0}}"},
    {__LINE__, "a member with a dollar is set whole",
     "{\"$x\":{\"a\":1,\"b\":2}}", "{\"$x\":{\"a\":1}}",
     "{\"$set\":{\"$x\":{\"a\":1}}}"},
    {__LINE__, "also where it is a command's name",
     "{\"o\":{\"$set\":{\"a\":1},\"$delete\":{\"a\":1},\"$reorder\":"
     "{\"a\":1},\"k\":{\"a\":1}}}",
     "{\"o\":{\"$set\":{\"a\":2},\"$delete\":{\"a\":2},\"$reorder\":"
     "{\"a\":2},\"k\":{\"a\":2}}}",
     "{\"o\":{\"k\":{\"$set\":{\"a\":2}},\"$set\":{\"$set\":{\"a\":2},"
     "\"$delete\":{\"a\":2},\"$reorder\":{\"a\":2}}}}"},
    {__LINE__, "also where the dollar is escaped",
     "{\"\\u0024x\":{\"a\":1}}", "{\"\\u0024x\":{\"a\":2}}",
     "{\"$set\":{\"\\u0024x\":{\"a\":2}}}"},
    {__LINE__, "a dollar behind the first character",
     "{\"x$\":{\"a\":1}}", "{\"x$\":{\"a\":2}}",
     "{\"x$\":{\"$set\":{\"a\":2}}}"},
    {__LINE__, "within one whose name has quotes and backslashes",
     "{\"a\\\"b\\\\\":{\"c\":1},\"\\\\\\\"\":{\"d\":1}}",
     "{\"a\\\"b\\\\\":{\"c\":2},\"\\\\\\\"\":{\"d\":2}}",
     "{\"a\\\"b\\\\\":{\"$set\":{\"c\":2}},\"\\\\\\\"\":{\"$set\":{\"d\":2}}}"},
    {__LINE__, "characters that begin alike", "{\"a\":\"\xc3\xa9\"}",
     "{\"a\":\"\xc3\xa8\"}", "{\"$set\":{\"a\":\"\xc3\xa8\"}}"},
    {__LINE__, "escapes whose characters begin alike", "{\"a\":\"\\u00e9\"}",
     "{\"a\":\"\\u00e8\"}", "{\"$set\":{\"a\":\"\\u00e8\"}}"},
    {__LINE__, "within one of no name", "{\"\":{\"a\":1}}",
     "{\"\":{\"a\":2}}", "{\"\":{\"$set\":{\"a\":2}}}"},
    {__LINE__, "equal with a dollar", "{\"$x\":{\"a\":1}}",
     "{\"$x\":{ \"a\":1}}", "{}"},
    {__LINE__, "deeper than a patch goes: whole",
     "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"b\":1}}}}}}}"
     "}}",
     "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"b\":2}}}}}}}"
     "}}",
     "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"$set\":{\"a\":"
     "{\"b\":2}}}}}}}}}}"},
};

static li_rc put_patch(const void *arg, li_buf *out)
{
    const struct patch_row *row = (const struct patch_row *)arg;

    return li_patch_put(out, li_cstr(row->was), li_cstr(row->is));
}

static void patches(void **state)
{
    const struct patch_row *row = (const struct patch_row *)*state;
    char want[512];

    snprintf(want, sizeof want, "{\"patch\":%s}", row->patch);
    put_at_every_cap(put_patch, row, li_cstr(want));
}

static void patches_of_what_is_no_object(void **state)
{
    static const struct { const char *was, *is; li_rc rc; } rows[] = {
        {"[]", "{}", LI_E_TYPE}, {"{}", "1", LI_E_TYPE},
        {"{", "{}", LI_E_JSON}, {"{}", "", LI_E_JSON},
        {"{\"a\":\"\xff\"}", "{}", LI_E_ENCODING}};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rows); ++i) {
        char mem[64];
        li_buf out = LI_BUF(mem);

        assert_int_equal(li_patch_put(&out, li_cstr(rows[i].was),
                                      li_cstr(rows[i].is)), rows[i].rc);
        assert_int_equal(out.len, 0);
    }
}

int main(void)
{
    ROWS(patch_rows, patches);
    TEST(patches_of_what_is_no_object);
    return RUN("patch");
}
