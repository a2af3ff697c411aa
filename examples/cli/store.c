/* store.c - a profile: the app's credentials and the member's token, each in a
   file of mode 0600. */
#include "cli.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef _WIN32
#include <direct.h>
#define make_folder(name) _mkdir(name)
#else
#define make_folder(name) mkdir(name, 0700)
#define O_BINARY 0
#endif

cli_app app;

static void from_env(const char *name, char *to, size_t cap)
{
    const char *value = getenv(name);
    if (value && *value)
        snprintf(to, cap, "%s", value);
}

/* The folder of the profiles: a code. */
static int folder(char *to, size_t cap)
{
    const char *own = getenv("LINKEDIN_CONFIG"), *xdg = getenv("XDG_CONFIG_HOME"),
               *home = getenv("HOME"), *windows = getenv("APPDATA");
    int n = own       ? snprintf(to, cap, "%s", own)
            : xdg     ? snprintf(to, cap, "%s/linkedin", xdg)
            : windows ? snprintf(to, cap, "%s/linkedin", windows)
            : home    ? snprintf(to, cap, "%s/.config/linkedin", home) : -1;
    if (n <= 0 || (size_t)n >= cap)
        return complain(CLI_FILE, "LINKEDIN_CONFIG",
                        "is not set, and neither is HOME");
    return 0;
}

int store_make(void)
{
    char to[4096];
    size_t i;
    int code = folder(to, sizeof to);
    if (code)
        return code;
    for (i = 1; to[i]; i++)
        if (to[i] == '/') {
            to[i] = 0;
            make_folder(to); /* what cannot be made is told by the last one */
            to[i] = '/';
        }
    if (make_folder(to) && errno != EEXIST)
        return complain(CLI_FILE, to, strerror(errno));
    return 0;
}

int read_whole(const char *name, li_str *text)
{
    FILE *file = strcmp(name, "-") ? fopen(name, "rb") : stdin;
    size_t cap = 4096, len = 0;
    char *memory = malloc(cap);
    if (!file)
        return complain(CLI_FILE, name, strerror(errno));
    while (memory && !feof(file) && !ferror(file)) {
        len += fread(memory + len, 1, cap - len, file);
        if (len == cap)
            memory = realloc(memory, cap *= 2);
    }
    if (!memory || ferror(file))
        return complain(CLI_FILE, name, "cannot be read");
    if (file != stdin)
        fclose(file);
    *text = LI_VIEW(memory, len);
    return 0;
}

static int is_open_to_others(const char *name)
{
#ifdef _WIN32
    return (void)name, 0;
#else
    struct stat st;
    return !stat(name, &st) && (st.st_mode & (S_IRWXG | S_IRWXO));
#endif
}

static const struct member {
    const char *name, *env;
    char *to;
    size_t cap;
} members[] = {
    {"/client_id", "LINKEDIN_CLIENT_ID", app.client_id, sizeof app.client_id},
    {"/client_secret", "LINKEDIN_CLIENT_SECRET", app.client_secret,
     sizeof app.client_secret},
    {"/redirect_uri", "LINKEDIN_REDIRECT_URI", app.redirect_uri,
     sizeof app.redirect_uri},
    {"/version", "LINKEDIN_VERSION", app.version, sizeof app.version},
};

static int read_file(void)
{
    struct stat st;
    li_str text;
    size_t i;
    if (stat(app.file, &st) && errno == ENOENT)
        return 0; /* none yet */
    if (is_open_to_others(app.file))
        return complain(CLI_FILE, app.file,
                        "may be read by others: chmod 600 it");
    if (read_whole(app.file, &text))
        return CLI_FILE;
    for (i = 0; i < sizeof members / sizeof *members; i++) {
        li_buf out = li_buf_of(members[i].to, members[i].cap);
        li_rc rc = li_json_copy(text, members[i].name, &out);
        if (rc && rc != LI_E_MISSING)
            return complain(CLI_FILE, app.file, "is no profile");
    }
    li_wipe((void *)(uintptr_t)text.ptr, text.len);
    return 0;
}

int store_read(void)
{
    char path[3800];
    const char *name = set.profile ? set.profile : "default", *c;
    size_t i;
    int code;
    for (c = name; *c; c++)
        if (*c == '/' || *c == '\\' || *name == '.')
            return complain(CLI_USAGE, name, "is no name of a profile");
    code = folder(path, sizeof path);
    if (code)
        return code;
    snprintf(app.file, sizeof app.file, "%s/%s.json", path, name);
    snprintf(app.token_file, sizeof app.token_file, "%s/%s.token.json", path,
             name);
    snprintf(app.version, sizeof app.version, "202609");
    code = read_file();
    for (i = 0; i < sizeof members / sizeof *members; i++)
        from_env(members[i].env, members[i].to, members[i].cap);
    return code;
}

FILE *private_file(const char *name)
{
    int fd;
    unlink(name);
    fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_BINARY, 0600);
    return fd < 0 ? NULL : fdopen(fd, "wb");
}

int replace_file(const char *fresh, const char *name)
{
#ifdef _WIN32
    remove(name); /* which rename() does not there */
#endif
    return rename(fresh, name);
}

int store_write(void)
{
    static char text[4096], fresh[4200];
    li_buf out = LI_BUF(text);
    li_value v[] = {{li_cstr(app.client_id), 0}, {li_cstr(app.client_secret), 0},
                    {li_cstr(app.redirect_uri), 0}, {li_cstr(app.version), 0}};
    FILE *file;
    size_t n = 0;
    if (li_json_fill(&out, "{\"client_id\":?,\"client_secret\":?,"
                           "\"redirect_uri\":?,\"version\":?}", v, 4))
        return complain(CLI_FILE, app.file, "the credentials are too long");
    snprintf(fresh, sizeof fresh, "%s.new", app.file);
    file = private_file(fresh);
    if (file)
        n = fwrite(text, 1, out.len, file);
    li_wipe(text, sizeof text);
    if (!file || fclose(file) || n != out.len || replace_file(fresh, app.file))
        return complain(CLI_FILE, app.file, strerror(errno));
    return 0;
}

int store_forget(void)
{
    if (remove(app.token_file) && errno != ENOENT)
        return complain(CLI_FILE, app.token_file, strerror(errno));
    return 0;
}

void store_failure(const char *why)
{
    char name[4200];
    FILE *file;
    snprintf(name, sizeof name, "%s.failed", app.token_file);
    remove(name);
    file = why ? private_file(name) : NULL;
    if (file) {
        fputs(why, file);
        fclose(file);
    }
}
