#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "record_format.h"

namespace chunkfs {

// Which process fetches which chunk, so that no other does: a table in memory that all processes
// of a live file share.
//
// A claim is advice: who ignores one fetches twice, nothing worse. So the table has a fixed size,
// where a chunk has one place that it shares with others; a chunk whose place is taken goes without
// a claim. A process without a slot goes without claims too, but heeds those of others.
//
// A slot is held by a lock on its byte of the live file, which ends with the process however that
// ends: its claims are void at once.
class Claims {
 public:
  // `entries` is `kClaimEntries` long. `file` is the live file, by an open file description of our
  // own, or -1 where the memory is not shared. Both are borrowed.
  Claims(ClaimEntry *entries, int file);

  // Whether the chunk is ours to fetch now. `steal`: also if a live process has claimed it.
  bool Take(uint64_t chunk, bool steal);

  // Gives a claim of ours back, if we have it.
  void Release(uint64_t chunk);

  // Ends anybody's claim: the chunk is there.
  void End(uint64_t chunk);

  // The file is about to be closed. Our claims are void now; its memory would keep the lock.
  void Leave();

 private:
  ClaimEntry &EntryOf(uint64_t chunk) const { return entries_[chunk % kClaimEntries]; }
  bool IsLive(uint64_t entry) const;

  ClaimEntry *entries_;
  std::atomic<int> file_;
  // None: no claims of our own.
  std::optional<uint64_t> slot_;
};

}  // namespace chunkfs
