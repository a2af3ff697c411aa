/* mock_linkedin.c - a LinkedIn on your own machine to test programs against:
   sign-in, tokens, the member's profile, Rest.li, and every failure on demand.

       cc -std=c99 -D_POSIX_C_SOURCE=200809L -I. examples/mock_linkedin.c \
          -o mock_linkedin -lmbedtls -lmbedx509 -lmbedcrypto
       ./mock_linkedin --auto-consent --fault 503@1/v2
       ./mock_linkedin --help

   -DMOCK_NO_TLS does without mbedTLS (2.28 and 3.x are supported). Fixed
   tables; forms, JSON, percent coding and digests are linkedin.h's own. */
#define LINKEDIN_STATIC
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_socket.h"
#include "mock/restli.h"
#include "mock/base.h"
#include "mock/exchange.h"
#include "mock/intake.h"
#include "mock/keys.h"
#include "mock/sign_in.h"
#include "mock/api.h"
#include "mock/posts.h"
#include "mock/store.h"
#include "mock/record.h"
#include "mock/replay.h"
#include "mock/webhooks.h"
#include "mock/events.h"
#include "mock/page_html.h"
#include "mock/page.h"
#include "mock/routes.h"
#include "mock/server.h"
#include "mock/options.h"

int main(int argc, char **argv)
{
    int64_t end = INT64_MAX;
    int listener;

    read_options(argc, argv);
    check_options();
    if ((set.urandom = open("/dev/urandom", O_RDONLY)) < 0)
        die("/dev/urandom", strerror(errno));
    catch_signals();
    if (set.token)
        token_given();
    store_begin();
    begin_all();
    listener = listen_on();
    if (set.exit_after)
        end = now_ms() + set.exit_after * 1000;
    while (round_of(listener, end))
        hook_turn();
    end_all();
    close(listener);
    return 0;
}
