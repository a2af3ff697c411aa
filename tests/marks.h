/* Marks that stand for secrets, and a search for them in any bytes: as they
   are, percent-encoded, as base64 and base64url at any offset, as JSON escapes
   and as hexadecimal digits. Include after linkedin.h; the file that does has
   failed(what, line). */
#ifndef MARKS_H
#define MARKS_H

#include <stdio.h>
#include <string.h>

enum mark {
    M_ACCESS, M_REFRESH, M_CLIENT, M_CODE, M_VERIFIER, M_STATE, M_ID, M_HOOK,
    MARKS
};
/* Whoever finds one of these has found the secret round it: letters and digits
   stay what they are in most encodings, and the others are looked for too. */
static const char *const mark_cores[MARKS] = {
    "mKaCcEsS7tOkEn4q", "mKrEfReSh8tOkEn5", "mKcLiEnT9sEcReT6",
    "mKaUtHcOdE7nUmB3", "mKvErIfIeR2pKcE8", "mKsTaTe5oFfLoW91",
    "mKiDtOkEn6jWtS42", "mKwEbHoOk3sIgN77"};
static const char *const mark_names[MARKS] = {
    "the access token", "the refresh token", "the client secret", "the code",
    "the PKCE verifier", "the state", "the id_token", "the webhook secret"};
#define BIT(mark) (1u << (mark))

enum { MARK_FORMS = 16, MARK_FORM = 6 * 16 + 1 };
static char mark_forms[MARKS][MARK_FORMS][MARK_FORM];
static unsigned mark_count[MARKS];
static unsigned char mark_starts[65536]; /* of forms: their first two bytes */
static unsigned long long looked_at;     /* bytes                            */

static void failed(const char *what, int line);

static unsigned mark_key(const char *at)
{
    return (unsigned)(unsigned char)at[0] << 8 | (unsigned char)at[1];
}

static void mark_add(unsigned m, const char *form)
{
    snprintf(mark_forms[m][mark_count[m]++], MARK_FORM, "%s", form);
    mark_starts[mark_key(form)] = 1;
}

/* Each byte as two hexadecimal digits behind `before`. */
static void mark_spell(unsigned m, const char *before, int upper)
{
    char form[MARK_FORM];
    size_t n = 0;
    const char *c = mark_cores[m];
    for (; *c; c++)
        n += (size_t)snprintf(form + n, sizeof form - n,
                              upper ? "%s%02X" : "%s%02x", before,
                              (unsigned)(unsigned char)*c);
    mark_add(m, form);
}

/* The characters that the core alone decides, behind `offset` other bytes. */
static void mark_base64(unsigned m, unsigned offset)
{
    char bytes[32] = "..", form[64];
    li_buf out = LI_BUF(form);
    size_t first = (8 * offset + 5) / 6, i;
    size_t all = offset + strlen(mark_cores[m]);
    strcpy(bytes + offset, mark_cores[m]);
    if (li_base64url_encode(li__str(bytes, all), &out) || li_buf_end(&out))
        failed("a mark as base64url", __LINE__);
    form[8 * all / 6] = 0;
    mark_add(m, form + first);
    for (i = 0; form[i]; i++)
        form[i] = form[i] == '-' ? '+' : form[i] == '_' ? '/' : form[i];
    mark_add(m, form + first);
}

static void marks_make(void)
{
    unsigned m, i;
    for (m = 0; m < MARKS; m++) {
        mark_add(m, mark_cores[m]);
        for (i = 0; i < 2; i++) {
            mark_spell(m, "%", (int)i);
            mark_spell(m, "\\u00", (int)i);
            mark_spell(m, "", (int)i);
        }
        for (i = 0; i < 3; i++)
            mark_base64(m, i);
    }
}

/* The marks that these bytes hold, as bits. */
static unsigned marks_in(const char *at, size_t len)
{
    unsigned found = 0, m, f;
    size_t i;
    looked_at += len;
    for (i = 0; i + 1 < len; i++) {
        if (!mark_starts[mark_key(at + i)])
            continue;
        for (m = 0; m < MARKS; m++)
            for (f = 0; f < mark_count[m]; f++) {
                size_t n = strlen(mark_forms[m][f]);
                if (n <= len - i && !memcmp(at + i, mark_forms[m][f], n))
                    found |= BIT(m);
            }
    }
    return found;
}

/* Nothing else than `allowed` may be in there. */
static void look(const char *where, const char *at, size_t len,
                 unsigned allowed, int line)
{
    unsigned m, found = marks_in(at, len) & ~allowed;
    char what[128];
    for (m = 0; m < MARKS; m++)
        if (found & BIT(m)) {
            snprintf(what, sizeof what, "%s holds %s", where, mark_names[m]);
            printf("%.*s\n", (int)(len < 2000 ? len : 2000), at);
            failed(what, line);
        }
}

/* The search itself: what it must find, and what it must not. */
static void marks_try(void)
{
    static const char *const before[] = {"", "x", "xy", "\"a"};
    char text[64], form[512];
    unsigned m, i;
    for (m = 0; m < MARKS; m++)
        for (i = 0; i < 4; i++) {
            li_buf out = LI_BUF(form);
            li_value v = {{NULL, 0}, 0};
            size_t k;
            snprintf(text, sizeof text, "%s%s\n%%z", before[i], mark_cores[m]);
            v.text = li_cstr(text);
            li_base64url_encode(v.text, &out);
            if (marks_in(form, out.len) != BIT(m))
                failed("no mark found in base64url", __LINE__);
            for (k = 0; k < out.len; k++)
                form[k] = form[k] == '-' ? '+' : form[k] == '_' ? '/' : form[k];
            if (marks_in(form, out.len) != BIT(m))
                failed("no mark found in base64", __LINE__);
            li_buf_clear(&out);
            li_percent_encode(v.text, &out);
            if (marks_in(form, out.len) != BIT(m))
                failed("no mark found among percent signs", __LINE__);
            li_buf_clear(&out);
            li_json_fill(&out, "?", &v, 1);
            if (marks_in(form, out.len) != BIT(m))
                failed("no mark found in JSON", __LINE__);
        }
    if (marks_in("mKaCcEsS7tOkEn4", 15))
        failed("a mark found where none is", __LINE__);
}
#endif /* MARKS_H */
