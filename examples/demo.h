/* demo.h - what demo.c stands on: the ways it moves bytes, a call shown in
   brief, and the member, whom the demo plays as well: it "clicks" Allow. */
#ifndef DEMO_H
#define DEMO_H
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_platform.h"
#include "adapters/linkedin_socket.h"
#ifndef DEMO_NO_TLS
#include "adapters/linkedin_mbedtls.h"
#include "adapters/linkedin_curl.h"
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char buf[16384], text[4096], token_mem[LI_TOKEN_MEM];
static li_token token = {.mem = token_mem, .cap = sizeof token_mem};
static li_client client = {.client_id = "demo-client",
                           .client_secret = "demo-secret",
                           .redirect_uri = "http://localhost:8910/callback",
                           .token = &token,
                           .now = li_platform_now,
                           .random = li_platform_random};

/* ---- three ways to move the bytes */

static li_socket plain_socket;
static li_transport stream;

#ifndef DEMO_NO_TLS
static li_mbedtls tls;
static li_curl session;
#endif

static void stop(const char *what, const char *why)
{
    printf("demo failed: %s: %s\n", what, why);
    exit(1);
}

static void use(const char *way, const char *ca_file)
{
    if (!*ca_file) {
        stream = li_socket_transport(&plain_socket);
        return;
    }
#ifndef DEMO_NO_TLS
    if (!strcmp(way, "curl")) {
        session.ca_file = ca_file;
        stream = li_curl_transport(&session);
        return;
    }
    if (li_mbedtls_init(&tls, ca_file))
        stop("CA file", tls.why);
    stream = li_mbedtls_transport(&tls);
#else
    stop(way, "built without TLS");
#endif
}

/* ---- one call, shown in brief */

static void show_request(const li_call *call)
{
    li_buf url = LI_BUF(text);
    li_url target;
    li_str head = li_head(call);
    size_t n = 0;
    while (n < head.len && head.ptr[n] != ' ')
        n++;
    li_target(call, &target);
    li_put(&url, target.path);
    li_buf_end(&url);
    printf("   > %.*s %s\n", (int)n, head.ptr, text);
}

/* Runs a request; an answer other than these two ends the demo. */
static void ask(li_call *call, const li_req *req, int want, int or_want)
{
    li_buf out = LI_BUF(text);
    if (li_begin(call, &client, req, buf, sizeof buf) == LI_OK)
        show_request(call);
    if (li_run(call, &stream) || (call->status != want && call->status != or_want)) {
        li_explain(call, LI_OK, &out);
        stop("call", text);
    }
    printf("   < HTTP %d, %u bytes\n", call->status,
           (unsigned)call->body.len);
}

/* ---- the steps */

/* A request to the sign-in host, from a whole URL: no token goes there. */
static li_req page(const char *url)
{
    li_req req = {.base = LI_BASE_AUTH};
    const char *host = strstr(url, "://");
    req.path = host ? strchr(host + 3, '/') : url;
    return req;
}

static void sign_in(li_flow *flow, char *code, size_t cap)
{
    static char url[2048], decided[2100], location[2048];
    li_buf out = LI_BUF(url), to = LI_BUF(location), into;
    li_call call;
    li_req req;
    puts("1. Send the member to LinkedIn's authorization page");
    if (li_oauth_url(flow, &client, "openid profile email r_basicprofile",
                     &out))
        stop("authorization URL", flow->wrong ? flow->wrong : "no memory");
    printf("   %.*s&state=***\n", (int)(strstr(url, "&state=") - url), url);
    req = page(url);
    ask(&call, &req, 200, 302);
    puts("2. The member allows it, and comes back with a code");
    if (call.status == 200) { /* not allowed in an earlier sign-in */
        snprintf(decided, sizeof decided, "%s&decision=allow", req.path);
        req = page(decided);
        ask(&call, &req, 302, 302);
    }
    li_put(&to, li_header(&call, LI_H_LOCATION));
    li_buf_end(&to);
    into = li_buf_of(code, cap);
    if (li_oauth_redirect(flow, li_cstr(location), &into, NULL))
        stop("redirect", flow->wrong ? flow->wrong : "refused");
    printf("   %.*s?code=***&state=*** (state is ours)\n",
           (int)strcspn(location, "?"), location);
}

static void explain(li_call *call)
{
    char *line;
    li_buf out = LI_BUF(text);
    li_explain(call, LI_OK, &out);
    for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        printf("   ! %s\n", line);
}

/* The member's token expires, and the next call says so. */
static void expire(void)
{
    li_req expired = {.method = "POST", .path = "/mock/expire",
                      .base = LI_BASE_AUTH};
    li_req me = {.path = "/v2/me"};
    li_call call;
    ask(&call, &expired, 204, 204);
    ask(&call, &me, 401, 401);
    explain(&call);
}

static void wrong_secret(const char *code)
{
    li_client wrong = client;
    li_flow other = {.redirect_uri = "http://localhost:8910/callback"};
    li_call call;
    li_req req;
    wrong.client_secret = "not-the-secret";
    if (li_oauth_req(&req, &wrong, LI_GRANT_CODE, code, &other))
        stop("token request", req.wrong);
    ask(&call, &req, 401, 401);
    explain(&call);
    li_to_curl(&call, &(li_buf){.ptr = text, .cap = sizeof text});
    printf("   as a command:\n%s\n", text);
}

#endif /* DEMO_H */
