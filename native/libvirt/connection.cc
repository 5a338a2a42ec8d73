#include "connection.h"

#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "addon.h"
#include "arguments.h"
#include "connection_core.h"
#include "domain.h"
#include "leased_call.h"
#include "mailbox.h"
#include "owned.h"

namespace {

Answer FoundDomain(const std::shared_ptr<ConnectionCore> &core, const OwnedDomain &domain) {
  return [core, identity = DomainIdentity::Of(domain.get())](Napi::Env env) {
    return Domain::Wrap(env, core, identity);
  };
}

// What libvirt is asked about: which emulator, for which machine. Empty: libvirt's default.
struct Emulation {
  std::string emulator;
  std::string arch;
  std::string machine;
  std::string virt_type;

  Emulation(const Napi::CallbackInfo &info, size_t first)
      : emulator(OptionalText(info, first)),
        arch(OptionalText(info, first + 1)),
        machine(OptionalText(info, first + 2)),
        virt_type(OptionalText(info, first + 3)) {}
};

uint64_t NewNumber() {
  static std::atomic<uint64_t> last{0};
  return ++last;
}

}  // namespace

Napi::Function Connection::Class(Napi::Env env) {
  return DefineClass(env, "Connection",
                     {
                         InstanceMethod<&Connection::Listen>("listen"),
                         InstanceMethod<&Connection::Unlisten>("unlisten"),
                         InstanceMethod<&Connection::CreateDomain>("createDomain"),
                         InstanceMethod<&Connection::LookupDomain>("lookupDomain"),
                         InstanceMethod<&Connection::ListDomains>("listDomains"),
                         InstanceMethod<&Connection::Version>("version"),
                         InstanceMethod<&Connection::Capabilities>("capabilities"),
                         InstanceMethod<&Connection::DomainCapabilities>("domainCapabilities"),
                         InstanceMethod<&Connection::CompareCpu>("compareCpu"),
                         InstanceMethod<&Connection::Close>("close"),
                     });
}

Napi::Value Connection::Open(const Napi::CallbackInfo &info) {
  const std::string uri = Text(info, 0);
  // libvirt would take an empty one for "whatever LIBVIRT_DEFAULT_URI says".
  if (uri.empty()) throw Napi::TypeError::New(info.Env(), "an address is missing");
  const auto sink =
      std::make_shared<EventSink>(EventSink{Addon::Of(info.Env()).mailbox, NewNumber()});
  return Promise(info.Env(), [uri, sink]() -> Answer {
    return [opened = ConnectionCore::Open(uri, sink), number = sink->connection](Napi::Env env) {
      std::shared_ptr<ConnectionCore> core = opened;
      return Addon::Of(env).connection_class.New(
          {Napi::External<std::shared_ptr<ConnectionCore>>::New(env, &core),
           Napi::Number::New(env, static_cast<double>(number))});
    };
  });
}

Connection::Connection(const Napi::CallbackInfo &info) : ObjectWrap(info) {
  if (!info[0].IsExternal()) throw Napi::TypeError::New(info.Env(), "connections are made by open");
  core_ = *info[0].As<Napi::External<std::shared_ptr<ConnectionCore>>>().Data();
  number_ = static_cast<uint64_t>(info[1].As<Napi::Number>().Int64Value());
  registry_ = Addon::Of(info.Env()).registry;
  registry_->connections[number_] = this;
}

Connection::~Connection() {
  if (registry_ != nullptr) registry_->connections.erase(number_);
}

void Connection::Emit(const Event &event) {
  if (listener_.IsEmpty()) return;
  const Napi::Function listener = listener_.Value();
  if (event.IsLast()) StopListening();
  listener.Call({event.ToObject(Env())});
}

void Connection::Listen(const Napi::CallbackInfo &info) {
  StopListening();
  listener_ = Napi::Persistent(info[0].As<Napi::Function>());
  Addon::Of(Env()).mailbox->Hold(Env());
}

void Connection::Unlisten(const Napi::CallbackInfo &) { StopListening(); }

