/* social.h - comments, reactions, and their counts
   (marketing/community-management/shares/comments-api, reactions-api,
   social-metadata-api). Any thread can be commented on, also that of a post
   which the mock has never seen. */
#ifndef MOCK_SOCIAL_H
#define MOCK_SOCIAL_H

#include "entities.h"

enum { MAX_COMMENT = 1250, MAX_ATTRIBUTES = 100 };

static int is_comments(const char *collection)
{
    size_t len = strlen(collection);
    return !strncmp(collection, "socialActions/", 14) && len > 23 &&
           !strcmp(collection + len - 9, "/comments");
}

/* The URN of the thread of such a collection, as JSON. */
static int thread_of(const char *collection, li_buf *out)
{
    li_str urn = span(collection + 14, strlen(collection) - 23);
    return !li_restli_decode(LI_RESTLI_URL, urn, out) && !li_buf_end(out);
}

/* What names the thread goes into headers: a URN has no byte that splits one. */
static int has_thread(const char *collection)
{
    char json[MAX_KEY], text[MAX_KEY];
    li_buf raw = LI_BUF(json), urn = LI_BUF(text);
    return thread_of(collection, &raw) && !li_json_text(written(&raw), &urn) &&
           !li_urn_split(written(&urn), NULL, NULL, NULL);
}

/* ---- comments */

/* A mention lies within the text: from start on, so many characters. */
static int attribute_wrong(exchange *x, li_str one, const char *pointer,
                           size_t count)
{
    int64_t start = -1, len = 0, all = (int64_t)count;
    li_str raw;

    if (!li_json_find(one, "/start", &raw))
        li_json_int(raw, &start);
    if (!li_json_find(one, "/length", &raw))
        li_json_int(raw, &len);
    if (start < 0 || len < 1 || len > all - start)
        return input_error(x, 400, 1, "INVALID_VALUE_FOR_FIELD", pointer,
                           "start and length are not within the text");
    if (!has_member(one, "/value/person/person") &&
        !has_member(one, "/value/organization/organization"))
        return input_error(x, 400, 1, "INVALID_VALUE_FOR_FIELD", pointer,
                           "value must be a person or an organization");
    return 0;
}

static int attributes_wrong(exchange *x, li_str comment, size_t count)
{
    char pointer[48];
    int status = 0;
    li_str one;
    unsigned i;

    for (i = 0; i <= MAX_ATTRIBUTES && !status; i++) {
        snprintf(pointer, sizeof pointer, "/message/attributes/%u", i);
        if (li_json_find(comment, pointer, &one))
            return 0;
        status = i < MAX_ATTRIBUTES
                     ? attribute_wrong(x, one, pointer, count)
                     : bad(x, "There are too many attributes");
    }
    return status;
}

/* Plain text, of which none is enough only beside a picture. */
static int comment_text_wrong(exchange *x, li_str comment)
{
    static char text[MAX_BODY];
    li_buf out = LI_BUF(text);
    size_t count;
    li_str raw;

    if (li_json_find(comment, "/message/text", &raw) ||
        li_json_text(raw, &out))
        return input_error(x, 400, 1, "INVALID_VALUE_FOR_FIELD",
                           "/message/text", "The text is no text");
    count = characters(written(&out));
    if (!trim(written(&out)).len && !has_member(comment, "/content"))
        return input_error(x, 400, 1, "INVALID_VALUE_BLANK_FIELD",
                           "/message/text", "/message/text can't be blank");
    if (count > MAX_COMMENT)
        return input_error(x, 400, 1, "FIELD_LENGTH_TOO_LONG", "/message/text",
                           "/message/text is longer than 1250 characters");
    return attributes_wrong(x, comment, count);
}

static int comment_wrong(exchange *x)
{
    static const char *const needed[] = {"/actor", "/object", "/message/text"};
    char text[512] = "";
    int i, status;

    for (i = 0; i < 3; i++)
        if (!has_member(x->body, needed[i]))
            put_missing(text, sizeof text, needed[i]);
    if (*text)
        return problem(x, 422, -1, NULL, text);
    status = owner_wrong(x, "/actor");
    return status ? status : comment_text_wrong(x, x->body);
}

static void copy_member(li_buf *out, li_str json, const char *quoted)
{
    li_str raw = member_of(json, li_cstr(quoted));

    if (!raw.ptr)
        return;
    json_value(out, li_cstr(quoted));
    put(out, ":");
    li_put(out, raw);
}

