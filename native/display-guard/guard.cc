#include "guard.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <functional>
#include <memory>
#include <system_error>
#include <thread>

#include "client_talk.h"
#include "conduit.h"
#include "server_talk.h"

namespace {

class Socket {
 public:
  explicit Socket(int number) : number_(number) {}
  Socket(const Socket &) = delete;
  Socket &operator=(const Socket &) = delete;
  ~Socket() {
    if (number_ >= 0) close(number_);
  }

  int number() const { return number_; }
  void End() const { shutdown(number_, SHUT_RDWR); }

 private:
  const int number_;
};

// Whether there is a server that takes the connection now.
bool ConnectNow(const Socket &socket, const std::string &path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  path.copy(address.sun_path, path.size());
  // A blocking one would wait for a server that has too many clients already.
  if (fcntl(socket.number(), F_SETFL, O_NONBLOCK) != 0) return false;
  if (connect(socket.number(), reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
    return false;
  return fcntl(socket.number(), F_SETFL, 0) == 0;
}

// One connection: what both directions need, for as long as either goes on.
struct Connection {
  Socket client;
  Socket server;
  const int mostMotions;
  // A pointer says where it is unless the server wants to hear something else.
  std::atomic<bool> isPointerRelative{false};

  void End() const {
    client.End();
    server.End();
  }
};

void RunServerTalk(Connection &connection) {
  Conduit conduit(connection.server.number(), connection.client.number());
  try {
    ServerTalk(conduit, connection.isPointerRelative).Pass();
  } catch (const Over &) {
    connection.End();
  }
}

void RunClientTalk(const Connection &connection) {
  Conduit conduit(connection.client.number(), connection.server.number());
  try {
    PassClientTalk(conduit, connection.mostMotions, connection.isPointerRelative);
  } catch (const Over &) {
    connection.End();
  }
}

// Starts a thread that takes no signals (they belong to Node's main thread) and that nobody joins.
void StartThread(const std::function<void()> &body) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread(body).detach();
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace

int ConnectGuarded(const std::string &path, int mostMotions) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return -1;
  const int ours = pair[0];
  const int outer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const std::shared_ptr<Connection> connection(new Connection{
      .client = Socket(pair[1]), .server = Socket(outer), .mostMotions = mostMotions});
  if (!ConnectNow(connection->server, path)) return ours;
  try {
    StartThread([connection] { RunServerTalk(*connection); });
    StartThread([connection] { RunClientTalk(*connection); });
  } catch (const std::system_error &) {
    connection->End();
  }
  return ours;
}
