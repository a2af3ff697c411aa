/* Rest.li calls: section linkedin's li_rest_req and li_tunnel. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "test.h"

static const li_client old = {.access_token = "TOK"};
static const li_client versioned = {.access_token = "TOK",
                                    .version = "202609"};

/* ---- every method */

static const struct method_row {
    int line;
    li_method method;
    const char *path, *name, *keys, *ids, *query, *body;
    const char *head, *sent; /* the request line's beginning; the body       */
} method_rows[] = {
    {__LINE__, LI_GET, "/a/{id}", NULL, "{\"id\":1}", "", "{\"fields\":\"b\"}",
     "", "GET /rest/a/1?fields=b HTTP", ""},
    {__LINE__, LI_BATCH_GET, "/a", NULL, "", "[1,\"u:v\",{\"k\":2}]", "", "",
     "GET /rest/a?ids=List(1,u%3Av,(k:2)) HTTP", ""},
    {__LINE__, LI_GET_ALL, "/a", NULL, "", "", "{\"start\":0}", "",
     "GET /rest/a?start=0 HTTP", ""},
    {__LINE__, LI_FINDER, "/a", "search", "", "", "{\"s\":{\"t\":[1]}}", "",
     "GET /rest/a?q=search&s=(t:List(1)) HTTP", ""},
    {__LINE__, LI_BATCH_FINDER, "/a", "find", "", "", "{\"c\":[{\"x\":1}]}",
     "", "GET /rest/a?bq=find&c=List((x:1)) HTTP", ""},
    {__LINE__, LI_CREATE, "/a", NULL, "", "", "", "{\"b\":1}",
     "POST /rest/a HTTP", "{\"b\":1}"},
    {__LINE__, LI_BATCH_CREATE, "/a", NULL, "", "", "", "[{\"b\":1},{}]",
     "POST /rest/a HTTP", "{\"elements\":[{\"b\":1},{}]}"},
    {__LINE__, LI_UPDATE, "/a/{id}", NULL, "{\"id\":\"u\"}", "", "",
     "{\"b\":1}", "PUT /rest/a/u HTTP", "{\"b\":1}"},
    {__LINE__, LI_BATCH_UPDATE, "/a", NULL, "", "[1,\"u:v\",{\"k\":\"w:x\"}]",
     "", "[{\"b\":1},{},{\"c\":2}]",
     "PUT /rest/a?ids=List(1,u%3Av,(k:w%3Ax)) HTTP",
     "{\"entities\":{\"1\":{\"b\":1},\"u:v\":{},\"(k:w%3Ax)\":{\"c\":2}}}"},
    {__LINE__, LI_PARTIAL_UPDATE, "/a/{id}", NULL, "{\"id\":1}", "", "",
     "{\"patch\":{\"$set\":{\"b\":1}}}", "POST /rest/a/1 HTTP",
     "{\"patch\":{\"$set\":{\"b\":1}}}"},
    {__LINE__, LI_PARTIAL_UPDATE, "/a/{id}", NULL, "{\"id\":1}", "", "",
     "{\"patch\":{\"$set\":{},\"$delete\":[\"b\"]}}", "POST /rest/a/1 HTTP",
     "{\"patch\":{\"$set\":{},\"$delete\":[\"b\"]}}"},
    {__LINE__, LI_BATCH_PARTIAL_UPDATE, "/a", NULL, "", "[7]", "",
     "[{\"patch\":{\"$delete\":[\"b\"]}}]", "POST /rest/a?ids=List(7) HTTP",
     "{\"entities\":{\"7\":{\"patch\":{\"$delete\":[\"b\"]}}}}"},
    {__LINE__, LI_DELETE, "/a/{id}", NULL, "{\"id\":\"x/y\"}", "", "", "",
     "DELETE /rest/a/x%2Fy HTTP", ""},
    {__LINE__, LI_BATCH_DELETE, "/a", NULL, "", "[1,2]", "", "",
     "DELETE /rest/a?ids=List(1,2) HTTP", ""},
    {__LINE__, LI_ACTION, "/a", "do it", "", "", "", "",
     "POST /rest/a?action=do%20it HTTP", "{}"},
    {__LINE__, LI_ACTION, "/a/{id}", "act", "{\"id\":1}", "", "",
     "{\"p\":1}", "POST /rest/a/1?action=act HTTP", "{\"p\":1}"},
};

