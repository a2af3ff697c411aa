/* What linkedin.h makes of answers, and the requests that it writes: for
   h11_differ.py, which asks h11 the same. It reads a line for each, and writes
   one; all texts are hexadecimal, "-" is the empty one.

     A METHOD BYTES            an answer, behind which the peer closes
     -> RC STATUS BODY NAME VALUE...
     R METHOD PATH QUERY HOW BODY NAME VALUE...   HOW: m from memory, r from a
                               reader, f a form (of NAME VALUE alone)
     -> RC BYTES */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 1 << 18, FIELDS = 64 };

static char line[LINE], texts[LINE], work[1 << 16];
static li_str fields[FIELDS]; /* decoded, each with a NUL behind             */
static unsigned count;

static int digit(char c)
{
    return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

static void split(void)
{
    char *at = texts, *word = strtok(line, " \n");
    for (count = 0; word && count < FIELDS; count++) {
        size_t i, n = count && *word != '-' ? strlen(word) / 2 : 0;
        fields[count].ptr = at;
        fields[count].len = n;
        for (i = 0; i < n; i++)
            *at++ = (char)(digit(word[2 * i]) * 16 + digit(word[2 * i + 1]));
        *at++ = 0;
        word = strtok(NULL, " \n");
    }
}

static void show(li_str text)
{
    size_t i;
    fputs(text.len ? " " : " -", stdout);
    for (i = 0; i < text.len; i++)
        printf("%02x", (unsigned char)text.ptr[i]);
}

/* ---- answers */

static li_str names[600], values[600];
static char kept[1 << 17];
static size_t kept_len;
static unsigned headers;

static li_str keep(li_str text)
{
    li_str copy = li__str(kept + kept_len, text.len);
    memcpy(kept + kept_len, text.ptr, text.len);
    kept_len += text.len;
    return copy;
}

static void see(void *user, li_str name, li_str value)
{
    (void)user;
    names[headers] = keep(name);
    values[headers++] = keep(value);
}

static void answer(void)
{
    static const li_client app = {.access_token = "t"};
    li_req req = {.method = fields[1].ptr, .path = "/", .on_header = see};
    li_str bytes = fields[2];
    li_call call;
    unsigned i;
    kept_len = headers = 0;
    li_begin(&call, &app, &req, work, sizeof work);
    li_opened(&call, 0);
    li_out_ack(&call, li_out_buf(&call).len);
    while (li_step(&call) > 0) {
        size_t room;
        char *in = li_in_buf(&call, &room);
        room = room < bytes.len ? room : bytes.len;
        memcpy(in, bytes.ptr, room);
        bytes = li__cut(bytes, room, bytes.len);
        if (room)
            li_in_ack(&call, room);
        else
            li_in_eof(&call);
    }
    printf("%s %d", li_rc_name(call.rc), call.status);
    show(call.body);
    for (i = 0; i < headers; i++) {
        show(names[i]);
        show(values[i]);
    }
}

/* ---- requests */

static size_t give(void *user, uint64_t at, char *dst, size_t cap)
{
    const li_str *body = (const li_str *)user;
    size_t n = body->len - (size_t)at;
    n = n < cap ? n : cap;
    n = n > 7 ? 7 : n;
    memcpy(dst, body->ptr + at, n);
    return n;
}

static void request(void)
{
    static const li_client app = {.access_token = "TOK", .version = "202609"};
    static const char *more[FIELDS];
    li_req req = {.method = fields[1].ptr, .path = fields[2].ptr,
                  .query = fields[3].len ? fields[3].ptr : NULL};
    char how = *fields[4].ptr;
    li_call call;
    unsigned i;
    size_t sent = 0;
    for (i = 6; i < count; i++)
        if (how == 'f')
            req.form[i - 6] = fields[i].ptr;
        else
            more[i - 6] = fields[i].ptr;
    more[i - 6] = NULL;
    req.headers = how == 'f' ? NULL : more;
    if (how == 'm')
        req.body = fields[5];
    if (how == 'r') {
        req.read = give;
        req.read_len = fields[5].len;
        req.user = &fields[5];
    }
    li_begin(&call, &app, &req, work, sizeof work);
    li_opened(&call, 0);
    kept_len = 0;
    while (li_step(&call) == LI_WANT_WRITE) {
        li_str out = li_out_buf(&call);
        size_t n = 1 + sent++ % 50;
        n = n < out.len ? n : out.len;
        keep(li__str(out.ptr, n));
        li_out_ack(&call, n);
    }
    printf("%s", li_rc_name(call.rc));
    show(li__str(kept, kept_len));
}

int main(void)
{
    while (fgets(line, sizeof line, stdin)) {
        char what = *line;
        split();
        if (what == 'A')
            answer();
        else
            request();
        putchar('\n');
    }
    return 0;
}
