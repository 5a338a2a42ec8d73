#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "bitmap.h"
#include "durable_record.h"
#include "live_record.h"

namespace chunkfs {

// The files of a record. The descriptors are ours.
struct RecordFiles {
  Descriptor durable;
  Descriptor live;  // none: this process is told nothing of what others bring
  Identity identity;
};

// Which chunks of an image are present, over processes and over starts of the computer.
//
// A chunk is present when the live record says so; the durable record follows with `Flush`. What is
// present has a checksum, and is to be believed only after it was compared.
class Record {
 public:
  // `data`: the file of chunks, emptied if the record has to be started anew.
  static std::variant<std::unique_ptr<Record>, RecordFailure> Open(RecordFiles files, int data,
                                                                   const ImageShape &shape);
  Record(DurableRecord durable, Descriptor live, const ImageShape &shape);

  const Bits &present() const { return live_.present(); }
  Claims &claims() { return live_.claims(); }

  // Marks a chunk whose bytes were written. Returns 0 or an errno.
  int Keep(uint64_t chunk, uint64_t checksum);

  // The chunks are not present any more.
  void Forget(uint64_t first, uint64_t count);

  // Whether the bytes are those that were kept.
  bool IsRight(uint64_t chunk, std::span<const char> bytes) const;

  // Makes durable what is present: by then `data` has it, and the record its checksums. One thread
  // at a time; waits for other processes that do the same.
  struct Flushed {
    int error;
    // The system failed to bring chunks or checksums to the disk: see `DoubtUnsynced`.
    bool lost;
  };
  Flushed Flush(int data);
  // Whether anything was kept or forgotten since the last Flush, or by a process that was killed.
  bool is_dirty() const { return dirty_; }

  // After a Flush that lost something, and on its thread: the system says so once, then takes the
  // pages for clean, and may drop them. So all chunks that are present and not durable are doubted
  // from now on, until they are kept anew: they never become durable, and must be compared each
  // time they are read, for what is still in memory now may be gone at the next read.
  void DoubtUnsynced();
  bool IsDoubted(uint64_t chunk) const { return doubted_.Test(chunk); }

  // Gives up the files and all locks; what is present can still be asked.
  void CloseFiles() {
    durable_.CloseFile();
    live_.CloseFile();
  }

 private:
  std::vector<DurableRecord::Change> Changes() const;

  DurableRecord durable_;
  LiveRecord live_;
  Bitmap doubted_;
  std::atomic<bool> dirty_;
};

}  // namespace chunkfs