static li_rest rest_of(const struct method_row *row)
{
    li_rest rest;

    memset(&rest, 0, sizeof rest);
    rest.method = row->method;
    rest.path = row->path;
    rest.name = row->name;
    rest.keys = li_cstr(row->keys);
    rest.ids = li_cstr(row->ids);
    rest.query = li_cstr(row->query);
    rest.body = li_cstr(row->body);
    return rest;
}

static char work[32768];

static void methods(void **state)
{
    size_t i, cap;

    (void)state;
    for (i = 0; i < COUNT(method_rows); ++i) {
        const struct method_row *row = &method_rows[i];
        li_rest rest = rest_of(row);
        char mem[512], all[64];
        li_buf out = LI_BUF(mem);
        li_req req;
        li_call call;

        assert_int_equal(li_rest_req(&req, &versioned, &rest, &out), LI_OK);
        assert_int_equal(li_begin(&call, &versioned, &req, work, sizeof work),
                         LI_OK);
        assert_text_at(li__str(work, strlen(row->head)), li_cstr(row->head),
                       row->line);
        assert_text_at(li_body(&call), *row->sent ? li_cstr(row->sent)
                                                  : li_body(&call), row->line);
        snprintf(all, sizeof all, "X-RestLi-Method: %s\r\n", req.rest_method);
        assert_non_null(strstr(work, all));
        assert_non_null(strstr(work, "LinkedIn-Version: 202609\r\n"));
        assert_non_null(strstr(work, "X-Restli-Protocol-Version: 2.0.0\r\n"));
        for (cap = 0; cap < out.need; ++cap) {
            li_buf less = li_buf_of(guard(0, cap), cap);

            assert_int_equal(li_rest_req(&req, &versioned, &rest, &less),
                             LI_E_SPACE);
            assert_int_equal(less.need, out.need);
        }
    }
}

static void without_a_version_it_is_v2(void **state)
{
    li_rest rest = {.path = "/me"};
    char mem[64];
    li_buf out = LI_BUF(mem);
    li_req req;

    (void)state;
    assert_int_equal(li_rest_req(&req, &old, &rest, &out), LI_OK);
    assert_string_equal(req.path, "/v2/me");
    assert_null(req.query);
    {
        li_client empty = {.access_token = "TOK", .version = ""};

        out = LI_BUF(mem);
        assert_int_equal(li_rest_req(&req, &empty, &rest, &out), LI_OK);
        assert_string_equal(req.path, "/v2/me");
    }
}

