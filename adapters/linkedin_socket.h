/* linkedin_socket.h - plain TCP streams for linkedin.h: IPv6 and IPv4, blocking
   or not. SPDX-License-Identifier: MIT OR Unlicense

       static li_socket net;    // all zero: 10 s to connect, 30 s of silence
       li_transport t = li_socket_transport(&net);

       if (li_run(&call, &t))
           puts(net.why);

   It carries no TLS and so reaches only a loopback server, such as a test's;
   linkedin_mbedtls.h goes over it. POSIX; needs linkedin_platform.h.

   Looking a name up waits, also in a non-blocking socket: an event loop gives
   an address in brackets or dots, or has its own resolver. */
#ifndef LINKEDIN_SOCKET_H
#define LINKEDIN_SOCKET_H

#ifndef LINKEDIN_H
#include "../linkedin.h"
#endif
#ifndef LINKEDIN_PLATFORM_H
#include "linkedin_platform.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct addrinfo;

/** One stream. Zero is the default of every member above fd. */
typedef struct li_socket {
    uint32_t connect_ms;  /* for all addresses of a host together; 0: 10 s   */
    uint32_t io_ms;       /* how long the peer may be silent; 0: 30 s        */
    uint64_t deadline_ms; /* when everything ends, by li_platform_ms(): set
                             it anew for each call; 0: never. A call's policy
                             needs none of these three                       */
    uint8_t nonblocking;  /* 1: never waits; deadline_ms holds, io_ms is for
                             the event loop to watch                         */
    int fd;               /* to wait for, while LI_WANT_ is said             */
    char why[128];        /* what failed last, in words                      */
    struct {
        struct addrinfo *list, *next;
        uint64_t until, try_until; /* to connect at all; to this address     */
        uint64_t limit;            /* when the call is to be looked at again */
        uint32_t armed_ms;         /* the wait that the kernel knows         */
        uint8_t state;
    } priv;
} li_socket;

/** The transport. It refuses TLS with LI_E_TLS. Its alive is NULL, for a look
    costs a third system call for each call on a kept connection: set it to
    li_socket_alive where calls are rare, or where the server is not trusted:
    what it sends unasked between two calls would be taken for an answer. */
LINKEDIN_API li_transport li_socket_transport(li_socket *s);

/** Its parts, for a layer above. As in li_transport; user is the li_socket.
    connect is open without the question of TLS. host: a name, or an address,
    IPv6 with or without brackets. LI_E_DNS, LI_E_IO, LI_E_TIMEOUT;
    LI_E_CLOSED: the peer reset the stream. */
LINKEDIN_API int li_socket_connect(li_socket *s, const char *host,
                                   unsigned port);
LINKEDIN_API int li_socket_send(void *user, const char *data, size_t len);
LINKEDIN_API int li_socket_recv(void *user, char *data, size_t cap);
LINKEDIN_API void li_socket_close(void *user);
/** 0: the peer has closed, or sent what nobody asked for. */
LINKEDIN_API int li_socket_alive(void *user);
/** The clock of li_platform_ms(); a sleep, which a non-blocking socket leaves
    to its event loop; how long what follows may wait. */
LINKEDIN_API uint64_t li_socket_ms(void *user);
LINKEDIN_API int li_socket_sleep(void *user, uint32_t ms);
LINKEDIN_API void li_socket_limit(void *user, uint32_t ms);

#ifdef __cplusplus
}
#endif
#endif /* LINKEDIN_SOCKET_H */

#ifdef LINKEDIN_IMPLEMENTATION
#ifndef LINKEDIN_SOCKET_IMPLEMENTED
#define LINKEDIN_SOCKET_IMPLEMENTED

#ifdef _WIN32
#error "linkedin_socket.h is for POSIX: on Windows use linkedin_curl.h"
#endif
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* SO_NOSIGPIPE does it there */
#endif

/* priv.state */
enum { LI__S_CLOSED, LI__S_NEXT, LI__S_CONNECTING, LI__S_OPEN };

