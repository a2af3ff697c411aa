/* entities.h - a call of Rest.li taken apart, and the entities that it is for:
   a fixed table of JSON objects, by collection and key. */
#ifndef MOCK_ENTITIES_H
#define MOCK_ENTITIES_H

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
    {"GET_ALL", "GET", 0, NULL}, {"ACTION", "POST", 2, "/action"},
    {"CREATE", "POST", 0, NULL}, {"BATCH_CREATE", "POST", 0, NULL},
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

/* Media that can be posted at once. */
#define SEEN(kind, id) "{\"id\":\"urn:li:" kind ":" id "\",\"owner\":" \
    "\"urn:li:person:me\",\"status\":\"AVAILABLE\"}"

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
         "{\"id\":345678901,\"account\":\"urn:li:sponsoredAccount:512345678\","
         "\"status\":\"ACTIVE\"}"},
        {"organizationAcls", "\"1\"",
         "{\"role\":\"ADMINISTRATOR\",\"organization\":"
         "\"urn:li:organization:2414183\",\"roleAssignee\":"
         "\"urn:li:person:782bbtaQ\",\"state\":\"APPROVED\"}"},
        {"images", "\"urn:li:image:1\"", SEEN("image", "1")},
        {"images", "\"urn:li:image:2\"", SEEN("image", "2")},
        {"videos", "\"urn:li:video:1\"", SEEN("video", "1")},
        {"documents", "\"urn:li:document:1\"", SEEN("document", "1")}};
    size_t i;

    for (i = 0; i < sizeof seeds / sizeof *seeds; i++, entities_made++) {
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

/* The next id of a batch, or entity of a body; what is no list is one. */
static int next_of(li_json *json, li_str *raw)
{
    const char *from;
    if (li_json_next(json) ||
        (json->type == LI_JSON_ARRAY && json->depth == 1 &&
         li_json_next(json)) ||
        json->type == LI_JSON_ARRAY_END || json->type == LI_JSON_END)
        return 0;
    from = json->text.ptr;
    if (li_json_skip(json))
        return 0;
    *raw = span(from, (size_t)(json->text.ptr - from) + json->text.len);
    return 1;
}

#endif /* MOCK_ENTITIES_H */
