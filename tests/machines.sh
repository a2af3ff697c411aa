#!/bin/sh
# The unit tests of the header, conformance and every short input, run (not only
# compiled) on other machines by qemu-user: 32 and 64 bits, either byte order,
# char signed or not. usage: machines.sh BUILD_DIR [MACHINE...]
# Its last line is "N passed, N failed". cmocka is there for none of them: the
# stand-in of tests/windows takes its place.
set -u
build=$1
shift
all='i686-linux-gnu:qemu-i386
arm-linux-gnueabihf:qemu-arm
riscv64-linux-gnu:qemu-riscv64
s390x-linux-gnu:qemu-s390x'
chosen=${*:-$all}
passed=0
failed=0
tests=$(for t in tests/test_*.c; do basename "$t" .c; done |
    grep -vE '_(adapters|network|peers|signature)$')
mkdir -p "$build"
flags="-std=c99 -D_GNU_SOURCE -O1 -w -static -I. -Itests/windows"
add() { # add GOOD BAD WHAT
    passed=$((passed + $1))
    failed=$((failed + $2))
    echo "$3: $1 passed, $2 failed"
}
count() { # what cmocka's stand-in says at its end
    counted=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$1" | tail -1)
    lost=$(grep -c '^\[  FAILED  \] [a-z]' "$1")
}
machine() { # machine TRIPLET QEMU
    to=$build/$1
    mkdir -p "$to"
    # shellcheck disable=SC2086
    printf '%s\n' $tests | xargs -P "$(getconf _NPROCESSORS_ONLN)" -I NAME \
        sh -c "$1-gcc $flags tests/NAME.c -o $to/NAME || rm -f $to/NAME"
    for t in $tests; do
        "$2" "$to/$t" >"$to/$t.log" 2>&1
        status=$?
        count "$to/$t.log"
        [ $status -eq 0 ] || [ "$lost" -gt 0 ] || lost=1
        add "${counted:-0}" "$lost" "$1 $t"
        [ "$lost" -eq 0 ] || tail -5 "$to/$t.log"
    done
    # shellcheck disable=SC2086
    "$1-gcc" $flags -O2 tests/short_inputs.c -o "$to/short_inputs" &&
        "$2" "$to/short_inputs" >"$to/short_inputs.log" 2>&1
    status=$?
    add $((status == 0)) $((status != 0)) "$1 every short input"
    grep ANOTHER "$to/short_inputs.log"
}
for row in $chosen; do
    case $row in
    *:*) ;;
    *) row=$(echo "$all" | grep "^$row:") || { echo "no machine $row"; exit 2; } ;;
    esac
    machine "${row%%:*}" "${row#*:}"
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
