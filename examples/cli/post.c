/* post.c - posts, comments: made and deleted. */
#include "cli.h"

/* {"media":…}, {"multiImage":…} or {"article":…}: what goes with the text. A
   code; out stays empty where nothing does. */
static int put_images(li_buf *out, const char *author)
{
    size_t i;
    int code;
    if (set.images > 1)
        li_json_fill(out, "{\"multiImage\":{\"images\":[", NULL, 0);
    else
        li_json_fill(out, "{\"media\":", NULL, 0);
    for (i = 0; i < set.images; i++) {
        char urn[256];
        li_value v[2] = {{LI_STR(""), 0}, {LI_STR(""), 0}};
        code = upload_file(LI_IMAGE, author, set.image[i], urn, sizeof urn);
        if (code)
            return code;
        v[0].text = li_cstr(urn);
        if (set.alt[i])
            v[1].text = li_cstr(set.alt[i]);
        li_json_fill(out, "{\"id\":?,\"altText\":?}", v, 2);
    }
    li_json_fill(out, set.images > 1 ? "]}}" : "}", NULL, 0);
    return 0;
}

static int put_content(li_buf *out, const char *author)
{
    const char *file = set.video ? set.video : set.document;
    char urn[256];
    li_value v[2] = {{LI_STR(""), 0}, {LI_STR(""), 0}};
    int code, kinds = (set.images > 0) + (set.video != NULL) +
                      (set.document != NULL) + (set.article != NULL);
    if (kinds > 1)
        return complain(CLI_USAGE, "a post", "has pictures, or a video, or a "
                        "document, or an article");
    if (set.images)
        return put_images(out, author);
    if ((set.article || set.document) && !set.title)
        return complain(CLI_USAGE, "--title",
                        "is wanted with an article or a document");
    if (set.title)
        v[1].text = li_cstr(set.title);
    if (set.article) {
        v[0].text = li_cstr(set.article);
        li_json_fill(out, "{\"article\":{\"source\":?,\"title\":?}}", v, 2);
    } else if (file) {
        code = upload_file(set.video ? LI_VIDEO : LI_DOCUMENT, author, file,
                           urn, sizeof urn);
        if (code)
            return code;
        v[0].text = li_cstr(urn);
        li_json_fill(out, "{\"media\":{\"id\":?,\"title\":?}}", v, 2);
    }
    return 0;
}

/* How many bytes a mention "@[Name](urn:li:person:1)" has at the head of text,
   and its two parts; 0: there is none. */
static size_t mention_at(li_str text, li_str *name, li_str *urn)
{
    const char *end = text.ptr + text.len, *middle, *close;
    if (text.len < 2 || memcmp(text.ptr, "@[", 2))
        return 0;
    for (middle = text.ptr + 2; end - middle > 6; middle++)
        if (*middle == '\n' || !memcmp(middle, "](urn:", 6))
            break;
    close = end - middle > 6 && *middle == ']'
                ? memchr(middle, ')', (size_t)(end - middle)) : NULL;
    if (!close)
        return 0;
    *name = LI_VIEW(text.ptr + 2, (size_t)(middle - text.ptr) - 2);
    *urn = LI_VIEW(middle + 2, (size_t)(close - middle) - 2);
    return (size_t)(close - text.ptr) + 1;
}

static int may_be_mentioned(li_str urn)
{
    li_str type;
    return !li_urn_split(urn, NULL, &type, NULL) &&
           (li_equal(type, LI_STR("person")) ||
            li_equal(type, LI_STR("organization")) ||
            li_equal(type, LI_STR("organizationBrand")));
}

/* How many bytes of a hashtag there are: letters, digits and "_", of which one
   is no digit; letters of other scripts are whole. 0: it is none. */
static size_t hashtag_at(li_str text, char before)
{
    static const char ends[] = " \t\r\n#@.,;:!?()[]{}<>\"'/\\&+*=|~^%$-`";
    size_t n = 1, digits = 0;
    if (!text.len || *text.ptr != '#' ||
        (before && !strchr(" \t\r\n([{\"'", before))) /* nor in a URL */
        return 0;
    while (n < text.len && text.ptr[n] && !strchr(ends, text.ptr[n])) {
        digits += text.ptr[n] >= '0' && text.ptr[n] <= '9';
        n++;
    }
    return n == 1 || digits == n - 1 ? 0 : n;
}

/* What a person wrote, as a commentary: with the mentions and hashtags live, but
   for --plain. */
