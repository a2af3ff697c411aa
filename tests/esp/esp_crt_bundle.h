/* Stands for esp_crt_bundle.h. ESP-IDF Programming Guide, "ESP x509
   Certificate Bundle". The stand-in of esp-tls wants it as an address only. */
#ifndef STAND_IN_ESP_CRT_BUNDLE_H
#define STAND_IN_ESP_CRT_BUNDLE_H
#include "esp_err.h"
#ifdef __cplusplus
extern "C" {
#endif
esp_err_t esp_crt_bundle_attach(void *conf);
#ifdef __cplusplus
}
#endif
#endif
