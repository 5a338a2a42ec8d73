#include "event_loop.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdint>
#include <system_error>
#include <utility>

#include "threads.h"

namespace {

short ToPoll(int events) {
  return static_cast<short>(((events & VIR_EVENT_HANDLE_READABLE) != 0 ? POLLIN : 0) |
                            ((events & VIR_EVENT_HANDLE_WRITABLE) != 0 ? POLLOUT : 0));
}

int FromPoll(short events) {
  return ((events & POLLIN) != 0 ? VIR_EVENT_HANDLE_READABLE : 0) |
         ((events & POLLOUT) != 0 ? VIR_EVENT_HANDLE_WRITABLE : 0) |
         ((events & (POLLERR | POLLNVAL)) != 0 ? VIR_EVENT_HANDLE_ERROR : 0) |
         ((events & POLLHUP) != 0 ? VIR_EVENT_HANDLE_HANGUP : 0);
}

}  // namespace

EventLoop &EventLoop::Get() {
  static EventLoop *loop = new EventLoop;
  return *loop;
}

void EventLoop::Install() {
  virEventRegisterImpl(
      [](int descriptor, int events, virEventHandleCallback callback, void *opaque,
         virFreeCallback free) {
        return Get().AddHandle(descriptor, events, callback, opaque, free);
      },
      [](int watch, int events) { Get().UpdateHandle(watch, events); },
      [](int watch) { return Get().RemoveHandle(watch); },
      [](int interval, virEventTimeoutCallback callback, void *opaque, virFreeCallback free) {
        return Get().AddTimer(interval, callback, opaque, free);
      },
      [](int timer, int interval) { Get().UpdateTimer(timer, interval); },
      [](int timer) { return Get().RemoveTimer(timer); });
}

void EventLoop::Settle(std::chrono::milliseconds limit) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (!running_) return;
  // The turn under way may have passed the place that matters: a whole one has to follow it.
  const unsigned long enough = turns_ + 2;
  const auto end = Clock::now() + limit;
  while (running_ && turns_ < enough) {
    WakeLocked();
    const unsigned long seen = turns_;
    if (!turned_.wait_until(lock, end, [&] { return !running_ || turns_ != seen; })) return;
  }
}

int EventLoop::AddHandle(int descriptor, int events, virEventHandleCallback callback, void *opaque,
                         virFreeCallback free) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const int watch = next_id_++;
  handles_[watch] = {descriptor, events, callback, opaque, free};
  WakeLocked();
  return watch;
}

void EventLoop::UpdateHandle(int watch, int events) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = handles_.find(watch);
  if (found == handles_.end()) return;
  found->second.events = events;
  WakeLocked();
}

int EventLoop::RemoveHandle(int watch) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = handles_.find(watch);
  if (found == handles_.end()) return -1;
  removed_.push_back({found->second.opaque, found->second.free});
  handles_.erase(found);
  WakeLocked();
  return 0;
}

int EventLoop::AddTimer(int interval, virEventTimeoutCallback callback, void *opaque,
                        virFreeCallback free) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const int timer = next_id_++;
  const auto due = Clock::now() + std::chrono::milliseconds(std::max(interval, 0));
  timers_[timer] = {interval, due, callback, opaque, free};
  WakeLocked();
  return timer;
}

void EventLoop::UpdateTimer(int timer, int interval) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = timers_.find(timer);
  if (found == timers_.end()) return;
  found->second.interval = interval;
  found->second.due = Clock::now() + std::chrono::milliseconds(std::max(interval, 0));
  WakeLocked();
}

int EventLoop::RemoveTimer(int timer) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = timers_.find(timer);
  if (found == timers_.end()) return -1;
  removed_.push_back({found->second.opaque, found->second.free});
  timers_.erase(found);
  WakeLocked();
  return 0;
}

