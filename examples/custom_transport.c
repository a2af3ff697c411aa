/* A transport of your own: four functions. This one answers from memory, as a
   modem, a QUIC stack or a test would from elsewhere.
   cc -I. examples/custom_transport.c -o custom_transport */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include <stdio.h>
#include <string.h>

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 29\r\n\r\n"
                             "{\"sub\":\"782\",\"name\":\"Ana Li\"}";

typedef struct wire { size_t at; } wire;
static int w_open(void *user, const char *host, unsigned port, int tls)
{ return ((wire *)user)->at = 0, host && port && tls ? 0 : LI_E_TLS; }
static int w_send(void *user, const char *data, size_t len)
{ return user && data ? (int)len : LI_E_IO; }
static int w_recv(void *user, char *data, size_t cap)
{ wire *w = (wire *)user; size_t n = sizeof answer - 1 - w->at;
  memcpy(data, answer + w->at, n = n < cap ? n : cap);
  return w->at += n, (int)n; }
static void w_close(void *user) { ((wire *)user)->at = 0; }

int main(void)
{
    static char buf[2048], text[256];
    wire w = {0};
    li_transport via = {.open = w_open, .send = w_send, .recv = w_recv,
                        .close = w_close, .user = &w};
    li_client me = {.access_token = "token"};
    li_req req = {.path = "/v2/userinfo"};
    li_call call;
    li_buf out = LI_BUF(text);
    li_profile who;
    li_rc rc;

    if ((rc = li_do(&call, &me, &req, buf, sizeof buf, &via)) != LI_OK ||
        (rc = li_profile_read(&who, &call, &out)) != LI_OK)
        return li_explain(&call, rc, &out), puts(text), 1;
    printf("Hello, %s!\n", who.name.ptr);
    return 0;
}
