/* The picture: a canvas in memory, shown on the framebuffer with the pointer on top. */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdint.h>

/* Opens /dev/fb0 and takes the console off it. Returns 0, or -1 without a usable framebuffer. */
int screen_open(void);

/* "800x600-32 VESA VGA": size, bits per pixel and driver. */
const char *screen_description(void);

/* Fills a rectangle of the canvas; what lies outside the card is cut off. */
void screen_fill(int x, int y, int width, int height, uint32_t colour);

/* Draws text with its top left corner at x, y; each dot of the font is scale pixels wide. */
void screen_text(int x, int y, int scale, uint32_t colour, const char *text);

/* Brings a rectangle of the canvas, and the pointer where it lies over it, to the screen. */
void screen_show(int x, int y, int width, int height);

/* Moves the pointer to a place of the card, kept within it. */
void screen_move_pointer(int x, int y);

int screen_pointer_x(void);
int screen_pointer_y(void);

/* A place of the whole screen, given as a fraction of 0..range, as card pixels. */
int screen_scale_x(int value, int range);
int screen_scale_y(int value, int range);

#endif
