/* listen.h - the browser's way back: a port of this machine, on both loopback
   addresses, for a browser takes either of them for "localhost". */
#ifndef CLI_LISTEN_H
#define CLI_LISTEN_H
#include "cli.h"

typedef struct listener {
    int fds[2];  /* 127.0.0.1, ::1; below 0: this machine has none          */
    unsigned port;
} listener;

/* Opens the port on both: a code, and said why. */
int listen_begin(listener *l, unsigned port);
void listen_end(listener *l);
/* Waits for a GET whose path is the one of redirect_uri, and gives the URL that
   the browser came to. Others (a favicon) are answered 404. *client is to be
   answered. A code: CLI_FAILED after the time. */
int listen_for(listener *l, const char *redirect_uri, unsigned seconds,
               char *came_to, size_t cap, int *client);
void listen_answer(int client, const char *status, const char *title,
                   const char *text);
#endif