static int li__socket_fail(li_socket *s, int rc, const char *what,
                           const char *detail)
{
    li_buf out = LI_BUF(s->why);
    li_put(&out, li_cstr(what));
    if (detail) {
        li_put(&out, LI_STR(": "));
        li_put(&out, li_cstr(detail));
    }
    if (li_buf_end(&out)) {
        out = LI_BUF(s->why);
        li_put(&out, li_cstr(what));
        li_buf_end(&out);
    }
    return rc;
}

static int li__socket_errno(li_socket *s, const char *what)
{
    int rc = errno == ECONNRESET || errno == EPIPE ? LI_E_CLOSED : LI_E_IO;
    return li__socket_fail(s, rc, what, strerror(errno));
}

static int li__socket_late(li_socket *s, const char *what)
{
    return li__socket_fail(s, LI_E_TIMEOUT, what, "out of time");
}

static void li__socket_drop(li_socket *s)
{
    if (s->priv.state >= LI__S_CONNECTING)
        close(s->fd);
    s->fd = -1;
    s->priv.state = LI__S_NEXT;
}

static void li__socket_forget(li_socket *s)
{
    if (s->priv.list)
        freeaddrinfo(s->priv.list);
    s->priv.list = s->priv.next = NULL;
}

LINKEDIN_API void li_socket_close(void *user)
{
    li_socket *s = (li_socket *)user;
    li__socket_drop(s);
    li__socket_forget(s);
    s->priv.state = LI__S_CLOSED;
}

/* ---- connecting */

static int li__socket_resolve(li_socket *s, const char *host, unsigned port)
{
    char name[LI_MAX_HOST + 1], service[8];
    li_buf host_out = LI_BUF(name), port_out = LI_BUF(service);
    li_str text = li_cstr(host);
    struct addrinfo hints;
    int e;
    if (text.len > 1 && *text.ptr == '[' && text.ptr[text.len - 1] == ']')
        text = li__str(text.ptr + 1, text.len - 2);
    li_put(&host_out, text);
    li_put_int(&port_out, port);
    if (!text.len || li_buf_end(&host_out) || li_buf_end(&port_out))
        return li__socket_fail(s, LI_E_DNS, "no host, or one too long", NULL);
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    e = getaddrinfo(name, service, &hints, &s->priv.list);
    if (e) {
        s->priv.list = NULL;
        return li__socket_fail(s, e == EAI_MEMORY ? LI_E_IO : LI_E_DNS, name,
                               gai_strerror(e));
    }
    s->priv.next = s->priv.list;
    return 0;
}

static int li__socket_flag(int fd, int get, int set, int flag, int on)
{
    int flags = fcntl(fd, get);
    return flags < 0 ||
           fcntl(fd, set, on ? flags | flag : flags & ~flag) < 0;
}

/* Closed on exec and not blocking: in one step where the system can, so that
   no child of another thread inherits it. */
static int li__socket_make(const struct addrinfo *a)
{
#if defined(SOCK_CLOEXEC) && defined(SOCK_NONBLOCK)
    return socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                  a->ai_protocol);
#else
    int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
    if (fd >= 0 &&
        (li__socket_flag(fd, F_GETFD, F_SETFD, FD_CLOEXEC, 1) ||
         li__socket_flag(fd, F_GETFL, F_SETFL, O_NONBLOCK, 1))) {
        close(fd);
        return -1;
    }
    return fd;
#endif
}

/* Begins with the next address, and gives it its share of the time that is
   left, so that a silent one leaves some for those behind it. */
static int li__socket_try(li_socket *s)
{
    const struct addrinfo *a = s->priv.next, *rest;
    uint64_t now = li_platform_ms(), shares = 0;
    for (rest = a; rest; rest = rest->ai_next)
        shares++;
    if (now >= s->priv.until)
        return li__socket_late(s, "connecting");
    s->priv.try_until = now + (s->priv.until - now) / shares;
    s->priv.next = a->ai_next;
    s->fd = li__socket_make(a);
    if (s->fd < 0)
        return li__socket_errno(s, "no socket");
    s->priv.state = LI__S_CONNECTING;
    if (connect(s->fd, a->ai_addr, a->ai_addrlen) && errno != EINPROGRESS &&
        errno != EINTR)
        return li__socket_errno(s, "cannot connect");
    return 0;
}

