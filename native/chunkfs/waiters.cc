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

Waiters::Waiters(Image &image, OnMiss on_miss) : image_(image), on_miss_(std::move(on_miss)) {}

Waiters::Outcome Waiters::Park(std::unique_ptr<Request> &request,
                               const std::vector<Wanted> &missing) {
  std::vector<Miss> misses;
  {
    const std::lock_guard lock(mutex_);
    // Bytes are there before their waiters are taken: who looks under the lock misses neither.
    if (image_.Has(missing.front())) return {Parked::kTryAgain, 0};
    if (refusal_ != 0) return {Parked::kRefused, refusal_};
    // An interrupt that came before found nothing here; one that comes later waits for the lock.
    if (fuse_req_interrupted(request->handle())) return {Parked::kRefused, EINTR};
    Chunk &first = chunks_[missing.front().chunk];
    if (first.overdue && request->deadline()) return {Parked::kRefused, EIO};
    for (const Wanted &wanted : missing) {
      Intervals &asked_for = chunks_[wanted.chunk].asked_for;
      const uint64_t end = wanted.offset + wanted.length;
      if (asked_for.Cover(wanted.offset, end)) continue;
      asked_for.Add(wanted.offset, end);
      misses.push_back({wanted, request->operation().changes()});
    }
    misses_ += misses.size();
    request->wanted = missing.front();
    first.requests.push_back(std::move(request));
  }
  for (const Miss &miss : misses) on_miss_(miss);
  return {Parked::kWaiting, 0};
}

Waiters::Ready Waiters::TakeReady(uint64_t first, uint64_t count, Which which) {
  const std::lock_guard lock(mutex_);
  Ready ready{{}, false};
  const auto take = [&](std::unordered_map<uint64_t, Chunk>::iterator entry) {
    const uint64_t number = entry->first;
    Chunk &chunk = entry->second;
    MoveIf(chunk.requests, ready.requests, [&](const Request &request) {
      // What came and went again before its waiters went on is to be asked for anew.
      if (!chunk.asked_for.empty() && !image_.Has(request.wanted)) return false;
      const Operation &operation = request.operation();
      const bool taken =
          which == Which::kAll ||
          (!operation.changes() && image_.NeedsOnly(number, operation.offset, operation.length));
      ready.more |= !taken;
      return taken;
    });
    // Something of it came: who waits from now on need not wait in vain.
    chunk.overdue = false;
    if (image_.HasWhole(number)) chunk.asked_for.Clear();
    return chunk.asked_for.empty() && chunk.requests.empty() ? chunks_.erase(entry)
                                                             : std::next(entry);
  };
  if (count == 1) {
    if (const auto entry = chunks_.find(first); entry != chunks_.end()) take(entry);
    return ready;
  }
  for (auto entry = chunks_.begin(); entry != chunks_.end();)
    entry = entry->first >= first && entry->first - first < count ? take(entry) : std::next(entry);
  return ready;
}

void Waiters::Forget(uint64_t first, uint64_t count) {
  const std::lock_guard lock(mutex_);
  for (auto &[number, chunk] : chunks_)
    if (number >= first && number - first < count) chunk.asked_for.Clear();
}

Waiters::Requests Waiters::TakeAll(uint64_t chunk) {
  const std::lock_guard lock(mutex_);
  auto node = chunks_.extract(chunk);
  return node.empty() ? Requests{} : std::move(node.mapped().requests);
}

std::unique_ptr<Request> Waiters::TakeInterrupted(fuse_req_t handle) {
  const std::lock_guard lock(mutex_);
  Requests taken;
  for (auto &[number, chunk] : chunks_)
    MoveIf(chunk.requests, taken,
           [&](const Request &request) { return request.handle() == handle; });
  return taken.empty() ? nullptr : std::move(taken.front());
}

Waiters::Requests Waiters::TakeExpired(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  Requests taken;
  for (auto &[number, chunk] : chunks_) {
    const size_t before = taken.size();
    MoveIf(chunk.requests, taken, [&](const Request &request) {
      return request.deadline() && *request.deadline() <= now;
    });
    if (taken.size() > before) chunk.overdue = true;
  }
  return taken;
}

std::optional<Clock::time_point> Waiters::EarliestDeadline() const {
  const std::lock_guard lock(mutex_);
  std::optional<Clock::time_point> earliest;
  for (const auto &[number, chunk] : chunks_)
    for (const auto &request : chunk.requests)
      if (request->deadline() && (!earliest || *request->deadline() < *earliest))
        earliest = request->deadline();
  return earliest;
}

Waiters::Requests Waiters::RefuseAll(int error) {
  const std::lock_guard lock(mutex_);
  if (refusal_ == 0) refusal_ = error;
  Requests taken;
  for (auto &[number, chunk] : chunks_) {
    std::move(chunk.requests.begin(), chunk.requests.end(), std::back_inserter(taken));
    chunk.requests.clear();
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
  for (const auto &[number, chunk] : chunks_) count += chunk.requests.size();
  return count;
}

}  // namespace chunkfs
