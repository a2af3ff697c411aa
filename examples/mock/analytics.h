/* analytics.h - ad analytics: q=analytics of adAnalytics
   (marketing/integrations/ads-reporting/ads-reporting). A day's numbers are
   made of the --seed, what they are about and the day, so that the same
   question has the same answer, and a month is the sum of its days. */
#ifndef MOCK_ANALYTICS_H
#define MOCK_ANALYTICS_H

#include "entities.h"

#include <inttypes.h>

enum { MAX_METRICS = 20, MAX_PIVOTS = 64, MAX_DAYS = 3660, REACH_DAYS = 92 };

typedef struct day {
    int year, month, date;
} day;

/* A day has so many more than `least`, in hundredths if it is money; of
   impressions there are always more than of anything that needs one. */
static const struct metric {
    const char *name;
    uint32_t most;
    uint8_t money;
    uint32_t least;
} metrics[] = {
    {"impressions", 5000, 0, 1000}, {"clicks", 200, 0, 0},
    {"landingPageClicks", 100, 0, 0}, {"costInLocalCurrency", 20000, 1, 0},
    {"costInUsd", 20000, 1, 0}, {"externalWebsiteConversions", 20, 0, 0},
    {"externalWebsitePostClickConversions", 10, 0, 0},
    {"externalWebsitePostViewConversions", 10, 0, 0},
    {"conversionValueInLocalCurrency", 9000, 1, 0}, {"oneClickLeads", 9, 0, 0},
    {"oneClickLeadFormOpens", 20, 0, 0}, {"likes", 30, 0, 0},
    {"comments", 9, 0, 0}, {"shares", 9, 0, 0}, {"follows", 9, 0, 0},
    {"reactions", 40, 0, 0}, {"totalEngagements", 300, 0, 0},
    {"companyPageClicks", 30, 0, 0}, {"textUrlClicks", 30, 0, 0},
    {"sends", 50, 0, 0}, {"opens", 40, 0, 0}, {"videoViews", 900, 0, 0},
    {"videoStarts", 990, 0, 0}, {"videoCompletions", 300, 0, 0},
    {"videoFirstQuartileCompletions", 600, 0, 0},
    {"approximateMemberReach", 3000, 0, 0}};
enum { METRICS = sizeof metrics / sizeof *metrics };

/* What a pivot's values are: given by a facet, or in a collection of each
   account; else two that are made up. What a facet names need not exist. */
static const struct pivot {
    const char *name, *urn, *facet, *collection;
} pivots[] = {
    {"COMPANY", "organization", "/companies", NULL},
    {"ACCOUNT", "sponsoredAccount", "/accounts", NULL},
    {"SHARE", "share", "/shares", NULL},
    {"CAMPAIGN", "sponsoredCampaign", "/campaigns", "adCampaigns"},
    {"CREATIVE", "sponsoredCreative", "/creatives", "creatives"},
    {"CAMPAIGN_GROUP", "sponsoredCampaignGroup", "/campaignGroups",
     "adCampaignGroups"},
    {"CONVERSION", "conversion", NULL, NULL},
    {"CONVERSATION_NODE", "sponsoredMessageContent", NULL, NULL},
    {"CONVERSATION_NODE_OPTION_INDEX", "optionIndex", NULL, NULL},
    {"SERVING_LOCATION", "servingLocation", NULL, NULL},
    {"CARD_INDEX", "cardIndex", NULL, NULL},
    {"MEMBER_COMPANY_SIZE", "companySize", NULL, NULL},
    {"MEMBER_INDUSTRY", "industry", NULL, NULL},
    {"MEMBER_SENIORITY", "seniority", NULL, NULL},
    {"MEMBER_JOB_TITLE", "title", NULL, NULL},
    {"MEMBER_JOB_FUNCTION", "function", NULL, NULL},
    {"MEMBER_COUNTRY_V2", "geo", NULL, NULL},
    {"MEMBER_REGION_V2", "geo", NULL, NULL},
    {"MEMBER_COMPANY", "organization", NULL, NULL}};
