#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "chores.h"
#include "courier.h"
#include "deadlines.h"
#include "descriptor.h"
#include "file_operations.h"
#include "flusher.h"
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
  std::optional<RecordFiles> record;
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
  virtual void MarkReached(size_t image, uint64_t chunk) = 0;
  virtual void StoreFailed(size_t image, uint64_t chunk, int error) = 0;
  // There is room again for more deliveries.
  virtual void Relieved() = 0;
  // What was asked for with this id is done, or not, for an errno: ECANCELED after the end.
  virtual void Done(uint64_t id, int error) = 0;
  // Somebody else took the mount away or aborted it. It is still to be unmounted.
  virtual void Ended(int error) = 0;
  // All is given back. `problem`: the directory is still mounted, for this reason.
  virtual void Unmounted(std::optional<std::string> problem) = 0;

 protected:
  ~MountEvents() = default;
};

// A directory with images, mounted by a thread of its own from construction until Unmount; that
// thread also ends waits that take too long. The other methods are for one thread, and for the time
// when it is mounted; they do nothing after it. All return at once.
class Mount {
 public:
  Mount(MountOptions options, MountEvents &events);
  // Unmounts if that has not been done, and waits for it.
  ~Mount();
  Mount(const Mount &) = delete;
  Mount &operator=(const Mount &) = delete;

  const std::vector<std::unique_ptr<ServedImage>> &images() const { return tree_.images; }

  // See ServedImage. Returns whether so much waits to be stored that no more should come until
  // Relieved.
  bool Deliver(size_t image, uint64_t offset, std::span<const char> bytes);
  void FailChunk(size_t image, uint64_t chunk, int error);
  void FailAll(int error);
  void Wake(size_t image, uint64_t first, uint64_t count);
  void SetStoring(bool on);
  void LimitWait(size_t image, std::chrono::milliseconds limit);
  // Takes chunks for missing: all, or those that are damaged. Done(id) comes then.
  void ForgetAll(size_t image, uint64_t id);
  void Compare(size_t image, uint64_t id);
  // Delivered bytes that are not stored yet.
  uint64_t storing_bytes() { return courier_.waiting_bytes(); }
  // Makes durable which chunks are present; Done(id) comes then.
  void Sync(uint64_t id);

  // Starts the end; Unmounted comes when it is done. May be called twice.
  void Unmount();

 private:
  void AddImage(ImageOptions options);
  ImageEvents EventsOf(size_t index);
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
  Chores chores_;
  Flusher flusher_;
  std::unique_ptr<Session> session_;
  // The mount's device number; none while nothing is mounted.
  std::optional<dev_t> mounted_as_;
  // The end of the connection is then our own doing.
  std::atomic<bool> leaving_ = false;
  // Held while the owner's thread answers requests; once the mount is closed to it, it does not.
  std::mutex answering_;
  bool closed_ = false;
  std::thread thread_;
};

}  // namespace chunkfs
