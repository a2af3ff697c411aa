/* media.h - images, documents and videos: where their bytes go, what state they
   are in, and whether a post may name them
   (marketing/community-management/shares/images-api, documents-api,
   videos-api). Their bytes themselves: intake.h. */
#ifndef MOCK_MEDIA_H
#define MOCK_MEDIA_H

#include "entities.h"

#include <inttypes.h>

enum {
    MAX_PARTS = 400, /* as many URLs fit in an answer                       */
    MAX_DOCUMENT = 100 << 20,
    URLS_HOLD_S = 30 * 24 * 3600 /* about 30 days, says the page  */
};

/* Beside the entity of the same place in the table, if that is one of media. */
static struct media {
    uint64_t size, part_size; /* of a video, as was said when it began      */
    size_t parts;
    int64_t ready_ms;         /* while PROCESSING: until when               */
    uint8_t broken, captions, thumbnail; /* broken: it will not be AVAILABLE */
    intake whole;             /* of an image or document                    */
    intake picture;           /* an image, or the thumbnail of a video      */
    intake part[MAX_PARTS];
} medias[MAX_ENTITIES];

static struct media *media_of(const struct entity *e)
{
    return &medias[e - entities];
}

/* NULL: the collection is none of media. */
static const char *media_kind(const char *collection)
{
    const char *kind = urn_kind(collection);
    return kind && (!strcmp(kind, "image") || !strcmp(kind, "video") ||
                    !strcmp(kind, "document")) ? kind : NULL;
}

static int is_video(const struct entity *e)
{
    return !strcmp(e->collection, "videos");
}

/* The entity of an URN's kind and id. */
static struct entity *media_find(li_str kind, li_str id)
{
    char collection[32], key[128];

    snprintf(collection, sizeof collection, "%.*ss",
             (int)(kind.len < 20 ? kind.len : 20), kind.ptr ? kind.ptr : "");
    snprintf(key, sizeof key, "\"urn:li:%.*s:%.*s\"",
             (int)(kind.len < 20 ? kind.len : 20), kind.ptr ? kind.ptr : "",
             (int)(id.len < 60 ? id.len : 60), id.ptr ? id.ptr : "");
    return media_kind(collection) ? entity_of(collection, li_cstr(key)) : NULL;
}

static struct entity *media_of_urn(li_str urn)
{
    li_str space, type = LI_STR(""), id = LI_STR("");

    if (li_urn_split(urn, &space, &type, &id))
        return NULL;
    return media_find(type, id);
}

/* The bytes of an image, or of a video's thumbnail, for a page that shows it;
   absent if they were too many, or are too long ago. */
static inline li_str picture_of(li_str urn)
{
    const struct entity *e = media_of_urn(urn);
    return e ? intake_bytes(&media_of(e)->picture) : li_cstr(NULL);
}

/* ---- states */

static int status_is(const struct entity *e, const char *status)
{
    li_str raw;
    return !li_json_find(li_cstr(e->json), "/status", &raw) &&
           li_json_is(raw, li_cstr(status));
}

/* Lengths and URLs are there once it is AVAILABLE, and not before. */
static void put_available(li_buf *out, const struct entity *e)
{
    char url[96];

    if (is_video(e)) {
        json_int(out, "duration", 30000);
        json_raw(out, "aspectRatioWidth", "16.0");
        json_raw(out, "aspectRatioHeight", "9.0");
    }
    if (is_video(e) && media_of(e)->picture.begun)
        json_text(out, "thumbnail",
                  LI_STR("https://media.licdn.com/dms/image/x"));
    snprintf(url, sizeof url, "https://%s.licdn.com/%s/x",
             is_video(e) ? "dms" : "media", is_video(e) ? "playlist"
                                                        : "dms/image");
    json_text(out, "downloadUrl", li_cstr(url));
    json_int(out, "downloadUrlExpiresAt", (now_s() + URLS_HOLD_S) * 1000);
}

/* Writes the entity anew. The reasons for a failure are an open list. */
static void media_becomes(struct entity *e, const char *status)
{
    char text[MAX_ENTITY];
    li_buf out = LI_BUF(text);
    li_str owner = member_of(li_cstr(e->json), LI_STR("\"owner\""));

    json_put(&out, "{");
    json_raw(&out, "id", e->key);
    json_key(&out, LI_STR("owner"));
    json_value(&out, owner);
    json_text(&out, "status", li_cstr(status));
    if (!strcmp(status, "AVAILABLE"))
        put_available(&out, e);
    if (!strcmp(status, "PROCESSING_FAILED") && is_video(e))
        json_text(&out, "processingFailureReason",
                  LI_STR("SOURCE_FILE_INCOMPLETE"));
    json_put(&out, "}");
    if (!out.rc)
        keep(e, written(&out));
}

