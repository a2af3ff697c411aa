# The fuzzers, a short while: the same inputs each time.
. tests/stages/common.sh
check "50,000 inputs for every parser" env FUZZ_RUNS=50000 \
    sh tests/fuzz/run.sh "$build"
finish
