/* linkedin_nvs.h - the hooks of li_client on ESP-IDF 5: clock, random bytes,
   the token in NVS. SPDX-License-Identifier: MIT OR Unlicense

       static li_nvs here;                    // all zero: the defaults
       li_client me = {.now = li_nvs_now, .random = li_nvs_random,
                       .load = li_nvs_load, .save = li_nvs_save,
                       .user = &here};

   Before: nvs_flash_init(), SNTP for the clock, and Wi-Fi or Bluetooth: the
   hardware's bytes are random while a radio is on. NVS holds the token in the
   clear unless NVS encryption is set up, or flash encryption on older chips. */
#ifndef LINKEDIN_NVS_H
#define LINKEDIN_NVS_H

#ifndef LINKEDIN_H
#include "../linkedin.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

#ifndef LI_NVS_TOKEN
#define LI_NVS_TOKEN 4096 /* a token, as JSON, may have so many bytes */
#endif

/** Where the token is kept. One for each task: a task's stack is too small for
    the text, which lies here and is wiped after use. */
typedef struct li_nvs {
    const char *space; /* the NVS namespace; NULL: "linkedin"               */
    const char *why;   /* set by a load or save that failed: what was wrong */
    struct { char text[LI_NVS_TOKEN]; } priv;
} li_nvs;

/** Unix seconds; 0, which is "not known", while nobody has set the clock. */
LINKEDIN_API int64_t li_nvs_now(void *user);
/** Bytes of the hardware's generator. */
LINKEDIN_API li_rc li_nvs_random(void *user, void *dst, size_t len);
/** Reads the token. LI_E_MISSING: there is none yet; LI_E_STORE: NVS cannot
    be read, or holds more than LI_NVS_TOKEN bytes. Else what li_token_read()
    says, by LI_E_SPACE with token->need: token is then as before. */
LINKEDIN_API li_rc li_nvs_load(void *user, li_token *token);
/** Writes the token in one step, which a power cut undoes or leaves whole.
    LI_E_STORE. */
LINKEDIN_API li_rc li_nvs_save(void *user, const li_token *token);

#ifdef __cplusplus
}
#endif
#endif /* LINKEDIN_NVS_H */

/* IDF's build defines ESP_PLATFORM; elsewhere there is only the interface. */
#if defined(LINKEDIN_IMPLEMENTATION) && defined(ESP_PLATFORM)
#ifndef LINKEDIN_NVS_IMPLEMENTED
#define LINKEDIN_NVS_IMPLEMENTED

#include <esp_random.h>
#include <nvs.h>
#include <time.h>

#define LI__NVS_KEY "token"

LINKEDIN_API int64_t li_nvs_now(void *user)
{
    int64_t now = (int64_t)time(NULL);
    return (void)user, now > 1700000000 ? now : 0; /* it starts in 1970 */
}

LINKEDIN_API li_rc li_nvs_random(void *user, void *dst, size_t len)
{
    esp_fill_random(dst, len);
    return (void)user, LI_OK;
}

static esp_err_t li__nvs_open(const li_nvs *here, nvs_open_mode_t mode,
                              nvs_handle_t *handle)
{
    return nvs_open(here->space ? here->space : "linkedin", mode, handle);
}

/* What is stored is the whole truth: a refresh token that it does not have
   must not be kept from what token held, as li_token_read() would. */
static li_rc li__nvs_replace(li_token *token, li_str json)
{
    li_str kept = token->refresh_token;
    li_rc rc;
    token->refresh_token = li_cstr(NULL);
    rc = li_token_read(token, json, NULL);
    if (rc)
        token->refresh_token = kept;
    return rc;
}

LINKEDIN_API li_rc li_nvs_load(void *user, li_token *token)
{
    li_nvs *here = (li_nvs *)user;
    size_t len = sizeof here->priv.text;
    nvs_handle_t handle;
    li_rc rc = LI_E_STORE;
    esp_err_t e = li__nvs_open(here, NVS_READONLY, &handle);
    here->why = NULL;
    if (e == ESP_OK) {
        e = nvs_get_blob(handle, LI__NVS_KEY, here->priv.text, &len);
        nvs_close(handle);
    }
    if (e == ESP_ERR_NVS_NOT_FOUND)
        return LI_E_MISSING;
    if (e == ESP_OK)
        rc = li__nvs_replace(token, LI_VIEW(here->priv.text, len));
    if (rc)
        here->why = e == ESP_OK ? "NVS holds no token that fits"
                                : "NVS cannot be read";
    li_wipe(here->priv.text, sizeof here->priv.text);
    return rc;
}

LINKEDIN_API li_rc li_nvs_save(void *user, const li_token *token)
{
    li_nvs *here = (li_nvs *)user;
    li_buf out = LI_BUF(here->priv.text);
    nvs_handle_t handle;
    here->why = NULL;
    if (li_token_put(token, &out))
        here->why = "the token is too large: LI_NVS_TOKEN";
    else if (li__nvs_open(here, NVS_READWRITE, &handle) != ESP_OK)
        here->why = "NVS cannot be opened: nvs_flash_init()";
    else {
        if (nvs_set_blob(handle, LI__NVS_KEY, out.ptr, out.len) != ESP_OK ||
            nvs_commit(handle) != ESP_OK)
            here->why = "NVS cannot be written";
        nvs_close(handle);
    }
    li_wipe(here->priv.text, sizeof here->priv.text);
    return here->why ? LI_E_STORE : LI_OK;
}

#endif /* LINKEDIN_NVS_IMPLEMENTED */
#endif /* LINKEDIN_IMPLEMENTATION */
