# Thousands of calls at once by four ways, each fault in one request of twenty;
# and an hour of it in virtual time.
. tests/stages/common.sh
build_all() {
    the_mock &&
        gcc -std=c99 -D_GNU_SOURCE $warn -O2 -I. tests/load.c \
            -o "$build/load" -lcurl -lmbedtls -lmbedx509 -lmbedcrypto &&
        gcc -std=c99 $warn -O2 -I. tests/faults.c -o "$build/faults"
}
check "the mock, the callers" build_all
gives_up() { # whoever leaves a stalled connection leaves nothing of it behind
    mock stalls --token the-token --quiet --fault stall:10%100
    before=$(ls "/proc/$mock_pid/fd" | wc -l)
    ! curl -s -m 0.3 -H 'Authorization: Bearer the-token' "$mock/v2/userinfo"
    tries=0
    until [ "$(ls "/proc/$mock_pid/fd" | wc -l)" -eq "$before" ]; do
        tries=$((tries + 1))
        [ $tries -lt 50 ] || break
        sleep 0.1
    done
    kill "$mock_pid"
    [ $tries -lt 50 ]
}
check "the mock lets go of whom it kept waiting" gives_up
at_once() { CALLS=1500 sh tests/load.sh "$build" 1; }
check "1,500 calls at once by each way, no descriptor or call lost" at_once
cat "$build/check.log"
check "an hour of virtual time, 1,500 calls at once" "$build/faults" 0 1 1500
finish
