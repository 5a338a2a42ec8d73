#include "pristine.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

namespace chunkfs {

Pristine::Pristine(Descriptor file, uint64_t size_bytes, uint64_t chunk_bytes)
    : file_(std::move(file)),
      size_bytes_(size_bytes),
      chunk_shift_(static_cast<unsigned>(std::countr_zero(chunk_bytes))),
      present_((size_bytes + chunk_bytes - 1) / chunk_bytes) {}

uint64_t Pristine::LengthOf(uint64_t chunk) const {
  return std::min(chunk_bytes(), size_bytes_ - (chunk << chunk_shift_));
}

int Pristine::Store(uint64_t chunk, std::span<const char> bytes) {
  if (IsPresent(chunk)) return 0;
  uint64_t offset = chunk << chunk_shift_;
  while (!bytes.empty()) {
    const ssize_t written =
        pwrite(file_.number(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written == 0 ? EIO : errno;
    bytes = bytes.subspan(static_cast<size_t>(written));
    offset += static_cast<uint64_t>(written);
  }
  present_.Set(chunk, 1);
  return 0;
}

int Pristine::Read(uint64_t offset, std::span<char> to, const BorrowedChunks &borrowed) const {
  if (borrowed.empty()) return ReadFile(offset, to);
  while (!to.empty()) {
    const uint64_t chunk = ChunkOf(offset);
    const uint64_t inside = offset & (chunk_bytes() - 1);
    const size_t length = std::min<uint64_t>(to.size(), chunk_bytes() - inside);
    if (const char *bytes = borrowed.Find(chunk)) {
      std::memcpy(to.data(), bytes + inside, length);
    } else if (const int error = ReadFile(offset, to.first(length))) {
      return error;
    }
    to = to.subspan(length);
    offset += length;
  }
  return 0;
}

int Pristine::ReadFile(uint64_t offset, std::span<char> to) const {
  while (!to.empty()) {
    const ssize_t count = pread(file_.number(), to.data(), to.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count == 0 ? EIO : errno;
    to = to.subspan(static_cast<size_t>(count));
    offset += static_cast<uint64_t>(count);
  }
  return 0;
}

}  // namespace chunkfs
