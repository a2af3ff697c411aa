/* login.c - signs a member in: asks for what is not known, opens the browser,
   and takes the redirect, or the URL that is pasted. */
#include "listen.h"
#include <signal.h>
#ifdef _WIN32
#include <io.h>
#include <windows.h>
#include <shellapi.h>
#define isatty _isatty
#else
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#endif

#ifndef _WIN32
static struct termios shown; /* the terminal as it was, for Ctrl-C */

static void show_again(int signal_number)
{
    tcsetattr(0, TCSAFLUSH, &shown);
    _exit(128 + signal_number);
}
#endif

/* A line of standard input, without its end; secret: not shown. A code. */
static int prompt(const char *what, char *to, size_t cap, int secret)
{
    char *got;
#ifndef _WIN32
    struct termios silent;
    int hidden = secret && !tcgetattr(0, &shown);
    if (hidden) {
        silent = shown;
        signal(SIGINT, show_again);
        signal(SIGTERM, show_again);
        silent.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(0, TCSAFLUSH, &silent);
    }
#else
    HANDLE in = GetStdHandle(STD_INPUT_HANDLE);
    DWORD before = 0;
    int hidden = secret && GetConsoleMode(in, &before) &&
                 SetConsoleMode(in, before & ~(DWORD)ENABLE_ECHO_INPUT);
#endif
    fprintf(stderr, "%s: ", what);
    got = fgets(to, (int)cap, stdin);
#ifndef _WIN32
    if (hidden) {
        tcsetattr(0, TCSAFLUSH, &shown);
        signal(SIGINT, SIG_DFL);
        signal(SIGTERM, SIG_DFL);
    }
#else
    if (hidden)
        SetConsoleMode(in, before);
#endif
    if (hidden)
        fputc('\n', stderr);
    if (!got)
        return complain(CLI_FILE, what, "nothing was entered");
    to[strcspn(to, "\r\n")] = 0;
    return 0;
}

/* What the app is: from its file and the environment, else from a person. */
static int know_app(void)
{
    static const char redirect[] = "http://localhost:8080/callback";
    int code = 0, asked = !*app.client_id || !*app.client_secret;
    if (asked && !isatty(0))
        return complain(CLI_USAGE, *app.client_id ? "LINKEDIN_CLIENT_SECRET"
                                                  : "LINKEDIN_CLIENT_ID",
                        "is not set; at a terminal, login asks for it");
    if (!*app.client_id)
        code = prompt("Client ID (the app's Auth tab)", app.client_id,
                      sizeof app.client_id, 0);
    if (!code && !*app.client_secret)
        code = prompt("Client secret (is not shown)", app.client_secret,
                      sizeof app.client_secret, 1);
    if (!code && asked && !*app.redirect_uri)
        code = prompt("Redirect URL as registered (empty: "
                      "http://localhost:8080/callback)", app.redirect_uri,
                      sizeof app.redirect_uri, 0);
    if (!*app.redirect_uri)
        snprintf(app.redirect_uri, sizeof app.redirect_uri, "%s", redirect);
    if (!code && asked)
        code = store_write();
    net_begin();
    return code;
}

/* Without a shell: a URL is no command. */
static void open_browser(const char *url)
{
#ifdef _WIN32
    ShellExecuteA(NULL, "open", url, NULL, NULL, SW_SHOWNORMAL);
#else
    const char *own = getenv("BROWSER");
    pid_t child = fork();
    if (!child) {
        if (!fork()) { /* a grandchild, so that nobody waits for a browser */
            freopen("/dev/null", "w", stdout);
            freopen("/dev/null", "w", stderr);
            if (own && *own)
                execlp(own, own, url, (char *)NULL);
            execlp("xdg-open", "xdg-open", url, (char *)NULL);
            execlp("open", "open", url, (char *)NULL);
        }
        _exit(0);
    }
    if (child > 0)
        waitpid(child, NULL, 0);
#endif
}

/* The port to listen at; 0: the way back does not lead to this machine. */
static unsigned loopback_port(const char *redirect_uri)
{
    li_url url;
    if (li_url_split(li_cstr(redirect_uri), &url) || url.tls ||
        !(li_equal(url.host, LI_STR("localhost")) ||
          li_equal(url.host, LI_STR("127.0.0.1")) ||
          li_equal(url.host, LI_STR("[::1]"))))
        return 0;
    return url.port;
}

