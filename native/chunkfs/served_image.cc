#include "served_image.h"

#include <cstdlib>
#include <new>
#include <utility>
#include <vector>

#include "deadlines.h"

namespace chunkfs {

namespace {

// Where a thread puts the bytes of a read together. Kept for the next one: reads are at most 1 MiB.
class ReadBuffer {
 public:
  std::span<char> OfSize(size_t bytes) {
    if (bytes > capacity_) {
      bytes_.reset(static_cast<char *>(std::aligned_alloc(kBlockBytes, RoundUp(bytes))));
      if (!bytes_) throw std::bad_alloc();
      capacity_ = RoundUp(bytes);
    }
    return {bytes_.get(), bytes};
  }
  const char *data() const { return bytes_.get(); }

 private:
  struct Free {
    void operator()(char *memory) const { std::free(memory); }
  };
  static size_t RoundUp(size_t bytes) {
    return (bytes + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
  }

  std::unique_ptr<char, Free> bytes_;
  size_t capacity_ = 0;
};

thread_local ReadBuffer read_buffer;

constexpr std::chrono::milliseconds kForEver = std::chrono::milliseconds::max();

}  // namespace

ServedImage::ServedImage(std::string name, std::unique_ptr<Pristine> pristine,
                         std::unique_ptr<Overlay> overlay,
                         std::optional<std::chrono::milliseconds> wait_limit, Deadlines &deadlines,
                         Waiters::OnMiss on_miss)
    : name_(std::move(name)),
      image_(std::move(pristine), std::move(overlay)),
      waiters_(image_.pristine(), std::move(on_miss)),
      wait_limit_(wait_limit.value_or(kForEver)),
      deadlines_(deadlines) {}

void ServedImage::Begin(fuse_req_t handle, const Operation &operation) {
  Attempt attempt = Try(operation, {});
  if (attempt.missing.empty()) {
    Answer(handle, operation, attempt);
    return;
  }
  std::optional<Clock::time_point> deadline;
  if (const auto limit = wait_limit_.load(); limit != kForEver) deadline = Clock::now() + limit;
  auto request = std::make_unique<Request>(handle, *this, operation, deadline);
  // May call back at once: nothing is found then, and Park asks libfuse again.
  fuse_req_interrupt_func(handle, Interrupted, this);
  Await(std::move(request), std::move(attempt));
}

void ServedImage::Interrupted(fuse_req_t handle, void *served_image) {
  // Libfuse keeps the handle's memory until this returns, so that no other request can have it; it
  // holds the handle's own lock, which answering does not take.
  auto *self = static_cast<ServedImage *>(served_image);
  if (auto request = self->waiters_.TakeInterrupted(handle)) Refuse(std::move(request), EINTR);
}

Attempt ServedImage::Try(const Operation &operation, const BorrowedChunks &borrowed) {
  switch (operation.kind) {
    case Operation::Kind::kRead:
      return image_.Read(operation.offset, read_buffer.OfSize(operation.length), borrowed);
    case Operation::Kind::kWrite:
      return image_.Write(operation.offset, operation.data, borrowed);
    case Operation::Kind::kZero:
      return image_.Zero(operation.offset, operation.length, operation.grow, borrowed);
  }
  return {.error = EINVAL};
}

void ServedImage::Answer(fuse_req_t handle, const Operation &operation, const Attempt &attempt) {
  if (attempt.error != 0 || operation.kind == Operation::Kind::kZero) {
    fuse_reply_err(handle, attempt.error);
  } else if (operation.kind == Operation::Kind::kWrite) {
    bytes_written_.fetch_add(attempt.bytes, std::memory_order_relaxed);
    fuse_reply_write(handle, attempt.bytes);
  } else {
    bytes_read_.fetch_add(attempt.bytes, std::memory_order_relaxed);
    fuse_reply_buf(handle, read_buffer.data(), attempt.bytes);
  }
}

void ServedImage::Await(std::unique_ptr<Request> request, Attempt attempt) {
  for (;;) {
    const auto deadline = request->deadline();
    const Waiters::Outcome outcome = waiters_.Park(request, attempt.missing);
    if (outcome.parked == Waiters::Parked::kWaiting) {
      if (deadline) deadlines_.Expect(*deadline);
      return;
    }
    if (outcome.parked == Waiters::Parked::kRefused) {
      Refuse(std::move(request), outcome.error);
      return;
    }
    attempt = Try(request->operation(), request->borrowed);
    if (attempt.missing.empty()) {
      const CurrentRoute route(request->route());
      Answer(request->handle(), request->operation(), attempt);
      return;
    }
  }
}

void ServedImage::Continue(std::unique_ptr<Request> request) {
  Attempt attempt = Try(request->operation(), request->borrowed);
  if (!attempt.missing.empty()) {
    Await(std::move(request), std::move(attempt));
    return;
  }
  const CurrentRoute route(request->route());
  Answer(request->handle(), request->operation(), attempt);
}

int ServedImage::Deliver(uint64_t chunk, std::span<const char> bytes) {
  const int error = image_.pristine().Store(chunk, bytes);
  Waiters::Requests requests = waiters_.Take(chunk);
  if (error != 0 && !requests.empty()) {
    const auto copy = std::make_shared<const std::vector<char>>(bytes.begin(), bytes.end());
    for (const auto &request : requests) request->borrowed.Add(chunk, copy);
  }
  for (auto &request : requests) Continue(std::move(request));
  return error;
}

void ServedImage::FailChunk(uint64_t chunk, int error) { RefuseEach(waiters_.Take(chunk), error); }

void ServedImage::WakeRange(uint64_t first, uint64_t count) {
  for (auto &request : waiters_.TakeRange(first, count)) Continue(std::move(request));
}

void ServedImage::RefuseAll(int error) { RefuseEach(waiters_.RefuseAll(error), error); }

void ServedImage::RefuseExpired(Clock::time_point now) {
  RefuseEach(waiters_.TakeExpired(now), EIO);
}

void ServedImage::RefuseEach(Waiters::Requests requests, int error) {
  for (auto &request : requests) Refuse(std::move(request), error);
}

Statistics ServedImage::statistics() const {
  return {
      .bytes_read = bytes_read_.load(std::memory_order_relaxed),
      .bytes_written = bytes_written_.load(std::memory_order_relaxed),
      .misses = waiters_.misses(),
      .chunks_present = image_.pristine().present_count(),
      .blocks_modified = image_.overlay() ? image_.overlay()->modified_count() : 0,
      .waiting = waiters_.waiting(),
  };
}

}  // namespace chunkfs