enum { PIVOTS = sizeof pivots / sizeof *pivots };

enum granularity { DAILY, MONTHLY, YEARLY, ALL, GRANULARITIES };
static const char *const granularities[] = {"DAILY", "MONTHLY", "YEARLY",
                                            "ALL"};

static const char *const facets[] = {
    "/accounts", "/campaignGroups", "/campaigns", "/creatives", "/shares",
    "/companies"};

/* A question taken apart. */
static struct report {
    const struct pivot *pivot;
    enum granularity granularity;
    day first, last;
    const struct metric *metrics[MAX_METRICS];
    size_t metric_count, value_count;
    uint8_t with_range, with_values;
    char values[MAX_PIVOTS][128]; /* URNs, as JSON                          */
} report;

/* ---- days */

static int days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = (year % 4 == 0 && year % 100) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static int day_order(const day *a, const day *b)
{
    return a->year != b->year     ? a->year - b->year
           : a->month != b->month ? a->month - b->month
                                  : a->date - b->date;
}

static day day_after(day d)
{
    if (++d.date > days_of_month(d.year, d.month))
        d.date = 1, d.month++;
    if (d.month > 12)
        d.month = 1, d.year++;
    return d;
}

static day today(void)
{
    time_t now = time(NULL);
    struct tm utc;
    day d = {1970, 1, 1};

    if (gmtime_r(&now, &utc))
        d.year = utc.tm_year + 1900, d.month = utc.tm_mon + 1,
        d.date = utc.tm_mday;
    return d;
}

/* One row's last day: of its day, month or year, or of all. */
static day period_end(const struct report *r, day from)
{
    day end = r->last;

    if (r->granularity == DAILY)
        end = from;
    if (r->granularity == MONTHLY || r->granularity == YEARLY) {
        end = from;
        end.month = r->granularity == YEARLY ? 12 : from.month;
        end.date = days_of_month(end.year, end.month);
    }
    return day_order(&end, &r->last) < 0 ? end : r->last;
}

/* ---- the question */

/* A word, bare or in the older form (value:WORD). */
static li_str asked_word(const store_call *c, const char *pointer)
{
    li_str raw = asked(c, pointer);

    if (is_object(raw))
        raw = member_of(raw, LI_STR("\"value\""));
    return raw.len > 2 && *raw.ptr == '"' ? span(raw.ptr + 1, raw.len - 2)
                                          : LI_STR("");
}

/* 0: there is none. The year is one of which there can be numbers. */
static int asked_day(const store_call *c, const char *range, day *d)
{
    static const char *const names[] = {"year", "month", "day"};
    long parts[3];
    char pointer[48];
    int i;

    for (i = 0; i < 3; i++) {
        li_str raw;

        snprintf(pointer, sizeof pointer, "%s/%s", range, names[i]);
        raw = asked(c, pointer);
        parts[i] = raw.len > 2 ? number(span(raw.ptr + 1, raw.len - 2)) : -1;
    }
    if (parts[0] < 2000 || parts[0] > 2100 || parts[1] < 1 || parts[1] > 12 ||
        parts[2] < 1 ||
        parts[2] > days_of_month((int)parts[0], (int)parts[1]))
        return 0;
    d->year = (int)parts[0];
    d->month = (int)parts[1];
    d->date = (int)parts[2];
    return 1;
}

static int range_wrong(exchange *x, const store_call *c, struct report *r)
{
    r->last = today();
    if (!asked_day(c, "/dateRange/start", &r->first))
        return bad(x, "dateRange.start is no date");
    if (asked(c, "/dateRange/end").ptr &&
        !asked_day(c, "/dateRange/end", &r->last))
        return bad(x, "dateRange.end is no date");
    if (day_order(&r->first, &r->last) > 0)
        return bad(x, "dateRange ends before it starts");
    return 0;
}

/* The list of fields is text with commas, and no part of the query as JSON. */
static li_str asked_fields(const exchange *x, li_buf *out)
{
    li_str query = x->query, name, value;

    while (!li_form_next(&query, &name, &value))
        if (is(name, "fields") && !li_form_decode(value, out))
            return written(out);
    return LI_STR("impressions,clicks");
}

