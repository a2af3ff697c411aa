/* linkedin.h 0.1.0 - LinkedIn's API from C99: one header, no allocation, no
   dependency. SPDX-License-Identifier: MIT OR Unlicense (text at the end)

   DO THIS in exactly one C or C++ file, and a plain include everywhere else:

       #define LINKEDIN_IMPLEMENTATION
       #include "linkedin.h"

   A COMPLETE PROGRAM (cc hello.c -lcurl):

       #define LINKEDIN_IMPLEMENTATION
       #include "linkedin.h"
       #include "adapters/linkedin_curl.h"
       #include <stdio.h>
       #include <stdlib.h>

       int main(void)
       {
           static char buf[16384], text[512];
           li_client  me   = { .access_token = getenv("LINKEDIN_TOKEN") };
           li_req     req  = { .path = "/v2/userinfo" };
           li_call    call;
           li_buf     out  = LI_BUF(text);
           li_profile who;

           li_begin(&call, &me, &req, buf, sizeof buf);
           if (li_curl_run(&call, NULL) || li_profile_read(&who, &call, &out))
               return li_explain(&call, &out), puts(text), 1;
           printf("Hello, %s!\n", who.name.ptr);
       }

   CONTENTS     (each tag stands twice: interface, implementation)

       manual      below
       >>base      result codes, views, the bounded writer, wiping
       >>text      percent, form and base64url coding, URLs
       >>json      a strict pull tokenizer, JSON Pointer, a writer
       >>digest    SHA-256 and HMAC-SHA-256
       >>call      one HTTP/1.1 exchange, as an engine that does no I/O
       >>linkedin  sign-in, tokens, typed answers, problems and hints
       >>run       the engine over your four-function transport

   MANUAL

   Memory. You own every byte: the client, the request, the call, the work
   buffer and every string you pass; all stay alive and unchanged until the
   call ends. Nothing is allocated, nothing is global, nothing is kept after.
   The work buffer holds the request's head, and then the answer: the few
   headers that are kept, and the body, unless a sink takes it. 2 KB do for
   most calls, 8 KB for a token. Too little gives LI_E_SPACE, and call.need
   where the size is known; never a shortened success. The buffer holds the
   bearer token while the head is sent (wiped right after) and, for a token
   answer, the new token: li_wipe() it when done.

   Life of a call. li_step() alone advances it; it never waits. It says what
   it wants; do that and call again. This is the engine's one table
   (li__next[] below):

       state      li_step says     leaves when
       OPEN       LI_WANT_OPEN     li_opened -> SEND
       SEND       LI_WANT_WRITE    all is acked -> HEAD; the peer stops
                                   reading -> HEAD, for an early answer
       HEAD       LI_WANT_READ     the head is whole -> LENGTH, CHUNK, TAIL,
                                   or DONE where no body can be; 1xx: stays
       LENGTH     LI_WANT_READ     Content-Length bytes came -> DONE
       CHUNK      LI_WANT_READ     the last chunk and its trailers -> DONE
       TAIL       LI_WANT_READ     li_in_eof -> DONE
       DONE       LI_OK            -
       FAILED     the error        - (sticky)

   A kept connection that turns out dead before a byte of the answer came
   leads back to OPEN, once, if repeating is safe: the method is idempotent,
   or nothing was sent.

   Three doors. (1) Windows, for event loops and firmware: li_out_buf/_ack,
   li_in_buf/_ack/_eof, li_opened, li_fail. (2) A transport of four functions
   and li_run(). (3) Feeding, for stacks that speak HTTP themselves:
   li_head(), li_body(), li_put_url(), then li_feed_*.

   Errors. Every function that can fail returns li_rc: 0 is done, above 0 is
   "not yet", below 0 is failed. What LinkedIn says is on a second axis: a 404
   is LI_OK with call.status 404. li_check() turns a status into a typed
   error, li_problem_read() reads LinkedIn's error body, li_hint() says what a
   person should do, and li_explain() writes all three.

   Threads. No globals: use one li_call and one transport per thread at a
   time. A li_client may be shared while nobody changes it or its token.

   Secrets. Tokens, codes and the client secret go only into requests to
   their own host, over TLS (plain HTTP only to a loopback base URL that you
   wrote), and never into errors, hints or li_to_curl() output.

   Limits. Head and trailers together LI_MAX_HEAD bytes and LI_MAX_HEADERS
   lines, chunk-size line LI_MAX_CHUNK_LINE bytes, JSON depth LI_JSON_DEPTH,
   host name LI_MAX_HOST. HTTP/1.1 only; redirects are answers, never
   followed; no cookies, no proxy, no compression.

   Macros, each optional, to be set where the implementation is made:
     LINKEDIN_STATIC        everything static: several files may have it
     LINKEDIN_DOUBLE        li_json_double(), which needs strtod of <stdlib.h>
     LI_MEMCPY LI_MEMMOVE LI_MEMSET LI_MEMCMP LI_MEMCHR LI_STRLEN
                            define all six to do without <string.h>
     LI_MAX_HEAD LI_MAX_HEADERS LI_MAX_CHUNK_LINE   other limits
   None changes the layout of a struct or relaxes a parser. */

