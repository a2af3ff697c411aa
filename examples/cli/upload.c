/* upload.c - images, documents and videos. What is sent is kept in a file, so
   that the same command goes on with it, in another process too. */
#include "cli.h"
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef _WIN32
#include <io.h>
#define whole_path(name, to) _fullpath(to, name, sizeof(to))
#define seek_to(file, at) _fseeki64(file, (long long)(at), SEEK_SET)
#else
#define whole_path(name, to) realpath(name, to)
#define seek_to(file, at) fseeko(file, (off_t)(at), SEEK_SET)
#endif

/* Whose bytes were sent, and where to: what is kept goes on only if all of it
   is the same, made by the same program. */
typedef struct identity {
    char program[48], path[4096], owner[256], base[512];
    uint64_t struct_size, media;
    int64_t stamp[7]; /* of the file: any change of it shows               */
} identity;

typedef struct job {
    identity of;
    li_upload up;
    FILE *file;
    char kept[4200]; /* the file that it is kept in */
} job;

static char memory[1 << 20];
static volatile sig_atomic_t is_kept; /* there is something to go on with  */

static size_t from_file(void *user, uint64_t at, char *dst, size_t cap)
{
    FILE *file = (FILE *)user;
    return seek_to(file, at) ? 0 : fread(dst, 1, cap, file);
}

static void show_progress(void *user, uint64_t done, uint64_t all)
{
    static const char bar[] = "########################################";
    unsigned percent = (unsigned)(done * 100 / (all ? all : 1));
    (void)user;
    fprintf(stderr, "\r[%-40.*s] %3u %% of %.1f MB", (int)(percent * 2 / 5),
            bar, percent, (double)all / 1e6);
}

#ifndef _WIN32
/* Ctrl-C: the parts before are kept already. */
static void interrupted(int signal_number)
{
    static const char words[] = "\nlinkedin: interrupted: the same command "
                                "goes on with the part where it stopped\n";
    ssize_t n = is_kept ? write(2, words, sizeof words - 1) : write(2, "\n", 1);
    (void)n;
    _exit(128 + signal_number);
}
#endif

/* ---- what is kept */

/* The size, and when and where it was written: to the nanosecond, where the
   system tells. 0: it is a file that can be sent. */
static int stamp_of(const char *name, int64_t stamp[7])
{
    struct stat st;
    memset(stamp, 0, 7 * sizeof *stamp);
    if (stat(name, &st) || !S_ISREG(st.st_mode) || st.st_size <= 0)
        return -1;
    stamp[0] = st.st_size;
    stamp[1] = st.st_mtime;
    stamp[2] = st.st_ctime;
    stamp[3] = (int64_t)st.st_ino;
    stamp[4] = (int64_t)st.st_dev;
#ifdef __linux__
    stamp[5] = st.st_mtim.tv_nsec;
    stamp[6] = st.st_ctim.tv_nsec;
#endif
    return 0;
}

static int identify(job *j, li_media media, const char *owner, const char *name)
{
    memset(&j->of, 0, sizeof j->of);
    if (stamp_of(name, j->of.stamp) || !whole_path(name, j->of.path) ||
        !(j->file = fopen(name, "rb")))
        return complain(CLI_FILE, name, "is no file, cannot be read, or is empty");
    snprintf(j->of.program, sizeof j->of.program, "%s, %s", LI_VERSION,
             __DATE__ " " __TIME__);
    snprintf(j->of.owner, sizeof j->of.owner, "%s", owner);
    snprintf(j->of.base, sizeof j->of.base, "%s",
             me.api_base ? me.api_base : LI_API_BASE);
    j->of.struct_size = sizeof(li_upload);
    j->of.media = (uint64_t)media;
    return 0;
}

/* FNV-1a. */
static uint64_t hash_of(uint64_t hash, const void *data, size_t len)
{
    const unsigned char *byte = (const unsigned char *)data;
    while (len--)
        hash = (hash ^ *byte++) * 1099511628211u;
    return hash;
}

/* It lies beside the token, of mode 0600: its URLs are good for writing. */
static void keep_where(job *j)
{
    uint64_t hash = hash_of(14695981039346656037u, j->of.path,
                            strlen(j->of.path) + 1);
    hash = hash_of(hash, j->of.owner, strlen(j->of.owner));
    snprintf(j->kept, sizeof j->kept, "%s.upload-%016llx", app.token_file,
             (unsigned long long)hash);
}

/* Of all that is kept: a file that is cut or torn is none. */
static uint64_t sum_of(const identity *of, const li_upload *up)
{
    uint64_t hash = hash_of(14695981039346656037u, of, sizeof *of);
    return hash_of(hash_of(hash, up, sizeof *up), memory, sizeof memory);
}

/* What cannot be kept is no failure: the upload goes on, and starts anew when it
   is interrupted. */
