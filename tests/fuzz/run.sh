#!/bin/sh
# Fuzzes every parser for FUZZ_SECONDS (default 60) each, or for FUZZ_RUNS
# inputs of a fixed seed (a tenth of them where an input is a whole
# conversation), from the kept corpus; as many at a time as there are cores.
# FUZZ_FAST=1: without sanitizers, for the claims and for edges alone, some ten
# times as many inputs in the same time; what they found is to be run with them
# afterwards. Each line tells in which run the last new edge was found.
# What a fuzzer found on the way lies in BUILD_DIR/fuzz/NAME, and an input that
# fails in BUILD_DIR/fuzz. usage: run.sh BUILD_DIR [NAME...]
set -eu
build=$1/fuzz
shift
mkdir -p "$build"
# the slow ones first, so that no core is idle at the end
names=${*:-client mock adapters flows api json_rapid restli http json text}
turns() {
    case $1 in client | mock | adapters | api) slow=1 ;; *) slow= ;; esac
    if [ -n "${FUZZ_RUNS:-}" ]; then
        echo "-runs=${FUZZ_RUNS%"${slow:+0}"} -seed=1"
    else
        echo "-max_total_time=${FUZZ_SECONDS:-60}"
    fi
}
if [ -n "${FUZZ_FAST:-}" ]; then
    how="-O2 -fsanitize=fuzzer -fno-sanitize-coverage=trace-cmp"
    feature='-entropic=0 -use_counters=0'
else
    how="-O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all"
    feature=
fi
flags="-I. -g1 $how -Wall -Wextra -Wno-unused-function -Werror"
compile() {
    to="-o $build/fuzz_$1"
    libs=
    [ "$1" != adapters ] || libs='-lcurl -lmbedtls -lmbedx509 -lmbedcrypto'
    # shellcheck disable=SC2086
    case $1 in
    # RapidJSON adds to a null pointer
    *_rapid) clang++ -std=c++11 $flags -fno-sanitize=pointer-overflow \
        "tests/fuzz/fuzz_$1.cc" $to ;;
    *) clang -std=c99 -D_GNU_SOURCE $flags "tests/fuzz/fuzz_$1.c" $to $libs ;;
    esac
}
fuzz() {
    compile "$1" 2>"$build/$1.log" || return 1
    mkdir -p "$build/$1"
    rm -rf "$build/$1.kept"
    sh tests/fuzz/corpus.sh out "$1" "$build/$1.kept"
    dict=${1%_rapid} # who compares two parsers has the words of the first
    # shellcheck disable=SC2046,SC2086
    ASAN_OPTIONS=quarantine_size_mb=16 "$build/fuzz_$1" "$build/$1" \
        "$build/$1.kept" -max_len=2048 $(turns "$1") $feature \
        -artifact_prefix="$build/$1-" -timeout=10 \
        -dict="tests/fuzz/$dict.dict" 2>"$build/$1.log"
}
if [ -n "${FUZZ_ONE:-}" ]; then
    fuzz "$1" && touch "$build/$1.ok"
    exit
fi
for name in $names; do rm -f "$build/$name.ok"; done
# this script again, for each of them
# shellcheck disable=SC2086
printf '%s\n' $names | FUZZ_ONE=1 xargs -P "$(getconf _NPROCESSORS_ONLN || echo 2)" \
    -L 1 sh "$0" "${build%/fuzz}" || true
for name in $names; do
    if [ ! -e "$build/$name.ok" ]; then
        echo "$name failed:"
        tail -40 "$build/$name.log"
        exit 1
    fi
    awk -v name="$name" '$3 == "cov:" && $4 > most { most = $4; last = $1 }
        $2 == "DONE" { print name ": " $0 ", last new edge: " last }' \
        "$build/$name.log"
done
echo "no failure found"
