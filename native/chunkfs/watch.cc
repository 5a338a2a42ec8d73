#include "watch.h"

#include <utility>

namespace chunkfs {

Watch::Watch(uint64_t chunks) : settled_(chunks), touched_(chunks), marked_(chunks) {}

bool Watch::Notice(uint64_t chunk) {
  const std::lock_guard lock(mutex_);
  if (!touched_.Test(chunk)) {
    touched_.Set(chunk, 1);
    const auto since_mount = std::chrono::steady_clock::now() - mounted_at_;
    touches_.push_back({chunk, std::chrono::duration_cast<std::chrono::microseconds>(since_mount)});
  }
  const bool marked = marked_.Test(chunk);
  if (marked) marked_.Clear(chunk, 1);
  return marked;
}

void Watch::Unsettle(uint64_t first, uint64_t count) {
  const std::lock_guard lock(mutex_);
  settled_.Clear(first, count);
}

void Watch::Mark(uint64_t chunk) {
  const std::lock_guard lock(mutex_);
  marked_.Set(chunk, 1);
  settled_.Clear(chunk, 1);
}

std::vector<Touch> Watch::TakeTouches() {
  const std::lock_guard lock(mutex_);
  return std::exchange(touches_, {});
}

}  // namespace chunkfs
