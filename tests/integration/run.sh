#!/bin/sh
# The library against servers and clients that no one here wrote: LinkedIn's
# own JavaScript client on the mock, and both adapters on oidc-provider behind
# nginx with TLS. One line a check. usage: run.sh BUILD_DIR
set -u
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
dir=$build/integration.d
rm -rf "$dir"
mkdir -p "$dir"
pids=
cleanup() { for p in $pids; do kill "$p" 2>/dev/null; done; wait 2>/dev/null; }
trap cleanup EXIT
trap 'exit 1' INT TERM HUP
PATH=$PATH:/usr/sbin

fail() { echo "not ok $1"; [ -z "${2:-}" ] || sed 's/^/# /' "$2"; exit 1; }
# base LOG: waits for "listening on URL" and prints the URL
base() {
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
        sed -n 's/^listening on //p' "$1" 2>/dev/null | grep . && return 0
        sleep 0.2
    done
    return 1
}

# oidc-provider needs Node 20; Debian 12's own is 18
if [ "$(node -p 'parseInt(process.versions.node)')" -lt 20 ]; then
    npm install --prefix "$dir/node" node@20 >"$dir/npm.log" 2>&1 ||
        fail "npm install node@20" "$dir/npm.log"
    PATH=$dir/node/node_modules/node/bin:$PATH
fi
npm ci --prefix "$here" >"$dir/npm.log" 2>&1 || fail "npm ci" "$dir/npm.log"

cd "$dir" || exit 1
{
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca.key -out ca.pem \
        -subj "/CN=linkedin.h test CA" &&
    openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr \
        -subj "/CN=localhost" &&
    printf 'subjectAltName=DNS:localhost\n' >ext &&
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -days 2 \
        -set_serial 1 -extfile ext -out server.pem
} >openssl.log 2>&1 || fail "certificates" openssl.log

# 1. LinkedIn's own client on the mock, over TLS
"$build/mock_linkedin" --port 0 --quiet --exit-after 120 --tls \
    --cert server.pem --key server.key --token the-token \
    --redirect-uri http://localhost:8080/callback \
    --scopes "openid profile email r_basicprofile w_member_social" >mock.log 2>&1 &
pids="$pids $!"
mock=$(base mock.log) || fail "the mock starts" mock.log
NODE_EXTRA_CA_CERTS=$dir/ca.pem \
    MOCK_BASE=https://localhost:${mock##*:} \
    node "$here/official_client.mjs" 2>client.err | sed 's/^\(ok\|not ok\) /\1 official client: /' ||
    fail "official client" client.err

"${CC:-cc}" -std=c99 -D_GNU_SOURCE -g -O1 -fsanitize=address,undefined \
    -I"$here/../.." "$here/rest_methods.c" -o rest_methods \
    -lmbedtls -lmbedx509 -lmbedcrypto -lcurl -lcrypto >cc.log 2>&1 ||
    fail "rest_methods builds" cc.log
for way in socket curl; do
    ./rest_methods $way "https://localhost:${mock##*:}" ca.pem 2>"$way.err" ||
        sed 's/^/# /' "$way.err"
done

# 2. generated calls, as LinkedIn's own client makes them
"${CC:-cc}" -std=c99 -D_GNU_SOURCE -g -O1 -fsanitize=address,undefined \
    -I"$here/../.." "$here/rest_client.c" -o rest_client >cc.log 2>&1 ||
    fail "rest_client builds" cc.log
node "$here/differential.mjs" "$dir/rest_client" 10000 >differential.log 2>&1
cut -c1-2000 differential.log

# 3. both adapters on a real OAuth server
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1",
    () => { console.log(s.address().port); s.close(); })')
ISSUER=https://localhost:$port PORT=0 \
    REDIRECT_URI=http://localhost:8080/callback \
    node "$here/oidc_provider.mjs" >oidc.log 2>oidc.err &
pids="$pids $!"
oidc=$(base oidc.log) || fail "oidc-provider starts" oidc.err
cat >nginx.conf <<END
daemon off;
pid $dir/nginx.pid;
error_log $dir/nginx.err;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path $dir/t1; proxy_temp_path $dir/t2;
    fastcgi_temp_path $dir/t3; uwsgi_temp_path $dir/t4; scgi_temp_path $dir/t5;
    server {
        listen 127.0.0.1:$port ssl http2;
        ssl_certificate $dir/server.pem;
        ssl_certificate_key $dir/server.key;
        location / {
            if (\$http_authorization = "Bearer feed") {
                return 200 '{"sub":"782","name":"Ana \$server_protocol"}';
            }
            proxy_pass $oidc;
            proxy_http_version 1.1;
            proxy_set_header Host \$http_host;
            proxy_set_header X-Forwarded-Proto https;
            proxy_set_header X-Forwarded-Host \$http_host;
        }
    }
}
END
nginx -c "$dir/nginx.conf" -p "$dir" >nginx.out 2>&1 &
pids="$pids $!"
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    curl -s --cacert ca.pem -o /dev/null "https://localhost:$port/" && break
    sleep 0.2
done
"${CC:-cc}" -std=c99 -D_GNU_SOURCE -g -O1 -fsanitize=address,undefined \
    -I"$here/../.." "$here/oidc_client.c" -o oidc_client \
    -lmbedtls -lmbedx509 -lmbedcrypto -lcurl -lcrypto >cc.log 2>&1 ||
    fail "the client builds" cc.log
status=0
"${CC:-cc}" -std=c99 -D_GNU_SOURCE -g -O1 -fsanitize=address,undefined \
    -I"$here/../.." "$here/../../examples/feed.c" -o feed -lcurl >cc.log 2>&1 ||
    fail "feed builds" cc.log
said=$(LINKEDIN_TOKEN=feed LINKEDIN_CA=ca.pem \
    LINKEDIN_BASE=https://localhost:$port ./feed 2>feed.err)
if [ "$said" = "Ana HTTP/2.0" ]; then
    echo "ok feed: libcurl's own HTTP/2 behind li_feed_*"
else
    echo "not ok feed: $said"
    sed 's/^/# /' feed.err
fi
for way in socket curl; do
    ./oidc_client $way "https://localhost:$port" ca.pem 2>"$way.err" || {
        status=1
        sed 's/^/# /' "$way.err"
    }
done
exit $status
