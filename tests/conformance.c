/* conformance DIR: runs every row of DIR's *.jsonl against linkedin.h.
   A row is one JSON object: id, op, input, and expected (perhaps with accept:
   results that are as good) or error. Each op has one function below. It puts
   what the library said into a text, and what the row wants becomes the same
   kind of text: equal texts agree. Incremental ops are run whole, byte by
   byte and cut in two at every position, and must say the same each time. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"
#include "../examples/mock/restli.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory of one row: each piece a block of its exact size, so that a
   sanitizer sees every read beyond it */

typedef struct block {
    struct block *next;
    void *ptr;
} block;

static block *blocks;

static void *owned(void *ptr)
{
    block *b = (block *)malloc(sizeof *b);

    if (!ptr || !b) {
        fprintf(stderr, "out of memory\n");
        exit(2);
    }
    b->ptr = ptr;
    b->next = blocks;
    blocks = b;
    return ptr;
}

static char *take(size_t len)
{
    return (char *)owned(malloc(len ? len : 1));
}

static void release(void)
{
    while (blocks) {
        block *b = blocks;

        blocks = b->next;
        free(b->ptr);
        free(b);
    }
}

static li_str view(const char *ptr, size_t len)
{
    li_str s;

    s.ptr = ptr;
    s.len = len;
    return s;
}

static li_str part(li_str s, size_t from, size_t to)
{
    return view(s.ptr + from, to - from);
}

static int same(li_str a, li_str b)
{
    return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}

static int is(li_str a, const char *b)
{
    return same(a, li_cstr(b));
}

static li_str copy(li_str s)
{
    char *p = take(s.len);

    if (s.len)
        memcpy(p, s.ptr, s.len);
    return view(p, s.len);
}

/* ---- a text that grows */

typedef struct text {
    char *ptr;
    size_t len, cap;
} text;

static void add(text *t, li_str s)
{
    if (t->cap - t->len < s.len) {
        size_t cap = 2 * (t->len + s.len) + 64;
        char *p = take(cap);

        if (t->len)
            memcpy(p, t->ptr, t->len);
        t->ptr = p;
        t->cap = cap;
    }
    if (s.len)
        memcpy(t->ptr + t->len, s.ptr, s.len);
    t->len += s.len;
}

static li_str text_of(const text *t)
{
    return view(t->ptr, t->len);
}

/* Says that name is value: the length keeps two fields from reading as one.
   An absent value says nothing. */
static void say(text *t, const char *name, li_str value)
{
    char head[96];
    int n;

    if (!value.ptr)
        return;
    n = snprintf(head, sizeof head, "%s %lu:", name,
                 (unsigned long)value.len);
    add(t, view(head, (size_t)n));
    add(t, value);
    add(t, LI_STR("\n"));
}

static void say_int(text *t, const char *name, int64_t value)
{
    char number[32];
    li_buf b = LI_BUF(number);

    li_put_int(&b, value);
    say(t, name, view(number, b.len));
}

/* ---- reading a row */

typedef struct item {
    li_str name, value; /* raw; an array's have no name */
} item;

typedef struct items {
    item *at;
    size_t count;
} items;

static li_str at(li_str raw, const char *pointer)
{
    li_str found = view(NULL, 0);

    if (li_json_find(raw, pointer, &found))
        return view(NULL, 0);
    return found;
}

static int is_null(li_str raw)
{
    return !raw.ptr || is(raw, "null");
}

static int begins(li_str raw, char c)
{
    return raw.len && raw.ptr[0] == c;
}

static void items_add(items *list, li_str name, li_str value)
{
    if (!(list->count & (list->count - 1))) {
        size_t n = list->count ? 2 * list->count : 1;
        item *more = (item *)(void *)take(n * sizeof *more);

        if (list->count)
            memcpy(more, list->at, list->count * sizeof *more);
        list->at = more;
    }
    list->at[list->count].name = name;
    list->at[list->count++].value = value;
}

/* The members of an object, or the elements of an array. */
static items items_of(li_str raw)
{
    items list = { NULL, 0 };
    li_json json;
    li_str name = view(NULL, 0);

    li_json_open(&json, raw, 1);
    if (li_json_next(&json)
        || (json.type != LI_JSON_OBJECT && json.type != LI_JSON_ARRAY))
        return list;
    while (!li_json_next(&json) && json.depth) {
        const char *from = json.text.ptr;

        if (json.type == LI_JSON_KEY) {
            name = json.text;
            continue;
        }
        if (li_json_skip(&json))
            break;
        items_add(&list, name,
                  view(from, (size_t)(json.text.ptr - from) + json.text.len));
    }
    return list;
}

static const char digits[] = "0123456789abcdef";

static int hex_digit(char c)
{
    const char *at_digit = c ? strchr(digits, c | 32) : NULL;

    return at_digit ? (int)(at_digit - digits) : -1;
}

static li_str unhex(li_str hex)
{
    size_t i, n = hex.len / 2;
    char *p = take(n);

    for (i = 0; i < n; ++i)
        p[i] = (char)(hex_digit(hex.ptr[2 * i]) * 16
                      + hex_digit(hex.ptr[2 * i + 1]));
    return view(p, n);
}

static li_str hex_of(const uint8_t *bytes, size_t len)
{
    char *p = take(2 * len);
    size_t i;

    for (i = 0; i < 2 * len; ++i)
        p[i] = digits[(bytes[i / 2] >> (i & 1 ? 0 : 4)) & 15];
    return view(p, 2 * len);
}

static li_str repeated(li_str raw)
{
    int64_t n = 0;
    li_str once;
    char *p;
    size_t i, times;

    li_json_int(at(raw, "/1"), &n);
    times = n > 0 ? (size_t)n : 0;
    raw = at(raw, "/0");
    once = unhex(view(raw.ptr + 1, raw.len - 2));
    p = take(times * once.len);
    for (i = 0; i < times; ++i)
        memcpy(p + i * once.len, once.ptr, once.len);
    return view(p, times * once.len);
}

/* The bytes a value stands for: a string, {"hex"} or {"repeat"}; a number,
   true or false stands for its own text. null, or nothing, is absent. */
static li_str bytes(li_str raw)
{
    li_str hex = at(raw, "/hex"), repeat = at(raw, "/repeat");
    li_buf out;

    if (is_null(raw))
        return view(NULL, 0);
    if (hex.ptr)
        return unhex(view(hex.ptr + 1, hex.len - 2));
    if (repeat.ptr)
        return repeated(repeat);
    if (!begins(raw, '"'))
        return copy(raw);
    out = li_buf_of(take(raw.len), raw.len);
    li_json_text(raw, &out);
    return copy(view(out.ptr, out.len));
}

static li_str bytes_at(li_str raw, const char *pointer)
{
    return bytes(at(raw, pointer));
}

/* As a C string; NULL where it is absent. */
static const char *string_at(li_str raw, const char *pointer)
{
    li_str s = bytes_at(raw, pointer);
    char *p;

    if (!s.ptr)
        return NULL;
    p = take(s.len + 1);
    memcpy(p, s.ptr, s.len);
    p[s.len] = 0;
    return p;
}

static int int_at(li_str raw, const char *pointer)
{
    int64_t n = 0;

    li_json_int(at(raw, pointer), &n);
    return (int)n;
}

/* ---- judging */

typedef struct row {
    li_str all, input;
    const struct op *op;
} row;

typedef void said_fn(const row *r, li_str expected, text *t);

typedef struct op {
    const char *name;
    int (*run)(const row *r);
    said_fn *said; /* what a row's expected result reads like             */
    int strict;    /* the class of an error must match, not only its being */
} op;

/* {"error": class} and nothing else: a failure that is as good. */
static li_str error_class(li_str raw)
{
    if (!begins(raw, '{') || items_of(raw).count != 1)
        return view(NULL, 0);
    return at(raw, "/error");
}

static void say_error(const row *r, text *t, li_str class_name)
{
    say(t, "error", r->op->strict ? class_name : LI_STR(""));
}

static int agrees_with(const row *r, li_str got, li_str raw, li_str error)
{
    text want = { NULL, 0, 0 };
    li_str detail = at(r->all, "/detail");

    if (error.ptr)
        say_error(r, &want, bytes(error));
    else
        r->op->said(r, raw, &want);
    if (error.ptr && detail.ptr) {
        say(&want, "error", bytes_at(detail, "/error"));
        say(&want, "error_description",
            bytes_at(detail, "/error_description"));
    }
    return same(got, text_of(&want));
}

/* 1 if what was said is what the row wants, or one of those as good. */
static int agrees(const row *r, const text *got)
{
    li_str said = text_of(got), error = at(r->all, "/error");
    items more = items_of(at(r->all, "/accept"));
    size_t i;

    if (agrees_with(r, said, at(r->all, "/expected"), error))
        return 1;
    for (i = 0; i < more.count; ++i)
        if (agrees_with(r, said, more.at[i].value,
                        error_class(more.at[i].value)))
            return 1;
    return 0;
}

static void said_bytes(const row *r, li_str expected, text *t)
{
    (void)r;
    say(t, "value", bytes(expected));
}

/* A function that writes: told a capacity of 0 it must name the need, and
   with just that it must do. */
typedef li_rc put_fn(li_str in, li_buf *out);

static li_rc put(put_fn *fn, li_str in, li_str *out)
{
    li_buf b = li_buf_of(NULL, 0);
    li_rc rc = fn(in, &b);

    if (rc == LI_E_SPACE) {
        b = li_buf_of(take(b.need), b.need);
        rc = fn(in, &b);
    }
    *out = view(b.ptr ? b.ptr : "", b.len);
    return rc;
}

