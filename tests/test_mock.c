/* The mock: patches as the server applies them
   (linkedin.github.io/rest.li/spec/protocol, partial update), and what it
   answers over HTTP, asked within this process. */
#ifndef _WIN32
#include "mock.h"
#else /* the mock has no Winsock; its Rest.li is tried all the same */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"
#include "../examples/mock/restli.h"
#include "test.h"
#endif

static const struct apply_row {
    int line;
    const char *what, *data, *patch, *want; /* NULL: refused                 */
} apply_rows[] = {
    {__LINE__, "set", "{\"a\":1}", "{\"$set\":{\"a\":2,\"b\":3}}",
     "{\"a\":2,\"b\":3}"},
    {__LINE__, "delete", "{\"a\":1,\"b\":2}", "{\"$delete\":[\"a\"]}",
     "{\"b\":2}"},
    {__LINE__, "delete what is not there", "{\"a\":1}",
     "{\"$delete\":[\"z\"]}", "{\"a\":1}"},
    {__LINE__, "delete below what is not there", "{\"a\":1}",
     "{\"e\":{\"$delete\":[\"c\"]}}", "{\"a\":1}"},
    {__LINE__, "delete far below what is not there", "{}",
     "{\"e\":{\"f\":{\"$delete\":[\"c\"]}}}", "{}"},
    {__LINE__, "delete and set below what is not there", "{\"a\":1}",
     "{\"e\":{\"$delete\":[\"c\"],\"$set\":{\"q\":1}}}",
     "{\"a\":1,\"e\":{\"q\":1}}"},
    {__LINE__, "set and delete of one name", "{\"a\":1}",
     "{\"$set\":{\"a\":2},\"$delete\":[\"a\"]}", NULL},
    {__LINE__, "set and delete of one name that is not there", "{}",
     "{\"$set\":{\"a\":2},\"$delete\":[\"a\"]}", NULL},
    {__LINE__, "deleted and changed", "{\"a\":{\"b\":1}}",
     "{\"a\":{\"$set\":{\"b\":2}},\"$delete\":[\"a\"]}", NULL},
    {__LINE__, "deleted and changed, not there", "{}",
     "{\"a\":{\"$set\":{\"b\":2}},\"$delete\":[\"a\"]}", NULL},
    {__LINE__, "one move", "{\"a\":[1,2,3]}",
     "{\"a\":{\"$reorder\":[{\"$fromIndex\":0,\"$toIndex\":2}]}}",
     "{\"a\":[2,3,1]}"},
    {__LINE__, "two moves", "{\"a\":[1,2,3]}",
     "{\"a\":{\"$reorder\":[{\"$fromIndex\":0,\"$toIndex\":2},"
     "{\"$fromIndex\":1,\"$toIndex\":0}]}}", NULL},
    {__LINE__, "no move", "{\"a\":[1]}", "{\"a\":{\"$reorder\":[]}}", NULL},
};

static void patch_is_applied(void **state)
{
    const struct apply_row *row = (const struct apply_row *)*state;
    char mem[400];
    li_buf out = LI_BUF(mem);
    int good = patch_apply(li_cstr(row->data), li_cstr(row->patch), &out);

    assert_int_equal(good, row->want != NULL);
    if (good)
        assert_text(written(&out), li_cstr(row->want));
}

#ifndef _WIN32
/* ---- uploads */

enum { MEGABYTE = 1 << 20 };

static char bytes[3 * MEGABYTE];

static void fill(size_t len, uint32_t seed)
{
    test_random_fill(&seed, bytes, len);
}

/* Begins an upload; where to is in *url, the URN in urn. */
static void begin(const char *collection, const char *request, char *url,
                  char *urn)
{
    char target[64], name[32], kind[16];
    li_buf to = li_buf_of(url, 256), of = li_buf_of(urn, 64);

    snprintf(target, sizeof target, "/rest/%s?action=initializeUpload",
             collection);
    assert_int_equal(mock_call("POST", target, request), 200);
    snprintf(kind, sizeof kind, "%.*s", (int)strlen(collection) - 1,
             collection);
    snprintf(name, sizeof name, "/value/%s", kind);
    assert_int_equal(li_json_copy(answered, name, &of), LI_OK);
    if (strcmp(kind, "video")) {
        assert_int_equal(li_json_copy(answered, "/value/uploadUrl", &to),
                         LI_OK);
        assert_memory_equal(url, "http://a/", 9);
    }
}

