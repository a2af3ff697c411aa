# Windows, by mingw-w64 and wine: the header's own tests, the Winsock side of
# the adapters, and the first programs, on the mock.
. tests/stages/common.sh
cc=x86_64-w64-mingw32-gcc
libs="-lws2_32 -lbcrypt -ladvapi32"
WINEPREFIX=$(cd "$build" && pwd)/wine
WINEDEBUG=-all
export WINEPREFIX WINEDEBUG
# What a program prints goes by a file: wine's server, which outlives it, would
# keep a pipe open.
run() { timeout 200 wine "$@"; }

for h in linkedin.h adapters/linkedin_memory.h adapters/linkedin_platform.h \
    adapters/linkedin_socket.h; do
    printf '#define LINKEDIN_IMPLEMENTATION\n#include "linkedin.h"\n#include "%s"\n' \
        $h >"$build/one.c"
    # shellcheck disable=SC2086
    check "$h as C99, by mingw" $cc -std=c99 $warn -O2 -I. \
        -c "$build/one.c" -o "$build/one.o"
    # shellcheck disable=SC2086
    check "$h as C++11, by mingw" x86_64-w64-mingw32-g++ \
        -std=c++11 -Wall -Wextra -Wpedantic -Werror -I. -x c++ \
        -c "$build/one.c" -o "$build/one.o"
done
# There is no mbedTLS for mingw in Debian: its headers say whether it compiles.
mbedtls() {
    mkdir -p "$build/include" &&
        cp -R /usr/include/mbedtls /usr/include/psa "$build/include" &&
        printf '#define LINKEDIN_IMPLEMENTATION\n#include "linkedin.h"\n#include "adapters/linkedin_mbedtls.h"\n' \
            >"$build/one.c" &&
        $cc -std=c99 $warn -O2 -I. -isystem "$build/include" -c "$build/one.c" \
            -o "$build/one.o"
}
check "linkedin_mbedtls.h compiles, by mingw" mbedtls

# The header's own tests, with a stand-in for cmocka. Those that fork or need a
# library that mingw lacks stay out.
tests=$(for t in tests/test_*.c; do basename "$t" .c; done |
    grep -vE '_(adapters|network|peers|signature)$')
# shellcheck disable=SC2086
printf '%s\n' $tests | xargs -P "$jobs" -I NAME $cc -std=c99 -O0 -w \
    -D__USE_MINGW_ANSI_STDIO=1 -I. -Itests/windows tests/NAME.c \
    -o "$build/NAME.exe"
run cmd.exe /c ver >"$build/unit.log" 2>&1 # makes wine's folders, once
for t in $tests; do
    run "$build/$t.exe" >"$build/unit.log" 2>&1
    count "$build/unit.log" $?
    echo "windows $t: $good passed, $bad failed"
    [ "$bad" -eq 0 ] || tail -20 "$build/unit.log"
done

the_socket() { # the same program here and there
    gcc -std=c99 -D_GNU_SOURCE -Wall -Wextra -Werror -O0 -I. -Itests/windows \
        tests/windows/socket.c -o "$build/socket" &&
        $cc -std=c99 -D__USE_MINGW_ANSI_STDIO=1 -Wall -Wextra -Werror -O0 -I. \
            -Itests/windows tests/windows/socket.c -o "$build/socket.exe" $libs
}
check "the socket test builds here and for Windows" the_socket
check "the mock builds" the_mock
mock socket --quiet --token the-token --fault stall:0/v2/me \
    --fault reset/v2/reset
rm -f "$build"/here.json* "$build"/there.json*
check "sockets, clock and token file here" \
    "$build/socket" "$mock" "$build/here.json"
check "sockets, clock and token file on Windows" \
    run "$build/socket.exe" "$mock" "$build/there.json"
# wine gives a file's rights to the user alone who is not root only if its access
# list names that user
as_nobody() {
    mkdir -p "$build/nobody" && cp "$build/socket.exe" "$build/nobody" &&
        chown -R 65534 "$build/nobody" && chmod a+rx "$build" &&
        (cd "$build/nobody" && HOME=$build/nobody WINEPREFIX=$build/nobody/wine \
            timeout 200 setpriv --reuid 65534 --clear-groups wine ./socket.exe \
            "$mock" token.json) >"$build/nobody.log" 2>&1
    rc=$?
    cat "$build/nobody.log"
    return $rc
}
if [ "$(id -u)" = 0 ] && su nobody -s /bin/sh -c "cd '$build'" 2>/dev/null; then
    check "the same as a user who is not root" as_nobody
fi
kill $mock_pid

for name in hello login; do # over Winsock: see tests/windows/adapters
    check "$name builds for Windows" $cc -std=c99 -D__USE_MINGW_ANSI_STDIO=1 \
        -Wall -Wextra -Werror -O0 -I. -Itests/windows -iquote tests/windows \
        "examples/$name.c" -o "$build/$name.exe" $libs
done
first_steps() {
    export LINKEDIN_BASE="$mock" LINKEDIN_TOKEN=the-token \
        LINKEDIN_CLIENT_ID=me LINKEDIN_CLIENT_SECRET=it \
        LINKEDIN_REDIRECT_URI=http://localhost/back
    run "$build/hello.exe" >"$build/hello.out" 2>&1
    grep '^Hello' "$build/hello.out" || { cat "$build/hello.out"; return 1; }
    rm -f "$build/login.json" "$build/login.in"
    mkfifo "$build/login.in"
    run "$build/login.exe" "$build/login.json" <"$build/login.in" \
        >"$build/login.out" 2>&1 &
    login=$!
    exec 9>"$build/login.in"
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        grep -q '^http' "$build/login.out" && break
        sleep 0.2
    done
    curl -s -o "$build/page" -w '%{redirect_url}\n' \
        "$(grep '^http' "$build/login.out" | tr -d '\r')" >&9
    exec 9>&-
    wait $login
    run "$build/login.exe" "$build/login.json" </dev/null >>"$build/login.out" 2>&1
    cat "$build/login.out"
    [ "$(grep -c '^Hello' "$build/login.out")" = 2 ]
}
mock steps --quiet --token the-token --auto-consent --client-id me \
    --client-secret it --redirect-uri http://localhost/back
check "hello and login on Windows, the second time by the token file" first_steps
kill $mock_pid
for server in /usr/lib/wine/wineserver64 /usr/lib/wine/wineserver; do
    [ ! -x $server ] || $server -k 2>/dev/null
done
finish