/* Waits for a connection that is under way. */
static int li__socket_wait(li_socket *s)
{
    struct pollfd p;
    p.fd = s->fd;
    p.events = POLLOUT;
    for (;;) {
        uint64_t now = li_platform_ms();
        uint64_t left = now < s->priv.try_until ? s->priv.try_until - now : 0;
        int e, ready = poll(&p, 1, s->nonblocking ? 0
                                   : left > INT_MAX ? INT_MAX : (int)left);
        socklen_t size = sizeof e;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready < 0)
            return li__socket_errno(s, "cannot wait");
        if (!ready && !left)
            return li__socket_late(s, "connecting");
        if (!ready && s->nonblocking)
            return LI_IO_WRITE;
        if (!ready)
            continue;
        if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &e, &size))
            e = errno;
        errno = e;
        return e ? li__socket_errno(s, "cannot connect") : 0;
    }
}

/* Nagle's wait would hold up a small body behind its head. */
static int li__socket_settle(li_socket *s)
{
    int on = 1;
    li__socket_forget(s);
    s->priv.state = LI__S_OPEN;
    s->priv.armed_ms = 0;
    setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
#ifdef SO_NOSIGPIPE
    setsockopt(s->fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
    if (!s->nonblocking &&
        li__socket_flag(s->fd, F_GETFL, F_SETFL, O_NONBLOCK, 0))
        return li__socket_errno(s, "no socket");
    return 0;
}

/* Through the addresses until one stands. */
static int li__socket_walk(li_socket *s)
{
    int rc = LI_E_IO;
    while (s->priv.state == LI__S_CONNECTING || s->priv.next) {
        rc = 0;
        if (s->priv.state == LI__S_NEXT)
            rc = li__socket_try(s);
        if (!rc)
            rc = li__socket_wait(s);
        if (!rc)
            return li__socket_settle(s);
        if (rc == LI_IO_WRITE)
            return rc;
        li__socket_drop(s);
        if (li_platform_ms() >= s->priv.until)
            break;
    }
    return rc;
}

/* When all is over for what is done now; 0: never. */
static uint64_t li__socket_end(const li_socket *s)
{
    if (!s->deadline_ms || (s->priv.limit && s->priv.limit < s->deadline_ms))
        return s->priv.limit;
    return s->deadline_ms;
}

LINKEDIN_API int li_socket_connect(li_socket *s, const char *host,
                                   unsigned port)
{
    uint64_t end = li__socket_end(s);
    int rc = 0;
    if (s->priv.state == LI__S_CLOSED || s->priv.state == LI__S_OPEN) {
        li_socket_close(s);
        s->why[0] = 0;
        s->priv.until =
            li_platform_ms() + (s->connect_ms ? s->connect_ms : 10000);
        if (end && end < s->priv.until)
            s->priv.until = end;
        s->priv.state = LI__S_NEXT;
        rc = li__socket_resolve(s, host, port);
    }
    if (!rc)
        rc = li__socket_walk(s);
    if (rc < 0 && rc != LI_IO_WRITE)
        li_socket_close(s);
    return rc;
}

/* ---- moving bytes */

static int li__socket_timeouts(li_socket *s, uint32_t ms)
{
    struct timeval t;
    t.tv_sec = (time_t)(ms / 1000);
    t.tv_usec = (suseconds_t)(ms % 1000) * 1000;
    if (setsockopt(s->fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t) ||
        setsockopt(s->fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t))
        return li__socket_errno(s, "no timeouts");
    s->priv.armed_ms = ms;
    return 0;
}

/* The wait is the kernel's, so that a call costs no poll(). Near a deadline it
   is told half of what is left: no system call then until that is over. */
static int li__socket_arm(li_socket *s)
{
    uint32_t ms = s->io_ms ? s->io_ms : 30000;
    uint64_t now, end = li__socket_end(s);
    if (end) {
        now = li_platform_ms();
        if (now >= end)
            return li__socket_late(s, "the whole call");
        if (end - now < ms) {
            if (s->priv.armed_ms && s->priv.armed_ms <= end - now)
                return 0;
            ms = (uint32_t)(end - now) / 2 + 1;
        }
    }
    if (s->nonblocking || ms == s->priv.armed_ms)
        return 0;
    return li__socket_timeouts(s, ms);
}

/* A send or recv that moved nothing: 0 to try again, or what to return. */
static int li__socket_stuck(li_socket *s, int would, const char *what)
{
    if (errno == EINTR)
        return 0;
    if (errno != EAGAIN && errno != EWOULDBLOCK)
        return li__socket_errno(s, what);
    if (s->nonblocking)
        return would;
    if (s->priv.armed_ms < (s->io_ms ? s->io_ms : 30000))
        return 0; /* only half of what the deadline left: arm says */
    return li__socket_late(s, what);
}

static int li__socket_ready(li_socket *s)
{
    if (s->priv.state == LI__S_OPEN)
        return 0;
    return li__socket_fail(s, LI_E_IO, "not connected", NULL);
}

LINKEDIN_API int li_socket_send(void *user, const char *data, size_t len)
{
    li_socket *s = (li_socket *)user;
    int rc = li__socket_ready(s);
    while (!rc) {
        ssize_t n;
        rc = li__socket_arm(s);
        if (rc)
            break;
        n = send(s->fd, data, len > INT_MAX ? INT_MAX : len, MSG_NOSIGNAL);
        if (n >= 0)
            return (int)n;
        rc = li__socket_stuck(s, LI_IO_WRITE, "sending");
    }
    return rc;
}

LINKEDIN_API int li_socket_recv(void *user, char *data, size_t cap)
{
    li_socket *s = (li_socket *)user;
    int rc = li__socket_ready(s);
    while (!rc) {
        ssize_t n;
        rc = li__socket_arm(s);
        if (rc)
            break;
        n = recv(s->fd, data, cap > INT_MAX ? INT_MAX : cap, 0);
        if (n >= 0)
            return (int)n;
        rc = li__socket_stuck(s, LI_IO_READ, "receiving");
    }
    return rc;
}

LINKEDIN_API int li_socket_alive(void *user)
{
    li_socket *s = (li_socket *)user;
    char c;
    if (s->priv.state != LI__S_OPEN)
        return 0;
    return recv(s->fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
}

LINKEDIN_API uint64_t li_socket_ms(void *user)
{
    (void)user;
    return li_platform_ms();
}

LINKEDIN_API int li_socket_sleep(void *user, uint32_t ms)
{
    if (((li_socket *)user)->nonblocking)
        return LI_IO_READ;
    li_platform_sleep(ms);
    return 0;
}

LINKEDIN_API void li_socket_limit(void *user, uint32_t ms)
{
    ((li_socket *)user)->priv.limit = ms ? li_platform_ms() + ms : 0;
}

static int li__socket_open(void *user, const char *host, unsigned port,
                           int tls)
{
    li_socket *s = (li_socket *)user;
    if (tls)
        return li__socket_fail(s, LI_E_TLS, "plain sockets carry no TLS",
                               NULL);
    return li_socket_connect(s, host, port);
}

LINKEDIN_API li_transport li_socket_transport(li_socket *s)
{
    li_transport t;
    memset(&t, 0, sizeof t);
    t.open = li__socket_open;
    t.send = li_socket_send;
    t.recv = li_socket_recv;
    t.close = li_socket_close;
    t.ms = li_socket_ms;
    t.sleep = li_socket_sleep;
    t.limit = li_socket_limit;
    t.user = s;
    return t;
}

#endif /* LINKEDIN_SOCKET_IMPLEMENTED */
#endif /* LINKEDIN_IMPLEMENTATION */
