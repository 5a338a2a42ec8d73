#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// The connection is over: one of its ends has closed it, or said what may not be passed on.
struct Over {};

// One direction of a connection, read piece by piece and passed on as far as its reader wants. What
// is given waits until there is nothing more to take, so that pieces travel together. Its memory
// does not depend on what is said. All throw Over.
class Conduit {
 public:
  // Both stay their owner's.
  Conduit(int from, int to) : from_(from), to_(to) {}

  void Take(std::span<uint8_t> bytes);
  uint8_t Take8();
  uint16_t Take16();
  uint32_t Take32();

  void Give(std::span<const uint8_t> bytes);
  void Give16(uint16_t number);
  void Give32(uint32_t number);

  // Waits until there is something to take, or the time has come; whether the first was first.
  bool HasMoreBefore(std::chrono::steady_clock::time_point end);

  // Takes and gives so many bytes.
  void Pass(uint64_t count);
  // Takes so many bytes for nobody.
  void Drop(uint64_t count);
  void PassAll();

  // Sends what was given.
  void Flush();

 private:
  std::span<const uint8_t> TakeSome(uint64_t most);

  const int from_;
  const int to_;
  std::array<uint8_t, 65536> taken_;
  size_t at_ = 0;
  size_t end_ = 0;
  std::vector<uint8_t> given_;
};
