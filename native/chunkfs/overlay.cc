#include "overlay.h"

#include <fcntl.h>
#include <linux/falloc.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "file_io.h"

namespace chunkfs {

namespace {
// How many zeros are written at once where holes cannot be punched.
constexpr size_t kZeroBytes = 64 * 1024;
}  // namespace

Overlay::Overlay(Descriptor file, uint64_t size_bytes)
    : file_(std::move(file)), modified_((size_bytes + kBlockBytes - 1) / kBlockBytes) {}

int Overlay::Clear(uint64_t size_bytes) {
  const int error = Resize(0);
  return error != 0 ? error : Resize(size_bytes);
}

int Overlay::Read(uint64_t offset, std::span<char> to) const {
  while (!to.empty()) {
    const ssize_t count = ReadSome(file_.number(), to, offset);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) {
      std::memset(to.data(), 0, to.size());
      return 0;
    }
    to = to.subspan(static_cast<size_t>(count));
    offset += static_cast<uint64_t>(count);
  }
  return 0;
}

Overlay::Written Overlay::Write(uint64_t offset, std::span<const char> from) {
  size_t done = 0;
  while (done < from.size()) {
    const ssize_t count = pwrite(file_.number(), from.data() + done, from.size() - done,
                                 static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return {done, count == 0 ? EIO : errno};
    done += static_cast<size_t>(count);
  }
  return {done, 0};
}

int Overlay::Zero(uint64_t offset, uint64_t length) {
  if (fallocate(file_.number(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                static_cast<off_t>(offset), static_cast<off_t>(length)) == 0)
    return 0;
  if (errno != EOPNOTSUPP) return errno;
  const std::vector<char> zeros(std::min<uint64_t>(length, kZeroBytes));
  while (length > 0) {
    const size_t here = std::min<uint64_t>(length, zeros.size());
    const Written written = Write(offset, std::span(zeros).first(here));
    if (written.error != 0) return written.error;
    offset += here;
    length -= here;
  }
  return 0;
}

int Overlay::Resize(uint64_t size_bytes) {
  return ftruncate(file_.number(), static_cast<off_t>(size_bytes)) == 0 ? 0 : errno;
}

}  // namespace chunkfs
