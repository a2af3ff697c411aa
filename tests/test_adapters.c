/* The adapters against real peers on 127.0.0.1: a forked server that follows a
   script, and openssl s_server with certificates made on the spot.
   cc test_adapters.c -lcmocka -lcurl -lmbedtls -lmbedx509 -lmbedcrypto */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"
#include "../adapters/linkedin_curl.h"
#include "../adapters/linkedin_mbedtls.h"
#include "../adapters/linkedin_memory.h"
#include "../adapters/linkedin_platform.h"
#include "../adapters/linkedin_socket.h"

#include <mbedtls/rsa.h>

#include "test.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define TOKEN "the-secret-token"
#define OK2 "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

static char folder[64]; /* of this run: certificates, token file */

static const char *in_folder(const char *name)
{
    static char path[4][160];
    static unsigned turn;
    char *p = path[turn++ % 4];

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

static int listen_here(unsigned *port)
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
static int take_request(int fd, struct record *record)
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

static void say(int fd, const char *text)
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

static struct server serve_script(const struct turn *turns, size_t count)
{
    struct server s;
    int fd;

    s.port = 0;
    fd = listen_here(&s.port);
    s.record = (struct record *)mmap(NULL, sizeof *s.record,
                                     PROT_READ | PROT_WRITE,
                                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (s.record == MAP_FAILED)
        abort();
    s.pid = fork();
    if (!s.pid)
        serve(fd, turns, count, s.record);
    close(fd);
    return s;
}

static void stop(struct server *s)
{
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
    if (s->record)
        munmap(s->record, sizeof *s->record);
}

static size_t times_in(const char *text, const char *part)
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

static struct trial *trial(const char *scheme, const char *host, unsigned port)
{
    static struct trial t;

    memset(&t, 0, sizeof t);
    snprintf(t.base, sizeof t.base, "%s://%s:%u", scheme, host, port);
    t.me.api_base = t.base;
    t.me.access_token = TOKEN;
    t.req.path = "/ok";
    return &t;
}

static struct trial *plain_trial(const struct server *s)
{
    return trial("http", "127.0.0.1", s->port);
}

static li_rc run(struct trial *t, li_transport *over)
{
    if (li_begin(&t->call, &t->me, &t->req, t->buf, sizeof t->buf))
        return t->call.rc;
    return li_run(&t->call, over);
}

static li_rc run_curl(struct trial *t, li_curl *session)
{
    if (li_begin(&t->call, &t->me, &t->req, t->buf, sizeof t->buf))
        return t->call.rc;
    return li_curl_run(&t->call, session);
}

/* ---- memory */

static void memory_answers_and_records(void **state)
{
    static const li_str answers[] = {{OK2, sizeof OK2 - 1}};
    struct trial *t = trial("https", "api.test", 443);
    char sent[1024];
    li_memory m;
    li_transport over;

    (void)state;
    memset(&m, 0, sizeof m);
    m.answers = answers;
    m.count = 1;
    m.sent = sent;
    m.sent_cap = sizeof sent;
    over = li_memory_transport(&m);
    assert_int_equal(run(t, &over), LI_OK);
    assert_text(t->call.body, LI_STR("{}"));
    assert_string_equal(m.host, "api.test");
    assert_int_equal(m.port, 443);
    assert_int_equal(m.tls, 1);
    assert_memory_equal(sent, "GET /ok HTTP/1.1\r\n", 18);
    li_hangup(&over);
    assert_int_equal(m.opened, 1);
    assert_int_equal(m.closed, 1);
}

/* Every size of piece, every rhythm of would-block: the same result. */
static void memory_pieces_and_blocks(void **state)
{
    static const li_str answers[] = {{OK2, sizeof OK2 - 1}};
    struct trial *t = trial("https", "api.test", 443);
    unsigned block, turns;
    size_t piece;

    (void)state;
    for (piece = 0; piece < 4; piece++)
        for (block = 0; block < 4; block++) {
            li_memory m;
            li_transport over;
            li_rc rc;

            memset(&m, 0, sizeof m);
            m.answers = answers;
            m.count = 1;
            m.piece = piece;
            m.block_every = block;
            over = li_memory_transport(&m);
            rc = run(t, &over);
            for (turns = 0; rc > 0 && turns < 2000; turns++)
                rc = li_run(&t->call, &over);
            assert_int_equal(rc, LI_OK);
            assert_true((turns > 0) == (block > 0));
            assert_text(t->call.body, LI_STR("{}"));
        }
}

static void memory_connections(void **state)
{
    static const li_str answers[] = {{OK2, sizeof OK2 - 1},
                                     {NULL, 0},
                                     {OK2, sizeof OK2 - 1},
                                     {OK2, sizeof OK2 - 1}};
    struct trial *t = trial("https", "api.test", 443);
    li_memory m;
    li_transport over;
    unsigned i;

    (void)state;
    memset(&m, 0, sizeof m);
    m.answers = answers;
    m.count = COUNT(answers);
    over = li_memory_transport(&m);
    for (i = 0; i < 3; i++) {
        assert_int_equal(run(t, &over), LI_OK);
        assert_int_equal(m.opened, i ? 2 : 1);
    }
    assert_int_equal(run(t, &over), LI_E_CLOSED);
}

static void memory_end_can_be_an_error(void **state)
{
    struct trial *t = trial("https", "api.test", 443);
    li_memory m;
    li_transport over;

    (void)state;
    memset(&m, 0, sizeof m);
    m.end = LI_E_TIMEOUT;
    over = li_memory_transport(&m);
    assert_int_equal(run(t, &over), LI_E_TIMEOUT);
}

static void memory_full_record_is_an_error(void **state)
{
    struct trial *t = trial("https", "api.test", 443);
    char sent[8];
    li_memory m;
    li_transport over;

    (void)state;
    memset(&m, 0, sizeof m);
    m.sent = sent;
    m.sent_cap = sizeof sent;
    over = li_memory_transport(&m);
    assert_int_equal(run(t, &over), LI_E_SPACE);
}

/* ---- platform */

static void platform_clocks(void **state)
{
    uint64_t before = li_platform_ms(), after;

    (void)state;
    li_platform_sleep(30);
    after = li_platform_ms();
    assert_true(after - before >= 29 && after - before < 9000);
    assert_true(li_platform_now(NULL) > 1700000000);
}

static void platform_random(void **state)
{
    static char a[1000], b[1000];
    size_t i, zero = 0;

    (void)state;
    assert_int_equal(li_platform_random(NULL, a, sizeof a), LI_OK);
    assert_int_equal(li_platform_random(NULL, b, sizeof b - 1), LI_OK);
    assert_true(memcmp(a, b, sizeof a) != 0);
    for (i = 0; i < sizeof a; i++)
        zero += !a[i];
    assert_true(zero < 30);
    assert_int_equal(b[sizeof b - 1], 0);
}

static char token_mem[LI_TOKEN_MEM];

static li_token empty_token(void)
{
    li_token token;

    memset(&token, 0, sizeof token);
    token.mem = token_mem;
    token.cap = sizeof token_mem;
    return token;
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    assert_int_equal(chmod(path, mode), 0);
}

#define STORED "{\"access_token\":\"abc\",\"expires_in\":60,\"issued_at\":7}"

static void token_file_round_trip(void **state)
{
    li_platform here = {.token_path = in_folder("token")};
    li_token token = empty_token();
    struct stat st;

    (void)state;
    unlink(here.token_path);
    assert_int_equal(li_platform_load(&here, &token), LI_E_MISSING);
    token.access_token = LI_STR("abc");
    token.expires_in = 60;
    token.issued_at = 7;
    umask(0);
    assert_int_equal(li_platform_save(&here, &token), LI_OK);
    umask(022);
    assert_int_equal(stat(here.token_path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    token = empty_token();
    token.refresh_token = LI_STR("of another");
    assert_int_equal(li_platform_load(&here, &token), LI_OK);
    assert_null(here.why);
    assert_text(token.access_token, LI_STR("abc"));
    assert_null(token.refresh_token.ptr);
    assert_int_equal(token.expires_in, 60);
    assert_int_equal(token.issued_at, 7);
}

static void token_file_without_a_path(void **state)
{
    li_platform here = {.token_path = NULL, .why = NULL};
    li_token token = empty_token();

    (void)state;
    token.access_token = LI_STR("abc");
    assert_int_equal(li_platform_save(&here, &token), LI_E_STORE);
    assert_string_equal(here.why, "no token_path is set");
    here.why = NULL;
    assert_int_equal(li_platform_load(&here, &token), LI_E_STORE);
    assert_string_equal(here.why, "no token_path is set");
}

static void token_file_modes(void **state)
{
    static const mode_t modes[] = {0644, 0640, 0604, 0620, 0602, 0610};
    li_platform here = {.token_path = in_folder("token")};
    li_token token = empty_token();
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(modes); i++) {
        write_file(here.token_path, STORED, modes[i]);
        here.why = NULL;
        assert_int_equal(li_platform_load(&here, &token), LI_E_STORE);
        assert_non_null(strstr(here.why, "chmod 600"));
        assert_null(token.access_token.ptr);
    }
    chmod(here.token_path, 0600);
    assert_int_equal(li_platform_load(&here, &token), LI_OK);
}

static void token_file_is_replaced_whole(void **state)
{
    li_platform here = {.token_path = in_folder("token")};
    li_token token = empty_token();
    DIR *dir;
    struct dirent *e;
    struct stat before, after;
    int fd, left = 0;
    char old[sizeof STORED] = "";

    (void)state;
    write_file(here.token_path, STORED, 0600);
    fd = open(here.token_path, O_RDONLY);
    assert_int_equal(fstat(fd, &before), 0);
    token.access_token = LI_STR("new");
    assert_int_equal(li_platform_save(&here, &token), LI_OK);
    assert_int_equal(read(fd, old, sizeof old - 1), sizeof old - 1);
    assert_string_equal(old, STORED); /* a reader keeps the old one whole */
    close(fd);
    assert_int_equal(stat(here.token_path, &after), 0);
    assert_true(before.st_ino != after.st_ino);
    dir = opendir(folder);
    while ((e = readdir(dir)) != NULL)
        left += !strncmp(e->d_name, "token.", 6);
    closedir(dir);
    assert_int_equal(left, 0);
}

struct bad_file {
    int line;
    const char *what, *text;
    li_rc rc;
};

static const struct bad_file bad_files[] = {
    {__LINE__, "empty token file", "", LI_E_JSON},
    {__LINE__, "token file that is no JSON", "abc", LI_E_JSON},
    {__LINE__, "token file without a token", "{}", LI_E_MISSING},
};

static void bad_file_is_refused(void **state)
{
    const struct bad_file *row = (const struct bad_file *)*state;
    li_platform here = {.token_path = in_folder("token")};
    li_token token = empty_token();

    token.refresh_token = LI_STR("kept");
    write_file(here.token_path, row->text, 0600);
    assert_int_equal(li_platform_load(&here, &token), row->rc);
    assert_non_null(here.why);
    assert_text(token.refresh_token, LI_STR("kept"));
}

static void token_file_must_be_a_plain_file(void **state)
{
    li_platform here = {.token_path = in_folder("pipe")};
    li_token token = empty_token();

    (void)state;
    assert_int_equal(mkfifo(here.token_path, 0600), 0);
    assert_int_equal(li_platform_load(&here, &token), LI_E_STORE);
    assert_non_null(strstr(here.why, "plain file"));
    here.token_path = in_folder("no/such/folder");
    assert_int_equal(li_platform_save(&here, &token), LI_E_STORE);
    assert_non_null(here.why);
}

static void token_file_too_large(void **state)
{
    static char large[LI_PLATFORM_FILE + 2];
    li_platform here = {.token_path = in_folder("token")};
    li_token token = empty_token();

    (void)state;
    memset(large, ' ', sizeof large - 1);
    write_file(here.token_path, large, 0600);
    assert_int_equal(li_platform_load(&here, &token), LI_E_STORE);
    token.access_token = li_cstr(large);
    assert_int_equal(li_platform_save(&here, &token), LI_E_STORE);
    assert_non_null(strstr(here.why, "too large"));
}

/* ---- sockets */

static void socket_keeps_its_connection(void **state)
{
    static const struct turn turns[] = {{OK2, KEEP}, {OK2, KEEP}};
    struct server s = serve_script(turns, 2);
    struct trial *t = plain_trial(&s);
    li_socket net;
    li_transport over;

    (void)state;
    memset(&net, 0, sizeof net);
    over = li_socket_transport(&net);
    assert_int_equal(run(t, &over), LI_OK);
    assert_int_equal(run(t, &over), LI_OK);
    assert_text(t->call.body, LI_STR("{}"));
    assert_int_equal(s.record->connections, 1);
    assert_true(li_socket_alive(&net));
    stop(&s);
    assert_false(li_socket_alive(&net));
    li_hangup(&over);
    assert_false(li_socket_alive(&net));
    assert_int_equal(li_socket_send(&net, "x", 1), LI_E_IO);
}

static void socket_repeats_on_a_dead_connection(void **state)
{
    static const struct turn turns[] = {{OK2, CLOSE}, {OK2, CLOSE}};
    struct server s = serve_script(turns, 2);
    struct trial *t = plain_trial(&s);
    li_socket net;
    li_transport over;

    (void)state;
    memset(&net, 0, sizeof net);
    over = li_socket_transport(&net);
    assert_int_equal(run(t, &over), LI_OK);
    assert_int_equal(run(t, &over), LI_OK);
    assert_int_equal(s.record->connections, 2);
    li_hangup(&over);
    stop(&s);
}

static void socket_without_blocking(void **state)
{
    static const struct turn turns[] = {{OK2, KEEP}};
    struct server s = serve_script(turns, 1);
    struct trial *t = plain_trial(&s);
    li_socket net;
    li_transport over;
    li_rc rc;

    (void)state;
    memset(&net, 0, sizeof net);
    net.nonblocking = 1;
    over = li_socket_transport(&net);
    kill(s.pid, SIGSTOP);
    rc = run(t, &over);
    assert_int_equal(rc, LI_WANT_READ);
    kill(s.pid, SIGCONT);
    for (; rc > 0; rc = li_run(&t->call, &over)) {
        struct pollfd p;

        assert_true(rc == LI_WANT_READ || rc == LI_WANT_WRITE);
        p.fd = net.fd;
        p.events = rc == LI_WANT_READ ? POLLIN : POLLOUT;
        assert_int_equal(poll(&p, 1, 5000), 1);
    }
    assert_int_equal(rc, LI_OK);
    li_hangup(&over);
    stop(&s);
}

static void socket_refuses_tls(void **state)
{
    struct trial *t = trial("https", "127.0.0.1", 9);
    li_socket net;
    li_transport over;

    (void)state;
    memset(&net, 0, sizeof net);
    over = li_socket_transport(&net);
    assert_int_equal(run(t, &over), LI_E_TLS);
    assert_non_null(strstr(net.why, "no TLS"));
}

static void socket_refused(void **state)
{
    unsigned port = 0;
    struct trial *t;
    li_socket net;
    li_transport over;

    (void)state;
    close(listen_here(&port));
    t = trial("http", "localhost", port);
    memset(&net, 0, sizeof net);
    over = li_socket_transport(&net);
    assert_int_equal(run(t, &over), LI_E_IO);
    assert_non_null(strstr(net.why, "refused"));
}

static void socket_hosts(void **state)
{
    li_socket net;
    unsigned port = 0;
    int fd = listen_here(&port), rc;

    (void)state;
    memset(&net, 0, sizeof net);
    assert_int_equal(li_socket_connect(&net, "127.0.0.1", port), 0);
    assert_int_equal(li_socket_connect(&net, "localhost", port), 0);
    rc = li_socket_connect(&net, "[::1]", port); /* nobody listens there */
    assert_true(rc == LI_E_IO);
    /* an empty label: no resolver asks anybody about it */
    assert_int_equal(li_socket_connect(&net, "a..b", 1), LI_E_DNS);
    assert_int_equal(li_socket_connect(&net, "", port), LI_E_DNS);
    assert_int_equal(li_socket_connect(&net, "[]", port), LI_E_DNS);
    li_socket_close(&net);
    li_socket_close(&net);
    close(fd);
}

struct late {
    int line;
    const char *what;
    uint32_t io_ms, deadline_ms; /* from now */
    uint8_t nonblocking;
    unsigned least;
};

static const struct late lates[] = {
    {__LINE__, "a silent peer", 150, 0, 0, 140},
    {__LINE__, "a deadline before that", 9000, 150, 0, 150},
    {__LINE__, "a deadline behind that", 150, 9000, 0, 140},
    {__LINE__, "a deadline, not blocking", 0, 150, 1, 150},
    {__LINE__, "a deadline that has passed", 0, 1, 0, 0},
};

static void late_is_a_timeout(void **state)
{
    static const struct turn turns[] = {{"HTTP/1.1 200 OK\r\n", SILENT}};
    const struct late *row = (const struct late *)*state;
    struct server s = serve_script(turns, 1);
    struct trial *t = plain_trial(&s);
    uint64_t start = li_platform_ms(), took;
    li_socket net;
    li_transport over;
    li_rc rc;

    memset(&net, 0, sizeof net);
    net.io_ms = row->io_ms;
    net.deadline_ms = row->deadline_ms ? start + row->deadline_ms : 0;
    net.nonblocking = row->nonblocking;
    over = li_socket_transport(&net);
    if (row->deadline_ms == 1)
        li_platform_sleep(2);
    for (rc = run(t, &over); rc > 0; rc = li_run(&t->call, &over))
        li_platform_sleep(5);
    took = li_platform_ms() - start;
    assert_int_equal(rc, LI_E_TIMEOUT);
    assert_true(took >= row->least && took < 6000);
    stop(&s);
}

/* A listener whose queue is full answers no SYN. */
static void socket_connect_times_out(void **state)
{
    uint64_t start;
    unsigned port = 0, i;
    int fd = listen_here(&port), fill[64];
    struct sockaddr_in a;
    li_socket net;

    (void)state;
    listen(fd, 0);
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    a.sin_port = htons((uint16_t)port);
    for (i = 0; i < COUNT(fill); i++) {
        fill[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (connect(fill[i], (struct sockaddr *)&a, sizeof a) &&
            errno != EINPROGRESS)
            abort();
    }
    memset(&net, 0, sizeof net);
    net.connect_ms = 200;
    start = li_platform_ms();
    assert_int_equal(li_socket_connect(&net, "127.0.0.1", port),
                     LI_E_TIMEOUT);
    assert_true(li_platform_ms() - start < 2000);
    for (i = 0; i < COUNT(fill); i++)
        close(fill[i]);
    close(fd);
}

/* Signals without SA_RESTART break system calls off. */
static void on_alarm(int sig)
{
    (void)sig;
}

static void socket_survives_signals(void **state)
{
    static const struct turn turns[] = {{OK2, KEEP}};
    struct server s = serve_script(turns, 1);
    struct trial *t = plain_trial(&s);
    struct sigaction act;
    struct itimerval every = {{0, 3000}, {0, 3000}}, off;
    li_socket net;
    li_transport over;
    li_rc rc;

    (void)state;
    memset(&off, 0, sizeof off);
    memset(&act, 0, sizeof act);
    act.sa_handler = on_alarm;
    sigaction(SIGALRM, &act, NULL);
    memset(&net, 0, sizeof net);
    over = li_socket_transport(&net);
    kill(s.pid, SIGSTOP);
    setitimer(ITIMER_REAL, &every, NULL);
    if (!fork()) {
        usleep(100000);
        kill(s.pid, SIGCONT);
        _exit(0);
    }
    rc = run(t, &over);
    setitimer(ITIMER_REAL, &off, NULL);
    while (wait(NULL) < 0 && errno == EINTR)
        continue;
    assert_int_equal(rc, LI_OK);
    li_hangup(&over);
    stop(&s);
}

/* ---- curl: what is sent */

static size_t read_abc(void *user, uint64_t at, char *dst, size_t cap)
{
    (void)user;
    if (!cap)
        return 0;
    *dst = "abcdefgh"[at];
    return 1;
}

static size_t read_nothing(void *user, uint64_t at, char *dst, size_t cap)
{
    (void)user;
    (void)at;
    (void)dst;
    (void)cap;
    return 0;
}

struct sent {
    int line;
    const char *what, *method, *body, *form;
    uint64_t read_len;
    const char *first, *has, *lacks;
};

static const struct sent sents[] = {
    {__LINE__, "curl GET", NULL, NULL, NULL, 0, "GET /ok HTTP/1.1\r\n",
     "\r\nAuthorization: Bearer " TOKEN "\r\n", "Content-"},
    {__LINE__, "curl sends no header of its own", NULL, NULL, NULL, 0,
     "GET /ok", "\r\nAccept-Encoding: identity\r\n", "Accept:"},
    {__LINE__, "curl DELETE", "DELETE", NULL, NULL, 0, "DELETE /ok HTTP/1.1",
     "Bearer", "Content-Length"},
    {__LINE__, "curl HEAD", "HEAD", NULL, NULL, 0, "HEAD /ok HTTP/1.1",
     "Bearer", "Content-Length"},
    {__LINE__, "curl POST", NULL, "{\"a\":1}", NULL, 0, "POST /ok HTTP/1.1",
     "\r\nContent-Length: 7\r\n", "Expect"},
    {__LINE__, "curl POST's body", NULL, "{\"a\":1}", NULL, 0, "POST /ok",
     "\r\n\r\n{\"a\":1}", "urlencoded"},
    {__LINE__, "curl POST of nothing", "POST", NULL, NULL, 0,
     "POST /ok HTTP/1.1", "\r\nContent-Length: 0\r\n", "Content-Type"},
    {__LINE__, "curl PUT", "PUT", "xyz", NULL, 0, "PUT /ok HTTP/1.1",
     "\r\n\r\nxyz", "Expect"},
    {__LINE__, "curl GET with a body", "GET", "xyz", NULL, 0, "GET /ok HTTP",
     "\r\n\r\nxyz", "Expect"},
    {__LINE__, "curl PATCH", "PATCH", "xyz", NULL, 0, "PATCH /ok HTTP/1.1",
     "application/json\r\n", "POST"},
    {__LINE__, "curl form", NULL, NULL, "p&q", 0, "POST /ok HTTP/1.1",
     "\r\n\r\nname=p%26q", "application/json"},
    {__LINE__, "curl reader", NULL, NULL, NULL, 8, "POST /ok HTTP/1.1",
     "\r\nContent-Length: 8\r\n", "chunked"},
    {__LINE__, "curl reader's body", NULL, NULL, NULL, 8, "POST /ok HTTP/1.1",
     "\r\n\r\nabcdefgh", "chunked"},
};

static void curl_sends(void **state)
{
    static const struct turn turns[] = {{OK2, CLOSE}};
    const struct sent *row = (const struct sent *)*state;
    struct server s = serve_script(turns, 1);
    struct trial *t = plain_trial(&s);
    static const char *const more[] = {"X-Empty", "", "X-More", "m", NULL};
    li_rc rc;

    t->req.method = row->method;
    t->req.headers = more;
    t->req.body = li_cstr(row->body);
    if (row->form) {
        t->req.form[0] = "name";
        t->req.form[1] = row->form;
    }
    t->req.read = row->read_len ? read_abc : NULL;
    t->req.read_len = row->read_len;
    rc = run_curl(t, NULL);
    assert_int_equal(rc, LI_OK);
    assert_int_equal(t->call.status, 200);
    assert_int_equal(t->call.sent, 1);
    if (!row->method || strcmp(row->method, "HEAD"))
        assert_text(t->call.body, LI_STR("{}"));
    assert_memory_equal(s.record->text, row->first, strlen(row->first));
    assert_non_null(strstr(s.record->text, row->has));
    assert_null(strstr(s.record->text, row->lacks));
    assert_non_null(strstr(s.record->text, "\r\nX-Empty:"));
    assert_non_null(strstr(s.record->text, "\r\nX-More: m\r\n"));
    assert_int_equal(times_in(s.record->text, "\r\nHost: "), 1);
    assert_int_equal(times_in(s.record->text, "\r\nUser-Agent: "), 1);
    stop(&s);
}

/* ---- curl: what comes back */

struct answer {
    int line;
    const char *what;
    struct turn turn;
    li_rc rc;
    int status;
    const char *body;
};

static const struct answer answers[] = {
    {__LINE__, "curl: 404 is an answer",
     {"HTTP/1.1 404 No\r\nContent-Length: 1\r\n\r\nx", CLOSE}, LI_OK, 404,
     "x"},
    {__LINE__, "curl: chunked",
     {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n", CLOSE}, LI_OK, 200, "abc"},
    {__LINE__, "curl: interim answers are passed over",
     {"HTTP/1.1 103 Early\r\nLocation: /wrong\r\n\r\n"
      "HTTP/1.1 201 Made\r\nLocation: /right\r\nContent-Length: 0\r\n\r\n",
      CLOSE}, LI_OK, 201, ""},
    {__LINE__, "curl: a redirect is an answer",
     {"HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1:1/\r\n"
      "Content-Length: 0\r\n\r\n", CLOSE}, LI_OK, 302, ""},
    {__LINE__, "curl: a body up to the end",
     {"HTTP/1.1 200 OK\r\n\r\nabc", CLOSE}, LI_OK, 200, "abc"},
    {__LINE__, "curl: 204",
     {"HTTP/1.1 204 No\r\n\r\n", CLOSE}, LI_OK, 204, ""},
    {__LINE__, "curl: a body cut short",
     {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", CLOSE}, LI_E_CLOSED,
     200, NULL},
    {__LINE__, "curl: a head cut short",
     {"HTTP/1.1 200 OK\r\nContent-Le", CLOSE}, LI_E_CLOSED, 200, NULL},
    {__LINE__, "curl: nothing", {"", CLOSE}, LI_E_CLOSED, 0, NULL},
    {__LINE__, "curl: a reset", {"", RESET}, LI_E_IO, 0, NULL},
    {__LINE__, "curl: a folded header",
     {"HTTP/1.1 200 OK\r\nX-A: 1\r\n b\r\nContent-Length: 0\r\n\r\n", CLOSE},
     LI_E_PROTOCOL, 200, NULL},
    {__LINE__, "curl: not HTTP", {"hello\r\n\r\n", CLOSE}, LI_E_PROTOCOL, 0,
     NULL},
    {__LINE__, "curl: silence", {"HTTP/1.1 200 OK\r\n", SILENT},
     LI_E_TIMEOUT, 200, NULL},
};

static void curl_answers(void **state)
{
    const struct answer *row = (const struct answer *)*state;
    struct server s = serve_script(&row->turn, 1);
    struct trial *t = plain_trial(&s);
    li_curl curl;
    li_rc rc;

    memset(&curl, 0, sizeof curl);
    curl.timeout_ms = row->rc == LI_E_TIMEOUT ? 300 : 5000;
    rc = run_curl(t, &curl);
    assert_int_equal(rc, row->rc);
    assert_int_equal(t->call.rc, row->rc);
    assert_int_equal(t->call.status, row->status);
    assert_int_equal(t->call.sent, 1);
    assert_true(!curl.why[0] == !row->rc);
    assert_int_equal(s.record->connections, 1);
    if (row->body)
        assert_text(t->call.body, li_cstr(row->body));
    if (row->status == 201)
        assert_text(li_header(&t->call, LI_H_LOCATION), LI_STR("/right"));
    assert_int_equal(li_step(&t->call), row->rc);
    li_curl_free(&curl);
    li_curl_free(&curl);
    stop(&s);
}

static void curl_keeps_its_connection(void **state)
{
    static const struct turn turns[] = {{OK2, KEEP}, {OK2, KEEP}, {OK2, KEEP}};
    struct server s = serve_script(turns, 3);
    struct trial *t = plain_trial(&s);
    li_curl curl;
    size_t i;

    (void)state;
    memset(&curl, 0, sizeof curl);
    assert_int_equal(run_curl(t, &curl), LI_OK);
    t->req.body = LI_STR("abc");
    assert_int_equal(run_curl(t, &curl), LI_OK);
    t->req.body = LI_STR("");
    t->req.path = "/third";
    assert_int_equal(run_curl(t, &curl), LI_OK);
    assert_int_equal(s.record->connections, 1);
    assert_non_null(strstr(s.record->text, "GET /third HTTP/1.1\r\n"));
    for (i = 0; i < curl.priv.cap; i++)
        assert_int_equal(curl.priv.mem[i], 0);
    li_curl_free(&curl);
    stop(&s);
}

/* The server takes the second request off a kept connection, and drops it. */
struct dropped {
    int line;
    const char *what, *method, *body;
    li_rc rc;
    unsigned requests;
};

static const struct dropped droppeds[] = {
    {__LINE__, "curl: GET is repeated", "GET", NULL, LI_OK, 3},
    {__LINE__, "curl: PUT is repeated", "PUT", "xyz", LI_OK, 3},
    {__LINE__, "curl: POST is not", "POST", "xyz", LI_E_CLOSED, 2},
    {__LINE__, "curl: POST of nothing is not", "POST", NULL, LI_E_CLOSED, 2},
    {__LINE__, "curl: PATCH is not", "PATCH", "xyz", LI_E_CLOSED, 2},
};

static void curl_repeats_what_is_safe(void **state)
{
    static const struct turn turns[] = {{OK2, KEEP}, {"", CLOSE}, {OK2, KEEP}};
    static const struct turn fresh[] = {{OK2, CLOSE}, {"", CLOSE},
                                        {OK2, KEEP}};
    const struct dropped *row = (const struct dropped *)*state;
    int own = row->rc && !row->body;
    struct server s = serve_script(own ? fresh : turns, 3);
    struct trial *t = plain_trial(&s);
    li_curl curl;
    li_rc rc;

    memset(&curl, 0, sizeof curl);
    assert_int_equal(run_curl(t, &curl), LI_OK);
    t->req.method = row->method;
    t->req.body = li_cstr(row->body);
    rc = run_curl(t, &curl);
    assert_int_equal(times_in(s.record->text, " /ok HTTP/1.1"),
                     row->requests);
    assert_int_equal(rc, row->rc);
    li_curl_free(&curl);
    stop(&s);
}

static li_rc refuse(void *user, li_str piece)
{
    (void)user;
    (void)piece;
    return LI_E_CANCELLED;
}

static void curl_stops_for_us(void **state)
{
    static const struct turn turns[] = {{OK2, CLOSE}, {OK2, CLOSE}};
    struct server s = serve_script(turns, 2);
    struct trial *t = plain_trial(&s);
    li_curl curl;

    (void)state;
    memset(&curl, 0, sizeof curl);
    t->req.sink = refuse;
    assert_int_equal(run_curl(t, &curl), LI_E_CANCELLED);
    t->req.sink = NULL;
    t->req.read = read_nothing;
    t->req.read_len = 5;
    assert_int_equal(run_curl(t, &curl), LI_E_CANCELLED);
    assert_string_equal(curl.why, li_strerror(LI_E_CANCELLED));
    li_curl_free(&curl);
    stop(&s);
}

static void curl_small_buffer(void **state)
{
    static char answer[2048];
    struct turn turn = {answer, CLOSE};
    struct server s;
    struct trial *t;

    (void)state;
    snprintf(answer, sizeof answer,
             "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n%01000d", 7);
    s = serve_script(&turn, 1);
    t = plain_trial(&s);
    li_begin(&t->call, &t->me, &t->req, t->buf, 512);
    assert_int_equal(li_curl_run(&t->call, NULL), LI_E_SPACE);
    assert_int_equal(t->call.need, 1000);
    stop(&s);
}

static void curl_limits(void **state)
{
    static char path[9000];
    struct trial *t = trial("http", "127.0.0.1", 1);

    (void)state;
    memset(path, 'a', sizeof path - 1);
    path[0] = '/';
    t->req.path = path;
    assert_int_equal(run_curl(t, NULL), LI_E_LIMIT);
    t->req.path = "/ok";
    assert_int_equal(run_curl(t, NULL), LI_E_IO);
    assert_int_equal(t->call.sent, 0);
    t->req.path = "no-slash";
    assert_int_equal(run_curl(t, NULL), LI_E_ARG);
}

/* A plain connection stays on this machine, whatever the environment says. */
static void curl_no_proxy_for_plain(void **state)
{
    static const struct turn turns[] = {{OK2, CLOSE}};
    struct server s = serve_script(turns, 1);
    struct trial *t = plain_trial(&s);
    li_rc rc;

    (void)state;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    rc = run_curl(t, NULL);
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    assert_int_equal(rc, LI_OK);
    stop(&s);
}

/* ---- TLS: openssl s_server */

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
    "for n in good other expired future client leaf stray fake; do "
    "csr $n \"$ec\"; done\n"
    "csr cn \"$ec\" localhost; csr ip \"$ec\"\n"
    "csr rsa1024 rsa:1024; csr sha1 \"$ec\"\n"
    "openssl req -newkey $ec -nodes -keyout mid.key -out mid.csr "
    "-subj /CN=mid\n"
    "sign mid basicConstraints=critical,CA:true ca -days 9\n"
    "sign good $san ca -days 9\n"
    "sign other subjectAltName=DNS:other.test ca -days 9\n"
    "sign expired $san ca -days -1\n"
    "sign client \"$san\\nextendedKeyUsage=clientAuth\" ca -days 9\n"
    "sign leaf $san mid -days 9\n"
    "sign stray $san rogue -days 9\n"
    "sign fake $san good -days 9\n"
    "sign cn basicConstraints=CA:false ca -days 9\n"
    "sign ip $san,IP:127.0.0.1 ca -days 9\n"
    "sign rsa1024 $san ca -days 9\n"
    "sign sha1 $san ca -days 9 -sha1\n"
    "printf $san > ext; openssl ca -batch -config ca.cnf -cert ca.pem "
    "-keyfile ca.key -in future.csr -out future.pem -extfile ext -notext "
    "-startdate 20500101000000Z -enddate 20510101000000Z\n"
    "openssl req -x509 -newkey $ec -nodes -keyout self.key -out self.pem "
    "-days 9 -subj /CN=localhost -addext $san\n"
    "printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\n{}' > ok\n"
    "printf 'HTTP/1.1 200 OK\\r\\n\\r\\n{}' > tail\n";

static void make_folder(void)
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

static void remove_folder(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command))
        abort();
}

/* s_server with a certificate and more options, and its port, which it tells
   in a line of its own. */
static struct server tls_server(const char *name, const char *options)
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

#define OLD "-HTTP -cipher DEFAULT@SECLEVEL=0 "
#define IP_NAMES (MBEDTLS_VERSION_NUMBER >= 0x03050000)

struct tls {
    int line;
    const char *what, *certificate, *options, *host;
    li_rc rc;      /* over mbedTLS, and */
    const char *why;
    li_rc curl_rc; /* over curl */
};

static const struct tls tlses[] = {
    {__LINE__, "TLS: good", "good", "-HTTP", "localhost", LI_OK, "", LI_OK},
    {__LINE__, "TLS: good, 1.2 only", "good", "-HTTP -tls1_2", "localhost",
     LI_OK, "", LI_OK},
    {__LINE__, "TLS: whole chain", "leaf", "-HTTP -cert_chain mid.pem",
     "localhost", LI_OK, "", LI_OK},
    {__LINE__, "TLS: intermediate missing", "leaf", "-HTTP", "localhost",
     LI_E_TLS, "not trusted", LI_E_TLS},
    {__LINE__, "TLS: other host", "other", "-HTTP", "localhost", LI_E_TLS,
     "for another host", LI_E_TLS},
    {__LINE__, "TLS: expired", "expired", "-HTTP", "localhost", LI_E_TLS,
     "expired", LI_E_TLS},
    {__LINE__, "TLS: not yet valid", "future", "-HTTP", "localhost", LI_E_TLS,
     "is this device's clock right", LI_E_TLS},
    {__LINE__, "TLS: self-signed", "self", "-HTTP", "localhost", LI_E_TLS,
     "not trusted by the CA bundle", LI_E_TLS},
    {__LINE__, "TLS: unknown CA", "stray", "-HTTP -cert_chain rogue.pem",
     "localhost", LI_E_TLS, "not trusted by the CA bundle", LI_E_TLS},
    {__LINE__, "TLS: signed by no CA", "fake", "-HTTP -cert_chain good.pem",
     "localhost", LI_E_TLS, "not trusted by the CA bundle", LI_E_TLS},
    {__LINE__, "TLS: for clients only", "client", "-HTTP", "localhost",
     LI_E_TLS, "not made for a server", LI_E_TLS},
    {__LINE__, "TLS: RSA 1024", "rsa1024", OLD, "localhost", LI_E_TLS,
     "weak key", LI_E_TLS},
    {__LINE__, "TLS: SHA-1", "sha1", OLD, "localhost", LI_E_TLS, "weak hash",
     LI_E_TLS},
    {__LINE__, "TLS: name in CN only", "cn", "-HTTP", "localhost", LI_E_TLS,
     "for another host", LI_OK},
    {__LINE__, "TLS: name certificate, asked by address", "good", "-HTTP",
     "127.0.0.1", LI_E_TLS, IP_NAMES ? "for another host" : "IP address",
     LI_E_TLS},
    {__LINE__, "TLS: address certificate, asked by address", "ip", "-HTTP",
     "127.0.0.1", IP_NAMES ? LI_OK : LI_E_TLS, IP_NAMES ? "" : "IP address",
     LI_OK},
    {__LINE__, "TLS: 1.1 only", "good", OLD "-tls1_1", "localhost", LI_E_TLS,
     "", LI_E_TLS},
    {__LINE__, "TLS: 1.0 only", "good", OLD "-tls1", "localhost", LI_E_TLS,
     "", LI_E_TLS},
};

static void over_mbedtls(void **state)
{
    const struct tls *row = (const struct tls *)*state;
    struct server s = tls_server(row->certificate, row->options);
    struct trial *t = trial("https", row->host, s.port);
    li_mbedtls tls;
    li_transport over;
    li_rc rc;

    assert_int_equal(li_mbedtls_init(&tls, in_folder("ca.pem")), LI_OK);
    over = li_mbedtls_transport(&tls);
    rc = run(t, &over);
    if (rc != row->rc || !strstr(tls.why, row->why))
        print_error("%s\n", tls.why);
    assert_int_equal(rc, row->rc);
    assert_non_null(strstr(tls.why, row->why));
    assert_true(!tls.why[0] == !rc);
    if (!rc)
        assert_text(t->call.body, LI_STR("{}"));
    assert_int_equal(t->call.sent, !rc);
    li_hangup(&over);
    li_mbedtls_free(&tls);
    stop(&s);
}

static void over_curl(void **state)
{
    const struct tls *row = (const struct tls *)*state;
    struct server s = tls_server(row->certificate, row->options);
    struct trial *t = trial("https", row->host, s.port);
    li_curl curl;

    memset(&curl, 0, sizeof curl);
    curl.ca_file = in_folder("ca.pem");
    assert_int_equal(run_curl(t, &curl), row->curl_rc);
    assert_int_equal(t->call.sent, !row->curl_rc);
    assert_true(!curl.why[0] == !row->curl_rc);
    li_curl_free(&curl);
    stop(&s);
}

/* Peers that do not get as far as a certificate. */
struct stranger {
    int line;
    const char *what;
    struct turn turn;
    li_rc rc, curl_rc;
};

static const struct stranger strangers[] = {
    {__LINE__, "TLS: closed at once", {"", HELLO}, LI_E_CLOSED, LI_E_TLS},
    {__LINE__, "TLS: plain HTTP", {"HTTP/1.1 400 No\r\n\r\n", HELLO},
     LI_E_TLS, LI_E_TLS},
    {__LINE__, "TLS: an alert", {"", ALERT},
     LI_E_TLS, LI_E_TLS},
    {__LINE__, "TLS: silence", {"", SILENT}, LI_E_TIMEOUT, LI_E_TIMEOUT},
};

static void stranger_over_mbedtls(void **state)
{
    const struct stranger *row = (const struct stranger *)*state;
    struct server s = serve_script(&row->turn, 1);
    struct trial *t = trial("https", "localhost", s.port);
    li_mbedtls tls;
    li_transport over;

    assert_int_equal(li_mbedtls_init(&tls, in_folder("ca.pem")), LI_OK);
    tls.socket.io_ms = row->turn.then == SILENT ? 300 : 0;
    over = li_mbedtls_transport(&tls);
    assert_int_equal(run(t, &over), row->rc);
    assert_true(tls.why[0] != 0);
    li_mbedtls_free(&tls);
    stop(&s);
}

static void stranger_over_curl(void **state)
{
    const struct stranger *row = (const struct stranger *)*state;
    struct server s = serve_script(&row->turn, 1);
    struct trial *t = trial("https", "localhost", s.port);
    li_curl curl;

    memset(&curl, 0, sizeof curl);
    curl.ca_file = in_folder("ca.pem");
    curl.connect_ms = row->turn.then == SILENT ? 300 : 0;
    assert_int_equal(run_curl(t, &curl), row->curl_rc);
    assert_true(curl.why[0] != 0);
    li_curl_free(&curl);
    stop(&s);
}

static void no_host_is_refused(void **state)
{
    static const struct turn turns[] = {{"", HELLO}};
    struct server s = serve_script(turns, 1);
    li_mbedtls tls;
    li_transport over;

    (void)state;
    assert_int_equal(li_mbedtls_init(&tls, in_folder("ca.pem")), LI_OK);
    over = li_mbedtls_transport(&tls);
    assert_int_equal(over.open(over.user, "", s.port, 1), LI_E_TLS);
    assert_non_null(strstr(tls.why, "no host name"));
    assert_int_equal(over.send(over.user, "x", 1), LI_E_IO);
    li_mbedtls_free(&tls);
    stop(&s);
}

static void ca_sources(void **state)
{
    char pem[4096] = "";
    struct server s = tls_server("good", "-HTTP");
    struct trial *t = trial("https", "localhost", s.port);
    FILE *f = fopen(in_folder("ca.pem"), "r");
    li_mbedtls tls;
    li_transport over;

    (void)state;
    assert_true(fread(pem, 1, sizeof pem - 1, f) > 0);
    fclose(f);
    assert_int_equal(li_mbedtls_init(&tls, in_folder("none.pem")), LI_E_TLS);
    assert_non_null(strstr(tls.why, "no CA certificates"));
    li_mbedtls_free(&tls);
    assert_int_equal(li_mbedtls_init(&tls, "-----BEGIN nonsense"), LI_E_TLS);
    li_mbedtls_free(&tls);
    assert_int_equal(li_mbedtls_init(&tls, pem), LI_OK);
    over = li_mbedtls_transport(&tls);
    assert_int_equal(run(t, &over), LI_OK);
    li_hangup(&over);
    li_mbedtls_free(&tls);
    if (!access("/etc/ssl/certs/ca-certificates.crt", R_OK)) {
        assert_int_equal(li_mbedtls_init(&tls, NULL), LI_OK);
        over = li_mbedtls_transport(&tls);
        assert_int_equal(run(t, &over), LI_E_TLS); /* ours is not in it */
        li_mbedtls_free(&tls);
    }
    stop(&s);
}

static void plain_passes_through(void **state)
{
    static const struct turn turns[] = {{OK2, KEEP}, {OK2, KEEP}};
    struct server s = serve_script(turns, 2);
    struct trial *t = plain_trial(&s);
    li_mbedtls tls;
    li_transport over;

    (void)state;
    assert_int_equal(li_mbedtls_init(&tls, in_folder("ca.pem")), LI_OK);
    over = li_mbedtls_transport(&tls);
    assert_int_equal(run(t, &over), LI_OK);
    assert_int_equal(run(t, &over), LI_OK);
    assert_int_equal(s.record->connections, 1);
    li_hangup(&over);
    li_mbedtls_free(&tls);
    stop(&s);
}

static void tls_without_blocking(void **state)
{
    struct server s = tls_server("good", "-HTTP");
    struct trial *t = trial("https", "localhost", s.port);
    li_mbedtls tls;
    li_transport over;
    li_rc rc;

    (void)state;
    assert_int_equal(li_mbedtls_init(&tls, in_folder("ca.pem")), LI_OK);
    tls.socket.nonblocking = 1;
    over = li_mbedtls_transport(&tls);
    kill(s.pid, SIGSTOP);
    rc = run(t, &over);
    assert_int_equal(rc, LI_WANT_READ); /* its hello is sent */
    assert_int_equal(li_run(&t->call, &over), LI_WANT_READ);
    kill(s.pid, SIGCONT);
    for (; rc > 0; rc = li_run(&t->call, &over)) {
        struct pollfd p;

        p.fd = tls.socket.fd;
        p.events = rc == LI_WANT_READ ? POLLIN : POLLOUT;
        assert_int_equal(poll(&p, 1, 5000), 1);
    }
    assert_int_equal(rc, LI_OK);
    li_hangup(&over);
    li_mbedtls_free(&tls);
    stop(&s);
}

/* ---- TLS: the same session again */

static int body_has(const struct trial *t, const char *text)
{
    li_str part = li_cstr(text);
    size_t i;

    for (i = 0; i + part.len <= t->call.body.len; i++)
        if (!memcmp(t->call.body.ptr + i, part.ptr, part.len))
            return 1;
    return 0;
}

static const char *const versions[] = {"-www -tls1_2", "-www"};

/* s_server -www tells in its page whether the session is new. */
static void session_is_resumed(void **state)
{
    struct server s = tls_server("good", (const char *)*state);
    struct trial *t = trial("https", "localhost", s.port);
    li_mbedtls tls;
    li_transport over;
    unsigned i;

    t->req.path = "/";
    assert_int_equal(li_mbedtls_init(&tls, in_folder("ca.pem")), LI_OK);
    over = li_mbedtls_transport(&tls);
    for (i = 0; i < 3; i++) {
        assert_int_equal(run(t, &over), LI_OK);
        assert_true(body_has(t, i ? "\nReused, TLSv1" : "\nNew, TLSv1"));
    }
    li_mbedtls_free(&tls);
    stop(&s);
}

/* The session of one server is not offered to another. */
static void session_stays_with_its_host(void **state)
{
    struct server a = tls_server("good", "-www"), b;
    struct trial *t = trial("https", "localhost", a.port);
    li_mbedtls tls;
    li_transport over;

    (void)state;
    t->req.path = "/";
    assert_int_equal(li_mbedtls_init(&tls, in_folder("ca.pem")), LI_OK);
    over = li_mbedtls_transport(&tls);
    assert_int_equal(run(t, &over), LI_OK);
    assert_int_equal(tls.priv.has_session, 1);
    b = tls_server("other", "-www");
    t = trial("https", "localhost", b.port);
    assert_int_equal(run(t, &over), LI_E_TLS);
    assert_non_null(strstr(tls.why, "for another host"));
    assert_int_equal(tls.priv.has_session, 0);
    li_mbedtls_free(&tls);
    stop(&a);
    stop(&b);
}

/* ---- TLS: the end of the stream, seen through a relay that can cut it */

static int connect_here(unsigned port)
{
    struct sockaddr_in a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    a.sin_port = htons((uint16_t)port);
    if (connect(fd, (struct sockaddr *)&a, sizeof a)) {
        close(fd);
        return -1;
    }
    return fd;
}

static int read_all(int fd, unsigned char *dst, size_t len)
{
    while (len) {
        ssize_t n = recv(fd, dst, len, 0);

        if (n <= 0)
            return 0;
        dst += n;
        len -= (size_t)n;
    }
    return 1;
}

/* Passes the server's records on, but for its close_notify: an alert, or in
   TLS 1.3 the encrypted record of an alert's size (RFC 8446 section 5.2). */
static void relay(int client, int up)
{
    unsigned char record[5 + 0xffff];
    struct pollfd p[2];

    for (;;) {
        ssize_t n;
        size_t len;

        p[0].fd = client;
        p[1].fd = up;
        p[0].events = p[1].events = POLLIN;
        if (poll(p, 2, 10000) < 1)
            return;
        if (p[0].revents) {
            n = recv(client, record, sizeof record, 0);
            if (n <= 0 || send(up, record, (size_t)n, MSG_NOSIGNAL) != n)
                return;
            continue;
        }
        if (!read_all(up, record, 5))
            return;
        len = (size_t)record[3] << 8 | record[4];
        if (!read_all(up, record + 5, len) || record[0] == 21 ||
            (record[0] == 23 && len == 19))
            return;
        if (send(client, record, len + 5, MSG_NOSIGNAL) < 0)
            return;
    }
}

static struct server relay_server(unsigned to)
{
    struct server s = {0, 0, NULL};
    int fd = listen_here(&s.port);

    s.pid = fork();
    if (!s.pid) {
        int client = accept(fd, NULL, NULL);

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        relay(client, connect_here(to));
        _exit(0);
    }
    close(fd);
    return s;
}

struct ending {
    int line;
    const char *what, *path, *options;
    int cut;
    li_rc rc;
};

static const struct ending endings[] = {
    {__LINE__, "TLS: no close_notify behind a length, 1.2", "/ok",
     "-HTTP -tls1_2", 1, LI_OK},
    {__LINE__, "TLS: no close_notify behind a length", "/ok", "-HTTP", 1,
     LI_OK},
    {__LINE__, "TLS: no close_notify as the body's end, 1.2", "/tail",
     "-HTTP -tls1_2", 1, LI_E_CLOSED},
    {__LINE__, "TLS: no close_notify as the body's end", "/tail", "-HTTP", 1,
     LI_E_CLOSED},
    {__LINE__, "TLS: close_notify as the body's end, 1.2", "/tail",
     "-HTTP -tls1_2", 0, LI_OK},
    {__LINE__, "TLS: close_notify as the body's end", "/tail", "-HTTP", 0,
     LI_OK},
};

static void end_of_stream(void **state)
{
    const struct ending *row = (const struct ending *)*state;
    struct server s = tls_server("good", row->options), between;
    struct trial *t;
    li_mbedtls tls;
    li_transport over;
    li_rc rc;

    between = relay_server(s.port);
    t = trial("https", "localhost", row->cut ? between.port : s.port);
    t->req.path = row->path;
    assert_int_equal(li_mbedtls_init(&tls, in_folder("ca.pem")), LI_OK);
    over = li_mbedtls_transport(&tls);
    rc = run(t, &over);
    assert_int_equal(rc, row->rc);
    if (rc)
        assert_non_null(strstr(tls.why, "without saying so"));
    else
        assert_text(t->call.body, LI_STR("{}"));
    li_mbedtls_free(&tls);
    stop(&between);
    stop(&s);
}

/* ---- TLS: a kept connection */

/* s_server's two ends are pipes of this child, which answers every request
   that it sees the end of. */
static void respond(unsigned port)
{
    char command[512], c;
    int in[2], out[2], line = 0;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    snprintf(command, sizeof command,
             "cd %s; exec openssl s_server -accept 127.0.0.1:%u -quiet "
             "-key good.key -cert good.pem 2>/dev/null", folder, port);
    if (pipe(in) || pipe(out))
        _exit(1);
    if (!fork()) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(in[0], 0);
        dup2(out[1], 1);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(1);
    }
    while (read(out[0], &c, 1) == 1) {
        if (c == '\n' && !line &&
            write(in[1], OK2, sizeof OK2 - 1) != sizeof OK2 - 1)
            _exit(1);
        line = c == '\n' ? 0 : c == '\r' ? line : 1;
    }
    _exit(0);
}

static struct server tls_responder(void)
{
    struct server s = {0, 0, NULL};
    unsigned tries = 0;
    int fd;

    close(listen_here(&s.port));
    s.pid = fork();
    if (!s.pid)
        respond(s.port);
    while ((fd = connect_here(s.port)) < 0 && ++tries < 500)
        li_platform_sleep(20);
    close(fd);
    return s;
}

static void tls_keeps_its_connection(void **state)
{
    struct server s;
    struct trial *t;
    li_mbedtls tls;
    li_transport over;
    unsigned i;

    (void)state;
    s = tls_responder();
    t = trial("https", "localhost", s.port);
    assert_int_equal(li_mbedtls_init(&tls, in_folder("ca.pem")), LI_OK);
    tls.socket.io_ms = 5000;
    over = li_mbedtls_transport(&tls);
    for (i = 0; i < 3; i++) {
        int fd = tls.socket.fd;

        assert_int_equal(run(t, &over), LI_OK);
        assert_text(t->call.body, LI_STR("{}"));
        assert_true(over.alive(over.user));
        assert_true(!i || fd == tls.socket.fd);
    }
    stop(&s);
    for (i = 0; i < 100 && over.alive(over.user); i++)
        li_platform_sleep(20); /* until its own child is dead, too */
    assert_false(over.alive(over.user));
    li_hangup(&over);
    li_mbedtls_free(&tls);
}

/* ---- further tries and limits, over sockets and over curl */

#define BUSY "HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n"

static const struct patience {
    int line;
    const char *what, *method;
    struct turn turns[3];
    li_policy policy;
    li_rc rc;
    int status;
    unsigned tries, connections;
} patiences[] = {
    {__LINE__, "503, then 200 on the same connection", "GET",
     {{BUSY, KEEP}, {OK2, KEEP}}, {.backoff_ms = 20}, LI_OK, 200, 2, 1},
    {__LINE__, "reset, then 200", "GET", {{"", RESET}, {OK2, KEEP}},
     {.backoff_ms = 20}, LI_OK, 200, 2, 2},
    {__LINE__, "POST is not repeated after a reset", "POST",
     {{"", RESET}, {OK2, KEEP}}, {.backoff_ms = 20}, LI_E_CLOSED, 0, 1, 1},
    {__LINE__, "POST is repeated after 429", "POST",
     {{"HTTP/1.1 429 X\r\nRetry-After: 0\r\nContent-Length: 0\r\n"
       "Connection: close\r\n\r\n", CLOSE}, {OK2, KEEP}},
     {.backoff_ms = 20}, LI_OK, 200, 2, 2},
    {__LINE__, "silence ends at the total", "GET", {{"", SILENT}},
     {.total_ms = 300}, LI_E_TIMEOUT, 0, 1, 1},
    {__LINE__, "silence of a POST", "POST", {{"", SILENT}},
     {.total_ms = 300}, LI_E_TIMEOUT, 0, 1, 1},
};

static void is_patient(struct trial *t, const struct patience *row,
                       const struct server *s, uint64_t began)
{
    uint64_t took = li_platform_ms() - began;

    assert_int_equal(t->call.rc == LI_E_IO ? LI_E_CLOSED : t->call.rc,
                     row->rc);
    assert_int_equal(t->call.status, row->status);
    assert_int_equal(t->call.tries, row->tries);
    assert_int_equal(s->record->connections, row->connections);
    assert_int_equal(t->call.sent, 1);
    if (row->policy.total_ms)
        assert_true(took + 5 >= row->policy.total_ms &&
                    took < row->policy.total_ms + 1500);
}

static void be_patient(struct trial *t, const struct patience *row)
{
    t->me.again = li_again;
    t->me.policy = &row->policy;
    t->req.method = row->method;
}

static void patient_over_sockets(void **state)
{
    const struct patience *row = (const struct patience *)*state;
    struct server s = serve_script(row->turns, row->turns[1].answer ? 2 : 1);
    struct trial *t = plain_trial(&s);
    uint64_t began = li_platform_ms();
    li_socket net;
    li_transport over;

    memset(&net, 0, sizeof net);
    over = li_socket_transport(&net);
    be_patient(t, row);
    run(t, &over);
    is_patient(t, row, &s, began);
    li_hangup(&over);
    stop(&s);
}

/* The same where the loop waits: poll() for the socket, or for the time. */
static void patient_in_a_loop(void **state)
{
    const struct patience *row = (const struct patience *)*state;
    struct server s = serve_script(row->turns, row->turns[1].answer ? 2 : 1);
    struct trial *t = plain_trial(&s);
    uint64_t began = li_platform_ms(), now;
    li_socket net;
    li_transport over;
    li_rc rc;

    memset(&net, 0, sizeof net);
    net.nonblocking = 1;
    over = li_socket_transport(&net);
    be_patient(t, row);
    li_begin(&t->call, &t->me, &t->req, t->buf, sizeof t->buf);
    while ((rc = li_run(&t->call, &over)) > 0) {
        struct pollfd p = {net.fd, POLLOUT, 0};

        if (rc == LI_WANT_READ)
            p.events = POLLIN;
        now = li_platform_ms();
        assert_true(t->call.wake_ms != UINT64_MAX ||
                    rc != LI_WANT_SLEEP);
        poll(&p, rc != LI_WANT_SLEEP,
             t->call.wake_ms > now + 1000 ? 1000
             : t->call.wake_ms > now      ? (int)(t->call.wake_ms - now)
                                          : 0);
    }
    is_patient(t, row, &s, began);
    li_hangup(&over);
    stop(&s);
}

static void patient_over_curl(void **state)
{
    const struct patience *row = (const struct patience *)*state;
    struct server s = serve_script(row->turns, row->turns[1].answer ? 2 : 1);
    struct trial *t = plain_trial(&s);
    uint64_t began = li_platform_ms();
    li_curl curl;

    memset(&curl, 0, sizeof curl);
    be_patient(t, row);
    run_curl(t, &curl);
    is_patient(t, row, &s, began);
    li_curl_free(&curl);
    stop(&s);
}

static void finish_one(CURLM *multi, li_call **call, li_rc *rc)
{
    CURLMsg *msg;
    int running, left;

    do {
        assert_int_equal(curl_multi_perform(multi, &running), CURLM_OK);
        msg = curl_multi_info_read(multi, &left);
        if (!msg)
            curl_multi_poll(multi, NULL, 0, 100, NULL);
    } while (!msg);
    *rc = li_curl_done(multi, msg, call);
}

static void patient_over_curl_multi(void **state)
{
    const struct patience *row = (const struct patience *)*state;
    struct server s = serve_script(row->turns, row->turns[1].answer ? 2 : 1);
    struct trial *t = plain_trial(&s);
    uint64_t began = li_platform_ms(), now;
    CURLM *multi = curl_multi_init();
    li_call *which;
    li_curl curl;
    li_rc rc;

    memset(&curl, 0, sizeof curl);
    be_patient(t, row);
    li_begin(&t->call, &t->me, &t->req, t->buf, sizeof t->buf);
    do {
        rc = li_curl_add(multi, &t->call, &curl);
        if (rc == LI_WANT_READ) {
            finish_one(multi, &which, &rc);
            assert_ptr_equal(which, &t->call);
        }
        if (rc == LI_WANT_SLEEP && t->call.wake_ms > (now = li_curl_ms())) {
            assert_true(t->call.wake_ms - now < 1000);
            li_platform_sleep((uint32_t)(t->call.wake_ms - now));
        }
    } while (rc > 0);
    assert_int_equal(rc, t->call.rc);
    is_patient(t, row, &s, began);
    curl_multi_cleanup(multi);
    li_curl_free(&curl);
    stop(&s);
}

static void memory_has_a_clock(void **state)
{
    static const li_str script[] = {
        {"HTTP/1.1 429 X\r\nRetry-After: 50\r\nContent-Length: 0\r\n\r\n",
         54},
        {NULL, 0},
        {OK2, sizeof OK2 - 1}};
    li_memory m;
    li_transport over;
    struct trial *t = trial("https", "localhost", 443);

    (void)state;
    memset(&m, 0, sizeof m);
    m.answers = script;
    m.count = 3;
    over = li_memory_transport(&m);
    t->me.again = li_again;
    assert_int_equal(run(t, &over), LI_OK);
    assert_int_equal(t->call.status, 200);
    assert_true(m.now_ms == 50000);
}

/* ---- the lock of a token file */

static void token_file_is_locked(void **state)
{
    li_platform a = {.token_path = in_folder("token")}, b = a;
    char name[256];
    struct stat st;
    int status;
    pid_t child;

    (void)state;
    assert_int_equal(li_platform_lock(&a, 0), LI_OK); /* of none: nothing */
    assert_int_equal(li_platform_lock(&a, 1), LI_OK);
    assert_int_equal(li_platform_lock(&a, 1), LI_OK);
    assert_int_equal(li_platform_lock(&b, 1), LI_WANT_SLEEP);
    assert_int_equal(li_platform_lock(&a, 0), LI_OK);
    assert_int_equal(li_platform_lock(&b, 1), LI_OK);
    assert_int_equal(li_platform_lock(&a, 1), LI_WANT_SLEEP);
    assert_int_equal(li_platform_lock(&b, 0), LI_OK);
    snprintf(name, sizeof name, "%s.lock", a.token_path);
    assert_int_equal(stat(name, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    child = fork();
    if (!child) {
        li_platform_lock(&a, 1);
        raise(SIGKILL); /* who dies lets go */
    }
    waitpid(child, &status, 0);
    assert_int_equal(li_platform_lock(&b, 1), LI_OK);
    assert_int_equal(li_platform_lock(&b, 0), LI_OK);
    unlink(name);
}

static void token_lock_that_cannot_be(void **state)
{
    li_platform none = {.token_path = NULL, .why = NULL};
    li_platform gone = {.token_path = "/no/such/folder/token"};

    (void)state;
    assert_int_equal(li_platform_lock(&none, 1), LI_E_STORE);
    assert_non_null(none.why);
    assert_int_equal(li_platform_lock(&gone, 1), LI_E_STORE);
    assert_non_null(gone.why);
}

/* ---- RSA signatures, against mbedTLS */

struct signer {
    mbedtls_rsa_context rsa;
    size_t len;
    char n[512], e[4], signature[512];
    uint8_t digest[32];
};

static int some_random(void *user, unsigned char *dst, size_t len)
{
    return li_platform_random(user, dst, len) != LI_OK;
}

static void make_signer(struct signer *s, unsigned bits, int e)
{
    memset(s, 0, sizeof *s);
#if MBEDTLS_VERSION_NUMBER < 0x03000000
    mbedtls_rsa_init(&s->rsa, MBEDTLS_RSA_PKCS_V15, 0);
#else
    mbedtls_rsa_init(&s->rsa);
#endif
    assert_int_equal(
        mbedtls_rsa_gen_key(&s->rsa, some_random, NULL, bits, e), 0);
    s->len = bits / 8;
    assert_int_equal(
        mbedtls_rsa_export_raw(&s->rsa, (unsigned char *)s->n, s->len, NULL, 0,
                               NULL, 0, NULL, 0, (unsigned char *)s->e, 4),
        0);
    some_random(NULL, s->digest, sizeof s->digest);
}

static void sign(struct signer *s)
{
    int e = mbedtls_rsa_pkcs1_sign(&s->rsa, some_random, NULL,
#if MBEDTLS_VERSION_NUMBER < 0x03000000
                                   MBEDTLS_RSA_PRIVATE,
#endif
                                   MBEDTLS_MD_SHA256, 32, s->digest,
                                   (unsigned char *)s->signature);

    assert_int_equal(e, 0);
}

/* With room for work that ends at a closed page. */
static li_rc rsa_verify(const struct signer *s, size_t room)
{
    li_buf work = li_buf_of(guard(0, room), room);

    return li__rsa_verify(li__str(s->n, s->len), li__str(s->e, 4), s->digest,
                         li__str(s->signature, s->len), &work);
}

static void rsa_agrees_with_mbedtls(void **state)
{
    static const struct { unsigned bits; int e; } keys[] = {
        {2048, 65537}, {2048, 3}, {3072, 65537}};
    struct signer *s = (struct signer *)calloc(1, sizeof *s);
    size_t i, k, room;

    (void)state;
    for (i = 0; i < COUNT(keys); ++i) {
        make_signer(s, keys[i].bits, keys[i].e);
        room = 4 * s->len + 4;
        for (k = 0; k < 4; ++k) {
            sign(s);
            assert_int_equal(rsa_verify(s, room), LI_OK);
            assert_int_equal(rsa_verify(s, room - 1), LI_E_SPACE);
            s->digest[k * 7] ^= 1;
            assert_int_equal(rsa_verify(s, room), LI_E_FORGED);
            s->signature[s->len - 1 - k] ^= 1;
            assert_int_equal(rsa_verify(s, room), LI_E_FORGED);
        }
        mbedtls_rsa_free(&s->rsa);
    }
    free(s);
}

/* Blocks that a lax reader of the padding takes, under a real signature
   (Bleichenbacher 2006 and its kin). */
static void rsa_padding_is_exact(void **state)
{
    static const char name[] = "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65"
                               "\x03\x04\x02\x01\x05\x00\x04\x20";
    struct signer *s = (struct signer *)calloc(1, sizeof *s);
    unsigned char block[256];
    unsigned lax;

    (void)state;
    make_signer(s, 2048, 3);
    for (lax = 0; lax < 7; ++lax) {
        unsigned char *digest = block + 256 - 32, *at = digest - 20;

        memset(block, 0xff, sizeof block);
        block[0] = 0;
        block[1] = lax == 1 ? 2 : 1;
        *at = lax == 2 ? 1 : 0;
        memcpy(at + 1, name, 19);
        memcpy(digest, s->digest, 32);
        if (lax == 3)
            at[16] = 0x06; /* no NULL */
        if (lax == 4)
            at[15] = 2; /* SHA-384 by name */
        if (lax == 5)
            block[100] = 0xfe;
        if (lax == 6) { /* short padding, rubbish behind */
            memmove(block + 10, at, 52);
            memset(block + 62, 0x5a, 256 - 62);
        }
        assert_int_equal(mbedtls_rsa_private(&s->rsa, some_random, NULL,
                                             block,
                                             (unsigned char *)s->signature),
                         0);
        assert_int_equal(rsa_verify(s, 4 * s->len + 4),
                         lax ? LI_E_FORGED : LI_OK);
    }
    mbedtls_rsa_free(&s->rsa);
    free(s);
}

static void rsa_refuses_other_keys(void **state)
{
    static const char *const exponents[] = {"", "\0\0\0\1", "\0\0\0\2",
                                            "\1\0\0\0\1"};
    static const size_t lens[] = {0, 4, 4, 5};
    struct signer *s = (struct signer *)calloc(1, sizeof *s);
    li_buf work = li_buf_of(guard(0, 2100), 2100);
    li_str n, e, signature;
    size_t i;

    (void)state;
    make_signer(s, 2048, 65537);
    sign(s);
    n = li__str(s->n, s->len);
    e = li__str(s->e, 4);
    signature = li__str(s->signature, s->len);
    for (i = 0; i < 4; ++i)
        assert_int_equal(li__rsa_verify(n, li__str(exponents[i], lens[i]),
                                       s->digest, signature, &work),
                         LI_E_RANGE);
    assert_int_equal(li__rsa_verify(li__str(s->n, 255), e, s->digest,
                                   signature, &work), LI_E_RANGE);
    assert_int_equal(li__rsa_verify(li_cstr(NULL), e, s->digest, signature,
                                   &work), LI_E_RANGE);
    assert_int_equal(li__rsa_verify(n, e, s->digest, li_cstr(NULL), &work),
                     LI_E_FORGED);
    assert_int_equal(li__rsa_verify(n, e, s->digest, n, &work), LI_E_FORGED);
    s->n[255] ^= 1;
    assert_int_equal(li__rsa_verify(n, e, s->digest, signature, &work),
                     LI_E_RANGE);
    mbedtls_rsa_free(&s->rsa);
    free(s);
}

/* ---- all */

static void add_memory_and_platform(void)
{
    TEST(memory_has_a_clock);
    TEST(rsa_agrees_with_mbedtls);
    TEST(rsa_padding_is_exact);
    TEST(rsa_refuses_other_keys);
    TEST(token_file_is_locked);
    TEST(token_lock_that_cannot_be);
    TEST(memory_answers_and_records);
    TEST(memory_pieces_and_blocks);
    TEST(memory_connections);
    TEST(memory_end_can_be_an_error);
    TEST(memory_full_record_is_an_error);
    TEST(platform_clocks);
    TEST(platform_random);
    TEST(token_file_round_trip);
    TEST(token_file_without_a_path);
    TEST(token_file_modes);
    TEST(token_file_is_replaced_whole);
    TEST(token_file_must_be_a_plain_file);
    TEST(token_file_too_large);
    ROWS(bad_files, bad_file_is_refused);
}

static void add_plain(void)
{
    TEST(socket_keeps_its_connection);
    TEST(socket_repeats_on_a_dead_connection);
    TEST(socket_without_blocking);
    TEST(socket_refuses_tls);
    TEST(socket_refused);
    TEST(socket_hosts);
    TEST(socket_connect_times_out);
    TEST(socket_survives_signals);
    ROWS(lates, late_is_a_timeout);
    ROWS(sents, curl_sends);
    ROWS(answers, curl_answers);
    ROWS(droppeds, curl_repeats_what_is_safe);
    TEST(curl_keeps_its_connection);
    TEST(curl_stops_for_us);
    TEST(curl_small_buffer);
    TEST(curl_limits);
    TEST(curl_no_proxy_for_plain);
    ROWS(patiences, patient_over_sockets);
    ROWS(patiences, patient_in_a_loop);
    ROWS(patiences, patient_over_curl);
    ROWS(patiences, patient_over_curl_multi);
}

static void add_tls(void)
{
    ROWS(tlses, over_mbedtls);
    ROWS(tlses, over_curl);
    ROWS(strangers, stranger_over_mbedtls);
    ROWS(strangers, stranger_over_curl);
    ROWS(endings, end_of_stream);
    TEST(no_host_is_refused);
    TEST(ca_sources);
    TEST(plain_passes_through);
    TEST(tls_without_blocking);
    test_add("session_is_resumed 1.2", session_is_resumed, versions[0]);
    test_add("session_is_resumed", session_is_resumed, versions[1]);
    TEST(session_stays_with_its_host);
    TEST(tls_keeps_its_connection);
}

int main(void)
{
    int failed;

    make_folder();
    add_memory_and_platform();
    add_plain();
    add_tls();
    failed = RUN("adapters");
    remove_folder();
    return failed;
}
