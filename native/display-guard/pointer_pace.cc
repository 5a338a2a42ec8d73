#include "pointer_pace.h"

#include <array>
#include <limits>

#include "client_message.h"

namespace {

// What a relative pointer says that does not move.
constexpr int kNoMotion = 0x7fff;

// Two motions one after the other; none if that is too far for one.
std::optional<uint16_t> Sum(uint16_t first, uint16_t second) {
  const int sum = first + second - kNoMotion;
  if (sum < 0 || sum > std::numeric_limits<uint16_t>::max()) return std::nullopt;
  return static_cast<uint16_t>(sum);
}

}  // namespace

void PointerPace::TakeEvent() {
  Event event{};
  event.buttons = conduit_.Take8();
  event.x = conduit_.Take16();
  event.y = conduit_.Take16();
  event.isRelative = isRelative_;
  if (event.buttons != buttons_) {
    GiveHeld();
    return Give(event);
  }
  if (!Merge(event)) {
    GiveHeld();
    held_ = event;
  }
  if (Clock::now() >= next_) GiveHeld();
}

std::optional<PointerPace::Clock::time_point> PointerPace::Due() const {
  return held_ ? std::optional(next_) : std::nullopt;
}

void PointerPace::GiveHeld() {
  if (!held_) return;
  const Event event = *held_;
  held_.reset();
  Give(event);
}

// Returns whether what is held stands for this event, too.
bool PointerPace::Merge(const Event &event) {
  if (!held_ || held_->isRelative != event.isRelative) return false;
  if (!event.isRelative) {
    held_ = event;
    return true;
  }
  const auto x = Sum(held_->x, event.x);
  const auto y = Sum(held_->y, event.y);
  if (!x || !y) return false;
  held_->x = *x;
  held_->y = *y;
  return true;
}

void PointerPace::Give(const Event &event) {
  conduit_.Give(std::array<uint8_t, 2>{kPointerEvent, event.buttons});
  conduit_.Give16(event.x);
  conduit_.Give16(event.y);
  buttons_ = event.buttons;
  next_ = Clock::now() + pause_;
}
