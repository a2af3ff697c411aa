/* mock_linkedin.c - a LinkedIn on your own machine to test programs against:
   sign-in, tokens, the member's profile, and every failure on demand.

       cc -std=c99 -D_POSIX_C_SOURCE=200809L -I. examples/mock_linkedin.c \
          -o mock_linkedin -lmbedtls -lmbedx509 -lmbedcrypto
       ./mock_linkedin --auto-consent --fault 503@1/v2
       ./mock_linkedin --help

   -DMOCK_NO_TLS does without mbedTLS (2.28 and 3.x are supported).

   One thread, one poll() loop, fixed tables. Forms, JSON, percent coding and
   digests are linkedin.h's own. Read it downwards: text, settings, tokens,
   one exchange, the sign-in, the API, the table of routes, faults, HTTP/1.1,
   connections, main. To add an answer, write a short function and one row of
   routes[]; to add a failure, one row of fault_kinds[]. */

#define LINKEDIN_STATIC
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "mock_restli.h"

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
    MAX_ANSWER = 65536,
    MAX_CODES = 64,       /* older codes and tokens than these are forgotten */
    MAX_TOKENS = 512,
    MAX_REDIRECT = 512,
    MAX_LIST = 16,        /* --redirect-uri, --fault, scopes                */
    IDLE_MS = 60000,
    LINGER_MS = 1000
};

/* text -------------------------------------------------------------------- */

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

static void json_raw(li_buf *out, const char *name, const char *raw)
{
    li_json_put_key(out, li_cstr(name));
    li_json_put_raw(out, li_cstr(raw));
}

static void json_text(li_buf *out, const char *name, li_str text)
{
    li_json_put_key(out, li_cstr(name));
    li_json_put_string(out, text);
}

