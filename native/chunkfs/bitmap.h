#pragma once

#include <atomic>
#include <cstdint>

#include "bits.h"
#include "memory_mapping.h"

namespace chunkfs {

// A fixed number of bits of our own, all clear at first, that knows how many are set. The memory is
// a lazily filled mapping: a bitmap for a terabyte costs only the pages that are touched.
class Bitmap {
 public:
  // @throws std::bad_alloc
  explicit Bitmap(uint64_t bits)
      : memory_(MemoryMapping::Private(Bits::WordsFor(bits) * sizeof(Bits::Word))),
        bits_(static_cast<Bits::Word *>(memory_.data()), bits) {}

  uint64_t size() const { return bits_.size(); }

  // How many bits are set.
  uint64_t count() const { return count_.load(std::memory_order_acquire); }

  // Whether a bit is set; what was written before it was set is then visible too.
  bool Test(uint64_t bit) const { return bits_.Test(bit); }

  // The 64 bits from bit `at * 64` on.
  uint64_t Load(uint64_t at) const { return bits_.Load(at); }

  // Set or clear the bits `[first, first + count)` as far as they exist.
  void Set(uint64_t first, uint64_t count) { count_.fetch_add(bits_.Set(first, count)); }
  void Clear(uint64_t first, uint64_t count) { count_.fetch_sub(bits_.Clear(first, count)); }

  // Clears bits among the 64 from bit `at * 64` on.
  void ClearIn(uint64_t at, uint64_t mask) { count_.fetch_sub(bits_.ClearIn(at, mask)); }

 private:
  MemoryMapping memory_;
  Bits bits_;
  std::atomic<uint64_t> count_ = 0;
};

}  // namespace chunkfs
