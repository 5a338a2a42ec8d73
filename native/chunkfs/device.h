#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include <cstddef>

namespace chunkfs {

// Waits until the kernel has something to say on a descriptor of /dev/fuse, or gives up: whether it
// has.
bool WaitForRequest(int descriptor, int limit_milliseconds);

// What libfuse calls to read a request and to write a reply.
ssize_t ReadRequest(int descriptor, void *buffer, size_t bytes, void *);
ssize_t WriteReply(int descriptor, iovec *parts, int count, void *);

// The errno of the last failed read of a request on this thread.
int LastReadError();

}  // namespace chunkfs
