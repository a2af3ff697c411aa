/* linkedin_platform.h - clock, secure randomness, sleeping and a token file
   for linkedin.h. SPDX-License-Identifier: MIT OR Unlicense

       static li_platform here = { .token_path = "token.json" };

       li_client me = { .now  = li_platform_now,  .random = li_platform_random,
                        .load = li_platform_load, .save   = li_platform_save,
                        .lock = li_platform_lock, .user   = &here };

   POSIX; on Linux with its names in sight: -std=gnu99, or -std=c99 with
   -D_POSIX_C_SOURCE=200809L. Windows: link bcrypt and advapi32; a path is text
   of the process's code page; of a token file's rights there is no check when
   it is read, but what is saved names its owner alone in its access list. */
#ifndef LINKEDIN_PLATFORM_H
#define LINKEDIN_PLATFORM_H

#ifndef LINKEDIN_H
#include "../linkedin.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** A token file, as JSON, may have so many bytes. On the stack while it is
    read or written, and wiped. */
#ifndef LI_PLATFORM_FILE
#define LI_PLATFORM_FILE 12288
#endif

/** The user of li_client's hooks. now and random look at nothing of it, and
    may have another one. One for each thread: so threads, too, share a token
    file like processes. */
typedef struct li_platform {
    const char *token_path;
    const char *why; /* set by a load, save or lock that failed: what was
                        wrong */
    struct { int fd; uint8_t locked; } priv;
} li_platform;

/** Unix seconds. */
LINKEDIN_API int64_t li_platform_now(void *user);
/** Bytes of the system's secure generator. LI_E_STORE where there is none. */
LINKEDIN_API li_rc li_platform_random(void *user, void *dst, size_t len);
/** Milliseconds of a clock that only goes forward; its start means nothing. As
    li_transport.ms: user is not looked at, and may be NULL. */
LINKEDIN_API uint64_t li_platform_ms(void *user);
/** Waits, and says 0. A signal does not end it. As li_transport.sleep: user is
    not looked at either. */
LINKEDIN_API int li_platform_sleep(void *user, uint32_t ms);
/** Reads the token file. LI_E_MISSING: there is none yet. LI_E_STORE: it
    cannot be read, is a symbolic link (a save would put a file into its
    place), or others than its owner can read it, or its owner is not who we
    are. Else what li_token_read() says, by LI_E_SPACE with
    token->need: token is then as before. */
LINKEDIN_API li_rc li_platform_load(void *user, li_token *token);
/** Writes the token file, readable by its owner only: a new file, "path.new",
    flushed to the disk, then renamed over the old one, so that there is always
    a whole one. What a save that was killed left behind, the next one uses.
    LI_E_STORE. */
LINKEDIN_API li_rc li_platform_save(void *user, const li_token *token);
/** Locks or unlocks the token file against other processes, by a file beside
    it, "path.lock", which must stay: nobody may remove it while others run. A
    process that dies unlocks it. LI_WANT_SLEEP: another has it; LI_E_STORE:
    among others, that file belongs to another user or has a second name. */
LINKEDIN_API li_rc li_platform_lock(void *user, int on);

#ifdef __cplusplus
}
#endif
#endif /* LINKEDIN_PLATFORM_H */

#ifdef LINKEDIN_IMPLEMENTATION
#ifndef LINKEDIN_PLATFORM_IMPLEMENTED
#define LINKEDIN_PLATFORM_IMPLEMENTED

#include <string.h>
#include <time.h>

static li_rc li__platform_fail(void *user, const char *why)
{
    ((li_platform *)user)->why = why;
    return LI_E_STORE;
}

LINKEDIN_API int64_t li_platform_now(void *user)
{
    (void)user;
    return (int64_t)time(NULL);
}

/* What li__file_load() answers where there is no file yet. */
enum { LI__FILE_NONE = -2 };

#ifdef _WIN32
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN /* the older Winsock would bar the newer */
#endif
#include <windows.h>
#include <bcrypt.h>
#include <sddl.h>

LINKEDIN_API li_rc li_platform_random(void *user, void *dst, size_t len)
{
    (void)user;
    if (len > 0xffffffffu ||
        BCryptGenRandom(NULL, (PUCHAR)dst, (ULONG)len,
                        BCRYPT_USE_SYSTEM_PREFERRED_RNG))
        return LI_E_STORE;
    return LI_OK;
}

