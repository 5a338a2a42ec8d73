#include "turns.h"

namespace chunkfs {

namespace {
// The turns of which this thread has one now, if any.
thread_local Turns *mine = nullptr;
// Whether it counts as waiting.
thread_local bool counted = false;
}  // namespace

bool Turns::Take() {
  if (mine != this) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopped_ || free_ > 0; });
    if (stopped_) return false;
    --free_;
    mine = this;
  }
  Return();
  return true;
}

void Turns::Return() {
  if (!counted) waiting_.fetch_add(1);
  counted = true;
}

void Turns::Received() {
  waiting_.fetch_sub(1);
  counted = false;
}

void Turns::Leave() {
  if (mine != this) return;
  mine = nullptr;
  const std::lock_guard lock(mutex_);
  ++free_;
  changed_.notify_one();
}

// Of two that stop waiting at the same time, the later one sees that nobody is left.
void Turns::LeaveIfLast() {
  if (waiting_.load() == 0) Leave();
}

void Turns::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

void AboutToReturn() {
  if (mine != nullptr) mine->Return();
}

void LetOthersServe() {
  if (mine != nullptr) mine->LeaveIfLast();
}

}  // namespace chunkfs
