#include "file_lock.h"

#include <fcntl.h>

#include <cerrno>
#include <string>
#include <thread>

namespace chunkfs {

namespace {

constexpr std::chrono::milliseconds kBetweenTries{2};

struct flock LockOf(uint64_t byte, short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = static_cast<off_t>(byte);
  lock.l_len = 1;
  return lock;
}

}  // namespace

Descriptor Reopen(int file) {
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  return Descriptor(open(path.c_str(), O_RDWR | O_CLOEXEC));
}

int TryLock(int file, uint64_t byte, LockKind kind) {
  struct flock lock = LockOf(byte, kind == LockKind::kShared ? F_RDLCK : F_WRLCK);
  if (fcntl(file, F_OFD_SETLK, &lock) == 0) return 0;
  return errno == EACCES ? EAGAIN : errno;
}

int LockWithin(int file, uint64_t byte, LockKind kind, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const int error = TryLock(file, byte, kind);
    if (error != EAGAIN || std::chrono::steady_clock::now() >= end) return error;
    std::this_thread::sleep_for(kBetweenTries);
  }
}

int Unlock(int file, uint64_t byte) {
  struct flock lock = LockOf(byte, F_UNLCK);
  return fcntl(file, F_OFD_SETLK, &lock) == 0 ? 0 : errno;
}

bool IsLockedByOther(int file, uint64_t byte) {
  struct flock lock = LockOf(byte, F_WRLCK);
  return fcntl(file, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

}  // namespace chunkfs
