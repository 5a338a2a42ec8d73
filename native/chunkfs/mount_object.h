#pragma once

#include <napi.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "mount.h"

namespace chunkfs {

// A mount as JavaScript sees it. Keeps itself and the event loop alive until it is unmounted; when
// its environment ends first, unmounts and waits for that.
class MountObject : public Napi::ObjectWrap<MountObject>, public MountEvents {
 public:
  static Napi::Function Class(Napi::Env env);

  // mount(options, onMiss, onEnd): a promise of the mounted object.
  static Napi::Value Mount(const Napi::CallbackInfo &info);

  explicit MountObject(const Napi::CallbackInfo &info);

 private:
  using Deferred = Napi::Promise::Deferred;
  // What is to be done on the JavaScript thread.
  using Letter = std::function<void(Napi::Env)>;

  // The buffer is kept, because its bytes are read on another thread.
  struct Delivery {
    Deferred promise;
    Napi::ObjectReference buffer;
  };

  void Start(Napi::Env env, MountOptions options);
  // Nothing comes from the mount any more.
  void Finish(Napi::Env env);

  // deliver(image, chunk, buffer)
  Napi::Value Deliver(const Napi::CallbackInfo &info);
  // failChunk(image, chunk, errno)
  void FailChunk(const Napi::CallbackInfo &info);
  // failAll(errno)
  void FailAll(const Napi::CallbackInfo &info);
  // markPresent(image, first, count)
  void MarkPresent(const Napi::CallbackInfo &info);
  void LimitWait(const Napi::CallbackInfo &info);
  Napi::Value OpenHandles(const Napi::CallbackInfo &info);
  Napi::Value Statistics(const Napi::CallbackInfo &info);
  Napi::Value Unmount(const Napi::CallbackInfo &info);

  size_t ReadImage(const Napi::CallbackInfo &info) const;
  uint64_t ReadChunk(const Napi::CallbackInfo &info, size_t image) const;

  // On any thread.
  void Mounted() override;
  void MountFailed(MountFailure failure) override;
  void Missed(size_t image, const Miss &miss) override;
  void Delivered(uint64_t id, int error) override;
  void Ended(int error) override;
  void Unmounted(std::optional<std::string> problem) override;
  void Post(Letter letter);
  static void Open(napi_env env, napi_value, void *, void *letter);
  static void EnvironmentEnds(void *self);

  std::unique_ptr<chunkfs::Mount> mount_;
  napi_threadsafe_function to_javascript_ = nullptr;
  Napi::FunctionReference on_miss_;
  Napi::FunctionReference on_end_;
  std::optional<Deferred> mounting_;
  std::optional<Deferred> unmounting_;
  std::unordered_map<uint64_t, Delivery> deliveries_;
  uint64_t next_delivery_ = 0;
  bool finished_ = false;
};

}  // namespace chunkfs
