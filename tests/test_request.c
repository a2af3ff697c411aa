/* >>request: requests, to the byte, and what is refused. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "exchange.h"
#include "test.h"

#define API "https://api.linkedin.com"

/* ---- requests, to the byte */

#define AGENT "User-Agent: linkedin.h/" LI_VERSION "\r\n"
#define IDENTITY "Accept-Encoding: identity\r\n"
#define BEARER "Authorization: Bearer TOK\r\n"
#define RESTLI "X-Restli-Protocol-Version: 2.0.0\r\n"
#define AT_API " HTTP/1.1\r\nHost: api.linkedin.com\r\n" AGENT IDENTITY BEARER \
    RESTLI
#define AT_AUTH " HTTP/1.1\r\nHost: www.linkedin.com\r\n" AGENT IDENTITY
#define JSON "Content-Type: application/json\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

static const char *const two_headers[] = { "X-A", "b c", "X-D", "", NULL };

typedef struct request_row {
    int line;
    const char *what;
    li_client client;
    li_req req;
    const char *want;
    const char *url;
} request_row;

static const request_row request_rows[] = {
    { __LINE__, "GET", { .access_token = "TOK" }, { .path = "/v2/userinfo" },
      "GET /v2/userinfo" AT_API E, API "/v2/userinfo" },
    { __LINE__, "query in the path", { .access_token = "TOK" },
      { .path = "/v2/me?projection=(id,a~(b))" },
      "GET /v2/me?projection=(id,a~(b))" AT_API E,
      API "/v2/me?projection=(id,a~(b))" },
    { __LINE__, "query apart", { .access_token = "TOK" },
      { .path = "/v2/me", .query = "ids=List(1,2)&q=%20" },
      "GET /v2/me?ids=List(1,2)&q=%20" AT_API E,
      API "/v2/me?ids=List(1,2)&q=%20" },
    { __LINE__, "query in both", { .access_token = "TOK" },
      { .path = "/v2/me?a=1", .query = "b=2" },
      "GET /v2/me?a=1&b=2" AT_API E, API "/v2/me?a=1&b=2" },
    { __LINE__, "an empty query", { .access_token = "TOK" },
      { .path = "/v2/me", .query = "" }, "GET /v2/me?" AT_API E,
      API "/v2/me?" },
    { __LINE__, "empty query behind one", { .access_token = "TOK" },
      { .path = "/v2/me?a=1", .query = "" }, "GET /v2/me?a=1" AT_API E,
      API "/v2/me?a=1" },
    { __LINE__, "versioned", { .access_token = "TOK", .version = "202601" },
      { .path = "/rest/posts", .rest_method = "FINDER", .query = "q=author" },
      "GET /rest/posts?q=author" AT_API "LinkedIn-Version: 202601\r\n"
      "X-RestLi-Method: FINDER\r\n\r\n", API "/rest/posts?q=author" },
    { __LINE__, "version with a patch",
      { .access_token = "TOK", .version = "202601.02" },
      { .path = "/rest/me" },
      "GET /rest/me" AT_API "LinkedIn-Version: 202601.02\r\n\r\n",
      API "/rest/me" },
    { __LINE__, "no version for /v2",
      { .access_token = "TOK", .version = "202601" }, { .path = "/v2/me" },
      "GET /v2/me" AT_API E, API "/v2/me" },
    { __LINE__, "body", { .access_token = "TOK" },
      { .path = "/v2/x", .body = S("{\"a\":1}") },
      "POST /v2/x" AT_API JSON "Content-Length: 7\r\n\r\n{\"a\":1}",
      API "/v2/x" },
    { __LINE__, "body of another type, by PUT", { .access_token = "TOK" },
      { .method = "PUT", .path = "/v2/x", .content_type = "text/plain",
        .body = S("a") },
      "PUT /v2/x" AT_API "Content-Type: text/plain\r\n"
      "Content-Length: 1\r\n\r\na", API "/v2/x" },
    { __LINE__, "an empty POST", { .access_token = "TOK" },
      { .method = "POST", .path = "/v2/x" },
      "POST /v2/x" AT_API "Content-Length: 0\r\n\r\n", API "/v2/x" },
    { __LINE__, "DELETE", { .access_token = "TOK" },
      { .method = "DELETE", .path = "/v2/x/1" }, "DELETE /v2/x/1" AT_API E,
      API "/v2/x/1" },
    { __LINE__, "HEAD", { .access_token = "TOK" },
      { .method = "HEAD", .path = "/v2/x" }, "HEAD /v2/x" AT_API E,
      API "/v2/x" },
    { __LINE__, "form", { .client_id = "id" },
      { .path = "/oauth/v2/x", .base = LI_BASE_AUTH,
        .form = { "a b", "c&d=\xc3\xa9", "e", "" } },
      "POST /oauth/v2/x" AT_AUTH FORM "Content-Length: 23\r\n\r\n"
      "a%20b=c%26d%3D%C3%A9&e=", LI_AUTH_BASE "/oauth/v2/x" },
    { __LINE__, "six fields", { .client_id = "id" },
      { .path = "/x", .base = LI_BASE_AUTH,
        .form = { "a", "1", "b", "2", "c", "3", "d", "4", "e", "5", "f",
                  "6" } },
      "POST /x" AT_AUTH FORM "Content-Length: 23\r\n\r\n"
      "a=1&b=2&c=3&d=4&e=5&f=6", LI_AUTH_BASE "/x" },
    { __LINE__, "reader", { .access_token = "TOK" },
      { .method = "PUT", .path = "/v2/x", .read = read_digits,
        .read_len = 23, .content_type = "video/mp4" },
      "PUT /v2/x" AT_API "Content-Type: video/mp4\r\nContent-Length: 23\r\n\r\n"
      "01234567890123456789012", API "/v2/x" },
    { __LINE__, "reader of nothing", { .access_token = "TOK" },
      { .path = "/v2/x", .read = read_digits },
      "POST /v2/x" AT_API JSON "Content-Length: 0\r\n\r\n", API "/v2/x" },
    { __LINE__, "more headers", { .access_token = "TOK" },
      { .path = "/v2/x", .headers = two_headers },
      "GET /v2/x" AT_API "X-A: b c\r\nX-D: \r\n\r\n", API "/v2/x" },
    { __LINE__, "another agent", { .access_token = "TOK",
        .user_agent = "mine/1" }, { .path = "/v2/x" },
      "GET /v2/x HTTP/1.1\r\nHost: api.linkedin.com\r\nUser-Agent: mine/1\r\n"
      IDENTITY BEARER RESTLI E, API "/v2/x" },
    { __LINE__, "a tilde in the token", { .access_token = "T~",
        .user_agent = "" }, { .path = "/v2/x" },
      "GET /v2/x HTTP/1.1\r\nHost: api.linkedin.com\r\n" IDENTITY
      "Authorization: Bearer T~\r\n" RESTLI E, API "/v2/x" },
    { __LINE__, "no agent", { .access_token = "TOK", .user_agent = "" },
      { .path = "/v2/x" },
      "GET /v2/x HTTP/1.1\r\nHost: api.linkedin.com\r\n" IDENTITY BEARER
      RESTLI E, API "/v2/x" },
    { __LINE__, "loopback, a port", { .access_token = "TOK", .user_agent = "",
        .api_base = "http://127.0.0.1:8080/" }, { .path = "/v2/x" },
      "GET /v2/x HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n" IDENTITY BEARER RESTLI
      E, "http://127.0.0.1:8080/v2/x" },
    { __LINE__, "loopback of IPv6", { .access_token = "TOK", .user_agent = "",
        .api_base = "http://[::1]:1" }, { .path = "/v2/x" },
      "GET /v2/x HTTP/1.1\r\nHost: [::1]:1\r\n" IDENTITY BEARER RESTLI E,
      "http://[::1]:1/v2/x" },
    { __LINE__, "the usual port is not told", { .access_token = "TOK",
        .user_agent = "", .api_base = "https://a.test:443" },
      { .path = "/v2/x" },
      "GET /v2/x HTTP/1.1\r\nHost: a.test\r\n" IDENTITY BEARER RESTLI E,
      "https://a.test/v2/x" },
    { __LINE__, "another port over TLS", { .access_token = "TOK",
        .user_agent = "", .api_base = "https://a.test:80" },
      { .path = "/v2/x" },
      "GET /v2/x HTTP/1.1\r\nHost: a.test:80\r\n" IDENTITY BEARER RESTLI E,
      "https://a.test:80/v2/x" },
    { __LINE__, "a whole URL of the API", { .access_token = "TOK" },
      { .path = "HTTPS://API.linkedin.com:443/v2/x?a=1" },
      "GET /v2/x?a=1 HTTP/1.1\r\nHost: API.linkedin.com\r\n" AGENT IDENTITY
      BEARER RESTLI E, "https://API.linkedin.com/v2/x?a=1" },
    { __LINE__, "a whole URL elsewhere", { .access_token = "TOK",
        .version = "202601" },
      { .path = "https://www.linkedin.com/rest/x?k=1" },
      "GET /rest/x?k=1" AT_AUTH E, LI_AUTH_BASE "/rest/x?k=1" },
    { __LINE__, "another port is elsewhere", { .access_token = "TOK",
        .user_agent = "" }, { .path = API ":444/x" },
      "GET /x HTTP/1.1\r\nHost: api.linkedin.com:444\r\n" IDENTITY E,
      API ":444/x" },
    { __LINE__, "plain is elsewhere", { .access_token = "TOK",
        .user_agent = "", .api_base = "https://localhost:80" },
      { .path = "http://localhost/x" },
      "GET /x HTTP/1.1\r\nHost: localhost\r\n" IDENTITY E,
      "http://localhost/x" },
    { __LINE__, "a longer name is elsewhere", { .access_token = "TOK",
        .user_agent = "" }, { .path = API ".evil.test/x" },
      "GET /x HTTP/1.1\r\nHost: api.linkedin.com.evil.test\r\n" IDENTITY E,
      API ".evil.test/x" },
    { __LINE__, "API URL, but for the other base", { .access_token = "TOK",
        .user_agent = "" }, { .path = API "/x", .base = LI_BASE_AUTH },
      "GET /x HTTP/1.1\r\nHost: api.linkedin.com\r\n" IDENTITY E, API "/x" },
    { __LINE__, "the other base's own URL", { .access_token = "TOK" },
      { .path = LI_AUTH_BASE "/x", .base = LI_BASE_AUTH },
      "GET /x" AT_AUTH E, LI_AUTH_BASE "/x" },
    { __LINE__, "two slashes are a path", { .access_token = "TOK" },
      { .path = "//evil.test/x" }, "GET //evil.test/x" AT_API E,
      API "//evil.test/x" },
    { __LINE__, "the token here, at the API's own URL",
      { .access_token = "TOK" }, { .path = API "/x", .token = LI_TOKEN_HERE },
      "GET /x" AT_API E, API "/x" },
    { __LINE__, "URL without a path", { .access_token = "TOK" },
      { .path = API }, "GET /" AT_API E, API "/" },
};

