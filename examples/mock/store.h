/* store.h - collections of entities that speak Rest.li, every method of it, as
   strict as the real ones. Whatever is created can be read, found, changed and
   deleted; nothing outlives the process. */
#ifndef MOCK_STORE_H
#define MOCK_STORE_H

enum { MAX_ENTITIES = 256, MAX_KEY = 512, MAX_ENTITY = 8192, MAX_IDS = 128 };

static struct entity {
    char collection[192], key[MAX_KEY]; /* key: as JSON                     */
    char json[MAX_ENTITY];
    uint8_t used;
} entities[MAX_ENTITIES];
static unsigned entities_made;

/* One call of Rest.li, taken apart. */
typedef struct store_call {
    char collection[192], key[MAX_KEY], query[16384];
    li_str method; /* of Rest.li                                            */
    int has_key;
} store_call;

/* The collections that LinkedIn documents; others are 404. */
static const char *const collections[] = {
    "posts", "images", "videos", "documents", "socialActions", "reactions",
    "socialMetadata", "organizations", "organizationAcls",
    "organizationalEntityShareStatistics",
    "organizationalEntityFollowerStatistics", "organizationPageStatistics",
    "adAccounts", "adAccountUsers", "adCampaignGroups", "adCampaigns",
    "creatives", "adAnalytics", "adTargetingEntities", "conversions",
    "conversionEvents", "dmpSegments", "leadForms", "leadFormResponses",
    "events", "simpleJobPostings", "learningAssets", "things"};

static int syntax(exchange *x)
{
    return problem(x, 400, -1, "ILLEGAL_ARGUMENT",
                   "Syntax exception in path variables");
}

static int bad(exchange *x, const char *message)
{
    return problem(x, 400, -1, "ILLEGAL_ARGUMENT", message);
}

static int gone(exchange *x)
{
    return problem(x, 404, -1, "NOT_FOUND", "Not found");
}

/* ---- taking a call apart */

/* "/rest/a/{k}/b/{l}": the collection is "a/{k}/b", the key {l}. */
static int take_path(exchange *x, store_call *c)
{
    li_str rest = x->path, part;
    li_buf name = LI_BUF(c->collection), key = LI_BUF(c->key);
    unsigned n = 0;

    cut(&rest, "/");
    cut(&rest, "/");
    for (; rest.ptr; n++) {
        part = cut(&rest, "/");
        key = LI_BUF(c->key);
        if (!part.len || li_restli_decode(LI_RESTLI_URL, part, &key) ||
            li_buf_end(&key))
            return syntax(x);
        c->has_key = n % 2;
        if (c->has_key && !rest.ptr)
            break;
        put(&name, n ? "/" : "");
        li_put(&name, part);
    }
    return li_buf_end(&name) ? syntax(x) : 0;
}

static int is_ready(li_str name)
{
    return is(name, "fields") || is(name, "metadataFields") ||
           is(name, "pagingFields") || is(name, "projection");
}

/* The query as JSON, without the projections. */
static int take_query(exchange *x, store_call *c)
{
    char text[8192];
    li_buf rest = LI_BUF(text), out = LI_BUF(c->query);
    li_str query = x->query, name, value;

    while (!li_form_next(&query, &name, &value)) {
        if (is_ready(name))
            continue;
        put(&rest, rest.len ? "&" : "");
        li_put(&rest, name);
        put(&rest, "=");
        li_put(&rest, value);
    }
    if (rest.rc || li_restli_decode(LI_RESTLI_QUERY, written(&rest), &out) ||
        li_buf_end(&out))
        return bad(x, "Invalid query parameters passed to request");
    return 0;
}

static li_str asked(const store_call *c, const char *pointer)
{
    li_str raw;
    return li_json_find(li_cstr(c->query), pointer, &raw) ? li_cstr(NULL)
                                                          : raw;
}

static const struct rest_method {
    const char *name, *verb;
    uint8_t keyed;      /* 1: on an entity                                  */
    const char *needs;  /* a parameter                                      */
} rest_methods[] = {
    {"GET", "GET", 1, NULL}, {"BATCH_GET", "GET", 0, "/ids"},
    {"FINDER", "GET", 0, "/q"}, {"BATCH_FINDER", "GET", 0, "/bq"},
    {"GET_ALL", "GET", 0, NULL}, {"BATCH_CREATE", "POST", 0, NULL},
    {"ACTION", "POST", 2, "/action"}, {"CREATE", "POST", 0, NULL},
    {"PARTIAL_UPDATE", "POST", 1, NULL},
    {"BATCH_PARTIAL_UPDATE", "POST", 0, "/ids"},
    {"BATCH_UPDATE", "PUT", 0, "/ids"}, {"UPDATE", "PUT", 1, NULL},
    {"BATCH_DELETE", "DELETE", 0, "/ids"}, {"DELETE", "DELETE", 1, NULL}};
