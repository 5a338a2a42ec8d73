#include "mount_object.h"

#include <cerrno>
#include <utility>

#include "options.h"

namespace chunkfs {

namespace {

const char *NameOf(MountFailure::Kind kind) {
  switch (kind) {
    case MountFailure::Kind::kNoFuse:
      return "no-fuse";
    case MountFailure::Kind::kDirectory:
      return "directory";
    case MountFailure::Kind::kOther:
      break;
  }
  return "other";
}

Napi::Value ErrorOf(Napi::Env env, int number) {
  Napi::Object error = Napi::Error::New(env, "the chunk could not be stored").Value();
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
                         InstanceMethod<&MountObject::MarkPresent>("markPresent"),
                         InstanceMethod<&MountObject::LimitWait>("limitWait"),
                         InstanceMethod<&MountObject::OpenHandles>("openHandles"),
                         InstanceMethod<&MountObject::Statistics>("statistics"),
                         InstanceMethod<&MountObject::Unmount>("unmount"),
                     });
}

MountObject::MountObject(const Napi::CallbackInfo &info) : Napi::ObjectWrap<MountObject>(info) {}

Napi::Value MountObject::Mount(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  MountOptions options = ReadMountOptions(info[0].ToObject());
  if (!info[1].IsFunction() || !info[2].IsFunction())
    throw Napi::TypeError::New(env, "onMiss and onEnd are functions");
  MountObject *self = Unwrap(env.GetInstanceData<Napi::FunctionReference>()->New({}));
  self->on_miss_ = Napi::Persistent(info[1].As<Napi::Function>());
  self->on_end_ = Napi::Persistent(info[2].As<Napi::Function>());
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
  mount_ = std::make_unique<chunkfs::Mount>(std::move(options), *this);
}

void MountObject::Finish(Napi::Env env) {
  finished_ = true;
  napi_remove_env_cleanup_hook(env, &MountObject::EnvironmentEnds, this);
  napi_release_threadsafe_function(to_javascript_, napi_tsfn_release);
  on_miss_.Reset();
  on_end_.Reset();
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

void MountObject::Missed(size_t image, const Miss &miss) {
  Post([this, image, miss](Napi::Env env) {
    on_miss_.Call({Napi::Number::New(env, static_cast<double>(image)),
                   Napi::Number::New(env, static_cast<double>(miss.chunk)),
                   Napi::Number::New(env, static_cast<double>(miss.offset_in_chunk)),
                   Napi::Boolean::New(env, miss.for_write)});
  });
}

void MountObject::Delivered(uint64_t id, int error) {
  Post([this, id, error](Napi::Env env) {
    const auto node = deliveries_.extract(id);
    const Deferred &promise = node.mapped().promise;
    if (error == 0) {
      promise.Resolve(env.Undefined());
    } else {
      promise.Reject(ErrorOf(env, error));
    }
  });
}

void MountObject::Ended(int error) {
  Post([this, error](Napi::Env env) { on_end_.Call({Napi::Number::New(env, error)}); });
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

Napi::Value MountObject::Deliver(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  const size_t image = ReadImage(info);
  const uint64_t chunk = ReadChunk(info, image);
  if (!info[2].IsBuffer()) throw Napi::TypeError::New(env, "not a buffer");
  const auto buffer = info[2].As<Napi::Buffer<char>>();
  if (buffer.Length() != mount_->images()[image]->image().pristine().LengthOf(chunk))
    throw Napi::RangeError::New(env, "not the length of the chunk");
  const Deferred promise(env);
  if (finished_) {
    promise.Reject(ErrorOf(env, ECANCELED));
    return promise.Promise();
  }
  const uint64_t id = next_delivery_++;
  deliveries_.try_emplace(id, Delivery{promise, Napi::Persistent(info[2].As<Napi::Object>())});
  mount_->Deliver(image, chunk, {buffer.Data(), buffer.Length()}, id);
  return promise.Promise();
}

void MountObject::FailChunk(const Napi::CallbackInfo &info) {
  const size_t image = ReadImage(info);
  const uint64_t chunk = ReadChunk(info, image);
  mount_->FailChunk(image, chunk, static_cast<int>(ReadWhole(info[2], "errno")));
}

void MountObject::FailAll(const Napi::CallbackInfo &info) {
  mount_->FailAll(static_cast<int>(ReadWhole(info[0], "errno")));
}

void MountObject::MarkPresent(const Napi::CallbackInfo &info) {
  mount_->MarkPresent(ReadImage(info), ReadWhole(info[1], "first"), ReadWhole(info[2], "count"));
}

void MountObject::LimitWait(const Napi::CallbackInfo &info) {
  mount_->LimitWait(ReadImage(info), std::chrono::milliseconds(ReadWhole(info[1], "milliseconds")));
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
    entry.Set("chunksPresent", static_cast<double>(numbers.chunks_present));
    entry.Set("blocksModified", static_cast<double>(numbers.blocks_modified));
    entry.Set("waiting", static_cast<double>(numbers.waiting));
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
