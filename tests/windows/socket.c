/* The socket adapter, the clock, the random bytes and the token file where they
   are a system's own, tried on the mock: the same on Linux and on Windows.

   usage: socket BASE_URL TOKEN_FILE, against a mock with --token the-token and
   the faults stall:0/v2/me and reset/v2/reset; TOKEN_FILE is not there yet. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_platform.h"
#include "adapters/linkedin_socket.h"
#include "tests/test.h"
#ifdef _WIN32
#include <aclapi.h>
#endif

static const char *base, *token_file;
static char buf[8192];

/* A GET that ends one way or another; what would block is asked again. */
static li_rc get(li_socket *s, const char *from, const char *path,
                 uint32_t first_byte_ms)
{
    static li_call call;
    li_transport via = li_socket_transport(s);
    li_policy policy = {.first_byte_ms = first_byte_ms};
    li_client me = {.access_token = "the-token", .policy = &policy};
    li_req req = {.path = path};
    li_rc rc;

    me.api_base = from;
    rc = li_do(&call, &me, &req, buf, sizeof buf, &via);
    while (rc == LI_WANT_READ || rc == LI_WANT_WRITE) {
        li_platform_sleep(NULL, 1);
        rc = li_run(&call, &via);
    }
    if (rc == LI_OK)
        assert_int_equal(call.status, 200);
    return rc;
}

static void two_calls_on_one_connection(void **state)
{
    li_socket s = {.connect_ms = 5000};
    int fd;

    (void)state;
    for (s.nonblocking = 0; s.nonblocking < 2; s.nonblocking++) {
        assert_int_equal(get(&s, base, "/v2/userinfo", 0), LI_OK);
        fd = s.fd;
        assert_int_equal(li_socket_alive(&s), 1);
        assert_int_equal(get(&s, base, "/v2/userinfo", 5000), LI_OK);
        assert_int_equal(s.fd, fd);
        li_socket_close(&s);
        assert_int_equal(li_socket_alive(&s), 0);
    }
}

static void failures_are_told(void **state)
{
    li_socket s = {.connect_ms = 8000};
    uint64_t began;

    (void)state;
    for (s.nonblocking = 0; s.nonblocking < 2; s.nonblocking++) {
        assert_int_equal(get(&s, "http://127.0.0.1:1", "/v2/userinfo", 0),
                         LI_E_IO);
        assert_true(strlen(s.why) > strlen("127.0.0.1: cannot connect: "));
        assert_int_equal(get(&s, base, "/v2/reset", 0), LI_E_CLOSED);
        li_socket_close(&s);
        began = li_platform_ms(NULL);
        assert_int_equal(get(&s, base, "/v2/me", 300), LI_E_TIMEOUT);
        assert_true(li_platform_ms(NULL) - began >= 250);
        assert_true(li_platform_ms(NULL) - began < 5000);
        li_socket_close(&s);
    }
    s.nonblocking = 0; /* no way there: it fails at once, in connect() */
    assert_int_equal(li_socket_connect(&s, "ff0e::1", 80), LI_E_IO);
    assert_non_null(strstr(s.why, "cannot connect: "));
    assert_int_equal(li_socket_connect(&s, "no-such-host.invalid", 80),
                     LI_E_DNS);
    assert_true(strlen(s.why) > 30);
}

static void clock_and_random(void **state)
{
    char a[16] = "", b[16] = "";
    uint64_t began = li_platform_ms(NULL);

    (void)state;
    assert_int_equal(li_platform_random(NULL, a, sizeof a), LI_OK);
    assert_int_equal(li_platform_random(NULL, b, sizeof b), LI_OK);
    assert_true(memcmp(a, b, sizeof a) != 0);
    li_platform_sleep(NULL, 50);
    assert_true(li_platform_ms(NULL) - began >= 30); /* ticks of 16 ms */
    assert_true(li_platform_now(NULL) > NOON - 31536000);
}

/* What lies there from another day, open to all, is not so any more. */
static void a_new_file_is_ours(void **state)
{
#ifdef _WIN32
    char name[512], mem[LI_TOKEN_MEM];
    li_platform one = {.token_path = token_file};
    li_token token = {.mem = mem, .cap = sizeof mem};
    PSECURITY_DESCRIPTOR rights;
    char *text = NULL;
    FILE *file;

    snprintf(name, sizeof name, "%s.new", token_file);
    file = fopen(name, "w");
    assert_non_null(file);
    fputs("what was there before, and is longer than any token of a test", file);
    fclose(file);
    assert_int_equal(li_token_read(&token, LI_STR("{\"access_token\":\"t\"}"),
                                   NULL), LI_OK);
    assert_int_equal(li_platform_save(&one, &token), LI_OK);
    assert_int_equal(li_platform_load(&one, &token), LI_OK);
    assert_int_equal(GetNamedSecurityInfoA(token_file, SE_FILE_OBJECT,
                                           DACL_SECURITY_INFORMATION, NULL,
                                           NULL, NULL, NULL, &rights), 0);
    assert_true(ConvertSecurityDescriptorToStringSecurityDescriptorA(
        rights, SDDL_REVISION_1, DACL_SECURITY_INFORMATION, &text, NULL));
    assert_null(strstr(text, ";WD)")); /* Everyone */
    assert_null(strstr(text, ";BU)")); /* Users */
    assert_non_null(strstr(text, ";FA;"));
    LocalFree(text);
    LocalFree(rights);
    remove(token_file);
#endif
    (void)state;
}

static void a_token_is_kept(void **state)
{
    static char mem[LI_TOKEN_MEM], again[LI_TOKEN_MEM];
    li_platform one = {.token_path = token_file}, two = one;
    li_token token = {.mem = mem, .cap = sizeof mem};
    li_token loaded = {.mem = again, .cap = sizeof again};
    unsigned i;

    (void)state;
    assert_int_equal(li_platform_load(&one, &loaded), LI_E_MISSING);
    assert_int_equal(li_token_read(&token,
                                   LI_STR("{\"access_token\":\"first\","
                                          "\"expires_in\":60}"), NULL), LI_OK);
    for (i = 0; i < 3; i++) { /* over what is there */
        assert_int_equal(li_platform_save(&one, &token), LI_OK);
        assert_int_equal(li_platform_load(&two, &loaded), LI_OK);
        assert_true(same(loaded.access_token, LI_STR("first")));
    }
    assert_int_equal(li_platform_lock(&one, 1), LI_OK);
    assert_int_equal(li_platform_lock(&one, 1), LI_OK);
    assert_int_equal(li_platform_lock(&two, 1), LI_WANT_SLEEP);
    assert_int_equal(li_platform_lock(&one, 0), LI_OK);
    assert_int_equal(li_platform_lock(&two, 1), LI_OK);
    assert_int_equal(li_platform_lock(&two, 0), LI_OK);
    one.token_path = "/no such folder/token.json";
    assert_int_equal(li_platform_save(&one, &token), LI_E_STORE);
    assert_non_null(one.why);
    assert_int_equal(li_platform_lock(&one, 1), LI_E_STORE);
    one.token_path = NULL;
    assert_int_equal(li_platform_load(&one, &loaded), LI_E_STORE);
    assert_int_equal(li_platform_save(&one, &token), LI_E_STORE);
    assert_int_equal(li_platform_lock(&one, 1), LI_E_STORE);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    base = argv[1];
    token_file = argv[2];
    TEST(two_calls_on_one_connection);
    TEST(failures_are_told);
    TEST(clock_and_random);
    TEST(a_new_file_is_ours);
    TEST(a_token_is_kept);
    return RUN("socket");
}
