/* What the fuzzers share. An entry gets the bytes in a block of exactly their
   size, so that a sanitizer sees any read beyond. */
#ifndef FUZZ_H
#define FUZZ_H
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLAIM(what)                                                            \
    do {                                                                       \
        if (!(what)) {                                                         \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what);         \
            abort();                                                           \
        }                                                                      \
    } while (0)

#ifdef __cplusplus
extern "C"
#endif
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Folds a text, with its length, into a hash of events (FNV-1a). */
static inline void fold(uint64_t *hash, const void *ptr, size_t len)
{
    const unsigned char *p = (const unsigned char *)ptr;
    size_t i;
    for (i = 0; i < len; i++)
        *hash = (*hash ^ p[i]) * 0x100000001b3u;
}

static inline void fold_int(uint64_t *hash, int value)
{
    fold(hash, &value, sizeof value);
}

/* How long the next piece is: one to eight bytes, by the pieces' seed. */
static inline size_t piece(uint32_t *seed, size_t left)
{
    size_t n;
    *seed = *seed * 1664525u + 1013904223u;
    n = 1 + (*seed >> 29);
    return n < left ? n : left;
}
#endif
