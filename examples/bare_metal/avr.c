/* avr.c - an ATmega1284 as simavr has it: int of 16 bits, 16 KB of RAM in which
   the constants lie, too. The serial line, and a sleep without interrupts, which
   simavr takes for the end. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <stdint.h>

#include "board.h"

extern char __data_start, __bss_end, __data_load_end;

/* Before main(), and before there is a stack to speak of. */
__attribute__((naked, used, section(".init3"))) static void paint(void)
{
    char *p = &__bss_end;
    while (p < (char *)RAMEND - 8)
        *p++ = (char)0xa5;
}

void board_put(const char *text)
{
    UCSR0B = 1 << TXEN0;
    for (; *text; text++) {
        while (!(UCSR0A & 1 << UDRE0)) {}
        UDR0 = (uint8_t)*text;
    }
}

size_t board_image(void) { return (size_t)(uintptr_t)&__data_load_end; }

size_t board_ram(void) { return (size_t)(&__bss_end - &__data_start); }

size_t board_stack(void)
{
    const char *p = &__bss_end;
    while (p < (char *)RAMEND && *p == (char)0xa5)
        p++;
    return (size_t)((char *)RAMEND - p) + 1;
}

/* The status goes nowhere: what main() has printed tells it. */
void board_end(int status)
{
    (void)status;
    cli();
    sleep_mode();
}
