/* webhook_http.h - just enough of an HTTP/1.1 server for webhooks: one thread,
   fixed memory, a request and its answer a connection. Include behind
   linkedin.h and linkedin_platform.h. */
#ifndef WEBHOOK_HTTP_H
#define WEBHOOK_HTTP_H
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PEERS = 16,
    HEAD = 8192,
    BODY = 65536,
    PEER_MS = 10000 /* for a whole request; LinkedIn gives up after three */
};

typedef struct peer {
    int fd; /* -1: free */
    uint64_t until, last; /* it is to be over; something came               */
    size_t len, head, body; /* received; of the head; announced */
    li_webhook hook;
    char in[HEAD + BODY + 1];
} peer;

/* What the program does: with a GET's query; with a POST whose head is there,
   which begins p->hook; and with its body, which went through that. */
typedef struct service {
    void (*get)(peer *p, li_str query);
    void (*post)(peer *p);
    void (*end)(peer *p, li_str body);
} service;

static peer peers[PEERS];
static FILE *listening; /* where the address is told; NULL: standard output  */

static const char *reason(int status)
{
    return status == 200   ? "OK"
           : status == 400 ? "Bad Request"
           : status == 403 ? "Forbidden"
           : status == 405 ? "Method Not Allowed"
           : status == 411 ? "Length Required"
           : status == 413 ? "Content Too Large"
                           : "Request Header Fields Too Large";
}

/* Short enough to go in one piece. */
static void answer(peer *p, int status, const char *body)
{
    char text[512];
    int n = snprintf(text, sizeof text,
                     "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\n"
                     "Content-Length: %u\r\nConnection: close\r\n\r\n%s",
                     status, reason(status), (unsigned)strlen(body), body);
    if (n > 0 && send(p->fd, text, (size_t)n, MSG_NOSIGNAL) != n)
        fprintf(stderr, "a peer did not take its answer\n");
    shutdown(p->fd, SHUT_WR);
    close(p->fd);
    p->fd = -1;
}

/* A header's value, or the absent view. */
static li_str header(const peer *p, const char *name)
{
    const char *at = strstr(p->in, "\r\n"), *end = p->in + p->head - 2;
    size_t n = strlen(name);
    for (; at && at < end; at = strstr(at + 2, "\r\n")) {
        const char *value = at + 2 + n, *stop;
        if (strncasecmp(at + 2, name, n) || *value != ':')
            continue;
        value += 1 + strspn(value + 1, " \t");
        stop = strstr(value, "\r\n");
        return LI_VIEW(value, (size_t)(stop - value));
    }
    return li_cstr(NULL);
}

/* What stands behind the "?" of a request's target. */
static li_str query_of(const char *target)
{
    size_t all = strcspn(target, " \r"), path = strcspn(target, "? \r");
    path += path < all;
    return LI_VIEW(target + path, all - path);
}

/* The head is whole: answers what needs no body. */
static void begin(peer *p, const service *serves)
{
    const char *target = p->in + strcspn(p->in, " \r");
    li_str method = LI_VIEW(p->in, (size_t)(target - p->in));
    li_str length = header(p, "Content-Length");
    int64_t n;
    if (li_equal(method, LI_STR("GET"))) {
        serves->get(p, query_of(target + (*target == ' ')));
    } else if (!li_equal(method, LI_STR("POST"))) {
        answer(p, 405, "{}");
    } else if (!length.len || header(p, "Transfer-Encoding").ptr) {
        answer(p, 411, "{}");
    } else if (li_json_int(length, &n) || n < 0 || n > BODY) {
        answer(p, 413, "{}");
    } else {
        p->body = (size_t)n;
        serves->post(p);
    }
}

static void receive(peer *p, const service *serves)
{
    ssize_t n = recv(p->fd, p->in + p->len, sizeof p->in - 1 - p->len, 0);
    size_t fresh = p->len;
    char *end;
    if (n <= 0) {
        close(p->fd);
        p->fd = -1;
        return;
    }
    p->len += (size_t)n;
    p->in[p->len] = 0;
    p->last = li_platform_ms(NULL);
    if (!p->head && (end = strstr(p->in, "\r\n\r\n")) != NULL) {
        fresh = p->head = (size_t)(end + 4 - p->in);
        begin(p, serves);
    }
    if (p->fd >= 0 && !p->head && p->len >= HEAD)
        answer(p, 431, "{}");
    if (p->fd < 0 || !p->head)
        return;
    if (p->len > p->head + p->body)
        p->len = p->head + p->body; /* what follows is not ours */
    li_webhook_put(&p->hook, LI_VIEW(p->in + fresh, p->len - fresh));
    if (p->len == p->head + p->body)
        serves->end(p, LI_VIEW(p->in + p->head, p->body));
}

static int listen_on(const char *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t size = sizeof at;
    int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons((uint16_t)atoi(port));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (void *)&at, sizeof at) || listen(fd, PEERS) ||
        getsockname(fd, (void *)&at, &size))
        return -1;
    fprintf(listening ? listening : stdout, "listening on http://127.0.0.1:%u\n",
            (unsigned)ntohs(at.sin_port));
    fflush(stdout);
    return fd;
}

/* A free place, or that of who has been silent longest: silent peers, however
   many, keep no event out. */
static peer *place(void)
{
    peer *p = &peers[0];
    size_t i;
    for (i = 1; i < PEERS && p->fd >= 0; i++)
        if (peers[i].fd < 0 || peers[i].last < p->last)
            p = &peers[i];
    if (p->fd >= 0)
        close(p->fd);
    return p;
}

static void take(int listener, peer *p)
{
    p->fd = accept(listener, NULL, NULL);
    p->last = li_platform_ms(NULL);
    p->until = p->last + PEER_MS;
    p->len = p->head = p->body = 0;
}

/* Never returns but for a failure. */
static int serve(const char *port, const service *serves)
{
    int listener = listen_on(port);
    size_t i;
    for (i = 0; i < PEERS; i++)
        peers[i].fd = -1;
    while (listener >= 0) {
        struct pollfd polls[PEERS + 1];
        for (i = 0; i < PEERS; i++) {
            if (peers[i].fd >= 0 && li_platform_ms(NULL) >= peers[i].until) {
                close(peers[i].fd);
                peers[i].fd = -1;
            }
            polls[i].fd = peers[i].fd;
            polls[i].events = POLLIN;
        }
        polls[PEERS].fd = listener;
        polls[PEERS].events = POLLIN;
        if (poll(polls, PEERS + 1, 1000) < 0 && errno != EINTR)
            break;
        for (i = 0; i < PEERS; i++)
            if (peers[i].fd >= 0 && polls[i].revents)
                receive(&peers[i], serves);
        if (polls[PEERS].revents & POLLIN)
            take(listener, place());
    }
    return perror("the port"), 1;
}

#endif /* WEBHOOK_HTTP_H */
