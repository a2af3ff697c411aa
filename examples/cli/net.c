/* net.c - the client, its connection, and how a call is made and explained. */
#define LINKEDIN_IMPLEMENTATION
#include "cli.h"
#include <unistd.h>
#ifdef CLI_SOCKET /* without libcurl: to a mock alone, as in the tests of Windows */
#include "adapters/linkedin_socket.h"
#define li_curl li_socket
#define li_curl_transport li_socket_transport
#else
#include "adapters/linkedin_curl.h"
#endif

static const li_policy patience = {
    .connect_ms = 10000, .first_byte_ms = 60000, .idle_ms = 60000};
static char token_memory[LI_TOKEN_MEM];
static char answer[8 << 20]; /* its pages are touched as they fill           */
static li_curl connection;
static li_transport via;
static li_platform here;

li_token token = {.mem = token_memory, .cap = sizeof token_memory};
li_client me;
li_call call;
char scratch[1 << 20];

int is_painted(FILE *to)
{
    const char *no = getenv("NO_COLOR"), *kind = getenv("TERM");
    return isatty(fileno(to)) && !(no && *no) && kind && strcmp(kind, "dumb");
}

int complain(int code, const char *what, const char *detail)
{
    int painted = is_painted(stderr);
    fprintf(stderr, "%slinkedin: %s%s: %s\n", painted ? "\033[31m" : "", what,
            painted ? "\033[0m" : "", detail);
    return code;
}

static void tell_step(void *user, const li_call *of, const char *step)
{
    char line[1024];
    li_buf out = LI_BUF(line);
    (void)user;
    if (!li_log(of, step, &out))
        fprintf(stderr, "%s\n", line);
}

void net_begin(void)
{
    const char *base = set.base ? set.base : getenv("LINKEDIN_BASE"),
               *access = getenv("LINKEDIN_TOKEN");
    here.token_path = app.token_file;
    me.client_id = *app.client_id ? app.client_id : NULL;
    me.client_secret = *app.client_secret ? app.client_secret : NULL;
    me.redirect_uri = *app.redirect_uri ? app.redirect_uri : NULL;
    me.version = app.version;
    me.api_base = me.auth_base = base;
    me.now = li_platform_now;
    me.random = li_platform_random;
    me.user = &here;
    me.again = li_again;
    me.policy = &patience;
    me.trace = set.trace ? tell_step : NULL;
    if (access && *access) { /* of a script: no file is read or written */
        me.access_token = access;
    } else {
        me.token = &token;
        me.load = li_platform_load;
        me.save = li_platform_save;
        me.lock = li_platform_lock;
    }
    via = li_curl_transport(&connection);
}

int token_ready(void)
{
    li_rc rc = me.access_token ? LI_OK : li_token_load(&me);
    if (!rc)
        return 0;
    if (rc == LI_E_MISSING)
        return complain(CLI_SIGN_IN, "nobody is signed in", "linkedin login");
    return complain(CLI_FILE, app.token_file,
                    here.why ? here.why : li_strerror(rc));
}

/* What would be sent, instead of sending it. */
static int show_curl(const li_req *req)
{
    static char text[1 << 16];
    li_buf out = LI_BUF(text);
    li_rc rc = li_begin(&call, &me, req, answer, sizeof answer);
    if (rc >= 0)
        rc = li_to_curl(&call, &out);
    if (rc < 0) {
        li_explain(&call, rc, &out);
        return complain(CLI_USAGE, "request", text);
    }
    puts(text);
    return -1; /* there is no answer to go on with, and all is well */
}

static int told(li_rc rc)
{
    static char text[4096];
    li_buf out = LI_BUF(text);
    if (!rc)
        return 0;
    li_explain(&call, rc, &out);
    fprintf(stderr, "linkedin: %s\n", text);
    return rc == LI_E_AUTH ? CLI_SIGN_IN : rc == LI_E_ARG ? CLI_USAGE
                                                          : CLI_FAILED;
}

int ask(const li_req *req)
{
    return set.curl ? show_curl(req)
                    : told(li_do(&call, &me, req, answer, sizeof answer, &via));
}

/* LinkedIn takes an upload in by and by, and refuses a post until then. */
static int is_waiting(void)
{
    char text[4096];
    li_buf out = LI_BUF(text);
    li_problem why;
    return !li_problem_read(&why, &call, &out) &&
           (li_equal(why.code, LI_STR("MEDIA_ASSET_WAITING_UPLOAD")) ||
            strstr(hint_of(LI_OK), "wait until its status") != NULL);
}

