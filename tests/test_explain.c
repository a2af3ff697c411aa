/* >>explain: hints, explanations, curl commands, the log. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "exchange.h"
#include "test.h"

/* ---- hints: what people meet, and the word that helps */

typedef struct hint_row {
    int line;
    const char *what;
    int status;        /* 0: at sign-in; below 0: the call failed so */
    int age;           /* of the token in seconds; -1: unknown */
    const char *code;
    int64_t service;   /* -1: none */
    const char *message;
    const char *word, *second; /* of the hint */
} hint_row;

#define CODE_NOT_FOUND "Unable to retrieve access token: authorization code " \
    "not found"
#define NO_MATCH "Unable to retrieve access token: appid/redirect uri/code " \
    "verifier does not match authorization code. Or authorization code " \
    "expired. Or external member binding exists"
#define NOT_ENOUGH "Not enough permissions to access: "

static const hint_row hint_rows[] = {
    { __LINE__, "left the sign-in", 0, -1, "user_cancelled_login", -1, "",
      "sign-in", "again" },
    { __LINE__, "said no", 0, -1, "user_cancelled_authorize", -1, "",
      "said no", "scopes" },
    { __LINE__, "4: product missing", 0, -1, "unauthorized_scope_error", -1,
      "Scope \"r_organization_social\" is not authorized for your application",
      "Products tab", "scope" },
    { __LINE__, "4: openid", 0, -1, "unauthorized_scope_error", -1,
      "Scope \"openid\" is not authorized for your application",
      "Sign In with LinkedIn using OpenID Connect", "Products tab" },
    { __LINE__, "4: posting", 0, -1, "unauthorized_scope_error", -1,
      "Scope \"w_member_social\" is not authorized for your application",
      "Share on LinkedIn", "Products tab" },
    { __LINE__, "5: r_liteprofile", 0, -1, "unauthorized_scope_error", -1,
      "Scope \"r_liteprofile\" is not authorized for your application",
      "openid profile email", "retired" },
    { __LINE__, "5: escaped as HTML", 0, -1, "unauthorized_scope_error", -1,
      "Scope &quot;r_emailaddress&quot; is not authorized", "openid",
      "r_emailaddress" },
    { __LINE__, "unknown scope", 0, -1, "invalid_scope_error", -1, "",
      "spelling", "spaces" },
    { __LINE__, "access denied", 0, -1, "access_denied", -1, "", "refused",
      NULL },
    { __LINE__, "server error", 0, -1, "server_error", -1, "", "later", NULL },
    { __LINE__, "busy", 0, -1, "temporarily_unavailable", -1, "", "later",
      NULL },
    { __LINE__, "wrong secret", 401, -1, "invalid_client", -1,
      "Client authentication failed", "Auth tab", "secret" },
    { __LINE__, "wrong id, 401", 401, -1, "invalid_client_id", -1,
      "Client authentication failed", "Auth tab", "client id" },
    { __LINE__, "wrong id, 400", 400, -1, "invalid_client_id", -1,
      "The passed in client_id is invalid \"x\"", "Auth tab", "client id" },
    { __LINE__, "10: redirect_uri", 400, -1, "invalid_redirect_uri", -1,
      "Redirect_uri doesn't match", "redirect_uri", "Auth tab" },
    { __LINE__, "11: no match", 400, -1, "invalid_redirect_uri", -1, NO_MATCH,
      "30 minutes", "redirect_uri" },
    { __LINE__, "11: no match, other code", 400, -1, "invalid_request", -1,
      NO_MATCH, "used already", "PKCE" },
    { __LINE__, "code not found", 401, -1, "invalid_request", -1,
      CODE_NOT_FOUND, "used already", "cut" },
    { __LINE__, "parameter missing", 400, -1, "invalid_request", -1,
      "A required parameter \"redirect_uri\" is missing", "parameter", NULL },
    { __LINE__, "15: grant revoked", 400, -1, "invalid_grant", -1,
      "The provided authorization grant or refresh token is invalid, expired "
      "or revoked", "sign in again", NULL },
    { __LINE__, "15: refresh token revoked", 400, -1, "invalid_request", -1,
      "The provided authorization grant or refresh token is invalid, expired "
      "or revoked", "sign in again", "refresh token" },
    { __LINE__, "no application tokens", 401, -1, "access_denied", -1,
      "This application is not allowed to create application tokens",
      "application tokens", NULL },
    { __LINE__, "as a page, 403", 403, -1, "ACCESS_DENIED", 100,
      "Organization permissions must be used when using organization as "
      "author", "w_organization_social", "role" },
    { __LINE__, "as a page, 400", 400, -1, NULL, -1,
      "Organization permissions must be used when using organization as "
      "author", "w_organization_social", "role" },
    { __LINE__, "as a page or for its event", 400, -1, NULL, -1,
      "Organization Or Events permissions must be used when using "
      "organization as author", "w_organization_social", "role" },
    { __LINE__, "another's author", 403, -1, NULL, 100,
      "Field Value validation failed in REQUEST_BODY: Data Processing "
      "Exception while processing fields [/author]", "not this token's member",
      "role" },
    { __LINE__, "another field", 403, -1, NULL, 100,
      "Unpermitted fields present in REQUEST_BODY: Data Processing Exception "
      "while processing fields [/content]", "Leave out", "never send null" },
    { __LINE__, "a page administered no more", 403, -1, "ACCESS_DENIED", 100,
      "ADMIN_ONLY VisibilityReduction for urn:li:organization:7",
      "administers", "leave it out" },
    { __LINE__, "a member restricted", 401, -1, NULL, 65605, "Member is "
      "restricted", "restricted this member's account", "sign in again" },
    { __LINE__, "a parameter that is not Rest.li's", 400, -1, NULL, 0,
      "Parameter 'ids' is invalid", "List(a,b)", "{\"ids\":[1,2]}" },
    { __LINE__, "415", 415, -1, NULL, -1, "", "Content-Type", "JSON" },
    { __LINE__, "413", 413, -1, NULL, -1, "", "larger", NULL },
    { __LINE__, "303", 303, -1, NULL, -1, "", "redirect", "path" },
    { __LINE__, "a medium that waits, 422", 422, -1,
      "MEDIA_ASSET_WAITING_UPLOAD", -1, "", "AVAILABLE", "wait" },
    { __LINE__, "a medium that waits, 400", 400, -1, NULL, -1,
      "Media asset is waiting upload", "AVAILABLE", "wait" },
    { __LINE__, "a medium that failed", 422, -1,
      "MEDIA_ASSET_PROCESSING_FAILED", -1, "", "upload it anew", "format" },
    { __LINE__, "6: me", 403, -1, "ACCESS_DENIED", 100,
      NOT_ENOUGH "me.GET.NO_VERSION", "/v2/userinfo", "openid" },
    { __LINE__, "6: userinfo", 403, -1, "ACCESS_DENIED", 100,
      NOT_ENOUGH "userinfo.GET.NO_VERSION", "openid", "profile" },
    { __LINE__, "6: partnerApiMe", 403, -1, "ACCESS_DENIED", 100,
      NOT_ENOUGH "partnerApiMe.GET.20241101", "/v2/userinfo", "openid" },
    { __LINE__, "6: posts", 403, -1, "ACCESS_DENIED", 100,
      NOT_ENOUGH "partnerApiPosts.CREATE.20250101", "w_member_social", NULL },
    { __LINE__, "6: another", 403, 9999, "ACCESS_DENIED", 100,
      NOT_ENOUGH "adAccounts.GET.NO_VERSION", "scope", "product" },
    { __LINE__, "7: scope just granted", 403, 60, "ACCESS_DENIED", 100,
      NOT_ENOUGH "adAccounts.GET.NO_VERSION", "five minutes", NULL },
    { __LINE__, "7: but not after them", 403, 300, "ACCESS_DENIED", 100,
      NOT_ENOUGH "adAccounts.GET.NO_VERSION", "resource", NULL },
    { __LINE__, "7: and waiting does not open /v2/me", 403, 60,
      "ACCESS_DENIED", 100, NOT_ENOUGH "me.GET.NO_VERSION", "/v2/userinfo",
      NULL },
    { __LINE__, "8: new token revoked", 401, 5, "REVOKED_ACCESS_TOKEN", 65601,
      "The token used in the request has been revoked by the user",
      "wait", "try again" },
    { __LINE__, "8: new token unknown", 401, 5, "INVALID_ACCESS_TOKEN", 65600,
      "Invalid access token", "wait", "new" },
    { __LINE__, "8: old token revoked", 401, 120, "REVOKED_ACCESS_TOKEN",
      65601, "The token used in the request has been revoked by the user",
      "sign in again", "revoked" },
    { __LINE__, "8: new token revoked, in its first second", 401, 0,
      "REVOKED_ACCESS_TOKEN", 65601, "", "not yet known everywhere", NULL },
    { __LINE__, "8: revoked, age unknown", 401, -1, "REVOKED_ACCESS_TOKEN",
      65601, "", "sign in again", "revoked" },
    { __LINE__, "14: token cut", 401, -1, "INVALID_ACCESS_TOKEN", 65600,
      "Invalid access token", "2,048", "cut" },
    { __LINE__, "15: expired", 401, 5, "EXPIRED_ACCESS_TOKEN", 65602,
      "The token used in the request has expired", "refresh", "expired" },
    { __LINE__, "empty token, coded", 401, -1, "EMPTY_ACCESS_TOKEN", 65604,
      "Empty oauth2 access token", "access_token", NULL },
    { __LINE__, "empty token, in words", 401, -1, NULL, 401,
      "Empty oauth2 access token", "access_token", NULL },
    { __LINE__, "9: another scheme", 401, -1, NULL, -1,
      "Unknown authentication scheme", "Bearer", "Authorization" },
    { __LINE__, "401 of nothing", 401, -1, NULL, -1, "", "sign in again",
      NULL },
    { __LINE__, "organization", 403, -1, NULL, -1, "Organization permissions "
      "must be used when using organization as author",
      "w_organization_social", "role" },
    { __LINE__, "unpermitted fields", 403, -1, NULL, -1, "Unpermitted fields "
      "present in REQUEST_BODY: Data Processing Exception while processing "
      "fields [/a]", "fields", "null" },
    { __LINE__, "403 of nothing", 403, -1, NULL, -1, "", "scope", "role" },
    { __LINE__, "version missing", 400, -1, "VERSION_MISSING", -1,
      "A version must be present. Please specify a version by adding the "
      "LinkedIn-Version header.", "client.version", "YYYYMM" },
    { __LINE__, "version retired", 426, -1, "NONEXISTENT_VERSION", -1,
      "Requested version 20250401 is not active", "client.version", "YYYYMM" },
    { __LINE__, "keys not encoded", 400, -1, NULL, -1,
      "Syntax exception in path variables", "encoded", NULL },
    { __LINE__, "400", 400, -1, "FIELD_INVALID", -1, "", "wrong", "field" },
    { __LINE__, "404", 404, -1, "RESOURCE_NOT_FOUND", 0, "", "path", "id" },
    { __LINE__, "405", 405, -1, NULL, -1, "", "method", NULL },
    { __LINE__, "409", 409, -1, "VERSION_CONFLICT", -1, "", "already", NULL },
    { __LINE__, "411", 411, -1, NULL, -1, "", "Content-Length", NULL },
    { __LINE__, "414", 414, -1, NULL, -1, "", "too long", NULL },
    { __LINE__, "duplicate", 422, -1, "DUPLICATE_POST", -1,
      "Content is a duplicate of urn:li:share:1", "Do not send it again",
      "posted already" },
    { __LINE__, "422", 422, -1, NULL, -1, "ERROR :: /a", "message", NULL },
    { __LINE__, "the day's quota", 429, -1, "TOO_MANY_REQUESTS", 101,
      "Resource level throttle APPLICATION DAY limit for calls to this "
      "resource is reached.", "00:00 UTC", "quota" },
    { __LINE__, "the member's quota", 429, -1, NULL, 101,
      "Resource level throttle MEMBER DAY limit for calls to this resource is "
      "reached.", "00:00 UTC", NULL },
    { __LINE__, "too fast", 429, -1, NULL, -1, "", "half a minute",
      "Retry-After" },
    { __LINE__, "500", 500, -1, "INTERNAL_SERVER_ERROR", -1, "", "later",
      "x-li-uuid" },
    { __LINE__, "504", 504, -1, NULL, -1, "", "later", NULL },
    { __LINE__, "999", 999, -1, NULL, -1, "", "robot", NULL },
    { __LINE__, "an unknown status", 418, -1, NULL, -1, "", "status", NULL },
    { __LINE__, "argument", LI_E_ARG, -1, NULL, -1, NULL, "argument",
      "wrong of the flow" },
    { __LINE__, "space", LI_E_SPACE, -1, NULL, -1, NULL, "need", NULL },
    { __LINE__, "state", LI_E_STATE, -1, NULL, -1, NULL, "anew", NULL },
    { __LINE__, "I/O", LI_E_IO, -1, NULL, -1, NULL, "network", "firewall" },
    { __LINE__, "DNS", LI_E_DNS, -1, NULL, -1, NULL, "name server", NULL },
    { __LINE__, "TLS", LI_E_TLS, -1, NULL, -1, NULL, "clock", "CA" },
    { __LINE__, "timeout", LI_E_TIMEOUT, -1, NULL, -1, NULL, "firewall", NULL },
    { __LINE__, "cut answer", LI_E_CLOSED, -1, NULL, -1, NULL, "cut", NULL },
    { __LINE__, "captive portal", LI_E_PROTOCOL, -1, NULL, -1, NULL, "portal",
      "proxy" },
    { __LINE__, "no JSON", LI_E_JSON, -1, NULL, -1, NULL, "JSON", NULL },
    { __LINE__, "12: forged", LI_E_FORGED, -1, NULL, -1, NULL,
      "another sign-in", "Do not use" },
    { __LINE__, "denied", LI_E_DENIED, -1, NULL, -1, NULL, "refused", NULL },
    { __LINE__, "hook", LI_E_STORE, -1, NULL, -1, NULL, "hook", NULL },
    { __LINE__, "server", LI_E_SERVER, -1, NULL, -1, NULL, "later", NULL },
    { __LINE__, "limit", LI_E_LIMIT, -1, NULL, -1, NULL, "status", NULL },
    { __LINE__, "no such code", -99, -1, NULL, -1, NULL, "status", NULL },
};

