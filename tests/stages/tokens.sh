# One token file for four processes, whose token expires every two seconds.
. tests/stages/common.sh
token_file() { # token_file KILL SECONDS
    rm -f "$build"/shared_token.json*
    mock tokens --auto-consent --token-ttl 2 \
        --redirect-uri http://localhost:8080/callback &&
        (cd "$build" && ./token_file "$mock" "$1" "$2")
    rc=$?
    kill $mock_pid
    refreshes=$(grep -ac 'POST /oauth/v2/accessToken 200' "$log.log")
    # the sign-in, one for each two seconds, and what a killed one had begun
    echo "$refreshes token answers"
    [ $rc -eq 0 ] && [ "$refreshes" -gt $(($2 / 4)) ] &&
        [ "$refreshes" -le $(($2 / 2 + 2 + $1 * $2 / 4)) ]
}
build_all() {
    the_mock && gcc -std=c99 -D_GNU_SOURCE $warn -O0 -I. tests/token_file.c \
        -o "$build/token_file"
}
check "the mock and token_file build" build_all
check "four processes share a token: one refresh an expiry" token_file 0 30
check "and are killed at random" token_file 1 30
finish