static const struct wrong_row {
    int line;
    const char *what;
    struct method_row call;
    const char *wrong;
} wrong_rows[] = {
#define CALL(...) {0, __VA_ARGS__, NULL, NULL}
    {__LINE__, "a method that is none",
     CALL((li_method)14, "/a", NULL, "", "", "", ""), "method"},
    {__LINE__, "a finder without a name",
     CALL(LI_FINDER, "/a", NULL, "", "", "", ""), "name"},
    {__LINE__, "an action of an empty name",
     CALL(LI_ACTION, "/a", "", "", "", "", ""), "name"},
    {__LINE__, "a batch without ids",
     CALL(LI_BATCH_GET, "/a", NULL, "", "", "", ""), "ids"},
    {__LINE__, "a batch of no ids",
     CALL(LI_BATCH_GET, "/a", NULL, "", "[]", "", ""), "ids"},
    {__LINE__, "ids that are none",
     CALL(LI_BATCH_DELETE, "/a", NULL, "", "{\"a\":1}", "", ""), "ids"},
    {__LINE__, "ids with null",
     CALL(LI_BATCH_DELETE, "/a", NULL, "", "[null]", "", ""), "ids"},
    {__LINE__, "ids where none belong",
     CALL(LI_GET, "/a", NULL, "", "[1]", "", ""), "ids"},
    {__LINE__, "a name where none belongs",
     CALL(LI_GET_ALL, "/a", "search", "", "", "", ""), "name"},
    {__LINE__, "a body where none belongs",
     CALL(LI_DELETE, "/a", NULL, "", "", "", "{}"), "body"},
    {__LINE__, "a key too many",
     CALL(LI_GET, "/a", NULL, "{\"id\":1}", "", "", ""), "path"},
    {__LINE__, "a placeholder without a key",
     CALL(LI_GET, "/a/{id}", NULL, "", "", "", ""), "path"},
    {__LINE__, "a path with a version's base",
     CALL(LI_GET, "/rest/posts", NULL, "", "", "", ""), "path"},
    {__LINE__, "a path with the other base",
     CALL(LI_GET, "/v2/me", NULL, "", "", "", ""), "path"},
    {__LINE__, "an empty key",
     CALL(LI_GET, "/a/{id}", NULL, "{\"id\":\"\"}", "", "", ""), "path"},
    {__LINE__, "a key that leads upwards",
     CALL(LI_GET, "/a/{id}/b", NULL, "{\"id\":\"..\"}", "", "", ""), "path"},
    {__LINE__, "a finder's q, twice",
     CALL(LI_FINDER, "/a", "s", "", "", "{\"q\":1}", ""), "query"},
    {__LINE__, "ids, twice",
     CALL(LI_BATCH_GET, "/a", NULL, "", "[1]", "{\"\\u0069ds\":[2]}", ""),
     "query"},
    {__LINE__, "an action, twice",
     CALL(LI_ACTION, "/a", "s", "", "", "{\"action\":\"b\"}", ""), "query"},
    {__LINE__, "keys that are no JSON",
     CALL(LI_GET, "/a/{id}", NULL, "{", "", "", ""), "keys"},
    {__LINE__, "a query that is no object",
     CALL(LI_GET, "/a", NULL, "", "", "[1]", ""), "query"},
    {__LINE__, "a finder's query that is no object",
     CALL(LI_FINDER, "/a", "s", "", "", "5", ""), "query"},
    {__LINE__, "a create without a body",
     CALL(LI_CREATE, "/a", NULL, "", "", "", ""), "body"},
    {__LINE__, "a body that is no JSON",
     CALL(LI_CREATE, "/a", NULL, "", "", "", "{\"a\""), "body"},
    {__LINE__, "a create of a list",
     CALL(LI_CREATE, "/a", NULL, "", "", "", "[]"), "body"},
    {__LINE__, "a batch create of an object",
     CALL(LI_BATCH_CREATE, "/a", NULL, "", "", "", "{}"), "body"},
    {__LINE__, "fewer entities than ids",
     CALL(LI_BATCH_UPDATE, "/a", NULL, "", "[1,2]", "", "[{}]"), "body"},
    {__LINE__, "more entities than ids",
     CALL(LI_BATCH_UPDATE, "/a", NULL, "", "[1]", "", "[{},{}]"), "body"},
    {__LINE__, "an update that is no patch",
     CALL(LI_PARTIAL_UPDATE, "/a", NULL, "", "", "", "{\"a\":1}"), "body"},
    {__LINE__, "a patch of another type",
     CALL(LI_PARTIAL_UPDATE, "/a", NULL, "", "", "", "{\"patch\":1}"), "body"},
    {__LINE__, "a set of another type",
     CALL(LI_PARTIAL_UPDATE, "/a", NULL, "", "", "",
          "{\"patch\":{\"$set\":1}}"), "body"},
    {__LINE__, "a patch that changes nothing",
     CALL(LI_PARTIAL_UPDATE, "/a", NULL, "", "", "", "{\"patch\":{}}"),
     "body"},
    {__LINE__, "a patch that sets nothing",
     CALL(LI_PARTIAL_UPDATE, "/a", NULL, "", "", "",
          "{\"patch\":{\"$set\":{}}}"), "body"},
};

