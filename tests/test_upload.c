/* Uploads: li_upload_req and li_upload_end, against a LinkedIn that keeps what
   it is given. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "test.h"

/* ---- the server */

#define PART OFTEN(4194304u, 65536u)

static struct server {
    uint64_t len;             /* the file's                                  */
    uint64_t got, sum;        /* bytes taken, and their print                */
    uint64_t cut[2];          /* the connection dies there, once each        */
    unsigned refuse;          /* the next so many parts get 503              */
    unsigned untagged;        /* parts are answered without an ETag          */
    unsigned begun, parts, finished, tokens, opened;
    char head[8192], out[16384];
    size_t head_len, out_len, out_at;
    uint64_t body_left, taken, part_sum;
    int in_body;
    uint64_t last_part;
    char finish[4096], order[8]; /* order: of what came beside the bytes     */
    char beside[2][8192];        /* the thumbnail's request, the captions'   */
    unsigned tell_no_urls;
} server;

static unsigned char byte_at(uint64_t at)
{
    return (unsigned char)(at * 31 + (at >> 12) + 7);
}

static uint64_t mix(uint64_t sum, unsigned char c)
{
    return (sum ^ c) * 0x100000001b3u;
}

static void say(const char *status, const char *header, const char *body)
{
    server.out_len = (size_t)snprintf(
        server.out, sizeof server.out,
        "HTTP/1.1 %s X\r\n%sContent-Length: %u\r\n\r\n%s", status, header,
        (unsigned)strlen(body), body);
    server.out_at = 0;
    server.head_len = 0;
    server.in_body = 0;
}

static void begin_upload(void)
{
    static char body[16384];
    unsigned n = (unsigned)((server.len + PART - 1) / PART), i;
    size_t at;

    server.begun++;
    if (strstr(server.head, "/videos")) {
        at = (size_t)snprintf(body, sizeof body,
                              "{\"value\":{\"uploadUrlsExpireAt\":9,"
                              "\"video\":\"urn:li:video:V1\","
                              "\"uploadToken\":\"t\\\"k\","
                              "\"uploadInstructions\":[");
        for (i = 0; i < n; ++i)
            at += (size_t)snprintf(
                body + at, sizeof body - at,
                "%s{\"uploadUrl\":\"https://www.linkedin.com/dms/%u?a=%%2F\","
                "\"firstByte\":%u,\"lastByte\":%u}",
                i ? "," : "", i, i * PART, i * PART + PART - 1);
        snprintf(body + at, sizeof body - at, "]%s%s}}",
                 server.tell_no_urls || !strstr(server.head, "ons\":true") ? ""
                 : ",\"captionsUploadUrl\":\"https://www.linkedin.com/beside/c\"",
                 server.tell_no_urls || !strstr(server.head, "ail\":true") ? ""
                 : ",\"thumbnailUploadUrl\":\"https://www.linkedin.com/beside/t"
                   "\"");
    } else {
        snprintf(body, sizeof body,
                 "{\"value\":{\"uploadUrlExpiresAt\":9,\"%s\":\"urn:li:%s:I1\","
                 "\"uploadUrl\":\"https:\\/\\/www.linkedin.com/dms/0\"}}",
                 strstr(server.head, "/images") ? "image" : "document",
                 strstr(server.head, "/images") ? "image" : "document");
    }
    say("200", "", body);
}

static void part_is_whole(void)
{
    char tag[64];

    if (server.refuse) {
        server.refuse--;
        say("503", "ETag: \"of-a-failure\"\r\n", "");
        return;
    }
    server.got += server.taken;
    server.sum = mix(server.sum, (unsigned char)server.part_sum) +
                 server.part_sum;
    server.parts++;
    server.tokens += strstr(server.head, "\r\nAuthorization:") != NULL;
    assert_non_null(
        strstr(server.head, "Content-Type: application/octet-stream\r\n"));
    assert_null(strstr(server.head, "X-Restli"));
    snprintf(tag, sizeof tag, "ETag: \"/ambry/%u.bin\"\r\n",
             (unsigned)server.last_part);
    say(server.len > 1 ? "200" : "201", server.untagged ? "" : tag, "");
}

static void request_is_whole(void)
{
    const char *body = strstr(server.head, "\r\n\r\n") + 4;

    if (strstr(server.head, "action=initializeUpload")) {
        begin_upload();
    } else if (strstr(server.head, "action=finalizeUpload")) {
        server.finished++;
        snprintf(server.finish, sizeof server.finish, "%s", body);
        say("200", "", "");
    } else if (strstr(server.head, " /beside/")) {
        int captions = strstr(server.head, " /beside/c") != NULL;

        snprintf(server.beside[captions], sizeof server.beside[0], "%s",
                 server.head);
        if (server.refuse) {
            server.refuse--;
            say("503", "", "");
            return;
        }
        strcat(server.order, captions ? "c" : "t");
        say("201", "", "");
    }
}

static void take_body(const char *data, size_t len)
{
    size_t i;

    for (i = 0; i < len; ++i)
        server.part_sum = mix(server.part_sum, (unsigned char)data[i]);
    server.taken += len;
    server.body_left -= len;
    if (!server.body_left)
        part_is_whole();
}

static int s_open(void *user, const char *host, unsigned port, int tls)
{
    (void)user;
    assert_true(tls && port == 443);
    assert_true(!strcmp(host, "api.linkedin.com") ||
                !strcmp(host, "www.linkedin.com"));
    server.opened++;
    server.head_len = server.out_len = 0;
    server.in_body = 0;
    return 0;
}

/* Dies within a body, at the byte of the file that is named. */
static int dies(size_t len)
{
    uint64_t at = server.last_part * PART + server.taken;
    unsigned i;

    for (i = 0; i < 2; ++i)
        if (server.cut[i] && at <= server.cut[i] && server.cut[i] < at + len) {
            server.cut[i] = 0;
            return 1;
        }
    return 0;
}

