/* page.h - what the page at / shows, as JSON: the posts as their readers would
   see them, the webhooks that were sent, and the latest requests. */
#ifndef MOCK_PAGE_H
#define MOCK_PAGE_H

enum {
    MAX_SEEN = 100,
    MAX_POSTS_TOLD = MAX_ANSWER - 1024,  /* the oldest posts give way        */
    MAX_COMMENTED = MAX_ANSWER / 4,      /* of a post, then its last comments */
    MAX_SEEN_TOLD = MAX_ANSWER / 2       /* and the oldest requests          */
};

static struct seen {
    char method[16], target[192], why[256];
    const char *hint; /* of linkedin.h; NULL: it was a success               */
    int status;       /* 0: no answer went out                               */
} seen_requests[MAX_SEEN];
static unsigned seen_made;

/* The page's own paths: neither recorded nor broken by faults. */
static int is_page(const exchange *x)
{
    return is(x->path, "/") || is(x->path, "/mock/page.json") ||
           is(x->path, "/mock/picture");
}

/* As much of a text as fits, whole characters only. */
static void copy_text(char *dst, size_t cap, li_str text)
{
    if (text.len >= cap)
        text.len = cap - 1;
    while (text.len && !li__is_utf8(text))
        text.len--;
    snprintf(dst, cap, "%.*s", (int)text.len, text.ptr ? text.ptr : "");
}

/* What the answer says went wrong, and what linkedin.h would advise. */
static void seen_problem(struct seen *s, const exchange *x, int status)
{
    char text[4096], shown[4096];
    li_buf mem = LI_BUF(text), out = LI_BUF(shown);
    li_problem why;
    li_call call;

    memset(&call, 0, sizeof call);
    memset(&why, 0, sizeof why);
    call.status = status;
    call.body = written(&x->out);
    li_problem_read(&why, &call, &mem);
    s->hint = li_hint(li_check(&call), &why);
    li_put(&out, why.message);
    li__mask_query(&out, x->came.query);
    li__mask_query(&out, x->came.body);
    if (x->token)
        li__mask(&out, li_cstr(x->token->text));
    copy_text(s->why, sizeof s->why, written(&out));
}

static void page_notice(const exchange *x, int status)
{
    struct seen *s = &seen_requests[seen_made++ % MAX_SEEN];
    char text[MAX_URL + 2 * MAX_QUERY];
    li_buf target = LI_BUF(text);

    memset(s, 0, sizeof *s);
    put_target(&target, x);
    copy_text(s->method, sizeof s->method, x->came.method);
    copy_text(s->target, sizeof s->target, written(&target));
    if (x->effect[RESET] >= 0 || x->effect[LOST] >= 0) {
        snprintf(s->why, sizeof s->why, "The connection was reset");
        return;
    }
    s->status = status;
    if (status >= 400)
        seen_problem(s, x, status);
}

/* Adds what is ready if it leaves out below most. */
static void page_add(li_buf *out, const li_buf *piece, size_t most)
{
    if (!piece->rc && out->len + piece->len < most)
        json_value(out, written(piece));
}

/* ---- posts */

static void page_pieces(li_buf *out, li_str commentary)
{
    static char memory[MAX_ENTITY];
    static const char *const names[] = {"text", "mention", "tag"};
    li_buf plain = LI_BUF(memory);
    li_word kind;
    li_str urn;

    while (!li_words_next(&commentary, &plain, &kind, &urn)) {
        json_put(out, "{");
        json_text(out, names[kind], written(&plain));
        if (urn.ptr)
            json_text(out, "urn", urn);
        json_put(out, "}");
        li_buf_clear(&plain);
    }
}

/* A member of an entity under a name of the page's, where it is a text. */
static void page_member(li_buf *out, const char *name, li_str json,
                        const char *pointer)
{
    li_str raw;

    if (li_json_find(json, pointer, &raw) || *raw.ptr != '"')
        return;
    json_key(out, li_cstr(name));
    json_value(out, raw);
}

/* The name of a person or organization; without one, the URN. */
static void page_actor(li_buf *out, li_str json, const char *pointer)
{
    char urn[MAX_KEY], key[MAX_KEY];
    li_buf text = LI_BUF(urn), quoted = LI_BUF(key);
    li_str type = LI_STR(""), id = LI_STR(""), raw;
    const struct entity *e;

    if (li_json_copy(json, pointer, &text))
        return;
    li_urn_split(written(&text), NULL, &type, &id);
    json_string(&quoted, id);
    e = is(type, "organization") && !li_buf_end(&quoted)
            ? entity_of("organizations", written(&quoted)) : NULL;
    json_put(out, "\"author\":");
    if (e && !li_json_find(li_cstr(e->json), "/localizedName", &raw))
        json_value(out, raw);
    else if (is(type, "person") && (is(id, "me") || is(id, "782bbtaQ")))
        json_string(out, LI_STR("Ann Example"));
    else
        json_string(out, written(&text));
}

/* A picture, video or document. A picture's bytes are shown where they are kept
   and no more than an answer has; else its words stand for it. */