static void put_stamp(li_buf *out, const char *name, li_str actor)
{
    json_key(out, li_cstr(name));
    json_put(out, "{");
    json_key(out, LI_STR("actor"));
    json_value(out, actor);
    json_int(out, "time", now_s() * 1000);
    json_put(out, "}");
}

/* The URN of a comment: of its thread and its id. */
static void put_comment_urn(li_buf *out, const struct entity *e)
{
    char thread[MAX_KEY];
    li_buf of = LI_BUF(thread);

    put(out, "urn:li:comment:(");
    if (thread_of(e->collection, &of))
        li_json_text(written(&of), out);
    put(out, ",");
    li_json_text(li_cstr(e->key), out);
    put(out, ")");
}

/* As it is read from now on. */
static int comment_keep(struct entity *e, li_str body)
{
    static char json[MAX_ENTITY];
    char text[MAX_KEY + 64];
    li_buf out = LI_BUF(json), urn = LI_BUF(text);
    li_str actor = member_of(body, LI_STR("\"actor\""));
    li_str message = member_of(body, LI_STR("\"message\""));

    put_comment_urn(&urn, e);
    json_put(&out, "{");
    json_raw(&out, "id", e->key);
    json_text(&out, "commentUrn", written(&urn));
    copy_member(&out, body, "\"actor\"");
    if (contains(actor, ":organization:"))
        json_text(&out, "agent", LI_STR("urn:li:person:782bbtaQ"));
    copy_member(&out, body, "\"object\"");
    copy_member(&out, body, "\"parentComment\"");
    copy_member(&out, body, "\"content\"");
    json_put(&out, "\"message\":{");
    copy_member(&out, message, "\"text\"");
    if (member_of(message, LI_STR("\"attributes\"")).ptr)
        copy_member(&out, message, "\"attributes\"");
    else
        json_put(&out, "\"attributes\":[]");
    json_put(&out, "}");
    put_stamp(&out, "created", actor);
    put_stamp(&out, "lastModified", actor);
    json_put(&out, "}");
    return !out.rc && keep(e, written(&out));
}

static void add_comment_urn(exchange *x, const struct entity *e)
{
    char text[MAX_KEY + 64];
    li_buf urn = LI_BUF(text);

    put_comment_urn(&urn, e);
    add_header(x, "x-resourceidentity-urn", written(&urn));
}

static int comment_create(exchange *x, const char *collection)
{
    struct entity *e;
    int status = comment_wrong(x);

    if (status)
        return status;
    if (!has_thread(collection))
        return bad(x, "The path names no URN");
    e = entity_new(collection, x->body);
    if (!e || !comment_keep(e, x->body)) {
        if (e)
            e->used = 0;
        return bad(x, "The comment is too long");
    }
    add_header(x, "x-restli-id", span(e->key + 1, strlen(e->key) - 2));
    add_comment_urn(x, e);
    put(&x->out, e->json);
    return answer_json(x, 201);
}

/* An edit's text and attributes must agree as a new comment's do. */
static int comment_edit(exchange *x, struct entity *e)
{
    static char text[MAX_ENTITY];
    li_buf out = LI_BUF(text);
    li_str patch;
    int status;

    if (!e)
        return gone(x);
    if (li_json_find(x->body, "/patch", &patch) ||
        !patch_apply(li_cstr(e->json), patch, &out) || out.rc)
        return bad(x, "The entity or the patch is not acceptable");
    if ((status = comment_text_wrong(x, written(&out))) != 0)
        return status;
    if (!keep(e, written(&out)))
        return bad(x, "The comment is too long");
    add_comment_urn(x, e);
    return 200;
}

/* ---- reactions: one of an actor on an entity, the last */

static const char *const reaction_types[] = {
    "LIKE", "PRAISE", "EMPATHY", "INTEREST", "APPRECIATION", "ENTERTAINMENT",
    NULL};

static int reaction_wrong(exchange *x, li_str actor)
{
    static const char *const needed[] = {"/root", "/reactionType"};
    char text[256] = "";
    int i;

    for (i = 0; i < 2; i++)
        if (!has_member(x->body, needed[i]))
            put_missing(text, sizeof text, needed[i]);
    if (*text)
        return problem(x, 422, -1, NULL, text);
    if (!actor.ptr)
        return bad(x, "The parameter actor is missing");
    if (!value_is(x->body, "/reactionType", reaction_types))
        return input_error(x, 400, 1, "INVALID_VALUE_FOR_FIELD",
                           "/reactionType",
                           "/reactionType can't be set to this value");
    return 0;
}

