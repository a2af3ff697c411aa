# Other machines: the header compiles for them, without <string.h>; on some it
# runs.
. tests/stages/common.sh
cat >"$build/free.c" <<'C'
#include <stddef.h>
void *m_cpy(void *, const void *, size_t);
void *m_move(void *, const void *, size_t);
void *m_set(void *, int, size_t);
void *m_chr(const void *, int, size_t);
size_t s_len(const char *);
#define LI_MEMCPY m_cpy
#define LI_MEMMOVE m_move
#define LI_MEMSET m_set
#define LI_MEMCHR m_chr
#define LI_STRLEN s_len
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
C
for machine in thumbv6m-none-eabi msp430 wasm32 s390x-linux-gnu \
    i386-linux-gnu riscv32; do
    check "$machine" clang --target=$machine -ffreestanding -std=c99 $warn \
        -I. -fsyntax-only "$build/free.c"
done
check "Windows dialect" clang --driver-mode=cl \
    --target=x86_64-pc-windows-msvc /W4 /WX /clang:-ffreestanding -I. \
    /c "/Fo$build/free.obj" -- "$build/free.c" # a path looks like an option
# Run, not only compiled: `make machines` has the others.
check "two boards without an operating system" \
    sh examples/bare_metal/run.sh "$build/boards"
for one in s390x integer; do
    SHORT=0 sh tests/machines.sh "$build" $one >"$build/one.log" 2>&1
    counted=$(tail -1 "$build/one.log")
    left=${counted#*, }
    case $counted in
    *" passed, "*" failed")
        passed=$((passed + ${counted%% passed*}))
        failed=$((failed + ${left%% failed*})) ;;
    *) failed=$((failed + 1)) ;; # it died
    esac
    cat "$build/one.log"
done
finish
