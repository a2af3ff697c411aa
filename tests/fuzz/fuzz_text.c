/* URLs, forms, redirects, tokens, problems: nothing is read beyond its end,
   and what decodes encodes back. */
#include "fuzz.h"

static void codings(li_str text)
{
    static char a[65536], b[65536];
    li_buf out = LI_BUF(a), back = LI_BUF(b);
    li_str rest = text, name, value;
    CLAIM(!li_percent_encode(text, &out));
    CLAIM(!li_percent_decode(li__str(a, out.len), &back));
    CLAIM(li_equal(text, li__str(b, back.len)));
    out = LI_BUF(a);
    back = LI_BUF(b);
    CLAIM(!li_base64url_encode(text, &out));
    CLAIM(!li_base64url_decode(li__str(a, out.len), &back));
    CLAIM(li_equal(text, li__str(b, back.len)));
    out = LI_BUF(a);
    back = LI_BUF(b);
    if (!li_base64url_decode(text, &out)) {
        CLAIM(!li_base64url_encode(li__str(a, out.len), &back));
        CLAIM(li_equal(text, li__str(b, back.len)));
    }
    while (!li_form_next(&rest, &name, &value)) {
        out = LI_BUF(a);
        li_form_decode(name, &out);
        li_form_decode(value, &out);
    }
}

static void answers(li_str text)
{
    static char buf[65536], mem[65536];
    li_client client = {0};
    li_token token;
    li_req req = {0};
    li_call call;
    li_buf out = LI_BUF(mem);
    li_profile who;
    li_problem why;
    memset(&token, 0, sizeof token);
    token.mem = mem;
    token.cap = sizeof mem;
    li_token_read(&token, text, NULL);
    client.access_token = "t";
    req.path = "/";
    li_begin(&call, &client, &req, buf, sizeof buf);
    li_feed_status(&call, text.len & 1 ? 200 : 400);
    li_feed_body(&call, text);
    li_feed_end(&call);
    li_profile_read(&who, &call, &out);
    out = LI_BUF(mem);
    CLAIM(!li_problem_read(&why, &call, &out) || out.rc == LI_E_SPACE);
    li_hint(LI_OK, &why);
    li_explain(&call, LI_OK, &out);
    CLAIM(out.rc == LI_OK || out.rc == LI_E_SPACE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char mem[65536];
    char *copy = (char *)malloc(size + !size);
    li_str text = li__str(copy, size);
    li_flow flow;
    li_buf out = LI_BUF(mem);
    li_problem why;
    li_url url;
    if (size > 20000) {
        free(copy);
        return 0;
    }
    memcpy(copy, data, size);
    memset(&flow, 0, sizeof flow);
    strcpy(flow.redirect_uri, "https://a.test/b");
    strcpy(flow.state, "s");
    flow.stage = 1;
    li_oauth_redirect(&flow, text, &out, &why);
    if (!li_url_split(text, &url))
        CLAIM(url.host.len && url.port && url.path.len);
    codings(text);
    answers(text);
    free(copy);
    return 0;
}
