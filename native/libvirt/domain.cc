#include "domain.h"

#include <libvirt/libvirt-qemu.h>

#include <string>
#include <utility>
#include <vector>

#include "addon.h"
#include "arguments.h"
#include "connection_core.h"
#include "leased_call.h"
#include "owned.h"
#include "screenshot.h"

namespace {

using Counters = std::vector<std::pair<std::string, double>>;

// A typed parameter list that libvirt filled. Counters that are not 64-bit integers are left out:
// none of block statistics is.
class Parameters {
 public:
  explicit Parameters(int count) : values_(static_cast<size_t>(count)) {}
  ~Parameters() { virTypedParamsClear(values_.data(), static_cast<int>(values_.size())); }
  Parameters(const Parameters &) = delete;
  Parameters &operator=(const Parameters &) = delete;

  virTypedParameterPtr data() { return values_.data(); }

  Counters First(int count) const {
    Counters counters;
    for (int index = 0; index < count; ++index) {
      const virTypedParameter &value = values_[static_cast<size_t>(index)];
      if (value.type == VIR_TYPED_PARAM_LLONG)
        counters.emplace_back(value.field, static_cast<double>(value.value.l));
      if (value.type == VIR_TYPED_PARAM_ULLONG)
        counters.emplace_back(value.field, static_cast<double>(value.value.ul));
    }
    return counters;
  }

 private:
  std::vector<virTypedParameter> values_;
};

Counters BlockCounters(virDomainPtr domain, const char *disk) {
  int count = 0;
  Check(virDomainBlockStatsFlags(domain, disk, nullptr, &count, 0));
  Parameters parameters(count);
  Check(virDomainBlockStatsFlags(domain, disk, parameters.data(), &count, 0));
  return parameters.First(count);
}

}  // namespace

Napi::Function Domain::Class(Napi::Env env) {
  return DefineClass(env, "Domain",
                     {
                         InstanceMethod<&Domain::State>("state"),
                         InstanceMethod<&Domain::Xml>("xml"),
                         InstanceMethod<&Domain::InactiveXml>("inactiveXml"),
                         InstanceMethod<&Domain::Destroy>("destroy"),
                         InstanceMethod<&Domain::Shutdown>("shutdown"),
                         InstanceMethod<&Domain::Reset>("reset"),
                         InstanceMethod<&Domain::Suspend>("suspend"),
                         InstanceMethod<&Domain::Resume>("resume"),
                         InstanceMethod<&Domain::Save>("save"),
                         InstanceMethod<&Domain::ManagedSave>("managedSave"),
                         InstanceMethod<&Domain::HasManagedSave>("hasManagedSave"),
                         InstanceMethod<&Domain::AbortJob>("abortJob"),
                         InstanceMethod<&Domain::MonitorCommand>("monitorCommand"),
                         InstanceMethod<&Domain::BlockStatistics>("blockStatistics"),
                         InstanceMethod<&Domain::Screenshot>("screenshot"),
                     });
}

Napi::Value Domain::Wrap(Napi::Env env, std::shared_ptr<ConnectionCore> core,
                         const DomainIdentity &identity) {
  return Addon::Of(env).domain_class.New(
      {Napi::External<std::shared_ptr<ConnectionCore>>::New(env, &core),
       Napi::String::New(env, identity.name), Napi::String::New(env, identity.uuid)});
}

Domain::Domain(const Napi::CallbackInfo &info) : ObjectWrap(info) {
  if (!info[0].IsExternal())
    throw Napi::TypeError::New(info.Env(), "domains are made by a connection");
  core_ = *info[0].As<Napi::External<std::shared_ptr<ConnectionCore>>>().Data();
  uuid_ = Text(info, 2);
  Value().Set("name", info[1]);
  Value().Set("uuid", info[2]);
}

template <class Body>
Napi::Value Domain::Call(const Napi::CallbackInfo &info, Body body) {
  const auto call = [uuid = uuid_, body = std::move(body)](virConnectPtr connection) -> Answer {
    const OwnedDomain domain = TakeDomain(virDomainLookupByUUIDString(connection, uuid.c_str()));
    return body(domain.get());
  };
  return PromiseLeased(info.Env(), core_, call);
}