static int run_put(const row *r, put_fn *fn, li_str in)
{
    text got = { NULL, 0, 0 };
    li_str out;

    if (put(fn, in, &out))
        say_error(r, &got, LI_STR(""));
    else
        say(&got, "value", out);
    return agrees(r, &got);
}

/* ---- ways to cut an input: way 0 whole, 1 byte by byte, then in two */

static size_t ways(size_t len)
{
    size_t cuts = len < 2 ? 0 : len - 1;

    return 2 + (len > 4096 ? 61 : cuts);
}

/* Where the piece that begins at from ends. */
static size_t piece_end(size_t len, size_t way, size_t from)
{
    size_t cut = len > 4096 ? (way - 1) * (len / 62) : way - 1;

    if (way == 0)
        return len;
    if (way == 1)
        return from < len ? from + 1 : len;
    return from < cut ? cut : len;
}

/* ---- text */

static int percent_encode(const row *r)
{
    return run_put(r, li_percent_encode, bytes(r->input));
}

static int percent_decode(const row *r)
{
    return run_put(r, li_percent_decode, bytes(r->input));
}

static int base64url_encode(const row *r)
{
    return run_put(r, li_base64url_encode, bytes(r->input));
}

static int base64url_decode(const row *r)
{
    return run_put(r, li_base64url_decode, bytes(r->input));
}

static li_rc put_form(li_str raw, li_buf *out)
{
    items pairs = items_of(raw);
    size_t i;

    for (i = 0; i < pairs.count; ++i)
        li_form_put(out, bytes_at(pairs.at[i].value, "/0"),
                    bytes_at(pairs.at[i].value, "/1"));
    return out->rc;
}

static int form_encode(const row *r)
{
    return run_put(r, put_form, r->input);
}

/* Says the decoded pairs of a form; 0, or the failure. */
static li_rc say_form(text *t, li_str form)
{
    li_str name, value, n, v;

    while (!li_form_next(&form, &name, &value)) {
        li_rc rc = put(li_form_decode, name, &n);

        if (!rc)
            rc = put(li_form_decode, value, &v);
        if (rc)
            return rc;
        say(t, "name", n);
        say(t, "value", v);
    }
    return LI_OK;
}

static int form_decode(const row *r)
{
    text got = { NULL, 0, 0 };

    if (say_form(&got, bytes(r->input))) {
        got.len = 0;
        say_error(r, &got, LI_STR(""));
    }
    return agrees(r, &got);
}

static void said_pairs(const row *r, li_str expected, text *t)
{
    items pairs = items_of(expected);
    size_t i;

    (void)r;
    for (i = 0; i < pairs.count; ++i) {
        say(t, "name", bytes_at(pairs.at[i].value, "/0"));
        say(t, "value", bytes_at(pairs.at[i].value, "/1"));
    }
}

static li_str lower(li_str s)
{
    char *p = take(s.len);
    size_t i;

    for (i = 0; i < s.len; ++i)
        p[i] = (char)(s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? s.ptr[i] | 32
                                                         : s.ptr[i]);
    return view(p, s.len);
}

static int url_split(const row *r)
{
    text got = { NULL, 0, 0 };
    li_url url;

    if (li_url_split(bytes(r->input), &url)) {
        say_error(r, &got, LI_STR(""));
        return agrees(r, &got);
    }
    say(&got, "scheme", url.tls ? LI_STR("https") : LI_STR("http"));
    say(&got, "host", lower(url.host));
    say_int(&got, "port", url.port);
    say(&got, "path", url.path);
    say(&got, "query", url.query);
    say(&got, "fragment", url.fragment);
    return agrees(r, &got);
}

static void said_url(const row *r, li_str expected, text *t)
{
    (void)r;
    say(t, "scheme", bytes_at(expected, "/scheme"));
    say(t, "host", bytes_at(expected, "/host"));
    say_int(t, "port", int_at(expected, "/port"));
    say(t, "path", bytes_at(expected, "/path"));
    say(t, "query", bytes_at(expected, "/query"));
    say(t, "fragment", bytes_at(expected, "/fragment"));
}

/* ---- json */

static void say_string(text *t, const char *name, li_str raw)
{
    char *mem = take(raw.len);
    li_buf out = li_buf_of(mem, raw.len);

    if (li_json_text(raw, &out))
        name = "undecoded";
    say(t, name, view(mem, out.len));
}

static void say_token(text *t, li_json_type type, li_str raw)
{
    size_t i;
    const char *name = "int";

    switch (type) {
    case LI_JSON_KEY:
        say_string(t, "key", raw);
        return;
    case LI_JSON_STRING:
        say_string(t, "str", raw);
        return;
    case LI_JSON_NUMBER:
        for (i = 0; i < raw.len; ++i)
            if (strchr(".eE", raw.ptr[i]))
                name = "num";
        say(t, name, raw);
        return;
    default:
        say(t, "token", raw);
    }
}

/* Reads a document in pieces, each gone from memory before the next. */
static li_rc say_document(text *t, li_str in, size_t way)
{
    li_json json;
    text token = { NULL, 0, 0 };
    size_t end = piece_end(in.len, way, 0);
    char *piece = (char *)malloc(end + 1);
    li_rc rc;

    if (!piece)
        exit(2);
    if (end)
        memcpy(piece, in.ptr, end);
    li_json_open(&json, view(piece, end), end == in.len && way != 1);
    while ((rc = li_json_next(&json)) >= 0 && json.type != LI_JSON_END) {
        if (rc == LI_WANT_READ) {
            size_t from = end;

            free(piece);
            end = piece_end(in.len, way, from);
            piece = (char *)malloc(end - from + 1);
            if (!piece)
                exit(2);
            if (end > from)
                memcpy(piece, in.ptr + from, end - from);
            li_json_feed(&json, view(piece, end - from),
                         end == in.len && (way != 1 || from == end));
            continue;
        }
        add(&token, json.text);
        if (json.more)
            continue;
        say_token(t, json.type, text_of(&token));
        token.len = 0;
    }
    if (rc == LI_OK && li_json_offset(&json) != in.len)
        say(t, "offset is not the length", LI_STR(""));
    if (li_json_next(&json) != rc)
        say(t, "the end is not sticky", LI_STR(""));
    free(piece);
    return rc;
}

static int json_parse(const row *r)
{
    li_str in = bytes(r->input), first = view(NULL, 0);
    size_t way;

    for (way = 0; way < ways(in.len); ++way) {
        text got = { NULL, 0, 0 };

        if (say_document(&got, in, way) < 0) {
            got.len = 0;
            say_error(r, &got, LI_STR(""));
        }
        if (!way && !agrees(r, &got))
            return 0;
        if (!way)
            first = copy(text_of(&got));
        if (!same(first, text_of(&got)))
            return 0;
    }
    return 1;
}

static void said_events(const row *r, li_str expected, text *t)
{
    items events = items_of(at(expected, "/events"));
    size_t i;

    (void)r;
    for (i = 0; i < events.count; ++i) {
        li_str event = events.at[i].value;
        const char *name = string_at(event, "/0");

        if (name)
            say(t, name, bytes_at(event, "/1"));
        else
            say(t, "token", bytes(event));
    }
}

/* One step of a pointer that no C string can hold, because it has a NUL: by
   walking the members. */
static li_rc find_name(li_str doc, li_str name, li_str *found)
{
    items members = items_of(doc);
    size_t i;

    for (i = 0; i < members.count; ++i)
        if (members.at[i].name.ptr && li_json_is(members.at[i].name, name)) {
            *found = members.at[i].value;
            return LI_OK;
        }
    return LI_E_MISSING;
}

static int json_pointer(const row *r)
{
    li_str doc = bytes_at(r->input, "/json"), found;
    li_str pointer = bytes_at(r->input, "/pointer");
    text got = { NULL, 0, 0 };
    li_rc rc;

    if (pointer.len > 1 && memchr(pointer.ptr, 0, pointer.len))
        rc = find_name(doc, part(pointer, 1, pointer.len), &found);
    else
        rc = li_json_find(doc, string_at(r->input, "/pointer"), &found);
    if (rc)
        say_error(r, &got, LI_STR(""));
    else
        say(&got, "value", found);
    return agrees(r, &got);
}

static li_rc put_string(li_str in, li_buf *out)
{
    li_value value;

    value.number = 0;
    value.text = in.ptr ? in : li__str("", 0);
    return li_json_fill(out, "?", &value, 1);
}

static int json_write(const row *r)
{
    return run_put(r, put_string, bytes_at(r->input, "/string"));
}

/* ---- digest */

static li_str digest(li_str in, const li_str *key, size_t way)
{
    li__hash hash;
    uint8_t out[32];
    size_t from, end;

    if (key)
        li__hmac_begin(&hash, *key);
    else
        li__sha256_begin(&hash);
    for (from = 0; from < in.len; from = end) {
        end = piece_end(in.len, way, from);
        li__hash_put(&hash, part(in, from, end));
    }
    li__hash_end(&hash, out);
    return hex_of(out, sizeof out);
}

static int run_digest(const row *r, li_str in, const li_str *key)
{
    size_t way;

    for (way = 0; way < ways(in.len); ++way) {
        text got = { NULL, 0, 0 };

        say(&got, "value", digest(in, key, way));
        if (!agrees(r, &got))
            return 0;
    }
    return 1;
}

static int sha256(const row *r)
{
    return run_digest(r, bytes(r->input), NULL);
}

/* These rows give bytes as a string of hex digits. */
static li_str hex_at(li_str raw, const char *pointer)
{
    raw = at(raw, pointer);
    return begins(raw, '"') ? unhex(bytes(raw)) : bytes(raw);
}

