/* linkedin_socket.h - plain TCP for linkedin.h: IPv6 and IPv4, blocking
   or not. SPDX-License-Identifier: MIT OR Unlicense

       static li_socket net;                  // all zero: 10 s to connect
       li_transport t = li_socket_transport(&net);

       if (li_run(&call, &t))
           puts(net.why);

   It carries no TLS and so reaches only a loopback server, such as a test's;
   linkedin_mbedtls.h goes over it. Needs linkedin_platform.h. POSIX; or
   Windows (link ws2_32), whose fd is a SOCKET: its values fit in an int.

   Of a host's addresses, IPv6 and IPv4 in turn, the next is tried beside those
   before it after a quarter of a second; the first that stands is taken (RFC
   8305). Looking a name up waits, also in a non-blocking socket, and no limit
   ends it: an event loop gives an address, or has its own resolver. */
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

#define LI_SOCKET_RACE 4 /* addresses that are tried at a time              */

/** One stream. Zero is the default of every member above fd. */
typedef struct li_socket {
    uint32_t connect_ms;  /* for all addresses of a host together, and for a
                             layer above; 0: 10 s. What may be slow behind it
                             is for a policy to say                          */
    uint8_t nonblocking;  /* 1: never waits                                  */
    int fd;               /* to wait for, while LI_WANT_ is said             */
    char why[160];        /* what failed last, in words                      */
    struct {
        struct addrinfo *list, *next[2]; /* next: of the family of the first,
                                            and of the others                */
        uint64_t until;    /* to connect; 0: that is over                    */
        uint64_t begin_ms; /* when the next address is tried                 */
        uint64_t limit;    /* when the call is to be looked at again         */
        uint32_t armed_ms; /* the wait that the kernel knows                 */
        int fds[LI_SOCKET_RACE];
        int error;         /* of the address that failed last                */
        uint8_t racing, turn, state, started;
        char host[LI_MAX_HOST + 1];
    } priv;
} li_socket;

/** The transport. It refuses TLS with LI_E_TLS. Its alive is NULL, for a look
    costs a third system call for each call on a kept connection: set it to
    li_socket_alive where calls are rare, or where the server is not trusted:
    what it sends unasked between two calls would be taken for an answer. */
LINKEDIN_API li_transport li_socket_transport(li_socket *s);

/** Its parts, for a layer above. As in li_transport; user is the li_socket.
    connect is open without the question of TLS. host: a name, or an address,
    IPv6 without brackets. LI_E_DNS, LI_E_IO, LI_E_TIMEOUT; LI_E_CLOSED: the
    peer reset the stream. */
LINKEDIN_API int li_socket_connect(li_socket *s, const char *host,
                                   unsigned port);
LINKEDIN_API int li_socket_send(void *user, const char *data, size_t len);
LINKEDIN_API int li_socket_recv(void *user, char *data, size_t cap);
LINKEDIN_API void li_socket_close(void *user);
/** 0: the peer has closed, or sent what nobody asked for. */
LINKEDIN_API int li_socket_alive(void *user);
/** How long what follows may wait; when connecting must be looked at. */
LINKEDIN_API void li_socket_limit(void *user, uint32_t ms);
LINKEDIN_API uint32_t li_socket_wake(void *user);
/** The layer above has connected as well: connect_ms counts no more, which
    until then bounds li_socket_send() and li_socket_recv(), too. */
LINKEDIN_API void li_socket_opened(li_socket *s);

#ifdef __cplusplus
}
#endif
#endif /* LINKEDIN_SOCKET_H */

#ifdef LINKEDIN_IMPLEMENTATION
#ifndef LINKEDIN_SOCKET_IMPLEMENTED
#define LINKEDIN_SOCKET_IMPLEMENTED
#include "linkedin_platform.h" /* its implementation, if only now it is due */

#include <errno.h>
#include <limits.h>
#include <string.h>

/* What the systems do differently: names here, ways in the functions below.
   On Windows no socket blocks, and who waits does so in WSAPoll(): a stream
   whose receive was ended by SO_RCVTIMEO is not to be used any more there. */
