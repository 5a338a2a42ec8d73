#include "screenshot.h"

#include <libvirt/virterror.h>

#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "owned.h"

namespace {

// The largest screen that QEMU has is far below; a stream without an end must not fill memory.
constexpr size_t kMostBytes = size_t{256} << 20;

constexpr size_t kPieceBytes = 256 << 10;

struct FreeStream {
  void operator()(virStreamPtr stream) const { virStreamFree(stream); }
};

using Stream = std::unique_ptr<virStream, FreeStream>;
using Bytes = std::vector<uint8_t>;

Bytes ReadToEnd(virStreamPtr stream) {
  Bytes bytes;
  for (;;) {
    const size_t before = bytes.size();
    if (before > kMostBytes)
      throw Failure{VIR_ERR_OVERFLOW, VIR_FROM_STREAMS, "the screenshot is too large"};
    bytes.resize(before + kPieceBytes);
    const int count =
        Check(virStreamRecv(stream, reinterpret_cast<char *>(&bytes[before]), kPieceBytes));
    bytes.resize(before + static_cast<size_t>(count));
    if (count == 0) return bytes;
  }
}

}  // namespace

Answer TakeScreenshot(virDomainPtr domain, unsigned screen) {
  const Stream stream(virStreamNew(virDomainGetConnect(domain), 0));
  if (stream == nullptr) throw Failure::OfThisThread();
  const std::string mime_type = TakeText(virDomainScreenshot(domain, stream.get(), screen, 0));
  auto bytes = std::make_shared<Bytes>();
  try {
    *bytes = ReadToEnd(stream.get());
  } catch (const Failure &) {
    virStreamAbort(stream.get());
    throw;
  }
  Check(virStreamFinish(stream.get()));
  return [mime_type, bytes](Napi::Env env) {
    Napi::Object picture = Napi::Object::New(env);
    picture.Set("mimeType", mime_type);
    picture.Set("data", Napi::Buffer<uint8_t>::Copy(env, bytes->data(), bytes->size()));
    return picture;
  };
}
