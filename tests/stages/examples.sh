# The examples: each builds without a warning, is short, and does on the mock
# what it says it does; with them the adapters, as C++ and by their length.
. tests/stages/common.sh
for f in examples/*.c; do
    name=$(basename "$f" .c)
    build_one=example
    [ "$name" != mock_linkedin ] || build_one=the_mock
    check "$name builds without a warning" $build_one "$name"
done
for f in adapters/*.h; do
    printf '#define LINKEDIN_IMPLEMENTATION\n#include "%s"\n#include "%s"\n' \
        linkedin.h "$f" >"$build/adapter.cc"
    check "$(basename "$f") as C++11" g++ -std=c++11 -D_GNU_SOURCE -Wall \
        -Wextra -Werror -I. -c "$build/adapter.cc" -o "$build/adapter.o"
done
for std in 11 14 17 20; do
    for cxx in g++ clang++; do
        check "hello.cpp as C++$std by $cxx" $cxx -std=c++$std -Wall -Wextra \
            -Wpedantic -Wconversion -Wshadow -Werror -I. examples/hello.cpp \
            -o "$build/hello_cpp$std" -lcurl
    done
done
small_adapter() {
    [ "$(wc -l <adapters/linkedin_curl.h)" -le 350 ] &&
        ! grep -rl "li_curl_""run" --include='*.[ch]' --include='*.md' . |
            grep -v CHANGELOG
}
check "linkedin_curl.h has 350 lines at most" small_adapter
lines() { # the first program and the custom transport stay short
    awk '/^int main/,/^}/' examples/hello.c | wc -l | awk '{ exit $1 > 20 }' &&
    awk '/^typedef struct wire/,/^static void w_close/' \
        examples/custom_transport.c | wc -l | awk '{ exit $1 > 12 }'
}
check "the first program and a transport are short" lines
short() {
    for f in examples/*.c; do # feed.c brings a whole HTTP stack
        most=60
        [ "$f" != examples/feed.c ] || most=90
        [ "$(wc -l <"$f")" -le $most ] || { echo "$f"; return 1; }
    done
}
check "each is a screenful" short

check "custom_transport says hello" sh -c \
    "'$build/custom_transport' | grep -q 'Hello, Ana Li!'"
event_loop() {
    mock loop --quiet --token the-token --fault 429-retry-after:0%5 \
        --fault reset%2 --fault lost%1 && "$build/event_loop" "$mock"
    rc=$?
    kill $mock_pid
    return $rc
}
check "10,000 calls at once, with 429s and resets" event_loop
[ -s "$build/check.log" ] && sed 's/^/        /' "$build/check.log"

# the short examples, as a user would try them on the mock
catalogue() {
    # README.md makes a video of several parts
    mock catalogue --quiet --token the-token --part-size 4000 || return 1
    export LINKEDIN_TOKEN=the-token LINKEDIN_BASE=$mock
    bad=0
    for example in posts post_kinds social organizations ads ad_analytics \
        conversions leads events jobs \
        "upload image urn:li:person:me README.md" \
        "upload document urn:li:person:me README.md" \
        "upload video urn:li:person:me README.md"; do
        echo "== $example"
        # shellcheck disable=SC2086
        "$build"/$example || bad=1
    done
    kill $mock_pid
    return $bad
}
check "the catalogue of examples, on the mock" catalogue

# what is uploaded may be longer than all of the mock's memory for one request
large_upload() {
    mock large --quiet --token the-token --processing-ms 60000 || return 1
    header="Authorization: Bearer the-token"
    image=$mock/rest/images
    url=$(curl -s -H "$header" -H "LinkedIn-Version: 202609" \
        -H "X-Restli-Protocol-Version: 2.0.0" -d '{"initializeUploadRequest":
        {"owner":"urn:li:person:me"}}' "$image?action=initializeUpload" |
        sed 's/.*"uploadUrl":"\([^"]*\)".*/\1/')
    head -c 20000000 /dev/zero >"$build/large.png"
    id=$(echo "$url" | sed 's/.*image\/\([0-9]*\).*/\1/')
    [ "$(curl -s -H "$header" -T "$build/large.png" -w '%{http_code}' "$url")" \
        = 201 ] && curl -s -H "$header" -H "LinkedIn-Version: 202609" \
        -H "X-Restli-Protocol-Version: 2.0.0" "$image/urn%3Ali%3Aimage%3A$id" |
        grep '"status":"PROCESSING"'
    rc=$?
    kill $mock_pid
    return $rc
}
check "an image of 20 MB, which is PROCESSING then" large_upload

# the first program and the login, for which the mock is LinkedIn
first_steps() {
    mock steps --quiet --token the-token --auto-consent --client-id me \
        --client-secret it --redirect-uri http://localhost/back || return 1
    export LINKEDIN_BASE="$mock" LINKEDIN_TOKEN=the-token LINKEDIN_CLIENT_ID=me \
        LINKEDIN_CLIENT_SECRET=it LINKEDIN_REDIRECT_URI=http://localhost/back
    rm -f "$build/login.json" "$build/login.in"
    mkfifo "$build/login.in"
    "$build/login" "$build/login.json" <"$build/login.in" \
        >"$build/login.out" 2>&1 &
    login=$!
    exec 9>"$build/login.in"
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        grep -q "^http" "$build/login.out" && break
        sleep 0.2
    done
    curl -s -o "$build/page" -w '%{redirect_url}\n' \
        "$(grep '^http' "$build/login.out")" >&9
    exec 9>&-
    wait $login && grep '^Hello' "$build/login.out" &&
        "$build/login" "$build/login.json" </dev/null && "$build/hello" &&
        "$build/hello_cpp11" && "$build/hello_cpp20" && "$build/libuv"
    rc=$?
    kill $mock_pid
    return $rc
}
check "hello in C, C++11 and C++20; login, again by its file; libuv" first_steps
# who fails says why on standard error, and by the exit code
loud() {
    for name in hello login hello_cpp11 libuv; do
        LINKEDIN_TOKEN=wrong LINKEDIN_BASE=http://127.0.0.1:1 \
            LINKEDIN_CLIENT_ID=a LINKEDIN_CLIENT_SECRET=b \
            LINKEDIN_REDIRECT_URI=http://localhost/back \
            "$build/$name" </dev/null >"$build/loud.out" 2>"$build/loud.err"
        [ $? -eq 1 ] && [ -s "$build/loud.err" ] || { echo "$name"; return 1; }
    done
}
check "they fail loudly" loud
check "webhook_server" sh tests/webhook.sh "$build"
finish
