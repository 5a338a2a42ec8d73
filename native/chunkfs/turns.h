#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace chunkfs {

// Lets two of the serving threads at a time wait for requests; they serve them too, as long as that
// takes less time than to wake another thread. Before anything longer a thread makes sure that one
// still waits: if it was the last, it gives its turn to another.
//
// The kernel hands requests to those that wait in turn, and a thread that has waited long is on a
// processor that sleeps and has none of its data at hand: with more than two, requests that come
// one by one took a quarter longer (two processors, 4 KiB).
class Turns {
 public:
  // Waits until it is this thread's turn, if it is not yet: it may then wait for a request. False
  // once stopped.
  bool Take();
  // This thread has stopped waiting for a request.
  void Received();

  // This thread will wait for a request in a moment, and counts as waiting from now on.
  void Return();

  // Gives this thread's turn up.
  void Leave();
  // The same, unless another thread waits for requests.
  void LeaveIfLast();

  // Nobody gets a turn any more.
  void Stop();

 private:
  static constexpr size_t kTurns = 2;

  std::mutex mutex_;
  std::condition_variable changed_;
  size_t free_ = kTurns;
  bool stopped_ = false;
  std::atomic<size_t> waiting_ = 0;
};

// To be called by whoever answers a request: the next one may be there before this thread waits.
void AboutToReturn();

// To be called by whoever serves a request, before something that may take long. On threads that do
// not wait for requests it does nothing.
void LetOthersServe();

}  // namespace chunkfs
