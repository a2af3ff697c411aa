#!/bin/sh
# Fuzzes every parser for FUZZ_SECONDS (default 60) each, or for FUZZ_RUNS
# inputs of a fixed seed, from the kept corpus; as many at a time as there are
# cores. What a fuzzer found on the way lies in BUILD_DIR/fuzz/NAME, and an
# input that fails in BUILD_DIR/fuzz. usage: run.sh BUILD_DIR
set -eu
build=$1/fuzz
how=-max_total_time=${FUZZ_SECONDS:-60}
[ -z "${FUZZ_RUNS:-}" ] || how="-runs=$FUZZ_RUNS -seed=1"
mkdir -p "$build"
fuzz() {
    clang -std=c99 -D_GNU_SOURCE -I. -g1 -O1 -Wall -Wextra \
        -Wno-unused-function -Werror -fsanitize=fuzzer,address,undefined \
        -fno-sanitize-recover=all \
        "tests/fuzz/fuzz_$1.c" -o "$build/fuzz_$1" || return 1
    mkdir -p "$build/$1"
    # shellcheck disable=SC2086
    ASAN_OPTIONS=quarantine_size_mb=16 "$build/fuzz_$1" "$build/$1" \
        "tests/fuzz/corpus/$1" -max_len=2048 $how \
        -artifact_prefix="$build/$1-" -timeout=10 -dict="tests/fuzz/$1.dict" \
        2>"$build/$1.log"
}
names='client flows restli http json text'
cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
running=
for name in $names; do
    rm -f "$build/$name.ok"
    (fuzz $name && touch "$build/$name.ok") &
    running="$running $!"
    # shellcheck disable=SC2086
    set -- $running
    if [ $# -ge "$cores" ]; then
        wait "$1" || true
        shift
        running=$*
    fi
done
wait
for name in $names; do
    if [ ! -e "$build/$name.ok" ]; then
        echo "$name failed:"
        tail -40 "$build/$name.log"
        exit 1
    fi
    grep -E 'DONE' "$build/$name.log" | sed "s/^/$name: /"
done
echo "no failure found"