static int hmac_sha256(const row *r)
{
    li_str key = hex_at(r->input, "/key");

    return run_digest(r, hex_at(r->input, "/data"), &key);
}

static int hmac_verify(const row *r)
{
    li_str key = hex_at(r->input, "/key"), data = hex_at(r->input, "/data");
    li_str tag = hex_at(r->input, "/tag");
    text got = { NULL, 0, 0 };
    int right = li_equal(unhex(digest(data, &key, 0)), tag);

    say(&got, "value", right ? LI_STR("true") : LI_STR("false"));
    return agrees(r, &got);
}

/* ---- http_response */

typedef struct exchange {
    li_client client;
    li_req req;
    li_call call;
    char *mem;
    size_t cap;
    text fields, body;
} exchange;

/* Headers and trailers come by the same hook, in their order: so they are
   compared as one list. */
static void see_header(void *user, li_str name, li_str value)
{
    exchange *x = (exchange *)user;

    say(&x->fields, "name", name);
    say(&x->fields, "value", value.ptr ? value : LI_STR(""));
}

static li_rc see_body(void *user, li_str piece)
{
    exchange *x = (exchange *)user;

    add(&x->body, piece);
    return LI_OK;
}

static void exchange_begin(exchange *x, const char *method, size_t cap)
{
    memset(x, 0, sizeof *x);
    x->client.access_token = "token";
    x->req.method = method;
    x->req.path = "/v2/me";
    x->req.on_header = see_header;
    x->req.user = x;
    x->cap = cap;
    x->mem = take(cap);
    li_begin(&x->call, &x->client, &x->req, x->mem, cap);
}

/* Hands over the piece as far as it is asked for; *at is how far. */
static li_rc give(exchange *x, li_str in, size_t end, size_t *given)
{
    li_rc rc;

    while ((rc = li_step(&x->call)) == LI_WANT_READ && *given < end) {
        size_t room, n = end - *given;
        char *to = li_in_buf(&x->call, &room);

        n = n < room ? n : room;
        if (!n)
            return LI_E_STATE;
        memcpy(to, in.ptr + *given, n);
        *given += n;
        li_in_ack(&x->call, n);
    }
    return rc;
}

/* Gives the whole answer, cut as way says; how it ended. *given: how many
   bytes were asked for. */
static li_rc converse(exchange *x, li_str in, int eof, size_t way,
                      size_t *given)
{
    li_rc rc;
    size_t end = 0;

    *given = 0;
    if (li_step(&x->call) == LI_WANT_OPEN)
        li_opened(&x->call, 0);
    while ((rc = li_step(&x->call)) == LI_WANT_WRITE)
        li_out_ack(&x->call, li_out_buf(&x->call).len);
    while (rc == LI_WANT_READ && end < in.len) {
        end = piece_end(in.len, way, end);
        rc = give(x, in, end, given);
    }
    if (rc == LI_WANT_READ && eof) {
        li_in_eof(&x->call);
        rc = li_step(&x->call);
    }
    return rc;
}

static const char *http_class(li_rc rc)
{
    switch (rc) {
    case LI_WANT_READ:
        return "need_more";
    case LI_E_PROTOCOL:
        return "protocol";
    case LI_E_CLOSED:
        return "closed";
    case LI_E_LIMIT:
    case LI_E_SPACE:
        return "limit";
    default:
        return li_strerror(rc);
    }
}

/* Byte by byte (way 1) exactly the message is asked for, so the rest is what
   was not. In larger pieces the window may take some of the rest: then such a
   connection must not be kept, whatever the message says, and what it says is
   known from way 1. */
static int exchange_says(exchange *x, const row *r, li_rc rc, size_t given,
                         size_t message, int keep, text *t)
{
    li_str in = bytes_at(r->input, "/bytes");
    li_str body = x->req.sink ? text_of(&x->body) : x->call.body;

    if (rc) {
        say_error(r, t, li_cstr(http_class(rc)));
        return 1;
    }
    if (given > message && x->call.keep_alive)
        return 0;
    if (given == message && x->call.keep_alive != keep)
        return 0;
    say_int(t, "status", x->call.status);
    add(t, text_of(&x->fields));
    say(t, "body", body.len ? body : LI_STR(""));
    say_int(t, "keep_alive", keep);
    if (message < in.len)
        say(t, "rest", part(in, message, in.len));
    return 1;
}

/* With a body in the buffer, and with one that a sink takes. */
static int http_mode(const row *r, int sink)
{
    li_str in = bytes_at(r->input, "/bytes"), first = view(NULL, 0);
    const char *method = string_at(r->input, "/request_method");
    size_t i, given, message = 0, n = ways(in.len);
    int eof = is(at(r->input, "/eof"), "true"), keep = 0;

    for (i = 0; i < n; ++i) {
        size_t way = i < 2 ? !i : i; /* byte by byte first */
        exchange *x = (exchange *)(void *)take(sizeof *x);
        text got = { NULL, 0, 0 };
        li_rc rc;

        exchange_begin(x, method, in.len + 65536);
        x->req.sink = sink ? see_body : NULL;
        rc = converse(x, in, eof, way, &given);
        if (!i) {
            message = given;
            keep = x->call.keep_alive;
        }
        if (!exchange_says(x, r, rc, given, message, keep, &got))
            return 0;
        if (i ? !same(first, text_of(&got)) : !agrees(r, &got))
            return 0;
        if (!i)
            first = text_of(&got);
    }
    return 1;
}

static int http_response(const row *r)
{
    return http_mode(r, 0) && http_mode(r, 1);
}

/* The library keeps neither the reason nor the 1xx statuses that it passed
   over: these two are not compared. */
static void said_message(const row *r, li_str expected, text *t)
{
    li_str body = bytes_at(expected, "/body");
    li_str rest = bytes_at(expected, "/rest");

    say_int(t, "status", int_at(expected, "/status"));
    said_pairs(r, at(expected, "/headers"), t);
    said_pairs(r, at(expected, "/trailers"), t);
    say(t, "body", body);
    say_int(t, "keep_alive", is(at(expected, "/keep_alive"), "true"));
    if (rest.len)
        say(t, "rest", rest);
}

/* ---- sign-in */

static li_rc no_chance(void *user, void *dst, size_t len)
{
    (void)user;
    memset(dst, 0x5A, len);
    return LI_OK;
}

static li_client client_of(const char *id, const char *secret,
                           const char *redirect_uri)
{
    li_client c;

    memset(&c, 0, sizeof c);
    c.client_id = id;
    c.client_secret = secret;
    c.redirect_uri = redirect_uri;
    c.random = no_chance;
    return c;
}

/* A state that does not fit is no state that could have been sent. */
static li_rc flow_begin(li_flow *flow, const char *state)
{
    memset(flow, 0, sizeof *flow);
    if (!state)
        return LI_OK;
    if (strlen(state) >= sizeof flow->state)
        return LI_E_ARG;
    memcpy(flow->state, state, strlen(state) + 1);
    return LI_OK;
}

static const char *redirect_class(li_rc rc)
{
    return rc == LI_E_ARG ? "argument"
         : rc == LI_E_FORGED ? "state"
         : rc == LI_E_DENIED ? "denied" : li_strerror(rc);
}

static int redirect(const row *r)
{
    static char page[4096];
    li_client c = client_of("id", "secret",
                            string_at(r->input, "/redirect_uri"));
    li_str url = bytes_at(r->input, "/url");
    char *mem = take(url.len + 1);
    li_buf out = li_buf_of(page, sizeof page), code;
    li_problem why;
    li_flow flow;
    text got = { NULL, 0, 0 };
    li_rc rc = flow_begin(&flow, string_at(r->input, "/state"));

    if (!rc)
        rc = li_oauth_url(&flow, &c, "openid", &out);
    code = li_buf_of(mem, url.len + 1);
    memset(&why, 0, sizeof why);
    if (!rc)
        rc = li_oauth_redirect(&flow, url, &code, &why);
    if (rc)
        say_error(r, &got, li_cstr(redirect_class(rc)));
    if (rc == LI_E_DENIED) {
        say(&got, "error", why.code);
        say(&got, "error_description", why.message);
    }
    if (!rc) {
        say(&got, "code", li_cstr(mem));
        say(&got, "state", li_cstr(flow.state));
    }
    return agrees(r, &got);
}

static void said_code(const row *r, li_str expected, text *t)
{
    (void)r;
    say(t, "code", bytes_at(expected, "/code"));
    say(t, "state", bytes_at(expected, "/state"));
}

/* Says decoded pairs in the order of their names. */
static void say_sorted(text *t, items pairs)
{
    size_t i, j;

    for (i = 1; i < pairs.count; ++i)
        for (j = i; j; --j) {
            item swap = pairs.at[j];

            if (strcmp(pairs.at[j - 1].name.ptr, swap.name.ptr) <= 0)
                break;
            pairs.at[j] = pairs.at[j - 1];
            pairs.at[j - 1] = swap;
        }
    for (i = 0; i < pairs.count; ++i)
        say(t, pairs.at[i].name.ptr, pairs.at[i].value);
}

static li_str terminated(li_str s)
{
    char *p = take(s.len + 1);

    memcpy(p, s.ptr, s.len);
    p[s.len] = 0;
    return view(p, s.len);
}

static items form_of(li_str form)
{
    items pairs = { NULL, 0 };
    li_str name, value, n, v;

    while (!li_form_next(&form, &name, &value))
        if (!put(li_form_decode, name, &n) && !put(li_form_decode, value, &v))
            items_add(&pairs, terminated(n), v);
    return pairs;
}

