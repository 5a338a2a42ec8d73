#pragma once

#include <napi.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>

#include "lasting_promise.h"
#include "mount.h"

namespace chunkfs {

// A mount as JavaScript sees it. Keeps itself and the event loop alive until it is unmounted; when
// its environment ends first, unmounts and waits for that.
class MountObject : public Napi::ObjectWrap<MountObject>, public MountEvents {
 public:
  static Napi::Function Class(Napi::Env env);

  // mount(options, {onMiss, onMark, onStoreFailed, onEnd}): a promise of the mounted object.
  static Napi::Value Mount(const Napi::CallbackInfo &info);

  explicit MountObject(const Napi::CallbackInfo &info);

 private:
  using Deferred = Napi::Promise::Deferred;
  // What is to be done on the JavaScript thread.
  using Letter = std::function<void(Napi::Env)>;

  void Start(Napi::Env env, MountOptions options);
  // Nothing comes from the mount any more.
  void Finish(Napi::Env env);

  // deliver(image, offset, bytes): null, or a promise that is resolved when more may come
  Napi::Value Deliver(const Napi::CallbackInfo &info);
  // failChunk(image, chunk, errno)
  void FailChunk(const Napi::CallbackInfo &info);
  // failAll(errno)
  void FailAll(const Napi::CallbackInfo &info);
  // wake(image, first, count)
  void Wake(const Napi::CallbackInfo &info);
  // isPresent(image, chunk)
  Napi::Value IsPresent(const Napi::CallbackInfo &info);
  // release(image, first, count)
  void Release(const Napi::CallbackInfo &info);
  // mark(image, chunk)
  void Mark(const Napi::CallbackInfo &info);
  // setCaching(on)
  void SetCaching(const Napi::CallbackInfo &info);
  // takeTouches(image): a Float64Array of pairs, the chunk and the microseconds since the mount
  Napi::Value TakeTouches(const Napi::CallbackInfo &info);
  // takeChanges(image, anew): a Uint32Array of runs
  Napi::Value TakeChanges(const Napi::CallbackInfo &info);
  void LimitWait(const Napi::CallbackInfo &info);
  // claim(image, first, count, steal)
  Napi::Value Claim(const Napi::CallbackInfo &info);
  // compare(image): a promise
  Napi::Value Compare(const Napi::CallbackInfo &info);
  // forgetAll(image): a promise
  Napi::Value ForgetAll(const Napi::CallbackInfo &info);
  Napi::Value StoringBytes(const Napi::CallbackInfo &info);
  Napi::Value Sync(const Napi::CallbackInfo &info);
  Napi::Value OpenHandles(const Napi::CallbackInfo &info);
  Napi::Value Statistics(const Napi::CallbackInfo &info);
  Napi::Value Unmount(const Napi::CallbackInfo &info);

  // A promise of what `ask` asks the mount for; refused after the end.
  Napi::Value Ask(Napi::Env env, const std::function<void(uint64_t id)> &ask);

  size_t ReadImage(const Napi::CallbackInfo &info) const;
  uint64_t ReadChunk(const Napi::CallbackInfo &info, size_t image) const;
  ServedImage &ImageOf(const Napi::CallbackInfo &info) const;

  // On any thread.
  void Mounted() override;
  void MountFailed(MountFailure failure) override;
  void Missed(size_t image, const Miss &miss) override;
  void MarkReached(size_t image, uint64_t chunk) override;
  void StoreFailed(size_t image, uint64_t chunk, int error) override;
  void Relieved() override;
  void Done(uint64_t id, int error) override;
  void Ended(int error) override;
  void Unmounted(std::optional<std::string> problem) override;
  void Post(Letter letter);
  static void Call(const Napi::FunctionReference &function,
                   std::initializer_list<uint64_t> numbers);
  static void Open(napi_env env, napi_value, void *, void *letter);
  static void EnvironmentEnds(void *self);

  std::unique_ptr<chunkfs::Mount> mount_;
  napi_threadsafe_function to_javascript_ = nullptr;
  Napi::FunctionReference on_miss_;
  Napi::FunctionReference on_mark_;
  Napi::FunctionReference on_store_failed_;
  Napi::FunctionReference on_end_;
  std::optional<Deferred> mounting_;
  std::optional<LastingPromise> unmounting_;
  // Of the deliveries that wait for room.
  std::optional<LastingPromise> relief_;
  // What the mount was asked to do and has not done yet.
  std::unordered_map<uint64_t, Deferred> asked_for_;
  uint64_t next_id_ = 0;
  bool finished_ = false;
};

}  // namespace chunkfs
