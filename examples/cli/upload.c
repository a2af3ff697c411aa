/* upload.c - images, documents and videos. */
#include "cli.h"
#include <unistd.h>

static size_t from_file(void *user, uint64_t at, char *dst, size_t cap)
{
    FILE *file = (FILE *)user;
    return fseek(file, (long)at, SEEK_SET) ? 0 : fread(dst, 1, cap, file);
}

static void show_progress(void *user, uint64_t done, uint64_t all)
{
    (void)user;
    fprintf(stderr, "\r%3u %%", (unsigned)(done * 100 / (all ? all : 1)));
}

int upload_file(li_media media, const char *owner, const char *name,
                char *urn, size_t cap)
{
    static char memory[1 << 20];
    static li_req req;
    FILE *file = fopen(name, "rb");
    li_upload up;
    unsigned failures = 0;
    li_rc rc = LI_OK;
    int code = 0, shown = isatty(2);
    long size;
    memset(&up, 0, sizeof up);
    if (!file || fseek(file, 0, SEEK_END) || (size = ftell(file)) <= 0) {
        if (file)
            fclose(file);
        return complain(CLI_FILE, name, "cannot be read, or is empty");
    }
    up.media = media;
    up.owner = owner;
    up.len = (uint64_t)size;
    up.read = from_file;
    up.progress = shown ? show_progress : NULL;
    up.user = file;
    up.mem = memory;
    up.cap = sizeof memory;
    while (!rc && failures < 5) {
        li_buf out = LI_BUF(scratch);
        rc = li_upload_req(&up, &req, &me, &out);
        if (rc)
            break;
        code = ask(&req);
        if (code < 0)
            break; /* --curl: the first request is all there is to show */
        if (li_upload_end(&up, &call))
            failures++;
    }
    fclose(file);
    if (shown)
        fputc('\n', stderr);
    if (code < 0)
        return code;
    if (rc != LI_E_MISSING)
        return code ? code : complain(CLI_FAILED, name, rc ? li_strerror(rc)
                                                          : "was not taken");
    snprintf(urn, cap, "%.*s", (int)up.urn.len, up.urn.ptr);
    return 0;
}

static int media_of(const char *name, li_media *media)
{
    static const struct { const char *end; li_media media; } kinds[] = {
        {".mp4", LI_VIDEO}, {".mov", LI_VIDEO}, {".pdf", LI_DOCUMENT},
        {".docx", LI_DOCUMENT}, {".pptx", LI_DOCUMENT}, {".png", LI_IMAGE},
        {".jpg", LI_IMAGE}, {".jpeg", LI_IMAGE}, {".gif", LI_IMAGE}};
    const char *dot = strrchr(name, '.');
    size_t i;
    if (set.type) {
        *media = !strcmp(set.type, "video")      ? LI_VIDEO
                 : !strcmp(set.type, "document") ? LI_DOCUMENT : LI_IMAGE;
        return strcmp(set.type, "image") && *media == LI_IMAGE
                   ? complain(CLI_USAGE, set.type,
                              "is none of image, document, video") : 0;
    }
    for (i = 0; dot && i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(dot, kinds[i].end))
            return *media = kinds[i].media, 0;
    return complain(CLI_USAGE, name, "what is it? Say --type");
}

int cmd_upload(int count, char **arguments)
{
    char urn[256];
    li_media media;
    const char *owner = set.as;
    int code = media_of(arguments[0], &media);
    (void)count;
    if (!code)
        code = token_ready();
    if (!code && !owner)
        owner = who_am_i(&code);
    if (!code)
        code = upload_file(media, owner, arguments[0], urn, sizeof urn);
    if (code)
        return code < 0 ? 0 : code;
    return puts(urn) < 0;
}
