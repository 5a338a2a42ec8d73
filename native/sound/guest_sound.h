#pragma once

#include <string>

#include "player.h"
#include "server.h"

// The VNC server says what QEMU does not say of sound.
struct NoSound {};

// The sound of a guest as QEMU sends it by VNC, over a connection that carries nothing else. All
// throw Gone and NoSound.
class GuestSound {
 public:
  // Connects and asks for the sound; returns when it will come.
  explicit GuestSound(const std::string &path);

  // Plays it until the connection ends.
  [[noreturn]] void PlayTo(Player &player);

 private:
  void PassHandshake();
  void AwaitAnswer();
  void PlaySamples(Player &player);

  template <size_t Count>
  void Expect(const std::array<uint8_t, Count> &expected);

  Server server_;
};
