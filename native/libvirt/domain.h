#pragma once

#include <napi.h>

#include <memory>
#include <string>

#include "events.h"

class ConnectionCore;

// A domain as JavaScript sees it: name and uuid are plain properties, every method returns a
// promise. It holds nothing of libvirt: each call looks the domain up by its UUID.
class Domain : public Napi::ObjectWrap<Domain> {
 public:
  static Napi::Function Class(Napi::Env env);
  static Napi::Value Wrap(Napi::Env env, std::shared_ptr<ConnectionCore> core,
                          const DomainIdentity &identity);

  // Only from native code: takes an External of the shared core, name and uuid.
  explicit Domain(const Napi::CallbackInfo &info);

 private:
  // Resolves to [state, reason] (virDomainState and the enumeration of that state).
  Napi::Value State(const Napi::CallbackInfo &info);
  Napi::Value Xml(const Napi::CallbackInfo &info);
  Napi::Value InactiveXml(const Napi::CallbackInfo &info);
  Napi::Value Destroy(const Napi::CallbackInfo &info);
  Napi::Value Shutdown(const Napi::CallbackInfo &info);
  Napi::Value Reset(const Napi::CallbackInfo &info);
  Napi::Value Suspend(const Napi::CallbackInfo &info);
  Napi::Value Resume(const Napi::CallbackInfo &info);
  // save(path)
  Napi::Value Save(const Napi::CallbackInfo &info);
  Napi::Value ManagedSave(const Napi::CallbackInfo &info);
  // Resolves to 1 where libvirt keeps a managed save, else to 0.
  Napi::Value HasManagedSave(const Napi::CallbackInfo &info);
  Napi::Value AbortJob(const Napi::CallbackInfo &info);
  // monitorCommand(json): resolves to the reply, JSON, whether QEMU obeyed or not
  Napi::Value MonitorCommand(const Napi::CallbackInfo &info);
  // blockStatistics(disk): resolves to an object by libvirt's names
  Napi::Value BlockStatistics(const Napi::CallbackInfo &info);
  // screenshot(screen): resolves to { mimeType, data }
  Napi::Value Screenshot(const Napi::CallbackInfo &info);

  template <class Body>
  Napi::Value Call(const Napi::CallbackInfo &info, Body body);

  std::shared_ptr<ConnectionCore> core_;
  std::string uuid_;
};
