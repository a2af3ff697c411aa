/* The ESP adapters on IDF's stand-ins: says hello to the member of the mock at
   LINKEDIN_BASE, keeps a token, and asks for each failure of a connection.
   Exit code: 0: all was as it should be. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_esp.h"
#include "adapters/linkedin_nvs.h"
#include <stdlib.h>

static li_esp esp;
static li_nvs here;
static int bad;

static void expect(int holds, const char *what)
{
    if (!holds)
        printf("not so: %s (%s)\n", what, esp.why);
    bad += !holds;
}

/* Says hello twice, the second time over the kept connection. A transport that
   would block is asked again, as a loop would. */
static void hello(const char *base, unsigned nonblocking)
{
    static char buf[16384], text[2048];
    li_client me = {.access_token = "the-token", .api_base = base,
                    .now = li_nvs_now, .random = li_nvs_random,
                    .user = &here};
    li_policy patience = {.total_ms = 5000};
    li_req req = {.path = "/v2/userinfo", .policy = &patience};
    li_transport via;
    li_profile who;
    li_call call;
    int i;
    esp.nonblocking = (uint8_t)nonblocking;
    via = li_esp_transport(&esp);
    for (i = 0; i < 2; i++) {
        li_buf out = LI_BUF(text);
        li_rc rc = li_do(&call, &me, &req, buf, sizeof buf, &via);
        while (rc > 0)
            rc = li_run(&call, &via);
        if (!rc)
            rc = li_profile_read(&who, &call, &out);
        if (rc)
            li_explain(&call, rc, &out);
        expect(!rc, text);
        if (!rc)
            printf("Hello, %s!\n", who.name.ptr);
    }
    expect(stand_in.open == 1, "one connection did for both");
    li_hangup(&via);
    expect(!stand_in.open, "nothing is left open");
}

/* Opens, and closes: the result is rc, and has words. */
static void opens(const char *host, unsigned port, int tls, int rc)
{
    li_transport via = li_esp_transport(&esp);
    int got;
    esp.why[0] = 0;
    got = via.open(via.user, host, port, tls);
    if (got != rc)
        printf("%s:%u tls %d: %d, not %d\n", host, port, tls, got, rc);
    expect(got == rc && (!rc || esp.why[0]), "the result of an open");
    via.close(via.user);
    via.close(via.user);
    expect(!stand_in.open, "a failed open leaves nothing");
}

static void fails(unsigned port, esp_err_t e, int code, int flags, int rc)
{
    stand_in.fail.last_error = e;
    stand_in.fail.esp_tls_error_code = code;
    stand_in.fail.esp_tls_flags = flags;
    opens("127.0.0.1", port, 1, rc);
    memset(&stand_in, 0, sizeof stand_in);
}

static void failures(unsigned port)
{
    opens("127.0.0.1", port, 0, LI_OK);
    opens("127.0.0.1", port, 1, LI_OK);
    opens("nobody.invalid", port, 1, LI_E_DNS);
    opens("127.0.0.1", 1, 1, LI_E_IO);
    opens("127.0.0.1", 1, 0, LI_E_IO);
    fails(port, ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED, 0x2700, 8, LI_E_TLS);
    fails(port, ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED, 0x7780, 0, LI_E_TLS);
    fails(port, ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED, 0x50, 0, LI_E_IO);
    fails(port, ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT, 0, 0, LI_E_TIMEOUT);
    fails(port, ESP_ERR_INVALID_STATE, 0, 0, LI_E_TLS); /* no bundle */
    stand_in.late = true;
    opens("127.0.0.1", port, 1, LI_E_TIMEOUT);
    stand_in.late = false;
}

/* A server that says nothing: a wait ends, by the limit or by timeout_ms. */
static void silence(unsigned port, int tls)
{
    li_transport via = li_esp_transport(&esp);
    char c;
    esp.nonblocking = 0;
    esp.timeout_ms = 80;
    expect(!via.open(via.user, "127.0.0.1", port, tls), "it opens");
    expect(via.alive(via.user), "a silent connection is alive");
    expect(via.recv(via.user, &c, 1) == LI_E_TIMEOUT, "timeout_ms ends it");
    esp.timeout_ms = 0;
    via.limit(via.user, 80);
    expect(via.recv(via.user, &c, 1) == LI_E_TIMEOUT, "a limit ends it");
    via.limit(via.user, 0);
    shutdown(esp.fd, SHUT_RDWR);
    expect(!via.alive(via.user), "an ended connection is not alive");
    expect(via.recv(via.user, &c, 1) == (tls ? LI_E_CLOSED : 0), "the end");
    expect(via.send(via.user, "x", 1) == LI_E_CLOSED, "nothing can be sent");
    via.close(via.user);
    expect(via.send(via.user, "x", 1) == LI_E_IO, "not without a connection");
    expect(via.recv(via.user, &c, 1) == LI_E_IO, "nor received");
    expect(!via.alive(via.user), "which is not alive");
    via.close(via.user);
    esp.nonblocking = 1;
    expect(!via.open(via.user, "127.0.0.1", port, tls), "it opens again");
    expect(via.recv(via.user, &c, 1) == LI_IO_READ, "it would block");
    via.close(via.user);
}

static int same_token(const li_token *a, const li_token *b)
{
    return li_equal(a->access_token, b->access_token) &&
           li_equal(a->refresh_token, b->refresh_token) &&
           a->expires_in == b->expires_in && a->issued_at == b->issued_at;
}

static void tokens(void)
{
    static char mem[512], again[512], small[4];
    li_client me = {.now = li_nvs_now, .load = li_nvs_load,
                    .save = li_nvs_save, .user = &here};
    li_token token = {.mem = mem, .cap = sizeof mem};
    li_token other = {.mem = again, .cap = sizeof again};
    li_str json = LI_STR("{\"access_token\":\"AQX\",\"expires_in\":5184000,"
                         "\"refresh_token\":\"AQY\"}");
    size_t i;
    me.token = &other;
    expect(li_token_load(&me) == LI_E_MISSING, "no token yet");
    expect(!li_token_read(&token, json, &me), "a token is saved");
    expect(!li_token_load(&me) && same_token(&token, &other), "and loaded");
    expect(li_equal(other.access_token, LI_STR("AQX")), "with its text");
    other.mem = small;
    other.cap = sizeof small;
    expect(li_nvs_load(&here, &other) == LI_E_SPACE && other.need > 4,
           "too little memory is told");
    for (i = 0; i < sizeof here.priv.text && !here.priv.text[i]; i++)
        continue;
    expect(i == sizeof here.priv.text, "the text is wiped");
    printf("The token is kept.\n");
}

int main(void)
{
    const char *base = getenv("LINKEDIN_BASE");
    unsigned port = base ? (unsigned)atoi(strrchr(base, ':') + 1) : 0;
    unsigned char bytes[2][16];
    if (!base)
        return puts("LINKEDIN_BASE is not set"), 2;
    hello(base, 0);
    hello(base, 1);
    failures(port);
    silence(port, 0);
    silence(port, 1);
    tokens();
    li_nvs_random(NULL, bytes[0], 16);
    li_nvs_random(NULL, bytes[1], 16);
    expect(memcmp(bytes[0], bytes[1], 16) != 0, "random bytes differ");
    return bad != 0;
}