void Connection::StopListening() {
  if (listener_.IsEmpty()) return;
  listener_.Reset();
  Addon::Of(Env()).mailbox->Release(Env());
}

Napi::Value Connection::CreateDomain(const Napi::CallbackInfo &info) {
  const unsigned flags = FlagBit(info, 1, VIR_DOMAIN_START_PAUSED) |
                         FlagBit(info, 2, VIR_DOMAIN_START_AUTODESTROY) |
                         FlagBit(info, 3, VIR_DOMAIN_START_VALIDATE);
  const auto create = [core = core_, xml = Text(info, 0), flags](virConnectPtr connection) {
    return FoundDomain(core, TakeDomain(virDomainCreateXML(connection, xml.c_str(), flags)));
  };
  return PromiseLeased(info.Env(), core_, create);
}

Napi::Value Connection::LookupDomain(const Napi::CallbackInfo &info) {
  const auto lookup = [core = core_, name = Text(info, 0)](virConnectPtr connection) {
    return FoundDomain(core, TakeDomain(virDomainLookupByName(connection, name.c_str())));
  };
  return PromiseLeased(info.Env(), core_, lookup);
}

Napi::Value Connection::ListDomains(const Napi::CallbackInfo &info) {
  const auto list = [core = core_](virConnectPtr connection) -> Answer {
    virDomainPtr *domains = nullptr;
    const int count = Check(virConnectListAllDomains(connection, &domains, 0));
    const Owned<virDomainPtr> array(domains);
    std::vector<DomainIdentity> identities;
    for (int index = 0; index < count; ++index)
      identities.push_back(DomainIdentity::Of(OwnedDomain(domains[index]).get()));
    return [core, identities](Napi::Env env) {
      Napi::Array array = Napi::Array::New(env, identities.size());
      for (uint32_t index = 0; index < identities.size(); ++index)
        array.Set(index, Domain::Wrap(env, core, identities[index]));
      return array;
    };
  };
  return PromiseLeased(info.Env(), core_, list);
}

Napi::Value Connection::Version(const Napi::CallbackInfo &info) {
  const auto ask = [](virConnectPtr connection) {
    unsigned long version = 0;
    Check(virConnectGetLibVersion(connection, &version));
    return Found(static_cast<int>(version));
  };
  return PromiseLeased(info.Env(), core_, ask);
}

Napi::Value Connection::Capabilities(const Napi::CallbackInfo &info) {
  const auto ask = [](virConnectPtr connection) {
    return Found(TakeText(virConnectGetCapabilities(connection)));
  };
  return PromiseLeased(info.Env(), core_, ask);
}

Napi::Value Connection::DomainCapabilities(const Napi::CallbackInfo &info) {
  const auto ask = [about = Emulation(info, 0)](virConnectPtr connection) {
    return Found(TakeText(virConnectGetDomainCapabilities(connection, OrNull(about.emulator),
                                                          OrNull(about.arch), OrNull(about.machine),
                                                          OrNull(about.virt_type), 0)));
  };
  return PromiseLeased(info.Env(), core_, ask);
}

Napi::Value Connection::CompareCpu(const Napi::CallbackInfo &info) {
  const auto compare = [xml = Text(info, 0), about = Emulation(info, 1)](virConnectPtr connection) {
    return Found(Check(virConnectCompareHypervisorCPU(connection, OrNull(about.emulator),
                                                      OrNull(about.arch), OrNull(about.machine),
                                                      OrNull(about.virt_type), xml.c_str(), 0)));
  };
  return PromiseLeased(info.Env(), core_, compare);
}

Napi::Value Connection::Close(const Napi::CallbackInfo &info) {
  const std::chrono::milliseconds patience(Integer(info, 0));
  registry_->connections.erase(number_);
  StopListening();
  if (!core_->Shut()) {
    return Promise(info.Env(), []() -> Answer {
      throw Failure::ConnectionGone("the connection to libvirt has been closed");
    });
  }
  return Promise(info.Env(), [core = core_, patience] { return Found(core->Close(patience)); });
}