static void json_int(li_buf *out, const char *name, int64_t value)
{
    char digits[24];
    li_buf text = LI_BUF(digits);

    li_put_int(&text, value);
    li_buf_end(&text);
    json_raw(out, name, digits);
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

/* settings ---------------------------------------------------------------- */

static struct {
    long port, code_ttl, token_ttl, refresh_ttl, exit_after;
    const char *bind, *cert, *key, *client_id, *client_secret, *scopes, *token;
    const char *first_version, *last_version; /* YYYYMM                     */
    const char *redirects[MAX_LIST];
    li_str scope_names[MAX_LIST];
    size_t redirect_count, scope_count;
    int tls, pkce, auto_consent, quiet;
    int no_refresh, no_token_type, no_app_tokens, rotate_refresh;
    long seed;
    int urandom;
} set = {
    .code_ttl = 1800, .token_ttl = 5184000, .refresh_ttl = 31536000,
    .bind = "127.0.0.1", .client_id = "mock-client",
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

/* tokens ------------------------------------------------------------------ */

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

/* one exchange ------------------------------------------------------------ */

typedef struct pair {
    li_str name, value;
} pair;

/* What a fault does besides, or instead of, answering. */
enum { NOTHING, RETRY_AFTER, RETRY_DATE, SLOW, DRIP, CUT, RESET, LOST, STALL,
       EFFECTS };

typedef struct exchange {
    li_str method, path, query, body;
    pair headers[MAX_HEADERS];
    size_t header_count;
    pair form[MAX_PAIRS]; /* once a handler has read it                     */
    size_t form_count;
    token *token;         /* the caller's, on /v2 and /rest                 */
    uint8_t loopback, http10, close;
    long effect[EFFECTS]; /* its argument, or -1: not asked for             */
    const char *type;     /* of the answer; NULL: no body                   */
    li_buf extra, out;    /* its header lines, its body                     */
} exchange;

static li_str pair_find(const pair *pairs, size_t count, const char *name,
                        int (*same)(li_str, const char *))
{
    size_t i;
    for (i = 0; i < count; i++)
        if (same(pairs[i].name, name))
            return pairs[i].value;
    return li_cstr(NULL);
}

static li_str header(const exchange *x, const char *name)
{
    return pair_find(x->headers, x->header_count, name, is_nocase);
}

static li_str param(const exchange *x, const char *name)
{
    return pair_find(x->form, x->form_count, name, is);
}

static int form_decode(li_buf *text, li_str raw, li_str *decoded)
{
    size_t at = text->len;
    int good = !li_form_decode(raw, text);

    decoded->ptr = text->ptr + at;
    decoded->len = text->len - at;
    return good;
}

/* Reads a query or form body into x->form: 0 if it is none, is too long, or
   has a name twice (RFC 6749 section 3.1 and 3.2). */
static int form_read(exchange *x, li_str rest)
{
    static char memory[MAX_FORM];
    li_buf text = LI_BUF(memory);
    li_str name, value;
    pair p;
    size_t i;

    x->form_count = 0;
    while (!li_form_next(&rest, &name, &value)) {
        if (x->form_count == MAX_PAIRS ||
            !form_decode(&text, name, &p.name) ||
            !form_decode(&text, value, &p.value))
            return 0;
        for (i = 0; i < x->form_count; i++)
            if (li_equal(x->form[i].name, p.name))
                return 0;
        x->form[x->form_count++] = p;
    }
    return 1;
}

static void add_header(exchange *x, const char *name, li_str value)
{
    put(&x->extra, name);
    put(&x->extra, ": ");
    li_put(&x->extra, value);
    put(&x->extra, "\r\n");
}

/* All that answer a request give the status; those that check one, 0 or the
   status of the refusal that they have written. */

static int answer_json(exchange *x, int status)
{
    x->type = "application/json";
    return status;
}

/* LinkedIn's error body; service < 0, code NULL: left out. */
static int problem(exchange *x, int status, int service, const char *code,
                   const char *message)
{
    add_header(x, "x-restli-error-response", LI_STR("true"));
    add_header(x, "x-restli-gateway-error", LI_STR("true"));
    li_json_put_raw(&x->out, LI_STR("{"));
    json_int(&x->out, "status", status);
    if (service >= 0)
        json_int(&x->out, "serviceErrorCode", service);
    if (code)
        json_text(&x->out, "code", li_cstr(code));
    json_text(&x->out, "message", li_cstr(message));
    li_json_put_raw(&x->out, LI_STR("}"));
    return answer_json(x, status);
}

/* The error body of the token endpoints (RFC 6749 section 5.2). */
static int oauth_error(exchange *x, int status, const char *error,
                       const char *description)
{
    li_json_put_raw(&x->out, LI_STR("{"));
    json_text(&x->out, "error", li_cstr(error));
    json_text(&x->out, "error_description", li_cstr(description));
    li_json_put_raw(&x->out, LI_STR("}"));
    return answer_json(x, status);
}

/* A page whose text is HTML. */
static int page(exchange *x, int status, const char *title, const char *text)
{
    x->type = "text/html; charset=utf-8";
    put(&x->out, "<!DOCTYPE html>\n<html lang=\"en\"><title>");
    put(&x->out, title);
    put(&x->out, "</title>\n<h1>");
    put(&x->out, title);
    put(&x->out, "</h1>\n<p>");
    put(&x->out, text);
    put(&x->out, "</p>\n");
    return status;
}

/* sign-in ----------------------------------------------------------------- */

#define OOPS "Bummer, something went wrong."
#define MISMATCH                                                           \
    "Unable to retrieve access token: appid/redirect uri/code verifier "   \
    "does not match authorization code. Or authorization code expired. "   \
    "Or external member binding exists"

/* Reads a form of OAuth's, whose values are all printable ASCII (RFC 6749
   appendix A). */
static int oauth_form(exchange *x, li_str text)
{
    size_t i, k;

    if (!form_read(x, text))
        return 0;
    for (i = 0; i < x->form_count; i++)
        for (k = 0; k < x->form[i].value.len; k++)
            if (x->form[i].value.ptr[k] < 32 || x->form[i].value.ptr[k] > 126)
                return 0;
    return 1;
}

/* Refuses if a parameter of the list is missing or empty. */
static int lacks(exchange *x, const char *const *names)
{
    char text[96];

    while (*names && param(x, *names).len)
        names++;
    if (!*names)
        return 0;
    snprintf(text, sizeof text, "A required parameter \"%s\" is missing",
             *names);
    return oauth_error(x, 400, "invalid_request", text);
}

static int is_native(const exchange *x)
{
    return starts(x->path, "/oauth/native-pkce/");
}

/* The ordinary flow compares the whole text; a query in the registered URL
   is ignored. The native flow takes any port of the loopback addresses. */
static int redirect_known(const exchange *x)
{
    li_str uri = param(x, "redirect_uri"), known;
    li_url url;
    size_t i;

    if (is_native(x))
        return uri.len < MAX_REDIRECT && !li_url_split(uri, &url) &&
               !url.fragment.ptr &&
               (is(url.host, "127.0.0.1") || is(url.host, "[::1]"));
    for (i = 0; i < set.redirect_count; i++) {
        known = li_cstr(set.redirects[i]);
        if (li_equal(uri, known) || li_equal(uri, cut(&known, "?")))
            return 1;
    }
    return 0;
}

/* Sends the browser back with a parameter, another unless it is absent, and
   the state. */
static int redirect(exchange *x, const char *name, li_str value,
                    const char *name2, li_str value2)
{
    li_str uri = param(x, "redirect_uri"), state = param(x, "state");

    put(&x->extra, "Location: ");
    li_put(&x->extra, uri);
    if (!contains(uri, "?"))
        put(&x->extra, "?");
    li_form_put(&x->extra, li_cstr(name), value);
    if (value2.ptr)
        li_form_put(&x->extra, li_cstr(name2), value2);
    if (state.ptr)
        li_form_put(&x->extra, LI_STR("state"), state);
    put(&x->extra, "\r\n");
    return 302;
}

static int redirect_error(exchange *x, const char *error, const char *why)
{
    return redirect(x, "error", li_cstr(error), "error_description",
                    li_cstr(why));
}

/* Seen: LinkedIn escapes the quotes for HTML inside the percent-encoding. */
static int scope_error(exchange *x, li_str name)
{
    char memory[6 * MAX_FORM];
    li_buf text = LI_BUF(memory);

    put(&text, "Scope &quot;");
    put_html(&text, name);
    put(&text, "&quot; is not authorized for your application");
    li_buf_end(&text);
    return redirect_error(x, "unauthorized_scope_error", memory);
}

static int consent_page(exchange *x)
{
    size_t i;

    page(x, 200, "Mock LinkedIn", "Ann Example, the application asks for:");
    put_html(&x->out, param(x, "scope"));
    put(&x->out, "\n<form method=\"post\">\n");
    for (i = 0; i < x->form_count; i++) {
        put(&x->out, "<input type=\"hidden\" name=\"");
        put_html(&x->out, x->form[i].name);
        put(&x->out, "\" value=\"");
        put_html(&x->out, x->form[i].value);
        put(&x->out, "\">\n");
    }
    put(&x->out, "<button name=\"decision\" value=\"allow\">Allow</button>\n"
                 "<button name=\"decision\" value=\"cancel\">Cancel</button>\n"
                 "</form>\n");
    return 200;
}

static int allow(exchange *x, uint32_t scopes)
{
    auth_code *c = &codes[codes_made++ % MAX_CODES];
    li_buf text = LI_BUF(c->text), uri = LI_BUF(c->redirect_uri);
    li_buf challenge = LI_BUF(c->challenge);

    memset(c, 0, sizeof *c);
    random_text(&text, "AQT", 156);
    li_buf_end(&text);
    li_put(&uri, param(x, "redirect_uri"));
    li_buf_end(&uri);
    c->native = (uint8_t)is_native(x);
    if (c->native)
        li_put(&challenge, param(x, "code_challenge"));
    li_buf_end(&challenge);
    c->scopes = scopes;
    c->expires_at = now_s() + set.code_ttl;
    member_grants(scopes);
    return redirect(x, "code", written(&text), "", li_cstr(NULL));
}

static int decide(exchange *x, uint32_t scopes)
{
    li_str decision = param(x, "decision");

    if (is(decision, "cancel"))
        return redirect_error(x, "user_cancelled_authorize",
                              "The user cancelled the authorization");
    if (is(decision, "login_cancel"))
        return redirect_error(x, "user_cancelled_login",
                              "The user cancelled LinkedIn login");
    if (is(decision, "allow"))
        return allow(x, scopes);
    if (decision.ptr)
        return page(x, 400, OOPS, "There is no such decision");
    if (set.auto_consent || granted == scopes)
        return allow(x, scopes);
    return consent_page(x);
}

/* RFC 7636 section 4.3; only S256 is documented. */
static int challenge_good(const exchange *x)
{
    char memory[32];
    li_buf digest = LI_BUF(memory);

    return is(param(x, "code_challenge_method"), "S256") &&
           !li_base64url_decode(param(x, "code_challenge"), &digest) &&
           digest.len == sizeof memory;
}

/* GET shows the page, its form POSTs the same parameters and a decision. A
   wrong client or redirect URI is never sent to the redirect URI. */
static int authorize(exchange *x)
{
    uint32_t scopes;
    li_str unknown;

    if (!oauth_form(x, is(x->method, "POST") ? x->body : x->query))
        return page(x, 400, OOPS, "The request is malformed");
    if (is_native(x) && !set.pkce)
        return page(x, 401, OOPS, "Native PKCE is not enabled for the app");
    if (!is(param(x, "client_id"), set.client_id))
        return page(x, 401, OOPS, "The passed in client_id is invalid");
    if (!redirect_known(x))
        return page(x, 401, OOPS,
                    "The redirect_uri does not match the registered value");
    if (!is(param(x, "response_type"), "code"))
        return redirect_error(x, "unsupported_response_type",
                              "The response_type must be code");
    scopes = scope_bits(param(x, "scope"), &unknown);
    /* Seen: openid is not granted to native apps. */
    if (is_native(x) && has_scope(scopes, "openid"))
        unknown = LI_STR("openid");
    if (unknown.ptr)
        return scope_error(x, unknown);
    if (!scopes)
        return redirect_error(x, "invalid_scope_error",
                              "The requested scope is not valid");
    if (is_native(x) && !challenge_good(x))
        return redirect_error(x, "invalid_request",
                              "A code_challenge of S256 is required");
    return decide(x, scopes);
}

static int id_wrong(exchange *x)
{
    char text[MAX_FORM];
    li_str id = param(x, "client_id");

    if (is(id, set.client_id))
        return 0;
    snprintf(text, sizeof text, "The passed in client_id is invalid \"%.*s\"",
             (int)id.len, id.ptr);
    return oauth_error(x, 400, "invalid_client_id", text);
}

static int refuse_client(exchange *x)
{
    return oauth_error(x, 401, "invalid_client",
                       "Client authentication failed");
}

static int secret_wrong(exchange *x)
{
    return is(param(x, "client_secret"), set.client_secret)
               ? 0 : refuse_client(x);
}

static void json_scopes(li_buf *out, uint32_t scopes)
{
    char memory[1024];
    li_buf text = LI_BUF(memory);
    size_t i;

    for (i = 0; i < set.scope_count; i++) {
        if (!(scopes >> i & 1))
            continue;
        put(&text, text.len ? "," : "");
        li_put(&text, set.scope_names[i]);
    }
    json_text(out, "scope", written(&text));
}

/* A placeholder: the claims are right, but alg is none and nothing is
   signed; no client may accept it as proof. */
static void json_id_token(li_buf *out)
{
    char claims[1024], text[1536];
    li_buf c = LI_BUF(claims), t = LI_BUF(text);

    li_json_put_raw(&c, LI_STR("{"));
    json_raw(&c, "iss", "\"https://www.linkedin.com/oauth\"");
    json_text(&c, "aud", li_cstr(set.client_id));
    json_int(&c, "iat", now_s());
    json_int(&c, "exp", now_s() + 3600);
    json_raw(&c, "sub", "\"782bbtaQ\"");
    json_raw(&c, "name", "\"Ann Example\"");
    json_raw(&c, "locale", "\"en_US\"");
    li_json_put_raw(&c, LI_STR("}"));
    li_base64url_encode(LI_STR("{\"typ\":\"JWT\",\"alg\":\"none\"}"), &t);
    put(&t, ".");
    li_base64url_encode(written(&c), &t);
    put(&t, ".");
    json_text(out, "id_token", written(&t));
}

/* refresh may be NULL. LinkedIn's page has the life of an application token
   as a string. */
static int token_answer(exchange *x, const token *access,
                        const token *refresh)
{
    li_buf *out = &x->out;

    add_header(x, "Cache-Control", LI_STR("no-store"));
    li_json_put_raw(out, LI_STR("{"));
    json_text(out, "access_token", li_cstr(access->text));
    if (access->app)
        json_raw(out, "expires_in", "\"1800\"");
    else
        json_int(out, "expires_in", access->expires_at - now_s());
    if (refresh) {
        json_text(out, "refresh_token", li_cstr(refresh->text));
        json_int(out, "refresh_token_expires_in",
                 refresh->expires_at - now_s());
    }
    if (!access->app)
        json_scopes(out, access->scopes);
    if (!set.no_token_type)
        json_raw(out, "token_type", "\"Bearer\"");
    if (has_scope(access->scopes, "openid"))
        json_id_token(out);
    li_json_put_raw(out, LI_STR("}"));
    return answer_json(x, 200);
}

/* RFC 7636 section 4.6. */
static int verifier_fits(const auth_code *c, li_str verifier)
{
    char digest[32], text[48];
    li_buf challenge = LI_BUF(text);
    li_hash hash;

    li_sha256_begin(&hash);
    li_hash_put(&hash, verifier);
    li_hash_end(&hash, (uint8_t *)digest);
    li_base64url_encode(span(digest, sizeof digest), &challenge);
    return verifier.len >= 43 && verifier.len <= 128 &&
           only(verifier, ALNUM "-._~") &&
           is(written(&challenge), c->challenge);
}

/* A code_verifier marks the native flow, which has no secret; the ordinary
   flow refuses a verifier (seen) and wants the secret. */
static int grant_code(exchange *x)
{
    static const char *const secret[] = {"client_secret", NULL};
    li_str verifier = param(x, "code_verifier");
    uint8_t native = verifier.ptr != NULL;
    auth_code *c = code_find(param(x, "code"));
    token *access, *refresh = NULL;
    int status;

    if (!native && ((status = lacks(x, secret)) || (status = secret_wrong(x))))
        return status;
    if (!c)
        return oauth_error(x, 401, "invalid_request",
                           "Unable to retrieve access token: authorization "
                           "code not found");
    if (c->native != native || c->used || c->expires_at <= now_s() ||
        (native && !verifier_fits(c, verifier)))
        return oauth_error(x, 400, "invalid_request", MISMATCH);
    if (!is(param(x, "redirect_uri"), c->redirect_uri))
        return oauth_error(x, 400, "invalid_redirect_uri", MISMATCH);
    if (native && param(x, "client_secret").ptr)
        return refuse_client(x);
    c->used = 1;
    access = token_new("AQX", c->scopes, set.token_ttl);
    if (!set.no_refresh && !native) {
        refresh = token_new("AQV", c->scopes, set.refresh_ttl);
        refresh->refresh = 1;
    }
    return token_answer(x, access, refresh);
}

/* The refresh token's life is not renewed, and no access token outlives it
   (shared/authentication/programmatic-refresh-tokens). */
static int grant_refresh(exchange *x)
{
    token *refresh = token_find(param(x, "refresh_token")), *access, *rotated;
    int status = secret_wrong(x);

    if (status)
        return status;
    if (!refresh || !refresh->refresh ||
        strcmp(token_status(refresh), "active"))
        return oauth_error(x, 400, "invalid_grant",
                           "The provided authorization grant or refresh "
                           "token is invalid, expired or revoked");
    access = token_new("AQX", refresh->scopes, set.token_ttl);
    access->authorized_at = refresh->authorized_at;
    if (access->expires_at > refresh->expires_at)
        access->expires_at = refresh->expires_at;
    if (set.rotate_refresh) {
        rotated = token_new("AQV", refresh->scopes, set.refresh_ttl);
        rotated->refresh = 1;
        rotated->expires_at = refresh->expires_at;
        refresh->revoked = 1;
        refresh = rotated;
    }
    return token_answer(x, access, refresh);
}

static int grant_client(exchange *x)
{
    token *access;
    int status = secret_wrong(x);

    if (status)
        return status;
    if (set.no_app_tokens)
        return oauth_error(x, 401, "access_denied",
                           "This application is not allowed to create "
                           "application tokens");
    access = token_new("AQU", 0, 1800);
    access->app = 1;
    return token_answer(x, access, NULL);
}

static const struct {
    const char *name;
    const char *needs[4];
    int (*answer)(exchange *x);
} grants[] = {
    {"authorization_code", {"code", "client_id", "redirect_uri"}, grant_code},
    {"refresh_token", {"refresh_token", "client_id", "client_secret"},
     grant_refresh},
    {"client_credentials", {"client_id", "client_secret"}, grant_client},
};

/* Credentials are members of the form; a Basic header is refused, as it is
   said to spoil tokens. A body of another type has no parameters. */
static int form_wrong(exchange *x)
{
    li_str type = header(x, "Content-Type");

    if (header(x, "Authorization").ptr)
        return refuse_client(x);
    if (is_nocase(cut(&type, ";"), "application/x-www-form-urlencoded") &&
        !oauth_form(x, x->body))
        return oauth_error(x, 400, "invalid_request",
                           "The request is malformed");
    return 0;
}

static int access_token(exchange *x)
{
    static const char *const type[] = {"grant_type", NULL};
    int status;
    size_t i;

    if ((status = form_wrong(x)) || (status = lacks(x, type)))
        return status;
    for (i = 0; i < sizeof grants / sizeof *grants; i++) {
        if (!is(param(x, "grant_type"), grants[i].name))
            continue;
        if ((status = lacks(x, grants[i].needs)) || (status = id_wrong(x)))
            return status;
        return grants[i].answer(x);
    }
    return oauth_error(x, 400, "unsupported_grant_type",
                       "The grant_type is not supported");
}

/* Finds the token that introspection and revocation are asked about. */
static int token_asked(exchange *x, token **t)
{
    static const char *const needs[] = {"client_id", "client_secret",
                                        "token", NULL};
    int status;

    if ((status = form_wrong(x)) || (status = lacks(x, needs)) ||
        (status = id_wrong(x)) || (status = secret_wrong(x)))
        return status;
    *t = token_find(param(x, "token"));
    return 0;
}

static int introspect(exchange *x)
{
    token *t;
    li_buf *out = &x->out;
    int status = token_asked(x, &t);

    if (status)
        return status;
    if (!t)
        return oauth_error(x, 400, "invalid_request",
                           "The passed in token is invalid");
    li_json_put_raw(out, LI_STR("{"));
    json_raw(out, "active",
             strcmp(token_status(t), "active") ? "false" : "true");
    json_text(out, "client_id", li_cstr(set.client_id));
    json_int(out, "authorized_at", t->authorized_at);
    json_int(out, "created_at", t->created_at);
    json_text(out, "status", li_cstr(token_status(t)));
    json_int(out, "expires_at", t->expires_at);
    if (!t->app)
        json_scopes(out, t->scopes);
    json_text(out, "auth_type", li_cstr(t->app ? "2L" : "3L"));
    li_json_put_raw(out, LI_STR("}"));
    return answer_json(x, 200);
}

/* Seen in many clients, not documented: 200 and no body, whatever the token
   (RFC 7009 section 2.2). */
static int revoke_token(exchange *x)
{
    token *t;
    int status = token_asked(x, &t);

    if (!status && t)
        t->revoked = 1;
    return status ? status : 200;
}

/* the API ----------------------------------------------------------------- */

#define REVOKED "The token used in the request has been revoked by the user"

/* Finds the caller's token. */
static int token_wrong(exchange *x)
{
    li_str value = header(x, "Authorization"), scheme = cut(&value, " ");
    token *t = token_find(value);

    if (!scheme.len || (is_nocase(scheme, "Bearer") && !value.len))
        return problem(x, 401, 65604, "EMPTY_ACCESS_TOKEN",
                       "Empty oauth2 access token");
    if (!is_nocase(scheme, "Bearer"))
        return problem(x, 401, -1, NULL, "Unknown authentication scheme");
    if (!t || t->refresh)
        return problem(x, 401, 65600, "INVALID_ACCESS_TOKEN",
                       "Invalid access token");
    if (t->revoked)
        return problem(x, 401, 65601, "REVOKED_ACCESS_TOKEN", REVOKED);
    if (t->expires_at <= now_s())
        return problem(x, 401, 65602, "EXPIRED_ACCESS_TOKEN",
                       "The token used in the request has expired");
    x->token = t;
    return 0;
}

/* Writes YYYYMMDD of YYYYMM or YYYYMM.RR, where RR stands in for the day: so
   LinkedIn's messages show a version. 0 if it is none. */
static int version_day(li_str version, char day[9])
{
    if (version.len != 6 && (version.len != 9 || version.ptr[6] != '.'))
        return 0;
    memcpy(day, version.ptr, 6);
    memcpy(day + 6, version.len == 9 ? version.ptr + 7 : "01", 3);
    day[8] = '\0';
    return only(span(day, 8), DIGITS);
}

static int version_wrong(exchange *x)
{
    li_str version = header(x, "LinkedIn-Version");
    char day[9], message[64];

    if (!version.ptr)
        return problem(x, 400, -1, "VERSION_MISSING",
                       "A version must be present. Please specify a version "
                       "by adding the LinkedIn-Version header.");
    if (!version_day(version, day))
        return problem(x, 400, -1, "ILLEGAL_ARGUMENT",
                       "The LinkedIn-Version header is not YYYYMM");
    if (strncmp(day, set.first_version, 6) >= 0 &&
        strncmp(day, set.last_version, 6) <= 0)
        return 0;
    snprintf(message, sizeof message, "Requested version %s is not active",
             day);
    return problem(x, 426, -1, "NONEXISTENT_VERSION", message);
}

/* The texts of 403 name a call as resource.METHOD.version. */
static int forbidden(exchange *x, const char *resource)
{
    char message[128], day[9];
    int rest = starts(x->path, "/rest/") &&
               version_day(header(x, "LinkedIn-Version"), day);

    snprintf(message, sizeof message,
             "Not enough permissions to access: %s.%.*s.%s", resource,
             (int)x->method.len, x->method.ptr, rest ? day : "NO_VERSION");
    return problem(x, 403, 100, "ACCESS_DENIED", message);
}

#define LOCALE "\"preferredLocale\":{\"country\":\"US\",\"language\":\"en\"}"
#define ASSET "urn:li:digitalmediaAsset:D4D03AQmock"
#define PICTURE_URL "https://media.licdn.com/dms/image/mock/100_100"

static const char profile_lite[] =
    "{\"id\":\"782bbtaQ\",\"localizedFirstName\":\"Ann\","
    "\"localizedLastName\":\"Example\","
    "\"firstName\":{\"localized\":{\"en_US\":\"Ann\"}," LOCALE "},"
    "\"lastName\":{\"localized\":{\"en_US\":\"Example\"}," LOCALE "}";
static const char profile_basic[] =
    ",\"headline\":{\"localized\":{\"en_US\":\"Tester\"}," LOCALE "},"
    "\"localizedHeadline\":\"Tester\",\"vanityName\":\"ann-example\"";
static const char picture_plain[] =
    ",\"profilePicture\":{\"displayImage\":\"" ASSET "\"}}";
static const char picture_decorated[] =
    ",\"profilePicture\":{\"displayImage\":\"" ASSET "\","
    "\"displayImage~\":{\"paging\":{\"start\":0,\"count\":10,\"links\":[]},"
    "\"elements\":[{\"artifact\":\"urn:li:digitalmediaMediaArtifact:(" ASSET
    ",urn:li:digitalmediaMediaArtifactClass:"
    "profile-displayphoto-shrink_100_100)\","
    "\"authorizationMethod\":\"PUBLIC\",\"data\":{"
    "\"com.linkedin.digitalmedia.mediaartifact.StillImage\":{"
    "\"storageSize\":{\"width\":100,\"height\":100},"
    "\"mediaType\":\"image/jpeg\"}},\"identifiers\":[{"
    "\"identifier\":\"" PICTURE_URL "\",\"index\":0,"
    "\"mediaType\":\"image/jpeg\",\"identifierType\":\"EXTERNAL_URL\","
    "\"identifierExpiresInSeconds\":1893456000}]}]}}}";

/* Takes the next top-level name off a projection; what it holds in
   parentheses is passed over. */
static li_str field_next(li_str *rest)
{
    li_str name = *rest;
    size_t i, depth = 0, end = rest->len;

    for (i = 0; i < rest->len && (depth || rest->ptr[i] != ','); i++) {
        if (rest->ptr[i] == '(' && !depth++)
            end = i;
        if (rest->ptr[i] == ')' && depth)
            depth--;
    }
    name.len = end < i ? end : i;
    if (name.len && name.ptr[name.len - 1] == ':')
        name.len--;
    rest->ptr += i < rest->len ? i + 1 : i;
    rest->len -= i < rest->len ? i + 1 : i;
    return name;
}

/* The members of doc that the list names: a,b or (a,b(c)). */
static void project(exchange *x, li_str doc, li_str list)
{
    char pointer[64];
    li_str name, raw;

    if (starts(list, "(") && list.ptr[list.len - 1] == ')')
        list.ptr++, list.len -= 2;
    li_json_put_raw(&x->out, LI_STR("{"));
    while (list.len) {
        li_buf path = LI_BUF(pointer);
        name = field_next(&list);
        put(&path, "/");
        li_put(&path, name);
        if (li_buf_end(&path) || li_json_find(doc, pointer, &raw))
            continue;
        li_json_put_key(&x->out, name);
        li_json_put_raw(&x->out, raw);
    }
    li_json_put_raw(&x->out, LI_STR("}"));
}

static int profile(exchange *x)
{
    char memory[4096];
    li_buf doc = LI_BUF(memory);
    li_str list;

    if (!form_read(x, x->query))
        return problem(x, 400, -1, "ILLEGAL_ARGUMENT",
                       "The query is malformed");
    list = param(x, "projection");
    if (!list.ptr)
        list = param(x, "fields");
    put(&doc, profile_lite);
    if (has_scope(x->token->scopes, "r_basicprofile"))
        put(&doc, profile_basic);
    put(&doc, contains(list, "displayImage~") ? picture_decorated
                                              : picture_plain);
    if (list.ptr)
        project(x, written(&doc), list);
    else
        li_put(&x->out, written(&doc));
    return answer_json(x, 200);
}

static int userinfo(exchange *x)
{
    li_buf *out = &x->out;

    li_json_put_raw(out, LI_STR("{"));
    json_raw(out, "sub", "\"782bbtaQ\"");
    if (has_scope(x->token->scopes, "profile")) {
        json_raw(out, "name", "\"Ann Example\"");
        json_raw(out, "given_name", "\"Ann\"");
        json_raw(out, "family_name", "\"Example\"");
        json_raw(out, "picture", "\"" PICTURE_URL "\"");
        json_raw(out, "locale", "{\"country\":\"US\",\"language\":\"en\"}");
    }
    if (has_scope(x->token->scopes, "email")) {
        json_raw(out, "email", "\"ann@example.com\"");
        json_raw(out, "email_verified", "true");
    }
    li_json_put_raw(out, LI_STR("}"));
    return answer_json(x, 200);
}

/* Tests only, and only from loopback. */
static int mock_expire(exchange *x)
{
    size_t i;

    (void)x;
    for (i = 0; i < MAX_TOKENS; i++)
        if (!tokens[i].refresh && !tokens[i].given)
            tokens[i].expires_at = now_s();
    return 204;
}

static int mock_revoke(exchange *x)
{
    size_t i;

    (void)x;
    for (i = 0; i < MAX_TOKENS; i++)
        tokens[i].revoked = !tokens[i].given;
    granted = 0;
    return 204;
}

#include "mock_store.h"

/* routes ------------------------------------------------------------------ */

static const struct route {
    const char *method, *path;
    const char *scopes;   /* one of them is needed; NULL: none              */
    const char *resource; /* its name in the text of a 403                  */
    int (*answer)(exchange *x);
} routes[] = {
    {"GET", "/oauth/v2/authorization", NULL, NULL, authorize},
    {"POST", "/oauth/v2/authorization", NULL, NULL, authorize},
    {"GET", "/oauth/native-pkce/authorization", NULL, NULL, authorize},
    {"POST", "/oauth/native-pkce/authorization", NULL, NULL, authorize},
    {"POST", "/oauth/v2/accessToken", NULL, NULL, access_token},
    {"POST", "/oauth/v2/introspectToken", NULL, NULL, introspect},
    {"POST", "/oauth/v2/revoke", NULL, NULL, revoke_token},
    {"GET", "/v2/me", "r_liteprofile,r_basicprofile", "me", profile},
    {"GET", "/v2/userinfo", "openid", "userinfo", userinfo},
    {"GET", "/rest/me", "r_basicprofile", "partnerApiMe", profile},
    {"POST", "/mock/expire", NULL, NULL, mock_expire},
    {"POST", "/mock/revoke", NULL, NULL, mock_revoke},
    {"PUT", "/mock/upload", NULL, NULL, mock_upload},
};

/* The row of method and path; *known says that the path has a row. */
static const struct route *route_find(const exchange *x, int *known)
{
    size_t i;

    *known = 0;
    for (i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (!is(x->path, routes[i].path))
            continue;
        *known = 1;
        if (is(x->method, routes[i].method))
            return &routes[i];
    }
    return NULL;
}

/* A request that came through a query tunnel, as it was meant. */
static int through_tunnel(exchange *x)
{
    static char memory[MAX_BODY];
    li_buf query = LI_BUF(memory);
    untunnelled u;

    if (!header(x, "X-HTTP-Method-Override").ptr)
        return 0;
    u.method = x->method;
    u.type = header(x, "Content-Type");
    u.body = x->body;
    u.query = &query;
    li_put(&query, x->query);
    if (!untunnel(&u, header(x, "X-HTTP-Method-Override")) || query.rc)
        return problem(x, 400, -1, "ILLEGAL_ARGUMENT",
                       "The tunnelled query cannot be read");
    x->method = u.method;
    x->query = written(&query);
    x->body = u.body;
    return 0;
}

/* Checks in this order: token, version, path, method, scope. */
static int route(exchange *x)
{
    int known, status, rest = starts(x->path, "/rest/");
    const struct route *r;
    li_str unknown;

    if ((status = through_tunnel(x)))
        return status;
    r = route_find(x, &known);
    if ((rest || starts(x->path, "/v2/")) && (status = token_wrong(x)))
        return status;
    if (rest && (status = version_wrong(x)))
        return status;
    if (!known && (rest || starts(x->path, "/v2/")))
        return store(x);
    if (!known || (starts(x->path, "/mock/") && !x->loopback))
        return problem(x, 404, 0, "RESOURCE_NOT_FOUND",
                       "No virtual resource found");
    if (!r)
        return problem(x, 405, -1, NULL, "Method Not Allowed");
    if (r->scopes &&
        !(x->token->scopes & scope_bits(li_cstr(r->scopes), &unknown)))
        return forbidden(x, r->resource);
    return r->answer(x);
}

/* faults ------------------------------------------------------------------ */

#define THROTTLE "Resource level throttle "
#define REACHED "limit for calls to this resource is reached."

static const struct fault_kind {
    const char *name;
    int effect, status, service; /* status 0: no answer of its own          */
    const char *code, *message;  /* NULL: a gateway's HTML page             */
    const char *help;
} fault_kinds[] = {
    {"401-revoked", NOTHING, 401, 65601, "REVOKED_ACCESS_TOKEN", REVOKED,
     "as a token that is seconds old may be answered"},
    {"429", NOTHING, 429, 101, "TOO_MANY_REQUESTS", THROTTLE REACHED,
     "too many requests, without a reason"},
    {"429-retry-after", RETRY_AFTER, 429, 101, "TOO_MANY_REQUESTS",
     THROTTLE REACHED, "the same with Retry-After: ARG seconds"},
    {"429-day", NOTHING, 429, 101, "TOO_MANY_REQUESTS",
     THROTTLE "APPLICATION DAY " REACHED, "the day's quota is used up"},
    {"429-retry-date", RETRY_DATE, 429, 101, "TOO_MANY_REQUESTS",
     THROTTLE REACHED, "the same with a date ARG seconds from now"},
    {"429-volume", NOTHING, 429, 0, "TOO_MANY_REQUESTS",
     "The data request limit has been exceeded. More than 45 million metric "
     "values were requested in a 5-minute window.",
     "too much ad analytics in five minutes"},
    {"401-expired", NOTHING, 401, 65602, "EXPIRED_ACCESS_TOKEN",
     "The token used in the request has expired", "an expired token"},
    {"500", NOTHING, 500, 0, "INTERNAL_SERVER_ERROR",
     "Internal Server Error", "a server error"},
    {"502-html", NOTHING, 502, 0, NULL, NULL, "a gateway's HTML page"},
    {"503", NOTHING, 503, 0, "SERVICE_UNAVAILABLE", "Service Unavailable",
     "service unavailable"},
    {"504", NOTHING, 504, 0, "GATEWAY_TIMEOUT", "Gateway Timeout",
     "the gateway gave up"},
    {"slow", SLOW, 0, 0, NULL, NULL, "answer after ARG milliseconds"},
    {"drip", DRIP, 0, 0, NULL, NULL, "16 bytes of the answer every ARG ms"},
    {"cut", CUT, 0, 0, NULL, NULL, "close after ARG bytes of the answer"},
    {"reset", RESET, 0, 0, NULL, NULL,
     "RST instead of an answer, before it is acted on"},
    {"lost", LOST, 0, 0, NULL, NULL, "the same, once it is acted on"},
    {"stall", STALL, 0, 0, NULL, NULL,
     "ARG bytes of the answer, the connection open"},
};

static struct fault {
    const struct fault_kind *kind;
    long arg, nth;    /* nth 0: every request                               */
    long percent;     /* so many of them, by chance; 0: all                 */
    long seen;
    const char *path; /* how the paths begin that it is for; never NULL     */
} faults[MAX_LIST];
static size_t fault_count;

/* xorshift: the same faults for the same --seed and requests. */
static int by_chance(long percent)
{
    static uint32_t x;
    if (!x)
        x = (uint32_t)set.seed * 2654435761u + 1;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return x % 100 < (uint32_t)percent;
}

/* KIND[:ARG][@N or %P][/PATH]; the path must end the C string. */
static int fault_read(struct fault *fault, li_str text)
{
    li_str rest = text, nth, name;
    size_t i;

    memset(fault, 0, sizeof *fault);
    nth = cut(&rest, "/");
    fault->path = rest.ptr ? rest.ptr - 1 : "";
    if (contains(nth, "%")) {
        rest = cut(&nth, "%");
        if ((fault->percent = number(nth)) < 1 || fault->percent > 100)
            return 0;
        nth = li_cstr(NULL);
    } else {
        rest = cut(&nth, "@");
    }
    name = cut(&rest, ":");
    if (nth.ptr && (fault->nth = number(nth)) < 1)
        return 0;
    if (rest.ptr && (fault->arg = number(rest)) < 0)
        return 0;
    for (i = 0; i < sizeof fault_kinds / sizeof *fault_kinds; i++)
        if (is(name, fault_kinds[i].name))
            fault->kind = &fault_kinds[i];
    return fault->kind != NULL;
}

/* The first fault that answers wins; effects add up. */
static int fault_apply(exchange *x, const struct fault *fault, int status)
{
    const struct fault_kind *k = fault->kind;

    x->effect[k->effect] = fault->arg;
    if (status || !k->status)
        return status;
    if (!k->message)
        return page(x, k->status, "Bad Gateway", "No valid answer came.");
    return problem(x, k->status, k->service, k->code, k->message);
}

static int fault_check(exchange *x)
{
    li_str asked = header(x, "X-Mock-Fault");
    struct fault one;
    int status = 0;
    size_t i;

    if (starts(x->path, "/mock/"))
        return 0;
    if (asked.ptr && (contains(asked, "/") || !fault_read(&one, asked)))
        return problem(x, 400, -1, "MOCK", "X-Mock-Fault is not understood");
    if (asked.ptr)
        status = fault_apply(x, &one, status);
    for (i = 0; i < fault_count; i++) {
        if (!starts(x->path, faults[i].path))
            continue;
        faults[i].seen++;
        if ((!faults[i].nth || faults[i].nth == faults[i].seen) &&
            (!faults[i].percent || by_chance(faults[i].percent)))
            status = fault_apply(x, &faults[i], status);
    }
    return status;
}

/* HTTP/1.1 ---------------------------------------------------------------- */

static int is_token(li_str text)
{
    return only(text, ALNUM "!#$%&'*+-.^_`|~");
}

/* The length of the head from data, 0 if it is not whole. *bad: a line end
   without CR (RFC 9112 section 2.2 lets a server refuse it). */
static size_t head_length(const char *data, size_t len, size_t *from,
                          int *bad)
{
    size_t i;
    for (i = *from; i < len; i++) {
        if (data[i] != '\n')
            continue;
        if (i < 1 || data[i - 1] != '\r')
            return *bad = 1, (size_t)0;
        if (i >= 3 && data[i - 2] == '\n')
            return i + 1;
    }
    return *from = i, (size_t)0;
}

/* Takes a line off a head, whose lines all end in CR LF. */
static li_str line_next(li_str *head)
{
    li_str line = cut(head, "\n");
    line.len -= line.len ? 1 : 0;
    return line;
}

static int segment_too_long(li_str path)
{
    while (path.len)
        if (cut(&path, "/").len > MAX_QUERY)
            return 1;
    return 0;
}

/* These readers give 0, or the status of the refusal. Only the origin form
   is served (RFC 9112 section 3.2.1). */
static int read_request_line(exchange *x, li_str line)
{
    li_str target;
    size_t i;

    x->method = cut(&line, " ");
    target = cut(&line, " ");
    if (target.len > MAX_URL)
        return 414;
    if (!is_token(x->method) || !starts(target, "/"))
        return 400;
    for (i = 0; i < target.len; i++)
        if (target.ptr[i] <= ' ' || target.ptr[i] > '~' ||
            target.ptr[i] == '#')
            return 400;
    x->path = cut(&target, "?");
    x->query = target;
    x->http10 = (uint8_t)is(line, "HTTP/1.0");
    if (x->query.len > MAX_QUERY || segment_too_long(x->path))
        return 414;
    return x->http10 || is(line, "HTTP/1.1") ? 0
           : starts(line, "HTTP/")           ? 505
                                             : 400;
}

static int read_header(exchange *x, li_str line)
{
    li_str value = line, name = cut(&value, ":");
    size_t i;

    if (x->header_count == MAX_HEADERS)
        return 431;
    if (!value.ptr || !is_token(name))
        return 400;
    for (i = 0; i < value.len; i++)
        if ((unsigned char)value.ptr[i] < ' ' ? value.ptr[i] != '\t'
                                              : value.ptr[i] == 127)
            return 400;
    x->headers[x->header_count].name = name;
    x->headers[x->header_count++].value = trim(value);
    return 0;
}

static size_t header_times(const exchange *x, const char *name)
{
    size_t i, n = 0;
    for (i = 0; i < x->header_count; i++)
        n += (size_t)is_nocase(x->headers[i].name, name);
    return n;
}

static int read_length(li_str text, size_t *len)
{
    long value = number(text);

    if (!only(text, DIGITS))
        return 400;
    if (value < 0 || value > MAX_BODY)
        return 413;
    *len = (size_t)value;
    return 0;
}

/* RFC 9112 section 6.3. A body has a Content-Length here; a coded one is
   refused (411). */
static int read_framing(exchange *x, size_t *body_len)
{
    li_str length = header(x, "Content-Length");
    int coded = header(x, "Transfer-Encoding").ptr != NULL;
    int due = is(x->method, "POST") || is(x->method, "PUT");

    if ((!x->http10 && header_times(x, "Host") != 1) ||
        header_times(x, "Content-Length") > 1 ||
        header_times(x, "Authorization") > 1 || (coded && length.ptr))
        return 400;
    if (coded || (due && !length.ptr))
        return 411;
    return length.ptr ? read_length(length, body_len) : 0;
}

static int read_head(exchange *x, li_str head, size_t *body_len)
{
    int status = read_request_line(x, line_next(&head));
    li_str line;

    while (!status && (line = line_next(&head)).len)
        status = read_header(x, line);
    return status ? status : read_framing(x, body_len);
}

static const char *reason(int status)
{
    static const struct { int status; const char *text; } reasons[] = {
        {200, "OK"}, {201, "Created"}, {204, "No Content"}, {302, "Found"},
        {400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"},
        {404, "Not Found"}, {405, "Method Not Allowed"},
        {411, "Length Required"}, {413, "Content Too Large"},
        {414, "URI Too Long"}, {422, "Unprocessable Content"},
        {426, "Upgrade Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"}, {502, "Bad Gateway"},
        {503, "Service Unavailable"}, {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
    };
    size_t i;
    for (i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].text;
    return "Unknown";
}

static void put_date(const char *name, time_t at, li_buf *out)
{
    char date[40];
    struct tm utc;

    if (gmtime_r(&at, &utc) &&
        strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc))
        put(out, name), put(out, ": "), put(out, date), put(out, "\r\n");
}

static void put_trace_headers(exchange *x, li_buf *out)
{
    put_date("Date", time(NULL), out);
    put(out, "x-li-uuid: ");
    random_text(out, "AAY", 15);
    put(out, "==\r\nx-li-request-id: ");
    random_text(out, "", 9);
    put(out, "\r\nx-li-fabric: prod-lva1\r\nx-li-pop: prod-lva1-x\r\n"
             "x-li-proto: http/1.1\r\n");
    if (x->token)
        put(out, "x-restli-protocol-version: 2.0.0\r\n");
}

static void put_answer(exchange *x, int status, li_buf *out)
{
    char line[64];

    snprintf(line, sizeof line, "HTTP/1.1 %d %s\r\n", status,
             reason(status));
    put(out, line);
    put_trace_headers(x, out);
    li_put(out, written(&x->extra));
    if (x->effect[RETRY_AFTER] >= 0) {
        snprintf(line, sizeof line, "Retry-After: %ld\r\n",
                 x->effect[RETRY_AFTER]);
        put(out, line);
    }
    if (x->effect[RETRY_DATE] >= 0)
        put_date("Retry-After", time(NULL) + x->effect[RETRY_DATE], out);
    if (x->type)
        put(out, "Content-Type: "), put(out, x->type), put(out, "\r\n");
    if (x->close)
        put(out, "Connection: close\r\n");
    if (status != 204) {
        snprintf(line, sizeof line, "Content-Length: %zu\r\n", x->out.len);
        put(out, line);
    }
    put(out, "\r\n");
    if (!is(x->method, "HEAD"))
        li_put(out, written(&x->out));
}

/* connections ------------------------------------------------------------- */

typedef struct conn {
    int fd;                /* -1: free                                      */
    short wants;           /* what poll() shall wait for                    */
    uint8_t loopback, handshaking, closing, draining, abrupt;
    int64_t hold_until;    /* 0: no hold                                    */
    int64_t drip_ms;       /* 0: all at once                                */
    int64_t deadline;
    size_t in_len, scanned, out_len, out_at;
    size_t stall_at;       /* SIZE_MAX: it does not stall                   */
#ifndef MOCK_NO_TLS
    mbedtls_ssl_context ssl;
    mbedtls_net_context net;
#endif
    char in[MAX_HEAD + MAX_BODY];
    char out[1024 + MAX_EXTRA + MAX_ANSWER];
} conn;

static conn conns[MAX_CONNS];

#ifndef MOCK_NO_TLS
static struct {
    mbedtls_ssl_config config;
    mbedtls_x509_crt cert;
    mbedtls_pk_context key;
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
} tls;

static int load_key(void)
{
#if MBEDTLS_VERSION_NUMBER >= 0x03000000
    return psa_crypto_init() ||
           mbedtls_pk_parse_keyfile(&tls.key, set.key, NULL,
                                    mbedtls_ctr_drbg_random, &tls.random);
#else
    return mbedtls_pk_parse_keyfile(&tls.key, set.key, NULL);
#endif
}

static void tls_open(void)
{
    mbedtls_ssl_config_init(&tls.config);
    mbedtls_x509_crt_init(&tls.cert);
    mbedtls_pk_init(&tls.key);
    mbedtls_entropy_init(&tls.entropy);
    mbedtls_ctr_drbg_init(&tls.random);
    if (mbedtls_ctr_drbg_seed(&tls.random, mbedtls_entropy_func, &tls.entropy,
                              NULL, 0) ||
        mbedtls_ssl_config_defaults(&tls.config, MBEDTLS_SSL_IS_SERVER,
                                    MBEDTLS_SSL_TRANSPORT_STREAM,
                                    MBEDTLS_SSL_PRESET_DEFAULT))
        die("TLS does not start", NULL);
    if (mbedtls_x509_crt_parse_file(&tls.cert, set.cert))
        die("no good certificate", set.cert);
    if (load_key())
        die("no good key", set.key);
    mbedtls_ssl_conf_rng(&tls.config, mbedtls_ctr_drbg_random, &tls.random);
#if MBEDTLS_VERSION_NUMBER < 0x03000000
    /* LinkedIn refuses TLS 1.0 and 1.1, as do later mbedTLS. */
    mbedtls_ssl_conf_min_version(&tls.config, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_3);
#endif
    if (mbedtls_ssl_conf_own_cert(&tls.config, &tls.cert, &tls.key))
        die("certificate and key", "not a pair");
}

static void tls_close(void)
{
    mbedtls_ssl_config_free(&tls.config);
    mbedtls_x509_crt_free(&tls.cert);
    mbedtls_pk_free(&tls.key);
    mbedtls_ctr_drbg_free(&tls.random);
    mbedtls_entropy_free(&tls.entropy);
}

static int tls_accept(conn *c)
{
    mbedtls_ssl_init(&c->ssl);
    mbedtls_net_init(&c->net);
    c->net.fd = c->fd;
    c->handshaking = 1;
    mbedtls_ssl_set_bio(&c->ssl, &c->net, mbedtls_net_send, mbedtls_net_recv,
                        NULL);
    return mbedtls_ssl_setup(&c->ssl, &tls.config);
}

/* The bytes moved; 0 for the peer's end; -1 for "would block", with
   c->wants set; -2 for a failure. The I/O of a plain connection likewise. */
static long tls_result(conn *c, int got)
{
    if (got == MBEDTLS_ERR_SSL_WANT_READ)
        return c->wants = POLLIN, -1;
    if (got == MBEDTLS_ERR_SSL_WANT_WRITE)
        return c->wants = POLLOUT, -1;
    return got >= 0 ? got : got == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY ? 0 : -2;
}
#endif

static long plain_result(conn *c, ssize_t got, short wants)
{
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK ||
                    errno == EINTR))
        return c->wants = wants, -1;
    return got < 0 ? -2 : (long)got;
}

static long conn_recv(conn *c, char *dst, size_t cap)
{
#ifndef MOCK_NO_TLS
    if (set.tls && !c->draining)
        return tls_result(c, mbedtls_ssl_read(&c->ssl, (void *)dst, cap));
#endif
    return plain_result(c, recv(c->fd, dst, cap, 0), POLLIN);
}

static long conn_send(conn *c, const char *data, size_t len)
{
#ifndef MOCK_NO_TLS
    if (set.tls)
        return tls_result(c, mbedtls_ssl_write(&c->ssl, (const void *)data,
                                               len));
#endif
    return plain_result(c, send(c->fd, data, len, 0), POLLOUT);
}

static void conn_close(conn *c)
{
#ifndef MOCK_NO_TLS
    if (set.tls)
        mbedtls_ssl_free(&c->ssl);
#endif
    close(c->fd);
    c->fd = -1;
}

/* Closes so that the peer sees a reset and no answer. */
static void conn_reset(conn *c)
{
    struct linger hard = {1, 0};
    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    conn_close(c);
}

/* Ends sending, then reads what still comes: closing at once could reset the
   connection before the peer has read the answer (RFC 9112 section 9.6). */
static void conn_drain(conn *c)
{
#ifndef MOCK_NO_TLS
    if (set.tls && !c->abrupt)
        mbedtls_ssl_close_notify(&c->ssl);
#endif
    shutdown(c->fd, SHUT_WR);
    c->draining = 1;
    c->deadline = now_ms() + LINGER_MS;
}

/* The path alone: a query holds codes and states. */
static void log_line(const exchange *x, int status)
{
    if (!set.quiet && x->path.len)
        fprintf(stderr, "%.*s %.*s %d\n", (int)x->method.len, x->method.ptr,
                (int)x->path.len, x->path.ptr, status);
}

static void conn_deliver(conn *c, exchange *x, int status)
{
    li_buf out = LI_BUF(c->out);
    long cut_at = x->effect[CUT];

    log_line(x, status);
    if (x->effect[RESET] >= 0 || x->effect[LOST] >= 0) {
        conn_reset(c);
        return;
    }
    put_answer(x, status, &out);
    c->out_at = 0;
    c->out_len = out.len;
    c->closing = x->close;
    if (cut_at >= 0 && (size_t)cut_at < c->out_len) {
        c->out_len = (size_t)cut_at;
        c->closing = c->abrupt = 1;
    }
    c->stall_at = x->effect[STALL] < 0 ? SIZE_MAX : (size_t)x->effect[STALL];
    c->drip_ms = x->effect[DRIP] > 0 ? x->effect[DRIP] : 0;
    c->hold_until = x->effect[SLOW] > 0 ? now_ms() + x->effect[SLOW] : 0;
    c->deadline = now_ms() + IDLE_MS;
}

static int refuse(exchange *x, int status)
{
    x->close = 1;
    if (status == 411)
        return problem(x, 411, -1, NULL, "Length Required");
    return page(x, status, reason(status), "The request cannot be served.");
}

/* Any token of the Connection header (RFC 9112 section 9.3). */
static int asks_close(const exchange *x)
{
    li_str list = header(x, "Connection"), one;

    while (list.ptr) {
        one = trim(cut(&list, ","));
        if (is_nocase(one, "close"))
            return 1;
    }
    return x->http10;
}

static void conn_answer(conn *c, exchange *x, int refusal)
{
    static char extra[MAX_EXTRA], out[MAX_ANSWER];
    int i, status;

    x->extra = LI_BUF(extra);
    x->out = LI_BUF(out);
    x->loopback = c->loopback;
    for (i = 0; i < EFFECTS; i++)
        x->effect[i] = -1;
    if (refusal) {
        status = refuse(x, refusal);
    } else {
        x->close = (uint8_t)asks_close(x);
        status = fault_check(x);
        if (!status && x->effect[RESET] < 0)
            status = route(x);
    }
    if (x->out.rc || x->extra.rc) {
        x->extra = LI_BUF(extra);
        x->out = LI_BUF(out);
        status = problem(x, 500, 0, "INTERNAL_SERVER_ERROR",
                         "The answer is too long");
    }
    conn_deliver(c, x, status);
}

/* Answers the request at the front of c->in; 0 if it is not whole yet. */
static int conn_serve(conn *c)
{
    static exchange x;
    int bad = 0, refusal;
    size_t head = head_length(c->in, c->in_len, &c->scanned, &bad);
    size_t body = 0;

    memset(&x, 0, sizeof x);
    if (!head && !bad && c->in_len <= MAX_HEAD)
        return 0;
    if (bad)
        refusal = 400;
    else if (!head || head > (size_t)MAX_HEAD)
        refusal = 431;
    else
        refusal = read_head(&x, span(c->in, head), &body);
    if (!refusal && c->in_len - head < body)
        return 0;
    x.body = span(c->in + head, body);
    conn_answer(c, &x, refusal);
    c->scanned = 0;
    c->in_len = refusal ? 0 : c->in_len - head - body;
    memmove(c->in, c->in + head + body, c->in_len);
    return 1;
}

/* The steps of a connection: 1 moved on, 0 would block, -1 is over. */

#ifndef MOCK_NO_TLS
static int step_handshake(conn *c)
{
    long r = tls_result(c, mbedtls_ssl_handshake(&c->ssl));

    if (r == 0)
        c->handshaking = 0;
    return r == 0 ? 1 : r == -1 ? 0 : -1;
}
#endif

static int step_read(conn *c)
{
    long got;

    c->wants = 0;
    if (c->in_len == sizeof c->in)
        return 0;
    got = conn_recv(c, c->in + c->in_len, sizeof c->in - c->in_len);
    if (got == -1)
        return 0;
    if (got <= 0)
        return -1;
    c->in_len += (size_t)got;
    c->deadline = now_ms() + IDLE_MS;
    return 1;
}

static int step_drain(conn *c)
{
    int64_t until = c->deadline;
    int moved;

    c->in_len = 0;
    moved = step_read(c);
    c->deadline = until;
    return now_ms() < until ? moved : -1;
}

static int step_write(conn *c)
{
    size_t len = c->out_len - c->out_at;
    long put_now;

    if (c->out_at >= c->stall_at)
        return c->hold_until = INT64_MAX, 0;
    if (c->out_at + len > c->stall_at)
        len = c->stall_at - c->out_at;
    if (c->drip_ms && len > 16) {
        len = 16;
        c->hold_until = now_ms() + c->drip_ms;
    }
    put_now = conn_send(c, c->out + c->out_at, len);

    if (put_now == -1)
        return 0;
    if (put_now <= 0)
        return -1;
    c->out_at += (size_t)put_now;
    c->deadline = now_ms() + IDLE_MS;
    return 1;
}

static int conn_step(conn *c)
{
#ifndef MOCK_NO_TLS
    if (c->handshaking)
        return step_handshake(c);
#endif
    if (c->draining)
        return step_drain(c);
    if (now_ms() < c->hold_until)
        return step_read(c);
    c->hold_until = 0;
    if (c->out_at < c->out_len)
        return step_write(c);
    if (c->closing)
        return conn_drain(c), 1;
    return conn_serve(c) ? 1 : step_read(c);
}

static void conn_turn(conn *c)
{
    int moved = 1;

    while (c->fd >= 0 && moved > 0)
        moved = conn_step(c);
    if (c->fd >= 0 && moved < 0)
        conn_close(c);
}

static void conn_open(int fd, const struct sockaddr_in *peer)
{
    conn *c = conns;

    while (c->fd >= 0)
        c++;
    memset(c, 0, offsetof(conn, in));
    c->fd = fd;
    c->loopback = ntohl(peer->sin_addr.s_addr) >> 24 == 127;
    c->deadline = now_ms() + IDLE_MS;
#ifndef MOCK_NO_TLS
    if (set.tls && tls_accept(c)) {
        conn_close(c);
        return;
    }
#endif
    if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
        conn_close(c);
    conn_turn(c);
}

/* When a connection must be looked at although nothing came. A stalled one
   waits for its peer, however long. */
static int64_t conn_due(const conn *c)
{
    return c->hold_until ? c->hold_until : c->deadline;
}

static void conn_tick(conn *c)
{
    if (now_ms() < conn_due(c))
        return;
    if (c->hold_until)
        conn_turn(c);
    else
        conn_close(c);
}

/* main -------------------------------------------------------------------- */

static int stop_pipe[2];

static void on_signal(int number_of_signal)
{
    ssize_t n = write(stop_pipe[1], "", 1);
    (void)n;
    (void)number_of_signal;
}

static int listen_on(void)
{
    struct sockaddr_in at;
    socklen_t len = sizeof at;
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);

    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_port = htons((uint16_t)set.port);
    if (inet_pton(AF_INET, set.bind, &at.sin_addr) != 1)
        die("--bind wants an IPv4 address", set.bind);
    if (!set.tls && ntohl(at.sin_addr.s_addr) >> 24 != 127)
        die("plain HTTP is for loopback only; add --tls", NULL);
    if (fd < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
        bind(fd, (void *)&at, sizeof at) || listen(fd, MAX_CONNS) ||
        fcntl(fd, F_SETFL, O_NONBLOCK) ||
        getsockname(fd, (void *)&at, &len))
        die("cannot listen", strerror(errno));
    printf("listening on http%s://%s:%u\n", set.tls ? "s" : "", set.bind,
           (unsigned)ntohs(at.sin_port));
    fflush(stdout);
    return fd;
}

