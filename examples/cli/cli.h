/* cli.h - what the files of the command-line tool share. What goes to standard
   output is JSON, or what its help says; words go to standard error. */
#ifndef CLI_H
#define CLI_H

#include "linkedin.h"
#include "adapters/linkedin_platform.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Exit codes; in the help as well (options.c). */
enum {
    CLI_OK,      /* done                                                    */
    CLI_FAILED,  /* LinkedIn or the network said no                         */
    CLI_USAGE,   /* the command line is wrong                               */
    CLI_SIGN_IN, /* nobody is signed in, or the token is refused            */
    CLI_FILE     /* a file or the terminal cannot be used                   */
};

enum { CLI_LIST = 20 };

/* The options, as options.c reads them. */
typedef struct cli_settings {
    const char *profile, *base, *query, *fields, *body, *as, *title, *article,
        *video, *document, *type, *scope;
    const char *image[CLI_LIST], *alt[CLI_LIST];
    size_t images;
    const char *wait;
    int all, curl, trace, json, no_browser, plain;
} cli_settings;
extern cli_settings set;
#define CLI_SCOPES "openid profile email w_member_social"

/* ---- options.c */

typedef struct cli_command {
    const char *name, *arguments, *what; /* one line                        */
    const char *options;  /* their names, each with spaces round it         */
    const char *example;
    int least, most;      /* how many arguments; most -1: any               */
    int (*run)(int count, char **arguments);
} cli_command;
/* Reads the command line into set: the command, or NULL and *code. */
const cli_command *cli_read(int argc, char **argv, int *count, char ***rest,
                            int *code);

/* ---- store.c: who the app is, and where its files lie */

typedef struct cli_app {
    char client_id[256], client_secret[512], redirect_uri[1024], version[16];
    char file[4096], token_file[4096];
    const char *why; /* what is wrong with the file; NULL: nothing          */
} cli_app;
extern cli_app app;
int store_read(void);  /* a code; app is filled as far as it is known        */
int store_make(void);  /* makes the folder of the profiles: a code           */
int store_write(void); /* a code                                            */
int store_forget(void); /* removes the token: a code                         */
/* Keeps why a sign-in failed, for the doctor; NULL: it did not.             */
void store_failure(const char *why);
/* A new file of mode 0600, whatever was there by that name; NULL: errno. */
FILE *private_file(const char *name);
int replace_file(const char *fresh, const char *name); /* 0, or errno        */
/* All of a file, "-": of standard input, into memory that is never freed. */
int read_whole(const char *name, li_str *text);

/* ---- net.c: calls */

extern li_client me;
extern li_token token;
extern li_call call; /* the last one                                        */
void net_begin(void);
/* Makes a call. 0: it is a success; else it has said why, and gives a code. */
int ask(const li_req *req);
const char *hint_of(li_rc rc); /* what to do about the last call, in a line  */
/* As ask(), and while the media of a post is not ready: again, for a while. */
int ask_until_ready(const li_req *req);
/* One try, of which nothing is said. */
li_rc ask_quietly(const li_req *req);
/* The same by Rest.li. path: as /posts/urn:li:share:1, keys as they are. */
int rest(li_method method, const char *path, li_rest more);
/* Fills a request by Rest.li: a code. */
int rest_fill(li_req *req, li_rest *more, const char *path);
int token_ready(void); /* a code: somebody is signed in                      */
int complain(int code, const char *what, const char *detail);
int is_painted(FILE *to); /* a terminal, and NO_COLOR is not set             */
/* The body of the last answer, or what it created: a code. */
int print_answer(void);
/* The URN of the member who is signed in; NULL: it has said why. */
const char *who_am_i(int *code);
extern char scratch[1 << 20]; /* what a request of Rest.li is made in        */

/* ---- the commands */

int cmd_login(int count, char **arguments);
int cmd_logout(int count, char **arguments);
int cmd_token(int count, char **arguments);
int cmd_me(int count, char **arguments);
int cmd_api(int count, char **arguments);
int cmd_post(int count, char **arguments);
int cmd_comment(int count, char **arguments);
int cmd_delete(int count, char **arguments);
int cmd_upload(int count, char **arguments);
int cmd_webhook(int count, char **arguments);
int cmd_explain(int count, char **arguments);
int cmd_doctor(int count, char **arguments);
int upload_file(li_media media, const char *owner, const char *name,
                char *urn, size_t cap); /* a code                           */
#endif
