#!/bin/sh
# Installs the Debian packages a target needs, where it may; says what is
# missing where it may not. usage: deps.sh WHAT...   (build, tls, test, bench,
# size, machines, coverage: the groups below). Exits 1 if something is still
# missing.
set -u
missing=
want() { # want PACKAGE COMMAND-THAT-SHOWS-IT-IS-THERE...
    package=$1; shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}
header() { echo "#include <$1>" | ${CC:-cc} -E -x c - ; }
for group in "$@"; do
    case $group in
    tls)
        want libmbedtls-dev header mbedtls/ssl.h
        want libcurl4-openssl-dev header curl/curl.h
        want openssl openssl version ;;
    test)
        want libcmocka-dev sh -c 'printf "#include <stdarg.h>\n#include <stddef.h>\n#include <setjmp.h>\n#include <stdint.h>\n#include <cmocka.h>\n" | cc -E -x c -'
        want clang clang --version
        # the sanitizers' runtime is but recommended by clang
        want libclang-rt-dev sh -c 'echo "int main(void){return 0;}" | clang -fsanitize=address,undefined -x c - -o /dev/null'
        want g++ g++ --version
        want libssl-dev header openssl/evp.h
        want valgrind header valgrind/memcheck.h
        want libhiredis-dev header hiredis/hiredis.h
        want redis-server redis-server --version
        want rapidjson-dev sh -c 'echo "#include <rapidjson/reader.h>" | g++ -E -x c++ -'
        want python3-h11 /usr/bin/python3 -c 'import h11'
        want cmake cmake --version
        want meson meson --version
        want ninja-build ninja --version
        want pkg-config pkg-config --version
        want libuv1-dev header uv.h
        want gcc-mingw-w64-x86-64 x86_64-w64-mingw32-gcc --version
        want g++-mingw-w64-x86-64 x86_64-w64-mingw32-g++ --version
        want wine64 test -e /usr/lib/wine/wine64
        want wine sh -c 'command -v wine'
        want tinyproxy tinyproxy -v
        want nginx-light sh -c 'PATH=$PATH:/usr/sbin nginx -v'
        want curl curl --version
        want tcc tcc -v
        want expect expect -v
        want chromium sh -c 'command -v chromium'
        want chromium-driver sh -c 'command -v chromedriver'
        want nodejs node --version
        # some builds of nodejs bring npm along, and conflict with Debian's
        command -v node >/dev/null && want npm npm --version ;;
    bench)
        want valgrind header valgrind/callgrind.h
        want libjsmn-dev header jsmn.h
        want libcjson-dev header cjson/cJSON.h
        want libhttp-parser-dev header http_parser.h
        want nginx-light sh -c 'PATH=$PATH:/usr/sbin nginx -v'
        want curl curl --version
        want strace strace -V ;;
    boards)
        want qemu-system-arm qemu-system-arm --version
        want gcc-arm-none-eabi arm-none-eabi-gcc --version
        want libnewlib-arm-none-eabi sh -c 'echo "#include <string.h>" | arm-none-eabi-gcc -E -x c -'
        want gcc-avr avr-gcc --version
        want avr-libc sh -c 'echo "#include <string.h>" | avr-gcc -E -x c -'
        want simavr sh -c 'command -v simavr' ;;
    machine) # the one that is most unlike ours, and what watches numbers
        want qemu-user qemu-s390x -version
        want gcc-s390x-linux-gnu sh -c 'echo "#include <stdio.h>" | s390x-linux-gnu-gcc -E -x c -'
        want clang-19 clang-19 --version
        want libclang-rt-19-dev sh -c 'echo "int main(void){return 0;}" | clang-19 -fsanitize=memory -x c - -o /dev/null' ;;
    machines)
        for m in i686-linux-gnu arm-linux-gnueabihf riscv64-linux-gnu; do
            # the compiler brings its libc
            want gcc-$m sh -c "echo '#include <stdio.h>' | $m-gcc -E -x c -"
        done
        for c in gcc-11 gcc-12 clang-13 clang-14 clang-15 clang-16 tcc; do
            want $c $c -v
        done
        want musl-tools musl-gcc -v
        want wasi-libc test -e /usr/lib/wasm32-wasi/libc.a
        want lld-19 wasm-ld-19 --version
        want libclang-rt-19-dev-wasm32 test -e /usr/lib/llvm-19/lib/clang/19/lib/wasi
        want valgrind valgrind --version
        want cppcheck cppcheck --version ;;
    coverage)
        want llvm-19 llvm-cov-19 --version
        want nodejs node --version ;;
    prove)
        want frama-c-base frama-c -version ;;
    size)
        want gcc-arm-none-eabi arm-none-eabi-gcc --version
        want libnewlib-arm-none-eabi sh -c 'echo "#include <string.h>" | arm-none-eabi-gcc -E -x c -' ;;
    esac
done
[ -z "$missing" ] && exit 0
sudo=
[ "$(id -u)" = 0 ] || sudo="sudo -n"
if command -v apt-get >/dev/null && $sudo true 2>/dev/null; then
    echo "installing:$missing"
    export DEBIAN_FRONTEND=noninteractive
    $sudo apt-get update -qq >/dev/null &&
        $sudo apt-get install -y -qq --no-install-recommends $missing \
            >/dev/null || exit 1
    [ -z "${DEPS_AGAIN:-}" ] || exit 0
    DEPS_AGAIN=1 exec sh "$0" "$@" # what could only be asked by now
fi
echo "missing, and cannot be installed from here:$missing" >&2
exit 1
