/* The whole mock within a test program, and how to talk to it: over a pair of
   sockets, by HTTP, without another process. Include instead of linkedin.h. */
#ifndef TEST_MOCK_H
#define TEST_MOCK_H

#define LINKEDIN_STATIC
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"
#include "test.h"
#define MOCK_NO_TLS
#define main mock_main
#define written mock_written /* test.h has these, too */
#define same mock_same
#include "../examples/mock_linkedin.c"
#undef main
#undef written
#undef same

static int mock_end = -1;          /* the test's end of the connection       */
static char heard[1 << 18];        /* what came since the last request       */
static size_t heard_len;
static li_str answered;            /* the body of the last answer            */

static void mock_connect(void)
{
    struct sockaddr_in peer;
    int ends[2];

    if (mock_end >= 0)
        close(mock_end);
    memset(&peer, 0, sizeof peer);
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    conns_begin();
    conn_open(ends[0], &peer);
    mock_end = ends[1];
    heard_len = 0;
}

/* A mock as --token the-token makes it, without its entities. */
static void mock_begin(void)
{
    static int begun;

    set.token = "the-token";
    set.quiet = 1;
    set.part_size = 4194304;
    set.processing_ms = 0;
    if (!begun++) {
        set.urandom = open("/dev/urandom", O_RDONLY);
        check_options();
        token_given();
    }
    memset(entities, 0, sizeof entities);
    entities_made = 0;
    store_begin();
    mock_connect();
}

static void mock_hear(void)
{
    ssize_t n;

    conn_turn(&conns[0]);
    while ((n = read(mock_end, heard + heard_len,
                     sizeof heard - heard_len)) > 0)
        heard_len += (size_t)n;
}

static void mock_say(const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = write(mock_end, bytes, len);

        if (n > 0)
            bytes += n, len -= (size_t)n;
        mock_hear();
    }
    mock_hear();
}

/* The status of the answer that came; its body is in answered. */
static int mock_status(void)
{
    size_t end = place_of(span(heard, heard_len), LI_STR("\r\n\r\n"));

    answered = end + 4 <= heard_len
                   ? span(heard + end + 4, heard_len - end - 4) : LI_STR("");
    return heard_len > 12 ? atoi(heard + 9) : 0;
}

/* Sends a head for a body of that length. */
static void mock_head(const char *method, const char *target, const char *more,
                      uint64_t len)
{
    char text[4096];
    int n = snprintf(text, sizeof text, "%s %s HTTP/1.1\r\nHost: a\r\n"
                     "LinkedIn-Version: 202609\r\n"
                     "X-Restli-Protocol-Version: 2.0.0\r\n%s"
                     "Content-Length: %llu\r\n\r\n", method, target, more,
                     (unsigned long long)len);

    heard_len = 0;
    mock_say(text, (size_t)n);
}

#define MOCK_TOKEN "Authorization: Bearer the-token\r\n"

static int mock_call(const char *method, const char *target, const char *body)
{
    mock_head(method, target, MOCK_TOKEN, strlen(body));
    mock_say(body, strlen(body));
    return mock_status();
}

static int heard_has(const char *text)
{
    return contains(span(heard, heard_len), text);
}

#define assert_heard(text) assert_heard_at(text, __LINE__)

static void assert_heard_at(const char *text, int line)
{
    if (heard_has(text))
        return;
    print_error("line %d: no %s in: %.*s\n", line, text, (int)heard_len, heard);
    fail();
}

#endif /* TEST_MOCK_H */
