#pragma once

#include <libvirt/libvirt.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <vector>

// libvirt's event loop, on a thread of its own.
//
// The loop that comes with libvirt runs GLib's default main context, which is the window's: on a
// thread of its own it would call the window's callbacks there (and crash), or never get a turn. So
// this is one of our own, by poll(2). Its thread runs while libvirt has anything registered, which
// is while a connection is open, and keeps no process alive.
//
// One for the process (libvirt takes one, for good), never destroyed.
class EventLoop {
 public:
  using Clock = std::chrono::steady_clock;

  static EventLoop &Get();

  // Makes it libvirt's loop; once, before any connection is opened.
  void Install();

  // Waits until everything that libvirt removed before has been given back (callbacks that were
  // running have returned, descriptors are closed), `limit` at most. Not on the loop's thread.
  void Settle(std::chrono::milliseconds limit);

  int AddHandle(int descriptor, int events, virEventHandleCallback callback, void *opaque,
                virFreeCallback free);
  void UpdateHandle(int watch, int events);
  int RemoveHandle(int watch);
  int AddTimer(int interval, virEventTimeoutCallback callback, void *opaque, virFreeCallback free);
  void UpdateTimer(int timer, int interval);
  int RemoveTimer(int timer);

 private:
  struct Handle {
    int descriptor;
    int events;  // virEventHandleType; 0 while libvirt does not want to hear of it
    virEventHandleCallback callback;
    void *opaque;
    virFreeCallback free;
  };
  struct Timer {
    int interval;  // milliseconds; negative while it is off
    Clock::time_point due;
    virEventTimeoutCallback callback;
    void *opaque;
    virFreeCallback free;
  };
  // What was removed: libvirt forbids to free it inside of the removal, and a callback may be
  // using it until the present turn is over.
  struct Removed {
    void *opaque;
    virFreeCallback free;
  };
  struct Ready {
    int watch;
    int descriptor;
    int events;
  };

  void Run();
  void WakeLocked();
  bool FreeRemoved(std::unique_lock<std::mutex> &lock);
  std::vector<Ready> Wait(std::unique_lock<std::mutex> &lock);
  void FireTimers(std::unique_lock<std::mutex> &lock);
  void FireHandles(std::unique_lock<std::mutex> &lock, const std::vector<Ready> &ready);
  int MillisecondsToNextTimer() const;

  std::mutex mutex_;
  std::condition_variable turned_;
  std::map<int, Handle> handles_;
  std::map<int, Timer> timers_;
  std::vector<Removed> removed_;
  int next_id_ = 1;
  bool running_ = false;
  int wake_descriptor_ = -1;  // while running
  unsigned long turns_ = 0;
};
