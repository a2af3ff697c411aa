/* Doubles for the functions that are proved by entries of their own, for texts
   and capacities of every length one by one. Where they are called, a double
   checks what they need and gives whatever they may give. Eva keeps no relation
   between the place and the length of a view; so a double's view is an object
   of its own, which is all that its reader may count on. run.sh has renamed
   the functions themselves, in a copy of the header, to NAME_itself. */
#include "proved.h"
#include "__fc_builtin.h"
#include <string.h>

#ifndef N
#define N 32 /* the most bytes of a text, and of a writer's memory */
#endif

char view[N > 20 ? N : 20]; /* -lib-entry: of unknown value */

static size_t upto(size_t most)
{
    size_t n = (size_t)Frama_C_interval(0, (int)most);
#ifdef EVERY
    //@ split n;
#endif
    return n;
}

static int either(int a, int b)
{
    return Frama_C_interval(0, 1) ? a : b;
}

/* All bytes of a text are read. */
static void read_all(li_str s)
{
    volatile char c;
    size_t i;
    for (i = 0; i < s.len; i++)
        c = s.ptr[i];
}

static const void *find_byte(const void *from, int c, size_t n)
{
    const unsigned char *s = (const unsigned char *)from;
    size_t i;
    for (i = 0; i < n; i++)
        if (s[i] == (unsigned char)c) return s + i;
    return NULL;
}

static size_t li__sum(size_t a, size_t b);

static void *copy_bytes(void *to, const void *from, size_t n)
{
    char *d = (char *)to;
    const char *s = (const char *)from;
    size_t i;
    for (i = 0; i < n; i++)
        d[i] = s[i];
    return to;
}

#ifndef ITSELF
static li_str li__cut(li_str s, size_t from, size_t to)
{
    (void)from, (void)to;
    return li__str(view, upto(s.len));
}

static li_str li__upto(li_str *rest, char c)
{
    li_str head = *rest;
    read_all(head);
    head.len = (size_t)Frama_C_interval(0, (int)rest->len);
    rest->len = (size_t)Frama_C_interval(0, (int)rest->len);
    rest->ptr = view;
    (void)c;
    return head;
}

LINKEDIN_API li_rc li_put(li_buf *out, li_str bytes)
{
    size_t i;
    read_all(bytes);
    for (i = 0; i < out->cap; i++)
        out->ptr[i] = (char)Frama_C_interval(-128, 127);
    out->need = li__sum(out->need, bytes.len);
    out->last = (char)Frama_C_interval(-128, 127);
    out->len = upto(out->cap);
    if (!out->rc && Frama_C_interval(0, 1))
        out->rc = LI_E_SPACE;
    return out->rc;
}

LINKEDIN_API li_rc li_put_int(li_buf *out, int64_t value)
{
    (void)value;
    return li_put(out, li__str(view, (size_t)Frama_C_interval(1, 20)));
}

LINKEDIN_API li_rc li_json_next(li_json *json)
{
    static const li_rc fails[] = {LI_WANT_READ, LI_E_JSON, LI_E_DEPTH,
                                  LI_E_ENCODING};
    if (json->rc) return json->rc;
    json->text = li__str(view, upto(json->priv.len));
    json->type = (li_json_type)Frama_C_interval(LI_JSON_NONE, LI_JSON_END);
    json->more = (uint8_t)Frama_C_interval(0, 1);
    json->depth = (uint8_t)Frama_C_interval(0, LI_JSON_DEPTH);
    json->priv.at = upto(json->priv.len);
    json->priv.skip = 0;
    if (Frama_C_interval(0, 1)) return LI_OK;
    json->rc = fails[Frama_C_interval(0, 3)];
    return json->rc;
}

LINKEDIN_API li_rc li_json_skip(li_json *json)
{
    return li_json_next(json);
}

/* Of an object: those who ask for a name have one before them. */
LINKEDIN_API li_rc li_json_each(li_json *json, li_str *name, li_str *value)
{
    li_rc rc = li_json_next(json);
    if (rc) return rc;
    if (name)
        *name = li__str(view, upto(N));
    *value = li__str(view, upto(N));
    if (Frama_C_interval(0, 1)) return LI_OK;
    return Frama_C_interval(0, 1) ? LI_E_MISSING : LI_E_TYPE;
}

static size_t li__j_take(li_str s, size_t *i, char utf8[4])
{
    size_t n = (size_t)Frama_C_interval(0, 4);
    read_all(s);
    *i = (size_t)Frama_C_interval(0, (int)s.len);
    if (n > 0)
        utf8[0] = (char)Frama_C_interval(-128, 127);
    if (n == 0) return 0;
    if (n == 1) return 1;
    utf8[1] = (char)Frama_C_interval(-128, 127);
    if (n == 2) return 2;
    utf8[2] = (char)Frama_C_interval(-128, 127);
    if (n == 3) return 3;
    utf8[3] = (char)Frama_C_interval(-128, 127);
    return 4;
}

static size_t li__utf8_put(uint32_t code, char utf8[4])
{
    size_t i = 0;
    (void)code;
    return li__j_take(li__str(view, 4), &i, utf8);
}
#endif

#ifdef ITSELF
#define LI_MEMCPY copy_bytes
#define LI_MEMMOVE copy_bytes
#else
#define LI_MEMCPY memcpy
#define LI_MEMMOVE memmove
#endif
#define LI_MEMSET memset
#define LI_MEMCHR find_byte
#define LI_STRLEN strlen
#define LINKEDIN_IMPLEMENTATION
#include "proved.h"