LINKEDIN_API uint64_t li_platform_ms(void *user)
{
    return (void)user, GetTickCount64();
}

LINKEDIN_API int li_platform_sleep(void *user, uint32_t ms)
{
    Sleep(ms);
    return (void)user, 0;
}

enum { LI__FILE_TRIES = 400, LI__FILE_PAUSE_MS = 5 };

/* "path.lock", or "path.new". */
static li_rc li__file_name(const char *path, const char *end, char *name)
{
    li_buf out = li_buf_of(name, MAX_PATH);
    li_put(&out, li_cstr(path));
    li_put(&out, li_cstr(end));
    return path ? li_buf_end(&out) : LI_E_ARG;
}

/* Others have the file open just now: they read it, or replace it. */
static int li__file_busy(const char *name)
{
    DWORD e = GetLastError(), is;
    if (e != ERROR_ACCESS_DENIED)
        return e == ERROR_SHARING_VIOLATION;
    is = GetFileAttributesA(name);
    SetLastError(e);
    return is == INVALID_FILE_ATTRIBUTES || !(is & FILE_ATTRIBUTE_DIRECTORY);
}

/* "D:P(A;;FA;;;S-1-5-…)": nothing is inherited, and all rights are those of the
   user whose process this is. NULL: it cannot be known; else LocalFree() it. */
static PSECURITY_DESCRIPTOR li__file_rights(void)
{
    char text[256], user[128];
    li_buf out = LI_BUF(text);
    PSECURITY_DESCRIPTOR rights = NULL;
    DWORD len = sizeof user;
    char *sid = NULL;
    HANDLE token;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return NULL;
    if (GetTokenInformation(token, TokenUser, user, len, &len) &&
        ConvertSidToStringSidA(((TOKEN_USER *)(void *)user)->User.Sid, &sid)) {
        li_put(&out, LI_STR("D:P(A;;FA;;;"));
        li_put(&out, li_cstr(sid));
        li_put(&out, LI_STR(")"));
        LocalFree(sid);
        if (li_buf_end(&out) ||
            !ConvertStringSecurityDescriptorToSecurityDescriptorA(
                text, SDDL_REVISION_1, &rights, NULL))
            rights = NULL;
    }
    CloseHandle(token);
    return rights;
}

static HANDLE li__file_open(const char *name, DWORD access, DWORD share,
                            DWORD how)
{
    SECURITY_ATTRIBUTES rights;
    HANDLE file;
    memset(&rights, 0, sizeof rights);
    rights.nLength = sizeof rights;
    rights.lpSecurityDescriptor = li__file_rights();
    if (!rights.lpSecurityDescriptor)
        return INVALID_HANDLE_VALUE;
    if (how == OPEN_ALWAYS)
        access |= WRITE_DAC;
    file = CreateFileA(name, access, share, &rights, how,
                       FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT,
                       NULL);
    if (file != INVALID_HANDLE_VALUE && how == OPEN_ALWAYS &&
        !SetKernelObjectSecurity(file, DACL_SECURITY_INFORMATION |
                                           PROTECTED_DACL_SECURITY_INFORMATION,
                                 rights.lpSecurityDescriptor)) {
        /* one that was there before is to have these rights, too */
        CloseHandle(file);
        file = INVALID_HANDLE_VALUE;
        SetLastError(ERROR_INVALID_OWNER);
    }
    how = GetLastError();
    LocalFree(rights.lpSecurityDescriptor);
    SetLastError(how);
    return file;
}

/* As li__file_open(), again while others have it. */
static HANDLE li__file_wait(const char *name, DWORD access, DWORD share,
                            DWORD how)
{
    unsigned tries = LI__FILE_TRIES;
    HANDLE file = li__file_open(name, access, share, how);
    while (file == INVALID_HANDLE_VALUE && li__file_busy(name) && --tries) {
        Sleep(LI__FILE_PAUSE_MS);
        file = li__file_open(name, access, share, how);
    }
    return file;
}

/* Neither a link nor, of files that are written, one with a second name. */
static int li__file_plain(HANDLE file, DWORD names)
{
    BY_HANDLE_FILE_INFORMATION info;
    return GetFileType(file) == FILE_TYPE_DISK &&
           GetFileInformationByHandle(file, &info) &&
           !(info.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) &&
           info.nNumberOfLinks <= names;
}