static void request(void **state)
{
    const request_row *row = (const request_row *)*state;
    static const size_t pieces[] = { 0, 1, 2, 7 };
    static struct result r;
    struct way w = { .cap = 1000 };
    size_t i;

    w.in = done_answer;
    for (i = 0; i < 8; ++i) {
        w.piece = pieces[i / 2];
        w.blocked = i & 1;
        exchange(&row->client, &row->req, &w, &r);
        assert_int_equal(r.rc, LI_OK);
        assert_text(view(r.sent, r.sent_len), li_cstr(row->want));
    }
}

/* From the smallest buffer that li_begin takes: the head, and a form. */
static void request_at_every_capacity(void **state)
{
    const request_row *row = (const request_row *)*state;
    size_t cap, need = strlen(row->want);
    static struct result r;
    struct way w = { .cap = 0 };

    w.in = done_answer;
    if (row->req.body.len || row->req.read)
        need = (size_t)(strstr(row->want, "\r\n\r\n") + 4 - row->want);
    for (cap = 0; cap <= need + 9; ++cap) {
        li_call call;
        char *buf = guard(3, cap);
        li_rc rc = li_begin(&call, &row->client, &row->req, buf, cap);

        assert_int_equal(rc, cap < need ? LI_E_SPACE : LI_OK);
        assert_int_equal(call.need, cap < need ? need : 0);
        assert_int_equal(li_step(&call), rc ? rc : LI_WANT_OPEN);
        w.cap = cap;
        if (rc)
            continue;
        exchange(&row->client, &row->req, &w, &r);
        assert_int_equal(r.rc, LI_OK);
        assert_text(view(r.sent, r.sent_len), li_cstr(row->want));
    }
}

