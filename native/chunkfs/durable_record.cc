#include "durable_record.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "file_io.h"
#include "file_lock.h"

namespace chunkfs {

namespace {

// Bytes of the record that stand for something when they are locked. Shared: uses the record;
// exclusive: starts it anew.
constexpr uint64_t kUsersByte = 1;

constexpr uint64_t kWordsPerPage = kPageBytes / sizeof(uint64_t);

std::string FolderOf(int file) {
  std::error_code error;
  const auto link = "/proc/self/fd/" + std::to_string(file);
  return std::filesystem::read_symlink(link, error).parent_path().string();
}

RecordFailure Unusable(int error) { return {false, "record: " + std::string(strerror(error))}; }

}  // namespace

DurableRecord::DurableRecord(Descriptor file, const ImageShape &shape)
    : file_(std::move(file)), layout_(shape.chunks()), marks_(Bits::WordsFor(shape.chunks())) {}

std::variant<DurableRecord, RecordFailure> DurableRecord::Open(Descriptor file, int data,
                                                               const Identity &identity,
                                                               const ImageShape &shape) {
  DurableRecord record(std::move(file), shape);
  HeaderState state;
  if (const int error = record.Load(identity, shape, state)) return Unusable(error);
  if (state == HeaderState::kNewer) return RecordFailure{true, FolderOf(record.number())};
  if (state == HeaderState::kWrong) {
    // Whoever uses it trusts in what is in the data.
    const int busy = TryLock(record.number(), kUsersByte, LockKind::kExclusive);
    if (busy == EAGAIN) return RecordFailure{false, "the record is damaged, and in use"};
    if (busy != 0) return Unusable(busy);
    if (const int error = record.StartAnew(data, identity, shape)) return Unusable(error);
  }
  if (const int error = TryLock(record.number(), kUsersByte, LockKind::kShared))
    return Unusable(error);
  return record;
}

// What cannot be read now is not wrong: it may be whole.
int DurableRecord::Load(const Identity &identity, const ImageShape &shape, HeaderState &state) {
  state = HeaderState::kWrong;
  struct stat attributes;
  if (fstat(number(), &attributes) != 0) return errno;
  const auto bytes = static_cast<uint64_t>(attributes.st_size);
  RecordHeader header;
  if (bytes < sizeof header) return 0;
  if (const int error = ReadFully(number(), BytesOf(header), 0)) return error;
  state = Examine(header, identity, shape);
  if (state != HeaderState::kGood) return 0;
  if (bytes != layout_.file_bytes) {
    state = HeaderState::kWrong;
    return 0;
  }
  generation_ = header.generation;
  const std::span marks(reinterpret_cast<char *>(marks_.data()), layout_.bitmap_bytes);
  return ReadFully(number(), marks, RecordLayout::kBitmap);
}

int DurableRecord::StartAnew(int data, const Identity &identity, const ImageShape &shape) {
  const auto resize = [](int file, uint64_t bytes) {
    return ftruncate(file, static_cast<off_t>(bytes)) == 0 ? 0 : errno;
  };
  const std::optional<Generation> generation = RandomGeneration();
  if (!generation) return errno;
  const RecordHeader header = MakeRecordHeader(*generation, identity, shape);
  // A former record is gone from the disk before anything of the new one can be on it: a new header
  // with old marks and checksums would make old data believed. A new file waits for no disk.
  struct stat former;
  int error = fstat(number(), &former) == 0 ? 0 : errno;
  if (error == 0 && former.st_size > 0) {
    error = resize(number(), 0);
    if (error == 0) error = fsync(number()) == 0 ? 0 : errno;
  }
  if (error == 0) error = resize(data, 0);
  if (error == 0) error = resize(data, shape.size_bytes);
  if (error == 0) error = resize(number(), layout_.file_bytes);
  if (error == 0) error = WriteFully(number(), BytesOf(header), 0);
  std::fill(marks_.begin(), marks_.end(), 0);
  generation_ = header.generation;
  return error;
}

int DurableRecord::ReadChecksum(uint64_t chunk, uint64_t &checksum) const {
  return ReadFully(number(), BytesOf(checksum), layout_.checksums + chunk * sizeof checksum);
}

int DurableRecord::WriteChecksum(uint64_t chunk, uint64_t checksum) {
  return WriteFully(number(), BytesOf(std::as_const(checksum)),
                    layout_.checksums + chunk * sizeof checksum);
}

int DurableRecord::Write(std::span<const Change> changes) {
  for (size_t next = 0; next < changes.size();) {
    const uint64_t page = changes[next].at / kWordsPerPage;
    const uint64_t offset = RecordLayout::kBitmap + page * kPageBytes;
    std::array<uint64_t, kWordsPerPage> words;
    if (const int error = ReadFully(number(), BytesOf(words), offset)) return error;
    for (; next < changes.size() && changes[next].at / kWordsPerPage == page; ++next) {
      uint64_t &word = words[changes[next].at % kWordsPerPage];
      word = changes[next].AppliedTo(word);
    }
    if (const int error = WriteFully(number(), BytesOf(std::as_const(words)), offset)) return error;
  }
  return Sync();
}

int DurableRecord::Sync() { return fdatasync(number()) == 0 ? 0 : errno; }

}  // namespace chunkfs