static int s_send(void *user, const char *data, size_t len)
{
    const char *length, *end;
    size_t before = server.head_len, body;

    (void)user;
    if (server.in_body) {
        if (dies(len))
            return LI_E_CLOSED;
        take_body(data, len);
        return (int)len;
    }
    assert_true(server.head_len + len < sizeof server.head);
    memcpy(server.head + server.head_len, data, len);
    server.head_len += len;
    server.head[server.head_len] = 0;
    end = strstr(server.head, "\r\n\r\n");
    if (!end)
        return (int)len;
    length = strstr(server.head, "Content-Length: ");
    body = server.head_len - (size_t)(end + 4 - server.head);
    if (strstr(server.head, "PUT /dms/") == server.head) {
        server.in_body = 1;
        server.last_part = strtoul(server.head + 9, NULL, 10);
        server.body_left = strtoull(length + 16, NULL, 10);
        server.taken = 0;
        server.part_sum = 0;
        take_body(server.head + server.head_len - body, body);
    } else if (body == strtoull(length + 16, NULL, 10)) {
        request_is_whole();
    }
    (void)before;
    return (int)len;
}

static int s_recv(void *user, char *data, size_t cap)
{
    size_t left = server.out_len - server.out_at;

    (void)user;
    left = left < cap ? left : cap;
    memcpy(data, server.out + server.out_at, left);
    server.out_at += left;
    return (int)left;
}

static void s_close(void *user)
{
    (void)user;
}

/* ---- the client */

static uint64_t told;
static char memory[16384], work[16384], mem[8192];
static li_call call;

static size_t read_file(void *user, uint64_t at, char *dst, size_t cap)
{
    size_t i;

    (void)user;
    for (i = 0; i < cap; ++i)
        dst[i] = (char)byte_at(at + i);
    return cap;
}

static void progress(void *user, uint64_t done, uint64_t all)
{
    (void)user;
    assert_true(done <= all && all == server.len);
    told = done;
}

static li_upload upload_of(li_media media, uint64_t len)
{
    li_upload up;

    memset(&server, 0, sizeof server);
    memset(&up, 0, sizeof up);
    server.len = len;
    up.media = media;
    up.owner = "urn:li:person:me";
    up.len = len;
    up.read = read_file;
    up.progress = progress;
    up.mem = memory;
    up.cap = sizeof memory;
    told = 0;
    return up;
}

static const li_client me = {.access_token = "TOK", .version = "202609"};

/* To the end, or to the failure behind so many. */
static li_rc run(li_upload *up, const li_client *client, unsigned failures)
{
    static li_transport t = {.open = s_open, .send = s_send, .recv = s_recv,
                             .close = s_close};

    li_hangup(&t);
    for (;;) {
        li_buf out = LI_BUF(mem);
        li_req req;
        li_rc rc = li_upload_req(up, &req, client, &out);

        if (rc)
            return rc;
        li_begin(&call, client, &req, work, sizeof work);
        li_run(&call, &t);
        rc = li_upload_end(up, &call);
        if (rc && !failures--)
            return rc;
    }
}

static uint64_t sum_of(uint64_t len, uint64_t part)
{
    uint64_t sum = 0, at = 0, one, end;

    while (at < len) {
        end = at + part < len ? at + part : len;
        for (one = 0; at < end; ++at)
            one = mix(one, byte_at(at));
        sum = mix(sum, (unsigned char)one) + one;
    }
    return sum;
}

static void an_image_and_a_document(void **state)
{
    int media;

    (void)state;
    for (media = LI_IMAGE; media <= LI_DOCUMENT; ++media) {
        li_upload up = upload_of((li_media)media, 300000);

        assert_int_equal(run(&up, &me, 0), LI_E_MISSING);
        assert_int_equal(server.begun, 1);
        assert_int_equal(server.got, 300000);
        assert_true(server.sum == sum_of(300000, 300000));
        assert_int_equal(server.tokens, 1); /* as LinkedIn wants it */
        assert_int_equal(server.finished, 0);
        assert_text(up.urn, media == LI_IMAGE
                                ? LI_STR("urn:li:image:I1")
                                : LI_STR("urn:li:document:I1"));
        assert_true(up.expires_ms == 9);
        assert_true(told == 300000);
    }
}

/* 64 MiB through a work buffer of 16 KB, the connection cut twice. */
static void a_video_in_parts(void **state)
{
    li_upload up = upload_of(LI_VIDEO, 16 * PART);

    (void)state;
    server.cut[0] = 5 * (uint64_t)PART + PART / 3;
    server.cut[1] = 11 * (uint64_t)PART + 1;
    assert_int_equal(run(&up, &me, 2), LI_E_MISSING);
    assert_int_equal(server.begun, 1);
    assert_int_equal(server.parts, 16); /* each once */
    assert_int_equal(server.got, 16 * PART);
    assert_true(server.sum == sum_of(16 * PART, PART));
    assert_int_equal(server.tokens, 0); /* signed URLs refuse one */
    assert_int_equal(server.finished, 1);
    assert_text(up.urn, LI_STR("urn:li:video:V1"));
    assert_non_null(strstr(server.finish,
                           "{\"finalizeUploadRequest\":{\"video\":"
                           "\"urn:li:video:V1\",\"uploadToken\":\"t\\\"k\","
                           "\"uploadedPartIds\":[\"/ambry/0.bin\","
                           "\"/ambry/1.bin\""));
    assert_non_null(strstr(server.finish, "\"/ambry/15.bin\"]}}"));
    print_message("64 MiB in 16 parts: work buffer %u, requests %u, "
                  "instructions %u of %u B, state %u\n",
                  (unsigned)sizeof work, (unsigned)sizeof mem,
                  (unsigned)up.need, (unsigned)sizeof memory,
                  (unsigned)sizeof up);
}

