#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <utility>
#include <vector>

#include "bitmap.h"
#include "descriptor.h"
#include "record.h"

namespace chunkfs {

// Chunks that are in memory and not in the file, kept alive by an operation that needs bytes of
// them. Only those bytes need to be there.
class BorrowedChunks {
 public:
  using Bytes = std::shared_ptr<const char>;

  void Add(uint64_t chunk, Bytes bytes) { chunks_.emplace_back(chunk, std::move(bytes)); }
  bool empty() const { return chunks_.empty(); }

  // The bytes of a chunk, or null.
  const char *Find(uint64_t chunk) const {
    for (const auto &[number, bytes] : chunks_)
      if (number == chunk) return bytes.get();
    return nullptr;
  }

 private:
  std::vector<std::pair<uint64_t, Bytes>> chunks_;
};

// The sparse file of pristine chunks and the record of which are present.
//
// The record is the authority: a chunk is marked only after all its bytes were written. A record
// that outlives its process is checked too: what others stored, or this computer before it was
// started anew, is compared with its checksum before its first read here. Without files of a record
// nothing outlives the process, and nothing needs a comparison.
class Pristine {
 public:
  // `chunk_bytes` is a power of two of at least one page.
  Pristine(Descriptor file, uint64_t size_bytes, uint64_t chunk_bytes,
           std::optional<RecordFiles> record);

  // Has somebody told that chunks which were verified may no longer be. To be called before Open.
  void OnUnverified(std::function<void()> callback) { on_unverified_ = std::move(callback); }

  // To be called once before anything else. Returns why the record cannot be used, if so.
  std::optional<RecordFailure> Open();

  uint64_t size() const { return shape_.size_bytes; }
  uint64_t chunk_bytes() const { return shape_.chunk_bytes; }
  uint64_t chunk_count() const { return verified_.size(); }
  uint64_t ChunkOf(uint64_t offset) const { return offset >> chunk_shift_; }
  // Bytes in a chunk: the chunk size, and less in a partial last one.
  uint64_t LengthOf(uint64_t chunk) const;

  // Whether the chunk is marked; it may turn out to be damaged.
  bool IsPresent(uint64_t chunk) const {
    return record_ ? record_->present().Test(chunk) : verified_.Test(chunk);
  }
  uint64_t present_count() const {
    return record_ ? record_->present().Count() : verified_.count();
  }
  // Which of the 64 chunks from chunk `at * 64` on are marked.
  uint64_t PresentWord(uint64_t at) const {
    return record_ ? record_->present().Load(at) : verified_.Load(at);
  }

  // Whether the chunk can be read as it is. The second may read and compare it, and drops it if it
  // is damaged; it sets `error` to an errno if that cannot be told.
  bool IsVerified(uint64_t chunk) const { return verified_.Test(chunk) && IsPresent(chunk); }
  bool Verify(uint64_t chunk, int &error) {
    return IsVerified(chunk) || (record_ && CompareNow(chunk, error));
  }

  // Verifies all that is present; stops as soon as it is asked to. Returns 0 or an errno.
  int VerifyAll(const std::stop_token &stop);

  // Drops what was verified and is not present any more, or may have been lost: other processes say
  // so. Costs nothing if they do not.
  void Revise() {
    if (record_ && record_->forgettings() != revised_) ReviseNow();
  }

  // Writes the whole of a chunk, then marks it; one that is there is left as it is. Returns 0 or an
  // errno; nothing is marked then.
  int Store(uint64_t chunk, std::span<const char> bytes);

  // Reads bytes inside the file whose chunks are verified or borrowed. Returns 0 or an errno; a
  // file that is shorter than its record says is an error, never zeros.
  int Read(uint64_t offset, std::span<char> to, const BorrowedChunks &borrowed) const;

  // No chunk is present any more.
  void ForgetAll();

  // How many chunks from `first` on are ours to fetch: those before one that is present, or that
  // another live process fetches and `steal` does not take from it.
  uint64_t Claim(uint64_t first, uint64_t count, bool steal);
  void Release(uint64_t first, uint64_t count);

  // Makes the marks durable; by one thread at a time. Returns 0 or an errno; what the disk did not
  // take is then not present any more.
  int Sync();
  // Whether Sync has something to do.
  bool NeedsSync() const { return record_ && record_->is_dirty(); }
  bool HasRecord() const { return record_ != nullptr; }

  // How many chunks were found damaged, and how often Sync failed.
  uint64_t damaged() const { return damaged_; }
  uint64_t sync_failures() const { return sync_failures_; }

  // Only once nobody reads, stores or syncs any more.
  void CloseFiles();

 private:
  // So few threads store or compare at a time that they seldom meet at one of these.
  static constexpr size_t kChunkLocks = 64;

  bool CompareNow(uint64_t chunk, int &error);
  int Compare(uint64_t chunk, bool &right) const;
  void ReviseNow();
  std::mutex &LockOf(uint64_t chunk) { return changing_[chunk % kChunkLocks]; }
  std::vector<std::unique_lock<std::mutex>> LockAll();

  Descriptor file_;
  const ImageShape shape_;
  const unsigned chunk_shift_;
  std::optional<RecordFiles> record_files_;
  std::unique_ptr<Record> record_;
  // The chunks that need no comparison if they are present: this process stored or compared them.
  Bitmap verified_;
  // What the record's counter was when `verified_` was last revised.
  std::atomic<uint64_t> revised_ = 0;
  std::mutex revising_;
  std::function<void()> on_unverified_;
  // Held while a chunk is stored or compared, so that a comparison never sees half a chunk of ours
  // and then drops the whole one.
  std::array<std::mutex, kChunkLocks> changing_;
  std::atomic<uint64_t> damaged_ = 0;
  std::atomic<uint64_t> sync_failures_ = 0;
};

}  // namespace chunkfs
