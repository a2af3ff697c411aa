/* A process that saves a token file is killed at every system call that it
   makes, before it and behind it; or that call fails, or the disk is full, or
   there is no right to write. Whatever happened: the file holds the old token
   or the new one, whole, and a fresh process loads it, saves and locks.

   usage: token_kill, in a directory of its own. Linux. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_platform.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if !defined(__x86_64__)
int main(void)
{
    puts("skipped: system calls are changed on x86-64 only");
    return 0;
}
#else
#include <sys/user.h>

static const char *what = "";
static unsigned long at, runs, old_ones, new_ones, told;

#define CHECK(good) ((good) ? (void)0 : failed(#good, __LINE__))

static void failed(const char *check, int line)
{
    printf("FAILED: token_kill.c:%d: %s\n%s at system call %lu\n", line, check,
           what, at);
    exit(1);
}

static li_platform here = {.token_path = "killed_token.json"};
static char mem[LI_TOKEN_MEM];
static li_token token = {.mem = mem, .cap = sizeof mem};

/* The old one is short, and the new one of two pages. */
static void set(int fresh)
{
    static char json[9000];
    int len = fresh ? 5000 : 20;
    snprintf(json, sizeof json,
             "{\"access_token\":\"%s%0*d\",\"refresh_token\":\"R%d\","
             "\"expires_in\":%d}", fresh ? "new" : "old", len, 7, fresh, 100);
    CHECK(!li_token_read(&token, li_cstr(json), NULL));
}

static int is_whole(int fresh)
{
    size_t len = fresh ? 5003 : 23;
    return token.access_token.len == len &&
           !strncmp(token.access_token.ptr, fresh ? "new" : "old", 3) &&
           token.access_token.ptr[len - 1] == '7' &&
           token.refresh_token.len == 2 &&
           token.refresh_token.ptr[1] == '0' + fresh;
}

/* What a fresh process finds, and that it can go on: 1: the new one. */
static int judge(int first)
{
    static const struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
    int fresh;
    li_rc rc;
    li_platform other = {.token_path = here.token_path};
    (void)all;
    token.access_token = token.refresh_token = li_cstr(NULL);
    rc = li_platform_load(&other, &token);
    if (rc == LI_E_MISSING && first) {
        fresh = 0; /* there was none, and there is none */
    } else {
        CHECK(!rc);
        fresh = is_whole(1);
        CHECK(fresh || (is_whole(0) && !first));
    }
    CHECK(!li_platform_lock(&other, 1)); /* who died has no lock */
    set(1);
    CHECK(!li_platform_save(&other, &token));
    CHECK(!li_platform_lock(&other, 0));
    CHECK(!li_platform_load(&other, &token) && is_whole(1));
    CHECK(access("killed_token.json.new", F_OK)); /* nothing lies about */
    runs++;
    old_ones += !fresh;
    new_ones += fresh != 0;
    return fresh;
}

static void prepare(int first)
{
    unlink("killed_token.json");
    unlink("killed_token.json.new");
    unlink("killed_token.json.lock");
    if (first)
        return;
    set(0);
    CHECK(!li_platform_save(&here, &token));
}

/* The child: takes the lock, saves, gives it back; what became of it. */
static int act(void)
{
    li_rc rc;
    set(1);
    raise(SIGSTOP);
    rc = li_platform_lock(&here, 1);
    if (rc)
        return 10;
    rc = li_platform_save(&here, &token);
    li_platform_lock(&here, 0);
    return rc ? here.why && *here.why ? 20 : 30 : 0;
}

/* ---- system calls, one by one */

enum how { KILL_BEFORE, KILL_BEHIND, FAIL };

static int to_system_call(pid_t pid)
{
    int status;
    CHECK(!ptrace(PTRACE_SYSCALL, pid, NULL, NULL));
    CHECK(waitpid(pid, &status, 0) == pid);
    return WIFSTOPPED(status) ? -1 : status;
}

/* The call that it stands before is not made, and fails with that. */
static int fail_call(pid_t pid, int error)
{
    struct user_regs_struct regs;
    int status;
    CHECK(!ptrace(PTRACE_GETREGS, pid, NULL, &regs));
    if (regs.orig_rax == SYS_exit_group || regs.orig_rax == SYS_close ||
        regs.orig_rax == SYS_munmap)
        return -1; /* these do not fail, or nobody could say so */
    regs.orig_rax = (unsigned long long)-1;
    CHECK(!ptrace(PTRACE_SETREGS, pid, NULL, &regs));
    status = to_system_call(pid);
    CHECK(status == -1);
    CHECK(!ptrace(PTRACE_GETREGS, pid, NULL, &regs));
    regs.rax = (unsigned long long)-(long long)error;
    CHECK(!ptrace(PTRACE_SETREGS, pid, NULL, &regs));
    return -1;
}

