#include "call.h"

#include <libvirt/virterror.h>

#include <exception>
#include <optional>
#include <utility>

#include "addon.h"
#include "failure.h"
#include "mailbox.h"
#include "worker_pool.h"

namespace {

struct Outcome {
  Answer answer;
  std::optional<Failure> failure;
};

Outcome Perform(const Work &work) {
  virResetLastError();
  try {
    return {work(), std::nullopt};
  } catch (const Failure &failure) {
    return {nullptr, failure};
  } catch (const std::exception &error) {
    return {nullptr, Failure{VIR_ERR_INTERNAL_ERROR, VIR_FROM_NONE, error.what()}};
  }
}

void Settle(Napi::Env env, const Napi::Promise::Deferred &promise, const Outcome &outcome) {
  try {
    if (outcome.failure) {
      promise.Reject(outcome.failure->ToValue(env));
    } else {
      promise.Resolve(outcome.answer(env));
    }
  } catch (const Napi::Error &error) {
    promise.Reject(error.Value());
  }
}

}  // namespace

Napi::Value Promise(Napi::Env env, Work work) {
  const std::shared_ptr<Mailbox> mailbox = Addon::Of(env).mailbox;
  const auto promise = Napi::Promise::Deferred::New(env);
  mailbox->Hold(env);
  try {
    WorkerPool::Get().Run([mailbox, promise, work = std::move(work)]() mutable {
      Outcome outcome = Perform(work);
      work = nullptr;
      mailbox->Post([mailbox, promise, outcome = std::move(outcome)](Napi::Env env) {
        mailbox->Release(env);
        Settle(env, promise, outcome);
      });
    });
  } catch (const std::exception &error) {
    mailbox->Release(env);
    promise.Reject(Napi::Error::New(env, error.what()).Value());
  }
  return promise.Promise();
}

Answer Nothing() {
  return [](Napi::Env env) { return env.Undefined(); };
}

Answer Found(const std::string &text) {
  return [text](Napi::Env env) { return Napi::String::New(env, text); };
}

Answer Found(int number) {
  return [number](Napi::Env env) { return Napi::Number::New(env, number); };
}
