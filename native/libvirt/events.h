#pragma once

#include <libvirt/libvirt.h>
#include <napi.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

class ConnectionCore;
class Mailbox;

// Where the events of a connection go: to the JavaScript object with this number, if it is there.
struct EventSink {
  std::shared_ptr<Mailbox> mailbox;
  uint64_t connection;
};

// How JavaScript knows a domain.
struct DomainIdentity {
  std::string name;
  std::string uuid;

  static DomainIdentity Of(virDomainPtr domain);
};

// One event as data. Which fields mean something depends on the type.
struct Event {
  const char *type;  // lifecycle, reboot, io-error, closed
  DomainIdentity domain;
  int number = 0;      // lifecycle: virDomainEventType; io-error: action; closed: reason
  int detail = 0;      // lifecycle
  std::string path;    // io-error: of the image
  std::string device;  // io-error: alias of the disk
  std::string reason;  // io-error: "enospc", or empty

  // Whether the connection has ended with it.
  bool IsLast() const;
  Napi::Object ToObject(Napi::Env env) const;
};

// The callbacks that libvirt holds for one connection. Each holds a reference to it, so that they
// have to end before it closes.
class Subscriptions {
 public:
  // Throws Failure when libvirt cannot bring an event.
  void Begin(virConnectPtr connection, const std::shared_ptr<EventSink> &sink,
             const std::weak_ptr<ConnectionCore> &core);
  void End(virConnectPtr connection);

 private:
  void Add(virConnectPtr connection, int event, virConnectDomainEventGenericCallback callback,
           const std::shared_ptr<EventSink> &sink);

  std::vector<int> callbacks_;
  bool watches_close_ = false;
};
