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
              most_upload + 1);
    assert_int_equal(mock_status(), 413);
    mock_connect();
    mock_head("PUT", "/dms-uploads/image/1/0", MOCK_TOKEN, most_upload);
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

/* ---- finders */

static int found(const char *target)
{
    char pointer[32];
    li_str raw;
    int n = 0;

    assert_int_equal(mock_call("GET", target, ""), 200);
    do
        snprintf(pointer, sizeof pointer, "/elements/%d", n);
    while (!li_json_find(answered, pointer, &raw) && ++n);
    return n;
}

#define ACCOUNT "urn%3Ali%3AsponsoredAccount%3A512345678"
#define CAMPAIGNS "/rest/adAccounts/512345678/adCampaigns"
#define ACLS "/rest/organizationAcls?q=roleAssignee&"
#define THING "/rest/things?q=search&"

static const struct finder_row {
    int line;
    const char *what, *target;
    int count; /* of one entity, and two things */
} finder_rows[] = {
    {__LINE__, "by name", "/rest/organizations?q=vanityName&vanityName=acme",
     1},
    {__LINE__, "by another name", "/rest/organizations?q=vanityName&"
     "vanityName=acm", 0},
    {__LINE__, "a role", ACLS "role=ADMINISTRATOR&state=APPROVED", 1},
    {__LINE__, "one of two that agrees", ACLS "role=ADMINISTRATOR&state=OLD",
     0},
    {__LINE__, "a search", "/rest/adAccounts?q=search&search=(status:(values:"
     "List(DRAFT,ACTIVE)),type:(values:List(BUSINESS)))&pageSize=5", 1},
    {__LINE__, "a search for none", "/rest/adAccounts?q=search&"
     "search=(status:(values:List(DRAFT)))", 0},
    {__LINE__, "an id by its URN", "/rest/adAccounts?q=search&"
     "search=(id:(values:List(" ACCOUNT ")))", 1},
    {__LINE__, "by account", CAMPAIGNS "?q=account&account=" ACCOUNT, 1},
    {__LINE__, "by another account", CAMPAIGNS "?q=account&account=" ACCOUNT
     "9", 0},
    {__LINE__, "by accounts", CAMPAIGNS "?q=x&accounts=List(a," ACCOUNT ")", 1},
    {__LINE__, "by other accounts", CAMPAIGNS "?q=x&accounts=List(a,b)", 0},
    {__LINE__, "by statuses", CAMPAIGNS "?q=x&statuses=List(DRAFT,ACTIVE)", 1},
    {__LINE__, "by other statuses", CAMPAIGNS "?q=x&statuses=List(DRAFT)", 0},
    {__LINE__, "all things", "/rest/things", 2},
    {__LINE__, "all things, whatever is asked", "/rest/things?n=3", 2},
    {__LINE__, "how to list", THING "start=0&count=5&sortBy=x&q=n", 2},
    {__LINE__, "a number", THING "n=1", 1},
    {__LINE__, "a flag", THING "on=true", 1},
    {__LINE__, "an object", THING "owner=(page:7)", 1},
    {__LINE__, "an object of another kind", THING "owner=(member:7)", 0},
    {__LINE__, "all of an object", THING "owner=(page:7,more:1)", 0},
    {__LINE__, "one of a list", THING "list=b", 1},
    {__LINE__, "none of a list", THING "list=c", 0},
    {__LINE__, "lists that meet", THING "list=List(c,a)", 1},
    {__LINE__, "a value in a wrap", THING "n=(value:2)", 1},
    {__LINE__, "what none has", THING "other=1", 2},
};

static void finder_finds(void **state)
{
    const struct finder_row *row = (const struct finder_row *)*state;

    mock_begin();
    mock_call("POST", "/rest/things", "{\"n\":1,\"on\":true,\"q\":\"n\","
              "\"owner\":{\"page\":7},\"list\":[\"a\",\"b\"]}");
    mock_call("POST", "/rest/things", "{\"n\":2,\"on\":false,\"start\":3,"
              "\"owner\":{\"member\":\"8\"},\"list\":[]}");
    assert_int_equal(found(row->target), row->count);
}

