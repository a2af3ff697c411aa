/* >>profile: who a member is. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "exchange.h"
#include "test.h"

typedef struct profile_row {
    int line;
    const char *what;
    int status;
    li_str json;
    li_rc rc;
    const char *id, *name, *first, *last, *email, *picture;
} profile_row;

#define NOBODY NULL, NULL, NULL, NULL, NULL, NULL

static const profile_row profile_rows[] = {
    { __LINE__, "userinfo", 200, S("{\"sub\":\"782bbtaQ\",\"name\":\"Ann "
      "Example\",\"given_name\":\"Ann\",\"family_name\":\"Example\","
      "\"picture\":\"https:\\/\\/media.test/p\",\"locale\":{\"country\":\"US\","
      "\"language\":\"en\"},\"email\":\"ann@example.com\","
      "\"email_verified\":true}"), LI_OK, "782bbtaQ", "Ann Example", "Ann",
      "Example", "ann@example.com", "https://media.test/p" },
    { __LINE__, "me", 200, S("{\"localizedLastName\":\"Y\",\"id\":\"i\","
      "\"localizedFirstName\":\"X\"}"), LI_OK, "i", "X Y", "X", "Y", NULL,
      NULL },
    { __LINE__, "preferred locale", 200, S("{\"id\":\"i\",\"localizedFirstName"
      "\":\"Bob\",\"firstName\":{\"localized\":{\"de_DE\":\"Robert\",\"en_US\":"
      "\"Bob\"},\"preferredLocale\":{\"country\":\"DE\",\"language\":\"de\"}}}"
      ), LI_OK, "i", "Robert", "Robert", NULL, NULL, NULL },
    { __LINE__, "locale without country", 200, S("{\"id\":\"i\",\"lastName\":"
      "{\"localized\":{\"de\":\"L\"},\"preferredLocale\":{\"language\":\"de\"}"
      "}}"), LI_OK, "i", "L", NULL, "L", NULL, NULL },
    { __LINE__, "locale that is not there", 200, S("{\"id\":\"i\","
      "\"localizedFirstName\":\"Bob\",\"firstName\":{\"localized\":{\"en_US\":"
      "\"Bo\"},\"preferredLocale\":{\"country\":\"FR\",\"language\":\"fr\"}}}"),
      LI_OK, "i", "Bob", "Bob", NULL, NULL, NULL },
    { __LINE__, "no locale", 200, S("{\"id\":\"i\",\"localizedFirstName\":"
      "\"Bob\",\"firstName\":{}}"), LI_OK, "i", "Bob", "Bob", NULL, NULL,
      NULL },
    { __LINE__, "a very long locale", 200, S("{\"id\":\"i\","
      "\"localizedFirstName\":\"Bob\",\"firstName\":{\"localized\":{},"
      "\"preferredLocale\":{\"language\":\"" X63 "\"}}}"), LI_OK, "i", "Bob",
      "Bob", NULL, NULL, NULL },
    { __LINE__, "pictures", 200, S("{\"id\":\"i\",\"profilePicture\":{"
      "\"displayImage\":\"urn:x\",\"displayImage~\":{\"elements\":["
      "{\"identifiers\":[{\"identifier\":\"small\"}]},"
      "{\"identifiers\":[{\"identifier\":\"large\"}]}]}}}"), LI_OK, "i", "",
      NULL, NULL, NULL, "large" },
    { __LINE__, "no pictures", 200, S("{\"id\":\"i\",\"profilePicture\":{"
      "\"displayImage\":\"urn:x\"}}"), LI_OK, "i", "", NULL, NULL, NULL, NULL },
    { __LINE__, "escapes", 200, S("{\"id\":\"i\",\"name\":\"\\u00c9\\\"a\"}"),
      LI_OK, "i", "\xc3\x89\"a", NULL, NULL, NULL, NULL },
    { __LINE__, "no id", 200, S("{\"name\":\"x\"}"), LI_E_MISSING, NOBODY },
    { __LINE__, "empty id", 200, S("{\"id\":\"\"}"), LI_E_MISSING, NOBODY },
    { __LINE__, "id is a number", 200, S("{\"id\":5}"), LI_E_MISSING, NOBODY },
    { __LINE__, "401", 401, S("{\"id\":\"i\"}"), LI_E_AUTH, NOBODY },
    { __LINE__, "500", 500, S("<html>"), LI_E_SERVER, NOBODY },
    { __LINE__, "HTML", 200, S("<html>"), LI_E_JSON, NOBODY },
    { __LINE__, "empty", 200, S(""), LI_E_JSON, NOBODY },
    { __LINE__, "an array", 200, S("[]"), LI_E_TYPE, NOBODY },
};

static void profile_at(const profile_row *row, const li_call *call,
                       size_t cap, size_t need)
{
    char *mem = guard(1, cap);
    li_buf out = li_buf_of(mem, cap);
    li_profile who;
    li_rc want = row->rc ? row->rc : cap < need ? LI_E_SPACE : LI_OK;

    assert_int_equal(li_profile_read(&who, call, &out), want);
    assert_true(untouched(mem - 64, 64));
    if (want)
        return;
    same_text(who.id, row->id);
    same_text(who.name, row->name);
    same_text(who.first_name, row->first);
    same_text(who.last_name, row->last);
    same_text(who.email, row->email);
    same_text(who.picture, row->picture);
}

static void profile(void **state)
{
    const profile_row *row = (const profile_row *)*state;
    size_t cap, need = text_need(row->id) + text_need(row->name) +
                       text_need(row->first) + text_need(row->last) +
                       text_need(row->email) + text_need(row->picture);
    li_call call;

    answered(&call, &member, &get_me, row->status, NULL, row->json);
    if (row->rc) {
        profile_at(row, &call, 100, 0);
        return;
    }
    for (cap = 0; cap <= need + 2; ++cap)
        profile_at(row, &call, cap, need);
}

/* What is told to be enough is enough: a full name out of two counts too. */
static void profile_need(void **state)
{
    const profile_row *row = (const profile_row *)*state;
    li_buf out = li_buf_of(NULL, 0);
    li_profile who;
    li_call call;

    if (row->rc)
        return;
    answered(&call, &member, &get_me, row->status, NULL, row->json);
    assert_int_equal(li_profile_read(&who, &call, &out), LI_E_SPACE);
    out = li_buf_of(guard(1, out.need), out.need);
    assert_int_equal(li_profile_read(&who, &call, &out), LI_OK);
}

int main(void)
{
    ROWS(profile_rows, profile);
    ROWS(profile_rows, profile_need);
    return RUN("profile");
}