static items members_of(li_str raw)
{
    items pairs = items_of(raw);
    size_t i;

    for (i = 0; i < pairs.count; ++i) {
        pairs.at[i].name = terminated(bytes(pairs.at[i].name));
        pairs.at[i].value = bytes(pairs.at[i].value);
    }
    return pairs;
}

/* Says a URL up to its "?", and its parameters. The library sends a state
   always: where the row gives none, it is checked for 128 bits and dropped. */
static void say_url(const row *r, text *t, li_str url)
{
    const char *mark = (const char *)memchr(url.ptr, '?', url.len);
    size_t n = mark ? (size_t)(mark - url.ptr) : url.len, i, kept = 0;
    items pairs = form_of(part(url, n + (mark != NULL), url.len));
    int drop = is_null(at(r->input, "/state"));

    say(t, "page", part(url, 0, n));
    for (i = 0; i < pairs.count; ++i) {
        item pair = pairs.at[i];

        if (!drop || !is(pair.name, "state") || pair.value.len < 22)
            pairs.at[kept++] = pair;
        else
            drop = 0;
    }
    pairs.count = kept;
    say_sorted(t, pairs);
    say(t, "state", drop ? LI_STR("missing") : view(NULL, 0));
}

static const char *scopes_of(li_str list)
{
    items names = items_of(list);
    text t = { NULL, 0, 0 };
    size_t i;

    for (i = 0; i < names.count; ++i) {
        if (i)
            add(&t, LI_STR(" "));
        add(&t, bytes(names.at[i].value));
    }
    return terminated(view(t.ptr ? t.ptr : "", t.len)).ptr;
}

static int oauth_url(const row *r)
{
    static char page[4096];
    li_client c = client_of(string_at(r->input, "/client_id"), NULL,
                            string_at(r->input, "/redirect_uri"));
    li_buf out = li_buf_of(page, sizeof page);
    li_flow flow;
    text got = { NULL, 0, 0 };
    li_rc rc = flow_begin(&flow, string_at(r->input, "/state"));

    if (!rc)
        rc = li_oauth_url(&flow, &c, scopes_of(at(r->input, "/scopes")), &out);
    if (rc)
        say_error(r, &got, LI_STR(""));
    else
        say_url(r, &got, li_cstr(page));
    return agrees(r, &got);
}

static void said_page(const row *r, li_str expected, text *t)
{
    li_str url = bytes(expected);
    const char *mark = (const char *)memchr(url.ptr, '?', url.len);

    say(t, "page", part(url, 0, mark ? (size_t)(mark - url.ptr) : url.len));
    say_sorted(t, members_of(at(r->all, "/expected_params")));
}

static const struct {
    const char *name, *text;
    li_grant grant;
} grants[] = {
    { "authorization_code", "/code", LI_GRANT_CODE },
    { "refresh_token", "/refresh_token", LI_GRANT_REFRESH },
    { "client_credentials", "/scope", LI_GRANT_CLIENT },
    { "introspect", "/token", LI_INTROSPECT },
    { "revoke", "/token", LI_REVOKE },
};

/* A flow as it stands when the member has come back. */
static li_rc flow_returned(li_flow *flow, const char *redirect_uri)
{
    li_rc rc = flow_begin(flow, "state");

    if (!redirect_uri || strlen(redirect_uri) >= sizeof flow->redirect_uri)
        return LI_E_ARG;
    memcpy(flow->redirect_uri, redirect_uri, strlen(redirect_uri) + 1);
    flow->stage = 2;
    return rc;
}

static li_rc grant_begin(exchange *x, li_str in, li_flow *flow)
{
    const char *name = string_at(in, "/grant");
    size_t i = 0, n = sizeof grants / sizeof grants[0];
    li_rc rc = LI_OK;

    memset(x, 0, sizeof *x);
    x->client = client_of(string_at(in, "/client_id"),
                          string_at(in, "/client_secret"),
                          string_at(in, "/redirect_uri"));
    while (i < n && (!name || strcmp(name, grants[i].name)))
        ++i;
    if (i == n)
        return LI_E_ARG;
    if (grants[i].grant == LI_GRANT_CODE)
        rc = flow_returned(flow, x->client.redirect_uri);
    if (!rc)
        rc = li_oauth_req(&x->req, &x->client, grants[i].grant,
                          string_at(in, grants[i].text), flow);
    x->cap = 16384;
    x->mem = take(x->cap);
    return rc ? rc : li_begin(&x->call, &x->client, &x->req, x->mem, x->cap);
}

/* The value of a header line of a head; names without case. */
static li_str head_value(li_str head, li_str name)
{
    size_t i, end;

    for (i = 0; i < head.len; i = end + 2) {
        const char *cr = (const char *)memchr(head.ptr + i, '\r',
                                              head.len - i);

        end = cr ? (size_t)(cr - head.ptr) : head.len;
        if (end - i > name.len + 2 && head.ptr[i + name.len] == ':'
            && same(lower(part(head, i, i + name.len)), lower(name)))
            return part(head, i + name.len + 2, end);
    }
    return view(NULL, 0);
}

static int oauth_request(const row *r)
{
    exchange *x = (exchange *)(void *)take(sizeof *x);
    items headers = items_of(at(r->all, "/expected/headers"));
    char url[1024];
    li_buf b = LI_BUF(url);
    text got = { NULL, 0, 0 };
    li_flow flow;
    li_str head;
    size_t i;

    if (grant_begin(x, r->input, &flow) < 0) {
        say_error(r, &got, LI_STR(""));
        return agrees(r, &got);
    }
    li_put_url(&x->call, &b);
    head = li_head(&x->call);
    for (i = 0; i < head.len && head.ptr[i] != ' '; ++i)
        continue;
    say(&got, "method", part(head, 0, i));
    say(&got, "url", view(url, b.len));
    for (i = 0; i < headers.count; ++i)
        say(&got, "header",
            head_value(head, bytes(headers.at[i].name)));
    say(&got, "stray", head_value(head, LI_STR("Authorization")));
    say_sorted(&got, form_of(li_body(&x->call)));
    return agrees(r, &got);
}

static void said_request(const row *r, li_str expected, text *t)
{
    items headers = items_of(at(expected, "/headers"));
    size_t i;

    (void)r;
    say(t, "method", bytes_at(expected, "/method"));
    say(t, "url", bytes_at(expected, "/url"));
    for (i = 0; i < headers.count; ++i)
        say(t, "header", bytes(headers.at[i].value));
    say_sorted(t, members_of(at(expected, "/form")));
}

/* ---- answers read */

/* Feeds an answer that another stack has read. */
static li_rc exchange_feed(exchange *x, li_str in)
{
    li_str type = bytes_at(in, "/content_type");

    exchange_begin(x, "GET", 8192 + in.len);
    li_feed_status(&x->call, int_at(in, "/status"));
    if (type.len)
        li_feed_header(&x->call, LI_STR("Content-Type"), type);
    li_feed_body(&x->call, bytes_at(in, "/body"));
    return li_feed_end(&x->call);
}

static li_rc read_problem(exchange *x, li_str in, li_problem *why)
{
    li_buf mem = li_buf_of(take(8192 + in.len), 8192 + in.len);
    li_rc rc = exchange_feed(x, in);

    return rc ? rc : li_problem_read(why, &x->call, &mem);
}

static int problem(const row *r)
{
    exchange *x = (exchange *)(void *)take(sizeof *x);
    li_problem why;
    text got = { NULL, 0, 0 };

    if (read_problem(x, r->input, &why)) {
        say_error(r, &got, LI_STR(""));
        return agrees(r, &got);
    }
    say_int(&got, "status", why.status);
    say(&got, "code", why.code);
    if (why.has_service_code)
        say_int(&got, "service_code", why.service_code);
    say(&got, "message", why.message);
    say(&got, "field", why.field);
    say(&got, "request_id", why.request_id);
    say(&got, "not_json", why.not_json ? LI_STR("true") : view(NULL, 0));
    return agrees(r, &got);
}

static void said_problem(const row *r, li_str expected, text *t)
{
    static const char *const names[] = {
        "status", "code", "service_code", "message", "field", "request_id",
        "not_json"
    };
    char pointer[32];
    size_t i;

    (void)r;
    for (i = 0; i < sizeof names / sizeof names[0]; ++i) {
        snprintf(pointer, sizeof pointer, "/%s", names[i]);
        say(t, names[i], bytes_at(expected, pointer));
    }
}

static void say_token_record(text *t, const li_token *token)
{
    say(t, "access_token", token->access_token);
    if (token->expires_in >= 0)
        say_int(t, "expires_in", token->expires_in);
    say(t, "id_token", token->id_token);
    say(t, "refresh_token", token->refresh_token);
    if (token->refresh_expires_in >= 0)
        say_int(t, "refresh_token_expires_in", token->refresh_expires_in);
    say(t, "scope", token->scope);
}

static li_rc say_token_read(text *t, li_str body)
{
    li_token token;
    li_rc rc;

    memset(&token, 0, sizeof token);
    token.cap = 4096 + body.len;
    token.mem = take(token.cap);
    rc = li_token_read(&token, body, NULL);
    if (!rc)
        say_token_record(t, &token);
    return rc;
}

/* An answer to an introspection has no type of its own: its members are
   found where they stand. */
static void say_members(text *t, li_str body, li_str wanted)
{
    items names = items_of(wanted);
    size_t i;

    for (i = 0; i < names.count; ++i) {
        li_str name = bytes(names.at[i].name), found;

        if (!find_name(body, name, &found))
            say(t, terminated(name).ptr, bytes(found));
    }
}

