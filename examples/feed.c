/* feed.c - the third door: an HTTP stack that speaks for itself, here libcurl
   as a whole client, with HTTP/2. The engine says what to send and is fed with
   what comes; tokens, tries and errors stay its business. LINKEDIN_BASE and
   LINKEDIN_CA: a mock, and its CA. cc -I. examples/feed.c -lcurl -o feed */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_platform.h"
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libcurl makes Host and length itself. A copy: the answer comes over it. */
static struct curl_slist *head_of(const li_call *call, CURL *easy)
{
    static char text[16384], *line;
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    li_str head = li_head(call);
    snprintf(text, sizeof text, "%.*s", (int)head.len, head.ptr);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, strtok(text, " "));
    for (strtok(NULL, "\n"); (line = strtok(NULL, "\r\n")) != NULL;)
        if (strncmp(line, "Host:", 5) && strncmp(line, "Content-Length:", 15))
            list = curl_slist_append(list, line);
    li_wipe(text, sizeof text);
    return list;
}

static size_t on_header(char *line, size_t size, size_t n, void *call)
{
    char *colon = memchr(line, ':', n);
    size_t name = colon ? (size_t)(colon - line) : 0;
    if (n > 12 && !memcmp(line, "HTTP/", 5))
        return li_feed_status(call, atoi(strchr(line, ' '))) ? 0 : size * n;
    return colon && li_feed_header(call, LI_VIEW(line, name),
                                   LI_VIEW(colon + 1, n - name - 1))
               ? 0 : size * n;
}

static size_t on_body(char *data, size_t size, size_t n, void *call)
{
    return li_feed_body(call, LI_VIEW(data, n)) ? 0 : size * n;
}

static void try_once(li_call *call, CURL *easy)
{
    static char url[4096];
    li_buf out = LI_BUF(url);
    struct curl_slist *head = head_of(call, easy);
    long sent = 0;
    li_put_url(call, &out);
    curl_easy_setopt(easy, CURLOPT_URL, li_buf_end(&out) ? "" : url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, head);
    if (!curl_easy_perform(easy) && call->status) {
        li_feed_end(call);
    } else { /* the engine must know whether the server may have acted */
        curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent);
        if (sent && call->rc == LI_WANT_OPEN && !li_opened(call, 0))
            li_out_ack(call, li_out_buf(call).len);
        if (li_fail(call, LI_E_CLOSED) == LI_WANT_READ)
            li_fail(call, LI_E_CLOSED); /* no early answer either */
    }
    curl_slist_free_all(head);
}

int main(void)
{
    static char buf[16384], text[2048];
    li_client me = {.access_token = getenv("LINKEDIN_TOKEN"),
                    .api_base = getenv("LINKEDIN_BASE"), .again = li_again};
    li_req req = {.path = "/v2/userinfo"}; /* a body would be in li_body() */
    li_buf out = LI_BUF(text);
    CURL *easy = curl_easy_init();
    li_profile who;
    li_call call;
    li_rc rc;
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &call);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &call);
    if (getenv("LINKEDIN_CA"))
        curl_easy_setopt(easy, CURLOPT_CAINFO, getenv("LINKEDIN_CA"));
    li_begin(&call, &me, &req, buf, sizeof buf);
    while ((rc = li_step(&call)) > 0)
        if (rc == LI_WANT_OPEN) try_once(&call, easy);
        else li_platform_sleep(NULL, 50), li_tick(&call, li_platform_ms(NULL));
    rc = li_profile_read(&who, &call, &out);
    if (rc) li_explain(&call, rc, &out);
    puts(rc ? text : who.name.ptr);
    return curl_easy_cleanup(easy), rc != LI_OK;
}
