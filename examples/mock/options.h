/* options.h - the command line. */
#ifndef MOCK_OPTIONS_H
#define MOCK_OPTIONS_H

static int stop_pipe[2];

static void on_signal(int number_of_signal)
{
    ssize_t n = write(stop_pipe[1], "", 1);
    (void)n;
    (void)number_of_signal;
}

static int listen_on(void)
{
    struct sockaddr_in at;
    socklen_t len = sizeof at;
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);

    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_port = htons((uint16_t)set.port);
    if (inet_pton(AF_INET, set.bind, &at.sin_addr) != 1)
        die("--bind wants an IPv4 address", set.bind);
    if (!set.tls && ntohl(at.sin_addr.s_addr) >> 24 != 127)
        die("plain HTTP is for loopback only; add --tls", NULL);
    if (fd < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
        bind(fd, (void *)&at, sizeof at) || listen(fd, MAX_CONNS) ||
        fcntl(fd, F_SETFL, O_NONBLOCK) ||
        getsockname(fd, (void *)&at, &len))
        die("cannot listen", strerror(errno));
    printf("listening on http%s://%s:%u\n", set.tls ? "s" : "", set.bind,
           (unsigned)ntohs(at.sin_port));
    fflush(stdout);
    return fd;
}

static void accept_all(int listener, size_t room)
{
    struct sockaddr_in peer;
    socklen_t len = sizeof peer;
    int fd;

    while (room-- && (fd = accept(listener, (void *)&peer, &len)) >= 0)
        conn_open(fd, &peer);
}

/* One round: waits, then looks at whatever is ready or due. 0: stop. */
static int round_of(int listener, int64_t end)
{
    struct pollfd polls[MAX_CONNS + 3];
    int64_t due = hook_due() < end ? hook_due() : end, now = now_ms();
    size_t i, room = 0;

    memset(polls, 0, sizeof polls); /* a signal leaves revents as they are */
    for (i = 0; i < MAX_CONNS; i++) {
        polls[i].fd = conns[i].fd;
        polls[i].events = conns[i].wants;
        room += conns[i].fd < 0;
        if (conns[i].fd >= 0 && conn_due(&conns[i]) < due)
            due = conn_due(&conns[i]);
    }
    polls[MAX_CONNS].fd = stop_pipe[0];
    polls[MAX_CONNS + 1].fd = room ? listener : -1;
    polls[MAX_CONNS].events = polls[MAX_CONNS + 1].events = POLLIN;
    hook_poll(&polls[MAX_CONNS + 2]);
    due = due < now ? 0 : due - now > 60000 ? 60000 : due - now;
    if (poll(polls, MAX_CONNS + 3, (int)due) < 0 && errno != EINTR)
        die("poll", strerror(errno));
    for (i = 0; i < MAX_CONNS; i++) {
        if (conns[i].fd >= 0 && polls[i].revents)
            conn_turn(&conns[i]);
        if (conns[i].fd >= 0)
            conn_tick(&conns[i]);
    }
    if (polls[MAX_CONNS + 1].revents)
        accept_all(listener, room);
    return !(polls[MAX_CONNS].revents & POLLIN) && now_ms() < end;
}

static int set_flag(void *to, const char *value)
{
    (void)value;
    *(int *)to = 1;
    return 1;
}

static int set_number(void *to, const char *value)
{
    *(long *)to = number(li_cstr(value));
    return *(long *)to >= 0;
}

static int set_text(void *to, const char *value)
{
    *(const char **)to = value;
    return *value != '\0' && strlen(value) < 512;
}

static int set_redirect(void *to, const char *value)
{
    li_url url;

    (void)to;
    if (set.redirect_count == MAX_LIST || strlen(value) >= MAX_REDIRECT ||
        li_url_split(li_cstr(value), &url) || url.fragment.ptr)
        return 0;
    set.redirects[set.redirect_count++] = value;
    return 1;
}

static int set_fault(void *to, const char *value)
{
    (void)to;
    return fault_count < MAX_LIST &&
           fault_read(&faults[fault_count++], li_cstr(value));
}

static int set_help(void *to, const char *value);