enum { REST_METHODS = sizeof rest_methods / sizeof *rest_methods };

static int fits(const exchange *x, const store_call *c,
                const struct rest_method *m)
{
    return is(x->method, m->verb) &&
           (m->keyed == 2 || m->keyed == c->has_key) &&
           (!m->needs || asked(c, m->needs).ptr);
}

/* By its name, or by what the request looks like. */
static const struct rest_method *method_of(const exchange *x,
                                           const store_call *c)
{
    li_str name = header(x, "X-RestLi-Method");
    size_t i;

    for (i = 0; i < REST_METHODS; i++)
        if (name.ptr ? is_nocase(name, rest_methods[i].name)
                     : fits(x, c, &rest_methods[i]))
            return fits(x, c, &rest_methods[i]) ? &rest_methods[i] : NULL;
    return NULL;
}

/* ---- entities */

static struct entity *entity_of(const char *collection, li_str key)
{
    size_t i;
    for (i = 0; i < MAX_ENTITIES; i++)
        if (entities[i].used && !strcmp(entities[i].collection, collection) &&
            is(key, entities[i].key))
            return &entities[i];
    return NULL;
}

static int keep(struct entity *e, li_str json)
{
    li_str all;
    if (li_json_find(json, "", &all) || *all.ptr != '{' ||
        json.len >= MAX_ENTITY)
        return 0;
    memcpy(e->json, json.ptr, json.len);
    e->json[json.len] = '\0';
    return 1;
}

/* The kind of URN that a collection's ids are; NULL: numbers. */
static const char *urn_kind(const char *collection)
{
    static const char *const kinds[][2] = {
        {"posts", "share"}, {"images", "image"}, {"videos", "video"},
        {"documents", "document"}, {"creatives", "sponsoredCreative"}};
    size_t i;
    for (i = 0; i < 5; i++)
        if (!strcmp(kinds[i][0], collection))
            return kinds[i][1];
    return NULL;
}

/* What is there from the start. */
static void store_begin(void)
{
    static const struct { const char *collection, *key, *json; } seeds[] = {
        {"organizations", "\"2414183\"",
         "{\"id\":2414183,\"vanityName\":\"acme\","
         "\"localizedName\":\"Acme\"}"},
        {"adAccounts", "\"512345678\"",
         "{\"id\":512345678,\"name\":\"Acme Ads\",\"status\":\"ACTIVE\"}"},
        {"adAccounts/512345678/adCampaigns", "\"345678901\"",
         "{\"id\":345678901,\"status\":\"ACTIVE\"}"}};
    size_t i;

    for (i = 0; i < 3; i++, entities_made++) {
        struct entity *e = &entities[entities_made];
        e->used = 1;
        snprintf(e->collection, sizeof e->collection, "%s",
                 seeds[i].collection);
        snprintf(e->key, sizeof e->key, "%s", seeds[i].key);
        snprintf(e->json, sizeof e->json, "%s", seeds[i].json);
    }
}

/* Makes an entity; NULL: the body is none, or there is no room. */
static struct entity *entity_new(const char *collection, li_str json)
{
    struct entity *e = &entities[entities_made % MAX_ENTITIES];
    const char *urn = urn_kind(collection);

    if (!keep(e, json))
        return NULL;
    e->used = 1;
    snprintf(e->collection, sizeof e->collection, "%s", collection);
    if (urn)
        snprintf(e->key, sizeof e->key, "\"urn:li:%s:%u\"", urn,
                 7000 + entities_made);
    else
        snprintf(e->key, sizeof e->key, "\"%u\"", 7000 + entities_made);
    entities_made++;
    return e;
}

/* What a key looks like in a body or header: its text, or reduced. */
static void put_key(li_buf *out, li_str key, int in_body)
{
    char text[MAX_KEY * 3];
    li_buf reduced = LI_BUF(text);

    if (*key.ptr == '"')
        li_json_text(key, &reduced);
    else
        li_restli_encode(LI_RESTLI_REDUCED, key, &reduced);
    if (in_body)
        json_key(out, written(&reduced));
    else
        li_put(out, written(&reduced));
}

