#!/bin/sh
# Runs examples/demo.c against examples/mock_linkedin.c: over TLS with the
# sockets+mbedTLS adapter, and again with libcurl; or, where there is no TLS
# library, over plain loopback. usage: demo.sh BUILD_DIR tls|plain
set -eu
build=$1
way=$2
dir=$build/demo.d
rm -rf "$dir"
mkdir -p "$dir"
mock=
cleanup() { [ -z "$mock" ] || { kill "$mock" 2>/dev/null; wait "$mock" 2>/dev/null || true; }; mock=; }
trap cleanup EXIT
trap 'exit 1' INT TERM HUP

args="--port 0 --quiet --exit-after 120 --client-id demo-client
      --client-secret demo-secret --redirect-uri http://localhost:8910/callback
      --scopes openid,profile,email,r_basicprofile,w_member_social"
if [ "$way" = tls ]; then
    echo "making a CA and a certificate for localhost"
    (cd "$dir" &&
     openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca.key \
        -out ca.pem -subj "/CN=linkedin.h demo CA" &&
     openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr \
        -subj "/CN=localhost" &&
     printf 'subjectAltName=DNS:localhost\n' > ext &&
     openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -days 2 \
        -set_serial 1 -extfile ext -out server.pem) >"$dir/openssl.log" 2>&1 ||
        { cat "$dir/openssl.log"; exit 1; }
    args="$args --tls --cert $dir/server.pem --key $dir/server.key"
fi
# shellcheck disable=SC2086
"$build/mock_linkedin" $args >"$dir/mock.log" 2>&1 &
mock=$!
tries=0
until grep -q 'listening on' "$dir/mock.log"; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || { echo "the mock did not start"; cat "$dir/mock.log"; exit 1; }
    sleep 0.1
done
base=$(sed -n 's/^listening on //p' "$dir/mock.log" | head -1)
port=${base##*:}
if [ "$way" = tls ]; then
    "$build/demo" socket "https://localhost:$port" "$dir/ca.pem"
    "$build/demo" curl "https://localhost:$port" "$dir/ca.pem"
else
    echo "no TLS library: the demo runs over plain loopback"
    "$build/demo" socket "http://localhost:$port"
fi
cleanup
echo "demo passed"
