#!/bin/sh
# What the core costs: its lines, and flash, RAM and stack on a Cortex-M, each
# figure beside the one that is wanted. Built with LINKEDIN_STATIC, as by those
# who include the header in one file, and linked with --gc-sections.
# usage: size.sh [CPU...]   (default: cortex-m0 cortex-m4)
set -u
out=build/size
mkdir -p $out
cpus=${*:-cortex-m0 cortex-m4}
flags="-Os -std=c99 -mthumb -ffunction-sections -fdata-sections
       -fno-unwind-tables -DNDEBUG -DLINKEDIN_STATIC -DLINKEDIN_IMPLEMENTATION
       -I."
missed=0
: >$out/table.txt
# judge WHAT IS WANTED: a line of the table
judge() {
    verdict=holds
    [ "$2" -le "$3" ] || { verdict=MISSED; missed=$((missed + 1)); }
    printf '%-52s %6d  wanted <= %-6d %s\n' "$1" "$2" "$3" $verdict |
        tee -a $out/table.txt
}
flash() { arm-none-eabi-size "$1" | awk 'NR == 2 { print $1 }'; }

# Without comments and empty lines.
code_lines() {
    awk '{
        text = $0
        if (inside && !sub(/^.*\*\//, "", text)) next
        inside = 0
        gsub(/\/\*([^*]|\*[^\/])*\*\//, "", text)
        if (sub(/\/\*.*/, "", text)) inside = 1
        if (text ~ /[^ \t]/) n++
    } END { print n }' linkedin.h
}
# The public functions and structs: all that the interface declares, but what
# stands there only under a macro.
interface=$out/interface.h
sed -n '/^\/\* >>base/,/^\/\* >>end/p' linkedin.h | sed '/^\/\* >>end/q' \
    >$interface
functions=$(sed -n 's/^LINKEDIN_API .*[ *]\(li_[a-z0-9_]*\)(.*/\1/p' $interface |
    grep -v '^li_json_double$')
longest() { # the room whose implementation is longest: lines and name
    awk '/^#define LINKEDIN_IMPLEMENTED/ { on = 1 }
        on && /^\/\* >>/ { room = $2 }
        on && room { lines[room]++ }
        END { for (r in lines) if (r != ">>end") print lines[r], r }' \
        linkedin.h | sort -rn | head -1
}
echo "== the header"
judge "lines of code" "$(code_lines)" 6600
judge "lines in all" "$(wc -l <linkedin.h)" 9000
judge "public functions" "$(echo "$functions" | wc -l)" 92
judge "public structs" "$(grep -c '^typedef struct li_[a-z]* {' $interface)" 18
longest_lines=$(longest)
judge "lines of the longest room, ${longest_lines#* }" "${longest_lines%% *}" 900

cat >$out/get.c <<'END'
/* One GET, one kept header, one JSON field: the smallest useful client. */
#include "linkedin.h"
extern li_transport radio;
static char buf[2048];
int entry(void);
int entry(void)
{
    li_client me = {0};
    li_req req = {0};
    li_call call;
    li_str raw;
    me.access_token = "token";
    req.path = "/v2/userinfo";
    li_begin(&call, &me, &req, buf, sizeof buf);
    if (li_run(&call, &radio) || call.status != 200 ||
        !li_header(&call, LI_H_LI_UUID).len)
        return 1;
    return (int)li_json_find(call.body, "/name", &raw);
}
END
cat >$out/json.c <<'END'
#include "linkedin.h"
int entry(const char *text);
int entry(const char *text)
{
    li_str raw;
    return (int)li_json_find(li_cstr(text), "", &raw) +
           (int)li_json_find(li_cstr(text), "/a/0", &raw);
}
END
cat >$out/http.c <<'END'
#include "linkedin.h"
int entry(li_call *call);
int entry(li_call *call)
{
    size_t n;
    return (int)li_step(call) + (li_in_buf(call, &n) != NULL) +
           (int)li_in_ack(call, 1) + (int)li_in_eof(call);
}
END
{ # every public function, by its address
    echo '#include "linkedin.h"'
    echo 'extern const void *const all[];'
    echo 'const void *const all[] = {'
    echo "$functions" | sed 's/.*/    (const void *)&,/'
    echo '    0};'
} >$out/all.c
cat >$out/structs.c <<'END'
#include "linkedin.h"
#define S(x) char size_of_##x[sizeof(struct x)];
S(li_str) S(li_buf) S(li_url) S(li_json) S(li_value) S(li_policy) S(li_client)
S(li_req) S(li_token) S(li_call) S(li_transport) S(li_problem) S(li_flow)
S(li_rest) S(li_page) S(li_upload) S(li_profile) S(li_webhook)
END

for cpu in $cpus; do
    echo "== $cpu, $(arm-none-eabi-gcc -dumpversion), -Os"
    before=0
    for room in $(sed -n 's,^/\* >>\([a-z_]*\) .*,\1,p' linkedin.h |
        awk '$0 != "end" && !seen[$0]++'); do
        sh tests/sections.sh $room >$out/cut.h
        printf '#define LINKEDIN_IMPLEMENTATION\n#include "cut.h"\n' >$out/cut.c
        # shared here: of static functions the unused ones would be dropped
        arm-none-eabi-gcc -Os -std=c99 -mthumb -w -mcpu=$cpu -c $out/cut.c \
            -o $out/cut.o || exit 1
        set -- $(arm-none-eabi-size $out/cut.o | awk 'NR == 2 { print $1, $2 + $3 }')
        printf '%9s %6d' $room $(($1 - before))
        case $room in json | restli | run | token | upload) echo ;; esac
        before=$1
        [ "$2" = 0 ] || { echo "data or bss is not empty"; missed=$((missed + 1)); }
    done
    echo "   (flash of each room, bytes)"
    for program in get json http; do
        arm-none-eabi-gcc $flags -mcpu=$cpu -nostdlib -r -Wl,--gc-sections \
            -Wl,-e,entry $out/$program.c -o $out/$program.o 2>/dev/null || exit 1
    done
    arm-none-eabi-gcc $flags -w -mcpu=$cpu -fcallgraph-info=su -fstack-usage \
        -c $out/all.c -o $out/all.o || exit 1
    judge "flash: GET, kept header, JSON field" "$(flash $out/get.o)" 12288
    judge "flash: JSON check and look-up" "$(flash $out/json.o)" 2700
    judge "flash: HTTP answer" "$(flash $out/http.o)" 4600
    judge "flash: every public function" "$(flash $out/all.o)" 50000
    ci=$(ls -t all.ci $out/all.ci 2>/dev/null | head -1)
    awk -f tests/stack.awk "$ci" >$out/stack.txt ||
        { missed=$((missed + 1)); grep -v '^ ' $out/stack.txt; }
    stack() { awk -v f="$1" '$2 == f { print $1 }' $out/stack.txt; }
    if [ $cpu = cortex-m4 ]; then
        deepest=$(sort -rn $out/stack.txt | awk 'NR == 1 { print $2, $1 }')
        judge "stack below ${deepest% *}, the deepest" "${deepest#* }" 640
        judge "stack below li_run" "$(stack li_run)" 384
        judge "stack below li_step" "$(stack li_step)" 236
    fi
    echo "-- worst stack below each public function, bytes"
    awk '/^ / { printf "%s%s %d", n % 4 ? "   " : "", $2, $1; if (n++ % 4 == 3) print "" }
        END { print "" }' $out/stack.txt
    echo "-- public structs, bytes"
    arm-none-eabi-gcc -I. -mcpu=$cpu -mthumb -c $out/structs.c -o $out/structs.o
    arm-none-eabi-nm -S $out/structs.o |
        awk 'function hex(h,    i, v) {
                for (i = 1; i <= length(h); i++)
                    v = v * 16 + index("0123456789abcdef", substr(h, i, 1)) - 1
                return v
            }
            { sub(/size_of_/, "", $4); print $4, hex($2) }' >$out/structs.txt
    awk '{ printf "%s %d   ", $1, $2; if (NR % 7 == 0) print "" } END { print "" }' \
        $out/structs.txt
    judge "sizeof(li_call)" \
        "$(awk '$1 == "li_call" { print $2 }' $out/structs.txt)" 224
done
rm -f all.ci all.su
echo "== missed: $missed"
grep MISSED $out/table.txt
[ $missed -eq 0 ]
