#include "confinement.h"

#include <stdexcept>

#include "landlock.h"
#include "system_calls.h"

namespace {

using landlock::Rights;

constexpr Rights kRead = landlock::kReadFile | landlock::kReadFolder;
constexpr Rights kChange = kRead | landlock::kWriteFile | landlock::kTruncate;

struct Place {
  const char *path;
  Rights rights;
};

// Of every computer. What is not there is not needed.
constexpr Place kSystem[] = {
    // Programs, libraries, firmware, time zones.
    {"/usr", kRead | landlock::kExecute},
    {"/lib", kRead | landlock::kExecute},
    {"/lib32", kRead | landlock::kExecute},
    {"/lib64", kRead | landlock::kExecute},
    {"/etc/ld.so.cache", kRead},
    {"/etc/localtime", kRead},
    {"/etc/gnutls", kRead},
    {"/etc/crypto-policies", kRead},
    // What QEMU and the C library ask of the processor, of memory and of themselves.
    {"/proc/self", kRead},
    {"/proc/cpuinfo", kRead},
    {"/proc/meminfo", kRead},
    {"/proc/sys/vm", kRead},
    {"/sys/devices/system", kRead},
    {"/sys/kernel/mm", kRead},
    {"/dev/null", kChange},
    {"/dev/zero", kRead},
    {"/dev/random", kRead},
    {"/dev/urandom", kRead},
    {"/dev/kvm", kChange | landlock::kControlDevice},
};

// For the names of other computers. Their files are replaced whenever the network changes, so it
// has to be the folders.
constexpr Place kNames[] = {
    {"/etc", kRead},
    {"/run/NetworkManager", kRead},
    {"/run/resolvconf", kRead},
    {"/run/systemd/resolve", kRead},
};

void AllowNeeds(landlock::Ruleset &rules, const Needs &needs) {
  for (const auto &[path, rights] : kSystem) rules.Allow(path, rights);
  if (needs.network) {
    for (const auto &[path, rights] : kNames) rules.Allow(path, rights);
  }
  if (!needs.key.empty()) rules.Allow(needs.key, kRead);
  // A socket of an earlier QEMU is removed before a new one takes its name.
  rules.Allow(needs.session, landlock::kMakeSocket | landlock::kRemoveFile);
  if (!rules.Allow(needs.session + "/mount", kChange)) {
    throw std::runtime_error(needs.session + " holds no mount");
  }
}

}  // namespace

void Confine(const Needs &needs) {
  const int version = landlock::Version();
  if (version > 0) {
    // Nothing of a machine is ever offered by TCP.
    const Rights connecting = needs.network ? 0 : landlock::kConnectTcp;
    landlock::Ruleset rules(version, landlock::kBindTcp | connecting);
    AllowNeeds(rules, needs);
    rules.Enforce();
  }
  ForbidSystemCalls(needs.network);
}