/* Both go with the token, behind the bytes and before the end. */
static void a_video_with_captions_and_a_thumbnail(void **state)
{
    static const char srt[] = "1\n00:00:00,000 --> 00:00:02,000\nHello\n";
    int which;

    (void)state;
    for (which = 0; which < 4; which++) {
        li_upload up = upload_of(LI_VIDEO, PART + 1);

        if (which & 1)
            up.thumbnail = LI_STR("JPEG");
        if (which & 2)
            up.captions = li_cstr(srt);
        server.refuse = which == 3; /* a part; then the thumbnail is next */
        assert_int_equal(run(&up, &me, 1), LI_E_MISSING);
        assert_string_equal(server.order, which == 3 ? "tc" : which == 2 ? "c"
                                          : which ? "t" : "");
        assert_int_equal(server.tokens, 0);
        assert_int_equal(server.finished, 1);
    }
    assert_non_null(strstr(server.beside[0], "PUT /beside/t HTTP/1.1\r\n"));
    assert_non_null(strstr(server.beside[0], "media-type-family: STILLIMAGE"));
    assert_non_null(strstr(server.beside[0], "Authorization: Bearer TOK"));
    assert_non_null(strstr(server.beside[0], "\r\n\r\nJPEG"));
    assert_non_null(strstr(server.beside[1], "POST /beside/c HTTP/1.1\r\n"));
    assert_non_null(strstr(server.beside[1], "Authorization: Bearer TOK"));
    assert_non_null(strstr(server.beside[1], "Content-Type: multipart/form-data"
                           "; boundary=linkedin-h-captions\r\n"));
    assert_non_null(strstr(server.beside[1], "\r\n\r\n--linkedin-h-captions\r\n"
                           "Content-Disposition: form-data; name=\"metadata\""));
    assert_non_null(strstr(server.beside[1], "\r\n\r\n1\n00:00:00,000 --> "
                           "00:00:02,000\nHello\n\r\n--linkedin-h-captions--"
                           "\r\n"));
}

/* The same with li_again: a try of a part begins anew by itself. */
static int no_sleep(void *user, uint32_t ms)
{
    (void)user, (void)ms;
    return 0;
}

static void parts_are_tried_again(void **state)
{
    static li_transport t = {.open = s_open, .send = s_send, .recv = s_recv,
                             .close = s_close, .sleep = no_sleep};
    li_client again = me;
    li_upload up = upload_of(LI_VIDEO, 3 * (uint64_t)PART - 5);
    li_rc rc = LI_OK;

    (void)state;
    again.again = li_again;
    server.cut[0] = PART + 77;
    server.refuse = 2;
    li_hangup(&t);
    while (!rc) {
        li_buf out = LI_BUF(mem);
        li_req req;

        rc = li_upload_req(&up, &req, &again, &out);
        if (rc)
            break;
        li_begin(&call, &again, &req, work, sizeof work);
        li_run(&call, &t);
        rc = li_upload_end(&up, &call);
    }
    assert_int_equal(rc, LI_E_MISSING);
    assert_int_equal(server.parts, 3);
    assert_int_equal(server.got, 3 * (uint64_t)PART - 5);
    assert_true(server.sum == sum_of(3 * (uint64_t)PART - 5, PART));
}

static li_rc first_answer(li_upload *up, const char *body)
{
    li_buf out = LI_BUF(mem);
    li_req req;

    assert_int_equal(li_upload_req(up, &req, &me, &out), LI_OK);
    li_begin(&call, &me, &req, work, sizeof work);
    li_feed_status(&call, 200);
    li_feed_body(&call, li_cstr(body));
    li_feed_end(&call);
    return li_upload_end(up, &call);
}

#define VIDEO_BESIDE(url) "{\"value\":{\"video\":\"urn:li:video:1\"," \
    "\"uploadInstructions\":[{\"uploadUrl\":\"https://www.linkedin.com/dms/0\"," \
    "\"firstByte\":0,\"lastByte\":8}],\"captionsUploadUrl\":\"" url "\"," \
    "\"thumbnailUploadUrl\":\"" url "\"}}"

/* The form is read from any offset on, in pieces of any size. */
static void captions_are_read_anywhere(void **state)
{
    li_upload up = upload_of(LI_VIDEO, 9);
    li_buf out = LI_BUF(mem);
    char whole[1024], piece[1024];
    size_t at, n = 0, cap;
    li_req req;

    (void)state;
    up.captions = LI_STR("a\nb");
    assert_int_equal(first_answer(&up, VIDEO_BESIDE("https://a.linkedin.com/")),
                     LI_OK);
    up.priv.step = 3; /* as if the bytes had gone */
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_OK);
    assert_true(req.read_len < sizeof whole);
    while (n < req.read_len)
        n += req.read(req.user, n, whole + n, sizeof whole - n);
    assert_int_equal(n, req.read_len);
    assert_int_equal(whole[n - 1], '\n');
    assert_int_equal(req.read(req.user, n, piece, 5), 0); /* and no further */
    for (at = 0; at < n; at++)
        for (cap = 1; cap < 6; cap++) {
            size_t got = req.read(req.user, at, piece, cap);

            assert_true(got && got <= cap);
            assert_memory_equal(piece, whole + at, got);
        }
}

