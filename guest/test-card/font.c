#include "font.h"

#include <stddef.h>
#include <string.h>

#define PITCH (GLYPH_WIDTH + 1)

/* A line of characters, then their rows, one column of dots apart; the last two rows hang below. */
struct sheet {
  const char *characters;
  const char *rows[GLYPH_HEIGHT];
};

static const struct sheet sheets[] = {
    {"0123456789",
     {" ###    #    ###   ###     #  #####   ##  #####  ###   ### ",
      "#   #  ##   #   # #   #   ##  #      #        # #   # #   #",
      "#   #   #       #     #  # #  ####  #        #  #   # #   #",
      "#   #   #      #    ##  #  #      # ####    #    ###   ####",
      "#   #   #     #       # #####     # #   #   #   #   #     #",
      "#   #   #    #    #   #    #  #   # #   #   #   #   #    # ",
      " ###   ###  #####  ###     #   ###   ###    #    ###   ##  ",
      "                                                           ",
      "                                                           "}},
    {"abcdefghij",
     {"      #               #         ##        #       #      # ",
      "      #               #        #          #                ",
      " ###  ####   ###   ####  ###  ####   #### ####   ##     ## ",
      "    # #   # #     #   # #   #  #    #   # #   #   #      # ",
      " #### #   # #     #   # #####  #    #   # #   #   #      # ",
      "#   # #   # #     #   # #      #    #   # #   #   #      # ",
      " #### ####   ###   ####  ###   #     #### #   #  ###     # ",
      "                                        #                # ",
      "                                     ###               ##  "}},
    {"klmnopqrst",
     {"#      ##                                              #   ",
      "#       #                                              #   ",
      "#  #    #   ## #  ####   ###  ####   #### # ##   #### #### ",
      "# #     #   # # # #   # #   # #   # #   # ##    #      #   ",
      "##      #   # # # #   # #   # #   # #   # #      ###   #   ",
      "# #     #   # # # #   # #   # #   # #   # #         #  #  #",
      "#  #   ###  # # # #   #  ###  ####   #### #     ####    ## ",
      "                              #         #                  ",
      "                              #         #                  "}},
    {"uvwxyz-./:",
     {"                                                           ",
      "                                                    #      ",
      "#   # #   # #   # #   # #   # #####                #    #  ",
      "#   # #   # # # #  # #  #   #    #   ###          #     #  ",
      "#   # #   # # # #   #   #   #   #                #         ",
      "#  ##  # #  # # #  # #   ####  #            #   #       #  ",
      " ## #   #    # #  #   #     # #####         #  #        #  ",
      "                            #                              ",
      "                         ###                               "}},
    {"CKLMNPVX",
     {" ###  #   # #     #   # #   # ####  #   # #   #",
      "#   # #  #  #     ## ## ##  # #   # #   # #   #",
      "#     # #   #     # # # # # # #   # #   #  # # ",
      "#     ##    #     # # # #  ## ####  #   #   #  ",
      "#     # #   #     #   # #   # #      # #   # # ",
      "#   # #  #  #     #   # #   # #      # #  #   #",
      " ###  #   # ##### #   # #   # #       #   #   #",
      "                                               ",
      "                                               "}},
};

int font_dot(char character, int column, int row) {
  for (size_t i = 0; i < sizeof sheets / sizeof sheets[0]; i++) {
    const char *found = strchr(sheets[i].characters, character);
    if (found != NULL && character != '\0')
      return sheets[i].rows[row][(found - sheets[i].characters) * PITCH + column] == '#';
  }
  return 0;
}
