#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "image.h"
#include "intervals.h"
#include "request.h"

namespace chunkfs {

// Bytes that somebody needs and that nobody has asked for yet, not all of them.
struct Miss {
  Wanted wanted;
  bool for_write;
};

// The requests that wait for chunks of one image, and what of the chunks has been asked for.
//
// Bytes are asked for once: the next miss of them is raised only after their chunk came as a whole,
// failed, or was forgotten.
// A request waits for bytes of one chunk at a time and is owned by this table while it does.
class Waiters {
 public:
  using OnMiss = std::function<void(const Miss &)>;
  using Requests = std::vector<std::unique_ptr<Request>>;

  // `on_miss` is called on any thread, without locks held.
  Waiters(Image &image, OnMiss on_miss);

  enum class Parked { kWaiting, kTryAgain, kRefused };
  struct Outcome {
    Parked parked;
    int error;  // of kRefused
  };

  // Lets a request wait for the first of what is missing, and asks for all of it. Takes it over
  // only with kWaiting. kTryAgain: the bytes have come in the meantime.
  Outcome Park(std::unique_ptr<Request> &request, const std::vector<Wanted> &missing);

  // Those whose bytes are there now, of all or of reads only, and those whose chunks are not asked
  // for. Chunks that are there as a whole count as not asked for.
  enum class Which { kAll, kReads };
  struct Ready {
    Requests requests;
    bool more;  // others are ready too
  };
  Ready TakeReady(uint64_t first, uint64_t count, Which which);

  // What was asked for of these chunks counts as not asked for.
  void Forget(uint64_t first, uint64_t count);

  // All that wait for a chunk which will not come; it counts as not asked for.
  Requests TakeAll(uint64_t chunk);

  // The request with this handle if it waits here, else null.
  std::unique_ptr<Request> TakeInterrupted(fuse_req_t handle);

  // Those whose time is over. Their chunks stay asked for, and nobody with a deadline waits for
  // them any more: the kernel asks again for each page of a read-ahead that failed, and the waits
  // would add up.
  Requests TakeExpired(Clock::time_point now);
  std::optional<Clock::time_point> EarliestDeadline() const;

  // From now on nobody waits: Park refuses with `error`. Returns all that waited. The first error
  // stays.
  Requests RefuseAll(int error);

  uint64_t misses() const;
  uint64_t waiting() const;

 private:
  struct Chunk {
    Requests requests;
    Intervals asked_for;
    bool overdue = false;
  };

  Image &image_;
  const OnMiss on_miss_;

  mutable std::mutex mutex_;
  std::unordered_map<uint64_t, Chunk> chunks_;
  uint64_t misses_ = 0;
  int refusal_ = 0;
};

}  // namespace chunkfs
