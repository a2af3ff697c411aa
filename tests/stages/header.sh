# The header alone: strict warnings in C99 and C++11, what its object refers
# to and exports, and its sections, each of which has a file of tests.
. tests/stages/common.sh
printf '#define LINKEDIN_IMPLEMENTATION\n#include "linkedin.h"\n' \
    >"$build/alone.c"
cp "$build/alone.c" "$build/alone.cc"

for cc in gcc clang; do
    for level in -O0 -O2 -Os; do
        check "$cc $level as C99" $cc -std=c99 $warn -Wstrict-prototypes \
            $level -I. -c "$build/alone.c" -o "$build/alone_$cc.o"
    done
    cxx=$(echo $cc | sed 's/gcc/g++/; s/clang/clang++/')
    check "$cxx as C++11" $cxx -std=c++11 $warn -I. -c "$build/alone.cc" \
        -o "$build/alone.cxx.o"
done

undefined() {
    nm -u "$1" | awk '{ print $2 }' | grep -vxE \
        'memcpy|memmove|memset|memchr|strlen|_GLOBAL_OFFSET_TABLE_' |
        { ! grep .; }
}
exported() {
    nm -g --defined-only "$1" | awk '{ print $3 }' | { ! grep -v '^li_'; }
}
no_data() { size "$1" | awk 'NR == 2 { exit $2 + $3 > 0 }'; }
for cc in gcc clang; do
    check "$cc: refers to five memory functions only" undefined \
        "$build/alone_$cc.o"
    check "$cc: exports li_ names only" exported "$build/alone_$cc.o"
done
gcc -std=c99 -Os -fno-pie -I. -c "$build/alone.c" -o "$build/alone_nopie.o"
check "no data, no bss" no_data "$build/alone_nopie.o"

# The sections are the tags of linkedin.h, which stand there twice: at the
# interface, and at the implementation.
sections=$(sed -n 's,^/\* >>\([a-z_]*\) .*,\1,p' linkedin.h |
    awk '$0 != "end" && !seen[$0]++')
section() {
    sh tests/sections.sh "$1" >"$build/cut.h" &&
    printf '#define LINKEDIN_IMPLEMENTATION\n#include "cut.h"\n' \
        >"$build/cut.c" &&
    gcc -std=c99 $warn -Wno-unused-function -Wno-unused-const-variable \
        -I"$build" -c "$build/cut.c" -o "$build/cut.o" &&
    undefined "$build/cut.o"
}
check "linkedin.h has sections" [ -n "$sections" ]
for s in $sections; do
    check "section $s needs only those above it" section "$s"
    check "section $s has tests/test_$s.c" [ -f "tests/test_$s.c" ]
done

check "each function of the interface says its errors" \
    awk -f tests/interface.awk linkedin.h

twice() { # two files with LINKEDIN_STATIC, and one of each other kind
    cat >"$build/s1.c" <<'C'
#define LINKEDIN_STATIC
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
int a(void);
int a(void) { return li_strerror(LI_OK)[0]; }
C
    sed 's/int a(void)/int b(void)/g' "$build/s1.c" >"$build/s2.c" &&
    cat >"$build/s3.c" <<'C'
#include "linkedin.h"
#include "linkedin.h"
int a(void);
int b(void);
int main(void) { return a() - b() + li_strerror(LI_OK)[4]; }
C
    gcc -std=c99 $warn -I. "$build/s1.c" "$build/s2.c" "$build/s3.c" \
        "$build/alone.c" -o "$build/twice" &&
    "$build/twice"
}
# A program that has it twice, or a header of another version, does not link,
# and the linker says why.
one='int main(void) { li_call c; li_client m = {0}; li_req r = {0}; char b[9];
return li_begin(&c, &m, &r, b, sizeof b) == LI_OK; }'
links() { # links CFLAGS: alone.c and a program
    echo "#include \"linkedin.h\" $one" | tr '\n' ' ' |
        sed 's/h" /h"\n/' >"$build/one.c"
    # shellcheck disable=SC2086
    gcc -std=c99 $1 -I. "$build/one.c" "$build/alone_gcc.o" \
        -o "$build/one" 2>"$build/one.log"
}
says_twice() {
    ! links -DLINKEDIN_IMPLEMENTATION &&
        grep 'multiple definition' "$build/one.log" | head -1 |
        grep LINKEDIN_IMPLEMENTATION_in_two_files
}
says_version() {
    links -O1 && sed 's/_of_linkedin_h_[0-9_]*/_of_linkedin_h_9_8_7/' \
        linkedin.h >"$build/linkedin.h" &&
        ! links "-I$build" && grep 'li_begin_of_linkedin_h_9_8_7' "$build/one.log"
    rc=$?
    rm -f "$build/linkedin.h"
    return $rc
}
same_version() {
    grep -q "_of_linkedin_h_$(sed -n 's/^#define LI_VERSION "\(.*\)"/\1/p' \
        linkedin.h | tr . _)\$" linkedin.h
}
check "two implementations: the linker names the macro" says_twice
check "a header of another version: the linker tells it" says_version
check "the link names have the version" same_version

not_of_a_pointer() { # LI_BUF takes arrays, whose size it knows
    cat >"$build/pointer.c" <<'C'
#include "linkedin.h"
int f(char *p);
int f(char *p) { li_buf b = LI_BUF(p); return (int)b.cap; }
C
    cp "$build/pointer.c" "$build/pointer.cc" &&
    ! gcc -std=c99 -w -I. -c "$build/pointer.c" -o "$build/pointer.o" &&
    ! clang -std=c99 -w -I. -c "$build/pointer.c" -o "$build/pointer.o" &&
    ! g++ -std=c++11 -w -I. -c "$build/pointer.cc" -o "$build/pointer.o" &&
    # the same but for the array does compile
    sed -i 's/char \*p) {/char *q) { char p[8]; *p = *q;/' \
        "$build/pointer.c" &&
    gcc -std=c99 $warn -I. -c "$build/pointer.c" -o "$build/pointer.o"
}
check "LI_BUF of a pointer does not compile" not_of_a_pointer
check "LINKEDIN_STATIC in two files beside a shared one" twice
finish
