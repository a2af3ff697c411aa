#!/bin/sh
# Fuzzes every parser for FUZZ_SECONDS (default 60) each, or for FUZZ_RUNS
# inputs of a fixed seed, from the kept corpus. usage: run.sh BUILD_DIR
set -eu
build=$1/fuzz
how=-max_total_time=${FUZZ_SECONDS:-60}
[ -z "${FUZZ_RUNS:-}" ] || how="-runs=$FUZZ_RUNS -seed=1"
mkdir -p "$build"
for name in json http text restli flows; do
    clang -std=c99 -D_GNU_SOURCE -I. -g -O1 -Wall -Wextra \
        -Wno-unused-function -Werror -fsanitize=fuzzer,address,undefined \
        -fno-sanitize-recover=all \
        "tests/fuzz/fuzz_$name.c" -o "$build/fuzz_$name"
    mkdir -p "$build/$name"
    # shellcheck disable=SC2086
    ASAN_OPTIONS=quarantine_size_mb=16 "$build/fuzz_$name" "$build/$name" \
        "tests/fuzz/corpus/$name" -max_len=2048 $how \
        -artifact_prefix="$build/" -timeout=10 -dict="tests/fuzz/$name.dict" \
        2>"$build/$name.log" ||
        { tail -40 "$build/$name.log"; exit 1; }
    grep -E 'DONE' "$build/$name.log" | sed "s/^/$name: /"
done
echo "no failure found"
