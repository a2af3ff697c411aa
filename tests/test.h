/* What the section tests share: memory that ends at a closed page, outputs
   tried at every capacity, and a cmocka test for each row of a table.
   Include after linkedin.h. */
#ifndef TEST_H
#define TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#define SIGALRM SIGABRT /* a test that hangs there is ended by who runs it */
#define alarm(seconds) ((void)(seconds))
#else
#ifndef __wasi__ /* which has no pages to protect */
#include <sys/mman.h>
#endif
#include <unistd.h>
#endif

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A li_str in a row, NUL bytes and all: LI_STR is no constant. */
#define S(literal) { "" literal, sizeof(literal) - 1 }

#define X63 "012345678901234567890123456789012345678901234567890123456789012"
#define NOON 1793793600 /* Wed, 04 Nov 2026 12:00:00 GMT */
/* How often what takes long is done. tests/mutation runs each test file many
   hundred times, and builds with LI_FEW: there a part of it must do. */
#ifdef LI_FEW
#define OFTEN(all, few) (few)
#else
#define OFTEN(all, few) (all)
#endif

#define MARK "sEcReT" /* what must not be told, and is looked for */

/* ---- rows: every row of a table is a test of its own, "file:line what" */

/* The first two members of every row. */
struct row {
    int line;
    const char *what;
};

static struct CMUnitTest test_list[2048];
static size_t test_count;

static inline void test_add(const char *name, CMUnitTestFunction run,
                            const void *state)
{
    struct CMUnitTest *t = &test_list[test_count++];

    if (test_count == COUNT(test_list))
        abort();
    t->name = name;
    t->test_func = run;
    t->initial_state = (void *)(uintptr_t)state;
}

static inline void test_add_rows(const char *file, const void *rows,
                                 size_t count, size_t size,
                                 CMUnitTestFunction run)
{
    static char names[2048][96];
    size_t i;

    for (i = 0; i < count; ++i) {
        const char *at = (const char *)rows + i * size;
        struct row head;

        memcpy(&head, at, sizeof head);
        snprintf(names[test_count], sizeof names[0], "%s:%d %s", file,
                 head.line, head.what);
        test_add(names[test_count], run, at);
    }
}

#define TEST(run) test_add(#run, run, NULL)
#define ROWS(rows, run) \
    test_add_rows(__FILE__, rows, COUNT(rows), sizeof(rows)[0], run)
#define RUN(section) \
    _cmocka_run_group_tests(section, test_list, test_count, NULL, NULL)

/* ---- guarded memory */

enum { GUARD_SLOTS = 4, GUARD_SIZE = 1 << 17 };

