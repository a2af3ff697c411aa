/* Uploads an image, a document or a video. Scopes: w_member_social, or
   w_organization_social.
   cc -I. examples/upload.c -lcurl -o upload
   ./upload image|document|video urn:li:person:{your id} FILE */
#include "example.h"
#include <string.h>

static size_t from_file(void *user, uint64_t at, char *dst, size_t cap)
{
    FILE *file = (FILE *)user;
    return fseek(file, (long)at, SEEK_SET) ? 0 : fread(dst, 1, cap, file);
}

static void progress(void *user, uint64_t done, uint64_t all)
{
    (void)user;
    printf("\r%u %%", (unsigned)(done * 100 / all));
}

int main(int argc, char **argv)
{
    static char memory[65536];
    li_upload up = {.read = from_file, .progress = progress, .mem = memory,
                    .cap = sizeof memory};
    FILE *file = argc == 4 ? fopen(argv[3], "rb") : NULL;
    unsigned failures = 0;
    li_rc rc = LI_OK;
    if (!file || fseek(file, 0, SEEK_END))
        return puts("usage: upload image|document|video OWNER FILE"), 2;
    up.media = !strcmp(argv[1], "video")      ? LI_VIDEO
               : !strcmp(argv[1], "document") ? LI_DOCUMENT
                                              : LI_IMAGE;
    up.owner = argv[2];
    up.len = (uint64_t)ftell(file);
    up.user = file;
    while (failures < 5) { /* goes on at the part that failed */
        li_buf out = LI_BUF(mem);
        rc = li_upload_req(&up, &req, &me, &out);
        if (rc)
            break;
        made();
        failures += li_upload_end(&up, &call) != LI_OK;
    }
    fclose(file);
    if (rc != LI_E_MISSING) /* made() has told why */
        return 1;
    return printf("%.*s\n", (int)up.urn.len, up.urn.ptr), 0;
}
