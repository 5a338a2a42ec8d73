#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "conduit.h"

// Passes on what a person does with the pointer, with no more motions in a second than the guest
// can take. Motions in between become one, which is held until its time; a button that is pressed
// or released waits for nothing, and nothing that comes later overtakes it or a motion before it.
class PointerPace {
 public:
  using Clock = std::chrono::steady_clock;

  // isRelative: whether the client says how far the pointer moves, and not where it is; the other
  // direction of the connection knows.
  PointerPace(Conduit &conduit, int mostPerSecond, const std::atomic<bool> &isRelative)
      : conduit_(conduit), pause_(std::chrono::seconds(1)), isRelative_(isRelative) {
    pause_ /= mostPerSecond;
  }

  // Takes what follows the first byte of a pointer event.
  void TakeEvent();
  // When the motion that is held is to be given; none if none is.
  std::optional<Clock::time_point> Due() const;
  // Gives the motion that is held, if there is one.
  void GiveHeld();

 private:
  struct Event {
    uint8_t buttons;
    uint16_t x;
    uint16_t y;
    bool isRelative;
  };

  bool Merge(const Event &event);
  void Give(const Event &event);

  Conduit &conduit_;
  Clock::duration pause_;
  const std::atomic<bool> &isRelative_;
  uint8_t buttons_ = 0;
  std::optional<Event> held_;
  Clock::time_point next_{};
};