/* The next id of a batch, or entity of a body. */
static int next_of(li_json *json, li_str *raw)
{
    const char *from;
    if (li_json_next(json) ||
        (json->type == LI_JSON_ARRAY && json->depth == 1 &&
         li_json_next(json)) ||
        json->type == LI_JSON_ARRAY_END)
        return 0;
    from = json->text.ptr;
    if (li_json_skip(json))
        return 0;
    *raw = span(from, (size_t)(json->text.ptr - from) + json->text.len);
    return 1;
}

/* ---- the methods */

static int store_get(exchange *x, store_call *c)
{
    struct entity *e = entity_of(c->collection, li_cstr(c->key));
    if (!e)
        return gone(x);
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
        struct entity *e = entity_of(c->collection, key);

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

static int act_get(struct entity *e, li_str body)
{
    (void)e, (void)body;
    return 200;
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

static int store_create(exchange *x, store_call *c)
{
    const struct entity *twin;
    struct entity *e;
    char text[MAX_KEY + 64];
    li_buf id = LI_BUF(text);
    int status = is_posts(c) ? post_wrong(x) : 0;

    if (status)
        return status;
    twin = is_posts(c) ? duplicate_of(x->body) : NULL;
    if (twin) {
        snprintf(text, sizeof text, "Content is a duplicate of %.*s",
                 (int)strlen(twin->key) - 2, twin->key + 1);
        return input_error(x, 422, 0, "DUPLICATE_POST", "", text);
    }
    e = entity_new(c->collection, x->body);
    if (!e)
        return bad(x, "The entity is no JSON object");
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

/* Pages of both documented kinds. */
static int store_list(exchange *x, store_call *c)
{
    long size = asked_number(c, "/pageSize", -1);
    long start = asked_number(c, size < 0 ? "/start" : "/pageToken", 0);
    long count = size < 0 ? asked_number(c, "/count", 10) : size;
    long n = 0;
    char text[160];
    size_t i;

    json_put(&x->out, "{\"elements\":[");
    for (i = 0; i < MAX_ENTITIES; i++) {
        if (!entities[i].used || strcmp(entities[i].collection, c->collection))
            continue;
        if (n >= start && n < start + count)
            json_value(&x->out, li_cstr(entities[i].json));
        n++;
    }
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

/* Uploads are told where to; any other action gives its parameters back. */
static int store_action(exchange *x, store_call *c)
{
    const char *kind = urn_kind(c->collection);
    struct entity *e;
    char text[512];

    if (!kind || !is(asked(c, "/action"), "\"initializeUpload\"")) {
        put(&x->out, "{\"value\":");
        put(&x->out, x->body.len ? "" : "{}");
        li_put(&x->out, x->body);
        put(&x->out, "}");
        return answer_json(x, 200);
    }
    e = entity_new(c->collection, LI_STR("{\"status\":\"WAITING_UPLOAD\"}"));
    snprintf(text, sizeof text,
             strcmp(kind, "video")
                 ? "{\"value\":{\"uploadUrl\":\"http%s://%.*s/mock/upload\","
                   "\"%s\":%s}}"
                 : "{\"value\":{\"uploadInstructions\":[{\"uploadUrl\":"
                   "\"http%s://%.*s/mock/upload\",\"firstByte\":0,"
                   "\"lastByte\":4194303}],\"uploadToken\":\"\",\"%s\":%s}}",
             set.tls ? "s" : "", (int)header(x, "Host").len,
             header(x, "Host").ptr, kind, e->key);
    put(&x->out, text);
    return answer_json(x, 200);
}

static int mock_upload(exchange *x)
{
    add_header(x, "ETag", LI_STR("\"/ambry-video/part0.bin\""));
    return 200;
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

    for (i = 0; i < 7; i++)
        if (!strcmp(acts[i].name, m->name))
            return m->keyed ? store_one(x, c, acts[i].act)
                            : store_batch(x, c, acts[i].act);
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
    m = method_of(x, &c);
    if (!m)
        return bad(x, "The method does not go with path and query");
    if (is_posts(&c) && !strcmp(m->name, "PARTIAL_UPDATE") &&
        (status = post_patch_wrong(x)) != 0)
        return status;
    return store_method(x, &c, m);
}

#endif /* MOCK_STORE_H */
