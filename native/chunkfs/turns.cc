#include "turns.h"

#include <utility>

namespace chunkfs {

namespace {
// The turns of which this thread has one now, if any.
thread_local Turns *mine = nullptr;
}  // namespace

Turns::Turns(std::function<bool()> others_wait) : others_wait_(std::move(others_wait)) {}

bool Turns::Take() {
  if (mine == this) return true;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopped_ || free_ > 0; });
  if (stopped_) return false;
  --free_;
  mine = this;
  return true;
}

void Turns::Pass() {
  if (mine != this) return;
  mine = nullptr;
  const std::lock_guard lock(mutex_);
  ++free_;
  changed_.notify_one();
}

void Turns::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

void PassTurn() {
  if (mine != nullptr) mine->Pass();
}

void PassTurnIfOthersWait() {
  if (mine != nullptr && mine->OthersWait()) mine->Pass();
}

}  // namespace chunkfs
