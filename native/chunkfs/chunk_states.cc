#include "chunk_states.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace chunkfs {

namespace {
constexpr uint64_t kBitsPerWord = 64;
}  // namespace

ChunkStates::ChunkStates(const Image &image)
    : image_(image),
      present_at_mount_((image.pristine().chunk_count() + kBitsPerWord - 1) / kBitsPerWord),
      told_(present_at_mount_.size()) {
  for (uint64_t at = 0; at < present_at_mount_.size(); ++at)
    present_at_mount_[at] = image_.pristine().PresentWord(at);
}

ChunkStates::Word ChunkStates::WordAt(uint64_t at) const {
  return {image_.pristine().PresentWord(at), image_.watch().touched().Load(at),
          image_.modified_chunks().Load(at)};
}

std::vector<uint32_t> ChunkStates::TakeChanges(bool anew) {
  if (anew) std::fill(told_.begin(), told_.end(), Word{});
  std::vector<uint32_t> runs;
  const uint64_t chunks = image_.pristine().chunk_count();
  uint64_t run_end = 0;
  const auto add = [&](uint64_t chunk, uint32_t state) {
    if (!runs.empty() && run_end == chunk && runs.back() == state) {
      ++runs[runs.size() - 2];
    } else {
      runs.insert(runs.end(), {static_cast<uint32_t>(chunk), 1, state});
    }
    run_end = chunk + 1;
  };
  for (uint64_t at = 0; at < told_.size(); ++at) {
    const Word now = WordAt(at);
    const Word before = std::exchange(told_[at], now);
    uint64_t changed = (now.present ^ before.present) | (now.touched ^ before.touched) |
                       (now.modified ^ before.modified);
    for (; changed != 0; changed &= changed - 1) {
      const int bit = std::countr_zero(changed);
      const uint64_t chunk = at * kBitsPerWord + static_cast<uint64_t>(bit);
      if (chunk >= chunks) break;
      const auto flag = [bit](uint64_t word, uint32_t state) {
        return (word >> bit & 1) != 0 ? state : 0;
      };
      add(chunk, flag(now.present, kPresent) | flag(now.touched, kTouched) |
                     flag(now.modified, kModified) | flag(present_at_mount_[at], kPresentAtMount));
    }
  }
  return runs;
}

}  // namespace chunkfs
