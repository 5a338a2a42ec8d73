#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "pristine.h"
#include "request.h"

namespace chunkfs {

// A chunk that somebody needs and nobody has asked for yet.
struct Miss {
  uint64_t chunk;
  uint64_t offset_in_chunk;
  bool for_write;
};

// The requests that wait for chunks of one image, and which chunks have been asked for.
//
// A chunk is asked for once: the next miss of it is raised only after it was delivered or failed. A
// request waits at one chunk at a time and is owned by this table while it does.
class Waiters {
 public:
  using OnMiss = std::function<void(const Miss &)>;
  using Requests = std::vector<std::unique_ptr<Request>>;

  // `on_miss` is called on any thread, without locks held.
  Waiters(const Pristine &pristine, OnMiss on_miss);

  enum class Parked { kWaiting, kTryAgain, kRefused };
  struct Outcome {
    Parked parked;
    int error;  // of kRefused
  };

  // Lets a request wait for the first of the missing chunks, and asks for all of them. Takes it
  // over only with kWaiting. kTryAgain: the chunk has come in the meantime.
  Outcome Park(std::unique_ptr<Request> &request, const std::vector<uint64_t> &missing);

  // Those that waited for a chunk which is there now, or never will be; it counts as not asked for.
  Requests Take(uint64_t chunk);
  Requests TakeRange(uint64_t first, uint64_t count);

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
  struct AskedFor {
    Requests requests;
    bool overdue = false;
  };

  const Pristine &pristine_;
  const OnMiss on_miss_;

  mutable std::mutex mutex_;
  std::unordered_map<uint64_t, AskedFor> asked_for_;
  uint64_t misses_ = 0;
  int refusal_ = 0;
};

}  // namespace chunkfs
