#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "image.h"
#include "request.h"
#include "waiters.h"

namespace chunkfs {

class Deadlines;

// Numbers that describe an image at one moment.
struct Statistics {
  uint64_t bytes_read;
  uint64_t bytes_written;
  uint64_t misses;
  uint64_t chunks_present;
  uint64_t blocks_modified;
  uint64_t waiting;
};

// A file of the mount: its bytes, and the requests for them that wait.
class ServedImage {
 public:
  // `wait_limit`: how long a request may wait in all; none: for ever. `deadlines` is told of each.
  ServedImage(std::string name, std::unique_ptr<Pristine> pristine,
              std::unique_ptr<Overlay> overlay, std::optional<std::chrono::milliseconds> wait_limit,
              Deadlines &deadlines, Waiters::OnMiss on_miss);

  const std::string &name() const { return name_; }
  Image &image() { return image_; }
  const Image &image() const { return image_; }

  // Does what the kernel asked for and answers, now or once the missing chunks are there.
  void Begin(fuse_req_t handle, const Operation &operation);

  // Stores a chunk and lets those go on that waited for it. If it cannot be stored they are served
  // from the given bytes all the same, and the chunk stays missing. Returns 0 or an errno.
  int Deliver(uint64_t chunk, std::span<const char> bytes);
  void FailChunk(uint64_t chunk, int error);
  // Lets those go on that waited for chunks which have been marked present.
  void WakeRange(uint64_t first, uint64_t count);
  void RefuseAll(int error);
  void RefuseExpired(Clock::time_point now);
  // How long requests may wait that come from now on.
  void LimitWait(std::chrono::milliseconds limit) { wait_limit_ = limit; }
  std::optional<Clock::time_point> EarliestDeadline() const { return waiters_.EarliestDeadline(); }

  std::atomic<int64_t> open_handles = 0;
  Statistics statistics() const;

 private:
  static void Interrupted(fuse_req_t handle, void *served_image);
  static void RefuseEach(Waiters::Requests requests, int error);

  Attempt Try(const Operation &operation, const BorrowedChunks &borrowed);
  void Answer(fuse_req_t handle, const Operation &operation, const Attempt &attempt);
  void Await(std::unique_ptr<Request> request, Attempt attempt);
  void Continue(std::unique_ptr<Request> request);

  const std::string name_;
  Image image_;
  Waiters waiters_;
  std::atomic<std::chrono::milliseconds> wait_limit_;
  Deadlines &deadlines_;
  std::atomic<uint64_t> bytes_read_ = 0;
  std::atomic<uint64_t> bytes_written_ = 0;
};

}  // namespace chunkfs
