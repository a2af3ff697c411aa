/* webhook_server.c - receives LinkedIn's webhooks on a port, behind any proxy
   that ends TLS.

       cc -std=gnu99 -I. examples/webhook_server.c -o webhook_server
       LI_CLIENT_SECRET=... ./webhook_server 8080

   Environment: LI_CLIENT_SECRET; LI_CLIENT_SECRET_OLD while a secret is being
   replaced; LI_CLIENT_SECRET_{id} for the child application of that id.

   It answers the challenge of the URL's registration, verifies the signature
   of each event over the body as it comes, tells what was delivered before,
   and prints a line for each event. One thread, fixed memory. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_platform.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
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
    SEEN = 4096,      /* events that are remembered                         */
    PEER_MS = 10000   /* for a whole request; LinkedIn gives up after three */
};

typedef struct peer {
    int fd; /* -1: free */
    uint64_t until;
    size_t len, head, body; /* received; of the head; announced             */
    li_webhook hook;
    char in[HEAD + BODY + 1];
} peer;

static peer peers[PEERS];
static uint64_t seen[SEEN];
static const char *secret, *old_secret;

/* ---- events */

static void text_of(li_str json, const char *pointer, char *dst, size_t cap)
{
    li_buf out = li_buf_of(dst, cap);
    li_str raw;
    if (li_json_find(json, pointer, &raw))
        li_put(&out, LI_STR("-"));
    else if (li_json_text(raw, &out) == LI_E_TYPE) {
        out = li_buf_of(dst, cap);
        li_put(&out, raw); /* a number */
    }
    if (li_buf_end(&out))
        snprintf(dst, cap, "(too long)");
}

/* Which members make up an event's name, for what was delivered before, and
   which are printed. */
static const struct kind {
    const char *type, *name[3], *told[2];
} kinds[] = {
    {"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", {"/notificationId"},
     {"/action", "/generatedActivity"}},
    {"LEAD_ACTION", {"/leadGenFormResponse", "/leadAction", "/occurredAt"},
     {"/leadAction", "/leadGenFormResponse"}},
    {"EXPORT_JOB_APPLICATION", {"/jobApplicationId"},
     {"/externalJobId", "/jobApplicant"}},
    {"JOB_POSTING_STATUS", {"/externalJobPostingId", "/listingStatus",
                            "/linkedInApplyStatus"},
     {"/externalJobPostingId", "/listingStatus"}},
    {"RESYNC_JOBS", {NULL}, {"/externalJobPostingIds", "/syncAllOpenJobs"}},
    {"", {"/id"}, {"/id", "/expiresAt"}}}; /* any other */

/* Events without a name of their own are told by their whole text. */
static void one_event(const struct kind *kind, const char *type, li_str json)
{
    char name[1024], told[2][256];
    size_t i, len = (size_t)snprintf(name, sizeof name, "%s", type);
    for (i = 0; i < 3 && kind->name[i] && len < 700; i++) {
        text_of(json, kind->name[i], name + len, 256);
        len += strlen(name + len);
    }
    if (li_webhook_seen(seen, SEEN, i ? li__str(name, len) : json)) {
        printf("again %s\n", type);
        return;
    }
    for (i = 0; i < 2; i++)
        text_of(json, kind->told[i], told[i], sizeof told[i]);
    printf("event %s %s %s\n", type, told[0], told[1]);
}

static void each_notification(const struct kind *kind, const char *type,
                              li_str list)
{
    char pointer[32];
    li_str one;
    unsigned i;
    for (i = 0; i < 100; i++) {
        snprintf(pointer, sizeof pointer, "/notifications/%u", i);
        if (li_json_find(list, pointer, &one))
            return;
        one_event(kind, type, one);
    }
}

/* The status to answer with. */
static int event(li_str json)
{
    const struct kind *kind = kinds;
    char type[128];
    li_str all;
    if (li_json_find(json, "", &all))
        return 400;
    text_of(json, "/type", type, sizeof type);
    while (*kind->type && strcmp(kind->type, type))
        kind++;
    if (kind == kinds)
        each_notification(kind, type, json);
    else
        one_event(kind, type, json);
    fflush(stdout);
    return 200;
}

/* ---- one request */

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
        return li__str(value, (size_t)(stop - value));
    }
    return li_cstr(NULL);
}

