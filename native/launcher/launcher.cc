// Starts QEMU, confined to what its machine needs. libvirt runs it as the machine's emulator, with
// QEMU's arguments; what they do not say comes by two variables, which VMNetX alone sets:
//
//   VMNETX_SESSION  the session's private folder
//   VMNETX_NETWORK  `full` for a guest that may reach others
//
// Without a session it runs only a QEMU without a machine, which is how it is asked what it can do:
// a guest is not run unconfined by mistake.
//
// `vmnetx-launcher --filter BYTES PROGRAM ARGUMENTS…` runs a program that turns its standard input
// into its standard output, such as one that decompresses what a stranger made, confined to just
// that and to so many bytes of memory. Exit status 127: there is no such program.
//
// `vmnetx-launcher --check` prints the kernel's version of Landlock, or `none`.

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>

#include "confinement.h"
#include "filter.h"
#include "landlock.h"

namespace {

// Exit status when nothing could be run; QEMU's own failures have 1.
constexpr int kNotStarted = 126;

// Where distributions have it. The first is also what libvirt would choose.
constexpr const char *kQemu[] = {"/usr/bin/qemu-system-x86_64", "/usr/libexec/qemu-kvm",
                                 "/usr/bin/qemu-kvm"};

bool StartsWith(std::string_view text, std::string_view beginning) {
  return text.substr(0, beginning.size()) == beginning;
}

std::string Variable(const char *name) {
  const char *value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool HasMachine(char **words) {
  for (; *words != nullptr; ++words) {
    if (std::strcmp(*words, "-machine") == 0 && words[1] != nullptr) {
      const std::string_view machine = words[1];
      if (machine == "none" || machine == "help" || StartsWith(machine, "none,")) return false;
    }
  }
  return true;
}

// libvirt's key is an object among the arguments, `{…,"id":"masterKey0",…,"file":"PATH"}`.
std::string KeyFile(char **words) {
  constexpr std::string_view file = "\"file\":\"";
  for (; *words != nullptr; ++words) {
    const std::string_view word = *words;
    if (word.find("\"id\":\"masterKey0\"") == word.npos) continue;
    const size_t start = word.find(file);
    if (start == word.npos) continue;
    const std::string_view path = word.substr(start + file.size());
    return std::string(path.substr(0, path.find('"')));
  }
  return "";
}

int Check() {
  const int version = landlock::Version();
  std::puts(version == 0 ? "none" : std::to_string(version).c_str());
  return 0;
}

int Refuse(const char *reason) {
  std::fprintf(stderr, "vmnetx-launcher: %s\n", reason);
  return kNotStarted;
}

int Run(char **words) {
  const std::string session = Variable("VMNETX_SESSION");
  if (!session.empty()) {
    Confine({session, KeyFile(words), Variable("VMNETX_NETWORK") == "full"});
  } else if (HasMachine(words)) {
    return Refuse("a machine is run for a session only");
  }
  for (const char *qemu : kQemu) {
    words[0] = const_cast<char *>(qemu);
    execv(qemu, words);
    if (errno != ENOENT) break;
  }
  return Refuse((std::string("QEMU cannot be run: ") + std::strerror(errno)).c_str());
}

}  // namespace

int main(int count, char **words) {
  if (count == 2 && std::strcmp(words[1], "--check") == 0) return Check();
  const bool filters = count >= 4 && std::strcmp(words[1], "--filter") == 0;
  try {
    return filters ? RunFilter(words + 2) : Run(words);
  } catch (const std::exception &error) {
    return Refuse(error.what());
  }
}
