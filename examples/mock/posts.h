/* posts.h - what LinkedIn's Posts API refuses, and what becomes of a post's
   commentary (marketing/community-management/shares/posts-api). Where nothing
   is documented, --choose picks. */
#ifndef MOCK_POSTS_H
#define MOCK_POSTS_H

static const struct choice {
    const char *name, *help;
} choices[] = {
    {"missing-400", "a post's missing member is 400 MISSING_FIELD, not 422"},
    {"little-400", "ill-formed Little Text is refused, not cut"},
    {"long-4000", "a commentary may have 4000 characters, not 3000"},
    {"delete-404", "a post deleted twice is 404, not 204"},
};

static int chosen(const char *name)
{
    size_t i = 0;
    while (strcmp(choices[i].name, name))
        i++;
    return set.chosen >> i & 1;
}

static int set_choice(void *to, const char *value)
{
    size_t i;
    (void)to;
    for (i = 0; i < sizeof choices / sizeof *choices; i++)
        if (!strcmp(choices[i].name, value))
            return set.chosen |= 1u << i, 1;
    return 0;
}

/* An error body with errorDetails, as the Posts API has it; top: with a code at
   the top, too. */
static int input_error(exchange *x, int status, int top, const char *code,
                  const char *field, const char *message)
{
    li_value message_of = {li_cstr(message), 0}, field_of = {li_cstr(field), 0};

    json_put(&x->out, "{");
    json_text(&x->out, "errorDetailType",
              LI_STR("com.linkedin.common.error.BadRequest"));
    if (top)
        json_text(&x->out, "code", li_cstr(code));
    json_text(&x->out, "message", li_cstr(message));
    li_json_fill(&x->out, "\"errorDetails\":{\"inputErrors\":[{"
                 "\"description\":?", &message_of, 1);
    if (*field)
        li_json_fill(&x->out, "\"input\":{\"inputPath\":{\"fieldPath\":?}}",
                     &field_of, 1);
    else
        json_put(&x->out, "\"input\":{}");
    json_text(&x->out, "code", li_cstr(code));
    json_put(&x->out, "}]}");
    json_int(&x->out, "status", status);
    json_put(&x->out, "}");
    return answer_json(x, status);
}

/* ---- members */

static int has_member(li_str json, const char *pointer)
{
    li_str raw;
    return !li_json_find(json, pointer, &raw);
}

/* The line of the schema's check for a member that is not there. */
static void put_missing(char *text, size_t cap, const char *pointer)
{
    size_t len = strlen(text);
    snprintf(text + len, cap - len, "ERROR :: %s :: field is required but not "
             "found and has no default value\n", pointer);
}

/* The schema's check comes first, and tells every fault. */
static int members_missing(exchange *x)
{
    static const char *const needed[] = {
        "/author", "/commentary", "/visibility", "/distribution",
        "/lifecycleState"};
    char text[512] = "";
    size_t i;

    for (i = 0; i < 5; i++) {
        if (has_member(x->body, needed[i]))
            continue;
        if (chosen("missing-400"))
            return input_error(x, 400, 1, "MISSING_FIELD", needed[i],
                          "A field is required but missing");
        put_missing(text, sizeof text, needed[i]);
    }
    return *text ? problem(x, 422, -1, NULL, text) : 0;
}

static int value_is(li_str json, const char *pointer, const char *const *among)
{
    li_str raw;
    if (li_json_find(json, pointer, &raw))
        return 0;
    while (*among && !li_json_is(raw, li_cstr(*among)))
        among++;
    return *among != NULL;
}

/* Whoever posts or uploads is a page, or the member whose token it is. */
static int owner_wrong(exchange *x, const char *pointer)
{
    char owner[256], text[192];
    li_buf out = LI_BUF(owner);
    li_str type = LI_STR(""), id = LI_STR("");

    if (!li_json_copy(x->body, pointer, &out))
        li_urn_split(li_cstr(owner), NULL, &type, &id);
    if (is(type, "organization") ||
        (is(type, "person") && (is(id, "me") || is(id, "782bbtaQ"))))
        return 0;
    if (is(type, "person")) { /* seen: somebody else */
        snprintf(text, sizeof text, "Field Value validation failed in "
                 "REQUEST_BODY: Data Processing Exception while processing "
                 "fields [%s]", pointer);
        return problem(x, 403, 100, "ACCESS_DENIED", text);
    }
    snprintf(text, sizeof text, "%s must be a person or organization URN",
             pointer);
    return input_error(x, 400, 1, "INVALID_URN_TYPE", pointer, text);
}

/* How many elements a list has, up to `most`. */
static unsigned elements_of(li_str json, const char *list, unsigned most)
{
    char pointer[64];
    unsigned n = 0;
    do
        snprintf(pointer, sizeof pointer, "%s/%u", list, n);
    while (has_member(json, pointer) && n++ < most);
    return n;
}

