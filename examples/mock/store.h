/* store.h - collections of entities that speak Rest.li, every method of it, as
   strict as the real ones. Whatever is created can be read, found, changed and
   deleted; nothing outlives the process. */
#ifndef MOCK_STORE_H
#define MOCK_STORE_H

#include "analytics.h"
#include "finders.h"
#include "media.h"
#include "social.h"

/* ---- the methods */

/* The entity to read: some are made up of others. */
static struct entity *entity_read(const char *collection, li_str key)
{
    return strcmp(collection, "socialMetadata") ? entity_of(collection, key)
                                                : social_metadata(key);
}

static int store_get(exchange *x, store_call *c)
{
    struct entity *e = entity_read(c->collection, li_cstr(c->key));
    if (!e)
        return media_kind(c->collection) ? media_unknown(x, c->collection, "")
                                         : gone(x);
    put(&x->out, e->json);
    return answer_json(x, 200);
}

static void put_status(exchange *x, li_buf *out, li_str key, int status)
{
    (void)x;
    put_key(out, key, 1);
    json_put(out, "{");
    json_int(out, "status", status);
    json_put(out, "}");
}

static int act_get(struct entity *e, li_str body)
{
    (void)e, (void)body;
    return 200;
}

/* results and errors by key; `act` does what is to be done, and gives the
   status of it. */
static int store_batch(exchange *x, store_call *c,
                       int (*act)(struct entity *e, li_str body))
{
    static char bad_ones[MAX_ANSWER];
    li_buf errors = LI_BUF(bad_ones);
    li_json ids;
    li_str key, body, raw;
    int status;

    li_json_open(&ids, asked(c, "/ids"), 1);
    json_put(&x->out, "{\"results\":{");
    while (next_of(&ids, &key)) {
        char name[MAX_KEY * 3];
        li_buf text = LI_BUF(name);
        struct entity *e = act == act_get ? entity_read(c->collection, key)
                                          : entity_of(c->collection, key);

        put_key(&text, key, 0);
        body = li_cstr(NULL);
        if (!li_json_find(x->body, "/entities", &raw)) {
            char quoted[MAX_KEY * 3];
            li_buf q = LI_BUF(quoted);
            json_string(&q, written(&text));
            body = member_of(raw, written(&q));
            if (!body.ptr) { /* LinkedIn's own client encodes it */
                q = LI_BUF(quoted);
                put(&q, "\"");
                li_restli_encode(LI_RESTLI_URL, key, &q);
                put(&q, "\"");
                body = member_of(raw, written(&q));
            }
        }
        status = e ? act(e, body) : 404;
        if (status == 200) {
            put_key(&x->out, key, 1);
            json_value(&x->out, li_cstr(e->json));
        } else if (status < 400)
            put_status(x, &x->out, key, status);
        else
            put_status(x, &errors, key, status);
    }
    json_put(&x->out, "}");
    put(&x->out, ",\"errors\":{");
    li_put(&x->out, written(&errors));
    put(&x->out, "}}");
    return answer_json(x, 200);
}

static int is_posts(const store_call *c)
{
    return !strcmp(c->collection, "posts");
}

static int act_delete(struct entity *e, li_str body)
{
    (void)body;
    e->used = 0;
    return 204;
}

static int act_update(struct entity *e, li_str body)
{
    return body.ptr && keep(e, body) ? 204 : 400;
}

static int act_patch(struct entity *e, li_str body)
{
    static char text[MAX_ENTITY];
    li_buf out = LI_BUF(text);
    li_str patch;

    if (li_json_find(body, "/patch", &patch) ||
        !patch_apply(li_cstr(e->json), patch, &out) || out.rc ||
        !keep(e, written(&out)))
        return 422;
    return 204;
}

static int store_one(exchange *x, store_call *c,
                     int (*act)(struct entity *e, li_str body))
{
    struct entity *e = entity_of(c->collection, li_cstr(c->key));
    int status = e ? act(e, x->body) : 404;

    if (status < 400)
        return status;
    if (!e && act == act_delete && is_posts(c) && !chosen("delete-404"))
        return 204;
    return e ? bad(x, "The entity or the patch is not acceptable") : gone(x);
}

/* The same commentary twice is refused (linkedin-posts, section 1). */
static const struct entity *duplicate_of(li_str json)
{
    li_str text, other;
    size_t i;

    if (li_json_find(json, "/commentary", &text))
        return NULL;
    for (i = 0; i < MAX_ENTITIES; i++)
        if (entities[i].used && !strcmp(entities[i].collection, "posts") &&
            !li_json_find(li_cstr(entities[i].json), "/commentary", &other) &&
            li_equal(text, other))
            return &entities[i];
    return NULL;
}

