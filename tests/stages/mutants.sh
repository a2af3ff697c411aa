# Changed operators of the header: the unit tests notice each, or it is listed
# with its reason. The seed is a fixed one, for of the whole header some are not
# listed yet: `make mutants` chooses by the commit, and tells which.
. tests/stages/common.sh
MANY=200
sh tests/mutation/run.sh "$build/mutation" $MANY december >"$build/log" 2>&1
tail -n 2 "$build/log" | head -n 1
grep '^FAILED' "$build/log"
tail -n 1 "$build/log"
