/* many BASE CALLS CONNECTIONS: many GETs at once in one thread, over libcurl's
   own transfers and over our adapter on one multi handle, in turns; and the
   memory of a connection. Prints calls a second, the medians of the turns. */
#include "../examples/event_loop.h"
#include <malloc.h>

enum { ROUNDS = 7 };

static li_client me = {.access_token = "AQXexample"};
static const li_req req = {.path = "/v2/userinfo"};

/* ---- ours */

static double ours(void)
{
    uint64_t began = li_platform_ms(NULL);
    size_t i, good = 0;
    for (i = 0; i < calls; i++) {
        li_begin(&jobs[i].call, &me, &req, jobs[i].buf, sizeof jobs[i].buf);
        enqueue(&jobs[i]);
    }
    left = calls;
    run_curl();
    for (i = 0; i < calls; i++)
        good += li_check(&jobs[i].call) == LI_OK;
    if (good != calls)
        exit(1);
    return (double)calls * 1000 /
           (double)(li_platform_ms(NULL) - began + 1);
}

/* ---- libcurl's own, driven as it advises: socket actions by epoll */

static CURLM *multi;
static long due = -1;
static size_t begun, done;
static char url[256];

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user,
                     void *known)
{
    struct epoll_event e = {0, {.fd = fd}};
    (void)easy, (void)user;
    if (what & CURL_POLL_IN)
        e.events |= EPOLLIN;
    if (what & CURL_POLL_OUT)
        e.events |= EPOLLOUT;
    if (what == CURL_POLL_REMOVE)
        epoll_ctl(poller, EPOLL_CTL_DEL, fd, NULL);
    else
        epoll_ctl(poller, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &e);
    curl_multi_assign(multi, fd, what == CURL_POLL_REMOVE ? NULL : &begun);
    return 0;
}

static int on_timer(CURLM *of, long ms, void *user)
{
    (void)of, (void)user;
    due = ms;
    return 0;
}

static size_t take(char *data, size_t size, size_t n, void *user)
{
    size_t *len = (size_t *)user;
    (void)data;
    *len += size * n;
    return size * n;
}

static CURL *transfer(size_t *len, struct curl_slist *list)
{
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "linkedin.h/" LI_VERSION);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, len);
    return easy;
}

static void finish_transfers(void)
{
    CURLMsg *msg;
    int more;
    while ((msg = curl_multi_info_read(multi, &more)) != NULL) {
        CURL *easy = msg->easy_handle;
        if (msg->data.result)
            exit(1);
        done++;
        curl_multi_remove_handle(multi, easy);
        if (begun < calls && ++begun)
            curl_multi_add_handle(multi, easy);
    }
}

static double theirs(void)
{
    struct curl_slist *list = NULL;
    CURL **all = (CURL **)calloc(connections, sizeof *all);
    uint64_t began = li_platform_ms(NULL);
    struct epoll_event events[256];
    size_t i, len = 0;
    int running, n;
    list = curl_slist_append(list, "Authorization: Bearer AQXexample");
    list = curl_slist_append(list, "X-Restli-Protocol-Version: 2.0.0");
    list = curl_slist_append(list, "Accept-Encoding: identity");
    multi = curl_multi_init();
    poller = epoll_create1(EPOLL_CLOEXEC);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)connections);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    begun = done = 0;
    for (i = 0; i < connections && begun < calls; i++, begun++)
        curl_multi_add_handle(multi, all[i] = transfer(&len, list));
    while (done < calls) {
        n = epoll_wait(poller, events, 256, due < 0 ? 1000 : (int)due);
        if (!n || !due)
            curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
        while (n-- > 0)
            curl_multi_socket_action(multi, events[n].data.fd, 0, &running);
        finish_transfers();
    }
    for (i = 0; i < connections && all[i]; i++)
        curl_easy_cleanup(all[i]);
    curl_multi_cleanup(multi);
    curl_slist_free_all(list);
    close(poller);
    free(all);
    return (double)calls * 1000 /
           (double)(li_platform_ms(NULL) - began + 1);
}

/* ---- the memory of a connection that is open and idle */

static size_t memory(void)
{
    static char buf[16384];
    size_t i, before = 0, count = 200;
    line *all = (line *)calloc(count, sizeof *all);
    li_call call;
    multi = curl_multi_init();
    for (i = 0; i < count; i++) {
        if (i == 1) /* the first one makes what all share */
            before = mallinfo2().uordblks;
        all[i].curl.multi = multi;
        all[i].via = li_curl_transport(&all[i].curl);
        li_begin(&call, &me, &req, buf, sizeof buf);
        if (li_run(&call, &all[i].via) || call.status != 200)
            exit(1);
    }
    before = (mallinfo2().uordblks - before) / (count - 1) + sizeof(li_curl) +
             sizeof(li_transport);
    for (i = 0; i < count; i++) {
        li_hangup(&all[i].via);
        li_curl_free(&all[i].curl);
    }
    curl_multi_cleanup(multi);
    free(all);
    return before;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    double a[ROUNDS], b[ROUNDS], ratio[ROUNDS];
    size_t i, bytes;
    if (argc != 4)
        return puts("usage: many BASE CALLS CONNECTIONS"), 2;
    me.api_base = argv[1];
    snprintf(url, sizeof url, "%s/v2/userinfo", argv[1]);
    calls = strtoul(argv[2], NULL, 10);
    connections = strtoul(argv[3], NULL, 10);
    if (!begin_loop())
        return puts("no memory"), 1;
    bytes = memory();
    for (i = 0; i < ROUNDS; i++) {
        a[i] = ours();
        b[i] = theirs();
        ratio[i] = a[i] / b[i];
    }
    qsort(a, ROUNDS, sizeof *a, by_size);
    qsort(b, ROUNDS, sizeof *b, by_size);
    qsort(ratio, ROUNDS, sizeof *ratio, by_size);
    printf("many\t%.0f\t%.0f\t%.2f\t%zu\n", a[ROUNDS / 2], b[ROUNDS / 2],
           ratio[ROUNDS / 2], bytes);
    return 0;
}