static void posts_by_author(void **state)
{
    (void)state;
    mock_begin();
    assert_int_equal(post_with("{}"), 201);
    assert_int_equal(found("/rest/posts?q=author&author=urn%3Ali%3Aperson%3Ab"),
                     0);
    assert_int_equal(found("/rest/posts?q=author&author="
                           "urn%3Ali%3Aperson%3Ame&sortBy=LAST_MODIFIED"), 1);
    assert_heard("{\"id\":\"urn:li:share:70");
    assert_heard("\"publishedAt\":");
    assert_heard("\"visibility\":\"PUBLIC\"");
}

/* ---- comments and reactions */

#define THREAD "urn%3Ali%3Ashare%3A7"
#define COMMENTS "/rest/socialActions/" THREAD "/comments"
#define SAYS(message) "{\"actor\":\"urn:li:person:me\",\"object\":" \
                      "\"urn:li:share:7\",\"message\":{" message "}}"
#define ANN "\"value\":{\"person\":{\"person\":\"urn:li:person:ann\"}}"
#define THANKS(at) "\"text\":\"Th\xc3\xa4nks Ann\",\"attributes\":[{" at "}]"

static const struct comment_row {
    int line;
    const char *what, *body;
    int status;
    const char *says;
} comment_rows[] = {
    {__LINE__, "plain", SAYS("\"text\":\"Nice (1)\""), 201,
     "\"message\":{\"text\":\"Nice (1)\",\"attributes\":[]}"},
    {__LINE__, "a mention", SAYS(THANKS("\"start\":7,\"length\":3," ANN)), 201,
     "\"attributes\":[{\"start\":7,\"length\":3," ANN "}]"},
    {__LINE__, "one of a page", SAYS(THANKS("\"start\":0,\"length\":10,\"value"
     "\":{\"organization\":{\"organization\":\"urn:li:organization:1\"}}")),
     201, "urn:li:organization:1"},
    {__LINE__, "a mention too long", SAYS(THANKS("\"start\":7,\"length\":4,"
     ANN)), 400, "/message/attributes/0"},
    {__LINE__, "a mention too late", SAYS(THANKS("\"start\":11,\"length\":1,"
     ANN)), 400, "INVALID_VALUE_FOR_FIELD"},
    {__LINE__, "a mention too early", SAYS(THANKS("\"start\":-1,\"length\":1,"
     ANN)), 400, "INVALID_VALUE_FOR_FIELD"},
    {__LINE__, "behind an emoji, which is two", SAYS("\"text\":\"\xf0\x9f\x98"
     "\x80 Ann\",\"attributes\":[{\"start\":3,\"length\":3," ANN "}]"), 201,
     "\"start\":3"},
    {__LINE__, "a mention of nothing", SAYS(THANKS("\"start\":1,\"length\":0,"
     ANN)), 400, "INVALID_VALUE_FOR_FIELD"},
    {__LINE__, "a mention of nobody", SAYS(THANKS("\"start\":1,\"length\":1,"
     "\"value\":{}")), 400, "INVALID_VALUE_FOR_FIELD"},
    {__LINE__, "a mention somewhere", SAYS(THANKS("\"start\":9223372036854775"
     "807,\"length\":9223372036854775807," ANN)), 400, "/attributes/0"},
    {__LINE__, "the second of two", SAYS(THANKS("\"start\":7,\"length\":3," ANN
     "},{\"start\":8,\"length\":3," ANN)), 400, "/message/attributes/1"},
    {__LINE__, "blank", SAYS("\"text\":\" \""), 400,
     "INVALID_VALUE_BLANK_FIELD"},
    {__LINE__, "a number", SAYS("\"text\":1"), 400, "INVALID_VALUE_FOR_FIELD"},
    {__LINE__, "no text", SAYS("\"attributes\":[]"), 422, "/message/text ::"},
    {__LINE__, "nobody's", "{\"message\":{\"text\":\"x\"}}", 422,
     "/object ::"},
};

static void comment_is_made_or_not(void **state)
{
    const struct comment_row *row = (const struct comment_row *)*state;

    mock_begin();
    assert_int_equal(mock_call("POST", COMMENTS, row->body), row->status);
    assert_heard(row->says);
    assert_int_equal(found(COMMENTS), row->status == 201);
    if (row->status == 201)
        assert_heard(row->says);
}

