# The mock besides its API: the page that shows it, the webhooks it sends, and
# what it records and answers from a record.
. tests/stages/common.sh
for name in hello post login social upload webhook_server; do
    check "$name" example "$name"
done
check "the mock" the_mock
export LINKEDIN_TOKEN=the-token LINKEDIN_CLIENT_ID=me \
    LINKEDIN_CLIENT_SECRET=it-is-secret LI_CLIENT_SECRET=it-is-secret \
    LINKEDIN_REDIRECT_URI=http://localhost/back
# serve NAME OPTIONS...: the mock as LinkedIn for all that is called here
serve() {
    called=$1
    shift
    mock "$called" --client-id me --client-secret it-is-secret \
        --redirect-uri http://localhost/back "$@"
    export LINKEDIN_BASE="$mock"
}
create() { # create PATH JSON
    curl -s -o "$build/created" -D "$build/head" -w '%{http_code}\n' -d "$2" \
        -H 'Authorization: Bearer the-token' -H 'LinkedIn-Version: 202609' \
        -H 'X-Restli-Protocol-Version: 2.0.0' -H 'X-RestLi-Method: CREATE' \
        -H 'Content-Type: application/json' "$mock/rest/$1" | grep -q 201
}
text() { # text COMMENTARY MORE: a page's post; its number is in post
    create posts '{"author":"urn:li:organization:2414183","commentary":"'"$1"'",
        "visibility":"PUBLIC","lifecycleState":"PUBLISHED",
        "distribution":{"feedDistribution":"MAIN_FEED"}'"$2"'}' &&
        post=$(tr -d '\r' <"$build/head" |
            sed -n 's/^[Xx]-[Rr]est[Ll]i-[Ii]d: urn:li:share://p')
}
comment() { # comment PATH_URN TEXT
    create "socialActions/$1/comments" \
        '{"actor":"urn:li:person:me","object":"urn:li:share:'"$post"'",
          "message":{"text":"'"$2"'"}}'
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

# ---- the record tells no secret, however it is written
tells_none() {
    serve secrets --record "$build/secrets.jsonl"
    curl -s -o "$build/answer" "$mock/oauth/v2/authorization?response_type=code&client_id=me&redirect_uri=http%3A%2F%2Flocalhost%2Fback&scope=openid&state=AB%26SECRET1%2BSECRET2"
    curl -s -o "$build/answer" -H 'Content-Type: text/plain' -d 'token=SECRET3&code=SECRET4' "$mock/rest/posts"
    curl -s -o "$build/answer" -H 'Content-Type: application/json' "$mock/rest/posts" \
        -d '{"client_secret":["SECRET5"],"a":1,"access_token":{"a":"SECRET6"},"id_token":7}'
    kill "$mock_pid"
    [ "$(wc -l <"$build/secrets.jsonl")" -eq 3 ] &&
        ! grep SECRET "$build/secrets.jsonl" &&
        grep -F '\"client_secret\":\"***\",\"a\":1,\"access_token\":\"***\",\"id_token\":\"***\"}' \
            "$build/secrets.jsonl"
}
check "a record tells no secret" tells_none