#ifndef LINKEDIN_H
#define LINKEDIN_H

#include <stddef.h>
#include <stdint.h>

#define LI_VERSION_MAJOR 0
#define LI_VERSION_MINOR 1
#define LI_VERSION_PATCH 0
#define LI_VERSION_NUMBER 0x000100
#define LI_VERSION "0.1.0"

#ifndef LINKEDIN_API
#ifdef LINKEDIN_STATIC
#if defined(__GNUC__)
#define LINKEDIN_API static __attribute__((unused))
#else
#define LINKEDIN_API static
#endif
#else
#define LINKEDIN_API extern
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* >>base ------------------------------------------------------------------ */

/** What a function says. Below zero: failed; above zero: do this, then call
    again. LI_IO_ values are for transports only. */
typedef enum li_rc {
    LI_OK = 0,
    LI_WANT_OPEN = 1,     /* connect to li_target()                         */
    LI_WANT_WRITE = 2,    /* send li_out_buf(), then li_out_ack()           */
    LI_WANT_READ = 3,     /* read into li_in_buf(), then li_in_ack(); for
                             JSON: give the next piece with li_json_feed()  */
    LI_WANT_SLEEP = 4,    /* wait call.wait_ms                              */
    LI_IO_READ = -1,      /* transport: would block until readable          */
    LI_IO_WRITE = -2,     /* transport: would block until writable          */
    LI_E_ARG = -10,       /* a wrong argument, named; nothing was sent      */
    LI_E_SPACE = -11,     /* your memory is too small; the need is told     */
    LI_E_STATE = -12,     /* not allowed now, or not a second time          */
    LI_E_IO = -13,        /* the transport failed                           */
    LI_E_DNS = -14,       /* the host name does not resolve                 */
    LI_E_TLS = -15,       /* no trustworthy TLS connection                  */
    LI_E_TIMEOUT = -16,   /* a deadline passed                              */
    LI_E_CLOSED = -17,    /* the peer closed before the end                 */
    LI_E_PROTOCOL = -18,  /* not an HTTP/1.x answer that can be trusted     */
    LI_E_LIMIT = -19,     /* a bound of this library was passed             */
    LI_E_CANCELLED = -20, /* you, or your sink, ended it                    */
    LI_E_SYNTAX = -21,    /* text that is not of its grammar                */
    LI_E_JSON = -22,      /* not JSON                                       */
    LI_E_DEPTH = -23,     /* JSON nested deeper than LI_JSON_DEPTH          */
    LI_E_ENCODING = -24,  /* not UTF-8, or a lone surrogate                 */
    LI_E_TYPE = -25,      /* a value of another type than asked for         */
    LI_E_RANGE = -26,     /* a number that does not fit                     */
    LI_E_MISSING = -27,   /* nothing there                                  */
    LI_E_FORGED = -28,    /* the redirect's state is not the one sent       */
    LI_E_DENIED = -29,    /* the member, or LinkedIn, said no at sign-in    */
    LI_E_AUTH = -30,      /* 401: the token or the client is not accepted   */
    LI_E_FORBIDDEN = -31, /* 403: a scope, product or role is missing       */
    LI_E_NOT_FOUND = -32, /* 404                                            */
    LI_E_RATE = -33,      /* 429: too many calls                            */
    LI_E_VERSION = -34,   /* 426, or 400 with VERSION_MISSING               */
    LI_E_HTTP = -35,      /* another status of 3xx or 4xx                   */
    LI_E_SERVER = -36,    /* 5xx, or a page of a gateway                    */
    LI_E_STORE = -37      /* your load, save or random hook failed          */
} li_rc;

