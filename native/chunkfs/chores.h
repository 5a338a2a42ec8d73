#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace chunkfs {

// Does what takes long and holds nobody up, one after the other, on a thread of its own.
class Chores {
 public:
  // Returns 0 or an errno; soon, once it is asked to stop.
  using Chore = std::function<int(const std::stop_token &stop)>;
  // Called on any thread, once for each chore.
  using OnDone = std::function<void(uint64_t id, int error)>;
  explicit Chores(OnDone on_done);
  ~Chores();
  Chores(const Chores &) = delete;
  Chores &operator=(const Chores &) = delete;

  // Done with ECANCELED once stopped.
  void Add(uint64_t id, Chore chore);

  // Stops the one that is being done, and waits for it. May be called twice.
  void Stop();

 private:
  struct Entry {
    uint64_t id;
    Chore chore;
  };
  void Work();

  const OnDone on_done_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Entry> entries_;
  std::thread thread_;
};

}  // namespace chunkfs