static void accept_all(int listener, size_t room)
{
    struct sockaddr_in peer;
    socklen_t len = sizeof peer;
    int fd;

    while (room-- && (fd = accept(listener, (void *)&peer, &len)) >= 0)
        conn_open(fd, &peer);
}

/* One round: waits, then looks at whatever is ready or due. 0: stop. */
static int round_of(int listener, int64_t end)
{
    struct pollfd polls[MAX_CONNS + 2];
    int64_t due = end, now = now_ms();
    size_t i, room = 0;

    memset(polls, 0, sizeof polls); /* a signal leaves revents as they are */
    for (i = 0; i < MAX_CONNS; i++) {
        polls[i].fd = conns[i].fd;
        polls[i].events = conns[i].wants;
        room += conns[i].fd < 0;
        if (conns[i].fd >= 0 && conn_due(&conns[i]) < due)
            due = conn_due(&conns[i]);
    }
    polls[MAX_CONNS].fd = stop_pipe[0];
    polls[MAX_CONNS + 1].fd = room ? listener : -1;
    polls[MAX_CONNS].events = polls[MAX_CONNS + 1].events = POLLIN;
    due = due < now ? 0 : due - now > 60000 ? 60000 : due - now;
    if (poll(polls, MAX_CONNS + 2, (int)due) < 0 && errno != EINTR)
        die("poll", strerror(errno));
    for (i = 0; i < MAX_CONNS; i++) {
        if (conns[i].fd >= 0 && polls[i].revents)
            conn_turn(&conns[i]);
        if (conns[i].fd >= 0)
            conn_tick(&conns[i]);
    }
    if (polls[MAX_CONNS + 1].revents)
        accept_all(listener, room);
    return !(polls[MAX_CONNS].revents & POLLIN) && now_ms() < end;
}

