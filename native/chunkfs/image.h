#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <span>
#include <vector>

#include "arrivals.h"
#include "overlay.h"
#include "pristine.h"
#include "wanted.h"
#include "watch.h"

namespace chunkfs {

// What came of trying an operation. Where `missing` is not empty nothing was done: the operation is
// to be tried again once those bytes are there. The first of them are where the operation begins.
struct Attempt {
  int error = 0;
  size_t bytes = 0;
  std::vector<Wanted> missing = {};
  // Chunks that it needs and that were marked.
  std::vector<uint64_t> marked = {};
};

// The bytes of one file as its readers see them: the pristine image, from the file of its chunks or
// from those that have just arrived, replaced block by block by the overlay. Without an overlay it
// is a memory file, which refuses every change with EPERM.
//
// A block that is not modified shows the pristine bytes before `pristine_end_` and zeros after it;
// a block that begins at or after it is the overlay's. `pristine_end_` only ever falls: what was
// cut off never comes back. Operations are safe from any thread.
class Image {
 public:
  // `overlay` may be null. `kept_limit`: see Arrivals.
  Image(std::shared_ptr<Pristine> pristine, std::unique_ptr<Overlay> overlay, uint64_t kept_limit);

  bool is_writable() const { return overlay_ != nullptr; }
  uint64_t size() const { return size_.load(std::memory_order_acquire); }
  Pristine &pristine() { return *pristine_; }
  std::shared_ptr<Pristine> shared_pristine() const { return pristine_; }
  const Pristine &pristine() const { return *pristine_; }
  Arrivals &arrivals() { return arrivals_; }
  Watch &watch() { return *watch_; }
  const Watch &watch() const { return *watch_; }
  // The chunks of which some block is replaced.
  const Bitmap &modified_chunks() const { return modified_chunks_; }
  // Null for a memory file.
  const Overlay *overlay() const { return overlay_.get(); }

  // To be called once before anything else: the overlay starts empty. Returns 0 or an errno.
  int ClearOverlay();

  // Whether bytes that were missing are there now. May be wrong in a moment, either way.
  bool Has(const Wanted &wanted);
  // Whether a read of the chunk would find all of it.
  bool HasWhole(uint64_t chunk) const;
  // Whether a read needs pristine bytes of this chunk alone, so that none comes from a disk while
  // the chunk is in memory.
  bool NeedsOnly(uint64_t chunk, uint64_t offset, uint64_t length) const;

  // Reads up to the end of the file.
  Attempt Read(uint64_t offset, std::span<char> to);

  // Writes, growing the file where needed. May write less than asked when space runs out.
  Attempt Write(uint64_t offset, std::span<const char> from);

  // Makes bytes zero inside the file, and grows it to `offset + length` with `grow`.
  Attempt Zero(uint64_t offset, uint64_t length, bool grow);

  // Cuts the file, or grows it with zeros. Returns 0 or an errno.
  int Resize(uint64_t size_bytes);

  // Grows the file with zeros if it is smaller. Returns 0 or an errno.
  int GrowTo(uint64_t size_bytes);

  // Only once no operation can run any more.
  void CloseFiles();

 private:
  struct Run {
    uint64_t end;
    bool from_overlay;
  };

  bool ShowsOverlay(uint64_t block, uint64_t pristine_end) const;
  Run RunAt(uint64_t offset, uint64_t end, uint64_t pristine_end) const;
  void NeedForReading(uint64_t offset, uint64_t end, uint64_t pristine_end, Attempt &attempt,
                      BorrowedChunks &borrowed);
  void Need(const Wanted &wanted, Attempt &attempt, BorrowedChunks &borrowed);
  int ReadPristine(uint64_t offset, std::span<char> to, uint64_t pristine_end,
                   const BorrowedChunks &borrowed) const;
  Attempt WriteLocked(uint64_t offset, std::span<const char> from);
  Attempt ReplaceEdges(uint64_t offset, uint64_t end);
  void MarkModified(uint64_t offset, uint64_t end);
  int ReplaceBlock(uint64_t block, bool keep_content, const BorrowedChunks &borrowed);
  int ResizeLocked(uint64_t size_bytes);

  std::shared_ptr<Pristine> pristine_;
  std::unique_ptr<Overlay> overlay_;
  Arrivals arrivals_;
  // Shared with who may tell of chunks after the end: a disk that hangs is not waited for.
  const std::shared_ptr<Watch> watch_;
  Bitmap modified_chunks_;
  std::atomic<uint64_t> size_;
  std::atomic<uint64_t> pristine_end_;

  // Held shared by writes of whole blocks inside the file, exclusively by every other change.
  // Reads take no lock: bits are only ever set, after the bytes they stand for.
  std::shared_mutex changing_;
};

}  // namespace chunkfs