/* What each of them is refused as, and begun again where it failed. */
static void captions_that_fail(void **state)
{
    li_upload up = upload_of(LI_VIDEO, 9);
    li_buf out = LI_BUF(mem);
    li_req req;

    (void)state;
    up.captions = LI_STR("1\n00:00\n--linkedin-h-captions\nx");
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_E_ARG);
    assert_string_equal(req.wrong, "captions");
    up.captions = LI_STR("linkedin-h-captions");
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_E_ARG);
    up.captions = LI_STR("1");
    server.tell_no_urls = 1;
    assert_int_equal(run(&up, &me, 0), LI_E_MISSING);
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_E_MISSING);
    assert_string_equal(req.wrong, "captions");
    up = upload_of(LI_VIDEO, 9);
    up.thumbnail = LI_STR("x");
    server.tell_no_urls = 1;
    assert_int_equal(run(&up, &me, 0), LI_E_MISSING);
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_E_MISSING);
    assert_string_equal(req.wrong, "thumbnail");
    assert_int_equal(server.finished, 0);
    up = upload_of(LI_VIDEO, 9);
    up.captions = up.thumbnail = LI_STR("x");
    assert_int_equal(first_answer(&up, VIDEO_BESIDE("https://evil.example/")),
                     LI_OK);
    up.hosts = "evil.example"; /* where bytes may go, but no token */
    up.priv.step = 2;          /* as if the bytes had gone */
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_E_ARG);
    assert_string_equal(req.wrong, "upload_url");
    up.media = LI_IMAGE;
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_E_ARG);
    assert_string_equal(req.wrong, "thumbnail");
    up.thumbnail.len = 0;
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_E_ARG);
    assert_string_equal(req.wrong, "captions");
}

/* What a try that failed was tagged with is not what the next one stored. */
static void an_etag_of_another_try(void **state)
{
    static li_transport t = {.open = s_open, .send = s_send, .recv = s_recv,
                             .close = s_close, .sleep = no_sleep};
    li_client again = me;
    li_upload up = upload_of(LI_VIDEO, 9);
    li_buf out = LI_BUF(mem);
    li_req req;

    (void)state;
    again.again = li_again;
    server.refuse = server.untagged = 1;
    assert_int_equal(li_upload_req(&up, &req, &again, &out), LI_OK);
    li_begin(&call, &again, &req, work, sizeof work);
    li_run(&call, &t);
    assert_int_equal(li_upload_end(&up, &call), LI_OK);
    out = LI_BUF(mem);
    assert_int_equal(li_upload_req(&up, &req, &again, &out), LI_OK);
    li_begin(&call, &again, &req, work, sizeof work);
    assert_int_equal(li_run(&call, &t), LI_OK);
    assert_int_equal(call.tries, 2);
    assert_int_equal(li_upload_end(&up, &call), LI_E_MISSING);
    server.untagged = 0; /* and so the part is sent again */
    assert_int_equal(run(&up, &me, 0), LI_E_MISSING);
    assert_int_equal(server.finished, 1);
    assert_int_equal(li_upload_end(&up, &call), LI_OK); /* over is over */
    assert_int_equal(run(&up, &me, 0), LI_E_MISSING);
    assert_null(strstr(server.finish, "of-a-failure"));
}

/* What a part is answered, by the feeding door: the reader is not asked. */
static li_rc feed_part(li_upload *up, li_str etag)
{
    li_buf out = LI_BUF(mem);
    li_req req;

    assert_int_equal(li_upload_req(up, &req, &me, &out), LI_OK);
    li_begin(&call, &me, &req, work, sizeof work);
    li_feed_status(&call, 201);
    if (etag.len)
        li_feed_header(&call, LI_STR("ETag"), etag);
    li_feed_end(&call);
    return li_upload_end(up, &call);
}

#define TWO_PARTS                                                             \
    "{\"value\":{" VIDEO "{" URL ",\"firstByte\":0,\"lastByte\":3},{" URL    \
    ",\"firstByte\":4,\"lastByte\":8}]}}"
#define URL "\"uploadUrl\":\"https:\\/\\/www.linkedin.com/x\""
#define VIDEO "\"video\":\"urn:li:video:1\",\"uploadInstructions\":["

/* A tag that cannot go back as JSON, or is another part's, is none. */
static void tags_that_are_none(void **state)
{
    li_upload up = upload_of(LI_VIDEO, 9);

    (void)state;
    assert_int_equal(first_answer(&up, TWO_PARTS), LI_OK);
    assert_int_equal(feed_part(&up, LI_STR("\xff")), LI_E_MISSING);
    assert_int_equal(feed_part(&up, LI_STR("a\0b")), LI_E_MISSING);
    assert_int_equal(feed_part(&up, LI_STR("\"ha\0lf")), LI_E_MISSING);
    {
        char tag[1000]; /* longer than any is kept */

        memset(tag, 'a', sizeof tag);
        assert_int_equal(feed_part(&up, li__str(tag, sizeof tag)),
                         LI_E_MISSING);
    }
    assert_int_equal(feed_part(&up, LI_STR("one")), LI_OK);
    assert_int_equal(feed_part(&up, LI_STR("")), LI_E_MISSING);
    assert_int_equal(up.part, 1);
    assert_int_equal(feed_part(&up, LI_STR("two")), LI_OK);
    assert_int_equal(up.part, 2);
}

static size_t read_as_told(void *user, uint64_t at, char *dst, size_t cap)
{
    (void)at, (void)dst, (void)cap;
    return *(size_t *)user;
}

/* Nobody need be told; and of a reader that lies nobody is. */
static void progress_is_optional(void **state)
{
    static const size_t says[] = {0, 1, 5, 6}, tells[] = {99, 1, 5, 99};
    li_upload up = upload_of(LI_VIDEO, 9);
    li_buf out = LI_BUF(mem);
    char five[5];
    li_req req;
    size_t i;

    (void)state;
    assert_int_equal(first_answer(&up, TWO_PARTS), LI_OK);
    up.read = read_as_told;
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_OK);
    for (i = 0; i < COUNT(says); ++i) {
        size_t n = says[i];

        up.user = &n;
        told = 99;
        assert_int_equal(req.read(req.user, 0, five, sizeof five), n);
        assert_int_equal(told, tells[i]);
    }
    up = upload_of(LI_IMAGE, 9);
    up.progress = NULL;
    assert_int_equal(run(&up, &me, 0), LI_E_MISSING);
    assert_int_equal(server.got, 9);
}