static void hint(void **state)
{
    const hint_row *row = (const hint_row *)*state;
    li_problem why = { .status = row->status, .token_age = row->age };
    const char *text;

    why.code = li_cstr(row->code);
    why.message = li_cstr(row->message);
    why.has_service_code = row->service >= 0;
    why.service_code = row->service >= 0 ? row->service : 0;
    text = row->status < 0 ? li_hint((li_rc)row->status, NULL)
                           : li_hint(LI_E_HTTP, &why);
    if (!strstr(text, row->word) || (row->second && !strstr(text, row->second)))
        fail_msg("%s", text);
    assert_null(strchr(text, '|'));
    assert_null(strchr(text, '\n'));
    assert_int_equal(text[strlen(text) - 1], '.');
}

/* The same hint by way of an answer, and in the explanation. */
static void hint_of_an_answer(void **state)
{
    const hint_row *row = (const hint_row *)*state;
    li_token token = { .access_token = S("TOK"), .issued_at = 5000 };
    li_client client = { .token = &token, .now = tell };
    char json[900], text[2000];
    li_buf body = LI_BUF(json), out = LI_BUF(text);
    li_call call;

    if (row->status <= 0)
        return;
    clock_says = 5000 + row->age;
    if (row->age < 0)
        token.issued_at = 0;
    put_json(&body, LI_STR("{"));
    if (row->code) {
        put_json_key(&body, LI_STR("code"));
        put_json_text(&body, li_cstr(row->code));
    }
    put_json_key(&body, LI_STR("message"));
    put_json_text(&body, li_cstr(row->message));
    if (row->service >= 0) {
        put_json_key(&body, LI_STR("serviceErrorCode"));
        li_put_int(&body, row->service);
    }
    put_json(&body, LI_STR("}"));
    answered(&call, &client, &get_me, row->status, NULL, written(&body));
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    assert_non_null(strstr(text, "\nhint: "));
    if (!strstr(strstr(text, "\nhint: "), row->word))
        fail_msg("%s", text);
}

