#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <variant>
#include <vector>

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
// present has a checksum, and is to be believed only after it was compared. A chunk is settled once
// the disk is known to have it, its checksum and its mark, or not to have its mark.
//
// Processes tell each other of what is not present any more by a counter, `forgettings`: who sees
// it changed looks again at all that it took for granted. It moves before and after each change.
class Record {
 public:
  // `data`: the file of chunks, emptied if the record has to be started anew.
  static std::variant<std::unique_ptr<Record>, RecordFailure> Open(RecordFiles files, int data,
                                                                   const ImageShape &shape);
  // `marks`: those of the durable record.
  Record(DurableRecord durable, Descriptor live, const ImageShape &shape,
         const std::vector<uint64_t> &marks);

  const Bits &present() const { return live_.present(); }
  uint64_t forgettings() const { return live_.forgettings(); }
  // Which of the 64 chunks from chunk `at * 64` on are present and settled.
  uint64_t DurableWord(uint64_t at) const {
    return live_.present().Load(at) & ~live_.unsettled().Load(at);
  }
  Claims &claims() { return live_.claims(); }

  // Marks a chunk whose bytes were written since `forgettings` was what it still is: if it is not,
  // they may have been lost meanwhile, and are to be written again. Returns 0 or an errno.
  int Keep(uint64_t chunk, uint64_t checksum);

  // The chunks are not present any more.
  void Forget(uint64_t first, uint64_t count);

  // Finds the checksum of a chunk that is present. Returns 0 or an errno.
  int ReadChecksum(uint64_t chunk, uint64_t &checksum) const {
    return durable_.ReadChecksum(chunk, checksum);
  }

  // Makes durable what is present: by then `data` has it, and the record its checksums. One thread
  // at a time; waits for other processes that do the same. Returns 0 or an errno.
  //
  // The system tells once that it failed to bring something to the disk, then takes the pages for
  // clean, and may drop them. So all that was not settled is forgotten then, by all processes.
  int Flush(int data);
  // Whether anything was kept or forgotten since the last Flush, or by a process that was killed.
  bool is_dirty() const { return dirty_; }

  // Gives up the files and all locks; what is present can still be asked.
  void CloseFiles() {
    durable_.CloseFile();
    live_.CloseFile();
  }

 private:
  std::vector<DurableRecord::Change> Changes() const;
  void Settle(const std::vector<DurableRecord::Change> &changes, uint64_t forgettings);
  void ForgetUnsettled();

  const uint64_t words_;
  DurableRecord durable_;
  LiveRecord live_;
  std::atomic<bool> dirty_;
};

}  // namespace chunkfs