#define OWNED "\"owner\":\"urn:li:person:me\""

static void image(char *url, char *urn)
{
    begin("images", "{\"initializeUploadRequest\":{" OWNED "}}", url, urn);
}

static int send_bytes(const char *url, const char *more, size_t len)
{
    mock_head("PUT", url + 8, more, len);
    mock_say(bytes, len);
    return mock_status();
}

/* GET of media: its status is that one. */
static void assert_state(const char *urn, const char *collection,
                         const char *status)
{
    char target[128], want[64];
    const char *id = strrchr(urn, ':');

    snprintf(target, sizeof target, "/rest/%s/urn%%3Ali%%3A%.*s%%3A%s",
             collection, (int)strlen(collection) - 1, collection, id + 1);
    assert_int_equal(mock_call("GET", target, ""), 200);
    snprintf(want, sizeof want, "\"status\":\"%s\"", status);
    assert_heard(want);
    assert_int_equal(heard_has("downloadUrl"), !strcmp(status, "AVAILABLE"));
}

static void image_is_taken(void **state)
{
    char url[256], urn[64];

    (void)state;
    mock_begin();
    image(url, urn);
    assert_heard("/0?ca=x%2Fy&cn=uploads");
    assert_heard("uploadUrlExpiresAt");
    assert_state(urn, "images", "WAITING_UPLOAD");
    assert_null(picture_of(li_cstr(urn)).ptr);
    fill(70000, 1);
    assert_int_equal(send_bytes(url, "", 70000), 401);
    assert_state(urn, "images", "WAITING_UPLOAD");
    assert_int_equal(send_bytes(url, MOCK_TOKEN, 70000), 201);
    assert_text(answered, LI_STR(""));
    assert_text(picture_of(li_cstr(urn)), span(bytes, 70000));
    assert_state(urn, "images", "AVAILABLE");
    assert_int_equal(mock_call("GET", "/rest/images/urn%3Ali%3Aimage%3A9", ""),
                     400);
    assert_heard("INVALID_IMAGE_ID");
}

static void image_of_any_size(void **state)
{
    char url[256], urn[64];

    (void)state;
    mock_begin();
    image(url, urn);
    fill(sizeof bytes, 2);
    assert_int_equal(send_bytes(url, MOCK_TOKEN, sizeof bytes), 201);
    assert_null(picture_of(li_cstr(urn)).ptr);
    assert_int_equal(send_bytes(url, MOCK_TOKEN, MEGABYTE), 201);
    assert_text(picture_of(li_cstr(urn)), span(bytes, MEGABYTE));
    assert_int_equal(send_bytes(url, MOCK_TOKEN, MEGABYTE + 1), 201);
    assert_null(picture_of(li_cstr(urn)).ptr);
    assert_state(urn, "images", "AVAILABLE");
    assert_int_equal(send_bytes(url, MOCK_TOKEN, 0), 201);
    assert_state(urn, "images", "PROCESSING_FAILED");
}

/* Three of 400 KB do not fit in the ring: the oldest is gone. */
static void pictures_go_in_turn(void **state)
{
    enum { SIZE = 400 * 1024 };
    char url[256], urn[3][64];
    int i;

    (void)state;
    mock_begin();
    for (i = 0; i < 3; i++) {
        image(url, urn[i]);
        fill(SIZE, (uint32_t)i);
        assert_int_equal(send_bytes(url, MOCK_TOKEN, SIZE), 201);
        assert_text(picture_of(li_cstr(urn[i])), span(bytes, SIZE));
    }
    assert_null(picture_of(li_cstr(urn[0])).ptr);
    fill(SIZE, 1);
    assert_text(picture_of(li_cstr(urn[1])), span(bytes, SIZE));
}

static void next_request_is_not_lost(void **state)
{
    static const char rest[] = "12345POST /mock/none HTTP/1.1\r\nHost: a\r\n"
                               "Content-Length: 2\r\n\r\nab";
    char url[256], urn[64];

    (void)state;
    mock_begin();
    image(url, urn);
    mock_head("PUT", url + 8, MOCK_TOKEN, 5);
    mock_say(rest, 2);
    mock_say(rest + 2, 5); /* two bytes of which are the next request's */
    mock_say(rest + 7, sizeof rest - 8);
    assert_heard("HTTP/1.1 201");
    assert_heard("HTTP/1.1 404");
    assert_text(picture_of(li_cstr(urn)), LI_STR("12345"));
}

