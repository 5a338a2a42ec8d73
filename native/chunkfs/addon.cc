#include <napi.h>

#include "mount_object.h"

namespace {

Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(
      new Napi::FunctionReference(Napi::Persistent(chunkfs::MountObject::Class(env))));
  exports.Set("mount", Napi::Function::New(env, chunkfs::MountObject::Mount, "mount"));
  return exports;
}

}  // namespace

NODE_API_MODULE(chunkfs, Initialize)
