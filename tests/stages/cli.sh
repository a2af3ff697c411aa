# The command-line tool on the mock: signing in by a browser that curl stands
# for, each command, each failure that has a code of its own.
. tests/stages/common.sh
build=$(cd "$build" && pwd) || exit 1
unset LINKEDIN_TOKEN BROWSER
export LINKEDIN_CONFIG="$build/config" LINKEDIN_CLIENT_ID=mock-client \
    LINKEDIN_CLIENT_SECRET=mock-secret \
    LINKEDIN_REDIRECT_URI=http://localhost:18977/callback
rm -rf "$LINKEDIN_CONFIG" "$build/wine-config" "$build/pasted"
tool() { # with warnings as errors; each file a screenful or a few
    # shellcheck disable=SC2086
    gcc -std=c99 -D_GNU_SOURCE $warn -O0 -I. examples/cli/*.c \
        -o "$build/linkedin" -lcurl &&
        for f in examples/cli/*; do [ "$(wc -l <"$f")" -le 400 ] || return 1; done
}
check "it builds without a warning, no file above 400 lines" tool
check "the mock" the_mock
mock cli --auto-consent --redirect-uri "$LINKEDIN_REDIRECT_URI" \
    --scopes "openid profile email w_member_social r_member_social"
export LINKEDIN_BASE="$mock"
cli() { "$build/linkedin" "$@"; }
# gives CODE WORDS ARGUMENTS...: the exit code, and words on standard error
gives() {
    want=$1 words=$2
    shift 2
    "$build/linkedin" "$@" >"$build/out" 2>"$build/err" </dev/null
    got=$?
    cat "$build/out" "$build/err"
    [ $got -eq "$want" ] && grep -q -- "$words" "$build/err"
}
# prints PATTERN ARGUMENTS...: on standard output, and nothing went wrong
prints() {
    pattern=$1
    shift
    "$build/linkedin" "$@" >"$build/out" 2>"$build/err" </dev/null || {
        cat "$build/err"
        return 1
    }
    grep -q -- "$pattern" "$build/out" || { cat "$build/out"; return 1; }
}
check "help" prints '^  login ' --help
help_fits() { # each on a screen, with an example that it takes
    for c in login logout token me api post comment delete upload webhook explain doctor; do
        cli $c --help >"$build/help" || return 1
        [ "$(wc -l <"$build/help")" -le 24 ] && grep -q "^example: linkedin $c" \
            "$build/help" || { cat "$build/help"; return 1; }
    done
}
check "help of each command: a screen, and an example" help_fits
completions() {
    cli completions >"$build/completions" && bash -n "$build/completions" &&
        grep -q 'post) words="--as --image' "$build/completions"
}
check "completions for bash" completions
manual() { # every command and option is in it, and the formatter has no words
    cli manual >"$build/linkedin.1" || return 1
    for word in $(cli --help | sed -n 's/^  \([a-z]*\) .*/SS.\1/p') \
        query fields body image no; do
        grep -q "$word" "$build/linkedin.1" || { echo "no $word"; return 1; }
    done
    ! command -v groff >/dev/null ||
        ! groff -man -Tutf8 -ww "$build/linkedin.1" 2>&1 >/dev/null | grep .
}
check "the man page" manual
installed() {
    make -s BUILD="$build" DESTDIR="$build/root" PREFIX=/usr install &&
        [ -x "$build/root/usr/bin/linkedin" ] &&
        [ -s "$build/root/usr/share/man/man1/linkedin.1" ] &&
        make -s BUILD="$build" DESTDIR="$build/root" PREFIX=/usr uninstall &&
        [ -z "$(find "$build/root" -type f)" ]
}
check "make install takes it along, uninstall takes it away" installed
check "no command" gives 2 "is no command" nonsense
check "no such option" gives 2 "is no option" me --nonsense
check "an option of another command" gives 2 "no option of this" me --all
check "too few arguments" gives 2 "other arguments" api GET
check "nobody is signed in" gives 3 "linkedin login" me
check "no profile with a slash" gives 2 "no name of a profile" me --profile a/b
nothing_made() { [ ! -e "$LINKEDIN_CONFIG" ]; }
check "looking makes no folder" nothing_made

