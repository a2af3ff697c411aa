/* Every short input: for each grammar that the header reads, all strings of so
   many symbols over an alphabet of its own, each at the end of a page behind
   which no byte can be read. What the reader says of each (its result and all
   that it gives) goes into one hash, which is kept here: it is the same for
   every compiler, level and machine. A change that changes an answer changes the
   hash: find out which answer, and only then write the new one down.

   usage: short_inputs [GRAMMAR [SYMBOLS]]   prints hashes; exits 1 if one is
   another. SYMBOLS: up to so many, and only prints. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include <stdio.h>
#include <stdlib.h>
#ifdef __unix__
#include <sys/mman.h>
#include <unistd.h>
#endif

/* ---- the hash: FNV-1a of 64 bits, by words */

static uint64_t hash, inputs;

static void fold(uint64_t word)
{
    hash = (hash ^ word) * 1099511628211u;
}

static void fold_text(li_str text)
{
    size_t i;
    fold(text.ptr ? text.len : 0xffffffffu);
    for (i = 0; text.ptr && i < text.len; i++)
        fold((unsigned char)text.ptr[i]);
}

static void fold_rc(li_rc rc)
{
    fold((uint64_t)(rc + 100));
}

static void fold_buf(const li_buf *out)
{
    fold_rc(out->rc);
    fold_text(LI_VIEW(out->ptr, out->len < out->cap ? out->len : out->cap));
}

/* ---- the readers */

static char memory[512];

static void read_json(li_str s)
{
    li_buf out = LI_BUF(memory);
    li_json json;
    li_str raw;
    li_rc rc;
    int64_t number;
    li_json_open(&json, s, 1);
    while (!(rc = li_json_next(&json)) && json.type != LI_JSON_END)
        fold((uint64_t)json.type);
    fold_rc(rc);
    fold(li_json_offset(&json));
    rc = li_json_find(s, "/1", &raw);
    fold_rc(rc);
    if (rc) return;
    fold_text(raw);
    fold_rc(li_json_text(raw, &out));
    fold_buf(&out);
    rc = li_json_int(raw, &number);
    fold_rc(rc);
    if (!rc)
        fold((uint64_t)number);
}

/* An answer, of which the input is a part. The work buffer ends at a page, too,
   where the answer comes into. */
static void read_answer(const char *before, li_str s, const char *after)
{
    static const li_client me = {.access_token = "t"};
    static const li_req req = {.path = "/v2/me"};
    static char *work;
    li_str parts[3];
    li_call call;
    size_t i, at = 0, room;
    parts[0] = li_cstr(before);
    parts[1] = s;
    parts[2] = li_cstr(after);
    if (!work)
        work = malloc(1024);
    li_begin(&call, &me, &req, work, 1024);
    li_step(&call);
    li_opened(&call, 0);
    while (li_step(&call) == LI_WANT_WRITE)
        li_out_ack(&call, li_out_buf(&call).len);
    for (i = 0; i < 3;) {
        char *to = li_step(&call) == LI_WANT_READ ? li_in_buf(&call, &room)
                                                  : NULL;
        if (!to) break;
        if (room > parts[i].len - at)
            room = parts[i].len - at;
        if (room) memcpy(to, parts[i].ptr + at, room);
        at += room;
        if (room) li_in_ack(&call, room);
        if (at == parts[i].len)
            i++, at = 0;
    }
    fold(i);
    if (li_step(&call) == LI_WANT_READ)
        li_in_eof(&call);
    fold_rc(li_step(&call));
    fold_rc(call.rc);
    fold((uint64_t)call.status);
    fold(call.keep_alive);
    if (call.rc) return;
    fold_text(call.body);
    fold_text(li_header(&call, LI_H_LOCATION));
}

static void read_status_line(li_str s)
{
    read_answer("", s, "\r\nContent-Length: 1\r\n\r\nx");
}

static void read_header_line(li_str s)
{
    read_answer("HTTP/1.1 200 OK\r\n", s, "\r\nContent-Length: 1\r\n\r\nx");
}

static void read_content_length(li_str s)
{
    read_answer("HTTP/1.1 200 OK\r\nContent-Length:", s, "\r\n\r\n123456789ab");
}

static void read_chunk_size(li_str s)
{
    read_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", s,
                "\r\n0123456789abcdef\r\n0\r\n\r\n");
}

static void read_percent(li_str s)
{
    li_buf out = LI_BUF(memory);
    li_str rest = s, name, value;
    li_percent_decode(s, &out);
    fold_buf(&out);
    while (!li_form_next(&rest, &name, &value)) {
        fold_text(name);
        fold_text(value);
        out = LI_BUF(memory);
        li_form_decode(value, &out);
        fold_buf(&out);
    }
}

