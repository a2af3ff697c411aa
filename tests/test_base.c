/* >>base: result codes, views, the bounded writer, comparing, wiping. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "test.h"

/* ---- li_strerror */

static const int codes[] = {
    LI_OK, LI_WANT_OPEN, LI_WANT_WRITE, LI_WANT_READ, LI_WANT_SLEEP,
    LI_IO_READ, LI_IO_WRITE, LI_E_ARG, LI_E_SPACE, LI_E_STATE, LI_E_IO,
    LI_E_DNS, LI_E_TLS, LI_E_TIMEOUT, LI_E_CLOSED, LI_E_PROTOCOL,
    LI_E_LIMIT, LI_E_CANCELLED, LI_E_SYNTAX, LI_E_JSON, LI_E_DEPTH,
    LI_E_ENCODING, LI_E_TYPE, LI_E_RANGE, LI_E_MISSING, LI_E_FORGED,
    LI_E_DENIED, LI_E_AUTH, LI_E_FORBIDDEN, LI_E_NOT_FOUND, LI_E_RATE,
    LI_E_VERSION, LI_E_HTTP, LI_E_SERVER, LI_E_STORE, LI_E_DUPLICATE
};

static void every_code_has_its_own_text(void **state)
{
    const char *unknown = li_strerror((li_rc)-99);
    size_t i, j;

    (void)state;
    for (i = 0; i < COUNT(codes); ++i) {
        const char *text = li_strerror((li_rc)codes[i]);

        assert_non_null(text);
        assert_true(*text != 0);
        assert_string_not_equal(text, unknown);
        for (j = 0; j < i; ++j)
            assert_string_not_equal(text, li_strerror((li_rc)codes[j]));
    }
}

static void any_other_code_has_a_text(void **state)
{
    int rc, i, known;

    (void)state;
    for (rc = -128; rc < 128; ++rc) {
        for (known = i = 0; i < (int)COUNT(codes); ++i)
            known |= codes[i] == rc;
        if (!known)
            assert_string_equal(li_strerror((li_rc)rc),
                                li_strerror((li_rc)99));
    }
}

static void the_signs_of_codes_are_kept(void **state)
{
    size_t i;

    (void)state;
    assert_int_equal(LI_OK, 0);
    for (i = 1; i < COUNT(codes); ++i)
        assert_true(i < 5 ? codes[i] > 0 : codes[i] < 0);
}

/* The one symbol that a second implementation in a program would double. */
static void there_is_one_implementation(void **state)
{
    (void)state;
    li_LINKEDIN_IMPLEMENTATION_in_two_files();
}

/* ---- views */

static void views(void **state)
{
    li_str s = LI_STR("ab");

    (void)state;
    assert_int_equal(s.len, 2);
    assert_memory_equal(s.ptr, "ab", 2);
    s = LI_STR("");
    assert_int_equal(s.len, 0);
    assert_non_null(s.ptr);
    s = LI_STR("a\0b");
    assert_int_equal(s.len, 3);
    s = li_cstr("abc");
    assert_int_equal(s.len, 3);
    assert_memory_equal(s.ptr, "abc", 3);
    s = li_cstr("");
    assert_int_equal(s.len, 0);
    assert_non_null(s.ptr);
    s = li_cstr(NULL);
    assert_int_equal(s.len, 0);
    assert_null(s.ptr);
}

static void writers_start_empty(void **state)
{
    char mem[5];
    li_buf b = LI_BUF(mem);

    (void)state;
    assert_ptr_equal(b.ptr, mem);
    assert_int_equal(b.cap, 5);
    assert_int_equal(b.len, 0);
    assert_int_equal(b.need, 0);
    assert_int_equal(b.rc, LI_OK);
    assert_int_equal(b.last, 0);
    b = li_buf_of(mem, 3);
    assert_int_equal(b.cap, 3);
}

/* ---- li_put */

static li_rc put_pieces(const void *arg, li_buf *out)
{
    const char *const *piece = (const char *const *)arg;

    for (; *piece; ++piece)
        li_put(out, li_cstr(*piece));
    return out->rc;
}

/* An initialiser, and an expression; the pedantic form of the first. */
static const li_str init_views[] = {LI_STR_INIT("ab"), LI_STR_INIT("")};