static const struct metric *metric_of(li_str name)
{
    size_t i;
    for (i = 0; i < METRICS; i++)
        if (is(name, metrics[i].name))
            return &metrics[i];
    return NULL;
}

static int fields_wrong(exchange *x, struct report *r)
{
    char text[MAX_QUERY];
    li_buf out = LI_BUF(text);
    li_str rest = asked_fields(x, &out), name;

    while (rest.ptr) {
        const struct metric *m = metric_of(name = cut(&rest, ","));

        if (is(name, "dateRange"))
            r->with_range = 1;
        else if (is(name, "pivotValues"))
            r->with_values = 1;
        else if (!m)
            return bad(x, "fields has a field that is none");
        else if (r->metric_count == MAX_METRICS)
            return bad(x, "fields has more than 20 metrics");
        else
            r->metrics[r->metric_count++] = m;
    }
    return 0;
}

/* Reach cannot be told of a long time. */
static int reach_wrong(exchange *x, const struct report *r)
{
    day d = r->first;
    int days = 1;
    size_t i;

    while (day_order(&d, &r->last) < 0 && days <= MAX_DAYS)
        d = day_after(d), days++;
    if (days > MAX_DAYS)
        return bad(x, "dateRange is longer than 10 years");
    for (i = 0; i < r->metric_count; i++)
        if (days > REACH_DAYS &&
            !strcmp(r->metrics[i]->name, "approximateMemberReach"))
            return bad(x, "approximateMemberReach is for 92 days at most");
    return 0;
}

static int report_wrong(exchange *x, const store_call *c, struct report *r)
{
    li_str pivot = asked_word(c, "/pivot");
    li_str every = asked_word(c, "/timeGranularity");
    size_t i, granularity = 0;
    int status;

    for (i = 0; i < PIVOTS; i++)
        if (is(pivot, pivots[i].name))
            r->pivot = &pivots[i];
    while (granularity < GRANULARITIES &&
           !is(every, granularities[granularity]))
        granularity++;
    r->granularity = (enum granularity)granularity;
    if (!r->pivot)
        return bad(x, "pivot is none of the documented");
    if (granularity == GRANULARITIES)
        return bad(x, "timeGranularity is none of the documented");
    for (i = 0; i < 6 && !asked(c, facets[i]).ptr; i++)
        ;
    if (i == 6)
        return bad(x, "A facet is missing");
    status = range_wrong(x, c, r);
    if (!status)
        status = fields_wrong(x, r);
    return status ? status : reach_wrong(x, r);
}

/* ---- what the rows are about */

static void add_value(struct report *r, li_str raw)
{
    if (r->value_count < MAX_PIVOTS)
        snprintf(r->values[r->value_count++], sizeof r->values[0], "%.*s",
                 (int)(raw.len < 127 ? raw.len : 127), raw.ptr);
}

/* A key is an URN or the number of one. */
static void add_key(struct report *r, const char *key)
{
    char urn[128];
    li_buf out = LI_BUF(urn);

    if (strncmp(key, "\"urn:", 5)) {
        put(&out, "\"urn:li:");
        put(&out, r->pivot->urn);
        put(&out, ":");
        put(&out, key + 1);
    } else {
        put(&out, key);
    }
    if (!out.rc)
        add_value(r, written(&out));
}

/* The pivot's entities of an account, which is an URN in JSON. */
static void add_entities(struct report *r, li_str account)
{
    char collection[192];
    li_str type, id = LI_STR("");
    size_t i;

    if (account.len < 3 ||
        li_urn_split(span(account.ptr + 1, account.len - 2), NULL, &type, &id))
        return;
    snprintf(collection, sizeof collection, "adAccounts/%.*s/%s",
             (int)(id.len < 60 ? id.len : 60), id.ptr, r->pivot->collection);
    for (i = 0; i < MAX_ENTITIES; i++)
        if (entities[i].used && !strcmp(entities[i].collection, collection))
            add_key(r, entities[i].key);
}