static void every_code_has_a_hint(void **state)
{
    int rc;

    (void)state;
    for (rc = -50; rc < 10; ++rc)
        assert_true(strlen(li_hint((li_rc)rc, NULL)) > 10);
}

/* ---- explanations, to the byte */

typedef struct explain_row {
    int line;
    const char *what;
    int status; /* below 0: li_fail with it */
    li_str body;
    const char *type; /* Content-Type */
    li_rc rc;   /* handed to li_explain */
    const char *want;
} explain_row;

#define NO_JSON "hint: The answer is no JSON, as an API's is: mostly the " \
    "path is no API's, a version header is missing (client.version), or a " \
    "proxy or captive portal sent a page of its own. See its status and " \
    "first bytes."

static const explain_row explain_rows[] = {
    { __LINE__, "404", 404, S("{\"status\":404,\"serviceErrorCode\":0,\"code\":"
      "\"NOT_FOUND\",\"message\":\"No such \\u00e9\"}"), NULL, LI_OK,
      "GET /v2/me: not found\nHTTP 404 NOT_FOUND (0): No such \xc3\xa9\n"
      "hint: Wrong path or id, or nothing that this token may see." },
    { __LINE__, "a field, a request id", 422, S("{\"message\":\"m\","
      "\"requestId\":\"rid\",\"errorDetails\":{\"inputErrors\":[{\"code\":"
      "\"C\",\"input\":{\"inputPath\":{\"fieldPath\":\"f/g\"}}}]}}"), NULL,
      LI_OK, "GET /v2/me: not a success\n"
      "HTTP 422 C: m; field: f/g; request id: rid\n"
      "hint: The content is refused: see the message." },
    { __LINE__, "a gateway's page", 502, S("<html>"), "text/html", LI_OK,
      "GET /v2/me: server failed\nHTTP 502; not JSON: text/html\n"
      "hint: LinkedIn failed: try again later; quote x-li-uuid to its "
      "support." },
    { __LINE__, "no network", LI_E_DNS, S(""), NULL, LI_OK,
      "GET /v2/me: host name does not resolve\n"
      "hint: Check the host's name, the network and the name server." },
    { __LINE__, "refused before an answer came", LI_E_AUTH, S(""), NULL, LI_OK,
      "GET /v2/me: not authorized\n"
      "hint: See the status, the code and the message." },
    { __LINE__, "what failed behind it", 200, S("<html>"), NULL, LI_E_JSON,
      "GET /v2/me: not JSON\nHTTP 200\n" NO_JSON },
    { __LINE__, "a page of HTML with 200", 200, S("<html>"), "text/html",
      LI_OK, "GET /v2/me: not JSON\nHTTP 200; not JSON: text/html\n" NO_JSON },
    { __LINE__, "a profile without an id", 200, S("{}"), NULL, LI_E_MISSING,
      "GET /v2/me: nothing there\n"
      "hint: See the status, the code and the message." },
    { __LINE__, "a redirect", 301, S(""), NULL, LI_OK,
      "GET /v2/me: not a success\nHTTP 301\n"
      "hint: A redirect is never followed: see li_header(LI_H_LOCATION), and "
      "this request's host and path." },
    { __LINE__, "413 is not about redirects", 413, S(""), NULL, LI_OK,
      "GET /v2/me: not a success\nHTTP 413\n"
      "hint: The body is larger than LinkedIn takes here: send less at once."
    },
    { __LINE__, "the first of multiple errors", 400, S("{\"message\":"
      "\"Multiple errors occurred, see errorDetails\",\"errorDetails\":"
      "{\"inputErrors\":[{\"code\":\"C\",\"description\":\"start is no "
      "date\"},{\"description\":\"no\"}]}}"), NULL, LI_OK,
      "GET /v2/me: not a success\nHTTP 400 C: Multiple errors occurred, see "
      "errorDetails: start is no date\n"
      "hint: The request is wrong: the message or the field names the place."
    },
    { __LINE__, "nothing", 200, S("{}"), NULL, LI_OK,
      "GET /v2/me: done\nhint: Nothing to do." },
};

struct told {
    const li_call *call;
    li_rc rc;
};

static li_rc put_explain(const void *arg, li_buf *out)
{
    const struct told *told = (const struct told *)arg;

    return li_explain(told->call, told->rc, out);
}

static void explain(void **state)
{
    const explain_row *row = (const explain_row *)*state;
    const char *headers[] = { "Content-Type", row->type, NULL };
    struct told told;
    li_call call;

    if (row->status > 0) {
        answered(&call, &member, &get_me, row->status,
                 row->type ? headers : NULL, row->body);
    } else {
        li_begin(&call, &member, &get_me, work, sizeof work);
        li_fail(&call, (li_rc)row->status);
    }
    told.call = &call;
    told.rc = row->rc;
    ends_at_every_cap(put_explain, &told, row->want);
}

