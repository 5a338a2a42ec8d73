#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace chunkfs {

class ServedImage;

// Brings chunks to the images: stores them and lets the waiting requests go on, on threads of its
// own, in the order in which they came as far as there is one thread free.
class Courier {
 public:
  // `on_delivered(id, errno)` is called on any thread, once for each delivery that was taken.
  using OnDelivered = std::function<void(uint64_t id, int error)>;
  explicit Courier(OnDelivered on_delivered);
  ~Courier();

  // The bytes belong to the caller and must stay until the answer. Once stopped the answer is
  // ECANCELED.
  void Deliver(ServedImage &image, uint64_t chunk, std::span<const char> bytes, uint64_t id);

  // Lets those go on that waited for chunks which have been marked present.
  void Wake(ServedImage &image, uint64_t first, uint64_t count);

  // Finishes what has begun and cancels the rest. May be called twice.
  void Stop();

 private:
  struct Errand {
    ServedImage *image;
    uint64_t first;
    uint64_t count;
    std::span<const char> bytes;  // none: only wake
    uint64_t id;
  };

  void Enqueue(const Errand &errand);
  void Work();

  const OnDelivered on_delivered_;
  std::mutex mutex_;
  std::condition_variable wanted_;
  std::deque<Errand> errands_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace chunkfs
