#!/bin/sh
# examples/webhook_server.c as LinkedIn, and others, would call it.
# usage: webhook.sh BUILD_DIR
set -u
cd "$1" || exit 1
export LI_CLIENT_SECRET=secret LI_CLIENT_SECRET_OLD=older \
    LI_CLIENT_SECRET_77=child
: >webhook.out # what an earlier run said does not count
./webhook_server 0 >webhook.out 2>webhook.err &
server=$!
trap 'kill $server' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10; do
    url=$(sed -n 's/^listening on //p' webhook.out)
    [ -n "$url" ] && break
    sleep 0.2
done
failed=0
is() { # is WHAT GOT WANTED
    [ "$2" = "$3" ] && echo "ok $1" && return
    echo "not ok $1: got $2, wanted $3"
    failed=1
}
hmac() { printf %s "$2" | openssl dgst -sha256 -hmac "$1" | sed 's/.* //'; }
status() { curl -s -o webhook.body -w '%{http_code}' -m 5 "$@"; }
event() { # event SECRET BODY
    status -H "X-LI-Signature: $(hmac "$1" "hmacsha256=$2")" \
        --data-binary "$2" "$url"
}
printed() { grep -c "^$1" webhook.out; }
code=890e4665-4dfe-4ab1-b689-ed553bceeed0
social='{"type":"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS","notifications":[{"notificationId":5603453321,"action":"COMMENT","generatedActivity":"urn:li:comment:(activity:1,2)"},{"notificationId":5603453322,"action":"LIKE"}]}'
lead='{"type":"LEAD_ACTION","leadGenFormResponse":"urn:li:leadGenFormResponse:1a2b3c-4","leadAction":"CREATED","occurredAt":1763800000881}'

is "the challenge" "$(status "$url/?challengeCode=$code")" 200
is "its response" "$(cat webhook.body)" \
    "{\"challengeCode\":\"$code\",\"challengeResponse\":\"$(hmac secret $code)\"}"
status "$url/?challengeCode=$code&applicationId=77" >/dev/null
is "a child application's own secret" "$(cat webhook.body)" \
    "{\"challengeCode\":\"$code\",\"challengeResponse\":\"$(hmac child $code)\"}"
is "an unknown application" \
    "$(status "$url/?challengeCode=$code&applicationId=78")" 400
is "no challenge" "$(status "$url/")" 400

# silent peers, more than there are places, keep no event out
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 \
    27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 \
    51 52 53 54 55 56 57 58 59 60; do
    sleep 3 | curl -s "telnet://${url#http://}" >silent.out 2>&1 &
done
sleep 1
is "sixty silent peers keep nobody out" "$(status "$url/?challengeCode=$code")" 200

# an event forged with the endpoint's own help: it must not sign
is "the endpoint is no signing oracle" \
    "$(status -G --data-urlencode "challengeCode=hmacsha256=$lead" "$url/")" 400
is "and has signed nothing" "$(cat webhook.body)" "{}"

is "an event" "$(event secret "$social")" 200
is "its notifications are printed" \
    "$(printed 'event ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS')" 2
is "it comes again" "$(event secret "$social")" 200
is "and is told as such" "$(printed 'again ')" 2
is "with the old secret" "$(event older "$lead")" 200
is "a lead" "$(printed 'event LEAD_ACTION CREATED urn:li:leadGenFormResponse:1a2b3c-4')" 1
for type in EXPORT_JOB_APPLICATION JOB_POSTING_STATUS RESYNC_JOBS OTHER; do
    is "$type" "$(event secret "{\"type\":\"$type\",\"jobApplicationId\":\"urn:li:jobApplication:1\",\"externalJobPostingId\":\"j\",\"id\":\"x\"}")" 200
    is "$type is printed" "$(printed "event $type ")" 1
done
esc=$(printf '\033')
is "what acts on a terminal" \
    "$(event secret '{"type":"LEAD_ACTION","leadAction":"\u001b[2J\u009b","leadGenFormResponse":"\u202e"}')" 200
is "is not printed" "$(grep -c "$esc" webhook.out)" 0
is "but told" "$(printed 'event LEAD_ACTION ?\[2J?')" 1
before=$(wc -l <webhook.out)
is "another's secret" "$(event wrong "$lead")" 403
is "no signature" "$(status --data-binary "$lead" "$url")" 403
is "a signature of the body alone" \
    "$(status -H "X-LI-Signature: $(hmac secret "$lead")" --data-binary "$lead" "$url")" 403
is "a changed body" "$(status -H "X-LI-Signature: $(hmac secret "hmacsha256=$lead")" --data-binary "$lead " "$url")" 403
is "nothing of these is printed" "$(wc -l <webhook.out)" "$before"
is "what is no JSON" "$(event secret 'hello')" 400
is "too much" "$(head -c 70000 /dev/zero | status --data-binary @- "$url")" 413
is "no length" "$(status -H 'Transfer-Encoding: chunked' -d x "$url")" 411
is "another method" "$(status -X PUT -d x "$url")" 405
is "in pieces" "$(node -e '
    const body = process.argv[2], u = new URL(process.argv[1]);
    const head = `POST / HTTP/1.1\r\nHost: x\r\nX-LI-Signature: ${process.argv[3]}\r\nContent-Length: ${body.length}\r\n\r\n`;
    const s = require("net").connect(u.port, u.hostname), all = head + body;
    s.setNoDelay(true);
    let i = 0, got = "";
    const t = setInterval(() => i < all.length ? s.write(all.slice(i, i += 40)) : clearInterval(t), 2);
    s.on("data", d => got += d).on("close", () => console.log(got.slice(9, 12)));
' "$url" "$lead" "$(hmac secret "hmacsha256=$lead")")" 200
exit $failed