/* What has been PROCESSING long enough is so no longer. */
static void media_tick(void)
{
    size_t i;

    for (i = 0; i < MAX_ENTITIES; i++)
        if (entities[i].used && media_kind(entities[i].collection) &&
            status_is(&entities[i], "PROCESSING") &&
            now_ms() >= medias[i].ready_ms)
            media_becomes(&entities[i], medias[i].broken ? "PROCESSING_FAILED"
                                                         : "AVAILABLE");
}

static void media_complete(struct entity *e)
{
    media_of(e)->ready_ms = now_ms() + set.processing_ms;
    media_becomes(e, "PROCESSING");
}

/* ---- what is refused */

/* The page has a code for images and videos; a document gets the one for an
   URN that is nothing. pointer "": none of a body is at fault. */
static int media_unknown(exchange *x, const char *collection,
                         const char *pointer)
{
    if (!strcmp(collection, "images"))
        return input_error(x, 400, 1, "INVALID_IMAGE_ID", pointer,
                           "This Image ID is invalid");
    if (!strcmp(collection, "videos"))
        return input_error(x, 400, 1, "INVALID_VIDEO_ID", pointer,
                           "This Video ID is invalid");
    return input_error(x, 400, 1, "INVALID_URN_ID", pointer,
                       "The URN ID provided is invalid.");
}

/* What is still PROCESSING is answered like what waits for its upload: there is
   no other code, and who may not read media can wait for nothing else. */
static int media_not_ready(exchange *x, const struct entity *e,
                           const char *pointer)
{
    if (status_is(e, "AVAILABLE"))
        return 0;
    if (status_is(e, "PROCESSING_FAILED"))
        return input_error(x, 400, 1, "MEDIA_ASSET_PROCESSING_FAILED", pointer,
                           "Media asset failed processing");
    return input_error(x, 400, 1, "MEDIA_ASSET_WAITING_UPLOAD", pointer,
                       "Media asset is waiting upload");
}

/* An URN in a body, if it is there at all. */
static int named_media_wrong(exchange *x, const char *pointer)
{
    char urn[256], collection[32];
    li_buf out = LI_BUF(urn);
    li_str space, type = LI_STR(""), id;
    const struct entity *e;

    if (!has_member(x->body, pointer))
        return 0;
    if (!li_json_copy(x->body, pointer, &out))
        li_urn_split(li_cstr(urn), &space, &type, &id);
    snprintf(collection, sizeof collection, "%.*ss",
             (int)(type.len < 20 ? type.len : 20), type.ptr);
    if (!media_kind(collection))
        return input_error(x, 400, 1, "INVALID_URN_TYPE", pointer,
                           "The value must be an image, video or document URN");
    e = media_of_urn(li_cstr(urn));
    return e ? media_not_ready(x, e, pointer)
             : media_unknown(x, collection, pointer);
}

/* All media that a post names. */
static int content_media_wrong(exchange *x)
{
    static const char *const lists[] = {"/content/multiImage/images/%u/id",
                                        "/content/carousel/cards/%u/media/id"};
    char pointer[64];
    unsigned i;
    int status = named_media_wrong(x, "/content/media/id");

    if (!status)
        status = named_media_wrong(x, "/content/article/thumbnail");
    for (i = 0; i < 20 && !status; i++) {
        snprintf(pointer, sizeof pointer, lists[0], i);
        status = named_media_wrong(x, pointer);
    }
    for (i = 0; i < 10 && !status; i++) {
        snprintf(pointer, sizeof pointer, lists[1], i);
        status = named_media_wrong(x, pointer);
    }
    return status;
}

/* ---- where the bytes shall go: initializeUpload */

/* The id of an URN that is a key. */
static li_str id_of(const struct entity *e)
{
    const char *colon = strrchr(e->key, ':');
    return span(colon + 1, strlen(colon + 1) - 1);
}

/* The query must come back as it is here. */
static void put_upload_url(exchange *x, const char *name,
                           const struct entity *e, const char *what)
{
    char text[1024];
    li_str host = header(x, "Host"), id = id_of(e);

    snprintf(text, sizeof text,
             "http%s://%.*s/dms-uploads/%s/%.*s/%s?ca=x%%2Fy&cn=uploads",
             set.tls ? "s" : "", (int)(host.len < 300 ? host.len : 300),
             host.len ? host.ptr : "", media_kind(e->collection), (int)id.len,
             id.ptr, what);
    json_text(&x->out, name, li_cstr(text));
}

