/* >>webhook: challenges, signatures, events seen before. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "test.h"

#define UUID "890e4665-4dfe-4ab1-b689-ed553bceeed0"

typedef struct challenge_row {
    int line;
    const char *what, *secret, *query, *answer;
} challenge_row;

static const challenge_row challenge_rows[] = {
    { __LINE__, "the one of the documentation", "secret",
      "challengeCode=" UUID,
      "{\"challengeCode\":\"" UUID "\",\"challengeResponse\":\""
      "9585d359e64d6a2013e0cf377f702b7141313246286c6891f22e3bfcc3938f65\"}" },
    { __LINE__, "with another parameter", "secret",
      "applicationId=1&challengeCode=" UUID "&x",
      "{\"challengeCode\":\"" UUID "\",\"challengeResponse\":\""
      "9585d359e64d6a2013e0cf377f702b7141313246286c6891f22e3bfcc3938f65\"}" },
    { __LINE__, "none", "secret", "", NULL },
    { __LINE__, "another name", "secret", "ChallengeCode=" UUID, NULL },
    { __LINE__, "twice", "secret",
      "challengeCode=" UUID "&challengeCode=" UUID, NULL },
    { __LINE__, "no secret", "", "challengeCode=" UUID, NULL },
    { __LINE__, "NULL for a secret", NULL, "challengeCode=" UUID, NULL },
    { __LINE__, "an event, to be signed", "secret",
      "challengeCode=hmacsha256%3D%7B%22type%22%3A%22LEAD_ACTION%22%7D",
      NULL },
    { __LINE__, "version 1", "secret",
      "challengeCode=890e4665-4dfe-1ab1-b689-ed553bceeed0", NULL },
    { __LINE__, "variant 7", "secret",
      "challengeCode=890e4665-4dfe-4ab1-7689-ed553bceeed0", NULL },
    { __LINE__, "variant c", "secret",
      "challengeCode=890e4665-4dfe-4ab1-c689-ed553bceeed0", NULL },
    { __LINE__, "cut", "secret",
      "challengeCode=890e4665-4dfe-4ab1-b689-ed553bceeed", NULL },
    { __LINE__, "longer", "secret", "challengeCode=" UUID "0", NULL },
    { __LINE__, "without dashes", "secret",
      "challengeCode=890e4665a4dfea4ab1ab689aed553bceeed0", NULL },
    { __LINE__, "bad escape", "secret",
      "challengeCode=%zz0e4665-4dfe-4ab1-b689-ed553bceeed0", NULL },
    { __LINE__, "half an escape in a name", "secret", "%=1", NULL },
    { __LINE__, "half an escape at the end", "secret",
      "challengeCod%", NULL },
};

static void challenge(void **state)
{
    const challenge_row *row = (const challenge_row *)*state;
    char mem[200];
    size_t cap, need = row->answer ? strlen(row->answer) + 1 : 0;
    li_str query = guarded(0, li_cstr(row->query));

    for (cap = 0; cap <= sizeof mem; ++cap) {
        li_buf out = li_buf_of(mem, cap);
        li_rc rc = li_webhook_challenge(row->secret, query, &out);

        if (!row->answer) {
            assert_int_equal(rc, LI_E_ARG);
            assert_int_equal(out.need, 0);
        } else if (cap < need) {
            assert_int_equal(rc, LI_E_SPACE);
            assert_int_equal(out.need, need);
        } else {
            assert_int_equal(rc, LI_OK);
            assert_string_equal(mem, row->answer);
        }
    }
}

#define EVENT "{\"type\":\"LEAD_ACTION\",\"leadAction\":\"CREATED\"}"
#define SIGNED \
    "3e1b2ea1f82b6f7a8cce94a35a91009e5cd692249eb3cf0278641b27329af7ba"

static li_rc verify(const char *secret, const char *before, const char *event,
                    size_t cut, const char *signature)
{
    li_webhook hook;
    li_rc rc = li_webhook_begin(&hook, secret, before);

    if (rc)
        return rc;
    li_webhook_put(&hook, li__str(event, cut));
    li_webhook_put(&hook, li_cstr(event + cut));
    return li_webhook_end(&hook, li_cstr(signature));
}

static void event_signature(void **state)
{
    char wrong[] = SIGNED, upper[] = SIGNED;
    size_t i;

    (void)state;
    for (i = 0; i <= strlen(EVENT); ++i)
        assert_int_equal(verify("secret", NULL, EVENT, i, SIGNED), LI_OK);
    for (i = 0; upper[i]; ++i)
        if (upper[i] >= 'a')
            upper[i] = (char)(upper[i] - 32);
    assert_int_equal(verify("secret", "", EVENT, 0, upper), LI_OK);
    for (i = 0; i < 64; ++i) {
        wrong[i] = wrong[i] == '0' ? '1' : '0';
        assert_int_equal(verify("secret", NULL, EVENT, 9, wrong), LI_E_FORGED);
        wrong[i] = 'g';
        assert_int_equal(verify("secret", NULL, EVENT, 9, wrong), LI_E_FORGED);
        wrong[i] = SIGNED[i];
    }
    assert_int_equal(verify("secret", NULL, EVENT " ", 9, SIGNED), LI_E_FORGED);
    assert_int_equal(verify("secret", NULL, EVENT, 9, ""), LI_E_FORGED);
    assert_int_equal(verify("secret", NULL, EVENT, 9, SIGNED "0"), LI_E_FORGED);
    assert_int_equal(verify("new", "secret", EVENT, 9, SIGNED), LI_OK);
    assert_int_equal(verify("secret", "old", EVENT, 9, SIGNED), LI_OK);
    assert_int_equal(verify("new", "old", EVENT, 9, SIGNED), LI_E_FORGED);
    assert_int_equal(verify("new", "old", EVENT, 9, NULL), LI_E_FORGED);
    assert_int_equal(verify("", "secret", EVENT, 9, SIGNED), LI_E_ARG);
    assert_int_equal(verify(NULL, "secret", EVENT, 9, SIGNED), LI_E_ARG);
}

static void a_hook_is_wiped_and_spent(void **state)
{
    static const li_webhook empty;
    li_webhook hook;

    (void)state;
    assert_int_equal(li_webhook_begin(&hook, "secret", "old"), LI_OK);
    li_webhook_put(&hook, li_cstr(EVENT));
    assert_int_equal(li_webhook_end(&hook, LI_STR(SIGNED)), LI_OK);
    assert_memory_equal(&hook, &empty, sizeof hook);
    assert_int_equal(li_webhook_end(&hook, LI_STR(SIGNED)), LI_E_FORGED);
}

static void every_variant(void **state)
{
    char query[] = "challengeCode=890e4665-4dfe-4ab1-8689-ed553bceeed0";
    static const char variants[] = "0123456789abcdef";
    size_t i;

    (void)state;
    for (i = 0; i < 16; ++i) {
        char mem[200];
        li_buf out = LI_BUF(mem);

        query[33] = variants[i];
        assert_int_equal(li_webhook_challenge("secret", li_cstr(query), &out),
                         i >= 8 && i < 12 ? LI_OK : LI_E_ARG);
    }
}

/* All that it moves lies within the table. */
static void a_table_at_the_end_of_memory(void **state)
{
    static uint64_t zeros[3];
    uint64_t *table = (uint64_t *)(void *)guard(0, sizeof zeros);

    (void)state;
    memcpy(table, zeros, sizeof zeros);
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("a")), 0);
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("b")), 0);
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("c")), 0);
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("a")), 1);
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("ab")), 0);
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("a")), 0);
}

