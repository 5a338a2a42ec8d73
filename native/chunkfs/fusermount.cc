#include "fusermount.h"

#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

namespace chunkfs {

namespace {

constexpr char kProgram[] = "fusermount3";
// Named like the program in the list of mounts (file system type fuse.vmnetx).
constexpr char kOptions[] = "rw,nosuid,nodev,noatime,fsname=vmnetx,subtype=vmnetx";
// Where the helper finds the socket over which it sends the descriptor.
constexpr int kSocketNumber = 3;
constexpr char kSocketVariable[] = "_FUSE_COMMFD=3";
// Mounting takes milliseconds; after this the helper hangs.
constexpr std::chrono::seconds kLimit(10);
constexpr size_t kLongestMessage = 4096;

struct Ending {
  bool started;
  int status;  // 0: it did its work
  std::string message;
};

std::vector<char *> Pointers(const std::vector<std::string> &strings) {
  std::vector<char *> pointers;
  for (const std::string &string : strings) pointers.push_back(const_cast<char *>(string.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

int Spawn(pid_t &child, const std::vector<std::string> &arguments,
          const std::vector<std::string> &environment, int errors, int socket) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDWR, 0);
  posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  if (socket >= 0) posix_spawn_file_actions_adddup2(&actions, socket, kSocketNumber);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  const int error = posix_spawnp(&child, kProgram, &actions, &attributes,
                                 Pointers(arguments).data(), Pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

// Collects what the helper says until it ends; false if it did not within the limit.
bool ReadUntilClosed(int errors, std::string &message) {
  const auto deadline = std::chrono::steady_clock::now() + kLimit;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd entry{errors, POLLIN, 0};
    if (left.count() <= 0 || poll(&entry, 1, static_cast<int>(left.count())) == 0) return false;
    char text[512];
    const ssize_t count = read(errors, text, sizeof text);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return true;
    if (message.size() < kLongestMessage) message.append(text, static_cast<size_t>(count));
  }
}

// One line of what the helper said, without its name.
std::string Tidy(std::string message) {
  const std::string prefix = std::string(kProgram) + ": ";
  for (size_t at = message.find(prefix); at != std::string::npos; at = message.find(prefix))
    message.erase(at, prefix.size());
  while (!message.empty() && message.back() == '\n') message.pop_back();
  for (char &character : message)
    if (character == '\n') character = ' ';
  return message;
}

Ending Run(const std::vector<std::string> &arguments, const std::vector<std::string> &environment,
           int socket) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {false, -1, std::strerror(errno)};
  const Descriptor errors(ends[0]);
  Descriptor childs_end(ends[1]);
  pid_t child;
  if (const int error = Spawn(child, arguments, environment, childs_end.number(), socket))
    return {false, -1, std::string(kProgram) + ": " + std::strerror(error)};
  childs_end.Close();
  Ending ending{true, 0, {}};
  if (!ReadUntilClosed(errors.number(), ending.message)) {
    kill(child, SIGKILL);
    ending.message += "no answer";
  }
  while (waitpid(child, &ending.status, 0) < 0 && errno == EINTR) {
  }
  ending.message = Tidy(std::move(ending.message));
  return ending;
}

// The descriptor that lies ready in a socket; none if there is none.
Descriptor Receive(int socket) {
  char byte;
  iovec part{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) <= 0) return {};
  const cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return {};
  int number;
  std::memcpy(&number, CMSG_DATA(header), sizeof number);
  return Descriptor(number);
}

MountFailure Classify(const Ending &ending) {
  const auto says = [&ending](const char *words) {
    return ending.message.find(words) != std::string::npos;
  };
  const bool no_fuse = !ending.started || says("/dev/fuse") || says("fuse device") ||
                       says("Operation not permitted");
  const bool directory = says("mountpoint") || says("mount point");
  return {no_fuse     ? MountFailure::Kind::kNoFuse
          : directory ? MountFailure::Kind::kDirectory
                      : MountFailure::Kind::kOther,
          ending.message};
}

}  // namespace

std::vector<std::string> CurrentEnvironment() {
  std::vector<std::string> environment;
  for (char **entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!text.starts_with("_FUSE_COMMFD") && !text.starts_with("LC_ALL="))
      environment.push_back(text);
  }
  // Its messages are looked at.
  environment.push_back("LC_ALL=C");
  return environment;
}

std::variant<Descriptor, MountFailure> MountDirectory(const std::string &directory,
                                                      const std::vector<std::string> &environment) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return MountFailure{MountFailure::Kind::kOther, std::strerror(errno)};
  const Descriptor ours(ends[0]);
  const Descriptor helpers(ends[1]);
  std::vector<std::string> with_socket = environment;
  with_socket.emplace_back(kSocketVariable);
  const Ending ending =
      Run({kProgram, "-o", kOptions, "--", directory}, with_socket, helpers.number());
  Descriptor device = Receive(ours.number());
  if (device && ending.status == 0) return device;
  if (device) UnmountDirectory(directory, environment);
  return Classify(ending);
}

std::optional<std::string> UnmountDirectory(const std::string &directory,
                                            const std::vector<std::string> &environment) {
  const Ending ending = Run({kProgram, "-u", "-z", "--", directory}, environment, -1);
  if (ending.status == 0) return std::nullopt;
  return ending.message.empty() ? "fusermount3 failed" : ending.message;
}

}  // namespace chunkfs