#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#define LI__SOCKET_ERRNO WSAGetLastError()
#define LI__SOCKET_LEN(n) ((int)(n))
#define LI__SOCKET_PEEK MSG_PEEK
#define LI__SOCKET_IS(e, name) ((e) == WSAE##name)
#define LI__SOCKET_CONNECTS(e) ((e) == WSAEWOULDBLOCK)
#define LI__SOCKET_POLL WSAPoll
#define LI__SOCKET_NO_NAME(e, words) li__socket_words(e, words)
#define LI__SOCKET_OF(fd) ((SOCKET)(fd))
#define li__socket_shut(fd) closesocket((SOCKET)(fd))
typedef WSAPOLLFD li__pollfd;
#else
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* SO_NOSIGPIPE does it there */
#endif
#define LI__SOCKET_ERRNO errno
#define LI__SOCKET_LEN(n) ((size_t)(n))
#define LI__SOCKET_PEEK (MSG_PEEK | MSG_DONTWAIT)
#define LI__SOCKET_IS(e, name) ((e) == E##name)
#define LI__SOCKET_CONNECTS(e) ((e) == EINPROGRESS || (e) == EINTR)
#define LI__SOCKET_POLL poll
#define LI__SOCKET_NO_NAME(e, words) ((void)(words), gai_strerror(e))
#define LI__SOCKET_OF(fd) (fd)
#define li__socket_shut(fd) close(fd)
typedef struct pollfd li__pollfd;
#endif
#ifdef MSG_NOSIGNAL
#define LI__SOCKET_QUIET MSG_NOSIGNAL
#else
#define LI__SOCKET_QUIET 0 /* there is no SIGPIPE */
#endif

/* priv.state */
enum { LI__S_CLOSED, LI__S_CONNECTING, LI__S_OPEN };

#define LI__NEXT_ADDRESS_MS 250 /* RFC 8305 section 5 */

/* "what: host: detail"; detail NULL: none. */
static int li__socket_fail(li_socket *s, int rc, const char *what,
                           const char *detail)
{
    li_buf out = LI_BUF(s->why);
    li_put(&out, li_cstr(s->priv.host));
    li_put(&out, LI_STR(": "));
    li_put(&out, li_cstr(what));
    if (detail) { /* the system's words may be long: as much as has room */
        size_t len = strlen(detail);
        li_put(&out, LI_STR(": "));
        if (len >= sizeof s->why - out.len)
            len = sizeof s->why - out.len - 1;
        li_put(&out, li__str(detail, len));
    }
    li_buf_end(&out);
    return rc;
}

#ifdef _WIN32
/* The system's words for an error, without the end of their line. */
enum { LI__SOCKET_WORDS = 320 };
static const char *li__socket_words(int e, char words[LI__SOCKET_WORDS])
{
    li_buf out = li_buf_of(words, LI__SOCKET_WORDS);
    DWORD n = FormatMessageA(
        FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
        (DWORD)e, 0, words, LI__SOCKET_WORDS, NULL);
    while (n && (unsigned char)words[n - 1] <= ' ')
        n--;
    if (n) {
        words[n] = 0;
        return words;
    }
    li_put(&out, LI_STR("error ")); /* the system has no words for it */
    li_put_int(&out, e);
    li_buf_end(&out);
    return words;
}
#else
enum { LI__SOCKET_WORDS = 1 };
static const char *li__socket_words(int e, char words[LI__SOCKET_WORDS])
{
    return (void)words, strerror(e);
}
#endif

static int li__socket_errno(li_socket *s, const char *what, int e)
{
    char words[LI__SOCKET_WORDS];
    int rc = LI__SOCKET_IS(e, CONNRESET) || LI__SOCKET_IS(e, CONNABORTED) ||
                     e == EPIPE
                 ? LI_E_CLOSED : LI_E_IO;
    return li__socket_fail(s, rc, what, li__socket_words(e, words));
}

static int li__socket_late(li_socket *s, const char *what)
{
    return li__socket_fail(s, LI_E_TIMEOUT, what, "out of time");
}

/* Takes an address out of the race, and closes it. */
static void li__socket_drop(li_socket *s, unsigned i)
{
    li__socket_shut(s->priv.fds[i]);
    s->priv.fds[i] = s->priv.fds[--s->priv.racing];
}

static void li__socket_forget(li_socket *s)
{
    while (s->priv.racing)
        li__socket_drop(s, 0);
    if (s->priv.list)
        freeaddrinfo(s->priv.list);
    s->priv.list = s->priv.next[0] = s->priv.next[1] = NULL;
}

LINKEDIN_API void li_socket_close(void *user)
{
    li_socket *s = (li_socket *)user;
    if (s->priv.state == LI__S_OPEN)
        li__socket_shut(s->fd);
    li__socket_forget(s);
    s->fd = -1;
    s->priv.state = LI__S_CLOSED;
    s->priv.until = 0;
}

/* ---- connecting */