static void wrong_calls(void **state)
{
    const struct wrong_row *row = (const struct wrong_row *)*state;
    li_rest rest = rest_of(&row->call);
    char mem[512];
    li_buf out = LI_BUF(mem);
    li_req req;
    li_call call;

    assert_int_equal(li_rest_req(&req, &versioned, &rest, &out), LI_E_ARG);
    assert_string_equal(req.wrong, row->wrong);
    assert_int_equal(li_begin(&call, &versioned, &req, work, sizeof work),
                     LI_E_ARG);
    assert_string_equal(call.wrong, row->wrong);
}

/* ---- tunnelling */

static char long_query[LI_MAX_QUERY + 64];

static const char *query_of(size_t len)
{
    memset(long_query, 'z', len);
    memcpy(long_query, "a=", 2);
    long_query[len] = 0;
    return long_query;
}

/* The need that is told at any capacity is the one that does; and too little
   memory is never called a wrong argument. */
static void need_does(const li_client *client, const li_rest *rest)
{
    static char mem[65536];
    li_buf none = li_buf_of(NULL, 0), exact;
    size_t cap, step;
    li_req req;

    assert_int_equal(li_rest_req(&req, client, rest, &none), LI_E_SPACE);
    assert_string_equal(req.wrong, "mem");
    step = none.need > 2000 ? 97 : 1;
    for (cap = 0; cap < none.need; cap += step) {
        exact = li_buf_of(guard(1, cap), cap);
        assert_int_equal(li_rest_req(&req, client, rest, &exact), LI_E_SPACE);
        assert_string_equal(req.wrong, "mem");
        assert_int_equal(req.wrong_rc, LI_E_SPACE);
        assert_int_equal(exact.need, none.need);
    }
    exact = li_buf_of(mem, none.need);
    assert_int_equal(li_rest_req(&req, client, rest, &exact), LI_OK);
    exact = li_buf_of(mem, none.need - 1);
    assert_int_equal(li_rest_req(&req, client, rest, &exact), LI_E_SPACE);
}

static void needs(void **state)
{
    const struct method_row *row = (const struct method_row *)*state;
    li_rest rest = rest_of(row);

    need_does(&versioned, &rest);
    need_does(&old, &rest);
}

static void needs_of_a_tunnel(void **state)
{
    static char query[9000], body[3000];
    li_rest rest;

    (void)state;
    memset(&rest, 0, sizeof rest);
    snprintf(query, sizeof query, "{\"x\":\"%05000d\"}", 7);
    snprintf(body, sizeof body, "{\"y\":\"%01000d\"}", 8);
    rest.method = LI_GET_ALL;
    rest.path = "/a/.b"; /* a dot that a cut path would end in */
    rest.query = li_cstr(query);
    need_does(&versioned, &rest);
    rest.method = LI_CREATE;
    rest.body = li_cstr(body);
    need_does(&versioned, &rest);
    snprintf(query, sizeof query, "{\"x\":\"%0*d\"}", LI_MAX_QUERY - 2, 7);
    rest.query = li_cstr(query); /* the longest that is not tunnelled */
    need_does(&versioned, &rest);
    snprintf(query, sizeof query, "{\"x\":\"%0*d\"}", LI_MAX_QUERY - 1, 7);
    rest.query = li_cstr(query); /* and the shortest that is */
    need_does(&versioned, &rest);
    rest.method = LI_BATCH_UPDATE;
    rest.ids = LI_STR("[1]");
    rest.body = LI_STR("[{\"a\":1}]");
    need_does(&versioned, &rest);
    rest.method = LI_ACTION;
    rest.ids = rest.body = LI_STR("");
    rest.name = "do";
    need_does(&versioned, &rest);
}

