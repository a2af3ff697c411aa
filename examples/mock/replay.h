/* replay.h - answers taken from a recorded file instead of from the mock: each
   request gets the next one to the same method, path and query. */
#ifndef MOCK_REPLAY_H
#define MOCK_REPLAY_H

#include <sys/mman.h>

enum { MAX_LINES = 16384 };

/* ---- reading */

static struct replay_line {
    li_str text;
    uint8_t key[8]; /* of what is asked                                     */
    uint8_t used;
} replay_lines[MAX_LINES];
static size_t replay_count;

/* Fields whose values differ from run to run. */
static int is_of_a_run(li_str name)
{
    return is(name, "nonce") || is(name, "code_challenge") ||
           is(name, "redirect_uri");
}

/* Two requests are the same if their keys are: method, path and query, but for
   the values of secrets and of what is_of_a_run(). */
static void replay_key(uint8_t key[8], li_str method, li_str target)
{
    char memory[MAX_URL + 4 * MAX_QUERY];
    uint8_t digest[32];
    li_buf text = LI_BUF(memory);
    li_str name, field, path = cut(&target, "?");
    int secret;

    li_put(&text, method);
    put(&text, " ");
    li_put(&text, path);
    while (target.len) {
        field = li__query_field(&target, &name, &secret);
        put(&text, "&");
        li_put(&text, secret || is_of_a_run(name) ? name : field);
    }
    li_sha256(written(&text), digest);
    memcpy(key, digest, 8);
}

static int replay_text(li_str line, const char *pointer, li_buf *out)
{
    li_str raw;
    return !li_json_find(line, pointer, &raw) && !li_json_text(raw, out);
}

static int64_t replay_number(li_str line, const char *pointer, int64_t other)
{
    li_str raw;
    if (!li_json_find(line, pointer, &raw))
        li_json_int(raw, &other);
    return other;
}

/* Takes one line of the file; 0: it is no exchange. */
static int replay_add(li_str text)
{
    char method[64], target[MAX_URL + MAX_QUERY];
    li_buf m = LI_BUF(method), t = LI_BUF(target);
    struct replay_line *line = &replay_lines[replay_count];
    li_str all;

    if (li_json_find(text, "", &all) || !replay_text(text, "/method", &m) ||
        !replay_text(text, "/target", &t) ||
        replay_number(text, "/status", -1) < 0)
        return 0;
    line->text = text;
    replay_key(line->key, written(&m), written(&t));
    replay_count++;
    return 1;
}

static void replay_open(void)
{
    char why[64];
    struct stat st;
    unsigned n = 0;
    li_str rest, line;
    void *map;
    int fd = open(set.replay, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &st))
        die(set.replay, strerror(errno));
    if (!S_ISREG(st.st_mode) || !st.st_size)
        die(set.replay, "no file of recorded exchanges");
    map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED)
        die(set.replay, strerror(errno));
    close(fd);
    for (rest = span(map, (size_t)st.st_size); rest.len;) {
        line = cut(&rest, "\n");
        n++;
        snprintf(why, sizeof why, "line %u is no recorded exchange", n);
        if (replay_count == MAX_LINES)
            die(set.replay, "too many exchanges");
        if (line.len && !replay_add(line))
            die(set.replay, why);
    }
}

/* ---- answering */

static struct replay_line *replay_find(const exchange *x)
{
    char memory[MAX_URL + MAX_QUERY];
    li_buf target = LI_BUF(memory);
    uint8_t key[8];
    size_t i;

    li_put(&target, x->path);
    put(&target, "?");
    li_put(&target, x->query);
    replay_key(key, x->method, written(&target));
    for (i = 0; i < replay_count; i++)
        if (!replay_lines[i].used && !memcmp(replay_lines[i].key, key, 8))
            return &replay_lines[i];
    return NULL;
}