static void views_in_initialisers(void **state)
{
    const li_str local = LI_STR("abc"), nothing = LI_STR("");

    (void)state;
    assert_int_equal(init_views[0].len, 2);
    assert_string_equal(init_views[0].ptr, "ab");
    assert_int_equal(init_views[1].len, 0);
    assert_int_equal(local.len, 3);
    assert_int_equal(nothing.len, 0);
    assert_non_null(nothing.ptr);
}

static void clear_empties_a_writer(void **state)
{
    char mem[4] = "xyz";
    li_buf out = LI_BUF(mem);

    (void)state;
    assert_int_equal(out.cap, 4);
    li_put(&out, LI_STR("12345"));
    assert_int_equal(out.rc, LI_E_SPACE);
    li_buf_clear(&out);
    assert_int_equal(out.rc, LI_OK);
    assert_int_equal(out.len, 0);
    assert_int_equal(out.need, 0);
    assert_int_equal(out.last, 0);
    assert_int_equal(out.cap, 4);
    assert_int_equal(li_put(&out, LI_STR("abc")), LI_OK);
    assert_int_equal(li_buf_end(&out), LI_OK);
    assert_string_equal(mem, "abc");
}

static void put_appends_at_every_capacity(void **state)
{
    static const char *const pieces[] = { "one", "", "two", "3", NULL };

    (void)state;
    put_at_every_cap(put_pieces, pieces, LI_STR("onetwo3"));
    put_at_every_cap(put_pieces, pieces + 4, LI_STR(""));
}

static void put_takes_all_or_none(void **state)
{
    char *mem = guard(0, 4);
    li_buf b = li_buf_of(mem, 4);

    (void)state;
    assert_int_equal(li_put(&b, LI_STR("abc")), LI_OK);
    assert_int_equal(b.last, 'c');
    assert_int_equal(li_put(&b, LI_STR("de")), LI_E_SPACE);
    assert_int_equal(b.len, 3);
    assert_int_equal(b.need, 5);
    assert_true(untouched(mem + 3, 1));
}

static void put_fits_exactly(void **state)
{
    char *mem = guard(0, 3);
    li_buf b = li_buf_of(mem, 3);

    (void)state;
    assert_int_equal(li_put(&b, LI_STR("abc")), LI_OK);
    assert_int_equal(li_put(&b, LI_STR("")), LI_OK);
    assert_int_equal(b.rc, LI_OK);
    assert_text(written(&b), LI_STR("abc"));
}

static void a_failure_stays_and_need_goes_on(void **state)
{
    char *mem = guard(0, 2);
    li_buf b = li_buf_of(mem, 2);

    (void)state;
    assert_int_equal(li_put(&b, LI_STR("abc")), LI_E_SPACE);
    assert_int_equal(li_put(&b, LI_STR("d")), LI_E_SPACE);
    assert_int_equal(li_put(&b, LI_STR("")), LI_E_SPACE);
    assert_int_equal(li_put_int(&b, 7), LI_E_SPACE);
    assert_int_equal(b.len, 0);
    assert_int_equal(b.need, 5);
    assert_true(untouched(mem, 2));
}

static void another_failure_stays_too(void **state)
{
    char *mem = guard(0, 2);
    li_buf b = li_buf_of(mem, 2);

    (void)state;
    b.rc = LI_E_ENCODING;
    assert_int_equal(li_put(&b, LI_STR("a")), LI_E_ENCODING);
    assert_int_equal(li_put(&b, LI_STR("abc")), LI_E_ENCODING);
    assert_int_equal(li_put_int(&b, 7), LI_E_ENCODING);
    assert_int_equal(li_buf_end(&b), LI_E_ENCODING);
    assert_int_equal(b.len, 0);
}

static void no_memory_is_only_counted(void **state)
{
    li_buf b = li_buf_of(NULL, 0);

    (void)state;
    assert_int_equal(li_put(&b, li_cstr(NULL)), LI_OK);
    assert_int_equal(li_put(&b, LI_STR("abc")), LI_E_SPACE);
    assert_int_equal(li_put_int(&b, -10), LI_E_SPACE);
    assert_int_equal(b.need, 6);
    assert_int_equal(li_buf_end(&b), LI_E_SPACE);
    assert_int_equal(b.need, 7);
}

static void the_need_does_not_wrap(void **state)
{
    char mem[4];
    li_buf b = LI_BUF(mem);

    (void)state;
    b.need = SIZE_MAX - 2;
    li_put(&b, LI_STR("ab"));
    assert_true(b.need == SIZE_MAX);
    li_put(&b, LI_STR("a"));
    assert_true(b.need == SIZE_MAX);
    b.need = SIZE_MAX - 1;
    li_put(&b, LI_STR("abc"));
    assert_true(b.need == SIZE_MAX);
    li_buf_end(&b);
    assert_true(b.need == SIZE_MAX);
}

