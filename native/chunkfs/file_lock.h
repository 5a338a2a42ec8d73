#pragma once

#include <chrono>
#include <cstdint>

#include "descriptor.h"

namespace chunkfs {

// Locks on single bytes of a file, which need not exist. They belong to the open file description
// (fcntl(2), "Open file description locks"): the system drops them with its last descriptor, also
// when the process is killed.

enum class LockKind { kShared, kExclusive };

// A descriptor of the same file with an open file description, hence locks, of its own. None with
// errno if it cannot be had.
Descriptor Reopen(int file);

// Each returns 0 or an errno; EAGAIN when somebody else holds a lock that does not go with it. A
// lock that is held already changes its kind.
int TryLock(int file, uint64_t byte, LockKind kind);
int LockWithin(int file, uint64_t byte, LockKind kind, std::chrono::milliseconds limit);
int Unlock(int file, uint64_t byte);

// Whether another open file description has a lock on the byte.
bool IsLockedByOther(int file, uint64_t byte);

// Gives a lock back at the end of a scope.
class LockGuard {
 public:
  // Takes over a lock that is held.
  LockGuard(int file, uint64_t byte) : file_(file), byte_(byte) {}
  ~LockGuard() { Unlock(file_, byte_); }
  LockGuard(const LockGuard &) = delete;
  LockGuard &operator=(const LockGuard &) = delete;

 private:
  const int file_;
  const uint64_t byte_;
};

}  // namespace chunkfs