/* Runs the child to its k-th system call and does that; its exit status, or
   -1 where it was killed; -2: it makes fewer calls. */
static int run_to(unsigned long k, enum how how, int error)
{
    unsigned long n;
    int status;
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (!pid) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        _exit(act());
    }
    CHECK(waitpid(pid, &status, 0) == pid && WIFSTOPPED(status));
    for (n = 1; n <= k; n++) { /* to its entry, and but for the last its exit */
        status = to_system_call(pid);
        if (status == -1 && (n < k || how == KILL_BEHIND))
            status = to_system_call(pid);
        if (status != -1)
            return n < k ? -2 : WEXITSTATUS(status);
    }
    if (how == FAIL) {
        fail_call(pid, error);
        CHECK(!ptrace(PTRACE_CONT, pid, NULL, NULL));
        CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
        return WEXITSTATUS(status);
    }
    kill(pid, SIGKILL);
    CHECK(waitpid(pid, &status, 0) == pid);
    return -1;
}

/* Each in turn, until the child comes to its end. */
static void each(const char *name, enum how how, int error, int first)
{
    unsigned long before = runs, old = old_ones, failures = told;
    int rc;
    what = name;
    for (at = 1;; at++) {
        prepare(first);
        rc = run_to(at, how, error);
        if (rc == -2)
            break;
        CHECK(rc != 30); /* it says why */
        told += rc > 0;
        if (judge(first))
            continue;
        CHECK(rc); /* who was told that it is saved, finds it saved */
    }
    printf("%s%s: %lu runs, %lu kept the old token, %lu said why\n", name,
           first ? ", the first save" : "", runs - before, old_ones - old,
           told - failures);
}

/* ---- the disk, the rights */

/* The file may have so many bytes, as on a disk that is full. */
static void full_disk(void)
{
    unsigned long k, before = runs;
    what = "a full disk";
    for (k = 0; k < 6000; k += k < 60 ? 1 : 97) {
        int status = 0;
        pid_t pid;
        at = k;
        prepare(0);
        pid = fork();
        if (!pid) {
            const struct rlimit limit = {k, k};
            signal(SIGXFSZ, SIG_IGN);
            set(1);
            setrlimit(RLIMIT_FSIZE, &limit);
            _exit(li_platform_save(&here, &token) ? here.why ? 20 : 30 : 0);
        }
        CHECK(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status));
        status = WEXITSTATUS(status);
        CHECK(status == 0 || status == 20);
        CHECK(status ? access("killed_token.json.new", F_OK) : 1);
        told += status > 0;
        CHECK(judge(0) == !status);
    }
    printf("a full disk: %lu sizes\n", runs - before);
}

/* Nobody's rights: as another user where we are root. */
static void no_right(void)
{
    int status = 0;
    pid_t pid;
    what = "no right to write";
    at = 0;
    prepare(0);
    CHECK(!chmod(".", 0500));
    pid = fork();
    if (!pid) {
        if (!geteuid() && setuid(65534))
            _exit(1);
        set(1);
        if (li_platform_lock(&here, 1) != LI_E_STORE || !here.why)
            _exit(2);
        here.why = NULL;
        _exit(li_platform_save(&here, &token) == LI_E_STORE && here.why ? 20
                                                                        : 3);
    }
    CHECK(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status));
    CHECK(!chmod(".", 0700));
    CHECK(WEXITSTATUS(status) == 20);
    told++;
    CHECK(!judge(0));
    puts("no right to write: it says so, and the old token stays");
}

int main(void)
{
    unsigned first;
    for (first = 0; first < 2; first++) {
        each("killed before", KILL_BEFORE, 0, (int)first);
        each("killed behind", KILL_BEHIND, 0, (int)first);
        each("no space left", FAIL, 28, (int)first);
        each("an input/output error", FAIL, 5, (int)first);
        each("interrupted", FAIL, 4, (int)first);
        each("no right", FAIL, 13, (int)first);
    }
    full_disk();
    no_right();
    printf("%lu runs: %lu kept the old token, %lu have the new one, %lu said "
           "why it was not saved\n", runs, old_ones, new_ones, told);
    return 0;
}
#endif
