# Servers and clients that no one here wrote: tests/integration/run.sh prints
# a line a check, which are counted here.
. tests/stages/common.sh
check "the mock is there" the_mock
sh tests/integration/run.sh "$build" >"$build/integration.log" 2>&1
rc=$?
good=$(grep -c '^ok ' "$build/integration.log")
bad=$(grep -c '^not ok ' "$build/integration.log")
[ $rc -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
# A run that checked nothing did not pass.
[ "$good" -gt 0 ] || [ "$bad" -gt 0 ] || bad=1
passed=$((passed + good))
failed=$((failed + bad))
echo "integration: $good passed, $bad failed"
[ "$bad" -eq 0 ] || {
    grep -A3 '^not ok' "$build/integration.log" | head -60
    tail -20 "$build/integration.log"
}
finish
