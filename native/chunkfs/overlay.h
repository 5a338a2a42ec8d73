#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "bitmap.h"
#include "descriptor.h"

namespace chunkfs {

// The unit of copy-on-write, in bytes: one page, so that a guest's aligned write never fetches.
constexpr uint64_t kBlockBytes = 4096;

// The private file of what was written, and the record of which blocks of the pristine image it
// replaces. It starts empty: bytes that were never written are zeros, also after the file was cut
// and grown again.
class Overlay {
 public:
  // `size_bytes`: the size of the pristine image.
  Overlay(Descriptor file, uint64_t size_bytes);

  // Drops all former content and gives the file its length. Returns 0 or an errno.
  int Clear(uint64_t size_bytes);

  // Whether a block that the pristine image has is replaced; false for all others.
  bool IsModified(uint64_t block) const {
    return block < modified_.size() && modified_.Test(block);
  }
  // How many blocks of the pristine image are replaced.
  uint64_t modified_count() const { return modified_.count(); }
  void MarkModified(uint64_t first, uint64_t count) { modified_.Set(first, count); }

  // Fills `to`, with zeros beyond the end of the file. Returns 0 or an errno.
  int Read(uint64_t offset, std::span<char> to) const;

  struct Written {
    size_t bytes;
    int error;
  };
  // Writes as much as it can; `error` is 0 only if that is everything.
  Written Write(uint64_t offset, std::span<const char> from);

  // Makes bytes zero, by a hole where the file system can. Returns 0 or an errno.
  int Zero(uint64_t offset, uint64_t length);

  int Resize(uint64_t size_bytes);

  // The file's descriptor, for statistics on its file system.
  int number() const { return file_.number(); }
  void CloseFile() { file_.Close(); }

 private:
  Descriptor file_;
  Bitmap modified_;
};

}  // namespace chunkfs
