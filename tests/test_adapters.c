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

#include "peers.h"

#include <dlfcn.h>

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
    uint64_t before = li_platform_ms(NULL), after;

    (void)state;
    li_platform_sleep(NULL, 30);
    after = li_platform_ms(NULL);
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
    static const mode_t umasks[] = {0, 0477, 0777, 022};
    size_t i;
    li_platform here = {.token_path = in_folder("token")};
    li_token token = empty_token();
    struct stat st;

    (void)state;
    unlink(here.token_path);
    assert_int_equal(li_platform_load(&here, &token), LI_E_MISSING);
    token.access_token = LI_STR("abc");
    token.expires_in = 60;
    token.issued_at = 7;
    for (i = 0; i < COUNT(umasks); i++) {
        unlink(here.token_path);
        umask(umasks[i]);
        assert_int_equal(li_platform_save(&here, &token), LI_OK);
        assert_int_equal(li_platform_lock(&here, 1), LI_OK);
        assert_int_equal(li_platform_lock(&here, 0), LI_OK);
        umask(022);
        assert_int_equal(stat(here.token_path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        assert_int_equal(stat(in_folder("token.lock"), &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        assert_int_equal(unlink(in_folder("token.lock")), 0);
    }
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

/* What a save that was killed left is used by the next, whatever its mode. */
static void token_file_left_by_a_killed_save(void **state)
{
    li_platform here = {.token_path = in_folder("token")};
    li_token token = empty_token();
    struct stat st;

    (void)state;
    token.access_token = LI_STR("abc");
    write_file(in_folder("token.new"), "half a token, and much more of it "
               "than the next one will have: xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
               0200);
    assert_int_equal(li_platform_save(&here, &token), LI_OK);
    assert_int_equal(stat(in_folder("token.new"), &st), -1);
    token = empty_token();
    assert_int_equal(li_platform_load(&here, &token), LI_OK);
    assert_text(token.access_token, LI_STR("abc"));
    assert_int_equal(stat(here.token_path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
}

/* Two at once: each leaves a whole file, and neither the other's name. */
static void token_file_saved_by_many(void **state)
{
    li_platform here = {.token_path = in_folder("token")};
    li_token token = empty_token();
    char text[2000];
    struct stat st;
    pid_t child[4];
    int i, k, status;

    (void)state;
    for (i = 0; i < 4; i++) {
        child[i] = fork();
        if (child[i])
            continue;
        memset(text, 'a' + i, sizeof text);
        token.access_token = LI_VIEW(text, 500 * (size_t)(i + 1) - 1);
        for (k = 0; k < 100; k++)
            if (li_platform_save(&here, &token))
                _exit(1);
        _exit(0);
    }
    for (i = 0; i < 4; i++) {
        waitpid(child[i], &status, 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(li_platform_load(&here, &token), LI_OK);
    assert_int_equal(stat(in_folder("token.new"), &st), -1);
}

/* A file of somebody else's, in the way of ours. */
static void token_file_in_foreign_hands(void **state)
{
    static const char *const names[] = {"token.lock", "token.new"};
    li_platform here = {.token_path = in_folder("token")};
    li_token token = empty_token();
    size_t i;

    (void)state;
    token.access_token = LI_STR("abc");
    if (geteuid())
        skip(); /* only root can give a file away */
    for (i = 0; i < COUNT(names); i++) {
        write_file(in_folder(names[i]), "", 0666);
        assert_int_equal(chown(in_folder(names[i]), 12345, 12345), 0);
        here.why = NULL;
        assert_int_equal(i ? li_platform_save(&here, &token)
                           : li_platform_lock(&here, 1), LI_E_STORE);
        assert_non_null(here.why);
        assert_int_equal(unlink(in_folder(names[i])), 0);
        assert_int_equal(symlink("elsewhere", in_folder(names[i])), 0);
        assert_int_equal(i ? li_platform_save(&here, &token)
                           : li_platform_lock(&here, 1), LI_E_STORE);
        assert_int_equal(unlink(in_folder(names[i])), 0);
        assert_int_equal(mkfifo(in_folder(names[i]), 0600), 0);
        assert_int_equal(i ? li_platform_save(&here, &token)
                           : li_platform_lock(&here, 1), LI_E_STORE);
        assert_int_equal(unlink(in_folder(names[i])), 0);
    }
}

/* A second name of a file beside ours would have that file written over. */
static void token_file_with_a_second_name(void **state)
{
    static const char *const names[] = {"token.lock", "token.new"};
    li_platform here = {.token_path = in_folder("token")};
    li_token token = empty_token();
    char victim[300];
    struct stat st;
    size_t i;

    (void)state;
    snprintf(victim, sizeof victim, "%s", in_folder("victim"));
    token.access_token = LI_STR("abc");
    for (i = 0; i < COUNT(names); i++) {
        write_file(victim, "mine", 0644);
        assert_int_equal(link(victim, in_folder(names[i])), 0);
        assert_int_equal(i ? li_platform_save(&here, &token)
                           : li_platform_lock(&here, 1), LI_E_STORE);
        assert_int_equal(stat(victim, &st), 0);
        assert_int_equal(st.st_size, 4);
        assert_int_equal(st.st_mode & 07777, 0644);
        unlink(in_folder(names[i]));
        unlink(victim);
    }
    /* and a save would put a file into the place of a symbolic link */
    assert_int_equal(li_platform_save(&here, &token), LI_OK);
    assert_int_equal(symlink("token", in_folder("link")), 0);
    here.token_path = in_folder("link");
    assert_int_equal(li_platform_load(&here, &token), LI_E_STORE);
    assert_non_null(strstr(here.why, "symbolic link"));
    unlink(here.token_path);
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
    rc = li_socket_connect(&net, "::1", port); /* nobody listens there */
    assert_true(rc == LI_E_IO);
    assert_non_null(strstr(net.why, "::1"));
    /* an empty label: no resolver asks anybody about it */
    assert_int_equal(li_socket_connect(&net, "a..b", 1), LI_E_DNS);
    assert_int_equal(li_socket_connect(&net, "", port), LI_E_DNS);
    assert_int_equal(li_socket_connect(&net, "[::1]", port), LI_E_DNS);
    li_socket_close(&net);
    li_socket_close(&net);
    close(fd);
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
    start = li_platform_ms(NULL);
    assert_int_equal(li_socket_connect(&net, "127.0.0.1", port),
                     LI_E_TIMEOUT);
    assert_true(li_platform_ms(NULL) - start < 2000);
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

/* ---- mbedTLS: what it says of a certificate */

struct why_row {
    int line;
    const char *what, *certificate, *options, *why;
};

#define OLD "-HTTP -cipher DEFAULT@SECLEVEL=0 "

static const struct why_row why_rows[] = {
    {__LINE__, "intermediate missing", "leaf", "-HTTP", "not trusted"},
    {__LINE__, "other host", "other", "-HTTP", "for another host"},
    {__LINE__, "no alternative name", "cn", "-HTTP", "for another host"},
    {__LINE__, "expired", "expired", "-HTTP", "expired"},
    {__LINE__, "not yet valid", "future", "-HTTP",
     "is this device's clock right"},
    {__LINE__, "self-signed", "self", "-HTTP", "not trusted by the CA bundle"},
    {__LINE__, "for clients only", "client", "-HTTP", "not made for a server"},
    {__LINE__, "RSA 1024", "rsa1024", OLD, "weak key"},
    {__LINE__, "SHA-1", "sha1", OLD, "weak hash"},
};

static void certificate_fault_is_told(void **state)
{
    const struct why_row *row = (const struct why_row *)*state;
    struct server s = tls_server(row->certificate, row->options);
    struct trial *t = trial("https", "localhost", s.port);
    struct way w;

    way_open(&w, MBEDTLS_WAY, 0, 0);
    assert_int_equal(run(t, &w.over), LI_E_TLS);
    assert_non_null(strstr(w.tls.why, row->why));
    assert_non_null(strstr(w.tls.why, "localhost: "));
    way_close(&w);
    stop(&s);
}

static void address_needs_a_newer_mbedtls(void **state)
{
    struct server s = tls_server("ip", "-HTTP");
    struct trial *t = trial("https", "127.0.0.1", s.port);
    struct way w;

    (void)state;
    way_open(&w, MBEDTLS_WAY, 0, 0);
    if (MBEDTLS_VERSION_NUMBER >= 0x03050000) {
        assert_int_equal(run(t, &w.over), LI_OK);
    } else {
        assert_int_equal(run(t, &w.over), LI_E_TLS);
        assert_non_null(strstr(w.tls.why, "IP address"));
    }
    way_close(&w);
    way_open(&w, CURL_WAY, 0, 0);
    assert_int_equal(run(t, &w.over), LI_OK);
    way_close(&w);
    stop(&s);
}

/* A key that is stolen later must open nothing: no exchange by the key of the
   certificate. */
static const struct why_row key_exchanges[] = {
    {__LINE__, "static RSA", "rsa", "-HTTP -tls1_2 -cipher AES128-SHA256",
     "refused TLS"},
    {__LINE__, "static RSA, GCM", "rsa",
     "-HTTP -tls1_2 -cipher AES256-GCM-SHA384", "refused TLS"},
    {__LINE__, "ECDHE with RSA", "rsa",
     "-HTTP -tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256", NULL},
    {__LINE__, "ECDHE with ECDSA", "good",
     "-HTTP -tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256", NULL},
};

static void key_exchange_is_ephemeral(void **state)
{
    const struct why_row *row = (const struct why_row *)*state;
    struct server s = tls_server(row->certificate, row->options);
    struct trial *t = trial("https", "localhost", s.port);
    struct way w;
    li_rc rc;

    way_open(&w, MBEDTLS_WAY, 0, 0);
    rc = run(t, &w.over);
    assert_int_equal(rc, row->why ? LI_E_TLS : LI_OK);
    if (row->why)
        assert_non_null(strstr(w.tls.why, row->why));
    way_close(&w);
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

/* What the socket has to say of plain bytes is not lost on the way. */
static void plain_failure_has_words(void **state)
{
    static const struct turn turns[] = {{"HTTP/1.1 200 OK\r\n", RESET}};
    struct server s = serve_script(turns, 1);
    struct trial *t = plain_trial(&s);
    li_mbedtls tls;
    li_transport over;

    (void)state;
    assert_int_equal(li_mbedtls_init(&tls, in_folder("ca.pem")), LI_OK);
    over = li_mbedtls_transport(&tls);
    assert_int_equal(run(t, &over), LI_E_CLOSED);
    assert_non_null(strstr(tls.why, "receiving"));
    assert_ptr_equal(t->call.wrong, tls.why);
    li_hangup(&over);
    li_mbedtls_free(&tls);
    stop(&s);
}

/* No server has so many faults and so long a name, so that this asks the
   function alone. */
static void many_faults_are_told_as_far_as_they_fit(void **state)
{
    static li_mbedtls tls;
    size_t len;

    (void)state;
    memset(tls.priv.host, 'h', LI_MAX_HOST);
    assert_int_equal(li__tls_distrust(&tls, 0xffffffff), LI_E_TLS);
    len = strlen(tls.why);
    assert_true(len > 150 && len < sizeof tls.why);
    assert_non_null(strstr(tls.why, "h: the server's certificate is expired"));
    assert_true(tls.why[len - 1] != ',' && tls.why[len - 1] != ' ');
}

/* Windows' words for a time-out are longer than what they have room in. */
static void long_words_of_the_system_are_cut(void **state)
{
    static li_socket s;
    char words[400];

    (void)state;
    memset(words, 'w', sizeof words - 1);
    words[sizeof words - 1] = 0;
    assert_int_equal(li__socket_fail(&s, LI_E_IO, "receiving", words),
                     LI_E_IO);
    assert_int_equal(strlen(s.why), sizeof s.why - 1);
    assert_non_null(strstr(s.why, "receiving: www"));
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
        li_platform_sleep(NULL, 20);
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
        li_platform_sleep(NULL, 20); /* until its own child is dead, too */
    assert_false(over.alive(over.user));
    li_hangup(&over);
    li_mbedtls_free(&tls);
}

/* ---- memory has a clock */

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
    /* a child that has it open as well does not hold it */
    assert_int_equal(li_platform_lock(&a, 1), LI_OK);
    child = fork();
    if (!child) {
        pause();
        _exit(0);
    }
    assert_int_equal(li_platform_lock(&a, 0), LI_OK);
    assert_int_equal(li_platform_lock(&b, 1), LI_OK);
    assert_int_equal(li_platform_lock(&b, 0), LI_OK);
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
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

/* ---- all */

static void add_memory_and_platform(void)
{
    TEST(memory_has_a_clock);
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
    TEST(token_file_left_by_a_killed_save);
    TEST(token_file_saved_by_many);
    TEST(token_file_in_foreign_hands);
    TEST(token_file_with_a_second_name);
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
}

static void add_tls(void)
{
    ROWS(why_rows, certificate_fault_is_told);
    ROWS(key_exchanges, key_exchange_is_ephemeral);
    ROWS(endings, end_of_stream);
    TEST(address_needs_a_newer_mbedtls);
    TEST(no_host_is_refused);
    TEST(ca_sources);
    TEST(plain_passes_through);
    TEST(plain_failure_has_words);
    TEST(many_faults_are_told_as_far_as_they_fit);
    TEST(long_words_of_the_system_are_cut);
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
