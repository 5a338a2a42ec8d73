#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace chunkfs {

// A fixed number of bits that many threads test and set without a lock. Bits are never cleared. The
// memory is a lazily filled mapping: a bitmap for a terabyte costs only the pages that are touched.
class Bitmap {
 public:
  // @throws std::bad_alloc
  explicit Bitmap(uint64_t bits);
  ~Bitmap();
  Bitmap(const Bitmap &) = delete;
  Bitmap &operator=(const Bitmap &) = delete;

  uint64_t size() const { return bits_; }

  // How many bits are set.
  uint64_t count() const { return count_.load(std::memory_order_acquire); }

  // Whether a bit is set; what was written before it was set is then visible too.
  bool Test(uint64_t bit) const {
    return (words_[bit / 64].load(std::memory_order_acquire) >> (bit % 64) & 1) != 0;
  }

  // Sets the bits `[first, first + count)` as far as they exist.
  void Set(uint64_t first, uint64_t count);

 private:
  using Word = std::atomic<uint64_t>;
  static_assert(Word::is_always_lock_free && sizeof(Word) == 8);

  uint64_t bits_;
  size_t mapped_bytes_;
  Word *words_;
  std::atomic<uint64_t> count_ = 0;
};

}  // namespace chunkfs