/* What is wrong with a JSON text is told, with its place. */
static const struct fault_row {
    int line;
    const char *what;
    struct method_row call;
    const char *wrong;
    li_rc rc;
    size_t at;
} fault_rows[] = {
    {__LINE__, "query: no JSON",
     {0, LI_GET_ALL, "/a", NULL, "", "", "{\"a\":1,,}", "", "", ""}, "query",
     LI_E_JSON, 7},
    {__LINE__, "query: cut",
     {0, LI_GET_ALL, "/a", NULL, "", "", "{\"a\":", "", "", ""}, "query",
     LI_E_JSON, 5},
    {__LINE__, "query: a list",
     {0, LI_GET_ALL, "/a", NULL, "", "", "[1]", "", "", ""}, "query",
     LI_E_TYPE, 0},
    {__LINE__, "query: something behind",
     {0, LI_GET_ALL, "/a", NULL, "", "", "{} x", "", "", ""}, "query",
     LI_E_JSON, 3},
    {__LINE__, "query: not UTF-8",
     {0, LI_GET_ALL, "/a", NULL, "", "", "{\"a\":\"\xff\"}", "", "", ""},
     "query", LI_E_ENCODING, 6},
    {__LINE__, "body: no JSON",
     {0, LI_CREATE, "/a", NULL, "", "", "", "{\"a\":'b'}", "", ""}, "body",
     LI_E_JSON, 5},
    {__LINE__, "body: missing",
     {0, LI_CREATE, "/a", NULL, "", "", "", "", "", ""}, "body", LI_E_MISSING,
     0},
    {__LINE__, "body: a list where an object belongs",
     {0, LI_CREATE, "/a", NULL, "", "", "", "[]", "", ""}, "body", LI_E_TYPE,
     0},
    {__LINE__, "ids: no list",
     {0, LI_BATCH_GET, "/a", NULL, "", "7", "", "", "", ""}, "ids", LI_E_TYPE,
     0},
    {__LINE__, "ids: no JSON",
     {0, LI_BATCH_GET, "/a", NULL, "", "[1 2]", "", "", "", ""}, "ids",
     LI_E_JSON, 3},
    {__LINE__, "keys: no JSON",
     {0, LI_GET, "/a/{b}", NULL, "{b:1}", "", "", "", "", ""}, "keys",
     LI_E_JSON, 1},
    {__LINE__, "path: not about JSON",
     {0, LI_GET, "/a/{b}", NULL, "{\"c\":1}", "", "", "", "", ""}, "path",
     LI_OK, 0},
};

static void json_fault_is_told(void **state)
{
    static char mem[2000], buf[2000], text[2000];
    const struct fault_row *row = (const struct fault_row *)*state;
    li_rest rest = rest_of(&row->call);
    li_buf out = LI_BUF(mem), said = LI_BUF(text);
    char place[64];
    li_call call;
    li_req req;

    assert_int_equal(li_rest_req(&req, &versioned, &rest, &out), LI_E_ARG);
    assert_string_equal(req.wrong, row->wrong);
    assert_int_equal(req.wrong_rc, row->rc);
    assert_int_equal(req.wrong_at, row->at);
    assert_int_equal(li_begin(&call, &versioned, &req, buf, sizeof buf),
                     LI_E_ARG);
    assert_int_equal(li_explain(&call, LI_OK, &said), LI_OK);
    assert_memory_equal(text, "wrong argument: ", 16);
    assert_memory_equal(text + 16, row->wrong, strlen(row->wrong));
    snprintf(place, sizeof place, ": %s at byte %u\n", li_strerror(row->rc),
             (unsigned)row->at);
    if (row->at)
        assert_non_null(strstr(text, place));
    else if (row->rc)
        assert_non_null(strstr(text, li_strerror(row->rc)));
    if (row->rc) /* one line of right form */
        assert_non_null(strstr(strstr(text, "\nhint: Give "), "{\"") ?
                        strstr(text, "{\"") : strstr(text, "[1,2]"));
}

/* Nothing is no query: there is nothing to tunnel. */
static void an_empty_query_is_not_tunnelled(void **state)
{
    static const char *const queries[] = {NULL, ""};
    char mem[200];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(queries); ++i) {
        li_buf out = LI_BUF(mem);
        li_req req;

        memset(&req, 0, sizeof req);
        req.path = "/v2/a";
        req.query = queries[i];
        assert_int_equal(li_tunnel(&req, 0, NULL, &out), LI_OK);
        assert_null(req.override);
        assert_null(req.method);
        assert_int_equal(req.body.len, 0);
        assert_int_equal(out.len, 0);
    }
}

