#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>

#include "events.h"

class ConnectionCore;
struct Registry;

// A connection as JavaScript sees it. Every method but listen and unlisten returns a promise.
class Connection : public Napi::ObjectWrap<Connection> {
 public:
  static Napi::Function Class(Napi::Env env);

  // The function open(uri) of the addon.
  static Napi::Value Open(const Napi::CallbackInfo &info);

  // Only from native code: takes an External of the shared core and the connection's number.
  explicit Connection(const Napi::CallbackInfo &info);
  ~Connection() override;

  const std::shared_ptr<ConnectionCore> &core() const { return core_; }

  // Hands an event to the listener, in the order of the calls. JavaScript thread.
  void Emit(const Event &event);

 private:
  // listen(listener): events go there from now on, and the environment's loop stays alive for them,
  // until unlisten, close or the end of the connection. GTK's main loop runs Node's only while that
  // is alive: without this an event would wait for something else to happen.
  void Listen(const Napi::CallbackInfo &info);
  void Unlisten(const Napi::CallbackInfo &info);
  // createDomain(xml, paused, autodestroy, validate)
  Napi::Value CreateDomain(const Napi::CallbackInfo &info);
  // lookupDomain(name)
  Napi::Value LookupDomain(const Napi::CallbackInfo &info);
  Napi::Value ListDomains(const Napi::CallbackInfo &info);
  // version(): a million for each major version, a thousand for each minor one
  Napi::Value Version(const Napi::CallbackInfo &info);
  Napi::Value Capabilities(const Napi::CallbackInfo &info);
  // domainCapabilities(emulator?, arch?, machine?, virtType?)
  Napi::Value DomainCapabilities(const Napi::CallbackInfo &info);
  // compareCpu(cpuXml, emulator?, arch?, machine?, virtType?)
  Napi::Value CompareCpu(const Napi::CallbackInfo &info);
  // close(patience in milliseconds): resolves to the number of references that are left
  Napi::Value Close(const Napi::CallbackInfo &info);

  template <class Body>
  Napi::Value Call(const Napi::CallbackInfo &info, Body body);

  void StopListening();

  std::shared_ptr<ConnectionCore> core_;
  std::shared_ptr<Registry> registry_;
  uint64_t number_ = 0;
  Napi::FunctionReference listener_;
};
