/* events.h - what makes an event: comments, reactions, shares. Source:
   organizations/organization-social-action-notifications. */
#ifndef MOCK_EVENTS_H
#define MOCK_EVENTS_H

static void event_put_text(li_buf *out, li_str json, const char *pointer)
{
    li_str raw;
    if (li_json_find(json, pointer, &raw) || *raw.ptr != '"')
        raw = LI_STR("\"\"");
    json_value(out, raw);
}

/* The post of a URN, which may call it a share or an activity; NULL: the mock
   has none. */
static const struct entity *post_of(li_str urn)
{
    char text[MAX_KEY];
    li_buf key = LI_BUF(text);
    li_str id;

    if (li_urn_split(urn, NULL, NULL, &id))
        return NULL;
    put(&key, "\"urn:li:share:");
    li_put(&key, id);
    put(&key, "\"");
    return key.rc ? NULL : entity_of("posts", written(&key));
}

/* One event, as it is made. The URN is the post's; LinkedIn tells of it as an
   activity, id is that activity's number. */
typedef struct happening {
    const exchange *x;
    const char *action;
    const struct entity *post;
    li_str urn, id, made; /* made: the id of the comment or the new post     */
} happening;

static void event_source(li_buf *out, const happening *h)
{
    static const char acme[] = "\"urn:li:organization:2414183\"";
    li_str author = li_cstr(acme), raw, post = LI_STR("{}");
    char activity[256];

    /* LinkedIn tells of the posts of pages alone; here each is one's. */
    if (h->post)
        post = li_cstr(h->post->json);
    if (!li_json_find(post, "/author", &raw) &&
        starts(raw, "\"urn:li:organization:"))
        author = raw;
    snprintf(activity, sizeof activity, "urn:li:activity:%.*s", (int)h->id.len,
             h->id.ptr);
    json_put(out, "\"organizationalEntity\":");
    json_value(out, author);
    json_text(out, "sourcePost", li_cstr(activity));
    json_put(out, "\"decoratedSourcePost\":{");
    json_text(out, "entity", h->urn);
    json_put(out, "\"owner\":");
    json_value(out, author);
    json_put(out, "\"text\":");
    event_put_text(out, post, "/commentary");
    json_put(out, "\"mediaCategory\":\"NONE\"}");
}

/* Seen: the URN of the comment itself is written in two ways. */
static void event_comment(li_buf *out, const happening *h)
{
    char text[MAX_KEY];
    int id = (int)h->id.len, made = (int)h->made.len;

    snprintf(text, sizeof text, "urn:li:comment:(activity:%.*s,%.*s)", id,
             h->id.ptr, made, h->made.ptr);
    json_text(out, "generatedActivity", li_cstr(text));
    json_put(out, "\"decoratedGeneratedActivity\":{\"comment\":{");
    snprintf(text, sizeof text, "urn:li:comment:(urn:li:activity:%.*s,%.*s)",
             id, h->id.ptr, made, h->made.ptr);
    json_text(out, "entity", li_cstr(text));
    json_put(out, "\"owner\":");
    event_put_text(out, h->x->body, "/actor");
    snprintf(text, sizeof text, "urn:li:activity:%.*s", id, h->id.ptr);
    json_text(out, "object", li_cstr(text));
    json_put(out, "\"text\":");
    event_put_text(out, h->x->body, "/message/text");
    json_put(out, "}}");
}

static void event_reaction(li_buf *out, const happening *h)
{
    char text[MAX_KEY], actor[128] = "";
    li_buf who = LI_BUF(actor);
    li_str query = h->x->query, name, value;

    while (!li_form_next(&query, &name, &value))
        if (is(name, "actor"))
            li_form_decode(value, &who);
    li_buf_end(&who);
    snprintf(text, sizeof text, "urn:li:reaction:(%s,urn:li:activity:%.*s)",
             actor, (int)h->id.len, h->id.ptr);
    json_text(out, "generatedActivity", li_cstr(text));
}

static void event_activity(li_buf *out, const happening *h)
{
    if (!strcmp(h->action, "LIKE"))
        event_reaction(out, h);
    else if (!strcmp(h->action, "SHARE"))
        json_text(out, "generatedActivity", h->made);
    else
        event_comment(out, h);
}

static void event_write(li_buf *out, const happening *h)
{
    json_put(out, "{\"type\":\"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS\","
                  "\"notifications\":[{");
    json_int(out, "notificationId", INT64_C(5603450000) + events_made);
    event_source(out, h);
    json_text(out, "action", li_cstr(h->action));
    json_int(out, "lastModifiedAt", now_s() * 1000);
    event_activity(out, h);
    json_put(out, "\"subscriber\":\"urn:li:person:782bbtaQ\"}]}");
    li_buf_end(out);
}

static void event_make(const exchange *x, const char *action, li_str urn,
                       li_str made)
{
    char memory[MAX_EVENT], name[64];
    li_buf out = LI_BUF(memory);
    happening h = {x, action, post_of(urn), urn, LI_STR_INIT(""), made};
    struct event *e;
    li_str seen_by;

    /* Only what is public is told. */
    if (h.post &&
        !li_json_find(li_cstr(h.post->json), "/visibility", &seen_by) &&
        !is(seen_by, "\"PUBLIC\""))
        return;
    if (li_urn_split(urn, NULL, NULL, &h.id))
        return;
    e = event_place();
    event_write(&out, &h);
    if (out.rc) {
        fprintf(stderr, "webhook %s: %s\n", action, li_rc_name(out.rc));
        return;
    }
    memcpy(e->json, memory, out.len + 1);
    snprintf(name, sizeof name, "%s %u", action, events_made);
    event_queue(e, name);
    if (hook_events[0].state == EVENT_GIVEN_UP) /* another chance */
        event_queue(hook_events, "challenge");
}

/* The id that an answer tells. */
static li_str id_made(const exchange *x)
{
    li_str head = written(&x->extra), line;

    while ((line = line_next(&head)).len)
        if (starts(line, "x-restli-id: "))
            return after(line, 13);
    return LI_STR("");
}

/* What became of a post's comments: path is what follows its URN. */
static void comment_notice(const exchange *x, int status, li_str urn,
                           li_str path)
{
    li_str id = path;

    if (is(path, "comments") && status == 201)
        event_make(x, "COMMENT", urn, id_made(x));
    else if (is(cut(&id, "/"), "comments") && id.len && status == 204)
        event_make(x, is(x->method, "DELETE") ? "COMMENT_DELETE"
                                              : "COMMENT_EDIT", urn, id);
}

/* An exchange is over, and may have made an event. */
static void event_notice(const exchange *x, int status)
{
    char memory[MAX_KEY * 3];
    li_buf urn = LI_BUF(memory);
    li_str path = x->path, part;

    if (!set.webhook || status / 100 != 2 || !starts(path, "/rest/"))
        return;
    path = after(path, 6);
    part = cut(&path, "/");
    if (is(part, "socialActions")) {
        if (!li_percent_decode(cut(&path, "/"), &urn))
            comment_notice(x, status, written(&urn), path);
    } else if (is(part, "reactions") && status == 201) {
        if (!li_json_copy(x->body, "/root", &urn))
            event_make(x, "LIKE", written(&urn), id_made(x));
    } else if (is(part, "posts") && status == 201) {
        if (!li_json_copy(x->body, "/reshareContext/parent", &urn))
            event_make(x, "SHARE", written(&urn), id_made(x));
    }
}

#endif /* MOCK_EVENTS_H */
