/* Stands for freertos/task.h. ESP-IDF Programming Guide, "FreeRTOS (IDF)",
   Task API. */
#ifndef STAND_IN_FREERTOS_TASK_H
#define STAND_IN_FREERTOS_TASK_H
#include "FreeRTOS.h"
#ifdef __cplusplus
extern "C" {
#endif
void vTaskDelay(const TickType_t xTicksToDelay);
#ifdef __cplusplus
}
#endif
#endif
