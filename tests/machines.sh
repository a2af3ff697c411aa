#!/bin/sh
# The unit tests of the header and every short input, run (not only compiled) on
# other machines, by other compilers, with another libc, and under what watches
# memory and numbers; two boards without an operating system; and what analysers
# say. usage: machines.sh BUILD_DIR [NAME...]   (without one: all of the table)
# Its last line is "N passed, N failed".
set -u
build=$1
shift
# name, how it is compiled, what runs it. The machines: 32 and 64 bits, either
# byte order, char signed or not. What has no cmocka takes the stand-in.
static="-std=c99 -O1 -static -Itests/windows"
watched="-std=c99 -O1 -g1 -Itests/windows -fno-sanitize-recover=all"
all="i686|i686-linux-gnu-gcc $static|qemu-i386
armhf|arm-linux-gnueabihf-gcc $static|qemu-arm
riscv64|riscv64-linux-gnu-gcc $static|qemu-riscv64
s390x|s390x-linux-gnu-gcc $static|qemu-s390x
wasm32|clang-19 --target=wasm32-wasi --sysroot=/usr -std=c99 -O1 -Itests/wasi -Itests/windows -Wl,-z,stack-size=1048576|node --no-warnings tests/wasi/run.mjs
musl|musl-gcc $static|
tcc|tcc -std=c99 -Itests/windows|
gcc-11|gcc-11 -std=c11 -O2 -Itests/windows|
gcc-12|gcc-12 -std=c17 -O3 -Itests/windows|
clang-13|clang-13 -std=c99 -O2 -Itests/windows|
clang-14|clang-14 -std=c11 -Os -Itests/windows|
clang-15|clang-15 -std=c17 -O2 -Itests/windows|
clang-16|clang-16 -std=c2x -O3 -Itests/windows|
clang-19|clang-19 -std=c2x -O2 -Itests/windows|
memory|clang-19 $watched -fsanitize=memory|
integer|clang-19 $watched -fsanitize=undefined,integer,implicit-conversion -fsanitize-ignorelist=$build/ignore|
valgrind|gcc -std=c99 -O1 -g1 -Itests/windows|valgrind -q --error-exitcode=1"
chosen=${*:-$(echo "$all" | sed 's/|.*//') boards analysers}
passed=0
failed=0
tests=$(for t in tests/test_*.c; do basename "$t" .c; done |
    grep -vE '_(adapters|network|peers|signature)$')
mkdir -p "$build"
# a test may let a hash of its own wrap
printf 'src:*tests/test*\nsrc:*examples/mock/*\n' >"$build/ignore"

add() { # add GOOD BAD WHAT
    passed=$((passed + $1))
    failed=$((failed + $2))
    echo "$3: $1 passed, $2 failed"
}
count() { # what cmocka's stand-in says at its end
    counted=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$1" | tail -1)
    lost=$(grep -c '^\[  FAILED  \] [a-z]' "$1")
}
# short NAME COMPILE RUN: every short input, but where that takes too long
short() {
    case $1-${SHORT:-1} in memory-* | integer-* | valgrind-* | tcc-* | *-0)
        return ;; esac
    # shellcheck disable=SC2086
    $2 -D_GNU_SOURCE -w -I. -O2 tests/short_inputs.c -o "$to/short_inputs" &&
        $3 "$to/short_inputs" >"$to/short_inputs.log" 2>&1
    status=$?
    add $((status == 0)) $((status != 0)) "$1 every short input"
    grep ANOTHER "$to/short_inputs.log"
}
machine() { # machine NAME COMPILE RUN
    to=$build/$1
    mkdir -p "$to"
    # shellcheck disable=SC2086
    printf '%s\n' $tests | xargs -P "$(getconf _NPROCESSORS_ONLN)" -I NAME \
        sh -c "$2 -D_GNU_SOURCE -w -I. tests/NAME.c -o $to/NAME || rm -f $to/NAME
            $3 $to/NAME >$to/NAME.log 2>&1; echo \$? >$to/NAME.status"
    good=0
    bad=0
    for t in $tests; do
        case $1-$t in wasm32-test_mock) # it has no sockets to mock with
            echo "skipped: $t on $1, which has no sockets"; continue ;; esac
        count "$to/$t.log"
        [ "$(cat "$to/$t.status")" -eq 0 ] || [ "$lost" -gt 0 ] || lost=1
        good=$((good + ${counted:-0}))
        bad=$((bad + lost))
        [ "$lost" -eq 0 ] || { echo "$t:"; tail -5 "$to/$t.log"; }
    done
    add $good $bad "$1, the unit tests"
    short "$@"
}
boards() {
    if sh examples/bare_metal/run.sh "$build/boards"; then add 2 0 boards
    else add 0 1 boards; fi
}
said_nothing() { # said_nothing WHAT COMMAND...
    what=$1
    shift
    "$@" >"$build/said" 2>&1
    if [ -s "$build/said" ]; then
        add 0 1 "$what"
        head -20 "$build/said"
    else add 1 0 "$what"; fi
}
analysers() { # what users run over the headers they take in
    for h in '' curl mbedtls openssl platform socket memory; do
        file=$build/analysed_$h.c
        printf '#define LINKEDIN_IMPLEMENTATION\n#include "linkedin.h"\n' >"$file"
        [ -z "$h" ] || echo "#include \"adapters/linkedin_$h.h\"" >>"$file"
        levels=-O1
        [ -n "$h" ] || levels='-O0 -O1 -O2'
        for level in $levels; do
            said_nothing "gcc -fanalyzer $level ${h:-linkedin.h}" gcc -std=c99 \
                -D_GNU_SOURCE $level -fanalyzer -I. -c "$file" -o "$build/an.o"
        done
        said_nothing "clang --analyze ${h:-linkedin.h}" clang-19 --analyze \
            -std=c99 -D_GNU_SOURCE -I. "$file" -o "$build/an.plist"
        case $h in '') file=linkedin.h ;; *) file=adapters/linkedin_$h.h ;; esac
        # it cannot tell what __has_include says
        said_nothing "cppcheck ${h:-linkedin.h}" cppcheck --enable=warning -q \
            --std=c99 --language=c -D__linux__ -U__has_include \
            -DLIBCURL_VERSION_NUM=0x075800 -DMBEDTLS_VERSION_NUMBER=0x021c0000 \
            -DOPENSSL_VERSION_NUMBER=0x30000000L \
            -DLINKEDIN_IMPLEMENTATION "$file"
    done
}
for name in $chosen; do
    case $name in
    boards | analysers) $name ;;
    *)
        row=$(echo "$all" | grep "^$name|") || { echo "no machine $name"; exit 2; }
        how=${row#*|}
        machine "$name" "${how%|*}" "${how##*|}" ;;
    esac
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