/* Replaces the one before, if the same actor reacted to the same. */
static struct entity *reaction_new(const char *key, li_str body)
{
    struct entity *e = entity_of("reactions", li_cstr(key));

    if (!e && (e = entity_new("reactions", body)) != NULL)
        snprintf(e->key, sizeof e->key, "%s", key);
    return e;
}

static int reaction_create(exchange *x, li_str actor)
{
    char key[MAX_KEY], json[MAX_KEY * 4], id[MAX_KEY];
    li_buf name = LI_BUF(key), out = LI_BUF(json), urn = LI_BUF(id);
    li_str root = member_of(x->body, LI_STR("\"root\""));
    int status = reaction_wrong(x, actor);
    struct entity *e;

    if (status)
        return status;
    li_json_fill(&name, "{\"actor\":*,\"entity\":*}",
                 (li_value[]){{actor, 0}, {root, 0}}, 2);
    put(&urn, "urn:li:reaction:(");
    li_json_text(actor, &urn);
    put(&urn, ",");
    li_json_text(root, &urn);
    put(&urn, ")");
    json_put(&out, "{");
    json_text(&out, "id", written(&urn));
    copy_member(&out, x->body, "\"root\"");
    copy_member(&out, x->body, "\"reactionType\"");
    put_stamp(&out, "created", actor);
    put_stamp(&out, "lastModified", actor);
    json_put(&out, "}");
    if (li_buf_end(&name) || urn.rc || out.rc ||
        !(e = reaction_new(key, x->body)) || !keep(e, written(&out)))
        return bad(x, "The reaction is too long");
    put(&x->out, e->json);
    return answer_json(x, 201);
}

/* ---- counts */

static int json_has(const struct entity *e, const char *pointer, li_str raw)
{
    li_str found;
    return !li_json_find(li_cstr(e->json), pointer, &found) &&
           li_equal(found, raw);
}

/* Comments on an entity; top: without the replies to them. */
static int64_t count_comments(li_str key, int top)
{
    char thread[MAX_KEY];
    int64_t n = 0;
    size_t i;

    for (i = 0; i < MAX_ENTITIES; i++) {
        const struct entity *e = &entities[i];
        li_buf of = LI_BUF(thread);

        if (!e->used || !is_comments(e->collection) ||
            !thread_of(e->collection, &of))
            continue;
        if (top ? is(key, thread) && !has_member(li_cstr(e->json),
                                                 "/parentComment")
                : is(key, thread) || json_has(e, "/object", key))
            n++;
    }
    return n;
}

static int64_t count_reactions(li_str key, const char *type)
{
    char raw[32];
    int64_t n = 0;
    size_t i;

    snprintf(raw, sizeof raw, "\"%s\"", type);
    for (i = 0; i < MAX_ENTITIES; i++)
        n += entities[i].used && !strcmp(entities[i].collection, "reactions") &&
             json_has(&entities[i], "/root", key) &&
             json_has(&entities[i], "/reactionType", li_cstr(raw));
    return n;
}

/* The counts of an entity, whose URN is the key; they are kept nowhere. */
static struct entity *social_metadata(li_str key)
{
    static struct entity e;
    li_buf out = LI_BUF(e.json);
    size_t i;
    int64_t n;

    json_put(&out, "{\"entity\":");
    li_put(&out, key);
    json_text(&out, "commentsState", LI_STR("OPEN"));
    json_put(&out, "\"commentSummary\":{");
    json_int(&out, "count", count_comments(key, 0));
    json_int(&out, "topLevelCount", count_comments(key, 1));
    json_put(&out, "}");
    json_put(&out, "\"reactionSummaries\":{");
    for (i = 0; reaction_types[i]; i++) {
        if ((n = count_reactions(key, reaction_types[i])) == 0)
            continue;
        json_key(&out, li_cstr(reaction_types[i]));
        json_put(&out, "{");
        json_text(&out, "reactionType", li_cstr(reaction_types[i]));
        json_int(&out, "count", n);
        json_put(&out, "}");
    }
    json_put(&out, "}}");
    return li_buf_end(&out) ? NULL : &e;
}

#endif /* MOCK_SOCIAL_H */
