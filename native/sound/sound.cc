// vmnetx-sound SOCKET
//   Plays what the VNC server at this unix socket sends of its guest's sound, until either end is
//   gone. Prints one line, `plays`, when both are there.
// vmnetx-sound --check
//   Ends at once: is there a sound server?
//
// A process of its own, as the sound server may let it wait, and as strangers' words are read here.
//
// Exit status: 0 the VNC server is gone, or the check is good; 64 called wrongly; 69 there is no
// sound server, or no longer (one line on stderr says why); 76 the VNC server says what is no
// sound.

#include <sys/prctl.h>
#include <sysexits.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "guest_sound.h"
#include "player.h"

namespace {

int PlayGuest(const char *path) {
  Player player;
  try {
    GuestSound sound(path);
    std::puts("plays");
    std::fflush(stdout);
    sound.PlayTo(player);
  } catch (const Gone &) {
    return EX_OK;
  } catch (const NoSound &) {
    return EX_PROTOCOL;
  }
}

}  // namespace

int main(int count, char **words) {
  if (count != 2) return EX_USAGE;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  // Without more ado: the sound server's thread still runs.
  if (std::strcmp(words[1], "--check") != 0) std::_Exit(PlayGuest(words[1]));
  Player player;
  std::_Exit(EX_OK);
}
