# Every short input of each grammar: what the header says of them all is what it
# said before, by two compilers, and without the short cuts.
. tests/stages/common.sh
same() { # same COMPILER OPTIONS...
    # shellcheck disable=SC2086
    "$1" -std=c99 -D_GNU_SOURCE $warn $2 -I. tests/short_inputs.c \
        -o "$build/short_inputs" && "$build/short_inputs"
}
check "every short input, gcc" same gcc -O2
tail -1 "$build/check.log"
check "every short input, clang, for size" same clang -Os
finish
