#include "connection_core.h"

#include <utility>
#include <vector>

#include "event_loop.h"
#include "failure.h"
#include "worker_pool.h"

namespace {

// A daemon that hangs answers no call. libvirt gives the connection up after this many seconds
// times that many questions without an answer, and every call under way fails.
constexpr int kKeepAliveSeconds = 5;
constexpr unsigned kKeepAliveCount = 5;

// libvirt's own loop thread needs this long at most for callbacks and removals that are due.
constexpr std::chrono::seconds kSettleLimit(2);

std::string UuidOf(virDomainPtr domain) {
  char text[VIR_UUID_STRING_BUFLEN] = "";
  virDomainGetUUIDString(domain, text);
  return text;
}

// A core that nobody closed is closed by its last owner, who may be the JavaScript thread, which
// must not wait for the daemon.
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

DomainHandle::DomainHandle(std::shared_ptr<ConnectionCore> owner, virDomainPtr domain)
    : core(std::move(owner)),
      name(virDomainGetName(domain)),
      uuid(UuidOf(domain)),
      domain_(domain) {}

DomainHandle::~DomainHandle() {
  const std::lock_guard<std::mutex> lock(core->mutex_);
  core->domains_.erase(this);
  if (domain_ != nullptr) virDomainFree(domain_);
}

Lease::Lease(std::shared_ptr<ConnectionCore> owner, virConnectPtr itsConnection,
             virDomainPtr itsDomain)
    : core(std::move(owner)), connection(itsConnection), domain(itsDomain) {
  virConnectRef(connection);
  if (domain != nullptr) virDomainRef(domain);
}

Lease::~Lease() {
  if (domain != nullptr) virDomainFree(domain);
  virConnectClose(connection);
  core->Leave();
}

std::shared_ptr<ConnectionCore> ConnectionCore::Open(const std::string &uri,
                                                     const std::shared_ptr<EventSink> &sink) {
  // No aliases: the user's libvirt.conf must not send us to another hypervisor.
  virConnectPtr connection = virConnectOpenAuth(uri.c_str(), nullptr, VIR_CONNECT_NO_ALIASES);
  if (connection == nullptr) throw Failure::OfThisThread();
  const std::shared_ptr<ConnectionCore> core(new ConnectionCore(connection), CloseElsewhere);
  virConnectSetKeepAlive(connection, kKeepAliveSeconds, kKeepAliveCount);
  core->subscriptions_.Begin(connection, sink, core);
  return core;
}

ConnectionCore::~ConnectionCore() = default;

std::shared_ptr<Lease> ConnectionCore::Enter() {
  const std::lock_guard<std::mutex> lock(mutex_);
  CheckUsableLocked();
  ++calls_;
  return std::make_shared<Lease>(shared_from_this(), connection_, nullptr);
}

std::shared_ptr<Lease> ConnectionCore::Enter(const DomainHandle &handle) {
  const std::lock_guard<std::mutex> lock(mutex_);
  CheckUsableLocked();
  ++calls_;
  return std::make_shared<Lease>(shared_from_this(), connection_, handle.domain_);
}

std::shared_ptr<DomainHandle> ConnectionCore::Adopt(virDomainPtr domain) {
  const auto handle = std::make_shared<DomainHandle>(shared_from_this(), domain);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (closed_) throw Failure::ConnectionGone("the connection to libvirt has been closed");
  domains_.insert(handle.get());
  return handle;
}

bool ConnectionCore::Shut() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return !std::exchange(shut_, true);
}

int ConnectionCore::Close(std::chrono::milliseconds patience) {
  {
    std::unique_lock<std::mutex> lock(mutex_);
    idle_.wait_for(lock, patience, [this] { return calls_ == 0; });
    closed_ = true;
  }
  FreeDomains();
  subscriptions_.End(connection_);
  // A callback that is running holds references: after this none is.
  EventLoop::Get().Settle(kSettleLimit);
  const int remaining = virConnectClose(connection_);
  EventLoop::Get().Settle(kSettleLimit);
  return remaining;
}

void ConnectionCore::SetLost(const std::string &reason) {
  const std::lock_guard<std::mutex> lock(mutex_);
  lost_ = reason;
}

void ConnectionCore::CheckUsableLocked() const {
  if (shut_) throw Failure::ConnectionGone("the connection to libvirt has been closed");
  if (!lost_.empty())
    throw Failure::ConnectionGone("the connection to libvirt was lost (" + lost_ + ")");
}

void ConnectionCore::Leave() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (--calls_ == 0) idle_.notify_all();
}

void ConnectionCore::FreeDomains() {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (DomainHandle *handle : domains_) virDomainFree(std::exchange(handle->domain_, nullptr));
  domains_.clear();
}
