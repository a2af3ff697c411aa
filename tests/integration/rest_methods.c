/* Every method of Rest.li, paging, an upload and a post twice, against the
   mock through one of the adapters; one line a check.

   usage: rest_methods socket|curl BASE_URL CA_FILE, the mock with
   --token the-token */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_platform.h"
#include "adapters/linkedin_socket.h"
#include "adapters/linkedin_mbedtls.h"
#include "adapters/linkedin_curl.h"
#include <stdio.h>
#include <string.h>

static char buf[65536], mem[65536], text[4096];
static li_client app = {.access_token = "the-token", .version = "202609",
                        .random = li_platform_random, .again = li_again};
static li_mbedtls tls;
static li_curl session;
static li_transport stream;
static const char *way;
static li_call call;
static li_req req;
static int failed;

static void check(int good, const char *what)
{
    li_buf out = LI_BUF(text);
    printf("%s rest over %s: %s\n", good ? "ok" : "not ok", way, what);
    if (good)
        return;
    failed++;
    if (!li_explain(&call, LI_OK, &out))
        printf("# %s\n# %.*s\n", text, (int)call.body.len, call.body.ptr);
}

static li_rc run(void)
{
    li_begin(&call, &app, &req, buf, sizeof buf);
    return li_run(&call, &stream);
}

/* Makes a call; 1 if it is answered so. */
static int gives(li_method method, const char *path, const char *keys,
                 const char *ids, const char *query, const char *body,
                 int status)
{
    li_buf out = LI_BUF(mem);
    li_rest rest = {.method = method, .path = path};
    rest.name = method == LI_ACTION                                 ? "close"
                : method == LI_FINDER || method == LI_BATCH_FINDER ? "search"
                                                                   : NULL;
    rest.keys = li_cstr(keys);
    rest.ids = li_cstr(ids);
    rest.query = li_cstr(query);
    rest.body = li_cstr(body);
    return !li_rest_req(&req, &app, &rest, &out) && !run() &&
           call.status == status;
}

static int body_has(const char *pointer, const char *raw)
{
    li_str found;
    return !li_json_find(call.body, pointer, &found) &&
           li_equal(found, li_cstr(raw));
}

static void one_thing(void)
{
    static char keys[128];
    check(gives(LI_CREATE, "/things", "", "", "", "{\"n\":1,\"o\":{\"p\":2}}",
                201) && li_header(&call, LI_H_RESTLI_ID).len == 4, "CREATE");
    snprintf(keys, sizeof keys, "{\"id\":%.4s}",
             li_header(&call, LI_H_RESTLI_ID).ptr);
    check(gives(LI_GET, "/things/{id}", keys, "", "", "", 200) &&
              body_has("/n", "1"), "GET");
    check(gives(LI_PARTIAL_UPDATE, "/things/{id}", keys, "", "",
                "{\"patch\":{\"o\":{\"$set\":{\"p\":3}},\"$delete\":[\"n\"]}}",
                204) &&
              gives(LI_GET, "/things/{id}", keys, "", "", "", 200) &&
              body_has("/o/p", "3") && !body_has("/n", "1"),
          "PARTIAL_UPDATE");
    check(gives(LI_UPDATE, "/things/{id}", keys, "", "", "{\"n\":5}", 204) &&
              gives(LI_GET, "/things/{id}", keys, "", "", "", 200) &&
              body_has("/n", "5"), "UPDATE");
    check(gives(LI_ACTION, "/things/{id}", keys, "", "", "{\"a\":1}", 200) &&
              body_has("/value/a", "1"), "ACTION");
    check(gives(LI_DELETE, "/things/{id}", keys, "", "", "", 204) &&
              gives(LI_GET, "/things/{id}", keys, "", "", "", 404) &&
              li_check(&call) == LI_E_NOT_FOUND, "DELETE");
}

static void batches(void)
{
    static char ids[128], both[512], one[8], two[8];
    li_buf a = LI_BUF(one), b = LI_BUF(two);
    check(gives(LI_BATCH_CREATE, "/things", "", "", "",
                "[{\"n\":1},{\"n\":2}]", 200) &&
              body_has("/elements/1/status", "201") &&
              !li_json_copy(call.body, "/elements/0/id", &a) &&
              !li_json_copy(call.body, "/elements/1/id", &b), "BATCH_CREATE");
    snprintf(ids, sizeof ids, "[\"%s\",\"%s\",\"9\"]", one, two);
    snprintf(both, sizeof both, "/results/%s/n", two);
    check(gives(LI_BATCH_GET, "/things", "", ids, "", "", 200) &&
              body_has(both, "2") && body_has("/errors/9/status", "404"),
          "BATCH_GET");
    snprintf(both, sizeof both, "/results/%s/status", one);
    check(gives(LI_BATCH_UPDATE, "/things", "", ids, "",
                "[{\"n\":3},{\"n\":4},{}]", 200) && body_has(both, "204") &&
              body_has("/errors/9/status", "404"), "BATCH_UPDATE");
    check(gives(LI_BATCH_PARTIAL_UPDATE, "/things", "", ids, "",
                "[{\"patch\":{\"$set\":{\"m\":1}}},{\"patch\":{\"$set\":"
                "{\"m\":2}}},{\"patch\":{\"$set\":{\"m\":3}}}]", 200) &&
              body_has(both, "204"), "BATCH_PARTIAL_UPDATE");
    snprintf(both, sizeof both, "/results/%s/m", one);
    check(gives(LI_BATCH_GET, "/things", "", ids, "", "", 200) &&
              body_has(both, "1"), "BATCH_GET behind them");
    check(gives(LI_FINDER, "/things", "", "", "{\"a\":{\"b\":[\"c:d\"]}}", "",
                200) && body_has("/paging/start", "0"), "FINDER");
    check(gives(LI_BATCH_FINDER, "/things", "", "",
                "{\"searchCriteria\":[{\"x\":\"y\"},{\"x\":\"z\"}]}", "",
                200) && body_has("/elements/1/elements/0/x", "\"z\""),
          "BATCH_FINDER");
    check(gives(LI_GET_ALL, "/things", "", "", "{\"count\":1}", "", 200) &&
              body_has("/paging/count", "1"), "GET_ALL");
    check(gives(LI_BATCH_DELETE, "/things", "", ids, "", "", 200) &&
              body_has("/errors/9/status", "404"), "BATCH_DELETE");
}

