#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "bitmap.h"
#include "descriptor.h"

namespace chunkfs {

// Whole chunks that could not be stored, kept alive by the requests that waited for them.
class BorrowedChunks {
 public:
  using Bytes = std::shared_ptr<const std::vector<char>>;

  void Add(uint64_t chunk, Bytes bytes) { chunks_.emplace_back(chunk, std::move(bytes)); }
  bool empty() const { return chunks_.empty(); }

  // The bytes of a chunk, or null.
  const char *Find(uint64_t chunk) const {
    for (const auto &[number, bytes] : chunks_)
      if (number == chunk) return bytes->data();
    return nullptr;
  }

 private:
  std::vector<std::pair<uint64_t, Bytes>> chunks_;
};

// The sparse file of pristine chunks and the record of which are present.
//
// The bitmap is the authority: a bit is set only after all bytes of its chunk were written, and a
// chunk that is marked is never written again.
class Pristine {
 public:
  // `chunk_bytes` is a power of two of at least one page.
  Pristine(Descriptor file, uint64_t size_bytes, uint64_t chunk_bytes);

  uint64_t size() const { return size_bytes_; }
  uint64_t chunk_bytes() const { return uint64_t{1} << chunk_shift_; }
  uint64_t chunk_count() const { return present_.size(); }
  uint64_t ChunkOf(uint64_t offset) const { return offset >> chunk_shift_; }
  // Bytes in a chunk: the chunk size, and less in a partial last one.
  uint64_t LengthOf(uint64_t chunk) const;

  bool IsPresent(uint64_t chunk) const { return present_.Test(chunk); }
  bool IsComplete() const { return present_count() == chunk_count(); }
  uint64_t present_count() const { return present_.count(); }

  // Records chunks whose bytes are known to be in the file.
  void MarkPresent(uint64_t first, uint64_t count) { present_.Set(first, count); }

  // Writes the whole of a chunk, then marks it. Returns 0 or an errno; nothing is marked then.
  int Store(uint64_t chunk, std::span<const char> bytes);

  // Reads bytes inside the file whose chunks are present or borrowed. Returns 0 or an errno; a file
  // that is shorter than its record says is an error, never zeros.
  int Read(uint64_t offset, std::span<char> to, const BorrowedChunks &borrowed) const;

  void CloseFile() { file_.Close(); }

 private:
  int ReadFile(uint64_t offset, std::span<char> to) const;

  Descriptor file_;
  uint64_t size_bytes_;
  unsigned chunk_shift_;
  Bitmap present_;
};

}  // namespace chunkfs