static void longest_comment(void **state)
{
    char text[1300], body[1500];

    (void)state;
    mock_begin();
    memset(text, 'a', sizeof text);
    snprintf(body, sizeof body, SAYS("\"text\":\"%.*s\""), 1250, text);
    assert_int_equal(mock_call("POST", COMMENTS, body), 201);
    snprintf(body, sizeof body, SAYS("\"text\":\"%.*s\""), 1251, text);
    assert_int_equal(mock_call("POST", COMMENTS, body), 400);
    assert_heard("FIELD_LENGTH_TOO_LONG");
}

/* Edits the comment that was made last. */
static int edit(const char *id, const char *message)
{
    char target[128], body[512];

    snprintf(target, sizeof target, "%s/%s", COMMENTS, id);
    snprintf(body, sizeof body, "{\"patch\":{\"message\":{\"$set\":{%s}}}}",
             message);
    mock_head("POST", target, MOCK_TOKEN "X-RestLi-Method: PARTIAL_UPDATE\r\n",
              strlen(body));
    mock_say(body, strlen(body));
    return mock_status();
}

static void comment_is_edited(void **state)
{
    char id[16], target[128];
    li_buf out = LI_BUF(id);

    (void)state;
    mock_begin();
    assert_int_equal(mock_call("POST", COMMENTS, SAYS(THANKS(
        "\"start\":7,\"length\":3," ANN))), 201);
    assert_int_equal(li_json_copy(answered, "/id", &out), LI_OK);
    snprintf(target, sizeof target, "x-resourceidentity-urn: urn:li:comment:"
             "(urn:li:share:7,%s)\r\n", id);
    assert_heard(target);
    assert_int_equal(edit(id, "\"text\":\"Thanks\""), 400);
    assert_heard("/message/attributes/0");
    assert_int_equal(edit(id, "\"text\":\"Thanks\",\"attributes\":[]"), 200);
    assert_heard(target);
    snprintf(target, sizeof target, "%s/%s", COMMENTS, id);
    assert_int_equal(mock_call("GET", target, ""), 200);
    assert_heard("{\"text\":\"Thanks\",\"attributes\":[]}");
    assert_int_equal(edit("9", "\"text\":\"x\""), 404);
}

static int react(const char *actor, const char *type)
{
    char target[128], body[128];

    snprintf(target, sizeof target, "/rest/reactions?actor=%s", actor);
    snprintf(body, sizeof body,
             "{\"root\":\"urn:li:share:7\",\"reactionType\":\"%s\"}", type);
    return mock_call("POST", target, body);
}

static void all_is_counted(void **state)
{
    (void)state;
    mock_begin();
    assert_int_equal(react("urn%3Ali%3Aperson%3Aann", "LIKE"), 201);
    assert_heard("\"id\":\"urn:li:reaction:(urn:li:person:ann,urn:li:share:7)"
                 "\"");
    assert_int_equal(react("urn%3Ali%3Aperson%3Abo", "LIKE"), 201);
    assert_int_equal(react("urn%3Ali%3Aperson%3Abo", "PRAISE"), 201);
    assert_int_equal(react("urn%3Ali%3Aperson%3Abo", "MAYBE"), 400);
    mock_call("POST", COMMENTS, SAYS("\"text\":\"one\""));
    mock_call("POST", COMMENTS, SAYS("\"text\":\"two\"},\"parentComment\":"
              "\"urn:li:comment:(urn:li:share:7,1)\",\"x\":{"));
    mock_call("POST", COMMENTS, "{\"actor\":\"urn:li:person:me\",\"object\":"
              "\"urn:li:activity:70\",\"message\":{\"text\":\"of another\"}}");
    mock_call("POST", "/rest/socialActions/urn%3Ali%3Acomment%3A1/comments",
              SAYS("\"text\":\"to a comment\""));
    mock_call("POST", "/rest/socialActions/urn%3Ali%3Ashare%3A8/comments",
              "{\"actor\":\"urn:li:person:me\",\"object\":\"urn:li:share:8\","
              "\"message\":{\"text\":\"three\"}}");
    /* a thread's name goes into headers */
    assert_int_equal(mock_call("POST", "/rest/socialActions/urn%3Ali%3A%0D%0AX"
                               "%3A1/comments", SAYS("\"text\":\"no\"")), 400);
    assert_int_equal(mock_call("POST", "/rest/socialActions/urn%1Ali%3Ashare%3A"
                               "1/comments", SAYS("\"text\":\"no\"")), 400);
    assert_int_equal(mock_call("GET", "/rest/socialMetadata/" THREAD, ""), 200);
    assert_heard("\"commentSummary\":{\"count\":4,\"topLevelCount\":2}");
    assert_heard("\"reactionSummaries\":{\"LIKE\":{\"reactionType\":\"LIKE\","
                 "\"count\":1},\"PRAISE\":{\"reactionType\":\"PRAISE\","
                 "\"count\":1}}");
    assert_int_equal(mock_call("GET", "/rest/socialMetadata?ids=List(" THREAD
                               ",urn%3Ali%3Ashare%3A9)", ""), 200);
    assert_heard("\"urn:li:share:7\":{\"entity\":\"urn:li:share:7\"");
    assert_heard("{\"count\":0,\"topLevelCount\":0},\"reactionSummaries\":{}}");
    assert_int_equal(mock_call("DELETE", "/rest/reactions/(actor:"
                               "urn%3Ali%3Aperson%3Abo,entity:" THREAD ")", ""),
                     204);
    assert_int_equal(mock_call("GET", "/rest/socialMetadata/" THREAD, ""), 200);
    assert_false(heard_has("PRAISE"));
}

