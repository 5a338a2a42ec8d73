#include "screen.h"

#include <fcntl.h>
#include <linux/fb.h>
#include <linux/kd.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "font.h"
#include "layout.h"

static uint32_t canvas[CARD_HEIGHT][CARD_WIDTH];
static struct fb_var_screeninfo mode;
static struct fb_fix_screeninfo fixed;
static uint8_t *memory;
static char description[64];

/* Top left corner of the card on the screen; negative on a screen smaller than the card. */
static int left, top;
static int pointer_x = PAD_X + PAD_WIDTH / 2, pointer_y = PANELS_Y + PANELS_HEIGHT / 2;

#define POINTER_WIDTH 11
#define POINTER_HEIGHT 17

/* '#' outline, '.' inside; the hot spot is the top left corner. */
static const char *const pointer_shape[POINTER_HEIGHT] = {
    "#          ", "##         ", "#.#        ", "#..#       ", "#...#      ", "#....#     ",
    "#.....#    ", "#......#   ", "#.......#  ", "#........# ", "#.....#####", "#..#..#    ",
    "#.# #..#   ", "##  #..#   ", "#    #..#  ", "     #..#  ", "      ##   ",
};

int screen_open(void) {
  int device = open("/dev/fb0", O_RDWR | O_CLOEXEC);
  if (device < 0 || ioctl(device, FBIOGET_VSCREENINFO, &mode) < 0 ||
      ioctl(device, FBIOGET_FSCREENINFO, &fixed) < 0)
    return -1;
  memory = mmap(NULL, fixed.smem_len, PROT_READ | PROT_WRITE, MAP_SHARED, device, 0);
  if (memory == MAP_FAILED) return -1;
  left = ((int)mode.xres - CARD_WIDTH) / 2;
  top = ((int)mode.yres - CARD_HEIGHT) / 2;
  /* Kept open: the console returns to text when the last user closes it. */
  int console = open("/dev/tty0", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (console >= 0) ioctl(console, KDSETMODE, KD_GRAPHICS);
  snprintf(description, sizeof description, "%ux%u-%u %.16s", mode.xres, mode.yres,
           mode.bits_per_pixel, fixed.id);
  return 0;
}

const char *screen_description(void) { return description; }

void screen_fill(int x, int y, int width, int height, uint32_t colour) {
  for (int row = y < 0 ? 0 : y; row < y + height && row < CARD_HEIGHT; row++)
    for (int column = x < 0 ? 0 : x; column < x + width && column < CARD_WIDTH; column++)
      canvas[row][column] = colour;
}

void screen_text(int x, int y, int scale, uint32_t colour, const char *text) {
  for (; *text != '\0'; text++, x += (GLYPH_WIDTH + 1) * scale)
    for (int row = 0; row < GLYPH_HEIGHT; row++)
      for (int column = 0; column < GLYPH_WIDTH; column++)
        if (font_dot(*text, column, row))
          screen_fill(x + column * scale, y + row * scale, scale, scale, colour);
}

static uint32_t in_format(uint32_t colour, const struct fb_bitfield *field, int shift) {
  return (colour >> shift & 0xff) >> (8 - field->length) << field->offset;
}

static void put_pixel(int x, int y, uint32_t colour) {
  x += left;
  y += top;
  if (x < 0 || y < 0 || x >= (int)mode.xres || y >= (int)mode.yres) return;
  uint32_t value = in_format(colour, &mode.red, 16) | in_format(colour, &mode.green, 8) |
                   in_format(colour, &mode.blue, 0);
  unsigned bytes = mode.bits_per_pixel / 8;
  uint8_t *pixel = memory + (size_t)y * fixed.line_length + (size_t)x * bytes;
  if (bytes == 4) {
    *(uint32_t *)pixel = value;
    return;
  }
  for (unsigned i = 0; i < bytes; i++) pixel[i] = (uint8_t)(value >> (8 * i));
}

void screen_show(int x, int y, int width, int height) {
  for (int row = y < 0 ? 0 : y; row < y + height && row < CARD_HEIGHT; row++)
    for (int column = x < 0 ? 0 : x; column < x + width && column < CARD_WIDTH; column++)
      put_pixel(column, row, canvas[row][column]);
  for (int row = 0; row < POINTER_HEIGHT; row++)
    for (int column = 0; column < POINTER_WIDTH; column++) {
      char dot = pointer_shape[row][column];
      if (dot != ' ')
        put_pixel(pointer_x + column, pointer_y + row, dot == '#' ? 0x000000 : 0xffffff);
    }
}

static int within(int value, int limit) {
  return value < 0 ? 0 : value >= limit ? limit - 1 : value;
}

void screen_move_pointer(int x, int y) {
  int old_x = pointer_x, old_y = pointer_y;
  pointer_x = within(x, CARD_WIDTH);
  pointer_y = within(y, CARD_HEIGHT);
  screen_show(old_x, old_y, POINTER_WIDTH, POINTER_HEIGHT);
}

int screen_pointer_x(void) { return pointer_x; }
int screen_pointer_y(void) { return pointer_y; }

/* Rounded to the nearest pixel: an emulated tablet rounds down when it leaves pixels. */
static int scale(int value, int range, int size) {
  return (int)(((long)value * size + range / 2) / range);
}

int screen_scale_x(int value, int range) { return scale(value, range, (int)mode.xres) - left; }
int screen_scale_y(int value, int range) { return scale(value, range, (int)mode.yres) - top; }