static int set_flag(void *to, const char *value)
{
    (void)value;
    *(int *)to = 1;
    return 1;
}

static int set_number(void *to, const char *value)
{
    *(long *)to = number(li_cstr(value));
    return *(long *)to >= 0;
}

static int set_text(void *to, const char *value)
{
    *(const char **)to = value;
    return *value != '\0' && strlen(value) < 512;
}

static int set_redirect(void *to, const char *value)
{
    li_url url;

    (void)to;
    if (set.redirect_count == MAX_LIST || strlen(value) >= MAX_REDIRECT ||
        li_url_split(li_cstr(value), &url) || url.fragment.ptr)
        return 0;
    set.redirects[set.redirect_count++] = value;
    return 1;
}

static int set_fault(void *to, const char *value)
{
    (void)to;
    return fault_count < MAX_LIST &&
           fault_read(&faults[fault_count++], li_cstr(value));
}

static int set_help(void *to, const char *value);

static const struct option {
    const char *name, *arg; /* arg NULL: a flag                             */
    int (*take)(void *to, const char *value);
    void *to;
    const char *help;
} options[] = {
    {"--port", "N", set_number, &set.port, "listen there; 0: any (default)"},
    {"--bind", "ADDR", set_text, &set.bind,
     "IPv4 address (127.0.0.1); others need --tls"},
    {"--tls", NULL, set_flag, &set.tls, "TLS, with --cert and --key"},
    {"--cert", "FILE", set_text, &set.cert, "certificate chain, PEM"},
    {"--key", "FILE", set_text, &set.key, "its key, PEM"},
    {"--client-id", "ID", set_text, &set.client_id, "(mock-client)"},
    {"--client-secret", "S", set_text, &set.client_secret, "(mock-secret)"},
    {"--redirect-uri", "URL", set_redirect, NULL,
     "registered, may be repeated (http://localhost:8080/callback)"},
    {"--scopes", "LIST", set_text, &set.scopes,
     "what the app may ask (openid profile email w_member_social)"},
    {"--token", "TEXT", set_text, &set.token,
     "an access token with all scopes, valid from the start"},
    {"--code-ttl", "S", set_number, &set.code_ttl, "(1800)"},
    {"--token-ttl", "S", set_number, &set.token_ttl,
     "(5184000); 0: born expired"},
    {"--refresh-ttl", "S", set_number, &set.refresh_ttl, "(31536000)"},
    {"--no-refresh-token", NULL, set_flag, &set.no_refresh,
     "as for most apps: none is given"},
    {"--rotate-refresh", NULL, set_flag, &set.rotate_refresh,
     "each refresh gives another refresh token and ends the old one"},
    {"--no-app-tokens", NULL, set_flag, &set.no_app_tokens,
     "refuse client_credentials"},
    {"--no-token-type", NULL, set_flag, &set.no_token_type,
     "leave token_type out"},
    {"--pkce", NULL, set_flag, &set.pkce, "enable the native PKCE flow"},
    {"--auto-consent", NULL, set_flag, &set.auto_consent,
     "the member allows at once"},
    {"--first-version", "YYYYMM", set_text, &set.first_version, "(202601)"},
    {"--last-version", "YYYYMM", set_text, &set.last_version, "(202610)"},
    {"--fault", "KIND", set_fault, NULL,
     "a failure, may be repeated: KIND[:ARG][@N or %P][/PATH]"},
    {"--seed", "N", set_number, &set.seed, "for faults by chance (0)"},
    {"--exit-after", "S", set_number, &set.exit_after, "safety stop"},
    {"--quiet", NULL, set_flag, &set.quiet, "no line a request on stderr"},
    {"--help", NULL, set_help, NULL, "this"},
};