/* ---- ad analytics */

#define FACET "&accounts=List(" ACCOUNT ")"
#define SINCE(y, m, d) "start:(year:" y ",month:" m ",day:" d ")"
#define RANGE(y, m, d, to) "&dateRange=(" SINCE(y, m, d) to ")"
#define UNTIL(y, m, d) ",end:(year:" y ",month:" m ",day:" d ")"
#define OCTOBER RANGE("2026", "10", "1", UNTIL("2026", "10", "31"))
#define EACH(pivot, every) "/rest/adAnalytics?q=analytics&pivot=" pivot \
                           "&timeGranularity=" every

static const struct report_row {
    int line;
    const char *what, *target;
    int rows;
    const char *says;
} report_rows[] = {
    {__LINE__, "a month of days", EACH("CAMPAIGN", "DAILY") OCTOBER FACET
     "&fields=dateRange,pivotValues", 31,
     "{\"dateRange\":{\"start\":{\"year\":2026,\"month\":10,\"day\":31},"
     "\"end\":{\"year\":2026,\"month\":10,\"day\":31}},"
     "\"pivotValues\":[\"urn:li:sponsoredCampaign:345678901\"]}]"},
    {__LINE__, "days of a leap year", EACH("ACCOUNT", "DAILY")
     RANGE("2024", "2", "28", UNTIL("2024", "3", "1")) FACET, 3, "clicks"},
    {__LINE__, "days of another year", EACH("ACCOUNT", "DAILY")
     RANGE("2100", "2", "28", UNTIL("2100", "3", "1")) FACET, 2, "clicks"},
    {__LINE__, "days of a leap century", EACH("ACCOUNT", "DAILY")
     RANGE("2000", "2", "28", UNTIL("2000", "3", "1")) FACET, 3, "clicks"},
    {__LINE__, "months of two years", EACH("ACCOUNT", "MONTHLY")
     RANGE("2025", "11", "15", UNTIL("2026", "2", "3")) FACET
     "&fields=dateRange", 4,
     "{\"dateRange\":{\"start\":{\"year\":2025,\"month\":12,\"day\":1},"
     "\"end\":{\"year\":2025,\"month\":12,\"day\":31}}},"},
    {__LINE__, "the first month and the last", EACH("ACCOUNT", "MONTHLY")
     RANGE("2025", "11", "15", UNTIL("2025", "12", "3")) FACET
     "&fields=dateRange", 2,
     "\"elements\":[{\"dateRange\":{\"start\":{\"year\":2025,\"month\":11,"
     "\"day\":15},\"end\":{\"year\":2025,\"month\":11,\"day\":30}}},"
     "{\"dateRange\":{\"start\":{\"year\":2025,\"month\":12,\"day\":1},"
     "\"end\":{\"year\":2025,\"month\":12,\"day\":3}}}]"},
    {__LINE__, "one day", EACH("ACCOUNT", "YEARLY")
     RANGE("2026", "10", "1", UNTIL("2026", "10", "1")) FACET, 1, "clicks"},
    {__LINE__, "years", EACH("ACCOUNT", "YEARLY")
     RANGE("2025", "1", "1", UNTIL("2026", "12", "31")) FACET, 2, "clicks"},
    {__LINE__, "all at once, as clients wrote it", EACH("(value:ACCOUNT)",
     "(value:ALL)") OCTOBER FACET, 1, "\"elements\":[{\"impressions\":"},
    {__LINE__, "two facets' values", EACH("CREATIVE", "ALL") OCTOBER
     "&creatives=List(a,b)&fields=pivotValues", 2,
     "{\"pivotValues\":[\"a\"]},{\"pivotValues\":[\"b\"]}"},
    {__LINE__, "one account, no list", EACH("ACCOUNT", "ALL") OCTOBER
     "&accounts=" ACCOUNT "&fields=pivotValues", 1, "sponsoredAccount"},
    {__LINE__, "an account without campaigns", EACH("CAMPAIGN", "ALL") OCTOBER
     "&accounts=List(urn%3Ali%3AsponsoredAccount%3A1)", 0, "\"elements\":[]"},
    {__LINE__, "members", EACH("MEMBER_COUNTRY_V2", "ALL") OCTOBER FACET
     "&fields=pivotValues,clicks", 2, "[\"urn:li:geo:2\"],\"clicks\":"},
    {__LINE__, "money is text", EACH("ACCOUNT", "ALL") OCTOBER FACET
     "&fields=costInUsd", 1, "{\"costInUsd\":\""},
};

