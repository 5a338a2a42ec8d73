#include "failure.h"

#include <libvirt/virterror.h>

Failure Failure::OfThisThread() {
  virErrorPtr error = virGetLastError();
  if (error == nullptr || error->code == VIR_ERR_OK) {
    return {VIR_ERR_INTERNAL_ERROR, VIR_FROM_NONE, "libvirt reported no reason"};
  }
  return {error->code, error->domain, error->message == nullptr ? "" : error->message};
}

Failure Failure::ConnectionGone(const std::string &message) {
  return {VIR_ERR_INVALID_CONN, VIR_FROM_RPC, message};
}

Napi::Value Failure::ToValue(Napi::Env env) const {
  const Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::Number::New(env, code));
  error.Set("domain", Napi::Number::New(env, domain));
  return error.Value();
}
