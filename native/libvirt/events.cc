#include "events.h"

#include <string_view>
#include <utility>

#include "addon.h"
#include "connection.h"
#include "connection_core.h"
#include "failure.h"
#include "mailbox.h"

namespace {

constexpr char kClosed[] = "closed";

using SharedSink = std::shared_ptr<EventSink>;

// What libvirt hands to the callback for the end of a connection.
struct CloseWatch {
  SharedSink sink;
  std::weak_ptr<ConnectionCore> core;
};

template <class Kept>
void Free(void *opaque) {
  delete static_cast<Kept *>(opaque);
}

std::string TextOf(const char *text) { return text == nullptr ? "" : text; }

Event EventOf(const char *type, virDomainPtr domain) {
  Event event;
  event.type = type;
  event.domain = DomainIdentity::Of(domain);
  return event;
}

void Send(const EventSink &sink, const Event &event) {
  sink.mailbox->Post([number = sink.connection, event](Napi::Env env) {
    const auto &connections = Addon::Of(env).registry->connections;
    const auto found = connections.find(number);
    if (found != connections.end()) found->second->Emit(event);
  });
}

// These four run on the thread of the event loop.

int OnLifecycle(virConnectPtr, virDomainPtr domain, int number, int detail, void *opaque) {
  Event event = EventOf("lifecycle", domain);
  event.number = number;
  event.detail = detail;
  Send(**static_cast<SharedSink *>(opaque), event);
  return 0;
}

void OnReboot(virConnectPtr, virDomainPtr domain, void *opaque) {
  Send(**static_cast<SharedSink *>(opaque), EventOf("reboot", domain));
}

void OnIoError(virConnectPtr, virDomainPtr domain, const char *path, const char *device, int action,
               const char *reason, void *opaque) {
  Event event = EventOf("io-error", domain);
  event.number = action;
  event.path = TextOf(path);
  event.device = TextOf(device);
  event.reason = TextOf(reason);
  Send(**static_cast<SharedSink *>(opaque), event);
}

const char *CloseReason(int reason) {
  switch (reason) {
    case VIR_CONNECT_CLOSE_REASON_EOF:
      return "its daemon ended";
    case VIR_CONNECT_CLOSE_REASON_KEEPALIVE:
      return "its daemon did not answer";
    default:
      return "an input/output error";
  }
}

void OnClose(virConnectPtr, int reason, void *opaque) {
  const auto *watch = static_cast<CloseWatch *>(opaque);
  if (const std::shared_ptr<ConnectionCore> core = watch->core.lock())
    core->SetLost(CloseReason(reason));
  Event event;
  event.type = kClosed;
  event.number = reason;
  Send(*watch->sink, event);
}

}  // namespace

DomainIdentity DomainIdentity::Of(virDomainPtr domain) {
  char uuid[VIR_UUID_STRING_BUFLEN] = "";
  virDomainGetUUIDString(domain, uuid);
  return {TextOf(virDomainGetName(domain)), uuid};
}

bool Event::IsLast() const { return std::string_view(type) == kClosed; }

Napi::Object Event::ToObject(Napi::Env env) const {
  Napi::Object object = Napi::Object::New(env);
  object.Set("type", type);
  object.Set("name", domain.name);
  object.Set("uuid", domain.uuid);
  object.Set("number", number);
  object.Set("detail", detail);
  object.Set("path", path);
  object.Set("device", device);
  object.Set("reason", reason);
  return object;
}

void Subscriptions::Begin(virConnectPtr connection, const SharedSink &sink,
                          const std::weak_ptr<ConnectionCore> &core) {
  auto watch = std::make_unique<CloseWatch>(CloseWatch{sink, core});
  if (virConnectRegisterCloseCallback(connection, OnClose, watch.get(), Free<CloseWatch>) < 0)
    throw Failure::OfThisThread();
  watch.release();
  watches_close_ = true;
  Add(connection, VIR_DOMAIN_EVENT_ID_LIFECYCLE, VIR_DOMAIN_EVENT_CALLBACK(OnLifecycle), sink);
  Add(connection, VIR_DOMAIN_EVENT_ID_REBOOT, VIR_DOMAIN_EVENT_CALLBACK(OnReboot), sink);
  Add(connection, VIR_DOMAIN_EVENT_ID_IO_ERROR_REASON, VIR_DOMAIN_EVENT_CALLBACK(OnIoError), sink);
}

void Subscriptions::Add(virConnectPtr connection, int event,
                        virConnectDomainEventGenericCallback callback, const SharedSink &sink) {
  auto kept = std::make_unique<SharedSink>(sink);
  const int number = virConnectDomainEventRegisterAny(connection, nullptr, event, callback,
                                                      kept.get(), Free<SharedSink>);
  if (number < 0) throw Failure::OfThisThread();
  kept.release();
  callbacks_.push_back(number);
}

// Also after the other side has gone: libvirt then reports failures, but lets go of the callbacks.
void Subscriptions::End(virConnectPtr connection) {
  for (const int number : std::exchange(callbacks_, {}))
    virConnectDomainEventDeregisterAny(connection, number);
  if (std::exchange(watches_close_, false)) virConnectUnregisterCloseCallback(connection, OnClose);
}