/* A query too long goes by the tunnel, and comes out as it was. */
static void tunnelled(void)
{
    static char ids[8192] = "[\"1\"";
    unsigned i;
    for (i = 0; i < 700; i++)
        snprintf(ids + strlen(ids), sizeof ids - strlen(ids), ",%u",
                 100000 + i);
    strcat(ids, "]");
    check(gives(LI_BATCH_GET, "/things", "", ids, "", "", 200) &&
              req.override && body_has("/errors/100699/status", "404"),
          "BATCH_GET through the tunnel");
}

static unsigned elements;

static li_rc count(void *user, li_str json)
{
    (void)user;
    elements += json.len > 0;
    return LI_OK;
}

static void pages(uint8_t cursor)
{
    static const li_rest rest = {.method = LI_GET_ALL, .path = "/events"};
    static char one[256];
    li_page page = {.rest = &rest, .element = count, .mem = one,
                    .cap = sizeof one, .count = 3, .cursor = cursor};
    li_rc rc = LI_OK;
    elements = 0;
    while (!rc) {
        li_buf out = LI_BUF(mem);
        rc = li_page_req(&page, &req, &app, &out);
        if (rc)
            break;
        run();
        rc = li_page_end(&page, &call);
    }
    check(rc == LI_E_MISSING && elements == 8, cursor ? "pages by cursor"
                                                      : "pages by start");
}

static size_t zeros(void *user, uint64_t at, char *dst, size_t cap)
{
    (void)user, (void)at;
    memset(dst, 0, cap);
    return cap;
}

static void upload(li_media media)
{
    static char memory[2048];
    li_upload up = {.media = media, .owner = "urn:li:person:me", .len = 50000,
                    .read = zeros, .mem = memory, .cap = sizeof memory};
    li_rc rc = LI_OK;
    while (!rc) {
        li_buf out = LI_BUF(mem);
        rc = li_upload_req(&up, &req, &app, &out);
        if (rc)
            break;
        run();
        rc = li_upload_end(&up, &call);
    }
    check(rc == LI_E_MISSING && !li_urn_split(up.urn, NULL, NULL, NULL),
          media == LI_VIDEO ? "a video is uploaded" : "an image is uploaded");
}

static void post_twice(void)
{
    static char body[512];
    li_buf out = LI_BUF(body), words = LI_BUF(text);
    li_problem why;
    li_value value = {LI_STR_INIT(""), 0};
    li_little_put(&words, LI_STR("Hello (world)"));
    value.text = LI_VIEW(text, words.len);
    li_json_fill(&out, "{\"commentary\":?,"
        "\"author\":\"urn:li:person:me\",\"visibility\":\"PUBLIC\","
        "\"lifecycleState\":\"PUBLISHED\",\"distribution\":"
        "{\"feedDistribution\":\"MAIN_FEED\"}}", &value, 1);
    li_buf_end(&out);
    check((gives(LI_CREATE, "/posts", "", "", "", body, 201) ||
           !strcmp(way, "curl")), "a post");
    words = LI_BUF(text);
    check(gives(LI_CREATE, "/posts", "", "", "", body, 422) &&
              !li_problem_read(&why, &call, &words) &&
              !strcmp(why.code.ptr, "DUPLICATE_POST") && call.tries == 1 &&
              li_check(&call) == LI_E_DUPLICATE,
          "the same post is refused, and tried once");
}

static void refused(void)
{
    check(gives(LI_CREATE, "/posts", "", "", "", "{\"commentary\":\"x\"}", 422),
          "a post without an author");
    app.version = "201901";
    check(gives(LI_GET_ALL, "/things", "", "", "", "", 426) &&
              li_check(&call) == LI_E_VERSION, "a retired version");
    app.version = "202609";
    check(gives(LI_GET_ALL, "/nothings", "", "", "", "", 404),
          "no such collection");
    check(gives(LI_GET, "/posts/{id}", "{\"id\":7}", "", "", "", 400),
          "a key that is no URN");
    memset(&req, 0, sizeof req);
    req.path = "/rest/things/(a";
    check(!run() && call.status == 400, "a key that is not encoded");
}

int main(int argc, char **argv)
{
    unsigned i;
    if (argc != 4)
        return puts("usage: rest_methods socket|curl BASE_URL CA_FILE"), 2;
    way = argv[1];
    app.api_base = app.auth_base = argv[2];
    session.ca_file = argv[3];
    if (li_mbedtls_init(&tls, argv[3]))
        return printf("not ok %s: CA file\n", way), 1;
    stream = strcmp(way, "curl") ? li_mbedtls_transport(&tls)
                                 : li_curl_transport(&session);
    one_thing();
    batches();
    tunnelled();
    for (i = 0; i < 8 && !strcmp(way, "socket"); i++)
        gives(LI_CREATE, "/events", "", "", "", "{\"e\":1}", 201);
    pages(0);
    pages(1);
    upload(LI_IMAGE);
    upload(LI_VIDEO);
    post_twice();
    refused();
    li_hangup(&stream);
    li_mbedtls_free(&tls);
    li_curl_free(&session);
    return failed > 0;
}