static void keep(const job *j)
{
    uint64_t sum = sum_of(&j->of, &j->up);
    size_t len = sizeof memory;
    char fresh[4300];
    FILE *out;
    int good;
    while (len && !memory[len - 1])
        len--;
    snprintf(fresh, sizeof fresh, "%s.new", j->kept);
    out = store_make() ? NULL : private_file(fresh);
    if (!out)
        return;
    good = fwrite(&sum, sizeof sum, 1, out) == 1 &&
           fwrite(&j->of, sizeof j->of, 1, out) == 1 &&
           fwrite(&j->up, sizeof j->up, 1, out) == 1 &&
           fwrite(memory, 1, len, out) == len;
    if (fclose(out) || !good || replace_file(fresh, j->kept))
        remove(fresh);
    else
        is_kept = 1;
}

/* Takes up what an earlier process kept, if its URLs still hold. */
static void take_up(job *j)
{
    FILE *in = fopen(j->kept, "rb");
    identity of;
    li_upload up;
    uint64_t sum;
    memset(memory, 0, sizeof memory);
    if (!in)
        return;
    if (fread(&sum, sizeof sum, 1, in) == 1 &&
        fread(&of, sizeof of, 1, in) == 1 && !memcmp(&of, &j->of, sizeof of) &&
        fread(&up, sizeof up, 1, in) == 1 &&
        fread(memory, 1, sizeof memory, in) > 0 && sum == sum_of(&of, &up) &&
        (!up.expires_ms || up.expires_ms > li_platform_now(NULL) * 1000)) {
        up.owner = j->up.owner;
        up.read = j->up.read;
        up.progress = j->up.progress;
        up.user = j->up.user;
        up.mem = j->up.mem;
        up.cap = j->up.cap;
        j->up = up;
        is_kept = 1;
        if (up.part < up.parts)
            fprintf(stderr, "linkedin: goes on at part %u of %u\n",
                    (unsigned)up.part + 1, (unsigned)up.parts);
    } else
        memset(memory, 0, sizeof memory);
    fclose(in);
}

/* ---- sending */

static int has_changed(const job *j)
{
    int64_t stamp[7];
    return stamp_of(j->of.path, stamp) ||
           memcmp(stamp, j->of.stamp, sizeof stamp);
}

/* Sends what is due, each part with the tries that any call has. 0: all is
   sent. */
static int send_all(job *j, const char *name)
{
    static li_req req;
    for (;;) {
        li_buf out = LI_BUF(scratch);
        li_rc rc = li_upload_req(&j->up, &req, &me, &out);
        int code;
        if (rc == LI_E_MISSING)
            return 0;
        if (rc) {
            remove(j->kept);
            return complain(CLI_FAILED, name, li_strerror(rc));
        }
        code = ask(&req);
        if (code < 0)
            return code; /* --curl: the first request is all there is */
        if (has_changed(j)) {
            remove(j->kept);
            return complain(CLI_FILE, name, "changed while it was uploaded: "
                                            "begin again");
        }
        if (code)
            return code;
        rc = li_upload_end(&j->up, &call);
        if (rc)
            return complain(CLI_FAILED, name, li_strerror(rc));
        if (j->of.media == LI_VIDEO)
            keep(j);
    }
}

/* An upload that LinkedIn has forgotten, or refuses, starts anew; one that came
   too fast does not. */
static int is_refused(int code)
{
    return code == CLI_FAILED && (call.status == 400 || call.status == 403 ||
                                  call.status == 404 || call.status == 410);
}

static int send_file(job *j, const char *name)
{
    int code;
    memset(&j->up, 0, sizeof j->up);
    j->up.media = (li_media)j->of.media;
    j->up.owner = j->of.owner;
    j->up.len = (uint64_t)j->of.stamp[0];
    j->up.read = from_file;
    j->up.progress = isatty(2) ? show_progress : NULL;
    j->up.user = j->file;
    j->up.mem = memory;
    j->up.cap = sizeof memory;
    keep_where(j);
    take_up(j);
#ifndef _WIN32
    signal(SIGINT, interrupted);
#endif
    code = send_all(j, name);
#ifndef _WIN32
    signal(SIGINT, SIG_DFL);
#endif
    if (j->up.progress && code >= 0)
        fputc('\n', stderr);
    if (!code || is_refused(code))
        remove(j->kept);
    else if (code > 0 && is_kept && !has_changed(j))
        complain(0, name, "the same command goes on with the part where it "
                          "stopped");
    return code;
}

int upload_file(li_media media, const char *owner, const char *name,
                char *urn, size_t cap)
{
    static job j;
    int code;
    j.file = NULL;
    is_kept = 0;
    code = identify(&j, media, owner, name);
    if (!code)
        code = send_file(&j, name);
    if (j.file)
        fclose(j.file);
    if (!code)
        snprintf(urn, cap, "%.*s", (int)j.up.urn.len, j.up.urn.ptr);
    return code;
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
