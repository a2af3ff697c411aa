# Secrets are compared in constant time: each instruction is traced, which is
# slow, and what the clock says has no part in it.
. tests/stages/common.sh
constant_time() {
    $1 -std=c99 -D_GNU_SOURCE $warn -O2 -I. tests/constant_time.c \
        -o "$build/constant_time" && "$build/constant_time"
}
check "secrets are compared in constant time (gcc)" constant_time gcc
check "secrets are compared in constant time (clang)" constant_time clang
finish