/** A view of bytes: owns nothing, need not end in NUL. ptr is NULL where a
    thing is absent. */
typedef struct li_str {
    const char *ptr;
    size_t len;
} li_str;

/** A bounded writer over your memory. Once anything did not fit, or was bad,
    rc stays set and nothing more is written, but need goes on counting: it is
    the cap that would have done (SIZE_MAX when it passed that). Start with
    LI_BUF(array) or li_buf_of(). */
typedef struct li_buf {
    char *ptr;
    size_t cap;
    size_t len;  /* bytes written                                           */
    size_t need; /* bytes wanted in all                                     */
    li_rc rc;    /* LI_OK, or the first failure                             */
    char last;   /* the last byte written, for separators                   */
} li_buf;

/** A view of a string literal. */
#define LI_STR(literal) li__str("" literal, sizeof(literal) - 1)
/** A writer over a whole char array. */
#define LI_BUF(array) li_buf_of((array), sizeof(array))

/** A short English text for a result code; never NULL. */
LINKEDIN_API const char *li_strerror(li_rc rc);
/** A view of a NUL-terminated string; of NULL, the absent view. */
LINKEDIN_API li_str li_cstr(const char *text);
/** A writer over cap bytes at ptr (ptr may be NULL when cap is 0). */
LINKEDIN_API li_buf li_buf_of(char *ptr, size_t cap);
/** Appends bytes, all of them or none. LI_E_SPACE, or the buffer's earlier
    failure. */
LINKEDIN_API li_rc li_put(li_buf *out, li_str bytes);
/** Appends a decimal number. LI_E_SPACE, or an earlier failure. */
LINKEDIN_API li_rc li_put_int(li_buf *out, int64_t value);
/** Puts a NUL behind the text (not counted in len) and returns rc: the one
    check that a series of puts needs. On LI_E_SPACE the text is made empty. */
LINKEDIN_API li_rc li_buf_end(li_buf *out);
/** 1 if equal, else 0, in a time that depends on the lengths only. */
LINKEDIN_API int li_equal(li_str a, li_str b);
/** Clears memory in a way no compiler leaves out. */
LINKEDIN_API void li_wipe(void *ptr, size_t len);

/* >>text ------------------------------------------------------------------ */

/** The parts of an absolute http or https URL: views into the text given,
    escapes left as they are. Compare host without case. */
typedef struct li_url {
    li_str host;      /* IPv6 keeps its brackets                            */
    li_str path;      /* "/" where the URL has none                         */
    li_str query;     /* without "?"; ptr is NULL where there is none       */
    li_str fragment;  /* without "#"; ptr is NULL where there is none       */
    uint16_t port;    /* 1 to 65535; 80 or 443 where the URL has none       */
    uint8_t tls;      /* 1: https, 0: http                                  */
} li_url;

/** Appends text with every byte but letters, digits and -._~ as %XX (RFC 3986
    section 2.1 and 2.3). LI_E_SPACE. */
LINKEDIN_API li_rc li_percent_encode(li_str text, li_buf *out);
/** Undoes it; "+" stays. LI_E_SYNTAX for a bad escape, LI_E_SPACE. The
    buffer keeps nothing of a text that failed. */
LINKEDIN_API li_rc li_percent_decode(li_str text, li_buf *out);
/** Appends name=value, percent-encoded (a space as %20), with "&" before it
    unless the buffer is empty or ends in "?". For form bodies and queries. */
LINKEDIN_API li_rc li_form_put(li_buf *out, li_str name, li_str value);
/** Takes the next pair off *rest, still encoded (WHATWG URL section 5.1:
    empty pairs are passed over; no "=" means an absent value).
    LI_E_MISSING: no more. */
LINKEDIN_API li_rc li_form_next(li_str *rest, li_str *name, li_str *value);
/** Decodes a name or value of a form: as percent_decode, and "+" is a space. */
LINKEDIN_API li_rc li_form_decode(li_str text, li_buf *out);
/** Appends base64url without padding (RFC 4648 section 5). LI_E_SPACE. */
LINKEDIN_API li_rc li_base64url_encode(li_str bytes, li_buf *out);
/** Undoes it. LI_E_SYNTAX for padding, any other character, an impossible
    length, or left-over bits that are not zero; LI_E_SPACE. */
