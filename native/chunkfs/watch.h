#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

#include "bitmap.h"

namespace chunkfs {

// The first time that a chunk's pristine bytes were needed.
struct Touch {
  uint64_t chunk;
  std::chrono::microseconds since_mount;
};

// Watches which chunks are read: each for the first time, and those that somebody wants to hear of.
//
// A chunk is settled when nothing is left to be noticed, or checked, at its next read. That one bit
// is all that a read looks at, as long as it is set.
class Watch {
 public:
  explicit Watch(uint64_t chunks);

  bool IsSettled(uint64_t chunk) const { return settled_.Test(chunk); }

  // A chunk that is not settled is needed. Returns whether it was marked; it no longer is.
  bool Notice(uint64_t chunk);

  // Settles a chunk that was noticed, unless `is_good` says no or somebody marked it again.
  template <typename Condition>
  void Settle(uint64_t chunk, const Condition &is_good) {
    const std::lock_guard lock(mutex_);
    if (is_good() && !marked_.Test(chunk)) settled_.Set(chunk, 1);
  }

  // To be called after the chunks have become something that Settle's condition refuses.
  void Unsettle(uint64_t first, uint64_t count);

  // The next read of the chunk is to be told.
  void Mark(uint64_t chunk);

  // The first touches since the last call; at most one for each chunk in all.
  std::vector<Touch> TakeTouches();
  const Bitmap &touched() const { return touched_; }

 private:
  const std::chrono::steady_clock::time_point mounted_at_ = std::chrono::steady_clock::now();
  std::mutex mutex_;
  Bitmap settled_;
  Bitmap touched_;
  Bitmap marked_;
  std::vector<Touch> touches_;
};

}  // namespace chunkfs