static void a_long_query_goes_by_the_body(void **state)
{
    char mem[64];
    li_buf out = LI_BUF(mem);
    li_req req = {.path = "/v2/x", .rest_method = "GET"};
    li_call call;

    (void)state;
    req.query = query_of(LI_MAX_QUERY);
    assert_int_equal(li_tunnel(&req, LI_MAX_QUERY, NULL, &out), LI_OK);
    assert_null(req.override);
    req.query = query_of(LI_MAX_QUERY + 1);
    assert_int_equal(li_tunnel(&req, LI_MAX_QUERY, NULL, &out), LI_OK);
    assert_string_equal(req.method, "POST");
    assert_string_equal(req.override, "GET");
    assert_null(req.query);
    assert_int_equal(req.repeatable, 1); /* it is a GET still */
    assert_text(req.body, li_cstr(long_query));
    assert_int_equal(li_begin(&call, &old, &req, work, sizeof work), LI_OK);
    assert_non_null(strstr(work, "X-HTTP-Method-Override: GET\r\n"));
    assert_non_null(strstr(work, "Content-Type: application/x-www-form-"
                                 "urlencoded\r\n"));
    assert_int_equal(li_tunnel(&req, 0, NULL, &out), LI_OK); /* but once */
    assert_string_equal(req.override, "GET");
}

static void query_and_body_are_two_parts(void **state)
{
    static const char want[] =
        "--B\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nq=1"
        "\r\n--B\r\nContent-Type: application/json\r\n\r\n{}\r\n--B--";
    size_t cap;

    (void)state;
    for (cap = 0; cap < 400; ++cap) {
        li_buf out = li_buf_of(guard(0, cap), cap);
        li_req req = {.path = "/x", .query = "q=1"};
        li_rc rc;

        req.body = LI_STR("{}");
        rc = li_tunnel(&req, 2, "B", &out);
        assert_int_equal(rc, cap < out.need ? LI_E_SPACE : LI_OK);
        if (rc)
            continue;
        assert_text(req.body, li_cstr(want));
        assert_string_equal(req.content_type, "multipart/mixed; boundary=B");
        assert_string_equal(req.override, "POST");
        assert_int_equal(req.repeatable, 0);
    }
    assert_true(cap > 200);
}

static void a_boundary_occurs_nowhere_else(void **state)
{
    char mem[1024], copy[64];
    li_buf out = LI_BUF(mem);
    li_req req = {.path = "/x", .query = "q=1B"}, first;
    const char *made;

    (void)state;
    req.body = LI_STR("{}");
    first = req;
    assert_int_equal(li_tunnel(&req, 2, "B", &out), LI_E_ARG);
    req = first;
    assert_int_equal(li_tunnel(&req, 2, "{", &out), LI_E_ARG);
    req = first;
    assert_int_equal(li_tunnel(&req, 2, "", &out), LI_E_ARG);
    req = first;
    assert_int_equal(li_tunnel(&req, 2, NULL, &out), LI_OK);
    made = strstr(req.content_type, "li-");
    assert_int_equal(strlen(made), 19);
    strcpy(copy, made);
    req = first; /* the same body: a query with that very boundary */
    req.query = copy;
    out = LI_BUF(mem);
    assert_int_equal(li_tunnel(&req, 2, NULL, &out), LI_OK);
    assert_null(strstr(req.content_type, copy));
}

/* The body holds many texts like a boundary, each with another first digit;
   the others differ, too. */
static void a_boundary_beside_many_like_it(void **state)
{
    char mem[2000], body[500];
    li_buf out = LI_BUF(mem);
    li_req req = {.path = "/v2/x", .query = "a=1"};
    size_t n = 0;
    unsigned i;

    (void)state;
    for (i = 0; i < 16; i++)
        n += (size_t)snprintf(body + n, sizeof body - n,
                              "li-%x000000000000000 ", i);
    req.body = li_cstr(body);
    assert_int_equal(li_tunnel(&req, 0, NULL, &out), LI_OK);
    assert_memory_equal(req.content_type, "multipart/mixed; boundary=li-", 29);
    assert_null(strstr(body, req.content_type + 26));
}