static void explain_what_never_began(void **state)
{
    li_client client = { .client_id = "x" };
    li_req none = { .path = "" };
    struct told told;
    li_call call;
    char small[10];

    (void)state;
    told.call = &call;
    told.rc = LI_OK;
    li_begin(&call, &client, &get_me, work, sizeof work);
    ends_at_every_cap(put_explain, &told, "GET /v2/me: wrong argument: "
        "access_token\nhint: Set client.access_token, or client.token: a "
        "token of visible ASCII (is the environment variable set?). A request "
        "that is to go without one has token = LI_TOKEN_NEVER.");
    li_begin(&call, &client, &none, work, sizeof work);
    ends_at_every_cap(put_explain, &told, "wrong argument: path\n"
        "hint: Begin it with \"/\", or give a whole URL; encode what a URL "
        "may not hold. Of a li_rest: without /rest or /v2, a key for each "
        "placeholder.");
    li_begin(&call, NULL, NULL, work, sizeof work);
    ends_at_every_cap(put_explain, &told, "wrong argument: client\n"
        "hint: Correct it; nothing was sent.");
    li_begin(&call, &member, &get_me, small, sizeof small);
    ends_at_every_cap(put_explain, &told, "GET /v2/me: memory too small: "
        "needs 165\nhint: Give more memory: need of what you gave says how "
        "much where it is known.");
}

/* A call that was never begun, and none at all. */
/* What is no secret stays: a scope, and a value whose name is escaped. */
static void explain_shows_what_is_open(void **state)
{
    static const char *const headers[] = { "Content-Type", "text/x", NULL };
    li_token token = { .access_token = S("TOKTOKTOK"),
                       .scope = S("w_member_social") };
    li_client client = { .token = &token };
    li_req req = { .path = "/v2/me", .query = "a%5Fb=plainplain" };
    char text[400];
    li_buf out = LI_BUF(text);
    li_call call;

    (void)state;
    answered(&call, &client, &req, 400, headers, LI_STR("{\"message\":\""
             "w_member_social plainplain TOKTOKTOK\"}"));
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    assert_non_null(strstr(text, "w_member_social plainplain ***"));
    assert_null(strstr(text, "not JSON"));
}

/* A success that has no body is what it is. */
static void explain_an_empty_success(void **state)
{
    char text[400];
    li_buf out = LI_BUF(text);
    li_call call;

    (void)state;
    li_begin(&call, &member, &get_me, work, sizeof work);
    assert_int_equal(li_explain(&call, LI_E_DNS, &out), LI_OK); /* not yet */
    assert_null(strstr(text, "HTTP"));
    answered(&call, &member, &get_me, 204, NULL, li_cstr(""));
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    assert_memory_equal(text, "GET /v2/me: done\n", 17);
}

/* A request that could not be made has no call: the one before says nothing of
   it. */
static void explain_a_request_that_failed(void **state)
{
    li_rest rest = { .method = LI_CREATE, .path = "/posts",
                     .body = S("{\"a\":}") };
    li_buf mem = LI_BUF(work);
    struct told told;
    li_req req = get_me;
    li_call call;
    li_rc rc;

    (void)state;
    told.call = &call;
    answered(&call, &member, &req, 404, NULL, LI_STR("{\"message\":\"no\"}"));
    told.rc = rc = li_rest_req(&req, &member, &rest, &mem);
    assert_int_equal(rc, LI_E_ARG);
    ends_at_every_cap(put_explain, &told, "wrong argument: body: not JSON at "
        "byte 5\nhint: Give an object, as {\"commentary\":\"Hello\"}; to a "
        "BATCH_ method an array of them; to PARTIAL_UPDATE what li_patch_put() "
        "wrote, which must change something.");
    mem = li_buf_of(work, 8);
    rest.body = LI_STR("{}");
    assert_int_equal(li_rest_req(&req, &member, &rest, &mem), LI_E_SPACE);
    li_begin(&call, &member, &req, work, sizeof work);
    told.rc = LI_OK;
    ends_at_every_cap(put_explain, &told, "memory too small: mem\nhint: Give "
        "more memory: need of what you gave says how much where it is known.");
    told.rc = rc;
    req = get_me;
    answered(&call, &member, &req, 404, NULL, LI_STR("{\"message\":\"no\"}"));
    ends_at_every_cap(put_explain, &told, "wrong argument\nhint: Correct the "
        "argument that wrong of the flow, request or call names, or at of a "
        "template's li_buf.");
    told.rc = LI_E_MISSING; /* of what was read out of the answer */
    ends_at_every_cap(put_explain, &told, "GET /v2/me: nothing there\n"
        "HTTP 404: no\nhint: Wrong path or id, or nothing that this token may "
        "see.");
}

static void explain_nothing(void **state)
{
    static const li_req nowhere = { .path = NULL };
    static li_call zero;
    char text[400];
    li_buf out = LI_BUF(text);

    (void)state;
    assert_int_equal(li_explain(&zero, LI_OK, &out), LI_OK);
    assert_memory_equal(text, "not allowed now\nhint: ", 22);
    assert_int_equal(li_explain(NULL, LI_OK, &out), LI_OK);
    assert_memory_equal(text, "not allowed now\nhint: ", 22);
    assert_int_equal(li_explain(NULL, LI_E_DNS, &out), LI_OK);
    assert_memory_equal(text, "host name does not resolve\nhint: ", 33);
    assert_int_equal(li_explain(&zero, LI_E_ARG, &out), LI_OK);
    assert_memory_equal(text, "wrong argument\nhint: ", 21);
    assert_int_equal(li_to_curl(&zero, &out), LI_E_ARG);
    assert_string_equal(text, "");
    assert_int_equal(li_log(&zero, "step", &out), LI_OK);
    assert_string_equal(text, "0 step status=0 try=0 out=0 in=0");
    zero.client = &member;
    assert_int_equal(li_to_curl(&zero, &out), LI_E_ARG);
    assert_int_equal(li_log(&zero, "step", &out), LI_OK);
    assert_string_equal(text, "0 step status=0 try=0 out=0 in=0");
    assert_int_equal(li_explain(&zero, LI_E_IO, &out), LI_OK);
    assert_memory_equal(text, "connection failed\nhint: ", 24);
    zero.req = &nowhere;
    assert_int_equal(li_log(&zero, "step", &out), LI_OK);
    assert_string_equal(text, "0 step status=0 try=0 out=0 in=0");
    zero.client = NULL;
    zero.req = NULL;
    assert_int_equal(li_explain(&zero, LI_E_TLS, &out), LI_OK);
    assert_memory_equal(text, "no trustworthy TLS connection\n", 30);
}

/* What the answer echoes of this call's secrets is shown as stars, also where
   it is cut; nothing else is. */
