#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <cstdlib>

namespace chunkfs {

// Lets one of the serving threads at a time wait for requests. It keeps its turn while it answers
// what takes less time than to wake another thread, and passes it on before anything longer: so
// requests that come one by one are served by one thread, whose processor has everything at hand.
class Turns {
 public:
  // `others_wait` tells whether there are requests that nobody has taken yet.
  explicit Turns(std::function<bool()> others_wait);

  // Waits until it is this thread's turn, if it is not yet. False once stopped.
  bool Take();

  // Ends this thread's turn, if it has it.
  void Pass();

  // Nobody gets a turn any more.
  void Stop();

  bool OthersWait() const { return others_wait_(); }

 private:
  const std::function<bool()> others_wait_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int free_ = getenv("PLACES") ? atoi(getenv("PLACES")) : 1;
  bool stopped_ = false;
};

// To be called by whoever serves a request before something that may wait for a disk. A thread that
// has the turn passes it on; on others it does nothing.
void PassTurn();

// The same before something that takes long, yet does not wait: where nobody waits for the turn it
// need not be passed on.
void PassTurnIfOthersWait();

}  // namespace chunkfs
