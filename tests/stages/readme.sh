# The README: at most 400 lines, and each snippet of it is compiled and run. A
# snippet has a name behind its language: ```c post. What it stands in, or what
# follows from it, is tests/readme/NAME.c, .cpp, or a function here.
. tests/stages/common.sh
root=$(pwd)
build=$(cd "$build" && pwd) || exit 1
snippets=$build/snippets
rm -rf "$snippets" "$build/app"
mkdir -p "$snippets" "$build/app"
awk -v to="$snippets" '
    /^```/ && file { close(file); file = ""; next }
    /^```[a-z]/ { file = to "/" ($2 ? $2 : "unnamed") "." substr($1, 4)
                  printf "" >file; next }
    file { print >file }' README.md
short() { [ "$(wc -l <README.md)" -le 400 ]; }
check "the README has 400 lines at most" short
links() { # each link of it leads to a heading or a file
    grep -o '](#[^)]*)' README.md | tr -d '](#)' | sort >"$build/links"
    sed -n 's/^## //p' README.md | tr 'A-Z ' 'a-z-' | tr -cd 'a-z0-9\n-' |
        sort >"$build/headings"
    diff "$build/links" "$build/headings" || return 1
    for f in $(grep -oE '`(examples|adapters|packaging|zephyr)/[a-zA-Z0-9_./]+`' \
        README.md | tr -d '`') bench/figures.svg; do
        [ -e "$f" ] || { echo "no $f"; return 1; }
    done
}
check "its contents list has each section, and its files exist" links

cp examples/hello.c "$build/app/"
flags="-std=gnu99 -Wall -Wextra -Wno-unused-variable -Wno-unused-function
       -Werror -I."
the_same() { sed -n '/^#define/,$p' examples/hello.c | diff - "$snippets/hello.c"; }
export LINKEDIN_TOKEN=the-token LINKEDIN_CLIENT_ID=mock-client \
    LINKEDIN_CLIENT_SECRET=mock-secret \
    LINKEDIN_REDIRECT_URI=http://localhost:8080/callback
hello() { "$1" | grep '^Hello, '; }
# around NAME [FLAGS...]: the snippet in its program, which runs in $build
around() {
    around=$1
    shift
    # shellcheck disable=SC2086
    gcc $flags "-DSNIPPET=\"$snippets/$around.c\"" "$@" \
        "tests/readme/$around.c" -o "$build/$around" -lcurl -lcrypto -lhiredis &&
        (cd "$build" && "./$around")
}
hosts() { printf '%s\n' "-DLI_API_BASE=\"$mock\"" "-DLI_AUTH_BASE=\"$mock\""; }
sign_in() {
    # shellcheck disable=SC2046
    around sign-in "-DID_TOKEN=\"$snippets/id-token.c\"" $(hosts)
}
webhook() {
    SIGNATURE=$(printf 'hmacsha256={}' | openssl dgst -sha256 -hmac key |
        sed 's/.* //') around webhook
}
cpp() {
    # shellcheck disable=SC2046
    g++ -std=c++11 -Wall -Wextra -Wpedantic -Werror -I. $(hosts) \
        "-DSNIPPET=\"$snippets/cpp.cpp\"" tests/readme/cpp.cpp \
        -o "$build/cpp" -lcurl && "$build/cpp"
}
setup() { # they are stages of their own: here they must be the right names
    while read -r make target _; do
        [ "$make" = make ] && grep -q "^$target: .*## " Makefile || return 1
    done <"$snippets/setup.sh"
}
# in_tree NAME: a snippet of the shell, run in a copy of this tree beside app/
in_tree() {
    rm -rf "$build/linkedin" && mkdir -p "$build/linkedin/build" &&
        cp -R Makefile linkedin.h adapters examples packaging CMakeLists.txt \
            meson.build meson_options.txt tests "$build/linkedin" &&
        (cd "$build/linkedin" && HOME=$build/home sh -e "$snippets/$1.sh")
}
by_hand() {
    rm -f "$build/app/hello" # or what an earlier way has built would do
    in_tree "$1" && hello "$build/app/hello"
}
make_mock() { # make mock, and what the snippet says to do in another terminal
    setsid make mock >"$build/make_mock.out" 2>"$build/make_mock.err" &
    session=$!
    for _ in $(seq 120); do # it is compiled first
        grep -q '^listening on' "$build/make_mock.out" && break
        sleep 0.5
    done
    in_tree mock >"$build/make_mock.hello"
    rc=$?
    kill -- -$session
    cat "$build/make_mock.err"
    [ $rc -eq 0 ] && grep '^Hello, ' "$build/make_mock.hello"
}
fleet() { # as a hiredis program: a Redis of its own, without a file
    export REDIS_PORT=$((30000 + $$ % 20000))
    redis-server --port $REDIS_PORT --bind 127.0.0.1 --save "" \
        >"$build/redis.log" 2>&1 &
    redis=$!
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        redis-cli -p $REDIS_PORT ping 2>/dev/null | grep -q PONG && break
        sleep 0.2
    done
    around fleet
    rc=$?
    kill $redis
    return $rc
}
command_line() {
    unset LINKEDIN_CONFIG
    in_tree cli >"$build/cli.out" && cat "$build/cli.out" &&
        grep -q '"name":"Ann Example"' "$build/cli.out" &&
        grep -q '"commentary":"Hello from a terminal"' "$build/cli.out" &&
        grep -q '"Well said"\|"id":' "$build/cli.out"
}
cmake_way() {
    mkdir -p "$build/cmake" && cp examples/hello.c "$build/cmake/" &&
        cp "$snippets/cmake.cmake" "$build/cmake/CMakeLists.txt" &&
        ln -sfn "$root" "$build/cmake/linkedin" &&
        cmake -S "$build/cmake" -B "$build/cmake/made" &&
        cmake --build "$build/cmake/made" && hello "$build/cmake/made/hello"
}
meson_way() {
    subproject=$build/meson/subprojects/linkedin
    rm -rf "$build/meson" && mkdir -p "$subproject" &&
        cp examples/hello.c "$build/meson/" &&
        cp -R linkedin.h adapters packaging meson.build meson_options.txt \
            "$subproject" &&
        cp "$snippets/meson.meson" "$build/meson/meson.build" &&
        meson setup "$build/meson/made" "$build/meson" &&
        meson compile -C "$build/meson/made" && hello "$build/meson/made/hello"
}

check "the mock" the_mock
mock readme --auto-consent --token the-token --fault 503@1/v2/userinfo
export LINKEDIN_BASE="$mock"
check "unattended" around unattended
check "hello is examples/hello.c" the_same
check "sign-in and id-token" sign_in
for name in call post errors windows; do check "$name" around $name; done
check "webhook" webhook
check "cpp" cpp
check "fleet" fleet
check "cli" command_line
check "setup" setup
check "copy" by_hand copy
check "pkg-config" by_hand pkg-config
check "cmake" cmake_way
check "meson" meson_way
kill $mock_pid
check "mock" make_mock
tried() { # no snippet without its test
    for f in "$snippets"/*; do
        case $(basename "$f") in
        hello.c | sign-in.c | id-token.c | call.c | post.c | errors.c | \
            windows.c | unattended.c | webhook.c | cpp.cpp | setup.sh | \
            fleet.c | cli.sh | copy.sh | pkg-config.sh | cmake.cmake | meson.meson | mock.sh) ;;
        *) echo "$(basename "$f") is not tried"; return 1 ;;
        esac
    done
}
check "each snippet is tried" tried
finish
