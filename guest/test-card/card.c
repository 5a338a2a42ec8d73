#include "card.h"

#include <stdio.h>
#include <sys/utsname.h>

#include "layout.h"
#include "screen.h"

static const uint32_t bars[] = {0xf2f2f2, 0xe8c52a, 0x2ab7ca, 0x3fa34d,
                                0xb04fb5, 0xd64545, 0x3a6fd8, 0x141414};

static void paint_lamp(uint32_t colour) {
  screen_fill(LAMP_X, LAMP_Y, LAMP_SIZE, LAMP_SIZE, colour);
  screen_show(LAMP_X, LAMP_Y, LAMP_SIZE, LAMP_SIZE);
}

void card_paint(void) {
  struct utsname system;
  char line[96] = "";
  if (uname(&system) == 0)
    snprintf(line, sizeof line, "%.20s %.60s", system.sysname, system.release);

  screen_fill(0, 0, CARD_WIDTH, CARD_HEIGHT, FRAME);
  screen_fill(6, 6, CARD_WIDTH - 12, CARD_HEIGHT - 12, BACKGROUND);
  screen_text(40, 32, 5, TEXT, "VMNetX test guest");
  screen_text(40, 88, 2, QUIET_TEXT, line);
  for (int i = 0; i < 8; i++) {
    uint32_t grey = (uint32_t)(i * 32 + 16);
    screen_fill(BARS_X + i * BAR_WIDTH, BARS_Y, BAR_WIDTH, BARS_HEIGHT, bars[i]);
    screen_fill(BARS_X + i * BAR_WIDTH, GREYS_Y, BAR_WIDTH, GREYS_HEIGHT, grey * 0x010101);
  }
  screen_text(KEYS_X, PANELS_Y - 30, 2, TEXT, "press a key");
  screen_fill(KEYS_X, PANELS_Y, KEYS_WIDTH, PANELS_HEIGHT, PANEL_IDLE);
  screen_text(PAD_X, PANELS_Y - 30, 2, TEXT, "click here");
  screen_fill(PAD_X, PANELS_Y, PAD_WIDTH, PANELS_HEIGHT, PANEL_IDLE);
  screen_show(0, 0, CARD_WIDTH, CARD_HEIGHT);
  paint_lamp(LAMP_STARTING);
}

void card_ready(void) { paint_lamp(LAMP_READY); }

/* The factors have no common divisor with 160, so each of the first 160 codes has its own colour,
 * and none is the colour of the idle panel, whose red is below 64. */
static uint32_t key_colour(int code) {
  uint32_t value = (uint32_t)code;
  return (64 + value * 37 % 160) << 16 | (64 + value * 73 % 160) << 8 | (64 + value * 151 % 160);
}

void card_key(int code) {
  char line[16];
  snprintf(line, sizeof line, "key %d", code);
  screen_fill(KEYS_X, PANELS_Y - 30, KEYS_WIDTH, 20, BACKGROUND);
  screen_text(KEYS_X, PANELS_Y - 30, 2, TEXT, line);
  screen_fill(KEYS_X, PANELS_Y, KEYS_WIDTH, PANELS_HEIGHT, key_colour(code));
  screen_show(KEYS_X, PANELS_Y - 30, KEYS_WIDTH, PANELS_HEIGHT + 30);
}

void card_click(int x, int y, uint32_t colour) {
  if (x < PAD_X || x >= PAD_X + PAD_WIDTH || y < PANELS_Y || y >= PANELS_Y + PANELS_HEIGHT) return;
  int from_x = x - MARKER_SIZE / 2, to_x = x + MARKER_SIZE / 2;
  int from_y = y - MARKER_SIZE / 2, to_y = y + MARKER_SIZE / 2;
  if (from_x < PAD_X) from_x = PAD_X;
  if (to_x > PAD_X + PAD_WIDTH) to_x = PAD_X + PAD_WIDTH;
  if (from_y < PANELS_Y) from_y = PANELS_Y;
  if (to_y > PANELS_Y + PANELS_HEIGHT) to_y = PANELS_Y + PANELS_HEIGHT;
  screen_fill(from_x, from_y, to_x - from_x, to_y - from_y, colour);
  screen_show(from_x, from_y, to_x - from_x, to_y - from_y);
}

void card_count(unsigned number) {
  char line[16];
  snprintf(line, sizeof line, "%u", number);
  screen_fill(COUNT_X, COUNT_Y, CARD_WIDTH - 2 * COUNT_X, COUNT_HEIGHT, BACKGROUND);
  for (int cell = 0; cell < COUNT_CELLS; cell++) {
    unsigned digit = number >> (COUNT_CELLS - 1 - cell) & 1;
    screen_fill(COUNT_X + cell * COUNT_CELL_SIZE, COUNT_Y, COUNT_CELL_SIZE - 2, COUNT_HEIGHT,
                digit == 1 ? TEXT : PANEL_IDLE);
  }
  screen_text(COUNT_TEXT_X, COUNT_Y, 2, TEXT, line);
  screen_show(COUNT_X, COUNT_Y, CARD_WIDTH - 2 * COUNT_X, COUNT_HEIGHT);
}
