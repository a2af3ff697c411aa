#!/bin/sh
# Builds the sign-in without an operating system for a Cortex-M3 and an ATmega,
# and runs it in qemu and simavr. usage: run.sh BUILD_DIR [cortex_m3|avr]...
set -u
here=examples/bare_metal
build=$1
shift
mkdir -p "$build"
flags="-Os -std=c99 -ffreestanding -ffunction-sections -fdata-sections -Wall
       -Wextra -Werror -Wl,--gc-sections"
bad=0
for board in ${*:-cortex_m3 avr}; do
    elf=$build/$board.elf
    # shellcheck disable=SC2086
    case $board in
    cortex_m3)
        arm-none-eabi-gcc -mcpu=cortex-m3 -mthumb $flags -nostartfiles \
            -T $here/cortex_m3.ld $here/main.c $here/cortex_m3.c -o "$elf" &&
            timeout 60 qemu-system-arm -M lm3s6965evb -nographic \
                -semihosting-config enable=on,target=native -kernel "$elf" ;;
    avr)
        avr-gcc -mmcu=atmega1284p $flags $here/main.c $here/avr.c -o "$elf" &&
            timeout 60 simavr -m atmega1284p -f 16000000 "$elf" ;;
    *) echo "no board $board" ; exit 2 ;;
    esac >"$build/$board.raw" 2>&1 </dev/null
    # simavr paints each line, and ends it with a dot
    sed 's/\x1b\[[0-9;]*m//g; s/\.$//' "$build/$board.raw" |
        grep -vE '^(Loaded|Timer|$)' >"$build/$board.log"
    sed "s/^/$board: /" "$build/$board.log"
    grep -qx 'Hello, Ann Bee' "$build/$board.log" &&
        grep -qx done "$build/$board.log" || bad=1
done
[ $bad -eq 0 ]