static int set_help(void *to, const char *value)
{
    size_t i;

    (void)to, (void)value;
    puts("mock_linkedin: LinkedIn's sign-in and API on your own machine.\n"
         "First line on stdout: \"listening on URL\". Use URL as api_base "
         "and auth_base.\n");
    for (i = 0; i < sizeof options / sizeof *options; i++)
        printf("  %-18s %-7s %s\n", options[i].name,
               options[i].arg ? options[i].arg : "", options[i].help);
    puts("\nKIND, for the N-th request, or P percent, or every one, whose "
         "path begins with\nPATH; or for one request alone by the header "
         "X-Mock-Fault: KIND[:ARG]\n");
    for (i = 0; i < sizeof fault_kinds / sizeof *fault_kinds; i++)
        printf("  %-16s %s\n", fault_kinds[i].name, fault_kinds[i].help);
    puts("\nThe authorization page also takes decision=allow, cancel or "
         "login_cancel in its URL.\nTests only, from loopback: "
         "POST /mock/expire ends all access tokens' time,\n"
         "POST /mock/revoke revokes every token and the member's consent.");
    exit(0);
}

static void read_options(int argc, char **argv)
{
    const struct option *o, *end = options + sizeof options / sizeof *options;
    int i;

    for (i = 1; i < argc; i++) {
        for (o = options; o < end && strcmp(o->name, argv[i]); o++)
            ;
        if (o == end)
            die("unknown option, see --help", argv[i]);
        if (o->arg && i + 1 == argc)
            die("a value is missing", argv[i]);
        if (!o->take(o->to, o->arg ? argv[++i] : NULL))
            die("a wrong value", o->name);
    }
}