LINKEDIN_API li_rc li_base64url_decode(li_str text, li_buf *out);
/** Splits a URL (RFC 3986): http or https, a host, no userinfo, only
    characters the RFC allows, whole escapes. LI_E_SYNTAX. */
LINKEDIN_API li_rc li_url_split(li_str text, li_url *out);

/* >>json ------------------------------------------------------------------ */

#define LI_JSON_DEPTH 64 /* open arrays and objects; one more is LI_E_DEPTH  */

typedef enum li_json_type {
    LI_JSON_NONE = 0,
    LI_JSON_OBJECT,     /* "{" */
    LI_JSON_OBJECT_END, /* "}" */
    LI_JSON_ARRAY,      /* "[" */
    LI_JSON_ARRAY_END,  /* "]" */
    LI_JSON_KEY,        /* a member's name; its value is the next token     */
    LI_JSON_STRING,
    LI_JSON_NUMBER,
    LI_JSON_TRUE,
    LI_JSON_FALSE,
    LI_JSON_NULL,
    LI_JSON_END /* the text is over and was right                           */
} li_json_type;

/** A pull tokenizer: strict RFC 8259, UTF-8 checked, no recursion, one bit of
    state a level. It takes a text whole or in pieces of any size, and needs no
    earlier piece again: a token cut by the end of a piece comes in parts. */
typedef struct li_json {
    li_json_type type;
    li_str text;    /* the token as it stands, quotes and escapes included  */
    uint8_t more;   /* 1: only a part of this key, string or number, in the
                       order of the text; the last part has 0               */
    uint8_t depth;  /* how many arrays and objects are open                 */
    li_rc rc;       /* LI_OK, or the failure (sticky)                       */
    struct {        /* not yours */
        uint8_t expect, lex, sub, last, high;
        const char *ptr;
        size_t len, at;
        uint64_t base, objects;
    } priv;
} li_json;

/** Begins with the first piece, or the whole text: last says that nothing
    follows. The piece must stay in place until it is used up. */
LINKEDIN_API void li_json_open(li_json *json, li_str piece, int last);
/** Gives the next piece; allowed only after li_json_next said LI_WANT_READ,
    else the reader fails with LI_E_STATE. */
LINKEDIN_API void li_json_feed(li_json *json, li_str piece, int last);
/** Steps to the next token. LI_WANT_READ: the piece is used up; LI_E_JSON,
    LI_E_ENCODING, LI_E_DEPTH (li_json_offset() tells where). After the end
    it says LI_OK with LI_JSON_END as often as asked. */
LINKEDIN_API li_rc li_json_next(li_json *json);
/** After LI_JSON_OBJECT or LI_JSON_ARRAY: steps to its end, checking all that
    is passed. Else nothing. Errors and LI_WANT_READ as li_json_next: call
    again after feeding. */
LINKEDIN_API li_rc li_json_skip(li_json *json);
/** Bytes of all pieces read so far: after an error, where it is. */
LINKEDIN_API uint64_t li_json_offset(const li_json *json);
/** Finds the value at a JSON Pointer (RFC 6901) and gives its raw text. Names
    are compared decoded; of equal names the first wins. All that is passed is
    checked; "" checks the whole text. LI_E_MISSING; LI_E_ARG for a pointer
    that is none; LI_E_JSON, LI_E_ENCODING, LI_E_DEPTH. */
LINKEDIN_API li_rc li_json_find(li_str doc, const char *pointer, li_str *raw);
/** Appends a raw string token, decoded, to out. LI_E_TYPE if it is no
    string, LI_E_SPACE, LI_E_ENCODING. */
LINKEDIN_API li_rc li_json_text(li_str raw, li_buf *out);
/** 1 if a raw string token, decoded, is that text. */
LINKEDIN_API int li_json_is(li_str raw, li_str text);
/** A raw number token as an integer, to the last digit. LI_E_TYPE for no
    number, a fraction or an exponent; LI_E_RANGE beyond 64 bits. */
LINKEDIN_API li_rc li_json_int(li_str raw, int64_t *value);
#ifdef LINKEDIN_DOUBLE
/** A raw number token as a double, by strtod in the "C" locale. LI_E_TYPE,
    LI_E_LIMIT beyond 63 characters. */
LINKEDIN_API li_rc li_json_double(li_str raw, double *value);
#endif
/** li_json_find, li_json_text and a NUL behind: a text into your memory. */
LINKEDIN_API li_rc li_json_copy(li_str doc, const char *pointer, li_buf *out);

