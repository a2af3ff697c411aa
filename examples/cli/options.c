/* options.c - the command line: commands, options, their help and completions,
   all out of the same two tables. */
#include "cli.h"
#include <getopt.h>

cli_settings set;

static const cli_command commands[] = {
    {"login", "", "signs a member in, by the browser",
     " no-browser scope wait ",
     "linkedin login\nlinkedin login --no-browser", 0, 0, cmd_login},
    {"logout", "", "forgets the token of this profile", " ",
     "linkedin logout", 0, 0, cmd_logout},
    {"token", "[refresh|revoke]", "says how the token stands; renews, ends it",
     " ", "linkedin token refresh", 0, 1, cmd_token},
    {"me", "", "prints the member's profile", " ", "linkedin me", 0, 0, cmd_me},
    {"api", "METHOD PATH", "calls any API, and prints what it answers",
     " query fields body all ",
     "linkedin api GET /socialActions/urn:li:share:1/comments --all\n"
     "linkedin api GET /posts --query '{\"q\":\"author\","
     "\"author\":\"urn:li:person:1\"}' --all", 2, 2, cmd_api},
    {"post", "TEXT", "posts a text, and prints the post's URN",
     " as image alt video document article title plain ",
     "linkedin post 'Hello (world) #1' --image a.png --alt 'A cat'", 1, 1,
     cmd_post},
    {"comment", "URN TEXT", "comments on a post", " as plain ",
     "linkedin comment urn:li:share:1 'Well said, @[Ann](urn:li:person:1)'",
     2, 2, cmd_comment},
    {"delete", "URN", "deletes a post", " ",
     "linkedin delete urn:li:share:1", 1, 1, cmd_delete},
    {"upload", "FILE", "uploads a file, and prints its URN", " as type ",
     "linkedin upload film.mp4 --type video", 1, 1, cmd_upload},
    {"webhook", "listen PORT", "takes LinkedIn's events, each as a JSON line",
     " ", "linkedin webhook listen 8080", 2, 2, cmd_webhook},
    {"explain", "FILE|-", "says what a saved answer means, and what to do",
     " ", "linkedin explain answer.json", 1, 1, cmd_explain},
    {"doctor", "", "looks for what keeps a first call from working",
     " scope ", "linkedin doctor", 0, 0, cmd_doctor},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

/* argument NULL: a flag. Those with "everywhere" go with each command. */
static const struct option_row {
    const char *name, *argument, *what;
    const char **text; /* or */
    int *flag;         /* or, for what may be said several times, */
    const char **list;
    size_t *count;
    int everywhere;
} rows[] = {
    {"query", "JSON", "the parameters; \"q\" names a finder", &set.query, 0, 0, 0, 0},
    {"fields", "LIST", "the members wanted, as id,name", &set.fields, 0, 0, 0, 0},
    {"body", "JSON|@FILE|-", "what is sent", &set.body, 0, 0, 0, 0},
    {"all", NULL, "every element of a collection or finder, one a line", 0, &set.all, 0, 0, 0},
    {"as", "URN", "author: a person or an organization", &set.as, 0, 0, 0, 0},
    {"image", "FILE", "a picture; may be repeated", 0, 0, set.image, &set.images, 0},
    {"alt", "TEXT", "what the picture before it shows", 0, 0, set.alt, &set.images, 0},
    {"video", "FILE", "a video", &set.video, 0, 0, 0, 0},
    {"document", "FILE", "a document", &set.document, 0, 0, 0, 0},
    {"article", "URL", "a link; LinkedIn makes no preview of it", &set.article, 0, 0, 0, 0},
    {"title", "TEXT", "of the article, video or document", &set.title, 0, 0, 0, 0},
    {"plain", NULL, "no live #hashtag and no @[Name](urn:li:person:1)", 0, &set.plain, 0, 0, 0},
    {"type", "KIND", "image, document or video", &set.type, 0, 0, 0, 0},
    {"scope", "LIST", "what to ask for (" CLI_SCOPES ")", &set.scope, 0, 0, 0, 0},
    {"wait", "SECONDS", "how long the browser may take (300)", &set.wait, 0, 0, 0, 0},
    {"no-browser", NULL, "prints the URL to open elsewhere, reads where you end", 0,
     &set.no_browser, 0, 0, 0},
    {"profile", "NAME", "another app or member (default)", &set.profile, 0, 0, 0, 1},
    {"base", "URL", "another host than LinkedIn's, as a mock", &set.base, 0, 0, 0, 1},
    {"curl", NULL, "prints what would be sent, secrets masked", 0, &set.curl, 0, 0, 1},
    {"trace", NULL, "tells each step on standard error", 0, &set.trace, 0, 0, 1},
    {"json", NULL, "JSON where there would be words", 0, &set.json, 0, 0, 1},
};
enum { ROWS = sizeof rows / sizeof *rows };

static int goes_with(const struct option_row *row, const cli_command *command)
{
    char name[32];
    snprintf(name, sizeof name, " %s ", row->name);
    return row->everywhere || strstr(command->options, name) != NULL;
}

static void help_all(void)
{
    size_t i;
    puts("usage: linkedin COMMAND [ARGUMENTS] [OPTIONS]\n");
    for (i = 0; i < COMMANDS; i++)
        printf("  %-8s %-17s %s\n", commands[i].name, commands[i].arguments,
               commands[i].what);
    puts("\nlinkedin COMMAND --help tells its options and shows an example.\n"
         "Credentials: LINKEDIN_CLIENT_ID, LINKEDIN_CLIENT_SECRET,\n"
         "LINKEDIN_REDIRECT_URI, LINKEDIN_TOKEN; or the profile's file, where\n"
         "login keeps what it had to ask for. LINKEDIN_BASE: as --base.\n\n"
         "Scopes: me wants openid and profile; post, comment, upload, delete\n"
         "w_member_social; reading posts and comments r_member_social.\n\n"
         "Exit code: 0 done; 1 LinkedIn or the network said no; 2 the command\n"
         "line is wrong; 3 nobody is signed in, or the token is refused; 4 a\n"
         "file cannot be used.");
}

static void help_of(const cli_command *command)
{
    size_t i;
    printf("usage: linkedin %s%s%s [OPTIONS]\n%s%s.\n\n", command->name,
           *command->arguments ? " " : "", command->arguments, "  ",
           command->what);
    for (i = 0; i < ROWS; i++)
        if (goes_with(&rows[i], command)) {
            char left[40];
            snprintf(left, sizeof left, "--%s %s", rows[i].name,
                     rows[i].argument ? rows[i].argument : "");
            printf("  %-22s %s\n", left, rows[i].what);
        }
    printf("\nexample: %s\n", command->example); /* one a line */
}

/* For bash: `linkedin completions` writes it, `source` takes it. */
static void completions(void)
{
    size_t i, k;
    puts("# bash completion for linkedin\n_linkedin()\n{\n"
         "    local words\n    case ${COMP_WORDS[1]} in");
    for (i = 0; i < COMMANDS; i++) {
        printf("    %s) words=\"", commands[i].name);
        for (k = 0; k < ROWS; k++)
            if (goes_with(&rows[k], &commands[i]))
                printf("--%s ", rows[k].name);
        puts("--help\" ;;");
    }
    fputs("    *) words=\"", stdout);
    for (i = 0; i < COMMANDS; i++)
        printf("%s ", commands[i].name);
    puts("--help\" ;;\n    esac\n    COMPREPLY=($(compgen -f -W \"$words\" -- "
         "\"${COMP_WORDS[COMP_CWORD]}\"))\n}\ncomplete -F _linkedin linkedin");
}

/* The man page: `linkedin manual`. A hyphen is to stay one when it is copied. */
static void roff(const char *text)
{
    for (; *text; text++)
        if (*text == '-')
            fputs("\\-", stdout);
        else if (*text == '\\')
            fputs("\\e", stdout);
        else
            putchar(*text);
}

static void manual_row(const struct option_row *row)
{
    fputs(".TP\n.BR ", stdout);
    roff("--");
    roff(row->name);
    printf(" \" \" \"%s\"\n", row->argument ? row->argument : "");
    roff(row->what);
    puts(".");
}

static void manual(void)
{
    size_t i, k;
    puts(".TH LINKEDIN 1 \"\" \"linkedin " LI_VERSION "\"\n.SH NAME\n"
         "linkedin \\- LinkedIn from a terminal or a script\n.SH SYNOPSIS\n"
         ".B linkedin\n.I COMMAND\n[ARGUMENTS] [OPTIONS]\n.SH FIRST STEPS\n"
         "Client ID, client secret and redirect URL stand on the Auth tab of "
         "your app\n(www.linkedin.com/developers/apps).\n"
         ".B linkedin login\nasks for them and opens the browser; where there "
         "is none,\n.B linkedin login \\-\\-no\\-browser\nprints the URL to "
         "open elsewhere, and reads the address at which you end.\n"
         ".B linkedin doctor\nsays what is still missing. Then:\n.PP\n.nf\n"
         "linkedin post 'Hello' \\-\\-image a.png \\-\\-alt 'A cat'\n"
         "linkedin comment urn:li:share:1 'Well said'\n"
         "linkedin api GET /socialActions/urn:li:share:1/comments \\-\\-all\n"
         "linkedin delete urn:li:share:1\n.fi\n.PP\n"
         "Paths are those of LinkedIn's pages, below /rest; URNs in them are "
         "encoded for you.\n.SH COMMANDS");
    for (i = 0; i < COMMANDS; i++) {
        printf(".SS %s %s\n", commands[i].name, commands[i].arguments);
        roff(commands[i].what);
        puts(".");
        for (k = 0; k < ROWS; k++)
            if (!rows[k].everywhere && goes_with(&rows[k], &commands[i]))
                manual_row(&rows[k]);
        fputs(".PP\nExample:\n.nf\n", stdout);
        roff(commands[i].example);
        puts("\n.fi");
    }
    puts(".SH OPTIONS OF ALL COMMANDS");
    for (k = 0; k < ROWS; k++)
        if (rows[k].everywhere)
            manual_row(&rows[k]);
    puts(".SH ENVIRONMENT\n.TP\n.BR LINKEDIN_CLIENT_ID \", \" "
         "LINKEDIN_CLIENT_SECRET \", \" LINKEDIN_REDIRECT_URI\nThe app's "
         "credentials; they come before the profile's file.\n.TP\n.B "
         "LINKEDIN_TOKEN\nAn access token, instead of the profile's.\n.TP\n"
         ".B LINKEDIN_BASE\nAs\n.BR \\-\\-base .\n.TP\n.B LINKEDIN_CONFIG\n"
         "The folder of the profiles.\n.SH FILES\n.I "
         "~/.config/linkedin/default.json\nand\n.IR default.token.json ,\n"
         "of mode 0600; with\n.B \\-\\-profile\nother names. Beside "
         "them:\n.IR default.token.json.failed ,\nwhy the last sign-in failed, "
         "and\n.IR default.token.json.upload\\-* ,\nan upload to go on with.\n"
         ".SH EXIT STATUS\n0 done; 1 LinkedIn or the network said no; 2 the "
         "command line is wrong; 3 nobody is signed in, or the token is "
         "refused; 4 a file cannot be used.");
}

static const cli_command *command_of(const char *name)
{
    size_t i;
    for (i = 0; i < COMMANDS; i++)
        if (!strcmp(commands[i].name, name))
            return &commands[i];
    return NULL;
}

/* One option: a code. */
static int take(const struct option_row *row, const cli_command *command)
{
    if (!goes_with(row, command))
        return complain(CLI_USAGE, row->name,
                        "is no option of this command: --help lists them");
    if (row->flag)
        *row->flag = 1;
    else if (row->text)
        *row->text = optarg;
    else if (row->list == set.alt && set.images)
        set.alt[set.images - 1] = optarg; /* of the picture before it */
    else if (row->list == set.alt)
        return complain(CLI_USAGE, "--alt", "says what the --image before it "
                                            "shows: there is none");
    else if (*row->count == CLI_LIST)
        return complain(CLI_USAGE, row->name, "is said too often");
    else
        row->list[(*row->count)++] = optarg;
    return 0;
}

static int read_options(int argc, char **argv, const cli_command *command)
{
    struct option known[ROWS + 2];
    int i, code = 0;
    memset(known, 0, sizeof known);
    opterr = 0; /* what is wrong is told in one form here */
    for (i = 0; i < ROWS; i++) {
        known[i].name = rows[i].name;
        known[i].has_arg = rows[i].argument ? required_argument : no_argument;
        known[i].val = i + 1;
    }
    known[ROWS].name = "help";
    known[ROWS].val = ROWS + 1;
    while (!code && (i = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        if (i == 'h' || i == ROWS + 1)
            return help_of(command), -1;
        code = i == '?' ? complain(CLI_USAGE, argv[optind - 1],
                                   "is no option, or lacks its argument: "
                                   "see --help")
                        : take(&rows[i - 1], command);
    }
    return code;
}

const cli_command *cli_read(int argc, char **argv, int *count, char ***rest,
                            int *code)
{
    const char *name = argc > 1 ? argv[1] : "--help";
    const cli_command *command = command_of(name);
    *code = 0;
    if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help"))
        return help_all(), NULL;
    if (!strcmp(name, "--version"))
        return puts("linkedin " LI_VERSION), NULL;
    if (!strcmp(name, "completions"))
        return completions(), NULL;
    if (!strcmp(name, "manual"))
        return manual(), NULL;
    if (!command) {
        *code = complain(CLI_USAGE, name, "is no command: linkedin --help");
        return NULL;
    }
    *code = read_options(argc - 1, argv + 1, command);
    *count = argc - 1 - optind;
    *rest = argv + 1 + optind;
    if (*code == -1) /* helped */
        return *code = 0, NULL;
    if (!*code && (*count < command->least || *count > command->most))
        *code = complain(CLI_USAGE, "other arguments are wanted",
                         *command->arguments ? command->arguments : "none");
    return *code ? NULL : command;
}