static void told_to_go_on(void **state)
{
    char url[256], urn[64];

    (void)state;
    mock_begin();
    image(url, urn);
    mock_head("PUT", url + 8, MOCK_TOKEN "Expect: 100-continue\r\n", 3);
    assert_text(span(heard, heard_len),
                LI_STR("HTTP/1.1 100 Continue\r\n\r\n"));
    heard_len = 0;
    mock_say("a", 1);
    assert_int_equal(heard_len, 0);
    mock_say("bc", 2);
    assert_int_equal(mock_status(), 201);
    assert_text(picture_of(li_cstr(urn)), LI_STR("abc"));
    mock_head("POST", "/rest/things", MOCK_TOKEN "Expect: 100-continue\r\n", 2);
    assert_int_equal(mock_status(), 100);
    heard_len = 0;
    mock_say("{}", 2);
    assert_int_equal(mock_status(), 201);
}

/* Who did not wait needs not be told. */
static void body_came_at_once(void **state)
{
    static const char early[] = "PUT /dms-uploads/image/1/0 HTTP/1.1\r\n"
                                "Host: a\r\nExpect: 100-continue\r\n"
                                MOCK_TOKEN "Content-Length: 2\r\n\r\na";

    (void)state;
    mock_begin();
    heard_len = 0;
    mock_say(early, sizeof early - 1);
    assert_int_equal(heard_len, 0);
    mock_say("b", 1);
    assert_int_equal(mock_status(), 201);
}

/* What is not an upload may have 64 KB, an upload 5 GB. */
static void too_long_bodies(void **state)
{
    (void)state;
    mock_begin();
    mock_head("POST", "/rest/things", MOCK_TOKEN, MAX_BODY + 1);
    assert_int_equal(mock_status(), 413);
    mock_connect();
    mock_head("POST", "/rest/things", MOCK_TOKEN, (size_t)MAX_BODY * 10);
    assert_int_equal(mock_status(), 413);
    mock_connect();
    mock_head("PUT", "/dms-uploads/image/1/0", MOCK_TOKEN,
              (size_t)most_upload + 1);
    assert_int_equal(mock_status(), 413);
    mock_connect();
    mock_head("PUT", "/dms-uploads/image/1/0", MOCK_TOKEN, (size_t)most_upload);
    assert_int_equal(heard_len, 0);
    mock_connect();
    mock_head("PUT", "/dms-uploads/image/9/0", MOCK_TOKEN, 0);
    assert_int_equal(mock_status(), 404);
    mock_head("POST", "/dms-uploads/image/1/0", MOCK_TOKEN, 0);
    assert_int_equal(mock_status(), 405);
}

static const struct begin_row {
    int line;
    const char *what, *collection, *request;
    int status;
    const char *says;
} begin_rows[] = {
    {__LINE__, "no owner", "images", "{\"initializeUploadRequest\":{}}", 422,
     "ERROR :: /initializeUploadRequest/owner :: field is required"},
    {__LINE__, "somebody else's", "images",
     "{\"initializeUploadRequest\":{\"owner\":\"urn:li:person:z\"}}", 403,
     "[/initializeUploadRequest/owner]"},
    {__LINE__, "an owner that is a group", "documents",
     "{\"initializeUploadRequest\":{\"owner\":\"urn:li:group:1\"}}", 400,
     "INVALID_URN_TYPE"},
    {__LINE__, "a video of no length", "videos",
     "{\"initializeUploadRequest\":{" OWNED "}}", 422, "/fileSizeBytes ::"},
    {__LINE__, "a video of no bytes", "videos",
     "{\"initializeUploadRequest\":{" OWNED ",\"fileSizeBytes\":0}}", 400,
     "INVALID_VALUE_FOR_FIELD"},
    {__LINE__, "one part", "videos",
     "{\"initializeUploadRequest\":{" OWNED ",\"fileSizeBytes\":4194304}}", 200,
     "\"firstByte\":0,\"lastByte\":4194303}],\"uploadToken\":\"\""},
    {__LINE__, "a byte more", "videos",
     "{\"initializeUploadRequest\":{" OWNED ",\"fileSizeBytes\":4194305}}", 200,
     "\"firstByte\":4194304,\"lastByte\":4194304}],"},
    {__LINE__, "the most parts", "videos",
     "{\"initializeUploadRequest\":{" OWNED ",\"fileSizeBytes\":1677721600}}",
     200, "\"lastByte\":1677721599}],"},
    {__LINE__, "too many parts", "videos",
     "{\"initializeUploadRequest\":{" OWNED ",\"fileSizeBytes\":1677721601}}",
     400, "INVALID_VALUE_FOR_FIELD"},
};

