/* What the stand-ins of IDF's headers do on Linux; each header says which
   document of IDF it follows. */
#include "esp_tls.h"
#include "esp_crt_bundle.h"
#include "esp_random.h"
#include "esp_timer.h"
#include "freertos/task.h"
#include "nvs.h"
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct stand_in stand_in;

struct esp_tls {
    int fd;
    bool plain;
    esp_tls_last_error_t error;
};

esp_err_t esp_crt_bundle_attach(void *conf)
{
    return (void)conf, ESP_OK;
}

void esp_fill_random(void *buf, size_t len)
{
    if (getrandom(buf, len, 0) != (ssize_t)len)
        abort();
}

int64_t esp_timer_get_time(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void vTaskDelay(const TickType_t xTicksToDelay)
{
    usleep(xTicksToDelay * 10000);
}

esp_tls_t *esp_tls_init(void)
{
    esp_tls_t *tls = (esp_tls_t *)calloc(1, sizeof *tls);
    if (!tls)
        return NULL;
    tls->fd = -1;
    stand_in.open++;
    return tls;
}

/* As there, an error is told by a number of its own and one of below. */
static int failed(esp_tls_t *tls, esp_err_t e)
{
    tls->error.last_error = e;
    return -1;
}

int esp_tls_conn_new_sync(const char *hostname, int hostlen, int port,
                          const esp_tls_cfg_t *cfg, esp_tls_t *tls)
{
    char host[256], service[8];
    struct addrinfo hints, *list;
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    tls->plain = cfg->is_plain_tcp;
    if (!tls->plain && (cfg->crt_bundle_attach != esp_crt_bundle_attach ||
                        cfg->skip_common_name || cfg->common_name))
        abort(); /* nobody would be verified, or somebody else */
    snprintf(host, sizeof host, "%.*s", hostlen, hostname);
    snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo(host, service, &hints, &list))
        return failed(tls, ESP_ERR_ESP_TLS_CANNOT_RESOLVE_HOSTNAME);
    tls->fd = socket(list->ai_family, SOCK_STREAM, 0);
    if (tls->fd < 0 || connect(tls->fd, list->ai_addr, list->ai_addrlen)) {
        freeaddrinfo(list);
        return failed(tls, ESP_ERR_ESP_TLS_FAILED_CONNECT_TO_HOST);
    }
    freeaddrinfo(list);
    if (tls->plain)
        return 1;
    tls->error = stand_in.fail;
    return stand_in.late ? 0 : stand_in.fail.last_error ? -1 : 1;
}

/* TLS says what it wants by its own numbers, plain TCP by errno. */
static ssize_t moved(const esp_tls_t *tls, ssize_t n, int want)
{
    if (n >= 0 || tls->plain)
        return n;
    return errno == EAGAIN || errno == EWOULDBLOCK ? want : -0x0050;
}

ssize_t esp_tls_conn_write(esp_tls_t *tls, const void *data, size_t datalen)
{
    return moved(tls, send(tls->fd, data, datalen, MSG_NOSIGNAL),
                 ESP_TLS_ERR_SSL_WANT_WRITE);
}

ssize_t esp_tls_conn_read(esp_tls_t *tls, void *data, size_t datalen)
{
    return moved(tls, recv(tls->fd, data, datalen, 0),
                 ESP_TLS_ERR_SSL_WANT_READ);
}

int esp_tls_conn_destroy(esp_tls_t *tls)
{
    if (!tls)
        return -1;
    if (tls->fd >= 0)
        close(tls->fd);
    free(tls);
    stand_in.open--;
    return 0;
}

esp_err_t esp_tls_get_conn_sockfd(esp_tls_t *tls, int *sockfd)
{
    *sockfd = tls->fd;
    return ESP_OK;
}

esp_err_t esp_tls_get_error_handle(esp_tls_t *tls,
                                   esp_tls_error_handle_t *error_handle)
{
    *error_handle = &tls->error;
    return ESP_OK;
}

esp_err_t esp_tls_get_and_clear_last_error(esp_tls_error_handle_t h,
                                           int *esp_tls_code,
                                           int *esp_tls_flags)
{
    esp_tls_last_error_t was = *h;
    memset(h, 0, sizeof *h);
    *esp_tls_code = was.esp_tls_error_code;
    *esp_tls_flags = was.esp_tls_flags;
    return was.last_error;
}

/* ---- NVS */

static char nvs_set[8192], nvs_kept[8192];
static size_t set_len, kept_len;
static nvs_open_mode_t nvs_mode;

esp_err_t nvs_open(const char *namespace_name, nvs_open_mode_t open_mode,
                   nvs_handle_t *out_handle)
{
    if (strlen(namespace_name) > 15)
        abort(); /* longer than NVS has names */
    if (open_mode == NVS_READONLY && !kept_len)
        return ESP_ERR_NVS_NOT_FOUND;
    nvs_mode = open_mode;
    *out_handle = 1;
    return ESP_OK;
}

esp_err_t nvs_get_blob(nvs_handle_t handle, const char *key, void *out_value,
                       size_t *length)
{
    if (!handle || strlen(key) > 15 || !kept_len)
        return ESP_ERR_NVS_NOT_FOUND;
    if (*length < kept_len)
        return ESP_ERR_NVS_INVALID_LENGTH;
    memcpy(out_value, nvs_kept, kept_len);
    *length = kept_len;
    return ESP_OK;
}

esp_err_t nvs_set_blob(nvs_handle_t handle, const char *key, const void *value,
                       size_t length)
{
    if (!handle || strlen(key) > 15 || nvs_mode != NVS_READWRITE)
        return ESP_ERR_NVS_READ_ONLY;
    if (length > sizeof nvs_set)
        return ESP_ERR_NVS_NOT_ENOUGH_SPACE;
    memcpy(nvs_set, value, length);
    set_len = length;
    return ESP_OK;
}

esp_err_t nvs_commit(nvs_handle_t handle)
{
    memcpy(nvs_kept, nvs_set, sizeof nvs_kept);
    kept_len = set_len;
    return handle ? ESP_OK : ESP_FAIL;
}

void nvs_close(nvs_handle_t handle)
{
    (void)handle;
}
