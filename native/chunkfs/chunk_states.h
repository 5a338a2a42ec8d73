#pragma once

#include <cstdint>
#include <vector>

#include "image.h"

namespace chunkfs {

// Tells how the states of an image's chunks change, as one who looks now and then sees it.
//
// Compares whole words of the bitmaps with those of the last time: a million chunks are 16,000
// words, so there is no need to note each change where it happens.
class ChunkStates {
 public:
  static constexpr uint32_t kPresent = 1;
  static constexpr uint32_t kTouched = 2;
  static constexpr uint32_t kModified = 4;
  static constexpr uint32_t kPresentAtMount = 8;

  // What is present now was present at the mount.
  explicit ChunkStates(const Image &image);

  // Runs of chunks whose state is another than at the last call, or than 0 (at first, and `anew`):
  // the first chunk, how many, and their state; and so on. By one thread at a time.
  std::vector<uint32_t> TakeChanges(bool anew);

 private:
  struct Word {
    uint64_t present;
    uint64_t touched;
    uint64_t modified;
  };

  Word WordAt(uint64_t at) const;

  const Image &image_;
  std::vector<uint64_t> present_at_mount_;
  std::vector<Word> told_;
};

}  // namespace chunkfs
