#include "record.h"

#include <unistd.h>

#include <bit>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "file_lock.h"

namespace chunkfs {

namespace {

// Bytes of the durable record that stand for something when they are locked; another is its own.
constexpr uint64_t kOpeningByte = 0;
constexpr uint64_t kFlushingByte = 2;

// Opening takes milliseconds: who holds the lock longer is stopped.
constexpr std::chrono::seconds kOpeningLimit{5};
// A flush takes as long as the disk does. Who gives up loses nothing: the next one comes.
constexpr std::chrono::seconds kFlushingLimit{30};

RecordFailure Unusable(int error) { return {false, "record: " + std::string(strerror(error))}; }

}  // namespace

std::variant<std::unique_ptr<Record>, RecordFailure> Record::Open(RecordFiles files, int data,
                                                                  const ImageShape &shape) {
  Descriptor file = Reopen(files.durable.number());
  if (!file) return Unusable(errno);
  // Of the same open file description: the lock is given back whatever becomes of the other one.
  const Descriptor locking = Descriptor::DuplicateOf(file.number());
  if (const int error =
          LockWithin(locking.number(), kOpeningByte, LockKind::kExclusive, kOpeningLimit))
    return Unusable(error);
  const LockGuard opening(locking.number(), kOpeningByte);
  auto durable = DurableRecord::Open(std::move(file), data, files.identity, shape);
  if (auto *failure = std::get_if<RecordFailure>(&durable)) return std::move(*failure);
  return std::make_unique<Record>(std::get<DurableRecord>(std::move(durable)),
                                  std::move(files.live), shape);
}

Record::Record(DurableRecord durable, Descriptor live, const ImageShape &shape)
    : durable_(std::move(durable)),
      live_(std::move(live), shape, durable_.generation(), durable_.marks()),
      doubted_(shape.chunks()),
      dirty_(!Changes().empty()) {}

int Record::Keep(uint64_t chunk, uint64_t checksum) {
  if (const int error = durable_.WriteChecksum(chunk, checksum)) return error;
  doubted_.Clear(chunk, 1);
  live_.present().Set(chunk, 1);
  live_.claims().End(chunk);
  dirty_ = true;
  return 0;
}

void Record::Forget(uint64_t first, uint64_t count) {
  live_.present().Clear(first, count);
  doubted_.Clear(first, count);
  dirty_ = true;
}

bool Record::IsRight(uint64_t chunk, std::span<const char> bytes) const {
  uint64_t checksum = 0;
  return durable_.ReadChecksum(chunk, checksum) == 0 && checksum == ChecksumOf(bytes, chunk);
}

std::vector<DurableRecord::Change> Record::Changes() const {
  std::vector<DurableRecord::Change> changes;
  for (uint64_t at = 0; at < durable_.marks().size(); ++at) {
    const uint64_t durable = durable_.marks()[at];
    const uint64_t present = this->present().Load(at);
    if (present == durable) continue;
    const uint64_t set = present & ~durable & ~doubted_.Load(at);
    const uint64_t clear = durable & ~present;
    if ((set | clear) != 0) changes.push_back({at, set, clear});
  }
  return changes;
}

Record::Flushed Record::Flush(int data) {
  const int number = durable_.number();
  if (const int error = LockWithin(number, kFlushingByte, LockKind::kExclusive, kFlushingLimit))
    return {error, false};
  const LockGuard flushing(number, kFlushingByte);
  // Before the bits are read: what changes later makes it dirty again.
  dirty_ = false;
  const std::vector<DurableRecord::Change> changes = Changes();
  if (changes.empty()) return {doubted_.count() == 0 ? 0 : EIO, false};
  int error = fdatasync(data) == 0 ? 0 : errno;
  if (error == 0) error = durable_.Sync();
  const bool lost = error != 0;
  if (error == 0) error = durable_.Write(changes);
  if (error != 0) dirty_ = true;
  return {error, lost};
}

void Record::DoubtUnsynced() {
  for (uint64_t at = 0; at < durable_.marks().size(); ++at) {
    uint64_t unsynced = present().Load(at) & ~durable_.marks()[at];
    for (; unsynced != 0; unsynced &= unsynced - 1)
      doubted_.Set(at * Bits::kBitsPerWord + static_cast<uint64_t>(std::countr_zero(unsynced)), 1);
  }
}

}  // namespace chunkfs
