#pragma once

#include <napi.h>

namespace chunkfs {

// A promise that is handed out more than once. A deferred knows its promise only by a handle, which
// is valid until the call ends that made it.
class LastingPromise {
 public:
  explicit LastingPromise(Napi::Env env)
      : deferred_(env), promise_(Napi::Persistent(deferred_.Promise().As<Napi::Object>())) {}

  Napi::Value Promise() const { return promise_.Value(); }
  void Resolve(napi_value value) const { deferred_.Resolve(value); }
  void Reject(napi_value value) const { deferred_.Reject(value); }

 private:
  Napi::Promise::Deferred deferred_;
  Napi::ObjectReference promise_;
};

}  // namespace chunkfs
