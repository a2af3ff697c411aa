/* webhook_server.c - receives LinkedIn's webhooks on a port, behind any proxy
   that ends TLS: cc -std=gnu99 -I. examples/webhook_server.c -o webhook_server
   LI_CLIENT_SECRET=... ./webhook_server 8080
   LI_CLIENT_SECRET_OLD: while a secret is being replaced;
   LI_CLIENT_SECRET_{id}: for the child application of that id. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_platform.h"
#include "webhook_events.h"
#include "webhook_http.h"

/* The secret of the app that a challenge is for; NULL: there is none. */
static const char *secret_for(li_str query)
{
    char name[64] = "LI_CLIENT_SECRET_";
    li_buf id = li_buf_of(name + 17, sizeof name - 17);
    li_str key, value;
    while (!li_form_next(&query, &key, &value))
        if (li_equal(key, LI_STR("applicationId")))
            li_form_decode(value, &id);
    if (!id.need)
        return getenv("LI_CLIENT_SECRET");
    return li_buf_end(&id) ? NULL : getenv(name);
}

static void challenge(peer *p, li_str query)
{
    char text[256];
    li_buf out = LI_BUF(text);
    if (li_webhook_challenge(secret_for(query), query, &out))
        answer(p, 400, "{}");
    else
        answer(p, 200, text);
}

static void begin_event(peer *p)
{
    if (li_webhook_begin(&p->hook, getenv("LI_CLIENT_SECRET"),
                         getenv("LI_CLIENT_SECRET_OLD")))
        answer(p, 403, "{}");
}

static void end_event(peer *p, li_str body)
{
    if (li_webhook_end(&p->hook, header(p, "X-LI-Signature")))
        answer(p, 403, "{}"); /* and not a look at the body */
    else
        answer(p, event(body), "{}");
}

int main(int argc, char **argv)
{
    service serves = {challenge, begin_event, end_event};
    const char *secret = getenv("LI_CLIENT_SECRET");
    if (argc != 2 || !secret || !*secret)
        return puts("usage: LI_CLIENT_SECRET=... webhook_server PORT"), 2;
    return serve(argv[1], &serves);
}
