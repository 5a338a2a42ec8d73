/* What the test card shows. Every call paints and brings its part to the screen. */
#ifndef CARD_H
#define CARD_H

#include <stdint.h>

void card_paint(void);
/* Turns the lamp green: disk and input devices work. */
void card_ready(void);
/* Shows a key press, by its code in linux/input-event-codes.h. */
void card_key(int code);
/* Marks a click, if it lies on the pad. */
void card_click(int x, int y, uint32_t colour);
/* Shows a number, without what does not fit into 16 binary digits. */
void card_count(unsigned number);

#endif