static void explain_masks(void **state)
{
    static const char *const secrets[] = {
        "the-access-token-1", "the-refresh-token-2", "the-id-token-3",
        "the-secret-4", "the-code-5", "the-verifier-6"};
    static const char *const forms[] = {
        "{\"message\":\"<%s> and <%s>\"}", "{\"code\":\"%s\","
        "\"message\":\"%s\"}", "{\"error\":\"e\",\"error_description\":"
        "\"code %s is no %s.\"}", "{\"message\":\"m\",\"requestId\":\"%s\","
        "\"errorDetails\":{\"inputErrors\":[{\"description\":\"d\","
        "\"input\":{\"inputPath\":{\"fieldPath\":\"%s\"}}}]}}"};
    li_token token = { .mem = NULL };
    li_client me = { .client_id = "app-id", .client_secret = secrets[3],
                     .token = &token, .redirect_uri = "https://x/back" };
    li_flow flow = { .pkce = 0 };
    char body[600], text[1500];
    size_t i, k;
    li_req req;
    li_call call;
    li_buf out = LI_BUF(text);

    (void)state;
    token.access_token = li_cstr(secrets[0]);
    token.refresh_token = li_cstr(secrets[1]);
    token.id_token = li_cstr(secrets[2]);
    strcpy(flow.redirect_uri, me.redirect_uri);
    assert_int_equal(li_oauth_req(&req, &me, LI_GRANT_CODE, secrets[4], &flow),
                     LI_OK);
    req.form[10] = "code_verifier";
    req.form[11] = secrets[5];
    for (i = 0; i < COUNT(secrets); ++i)
        for (k = 0; k < COUNT(forms); ++k) {
            snprintf(body, sizeof body, forms[k], secrets[i], secrets[i]);
            answered(&call, &me, &req, 400, NULL, li_cstr(body));
            assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
            if (strstr(text, secrets[i]))
                fail_msg("%s", text);
            assert_non_null(strstr(text, "***"));
            assert_non_null(strstr(text, "\nhint: "));
            /* cut by the server, which would still tell most of it */
            snprintf(body, sizeof body, "{\"message\":\"%.9s\"}", secrets[i]);
            answered(&call, &me, &req, 400, NULL, li_cstr(body));
            assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
            assert_null(strstr(text, li_cstr(secrets[i]).len > 9
                                         ? strtok(body + 12, "\"")
                                         : secrets[i]));
        }
    answered(&call, &me, &req, 400, NULL,
             LI_STR("{\"message\":\"app-id https://x/back\"}"));
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    assert_non_null(strstr(text, ": app-id https://x/back\n"));
}

/* However an answer writes a secret, and whatever is like one. */
static const struct mask_row {
    int line;
    const char *what, *message, *shown;
} mask_rows[] = {
    { __LINE__, "whole", "<AQXtoken0+/1==>", "<***>" },
    { __LINE__, "escaped", "<AQXtoken0%2B%2f1%3d%3D>", "<***>" },
    { __LINE__, "escaped without need", "<%41QXtoken0%2B/1==>", "<***>" },
    { __LINE__, "escaped for JSON", "<\\u0041QXtoken0+/1==>", "<***>" },
    { __LINE__, "twice", "<AQXtoken0+/1==,AQXtoken0+/1==>", "<***,***>" },
    { __LINE__, "cut", "<AQXtoken>", "<***>" },
    { __LINE__, "cut in an escape", "<AQXtoken0%2>", "<***>" },
    { __LINE__, "too little of it", "<AQXtoke>", "<AQXtoke>" },
    { __LINE__, "another that begins so", "<AQXtoken.9-of_an~other>",
      "<***>" },
    { __LINE__, "the one with the same beginning", "<AQXtokenREFRESH>",
      "<***>" },
    { __LINE__, "an escape that is none", "<AQXtoken%zz>", "<***>" },
    { __LINE__, "a header of the request's", "<key-of-theirs>", "<***>" },
    { __LINE__, "a secret of four bytes", "<four>", "<***>" },
    { __LINE__, "a header of eight bytes", "<eight-by>", "<***>" },
    { __LINE__, "a short one, which is none", "<en-US>", "<en-US>" },
    { __LINE__, "an open one", "<application/vnd.x>", "<application/vnd.x>" },
    { __LINE__, "of the query", "<in-the-query>", "<***>" },
    { __LINE__, "of the query, open", "<open-query>", "<open-query>" },
    { __LINE__, "of the path's query", "<in-the-path>", "<***>" },
};

static void explain_masks_however_it_is_written(void **state)
{
    static const char *const headers[] = {"X-Key", "key-of-theirs",
        "X-Eight", "eight-by", "Accept-Language", "en-US", "Accept",
        "application/vnd.x", NULL};
    const struct mask_row *row = (const struct mask_row *)*state;
    li_token token = { .refresh_token = S("AQXtokenREFRESH") };
    li_client me = { .access_token = "AQXtoken0+/1==", .token = &token,
                     .client_secret = "four" };
    li_req req = { .path = "/v2/x?code=in-the-path", .headers = headers,
                   .query = "a=open-query&oauth2_access_token=in-the-query" };
    char body[200], text[1000];
    li_buf out = LI_BUF(text);
    li_call call;

    snprintf(body, sizeof body, "{\"message\":\"%s\"}", row->message);
    answered(&call, &me, &req, 400, NULL, li_cstr(body));
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    snprintf(body, sizeof body, "HTTP 400: %s\nhint: ", row->shown);
    if (!strstr(text, body))
        fail_msg("%s", text);
}

/* What the caller has put into a path or body himself, and a method that is
   none. */
static void logs_and_curl_are_masked(void **state)
{
    li_client me = { .access_token = "AQXtoken0" };
    li_req req = { .path = "/v2/AQXtoken0/x", .query = "q=AQXtoken0",
                   .body = S("{\"t\":\"AQXtoken0\"}") };
    char text[1000];
    li_buf out = LI_BUF(text);
    li_call call;

    (void)state;
    answered(&call, &me, &req, 200, NULL, li_cstr("{}"));
    assert_int_equal(li_log(&call, "done", &out), LI_OK);
    assert_non_null(strstr(text, "/v2/*** status=200"));
    assert_int_equal(li_to_curl(&call, &out), LI_OK);
    assert_null(strstr(text, "AQX"));
    assert_non_null(strstr(text, "/v2/***?q=***'"));
    assert_non_null(strstr(text, "{\"t\":\"***\"}"));
    req.method = "G\x1b[31m\n";
    assert_int_equal(li_begin(&call, &me, &req, work, sizeof work), LI_E_ARG);
    assert_int_equal(li_log(&call, "done", &out), LI_OK);
    assert_non_null(strstr(text, "G\\u001b[31m  "));
    assert_null(strchr(text, '\n'));
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    assert_null(strchr(text, 27));
    assert_int_equal(li_to_curl(&call, &out), LI_E_ARG);
    assert_int_equal(*text, 0);
}

