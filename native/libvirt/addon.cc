#include "addon.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

#include "connection.h"
#include "connection_core.h"
#include "domain.h"
#include "event_loop.h"
#include "mailbox.h"
#include "worker_pool.h"

namespace {

// How long the end of an environment waits for its connections. Normally they close in
// milliseconds; a daemon that hangs must not keep the process.
constexpr std::chrono::milliseconds kEndLimit(500);

// Counts down on the threads of the pool.
struct Countdown {
  std::mutex mutex;
  std::condition_variable changed;
  size_t left = 0;
};

void CloseInPool(const std::shared_ptr<ConnectionCore> &core,
                 const std::shared_ptr<Countdown> &countdown) {
  const std::lock_guard<std::mutex> lock(countdown->mutex);
  try {
    WorkerPool::Get().Run([core, countdown] {
      core->Close(std::chrono::milliseconds(0));
      const std::lock_guard<std::mutex> inner(countdown->mutex);
      --countdown->left;
      countdown->changed.notify_all();
    });
    ++countdown->left;
  } catch (const std::exception &) {
    // Without a thread it closes when the process ends and its socket goes.
  }
}

void PrepareProcess() {
  static std::once_flag once;
  std::call_once(once, [] {
    EventLoop::Get().Install();
    virInitialize();
    // Every error reaches its caller; libvirt would print each on stderr as well.
    virSetErrorFunc(nullptr, [](void *, virErrorPtr) {});
  });
}

Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  PrepareProcess();
  env.SetInstanceData(new Addon(env));
  exports.Set("open", Napi::Function::New(env, Connection::Open, "open"));
  return exports;
}

}  // namespace

Addon::Addon(Napi::Env env) : mailbox(Mailbox::Create(env)) {
  connection_class = Napi::Persistent(Connection::Class(env));
  domain_class = Napi::Persistent(Domain::Class(env));
  // After the mailbox, because hooks run last to first: it closes before Node takes it away.
  env.AddCleanupHook([this] { End(); });
}

Addon &Addon::Of(Napi::Env env) { return *env.GetInstanceData<Addon>(); }

void Addon::End() {
  mailbox->Close();
  const auto countdown = std::make_shared<Countdown>();
  for (const auto &[number, connection] : std::exchange(registry->connections, {})) {
    if (connection->core()->Shut()) CloseInPool(connection->core(), countdown);
  }
  std::unique_lock<std::mutex> lock(countdown->mutex);
  countdown->changed.wait_for(lock, kEndLimit, [&] { return countdown->left == 0; });
}

NODE_API_MODULE(libvirt, Initialize)
