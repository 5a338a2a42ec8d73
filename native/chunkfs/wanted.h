#pragma once

#include <cstdint>

namespace chunkfs {

// Bytes of one chunk that an operation cannot do without.
struct Wanted {
  uint64_t chunk;
  uint64_t offset;  // in the chunk
  uint64_t length;
};

}  // namespace chunkfs
