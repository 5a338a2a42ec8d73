#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace chunkfs {

// Owns one file descriptor, or none (-1).
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor &&other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor &operator=(Descriptor &&other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;
  ~Descriptor() { Close(); }

  // A descriptor of our own for the same open file; none if `number` is not open.
  static Descriptor DuplicateOf(int number) {
    return Descriptor(fcntl(number, F_DUPFD_CLOEXEC, 3));
  }

  explicit operator bool() const { return number_ >= 0; }
  int number() const { return number_; }
  int Release() { return std::exchange(number_, -1); }
  void Close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_ = -1;
};

}  // namespace chunkfs
