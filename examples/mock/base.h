/* base.h - what all of the mock stands on: limits, text, settings, tokens. */
#ifndef MOCK_BASE_H
#define MOCK_BASE_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef MOCK_NO_TLS
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/rsa.h>
#include <mbedtls/ssl.h>
#include <mbedtls/version.h>
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
#include <psa/crypto.h>
#endif
#endif

enum {
    MAX_CONNS = 1024, /* their memory is touched when they are used       */
    MAX_URL = 8192,       /* more is 414: shared/api-guide, query tunneling */
    MAX_QUERY = 4096,
    MAX_HEAD = 28 * 1024, /* more is 431                                    */
    MAX_HEADERS = 64,
    MAX_BODY = 65536,     /* more is 413                                    */
    MAX_FORM = 8192,      /* all names and values of a form, decoded        */
    MAX_PAIRS = 24,
    MAX_EXTRA = 4 * MAX_FORM, /* a state in Location may grow threefold     */
    MAX_ANSWER = 131072, /* a year of days of ad analytics               */
    MAX_CODES = 64,       /* older codes and tokens than these are forgotten */
    MAX_TOKENS = 512,
    MAX_REDIRECT = 512,
    MAX_LIST = 16,        /* --redirect-uri, --fault, scopes                */
    IDLE_MS = 60000,
    LINGER_MS = 1000
};

/* ---- text */

static void die(const char *what, const char *detail)
{
    fprintf(stderr, "mock_linkedin: %s%s%s\n", what, detail ? ": " : "",
            detail ? detail : "");
    exit(2);
}

static int is(li_str a, const char *b)
{
    return li_equal(a, li_cstr(b));
}

static int is_nocase(li_str a, const char *b)
{
    return a.len == strlen(b) && (!a.len || !strncasecmp(a.ptr, b, a.len));
}

static int starts(li_str text, const char *with)
{
    size_t n = strlen(with);
    return text.len >= n && !memcmp(text.ptr, with, n);
}

static int contains(li_str text, const char *what)
{
    size_t n = strlen(what), i;
    for (i = 0; i + n <= text.len; i++)
        if (!memcmp(text.ptr + i, what, n))
            return 1;
    return 0;
}

static li_str span(const char *ptr, size_t len)
{
    li_str text;
    text.ptr = ptr;
    text.len = len;
    return text;
}

static int is_one_of(char c, const char *set_of)
{
    return c && strchr(set_of, c);
}

#define DIGITS "0123456789"
#define ALNUM DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* 1 if there are bytes, all of the set. */
static int only(li_str text, const char *set_of)
{
    size_t i;
    for (i = 0; i < text.len && is_one_of(text.ptr[i], set_of); i++)
        ;
    return i && i == text.len;
}

/* A decimal number of at most nine digits, or -1. */
static long number(li_str text)
{
    long value = 0;
    size_t i;

    if (!only(text, DIGITS) || text.len > 9)
        return -1;
    for (i = 0; i < text.len; i++)
        value = value * 10 + (text.ptr[i] - '0');
    return value;
}

/* Takes the text before the first of the marks off *rest; without one, all,
   and *rest becomes absent. */
static li_str cut(li_str *rest, const char *marks)
{
    li_str part = *rest;
    size_t i;

    for (i = 0; i < part.len && !is_one_of(part.ptr[i], marks); i++)
        ;
    *rest = i < part.len ? span(part.ptr + i + 1, part.len - i - 1)
                         : li_cstr(NULL);
    part.len = i;
    return part;
}

static li_str trim(li_str text)
{
    while (text.len && is_one_of(text.ptr[0], " \t"))
        text.ptr++, text.len--;
    while (text.len && is_one_of(text.ptr[text.len - 1], " \t"))
        text.len--;
    return text;
}

static void put(li_buf *out, const char *text)
{
    li_put(out, li_cstr(text));
}

static li_str written(const li_buf *buf)
{
    return span(buf->ptr, buf->len);
}

static void put_html(li_buf *out, li_str text)
{
    static const char marks[] = "&<>\"'";
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;",
                                        "&#39;"};
    size_t i;

    for (i = 0; i < text.len; i++) {
        const char *mark = strchr(marks, text.ptr[i]);
        li_put(out, mark && *mark ? li_cstr(names[mark - marks])
                                  : span(text.ptr + i, 1));
    }
}

