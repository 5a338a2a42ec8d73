#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "courier.h"
#include "deadlines.h"
#include "descriptor.h"
#include "file_operations.h"
#include "fusermount.h"
#include "session.h"
#include "waiters.h"

namespace chunkfs {

// A file to serve. The descriptors are ours.
struct ImageOptions {
  std::string name;
  uint64_t size_bytes;
  uint64_t chunk_bytes;
  Descriptor pristine;
  Descriptor overlay;  // none: a memory file
  std::optional<std::chrono::milliseconds> wait_limit;
};

struct MountOptions {
  std::string directory;
  std::vector<ImageOptions> images;
  size_t threads;
};

// What a mount tells its owner, on threads of its own and never after it was destroyed. The first
// is Mounted or MountFailed; the last is MountFailed or Unmounted.
class MountEvents {
 public:
  virtual void Mounted() = 0;
  virtual void MountFailed(MountFailure failure) = 0;
  virtual void Missed(size_t image, const Miss &miss) = 0;
  virtual void Delivered(uint64_t id, int error) = 0;
  // Somebody else took the mount away or aborted it. It is still to be unmounted.
  virtual void Ended(int error) = 0;
  // All is given back. `problem`: the directory is still mounted, for this reason.
  virtual void Unmounted(std::optional<std::string> problem) = 0;

 protected:
  ~MountEvents() = default;
};

// A directory with images, mounted by a thread of its own from construction until Unmount; that
// thread also ends waits that take too long. The other methods are for the time when it is mounted;
// they do nothing, or refuse, after it. All return at once.
class Mount {
 public:
  Mount(MountOptions options, MountEvents &events);
  // Unmounts if that has not been done, and waits for it.
  ~Mount();
  Mount(const Mount &) = delete;
  Mount &operator=(const Mount &) = delete;

  const std::vector<std::unique_ptr<ServedImage>> &images() const { return tree_.images; }

  // The bytes must stay until Delivered(id).
  void Deliver(size_t image, uint64_t chunk, std::span<const char> bytes, uint64_t id);
  void FailChunk(size_t image, uint64_t chunk, int error);
  void FailAll(int error);
  void MarkPresent(size_t image, uint64_t first, uint64_t count);
  void LimitWait(size_t image, std::chrono::milliseconds limit);

  // Starts the end; Unmounted comes when it is done. May be called twice.
  void Unmount();

 private:
  void AddImage(ImageOptions options);
  void Run();
  std::optional<MountFailure> SetUp();
  void ServeDeadlines();
  std::optional<std::string> TearDown();

  MountEvents &events_;
  const std::vector<std::string> environment_;
  const size_t threads_;
  std::string directory_;
  Deadlines deadlines_;
  FileTree tree_;
  Courier courier_;
  std::unique_ptr<Session> session_;
  // The mount's device number; none while nothing is mounted.
  std::optional<dev_t> mounted_as_;
  // The end of the connection is then our own doing.
  std::atomic<bool> leaving_ = false;
  std::thread thread_;
};

}  // namespace chunkfs