static li_rc put_url(const void *arg, li_buf *out)
{
    return li_put_url((const li_call *)arg, out);
}

static void request_url(void **state)
{
    const request_row *row = (const request_row *)*state;
    char buf[1000];
    li_call call;
    li_url to, want;

    assert_int_equal(li_begin(&call, &row->client, &row->req, buf, 1000),
                     LI_OK);
    put_at_every_cap(put_url, &call, li_cstr(row->url));
    assert_int_equal(li_target(&call, &to), LI_OK);
    assert_int_equal(li_url_split(li_cstr(row->url), &want), LI_OK);
    assert_text(to.host, want.host);
    assert_int_equal(to.port, want.port);
    assert_int_equal(to.tls, want.tls);
}

/* The third door gives the same bytes. */
static void request_fed(void **state)
{
    const request_row *row = (const request_row *)*state;
    char buf[1000], all[1000];
    size_t n = 0;
    li_call call;

    li_begin(&call, &row->client, &row->req, buf, sizeof buf);
    append(all, sizeof all, &n, li_head(&call));
    append(all, sizeof all, &n, li_body(&call));
    if (!row->req.read)
        assert_text(view(all, n), li_cstr(row->want));
    assert_int_equal(li_feed_status(&call, 200), LI_OK);
    assert_int_equal(li_head(&call).len, 0);
    if (row->req.form[0])
        assert_int_equal(li_body(&call).len, 0);
    assert_int_equal(li_feed_end(&call), LI_OK);
    assert_int_equal(li_step(&call), LI_OK);
}

