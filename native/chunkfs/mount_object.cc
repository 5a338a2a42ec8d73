#include "mount_object.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "options.h"

namespace chunkfs {

namespace {

const char *NameOf(MountFailure::Kind kind) {
  switch (kind) {
    case MountFailure::Kind::kNoFuse:
      return "no-fuse";
    case MountFailure::Kind::kDirectory:
      return "directory";
    case MountFailure::Kind::kRecordNewer:
      return "record-newer";
    case MountFailure::Kind::kRecordUnusable:
      return "record-unusable";
    case MountFailure::Kind::kOther:
      break;
  }
  return "other";
}

Napi::FunctionReference ReadFunction(const Napi::Object &value, const char *name) {
  const Napi::Value function = value.Get(name);
  if (!function.IsFunction())
    throw Napi::TypeError::New(value.Env(), std::string(name) + " is not a function");
  return Napi::Persistent(function.As<Napi::Function>());
}

Napi::Value ErrorOf(Napi::Env env, int number) {
  Napi::Object error = Napi::Error::New(env, std::strerror(number)).Value();
  error.Set("errno", number);
  return error;
}

}  // namespace

Napi::Function MountObject::Class(Napi::Env env) {
  return DefineClass(env, "Mount",
                     {
                         InstanceMethod<&MountObject::Deliver>("deliver"),
                         InstanceMethod<&MountObject::FailChunk>("failChunk"),
                         InstanceMethod<&MountObject::FailAll>("failAll"),
                         InstanceMethod<&MountObject::Wake>("wake"),
                         InstanceMethod<&MountObject::IsPresent>("isPresent"),
                         InstanceMethod<&MountObject::Release>("release"),
                         InstanceMethod<&MountObject::Mark>("mark"),
                         InstanceMethod<&MountObject::SetCaching>("setCaching"),
                         InstanceMethod<&MountObject::TakeTouches>("takeTouches"),
                         InstanceMethod<&MountObject::TakeChanges>("takeChanges"),
                         InstanceMethod<&MountObject::LimitWait>("limitWait"),
                         InstanceMethod<&MountObject::Claim>("claim"),
                         InstanceMethod<&MountObject::Compare>("compare"),
                         InstanceMethod<&MountObject::ForgetAll>("forgetAll"),
                         InstanceMethod<&MountObject::StoringBytes>("storingBytes"),
                         InstanceMethod<&MountObject::Sync>("sync"),
                         InstanceMethod<&MountObject::OpenHandles>("openHandles"),
                         InstanceMethod<&MountObject::Statistics>("statistics"),
                         InstanceMethod<&MountObject::Unmount>("unmount"),
                     });
}

MountObject::MountObject(const Napi::CallbackInfo &info) : Napi::ObjectWrap<MountObject>(info) {}

Napi::Value MountObject::Mount(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  MountOptions options = ReadMountOptions(info[0].ToObject());
  const Napi::Object events = info[1].ToObject();
  MountObject *self = Unwrap(env.GetInstanceData<Napi::FunctionReference>()->New({}));
  self->on_miss_ = ReadFunction(events, "onMiss");
  self->on_mark_ = ReadFunction(events, "onMark");
  self->on_store_failed_ = ReadFunction(events, "onStoreFailed");
  self->on_end_ = ReadFunction(events, "onEnd");
  self->mounting_.emplace(env);
  self->Start(env, std::move(options));
  return self->mounting_->Promise();
}

void MountObject::Start(Napi::Env env, MountOptions options) {
  const napi_status status = napi_create_threadsafe_function(
      env, nullptr, nullptr, Napi::String::New(env, "chunkfs"), 0, 1, nullptr, nullptr, nullptr,
      &MountObject::Open, &to_javascript_);
  if (status != napi_ok) throw Napi::Error::New(env);
  // After the function was made, so that it is still there when the hook runs.
  napi_add_env_cleanup_hook(env, &MountObject::EnvironmentEnds, this);
  Ref();
  try {
    mount_ = std::make_unique<chunkfs::Mount>(std::move(options), *this);
  } catch (const std::exception &error) {
    MountFailed({MountFailure::Kind::kOther, error.what()});
  }
}

void MountObject::Finish(Napi::Env env) {
  finished_ = true;
  napi_remove_env_cleanup_hook(env, &MountObject::EnvironmentEnds, this);
  napi_release_threadsafe_function(to_javascript_, napi_tsfn_release);
  if (relief_) relief_->Resolve(env.Undefined());
  relief_.reset();
  for (auto *function : {&on_miss_, &on_mark_, &on_store_failed_, &on_end_}) function->Reset();
  Unref();
}

void MountObject::EnvironmentEnds(void *self) { static_cast<MountObject *>(self)->mount_.reset(); }

void MountObject::Post(Letter letter) {
  auto sealed = std::make_unique<Letter>(std::move(letter));
  if (napi_call_threadsafe_function(to_javascript_, sealed.get(), napi_tsfn_nonblocking) == napi_ok)
    sealed.release();
}

void MountObject::Open(napi_env env, napi_value, void *, void *data) {
  const std::unique_ptr<Letter> letter(static_cast<Letter *>(data));
  if (env == nullptr) return;
  try {
    (*letter)(Napi::Env(env));
  } catch (const Napi::Error &error) {
    error.ThrowAsJavaScriptException();
  }
}

void MountObject::Mounted() {
  Post([this](Napi::Env) { mounting_->Resolve(Value()); });
}

void MountObject::MountFailed(MountFailure failure) {
  Post([this, failure = std::move(failure)](Napi::Env env) {
    Napi::Object error = Napi::Error::New(env, "cannot mount").Value();
    error.Set("kind", NameOf(failure.kind));
    error.Set("detail", failure.detail);
    mounting_->Reject(error);
    Finish(env);
  });
}

void MountObject::Call(const Napi::FunctionReference &function,
                       std::initializer_list<uint64_t> numbers) {
  std::vector<napi_value> values;
  for (const uint64_t number : numbers)
    values.push_back(Napi::Number::New(function.Env(), static_cast<double>(number)));
  function.Call(values);
}

void MountObject::Missed(size_t image, const Miss &miss) {
  Post([this, image, miss](Napi::Env) {
    Call(on_miss_, {image, miss.wanted.chunk, miss.wanted.offset, miss.wanted.length,
                    uint64_t{miss.for_write}});
  });
}

void MountObject::MarkReached(size_t image, uint64_t chunk) {
  Post([this, image, chunk](Napi::Env) { Call(on_mark_, {image, chunk}); });
}

void MountObject::StoreFailed(size_t image, uint64_t chunk, int error) {
  Post([this, image, chunk, error](Napi::Env) {
    Call(on_store_failed_, {image, chunk, static_cast<uint64_t>(error)});
  });
}

void MountObject::Relieved() {
  Post([this](Napi::Env env) {
    if (relief_) relief_->Resolve(env.Undefined());
    relief_.reset();
  });
}

void MountObject::Done(uint64_t id, int error) {
  Post([this, id, error](Napi::Env env) {
    const auto node = asked_for_.extract(id);
    if (error == 0) {
      node.mapped().Resolve(env.Undefined());
    } else {
      node.mapped().Reject(ErrorOf(env, error));
    }
  });
}

void MountObject::Ended(int error) {
  Post([this, error](Napi::Env) { Call(on_end_, {static_cast<uint64_t>(error)}); });
}

void MountObject::Unmounted(std::optional<std::string> problem) {
  Post([this, problem = std::move(problem)](Napi::Env env) {
    if (problem) {
      unmounting_->Reject(Napi::Error::New(env, *problem).Value());
    } else {
      unmounting_->Resolve(env.Undefined());
    }
    Finish(env);
  });
}

size_t MountObject::ReadImage(const Napi::CallbackInfo &info) const {
  const uint64_t image = ReadWhole(info[0], "image");
  if (image >= mount_->images().size()) throw Napi::RangeError::New(info.Env(), "no such image");
  return image;
}

uint64_t MountObject::ReadChunk(const Napi::CallbackInfo &info, size_t image) const {
  const uint64_t chunk = ReadWhole(info[1], "chunk");
  if (chunk >= mount_->images()[image]->image().pristine().chunk_count())
    throw Napi::RangeError::New(info.Env(), "no such chunk");
  return chunk;
}

ServedImage &MountObject::ImageOf(const Napi::CallbackInfo &info) const {
  return *mount_->images()[ReadImage(info)];
}

Napi::Value MountObject::Deliver(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const size_t image = ReadImage(info);
  const uint64_t offset = ReadWhole(info[1], "offset");
  if (!info[2].IsTypedArray() ||
      info[2].As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array)
    throw Napi::TypeError::New(env, "not bytes");
  const auto bytes = info[2].As<Napi::Uint8Array>();
  const uint64_t size = mount_->images()[image]->image().pristine().size();
  if (offset > size || bytes.ByteLength() > size - offset)
    throw Napi::RangeError::New(env, "beyond the end of the image");
  const auto *data = reinterpret_cast<const char *>(bytes.Data());
  if (!mount_->Deliver(image, offset, {data, bytes.ByteLength()})) return env.Null();
  if (!relief_) relief_.emplace(env);
  return relief_->Promise();
}

void MountObject::FailChunk(const Napi::CallbackInfo &info) {
  const size_t image = ReadImage(info);
  const uint64_t chunk = ReadChunk(info, image);
  mount_->FailChunk(image, chunk, static_cast<int>(ReadWhole(info[2], "errno")));
}

void MountObject::FailAll(const Napi::CallbackInfo &info) {
  mount_->FailAll(static_cast<int>(ReadWhole(info[0], "errno")));
}

void MountObject::Wake(const Napi::CallbackInfo &info) {
  mount_->Wake(ReadImage(info), ReadWhole(info[1], "first"), ReadWhole(info[2], "count"));
}

Napi::Value MountObject::IsPresent(const Napi::CallbackInfo &info) {
  const size_t image = ReadImage(info);
  const bool present = mount_->images()[image]->image().HasWhole(ReadChunk(info, image));
  return Napi::Boolean::New(info.Env(), present);
}

void MountObject::Release(const Napi::CallbackInfo &info) {
  const size_t image = ReadImage(info);
  mount_->images()[image]->Release(ReadChunk(info, image), ReadWhole(info[2], "count"));
}

void MountObject::Mark(const Napi::CallbackInfo &info) {
  const size_t image = ReadImage(info);
  mount_->images()[image]->image().watch().Mark(ReadChunk(info, image));
}

void MountObject::SetCaching(const Napi::CallbackInfo &info) {
  mount_->SetStoring(info[0].ToBoolean());
}

Napi::Value MountObject::TakeTouches(const Napi::CallbackInfo &info) {
  const std::vector<Touch> touches = ImageOf(info).image().watch().TakeTouches();
  auto pairs = Napi::Float64Array::New(info.Env(), touches.size() * 2);
  for (size_t i = 0; i < touches.size(); ++i) {
    pairs[2 * i] = static_cast<double>(touches[i].chunk);
    pairs[2 * i + 1] = static_cast<double>(touches[i].since_mount.count());
  }
  return pairs;
}

Napi::Value MountObject::TakeChanges(const Napi::CallbackInfo &info) {
  const std::vector<uint32_t> runs = ImageOf(info).TakeChanges(info[1].ToBoolean());
  auto copy = Napi::Uint32Array::New(info.Env(), runs.size());
  std::copy(runs.begin(), runs.end(), copy.Data());
  return copy;
}

void MountObject::LimitWait(const Napi::CallbackInfo &info) {
  mount_->LimitWait(ReadImage(info), std::chrono::milliseconds(ReadWhole(info[1], "milliseconds")));
}

Napi::Value MountObject::Claim(const Napi::CallbackInfo &info) {
  const size_t image = ReadImage(info);
  const uint64_t first = ReadChunk(info, image);
  const uint64_t claimed = mount_->images()[image]->image().pristine().Claim(
      first, ReadWhole(info[2], "count"), info[3].ToBoolean());
  return Napi::Number::New(info.Env(), static_cast<double>(claimed));
}

Napi::Value MountObject::Compare(const Napi::CallbackInfo &info) {
  const size_t image = ReadImage(info);
  return Ask(info.Env(), [this, image](uint64_t id) { mount_->Compare(image, id); });
}

Napi::Value MountObject::ForgetAll(const Napi::CallbackInfo &info) {
  const size_t image = ReadImage(info);
  return Ask(info.Env(), [this, image](uint64_t id) { mount_->ForgetAll(image, id); });
}

Napi::Value MountObject::StoringBytes(const Napi::CallbackInfo &info) {
  return Napi::Number::New(info.Env(), static_cast<double>(mount_->storing_bytes()));
}

Napi::Value MountObject::Sync(const Napi::CallbackInfo &info) {
  return Ask(info.Env(), [this](uint64_t id) { mount_->Sync(id); });
}

Napi::Value MountObject::Ask(Napi::Env env, const std::function<void(uint64_t id)> &ask) {
  const Deferred promise(env);
  if (finished_) {
    promise.Reject(ErrorOf(env, ECANCELED));
    return promise.Promise();
  }
  const uint64_t id = next_id_++;
  asked_for_.try_emplace(id, promise);
  ask(id);
  return promise.Promise();
}

Napi::Value MountObject::OpenHandles(const Napi::CallbackInfo &info) {
  int64_t handles = 0;
  for (const auto &served : mount_->images()) handles += served->open_handles;
  return Napi::Number::New(info.Env(), static_cast<double>(handles));
}

Napi::Value MountObject::Statistics(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  Napi::Array list = Napi::Array::New(env);
  for (const auto &served : mount_->images()) {
    const chunkfs::Statistics numbers = served->statistics();
    Napi::Object entry = Napi::Object::New(env);
    entry.Set("image", served->name());
    entry.Set("bytesRead", static_cast<double>(numbers.bytes_read));
    entry.Set("bytesWritten", static_cast<double>(numbers.bytes_written));
    entry.Set("misses", static_cast<double>(numbers.misses));
    entry.Set("chunkCount", static_cast<double>(numbers.chunks));
    entry.Set("chunksTouched", static_cast<double>(numbers.chunks_touched));
    entry.Set("chunksPresent", static_cast<double>(numbers.chunks_present));
    entry.Set("blocksModified", static_cast<double>(numbers.blocks_modified));
    entry.Set("waiting", static_cast<double>(numbers.waiting));
    entry.Set("damaged", static_cast<double>(numbers.damaged));
    entry.Set("syncFailures", static_cast<double>(numbers.sync_failures));
    list.Set(list.Length(), entry);
  }
  return list;
}

Napi::Value MountObject::Unmount(const Napi::CallbackInfo &info) {
  if (!unmounting_) unmounting_.emplace(info.Env());
  mount_->Unmount();
  return unmounting_->Promise();
}

}  // namespace chunkfs
