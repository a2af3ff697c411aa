# The component, included by the root's CMakeLists.txt in a build of ESP-IDF.
# Paths are from the root, where idf_component_register() is called. The
# implementation is compiled here: an app includes linkedin.h without it.
idf_component_register(
    SRCS "packaging/esp_idf.c"
    INCLUDE_DIRS "." "adapters"
    REQUIRES esp-tls mbedtls nvs_flash esp_timer esp_hw_support freertos lwip)
