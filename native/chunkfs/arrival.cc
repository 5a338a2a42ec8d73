#include "arrival.h"

#include <algorithm>
#include <cstring>

namespace chunkfs {

Arrival::Arrival(uint64_t length)
    : length_(length), bytes_(std::make_unique_for_overwrite<char[]>(length)) {}

void Arrival::Copy(uint64_t offset, std::span<const char> bytes) {
  const uint64_t end = offset + bytes.size();
  const auto copy = [&](uint64_t from, uint64_t to) {
    if (from < to) std::memcpy(bytes_.get() + from, bytes.data() + (from - offset), to - from);
  };
  uint64_t at = offset;
  for (const auto &[first, last] : covered_) {
    copy(at, std::min(first, end));
    at = std::max(at, last);
  }
  copy(at, end);
}

}  // namespace chunkfs
