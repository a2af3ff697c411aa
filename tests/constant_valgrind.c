/* How often a branch or an address depends on a secret: valgrind takes the
   secret's bytes for undefined and reports each jump that they decide and each
   place in memory that they choose. A comparison may tell its result, which is
   one branch; one that leaves early and a look-up by a secret must be reported
   again and again. tests/constant_time.c compares traces instead.

   usage: valgrind -q constant_valgrind; it exits 1 if there are too many
   reports, or too few for the two that leak. */
#define LINKEDIN_IMPLEMENTATION

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <valgrind/memcheck.h>

/* A secret's length is no secret, but strlen() looks for it in the bytes. */
static const char *hidden[3];
static size_t hidden_len[3];

static size_t length(const char *text)
{
    unsigned i;
    for (i = 0; i < 3; i++)
        if (text == hidden[i])
            return hidden_len[i];
    return strlen(text);
}

#define LI_MEMCPY memcpy
#define LI_MEMMOVE memmove
#define LI_MEMSET memset
#define LI_MEMCHR memchr
#define LI_STRLEN length
#include "linkedin.h"

#include "signed_body.h"

static char keys[2][32] = {SECRET, "an-older-secret"};

/* The first byte is looked at, to see whether there is any. */
static void hide(unsigned i, char *text, size_t len)
{
    hidden[i] = text;
    hidden_len[i] = len;
    (void)VALGRIND_MAKE_MEM_UNDEFINED(text + 1, len - 1);
}

static void show(unsigned i)
{
    (void)VALGRIND_MAKE_MEM_DEFINED(hidden[i], hidden_len[i]);
    hidden[i] = NULL;
}

static void tell(int rc)
{
    (void)VALGRIND_MAKE_MEM_DEFINED(&rc, sizeof rc);
    result = rc;
}

/* The key, and so all that is reckoned with it, is hidden. */
static void webhook(void)
{
    li_webhook hook;
    hide(0, keys[0], strlen(SECRET));
    hide(1, keys[1], strlen("an-older-secret"));
    li_webhook_begin(&hook, keys[0], keys[1]);
    li_webhook_put(&hook, li_cstr(BODY));
    tell(li_webhook_end(&hook, li__str(guess, 64)));
    show(0);
    show(1);
}

static void equal(void)
{
    hide(0, right, 64);
    tell(li_equal(li__str(guess, 64), li__str(right, 64)));
    show(0);
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
    hide(0, flow.state, 64);
    tell(li_oauth_redirect(&flow, li_cstr(url), &out, NULL));
    show(0);
}

static void leaves_early(void)
{
    size_t i = 0;
    hide(0, right, 64);
    while (i < 64 && guess[i] == right[i])
        i++;
    tell(i == 64);
    show(0);
}

static void looks_up(void)
{
    static const volatile unsigned char table[256] = {1, 2, 3};
    unsigned sum = 0, i;
    hide(0, right, 64);
    for (i = 0; i < 64; i++)
        sum += table[(unsigned char)right[i]];
    tell((int)sum);
    show(0);
}

/* `most`: reports of the results alone: each comparison's, and what the caller
   makes of it. */
static const struct {
    const char *name;
    void (*run)(void);
    unsigned most;
    int leaks;
} subjects[] = {{"a webhook's signature", webhook, 2, 0},
                {"li_equal", equal, 1, 0},
                {"the state of a redirect", state, 1, 0},
                {"a loop that leaves early", leaves_early, 8, 1},
                {"a table", looks_up, 8, 1}};
enum { SUBJECTS = sizeof subjects / sizeof subjects[0] };

int main(void)
{
    int bad = 0;
    unsigned i, before, n, wrong;
    if (!RUNNING_ON_VALGRIND)
        return puts("usage: valgrind -q constant_valgrind"), 2;
    find_right();
    for (i = 0; i < SUBJECTS; i++)
        for (wrong = 0; wrong < 2; wrong++) {
            memcpy(guess, right, 65);
            if (wrong)
                guess[63] = guess[63] == '0' ? '1' : '0';
            before = VALGRIND_COUNT_ERRORS;
            subjects[i].run();
            n = VALGRIND_COUNT_ERRORS - before;
            if ((n > subjects[i].most) != subjects[i].leaks)
                bad = 1;
            printf("%s %s, %s guess: %u reports\n",
                   (n > subjects[i].most) == subjects[i].leaks ? "ok"
                                                               : "FAILED",
                   subjects[i].name, wrong ? "a wrong" : "a right", n);
        }
    return bad;
}