static long li__file_load(const char *path, char *dst, size_t cap,
                          const char **why)
{
    DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    LARGE_INTEGER size;
    DWORD n = 0;
    HANDLE file = li__file_wait(path, GENERIC_READ, share, OPEN_EXISTING);
    if (file == INVALID_HANDLE_VALUE &&
        (GetLastError() == ERROR_FILE_NOT_FOUND ||
         GetLastError() == ERROR_PATH_NOT_FOUND))
        return LI__FILE_NONE;
    if (file == INVALID_HANDLE_VALUE)
        *why = "the token file cannot be opened";
    else if (!li__file_plain(file, MAXDWORD))
        *why = "the token file is not a plain file";
    else if (!GetFileSizeEx(file, &size) || size.QuadPart > (LONGLONG)cap)
        *why = "the token file is too large";
    else if (!ReadFile(file, dst, (DWORD)cap, &n, NULL))
        *why = "the token file cannot be read";
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    return *why ? -1 : (long)n;
}

static const char *li__file_rename(const char *from, const char *to)
{
    unsigned tries = LI__FILE_TRIES;
    while (!MoveFileExA(from, to,
                        MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) {
        if (!li__file_busy(to) || !--tries)
            return "the new token file cannot be renamed";
        Sleep(LI__FILE_PAUSE_MS);
    }
    return NULL;
}

/* Why it did not work, or NULL. The new file is shared for its renaming only,
   so that two that save do not mix their bytes. */
static const char *li__file_replace(const char *path, li_str text)
{
    char fresh[MAX_PATH];
    const char *why = NULL;
    DWORD n = 0;
    HANDLE file = li__file_name(path, ".new", fresh)
                      ? INVALID_HANDLE_VALUE
                      : li__file_wait(fresh, GENERIC_WRITE | DELETE,
                                      FILE_SHARE_DELETE, OPEN_ALWAYS);
    if (file == INVALID_HANDLE_VALUE)
        return "the new token file cannot be made";
    if (!li__file_plain(file, 1) || !SetEndOfFile(file))
        why = "the new token file cannot be made";
    else if (!WriteFile(file, text.ptr, (DWORD)text.len, &n, NULL) ||
             n != text.len || !FlushFileBuffers(file))
        why = "the new token file cannot be written";
    else
        why = li__file_rename(fresh, path);
    if (why) { /* no token is left in it, even if it cannot be removed */
        SetFilePointer(file, 0, NULL, FILE_BEGIN);
        SetEndOfFile(file);
    }
    CloseHandle(file);
    if (why)
        DeleteFileA(fresh);
    return why;
}

/* The lock is that nobody else can open the file. */
LINKEDIN_API li_rc li_platform_lock(void *user, int on)
{
    li_platform *here = (li_platform *)user;
    char name[MAX_PATH];
    HANDLE file = INVALID_HANDLE_VALUE;
    if (here->priv.locked == (on != 0))
        return LI_OK;
    here->priv.locked = 0;
    if (!on) {
        CloseHandle((HANDLE)(intptr_t)here->priv.fd);
        return LI_OK;
    }
    SetLastError(ERROR_SUCCESS);
    if (!li__file_name(here->token_path, ".lock", name))
        file = li__file_open(name, GENERIC_WRITE, 0, OPEN_ALWAYS);
    if (file == INVALID_HANDLE_VALUE &&
        GetLastError() == ERROR_SHARING_VIOLATION)
        return LI_WANT_SLEEP;
    if (file != INVALID_HANDLE_VALUE && li__file_plain(file, 1)) {
        here->priv.fd = (int)(intptr_t)file; /* handles have 32 bits */
        here->priv.locked = 1;
        return LI_OK;
    }
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    return li__platform_fail(here, "the lock file cannot be opened, or "
                                   "is no plain file");
}

#else
#if defined(__linux__) && defined(__STRICT_ANSI__) && \
    !defined(_POSIX_C_SOURCE) && !defined(_GNU_SOURCE)
#error "POSIX is hidden: -std=gnu99, or -D_POSIX_C_SOURCE=200809L"
#endif
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined(__linux__) && defined(__has_include)
#if __has_include(<sys/random.h>)
#include <sys/random.h>
#define LI__HAS_GETRANDOM
#endif
#endif

static ssize_t li__random_some(char *dst, size_t len)
{
#ifdef LI__HAS_GETRANDOM
    return getrandom(dst, len, 0); /* waits while the pool is empty at boot */
#else
    int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, dst, len);
    if (fd >= 0)
        close(fd);
    return n;
#endif
}