/* ---- wrong arguments: named, and not a byte to send */

static const char *const h_space[] = { "X A", "b", NULL };
static const char *const h_colon[] = { "X:A", "b", NULL };
static const char *const h_empty[] = { "", "b", NULL };
static const char *const h_crlf[] = { "X", "b\r\nEvil: 1", NULL };
static const char *const h_name_lf[] = { "X\nEvil", "b", NULL };
static const char *const h_lf[] = { "X", "b\n", NULL };
static const char *const h_cr[] = { "X", "b\r", NULL };
static const char *const h_null[] = { "X", NULL };
static const char *const h_second[] = { "X", "a", "Y", "\x7f", NULL };
static const char *const h_host[] = { "hOST", "evil.test", NULL };
static const char *const h_length[] = { "Content-Length", "1", NULL };
static const char *const h_coding[] = { "Transfer-Encoding", "chunked", NULL };
static const char *const h_conn[] = { "Connection", "close", NULL };
static const char *const h_auth[] = { "authorization", "Bearer x", NULL };
static const char *const h_type[] = { "Content-Type", "a", NULL };
static const char *const h_te[] = { "TE", "trailers", NULL };
static const char *const h_coded[] = { "Accept-Encoding", "trailers", NULL };
static const char *const h_upgrade[] = { "Upgrade", "h2c", NULL };
static const char *const h_late[] = { "X", "a", "Host", "b", NULL };

