/* board.h - what main.c wants of a board: cortex_m3.c, avr.c. */
#ifndef BOARD_H
#define BOARD_H
#include <stddef.h>

void board_put(const char *text); /* to the serial line                     */
size_t board_image(void);         /* bytes of code and constants            */
size_t board_ram(void);           /* bytes of variables                     */
size_t board_stack(void);         /* the most that the stack has had so far */
void board_end(int status);       /* ends the simulator                     */

#endif