cat >"$build/browser" <<'SH'
#!/bin/sh
host=${1#*redirect_uri=http%3A%2F%2F}
curl -s "http://127.0.0.1:18977/favicon.ico" -o /dev/null
curl -s -L -o "$PAGE" "$1"
SH
chmod +x "$build/browser"
export PAGE="$build/page.html"
login() {
    rm -f "$PAGE"
    BROWSER=$build/browser timeout 30 "$build/linkedin" login \
        >"$build/out" 2>"$build/err" || { cat "$build/err"; return 1; }
    for _ in 1 2 3 4 5 6 7 8 9 10; do [ -s "$PAGE" ] && break; sleep 0.2; done
    grep -q 'You may close this window' "$PAGE" &&
        [ "$(stat -c %a "$LINKEDIN_CONFIG"/default.token.json)" = 600 ] &&
        [ "$(stat -c %a "$LINKEDIN_CONFIG")" = 700 ]
}
check "login by the browser; a favicon is passed over" login
check "me" prints '"name":"Ann Example"' me
check "token" prints 'ends: in 60 days' token
check "token --json" prints '"expires_in":5[0-9]*' token --json
check "token refresh" prints 'ends: in 60 days' token refresh
by_hand() { # the URL is pasted; nothing listens
    "$build/linkedin" login --no-browser --profile other 2>"$build/err" <<URL
$(curl -s -o /dev/null -w '%{redirect_url}' "$(BROWSER=true timeout 1 \
    "$build/linkedin" login --profile other 2>&1 | grep '^http')")
URL
    grep 'another sign-in' "$build/err" # of the first: its state is another
}
check "a redirect of another sign-in is refused" by_hand
taken() { # by another program, on the address of the other family too
    "$build/linkedin" login >"$build/first" 2>&1 &
    first=$!
    sleep 0.5
    gives 1 "port 18977 of 127.0.0.1: another program has it" login
    rc=$?
    kill $first
    return $rc
}
BROWSER=true
export BROWSER
check "a port that is taken is named" taken

urn() { cli "$@" 2>/dev/null; }
check "a browser that does not come back" gives 1 'did not come back in time' \
    login --wait 1 --profile late
post() {
    one=$(urn post 'Hello (world) #1') && [ "${one#urn:li:share:}" != "$one" ] &&
        prints 'Hello' api GET "/posts/$one" &&
        prints '"id":' comment "$one" 'Well said'
}
check "post, read and comment" post
words() { # as LinkedIn wants them, but for --plain
    text='@[Ann (A)](urn:li:person:782bbtaQ) on #C99, a#b, #1'
    first=$(urn post "$text") && second=$(urn post "$text" --plain) &&
        prints '"@\[Ann \\\\(A\\\\)\](urn:li:person:782bbtaQ) on {hashtag|\\\\#|C99}, a\\\\#b, \\\\#1"' \
            api GET "/posts/$first" &&
        prints '"\\\\@\\\\\[Ann .* on \\\\#C99' api GET "/posts/$second"
}
check "mentions and hashtags" words
check "a mention of nobody is named" gives 2 \
    '@\[A\](urn:li:share:7): mentions no person' post \
    'on @[A](urn:li:share:7), and on'
check "a mention in a comment" sh -c "'$build/linkedin' comment urn:li:share:1 \
    'Yes, @[Ann](urn:li:person:x)' --curl 2>/dev/null |
    grep 'Yes, Ann.*\"start\":5,\"length\":3.*urn:li:person:x'"
check "a comment as it is" sh -c "'$build/linkedin' comment urn:li:share:1 \
    '@[Ann](urn:li:person:x)' --plain --curl 2>/dev/null |
    grep '\"text\":\"@.Ann..urn:li:person:x)\"}'"
check "a text that is too long is told" gives 1 \
    'the text has 3001 characters; LinkedIn takes 3000' \
    post "$(printf '%03001d' 7)"
check "the same text again" gives 1 'posted already' post 'Hello (world) #1'
printf 'a picture' >"$build/a.png"
picture() {
    two=$(urn post 'With a picture' --image "$build/a.png" --alt 'A cat') &&
        prints 'A cat' api GET "/posts/$two" && cli delete "$two" &&
        gives 1 'not found' api GET "/posts/$two"
}
check "a post with a picture, and its end" picture
check "a file that is not there" gives 4 'none.png' post x --image none.png
check "an alt text of no picture" gives 2 'the --image before it' post x --alt y
a_collection() { # is asked without a method, which LinkedIn knows
    prints 'Well said' api GET "/socialActions/$one/comments" &&
        [ "$(cli api GET "/socialActions/$one/comments" --all | grep -c 'Well said')" = 1 ]
}
check "the comments, a page and all" a_collection
check "two kinds at once" gives 2 'has pictures' post x --image "$build/a.png" \
    --article https://a.test --title t
check "an upload" prints '^urn:li:image:' upload "$build/a.png"
head -c 9000 /dev/zero >"$build/film.mp4"
check "a video" prints '^urn:li:video:' upload "$build/film.mp4"
changes() { # a part is slow: meanwhile the file becomes another
    head -c 9000 /dev/urandom >"$build/film.mp4"
    "$build/linkedin" upload "$build/film.mp4" >"$build/out" 2>"$build/err" &
    tool=$!
    sleep 0.4
    touch -d '1 hour ago' "$build/film.mp4"
    wait $tool
    [ $? -eq 4 ] && grep 'changed while it was uploaded' "$build/err" &&
        ! ls "$LINKEDIN_CONFIG"/*.upload-*
}
torn() { # what was kept is cut: the upload begins again, and ends well
    head -c 9000 /dev/urandom >"$build/film.mp4"
    timeout 0.5 "$build/linkedin" upload "$build/film.mp4" 2>"$build/err"
    kept=$(ls "$LINKEDIN_CONFIG"/*.upload-*) || return 1
    [ "$(stat -c %a "$kept")" = 600 ] || return 1
    truncate -s -5 "$kept"
    prints '^urn:li:video:' upload "$build/film.mp4" &&
        ! grep 'goes on' "$build/err" && ! ls "$LINKEDIN_CONFIG"/*.upload-*
}
too_fast() { # LinkedIn says 429 from the third part on: what was sent is kept
    head -c 9000 /dev/urandom >"$build/film.mp4"
    mock fast --token slow-token --part-size 3000 --fault 429@3/dms-uploads \
        --fault 429@4/dms-uploads --fault 429@5/dms-uploads \
        --fault 429@6/dms-uploads
    export LINKEDIN_BASE="$mock"
    "$build/linkedin" upload "$build/film.mp4" >"$build/out" 2>"$build/err"
    first=$?
    "$build/linkedin" upload "$build/film.mp4" >"$build/out" 2>>"$build/err"
    second=$?
    kill $mock_pid
    cat "$build/err"
    [ $first -eq 1 ] && [ $second -eq 0 ] &&
        grep 'goes on with the part' "$build/err" &&
        grep 'goes on at part 3 of 3' "$build/err"
}
other_bytes() { # of the same size and second: not one file's parts with another's
    rm -f "$LINKEDIN_CONFIG"/*.upload-*
    head -c 9000 /dev/zero >"$build/film.mp4"
    touch -d @1700000000 "$build/film.mp4"
    timeout 0.5 "$build/linkedin" upload "$build/film.mp4" 2>"$build/err"
    ls "$LINKEDIN_CONFIG"/*.upload-* || return 1
    head -c 9000 /dev/urandom >"$build/film.mp4"
    touch -d @1700000000 "$build/film.mp4"
    prints '^urn:li:video:' upload "$build/film.mp4" && ! grep 'goes on' "$build/err"
}
slow_mock=$mock_pid fast=$LINKEDIN_BASE
mock slow --auto-consent --redirect-uri "$LINKEDIN_REDIRECT_URI" \
    --part-size 3000 --fault slow:300/dms-uploads --token slow-token
export LINKEDIN_BASE="$mock" LINKEDIN_TOKEN=slow-token
check "a file that changes while it is uploaded" changes
check "what is kept of an upload is torn: it begins again" torn
check "an upload of another file of that name, size and second" other_bytes
kill $mock_pid
check "429 in an upload: what was sent is kept" too_fast
mock_pid=$slow_mock mock=$fast
unset LINKEDIN_TOKEN
LINKEDIN_BASE=$fast
check "what is it?" gives 2 'Say --type' upload Makefile
check "a finder" prints '"elements"' api GET /posts \
    --query '{"q":"author","author":"urn:li:person:782bbtaQ"}'
all_pages() {
    cli api GET /posts --all \
        --query '{"q":"author","author":"urn:li:person:782bbtaQ"}' |
        grep -c '^{.*"commentary"'
}
check "all pages, an element a line" all_pages
check "JSON that is none: its place" gives 2 'byte 5' api GET /posts --query '{"q":'
check "a body that is none" gives 2 'no JSON, at byte' api POST /posts --body '{a'
check "a verb that is none" gives 2 'none of GET' api FETCH /posts
curl_line() {
    prints "^curl .*-X *'*POST" post x --curl ||
        prints "^curl " post x --curl
    ! grep -q "$(sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p' \
        "$LINKEDIN_CONFIG/default.token.json")" "$build/out"
}
check "--curl shows the request without the token" curl_line
check "--trace tells steps" gives 0 'open\|/v2/userinfo' me --trace
explain() {
    echo '{"status":403,"code":"ACCESS_DENIED","message":"Not enough permissions'\
' to access: me.GET.NO_VERSION","serviceErrorCode":100}' |
        "$build/linkedin" explain - | grep 'hint: /v2/me needs'
}
check "explain a body" explain
saved() {
    curl -s -i "$mock/v2/userinfo" | "$build/linkedin" explain - |
        grep 'hint: No token was sent'
}
check "explain an answer with its head" saved
check "explain no file" gives 4 'No such file' explain none.json

stranger() { # who calls the port while a sign-in waits, does not end it
    printf '#!/bin/sh\ncurl -s -o "$PAGE.no" "http://127.0.0.1:18977/callback?code=1&state=2"\nexec "%s" "$1"\n' \
        "$build/browser" >"$build/rude" && chmod +x "$build/rude"
    BROWSER=$build/rude timeout 30 "$build/linkedin" login >"$build/out" 2>&1 &&
        grep 'still waits' "$PAGE.no" && grep 'Signed in' "$build/out"
}
check "a stranger does not end a sign-in" stranger
lost() { # an event that cannot be written is not taken
    "$build/linkedin" webhook listen 0 >/dev/full 2>"$build/err" &
    hook=$!
    for _ in $(seq 50); do
        url=$(sed -n 's/^listening on //p' "$build/err")
        [ -n "$url" ] && break
        sleep 0.1
    done
    body='{"type":"OTHER","id":"2"}'
    signature=$(printf %s "hmacsha256=$body" | openssl dgst -sha256 -hmac mock-secret |
        sed 's/.* //')
    curl -s -o "$build/page" -H "X-LI-Signature: $signature" --data-binary "$body" "$url"
    [ $? -ne 0 ]
    rc=$?
    wait $hook
    [ $? -eq 4 ] && [ $rc -eq 0 ] && grep 'cannot be written' "$build/err"
}
check "an event that cannot be written is not taken" lost
check "no port" gives 2 'is no port' webhook listen 70000
ready() { # the media is PROCESSING for a while: the post waits
    mock ready --token ready-token --processing-ms 1500
    LINKEDIN_BASE=$mock LINKEDIN_TOKEN=ready-token "$build/linkedin" post Ready \
        --video "$build/film.mp4" >"$build/out" 2>"$build/err"
    rc=$?
    kill $mock_pid
    cat "$build/err"
    [ $rc -eq 0 ] && grep '^urn:li:share' "$build/out" &&
        [ "$(grep -c 'waits for LinkedIn' "$build/err")" = 1 ]
}
kept_pid=$mock_pid kept=$mock
check "a post waits until its video is ready" ready
mock_pid=$kept_pid mock=$kept
pictures() { # the text goes with the picture before it
    echo a >"$build/b.png"
    cli post two --image "$build/a.png" --image "$build/b.png" --alt 'A dog' --curl \
        >"$build/out"
    two=$(urn post 'Two of them' --image "$build/a.png" --image "$build/b.png" \
        --alt 'A dog') && cli api GET "/posts/$two" >"$build/out" &&
        grep '"altText":""},{[^}]*"altText":"A dog"' "$build/out"
}
check "an alt text goes with the picture before it" pictures
check "a link keeps its fragment" sh -c \
    "'$build/linkedin' post 'see https://a.test/#about' --curl | grep -v hashtag | grep about"
mkfifo "$build/pipe.png"
check "a pipe is no file" gives 4 'is no file' upload "$build/pipe.png"
webhook() { # the challenge, an event twice, a forged one: one line
    code=890e4665-4dfe-4ab1-b689-ed553bceeed0
    body='{"type":"OTHER","id":"1"}'
    sign() { printf %s "$1" | openssl dgst -sha256 -hmac mock-secret | sed 's/.* //'; }
    "$build/linkedin" webhook listen 0 >"$build/events" 2>"$build/err" &
    hook=$!
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        url=$(sed -n 's/^listening on //p' "$build/err")
        [ -n "$url" ] && break
        sleep 0.1
    done
    curl -s "$url/?challengeCode=$code" >"$build/answer"
    for signature in "$(sign "hmacsha256=$body")" "$(sign "hmacsha256=$body")" 00; do
        curl -s -o "$build/page" -H "X-LI-Signature: $signature" \
            --data-binary "$body" "$url"
    done
    for n in 1 2; do # of no known name: each is its own
        other='{"type":"NEW","event":"'$n'"}'
        curl -s -o "$build/page" -H "X-LI-Signature: $(sign "hmacsha256=$other")" \
            --data-binary "$other" "$url"
    done
    kill $hook
    [ "$(grep -c '"type":"NEW"' "$build/events")" -eq 2 ] || return 1
    sed -i '/"NEW"/d' "$build/events"
    grep "\"challengeResponse\":\"$(sign $code)\"" "$build/answer" &&
        [ "$(cat "$build/events")" = "$body" ] && grep "not LinkedIn's" "$build/err"
}
check "webhook listen: forged and repeated events" webhook

# the doctor names each for what it is
check "doctor: all is well" prints '^ok .*GET /v2/userinfo' doctor
finds() { # finds PATTERN [NAME=VALUE...]: in a line of trouble
    pattern=$1
    shift
    env "$@" "$build/linkedin" doctor >"$build/out" 2>&1
    [ $? -eq 1 ] && grep "^TROUBLE.*$pattern" "$build/out" ||
        { cat "$build/out"; return 1; }
}
check "doctor: a wrong secret" finds 'id and secret: .*secret' \
    LINKEDIN_CLIENT_SECRET=wrong
check "doctor: a redirect URI that is not registered" \
    finds 'redirect URI.*to the letter' \
    LINKEDIN_REDIRECT_URI=http://localhost:18977/other
check "doctor: a client id that LinkedIn does not know" \
    finds 'client id is unknown' LINKEDIN_CLIENT_ID=wrong
no_product() {
    "$build/linkedin" doctor --scope "openid r_ads" >"$build/out" 2>&1
    grep '^TROUBLE.*redirect URI, and the scopes: .*lacks the product' "$build/out" ||
        { cat "$build/out"; return 1; }
}
check "doctor: a scope without its product" no_product
used_code() { # the same code is given twice, as by who reloads the page
    mkfifo "$build/pasted"
    "$build/linkedin" login --no-browser <"$build/pasted" 2>"$build/err" &
    tool=$!
    exec 3>"$build/pasted"
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        url=$(grep '^http' "$build/err") && break
        sleep 0.1
    done
    back=$(curl -s -o /dev/null -w '%{redirect_url}' "$url")
    given=$(echo "$back" | sed 's/.*[?&]code=\([^&]*\).*/\1/')
    curl -s -o /dev/null "$mock/oauth/v2/accessToken" -d "code=$given" \
        -d grant_type=authorization_code -d client_id=mock-client \
        -d client_secret=mock-secret \
        --data-urlencode "redirect_uri=$LINKEDIN_REDIRECT_URI"
    echo "$back" >&3
    exec 3>&-
    wait $tool
    [ $? -eq 1 ] && finds 'last sign-in: .*code was used' && login &&
        ! finds 'last sign-in'
}
no_way_back() {
    echo "https://a.test/?code=1" | "$build/linkedin" login --no-browser \
        --profile slip >"$build/out" 2>&1
    [ $? -eq 2 ] && grep 'paste the whole address' "$build/out" &&
        [ ! -e "$LINKEDIN_CONFIG/slip.token.json.failed" ]
}
check "what is pasted is no way back" no_way_back
lacking() {
    "$build/linkedin" doctor --scope "openid r_member_social r_x" >"$build/out"
    grep '^ok .*has the scope openid$' "$build/out" &&
        grep '^TROUBLE the token has the scope r_member_social' "$build/out"
}
check "doctor: a scope that the token lacks" lacking
check "doctor: a code that was used" used_code
few_scopes() {
    "$build/linkedin" login --profile few --scope w_member_social \
        >"$build/out" 2>"$build/err" || return 1
    "$build/linkedin" doctor --profile few >"$build/out" 2>&1
    grep '^TROUBLE.*GET /v2/userinfo: .*scope' "$build/out"
    rc=$?
    login && return $rc # for it ended the token of before, as at LinkedIn
}
BROWSER=$build/browser
check "doctor: a missing scope" few_scopes
BROWSER=true
late() { # a server whose clock is an hour behind
    node -e 'require("http").createServer((q, a) => {
        a.setHeader("Date", new Date(Date.now() - 36e5).toUTCString());
        a.end() }).listen(0, "127.0.0.1", function () {
            console.log("http://127.0.0.1:" + this.address().port) })' \
        >"$build/late.out" &
    server=$!
    for _ in $(seq 50); do
        [ -s "$build/late.out" ] && break
        sleep 0.2
    done
    finds 'clock of this machine: .*set it' "LINKEDIN_BASE=$(cat "$build/late.out")"
    rc=$?
    kill $server
    return $rc
}
check "doctor: a clock that is wrong" late
check "doctor: a redirect URI with #" finds 'refuses a #' \
    LINKEDIN_REDIRECT_URI='https://a.test/#!'