static void events_seen(void **state)
{
    uint64_t table[3] = { 0, 0, 0 };

    (void)state;
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("1")), 0);
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("2")), 0);
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("1")), 1);
    /* what stands behind an id is not of it */
    assert_int_equal(li_webhook_seen(table, 3, li__str("12", 1)), 1);
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("3")), 0);
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("")), 0); /* "1" goes */
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("2")), 1);
    assert_int_equal(li_webhook_seen(table, 3, LI_STR("1")), 0);
    assert_int_equal(li_webhook_seen(table, 0, LI_STR("1")), 0);
}

/* The print of this id (FNV-1a) is 0, which is an empty place in the table. */
static void an_id_whose_print_is_0_is_seen(void **state)
{
    uint64_t table[2] = { 0, 0 };

    (void)state;
    assert_int_equal(li_webhook_seen(table, 2, LI_STR("!0IC=VloaY")), 0);
    assert_int_equal(li_webhook_seen(table, 2, LI_STR("!0IC=VloaY")), 1);
}

int main(void)
{
    ROWS(challenge_rows, challenge);
    TEST(event_signature);
    TEST(a_hook_is_wiped_and_spent);
    TEST(events_seen);
    TEST(an_id_whose_print_is_0_is_seen);
    TEST(every_variant);
    TEST(a_table_at_the_end_of_memory);
    return RUN("webhook");
}
