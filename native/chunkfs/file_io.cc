#include "file_io.h"

#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>

#include "turns.h"

namespace chunkfs {

ssize_t ReadSome(int file, std::span<char> to, uint64_t offset) {
  const iovec part{to.data(), to.size()};
  const ssize_t count = preadv2(file, &part, 1, static_cast<off_t>(offset), RWF_NOWAIT);
  // Not in memory, or a file system that cannot tell.
  if (count >= 0 || (errno != EAGAIN && errno != EOPNOTSUPP)) return count;
  LetOthersServe();
  return pread(file, to.data(), to.size(), static_cast<off_t>(offset));
}

int ReadFully(int file, std::span<char> to, uint64_t offset) {
  while (!to.empty()) {
    const ssize_t count = ReadSome(file, to, offset);
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
