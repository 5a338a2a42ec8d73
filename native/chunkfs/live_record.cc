#include "live_record.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <optional>
#include <utility>

#include "file_lock.h"

namespace chunkfs {

namespace {

char *At(const MemoryMapping &mapping, uint64_t offset) {
  return static_cast<char *>(mapping.data()) + offset;
}

uint64_t SizeOf(int file) {
  struct stat attributes;
  return fstat(file, &attributes) == 0 ? static_cast<uint64_t>(attributes.st_size) : 0;
}

// The file in memory, or none. It is allocated in full first: a write to a page for which the file
// system has no room would end the process. It never shrinks: others may have it mapped.
MemoryMapping MapWhole(int file, uint64_t bytes) {
  if (file < 0 || fallocate(file, 0, 0, static_cast<off_t>(bytes)) != 0) return MemoryMapping();
  return MemoryMapping::Shared(file, bytes);
}

}  // namespace

ClaimEntry *LiveRecord::Memory::claims() const {
  return reinterpret_cast<ClaimEntry *>(At(mapping, LiveLayout::kClaims));
}

Bits::Word *LiveRecord::Memory::bitmap(uint64_t offset) const {
  return reinterpret_cast<Bits::Word *>(At(mapping, offset));
}

std::atomic_ref<uint64_t> LiveRecord::Memory::forgettings() const {
  return std::atomic_ref(static_cast<LiveHeader *>(mapping.data())->forgettings);
}

LiveRecord::LiveRecord(Descriptor file, const ImageShape &shape, const Generation &generation,
                       std::span<const uint64_t> durable)
    : memory_(Open(std::move(file), shape, generation, durable)),
      present_(memory_.bitmap(LiveLayout::kPresent), shape.chunks()),
      unsettled_(memory_.bitmap(LiveLayout(shape.chunks()).unsettled), shape.chunks()),
      claims_(memory_.claims(), memory_.file.number()) {}

LiveRecord::Memory LiveRecord::Open(Descriptor file, const ImageShape &shape,
                                    const Generation &generation,
                                    std::span<const uint64_t> durable) {
  const LiveLayout layout(shape.chunks());
  const std::optional<BootId> boot = CurrentBootId();
  Memory memory;
  // Read before the file is made whole: the marks of one that was cut are gone.
  const bool was_whole = file && SizeOf(file.number()) >= layout.file_bytes;
  if (file && boot) {
    memory.file = Reopen(file.number());
    memory.mapping = MapWhole(memory.file.number(), layout.file_bytes);
  }
  if (!memory.mapping) {
    memory.file.Close();
    memory.mapping = MemoryMapping::Private(layout.file_bytes);
  }
  auto *header = static_cast<LiveHeader *>(memory.mapping.data());
  if (memory.file && was_whole && IsGood(*header, *boot, generation, shape)) return memory;

  // Without a good header until all is written, in case that this process is killed.
  header->checksum = 0;
  std::atomic_thread_fence(std::memory_order_seq_cst);
  for (uint64_t at = 0; at < kClaimEntries; ++at) memory.claims()[at].store(0);
  Bits present(memory.bitmap(LiveLayout::kPresent), shape.chunks());
  Bits unsettled(memory.bitmap(layout.unsettled), shape.chunks());
  for (uint64_t at = 0; at < durable.size(); ++at) {
    present.Store(at, durable[at]);
    unsettled.Store(at, 0);
  }
  // Who has it mapped all the same is to look again.
  const uint64_t forgettings = memory.forgettings() + 1;
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (memory.file) *header = MakeLiveHeader(*boot, generation, shape);
  memory.forgettings() = forgettings;
  return memory;
}

}  // namespace chunkfs
