#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

// There is no VNC server, or no longer.
struct Gone {};

// A connection to the VNC server at a unix socket, for the rest of this process. Its memory does
// not depend on what is said. All throw Gone.
class Server {
 public:
  explicit Server(const std::string &path);

  // Each waits for so many bytes.
  void Take(std::span<uint8_t> bytes);
  uint8_t Take8();
  uint16_t Take16();
  uint32_t Take32();
  void Drop(size_t count);

  void Say(std::span<const uint8_t> bytes) const;

  // Whether there is more to take, waiting for it for so many milliseconds.
  bool HasMoreWithin(int milliseconds) const;

 private:
  void Receive();

  const int number_;
  std::array<uint8_t, 16384> taken_;
  size_t at_ = 0;
  size_t end_ = 0;
};