/* Every place of a secret is found, the first byte of the text as well. */
static void a_secret_like_the_first_word(void **state)
{
    static const li_client me = { .access_token = "curl" };
    static const li_req req = { .path = "/v2/curl" };
    char text[600];
    li_buf out = LI_BUF(text);
    li_call call;

    (void)state;
    li_begin(&call, &me, &req, work, sizeof work);
    assert_int_equal(li_to_curl(&call, &out), LI_OK);
    assert_null(strstr(text, "curl"));
    assert_memory_equal(text, "*** 'https://api.linkedin.com/v2/***'", 37);
}

/* Characters that act on a terminal, or are not seen, are told by number. */
static const struct shown_row {
    int line;
    const char *what, *body, *shown;
} shown_rows[] = {
    { __LINE__, "ESC", "a\\u001b[2Jb", "a\\u001b[2Jb" },
    { __LINE__, "C1 raw", "a\xc2\x9b" "2Jb", "a\\u009b2Jb" },
    { __LINE__, "C1 escaped", "a\\u009b2Jb", "a\\u009b2Jb" },
    { __LINE__, "DEL", "a\x7f" "b", "a\\u007fb" },
    { __LINE__, "NUL", "a\\u0000b", "a\\u0000b" },
    { __LINE__, "right to left", "a\xe2\x80\xae" "b", "a\\u202eb" },
    { __LINE__, "isolates", "a\\u2066b\\u2069", "a\\u2066b\\u2069" },
    { __LINE__, "zero width", "a\xe2\x80\x8b" "b\xef\xbb\xbf",
      "a\\u200bb\\ufeff" },
    { __LINE__, "what Unicode calls ignorable", "a\xcd\x8f\xe3\x85\xa4"
      "\xef\xb8\x8f\xef\xbf\xb0\xf0\x9d\x85\xb3" "b",
      "a\\u034f\\u3164\\ufe0f\\ufff0\\u01d173b" },
    { __LINE__, "soft hyphen", "a\xc2\xad" "b", "a\\u00adb" },
    { __LINE__, "line separator", "a\\u2028b", "a\\u2028b" },
    { __LINE__, "a tag beyond the plane", "a\xf3\xa0\x81\x81" "b",
      "a\\u0e0041b" },
    { __LINE__, "white space", "a\\tb\\nc\\rd", "a b c d" },
    { __LINE__, "what may be seen", "\xc3\xa9 \xe6\xbc\xa2 \\ud83d\\ude00",
      "\xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x98\x80" },
};

static void explain_shows(void **state)
{
    const struct shown_row *row = (const struct shown_row *)*state;
    char body[200], want[200], text[500];
    li_buf out = LI_BUF(text);
    li_call call;

    snprintf(body, sizeof body, "{\"message\":\"%s\"}", row->body);
    snprintf(want, sizeof want, "\nHTTP 400: %s\nhint: ", row->shown);
    answered(&call, &member, &get_me, 400, NULL, li_cstr(body));
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    if (!strstr(text, want))
        fail_msg("%s", text);
}

/* A header is anybody's bytes. */
static void explain_shows_headers(void **state)
{
    static const char *const headers[] = {
        "X-Li-UUID", "a\xff\xc2\x9b\xe2\x80\xae", NULL};
    char text[500];
    li_buf out = LI_BUF(text);
    li_call call;

    (void)state;
    answered(&call, &member, &get_me, 400, headers, LI_STR("{}"));
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    assert_non_null(strstr(text, "x-li-uuid: a?\\u009b\\u202e\n"));
}

/* The path of an upload's URL is a key, in an explanation and in a log. */
static void key_urls_are_not_told(void **state)
{
    static const li_client me = { .access_token = "TOK" };
    li_req req = { .path = "https://upload.example/dms/the-key?sig=the-sig",
                   .token = LI_TOKEN_NEVER, .method = "PUT" };
    char text[500];
    li_buf out = LI_BUF(text);
    li_call call;
    int i;

    (void)state;
    for (i = 0; i < 2; ++i) {
        req.base = i ? LI_BASE_AUTH : LI_BASE_API;
        answered(&call, &me, &req, 403, NULL, LI_STR(""));
        assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
        assert_non_null(strstr(text, "PUT upload.example/***: "));
        assert_null(strstr(text, "the-key"));
        assert_int_equal(li_log(&call, "done", &out), LI_OK);
        assert_non_null(strstr(text, "PUT upload.example/*** status=403"));
        assert_null(strstr(text, "the-key"));
        assert_null(strstr(text, "the-sig"));
    }
}

/* A command that cannot be made leaves nothing of what was there. */
static void a_failed_command_is_empty(void **state)
{
    static const li_client me = { .api_base = "no base" };
    char text[40] = "what was there";
    li_buf out = LI_BUF(text);
    li_call call;

    (void)state;
    li_begin(&call, &me, &get_me, work, sizeof work);
    assert_int_equal(li_to_curl(&call, &out), LI_E_ARG);
    assert_string_equal(text, "");
}

/* Three lines at most, whatever LinkedIn's text holds: it writes line ends
   (one a fault), and a terminal obeys control characters. */
static void an_explanation_has_three_lines(void **state)
{
    char text[900];
    li_buf out = LI_BUF(text);
    unsigned lines = 1;
    size_t i;
    li_call call;

    (void)state;
    answered(&call, &member, &get_me, 422, NULL, li_cstr(
        "{\"code\":\"A\\nB\",\"message\":\"ERROR :: /a\\nERROR :: /b\\n"
        "\\u001b[2J\\r\"}"));
    assert_int_equal(li_explain(&call, LI_OK, &out), LI_OK);
    for (i = 0; i < out.len; ++i) {
        lines += text[i] == '\n';
        assert_true(text[i] == '\n' || (unsigned char)text[i] >= ' ');
    }
    assert_int_equal(lines, 3);
}

/* ---- curl commands, to the byte */

typedef struct curl_row {
    int line;
    const char *what;
    li_client client;
    li_req req;
    const char *want;
} curl_row;

#define H(name, value) " \\\n  -H '" name ": " value "'"
#define USUAL H("User-Agent", "linkedin.h/" LI_VERSION) \
    H("Accept-Encoding", "identity")
#define TO_API USUAL H("Authorization", "Bearer ***") \
    H("X-Restli-Protocol-Version", "2.0.0")
#define TOK .access_token = MARK

static size_t read_nothing(void *user, uint64_t at, char *dst, size_t cap)
{
    (void)user;
    (void)at;
    (void)dst;
    (void)cap;
    return 0;
}

static const char *const more_headers[] = {
    "X-Secret", MARK, "Accept", "it's", "x-restli-METHOD", "a", NULL };
static const char *const quoted_name[] = { "X-'a", "b", NULL };

