# 1,500 changed operators, chosen by the commit: the unit tests notice each, or
# survivors.txt has its reason. `make mutants` is all of them.
. tests/stages/common.sh
check "changed operators are noticed" \
    sh tests/mutation/run.sh "$build/mutants" 1500
tail -2 "$build/check.log" | head -1
finish