/** Writing JSON: commas come by themselves, as long as the buffer holds
    nothing else. All return LI_E_SPACE, or an earlier failure.
    key: a member's name. string: a text, escaped (RFC 8259 section 7;
    LI_E_ENCODING if it is not UTF-8). raw: "{" "}" "[" "]", a number, true,
    false, null, or JSON that is ready, as it is. */
LINKEDIN_API li_rc li_json_put_key(li_buf *out, li_str name);
LINKEDIN_API li_rc li_json_put_string(li_buf *out, li_str text);
LINKEDIN_API li_rc li_json_put_raw(li_buf *out, li_str json);

/* >>digest ---------------------------------------------------------------- */

/** SHA-256 (FIPS 180-4), plain or keyed (HMAC, RFC 2104). Holds key material
    until li_hash_end() wipes it. */
typedef struct li_hash {
    uint32_t state[8];
    uint32_t outer[8]; /* HMAC: the state behind the outer key block        */
    uint64_t len;
    uint8_t block[64];
    uint8_t keyed;
} li_hash;

LINKEDIN_API void li_sha256_begin(li_hash *hash);
LINKEDIN_API void li_hmac_begin(li_hash *hash, li_str key);
LINKEDIN_API void li_hash_put(li_hash *hash, li_str bytes);
/** Writes the 32 bytes and wipes the hash. */
LINKEDIN_API void li_hash_end(li_hash *hash, uint8_t digest[32]);

/* >>call ------------------------------------------------------------------ */

#define LI_MAX_HOST 63   /* a longer host name is LI_E_LIMIT                 */
#define LI_FORM_FIELDS 6 /* name and value pairs in li_req.form              */
#define LI_API_BASE "https://api.linkedin.com"
#define LI_AUTH_BASE "https://www.linkedin.com"

struct li_token;

/** What all calls of one app and member share. Zero is the default of every
    member. Read only while calls run. Strings are yours. */
typedef struct li_client {
    const char *client_id;     /* Auth tab of the app                       */
    const char *client_secret; /* never leaves for another host             */
    const char *redirect_uri;  /* to the letter as it is registered         */
    const char *access_token;  /* or take it from token                     */
    struct li_token *token;    /* the record that li_token_read() fills     */
    const char *version;       /* LinkedIn-Version, YYYYMM[.RR]: for /rest  */
    const char *user_agent;    /* NULL: linkedin.h/VERSION; "": none        */
    const char *api_base;      /* NULL: LI_API_BASE; http only to loopback  */
    const char *auth_base;     /* NULL: LI_AUTH_BASE; likewise              */
    int64_t (*now)(void *user);                         /* Unix seconds     */
    li_rc (*random)(void *user, void *dst, size_t len); /* secure bytes     */
    li_rc (*load)(void *user, struct li_token *token);  /* your store       */
    li_rc (*save)(void *user, const struct li_token *token);
    void *user;                /* handed to the four hooks                  */
} li_client;

typedef enum li_base { LI_BASE_API = 0, LI_BASE_AUTH = 1 } li_base;

/** One request. Zero is the default of every member. Alive and unchanged
    until the call ends: a retry builds it again. */
typedef struct li_req {
    const char *method;       /* NULL: GET, or POST where there is a body   */
    const char *path;         /* "/v2/me", already encoded, query allowed;
                                 or a whole URL: then the token goes along
                                 only to the origin of api_base             */
    const char *query;        /* already encoded, without "?"; or NULL      */
    li_base base;             /* which host a plain path means              */
    const char *rest_method;  /* X-RestLi-Method, or NULL                   */
    const char *content_type; /* NULL: JSON for a body, form for a form     */
    const char *const *headers; /* more: name, value, …, NULL; or NULL      */
    li_str body;              /* from memory; or: */
    const char *form[2 * LI_FORM_FIELDS]; /* name, value, …, NULL: encoded
                                 into the work buffer, wiped once sent; or: */
    size_t (*read)(void *user, uint64_t at, char *dst, size_t cap);
                              /* from a reader: up to cap bytes from offset
                                 at; 0 is a failure                         */
    uint64_t read_len;        /* the whole length that read will give       */
    li_rc (*sink)(void *user, li_str piece); /* takes the body in pieces, of
                                 an answer of any status; not LI_OK ends the
                                 call with that                             */
    void (*on_header)(void *user, li_str name, li_str value);
                              /* sees every header, then every trailer      */
    void *user;               /* handed to the three above                  */
} li_req;

