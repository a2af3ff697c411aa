/* api.c - any API: the command "api". */
#include "cli.h"

/* The query's members, "q" or "action" apart: they name a finder or an action.
   fields is added. A code. */
static int read_query(li_rest *more, char *name, size_t cap, int *is_action)
{
    static char text[1 << 16];
    li_str all = set.query ? li_cstr(set.query) : LI_STR("{}"), key, value;
    li_buf out = LI_BUF(text);
    li_json loop;
    li_rc rc;
    *name = 0;
    li_json_fill(&out, "{", NULL, 0);
    li_json_open(&loop, all, 1);
    while (!(rc = li_json_each(&loop, &key, &value))) {
        char key_text[256];
        li_buf k = LI_BUF(key_text), n = li_buf_of(name, cap);
        li_value v[2] = {{LI_STR(""), 0}, {value, 0}};
        if (li_json_text(key, &k))
            return complain(CLI_USAGE, "--query", "has a name that is too long");
        v[0].text = LI_VIEW(key_text, k.len);
        *is_action = *is_action || li_equal(v[0].text, LI_STR("action"));
        if (li_equal(v[0].text, LI_STR("q")) ||
            li_equal(v[0].text, LI_STR("action"))) {
            if (li_json_text(value, &n) || li_buf_end(&n))
                return complain(CLI_USAGE, "--query", "\"q\" wants a name");
        } else
            li_json_fill(&out, "?:*", v, 2);
    }
    if (rc != LI_E_MISSING) {
        char where[64];
        snprintf(where, sizeof where, "is no JSON object, at byte %u",
                 (unsigned)li_json_offset(&loop));
        return complain(CLI_USAGE, "--query", where);
    }
    if (set.fields) {
        li_value v = {li_cstr(set.fields), 0};
        li_json_fill(&out, "\"fields\":?", &v, 1);
    }
    li_json_fill(&out, "}", NULL, 0);
    more->query = LI_VIEW(text, out.len);
    more->name = *name ? name : NULL;
    return out.rc ? complain(CLI_USAGE, "--query", "is too long") : 0;
}

/* JSON of the command line, of a file, or of standard input: a code. */
static int read_body(li_str *body)
{
    li_json json;
    li_rc rc = LI_OK;
    if (!set.body)
        return 0;
    *body = li_cstr(set.body);
    if (*set.body == '@' || !strcmp(set.body, "-")) {
        int code = read_whole(set.body + (*set.body == '@'), body);
        if (code)
            return code;
    }
    li_json_open(&json, *body, 1);
    do
        rc = li_json_next(&json);
    while (!rc && json.type != LI_JSON_END);
    if (rc) {
        char where[64];
        snprintf(where, sizeof where, "is no JSON, at byte %u: %s",
                 (unsigned)li_json_offset(&json), li_strerror(rc));
        return complain(CLI_USAGE, "--body", where);
    }
    return 0;
}

/* An element a line. JSON has line ends between its tokens only. */
static li_rc print_element(void *user, li_str json)
{
    size_t i;
    (void)user;
    for (i = 0; i < json.len; i++)
        putchar(json.ptr[i] == '\n' || json.ptr[i] == '\r' ? ' ' : json.ptr[i]);
    putchar('\n');
    return ferror(stdout) ? LI_E_CANCELLED : LI_OK;
}

static int all_pages(li_rest *more, const char *path)
{
    static char element[4 << 20];
    static li_req req;
    li_page page;
    int code = 0;
    memset(&page, 0, sizeof page);
    page.rest = more;
    page.element = print_element;
    page.mem = element;
    page.cap = sizeof element;
    page.count = 100;
    code = rest_fill(&req, more, path); /* path and keys; the query comes anew */
    while (!code) {
        li_buf out = LI_BUF(scratch);
        li_rc rc = li_page_req(&page, &req, &me, &out);
        if (rc == LI_E_MISSING)
            return 0;
        code = ask(&req);
        if (code)
            return code;
        rc = li_page_end(&page, &call);
        if (rc == LI_E_CANCELLED)
            return CLI_FILE;
        if (rc)
            return complain(CLI_FAILED, path, li_strerror(rc));
    }
    return code;
}

/* Whether a path without "q" is an entity's or a collection's, LinkedIn knows:
   so a plain GET names no method. */
static int once(li_rest *more, const char *path)
{
    static li_req req;
    int code = rest_fill(&req, more, path);
    if (!code && more->method == LI_GET)
        req.rest_method = NULL;
    return code ? code : ask(&req);
}

int cmd_api(int count, char **arguments)
{
    static const struct {
        const char *name;
        li_method plain, named;
    } verbs[] = {{"GET", LI_GET, LI_FINDER},
                 {"POST", LI_CREATE, LI_ACTION},
                 {"PUT", LI_UPDATE, LI_UPDATE},
                 {"PATCH", LI_PARTIAL_UPDATE, LI_PARTIAL_UPDATE},
                 {"DELETE", LI_DELETE, LI_DELETE}};
    char name[128];
    li_rest more;
    size_t i = 0;
    int code = token_ready(), is_action = 0;
    (void)count;
    memset(&more, 0, sizeof more);
    while (i < 5 && strcmp(verbs[i].name, arguments[0]))
        i++;
    if (i == 5)
        return complain(CLI_USAGE, arguments[0],
                        "is none of GET, POST, PUT, PATCH, DELETE");
    if (*arguments[1] != '/')
        return complain(CLI_USAGE, arguments[1], "does not begin with /");
    if (!code)
        code = read_query(&more, name, sizeof name, &is_action);
    if (!code)
        code = read_body(&more.body);
    if (code)
        return code;
    more.method = more.name ? verbs[i].named : verbs[i].plain;
    if (set.all && !more.name)
        more.method = LI_GET_ALL;
    code = set.all ? all_pages(&more, arguments[1]) : once(&more, arguments[1]);
    if (code || set.all)
        return code < 0 ? 0 : code;
    return print_answer();
}
