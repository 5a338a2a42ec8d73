/* Where things are on the test card, in its own pixels, and their colours (0xRRGGBB).
 * test/support/test-pattern.ts says the same to the tests; a test compares it with a live guest. */
#ifndef LAYOUT_H
#define LAYOUT_H

#define CARD_WIDTH 800
#define CARD_HEIGHT 600

#define BACKGROUND 0x1e2a36
#define FRAME 0x3d5166
#define TEXT 0xf4f1ea
#define QUIET_TEXT 0x8fa3b5

#define LAMP_X 720
#define LAMP_Y 40
#define LAMP_SIZE 40
#define LAMP_STARTING 0xd9a521
#define LAMP_READY 0x4caf50

#define BARS_X 40
#define BARS_Y 120
#define BAR_WIDTH 90
#define BARS_HEIGHT 170
#define GREYS_Y 290
#define GREYS_HEIGHT 50

#define PANELS_Y 400
#define PANELS_HEIGHT 150
#define KEYS_X 40
#define KEYS_WIDTH 220
#define PAD_X 300
#define PAD_WIDTH 460
#define PANEL_IDLE 0x2f4254

/* The number in binary, a cell for each digit, and beside it for people. */
#define COUNT_X 40
#define COUNT_Y 560
#define COUNT_CELLS 16
#define COUNT_CELL_SIZE 20
#define COUNT_TEXT_X 420
#define COUNT_HEIGHT 20

#define MARKER_SIZE 48
#define MARKER_LEFT 0xff8c1a
#define MARKER_MIDDLE 0x2ee6a8
#define MARKER_RIGHT 0x8c5bff

#endif
