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

/* What a person wrote, for a post or a comment; --plain: as it is. What LinkedIn
   will find too long is told, and sent: its limits have moved before. */
static int put_words(li_buf *out, li_words form, const char *text)
{
    size_t length = 0, most = form == LI_WORDS_COMMENT ? LI_COMMENT_LENGTH
                                                       : LI_POST_LENGTH;
    li_value v = {li_cstr(text), 0};
    li_rc rc = !set.plain ? li_words_put(out, form, v.text, &length)
               : form == LI_WORDS_COMMENT
                   ? li_json_fill(out, "{\"text\":?}", &v, 1)
                   : li_little_put(out, v.text);
    if (rc == LI_E_ARG) {
        const char *mention = text + out->at;
        char name[80];
        snprintf(name, sizeof name, "%.*s",
                 (int)strcspn(mention, ")\n") + 1, mention);
        return complain(CLI_USAGE, name, "mentions no person, and no "
                        "organization that may be mentioned");
    }
    if (rc)
        return complain(CLI_USAGE, "TEXT", "is too long, or no UTF-8");
    if (length > most)
        fprintf(stderr, "linkedin: the text has %lu characters; LinkedIn takes "
                "%lu\n", (unsigned long)length, (unsigned long)most);
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
        code = put_words(&little, LI_WORDS_HASHTAGS, arguments[0]);
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
    static char words[16384], json[32768], path[512];
    li_buf message = LI_BUF(words), body = LI_BUF(json);
    li_rest create;
    const char *actor = set.as;
    int code = token_ready();
    (void)count;
    if (!code && !actor)
        actor = who_am_i(&code);
    if (!code)
        code = put_words(&message, LI_WORDS_COMMENT, arguments[1]);
    if (code)
        return code;
    {
        li_value v[] = {{li_cstr(actor), 0}, {li_cstr(arguments[0]), 0},
                        {LI_VIEW(words, message.len), 0}};
        if (li_json_fill(&body, "{\"actor\":?,\"object\":?,\"message\":*}",
                         v, 3))
            return complain(CLI_USAGE, arguments[0], "is too long, or no UTF-8");
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
