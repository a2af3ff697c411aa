/* cortex_m3.c - a Cortex-M3 as qemu has it (lm3s6965evb): vectors, start, the
   serial line, and an end that qemu hears of. */
#include <stdint.h>

#include "board.h"

extern uint32_t image_end[], data_at[], data_end[], bss_end[], stack_top[];
int main(void);

#define UART (*(volatile uint32_t *)0x4000c000u)
#define PAINT 0xa5a5a5a5u /* what the stack has not reached yet */

void board_put(const char *text)
{
    while (*text)
        UART = (uint32_t)(unsigned char)*text++;
}

size_t board_image(void) { return (size_t)(uintptr_t)image_end; }

size_t board_ram(void)
{
    return (size_t)((uintptr_t)bss_end - (uintptr_t)data_at);
}

size_t board_stack(void)
{
    const uint32_t *p = bss_end;
    while (p < stack_top && *p == PAINT)
        p++;
    return (size_t)((uintptr_t)stack_top - (uintptr_t)p);
}

/* By semihosting's SYS_EXIT_EXTENDED: qemu ends with this status. */
void board_end(int status)
{
    uint32_t why[2];
    register uint32_t r0 __asm__("r0") = 0x20;
    register uint32_t *r1 __asm__("r1") = why;
    why[0] = 0x20026;
    why[1] = (uint32_t)status;
    __asm__ volatile("bkpt 0xab" : : "r"(r0), "r"(r1) : "memory");
}

static void start(void)
{
    uint32_t *from = image_end - (data_end - data_at), *to;
    for (to = data_at; to < data_end;)
        *to++ = *from++;
    while (to < bss_end)
        *to++ = 0;
    while (to < (uint32_t *)__builtin_frame_address(0) - 16)
        *to++ = PAINT;
    main();
    for (;;) {}
}

static void fault(void)
{
    board_put("fault\n");
    board_end(2);
    for (;;) {}
}

__attribute__((section(".vectors"), used)) static void *const vectors[] = {
    stack_top, (void *)start, (void *)fault, (void *)fault, (void *)fault,
    (void *)fault, (void *)fault};
