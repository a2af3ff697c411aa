/* JSON: any split into pieces gives the same tokens; an error is sticky; what
   is accepted decodes, and writes back to what it was. */
#include "fuzz.h"

static li_rc read_all(li_str text, uint32_t seed, uint64_t *hash)
{
    li_json json;
    size_t at = seed ? 0 : text.len;
    int was_part = 0;
    li_rc rc;
    li_json_open(&json, li__str(text.ptr, at), at == text.len);
    for (;;) {
        rc = li_json_next(&json);
        if (rc == LI_WANT_READ) {
            size_t n = piece(&seed, text.len - at);
            CLAIM(at < text.len || n == 0);
            li_json_feed(&json, li__str(text.ptr + at, n), at + n == text.len);
            at += n;
            continue;
        }
        if (rc)
            break;
        if (json.type == LI_JSON_END)
            return LI_OK;
        if (!was_part)
            fold_int(hash, (int)json.type);
        fold(hash, json.text.ptr, json.text.len);
        was_part = json.more;
    }
    CLAIM(li_json_next(&json) == rc);
    return rc;
}

static void round_trip(li_str raw)
{
    static char text[4096], again[32768];
    li_buf out = LI_BUF(text), back = LI_BUF(again);
    li_value value;
    if (li_json_text(raw, &out) != LI_OK)
        return;
    CLAIM(li_json_is(raw, li__str(text, out.len)));
    value.number = 0;
    value.text = li__str(text, out.len);
    CLAIM(!li_json_fill(&back, "?", &value, 1));
    CLAIM(li_json_is(li__str(again, back.len), li__str(text, out.len)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t whole = 1, pieces = 1;
    li_str text, raw;
    char *copy;
    int64_t number;
    li_rc rc;
    if (size < 4)
        return 0;
    copy = (char *)malloc(size - 4 + !(size - 4));
    memcpy(copy, data + 4, size - 4);
    text = li__str(copy, size - 4);
    rc = read_all(text, 0, &whole);
    CLAIM(read_all(text, 1 | (uint32_t)data[0] | (uint32_t)data[1] << 8,
                   &pieces) == rc);
    if (!rc)
        CLAIM(whole == pieces);
    CLAIM((li_json_find(text, "", &raw) == LI_OK) == (rc == LI_OK));
    li_json_find(text, "/a/0", &raw);
    li_json_find(text, "/~0~1", &raw);
    if (!rc)
        round_trip(text);
    li_json_int(text, &number);
    free(copy);
    return 0;
}
