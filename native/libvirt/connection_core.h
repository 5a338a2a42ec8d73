#pragma once

#include <libvirt/libvirt.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "events.h"

class ConnectionCore;

// What one call holds while it is under way: a connection to libvirt that no other thread uses.
// Closing waits for leases, for a while.
class Lease {
 public:
  explicit Lease(std::shared_ptr<ConnectionCore> core);
  ~Lease();
  Lease(const Lease &) = delete;
  Lease &operator=(const Lease &) = delete;

  // The connection, opened if need be. Blocks. Throws Failure.
  virConnectPtr Connect();

 private:
  const std::shared_ptr<ConnectionCore> core_;
  virConnectPtr line_ = nullptr;
};

// A connection as JavaScript knows it: in truth one to libvirt for the events, and one, a line, for
// each call under way. libvirt before 10.0 loses a wake-up now and then when two threads share a
// connection (one call in some hundreds): the second call then waits until something else happens
// there. The daemon also serves only five calls of a connection at a time.
//
// Lines stay open until the end, because domains made with autodestroy live as long as the line on
// which they were made.
class ConnectionCore : public std::enable_shared_from_this<ConnectionCore> {
 public:
  // Connects and subscribes to the events, which go to `sink`. Blocks. Throws Failure.
  static std::shared_ptr<ConnectionCore> Open(const std::string &uri,
                                              const std::shared_ptr<EventSink> &sink);

  // Starts a call, on any thread. Throws Failure when the connection is closed or lost.
  std::shared_ptr<Lease> Enter();

  // No call starts from now on. Returns whether this was the first time.
  bool Shut();

  // After Shut, once. Waits for the calls under way, `patience` at most, and closes. Blocks.
  // Returns how many references to libvirt's connections are left: normally none; else at least one
  // for each call that is still under way, which closes its line when it ends.
  int Close(std::chrono::milliseconds patience);

  // The other side has gone.
  void SetLost(const std::string &reason);

 private:
  friend class Lease;

  ConnectionCore(std::string uri, virConnectPtr watch);

  virConnectPtr TakeLine();
  void Leave(virConnectPtr line);

  const std::string uri_;
  const virConnectPtr watch_;  // for the events
  Subscriptions subscriptions_;

  std::mutex mutex_;
  std::condition_variable left_;
  std::vector<virConnectPtr> idle_lines_;
  int calls_ = 0;
  bool shut_ = false;
  bool closed_ = false;
  std::string lost_;  // why, or empty
};