static void upload_begins_or_not(void **state)
{
    const struct begin_row *row = (const struct begin_row *)*state;
    char target[64];

    mock_begin();
    snprintf(target, sizeof target, "/rest/%s?action=initializeUpload",
             row->collection);
    assert_int_equal(mock_call("POST", target, row->request), row->status);
    assert_heard(row->says);
}

/* ---- videos: three parts of 10, 10 and 5 bytes */

#define CLIP "{\"initializeUploadRequest\":{" OWNED ",\"fileSizeBytes\":25," \
             "\"uploadCaptions\":true,\"uploadThumbnail\":true}}"

static struct {
    char urn[64], url[3][256], captions[256], thumbnail[256], id[3][128];
} clip;

static void clip_begin(void)
{
    char pointer[64], url[256];
    li_buf captions = LI_BUF(clip.captions), thumbnail = LI_BUF(clip.thumbnail);
    int i;

    mock_begin();
    set.part_size = 10;
    begin("videos", CLIP, url, clip.urn);
    for (i = 0; i < 3; i++) {
        li_buf to = LI_BUF(clip.url[i]);
        snprintf(pointer, sizeof pointer,
                 "/value/uploadInstructions/%d/uploadUrl", i);
        assert_int_equal(li_json_copy(answered, pointer, &to), LI_OK);
    }
    li_json_copy(answered, "/value/captionsUploadUrl", &captions);
    assert_int_equal(
        li_json_copy(answered, "/value/thumbnailUploadUrl", &thumbnail), LI_OK);
}

static void clip_part(int i, size_t len, uint32_t seed)
{
    const char *tag;
    size_t n;

    fill(len, seed);
    assert_int_equal(send_bytes(clip.url[i], "", len), 200);
    heard[heard_len] = 0;
    tag = strstr(heard, "ETag: \"");
    assert_non_null(tag);
    n = strcspn(tag + 7, "\"");
    snprintf(clip.id[i], sizeof clip.id[i], "%.*s", (int)n, tag + 7);
}

static void clip_parts(void)
{
    clip_part(1, 10, 1);
    clip_part(2, 5, 2);
    clip_part(0, 10, 3);
}

static int clip_end(const char *id0, const char *id1, const char *id2,
                    const char *more)
{
    char body[1024];

    snprintf(body, sizeof body, "{\"finalizeUploadRequest\":{\"video\":\"%s\","
             "\"uploadToken\":\"\",\"uploadedPartIds\":[\"%s\",\"%s\",\"%s\"%s]"
             "}}", clip.urn, id0, id1, id2, more);
    return mock_call("POST", "/rest/videos?action=finalizeUpload", body);
}

static int clip_ends(void)
{
    return clip_end(clip.id[0], clip.id[1], clip.id[2], "");
}

static void video_in_parts(void **state)
{
    char body[512];

    (void)state;
    clip_begin();
    assert_int_equal(clip_ends(), 400);
    assert_heard("MEDIA_ASSET_WAITING_UPLOAD");
    clip_parts();
    assert_state(clip.urn, "videos", "WAITING_UPLOAD");
    assert_int_equal(clip_end(clip.id[1], clip.id[0], clip.id[2], ""), 400);
    assert_heard("/finalizeUploadRequest/uploadedPartIds");
    assert_int_equal(clip_end(clip.id[0], clip.id[1], clip.id[2], ",\"x\""),
                     400);
    snprintf(body, sizeof body, "{\"finalizeUploadRequest\":{\"video\":\"%s\","
             "\"uploadToken\":\"\",\"uploadedPartIds\":[\"%s\"]}}",
             clip.urn, clip.id[0]);
    assert_int_equal(mock_call("POST", "/rest/videos?action=finalizeUpload",
                               body), 400);
    snprintf(body, sizeof body, "{\"finalizeUploadRequest\":{\"video\":\"%s\","
             "\"uploadToken\":\"x\",\"uploadedPartIds\":[]}}", clip.urn);
    assert_int_equal(mock_call("POST", "/rest/videos?action=finalizeUpload",
                               body), 400);
    assert_heard("/finalizeUploadRequest/uploadToken");
    assert_state(clip.urn, "videos", "WAITING_UPLOAD");
    assert_int_equal(clip_ends(), 200);
    assert_text(answered, LI_STR(""));
    assert_state(clip.urn, "videos", "AVAILABLE");
    assert_heard("\"duration\":30000");
    assert_int_equal(clip_ends(), 200);
    assert_int_equal(mock_call("POST", "/rest/videos?action=finalizeUpload",
                               "{\"finalizeUploadRequest\":{\"video\":"
                               "\"urn:li:video:9\"}}"), 400);
    assert_heard("INVALID_VIDEO_ID");
}

