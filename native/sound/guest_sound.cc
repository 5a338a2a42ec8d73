#include "guest_sound.h"

#include <algorithm>

namespace {

// A guest without anything to say for so long is at rest: no sound server has as much in store.
constexpr int kRestMilliseconds = 5000;
constexpr uint32_t kLongestName = 4096;
// QEMU sends some 4 KiB at a time.
constexpr uint32_t kMostSamplesBytes = 1 << 16;

constexpr std::array<uint8_t, 12> kVersion{'R', 'F', 'B', ' ', '0', '0',
                                           '3', '.', '0', '0', '8', '\n'};
// One kind of log-in is offered: none.
constexpr std::array<uint8_t, 2> kNoLogin{1, 1};
constexpr std::array<uint8_t, 1> kChooseNoLogin{1};
constexpr std::array<uint8_t, 4> kLoggedIn{0, 0, 0, 0};
// Others, such as the window, stay connected.
constexpr std::array<uint8_t, 1> kShared{1};
// Width and height, each 2 bytes, and the form of pixels.
constexpr size_t kScreenBytes = 2 + 2 + 16;

// Of all encodings, only that by which a server says that it has sound (-259); QEMU answers with an
// update of a screen that has this one rectangle.
constexpr std::array<uint8_t, 8> kSetEncodings{2, 0, 0, 1, 0xff, 0xff, 0xfe, 0xfd};
constexpr std::array<uint8_t, 4> kUpdateOfOne{0, 0, 0, 1};
constexpr size_t kPlaceBytes = 8;
constexpr std::array<uint8_t, 4> kSoundEncoding{0xff, 0xff, 0xfe, 0xfd};

// QEMU's own messages (255) of sound (1): its form, signed 16 bits (3), two channels, 44,100 Hz;
// and that it is wanted.
static_assert(kSampleRate == 44100 && kFrameBytes == 4);
constexpr std::array<uint8_t, 10> kSetForm{255, 1, 0, 2, 3, 2, 0, 0, 0xac, 0x44};
constexpr std::array<uint8_t, 4> kEnable{255, 1, 0, 0};

constexpr std::array<uint8_t, 2> kSoundMessage{255, 1};
enum Happening : uint16_t { kEnds = 0, kBegins = 1, kSamples = 2 };

}  // namespace

GuestSound::GuestSound(const std::string &path) : server_(path) {
  PassHandshake();
  server_.Say(kSetEncodings);
  AwaitAnswer();
  server_.Say(kSetForm);
  server_.Say(kEnable);
}

void GuestSound::PassHandshake() {
  Expect(kVersion);
  server_.Say(kVersion);
  Expect(kNoLogin);
  server_.Say(kChooseNoLogin);
  Expect(kLoggedIn);
  server_.Say(kShared);
  server_.Drop(kScreenBytes);
  const uint32_t nameLength = server_.Take32();
  if (nameLength > kLongestName) throw NoSound();
  server_.Drop(nameLength);
}

void GuestSound::AwaitAnswer() {
  Expect(kUpdateOfOne);
  server_.Drop(kPlaceBytes);
  Expect(kSoundEncoding);
}

void GuestSound::PlayTo(Player &player) {
  for (;;) {
    if (!server_.HasMoreWithin(kRestMilliseconds)) player.Rest();
    Expect(kSoundMessage);
    switch (server_.Take16()) {
      case kBegins:
        break;
      case kSamples:
        PlaySamples(player);
        break;
      case kEnds:
        player.End();
        break;
      default:
        throw NoSound();
    }
  }
}

void GuestSound::PlaySamples(Player &player) {
  uint32_t left = server_.Take32();
  if (left > kMostSamplesBytes || left % kFrameBytes != 0) throw NoSound();
  std::array<uint8_t, 4096> samples;
  while (left > 0) {
    const auto some = std::span(samples).first(std::min<size_t>(left, samples.size()));
    server_.Take(some);
    player.Play(some);
    left -= static_cast<uint32_t>(some.size());
  }
}

template <size_t Count>
void GuestSound::Expect(const std::array<uint8_t, Count> &expected) {
  std::array<uint8_t, Count> said;
  server_.Take(said);
  if (said != expected) throw NoSound();
}
