#include "options.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

namespace chunkfs {

namespace {

constexpr double kLargestWhole = 9007199254740991;  // Number.MAX_SAFE_INTEGER
constexpr uint64_t kMostThreads = 64;
// Threads have whole chunks in memory.
constexpr uint64_t kLargestChunk = 16 << 20;

Descriptor ReadDescriptor(const Napi::Value &value, const char *what) {
  Descriptor descriptor = Descriptor::DuplicateOf(static_cast<int>(ReadWhole(value, what)));
  if (!descriptor) throw Napi::TypeError::New(value.Env(), std::string(what) + " is not open");
  return descriptor;
}

RecordFiles ReadRecord(const Napi::Object &value) {
  RecordFiles record;
  record.durable = ReadDescriptor(value.Get("durable"), "durable");
  if (!value.Get("live").IsNull()) record.live = ReadDescriptor(value.Get("live"), "live");
  const Napi::Value identity = value.Get("identity");
  const auto bytes =
      identity.IsBuffer() ? identity.As<Napi::Buffer<uint8_t>>() : Napi::Buffer<uint8_t>();
  if (bytes.IsEmpty() || bytes.Length() != record.identity.size())
    throw Napi::TypeError::New(value.Env(), "identity is not of 32 bytes");
  std::copy_n(bytes.Data(), record.identity.size(), record.identity.begin());
  return record;
}

ImageOptions ReadImage(const Napi::Object &value) {
  ImageOptions image;
  image.name = value.Get("name").ToString().Utf8Value();
  image.size_bytes = ReadWhole(value.Get("sizeBytes"), "sizeBytes");
  image.chunk_bytes = ReadWhole(value.Get("chunkBytes"), "chunkBytes");
  if (image.size_bytes == 0 || image.chunk_bytes < kBlockBytes ||
      image.chunk_bytes > kLargestChunk || !std::has_single_bit(image.chunk_bytes) ||
      ImageShape{image.size_bytes, image.chunk_bytes}.chunks() > kMostChunks)
    throw Napi::RangeError::New(value.Env(), "sizeBytes or chunkBytes");
  image.pristine = ReadDescriptor(value.Get("pristine"), "pristine");
  if (!value.Get("overlay").IsNull())
    image.overlay = ReadDescriptor(value.Get("overlay"), "overlay");
  const Napi::Value record = value.Get("record");
  if (record.IsObject()) image.record = ReadRecord(record.As<Napi::Object>());
  const Napi::Value limit = value.Get("waitMilliseconds");
  if (!limit.IsNull())
    image.wait_limit = std::chrono::milliseconds(ReadWhole(limit, "waitMilliseconds"));
  return image;
}

}  // namespace

uint64_t ReadWhole(const Napi::Value &value, const char *what) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -1;
  if (!(number >= 0 && number <= kLargestWhole && std::trunc(number) == number))
    throw Napi::RangeError::New(value.Env(), std::string(what) + " is not a whole number");
  return static_cast<uint64_t>(number);
}

MountOptions ReadMountOptions(const Napi::Object &value) {
  MountOptions options;
  options.directory = value.Get("directory").ToString().Utf8Value();
  options.threads = ReadWhole(value.Get("threads"), "threads");
  if (options.threads < 1 || options.threads > kMostThreads)
    throw Napi::RangeError::New(value.Env(), "threads");
  const Napi::Value images = value.Get("images");
  if (!images.IsArray()) throw Napi::TypeError::New(value.Env(), "images");
  const auto list = images.As<Napi::Array>();
  for (uint32_t i = 0; i < list.Length(); ++i)
    options.images.push_back(ReadImage(list.Get(i).ToObject()));
  return options;
}

}  // namespace chunkfs
