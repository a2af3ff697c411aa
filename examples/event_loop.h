/* event_loop.h - many calls at once in one thread, in an epoll loop: over the
   engine's windows and sockets of the loop's own, for a server on loopback; and
   over libcurl, which brings names, proxies and TLS: non-blocking transports
   that share one multi handle. A call that must wait gives its connection to
   the next. */
#ifndef EVENT_LOOP_H
#define EVENT_LOOP_H
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_curl.h"
#include "adapters/linkedin_platform.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct job {
    li_call call;
    struct job *next; /* in the queue                                       */
    char buf[2048];   /* all the memory that a call needs                   */
} job;

typedef struct line { /* a connection, and the call that has it             */
    job *job;
    int fd;           /* -1: none                                           */
    uint8_t used, connecting;
    li_curl curl;     /* or curl's, and the way over it                     */
    li_transport via;
} line;

static job *jobs, *head, **tail = &head;
static line *lines;
static size_t calls, connections, left;
static uint64_t now;

/* ---- who waits: for a connection in a queue, for the time in a heap */

static job **heap;
static size_t heaped;

static void enqueue(job *j)
{
    j->next = NULL;
    *tail = j;
    tail = &j->next;
}

static job *dequeue(void)
{
    job *j = head;
    if (j && !(head = j->next))
        tail = &head;
    return j;
}

static void sleep_until_due(job *j)
{
    size_t at = heaped++, up;
    for (; at && heap[up = (at - 1) / 2]->call.wake_ms > j->call.wake_ms;
         at = up)
        heap[at] = heap[up];
    heap[at] = j;
}

static job *wake_first(void)
{
    job *first = heap[0], *j = heap[--heaped];
    size_t at = 0, down;
    for (; (down = 2 * at + 1) < heaped; at = down) {
        if (down + 1 < heaped && heap[down + 1]->call.wake_ms <
                                     heap[down]->call.wake_ms)
            down++;
        if (heap[down]->call.wake_ms >= j->call.wake_ms)
            break;
        heap[at] = heap[down];
    }
    heap[at] = j;
    return first;
}

static void wake_all_due(void)
{
    while (heaped && heap[0]->call.wake_ms <= now)
        enqueue(wake_first());
}

/* The call goes to sleep or is over: its line is free. */
static void part(line *l, li_rc rc)
{
    if (rc == LI_WANT_SLEEP)
        sleep_until_due(l->job);
    else
        left--;
    l->job = NULL;
}

/* Memory for `calls` on `connections`; 0: there is none. */
static int begin_loop(void)
{
    jobs = (job *)calloc(calls, sizeof *jobs);
    heap = (job **)calloc(calls, sizeof *heap);
    lines = (line *)calloc(connections, sizeof *lines);
    return calls && connections && jobs && heap && lines;
}

/* ---- epoll over the windows */

static int poller;

static void hang_up(line *l)
{
    if (l->fd >= 0)
        close(l->fd);
    l->fd = -1;
    l->used = l->connecting = 0;
}

/* LI_WANT_OPEN: a kept connection, or a new one. 1: go on. */
static int connect_line(line *l)
{
    struct epoll_event e = {EPOLLIN | EPOLLOUT | EPOLLET, {l}};
    struct sockaddr_in at = {.sin_family = AF_INET};
    char host[LI_MAX_HOST + 1] = "";
    li_url target;
    int on = 1;
    if (l->fd >= 0 && !l->connecting)
        return li_opened(&l->job->call, l->used), 1;
    if (l->connecting)
        return 0;
    li_target(&l->job->call, &target);
    memcpy(host, target.host.ptr, target.host.len);
    inet_pton(AF_INET, host, &at.sin_addr);
    at.sin_port = htons(target.port);
    l->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    l->connecting = 1;
    if ((connect(l->fd, (void *)&at, sizeof at) && errno != EINPROGRESS) ||
        epoll_ctl(poller, EPOLL_CTL_ADD, l->fd, &e)) {
        hang_up(l);
        li_fail(&l->job->call, LI_E_IO);
        return 1;
    }
    return 0;
}

/* One send or recv. 1: go on; 0: wait for the socket. */
static int move(line *l, li_rc want)
{
    li_call *call = &l->job->call;
    li_str out = li_out_buf(call);
    size_t room = 0;
    char *in = want == LI_WANT_READ ? li_in_buf(call, &room) : NULL;
    ssize_t n = in ? recv(l->fd, in, room, 0)
                   : send(l->fd, out.ptr, out.len, MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n > 0) {
        in ? li_in_ack(call, (size_t)n) : li_out_ack(call, (size_t)n);
        return 1;
    }
    hang_up(l);
    if (n)
        li_fail(call, LI_E_CLOSED);
    else
        li_in_eof(call);
    return 1;
}

