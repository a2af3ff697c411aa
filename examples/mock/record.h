/* record.h - exchanges written to a file, a line of JSON each, without a
   secret. */
#ifndef MOCK_RECORD_H
#define MOCK_RECORD_H

#include <sys/stat.h>

enum {
    MAX_PIECE = 65536 + MAX_BODY + MAX_ANSWER,
    MAX_LINE = 6 * (MAX_PIECE + MAX_EXTRA) /* as if all had to be escaped   */
};
static const char *const effect_names[EFFECTS] = {
    NULL, NULL, NULL, "slow", "drip", "cut", "reset", "lost", "stall"};

static int record_fd = -1;

/* ---- without secrets */

/* A query or a form, the values of its secret fields as ***. */
static void put_masked_form(li_buf *out, li_str form)
{
    li_str name, field;
    int secret;

    while (form.len) {
        field = li__query_field(&form, &name, &secret);
        li_put(out, secret ? span(field.ptr, name.len) : field);
        put(out, secret ? "=***" : "");
        put(out, form.len ? "&" : "");
    }
}

/* The members of JSON that are secret; "code" and "state" are not among them,
   for errors and roles have these. */
static int is_secret_member(li_str name)
{
    static const char *const names[] = {"access_token", "refresh_token",
                                        "id_token", "client_secret",
                                        "code_verifier"};
    size_t i;
    for (i = 0; i < 5; i++)
        if (li_json_is(name, li_cstr(names[i])))
            return 1;
    return 0;
}

/* 0: the text is no JSON. */
static int put_masked_json(li_buf *out, li_str json)
{
    const char *from = json.ptr;
    size_t was = out->len;
    int secret = 0;
    li_json at;

    li_json_open(&at, json, 1);
    while (!li_json_next(&at) && at.type != LI_JSON_END) {
        if (secret && at.type != LI_JSON_KEY) { /* whatever it is */
            li_put(out, span(from, (size_t)(at.text.ptr - from)));
            put(out, "\"***\"");
            if (at.type == LI_JSON_OBJECT || at.type == LI_JSON_ARRAY)
                li_json_skip(&at);
            from = json.ptr + li_json_offset(&at);
        }
        secret = at.type == LI_JSON_KEY && is_secret_member(at.text);
    }
    if (at.rc) {
        out->len = was;
        return 0;
    }
    li_put(out, span(from, json.len - (size_t)(from - json.ptr)));
    return 1;
}

/* form: it is one, whatever its type says. */
static void put_masked_body(li_buf *out, li_str body, li_str type, int form)
{
    if (form || type_is(type, "application/x-www-form-urlencoded"))
        put_masked_form(out, body);
    else if (!put_masked_json(out, body))
        li_put(out, contains(body, "_token") || contains(body, "token=") ||
                            contains(body, "code=") ||
                            contains(body, "client_secret")
                        ? LI_STR("***") : body);
}

/* Takes a line off a head, whose lines all end in CR LF. */
static li_str line_next(li_str *head)
{
    li_str line = cut(head, "\n");
    line.len -= line.len ? 1 : 0;
    return line;
}

/* What was asked for, as it came: path, and query where there is one. */
static void put_target(li_buf *out, const exchange *x)
{
    li_put(out, x->path);
    put(out, x->came.query.ptr ? "?" : "");
    put_masked_form(out, x->came.query);
}

/* ---- writing */

static void record_open(void)
{
    struct stat st;

    record_fd = open(set.record, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                     0600);
    if (record_fd < 0 || fstat(record_fd, &st))
        die(set.record, strerror(errno));
    /* Whoever could read a file that was there could read the next, too. */
    if (S_ISREG(st.st_mode) && fchmod(record_fd, 0600))
        die(set.record, strerror(errno));
}

static void record_write(li_str line)
{
    ssize_t n;

    while (line.len) {
        n = write(record_fd, line.ptr, line.len);
        if (n < 0 && errno != EINTR)
            die(set.record, strerror(errno));
        if (n > 0)
            line = span(line.ptr + n, line.len - (size_t)n);
    }
}

/* A body as text; one that is none, in base64url. */
static void record_body(li_buf *out, const char *name, const char *name64,
                        li_str body)
{
    static char memory[2 * MAX_PIECE];
    li_buf coded = LI_BUF(memory);

    if (li__is_utf8(body)) {
        json_text(out, name, body);
        return;
    }
    li_base64url_encode(body, &coded);
    json_text(out, name64, written(&coded));
}

/* What was asked. A body that is no text is told by its length alone. */
static void record_request(li_buf *out, const exchange *x)
{
    static char memory[MAX_PIECE];
    li_buf text = LI_BUF(memory);
    li_str type = header(x, "Content-Type");
    int form = starts(x->path, "/oauth/");

    json_text(out, "method", x->came.method);
    put_target(&text, x);
    json_text(out, "target", written(&text));
    if (li__is_utf8(header(x, "Host")))
        json_text(out, "host", header(x, "Host"));
    if (type.len && li__is_utf8(type))
        json_text(out, "type", type);
    li_buf_clear(&text);
    put_masked_body(&text, x->came.body, type, form);
    if (!text.len)
        return;
    if (li__is_utf8(written(&text)))
        json_text(out, "request", written(&text));
    else
        json_int(out, "request_bytes", (int64_t)x->came.body.len);
}

/* The framing is made anew by whoever replays. */
static void record_header(li_buf *out, li_str line)
{
    char memory[MAX_EXTRA];
    li_buf text = LI_BUF(memory);
    li_str rest = line, name = cut(&rest, ":"), url;

    if (is_nocase(name, "Content-Length") || is_nocase(name, "Connection"))
        return;
    url = cut(&line, is(name, "Location") ? "?" : "");
    li_put(&text, url);
    if (line.ptr) {
        put(&text, "?");
        put_masked_form(&text, line);
    }
    json_string(out, written(&text));
}

static void record_answer(li_buf *out, const exchange *x, int status,
                          li_str head)
{
    static char memory[MAX_PIECE];
    li_buf text = LI_BUF(memory);
    li_str line;
    int i;

    line_next(&head);
    json_int(out, "status", status);
    for (i = 0; i < EFFECTS; i++)
        if (effect_names[i] && x->effect[i] >= 0)
            json_int(out, effect_names[i], x->effect[i]);
    json_put(out, "\"headers\":[");
    while ((line = line_next(&head)).len)
        record_header(out, line);
    json_put(out, "]");
    put_masked_body(&text, written(&x->out), li_cstr(x->type), 0);
    if (x->type && starts(li_cstr(x->type), "text/html"))
        li__mask_query(&text, x->came.query);
    if (status == 200 && is(x->path, "/oauth/v2/authorization"))
        li_buf_clear(&text); /* whoever replays makes the page anew */
    record_body(out, "answer", "answer64", written(&text));
}

/* head: of the answer, as it goes out. */
static void record(const exchange *x, int status, li_str head)
{
    static char memory[MAX_LINE];
    li_buf line = LI_BUF(memory);

    if (record_fd < 0)
        return;
    json_put(&line, "{");
    record_request(&line, x);
    record_answer(&line, x, status, head);
    json_put(&line, "}");
    put(&line, "\n");
    if (line.rc)
        die("an exchange cannot be recorded", li_rc_name(line.rc));
    record_write(written(&line));
}

#endif /* MOCK_RECORD_H */
