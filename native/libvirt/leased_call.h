#pragma once

#include <memory>
#include <utility>

#include "call.h"
#include "connection_core.h"
#include "failure.h"

// Promises what `body` answers, called with a connection of its own; or, when the connection is
// closed or lost, that failure.
template <class Body>
Napi::Value PromiseLeased(Napi::Env env, const std::shared_ptr<ConnectionCore> &core, Body body) {
  std::shared_ptr<Lease> lease;
  try {
    lease = core->Enter();
  } catch (const Failure &failure) {
    return Promise(env, [failure]() -> Answer { throw failure; });
  }
  return Promise(env, [lease = std::move(lease), body = std::move(body)]() -> Answer {
    return body(lease->Connect());
  });
}
