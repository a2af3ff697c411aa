/* Stands for freertos/FreeRTOS.h. ESP-IDF Programming Guide, "FreeRTOS (IDF)";
   a tick is 10 ms, IDF's default (CONFIG_FREERTOS_HZ), and the product has 32
   bits as there. */
#ifndef STAND_IN_FREERTOS_H
#define STAND_IN_FREERTOS_H
#include <stdint.h>
typedef uint32_t TickType_t;
#define configTICK_RATE_HZ ((TickType_t)100)
#define pdMS_TO_TICKS(ms) \
    ((TickType_t)((TickType_t)(ms) * configTICK_RATE_HZ / (TickType_t)1000))
#endif
