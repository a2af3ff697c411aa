#!/bin/sh
# Builds the bench, counts and times, prints one table. Exit 0: nothing missed.
# Debian: gcc valgrind strace libjsmn-dev libcjson-dev libhttp-parser-dev
#         libmbedtls-dev libcurl4-openssl-dev nginx-light openssl
set -eu
cd "$(dirname "$0")/.."
mkdir -p "${BUILD:-build}/bench"
out=$(cd "${BUILD:-build}/bench" && pwd)
cd bench
missing=
PATH=$PATH:/usr/sbin
for tool in gcc valgrind strace awk nginx openssl; do
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
flags='-std=gnu99 -O2 -Wall -Wextra -Wpedantic -Wno-missing-field-initializers'
printf '#include "../adapters/linkedin_%s.h"\n' socket curl |
    gcc $flags -I. -DLINKEDIN_IMPLEMENTATION -x c -c - -o "$out/linkedin.o"
gcc $flags -DFORM\(x\)=jsmn_plain_\#\#x -c jsmn.c -o "$out/jsmn_plain.o"
gcc $flags -DFORM\(x\)=jsmn_strict_\#\#x -DJSMN_STRICT -DJSMN_PARENT_LINKS \
    -c jsmn.c -o "$out/jsmn_strict.o"
gcc $flags bench.c "$out/linkedin.o" "$out/jsmn_plain.o" "$out/jsmn_strict.o" \
    -o "$out/bench" -lcurl -lcjson -lhttp_parser -lmbedcrypto
gcc $flags -Wno-unused-function -I.. many.c -o "$out/many" -lcurl

# The server is nginx, plain and with TLS: what is counted is the client's.
www=$out/www
rm -rf "$www"
mkdir -p "$www/v2"
"$out/bench" profile > "$www/v2/me"
echo '{"sub":"782bbtaQ","name":"Ann Example","email":"ann@example.com"}' \
    > "$www/v2/userinfo"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
    -keyout "$out/key.pem" -out "$out/ca.pem" -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost 2> "$out/openssl.log"
port=$((20000 + $$ % 20000)) tls=$((20001 + $$ % 20000))
cat > "$out/nginx.conf" <<END
daemon off;
worker_processes 1;
pid $out/nginx.pid;
error_log $out/nginx.err;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path $out/t1; proxy_temp_path $out/t2;
    fastcgi_temp_path $out/t3; uwsgi_temp_path $out/t4; scgi_temp_path $out/t5;
    keepalive_requests 100000000;
    default_type application/json;
    add_header X-Li-Fabric prod-lor1;
    add_header X-Li-Pop prod-lor1-x;
    add_header X-LI-UUID AAYtcRz7sEvLuBntvf4aQF==;
    add_header X-RestLi-Protocol-Version 2.0.0;
    add_header X-Li-Proto http/1.1;
    add_header Cache-Control no-store;
    add_header Vary Accept;
    server {
        listen 127.0.0.1:$port backlog=1024;
        listen 127.0.0.1:$tls ssl;
        ssl_certificate $out/ca.pem;
        ssl_certificate_key $out/key.pem;
        root $www;
    }
}
END
nginx -c "$out/nginx.conf" -p "$out" > "$out/nginx.out" 2>&1 &
server=$!
trap 'kill $server' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10; do
    curl -s -o "$out/page" "http://localhost:$port/v2/me" && break
    sleep 0.2
done

"$out/bench" time "$port" "$tls" "$out/ca.pem" > "$out/times"
"$out/many" "http://localhost:$port" 10000 256 > "$out/many.txt"
rm -f "$out"/callgrind.*
valgrind -q --tool=callgrind --callgrind-out-file="$out/callgrind" \
    --toggle-collect=arrive --collect-atstart=yes \
    "$out/bench" count "$port" "$tls" "$out/ca.pem" > "$out/mallocs"

# System calls of one GET: of 101 less those of 1. The library's mallocs are
# counted by the bench's own malloc.
calls() {
    strace -f -c -o "$out/strace" "$out/bench" get "$1" "$port" "$2"
    awk '$NF == "total" {print $4}' "$out/strace"
}
for who in ours curl; do
    echo "calls	$who	$(($(calls $who 101) - $(calls $who 1)))"
done > "$out/calls"

awk -F '\t' -v shares="$out/shares" '
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
$1 == "many" {
    many = sprintf("\n13 10,000 GETs over 256 connections: ours over libcurl " \
        "%d a second, libcurl %d: %.2f (wanted: 1.5)\n" \
        "13 memory of a plain connection on a shared multi handle: %d B " \
        "(wanted: 12,288)\n", $2, $3, $4, $5)
    judge($4 >= 1.5)
    judge($5 <= 12288)
}
$1 == "row" && $3 == "" {
    if (of_peer || of_peers_ns) {
        if (of_peer)
            want = want " " of_peer " of it"
        want = want " " of_peers_ns " in time"
        held = (!of_peer || ir <= of_peer * count[$2]) &&
               ns <= of_peers_ns * $8 && verdict != "MISSED"
        if (task ~ /^12/)
            total[verdict]--
        judge(held)
        of_peer = of_peers_ns = 0
    }
    peers = peers sprintf("%s %.2f %.2f  ", $4, ir / count[$2], ns / $8)
    printf "%s\t%s\t%.4f\n", task, $4, ir / count[$2] > shares
    if (task ~ /^12/)
        peers = peers moved($2, "curl")
}
$1 == "row" && $3 != "" {
    finish()
    task = $3; len = $5; ns = $8; ir = count[$2]
    peers = ""
    of_peer = $9; of_peers_ns = $10
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
    printf "%s", many
    printf "\n%d held, %d missed\n", total["holds"], total["MISSED"]
    exit total["MISSED"] > 0
}' "$out"/callgrind.* "$out/mallocs" "$out/calls" "$out/times" "$out/many.txt" ||
    missed=1

# the picture in the README, of what was measured just now
flash=$(cd .. && sh tests/size.sh cortex-m0 |
    sed -n 's/^flash: GET, kept header, JSON field *\([0-9]*\) .*/\1/p' | head -1)
sh chart.sh "$out/shares" "$flash"
[ -z "$missed" ]
