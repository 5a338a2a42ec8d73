#include "bitmap.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <new>

namespace chunkfs {

Bitmap::Bitmap(uint64_t bits) : bits_(bits), mapped_bytes_((bits / 64 + 1) * sizeof(Word)) {
  void *memory = mmap(nullptr, mapped_bytes_, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  words_ = static_cast<Word *>(memory);
}

Bitmap::~Bitmap() { munmap(words_, mapped_bytes_); }

void Bitmap::Set(uint64_t first, uint64_t count) {
  if (first >= bits_) return;
  const uint64_t end = first + std::min(count, bits_ - first);
  uint64_t newly_set = 0;
  while (first < end) {
    const uint64_t shift = first % 64;
    const uint64_t here = std::min(64 - shift, end - first);
    const uint64_t mask = (here == 64 ? ~uint64_t{0} : (uint64_t{1} << here) - 1) << shift;
    const uint64_t before = words_[first / 64].fetch_or(mask, std::memory_order_acq_rel);
    newly_set += static_cast<uint64_t>(std::popcount(mask & ~before));
    first += here;
  }
  count_.fetch_add(newly_set, std::memory_order_acq_rel);
}

}  // namespace chunkfs