static int li__socket_resolve(li_socket *s, const char *host, unsigned port)
{
    char service[8], words[LI__SOCKET_WORDS];
    li_buf name = LI_BUF(s->priv.host), number = LI_BUF(service);
    struct addrinfo hints;
    int e;
#ifdef _WIN32
    WSADATA winsock; /* once for each li_socket, for the process's life */
    if (!s->priv.started && WSAStartup(MAKEWORD(2, 2), &winsock))
        return li__socket_fail(s, LI_E_IO, "no Winsock 2.2", NULL);
    s->priv.started = 1;
#endif
    li_put(&name, li_cstr(host));
    li_put_int(&number, port);
    if (!*host || li_buf_end(&name) || li_buf_end(&number))
        return li__socket_fail(s, LI_E_DNS, "no host, or one too long", NULL);
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    e = getaddrinfo(host, service, &hints, &s->priv.list);
    if (e) {
        s->priv.list = NULL;
        return li__socket_fail(s, e == EAI_MEMORY ? LI_E_IO : LI_E_DNS,
                               "the name cannot be looked up",
                               LI__SOCKET_NO_NAME(e, words));
    }
    s->priv.next[0] = s->priv.next[1] = s->priv.list;
    s->priv.turn = 0;
    return 0;
}

/* The next address: of the first one's family and of another's in turn (RFC
   8305 section 4); NULL: there is no more. */
static const struct addrinfo *li__socket_next(li_socket *s)
{
    unsigned k;
    for (k = 0; k < 2; k++) {
        unsigned other = s->priv.turn;
        struct addrinfo *a = s->priv.next[other];
        while (a && (a->ai_family != s->priv.list->ai_family) != (int)other)
            a = a->ai_next;
        s->priv.next[other] = a ? a->ai_next : NULL;
        s->priv.turn ^= 1;
        if (a)
            return a;
    }
    return NULL;
}

