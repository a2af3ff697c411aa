# Faults at any step, in virtual time.
. tests/stages/common.sh
faults() { # faults CALLS FLAGS...
    calls=$1
    shift
    gcc -std=c99 $warn "$@" -I. tests/faults.c -o "$build/faults" &&
        "$build/faults" "$calls"
}
check "a million calls, a fault at any step" faults 1000000 -O2
check "a hundred thousand, with sanitizers" faults 100000 $sanitize
flows() {
    gcc -std=c99 $warn $sanitize -I. tests/faults_flows.c \
        -o "$build/faults_flows" && "$build/faults_flows" 20000
}
check "20,000 listings, uploads and creates, a fault at any step" flows
every() { # every SIZES COMPILER FLAGS...
    sizes=$1
    compiler=$2
    shift 2
    # shellcheck disable=SC2086
    "$compiler" -std=c99 -D_GNU_SOURCE $warn "$@" -I. tests/every_fault.c \
        -o "$build/every_fault" && "$build/every_fault" "$sizes"
}
check "every call in turn fails, in every flow: nothing lost, no secret told" \
    every 2 clang -O2
tail -1 "$build/check.log"
check "likewise, with sanitizers" every 1 gcc $sanitize -O1
finish