static void report_is_made(void **state)
{
    const struct report_row *row = (const struct report_row *)*state;

    mock_begin();
    assert_int_equal(found(row->target), row->rows);
    assert_heard(row->says);
    assert_heard("\"paging\":{\"start\":0,");
    if (!strstr(row->target, "pivotValues"))
        assert_false(heard_has("pivotValues"));
    if (!strstr(row->target, "fields=dateRange"))
        assert_false(heard_has("dateRange"));
}

#define FIVE(name) name "," name "," name "," name "," name

static const struct no_report_row {
    int line;
    const char *what, *target, *says;
} no_report_rows[] = {
    {__LINE__, "no pivot", EACH("NONE", "ALL") OCTOBER FACET, "pivot"},
    {__LINE__, "no granularity", EACH("ACCOUNT", "HOURLY") OCTOBER FACET,
     "timeGranularity"},
    {__LINE__, "no facet", EACH("ACCOUNT", "ALL") OCTOBER, "facet"},
    {__LINE__, "no range", EACH("ACCOUNT", "ALL") FACET, "start"},
    {__LINE__, "no such day", EACH("ACCOUNT", "ALL")
     RANGE("2026", "2", "29", "") FACET, "start"},
    {__LINE__, "no such month", EACH("ACCOUNT", "ALL")
     RANGE("2026", "13", "1", "") FACET, "start"},
    {__LINE__, "no such end", EACH("ACCOUNT", "ALL")
     RANGE("2026", "2", "1", UNTIL("2026", "4", "31")) FACET, "end"},
    {__LINE__, "the end first", EACH("ACCOUNT", "ALL")
     RANGE("2026", "2", "2", UNTIL("2026", "2", "1")) FACET, "ends before"},
    {__LINE__, "too long", EACH("ACCOUNT", "ALL")
     RANGE("2001", "1", "1", UNTIL("2026", "1", "1")) FACET, "10 years"},
    {__LINE__, "no such field", EACH("ACCOUNT", "ALL") OCTOBER FACET
     "&fields=clicks,none", "fields"},
    {__LINE__, "21 metrics", EACH("ACCOUNT", "ALL") OCTOBER FACET "&fields="
     FIVE("clicks") "," FIVE("clicks") "," FIVE("clicks") ","
     FIVE("clicks") ",clicks", "20 metrics"},
    {__LINE__, "reach of 93 days", EACH("ACCOUNT", "ALL")
     RANGE("2026", "1", "1", UNTIL("2026", "4", "3")) FACET
     "&fields=approximateMemberReach", "92 days"},
};

static void report_is_refused(void **state)
{
    const struct no_report_row *row = (const struct no_report_row *)*state;

    mock_begin();
    assert_int_equal(mock_call("GET", row->target, ""), 400);
    assert_heard(row->says);
}

