#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "pristine.h"

namespace chunkfs {

// Makes the records of a mount's images durable, on a thread of its own: every few seconds while
// there is something to do, when asked, and at the end.
class Flusher {
 public:
  // Called on any thread, once for each `Sync`.
  using OnSynced = std::function<void(uint64_t id, int error)>;
  explicit Flusher(OnSynced on_synced);
  ~Flusher();
  Flusher(const Flusher &) = delete;
  Flusher &operator=(const Flusher &) = delete;

  // Images without a record are none of its business. To be called at most once.
  void Start(std::vector<std::shared_ptr<Pristine>> images);

  // Flushes now. The error is the first of those that the images had; ECANCELED once stopped.
  void Sync(uint64_t id);

  // Flushes in the near future, though nobody waits for it.
  void Hurry();

  // Flushes for the last time, for no longer than `limit`. False: the disk does not answer; the
  // images and their files are then still in use, and go when it does. May be called twice.
  bool Stop(std::chrono::milliseconds limit);

 private:
  struct State;
  static void Work(const std::shared_ptr<State> &state);

  // Shared with the thread, which may have to be left behind.
  const std::shared_ptr<State> state_;
};

}  // namespace chunkfs