/* A header of the record. *location: what that one leads to. */
static void replay_header(exchange *x, li_str raw, li_str *location)
{
    size_t at = x->extra.len;
    li_str line;

    if (li_json_text(raw, &x->extra))
        return;
    line = span(x->extra.ptr + at, x->extra.len - at);
    if (contains(line, "\n")) /* it would be another header */
        x->extra.len = at;
    else if (starts(line, "Location: "))
        *location = after(line, 10);
    put(&x->extra, x->extra.len > at ? "\r\n" : "");
}

/* The redirect of the authorization page goes where this run's client wants
   it, with this run's state; what it tells is the record's. */
static int replay_redirect(exchange *x, li_str location)
{
    static char memory[3 * MAX_FORM];
    li_buf text = LI_BUF(memory);
    li_str name[2], value[2], raw;
    char key[64];
    int i;

    cut(&location, "?");
    for (i = 0; i < 2; i++) {
        name[i] = li_cstr(NULL);
        value[i] = li_cstr(NULL);
        if (!li_form_next(&location, &name[i], &raw) &&
            !is(name[i], "state"))
            form_decode(&text, raw, &value[i]);
    }
    snprintf(key, sizeof key, "%.*s", (int)name[0].len,
             name[0].ptr ? name[0].ptr : "");
    return redirect(x, key, value[0], "error_description", value[1]);
}

/* The authorization page is not the record's either, which knows no state. */
static int replay_sign_in(exchange *x, int status, li_str location)
{
    static char memory[MAX_EXTRA];
    li_buf copy = LI_BUF(memory);

    li_put(&copy, location);
    if ((status != 302 && status != 200) ||
        !oauth_form(x, is(x->method, "POST") ? x->body : x->query))
        return status;
    li_buf_clear(&x->out);
    li_buf_clear(&x->extra);
    x->verbatim = 0;
    return status == 200 ? consent_page(x)
                         : replay_redirect(x, written(&copy));
}

/* The body; what leads to the host of then leads to that of now. */
static void replay_answer(exchange *x, li_str line)
{
    static char memory[MAX_PIECE];
    char host[256];
    li_buf body = LI_BUF(memory), then = LI_BUF(host);
    li_str raw, rest;
    size_t at;

    if (!li_json_find(line, "/answer64", &raw) && raw.len > 2)
        li_base64url_decode(span(raw.ptr + 1, raw.len - 2), &x->out);
    replay_text(line, "/answer", &body);
    rest = written(&body);
    if (!replay_text(line, "/host", &then))
        then.len = 0;
    while ((at = place_of(rest, written(&then))) <= rest.len) {
        li_put(&x->out, span(rest.ptr, at));
        li_put(&x->out, header(x, "Host"));
        rest = after(rest, at + then.len);
    }
    li_put(&x->out, rest);
}

static int replay_lacks(exchange *x)
{
    char text[256];

    snprintf(text, sizeof text, "The record has no further %.*s %.*s with this "
             "query", (int)x->method.len, x->method.ptr,
             (int)(x->path.len < 128 ? x->path.len : 128), x->path.ptr);
    return problem(x, 404, -1, "NOT_RECORDED", text);
}

/* The next answer of the record to such a request. */
static int replay(exchange *x)
{
    struct replay_line *line = replay_find(x);
    li_str raw, one, location = li_cstr(NULL);
    char pointer[16];
    li_json each;
    int i, status;

    if (!line)
        return replay_lacks(x);
    line->used = x->verbatim = 1;
    status = (int)replay_number(line->text, "/status", 500);
    if (!li_json_find(line->text, "/headers", &raw)) {
        li_json_open(&each, raw, 1);
        while (!li_json_each(&each, NULL, &one))
            replay_header(x, one, &location);
    }
    for (i = 0; i < EFFECTS; i++) {
        snprintf(pointer, sizeof pointer, "/%s",
                 effect_names[i] ? effect_names[i] : "-");
        x->effect[i] = (long)replay_number(line->text, pointer, -1);
    }
    replay_answer(x, line->text);
    if (contains(x->path, "/authorization") && starts(x->path, "/oauth/"))
        status = replay_sign_in(x, status, location);
    return status;
}

#endif /* MOCK_REPLAY_H */
