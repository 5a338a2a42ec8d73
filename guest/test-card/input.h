/* The event devices of the guest, also those that appear later (a USB tablet takes a second). */
#ifndef INPUT_H
#define INPUT_H

#include <linux/input.h>

/* Starts watching /dev/input. Returns 0, or -1 if it cannot be watched. */
int input_open(void);

/* Waits for events until the time is over or a signal comes, and hands each one on. `range` is the
 * largest value of an absolute axis. */
void input_wait(int milliseconds, void (*handle)(const struct input_event *event, int range));

int input_has_keyboard(void);
int input_has_relative_pointer(void);
int input_has_tablet(void);

#endif
