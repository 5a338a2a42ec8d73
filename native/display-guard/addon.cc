#include <napi.h>

#include <algorithm>

#include "guard.h"

namespace {

// connect(path: string, mostMotions: number): number
//   A new connection to the VNC server at this unix socket, which passes on so many motions of the
//   pointer in a second, or all if that is 0: a file descriptor that is the caller's, or -1 if
//   there are too many. Never waits.
Napi::Value Connect(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  if (info.Length() != 2 || !info[0].IsString() || !info[1].IsNumber()) {
    Napi::TypeError::New(env, "connect(path, mostMotions)").ThrowAsJavaScriptException();
    return env.Undefined();
  }
  const int mostMotions = std::max(0, info[1].As<Napi::Number>().Int32Value());
  return Napi::Number::New(env,
                           ConnectGuarded(info[0].As<Napi::String>().Utf8Value(), mostMotions));
}

Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("connect", Napi::Function::New(env, Connect, "connect"));
  return exports;
}

}  // namespace

NODE_API_MODULE(display_guard, Initialize)
