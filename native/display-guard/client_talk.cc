#include "client_talk.h"

#include <cstdint>
#include <vector>

#include "encodings.h"

namespace {

enum Message : uint8_t {
  kSetPixelFormat = 0,
  kSetEncodings = 2,
  kUpdateRequest = 3,
  kKeyEvent = 4,
  kPointerEvent = 5,
};

// The version, the kind of log-in, whether to share.
constexpr int kHandshakeBytes = 12 + 1 + 1;

void GiveAllowedEncodings(Conduit &conduit) {
  conduit.Drop(1);
  std::vector<uint32_t> allowed;
  for (int left = conduit.Take16(); left > 0; left--) {
    const uint32_t encoding = conduit.Take32();
    if (IsAllowedEncoding(static_cast<int32_t>(encoding))) allowed.push_back(encoding);
  }
  conduit.Give16(kSetEncodings << 8);
  conduit.Give16(static_cast<uint16_t>(allowed.size()));
  for (const uint32_t encoding : allowed) conduit.Give32(encoding);
}

void PassWhole(Conduit &conduit, Message message, int rest) {
  conduit.Give(std::array<uint8_t, 1>{message});
  conduit.Pass(rest);
}

}  // namespace

void PassClientTalk(Conduit &conduit) {
  conduit.Pass(kHandshakeBytes);
  // The client says its encodings once, and before that only what there is in every version.
  for (;;) {
    switch (const auto message = static_cast<Message>(conduit.Take8())) {
      case kSetPixelFormat:
        PassWhole(conduit, message, 19);
        break;
      case kSetEncodings:
        GiveAllowedEncodings(conduit);
        return conduit.PassAll();
      case kUpdateRequest:
        PassWhole(conduit, message, 9);
        break;
      case kKeyEvent:
        PassWhole(conduit, message, 7);
        break;
      case kPointerEvent:
        PassWhole(conduit, message, 5);
        break;
      default:
        throw Over();
    }
  }
}
