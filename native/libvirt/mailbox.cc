#include "mailbox.h"

#include <utility>

std::shared_ptr<Mailbox> Mailbox::Create(Napi::Env env) {
  const std::shared_ptr<Mailbox> mailbox(new Mailbox);
  const Napi::String name = Napi::String::New(env, "libvirt");
  const napi_status status =
      napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, nullptr,
                                      &Mailbox::Open, &mailbox->function_);
  if (status != napi_ok) throw Napi::Error::New(env);
  napi_unref_threadsafe_function(env, mailbox->function_);
  return mailbox;
}

void Mailbox::Post(Letter letter) {
  auto sealed = std::make_unique<Letter>(std::move(letter));
  // Under the lock, because Node frees the function soon after the environment's clean-up began.
  const std::lock_guard<std::mutex> lock(mutex_);
  if (function_ == nullptr) return;
  if (napi_call_threadsafe_function(function_, sealed.get(), napi_tsfn_nonblocking) == napi_ok)
    sealed.release();
}

void Mailbox::Hold(Napi::Env env) {
  if (held_++ == 0) napi_ref_threadsafe_function(env, function_);
}

void Mailbox::Release(Napi::Env env) {
  if (--held_ == 0) napi_unref_threadsafe_function(env, function_);
}

void Mailbox::Close() {
  const std::lock_guard<std::mutex> lock(mutex_);
  function_ = nullptr;
}

void Mailbox::Open(napi_env env, napi_value, void *, void *data) {
  const std::unique_ptr<Letter> letter(static_cast<Letter *>(data));
  if (env == nullptr) return;
  try {
    (*letter)(Napi::Env(env));
  } catch (const Napi::Error &) {
    // JavaScript cannot be run any more: the environment is being terminated. Listeners do not
    // throw, and a promise that cannot be settled has nobody who waits for it.
  }
}
