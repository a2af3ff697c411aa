/* JSON: li_json_next() beside RapidJSON's reader. Both accept a text, with the
   same events, decoded texts and digits of numbers, or both refuse it. They
   differ only here, and each time for the reason told:

   - RapidJSON takes a "\uDC00" to "\uDFFF" that no high surrogate precedes, and
     writes it as three bytes that are no UTF-8 (RFC 3629 section 3): here that
     is LI_E_ENCODING.
   - RapidJSON computes each number, though it is asked for its text alone, and
     refuses one beyond a double: here numbers are texts (RFC 8259 section 6
     lets a reader set its limits).
   - A NUL byte is RapidJSON's end of input, wherever it stands: here it is no
     JSON.
   - More than LI_JSON_DEPTH levels are LI_E_DEPTH here. */
#include "fuzz.h"
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <string>

/* What a text is made of: a letter for each event, and behind it the text's
   length and bytes. */
struct events {
    std::string all;

    bool put(char kind, const char *text = "", size_t len = 0)
    {
        all += kind;
        all += std::to_string(len);
        all += ':';
        all.append(text, len);
        return true;
    }
    /* RapidJSON's names, which it calls */
    bool Null() { return put('z'); }
    bool Bool(bool b) { return put(b ? 't' : 'f'); }
    bool Int(int) { return false; }
    bool Uint(unsigned) { return false; }
    bool Int64(int64_t) { return false; }
    bool Uint64(uint64_t) { return false; }
    bool Double(double) { return false; }
    bool RawNumber(const char *s, unsigned n, bool) { return put('n', s, n); }
    bool String(const char *s, unsigned n, bool) { return put('s', s, n); }
    bool Key(const char *s, unsigned n, bool) { return put('k', s, n); }
    bool StartObject() { return put('{'); }
    bool EndObject(unsigned) { return put('}'); }
    bool StartArray() { return put('['); }
    bool EndArray(unsigned) { return put(']'); }
};

/* A string as both decode it. */
static li_rc put_text(const li_json &json, events *to)
{
    std::string mem(json.text.len, 0);
    li_buf out = li_buf_of(&mem[0], mem.size());
    li_rc rc = li_json_text(json.text, &out);
    if (!rc)
        to->put(json.type == LI_JSON_KEY ? 'k' : 's', mem.data(), out.len);
    return rc;
}

static li_rc ours(li_str text, events *to)
{
    li_json json;
    li_rc rc;
    li_json_open(&json, text, 1);
    while (!(rc = li_json_next(&json)) && json.type != LI_JSON_END) {
        static const char kinds[] = "?{}[]ksntfz";
        if (json.type == LI_JSON_KEY || json.type == LI_JSON_STRING)
            rc = put_text(json, to);
        else if (json.type == LI_JSON_NUMBER)
            to->put('n', json.text.ptr, json.text.len);
        else
            to->put(kinds[json.type]);
        CLAIM(!rc); /* what the tokenizer takes can be decoded */
    }
    return rc;
}

static rapidjson::ParseErrorCode theirs(li_str text, events *to)
{
    rapidjson::MemoryStream in(text.ptr, text.len);
    rapidjson::Reader reader;
    return reader
        .Parse<rapidjson::kParseNumbersAsStringsFlag |
               rapidjson::kParseValidateEncodingFlag |
               rapidjson::kParseIterativeFlag>(in, *to)
        .Code();
}

/* Whether there is an escape of a low surrogate. */
static bool has_low_surrogate(li_str text)
{
    size_t i;
    for (i = 0; i + 4 <= text.len; i++)
        if (text.ptr[i] == '\\' && text.ptr[i + 1] == 'u' &&
            (text.ptr[i + 2] | 32) == 'd' && (text.ptr[i + 3] | 32) >= 'c' &&
            (text.ptr[i + 3] | 32) <= 'f')
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    events mine, other;
    li_str text;
    /* the corpus is that of fuzz_json.c, whose first four bytes are a seed */
    if (size < 4)
        return 0;
    char *copy = (char *)malloc(size - 4 + !(size - 4));
    memcpy(copy, data + 4, size - 4);
    text = li__str(copy, size - 4);
    if (!memchr(copy, 0, text.len)) {
        li_rc rc = ours(text, &mine);
        rapidjson::ParseErrorCode code = theirs(text, &other);
        if (code == rapidjson::kParseErrorNumberTooBig)
            ;
        else if (rc == LI_E_DEPTH)
            CLAIM(!mine.all.empty());
        else if (rc == LI_E_ENCODING && !code)
            CLAIM(has_low_surrogate(text));
        else
            CLAIM(!rc == !code && (rc || mine.all == other.all));
    }
    free(copy);
    return 0;
}
