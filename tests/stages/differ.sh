# HTTP beside h11: the same answers and requests each time.
. tests/stages/common.sh
compiles() {
    # shellcheck disable=SC2086
    gcc -std=c99 -I. $warn $sanitize tests/fuzz/h11_differ.c \
        -o "$build/h11_differ"
}
check "the driver compiles" compiles
check "30,000 answers and 10,000 requests: h11 agrees, but for a list" \
    /usr/bin/python3 tests/fuzz/h11_differ.py "$build/h11_differ"
finish
