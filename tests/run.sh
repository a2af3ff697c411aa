#!/bin/sh
# `make test`: every check, counted; the last line is "N passed, N failed".
# usage: run.sh BUILD_DIR
set -u
build=$1
mkdir -p "$build"
passed=0
failed=0
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
ok() { passed=$((passed + 1)); echo "ok      $1"; }
not_ok() { failed=$((failed + 1)); echo "FAILED  $1"; }
# check NAME COMMAND...: one check; its output is shown only if it fails
check() {
    name=$1
    shift
    if "$@" >"$build/check.log" 2>&1; then ok "$name"; else
        not_ok "$name"
        tail -60 "$build/check.log"
    fi
}

warn="-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
      -Wcast-qual -Werror"
printf '#define LINKEDIN_IMPLEMENTATION\n#include "linkedin.h"\n' >"$build/alone.c"
cp "$build/alone.c" "$build/alone.cc"

echo "== the header alone"
for cc in gcc clang; do
    for level in -O0 -O2 -Os; do
        check "$cc $level as C99" $cc -std=c99 $warn -Wstrict-prototypes $level \
            -I. -c "$build/alone.c" -o "$build/alone_$cc.o"
    done
    cxx=$(echo $cc | sed 's/gcc/g++/; s/clang/clang++/')
    check "$cxx as C++11" $cxx -std=c++11 $warn -I. -c "$build/alone.cc" \
        -o "$build/alone.cxx.o"
done
undefined() {
    nm -u "$1" | awk '{ print $2 }' |
        grep -vxE 'memcpy|memmove|memset|memchr|strlen|_GLOBAL_OFFSET_TABLE_' |
        { ! grep .; }
}
exported() { nm -g --defined-only "$1" | awk '{ print $3 }' | { ! grep -v '^li_'; }; }
no_data() { size "$1" | awk 'NR == 2 { exit $2 + $3 > 0 }'; }
for cc in gcc clang; do
    check "$cc: refers to five memory functions only" undefined "$build/alone_$cc.o"
    check "$cc: exports li_ names only" exported "$build/alone_$cc.o"
done
gcc -std=c99 -Os -fno-pie -I. -c "$build/alone.c" -o "$build/alone_nopie.o"
check "no data, no bss" no_data "$build/alone_nopie.o"
section() {
    sh tests/sections.sh "$1" >"$build/cut.h" &&
    printf '#define LINKEDIN_IMPLEMENTATION\n#include "cut.h"\n' >"$build/cut.c" &&
    gcc -std=c99 $warn -Wno-unused-function -Wno-unused-const-variable \
        -I"$build" -c "$build/cut.c" -o "$build/cut.o" && undefined "$build/cut.o"
}
for s in base text json digest restli call linkedin run; do
    check "section $s needs only those above it" section $s
done
twice() { # two files with LINKEDIN_STATIC, and one of each other kind
    printf '#define LINKEDIN_STATIC\n#define LINKEDIN_IMPLEMENTATION\n#include "linkedin.h"\nint a(void); int a(void) { return li_strerror(LI_OK)[0]; }\n' >"$build/s1.c" &&
    sed 's/int a(void)/int b(void)/g' "$build/s1.c" >"$build/s2.c" &&
    printf '#include "linkedin.h"\n#include "linkedin.h"\nint a(void); int b(void);\nint main(void) { return a() - b() + li_strerror(LI_OK)[4]; }\n' >"$build/s3.c" &&
    gcc -std=c99 $warn -I. "$build/s1.c" "$build/s2.c" "$build/s3.c" "$build/alone.c" -o "$build/twice" &&
    "$build/twice"
}
not_of_a_pointer() { # LI_BUF takes arrays, whose size it knows
    printf '#include "linkedin.h"\nint f(char *p); int f(char *p) { li_buf b = LI_BUF(p); return (int)b.cap; }\n' >"$build/pointer.c" &&
    cp "$build/pointer.c" "$build/pointer.cc" &&
    ! gcc -std=c99 -w -I. -c "$build/pointer.c" -o "$build/pointer.o" &&
    ! clang -std=c99 -w -I. -c "$build/pointer.c" -o "$build/pointer.o" &&
    ! g++ -std=c++11 -w -I. -c "$build/pointer.cc" -o "$build/pointer.o" &&
    sed -i 's/char \*p) {/char *q) { char p[8]; *p = *q;/' "$build/pointer.c" &&
    gcc -std=c99 $warn -I. -c "$build/pointer.c" -o "$build/pointer.o"
}
check "LI_BUF of a pointer does not compile" not_of_a_pointer
check "LINKEDIN_STATIC in two files beside a shared one" twice