/* Half a quote is part of a tag, and the longest is kept whole. */
static void tags_go_back_as_they_came(void **state)
{
    li_upload up = upload_of(LI_VIDEO, 9);
    char tag[sizeof up.priv.etag];
    li_buf out = LI_BUF(mem);
    li_req req;

    (void)state;
    assert_int_equal(first_answer(&up, TWO_PARTS), LI_OK);
    assert_int_equal(feed_part(&up, LI_STR("a\"")), LI_OK);
    assert_int_equal(feed_part(&up, LI_STR("\"b")), LI_OK);
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_OK);
    assert_text(req.body, LI_STR(
        "{\"finalizeUploadRequest\":{\"video\":\"urn:li:video:1\","
        "\"uploadToken\":\"\",\"uploadedPartIds\":[\"a\\\"\",\"\\\"b\"]}}"));
    up = upload_of(LI_VIDEO, 9);
    out = LI_BUF(mem);
    assert_int_equal(first_answer(&up, TWO_PARTS), LI_OK);
    assert_int_equal(feed_part(&up, LI_STR("\"")), LI_OK);
    assert_int_equal(feed_part(&up, LI_STR("\"c\"")), LI_OK);
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_OK);
    assert_text(req.body, LI_STR(
        "{\"finalizeUploadRequest\":{\"video\":\"urn:li:video:1\","
        "\"uploadToken\":\"\",\"uploadedPartIds\":[\"\\\"\",\"c\"]}}"));
    up = upload_of(LI_VIDEO, 9);
    memset(tag, 'a', sizeof tag);
    assert_int_equal(first_answer(&up, TWO_PARTS), LI_OK);
    assert_int_equal(feed_part(&up, li__str(tag, sizeof tag)), LI_OK);
}

/* When the addresses expire is told under two names. */
static void when_it_expires(void **state)
{
    li_upload up = upload_of(LI_IMAGE, 9);

    (void)state;
    assert_int_equal(first_answer(&up, "{\"value\":{\"uploadUrlExpiresAt\":7,"
        "\"image\":\"urn:li:image:1\"," URL "}}"), LI_OK);
    assert_int_equal(up.expires_ms, 7);
    up = upload_of(LI_VIDEO, 9);
    assert_int_equal(first_answer(&up, "{\"value\":{\"uploadUrlsExpireAt\":8,"
        VIDEO "{" URL ",\"firstByte\":0,\"lastByte\":8}]}}"), LI_OK);
    assert_int_equal(up.expires_ms, 8);
    up = upload_of(LI_IMAGE, 9);
    assert_int_equal(first_answer(&up, "{\"value\":{"
        "\"image\":\"urn:li:image:1\"," URL "}}"), LI_OK);
    assert_int_equal(up.expires_ms, 0);
}

/* The instructions go along to larger memory; the old may be gone. */
static void memory_that_grows(void **state)
{
    static char larger[16384];
    li_upload up = upload_of(LI_VIDEO, 9);
    li_buf out = LI_BUF(mem);
    li_req req;

    (void)state;
    assert_int_equal(first_answer(&up, TWO_PARTS), LI_OK);
    assert_int_equal(feed_part(&up, LI_STR("one")), LI_OK);
    memcpy(larger, up.mem, up.cap < sizeof larger ? up.cap : sizeof larger);
    memset(up.mem, 'Z', up.cap);
    up.mem = larger;
    assert_int_equal(feed_part(&up, LI_STR("two")), LI_OK);
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_OK);
    assert_text(req.body, LI_STR(
        "{\"finalizeUploadRequest\":{\"video\":\"urn:li:video:1\","
        "\"uploadToken\":\"\",\"uploadedPartIds\":[\"one\",\"two\"]}}"));
}

/* With exactly the need that is told, and not with one byte less. */
static void memory_of_a_part(void **state)
{
    li_upload up = upload_of(LI_VIDEO, 9);
    li_buf out = li_buf_of(mem, 0);
    size_t need;
    li_req req;

    (void)state;
    assert_int_equal(first_answer(&up, TWO_PARTS), LI_OK);
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_E_SPACE);
    need = out.need;
    out = li_buf_of(mem, need - 1);
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_E_SPACE);
    assert_int_equal(out.need, need);
    out = li_buf_of(mem, need);
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_OK);
    assert_string_equal(req.path, "https://www.linkedin.com/x");
}
#undef URL
#undef VIDEO

/* Instructions as LinkedIn might also space them, and parts of one byte. */
static void instructions_with_spaces(void **state)
{
    static const char value[] =
        "{\"value\" : { \"video\":\"urn:li:video:1\", "
        "\"uploadInstructions\" : [ { \"uploadUrl\" : "
        "\"https://www.linkedin.com/a\" , \"firstByte\":0,\"lastByte\":0} ,"
        "\n{\"x\":[{\"firstByte\":7}],\"lastByte\":1,\"firstByte\":1,"
        "\"uploadUrl\":\"https://www.linkedin.com/b\"} ] } }";
    li_upload up = upload_of(LI_VIDEO, 2);
    li_buf out = LI_BUF(mem);
    li_req req;

    (void)state;
    assert_int_equal(first_answer(&up, value), LI_OK);
    assert_int_equal(up.parts, 2);
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_OK);
    assert_string_equal(req.path, "https://www.linkedin.com/a");
    li_begin(&call, &me, &req, work, sizeof work);
    li_feed_status(&call, 200);
    li_feed_header(&call, LI_STR("ETag"), LI_STR("1"));
    li_feed_end(&call);
    assert_int_equal(li_upload_end(&up, &call), LI_OK);
    out = LI_BUF(mem);
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_OK);
    assert_string_equal(req.path, "https://www.linkedin.com/b");
    assert_true(req.read_len == 1);
}

