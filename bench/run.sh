#!/bin/sh
# Builds the bench, counts and times, prints one table. Exit 0: nothing missed.
# Debian: gcc valgrind strace libjsmn-dev libcjson-dev libhttp-parser-dev
#         libmbedtls-dev libcurl4-openssl-dev
set -eu
cd "$(dirname "$0")/.."
mkdir -p "${BUILD:-build}/bench"
out=$(cd "${BUILD:-build}/bench" && pwd)
cd bench
missing=
for tool in gcc valgrind strace awk; do
    command -v "$tool" > /dev/null || missing="$missing $tool"
done
for header in jsmn cjson/cJSON http_parser mbedtls/md curl/curl \
    valgrind/callgrind; do
    echo "#include <$header.h>" | gcc -E -x c - > /dev/null 2>&1 ||
        missing="$missing $header.h"
done
if [ -n "$missing" ]; then
    echo "make bench needs:$missing" >&2
    sed -n 's/^# Debian:/apt install/p; s/^#         /  /p' run.sh >&2
    exit 2
fi

# The library by itself: its users call it, they do not inline it.
flags='-std=gnu99 -O2 -Wall -Wextra -Wpedantic'
echo '#include "../adapters/linkedin_socket.h"' |
    gcc $flags -I. -DLINKEDIN_IMPLEMENTATION -x c -c - -o "$out/linkedin.o"
gcc $flags -DFORM\(x\)=jsmn_plain_\#\#x -c jsmn.c -o "$out/jsmn_plain.o"
gcc $flags -DFORM\(x\)=jsmn_strict_\#\#x -DJSMN_STRICT -DJSMN_PARENT_LINKS \
    -c jsmn.c -o "$out/jsmn_strict.o"
gcc $flags bench.c "$out/linkedin.o" "$out/jsmn_plain.o" "$out/jsmn_strict.o" \
    -o "$out/bench" -lcurl -lcjson -lhttp_parser -lmbedcrypto

# The server is a process of its own: what is counted is the client's.
: > "$out/port"
"$out/bench" serve > "$out/port" &
server=$!
trap 'kill $server' EXIT
until [ -s "$out/port" ]; do sleep 0.05; done
port=$(cat "$out/port")

"$out/bench" time "$port" > "$out/times"
rm -f "$out"/callgrind.*
valgrind -q --tool=callgrind --callgrind-out-file="$out/callgrind" \
    --toggle-collect=arrive --collect-atstart=yes \
    "$out/bench" count "$port" > "$out/mallocs"

# System calls of one GET: of 101 less those of 1. The library's mallocs are
# counted by the bench's own malloc.
calls() {
    strace -f -c -o "$out/strace" "$out/bench" get "$1" "$port" "$2"
    awk '$NF == "total" {print $4}' "$out/strace"
}
for who in ours curl; do
    echo "calls	$who	$(($(calls $who 101) - $(calls $who 1)))"
done > "$out/calls"

awk -F '\t' '
function judge(ok) { verdict = ok ? "holds" : "MISSED"; total[verdict]++ }
function moved(row, who) {
    return sprintf("(%.3g calls, %d mallocs)", calls[who], mallocs[row])
}
function finish() {
    if (task != "")
        printf "%-33s%10d%8.2f%10d  %-14s%-8s%s\n", task, ir, ir / len, ns,
            want, verdict, peers
}
/^desc: Trigger: Client Request: row/ { sub(/.* /, ""); row = $0 }
/^summary: / { sub(/.* /, ""); count[row] = $0 + 0 }
$1 == "mallocs" { mallocs[$2] = $3 }
$1 == "calls" { calls[$2] = $3 / 100 }
$1 == "row" && $3 == "" {
    peers = peers sprintf("%s %.2f %.2f  ", $4, ir / count[$2], ns / $8)
    if (task ~ /^12/)
        peers = peers moved($2, "curl")
}
$1 == "row" && $3 != "" {
    finish()
    task = $3; len = $5; ns = $8; ir = count[$2]
    peers = ""
    want = verdict = "-"
    if ($6) { want = "<= " $6; judge(ir <= $6) }
    if ($7) { want = "<= " $7 "/B"; judge(ir <= $7 * len) }
    if (task ~ /^12/) {
        total[verdict]--
        want = want ", 2, 0 "
        judge(ir <= $6 && calls["ours"] <= 2 && mallocs[$2] == 0)
        peers = moved($2, "ours") "  "
    }
}
BEGIN {
    print "instructions of ours, per byte and nanoseconds; what is wanted; " \
        "ours / theirs in instructions and in time\n"
}
END {
    finish()
    printf "\n%d held, %d missed\n", total["holds"], total["MISSED"]
    exit total["MISSED"] > 0
}' "$out"/callgrind.* "$out/mallocs" "$out/calls" "$out/times"
