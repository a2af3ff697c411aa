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
    --fault slow:50/mock/upload
export LINKEDIN_BASE="$mock"
cat >"$build/browser" <<'SH'
#!/bin/sh
# A browser that allows: curl presses the button of the consent page.
curl -s -L -o "$PAGE" "$1" -d "decision=allow&${1#*\?}"
SH
chmod +x "$build/browser"
head -c 40000000 /dev/zero >"$FILM"
session() {
    expect tests/terminal/session.exp "$build/linkedin" >"$build/session.out" 2>&1
    rc=$?
    return $rc
}
session
[ -s "$build/session.out" ] || not_ok "the session"
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
check "Chromium starts" browser_begin "$build"
check "login in Chromium, from the consent page to the closing page" in_chromium
browser_end
kill $mock_pid
finish
