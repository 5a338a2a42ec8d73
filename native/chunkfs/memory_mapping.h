#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <utility>

namespace chunkfs {

// Owns mapped memory that can be read and written, or none.
class MemoryMapping {
 public:
  // Memory of this process, zero until it is written. `bytes` may be 0.
  // @throws std::bad_alloc
  static MemoryMapping Private(size_t bytes) {
    constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    MemoryMapping mapping(mmap(nullptr, bytes + 1, PROT_READ | PROT_WRITE, kFlags, -1, 0),
                          bytes + 1);
    if (!mapping) throw std::bad_alloc();
    return mapping;
  }

  // The beginning of a file, shared with all who map it; none if that cannot be. Touching what the
  // file does not have allocated may end the process: see to that first.
  static MemoryMapping Shared(int file, size_t bytes) {
    return {mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), bytes};
  }

  MemoryMapping() = default;
  MemoryMapping(MemoryMapping &&other) noexcept
      : data_(std::exchange(other.data_, MAP_FAILED)), bytes_(other.bytes_) {}
  MemoryMapping &operator=(MemoryMapping &&other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~MemoryMapping() {
    if (data_ != MAP_FAILED) munmap(data_, bytes_);
  }

  explicit operator bool() const { return data_ != MAP_FAILED; }
  void *data() const { return data_; }

 private:
  MemoryMapping(void *data, size_t bytes) : data_(data), bytes_(bytes) {}

  void *data_ = MAP_FAILED;
  size_t bytes_ = 0;
};

}  // namespace chunkfs