echo "== other machines: compiles, without <string.h>"
cat >"$build/free.c" <<'END'
#include <stddef.h>
void *m_cpy(void *, const void *, size_t);
void *m_move(void *, const void *, size_t);
void *m_set(void *, int, size_t);
void *m_chr(const void *, int, size_t);
size_t s_len(const char *);
#define LI_MEMCPY m_cpy
#define LI_MEMMOVE m_move
#define LI_MEMSET m_set
#define LI_MEMCHR m_chr
#define LI_STRLEN s_len
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
END
for machine in thumbv6m-none-eabi msp430 wasm32 s390x-linux-gnu i386-linux-gnu riscv32; do
    check "$machine" clang --target=$machine -ffreestanding -std=c99 $warn -I. \
        -fsyntax-only "$build/free.c"
done
check "Windows dialect" clang --driver-mode=cl --target=x86_64-pc-windows-msvc /W4 /WX \
    /clang:-ffreestanding -I. /c "$build/free.c" "/Fo$build/free.obj"

echo "== unit tests, with address and undefined-behaviour sanitizers"
for name in gcc clang; do
    if ! make -s -j"$jobs" units NAME=$name CC=$name BUILD="$build" >"$build/units.log" 2>&1; then
        not_ok "unit tests build with $name"
        tail -40 "$build/units.log"
    fi
    for t in "$build/$name"/test_*; do
        [ -x "$t" ] || continue
        "$t" >"$build/unit.log" 2>&1
        rc=$?
        good=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$build/unit.log" | awk '{ n += $1 } END { print n + 0 }')
        bad=$(sed -n 's/^\[  FAILED  \] \([0-9]*\) test.*/\1/p' "$build/unit.log" | awk '{ n += $1 } END { print n + 0 }')
        [ $rc -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
        [ "$good" -gt 0 ] || bad=$((bad + 1))
        passed=$((passed + good))
        failed=$((failed + bad))
        echo "$name $(basename "$t"): $good passed, $bad failed"
        grep -E '^(100,000 elements|64 MiB|hostile peers)' "$build/unit.log"
        [ "$bad" -eq 0 ] || grep -E 'FAILED|ERROR|error|runtime' "$build/unit.log" | head -40
    done
done

peers() { # without sanitizers, which have memory of their own
    gcc -std=c99 -D_GNU_SOURCE $warn -O2 -I. tests/test_peers.c -o "$build/peers" \
        -lcmocka -lmbedtls -lmbedx509 -lmbedcrypto -lcurl &&
        "$build/peers"
}
check "hostile peers over both adapters, plain and TLS, in 8 MB" peers
grep '^hostile peers' "$build/check.log"
small_adapter() {
    [ "$(wc -l <adapters/linkedin_curl.h)" -le 350 ] &&
        ! grep -rl "li_curl_""run" --include='*.[ch]' --include='*.md' . |
            grep -v CHANGELOG
}
check "linkedin_curl.h has 350 lines at most" small_adapter

echo "== faults, in virtual time"
faults() { # faults CALLS FLAGS...
    calls=$1
    shift
    gcc -std=c99 $warn "$@" -I. tests/faults.c -o "$build/faults" &&
        "$build/faults" "$calls"
}
check "a million calls, a fault at any step" faults 1000000 -O2
check "a hundred thousand, with sanitizers" faults 100000 -g -O1 \
    -fsanitize=address,undefined -fno-sanitize-recover=all
flows() {
    gcc -std=c99 $warn -g -O1 -fsanitize=address,undefined \
        -fno-sanitize-recover=all -I. tests/faults_flows.c \
        -o "$build/faults_flows" && "$build/faults_flows" 20000
}
check "20,000 listings, uploads and creates, a fault at any step" flows
constant_time() {
    $1 -std=c99 -D_GNU_SOURCE $warn -O2 -I. tests/constant_time.c \
        -o "$build/constant_time" && "$build/constant_time"
}
check "secrets are compared in constant time (gcc)" constant_time gcc
check "secrets are compared in constant time (clang)" constant_time clang

echo "== fuzzers, a short while"
check "50,000 inputs for every parser" env FUZZ_RUNS=50000 \
    sh tests/fuzz/run.sh "$build"

echo "== examples"
for f in examples/*.c; do
    name=$(basename "$f" .c)
    check "$name builds without a warning" gcc -std=c99 -D_GNU_SOURCE $warn \
        -O1 -I. "$f" -o "$build/$name" -Wl,--as-needed -lcurl -lmbedtls \
        -lmbedx509 -lmbedcrypto
done
for f in adapters/*.h; do
    printf '#define LINKEDIN_IMPLEMENTATION\n#include "linkedin.h"\n#include "%s"\n' "$f" >"$build/adapter.cc"
    check "$(basename "$f") as C++11" g++ -std=c++11 -D_GNU_SOURCE -Wall -Wextra -Werror -I. \
        -c "$build/adapter.cc" -o "$build/adapter.o"
done
check "custom_transport says hello" sh -c "'$build/custom_transport' | grep -q 'Hello, Ana Li!'"
lines() { # the first program and the custom transport stay short
    awk '/^int main/,/^}/' examples/hello.c | wc -l | awk '{ exit $1 > 20 }' &&
    awk '/^typedef struct wire/,/^static void w_close/' examples/custom_transport.c |
        wc -l | awk '{ exit $1 > 12 }'
}
check "the first program and a transport are short" lines

# mock NAME OPTIONS...: starts the mock, in $mock and $mock_pid
mock() {
    log=$build/mock_$1
    shift
    : >"$log.out" # the port of the one before is not taken for this one's
    "$build/mock_linkedin" --port 0 --exit-after 300 "$@" \
        >"$log.out" 2>"$log.log" &
    mock_pid=$!
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        mock=$(sed -n 's/^listening on //p' "$log.out")
        [ -n "$mock" ] && return
        sleep 0.2
    done
    return 1
}
event_loop() {
    mock loop --quiet --token the-token --fault 429-retry-after:0%5 \
        --fault reset%2 --fault lost%1 && "$build/event_loop" "$mock"
    rc=$?
    kill $mock_pid
    return $rc
}
check "10,000 calls at once, with 429s and resets" event_loop
[ -s "$build/check.log" ] && sed 's/^/        /' "$build/check.log"
# the short examples, as a user would try them on the mock
catalogue() {
    mock catalogue --quiet --token the-token || return 1
    export LINKEDIN_TOKEN=the-token LINKEDIN_BASE=$mock
    bad=0
    for example in posts post_kinds social organizations ads ad_analytics conversions \
        leads events jobs "upload image urn:li:person:me README.md" \
        "upload document urn:li:person:me README.md" \
        "upload video urn:li:person:me README.md"; do
        echo "== $example"
        "$build"/$example || bad=1
    done
    kill $mock_pid
    return $bad
}
check "the catalogue of examples, on the mock" catalogue
short() {
    for f in examples/*.c; do # feed.c brings a whole HTTP stack
        most=60
        [ "$f" != examples/feed.c ] || most=90
        [ "$(wc -l <"$f")" -le $most ] || { echo "$f"; return 1; }
    done
}
check "each is a screenful" short
# the first program and the login, for which the mock is LinkedIn
first_steps() {
    mock steps --quiet --token the-token --auto-consent --client-id me \
        --client-secret it --redirect-uri http://localhost/back || return 1
    for name in hello login; do
        gcc -std=c99 -D_GNU_SOURCE -I. "-DLI_API_BASE=\"$mock\"" \
            "-DLI_AUTH_BASE=\"$mock\"" "examples/$name.c" \
            -o "$build/$name" -lcurl || return 1
    done
    export LINKEDIN_TOKEN=the-token LINKEDIN_CLIENT_ID=me \
        LINKEDIN_CLIENT_SECRET=it LINKEDIN_REDIRECT_URI=http://localhost/back
    rm -f "$build/login.json" "$build/login.in"
    mkfifo "$build/login.in"
    "$build/login" "$build/login.json" <"$build/login.in" \
        >"$build/login.out" 2>&1 &
    login=$!
    exec 9>"$build/login.in"
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        grep -q "^http" "$build/login.out" && break
        sleep 0.2
    done
    curl -s -o "$build/page" -w '%{redirect_url}\n' \
        "$(grep '^http' "$build/login.out")" >&9
    exec 9>&-
    wait $login && grep '^Hello' "$build/login.out" &&
        "$build/login" "$build/login.json" </dev/null && "$build/hello"
    rc=$?
    kill $mock_pid
    return $rc
}
check "hello, and login: by the browser, then by the token file" first_steps
check "webhook_server" sh tests/webhook.sh "$build"
token_file() { # token_file KILL SECONDS
    rm -f "$build"/shared_token.json*
    mock tokens --auto-consent --token-ttl 2 \
        --redirect-uri http://localhost:8080/callback &&
        gcc -std=c99 -D_GNU_SOURCE $warn -O1 -I. tests/token_file.c \
            -o "$build/token_file" &&
        (cd "$build" && ./token_file "$mock" "$1" "$2")
    rc=$?
    kill $mock_pid
    refreshes=$(grep -ac 'POST /oauth/v2/accessToken 200' "$log.log")
    # the sign-in, one for each two seconds, and what a killed one had begun
    echo "$refreshes token answers"
    [ $rc -eq 0 ] && [ "$refreshes" -gt $(($2 / 4)) ] &&
        [ "$refreshes" -le $(($2 / 2 + 2 + $1 * $2 / 4)) ]
}
check "four processes share a token: one refresh an expiry" token_file 0 30
check "and are killed at random" token_file 1 30

echo "== the demo"
check "make demo" make -s demo BUILD="$build"

echo "== real servers"
sh tests/integration/run.sh "$build" >"$build/integration.log" 2>&1
rc=$?
good=$(grep -c '^ok ' "$build/integration.log")
bad=$(grep -c '^not ok ' "$build/integration.log")
[ $rc -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
passed=$((passed + good))
failed=$((failed + bad))
echo "integration: $good passed, $bad failed"
[ "$bad" -eq 0 ] || { grep -A3 '^not ok' "$build/integration.log" | head -60; tail -20 "$build/integration.log"; }

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
