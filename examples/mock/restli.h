/* restli.h - the server's half of Rest.li: requests that came through a query
   tunnel, and patches applied. Include behind linkedin.h's implementation.
   Calls itself for what lies within: it is a server for tests, whose JSON is
   LI_JSON_DEPTH deep at most. */
#ifndef MOCK_RESTLI_H
#define MOCK_RESTLI_H

#include "json.h"

#include <string.h>
#include <strings.h>

/* ---- query tunnelling: shared/api-guide/concepts/query-tunneling */

typedef struct untunnelled {
    li_str method, type, body;
    li_buf *query; /* what was there, then what was in the body */
} untunnelled;

static li_str after(li_str text, size_t n)
{
    li_str rest = {NULL, 0};
    if (n < text.len) {
        rest.ptr = text.ptr + n;
        rest.len = text.len - n;
    }
    return rest;
}

/* Where part stands in text, or text.len + 1. */
static size_t place_of(li_str text, li_str part)
{
    size_t i;
    for (i = 0; part.len && i + part.len <= text.len; i++)
        if (!memcmp(text.ptr + i, part.ptr, part.len))
            return i;
    return text.len + 1;
}

static int type_is(li_str type, const char *name)
{
    size_t n = strlen(name);
    return type.len >= n && !strncasecmp(type.ptr, name, n);
}

static void append_query(untunnelled *u, li_str query)
{
    if (u->query->len && query.len)
        li_put(u->query, LI_STR("&"));
    li_put(u->query, query);
}

/* One part between two boundaries: told by its type. */
static int take_part(untunnelled *u, li_str part)
{
    size_t end = place_of(part, LI_STR("\r\n\r\n"));
    size_t at = place_of(part, LI_STR("Content-Type: "));
    li_str type = after(part, at + 14), body = after(part, end + 4);
    if (end > part.len || at > end)
        return 0;
    type.len = place_of(type, LI_STR("\r\n"));
    if (type_is(type, "application/x-www-form-urlencoded")) {
        append_query(u, body);
    } else {
        u->type = type;
        u->body = body;
    }
    return 1;
}

/* multipart/mixed; boundary=X: RFC 2046 section 5.1. */
static int take_parts(untunnelled *u, li_str type, li_str body)
{
    char mark[80] = "\r\n--";
    size_t at = place_of(type, LI_STR("boundary=")), n = 4, end;
    li_str boundary = after(type, at + 9);
    for (; boundary.len && n < sizeof mark - 1; boundary = after(boundary, 1))
        if (*boundary.ptr != '"')
            mark[n++] = *boundary.ptr;
    at = place_of(body, li_cstr(mark + 2));
    if (at || n == 4)
        return 0;
    u->type = u->body = li_cstr(NULL);
    for (body = after(body, n - 2); body.len > 2 && *body.ptr != '-';
         body = after(body, end + n)) {
        li_str part = body;
        end = place_of(body, li_cstr(mark));
        if (end > body.len)
            return 0;
        part.len = end;
        if (!take_part(u, part))
            return 0;
    }
    return 1;
}

/* u has what came; override absent: it stays so. 0: refused. */
static int untunnel(untunnelled *u, li_str override)
{
    static const char *const verbs[] = {"GET", "POST", "PUT", "DELETE",
                                        "OPTIONS"};
    li_str type = u->type, body = u->body;
    size_t i = 0;
    if (!override.ptr)
        return 1;
    while (i < 5 && !li_equal(override, li_cstr(verbs[i])))
        i++;
    if (i == 5 || !type.len)
        return 0;
    u->method = override;
    if (type_is(type, "application/x-www-form-urlencoded")) {
        append_query(u, body);
        u->type = u->body = li_cstr(NULL);
        return 1;
    }
    return type_is(type, "multipart/mixed") && take_parts(u, type, body);
}

/* ---- patches: rest.li's protocol, partial update */

/* The next member of an object, raw. 0: no more, or no object. */
static int next_member(li_json *json, li_str *key, li_str *value)
{
    const char *from;
    if (li_json_next(json) ||
        (json->type == LI_JSON_OBJECT && li_json_next(json)) ||
        json->type != LI_JSON_KEY)
        return 0;
    *key = json->text;
    if (li_json_next(json))
        return 0;
    from = json->text.ptr;
    if (li_json_skip(json))
        return 0;
    value->ptr = from;
    value->len = (size_t)(json->text.ptr - from) + json->text.len;
    return 1;
}

/* The raw value of a raw key; absent if it has none. */
static li_str member_of(li_str object, li_str key)
{
    li_str name, value, none = {NULL, 0};
    li_json json;
    li_json_open(&json, object, 1);
    while (object.len && next_member(&json, &name, &value))
        if (li_equal(name, key))
            return value;
    return none;
}

