/* The implementation of linkedin.h and its adapters as one library, for
   programs that would rather link it than have it in a file of their own. The
   adapters that need a library are in it where the build defines their macro:
   a program that calls one that is not is told so by the linker. */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_memory.h"
#include "adapters/linkedin_platform.h"
#include "adapters/linkedin_socket.h"
#ifdef LINKEDIN_WITH_CURL
#include "adapters/linkedin_curl.h"
#endif
#ifdef LINKEDIN_WITH_MBEDTLS
#include "adapters/linkedin_mbedtls.h"
#endif
#ifdef LINKEDIN_WITH_OPENSSL
#include "adapters/linkedin_openssl.h"
#endif
#ifdef LINKEDIN_WITH_REDIS
#include "adapters/linkedin_redis.h"
#endif
