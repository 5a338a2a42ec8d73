#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace chunkfs {

// The alarm clock of a mount: one thread sleeps at it, all others set it.
class Deadlines {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // Somebody waits until `time` at most.
  void Expect(TimePoint time);

  // Ends all sleep.
  void Stop();

  // Sleeps until the earliest expected time has come, and forgets it. False once stopped.
  bool Sleep();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<TimePoint> earliest_;
  bool stopped_ = false;
};

}  // namespace chunkfs
