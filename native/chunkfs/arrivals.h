#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "arrival.h"
#include "pristine.h"
#include "wanted.h"

namespace chunkfs {

// The chunks of an image that came and are in memory only: those that have come in part, those that
// wait to be stored, and the newest of those that are not stored at all ("kept").
//
// A chunk that is stored leaves only after it was marked: who finds it neither marked nor here has
// to look once more before he may call it missing.
class Arrivals {
 public:
  // `kept_limit`: how many bytes of whole chunks are kept.
  explicit Arrivals(uint64_t kept_limit) : kept_limit_(kept_limit) {}

  // Takes a copy of a piece of a chunk that has `length` bytes. Returns whether that made it whole.
  // By one thread at a time.
  bool Add(uint64_t chunk, uint64_t length, uint64_t offset, std::span<const char> bytes);

  // The bytes of a chunk if those that are wanted are among them, else null.
  BorrowedChunks::Bytes Find(const Wanted &wanted);
  // The bytes of a whole chunk, else empty.
  struct Whole {
    BorrowedChunks::Bytes bytes;
    uint64_t length = 0;
  };
  Whole FindWhole(uint64_t chunk) const;
  bool IsWhole(uint64_t chunk) const;
  bool HasPartOf(uint64_t chunk) const;

  // The chunk is stored, or marked for another reason.
  void Remove(uint64_t chunk);
  // Forgets what has come only in part.
  void DropParts(uint64_t first, uint64_t count);

  // The whole chunk stays for as long as it is among the newest, or the last read.
  void Keep(uint64_t chunk);
  // Takes the kept chunks, the oldest first: they are to be stored, or kept again.
  std::vector<uint64_t> TakeKept();

 private:
  struct Entry {
    std::shared_ptr<Arrival> arrival;
    // Its place among the kept chunks, if it is one.
    std::optional<std::list<uint64_t>::iterator> kept;
  };
  using Table = std::unordered_map<uint64_t, Entry>;

  void Erase(Table::iterator entry);

  const uint64_t kept_limit_;
  mutable std::mutex mutex_;
  Table table_;
  // The newest first.
  std::list<uint64_t> kept_;
  uint64_t kept_bytes_ = 0;
};

}  // namespace chunkfs