static const curl_row curl_rows[] = {
    { __LINE__, "GET", { TOK }, { .path = "/v2/me" },
      "curl 'https://api.linkedin.com/v2/me'" TO_API },
    { __LINE__, "query in the path", { TOK }, { .path = "/v2/me?a=1&b&c=" },
      "curl 'https://api.linkedin.com/v2/me?a=1&b&c='" TO_API },
    { __LINE__, "query apart", { TOK }, { .path = "/v2/me", .query = "a=1" },
      "curl 'https://api.linkedin.com/v2/me?a=1'" TO_API },
    { __LINE__, "query in both", { TOK }, { .path = "/v2/me?a=1",
        .query = "b=2" },
      "curl 'https://api.linkedin.com/v2/me?a=1&b=2'" TO_API },
    { __LINE__, "a value with =", { TOK }, { .path = "/v2/me?a=b=c" },
      "curl 'https://api.linkedin.com/v2/me?a=b=c'" TO_API },
    { __LINE__, "secrets in a query", { TOK }, { .path = "/v2/me",
        .query = "oauth2_access_token=" MARK "&a=b&code=" MARK "&STATE=" MARK
        "&refresh_token=" MARK "&token=" MARK "&id_token=" MARK
        "&client_secret=" MARK "&code_verifier=" MARK },
      "curl 'https://api.linkedin.com/v2/me?oauth2_access_token=***&a=b&"
      "code=***&STATE=***&refresh_token=***&token=***&id_token=***&"
      "client_secret=***&code_verifier=***'" TO_API },
    { __LINE__, "versioned", { TOK, .version = "202601" }, { .path =
        "/rest/posts", .rest_method = "CREATE", .body = S("{\"a\":\"it's\"}") },
      "curl -X POST 'https://api.linkedin.com/rest/posts'" TO_API
      H("LinkedIn-Version", "202601") H("X-RestLi-Method", "CREATE")
      H("Content-Type", "application/json")
      " \\\n  --data-raw '{\"a\":\"it'\\''s\"}'" },
    { __LINE__, "quotes in the path", { TOK }, { .path = "/v2/a'b'?c='&'=d",
        .query = "e='" },
      "curl 'https://api.linkedin.com/v2/a'\\''b'\\''?c='\\''&'\\''=d&e='\\'''"
      TO_API },
    { __LINE__, "headers", { TOK }, { .path = "/v2/me",
        .headers = more_headers },
      "curl 'https://api.linkedin.com/v2/me'" TO_API H("X-Secret", "***")
      H("Accept", "it'\\''s") H("x-restli-METHOD", "a") },
    { __LINE__, "a quote in a header's name", { TOK }, { .path = "/v2/me",
        .headers = quoted_name },
      "curl 'https://api.linkedin.com/v2/me'" TO_API
      H("X-'\\''a", "***") },
    { __LINE__, "a quote in the path", { TOK }, { .path = "/v2/a'b" },
      "curl 'https://api.linkedin.com/v2/a'\\''b'" TO_API },
    { __LINE__, "HEAD", { TOK }, { .method = "HEAD", .path = "/v2/me" },
      "curl -I 'https://api.linkedin.com/v2/me'" TO_API },
    { __LINE__, "DELETE", { TOK }, { .method = "DELETE", .path = "/v2/x" },
      "curl -X DELETE 'https://api.linkedin.com/v2/x'" TO_API },
    { __LINE__, "an upload", { TOK }, { .method = "PUT",
        .path = "https://www.linkedin.com/dms-uploads/x?ca=" MARK "&ut="
        MARK, .read = read_nothing, .read_len = 5,
        .content_type = "image/png" },
      "curl -X PUT 'https://www.linkedin.com/dms-uploads/x?***'" USUAL
      H("Content-Type", "image/png") " \\\n  --data-binary @-" },
    { __LINE__, "an upload, query apart", { TOK }, { .method = "PUT",
        .path = "https://www.linkedin.com/dms-uploads/x", .query = "ca=" MARK,
        .read = read_nothing, .read_len = 5, .content_type = "image/png" },
      "curl -X PUT 'https://www.linkedin.com/dms-uploads/x?***'" USUAL
      H("Content-Type", "image/png") " \\\n  --data-binary @-" },
    { __LINE__, "a quote behind the body", { TOK }, { .path = "/v2/x",
        .body = { "abc'", 3 } }, "curl -X POST 'https://api.linkedin.com/v2/x'"
      TO_API H("Content-Type", "application/json") " \\\n  --data-raw 'abc'" },
    { __LINE__, "form", { .client_id = "i" }, { .path = "/oauth/v2/x",
        .base = LI_BASE_AUTH, .form = { "grant_type", "a b", "client_secret",
        MARK, "client_id", "it's", "code", MARK, "x", MARK } },
      "curl -X POST 'https://www.linkedin.com/oauth/v2/x'" USUAL
      H("Content-Type", "application/x-www-form-urlencoded")
      " \\\n  --data-raw 'grant_type=a%20b&client_secret=***&"
      "client_id=it%27s&code=***&x=***'" },
    { __LINE__, "a form of six", { .client_id = "i" }, { .path = "/x",
        .base = LI_BASE_AUTH, .form = { "a", "b", "c", "d", "e", "f", "g", "h",
        "i", "j", "k", "l" } },
      "curl -X POST 'https://www.linkedin.com/x'" USUAL
      H("Content-Type", "application/x-www-form-urlencoded")
      " \\\n  --data-raw 'a=***&c=***&e=***&g=***&i=***&k=***'" },
    { __LINE__, "a value without a name", { TOK }, { .path = "/v2/me?=a&b" },
      "curl 'https://api.linkedin.com/v2/me?=a&b'" TO_API },
    { __LINE__, "a secret's name alone", { TOK }, { .path = "/v2/me?code&a" },
      "curl 'https://api.linkedin.com/v2/me?code&a'" TO_API },
    { __LINE__, "elsewhere, a query in both", { .client_id = "i" }, { .path =
        "https://upload.example/x?a=1", .query = "b=2", .base = LI_BASE_AUTH },
      "curl 'https://upload.example/x?***'" USUAL },
    { __LINE__, "elsewhere, an empty query", { .client_id = "i" }, { .path =
        "https://upload.example/x?", .base = LI_BASE_AUTH },
      "curl 'https://upload.example/x?'" USUAL },
    { __LINE__, "a query at sign-in", { .client_id = "i" }, { .path =
        "/x?a=1", .base = LI_BASE_AUTH },
      "curl 'https://www.linkedin.com/x?a=1'" USUAL },
    { __LINE__, "an escaped name in a query", { TOK }, { .path =
        "/v2/me?access%5Ftoken=" MARK },
      "curl 'https://api.linkedin.com/v2/me?access%5Ftoken=***'" TO_API },
    { __LINE__, "a form by hand", { .client_id = "i" }, { .path = "/x",
        .base = LI_BASE_AUTH, .body = S("client_secret=" MARK),
        .content_type = "application/x-www-form-urlencoded" },
      "curl -X POST 'https://www.linkedin.com/x'" USUAL
      H("Content-Type", "application/x-www-form-urlencoded")
      " \\\n  --data-raw '***'" },
    { __LINE__, "a whole URL at sign-in", { .client_id = "i" }, { .path =
        "https://upload.example/x?sig=" MARK, .base = LI_BASE_AUTH },
      "curl 'https://upload.example/x?***'" USUAL },
    { __LINE__, "a quote in a form's name", { .client_id = "i" },
      { .path = "/x", .base = LI_BASE_AUTH, .form = { "a'b", "c" } },
      "curl -X POST 'https://www.linkedin.com/x'" USUAL
      H("Content-Type", "application/x-www-form-urlencoded")
      " \\\n  --data-raw 'a%27b=***'" },
    { __LINE__, "loopback", { TOK, .api_base = "http://[::1]:8080",
        .user_agent = "" }, { .path = "/v2/me" },
      "curl 'http://[::1]:8080/v2/me'" H("Accept-Encoding", "identity")
      H("Authorization", "Bearer ***") H("X-Restli-Protocol-Version", "2.0.0")
    },
};

