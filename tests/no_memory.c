/* Memory that runs out at the k-th allocation, for k = 1, 2 and so on, once or
   for good, under libcurl and under mbedTLS: a call works or says why not,
   nothing is left behind, and when there is memory again the same objects work
   again.

   usage: no_memory BASE_URL CA_FILE, against a mock with the-token. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_curl.h"
#include "adapters/linkedin_mbedtls.h"
#include "tests/process.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- allocations, which the program's own malloc and so on take over from
   every library; curl's own come by curl_global_init_mem() */

void *__libc_malloc(size_t len);
void *__libc_calloc(size_t n, size_t len);
void *__libc_realloc(void *old, size_t len);
void __libc_free(void *old);

static struct {
    unsigned long at, n; /* at: the one that fails, from 1; 0: none         */
    int for_good, all;   /* all: whoever asks; else libcurl itself          */
} plan;

static int strikes(int own)
{
    if (!plan.at || own == plan.all)
        return 0;
    plan.n++;
    return plan.n == plan.at || (plan.n > plan.at && plan.for_good);
}

static long live; /* allocations that nobody has freed */

static void *counted(void *new)
{
    if (new)
        __atomic_fetch_add(&live, 1, __ATOMIC_RELAXED);
    return new;
}

void *malloc(size_t len)
{
    return strikes(0) ? NULL : counted(__libc_malloc(len));
}

void *calloc(size_t n, size_t len)
{
    return strikes(0) ? NULL : counted(__libc_calloc(n, len));
}

void *realloc(void *old, size_t len)
{
    if (strikes(0))
        return NULL;
    return old ? __libc_realloc(old, len) : counted(__libc_realloc(old, len));
}

void free(void *old)
{
    if (old)
        __atomic_fetch_sub(&live, 1, __ATOMIC_RELAXED);
    __libc_free(old);
}

static void *own_malloc(size_t len)
{
    return strikes(1) ? NULL : malloc(len);
}

static void *own_calloc(size_t n, size_t len)
{
    return strikes(1) ? NULL : calloc(n, len);
}

static void *own_realloc(void *old, size_t len)
{
    return strikes(1) ? NULL : realloc(old, len);
}

static char *own_strdup(const char *text)
{
    char *copy = (char *)own_malloc(strlen(text) + 1);
    return copy ? strcpy(copy, text) : NULL;
}

/* ---- what is tried */

static const char *base, *ca;
static unsigned long runs, good, failed_calls;
static const char *what = "";

#define CHECK(good) ((good) ? (void)0 : failed(#good, __LINE__))

static void failed(const char *check, int line)
{
    unsigned long at = plan.at;
    plan.at = 0;
    printf("FAILED: no_memory.c:%d: %s\n%s, at %lu, %s\n", line, check, what,
           at, plan.for_good ? "for good" : "once");
    exit(1);
}

/* A GET; `must`: there is memory, it has to work. */
static void get(li_transport *via, int must)
{
    static char buf[8192], text[1024];
    static const li_policy policy = {.total_ms = 1000};
    li_client me = {.access_token = "the-token", .api_base = base,
                    .policy = &policy};
    li_req req = {.path = "/v2/userinfo"};
    li_call call;
    li_buf out = LI_BUF(text);
    li_rc rc = li_do(&call, &me, &req, buf, sizeof buf, via);
    CHECK(rc == LI_OK || (plan.at && rc < 0) || !must);
    CHECK(rc || call.body.len > 20);
    CHECK(rc || !memcmp(call.body.ptr, "{", 1));
    if (rc == LI_OK) {
        good++;
        return;
    }
    failed_calls++;
    CHECK(rc == LI_E_SPACE || rc == LI_E_TLS || rc == LI_E_IO ||
          rc == LI_E_DNS || rc == LI_E_CLOSED || rc == LI_E_TIMEOUT);
    CHECK(call.wrong && *call.wrong); /* in words, too */
    CHECK(!li_explain(&call, rc, &out) && *text);
}

