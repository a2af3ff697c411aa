/* linkedin.h 1.0.0 - LinkedIn's API from C99: one header, no allocation, no
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
           static char buf[16384], text[2048];
           static li_curl curl;
           li_transport via = li_curl_transport(&curl);
           li_client me = {.access_token = getenv("LINKEDIN_TOKEN"),
                           .version = "202609"};
           li_req req = {.path = "/v2/userinfo"};
           li_buf out = LI_BUF(text);
           li_profile who;
           li_call call;
           li_rc rc = li_do(&call, &me, &req, buf, sizeof buf, &via);
           if (!rc) rc = li_profile_read(&who, &call, &out);
           if (rc) li_explain(&call, rc, &out);
           puts(rc ? text : who.name.ptr);
           return rc != LI_OK;
       }

   CONTENTS     (each tag stands twice: interface, implementation; a room calls
                only those above it, and tests/ has a file for each)

       manual      below
       >>base      result codes, views, the bounded writer, wiping
       >>text      UTF-8; percent, form and base64url coding; URLs
       >>json      JSON read: a strict pull tokenizer, look-ups, loops
       >>json_put  JSON written, by templates
       >>digest    SHA-256 and HMAC-SHA-256
       >>restli    Rest.li's encodings and paths, URNs, Little Text
       >>words     what a person wrote: mentions, hashtags, and back
       >>patch     the difference of two objects, for a PARTIAL_UPDATE
       >>request   who asks what of whom: client, request, target, head
       >>answer    an HTTP/1.1 answer, read as its bytes come
       >>call      one exchange: its states, tries, limits, the three doors
       >>run       a call over your four-function transport
       >>problem   answers typed, LinkedIn's errors read; a call in one
       >>explain   hints, explanations, log lines, the request as curl
       >>oauth     sign-in: authorization URL, redirect, grants
       >>token     the token record: read, written, loaded, its days
       >>again     further tries, waits, the token's refresh
       >>rest      the methods of Rest.li, query tunnelling
       >>page      listings, element by element
       >>upload    images, documents, videos
       >>profile   the member, of an answer or of an id_token
       >>webhook   challenges, signatures, events seen before

   MANUAL

   Memory. You own every byte: the client, the request, the call, the work
   buffer and every string you pass. All of it stays as it is until the call
   ends, and as long as you ask about it (li_explain(), li_log()). The library
   allocates nothing. The work buffer holds the request's head, then the few
   headers that are kept, and the body, unless a sink takes it. 2 KB do for
   most calls, 8 KB for a token. Too little memory gives LI_E_SPACE, with
   call.need where the size is known, and never a shortened success. The buffer
   holds the bearer token until the head is sent (then it is wiped) and, for a
   token answer, the new token: li_wipe() it when done.

   Life of a call. li_do() makes a call in one. Below it li_step() alone
   advances a call, and never waits: it says what it wants; do that and call
   again. This is the engine's one table (li__next[] in >>call):

       state      li_step says     leaves when
       ASK                         client.again lets the try go on -> OPEN, or
                                   wants to wait -> WAIT
       OPEN       LI_WANT_OPEN     li_opened -> SEND
       SEND       LI_WANT_WRITE    all is acked -> HEAD; the peer stops
                                   reading -> HEAD, for an early answer
       HEAD       LI_WANT_READ     the head is whole -> LENGTH, CHUNK, TAIL,
                                   or DONE where no body can be; 1xx: stays
       LENGTH     LI_WANT_READ     Content-Length bytes came -> DONE
       CHUNK      LI_WANT_READ     the last chunk -> TRAILER
       TRAILER    LI_WANT_READ     the empty line behind the trailers -> DONE
       TAIL       LI_WANT_READ     li_in_eof -> DONE
       FED_HEAD,                   li_feed_status leads here, li_feed_end
       FED_BODY                    -> DONE
       DONE                        again wants another try -> ASK or WAIT;
       FAILED                      else -> OVER
       OVER       LI_OK, or the    never
                  error
       WAIT       LI_WANT_SLEEP    li_tick at call.wake_ms -> ASK

   A kept connection that turns out dead before a byte of the answer came
   leads from SEND or HEAD back to OPEN, once, if repeating is safe: the method
   is idempotent, or nothing was sent. There are other tries only where
   li_client.again is set: to li_again, which tries again what may be tried
   again, and refreshes the token. Its code is linked in only if you set it. A
   second table (li__token_next[] in >>again) has the states of a call's token:

       CARRIED           the request carries the token of client.token
       REFUSED           LinkedIn refused it as expired: a refresh comes first
       REFRESH_EARLY     the refresh is under way: the token was due
       REFRESH_NEEDED    likewise: it was refused
       (each back to CARRIED when the refresh is over)

   Time comes in by li_tick() alone: a li_policy's limits count from tick to
   tick.

   Three doors. (1) Windows, for event loops and firmware: li_out_buf/_ack,
   li_in_buf/_ack/_eof, li_opened, li_fail. (2) A transport of four functions
   and li_run(). (3) Feeding, for stacks that speak HTTP themselves:
   li_head(), li_body(), li_put_url(), then li_feed_*.

   Errors. Every function that can fail returns li_rc: 0 is done, above 0 is
   "not yet", below 0 is failed. What LinkedIn says is on a second axis: to
   li_run() a 404 is LI_OK with call.status 404. li_check() and li_do() turn a
   status into a typed error, li_problem_read() reads LinkedIn's error body,
   li_hint() says what a person should do, and li_explain() writes all three.

   Threads. There are no globals: use one li_call and one transport per thread
   at a time. Threads may share a li_client while nobody changes it or its
   token. With li_again, which refreshes the token, each thread has its own
   li_token, and they share the store under the lock hook, as processes do.

   Rest.li. LinkedIn's API past the profile speaks Rest.li 2.0. Give a li_rest
   JSON texts (keys, ids, query, body; li_json_fill() makes them) and
   li_rest_req() makes the request: it knows what is encoded where.
   li_page_req() and li_upload_req() make the requests of a listing and an
   upload, one after the other.

   Secrets. Tokens, codes and the client secret go only into requests to
   their own host, over TLS (plain HTTP only to a loopback base URL that you
   wrote), and never into errors, hints or li_to_curl() output.

   Signatures. The library verifies what needs SHA-256 alone (webhooks). The
   RSA signature of an id_token is client.verify's: linkedin_mbedtls.h and
   linkedin_openssl.h bring one.

   Limits. Head and trailers together LI_MAX_HEAD bytes and LI_MAX_HEADERS
   lines, chunk-size line LI_MAX_CHUNK_LINE bytes, JSON depth LI_JSON_DEPTH,
   host name LI_MAX_HOST. HTTP/1.1 only; redirects are answers, never
   followed; no cookies, no compression; a proxy is the transport's business.

   Macros, each optional, to be set where the implementation is made:
     LINKEDIN_STATIC        everything static: several files may have it
     LINKEDIN_DOUBLE        li_json_double(), which needs strtod of <stdlib.h>
     LI_MEMCPY LI_MEMMOVE LI_MEMSET LI_MEMCHR LI_STRLEN
                            define all five to do without <string.h>
     LI_MAX_HEAD LI_MAX_HEADERS LI_MAX_CHUNK_LINE   other limits
     LI_API_BASE LI_AUTH_BASE   other defaults for the hosts: define both,
                            in a shell as -DLI_API_BASE='"http://localhost"'
   None changes the layout of a struct or relaxes a parser. */

#ifndef LINKEDIN_H
#define LINKEDIN_H

#include <stddef.h>
#include <stdint.h>

#define LI_VERSION_MAJOR 1
#define LI_VERSION_MINOR 0
#define LI_VERSION_PATCH 0
#define LI_VERSION_NUMBER 0x010000
#define LI_VERSION "1.0.0"

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

/* Link names with the version: with another one's implementation no program
   links that makes a call, signs in, tokenizes, or takes webhooks. */
#ifndef LINKEDIN_STATIC
#define LI__LINK(name) name##_of_linkedin_h_1_0_0
#define li_begin LI__LINK(li_begin)
#define li_do LI__LINK(li_do)
#define li_json_open LI__LINK(li_json_open)
#define li_oauth_url LI__LINK(li_oauth_url)
#define li_webhook_begin LI__LINK(li_webhook_begin)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* >>base ------------------------------------------------------------------ */

/** What a function answers. Below zero: it failed. Above zero: do this, then
    call again. The LI_IO_ values are for transports only. */
typedef enum li_rc {
    LI_OK = 0,
    LI_WANT_OPEN = 1,     /* connect to li_target()                         */
    LI_WANT_WRITE = 2,    /* send li_out_buf(), then li_out_ack()           */
    LI_WANT_READ = 3,     /* read into li_in_buf(), then li_in_ack(); for
                             JSON: give the next piece with li_json_feed()  */
    LI_WANT_SLEEP = 4,    /* wait until call.wake_ms, then li_tick()        */
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
    LI_E_FORGED = -28,    /* a state or signature that is not the sender's  */
    LI_E_DENIED = -29,    /* the member, or LinkedIn, said no at sign-in    */
    LI_E_AUTH = -30,      /* 401: the token or the client is not accepted   */
    LI_E_FORBIDDEN = -31, /* 403: a scope, product or role is missing       */
    LI_E_NOT_FOUND = -32, /* 404                                            */
    LI_E_RATE = -33,      /* 429: too many calls                            */
    LI_E_VERSION = -34,   /* 426: this LinkedIn-Version is not active       */
    LI_E_HTTP = -35,      /* another status of 3xx or 4xx                   */
    LI_E_SERVER = -36,    /* 5xx, or a page of a gateway                    */
    LI_E_STORE = -37,     /* your load, save or random hook failed          */
    LI_E_DUPLICATE = -38  /* 422 DUPLICATE_POST: it is posted already       */
} li_rc;

/** A view of bytes, owned by another, without a NUL. ptr NULL: it is absent. */
typedef struct li_str {
    const char *ptr;
    size_t len;
} li_str;

static inline li_str li__str(const char *ptr, size_t len)
{
    li_str s;
    s.ptr = ptr;
    s.len = len;
    return s;
}

/** A bounded writer over your memory. After the first failure rc stays set and
    nothing more is written, but need goes on counting: it is the cap that would
    have been enough (SIZE_MAX if no size_t is). Start with LI_BUF(array) or
    li_buf_of(). */
typedef struct li_buf {
    char *ptr;
    size_t cap;
    size_t len;  /* bytes written                                           */
    size_t need; /* bytes wanted in all                                     */
    li_rc rc;    /* LI_OK, or the first failure                             */
    char last;   /* the last byte written, for separators                   */
    uint16_t at; /* of a li_json_fill() or li_words_put() that failed: byte of
                    the template, or of the text                            */
} li_buf;

/** A view of a string literal, also in initialisers. A C compiler asked to be
    pedantic wants LI_STR_INIT in those of static storage: the braces alone. */
#ifdef __cplusplus
#define LI_STR(literal) (li_str{"" literal, sizeof(literal) - 1})
#else
#define LI_STR(literal) ((li_str){"" literal, sizeof(literal) - 1})
#endif
#define LI_STR_INIT(literal) {"" literal, sizeof(literal) - 1}
/** A view of so many bytes. */
#define LI_VIEW(ptr, len) li__str((ptr), (len))
/** A writer over a whole char array. A pointer does not compile. */
#define LI_BUF(array)                                                          \
    li_buf_of((array),                                                         \
              sizeof(array) +                                                  \
                  0 * sizeof(&(array) -                                        \
                             (char(*)[sizeof(array)])(void *)(array)))

/** A short English text for a result code, for people. Never NULL. */
LINKEDIN_API const char *li_strerror(li_rc rc);
/** The name of a result code, for logs: "LI_E_SPACE". "?" for any other
    number. Never NULL. */
LINKEDIN_API const char *li_rc_name(li_rc rc);
/** A view of a string, without its NUL. Of NULL: the absent view. */
LINKEDIN_API li_str li_cstr(const char *text);
/** A writer over cap bytes at ptr, which is yours and outlives it. ptr may be
    NULL: such a writer only counts. */
LINKEDIN_API li_buf li_buf_of(char *ptr, size_t cap);
/** Empties a writer and forgets its failure: to write over its memory again. */
LINKEDIN_API void li_buf_clear(li_buf *out);
/** Appends bytes, all of them or none.
    Errors: LI_E_SPACE: they do not fit; or the writer's earlier failure. */
LINKEDIN_API li_rc li_put(li_buf *out, li_str bytes);
/** Appends a decimal number, 20 bytes at most.
    Errors: LI_E_SPACE: it does not fit; or the writer's earlier failure. */
LINKEDIN_API li_rc li_put_int(li_buf *out, int64_t value);
/** Puts a NUL behind the text, which len does not count, and returns the
    writer's rc: the one check that a series of puts needs. After a failure the
    NUL stands first: as a C string the text is then empty.
    Errors: LI_E_SPACE: no room for the NUL; or the writer's earlier failure. */
LINKEDIN_API li_rc li_buf_end(li_buf *out);
/** 1 if two views are equal, else 0; the time tells their lengths alone. */
LINKEDIN_API int li_equal(li_str a, li_str b);
/** Clears memory in a way that no compiler leaves out. */
LINKEDIN_API void li_wipe(void *ptr, size_t len);

/* >>text ------------------------------------------------------------------ */

/** The parts of an absolute http or https URL: views into the text given, with
    escapes as they are. Compare host without regard to case. */
typedef struct li_url {
    li_str host;      /* IPv6 keeps its brackets                            */
    li_str path;      /* "/" where the URL has none                         */
    li_str query;     /* without "?"; ptr is NULL where there is none       */
    li_str fragment;  /* without "#"; ptr is NULL where there is none       */
    uint16_t port;    /* 1 to 65535; 80 or 443 where the URL has none       */
    uint8_t tls;      /* 1: https, 0: http                                  */
} li_url;

/** Appends a text with every byte but letters, digits and -._~ as %XX.
    Errors: LI_E_SPACE: it does not fit.
    Source: RFC 3986 sections 2.1 and 2.3. */
LINKEDIN_API li_rc li_percent_encode(li_str text, li_buf *out);
/** Undoes li_percent_encode(); "+" stays. out keeps nothing of a text that
    failed.
    Errors: LI_E_SYNTAX: "%" without two hex digits; LI_E_SPACE. */
LINKEDIN_API li_rc li_percent_decode(li_str text, li_buf *out);
/** Appends name=value, both percent-encoded (a space is %20), with "&" before
    it unless out is empty or ends in "?": for form bodies and queries.
    Errors: LI_E_SPACE: it does not fit. */
LINKEDIN_API li_rc li_form_put(li_buf *out, li_str name, li_str value);
/** Takes the next pair off *rest: two views into it, still encoded. Empty pairs
    are skipped; without "=" the value is absent.
    Errors: LI_E_MISSING: there is no further pair.
    Source: WHATWG URL section 5.1. */
LINKEDIN_API li_rc li_form_next(li_str *rest, li_str *name, li_str *value);
/** Decodes a name or value of a form: as li_percent_decode(), and "+" is a
    space.
    Errors: LI_E_SYNTAX: "%" without two hex digits; LI_E_SPACE. */
LINKEDIN_API li_rc li_form_decode(li_str text, li_buf *out);
/** Appends base64url without padding, four characters for three bytes.
    Errors: LI_E_SPACE: it does not fit.
    Source: RFC 4648 section 5. */
LINKEDIN_API li_rc li_base64url_encode(li_str bytes, li_buf *out);
/** Undoes li_base64url_encode().
    Errors: LI_E_SYNTAX: padding or another character, an impossible length, or
    left-over bits that are not zero; LI_E_SPACE. */
LINKEDIN_API li_rc li_base64url_decode(li_str text, li_buf *out);
/** Splits a URL into views of its parts: http or https, no user name, whole
    escapes, only characters that a URL may hold. The host is a DNS name
    (letters, digits, "-", "_"; labels of 1 to 63 between dots), an IPv4
    address, or an IPv6 address in brackets.
    Errors: LI_E_SYNTAX: it is no such URL.
    Source: RFC 3986. */
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

/** A pull tokenizer: strict, UTF-8 checked, no recursion, one bit of state a
    level. It takes a text whole or in pieces of any size and needs no earlier
    piece again: a token cut by the end of a piece comes in parts.
    Source: RFC 8259. */
typedef struct li_json {
    li_json_type type;
    li_str text;    /* the token as it stands, quotes and escapes included  */
    uint8_t more;   /* 1: only a part of this key, string or number, in the
                       order of the text; the last part has 0               */
    uint8_t depth;  /* how many arrays and objects are open                 */
    li_rc rc;       /* LI_OK, or the failure (sticky)                       */
    struct {        /* not yours */
        uint8_t expect, lex, sub, last, skip;
        uint32_t code;
        const char *ptr;
        size_t len, at, base;
        uint64_t objects;
    } priv;
} li_json;

/** Begins with the first piece, or the whole text. last: nothing follows. The
    piece must stay in place until it is used up. */
LINKEDIN_API void li_json_open(li_json *json, li_str piece, int last);
/** Gives the next piece. Allowed only after li_json_next() said LI_WANT_READ;
    else the reader fails with LI_E_STATE. */
LINKEDIN_API void li_json_feed(li_json *json, li_str piece, int last);
/** Steps to the next token. LI_WANT_READ: the piece is used up, feed the next.
    After the end it says LI_OK with LI_JSON_END as often as asked.
    Errors: LI_E_JSON: the text is no JSON; LI_E_ENCODING: it is no UTF-8, or
    has a lone surrogate; LI_E_DEPTH: more than LI_JSON_DEPTH levels.
    li_json_offset() tells where. */
LINKEDIN_API li_rc li_json_next(li_json *json);
/** After LI_JSON_OBJECT or LI_JSON_ARRAY: steps to its end and checks all that
    lies between. After another token: nothing. LI_WANT_READ: feed the next
    piece, then call again.
    Errors: those of li_json_next(). */
LINKEDIN_API li_rc li_json_skip(li_json *json);
/** How many bytes of all pieces have been read: after an error, its place. */
LINKEDIN_API size_t li_json_offset(const li_json *json);
/** Goes through the elements of an array or the members of an object, one a
    call: li_json_open() the raw text whole (last: 1), then call this until it
    fails. *value: its raw text, a view; *name: the member's raw name, absent
    in an array. name may be NULL. The time for a whole loop grows with the text
    alone.
    Errors: LI_E_MISSING: there is no further one, so a loop ends; LI_E_TYPE: it
    is neither array nor object; else those of li_json_next(). */
LINKEDIN_API li_rc li_json_each(li_json *json, li_str *name, li_str *value);
/** Finds the value at a JSON Pointer and gives its raw text, a view. Names are
    compared decoded; of equal names the first wins. All that lies before it is
    checked; "" checks the whole text.
    Errors: LI_E_MISSING: no such value; LI_E_ARG: that is no pointer; else
    those of li_json_next().
    Source: RFC 6901. */
LINKEDIN_API li_rc li_json_find(li_str doc, const char *pointer, li_str *raw);
/** Finds n members of one object in one pass and checks the whole text. raws[i]
    is the raw text of names[i], the first of equal ones that is not null;
    absent where there is none.
    Errors: LI_E_TYPE: doc is no object; else those of li_json_next(). */
LINKEDIN_API li_rc li_json_pick(li_str doc, const char *const *names,
                                unsigned n, li_str *raws);
/** Appends a raw string token, decoded. out keeps nothing of one that failed.
    Errors: LI_E_TYPE: it is no string; LI_E_ENCODING: a lone surrogate;
    LI_E_JSON: an escape that is none; LI_E_SPACE. */
LINKEDIN_API li_rc li_json_text(li_str raw, li_buf *out);
/** 1 if a raw string token, decoded, is that text; else 0. */
LINKEDIN_API int li_json_is(li_str raw, li_str text);
/** Reads a raw number token as an integer, to the last digit.
    Errors: LI_E_TYPE: no number, a fraction or an exponent; LI_E_RANGE: it
    does not fit 64 bits. *value is then as it was. */
LINKEDIN_API li_rc li_json_int(li_str raw, int64_t *value);
#ifdef LINKEDIN_DOUBLE
/** Reads a raw number token as a double, by strtod() in the "C" locale.
    Errors: LI_E_TYPE: no number; LI_E_LIMIT: more than 63 characters. */
LINKEDIN_API li_rc li_json_double(li_str raw, double *value);
#endif
/** li_json_find(), li_json_text() and a NUL behind: a text into your memory.
    After an error out is empty as a C string.
    Errors: those of both; LI_E_ENCODING also for a text that has a NUL. */
LINKEDIN_API li_rc li_json_copy(li_str doc, const char *pointer, li_buf *out);

/* >>json_put -------------------------------------------------------------- */

/** A value for a place of a template. A text needs no more than {text}. */
typedef struct li_value {
    li_str text;    /* for "?": the text; for "*": JSON that is ready        */
    int64_t number; /* for "#"                                               */
} li_value;

/** Appends JSON made from a template, whose places take the values in order:
    "?" a text (or a member's name), escaped; "#" an integer; "*" JSON that is
    ready, checked. A comma comes before the whole by itself where out holds a
    value already, so that a loop can add element after element:

        li_value v[] = {{author, 0}, {text, 0}};
        li_json_fill(&out, "{\"author\":?,\"commentary\":?}", v, 2);

    The template need not be whole JSON: "[" or "}" alone may be one. out keeps
    nothing of a call that failed; out->at is then the byte of the template.
    The template's own text is not checked; white space round it is left out.
    Errors: LI_E_ARG: a place within a string, one too many or too few, a string
    that does not end, an absent text; LI_E_ENCODING: a text is no UTF-8; for
    "*" those of li_json_next(); LI_E_SPACE. */
LINKEDIN_API li_rc li_json_fill(li_buf *out, const char *tmpl,
                                const li_value *values, size_t n);

/* >>digest ---------------------------------------------------------------- */

/* Not yours: SHA-256, plain or keyed (HMAC). It holds key material until
   li__hash_end() wipes it. */
typedef struct li__hash {
    uint32_t state[8];
    uint32_t outer[8]; /* HMAC: the state behind the outer key block        */
    uint32_t block[16];
    uint64_t len;
    uint8_t keyed;
} li__hash;

/** The SHA-256 of bytes, as PKCE and a cache want it.
    Source: FIPS 180-4. */
LINKEDIN_API void li_sha256(li_str bytes, uint8_t digest[32]);

/* >>restli ---------------------------------------------------------------- */

/** The encodings of Rest.li 2.0: a list is List(a,b), an object is (k:v), the
    empty text is ''.
    Source: linkedin.github.io/rest.li/spec/protocol. */
typedef enum li_restli {
    LI_RESTLI_URL,     /* of a key in a path, or of a parameter's value      */
    LI_RESTLI_REDUCED, /* of a key in a body or header: only % , ( ) ' : are
                          escaped                                            */
    LI_RESTLI_QUERY,   /* of an object: name=value&..., without "?"; fields,
                          metadataFields and pagingFields are projections
                          that are ready, and an empty one is left out       */
    LI_RESTLI_FIELDS   /* of a projection: {"a":1,"b":{"$*":{"c":1},"$start":
                          2},"d":0} is a,b:($*:(c),$start:2),-d              */
} li_restli;

/** Appends JSON text in a Rest.li encoding, in one pass. Numbers keep their
    digits. A member that is null is no parameter of a QUERY. out keeps nothing
    of a text that failed.
    Errors: LI_E_TYPE: null elsewhere, or what the encoding cannot say;
    LI_E_ARG: a projection that is no part of a URL; LI_E_JSON, LI_E_ENCODING,
    LI_E_DEPTH: the JSON is wrong; LI_E_SPACE. */
LINKEDIN_API li_rc li_restli_encode(li_restli form, li_str json, li_buf *out);
/** Undoes li_restli_encode(), as Rest.li's own parser reads it. out gets JSON
    text; of URL, REDUCED and QUERY all its values are texts: (a:1) is
    {"a":"1"}. The reduced form undoes only what is
    escaped there, and a text that is neither list nor object stands for
    itself.
    Errors: LI_E_SYNTAX: not of that encoding; LI_E_ENCODING: no UTF-8;
    LI_E_DEPTH: more than LI_JSON_DEPTH levels; LI_E_SPACE. */
LINKEDIN_API li_rc li_restli_decode(li_restli form, li_str text, li_buf *out);
/** Appends a path with its keys filled in: "/adAccounts/{id}" and {"id":7}.
    keys: an object, or "" for none; a value may be a list or an object (a
    complex key).
    Errors: LI_E_ARG: a placeholder without a key, a key without a placeholder,
    an empty key, "." or ".." between two slashes (a proxy would lead
    elsewhere), or a malformed path; else those of li_restli_encode(). */
LINKEDIN_API li_rc li_restli_path(li_buf *out, const char *path, li_str keys);

/** Splits a URN, "urn:li:share:7", into views; any of the three may be NULL.
    The id may hold URNs in parentheses.
    Errors: LI_E_SYNTAX: it is no URN. */
LINKEDIN_API li_rc li_urn_split(li_str urn, li_str *space, li_str *type,
                                li_str *id);
/** Appends a URN. space: "li", as a rule.
    Errors: LI_E_ARG: that would be no URN; LI_E_SPACE. */
LINKEDIN_API li_rc li_urn_put(li_buf *out, li_str space, li_str type,
                              li_str id);

/** Appends a text to a post's commentary so that it appears exactly as given.
    Errors: LI_E_ENCODING: no UTF-8; LI_E_SPACE.
    Source: marketing/community-management/shares/little-text-format. */
LINKEDIN_API li_rc li_little_put(li_buf *out, li_str text);
/** Appends a mention of a person, organization or school to a commentary.
    Errors: LI_E_ARG: urn is no plain URN; LI_E_ENCODING: no UTF-8;
    LI_E_SPACE. */
LINKEDIN_API li_rc li_mention_put(li_buf *out, li_str name, li_str urn);
/** Appends a hashtag, given without its "#", to a commentary.
    Errors: LI_E_ARG: it is empty, or has a space or a "#"; LI_E_ENCODING: no
    UTF-8; LI_E_SPACE. */
LINKEDIN_API li_rc li_hashtag_put(li_buf *out, li_str tag);

/* >>words ----------------------------------------------------------------- */

#define LI_POST_LENGTH 3000    /* characters of a post that LinkedIn takes    */
#define LI_COMMENT_LENGTH 1250 /* likewise of a comment                       */
/** How many characters LinkedIn counts for one beyond U+FFFF, such as an emoji,
    in a limit and in an attribute's offset: 2 if it counts UTF-16, 1 if code
    points. Its pages leave that open; this counts as Java and JavaScript do. */
#ifndef LI_SUPPLEMENTARY_LENGTH
#define LI_SUPPLEMENTARY_LENGTH 2
#endif

/** What becomes of a text that a person wrote. In each is a mention what looks
    like @[Ann Bee](urn:li:person:1): the name ends at "](urn:", and holds no
    newline. */
typedef enum li_words {
    LI_WORDS_POST,     /* a commentary; "#" is a character like any other     */
    LI_WORDS_HASHTAGS, /* a commentary; "#word" is a hashtag at the start, and
                          behind white space, a bracket or a quotation mark,
                          unless it is all digits                             */
    LI_WORDS_COMMENT   /* a comment's message, as JSON, with its attributes   */
} li_words;

/** What a piece of a commentary is. */
typedef enum li_word {
    LI_WORD_TEXT,
    LI_WORD_MENTION, /* of whom urn says; out got the name                    */
    LI_WORD_HASHTAG  /* out got "#" and the word                              */
} li_word;

/** Appends what a person wrote. *length (may be NULL) gets the characters as
    LinkedIn counts them, a commentary's escapes and URNs among them; what is
    longer than LI_POST_LENGTH or LI_COMMENT_LENGTH LinkedIn refuses (some
    organizations may post 4,000). out keeps nothing of a text that failed.
    Errors: LI_E_ARG: a mention of another than a person or an organization (in
    a post also an organizationBrand), or with no name; it begins at byte
    out->at of the text; LI_E_ENCODING: no UTF-8; LI_E_SPACE.
    Source: marketing/community-management/shares/little-text-format and
    .../comments-api. */
LINKEDIN_API li_rc li_words_put(li_buf *out, li_words form, li_str text,
                                size_t *length);
/** Takes the next piece off *rest, a commentary as LinkedIn gives it, and
    appends it as a reader sees it. *urn is a view into *rest; absent, but for a
    mention that has one. What is ill-formed is text. After an error *rest
    stays.
    Errors: LI_E_MISSING: there is no further piece; LI_E_SPACE. */
LINKEDIN_API li_rc li_words_next(li_str *rest, li_buf *out, li_word *kind,
                                 li_str *urn);

/* >>patch ----------------------------------------------------------------- */

#define LI_PATCH_DEPTH 8 /* objects within objects that a patch goes into    */

/** Appends what a PARTIAL_UPDATE sends, the difference from one object to
    another: {"patch":{"$set":{...},"$delete":[...],"k":{...}}}, or
    {"patch":{}} where there is none: then send nothing. Objects are compared by
    name, in any order, down to LI_PATCH_DEPTH. Arrays, what lies deeper, and
    members whose name begins with "$" are replaced whole unless they are equal
    token by token (numbers by their text). The time grows with the product of
    the two objects' members.
    Errors: LI_E_TYPE: one of them is no object; LI_E_JSON, LI_E_ENCODING,
    LI_E_DEPTH: the JSON is wrong; LI_E_SPACE. */
LINKEDIN_API li_rc li_patch_put(li_buf *out, li_str original, li_str changed);

/* >>request --------------------------------------------------------------- */

#define LI_MAX_HOST 63   /* a longer host name is LI_E_LIMIT                 */
#define LI_FORM_FIELDS 6 /* name and value pairs in li_req.form              */
#if !defined(LI_API_BASE) && !defined(LI_AUTH_BASE)
#define LI_API_BASE "https://api.linkedin.com"
#define LI_AUTH_BASE "https://www.linkedin.com"
#elif !defined(LI_API_BASE) || !defined(LI_AUTH_BASE)
#error "define both LI_API_BASE and LI_AUTH_BASE, or neither"
#endif

/** How patient calls are. Zero is the default of every member. li_tick() keeps
    the limits in milliseconds; 0: none. */
typedef struct li_policy {
    uint32_t connect_ms;     /* to connect                                  */
    uint32_t first_byte_ms;  /* from the whole request to the answer        */
    uint32_t idle_ms;        /* without a byte moved, in any other state    */
    uint32_t total_ms;       /* all tries and waits of a call together      */
    uint32_t backoff_ms;     /* the upper bound of the first wait. It doubles
                                with each try, and is eight times as much
                                after a 429 without Retry-After. 0: 500     */
    uint32_t wait_max_ms;    /* the upper bound of any wait: an answer that
                                asks for more ends the call. 0: 60,000      */
    uint32_t refresh_s;      /* how long before its end a token is refreshed.
                                0: 300, or an eighth of its life            */
    uint8_t tries;           /* in all, LI_TRIES at most. 0: 4              */
    uint16_t *budget;        /* yours, shared by all calls, LI_BUDGET at
                                first: a retry takes ten, a success gives
                                one back, and where none is left there is no
                                further try. NULL: no such limit            */
} li_policy;
#define LI_TRIES 8
#define LI_BUDGET 500

struct li_call;
struct li_token;

/** What all calls of one app and member share. Zero is the default of every
    member. Only read while calls run. The strings are yours. */
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
    const char *issuer;        /* of id_tokens; NULL: LinkedIn's two        */
    int64_t (*now)(void *user); /* Unix seconds. Without it none knows when a
                                  token ends, or that a refresh was forgotten */
    li_rc (*random)(void *user, void *dst, size_t len); /* secure bytes     */
    li_rc (*load)(void *user, struct li_token *token);  /* your store       */
    li_rc (*save)(void *user, const struct li_token *token);
    li_rc (*lock)(void *user, int on); /* the store, against other processes,
                                  while a token is refreshed; on 0: unlock.
                                  LI_WANT_SLEEP: another has it             */
    li_rc (*verify)(void *user, const li_str key[2], li_str text,
                    li_str signature); /* RS256: key is modulus and exponent,
                                  big-endian bytes. LI_OK, or LI_E_FORGED:
                                  li_mbedtls_verify, li_openssl_verify      */
    void (*trace)(void *user, const struct li_call *call, const char *step);
                               /* sees each step of each try: li_log()      */
    void *user;                /* handed to all hooks but again             */
    li_rc (*again)(struct li_call *call); /* asked before and after each try;
                                  li_again: retries and token refresh       */
    const li_policy *policy;   /* NULL: all zero                            */
} li_client;

typedef enum li_base { LI_BASE_API = 0, LI_BASE_AUTH = 1 } li_base;

/** One request. Zero is the default of every member. It stays alive and
    unchanged until the call ends: a retry builds its head again. */
typedef struct li_req {
    const char *method;       /* NULL: GET, or POST where there is a body   */
    const char *path;         /* "/v2/me", already encoded, query allowed;
                                 or a whole URL: then the token goes along
                                 only to the origin of api_base             */
    const char *query;        /* already encoded, without "?"; or NULL      */
    li_base base;             /* which host a plain path means              */
    const char *rest_method;  /* X-RestLi-Method, or NULL                   */
    const char *override;     /* X-HTTP-Method-Override, or NULL: li_tunnel */
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
    void *user;               /* handed to the three above; to give up, they
                                 may call li_fail()                         */
    const char *wrong;        /* set by a li_…_req() that fails: the name of
                                 the argument; li_begin then fails with it  */
    li_rc wrong_rc;           /* where that is a JSON text: what is wrong with
                                 it; LI_E_TYPE also: it is not of the form  */
    size_t wrong_at;          /* and at which of its bytes                  */
    const li_policy *policy;  /* instead of the client's                    */
    uint8_t repeatable;       /* 1: may be sent twice, whatever its method  */
    uint8_t token;            /* to whom the access token goes: LI_TOKEN_   */
} li_req;

/** API: to the origin of api_base. HERE: to the URL of this request, which must
    be one of LinkedIn's own. NEVER: to nobody. */
enum { LI_TOKEN_API = 0, LI_TOKEN_HERE = 1, LI_TOKEN_NEVER = 2 };

/** A token record. Set mem and cap (LI_TOKEN_MEM does for LinkedIn's tokens of
    today) and zero the rest; the texts then lie in mem, each with a NUL. */
typedef struct li_token {
    char *mem;
    size_t cap;
    size_t need;           /* LI_E_SPACE: the cap that would do             */
    li_str access_token;
    li_str refresh_token;  /* absent unless LinkedIn gives the app one      */
    li_str id_token;       /* absent unless openid was asked                */
    li_str scope;          /* separated by spaces or commas, as it came     */
    int64_t issued_at;     /* Unix seconds; 0: unknown (no clock hook)      */
    int64_t expires_in;    /* seconds from issued_at; -1: not told          */
    int64_t refresh_expires_in; /* of the refresh token, likewise           */
    struct {               /* not yours */
        int64_t since;     /* when it was leased                            */
        uint32_t print;    /* tells one access token from another           */
        uint32_t dead;     /* of the refresh token that was refused         */
        uint16_t lease, leases; /* by which call it is being refreshed      */
        uint8_t unsaved;   /* memory knows more than the store              */
        li_req req;
    } priv;
} li_token;
#define LI_TOKEN_MEM 6144

/* >>answer ---------------------------------------------------------------- */

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

/** One call. Read the members above priv and set none. It may be moved in
    memory between steps. */
typedef struct li_call {
    li_rc rc;             /* what the call wants or was; an error stays     */
    int status;           /* HTTP status; 0 before it is known              */
    li_str body;          /* in the work buffer, until that is used again;
                             empty when a sink took it                      */
    size_t need;          /* LI_E_SPACE: the buffer that does so far; or 0  */
    const char *wrong;    /* LI_E_ARG: the name of the argument; a failure of
                             the transport: what it says of it, or NULL     */
    uint8_t keep_alive;   /* when done: the message says that the connection
                             may be used again (but not after a 204 that
                             announces a body: li_run closes it)            */
    uint8_t sent;         /* 1: the server may have acted on the request    */
    uint8_t tries;        /* begun so far; token refreshes are not counted  */
    uint8_t refreshed;    /* token refreshes begun                          */
    uint8_t unsaved;      /* 1: a new token is in memory only: save failed  */
    int16_t tried[LI_TRIES]; /* how each try before this one ended: an HTTP
                                status, or a li_rc                          */
    uint32_t waited_ms;   /* in all, between tries                          */
    uint64_t wake_ms;     /* when li_tick() is due; UINT64_MAX: never       */
    uint64_t now_ms;      /* as li_tick() said last                         */
    uint64_t bytes_out, bytes_in; /* of all tries                           */
    const li_client *client;
    const li_req *req;
    struct {              /* not yours */
        uint64_t began, since; /* the first tick; since when nothing moves  */
        const li_req *own;     /* the request, while a token is refreshed   */
        const char *host;      /* where the request goes; in your memory    */
        uint32_t moved;        /* bytes and state, as li_tick() saw them    */
        uint32_t print;        /* of the token in the head                  */
        uint16_t lease, port;
        char *buf;
        size_t cap;
        size_t out_at, out_end; /* what of the buffer is still to be sent   */
        size_t at, end;         /* answer: read up to, received up to       */
        size_t line;            /* where the line being read began          */
        size_t colon;           /* where its colon stands                   */
        uint64_t left;          /* of the body or chunk; to send: of reader */
        uint32_t head_left;     /* what head and trailers may still have    */
        uint16_t lines_left;
        uint16_t chunk_left;    /* likewise the chunk-size line             */
        uint16_t kept_end;
        uint16_t ready; /* bytes that may come and need no look            */
        struct { uint16_t at, len; } kept[LI_H_COUNT];
        uint8_t flags, state, token; /* token: of the record, or none       */
        uint8_t part, framing, renewals, host_len, tls;
        uint8_t acted; /* what sent was before this try */
    } priv;
} li_call;

/** A kept header of the answer, in the work buffer, or the absent view. */
LINKEDIN_API li_str li_header(const li_call *call, li_kept which);

/* >>call ------------------------------------------------------------------ */

/** Begins a call: checks everything, finds the target, writes the head into
    buf. client, req and buf stay in place until the call ends. Later steps
    report a failure too, so that one check at the end is enough.
    Errors: LI_E_ARG: call->wrong names the argument; LI_E_SPACE: call->need is
    the cap for the head (0: the request's own mem was too little); LI_E_LIMIT:
    the host's name is longer than LI_MAX_HOST. */
LINKEDIN_API li_rc li_begin(li_call *call, const li_client *client,
                            const li_req *req, void *buf, size_t cap);
/** Advances as far as it can without waiting and says what it wants: LI_WANT_
    and so on, or LI_OK when the answer is whole.
    Errors: whatever ended the call. It stays: ask as often as you like. */
LINKEDIN_API li_rc li_step(li_call *call);
/** Tells the call the time in milliseconds, by a clock of yours that only goes
    forward: once before the first step, and at wake_ms at the latest. It ends a
    wait that is over, sets wake_ms, and returns what the call wants. Without a
    clock: sleep for wake_ms - now_ms, then tell it wake_ms.
    Errors: LI_E_TIMEOUT: a limit of the policy has passed; else the call's. */
LINKEDIN_API li_rc li_tick(li_call *call, uint64_t now_ms);
/** Where to connect for LI_WANT_OPEN: host, port and tls.
    Errors: LI_E_STATE: the call was not begun; LI_E_ARG: it has no target. */
LINKEDIN_API li_rc li_target(const li_call *call, li_url *target);
/** Answers LI_WANT_OPEN: the connection stands. reused: it has carried another
    call before, and may be dead without saying so. LI_WANT_OPEN: a token
    refresh comes first, to another li_target().
    Errors: LI_E_STATE: no connection was asked for; else the call's. */
LINKEDIN_API li_rc li_opened(li_call *call, int reused);
/** The bytes to send: the same place and length until acked. */
LINKEDIN_API li_str li_out_buf(const li_call *call);
/** So many of them are sent.
    Errors: LI_E_STATE: more than were offered; else the call's. */
LINKEDIN_API li_rc li_out_ack(li_call *call, size_t len);
/** Where to put what arrives: the same place and length until acked. *len is 0,
    and the result NULL, when nothing may come. */
LINKEDIN_API char *li_in_buf(const li_call *call, size_t *len);
/** So many bytes have come.
    Errors: LI_E_STATE: more than there was room for; else the call's. */
LINKEDIN_API li_rc li_in_ack(li_call *call, size_t len);
/** The peer has closed in order (TLS: with close_notify). Returns what the call
    wants.
    Errors: LI_E_CLOSED: the answer was not whole; else the call's. */
LINKEDIN_API li_rc li_in_eof(li_call *call);
/** The connection failed with `why`, or you give up (LI_E_CANCELLED). LI_E_IO
    and LI_E_CLOSED may lead to the one safe repetition, or to reading an early
    answer; any other error ends the try, and LI_E_CANCELLED the call. Returns
    what the call wants; close its connection.
    Errors: why, or LI_E_ARG where that is no error; else the call's. */
LINKEDIN_API li_rc li_fail(li_call *call, li_rc why);

/** The third door, for stacks that speak HTTP: before the answer, the head's
    text (request line, header lines, empty line), a view into the work buffer
    until the first feed. */
LINKEDIN_API li_str li_head(const li_call *call);
/** The request's body in memory; absent where a reader gives it. */
LINKEDIN_API li_str li_body(const li_call *call);
/** Appends the request's whole URL.
    Errors: LI_E_STATE: not begun; LI_E_ARG: no target; LI_E_SPACE. */
LINKEDIN_API li_rc li_put_url(const li_call *call, li_buf *out);
/** Feeds the status; then headers, body and end, in this order. Of several
    statuses the last counts (1xx come before it). A stack that fails calls
    li_fail(); if it may have sent something, li_opened() and li_out_ack()
    before that.
    Errors: LI_E_STATE: not now, or no status; else the call's. */
LINKEDIN_API li_rc li_feed_status(li_call *call, int status);
/** Feeds a header or trailer; space round the value is taken off. Leave out a
    Content-Encoding that your stack has undone.
    Errors: LI_E_SPACE: no room to keep it; LI_E_PROTOCOL: a coding that nobody
    asked for; LI_E_STATE: before the status; else the call's. */
LINKEDIN_API li_rc li_feed_header(li_call *call, li_str name, li_str value);
/** Feeds a piece of the body.
    Errors: LI_E_SPACE: call->need is the buffer that does so far; LI_E_STATE:
    before the status; the sink's own; else the call's. */
LINKEDIN_API li_rc li_feed_body(li_call *call, li_str piece);
/** The answer is whole. Returns what the call wants: with li_again that may be
    another try.
    Errors: LI_E_STATE: before the status; else the call's. */
LINKEDIN_API li_rc li_feed_end(li_call *call);

/* >>run ------------------------------------------------------------------- */

/** Your way to move bytes, blocking or not. open gives 0: done. send and recv
    give how many bytes, above 0; recv also 0: the peer's orderly end. Or they
    give LI_IO_READ or LI_IO_WRITE: would block (you are called again with the
    same), or an LI_E_ code: of a send that failed, the last byte at least has
    not arrived. Members below close may be NULL; zero the rest. */
typedef struct li_transport {
    int (*open)(void *user, const char *host, unsigned port, int tls);
                              /* connects to a host, an IPv6 address without
                                 brackets. tls: encrypt, and verify the peer's
                                 name; LI_E_TLS if you cannot               */
    int (*send)(void *user, const char *data, size_t len);
    int (*recv)(void *user, char *data, size_t cap);
    void (*close)(void *user); /* also after an open that failed or was given
                                 up                                         */
    int (*alive)(void *user); /* 0: a kept connection is of no use any more   */
    uint64_t (*ms)(void *user); /* the clock for li_tick(): policies need it  */
    int (*sleep)(void *user, uint32_t ms); /* between tries. NULL, or
                                 LI_IO_READ: li_run says LI_WANT_SLEEP       */
    void (*limit)(void *user, uint32_t ms); /* what follows may wait so long
                                 at most; 0: as ever                         */
    uint32_t (*wake)(void *user); /* after an open that would block: in how
                                 many milliseconds the next open may come at
                                 the latest; li_run lowers call.wake_ms      */
    const char *why;          /* where the transport tells what failed last   */
    void *user;               /* handed to all of them                        */
    struct {
        char host[LI_MAX_HOST + 1];
        uint16_t port;
        uint8_t tls, state;
    } priv;
} li_transport;

/** Drives a call over a transport: a blocking one to the end. Others:
    LI_WANT_READ or LI_WANT_WRITE: wait for that, but not beyond call.wake_ms;
    LI_WANT_SLEEP: wait until call.wake_ms; then call again. It keeps the
    connection for the next call to the same host where that is allowed;
    li_hangup() ends it.
    Errors: the call's. An answer of any status is LI_OK. */
LINKEDIN_API li_rc li_run(li_call *call, li_transport *transport);
/** Closes a kept connection. Safe at any time between calls. */
LINKEDIN_API void li_hangup(li_transport *transport);

/* >>problem --------------------------------------------------------------- */

/** What LinkedIn says went wrong. The texts are decoded into your buffer. */
typedef struct li_problem {
    int status;            /* of the status line; 0 at sign-in              */
    uint8_t not_json;      /* 1: the body is no JSON object                 */
    uint8_t has_service_code;
    int64_t service_code;  /* serviceErrorCode, or errorCode                */
    li_str code;           /* code, or the first input error's, or error    */
    li_str message;        /* message, or error_description                 */
    li_str field;          /* the first fieldPath                           */
    li_str request_id;     /* requestId, or the header x-li-request-id      */
    int64_t token_age;     /* seconds since the token's issue; -1 unknown   */
    int64_t wait_s;        /* how long the answer says to wait: Retry-After,
                              or up to 00:00 UTC, for which client.now must
                              be set; -1: not known                         */
    uint8_t final;         /* 1: the day's quota is spent: trying again
                              before that is of no use                      */
} li_problem;

/** The typed error of an answer: LI_OK for 2xx. After a redirect, LI_E_HTTP,
    li_header() still gives LI_H_LOCATION.
    Errors: call.rc, where the call failed; LI_E_STATE: it is not over;
    LI_E_AUTH 401, LI_E_FORBIDDEN 403, LI_E_NOT_FOUND 404, LI_E_DUPLICATE 422
    with that code, LI_E_VERSION 426, LI_E_RATE 429, LI_E_HTTP: another status
    below 500, LI_E_SERVER: 500 and above. */
LINKEDIN_API li_rc li_check(const li_call *call);
/** A whole call in one: li_begin(), li_run(), li_check(). With a transport that
    does not block it may return LI_WANT_READ, LI_WANT_WRITE or LI_WANT_SLEEP:
    go on with li_run() and li_check(). li_explain() tells any error.
    Errors: those of the three. */
LINKEDIN_API li_rc li_do(li_call *call, const li_client *client,
                         const li_req *req, void *buf, size_t cap,
                         li_transport *transport);
/** Reads LinkedIn's error body, whichever of its shapes. The texts lie in mem,
    each with a NUL behind it; mem may be NULL: then only numbers are filled.
    Errors: LI_E_SPACE; LI_E_ENCODING: a text has a NUL. The numbers are
    filled all the same. */
LINKEDIN_API li_rc li_problem_read(li_problem *why, const li_call *call,
                                   li_buf *mem);

/* >>explain --------------------------------------------------------------- */

/** What a person should do: one sentence or two, never NULL. why may be NULL.
    After li_oauth_redirect(), where no call is, ask with what that filled. */
LINKEDIN_API const char *li_hint(li_rc rc, const li_problem *why);
/** Tells the whole story of a call, and a NUL: what happened, what LinkedIn
    said, and what to do; three lines at most, over whatever out held. rc: what
    failed (LI_OK stands for li_check()). It reads the call and its request,
    the argument or the transport's words among them. What somebody else wrote
    cannot act on a terminal, and what they echo of this call's secrets is
    shown as ***. call may be NULL, or zeroed.
    Errors: LI_E_SPACE. */
LINKEDIN_API li_rc li_explain(const li_call *call, li_rc rc, li_buf *out);
/** Writes the request as a curl command for a shell, secrets as ***, and a
    NUL, over whatever out held. It works from li_begin() on, whatever became
    of the call.
    Errors: LI_E_ARG: method or target is wrong, and out empty; LI_E_SPACE. */
LINKEDIN_API li_rc li_to_curl(const li_call *call, li_buf *out);
/** Writes a line for a log and a NUL, without a secret, over whatever out held:
    time, step, method, host and path (of other hosts than LinkedIn's: the
    host), status, try, bytes, error.
    Errors: LI_E_SPACE. */
LINKEDIN_API li_rc li_log(const li_call *call, const char *step, li_buf *out);

/* >>oauth ----------------------------------------------------------------- */

/** What a sign-in must remember between its two steps. A plain value: store it
    as it is. It is good for one sign-in. */
typedef struct li_flow {
    char state[128];        /* empty: made by the random hook               */
    char verifier[64];      /* PKCE; made by the random hook                */
    char redirect_uri[256]; /* copied from the client                       */
    char nonce[64];         /* if you give one, it is sent, and must be in the
                               id_token (LinkedIn does not document it)     */
    uint8_t pkce;           /* set to 1 for LinkedIn's native flow, which it
                               must have enabled for the app; else 0        */
    uint8_t stage;          /* 0 new, 1 URL made, 2 redirect taken, 3 code
                               spent, 4 refused                             */
    uint8_t trust_tls;      /* 1: li_id_token_read() checks no signature, for
                               this flow's code brought the id_token, by TLS */
    const char *wrong;      /* LI_E_ARG: the name of the argument; of an
                               id_token: of what is wrong with it           */
} li_flow;

/** Writes the URL of LinkedIn's authorization page and a NUL. scope: one or
    more, separated by spaces. Fills the flow: state from flow->state or the
    random hook (256 bits), the redirect URI, the PKCE verifier.
    Errors: LI_E_ARG: flow->wrong names it; LI_E_STORE: no random hook, or it
    failed; LI_E_STATE: the flow was used; LI_E_SPACE.
    Source: shared/authentication/authorization-code-flow, RFC 6749, 7636. */
LINKEDIN_API li_rc li_oauth_url(li_flow *flow, const li_client *client,
                                const char *scope, li_buf *out);
/** Reads the URL that the member came back to, and writes the code and a NUL.
    Only LI_OK and LI_E_DENIED spend the flow. why may be NULL; li_hint() takes
    it after any error.
    Errors: LI_E_ARG: another URL than the flow's, malformed, or without code
    (give the whole URL, host included); LI_E_FORGED: state is missing or wrong;
    LI_E_DENIED: why has code and message, as texts in out; LI_E_STATE: not
    after li_oauth_url(), or a second time; LI_E_SPACE. */
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

/** Overwrites a request with a grant; the credentials go into its form. text,
    client and flow live as long as the request. A li_do() with a request that
    failed here fails with the same, so that one check is enough.
    Errors: LI_E_ARG: req->wrong names what is missing or empty; LI_E_STATE: the
    flow's code is spent. */
LINKEDIN_API li_rc li_oauth_req(li_req *req, const li_client *client,
                                li_grant grant, const char *text,
                                li_flow *flow);

/* >>token ----------------------------------------------------------------- */

/** Reads a token answer, or what li_token_put() wrote, into token, and calls
    the save hook. The text must not lie in token->mem. issued_at comes from the
    clock hook unless the text tells it. An answer without a refresh token, or
    with an empty one, keeps the one that token has: after LI_E_SPACE point mem
    to a larger area, keep the old one until the next call returns. client may
    be NULL.
    Errors: LI_E_TYPE: token_type is not Bearer, or a member has another type;
    LI_E_MISSING: no access_token; LI_E_SPACE: token->need is the cap; LI_E_ARG:
    a token that no header can carry; LI_E_ENCODING: no UTF-8, or a text with a
    NUL; LI_E_JSON, LI_E_DEPTH: no JSON. token is then as before. LI_E_STORE:
    token is new, but saving failed. */
LINKEDIN_API li_rc li_token_read(li_token *token, li_str json,
                                 const li_client *client);
/** Appends the record as JSON, secrets included: for your store.
    Errors: LI_E_SPACE; LI_E_ENCODING: a text is no UTF-8. */
LINKEDIN_API li_rc li_token_put(const li_token *token, li_buf *out);
/** Fills client->token through the load hook.
    Errors: LI_E_MISSING: the store is empty, a member must sign in;
    LI_E_STORE: no hook, no token record, or the hook failed. */
LINKEDIN_API li_rc li_token_load(const li_client *client);
/** Seconds until a member must sign in again: the end of the refresh token, or
    of the access token where there is none. Below zero: passed. INT64_MAX: not
    known. */
LINKEDIN_API int64_t li_sign_in_due(const li_client *client);

/* >>again ----------------------------------------------------------------- */

/** The client's hook for further tries and for a token that lives. Set it as
    li_client.again, and a policy where the defaults do not suit; with
    client.token, now, save and load for the token, random for the jitter.

    Tried again, after a pause (exponential with full jitter, or what
    Retry-After says): 429, 408, 5xx but 501 and 505, connections that failed,
    were cut or timed out, and a 401 on a token of the last two minutes. But
    only if the method is idempotent, or li_req.repeatable is set, or the server
    cannot have acted: nothing was sent, or it said 429 or 401. Never where a
    sink has taken something, the day's quota is spent, or a limit of the policy
    would pass: the call then ends as that try did.

    The token is refreshed when it is due, and once when it is refused as
    expired: by one call, under the lock hook, while all others wait. A refused
    grant ends the call with LI_E_AUTH and the refresh's answer. LinkedIn's
    refresh tokens do not change by use, so a refresh whose answer was lost is
    repeated. A body's reader is asked again from 0. A sink gets only the bodies
    of 2xx; others lie in the work buffer, token answers too: 8 KB.
    Errors: those that end the call; you need not call it yourself. */
LINKEDIN_API li_rc li_again(struct li_call *call);

/* >>rest ------------------------------------------------------------------ */

/** The methods of Rest.li.
    Source: linkedin.github.io/rest.li/user_guide. */
typedef enum li_method {
    LI_GET,
    LI_BATCH_GET,
    LI_GET_ALL,
    LI_FINDER,
    LI_BATCH_FINDER,
    LI_CREATE,
    LI_BATCH_CREATE,
    LI_UPDATE,
    LI_BATCH_UPDATE,
    LI_PARTIAL_UPDATE,
    LI_BATCH_PARTIAL_UPDATE,
    LI_DELETE,
    LI_BATCH_DELETE,
    LI_ACTION
} li_method;

/** A call of Rest.li, by JSON texts. Zero is the default of every member. */
typedef struct li_rest {
    li_method method;
    const char *path; /* as the documents have it, without /rest or /v2, the
                         keys as placeholders: "/adAccounts/{id}"           */
    const char *name; /* of the finder, batch finder or action              */
    li_str keys;      /* an object, for the placeholders                    */
    li_str ids;       /* an array of keys, for the batch methods            */
    li_str query;     /* an object: further parameters, fields among them   */
    li_str body;      /* CREATE, UPDATE: the entity. PARTIAL_UPDATE: what
                         li_patch_put() wrote. BATCH_CREATE: an array.
                         BATCH_UPDATE, BATCH_PARTIAL_UPDATE: an array in the
                         order of ids. ACTION: its parameters, or nothing   */
} li_rest;

/** Overwrites a request with a Rest.li call: HTTP method, path (/rest, or /v2
    where the client has no version), query, headers, body; set sink, policy
    and more headers behind it. A query of more than LI_MAX_QUERY bytes goes by
    li_tunnel(). What the request points to is appended to mem, which lives as
    long as it. A li_do() with a request that failed here fails with the same.
    What comes back: li_header(LI_H_RESTLI_ID) and li_restli_decode() for a
    created key; "/results", "/statuses", "/errors", "/elements", "/paging",
    "/value" of call.body by li_json_find().
    Errors: LI_E_ARG: req->wrong names method, path (or a key or placeholder too
    many), name, keys, ids, query or body; LI_E_SPACE: mem->need is the cap.
    Source: rest.li's protocol specification; shared/api-guide/concepts. */
LINKEDIN_API li_rc li_rest_req(li_req *req, const li_client *client,
                               const li_rest *rest, li_buf *mem);
/** Sends a query of more than `limit` bytes in the body of a POST. boundary
    stands between query and body; NULL makes one that occurs in neither.
    Errors: LI_E_ARG: a boundary that occurs in them, or a body from a form or
    reader; LI_E_SPACE.
    Source: shared/api-guide/concepts/query-tunneling. */
LINKEDIN_API li_rc li_tunnel(li_req *req, size_t limit, const char *boundary,
                             li_buf *mem);
#define LI_MAX_QUERY 4000

/* >>page ------------------------------------------------------------------ */

#define LI_PAGE_TOKEN 250 /* of a pageToken: more bytes are LI_E_LIMIT        */

/** Goes through the pages of a GET_ALL, FINDER or other call that gives
    "elements". They are handed over one at a time while they come: a page of
    any size needs the memory of its largest element. Zero is the default of
    every member.
    Source: shared/api-guide/concepts/pagination. */
typedef struct li_page {
    const li_rest *rest;   /* the call; of its query all but the paging      */
    li_rc (*element)(void *user, li_str json); /* its raw text; not LI_OK ends
                              the call with that                             */
    void *user;
    char *mem;             /* an element, "paging" or "metadata" that comes in
                              pieces is put together here                    */
    size_t cap;
    uint32_t count;        /* elements a page; 0: the server's own           */
    uint8_t cursor;        /* 1: pageSize and pageToken; 0: start and count  */
    /* results */
    uint64_t handed;       /* elements handed over                           */
    int64_t total;         /* as the server tells it; -1: it does not        */
    size_t need;           /* LI_E_SPACE: the cap that does so far           */
    struct {               /* not yours */
        li_json json;
        const char *from;  /* where what is captured begins in this piece    */
        size_t held;       /* how much of it is in mem                       */
        uint64_t start;    /* of the page; by cursor: elements to skip       */
        int64_t echo;           /* the start that the server tells, or -1    */
        uint32_t print, before; /* of this page's elements, and the last's   */
        uint32_t here, told;    /* elements of this page; the server's count */
        uint8_t place, level, begun, links, empty, over;
        li_rc bad;              /* it cannot be read, or is no success       */
        uint8_t name_len, token_len, next_len;
        char name[12], token[LI_PAGE_TOKEN], next[LI_PAGE_TOKEN];
    } priv;
} li_page;

/** Fills a request for the next page, or for what is missing of one that
    failed; it takes req.sink and req.user.
    Errors: LI_E_MISSING: there is no further page; else those of
    li_rest_req(). */
LINKEDIN_API li_rc li_page_req(li_page *page, li_req *req,
                               const li_client *client, li_buf *mem);
/** Takes the end of a page's call. LI_OK: the page was whole. After an error
    li_page_req() asks for the rest: no element comes twice, and none is left
    out.
    Errors: those of li_check(); LI_E_JSON, LI_E_ENCODING, LI_E_DEPTH: the
    answer is no JSON; LI_E_TYPE: it is a list, or elements is none;
    LI_E_SPACE: page->need; LI_E_PROTOCOL: the server repeats a page (it tells
    another start than was asked for, or gives the same elements or token as
    before), or has sent more than 100 empty ones in turn; LI_E_LIMIT: a
    pageToken of more than LI_PAGE_TOKEN bytes; what element() returned. */
LINKEDIN_API li_rc li_page_end(li_page *page, const li_call *call);

/* >>upload ---------------------------------------------------------------- */

/** What is uploaded. */
typedef enum li_media { LI_IMAGE, LI_DOCUMENT, LI_VIDEO } li_media;

/** Uploads an image, document or video: asks where to, sends the bytes, a
    video's in the parts that LinkedIn says, and finishes it. Zero is the
    default of every member.
    Source: marketing/community-management/shares/images-api, documents-api,
    videos-api. */
typedef struct li_upload {
    li_media media;
    const char *owner;     /* the URN of the member or organization          */
    uint64_t len;          /* bytes                                          */
    size_t (*read)(void *user, uint64_t at, char *dst, size_t cap);
                           /* as li_req.read: from any offset, also twice    */
    void (*progress)(void *user, uint64_t done, uint64_t all); /* or NULL    */
    void *user;            /* handed to both                                 */
    const char *hosts;     /* more hosts for a video's bytes than linkedin.com's
                              and licdn.com's, separated by spaces           */
    li_str thumbnail;      /* a video's, optional: a picture's bytes         */
    li_str captions;       /* a video's, optional: an SRT file's, in English */
    char *mem;             /* keeps LinkedIn's instructions and what the parts
                              were answered: 2 KB, and 512 B for each part.
                              To enlarge it, copy what it holds              */
    size_t cap;
    /* results */
    li_str urn;            /* of the image, document or video, in mem        */
    int64_t expires_ms;    /* until when the URLs hold; Unix milliseconds    */
    uint32_t part, parts;  /* sent, of all                                   */
    size_t need;           /* LI_E_SPACE: the cap that does so far           */
    struct {               /* not yours */
        uint64_t first, size; /* of the part that is being sent              */
        uint64_t next;        /* where the one after it must begin           */
        size_t value_len, used, urn_at;
        size_t at, after;     /* in mem: the part's instruction, and behind  */
        uint16_t etag_len;
        uint8_t step;
        char etag[256];
    } priv;
} li_upload;

/** Fills the next request; it takes read, on_header and user. The token goes
    with all but a video's parts: so LinkedIn wants it.
    Errors: LI_E_MISSING: nothing is left to do, urn is ready; LI_E_ARG:
    req->wrong names it ("upload_url": no HTTPS URL of a host that is allowed);
    LI_E_MISSING with req->wrong: LinkedIn told no URL for it;
    LI_E_RANGE: the parts do not make up the file; LI_E_SPACE: mem->need; else
    those of li_rest_req(). */
LINKEDIN_API li_rc li_upload_req(li_upload *upload, li_req *req,
                                 const li_client *client, li_buf *mem);
/** Takes the answer. LI_OK: on with li_upload_req(), which after an error asks
    for the same again: an upload goes on at the part where it failed.
    Errors: those of li_check(); LI_E_JSON, LI_E_MISSING, LI_E_TYPE: the answer
    is not as documented; LI_E_SPACE: upload->need. */
LINKEDIN_API li_rc li_upload_end(li_upload *upload, const li_call *call);

/* >>profile --------------------------------------------------------------- */

/** The member, of /v2/me or /v2/userinfo. Absent where LinkedIn gave none. Each
    text that is there ends in NUL: id.ptr and name.ptr are C strings. */
typedef struct li_profile {
    li_str id;             /* id, or sub: urn:li:person:{id}                */
    li_str name;           /* whole; empty, but never NULL, if not told     */
    li_str first_name, last_name; /* in the preferred locale                */
    li_str email;
    li_str picture;        /* a URL                                         */
} li_profile;

/** Reads the member out of an answer; the texts lie in mem.
    Errors: those of li_check(); LI_E_TYPE, LI_E_JSON, LI_E_DEPTH: no JSON
    object; LI_E_MISSING: no id; LI_E_ENCODING: no UTF-8, or a text with a NUL;
    LI_E_SPACE: mem->need. */
LINKEDIN_API li_rc li_profile_read(li_profile *who, const li_call *call,
                                   li_buf *mem);
/** Verifies client->token's id_token by client->verify and reads the member out
    of it: who->id is the sub, which /v2/userinfo must give as well. jwks: the
    answer of GET /oauth/openid/jwks of LI_BASE_AUTH. flow->trust_tls skips the
    signature (and jwks), where this flow's code brought the id_token.
    flow->wrong names what is wrong. LI_ID_MEM does for what LinkedIn gives.
    Errors: LI_E_SYNTAX, LI_E_JSON, LI_E_ENCODING: no id_token; LI_E_FORGED: alg
    (only RS256), crit, typ (JWT, if any), signature, iss, aud, azp or nonce;
    LI_E_TIMEOUT: exp has passed, or iat or nbf is to come, by more than
    LI_ID_SKEW seconds; LI_E_MISSING: no token, a claim, or kid: no such key,
    get the keys anew, once; LI_E_TYPE: a member of another type; LI_E_ARG: no
    client_id; LI_E_RANGE: a key of less than 2,048 or more than 4,096 bits;
    LI_E_STORE: no clock or verify hook; LI_E_STATE: trust_tls without a code
    spent; LI_E_SPACE: mem->need; what verify returned.
    Source: OpenID Connect Core section 3.1.3.7. */
LINKEDIN_API li_rc li_id_token_read(li_profile *who, const li_client *client,
                                    li_flow *flow, li_str jwks, li_buf *mem);
#define LI_ID_SKEW 120
#define LI_ID_MEM 8192

/* >>webhook --------------------------------------------------------------- */

/** The signature of a webhook event, over its raw body in pieces. It holds key
    material until li_webhook_end() wipes it. */
typedef struct li_webhook {
    li__hash now, before;
    uint8_t rotating; /* an earlier secret counts too                       */
} li_webhook;

/** Answers LinkedIn's challenge to a webhook's URL: writes the JSON body to
    send back, and a NUL. query: as it came, without "?". Any other text must
    not be answered: the same key signs the events, and a forger would have an
    event signed by asking for it as a challenge.
    Errors: LI_E_ARG: not exactly one challengeCode, or no version 4 UUID, or an
    empty secret; LI_E_SPACE.
    Source: shared/api-guide/webhook-validation, RFC 9562. */
LINKEDIN_API li_rc li_webhook_challenge(const char *secret, li_str query,
                                        li_buf *out);
/** Begins to verify an event. previous: the secret that is being replaced, or
    NULL.
    Errors: LI_E_ARG: an empty secret. */
LINKEDIN_API li_rc li_webhook_begin(li_webhook *hook, const char *secret,
                                    const char *previous);
/** Takes a piece of the event's raw body. */
LINKEDIN_API void li_webhook_put(li_webhook *hook, li_str piece);
/** Compares the signature, the header X-LI-Signature: 64 hex digits, in a time
    that does not tell where it differs.
    Errors: LI_E_FORGED: it is not that of the pieces put. */
LINKEDIN_API li_rc li_webhook_end(li_webhook *hook, li_str signature);
/** 1 if an event's id was seen before, else remembers it: LinkedIn delivers
    again for hours. table: yours, zero at first; it holds the latest `count`
    ids, as 64-bit hashes. */
LINKEDIN_API int li_webhook_seen(uint64_t *table, size_t count, li_str id);

/* >>end */
#ifndef LINKEDIN_STATIC /* a linker's first word where two files define it */
LINKEDIN_API void li_LINKEDIN_IMPLEMENTATION_in_two_files(void);
#endif
#ifdef __cplusplus
}
#endif
#endif /* LINKEDIN_H */

#ifdef LINKEDIN_IMPLEMENTATION
#ifndef LINKEDIN_IMPLEMENTED
#define LINKEDIN_IMPLEMENTED

#ifndef LI_MEMCPY
#include <string.h>
#define LI_MEMCPY memcpy
#define LI_MEMMOVE memmove
#define LI_MEMSET memset
#define LI_MEMCHR memchr
#define LI_STRLEN strlen
#endif

#ifndef LI_MAX_HEAD
#define LI_MAX_HEAD 65000u
#endif
#ifndef LI_MAX_HEADERS
#define LI_MAX_HEADERS 256u
#endif
#ifndef LI_MAX_CHUNK_LINE
#define LI_MAX_CHUNK_LINE 1024u
#endif
#if LI_MAX_HEAD > 65000 || LI_MAX_HEADERS > 65000 || LI_MAX_CHUNK_LINE > 65000
#error "these limits are kept in 16 bits"
#endif

/* The tokenizer is inlined into the loops that use it, where speed is asked
   for: behind a call per token it costs a third more. */
#if defined(__GNUC__) && defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__)
#define LI__INLINE static inline __attribute__((always_inline))
#else
#define LI__INLINE static
#endif
/* The first of eight bytes is the lowest; the zeros below a bit are counted. */
#if defined(__GNUC__) && defined(__BYTE_ORDER__) && \
    __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define LI__LITTLE_ENDIAN 1
#else
#define LI__LITTLE_ENDIAN 0
#endif
/* Unsigned arithmetic that is to wrap, which clang's "integer" sanitizer is not
   to tell of: hashes, and eight bytes at once. */
#if defined(__clang__)
#define LI__WRAPS __attribute__((no_sanitize("integer")))
#else
#define LI__WRAPS
#endif
/* Kept apart, so that their locals do not add to their caller's stack. */
#if defined(__GNUC__)
#define LI__APART static __attribute__((noinline))
#else
#define LI__APART static
#endif
/* Where size matters more than speed, the short cuts are left out, whose
   results are those of the long way; and more is kept apart. */
#if defined(__OPTIMIZE_SIZE__)
#define LI__SHORT_CUTS 0
#define LI__APART_SMALL LI__APART
#else
#define LI__SHORT_CUTS 1
#define LI__APART_SMALL static
#endif
#ifndef LINKEDIN_STATIC
LINKEDIN_API void li_LINKEDIN_IMPLEMENTATION_in_two_files(void) {}
#endif

/* >>base ------------------------------------------------------------------ */

/* Texts lie in arrays of their own, one behind the other: string literals
   share a section that --gc-sections can only keep or drop whole. */
static const char *li__nth(const char *texts, unsigned n)
{
    for (; n; n--)
        texts += LI_STRLEN(texts) + 1;
    return texts;
}

/* The first text stands for any other number. */
static const char *li__rc_text(const char *texts, int rc)
{
    unsigned n = 0;
    if (rc <= LI_WANT_SLEEP && rc >= LI_IO_WRITE)
        n = (unsigned)(LI_WANT_SLEEP + 1 - rc);
    else if (rc <= LI_E_ARG && rc >= LI_E_DUPLICATE)
        n = (unsigned)(LI_E_ARG + 8 - rc);
    return li__nth(texts, n);
}

static const char li__rc_texts[] =
    "unknown result\0"
    "wants to wait\0wants to receive\0wants to send\0wants a connection\0"
    "done\0would block until readable\0would block until writable\0"
    "wrong argument\0memory too small\0not allowed now\0connection failed\0"
    "host name does not resolve\0no trustworthy TLS connection\0timed out\0"
    "peer closed too early\0not a valid HTTP answer\0over a limit\0"
    "cancelled\0malformed text\0not JSON\0JSON nested too deep\0not UTF-8\0"
    "value of another type\0number out of range\0nothing there\0"
    "state of the redirect is not ours\0sign-in refused\0not authorized\0"
    "not permitted\0not found\0too many calls\0API version not active\0"
    "not a success\0server failed\0a hook of yours failed\0"
    "posted before";
static const char li__rc_names[] =
    "?\0LI_WANT_SLEEP\0LI_WANT_READ\0LI_WANT_WRITE\0LI_WANT_OPEN\0LI_OK\0"
    "LI_IO_READ\0LI_IO_WRITE\0LI_E_ARG\0LI_E_SPACE\0LI_E_STATE\0LI_E_IO\0"
    "LI_E_DNS\0LI_E_TLS\0LI_E_TIMEOUT\0LI_E_CLOSED\0LI_E_PROTOCOL\0"
    "LI_E_LIMIT\0LI_E_CANCELLED\0LI_E_SYNTAX\0LI_E_JSON\0LI_E_DEPTH\0"
    "LI_E_ENCODING\0LI_E_TYPE\0LI_E_RANGE\0LI_E_MISSING\0LI_E_FORGED\0"
    "LI_E_DENIED\0LI_E_AUTH\0LI_E_FORBIDDEN\0LI_E_NOT_FOUND\0LI_E_RATE\0"
    "LI_E_VERSION\0LI_E_HTTP\0LI_E_SERVER\0LI_E_STORE\0LI_E_DUPLICATE";

LINKEDIN_API const char *li_strerror(li_rc rc)
{
    return li__rc_text(li__rc_texts, rc);
}

LINKEDIN_API const char *li_rc_name(li_rc rc)
{
    return li__rc_text(li__rc_names, rc);
}

LINKEDIN_API li_str li_cstr(const char *text)
{
    return li__str(text, text ? LI_STRLEN(text) : 0);
}

LINKEDIN_API li_buf li_buf_of(char *ptr, size_t cap)
{
    li_buf out;
    out.ptr = ptr;
    out.cap = ptr ? cap : 0;
    out.len = out.need = 0;
    out.rc = LI_OK;
    out.last = 0;
    out.at = 0;
    return out;
}

LINKEDIN_API void li_buf_clear(li_buf *out)
{
    *out = li_buf_of(out->ptr, out->cap);
}

static size_t li__sum(size_t a, size_t b)
{
    return a > SIZE_MAX - b ? SIZE_MAX : a + b;
}

static li_rc li__buf_fail(li_buf *out, li_rc rc)
{
    if (!out->rc)
        out->rc = rc;
    return out->rc;
}

/* How many bytes a writer may still take: none once it has failed. */
static size_t li__room(const li_buf *out)
{
    return out->rc || out->len >= out->cap ? 0 : out->cap - out->len;
}

LINKEDIN_API li_rc li_put(li_buf *out, li_str bytes)
{
    if (!bytes.len) return out->rc;
    out->need = li__sum(out->need, bytes.len);
    out->last = bytes.ptr[bytes.len - 1];
    if (bytes.len > li__room(out)) return li__buf_fail(out, LI_E_SPACE);
    LI_MEMCPY(out->ptr + out->len, bytes.ptr, bytes.len);
    out->len += bytes.len;
    return LI_OK;
}

static li_rc li__putc(li_buf *out, char c)
{
    return li_put(out, li__str(&c, 1));
}

static li_rc li__puts(li_buf *out, const char *text)
{
    return text ? li_put(out, li__str(text, LI_STRLEN(text))) : out->rc;
}

/* Subtracts powers of ten: small machines have no 64-bit division. */
LINKEDIN_API li_rc li_put_int(li_buf *out, int64_t value)
{
    char text[20];
    unsigned n = 0, power = 1;
    uint64_t rest = value < 0 ? (uint64_t)-(value + 1) + 1 : (uint64_t)value;
    uint64_t unit = 10;
    for (; power < 19 && rest >= unit; power++)
        unit = (unit << 3) + (unit << 1);
    for (; n < sizeof text && power > 0; power--) {
        unsigned k;
        text[n] = '0';
        for (k = 1, unit = 1; k < power; k++)
            unit = (unit << 3) + (unit << 1);
        for (; rest >= unit; rest -= unit)
            text[n]++;
        n++;
    }
    if (value < 0)
        li__putc(out, '-');
    return li_put(out, li__str(text, n));
}

LINKEDIN_API li_rc li_buf_end(li_buf *out)
{
    out->need = li__sum(out->need, 1);
    if (!out->rc && out->len < out->cap)
        return out->ptr[out->len] = 0, LI_OK;
    if (out->cap)
        out->ptr[0] = 0;
    return li__buf_fail(out, LI_E_SPACE);
}

LINKEDIN_API int li_equal(li_str a, li_str b)
{
    unsigned differ = 0;
    size_t i;
    if (a.len != b.len) return 0;
    for (i = 0; i < a.len; i++)
        differ |= (unsigned)(unsigned char)a.ptr[i] ^ (unsigned char)b.ptr[i];
    return differ == 0;
}

LINKEDIN_API void li_wipe(void *ptr, size_t len)
{
#if defined(__GNUC__)
    if (len)
        LI_MEMSET(ptr, 0, len);
    __asm__ __volatile__("" : : "r"(ptr) : "memory");
#else
    volatile unsigned char *p = (volatile unsigned char *)ptr;
    while (len--)
        *p++ = 0;
#endif
}

/* Of any two numbers what lies within s: no view is longer than its text. */
static li_str li__cut(li_str s, size_t from, size_t to)
{
    to = to < s.len ? to : s.len;
    from = from < to ? from : to;
    return li__str(from ? s.ptr + from : s.ptr, to - from);
}

/* A loop, for compilers turn a memcmp into a bcmp that may not be there. */
static int li__same(li_str a, li_str b)
{
    size_t i = 0;
    while (i < a.len && i < b.len && a.ptr[i] == b.ptr[i])
        i++;
    return i == a.len && i == b.len;
}

static unsigned char li__lower(unsigned char c)
{
    return (unsigned char)((unsigned char)(c - 'A') < 26 ? c + 32 : c);
}

/* Equal but for the case of ASCII letters. */
static int li__same_nocase(li_str a, li_str b)
{
    size_t i;
    if (a.len != b.len) return 0;
    for (i = 0; i < a.len; i++)
        if (a.ptr[i] != b.ptr[i] && li__lower((unsigned char)a.ptr[i]) !=
                                        li__lower((unsigned char)b.ptr[i]))
            return 0;
    return 1;
}

static int li__is(const char *a, const char *b)
{
    return li__same(li__str(a, LI_STRLEN(a)), li__str(b, LI_STRLEN(b)));
}

static int li__is_nocase(li_str a, const char *b)
{
    size_t i = 0;
    while (i < a.len && (a.ptr[i] == b[i] ||
                         li__lower((unsigned char)a.ptr[i]) ==
                             li__lower((unsigned char)b[i])) && b[i])
        i++;
    return i == a.len && !b[i];
}

/* Whether a name is one of a list that ends in an empty one. */
static int li__is_listed(li_str name, const char *list)
{
    for (; *list; list += LI_STRLEN(list) + 1)
        if (li__is_nocase(name, list)) return 1;
    return 0;
}

/* Likewise, with case. */
static int li__is_one_of(const char *name, const char *list)
{
    for (; *list; list += LI_STRLEN(list) + 1)
        if (li__is(name, list)) return 1;
    return 0;
}

static int li__starts(li_str s, const char *with)
{
    size_t n = LI_STRLEN(with);
    return s.len >= n && li__same(li__str(s.ptr, n), li__str(with, n));
}

/* Where part first stands in s, or s.len + 1. */
static size_t li__find(li_str s, li_str part)
{
    size_t i;
    if (!part.len) return 0;
    for (i = 0; part.len <= s.len && i <= s.len - part.len; i++)
        if (li__same(li__cut(s, i, i + part.len), part)) return i;
    return s.len + 1;
}

/* Takes back what was written of a text that failed, or did not fit. */
static li_rc li__put_end(li_buf *out, const li_buf *before, li_rc rc)
{
    if (rc) {
        *out = *before;
        return li__buf_fail(out, rc);
    }
    if (out->rc)
        out->len = before->len;
    return out->rc;
}

/* FNV-1a of 64 bits. */
LI__WRAPS static uint64_t li__print64(li_str text)
{
    uint64_t hash = 0xcbf29ce484222325u;
    size_t i;
    for (i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * 0x100000001b3u;
    return hash;
}

/* FNV-1a: a hash that has taken in more. */
LI__WRAPS static uint32_t li__mixed(uint32_t hash, uint32_t more)
{
    return (hash ^ more) * 0x01000193u;
}

/* Tells one text from another; never 0. */
static uint32_t li__print(li_str text)
{
    uint32_t hash = 0x811c9dc5u;
    size_t i;
    for (i = 0; i < text.len; i++)
        hash = li__mixed(hash, (unsigned char)text.ptr[i]);
    return hash | !hash;
}

/* >>text ------------------------------------------------------------------ */

/* One bit for each ASCII character. */
typedef uint8_t li__chars[16];

/* RFC 3986 section 2.3 */
static const li__chars li__unreserved = {
    0,    0,    0,    0,    0,    0x60, 0xff, 0x03,
    0xfe, 0xff, 0xff, 0x87, 0xfe, 0xff, 0xff, 0x47};
/* pchar and "/", section 3.3 */
static const li__chars li__pathchar = {
    0,    0,    0,    0,    0xd2, 0xff, 0xff, 0x2f,
    0xff, 0xff, 0xff, 0x87, 0xfe, 0xff, 0xff, 0x47};

static int li__in(const li__chars set, unsigned char c)
{
    return c < 128 && (set[c >> 3] >> (c & 7) & 1);
}

static int li__has_other(li_str s, const li__chars set)
{
    size_t i;
    for (i = 0; i < s.len; i++)
        if (!li__in(set, (unsigned char)s.ptr[i])) return 1;
    return 0;
}

static const char li__hex_upper[] = "0123456789ABCDEF";
static const char li__hex_lower[] = "0123456789abcdef";

/* The value of a digit, or 16. */
static unsigned li__digit(char c)
{
    return c >= '0' && c <= '9' ? (unsigned)(c - '0') : 16;
}

/* The value of a hex digit, or 16. */
static unsigned li__hex(unsigned char c)
{
    unsigned char low = li__lower(c);
    return low >= 'a' && low <= 'f' ? 10u + low - 'a' : li__digit((char)c);
}

/* Where in a UTF-8 sequence a text is. The tails are ordered so that each good
   byte leads to the one below. */
enum {
    LI__S_PLAIN,
    LI__S_TAIL1, LI__S_TAIL2, LI__S_TAIL3, /* one to three more of 80..BF */
    LI__S_E0, LI__S_ED, LI__S_F0, LI__S_F4, /* the second has a smaller range */
    LI__S_BAD_TEXT = 255
};

/* The state behind the first byte of a UTF-8 sequence (RFC 3629 section 4). */
static uint8_t li__utf8_first(unsigned char c)
{
    if (c < 0xc2 || c > 0xf4) return LI__S_BAD_TEXT;
    if (c < 0xe0) return LI__S_TAIL1;
    if (c < 0xf0)
        return c == 0xe0 ? LI__S_E0 : c == 0xed ? LI__S_ED : LI__S_TAIL2;
    return c == 0xf0 ? LI__S_F0 : c == 0xf4 ? LI__S_F4 : LI__S_TAIL3;
}

/* The state behind a further byte of it. */
static uint8_t li__utf8_next(uint8_t state, unsigned char c)
{
    static const uint8_t row[][3] = {
        /* lowest and highest byte, then; from LI__S_TAIL1 on */
        {0x80, 0xbf, LI__S_PLAIN}, {0x80, 0xbf, LI__S_TAIL1},
        {0x80, 0xbf, LI__S_TAIL2}, {0xa0, 0xbf, LI__S_TAIL1},
        {0x80, 0x9f, LI__S_TAIL1}, {0x90, 0xbf, LI__S_TAIL2},
        {0x80, 0x8f, LI__S_TAIL2}};
    const uint8_t *range = row[state - LI__S_TAIL1];
    return c < range[0] || c > range[1] ? (uint8_t)LI__S_BAD_TEXT : range[2];
}

/* The state behind a byte of a text; a bad one stays bad. */
static uint8_t li__utf8_step(uint8_t state, unsigned char c)
{
    if (state == LI__S_PLAIN) return c < 0x80 ? state : li__utf8_first(c);
    return state == LI__S_BAD_TEXT ? state : li__utf8_next(state, c);
}

static int li__is_utf8(li_str s)
{
    uint8_t state = LI__S_PLAIN;
    size_t i;
    for (i = 0; i < s.len; i++)
        state = li__utf8_step(state, (unsigned char)s.ptr[i]);
    return state == LI__S_PLAIN;
}

/* Closes a write that began at out->len and would end at `end`. */
static li_rc li__grown(li_buf *out, size_t end)
{
    out->need = li__sum(out->need, end - out->len);
    if (out->rc) return out->rc;
    if (end > out->cap) return out->rc = LI_E_SPACE;
    if (end > out->len)
        out->last = out->ptr[end - 1];
    out->len = end;
    return LI_OK;
}

/* A writer of its own over what another has left, and what it wrote taken over:
   whole, or not at all. */
static li_buf li__part_of(const li_buf *out)
{
    size_t room = li__room(out);
    return li_buf_of(room ? out->ptr + out->len : NULL, room);
}

static li_rc li__take_part(li_buf *out, const li_buf *part)
{
    return li__grown(out, li__sum(out->len, part->need));
}

LINKEDIN_API li_rc li_percent_encode(li_str text, li_buf *out)
{
    const unsigned char *src = (const unsigned char *)text.ptr;
    size_t n = text.len, room = li__room(out), i;
    char *dst;
    if (!n) return out->rc;
    if (n > room / 3) { /* it may not fit: count first */
        if (n > (SIZE_MAX - out->len) / 3) {
            out->need = SIZE_MAX;
            return li__buf_fail(out, LI_E_SPACE);
        }
        for (i = 0; i < text.len; i++)
            n += li__in(li__unreserved, src[i]) ? 0u : 2u;
        if (n > room) return li__grown(out, out->len + n);
    }
    dst = out->ptr + out->len;
    for (i = 0; i < text.len; i++) {
        if (li__in(li__unreserved, src[i])) {
            *dst++ = (char)src[i];
            continue;
        }
        *dst++ = '%';
        *dst++ = li__hex_upper[src[i] >> 4];
        *dst++ = li__hex_upper[src[i] & 15];
    }
    return li__grown(out, (size_t)(dst - out->ptr));
}

/* The byte that an escape at i stands for; 256 if there is none. */
static unsigned li__escape(li_str text, size_t i)
{
    unsigned high, low;
    if (text.len < 3 || i > text.len - 3 || text.ptr[i] != '%') return 256;
    high = li__hex((unsigned char)text.ptr[i + 1]);
    low = li__hex((unsigned char)text.ptr[i + 2]);
    return high > 15 || low > 15 ? 256 : high << 4 | low;
}

static li_rc li__decode(li_str text, li_buf *out, int plus)
{
    size_t i, n = out->len, cap = out->rc ? 0 : out->cap;
    for (i = 0; i < text.len; i++, n++) {
        char c = text.ptr[i];
        if (c == '+' && plus) {
            c = ' ';
        } else if (c == '%') {
            unsigned byte = li__escape(text, i);
            if (byte > 255) return li__buf_fail(out, LI_E_SYNTAX);
            c = (char)(unsigned char)byte;
            i += 2;
        }
        if (n < cap)
            out->ptr[n] = c;
    }
    return li__grown(out, n);
}

LINKEDIN_API li_rc li_percent_decode(li_str text, li_buf *out)
{
    return li__decode(text, out, 0);
}

LINKEDIN_API li_rc li_form_decode(li_str text, li_buf *out)
{
    return li__decode(text, out, 1);
}

LINKEDIN_API li_rc li_form_put(li_buf *out, li_str name, li_str value)
{
    if (out->need && out->last != '?')
        li__putc(out, '&');
    li_percent_encode(name, out);
    li__putc(out, '=');
    return li_percent_encode(value, out);
}

/* Splits at the first c: gives what is before, leaves what is behind. */
static li_str li__upto(li_str *rest, char c)
{
    li_str head = *rest;
    const char *hit = NULL;
    if (rest->ptr)
        hit = (const char *)LI_MEMCHR(rest->ptr, c, rest->len);
    if (hit)
        head.len = (size_t)(hit - rest->ptr);
    rest->len -= head.len + (hit != NULL);
    rest->ptr = rest->len ? hit + 1 : NULL;
    return head;
}

LINKEDIN_API li_rc li_form_next(li_str *rest, li_str *name, li_str *value)
{
    while (rest->len) {
        li_str pair = li__upto(rest, '&');
        if (!pair.len) continue;
        *value = pair;
        *name = li__upto(value, '=');
        if (name->len < pair.len)
            *value = li__cut(pair, name->len + 1, pair.len);
        return LI_OK;
    }
    return LI_E_MISSING;
}

static const char li__base64url[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

LINKEDIN_API li_rc li_base64url_encode(li_str bytes, li_buf *out)
{
    size_t i;
    for (i = 0; i < bytes.len; i += 3) {
        char four[4];
        size_t left = bytes.len - i, k, n = left < 3 ? left + 1 : 4;
        uint32_t bits = (uint32_t)(unsigned char)bytes.ptr[i] << 16;
        if (left > 1)
            bits |= (uint32_t)(unsigned char)bytes.ptr[i + 1] << 8;
        if (left > 2)
            bits |= (unsigned char)bytes.ptr[i + 2];
        for (k = 0; k < 4; k++)
            four[k] = li__base64url[bits >> (18 - 6 * k) & 63];
        li_put(out, li__str(four, n));
    }
    return out->rc;
}

LINKEDIN_API li_rc li_base64url_decode(li_str text, li_buf *out)
{
    size_t i, n = out->len, cap = out->rc ? 0 : out->cap;
    uint32_t bits = 0;
    unsigned have = 0;
    for (i = 0; i < text.len; i++) {
        const char *hit =
            (const char *)LI_MEMCHR(li__base64url, text.ptr[i], 64);
        if (!hit) return li__buf_fail(out, LI_E_SYNTAX);
        bits = (bits << 6 | (uint32_t)(hit - li__base64url)) & 0xffff;
        have += 6;
        if (have < 8) continue;
        have -= 8;
        if (n < cap)
            out->ptr[n] = (char)(unsigned char)(bits >> have & 255);
        n++;
    }
    if (have == 6 || (bits & ((1u << have) - 1)))
        return li__buf_fail(out, LI_E_SYNTAX);
    return li__grown(out, n);
}

/* How many bytes from `at` on are of the set, "extra", or whole escapes. */
static size_t li__run(li_str s, size_t at, const li__chars set, char extra)
{
    for (; at < s.len; at++) {
        unsigned char c = (unsigned char)s.ptr[at];
        if (c == '%') {
            if (at + 2 >= s.len || li__hex((unsigned char)s.ptr[at + 1]) > 15 ||
                li__hex((unsigned char)s.ptr[at + 2]) > 15)
                break;
            at += 2;
        } else if (!li__in(set, c) && (!extra || c != (unsigned char)extra)) {
            break;
        }
    }
    return at;
}

/* RFC 3986 section 3.2.2: up to `most` groups of 16 bits, an IPv4 tail
   counting as two, one "::" standing for one or more. */
static int li__ipv4(li_str s)
{
    unsigned parts = 0, value = 0, digits = 0;
    size_t i;
    for (i = 0; i < s.len; i++) {
        unsigned digit = li__digit(s.ptr[i]);
        if (s.ptr[i] == '.' && digits && ++parts < 4) {
            value = digits = 0;
            continue;
        }
        if (digit > 9 || (digits && !value) || ++digits > 3) return 0;
        value = value * 10 + digit;
        if (value > 255) return 0;
    }
    return parts == 3 && digits;
}

static int li__ipv6(li_str s)
{
    unsigned groups = 0, gaps = 0, digits = 0;
    size_t i, group = 0;
    for (i = 0; i < s.len; i++) {
        if (s.ptr[i] == '.') {
            groups += 2;
            digits = 0;
            if (!li__ipv4(li__cut(s, group, s.len))) return 0;
            break;
        }
        if (s.ptr[i] != ':') {
            if (li__hex((unsigned char)s.ptr[i]) > 15 || ++digits > 4) return 0;
            continue;
        }
        groups += digits > 0;
        if (i + 1 < s.len && s.ptr[i + 1] == ':') {
            gaps++;
            i++;
        } else if (!digits || i + 1 == s.len) {
            return 0;
        }
        digits = 0;
        group = i + 1;
    }
    groups += digits > 0;
    return gaps ? gaps == 1 && groups < 8 : groups == 8;
}

/* A label that is a number, decimal or hexadecimal. */
static int li__is_numeric(li_str label)
{
    unsigned base = 10;
    size_t i = 0;
    if (label.len > 1 && li__same_nocase(li__cut(label, 0, 2), LI_STR("0x"))) {
        base = 16;
        i = 2;
    }
    for (; i < label.len; i++)
        if (li__hex((unsigned char)label.ptr[i]) >= base) return 0;
    return 1;
}

/* A DNS name from `at` on: labels of 1 to 63 letters, digits, "-" and "_"
   between dots; where the last one is a number, an IPv4 address (RFC 1123
   section 2.1; "0x7f000001" is one to many resolvers). Anything else that RFC
   3986 allows, such as escapes, one resolver takes for this host and another
   for that. Where it ends, or 0. */
static size_t li__dns_end(li_str s, size_t at)
{
    size_t i, label = 0;
    for (i = at; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '.' && label) {
            label = 0;
            continue;
        }
        if (c == '.' || c == '~' || !li__in(li__unreserved, c)) break;
        if (++label > 63) return 0;
    }
    if (!label || (li__is_numeric(li__cut(s, i - label, i)) &&
                   !li__ipv4(li__cut(s, at, i))))
        return 0;
    return i;
}

/* The host from `at` on: where it ends, or 0. */
static size_t li__host_end(li_str s, size_t at)
{
    size_t end;
    if (at >= s.len || s.ptr[at] != '[') return li__dns_end(s, at);
    for (end = at + 1; end < s.len && s.ptr[end] != ']';)
        end++;
    if (end == s.len || !li__ipv6(li__cut(s, at + 1, end))) return 0;
    return end + 1;
}

/* ":port" from `at` on: where it ends, or 0. */
static size_t li__port_end(li_str s, size_t at, uint16_t *port)
{
    uint32_t value = 0;
    size_t i;
    if (at >= s.len || s.ptr[at] != ':') return at;
    for (i = at + 1; i < s.len && (unsigned char)(s.ptr[i] - '0') < 10; i++)
        if ((value = value * 10 + (uint32_t)(s.ptr[i] - '0')) > 65535) return 0;
    *port = (uint16_t)value;
    return value ? i : 0;
}

LINKEDIN_API li_rc li_url_split(li_str text, li_url *out)
{
    size_t at = 4, end;
    LI_MEMSET(out, 0, sizeof *out);
    if (text.len < 8 || !li__is_nocase(li__str(text.ptr, 4), "http"))
        return LI_E_SYNTAX;
    out->tls = (text.ptr[4] | 32) == 's';
    at += out->tls;
    if (!li__starts(li__cut(text, at, text.len), "://")) return LI_E_SYNTAX;
    at += 3;
    out->port = out->tls ? 443 : 80;
    end = li__host_end(text, at);
    out->host = li__cut(text, at, end ? end : at);
    if (!end || !(at = li__port_end(text, end, &out->port))) return LI_E_SYNTAX;
    end = at;
    if (at < text.len && text.ptr[at] == '/')
        end = li__run(text, at, li__pathchar, 0);
    out->path = end > at ? li__cut(text, at, end) : li__str("/", 1);
    if (end < text.len && text.ptr[end] == '?') {
        at = end + 1;
        end = li__run(text, at, li__pathchar, '?');
        out->query = li__cut(text, at, end);
    }
    if (end < text.len && text.ptr[end] == '#') {
        at = end + 1;
        end = li__run(text, at, li__pathchar, '?');
        out->fragment = li__cut(text, at, end);
    }
    return end == text.len ? LI_OK : LI_E_SYNTAX;
}

/* The next byte of a form's text, decoded; escapes are known to be whole. */
static unsigned char li__form_byte(li_str s, size_t *i)
{
    char c = s.ptr[(*i)++];
    if (c == '+') return ' ';
    if (c == '%' && s.len - *i >= 2) {
        *i += 2;
        return (unsigned char)(li__hex((unsigned char)s.ptr[*i - 2]) << 4 |
                               li__hex((unsigned char)s.ptr[*i - 1]));
    }
    return (unsigned char)c;
}

static int li__form_is(li_str s, const char *name)
{
    size_t i = 0;
    while (i < s.len && *name)
        if (li__form_byte(s, &i) != (unsigned char)*name++) return 0;
    return i == s.len && !*name;
}

/* >>json ------------------------------------------------------------------ */

/* What the grammar allows next: FIRST is a value or "]", COMMA also the end of
   the array or object. */
enum {
    LI__J_VALUE, LI__J_FIRST, LI__J_FIRST_KEY, LI__J_KEY, LI__J_COLON,
    LI__J_COMMA, LI__J_OVER
};
/* Which token a piece's end has cut. */
enum { LI__LEX_NONE, LI__LEX_STRING, LI__LEX_NUMBER, LI__LEX_WORD };

/* Where a string was cut, behind the states of UTF-8: in an escape. */
enum {
    LI__S_ESCAPE = LI__S_F4 + 1,
    LI__S_U1, LI__S_U2, LI__S_U3, LI__S_U4, /* \u: four digits */
    LI__S_LOW, LI__S_LOWU, /* behind a high surrogate: "\", "u" */
    LI__S_DONE, LI__S_BAD_JSON
};

/* From i on, the first byte that is not plain: `a` or `b` (ASCII), a control
   character, or not ASCII. It reads eight at once, as li__name_end does. */
LI__WRAPS LI__INLINE size_t li__plain(li_str text, size_t i, char a, char b)
{
    const char *s = text.ptr;
    size_t n = text.len;
#if UINTPTR_MAX > 0xffffffffu
    const uint64_t one = 0x0101010101010101u;
    const size_t eights = n < 8 ? 0 : n - 7; /* where eight begin */
    for (; i < eights; i += 8) {
        uint64_t x, hit;
        LI_MEMCPY(&x, s + i, 8);
        hit = (x - one * 0x20) | ((x ^ one * (uint8_t)a) - one) |
              ((x ^ one * (uint8_t)b) - one) | x;
        hit &= one * 0x80;
        if (!hit) continue;
#if LI__LITTLE_ENDIAN
        return i + ((size_t)__builtin_ctzll(hit) >> 3);
#else
        break;
#endif
    }
#endif
    for (; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c < 0x20 || c == (uint8_t)a || c == (uint8_t)b || c >= 0x80) break;
    }
    return i;
}

/* A hex digit of \u. Behind the fourth: surrogates come in pairs only (RFC
   8259 section 7). code keeps a high one until its low one has come. */
static uint8_t li__j_hex(uint8_t sub, uint32_t *code, unsigned char c)
{
    unsigned v = li__hex(c);
    int had_high = *code >= 0x80000000u;
    if (v > 15) return LI__S_BAD_JSON;
    *code = (*code & 0xfffu) << 4 | v | (*code & 0x80000000u);
    if (sub != LI__S_U4) return (uint8_t)(sub + 1);
    v = *code >> 10 & 63;
    *code = v == 0xd800 >> 10 ? 0x80000000u : 0;
    if ((v == 0xdc00 >> 10) != had_high) return LI__S_BAD_TEXT;
    return *code ? (uint8_t)LI__S_LOW : (uint8_t)LI__S_PLAIN;
}

/* One byte of a string that is not plain ASCII: the next state. */
static uint8_t li__j_string_byte(uint8_t sub, uint32_t *code, unsigned char c)
{
    uint8_t bad = LI__S_BAD_JSON;
    if (sub == LI__S_PLAIN) {
        if (c >= 0x80) return li__utf8_first(c);
        if (c == '\\') return LI__S_ESCAPE;
        if (c == '"') return LI__S_DONE;
        return c < 0x20 ? bad : (uint8_t)LI__S_PLAIN;
    }
    if (sub < LI__S_ESCAPE) return li__utf8_next(sub, c);
    if (sub >= LI__S_LOW) {
        if (c != (sub == LI__S_LOW ? '\\' : 'u')) return LI__S_BAD_TEXT;
        return sub == LI__S_LOW ? LI__S_LOWU : LI__S_U1;
    }
    if (sub != LI__S_ESCAPE) return li__j_hex(sub, code, c);
    if (c == 'u') return LI__S_U1;
    return c && LI_MEMCHR("\"\\/bfnrt", c, 8) ? (uint8_t)LI__S_PLAIN : bad;
}

/* Reads on in a string: gives where it ends, or the piece does. */
static size_t li__j_string(li_json *json, size_t i)
{
    li_str piece = li__str(json->priv.ptr, json->priv.len);
    uint32_t code = json->priv.code;
    uint8_t sub = json->priv.sub;
    for (; i < piece.len; i++) {
        if (sub == LI__S_PLAIN)
            i = li__plain(piece, i, '"', '\\');
        if (i >= piece.len) break;
        sub = li__j_string_byte(sub, &code, (unsigned char)piece.ptr[i]);
        if (sub >= LI__S_DONE) break;
    }
    json->priv.code = code;
    json->priv.sub = sub;
    return sub == LI__S_DONE ? i + 1 : i;
}

/* RFC 8259 section 6: where in a number we are. All tokens end alike. */
enum {
    LI__N_MINUS, LI__N_ZERO, LI__N_INT, LI__N_POINT, LI__N_FRACTION, LI__N_E,
    LI__N_SIGN, LI__N_EXPONENT, LI__N_DONE = LI__S_DONE,
    LI__N_BAD = LI__S_BAD_JSON
};

static uint8_t li__j_number_byte(uint8_t sub, unsigned char c)
{
    int digit = (unsigned char)(c - '0') < 10;
    int whole = sub == LI__N_ZERO || sub == LI__N_INT;
    if (sub == LI__N_MINUS)
        return c == '0' ? LI__N_ZERO : digit ? LI__N_INT : LI__N_BAD;
    if (digit && sub != LI__N_ZERO)
        return (uint8_t)(sub == LI__N_POINT ? (int)LI__N_FRACTION
                         : sub >= LI__N_E ? (int)LI__N_EXPONENT : sub);
    if (c == '.' && whole) return LI__N_POINT;
    if ((c == 'e' || c == 'E') && (whole || sub == LI__N_FRACTION))
        return LI__N_E;
    if ((c == '+' || c == '-') && sub == LI__N_E) return LI__N_SIGN;
    return whole || sub == LI__N_FRACTION || sub == LI__N_EXPONENT
               ? LI__N_DONE : LI__N_BAD;
}

static size_t li__j_number(li_json *json, size_t i)
{
    size_t n = json->priv.len;
    uint8_t sub = json->priv.sub;
    for (; i < n; i++) {
        sub = li__j_number_byte(sub, (unsigned char)json->priv.ptr[i]);
        if (sub >= LI__N_DONE) break;
    }
    if (sub < LI__N_DONE && json->priv.last)
        sub = li__j_number_byte(sub, ' ');
    json->priv.sub = sub;
    return i;
}

static const char li__literals[][6] = {"true", "false", "null"};

/* true, false, null: code is the word's index, sub counts its letters. */
static size_t li__j_word(li_json *json, size_t i)
{
    const char *word = li__literals[json->priv.code < 3 ? json->priv.code : 0];
    uint8_t sub = json->priv.sub;
    for (; i < json->priv.len && sub < 5 && word[sub]; i++, sub++)
        if (json->priv.ptr[i] != word[sub]) {
            json->priv.sub = LI__S_BAD_JSON;
            return i;
        }
    json->priv.sub = sub < 5 && word[sub] ? sub : (uint8_t)LI__S_DONE;
    return i;
}

/* Behind a value: what may come next. */
LI__INLINE void li__j_after(li_json *json)
{
    json->priv.expect = json->depth ? LI__J_COMMA : LI__J_OVER;
}

/* Reads a string, number or word from i on, where priv.lex, sub and code say
   what it is, and gives the token, or the part of it that is here. */
static li_rc li__j_scan(li_json *json, size_t from, size_t i)
{
    int word = json->priv.lex == LI__LEX_WORD, done;
    if (json->priv.lex == LI__LEX_STRING)
        i = li__j_string(json, i);
    else if (word)
        i = li__j_word(json, i);
    else
        i = li__j_number(json, i);
    json->priv.at = i;
    done = json->priv.sub == LI__S_DONE;
    if (json->priv.sub == LI__S_BAD_TEXT) return json->rc = LI_E_ENCODING;
    if (json->priv.sub == LI__S_BAD_JSON || (!done && json->priv.last))
        return json->rc = LI_E_JSON;
    if (!done && (word || i == from))
        return LI_WANT_READ; /* of a word there are no parts */
    json->text = li__cut(li__str(json->priv.ptr, i), from, i);
    if (word && json->text.len < 5 - (json->type != LI_JSON_FALSE))
        json->text = li_cstr( /* it was cut */
            li__literals[json->priv.code < 3 ? json->priv.code : 0]);
    json->more = (uint8_t)!done;
    if (!done) return LI_OK;
    json->priv.lex = LI__LEX_NONE;
    if (json->type == LI_JSON_KEY)
        json->priv.expect = LI__J_COLON;
    else
        li__j_after(json);
    return LI_OK;
}

/* Goes on with a token that was cut. Most pieces of a string are all plain. */
LI__APART li_rc li__j_resume(li_json *json)
{
    size_t from = json->priv.at, n = json->priv.len, i = from;
    if (LI__SHORT_CUTS && json->priv.lex == LI__LEX_STRING &&
        json->priv.sub == LI__S_PLAIN) {
        i = li__plain(li__str(json->priv.ptr, n), i, '"', '\\');
        if (i == n && !json->priv.last) {
            json->text = li__str(json->priv.ptr + from, n - from);
            json->priv.at = n;
            json->more = 1;
            return LI_OK;
        }
    }
    return li__j_scan(json, from, i);
}

static li_rc li__j_fail(li_json *json, size_t at, li_rc rc)
{
    json->priv.at = at;
    return json->rc = rc;
}

/* A piece is used up between two tokens. */
static li_rc li__j_dry(li_json *json)
{
    json->priv.at = json->priv.len;
    if (!json->priv.last) return LI_WANT_READ;
    if (json->priv.expect != LI__J_OVER) return json->rc = LI_E_JSON;
    json->type = LI_JSON_END;
    json->text = li__str(json->priv.ptr, 0);
    return LI_OK;
}

/* Begins a token that needs more than a glance; `lead` bytes are read. */
static li_rc li__j_begin(li_json *json, uint8_t lex, size_t i, size_t lead)
{
    json->priv.lex = lex;
    json->priv.sub = 0;
    return li__j_scan(json, i, i + lead);
}

/* quiet: the token is passed over, nobody asks for its type and text. */
LI__INLINE li_rc li__j_give(li_json *json, li_json_type type, size_t from,
                            size_t to, int quiet)
{
    if (!quiet) {
        json->type = type;
        json->text = li__str(json->priv.ptr + from, to - from);
    }
    json->priv.at = to;
    return LI_OK;
}

LI__INLINE li_rc li__j_open(li_json *json, size_t i, int object, int quiet)
{
    if (json->depth >= LI_JSON_DEPTH) return li__j_fail(json, i, LI_E_DEPTH);
    json->depth++;
    json->priv.objects = json->priv.objects << 1 | (unsigned)object;
    json->priv.expect = object ? LI__J_FIRST_KEY : LI__J_FIRST;
    return li__j_give(json, object ? LI_JSON_OBJECT : LI_JSON_ARRAY, i, i + 1,
                      quiet);
}

LI__INLINE li_rc li__j_close(li_json *json, size_t i, int object, int quiet)
{
    uint8_t empty = object ? LI__J_FIRST_KEY : LI__J_FIRST;
    if (!json->depth || (int)(json->priv.objects & 1) != object ||
        (json->priv.expect != LI__J_COMMA && json->priv.expect != empty))
        return li__j_fail(json, i, LI_E_JSON);
    json->depth--;
    json->priv.objects >>= 1;
    li__j_after(json);
    return li__j_give(json, object ? LI_JSON_OBJECT_END : LI_JSON_ARRAY_END, i,
                      i + 1, quiet);
}

/* A number: the common case, digits and then a separator, is done here. */
LI__INLINE li_rc li__j_digits(li_json *json, size_t i, int quiet)
{
    const char *s = json->priv.ptr;
    size_t n = json->priv.len, end = i;
    json->type = LI_JSON_NUMBER;
    if (LI__SHORT_CUTS && s[i] != '0')
        while (end < n && (unsigned char)(s[end] - '0') < 10)
            end++;
    if (end == i || end >= n || s[end] == '.' || (s[end] | 32) == 'e')
        return li__j_begin(json, LI__LEX_NUMBER, i, s[i] == '-');
    li__j_after(json);
    return li__j_give(json, LI_JSON_NUMBER, i, end, quiet);
}

LI__INLINE li_rc li__j_quoted(li_json *json, size_t i, int quiet)
{
    size_t end = LI__SHORT_CUTS ? li__plain(li__str(json->priv.ptr,
                                                    json->priv.len),
                                            i + 1, '"', '\\')
                                : json->priv.len;
    int key = json->priv.expect == LI__J_KEY ||
              json->priv.expect == LI__J_FIRST_KEY;
    if (!key && json->priv.expect > LI__J_FIRST)
        return li__j_fail(json, i, LI_E_JSON);
    json->type = key ? LI_JSON_KEY : LI_JSON_STRING;
    if (end >= json->priv.len || json->priv.ptr[end] != '"')
        return li__j_begin(json, LI__LEX_STRING, i, 1);
    if (key)
        json->priv.expect = LI__J_COLON;
    else
        li__j_after(json);
    return li__j_give(json, json->type, i, end + 1, quiet);
}

static li_rc li__j_letter(li_json *json, size_t i)
{
    char c = json->priv.ptr[i];
    if (c != 't' && c != 'f' && c != 'n') return li__j_fail(json, i, LI_E_JSON);
    json->type = c == 't' ? LI_JSON_TRUE
                          : c == 'f' ? LI_JSON_FALSE : LI_JSON_NULL;
    json->priv.code = (uint32_t)json->type - LI_JSON_TRUE;
    return li__j_begin(json, LI__LEX_WORD, i, 0);
}

LI__INLINE li_rc li__j_token(li_json *json, int quiet)
{
    const char *s = json->priv.ptr;
    size_t n = json->priv.len, i = json->priv.at;
    unsigned char c;
    if (json->rc) return json->rc;
    json->more = 0;
    if (json->priv.lex)
        return i == n && !json->priv.last ? LI_WANT_READ : li__j_resume(json);
    for (;; i++) {
        if (i >= n) return li__j_dry(json);
        c = (unsigned char)s[i];
        if (c > ' ') {
            if (c == ',' && json->priv.expect == LI__J_COMMA)
                json->priv.expect =
                    json->priv.objects & 1 ? LI__J_KEY : LI__J_VALUE;
            else if (c == ':' && json->priv.expect == LI__J_COLON)
                json->priv.expect = LI__J_VALUE;
            else
                break;
        } else if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
            return li__j_fail(json, i, LI_E_JSON);
        }
    }
    if (c == '"') return li__j_quoted(json, i, quiet);
    if (c == '}' || c == ']') return li__j_close(json, i, c == '}', quiet);
    if (json->priv.expect > LI__J_FIRST) return li__j_fail(json, i, LI_E_JSON);
    if (c == '{' || c == '[') return li__j_open(json, i, c == '{', quiet);
    if (c == '-' || (unsigned char)(c - '0') < 10)
        return li__j_digits(json, i, quiet);
    return li__j_letter(json, i);
}

static int li__opens(const li_json *json)
{
    return json->type == LI_JSON_OBJECT || json->type == LI_JSON_ARRAY;
}

static int li__closes(const li_json *json)
{
    return json->type == LI_JSON_OBJECT_END || json->type == LI_JSON_ARRAY_END;
}

LINKEDIN_API void li_json_open(li_json *json, li_str piece, int last)
{
    LI_MEMSET(json, 0, sizeof *json);
    json->priv.ptr = piece.ptr;
    json->priv.len = piece.len;
    json->priv.last = last != 0;
}

LINKEDIN_API void li_json_feed(li_json *json, li_str piece, int last)
{
    if (json->rc) return;
    if (json->priv.at != json->priv.len || json->priv.last) {
        json->rc = LI_E_STATE;
        return;
    }
    json->priv.base += json->priv.len;
    json->priv.ptr = piece.ptr;
    json->priv.len = piece.len;
    json->priv.at = 0;
    json->priv.last = last != 0;
}

LINKEDIN_API li_rc li_json_next(li_json *json)
{
    json->priv.skip = 0;
    return li__j_token(json, 0);
}

LINKEDIN_API li_rc li_json_skip(li_json *json)
{
    size_t at;
    if (!json->priv.skip) {
        if (!li__opens(json)) return json->rc;
        json->priv.skip = json->depth;
    }
    while (json->depth >= json->priv.skip) {
        li_rc rc = li__j_token(json, 1);
        if (rc) return rc;
    }
    at = json->priv.at;
    if (!at || at > json->priv.len) return LI_E_STATE;
    json->priv.skip = 0;
    json->text = li__str(json->priv.ptr + at - 1, 1);
    json->type = json->priv.ptr[at - 1] == '}' ? LI_JSON_OBJECT_END
                                               : LI_JSON_ARRAY_END;
    return LI_OK;
}

LINKEDIN_API size_t li_json_offset(const li_json *json)
{
    return json->priv.base + json->priv.at;
}

/* The UTF-8 form of a code point: how many bytes. */
static size_t li__utf8_put(uint32_t code, char utf8[4])
{
    unsigned n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    unsigned k;
    for (k = n; k-- > 1; code >>= 6)
        utf8[k] = (char)(unsigned char)(0x80 | (code & 0x3f));
    utf8[0] = (char)(unsigned char)(lead[n] | code);
    return n;
}

#define LI__NO_CODE 0xffffffffu

/* Reads the escape whose backslash stands at *i; moves *i behind it. The code
   point, of both halves where it has two (RFC 8259 section 7); a lone surrogate
   as it is; or LI__NO_CODE. */
LI__APART uint32_t li__j_escape(li_str s, size_t *i)
{
    static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    const char *hit = *i + 1 < s.len
        ? (const char *)LI_MEMCHR(names, s.ptr[*i + 1], 8) : NULL;
    uint32_t high = LI__NO_CODE;
    if (hit) {
        *i += 2;
        return (unsigned char)bytes[hit - names];
    }
    for (;;) {
        uint32_t code = 0;
        unsigned k, v = 0;
        if (s.len < 6 || *i > s.len - 6 || s.ptr[*i] != '\\' ||
            s.ptr[*i + 1] != 'u') return high;
        for (k = 2; k < 6 && v < 16; k++) {
            v = li__hex((unsigned char)s.ptr[*i + k]);
            code = code << 4 | (v & 15);
        }
        if (v > 15 || (high != LI__NO_CODE && (code < 0xdc00 || code > 0xdfff)))
            return high;
        *i += 6;
        if (high != LI__NO_CODE)
            return 0x10000 + ((high - 0xd800) << 10) + (code - 0xdc00);
        if (code < 0xd800 || code >= 0xdc00) return code;
        high = code;
    }
}

/* What stands between the quotes; absent if this is no string token. */
static li_str li__j_inside(li_str raw)
{
    if (raw.len < 2 || raw.ptr[0] != '"' || raw.ptr[raw.len - 1] != '"')
        return li__str(NULL, 0);
    return li__cut(raw, 1, raw.len - 1);
}

static void li__j_decode(li_str s, li_buf *out)
{
    size_t i = 0, start = out->len;
    while (i < s.len) {
        char utf8[4];
        uint32_t code;
        li_str run = li__cut(s, i, s.len);
        const char *hit = (const char *)LI_MEMCHR(run.ptr, '\\', run.len);
        if (hit)
            run.len = (size_t)(hit - run.ptr);
        li_put(out, run);
        i += run.len;
        if (i >= s.len) break;
        code = li__j_escape(s, &i);
        if (code == LI__NO_CODE || (code >= 0xd800 && code < 0xe000)) {
            li__buf_fail(out, code == LI__NO_CODE ? LI_E_JSON
                                                  : LI_E_ENCODING);
            break;
        }
        li_put(out, li__str(utf8, li__utf8_put(code, utf8)));
    }
    if (out->rc && out->len > start)
        out->len = start;
}

LINKEDIN_API li_rc li_json_text(li_str raw, li_buf *out)
{
    li_str s = li__j_inside(raw);
    if (!s.ptr) return li__buf_fail(out, LI_E_TYPE);
    li__j_decode(s, out);
    return out->rc;
}

/* Takes one character, or a byte of it, off the inside of a string: how many
   bytes, 0 at the end or where it is malformed. */
static size_t li__j_take(li_str s, size_t *i, char utf8[4])
{
    uint32_t code;
    if (*i >= s.len) return 0;
    utf8[0] = s.ptr[*i];
    if (utf8[0] != '\\') {
        ++*i;
        return 1;
    }
    code = li__j_escape(s, i);
    return code == LI__NO_CODE ? 0 : li__utf8_put(code, utf8);
}

/* A string token against a text; in a pointer's text "~1" is "/", "~0" "~". */
static int li__j_equals(li_str raw, li_str text, int pointer)
{
    li_str s = li__j_inside(raw);
    size_t i = 0, at = 0, k, n;
    char utf8[4] = {0, 0, 0, 0};
    /* most names differ in length or have no escape: settled at once */
    if (!s.ptr || (s.len < text.len && !pointer)) return 0;
    while ((n = li__j_take(s, &i, utf8)) != 0)
        for (k = 0; k < n; k++) {
            char c;
            if (at >= text.len) return 0;
            c = text.ptr[at++];
            if (c == '~' && pointer && at < text.len)
                c = text.ptr[at++] == '0' ? '~' : '/';
            if (c != utf8[k]) return 0;
        }
    return i == s.len && at == text.len;
}

/* Whether a C string would be cut: the inside of a string has a "\u0000". */
static int li__j_has_nul(li_str s)
{
    size_t i = 0, n;
    char utf8[4];
    while ((n = li__j_take(s, &i, utf8)) != 0)
        if (n == 1 && !utf8[0]) return 1;
    return 0;
}

LINKEDIN_API int li_json_is(li_str raw, li_str text)
{
    return li__j_equals(raw, text, 0);
}

static int li__j_pointer_ok(li_str pointer)
{
    size_t i;
    if (pointer.len && pointer.ptr[0] != '/') return 0;
    for (i = 0; i < pointer.len; i++)
        if (pointer.ptr[i] == '~' &&
            (i + 1 == pointer.len ||
             (pointer.ptr[i + 1] != '0' && pointer.ptr[i + 1] != '1')))
            return 0;
    return 1;
}

/* RFC 6901 section 4: digits without leading zeros; else, or past anything
   that memory can hold, SIZE_MAX. */
static size_t li__j_index(li_str segment)
{
    size_t i, index = 0;
    if (!segment.len || (segment.len > 1 && segment.ptr[0] == '0'))
        return SIZE_MAX;
    for (i = 0; i < segment.len; i++) {
        unsigned digit = li__digit(segment.ptr[i]);
        if (digit > 9 || index > (SIZE_MAX - 10) / 10) return SIZE_MAX;
        index = index * 10 + digit;
    }
    return index;
}

/* From the "{" or "[" just read to the value that the segment names. */
LI__APART li_rc li__j_enter(li_json *json, li_str segment)
{
    int object = json->type == LI_JSON_OBJECT;
    size_t index = object ? 0 : li__j_index(segment);
    if (!li__opens(json)) return LI_E_MISSING;
    for (;;) {
        int here;
        li_rc rc = li_json_next(json);
        if (rc) return rc;
        if (li__closes(json)) return LI_E_MISSING;
        here = object ? li__j_equals(json->text, segment, 1) : !index;
        index -= index != SIZE_MAX && index;
        if (object)
            rc = li_json_next(json);
        if (here || rc) return rc;
        rc = li_json_skip(json);
        if (rc) return rc;
    }
}

/* The rest of the value just begun: its raw text, absent where it fails. */
static li_rc li__j_raw(li_json *json, li_str *raw)
{
    size_t from = json->priv.at - json->text.len;
    li_rc rc = li_json_skip(json);
    *raw = li__str(NULL, 0);
    if (!rc)
        *raw = li__cut(li__str(json->priv.ptr, json->priv.at), from,
                       json->priv.at);
    return rc;
}

/* Opens a text for li_json_each(). LI_E_TYPE: it begins otherwise. */
static li_rc li__j_open_as(li_json *json, li_str doc, li_json_type type)
{
    li_rc rc;
    li_json_open(json, doc, 1);
    rc = li_json_next(json);
    return !rc && json->type != type ? LI_E_TYPE : rc;
}

LINKEDIN_API li_rc li_json_each(li_json *json, li_str *name, li_str *value)
{
    li_rc rc = LI_OK;
    if (json->type == LI_JSON_NONE) {
        rc = li_json_next(json);
        if (!rc && !li__opens(json)) return json->rc = LI_E_TYPE;
    }
    if (!rc)
        rc = li_json_next(json);
    if (!rc && li__closes(json) && !json->depth)
        rc = li_json_next(json); /* nothing but white space may follow */
    if (rc || json->type == LI_JSON_END) return rc ? rc : LI_E_MISSING;
    if (name)
        *name = li__str(NULL, 0);
    if (json->type == LI_JSON_KEY) {
        if (name)
            *name = json->text;
        rc = li_json_next(json);
    }
    return rc ? rc : li__j_raw(json, value);
}

/* li_json_each() for those who loop within loops: all that is kept between two
   elements is where the next one begins. doc begins with its bracket. */
LI__APART li_rc li__j_each_at(li_str doc, size_t *at, li_str *name,
                              li_str *value)
{
    li_json json;
    li_rc rc;
    li_json_open(&json, doc, 1);
    if (*at) {
        json.type = LI_JSON_NULL; /* the element before is over */
        json.depth = 1;
        json.priv.objects = *doc.ptr == '{';
        json.priv.expect = LI__J_COMMA;
        json.priv.at = *at;
    }
    rc = li_json_each(&json, name, value);
    *at = json.priv.at;
    return rc;
}

/* Which of n names a raw one is; n: none of them. */
LI__APART unsigned li__j_which(li_str name, const char *const *names,
                               unsigned n)
{
    unsigned i;
    for (i = 0; i < n && !li__j_equals(name, li_cstr(names[i]), 0); i++)
        ;
    return i;
}

LINKEDIN_API li_rc li_json_pick(li_str doc, const char *const *names,
                                unsigned n, li_str *raws)
{
    li_json json;
    li_str name, value;
    unsigned i;
    li_rc rc = li__j_open_as(&json, doc, LI_JSON_OBJECT);
    for (i = 0; i < n; i++)
        raws[i] = li__str(NULL, 0);
    while (!rc && !(rc = li_json_each(&json, &name, &value))) {
        i = li__j_which(name, names, n);
        if (i < n && !raws[i].ptr && *value.ptr != 'n')
            raws[i] = value;
    }
    return rc == LI_E_MISSING ? LI_OK : rc;
}

/* Checks a whole text: *raw is its value, without the white space round it. */
LI__APART li_rc li__j_whole(li_str text, li_str *raw)
{
    li_json json;
    li_rc rc;
    li_json_open(&json, text, 1);
    rc = li_json_next(&json);
    *raw = li__str(NULL, 0);
    if (!rc)
        rc = li__j_raw(&json, raw);
    if (!rc)
        rc = li_json_next(&json); /* nothing but white space may follow */
    if (rc)
        *raw = li__str(NULL, 0);
    return rc;
}

LINKEDIN_API li_rc li_json_find(li_str doc, const char *pointer, li_str *raw)
{
    li_str path = li_cstr(pointer);
    size_t at = 0, end;
    li_json json;
    li_rc rc;
    *raw = li__str(NULL, 0);
    if (!pointer || !li__j_pointer_ok(path)) return LI_E_ARG;
    li_json_open(&json, doc, 1);
    rc = li_json_next(&json);
    for (; !rc && at < path.len; at = end) {
        for (end = at + 1; end < path.len && path.ptr[end] != '/';)
            end++;
        rc = li__j_enter(&json, li__cut(path, at + 1, end));
    }
    if (!rc)
        rc = li__j_raw(&json, raw);
    if (!rc && !path.len)
        rc = li_json_next(&json); /* nothing but white space may follow */
    if (rc)
        *raw = li__str(NULL, 0);
    return rc;
}

LINKEDIN_API li_rc li_json_int(li_str raw, int64_t *value)
{
    int minus = raw.len && raw.ptr[0] == '-';
    uint64_t sum = 0, most = (uint64_t)INT64_MAX + (unsigned)minus;
    size_t i = minus ? 1 : 0;
    li_rc rc = LI_OK;
    if (i == raw.len || (raw.ptr[i] == '0' && raw.len - i > 1))
        return LI_E_TYPE;
    for (; i < raw.len; i++) {
        unsigned digit = li__digit(raw.ptr[i]);
        if (digit > 9) return LI_E_TYPE;
        if (sum > (UINT64_MAX >> 4) || (sum << 3) + (sum << 1) > most - digit)
            rc = LI_E_RANGE;
        else
            sum = (sum << 3) + (sum << 1) + digit;
    }
    if (!rc)
        *value = minus && sum ? -(int64_t)((sum - 1) & INT64_MAX) - 1
                              : (int64_t)sum;
    return rc;
}

#ifdef LINKEDIN_DOUBLE
#include <stdlib.h>
LINKEDIN_API li_rc li_json_double(li_str raw, double *value)
{
    char text[64], *end;
    size_t i;
    uint8_t sub = LI__N_MINUS;
    if (raw.len >= sizeof text) return LI_E_LIMIT;
    for (i = raw.len && raw.ptr[0] == '-'; i < raw.len; i++)
        if ((sub = li__j_number_byte(sub, (unsigned char)raw.ptr[i])) >=
            LI__N_DONE)
            return LI_E_TYPE;
    if (li__j_number_byte(sub, ' ') != LI__N_DONE) return LI_E_TYPE;
    LI_MEMCPY(text, raw.ptr, raw.len);
    text[raw.len] = 0;
    *value = strtod(text, &end);
    return *end ? LI_E_TYPE : LI_OK; /* another decimal point is in force */
}
#endif

LINKEDIN_API li_rc li_json_copy(li_str doc, const char *pointer, li_buf *out)
{
    li_str raw;
    li_rc rc = li_json_find(doc, pointer, &raw);
    if (!rc && li__j_has_nul(li__j_inside(raw)))
        rc = LI_E_ENCODING;
    if (rc)
        li__buf_fail(out, rc);
    else
        li_json_text(raw, out);
    return li_buf_end(out);
}

/* An integer, or digits in a string (LinkedIn writes both). */
static li_rc li__number(li_str raw, int64_t *value)
{
    li_str inside = li__j_inside(raw);
    return li_json_int(inside.ptr ? inside : raw, value);
}

/* Whether a raw string is a short word, in letters of any case. */
static int li__json_is_nocase(li_str raw, const char *word)
{
    char text[8];
    li_buf out = LI_BUF(text);
    return !li_json_text(raw, &out) &&
           li__is_nocase(li__str(text, out.len), word);
}

/* A raw string's text, decoded into mem with a NUL behind it. */
static li_str li__text_into(li_buf *mem, li_str inside)
{
    size_t start = mem->len;
    if (!inside.ptr) return inside;
    if (li__j_has_nul(inside))
        li__buf_fail(mem, LI_E_ENCODING);
    li__j_decode(inside, mem);
    li__putc(mem, 0);
    if (mem->rc) return li__str(NULL, 0);
    return li__str(mem->ptr + start, mem->len - start - 1);
}

/* >>json_put -------------------------------------------------------------- */

/* A comma, unless this comes first, or is the value of a name. */
static void li__j_comma(li_buf *out)
{
    if (out->last && !LI_MEMCHR("{[:", out->last, 3))
        li__putc(out, ',');
}

static const char *li__j_short_escape(unsigned char c)
{
    static const char bytes[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
    const char *hit = (const char *)LI_MEMCHR(bytes, c, 7);
    return hit ? names + (hit - bytes) : NULL;
}

static void li__j_put_inside(li_buf *out, li_str s)
{
    size_t i, run = 0;
    for (i = 0; i < s.len; i = ++run) {
        unsigned char c;
        char escape[6] = {'\\', 'u', '0', '0', 0, 0};
        const char *name;
        do {
            run = li__plain(s, run, '"', '\\');
        } while (run < s.len && (unsigned char)s.ptr[run] >= 0x80 && ++run);
        li_put(out, li__cut(s, i, run));
        if (run >= s.len) break;
        c = (unsigned char)s.ptr[run];
        name = li__j_short_escape(c);
        escape[1] = name ? *name : 'u';
        escape[4] = li__hex_lower[c >> 4];
        escape[5] = li__hex_lower[c & 15];
        li_put(out, li__str(escape, name ? 2 : 6));
    }
}

static void li__j_put_text(li_buf *out, li_str s)
{
    li__putc(out, '"');
    li__j_put_inside(out, s);
    li__putc(out, '"');
}

/* A value at its place. */
static li_rc li__j_fill_place(li_buf *out, char mark, const li_value *value)
{
    li_str json;
    li_rc rc;
    if (mark == '#') return li_put_int(out, value->number), LI_OK;
    if (!value->text.ptr) return LI_E_ARG;
    if (mark == '?' && !li__is_utf8(value->text)) return LI_E_ENCODING;
    if (mark == '?') return li__j_put_text(out, value->text), LI_OK;
    rc = li__j_whole(value->text, &json);
    if (!rc)
        li_put(out, json);
    return rc;
}

LINKEDIN_API li_rc li_json_fill(li_buf *out, const char *tmpl,
                                const li_value *values, size_t n)
{
    li_buf before = *out;
    li_str rest = li_cstr(tmpl);
    size_t i = 0, from, used = 0;
    int inside = 0; /* of a string of the template */
    li_rc rc = LI_OK;
    while (rest.len && (unsigned char)rest.ptr[rest.len - 1] <= ' ')
        rest.len--; /* white space would hide where a comma is due */
    while (i < rest.len && (unsigned char)rest.ptr[i] <= ' ')
        i++;
    if (i < rest.len && !LI_MEMCHR("}],:", rest.ptr[i], 4))
        li__j_comma(out);
    for (from = i; !rc && i < rest.len; i++) {
        char c = rest.ptr[i];
        if (c == '\\' && inside && i + 1 < rest.len)
            i++;
        else if (c == '"')
            inside = !inside;
        else if (c == '?' || c == '#' || c == '*') {
            li_put(out, li__cut(rest, from, i));
            from = i + 1;
            rc = inside || used >= n
                     ? LI_E_ARG : li__j_fill_place(out, c, &values[used++]);
        }
    }
    if (!rc && (inside || used < n))
        rc = LI_E_ARG;
    else
        i -= rc != LI_OK; /* the place itself */
    li_put(out, li__cut(rest, from, rest.len));
    rc = li__put_end(out, &before, rc);
    out->at = (uint16_t)(!rc ? 0 : i < 0xffff ? i : 0xffff);
    return rc;
}

/* >>digest ---------------------------------------------------------------- */

/* FIPS 180-4 section 4.2.2 */
static const uint32_t li__k256[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

LI__WRAPS static uint32_t li__rotr(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

/* FIPS 180-4 section 6.2.2: step 1, for one word of the ring. */
LI__WRAPS static uint32_t li__sha_word(uint32_t w[16], unsigned t)
{
    uint32_t a = w[(t + 1) & 15], b = w[(t + 14) & 15];
    w[t & 15] += w[(t + 9) & 15] +
                 (li__rotr(a, 7) ^ li__rotr(a, 18) ^ a >> 3) +
                 (li__rotr(b, 17) ^ li__rotr(b, 19) ^ b >> 10);
    return w[t & 15];
}

/* Steps 2 to 4, over the block, whose words become the schedule. The eight
   variables stay where they are: the index of "a" moves down each turn. */
#if defined(__GNUC__) && defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__)
#define LI__UNROLL_8 _Pragma("GCC unroll 8")
#else
#define LI__UNROLL_8
#endif

LI__WRAPS static void li__sha_block(uint32_t state[8], uint32_t w[16])
{
    const uint8_t *byte = (const uint8_t *)w;
    uint32_t v[8];
    unsigned t, k;
    for (t = 0; t < 16; t++, byte += 4)
        w[t] = (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 |
               (uint32_t)byte[2] << 8 | byte[3];
    LI_MEMCPY(v, state, sizeof v);
    for (t = 0; t < 64; t += 8) {
        LI__UNROLL_8
        for (k = 0; k < 8; k++) {
            uint32_t a = v[(8 - k) & 7], b = v[(9 - k) & 7];
            uint32_t c = v[(10 - k) & 7];
            uint32_t e = v[(12 - k) & 7], f = v[(13 - k) & 7];
            uint32_t g = v[(14 - k) & 7];
            uint32_t sum = v[(15 - k) & 7] + li__k256[t + k];
            sum += t < 16 ? w[t + k] : li__sha_word(w, t + k);
            sum += li__rotr(e, 6) ^ li__rotr(e, 11) ^ li__rotr(e, 25);
            sum += (e & f) ^ (~e & g);
            v[(11 - k) & 7] += sum;
            sum += li__rotr(a, 2) ^ li__rotr(a, 13) ^ li__rotr(a, 22);
            v[(15 - k) & 7] = sum + ((a & b) ^ (a & c) ^ (b & c));
        }
    }
    for (t = 0; t < 8; t++)
        state[t] += v[t];
    li_wipe(v, sizeof v);
}

/* FIPS 180-4 section 5.3.3 */
static const uint32_t li__sha_start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                          0xa54ff53a, 0x510e527f, 0x9b05688c,
                                          0x1f83d9ab, 0x5be0cd19};

static void li__sha256_begin(li__hash *hash)
{
    LI_MEMSET(hash, 0, sizeof *hash);
    LI_MEMCPY(hash->state, li__sha_start, sizeof li__sha_start);
}

static void li__hash_put(li__hash *hash, li_str bytes)
{
    size_t held = (size_t)(hash->len & 63);
    hash->len += bytes.len;
    while (bytes.len) {
        size_t take = bytes.len < 64 - held ? bytes.len : 64 - held;
        LI_MEMCPY((uint8_t *)hash->block + held, bytes.ptr, take);
        bytes = li__cut(bytes, take, bytes.len);
        held += take;
        if (held == 64)
            li__sha_block(hash->state, hash->block);
        held &= 63;
    }
}

/* Pads (FIPS 180-4 section 5.1.1) and writes the state. */
static void li__sha_end(li__hash *hash, uint8_t digest[32])
{
    uint8_t *block = (uint8_t *)hash->block;
    size_t held = (size_t)(hash->len & 63);
    unsigned k;
    block[held++] = 0x80;
    LI_MEMSET(block + held, 0, 64 - held);
    if (held > 56) {
        li__sha_block(hash->state, hash->block);
        LI_MEMSET(block, 0, 64);
    }
    for (k = 0; k < 8; k++)
        block[56 + k] = (uint8_t)(hash->len << 3 >> (56 - 8 * k) & 255);
    li__sha_block(hash->state, hash->block);
    for (k = 0; k < 32; k++)
        digest[k] = (uint8_t)(hash->state[k >> 2] >> (24 - 8 * (k & 3)) & 255);
}

/* The state behind a key block XORed with a byte (RFC 2104 section 2). */
static void li__hmac_pad(li__hash *hash, li_str key, unsigned byte)
{
    uint8_t *block = (uint8_t *)hash->block;
    size_t k;
    LI_MEMCPY(hash->state, li__sha_start, sizeof li__sha_start);
    for (k = 0; k < 64; k++)
        block[k] = (uint8_t)((k < key.len ? (uint8_t)key.ptr[k] : 0u) ^ byte);
    li__sha_block(hash->state, hash->block);
    hash->len = 64;
}

static void li__hmac_begin(li__hash *hash, li_str key)
{
    uint8_t digest[32];
    li__sha256_begin(hash);
    if (key.len > 64) {
        li__hash_put(hash, key);
        li__sha_end(hash, digest);
        key = li__str((const char *)digest, sizeof digest);
    }
    li__hmac_pad(hash, key, 0x5c);
    LI_MEMCPY(hash->outer, hash->state, sizeof hash->outer);
    li__hmac_pad(hash, key, 0x36);
    hash->keyed = 1;
    li_wipe(digest, sizeof digest);
}

static void li__hash_end(li__hash *hash, uint8_t digest[32])
{
    li__sha_end(hash, digest);
    if (hash->keyed) {
        LI_MEMCPY(hash->state, hash->outer, sizeof hash->state);
        hash->len = 64;
        li__hash_put(hash, li__str((const char *)digest, 32));
        li__sha_end(hash, digest);
    }
    li_wipe(hash, sizeof *hash);
}

LINKEDIN_API void li_sha256(li_str bytes, uint8_t digest[32])
{
    li__hash hash;
    li__sha256_begin(&hash);
    li__hash_put(&hash, bytes);
    li__hash_end(&hash, digest);
}

/* >>restli ---------------------------------------------------------------- */

/* What a URL has as it is: unreserved, and "!*" as in LinkedIn's own client. */
static const li__chars li__restli_url = {
    0,    0,    0,    0,    0x02, 0x64, 0xff, 0x03,
    0xfe, 0xff, 0xff, 0x87, 0xfe, 0xff, 0xff, 0x47};

static int li__restli_stays(li_restli form, unsigned char c)
{
    if (form == LI_RESTLI_REDUCED) return !c || !LI_MEMCHR("%,()':", c, 6);
    return li__in(li__restli_url, c) || (form == LI_RESTLI_FIELDS && c == '$');
}

/* The inside of a JSON string; the empty text is two apostrophes. */
static void li__restli_text(li_restli form, li_str inside, li_buf *out)
{
    char utf8[4] = {0, 0, 0, 0}, escape[3] = {'%', 0, 0};
    size_t i = 0, n, k;
    if (!inside.len)
        li__puts(out, "''");
    while ((n = li__j_take(inside, &i, utf8)) != 0)
        for (k = 0; k < n; k++) {
            unsigned char c = (unsigned char)utf8[k];
            escape[1] = li__hex_upper[c >> 4];
            escape[2] = li__hex_upper[c & 15];
            if (li__restli_stays(form, c))
                li__putc(out, (char)c);
            else
                li_put(out, li__str(escape, 3));
        }
}

static void li__restli_token(li_restli form, const li_json *json, li_buf *out)
{
    if (li__closes(json))
        li__putc(out, ')');
    else if (li__opens(json))
        li__puts(out, json->type == LI_JSON_ARRAY ? "List(" : "(");
    else if (json->type == LI_JSON_KEY || json->type == LI_JSON_STRING)
        li__restli_text(form, li__j_inside(json->text), out);
    else /* a number's plus would be a space in a query */
        li__restli_text(form, json->text, out);
    if (json->type == LI_JSON_KEY)
        li__putc(out, ':');
}

/* The value whose first token has been read, to its end. */
LI__APART li_rc li__restli_value(li_restli form, li_json *json, li_buf *out)
{
    unsigned depth = json->depth - (unsigned)li__opens(json);
    int fresh = 1; /* at the beginning of a list, an object, or behind ":" */
    li_rc rc = LI_OK;
    for (;;) {
        if (json->type == LI_JSON_NULL) return LI_E_TYPE;
        if (!fresh && !li__closes(json))
            li__putc(out, ',');
        li__restli_token(form, json, out);
        fresh = li__opens(json) || json->type == LI_JSON_KEY;
        if (json->depth == depth) return rc;
        rc = li_json_next(json);
        if (rc) return rc;
    }
}

/* A reader at the first token of a text. */
static li_rc li__restli_first(li_json *reader, li_str json)
{
    li_json_open(reader, json, 1);
    return li_json_next(reader);
}

/* Parameters whose text is ready. */
static const char *const li__ready_fields[] = {"fields", "metadataFields",
                                               "pagingFields"};

/* One parameter; the name has been read. fields: goes last, so kept. */
static li_rc li__restli_param(li_json *json, li_str *fields, li_buf *out)
{
    li_str name = json->text, inside;
    unsigned which = li__j_which(name, li__ready_fields, 3);
    li_rc rc = li_json_next(json);
    int ready;
    inside = li__j_inside(json->text);
    ready = which < 3 && inside.ptr;
    if (rc || json->type == LI_JSON_NULL || (ready && !inside.len)) return rc;
    if (ready && (li__run(inside, 0, li__pathchar, '?') != inside.len ||
                  LI_MEMCHR(inside.ptr, '&', inside.len)))
        return LI_E_ARG;
    if (ready && which == 0) {
        *fields = inside;
        return LI_OK;
    }
    if (out->need && out->last != '?')
        li__putc(out, '&');
    li__restli_text(LI_RESTLI_URL, li__j_inside(name), out);
    li__putc(out, '=');
    if (!ready) return li__restli_value(LI_RESTLI_URL, json, out);
    li_put(out, inside);
    return LI_OK;
}

LI__APART li_rc li__restli_query(li_str text, li_buf *out)
{
    li_str fields = li__str(NULL, 0);
    li_json json;
    li_rc rc = li__restli_first(&json, text);
    if (!rc && json.type == LI_JSON_NULL) return li_json_next(&json);
    if (!rc && json.type != LI_JSON_OBJECT) return LI_E_TYPE;
    while (!rc && !(rc = li_json_next(&json)) && json.type == LI_JSON_KEY)
        rc = li__restli_param(&json, &fields, out);
    if (!rc)
        rc = li_json_next(&json); /* nothing may follow */
    if (rc || !fields.ptr) return rc;
    if (out->need && out->last != '?')
        li__putc(out, '&');
    li__puts(out, "fields=");
    li_put(out, fields);
    return LI_OK;
}

/* A name of a projection and what is wanted of it. */
static li_rc li__restli_field(li_json *json, li_buf *out)
{
    li_str name = json->text;
    int range = li_json_is(name, li_cstr("$start")) ||
                li_json_is(name, li_cstr("$count"));
    int64_t wanted = 1;
    char first[4];
    size_t at = 0;
    li_rc rc;
    if (li__j_take(li__j_inside(name), &at, first) && *first == '-')
        return LI_E_TYPE; /* that would leave a field out */
    if (range && json->depth == 1)
        return LI_E_TYPE; /* a range is of an array, which has a name */
    rc = li_json_next(json);
    if (rc) return rc;
    if (json->type == LI_JSON_ARRAY ||
        (json->type != LI_JSON_OBJECT && li_json_int(json->text, &wanted)) ||
        wanted < 0 || (wanted > 1 && !range))
        return LI_E_TYPE;
    if (!wanted && !range)
        li__putc(out, '-');
    li__restli_text(LI_RESTLI_FIELDS, li__j_inside(name), out);
    if (json->type == LI_JSON_OBJECT)
        li__puts(out, ":(");
    else if (range) {
        li__putc(out, ':');
        li_put_int(out, wanted);
    }
    return LI_OK;
}

LI__APART li_rc li__restli_fields(li_str text, li_buf *out)
{
    int fresh = 1;
    li_json json;
    li_rc rc = li__restli_first(&json, text);
    if (!rc && json.type != LI_JSON_OBJECT) return LI_E_TYPE;
    while (!rc && !(rc = li_json_next(&json)) && json.depth) {
        if (li__closes(&json)) {
            li__putc(out, ')');
            fresh = 0;
            continue;
        }
        if (!fresh)
            li__putc(out, ',');
        rc = li__restli_field(&json, out);
        fresh = json.type == LI_JSON_OBJECT;
    }
    return rc ? rc : li_json_next(&json); /* nothing may follow */
}

/* A whole text as one value. */
LI__APART li_rc li__restli_one(li_restli form, li_str json, li_buf *out)
{
    li_json reader;
    li_rc rc = li__restli_first(&reader, json);
    if (!rc)
        rc = li__restli_value(form, &reader, out);
    return rc ? rc : li_json_next(&reader); /* nothing may follow */
}

LINKEDIN_API li_rc li_restli_encode(li_restli form, li_str json, li_buf *out)
{
    li_buf before = *out;
    li_rc rc = form == LI_RESTLI_QUERY    ? li__restli_query(json, out)
               : form == LI_RESTLI_FIELDS ? li__restli_fields(json, out)
                                          : li__restli_one(form, json, out);
    return li__put_end(out, &before, rc);
}

/* A reader of Rest.li text: its place, and which levels around are objects. */
typedef struct li__restli {
    li_restli form;
    li_str text;
    size_t at;
    unsigned depth;
    uint64_t objects;
} li__restli;

/* The byte at s.ptr + *i, unescaped; *i goes behind it. 256: a bad escape. The
   reduced form knows the escapes of what it escapes, "%" but within a list or
   object: there LinkedIn's clients differ from Rest.li. */
static unsigned li__restli_byte(const li__restli *r, li_str s, size_t *i)
{
    unsigned c = (unsigned char)s.ptr[(*i)++], high, low;
    if (c != '%') return c;
    high = *i < s.len ? li__hex((unsigned char)s.ptr[*i]) : 16;
    low = *i + 1 < s.len ? li__hex((unsigned char)s.ptr[*i + 1]) : 16;
    if (r->form == LI_RESTLI_REDUCED) {
        if (high != 2 && (high != 3 || low > 15 || s.ptr[*i + 1] != 'A'))
            return c;
        if (high == 2 && (low > 15 || !LI_MEMCHR("789C5", s.ptr[*i + 1],
                                                 r->depth ? 5 : 4)))
            return c;
    }
    if (high > 15 || low > 15) return 256;
    *i += 2;
    return high << 4 | low;
}

/* A text, as JSON. */
static li_rc li__restli_string(const li__restli *r, li_str s, li_buf *out)
{
    uint8_t state = LI__S_PLAIN;
    size_t i = 0;
    li__putc(out, '"');
    if (s.len == 2 && s.ptr[0] == '\'' && s.ptr[1] == '\'')
        i = 2; /* the empty text */
    while (i < s.len) {
        unsigned c = li__restli_byte(r, s, &i);
        char escape[6] = {'\\', 'u', '0', '0', 0, 0};
        const char *name = c < 256 ? li__j_short_escape((unsigned char)c)
                                   : NULL;
        if (c > 255) return LI_E_SYNTAX;
        state = li__utf8_step(state, (unsigned char)c);
        escape[1] = name ? *name : 'u';
        escape[4] = li__hex_lower[c >> 4];
        escape[5] = li__hex_lower[c & 15];
        if (name || c < ' ')
            li_put(out, li__str(escape, name ? 2 : 6));
        else
            li__putc(out, (char)(unsigned char)c);
    }
    li__putc(out, '"');
    return state == LI__S_PLAIN ? LI_OK : LI_E_ENCODING;
}

/* The text up to the next character that has a meaning. LI_E_SYNTAX: none. */
static li_rc li__restli_word(li__restli *r, const char *marks, li_str *word)
{
    size_t from = r->at;
    while (r->at < r->text.len && (!r->text.ptr[r->at] ||
           !LI_MEMCHR(marks, r->text.ptr[r->at], LI_STRLEN(marks))))
        r->at++;
    *word = li__cut(r->text, from, r->at);
    return word->len ? LI_OK : LI_E_SYNTAX;
}

static int li__restli_takes(li__restli *r, const char *what)
{
    size_t n = LI_STRLEN(what);
    if (!li__starts(li__cut(r->text, r->at, r->text.len), what)) return 0;
    r->at += n;
    return 1;
}

/* Opens a list or object. */
static li_rc li__restli_open(li__restli *r, int object, li_buf *out)
{
    if (r->depth >= LI_JSON_DEPTH) return LI_E_DEPTH;
    r->depth++;
    r->objects = r->objects << 1 | (unsigned)object;
    li__putc(out, object ? '{' : '[');
    return LI_OK;
}

static void li__restli_close(li__restli *r, li_buf *out)
{
    li__putc(out, r->objects & 1 ? '}' : ']');
    r->objects >>= 1;
    r->depth--;
}

/* What follows a value: 1: another one; 0: the end of the whole. */
static int li__restli_more(li__restli *r, li_buf *out, li_rc *rc)
{
    while (r->depth && li__restli_takes(r, ")"))
        li__restli_close(r, out);
    if (!r->depth)
        *rc = r->at == r->text.len ? LI_OK : LI_E_SYNTAX;
    else if (!li__restli_takes(r, ","))
        *rc = LI_E_SYNTAX;
    else
        li__putc(out, ',');
    return r->depth && !*rc;
}

/* A member's name and its colon. */
static li_rc li__restli_key(li__restli *r, li_buf *out)
{
    li_str word;
    li_rc rc = li__restli_word(r, "(),:", &word);
    if (rc || !li__restli_takes(r, ":")) return LI_E_SYNTAX;
    rc = li__restli_string(r, word, out);
    li__putc(out, ':');
    return rc;
}

/* What stands at the beginning of a list or object: how many bytes up to behind
   its "("; 0: neither. The word "List" may have escapes, as any text. */
static size_t li__restli_lead(const li__restli *r, int *object)
{
    static const char list[] = "List";
    size_t i = r->at, n = 0;
    while (i < r->text.len && r->text.ptr[i] != '(' && n < 4)
        if (li__restli_byte(r, r->text, &i) != (unsigned char)list[n++])
            return 0;
    *object = n == 0;
    return (n == 0 || n == 4) && i < r->text.len && r->text.ptr[i] == '('
               ? i + 1 - r->at : 0;
}

/* A text, or the beginning of a list or object. *open: something is in it. */
static li_rc li__restli_begin(li__restli *r, li_buf *out, int *open)
{
    li_str word;
    int object = 0;
    size_t lead = li__restli_lead(r, &object);
    li_rc rc;
    *open = 0;
    if (lead) {
        r->at += lead;
        rc = li__restli_open(r, object, out);
        *open = !rc && !li__restli_takes(r, ")");
        if (!rc && !*open)
            li__restli_close(r, out);
        return rc;
    }
    if (r->form == LI_RESTLI_REDUCED && !r->depth) { /* stands for itself */
        word = r->text;
        r->at = r->text.len;
    } else {
        rc = li__restli_word(r, "(),:", &word);
        if (rc) return rc;
    }
    return li__restli_string(r, word, out);
}

static li_rc li__restli_read(li_restli form, li_str text, li_buf *out)
{
    li__restli r;
    int open = 0;
    li_rc rc = LI_OK;
    LI_MEMSET(&r, 0, sizeof r);
    r.form = form;
    r.text = text;
    do {
        if (r.depth && (r.objects & 1))
            rc = li__restli_key(&r, out);
        if (!rc)
            rc = li__restli_begin(&r, out, &open);
    } while (!rc && (open || li__restli_more(&r, out, &rc)));
    return rc;
}

static li_rc li__restli_read_query(li_str text, li_buf *out)
{
    li_str name, value;
    li_rc rc = LI_OK;
    li__putc(out, '{');
    while (!rc && !li_form_next(&text, &name, &value)) {
        li__restli r;
        LI_MEMSET(&r, 0, sizeof r);
        if (!name.len) continue;
        li__j_comma(out);
        rc = li__restli_string(&r, name, out);
        li__putc(out, ':');
        if (!value.len)
            li__puts(out, "\"\"");
        else if (!rc)
            rc = li__restli_read(LI_RESTLI_URL, value, out);
    }
    li__putc(out, '}');
    return rc;
}

/* White space may stand between the tokens of a projection. */
static int li__fields_take(li__restli *r, const char *what)
{
    while (r->at < r->text.len && r->text.ptr[r->at] &&
           LI_MEMCHR(" \t\r\n", r->text.ptr[r->at], 4))
        r->at++;
    return li__restli_takes(r, what);
}

static li_rc li__fields_word(li__restli *r, li_str *word)
{
    li__fields_take(r, "");
    if (li__restli_word(r, "(),: \t\r\n", word)) return LI_E_SYNTAX;
    li__fields_take(r, "");
    return LI_OK;
}

/* A field of a projection; *open: an inner projection begins. */
static li_rc li__restli_read_field(li__restli *r, li_buf *out, int *open)
{
    int minus = li__fields_take(r, "-"), range;
    li_str word, number;
    int64_t value = !minus;
    li_rc rc = li__fields_word(r, &word);
    *open = 0;
    if (rc) return rc;
    range = li__same(word, li__str("$start", 6)) ||
            li__same(word, li__str("$count", 6));
    if (range && r->depth == 1)
        return LI_E_SYNTAX; /* a range is of an array, which has a name */
    rc = li__restli_string(r, word, out);
    if (rc) return rc;
    li__putc(out, ':');
    if (li__restli_takes(r, ":")) {
        if (minus) return LI_E_SYNTAX;
        *open = li__fields_take(r, "(");
        if (*open) return li__restli_open(r, 1, out);
        if (li__fields_word(r, &number) || !range ||
            li_json_int(number, &value) || value < 0)
            return LI_E_SYNTAX;
    }
    li_put_int(out, value);
    return LI_OK;
}

static li_rc li__restli_read_fields(li_str text, li_buf *out)
{
    li__restli r;
    int open = 0;
    li_rc rc = LI_OK;
    LI_MEMSET(&r, 0, sizeof r);
    r.text = text;
    li__restli_open(&r, 1, out);
    while (!rc && text.len) {
        rc = li__restli_read_field(&r, out, &open);
        if (rc || open) continue;
        while (r.depth > 1 && li__fields_take(&r, ")"))
            li__restli_close(&r, out);
        li__fields_take(&r, "");
        if (r.at == text.len) break;
        rc = li__fields_take(&r, ",") ? LI_OK : LI_E_SYNTAX;
        li__putc(out, ',');
    }
    if (!rc && r.depth != 1)
        rc = LI_E_SYNTAX;
    li__restli_close(&r, out);
    return rc;
}

LINKEDIN_API li_rc li_restli_decode(li_restli form, li_str text, li_buf *out)
{
    li_buf before = *out;
    li_rc rc = form == LI_RESTLI_QUERY    ? li__restli_read_query(text, out)
               : form == LI_RESTLI_FIELDS ? li__restli_read_fields(text, out)
                                          : li__restli_read(form, text, out);
    return li__put_end(out, &before, rc);
}

/* The value of a name in an object, as raw text; LI_E_MISSING. */
static li_rc li__member(li_str object, li_str name, li_str *raw)
{
    li_json json;
    li_str key;
    li_rc rc = li__j_open_as(&json, object, LI_JSON_OBJECT);
    while (!rc && !(rc = li_json_each(&json, &key, raw)))
        if (li_json_is(key, name)) break;
    return rc;
}

/* How many members an object has. */
static li_rc li__members(li_str object, size_t *count)
{
    li_json json;
    li_str value;
    li_rc rc;
    *count = 0;
    if (!object.len) return LI_OK;
    rc = li__j_open_as(&json, object, LI_JSON_OBJECT);
    while (!rc && !(rc = li_json_each(&json, NULL, &value)))
        ++*count;
    return rc == LI_E_MISSING ? LI_OK : rc;
}

/* A placeholder's key, encoded. */
static li_rc li__path_key(li_str name, li_str keys, li_buf *out)
{
    li_str raw;
    li_rc rc = keys.len ? li__member(keys, name, &raw) : LI_E_MISSING;
    if (rc) return rc == LI_E_MISSING ? LI_E_ARG : rc;
    if (li_json_is(raw, li__str(NULL, 0))) return LI_E_ARG;
    return li__restli_one(LI_RESTLI_URL, raw, out);
}

/* "." or ".." between two slashes, or as the last of them. */
static int li__has_dots(li_str path)
{
    while (path.len) {
        li_str segment = li__upto(&path, '/');
        if (segment.len && segment.len < 3 && *segment.ptr == '.' &&
            segment.ptr[segment.len - 1] == '.')
            return 1;
    }
    return 0;
}

/* Plain text up to a "{", or the placeholder that begins there. */
static li_rc li__path_part(li_str path, size_t *at, li_str keys, li_buf *out)
{
    size_t end = *at + 1;
    li_str name;
    if (path.ptr[*at] != '{') {
        end = li__run(path, *at, li__pathchar, 0);
        li_put(out, li__cut(path, *at, end));
        if (end == *at) return LI_E_ARG;
        *at = end;
        return LI_OK;
    }
    while (end < path.len && path.ptr[end] != '}')
        end++;
    if (end == path.len) return LI_E_ARG;
    name = li__cut(path, *at + 1, end);
    *at = end + 1;
    return li__path_key(name, keys, out);
}

LINKEDIN_API li_rc li_restli_path(li_buf *out, const char *path, li_str keys)
{
    li_buf before = *out;
    li_str text = li_cstr(path);
    size_t count, used = 0, at = 0;
    li_rc rc = li__members(keys, &count);
    if (!rc && (!text.len || *text.ptr != '/'))
        rc = LI_E_ARG;
    while (!rc && at < text.len) {
        used += text.ptr[at] == '{';
        rc = li__path_part(text, &at, keys, out);
    }
    if (!rc && (used != count || /* a part that did not fit has no dots */
                (!out->rc && li__has_dots(li__cut(li__str(out->ptr, out->len),
                                                   before.len, out->len)))))
        rc = LI_E_ARG;
    return li__put_end(out, &before, rc);
}

/* ---- URNs */

/* What a URN's id may hold: anything visible, parentheses in pairs. */
static int li__is_urn_id(li_str id)
{
    size_t i, open = 0;
    for (i = 0; i < id.len; i++) {
        unsigned char c = (unsigned char)id.ptr[i];
        if (c <= ' ' || c == 0x7f || (c == ')' && !open))
            return 0;
        open += c == '(';
        open -= c == ')';
    }
    return id.len && !open;
}

static int li__is_name(li_str s)
{
    return s.len && !li__has_other(s, li__unreserved);
}

LINKEDIN_API li_rc li_urn_split(li_str urn, li_str *space, li_str *type,
                                li_str *id)
{
    li_str part[2], rest = urn;
    unsigned i;
    if (!li__starts(urn, "urn:")) return LI_E_SYNTAX;
    rest = li__cut(urn, 4, urn.len);
    for (i = 0; i < 2; i++)
        part[i] = li__upto(&rest, ':');
    if (!li__is_name(part[0]) || !li__is_name(part[1]) || !li__is_urn_id(rest))
        return LI_E_SYNTAX;
    if (space)
        *space = part[0];
    if (type)
        *type = part[1];
    if (id)
        *id = rest;
    return LI_OK;
}

LINKEDIN_API li_rc li_urn_put(li_buf *out, li_str space, li_str type,
                              li_str id)
{
    if (!li__is_name(space) || !li__is_name(type) || !li__is_urn_id(id))
        return li__buf_fail(out, LI_E_ARG);
    li__puts(out, "urn:");
    li_put(out, space);
    li__putc(out, ':');
    li_put(out, type);
    li__putc(out, ':');
    return li_put(out, id);
}

/* ---- Little Text */

LINKEDIN_API li_rc li_little_put(li_buf *out, li_str text)
{
    static const char marks[] = "\\|{}@[]()<>#*_~";
    size_t i;
    if (!li__is_utf8(text)) return li__buf_fail(out, LI_E_ENCODING);
    for (i = 0; i < text.len; i++) {
        if (text.ptr[i] && LI_MEMCHR(marks, text.ptr[i], sizeof marks - 1))
            li__putc(out, '\\');
        li__putc(out, text.ptr[i]);
    }
    return out->rc;
}

LINKEDIN_API li_rc li_mention_put(li_buf *out, li_str name, li_str urn)
{
    li_str id;
    if (li_urn_split(urn, NULL, NULL, &id) || !li__is_name(id))
        return li__buf_fail(out, LI_E_ARG);
    if (!li__is_utf8(name)) return li__buf_fail(out, LI_E_ENCODING);
    li__puts(out, "@[");
    li_little_put(out, name);
    li__puts(out, "](");
    li_put(out, urn);
    return li__putc(out, ')');
}

LINKEDIN_API li_rc li_hashtag_put(li_buf *out, li_str tag)
{
    size_t i;
    for (i = 0; i < tag.len; i++)
        if ((unsigned char)tag.ptr[i] <= ' ' || tag.ptr[i] == '#')
            return li__buf_fail(out, LI_E_ARG);
    if (!tag.len) return li__buf_fail(out, LI_E_ARG);
    if (!li__is_utf8(tag)) return li__buf_fail(out, LI_E_ENCODING);
    li__puts(out, "{hashtag|\\#|");
    li_little_put(out, tag);
    return li__putc(out, '}');
}

/* >>words ----------------------------------------------------------------- */

/* A text on its way: what stands before the element found last, and that. */
typedef struct li__words {
    li_str text, plain;
    li_str name, urn;  /* of a mention; a hashtag is a name alone             */
    size_t start, end; /* of the element; both are the text's end: none       */
    li_words form;
} li__words;

/* How many characters LinkedIn counts: by the bytes that begin one. */
static size_t li__w_length(li_str s)
{
    size_t i, n = 0;
    for (i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        n += c >= 0xf0 ? LI_SUPPLEMENTARY_LENGTH : (c & 0xc0) != 0x80;
    }
    return n;
}

/* Whether the character at i, which is no ASCII, ends a hashtag: punctuation of
   U+0080 to U+00BF, U+2000 to U+203F (but for the two joiners, which stand in
   words) and U+3000 to U+303F (but for two letters), and emoji. */
static int li__w_ends(li_str s, size_t i)
{
    static const char ends[] = "\xe2\x80\0\xe3\x80\0\xf0\x9f\0";
    static const char stay[] = "\xe2\x80\x8c\0\xe2\x80\x8d\0\xe3\x80\x85\0"
                               "\xe3\x80\x87\0";
    return s.ptr[i] == '\xc2' ||
           (s.len - i > 2 && li__is_listed(li__cut(s, i, i + 2), ends) &&
            !li__is_listed(li__cut(s, i, i + 3), stay));
}

/* Up to where a hashtag goes whose "#" is at i; 0: there is none. In Little
   Text its "_" is escaped. */
static size_t li__w_tag(li_str s, size_t i, int escaped)
{
    int letters = 0;
    while (++i < s.len) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '\\' && escaped && i + 1 < s.len && s.ptr[i + 1] == '_')
            c = (unsigned char)s.ptr[++i];
        if (c >= 0x80 ? li__w_ends(s, i)
                      : !li__in(li__unreserved, c) ||
                            LI_MEMCHR("-.~", c, 3)) break;
        letters |= c > '9'; /* of a word, all below are no character */
    }
    return letters ? i : 0;
}

/* A hashtag begins no word's middle, and no fragment of a URL. */
static int li__w_tag_may_begin(li_str s, size_t i)
{
    return !i || LI_MEMCHR(" \t\r\n([{\"'", s.ptr[i - 1], 9) != NULL;
}

/* Up to where the mention goes that begins at i; 0: there is none. The search
   for a name's end goes no further than the next mention: no byte is looked at
   for two of them. A URN that does not end in ")" is none. */
static size_t li__w_mention(li__words *w, size_t i)
{
    li_str s = w->text;
    size_t mid = i + 2, end;
    if (i + 1 >= s.len || s.ptr[i + 1] != '[') return 0;
    for (; !li__starts(li__cut(s, mid, s.len), "](urn:"); mid++)
        if (mid >= s.len || s.ptr[mid] == '\n' ||
            li__starts(li__cut(s, mid, s.len), "@[")) return 0;
    for (end = mid + 2; end < s.len; end++)
        if (s.ptr[end] != ':' &&
            !li__in(li__unreserved, (unsigned char)s.ptr[end])) break;
    w->name = li__cut(s, i + 2, mid);
    w->urn = li__cut(s, mid + 2, end);
    if (end < s.len && s.ptr[end] == ')') return end + 1;
    w->urn.len = 0;
    return end;
}

/* Goes to the next element. 0: there is none, and plain is all that is left. */
static int li__w_next(li__words *w)
{
    li_str s = w->text;
    size_t i = w->end, from = i, end = 0;
    for (; i < s.len && !end; i++)
        if (s.ptr[i] == '@') {
            end = li__w_mention(w, i);
        } else if (s.ptr[i] == '#' && w->form == LI_WORDS_HASHTAGS &&
                   li__w_tag_may_begin(s, i)) {
            end = li__w_tag(s, i, 0);
            w->name = li__cut(s, i + 1, end ? end : i + 1);
            w->urn = li_cstr(NULL);
        }
    w->start = i - (end != 0);
    w->end = end ? end : i;
    w->plain = li__cut(s, from, w->start);
    return end != 0;
}

/* What may be mentioned: "person" or "organization", as a comment names it, and
   in a post a brand. NULL: nothing else. */
static const char *li__w_type(const li__words *w)
{
    static const char types[] = "person\0organization\0organizationBrand\0";
    li_str space, type, id;
    const char *t = types;
    unsigned n, most = w->form == LI_WORDS_COMMENT ? 2 : 3;
    if (!w->name.len || li_urn_split(w->urn, &space, &type, &id) ||
        !li_equal(space, LI_STR("li")) || !li__is_name(id)) return NULL;
    for (n = 0; n < most; n++, t += LI_STRLEN(t) + 1)
        if (li_equal(type, li_cstr(t))) return t;
    return NULL;
}

static li_rc li__w_post(li_buf *out, li__words *w)
{
    while (li__w_next(w)) {
        li_little_put(out, w->plain);
        if (!w->urn.ptr)
            li_hashtag_put(out, w->name);
        else if (!li__w_type(w))
            return LI_E_ARG;
        else
            li_mention_put(out, w->name, w->urn);
    }
    li_little_put(out, w->plain);
    return LI_OK;
}

/* The attributes of a comment's mentions, which refer to offsets in its text;
   *n counts its characters. */
static li_rc li__w_attributes(li_buf *out, li__words *w, size_t *n)
{
    for (*n = 0; li__w_next(w); *n += li__w_length(w->name)) {
        const char *type = li__w_type(w);
        li_value v[5];
        if (!type) return LI_E_ARG;
        *n += li__w_length(w->plain);
        v[0].number = (int64_t)*n;
        v[1].number = (int64_t)li__w_length(w->name);
        v[2].text = v[3].text = li_cstr(type);
        v[4].text = w->urn;
        li_json_fill(out, "{\"start\":#,\"length\":#,\"value\":{?:{?:?}}}", v,
                     5);
    }
    *n += li__w_length(w->plain);
    return LI_OK;
}

/* The text first, without what marks the mentions: hence two walks over it. */
static li_rc li__w_comment(li_buf *out, li__words *w, size_t *n)
{
    li__words text = *w;
    li_rc rc;
    int more;
    li_json_fill(out, "{\"text\":", NULL, 0);
    li__putc(out, '"');
    do {
        more = li__w_next(&text);
        li__j_put_inside(out, text.plain);
        if (more)
            li__j_put_inside(out, text.name);
    } while (more);
    li__puts(out, "\",\"attributes\":[");
    rc = li__w_attributes(out, w, n);
    li__puts(out, "]}");
    return rc;
}

LINKEDIN_API li_rc li_words_put(li_buf *out, li_words form, li_str text,
                                size_t *length)
{
    li_buf before = *out;
    li__words w;
    size_t n = 0;
    li_rc rc;
    LI_MEMSET(&w, 0, sizeof w);
    w.text = w.name = text;
    w.form = form;
    rc = !li__is_utf8(text) ? LI_E_ENCODING
         : form == LI_WORDS_COMMENT ? li__w_comment(out, &w, &n)
                                    : li__w_post(out, &w);
    rc = li__put_end(out, &before, rc);
    out->at = (uint16_t)(!rc ? 0 : w.start < 0xffff ? w.start : 0xffff);
    if (!rc && form != LI_WORDS_COMMENT)
        n = li__w_length(li__cut(li__str(out->ptr, out->len), before.len,
                                 out->len));
    if (length)
        *length = rc ? 0 : n;
    return rc;
}

/* ---- and back: Little Text as a reader sees it */

/* Where an unescaped c stands, from i on and before another element may begin;
   the length: nowhere. */
static size_t li__w_upto(li_str s, size_t i, char c)
{
    for (; i < s.len && s.ptr[i] != c; i++) {
        if (s.ptr[i] == '@' || s.ptr[i] == '{') return s.len;
        i += s.ptr[i] == '\\';
    }
    return i < s.len ? i : s.len;
}

/* @[name](urn), whose (urn) may be left out: up to where it goes, or 0. */
static size_t li__w_read_mention(li_str s, li_str *name, li_str *urn)
{
    size_t end, close;
    if (s.len < 2 || s.ptr[1] != '[') return 0;
    end = li__w_upto(s, 2, ']');
    if (end == s.len) return 0;
    *name = li__cut(s, 2, end++);
    close = end < s.len && s.ptr[end] == '(' ? li__w_upto(s, end, ')') : s.len;
    if (close == s.len) return end;
    *urn = li__cut(s, end + 1, close);
    return close + 1;
}

/* {hashtag|\#|word}: likewise. The sign may be a wide one, or not escaped. */
static size_t li__w_read_template(li_str s, li_str *sign, li_str *word)
{
    static const char signs[] = "#\0\\#\0\xef\xbc\x83\0\\\xef\xbc\x83\0";
    size_t bar = sizeof "{hashtag|" - 1, end;
    if (!li__starts(s, "{hashtag|")) return 0;
    *sign = li__cut(s, bar, li__w_upto(s, bar, '|'));
    bar += sign->len + 1;
    end = li__w_upto(s, bar, '}');
    if (end >= s.len || end == bar || !li__is_listed(*sign, signs)) return 0;
    *word = li__cut(s, bar, end);
    return end + 1;
}

/* The element that begins at i: how many bytes it has, or 0. What a reader sees
   of it are two parts. */
static size_t li__w_read(li_str s, size_t i, li_word *kind, li_str part[2],
                         li_str *urn)
{
    li_str rest = li__cut(s, i, s.len);
    size_t n = 0;
    part[0] = part[1] = *urn = li_cstr(NULL);
    *kind = LI_WORD_HASHTAG;
    if (*rest.ptr == '@') {
        *kind = LI_WORD_MENTION;
        n = li__w_read_mention(rest, &part[0], urn);
    } else if (*rest.ptr == '{') {
        n = li__w_read_template(rest, &part[0], &part[1]);
    } else if (*rest.ptr == '#' && li__w_tag_may_begin(s, i)) {
        n = li__w_tag(rest, 0, 1);
        part[0] = li__cut(rest, 0, n);
    }
    return n;
}

/* Without the backslashes that escape. */
static void li__w_show(li_buf *out, li_str s)
{
    size_t i, from = 0;
    for (i = 0; i + 1 < s.len; i++)
        if (s.ptr[i] == '\\') {
            li_put(out, li__cut(s, from, i));
            from = ++i;
        }
    li_put(out, li__cut(s, from, s.len));
}

LINKEDIN_API li_rc li_words_next(li_str *rest, li_buf *out, li_word *kind,
                                 li_str *urn)
{
    li_buf before = *out;
    li_str part[2], s = *rest;
    size_t n;
    if (!s.len) return LI_E_MISSING;
    n = li__w_read(s, 0, kind, part, urn);
    if (!n) {
        while (n < s.len) {
            n += s.ptr[n] == '\\' && n + 1 < s.len ? 2 : 1;
            if (n < s.len && li__w_read(s, n, kind, part, urn)) break;
        }
        part[0] = li__cut(s, 0, n);
        part[1] = *urn = li_cstr(NULL);
        *kind = LI_WORD_TEXT;
    }
    li__w_show(out, part[0]);
    li__w_show(out, part[1]);
    if (li__put_end(out, &before, LI_OK)) return out->rc;
    *rest = li__cut(s, n, s.len);
    return LI_OK;
}

/* >>patch ----------------------------------------------------------------- */

/* Two raw strings, byte by byte: of a character that is escaped in one and
   stands raw in the other, one is taken whole and the other in pieces. */
LI__APART int li__same_text(li_str a, li_str b)
{
    li_str s = li__j_inside(a), t = li__j_inside(b);
    size_t i = 0, j = 0, n = 0, m = 0, k = 0, l = 0;
    char one[4], other[4];
    for (;;) {
        if (k == n)
            n = li__j_take(s, &i, one), k = 0;
        if (l == m)
            m = li__j_take(t, &j, other), l = 0;
        if (!n || !m) return n == m;
        if (one[k++] != other[l++]) return 0;
    }
}

/* Whether two values are equal, token by token. */
LI__APART li_rc li__is_equal_json(li_str a, li_str b, int *equal)
{
    li_json x, y;
    li_rc rc = LI_OK;
    *equal = 1;
    li_json_open(&x, a, 1);
    li_json_open(&y, b, 1);
    while (!rc && *equal) {
        rc = li_json_next(&x);
        if (!rc)
            rc = li_json_next(&y);
        if (rc || x.type == LI_JSON_END) break;
        *equal = x.type == y.type &&
                 (x.type == LI_JSON_STRING || x.type == LI_JSON_KEY
                      ? li__same_text(x.text, y.text)
                      : li__same(x.text, y.text));
    }
    return rc;
}

/* An object of the original beside the one it became. pass 0: the objects
   within both; 1: $delete; 2: $set. */
typedef struct li__patch_level {
    li_str was, is;
    size_t at; /* in `is`, or in pass 1 in `was` */
    uint8_t pass, begun, listed;
} li__patch_level;

typedef struct li__patch {
    li__patch_level level[LI_PATCH_DEPTH];
    unsigned depth;
    li_buf *out;
    li_str key, value, twin; /* a member, and the value in the other object  */
} li__patch;

LI__APART void li__patch_enter(li__patch *p)
{
    li__patch_level *l = &p->level[p->depth++];
    LI_MEMSET(l, 0, sizeof *l);
    l->was = p->twin;
    l->is = p->value;
}

/* A raw name, which ends at its second quote. */
static void li__patch_put_key(li__patch *p, const char *key)
{
    size_t n = 1;
    while (key[n] != '"')
        n += key[n] == '\\' ? 2 : 1;
    li__j_comma(p->out);
    li_put(p->out, li__str(key, n + 1));
}

/* The raw name in front of a member's value: the quote that ends it is the
   first on the way back, and the one that begins it is not escaped. */
static const char *li__patch_key(const char *value)
{
    while (*--value != '"')
        ;
    do {
        while (*--value != '"')
            ;
    } while (value[-1] == '\\');
    return value;
}

/* Something is to be said: so all objects around it are, and its list. */
LI__APART void li__patch_say(li__patch *p, const char *list, char bracket)
{
    li__patch_level *l = p->level;
    unsigned i;
    for (i = 0; i < p->depth; i++) {
        l = &p->level[i];
        if (l->begun) continue;
        if (i) {
            li__patch_put_key(p, li__patch_key(l->is.ptr));
            li__putc(p->out, ':');
        }
        li__putc(p->out, '{');
        l->begun = 1;
    }
    if (!l->listed) {
        li__patch_put_key(p, list);
        li__putc(p->out, ':');
        li__putc(p->out, bracket);
    }
    l->listed = 1;
    li__patch_put_key(p, p->key.ptr);
}

static int li__is_object(li_str raw)
{
    return raw.len && *raw.ptr == '{';
}

/* Rest.li's server takes a name with a "$" within a patch for a command of the
   patch, or leaves it out: so such a member is set whole. */
LI__APART int li__is_command(const li_str *key)
{
    char first[4];
    size_t i = 0;
    return li__j_take(li__j_inside(*key), &i, first) && *first == '$';
}

/* The value of the same name in the other object, absent if that has none. */
LI__APART li_rc li__patch_twin(li__patch *p, li_str object)
{
    li_json json;
    li_str name, twin;
    li_rc rc = LI_OK;
    p->twin = li__str(NULL, 0);
    li_json_open(&json, object, 1);
    while (!rc && !p->twin.ptr) {
        rc = li_json_each(&json, &name, &twin);
        if (!rc && li__same_text(name, p->key))
            p->twin = twin;
    }
    return rc == LI_E_MISSING ? LI_OK : rc;
}

/* A member that both or one of the two objects have. same: it is equal. */
LI__APART void li__patch_take(li__patch *p, const li__patch_level *l,
                              int nested, int same)
{
    if (l->pass == 0 && nested) {
        li__patch_enter(p);
    } else if (l->pass == 1 && !p->twin.ptr) {
        li__patch_say(p, "\"$delete\"", '[');
    } else if (l->pass == 2 && !nested && !same) {
        li__patch_say(p, "\"$set\"", '{');
        li__putc(p->out, ':');
        li_put(p->out, p->value);
    }
}

/* The end of a pass: the next one, or back to the object around. */
LI__APART void li__patch_leave(li__patch *p, li__patch_level *l)
{
    if (l->listed)
        li__putc(p->out, l->pass == 1 ? ']' : '}');
    l->listed = 0;
    l->at = 0;
    if (++l->pass < 3) return;
    if (l->begun)
        li__putc(p->out, '}');
    p->depth--;
}

LI__APART li_rc li__patch_step(li__patch *p)
{
    li__patch_level *l = &p->level[p->depth - 1];
    int nested, same = 0;
    li_rc rc = li__j_each_at(l->pass == 1 ? l->was : l->is, &l->at, &p->key,
                             &p->value);
    if (rc == LI_E_MISSING) return li__patch_leave(p, l), LI_OK;
    if (!rc)
        rc = li__patch_twin(p, l->pass == 1 ? l->is : l->was);
    nested = li__is_object(p->value) && li__is_object(p->twin) &&
             p->depth < LI_PATCH_DEPTH && !li__is_command(&p->key);
    if (!rc && l->pass == 2 && p->twin.ptr && !nested)
        rc = li__is_equal_json(p->twin, p->value, &same);
    if (!rc)
        li__patch_take(p, l, nested, same);
    return rc;
}

LINKEDIN_API li_rc li_patch_put(li_buf *out, li_str original, li_str changed)
{
    li_buf before = *out;
    li__patch p;
    li_rc rc = li__j_whole(original, &p.twin);
    if (!rc)
        rc = li__j_whole(changed, &p.value);
    if (!rc && (!li__is_object(p.twin) || !li__is_object(p.value)))
        rc = LI_E_TYPE;
    if (rc) return li__put_end(out, &before, rc);
    p.depth = 0;
    p.out = out;
    li__puts(out, "{\"patch\":");
    li__patch_enter(&p);
    while (!rc && p.depth)
        rc = li__patch_step(&p);
    li__puts(out, p.level[0].begun ? "}" : "{}}");
    return li__put_end(out, &before, rc);
}

/* >>request --------------------------------------------------------------- */

/* RFC 9110 section 5.6.2 */
static const li__chars li__token = {0,    0,    0,    0,    0xfa, 0x6c,
                                    0xff, 0x03, 0xfe, 0xff, 0xff, 0xc7,
                                    0xff, 0xff, 0xff, 0x57};

static int li__is_token(li_str s)
{
    return s.len && !li__has_other(s, li__token);
}

/* From i on, the first byte that no header value may hold (RFC 9110 section
   5.5), or the end. Eight that are visible ASCII at once, as li__plain(). */
LI__WRAPS LI__INLINE size_t li__value_end(li_str text, size_t i)
{
    const char *s = text.ptr;
    size_t n = text.len;
    for (; i < n; i++) {
        unsigned char c;
#if UINTPTR_MAX > 0xffffffffu
        const uint64_t one = 0x0101010101010101u;
        uint64_t x = 0;
        for (; n >= 8 && i <= n - 8; i += 8) {
            LI_MEMCPY(&x, s + i, 8);
            x = ((x - one * 0x20) | (x + one) | x) & one * 0x80;
            if (x) break;
        }
#if LI__LITTLE_ENDIAN
        if (x)
            i += (size_t)__builtin_ctzll(x) >> 3;
#endif
        if (i >= n) break;
#endif
        c = (unsigned char)s[i];
        if (c == '\r' || (c < ' ' && c != '\t') || c == 0x7f) break;
    }
    return i;
}

static int li__is_value(li_str s)
{
    return li__value_end(s, 0) == s.len;
}

LI__INLINE li_str li__trim(li_str s)
{
    size_t i = 0;
    while (i < s.len && (unsigned char)s.ptr[i] <= ' ')
        i++;
    while (s.len > i && (unsigned char)s.ptr[s.len - 1] <= ' ')
        s.len--;
    return li__cut(s, i, s.len);
}

static int li__is_loopback(li_str host)
{
    return li__is_listed(host, "localhost\000127.0.0.1\0[::1]\0");
}

/* What makes two URLs of one origin; smaller than a whole li_url. */
typedef struct li__origin {
    li_str host;
    uint16_t port;
    uint8_t tls;
} li__origin;

static li__origin li__origin_of(const li_url *url)
{
    li__origin origin;
    origin.host = url->host;
    origin.port = url->port;
    origin.tls = url->tls;
    return origin;
}

static int li__is_origin(const li__origin *a, const li_url *b)
{
    return a->tls == b->tls && a->port == b->port &&
           li__same_nocase(a->host, b->host);
}

static int li__is_plain_elsewhere(const li_url *url)
{
    return !url->tls && !li__is_loopback(url->host);
}

/* Splits one of the client's bases: scheme and host, nothing behind them.
   NULL, or the name of the argument that is wrong. */
static const char *li__wrong_base(const li_client *client, int auth,
                                  li_url *url)
{
    const char *base = auth ? client->auth_base : client->api_base;
    if (!base)
        base = auth ? LI_AUTH_BASE : LI_API_BASE;
    if (!li_url_split(li_cstr(base), url) && url->path.len == 1 &&
        !url->query.ptr && !url->fragment.ptr && !li__is_plain_elsewhere(url))
        return NULL;
    return auth ? "auth_base" : "api_base";
}

/* A host of a domain of LinkedIn's, over TLS. */
static int li__is_of(const li_url *url, const char *domain)
{
    size_t n = LI_STRLEN(domain), len = url->host.len;
    return url->tls && url->port == 443 && len > n &&
           li__is_nocase(li__cut(url->host, len - n, len), domain);
}

/* Where a request goes. is_api: to LinkedIn's API, which alone gets the token
   and Rest.li's headers. */
typedef struct li__target {
    li_url url;
    int is_api;
} li__target;

/* NULL, or the name of the argument that is wrong. */
LI__APART const char *li__resolve(const li_client *client, const li_req *req,
                                  li__target *to)
{
    li_str path = li_cstr(req->path);
    int auth = req->base == LI_BASE_AUTH;
    const char *wrong = li__wrong_base(client, auth, &to->url);
    to->is_api = !auth && req->token != LI_TOKEN_NEVER;
    if (wrong || !path.len) return wrong ? wrong : "path";
    if (*path.ptr != '/') {
        li__origin base = li__origin_of(&to->url);
        if (li_url_split(path, &to->url) || to->url.fragment.ptr ||
            li__is_plain_elsewhere(&to->url))
            return "path";
        to->is_api = to->is_api && li__is_origin(&base, &to->url);
        if (req->token == LI_TOKEN_HERE && !to->is_api &&
            !li__is_of(&to->url, ".linkedin.com"))
            return "token";
        return NULL;
    }
    if (li__run(path, 0, li__pathchar, '?') != path.len) return "path";
    to->url.path = li__upto(&path, '?');
    to->url.query = path;
    return NULL;
}

static int li__carries_token(const li_req *req, const li__target *to)
{
    return to->is_api || req->token == LI_TOKEN_HERE;
}

static int li__needs_version(const li__target *to)
{
    return to->is_api && li__starts(to->url.path, "/rest/");
}

static const char *li__method(const li_req *req)
{
    if (req->method) return req->method;
    return req->body.len || req->form[0] || req->read ? "POST" : "GET";
}

/* RFC 9110 section 9.2.2 */
static int li__is_repeatable(const li_req *req)
{
    return req->repeatable ||
           li__is_one_of(li__method(req), "GET\0HEAD\0PUT\0DELETE\0OPTIONS\0");
}

static const char *li__access_token(const li_client *client)
{
    if (client->access_token) return client->access_token;
    return client->token ? client->token->access_token.ptr : NULL;
}

/* What a header may be sent as: no line end, nothing invisible. */
static int li__is_secret_ok(li_str s)
{
    size_t i;
    for (i = 0; i < s.len; i++)
        if (s.ptr[i] <= ' ' || s.ptr[i] > '~') return 0;
    return s.len > 0;
}

/* YYYYMM, or YYYYMM.RR (marketing/versioning) */
static int li__is_version(li_str s)
{
    size_t i;
    for (i = 0; i < s.len; i++)
        if (i == 6 ? s.ptr[i] != '.' : li__hex((unsigned char)s.ptr[i]) > 9)
            return 0;
    return s.len == 6 || s.len == 9;
}

/* Headers that the engine alone may set. */
static int li__is_reserved(li_str name)
{
    return li__is_listed(name, "host\0content-length\0transfer-encoding\0"
                               "connection\0authorization\0content-type\0"
                               "accept-encoding\0te\0upgrade\0");
}

static const char li__authorization[] = "Authorization";

/* How a header line is written: as HTTP, or as an option of curl's. */
typedef void (*li__header_writer)(li_buf *out, const char *name,
                                  const char *value);

static void li__put_header(li_buf *out, const char *name, const char *value)
{
    li__puts(out, name);
    li__puts(out, ": ");
    if (name == li__authorization)
        li__puts(out, "Bearer "); /* RFC 6750 section 2.1 */
    li__puts(out, value);
    li__puts(out, "\r\n");
}

LI__APART void li__put_fields(const li_req *req, li_buf *out)
{
    li_buf form = li__part_of(out);
    unsigned i;
    for (i = 0; i + 1 < 2 * LI_FORM_FIELDS && req->form[i]; i += 2)
        li_form_put(&form, li_cstr(req->form[i]), li_cstr(req->form[i + 1]));
    li__take_part(out, &form);
}

LI__APART uint64_t li__body_len(const li_req *req)
{
    li_buf count = li_buf_of(NULL, 0);
    if (req->read) return req->read_len;
    if (!req->form[0]) return req->body.len;
    li__put_fields(req, &count);
    return count.need;
}

/* Every header but Host and Content-Length, in the order they are sent. */
static void li__put_headers(const li_client *client, const li_req *req,
                            const li__target *to, li__header_writer put,
                            li_buf *out)
{
    const char *const *more = req->headers;
    const char *type = req->content_type;
    if (!client->user_agent || *client->user_agent)
        put(out, "User-Agent", client->user_agent ? client->user_agent
                                                  : "linkedin.h/" LI_VERSION);
    put(out, "Accept-Encoding", "identity");
    if (li__carries_token(req, to))
        put(out, li__authorization, li__access_token(client));
    if (to->is_api)
        put(out, "X-Restli-Protocol-Version", "2.0.0");
    if (li__needs_version(to))
        put(out, "LinkedIn-Version", client->version);
    if (req->rest_method)
        put(out, "X-RestLi-Method", req->rest_method);
    if (req->override)
        put(out, "X-HTTP-Method-Override", req->override);
    if (!type && req->form[0])
        type = "application/x-www-form-urlencoded";
    if (!type && (req->body.len || req->read))
        type = "application/json";
    if (type)
        put(out, "Content-Type", type);
    for (; more && more[0] && more[1]; more += 2)
        put(out, more[0], more[1]);
}

static const char *li__wrong_headers(const li_req *req)
{
    const char *const *more = req->headers;
    for (; more && more[0]; more += 2)
        if (!li__is_token(li_cstr(more[0])) || !more[1] ||
            li__is_reserved(li_cstr(more[0])) ||
            !li__is_value(li_cstr(more[1])))
            return "headers";
    if (!li__is_value(li_cstr(req->content_type))) return "content_type";
    if (req->rest_method && !li__is_token(li_cstr(req->rest_method)))
        return "rest_method";
    if (req->override && !li__is_token(li_cstr(req->override)))
        return "override";
    return NULL;
}

/* NULL, or the name of an argument that must not be sent. */
LI__APART const char *li__wrong_req(const li_client *client, const li_req *req,
                                    const li__target *to)
{
    li_str query = li_cstr(req->query);
    int bodies = (req->body.len > 0) + (req->form[0] != NULL) +
                 (req->read != NULL);
    if (!li__is_token(li_cstr(li__method(req)))) return "method";
    if (li__run(query, 0, li__pathchar, '?') != query.len) return "query";
    if (bodies > 1 || (req->body.len && !req->body.ptr)) return "body";
    if (!li__is_value(li_cstr(client->user_agent))) return "user_agent";
    if (li__carries_token(req, to) &&
        !li__is_secret_ok(li_cstr(li__access_token(client))))
        return "access_token";
    if (li__needs_version(to) && !li__is_version(li_cstr(client->version)))
        return "version";
    return li__wrong_headers(req);
}

static void li__put_port(const li_url *url, li_buf *out)
{
    if (url->port != (url->tls ? 443 : 80)) {
        li__putc(out, ':');
        li_put_int(out, url->port);
    }
}

static void li__put_authority(const li_url *url, li_buf *out)
{
    li_put(out, url->host);
    li__put_port(url, out);
}

static void li__put_origin(const li_url *url, li_buf *out)
{
    li__puts(out, url->tls ? "https://" : "http://");
    li__put_authority(url, out);
}

/* Path and query, RFC 9112 section 3.2.1. */
static void li__put_target(const li_req *req, const li_url *url, li_buf *out)
{
    li_put(out, url->path);
    if (url->query.ptr || req->query)
        li__putc(out, '?');
    li_put(out, url->query);
    if (url->query.len && req->query && *req->query)
        li__putc(out, '&');
    li__puts(out, req->query);
}

/* RFC 9110 section 8.6; LinkedIn answers 411 to a POST without it. */
LI__APART void li__put_length(const char *method, uint64_t len, li_buf *out)
{
    if (!len && li__is_one_of(method, "GET\0HEAD\0DELETE\0")) return;
    li__puts(out, "Content-Length: ");
    li_put_int(out, (int64_t)len);
    li__puts(out, "\r\n");
}

/* The four texts of a record, in their order in mem. */
static li_str li__token_text(const li_token *token, unsigned i)
{
    const li_str *const texts[4] = {&token->refresh_token,
                                    &token->access_token, &token->id_token,
                                    &token->scope};
    return *texts[i];
}

/* >>answer ---------------------------------------------------------------- */

/* What a call is doing; >>call has the table of what leads where. ASK: before a
   try client.again has its say. FED: by li_feed_, another stack frames the
   answer. DONE and FAILED end a try, OVER the call: again knows of its end. */
enum {
    LI__WAIT, LI__ASK, LI__OPEN, LI__SEND,
    LI__HEAD, LI__LENGTH, LI__CHUNK, LI__TRAILER, LI__TAIL,
    LI__FED_HEAD, LI__FED_BODY,
    LI__DONE, LI__FAILED, LI__OVER
};
/* SENT: all of it, or the peer reads no more and may have answered. LENGTH,
   CHUNKED, TAIL: so the head frames the body. STALE: a kept connection was
   dead. AGAIN: another try, after a wait; AWAKE: another try now. */
enum {
    LI__ON_ASKED, LI__ON_OPENED, LI__ON_SENT,
    LI__ON_LENGTH, LI__ON_CHUNKED, LI__ON_TAIL, LI__ON_LAST_CHUNK,
    LI__ON_FED, LI__ON_FED_BODY,
    LI__ON_END, LI__ON_STALE, LI__ON_AGAIN, LI__ON_AWAKE, LI__ON_SETTLED,
    LI__EVENT = 64 /* above all results: an event */
};

/* priv.flags */
#define LI__F_REUSED 1u   /* on a connection that carried a call before */
#define LI__F_REPEATED 2u /* the one repetition is spent */
#define LI__F_BROKEN 4u   /* the peer stopped reading the request */
#define LI__F_GOT 8u      /* bytes of an answer have come */
#define LI__F_INSIDE 16u  /* a hook is being called: no step within a step */
#define LI__F_TAKEN 32u   /* the sink has taken something */
#define LI__F_TIMED 64u   /* li_tick() was called */
#define LI__F_FINAL 128u  /* no further try */

/* priv.framing */
#define LI__H_LENGTH 1u
#define LI__H_CHUNKED 2u
#define LI__H_CLOSE 4u
#define LI__H_KEEP 8u
#define LI__H_MINOR 16u /* HTTP/1.1 or later */

/* priv.part: where in a line or chunk the bytes have come to. START is of a
   header line, or of the empty line; up to END_LF it is within a line that must
   stay whole. SIZE is the first digit of a chunk's. */
enum {
    LI__P_STATUS, LI__P_REASON, LI__P_START, LI__P_NAME, LI__P_VALUE, LI__P_LF,
    LI__P_END_LF,
    LI__P_SIZE, LI__P_SIZE_MORE, LI__P_SIZE_SPACE, LI__P_EXTENSION,
    LI__P_SIZE_LF, LI__P_DATA, LI__P_DATA_CR, LI__P_DATA_LF
};

/* Where further tries may follow, a sink gets none of what is no success. */
LI__INLINE int li__has_sink(const li_call *call)
{
    return call->req->sink && (!call->client->again || call->status / 100 == 2);
}

static li_rc li__sink(li_call *call, li_str piece)
{
    li_rc rc = call->req->sink(call->req->user, piece);
    call->priv.flags |= LI__F_TAKEN;
    if (call->priv.state >= LI__DONE) return call->rc; /* it gave up */
    if (!rc) return rc;
    call->priv.flags |= LI__F_FINAL;
    return rc < 0 ? rc : LI_E_STATE; /* it cannot wait */
}

static li_rc li__deliver(li_call *call, size_t from, size_t len)
{
    if (!li__has_sink(call) || !len) {
        call->body.len += len;
        return LI_OK;
    }
    return li__sink(call, li__str(call->priv.buf + from, len));
}

/* So many of n bytes as are left of the body or chunk. */
static size_t li__of_left(const li_call *call, size_t n)
{
    return n < call->priv.left ? n : (size_t)call->priv.left;
}

/* Where the next byte worth keeping goes. */
static size_t li__keep_end(const li_call *call)
{
    if (call->priv.state == LI__HEAD) return call->priv.kept_end;
    return (size_t)(call->body.ptr - call->priv.buf) + call->body.len;
}

/* Moves what came, from `from` on, down to `to`. */
static void li__shift(li_call *call, size_t from, size_t to)
{
    size_t by = from - to;
    LI_MEMMOVE(call->priv.buf + to, call->priv.buf + from,
               call->priv.end - from);
    call->priv.at -= by;
    call->priv.end -= by;
    if (call->priv.part <= LI__P_END_LF) {
        call->priv.line -= by;
        call->priv.colon -= by;
    }
}

/* The buffer is full: drops what is read, or moves the body down over it. */
static li_rc li__make_room(li_call *call, size_t from, size_t keep)
{
    if (from > keep)
        li__shift(call, from, keep);
    else if (call->priv.state > LI__HEAD) {
        size_t start = (size_t)(call->body.ptr - call->priv.buf);
        li__shift(call, start, call->priv.kept_end);
        call->body.ptr = call->priv.buf + call->priv.kept_end;
    }
    return call->priv.end < call->priv.cap ? LI_WANT_READ : LI_E_SPACE;
}

static size_t li__least(size_t a, uint64_t b)
{
    a = a < b ? a : (size_t)b;
    return a < 0xffff ? a : 0xffff;
}

/* Bytes are wanted. All that is read may be dropped, but for the line that
   has begun and must stay whole. */
LI__INLINE li_rc li__want(li_call *call)
{
    size_t keep = li__keep_end(call), from = call->priv.at, room;
    if (call->priv.part <= LI__P_END_LF)
        from = call->priv.line;
    else if (from == call->priv.end)
        call->priv.at = call->priv.end = from = keep;
    room = call->priv.cap - call->priv.end;
    if (!room) return li__make_room(call, from, keep);
    /* pieces that end before the body does, and lie right behind it, need no
       look: li__take_ready() */
    if (LI__SHORT_CUTS && call->priv.part == LI__P_DATA && call->priv.left &&
        !li__has_sink(call))
        call->priv.ready = (uint16_t)li__least(room, call->priv.left - 1);
    return LI_WANT_READ;
}

/* Headers that are not kept, but mean something. */
enum {
    LI__H_LENGTH_ID = LI_H_COUNT, LI__H_TRANSFER_ID, LI__H_CONNECTION_ID,
    LI__H_ENCODING_ID
};

/* One name of each length from 8 to 17, but two of 11, one behind the other. */
static const char li__kept_names[] =
    "location" "x-li-uuid" "connection" "retry-after" "x-restli-id"
    "content-type" "x-linkedin-id" "content-length" "x-li-request-id"
    "content-encoding" "transfer-encoding";
static const uint8_t li__kept_ids[] = {
    LI_H_LOCATION,     LI_H_LI_UUID,   LI__H_CONNECTION_ID, LI_H_RETRY_AFTER,
    LI_H_RESTLI_ID,    LI_H_CONTENT_TYPE, LI_H_RESTLI_ID, LI__H_LENGTH_ID,
    LI_H_REQUEST_ID,   LI__H_ENCODING_ID, LI__H_TRANSFER_ID};

/* The id of a header that means something here, or 255. */
LI__INLINE unsigned li__kept_id(li_str name)
{
    static const uint8_t place[] = {0, 8, 17, 27, 38, 49, 61, 74, 88, 103, 119};
    const char *kept;
    size_t i = name.len, k = LI__SHORT_CUTS ? 8 : 0;
    uint64_t first, want;
    if (i < 8) return 255;
    i -= 8;
    i += i > 3 || (i == 3 && (name.ptr[0] | 32) == 'x');
    if (i >= sizeof li__kept_ids) return 255;
    kept = li__kept_names + place[i];
    LI_MEMCPY(&first, name.ptr, 8);
    LI_MEMCPY(&want, kept, 8);
    if (k && (first | 0x2020202020202020u) != want)
        return 255; /* a name is a token: "| 32" lowers it */
    for (; k < name.len; k++)
        if ((name.ptr[k] | 32) != kept[k]) return 255;
    return li__kept_ids[i];
}

/* Keeps a value at the buffer's front, read already; of two, the first. */
static void li__keep(li_call *call, unsigned id, li_str value)
{
    if (!value.len || call->priv.kept[id].len) return;
    LI_MEMMOVE(call->priv.buf + call->priv.kept_end, value.ptr, value.len);
    call->priv.kept[id].at = call->priv.kept_end;
    call->priv.kept[id].len = (uint16_t)value.len;
    call->priv.kept_end = (uint16_t)(call->priv.kept_end + value.len);
}

LINKEDIN_API li_str li_header(const li_call *call, li_kept which)
{
    unsigned id = (unsigned)which;
    if (id >= LI_H_COUNT || !call->priv.kept[id].len) return li__str(NULL, 0);
    return li__str(call->priv.buf + call->priv.kept[id].at,
                   call->priv.kept[id].len);
}

/* RFC 9112 section 6.2: one, digits only, below 2^64. */
static li_rc li__on_length(li_call *call, li_str value)
{
    uint64_t sum = 0;
    size_t i;
    if (!value.len || (call->priv.framing & LI__H_LENGTH)) return LI_E_PROTOCOL;
    for (i = 0; i < value.len; i++) {
        unsigned digit = li__digit(value.ptr[i]);
        if (digit > 9 || sum > (UINT64_MAX - 9) / 10) return LI_E_PROTOCOL;
        sum = (sum << 3) + (sum << 1) + digit;
    }
    call->priv.left = sum;
    call->priv.framing |= LI__H_LENGTH;
    return LI_OK;
}

/* RFC 9112 section 6.1: nothing but one "chunked", not in HTTP/1.0. */
static li_rc li__on_coding(li_call *call, li_str value)
{
    if ((call->priv.framing & LI__H_CHUNKED) ||
        !(call->priv.framing & LI__H_MINOR) || !li__is_nocase(value, "chunked"))
        return LI_E_PROTOCOL;
    call->priv.framing |= LI__H_CHUNKED;
    return LI_OK;
}

/* RFC 9112 section 9.3 */
static void li__on_connection(li_call *call, li_str value)
{
    while (value.len) {
        li_str option = li__trim(li__upto(&value, ','));
        if (li__is_nocase(option, "close"))
            call->priv.framing |= LI__H_CLOSE;
        if (li__is_nocase(option, "keep-alive"))
            call->priv.framing |= LI__H_KEEP;
    }
}

/* RFC 9110 section 8.4: the request has asked for none, so that the body would
   be taken for what it is not. */
static li_rc li__on_encoding(li_str value)
{
    return !value.len || li__is_nocase(value, "identity") ? LI_OK
                                                          : LI_E_PROTOCOL;
}

/* A header line of an answer is whole. */
static li_rc li__on_header(li_call *call, li_str name, li_str value)
{
    const li_req *req = call->req;
    unsigned id;
    if (call->status < 200)
        return LI_OK; /* of an interim answer: it concerns nobody */
    if (req->on_header) {
        req->on_header(req->user, name, value);
        if (call->priv.state >= LI__DONE) return call->rc; /* it gave up */
    }
    if (call->priv.state == LI__TRAILER)
        return LI_OK; /* RFC 9110 section 6.5.1: trailers change nothing */
    id = li__kept_id(name);
    if (id == 255) return LI_OK;
    if (id < LI_H_COUNT)
        li__keep(call, id, value);
    else if (id == LI__H_LENGTH_ID)
        return li__on_length(call, value);
    else if (id == LI__H_TRANSFER_ID)
        return li__on_coding(call, value);
    else if (id == LI__H_CONNECTION_ID)
        li__on_connection(call, value);
    else
        return li__on_encoding(value);
    return LI_OK;
}

/* RFC 9112 section 4, byte by byte: "HTTP/1." digit, space, three digits,
   then the end or a space. LI_WANT_READ where the bytes end. */
static li_rc li__status_line(li_call *call)
{
    static const char shape[] = "HTTP/1.# ###";
    li_str s = li__str(call->priv.buf, call->priv.end);
    size_t at = call->priv.at, i = at - call->priv.line;
    if (LI__SHORT_CUTS && !i && li__starts(li__cut(s, at, s.len), "HTTP/1.1")) {
        call->priv.framing = LI__H_MINOR; /* the usual one, at once */
        at += i = 8;
    }
    for (; at < s.len && i < 12; at++, i++) {
        unsigned digit = li__digit(s.ptr[at]);
        if (shape[i] != '#' ? s.ptr[at] != shape[i] : digit > 9)
            return LI_E_PROTOCOL;
        if (i == 7)
            call->priv.framing = digit ? LI__H_MINOR : 0;
        if (i > 8)
            call->status = call->status * 10 + (int)digit;
    }
    call->priv.at = at;
    if (at >= s.len) return LI_WANT_READ;
    if ((s.ptr[at] != ' ' && s.ptr[at] != '\r') || call->status < 100)
        return LI_E_PROTOCOL;
    call->priv.part = LI__P_REASON;
    return LI_OK;
}

/* From i on, the first byte that no name may hold, or the end. The common
   ones, letters and "-", eight at once. */
LI__WRAPS LI__INLINE size_t li__name_end(li_str s, size_t i)
{
#if UINTPTR_MAX > 0xffffffffu && LI__LITTLE_ENDIAN
    const uint64_t one = 0x0101010101010101u;
    while (s.len >= 8 && i <= s.len - 8) { /* as li__plain() */
        uint64_t x, y, odd;
        LI_MEMCPY(&x, s.ptr + i, 8);
        y = x | one * 0x20;
        odd = ~(y + one * 0x1f) | (y + one * 0x05);
        odd &= (x ^ one * '-') + one * 0x7f;
        odd = (odd | x) & one * 0x80;
        if (!odd) {
            i += 8;
            continue;
        }
        i += (size_t)__builtin_ctzll(odd) >> 3;
        if (s.ptr[i] == ':' || !li__in(li__token, (unsigned char)s.ptr[i]))
            return i;
        i++;
    }
#endif
    while (i < s.len && li__in(li__token, (unsigned char)s.ptr[i]))
        i++;
    return i;
}

/* A line is over: counts it against the limits, and takes a header. */
LI__APART_SMALL li_rc li__end_line(li_call *call)
{
    li_str s = li__str(call->priv.buf, call->priv.at);
    size_t line = call->priv.line, colon = call->priv.colon;
    size_t len = s.len - line;
    call->priv.line = call->priv.colon = s.len;
    call->priv.part = LI__P_START;
    if (len > call->priv.head_left || !call->priv.lines_left) return LI_E_LIMIT;
    call->priv.head_left -= (uint32_t)len;
    call->priv.lines_left--;
    if (colon <= line) return LI_OK;
    return li__on_header(call, li__str(s.ptr + line, colon - line),
                         li__trim(li__str(s.ptr + colon + 1,
                                          s.len - colon - 3)));
}

/* A header line, as far as it is here. LI_WANT_OPEN: the whole head ended. */
static li_rc li__line(li_call *call)
{
    li_str s = li__str(call->priv.buf, call->priv.end);
    size_t i = call->priv.at;
    uint8_t part = call->priv.part;
    if (part == LI__P_STATUS) return li__status_line(call);
    if (part == LI__P_START && i < s.len) {
        part = s.ptr[i] == '\r' ? LI__P_END_LF : LI__P_NAME;
        i += part == LI__P_END_LF;
    }
    if (part == LI__P_NAME && (i = li__name_end(s, i)) < s.len) {
        if (s.ptr[i] != ':' || i == call->priv.line) return LI_E_PROTOCOL;
        call->priv.colon = i++;
        part = LI__P_VALUE;
    }
    if ((part == LI__P_VALUE || part == LI__P_REASON) &&
        (i = li__value_end(s, i)) < s.len) {
        if (s.ptr[i++] != '\r')
            return LI_E_PROTOCOL; /* RFC 9112 section 2.2: no bare LF */
        part = LI__P_LF;
    }
    call->priv.at = i;
    call->priv.part = part;
    if (i >= s.len)
        return part <= LI__P_VALUE && i - call->priv.line > call->priv.head_left
                   ? LI_E_LIMIT : LI_WANT_READ;
    call->priv.at++;
    if (s.ptr[i] != '\n') return LI_E_PROTOCOL; /* nor a bare CR */
    return part == LI__P_LF ? li__end_line(call) : LI_WANT_OPEN;
}

/* Reads header lines up to the empty one: LI_OK when it has come. */
static li_rc li__lines(li_call *call)
{
    li_rc rc;
    do {
        rc = li__line(call);
    } while (!rc);
    if (rc == LI_WANT_OPEN) return LI_OK;
    return rc == LI_WANT_READ ? li__want(call) : rc;
}

/* A body of known length that no sink takes must fit behind what is kept. */
static int li__fit(li_call *call)
{
    size_t kept = call->priv.kept_end;
    if (li__has_sink(call) || call->priv.left <= call->priv.cap - kept)
        return LI__EVENT + LI__ON_LENGTH;
    call->need = call->priv.left > SIZE_MAX - kept
                     ? SIZE_MAX : (size_t)call->priv.left + kept;
    return LI_E_SPACE;
}

/* RFC 9112 section 6.3: what frames the body. */
static int li__framed(li_call *call)
{
    unsigned framing = call->priv.framing;
    if ((framing & LI__H_LENGTH) && (framing & LI__H_CHUNKED))
        return LI_E_PROTOCOL;
    call->keep_alive = !(framing & LI__H_CLOSE) &&
                       (framing & (LI__H_MINOR | LI__H_KEEP)) &&
                       !(call->priv.flags & LI__F_BROKEN);
    call->body = li__str(call->priv.buf + call->priv.at, 0);
    if (call->status == 204 || call->status == 304 ||
        li__is(li__method(call->req), "HEAD"))
        return LI__EVENT + LI__ON_END;
    call->priv.part = LI__P_DATA;
    if (framing & LI__H_LENGTH) return li__fit(call);
    if (!(framing & LI__H_CHUNKED)) {
        call->keep_alive = 0;
        return LI__EVENT + LI__ON_TAIL;
    }
    call->priv.part = LI__P_SIZE;
    call->priv.chunk_left = LI_MAX_CHUNK_LINE;
    return LI__EVENT + LI__ON_CHUNKED;
}

/* A 204 that tells of a body has none, but who wrote it may send one. */
static int li__is_doubtful(const li_call *call)
{
    return call->status == 204 &&
           (call->priv.left || (call->priv.framing & LI__H_CHUNKED));
}

/* The readers of the states of an answer, each as far as the bytes go: a
   result, or the event that ends the state, above LI__EVENT. */
static int li__read_head(li_call *call)
{
    li_rc rc = li__lines(call);
    if (rc) return rc;
    call->priv.line = call->priv.colon = call->priv.at;
    if (call->status == 101) return LI_E_PROTOCOL;
    if (call->status >= 200) {
        return li__framed(call);
    }
    /* RFC 9110 section 15.2: an interim answer; the real one follows */
    call->status = 0;
    call->priv.part = LI__P_STATUS;
    return LI_OK;
}

/* The body, up to what its framing or what has come allows. */
static int li__read_plain(li_call *call)
{
    size_t from = call->priv.at, n = call->priv.end - from;
    int counted = call->priv.state == LI__LENGTH;
    li_rc rc;
    if (counted)
        call->priv.left -= n = li__of_left(call, n);
    call->priv.at += n;
    rc = li__deliver(call, from, n);
    if (rc || !counted || call->priv.left) return rc ? rc : li__want(call);
    return LI__EVENT + LI__ON_END;
}

/* The part behind a byte of a chunk's framing (RFC 9112 section 7.1), or
   LI__P_STATUS if the byte may not stand there. */
LI__INLINE uint8_t li__frame_byte(uint8_t part, uint64_t *left, unsigned char c)
{
    unsigned v;
    if (c == '\n')
        return part == LI__P_DATA_LF   ? LI__P_SIZE
               : part != LI__P_SIZE_LF ? LI__P_STATUS
               : *left ? LI__P_DATA : LI__P_START;
    if (c == '\r')
        return part == LI__P_DATA_CR ? LI__P_DATA_LF
               : part == LI__P_SIZE_MORE || part == LI__P_EXTENSION
                   ? LI__P_SIZE_LF : LI__P_STATUS;
    v = part <= LI__P_SIZE_MORE ? li__hex(c) : 16;
    if (v < 16) {
        if (*left >> 60) return LI__P_STATUS;
        *left = *left << 4 | v;
        return LI__P_SIZE_MORE;
    }
    if (part == LI__P_SIZE || part >= LI__P_SIZE_LF || (c < ' ' && c != '\t'))
        return LI__P_STATUS;
    if (part == LI__P_EXTENSION)
        return c == 0x7f ? LI__P_STATUS : LI__P_EXTENSION;
    if (c == ';') return LI__P_EXTENSION;
    return c == ' ' || c == '\t' ? LI__P_SIZE_SPACE : LI__P_STATUS;
}

/* What stands between the data of two chunks, as far as it is here. */
static li_rc li__chunk_frame(li_call *call)
{
    uint64_t left = call->priv.left;
    size_t i = call->priv.at, end = call->priv.end;
    uint16_t room = call->priv.chunk_left;
    uint8_t part = call->priv.part;
    while (i < end && part > LI__P_END_LF && part != LI__P_DATA) {
        if (part < LI__P_SIZE_LF) {
            if (!room) return LI_E_LIMIT;
            room--;
        }
        part = li__frame_byte(part, &left, (unsigned char)call->priv.buf[i++]);
    }
    if (part == LI__P_STATUS) return LI_E_PROTOCOL;
    call->priv.left = left;
    call->priv.chunk_left = room;
    call->priv.at = call->priv.line = call->priv.colon = i;
    call->priv.part = part;
    return LI_OK;
}

/* Data of a chunk: moved down to close the gap that the framing left. */
static li_rc li__chunk_data(li_call *call)
{
    size_t from = call->priv.at, to;
    size_t n = li__of_left(call, call->priv.end - from);
    call->priv.at += n;
    call->priv.left -= n;
    if (!call->priv.left) {
        call->priv.part = LI__P_DATA_CR;
        call->priv.chunk_left = LI_MAX_CHUNK_LINE;
    }
    if (li__has_sink(call)) return li__deliver(call, from, n);
    if (!call->body.len)
        call->body.ptr = call->priv.buf + from;
    to = li__keep_end(call);
    if (from > to)
        LI_MEMMOVE(call->priv.buf + to, call->priv.buf + from, n);
    return li__deliver(call, to, n);
}

static int li__read_chunks(li_call *call)
{
    li_rc rc = LI_OK;
    while (!rc && call->priv.part > LI__P_END_LF) {
        if (call->priv.at == call->priv.end) return li__want(call);
        rc = call->priv.part == LI__P_DATA ? li__chunk_data(call)
                                           : li__chunk_frame(call);
    }
    return rc ? (int)rc : LI__EVENT + LI__ON_LAST_CHUNK;
}

static int li__read_trailers(li_call *call)
{
    li_rc rc = li__lines(call);
    return rc ? (int)rc : LI__EVENT + LI__ON_END;
}

/* >>call ------------------------------------------------------------------ */

/* The whole engine: in this state, on this event, that state; what is not here
   is LI_E_STATE. Any state fails by li__call_fail(). */
#define LI__WHEN(state, event) ((state) << 4 | (event))
static const uint8_t li__next[][2] = {
    /* the usual way */
    {LI__WHEN(LI__ASK, LI__ON_ASKED), LI__OPEN},
    {LI__WHEN(LI__OPEN, LI__ON_OPENED), LI__SEND},
    {LI__WHEN(LI__SEND, LI__ON_SENT), LI__HEAD},
    {LI__WHEN(LI__HEAD, LI__ON_LENGTH), LI__LENGTH},
    {LI__WHEN(LI__LENGTH, LI__ON_END), LI__DONE},
    {LI__WHEN(LI__DONE, LI__ON_SETTLED), LI__OVER},
    /* other bodies */
    {LI__WHEN(LI__HEAD, LI__ON_CHUNKED), LI__CHUNK},
    {LI__WHEN(LI__CHUNK, LI__ON_LAST_CHUNK), LI__TRAILER},
    {LI__WHEN(LI__TRAILER, LI__ON_END), LI__DONE},
    {LI__WHEN(LI__HEAD, LI__ON_TAIL), LI__TAIL},
    {LI__WHEN(LI__TAIL, LI__ON_END), LI__DONE},
    {LI__WHEN(LI__HEAD, LI__ON_END), LI__DONE},
    /* further tries */
    {LI__WHEN(LI__FAILED, LI__ON_SETTLED), LI__OVER},
    {LI__WHEN(LI__SEND, LI__ON_STALE), LI__OPEN},
    {LI__WHEN(LI__HEAD, LI__ON_STALE), LI__OPEN},
    {LI__WHEN(LI__ASK, LI__ON_AGAIN), LI__WAIT},
    {LI__WHEN(LI__DONE, LI__ON_AGAIN), LI__WAIT},
    {LI__WHEN(LI__FAILED, LI__ON_AGAIN), LI__WAIT},
    {LI__WHEN(LI__WAIT, LI__ON_AWAKE), LI__ASK},
    {LI__WHEN(LI__DONE, LI__ON_AWAKE), LI__ASK},
    {LI__WHEN(LI__FAILED, LI__ON_AWAKE), LI__ASK},
    /* the third door */
    {LI__WHEN(LI__ASK, LI__ON_FED), LI__FED_HEAD},
    {LI__WHEN(LI__OPEN, LI__ON_FED), LI__FED_HEAD},
    {LI__WHEN(LI__SEND, LI__ON_FED), LI__FED_HEAD},
    {LI__WHEN(LI__HEAD, LI__ON_FED), LI__FED_HEAD},
    {LI__WHEN(LI__FED_HEAD, LI__ON_FED), LI__FED_HEAD},
    {LI__WHEN(LI__FED_HEAD, LI__ON_FED_BODY), LI__FED_BODY},
    {LI__WHEN(LI__FED_BODY, LI__ON_FED_BODY), LI__FED_BODY},
    {LI__WHEN(LI__FED_HEAD, LI__ON_END), LI__DONE},
    {LI__WHEN(LI__FED_BODY, LI__ON_END), LI__DONE}};

/* How the record's token stands to the call: >>again has its table. */
enum {
    LI__NO_TOKEN, /* the request carries none of the record */
    LI__CARRIED,
    LI__REFUSED,       /* a new one is needed */
    LI__REFRESH_EARLY, /* req is the refresh: the token was due */
    LI__REFRESH_NEEDED /* likewise: it was refused */
};

static int li__is_refreshing(const li_call *call)
{
    return call->priv.token >= LI__REFRESH_EARLY;
}

/* Names for the states, in their order; the empty ones are not told. */
static const char li__steps[] = "wait\0\0open\0send\0head\0body\0body\0\0"
                                "body\0head\0body\0done\0failed\0";

static void li__trace(const li_call *call)
{
    const char *step;
    if (!call->client || !call->client->trace) return;
    step = li__nth(li__steps, call->priv.state);
    if (*step)
        call->client->trace(call->client->user, call, step);
}

/* Everything of the work buffer is sent, or of no use: a secret. */
static void li__out_done(li_call *call)
{
    li_wipe(call->priv.buf, call->priv.out_end);
    call->priv.out_at = call->priv.out_end = 0;
}

static li_rc li__call_fail(li_call *call, li_rc rc)
{
    if (call->priv.state >= LI__FAILED && call->rc < 0)
        return call->rc; /* the first failure stays */
    if (call->priv.state < LI__HEAD)
        li__out_done(call);
    if (call->priv.state != LI__OVER)
        call->priv.state = LI__FAILED;
    call->priv.ready = 0;
    call->keep_alive = 0;
    call->rc = rc;
    li__trace(call);
    return rc;
}

static li_rc li__call_wrong(li_call *call, const char *name)
{
    call->wrong = name;
    return li__call_fail(call, LI_E_ARG);
}

/* A step of such a table; 255 where it has none. */
static uint8_t li__lookup(const uint8_t (*table)[2], size_t rows, unsigned when)
{
    for (; rows; rows--, table++)
        if ((*table)[0] == when) return (*table)[1];
    return 255;
}

static li_rc li__enter(li_call *call, unsigned event)
{
    uint8_t state = call->priv.state;
    uint8_t next = li__lookup(li__next, sizeof li__next / 2,
                              LI__WHEN((unsigned)state, event));
    if (next == 255) return li__call_fail(call, LI_E_STATE);
    call->priv.state = next;
    if (next != state)
        li__trace(call);
    return LI_OK;
}

/* ---- the request */

/* Writes the head, and a form behind it, into the work buffer. */
LI__APART li_rc li__put_head(li_call *call, const li__target *to)
{
    li_buf out = li_buf_of(call->priv.buf, call->priv.cap);
    const li_req *req = call->req;
    const char *method = li__method(req);
    uint64_t len = li__body_len(req);
    li__puts(&out, method);
    li__puts(&out, " ");
    li__put_target(req, &to->url, &out);
    li__puts(&out, " HTTP/1.1\r\nHost: ");
    li__put_authority(&to->url, &out);
    li__puts(&out, "\r\n");
    li__put_headers(call->client, req, to, li__put_header, &out);
    li__put_length(method, len, &out);
    li__puts(&out, "\r\n");
    call->priv.line = out.len;
    li__put_fields(req, &out);
    call->priv.head_left = LI_MAX_HEAD;
    call->priv.lines_left = LI_MAX_HEADERS;
    call->priv.out_at = 0;
    call->priv.out_end = out.len;
    call->priv.left = req->form[0] ? 0 : len;
    if (!out.rc) return LI_OK;
    call->priv.out_end = call->priv.cap; /* wiped whole */
    call->need = out.need;
    return li__call_fail(call, LI_E_SPACE);
}

/* Checks and builds; again before a repetition. */
static li_rc li__prepare(li_call *call)
{
    li__target to;
    const char *wrong = li__resolve(call->client, call->req, &to);
    if (!wrong)
        wrong = li__wrong_req(call->client, call->req, &to);
    if (wrong) return li__call_wrong(call, wrong);
    if (to.url.host.len > LI_MAX_HOST || call->req->read_len > INT64_MAX)
        return li__call_fail(call, LI_E_LIMIT);
    if (li__carries_token(call->req, &to) && call->client->token &&
        !call->client->access_token) {
        if (call->priv.token == LI__NO_TOKEN)
            call->priv.token = LI__CARRIED;
        call->priv.print = call->client->token->priv.print;
    }
    call->priv.host = to.url.host.ptr;
    call->priv.host_len = (uint8_t)to.url.host.len;
    call->priv.port = to.url.port;
    call->priv.tls = to.url.tls;
    return li__put_head(call, &to);
}

LINKEDIN_API li_rc li_begin(li_call *call, const li_client *client,
                            const li_req *req, void *buf, size_t cap)
{
    LI_MEMSET(call, 0, sizeof *call);
    call->client = client;
    call->req = req;
    call->priv.buf = (char *)buf;
    call->priv.cap = buf ? cap : 0;
    if (!client || !req) return li__call_wrong(call, client ? "req" : "client");
    if (req->wrong) {
        li__call_wrong(call, req->wrong);
        if (req->wrong_rc == LI_E_SPACE) call->rc = LI_E_SPACE;
        return call->rc;
    }
    call->rc = LI_WANT_OPEN;
    call->wake_ms = UINT64_MAX;
    call->priv.state = LI__ASK;
    return li__prepare(call) ? call->rc : LI_OK;
}

LINKEDIN_API li_rc li_target(const li_call *call, li_url *target)
{
    li__target to;
    if (!call->req || !call->client) return LI_E_STATE;
    if (li__resolve(call->client, call->req, &to)) return LI_E_ARG;
    *target = to.url;
    return LI_OK;
}

LINKEDIN_API li_str li_head(const li_call *call)
{
    int there = call->priv.state < LI__HEAD && !call->priv.out_at &&
                call->priv.out_end;
    return li__str(call->priv.buf, there ? call->priv.line : 0);
}

LINKEDIN_API li_str li_body(const li_call *call)
{
    if (!call->req || (!call->req->form[0] && !call->req->body.ptr))
        return li__str(NULL, 0);
    if (!call->req->form[0]) return call->req->body;
    if (!li_head(call).len) return li__str(NULL, 0);
    return li__str(call->priv.buf + call->priv.line,
                   call->priv.out_end - call->priv.line);
}

LINKEDIN_API li_rc li_put_url(const li_call *call, li_buf *out)
{
    li_url url;
    li_rc rc = li_target(call, &url);
    if (rc) return li__buf_fail(out, rc);
    li__put_origin(&url, out);
    li__put_target(call->req, &url, out);
    return out->rc;
}

/* ---- tries */

static const li_policy li__no_policy = {0, 0, 0, 0, 0, 0, 0, 0, NULL};

static const li_policy *li__policy(const li_call *call)
{
    const li_req *req = li__is_refreshing(call) ? call->priv.own : call->req;
    if (req && req->policy) return req->policy;
    return call->client && call->client->policy ? call->client->policy
                                                : &li__no_policy;
}

static unsigned li__tries(const li_call *call)
{
    unsigned tries = li__policy(call)->tries;
    return tries > LI_TRIES ? LI_TRIES : tries ? tries : 4;
}

/* A try is over, and another one will follow. */
static void li__count(li_call *call, int how)
{
    if (li__is_refreshing(call)) {
        call->priv.renewals++;
        return;
    }
    if (call->tries && call->tries <= LI_TRIES)
        call->tried[call->tries - 1] = (int16_t)how;
    call->priv.acted = call->sent;
    call->tries++;
}

/* Between two tries: the client's hook moves the call on. It is asked before
   each try, when a wait is over, and behind each try, the last one too, so
   that it lets go of what it holds. */
LI__APART li_rc li__ask(li_call *call)
{
    li_rc (*again)(li_call *) = call->client ? call->client->again : NULL;
    if (call->priv.state == LI__DONE)
        call->rc = LI_OK;
    if ((call->priv.flags & LI__F_INSIDE) || call->priv.state == LI__OVER)
        return call->rc;
    do {
        int first = call->priv.state == LI__ASK;
        call->priv.flags |= LI__F_INSIDE;
        if (again)
            again(call);
        else if (first)
            call->tries = 1;
        call->priv.flags &= (uint8_t)~LI__F_INSIDE;
        if (first && call->priv.state == LI__ASK)
            li__enter(call, LI__ON_ASKED);
        else if (call->priv.state >= LI__DONE)
            li__enter(call, LI__ON_SETTLED);
    } while (call->priv.state == LI__ASK);
    return call->rc;
}

/* ---- time */

/* Since when the present limit counts, and how long it is; 0: there is none.
   A new byte or a new state begins it anew. */
static uint32_t li__limit(li_call *call, const li_policy *policy)
{
    unsigned state = call->priv.state;
    int silent = state == LI__HEAD && !(call->priv.flags & LI__F_GOT);
    uint32_t moved;
    if (state == LI__ASK)
        state = LI__OPEN;
    moved = (uint32_t)(call->bytes_in + call->bytes_out) << 4 | state;
    if (moved != call->priv.moved)
        call->priv.since = call->now_ms;
    call->priv.moved = moved;
    return state == LI__WAIT   ? 0
           : state == LI__OPEN ? policy->connect_ms
           : silent ? policy->first_byte_ms : policy->idle_ms;
}

static void li__set_clock(li_call *call, uint64_t now_ms)
{
    if (!(call->priv.flags & LI__F_TIMED)) {
        call->priv.flags |= LI__F_TIMED;
        call->priv.began = now_ms;
        /* a wait that no clock began; who has none tells wake_ms itself */
        if (call->priv.state == LI__WAIT && now_ms != call->wake_ms)
            call->wake_ms += now_ms;
    }
    call->now_ms = now_ms;
}

LINKEDIN_API li_rc li_tick(li_call *call, uint64_t now_ms)
{
    const li_policy *policy = li__policy(call);
    uint64_t wake = UINT64_MAX, end = UINT64_MAX;
    uint32_t limit;
    if (call->priv.state >= LI__DONE) return call->rc;
    li__set_clock(call, now_ms);
    if (policy->total_ms)
        end = call->priv.began + policy->total_ms;
    if (call->priv.state == LI__WAIT && now_ms >= call->wake_ms)
        li__ask(call);
    limit = li__limit(call, policy);
    if (call->priv.state == LI__WAIT)
        wake = call->wake_ms;
    else if (limit)
        wake = call->priv.since + limit;
    if (now_ms >= end)
        call->priv.flags |= LI__F_FINAL;
    if (now_ms >= end || now_ms >= wake) return li_fail(call, LI_E_TIMEOUT);
    call->wake_ms = wake < end ? wake : end;
    return call->rc;
}

/* ---- sending */

LINKEDIN_API li_rc li_opened(li_call *call, int reused)
{
    if (call->priv.state == LI__ASK &&
        (li__ask(call) != LI_WANT_OPEN || li__is_refreshing(call)))
        return call->rc; /* a refresh comes first: to another host */
    if (call->priv.state != LI__OPEN)
        return call->rc < 0 ? call->rc : li__call_fail(call, LI_E_STATE);
    call->keep_alive = 0;
    call->priv.flags &= (uint8_t)~LI__F_REUSED;
    if (reused)
        call->priv.flags |= LI__F_REUSED;
    if ((call->priv.flags & LI__F_REPEATED) && li__prepare(call))
        return call->rc; /* the head was wiped once it was sent */
    call->rc = LI_WANT_WRITE;
    return li__enter(call, LI__ON_OPENED);
}

LINKEDIN_API li_str li_out_buf(const li_call *call)
{
    li_str body;
    if (call->priv.state != LI__SEND) return li__str(NULL, 0);
    if (call->priv.out_at < call->priv.out_end)
        return li__str(call->priv.buf + call->priv.out_at,
                       call->priv.out_end - call->priv.out_at);
    if (call->req->read) return li__str(NULL, 0);
    body = call->req->body;
    return li__cut(body, body.len - (size_t)call->priv.left, body.len);
}

LINKEDIN_API li_rc li_out_ack(li_call *call, size_t len)
{
    if (len > li_out_buf(call).len)
        return call->rc < 0 ? call->rc : li__call_fail(call, LI_E_STATE);
    if (len)
        call->sent = 1;
    call->bytes_out += len;
    if (call->priv.out_at == call->priv.out_end)
        call->priv.left -= len;
    else
        call->priv.out_at += len;
    return LI_OK;
}

static li_rc li__await(li_call *call)
{
    li__out_done(call);
    call->priv.left = 0; /* of the request, if it was broken off */
    call->priv.part = LI__P_STATUS;
    call->priv.line = call->priv.colon = 0;
    return li__enter(call, LI__ON_SENT);
}

static li_rc li__send(li_call *call)
{
    const li_req *req = call->req;
    size_t n = li__of_left(call, call->priv.cap), got;
    if (call->priv.out_at == call->priv.out_end && call->priv.out_end)
        li__out_done(call);
    if (call->priv.out_at == call->priv.out_end && call->priv.left &&
        req->read) {
        got = req->read(req->user, req->read_len - call->priv.left,
                        call->priv.buf, n);
        if (!got || got > n) return li__call_fail(call, LI_E_CANCELLED);
        call->priv.left -= got;
        call->priv.out_end = got;
    }
    if (li_out_buf(call).len) return LI_WANT_WRITE;
    return li__await(call);
}

/* ---- receiving */

/* Outside of a step, for the hook may step. */
static li_rc li__ask_between(li_call *call)
{
    call->priv.flags &= (uint8_t)~LI__F_INSIDE;
    li__ask(call);
    call->priv.flags |= LI__F_INSIDE;
    return call->priv.state == LI__WAIT ? LI_WANT_SLEEP : LI_OK;
}

LI__APART li_rc li__advance(li_call *call)
{
    int rc = LI_OK;
    call->priv.flags |= LI__F_INSIDE;
    while (!rc && call->priv.state < LI__DONE) {
        switch (call->priv.state) {
        case LI__WAIT: rc = LI_WANT_SLEEP; break;
        case LI__ASK: rc = li__ask_between(call); break;
        case LI__OPEN: rc = LI_WANT_OPEN; break;
        case LI__SEND: rc = li__send(call); break;
        case LI__HEAD: rc = li__read_head(call); break;
        case LI__CHUNK: rc = li__read_chunks(call); break;
        case LI__TRAILER: rc = li__read_trailers(call); break;
        case LI__LENGTH:
        case LI__TAIL: rc = li__read_plain(call); break;
        default: rc = LI_WANT_READ; break; /* li_feed_ goes on */
        }
        if (rc < 0)
            rc = li__call_fail(call, (li_rc)rc);
        else if (rc > LI__EVENT)
            rc = li__enter(call, (unsigned)(rc - LI__EVENT));
    }
    call->priv.flags &= (uint8_t)~LI__F_INSIDE;
    if (call->priv.state < LI__DONE) return call->rc = (li_rc)rc;
    if (call->priv.state == LI__FAILED || call->priv.at < call->priv.end)
        call->keep_alive = 0; /* or more came than was asked for */
    return li__ask(call);
}

LINKEDIN_API li_rc li_step(li_call *call)
{
    return LI__SHORT_CUTS && call->priv.ready ? LI_WANT_READ
                                              : li__advance(call);
}

LI__INLINE size_t li__in_room(const li_call *call)
{
    return call->priv.state >= LI__HEAD && call->priv.state <= LI__TAIL
               ? call->priv.cap - call->priv.end : 0;
}

LINKEDIN_API char *li_in_buf(const li_call *call, size_t *len)
{
    *len = LI__SHORT_CUTS && call->priv.ready
               ? call->priv.cap - call->priv.end : li__in_room(call);
    return *len ? call->priv.buf + call->priv.end : NULL;
}

/* Bytes that came while `ready` were part of the body as they came. */
static void li__take_ready(li_call *call)
{
    size_t n = call->priv.end - call->priv.at;
    if (!LI__SHORT_CUTS || !call->priv.ready) return;
    call->priv.ready = 0;
    call->priv.at += n;
    call->priv.left -= n;
    call->body.len += n;
}

LI__APART li_rc li__in_more(li_call *call, size_t len)
{
    if (len > li__in_room(call))
        return call->rc < 0 ? call->rc : li__call_fail(call, LI_E_STATE);
    li__take_ready(call);
    call->priv.end += len;
    call->bytes_in += len;
    if (len)
        call->priv.flags |= LI__F_GOT;
    return LI_OK;
}

LINKEDIN_API li_rc li_in_ack(li_call *call, size_t len)
{
    if (!LI__SHORT_CUTS || len >= call->priv.ready)
        return li__in_more(call, len);
    call->priv.ready = (uint16_t)(call->priv.ready - len);
    call->priv.end += len;
    call->bytes_in += len;
    return LI_OK;
}

/* From the start: a kept connection was dead (RFC 9112 section 9.3.1). */
static int li__may_repeat(const li_call *call)
{
    unsigned spent = LI__F_REPEATED | LI__F_GOT;
    unsigned tries = li__is_refreshing(call) ? call->priv.renewals
                                             : call->tries;
    if (!(call->priv.flags & LI__F_REUSED) || (call->priv.flags & spent) ||
        (call->client->again && tries >= li__tries(call)))
        return 0;
    return !call->sent || li__is_repeatable(call->req);
}

/* A first try that no step has begun: without a say of again. */
static void li__count_first(li_call *call)
{
    if (call->priv.state == LI__ASK && !call->tries)
        call->tries = 1;
}

/* What came before the end counts first. */
static uint8_t li__read_rest(li_call *call)
{
    li__take_ready(call);
    if (call->priv.state > LI__SEND && call->priv.at < call->priv.end &&
        !(call->priv.flags & LI__F_INSIDE))
        li_step(call);
    return call->priv.state;
}

LINKEDIN_API li_rc li_fail(li_call *call, li_rc why)
{
    uint8_t state = li__read_rest(call);
    if (state >= LI__DONE) return call->rc;
    if (why == LI_E_CANCELLED || (call->priv.flags & LI__F_INSIDE))
        call->priv.flags |= LI__F_FINAL;
    if ((why == LI_E_IO || why == LI_E_CLOSED) &&
        (state == LI__SEND || state == LI__HEAD)) {
        if (li__may_repeat(call)) {
            call->priv.flags |= LI__F_REPEATED;
            li__count(call, LI_E_CLOSED);
            li__enter(call, LI__ON_STALE);
            return call->rc = LI_WANT_OPEN;
        }
        if (state == LI__SEND && call->sent) {
            call->priv.flags |= LI__F_BROKEN;
            li__await(call);
            return call->rc = LI_WANT_READ;
        }
    }
    li__count_first(call);
    li__call_fail(call, why < 0 ? why : LI_E_ARG);
    return li__ask(call);
}

LINKEDIN_API li_rc li_in_eof(li_call *call)
{
    if (li__read_rest(call) != LI__TAIL) return li_fail(call, LI_E_CLOSED);
    li__enter(call, LI__ON_END);
    return li__ask(call);
}

/* ---- feeding */

/* For the feeds of what comes behind the status. */
static li_rc li__fed(li_call *call)
{
    if (call->priv.state == LI__FED_HEAD || call->priv.state == LI__FED_BODY)
        return LI_OK;
    return call->rc < 0 ? call->rc : li__call_fail(call, LI_E_STATE);
}

LINKEDIN_API li_rc li_feed_status(li_call *call, int status)
{
    unsigned from = call->priv.state;
    if (status < 100 || status > 999 ||
        (call->priv.flags & LI__F_GOT)) /* not after bytes by the windows */
        return call->rc < 0 ? call->rc : li__call_fail(call, LI_E_STATE);
    li__count_first(call);
    if (li__enter(call, LI__ON_FED)) return call->rc;
    if (from < LI__HEAD)
        li__out_done(call);
    call->sent = 1;
    call->status = status;
    call->priv.kept_end = 0;
    LI_MEMSET(call->priv.kept, 0, sizeof call->priv.kept);
    call->body = li__str(call->priv.buf, 0);
    return call->rc = LI_OK;
}

LINKEDIN_API li_rc li_feed_header(li_call *call, li_str name, li_str value)
{
    unsigned id = li__kept_id(name);
    li_rc rc = li__fed(call);
    if (rc) return rc;
    value = li__trim(value);
    if (call->req->on_header)
        call->req->on_header(call->req->user, name, value);
    if (call->priv.state == LI__FED_HEAD && id == LI__H_ENCODING_ID &&
        li__on_encoding(value))
        return li__call_fail(call, LI_E_PROTOCOL);
    if (call->priv.state != LI__FED_HEAD || id >= LI_H_COUNT) return LI_OK;
    if (value.len > LI_MAX_HEAD - call->priv.kept_end ||
        value.len > call->priv.cap - call->priv.kept_end)
        return li__call_fail(call, LI_E_SPACE);
    li__keep(call, id, value);
    call->body.ptr = call->priv.buf + call->priv.kept_end;
    return LI_OK;
}

LINKEDIN_API li_rc li_feed_body(li_call *call, li_str piece)
{
    size_t end;
    li_rc rc = li__fed(call);
    if (rc) return rc;
    li__enter(call, LI__ON_FED_BODY);
    call->bytes_in += piece.len;
    if (li__has_sink(call)) {
        rc = li__sink(call, piece);
        return rc ? li__call_fail(call, rc) : LI_OK;
    }
    end = call->body.len + call->priv.kept_end;
    if (piece.len > call->priv.cap - end) {
        call->need = li__sum(end, piece.len);
        return li__call_fail(call, LI_E_SPACE);
    }
    if (piece.len)
        LI_MEMCPY(call->priv.buf + end, piece.ptr, piece.len);
    call->body.len += piece.len;
    return LI_OK;
}

LINKEDIN_API li_rc li_feed_end(li_call *call)
{
    li_rc rc = li__fed(call);
    if (rc) return rc;
    li__enter(call, LI__ON_END);
    return li__ask(call);
}

/* >>run ------------------------------------------------------------------- */

/* BUSY: a call is on it, or was left on it. Only KEPT may carry another. */
enum { LI__CLOSED, LI__OPENING, LI__BUSY, LI__KEPT };

LINKEDIN_API void li_hangup(li_transport *transport)
{
    if (transport->priv.state != LI__CLOSED)
        transport->close(transport->user);
    transport->priv.state = LI__CLOSED;
}

/* A transport's answer below zero, as a result: would block, or an error. */
static li_rc li__io_rc(int io)
{
    if (io == LI_IO_READ) return LI_WANT_READ;
    if (io == LI_IO_WRITE) return LI_WANT_WRITE;
    return io <= LI_E_ARG && io >= LI_E_DUPLICATE ? (li_rc)io : LI_E_IO;
}

/* A host as a resolver wants it: IPv6 without its brackets. */
static li_str li__bare_host(li_str host)
{
    return *host.ptr == '[' ? li__cut(host, 1, host.len - 1) : host;
}

static int li__leads_to(const li_transport *transport, const li_call *call,
                        li_str host)
{
    return transport->priv.port == call->priv.port &&
           transport->priv.tls == call->priv.tls &&
           li__same_nocase(li_cstr(transport->priv.host), host);
}

/* LI_OK with a connection to the target; `kept`: one that was used before. */
LI__APART li_rc li__connect(const li_call *call, li_transport *transport,
                            int *kept)
{
    li_str host = li__bare_host(li__str(call->priv.host, call->priv.host_len));
    int leads = li__leads_to(transport, call, host), io;
    *kept = transport->priv.state == LI__KEPT && leads &&
            (!transport->alive || transport->alive(transport->user));
    if (!*kept) {
        if (transport->priv.state != LI__OPENING || !leads) {
            li_hangup(transport);
            LI_MEMSET(&transport->priv, 0, sizeof transport->priv);
            LI_MEMCPY(transport->priv.host, host.ptr, host.len);
            transport->priv.port = call->priv.port;
            transport->priv.tls = call->priv.tls;
            transport->priv.state = LI__OPENING;
        }
        io = transport->open(transport->user, transport->priv.host,
                             transport->priv.port, transport->priv.tls);
        if (io < 0) return li__io_rc(io);
    }
    transport->priv.state = LI__BUSY;
    return LI_OK;
}

/* A try is over: the connection is kept, or closed. */
static void li__run_settle(const li_call *call, li_transport *transport)
{
    if (call->keep_alive && !li__is_doubtful(call) &&
        transport->priv.state == LI__BUSY)
        transport->priv.state = LI__KEPT;
    if (transport->priv.state != LI__KEPT)
        li_hangup(transport);
}

static int li__is_timed(const li_call *call, const li_transport *transport)
{
    const li_client *client = call->client; /* NULL: a call of zeros */
    return transport->ms && client &&
           (client->again || client->policy || call->req->policy);
}

/* A failure, which a limit that has passed meanwhile may have told before. */
static void li__run_fail(li_call *call, li_transport *transport, li_rc why)
{
    uint8_t state = call->priv.state;
    if (li__is_timed(call, transport))
        li_tick(call, transport->ms(transport->user));
    if (call->priv.state == state)
        li_fail(call, why);
    if (call->rc < 0 && transport->why && *transport->why)
        call->wrong = transport->why;
}

/* A transport that connects may have to be called before any limit passes. */
static void li__run_wake(li_call *call, const li_transport *transport,
                         int connecting)
{
    int timed = li__is_timed(call, transport);
    uint64_t due = UINT64_MAX;
    if (connecting)
        due = transport->ms(transport->user) + transport->wake(transport->user);
    if (!timed || due < call->wake_ms)
        call->wake_ms = due;
}

static li_rc li__run_open(li_call *call, li_transport *transport)
{
    int kept = 0;
    li_rc rc;
    if (transport->priv.state == LI__BUSY)
        li__run_settle(call, transport);
    rc = li__connect(call, transport, &kept);
    if (rc < 0)
        li__run_fail(call, transport, rc);
    else if (transport->wake && transport->ms)
        li__run_wake(call, transport, rc != LI_OK);
    return rc ? rc < 0 ? LI_OK : rc : li_opened(call, kept);
}

/* One send or recv: LI_OK when it did something. */
static li_rc li__run_move(li_call *call, li_transport *transport, li_rc want)
{
    size_t len = 0;
    char *in = want == LI_WANT_READ ? li_in_buf(call, &len) : NULL;
    li_str data = li_out_buf(call);
    int io;
    if (want == LI_WANT_READ)
        io = transport->recv(transport->user, in, len > 0x7fff ? 0x7fff : len);
    else
        io = transport->send(transport->user, data.ptr, data.len > 0x7fff
                                                            ? 0x7fff
                                                            : data.len);
    if (io > 0)
        return want == LI_WANT_READ ? li_in_ack(call, (size_t)io)
                                    : li_out_ack(call, (size_t)io);
    if (io < 0 && li__io_rc(io) > 0) return li__io_rc(io);
    if (!io && want == LI_WANT_READ)
        li_in_eof(call);
    else
        li__run_fail(call, transport, io ? li__io_rc(io) : LI_E_IO);
    return LI_OK; /* what that led to, li_step tells */
}

/* One step, told what time it is where that matters. */
static li_rc li__run_step(li_call *call, li_transport *transport)
{
    li_rc rc = li_step(call);
    uint64_t left;
    if (rc <= 0 || !li__is_timed(call, transport)) return rc;
    rc = li_tick(call, transport->ms(transport->user));
    left = call->wake_ms > call->now_ms ? call->wake_ms - call->now_ms : 0;
    if (rc > 0 && transport->limit)
        transport->limit(transport->user,
                         left < UINT32_MAX ? (uint32_t)left : 0);
    return li_step(call);
}

static li_rc li__run_sleep(li_call *call, li_transport *transport)
{
    uint64_t wake = call->wake_ms, left = wake - call->now_ms;
    if (!transport->sleep ||
        transport->sleep(transport->user, left < UINT32_MAX
                                              ? (uint32_t)left
                                              : UINT32_MAX) < 0)
        return LI_WANT_SLEEP;
    li_tick(call, transport->ms ? transport->ms(transport->user) : wake);
    return LI_OK;
}

LINKEDIN_API li_rc li_run(li_call *call, li_transport *transport)
{
    if (call->priv.state >= LI__DONE)
        return call->rc; /* over: the connection may be another call's now */
    for (;;) {
        li_rc rc = li__run_step(call, transport);
        if (rc <= 0 || rc == LI_WANT_SLEEP) {
            li__run_settle(call, transport);
            if (transport->limit)
                transport->limit(transport->user, 0);
        }
        if (rc == LI_WANT_OPEN)
            rc = li__run_open(call, transport);
        else if (rc == LI_WANT_READ || rc == LI_WANT_WRITE)
            rc = li__run_move(call, transport, rc);
        else if (rc == LI_WANT_SLEEP)
            rc = li__run_sleep(call, transport);
        else
            return rc;
        if (rc > 0) return rc;
    }
}

/* >>problem --------------------------------------------------------------- */

static int64_t li__now(const li_client *client)
{
    return client->now ? client->now(client->user) : 0;
}

/* Seconds from then to now, without overflow; 0 where the clock went back. */
static int64_t li__passed(int64_t then, int64_t now)
{
    if (now <= then) return 0;
    return then < 0 && now > INT64_MAX + then ? INT64_MAX : now - then;
}

/* A code of the body, or of its first input error: there it was seen (marketing
   /community-management/shares/posts-api). */
LI__APART int li__is_duplicate(li_str body)
{
    li_str code;
    if (li_json_find(body, "/code", &code) &&
        li_json_find(body, "/errorDetails/inputErrors/0/code", &code))
        return 0;
    return li_json_is(code, li__str("DUPLICATE_POST", 14));
}

LINKEDIN_API li_rc li_check(const li_call *call)
{
    static const struct {
        short status;
        signed char rc;
    } codes[] = {{401, LI_E_AUTH}, {403, LI_E_FORBIDDEN},
                 {404, LI_E_NOT_FOUND}, {426, LI_E_VERSION},
                 {429, LI_E_RATE}};
    unsigned i;
    if (call->rc) return call->rc < 0 ? call->rc : LI_E_STATE;
    if (call->status / 100 == 2) return LI_OK;
    if (call->status == 422 && li__is_duplicate(call->body))
        return LI_E_DUPLICATE;
    for (i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i].status == call->status) return (li_rc)codes[i].rc;
    return call->status < 500 ? LI_E_HTTP : LI_E_SERVER;
}

LINKEDIN_API li_rc li_do(li_call *call, const li_client *client,
                         const li_req *req, void *buf, size_t cap,
                         li_transport *transport)
{
    li_rc rc = li_begin(call, client, req, buf, cap);
    if (!rc)
        rc = li_run(call, transport);
    return rc ? rc : li_check(call);
}

enum {
    LI__E_CODE, LI__E_ERROR, LI__E_MESSAGE, LI__E_DESCRIPTION, LI__E_SERVICE,
    LI__E_OLD, LI__E_REQUEST, LI__E_DETAILS, LI__E_COUNT
};

/* Fills a problem; its texts are the insides of JSON strings of the body,
   still escaped, but for a request id out of a header. */
LI__APART void li__problem_members(li_problem *why, const li_call *call)
{
    static const char *const names[] = {
        "code", "error", "message", "error_description", "serviceErrorCode",
        "errorCode", "requestId", "errorDetails"};
    const li_token *token = call->client ? call->client->token : NULL;
    li_str raw[LI__E_COUNT];
    int64_t now;
    unsigned service;
    LI_MEMSET(why, 0, sizeof *why);
    why->status = call->status;
    why->token_age = -1;
    if (token && token->issued_at && call->client->now) {
        now = call->client->now(call->client->user);
        why->token_age = li__passed(token->issued_at, now);
    }
    why->request_id = li_header(call, LI_H_REQUEST_ID);
    why->wait_s = -1;
    if (li_json_pick(call->body, names, LI__E_COUNT, raw)) {
        why->not_json = 1;
        return;
    }
    service = raw[LI__E_SERVICE].ptr ? LI__E_SERVICE : LI__E_OLD;
    why->has_service_code =
        raw[service].ptr && !li__number(raw[service], &why->service_code);
    why->code = li__j_inside(raw[LI__E_CODE]);
    why->message = li__j_inside(
        raw[raw[LI__E_MESSAGE].ptr ? LI__E_MESSAGE : LI__E_DESCRIPTION]);
    why->field = raw[LI__E_DETAILS];
    if (!why->code.ptr && !why->field.ptr)
        why->code = li__j_inside(raw[LI__E_ERROR]);
    if (raw[LI__E_REQUEST].ptr)
        why->request_id = li__j_inside(raw[LI__E_REQUEST]);
}

/* The first of errorDetails, which field holds so far: its code, where there
   is no other, and its field. */
LI__APART void li__problem_details(li_problem *why)
{
    li_str details = why->field, found;
    if (!details.ptr) return;
    why->field = li__str(NULL, 0);
    if (!why->code.ptr && !li_json_find(details, "/inputErrors/0/code", &found))
        why->code = li__j_inside(found);
    if (!li_json_find(details, "/inputErrors/0/input/inputPath/fieldPath",
                      &found))
        why->field = li__j_inside(found);
}

/* Seconds since 00:00 UTC, without a 64-bit division. */
static int64_t li__of_day(int64_t now)
{
    uint64_t day = (uint64_t)86400 << 40;
    uint64_t rest = now > 0 ? (uint64_t)now : 0;
    for (; day >= 86400; day >>= 1)
        if (rest >= day)
            rest -= day;
    return (int64_t)rest;
}

/* Takes digits: `least` to `most` of them; or -1. */
static int li__digits(li_str *s, size_t least, size_t most)
{
    int value = 0;
    size_t n = 0;
    while (n < s->len && n < most && li__hex((unsigned char)s->ptr[n]) < 10)
        value = value * 10 + (s->ptr[n++] - '0');
    *s = li__cut(*s, n, s->len);
    return n < least ? -1 : value;
}

/* Takes one character out of a set; 0 if another stands there. */
static int li__takes(li_str *s, const char *set)
{
    int there = s->len && s->ptr[0] &&
                LI_MEMCHR(set, s->ptr[0], LI_STRLEN(set));
    if (there)
        *s = li__cut(*s, 1, s->len);
    return there;
}

/* 1 to 12, or -1. */
static int li__month(li_str *s)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int month;
    if (s->len < 3) return -1;
    for (month = 0; month < 12; month++)
        if (li__same(li__str(s->ptr, 3), li__str(names + 3 * month, 3))) {
            *s = li__cut(*s, 3, s->len);
            return month + 1;
        }
    return -1;
}

/* Days since 1970-01-01 in the Gregorian calendar, or -1: no such day. */
static int32_t li__days(int year, int month, int day)
{
    static const uint8_t length[] = {31, 28, 31, 30, 31, 30,
                                     31, 31, 30, 31, 30, 31};
    int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    int32_t days = day - 1, before = year - 1;
    int i;
    if (year < 1970 || month < 1 || day < 1 ||
        day > length[month - 1] + (month == 2 && leap))
        return -1;
    for (i = 1; i < month; i++)
        days += length[i - 1] + (i == 2 && leap);
    return days + before * 365 + before / 4 - before / 100 + before / 400 -
           719162;
}

/* "14:46:40": seconds of the day, or -1. */
static int32_t li__clock(li_str *s)
{
    int hour = li__digits(s, 2, 2), minute, second;
    if (!li__takes(s, ":")) return -1;
    minute = li__digits(s, 2, 2);
    if (!li__takes(s, ":")) return -1;
    second = li__digits(s, 2, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
        second > 60)
        return -1;
    return (int32_t)hour * 3600 + minute * 60 + second;
}

/* A date of a form, behind the name of the day, as Unix seconds; or -1. In a
   form d is a day of two digits, e one of one or two, m a month's name, y a
   year of two digits or four, Y one of four, c a clock, "-" a space or "-"; all
   else stands for itself. */
static int64_t li__date_of(const char *form, li_str s, int64_t now)
{
    int day = 0, month = 0, year = 0, good = 1, is_short = 0;
    int32_t clock = 0, days;
    int64_t date;
    for (; good && *form; form++) {
        size_t before = s.len;
        char itself[2] = {*form, 0};
        switch (*form) {
        case 'd': day = li__digits(&s, 2, 2); break;
        case 'e': li__takes(&s, " "), day = li__digits(&s, 1, 2); break;
        case 'm': month = li__month(&s); break;
        case 'Y': year = li__digits(&s, 4, 4); break;
        case 'y':
            year = li__digits(&s, 2, 4);
            is_short = before - s.len == 2;
            good = is_short || before - s.len == 4;
            break;
        case 'c': clock = li__clock(&s); break;
        case '-': good = li__takes(&s, " -"); break;
        default: good = li__takes(&s, itself); break;
        }
    }
    if (!good || s.len || clock < 0 || year < 0) return -1;
    days = li__days(is_short ? year + 2000 : year, month, day);
    if (days < 0) return -1;
    date = (int64_t)days * 86400 + clock;
    /* two digits, and 50 years ahead: of the century before */
    return is_short && date - now > 1577880000 ? 0 : date;
}

/* A date in one of the three forms of RFC 9110 section 5.6.7: "Wed, 04 Nov 2026
   14:46:40 GMT", "Wednesday, 04-Nov-26 14:46:40 GMT", "Wed Nov  4 14:46:40
   2026". The name of the day is not looked at. */
static int64_t li__date(li_str s, int64_t now)
{
    while (s.len && li__in(li__token, (unsigned char)*s.ptr))
        s = li__cut(s, 1, s.len);
    return li__takes(&s, ",") ? li__date_of(" d-m-y c GMT", s, now)
                              : li__date_of(" m e c Y", s, now);
}

/* Digits only; -1 for anything else. */
static int64_t li__seconds(li_str s)
{
    int64_t value = 0;
    size_t i;
    for (i = 0; i < s.len; i++) {
        unsigned digit = li__hex((unsigned char)s.ptr[i]);
        if (digit > 9 || value > INT64_MAX >> 4) return -1;
        value = (value << 3) + (value << 1) + (int)digit;
    }
    return s.len ? value : -1;
}

/* When to try again (RFC 9110 section 10.2.3). A day's quota is back at 00:00
   UTC, whatever Retry-After says (shared/api-guide/concepts/rate-limits). */
LI__APART void li__problem_wait(li_problem *why, const li_call *call)
{
    li_str after = li_header(call, LI_H_RETRY_AFTER);
    int64_t now = -1, date;
    if (call->client && call->client->now)
        now = call->client->now(call->client->user);
    if (call->status == 429 &&
        li__find(why->message, li__str("DAY limit", 9)) <= why->message.len) {
        why->final = 1;
        why->wait_s = now < 0 ? -1 : 86400 - li__of_day(now);
        return;
    }
    why->wait_s = li__seconds(after);
    date = why->wait_s < 0 && now >= 0 ? li__date(after, now) : -1;
    if (date >= 0)
        why->wait_s = date > now ? date - now : 0;
    /* adAnalytics counts metric values over five minutes */
    if (why->wait_s < 0 && call->status == 429 &&
        li__find(why->message, li__str("data request limit", 18)) <=
            why->message.len)
        why->wait_s = 300;
}

static void li__problem(li_problem *why, const li_call *call)
{
    li__problem_members(why, call);
    li__problem_details(why);
    li__problem_wait(why, call);
}

LINKEDIN_API li_rc li_problem_read(li_problem *why, const li_call *call,
                                   li_buf *mem)
{
    li_buf none = li_buf_of(NULL, 0);
    li__problem(why, call);
    if (!mem)
        mem = &none;
    why->code = li__text_into(mem, why->code);
    why->message = li__text_into(mem, why->message);
    why->field = li__text_into(mem, why->field);
    if (why->request_id.ptr != li_header(call, LI_H_REQUEST_ID).ptr) {
        why->request_id = li__text_into(mem, why->request_id);
    } else if (why->request_id.ptr) { /* a header's value has no escapes */
        li_str id = why->request_id;
        size_t start = mem->len;
        li_put(mem, id);
        li__putc(mem, 0);
        why->request_id = mem->rc ? li__str(NULL, 0)
                                  : li__str(mem->ptr + start, id.len);
    }
    return mem == &none ? LI_OK : mem->rc;
}

/* >>explain --------------------------------------------------------------- */

#define LI__TRY_OIDC \
    "add the product \"Sign In with LinkedIn using OpenID Connect\" on the " \
    "app's Products tab and ask for: openid profile email"

/* What LinkedIn's answers mean for a person. A row: status | only while the
   token is younger than so many seconds | service code | code | part of the
   message | what to do. Empty matches anything; the first row that matches
   counts, so the special ones stand first. Three arrays, since C99 promises
   4,095 characters for one literal. */
static const char li__hints_sign_in[] =
    "|||user_cancelled_login||The member left LinkedIn's sign-in page. Offer "
    "the sign-in again.\0"
    "|||user_cancelled_authorize||The member said no. Explain what the scopes "
    "are for, or ask for fewer.\0"
    "|||unauthorized_scope_error|r_liteprofile|r_liteprofile is retired for "
    "new apps: " LI__TRY_OIDC ".\0"
    "|||unauthorized_scope_error|r_emailaddress|r_emailaddress is retired for "
    "new apps: " LI__TRY_OIDC ".\0"
    "|||unauthorized_scope_error|w_member_social|Add the product \"Share on "
    "LinkedIn\" on the app's Products tab.\0"
    "|||unauthorized_scope_error|openid|The app lacks the sign-in product: "
    LI__TRY_OIDC ".\0"
    "|||unauthorized_scope_error||The app lacks the product that opens this "
    "scope: see the app's Products tab, and the scopes its Auth tab lists.\0"
    "|||invalid_scope_error||LinkedIn knows no such scope: check the spelling, "
    "separate by spaces.\0"
    "401|||access_denied|application tokens|The app has no product for "
    "application tokens (client credentials): ask LinkedIn for one, or sign a "
    "member in instead.\0"
    "|||access_denied||Access was refused: see the message, and the app's "
    "products.\0"
    "|||invalid_client_id||The client id is wrong: copy it again from the "
    "app's Auth tab.\0"
    "|||invalid_client||Client id or secret is wrong: compare both with the "
    "app's Auth tab. A newly generated secret replaces the old one.\0"
    "||||authorization code not found|The code was used already, or is cut or "
    "mistyped. Codes work once: start the sign-in again.\0"
    "||||does not match authorization code|In order of likelihood: the code "
    "was used already; redirect_uri is not the very text of the first step "
    "(scheme, port, slash at the end); the code is older than 30 minutes; it "
    "belongs to another client id; PKCE and plain flow were mixed. Start the "
    "sign-in again.\0"
    "|||invalid_redirect_uri||redirect_uri must equal one on the app's Auth "
    "tab to the letter: scheme, port, and slash at the end.\0"
    "|||invalid_request|A required parameter|The request lacks the parameter "
    "that the message names.\0"
    "|||invalid_grant||The code or refresh token is expired, used or revoked: "
    "the member must sign in again.\0"
    "|||invalid_request|refresh token|The refresh token is expired or revoked: "
    "the member must sign in again.\0"
    "|||server_error||LinkedIn failed: try again later.\0"
    "|||temporarily_unavailable||LinkedIn is busy: try again later.\0";

#define LI__AS_A_PAGE \
    "To act as a page, the token needs w_organization_social and the " \
    "member a role on that page.\0"
#define LI__NOT_READY \
    "The image, document or video is not ready: wait until its status is " \
    "AVAILABLE, then send the post again.\0"

static const char li__hints_calls[] =
    "401|120|65601|||The token is new and not yet known everywhere at "
    "LinkedIn: wait some seconds and try again. Or a newer sign-in "
    "replaced it.\0"
    "401|120|65600|||The token is new and not yet known everywhere at "
    "LinkedIn: wait some seconds and try again.\0"
    "401||65601|||The token was revoked: by the member, or by a sign-in that "
    "asked for another set of scopes. The member must sign in again.\0"
    "401||65602|||The token has expired: refresh it (LI_GRANT_REFRESH), or have "
    "the member sign in again.\0"
    "401||65600|||LinkedIn does not know this token: it may be cut (allow "
    "2,048 characters), or a code or an id_token was sent instead.\0"
    "401||65604|||No token was sent: set access_token.\0"
    "401||65605|||LinkedIn has restricted this member's account: the member "
    "must settle that at www.linkedin.com, and then sign in again.\0"
    "401||||Empty oauth2|No token was sent: set access_token.\0"
    "401||||authentication scheme|The Authorization header must be \"Bearer\" "
    "and the token.\0"
    "401|||||LinkedIn does not accept the token: refresh it (LI_GRANT_REFRESH), "
    "or sign in again.\0"
    "403||||userinfo.|/v2/userinfo needs the scopes openid and profile: "
    LI__TRY_OIDC ".\0"
    "403||||me.GET|/v2/me needs r_basicprofile (approved apps). Call "
    "/v2/userinfo instead: " LI__TRY_OIDC ".\0"
    "403||||piMe.|/rest/me needs r_basicprofile (approved apps). Call "
    "/v2/userinfo instead: " LI__TRY_OIDC ".\0"
    "403|300|||Not enough permissions|The token is new: a scope just granted "
    "may take five minutes to work. If it stays: the scope or product is "
    "missing.\0"
    "403||||Posts|Writing posts needs w_member_social (product \"Share on "
    "LinkedIn\"), for a page w_organization_social and a role on it; reading "
    "needs r_organization_social.\0"
    "||||Organization permissions|" LI__AS_A_PAGE
    "||||Organization Or Events permissions|" LI__AS_A_PAGE
    "||||[/author]|That author is not this token's member, nor a page on which "
    "the member has a role.\0"
    "403||||ADMIN_ONLY|The member administers the page that the message names "
    "no more: leave it out of the request.\0"
    "403||||Unpermitted fields|Leave out the fields that the message names: "
    "this version, or this app, may not set them; never send null.\0"
    "403|||||A scope, a product or the member's role is missing: the message "
    "names resource and method; compare with the scopes on the Auth tab.\0";

static const char li__hints_requests[] =
    "400|||VERSION_MISSING||Set client.version (YYYYMM) for paths under "
    "/rest.\0"
    "426|||||This LinkedIn-Version is retired or not yet there: set "
    "client.version to a month of the last twelve (YYYYMM).\0"
    "|||MEDIA_ASSET_WAITING_UPLOAD||" LI__NOT_READY
    "||||waiting upload|" LI__NOT_READY
    "|||MEDIA_ASSET_PROCESSING_FAILED||LinkedIn could not process the medium: "
    "check its format and size, and upload it anew.\0"
    "400||||Parameter '|That parameter is not written as Rest.li wants it: a "
    "text as it is, a list as List(a,b), an object as (k:v), each value "
    "percent-encoded. A li_rest makes that of JSON: query {\"ids\":[1,2]}.\0"
    "400||||Syntax exception|A key in the path is not encoded as Rest.li wants "
    "it.\0"
    "400|||||The request is wrong: the message or the field names the place.\0"
    "404|||||Wrong path or id, or nothing that this token may see.\0"
    "405|||||This resource has no such method.\0"
    "409|||||It exists already, or another write came first: read it again.\0"
    "411|||||A POST needs a Content-Length.\0"
    "413|||||The body is larger than LinkedIn takes here: send less at once.\0"
    "414|||||The URL is too long: ask for less at once.\0"
    "415|||||This resource takes no such Content-Type: it is JSON as a rule, "
    "which a request without content_type has.\0"
    "422|||DUPLICATE_POST||That text is posted already: the message names the "
    "post. If the answer to an earlier try was lost, this proves that it went "
    "through. Do not send it again.\0"
    "422|||||The content is refused: see the message.\0"
    "429||||DAY limit|The day's quota is spent; it returns at 00:00 UTC. "
    "Trying before that is of no use: see the app's Analytics tab.\0"
    "429||||data request limit|More than 45 million metric values in five "
    "minutes: wait as long, then ask for fewer fields, campaigns or days at "
    "once.\0"
    "429|||||Too many calls at once: wait as long as Retry-After says, or half "
    "a minute, and try again more slowly.\0"
    "999|||||LinkedIn took this for a robot on its web site: check host and "
    "path.\0";

/* Where the call itself failed: result code | what to do. */
static const char li__rc_hints[] =
    "0|Nothing to do.\0"
    "-10|Correct the argument that wrong of the flow, request or call names, "
    "or at of a template's li_buf.\0"
    "-11|Give more memory: need of what you gave says how much where it is "
    "known.\0"
    "-12|Begin anew: this was used before, or is not due yet.\0"
    "-13|Is the server there? Check the network and any firewall; the "
    "adapter's why says more.\0"
    "-14|Check the host's name, the network and the name server.\0"
    "-15|Check the CA certificates, and the clock of this device; a proxy that "
    "opens TLS needs its CA added; linkedin_socket.h alone has no TLS. Never "
    "turn checking off.\0"
    "-16|Check the network and any firewall; then try again.\0"
    "-17|The answer was cut: try again if the call may be repeated.\0"
    "-18|Something between here and LinkedIn changes its answers: a proxy, or "
    "a captive portal.\0"
    "-22|The answer is no JSON, as an API's is: mostly the path is no API's, a "
    "version header is missing (client.version), or a proxy or captive portal "
    "sent a page of its own. See its status and first bytes.\0"
    "-28|Do not use this redirect: it belongs to another sign-in, or is "
    "forged. Start the sign-in again.\0"
    "-29|The sign-in was refused: see code and message.\0"
    "-35|See the status, the code and the message.\0"
    "-36|LinkedIn failed: try again later; quote x-li-uuid to its support.\0"
    "-37|Your load, save, random, now or verify hook failed, or is not set.\0"
    "-38|It is posted already: do not send it again.\0"
    "|See the status, the code and the message.\0";

/* LI_E_ARG: the argument | what to do. */
static const char li__arg_hints[] =
    "access_token|Set client.access_token, or client.token: a token of visible "
    "ASCII (is the environment variable set?). A request that is to go without "
    "one has token = LI_TOKEN_NEVER.\0"
    "client_id|Copy it from the app's Auth tab.\0"
    "client_secret|Copy it from the app's Auth tab.\0"
    "redirect_uri|Give the absolute URL that is registered on the app's Auth "
    "tab, without a fragment.\0"
    "path|Begin it with \"/\", or give a whole URL; encode what a URL may not "
    "hold. Of a li_rest: without /rest or /v2, a key for each placeholder.\0"
    "query|Encode it: spaces, quotes and line ends may not stand in it.\0"
    "version|Set client.version to a month as YYYYMM: paths under /rest need "
    "it.\0"
    "api_base|Give scheme and host only; http is for loopback, else https.\0"
    "auth_base|Give scheme and host only; http is for loopback, else https.\0"
    "flow|It is spent: start a new sign-in with a zeroed li_flow.\0"
    "name|Give the documents' q= of a finder, or the action's name.\0"
    "|Correct it; nothing was sent.\0";

/* Likewise, where the argument is a JSON text that is none, or of another
   form: a line of right form. */
static const char li__json_hints[] =
    "keys|Give an object with a value for each placeholder of the path, as "
    "{\"id\":7}.\0"
    "ids|Give an array of one key or more, as [1,2] or [{\"a\":1,\"b\":2}].\0"
    "query|Give an object, a member for each parameter but the method's own, "
    "as {\"author\":\"urn:li:person:1\",\"count\":10}.\0"
    "body|Give an object, as {\"commentary\":\"Hello\"}; to a BATCH_ method an "
    "array of them; to PARTIAL_UPDATE what li_patch_put() wrote, which must "
    "change something.\0"
    "|Correct it; nothing was sent.\0";

static const char *li__arg_hint(const char *rows, const char *name)
{
    for (;;) {
        li_str row = li_cstr(rows), field = li__upto(&row, '|');
        if (!field.len || li__same(field, li_cstr(name))) return row.ptr;
        rows += LI_STRLEN(rows) + 1;
    }
}

/* A row's next field against a number; empty matches. */
static int li__row_is(li_str *row, int64_t number)
{
    li_str field = li__upto(row, '|');
    int64_t value;
    return !field.len || (!li_json_int(field, &value) && value == number);
}

static int li__row_fits(li_str *row, const li_problem *why)
{
    int status = li__row_is(row, why->status);
    li_str young = li__upto(row, '|'), code, part;
    int64_t age = 0;
    int fits = !young.len || !li_json_int(young, &age);
    fits &= !young.len || (why->token_age >= 0 && why->token_age < age);
    fits &= row->ptr[0] == '|' || why->has_service_code;
    fits &= li__row_is(row, why->service_code);
    code = li__upto(row, '|');
    part = li__upto(row, '|');
    return status && fits && (!code.len || li__same(code, why->code)) &&
           li__find(why->message, part) <= why->message.len;
}

static const char *li__hint_in(const char *rows, const li_problem *why)
{
    while (*rows) {
        li_str row = li_cstr(rows);
        rows += row.len + 1;
        if (li__row_fits(&row, why)) return row.ptr;
    }
    return NULL;
}

LINKEDIN_API const char *li_hint(li_rc rc, const li_problem *why)
{
    const char *text = why ? li__hint_in(li__hints_sign_in, why) : NULL;
    const char *rows = li__rc_hints;
    if (why && !text)
        text = li__hint_in(li__hints_calls, why);
    if (why && !text)
        text = li__hint_in(li__hints_requests, why);
    if (why && why->status / 100 == 3)
        return "A redirect is never followed: see li_header(LI_H_LOCATION), "
               "and this request's host and path.";
    if (why && why->status >= 500)
        rc = LI_E_SERVER;
    while (!text) {
        li_str row = li_cstr(rows);
        rows += row.len + 1;
        if (li__row_is(&row, (int)rc))
            text = row.ptr;
    }
    return text;
}

/* What must not reach a terminal or a log: controls, and characters that are
   not seen (Default_Ignorable_Code_Point) or turn the direction of what follows
   (Unicode TR 36). */
static int li__is_hidden(uint32_t code)
{
    static const uint32_t ranges[][2] = {
        {0, 0x1f},          {0x7f, 0x9f},       {0xad, 0xad},
        {0x34f, 0x34f},     {0x61c, 0x61c},     {0x115f, 0x1160},
        {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},
        {0x2028, 0x202e},   {0x2060, 0x206f},   {0x3164, 0x3164},
        {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
        {0xfff0, 0xfffb},   {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
        {0xe0000, 0xe0fff}};
    unsigned i;
    for (i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (code >= ranges[i][0] && code <= ranges[i][1]) return 1;
    return 0;
}

static void li__put_shown_code(li_buf *out, uint32_t code)
{
    char utf8[4];
    int shift = code > 0xffff ? 20 : 12;
    if (code == '\t' || code == '\n' || code == '\r')
        code = ' ';
    if (!li__is_hidden(code)) {
        li_put(out, li__str(utf8, li__utf8_put(code, utf8)));
        return;
    }
    li__puts(out, "\\u");
    for (; shift >= 0; shift -= 4)
        li__putc(out, li__hex_lower[code >> shift & 15]);
}

/* One byte of a text of somebody else's. */
static void li__put_shown_byte(li_buf *out, uint8_t *state, uint32_t *code,
                               unsigned char c)
{
    int more = *state != LI__S_PLAIN;
    *state = li__utf8_step(*state, c);
    *code = more       ? *code << 6 | (c & 0x3fu)
            : c < 0x80 ? c
            : c < 0xe0 ? c & 0x1fu
            : c < 0xf0 ? c & 0x0fu : c & 0x07u;
    if (*state == LI__S_BAD_TEXT) {
        *state = LI__S_PLAIN;
        *code = '?';
    }
    if (*state == LI__S_PLAIN)
        li__put_shown_code(out, *code);
}

/* "label" and a text of somebody else's, the inside of a JSON string or not,
   where there is one: on one line, and nothing in it acts on a terminal. */
static void li__put_part(li_buf *out, const char *label, li_str text, int json)
{
    uint8_t state = LI__S_PLAIN;
    uint32_t code = 0;
    size_t i = 0, n, k;
    char utf8[4];
    if (!text.len) return;
    li__puts(out, label);
    while (i < text.len) {
        n = 1;
        if (json)
            n = li__j_take(text, &i, utf8);
        else
            utf8[0] = text.ptr[i++];
        if (!n) break;
        for (k = 0; k < n; k++)
            li__put_shown_byte(out, &state, &code, (unsigned char)utf8[k]);
    }
}

/* Form fields and headers that are no secret; query fields that are. */
static const char li__open_fields[] =
    "grant_type\0client_id\0redirect_uri\0scope\0";
static const char li__open_headers[] =
    "User-Agent\0Accept\0Accept-Encoding\0Content-Type\0LinkedIn-Version\0"
    "X-Restli-Protocol-Version\0X-RestLi-Method\0X-HTTP-Method-Override\0";
static const char li__secret_fields[] =
    "access_token\0oauth2_access_token\0code\0token\0state\0client_secret\0"
    "refresh_token\0id_token\0code_verifier\0";

/* How much of a text is a secret that begins there, as it is or with escapes of
   RFC 3986, with whatever else such a text may consist of: where only the
   beginning agrees, it may be another secret of the same kind. 0: none. */
static size_t li__echoed(li_str text, li_str secret)
{
    size_t least = secret.len < 8 ? secret.len : 8, i = 0, k;
    for (k = 0; k < secret.len && i < text.len; k++) {
        if (text.ptr[i] == secret.ptr[k])
            i++;
        else if (li__escape(text, i) == (unsigned char)secret.ptr[k])
            i += 3;
        else
            break;
    }
    if (least < 4 || k < least) return 0;
    for (; i < text.len; i++)
        if (!li__in(li__unreserved, (unsigned char)text.ptr[i]) &&
            !LI_MEMCHR("%+/=", text.ptr[i], 4))
            break;
    return i;
}

/* Puts *** for a secret in what was written. */
static void li__mask(li_buf *out, li_str secret)
{
    size_t i, n;
    for (i = 0; !out->rc && i < out->len; i++) {
        n = li__echoed(li__str(out->ptr + i, out->len - i), secret);
        if (!n) continue;
        LI_MEMCPY(out->ptr + i, "***", 3);
        LI_MEMMOVE(out->ptr + i + 3, out->ptr + i + n, out->len - i - n);
        out->len -= n - 3;
        i += 2;
    }
}

/* Takes the next field off a query. secret: its value is, by its name, or by
   one that hides behind an escape. */
static li_str li__query_field(li_str *query, li_str *name, int *secret)
{
    li_str field = li__upto(query, '&'), value = field;
    *name = li__upto(&value, '=');
    *secret = name->len < field.len &&
              (li__is_listed(*name, li__secret_fields) ||
               (name->len && LI_MEMCHR(name->ptr, '%', name->len)));
    return field;
}

/* The values of a query that are secret. */
static void li__mask_query(li_buf *out, li_str query)
{
    li_str name, field;
    int secret;
    while (query.len) {
        field = li__query_field(&query, &name, &secret);
        if (secret && li__is_listed(name, li__secret_fields))
            li__mask(out, li__cut(field, name.len + 1, field.len));
    }
}

/* Whatever this call knows that nobody else may: an answer may echo it. */
LI__APART void li__mask_all(const li_call *call, li_buf *out)
{
    const li_client *client = call->client;
    const li_token *token = client->token;
    const li_req *req = call->req;
    li_str path = li_cstr(req->path);
    unsigned i;
    li__mask(out, li_cstr(client->access_token));
    li__mask(out, li_cstr(client->client_secret));
    for (i = 0; token && i < 3; i++) /* but the scope */
        li__mask(out, li__token_text(token, i));
    for (i = 0; i + 1 < 2 * LI_FORM_FIELDS && req->form[i]; i += 2)
        if (!li__is_listed(li_cstr(req->form[i]), li__open_fields))
            li__mask(out, li_cstr(req->form[i + 1]));
    for (i = 0; req->headers && req->headers[i] && req->headers[i + 1]; i += 2)
        if (li_cstr(req->headers[i + 1]).len >= 8 && /* no "en-US" */
            !li__is_listed(li_cstr(req->headers[i]), li__open_headers))
            li__mask(out, li_cstr(req->headers[i + 1]));
    li__upto(&path, '?');
    li__mask_query(out, path);
    li__mask_query(out, li_cstr(req->query));
}

/* What LinkedIn, or a gateway, answered. */
LI__APART void li__put_answer(const li_call *call, const li_problem *why,
                           li_buf *out)
{
    li_str first = li__str(NULL, 0);
    li__puts(out, "\nHTTP ");
    li_put_int(out, call->status);
    li__put_part(out, " ", why->code, 1);
    if (why->has_service_code) {
        li__puts(out, " (");
        li_put_int(out, why->service_code);
        li__putc(out, ')');
    }
    li__put_part(out, ": ", why->message, 1);
    /* "Multiple errors occurred …, see errorDetails": the first of them */
    if (!why->not_json)
        li_json_find(call->body, "/errorDetails/inputErrors/0/description",
                     &first);
    if (!li__same(li__j_inside(first), why->message)) /* not twice */
        li__put_part(out, ": ", li__j_inside(first), 1);
    li__put_part(out, "; field: ", why->field, 1);
    li__put_part(out, "; request id: ", why->request_id,
                 why->request_id.ptr != li_header(call, LI_H_REQUEST_ID).ptr);
    li__put_part(out, "; x-li-uuid: ", li_header(call, LI_H_LI_UUID), 0);
    li__put_part(out, "; retry after: ", li_header(call, LI_H_RETRY_AFTER), 0);
    if (why->not_json && call->body.len)
        li__put_part(out, "; not JSON: ", li_header(call, LI_H_CONTENT_TYPE),
                     0);
}

/* Method, host if it is to be told, and path; a query may hold secrets. */
LI__APART void li__put_request(const li_call *call, int host, li_buf *out)
{
    li__target to;
    int is_told;
    if (li__resolve(call->client, call->req, &to)) return;
    is_told = to.is_api || *call->req->path == '/'; /* else it may be a key */
    li__put_part(out, "", li_cstr(li__method(call->req)), 0);
    li__putc(out, ' ');
    if (host || !is_told)
        li__put_authority(&to.url, out);
    if (is_told)
        li_put(out, to.url.path);
    else
        li__puts(out, "/***");
}

/* Of the call, or of a request that no call was begun with. */
static const char *li__wrong_name(const li_call *call, li_rc rc)
{
    return call->wrong || rc != LI_E_ARG || !call->req ? call->wrong
                                                       : call->req->wrong;
}

/* What went wrong with an argument, or with the transport. */
static void li__put_wrong(const li_call *call, li_rc rc, li_buf *out)
{
    const li_req *req = call->req;
    li__put_part(out, ": ", li_cstr(li__wrong_name(call, rc)), 0);
    if (rc == LI_E_ARG && req && req->wrong_rc) {
        li__puts(out, ": ");
        li__puts(out, li_strerror(req->wrong_rc));
        if (req->wrong_at) {
            li__puts(out, " at byte ");
            li_put_int(out, (int64_t)req->wrong_at);
        }
    }
    if (call->need) {
        li__puts(out, ": needs ");
        li_put_int(out, (int64_t)call->need);
    }
}

/* The hint that goes with it. */
static const char *li__hint_of(const li_call *call, li_rc rc,
                               const li_problem *why)
{
    const char *wrong = li__wrong_name(call, rc);
    if (rc != LI_E_ARG || !wrong) return li_hint(rc, why);
    return li__arg_hint(call->req && call->req->wrong_rc ? li__json_hints
                                                         : li__arg_hints,
                        wrong);
}

/* A body that is no JSON: of a success, it is no API's. */
static int li__is_no_json(const li_call *call)
{
    li_str all;
    return call->body.len && li__j_whole(call->body, &all) == LI_E_JSON;
}

LINKEDIN_API li_rc li_explain(const li_call *call, li_rc rc, li_buf *out)
{
    int begun = call && call->client && call->req, answered = 0;
    li_problem why;
    li_buf_clear(out);
    if (begun && rc == LI_E_ARG && call->rc != rc)
        begun = 0; /* no call failed: this is the one before */
    if (call && !rc)
        rc = begun || call->rc ? li_check(call) : LI_E_STATE;
    if (begun) {
        rc = !rc && li__is_no_json(call) ? LI_E_JSON : rc;
        answered = (!call->rc || call->rc == LI_E_AUTH) && call->status &&
                   (call->status / 100 != 2 || rc == LI_E_JSON);
        li__problem(&why, call);
        if (call->req->path)
            li__put_request(call, 0, out);
        li__puts(out, out->need ? ": " : "");
    }
    li__puts(out, li_strerror(call || rc ? rc : LI_E_STATE));
    if (call)
        li__put_wrong(call, rc, out);
    if (answered)
        li__put_answer(call, &why, out);
    if (begun)
        li__mask_all(call, out);
    li__puts(out, "\nhint: ");
    li__puts(out, call ? li__hint_of(call, rc, answered && rc != LI_E_JSON
                                                   ? &why : NULL)
                       : li_hint(rc ? rc : LI_E_STATE, NULL));
    return li_buf_end(out);
}

/* For a shell, in single quotes: a quote ends and begins them again. */
static void li__put_quoted(li_buf *out, li_str s)
{
    size_t i, run = 0;
    for (i = 0; i < s.len; i++)
        if (s.ptr[i] == '\'') {
            li_put(out, li__cut(s, run, i));
            li__puts(out, "'\\''");
            run = i + 1;
        }
    li_put(out, li__cut(s, run, s.len));
}

/* Only what is known to be harmless is shown. */
static void li__put_curl_header(li_buf *out, const char *name,
                                const char *value)
{
    li__puts(out, " \\\n  -H '");
    li__put_quoted(out, li_cstr(name));
    li__puts(out, ": ");
    if (li__is_listed(li_cstr(name), li__open_headers))
        li__put_quoted(out, li_cstr(value));
    else
        li__puts(out, name == li__authorization ? "Bearer ***" : "***");
    li__putc(out, '\'');
}

static void li__put_curl_query(li_buf *out, li_str query)
{
    li_str name, field;
    int secret;
    while (query.len) {
        field = li__query_field(&query, &name, &secret);
        li__put_quoted(out, secret ? name : field);
        li__puts(out, secret ? "=***" : "");
        if (query.len)
            li__putc(out, '&');
    }
}

/* A URL of another host than LinkedIn's is itself a key, as for uploads. */
static void li__put_curl_url(const li_req *req, const li__target *to,
                             li_buf *out)
{
    const li_url *url = &to->url;
    li_str query = li_cstr(req->query);
    li__puts(out, url->tls ? " 'https://" : " 'http://");
    li__put_quoted(out, url->host);
    li__put_port(url, out);
    li__put_quoted(out, url->path);
    if (url->query.ptr || query.ptr)
        li__putc(out, '?');
    if (!to->is_api && (req->base != LI_BASE_AUTH || *req->path != '/')) {
        if (url->query.len + query.len)
            li__puts(out, "***");
    } else {
        li__put_curl_query(out, url->query);
        if (url->query.len && query.len)
            li__putc(out, '&');
        li__put_curl_query(out, query);
    }
    li__putc(out, '\'');
}

/* A method may hold characters that a shell acts on. */
static void li__put_curl_method(const char *method, li_buf *out)
{
    if (li__is(method, "HEAD"))
        li__puts(out, " -I");
    else if (li__is_one_of(method, "POST\0PUT\0DELETE\0PATCH\0OPTIONS\0")) {
        li__puts(out, " -X ");
        li__puts(out, method);
    } else if (!li__is(method, "GET")) {
        li__puts(out, " -X '");
        li__put_quoted(out, li_cstr(method));
        li__putc(out, '\'');
    }
}

static void li__put_curl_body(const li_req *req, li_buf *out)
{
    unsigned i;
    if (req->read) {
        li__puts(out, " \\\n  --data-binary @-");
        return;
    }
    if (!req->form[0] && !req->body.ptr) return;
    li__puts(out, " \\\n  --data-raw '");
    if (req->base == LI_BASE_AUTH && !req->form[0])
        li__puts(out, "***"); /* such a body holds credentials */
    else if (!req->form[0])
        li__put_quoted(out, req->body);
    for (i = 0; i + 1 < 2 * LI_FORM_FIELDS && req->form[i]; i += 2) {
        if (i)
            li__putc(out, '&');
        li_percent_encode(li_cstr(req->form[i]), out);
        li__putc(out, '=');
        if (li__is_listed(li_cstr(req->form[i]), li__open_fields))
            li_percent_encode(li_cstr(req->form[i + 1]), out);
        else
            li__puts(out, "***");
    }
    li__putc(out, '\'');
}

LINKEDIN_API li_rc li_to_curl(const li_call *call, li_buf *out)
{
    li__target to;
    li_buf_clear(out);
    if (!call->client || !call->req ||
        !li__is_token(li_cstr(li__method(call->req))) ||
        li__resolve(call->client, call->req, &to)) {
        li__buf_fail(out, LI_E_ARG);
        return li_buf_end(out);
    }
    li__puts(out, "curl");
    li__put_curl_method(li__method(call->req), out);
    li__put_curl_url(call->req, &to, out);
    li__put_headers(call->client, call->req, &to, li__put_curl_header, out);
    li__put_curl_body(call->req, out);
    li__mask_all(call, out);
    return li_buf_end(out);
}

LINKEDIN_API li_rc li_log(const li_call *call, const char *step, li_buf *out)
{
    li_buf_clear(out);
    li_put_int(out, (int64_t)call->now_ms);
    li__putc(out, ' ');
    li__puts(out, step);
    if (call->client && call->req && call->req->path) {
        li__putc(out, ' ');
        li__put_request(call, 1, out);
        li__mask_all(call, out);
    }
    li__puts(out, " status=");
    li_put_int(out, call->status);
    li__puts(out, " try=");
    li_put_int(out, call->tries);
    li__puts(out, " out=");
    li_put_int(out, (int64_t)call->bytes_out);
    li__puts(out, " in=");
    li_put_int(out, (int64_t)call->bytes_in);
    if (call->rc < 0) {
        li__puts(out, " error=");
        li_put_int(out, (int)call->rc);
    }
    return li_buf_end(out);
}

/* >>oauth ----------------------------------------------------------------- */

LI__APART const char *li__wrong_sign_in(const li_flow *flow,
                                     const li_client *client, const char *scope)
{
    li_str redirect = li_cstr(client->redirect_uri), verifier;
    li_url url;
    verifier = li__str(flow->verifier, 0);
    while (verifier.len < sizeof flow->verifier && flow->verifier[verifier.len])
        verifier.len++;
    if (!client->client_id || !li__is_secret_ok(li_cstr(client->client_id)))
        return "client_id";
    if (redirect.len >= sizeof flow->redirect_uri ||
        li_url_split(redirect, &url) || url.fragment.ptr)
        return "redirect_uri";
    if (!scope || !*scope || !li__is_value(li_cstr(scope))) return "scope";
    if (!LI_MEMCHR(flow->state, 0, sizeof flow->state)) return "state";
    if (!LI_MEMCHR(flow->nonce, 0, sizeof flow->nonce)) return "nonce";
    /* RFC 7636 section 4.1 */
    if (flow->pkce && verifier.len &&
        (verifier.len < 43 || verifier.len == sizeof flow->verifier ||
         li__has_other(verifier, li__unreserved)))
        return "verifier";
    return NULL;
}

/* 256 random bits as 43 characters, where the caller has not given any. */
LI__APART li_rc li__random_text(const li_client *client, char *dst, size_t cap)
{
    char bytes[32];
    li_buf out = li_buf_of(dst, cap);
    if (*dst) return LI_OK;
    if (!client->random || client->random(client->user, bytes, sizeof bytes))
        return LI_E_STORE;
    li_base64url_encode(li__str(bytes, sizeof bytes), &out);
    li_wipe(bytes, sizeof bytes);
    return li_buf_end(&out);
}

LI__APART void li__put_challenge(const char *verifier, li_buf *out)
{
    uint8_t digest[32];
    li_sha256(li_cstr(verifier), digest);
    li__puts(out, "&code_challenge_method=S256&code_challenge=");
    li_base64url_encode(li__str((const char *)digest, 32), out);
}

/* NULL, or the name of the argument that is wrong. */
LI__APART const char *li__put_auth_base(const li_client *client, li_buf *out)
{
    li_url url;
    const char *wrong = li__wrong_base(client, 1, &url);
    if (!wrong)
        li__put_origin(&url, out);
    return wrong;
}

LI__APART void li__put_pair(li_buf *out, const char *name, const char *value)
{
    li_form_put(out, li_cstr(name), li_cstr(value));
}

LINKEDIN_API li_rc li_oauth_url(li_flow *flow, const li_client *client,
                                const char *scope, li_buf *out)
{
    li_rc rc;
    if (flow->stage) return LI_E_STATE;
    flow->wrong = li__wrong_sign_in(flow, client, scope);
    if (!flow->wrong)
        flow->wrong = li__put_auth_base(client, out);
    if (flow->wrong) return LI_E_ARG;
    rc = li__random_text(client, flow->state, sizeof flow->state);
    if (!rc && flow->pkce)
        rc = li__random_text(client, flow->verifier, sizeof flow->verifier);
    if (rc) return rc;
    li__puts(out, flow->pkce ? "/oauth/native-pkce/authorization?"
                             : "/oauth/v2/authorization?");
    li__put_pair(out, "response_type", "code");
    li__put_pair(out, "client_id", client->client_id);
    li__put_pair(out, "redirect_uri", client->redirect_uri);
    li__put_pair(out, "scope", scope);
    li__put_pair(out, "state", flow->state);
    if (*flow->nonce)
        li__put_pair(out, "nonce", flow->nonce);
    if (flow->pkce)
        li__put_challenge(flow->verifier, out);
    if (li_buf_end(out)) return out->rc;
    LI_MEMCPY(flow->redirect_uri, client->redirect_uri,
              LI_STRLEN(client->redirect_uri) + 1);
    flow->stage = 1;
    return LI_OK;
}


/* UTF-8, and with no NUL, which would cut a C string, where that matters. */
static int li__form_is_utf8(li_str s, int nul_too)
{
    uint8_t state = LI__S_PLAIN;
    size_t i = 0;
    while (i < s.len) {
        unsigned char c = li__form_byte(s, &i);
        state = li__utf8_step(state, c);
        if (!c && !nul_too) return 0;
    }
    return state == LI__S_PLAIN;
}

enum { LI__R_CODE, LI__R_STATE, LI__R_ERROR, LI__R_DESCRIPTION, LI__R_COUNT };

/* The four parameters of a redirect (RFC 6749 section 4.1.2): views, absent
   where they are not there. LI_E_ARG: one twice, or text that is not UTF-8. */
static li_rc li__redirect_query(li_str query, li_str value[LI__R_COUNT])
{
    static const char *const names[] = {"code", "state", "error",
                                        "error_description"};
    li_str name, text;
    unsigned i;
    for (i = 0; i < LI__R_COUNT; i++)
        value[i] = li__str(NULL, 0);
    while (!li_form_next(&query, &name, &text)) {
        if (!li__form_is_utf8(name, 1) || !li__form_is_utf8(text, 1))
            return LI_E_ARG;
        for (i = 0; i < LI__R_COUNT && !li__form_is(name, names[i]); i++)
            ;
        if (i == LI__R_COUNT) continue;
        if (value[i].ptr) return LI_E_ARG;
        value[i] = text.ptr ? text : li__str(name.ptr + name.len, 0);
    }
    return LI_OK;
}

/* In a time that does not tell where they differ. */
static int li__is_our_state(const li_flow *flow, li_str value)
{
    size_t i = 0, n = 0, len = LI_STRLEN(flow->state);
    unsigned differ = value.ptr == NULL;
    while (i < value.len) {
        unsigned char c = li__form_byte(value, &i);
        differ |= n < len ? (unsigned)((unsigned char)flow->state[n] ^ c) : 1u;
        n++;
    }
    return !differ && n == len;
}

/* A form's text, decoded into out with a NUL behind it. */
static li_str li__form_into(li_buf *out, li_str value)
{
    size_t start = out->len;
    if (!value.ptr) return value;
    if (!li__form_is_utf8(value, 0))
        out->rc = LI_E_ARG;
    li_form_decode(value, out);
    li__putc(out, 0);
    if (out->rc) return li__str(NULL, 0);
    return li__str(out->ptr + start, out->len - start - 1);
}

/* Not the URL that the member was to come back to. Fragments are not read. */
LI__APART int li__is_elsewhere(const li_flow *flow, li_str url, li_str *query)
{
    li__origin origin;
    li_str path;
    li_url got;
    if (li_url_split(li_cstr(flow->redirect_uri), &got)) return 1;
    origin = li__origin_of(&got);
    path = got.path;
    if (li_url_split(li__upto(&url, '#'), &got)) return 1;
    *query = got.query;
    return !li__is_origin(&origin, &got) || !li__same(got.path, path);
}

/* The member, or LinkedIn, said no: the two texts, in out. */
LI__APART li_rc li__denied(li_flow *flow, const li_str value[LI__R_COUNT],
                           li_buf *out, li_problem *why)
{
    li_str code = li__form_into(out, value[LI__R_ERROR]);
    li_str message = li__form_into(out, value[LI__R_DESCRIPTION]);
    if (out->rc == LI_E_ARG)
        flow->wrong = "url";
    if (out->rc) return out->rc;
    if (why) {
        why->code = code;
        why->message = message;
    }
    flow->stage = 4;
    return LI_E_DENIED;
}

LINKEDIN_API li_rc li_oauth_redirect(li_flow *flow, li_str url, li_buf *out,
                                     li_problem *why)
{
    li_str value[LI__R_COUNT], query;
    if (why) {
        LI_MEMSET(why, 0, sizeof *why);
        why->token_age = why->wait_s = -1;
    }
    if (flow->stage != 1) return LI_E_STATE;
    flow->wrong = "url";
    if (li__is_elsewhere(flow, url, &query) || li__redirect_query(query, value))
        return LI_E_ARG;
    flow->wrong = NULL;
    if (!li__is_our_state(flow, value[LI__R_STATE])) return LI_E_FORGED;
    if (value[LI__R_ERROR].ptr && !value[LI__R_CODE].ptr)
        return li__denied(flow, value, out, why);
    flow->wrong = "url";
    if (value[LI__R_ERROR].ptr || !value[LI__R_CODE].len) return LI_E_ARG;
    li__form_into(out, value[LI__R_CODE]);
    if (out->rc != LI_E_ARG)
        flow->wrong = NULL;
    if (out->rc) return out->rc;
    out->len--; /* the NUL stays behind the text */
    flow->stage = 2;
    return LI_OK;
}

static const struct {
    const char *path, *grant_type, *text_name;
} li__grants[] = {
    {"/oauth/v2/accessToken", "authorization_code", "code"}, /* works once */
    {"/oauth/v2/accessToken", "refresh_token", "refresh_token"},
    {"/oauth/v2/accessToken", "client_credentials", "scope"},
    {"/oauth/v2/introspectToken", NULL, "token"},
    {"/oauth/v2/revoke", NULL, "token"}};

static const char *li__wrong_grant(const li_client *client, li_grant grant,
                                   const char *text, const li_flow *flow)
{
    int native = grant == LI_GRANT_CODE && flow && flow->pkce;
    if (!client->client_id || !*client->client_id) return "client_id";
    if (!native && (!client->client_secret || !*client->client_secret))
        return "client_secret";
    if (grant != LI_GRANT_CLIENT && (!text || !*text))
        return li__grants[grant].text_name;
    if (grant != LI_GRANT_CODE) return NULL;
    if (!flow) return "flow";
    if (!*flow->redirect_uri) return "redirect_uri";
    return native && !*flow->verifier ? "verifier" : NULL;
}

/* Adds a field, where there is a value. */
static void li__add(li_req *req, const char *name, const char *value)
{
    const char **place = req->form;
    unsigned i;
    if (!value || !*value) return;
    for (i = 0; i < LI_FORM_FIELDS; i++, place += 2)
        if (!place[0]) {
            place[0] = name;
            place[1] = value;
            return;
        }
}

LINKEDIN_API li_rc li_oauth_req(li_req *req, const li_client *client,
                                li_grant grant, const char *text, li_flow *flow)
{
    int code = grant == LI_GRANT_CODE;
    LI_MEMSET(req, 0, sizeof *req);
    if ((unsigned)grant > LI_REVOKE)
        req->wrong = "grant";
    else
        req->wrong = li__wrong_grant(client, grant, text, flow);
    if (req->wrong) return LI_E_ARG;
    if (code && flow->stage > 2) {
        req->wrong = "flow";
        return LI_E_STATE;
    }
    req->base = LI_BASE_AUTH;
    req->repeatable = !code;
    req->path = li__grants[grant].path;
    li__add(req, "grant_type", li__grants[grant].grant_type);
    li__add(req, li__grants[grant].text_name, text);
    li__add(req, "client_id", client->client_id);
    if (!code || !flow->pkce)
        li__add(req, "client_secret", client->client_secret);
    if (code) {
        li__add(req, "redirect_uri", flow->redirect_uri);
        li__add(req, "code_verifier", flow->pkce ? flow->verifier : NULL);
        flow->stage = 3;
    }
    return LI_OK;
}

/* >>token ----------------------------------------------------------------- */

/* The texts first, in the order they lie in mem. */
enum {
    LI__T_REFRESH, LI__T_ACCESS, LI__T_ID, LI__T_SCOPE, LI__T_TYPE,
    LI__T_EXPIRES, LI__T_REFRESH_EXPIRES, LI__T_ISSUED, LI__T_COUNT
};
static const char *const li__token_names[] = {
    "refresh_token", "access_token", "id_token",
    "scope",         "token_type",   "expires_in",
    "refresh_token_expires_in",      "issued_at"};

/* RFC 6750 section 2.1, but wider: anything that a header may carry. */
static int li__is_token_text(li_str raw)
{
    li_str s = li__j_inside(raw);
    size_t i = 0, n, k;
    char utf8[4];
    while ((n = li__j_take(s, &i, utf8)) != 0)
        for (k = 0; k < n; k++)
            if (utf8[k] <= ' ' || utf8[k] > '~') return 0;
    return s.len && i == s.len;
}

/* The types of a token answer's members. number: expires_in,
   refresh_token_expires_in, issued_at. */
LI__APART li_rc li__token_check(const li_str raw[LI__T_COUNT],
                                int64_t number[3])
{
    unsigned i;
    if (!raw[LI__T_ACCESS].ptr) return LI_E_MISSING;
    for (i = 0; i < LI__T_EXPIRES; i++) {
        if (raw[i].ptr && !li__j_inside(raw[i]).ptr) return LI_E_TYPE;
        if (i != LI__T_ACCESS && li__j_has_nul(li__j_inside(raw[i])))
            return LI_E_ENCODING;
    }
    for (i = 0; i < 3; i++) {
        li_str text = raw[LI__T_EXPIRES + i];
        number[i] = i < 2 ? -1 : 0; /* not told */
        if (text.ptr && (li__number(text, &number[i]) || number[i] < 0))
            return LI_E_TYPE;
    }
    /* LinkedIn leaves token_type out at times; RFC 6749 section 5.1 */
    if (raw[LI__T_TYPE].ptr && !li__json_is_nocase(raw[LI__T_TYPE], "Bearer"))
        return LI_E_TYPE;
    return li__is_token_text(raw[LI__T_ACCESS]) ? LI_OK : LI_E_ARG;
}

/* What the texts need in mem, NULs included. */
LI__APART size_t li__token_need(const li_str raw[LI__T_COUNT], size_t kept)
{
    li_buf count = li_buf_of(NULL, 0);
    unsigned i;
    for (i = 0; i < 4; i++)
        li__text_into(&count, li__j_inside(raw[i]));
    return li__sum(count.need, kept);
}

/* Writes the texts into mem. A refresh token that is kept lies there, and is
   moved to the front first. */
LI__APART void li__token_store(li_token *token, const li_str raw[LI__T_COUNT])
{
    li_buf out = li_buf_of(token->mem, token->cap);
    unsigned i = 0;
    if (!raw[LI__T_REFRESH].ptr && token->refresh_token.ptr) {
        LI_MEMMOVE(token->mem, token->refresh_token.ptr,
                   token->refresh_token.len);
        token->refresh_token.ptr = token->mem;
        out.len = token->refresh_token.len;
        li__putc(&out, 0);
        i = 1;
    }
    if (!i)
        token->refresh_token = li__text_into(&out, li__j_inside(raw[0]));
    token->access_token = li__text_into(&out, li__j_inside(raw[1]));
    token->id_token = li__text_into(&out, li__j_inside(raw[2]));
    token->scope = li__text_into(&out, li__j_inside(raw[3]));
    token->priv.print = li__print(token->access_token);
    token->priv.dead = 0;
    li_wipe(token->mem + out.len, token->cap - out.len);
}

static int64_t li__left(int64_t life, int64_t from, int64_t now)
{
    int64_t passed = li__passed(from, now);
    if (!from || !now || life < 0) return life;
    return passed < life ? life - passed : 0;
}

/* All is right: the record takes it. */
LI__APART li_rc li__token_commit(li_token *token, const li_client *client,
                                 const li_str raw[LI__T_COUNT],
                                 const int64_t number[3])
{
    int keeps = !raw[LI__T_REFRESH].ptr && token->refresh_token.ptr;
    int64_t now = number[2], life = number[1];
    token->need = li__token_need(raw, keeps ? token->refresh_token.len + 1 : 0);
    if (token->need > token->cap || !token->mem) return LI_E_SPACE;
    if (!now && client && client->now)
        now = client->now(client->user);
    if (keeps && life < 0)
        life = li__left(token->refresh_expires_in, token->issued_at, now);
    li__token_store(token, raw);
    token->expires_in = number[0];
    token->refresh_expires_in = life;
    token->issued_at = now;
    token->priv.unsaved =
        client && client->save && client->save(client->user, token);
    return token->priv.unsaved ? LI_E_STORE : LI_OK;
}

LINKEDIN_API li_rc li_token_read(li_token *token, li_str json,
                                 const li_client *client)
{
    li_str raw[LI__T_COUNT];
    int64_t number[3];
    li_rc rc = li_json_pick(json, li__token_names, LI__T_COUNT, raw);
    if (!rc && raw[LI__T_REFRESH].ptr &&
        li_json_is(raw[LI__T_REFRESH], li__str("", 0)))
        raw[LI__T_REFRESH] = li__str(NULL, 0);
    if (!rc)
        rc = li__token_check(raw, number);
    return rc ? rc : li__token_commit(token, client, raw, number);
}

LINKEDIN_API li_rc li_token_put(const li_token *token, li_buf *out)
{
    const int64_t number[3] = {token->expires_in, token->refresh_expires_in,
                               token->issued_at};
    li_value value[2];
    unsigned i;
    li_json_fill(out, "{", NULL, 0);
    for (i = 0; i < 4; i++) {
        value[0].text = li_cstr(li__token_names[i]);
        value[1].text = li__token_text(token, i);
        if (value[1].text.ptr)
            li_json_fill(out, "?:?", value, 2);
    }
    for (i = 0; i < 3; i++)
        if (i < 2 ? number[i] >= 0 : number[i] != 0) {
            value[0].text = li_cstr(li__token_names[LI__T_EXPIRES + i]);
            value[1].number = number[i];
            li_json_fill(out, "?:#", value, 2);
        }
    return li_json_fill(out, "}", NULL, 0);
}

LINKEDIN_API li_rc li_token_load(const li_client *client)
{
    li_rc rc = LI_E_STORE;
    if (client->load && client->token)
        rc = client->load(client->user, client->token);
    return rc && rc != LI_E_MISSING ? LI_E_STORE : rc;
}

/* Seconds that a life still has; INT64_MAX where it is not known. */
static int64_t li__life_left(const li_client *client, int64_t life)
{
    const li_token *token = client->token;
    int64_t now = li__now(client);
    if (!token || !now || !token->issued_at || life < 0) return INT64_MAX;
    return life - li__passed(token->issued_at, now);
}

LINKEDIN_API int64_t li_sign_in_due(const li_client *client)
{
    const li_token *token = client->token;
    if (!token) return INT64_MAX;
    return li__life_left(client, token->refresh_token.ptr
                                     ? token->refresh_expires_in
                                     : token->expires_in);
}

/* >>again ----------------------------------------------------------------- */

/* A fraction of `most` in 65536ths, without a 64-bit product. */
static uint32_t li__part(uint32_t most, uint32_t of_65536)
{
    return (most >> 16) * of_65536 + ((most & 0xffff) * of_65536 >> 16);
}

/* Full jitter: anything from 0 to most; without randomness, most. */
static uint32_t li__jitter(const li_client *client, uint32_t most)
{
    uint16_t random = 0;
    if (!client->random || client->random(client->user, &random, sizeof random))
        return most;
    return li__part(most, random + 1u);
}

static uint32_t li__doubled(uint32_t ms, unsigned times, uint32_t most)
{
    for (; times && ms < most; times--)
        ms = ms > most >> 1 ? most : ms << 1;
    return ms < most ? ms : most;
}

static li_rc li__sleep(li_call *call, uint32_t ms)
{
    call->wake_ms = call->now_ms + ms;
    call->waited_ms += ms;
    return LI_WANT_SLEEP;
}

/* What is left of the call's whole time, as far as it is known. */
static uint32_t li__time_left(const li_call *call)
{
    uint32_t total = li__policy(call)->total_ms;
    uint64_t spent = call->now_ms - call->priv.began;
    if (!total || !(call->priv.flags & LI__F_TIMED)) return UINT32_MAX;
    return spent < total ? total - (uint32_t)spent : 0;
}

/* Waits as long as the answer says, or ever longer; LI_OK: no further try. */
LI__APART li_rc li__pause(li_call *call, unsigned tries, int64_t wait_s)
{
    const li_policy *policy = li__policy(call);
    uint32_t most = policy->wait_max_ms ? policy->wait_max_ms : 60000;
    uint32_t ms = policy->backoff_ms ? policy->backoff_ms : 500, told = 0;
    unsigned vague = call->status == 429 && wait_s < 0;
    ms = li__doubled(ms, (tries ? tries - 1 : 0) + (vague ? 3 : 0), most);
    if (wait_s > 4000000 || (wait_s > 0 && (uint32_t)wait_s * 1000 > most))
        return LI_OK;
    if (wait_s >= 0)
        told = (uint32_t)wait_s * 1000;
    if (wait_s < 0 || call->client->random)
        ms = li__jitter(call->client, ms < most - told ? ms : most - told);
    else
        ms = 0;
    ms += told;
    if (ms >= li__time_left(call)) return LI_OK;
    if (policy->budget && *policy->budget < 10) return LI_OK;
    if (policy->budget)
        *policy->budget = (uint16_t)(*policy->budget - 10);
    return li__sleep(call, ms);
}

static void li__refund(const li_call *call)
{
    uint16_t *budget = li__policy(call)->budget;
    if (budget && *budget < LI_BUDGET)
        ++*budget;
}

/* May pass by itself. */
static int li__is_transient(const li_call *call)
{
    int status = call->status;
    int busy = status == 408 || status == 429 ||
               (status >= 500 && status != 501 && status != 505);
    if (call->rc == LI_OK || call->rc == LI_E_SPACE) return busy;
    return call->rc == LI_E_IO || call->rc == LI_E_DNS ||
           call->rc == LI_E_TIMEOUT || call->rc == LI_E_CLOSED;
}

/* A second one does no harm: the server cannot have acted, or it may twice. */
static int li__is_harmless(const li_call *call)
{
    return !call->sent || call->status == 429 || li__is_repeatable(call->req);
}

/* New tokens are not known everywhere at once. */
static int li__is_too_new(const li_problem *why)
{
    return (why->service_code == 65601 || why->service_code == 65600) &&
           why->token_age >= 0 && why->token_age < 120;
}

/* A refresh token that LinkedIn has not refused. */
static int li__has_refresh(const li_token *token)
{
    return token->refresh_token.len &&
           token->priv.dead != li__print(token->refresh_token);
}

/* How the record's token stands to a call, in the way of li__next. */
enum { LI__ON_REFUSED, LI__ON_REFRESH, LI__ON_RELEASED };
static const uint8_t li__token_next[][2] = {
    {LI__WHEN(LI__CARRIED, LI__ON_REFUSED), LI__REFUSED},
    {LI__WHEN(LI__CARRIED, LI__ON_REFRESH), LI__REFRESH_EARLY},
    {LI__WHEN(LI__REFUSED, LI__ON_REFRESH), LI__REFRESH_NEEDED},
    {LI__WHEN(LI__REFUSED, LI__ON_RELEASED), LI__CARRIED},
    {LI__WHEN(LI__REFRESH_EARLY, LI__ON_RELEASED), LI__CARRIED},
    {LI__WHEN(LI__REFRESH_NEEDED, LI__ON_RELEASED), LI__CARRIED}};

/* Where the table has nothing, the event changes nothing. */
static void li__token_event(li_call *call, unsigned event)
{
    uint8_t next = li__lookup(li__token_next, sizeof li__token_next / 2,
                              LI__WHEN((unsigned)call->priv.token, event));
    if (next != 255)
        call->priv.token = next;
}

/* A 401 that another token may cure: one that came meanwhile, or a new one. */
static int li__is_renewable(li_call *call, const li_problem *why)
{
    const li_token *token = call->client->token;
    if (call->priv.token == LI__NO_TOKEN) return 0;
    if (token->priv.print != call->priv.print) return 1;
    if (call->refreshed || !li__has_refresh(token) ||
        why->service_code == 65601 || why->service_code == 65604)
        return 0;
    li__token_event(call, LI__ON_REFUSED);
    return 1;
}

/* Gives back what a refresh held: the request, the lease, the store. */
static void li__end_refresh(li_call *call)
{
    li_token *token = call->client->token;
    if (li__is_refreshing(call)) {
        call->req = call->priv.own;
        call->sent = call->priv.acted;
    }
    li__token_event(call, LI__ON_RELEASED);
    if (!call->priv.lease) return;
    if (token->priv.lease == call->priv.lease) {
        token->priv.lease = 0;
        if (call->client->lock)
            call->client->lock(call->client->user, 0);
    }
    call->priv.lease = 0;
}

/* What follows a try: LI_OK: nothing; LI_WANT_OPEN: another one now;
   LI_WANT_SLEEP: after a wait. */
LI__APART li_rc li__after_try(li_call *call)
{
    li_problem why;
    if (!call->rc && call->status / 100 == 2) {
        li__refund(call);
        return LI_OK;
    }
    li__problem(&why, call);
    if (call->tries >= li__tries(call) || why.final ||
        (call->priv.flags & (LI__F_TAKEN | LI__F_FINAL)))
        return LI_OK;
    if (!call->rc && call->status == 401 && !li__is_too_new(&why))
        return li__is_renewable(call, &why) ? LI_WANT_OPEN : LI_OK;
    if (call->rc || call->status != 401)
        if (!li__is_transient(call) || !li__is_harmless(call)) return LI_OK;
    return li__pause(call, call->tries, why.wait_s);
}

static int li__is_due(const li_call *call)
{
    int64_t life = call->client->token->expires_in;
    int64_t margin = li__policy(call)->refresh_s;
    if (!margin)
        margin = life >> 3 < 300 ? life >> 3 : 300;
    return li__life_left(call->client, life) <= margin;
}

/* Another process may have refreshed it: the store has one that is not due. */
static int li__is_in_store(li_call *call)
{
    const li_client *client = call->client;
    uint32_t print = client->token->priv.print;
    if (!client->load || client->token->priv.unsaved ||
        client->load(client->user, client->token))
        return 0;
    return client->token->priv.print != print && !li__is_due(call);
}

/* A refresh that has been under way for so long was forgotten. */
#define LI__LEASE_S 180

/* Takes the lease: one call refreshes the token, all others wait for it.
   LI_WANT_SLEEP: another has it. */
static li_rc li__lease(li_call *call)
{
    const li_client *client = call->client;
    li_token *token = client->token;
    int64_t now = li__now(client);
    li_rc rc = LI_OK;
    if (token->priv.lease && now - token->priv.since < LI__LEASE_S)
        return LI_WANT_SLEEP;
    if (client->lock)
        rc = client->lock(client->user, 1);
    if (rc) return rc; /* there is nothing to unlock */
    token->priv.leases = (uint16_t)(token->priv.leases + 1);
    token->priv.leases |= !token->priv.leases;
    token->priv.lease = call->priv.lease = token->priv.leases;
    token->priv.since = now;
    return LI_OK;
}

/* The token is due, or was refused: LI_WANT_OPEN: its refresh comes first;
   LI_WANT_SLEEP: another call has it; LI_OK: on with the try. */
LI__APART li_rc li__begin_refresh(li_call *call)
{
    const li_client *client = call->client;
    li_token *token = client->token;
    int refused = call->priv.token == LI__REFUSED;
    li_rc rc = li__lease(call);
    if (rc == LI_WANT_SLEEP) {
        uint32_t ms = 25 + li__jitter(client, 50), left = li__time_left(call);
        return li__sleep(call, ms < left ? ms : left);
    }
    if (!rc && !li__is_in_store(call)) {
        rc = li_oauth_req(&token->priv.req, client, LI_GRANT_REFRESH,
                          token->refresh_token.ptr, NULL);
        if (!rc) {
            call->priv.own = call->req;
            call->req = &token->priv.req;
            li__token_event(call, LI__ON_REFRESH);
            call->refreshed++;
            call->priv.renewals = 1;
            return LI_WANT_OPEN;
        }
    }
    li__end_refresh(call);
    if (!refused || !rc) return LI_OK;
    call->wrong = rc == LI_E_ARG ? token->priv.req.wrong : NULL;
    return rc;
}

/* What comes before a try: as li__begin_refresh(). */
LI__APART li_rc li__before_try(li_call *call)
{
    li_token *token = call->client->token;
    li_rc rc = LI_OK;
    if (li__is_refreshing(call) && token->priv.lease == call->priv.lease) {
        token->priv.since = li__now(call->client);
        call->priv.renewals++;
        return LI_WANT_OPEN;
    }
    if (li__is_refreshing(call))
        li__end_refresh(call); /* it took too long: another call does it */
    if (call->priv.token == LI__NO_TOKEN) return LI_OK;
    if (token->priv.print != call->priv.print)
        li__token_event(call, LI__ON_RELEASED);
    if (li__has_refresh(token) && !call->refreshed &&
        (call->priv.token == LI__REFUSED || li__is_due(call)))
        rc = li__begin_refresh(call);
    if (!rc && token->priv.print != call->priv.print)
        li__out_done(call); /* built with the token of before */
    return rc;
}

/* What follows a try of a refresh: LI_WANT_OPEN: the call's own try;
   LI_WANT_SLEEP: another one of the refresh, after a wait. */
LI__APART li_rc li__after_refresh(li_call *call)
{
    li_token *token = call->client->token;
    int refused = call->priv.token == LI__REFRESH_NEEDED;
    int passing = li__is_transient(call), status = call->status;
    int cancelled = call->rc == LI_E_CANCELLED;
    int ours = token->priv.lease == call->priv.lease; /* or another's, newer */
    li_rc rc = li_check(call), wait = LI_OK;
    if (call->rc < 0) { /* what came may be half a token */
        li_wipe(call->priv.buf + call->priv.kept_end,
                call->priv.cap - call->priv.kept_end);
        call->body = li__str(NULL, 0);
    }
    if (!rc) {
        if (ours)
            rc = li_token_read(token, call->body, call->client);
        li_wipe(call->priv.buf, call->priv.cap); /* it was moved about */
        call->unsaved = rc == LI_E_STORE;
        rc = rc == LI_E_STORE ? LI_OK : rc;
    } else if (ours && passing && !(call->priv.flags & LI__F_FINAL) &&
               call->priv.renewals < li__tries(call)) {
        wait = li__pause(call, call->priv.renewals, -1);
    }
    if (wait) return wait;
    li__end_refresh(call);
    if (ours && !cancelled && (status == 400 || status == 401)) {
        token->priv.dead = li__print(token->refresh_token);
        rc = LI_E_AUTH;
    } else if ((!ours && !cancelled) ||
               (rc && passing && !refused &&
                li__life_left(call->client, token->expires_in) > 0)) {
        rc = LI_OK; /* on with what the record has */
    }
    if (rc || !(call->priv.flags & LI__F_FINAL)) return rc ? rc : LI_WANT_OPEN;
    call->status = 0; /* of the refresh: the call itself was not made */
    call->body = li__str(NULL, 0);
    return LI_E_TIMEOUT;
}

/* Forgets what a try left behind. */
static li_rc li__next_try(li_call *call)
{
    if (call->status == 401 || call->status == 429 || li__is_refreshing(call))
        call->sent = call->priv.acted; /* it was refused, or another one */
    call->priv.acted = call->sent;
    call->status = 0;
    call->body = li__str(NULL, 0);
    call->need = 0;
    call->wrong = NULL;
    call->priv.flags &= LI__F_TIMED | LI__F_INSIDE;
    call->priv.at = call->priv.end = 0;
    call->priv.out_at = call->priv.out_end = 0;
    call->priv.kept_end = 0;
    LI_MEMSET(call->priv.kept, 0, sizeof call->priv.kept);
    call->priv.moved = UINT32_MAX; /* a limit begins */
    li__enter(call, LI__ON_AWAKE);
    return call->rc = LI_WANT_OPEN;
}

/* Begins a try, or the refresh that comes first, as li__before_try() says. */
static li_rc li__start_try(li_call *call, li_rc rc)
{
    if (rc < 0) return li__call_fail(call, rc);
    if (rc == LI_WANT_SLEEP) {
        li__out_done(call);
        li__enter(call, LI__ON_AGAIN);
        return call->rc = rc;
    }
    if (rc == LI_WANT_OPEN)
        li__out_done(call); /* the head is of another request */
    else
        call->tries++;
    if (!call->priv.out_end && li__prepare(call))
        li__end_refresh(call);
    return call->rc;
}

/* Leaves a try for another one, or as the last. */
static li_rc li__leave_try(li_call *call, li_rc rc)
{
    if (rc == LI_OK) return call->rc;
    if (rc == LI_WANT_OPEN) return li__next_try(call);
    if (rc == LI_WANT_SLEEP) {
        li__enter(call, LI__ON_AGAIN);
        return call->rc = rc;
    }
    call->priv.state = LI__DONE; /* what failed is the refresh */
    return li__call_fail(call, rc);
}

LINKEDIN_API li_rc li_again(li_call *call)
{
    li_rc rc;
    if (call->priv.state == LI__WAIT) return li__next_try(call);
    if (call->priv.state == LI__ASK)
        return li__start_try(call, li__before_try(call));
    if (li__is_refreshing(call))
        return li__leave_try(call, li__after_refresh(call));
    rc = li__after_try(call);
    if (!rc)
        li__end_refresh(call);
    else if (call->tries && call->tries <= LI_TRIES)
        call->tried[call->tries - 1] =
            (int16_t)(call->rc < 0 ? (int)call->rc : call->status);
    return li__leave_try(call, rc);
}

/* >>rest ------------------------------------------------------------------ */

enum { LI__WHOLE, LI__PATCH, LI__ELEMENTS, LI__ENTITIES, LI__PARAMETERS };

/* name, HTTP method; the parameter that its name goes into; whether it has
   ids and a body, and how that is wrapped. */
static const struct {
    char name[21], verb[7], param[7];
    uint8_t ids, body, wrap;
} li__methods[] = {{"GET", "GET", "", 0, 0, 0},
                   {"BATCH_GET", "GET", "", 1, 0, 0},
                   {"GET_ALL", "GET", "", 0, 0, 0},
                   {"FINDER", "GET", "q", 0, 0, 0},
                   {"BATCH_FINDER", "GET", "bq", 0, 0, 0},
                   {"CREATE", "POST", "", 0, 1, LI__WHOLE},
                   {"BATCH_CREATE", "POST", "", 0, 1, LI__ELEMENTS},
                   {"UPDATE", "PUT", "", 0, 1, LI__WHOLE},
                   {"BATCH_UPDATE", "PUT", "", 1, 1, LI__ENTITIES},
                   {"PARTIAL_UPDATE", "POST", "", 0, 1, LI__PATCH},
                   {"BATCH_PARTIAL_UPDATE", "POST", "", 1, 1, LI__ENTITIES},
                   {"DELETE", "DELETE", "", 0, 0, 0},
                   {"BATCH_DELETE", "DELETE", "", 1, 0, 0},
                   {"ACTION", "POST", "action", 0, 1, LI__PARAMETERS}};

/* A whole JSON text, without white space round it; empty if it is none. */
static li_str li__whole_json(li_str json)
{
    li_str all;
    return li__j_whole(json, &all) ? li__str("", 0) : all;
}

/* A patch that changes nothing must not be sent. */
static int li__is_patch(li_str json)
{
    li_str patch, set;
    size_t all, sets = 1;
    if (li_json_find(json, "/patch", &patch) || li__members(patch, &all))
        return 0;
    if (!li_json_find(patch, "/$set", &set) && li__members(set, &sets))
        return 0;
    return all > 1 || (all && sets);
}

/* The key of an entity in a body: a simple one as it is, a complex one
   encoded (which the server undoes). */
static void li__put_entity_key(li_str id, li_buf *mem)
{
    if (mem->last != '{')
        li__putc(mem, ',');
    if (*id.ptr == '"') {
        li_put(mem, id);
    } else {
        li__putc(mem, '"');
        li__restli_one(LI_RESTLI_URL, id, mem);
        li__putc(mem, '"');
    }
    li__putc(mem, ':');
}

/* {"entities":{id:element,...}} out of two arrays of one length. */
LI__APART li_rc li__put_entities(li_str ids, li_str list, li_buf *mem)
{
    size_t at = 0, list_at = 0;
    li_str id, one;
    li_rc rc, other;
    li__puts(mem, "{\"entities\":{");
    for (;;) {
        rc = li__j_each_at(ids, &at, NULL, &id);
        other = li__j_each_at(list, &list_at, NULL, &one);
        if (rc || other) break;
        li__put_entity_key(id, mem);
        li_put(mem, one);
    }
    li__puts(mem, "}}");
    return rc == LI_E_MISSING && other == LI_E_MISSING ? LI_OK : LI_E_ARG;
}

LI__APART li_rc li__rest_body(li_req *req, const li_rest *rest, li_buf *mem)
{
    unsigned wrap = li__methods[rest->method].wrap;
    int list = wrap == LI__ELEMENTS || wrap == LI__ENTITIES;
    size_t start = mem->len;
    li_str body = li__whole_json(rest->body);
    if (wrap == LI__PARAMETERS && !rest->body.len) {
        req->body = li__str("{}", 2);
        return LI_OK;
    }
    if (!body.len || *body.ptr != (list ? '[' : '{') ||
        (wrap == LI__PATCH && !li__is_patch(body)))
        return LI_E_ARG;
    req->body = rest->body;
    if (wrap == LI__ELEMENTS) {
        li__puts(mem, "{\"elements\":");
        li_put(mem, rest->body);
        li__putc(mem, '}');
    } else if (wrap == LI__ENTITIES &&
               li__put_entities(li__whole_json(rest->ids), body, mem)) {
        return LI_E_ARG;
    }
    if (mem->len > start)
        req->body = li__str(mem->ptr + start, mem->len - start);
    return LI_OK;
}

/* Parameters of another room, in front of the call's own. */
typedef struct li__more {
    void (*put)(const void *of, li_buf *mem);
    const void *of;
} li__more;

/* The query behind a "?", so that "&" comes where it is due. more: or NULL. */
LI__APART const char *li__rest_query(const li_rest *rest, const li__more *more,
                                     li_buf *mem)
{
    const char *param = li__methods[rest->method].param;
    const char *own = li__methods[rest->method].ids ? "ids" : param;
    li_str raw;
    li_rc rc;
    if (*own && rest->query.len && !li__member(rest->query, li_cstr(own), &raw))
        return "query"; /* the method's own parameter, a second time */
    li__putc(mem, '?');
    if (li__methods[rest->method].ids) {
        li__puts(mem, "ids=");
        rc = li_restli_encode(LI_RESTLI_URL, rest->ids, mem);
        if (rc && rc != LI_E_SPACE) return "ids";
    }
    if (*param)
        li_form_put(mem, li_cstr(param), li_cstr(rest->name));
    if (more)
        more->put(more->of, mem);
    if (rest->query.len) {
        rc = li_restli_encode(LI_RESTLI_QUERY, rest->query, mem);
        if (rc && rc != LI_E_SPACE) return "query";
    }
    return NULL;
}

/* An array of one key at least. */
LI__APART int li__has_ids(li_str ids)
{
    size_t at = 0;
    li_str first;
    ids = li__whole_json(ids);
    return ids.len && *ids.ptr == '[' && !li__j_each_at(ids, &at, NULL, &first);
}

LI__APART const char *li__rest_wrong(const li_rest *rest)
{
    int named, ids;
    if ((unsigned)rest->method > LI_ACTION) return "method";
    named = *li__methods[rest->method].param != 0;
    ids = li__methods[rest->method].ids;
    if (li__starts(li_cstr(rest->path), "/rest/") ||
        li__starts(li_cstr(rest->path), "/v2/"))
        return "path"; /* it comes by itself */
    if (named != (rest->name && *rest->name)) return "name";
    if (ids ? !li__has_ids(rest->ids) : rest->ids.len > 0) return "ids";
    return rest->body.len && !li__methods[rest->method].body ? "body" : NULL;
}

/* Where the texts lie that were written, each with a NUL behind it. */
static const char *li__rest_text(const li_buf *mem, size_t at)
{
    return mem->ptr ? mem->ptr + at : NULL;
}

#define LI__MULTIPART "multipart/mixed; boundary="
#define LI__BOUNDARY "li-0123456789abcdef" /* one of the length of all */
#define LI__JSON_TYPE "application/json"

/* "li-" and 16 digits that occur in neither: made of the body's own bytes. */
LI__APART void li__make_boundary(const li_req *req, char boundary[20])
{
    uint64_t hash = li__print64(req->body);
    li_str query = li_cstr(req->query), text = li__str(boundary, 19);
    size_t i;
    LI_MEMCPY(boundary, "li-", 3);
    boundary[19] = 0;
    do {
        for (i = 0; i < 16; i++)
            boundary[3 + i] = li__hex_lower[hash >> (4 * i) & 15];
        hash++;
    } while (li__find(query, text) <= query.len ||
             li__find(req->body, text) <= req->body.len);
}

/* Query and body as two parts (RFC 2046 section 5.1.1). */
static void li__put_parts(const li_req *req, const char *boundary,
                          const char *type, li_buf *mem)
{
    li__puts(mem, "--");
    li__puts(mem, boundary);
    li__puts(mem, "\r\nContent-Type: application/x-www-form-urlencoded"
                  "\r\n\r\n");
    li__puts(mem, req->query);
    li__puts(mem, "\r\n--");
    li__puts(mem, boundary);
    li__puts(mem, "\r\nContent-Type: ");
    li__puts(mem, type);
    li__puts(mem, "\r\n\r\n");
    li_put(mem, req->body);
    li__puts(mem, "\r\n--");
    li__puts(mem, boundary);
    li__puts(mem, "--");
}

LI__APART li_rc li__tunnel_both(li_req *req, const char *boundary, li_buf *mem)
{
    const char *type = req->content_type ? req->content_type : LI__JSON_TYPE;
    size_t at = mem->len, body;
    li_str query = li_cstr(req->query), mark = li_cstr(boundary);
    if (!mark.len || li__find(query, mark) <= query.len ||
        li__find(req->body, mark) <= req->body.len)
        return LI_E_ARG;
    li__puts(mem, LI__MULTIPART);
    li__puts(mem, boundary);
    li__putc(mem, 0);
    body = mem->len;
    li__put_parts(req, boundary, type, mem);
    if (mem->rc) return mem->rc;
    req->content_type = mem->ptr + at;
    req->body = li__str(mem->ptr + body, mem->len - body);
    return LI_OK;
}

LINKEDIN_API li_rc li_tunnel(li_req *req, size_t limit, const char *boundary,
                             li_buf *mem)
{
    const char *verb = li__method(req);
    uint8_t repeatable = (uint8_t)li__is_repeatable(req);
    char made[20];
    li_str query = li_cstr(req->query);
    li_rc rc = LI_OK;
    if (query.len <= limit || req->override) return LI_OK;
    if (req->form[0] || req->read)
        rc = LI_E_ARG;
    else if (!req->body.len) {
        req->body = query;
        req->content_type = "application/x-www-form-urlencoded";
    } else {
        if (!boundary)
            li__make_boundary(req, made);
        rc = li__tunnel_both(req, boundary ? boundary : made, mem);
    }
    if (rc == LI_E_ARG)
        req->wrong = "boundary";
    if (rc) return rc;
    req->repeatable = repeatable;
    req->override = verb;
    req->method = "POST";
    req->query = NULL;
    return LI_OK;
}

/* Says which JSON text was refused, and where it is none. */
LI__APART void li__rest_fault(li_req *req, const li_rest *rest)
{
    static const char *const names[] = {"keys", "ids", "query", "body"};
    const li_str *all[] = {&rest->keys, &rest->ids, &rest->query, &rest->body};
    li_json json;
    unsigned i = 0;
    while (i < 4 && !li__is(req->wrong, names[i]))
        i++;
    if (i == 4) return;
    li_json_open(&json, *all[i], 1);
    do req->wrong_rc = li_json_next(&json);
    while (!req->wrong_rc && json.type != LI_JSON_END);
    req->wrong_at = req->wrong_rc ? li_json_offset(&json) : 0;
    if (!all[i]->len || !req->wrong_rc)
        req->wrong_rc = all[i]->len ? LI_E_TYPE : LI_E_MISSING;
}

/* NULL, or what is wrong. */
LI__APART const char *li__rest_path(const li_client *client,
                                    const li_rest *rest, li_buf *mem)
{
    li_rc rc;
    li__puts(mem, client->version && *client->version ? "/rest" : "/v2");
    rc = li_restli_path(mem, rest->path, rest->keys);
    li__putc(mem, 0);
    if (!rc || rc == LI_E_SPACE) return NULL;
    return rc == LI_E_ARG ? "path" : "keys";
}

/* The memory was too small: what a tunnel would have wanted besides. */
LI__APART void li__tunnel_need(size_t query, size_t body, li_buf *mem)
{
    li_buf count = li_buf_of(NULL, 0);
    li_req none;
    if (query <= LI_MAX_QUERY || !body) return;
    LI_MEMSET(&none, 0, sizeof none);
    li__puts(&count, LI__MULTIPART LI__BOUNDARY " ");
    li__put_parts(&none, LI__BOUNDARY, LI__JSON_TYPE, &count);
    mem->need = li__sum(mem->need, li__sum(count.need, li__sum(query, body)));
}

static li_rc li__rest_make(li_req *req, const li_client *client,
                           const li_rest *rest, const li__more *more,
                           li_buf *mem)
{
    size_t path = mem->len, at, query, from, body;
    li_rc rc;
    LI_MEMSET(req, 0, sizeof *req);
    req->wrong = li__rest_wrong(rest);
    if (!req->wrong)
        req->wrong = li__rest_path(client, rest, mem);
    at = mem->len + 1;
    query = mem->need + 1;
    if (!req->wrong)
        req->wrong = li__rest_query(rest, more, mem);
    if (!req->wrong && mem->last != '?')
        req->query = li__rest_text(mem, at);
    query = mem->need > query ? mem->need - query : 0;
    li__putc(mem, 0);
    from = mem->need;
    if (!req->wrong && li__methods[rest->method].body &&
        li__rest_body(req, rest, mem))
        req->wrong = "body";
    body = mem->need > from ? mem->need - from : req->body.len;
    if (req->wrong) return li__rest_fault(req, rest), LI_E_ARG;
    rc = mem->rc;
    if (rc) {
        li__tunnel_need(query, body, mem);
    } else {
        req->path = li__rest_text(mem, path);
        req->method = li__methods[rest->method].verb;
        req->rest_method = li__methods[rest->method].name;
        rc = li_tunnel(req, LI_MAX_QUERY, NULL, mem);
    }
    if (rc == LI_E_SPACE) {
        req->wrong = "mem"; /* it is not wrong, but too little */
        req->wrong_rc = rc;
    }
    return rc;
}

LINKEDIN_API li_rc li_rest_req(li_req *req, const li_client *client,
                               const li_rest *rest, li_buf *mem)
{
    return li__rest_make(req, client, rest, NULL, mem);
}

/* >>page ------------------------------------------------------------------ */

static void li__put_param(li_buf *mem, const char *name)
{
    if (mem->last != '?')
        li__putc(mem, '&');
    li__puts(mem, name);
    li__putc(mem, '=');
}

/* Where a page is: before the call's own parameters. */
static void li__put_page(const void *of, li_buf *mem)
{
    const li_page *page = (const li_page *)of;
    if (page->count) {
        li__put_param(mem, page->cursor ? "pageSize" : "count");
        li_put_int(mem, page->count);
    }
    if (!page->cursor) {
        li__put_param(mem, "start");
        li_put_int(mem, (int64_t)page->priv.start);
    } else if (page->priv.token_len) {
        li__put_param(mem, "pageToken");
        li_percent_encode(li__str(page->priv.token, page->priv.token_len), mem);
    }
}

/* What a member at the top is. */
enum { LI__OTHER, LI__LIST, LI__ELEMENT, LI__PAGING, LI__METADATA };

/* Whether the server says that this is another page than was asked for. */
static int li__page_is_other(const li_page *page)
{
    return !page->cursor && page->priv.echo >= 0 &&
           (uint64_t)page->priv.echo != page->priv.start;
}

static li_rc li__page_element(li_page *page, li_str raw)
{
    if (li__page_is_other(page)) return LI_E_PROTOCOL;
    page->priv.print = li__mixed(page->priv.print, li__print(raw));
    page->priv.here++;
    if (page->cursor && page->priv.here <= page->priv.start)
        return LI_OK; /* handed over before the page failed */
    page->handed++;
    return page->element(page->user, raw);
}

static void li__page_paging(li_page *page, li_str raw)
{
    static const char *const names[] = {"total", "start", "count", "links"};
    li_str found[4], link;
    size_t at = 0;
    int64_t value;
    if (li_json_pick(raw, names, 4, found)) return;
    li_json_int(found[0], &page->total);
    li_json_int(found[1], &page->priv.echo);
    if (!li_json_int(found[2], &value) && value > 0 && value <= INT32_MAX)
        page->priv.told = (uint32_t)value;
    page->priv.links = found[3].ptr != NULL;
    if (!found[3].ptr || *found[3].ptr != '[') return;
    while (!li__j_each_at(found[3], &at, NULL, &link))
        if (!li_json_find(link, "/rel", &link) &&
            li_json_is(link, li_cstr("next")))
            page->priv.links = 2;
}

static li_rc li__page_metadata(li_page *page, li_str raw)
{
    li_buf out = li_buf_of(page->priv.next, sizeof page->priv.next);
    li_str found;
    if (li_json_find(raw, "/nextPageToken", &found) || *found.ptr != '"')
        return LI_OK;
    if (li_json_text(found, &out)) return LI_E_LIMIT;
    page->priv.next_len = (uint8_t)out.len;
    return LI_OK;
}

/* What was captured is whole: its last bytes. */
static li_rc li__page_take(li_page *page, li_str last)
{
    uint8_t place = page->priv.place;
    size_t held = page->priv.held;
    if (held) {
        page->need = li__sum(held, last.len);
        if (page->need > page->cap) return LI_E_SPACE;
        LI_MEMCPY(page->mem + held, last.ptr, last.len);
        last = li__str(page->mem, held + last.len);
    }
    page->priv.from = NULL;
    page->priv.held = 0;
    if (place == LI__ELEMENT)
        page->priv.place = LI__LIST;
    if (place == LI__ELEMENT) return li__page_element(page, last);
    page->priv.place = LI__OTHER;
    if (place == LI__PAGING)
        li__page_paging(page, last);
    return place == LI__METADATA ? li__page_metadata(page, last) : LI_OK;
}

/* The piece ends within what is captured. */
static li_rc li__page_hold(li_page *page, const char *end)
{
    size_t n = (size_t)(end - page->priv.from);
    page->need = li__sum(page->priv.held, n);
    if (page->need > page->cap) return LI_E_SPACE;
    LI_MEMCPY(page->mem + page->priv.held, page->priv.from, n);
    page->priv.held += n;
    return LI_OK;
}

/* A name at the top, which may be cut. */
static void li__page_name(li_page *page, const li_json *json)
{
    static const struct { char name[12]; uint8_t place; } places[] = {
        {"\"elements\"", LI__LIST}, {"\"paging\"", LI__PAGING},
        {"\"metadata\"", LI__METADATA}};
    size_t i;
    for (i = 0; i < json->text.len; i++)
        if (page->priv.name_len < sizeof page->priv.name)
            page->priv.name[page->priv.name_len++] = json->text.ptr[i];
    if (json->more) return;
    page->priv.place = LI__OTHER;
    for (i = 0; i < 3; i++)
        if (li__same(li__str(page->priv.name, page->priv.name_len),
                     li_cstr(places[i].name)))
            page->priv.place = places[i].place;
    page->priv.name_len = 0;
}

/* A token that is of no value that is being captured: it may begin one. */
static li_rc li__page_token(li_page *page, const li_json *json)
{
    uint8_t place = page->priv.place;
    if (json->type == LI_JSON_KEY && json->depth == 1)
        return li__page_name(page, json), LI_OK;
    if (json->type == LI_JSON_ARRAY && json->depth == 1)
        return LI_E_TYPE; /* the answer is no object */
    if (place == LI__OTHER || json->type == LI_JSON_END ||
        (place == LI__LIST && json->type == LI_JSON_ARRAY && json->depth == 2 &&
         !page->priv.level))
        return page->priv.level = place == LI__LIST, LI_OK;
    if (place == LI__LIST && !page->priv.level) return LI_E_TYPE;
    if (place == LI__LIST && li__closes(json)) {
        page->priv.place = LI__OTHER;
        page->priv.level = 0;
        return LI_OK;
    }
    if (place == LI__LIST)
        page->priv.place = LI__ELEMENT;
    page->priv.from = json->text.ptr;
    if (li__opens(json) || json->more) return LI_OK;
    return li__page_take(page, json->text);
}

static li_rc li__page_next(li_page *page)
{
    const li_json *json = &page->priv.json;
    unsigned depth = page->priv.place == LI__ELEMENT ? 2 : 1;
    li_rc rc = li_json_next(&page->priv.json);
    const char *end;
    if (rc) return rc;
    if (!page->priv.from) return li__page_token(page, json);
    if (json->depth != depth || json->more || li__opens(json) ||
        json->type == LI_JSON_KEY)
        return LI_OK;
    end = json->text.ptr + json->text.len;
    return li__page_take(page, li__str(page->priv.from,
                                       (size_t)(end - page->priv.from)));
}

static li_rc li__page_sink(void *user, li_str piece)
{
    li_page *page = (li_page *)user;
    li_rc rc = LI_OK;
    if (page->priv.bad || !piece.len) return LI_OK;
    if (page->priv.begun)
        li_json_feed(&page->priv.json, piece, 0);
    else
        li_json_open(&page->priv.json, piece, 0);
    page->priv.begun = 1;
    if (page->priv.from)
        page->priv.from = piece.ptr;
    while (!rc)
        rc = li__page_next(page);
    if (rc == page->priv.json.rc && rc < 0)
        page->priv.bad = rc; /* a gateway's page, as its status may tell */
    if (rc != LI_WANT_READ) return page->priv.bad ? LI_OK : rc;
    return page->priv.from ? li__page_hold(page, piece.ptr + piece.len)
                           : LI_OK;
}

LINKEDIN_API li_rc li_page_req(li_page *page, li_req *req,
                               const li_client *client, li_buf *mem)
{
    li__more more;
    li_rc rc;
    more.put = li__put_page;
    more.of = page;
    LI_MEMSET(req, 0, sizeof *req);
    if (page->priv.over) return LI_E_MISSING;
    rc = li__rest_make(req, client, page->rest, &more, mem);
    req->sink = li__page_sink;
    req->user = page;
    if (!page->handed && !page->priv.here)
        page->total = -1;
    page->priv.from = NULL;
    page->priv.held = 0;
    page->priv.here = page->priv.told = 0;
    page->priv.print = 0x811c9dc5u;
    page->priv.echo = -1;
    page->priv.place = page->priv.level = page->priv.begun = 0;
    page->priv.links = page->priv.name_len = page->priv.next_len = 0;
    page->priv.bad = LI_OK;
    return rc;
}

/* The page was whole: whether, and where, there is another. */
static li_rc li__page_on(li_page *page)
{
    uint32_t step = page->priv.told ? page->priv.told : page->count;
    int more = page->priv.links == 2;
    int same = page->priv.here && page->priv.echo < 0 && !page->cursor &&
               page->priv.print == page->priv.before;
    if (same || li__page_is_other(page)) return LI_E_PROTOCOL;
    page->priv.before = page->priv.print;
    page->priv.empty = (uint8_t)(page->priv.here ? 0 : page->priv.empty + 1);
    if (page->cursor) {
        li_str next = li__str(page->priv.next, page->priv.next_len);
        if (next.len && li__same(next, li__str(page->priv.token,
                                               page->priv.token_len)))
            return LI_E_PROTOCOL;
        LI_MEMCPY(page->priv.token, next.ptr, next.len);
        page->priv.token_len = page->priv.next_len;
        page->priv.start = 0;
        page->priv.over = !next.len;
        return next.len && page->priv.empty > 100 ? LI_E_PROTOCOL : LI_OK;
    }
    step = step ? step : page->priv.here;
    page->priv.start += step;
    if (!page->priv.links && page->total >= 0)
        more = page->priv.here && page->priv.start < (uint64_t)page->total;
    else if (!page->priv.links)
        more = page->priv.here && page->priv.here >= step;
    page->priv.over = !more;
    return more && page->priv.empty > 100 ? LI_E_PROTOCOL : LI_OK;
}

LINKEDIN_API li_rc li_page_end(li_page *page, const li_call *call)
{
    uint32_t here = page->priv.here;
    li_rc rc = li_check(call);
    if (!rc)
        rc = page->priv.begun ? page->priv.bad : LI_E_JSON;
    if (!rc) {
        li_json_feed(&page->priv.json, li__str("", 0), 1);
        do { /* a number at the end may have waited for it */
            rc = li_json_next(&page->priv.json);
        } while (!rc && page->priv.json.type != LI_JSON_END);
    }
    if (!rc)
        return li__page_on(page); /* or its reason to stop */
    if (!page->cursor)
        page->priv.start += here; /* the rest of it is asked for */
    else if (here > page->priv.start)
        page->priv.start = here;
    return rc;
}

/* >>upload ---------------------------------------------------------------- */

enum {
    LI__BEGIN, LI__BYTES, LI__THUMBNAIL, LI__CAPTIONS, LI__FINISH, LI__ALL_DONE
};

static const struct {
    char path[16], urn[10]; /* urn: where the answer has it */
} li__media[] = {{"/rest/images", "/image"}, {"/rest/documents", "/document"},
                 {"/rest/videos", "/video"}};

/* An action of that kind of media; its body was written behind mem. */
static li_rc li__upload_action(const li_upload *up, li_req *req,
                               const char *query, const li_buf *body,
                               li_buf *mem)
{
    req->path = li__media[up->media].path;
    req->query = query;
    req->rest_method = "ACTION";
    req->body = li__str(body->ptr, body->rc ? 0 : body->len);
    return li__take_part(mem, body);
}

LI__APART li_rc li__upload_begin(const li_upload *up, li_req *req, li_buf *mem)
{
    li_buf body = li__part_of(mem);
    li_value value[4];
    value[0].text = li_cstr(up->owner);
    value[1].number = (int64_t)up->len;
    value[2].text = li_cstr(up->captions.len ? "true" : "false");
    value[3].text = li_cstr(up->thumbnail.len ? "true" : "false");
    if (li_urn_split(value[0].text, NULL, NULL, NULL) ||
        !li__is_utf8(value[0].text)) {
        req->wrong = "owner";
        return LI_E_ARG;
    }
    if (up->media == LI_VIDEO)
        li_json_fill(&body, "{\"initializeUploadRequest\":{\"owner\":?,"
                            "\"fileSizeBytes\":#,\"uploadCaptions\":*,"
                            "\"uploadThumbnail\":*}}", value, 4);
    else
        li_json_fill(&body, "{\"initializeUploadRequest\":{\"owner\":?}}",
                     value, 1);
    return li__upload_action(up, req, "action=initializeUpload", &body, mem);
}

/* Where bytes may go; those without the token also where the caller says. */
static int li__is_upload_host(const li_upload *up, const li_client *client,
                              const li_url *url, int token)
{
    li_str more = li_cstr(up->hosts);
    li__origin own = li__origin_of(url);
    li_url base;
    if (li__is_of(url, ".linkedin.com") || li__is_of(url, ".licdn.com"))
        return 1;
    if (!li__wrong_base(client, 0, &base) && li__is_origin(&own, &base))
        return 1; /* of the client's own base: a mock */
    while (more.len)
        if (li__same_nocase(li__upto(&more, ' '), url->host) && url->tls)
            return token == LI_TOKEN_NEVER;
    return 0;
}

/* A URL of an instruction, checked, as a C string. */
static li_rc li__upload_url(const li_upload *up, li_str instruction,
                            const char *pointer, li_req *req,
                            const li_client *client, li_buf *mem)
{
    li_url url;
    li_str raw;
    li_rc rc = li_json_find(instruction, pointer, &raw);
    if (!rc)
        raw = li__text_into(mem, li__j_inside(raw));
    if (rc || mem->rc) return rc ? rc : mem->rc;
    req->path = raw.ptr;
    if (li_url_split(raw, &url) ||
        !li__is_upload_host(up, client, &url, req->token)) {
        req->wrong = "upload_url";
        return LI_E_ARG;
    }
    return LI_OK;
}

/* The instruction that is due: an image's is the whole of what came. */
static li_rc li__instruction(li_upload *up, li_str *raw)
{
    li_str rest = li__cut(li__str(up->mem, up->priv.value_len), up->priv.at,
                          up->priv.value_len);
    li_json json;
    li_rc rc;
    while (rest.len && (*rest.ptr == ',' || (unsigned char)*rest.ptr <= ' '))
        rest = li__cut(rest, 1, rest.len);
    li_json_open(&json, rest, 1);
    rc = li_json_next(&json);
    if (!rc)
        rc = li__j_raw(&json, raw);
    if (!rc)
        up->priv.after = (size_t)(raw->ptr - up->mem) + raw->len;
    return rc;
}

/* A whole number in an object, or -1. */
static int64_t li__whole(li_str object, const char *pointer)
{
    int64_t number;
    li_str raw;
    if (li_json_find(object, pointer, &raw) || li_json_int(raw, &number))
        return -1;
    return number;
}

/* The bytes of the part, as LinkedIn says: each behind the last, to the end. */
static li_rc li__upload_range(li_upload *up, li_str instruction)
{
    int64_t from = 0, to = (int64_t)up->len - 1;
    if (up->media == LI_VIDEO) {
        from = li__whole(instruction, "/firstByte");
        to = li__whole(instruction, "/lastByte");
    }
    if (from < 0 || to < from || (uint64_t)from != up->priv.next ||
        (uint64_t)from >= up->len)
        return LI_E_RANGE;
    if ((uint64_t)to >= up->len)
        to = (int64_t)up->len - 1;
    if (up->part + 1 == up->parts && (uint64_t)to + 1 != up->len)
        return LI_E_RANGE;
    up->priv.first = (uint64_t)from;
    up->priv.size = (uint64_t)(to - from) + 1;
    return LI_OK;
}

static size_t li__upload_read(void *user, uint64_t at, char *dst, size_t cap)
{
    li_upload *up = (li_upload *)user;
    size_t n = up->read(up->user, up->priv.first + at, dst, cap);
    if (!at)
        up->priv.etag_len = 0; /* of another try */
    if (n && n <= cap && up->progress)
        up->progress(up->user, up->priv.first + at + n, up->len);
    return n;
}

/* A part's ETag, without its quotes, goes back when all are sent. */
static void li__upload_header(void *user, li_str name, li_str value)
{
    li_upload *up = (li_upload *)user;
    if (!li__is_nocase(name, "etag")) return;
    if (value.len > 1 && *value.ptr == '"' && value.ptr[value.len - 1] == '"')
        value = li__cut(value, 1, value.len - 1);
    up->priv.etag_len = 0;
    if (value.len > sizeof up->priv.etag || !li__is_value(value) ||
        !li__is_utf8(value))
        return;
    LI_MEMCPY(up->priv.etag, value.ptr, value.len);
    up->priv.etag_len = (uint16_t)value.len;
}

LI__APART li_rc li__upload_bytes(li_upload *up, li_req *req,
                              const li_client *client, li_buf *mem)
{
    li_str instruction;
    li_rc rc = li__instruction(up, &instruction);
    if (!rc)
        rc = li__upload_range(up, instruction);
    req->token = up->media == LI_VIDEO ? LI_TOKEN_NEVER : LI_TOKEN_HERE;
    if (!rc)
        rc = li__upload_url(up, instruction, "/uploadUrl", req, client, mem);
    if (rc) return rc;
    up->priv.etag_len = 0;
    req->method = "PUT";
    req->content_type = "application/octet-stream";
    req->read = li__upload_read;
    req->read_len = up->priv.size;
    req->on_header = li__upload_header;
    req->user = up;
    return LI_OK;
}

/* Captions go as a form of two parts (RFC 7578): their kind, and the file. */
#define LI__FORM_MARK "linkedin-h-captions"
static const char li__captions_head[] =
    "--" LI__FORM_MARK "\r\nContent-Disposition: form-data; "
    "name=\"metadata\"\r\nContent-Type: application/json\r\n\r\n"
    "{\"format\":\"SRT\","
    "\"formattedForEasyReader\":true,\"largeText\":true,\"source\":"
    "\"USER_PROVIDED\",\"locale\":{\"variant\":\"AMERICAN\",\"country\":\"US\","
    "\"language\":\"EN\"},\"transcriptType\":\"CLOSED_CAPTION\"}\r\n--"
    LI__FORM_MARK "\r\nContent-Disposition: form-data; name=\"file\"; "
    "filename=\"captions.srt\"\r\nContent-Type: application/x-subrip\r\n\r\n";
static const char li__captions_tail[] = "\r\n--" LI__FORM_MARK "--\r\n";

static size_t li__captions_read(void *user, uint64_t at, char *dst, size_t cap)
{
    li_str part[3];
    unsigned i;
    part[0] = li__str(li__captions_head, sizeof li__captions_head - 1);
    part[1] = ((const li_upload *)user)->captions;
    part[2] = li__str(li__captions_tail, sizeof li__captions_tail - 1);
    for (i = 0; i < 2 && at >= part[i].len; i++)
        at -= part[i].len;
    if (cap > part[i].len - at)
        cap = (size_t)(part[i].len - at);
    LI_MEMCPY(dst, part[i].ptr + at, cap);
    return cap;
}

/* What goes to LinkedIn beside a video's bytes, each to a URL of its own. */
LI__APART li_rc li__upload_beside(li_upload *up, li_req *req,
                                  const li_client *client, li_buf *mem)
{
    static const char *const family[] = {"media-type-family", "STILLIMAGE",
                                         NULL};
    li_str answer = li__str(up->mem, up->priv.value_len);
    int is_captions = up->priv.step == LI__CAPTIONS;
    li_rc rc;
    req->token = LI_TOKEN_HERE;
    rc = li__upload_url(up, answer, is_captions ? "/captionsUploadUrl"
                                                : "/thumbnailUploadUrl",
                        req, client, mem);
    if (rc == LI_E_MISSING)
        req->wrong = is_captions ? "captions" : "thumbnail";
    if (rc) return rc;
    if (!is_captions) {
        req->method = "PUT";
        req->content_type = "application/octet-stream";
        req->headers = family;
        req->body = up->thumbnail;
        return LI_OK;
    }
    req->method = "POST";
    req->content_type = "multipart/form-data; boundary=" LI__FORM_MARK;
    req->read = li__captions_read;
    req->read_len = sizeof li__captions_head - 1 + up->captions.len +
                    sizeof li__captions_tail - 1;
    req->user = up;
    return LI_OK;
}

LI__APART li_rc li__upload_finish(const li_upload *up, li_req *req, li_buf *mem)
{
    li_str answer = li__str(up->mem, up->priv.value_len);
    li_str tags = li__str(up->mem + up->priv.value_len, up->priv.used);
    li_buf body = li__part_of(mem);
    li_value value[2], tag;
    value[0].text = up->urn;
    if (li_json_find(answer, "/uploadToken", &value[1].text))
        value[1].text = li__str("\"\"", 2);
    li_json_fill(&body, "{\"finalizeUploadRequest\":{\"video\":?,"
                        "\"uploadToken\":*,\"uploadedPartIds\":[", value, 2);
    while (tags.len) {
        tag.text = li__upto(&tags, 0);
        li_json_fill(&body, "?", &tag, 1);
    }
    li_json_fill(&body, "]}}", NULL, 0);
    return li__upload_action(up, req, "action=finalizeUpload", &body, mem);
}

/* The name of a member that cannot be, or NULL. */
static const char *li__upload_wrong(const li_upload *up)
{
    if ((unsigned)up->media > LI_VIDEO) return "media";
    if (!up->read) return "read";
    if (!up->len || up->len > INT64_MAX) return "len";
    if (up->thumbnail.len && up->media != LI_VIDEO) return "thumbnail";
    if (up->captions.len && (up->media != LI_VIDEO ||
        li__find(up->captions, LI_STR(LI__FORM_MARK)) < up->captions.len))
        return "captions";
    return NULL;
}

LINKEDIN_API li_rc li_upload_req(li_upload *up, li_req *req,
                                 const li_client *client, li_buf *mem)
{
    LI_MEMSET(req, 0, sizeof *req);
    req->wrong = li__upload_wrong(up);
    if (req->wrong) return LI_E_ARG;
    if (up->priv.step != LI__BEGIN)
        up->urn.ptr = up->mem + up->priv.urn_at; /* mem may have grown */
    switch (up->priv.step) {
    case LI__BEGIN: return li__upload_begin(up, req, mem);
    case LI__BYTES: return li__upload_bytes(up, req, client, mem);
    case LI__THUMBNAIL:
    case LI__CAPTIONS: return li__upload_beside(up, req, client, mem);
    case LI__FINISH: return li__upload_finish(up, req, mem);
    default: return LI_E_MISSING;
    }
}

/* An instruction tells where to as a text. */
static li_rc li__has_upload_url(li_str instruction)
{
    li_str raw;
    li_rc rc = li_json_find(instruction, "/uploadUrl", &raw);
    if (rc) return rc;
    raw = li__j_inside(raw);
    return !raw.ptr ? LI_E_TYPE : li__j_has_nul(raw) ? LI_E_ENCODING : LI_OK;
}

/* The list of a video's instructions: as many parts, and at least one. */
static li_rc li__upload_parts(li_upload *up, li_str value)
{
    li_str list, raw;
    li_json json;
    li_rc rc = li_json_find(value, "/uploadInstructions", &list);
    if (!rc)
        rc = li__j_open_as(&json, list, LI_JSON_ARRAY);
    if (rc) return rc;
    up->priv.at = (size_t)(list.ptr - up->mem) + 1; /* behind the "[" */
    up->parts = 0;
    while (!(rc = li_json_each(&json, NULL, &raw))) {
        rc = li__has_upload_url(raw);
        if (rc) return rc;
        up->parts++;
    }
    return rc == LI_E_MISSING && up->parts ? LI_OK : rc;
}

/* Keeps LinkedIn's instructions. */
static li_rc li__upload_begun(li_upload *up, const li_call *call)
{
    li_str value, raw;
    li_rc rc = li__j_whole(call->body, &value); /* nothing may follow */
    if (!rc)
        rc = li_json_find(value, "/value", &value);
    if (rc) return rc;
    up->need = value.len;
    if (value.len > up->cap) return LI_E_SPACE;
    LI_MEMCPY(up->mem, value.ptr, value.len);
    value.ptr = up->mem;
    rc = li_json_find(value, li__media[up->media].urn, &raw);
    if (rc) return rc;
    up->urn = li__j_inside(raw); /* a URN has no escapes */
    if (li_urn_split(up->urn, NULL, NULL, NULL) ||
        LI_MEMCHR(up->urn.ptr, '\\', up->urn.len))
        return LI_E_TYPE;
    up->priv.urn_at = (size_t)(up->urn.ptr - up->mem);
    if (!li_json_find(value, "/uploadUrlExpiresAt", &raw) ||
        !li_json_find(value, "/uploadUrlsExpireAt", &raw))
        li_json_int(raw, &up->expires_ms);
    up->priv.at = 0;
    rc = up->media == LI_VIDEO ? li__upload_parts(up, value)
                               : li__has_upload_url(value);
    if (rc) return rc;
    if (up->media != LI_VIDEO)
        up->parts = 1;
    up->priv.value_len = value.len;
    up->priv.used = 0;
    up->part = 0;
    up->priv.next = 0;
    up->priv.step = LI__BYTES;
    return LI_OK;
}

/* On to what is due next. */
static void li__upload_step(li_upload *up)
{
    uint8_t step = (uint8_t)(up->priv.step + 1);
    if (step == LI__THUMBNAIL && !up->thumbnail.len)
        step++;
    if (step == LI__CAPTIONS && !up->captions.len)
        step++;
    if (step == LI__FINISH && up->media != LI_VIDEO)
        step++;
    up->priv.step = step;
}

static li_rc li__upload_sent(li_upload *up)
{
    size_t at = up->priv.value_len + up->priv.used;
    size_t n = up->priv.etag_len;
    if (up->media == LI_VIDEO && !n)
        return LI_E_MISSING; /* it could not be finished without */
    up->need = at + n + 1;
    if (up->media == LI_VIDEO && up->need > up->cap) return LI_E_SPACE;
    if (up->media == LI_VIDEO) {
        LI_MEMCPY(up->mem + at, up->priv.etag, n);
        up->mem[at + n] = 0;
        up->priv.used += n + 1;
    }
    up->priv.next = up->priv.first + up->priv.size;
    up->priv.at = up->priv.after;
    if (++up->part == up->parts)
        li__upload_step(up);
    return LI_OK;
}

LINKEDIN_API li_rc li_upload_end(li_upload *up, const li_call *call)
{
    li_rc rc = li_check(call);
    if (rc) return rc;
    if (up->priv.step == LI__BEGIN) return li__upload_begun(up, call);
    if (up->priv.step == LI__BYTES) return li__upload_sent(up);
    if (up->priv.step < LI__ALL_DONE)
        li__upload_step(up);
    return LI_OK;
}

/* >>profile --------------------------------------------------------------- */

/* "firstName" of /v2/me: {"localized":{"en_US":…},"preferredLocale":
   {"language":"en","country":"US"}}: the name in that locale, or none. */
LI__APART li_str li__localized(li_str names)
{
    char pointer[32];
    li_buf out = LI_BUF(pointer);
    li_str raw;
    li__puts(&out, "/localized/");
    if (li_json_find(names, "/preferredLocale/language", &raw))
        return li__str(NULL, 0);
    li_json_text(raw, &out);
    if (!li_json_find(names, "/preferredLocale/country", &raw)) {
        li__putc(&out, '_');
        li_json_text(raw, &out);
    }
    if (li_buf_end(&out) || li_json_find(names, pointer, &raw))
        return li__str(NULL, 0);
    return li__j_inside(raw);
}

/* The largest of the decorated profile pictures: the last that has a URL. */
LI__APART li_str li__picture(li_str profile_picture)
{
    li_str list, one, found = li__str(NULL, 0);
    size_t at = 0;
    if (!profile_picture.ptr ||
        li_json_find(profile_picture, "/displayImage~0/elements", &list) ||
        *list.ptr != '[')
        return found;
    while (!li__j_each_at(list, &at, NULL, &one))
        if (!li_json_find(one, "/identifiers/0/identifier", &one))
            found = one;
    return li__j_inside(found);
}

enum {
    LI__P_ID, LI__P_SUB, LI__P_FULL, LI__P_GIVEN, LI__P_FAMILY, LI__P_EMAIL,
    LI__P_PICTURE, LI__P_LOCAL_FIRST, LI__P_LOCAL_LAST, LI__P_FIRST,
    LI__P_LAST, LI__P_IMAGE, LI__P_COUNT
};
static const char *const li__profile_names[] = {
    "id", "sub", "name", "given_name", "family_name", "email", "picture",
    "localizedFirstName", "localizedLastName", "firstName", "lastName",
    "profilePicture"};

/* One name: of the preferred locale, of userinfo, or of LinkedIn's choice. */
LI__APART void li__one_name(li_str *given, const li_str *localized,
                            const li_str *plain)
{
    li_str name = li__str(NULL, 0);
    *given = li__j_inside(*given);
    if (localized->ptr)
        name = li__localized(*localized);
    if (name.ptr)
        *given = name;
    if (!given->ptr)
        *given = li__j_inside(*plain);
}

/* "first last", where LinkedIn gives no whole name. */
static li_str li__full_name(li_str first, li_str last, li_buf *mem)
{
    size_t start = mem->len;
    li__j_decode(first, mem);
    if (first.len && last.len)
        li__putc(mem, ' ');
    li__j_decode(last, mem);
    li__putc(mem, 0);
    return mem->rc ? li__str(NULL, 0)
                   : li__str(mem->ptr + start, mem->len - start - 1);
}

LI__APART void li__profile_store(li_profile *who,
                                 const li_str raw[LI__P_COUNT], li_buf *mem)
{
    who->id = li__text_into(mem, raw[LI__P_ID]);
    who->name = li__text_into(mem, raw[LI__P_FULL]);
    who->first_name = li__text_into(mem, raw[LI__P_GIVEN]);
    who->last_name = li__text_into(mem, raw[LI__P_FAMILY]);
    who->email = li__text_into(mem, raw[LI__P_EMAIL]);
    who->picture = li__text_into(mem, raw[LI__P_PICTURE]);
    if (!raw[LI__P_FULL].ptr)
        who->name = li__full_name(raw[LI__P_GIVEN], raw[LI__P_FAMILY], mem);
}

/* Reads the member out of a JSON object. only_sub: its id does not count. */
LI__APART li_rc li__profile_of(li_profile *who, li_str json, int only_sub,
                               li_buf *mem)
{
    li_str raw[LI__P_COUNT];
    li_rc rc = li_json_pick(json, li__profile_names, LI__P_COUNT, raw);
    if (rc) return rc;
    if (only_sub)
        raw[LI__P_ID] = li__str(NULL, 0);
    raw[LI__P_ID] = li__j_inside(raw[LI__P_ID]);
    if (!raw[LI__P_ID].ptr)
        raw[LI__P_ID] = li__j_inside(raw[LI__P_SUB]);
    raw[LI__P_FULL] = li__j_inside(raw[LI__P_FULL]);
    raw[LI__P_EMAIL] = li__j_inside(raw[LI__P_EMAIL]);
    raw[LI__P_PICTURE] = li__j_inside(raw[LI__P_PICTURE]);
    li__one_name(raw + LI__P_GIVEN, raw + LI__P_FIRST, raw + LI__P_LOCAL_FIRST);
    li__one_name(raw + LI__P_FAMILY, raw + LI__P_LAST, raw + LI__P_LOCAL_LAST);
    if (!raw[LI__P_PICTURE].ptr)
        raw[LI__P_PICTURE] = li__picture(raw[LI__P_IMAGE]);
    li__profile_store(who, raw, mem);
    rc = mem->rc ? mem->rc : who->id.len ? LI_OK : LI_E_MISSING;
    if (rc)
        LI_MEMSET(who, 0, sizeof *who); /* half a member is nobody */
    return rc;
}

LINKEDIN_API li_rc li_profile_read(li_profile *who, const li_call *call,
                                   li_buf *mem)
{
    li_rc rc = li_check(call);
    LI_MEMSET(who, 0, sizeof *who);
    return rc ? rc : li__profile_of(who, call->body, 0, mem);
}

/* A raw string that is this text, or is not there. */
static int li__may_be(li_str raw, const char *text)
{
    return !raw.ptr || li_json_is(raw, li_cstr(text));
}

/* The one key of a set that may sign id_tokens and is meant (RFC 7517).
   LI_E_MISSING: none, or several. */
LI__APART li_rc li__find_key(li_str jwks, li_str kid, li_str *found)
{
    static const char *const names[] = {"keys", "kty", "kid", "use", "alg"};
    li_str list, one, key[4];
    size_t at = 0;
    unsigned n = 0;
    li_rc rc = li_json_pick(jwks, names, 1, &list); /* nothing may follow */
    if (!rc && (!list.ptr || *list.ptr != '['))
        rc = list.ptr ? LI_E_TYPE : LI_E_MISSING;
    while (!rc && !(rc = li__j_each_at(list, &at, NULL, &one)))
        if (!li_json_pick(one, names + 1, 4, key) && key[0].ptr &&
            li__may_be(key[0], "RSA") && li__may_be(key[2], "sig") &&
            li__may_be(key[3], "RS256") &&
            (!kid.ptr || li_json_is(key[1], kid)) && !n++)
            *found = one;
    return rc != LI_E_MISSING ? rc : n == 1 ? LI_OK : LI_E_MISSING;
}

/* Base64url, a raw JSON string or a part of a token, decoded into mem. */
LI__APART li_str li__bytes_into(li_buf *mem, li_str text)
{
    size_t start = mem->len;
    if (!text.ptr || li_base64url_decode(text, mem)) return li__str(NULL, 0);
    return li__str(mem->ptr + start, mem->len - start);
}

static li_rc li__id_wrong(li_flow *flow, const char *what, li_rc rc)
{
    flow->wrong = what;
    return rc;
}

/* The header: RS256, and nothing that would change what that means. *kid: the
   name of the key, absent where it tells none. */
LI__APART li_rc li__id_header(li_flow *flow, li_str header, li_str *kid,
                              li_buf *mem)
{
    static const char *const names[] = {"alg", "kid", "crit", "typ"};
    li_str raw[4];
    li_rc rc = li_json_pick(li__bytes_into(mem, header), names, 4, raw);
    if (rc) return li__id_wrong(flow, "header", mem->rc ? mem->rc : rc);
    if (!raw[0].ptr || !li_json_is(raw[0], li_cstr("RS256")))
        return li__id_wrong(flow, "alg", LI_E_FORGED);
    if (raw[2].ptr) return li__id_wrong(flow, "crit", LI_E_FORGED);
    /* RFC 7519 section 5.1; "at+jwt" and its like are no id_tokens */
    if (raw[3].ptr && !li__json_is_nocase(raw[3], "JWT"))
        return li__id_wrong(flow, "typ", LI_E_FORGED);
    *kid = li__text_into(mem, li__j_inside(raw[1]));
    if (!raw[1].ptr || kid->ptr) return LI_OK;
    return li__id_wrong(flow, "kid", mem->rc ? mem->rc : LI_E_TYPE);
}

/* RSA of 2,048 bits at least, without leading zeros; 4,096 at most. With an
   exponent of 1 or an even one anybody could sign. */
LI__APART int li__is_strong(li_str key[2])
{
    unsigned i;
    for (i = 0; i < 2; i++)
        while (key[i].len && !*key[i].ptr)
            key[i] = li__cut(key[i], 1, key[i].len);
    return key[0].len >= 256 && key[0].len <= 512 && key[1].len &&
           key[1].len <= 4 && (key[1].ptr[key[1].len - 1] & 1) &&
           (key[1].len > 1 || *key[1].ptr != 1);
}

/* The signature over "header.payload", by a key of the set. mem is used up. */
LI__APART li_rc li__id_signature(const li_client *client, li_str jwk,
                                 const li_str part[3], li_buf *mem)
{
    static const char *const numbers[] = {"n", "e"};
    li_str key[2], signature = li__bytes_into(mem, part[2]);
    li_rc rc;
    li_json_pick(jwk, numbers, 2, key);
    key[0] = li__bytes_into(mem, li__j_inside(key[0]));
    key[1] = li__bytes_into(mem, li__j_inside(key[1]));
    if (mem->rc) return mem->rc;
    if (!li__is_strong(key)) return LI_E_RANGE;
    rc = client->verify(client->user, key,
                        li__str(part[0].ptr, part[0].len + 1 + part[1].len),
                        signature);
    if (rc == LI_E_SPACE) return LI_E_STORE; /* not of mem */
    return rc > 0 ? LI_E_FORGED : rc;
}

/* Header, key and signature. mem is used up. */
LI__APART li_rc li__id_verify(li_flow *flow, const li_client *client,
                              li_str jwks, const li_str part[3], li_buf *mem)
{
    li_str kid, jwk;
    li_rc rc = li__id_header(flow, part[0], &kid, mem);
    if (rc || flow->trust_tls) return rc;
    rc = li__find_key(jwks, kid, &jwk);
    if (rc) return li__id_wrong(flow, "kid", rc);
    rc = li__id_signature(client, jwk, part, mem);
    return rc ? li__id_wrong(flow, "signature", rc) : LI_OK;
}

enum { LI__C_ISS, LI__C_AUD, LI__C_AZP, LI__C_NONCE, LI__C_EXP, LI__C_IAT,
       LI__C_NBF, LI__C_SUB, LI__C_COUNT };
static const char *const li__claims[] = {"iss", "aud", "azp", "nonce", "exp",
                                         "iat", "nbf", "sub"};

static int li__is_issuer(const li_client *client, li_str raw)
{
    if (client->issuer) return li_json_is(raw, li_cstr(client->issuer));
    return li_json_is(raw, li_cstr("https://www.linkedin.com/oauth")) ||
           li_json_is(raw, li_cstr("https://www.linkedin.com"));
}

/* "aud" is this app, or a list with it; of several, azp is this app. */
static int li__is_audience(li_str app, const li_str raw[LI__C_COUNT])
{
    li_str aud = raw[LI__C_AUD];
    unsigned all = 0, ours = 0;
    li_json json;
    if (!li__may_be(raw[LI__C_AZP], app.ptr)) return 0;
    li_json_open(&json, aud, 1);
    if (li_json_next(&json) || json.type != LI_JSON_ARRAY)
        return li_json_is(aud, app);
    while (!li_json_next(&json) && json.type == LI_JSON_STRING) {
        all++;
        ours += (unsigned)li_json_is(json.text, app);
    }
    return ours && json.type == LI_JSON_ARRAY_END &&
           (all == 1 || raw[LI__C_AZP].ptr);
}

/* Whether `now` is right for a claim's time: seconds, whose fraction does not
   matter. An exponent is not read: nobody writes a date so. */
static li_rc li__id_time(li_str raw, unsigned claim, int64_t now)
{
    li_str whole = li__upto(&raw, '.');
    int64_t at;
    size_t i;
    for (i = 0; i < raw.len; i++)
        if (li__hex((unsigned char)raw.ptr[i]) > 9) return LI_E_TYPE;
    if (li_json_int(whole, &at) || at < 0) return LI_E_TYPE;
    if (claim == LI__C_EXP) return at > now - LI_ID_SKEW ? LI_OK : LI_E_TIMEOUT;
    return at <= now + LI_ID_SKEW ? LI_OK : LI_E_TIMEOUT;
}

LI__APART li_rc li__id_claims(li_flow *flow, const li_client *client,
                              li_str payload)
{
    li_str raw[LI__C_COUNT];
    unsigned i;
    li_rc rc = li_json_pick(payload, li__claims, LI__C_COUNT, raw);
    if (rc) return li__id_wrong(flow, "payload", rc);
    for (i = 0; i < LI__C_COUNT; i++)
        if (!raw[i].ptr && i != LI__C_AZP && i != LI__C_NBF &&
            (i != LI__C_NONCE || *flow->nonce))
            return li__id_wrong(flow, li__claims[i], LI_E_MISSING);
    if (!li__is_issuer(client, raw[LI__C_ISS]))
        return li__id_wrong(flow, "iss", LI_E_FORGED);
    if (!li__is_audience(li_cstr(client->client_id), raw))
        return li__id_wrong(flow, "aud", LI_E_FORGED);
    if (*flow->nonce && !li_json_is(raw[LI__C_NONCE], li_cstr(flow->nonce)))
        return li__id_wrong(flow, "nonce", LI_E_FORGED);
    for (i = LI__C_EXP; i <= LI__C_NBF; i++) {
        rc = raw[i].ptr ? li__id_time(raw[i], i, client->now(client->user))
                        : LI_OK;
        if (rc) return li__id_wrong(flow, li__claims[i], rc);
    }
    return LI_OK;
}

/* Header, payload and signature, which lie one behind the other. */
static li_rc li__id_parts(li_str token, li_str part[3])
{
    unsigned i;
    for (i = 0; i < 3; i++)
        part[i] = i < 2 ? li__upto(&token, '.') : token;
    for (i = 0; i < 3; i++)
        if (!part[i].len || LI_MEMCHR(part[i].ptr, '.', part[i].len))
            return LI_E_SYNTAX;
    return LI_OK;
}

/* What certainly does: the token's parts, the member's texts and a key. */
static size_t li__id_need(size_t token, size_t jwks)
{
    size_t need = li__sum(li__sum(token, token), li__sum(jwks, 64));
    return need > LI_ID_MEM ? need : LI_ID_MEM;
}

/* What is needed before an id_token is looked at. */
static li_rc li__id_ready(const li_client *client, li_flow *flow)
{
    flow->wrong = NULL;
    if (!client->client_id) return li__id_wrong(flow, "client_id", LI_E_ARG);
    if (flow->trust_tls && flow->stage != 3)
        return li__id_wrong(flow, "trust_tls", LI_E_STATE);
    if (!client->now || (!flow->trust_tls && !client->verify))
        return li__id_wrong(flow, client->now ? "verify" : "now", LI_E_STORE);
    if (!client->token || !client->token->id_token.len)
        return li__id_wrong(flow, "id_token", LI_E_MISSING);
    return LI_OK;
}

/* The payload, once its signature is verified. */
LI__APART li_rc li__id_payload(li_flow *flow, const li_client *client,
                               li_str jwks, li_str *payload, li_buf *mem)
{
    li_str part[3];
    li_buf behind;
    li_rc rc;
    if (li__id_parts(client->token->id_token, part))
        return li__id_wrong(flow, "id_token", LI_E_SYNTAX);
    *payload = li__bytes_into(mem, part[1]);
    behind = *mem;
    rc = mem->rc ? li__id_wrong(flow, "payload", mem->rc)
                 : li__id_verify(flow, client, jwks, part, &behind);
    if (rc != LI_E_SPACE) return rc;
    /* its parts need room one after the other */
    mem->need = li__sum(mem->len, li__id_need(client->token->id_token.len,
                                              jwks.len));
    return li__buf_fail(mem, rc);
}

LINKEDIN_API li_rc li_id_token_read(li_profile *who, const li_client *client,
                                    li_flow *flow, li_str jwks, li_buf *mem)
{
    li_str payload = li_cstr(NULL);
    li_rc rc = li__id_ready(client, flow);
    LI_MEMSET(who, 0, sizeof *who);
    if (!rc)
        rc = li__id_payload(flow, client, jwks, &payload, mem);
    if (!rc)
        rc = li__id_claims(flow, client, payload);
    if (rc) return rc;
    rc = li__profile_of(who, payload, 1, mem);
    return rc == LI_E_MISSING ? li__id_wrong(flow, "sub", rc) : rc;
}

/* >>webhook --------------------------------------------------------------- */

/* RFC 9562 section 5.4: 8-4-4-4-12 hex digits, version 4, variant 10. */
static int li__is_uuid4(li_str s)
{
    size_t i;
    if (s.len != 36) return 0;
    for (i = 0; i < 36; i++) {
        unsigned v = li__hex((unsigned char)s.ptr[i]);
        if (i == 8 || i == 13 || i == 18 || i == 23 ? s.ptr[i] != '-' : v > 15)
            return 0;
        if ((i == 14 && v != 4) || (i == 19 && (v < 8 || v > 11))) return 0;
    }
    return 1;
}

/* The one challengeCode of a query, decoded; LI_E_ARG: no UUID, or a second. */
LI__APART li_rc li__challenge_code(li_str query, char code[36])
{
    li_str name, value;
    int found = 0;
    while (!li_form_next(&query, &name, &value)) {
        li_buf text = li_buf_of(code, 36);
        if (!li__form_is(name, "challengeCode")) continue;
        if (found++ || li_form_decode(value, &text) ||
            !li__is_uuid4(li__str(code, text.len)))
            return LI_E_ARG;
    }
    return found ? LI_OK : LI_E_ARG;
}

LI__APART void li__hmac(const char *key, li_str text, uint8_t digest[32])
{
    li__hash hash;
    li__hmac_begin(&hash, li_cstr(key));
    li__hash_put(&hash, text);
    li__hash_end(&hash, digest);
}

LINKEDIN_API li_rc li_webhook_challenge(const char *secret, li_str query,
                                        li_buf *out)
{
    char code[36];
    uint8_t digest[32];
    unsigned i;
    if (!secret || !*secret || li__challenge_code(query, code)) return LI_E_ARG;
    li__hmac(secret, li__str(code, sizeof code), digest);
    li__puts(out, "{\"challengeCode\":\"");
    li_put(out, li__str(code, sizeof code));
    li__puts(out, "\",\"challengeResponse\":\"");
    for (i = 0; i < 64; i++)
        li__putc(out, li__hex_lower[digest[i >> 1] >> (i & 1 ? 0 : 4) & 15]);
    li__puts(out, "\"}");
    return li_buf_end(out);
}

LINKEDIN_API li_rc li_webhook_begin(li_webhook *hook, const char *secret,
                                    const char *previous)
{
    LI_MEMSET(hook, 0, sizeof *hook);
    if (!secret || !*secret) return LI_E_ARG;
    li__hmac_begin(&hook->now, li_cstr(secret));
    hook->rotating = previous && *previous;
    if (hook->rotating)
        li__hmac_begin(&hook->before, li_cstr(previous));
    li_webhook_put(hook, li_cstr("hmacsha256="));
    return LI_OK;
}

LINKEDIN_API void li_webhook_put(li_webhook *hook, li_str piece)
{
    li__hash_put(&hook->now, piece);
    if (hook->rotating)
        li__hash_put(&hook->before, piece);
}

/* Whether a hash ends in the digest that the hex digits tell. */
static int li__ends_in(li__hash *hash, li_str hex)
{
    uint8_t digest[32];
    unsigned differ = 0, bad = 0, i;
    li__hash_end(hash, digest);
    for (i = 0; i < 64; i++) {
        unsigned v = li__hex((unsigned char)hex.ptr[i]);
        bad |= v & 16;
        differ |= v ^ ((unsigned)digest[i >> 1] >> (i & 1 ? 0 : 4) & 15u);
    }
    li_wipe(digest, sizeof digest);
    return !(differ | bad);
}

LINKEDIN_API li_rc li_webhook_end(li_webhook *hook, li_str signature)
{
    int good = 0;
    if (signature.len == 64 && hook->now.keyed)
        good = li__ends_in(&hook->now, signature);
    if (signature.len == 64 && hook->rotating)
        good |= li__ends_in(&hook->before, signature);
    li_wipe(hook, sizeof *hook);
    return good ? LI_OK : LI_E_FORGED;
}

LINKEDIN_API int li_webhook_seen(uint64_t *table, size_t count, li_str id)
{
    uint64_t hash = li__print64(id);
    size_t i;
    hash |= !hash; /* 0 is an empty place */
    for (i = 0; i < count; i++)
        if (table[i] == hash) return 1;
    if (count) {
        LI_MEMMOVE(table + 1, table, (count - 1) * sizeof *table);
        table[0] = hash;
    }
    return 0;
}

/* >>end */
#endif /* LINKEDIN_IMPLEMENTED */
#endif /* LINKEDIN_IMPLEMENTATION */

/* LICENCE: this software is available under two licences; choose either.

   ALTERNATIVE A, MIT: Copyright (c) 2026 the linkedin.h authors.
   Permission is hereby granted, free of charge, to any person obtaining a copy
   of this software and associated documentation files (the "Software"), to
   deal in the Software without restriction, including without limitation the
   rights to use, copy, modify, merge, publish, distribute, sublicense, and/or
   sell copies of the Software, and to permit persons to whom the Software is
   furnished to do so, subject to the following conditions: The above copyright
   notice and this permission notice shall be included in all copies or
   substantial portions of the Software. THE SOFTWARE IS PROVIDED "AS IS",
   WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED
   TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
   NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE
   LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
   CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
   SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

   ALTERNATIVE B, public domain (www.unlicense.org): This is free and
   unencumbered software released into the public domain. Anyone is free to
   copy, modify, publish, use, compile, sell, or distribute this software,
   either in source code form or as a compiled binary, for any purpose,
   commercial or non-commercial, and by any means. In jurisdictions that
   recognize copyright laws, the author or authors of this software dedicate
   any and all copyright interest in the software to the public domain. We make
   this dedication for the benefit of the public at large and to the detriment
   of our heirs and successors. We intend this dedication to be an overt act of
   relinquishment in perpetuity of all present and future rights to this
   software under copyright law. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT
   WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
   WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
   NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS BE LIABLE FOR ANY CLAIM,
   DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
   OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE
   USE OR OTHER DEALINGS IN THE SOFTWARE. */
