/* The bodies that are measured: LinkedIn's shapes with invented content, the
   same bytes on every run. */
#ifndef BENCH_DATA_H
#define BENCH_DATA_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct text {
    char *ptr;
    size_t len, cap;
} text;

static uint32_t seed = 1;

static unsigned draw(unsigned below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static void add(text *t, const char *format, ...)
{
    va_list args;
    int n;
    if (t->cap - t->len < 4096) {
        t->cap = t->cap * 2 + 8192;
        t->ptr = (char *)realloc(t->ptr, t->cap);
        if (!t->ptr)
            exit(2);
    }
    va_start(args, format);
    n = vsnprintf(t->ptr + t->len, t->cap - t->len, format, args);
    va_end(args);
    if (n < 0 || n >= 4096)
        exit(2);
    t->len += (size_t)n;
}

static void add_secret(text *t, unsigned len)
{
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "abcdefghijklmnopqrstuvwxyz0123456789-_";
    while (len--)
        add(t, "%c", set[draw(64)]);
}

static void add_words(text *t, size_t len)
{
    static const char *const words[] = {
        "team", "we", "are", "hiring", "engineers", "for", "the", "launch",
        "of", "our", "new", "product", "thank", "you", "to", "everyone", "who",
        "made", "this", "possible", "growth", "report", "caf\xc3\xa9",
        "customers", "and", "partners", "in", "Berlin", "today"};
    size_t end = t->len + len;
    while (t->len < end)
        add(t, "%s%s", words[draw(29)], draw(12) ? " " : ", ");
}

static text make_token(void)
{
    text t = {NULL, 0, 0};
    add(&t, "{\"access_token\":\"AQX");
    add_secret(&t, 371);
    add(&t, "\",\"expires_in\":5183999,\"refresh_token\":\"AQW");
    add_secret(&t, 187);
    add(&t, "\",\"refresh_token_expires_in\":31535999,\"scope\":"
            "\"email,openid,profile,w_member_social\"}");
    return t;
}

static void add_picture(text *t, int size)
{
    add(t, "{\"artifact\":\"urn:li:digitalmediaMediaArtifact:(urn:li:"
           "digitalmediaAsset:C4D03AQGsitRwG8U8ZQ,urn:li:"
           "digitalmediaMediaArtifactClass:profile-displayphoto-shrink_"
           "%d_%d)\",\"authorizationMethod\":\"PUBLIC\",\"data\":{\"com."
           "linkedin.digitalmedia.mediaartifact.StillImage\":{\"mediaType\":"
           "\"image/jpeg\",\"rawCodecSpec\":{\"name\":\"jpeg\",\"type\":"
           "\"image\"},\"displaySize\":{\"width\":%d.0,\"uom\":\"PX\","
           "\"height\":%d.0},", size, size, size, size);
    add(t, "\"storageSize\":{\"width\":%d,\"height\":%d},\"storageAspectRatio"
           "\":{\"widthAspect\":1.0,\"heightAspect\":1.0,\"formatted\":"
           "\"1.00:1.00\"},\"displayAspectRatio\":{\"widthAspect\":1.0,"
           "\"heightAspect\":1.0,\"formatted\":\"1.00:1.00\"}}},"
           "\"identifiers\":[{\"identifier\":\"https://media.licdn.com/dms/"
           "image/C4D03AQGsitRwG8U8ZQ/profile-displayphoto-shrink_%d_%d/0/1"
           "618230552000?e=1767312000&v=beta&t=",
        size, size, size, size);
    add_secret(t, 43);
    add(t, "\",\"index\":0,\"mediaType\":\"image/jpeg\",\"file\":\"urn:li:"
           "digitalmediaFile:(urn:li:digitalmediaAsset:C4D03AQGsitRwG8U8ZQ,0)"
           "\",\"identifierType\":\"EXTERNAL_URL\","
           "\"identifierExpiresInSeconds\":1767312000}]}");
}

static text make_profile(void)
{
    text t = {NULL, 0, 0};
    int size;
    add(&t, "{\"firstName\":{\"localized\":{\"en_US\":\"Zo\xc3\xab\"},"
            "\"preferredLocale\":{\"country\":\"US\",\"language\":\"en\"}},"
            "\"localizedFirstName\":\"Zo\xc3\xab\",\"lastName\":{\"localized\""
            ":{\"en_US\":\"Example\"},\"preferredLocale\":{\"country\":\"US\","
            "\"language\":\"en\"}},\"localizedLastName\":\"Example\",\"id\":"
            "\"Ab12Cd34Ef\",\"profilePicture\":{\"displayImage\":\"urn:li:"
            "digitalmediaAsset:C4D03AQGsitRwG8U8ZQ\",\"displayImage~\":{"
            "\"paging\":{\"count\":10,\"start\":0,\"links\":[]},"
            "\"elements\":[");
    for (size = 100; size <= 400; size *= 2) {
        add_picture(&t, size);
        add(&t, size < 400 ? "," : "]}}}");
    }
    return t;
}

static void add_post(text *t, unsigned i)
{
    add(t, "{\"id\":\"urn:li:share:73000000000000%05u\",\"author\":"
           "\"urn:li:organization:55%05u\",\"commentary\":\"",
        draw(100000), i);
    add_words(t, 260 + draw(250));
    add(t, "\\n\\n");
    add_words(t, 150 + draw(200));
    add(t, " \\\"%u\\\" {hashtag|\\\\#|hiring} @[Example Inc]"
           "(urn:li:organization:5550123) \xf0\x9f\x9a\x80\","
           "\"visibility\":\"PUBLIC\",\"lifecycleState\":\"PUBLISHED\","
           "\"lifecycleStateInfo\":{\"isEditedByAuthor\":false},"
           "\"isReshareDisabledByAuthor\":false,", draw(900));
    add(t, "\"distribution\":{\"feedDistribution\":\"MAIN_FEED\","
           "\"targetEntities\":[],\"thirdPartyDistributionChannels\":[]},"
           "\"content\":{\"article\":{\"source\":\"https://www.example.com/"
           "blog/%u?utm_source=linkedin\",\"thumbnail\":"
           "\"urn:li:image:C4D22AQFx%06u\",\"title\":\"", draw(90000), i);
    add_words(t, 40);
    add(t, "\",\"description\":\"");
    add_words(t, 80);
    add(t, "\"}},\"contentLandingPage\":\"https://www.example.com/\","
           "\"contentCallToActionLabel\":\"LEARN_MORE\",\"createdAt\":"
           "17672256%05u,\"publishedAt\":17672256%05u,"
           "\"lastModifiedAt\":17672256%05u}",
        draw(100000), draw(100000), draw(100000));
}

static text make_posts(void)
{
    text t = {NULL, 0, 0};
    unsigned i;
    add(&t, "{\"elements\":[");
    for (i = 0; i < 10; i++) {
        add_post(&t, i);
        add(&t, i < 9 ? "," : "]");
    }
    add(&t, ",\"paging\":{\"start\":0,\"count\":10,\"links\":[{\"rel\":"
            "\"next\",\"href\":\"/rest/posts?q=author&start=10&count=10\","
            "\"type\":\"application/json\"}],\"total\":57}}");
    return t;
}

static void add_metrics(text *t)
{
    static const char *const names[] = {
        "impressions", "clicks", "landingPageClicks", "likes", "comments",
        "shares", "follows", "reactions", "videoViews", "videoStarts",
        "oneClickLeads", "sends", "totalEngagements",
        "externalWebsiteConversions", "approximateMemberReach"};
    unsigned i;
    for (i = 0; i < 15; i++)
        add(t, ",\"%s\":%u", names[i], draw(i < 3 ? 100000 : 1000));
    add(t, ",\"costInLocalCurrency\":\"%u.%05u\",\"costInUsd\":\"%u.%05u\"",
        draw(1000), draw(100000), draw(1000), draw(100000));
    add(t, ",\"conversionValueInLocalCurrency\":\"%u.%05u\"", draw(1000),
        draw(100000));
}

static text make_analytics(void)
{
    text t = {NULL, 0, 0};
    unsigned i;
    add(&t, "{\"paging\":{\"start\":0,\"count\":10,\"links\":[]},"
            "\"elements\":[");
    for (i = 0; i < 400; i++) {
        unsigned day = 1 + i % 28, month = 1 + i / 28 % 12;
        add(&t, "{\"dateRange\":{\"start\":{\"year\":2026,\"month\":%u,"
                "\"day\":%u},\"end\":{\"year\":2026,\"month\":%u,\"day\":%u}},"
                "\"pivotValues\":[\"urn:li:sponsoredCampaign:3456%05u\"]",
            month, day, month, day, draw(100000));
        add_metrics(&t);
        add(&t, i < 399 ? "}," : "}]}");
    }
    return t;
}

static text make_prose(void)
{
    text t = {NULL, 0, 0};
    add_words(&t, 300000);
    return t;
}

static text make_urns(void)
{
    text t = {NULL, 0, 0};
    while (t.len < 300000)
        add(&t, "urn:li:sponsoredCampaign:3456%05u,", draw(100000));
    return t;
}

static void put(text *t, const char *bytes, size_t len)
{
    size_t n;
    for (; len; bytes += n, len -= n) {
        n = len < 2048 ? len : 2048;
        add(t, "%.*s", (int)n, bytes);
    }
}

/* An answer as LinkedIn's edge gives it; chunk 0 means Content-Length. */
static text make_answer(const text *body, unsigned headers, size_t chunk)
{
    static const char *const rest[] = {
        "Cache-Control: no-store", "Content-Type: application/json",
        "Date: Mon, 05 Jan 2026 10:00:00 GMT", "Vary: Accept-Encoding",
        "X-LI-UUID: AAYNnGh6Xa9mUt9yUqPmZw==",
        "X-RestLi-Protocol-Version: 2.0.0", "X-Li-Fabric: prod-lva1",
        "X-Li-Pop: afd-prod-lva1-x", "X-Li-Proto: http/1.1",
        "X-Li-Route-Key: \"b=LB50:s=L:r=L:a=L:p=L:g=3101:u=1:i=1767225600\"",
        "X-LinkedIn-Request-Trace: 0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "Expires: Thu, 01 Jan 1970 00:00:00 GMT", "Pragma: no-cache",
        "X-Frame-Options: sameorigin", "X-Content-Type-Options: nosniff",
        "Strict-Transport-Security: max-age=31536000; includeSubDomains",
        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none';"
        " report-uri https://www.linkedin.com/platform-telemetry/csp?f=g",
        "Set-Cookie: lidc=\"b=TB22:s=T:r=T:a=T:p=T:g=3101:u=1:i=1767225600:"
        "t=1767312000:v=2:sig=AQGexampleexampleexample\"; Expires=Tue, 06 Jan"
        " 2026 00:00:00 GMT; Path=/; SameSite=None; Secure",
        "NEL: {\"report_to\":\"network-errors\",\"max_age\":1296000,"
        "\"success_fraction\":0.00066,\"failure_fraction\":1}"};
    text t = {NULL, 0, 0};
    size_t at, n;
    unsigned i;
    add(&t, "HTTP/1.1 200 OK\r\n");
    for (i = 0; i + 1 < headers; i++)
        add(&t, "%s\r\n", rest[i]);
    if (!chunk) {
        add(&t, "Content-Length: %u\r\n\r\n", (unsigned)body->len);
        put(&t, body->ptr, body->len);
        return t;
    }
    add(&t, "Transfer-Encoding: chunked\r\n\r\n");
    for (at = 0; at < body->len; at += n) {
        n = chunk < body->len - at ? chunk : body->len - at;
        add(&t, "%x\r\n", (unsigned)n);
        put(&t, body->ptr + at, n);
        add(&t, "\r\n");
    }
    add(&t, "0\r\n\r\n");
    return t;
}

#endif
