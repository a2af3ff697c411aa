#!/bin/sh
# Flash, RAM and stack of the core, as a linker with --gc-sections sees it.
# usage: size.sh [CPU...]   (default: cortex-m0 cortex-m4)
set -u
out=build/size
mkdir -p $out
cpus=${*:-cortex-m0 cortex-m4}
flags="-Os -std=c99 -mthumb -ffunction-sections -fdata-sections
       -fno-unwind-tables -DNDEBUG -I."
status=0
sum() { arm-none-eabi-size "$1" | awk 'NR == 2 { print $1, $2, $3 }'; }

cat > $out/get.c <<'END'
/* One GET, one kept header, one JSON field: the smallest useful client. */
#define LINKEDIN_IMPLEMENTATION
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
cat > $out/json.c <<'END'
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
int entry(const char *text);
int entry(const char *text)
{
    li_str raw;
    return (int)li_json_find(li_cstr(text), "", &raw) +
           (int)li_json_find(li_cstr(text), "/a/0", &raw);
}
END
cat > $out/http.c <<'END'
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
int entry(li_call *call);
int entry(li_call *call)
{
    size_t n;
    return (int)li_step(call) + (li_in_buf(call, &n) != NULL) +
           (int)li_in_ack(call, 1) + (int)li_in_eof(call);
}
END
cat > $out/structs.c <<'END'
#include "linkedin.h"
#define S(x) char size_of_##x[sizeof(struct x)];
S(li_str) S(li_buf) S(li_url) S(li_json) S(li_hash) S(li_token) S(li_client)
S(li_req) S(li_call) S(li_flow) S(li_problem) S(li_profile) S(li_transport)
END
printf '#define LINKEDIN_IMPLEMENTATION\n#include "linkedin.h"\n' > $out/all.c

for cpu in $cpus; do
    echo "== $cpu, $(arm-none-eabi-gcc -dumpversion), -Os: text data bss"
    before=0
    for section in base text json digest restli call linkedin run; do
        sh tests/sections.sh $section > $out/cut.h
        printf '#define LINKEDIN_IMPLEMENTATION\n#include "cut.h"\n' > $out/cut.c
        arm-none-eabi-gcc $flags -w -mcpu=$cpu -c $out/cut.c -o $out/cut.o || exit 1
        set -- $(sum $out/cut.o)
        printf '%-9s %6d %4d %4d\n' $section $(($1 - before)) $2 $3
        before=$1
        [ "$2$3" = 00 ] || { echo "data or bss is not empty"; status=1; }
    done
    printf '%-9s %6d %4d %4d\n' all "$before" 0 0
    for program in get json http; do
        arm-none-eabi-gcc $flags -mcpu=$cpu -nostdlib -r -Wl,--gc-sections \
            -Wl,-e,entry $out/$program.c -o $out/$program.o 2>/dev/null || exit 1
        set -- $(sum $out/$program.o)
        case $program in
        get) what="GET + header + field (wanted: at most 8192)"; most=8192 ;;
        json) what="JSON check + look-up (wanted: at most 2350)"; most=2350 ;;
        http) what="HTTP answer part     (wanted: at most 2500)"; most=2500 ;;
        esac
        held=holds
        [ "$1" -le $most ] || held=MISSED
        printf '%-44s %6d %4d %4d  %s\n' "$what" $1 $2 $3 $held
    done
    arm-none-eabi-gcc $flags -w -mcpu=$cpu -fcallgraph-info=su -fstack-usage \
        -c $out/all.c -o $out/all.o || exit 1
    ci=$(ls -t all.ci $out/all.ci 2>/dev/null | head -1)
    echo "-- worst stack below each public function, bytes (wanted: at most 384; digests, PKCE, webhooks 448)"
    awk -f tests/stack.awk "$ci" > $out/stack.txt || { status=1; grep -v '^ ' $out/stack.txt; }
    grep '^ ' $out/stack.txt | awk '{ printf "%s%s %d", NR % 3 == 1 ? "" : "   ", $2, $1; if (NR % 3 == 0) print "" } END { print "" }'
    awk '/^ / {
            most = $2 ~ /hmac|hash|sha256|oauth_url|webhook/ ? 448 : 384
            if ($1 > most) over = over " " $2
        }
        END { print over == "" ? "stack: holds" : "stack: MISSED by" over }' $out/stack.txt
    echo "-- public structs, bytes"
    arm-none-eabi-gcc -I. -mcpu=$cpu -mthumb -c $out/structs.c -o $out/structs.o
    arm-none-eabi-nm -S $out/structs.o | awk '{ sub(/size_of_/, "", $4); printf "%s %d   ", $4, ("0x" $2) + 0 ? ("0x" $2) + 0 : hex($2) } END { print "" }
        function hex(h,    i, v) { v = 0; for (i = 1; i <= length(h); i++) v = v * 16 + index("0123456789abcdef", substr(h, i, 1)) - 1; return v }'
done
exit $status
