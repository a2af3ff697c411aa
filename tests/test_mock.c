/* The mock's own reading of Rest.li: patches as the server applies them
   (linkedin.github.io/rest.li/spec/protocol, partial update). */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"
#include "../examples/mock/restli.h"
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

int main(void)
{
    (void)untunnel; /* tried by the conformance runner */
    ROWS(apply_rows, patch_is_applied);
    return RUN("mock");
}
