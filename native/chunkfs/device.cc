#include "device.h"

#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstdint>
#include <utility>

namespace chunkfs {

namespace {

// The kernel numbers its requests evenly; the interrupt of one has the odd number after it.
constexpr uint64_t kInterruptBit = 1;

thread_local Route current{nullptr, -1};
thread_local int last_read_error = 0;

Descriptor CloneOf(const Descriptor &mounted) {
  Descriptor clone(open("/dev/fuse", O_RDWR | O_CLOEXEC));
  auto source = static_cast<uint32_t>(mounted.number());
  if (!clone || ioctl(clone.number(), FUSE_DEV_IOC_CLONE, &source) != 0) return {};
  return clone;
}

}  // namespace

Device::Device(Descriptor mounted, size_t clones) : mounted_(std::move(mounted)) {
  while (clones_.size() < clones) {
    Descriptor clone = CloneOf(mounted_);
    if (!clone) return;
    clones_.push_back(std::move(clone));
  }
}

int Device::ForThread(size_t thread) const {
  return thread > 0 && thread <= clones_.size() ? clones_[thread - 1].number() : mounted_.number();
}

bool Device::WaitForRequest(int limit_milliseconds) const {
  pollfd entry{mounted_.number(), POLLIN, 0};
  return poll(&entry, 1, limit_milliseconds) > 0 && (entry.revents & POLLIN) != 0;
}

ssize_t Device::WriteToAny(const iovec *parts, int count) const {
  ssize_t written = writev(mounted_.number(), parts, count);
  for (const Descriptor &clone : clones_) {
    if (written >= 0 || errno != ENOENT) break;
    written = writev(clone.number(), parts, count);
  }
  return written;
}

CurrentRoute::CurrentRoute(Route route) : before_(std::exchange(current, route)) {}

CurrentRoute::~CurrentRoute() { current = before_; }

Route CurrentRoute::Get() { return current; }

ssize_t ReadRequest(int, void *buffer, size_t bytes, void *) {
  const ssize_t count = read(current.descriptor, buffer, bytes);
  if (count < 0) {
    last_read_error = errno;
    // To libfuse an aborted connection is like an unmounted one: not worth a line on stderr.
    if (errno == ECONNABORTED) errno = ENODEV;
  }
  return count;
}

ssize_t WriteReply(int, iovec *parts, int count, void *) {
  const auto *header = static_cast<const fuse_out_header *>(parts[0].iov_base);
  // An interrupt that overtook its request is to be sent again. The kernel takes that only on the
  // descriptor which brought the request, and the interrupt may have come by another.
  const ssize_t written = (header->unique & kInterruptBit) != 0
                              ? current.device->WriteToAny(parts, count)
                              : writev(current.descriptor, parts, count);
  // The caller is gone or the mount is: there is nobody left to tell, and libfuse need not print
  // it.
  if (written < 0) errno = ENOENT;
  return written;
}

int LastReadError() { return last_read_error; }

}  // namespace chunkfs