/** The headers that are kept, wherever they stand in the head. */
typedef enum li_kept {
    LI_H_CONTENT_TYPE,
    LI_H_LOCATION,
    LI_H_RETRY_AFTER,
    LI_H_RESTLI_ID,  /* x-restli-id, or the older x-linkedin-id             */
    LI_H_LI_UUID,    /* x-li-uuid: quote it to LinkedIn's support           */
    LI_H_REQUEST_ID, /* x-li-request-id: likewise                           */
    LI_H_COUNT
} li_kept;

/** One call. Read the members above priv; set none. May be moved in memory
    between steps. */
typedef struct li_call {
    li_rc rc;             /* how it stands; an error is sticky              */
    int status;           /* HTTP status; 0 before it is known              */
    li_str body;          /* in the work buffer; empty when a sink took it  */
    size_t need;          /* LI_E_SPACE: the buffer that would do; or 0     */
    const char *wrong;    /* LI_E_ARG: the name of the argument             */
    uint32_t wait_ms;     /* LI_WANT_SLEEP                                  */
    uint8_t keep_alive;   /* when done: the connection may be used again    */
    uint8_t sent;         /* 1: the server may have acted on the request    */
    const li_client *client;
    const li_req *req;
    struct {              /* not yours */
        char *buf;
        size_t cap;
        size_t out_at, out_end; /* what of the buffer is still to be sent   */
        size_t at, end;         /* answer: read up to, received up to       */
        size_t line;            /* where the line being read began          */
        size_t colon;           /* where its colon stands                   */
        uint64_t left;          /* of the body or chunk; to send: of reader */
        uint32_t head_left;     /* what the head may still have             */
        uint16_t lines_left;
        uint16_t kept_end;
        struct { uint16_t at, len; } kept[LI_H_COUNT];
        uint8_t state, part, framing, minor, flags, kind;
    } priv;
} li_call;

/** Begins: checks everything, resolves the target, builds the head in buf.
    Later steps report a failure too, so checking once at the end is enough.
    LI_E_ARG (call.wrong names it), LI_E_SPACE (call.need), LI_E_LIMIT. */
LINKEDIN_API li_rc li_begin(li_call *call, const li_client *client,
                            const li_req *req, void *buf, size_t cap);
/** Advances as far as it can without waiting; says what it wants. */
LINKEDIN_API li_rc li_step(li_call *call);
/** Where to connect: host, port and tls, for LI_WANT_OPEN. */
LINKEDIN_API li_rc li_target(const li_call *call, li_url *target);
/** Answers LI_WANT_OPEN: the connection stands. reused: it has carried
    another call before, and may be dead without saying so. */
LINKEDIN_API li_rc li_opened(li_call *call, int reused);
/** The bytes to send; same place and length until acked. */
LINKEDIN_API li_str li_out_buf(const li_call *call);
/** So many of them are sent. LI_E_STATE if more than offered. */
LINKEDIN_API li_rc li_out_ack(li_call *call, size_t len);
/** Where to put what arrives; same place and length until acked. *len is 0
    when nothing may come. */
LINKEDIN_API char *li_in_buf(const li_call *call, size_t *len);
/** So many bytes have come. LI_E_STATE if more than offered. */
LINKEDIN_API li_rc li_in_ack(li_call *call, size_t len);
/** The peer has closed, in order (TLS: with close_notify). */
LINKEDIN_API li_rc li_in_eof(li_call *call);
/** The connection failed, or you give up. LI_E_IO and LI_E_CLOSED may lead
    to the one safe repetition, or to reading an early answer; every other
    error ends the call. Returns how it stands. */
LINKEDIN_API li_rc li_fail(li_call *call, li_rc why);
/** A kept header of the answer, or the absent view. In the work buffer. */
LINKEDIN_API li_str li_header(const li_call *call, li_kept which);

/** Feeding, for stacks that speak HTTP. Before the answer: the head's text
    (request line, header lines, empty line; in the work buffer until the
    first feed), the body where it lies in memory, and the whole URL. Then
    give status, headers, body and the end, in this order; any may be called
    many times. li_feed_body: LI_E_SPACE, or the sink's own error. */
