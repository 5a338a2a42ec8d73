#include "arrival.h"

#include <algorithm>
#include <cstring>

namespace chunkfs {

Arrival::Arrival(uint64_t length)
    : length_(length), bytes_(std::make_unique_for_overwrite<char[]>(length)) {}

bool Arrival::Covers(uint64_t begin, uint64_t end) const {
  return std::any_of(covered_.begin(), covered_.end(), [=](const Interval &interval) {
    return interval.first <= begin && end <= interval.second;
  });
}

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

void Arrival::Confirm(uint64_t begin, uint64_t end) {
  const auto touches = [&](const Interval &interval) {
    return interval.first <= end && begin <= interval.second;
  };
  for (const Interval &interval : covered_) {
    if (!touches(interval)) continue;
    begin = std::min(begin, interval.first);
    end = std::max(end, interval.second);
  }
  std::erase_if(covered_, touches);
  const Interval joined(begin, end);
  covered_.insert(std::upper_bound(covered_.begin(), covered_.end(), joined), joined);
}

}  // namespace chunkfs