static int oauth_response(const row *r)
{
    exchange *x = (exchange *)(void *)take(sizeof *x);
    li_str body = bytes_at(r->input, "/body");
    int status = int_at(r->input, "/status"), failed = 0;
    li_problem why;
    text got = { NULL, 0, 0 };

    memset(&why, 0, sizeof why);
    if (status != 200) {
        failed = read_problem(x, r->input, &why) || why.not_json;
        say_int(&got, "http_status", why.status);
        say(&got, "error", why.code);
        say(&got, "error_description", why.message);
    } else if (is(bytes_at(r->input, "/grant"), "introspect")) {
        say_members(&got, body, at(r->all, "/expected"));
        failed = !got.len;
    } else {
        failed = say_token_read(&got, body) != LI_OK;
    }
    if (failed) {
        got.len = 0;
        say_error(r, &got, LI_STR(""));
    }
    return agrees(r, &got);
}

static void said_response(const row *r, li_str expected, text *t)
{
    static const char *const names[] = {
        "/http_status", "/error", "/error_description", "/access_token",
        "/expires_in", "/id_token", "/refresh_token",
        "/refresh_token_expires_in", "/scope"
    };
    size_t i;

    if (is(bytes_at(r->input, "/grant"), "introspect")
        && int_at(r->input, "/status") == 200) {
        say_members(t, expected, expected);
        return;
    }
    for (i = 0; i < sizeof names / sizeof names[0]; ++i)
        say(t, names[i] + 1, bytes_at(expected, names[i]));
}

/* ---- webhooks */

static int webhook_challenge(const row *r)
{
    static const char *const names[] = { "challengeCode",
                                         "challengeResponse" };
    li_str query = bytes_at(r->input, "/query"), name, value;
    li_str secret = terminated(bytes_at(r->input, "/client_secret"));
    char *mem = take(256 + 3 * query.len);
    li_buf out = li_buf_of(mem, 256);
    text got = { NULL, 0, 0 };
    size_t i;

    if (li_webhook_challenge(secret.ptr, query, &out)) {
        say_error(r, &got, LI_STR(""));
        return agrees(r, &got);
    }
    for (i = 0; i < 2; ++i) {
        char pointer[32];

        snprintf(pointer, sizeof pointer, "/%s", names[i]);
        say(&got, names[i], bytes_at(view(mem, out.len), pointer));
    }
    while (!li_form_next(&query, &name, &value))
        if (is(name, "applicationId")) {
            li_buf id = li_buf_of(mem, 256 + value.len);

            li_form_decode(value, &id);
            say(&got, "applicationId", copy(view(mem, id.len)));
        }
    return agrees(r, &got);
}

static void said_challenge(const row *r, li_str expected, text *t)
{
    (void)r;
    say(t, "challengeCode", bytes_at(expected, "/challengeCode"));
    say(t, "challengeResponse", bytes_at(expected, "/challengeResponse"));
    say(t, "applicationId", bytes_at(expected, "/applicationId"));
}

/* The body whole (cut at its end), or cut in two. */
static const char *verified(const row *r, li_str body, size_t cut)
{
    li_str before = bytes_at(r->input, "/previous_secret");
    li_webhook hook;

    if (li_webhook_begin(
            &hook, terminated(bytes_at(r->input, "/client_secret")).ptr,
            before.ptr ? terminated(before).ptr : NULL))
        return NULL;
    li_webhook_put(&hook, part(body, 0, cut));
    li_webhook_put(&hook, part(body, cut, body.len));
    return li_webhook_end(&hook, bytes_at(r->input, "/signature")) ? "false"
                                                                   : "true";
}

static int webhook_verify(const row *r)
{
    li_str body = bytes_at(r->input, "/body");
    const char *whole = verified(r, body, body.len);
    text got = { NULL, 0, 0 };
    size_t cut;

    for (cut = 0; whole && cut < body.len && cut < 300; ++cut)
        if (strcmp(whole, verified(r, body, cut)))
            return 0;
    if (whole)
        say(&got, "value", li_cstr(whole));
    else
        say_error(r, &got, LI_STR(""));
    return agrees(r, &got);
}

/* ---- waits */

static int64_t vector_now; /* of the row */

static int64_t tell_now(void *user)
{
    (void)user;
    return vector_now;
}

static int retry_wait(const row *r)
{
    exchange *x = (exchange *)(void *)take(sizeof *x);
    li_str after = bytes_at(r->input, "/retry_after");
    li_problem why;
    text got = { NULL, 0, 0 };

    li_json_int(at(r->input, "/now"), &vector_now);
    exchange_begin(x, "GET", 8192 + r->input.len);
    x->client.now = tell_now;
    li_feed_status(&x->call, int_at(r->input, "/status"));
    if (after.ptr)
        li_feed_header(&x->call, LI_STR("Retry-After"), after);
    li_feed_body(&x->call, bytes_at(r->input, "/body"));
    li_feed_end(&x->call);
    if (li_problem_read(&why, &x->call, NULL)) {
        say_error(r, &got, LI_STR(""));
        return agrees(r, &got);
    }
    say(&got, "final", why.final ? LI_STR("true") : LI_STR("false"));
    if (why.wait_s >= 0)
        say_int(&got, "wait_s", why.wait_s);
    return agrees(r, &got);
}

static void said_wait(const row *r, li_str expected, text *t)
{
    (void)r;
    say(t, "final", bytes_at(expected, "/final"));
    say(t, "wait_s", bytes_at(expected, "/wait_s"));
}

/* ---- Rest.li */

/* JSON with the members of each object sorted, and the elements of the lists
   whose order is free ($delete), so that two of a meaning read alike. */
static void say_json(text *t, li_str raw, int sorted);

static int by_text(const void *a, const void *b)
{
    const li_str *x = (const li_str *)a, *y = (const li_str *)b;
    size_t n = x->len < y->len ? x->len : y->len;
    int order = n ? memcmp(x->ptr, y->ptr, n) : 0;

    return order ? order : x->len < y->len ? -1 : x->len > y->len;
}

static void say_parts(text *t, li_str *parts, size_t count, int sorted)
{
    size_t i;

    if (sorted && count)
        qsort(parts, count, sizeof *parts, by_text);
    for (i = 0; i < count; ++i)
        say(t, "part", parts[i]);
}

static void say_json(text *t, li_str raw, int sorted)
{
    items all = items_of(raw);
    li_str *parts = (li_str *)(void *)take((all.count + 1) * sizeof *parts);
    int object = begins(raw, '{');
    size_t i;

    if (!object && !begins(raw, '[')) {
        add(t, begins(raw, '"') ? LI_STR("text ") : LI_STR("raw "));
        add(t, bytes(raw));
        return;
    }
    for (i = 0; i < all.count; ++i) {
        text one = { NULL, 0, 0 };
        li_str name = object ? bytes(all.at[i].name) : view(NULL, 0);

        if (object)
            say(&one, "name", name);
        say_json(&one, all.at[i].value, is(name, "$delete"));
        parts[i] = text_of(&one);
    }
    add(t, object ? LI_STR("object(") : LI_STR("list("));
    say_parts(t, parts, all.count, object || sorted);
    add(t, LI_STR(")"));
}

static void said_json(const row *r, li_str expected, text *t)
{
    (void)r;
    say_json(t, expected, 0);
}

static li_rc encode_url(li_str in, li_buf *out)
{
    return li_restli_encode(LI_RESTLI_URL, in, out);
}

static li_rc encode_reduced(li_str in, li_buf *out)
{
    return li_restli_encode(LI_RESTLI_REDUCED, in, out);
}

static li_rc encode_query(li_str in, li_buf *out)
{
    return li_restli_encode(LI_RESTLI_QUERY, in, out);
}

static li_rc encode_fields(li_str in, li_buf *out)
{
    return li_restli_encode(LI_RESTLI_FIELDS, in, out);
}

static li_rc decode_url(li_str in, li_buf *out)
{
    return li_restli_decode(LI_RESTLI_URL, in, out);
}

static li_rc decode_reduced(li_str in, li_buf *out)
{
    return li_restli_decode(LI_RESTLI_REDUCED, in, out);
}

static li_rc decode_query(li_str in, li_buf *out)
{
    return li_restli_decode(LI_RESTLI_QUERY, in, out);
}

static li_rc decode_fields(li_str in, li_buf *out)
{
    return li_restli_decode(LI_RESTLI_FIELDS, in, out);
}

/* What is decoded is JSON of ours, which must be JSON. */
static int run_json(const row *r, put_fn *fn, li_str in)
{
    text got = { NULL, 0, 0 };
    li_str out, all;

    if (put(fn, in, &out))
        say_error(r, &got, LI_STR(""));
    else if (li_json_find(out, "", &all))
        return 0;
    else
        say_json(&got, out, 0);
    return agrees(r, &got);
}

/* A lone surrogate in the input makes the whole line one that we refuse. */
static int restli_encode(const row *r)
{
    li_str all;

    if (li_json_find(r->all, "", &all) == LI_E_ENCODING)
        return 1;
    return run_put(r, encode_url, r->input);
}

static int restli_reduced_encode(const row *r)
{
    return run_put(r, encode_reduced, r->input);
}

/* Parameters compare as a set: their order is free. */
static void say_query(text *t, li_str query)
{
    li_str parts[512], name, value, rest = query;
    size_t n = 0;

    while (n < 512 && !li_form_next(&rest, &name, &value))
        parts[n++] = view(name.ptr, value.ptr ? (size_t)(value.ptr - name.ptr)
                                                    + value.len
                                              : name.len);
    say_parts(t, parts, n, 1);
}

static void said_query(const row *r, li_str expected, text *t)
{
    (void)r;
    say_query(t, bytes(expected));
}

