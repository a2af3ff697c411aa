/* exchange.h - one request and its answer. */
#ifndef MOCK_EXCHANGE_H
#define MOCK_EXCHANGE_H

typedef struct pair {
    li_str name, value;
} pair;

/* What a fault does besides, or instead of, answering. */
enum { NOTHING, RETRY_AFTER, RETRY_DATE, SLOW, DRIP, CUT, RESET, LOST, STALL,
       EFFECTS };

/* What is known of an upload's bytes, see intake.h. */
typedef struct intake {
    uint64_t len, sum, from; /* from: where in the ring, of all it ever held */
    uint8_t begun, kept;
} intake;

typedef struct exchange {
    li_str method, path, query, body;
    pair headers[MAX_HEADERS];
    size_t header_count;
    pair form[MAX_PAIRS]; /* once a handler has read it                     */
    size_t form_count;
    intake sent;          /* the body of an upload, which is not in body    */
    li_str nonce;         /* for the id_token of the answer                  */
    token *token;         /* the caller's, on /v2 and /rest                 */
    struct {
        li_str method, query, body;
    } came;               /* as they were before a tunnel was undone        */
    uint8_t loopback, http10, close;
    uint8_t verbatim;     /* extra is the whole head already                */
    long effect[EFFECTS]; /* its argument, or -1: not asked for             */
    const char *type;     /* of the answer; NULL: no body                   */
    li_buf extra, out;    /* its header lines, its body                     */
} exchange;

static li_str pair_find(const pair *pairs, size_t count, const char *name,
                        int (*same)(li_str, const char *))
{
    size_t i;
    for (i = 0; i < count; i++)
        if (same(pairs[i].name, name))
            return pairs[i].value;
    return li_cstr(NULL);
}

static li_str header(const exchange *x, const char *name)
{
    return pair_find(x->headers, x->header_count, name, is_nocase);
}

static li_str param(const exchange *x, const char *name)
{
    return pair_find(x->form, x->form_count, name, is);
}

static int form_decode(li_buf *text, li_str raw, li_str *decoded)
{
    size_t at = text->len;
    int good = !li_form_decode(raw, text);

    decoded->ptr = text->ptr + at;
    decoded->len = text->len - at;
    return good;
}

/* Reads a query or form body into x->form: 0 if it is none, is too long, or
   has a name twice (RFC 6749 section 3.1 and 3.2). */
static int form_read(exchange *x, li_str rest)
{
    static char memory[MAX_FORM];
    li_buf text = LI_BUF(memory);
    li_str name, value;
    pair p;
    size_t i;

    x->form_count = 0;
    while (!li_form_next(&rest, &name, &value)) {
        if (x->form_count == MAX_PAIRS ||
            !form_decode(&text, name, &p.name) ||
            !form_decode(&text, value, &p.value))
            return 0;
        for (i = 0; i < x->form_count; i++)
            if (li_equal(x->form[i].name, p.name))
                return 0;
        x->form[x->form_count++] = p;
    }
    return 1;
}

static void add_header(exchange *x, const char *name, li_str value)
{
    put(&x->extra, name);
    put(&x->extra, ": ");
    li_put(&x->extra, value);
    put(&x->extra, "\r\n");
}

/* All that answer a request give the status; those that check one, 0 or the
   status of the refusal that they have written. */

static int answer_json(exchange *x, int status)
{
    x->type = "application/json";
    return status;
}

/* LinkedIn's error body; service < 0, code NULL: left out. */
static int problem(exchange *x, int status, int service, const char *code,
                   const char *message)
{
    add_header(x, "x-restli-error-response", LI_STR("true"));
    add_header(x, "x-restli-gateway-error", LI_STR("true"));
    json_put(&x->out, "{");
    json_int(&x->out, "status", status);
    if (service >= 0)
        json_int(&x->out, "serviceErrorCode", service);
    if (code)
        json_text(&x->out, "code", li_cstr(code));
    json_text(&x->out, "message", li_cstr(message));
    json_put(&x->out, "}");
    return answer_json(x, status);
}

/* The error body of the token endpoints (RFC 6749 section 5.2). */
static int oauth_error(exchange *x, int status, const char *error,
                       const char *description)
{
    json_put(&x->out, "{");
    json_text(&x->out, "error", li_cstr(error));
    json_text(&x->out, "error_description", li_cstr(description));
    json_put(&x->out, "}");
    return answer_json(x, status);
}

/* A page whose text is HTML. */
static int page(exchange *x, int status, const char *title, const char *text)
{
    x->type = "text/html; charset=utf-8";
    put(&x->out, "<!DOCTYPE html>\n<html lang=\"en\"><title>");
    put(&x->out, title);
    put(&x->out, "</title>\n<h1>");
    put(&x->out, title);
    put(&x->out, "</h1>\n<p>");
    put(&x->out, text);
    put(&x->out, "</p>\n");
    return status;
}

#endif /* MOCK_EXCHANGE_H */
