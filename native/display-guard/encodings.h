#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

// What a rectangle of an update may be: pixels as they are, as the connection stays on this
// computer, and what a guest's screen needs besides.
enum Encoding : int32_t {
  kRaw = 0,
  kCopyRectangle = 1,
  kDesktopSize = -223,
  kRichCursor = -239,
  kPointerType = -257,
  kExtendedKeyEvent = -258,
  kLedState = -261,
  kAlphaCursor = -314,
};

inline bool IsAllowedEncoding(int32_t encoding) {
  constexpr std::array allowed{kRaw,         kCopyRectangle,    kDesktopSize, kRichCursor,
                               kPointerType, kExtendedKeyEvent, kLedState,    kAlphaCursor};
  return std::ranges::find(allowed, encoding) != allowed.end();
}
