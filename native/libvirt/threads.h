#pragma once

#include <csignal>
#include <functional>
#include <thread>

// Starts a thread that takes no signals (they belong to Node's main thread) and that nobody joins:
// it may sit in libvirt when the process ends. Throws std::system_error.
inline void StartDetachedThread(const std::function<void()> &body) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread(body).detach();
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}
