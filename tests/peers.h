/* What the tests of the network adapters share: a forked server that follows a
   script, certificates made on the spot, openssl s_server, and a call over one
   adapter or the other. Include after linkedin.h and the adapters. */
#ifndef PEERS_H
#define PEERS_H

#include "test.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define TOKEN "the-secret-token"
#define OK2 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

static char folder[64]; /* of this run: certificates, token file */

static const char *in_folder(const char *name)
{
    static char path[64][160];
    static unsigned turn;
    char *p = path[turn++ % 64];

    snprintf(p, sizeof path[0], "%s/%s", folder, name);
    return p;
}

/* ---- a server that follows a script */

/* HELLO: the answer to any bytes; ALERT: to any, TLS's handshake_failure */
enum { CLOSE, KEEP, RESET, SILENT, HELLO, ALERT };

struct turn {
    const char *answer;
    int then;
};

/* What the server saw, shared with it. */
struct record {
    volatile unsigned connections;
    volatile size_t len;
    char text[1 << 18];
};

struct server {
    pid_t pid;
    unsigned port;
    struct record *record;
};

static inline int listen_here(unsigned *port)
{
    struct sockaddr_in a;
    socklen_t size = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    a.sin_port = htons((uint16_t)*port);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) ||
        listen(fd, 16) || getsockname(fd, (struct sockaddr *)&a, &size))
        abort();
    *port = ntohs(a.sin_port);
    return fd;
}

/* Reads one request, by its length; 0 at the peer's end. */
static inline int take_request(int fd, struct record *record)
{
    size_t start = record->len, want = SIZE_MAX;
    char *text = record->text + start, *end, *length;

    while (record->len - start < want) {
        ssize_t n = recv(fd, record->text + record->len,
                         sizeof record->text - 1 - record->len, 0);

        if (n <= 0)
            return 0;
        record->len += (size_t)n;
        record->text[record->len] = 0;
        end = strstr(text, "\r\n\r\n");
        if (!end)
            continue;
        length = strstr(text, "Content-Length: ");
        want = (size_t)(end - text) + 4;
        if (length && length < end)
            want += strtoul(length + 16, NULL, 10);
    }
    return 1;
}

static inline void say(int fd, const char *text)
{
    if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
        _exit(1);
}

static void serve(int at, const struct turn *turns, size_t count,
                  struct record *record)
{
    struct linger hard = {1, 0};
    char hello[4096];
    int fd = -1;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (; count--; turns++) {
        if (fd < 0) {
            fd = accept(at, NULL, NULL);
            record->connections++;
        }
        if (turns->then >= HELLO ? recv(fd, hello, sizeof hello, 0) <= 0
                                 : !take_request(fd, record))
            _exit(0);
        if (turns->then == ALERT && send(fd, "\25\3\3\0\2\2\50", 7, 0) < 0)
            _exit(1);
        say(fd, turns->answer);
        if (turns->then == SILENT)
            pause();
        if (turns->then == RESET)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        if (turns->then != KEEP) {
            close(fd);
            fd = -1;
        }
    }
    if (fd >= 0)
        pause();
    _exit(0);
}

