#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "bits.h"
#include "claims.h"
#include "descriptor.h"
#include "memory_mapping.h"
#include "record_format.h"

namespace chunkfs {

// Which chunks are present at this moment, in memory that all processes share which use the same
// live file, until the computer starts anew. Where there is no live file, or no room for one, the
// memory is this process's own.
class LiveRecord {
 public:
  // Uses the file as it is if it belongs to this boot and to the record, else makes it from
  // `durable`, the durable bitmap. Nobody else may be opening it. `file` may be none.
  LiveRecord(Descriptor file, const ImageShape &shape, const Generation &generation,
             std::span<const uint64_t> durable);
  LiveRecord(const LiveRecord &) = delete;
  LiveRecord &operator=(const LiveRecord &) = delete;

  Bits &present() { return present_; }
  const Bits &present() const { return present_; }
  // The chunks of which the disk may not have what is present, or not present, now.
  Bits &unsettled() { return unsettled_; }
  const Bits &unsettled() const { return unsettled_; }
  // How often some process forgot chunks.
  std::atomic_ref<uint64_t> forgettings() const { return memory_.forgettings(); }
  Claims &claims() { return claims_; }

  // The memory stays, for who still looks at it.
  void CloseFile() {
    claims_.Leave();
    memory_.file.Close();
  }

 private:
  struct Memory {
    Descriptor file;  // none: private
    MemoryMapping mapping;
    std::atomic_ref<uint64_t> forgettings() const;
    ClaimEntry *claims() const;
    Bits::Word *bitmap(uint64_t offset) const;
  };
  static Memory Open(Descriptor file, const ImageShape &shape, const Generation &generation,
                     std::span<const uint64_t> durable);

  Memory memory_;
  Bits present_;
  Bits unsettled_;
  Claims claims_;
};

}  // namespace chunkfs