LINKEDIN_API li_rc li_platform_random(void *user, void *dst, size_t len)
{
    char *p = (char *)dst;
    (void)user;
    while (len) {
        ssize_t n = li__random_some(p, len > 256 ? 256 : len);
        if (n > 0) {
            p += n;
            len -= (size_t)n;
        } else if (!n || errno != EINTR)
            return LI_E_STORE;
    }
    return LI_OK;
}

LINKEDIN_API uint64_t li_platform_ms(void *user)
{
    struct timespec t;
    (void)user;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

LINKEDIN_API int li_platform_sleep(void *user, uint32_t ms)
{
    struct timespec t;
    t.tv_sec = (time_t)(ms / 1000);
    t.tv_nsec = (long)(ms % 1000) * 1000000;
    while (nanosleep(&t, &t) && errno == EINTR)
        continue;
    return (void)user, 0;
}

/* Why this file must not be believed, or NULL. */
static const char *li__file_wrong(int fd)
{
    struct stat st;
    if (fstat(fd, &st) || !S_ISREG(st.st_mode))
        return "the token file is not a plain file";
    if (st.st_mode & (S_IRWXG | S_IRWXO))
        return "others may use the token file: chmod 600 it";
    if (st.st_uid != geteuid())
        return "the token file belongs to another user";
    return st.st_size > LI_PLATFORM_FILE ? "the token file is too large"
                                         : NULL;
}

/* "path.lock", or "path.new". */
static li_rc li__file_name(const char *path, const char *end, char *name)
{
    li_buf out = li_buf_of(name, PATH_MAX);
    li_put(&out, li_cstr(path));
    li_put(&out, li_cstr(end));
    return path ? li_buf_end(&out) : LI_E_ARG;
}

/* Opens a file to write, which is to be ours alone whatever the umask: below 0
   if it cannot be, is no plain file, has a second name, or belongs to somebody
   else. */
static int li__file_ours(const char *name)
{
    struct stat st;
    int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
                            O_NONBLOCK, 0600);
    if (fd < 0 || (!fstat(fd, &st) && S_ISREG(st.st_mode) &&
                   st.st_uid == geteuid() && st.st_nlink <= 1 &&
                   !fchmod(fd, 0600)))
        return fd;
    close(fd);
    return -1;
}

/* Takes the lock of a file that is open: 1; or 0, also where the name is
   another file's by now. */
static int li__file_lock(int fd, const char *name)
{
    struct stat held, named;
    return !flock(fd, LOCK_EX | LOCK_NB) && !fstat(fd, &held) &&
           !stat(name, &named) && held.st_ino == named.st_ino &&
           held.st_dev == named.st_dev;
}

