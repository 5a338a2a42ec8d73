#include "connection_core.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "event_loop.h"
#include "failure.h"
#include "worker_pool.h"

namespace {

// A daemon that hangs answers no call. libvirt gives a connection up after this many seconds times
// that many questions without an answer, and every call under way fails.
constexpr int kKeepAliveSeconds = 5;
constexpr unsigned kKeepAliveCount = 5;

// The thread of the event loop needs milliseconds for the callbacks and removals that are due.
constexpr std::chrono::seconds kSettleLimit(2);

virConnectPtr Connect(const std::string &uri) {
  // No aliases: the user's libvirt.conf must not send us to another hypervisor.
  virConnectPtr connection = virConnectOpenAuth(uri.c_str(), nullptr, VIR_CONNECT_NO_ALIASES);
  if (connection == nullptr) throw Failure::OfThisThread();
  // Not every driver can; the one of the session can.
  virConnectSetKeepAlive(connection, kKeepAliveSeconds, kKeepAliveCount);
  return connection;
}

// A core that nobody closed is closed when its last owner lets go. That may be the JavaScript
// thread, which must not wait for the daemon.
void CloseElsewhere(ConnectionCore *core) {
  if (!core->Shut()) {
    delete core;
    return;
  }
  const auto close = [core] {
    core->Close(std::chrono::milliseconds(0));
    delete core;
  };
  try {
    WorkerPool::Get().Run(close);
  } catch (const std::exception &) {
    close();
  }
}

}  // namespace

Lease::Lease(std::shared_ptr<ConnectionCore> core) : core_(std::move(core)) {}

Lease::~Lease() { core_->Leave(line_); }

virConnectPtr Lease::Connect() {
  if (line_ == nullptr) line_ = core_->TakeLine();
  return line_;
}

ConnectionCore::ConnectionCore(std::string uri, virConnectPtr watch)
    : uri_(std::move(uri)), watch_(watch) {}

std::shared_ptr<ConnectionCore> ConnectionCore::Open(const std::string &uri,
                                                     const std::shared_ptr<EventSink> &sink) {
  const std::shared_ptr<ConnectionCore> core(new ConnectionCore(uri, Connect(uri)), CloseElsewhere);
  core->subscriptions_.Begin(core->watch_, sink, core);
  return core;
}

std::shared_ptr<Lease> ConnectionCore::Enter() {
  const auto lease = std::make_shared<Lease>(shared_from_this());
  const std::lock_guard<std::mutex> lock(mutex_);
  ++calls_;
  if (shut_) throw Failure::ConnectionGone("the connection to libvirt has been closed");
  if (!lost_.empty())
    throw Failure::ConnectionGone("the connection to libvirt was lost (" + lost_ + ")");
  return lease;
}

bool ConnectionCore::Shut() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return !std::exchange(shut_, true);
}

int ConnectionCore::Close(std::chrono::milliseconds patience) {
  std::vector<virConnectPtr> lines;
  int remaining = 0;
  {
    std::unique_lock<std::mutex> lock(mutex_);
    left_.wait_for(lock, patience, [this] { return calls_ == 0; });
    closed_ = true;
    lines = std::exchange(idle_lines_, {});
    remaining = calls_;
  }
  for (virConnectPtr line : lines) remaining += std::max(virConnectClose(line), 0);
  subscriptions_.End(watch_);
  // A callback that is running holds references to the connection; after this none is.
  EventLoop::Get().Settle(kSettleLimit);
  remaining += std::max(virConnectClose(watch_), 0);
  EventLoop::Get().Settle(kSettleLimit);
  return remaining;
}

void ConnectionCore::SetLost(const std::string &reason) {
  const std::lock_guard<std::mutex> lock(mutex_);
  lost_ = reason;
}

virConnectPtr ConnectionCore::TakeLine() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!idle_lines_.empty()) {
      virConnectPtr line = idle_lines_.back();
      idle_lines_.pop_back();
      return line;
    }
  }
  return Connect(uri_);
}

void ConnectionCore::Leave(virConnectPtr line) {
  const bool usable = line != nullptr && virConnectIsAlive(line) == 1;
  std::unique_lock<std::mutex> lock(mutex_);
  if (usable && !closed_) {
    idle_lines_.push_back(line);
  } else if (line != nullptr) {
    lock.unlock();
    virConnectClose(line);
    lock.lock();
  }
  if (--calls_ == 0) left_.notify_all();
}
