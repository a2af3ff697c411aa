## memory
# What a machine does to a program: no memory at any allocation, a kill at any
# system call of a save, a full disk, no right to write.
. tests/stages/common.sh
build_all() {
    the_mock &&
        gcc -std=c99 -D_GNU_SOURCE $warn -O1 -I. tests/no_memory.c \
            -o "$build/no_memory" -lcurl -lmbedtls -lmbedx509 -lmbedcrypto \
            -ldl &&
        gcc -std=c99 -D_GNU_SOURCE $warn -O1 -I. tests/token_kill.c \
            -o "$build/token_kill"
}
no_memory() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
        -nodes -keyout "$build/key.pem" -out "$build/cert.pem" -days 30 \
        -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
    mock memory --tls --cert "$build/cert.pem" --key "$build/key.pem" \
        --quiet --token the-token || return 1
    "$build/no_memory" "https://localhost:${mock##*:}" "$build/cert.pem" \
        >"$build/no_memory.out" 2>&1
    rc=$?
    kill $mock_pid
    cat "$build/no_memory.out"
    return $rc
}
token_kill() {
    rm -rf "$build/killed" && mkdir "$build/killed" &&
        (cd "$build/killed" && ../token_kill) >"$build/token_kill.out" 2>&1
    rc=$?
    cat "$build/token_kill.out"
    return $rc
}
check "the mock, no_memory and token_kill build" build_all
check "no memory at the k-th allocation: it says so, and goes on" no_memory
tail -n 1 "$build/no_memory.out"
check "killed at any system call of a save: the old token, or the new" \
    token_kill
tail -n 1 "$build/token_kill.out"
finish