LINKEDIN_API li_str li_head(const li_call *call);
LINKEDIN_API li_str li_body(const li_call *call);
LINKEDIN_API li_rc li_put_url(const li_call *call, li_buf *out);
LINKEDIN_API li_rc li_feed_status(li_call *call, int status);
LINKEDIN_API li_rc li_feed_header(li_call *call, li_str name, li_str value);
LINKEDIN_API li_rc li_feed_body(li_call *call, li_str piece);
LINKEDIN_API li_rc li_feed_end(li_call *call);

/* >>linkedin -------------------------------------------------------------- */

/** What a sign-in must remember between its two steps. A plain value: store
    it as it is. Good for one sign-in. */
typedef struct li_flow {
    char state[128];        /* empty: made by the random hook               */
    char verifier[64];      /* PKCE; made by the random hook                */
    char redirect_uri[256]; /* copied from the client                       */
    uint8_t pkce;           /* set to 1 for LinkedIn's native flow, which it
                               must have enabled for the app; else 0        */
    uint8_t stage;          /* 0 new, 1 URL made, 2 redirect taken, 3 code
                               spent                                        */
    const char *wrong;      /* LI_E_ARG: the name of the argument           */
} li_flow;

/** A token record. Set mem and cap (LI_TOKEN_MEM does for LinkedIn's today)
    and zero the rest; the texts then lie in mem, NUL-terminated. */
typedef struct li_token {
    char *mem;
    size_t cap;
    size_t need;           /* LI_E_SPACE: the cap that would do             */
    li_str access_token;
    li_str refresh_token;  /* absent unless LinkedIn gives the app one      */
    li_str id_token;       /* absent unless openid was asked                */
    li_str scope;          /* separated by spaces or commas, as it came     */
    int64_t issued_at;     /* Unix seconds; 0: unknown (no clock hook)      */
    int64_t expires_in;    /* seconds from issued_at; 0: not told           */
    int64_t refresh_expires_in;
} li_token;
#define LI_TOKEN_MEM 6144

/** What LinkedIn says went wrong. Texts are decoded into your buffer. */
typedef struct li_problem {
    int status;            /* of the status line; 0 at sign-in              */
    int has_service_code;
    int64_t service_code;  /* serviceErrorCode, or errorCode                */
    li_str code;           /* code, or the first input error's, or error    */
    li_str message;        /* message, or error_description                 */
    li_str field;          /* the first fieldPath                           */
    li_str request_id;     /* requestId, or the header x-li-request-id      */
    int64_t token_age;     /* seconds since the token's issue; -1 unknown   */
    int not_json;          /* the body is no JSON object                    */
} li_problem;

/** The member, of /v2/me or /v2/userinfo. Absent where LinkedIn gave none. */
typedef struct li_profile {
    li_str id;             /* id, or sub: urn:li:person:{id}                */
    li_str name, first_name, last_name; /* in the preferred locale          */
    li_str email;
    li_str picture;        /* a URL                                         */
} li_profile;

/** Writes the URL of LinkedIn's authorization page and a NUL. scope: one or
    more, separated by spaces. Fills the flow: state from flow->state or the
    random hook (256 bits), the redirect URI, the PKCE verifier.
    LI_E_ARG (flow->wrong), LI_E_SPACE, LI_E_STORE (no random hook, or it
    failed), LI_E_STATE (a flow that was used).
    Source: shared/authentication/authorization-code-flow, RFC 6749, 7636. */
LINKEDIN_API li_rc li_oauth_url(li_flow *flow, const li_client *client,
                                const char *scope, li_buf *out);
/** Reads the URL that the member came back to, and writes the code and a NUL.
    LI_E_ARG: another URL than the flow's, or not well formed; LI_E_FORGED: state
    missing or wrong; LI_E_DENIED: why has code and message, as texts in out;
    LI_E_STATE: not after li_oauth_url, or a second time; LI_E_SPACE. why may
    be NULL. A flow is spent by LI_OK and LI_E_DENIED only. */
LINKEDIN_API li_rc li_oauth_redirect(li_flow *flow, li_str url, li_buf *out,
                                     li_problem *why);

/** Requests to the token endpoints. */
typedef enum li_grant {
    LI_GRANT_CODE,    /* text: the code;           needs the flow            */
    LI_GRANT_REFRESH, /* text: the refresh token                             */
    LI_GRANT_CLIENT,  /* text: the scope, or NULL                            */
    LI_INTROSPECT,    /* text: the token                                     */
    LI_REVOKE         /* text: the token (seen, not documented)              */
} li_grant;