Napi::Value Domain::State(const Napi::CallbackInfo &info) {
  return Call(info, [](virDomainPtr domain) -> Answer {
    int state = 0;
    int reason = 0;
    Check(virDomainGetState(domain, &state, &reason, 0));
    return [state, reason](Napi::Env env) {
      Napi::Array pair = Napi::Array::New(env, 2);
      pair.Set(0U, state);
      pair.Set(1U, reason);
      return pair;
    };
  });
}

Napi::Value Domain::Xml(const Napi::CallbackInfo &info) {
  return Call(info,
              [](virDomainPtr domain) { return Found(TakeText(virDomainGetXMLDesc(domain, 0))); });
}

Napi::Value Domain::InactiveXml(const Napi::CallbackInfo &info) {
  return Call(info, [](virDomainPtr domain) {
    return Found(TakeText(virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE)));
  });
}

Napi::Value Domain::Destroy(const Napi::CallbackInfo &info) {
  return Call(info, [](virDomainPtr domain) {
    Check(virDomainDestroy(domain));
    return Nothing();
  });
}

Napi::Value Domain::Shutdown(const Napi::CallbackInfo &info) {
  return Call(info, [](virDomainPtr domain) {
    Check(virDomainShutdownFlags(domain, VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN));
    return Nothing();
  });
}

Napi::Value Domain::Reset(const Napi::CallbackInfo &info) {
  return Call(info, [](virDomainPtr domain) {
    Check(virDomainReset(domain, 0));
    return Nothing();
  });
}

Napi::Value Domain::Suspend(const Napi::CallbackInfo &info) {
  return Call(info, [](virDomainPtr domain) {
    Check(virDomainSuspend(domain));
    return Nothing();
  });
}

Napi::Value Domain::Resume(const Napi::CallbackInfo &info) {
  return Call(info, [](virDomainPtr domain) {
    Check(virDomainResume(domain));
    return Nothing();
  });
}

Napi::Value Domain::Save(const Napi::CallbackInfo &info) {
  return Call(info, [path = Text(info, 0)](virDomainPtr domain) {
    Check(virDomainSave(domain, path.c_str()));
    return Nothing();
  });
}

Napi::Value Domain::ManagedSave(const Napi::CallbackInfo &info) {
  return Call(info, [](virDomainPtr domain) {
    Check(virDomainManagedSave(domain, 0));
    return Nothing();
  });
}

Napi::Value Domain::HasManagedSave(const Napi::CallbackInfo &info) {
  return Call(info, [](virDomainPtr domain) {
    return Found(Check(virDomainHasManagedSaveImage(domain, 0)));
  });
}

Napi::Value Domain::AbortJob(const Napi::CallbackInfo &info) {
  return Call(info, [](virDomainPtr domain) {
    Check(virDomainAbortJob(domain));
    return Nothing();
  });
}

Napi::Value Domain::MonitorCommand(const Napi::CallbackInfo &info) {
  return Call(info, [command = Text(info, 0)](virDomainPtr domain) {
    char *reply = nullptr;
    Check(virDomainQemuMonitorCommand(domain, command.c_str(), &reply, 0));
    return Found(TakeText(reply));
  });
}

Napi::Value Domain::BlockStatistics(const Napi::CallbackInfo &info) {
  return Call(info, [disk = Text(info, 0)](virDomainPtr domain) -> Answer {
    return [counters = BlockCounters(domain, disk.c_str())](Napi::Env env) {
      Napi::Object object = Napi::Object::New(env);
      for (const auto &[name, value] : counters) object.Set(name, value);
      return object;
    };
  });
}

Napi::Value Domain::Screenshot(const Napi::CallbackInfo &info) {
  return Call(info, [screen = Integer(info, 0)](virDomainPtr domain) {
    return TakeScreenshot(domain, static_cast<unsigned>(screen));
  });
}
