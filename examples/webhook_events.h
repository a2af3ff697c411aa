/* webhook_events.h - what LinkedIn's webhooks tell: a line for each event, and
   which were delivered before. Include behind linkedin.h. */
#ifndef WEBHOOK_EVENTS_H
#define WEBHOOK_EVENTS_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEEN = 4096 }; /* events that are remembered */
static uint64_t seen[SEEN];

static void text_of(li_str json, const char *pointer, char *dst, size_t cap)
{
    li_buf out = li_buf_of(dst, cap);
    li_str raw;
    if (li_json_find(json, pointer, &raw))
        li_put(&out, LI_STR("-"));
    else if (li_json_text(raw, &out) == LI_E_TYPE) {
        out = li_buf_of(dst, cap);
        li_put(&out, raw); /* a number */
    }
    if (li_buf_end(&out))
        snprintf(dst, cap, "(too long)");
    for (; *dst; dst++) /* a terminal would obey what a sender writes */
        if (*dst < ' ' || *dst > '~')
            *dst = '?';
}

/* Which members make up an event's name, for what was delivered before, and
   which are printed. */
static const struct kind {
    const char *type, *name[3], *told[2];
} kinds[] = {
    {"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", {"/notificationId"},
     {"/action", "/generatedActivity"}},
    {"LEAD_ACTION", {"/leadGenFormResponse", "/leadAction", "/occurredAt"},
     {"/leadAction", "/leadGenFormResponse"}},
    {"EXPORT_JOB_APPLICATION", {"/jobApplicationId"},
     {"/externalJobId", "/jobApplicant"}},
    {"JOB_POSTING_STATUS", {"/externalJobPostingId", "/listingStatus",
                            "/linkedInApplyStatus"},
     {"/externalJobPostingId", "/listingStatus"}},
    {"RESYNC_JOBS", {NULL}, {"/externalJobPostingIds", "/syncAllOpenJobs"}},
    {"", {"/id"}, {"/id", "/expiresAt"}}}; /* any other */

/* How an event is told: a line of words, unless the program has its own way. */
#ifndef TELL_EVENT
static void tell_event(const struct kind *kind, const char *type, li_str json,
                       int again)
{
    char told[2][256];
    size_t i;
    if (again) {
        printf("again %s\n", type);
        return;
    }
    for (i = 0; i < 2; i++)
        text_of(json, kind->told[i], told[i], sizeof told[i]);
    printf("event %s %s %s\n", type, told[0], told[1]);
}
#define TELL_EVENT tell_event
#endif

/* What an event is known by: the members that name it, as they stand; its whole
   text where it has none, or lacks one of them, or one is too long. */
static li_str name_of(const struct kind *kind, const char *type, li_str json,
                      char *to, size_t cap)
{
    size_t i, len = (size_t)snprintf(to, cap, "%s", type);
    li_str raw;
    for (i = 0; i < 3 && kind->name[i]; i++) {
        if (li_json_find(json, kind->name[i], &raw) || raw.len > cap - len)
            return json;
        memcpy(to + len, raw.ptr, raw.len);
        len += raw.len;
    }
    return i ? LI_VIEW(to, len) : json;
}

static void one_event(const struct kind *kind, const char *type, li_str json)
{
    char name[1024];
    TELL_EVENT(kind, type, json,
               li_webhook_seen(seen, SEEN, name_of(kind, type, json, name,
                                                   sizeof name)));
}

static void each_notification(const struct kind *kind, const char *type,
                              li_str list)
{
    char pointer[32];
    li_str one;
    unsigned i;
    for (i = 0; i < 100; i++) {
        snprintf(pointer, sizeof pointer, "/notifications/%u", i);
        if (li_json_find(list, pointer, &one))
            return;
        one_event(kind, type, one);
    }
}

/* The status to answer with. */
static int event(li_str json)
{
    const struct kind *kind = kinds;
    char type[128];
    li_str all;
    if (li_json_find(json, "", &all))
        return 400;
    text_of(json, "/type", type, sizeof type);
    while (*kind->type && strcmp(kind->type, type))
        kind++;
    if (kind == kinds)
        each_notification(kind, type, json);
    else
        one_event(kind, type, json);
    if (fflush(stdout) || ferror(stdout)) { /* LinkedIn sends it again */
        fputs("events cannot be written: this one is not taken\n", stderr);
        exit(4);
    }
    return 200;
}

#endif /* WEBHOOK_EVENTS_H */