static const struct option {
    const char *name, *arg; /* arg NULL: a flag                             */
    int (*take)(void *to, const char *value);
    void *to;
    const char *help;
} options[] = {
    {"--port", "N", set_number, &set.port, "listen there; 0: any (default)"},
    {"--bind", "ADDR", set_text, &set.bind,
     "IPv4 address (127.0.0.1); others need --tls"},
    {"--tls", NULL, set_flag, &set.tls, "TLS, with --cert and --key"},
    {"--cert", "FILE", set_text, &set.cert, "certificate chain, PEM"},
    {"--key", "FILE", set_text, &set.key, "its key, PEM"},
    {"--client-id", "ID", set_text, &set.client_id, "(mock-client)"},
    {"--client-secret", "S", set_text, &set.client_secret, "(mock-secret)"},
    {"--redirect-uri", "URL", set_redirect, NULL,
     "registered, may be repeated (http://localhost:8080/callback)"},
    {"--scopes", "LIST", set_text, &set.scopes,
     "what the app may ask (openid profile email w_member_social)"},
    {"--token", "TEXT", set_text, &set.token,
     "an access token with all scopes, valid from the start"},
    {"--code-ttl", "S", set_number, &set.code_ttl, "(1800)"},
    {"--token-ttl", "S", set_number, &set.token_ttl,
     "(5184000); 0: born expired"},
    {"--refresh-ttl", "S", set_number, &set.refresh_ttl, "(31536000)"},
    {"--no-refresh-token", NULL, set_flag, &set.no_refresh,
     "as for most apps: none is given"},
    {"--change-key", NULL, set_flag, &set.change_key,
     "each id_token is signed by a new key; the list has the last two"},
    {"--rotate-refresh", NULL, set_flag, &set.rotate_refresh,
     "each refresh gives another refresh token and ends the old one"},
    {"--no-app-tokens", NULL, set_flag, &set.no_app_tokens,
     "refuse client_credentials"},
    {"--no-token-type", NULL, set_flag, &set.no_token_type,
     "leave token_type out"},
    {"--pkce", NULL, set_flag, &set.pkce, "enable the native PKCE flow"},
    {"--auto-consent", NULL, set_flag, &set.auto_consent,
     "the member allows at once"},
    {"--first-version", "YYYYMM", set_text, &set.first_version, "(202601)"},
    {"--last-version", "YYYYMM", set_text, &set.last_version, "(202610)"},
    {"--fault", "KIND", set_fault, NULL,
     "a failure, may be repeated: KIND[:ARG][@N or %P][/PATH]"},
    {"--choose", "NAME", set_choice, NULL,
     "where LinkedIn documents nothing, may be repeated: see below"},
    {"--record", "FILE", set_text, &set.record,
     "write each exchange there, a line of JSON, without secrets"},
    {"--replay", "FILE", set_text, &set.replay,
     "answer from such a record alone; another request is 404"},
    {"--webhook", "URL", set_webhook, NULL,
     "of this machine: challenge it, then tell it of comments and reactions"},
    {"--webhook-app", "ID", set_text, &set.webhook_app,
     "the applicationId of the challenge; without: none"},
    {"--webhook-retry-ms", "MS", set_number, &set.webhook_retry,
     "the pause after a failure (1000; LinkedIn: 300000)"},
    {"--seed", "N", set_number, &set.seed,
     "for faults by chance, and ad analytics (0)"},
    {"--part-size", "N", set_number, &set.part_size,
     "bytes of a video's part (4194304)"},
    {"--processing-ms", "N", set_number, &set.processing_ms,
     "how long what was uploaded is PROCESSING (0)"},
    {"--exit-after", "S", set_number, &set.exit_after, "safety stop"},
    {"--quiet", NULL, set_flag, &set.quiet, "no line a request on stderr"},
    {"--help", NULL, set_help, NULL, "this"},
};

static int set_help(void *to, const char *value)
{
    size_t i;

    (void)to, (void)value;
    puts("mock_linkedin: LinkedIn's sign-in and API on your own machine.\n"
         "First line on stdout: \"listening on URL\". Use URL as api_base "
         "and auth_base.\n");
    for (i = 0; i < sizeof options / sizeof *options; i++)
        printf("  %-18s %-7s %s\n", options[i].name,
               options[i].arg ? options[i].arg : "", options[i].help);
    puts("\nKIND, for the N-th request, or P percent, or every one, whose "
         "path begins with\nPATH; or for one request alone by the header "
         "X-Mock-Fault: KIND[:ARG]\n");
    for (i = 0; i < sizeof fault_kinds / sizeof *fault_kinds; i++)
        printf("  %-16s %s\n", fault_kinds[i].name, fault_kinds[i].help);
    puts("\nNAME:\n");
    for (i = 0; i < sizeof choices / sizeof *choices; i++)
        printf("  %-16s %s\n", choices[i].name, choices[i].help);
    puts("\nThe authorization page also takes decision=allow, cancel or "
         "login_cancel in its URL.\nIn a browser, URL shows the posts and "
         "requests.\nTests only, from loopback: "
         "curl -d '' URL/mock/expire ends all access tokens' time,\n"
         "curl -d '' URL/mock/revoke revokes them and the member's consent; "
         "that of --token stays.");
    exit(0);
}

static void read_options(int argc, char **argv)
{
    const struct option *o, *end = options + sizeof options / sizeof *options;
    int i;

    for (i = 1; i < argc; i++) {
        for (o = options; o < end && strcmp(o->name, argv[i]); o++)
            ;
        if (o == end)
            die("unknown option, see --help", argv[i]);
        if (o->arg && i + 1 == argc)
            die("a value is missing", argv[i]);
        if (!o->take(o->to, o->arg ? argv[++i] : NULL))
            die("a wrong value", o->name);
    }
}

static void check_options(void)
{
    li_str list = li_cstr(set.scopes), name;

    while ((name = scope_next(&list)).len) {
        if (set.scope_count == MAX_LIST)
            die("too many scopes", NULL);
        set.scope_names[set.scope_count++] = name;
    }
    if (!set.redirect_count)
        set_redirect(NULL, "http://localhost:8080/callback");
    if (set.port > 65535)
        die("a wrong value", "--port");
    if (!set.part_size)
        die("a wrong value", "--part-size");
    if (set.record && set.replay)
        die("--record and --replay", "one at a time");
    if (set.tls && !(set.cert && set.key))
        die("--tls needs --cert and --key", NULL);
#ifdef MOCK_NO_TLS
    if (set.tls)
        die("this build has no TLS", NULL);
#endif
}

/* What has to be open before the first connection, and its end. */
static void begin_all(void)
{
    conns_begin();
    if (set.record)
        record_open();
    if (set.replay)
        replay_open();
    if (set.webhook)
        hook_open();
}

static void end_all(void)
{
    conns_end();
    li_hangup(&hook.via);
}

static void catch_signals(void)
{
    struct sigaction act;

    memset(&act, 0, sizeof act);
    act.sa_handler = on_signal;
    if (pipe(stop_pipe) || sigaction(SIGINT, &act, NULL) ||
        sigaction(SIGTERM, &act, NULL))
        die("signals", strerror(errno));
    act.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &act, NULL);
}

#endif /* MOCK_OPTIONS_H */