static void put_instructions(exchange *x, const struct entity *e)
{
    const struct media *m = media_of(e);
    uint64_t at = 0, end;
    char what[24];
    size_t i;

    json_key(&x->out, LI_STR("uploadInstructions"));
    json_put(&x->out, "[");
    for (i = 0; i < m->parts; i++, at = end) {
        end = at + m->part_size < m->size ? at + m->part_size : m->size;
        snprintf(what, sizeof what, "%zu", i);
        json_put(&x->out, "{");
        put_upload_url(x, "uploadUrl", e, what);
        json_int(&x->out, "firstByte", (int64_t)at);
        json_int(&x->out, "lastByte", (int64_t)end - 1);
        json_put(&x->out, "}");
    }
    json_put(&x->out, "]");
    json_text(&x->out, "uploadToken", LI_STR(""));
    if (m->captions)
        put_upload_url(x, "captionsUploadUrl", e, "captions");
    if (m->thumbnail)
        put_upload_url(x, "thumbnailUploadUrl", e, "thumbnail");
}

static uint8_t says_true(li_str json, const char *pointer)
{
    li_str raw;
    return !li_json_find(json, pointer, &raw) && is(raw, "true");
}

/* How a video is to be cut, of what its owner says. */
static int video_begins(exchange *x, struct media *m)
{
    static const char size[] = "/initializeUploadRequest/fileSizeBytes";
    int64_t bytes = 0;
    li_str raw;

    if (!li_json_find(x->body, size, &raw))
        li_json_int(raw, &bytes);
    m->part_size = (uint64_t)set.part_size;
    if (bytes < 1 || (uint64_t)bytes > MAX_PARTS * m->part_size)
        return input_error(x, 400, 1, "INVALID_VALUE_FOR_FIELD", size,
                           "fileSizeBytes can't be set to this value");
    m->size = (uint64_t)bytes;
    m->parts = (size_t)((m->size - 1) / m->part_size) + 1;
    m->captions = says_true(x->body, "/initializeUploadRequest/uploadCaptions");
    m->thumbnail = says_true(x->body,
                             "/initializeUploadRequest/uploadThumbnail");
    return 0;
}

static int upload_wrong(exchange *x, int video)
{
    static const char *const needed[] = {
        "/initializeUploadRequest/owner",
        "/initializeUploadRequest/fileSizeBytes"};
    char text[256] = "";
    int i;

    for (i = 0; i < 1 + video; i++)
        if (!has_member(x->body, needed[i]))
            put_missing(text, sizeof text, needed[i]);
    return *text ? problem(x, 422, -1, NULL, text) : owner_wrong(x, needed[0]);
}

static int upload_begins(exchange *x, const char *collection)
{
    static struct media begun;
    int video = !strcmp(collection, "videos"), status = upload_wrong(x, video);
    struct entity *e;
    li_str request;

    memset(&begun, 0, sizeof begun);
    if (!status && video)
        status = video_begins(x, &begun);
    if (status)
        return status;
    li_json_find(x->body, "/initializeUploadRequest", &request);
    if (!(e = entity_new(collection, request)))
        return bad(x, "The request is too long");
    *media_of(e) = begun;
    media_becomes(e, "WAITING_UPLOAD");
    json_put(&x->out, "{\"value\":{");
    json_int(&x->out, video ? "uploadUrlsExpireAt" : "uploadUrlExpiresAt",
             (now_s() + URLS_HOLD_S) * 1000);
    json_raw(&x->out, media_kind(collection), e->key);
    if (video)
        put_instructions(x, e);
    else
        put_upload_url(x, "uploadUrl", e, "0");
    json_put(&x->out, "}}");
    return answer_json(x, 200);
}

/* ---- the bytes */

/* A part's id tells its bytes, so that the id of an earlier try is another. */
static void put_part_id(li_buf *out, const struct entity *e, size_t i)
{
    char text[128];
    li_str id = id_of(e);

    snprintf(text, sizeof text, "/ambry-video/%.*s/part%zu-%016" PRIx64 ".bin",
             (int)id.len, id.ptr, i, media_of(e)->part[i].sum);
    put(out, text);
}

/* Parts come in any order, the last of each wins, and their lengths are looked
   at when all are there. The URL is signed: a token is one too many; with which
   status it is refused is not documented. */
static int upload_part(exchange *x, struct entity *e, li_str what)
{
    struct media *m = media_of(e);
    char text[160];
    li_buf tag = LI_BUF(text);
    long i = number(what);

    if (i < 0 || (size_t)i >= m->parts)
        return gone(x);
    if (header(x, "Authorization").ptr)
        return problem(x, 403, -1, "ACCESS_DENIED",
                       "A signed upload URL goes without a token");
    m->part[i] = x->sent;
    put(&tag, "\"");
    put_part_id(&tag, e, (size_t)i);
    put(&tag, "\"");
    add_header(x, "ETag", written(&tag));
    return 200;
}

/* A picture of a video, which is no part of it; the status is not documented,
   so it is that of an image. */