int ask_until_ready(const li_req *req)
{
    int tries = 0;
    li_rc rc;
    if (set.curl)
        return show_curl(req);
    while ((rc = li_do(&call, &me, req, answer, sizeof answer, &via)) != LI_OK &&
           is_waiting() && tries < 60) {
        if (!tries++)
            fprintf(stderr, "linkedin: waits for LinkedIn to take the media in\n");
        li_platform_sleep(NULL, 1000);
    }
    return told(rc);
}

const char *hint_of(li_rc rc)
{
    static char text[4096];
    li_buf out = LI_BUF(text);
    char *hint;
    if (li_explain(&call, rc, &out))
        return li_strerror(rc);
    hint = strstr(text, "hint: ");
    return hint ? hint + 6 : text;
}

li_rc ask_quietly(const li_req *req)
{
    li_rc rc;
    me.again = NULL;
    rc = li_do(&call, &me, req, answer, sizeof answer, &via);
    me.again = li_again;
    return rc;
}

/* Keys are written as they are: each part of the path that needs coding becomes
   a placeholder, and its text a member of keys. */
static int path_of(const char *path, char *to, size_t cap, li_buf *keys)
{
    li_str rest = li_cstr(path);
    size_t n = 0, len;
    char name[8] = "k0";
    li_json_fill(keys, "{", NULL, 0);
    while (rest.len && cap > 16) {
        const char *end = memchr(rest.ptr + 1, '/', rest.len - 1);
        li_str part = LI_VIEW(rest.ptr + (*rest.ptr == '/'), 0);
        part.len = (size_t)((end ? end : rest.ptr + rest.len) - part.ptr);
        rest.len -= (size_t)(part.ptr + part.len - rest.ptr);
        rest.ptr = part.ptr + part.len;
        if (memchr(part.ptr, ':', part.len)) {
            li_value v[] = {{LI_STR("k0"), 0}, {part, 0}};
            name[1] = (char)('0' + n++ % 10);
            v[0].text = li_cstr(name);
            li_json_fill(keys, "?:?", v, 2);
            len = (size_t)snprintf(to, cap, "/{%s}", name);
        } else
            len = (size_t)snprintf(to, cap, "/%.*s", (int)part.len, part.ptr);
        if (len >= cap)
            return complain(CLI_USAGE, path, "is too long");
        to += len;
        cap -= len;
    }
    li_json_fill(keys, "}", NULL, 0);
    return keys->rc || rest.len ? complain(CLI_USAGE, path, "is too long") : 0;
}

int rest_fill(li_req *req, li_rest *more, const char *path)
{
    static char text[4096], keys_text[8192];
    static li_client old; /* of /v2: without a version */
    li_buf keys = LI_BUF(keys_text), out = LI_BUF(scratch);
    int is_old = !strncmp(path, "/v2/", 4), code;
    li_rc rc;
    if (is_old)
        path += 3;
    else if (!strncmp(path, "/rest/", 6))
        path += 5;
    code = path_of(path, text, sizeof text, &keys);
    if (code)
        return code;
    more->path = text;
    if (keys.len > 2)
        more->keys = LI_VIEW(keys_text, keys.len);
    old = me;
    old.version = NULL;
    rc = li_rest_req(req, is_old ? &old : &me, more, &out);
    return rc == LI_E_ARG && req->wrong
               ? complain(CLI_USAGE, req->wrong, "is not as it must be") : 0;
}

int rest(li_method method, const char *path, li_rest more)
{
    static li_req req;
    int code;
    more.method = method;
    code = rest_fill(&req, &more, path);
    return code ? code : ask(&req);
}

int print_answer(void)
{
    char text[2048];
    li_buf out = LI_BUF(text);
    li_value id = {li_header(&call, LI_H_RESTLI_ID), 0};
    li_str body = call.body;
    if (!body.len && id.text.len && !li_json_fill(&out, "{\"id\":?}", &id, 1))
        body = LI_VIEW(text, out.len); /* created: the id came in a header */
    return body.len && printf("%.*s\n", (int)body.len, body.ptr) < 0;
}

const char *who_am_i(int *code)
{
    static char urn[128], text[4096];
    static const li_req req = {.path = "/v2/userinfo"};
    li_buf out = LI_BUF(text), to = LI_BUF(urn);
    li_profile who;
    int curl = set.curl;
    set.curl = 0; /* the author is needed to show what would be sent */
    *code = ask(&req);
    set.curl = curl;
    if (*code)
        return NULL;
    if (!li_profile_read(&who, &call, &out) &&
        !li_urn_put(&to, LI_STR("li"), LI_STR("person"), who.id) &&
        !li_buf_end(&to))
        return urn;
    *code = complain(CLI_FAILED, "/v2/userinfo", "does not tell who you are");
    return NULL;
}