#define HOST63 "a12345678.a12345678.a12345678.a12345678.a12345678.a12345678.abc"

typedef struct wrong_row {
    int line;
    const char *what, *wrong; /* NULL: LI_E_LIMIT */
    li_client client;
    li_req req;
} wrong_row;

#define TOK { .access_token = "TOK", .version = "202601" }
#define PATH(p) { .path = p }
#define CLIENT(...) { .access_token = "TOK", __VA_ARGS__ }
#define REQ(...) { .path = "/v2/x", __VA_ARGS__ }

static const wrong_row wrong_rows[] = {
    { __LINE__, "no path", "path", TOK, { .path = NULL } },
    { __LINE__, "empty path", "path", TOK, PATH("") },
    { __LINE__, "space in the path", "path", TOK, PATH("/v2/a b") },
    { __LINE__, "CR LF in the path", "path", TOK, PATH("/a\r\nEvil: 1") },
    { __LINE__, "LF in the path", "path", TOK, PATH("/a\n") },
    { __LINE__, "tab in the path", "path", TOK, PATH("/a\t") },
    { __LINE__, "fragment", "path", TOK, PATH("/a#b") },
    { __LINE__, "quote", "path", TOK, PATH("/a\"b") },
    { __LINE__, "high byte", "path", TOK, PATH("/\xc3\xa9") },
    { __LINE__, "a bad escape", "path", TOK, PATH("/a%2") },
    { __LINE__, "another bad escape", "path", TOK, PATH("/a%zz") },
    { __LINE__, "space in the path's query", "path", TOK, PATH("/a?b c") },
    { __LINE__, "LF in the path's query", "path", TOK, PATH("/a?b\nc") },
    { __LINE__, "no slash", "path", TOK, PATH("v2/me") },
    { __LINE__, "another scheme", "path", TOK, PATH("ftp://a.test/x") },
    { __LINE__, "a file", "path", TOK, PATH("file:///etc/passwd") },
    { __LINE__, "no host", "path", TOK, PATH("https:///x") },
    { __LINE__, "user in the URL", "path", TOK, PATH("https://a@b.test/") },
    { __LINE__, "a space in the override", "override", TOK,
      REQ(.override = "a b") },
    { __LINE__, "DEL in the token", "access_token", { .access_token =
      "T\x7f" }, REQ(.query = NULL) },
    { __LINE__, "fragment of a URL", "path", TOK, PATH(API "/x#y") },
    { __LINE__, "LF in a URL", "path", TOK, PATH(API "/x\ny") },
    { __LINE__, "LF in a host", "path", TOK, PATH("https://a\nb/") },
    { __LINE__, "plain to the net", "path", TOK, PATH("http://a.test/x") },
    { __LINE__, "plain to the API", "path", TOK,
      PATH("http://api.linkedin.com/v2/me") },
    { __LINE__, "nearly loopback", "path", TOK,
      PATH("http://localhost.evil.test/x") },
    { __LINE__, "nearly 127.0.0.1", "path", TOK,
      PATH("http://127.0.0.1.evil.test/x") },
    { __LINE__, "all addresses", "path", TOK, PATH("http://0.0.0.0/x") },
    { __LINE__, "plain api_base", "api_base",
      CLIENT(.api_base = "http://api.linkedin.com"), REQ(.query = NULL) },
    { __LINE__, "api_base with a path", "api_base",
      CLIENT(.api_base = "https://a.test/b"), REQ(.query = NULL) },
    { __LINE__, "api_base with a query", "api_base",
      CLIENT(.api_base = "https://a.test/?b"), REQ(.query = NULL) },
    { __LINE__, "api_base with a fragment", "api_base",
      CLIENT(.api_base = "https://a.test/#b"), REQ(.query = NULL) },
    { __LINE__, "api_base is no URL", "api_base",
      CLIENT(.api_base = "a.test"), REQ(.query = NULL) },
    { __LINE__, "empty api_base", "api_base", CLIENT(.api_base = ""),
      REQ(.query = NULL) },
    { __LINE__, "api_base with LF", "api_base",
      CLIENT(.api_base = "https://a.test\r\nX: y"), REQ(.query = NULL) },
    { __LINE__, "wrong base, whole URL", "api_base", CLIENT(.api_base = "x"),
      PATH(API "/v2/me") },
    { __LINE__, "plain auth_base", "auth_base",
      CLIENT(.auth_base = "http://www.linkedin.com"),
      REQ(.base = LI_BASE_AUTH) },
    { __LINE__, "space in the query", "query", TOK, REQ(.query = "a b") },
    { __LINE__, "CR in the query", "query", TOK, REQ(.query = "a\rb") },
    { __LINE__, "LF in the query", "query", TOK, REQ(.query = "a\nb") },
    { __LINE__, "fragment in the query", "query", TOK, REQ(.query = "a#b") },
    { __LINE__, "bad escape in the query", "query", TOK, REQ(.query = "a=%") },
    { __LINE__, "quote in the query", "query", TOK, REQ(.query = "\"") },
    { __LINE__, "empty method", "method", TOK, REQ(.method = "") },
    { __LINE__, "method of two", "method", TOK, REQ(.method = "GET /") },
    { __LINE__, "LF in the method", "method", TOK, REQ(.method = "GET\n") },
    { __LINE__, "no token", "access_token", { .client_id = "x" },
      PATH("/v2/me") },
    { __LINE__, "empty token", "access_token", { .access_token = "" },
      PATH("/v2/me") },
    { __LINE__, "CR LF in the token", "access_token",
      { .access_token = "a\r\nEvil: 1" }, PATH("/v2/me") },
    { __LINE__, "space in the token", "access_token",
      { .access_token = "a b" }, PATH("/v2/me") },
    { __LINE__, "high byte in the token", "access_token",
      { .access_token = "\xc3\xa9" }, PATH("/v2/me") },
    { __LINE__, "no version", "version", { .access_token = "t" },
      PATH("/rest/me") },
    { __LINE__, "empty version", "version", CLIENT(.version = ""),
      PATH("/rest/me") },
    { __LINE__, "five digits", "version", CLIENT(.version = "20260"),
      PATH("/rest/me") },
    { __LINE__, "seven digits", "version", CLIENT(.version = "2026011"),
      PATH("/rest/me") },
    { __LINE__, "a letter", "version", CLIENT(.version = "20260a"),
      PATH("/rest/me") },
    { __LINE__, "a minus", "version", CLIENT(.version = "2026-1"),
      PATH("/rest/me") },
    { __LINE__, "half a patch", "version", CLIENT(.version = "202601.1"),
      PATH("/rest/me") },
    { __LINE__, "a point only", "version", CLIENT(.version = "202601."),
      PATH("/rest/me") },
    { __LINE__, "no point", "version", CLIENT(.version = "202601x01"),
      PATH("/rest/me") },
    { __LINE__, "LF behind a version", "version",
      CLIENT(.version = "202601\r\n"), PATH("/rest/me") },
    { __LINE__, "no version, whole URL", "version", { .access_token = "t" },
      PATH(API "/rest/me") },
    { __LINE__, "LF in the agent", "user_agent",
      CLIENT(.user_agent = "a\nb"), PATH("/v2/me") },
    { __LINE__, "LF in the content type", "content_type", TOK,
      REQ(.content_type = "a\r\nb") },
    { __LINE__, "LF in rest_method", "rest_method", TOK,
      REQ(.rest_method = "a\n") },
    { __LINE__, "space in rest_method", "rest_method", TOK,
      REQ(.rest_method = "GET ALL") },
    { __LINE__, "empty rest_method", "rest_method", TOK,
      REQ(.rest_method = "") },
    { __LINE__, "body and form", "body", TOK,
      REQ(.body = S("a"), .form = { "b", "c" }) },
    { __LINE__, "body and reader", "body", TOK,
      REQ(.body = S("a"), .read = read_digits) },
    { __LINE__, "form and reader", "body", TOK,
      REQ(.read = read_digits, .form = { "b", "c" }) },
    { __LINE__, "body of nowhere", "body", TOK, REQ(.body = { NULL, 3 }) },
    { __LINE__, "header: space in a name", "headers", TOK,
      REQ(.headers = h_space) },
    { __LINE__, "header: colon in a name", "headers", TOK,
      REQ(.headers = h_colon) },
    { __LINE__, "header: no name", "headers", TOK, REQ(.headers = h_empty) },
    { __LINE__, "header: CR LF", "headers", TOK, REQ(.headers = h_crlf) },
    { __LINE__, "header: LF in a name", "headers", TOK,
      REQ(.headers = h_name_lf) },
    { __LINE__, "header: LF", "headers", TOK, REQ(.headers = h_lf) },
    { __LINE__, "header: CR", "headers", TOK, REQ(.headers = h_cr) },
    { __LINE__, "header: no value", "headers", TOK, REQ(.headers = h_null) },
    { __LINE__, "header: the second", "headers", TOK,
      REQ(.headers = h_second) },
    { __LINE__, "header: Host", "headers", TOK, REQ(.headers = h_host) },
    { __LINE__, "header: Content-Length", "headers", TOK,
      REQ(.headers = h_length) },
    { __LINE__, "header: Transfer-Encoding", "headers", TOK,
      REQ(.headers = h_coding) },
    { __LINE__, "header: Connection", "headers", TOK, REQ(.headers = h_conn) },
    { __LINE__, "header: Authorization", "headers", TOK,
      REQ(.headers = h_auth) },
    { __LINE__, "header: Content-Type", "headers", TOK,
      REQ(.headers = h_type) },
    { __LINE__, "header: TE", "headers", TOK, REQ(.headers = h_te) },
    { __LINE__, "header: Accept-Encoding", "headers", TOK,
      REQ(.headers = h_coded) },
    { __LINE__, "header: Upgrade", "headers", TOK, REQ(.headers = h_upgrade) },
    { __LINE__, "header: Host, later", "headers", TOK,
      REQ(.headers = h_late) },
    { __LINE__, "what li_oauth_req found", "code", TOK,
      REQ(.wrong = "code") },
    { __LINE__, "host of 64", NULL,
      CLIENT(.api_base = "https://x" HOST63), PATH("/v2/me") },
    { __LINE__, "host of 64 in a URL", NULL, TOK,
      PATH("https://x" HOST63 "/") },
    { __LINE__, "a reader without end", NULL, TOK,
      REQ(.read = read_digits, .read_len = (uint64_t)INT64_MAX + 1) },
};