/* ---- li_put_int */

static const struct int_row {
    int line;
    const char *what;
    int64_t value;
    const char *text;
} int_rows[] = {
    { __LINE__, "nought", 0, "0" },
    { __LINE__, "one", 1, "1" },
    { __LINE__, "minus one", -1, "-1" },
    { __LINE__, "nine", 9, "9" },
    { __LINE__, "ten", 10, "10" },
    { __LINE__, "minus ten", -10, "-10" },
    { __LINE__, "noughts inside", 1002003, "1002003" },
    { __LINE__, "all digits", 1234567890, "1234567890" },
    { __LINE__, "more of them", -9876543210, "-9876543210" },
    { __LINE__, "2^31 - 1", 2147483647, "2147483647" },
    { __LINE__, "-2^31", -2147483648LL, "-2147483648" },
    { __LINE__, "2^32", 4294967296LL, "4294967296" },
    { __LINE__, "10^18", 1000000000000000000LL, "1000000000000000000" },
    { __LINE__, "one less", 999999999999999999LL, "999999999999999999" },
    { __LINE__, "most", INT64_MAX, "9223372036854775807" },
    { __LINE__, "one more than least", INT64_MIN + 1,
      "-9223372036854775807" },
    { __LINE__, "least", INT64_MIN, "-9223372036854775808" },
};

static li_rc put_an_int(const void *arg, li_buf *out)
{
    return li_put_int(out, *(const int64_t *)arg);
}

static void put_int(void **state)
{
    const struct int_row *r = (const struct int_row *)*state;

    put_at_every_cap(put_an_int, &r->value, li_cstr(r->text));
}

/* ---- li_buf_end */

static void end_at_capacity(size_t cap)
{
    char *mem = guard(0, cap);
    li_buf b = li_buf_of(mem, cap);

    li_put(&b, LI_STR("abc"));
    assert_int_equal(li_buf_end(&b), cap < 4 ? LI_E_SPACE : LI_OK);
    assert_int_equal(b.rc, cap < 4 ? LI_E_SPACE : LI_OK);
    assert_int_equal(b.need, 4);
    if (cap)
        assert_string_equal(mem, cap < 4 ? "" : "abc");
    if (cap >= 4)
        assert_int_equal(b.len, 3);
    if (cap > 4)
        assert_true(untouched(mem + 4, cap - 4));
}

static void end_closes_or_empties_the_text(void **state)
{
    size_t cap;

    (void)state;
    for (cap = 0; cap < 7; ++cap)
        end_at_capacity(cap);
}

static void end_of_nothing_is_an_empty_text(void **state)
{
    char *mem = guard(0, 1);
    li_buf b = li_buf_of(mem, 1);

    (void)state;
    assert_int_equal(li_buf_end(&b), LI_OK);
    assert_int_equal(mem[0], 0);
    assert_int_equal(b.len, 0);
    assert_int_equal(b.need, 1);
}

/* ---- li_equal */

static const struct equal_row {
    int line;
    const char *what, *a, *b;
    int equal;
} equal_rows[] = {
    { __LINE__, "nothing", "", "", 1 },
    { __LINE__, "absent and empty", NULL, "", 1 },
    { __LINE__, "absent and absent", NULL, NULL, 1 },
    { __LINE__, "absent and not", NULL, "a", 0 },
    { __LINE__, "the same", "secret", "secret", 1 },
    { __LINE__, "a beginning", "secret", "secre", 0 },
    { __LINE__, "a longer one", "secret", "secrets", 0 },
    { __LINE__, "case counts", "a", "A", 0 },
    { __LINE__, "highest bit", "\x01", "\x81", 0 },
    { __LINE__, "two that cancel", "ab", "ba", 0 },
};

static void equal(void **state)
{
    const struct equal_row *r = (const struct equal_row *)*state;
    li_str a = guarded(0, li_cstr(r->a)), b = guarded(1, li_cstr(r->b));

    assert_int_equal(li_equal(a, b), r->equal);
    assert_int_equal(li_equal(b, a), r->equal);
}

