#pragma once

#include <cstdint>

// The first byte of what a client says.
enum ClientMessage : uint8_t {
  kSetPixelFormat = 0,
  kSetEncodings = 2,
  kUpdateRequest = 3,
  kKeyEvent = 4,
  kPointerEvent = 5,
  // A key with its place on the keyboard: all that this client says of what is QEMU's own.
  kPlacedKeyEvent = 255,
};
