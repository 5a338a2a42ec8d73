#include "waiters.h"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

namespace chunkfs {

namespace {

template <typename Condition>
void MoveIf(Waiters::Requests &from, Waiters::Requests &to, const Condition &condition) {
  const auto rest = std::stable_partition(
      from.begin(), from.end(), [&](const auto &request) { return !condition(*request); });
  std::move(rest, from.end(), std::back_inserter(to));
  from.erase(rest, from.end());
}

}  // namespace

Waiters::Waiters(const Pristine &pristine, OnMiss on_miss)
    : pristine_(pristine), on_miss_(std::move(on_miss)) {}

Waiters::Outcome Waiters::Park(std::unique_ptr<Request> &request,
                               const std::vector<uint64_t> &missing) {
  std::vector<Miss> misses;
  {
    const std::lock_guard lock(mutex_);
    // Chunks are marked before their waiters are taken: who looks under the lock misses neither.
    if (pristine_.IsPresent(missing.front())) return {Parked::kTryAgain, 0};
    if (refusal_ != 0) return {Parked::kRefused, refusal_};
    // An interrupt that came before found nothing here; one that comes later waits for the lock.
    if (fuse_req_interrupted(request->handle())) return {Parked::kRefused, EINTR};
    if (const auto asked = asked_for_.find(missing.front());
        asked != asked_for_.end() && asked->second.overdue && request->deadline())
      return {Parked::kRefused, EIO};
    const Operation &operation = request->operation();
    for (const uint64_t chunk : missing) {
      if (!asked_for_.try_emplace(chunk).second) continue;
      const uint64_t begin = chunk * pristine_.chunk_bytes();
      misses.push_back(
          {chunk, operation.offset > begin ? operation.offset - begin : 0, operation.changes()});
    }
    misses_ += misses.size();
    asked_for_[missing.front()].requests.push_back(std::move(request));
  }
  for (const Miss &miss : misses) on_miss_(miss);
  return {Parked::kWaiting, 0};
}

Waiters::Requests Waiters::Take(uint64_t chunk) {
  const std::lock_guard lock(mutex_);
  auto node = asked_for_.extract(chunk);
  return node.empty() ? Requests{} : std::move(node.mapped().requests);
}

Waiters::Requests Waiters::TakeRange(uint64_t first, uint64_t count) {
  const std::lock_guard lock(mutex_);
  Requests taken;
  for (auto entry = asked_for_.begin(); entry != asked_for_.end();) {
    const uint64_t chunk = entry->first;
    if (chunk < first || chunk - first >= count) {
      ++entry;
      continue;
    }
    Requests &requests = entry->second.requests;
    std::move(requests.begin(), requests.end(), std::back_inserter(taken));
    entry = asked_for_.erase(entry);
  }
  return taken;
}

std::unique_ptr<Request> Waiters::TakeInterrupted(fuse_req_t handle) {
  const std::lock_guard lock(mutex_);
  Requests taken;
  for (auto &[chunk, asked] : asked_for_)
    MoveIf(asked.requests, taken,
           [&](const Request &request) { return request.handle() == handle; });
  return taken.empty() ? nullptr : std::move(taken.front());
}

Waiters::Requests Waiters::TakeExpired(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  Requests taken;
  for (auto &[chunk, asked] : asked_for_) {
    const size_t before = taken.size();
    MoveIf(asked.requests, taken, [&](const Request &request) {
      return request.deadline() && *request.deadline() <= now;
    });
    if (taken.size() > before) asked.overdue = true;
  }
  return taken;
}

std::optional<Clock::time_point> Waiters::EarliestDeadline() const {
  const std::lock_guard lock(mutex_);
  std::optional<Clock::time_point> earliest;
  for (const auto &[chunk, asked] : asked_for_)
    for (const auto &request : asked.requests)
      if (request->deadline() && (!earliest || *request->deadline() < *earliest))
        earliest = request->deadline();
  return earliest;
}

Waiters::Requests Waiters::RefuseAll(int error) {
  const std::lock_guard lock(mutex_);
  if (refusal_ == 0) refusal_ = error;
  Requests taken;
  for (auto &[chunk, asked] : asked_for_) {
    std::move(asked.requests.begin(), asked.requests.end(), std::back_inserter(taken));
    asked.requests.clear();
  }
  return taken;
}

uint64_t Waiters::misses() const {
  const std::lock_guard lock(mutex_);
  return misses_;
}

uint64_t Waiters::waiting() const {
  const std::lock_guard lock(mutex_);
  uint64_t count = 0;
  for (const auto &[chunk, asked] : asked_for_) count += asked.requests.size();
  return count;
}

}  // namespace chunkfs
