#include "server_talk.h"

#include <algorithm>
#include <array>
#include <thread>

#include "encodings.h"

namespace {

// QEMU's VNC server shows at most 5120 x 2160. 64 MiB, and no side that is too long for a picture.
constexpr unsigned kLongestSide = 8192;
constexpr unsigned kMostPixels = 1u << 24;
// QEMU's own bound.
constexpr unsigned kLongestCursorSide = 512;
constexpr uint32_t kLongestName = 4096;
constexpr unsigned kBytesPerPixel = 4;

// Each new size costs the window and the desktop new pictures of that size. So there are 20 a
// second of 1024 x 768, and one of the largest.
constexpr std::chrono::nanoseconds kResizePacePerPixel{60};
// QEMU says hardly ever that nothing has changed, and the window has more to do then than we.
constexpr std::chrono::milliseconds kPauseAfterNothing{10};

constexpr std::array<uint8_t, 12> kVersion{'R', 'F', 'B', ' ', '0', '0',
                                           '3', '.', '0', '0', '8', '\n'};
// One kind of log-in is offered: none.
constexpr std::array<uint8_t, 2> kNoLogin{1, 1};
constexpr std::array<uint8_t, 4> kLoggedIn{0, 0, 0, 0};
// 32 bits per pixel, 24 of them used, little endian, true colour, up to 255 of red, green and blue,
// which are shifted by 16, 8 and 0; what QEMU always begins with.
constexpr std::array<uint8_t, 13> kPixelFormat{32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0};
constexpr int kPixelFormatPadding = 3;

enum Message : uint8_t { kUpdate = 0, kBell = 2, kCutText = 3 };

template <size_t Count>
void PassExactly(Conduit &conduit, const std::array<uint8_t, Count> &expected) {
  std::array<uint8_t, Count> said;
  conduit.Take(said);
  if (said != expected) throw Over();
  conduit.Give(said);
}

}  // namespace

void ServerTalk::Pass() {
  PassHandshake();
  for (;;) {
    switch (conduit_.Take8()) {
      case kUpdate:
        PassUpdate();
        break;
      case kBell:
        break;
      case kCutText:
        conduit_.Drop(3);
        conduit_.Drop(conduit_.Take32());
        break;
      default:
        throw Over();
    }
  }
}

void ServerTalk::PassHandshake() {
  PassExactly(conduit_, kVersion);
  PassExactly(conduit_, kNoLogin);
  PassExactly(conduit_, kLoggedIn);
  const unsigned width = conduit_.Take16();
  Resize(width, conduit_.Take16());
  conduit_.Give16(static_cast<uint16_t>(width_));
  conduit_.Give16(static_cast<uint16_t>(height_));
  PassExactly(conduit_, kPixelFormat);
  conduit_.Pass(kPixelFormatPadding);
  const uint32_t nameLength = conduit_.Take32();
  if (nameLength > kLongestName) throw Over();
  conduit_.Drop(nameLength);
  conduit_.Give32(0);
}

void ServerTalk::PassUpdate() {
  conduit_.Drop(1);
  const uint16_t count = conduit_.Take16();
  conduit_.Give16(kUpdate << 8);
  conduit_.Give16(count);
  for (int left = count; left > 0; left--) PassRectangle();
  if (count == 0) PauseUntil(std::chrono::steady_clock::now() + kPauseAfterNothing);
}

void ServerTalk::PassRectangle() {
  auto &[x, y, width, height] = rectangle_;
  for (uint16_t *number : {&x, &y, &width, &height}) *number = conduit_.Take16();
  const uint32_t encoding = conduit_.Take32();
  if (static_cast<int32_t>(encoding) == kDesktopSize) {
    Resize(width, height);
    KeepResizePace();
  }
  for (const uint16_t number : {x, y, width, height}) conduit_.Give16(number);
  conduit_.Give32(encoding);
  switch (static_cast<int32_t>(encoding)) {
    case kRaw:
      CheckWithin(x, y);
      conduit_.Pass(uint64_t{width} * height * kBytesPerPixel);
      break;
    case kCopyRectangle: {
      CheckWithin(x, y);
      const uint16_t fromX = conduit_.Take16();
      const uint16_t fromY = conduit_.Take16();
      CheckWithin(fromX, fromY);
      conduit_.Give16(fromX);
      conduit_.Give16(fromY);
      break;
    }
    case kRichCursor:
      PassCursor(uint64_t{(width + 7u) / 8} * height);
      break;
    case kAlphaCursor:
      // Its pixels have an encoding of their own.
      PassExactly(conduit_, std::array<uint8_t, 4>{kRaw});
      PassCursor(0);
      break;
    case kLedState:
      conduit_.Pass(1);
      break;
    case kPointerType:
      isPointerRelative_ = x == 0;
      break;
    case kDesktopSize:
    case kExtendedKeyEvent:
      break;
    default:
      throw Over();
  }
}

// The place of a cursor's rectangle is its hot spot.
void ServerTalk::PassCursor(uint64_t bytesBesidesPixels) {
  const auto &[x, y, width, height] = rectangle_;
  const bool isHidden = width == 0 || height == 0;
  if (std::max(width, height) > kLongestCursorSide) throw Over();
  if (!isHidden && (x >= width || y >= height)) throw Over();
  conduit_.Pass(uint64_t{width} * height * kBytesPerPixel + bytesBesidesPixels);
}

void ServerTalk::CheckWithin(unsigned x, unsigned y) const {
  if (x + rectangle_.width > width_ || y + rectangle_.height > height_) throw Over();
}

void ServerTalk::Resize(unsigned width, unsigned height) {
  if (width == 0 || height == 0 || std::max(width, height) > kLongestSide ||
      width * height > kMostPixels)
    throw Over();
  width_ = width;
  height_ = height;
}

void ServerTalk::KeepResizePace() {
  PauseUntil(lastResize_ + width_ * height_ * kResizePacePerPixel);
  lastResize_ = std::chrono::steady_clock::now();
}

void ServerTalk::PauseUntil(std::chrono::steady_clock::time_point end) {
  if (std::chrono::steady_clock::now() >= end) return;
  conduit_.Flush();
  std::this_thread::sleep_until(end);
}
