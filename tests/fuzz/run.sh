#!/bin/sh
# Fuzzes every parser for FUZZ_SECONDS (default 60) each, from the kept corpus.
# usage: run.sh BUILD_DIR
set -eu
build=$1/fuzz
seconds=${FUZZ_SECONDS:-60}
mkdir -p "$build"
for name in json http text; do
    clang -std=c99 -D_GNU_SOURCE -I. -g -O1 \
        -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
        "tests/fuzz/fuzz_$name.c" -o "$build/fuzz_$name"
    mkdir -p "$build/$name"
    ASAN_OPTIONS=quarantine_size_mb=16 "$build/fuzz_$name" "$build/$name" \
        "tests/fuzz/corpus/$name" -max_len=2048 -max_total_time="$seconds" \
        -timeout=10 -dict="tests/fuzz/$name.dict" 2>"$build/$name.log" ||
        { tail -40 "$build/$name.log"; exit 1; }
    grep -E 'DONE' "$build/$name.log" | sed "s/^/$name: /"
done
echo "no failure found"