/** Fills a request with a grant; credentials go into the form. text, client
    and flow must live as long as the request. LI_E_ARG: something is missing
    or empty; LI_E_STATE: a code of a flow that was spent. */
LINKEDIN_API li_rc li_oauth_req(li_req *req, const li_client *client,
                                li_grant grant, const char *text,
                                li_flow *flow);
/** Reads a token answer, or what li_token_put() wrote, into token; issued_at
    from the clock hook, unless the text tells it. An answer without a refresh
    token keeps the one that token has. Then calls the save hook.
    LI_E_TYPE (a token_type that is not Bearer, a member of another type),
    LI_E_MISSING (no access_token), LI_E_SPACE (token->need), LI_E_JSON,
    LI_E_ARG (a token that no header can carry): token is as before.
    LI_E_STORE: token is new, saving failed. client may be NULL. */
LINKEDIN_API li_rc li_token_read(li_token *token, li_str json,
                                 const li_client *client);
/** Writes the record as JSON, secrets included: for your store. */
LINKEDIN_API li_rc li_token_put(const li_token *token, li_buf *out);
/** Reads the member out of an answer. An answer that is not 200 gives
    li_check()'s error; LI_E_JSON, LI_E_MISSING (no id), LI_E_SPACE. */
LINKEDIN_API li_rc li_profile_read(li_profile *who, const li_call *call,
                                   li_buf *mem);

/** The typed error of an answer's status: LI_OK for 2xx; or call.rc, where
    the call itself failed. */
LINKEDIN_API li_rc li_check(const li_call *call);
/** Reads LinkedIn's error body, whichever of its shapes. mem may be NULL: then
    only numbers are filled. LI_E_SPACE: the numbers are filled. */
LINKEDIN_API li_rc li_problem_read(li_problem *why, const li_call *call,
                                   li_buf *mem);
/** What a person should do: one sentence or two, never NULL. why may be NULL.
    Decides by status and codes; texts only refine. */
LINKEDIN_API const char *li_hint(li_rc rc, const li_problem *why);
/** Writes what happened, what LinkedIn said and what to do, and a NUL: three
    lines at most, without a secret. LI_E_SPACE. */
LINKEDIN_API li_rc li_explain(const li_call *call, li_buf *out);
/** Writes the request as a curl command for a shell, secrets as ***, and a
    NUL. Works from li_begin on, whatever became of the call. LI_E_SPACE. */
LINKEDIN_API li_rc li_to_curl(const li_call *call, li_buf *out);

/* >>run ------------------------------------------------------------------- */

/** Your way to move bytes. Blocking or not. open: connect; tls says that the
    bytes must be encrypted and the peer's name verified: refuse with LI_E_TLS
    if you cannot. 0 is done. send, recv: how many bytes, above 0; recv: 0 is
    the peer's orderly end. All: LI_IO_READ or LI_IO_WRITE for "would block"
    (you will be called again with the same), or an LI_E_ code. alive: may be
    NULL; 0 says that a kept connection is of no use any more. Zero the rest. */
typedef struct li_transport {
    int (*open)(void *user, const char *host, unsigned port, int tls);
    int (*send)(void *user, const char *data, size_t len);
    int (*recv)(void *user, char *data, size_t cap);
    void (*close)(void *user);
    int (*alive)(void *user);
    void *user;
    struct {
        char host[LI_MAX_HOST + 1];
        uint16_t port;
        uint8_t tls, state;
    } priv;
} li_transport;

/** Drives a call over a transport. Blocking transports: to the end. Others:
    LI_WANT_READ, LI_WANT_WRITE or LI_WANT_SLEEP: wait for that, call again.
    Keeps the connection for the next call to the same host where it may be
    kept; li_hangup() ends it. Returns call.rc. */
LINKEDIN_API li_rc li_run(li_call *call, li_transport *transport);
/** Closes a kept connection. Safe at any time between calls. */
LINKEDIN_API void li_hangup(li_transport *transport);

/* not yours */
static inline li_str li__str(const char *ptr, size_t len)
{
    li_str s;
    s.ptr = ptr;
    s.len = len;
    return s;
}

#ifdef __cplusplus
}
#endif
#endif /* LINKEDIN_H */
