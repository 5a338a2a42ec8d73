#include <napi.h>

#include "guard.h"

namespace {

// connect(path: string): number
//   A new connection to the VNC server at this unix socket: a file descriptor that is the caller's,
//   or -1 if there are too many. Never waits.
Napi::Value Connect(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  if (info.Length() != 1 || !info[0].IsString()) {
    Napi::TypeError::New(env, "connect(path)").ThrowAsJavaScriptException();
    return env.Undefined();
  }
  return Napi::Number::New(env, ConnectGuarded(info[0].As<Napi::String>().Utf8Value()));
}

Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("connect", Napi::Function::New(env, Connect, "connect"));
  return exports;
}

}  // namespace

NODE_API_MODULE(display_guard, Initialize)
