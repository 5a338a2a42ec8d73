#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include <cstddef>
#include <vector>

#include "descriptor.h"

namespace chunkfs {

// The descriptors of /dev/fuse that lead to one mount: the one that came from mounting and its
// clones. The kernel takes a reply only on the descriptor that brought the request.
class Device {
 public:
  // Makes `clones` more descriptors. Where /dev/fuse cannot be opened there are none, and everybody
  // shares the first one.
  Device(Descriptor mounted, size_t clones);

  // The descriptor for a thread.
  int ForThread(size_t thread) const;

  // Waits until the kernel has something to say, or gives up: whether it has.
  bool WaitForRequest(int limit_milliseconds) const;

  // Writes on whichever descriptor the kernel takes it. Returns what writev does.
  ssize_t WriteToAny(const iovec *parts, int count) const;

 private:
  Descriptor mounted_;
  std::vector<Descriptor> clones_;
};

// The way by which a request came, and by which its reply has to go.
struct Route {
  const Device *device;
  int descriptor;
};

// While it lives, this thread reads requests and writes replies by the given route.
class CurrentRoute {
 public:
  explicit CurrentRoute(Route route);
  ~CurrentRoute();
  CurrentRoute(const CurrentRoute &) = delete;
  CurrentRoute &operator=(const CurrentRoute &) = delete;

  // The route of the request that this thread works on.
  static Route Get();

 private:
  Route before_;
};

// What libfuse calls to read a request and to write a reply.
ssize_t ReadRequest(int, void *buffer, size_t bytes, void *);
ssize_t WriteReply(int, iovec *parts, int count, void *);

// The errno of the last failed read of a request on this thread.
int LastReadError();

}  // namespace chunkfs
