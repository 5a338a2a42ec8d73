#include "intervals.h"

#include <algorithm>

namespace chunkfs {

bool Intervals::Cover(uint64_t begin, uint64_t end) const {
  return std::any_of(intervals_.begin(), intervals_.end(), [=](const Interval &interval) {
    return interval.first <= begin && end <= interval.second;
  });
}

void Intervals::Add(uint64_t begin, uint64_t end) {
  const auto touches = [&](const Interval &interval) {
    return interval.first <= end && begin <= interval.second;
  };
  for (const Interval &interval : intervals_) {
    if (!touches(interval)) continue;
    begin = std::min(begin, interval.first);
    end = std::max(end, interval.second);
  }
  std::erase_if(intervals_, touches);
  const Interval joined(begin, end);
  intervals_.insert(std::upper_bound(intervals_.begin(), intervals_.end(), joined), joined);
}

}  // namespace chunkfs