# ---- the page
browse() { # browse [ADDRESS]: what a browser makes of the page
    chromium --headless --no-sandbox --disable-gpu --dump-dom \
        --user-data-dir="$build/browser" --virtual-time-budget=3000 \
        "${1:-$mock}/" >"$build/dom" 2>"$build/browser.log"
}
shows() { # shows WHAT TEXT
    if grep -qF -- "$2" "$build/dom"; then ok "the page: $1"; else
        not_ok "the page: $1"
        cat "$build/dom"
    fi
}
upload() { # a picture of one point; its URN
    answer=$(curl -s "$mock/rest/images?action=initializeUpload" \
        -H 'Authorization: Bearer the-token' -H 'LinkedIn-Version: 202609' \
        -H 'X-Restli-Protocol-Version: 2.0.0' -H 'X-RestLi-Method: ACTION' \
        -H 'Content-Type: application/json' \
        -d '{"initializeUploadRequest":{"owner":"urn:li:person:me"}}')
    echo iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg== |
        base64 -d >"$build/point.png"
    curl -s -T "$build/point.png" -H 'Authorization: Bearer the-token' \
        "$(echo "$answer" | sed 's/.*"uploadUrl":"\([^"]*\)".*/\1/')" &&
        echo "$answer" | sed 's/.*"image":"\([^"]*\)".*/\1/'
}
fill() {
    serve page --token the-token &&
        text 'Hi @[Acme \\(US\\)](urn:li:organization:2414183) {hashtag|\\#|One} \\<script\\>alert\\(1\\)\\</script\\> a\\_b' \
            ',"content":{"article":{"source":"https://example.com/a","title":"An <b>article</b>"}}' &&
        image=$(upload) &&
        text 'Look' ',"content":{"media":{"id":"'"$image"'","altText":"A lake"}}' &&
        comment "urn%3Ali%3Ashare%3A$post" 'Nice <i>one</i>' &&
        create 'reactions?actor=urn%3Ali%3Aperson%3Ame' '{"root":"urn:li:share:'"$post"'","reactionType":"LIKE"}' &&
        ! LINKEDIN_TOKEN=wrong-one "$build/hello" &&
        curl -s "$mock/oauth/v2/accessToken?state=my-state-1" \
            -d 'grant_type=authorization_code&code=my-code-1' && browse
}
check "posts to look at" fill
shows "its title" '<title>Mock LinkedIn</title>'
shows "a mention is a link" \
    '<a href="https://www.linkedin.com/company/2414183" rel="noreferrer" title="urn:li:organization:2414183">Acme (US)</a>'
shows "a hashtag is a link" \
    '<a href="https://www.linkedin.com/feed/hashtag/One" rel="noreferrer">#One</a>'
shows "escapes are resolved, and HTML is text" \
    ' &lt;script&gt;alert(1)&lt;/script&gt; a_b</p>'
shows "an article's title" \
    '<a href="https://example.com/a" rel="noreferrer">An &lt;b&gt;article&lt;/b&gt;</a>'
shows "a picture" '<img alt="A lake" src="/mock/picture?urn=urn%3Ali%3Aimage%3A'
is_served() {
    curl -s "$mock/mock/picture?urn=$image" -o "$build/served.png" &&
        cmp "$build/point.png" "$build/served.png" &&
        curl -sI -X GET "$mock/mock/picture?urn=$image" |
        grep -i '^content-type: image/png'
}
check "the page: whose bytes are served" is_served
shows "the author" '<strong>Acme</strong>'
shows "a comment" 'Ann Example</strong><div>Nice &lt;i&gt;one&lt;/i&gt;</div>'
shows "their numbers" '1 reaction · 1 comment'
shows "a request" '<span class="good">201</span> <code>POST /rest/posts</code>'
shows "a failure, why, and what to do" \
    '<span class="bad">401</span> <code>GET /v2/userinfo</code><div>Invalid access token</div><div class="dim">'
shows "no secret in a request" '/oauth/v2/accessToken?state=***'
shows "that it follows" 'Follows by itself.'
harmless() {
    ! grep -E 'my-state-1|my-code-1|wrong-one|the-token|it-is-secret' "$build/dom" &&
        [ "$(grep -c '<script' "$build/dom")" -eq 1 ] &&
        ! grep -oE '(src|@import|url\()[^ ]*//[^ ]*' "$build/dom" &&
        curl -sI -X GET "$mock/" >"$build/head" && grep -q \
            "^Content-Security-Policy: default-src 'none'" "$build/head"
}
check "the page needs nothing from elsewhere, and tells no secret" harmless
hosts() { # a name that leads here is not the mock's own
    for h in evil.example 192.0.2.1 127.0.0.1.evil.example "localhost.evil.example:80"; do
        for path in / /mock/page.json; do
            [ "$(curl -s -o "$build/refused" -w '%{http_code}' -H "Host: $h" \
                "$mock$path")" = 403 ] || return 1
            ! grep -q share "$build/refused" || return 1
        done
    done
    for h in localhost:1 127.0.0.1 127.0.0.2:80 LOCALHOST; do
        curl -sf -o "$build/served" -H "Host: $h" "$mock/" || return 1
    done
}
check "the page is for localhost alone" hosts
# A post that is made once the page has looked: by a proxy between the two.
follows() {
    : >"$build/proxy.out"
    node -e '
        const http = require("http"), to = process.argv[1]; let looks = 0;
        const head = {"Authorization": "Bearer the-token", "Content-Type":
            "application/json", "LinkedIn-Version": "202609", "X-RestLi-Method":
            "CREATE", "X-Restli-Protocol-Version": "2.0.0"};
        http.createServer((q, a) => {
            const pass = () => http.get(to + q.url, b => {
                a.writeHead(b.statusCode, b.headers); b.pipe(a); });
            if (!q.url.endsWith("json") || ++looks !== 2) return pass();
            http.request(to + "/rest/posts", {method: "POST", headers: head},
                b => b.resume().on("end", pass)).end(JSON.stringify({
                    author: "urn:li:person:me", commentary: "Made later",
                    visibility: "PUBLIC", lifecycleState: "PUBLISHED",
                    distribution: {feedDistribution: "MAIN_FEED"}}));
        }).listen(0, "127.0.0.1", function () {
            console.log("http://127.0.0.1:" + this.address().port);
        });' "$mock" >"$build/proxy.out" 2>"$build/proxy.err" &
    proxy=$!
    until_seen 1 "$build/proxy.out" http && browse "$(cat "$build/proxy.out")"
    kill $proxy
    cat "$build/dom" "$build/proxy.err"
    grep -q '<p>Made later</p>' "$build/dom"
}
check "the page follows by itself" follows
# more than the page can hold: the latest stays
full() {
    for i in $(seq 30); do # a post whose comments are too many
        comment "urn%3Ali%3Ashare%3A$post" "$(head -c 1250 /dev/zero | tr '\0' c)" ||
            return 1
    done
    curl -sf "$mock/mock/page.json" | grep -q "\"urn\":\"urn:li:share:$post\"" || return 1
    long=$(head -c 2900 /dev/zero | tr '\0' 'x')
    for i in $(seq 80); do
        text "$long $i" '' || return 1
    done
    curl -sf "$mock/mock/page.json" | node -e '
        const all = JSON.parse(require("fs").readFileSync(0, "utf8"));
        const first = all.posts[0].pieces[0].text;
        process.exit(first.endsWith(" 80") && all.posts.length < 80 &&
                     all.requests.length > 40 ? 0 : 1)'
}
check "the page, when there is too much for it" full
kill "$mock_pid"

# ---- webhooks
receiver() { # receiver PORT: examples/webhook_server; sets $hook and $hook_pid
    : >"$build/hook.out"
    "$build/webhook_server" "$1" >"$build/hook.out" 2>"$build/hook.err" &
    hook_pid=$!
    until_seen 1 "$build/hook.out" '^listening on' &&
        hook=$(sed -n 's/^listening on //p' "$build/hook.out")
}
delivered() {
    receiver 0 && serve hooks --token the-token --webhook "$hook/li" || return 1
    text 'For webhooks' '' && comment "urn%3Ali%3Ashare%3A$post" 'Nice' &&
        create 'reactions?actor=urn%3Ali%3Aperson%3Ame' \
            '{"root":"urn:li:share:'"$post"'","reactionType":"LIKE"}' &&
        until_seen 2 "$build/hook.out" '^event ' && cat "$build/hook.out" &&
        grep -q " COMMENT urn:li:comment:(activity:$post,[0-9]*)\$" "$build/hook.out" &&
        grep -q " LIKE urn:li:reaction:(urn:li:person:me,urn:li:activity:$post)\$" \
            "$build/hook.out" &&
        until_seen 1 "$log.log" '^webhook challenge try 1: 200$' &&
        until_seen 1 "$log.log" '^webhook COMMENT 1 try 1: 200$'
}
check "a comment and a reaction are told, signed" delivered
again() { # the receiver is away, then back on its port
    kill "$hook_pid"
    wait "$hook_pid"
    comment "urn%3Ali%3Ashare%3A$post" 'Again' &&
        until_seen 1 "$log.log" '^webhook COMMENT 3 try 1: .*cannot connect' &&
        receiver "${hook##*:}" &&
        until_seen 1 "$build/hook.out" "^event .*COMMENT .*(activity:$post,[0-9]*)\$" &&
        until_seen 1 "$log.log" '^webhook COMMENT 3 try [2-9]: 200$' &&
        browse && grep -q 'taken</span> COMMENT 3, [2-9] tries: 200' "$build/dom"
}
check "again after a failure, and the page tells" again
kill "$mock_pid" "$hook_pid"
refused() { # events wait for a challenge that is answered well
    receiver 0 && serve wrong --client-secret another --token the-token \
        --webhook-retry-ms 100 --webhook "$hook" || return 1
    until_seen 1 "$log.log" '^webhook challenge try 3: 200, not what' &&
        sleep 0.5 && comment "urn%3Ali%3Ashare%3A$post" 'Nice' &&
        until_seen 2 "$log.log" '^webhook challenge try 3: 200, not what' &&
        ! grep -E '^event|COMMENT .* try' "$build/hook.out" "$log.log" &&
        [ "$(grep -c 'challenge try' "$log.log")" -eq 6 ]
}
check "no event without a challenge that is met, which fails thrice" refused
kill "$mock_pid" "$hook_pid"
# a receiver that answers as it likes: challenges well, the events as told
odd_receiver() {
    : >"$build/odd.out"
    node -e '
        const http = require("http"), crypto = require("crypto");
        const statuses = process.argv[1].split(","); let n = 0;
        http.createServer((q, a) => {
            const code = new URL(q.url, "http://x").searchParams;
            if (q.method === "GET") {
                console.log("challenge", code.get("applicationId"));
                const c = code.get("challengeCode");
                a.setHeader("Content-Type", "application/json");
                return a.end(JSON.stringify({challengeCode: c, challengeResponse:
                    crypto.createHmac("sha256", "it-is-secret").update(c).digest("hex")}));
            }
            let body = "";
            q.on("data", d => body += d).on("end", () => {
                const good = q.headers["x-li-signature"] === crypto
                    .createHmac("sha256", "it-is-secret")
                    .update("hmacsha256=" + body).digest("hex");
                const s = +statuses[Math.min(n++, statuses.length - 1)];
                console.log(good ? "signed" : "forged", Date.now(), "auth" +
                    (q.headers.authorization || ""), body);
                if (s) { a.statusCode = s; a.end(); }
            });
        }).listen(0, "127.0.0.1", function () {
            console.log("listening on http://127.0.0.1:" + this.address().port);
        });' "$1" >"$build/odd.out" 2>"$build/odd.err" &
    hook_pid=$!
    until_seen 1 "$build/odd.out" '^listening on' &&
        hook=$(sed -n 's/^listening on //p' "$build/odd.out")
}
odd() {
    odd_receiver 500,0,302,202 && serve odd --token the-token --webhook-app 77 \
        --webhook-retry-ms 200 --webhook "http://localhost:${hook##*:}" || return 1
    comment "urn%3Ali%3Ashare%3A$post" 'Nïce' || return 1
    # nothing waits for the receiver that is silent
    until_seen 2 "$build/odd.out" '^signed' &&
        [ "$(curl -s -o "$build/quick" -m 1 -w '%{http_code}' "$mock/")" = 200 ] &&
        until_seen 4 "$build/odd.out" '^signed' &&
        until_seen 1 "$log.log" '^webhook COMMENT 1 try 4: 202$' &&
        cat "$log.log" "$build/odd.out" && sleep 0.5 &&
        [ "$(grep -c '^signed' "$build/odd.out")" -eq 4 ] &&
        ! grep -E 'forged|auth[^ ]' "$build/odd.out" &&
        grep -q '^challenge 77$' "$build/odd.out"
}
check "5xx, silence, redirects: again; any 2xx is taken; by name" odd
gives_up() {
    kill "$mock_pid" "$hook_pid"
    odd_receiver 503 && serve gives_up --token the-token \
        --webhook-retry-ms 100 --webhook "$hook" || return 1
    comment "urn%3Ali%3Ashare%3A$post" 'Nice' || return 1
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        curl -s -o "$build/quick" "$mock/" # no request shortens a pause
    done
    until_seen 1 "$log.log" '^webhook COMMENT 1 try 8: 503$' && sleep 0.5 &&
        [ "$(grep -c 'COMMENT 1 try' "$log.log")" -eq 8 ] &&
        awk '/^signed/ { if (!n++) from = $2; to = $2 }
             END { exit to - from < 650 }' "$build/odd.out" &&
        curl -s "$mock/mock/page.json" >"$build/page.json" &&
        cat "$log.log" "$build/page.json" &&
        grep -q '"name":"COMMENT 1","tries":8,"state":"given up"' \
            "$build/page.json"
}
check "after a pause each time, and it gives up" gives_up
kill "$mock_pid" "$hook_pid"
elsewhere() { # only this machine
    for url in http://192.0.2.1/ http://example.com/ https://127.0.0.1/ x \
        http://127.0.0.1/#a; do
        ! "$build/mock_linkedin" --exit-after 1 --webhook "$url" || return 1
    done
}
check "webhooks go to this machine alone" elsewhere

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
        [ "$(curl -s -o "$build/none" -w '%{http_code}' "$mock/none")" = 404 ] &&
        curl -s "$mock/mock/page.json" | grep -q 'NOT_RECORDED\|no further'
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
