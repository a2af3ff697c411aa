/* json.h - JSON written piece by piece, by templates. Include behind
   linkedin.h. */
#ifndef MOCK_JSON_H
#define MOCK_JSON_H

/* A piece of JSON without values: "{", "]}". */
static inline void json_put(li_buf *out, const char *piece)
{
    li_json_fill(out, piece, NULL, 0);
}

static inline void json_value(li_buf *out, li_str ready)
{
    li_value value = {ready, 0};
    li_json_fill(out, "*", &value, 1);
}

static inline void json_string(li_buf *out, li_str text)
{
    li_value value = {text, 0};
    li_json_fill(out, "?", &value, 1);
}

static inline void json_key(li_buf *out, li_str name)
{
    li_value value = {name, 0};
    li_json_fill(out, "?:", &value, 1);
}

static inline void json_raw(li_buf *out, const char *name, const char *raw)
{
    li_value values[] = {{li_cstr(name), 0}, {li_cstr(raw), 0}};
    li_json_fill(out, "?:*", values, 2);
}

static inline void json_text(li_buf *out, const char *name, li_str text)
{
    li_value values[] = {{li_cstr(name), 0}, {LI_VIEW("", 0), 0}};
    if (text.ptr)
        values[1].text = text;
    li_json_fill(out, "?:?", values, 2);
}

static inline void json_int(li_buf *out, const char *name, int64_t value)
{
    li_value values[] = {{li_cstr(name), 0}, {LI_VIEW("", 0), value}};
    li_json_fill(out, "?:#", values, 2);
}

#endif
