/* What the scripted servers say of a listing: {"n":0}, {"n":1} and so on, from
   where the request asks, by start or by cursor. */
#ifndef THINGS_H
#define THINGS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The number behind a name in a request, or another one. */
static unsigned asked_for(const char *request, const char *name, unsigned other)
{
    const char *at = strstr(request, name);
    return at ? (unsigned)strtoul(at + strlen(name), NULL, 10) : other;
}

/* The page that a request wants of so many elements; good until the next. */
static const char *things_page(const char *request, unsigned all, int by_cursor)
{
    static char body[4096];
    unsigned start = asked_for(request, "start=",
                               asked_for(request, "pageToken=t", 0));
    unsigned count = asked_for(request, by_cursor ? "pageSize=" : "count=", 5);
    unsigned end = start + count < all ? start + count : all, i;
    size_t n = (size_t)snprintf(body, sizeof body, "{\"elements\":[");
    for (i = start; i < end; i++)
        n += (size_t)snprintf(body + n, sizeof body - n, "%s{\"n\":%u}",
                              i > start ? "," : "", i);
    if (!by_cursor)
        snprintf(body + n, sizeof body - n,
                 "],\"paging\":{\"start\":%u,\"count\":%u,\"total\":%u}}",
                 start, count, all);
    else if (end < all)
        snprintf(body + n, sizeof body - n,
                 "],\"metadata\":{\"nextPageToken\":\"t%u\"}}", end);
    else
        snprintf(body + n, sizeof body - n, "],\"metadata\":{}}");
    return body;
}

#endif
