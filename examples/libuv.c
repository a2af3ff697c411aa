/* Fifty calls at once in a libuv loop, by the windows; plain TCP, so to the
   mock: cc -std=gnu99 -I. examples/libuv.c -luv -o libuv
   LINKEDIN_BASE: its URL; LINKEDIN_TOKEN. Exit code: 0; or 1, and why. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>
static struct job { /* one call, on a connection of its own */
    uv_tcp_t tcp; uv_connect_t connect; uv_write_t write;
    li_call call; char buf[4096];
} jobs[50], *j;
static struct sockaddr_in peer;
static void go_on(struct job *job, int bad);
#define CALL(handle) (&((struct job *)(handle)->data)->call)
static void connected(uv_connect_t *r, int bad)
{ go_on(r->data, bad || li_opened(CALL(r), 0) < 0); }
static void written(uv_write_t *r, int bad)
{ go_on(r->data, bad || li_out_ack(CALL(r), li_out_buf(CALL(r)).len) < 0); }
static void room(uv_handle_t *h, size_t len, uv_buf_t *b)
{ b->base = li_in_buf(CALL(h), &len), b->len = len; }
static void came(uv_stream_t *s, ssize_t n, const uv_buf_t *b)
{
    (void)b, uv_read_stop(s);
    go_on(s->data, n == UV_EOF ? li_in_eof(CALL(s)) < 0
                               : n < 0 || li_in_ack(CALL(s), (size_t)n) < 0); }
static void go_on(struct job *job, int bad) /* does what the call wants */
{
    uv_stream_t *s = (uv_stream_t *)&job->tcp;
    li_rc rc = bad ? li_fail(&job->call, LI_E_IO) : li_step(&job->call);
    li_str out = li_out_buf(&job->call);
    uv_buf_t b = uv_buf_init((char *)(uintptr_t)out.ptr, (unsigned)out.len);
    if (rc == LI_WANT_WRITE) uv_write(&job->write, s, &b, 1, written);
    else if (rc == LI_WANT_READ) uv_read_start(s, room, came);
    else if (rc != LI_WANT_OPEN) uv_close((uv_handle_t *)s, NULL); /* over */
    else if (uv_tcp_connect(&job->connect, &job->tcp, (void *)&peer, connected))
        connected(&job->connect, 1);
}
int main(void)
{
    li_client me = {.access_token = getenv("LINKEDIN_TOKEN"),
                    .api_base = getenv("LINKEDIN_BASE")};
    li_req req = {.path = "/v2/userinfo"};
    int port = 0, bad = 0; char why[1024];
    sscanf(me.api_base ? me.api_base : "", "http://%*[^:]:%d", &port);
    uv_ip4_addr("127.0.0.1", port, &peer);
    for (j = jobs; j < jobs + 50; j++) {
        li_begin(&j->call, &me, &req, j->buf, sizeof j->buf);
        uv_tcp_init(uv_default_loop(), &j->tcp);
        j->tcp.data = j->connect.data = j->write.data = j;
        go_on(j, 0);
    }
    uv_run(uv_default_loop(), UV_RUN_DEFAULT);
    for (j = jobs; j < jobs + 50; j++) {
        li_buf out = LI_BUF(why);
        li_rc rc = li_check(&j->call);
        if (rc && !li_explain(&j->call, rc, &out) && !bad++) fputs(why, stderr);
    }
    return printf("%d of 50 went well\n", 50 - bad) < 0 || bad || fflush(stdout);
}
