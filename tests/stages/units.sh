# The unit tests, by two compilers, with address and undefined-behaviour
# sanitizers; and the hostile peers once more without them, for their memory.
. tests/stages/common.sh
# build COMPILER: all that can be built, though a file of them cannot
build() {
    make -s -k -j"$jobs" units NAME="$1" CC="$1" BUILD="$build" \
        >"$build/$1.log" 2>&1
}
# run COMPILER STATUS: STATUS is that of build; what it did not build fails
run() {
    [ "$2" -eq 0 ] || {
        not_ok "unit tests build with $1"
        tail -40 "$build/$1.log"
    }
    for t in tests/test_*.c; do
        t=$(basename "$t" .c)
        "$build/$1/$t" >"$build/unit.log" 2>&1
        count "$build/unit.log" $?
        echo "$1 $t: $good passed, $bad failed"
        grep -E '^(100,000 elements|64 MiB|hostile peers)' "$build/unit.log"
        [ "$bad" -eq 0 ] || { # what failed, and how a file that died ended
            grep -E 'FAILED|ERROR|error|runtime' "$build/unit.log" | head -40
            tail -5 "$build/unit.log"
        }
    done
}
# Much of a run is waiting, by test_network and test_peers: clang's builds go
# on beside gcc's runs.
build gcc
built=$?
build clang &
run gcc $built
wait $!
run clang $?

peers() { # without sanitizers, which have memory of their own
    gcc -std=c99 -D_GNU_SOURCE $warn -O2 -I. tests/test_peers.c \
        -o "$build/peers" -lcmocka -lmbedtls -lmbedx509 -lmbedcrypto -lcurl &&
        "$build/peers"
}
check "hostile peers over both adapters, plain and TLS, in 8 MB" peers
grep '^hostile peers' "$build/check.log"
finish