static void wrong(void **state)
{
    const wrong_row *row = (const wrong_row *)*state;
    li_rc want = row->wrong ? LI_E_ARG : LI_E_LIMIT;
    char *buf = guard(3, 900);
    li_call call;

    assert_int_equal(li_begin(&call, &row->client, &row->req, buf, 900), want);
    assert_int_equal(call.rc, want);
    if (row->wrong) {
        assert_non_null(call.wrong);
        assert_string_equal(call.wrong, row->wrong);
    }
    assert_int_equal(li_step(&call), want);
    assert_int_equal(li_head(&call).len, 0);
    assert_true(untouched(buf, 900));
    assert_int_equal(call.sent, 0);
    stays_failed(&call);
}

/* A byte that splits a head is found wherever it stands: eight are looked at
   at once. */
static void a_bad_byte_anywhere(void **state)
{
    static const char bad[] = "\x1f\x7f\r\n\x80\xff";
    char token[20] = "TTTTTTTTTTTTTTTTTTT", buf[900];
    li_client client = {.access_token = token};
    li_req req = PATH("/v2/me");
    size_t at, i;
    li_call call;

    (void)state;
    assert_int_equal(li_begin(&call, &client, &req, buf, sizeof buf), LI_OK);
    for (at = 0; at + 1 < sizeof token; ++at) {
        for (i = 0; i + 1 < sizeof bad; ++i) {
            token[at] = bad[i];
            assert_int_equal(li_begin(&call, &client, &req, buf, sizeof buf),
                             LI_E_ARG);
            assert_string_equal(call.wrong, "access_token");
        }
        token[at] = 'T';
    }
}

