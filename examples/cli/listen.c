/* listen.c - see listen.h. */
#include "listen.h"
#include <errno.h>
#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#define close_socket(fd) closesocket((SOCKET)(fd))
#define poll_all WSAPoll
#define SOCKET_OF(fd) ((SOCKET)(fd))
typedef WSAPOLLFD poll_one;
#define SEND_FLAGS 0
#else
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#define close_socket close
#define poll_all poll
#define SOCKET_OF(fd) (fd)
typedef struct pollfd poll_one;
#define SEND_FLAGS MSG_NOSIGNAL
#endif

/* One address. -1: none of that family here; -2: it is taken. */
static int open_one(int family, unsigned port)
{
    struct sockaddr_in6 six;
    struct sockaddr_in four;
    int on = 1, bad, fd = (int)socket(family, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    memset(&six, 0, sizeof six);
    memset(&four, 0, sizeof four);
    six.sin6_family = AF_INET6;
    six.sin6_addr = in6addr_loopback;
    six.sin6_port = htons((uint16_t)port);
    four.sin_family = AF_INET;
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    four.sin_port = htons((uint16_t)port);
#ifdef _WIN32
    setsockopt(SOCKET_OF(fd), SOL_SOCKET, SO_EXCLUSIVEADDRUSE,
               (const char *)&on, sizeof on);
#else
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
#endif
    if (family == AF_INET6)
        setsockopt(SOCKET_OF(fd), IPPROTO_IPV6, IPV6_V6ONLY, (const char *)&on,
                   sizeof on);
    bad = family == AF_INET6
              ? bind(SOCKET_OF(fd), (struct sockaddr *)&six, sizeof six)
              : bind(SOCKET_OF(fd), (struct sockaddr *)&four, sizeof four);
#ifdef _WIN32
    on = WSAGetLastError() == WSAEADDRINUSE;
#else
    on = errno == EADDRINUSE;
#endif
    if (!bad && !listen(SOCKET_OF(fd), 8))
        return fd;
    close_socket(fd);
    return bad && on ? -2 : -1;
}

int listen_begin(listener *l, unsigned port)
{
    char where[64];
#ifdef _WIN32
    WSADATA winsock;
    if (WSAStartup(MAKEWORD(2, 2), &winsock))
        return complain(CLI_FAILED, "Winsock", "is not there");
#endif
    l->port = port;
    l->fds[0] = open_one(AF_INET, port);
    l->fds[1] = open_one(AF_INET6, port);
    if (l->fds[0] >= 0 && l->fds[1] >= -1)
        return 0;
    snprintf(where, sizeof where, "port %u of %s", port,
             l->fds[0] < 0 ? "127.0.0.1" : "[::1]");
    listen_end(l);
    return complain(CLI_FAILED, where, "another program has it: end that one, "
                    "or register another port in the redirect URI");
}

void listen_end(listener *l)
{
    int i;
    for (i = 0; i < 2; i++)
        if (l->fds[i] >= 0)
            close_socket(l->fds[i]);
}

/* The first line of a request, at most two seconds long: 0, or nothing. */
static int read_target(int client, char *target, size_t cap)
{
    char head[8192];
    size_t len = 0;
    char *end = NULL;
    uint64_t until = li_platform_ms(NULL) + 2000;
    while (!end && len < sizeof head - 1 && li_platform_ms(NULL) < until) {
        poll_one p;
        int n;
        memset(&p, 0, sizeof p);
        p.fd = SOCKET_OF(client);
        p.events = POLLIN;
        if (poll_all(&p, 1, 200) <= 0)
            continue;
        n = (int)recv(SOCKET_OF(client), head + len, sizeof head - 1 - len, 0);
        if (n <= 0)
            return -1;
        len += (size_t)n;
        head[len] = 0;
        end = strstr(head, "\r\n\r\n");
    }
    if (!end || strncmp(head, "GET /", 5) || !(end = strchr(head + 4, ' ')))
        return -1;
    *end = 0;
    return snprintf(target, cap, "%s", head + 4) >= (int)cap ? -1 : 0;
}

void listen_answer(int client, const char *status, const char *title,
                   const char *text)
{
    char body[1024], head[256];
    int n = snprintf(body, sizeof body,
                     "<!doctype html><meta charset=utf-8><title>%s</title>"
                     "<body style=\"font-family:sans-serif;margin:4em\">"
                     "<h1>%s</h1><p>%s</p>\n", title, title, text);
    int m = snprintf(head, sizeof head,
                     "HTTP/1.1 %s\r\nContent-Type: text/html\r\n"
                     "Content-Length: %d\r\nConnection: close\r\n"
                     "Referrer-Policy: no-referrer\r\n\r\n", status, n);
    if (send(SOCKET_OF(client), head, (size_t)m, SEND_FLAGS) == m)
        send(SOCKET_OF(client), body, (size_t)n, SEND_FLAGS);
    close_socket(client);
}

/* Is it the way back? Then came_to has the whole URL. */
static int is_back(const char *redirect_uri, const char *target, char *came_to,
                   size_t cap)
{
    const char *path = strchr(redirect_uri + 8, '/'); /* behind http:// */
    size_t host = path ? (size_t)(path - redirect_uri) : strlen(redirect_uri);
    size_t len = path ? strcspn(path, "?") : 1;
    if (strncmp(target, path ? path : "/", len) ||
        (target[len] && target[len] != '?'))
        return 0;
    return snprintf(came_to, cap, "%.*s%s", (int)host, redirect_uri, target) <
           (int)cap;
}

int listen_for(listener *l, const char *redirect_uri, unsigned seconds,
               char *came_to, size_t cap, int *client)
{
    uint64_t until = li_platform_ms(NULL) + (uint64_t)seconds * 1000;
    static char target[8192];
    while (li_platform_ms(NULL) < until) {
        poll_one p[2];
        int i, n = l->fds[1] < 0 ? 1 : 2;
        memset(p, 0, sizeof p);
        for (i = 0; i < n; i++) {
            p[i].fd = SOCKET_OF(l->fds[i]);
            p[i].events = POLLIN;
        }
        if (poll_all(p, (unsigned)n, 500) <= 0)
            continue;
        for (i = 0; i < n; i++) {
            if (!p[i].revents)
                continue;
            *client = (int)accept(SOCKET_OF(l->fds[i]), NULL, NULL);
            if (*client < 0)
                continue;
            if (read_target(*client, target, sizeof target))
                close_socket(*client);
            else if (is_back(redirect_uri, target, came_to, cap))
                return 0;
            else
                listen_answer(*client, "404 Not Found", "Not here",
                              "Only LinkedIn's way back is answered here.");
        }
    }
    return complain(CLI_FAILED, "the browser", "did not come back in time");
}
