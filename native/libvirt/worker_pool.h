#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

// Threads for calls that block. libuv's pool has four and serves files and DNS too: four saves
// would stop everything. This one has a thread for every call under way, so that a destroy runs
// while a save blocks; idle threads end by themselves.
//
// One for the process, never destroyed: a thread may still sit in libvirt when the process ends.
class WorkerPool {
 public:
  static WorkerPool &Get();

  // Runs `task` on a thread of the pool. Throws std::system_error when there is none and none can
  // be started. `task` must not throw.
  void Run(std::function<void()> task);

 private:
  void StartThread();
  void Work();

  std::mutex mutex_;
  std::condition_variable wanted_;
  std::deque<std::function<void()>> tasks_;
  size_t idle_ = 0;
  size_t threads_ = 0;
};
