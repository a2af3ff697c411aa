/* jsmn lives in its header, so its two forms need two compilations: FORM(x)
   names the functions of one. */
#define JSMN_STATIC
#include <jsmn.h>
#include <string.h>

static jsmntok_t tokens[32768];

int FORM(parse)(const char *json, size_t len)
{
    jsmn_parser parser;
    jsmn_init(&parser);
    return jsmn_parse(&parser, json, len, tokens, 32768);
}

int FORM(count)(const char *json, size_t len)
{
    jsmn_parser parser;
    jsmn_init(&parser);
    return jsmn_parse(&parser, json, len, NULL, 0);
}

/* How many arrays and objects the text parsed last has. */
int FORM(containers)(int n)
{
    int i, found = 0;
    for (i = 0; i < n; i++)
        found += tokens[i].type == JSMN_OBJECT || tokens[i].type == JSMN_ARRAY;
    return found;
}

static int behind(int n, int i)
{
    int end = tokens[i].end;
    do {
        i++;
    } while (i < n && tokens[i].start < end);
    return i;
}

static int member(const char *json, int n, int object, const char *name)
{
    int i, left = tokens[object].size;
    size_t len = strlen(name);
    for (i = object + 1; left--; i = behind(n, i + 1))
        if ((size_t)(tokens[i].end - tokens[i].start) == len &&
            !memcmp(json + tokens[i].start, name, len))
            return i + 1;
    return 0;
}

/* /elements/3/author: where the text begins; 0: not there. */
int FORM(author)(const char *json, size_t len, int *end)
{
    int n = FORM(parse)(json, len), i, k;
    i = n > 0 ? member(json, n, 0, "elements") : 0;
    if (!i || tokens[i].size < 4)
        return 0;
    for (k = 0, i++; k < 3; k++)
        i = behind(n, i);
    i = member(json, n, i, "author");
    *end = tokens[i].end;
    return i ? tokens[i].start : 0;
}
