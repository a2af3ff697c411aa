#!/bin/sh
# Proves with Frama-C's Eva that the JSON tokenizer stays in its memory.
# usage: prove.sh BUILD_DIR
set -u
mkdir -p "$1"
share=$(frama-c -print-share-path)
bad=0
for machine in gcc_x86_32 gcc_x86_16 ppc_32; do
    for entry in json_whole json_in_two; do
        log=$1/prove_$entry.log
        frama-c -cpp-extra-args="-I$share/libc -I." -eva -eva-precision 1 \
            -lib-entry -main $entry -machdep $machine tests/prove.c \
            "$share/libc/__fc_builtin.c" >"$log" 2>&1 || { tail -20 "$log"; exit 1; }
        alarms=$(grep -c 'eva:alarm' "$log")
        echo "$entry on $machine: $alarms alarms"
        [ "$alarms" = 0 ] || bad=1
    done
done
exit $bad