static int restli_param_encode(const row *r)
{
    text got = { NULL, 0, 0 };
    li_str out;

    if (put(encode_query, r->input, &out))
        say_error(r, &got, LI_STR(""));
    else
        say_query(&got, out);
    return agrees(r, &got);
}

static int restli_decode(const row *r)
{
    return run_json(r, decode_url, bytes(r->input));
}

static int restli_reduced_decode(const row *r)
{
    return run_json(r, decode_reduced, bytes(r->input));
}

static int restli_param_decode(const row *r)
{
    return run_json(r, decode_query, bytes(r->input));
}

/* Fields compare as sets: read back, by our own reader, as JSON. */
static void say_fields(text *t, li_str fields)
{
    li_str json;

    if (put(decode_fields, fields, &json))
        say(t, "unreadable", fields);
    else
        say_json(t, json, 0);
}

static void said_fields(const row *r, li_str expected, text *t)
{
    (void)r;
    say_fields(t, bytes(expected));
}

static int mask_encode(const row *r)
{
    text got = { NULL, 0, 0 };
    li_str out, expected = bytes_at(r->all, "/expected");

    if (put(encode_fields, r->input, &out))
        say_error(r, &got, LI_STR(""));
    else if (out.len != expected.len)
        say(&got, "of another length", out);
    else
        say_fields(&got, out);
    return agrees(r, &got);
}

static int mask_decode(const row *r)
{
    return run_json(r, decode_fields, bytes(r->input));
}

static int restli_url(const row *r)
{
    const char *path = string_at(r->input, "/path");
    li_str keys = at(r->input, "/keys");
    char mem[8192];
    li_buf out = LI_BUF(mem);
    text got = { NULL, 0, 0 };

    li_put(&out, LI_STR("https://api.linkedin.com"));
    li_put(&out, bytes_at(r->input, "/version").len ? LI_STR("/rest")
                                                    : LI_STR("/v2"));
    if (li_restli_path(&out, path ? path : "", is_null(keys) ? LI_STR("")
                                                             : keys))
        say_error(r, &got, LI_STR(""));
    else
        say(&got, "value", copy(view(mem, out.len)));
    return agrees(r, &got);
}

static int urn(const row *r)
{
    li_str space = bytes_at(r->input, "/namespace"), type, id, again;
    char mem[1024];
    li_buf out = LI_BUF(mem);
    text got = { NULL, 0, 0 };

    type = bytes_at(r->input, "/type");
    id = bytes_at(r->input, "/id");
    if (li_urn_put(&out, space.len ? space : LI_STR("li"), type, id))
        say_error(r, &got, LI_STR(""));
    else if (li_urn_split(view(mem, out.len), NULL, &again, NULL)
             || !same(again, type))
        return 0;
    else
        say(&got, "value", copy(view(mem, out.len)));
    return agrees(r, &got);
}

static int entity_id(const row *r)
{
    li_str header = bytes_at(r->input, "/header"), json;
    text got = { NULL, 0, 0 };

    say(&got, "raw", header);
    if (header.ptr && put(decode_reduced, header, &json))
        say(&got, "undecodable", LI_STR("1"));
    else if (header.ptr)
        say_json(&got, json, 0);
    return agrees(r, &got);
}

static void said_entity(const row *r, li_str expected, text *t)
{
    li_str decoded = at(expected, "/decoded");

    (void)r;
    say(t, "raw", bytes_at(expected, "/raw"));
    if (at(expected, "/decode_error").ptr)
        say(t, "undecodable", LI_STR("1"));
    else if (!is_null(decoded))
        say_json(t, decoded, 0);
}

static li_rc put_little(li_str in, li_buf *out)
{
    return li_little_put(out, in);
}

static int little_text(const row *r)
{
    return run_put(r, put_little, bytes(r->input));
}

static int mention(const row *r)
{
    char *mem = take(4096);
    li_buf out = li_buf_of(mem, 4096);
    text got = { NULL, 0, 0 };

    if (li_mention_put(&out, bytes_at(r->input, "/text"),
                       bytes_at(r->input, "/urn")))
        say_error(r, &got, LI_STR(""));
    else
        say(&got, "value", view(mem, out.len));
    return agrees(r, &got);
}

static li_rc put_hashtag(li_str in, li_buf *out)
{
    return li_hashtag_put(out, in);
}

static int hashtag(const row *r)
{
    return run_put(r, put_hashtag, bytes_at(r->input, "/tag"));
}

static li_rc put_patch(li_str in, li_buf *out)
{
    return li_patch_put(out, at(in, "/original"), at(in, "/modified"));
}

static int patch_diff(const row *r)
{
    return run_json(r, put_patch, r->input);
}

/* ---- Rest.li calls */

static int same_nocase(li_str a, li_str b)
{
    return same(lower(a), lower(b));
}

/* Those headers of a head that are asked for; a method of Rest.li is compared
   without case. */
static void say_headers(text *t, li_str head, li_str wanted)
{
    items headers = items_of(wanted);
    size_t i;

    for (i = 0; i < headers.count; ++i) {
        li_str name = bytes(headers.at[i].name);
        li_str value = copy(head_value(head, name));

        say(t, "header", same_nocase(name, LI_STR("X-RestLi-Method"))
                             ? lower(value)
                             : value);
    }
}

static void say_call(text *t, const li_call *call, li_str wanted_headers)
{
    char *mem = take(65536);
    li_buf url = li_buf_of(mem, 65536);
    li_str head = li_head(call);
    size_t i;

    li_put_url(call, &url);
    for (i = 0; i < head.len && head.ptr[i] != ' '; ++i)
        ;
    say(t, "method", part(head, 0, i));
    say(t, "url", view(mem, url.len));
    say_headers(t, head, wanted_headers);
}

static void said_call(text *t, const row *r, li_str expected)
{
    li_str whole = at(r->all, "/expected");
    li_str method = at(expected, "/method"), url = at(expected, "/url");
    li_str wanted = at(whole, "/headers"), mine = at(expected, "/headers");
    items headers = items_of(wanted);
    size_t i;

    say(t, "method", bytes(method.ptr ? method : at(whole, "/method")));
    say(t, "url", bytes(url.ptr ? url : at(whole, "/url")));
    for (i = 0; i < headers.count; ++i)
        say(t, "header", bytes(mine.ptr ? items_of(mine).at[i].value
                                        : headers.at[i].value));
}

static int tunnel(const row *r)
{
    exchange *x = (exchange *)(void *)take(sizeof *x);
    li_str body = bytes_at(r->input, "/body");
    size_t cap = 65536;
    li_buf mem = li_buf_of(take(cap), cap);
    text got = { NULL, 0, 0 };
    int tunnelled;

    memset(x, 0, sizeof *x);
    x->client.access_token = "token";
    x->client.api_base = "http://localhost:7279";
    x->client.version = "202405";
    x->req.method = string_at(r->input, "/method");
    x->req.path = string_at(r->input, "/url");
    if (!strcmp(x->req.path, "http://localhost:7279"))
        x->req.path = "/";
    x->req.query = string_at(r->input, "/query");
    x->req.body = body;
    x->req.content_type = string_at(r->input, "/content_type");
    if (li_tunnel(&x->req, (size_t)int_at(r->input, "/limit"),
                  string_at(r->input, "/boundary"), &mem)) {
        say_error(r, &got, LI_STR(""));
        return agrees(r, &got);
    }
    tunnelled = x->req.override != NULL;
    say(&got, "method", li_cstr(x->req.method));
    say(&got, "query", x->req.query ? li_cstr(x->req.query) : LI_STR("-"));
    say(&got, "override", tunnelled ? li_cstr(x->req.override)
                                    : LI_STR("-"));
    say(&got, "type", li_cstr(x->req.content_type));
    say(&got, "body", x->req.body);
    return agrees(r, &got);
}

static void said_tunnel(const row *r, li_str expected, text *t)
{
    li_str url = bytes_at(expected, "/url"), body = bytes_at(expected, "/body");
    li_str over = bytes_at(expected, "/headers/X-HTTP-Method-Override");
    const char *mark = (const char *)memchr(url.ptr, '?', url.len);

    (void)r;
    say(t, "method", bytes_at(expected, "/method"));
    say(t, "query", mark ? part(url, (size_t)(mark + 1 - url.ptr), url.len)
                         : LI_STR("-"));
    say(t, "override", over.ptr ? over : LI_STR("-"));
    say(t, "type", bytes_at(expected, "/headers/Content-Type"));
    say(t, "body", body);
}

static const char *const method_names[] = {
    "get", "batch_get", "get_all", "finder", "batch_finder", "create",
    "batch_create", "update", "batch_update", "partial_update",
    "batch_partial_update", "delete", "batch_delete", "action" };

static li_method method_at(li_str raw, const char *pointer)
{
    li_str name = bytes_at(raw, pointer);
    size_t i = 0;

    while (i < 14 && !is(name, method_names[i]))
        ++i;
    return (li_method)i;
}

/* [{...}] as [{"patch":{"$set":{...}}}], or by the difference to what was. */
static li_str patches_of(li_str in)
{
    items sets = items_of(at(in, "/patch_sets"));
    items was = items_of(at(in, "/originals"));
    items now = items_of(at(in, "/modifieds"));
    size_t i, cap = 65536;
    li_buf b = li_buf_of(take(cap), cap);

    li_put(&b, LI_STR("["));
    for (i = 0; i < sets.count; ++i) {
        li_put(&b, i ? LI_STR(",") : LI_STR(""));
        li_put(&b, LI_STR("{\"patch\":{\"$set\":"));
        li_put(&b, sets.at[i].value);
        li_put(&b, LI_STR("}}"));
    }
    for (i = 0; i < was.count && i < now.count; ++i) {
        li_put(&b, i ? LI_STR(",") : LI_STR(""));
        li_patch_put(&b, was.at[i].value, now.at[i].value);
    }
    li_put(&b, LI_STR("]"));
    return view(b.ptr, b.len);
}

