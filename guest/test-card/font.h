/* A small dot-matrix font, drawn for this test card: the characters that it prints. */
#ifndef FONT_H
#define FONT_H

#define GLYPH_WIDTH 5
#define GLYPH_HEIGHT 9

/* Whether the dot at column, row of a character is set; unknown characters are blank. */
int font_dot(char character, int column, int row);

#endif
