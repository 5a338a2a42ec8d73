#pragma once

#include <memory>
#include <utility>

#include "call.h"
#include "connection_core.h"
#include "failure.h"

// Promises what `body` answers, given a lease for as long as it runs; or, when the connection is
// closed or lost, the failure to enter.
template <class Enter, class Body>
Napi::Value PromiseLeased(Napi::Env env, Enter enter, Body body) {
  std::shared_ptr<Lease> lease;
  try {
    lease = enter();
  } catch (const Failure &failure) {
    return Promise(env, [failure]() -> Answer { throw failure; });
  }
  return Promise(env, [lease = std::move(lease), body = std::move(body)] { return body(*lease); });
}