/* The secret of the app that the challenge is for. */
static const char *secret_for(li_str query)
{
    char name[64] = "LI_CLIENT_SECRET_";
    li_buf out = li_buf_of(name + 17, sizeof name - 17);
    li_str key, value;
    while (!li_form_next(&query, &key, &value))
        if (li_equal(key, LI_STR("applicationId")))
            li_form_decode(value, &out);
    if (!out.need)
        return secret;
    return li_buf_end(&out) ? NULL : getenv(name);
}

static void challenge(peer *p, li_str target)
{
    char text[256];
    li_buf out = LI_BUF(text);
    const char *mark = (const char *)memchr(target.ptr, '?', target.len);
    li_str query = li_cstr(NULL);
    if (mark)
        query = li__str(mark + 1, target.len - (size_t)(mark + 1 - target.ptr));
    if (li_webhook_challenge(secret_for(query), query, &out))
        answer(p, 400, "{}");
    else
        answer(p, 200, text);
}

/* The head is whole: answers what needs no body. */
static void begin(peer *p)
{
    li_str method = li__str(p->in, strcspn(p->in, " ")), target, length;
    target.ptr = p->in + method.len + 1;
    target.len = strcspn(target.ptr, " \r");
    length = header(p, "Content-Length");
    if (li_equal(method, LI_STR("GET"))) {
        challenge(p, target);
    } else if (!li_equal(method, LI_STR("POST"))) {
        answer(p, 405, "{}");
    } else if (!length.len || header(p, "Transfer-Encoding").ptr) {
        answer(p, 411, "{}");
    } else {
        int64_t n;
        if (li_json_int(length, &n) || n < 0 || n > BODY)
            answer(p, 413, "{}");
        else if (li_webhook_begin(&p->hook, secret, old_secret))
            answer(p, 403, "{}");
        else
            p->body = (size_t)n;
    }
}

static void receive(peer *p)
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
    if (!p->head && (end = strstr(p->in, "\r\n\r\n")) != NULL) {
        fresh = p->head = (size_t)(end + 4 - p->in);
        begin(p);
    }
    if (!p->head && p->len >= HEAD)
        answer(p, 431, "{}");
    if (p->fd < 0 || !p->head)
        return;
    if (p->len > p->head + p->body)
        p->len = p->head + p->body; /* what follows is not ours */
    li_webhook_put(&p->hook, li__str(p->in + fresh, p->len - fresh));
    if (p->len < p->head + p->body)
        return;
    if (li_webhook_end(&p->hook, header(p, "X-LI-Signature")))
        answer(p, 403, "{}"); /* and not a look at the body */
    else
        answer(p, event(li__str(p->in + p->head, p->body)), "{}");
}

/* ---- the loop */

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
    printf("listening on http://127.0.0.1:%u\n", (unsigned)ntohs(at.sin_port));
    fflush(stdout);
    return fd;
}

static void take(int listener, peer *p)
{
    p->fd = accept(listener, NULL, NULL);
    p->until = li_platform_ms() + PEER_MS;
    p->len = p->head = p->body = 0;
}

int main(int argc, char **argv)
{
    int listener = listen_on(argc > 1 ? argv[1] : "0");
    size_t i;
    secret = getenv("LI_CLIENT_SECRET");
    old_secret = getenv("LI_CLIENT_SECRET_OLD");
    if (listener < 0 || !secret || !*secret)
        return puts("usage: LI_CLIENT_SECRET=... webhook_server PORT"), 2;
    for (i = 0; i < PEERS; i++)
        peers[i].fd = -1;
    for (;;) {
        struct pollfd polls[PEERS + 1];
        peer *none = NULL;
        for (i = 0; i < PEERS; i++) {
            if (peers[i].fd >= 0 && li_platform_ms() >= peers[i].until) {
                close(peers[i].fd);
                peers[i].fd = -1;
            }
            none = peers[i].fd < 0 ? &peers[i] : none;
            polls[i].fd = peers[i].fd;
            polls[i].events = POLLIN;
        }
        polls[PEERS].fd = none ? listener : -1;
        polls[PEERS].events = POLLIN;
        if (poll(polls, PEERS + 1, 1000) < 0 && errno != EINTR)
            return perror("poll"), 1;
        for (i = 0; i < PEERS; i++)
            if (peers[i].fd >= 0 && polls[i].revents)
                receive(&peers[i]);
        if (none && (polls[PEERS].revents & POLLIN))
            take(listener, none);
    }
}
