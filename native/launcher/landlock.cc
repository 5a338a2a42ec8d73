#include "landlock.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace landlock {
namespace {

constexpr long kCreateRuleset = 444;
constexpr long kAddRule = 445;
constexpr long kRestrictSelf = 446;
constexpr unsigned kAskVersion = 1;
constexpr int kPathBeneath = 1;

// Grows with the versions; a kernel takes what it does not know as long as it is zero.
struct RulesetAttributes {
  Rights files;
  Rights network;
  Rights scopes;
};

struct PathBeneath {
  Rights allowed;
  int32_t parent;
} __attribute__((packed));

// Those that make sense for something that is no folder.
constexpr Rights kOfFiles = kExecute | kWriteFile | kReadFile | kTruncate | kControlDevice;

// Abstract unix sockets and signals stay among the confined.
constexpr Rights kAllScopes = 0b11;

Rights FileRights(int version) {
  if (version >= 9) return (1 << 17) - 1;  // and connecting to unix sockets by their path
  if (version >= 5) return (1 << 16) - 1;  // and the ioctls of devices
  if (version >= 3) return (1 << 15) - 1;  // and truncating
  if (version >= 2) return (1 << 14) - 1;  // and moving between folders
  return (1 << 13) - 1;
}

[[noreturn]] void Throw(const std::string &what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int Create(int version, Rights files, Rights network) {
  const RulesetAttributes attributes{files, version >= 4 ? network : 0,
                                     version >= 6 ? kAllScopes : 0};
  const auto rules = static_cast<int>(syscall(kCreateRuleset, &attributes, sizeof attributes, 0));
  if (rules < 0) Throw("Landlock");
  return rules;
}

}  // namespace

int Version() {
  const long version = syscall(kCreateRuleset, nullptr, 0, kAskVersion);
  return version < 0 ? 0 : static_cast<int>(version);
}

Ruleset::Ruleset(int version, Rights forbidden_network)
    : handled_(FileRights(version)), rules_(Create(version, handled_, forbidden_network)) {}

Ruleset::~Ruleset() { close(rules_); }

bool Ruleset::Allow(const std::string &path, Rights rights) {
  const int place = open(path.c_str(), O_PATH | O_CLOEXEC);
  if (place < 0) return false;
  struct stat status {};
  if (fstat(place, &status) != 0) Throw(path);
  const Rights possible = S_ISDIR(status.st_mode) ? handled_ : handled_ & kOfFiles;
  const PathBeneath rule{rights & possible, place};
  const bool added = syscall(kAddRule, rules_, kPathBeneath, &rule, 0) == 0;
  if (!added) Throw(path);
  close(place);
  return true;
}

void Ruleset::Enforce() {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) Throw("no new privileges");
  if (syscall(kRestrictSelf, rules_, 0) != 0) Throw("Landlock");
}

}  // namespace landlock
