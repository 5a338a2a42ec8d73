#include "worker_pool.h"

#include <chrono>
#include <system_error>
#include <utility>

#include "threads.h"

namespace {

// A new thread costs some 50 µs, so there is little to gain from keeping idle ones.
constexpr std::chrono::seconds kIdleTime(1);

// A guard against a runaway caller, not a limit that is ever met: more calls wait their turn.
constexpr size_t kMostThreads = 128;

}  // namespace

WorkerPool &WorkerPool::Get() {
  static WorkerPool *pool = new WorkerPool;
  return *pool;
}

void WorkerPool::Run(std::function<void()> task) {
  const std::lock_guard<std::mutex> lock(mutex_);
  tasks_.push_back(std::move(task));
  if (idle_ < tasks_.size() && threads_ < kMostThreads) {
    try {
      StartThread();
    } catch (const std::system_error &) {
      if (threads_ == 0) {
        tasks_.pop_back();
        throw;
      }
    }
  }
  wanted_.notify_one();
}

void WorkerPool::StartThread() {
  StartDetachedThread([this] { Work(); });
  ++threads_;
}

void WorkerPool::Work() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    ++idle_;
    const bool woken = wanted_.wait_for(lock, kIdleTime, [this] { return !tasks_.empty(); });
    --idle_;
    if (!woken) break;
    std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
  --threads_;
}
