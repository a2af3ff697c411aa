/* little.h - Little Text as a reader sees it: what a commentary's escapes,
   hashtags and mentions become. Include behind linkedin.h's implementation.
   Source: marketing/community-management/shares/little-text-format. */
#ifndef MOCK_LITTLE_H
#define MOCK_LITTLE_H

#include <string.h>

enum little_kind { LITTLE_TEXT, LITTLE_TAG, LITTLE_MENTION };

typedef struct little {
    li_str all;
    size_t at;             /* up to where it is read                        */
    enum little_kind kind; /* of the piece that was read last               */
    li_str text, urn;      /* text: its escapes are still in it             */
} little;

static inline li_str little_part(const little *l, size_t from, size_t to)
{
    return LI_VIEW(l->all.ptr + from, to - from);
}

/* Where an unescaped c stands, from i on; the length: nowhere. */
static inline size_t little_find(const little *l, size_t i, char c)
{
    for (; i < l->all.len && l->all.ptr[i] != c; i++)
        i += l->all.ptr[i] == '\\';
    return i < l->all.len ? i : l->all.len;
}

static inline int little_is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* @[name](urn), whose urn may be left out. 0: it is none. */
static inline size_t little_mention(little *l, size_t i)
{
    size_t end = little_find(l, i + 2, ']'), close;

    if (i + 1 >= l->all.len || l->all.ptr[i + 1] != '[' || end >= l->all.len)
        return 0;
    l->text = little_part(l, i + 2, end);
    l->urn = li_cstr(NULL);
    l->kind = LITTLE_MENTION;
    close = little_find(l, end + 1, ')');
    if (end + 1 >= l->all.len || l->all.ptr[end + 1] != '(' ||
        close >= l->all.len)
        return end + 1;
    l->urn = little_part(l, end + 2, close);
    return close + 1;
}

/* {hashtag|#|word}; the sign may be escaped, and be a wide one. */
static inline size_t little_template(little *l, size_t i)
{
    size_t end = little_find(l, i + 1, '}'), bar = little_find(l, i + 1, '|');
    size_t word = little_find(l, bar + 1, '|');

    if (end >= l->all.len || word >= end ||
        !li_equal(little_part(l, i + 1, bar), LI_STR("hashtag")))
        return 0;
    l->text = little_part(l, word + 1, end);
    l->kind = LITTLE_TAG;
    return end + 1;
}

/* #word, not within a word. An escaped _ belongs to it. */
static inline size_t little_hash(little *l, size_t i)
{
    size_t end = i + 1;

    if (i && little_is_word(l->all.ptr[i - 1]))
        return 0;
    while (end < l->all.len &&
           (little_is_word(l->all.ptr[end]) ||
            (end + 1 < l->all.len && l->all.ptr[end] == '\\' &&
             l->all.ptr[end + 1] == '_')))
        end += l->all.ptr[end] == '\\' ? 2 : 1;
    l->text = little_part(l, i + 1, end);
    l->kind = LITTLE_TAG;
    return end > i + 1 ? end : 0;
}

/* Behind the element that begins at i; 0: there is plain text. */
static inline size_t little_element(little *l, size_t i)
{
    switch (l->all.ptr[i]) {
    case '@': return little_mention(l, i);
    case '{': return little_template(l, i);
    case '#': return little_hash(l, i);
    default: return 0;
    }
}

/* Reads the next piece; 0: there is none. */
static inline int little_next(little *l)
{
    size_t from = l->at, i = from, end = 0;

    while (i < l->all.len && !(end = little_element(l, i)))
        i += l->all.ptr[i] == '\\' && i + 1 < l->all.len ? 2 : 1;
    if (end && i == from) {
        l->at = end;
        return 1;
    }
    l->kind = LITTLE_TEXT;
    l->text = little_part(l, from, i);
    l->at = i;
    return i > from;
}

/* Appends a text without the backslashes that escape. */
static inline void little_plain(li_str text, li_buf *out)
{
    size_t i;
    for (i = 0; i < text.len; i++) {
        i += text.ptr[i] == '\\' && i + 1 < text.len;
        li_put(out, LI_VIEW(text.ptr + i, 1));
    }
}

#endif /* MOCK_LITTLE_H */