/* Reads to the end, or fills dst: bytes read, or below 0. */
static long li__file_read(int fd, char *dst, size_t cap)
{
    size_t len = 0;
    while (len < cap) {
        ssize_t n = read(fd, dst + len, cap - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (!n)
            break;
        len += (size_t)n;
    }
    return (long)len;
}

static int li__file_write(int fd, li_str text)
{
    while (text.len) {
        ssize_t n = write(fd, text.ptr, text.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        text.ptr += n;
        text.len -= (size_t)n;
    }
    return fsync(fd);
}

static long li__file_load(const char *path, char *dst, size_t cap,
                          const char **why)
{
    long len = -1;
    /* O_NONBLOCK: a pipe of that name must not hold us up */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT)
        return LI__FILE_NONE;
    if (fd < 0) {
        *why = errno == ELOOP ? "the token file is a symbolic link: name the "
                                "file itself"
                              : "the token file cannot be opened";
        return -1;
    }
    *why = li__file_wrong(fd);
    if (!*why) {
        len = li__file_read(fd, dst, cap);
        if (len < 0)
            *why = "the token file cannot be read";
    }
    close(fd);
    return len;
}

/* Without this the new name may be lost in a power cut. Some file systems
   refuse it: the file itself is safe by then. */
static void li__sync_folder(const char *path)
{
    char folder[PATH_MAX];
    li_buf out = LI_BUF(folder);
    li_str name = li_cstr(path);
    int fd;
    while (name.len && name.ptr[name.len - 1] != '/')
        name.len--;
    li_put(&out, name.len ? name : LI_STR("."));
    if (li_buf_end(&out))
        return;
    fd = open(folder, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

/* Opens the new file, empty, and keeps others that save out of it: until it is
   renamed, and then they find that another file has its name. */
static int li__file_new(const char *name)
{
    unsigned tries = 400;
    while (tries-- > 0) {
        int fd = li__file_ours(name);
        if (fd < 0)
            return fd;
        if (li__file_lock(fd, name) && !ftruncate(fd, 0))
            return fd;
        close(fd);
        li_platform_sleep(NULL, 5);
    }
    return -1;
}

/* Why it did not work, or NULL. */
static const char *li__file_replace(const char *path, li_str text)
{
    char fresh[PATH_MAX];
    const char *why = NULL;
    int fd = li__file_name(path, ".new", fresh) ? -1 : li__file_new(fresh);
    if (fd < 0)
        return "the new token file cannot be made";
    if (li__file_write(fd, text))
        why = "the new token file cannot be written";
    else if (rename(fresh, path))
        why = "the new token file cannot be renamed";
    if (why)
        unlink(fresh);
    close(fd); /* flushed before: nothing is lost by a failure of this */
    if (!why)
        li__sync_folder(path);
    return why;
}

LINKEDIN_API li_rc li_platform_lock(void *user, int on)
{
    li_platform *here = (li_platform *)user;
    char name[PATH_MAX];
    int fd = -1, busy;
    if (here->priv.locked == (on != 0))
        return LI_OK;
    here->priv.locked = 0;
    if (!on) {
        flock(here->priv.fd, LOCK_UN); /* a child may have it open too */
        close(here->priv.fd);
        return LI_OK;
    }
    /* a file of its own, which stays: the token file's name goes from one file
       to the next */
    if (!li__file_name(here->token_path, ".lock", name))
        fd = li__file_ours(name);
    if (fd < 0)
        return li__platform_fail(here, "the lock file cannot be opened, or "
                                       "belongs to another user");
    errno = EWOULDBLOCK;
    if (!li__file_lock(fd, name)) {
        busy = errno == EWOULDBLOCK || errno == EINTR || errno == ENOENT;
        close(fd);
        if (busy)
            return LI_WANT_SLEEP;
        return li__platform_fail(here, "the token file cannot be locked");
    }
    here->priv.fd = fd;
    here->priv.locked = 1;
    return LI_OK;
}

#endif /* _WIN32 */

/* The file is the whole truth: a refresh token that it does not have must not
   be kept from what token held, as li_token_read() would. */
static li_rc li__token_replace(li_token *token, li_str json)
{
    li_str kept = token->refresh_token;
    li_rc rc;
    token->refresh_token = li_cstr(NULL);
    rc = li_token_read(token, json, NULL);
    if (rc)
        token->refresh_token = kept;
    return rc;
}

LINKEDIN_API li_rc li_platform_load(void *user, li_token *token)
{
    li_platform *here = (li_platform *)user;
    char text[LI_PLATFORM_FILE];
    li_rc rc = LI_E_STORE;
    long len;
    if (!here->token_path)
        return li__platform_fail(here, "no token_path is set");
    here->why = NULL;
    len = li__file_load(here->token_path, text, sizeof text, &here->why);
    if (len == LI__FILE_NONE)
        return LI_E_MISSING;
    if (len >= 0)
        rc = li__token_replace(token, li__str(text, (size_t)len));
    if (rc && !here->why)
        here->why = "the token file holds no token that fits";
    li_wipe(text, sizeof text);
    return rc;
}

LINKEDIN_API li_rc li_platform_save(void *user, const li_token *token)
{
    li_platform *here = (li_platform *)user;
    char text[LI_PLATFORM_FILE];
    li_buf out = LI_BUF(text);
    if (!here->token_path)
        here->why = "no token_path is set";
    else if (li_token_put(token, &out))
        here->why = "the token is too large for the token file";
    else
        here->why = li__file_replace(here->token_path,
                                     li__str(text, out.len));
    li_wipe(text, sizeof text);
    return here->why ? LI_E_STORE : LI_OK;
}

#endif /* LINKEDIN_PLATFORM_IMPLEMENTED */
#endif /* LINKEDIN_IMPLEMENTATION */