static int upload_thumbnail(exchange *x, struct entity *e)
{
    if (!is_nocase(header(x, "media-type-family"), "STILLIMAGE"))
        return bad(x, "The header media-type-family must be STILLIMAGE");
    media_of(e)->picture = x->sent;
    return 201;
}

/* Captions are a form, whose fields' names are not documented. */
static int upload_captions(exchange *x)
{
    if (!type_is(header(x, "Content-Type"), "multipart/form-data"))
        return problem(x, 415, -1, "UNSUPPORTED_MEDIA_TYPE",
                       "Captions are multipart/form-data");
    return x->sent.len ? 201 : bad(x, "There are no captions");
}

static int upload_whole(exchange *x, struct entity *e)
{
    struct media *m = media_of(e);

    if (!strcmp(e->collection, "documents") && x->sent.len > MAX_DOCUMENT)
        return problem(x, 413, -1, "REQUEST_ENTITY_TOO_LARGE",
                       "A document has 100 MB at most");
    m->whole = m->picture = x->sent;
    m->broken = !x->sent.len;
    media_complete(e);
    return 201;
}

/* Anything below /dms-uploads/: a kind, an id, and a part or what else. */
static int upload_bytes(exchange *x)
{
    li_str rest = x->path, kind, id;
    struct entity *e;
    int captions, token_due, status;

    cut(&rest, "/");
    cut(&rest, "/");
    kind = cut(&rest, "/");
    id = cut(&rest, "/");
    e = media_find(kind, id);
    captions = e && media_of(e)->captions && is(rest, "captions");
    if (!e || !rest.len)
        return gone(x);
    if (!is(x->method, captions ? "POST" : "PUT"))
        return problem(x, 405, -1, NULL, "Method Not Allowed");
    token_due = !is_video(e) || !only(rest, DIGITS);
    if (token_due && (status = token_wrong(x)) != 0)
        return status;
    if (captions)
        return upload_captions(x);
    if (!is_video(e))
        return upload_whole(x, e);
    return media_of(e)->thumbnail && is(rest, "thumbnail")
               ? upload_thumbnail(x, e)
               : upload_part(x, e, rest);
}

/* ---- finalizeUpload */

/* The ids that the parts were answered with, in the order of the parts. */
static int part_ids_match(const exchange *x, const struct entity *e)
{
    char pointer[64], text[160];
    li_str raw;
    size_t i;

    for (i = 0; i <= media_of(e)->parts; i++) {
        li_buf id = LI_BUF(text);

        snprintf(pointer, sizeof pointer,
                 "/finalizeUploadRequest/uploadedPartIds/%zu", i);
        if (li_json_find(x->body, pointer, &raw))
            return i == media_of(e)->parts;
        if (i == media_of(e)->parts)
            return 0;
        put_part_id(&id, e, i);
        if (!li_json_is(raw, written(&id)))
            return 0;
    }
    return 0;
}

/* 0: some part has not come. *broken: one has a wrong length. */
static int parts_came(const struct media *m, uint8_t *broken)
{
    uint64_t left = m->size, want;
    size_t i;

    *broken = 0;
    for (i = 0; i < m->parts; i++, left -= want) {
        want = left < m->part_size ? left : m->part_size;
        if (!m->part[i].begun)
            return 0;
        *broken |= m->part[i].len != want;
    }
    return 1;
}

/* Captions and thumbnail should have come; what becomes of a video without is
   not documented, so it is taken. */
static int upload_ends(exchange *x)
{
    static const char *const no_token[] = {"", NULL};
    char urn[256];
    li_buf out = LI_BUF(urn);
    struct entity *e = NULL;

    if (!li_json_copy(x->body, "/finalizeUploadRequest/video", &out))
        e = media_of_urn(li_cstr(urn));
    if (!e || !is_video(e))
        return media_unknown(x, "videos", "/finalizeUploadRequest/video");
    if (status_is(e, "PROCESSING") || status_is(e, "AVAILABLE"))
        return 200;
    if (status_is(e, "PROCESSING_FAILED") ||
        !parts_came(media_of(e), &media_of(e)->broken))
        return media_not_ready(x, e, "/finalizeUploadRequest/video");
    if (!value_is(x->body, "/finalizeUploadRequest/uploadToken", no_token))
        return input_error(x, 400, 1, "INVALID_VALUE_FOR_FIELD",
                           "/finalizeUploadRequest/uploadToken",
                           "uploadToken can't be set to this value");
    if (!part_ids_match(x, e))
        return input_error(x, 400, 1, "INVALID_VALUE_FOR_FIELD",
                           "/finalizeUploadRequest/uploadedPartIds",
                           "uploadedPartIds can't be set to this value");
    media_complete(e);
    return 200;
}

#endif /* MOCK_MEDIA_H */