/* A post is read with what LinkedIn adds to it; a draft is not published. */
static int post_keep(struct entity *e)
{
    static const char *const draft[] = {"DRAFT", NULL};
    static char text[MAX_ENTITY];
    li_buf out = LI_BUF(text);
    int64_t now = now_s() * 1000;

    json_put(&out, "{");
    json_raw(&out, "id", e->key);
    json_int(&out, "createdAt", now);
    if (!value_is(li_cstr(e->json), "/lifecycleState", draft))
        json_int(&out, "publishedAt", now);
    json_int(&out, "lastModifiedAt", now);
    json_put(&out, "\"lifecycleStateInfo\":{\"isEditedByAuthor\":false}");
    put(&out, ",");
    put(&out, strchr(e->json, '{') + 1); /* it has members: they were checked */
    e->used = !out.rc && keep(e, written(&out));
    return e->used;
}

static int store_create(exchange *x, store_call *c)
{
    const struct entity *twin;
    struct entity *e;
    char text[MAX_KEY + 64];
    li_buf id = LI_BUF(text);
    int status = is_posts(c) ? post_wrong(x) : 0;

    if (!status && is_posts(c))
        status = content_media_wrong(x);
    if (status)
        return status;
    if (is_comments(c->collection))
        return comment_create(x, c->collection);
    if (!strcmp(c->collection, "reactions"))
        return reaction_create(x, asked(c, "/actor"));
    twin = is_posts(c) ? duplicate_of(x->body) : NULL;
    if (twin) {
        snprintf(text, sizeof text, "Content is a duplicate of %.*s",
                 (int)strlen(twin->key) - 2, twin->key + 1);
        return input_error(x, 422, 0, "DUPLICATE_POST", "", text);
    }
    e = entity_new(c->collection, x->body);
    if (!e || (is_posts(c) && !post_keep(e)))
        return bad(x, "The entity is no JSON object, or too long");
    put_key(&id, li_cstr(e->key), 0);
    add_header(x, "x-restli-id", written(&id));
    return 201;
}

static int store_batch_create(exchange *x, store_call *c)
{
    li_str list, one;
    li_json json;

    if (li_json_find(x->body, "/elements", &list))
        return bad(x, "elements are missing");
    li_json_open(&json, list, 1);
    json_put(&x->out, "{\"elements\":[");
    while (next_of(&json, &one)) {
        struct entity *e = entity_new(c->collection, one);

        json_put(&x->out, "{");
        json_int(&x->out, "status", e ? 201 : 422);
        if (e)
            json_raw(&x->out, "id", e->key);
        json_put(&x->out, "}");
    }
    put(&x->out, "]}");
    return answer_json(x, 200);
}

static long asked_number(const store_call *c, const char *pointer, long other)
{
    li_str raw = asked(c, pointer);
    long n = raw.len > 2 ? number(span(raw.ptr + 1, raw.len - 2)) : -1;
    return n < 0 ? other : n;
}

/* What a page says of itself, in either of the documented kinds: by numbers, or
   by the token of the next one (size: as it was asked, or -1). */
static int page_ends(exchange *x, long size, long start, long count, long n)
{
    char text[160];

    put(&x->out, "]");
    if (size >= 0 && start + count < n)
        snprintf(text, sizeof text, ",\"metadata\":{\"nextPageToken\":\"%ld\"}",
                 start + count);
    else
        snprintf(text, sizeof text,
                 ",\"paging\":{\"start\":%ld,\"count\":%ld,\"total\":%ld,"
                 "\"links\":[%s]}",
                 start, count, n,
                 size < 0 && start + count < n
                     ? "{\"rel\":\"next\",\"type\":\"application/json\"}"
                     : "");
    put(&x->out, text);
    put(&x->out, "}");
    return answer_json(x, 200);
}

/* The finder of things "many" gives n of them, which nobody has made: a listing
   as long as is wanted. */
static long list_many(exchange *x, store_call *c, long start, long count)
{
    long n = asked_number(c, "/n", 0), i;
    char text[64];

    for (i = start; i < n && i < start + count; i++) {
        snprintf(text, sizeof text, "{\"n\":%ld}", i);
        json_value(&x->out, li_cstr(text));
    }
    return n;
}

static long list_entities(exchange *x, store_call *c, long start, long count)
{
    int all = !asked(c, "/q").ptr;
    long n = 0;
    size_t i;

    for (i = 0; i < MAX_ENTITIES; i++) {
        if (!entities[i].used ||
            strcmp(entities[i].collection, c->collection) ||
            (!all && !is_found(li_cstr(entities[i].json), li_cstr(c->query))))
            continue;
        if (n >= start && n < start + count)
            json_value(&x->out, li_cstr(entities[i].json));
        n++;
    }
    return n;
}

/* A finder gives what it finds. */
static int store_list(exchange *x, store_call *c)
{
    long size = asked_number(c, "/pageSize", -1);
    long start = asked_number(c, size < 0 ? "/start" : "/pageToken", 0);
    long count = size < 0 ? asked_number(c, "/count", 10) : size;
    int many = !strcmp(c->collection, "things") &&
               li_json_is(asked(c, "/q"), LI_STR("many"));

    json_put(&x->out, "{\"elements\":[");
    return page_ends(x, size, start, count,
                     many ? list_many(x, c, start, count)
                          : list_entities(x, c, start, count));
}

