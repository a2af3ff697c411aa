#!/bin/sh
# The end of `make unit`: reads what the test files said, a line each, and what
# failed in full; the last line is "N passed, N failed". A file that was not
# built has said nothing, which is a failure. usage: unit.sh DIR TEST...
. tests/stages/common.sh
shift
for t in "$@"; do
    name=${t#test_}
    log=$build/$t.log
    [ -e "tests/$t.c" ] || echo "there is no tests/$t.c"
    # the log of a test whose source is gone is of an older day
    if [ ! -e "tests/$t.c" ] || [ ! -e "$log" ]; then
        not_ok "$name: not built"
        continue
    fi
    status=$(sed -n '$s/.*exit status //p' "$log")
    count "$log" "${status:-1}"
    if [ "$bad" -eq 0 ]; then
        echo "$name: $good passed"
    else
        echo "FAILED  $name: $good passed, $bad failed"
        grep -vE '^\[ +(RUN|OK) +\]' "$log"
    fi
done
finish
