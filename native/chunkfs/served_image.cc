#include "served_image.h"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <utility>
#include <vector>

#include "courier.h"
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
// What stays in memory of an image that is not stored: much more than one request needs at a time.
constexpr uint64_t kKeptBytes = 32 << 20;

}  // namespace

ServedImage::ServedImage(std::string name, std::shared_ptr<Pristine> pristine,
                         std::unique_ptr<Overlay> overlay,
                         std::optional<std::chrono::milliseconds> wait_limit, Deadlines &deadlines,
                         Courier &courier, ImageEvents events)
    : name_(std::move(name)),
      events_(std::move(events)),
      image_(std::move(pristine), std::move(overlay), kKeptBytes),
      waiters_(image_, events_.on_miss),
      wait_limit_(wait_limit.value_or(kForEver)),
      deadlines_(deadlines),
      courier_(courier) {}

int ServedImage::Prepare() {
  states_.emplace(image_);
  return image_.ClearOverlay();
}

void ServedImage::Begin(fuse_req_t handle, const Operation &operation) {
  Attempt attempt = Try(operation);
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

Attempt ServedImage::Try(const Operation &operation) {
  Attempt attempt;
  switch (operation.kind) {
    case Operation::Kind::kRead:
      attempt = image_.Read(operation.offset, read_buffer.OfSize(operation.length));
      break;
    case Operation::Kind::kWrite:
      attempt = image_.Write(operation.offset, operation.data);
      break;
    case Operation::Kind::kZero:
      attempt = image_.Zero(operation.offset, operation.length, operation.grow);
      break;
  }
  for (const uint64_t chunk : attempt.marked) events_.on_mark(chunk);
  return attempt;
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
    attempt = Try(request->operation());
    if (attempt.missing.empty()) {
      Answer(request->handle(), request->operation(), attempt);
      return;
    }
  }
}

void ServedImage::Continue(std::unique_ptr<Request> request) {
  Attempt attempt = Try(request->operation());
  if (!attempt.missing.empty()) {
    Await(std::move(request), std::move(attempt));
    return;
  }
  Answer(request->handle(), request->operation(), attempt);
}

void ServedImage::Deliver(uint64_t offset, std::span<const char> bytes) {
  const Pristine &pristine = image_.pristine();
  while (!bytes.empty()) {
    const uint64_t chunk = pristine.ChunkOf(offset);
    const uint64_t inside = offset - chunk * pristine.chunk_bytes();
    const size_t length = std::min<uint64_t>(bytes.size(), pristine.chunk_bytes() - inside);
    DeliverPart(chunk, inside, bytes.first(length));
    bytes = bytes.subspan(length);
    offset += length;
  }
}

void ServedImage::DeliverPart(uint64_t chunk, uint64_t offset, std::span<const char> bytes) {
  const uint64_t length = image_.pristine().LengthOf(chunk);
  // What another process has brought is not needed, unless a part of ours was there before: the
  // mark may yet prove wrong, and the pager counts on what it delivered.
  const bool is_present = image_.pristine().IsPresent(chunk) && !image_.arrivals().HasPartOf(chunk);
  const bool is_whole = !is_present && image_.arrivals().Add(chunk, length, offset, bytes);
  Waiters::Ready ready = waiters_.TakeReady(chunk, 1, Waiters::Which::kReads);
  for (auto &request : ready.requests) Continue(std::move(request));
  // Writes may have to wait for the overlay's disk.
  if (ready.more) courier_.Wake(*this, chunk, 1);
  if (is_whole && storing_) {
    courier_.Store(*this, chunk, length);
  } else if (is_whole) {
    Keep(chunk);
  }
}

void ServedImage::Store(uint64_t chunk) {
  const Arrivals::Whole whole = image_.arrivals().FindWhole(chunk);
  if (!whole.bytes) return;
  if (const int error = image_.pristine().Store(chunk, {whole.bytes.get(), whole.length})) {
    Keep(chunk);
    events_.on_store_failed(chunk, error);
  } else {
    image_.arrivals().Remove(chunk);
  }
}

// In memory, where no other process can have it from.
void ServedImage::Keep(uint64_t chunk) {
  image_.arrivals().Keep(chunk);
  image_.pristine().Release(chunk, 1);
}

void ServedImage::SetStoring(bool on) {
  if (storing_.exchange(on) == on || !on) return;
  for (const uint64_t chunk : image_.arrivals().TakeKept())
    courier_.Store(*this, chunk, image_.pristine().LengthOf(chunk));
}

void ServedImage::Release(uint64_t first, uint64_t count) {
  image_.arrivals().DropParts(first, count);
  image_.pristine().Release(first, count);
  // Who waits for what was dropped asks for it anew.
  waiters_.Forget(first, count);
  courier_.Wake(*this, first, count);
}

void ServedImage::FailChunk(uint64_t chunk, int error) {
  image_.arrivals().DropParts(chunk, 1);
  image_.pristine().Release(chunk, 1);
  RefuseEach(waiters_.TakeAll(chunk), error);
}

void ServedImage::BroughtByOthers(uint64_t first, uint64_t count) {
  image_.arrivals().DropParts(first, count);
  waiters_.Forget(first, count);
  courier_.Wake(*this, first, count);
}

void ServedImage::Wake(uint64_t first, uint64_t count) {
  for (auto &request : waiters_.TakeReady(first, count, Waiters::Which::kAll).requests)
    Continue(std::move(request));
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
      .chunks = image_.pristine().chunk_count(),
      .chunks_present = image_.pristine().present_count(),
      .chunks_touched = image_.watch().touched().count(),
      .blocks_modified = image_.overlay() ? image_.overlay()->modified_count() : 0,
      .waiting = waiters_.waiting(),
      .damaged = image_.pristine().damaged(),
      .sync_failures = image_.pristine().sync_failures(),
  };
}

}  // namespace chunkfs
