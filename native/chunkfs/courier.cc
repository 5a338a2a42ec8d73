#include "courier.h"

#include <utility>

#include "served_image.h"
#include "threads.h"

namespace chunkfs {

namespace {
// Two, so that one slow write does not hold up the next chunk.
constexpr size_t kThreads = 2;
}  // namespace

Courier::Courier(std::function<void()> on_relieved) : on_relieved_(std::move(on_relieved)) {
  while (threads_.size() < kThreads) threads_.push_back(StartThread([this] { Work(); }));
}

Courier::~Courier() { Stop(); }

void Courier::Store(ServedImage &image, uint64_t chunk, uint64_t bytes) {
  Enqueue({&image, chunk, 1, bytes});
}

void Courier::Wake(ServedImage &image, uint64_t first, uint64_t count) {
  Enqueue({&image, first, count, 0});
}

bool Courier::HasMuch() {
  const std::lock_guard lock(mutex_);
  if (bytes_ > kMuchBytes) relief_expected_ = true;
  return relief_expected_;
}

void Courier::Enqueue(const Errand &errand) {
  const std::lock_guard lock(mutex_);
  if (stopped_) return;
  bytes_ += errand.bytes;
  (errand.bytes == 0 ? wakes_ : stores_).push_back(errand);
  wanted_.notify_one();
}

void Courier::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wanted_.wait(lock, [this] { return stopped_ || !wakes_.empty() || !stores_.empty(); });
    if (stopped_) return;
    std::deque<Errand> &errands = wakes_.empty() ? stores_ : wakes_;
    const Errand errand = errands.front();
    errands.pop_front();
    lock.unlock();
    if (errand.bytes == 0) {
      errand.image->Wake(errand.first, errand.count);
    } else {
      errand.image->Store(errand.first);
    }
    lock.lock();
    bytes_ -= errand.bytes;
    if (relief_expected_ && bytes_ < kMuchBytes / 2) {
      relief_expected_ = false;
      on_relieved_();
    }
  }
}

void Courier::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    wakes_.clear();
    stores_.clear();
    wanted_.notify_all();
  }
  for (std::thread &thread : threads_)
    if (thread.joinable()) thread.join();
}

}  // namespace chunkfs
