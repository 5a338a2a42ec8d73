#include "claims.h"

#include "file_lock.h"

namespace chunkfs {

namespace {

constexpr unsigned kSlotBits = 8;
static_assert(kClaimSlots < uint64_t{1} << kSlotBits);

constexpr uint64_t EntryFor(uint64_t chunk, uint64_t slot) {
  return chunk << kSlotBits | (slot + 1);
}
constexpr uint64_t ChunkIn(uint64_t entry) { return entry >> kSlotBits; }
constexpr uint64_t SlotIn(uint64_t entry) { return (entry & ((uint64_t{1} << kSlotBits) - 1)) - 1; }

}  // namespace

Claims::Claims(ClaimEntry *entries, int file) : entries_(entries), file_(file) {
  if (file < 0) return;
  for (uint64_t slot = 0; slot < kClaimSlots && !slot_; ++slot)
    if (TryLock(file, slot, LockKind::kExclusive) == 0) slot_ = slot;
  if (!slot_) return;
  // What the slot's former holder left would look like ours.
  for (uint64_t at = 0; at < kClaimEntries; ++at) {
    uint64_t entry = entries_[at].load();
    if (entry != 0 && SlotIn(entry) == *slot_) entries_[at].compare_exchange_strong(entry, 0);
  }
}

bool Claims::IsLive(uint64_t entry) const {
  const uint64_t slot = SlotIn(entry);
  return slot < kClaimSlots && (slot == slot_ || IsLockedByOther(file_, slot));
}

bool Claims::Take(uint64_t chunk, bool steal) {
  if (file_ < 0) return true;
  ClaimEntry &place = EntryOf(chunk);
  uint64_t entry = place.load();
  for (;;) {
    const bool same_chunk = entry != 0 && ChunkIn(entry) == chunk;
    if (same_chunk && SlotIn(entry) == slot_) return true;
    if (entry != 0 && !(same_chunk && steal) && IsLive(entry)) return !same_chunk;
    if (!slot_ || place.compare_exchange_strong(entry, EntryFor(chunk, *slot_))) return true;
  }
}

void Claims::Leave() {
  const int file = file_.exchange(-1);
  if (slot_ && file >= 0) Unlock(file, *slot_);
}

void Claims::Release(uint64_t chunk) {
  if (!slot_) return;
  uint64_t ours = EntryFor(chunk, *slot_);
  EntryOf(chunk).compare_exchange_strong(ours, 0);
}

void Claims::End(uint64_t chunk) {
  uint64_t entry = EntryOf(chunk).load();
  if (entry != 0 && ChunkIn(entry) == chunk) EntryOf(chunk).compare_exchange_strong(entry, 0);
}

}  // namespace chunkfs
