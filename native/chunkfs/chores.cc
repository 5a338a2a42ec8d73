#include "chores.h"

#include <cerrno>
#include <utility>

#include "threads.h"

namespace chunkfs {

Chores::Chores(OnDone on_done)
    : on_done_(std::move(on_done)), thread_(StartThread([this] { Work(); })) {}

Chores::~Chores() { Stop(); }

void Chores::Add(uint64_t id, Chore chore) {
  {
    const std::lock_guard lock(mutex_);
    if (!stop_.stop_requested()) {
      entries_.push_back({id, std::move(chore)});
      changed_.notify_all();
      return;
    }
  }
  on_done_(id, ECANCELED);
}

void Chores::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stop_.stop_requested() || !entries_.empty(); });
    if (entries_.empty()) return;
    const Entry entry = std::move(entries_.front());
    entries_.pop_front();
    lock.unlock();
    on_done_(entry.id, stop_.stop_requested() ? ECANCELED : entry.chore(stop_.get_token()));
    lock.lock();
  }
}

void Chores::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_.request_stop();
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

}  // namespace chunkfs
