#pragma once

#include <napi.h>

#include <functional>
#include <memory>
#include <mutex>

// The way from other threads to the JavaScript thread of one environment. Letters are opened there
// in the order in which they were posted. Outlives its environment: threads that come late find it
// closed and their letter is dropped.
class Mailbox {
 public:
  using Letter = std::function<void(Napi::Env)>;

  static std::shared_ptr<Mailbox> Create(Napi::Env env);

  // Any thread. A letter must hold no JavaScript references: it may be dropped on any thread.
  void Post(Letter letter);

  // JavaScript thread: between Hold and Release the environment's loop has something to wait for.
  void Hold(Napi::Env env);
  void Release(Napi::Env env);

  // JavaScript thread, when the environment ends.
  void Close();

 private:
  Mailbox() = default;

  static void Open(napi_env env, napi_value, void *, void *letter);

  std::mutex mutex_;
  napi_threadsafe_function function_ = nullptr;  // null once closed
  size_t held_ = 0;                              // JavaScript thread only
};
