#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace chunkfs {

// Like pread; a thread that serves requests lets others do so before it waits for a disk.
ssize_t ReadSome(int file, std::span<char> to, uint64_t offset);

// Reads all of `to` at an offset of a file. Returns 0 or an errno; EIO where the file ends early.
int ReadFully(int file, std::span<char> to, uint64_t offset);

// Writes all of `from` at an offset of a file. Returns 0 or an errno.
int WriteFully(int file, std::span<const char> from, uint64_t offset);

// A value's bytes as they are in memory.
template <typename Value>
std::span<char> BytesOf(Value &value) {
  return {reinterpret_cast<char *>(&value), sizeof value};
}
template <typename Value>
std::span<const char> BytesOf(const Value &value) {
  return {reinterpret_cast<const char *>(&value), sizeof value};
}

}  // namespace chunkfs
