/* example.h - what the short examples share: a client out of the environment,
   and one function that makes a Rest.li call and prints what came.

   LINKEDIN_TOKEN: the access token. LINKEDIN_BASE: another host, as the mock
   prints it; the mock knows the token of its --token. */
#ifndef EXAMPLE_H
#define EXAMPLE_H
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_curl.h"
#include <stdio.h>
#include <stdlib.h>

static const li_policy patience = {.total_ms = 120000};
static li_client me = {.version = "202609", .again = li_again,
                       .policy = &patience};
static li_call call; /* the last one: its body, its headers */
static li_req req;
static li_curl curl;
static li_transport via; /* its connection is kept from call to call */
static char buf[65536], mem[16384];

/* Makes a call of your own request; 1 if it is a success, else says why. */
static inline int made(void)
{
    char text[1024];
    li_buf out = LI_BUF(text);
    li_rc rc;
    me.access_token = getenv("LINKEDIN_TOKEN");
    me.api_base = getenv("LINKEDIN_BASE");
    if (!via.open)
        via = li_curl_transport(&curl);
    rc = li_do(&call, &me, &req, buf, sizeof buf, &via);
    li_put_url(&call, &out);
    li_buf_end(&out);
    printf("%s %s\n  %d %.*s\n", req.method ? req.method : "GET", text,
           call.status, (int)(call.body.len < 200 ? call.body.len : 200),
           call.body.ptr ? call.body.ptr : "");
    if (!rc)
        return 1;
    li_explain(&call, rc, &out);
    fprintf(stderr, "%s\n", text);
    return 0;
}

/* Makes a call of Rest.li. */
static inline int rest(li_method method, const char *path, li_rest more)
{
    li_buf out = LI_BUF(mem);
    more.method = method;
    more.path = path;
    li_rest_req(&req, &me, &more, &out); /* what is wrong, li_begin() tells */
    return made();
}

#define JSON(text) {"" text, sizeof(text) - 1}
#endif