/* One of the variants, and that one whole. */
static int content_wrong(exchange *x)
{
    static const struct variant {
        const char *name, *needs[2];
        const char *list;
        unsigned least, most;
    } variants[] = {
        {"media", {"/content/media/id"}, NULL, 0, 0},
        {"article", {"/content/article/source", "/content/article/title"}, NULL,
         0, 0},
        {"multiImage", {NULL}, "/content/multiImage/images", 2, 20},
        {"poll", {"/content/poll/question", "/content/poll/settings/duration"},
         "/content/poll/options", 2, 4},
        {"reference", {"/content/reference/id"}, NULL, 0, 0},
        {"carousel", {NULL}, "/content/carousel/cards", 2, 10}};
    li_str content, key, value;
    const struct variant *v = variants, *end = v + 6;
    li_json json;
    unsigned i, n;

    if (li_json_find(x->body, "/content", &content))
        return 0;
    li_json_open(&json, content, 1);
    if (!next_member(&json, &key, &value))
        return 0;
    while (v < end && !li_json_is(key, li_cstr(v->name)))
        v++;
    if (v == end || next_member(&json, &key, &value))
        return problem(x, 422, -1, NULL, "ERROR :: /content :: unrecognized "
                       "field found but not allowed\n");
    for (i = 0; i < 2 && v->needs[i]; i++)
        if (!has_member(x->body, v->needs[i]))
            return input_error(x, 400, 1, "MISSING_FIELD", v->needs[i],
                          "A field is required but missing");
    n = v->list ? elements_of(x->body, v->list, v->most + 1) : 0;
    if (n < v->least || n > v->most)
        return input_error(x, 400, 1, "INVALID_VALUE_FOR_FIELD", v->list,
                      "Too few or too many elements");
    return 0;
}

/* ---- the commentary */

/* Mock choice, for LinkedIn's pages do not say what a character is: that of
   linkedin.h. */
static size_t characters(li_str utf8)
{
    size_t n = 0, i;
    for (i = 0; i < utf8.len; i++) {
        unsigned char c = (unsigned char)utf8.ptr[i];
        n += c >= 0xf0 ? LI_SUPPLEMENTARY_LENGTH : (c & 0xc0) != 0x80;
    }
    return n;
}

/* Behind text up to an unescaped c, from i on; 0: it does not come. */
static size_t little_upto(li_str s, size_t i, char c)
{
    for (; i < s.len && s.ptr[i] != c; i++)
        i += s.ptr[i] == '\\';
    return i < s.len ? i + 1 : 0;
}

/* How much of a text is well-formed Little Text. */
static size_t little_good(li_str s)
{
    size_t i = 0, next;
    for (; i < s.len; i = next) {
        next = i + 1;
        if (s.ptr[i] == '\\')
            next++;
        else if (s.ptr[i] == '{')
            next = little_upto(s, i, '}');
        else if (s.ptr[i] == '@') {
            next = i + 1 < s.len && s.ptr[i + 1] == '[' ? little_upto(s, i, ']')
                                                        : 0;
            if (next && next < s.len && s.ptr[next] == '(')
                next = little_upto(s, next, ')');
        } else if (strchr("|}[]()<>*_~", s.ptr[i]))
            return i;
        if (!next || next > s.len)
            return i;
    }
    return i;
}

/* Cuts a commentary where it is ill-formed, as LinkedIn does. */
static int commentary_wrong(exchange *x)
{
    static char text[MAX_BODY], json[MAX_BODY];
    li_buf plain = LI_BUF(text), out = LI_BUF(json);
    size_t most = chosen("long-4000") ? 4000 : 3000, good;
    li_str raw, all = x->body;

    if (li_json_find(all, "/commentary", &raw) || li_json_text(raw, &plain))
        return 0;
    if (characters(written(&plain)) > most)
        return input_error(x, 400, 0, "FIELD_ARRAY_SIZE_TOO_HIGH", "/commentary",
                      "ShareCommentary text length exceeded the maximum");
    good = little_good(written(&plain));
    if (good == plain.len)
        return 0;
    if (chosen("little-400"))
        return input_error(x, 400, 1, "INVALID_VALUE_FOR_FIELD", "/commentary",
                      "The text is no Little Text");
    li_put(&out, span(all.ptr, (size_t)(raw.ptr - all.ptr)));
    json_string(&out, span(text, good));
    good = (size_t)(raw.ptr + raw.len - all.ptr);
    li_put(&out, span(all.ptr + good, all.len - good));
    x->body = written(&out);
    return 0;
}

/* A create of a post: 0, or the status of the refusal. */
static int post_wrong(exchange *x)
{
    static const char *const states[] = {"PUBLISHED", "DRAFT", NULL};
    static const char *const seen_by[] = {"PUBLIC", "CONNECTIONS", "LOGGED_IN",
                                          NULL};
    int status = members_missing(x);

    if (!status)
        status = owner_wrong(x, "/author");
    if (!status && !value_is(x->body, "/visibility", seen_by))
        status = input_error(x, 400, 1, "INVALID_VALUE_FOR_FIELD", "/visibility",
                        "/visibility can't be set to this value");
    if (!status && !value_is(x->body, "/lifecycleState", states))
        status = input_error(x, 400, 1, "INVALID_VALUE_FOR_FIELD", "/lifecycleState",
                        "/lifecycleState can't be set to this value");
    if (!status)
        status = content_wrong(x);
    return status ? status : commentary_wrong(x);
}

/* An update may set these alone. */
static int post_patch_wrong(exchange *x)
{
    static const char *const open[] = {
        "commentary", "contentCallToActionLabel", "contentLandingPage",
        "lifecycleState", NULL};
    char text[256];
    li_str set_, key, value;
    li_json json;
    unsigned i;

    if (li_json_find(x->body, "/patch/$set", &set_))
        return 0;
    li_json_open(&json, set_, 1);
    while (next_member(&json, &key, &value)) {
        for (i = 0; open[i] && !li_json_is(key, li_cstr(open[i])); i++)
            ;
        if (open[i])
            continue;
        snprintf(text, sizeof text, "Unpermitted fields present in PATCH body: "
                 "[/patch/$set/%.*s]", (int)(key.len < 80 ? key.len - 2 : 80),
                 key.ptr + 1);
        return problem(x, 403, 100, "ACCESS_DENIED", text);
    }
    return 0;
}

#endif /* MOCK_POSTS_H */
