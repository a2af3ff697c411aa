/* The one file of the Zephyr module that holds the implementation. */
#define LINKEDIN_IMPLEMENTATION
#include "../../linkedin.h"
