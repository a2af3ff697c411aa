#!/bin/sh
# Changes operators of the header, one at a time, and asks the unit tests: which
# changes do they not notice? tcc builds a test file in a tenth of a second.
# usage: run.sh BUILD_DIR [HOW_MANY [SEED [ROOM]]]   HOW_MANY: by chance; 0: all
# ROOM: only of that one, as "json".
# Those that nobody noticed are printed, and must stand in survivors.txt, each
# with its reason. The last line is "N passed, N failed".
set -u
here=tests/mutation
build=$1
many=${2:-200}
seed=${3:-$(git rev-parse HEAD 2>/dev/null || echo seed)}
mkdir -p "$build"
build=$(cd "$build" && pwd)
cc -O1 $here/mutate.c -o "$build/mutate" || exit 2
"$build/mutate" linkedin.h | awk -v room="${4:-}" '!room || $3 == room' \
    >"$build/all"
[ "$many" -gt 0 ] || many=$(wc -l <"$build/all")
# shuf takes its chances from what the seed makes
openssl enc -aes-256-ctr -pass "pass:$seed" -nosalt -pbkdf2 </dev/zero \
    2>/dev/null | head -c 1000000 >"$build/random"
shuf --random-source="$build/random" -n "$many" "$build/all" >"$build/chosen"

# What sorts quickly comes first, after the room's own tests.
cat >"$build/one" <<'SH'
#!/bin/sh
# one BUILD NUMBER LINE ROOM FROM TO: "noticed" or "alive", and by what
build=$1 number=$2 line=$3 room=$4
work=$build/work.$number
mkdir -p "$work/tests"
cp tests/*.h tests/test_*.c "$work/tests"
ln -s "$PWD/adapters" "$PWD/examples" "$work/"
if [ "$number" -lt 0 ]; then cp linkedin.h "$work"; else
    "$build/mutate" linkedin.h "$number" >"$work/linkedin.h"
fi
result=alive
for t in "$room" base text json_put digest restli words patch request answer call run \
    problem explain oauth token again rest page upload profile webhook json; do
    [ -e "tests/test_$t.c" ] || continue
    if ! (cd "$work" && tcc -D_GNU_SOURCE -w -I. "tests/test_$t.c" \
        -o "$t" -lcmocka && timeout 60 "./$t") >"$work/log" 2>&1; then
        result="noticed by $t"
        break
    fi
done
rm -rf "$work"
source=$(sed -n "${line}s/^ *//p" linkedin.h)
echo "$result: $line $room $5 $6: $source"
SH
chmod +x "$build/one"
# nothing changed: nothing may be noticed
result=$("$build/one" "$build" -1 1 base none none)
case $result in alive*) ;; *) echo "without a change: $result"; exit 2 ;; esac
xargs -P "$(getconf _NPROCESSORS_ONLN)" -L 1 "$build/one" "$build" \
    <"$build/chosen" >"$build/results"
# A survivor is known by its room, operator and source line, which moves.
grep '^alive' "$build/results" | sed 's/^alive: [0-9]* //' >"$build/alive"
grep -v '^#' $here/survivors.txt | sed -n 's/^| //p' >"$build/known"
new=$(grep -vxFf "$build/known" "$build/alive" | tee "$build/new" | wc -l)
sed 's/^/FAILED  nobody notices /' "$build/new"
noticed=$(grep -c '^noticed' "$build/results")
echo "$many operators changed (seed $seed): $noticed noticed," \
    "$(wc -l <"$build/alive") alive, $new of these without a reason"
echo "$((many - new)) passed, $new failed"
[ "$new" -eq 0 ]
