#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace chunkfs {

class ServedImage;

// Stores chunks that have come as a whole, and lets those go on who should not do so on the thread
// that brought their bytes: on threads of its own, each kind of errand in the order in which it
// came.
class Courier {
 public:
  // Much waits to be stored: above so many bytes, and until it is below half of it.
  static constexpr uint64_t kMuchBytes = 32 << 20;

  // `on_relieved` is called on any thread, once after each time that `HasMuch` said yes.
  explicit Courier(std::function<void()> on_relieved);
  ~Courier();

  // Stores a chunk that is whole, `bytes` long. After the end it is not stored.
  void Store(ServedImage &image, uint64_t chunk, uint64_t bytes);

  // Lets those go on who waited for bytes of these chunks which are there now.
  void Wake(ServedImage &image, uint64_t first, uint64_t count);

  // Whether so much waits to be stored that no more should come until `on_relieved`.
  bool HasMuch();

  // How many bytes wait to be stored, or are being stored.
  uint64_t waiting_bytes() {
    const std::lock_guard lock(mutex_);
    return bytes_;
  }

  // Finishes what has begun and forgets the rest. May be called twice.
  void Stop();

 private:
  struct Errand {
    ServedImage *image;
    uint64_t first;
    uint64_t count;
    uint64_t bytes;  // to store; 0: only wake
  };

  void Enqueue(const Errand &errand);
  void Work();

  const std::function<void()> on_relieved_;
  std::mutex mutex_;
  std::condition_variable wanted_;
  // Somebody waits for these, so they go first.
  std::deque<Errand> wakes_;
  std::deque<Errand> stores_;
  uint64_t bytes_ = 0;
  bool relief_expected_ = false;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace chunkfs