static void nothing_to_begin_with(void **state)
{
    li_client client = TOK;
    li_req req = PATH("/v2/me");
    char buf[500];
    li_call call;

    (void)state;
    assert_int_equal(li_begin(&call, NULL, &req, buf, 500), LI_E_ARG);
    assert_string_equal(call.wrong, "client");
    assert_int_equal(li_begin(&call, &client, NULL, buf, 500), LI_E_ARG);
    assert_string_equal(call.wrong, "req");
    assert_int_equal(li_begin(&call, &client, &req, NULL, 500), LI_E_SPACE);
    assert_true(call.need > 100 && call.need < 500);
}

static void a_host_of_63_is_taken(void **state)
{
    li_client client = CLIENT(.api_base = "https://" HOST63);
    li_req req = PATH("/v2/me");
    char buf[500];
    li_call call;

    (void)state;
    assert_int_equal(li_begin(&call, &client, &req, buf, 500), LI_OK);
}

/* What is asked of a call that was refused. */
static void a_refused_call_can_be_asked(void **state)
{
    static char buf[300], text[900];
    static const char *const half[] = { "X-Note", NULL };
    li_client client = { .access_token = "t" };
    li_req headers = { .path = "/", .headers = half };
    li_req body = { .path = "/", .body = { NULL, 5 } };
    li_buf out = LI_BUF(text);
    li_call call;
    li_url url;

    (void)state;
    assert_int_equal(li_begin(&call, &client, &headers, buf, sizeof buf),
                     LI_E_ARG);
    assert_int_equal(li_to_curl(&call, &out), LI_OK);
    assert_int_equal(li_begin(&call, &client, &body, buf, sizeof buf),
                     LI_E_ARG);
    assert_int_equal(li_to_curl(&call, &out), LI_OK);
    assert_null(li_body(&call).ptr);
    assert_int_equal(li_body(&call).len, 0);
    assert_int_equal(li_begin(&call, NULL, &body, buf, sizeof buf), LI_E_ARG);
    assert_int_equal(li_target(&call, &url), LI_E_STATE);
    assert_int_equal(li_put_url(&call, &out), LI_E_STATE);
}

/* The token of the record counts where the client gives none of its own. */
static void a_token_of_the_record(void **state)
{
    li_token token = { .access_token = S("TOK") };
    li_client client = { .token = &token };
    li_req req = PATH("/v2/me");
    char buf[600];
    li_call call;

    (void)state;
    assert_int_equal(li_begin(&call, &client, &req, buf, 600), LI_OK);
    assert_true(holds(buf, li_head(&call).len, BEARER));
    client.access_token = "OWN";
    assert_int_equal(li_begin(&call, &client, &req, buf, 600), LI_OK);
    assert_false(holds(buf, li_head(&call).len, BEARER));
    assert_true(holds(buf, li_head(&call).len, "Bearer OWN\r\n"));
}

int main(void)
{
    ROWS(request_rows, request);
    ROWS(request_rows, request_at_every_capacity);
    ROWS(request_rows, request_url);
    ROWS(request_rows, request_fed);
    ROWS(wrong_rows, wrong);
    TEST(a_bad_byte_anywhere);
    TEST(nothing_to_begin_with);
    TEST(a_host_of_63_is_taken);
    TEST(a_refused_call_can_be_asked);
    TEST(a_token_of_the_record);
    return RUN("request");
}
