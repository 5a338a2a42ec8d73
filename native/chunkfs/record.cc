#include "record.h"

#include <unistd.h>

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
  auto &record = std::get<DurableRecord>(durable);
  const std::vector<uint64_t> marks = record.TakeMarks();
  return std::make_unique<Record>(std::move(record), std::move(files.live), shape, marks);
}

Record::Record(DurableRecord durable, Descriptor live, const ImageShape &shape,
               const std::vector<uint64_t> &marks)
    : words_(marks.size()),
      durable_(std::move(durable)),
      live_(std::move(live), shape, durable_.generation(), marks) {
  // A process that was killed may have left more than it could say.
  for (uint64_t at = 0; at < words_; ++at)
    if (const uint64_t left = present().Load(at) ^ marks[at]) live_.unsettled().SetIn(at, left);
  dirty_ = !Changes().empty();
}

int Record::Keep(uint64_t chunk, uint64_t checksum) {
  if (const int error = durable_.WriteChecksum(chunk, checksum)) return error;
  // In this order: whoever settles the chunk has then seen it present, or does so again.
  live_.present().Set(chunk, 1);
  live_.unsettled().Set(chunk, 1);
  live_.claims().End(chunk);
  dirty_ = true;
  return 0;
}

void Record::Forget(uint64_t first, uint64_t count) {
  ++live_.forgettings();
  live_.present().Clear(first, count);
  live_.unsettled().Set(first, count);
  ++live_.forgettings();
  dirty_ = true;
}

std::vector<DurableRecord::Change> Record::Changes() const {
  std::vector<DurableRecord::Change> changes;
  for (uint64_t at = 0; at < words_; ++at) {
    const uint64_t unsettled = live_.unsettled().Load(at);
    if (unsettled == 0) continue;
    const uint64_t present = this->present().Load(at);
    changes.push_back({at, unsettled & present, unsettled & ~present});
  }
  return changes;
}

int Record::Flush(int data) {
  const int number = durable_.number();
  if (const int error = LockWithin(number, kFlushingByte, LockKind::kExclusive, kFlushingLimit))
    return error;
  const LockGuard flushing(number, kFlushingByte);
  // Before the bits are read: what changes later makes it dirty again.
  dirty_ = false;
  const uint64_t forgettings = this->forgettings();
  const std::vector<DurableRecord::Change> changes = Changes();
  if (changes.empty()) return 0;
  int error = fdatasync(data) == 0 ? 0 : errno;
  if (error == 0) error = durable_.Sync();
  if (error != 0) {
    ForgetUnsettled();
  } else {
    error = durable_.Write(changes);
  }
  if (error == 0) {
    Settle(changes, forgettings);
  } else {
    dirty_ = true;
  }
  return error;
}

// Who changes a chunk says afterwards that it is unsettled. What changed before that is seen here
// by its bit, or by the counter where the bit changed twice.
void Record::Settle(const std::vector<DurableRecord::Change> &changes, uint64_t forgettings) {
  for (const auto &[at, set, clear] : changes) {
    live_.unsettled().ClearIn(at, set | clear);
    const uint64_t present = this->present().Load(at);
    const uint64_t changed =
        this->forgettings() == forgettings ? (set & ~present) | (clear & present) : set | clear;
    if (changed == 0) continue;
    live_.unsettled().SetIn(at, changed);
    dirty_ = true;
  }
}

void Record::ForgetUnsettled() {
  ++live_.forgettings();
  for (uint64_t at = 0; at < words_; ++at) live_.present().ClearIn(at, live_.unsettled().Load(at));
  ++live_.forgettings();
}

}  // namespace chunkfs