#define PICTURE "/mock/picture?urn="
enum { MAX_SHOWN = MAX_ANSWER - 1024 };

static void page_medium(li_buf *out, li_str medium)
{
    char key[MAX_KEY], text[sizeof PICTURE + 3 * MAX_KEY] = PICTURE;
    li_buf urn = LI_BUF(key), url = LI_BUF(text);
    li_str bytes;

    if (li_json_copy(medium, "/id", &urn))
        return;
    bytes = picture_of(written(&urn));
    json_put(out, "{");
    page_member(out, "urn", medium, "/id");
    page_member(out, "title", medium, "/title");
    page_member(out, "alt", medium, "/altText");
    url.len = sizeof PICTURE - 1;
    if (bytes.len && bytes.len <= MAX_SHOWN &&
        !li_percent_encode(written(&urn), &url))
        json_text(out, "src", written(&url));
    json_put(out, "}");
}

static void page_media(li_buf *out, li_str json)
{
    li_str raw, one;
    li_json each;

    json_put(out, "\"media\":[");
    if (!li_json_find(json, "/content/media", &raw))
        page_medium(out, raw);
    if (!li_json_find(json, "/content/multiImage/images", &raw)) {
        li_json_open(&each, raw, 1);
        while (!li_json_each(&each, NULL, &one))
            page_medium(out, one);
    }
    json_put(out, "]");
}

/* Whether a URN means a post: events call it an activity. */
static int is_post(li_str urn, li_str post)
{
    li_str type, id, other;

    if (li_equal(urn, post))
        return 1;
    return !li_urn_split(urn, NULL, &type, &id) &&
           !li_urn_split(post, NULL, NULL, &other) && is(type, "activity") &&
           li_equal(id, other);
}

/* Whether a collection is that of the comments on a post. */
static int is_on(const struct entity *e, li_str urn)
{
    char memory[MAX_KEY];
    li_buf text = LI_BUF(memory);
    li_str rest = li_cstr(e->collection);

    if (!is(cut(&rest, "/"), "socialActions"))
        return 0;
    return !li_percent_decode(cut(&rest, "/"), &text) &&
           is_post(written(&text), urn) && is(rest, "comments");
}

static const struct entity *oldest(unsigned i)
{
    return &entities[(entities_made + i) % MAX_ENTITIES];
}

static void page_comments(li_buf *out, li_str urn)
{
    static char memory[2 * MAX_ENTITY];
    const struct entity *e;
    unsigned i;

    json_put(out, "\"comments\":[");
    for (i = 0; i < MAX_ENTITIES; i++) {
        li_buf one = LI_BUF(memory);

        e = oldest(i);
        if (!e->used || !is_on(e, urn))
            continue;
        json_put(&one, "{");
        page_actor(&one, li_cstr(e->json), "/actor");
        page_member(&one, "text", li_cstr(e->json), "/message/text");
        json_put(&one, "}");
        page_add(out, &one, MAX_COMMENTED);
    }
    json_put(out, "]");
}

static void page_reactions(li_buf *out, li_str urn)
{
    const struct entity *e;
    char memory[MAX_KEY];
    int64_t n = 0;
    unsigned i;

    for (i = 0; i < MAX_ENTITIES; i++) {
        li_buf root = LI_BUF(memory);

        e = &entities[i];
        if (e->used && !strcmp(e->collection, "reactions") &&
            !li_json_copy(li_cstr(e->json), "/root", &root) &&
            is_post(written(&root), urn))
            n++;
    }
    json_int(out, "reactions", n);
}

static void page_post(li_buf *out, const struct entity *e)
{
    char memory[MAX_KEY], commentary[MAX_ENTITY];
    li_buf urn = LI_BUF(memory), text = LI_BUF(commentary);
    li_str json = li_cstr(e->json);

    li_json_text(li_cstr(e->key), &urn);
    li_json_copy(json, "/commentary", &text);
    json_put(out, "{");
    json_text(out, "urn", written(&urn));
    page_actor(out, json, "/author");
    page_member(out, "visibility", json, "/visibility");
    page_member(out, "state", json, "/lifecycleState");
    json_put(out, "\"pieces\":[");
    page_pieces(out, written(&text));
    json_put(out, "]");
    page_media(out, json);
    page_member(out, "article", json, "/content/article/title");
    page_member(out, "source", json, "/content/article/source");
    page_member(out, "description", json, "/content/article/description");
    page_member(out, "question", json, "/content/poll/question");
    page_member(out, "reshared", json, "/reshareContext/parent");
    page_reactions(out, written(&urn));
    page_comments(out, written(&urn));
    json_put(out, "}");
}

static void page_posts(li_buf *out)
{
    static char memory[MAX_ANSWER];
    const struct entity *e;
    unsigned i;

    json_put(out, "\"posts\":[");
    for (i = MAX_ENTITIES; i-- > 0;) {
        li_buf one = LI_BUF(memory);

        e = oldest(i);
        if (!e->used || strcmp(e->collection, "posts"))
            continue;
        page_post(&one, e);
        page_add(out, &one, MAX_POSTS_TOLD);
    }
    json_put(out, "]");
}

