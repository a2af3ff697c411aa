/* Stands for the sdkconfig.h that IDF's build makes of a project's options.
   ESP-IDF Programming Guide, "Project Configuration"; the two options are
   those of "ESP x509 Certificate Bundle" and "ESP-TLS". */
#ifndef STAND_IN_SDKCONFIG_H
#define STAND_IN_SDKCONFIG_H
#define CONFIG_MBEDTLS_CERTIFICATE_BUNDLE 1
#define CONFIG_ESP_TLS_USING_MBEDTLS 1
#endif