/* Forks a server that listens: to its own process pid is 0. */
static inline struct server fork_server(int *fd)
{
    struct server s;

    s.port = 0;
    *fd = listen_here(&s.port);
    s.record = (struct record *)mmap(NULL, sizeof *s.record,
                                     PROT_READ | PROT_WRITE,
                                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (s.record == MAP_FAILED)
        abort();
    s.pid = fork();
    if (s.pid)
        close(*fd);
    return s;
}

static inline struct server serve_script(const struct turn *turns, size_t count)
{
    int fd;
    struct server s = fork_server(&fd);

    if (!s.pid)
        serve(fd, turns, count, s.record);
    return s;
}

static inline void stop(struct server *s)
{
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
    if (s->record)
        munmap(s->record, sizeof *s->record);
}

static inline size_t times_in(const char *text, const char *part)
{
    size_t n = 0;

    while ((text = strstr(text, part)) != NULL) {
        n++;
        text += strlen(part);
    }
    return n;
}

/* ---- a call */

struct trial {
    char base[64], buf[65536];
    li_client me;
    li_req req;
    li_call call;
};

static inline struct trial *trial(const char *scheme, const char *host, unsigned port)
{
    static struct trial t;

    memset(&t, 0, sizeof t);
    snprintf(t.base, sizeof t.base, "%s://%s:%u", scheme, host, port);
    t.me.api_base = t.base;
    t.me.access_token = TOKEN;
    t.req.path = "/ok";
    return &t;
}

static inline struct trial *plain_trial(const struct server *s)
{
    return trial("http", "127.0.0.1", s->port);
}

static inline li_rc run(struct trial *t, li_transport *over)
{
    if (li_begin(&t->call, &t->me, &t->req, t->buf, sizeof t->buf))
        return t->call.rc;
    return li_run(&t->call, over);
}

/* ---- certificates, and openssl s_server */

/* Certificates: NAME.pem and NAME.key in the folder; ca.pem signs them. */
static const char make_certificates[] =
    "set -e; cd %s; exec 2>make.log\n"
    "ec='ec -pkeyopt ec_paramgen_curve:P-256'\n"
    "for c in ca mid rogue; do openssl req -x509 -newkey $ec -nodes "
    "-keyout $c.key -out $c.pem -days 30 -subj /CN=$c; done\n"
    "cat > ca.cnf <<E\n"
    "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\n"
    "new_certs_dir=.\ndefault_md=sha256\npolicy=p\nunique_subject=no\n"
    "[p]\ncommonName=supplied\n"
    "E\n"
    ": > index; echo 01 > serial\n"
    "csr() { openssl req -newkey $2 -nodes -keyout $1.key -out $1.csr "
    "-subj /CN=${3:-x}; }\n"
    "sign() { printf \"$2\" > ext; n=$1; ca=$3; shift 3; openssl x509 -req "
    "-in $n.csr -CA $ca.pem -CAkey $ca.key -CAcreateserial -extfile ext "
    "-out $n.pem \"$@\"; }\n"
    "san=subjectAltName=DNS:localhost\n"
    "for n in good other star expired future client leaf stray fake; do "
    "csr $n \"$ec\"; done\n"
    "csr cn \"$ec\" localhost; csr mail \"$ec\" localhost; csr ip \"$ec\"\n"
    "csr rsa1024 rsa:1024; csr rsa rsa:2048; csr sha1 \"$ec\"\n"
    "openssl req -newkey $ec -nodes -keyout mid.key -out mid.csr "
    "-subj /CN=mid\n"
    "sign mid basicConstraints=critical,CA:true ca -days 9\n"
    "sign good $san ca -days 9\n"
    "sign other subjectAltName=DNS:other.test ca -days 9\n"
    "sign star 'subjectAltName=DNS:*' ca -days 9\n"
    "sign expired $san ca -days -1\n"
    "sign client \"$san\\nextendedKeyUsage=clientAuth\" ca -days 9\n"
    "sign leaf $san mid -days 9\n"
    "sign stray $san rogue -days 9\n"
    "sign fake $san good -days 9\n"
    "sign cn basicConstraints=CA:false ca -days 9\n"
    "sign mail subjectAltName=email:a@b.test,URI:http://x/ ca -days 9\n"
    "sign ip $san,IP:127.0.0.1 ca -days 9\n"
    "sign rsa1024 $san ca -days 9; sign rsa $san ca -days 9\n"
    "sign sha1 $san ca -days 9 -sha1\n"
    "printf $san > ext; openssl ca -batch -config ca.cnf -cert ca.pem "
    "-keyfile ca.key -in future.csr -out future.pem -extfile ext -notext "
    "-startdate 20500101000000Z -enddate 20510101000000Z\n"
    "openssl req -x509 -newkey $ec -nodes -keyout self.key -out self.pem "
    "-days 9 -subj /CN=localhost -addext $san\n"
    "printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\n{}' > ok\n"
    "printf 'HTTP/1.1 200 OK\\r\\n\\r\\n{}' > tail\n";

static inline void make_folder(void)
{
    char command[8192];

    snprintf(folder, sizeof folder, "/tmp/li-adapters-XXXXXX");
    if (!mkdtemp(folder))
        abort();
    snprintf(command, sizeof command, make_certificates, folder);
    if (system(command)) {
        fprintf(stderr, "no certificates: see %s/make.log\n", folder);
        exit(1);
    }
}

static inline void remove_folder(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command))
        abort();
}