static void read_base64url(li_str s)
{
    li_buf out = LI_BUF(memory);
    li_base64url_decode(s, &out);
    fold_buf(&out);
}

static void read_restli(li_str s)
{
    int form;
    for (form = LI_RESTLI_URL; form <= LI_RESTLI_QUERY; form++) {
        li_buf out = LI_BUF(memory);
        li_restli_decode((li_restli)form, s, &out);
        fold_buf(&out);
    }
}

static void read_urn(li_str s)
{
    li_str space, type, id;
    li_rc rc = li_urn_split(s, &space, &type, &id);
    fold_rc(rc);
    if (rc) return;
    fold_text(space);
    fold_text(type);
    fold_text(id);
}

/* What is written reads as a text of a commentary: no mark is left alone. */
static void write_little(li_str s)
{
    li_buf out = LI_BUF(memory);
    li_little_put(&out, s);
    fold_buf(&out);
    out = LI_BUF(memory);
    li_mention_put(&out, s, LI_STR("urn:li:person:1"));
    fold_buf(&out);
    out = LI_BUF(memory);
    li_hashtag_put(&out, s);
    fold_buf(&out);
}

/* What a person wrote, in each form, and what a reader sees of that. */
static void write_words(li_str s)
{
    int form;
    for (form = LI_WORDS_POST; form <= LI_WORDS_COMMENT; form++) {
        li_buf out = LI_BUF(memory);
        size_t length;
        li_words_put(&out, (li_words)form, s, &length);
        fold_buf(&out);
        fold(out.at);
        fold(length);
    }
}

static void read_words(li_str s)
{
    li_word kind;
    li_str urn;
    li_buf out = LI_BUF(memory);
    while (!li_words_next(&s, &out, &kind, &urn)) {
        fold((uint64_t)kind);
        fold_text(urn);
        fold_buf(&out);
        li_buf_clear(&out);
    }
}

static void read_url(li_str s)
{
    li_url url;
    li_rc rc = li_url_split(s, &url);
    fold_rc(rc);
    if (rc) return;
    fold_text(url.host);
    fold_text(url.path);
    fold_text(url.query);
    fold_text(url.fragment);
    fold(url.port);
    fold(url.tls);
}

static void read_redirect(li_str s)
{
    static const li_client me = {.client_id = "i",
                                 .redirect_uri = "https://a.b/c"};
    char text[256];
    li_flow flow;
    li_problem why;
    li_buf out = LI_BUF(memory), url = LI_BUF(text);
    li_rc rc;
    memset(&flow, 0, sizeof flow);
    memcpy(flow.state, "s", 2);
    if (li_oauth_url(&flow, &me, "x", &url)) abort();
    rc = li_oauth_redirect(&flow, s, &out, &why);
    fold_rc(rc);
    fold(flow.stage);
    if (rc != LI_E_DENIED && rc) return;
    fold_buf(&out);
}

static int64_t now(void *user)
{
    (void)user;
    return 1000;
}

static void read_id_token(li_str s)
{
    static char text[4096], kept[4096];
    static const li_client blank = {.client_id = "i", .now = now};
    li_client me = blank;
    li_token token;
    li_flow flow;
    li_profile who;
    li_buf out = LI_BUF(kept);
    memset(&token, 0, sizeof token);
    memset(&flow, 0, sizeof flow);
    memset(&who, 0, sizeof who);
    token.mem = text;
    token.cap = sizeof text;
    token.access_token = LI_STR("t");
    token.id_token = s;
    me.token = &token;
    flow.trust_tls = 1;
    flow.stage = 3;
    fold_rc(li_id_token_read(&who, &me, &flow, LI_STR(""), &out));
    fold_text(li_cstr(flow.wrong));
}

/* ---- the grammars: NULL ends an alphabet */

