#!/bin/sh
# `make test`: every check, counted; the last line is "N passed, N failed".
# usage: run.sh BUILD_DIR [STAGE...]   (without a stage: all of them)
#
# A stage is tests/stages/NAME.sh. One more runs at a time than there are cores,
# for some do nothing but wait; each in a directory of its own, and what one
# printed is shown when it is over. They start in this order, the long ones
# first, so that no core is idle at the end.
set -u
stages='
units        the unit tests under sanitizers, gcc and clang; hostile peers
machines     s390x, two boards, what watches numbers; others compile
redis        eight processes share a token in Redis, and are killed at random
tokens       four processes share a token file, and are killed at random
memory       no memory at any allocation; killed at any call of a save
constant     secrets are compared in constant time: the instruction traces
examples     each builds, is short and does on the mock what it says
windows      by mingw-w64 and wine: the tests, sockets, hello and login
integration  servers and clients that others wrote
fuzz         the fuzzers on every parser, a short while
load         thousands of calls at once, with faults, by each adapter; an hour
differ       answers and requests beside h11: all differences have a reason
faults       a fault at any step, in virtual time
mock         the page of the mock, the webhooks it sends, records and replays
mutants      1,500 changed operators of the header: the tests notice them
terminal     the command-line tool at a terminal, and in Chromium; a record
cli          the command-line tool on the mock
install      the ways in: pkg-config, CMake, Meson; each says hello
readme       each snippet of the README, compiled and run
packages     what ESP-IDF, PlatformIO, Arduino, Zephyr, vcpkg, Conan are told
prove        Eva on a share of the parsers, and planted faults
inputs       every short input of each grammar: one hash, which is kept
header       warnings, symbols and sections of the header alone
demo         make demo
'
build=$1
shift
names=$(echo "$stages" | awk '{ print $1 }')
chosen=
for name in "$@"; do
    # shellcheck disable=SC2086,SC2116
    case " $(echo $names) " in
    *" $name "*) ;;
    *) echo "no stage $name; there are:$stages" >&2; exit 2 ;;
    esac
done
for name in $names; do # in the order of the table, and none twice
    case " ${*:-$name} " in *" $name "*) chosen="$chosen $name" ;; esac
done

dir=$build/stages
mkdir -p "$dir" && dir=$(cd "$dir" && pwd) || exit 1
rm -rf "$dir"/*.log "$dir/mock.lock" "$dir/mock_linkedin"

# run_all: prints a line for each stage when it is over: NAME STATUS SECONDS
run_all() {
    # shellcheck disable=SC2086
    printf '%s\n' $chosen |
        xargs -P "$(($(getconf _NPROCESSORS_ONLN || echo 2) + 1))" -I NAME sh -c '
            began=$(date +%s)
            sh tests/stages/NAME.sh "$1/NAME" >"$1/NAME.log" 2>&1
            echo NAME $? $(($(date +%s) - began))' - "$dir"
}
# add_up: shows what run_all tells of, and counts. The last line of a stage is
# its count; one that died before has none, and is a failure.
add_up() {
    passed=0
    failed=0
    missing=" $chosen "
    while read -r name status seconds; do
        missing=$(echo "$missing" | sed "s/ $name / /")
        what=$(echo "$stages" | sed -n "s/^$name  *//p")
        echo "== $name: $what ($seconds s)"
        cat "$dir/$name.log"
        count=$(tail -n 1 "$dir/$name.log" |
            sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p')
        good=${count% *}
        bad=${count#* }
        if [ -z "$count" ] || { [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; }; then
            echo "FAILED  the stage $name ended before its count"
            bad=$((${bad:-0} + 1))
        fi
        passed=$((passed + ${good:-0}))
        failed=$((failed + bad))
    done
    for name in $missing; do
        echo "FAILED  the stage $name did not come to its end"
        failed=$((failed + 1))
    done
    # what failed, once more, for who looks at the end first
    [ "$failed" -eq 0 ] || grep -hE '^(FAILED|not ok|\[  FAILED)' "$dir"/*.log
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
run_all | add_up
