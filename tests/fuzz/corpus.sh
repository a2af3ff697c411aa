#!/bin/sh
# The kept inputs of a fuzzer: files in tests/fuzz/corpus/NAME, by hand or for a
# bug that was fixed, and in NAME.b64 beside it what fuzzing has found and
# -set_cover_merge=1 -use_counters=0 has left: a line each, in base64.
# usage: corpus.sh out NAME DIR   copies them all into DIR
#        corpus.sh in NAME DIR    makes NAME.b64 of the files in DIR
set -eu
kept=tests/fuzz/corpus/$2
case $1 in
out)
    mkdir -p "$3"
    [ ! -d "$kept" ] || cp "$kept"/* "$3/"
    [ ! -e "$kept.b64" ] || {
        n=0
        while read -r line; do
            n=$((n + 1))
            echo "$line" | base64 -d >"$3/kept-$n"
        done <"$kept.b64"
    } ;;
in)
    for file in "$3"/*; do
        base64 -w 0 "$file" && echo
    done | sort | awk '{ print length, $0 }' | sort -n | cut -d ' ' -f 2 |
        grep . >"$kept.b64" ;;
*)
    echo "usage: corpus.sh out|in NAME DIR" >&2
    exit 2 ;;
esac