/* The id of an earlier try is of no use; that of the same bytes is the same. */
static void part_is_sent_again(void **state)
{
    char before[128];

    (void)state;
    clip_begin();
    clip_parts();
    snprintf(before, sizeof before, "%s", clip.id[0]);
    clip_part(0, 10, 7);
    assert_string_not_equal(before, clip.id[0]);
    assert_int_equal(clip_end(before, clip.id[1], clip.id[2], ""), 400);
    clip_part(0, 10, 3);
    assert_string_equal(before, clip.id[0]);
    assert_int_equal(clip_ends(), 200);
}

static const struct length_row {
    int line;
    const char *what;
    size_t len[3];
} length_rows[] = {
    {__LINE__, "a part too short", {10, 9, 5}},
    {__LINE__, "a part too long", {11, 10, 5}},
    {__LINE__, "the last too long", {10, 10, 10}},
    {__LINE__, "the last empty", {10, 10, 0}},
};

static void wrong_length_fails(void **state)
{
    const struct length_row *row = (const struct length_row *)*state;
    int i;

    clip_begin();
    for (i = 0; i < 3; i++)
        clip_part(i, row->len[i], 1);
    assert_int_equal(clip_ends(), 200);
    assert_state(clip.urn, "videos", "PROCESSING_FAILED");
    assert_heard("processingFailureReason");
    clip_parts();
    assert_int_equal(clip_ends(), 400);
    assert_heard("MEDIA_ASSET_PROCESSING_FAILED");
}

static void parts_want_no_token(void **state)
{
    (void)state;
    clip_begin();
    assert_int_equal(send_bytes(clip.url[0], MOCK_TOKEN, 10), 403);
    memcpy(strstr(clip.url[2], "/2?"), "/3", 2); /* there are three */
    assert_int_equal(send_bytes(clip.url[2], "", 10), 404);
}

static void captions_and_thumbnail(void **state)
{
    (void)state;
    clip_begin();
    clip_parts();
    fill(500, 4);
    assert_int_equal(send_bytes(clip.thumbnail, MOCK_TOKEN, 500), 400);
    assert_int_equal(send_bytes(clip.thumbnail,
                                "media-type-family: STILLIMAGE\r\n", 500), 401);
    assert_int_equal(send_bytes(clip.thumbnail, MOCK_TOKEN
                                "media-type-family: STILLIMAGE\r\n", 500), 201);
    assert_text(picture_of(li_cstr(clip.urn)), span(bytes, 500));
    mock_head("POST", clip.captions + 8, MOCK_TOKEN
              "Content-Type: multipart/form-data; boundary=x\r\n", 9);
    mock_say("--x--\r\n\r\n", 9);
    assert_int_equal(mock_status(), 201);
    assert_int_equal(send_bytes(clip.captions, MOCK_TOKEN, 9), 405);
    assert_int_equal(mock_call("POST", clip.captions + 8, "x"), 415);
    assert_int_equal(clip_ends(), 200);
    assert_state(clip.urn, "videos", "AVAILABLE");
    assert_heard("\"thumbnail\":");
}

static void only_what_was_asked(void **state)
{
    char url[256];

    (void)state;
    mock_begin();
    begin("videos", "{\"initializeUploadRequest\":{" OWNED
          ",\"fileSizeBytes\":25,\"uploadCaptions\":false}}", url, clip.urn);
    assert_false(heard_has("captionsUploadUrl"));
    assert_false(heard_has("thumbnailUploadUrl"));
    snprintf(url, sizeof url, "http://a/dms-uploads/video/%s/thumbnail",
             strrchr(clip.urn, ':') + 1);
    assert_int_equal(send_bytes(url, MOCK_TOKEN, 5), 404);
}

/* ---- posts that name media */

