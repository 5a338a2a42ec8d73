#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace chunkfs {

// Parts of something, as intervals [begin, end). For few of them.
class Intervals {
 public:
  using Interval = std::pair<uint64_t, uint64_t>;

  bool Cover(uint64_t begin, uint64_t end) const;
  void Add(uint64_t begin, uint64_t end);
  void Clear() { intervals_.clear(); }
  bool empty() const { return intervals_.empty(); }

  // In order, without overlaps, never touching.
  auto begin() const { return intervals_.begin(); }
  auto end() const { return intervals_.end(); }

 private:
  std::vector<Interval> intervals_;
};

}  // namespace chunkfs