static li_rc put_curl(const void *arg, li_buf *out)
{
    return li_to_curl((const li_call *)arg, out);
}

static void curl(void **state)
{
    const curl_row *row = (const curl_row *)*state;
    li_call call;
    char text[1500];
    li_buf out = LI_BUF(text);

    assert_int_equal(li_begin(&call, &row->client, &row->req, work,
                              sizeof work), LI_OK);
    assert_int_equal(li_to_curl(&call, &out), LI_OK);
    assert_text(written(&out), li_cstr(row->want));
    assert_false(holds(text, out.len, MARK));
    ends_at_every_cap(put_curl, &call, row->want);
    li_fail(&call, LI_E_TIMEOUT);
    ends_at_every_cap(put_curl, &call, row->want);
}

/* What a shell would run must stay one command: these characters may stand in
   a method (RFC 9110 section 5.6.2), or the method is refused. */
static void a_method_is_no_command(void **state)
{
    static const char *const methods[] = { "X`id`", "A|id", "A&id", "$HOME",
                                           "A;id", "A id", "A\nid" };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(methods); ++i) {
        li_req req = { .method = methods[i], .path = "/v2/me" };
        char text[900], quoted[60];
        li_buf out = LI_BUF(text);
        li_call call;

        li_begin(&call, &member, &req, work, sizeof work);
        if (li_to_curl(&call, &out))
            continue;
        snprintf(quoted, sizeof quoted, "-X '%s' ", methods[i]);
        if (!strstr(text, quoted))
            fail_msg("%s", text);
    }
}

static void curl_without_a_target(void **state)
{
    li_req req = { .path = "no" };
    char text[100];
    li_buf out = LI_BUF(text);
    li_call call;

    (void)state;
    li_begin(&call, &member, &req, work, sizeof work);
    assert_int_equal(li_to_curl(&call, &out), LI_E_ARG);
    li_begin(&call, NULL, NULL, work, sizeof work);
    assert_int_equal(li_to_curl(&call, &out), LI_E_ARG);
}

/* ---- no secret in any text that is meant for people */

static void clean(const li_call *call)
{
    static char text[4000];
    li_buf out = LI_BUF(text);
    int rc;

    for (rc = LI_E_STORE; rc <= 0; ++rc) {
        assert_int_equal(li_explain(call, (li_rc)rc, &out), LI_OK);
        assert_false(holds(text, out.len, MARK));
    }
    assert_int_equal(li_to_curl(call, &out), LI_OK);
    assert_false(holds(text, out.len, MARK));
    if (call->wrong)
        assert_null(strstr(call->wrong, MARK));
}

static void no_secret_is_told(void **state)
{
    li_token token = { .access_token = S(MARK), .refresh_token = S(MARK),
                       .id_token = S(MARK) };
    li_client client = { .client_id = "id", .client_secret = MARK,
                         .redirect_uri = BACK, .token = &token };
    li_flow flow;
    li_req req;
    li_call call;
    int g;

    (void)state;
    for (g = LI_GRANT_CODE; g <= LI_REVOKE; ++g) {
        flow = taken_flow(g == LI_GRANT_CODE);
        strcpy(flow.verifier, MARK);
        strcpy(flow.state, MARK);
        assert_int_equal(li_oauth_req(&req, &client, (li_grant)g,
                                      g == LI_GRANT_CLIENT ? "scope" : MARK,
                                      &flow), LI_OK);
        answered(&call, &client, &req, 401, NULL, li_cstr("{}"));
        clean(&call);
        answered(&call, &client, &req, 200, NULL,
                 LI_STR("{\"access_token\":\"" MARK "\"}"));
        clean(&call);
    }
    answered(&call, &client, &get_me, 200, NULL, li_cstr("{}"));
    clean(&call);
    client.access_token = MARK "\n";
    assert_int_equal(li_begin(&call, &client, &get_me, work, sizeof work),
                     LI_E_ARG);
    clean(&call);
}

/* ---- a line of a log, to the byte */

static li_rc log_line(const void *arg, li_buf *out)
{
    li_buf line = li_buf_of(out->ptr, out->cap);
    li_rc rc = li_log((const li_call *)arg, "step", &line);

    line.len += rc == LI_OK; /* the NUL, too */
    *out = line;
    return rc;
}

static void a_log_line(void **state)
{
    static const li_client me = {.access_token = "OLD"};
    static li_req req = {.path = "/v2/me?q=hidden"};
    li_call call;

    (void)state;
    li_begin(&call, &me, &req, work, sizeof work);
    call.now_ms = 12345;
    call.status = 429;
    call.tries = 2;
    call.bytes_out = 7;
    call.bytes_in = 8;
    put_at_every_cap(log_line, &call,
                     LI_STR("12345 step GET api.linkedin.com/v2/me status=429 "
                            "try=2 out=7 in=8\0"));
    req.path = "https://api.linkedin.com/v2/me?q=hidden";
    put_at_every_cap(log_line, &call,
                     LI_STR("12345 step GET api.linkedin.com/v2/me status=429 "
                            "try=2 out=7 in=8\0"));
    call.rc = LI_E_IO;
    req.path = "https://media.example:99/hidden/key?x=1";
    put_at_every_cap(log_line, &call,
                     LI_STR("12345 step GET media.example:99/*** status=429 "
                            "try=2 out=7 in=8 error=-13\0"));
    req.path = "/v2/me";
}

int main(void)
{
    ROWS(hint_rows, hint);
    ROWS(hint_rows, hint_of_an_answer);
    TEST(every_code_has_a_hint);
    ROWS(explain_rows, explain);
    TEST(explain_what_never_began);
    TEST(explain_a_request_that_failed);
    TEST(explain_shows_what_is_open);
    TEST(explain_an_empty_success);
    TEST(explain_nothing);
    TEST(explain_masks);
    ROWS(mask_rows, explain_masks_however_it_is_written);
    TEST(logs_and_curl_are_masked);
    TEST(a_secret_like_the_first_word);
    ROWS(shown_rows, explain_shows);
    TEST(explain_shows_headers);
    TEST(key_urls_are_not_told);
    TEST(a_failed_command_is_empty);
    TEST(an_explanation_has_three_lines);
    ROWS(curl_rows, curl);
    TEST(a_method_is_no_command);
    TEST(curl_without_a_target);
    TEST(no_secret_is_told);
    TEST(a_log_line);
    return RUN("explain");
}
