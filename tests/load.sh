#!/bin/sh
# usage: [CALLS=N] load.sh BUILD_DIR SECONDS: tests/load.c on two mocks, one of
# them with TLS, that fail in all their ways, each for one request of twenty.
set -u
build=$1 seconds=$2
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout "$build/load.key" \
    -out "$build/load.pem" -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost 2>"$build/load.openssl" ||
    { cat "$build/load.openssl"; exit 1; }
faults=
for kind in 401-revoked 429 429-retry-after:0 500 502-html 503 504 slow:20 \
    drip:1 cut:40 reset lost stall:10; do
    faults="$faults --fault $kind%5"
done
mocks=
trap 'kill $mocks 2>/dev/null' EXIT
trap 'exit 1' INT TERM HUP
serve() { # serve NAME OPTIONS...: its address goes to build/NAME.out
    name=$1; shift
    rm -f "$build/$name.out" # an older run's address
    # shellcheck disable=SC2086
    "$build/mock_linkedin" --port 0 --quiet --token the-token \
        --exit-after $((seconds + 300)) "$@" $faults >"$build/$name.out" &
    mocks="$mocks $!"
    until grep -qs 'listening on' "$build/$name.out"; do
        kill -0 $! || exit 1
        sleep 0.1
    done
}
serve load_plain
serve load_tls --tls --cert "$build/load.pem" --key "$build/load.key"
port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' "$build/load_tls.out")
"$build/load" "$(sed -n 's/^listening on //p' "$build/load_plain.out")" \
    "https://localhost:$port" "$build/load.pem" "$seconds" "${CALLS:-10000}"