// Tells the thread that something changed, and starts it if there is none. libvirt is written in C:
// nothing may be thrown through it, so a thread that cannot be started leaves the loop still. The
// next change tries again.
void EventLoop::WakeLocked() {
  if (running_) {
    const uint64_t one = 1;
    // It fails only when the counter is full, and then the thread is awake already.
    [[maybe_unused]] const ssize_t written = write(wake_descriptor_, &one, sizeof one);
    return;
  }
  wake_descriptor_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_descriptor_ < 0) return;
  try {
    StartDetachedThread([this] { Run(); });
    running_ = true;
  } catch (const std::system_error &) {
    close(wake_descriptor_);
  }
}

void EventLoop::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (FreeRemoved(lock)) {
    const std::vector<Ready> ready = Wait(lock);
    FireTimers(lock);
    FireHandles(lock, ready);
    ++turns_;
    turned_.notify_all();
  }
  running_ = false;
  close(wake_descriptor_);
  turned_.notify_all();
}

// Returns whether anything is left to wait for.
bool EventLoop::FreeRemoved(std::unique_lock<std::mutex> &lock) {
  while (!removed_.empty()) {
    const std::vector<Removed> removed = std::exchange(removed_, {});
    lock.unlock();
    for (const Removed &each : removed) {
      if (each.free != nullptr) each.free(each.opaque);
    }
    lock.lock();
  }
  return !handles_.empty() || !timers_.empty();
}

std::vector<EventLoop::Ready> EventLoop::Wait(std::unique_lock<std::mutex> &lock) {
  std::vector<pollfd> polled = {{wake_descriptor_, POLLIN, 0}};
  std::vector<int> watches = {0};
  for (const auto &[watch, handle] : handles_) {
    // poll reports a hang-up also to those who ask for nothing; it would come again at once.
    if (handle.events == 0) continue;
    polled.push_back({handle.descriptor, ToPoll(handle.events), 0});
    watches.push_back(watch);
  }
  const int timeout = MillisecondsToNextTimer();
  lock.unlock();
  const int count = poll(polled.data(), polled.size(), timeout);
  lock.lock();
  std::vector<Ready> ready;
  if (count <= 0) return ready;
  if (polled[0].revents != 0) {
    uint64_t wakes = 0;
    [[maybe_unused]] const ssize_t taken = read(wake_descriptor_, &wakes, sizeof wakes);
  }
  for (size_t index = 1; index < polled.size(); ++index) {
    if (polled[index].revents != 0)
      ready.push_back({watches[index], polled[index].fd, FromPoll(polled[index].revents)});
  }
  return ready;
}

int EventLoop::MillisecondsToNextTimer() const {
  int least = -1;
  const auto now = Clock::now();
  for (const auto &[id, timer] : timers_) {
    if (timer.interval < 0) continue;
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(timer.due - now).count() + 1;
    const int wait = timer.due <= now ? 0 : static_cast<int>(std::min<long long>(left, INT_MAX));
    least = least < 0 ? wait : std::min(least, wait);
  }
  return least;
}

// Callbacks run without the lock and may add, change and remove anything, themselves too. So each
// is looked up again by its number before it is called.
void EventLoop::FireTimers(std::unique_lock<std::mutex> &lock) {
  const auto now = Clock::now();
  std::vector<int> due;
  for (const auto &[id, timer] : timers_) {
    if (timer.interval >= 0 && timer.due <= now) due.push_back(id);
  }
  for (const int id : due) {
    const auto found = timers_.find(id);
    if (found == timers_.end() || found->second.interval < 0) continue;
    Timer &timer = found->second;
    timer.due = now + std::chrono::milliseconds(timer.interval);
    const auto [callback, opaque] = std::pair(timer.callback, timer.opaque);
    lock.unlock();
    callback(id, opaque);
    lock.lock();
  }
}

void EventLoop::FireHandles(std::unique_lock<std::mutex> &lock, const std::vector<Ready> &ready) {
  for (const Ready &each : ready) {
    const auto found = handles_.find(each.watch);
    if (found == handles_.end() || found->second.events == 0) continue;
    const auto [callback, opaque] = std::pair(found->second.callback, found->second.opaque);
    lock.unlock();
    callback(each.watch, each.descriptor, each.events, opaque);
    lock.lock();
  }
}
