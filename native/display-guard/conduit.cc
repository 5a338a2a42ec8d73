#include "conduit.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <limits>

void Conduit::Take(std::span<uint8_t> bytes) {
  while (!bytes.empty()) {
    const auto some = TakeSome(bytes.size());
    std::copy(some.begin(), some.end(), bytes.begin());
    bytes = bytes.subspan(some.size());
  }
}

uint8_t Conduit::Take8() { return TakeSome(1)[0]; }

uint16_t Conduit::Take16() {
  const unsigned high = Take8();
  return static_cast<uint16_t>(high << 8 | Take8());
}

uint32_t Conduit::Take32() {
  const uint32_t high = Take16();
  return high << 16 | Take16();
}

void Conduit::Give(std::span<const uint8_t> bytes) {
  if (given_.size() + bytes.size() > taken_.size()) Flush();
  given_.insert(given_.end(), bytes.begin(), bytes.end());
}

void Conduit::Give16(uint16_t number) {
  Give(std::array{static_cast<uint8_t>(number >> 8), static_cast<uint8_t>(number)});
}

void Conduit::Give32(uint32_t number) {
  Give16(static_cast<uint16_t>(number >> 16));
  Give16(static_cast<uint16_t>(number));
}

bool Conduit::HasMoreBefore(std::chrono::steady_clock::time_point end) {
  const auto left = end - std::chrono::steady_clock::now();
  if (left <= std::chrono::steady_clock::duration::zero()) return false;
  if (at_ != end_) return true;
  Flush();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
  const timespec limit{
      .tv_sec = static_cast<time_t>(seconds.count()),
      .tv_nsec = static_cast<long>(std::chrono::nanoseconds(left - seconds).count())};
  pollfd from{.fd = from_, .events = POLLIN, .revents = 0};
  return ppoll(&from, 1, &limit, nullptr) != 0;
}

void Conduit::Pass(uint64_t count) {
  while (count > 0) {
    const auto some = TakeSome(count);
    Give(some);
    count -= some.size();
  }
}

void Conduit::Drop(uint64_t count) {
  while (count > 0) count -= TakeSome(count).size();
}

void Conduit::PassAll() {
  for (;;) Give(TakeSome(std::numeric_limits<uint64_t>::max()));
}

void Conduit::Flush() {
  std::span<const uint8_t> rest = given_;
  while (!rest.empty()) {
    const ssize_t sent = send(to_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) throw Over();
    rest = rest.subspan(static_cast<size_t>(sent));
  }
  given_.clear();
}

std::span<const uint8_t> Conduit::TakeSome(uint64_t most) {
  if (at_ == end_) {
    Flush();
    ssize_t count;
    do {
      count = recv(from_, taken_.data(), taken_.size(), 0);
    } while (count < 0 && errno == EINTR);
    if (count <= 0) throw Over();
    at_ = 0;
    end_ = static_cast<size_t>(count);
  }
  const size_t count = static_cast<size_t>(std::min<uint64_t>(most, end_ - at_));
  const std::span<const uint8_t> some(&taken_[at_], count);
  at_ += count;
  return some;
}
