# The mock besides its API: what it records and answers from a record.
. tests/stages/common.sh
for name in hello post login social upload; do
    check "$name" example "$name"
done
check "the mock" the_mock
export LINKEDIN_TOKEN=the-token LINKEDIN_CLIENT_ID=me \
    LINKEDIN_CLIENT_SECRET=it-is-secret \
    LINKEDIN_REDIRECT_URI=http://localhost/back
# serve NAME OPTIONS...: the mock as LinkedIn for all that is called here
serve() {
    called=$1
    shift
    mock "$called" --client-id me --client-secret it-is-secret \
        --redirect-uri http://localhost/back "$@"
    export LINKEDIN_BASE="$mock"
}
# until_seen N FILE PATTERN: waits until that many lines have it
until_seen() {
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
        [ "$(grep -c "$3" "$2")" -ge "$1" ] && return
        sleep 0.2
    done
    cat "$2"
    return 1
}

# ---- records
sign_in() { # as a user would; what it prints is what login says
    rm -f "$build/login.json" "$build/login.in"
    mkfifo "$build/login.in"
    : >"$build/login.err"
    "$build/login" "$build/login.json" <"$build/login.in" \
        >"$build/login.out" 2>"$build/login.err" &
    login=$!
    exec 9>"$build/login.in"
    until_seen 1 "$build/login.err" '^http' || return 1
    url=$(grep '^http' "$build/login.err")
    curl -s -o "$build/consent" "$url"
    decide="$url&decision=allow"
    grep -q 'name="decision"' "$build/consent" || decide=$url
    curl -s -o "$build/consent" -w '%{redirect_url}\n' "$decide" >&9
    exec 9>&-
    wait $login
    cat "$build/login.out"
}
all() { # everything a client does, and says; the mock's address is its own
    {
        "$build/hello"
        "$build/post" 'One (1)'
        "$build/post" 'One (1)' # a duplicate, with the ids of its error
        sign_in
        "$build/upload" image urn:li:person:me README.md
        "$build/social"
    } 2>&1 | sed "s|$LINKEDIN_BASE|BASE|g"
}
recorded() {
    (umask 0 && : >"$build/record")
    serve record --token the-token --record "$build/record" || return 1
    all >"$build/live.out"
    kill "$mock_pid"
    cat "$build/live.out"
    [ "$(grep -c '^Hello' "$build/live.out")" -eq 2 ] &&
        grep -q 'DUPLICATE_POST' "$build/live.out" &&
        [ "$(stat -c %a "$build/record")" = 600 ]
}
check "a session is recorded" recorded
masked() {
    cat "$build/record"
    ! grep -E "the-token|it-is-secret|AQ[TUWX]|$(sed -n \
        's/.*state=\([^&]*\).*/\1/p' "$build/login.err")" "$build/record" &&
        grep -q '"request":"grant_type=authorization_code&code=\*\*\*&client_id=me&client_secret=\*\*\*&' \
            "$build/record" &&
        grep -q 'access_token\\":\\"\*\*\*\\"' "$build/record" &&
        grep -q 'id_token\\":\\"\*\*\*\\"' "$build/record" &&
        node -e 'for (const l of require("fs").readFileSync(process.argv[1],
            "utf8").trim().split("\n")) JSON.parse(l)' "$build/record"
}
check "without a secret" masked
replayed() {
    serve replay --replay "$build/record" || return 1
    LINKEDIN_TOKEN=any all >"$build/again.out"
    diff "$build/live.out" "$build/again.out"
}
check "it replays, to the byte" replayed
used_up() {
    ! "$build/hello" 2>"$build/hello.err" && cat "$build/hello.err" &&
        grep -q 'The record has no further GET /v2/userinfo with this query' \
            "$build/hello.err" &&
        [ "$(curl -s -o "$build/none" -w '%{http_code}' "$mock/none")" = 404 ]
}
check "what is in no line is told" used_up
kill "$mock_pid"
faults_too() { # failures are recorded as well
    serve faults --token the-token --record "$build/record" \
        --fault 503@1/v2 --fault lost@2/v2 --fault cut:40@3/v2 || return 1
    for _ in 1 2 3 4; do
        "$build/hello"
        curl -s -o "$build/x" -w '%{http_code} %{exitcode}\n' -H \
            'Authorization: Bearer the-token' "$mock/v2/me?state=$$"
    done >"$build/live.out" 2>&1
    kill "$mock_pid"
    sed -i "s|$mock|BASE|g;s/:[0-9]* after [0-9]* ms//" "$build/live.out"
    serve faults_again --replay "$build/record" || return 1
    for _ in 1 2 3 4; do
        "$build/hello"
        curl -s -o "$build/x" -w '%{http_code} %{exitcode}\n' \
            "$mock/v2/me?state=other"
    done >"$build/again.out" 2>&1
    kill "$mock_pid"
    sed -i "s|$mock|BASE|g;s/:[0-9]* after [0-9]* ms//" "$build/again.out"
    cat "$build/live.out"
    grep -q 503 "$build/live.out" && diff "$build/live.out" "$build/again.out"
}
check "failures replay, and neither state nor token is compared" faults_too
# wrong NAME WORDS OPTIONS...: one line on standard error, and exit code 2
wrong() {
    words=$1
    shift
    "$build/mock_linkedin" --port 0 --exit-after 5 "$@" >"$build/wrong.out" \
        2>"$build/wrong.err"
    [ $? -eq 2 ] && [ "$(wc -l <"$build/wrong.err")" -eq 1 ] &&
        grep -q "$words" "$build/wrong.err" || { cat "$build/wrong.err"; return 1; }
}
printf '{"method":"GET","target":"/","status":200}\n{"method":\n' >"$build/torn"
: >"$build/empty"
check "a record that cannot be written" wrong 'No such file' \
    --record "$build/no/file"
check "a record that is not there" wrong 'No such file' --replay "$build/nothing"
check "a record that is torn" wrong 'line 2 is no recorded exchange' \
    --replay "$build/torn"
check "an empty record" wrong 'no file of recorded' --replay "$build/empty"
check "both at once" wrong 'one at a time' --replay "$build/torn" \
    --record "$build/torn"
full_disk() {
    serve full --quiet --token the-token --record /dev/full || return 1
    "$build/hello"
    wait "$mock_pid"
    [ $? -eq 2 ] && [ "$(cat "$log.log")" = \
        'mock_linkedin: /dev/full: No space left on device' ]
}
check "a full disk" full_disk
finish
