#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bits.h"
#include "descriptor.h"
#include "record_format.h"

namespace chunkfs {

// Why a record cannot be used.
struct RecordFailure {
  bool newer;          // made by a newer version of the program
  std::string detail;  // the reason; the folder of a newer record
};

// The file that says which chunks of an image are whole on the disk, and the checksum of each.
//
// It is only advice to those who check what they read; yet a chunk is marked only after the disk
// has it, so that the check does not fail without need.
class DurableRecord {
 public:
  // `file` has an open file description of its own. Nobody else may be opening the record. One that
  // is damaged, or about something else, is started anew with nothing present, and the file `data`
  // is emptied, unless another process uses them.
  static std::variant<DurableRecord, RecordFailure> Open(Descriptor file, int data,
                                                         const Identity &identity,
                                                         const ImageShape &shape);

  const Generation &generation() const { return generation_; }
  // The marks as they were when the record was opened, by words; may be called once.
  std::vector<uint64_t> TakeMarks() { return std::move(marks_); }
  int number() const { return file_.number(); }

  // Each returns 0 or an errno.
  int ReadChecksum(uint64_t chunk, uint64_t &checksum) const;
  int WriteChecksum(uint64_t chunk, uint64_t checksum);

  // A word of marks that is to change.
  struct Change {
    uint64_t at;
    uint64_t set;
    uint64_t clear;

    uint64_t AppliedTo(uint64_t word) const { return (word | set) & ~clear; }
  };
  // Changes marks, in order of their place, and brings them to the disk. All others stay as they
  // are in the file: other processes may have changed them. Nobody else may be doing it.
  int Write(std::span<const Change> changes);

  // Brings the file to the disk. Returns 0 or an errno.
  int Sync();

  void CloseFile() { file_.Close(); }

 private:
  DurableRecord(Descriptor file, const ImageShape &shape);

  // Sets `state`; or returns the errno for which the record cannot be read.
  int Load(const Identity &identity, const ImageShape &shape, HeaderState &state);
  int StartAnew(int data, const Identity &identity, const ImageShape &shape);

  Descriptor file_;
  RecordLayout layout_;
  Generation generation_{};
  std::vector<uint64_t> marks_;
};

}  // namespace chunkfs