static int store_batch_finder(exchange *x, store_call *c)
{
    char pointer[80], name[64];
    li_buf path = LI_BUF(pointer), text = LI_BUF(name);
    li_str raw;
    li_json json;

    li_json_text(asked(c, "/bq"), &text);
    put(&path, "/");
    li_put(&path, written(&text));
    put(&path, "Criteria");
    li_buf_end(&path);
    raw = asked(c, pointer);
    if (!raw.ptr)
        return bad(x, "The batch finder's criteria are missing");
    li_json_open(&json, raw, 1);
    json_put(&x->out, "{\"elements\":[");
    while (next_of(&json, &raw)) {
        json_put(&x->out, "{\"elements\":[");
        json_value(&x->out, raw);
        put(&x->out, "]}");
    }
    put(&x->out, "]}");
    return answer_json(x, 200);
}

/* What is known is acted on; any other action gives its parameters back. */
static int store_action(exchange *x, store_call *c)
{
    if (media_kind(c->collection) &&
        is(asked(c, "/action"), "\"initializeUpload\""))
        return upload_begins(x, c->collection);
    if (!strcmp(c->collection, "videos") &&
        is(asked(c, "/action"), "\"finalizeUpload\""))
        return upload_ends(x);
    put(&x->out, "{\"value\":");
    put(&x->out, x->body.len ? "" : "{}");
    li_put(&x->out, x->body);
    put(&x->out, "}");
    return answer_json(x, 200);
}

static int store_method(exchange *x, store_call *c,
                        const struct rest_method *m)
{
    static const struct { const char *name; int (*act)(struct entity *, li_str);
    } acts[] = {{"BATCH_GET", act_get}, {"BATCH_UPDATE", act_update},
                {"BATCH_PARTIAL_UPDATE", act_patch},
                {"BATCH_DELETE", act_delete}, {"UPDATE", act_update},
                {"PARTIAL_UPDATE", act_patch}, {"DELETE", act_delete}};
    static const struct { const char *name; int (*answer)(exchange *,
                                                          store_call *);
    } answers[] = {{"GET", store_get}, {"GET_ALL", store_list},
                   {"FINDER", store_list}, {"CREATE", store_create},
                   {"BATCH_CREATE", store_batch_create},
                   {"BATCH_FINDER", store_batch_finder},
                   {"ACTION", store_action}};
    size_t i;

    if (is_comments(c->collection) && !strcmp(m->name, "PARTIAL_UPDATE"))
        return comment_edit(x, entity_of(c->collection, li_cstr(c->key)));
    for (i = 0; i < 7; i++)
        if (!strcmp(acts[i].name, m->name))
            return m->keyed ? store_one(x, c, acts[i].act)
                            : store_batch(x, c, acts[i].act);
    if (!strcmp(c->collection, "adAnalytics") && !strcmp(m->name, "FINDER") &&
        is(asked(c, "/q"), "\"analytics\""))
        return analytics(x, c);
    for (i = 0; i < 7; i++)
        if (!strcmp(answers[i].name, m->name))
            return answers[i].answer(x, c);
    return 500;
}

static int is_collection(const store_call *c)
{
    li_str name = li_cstr(c->collection);
    size_t i;

    name = cut(&name, "/");
    for (i = 0; i < sizeof collections / sizeof *collections; i++)
        if (is(name, collections[i]))
            return 1;
    return 0;
}

/* A call under /rest or /v2 that has no row in the table of routes. */
static int store(exchange *x)
{
    static store_call c;
    const struct rest_method *m;
    int status;

    memset(&c, 0, sizeof c);
    if (!is(header(x, "X-Restli-Protocol-Version"), "2.0.0"))
        return bad(x, "X-Restli-Protocol-Version must be 2.0.0");
    if ((status = take_path(x, &c)) || (status = take_query(x, &c)))
        return status;
    if (!is_collection(&c))
        return problem(x, 404, 0, "RESOURCE_NOT_FOUND",
                       "No virtual resource found");
    if (c.has_key && urn_kind(c.collection) &&
        !starts(li_cstr(c.key), "\"urn:li:"))
        return problem(x, 400, -1, "INVALID_URN_TYPE",
                       "The key is no URN of this resource");
    if (is_posts(&c) && !is(x->method, "GET") &&
        !has_scope(x->token->scopes, "w_member_social"))
        return forbidden(x, "partnerApiPosts");
    media_tick();
    m = method_of(x, &c);
    if (!m)
        return bad(x, "The method does not go with path and query");
    if (is_posts(&c) && !strcmp(m->name, "PARTIAL_UPDATE") &&
        (status = post_patch_wrong(x)) != 0)
        return status;
    return store_method(x, &c, m);
}

#endif /* MOCK_STORE_H */
