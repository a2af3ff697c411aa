/* Posts a text as the member whose token it is, and prints the post's URN.
   Scopes: openid profile w_member_social.
   cc -std=gnu99 -I. examples/post.c -lcurl -o post; ./post "Hello (world) #1"
   LINKEDIN_TOKEN; LINKEDIN_BASE: another host, as the mock prints it.
   Exit code: 0 posted; 1 not, and standard error says why; 2 no text given. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_curl.h"
#include <stdio.h>
#include <stdlib.h>

static li_rc post(li_call *call, const li_client *me, const char *author,
                  const char *text, li_transport *via)
{
    static char words[8192], json[16384], mem[1024], buf[16384];
    static li_req req;                  /* li_explain() looks at it later     */
    li_buf little = LI_BUF(words), body = LI_BUF(json), path = LI_BUF(mem);
    li_rest rest = {.method = LI_CREATE, .path = "/posts"};
    *call = (li_call){0};               /* what fails now fails before it     */
    if (li_words_put(&little, LI_WORDS_HASHTAGS, li_cstr(text), NULL))
        return little.rc;
    li_value values[] = {{li_cstr(author), 0}, {LI_VIEW(words, little.len), 0}};
    if (li_json_fill(&body, "{\"author\":?,\"commentary\":?,"
            "\"visibility\":\"PUBLIC\",\"lifecycleState\":\"PUBLISHED\","
            "\"distribution\":{\"feedDistribution\":\"MAIN_FEED\"}}", values, 2))
        return body.rc;
    rest.body = LI_VIEW(json, body.len);
    li_rest_req(&req, me, &rest, &path);
    return li_do(call, me, &req, buf, sizeof buf, via);
}

int main(int argc, char **argv)
{
    static char buf[16384], text[2048], author[128];
    static li_curl curl;
    li_transport via = li_curl_transport(&curl);
    li_client me = {.access_token = getenv("LINKEDIN_TOKEN"),
                    .api_base = getenv("LINKEDIN_BASE"), .version = "202609"};
    li_req req = {.path = "/v2/userinfo"};
    li_buf out = LI_BUF(text), urn = LI_BUF(author);
    li_profile who;
    li_call call;
    li_rc rc;
    if (argc != 2) return fputs("usage: post TEXT\n", stderr), 2;
    rc = li_do(&call, &me, &req, buf, sizeof buf, &via);
    if (!rc) rc = li_profile_read(&who, &call, &out);
    if (!rc) rc = li_urn_put(&urn, LI_STR("li"), LI_STR("person"), who.id);
    if (!rc) rc = li_buf_end(&urn);
    if (!rc) rc = post(&call, &me, author, argv[1], &via);
    out = li_buf_of(text, sizeof text);
    if (rc) li_explain(&call, rc, &out);
    else li_put(&out, li_header(&call, LI_H_RESTLI_ID)), li_buf_end(&out);
    li_hangup(&via);
    li_curl_free(&curl);
    fprintf(rc ? stderr : stdout, "%s\n", text);
    return rc || fflush(stdout);
}
