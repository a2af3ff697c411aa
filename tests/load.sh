#!/bin/sh
# usage: [CALLS=N] load.sh BUILD_DIR SECONDS: tests/load.c on a mock that fails
# in all its ways, each for one request of twenty.
set -u
faults=
for kind in 401-revoked 429 429-retry-after:0 500 502-html 503 504 slow:20 \
    drip:1 cut:40 reset lost stall:10; do
    faults="$faults --fault $kind%5"
done
# shellcheck disable=SC2086
"$1/mock_linkedin" --port 0 --quiet --token the-token \
    --exit-after $(($2 + 120)) $faults >"$1/load.out" &
mock=$!
sleep 0.5
"$1/load" "$(sed -n 's/^listening on //p' "$1/load.out")" "$2" "${CALLS:-2000}"
status=$?
kill $mock
exit $status
