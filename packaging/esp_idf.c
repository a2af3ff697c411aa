/* The one file of the ESP-IDF component that holds the implementation. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"
#include "../adapters/linkedin_esp.h"
#include "../adapters/linkedin_nvs.h"
