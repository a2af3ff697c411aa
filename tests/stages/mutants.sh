# Changed operators of the header, chosen by the commit: the unit tests notice
# each, or it is listed with its reason.
. tests/stages/common.sh
MANY=300
sh tests/mutation/run.sh "$build/mutation" $MANY >"$build/log" 2>&1
tail -n 2 "$build/log" | head -n 1
grep '^FAILED' "$build/log"
tail -n 1 "$build/log"
