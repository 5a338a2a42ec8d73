#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace chunkfs {

// A view of bits in somebody's memory, which many threads, and many processes that map the memory,
// test and change without a lock. Bits beyond the end read as they are and count for nothing.
class Bits {
 public:
  using Word = std::atomic<uint64_t>;
  static_assert(Word::is_always_lock_free && sizeof(Word) == 8);
  static constexpr uint64_t kBitsPerWord = 64;

  static constexpr uint64_t WordsFor(uint64_t bits) {
    return (bits + kBitsPerWord - 1) / kBitsPerWord;
  }

  Bits(Word *words, uint64_t bits) : words_(words), bits_(bits) {}

  uint64_t size() const { return bits_; }

  // Whether a bit is set; what was written before it was set is then visible too.
  bool Test(uint64_t bit) const {
    return (words_[bit / kBitsPerWord].load(std::memory_order_acquire) >> (bit % kBitsPerWord) &
            1) != 0;
  }

  // Sets the bits `[first, first + count)` as far as they exist; returns how many were not set.
  uint64_t Set(uint64_t first, uint64_t count) {
    return ForEachMask(first, count,
                       [this](uint64_t at, uint64_t mask) { return SetIn(at, mask); });
  }

  // Clears the bits `[first, first + count)` as far as they exist; returns how many were set.
  uint64_t Clear(uint64_t first, uint64_t count) {
    return ForEachMask(first, count,
                       [this](uint64_t at, uint64_t mask) { return ClearIn(at, mask); });
  }

  // How many bits are set; counts them, which takes a moment.
  uint64_t Count() const {
    uint64_t count = 0;
    for (uint64_t at = 0; at < WordsFor(bits_); ++at)
      count += static_cast<uint64_t>(std::popcount(Load(at)));
    return count;
  }

  // A word without the bits beyond the end.
  uint64_t Load(uint64_t at) const {
    return words_[at].load(std::memory_order_acquire) & MaskOf(at * kBitsPerWord, bits_);
  }

  void Store(uint64_t at, uint64_t word) { words_[at].store(word, std::memory_order_release); }

  // Set or clear bits of a word; return how many were not so before.
  uint64_t SetIn(uint64_t at, uint64_t mask) {
    return static_cast<uint64_t>(
        std::popcount(mask & ~words_[at].fetch_or(mask, std::memory_order_acq_rel)));
  }
  uint64_t ClearIn(uint64_t at, uint64_t mask) {
    return static_cast<uint64_t>(
        std::popcount(mask & words_[at].fetch_and(~mask, std::memory_order_acq_rel)));
  }

 private:
  // The bits from `first` to `end` in the word that has `first`.
  static uint64_t MaskOf(uint64_t first, uint64_t end) {
    const uint64_t shift = first % kBitsPerWord;
    const uint64_t here = std::min(kBitsPerWord - shift, end - first);
    return (here == kBitsPerWord ? ~uint64_t{0} : (uint64_t{1} << here) - 1) << shift;
  }

  template <typename Change>
  uint64_t ForEachMask(uint64_t first, uint64_t count, const Change &change) {
    if (first >= bits_) return 0;
    const uint64_t end = first + std::min(count, bits_ - first);
    uint64_t changed = 0;
    while (first < end) {
      const uint64_t mask = MaskOf(first, end);
      changed += change(first / kBitsPerWord, mask);
      first += kBitsPerWord - first % kBitsPerWord;
    }
    return changed;
  }

  Word *words_;
  uint64_t bits_;
};

}  // namespace chunkfs
