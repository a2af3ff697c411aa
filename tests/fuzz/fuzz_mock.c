/* The mock's connection: any bytes from a socket, in any pieces. There is no
   socket, clock or randomness: what the mock asks of the system is played here,
   so that a run can be repeated. Whole or in pieces, the same bytes have the
   same answers; nothing is read that has not come; each answer is one that
   linkedin.h accepts; whoever has no token gets nothing of the member; no
   request ends the process, and none hangs it. */
#include "fuzz.h"
#define LINKEDIN_SOCKET_IMPLEMENTED /* declared, and defined below */
#define LINKEDIN_PLATFORM_IMPLEMENTED
#include "adapters/linkedin_socket.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <sanitizer/asan_interface.h>

/* ---- the system */

static struct {
    li_str in;
    size_t at, out_len, calls;
    uint32_t pieces;      /* 0: all at once; else the seed of the pieces     */
    int closed, drained;
    unsigned next_random;
    int64_t ms;
    char out[1 << 20];
} peer;

static ssize_t play_recv(char *dst, size_t cap)
{
    size_t n = peer.in.len - peer.at;
    peer.calls++;
    if (peer.pieces && n) {
        n = piece(&peer.pieces, n);
        if (n == 8) { /* nothing now */
            errno = EAGAIN;
            return -1;
        }
    }
    n = n < cap ? n : cap;
    if (!n) {
        errno = EAGAIN;
        return peer.drained ? 0 : -1;
    }
    ASAN_UNPOISON_MEMORY_REGION(dst, cap);
    memcpy(dst, peer.in.ptr + peer.at, n);
    ASAN_POISON_MEMORY_REGION(dst + n, cap - n);
    peer.at += n;
    return (ssize_t)n;
}

static ssize_t play_send(const char *data, size_t len)
{
    peer.calls++;
    if (peer.pieces)
        len = piece(&peer.pieces, len) * 64 < len ? len / 2 : len;
    CLAIM(len && !peer.closed);
    if (peer.out_len + len <= sizeof peer.out) {
        memcpy(peer.out + peer.out_len, data, len);
        peer.out_len += len;
    }
    return (ssize_t)len;
}

static ssize_t play_read(void *dst, size_t len)
{
    memset(dst, (int)peer.next_random++, len);
    return (ssize_t)len;
}

static int play_close(void)
{
    peer.closed = 1;
    return 0;
}

static int play_clock(struct timespec *t)
{
    t->tv_sec = (time_t)(peer.ms / 1000);
    t->tv_nsec = (long)(peer.ms % 1000) * 1000000;
    return 0;
}

static int play_option(const void *value)
{
    (void)value;
    return 0;
}

static int play_shutdown(void)
{
    peer.drained = 1;
    return 0;
}

#define recv(fd, dst, cap, flags) play_recv(dst, cap)
#define send(fd, data, len, flags) play_send(data, len)
#define read(fd, dst, len) play_read(dst, len)
#define close(fd) play_close()
#define shutdown(fd, how) play_shutdown()
#define setsockopt(fd, level, name, value, len) play_option(value)
#define fcntl(fd, ...) 0
#define clock_gettime(which, t) play_clock(t)
#define time(where) ((time_t)1793800000)
#define exit(status) abort()
#define MOCK_NO_TLS
#define main mock_main
#include "examples/mock_linkedin.c"
#undef main
#undef time

/* What the mock's own webhooks would go over: they are not set. */
LINKEDIN_API li_transport li_socket_transport(li_socket *s)
{
    li_transport none;
    (void)s;
    memset(&none, 0, sizeof none);
    return none;
}

/* ---- a connection */

/* A mock as it starts with --token the-token: of its tables what was used. */
static void begin(void)
{
    static int begun;
    size_t i;
    if (!begun++) {
        set.token = "the-token";
        set.quiet = 1;
        set.seed = 1;
        set.client_secret = "mock-secret";
        check_options();
    }
    for (i = 0; i < MAX_ENTITIES && (i < 8 || entities[i].used); i++) {
        entities[i].used = 0;
        memset(&medias[i], 0, sizeof medias[i]);
    }
    memset(tokens, 0, (tokens_made < MAX_TOKENS ? tokens_made + 1
                                                : MAX_TOKENS) * sizeof *tokens);
    memset(codes, 0, sizeof codes);
    memset(hook_events, 0, sizeof *hook_events);
    tokens_made = codes_made = entities_made = seen_made = events_made = 0;
    granted = 0;
    ring_at = 0;
    set.chosen = 0;
    peer.next_random = 1;
    token_given();
    store_begin();
}

