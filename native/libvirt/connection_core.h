#pragma once

#include <libvirt/libvirt.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "events.h"

class ConnectionCore;

// A domain as JavaScript holds it. libvirt's handle is freed with the JavaScript object or when the
// connection closes, whichever comes first: every handle holds a reference to the connection.
class DomainHandle {
 public:
  DomainHandle(std::shared_ptr<ConnectionCore> core, virDomainPtr domain);
  ~DomainHandle();
  DomainHandle(const DomainHandle &) = delete;
  DomainHandle &operator=(const DomainHandle &) = delete;

  const std::shared_ptr<ConnectionCore> core;
  const std::string name;
  const std::string uuid;

 private:
  friend class ConnectionCore;
  virDomainPtr domain_;  // guarded by the core's mutex; null once the connection closed
};

// What one call needs while it is under way: references of its own to the connection and, for calls
// on a domain, to the domain. Closing the connection waits for leases, for a while.
class Lease {
 public:
  Lease(std::shared_ptr<ConnectionCore> core, virConnectPtr connection, virDomainPtr domain);
  ~Lease();
  Lease(const Lease &) = delete;
  Lease &operator=(const Lease &) = delete;

  const std::shared_ptr<ConnectionCore> core;
  const virConnectPtr connection;
  const virDomainPtr domain;
};

// One connection to libvirt, shared by the JavaScript object, its domains and the calls under way.
class ConnectionCore : public std::enable_shared_from_this<ConnectionCore> {
 public:
  // Connects and subscribes to the events, which go to `sink`. Blocks. Throws Failure.
  static std::shared_ptr<ConnectionCore> Open(const std::string &uri,
                                              const std::shared_ptr<EventSink> &sink);
  ~ConnectionCore();

  // Starts a call, on any thread. Throws Failure when the connection is closed or lost.
  std::shared_ptr<Lease> Enter();
  std::shared_ptr<Lease> Enter(const DomainHandle &handle);

  // Takes over a domain that a call brought. One that comes after Close is freed at once: no call
  // can use it.
  std::shared_ptr<DomainHandle> Adopt(virDomainPtr domain);

  // No call starts from now on. Returns whether this was the first time.
  bool Shut();

  // After Shut. Waits for the calls under way, `patience` at most, gives everything back and
  // closes. Blocks. Returns how many references to the connection are left: those of the calls that
  // are still under way, which close it when they end.
  int Close(std::chrono::milliseconds patience);

  // The other side has gone.
  void SetLost(const std::string &reason);

 private:
  friend class Lease;
  friend class DomainHandle;

  explicit ConnectionCore(virConnectPtr connection) : connection_(connection) {}

  void CheckUsableLocked() const;
  void Leave();
  void FreeDomains();

  const virConnectPtr connection_;
  Subscriptions subscriptions_;

  std::mutex mutex_;
  std::condition_variable idle_;
  size_t calls_ = 0;
  bool shut_ = false;
  bool closed_ = false;
  std::string lost_;  // why, or empty
  std::set<DomainHandle *> domains_;
};
