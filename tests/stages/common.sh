# What the stages of `make test` share. A stage is a file of its own, started
# by tests/run.sh in the repository's root as `sh tests/stages/NAME.sh DIR`:
# DIR is for it alone, so that stages side by side leave each other's files
# alone. It starts with `. tests/stages/common.sh`, checks, and ends with
# `finish`, whose count run.sh adds up.
set -u
build=$1
mkdir -p "$build"
passed=0
failed=0
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
warn="-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
      -Wcast-qual -Werror"
# lines and functions are what a sanitizer tells of: -g1 has them, and builds
# a fifth faster than -g
sanitize="-g1 -O0 -fsanitize=address,undefined -fno-sanitize-recover=all"

ok() { passed=$((passed + 1)); echo "ok      $1"; }
not_ok() { failed=$((failed + 1)); echo "FAILED  $1"; }
# check NAME COMMAND...: one check; its output is shown only if it fails
check() {
    name=$1
    shift
    if "$@" >"$build/check.log" 2>&1; then ok "$name"; else
        not_ok "$name"
        tail -60 "$build/check.log"
    fi
}
finish() { echo "$passed passed, $failed failed"; [ "$failed" -eq 0 ]; exit; }

# count LOG STATUS: what a test file said; sets $good and $bad. A file that
# ends badly, or in which nothing passed, is never without a failure.
count() {
    good=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$1" |
        awk '{ n += $1 } END { print n + 0 }')
    bad=$(sed -n 's/^\[  FAILED  \] \([0-9]*\) test.*/\1/p' "$1" |
        awk '{ n += $1 } END { print n + 0 }')
    if [ "$bad" -eq 0 ]; then
        [ "$2" -eq 0 ] && [ "$good" -gt 0 ] || bad=1
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
}

# example NAME: builds examples/NAME.c, without a warning, in $build
example() {
    # shellcheck disable=SC2086
    gcc -std=c99 -D_GNU_SOURCE $warn -O0 -I. "examples/$1.c" -o "$build/$1" \
        -Wl,--as-needed -lcurl -luv -lmbedtls -lmbedx509 -lmbedcrypto
}
# Several stages need the mock. The first that asks builds it for all, beside
# their directories; the others wait. run.sh has removed what was there.
the_mock() {
    until mkdir "$build/../mock.lock" 2>/dev/null; do sleep 0.2; done
    if [ ! -x "$build/../mock_linkedin" ]; then
        example mock_linkedin && mv "$build/mock_linkedin" "$build/.."
    fi
    built=$?
    rmdir "$build/../mock.lock"
    [ $built -eq 0 ] && cp "$build/../mock_linkedin" "$build/"
}
# mock NAME OPTIONS...: starts the mock, in $mock and $mock_pid; what it logs
# is in $log.log
mock() {
    log=$build/mock_$1
    shift
    : >"$log.out" # the port of the one before is not taken for this one's
    "$build/mock_linkedin" --port 0 --exit-after 300 "$@" \
        >"$log.out" 2>"$log.log" &
    mock_pid=$!
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        mock=$(sed -n 's/^listening on //p' "$log.out")
        [ -n "$mock" ] && return
        sleep 0.2
    done
    return 1
}
