#include <napi.h>
#include <sys/file.h>

#include <cerrno>

namespace {

// Node.js has no flock. It never waits here, so it may be called on the JavaScript thread.
//
// lock(fd: number, exclusive: boolean): number
//   0 when the open file now has the lock, else the errno; EWOULDBLOCK when others have it. What
//   the open file held before is then lost (flock(2): a conversion gives the old lock up first).
Napi::Value Lock(const Napi::CallbackInfo &info) {
  const Napi::Env env = info.Env();
  if (info.Length() != 2 || !info[0].IsNumber() || !info[1].IsBoolean()) {
    Napi::TypeError::New(env, "lock(fd, exclusive)").ThrowAsJavaScriptException();
    return env.Undefined();
  }
  const int file = info[0].As<Napi::Number>().Int32Value();
  const int kind = info[1].As<Napi::Boolean>().Value() ? LOCK_EX : LOCK_SH;
  return Napi::Number::New(env, flock(file, kind | LOCK_NB) == 0 ? 0 : errno);
}

Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("lock", Napi::Function::New(env, Lock, "lock"));
  return exports;
}

}  // namespace

NODE_API_MODULE(locks, Initialize)
