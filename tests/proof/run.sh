#!/bin/sh
# Frama-C's Eva on every parser and encoder: no read or write leaves its object.
# usage: run.sh BUILD_DIR [ENTRY...]     (default: all, and the controls)
set -u
build=$1/proof
shift
mkdir -p "$build"
here=tests/proof
share=$(frama-c -print-share-path) || exit 1
header=$build/proved.h
table=$build/table.txt
passed=0 failed=0
: >"$table"

# A copy of the header in which the functions that have doubles are renamed.
rename() {
    sed -e 's/^LINKEDIN_API \(li_rc li_put\)\((.*)\)$/static \1_itself\2/' \
        -e 's/^LINKEDIN_API \(li_rc li_put_int\)\((.*)\)$/static \1_itself\2/' \
        -e 's/^LINKEDIN_API \(li_rc li_json_next\)\((.*)\)$/static \1_itself\2/' \
        -e 's/^LINKEDIN_API \(li_rc li_json_skip\)\((.*)\)$/static \1_itself\2/' \
        -e 's/^LINKEDIN_API \(li_rc li_json_each\)\((.*)\)$/static \1_itself\2/' \
        -e 's/^static \(size_t li__j_take\)(/static \1_itself(/' \
        -e 's/^static \(size_t li__utf8_put\)(/static \1_itself(/' \
        -e 's/^static \(li_str li__cut\)(/static \1_itself(/' \
        -e 's/^static \(li_str li__upto\)(/static \1_itself(/'
}

# eva ENTRY MODE MACHINE BYTES OPTIONS...: leaves the log; alarms on stdout
eva() {
    entry=$1 mode=$2 machine=$3 bytes=$4
    shift 4
    log=$build/$entry.$machine.$bytes.log
    define="-DN=$bytes"
    set -- -eva-precision 1 -eva-interprocedural-history \
        -eva-split-return full "$@"
    case $mode in
    every) define="$define -DEVERY -DITSELF"
        set -- -eva-interprocedural-splits -eva-slevel 4000 "$@" ;;
    split) define="$define -DEVERY"
        set -- -eva-interprocedural-splits -eva-slevel 100 "$@" ;;
    itself) define="$define -DITSELF" ;;
    esac
    if [ $mode = every ] || [ $mode = itself ]; then cat "$source"
    else rename <"$source"; fi >"$header"
    timeout 300 frama-c -cpp-extra-args="-I$share/libc -I$build $define" -eva \
        -lib-entry -main "$entry" -machdep "$machine" "$@" $here/entries.c \
        >"$log" 2>&1 || echo "$entry on $machine did not end" >>"$log.failed"
    # each place once, as it stands in the source; reviewed.txt has those that
    # cannot happen, and why
    sed -nE 's/^\[eva:alarm\] ([^:]+):([0-9]+): .*/\1 \2/p' "$log" | sort -u |
        while read -r file line; do
            sed -n "${line}s/^ */$entry: /p" "$file"
        done >"$log.alarms"
    grep -cvxF -f $here/reviewed.txt "$log.alarms"
}

# prove ENTRY MODE BYTES OPTIONS...: on every model; BYTES: a list, whose last
# goes to all of them, the others to the 32-bit one alone
prove() {
    name=$1 mode=$2 sizes=$3
    shift 3
    [ -z "$only" ] || case " $only " in *" $name "*) ;; *) return ;; esac
    last=${sizes##* }
    machines="gcc_x86_32 gcc_x86_16 gcc_x86_64"
    case $name in json_whole | json_in_two) machines="$machines ppc_32" ;; esac
    for machine in $machines; do
        for bytes in $sizes; do
            [ $bytes = $last ] || [ $machine = gcc_x86_32 ] || continue
            began=$(date +%s)
            rm -f "$build/$name.$machine.$bytes.log.failed"
            alarms=$(eva $name $mode $machine $bytes "$@")
            [ ! -e "$build/$name.$machine.$bytes.log.failed" ] || alarms=none
            seconds=$(($(date +%s) - began))
            echo "$name $mode $bytes $machine $alarms $seconds" |
                tee -a "$table"
            if [ "$alarms" = 0 ]; then passed=$((passed + 1))
            else failed=$((failed + 1)); fi
        done
    done
}

# control ENTRY MODE BYTES SED: with that fault in the header there are alarms
control() {
    [ -z "$only" ] || case " $only " in *" control "*) ;; *) return ;; esac
    sed "$4" linkedin.h >"$build/faulty.h"
    cmp -s linkedin.h "$build/faulty.h" && echo "control $1: no such line"
    source=$build/faulty.h
    alarms=$(eva $1 $2 gcc_x86_32 $3 -eva-partition-history 1)
    source=linkedin.h
    echo "control $1: $alarms alarms with a fault planted" | tee -a "$table"
    if [ "$alarms" -gt 0 ]; then passed=$((passed + 1))
    else failed=$((failed + 1)); fi
}

only=$*
source=linkedin.h
. $here/table.sh
echo "$passed passed, $failed failed"
[ $failed = 0 ]
