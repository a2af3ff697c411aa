/* webhook.c - the command "webhook listen": LinkedIn's webhooks on a port of
   this machine, behind whatever ends TLS; each event once, as a JSON line. */
#include "cli.h"
#ifdef _WIN32
int cmd_webhook(int count, char **arguments)
{
    (void)count;
    return complain(CLI_USAGE, arguments[0], "is not for Windows yet");
}
#else

struct kind;
static void tell_event(const struct kind *kind, const char *type, li_str json,
                       int again);
#define TELL_EVENT tell_event
#include "../webhook_events.h"
#include "../webhook_http.h"

static void tell_event(const struct kind *kind, const char *type, li_str json,
                       int again)
{
    size_t i;
    (void)kind, (void)type;
    for (i = 0; !again && i < json.len; i++) /* line ends stand between tokens */
        putchar(json.ptr[i] == '\n' || json.ptr[i] == '\r' ? ' ' : json.ptr[i]);
    if (!again)
        putchar('\n');
}

static void challenge(peer *p, li_str query)
{
    char text[256];
    li_buf out = LI_BUF(text);
    if (li_webhook_challenge(app.client_secret, query, &out))
        answer(p, 400, "{}");
    else
        answer(p, 200, text);
}

static void begin_event(peer *p)
{
    if (li_webhook_begin(&p->hook, app.client_secret, NULL))
        answer(p, 403, "{}");
}

static void end_event(peer *p, li_str body)
{
    if (li_webhook_end(&p->hook, header(p, "X-LI-Signature"))) {
        complain(0, "an event", "is not LinkedIn's: it was not looked at");
        answer(p, 403, "{}");
    } else
        answer(p, event(body), "{}");
}

int cmd_webhook(int count, char **arguments)
{
    service serves = {challenge, begin_event, end_event};
    (void)count;
    if (strcmp(arguments[0], "listen"))
        return complain(CLI_USAGE, arguments[0], "is not listen");
    if (strspn(arguments[1], "0123456789") != strlen(arguments[1]) ||
        strlen(arguments[1]) > 5 || atol(arguments[1]) > 65535)
        return complain(CLI_USAGE, arguments[1], "is no port");
    if (!*app.client_secret)
        return complain(CLI_USAGE, "LINKEDIN_CLIENT_SECRET",
                        "is not set: it signs the events");
    listening = stderr; /* standard output has the events alone */
    serve(arguments[1], &serves);
    return CLI_FAILED;
}
#endif
