#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "intervals.h"

namespace chunkfs {

// A chunk that comes piece by piece. Bytes that have come never change, so that they can be read
// while others come; what has come is changed and asked for under its owner's lock.
class Arrival {
 public:
  explicit Arrival(uint64_t length);

  uint64_t length() const { return length_; }
  const char *data() const { return bytes_.get(); }
  bool Covers(uint64_t begin, uint64_t end) const { return covered_.Cover(begin, end); }
  bool IsWhole() const { return Covers(0, length_); }

  // Copies those bytes that have not come yet; without the lock, by one thread at a time.
  void Copy(uint64_t offset, std::span<const char> bytes);
  // They have come: by the same thread, with the lock.
  void Confirm(uint64_t begin, uint64_t end) { covered_.Add(begin, end); }

 private:
  uint64_t length_;
  std::unique_ptr<char[]> bytes_;
  Intervals covered_;
};

}  // namespace chunkfs