static int post_with(const char *content)
{
    static unsigned words; /* the same text twice would be a duplicate */
    char body[1024];

    snprintf(body, sizeof body, "{\"author\":\"urn:li:person:me\","
             "\"commentary\":\"%u\",\"visibility\":\"PUBLIC\","
             "\"lifecycleState\":\"PUBLISHED\",\"distribution\":"
             "{\"feedDistribution\":\"MAIN_FEED\"},\"content\":%s}", words++,
             content);
    return mock_call("POST", "/rest/posts", body);
}

static const struct content_row {
    int line;
    const char *what, *content;
    int status;
    const char *says;
} content_rows[] = {
    {__LINE__, "an image", "{\"media\":{\"id\":\"urn:li:image:1\"}}", 201,
     "x-restli-id"},
    {__LINE__, "no such image", "{\"media\":{\"id\":\"urn:li:image:3\"}}", 400,
     "\"INVALID_IMAGE_ID\""},
    {__LINE__, "no such video", "{\"media\":{\"id\":\"urn:li:video:3\"}}", 400,
     "\"INVALID_VIDEO_ID\""},
    {__LINE__, "no such document", "{\"media\":{\"id\":\"urn:li:document:3\"}}",
     400, "\"INVALID_URN_ID\""},
    {__LINE__, "no media at all", "{\"media\":{\"id\":\"urn:li:person:3\"}}",
     400, "\"INVALID_URN_TYPE\""},
    {__LINE__, "one image of two", "{\"multiImage\":{\"images\":[{\"id\":"
     "\"urn:li:image:1\"},{\"id\":\"urn:li:image:3\"}]}}", 400,
     "/content/multiImage/images/1/id"},
    {__LINE__, "two images", "{\"multiImage\":{\"images\":[{\"id\":"
     "\"urn:li:image:1\"},{\"id\":\"urn:li:image:2\"}]}}", 201, "x-restli-id"},
    {__LINE__, "a thumbnail", "{\"article\":{\"source\":\"https://a.test\","
     "\"title\":\"t\",\"thumbnail\":\"urn:li:image:3\"}}", 400,
     "/content/article/thumbnail"},
    {__LINE__, "a card", "{\"carousel\":{\"cards\":[{\"media\":{\"id\":"
     "\"urn:li:image:1\"}},{\"media\":{\"id\":\"urn:li:image:3\"}}]}}", 400,
     "/content/carousel/cards/1/media/id"},
};

static void post_names_media(void **state)
{
    const struct content_row *row = (const struct content_row *)*state;

    mock_begin();
    assert_int_equal(post_with(row->content), row->status);
    assert_heard(row->says);
}

static void post_waits_for_video(void **state)
{
    char content[128];
    const struct entity *e;

    (void)state;
    clip_begin();
    set.processing_ms = 60000;
    snprintf(content, sizeof content, "{\"media\":{\"id\":\"%s\"}}", clip.urn);
    assert_int_equal(post_with(content), 400);
    assert_heard("MEDIA_ASSET_WAITING_UPLOAD");
    clip_parts();
    assert_int_equal(clip_ends(), 200);
    assert_state(clip.urn, "videos", "PROCESSING");
    assert_int_equal(clip_end("", "", "", ""), 200); /* it is over */
    assert_int_equal(post_with(content), 400);
    e = media_of_urn(li_cstr(clip.urn));
    assert_non_null(e);
    media_of(e)->ready_ms -= 60000;
    assert_int_equal(post_with(content), 201);
    assert_state(clip.urn, "videos", "AVAILABLE");
}
#endif

int main(void)
{
    (void)untunnel; /* tried by the conformance runner */
    ROWS(apply_rows, patch_is_applied);
#ifndef _WIN32
    TEST(image_is_taken);
    TEST(image_of_any_size);
    TEST(pictures_go_in_turn);
    TEST(next_request_is_not_lost);
    TEST(told_to_go_on);
    TEST(body_came_at_once);
    TEST(too_long_bodies);
    ROWS(begin_rows, upload_begins_or_not);
    TEST(video_in_parts);
    TEST(part_is_sent_again);
    ROWS(length_rows, wrong_length_fails);
    TEST(parts_want_no_token);
    TEST(captions_and_thumbnail);
    TEST(only_what_was_asked);
    ROWS(content_rows, post_names_media);
    TEST(post_waits_for_video);
#endif
    return RUN("mock");
}