static int put_words(li_buf *out, li_str text)
{
    size_t i = 0, from = 0, n;
    while (i < text.len) {
        li_str rest = LI_VIEW(text.ptr + i, text.len - i), name, urn;
        size_t m = set.plain ? 0 : mention_at(rest, &name, &urn);
        n = m || set.plain ? m : hashtag_at(rest, i ? rest.ptr[-1] : 0);
        if (n) {
            li_little_put(out, LI_VIEW(text.ptr + from, i - from));
            if (!m)
                li_hashtag_put(out, LI_VIEW(rest.ptr + 1, n - 1));
            else if (!may_be_mentioned(urn) ||
                     li_mention_put(out, name, urn) == LI_E_ARG)
                return complain(CLI_USAGE, "a mention", "has no URN of a "
                                "person or an organization");
            from = i + n;
        }
        i += n ? n : 1;
    }
    if (li_little_put(out, LI_VIEW(text.ptr + from, i - from)) || out->rc)
        return complain(CLI_USAGE, "TEXT", "is too long, or no UTF-8");
    return 0;
}

int cmd_post(int count, char **arguments)
{
    static li_req req;
    static char words[16384], content[16384], json[65536];
    li_buf little = LI_BUF(words), more = LI_BUF(content), body = LI_BUF(json);
    li_rest create;
    const char *author = set.as;
    li_str urn;
    int code = token_ready();
    (void)count;
    if (!code && !author)
        author = who_am_i(&code);
    if (!code)
        code = put_words(&little, li_cstr(arguments[0]));
    if (!code) /* an upload is long: what can be wrong before it, is told */
        code = put_content(&more, author);
    if (code)
        return code < 0 ? 0 : code;
    {
        li_value v[] = {{li_cstr(author), 0}, {LI_VIEW(words, little.len), 0},
                        {LI_VIEW(content, more.len), 0}};
        li_json_fill(&body, more.len ? "{\"author\":?,\"commentary\":?,"
            "\"content\":*" : "{\"author\":?,\"commentary\":?", v,
            more.len ? 3 : 2);
        li_json_fill(&body, "\"visibility\":\"PUBLIC\",\"lifecycleState\":"
            "\"PUBLISHED\",\"distribution\":{\"feedDistribution\":"
            "\"MAIN_FEED\",\"targetEntities\":[],"
            "\"thirdPartyDistributionChannels\":[]}}", NULL, 0);
    }
    if (body.rc || more.rc)
        return complain(CLI_USAGE, "the post", "is too long, or no UTF-8");
    memset(&create, 0, sizeof create);
    create.body = LI_VIEW(json, body.len);
    create.method = LI_CREATE;
    code = rest_fill(&req, &create, "/posts");
    if (!code)
        code = ask_until_ready(&req);
    if (code)
        return code < 0 ? 0 : code;
    urn = li_header(&call, LI_H_RESTLI_ID);
    fprintf(stderr, "https://www.linkedin.com/feed/update/%.*s/\n",
            (int)urn.len, urn.ptr ? urn.ptr : "");
    return printf("%.*s\n", (int)urn.len, urn.ptr ? urn.ptr : "") < 0;
}

int cmd_comment(int count, char **arguments)
{
    static char json[32768], path[512];
    li_buf body = LI_BUF(json);
    li_rest create;
    const char *actor = set.as;
    int code = token_ready();
    (void)count;
    if (!code && !actor)
        actor = who_am_i(&code);
    if (code)
        return code;
    {
        li_value v[] = {{li_cstr(actor), 0}, {li_cstr(arguments[0]), 0},
                        {li_cstr(arguments[1]), 0}};
        if (li_json_fill(&body, "{\"actor\":?,\"object\":?,\"message\":"
                                "{\"text\":?}}", v, 3))
            return complain(CLI_USAGE, "TEXT", "is too long, or no UTF-8");
    }
    memset(&create, 0, sizeof create);
    create.body = LI_VIEW(json, body.len);
    if (snprintf(path, sizeof path, "/socialActions/%s/comments",
                 arguments[0]) >= (int)sizeof path)
        return complain(CLI_USAGE, "URN", "is too long");
    code = rest(LI_CREATE, path, create);
    if (code)
        return code < 0 ? 0 : code;
    return print_answer();
}

int cmd_delete(int count, char **arguments)
{
    char path[512];
    li_rest more;
    int code = token_ready();
    (void)count;
    memset(&more, 0, sizeof more);
    if (snprintf(path, sizeof path, "/posts/%s", arguments[0]) >=
        (int)sizeof path)
        return complain(CLI_USAGE, "URN", "is too long");
    if (!code)
        code = rest(LI_DELETE, path, more);
    if (!code)
        fprintf(stderr, "Deleted.\n");
    return code < 0 ? 0 : code;
}
