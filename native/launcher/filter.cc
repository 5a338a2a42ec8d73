#include "filter.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <system_error>

#include "landlock.h"
#include "system_calls.h"

namespace {

using landlock::Rights;

// What shells end with when they do not find a program.
constexpr int kNotFound = 127;

constexpr Rights kRead = landlock::kReadFile | landlock::kReadFolder;
constexpr Rights kRun = landlock::kReadFile | landlock::kExecute;

constexpr const char *kLibraries[] = {"/usr", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache"};

// What the kernel runs to load a program's libraries, of glibc and of musl.
constexpr const char *kLoaders[] = {
#if defined(__x86_64__)
    "/lib64/ld-linux-x86-64.so.2",
    "/lib/ld-musl-x86_64.so.1",
#elif defined(__aarch64__)
    "/lib/ld-linux-aarch64.so.1",
    "/lib/ld-musl-aarch64.so.1",
#endif
};

// To less, where less is all that may be had.
void Limit(int resource, rlim_t most) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0) {
    throw std::system_error(errno, std::generic_category(), "limits");
  }
  limit.rlim_max = std::min(most, limit.rlim_max);
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(resource, &limit) != 0) {
    throw std::system_error(errno, std::generic_category(), "limits");
  }
}

rlim_t ParseBytes(const char *word) {
  char *end = nullptr;
  const unsigned long long bytes = std::strtoull(word, &end, 10);
  if (bytes == 0 || *end != '\0') throw std::runtime_error("the limit is no number of bytes");
  return bytes;
}

// Empty if it is in none of PATH's folders.
std::string Find(const std::string &name) {
  const char *variable = std::getenv("PATH");
  const std::string folders = variable == nullptr ? "" : variable;
  for (size_t start = 0; start < folders.size();) {
    const size_t end = std::min(folders.find(':', start), folders.size());
    const std::string path = folders.substr(start, end - start) + "/" + name;
    if (path[0] == '/' && access(path.c_str(), X_OK) == 0) return path;
    start = end + 1;
  }
  return "";
}

void Confine(const std::string &program) {
  const int version = landlock::Version();
  if (version > 0) {
    landlock::Ruleset rules(version, landlock::kBindTcp | landlock::kConnectTcp);
    for (const char *path : kLibraries) rules.Allow(path, kRead);
    for (const char *path : kLoaders) rules.Allow(path, kRun);
    rules.Allow(program, kRun);
    rules.Enforce();
  }
  ForbidAllButFiltering();
}

}  // namespace

int RunFilter(char **words) {
  const rlim_t most_bytes = ParseBytes(words[0]);
  const std::string program = Find(words[1]);
  if (program.empty()) {
    std::fprintf(stderr, "vmnetx-launcher: there is no %s\n", words[1]);
    return kNotFound;
  }
  Limit(RLIMIT_DATA, most_bytes);
  // With 0, what collects dumps for the system would be given one.
  Limit(RLIMIT_CORE, 1);
  Confine(program);
  execv(program.c_str(), words + 1);
  throw std::system_error(errno, std::generic_category(), program);
}