static void drive(line *l)
{
    int going = l->job != NULL;
    if (!going)
        hang_up(l); /* it was kept, and the peer has closed it */
    while (going) {
        li_call *call = &l->job->call;
        li_rc rc = li_tick(call, now);
        rc = rc > 0 ? li_step(call) : rc;
        if (rc == LI_WANT_OPEN) {
            going = connect_line(l);
        } else if (rc == LI_WANT_READ || rc == LI_WANT_WRITE) {
            going = move(l, rc);
        } else {
            l->used = 1;
            if (!call->keep_alive)
                hang_up(l);
            part(l, rc);
            going = (l->job = dequeue()) != NULL;
        }
    }
}

static void on_event(line *l, uint32_t events)
{
    int e = 0;
    socklen_t size = sizeof e;
    if (l->connecting && (events & (EPOLLOUT | EPOLLERR | EPOLLHUP))) {
        getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &e, &size);
        l->connecting = 0;
        if (e) {
            hang_up(l);
            if (l->job)
                li_fail(&l->job->call, LI_E_IO);
        }
    }
    drive(l);
}

/* When the loop must look up at the latest, in milliseconds. */
static int patience(void)
{
    uint64_t wake = heaped ? heap[0]->call.wake_ms : now + 1000;
    size_t i;
    for (i = 0; i < connections; i++)
        if (lines[i].job && lines[i].job->call.wake_ms < wake)
            wake = lines[i].job->call.wake_ms;
    return wake > now + 1000 ? 1000 : wake > now ? (int)(wake - now) : 0;
}

static void run_windows(void)
{
    struct epoll_event events[256];
    size_t i;
    int n;
    poller = epoll_create1(EPOLL_CLOEXEC);
    for (i = 0; i < connections; i++)
        lines[i].fd = -1;
    while (left) {
        now = li_platform_ms(NULL);
        wake_all_due();
        for (i = 0; i < connections; i++) {
            if (!lines[i].job && (lines[i].job = dequeue()) != NULL)
                drive(&lines[i]);
            else if (lines[i].job && lines[i].job->call.wake_ms <= now)
                drive(&lines[i]); /* a limit has passed */
        }
        n = epoll_wait(poller, events, 256, patience());
        now = li_platform_ms(NULL);
        while (n-- > 0)
            on_event((line *)events[n].data.ptr, events[n].events);
    }
    for (i = 0; i < connections; i++)
        hang_up(&lines[i]);
    close(poller);
}

/* ---- li_run over an adapter whose transports never wait: the loop does */

typedef struct way {
    li_transport (*begin)(line *l);
    int (*socket)(const line *l); /* to wait for; below 0: for the time       */
    void (*end)(line *l);
} way;

static void watch(line *l, li_rc want, int fd)
{
    struct epoll_event e = {want == LI_WANT_READ ? EPOLLIN : EPOLLOUT, {l}};
    e.events |= EPOLLONESHOT;
    if (fd >= 0 && epoll_ctl(poller, EPOLL_CTL_MOD, fd, &e))
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &e);
}

static void drive_over(const way *w, line *l)
{
    while (l->job || (l->job = dequeue()) != NULL) {
        li_rc rc = li_run(&l->job->call, &l->via);
        if (rc == LI_WANT_READ || rc == LI_WANT_WRITE) {
            watch(l, rc, w->socket(l));
            return;
        }
        part(l, rc);
    }
}

static void run_over(const way *w)
{
    struct epoll_event events[256];
    size_t i;
    int n;
    poller = epoll_create1(EPOLL_CLOEXEC);
    for (i = 0; i < connections; i++)
        lines[i].via = w->begin(&lines[i]);
    while (left) {
        now = li_platform_ms(NULL);
        wake_all_due();
        for (i = 0; i < connections; i++)
            if (!lines[i].job ? head != NULL
                              : lines[i].job->call.wake_ms <= now)
                drive_over(w, &lines[i]);
        n = epoll_wait(poller, events, 256, patience());
        while (n-- > 0)
            drive_over(w, (line *)events[n].data.ptr);
    }
    for (i = 0; i < connections; i++) {
        li_hangup(&lines[i].via);
        w->end(&lines[i]);
    }
    close(poller);
}

/* ---- over libcurl: its connections share a handle */

static CURLM *shared;

static li_transport curl_begin(line *l)
{
    l->curl.multi = shared;
    l->curl.nonblocking = 1;
    return li_curl_transport(&l->curl);
}

static int curl_socket(const line *l)
{
    return (int)li_curl_socket(&l->curl);
}

static void curl_end(line *l)
{
    li_curl_free(&l->curl);
}

static void run_curl(void)
{
    static const way over_curl = {curl_begin, curl_socket, curl_end};
    shared = curl_multi_init();
    run_over(&over_curl);
    curl_multi_cleanup(shared);
}

#endif /* EVENT_LOOP_H */