/* ---- what is refused */

static const struct bad_row {
    int line;
    const char *what;
    li_media media;
    uint64_t len;
    const char *value; /* of the first answer */
    li_rc rc;
    const char *wrong; /* of the request that follows; NULL: rc is the end's  */
} bad_rows[] = {
#define URL "\"uploadUrl\":\"https://www.linkedin.com/x\""
#define VIDEO "\"video\":\"urn:li:video:1\",\"uploadInstructions\":["
    {__LINE__, "no value", LI_IMAGE, 9, "{}", LI_E_MISSING, NULL},
    {__LINE__, "no JSON", LI_IMAGE, 9, "{", LI_E_JSON, NULL},
    {__LINE__, "no URN", LI_IMAGE, 9, "{\"value\":{" URL "}}", LI_E_MISSING,
     NULL},
    {__LINE__, "a URN that is none", LI_IMAGE, 9,
     "{\"value\":{" URL ",\"image\":\"1\"}}", LI_E_TYPE, NULL},
    {__LINE__, "no parts", LI_VIDEO, 9, "{\"value\":{" VIDEO "]}}",
     LI_E_MISSING, NULL},
    {__LINE__, "no URL", LI_IMAGE, 9,
     "{\"value\":{\"image\":\"urn:li:image:1\"}}", LI_E_MISSING, NULL},
    {__LINE__, "a URL that is no text", LI_IMAGE, 9,
     "{\"value\":{\"image\":\"urn:li:image:1\",\"uploadUrl\":5}}", LI_E_TYPE,
     NULL},
    {__LINE__, "a part without a URL", LI_VIDEO, 9, "{\"value\":{" VIDEO
     "{\"firstByte\":0,\"lastByte\":8}]}}", LI_E_MISSING, NULL},
    {__LINE__, "no instructions", LI_VIDEO, 9,
     "{\"value\":{\"video\":\"urn:li:video:1\"}}", LI_E_MISSING, NULL},
    {__LINE__, "a second part that is none", LI_VIDEO, 9,
     "{\"value\":{" VIDEO "{" URL "},null]}}", LI_E_MISSING, NULL},
    {__LINE__, "another host", LI_IMAGE, 9,
     "{\"value\":{\"image\":\"urn:li:image:1\",\"uploadUrl\":"
     "\"https://evil.example/x\"}}", LI_E_ARG, "upload_url"},
    {__LINE__, "a host that looks alike", LI_IMAGE, 9,
     "{\"value\":{\"image\":\"urn:li:image:1\",\"uploadUrl\":"
     "\"https://evillinkedin.com/x\"}}", LI_E_ARG, "upload_url"},
    {__LINE__, "a host with an escaped slash", LI_IMAGE, 9,
     "{\"value\":{\"image\":\"urn:li:image:1\",\"uploadUrl\":"
     "\"https://evil.example%2f.linkedin.com/x\"}}", LI_E_ARG, "upload_url"},
    {__LINE__, "a host with an escaped NUL", LI_IMAGE, 9,
     "{\"value\":{\"image\":\"urn:li:image:1\",\"uploadUrl\":"
     "\"https://evil.example%00.linkedin.com/x\"}}", LI_E_ARG, "upload_url"},
    {__LINE__, "a host with a semicolon", LI_IMAGE, 9,
     "{\"value\":{\"image\":\"urn:li:image:1\",\"uploadUrl\":"
     "\"https://evil.example;.linkedin.com/x\"}}", LI_E_ARG, "upload_url"},
    {__LINE__, "a host with an empty label", LI_IMAGE, 9,
     "{\"value\":{\"image\":\"urn:li:image:1\",\"uploadUrl\":"
     "\"https://a..linkedin.com/x\"}}", LI_E_ARG, "upload_url"},
    {__LINE__, "a NUL in the URL", LI_IMAGE, 9,
     "{\"value\":{\"image\":\"urn:li:image:1\",\"uploadUrl\":"
     "\"https://www.linkedin.com/\\u0000x\"}}", LI_E_ENCODING, NULL},
    {__LINE__, "a NUL in the URN", LI_IMAGE, 9,
     "{\"value\":{\"image\":\"urn:li:image:1\\u0000\"," URL "}}", LI_E_TYPE,
     NULL},
    {__LINE__, "instructions null", LI_VIDEO, 9, "{\"value\":{\"video\":"
     "\"urn:li:video:1\",\"uploadInstructions\":null}}", LI_E_TYPE, NULL},
    {__LINE__, "instructions a number", LI_VIDEO, 9, "{\"value\":{\"video\":"
     "\"urn:li:video:1\",\"uploadInstructions\":7}}", LI_E_TYPE, NULL},
    {__LINE__, "instructions a text", LI_VIDEO, 9, "{\"value\":{\"video\":"
     "\"urn:li:video:1\",\"uploadInstructions\":\"x\"}}", LI_E_TYPE, NULL},
    {__LINE__, "instructions an object", LI_VIDEO, 9, "{\"value\":{\"video\":"
     "\"urn:li:video:1\",\"uploadInstructions\":{\"a\":1}}}", LI_E_TYPE, NULL},
    {__LINE__, "rubbish behind the answer", LI_IMAGE, 9,
     "{\"value\":{\"image\":\"urn:li:image:1\"," URL "}}x", LI_E_JSON, NULL},
    {__LINE__, "without TLS", LI_IMAGE, 9,
     "{\"value\":{\"image\":\"urn:li:image:1\",\"uploadUrl\":"
     "\"http://www.linkedin.com/x\"}}", LI_E_ARG, "upload_url"},
    {__LINE__, "a user in it", LI_IMAGE, 9,
     "{\"value\":{\"image\":\"urn:li:image:1\",\"uploadUrl\":"
     "\"https://www.linkedin.com@evil.example/x\"}}", LI_E_ARG, "upload_url"},
    {__LINE__, "another port", LI_IMAGE, 9,
     "{\"value\":{\"image\":\"urn:li:image:1\",\"uploadUrl\":"
     "\"https://www.linkedin.com:99/x\"}}", LI_E_ARG, "upload_url"},
    {__LINE__, "LinkedIn's other domain", LI_IMAGE, 9,
     "{\"value\":{\"image\":\"urn:li:image:1\",\"uploadUrl\":"
     "\"https://media.licdn.com/x\"}}", LI_OK, ""},
    {__LINE__, "the client's own base", LI_IMAGE, 9,
     "{\"value\":{\"image\":\"urn:li:image:1\",\"uploadUrl\":"
     "\"https://api.linkedin.com/x\"}}", LI_OK, ""},
    {__LINE__, "a part that begins late", LI_VIDEO, 9,
     "{\"value\":{" VIDEO "{" URL ",\"firstByte\":1,\"lastByte\":8}]}}",
     LI_E_RANGE, ""},
    {__LINE__, "a part without bytes", LI_VIDEO, 9,
     "{\"value\":{" VIDEO "{" URL ",\"firstByte\":0,\"lastByte\":-1}]}}",
     LI_E_RANGE, ""},
    {__LINE__, "a part without numbers", LI_VIDEO, 9,
     "{\"value\":{" VIDEO "{" URL "}]}}", LI_E_RANGE, ""},
    {__LINE__, "instructions that are none", LI_VIDEO, 9,
     "{\"value\":{" VIDEO "\",\",7]}}", LI_E_MISSING, NULL},
    {__LINE__, "parts that are not the file", LI_VIDEO, 9,
     "{\"value\":{" VIDEO "{" URL ",\"firstByte\":0,\"lastByte\":7}]}}",
     LI_E_RANGE, ""},
    {__LINE__, "a last part that is one byte too long", LI_VIDEO, 9,
     "{\"value\":{" VIDEO "{" URL ",\"firstByte\":0,\"lastByte\":9}]}}",
     LI_OK, ""},
    {__LINE__, "a last part beyond the end", LI_VIDEO, 9,
     "{\"value\":{" VIDEO "{" URL ",\"firstByte\":0,\"lastByte\":99}]}}",
     LI_OK, ""},
};