/* What has come to the port need not be LinkedIn's: AGAIN, if so. */
enum { AGAIN = 100 };
static int finish(li_flow *flow, const char *came_to, const char **says,
                  int at_port)
{
    static char code_text[4096];
    static li_req req;
    li_buf out = LI_BUF(code_text);
    li_problem why;
    li_rc rc = li_oauth_redirect(flow, li_cstr(came_to), &out, &why);
    int code;
    if (at_port && (rc == LI_E_ARG || rc == LI_E_FORGED)) {
        *says = "It is not the way back of this sign-in, which still waits.";
        return AGAIN;
    }
    if (rc == LI_E_ARG) { /* a slip, of which nothing is kept */
        *says = "It is not the address that LinkedIn sent you to.";
        return complain(CLI_USAGE, "that is no way back", "paste the whole "
                        "address at which you ended; it begins with the "
                        "redirect URL, and has code= in it");
    }
    if (rc) {
        *says = li_hint(rc, &why);
        store_failure(*says);
        return complain(CLI_FAILED, li_strerror(rc), *says);
    }
    li_oauth_req(&req, &me, LI_GRANT_CODE, code_text, flow);
    code = ask(&req);
    if (code > 0)
        store_failure(hint_of(LI_OK));
    if (!code && (rc = li_token_read(&token, call.body, &me)) != LI_OK)
        code = complain(CLI_FILE, app.token_file, li_strerror(rc));
    *says = code ? "The terminal says why." : "You may close this window.";
    li_wipe(code_text, sizeof code_text);
    return code;
}

static int by_browser(li_flow *flow, const char *url, unsigned port)
{
    static char came_to[8192];
    const char *says = "";
    uint64_t began = li_platform_ms(NULL);
    unsigned passed = 0;
    unsigned seconds = set.wait ? (unsigned)strtoul(set.wait, NULL, 10) : 300;
    listener l;
    int client = -1, code = listen_begin(&l, port);
    if (code)
        return code;
    fprintf(stderr, "Opening the browser. If it stays away, go to:\n%s\nNo "
                    "browser on this machine? linkedin login --no-browser\n",
            url);
    open_browser(url);
    do {
        code = listen_for(&l, app.redirect_uri, seconds - passed, came_to,
                          sizeof came_to, &client);
        if (!code) {
            code = finish(flow, came_to, &says, 1);
            listen_answer(client, code == AGAIN ? "400 Bad Request" : "200 OK",
                          code ? "Not signed in" : "Signed in", says);
        }
        passed = (unsigned)((li_platform_ms(NULL) - began) / 1000);
        passed = passed < seconds ? passed : seconds;
    } while (code == AGAIN);
    listen_end(&l);
    return code;
}

static int by_hand(li_flow *flow, const char *url)
{
    static char came_to[8192];
    const char *says;
    int code;
    fprintf(stderr, "Open this in any browser, and allow it:\n%s\nYou end at a "
                    "page that cannot be shown: only its address is wanted.\n",
            url);
    code = prompt("Paste the whole address", came_to,
                  sizeof came_to, 0);
    return code ? code : finish(flow, came_to, &says, 0);
}

int cmd_login(int count, char **arguments)
{
    static char text[8192];
    static li_flow flow;
    li_buf url = LI_BUF(text);
    unsigned port;
    li_rc rc;
    int code = store_make();
    (void)count, (void)arguments;
    if (!code)
        code = know_app();
    if (code)
        return code;
    if (me.access_token)
        return complain(CLI_USAGE, "LINKEDIN_TOKEN", "is set: unset it first");
    rc = li_oauth_url(&flow, &me, set.scope ? set.scope : CLI_SCOPES, &url);
    if (rc)
        return complain(CLI_USAGE, flow.wrong ? flow.wrong : "sign-in",
                        li_strerror(rc));
    port = loopback_port(app.redirect_uri);
    code = set.no_browser || !port ? by_hand(&flow, text)
                                   : by_browser(&flow, text, port);
    if (code)
        return code < 0 ? 0 : code;
    store_failure(NULL);
    fprintf(stderr, "Signed in.\n");
    return 0;
}