static int64_t now_s(void)
{
    return (int64_t)time(NULL);
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- settings */

static struct {
    long port, code_ttl, token_ttl, refresh_ttl, exit_after;
    long part_size, processing_ms; /* of a video; of what is uploaded       */
    const char *bind, *cert, *key, *client_id, *client_secret, *scopes, *token;
    const char *first_version, *last_version; /* YYYYMM                     */
    const char *redirects[MAX_LIST];
    li_str scope_names[MAX_LIST];
    size_t redirect_count, scope_count;
    int tls, pkce, auto_consent, quiet;
    int no_refresh, no_token_type, no_app_tokens, rotate_refresh;
    int change_key;
    const char *record, *replay; /* files                                   */
    const char *webhook, *webhook_app;
    long webhook_retry; /* milliseconds                                     */
    long seed;
    unsigned chosen; /* of posts.h's choices, a bit each                    */
    int urandom;
} set = {
    .code_ttl = 1800, .token_ttl = 5184000, .refresh_ttl = 31536000,
    .part_size = 4194304, /* 4 MiB, as the videos-api page says             */
    .webhook_retry = 1000, .bind = "127.0.0.1", .client_id = "mock-client",
    .client_secret = "mock-secret",
    .scopes = "openid profile email w_member_social",
    .first_version = "202601", .last_version = "202610" /* in Nov 2026 */
};

static void random_bytes(void *dst, size_t len)
{
    char *at = dst;
    while (len) {
        ssize_t n = read(set.urandom, at, len);
        if (n <= 0 && errno != EINTR)
            die("/dev/urandom", strerror(errno));
        if (n > 0)
            at += n, len -= (size_t)n;
    }
}

/* Writes prefix and 4/3 as many characters as bytes (at most 300). */
static void random_text(li_buf *out, const char *prefix, size_t bytes)
{
    char raw[300];

    random_bytes(raw, bytes);
    put(out, prefix);
    li_base64url_encode(span(raw, bytes), out);
}

/* A set of scopes is a bit for each name of --scopes. */
static uint32_t scope_bit(li_str name)
{
    size_t i;
    for (i = 0; i < set.scope_count; i++)
        if (li_equal(name, set.scope_names[i]))
            return UINT32_C(1) << i;
    return 0;
}

/* Takes the next name off a list. Spaces are documented; LinkedIn's own
   JavaScript client joins with commas, and is served. */
static li_str scope_next(li_str *rest)
{
    li_str name;
    do
        name = cut(rest, " ,");
    while (!name.len && rest->len);
    return name;
}

/* The bits of a list; *unknown is the first name that has none, if any. */
static uint32_t scope_bits(li_str list, li_str *unknown)
{
    uint32_t bits = 0;
    li_str name;

    *unknown = li_cstr(NULL);
    while ((name = scope_next(&list)).len) {
        uint32_t bit = scope_bit(name);
        if (!bit && !unknown->ptr)
            *unknown = name;
        bits |= bit;
    }
    return bits;
}

static int has_scope(uint32_t scopes, const char *name)
{
    return (scopes & scope_bit(li_cstr(name))) != 0;
}

/* ---- tokens */

typedef struct token {
    char text[384];
    uint32_t scopes;
    int64_t authorized_at, created_at, expires_at;
    uint8_t refresh;  /* 1: a refresh token, 0: an access token             */
    uint8_t app;      /* 1: of client_credentials, without a member         */
    uint8_t revoked;
    uint8_t given;    /* of --token: it outlives all tests                   */
} token;

typedef struct auth_code {
    char text[256];
    char redirect_uri[MAX_REDIRECT];
    char nonce[64];
    char challenge[48]; /* base64url of SHA-256: 43 characters              */
    uint32_t scopes;
    int64_t expires_at;
    uint8_t native, used;
} auth_code;

static token tokens[MAX_TOKENS];
static auth_code codes[MAX_CODES];
static size_t tokens_made, codes_made;
static uint32_t granted; /* what the member has allowed; 0: nothing         */

static token *token_new(const char *prefix, uint32_t scopes, long ttl)
{
    token *t = &tokens[tokens_made++ % MAX_TOKENS];
    li_buf text = LI_BUF(t->text);

    memset(t, 0, sizeof *t);
    random_text(&text, prefix, 264);
    li_buf_end(&text);
    t->scopes = scopes;
    t->authorized_at = t->created_at = now_s();
    t->expires_at = t->created_at + ttl;
    return t;
}

/* The one of --token: of a member who has allowed everything. */
static void token_given(void)
{
    token *t = token_new("", UINT32_MAX, set.token_ttl);

    snprintf(t->text, sizeof t->text, "%s", set.token);
    t->given = 1;
}

static token *token_find(li_str text)
{
    size_t i;
    for (i = 0; i < MAX_TOKENS; i++)
        if (text.len && is(text, tokens[i].text))
            return &tokens[i];
    return NULL;
}

static const char *token_status(const token *t)
{
    return t->revoked ? "revoked" : t->expires_at <= now_s() ? "expired"
                                                             : "active";
}

static auth_code *code_find(li_str text)
{
    size_t i;
    for (i = 0; i < MAX_CODES; i++)
        if (text.len && is(text, codes[i].text))
            return &codes[i];
    return NULL;
}

/* Another set of scopes than granted before ends all earlier access tokens
   of the member (shared/authentication/authorization-code-flow). */
static void member_grants(uint32_t scopes)
{
    size_t i;
    for (i = 0; granted && granted != scopes && i < MAX_TOKENS; i++)
        if (!tokens[i].refresh && !tokens[i].app && !tokens[i].given)
            tokens[i].revoked = 1;
    granted = scopes;
}

#endif /* MOCK_BASE_H */
