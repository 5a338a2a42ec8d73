#include "file_io.h"

#include <unistd.h>

#include <cerrno>

namespace chunkfs {

int ReadFully(int file, std::span<char> to, uint64_t offset) {
  while (!to.empty()) {
    const ssize_t count = pread(file, to.data(), to.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count == 0 ? EIO : errno;
    to = to.subspan(static_cast<size_t>(count));
    offset += static_cast<uint64_t>(count);
  }
  return 0;
}

int WriteFully(int file, std::span<const char> from, uint64_t offset) {
  while (!from.empty()) {
    const ssize_t count = pwrite(file, from.data(), from.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count == 0 ? EIO : errno;
    from = from.subspan(static_cast<size_t>(count));
    offset += static_cast<uint64_t>(count);
  }
  return 0;
}

}  // namespace chunkfs