/* All of a program's life, with memory behind it once more. */
static void with_curl(void)
{
    static li_curl curl;
    li_transport via;
    memset(&curl, 0, sizeof curl);
    curl.ca_file = ca;
    via = li_curl_transport(&curl);
    get(&via, 1);
    get(&via, 1);
    plan.at = 0;
    get(&via, 1);
    li_hangup(&via);
    li_curl_free(&curl);
}

static void with_mbedtls(void)
{
    static li_mbedtls tls;
    li_transport via;
    if (li_mbedtls_init(&tls, ca)) {
        CHECK(plan.at && *tls.why);
        failed_calls++;
    } else {
        via = li_mbedtls_transport(&tls);
        get(&via, 1);
        get(&via, 1);
        plan.at = 0;
        get(&via, 1);
        li_hangup(&via);
    }
    plan.at = 0;
    li_mbedtls_free(&tls);
}

enum { FELL = 77 };

/* libcurl 7.88.1 itself divides by zero where some allocations fail. */
static void fell(int signal, siginfo_t *info, void *context)
{
    Dl_info at;
    (void)signal, (void)context;
    memset(&at, 0, sizeof at);
    plan.at = 0;
    _exit(dladdr(info->si_addr, &at) && strstr(at.dli_fname, "/libcurl.so")
              ? FELL : 1);
}

/* In a process of its own, as libcurl may fall. What is kept for ever after a
   failure is kept once: a second run tells that from a leak. */
static unsigned long in_child(void (*run)(void), unsigned long k)
{
    unsigned fds = descriptors(), i;
    unsigned long n = 0;
    long used = -1;
    for (i = 0; i < 2 && live > used; i++) {
        used = live;
        plan.at = k;
        plan.n = 0;
        run();
        n = plan.n;
        plan.at = 0;
        CHECK(descriptors() == fds);
    }
    if (live > used) {
        printf("%ld allocations more\n", live - used);
        plan.at = k;
        failed("memory is left behind", __LINE__);
    }
    return n;
}

static struct told {
    unsigned long n, good, failed_calls;
} *told; /* by the child */

/* Each allocation in turn, at first; then ever fewer, in proportion, so that a
   handshake's many thousands do not take an hour. */
static void each(const char *name, void (*run)(void), int all, int for_good)
{
    unsigned long k, before = runs, bad = failed_calls;
    unsigned own = 0;
    what = name;
    plan.all = all;
    plan.for_good = for_good;
    plan.at = 0;
    run(); /* what a library keeps for ever, it has by now */
    told->n = 1;
    for (k = 1; k <= told->n + 1 + k / 10; k += k < 100 ? 1 : k / 10) {
        int status = 0;
        pid_t pid = fork();
        if (!pid) {
            told->n = in_child(run, k);
            told->good = good;
            told->failed_calls = failed_calls;
            _exit(0);
        }
        CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
        if (WIFEXITED(status) && WEXITSTATUS(status) == FELL) {
            own++;
            told->n = k;
        } else if (status) {
            printf("status %d: %s, at %lu\n", status, name, k);
            exit(1);
        }
        good = told->good;
        failed_calls = told->failed_calls;
        runs++;
    }
    printf("%s, %s: %lu runs of up to %lu allocations, %lu failures told, %u "
           "times libcurl itself fell\n", name, for_good ? "for good" : "once",
           runs - before, told->n, failed_calls - bad, own);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    struct sigaction act;
    int i;
    if (argc != 3)
        return puts("usage: no_memory BASE_URL CA_FILE"), 2;
    base = argv[1];
    ca = argv[2];
    signal(SIGPIPE, SIG_IGN);
    memset(&act, 0, sizeof act);
    act.sa_sigaction = fell;
    act.sa_flags = SA_SIGINFO;
    sigaction(SIGFPE, &act, NULL);
    told = (struct told *)mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(told != MAP_FAILED);
    if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, own_malloc, free, own_realloc,
                             own_strdup, own_calloc))
        return puts("no libcurl"), 1;
    for (i = 0; i < 2; i++) {
        each("libcurl's own", with_curl, 0, i);
        each("mbedTLS", with_mbedtls, 1, i);
    }
    printf("%lu runs: %lu calls worked, %lu said why not\n", runs, good,
           failed_calls);
    curl_global_cleanup();
    return 0;
}
