#include "deadlines.h"

namespace chunkfs {

void Deadlines::Expect(TimePoint time) {
  const std::lock_guard lock(mutex_);
  if (earliest_ && *earliest_ <= time) return;
  earliest_ = time;
  changed_.notify_all();
}

void Deadlines::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

bool Deadlines::Sleep() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    if (!earliest_) {
      changed_.wait(lock);
    } else if (const TimePoint time = *earliest_; time > std::chrono::steady_clock::now()) {
      changed_.wait_until(lock, time);
    } else {
      earliest_.reset();
      return true;
    }
  }
  return false;
}

}  // namespace chunkfs