static int is_object(li_str raw)
{
    return raw.len && *raw.ptr == '{';
}

static int in_list(li_str list, li_str raw)
{
    li_json json;
    li_json_open(&json, list, 1);
    while (list.len && !li_json_next(&json) && json.type != LI_JSON_END)
        if (json.type == LI_JSON_STRING && li_equal(json.text, raw))
            return 1;
    return 0;
}

static li_str element_of(li_str list, size_t index)
{
    char pointer[24];
    li_buf out = LI_BUF(pointer);
    li_str raw;
    li_put(&out, LI_STR("/"));
    li_put_int(&out, (int64_t)index);
    if (li_buf_end(&out) || li_json_find(list, pointer, &raw))
        return li_cstr(NULL);
    return raw;
}

/* One element of a list goes to another place. */
static int reorder(li_str list, li_str moves, li_buf *out)
{
    int64_t from, to;
    li_str raw;
    size_t i, count = 0, at;
    if (li_json_find(moves, "/0/$fromIndex", &raw) ||
        li_json_int(raw, &from) ||
        li_json_find(moves, "/0/$toIndex", &raw) || li_json_int(raw, &to) ||
        !li_json_find(moves, "/1", &raw) || /* one move is all it takes */
        !list.len || *list.ptr != '[')
        return 0;
    while (element_of(list, count).len)
        count++;
    if (from < 0 || to < 0 || (size_t)from >= count || (size_t)to >= count)
        return 0;
    li_put(out, LI_STR("["));
    for (i = 0; i < count; i++) {
        at = i == (size_t)to                     ? (size_t)from
             : from < to && i >= (size_t)from && i < (size_t)to ? i + 1
             : from > to && i > (size_t)to && i <= (size_t)from ? i - 1
                                                                : i;
        json_value(out, element_of(list, at));
    }
    li_put(out, LI_STR("]"));
    return 1;
}

/* Whether a name is deleted and set, or deleted and changed inside. */
static int is_torn(li_str patch, li_str set, li_str gone)
{
    li_str key, value;
    li_json json;
    li_json_open(&json, patch, 1);
    while (next_member(&json, &key, &value))
        if (in_list(gone, key))
            return 1;
    li_json_open(&json, set, 1);
    while (set.ptr && next_member(&json, &key, &value))
        if (in_list(gone, key))
            return 1;
    return 0;
}

static int patch_apply(li_str data, li_str patch, li_buf *out);

/* A member that is not there is made by what is set in it; what is to be
   deleted in it makes none. */
static int patch_absent(li_str key, li_str patch, li_buf *out)
{
    li_buf before = *out;
    json_value(out, key);
    li_put(out, LI_STR(":"));
    if (!patch_apply(li_cstr(NULL), patch, out))
        return 0;
    if (!out->rc && out->ptr[out->len - 2] == '{')
        *out = before;
    return 1;
}

/* Writes data with the patch applied; data may be absent. 0: the two do not
   go together. */
static int patch_apply(li_str data, li_str patch, li_buf *out)
{
    li_str set = member_of(patch, LI_STR("\"$set\""));
    li_str gone = member_of(patch, LI_STR("\"$delete\""));
    li_str moves = member_of(patch, LI_STR("\"$reorder\""));
    li_str key, value, inner;
    li_json json;
    if (moves.ptr)
        return reorder(data, moves, out);
    if ((data.ptr && !is_object(data)) || !is_object(patch) ||
        (set.ptr && !is_object(set)) || is_torn(patch, set, gone))
        return 0;
    json_put(out, "{");
    li_json_open(&json, data, 1);
    while (data.ptr && next_member(&json, &key, &value)) {
        inner = member_of(patch, key);
        if (in_list(gone, key))
            continue;
        json_value(out, key);
        li_put(out, LI_STR(":"));
        if (inner.ptr && !patch_apply(value, inner, out))
            return 0;
        if (!inner.ptr)
            li_put(out, member_of(set, key).ptr ? member_of(set, key) : value);
    }
    li_json_open(&json, patch, 1);
    while (next_member(&json, &key, &value)) {
        if (key.len > 1 && key.ptr[1] == '$')
            continue;
        if (!is_object(value) || member_of(set, key).ptr)
            return 0;
        if (member_of(data, key).ptr)
            continue;
        if (!patch_absent(key, value, out))
            return 0;
    }
    li_json_open(&json, set, 1);
    while (set.ptr && next_member(&json, &key, &value))
        if (!member_of(data, key).ptr) {
            json_value(out, key);
            li_put(out, LI_STR(":"));
            li_put(out, value);
        }
    json_put(out, "}");
    return 1;
}

#endif /* MOCK_RESTLI_H */