static void find_values(const store_call *c, struct report *r)
{
    li_str list = r->pivot->facet ? asked(c, r->pivot->facet) : li_cstr(NULL);
    int own = list.ptr != NULL;
    char urn[128];
    li_json json;
    li_str one;
    int i;

    if (!own && r->pivot->collection)
        list = asked(c, "/accounts");
    li_json_open(&json, list, 1);
    while (list.ptr && next_of(&json, &one)) {
        if (own)
            add_value(r, one);
        else
            add_entities(r, one);
    }
    for (i = 1; !own && !r->pivot->collection && i <= 2; i++) {
        snprintf(urn, sizeof urn, "\"urn:li:%s:%d\"", r->pivot->urn, i);
        add_value(r, li_cstr(urn));
    }
}

/* ---- the rows */

static void mix(uint64_t *sum, const void *data, size_t len)
{
    const unsigned char *at = (const unsigned char *)data;
    while (len--)
        *sum = (*sum ^ *at++) * UINT64_C(0x100000001b3);
}

/* Of one day. FNV-1a, whose upper half is even enough. */
static uint32_t metric_of_day(const struct metric *m, const char *about,
                              const day *d)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);
    char when[48];

    snprintf(when, sizeof when, "%ld/%d-%d-%d", set.seed, d->year, d->month,
             d->date);
    mix(&sum, when, strlen(when));
    mix(&sum, about, strlen(about));
    mix(&sum, m->name, strlen(m->name));
    return m->least + (uint32_t)((sum >> 32) % (m->most + 1));
}

static void put_metric(li_buf *out, const struct metric *m, const char *about,
                       day from, const day *to)
{
    uint64_t sum = 0;
    char text[40];

    for (; day_order(&from, to) <= 0; from = day_after(from))
        sum += metric_of_day(m, about, &from);
    if (!m->money) {
        json_int(out, m->name, (int64_t)sum);
        return;
    }
    snprintf(text, sizeof text, "%" PRIu64 ".%02u", sum / 100,
             (unsigned)(sum % 100));
    json_text(out, m->name, sum ? li_cstr(text) : LI_STR("0.0"));
}

static void put_day(li_buf *out, const char *name, const day *d)
{
    json_key(out, li_cstr(name));
    json_put(out, "{");
    json_int(out, "year", d->year);
    json_int(out, "month", d->month);
    json_int(out, "day", d->date);
    json_put(out, "}");
}

static void put_row(li_buf *out, const struct report *r, const char *about,
                    const day *from, const day *to)
{
    size_t i;

    json_put(out, "{");
    if (r->with_range) {
        json_put(out, "\"dateRange\":{");
        put_day(out, "start", from);
        put_day(out, "end", to);
        json_put(out, "}");
    }
    if (r->with_values) {
        json_put(out, "\"pivotValues\":[");
        json_value(out, li_cstr(about));
        json_put(out, "]");
    }
    for (i = 0; i < r->metric_count; i++)
        put_metric(out, r->metrics[i], about, *from, to);
    json_put(out, "}");
}

/* One row for each period and each value, on one page. With ALL, LinkedIn
   rounds what is older than six months to whole months; the mock does not. */
static int analytics(exchange *x, const store_call *c)
{
    struct report *r = &report;
    day from, to;
    size_t i;
    int status;

    memset(r, 0, sizeof *r);
    if ((status = report_wrong(x, c, r)) != 0)
        return status;
    find_values(c, r);
    json_put(&x->out, "{\"paging\":{\"start\":0,\"count\":10,\"links\":[]}");
    json_put(&x->out, "\"elements\":[");
    for (from = r->first; day_order(&from, &r->last) <= 0;
         from = day_after(to)) {
        to = period_end(r, from);
        for (i = 0; i < r->value_count; i++)
            put_row(&x->out, r, r->values[i], &from, &to);
    }
    json_put(&x->out, "]}");
    return answer_json(x, 200);
}

#endif /* MOCK_ANALYTICS_H */