/* ---- webhooks and requests */

static void page_webhooks(li_buf *out)
{
    static const char *const states[] = {"due", "taken", "given up"};
    unsigned i;

    json_put(out, "\"webhooks\":[");
    for (i = MAX_EVENTS; i-- > 0;) { /* the challenge comes last */
        const struct event *e =
            &hook_events[i ? 1 + (events_made + i - 1) % (MAX_EVENTS - 1) : 0];

        if (!e->used)
            continue;
        json_put(out, "{");
        json_text(out, "name", li_cstr(e->name));
        json_int(out, "tries", (int64_t)e->tries);
        json_text(out, "state", li_cstr(states[e->state]));
        json_text(out, "why", li_cstr(e->why));
        json_put(out, "}");
    }
    json_put(out, "]");
}

static void page_requests(li_buf *out)
{
    char memory[2048];
    unsigned i, kept = seen_made < MAX_SEEN ? seen_made : MAX_SEEN;

    json_put(out, "\"requests\":[");
    for (i = 0; i < kept; i++) {
        const struct seen *s = &seen_requests[(seen_made - 1 - i) % MAX_SEEN];
        li_buf one = LI_BUF(memory);

        json_put(&one, "{");
        json_text(&one, "method", li_cstr(s->method));
        json_text(&one, "target", li_cstr(s->target));
        json_int(&one, "status", s->status);
        json_text(&one, "why", li_cstr(s->why));
        json_text(&one, "hint", li_cstr(s->hint ? s->hint : ""));
        json_put(&one, "}");
        page_add(out, &one, MAX_SEEN_TOLD);
    }
    json_put(out, "]");
}

/* A page of elsewhere may have its name lead here (DNS rebinding): then the
   browser would take it and this one for the same. */
static int host_wrong(exchange *x)
{
    li_str host = header(x, "Host");
    struct in_addr at;
    char name[64];

    copy_text(name, sizeof name, cut(&host, ":"));
    if (!strcasecmp(name, "localhost") || !strcmp(name, set.bind) ||
        (inet_pton(AF_INET, name, &at) == 1 && ntohl(at.s_addr) >> 24 == 127))
        return 0;
    return page(x, 403, "Forbidden", "This page is for localhost alone.");
}

static int page_state(exchange *x)
{
    int status = host_wrong(x);

    if (status)
        return status;
    add_header(x, "Cache-Control", LI_STR("no-store"));
    json_put(&x->out, "{");
    page_webhooks(&x->out);
    page_requests(&x->out);
    page_posts(&x->out);
    json_put(&x->out, "}");
    return answer_json(x, 200);
}

/* By its first bytes: the upload did not tell what it is. */
static const char *picture_type(li_str bytes)
{
    static const struct { const char *begins, *type; } types[] = {
        {"\x89PNG", "image/png"}, {"\xff\xd8\xff", "image/jpeg"},
        {"GIF8", "image/gif"}};
    size_t i;

    for (i = 0; i < sizeof types / sizeof *types; i++)
        if (starts(bytes, types[i].begins))
            return types[i].type;
    return "application/octet-stream";
}

static int page_picture(exchange *x)
{
    char memory[MAX_KEY];
    li_buf urn = LI_BUF(memory);
    li_str query = x->query, bytes;
    int status = host_wrong(x);

    if (status)
        return status;
    cut(&query, "=");
    li_percent_decode(query, &urn);
    bytes = picture_of(written(&urn));
    if (urn.rc || !bytes.len || bytes.len > MAX_SHOWN)
        return problem(x, 404, 0, "NOT_FOUND", "No such picture");
    add_header(x, "X-Content-Type-Options", LI_STR("nosniff"));
    li_put(&x->out, bytes);
    x->type = picture_type(bytes);
    return 200;
}

/* The page itself never changes; a nonce lets its own script run, and nothing
   else. */
static int page_show(exchange *x)
{
    char memory[64];
    li_buf nonce = LI_BUF(memory);
    size_t i;
    int status = host_wrong(x);

    if (status)
        return status;
    random_text(&nonce, "", 18);
    put(&x->extra, "Content-Security-Policy: default-src 'none'; "
                   "connect-src 'self'; img-src 'self'; base-uri 'none'; "
                   "form-action 'none'; frame-ancestors 'none'; "
                   "style-src 'nonce-");
    li_put(&x->extra, written(&nonce));
    put(&x->extra, "'; script-src 'nonce-");
    li_put(&x->extra, written(&nonce));
    put(&x->extra, "'\r\nCache-Control: no-store\r\n"
                   "X-Content-Type-Options: nosniff\r\n"
                   "Referrer-Policy: no-referrer\r\n");
    for (i = 0; i < sizeof page_html / sizeof *page_html; i++)
        if (page_html[i])
            put(&x->out, page_html[i]);
        else
            li_put(&x->out, written(&nonce));
    x->type = "text/html; charset=utf-8";
    return 200;
}

#endif /* MOCK_PAGE_H */