static size_t read_none(void *user, uint64_t at, char *dst, size_t cap)
{
    (void)user, (void)at, (void)dst, (void)cap;
    return 0;
}

static void a_form_or_a_reader_does_not_go(void **state)
{
    char mem[64];
    li_buf out = LI_BUF(mem);
    li_req form = {.path = "/x", .query = "q=1", .form = {"a", "b"}};

    (void)state;
    assert_int_equal(li_tunnel(&form, 2, NULL, &out), LI_E_ARG);
    assert_non_null(form.wrong);
    memset(&form, 0, sizeof form);
    form.path = "/x";
    form.query = "q=1";
    form.read = read_none;
    form.read_len = 1;
    assert_int_equal(li_tunnel(&form, 2, NULL, &out), LI_E_ARG);
    assert_non_null(form.wrong);
}

/* A body of another type keeps it, and what was tunnelled is not again. */
static void a_type_goes_along(void **state)
{
    char mem[400];
    li_buf out = LI_BUF(mem);
    li_req req = {.path = "/x", .query = "q=1", .content_type = "text/plain"};

    (void)state;
    req.body = LI_STR("a");
    assert_int_equal(li_tunnel(&req, 2, "B", &out), LI_OK);
    assert_text(req.body, LI_STR("--B\r\nContent-Type: application/x-www-form-"
                                 "urlencoded\r\n\r\nq=1\r\n--B\r\n"
                                 "Content-Type: text/plain\r\n\r\na\r\n"
                                 "--B--"));
    req.query = "more";
    assert_int_equal(li_tunnel(&req, 2, "B", &out), LI_OK);
    assert_string_equal(req.query, "more");
}

static void a_long_batch_is_tunnelled(void **state)
{
    static char ids[16384], mem[65536];
    li_rest rest = {.method = LI_BATCH_UPDATE, .path = "/a"};
    li_buf list = LI_BUF(ids), out = LI_BUF(mem);
    static char bodies[4096];
    li_buf body = LI_BUF(bodies);
    li_req req;
    unsigned i;

    (void)state;
    put_json(&list, LI_STR("["));
    put_json(&body, LI_STR("["));
    for (i = 0; i < 300; ++i) {
        char urn[64];

        snprintf(urn, sizeof urn, "urn:li:sponsoredCampaign:%u", 1000 + i);
        put_json_text(&list, li_cstr(urn));
        put_json(&body, LI_STR("{}"));
    }
    put_json(&list, LI_STR("]"));
    put_json(&body, LI_STR("]"));
    rest.ids = written(&list);
    rest.body = written(&body);
    assert_int_equal(li_rest_req(&req, &versioned, &rest, &out), LI_OK);
    assert_string_equal(req.override, "PUT");
    assert_string_equal(req.rest_method, "BATCH_UPDATE");
    assert_int_equal(req.repeatable, 1);
    assert_memory_equal(req.content_type, "multipart/mixed; boundary=li-", 29);
    assert_true(req.body.len > 300 * 40);
}

int main(void)
{
    size_t i;

    TEST(methods);
    TEST(without_a_version_it_is_v2);
    ROWS(wrong_rows, wrong_calls);
    for (i = 0; i < COUNT(method_rows); ++i)
        test_add("the need that is told does", needs, &method_rows[i]);
    TEST(needs_of_a_tunnel);
    ROWS(fault_rows, json_fault_is_told);
    TEST(an_empty_query_is_not_tunnelled);
    TEST(a_long_query_goes_by_the_body);
    TEST(query_and_body_are_two_parts);
    TEST(a_boundary_occurs_nowhere_else);
    TEST(a_boundary_beside_many_like_it);
    TEST(a_form_or_a_reader_does_not_go);
    TEST(a_type_goes_along);
    TEST(a_long_batch_is_tunnelled);
    return RUN("rest");
}
