/* Changes one operator of the header's implementation.
   usage: mutate HEADER         lists all that could be: number, line, room,
                                operator, what it becomes
          mutate HEADER NUMBER  writes the header with that one changed
   Comments, strings, characters and preprocessor lines are left alone. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BINARY = 1, PREFIX };
static const struct change {
    const char *from, *to;
    int kind; /* BINARY: between two values; PREFIX: before one             */
} changes[] = {
    {"==", "!=", 0}, {"!=", "==", 0}, {"<=", "<", 0}, {">=", ">", 0},
    {"&&", "||", 0}, {"||", "&&", 0}, {"<<", ">>", 0}, {">>", "<<", 0},
    {"++", "--", 0}, {"--", "++", 0}, {"+=", "-=", 0}, {"-=", "+=", 0},
    {"->", NULL, 0}, {"<", "<=", 0}, {">", ">=", 0}, {"+", "-", BINARY},
    {"-", "+", BINARY}, {"!", "", PREFIX}, {"&", "|", BINARY},
    {"|", "&", BINARY}, {"%", "/", BINARY}};

static char *text, *at;
static long wanted = -1, number;
static unsigned line = 1;
static char room[32] = "base";

static char *read_all(const char *name)
{
    FILE *file = fopen(name, "rb");
    char *all;
    long size;
    if (!file || fseek(file, 0, SEEK_END) || (size = ftell(file)) < 0) {
        perror(name);
        exit(2);
    }
    rewind(file);
    all = malloc((size_t)size + 1);
    all[fread(all, 1, (size_t)size, file)] = 0;
    fclose(file);
    return all;
}

static void skip_to(const char *end)
{
    char *to = strstr(at, end);
    if (!to) exit(2);
    for (to += strlen(end); at < to; at++)
        line += *at == '\n';
}

static void skip_quoted(char quote)
{
    for (at++; *at && *at != quote; at++)
        at += *at == '\\';
    at++;
}

/* A preprocessor line, with those that a backslash joins to it. */
static void skip_directive(void)
{
    for (; *at && (*at != '\n' || at[-1] == '\\'); at++)
        line += *at == '\n';
}

static void enter_room(void)
{
    char name[32];
    if (sscanf(at, "/* >>%31[a-z_]", name) == 1)
        strcpy(room, name);
}

/* Is what stands before it, spaces aside, the end of a value? */
static int is_binary(void)
{
    char *before = at;
    while (before > text && isspace((unsigned char)before[-1]))
        before--;
    return before > text && (isalnum((unsigned char)before[-1]) ||
                             strchr(")]_", before[-1]));
}

static void change(const struct change *c)
{
    size_t len = strlen(c->from);
    if (number == wanted) {
        printf("%.*s%s%s", (int)(at - text), text, c->to, at + len);
        exit(0);
    }
    if (wanted < 0)
        printf("%ld %u %s %s %s\n", number, line, room, c->from,
               *c->to ? c->to : "nothing");
    number++;
}

/* A cast, a pointer's declaration or a sign is no operator between values. */
static void look(void)
{
    size_t i;
    for (i = 0; i < sizeof changes / sizeof *changes; i++) {
        const struct change *c = &changes[i];
        size_t len = strlen(c->from);
        if (strncmp(at, c->from, len)) continue;
        if (c->to && (c->kind != BINARY || (is_binary() && at[len] == ' ')) &&
            (c->kind != PREFIX || at[1] != '='))
            change(c);
        at += len;
        return;
    }
    at++;
}

int main(int argc, char **argv)
{
    if (argc < 2) return 2;
    at = text = read_all(argv[1]);
    if (argc > 2)
        wanted = atol(argv[2]);
    skip_to("#ifdef LINKEDIN_IMPLEMENTATION");
    while (*at) {
        if (!strncmp(at, "/*", 2)) {
            enter_room();
            skip_to("*/");
        } else if (*at == '"' || *at == '\'')
            skip_quoted(*at);
        else if (*at == '#' && at[-1] == '\n')
            skip_directive();
        else if (*at == '\n')
            line++, at++;
        else
            look();
    }
    return wanted >= 0;
}
