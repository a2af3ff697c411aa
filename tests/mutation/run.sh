#!/bin/sh
# Changes operators of the header, one at a time, and asks the unit tests: which
# changes do they not notice? tcc builds a test file in some 20 ms.
# usage: run.sh BUILD_DIR [HOW_MANY [SEED [ROOM]]]   HOW_MANY: by chance, which
# the SEED decides, or the commit; 0: all
# ROOM: only of that one, as "json".
# Those that nobody noticed are printed, and must stand in survivors.txt, each
# with its reason; and of a hundred, 92 must be noticed by the tests alone, of a
# sample 90, for its share differs from that of all by chance. The last line is
# "N passed, N failed".
set -u
export LC_ALL=C # sort and comm must agree
here=tests/mutation
build=$1
many=${2:-0}
seed=${3:-$(git rev-parse HEAD 2>/dev/null || echo seed)}
rm -rf "$build"
mkdir -p "$build"
build=$(cd "$build" && pwd)
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
cc -O1 $here/mutate.c -o "$build/mutate" || exit 2
"$build/mutate" linkedin.h | awk -v room="${4:-}" '!room || $3 == room' \
    >"$build/all"
all=$(wc -l <"$build/all")
[ "$many" -gt 0 ] && [ "$many" -lt "$all" ] || many=$all
# shuf takes its chances from what the seed makes
openssl enc -aes-256-ctr -pass "pass:$seed" -nosalt -pbkdf2 </dev/zero \
    2>/dev/null | head -c 1000000 >"$build/random"
shuf --random-source="$build/random" -n "$many" "$build/all" >"$build/chosen"

# A survivor is known by its room, operator and source line, which moves; of
# those that have the same, each has a row. Where all have one, none is asked
# again.
grep -v '^#' $here/survivors.txt | sed -n 's/^| //p' | sort >"$build/known"
"$build/mutate" linkedin.h | awk '
    NR == FNR { sub(/^ */, ""); source[FNR] = $0; next }
    { print $3 " " $4 " " $5 ": " source[$2] }' linkedin.h - | sort |
    uniq -c | sort >"$build/counted"
uniq -c "$build/known" | sort | comm -12 - "$build/counted" |
    sed 's/^ *[0-9]* //' >"$build/skip"

# A room calls only those above it: a change is seen by the room's own tests,
# which come first, and by those of the rooms below it; the others come last,
# for they make calls too. What hangs is ended after two seconds of a processor,
# or ten of a clock.
cat >"$build/one" <<'SH'
#!/bin/sh
# one BUILD NUMBER LINE ROOM FROM TO: "noticed" or "alive", and by what. Each
# of those that run at a time has a directory of its own.
build=$1 number=$2 line=$3 room=$4
work=$build/work.$MUTATION_SLOT
if [ ! -d "$work" ]; then
    mkdir -p "$work/tests"
    for file in tests/*.h tests/test_*.c; do
        ln -s "$PWD/$file" "$work/tests/"
    done
    ln -s "$PWD/tests/windows" "$work/tests/"
    ln -s "$PWD/adapters" "$PWD/examples" "$work/"
fi
source=$(sed -n "${line}s/^ *//p" linkedin.h)
if grep -qxF "$room $5 $6: $source" "$build/skip"; then
    printf '%s\n' "alive: $line $room $5 $6: $source"
    exit
fi
if [ "$number" -lt 0 ]; then cp linkedin.h "$work"; else
    "$build/mutate" linkedin.h "$number" >"$work/linkedin.h"
fi
result=alive
rooms='base text json json_put digest restli words patch request answer call
       run problem explain oauth token again rest page upload profile webhook '
below=${rooms##*[[:space:]]"$room"[[:space:]]}
[ "$room" = base ] && below=${rooms#base}
above=${rooms%[[:space:]]"$room"[[:space:]]*}
[ "$room" = base ] && above=
cd "$work" || exit 1
ulimit -t 2
for t in "$room" $below $above; do
    [ -e "tests/test_$t.c" ] || continue
    if ! tcc -D_GNU_SOURCE -DLI_FEW -w -I. -Itests/windows \
        "tests/test_$t.c" -o "$t" >log 2>&1 ||
        ! timeout 10 "./$t" >log 2>&1; then
        result="noticed by $t"
        break
    fi
done
printf '%s\n' "$result: $line $room $5 $6: $source"
SH
chmod +x "$build/one"
# nothing changed: nothing may be noticed
result=$(MUTATION_SLOT=0 "$build/one" "$build" -1 1 base none none)
case $result in alive*) ;; *) echo "without a change: $result"; exit 2 ;; esac
xargs -P "$jobs" --process-slot-var=MUTATION_SLOT -L 1 "$build/one" "$build" \
    <"$build/chosen" >"$build/results"
rm -rf "$build"/work.*
grep -a '^alive' "$build/results" | sed 's/^alive: [0-9]* //' | sort \
    >"$build/alive"
new=$(comm -23 "$build/alive" "$build/known" | tee "$build/new" | wc -l)
sed 's/^/FAILED  nobody notices /' "$build/new"
# of all, each row must have one that is alive
[ "$many" -lt "$all" ] || [ -n "${4:-}" ] ||
    comm -13 "$build/alive" "$build/known" | tee "$build/stale" |
    sed 's/^/FAILED  is noticed /'
noticed=$(grep -ac '^noticed' "$build/results")
echo "$many of $all operators changed (seed $seed): $noticed noticed," \
    "$(wc -l <"$build/alive") alive, $new of these without a reason"
failed=$((new + $(cat "$build/stale" 2>/dev/null | wc -l)))
share=$([ "$many" -lt "$all" ] && echo 90 || echo 92)
if [ $((noticed * 100)) -lt $((many * share)) ]; then
    echo "FAILED  fewer than $share of a hundred were noticed"
    failed=$((failed + 1))
fi
# what gave no result at all is a failure too
lost=$((many - $(grep -ac . "$build/results")))
failed=$((failed + lost))
echo "$((many - new)) passed, $failed failed"
[ "$failed" -eq 0 ]
