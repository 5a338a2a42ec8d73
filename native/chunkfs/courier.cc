#include "courier.h"

#include <cerrno>
#include <utility>

#include "served_image.h"
#include "threads.h"

namespace chunkfs {

namespace {
// Two, so that one slow write does not hold up the next chunk.
constexpr size_t kThreads = 2;
}  // namespace

Courier::Courier(OnDelivered on_delivered) : on_delivered_(std::move(on_delivered)) {
  while (threads_.size() < kThreads) threads_.push_back(StartThread([this] { Work(); }));
}

Courier::~Courier() { Stop(); }

void Courier::Deliver(ServedImage &image, uint64_t chunk, std::span<const char> bytes,
                      uint64_t id) {
  Enqueue({&image, chunk, 1, bytes, id});
}

void Courier::Wake(ServedImage &image, uint64_t first, uint64_t count) {
  Enqueue({&image, first, count, {}, 0});
}

void Courier::Enqueue(const Errand &errand) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_) {
      errands_.push_back(errand);
      wanted_.notify_one();
      return;
    }
  }
  if (!errand.bytes.empty()) on_delivered_(errand.id, ECANCELED);
}

void Courier::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wanted_.wait(lock, [this] { return stopped_ || !errands_.empty(); });
    if (stopped_) return;
    const Errand errand = errands_.front();
    errands_.pop_front();
    lock.unlock();
    if (errand.bytes.empty()) {
      errand.image->WakeRange(errand.first, errand.count);
    } else {
      on_delivered_(errand.id, errand.image->Deliver(errand.first, errand.bytes));
    }
    lock.lock();
  }
}

void Courier::Stop() {
  std::deque<Errand> cancelled;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    cancelled.swap(errands_);
    wanted_.notify_all();
  }
  for (std::thread &thread : threads_)
    if (thread.joinable()) thread.join();
  for (const Errand &errand : cancelled)
    if (!errand.bytes.empty()) on_delivered_(errand.id, ECANCELED);
}

}  // namespace chunkfs
