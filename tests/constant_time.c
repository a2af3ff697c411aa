/* Comparing with a secret takes the same way wherever the first wrong byte is:
   each instruction is traced, and the traces must be equal. A comparison that
   leaves early is traced as well, to see that this would be noticed.
   Linux on x86-64. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef __x86_64__
int main(void)
{
    puts("skipped: instructions are traced on x86-64 only");
    return 0;
}
#else
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "signed_body.h"

static void webhook(void)
{
    li_webhook hook;
    li_webhook_begin(&hook, SECRET, "an-older-secret");
    li_webhook_put(&hook, li_cstr(BODY));
    result = li_webhook_end(&hook, li__str(guess, 64));
}

static void equal(void)
{
    result = li_equal(li__str(guess, 64), li__str(right, 64));
}

static void state(void)
{
    li_flow flow;
    char url[128], text[64];
    li_buf out = LI_BUF(text);
    memset(&flow, 0, sizeof flow);
    memcpy(flow.state, right, 64);
    strcpy(flow.redirect_uri, "https://a.example/cb");
    flow.stage = 1;
    strcpy(url, "https://a.example/cb?code=x&state=");
    strcat(url, guess);
    result = li_oauth_redirect(&flow, li_cstr(url), &out, NULL);
}

static void leaves_early(void)
{
    size_t i = 0;
    while (i < 64 && guess[i] == right[i])
        i++;
    result = i == 64;
}

static const struct {
    const char *name;
    void (*run)(void);
    int leaks;
} subjects[] = {{"a webhook's signature", webhook, 0},
                {"li_equal", equal, 0},
                {"the state of a redirect", state, 0},
                {"a loop that leaves early", leaves_early, 1}};
enum { SUBJECTS = sizeof subjects / sizeof subjects[0], PLACES = 12 };
static const unsigned char places[PLACES] = {0, 1, 2, 15, 16, 17,
                                             31, 32, 33, 47, 62, 63};

/* Another digit for a digit, another letter for a letter: the way through the
   guess itself, which is no secret, stays the same. */
static void spoil(unsigned i)
{
    char c = right[i];
    memcpy(guess, right, 65);
    guess[i] = c == '0' || c == 'a' ? (char)(c + 1) : c > '9' ? 'a' : '0';
}

/* Traced: every run stands between two signals. */
static void be_traced(void)
{
    unsigned s, i;
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    raise(SIGSTOP);
    find_right();
    for (s = 0; s < SUBJECTS; s++)
        for (i = 0; i <= PLACES; i++) { /* the first run binds functions */
            spoil(places[i ? i - 1 : 0]);
            raise(SIGUSR1);
            subjects[s].run();
            raise(SIGUSR1);
        }
    _exit(0);
}

static int next_stop(pid_t child, int how)
{
    int status = 0;
    ptrace((enum __ptrace_request)how, child, NULL, NULL);
    if (waitpid(child, &status, 0) < 0 || WIFEXITED(status))
        return 0;
    return WSTOPSIG(status);
}

/* The hash of the instructions of the next run; *count: how many. */
static uint64_t trace(pid_t child, unsigned long *count)
{
    uint64_t hash = 0xcbf29ce484222325u;
    int signal;
    while ((signal = next_stop(child, PTRACE_CONT)) != SIGUSR1)
        if (!signal)
            return 0;
    for (; next_stop(child, PTRACE_SINGLESTEP) != SIGUSR1; ++*count) {
        struct user_regs_struct regs;
        ptrace(PTRACE_GETREGS, child, NULL, &regs);
        hash = (hash ^ regs.rip) * 0x100000001b3u;
    }
    return hash;
}

static int judge(pid_t child, unsigned s)
{
    unsigned long first = 0;
    uint64_t hash, want = 0;
    unsigned i, others = 0;
    for (i = 0; i <= PLACES; i++) {
        unsigned long count = 0;
        hash = trace(child, &count);
        if (i == 1) {
            want = hash;
            first = count;
        }
        others += i > 1 && (hash != want || count != first);
    }
    printf("%s %s: %lu instructions, %u of %u places differ\n",
           (others > 0) == subjects[s].leaks && first > 50 ? "ok" : "FAILED",
           subjects[s].name, first, others, PLACES - 1);
    return (others > 0) != subjects[s].leaks || first <= 50;
}

int main(void)
{
    int failed = 0, status;
    unsigned s;
    pid_t child = fork();
    if (!child)
        be_traced();
    waitpid(child, &status, 0);
    for (s = 0; s < SUBJECTS; s++)
        failed |= judge(child, s);
    kill(child, SIGKILL);
    return failed;
}
#endif
