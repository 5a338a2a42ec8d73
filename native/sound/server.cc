#include "server.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>

Server::Server(const std::string &path) : number_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw Gone();
  path.copy(address.sun_path, path.size());
  if (connect(number_, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0) throw Gone();
}

void Server::Take(std::span<uint8_t> bytes) {
  while (!bytes.empty()) {
    if (at_ == end_) Receive();
    const size_t count = std::min(bytes.size(), end_ - at_);
    std::copy_n(&taken_[at_], count, bytes.begin());
    at_ += count;
    bytes = bytes.subspan(count);
  }
}

uint8_t Server::Take8() {
  std::array<uint8_t, 1> byte;
  Take(byte);
  return byte[0];
}

uint16_t Server::Take16() {
  const unsigned high = Take8();
  return static_cast<uint16_t>(high << 8 | Take8());
}

uint32_t Server::Take32() {
  const uint32_t high = Take16();
  return high << 16 | Take16();
}

void Server::Drop(size_t count) {
  for (; count > 0; count--) Take8();
}

void Server::Say(std::span<const uint8_t> bytes) const {
  const ssize_t sent = send(number_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  // The socket has room for the few bytes that are ever said.
  if (sent != static_cast<ssize_t>(bytes.size())) throw Gone();
}

bool Server::HasMoreWithin(int milliseconds) const {
  if (at_ < end_) return true;
  pollfd socket{.fd = number_, .events = POLLIN, .revents = 0};
  return poll(&socket, 1, milliseconds) != 0;
}

void Server::Receive() {
  ssize_t count;
  do {
    count = recv(number_, taken_.data(), taken_.size(), 0);
  } while (count < 0 && errno == EINTR);
  if (count <= 0) throw Gone();
  at_ = 0;
  end_ = static_cast<size_t>(count);
}