static li_str body_of(li_str in, li_method method)
{
    li_str set = at(in, "/patch_set"), was = at(in, "/original");
    size_t cap = 65536;
    li_buf b = li_buf_of(take(cap), cap);

    if (method == LI_BATCH_PARTIAL_UPDATE)
        return patches_of(in);
    if (method == LI_BATCH_CREATE || method == LI_BATCH_UPDATE)
        return at(in, "/entities");
    if (method == LI_ACTION)
        return at(in, "/params").ptr ? at(in, "/params") : at(in, "/data");
    if (method != LI_PARTIAL_UPDATE)
        return at(in, "/entity");
    if (was.ptr) {
        li_patch_put(&b, was, at(in, "/modified"));
    } else {
        li_put(&b, LI_STR("{\"patch\":{\"$set\":"));
        li_put(&b, set);
        li_put(&b, LI_STR("}}"));
    }
    return view(b.ptr, b.len);
}

/* A batch finder's criteria are [name, list]: one more parameter. */
static li_str query_of(li_str in)
{
    li_str query = at(in, "/query"), name = at(in, "/criteria/0");
    size_t cap = 65536;
    li_buf b = li_buf_of(take(cap), cap);

    if (!name.ptr)
        return query;
    li_put(&b, LI_STR("{"));
    li_put(&b, name);
    li_put(&b, LI_STR(":"));
    li_put(&b, at(in, "/criteria/1"));
    if (query.len > 2) {
        li_put(&b, LI_STR(","));
        li_put(&b, part(query, 1, query.len - 1));
    }
    li_put(&b, LI_STR("}"));
    return view(b.ptr, b.len);
}

static int request(const row *r)
{
    exchange *x = (exchange *)(void *)take(sizeof *x);
    size_t cap = 131072;
    li_buf mem = li_buf_of(take(cap), cap);
    li_str in = r->input;
    li_rest rest;
    text got = { NULL, 0, 0 };
    li_rc rc;

    memset(x, 0, sizeof *x);
    memset(&rest, 0, sizeof rest);
    x->client.access_token = string_at(in, "/access_token");
    x->client.version = string_at(in, "/version");
    rest.method = method_at(in, "/method");
    rest.path = string_at(in, "/path");
    rest.name = string_at(in, rest.method == LI_ACTION ? "/action"
                                                       : "/finder");
    rest.keys = at(in, "/path_keys");
    rest.ids = at(in, "/ids");
    rest.query = query_of(in);
    rest.body = body_of(in, rest.method);
    rc = li_rest_req(&x->req, &x->client, &rest, &mem);
    if (!rc)
        rc = li_begin(&x->call, &x->client, &x->req, take(cap), cap);
    if (rc) {
        say_error(r, &got, LI_STR(""));
        return agrees(r, &got);
    }
    say_call(&got, &x->call, at(r->all, "/expected/headers"));
    if (at(r->all, "/expected/body_json").ptr)
        say_json(&got, li_body(&x->call), 0);
    else
        say(&got, "body", li_body(&x->call));
    return agrees(r, &got);
}

/* An alternative replaces only what it names. */
static void said_request_made(const row *r, li_str expected, text *t)
{
    li_str json = at(expected, "/body_json"), body = at(expected, "/body");
    li_str whole = at(r->all, "/expected");

    said_call(t, r, expected);
    json = json.ptr ? json : at(whole, "/body_json");
    body = body.ptr ? body : at(whole, "/body");
    if (json.ptr)
        say_json(t, json, 0);
    else
        say(t, "body", bytes(body));
}

static int headers(const row *r)
{
    exchange *x = (exchange *)(void *)take(sizeof *x);
    li_str in = r->input;
    char mem[1024];
    li_buf out = LI_BUF(mem);
    li_rest rest;
    text got = { NULL, 0, 0 };

    memset(x, 0, sizeof *x);
    memset(&rest, 0, sizeof rest);
    x->client.access_token = string_at(in, "/access_token");
    x->client.version = string_at(in, "/version");
    if (memchr(bytes_at(in, "/access_token").ptr, 0,
               bytes_at(in, "/access_token").len)) {
        say_error(r, &got, LI_STR("")); /* no C string: it cannot be given */
        return agrees(r, &got);
    }
    rest.method = method_at(in, "/method");
    rest.path = "/x";
    rest.name = rest.method == LI_FINDER || rest.method == LI_BATCH_FINDER
                        || rest.method == LI_ACTION
                    ? "n" : NULL;
    if (strstr(method_names[rest.method], "batch_")
        && rest.method != LI_BATCH_FINDER && rest.method != LI_BATCH_CREATE)
        rest.ids = LI_STR("[1]");
    if (rest.method == LI_PARTIAL_UPDATE)
        rest.body = LI_STR("{\"patch\":{\"$set\":{\"a\":1}}}");
    if (rest.method == LI_CREATE || rest.method == LI_UPDATE)
        rest.body = LI_STR("{}");
    if (rest.method == LI_BATCH_CREATE || rest.method == LI_BATCH_UPDATE)
        rest.body = LI_STR("[{}]");
    if (rest.method == LI_BATCH_PARTIAL_UPDATE)
        rest.body = LI_STR("[{\"patch\":{\"$set\":{\"a\":1}}}]");
    if (li_rest_req(&x->req, &x->client, &rest, &out))
        return 0;
    x->req.override = string_at(in, "/http_method_override");
    if (at(in, "/content_type").ptr) {
        x->req.content_type = string_at(in, "/content_type");
        if (x->req.override) {
            x->req.method = "POST";
            x->req.body = LI_STR("a=b");
        }
    }
    if (li_begin(&x->call, &x->client, &x->req, take(4096), 4096)) {
        say_error(r, &got, LI_STR(""));
        return agrees(r, &got);
    }
    say_headers(&got, li_head(&x->call), at(r->all, "/expected"));
    return agrees(r, &got);
}

static void said_headers(const row *r, li_str expected, text *t)
{
    items wanted = items_of(expected);
    size_t i;

    (void)r;
    for (i = 0; i < wanted.count; ++i)
        say(t, "header", same_nocase(bytes(wanted.at[i].name),
                                     LI_STR("X-RestLi-Method"))
                             ? lower(bytes(wanted.at[i].value))
                             : bytes(wanted.at[i].value));
}

/* As say_json, but null, "isError": false and what is not there are one. */
static void say_lax(text *t, li_str raw)
{
    items all = items_of(raw);
    li_str parts[64];
    size_t i, n = 0;

    if (!begins(raw, '{')) {
        for (i = 0; i < all.count; ++i)
            say_lax(t, all.at[i].value);
        if (!begins(raw, '['))
            say_json(t, raw, 0);
        return;
    }
    for (i = 0; i < all.count && n < 64; ++i) {
        text one = { NULL, 0, 0 };
        li_str name = bytes(all.at[i].name);

        if (is_null(all.at[i].value) || is(all.at[i].value, "false"))
            continue;
        say(&one, "name", name);
        say_lax(&one, all.at[i].value);
        parts[n++] = text_of(&one);
    }
    say_parts(t, parts, n, 1);
}

/* Where a member of a result stands in an answer. */
static li_str result_member(const row *r, exchange *x, li_str name)
{
    li_str body = x->call.body, raw;
    char pointer[64];

    if (is(name, "entity"))
        return body;
    if (is(name, "results")
        && is(bytes_at(r->input, "/method"), "batch_finder"))
        name = LI_STR("elements");
    snprintf(pointer, sizeof pointer, "/%.*s", (int)name.len, name.ptr);
    return li_json_find(body, pointer, &raw) ? view(NULL, 0) : raw;
}

static int same_member(const row *r, exchange *x, li_str name, li_str want)
{
    text got = { NULL, 0, 0 }, wanted = { NULL, 0, 0 };
    li_str id = li_header(&x->call, LI_H_RESTLI_ID), json;

    if (is(name, "status"))
        return int_at(at(r->all, "/expected"), "/status") == x->call.status;
    if (is(name, "entity_id"))
        return is_null(want) ? !id.ptr : same(bytes(want), id);
    if (is(name, "decoded_entity_id")) {
        if (is_null(want) || put(decode_reduced, id, &json))
            return is_null(want) && !id.ptr;
        say_json(&got, json, 0);
        say_json(&wanted, want, 0);
        return same(text_of(&got), text_of(&wanted));
    }
    json = result_member(r, x, name);
    if (is_null(want) || !json.len)
        return is_null(want) && !json.len;
    say_lax(&got, json);
    say_lax(&wanted, want);
    return same(text_of(&got), text_of(&wanted));
}

static int same_problem(exchange *x, li_str want)
{
    li_str status = at(want, "/http_status"), message, code, id;
    char mem[4096];
    li_buf out = LI_BUF(mem);
    li_problem why;

    message = bytes_at(want, "/message");
    code = bytes_at(want, "/code");
    id = bytes_at(want, "/requestId");
    return !li_problem_read(&why, &x->call, &out)
           && why.status == int_at(want, "/http_status") && status.ptr
           && (!message.ptr || same(message, why.message))
           && (!code.ptr || same(code, why.code))
           && (!id.ptr || same(id, why.request_id));
}

