#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "fuse.h"
#include "wanted.h"

namespace chunkfs {

class ServedImage;

using Clock = std::chrono::steady_clock;

// What a reader or writer of a file asked for.
struct Operation {
  enum class Kind { kRead, kWrite, kZero };

  Kind kind;
  uint64_t offset;
  uint64_t length;
  std::span<const char> data = {};  // of a write
  bool grow = false;                // of kZero

  bool changes() const { return kind != Kind::kRead; }
};

// An operation that waits, or that goes on after it waited.
//
// Whoever owns the object owes the kernel its answer, and gives it up with the answer: so each is
// answered exactly once. Only its libfuse handle is known elsewhere (to libfuse, for interrupts).
class Request {
 public:
  // Takes over the answering of `handle`, and a copy of the data.
  Request(fuse_req_t handle, ServedImage &image, const Operation &operation,
          std::optional<Clock::time_point> deadline);

  fuse_req_t handle() const { return handle_; }
  ServedImage &image() const { return image_; }
  const Operation &operation() const { return operation_; }
  std::optional<Clock::time_point> deadline() const { return deadline_; }

  // What it waits for.
  Wanted wanted{};

 private:
  fuse_req_t handle_;
  ServedImage &image_;
  Operation operation_;
  std::vector<char> data_;
  std::optional<Clock::time_point> deadline_;
};

// Answers with an errno.
void Refuse(std::unique_ptr<Request> request, int error);

}  // namespace chunkfs
