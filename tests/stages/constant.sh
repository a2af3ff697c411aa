# Secrets are compared in constant time: each instruction is traced, which is
# slow, and valgrind tells what a secret decides, at five levels of two
# compilers.
# What the clock says has no part in it.
. tests/stages/common.sh
constant_time() {
    $1 -std=c99 -D_GNU_SOURCE $warn -O2 -I. tests/constant_time.c \
        -o "$build/constant_time" && "$build/constant_time"
}
check "secrets are compared in constant time (gcc)" constant_time gcc
check "secrets are compared in constant time (clang)" constant_time clang
undefined() { # undefined COMPILER
    for level in 0 1 2 3 s; do
        # shellcheck disable=SC2086
        $1 -std=c99 -D_GNU_SOURCE $warn -O$level -I. tests/constant_valgrind.c \
            -o "$build/constant_valgrind" &&
            valgrind -q "$build/constant_valgrind" 2>"$build/valgrind.log" ||
            return 1
    done
}
check "no branch and no address depends on a secret, five levels (gcc)" \
    undefined gcc
check "no branch and no address depends on a secret, five levels (clang)" \
    undefined clang
finish