/* s_server with a certificate and more options, and its port, which it tells
   in a line of its own. */
static inline struct server tls_server(const char *name, const char *options)
{
    struct server s = {0, 0, NULL};
    char command[512], line[256];
    int out[2];
    FILE *f;

    if (pipe(out))
        abort();
    snprintf(command, sizeof command,
             "cd %s; exec openssl s_server -accept 127.0.0.1:0 "
             "-key %s.key -cert %s.pem %s 2>&1 </dev/null", folder, name,
             name, options);
    s.pid = fork();
    if (!s.pid) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* also where a test fails */
        dup2(out[1], 1);
        close(out[0]);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(1);
    }
    close(out[1]);
    f = fdopen(out[0], "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "ACCEPT 127.0.0.1:%u", &s.port) == 1)
            break;
    if (!f || !s.port)
        abort();
    return s; /* f stays open: the server writes to it */
}

/* ---- the network adapters, one like the other */

enum { CURL_WAY, MBEDTLS_WAY, WAYS };

static const char *const way_names[] = {"curl", "mbedtls"};

struct way {
    int which;
    li_curl curl;
    li_mbedtls tls;
    li_transport over;
};

static inline void way_open(struct way *w, int which, int nonblocking,
                            uint32_t connect_ms)
{
    memset(w, 0, sizeof *w);
    w->which = which;
    w->curl.ca_file = in_folder("ca.pem");
    w->curl.connect_ms = connect_ms;
    w->curl.nonblocking = (uint8_t)nonblocking;
    if (li_mbedtls_init(&w->tls, in_folder("ca.pem")))
        abort();
    w->tls.socket.connect_ms = connect_ms;
    w->tls.socket.nonblocking = (uint8_t)nonblocking;
    w->over = which == CURL_WAY ? li_curl_transport(&w->curl)
                                : li_mbedtls_transport(&w->tls);
}

static inline void way_close(struct way *w)
{
    li_hangup(&w->over);
    li_curl_free(&w->curl);
    li_mbedtls_free(&w->tls);
}

static inline int way_socket(const struct way *w)
{
    return w->which == CURL_WAY ? li_curl_socket(&w->curl) : w->tls.socket.fd;
}

/* Waits as an event loop does: for the socket, no longer than call.wake_ms. */
static inline void way_wait(const struct way *w, const li_call *call, li_rc rc)
{
    uint64_t now = li_platform_ms(NULL);
    struct pollfd p;

    p.fd = way_socket(w);
    p.events = rc == LI_WANT_READ ? POLLIN : POLLOUT;
    poll(&p, rc != LI_WANT_SLEEP && p.fd >= 0,
         call->wake_ms > now + 5000 ? 5000
         : call->wake_ms > now      ? (int)(call->wake_ms - now)
                                    : 0);
}

/* Runs a call to its end, blocking or not. */
static inline li_rc way_run(struct way *w, struct trial *t)
{
    li_rc rc = run(t, &w->over);
    unsigned turns = 0;

    for (; rc > 0 && turns < 100000; turns++) {
        way_wait(w, &t->call, rc);
        rc = li_run(&t->call, &w->over);
    }
    return rc;
}

#endif /* PEERS_H */
