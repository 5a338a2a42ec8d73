#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "chunk_states.h"
#include "image.h"
#include "request.h"
#include "waiters.h"

namespace chunkfs {

class Courier;
class Deadlines;

// Numbers that describe an image at one moment.
struct Statistics {
  uint64_t bytes_read;
  uint64_t bytes_written;
  uint64_t misses;
  uint64_t chunks;
  uint64_t chunks_present;
  uint64_t chunks_touched;
  uint64_t blocks_modified;
  uint64_t waiting;
  uint64_t damaged;
  uint64_t sync_failures;
};

// What an image tells its owner, on any thread, without locks held.
struct ImageEvents {
  Waiters::OnMiss on_miss;
  // A chunk that was marked is being read.
  std::function<void(uint64_t chunk)> on_mark;
  std::function<void(uint64_t chunk, int error)> on_store_failed;
};

// A file of the mount: its bytes, and the requests for them that wait.
class ServedImage {
 public:
  // `wait_limit`: how long a request may wait in all; none: for ever. `deadlines` is told of each.
  ServedImage(std::string name, std::shared_ptr<Pristine> pristine,
              std::unique_ptr<Overlay> overlay, std::optional<std::chrono::milliseconds> wait_limit,
              Deadlines &deadlines, Courier &courier, ImageEvents events);

  // To be called once before anything else. Returns 0 or an errno.
  int Prepare();

  const std::string &name() const { return name_; }
  Image &image() { return image_; }
  const Image &image() const { return image_; }

  // Does what the kernel asked for and answers, now or once the missing chunks are there.
  void Begin(fuse_req_t handle, const Operation &operation);

  // Takes bytes that lie inside the image. Reads whose bytes are there now are answered at once;
  // chunks that are whole now go to the courier, or are kept in memory while nothing is stored. By
  // one thread at a time.
  void Deliver(uint64_t offset, std::span<const char> bytes);
  void SetStoring(bool on);
  void FailChunk(uint64_t chunk, int error);
  // Chunks will not be fetched: forgets what has come of them, and gives their claims back.
  void Release(uint64_t first, uint64_t count);
  // Those go on who wait for chunks that another process brought, and ask anew for what is gone
  // again.
  void BroughtByOthers(uint64_t first, uint64_t count);

  // The courier's errands: to store a chunk that is whole; it is kept in memory if that fails. And
  // to let those go on whose bytes are there.
  void Store(uint64_t chunk);
  void Wake(uint64_t first, uint64_t count);

  void RefuseAll(int error);
  void RefuseExpired(Clock::time_point now);
  // How long requests may wait that come from now on.
  void LimitWait(std::chrono::milliseconds limit) { wait_limit_ = limit; }
  std::optional<Clock::time_point> EarliestDeadline() const { return waiters_.EarliestDeadline(); }

  std::atomic<int64_t> open_handles = 0;
  Statistics statistics() const;
  // See ChunkStates. By one thread at a time.
  std::vector<uint32_t> TakeChanges(bool anew) { return states_->TakeChanges(anew); }

 private:
  static void Interrupted(fuse_req_t handle, void *served_image);
  static void RefuseEach(Waiters::Requests requests, int error);

  Attempt Try(const Operation &operation);
  void Keep(uint64_t chunk);
  void DeliverPart(uint64_t chunk, uint64_t offset, std::span<const char> bytes);
  void Answer(fuse_req_t handle, const Operation &operation, const Attempt &attempt);
  void Await(std::unique_ptr<Request> request, Attempt attempt);
  void Continue(std::unique_ptr<Request> request);

  const std::string name_;
  const ImageEvents events_;
  Image image_;
  std::optional<ChunkStates> states_;
  Waiters waiters_;
  std::atomic<std::chrono::milliseconds> wait_limit_;
  std::atomic<bool> storing_ = true;
  Deadlines &deadlines_;
  Courier &courier_;
  std::atomic<uint64_t> bytes_read_ = 0;
  std::atomic<uint64_t> bytes_written_ = 0;
};

}  // namespace chunkfs