#ifdef _WIN32
static int li__socket_make(const struct addrinfo *a)
{
    u_long on = 1;
    SOCKET fd = WSASocketW(a->ai_family, a->ai_socktype, a->ai_protocol, NULL,
                           0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
    if (fd == INVALID_SOCKET)
        return -1;
    if (!ioctlsocket(fd, (long)FIONBIO, &on))
        return (int)fd;
    closesocket(fd);
    return -1;
}

/* Windows' sockets stay as they are made, and know no SIGPIPE. */
static int li__socket_block(li_socket *s)
{
    return (void)s, 0;
}
#else
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

static int li__socket_block(li_socket *s)
{
#ifdef SO_NOSIGPIPE
    int on = 1;
    setsockopt(s->fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
    return !s->nonblocking &&
           li__socket_flag(s->fd, F_GETFL, F_SETFL, O_NONBLOCK, 0);
}
#endif

/* Begins with the next address. Where the places are full, the oldest makes
   room. One that fails at once lets the next begin at once. */
static void li__socket_try(li_socket *s, uint64_t now)
{
    const struct addrinfo *a = li__socket_next(s);
    int fd = a ? li__socket_make(a) : -1;
    s->priv.begin_ms = now + LI__NEXT_ADDRESS_MS;
    if (!a)
        return;
    if (s->priv.racing == LI_SOCKET_RACE)
        li__socket_drop(s, 0);
    if (fd >= 0 &&
        (!connect(LI__SOCKET_OF(fd), a->ai_addr, (socklen_t)a->ai_addrlen) ||
         LI__SOCKET_CONNECTS(LI__SOCKET_ERRNO))) {
        s->priv.fds[s->priv.racing++] = fd;
        return;
    }
    s->priv.error = LI__SOCKET_ERRNO;
    s->priv.begin_ms = now;
    if (fd >= 0)
        li__socket_shut(fd);
}

/* Looks which of those that race has come to an end: 1: one stands, in fd. */
static int li__socket_look(li_socket *s, const li__pollfd *p)
{
    unsigned i;
    for (i = s->priv.racing; i-- > 0;) {
        socklen_t size = sizeof s->priv.error;
        int e = 0;
        if (!p[i].revents)
            continue;
        if (getsockopt(p[i].fd, SOL_SOCKET, SO_ERROR, (char *)&e, &size))
            e = LI__SOCKET_ERRNO;
        if (!e) {
            s->fd = s->priv.fds[i];
            s->priv.fds[i] = s->priv.fds[--s->priv.racing];
            return 1;
        }
        s->priv.error = e;
        s->priv.begin_ms = 0;
        li__socket_drop(s, i);
    }
    return 0;
}

LINKEDIN_API uint32_t li_socket_wake(void *user)
{
    const li_socket *s = (const li_socket *)user;
    uint64_t now = li_platform_ms(NULL), due = s->priv.until;
    if (s->priv.next[0] || s->priv.next[1])
        due = s->priv.begin_ms < due ? s->priv.begin_ms : due;
    due = due > now ? due - now : 0;
    /* a loop waits for one of several sockets only: the others are looked at */
    if (s->nonblocking && s->priv.racing > 1 && due > 10)
        due = 10;
    return due < 0x7fffffff ? (uint32_t)due : 0x7fffffff;
}

/* Nagle's wait would hold up a small body behind its head. */
static int li__socket_settle(li_socket *s)
{
    int on = 1;
    li__socket_forget(s);
    s->priv.state = LI__S_OPEN;
    s->priv.armed_ms = 0;
    setsockopt(LI__SOCKET_OF(s->fd), IPPROTO_TCP, TCP_NODELAY,
               (const char *)&on, sizeof on);
    if (li__socket_block(s))
        return li__socket_errno(s, "no socket", LI__SOCKET_ERRNO);
    return 0;
}

/* Until an address stands, none is left, or the time is up. */
static int li__socket_race(li_socket *s)
{
    li__pollfd p[LI_SOCKET_RACE];
    unsigned i;
    for (;;) {
        uint64_t now = li_platform_ms(NULL);
        int ready;
        if (now >= s->priv.until)
            return li__socket_late(s, "connecting");
        if (!s->priv.racing || now >= s->priv.begin_ms)
            li__socket_try(s, now);
        if (!s->priv.racing && !s->priv.next[0] && !s->priv.next[1])
            return li__socket_errno(s, "cannot connect", s->priv.error);
        if (!s->priv.racing)
            continue; /* it failed at once: WSAPoll() takes no empty list */
        for (i = 0; i < s->priv.racing; i++) {
            p[i].fd = LI__SOCKET_OF(s->priv.fds[i]);
            p[i].events = POLLOUT;
            p[i].revents = 0;
        }
        ready = LI__SOCKET_POLL(p, s->priv.racing,
                                s->nonblocking ? 0 : (int)li_socket_wake(s));
        if (ready < 0 && !LI__SOCKET_IS(LI__SOCKET_ERRNO, INTR))
            return li__socket_errno(s, "cannot wait", LI__SOCKET_ERRNO);
        if (ready > 0 && li__socket_look(s, p))
            return li__socket_settle(s);
        if (!ready && s->nonblocking && s->priv.racing) {
            s->fd = s->priv.fds[s->priv.racing - 1];
            return LI_IO_WRITE;
        }
    }
}

/* When all is over for what is done now; 0: never. */
static uint64_t li__socket_end(const li_socket *s)
{
    if (!s->priv.until || (s->priv.limit && s->priv.limit < s->priv.until))
        return s->priv.limit;
    return s->priv.until;
}

LINKEDIN_API int li_socket_connect(li_socket *s, const char *host,
                                   unsigned port)
{
    int rc = 0;
    if (s->priv.state != LI__S_CONNECTING) {
        li_socket_close(s);
        s->why[0] = 0;
        s->priv.error = 0;
        s->priv.begin_ms = 0;
        s->priv.until =
            li_platform_ms(NULL) + (s->connect_ms ? s->connect_ms : 10000);
        s->priv.until = li__socket_end(s);
        s->priv.state = LI__S_CONNECTING;
        rc = li__socket_resolve(s, host, port);
    }
    if (!rc)
        rc = li__socket_race(s);
    if (rc < 0 && rc != LI_IO_WRITE)
        li_socket_close(s);
    return rc;
}

LINKEDIN_API void li_socket_opened(li_socket *s)
{
    s->priv.until = 0;
}

/* ---- moving bytes */

#ifdef _WIN32
static int li__socket_timeouts(li_socket *s, uint32_t ms)
{
    return (void)ms, (void)s, 0;
}

/* Until it can be read or written, or all is over. A peer that has half-closed
   is told at once, although nothing can be written: that must not spin. */
static void li__socket_await(const li_socket *s, int would)
{
    uint64_t now = li_platform_ms(NULL), end = li__socket_end(s);
    WSAPOLLFD p;
    p.fd = LI__SOCKET_OF(s->fd);
    p.events = would == LI_IO_READ ? POLLRDNORM : POLLWRNORM;
    p.revents = 0;
    WSAPoll(&p, 1, !end ? -1 : end > now && end - now < INT_MAX
                                   ? (int)(end - now) : !(end <= now));
    if (p.revents && !(p.revents & p.events))
        Sleep(10);
}
#else
static int li__socket_timeouts(li_socket *s, uint32_t ms)
{
    struct timeval t;
    t.tv_sec = (time_t)(ms / 1000);
    t.tv_usec = (suseconds_t)(ms % 1000) * 1000;
    if (setsockopt(s->fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t) ||
        setsockopt(s->fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t))
        return li__socket_errno(s, "no timeouts", errno);
    s->priv.armed_ms = ms;
    return 0;
}

static void li__socket_await(const li_socket *s, int would)
{
    (void)s, (void)would; /* the kernel has waited */
}
#endif

/* The wait is the kernel's, so that a call costs no poll(). Near its end it is
   told half of what is left: no system call then until that is over. */
static int li__socket_arm(li_socket *s)
{
    uint64_t now, left, end = li__socket_end(s);
    uint32_t ms = 0; /* for ever */
    if (end) {
        now = li_platform_ms(NULL);
        if (now >= end)
            return li__socket_late(s, "the whole call");
        left = end - now;
        if (s->priv.armed_ms && s->priv.armed_ms <= left &&
            s->priv.armed_ms >= left >> 3)
            return 0;
        ms = left < 0x7fffffff ? (uint32_t)left / 2 + 1 : 0x7fffffff;
    }
    if (s->nonblocking || ms == s->priv.armed_ms)
        return 0;
    return li__socket_timeouts(s, ms);
}

/* A send or recv that moved nothing: 0 to try again, or what to return. */
static int li__socket_stuck(li_socket *s, int would, const char *what)
{
    int e = LI__SOCKET_ERRNO;
    if (LI__SOCKET_IS(e, INTR))
        return 0;
    if (!LI__SOCKET_IS(e, WOULDBLOCK) && e != EAGAIN)
        return li__socket_errno(s, what, e);
    if (s->nonblocking)
        return would;
    li__socket_await(s, would);
    return 0; /* whether it is late, arm says */
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
        int n;
        rc = li__socket_arm(s);
        if (rc)
            break;
        n = (int)send(LI__SOCKET_OF(s->fd), data,
                      LI__SOCKET_LEN(len > INT_MAX ? INT_MAX : len),
                      LI__SOCKET_QUIET);
        if (n >= 0)
            return n;
        rc = li__socket_stuck(s, LI_IO_WRITE, "sending");
    }
    return rc;
}

LINKEDIN_API int li_socket_recv(void *user, char *data, size_t cap)
{
    li_socket *s = (li_socket *)user;
    int rc = li__socket_ready(s);
    while (!rc) {
        int n;
        rc = li__socket_arm(s);
        if (rc)
            break;
        n = (int)recv(LI__SOCKET_OF(s->fd), data,
                      LI__SOCKET_LEN(cap > INT_MAX ? INT_MAX : cap), 0);
        if (n >= 0)
            return n;
        rc = li__socket_stuck(s, LI_IO_READ, "receiving");
    }
    return rc;
}

LINKEDIN_API int li_socket_alive(void *user)
{
    li_socket *s = (li_socket *)user;
    char c;
    int e;
    if (s->priv.state != LI__S_OPEN ||
        recv(LI__SOCKET_OF(s->fd), &c, 1, LI__SOCKET_PEEK) >= 0)
        return 0;
    e = LI__SOCKET_ERRNO;
    return LI__SOCKET_IS(e, WOULDBLOCK) || LI__SOCKET_IS(e, INTR) ||
           e == EAGAIN;
}

LINKEDIN_API void li_socket_limit(void *user, uint32_t ms)
{
    ((li_socket *)user)->priv.limit = ms ? li_platform_ms(NULL) + ms : 0;
}

static int li__socket_open(void *user, const char *host, unsigned port,
                           int tls)
{
    li_socket *s = (li_socket *)user;
    int rc;
    if (tls)
        return li__socket_fail(s, LI_E_TLS, "plain sockets carry no TLS",
                               NULL);
    rc = li_socket_connect(s, host, port);
    if (!rc)
        li_socket_opened(s);
    return rc;
}

LINKEDIN_API li_transport li_socket_transport(li_socket *s)
{
    li_transport t;
    memset(&t, 0, sizeof t);
    t.open = li__socket_open;
    t.send = li_socket_send;
    t.recv = li_socket_recv;
    t.close = li_socket_close;
    t.ms = li_platform_ms;
    t.sleep = s->nonblocking ? NULL : li_platform_sleep;
    t.limit = li_socket_limit;
    t.wake = li_socket_wake;
    t.why = s->why;
    t.user = s;
    return t;
}

#endif /* LINKEDIN_SOCKET_IMPLEMENTED */
#endif /* LINKEDIN_IMPLEMENTATION */
