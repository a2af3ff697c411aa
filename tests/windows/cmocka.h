/* A stand-in for the part of cmocka that the header's own tests use, for
   systems for which there is no cmocka (Debian has none for mingw-w64). It
   prints in cmocka's form what tests/stages/common.sh counts. A failed
   assertion ends its test, as cmocka's does; with LI_FEW it ends them all, for
   tests/mutation asks only whether there is one. */
#ifndef CMOCKA_STAND_IN_H
#define CMOCKA_STAND_IN_H

typedef void (*CMUnitTestFunction)(void **state);
struct CMUnitTest {
    const char *name;
    CMUnitTestFunction test_func;
    void *initial_state;
};

static jmp_buf cm_end;

static inline void cm_fail(const char *file, int line, const char *what)
{
    printf("%s:%d: %s\n", file, line, what);
#ifdef LI_FEW
    exit(1);
#endif
    longjmp(cm_end, 1);
}

#define cm_check(holds, what) \
    ((holds) ? (void)0 : cm_fail(__FILE__, __LINE__, what))
#define assert_true(x) cm_check((x) != 0, #x)
#define assert_false(x) cm_check(!(x), "not " #x)
#define assert_null(x) cm_check((const void *)(x) == NULL, #x " is NULL")
#define assert_non_null(x) cm_check((const void *)(x) != NULL, #x " is not NULL")
#define assert_int_equal(a, b) \
    cm_check((unsigned long long)(a) == (unsigned long long)(b), #a " == " #b)
#define assert_int_not_equal(a, b) \
    cm_check((unsigned long long)(a) != (unsigned long long)(b), #a " != " #b)
#define assert_ptr_equal(a, b) cm_check((a) == (b), #a " == " #b)
#define assert_string_equal(a, b) cm_check(!strcmp(a, b), #a " is " #b)
#define assert_string_not_equal(a, b) cm_check(strcmp(a, b) != 0, #a " is not " #b)
#define assert_memory_equal(a, b, n) cm_check(!memcmp(a, b, n), #a " is " #b)
#define assert_memory_not_equal(a, b, n) \
    cm_check(memcmp(a, b, n) != 0, #a " is not " #b)
#define print_message printf
#define print_error printf
#define fail() cm_check(0, "fail")
#define fail_msg(...) (printf(__VA_ARGS__), cm_check(0, ""))

static inline int _cmocka_run_group_tests(const char *group,
                                          const struct CMUnitTest *tests,
                                          size_t count, const void *setup,
                                          const void *teardown)
{
    static size_t i, failed; /* static: longjmp leaves them as they are */
    (void)group, (void)setup, (void)teardown;
    for (i = failed = 0; i < count; i++) {
        void *state = tests[i].initial_state;
        if (!setjmp(cm_end))
            tests[i].test_func(&state);
        else
            printf("[  FAILED  ] %s\n", tests[i].name), failed++;
    }
    printf("[  PASSED  ] %u test(s).\n", (unsigned)(count - failed));
    if (failed)
        printf("[  FAILED  ] %u test(s), listed above\n", (unsigned)failed);
    fflush(stdout);
    return (int)failed;
}
#endif