/* Memory of GUARD_SIZE bytes before a page that must not be touched. */
static inline char *guard_made(void)
{
#ifdef _WIN32
    enum { PAGE = 65536 };
    DWORD before;
    char *p = (char *)VirtualAlloc(NULL, GUARD_SIZE + PAGE,
                                   MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    if (!p || !VirtualProtect(p + GUARD_SIZE, PAGE, PAGE_NOACCESS, &before))
        abort();
    return p;
#elif defined __wasi__
    char *p = (char *)malloc(GUARD_SIZE);

    if (!p)
        abort();
    return p;
#else
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    void *map = mmap(NULL, GUARD_SIZE + page, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (map == MAP_FAILED || mprotect((char *)map + GUARD_SIZE, page,
                                      PROT_NONE))
        abort();
    return (char *)map;
#endif
}

/** len bytes whose end is the last byte before a page that must not be
    touched. What the slot held before is overwritten. */
static inline char *guard(int slot, size_t len)
{
    static char *base[GUARD_SLOTS];
    char *p = base[slot];

    if (!p)
        p = base[slot] = guard_made();
    if (len > GUARD_SIZE - 64)
        abort();
    memset(p + GUARD_SIZE - len - 64, 0xA5, len + 64);
    return p + GUARD_SIZE - len;
}

/** A guarded copy. */
static inline li_str guarded(int slot, li_str text)
{
    li_str copy;

    copy.len = text.len;
    copy.ptr = guard(slot, text.len);
    if (text.len)
        memcpy(guard(slot, text.len), text.ptr, text.len);
    return copy;
}

static inline int untouched(const char *p, size_t len)
{
    while (len)
        if (p[--len] != (char)0xA5)
            return 0;
    return 1;
}

/* ---- comparing */

static inline int same(li_str a, li_str b)
{
    return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}

static inline li_str written(const li_buf *out)
{
    li_str s;

    s.ptr = out->ptr;
    s.len = out->len;
    return s;
}

/* ---- JSON written piece by piece */

/* Whole JSON, or a piece of it that has no place of a template. */
static inline li_rc put_json(li_buf *out, li_str raw)
{
    static char piece[4096];
    li_value value;
    li_str whole;

    value.text = raw;
    value.number = 0;
    if (raw.len >= sizeof piece || !li_json_find(raw, "", &whole))
        return li_json_fill(out, "*", &value, 1);
    memcpy(piece, raw.ptr, raw.len);
    piece[raw.len] = 0;
    return li_json_fill(out, piece, NULL, 0);
}

static inline li_rc put_json_text(li_buf *out, li_str text)
{
    li_value value;

    value.text = text;
    value.number = 0;
    return li_json_fill(out, "?", &value, 1);
}

static inline li_rc put_json_key(li_buf *out, li_str name)
{
    li_value value;

    value.text = name;
    value.number = 0;
    return li_json_fill(out, "?:", &value, 1);
}

#define assert_text(got, want) assert_text_at(got, want, __LINE__)

static inline void assert_text_at(li_str got, li_str want, int line)
{
    if (same(got, want))
        return;
    print_error("line %d: got \"%.*s\" (%u), wanted \"%.*s\" (%u)\n", line,
                (int)got.len, got.ptr ? got.ptr : "", (unsigned)got.len,
                (int)want.len, want.ptr ? want.ptr : "",
                (unsigned)want.len);
    fail();
}

/* What is absent is NULL; what is there ends in NUL, which is not counted. */
static inline void same_text(li_str got, const char *want)
{
    if (!want)
        assert_null(got.ptr);
    assert_text(got, li_cstr(want));
    if (want)
        assert_int_equal(got.ptr[got.len], 0);
}

/* What such a text takes of a buffer. */
static inline size_t text_need(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

/* The text stands somewhere in these bytes. */
static inline int holds(const char *p, size_t len, const char *text)
{
    size_t n = strlen(text);

    for (; len >= n; ++p, --len)
        if (!memcmp(p, text, n))
            return 1;
    return 0;
}

/* ---- outputs at every capacity */

typedef li_rc put_fn(const void *arg, li_buf *out);

/** Runs put at one capacity, with a closed page behind it and marked bytes
    before it. */
static inline void put_at_cap(put_fn *put, const void *arg, li_str want,
                              size_t cap)
{
    char *mem = guard(GUARD_SLOTS - 1, cap);
    li_buf out = li_buf_of(mem, cap);
    li_rc rc = put(arg, &out);

    assert_true(untouched(mem - 64, 64));
    assert_int_equal(out.rc, rc);
    assert_true(out.len <= cap);
    assert_int_equal(out.need, want.len);
    assert_int_equal(rc, cap < want.len ? LI_E_SPACE : LI_OK);
    if (rc)
        return;
    assert_text(written(&out), want);
    assert_true(untouched(mem + out.len, cap - out.len));
}

/** At every capacity from 0 to two more than is needed. */
static inline void put_at_every_cap(put_fn *put, const void *arg, li_str want)
{
    size_t cap;

    for (cap = 0; cap <= want.len + 2; ++cap)
        put_at_cap(put, arg, want, cap);
}

/* The same for a text that ends in NUL, and that is empty where it does not
   fit. want is the text without its NUL. */
static inline void ends_at_every_cap(put_fn *put, const void *arg,
                                     const char *want)
{
    size_t cap, need = strlen(want) + 1;

    for (cap = 0; cap <= need + 2; ++cap) {
        char *mem = guard(2, cap);
        li_buf out = li_buf_of(mem, cap);
        li_rc rc = put(arg, &out);

        assert_true(untouched(mem - 64, 64));
        assert_int_equal(rc, cap < need ? LI_E_SPACE : LI_OK);
        assert_int_equal(out.need, need);
        if (cap)
            assert_string_equal(mem, rc ? "" : want);
        if (!rc)
            assert_true(untouched(mem + need, cap - need));
    }
}

/* ---- pseudo-random bytes, the same on every machine */

static inline uint32_t test_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static inline void test_random_fill(uint32_t *state, char *dst, size_t len)
{
    size_t i;

    for (i = 0; i < len; ++i)
        dst[i] = (char)(test_random(state) & 255);
}

#endif /* TEST_H */
