#include "client_talk.h"

#include <cstdint>
#include <vector>

#include "client_message.h"
#include "encodings.h"
#include "pointer_pace.h"

namespace {

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

// How long the rest of a message is, of those that have always the same length.
int RestOf(ClientMessage message) {
  switch (message) {
    case kSetPixelFormat:
      return 19;
    case kUpdateRequest:
      return 9;
    case kKeyEvent:
      return 7;
    case kPointerEvent:
      return 5;
    case kPlacedKeyEvent:
      return 11;
    default:
      throw Over();
  }
}

void PassRest(Conduit &conduit, ClientMessage message) {
  conduit.Give(std::array<uint8_t, 1>{message});
  conduit.Pass(RestOf(message));
}

// Until the client has said its encodings, which it does once.
void PassBeginning(Conduit &conduit) {
  conduit.Pass(kHandshakeBytes);
  for (;;) {
    const auto message = static_cast<ClientMessage>(conduit.Take8());
    if (message == kSetEncodings) return GiveAllowedEncodings(conduit);
    PassRest(conduit, message);
  }
}

void PassPaced(Conduit &conduit, PointerPace pace) {
  for (;;) {
    if (const auto due = pace.Due(); due && !conduit.HasMoreBefore(*due)) pace.GiveHeld();
    const auto message = static_cast<ClientMessage>(conduit.Take8());
    if (message == kPointerEvent) {
      pace.TakeEvent();
      continue;
    }
    // The guest has to know where the pointer is when the key is pressed.
    if (message == kKeyEvent || message == kPlacedKeyEvent) pace.GiveHeld();
    PassRest(conduit, message);
  }
}

}  // namespace

void PassClientTalk(Conduit &conduit, int mostMotions, const std::atomic<bool> &isPointerRelative) {
  PassBeginning(conduit);
  if (mostMotions == 0) return conduit.PassAll();
  PassPaced(conduit, PointerPace(conduit, mostMotions, isPointerRelative));
}
