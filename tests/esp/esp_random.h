/* Stands for esp_random.h. ESP-IDF Programming Guide, "Random Number
   Generation". The bytes are the system's. */
#ifndef STAND_IN_ESP_RANDOM_H
#define STAND_IN_ESP_RANDOM_H
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
void esp_fill_random(void *buf, size_t len);
#ifdef __cplusplus
}
#endif
#endif