static void converse(li_str bytes, uint32_t pieces)
{
    struct sockaddr_in from;
    conn *c = &conns[0];
    size_t i;
    memset(&from, 0, sizeof from);
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    begin();
    peer.in = bytes;
    peer.pieces = pieces;
    peer.at = peer.out_len = peer.calls = 0;
    peer.closed = peer.drained = 0;
    peer.ms = 1000;
    for (i = 0; i < 2; i++)
        conns[i].fd = -1;
    conn_open(5, &from);
    for (i = 0; c->fd >= 0 && i < 3000; i++) {
        CLAIM(peer.calls <= 4 * bytes.len + 2 * peer.out_len + 2 * i + 40);
        conn_turn(c);
        if (c->fd >= 0 && peer.at == bytes.len && !c->hold_until)
            break;
        if (c->fd >= 0 && c->hold_until > peer.ms) {
            if (c->hold_until == INT64_MAX) /* it stalls */
                break;
            peer.ms = c->hold_until;
            conn_tick(c);
        }
    }
    ASAN_UNPOISON_MEMORY_REGION(c->in, sizeof c->in);
    peer.ms += 2 * IDLE_MS; /* whoever says nothing more is let go */
    if (c->fd >= 0 && !c->hold_until)
        conn_tick(c);
    CLAIM(c->fd < 0 || c->hold_until);
}

/* ---- what came back */

static li_rc take(void *user, li_str bytes)
{
    (void)user, (void)bytes;
    return LI_OK;
}

/* A failure that was asked for. */
static int is_faulty(li_str asked)
{
    size_t i;
    for (i = 0; i + 6 < asked.len; i++)
        if (is_nocase(li__cut(asked, i, i + 6), "-fault"))
            return 1;
    return 0;
}

/* Without the invitations to go on, which depend on how the bytes came. */
static size_t without_continue(char *text, size_t len)
{
    static const char told[] = "HTTP/1.1 100 Continue\r\n\r\n";
    li_str all = li__str(text, len);
    size_t at;
    while ((at = li__find(all, li_cstr(told))) < all.len) {
        all.len -= sizeof told - 1;
        memmove(text + at, text + at + sizeof told - 1, all.len - at);
    }
    return all.len;
}

/* Reads the first answer as a client does; what a fault has cut or lost is
   none. */
static void judge(li_str asked, li_str told)
{
    static char work[8192];
    static const li_client app = {.access_token = "t"};
    li_req req = {.path = "/", .sink = take};
    li_str path = asked;
    li_call call;
    li_rc rc;
    req.method = starts(asked, "HEAD ") ? "HEAD" : "GET";
    li_begin(&call, &app, &req, work, sizeof work);
    li_opened(&call, 0);
    li_out_ack(&call, li_out_buf(&call).len);
    while ((rc = li_step(&call)) == LI_WANT_READ) {
        size_t room;
        char *in = li_in_buf(&call, &room);
        room = room < told.len ? room : told.len;
        memcpy(in, told.ptr, room);
        told = li__cut(told, room, told.len);
        if (room)
            li_in_ack(&call, room);
        else
            li_in_eof(&call);
    }
    CLAIM(!rc || is_faulty(asked));
    cut(&path, " ");
    if (!rc && call.status / 100 == 2 &&
        (starts(path, "/v2/") || starts(path, "/rest/")))
        CLAIM(li__find(asked, LI_STR("the-token")) < asked.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char before[sizeof peer.out];
    size_t len;
    li_str bytes;
    char *copy;
    if (size < 2)
        return 0;
    copy = (char *)malloc(size);
    memcpy(copy, data, size);
    bytes = li__str(copy + 2, size - 2);
    converse(bytes, 0);
    if (peer.out_len)
        judge(bytes, li__str(peer.out, peer.out_len));
    len = without_continue(peer.out, peer.out_len);
    memcpy(before, peer.out, len);
    converse(bytes, 1 + (uint32_t)data[0] + ((uint32_t)data[1] << 8));
    CLAIM(is_faulty(bytes) ||
          (len == without_continue(peer.out, peer.out_len) &&
           !memcmp(before, peer.out, len)));
    free(copy);
    return 0;
}
