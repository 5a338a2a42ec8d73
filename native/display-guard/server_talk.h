#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "conduit.h"

// Passes on what the server says as far as QEMU says such things to show a guest's screen, and ends
// the connection at anything else. Bells, cut texts and names are passed over: nobody wants them.
class ServerTalk {
 public:
  // isPointerRelative: is set to what the server wants to hear of the pointer.
  ServerTalk(Conduit &conduit, std::atomic<bool> &isPointerRelative)
      : conduit_(conduit), isPointerRelative_(isPointerRelative) {}

  // Ends by throwing Over.
  void Pass();

 private:
  void PassHandshake();
  void PassUpdate();
  void PassRectangle();
  void PassCursor(uint64_t bytesBesidesPixels);
  void CheckWithin(unsigned x, unsigned y) const;
  void Resize(unsigned width, unsigned height);
  void KeepResizePace();
  void PauseUntil(std::chrono::steady_clock::time_point end);

  struct Rectangle {
    uint16_t x;
    uint16_t y;
    uint16_t width;
    uint16_t height;
  };

  Conduit &conduit_;
  std::atomic<bool> &isPointerRelative_;
  unsigned width_ = 0;
  unsigned height_ = 0;
  Rectangle rectangle_{};
  std::chrono::steady_clock::time_point lastResize_{};
};
