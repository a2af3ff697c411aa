/* finders.h - which entities a finder gives: those that agree with each of its
   parameters that they have a member for. */
#ifndef MOCK_FINDERS_H
#define MOCK_FINDERS_H

#include "entities.h"

/* Parameters that say how to list, not what. */
static int is_about_listing(li_str key)
{
    static const char *const names[] = {
        "q", "start", "count", "pageSize", "pageToken", "sort", "sortBy",
        "sortOrder", "viewContext"};
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++)
        if (li_json_is(key, li_cstr(names[i])))
            return 1;
    return 0;
}

/* Text of a query and a value of an entity, which may be a number; where that
   is an id, the query may have the URN. */
static int scalar_agrees(li_str want, li_str has)
{
    char text[512];
    li_buf out = LI_BUF(text);
    li_str type, id = LI_STR("");

    if (*want.ptr != '"' || li_json_text(want, &out))
        return li_equal(want, has);
    if (*has.ptr == '"')
        return li_json_is(has, written(&out));
    return li_equal(has, written(&out)) ||
           (!li_urn_split(written(&out), NULL, &type, &id) &&
            li_equal(has, id));
}

static int agrees(li_str want, li_str has);

/* One of the list's elements agrees; by_list: the list is what is wanted. */
static int one_agrees(li_str list, li_str other, int by_list)
{
    li_str one;
    li_json json;

    li_json_open(&json, list, 1);
    while (next_of(&json, &one))
        if (by_list ? agrees(one, other) : agrees(other, one))
            return 1;
    return 0;
}

/* All that is wanted of an object; of a plain value what is wrapped, as in
   (leadType:SPONSORED) and (values:List(ACTIVE)). */
static int object_agrees(li_str want, li_str has)
{
    li_str key, value, inner;
    li_json json;

    li_json_open(&json, want, 1);
    while (next_member(&json, &key, &value)) {
        inner = is_object(has) ? member_of(has, key) : has;
        if (!inner.ptr || !agrees(value, inner))
            return 0;
    }
    return 1;
}

/* Calls itself for what lies within, which is LI_JSON_DEPTH deep at most. */
static int agrees(li_str want, li_str has)
{
    if (*want.ptr == '[')
        return one_agrees(want, has, 1);
    if (*has.ptr == '[')
        return one_agrees(has, want, 0);
    return is_object(want) ? object_agrees(want, has)
                           : scalar_agrees(want, has);
}

/* The member that a parameter is about: campaigns is about campaign, and
   intendedStatuses about intendedStatus. */
static li_str member_about(li_str entity, li_str key)
{
    char name[80];
    li_str has = member_of(entity, key);
    size_t less;

    for (less = 1; less <= 2 && !has.ptr; less++) {
        if (key.len < 4 + less || key.len > sizeof name ||
            key.ptr[key.len - 2] != 's')
            break;
        memcpy(name, key.ptr, key.len);
        name[key.len - 1 - less] = '"';
        has = member_of(entity, span(name, key.len - less));
    }
    return has;
}

/* The criteria of a search are parameters like those beside it. */
static int is_found(li_str entity, li_str criteria)
{
    li_str key, value, has;
    li_json json;

    li_json_open(&json, criteria, 1);
    while (next_member(&json, &key, &value)) {
        if (is_about_listing(key))
            continue;
        has = member_about(entity, key);
        if (has.ptr ? !agrees(value, has)
                    : li_json_is(key, LI_STR("search")) && is_object(value) &&
                          !is_found(entity, value))
            return 0;
    }
    return 1;
}

#endif /* MOCK_FINDERS_H */