static void bad_answers(void **state)
{
    const struct bad_row *row = (const struct bad_row *)*state;
    li_upload up = upload_of(row->media, row->len);
    li_buf out = LI_BUF(mem);
    li_req req;
    li_rc rc = first_answer(&up, row->value);

    if (!row->wrong) {
        assert_int_equal(rc, row->rc);
        return;
    }
    assert_int_equal(rc, LI_OK);
    assert_int_equal(li_upload_req(&up, &req, &me, &out), row->rc);
    if (*row->wrong)
        assert_string_equal(req.wrong, row->wrong);
}

/* A part that has no byte of the file is none. */
static void a_part_that_begins_at_the_end(void **state)
{
    li_upload up = upload_of(LI_VIDEO, 9);
    li_buf out = LI_BUF(mem);
    li_req req;

    (void)state;
    assert_int_equal(first_answer(&up,
        "{\"value\":{" VIDEO "{" URL ",\"firstByte\":0,\"lastByte\":8},{" URL
        ",\"firstByte\":9,\"lastByte\":9}]}}"), LI_OK);
    assert_int_equal(feed_part(&up, LI_STR("one")), LI_OK);
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_E_RANGE);
}

#define IMAGE "{\"value\":{\"image\":\"urn:li:image:1\"," URL "}}"

/* That nothing is left to do is no fault of the caller's. */
static void behind_the_last_step_nothing_is_wrong(void **state)
{
    li_upload up = upload_of(LI_IMAGE, 9);
    li_buf out = LI_BUF(mem);
    li_req req;

    (void)state;
    assert_int_equal(first_answer(&up, IMAGE), LI_OK);
    assert_int_equal(feed_part(&up, LI_STR("")), LI_OK);
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_E_MISSING);
    assert_null(req.wrong);
}

/* The longest file there is goes as it is. */
static void the_longest_image(void **state)
{
    li_upload up = upload_of(LI_IMAGE, UINT64_MAX / 2);
    li_buf out = LI_BUF(mem);
    li_req req;

    (void)state;
    assert_int_equal(first_answer(&up, IMAGE), LI_OK);
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_OK);
    assert_true(req.read_len == UINT64_MAX / 2);
}

static void hosts_that_the_caller_names(void **state)
{
    static const char value[] =
        "{\"value\":{" VIDEO "{\"uploadUrl\":\"https://up.example/x\","
        "\"firstByte\":0,\"lastByte\":8}]}}";
    li_upload up = upload_of(LI_VIDEO, 9);
    li_buf out = LI_BUF(mem);
    li_req req;

    (void)state;
    assert_int_equal(first_answer(&up, value), LI_OK);
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_E_ARG);
    {
        li_client mock = me; /* of the caller's own base no name is needed */

        mock.api_base = "https://up.example";
        assert_int_equal(li_upload_req(&up, &req, &mock, &out), LI_OK);
        mock.api_base = "https://up.example:444";
        assert_int_equal(li_upload_req(&up, &req, &mock, &out), LI_E_ARG);
        mock.api_base = "no URL";
        assert_int_equal(li_upload_req(&up, &req, &mock, &out), LI_E_ARG);
        mock.api_base = "http://127.0.0.1:99";
        assert_int_equal(li_upload_req(&up, &req, &mock, &out), LI_E_ARG);
    }
    up.hosts = "ux.example up.exampl up.example2 vp.example";
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_E_ARG);
    up.hosts = "a.example up.example";
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_OK);
    assert_int_equal(req.token, LI_TOKEN_NEVER);
    up.media = LI_IMAGE; /* the token goes to LinkedIn's hosts only */
    req.path = "https://up.example/x";
    req.token = LI_TOKEN_HERE;
    assert_int_equal(li_begin(&call, &me, &req, work, sizeof work), LI_E_ARG);
    assert_string_equal(call.wrong, "token");
    up = upload_of(LI_VIDEO, 9);
    up.hosts = "127.0.0.1"; /* a name alone does not make it safe */
    assert_int_equal(first_answer(&up,
        "{\"value\":{" VIDEO "{\"uploadUrl\":\"http://127.0.0.1/x\","
        "\"firstByte\":0,\"lastByte\":8}]}}"), LI_OK);
    assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_E_ARG);
}