static void check_options(void)
{
    li_str list = li_cstr(set.scopes), name;

    while ((name = scope_next(&list)).len) {
        if (set.scope_count == MAX_LIST)
            die("too many scopes", NULL);
        set.scope_names[set.scope_count++] = name;
    }
    if (!set.redirect_count)
        set_redirect(NULL, "http://localhost:8080/callback");
    if (set.port > 65535)
        die("a wrong value", "--port");
    if (set.tls && !(set.cert && set.key))
        die("--tls needs --cert and --key", NULL);
#ifdef MOCK_NO_TLS
    if (set.tls)
        die("this build has no TLS", NULL);
#endif
}

static void catch_signals(void)
{
    struct sigaction act;

    memset(&act, 0, sizeof act);
    act.sa_handler = on_signal;
    if (pipe(stop_pipe) || sigaction(SIGINT, &act, NULL) ||
        sigaction(SIGTERM, &act, NULL))
        die("signals", strerror(errno));
    act.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &act, NULL);
}

int main(int argc, char **argv)
{
    int64_t end = INT64_MAX;
    size_t i;
    int listener;

    read_options(argc, argv);
    check_options();
    if ((set.urandom = open("/dev/urandom", O_RDONLY)) < 0)
        die("/dev/urandom", strerror(errno));
    catch_signals();
    if (set.token)
        token_given();
    store_begin();
#ifndef MOCK_NO_TLS
    if (set.tls)
        tls_open();
#endif
    for (i = 0; i < MAX_CONNS; i++)
        conns[i].fd = -1;
    listener = listen_on();
    if (set.exit_after)
        end = now_ms() + set.exit_after * 1000;
    while (round_of(listener, end))
        ;
    for (i = 0; i < MAX_CONNS; i++)
        if (conns[i].fd >= 0)
            conn_close(&conns[i]);
#ifndef MOCK_NO_TLS
    if (set.tls)
        tls_close();
#endif
    close(listener);
    return 0;
}