check "doctor: no network" finds 'host: name, connection' LINKEDIN_BASE=http://127.0.0.1:1
check "doctor: nobody is signed in" finds 'linkedin login' \
    LINKEDIN_CONFIG="$build/none"
check "a wrong token" env LINKEDIN_TOKEN=wrong sh -c \
    "'$build/linkedin' me 2>&1 | grep 'does not know this token'"
curl -s -d '' "$mock/mock/expire"
check "doctor: the token has expired" finds 'expired'
open_file() {
    echo '{"client_id":"a"}' >"$LINKEDIN_CONFIG/default.json"
    chmod 644 "$LINKEDIN_CONFIG/default.json"
    gives 4 'chmod 600' me
    rc=$?
    rm -f "$LINKEDIN_CONFIG/default.json"
    return $rc
}
check "a profile that others may read" open_file
full() { cli --help >/dev/full; [ $? -ne 0 ] || cli me >/dev/full; [ $? -ne 0 ]; }
check "a full disk is told" full
check "logout" cli logout
check "and nobody is signed in" gives 3 'linkedin login' me
kill $mock_pid

# over Winsock, under wine
windows() {
    x86_64-w64-mingw32-gcc -std=c99 -D__USE_MINGW_ANSI_STDIO=1 -O0 -DCLI_SOCKET \
        -I. examples/cli/*.c -o "$build/linkedin.exe" -lws2_32 -lbcrypt \
        -lshell32
}
check "it builds for Windows" windows
mock wine --token the-token --quiet --auto-consent \
    --redirect-uri "$LINKEDIN_REDIRECT_URI"
on_windows() {
    export WINEPREFIX="$build/wine" WINEDEBUG=-all LINKEDIN_TOKEN=the-token \
        LINKEDIN_BASE="$mock"
    timeout 100 wine "$build/linkedin.exe" me >"$build/me.out" 2>&1
    timeout 100 wine "$build/linkedin.exe" api GET /v2/userinfo \
        >>"$build/me.out" 2>&1
    cat "$build/me.out"
    [ "$(grep -c '"name":"Ann Example"' "$build/me.out")" = 2 ]
}
check "me and api on Windows" on_windows
login_on_windows() { # the URL is pasted
    export WINEPREFIX="$build/wine" WINEDEBUG=-all LINKEDIN_BASE="$mock" \
        LINKEDIN_CONFIG="$build/wine-config"
    unset LINKEDIN_TOKEN
    rm -f "$build/pasted" && mkfifo "$build/pasted"
    timeout 100 wine "$build/linkedin.exe" login --no-browser <"$build/pasted" \
        >"$build/out" 2>"$build/err" &
    tool=$!
    exec 3>"$build/pasted"
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        url=$(tr -d '\r' <"$build/err" | grep '^http') && break
        sleep 0.5
    done
    curl -s -o /dev/null -w '%{redirect_url}\n' "$url" >&3
    exec 3>&-
    wait $tool && timeout 100 wine "$build/linkedin.exe" me >"$build/me.out" 2>&1
    cat "$build/err" "$build/me.out"
    grep -q '"name":"Ann Example"' "$build/me.out"
}
check "login on Windows" login_on_windows
kill $mock_pid
for server in /usr/lib/wine/wineserver64 /usr/lib/wine/wineserver; do
    [ ! -x $server ] || WINEPREFIX="$build/wine" $server -k 2>/dev/null
done
finish
