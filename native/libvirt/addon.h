#pragma once

#include <napi.h>

#include <cstdint>
#include <map>
#include <memory>

class Connection;
class Mailbox;

// The connections that are open, by number: an event that comes too late finds nobody. Shared,
// because objects may be finalized after the addon's data is gone.
struct Registry {
  std::map<uint64_t, Connection *> connections;
};

// What the addon keeps for one JavaScript environment (the main thread, or a worker). JavaScript
// thread only, except for the mailbox.
class Addon {
 public:
  explicit Addon(Napi::Env env);

  static Addon &Of(Napi::Env env);

  std::shared_ptr<Mailbox> mailbox;
  Napi::FunctionReference connection_class;
  Napi::FunctionReference domain_class;
  const std::shared_ptr<Registry> registry = std::make_shared<Registry>();

 private:
  void End();
};