static const struct grammar {
    const char *name;
    void (*read)(li_str input);
    int symbols;             /* up to so many                              */
    const char *begins;      /* before each input                          */
    uint64_t hash;
    const char *alphabet[17];
} grammars[] = {
    {"json", read_json, 7, "", 0x049d38e53871ad01,
     {"{", "}", "[", "]", ",", ":", "\"", "\\", "1", "-", ".", "e"}},
    {"json-words", read_json, 6, "", 0xecffc6bef0ebd59a,
     {"[", "]", ",", "\"", "\\u", "d800", "dc00", "0041", "true", "nul", "0",
      "\xc3", "\xa9", " ", "E+", "\x01"}},
    {"status-line", read_status_line, 6, "", 0xc22a0007b1603106,
     {"HTTP/1.1", " ", "200", "2", "\r", "\n", "a", "HTTP/1.0", "\t", "100"}},
    {"header-line", read_header_line, 6, "", 0x382f9a9433fa39cf,
     {"a", ":", " ", "\t", "\r\n", "\n", "\r", "Location", "Content-Length",
      "1"}},
    {"content-length", read_content_length, 6, "", 0x2d8ff6a13f97387b,
     {"0", "1", "9", ",", " ", "-", "+", "\t", "a", "\r\nContent-Length:"}},
    {"chunk-size", read_chunk_size, 6, "", 0x4eb10172fdc77839,
     {"0", "1", "f", "\r", "\n", ";", "a=b", "\"", " ", "g"}},
    {"percent", read_percent, 6, "", 0xecb506b34d3f187a,
     {"%", "0", "2", "F", "a", "+", "&", "=", "\xc3", "\xa9", "#"}},
    {"base64url", read_base64url, 6, "", 0xb8a81555ca414fa9,
     {"A", "-", "_", "=", "B", "+", "/", "Q", "w", "\n"}},
    {"restli", read_restli, 6, "", 0x4ee287e20527d09c,
     {"(", ")", ":", ",", "List(", "a", "'", "%2C", "%", "=", "&", "!"}},
    {"urn", read_urn, 6, "", 0xe53b73466ac5b44e,
     {"urn:", ":", "li", "(", ")", ",", "a", "%28", " ", "urn:li:b:1"}},
    {"little", write_little, 6, "", 0xbe1078e63d9d3652,
     {"\\", "(", ")", "@", "[", "]", "{", "#", "a", "\xc3\xa9", "\xa9"}},
    {"words", write_words, 6, "", 0x1285ae40a33c9349,
     {"@[", "](urn:", "li:person:1)", "#", "a", "1", " ", ")", "\n", "\xc3\xa9",
      "\xf0\x9f\x98\x80"}},
    {"commentary", read_words, 6, "", 0xada21b6245353911,
     {"\\", "@[", "]", "(", ")", "{hashtag|", "#", "|", "}", "a", "_"}},
    {"url", read_url, 6, "https:/", 0x07a2a8ddf6be549f,
     {"/", "a", ":", "8", "?", "#", "@", "[", "]", ".", "%41"}},
    {"redirect", read_redirect, 6, "https://a.b/", 0xadeed83b89730d44,
     {"c", "?", "&", "=", "code", "state=s", "error=x", "#", "%41", "code=1"}},
    {"id-token", read_id_token, 6, "", 0xee50374efbb7b615,
     {".", "A", "e30", "eyJhbGciOiJSUzI1NiJ9", "=", "eyJpc3MiOiJ4In0", "-",
      "n"}},
};

/* ---- all strings */

static char *page_end; /* behind it nothing can be read */

static int make_page(void)
{
#ifdef __unix__
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *two = (char *)mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (two == MAP_FAILED || mprotect(two + page, page, PROT_NONE)) return 0;
    page_end = two + page;
#else
    static char room[4096];
    page_end = room + sizeof room;
#endif
    return 1;
}

static void ask(const struct grammar *g, const int *which, int n)
{
    size_t len = strlen(g->begins), at;
    int i;
    for (i = 0; i < n; i++)
        len += strlen(g->alphabet[which[i]]);
    at = strlen(g->begins);
    memcpy(page_end - len, g->begins, at);
    for (i = 0; i < n; i++) {
        size_t m = strlen(g->alphabet[which[i]]);
        memcpy(page_end - len + at, g->alphabet[which[i]], m);
        at += m;
    }
    inputs++;
    g->read(LI_VIEW(page_end - len, len));
}

static void ask_all(const struct grammar *g, int symbols)
{
    int which[8], n, i, size = 0;
    while (g->alphabet[size])
        size++;
    for (n = 0; n <= symbols; n++) {
        memset(which, 0, sizeof which);
        do {
            ask(g, which, n);
            for (i = 0; i < n && ++which[i] == size; i++)
                which[i] = 0;
        } while (i < n);
    }
}

int main(int argc, char **argv)
{
    uint64_t all = 0;
    size_t i;
    int wrong = 0, found = 0;
    if (!make_page()) return 2;
    for (i = 0; i < sizeof grammars / sizeof *grammars; i++) {
        const struct grammar *g = &grammars[i];
        if (argc > 1 && strcmp(argv[1], g->name)) continue;
        hash = 14695981039346656037u;
        inputs = 0;
        ask_all(g, argc > 2 ? atoi(argv[2]) : g->symbols);
        found = 1;
        all += inputs;
        printf("%-15s %10lu inputs  0x%08lx%08lx%s\n", g->name,
               (unsigned long)inputs, (unsigned long)(hash >> 32),
               (unsigned long)(hash & 0xffffffffu),
               argc > 2 || hash == g->hash ? "" : "  ANOTHER");
        fflush(stdout);
        wrong |= argc <= 2 && hash != g->hash;
    }
    printf("%lu inputs\n", (unsigned long)all);
    return !found || wrong;
}
