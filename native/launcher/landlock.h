#pragma once

#include <cstdint>
#include <string>

// What the kernel's Landlock is asked for, by its own numbers: headers are often older than the
// kernel that runs.
namespace landlock {

using Rights = uint64_t;

constexpr Rights kExecute = 1 << 0;
constexpr Rights kWriteFile = 1 << 1;
constexpr Rights kReadFile = 1 << 2;
constexpr Rights kReadFolder = 1 << 3;
constexpr Rights kRemoveFile = 1 << 5;
constexpr Rights kMakeSocket = 1 << 9;
constexpr Rights kTruncate = 1 << 14;
constexpr Rights kControlDevice = 1 << 15;

constexpr Rights kBindTcp = 1 << 0;
constexpr Rights kConnectTcp = 1 << 1;

// The kernel's version of Landlock, from 1; 0 where it has none or was started without it.
int Version();

// A set of rules for this process and all that it becomes. What is not allowed is forbidden, as far
// as the kernel's version knows of it. Failures throw std::system_error.
class Ruleset {
 public:
  // forbidden_network: of kBindTcp and kConnectTcp.
  Ruleset(int version, Rights forbidden_network);
  ~Ruleset();
  Ruleset(const Ruleset &) = delete;
  Ruleset &operator=(const Ruleset &) = delete;

  // Allows something to a file, or to a folder and all below it, other mounts too. A link is
  // followed: what it leads to now is allowed. Returns false if there is nothing of that name.
  bool Allow(const std::string &path, Rights rights);

  // From now on, for ever. Only for processes of one thread.
  void Enforce();

 private:
  const Rights handled_;
  const int rules_;
};

}  // namespace landlock
