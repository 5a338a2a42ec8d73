#include "device.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "turns.h"

namespace chunkfs {

namespace {
thread_local int last_read_error = 0;
}  // namespace

bool WaitForRequest(int descriptor, int limit_milliseconds) {
  pollfd entry{descriptor, POLLIN, 0};
  return poll(&entry, 1, limit_milliseconds) > 0 && (entry.revents & POLLIN) != 0;
}

ssize_t ReadRequest(int descriptor, void *buffer, size_t bytes, void *) {
  const ssize_t count = read(descriptor, buffer, bytes);
  if (count < 0) {
    last_read_error = errno;
    // To libfuse an aborted connection is like an unmounted one: not worth a line on stderr.
    if (errno == ECONNABORTED) errno = ENODEV;
  }
  return count;
}

ssize_t WriteReply(int descriptor, iovec *parts, int count, void *) {
  AboutToReturn();
  const ssize_t written = writev(descriptor, parts, count);
  // The caller is gone or the mount is: there is nobody left to tell, and libfuse need not print
  // it.
  if (written < 0) errno = ENOENT;
  return written;
}

int LastReadError() { return last_read_error; }

}  // namespace chunkfs