static int response(const row *r)
{
    exchange *x = (exchange *)(void *)take(sizeof *x);
    items headers = items_of(at(r->input, "/headers"));
    items wanted = items_of(at(r->all, "/expected"));
    li_str error = at(r->all, "/expected/error");
    size_t i;

    exchange_begin(x, "GET", 8192 + r->input.len);
    li_feed_status(&x->call, int_at(r->input, "/status"));
    for (i = 0; i < headers.count; ++i)
        li_feed_header(&x->call, bytes(headers.at[i].name),
                       bytes(headers.at[i].value));
    li_feed_body(&x->call, bytes_at(r->input, "/body"));
    if (li_feed_end(&x->call))
        return 0;
    if (error.ptr)
        return li_check(&x->call) != LI_OK && same_problem(x, error);
    for (i = 0; i < wanted.count; ++i)
        if (!same_member(r, x, bytes(wanted.at[i].name), wanted.at[i].value))
            return 0;
    return wanted.count > 0;
}

/* ---- the server's side, as the mock has it */

static int run_patch_apply(const row *r)
{
    size_t cap = 65536;
    li_buf out = li_buf_of(take(cap), cap);
    text got = { NULL, 0, 0 };

    if (!patch_apply(at(r->input, "/data"), at(r->input, "/patch"), &out))
        say_error(r, &got, LI_STR(""));
    else
        say_json(&got, view(out.ptr, out.len), 0);
    return agrees(r, &got);
}

static li_str input_header(const row *r, const char *name)
{
    items headers = items_of(at(r->input, "/headers"));
    size_t i;

    for (i = 0; i < headers.count; ++i)
        if (same_nocase(bytes(headers.at[i].name), li_cstr(name)))
            return bytes(headers.at[i].value);
    return view(NULL, 0);
}

static int run_untunnel(const row *r)
{
    li_str url = bytes_at(r->input, "/url");
    const char *mark = (const char *)memchr(url.ptr, '?', url.len);
    size_t cap = 65536, n = mark ? (size_t)(mark - url.ptr) : url.len;
    li_buf query = li_buf_of(take(cap), cap), whole;
    untunnelled u;
    text got = { NULL, 0, 0 };

    u.method = bytes_at(r->input, "/method");
    u.type = input_header(r, "Content-Type");
    u.body = bytes_at(r->input, "/body");
    u.query = &query;
    if (mark)
        li_put(&query, part(url, n + 1, url.len));
    if (!untunnel(&u, input_header(r, "X-HTTP-Method-Override"))) {
        say_error(r, &got, LI_STR(""));
        return agrees(r, &got);
    }
    whole = li_buf_of(take(cap), cap);
    li_put(&whole, part(url, 0, n));
    if (mark || query.len)
        li_put(&whole, LI_STR("?"));
    li_put(&whole, view(query.ptr, query.len));
    say(&got, "method", u.method);
    say(&got, "url", view(whole.ptr, whole.len));
    say(&got, "type", u.type);
    say(&got, "body", u.body.ptr ? u.body : LI_STR(""));
    return agrees(r, &got);
}

static void said_untunnelled(const row *r, li_str expected, text *t)
{
    li_str body = bytes_at(expected, "/body");

    (void)r;
    say(t, "method", bytes_at(expected, "/method"));
    say(t, "url", bytes_at(expected, "/url"));
    say(t, "type", bytes_at(expected, "/content_type"));
    say(t, "body", body.ptr ? body : LI_STR(""));
}

/* ---- the runner */

static const op ops[] = {
    { "encode", restli_encode, said_bytes, 0 },
    { "reduced_encode", restli_reduced_encode, said_bytes, 0 },
    { "param_encode", restli_param_encode, said_query, 0 },
    { "get_params", restli_param_encode, said_query, 0 },
    { "decode", restli_decode, said_json, 0 },
    { "reduced_decode", restli_reduced_decode, said_json, 0 },
    { "param_decode", restli_param_decode, said_json, 0 },
    { "mask_encode", mask_encode, said_fields, 0 },
    { "mask_decode", mask_decode, said_json, 0 },
    { "url", restli_url, said_bytes, 0 },
    { "urn", urn, said_bytes, 0 },
    { "entity_id", entity_id, said_entity, 0 },
    { "little_text", little_text, said_bytes, 0 },
    { "mention", mention, said_bytes, 0 },
    { "hashtag", hashtag, said_bytes, 0 },
    { "patch_diff", patch_diff, said_json, 0 },
    { "tunnel", tunnel, said_tunnel, 0 },
    { "request", request, said_request_made, 0 },
    { "headers", headers, said_headers, 0 },
    { "response", response, said_bytes, 0 },
    { "patch_apply", run_patch_apply, said_json, 0 },
    { "untunnel", run_untunnel, said_untunnelled, 0 },
    { "base64url_decode", base64url_decode, said_bytes, 0 },
    { "base64url_encode", base64url_encode, said_bytes, 0 },
    { "form_decode", form_decode, said_pairs, 0 },
    { "form_encode", form_encode, said_bytes, 0 },
    { "hmac_sha256", hmac_sha256, said_bytes, 0 },
    { "hmac_verify", hmac_verify, said_bytes, 0 },
    { "http_response", http_response, said_message, 1 },
    { "json_parse", json_parse, said_events, 0 },
    { "json_pointer", json_pointer, said_bytes, 0 },
    { "json_write", json_write, said_bytes, 0 },
    { "oauth_request", oauth_request, said_request, 0 },
    { "oauth_response", oauth_response, said_response, 0 },
    { "oauth_url", oauth_url, said_page, 0 },
    { "percent_decode", percent_decode, said_bytes, 0 },
    { "percent_encode", percent_encode, said_bytes, 0 },
    { "problem", problem, said_problem, 0 },
    { "redirect", redirect, said_code, 1 },
    { "retry_wait", retry_wait, said_wait, 0 },
    { "sha256", sha256, said_bytes, 0 },
    { "url_split", url_split, said_url, 0 },
    { "webhook_challenge", webhook_challenge, said_challenge, 0 },
    { "webhook_verify", webhook_verify, said_bytes, 0 },
};

typedef struct tally {
    unsigned long agree, differ, unknown;
    FILE *ids; /* of the rows that differ */
} tally;

static const op *op_find(li_str name)
{
    size_t i;

    for (i = 0; i < sizeof ops / sizeof ops[0]; ++i)
        if (is(name, ops[i].name))
            return &ops[i];
    return NULL;
}

static void run_line(li_str line, unsigned long number, tally *t)
{
    li_str name = bytes_at(line, "/op"), id;
    row r;

    r.all = line;
    r.op = op_find(name);
    if (!r.op && name.ptr) {
        ++t->unknown;
        return;
    }
    r.input = at(line, "/input");
    if (r.op && r.op->run(&r)) {
        ++t->agree;
        return;
    }
    id = bytes_at(line, "/id");
    if (id.ptr)
        fprintf(t->ids, " %.*s", (int)id.len, id.ptr);
    else
        fprintf(t->ids, " (line %lu)", number);
    ++t->differ;
}

static void run_text(li_str all, tally *t)
{
    unsigned long number = 0;
    size_t from, end;

    for (from = 0; from < all.len; from = end + 1) {
        const char *lf = (const char *)memchr(all.ptr + from, '\n',
                                              all.len - from);

        end = lf ? (size_t)(lf - all.ptr) : all.len;
        ++number;
        if (end > from)
            run_line(copy(part(all, from, end)), number, t);
        release();
    }
}

static char *read_whole(const char *path, size_t *len)
{
    FILE *f = fopen(path, "rb");
    char *p = NULL;
    size_t n = 1;

    *len = 0;
    while (f && n) {
        char *more = (char *)realloc(p, *len + 65536);

        if (!more)
            exit(2);
        p = more;
        n = fread(p + *len, 1, 65536, f);
        *len += n;
    }
    if (!f || ferror(f)) {
        perror(path);
        exit(2);
    }
    fclose(f);
    return p;
}

static void print_tally(const char *name, const tally *t, const char *ids)
{
    printf("%s:", name);
    if (t->agree + t->differ || !t->unknown)
        printf(" %lu of %lu agree", t->agree, t->agree + t->differ);
    if (t->unknown)
        printf(" %lu unknown", t->unknown);
    if (t->differ)
        printf(" differ:%s", ids);
    printf("\n");
    fflush(stdout);
}

static void run_file(const char *dir, const char *name, tally *all)
{
    char path[4096], *p, *ids;
    tally t = { 0, 0, 0, NULL };
    size_t ids_len;
    li_str s;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    p = read_whole(path, &s.len);
    s.ptr = p;
    t.ids = open_memstream(&ids, &ids_len);
    if (!t.ids)
        exit(2);
    run_text(s, &t);
    fclose(t.ids);
    print_tally(name, &t, ids);
    free(ids);
    free(p);
    all->agree += t.agree;
    all->differ += t.differ;
    all->unknown += t.unknown;
}

static int is_jsonl(const struct dirent *e)
{
    size_t n = strlen(e->d_name);

    return n > 6 && !strcmp(e->d_name + n - 6, ".jsonl");
}

int main(int argc, char **argv)
{
    struct dirent **names;
    tally all = { 0, 0, 0, NULL };
    int i, n;

    n = argc == 2 ? scandir(argv[1], &names, is_jsonl, alphasort) : -1;
    if (n <= 0) {
        fprintf(stderr, "usage: conformance DIR, with *.jsonl in it\n");
        return 2;
    }
    for (i = 0; i < n; ++i) {
        run_file(argv[1], names[i]->d_name, &all);
        free(names[i]);
    }
    free(names);
    printf("%lu agree, %lu differ, %lu unknown\n", all.agree, all.differ,
           all.unknown);
    return all.differ != 0;
}