static void as_much_as_may_be(void **state)
{
    (void)state;
    mock_begin();
    assert_int_equal(found(EACH("ACCOUNT", "ALL") RANGE("2026", "1", "1",
        UNTIL("2026", "4", "2")) FACET "&fields=approximateMemberReach"), 1);
    assert_int_equal(found(EACH("ACCOUNT", "ALL") OCTOBER FACET "&fields="
        FIVE("clicks") "," FIVE("clicks") "," FIVE("clicks") ","
        FIVE("clicks")), 1);
    assert_int_equal(found(EACH("CAMPAIGN", "DAILY") RANGE("2024", "1", "1",
        UNTIL("2024", "12", "31")) FACET "&fields=impressions,clicks,"
        "costInLocalCurrency,dateRange,pivotValues"), 366);
}

/* The sums of all rows: of clicks, and of cents. */
static void sums(const char *target, long *clicks, long *cents)
{
    char pointer[48], text[32];
    int64_t number_of;
    li_str raw;
    int i;

    *clicks = *cents = 0;
    assert_int_equal(mock_call("GET", target, ""), 200);
    for (i = 0;; i++) {
        li_buf out = LI_BUF(text);

        snprintf(pointer, sizeof pointer, "/elements/%d/clicks", i);
        if (li_json_find(answered, pointer, &raw))
            return;
        li_json_int(raw, &number_of);
        *clicks += (long)number_of;
        snprintf(pointer, sizeof pointer, "/elements/%d/costInUsd", i);
        assert_int_equal(li_json_copy(answered, pointer, &out), LI_OK);
        *cents += atol(text) * 100 + atol(strchr(text, '.') + 1);
    }
}

#define SUMS FACET "&fields=clicks,costInUsd"

static void report_adds_up(void **state)
{
    static const char *const targets[] = {
        EACH("CAMPAIGN", "ALL") RANGE("2026", "9", "20", UNTIL("2026", "10",
        "31")) SUMS, EACH("CAMPAIGN", "DAILY") RANGE("2026", "9", "20",
        UNTIL("2026", "10", "31")) SUMS, EACH("CAMPAIGN", "MONTHLY")
        RANGE("2026", "9", "20", UNTIL("2026", "10", "31")) SUMS};
    long clicks[3], cents[3], other, more;
    int i;

    (void)state;
    mock_begin();
    for (i = 0; i < 3; i++)
        sums(targets[i], &clicks[i], &cents[i]);
    assert_true(clicks[0] > 0 && cents[0] > 0);
    assert_true(clicks[0] == clicks[1] && clicks[0] == clicks[2]);
    assert_true(cents[0] == cents[1] && cents[0] == cents[2]);
    set.seed = 7;
    sums(targets[0], &other, &more);
    assert_int_not_equal(other, clicks[0]);
    set.seed = 0;
    sums(targets[0], &other, &more);
    assert_int_equal(other, clicks[0]);
    sums(EACH("ACCOUNT", "ALL") RANGE("2026", "9", "20", UNTIL("2026", "10",
         "31")) SUMS, &other, &more);
    assert_int_not_equal(other, clicks[0]);
}

static void report_until_today(void **state)
{
    time_t then = time(NULL) - 2 * 86400;
    char target[512];
    struct tm utc;

    (void)state;
    mock_begin();
    assert_non_null(gmtime_r(&then, &utc));
    snprintf(target, sizeof target, "/rest/adAnalytics?q=analytics&pivot="
             "ACCOUNT&timeGranularity=DAILY&dateRange=(start:(year:%d,month:%d"
             ",day:%d))&accounts=List(a)", utc.tm_year + 1900, utc.tm_mon + 1,
             utc.tm_mday);
    assert_int_equal(found(target), 3);
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
    ROWS(finder_rows, finder_finds);
    TEST(posts_by_author);
    ROWS(comment_rows, comment_is_made_or_not);
    TEST(longest_comment);
    TEST(comment_is_edited);
    TEST(all_is_counted);
    ROWS(report_rows, report_is_made);
    ROWS(no_report_rows, report_is_refused);
    TEST(as_much_as_may_be);
    TEST(report_adds_up);
    TEST(report_until_today);
#endif
    return RUN("mock");
}
