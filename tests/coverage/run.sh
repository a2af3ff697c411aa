#!/bin/sh
# Which lines of the header, and which sides of its branches, do the tests of
# the sections reach? By the public API alone, for they know no other.
# usage: run.sh BUILD_DIR
# Each test file is built twice, once without the header's short cuts. What
# none of them reaches must stand in unreached.txt, each with its reason.
# The last line is "N passed, N failed".
set -u
here=tests/coverage
build=$1
rm -rf "$build"
mkdir -p "$build"
build=$(cd "$build" && pwd)

cat >"$build/one" <<'SH'
#!/bin/sh
# one BUILD TEST NAME OPTION: builds and runs; prints only what failed
program=$1/$3
if ! clang-19 -std=c99 -D_GNU_SOURCE -w -O0 -I. -Itests/windows ${4:+"$4"} \
    -fprofile-instr-generate -fcoverage-mapping "tests/$2.c" -o "$program" ||
    ! LLVM_PROFILE_FILE=$program.raw "$program" >"$program.log"; then
    echo "FAILED  $3"
    tail -3 "$program.log"
fi
SH
for test in tests/test_*.c; do
    test=$(basename "$test" .c)
    case $test in test_adapters | test_mock | test_network | test_peers | \
        test_signature) continue ;; esac
    echo "$test ${test#test_}"
    echo "$test ${test#test_}.small -D__OPTIMIZE_SIZE__"
done >"$build/list"
xargs -P "$(getconf _NPROCESSORS_ONLN)" -L 1 sh "$build/one" "$build" \
    <"$build/list" >"$build/broken"
if [ -s "$build/broken" ]; then
    cat "$build/broken"
    echo "0 passed, $(grep -c '^FAILED' "$build/broken") failed"
    exit 1
fi
# The two ways are looked at apart, for some functions differ in them.
for way in whole small; do
    objects=
    raws=
    for name in $(cut -d ' ' -f 2 "$build/list"); do
        case $name in *.small) of=small ;; *) of=whole ;; esac
        [ $of = $way ] || continue
        objects="$objects ${objects:+-object }$build/$name"
        raws="$raws $build/$name.raw"
    done
    # shellcheck disable=SC2086
    llvm-profdata-19 merge -o "$build/$way.profile" $raws &&
        llvm-cov-19 export -instr-profile="$build/$way.profile" $objects \
            -sources "$PWD/linkedin.h" >"$build/$way.json" || exit 1
done
node $here/report.js $here/unreached.txt "$build/whole.json" "$build/small.json"
