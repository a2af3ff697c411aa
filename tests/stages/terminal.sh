# The command-line tool as a person has it: at a terminal, and in Chromium.
. tests/stages/common.sh
. tests/browser.sh
build=$(cd "$build" && pwd) || exit 1
unset LINKEDIN_TOKEN LINKEDIN_CLIENT_ID LINKEDIN_CLIENT_SECRET \
    LINKEDIN_REDIRECT_URI NO_COLOR
port=$((20000 + $$ % 10000))
export REDIRECT="http://localhost:$port/callback" PAGE="$build/page.html" \
    LINKEDIN_CONFIG="$build/config" TERM=xterm FILM="$build/film.mp4" \
    BROWSER="$build/browser"
rm -rf "$LINKEDIN_CONFIG" "$PAGE"
tool() {
    gcc -std=c99 -D_GNU_SOURCE -O1 -I. examples/cli/*.c -o "$build/linkedin" -lcurl
}
check "the tool" tool
check "the mock" the_mock
# each PUT takes a while, so that a person can interrupt
mock terminal --redirect-uri "$REDIRECT" --part-size 1000000 \
    --fault slow:50/dms-uploads
export LINKEDIN_BASE="$mock"
cat >"$build/browser" <<'SH'
#!/bin/sh
# A browser that allows: curl presses the button of the consent page.
curl -s -L -o "$PAGE" "$1" -d "decision=allow&${1#*\?}"
SH
chmod +x "$build/browser"
head -c 40000000 /dev/zero >"$FILM"
export PICTURE="$build/lake.png" ANSWER="$build/answer.json"
base64 -d >"$PICTURE" <<'PNG'
iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
PNG
echo '{"status":403,"code":"ACCESS_DENIED","serviceErrorCode":100,"message":
"Not enough permissions to access: me.GET.NO_VERSION"}' >"$ANSWER"
session() {
    expect tests/terminal/session.exp "$build/linkedin" >"$build/session.out" 2>&1
    rc=$?
    return $rc
}
session
grep -q '^ok the end' "$build/session.out" || not_ok "the session"
while read -r how what; do
    case $how in
    ok) ok "$what" ;;
    FAILED) not_ok "$what" ;;
    *) echo "$how $what" ;;
    esac
done <"$build/session.out"

# the same sign-in in a browser, from the consent page to the closing page
in_chromium() {
    rm -f "$build/url"
    curl -s -d '' "$LINKEDIN_BASE/mock/revoke" # or nobody is asked again
    printf '#!/bin/sh\necho "$1" >"%s"\n' "$build/url" >"$build/browser"
    "$build/linkedin" login --wait 60 >"$build/login.out" 2>&1 &
    tool=$!
    for _ in $(seq 50); do [ -s "$build/url" ] && break; sleep 0.1; done
    browse "$(cat "$build/url")" && shows 'Ann Example, the application asks' &&
        press "//button[@value='allow']" && shows 'You may close this window' &&
        wait $tool && grep 'Signed in' "$build/login.out" &&
        "$build/linkedin" me | grep '"name":"Ann Example"'
}
looks() { # the mock's page has the post just made
    browse "$LINKEDIN_BASE/" && shows 'Look, .*person.*Ann Example.*C99' &&
        shows 'alt=..A lake.. src=../mock/picture' && picture "$build/page.png"
}
check "Chromium starts" browser_begin "$build"
check "login in Chromium, from the consent page to the closing page" in_chromium
check "the post, its picture and mention on the mock's page" looks
browser_end
kill $mock_pid
# What one run was answered, another is answered from the record: the same
# output, to the byte, of a program that knows nothing of it.
commands() { # commands OUT: as a new member, all that was said
    rm -rf "$LINKEDIN_CONFIG"
    (
        exec 2>&1
        "$build/linkedin" login
        "$build/linkedin" me
        "$build/linkedin" token
        "$build/linkedin" api GET /things --all --query '{"q":"many","n":250}'
        urn=$("$build/linkedin" post 'Recorded' --image "$PICTURE" --alt 'A lake')
        echo "$urn"
        "$build/linkedin" post 'Recorded'
        "$build/linkedin" comment "$urn" 'Well said'
        "$build/linkedin" api GET "/socialActions/$urn/comments"
        "$build/linkedin" upload "$FILM"
        "$build/linkedin" token refresh
        "$build/linkedin" doctor
        "$build/linkedin" delete "$urn"
        "$build/linkedin" api GET "/posts/$urn"
    ) >"$1"
}
serve_at() { # serve_at NAME OPTIONS...: at one port, which is in the output
    called=$1
    shift
    mock "$called" --port $((port + 1)) --redirect-uri "$REDIRECT" "$@"
    export LINKEDIN_BASE="$mock"
}
recorded() {
    printf '#!/bin/sh\ncurl -s -L -o "$PAGE" "$1" -d "decision=allow&${1#*\\?}"\n' \
        >"$build/browser"
    export LINKEDIN_CLIENT_ID=mock-client LINKEDIN_CLIENT_SECRET=mock-secret \
        LINKEDIN_REDIRECT_URI="$REDIRECT"
    head -c 9000000 /dev/zero >"$FILM"
    rm -f "$build/record"
    serve_at recording --part-size 2000000 --record "$build/record"
    commands "$build/first"
    kill $mock_pid
    wait $mock_pid
    serve_at replaying --replay "$build/record"
    commands "$build/second"
    kill $mock_pid
    sed 's/state=[^&]*/state=/' "$build/first" >"$build/first.out"
    sed 's/state=[^&]*/state=/' "$build/second" >"$build/second.out"
    cat "$build/first.out"
    diff "$build/first.out" "$build/second.out" &&
        grep -q 'Signed in' "$build/first" &&
        [ "$(grep -c '^{"n":' "$build/first")" -eq 250 ] &&
        grep -q 'posted already' "$build/first" &&
        grep -q '^urn:li:video:' "$build/first" &&
        [ "$(stat -c %a "$build/record")" = 600 ] &&
        ! grep -E 'mock-secret|AQ[A-Za-z0-9_-]{20}' "$build/record"
}
check "a recorded run replays to the same output" recorded
finish