static void equal_sees_every_bit(void **state)
{
    char a[37], b[37];
    li_str va, vb;
    size_t i;
    unsigned bit;

    (void)state;
    va.ptr = a;
    vb.ptr = b;
    va.len = vb.len = sizeof a;
    memset(a, 0x33, sizeof a);
    memcpy(b, a, sizeof b);
    for (i = 0; i < sizeof a; ++i)
        for (bit = 0; bit < 8; ++bit) {
            b[i] = (char)(a[i] ^ (1 << bit));
            assert_int_equal(li_equal(va, vb), 0);
            b[i] = a[i];
            assert_int_equal(li_equal(va, vb), 1);
        }
}

/* ---- li_wipe */

static void wipe_clears_just_that(void **state)
{
    char mem[40];
    size_t from, len, i;

    (void)state;
    for (from = 0; from < 9; ++from)
        for (len = 0; len < 20; ++len) {
            memset(mem, 0x77, sizeof mem);
            li_wipe(mem + from, len);
            for (i = 0; i < sizeof mem; ++i)
                assert_int_equal(mem[i],
                                 i >= from && i < from + len ? 0 : 0x77);
        }
    li_wipe(NULL, 0);
}

/* ---- names of results */

typedef struct name_row {
    int line;
    const char *what;
    int rc;
    const char *name;
} name_row;

#define NAME(rc) { __LINE__, #rc, rc, #rc }

static const name_row name_rows[] = {
    NAME(LI_OK), NAME(LI_WANT_OPEN), NAME(LI_WANT_WRITE), NAME(LI_WANT_READ),
    NAME(LI_WANT_SLEEP), NAME(LI_IO_READ), NAME(LI_IO_WRITE), NAME(LI_E_ARG),
    NAME(LI_E_SPACE), NAME(LI_E_STATE), NAME(LI_E_IO), NAME(LI_E_DNS),
    NAME(LI_E_TLS), NAME(LI_E_TIMEOUT), NAME(LI_E_CLOSED),
    NAME(LI_E_PROTOCOL), NAME(LI_E_LIMIT), NAME(LI_E_CANCELLED),
    NAME(LI_E_SYNTAX), NAME(LI_E_JSON), NAME(LI_E_DEPTH), NAME(LI_E_ENCODING),
    NAME(LI_E_TYPE), NAME(LI_E_RANGE), NAME(LI_E_MISSING), NAME(LI_E_FORGED),
    NAME(LI_E_DENIED), NAME(LI_E_AUTH), NAME(LI_E_FORBIDDEN),
    NAME(LI_E_NOT_FOUND), NAME(LI_E_RATE), NAME(LI_E_VERSION), NAME(LI_E_HTTP),
    NAME(LI_E_SERVER), NAME(LI_E_STORE), NAME(LI_E_DUPLICATE),
    { __LINE__, "above all", LI_WANT_SLEEP + 1, "?" },
    { __LINE__, "below LI_IO_WRITE", LI_IO_WRITE - 1, "?" },
    { __LINE__, "above LI_E_ARG", LI_E_ARG + 1, "?" },
    { __LINE__, "below all", LI_E_DUPLICATE - 1, "?" },
};

static void name(void **state)
{
    const name_row *row = (const name_row *)*state;

    assert_string_equal(li_rc_name((li_rc)row->rc), row->name);
    if (*row->name == '?')
        assert_string_equal(li_strerror((li_rc)row->rc), "unknown result");
    else
        assert_string_not_equal(li_strerror((li_rc)row->rc), "unknown result");
}

int main(void)
{
    TEST(every_code_has_its_own_text);
    TEST(any_other_code_has_a_text);
    TEST(the_signs_of_codes_are_kept);
    TEST(there_is_one_implementation);
    TEST(views);
    TEST(writers_start_empty);
    TEST(views_in_initialisers);
    TEST(clear_empties_a_writer);
    TEST(put_appends_at_every_capacity);
    TEST(put_takes_all_or_none);
    TEST(put_fits_exactly);
    TEST(a_failure_stays_and_need_goes_on);
    TEST(another_failure_stays_too);
    TEST(no_memory_is_only_counted);
    TEST(the_need_does_not_wrap);
    ROWS(int_rows, put_int);
    TEST(end_closes_or_empties_the_text);
    TEST(end_of_nothing_is_an_empty_text);
    ROWS(equal_rows, equal);
    TEST(equal_sees_every_bit);
    TEST(wipe_clears_just_that);
    ROWS(name_rows, name);
    return RUN("base");
}