static void arguments(void **state)
{
    static const struct { const char *owner; uint64_t len; int media, read;
                          const char *wrong; } rows[] = {
        {"me", 9, LI_IMAGE, 1, "owner"}, {NULL, 9, LI_IMAGE, 1, "owner"},
        {"urn:li:person:\xff", 9, LI_IMAGE, 1, "owner"},
        {"urn:li:person:1", 0, LI_IMAGE, 1, "len"},
        {"urn:li:person:1", UINT64_MAX / 2 + 1, LI_IMAGE, 1, "len"},
        {"urn:li:person:1", 9, 7, 1, "media"},
        {"urn:li:person:1", 9, LI_VIDEO, 0, "read"}};
    size_t i, cap;

    (void)state;
    for (i = 0; i < COUNT(rows); ++i) {
        li_upload up = upload_of((li_media)rows[i].media, rows[i].len);
        li_buf out = LI_BUF(mem);
        li_req req;

        up.owner = rows[i].owner;
        up.read = rows[i].read ? read_file : NULL;
        assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_E_ARG);
        assert_string_equal(req.wrong, rows[i].wrong);
    }
    {
        li_upload up = upload_of(LI_IMAGE, UINT64_MAX / 2); /* the longest */
        li_buf out = LI_BUF(mem);
        li_req req;

        assert_int_equal(li_upload_req(&up, &req, &me, &out), LI_OK);
    }
    for (cap = 0; cap < 400; ++cap) {
        li_upload up = upload_of(LI_VIDEO, 9);
        li_buf out = li_buf_of(guard(0, cap), cap);
        li_req req;
        li_rc rc = li_upload_req(&up, &req, &me, &out);

        assert_int_equal(rc, cap < out.need ? LI_E_SPACE : LI_OK);
    }
}

static void memory_for_the_instructions(void **state)
{
    size_t cap;

    (void)state;
    for (cap = 0; cap < 1200; cap += OFTEN(7, 31)) {
        li_upload up = upload_of(LI_VIDEO, 2 * (uint64_t)PART);
        li_rc rc;

        up.mem = guard(0, cap);
        up.cap = cap;
        rc = run(&up, &me, 0);
        if (rc == LI_E_SPACE)
            assert_true(up.need > cap);
        else
            assert_int_equal(rc, LI_E_MISSING);
        if (!rc)
            break;
        if (cap > 700)
            return; /* two of 8 MiB each are enough */
    }
}

/* Memory that is full to its last byte is enough: one of a video's two tags is
   the last thing in it. */
static void memory_for_the_tags(void **state)
{
    size_t cap = 200, tried = 0;
    li_rc rc;

    (void)state;
    do {
        li_upload up = upload_of(LI_VIDEO, 2 * (uint64_t)PART);
        up.mem = guard(0, cap);
        up.cap = cap;
        rc = run(&up, &me, 0);
        if (rc == LI_E_SPACE) {
            assert_true(up.need > cap);
            cap = up.need; /* what it says must take it further */
        }
    } while (rc == LI_E_SPACE && ++tried < 5);
    assert_int_equal(rc, LI_E_MISSING);
}

/* The need that a request tells is the one that does. */
static void memory_for_the_requests(void **state)
{
    li_upload up = upload_of(LI_VIDEO, 20);
    li_buf none = li_buf_of(NULL, 0), some;
    li_req req;
    size_t cap;

    (void)state;
    assert_int_equal(li_upload_req(&up, &req, &me, &none), LI_E_SPACE);
    for (cap = 0; cap <= none.need; ++cap) {
        some = li_buf_of(guard(1, cap), cap);
        assert_int_equal(li_upload_req(&up, &req, &me, &some),
                         cap < none.need ? LI_E_SPACE : LI_OK);
        assert_int_equal(some.need, none.need);
        assert_null(req.wrong);
    }
}

int main(void)
{
    TEST(memory_for_the_requests);
    TEST(memory_for_the_tags);
    TEST(an_image_and_a_document);
    TEST(a_video_in_parts);
    TEST(a_video_with_captions_and_a_thumbnail);
    TEST(captions_are_read_anywhere);
    TEST(captions_that_fail);
    TEST(parts_are_tried_again);
    TEST(an_etag_of_another_try);
    TEST(tags_that_are_none);
    TEST(progress_is_optional);
    TEST(tags_go_back_as_they_came);
    TEST(when_it_expires);
    TEST(memory_that_grows);
    TEST(memory_of_a_part);
    TEST(instructions_with_spaces);
    ROWS(bad_rows, bad_answers);
    TEST(a_part_that_begins_at_the_end);
    TEST(behind_the_last_step_nothing_is_wrong);
    TEST(the_longest_image);
    TEST(hosts_that_the_caller_names);
    TEST(arguments);
    TEST(memory_for_the_instructions);
    return RUN("upload");
}
