#include "system_calls.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <system_error>
#include <vector>

namespace {

constexpr uint32_t kForbid = SECCOMP_RET_ERRNO | EPERM;

sock_filter Load(size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset));
}

// Goes over the next `skipped` instructions if what was loaded is the value.
sock_filter SkipIfEqual(uint32_t value, uint8_t skipped) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, skipped, 0);
}

sock_filter SkipUnlessEqual(uint32_t value, uint8_t skipped) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped);
}

sock_filter Return(uint32_t verdict) { return BPF_STMT(BPF_RET | BPF_K, verdict); }

#if defined(__x86_64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_X86_64;
// Calls of the x32 kind, which have numbers of their own.
constexpr uint32_t kFirstForeignCall = 0x40000000;
#elif defined(__aarch64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
constexpr uint32_t kFirstForeignCall = 0xffffffff;
#else
#error "What are the system calls of this architecture?"
#endif

// Landlock does not know of the mode, the owner, the times and the attributes of files, by name.
constexpr uint32_t kOnFiles[] = {
#if defined(__x86_64__)
    SYS_chmod,     SYS_chown,       SYS_lchown,       SYS_utime,
    SYS_utimes,    SYS_futimesat,
#endif
    SYS_fchmodat,  SYS_fchownat,    SYS_utimensat,    SYS_setxattr,
    SYS_lsetxattr, SYS_removexattr, SYS_lremovexattr,
    452,  // fchmodat2
    463,  // setxattrat
    466,  // removexattrat
    469,  // file_setattr
};

std::vector<sock_filter> Filter(bool has_network) {
  std::vector<sock_filter> filter{
      Load(offsetof(seccomp_data, arch)),
      SkipIfEqual(kArchitecture, 1),
      Return(kForbid),
      Load(offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kFirstForeignCall, 0, 1),
      Return(kForbid),
      SkipUnlessEqual(SYS_io_uring_setup, 1),
      Return(kForbid),
  };
  for (const uint32_t call : kOnFiles) {
    filter.push_back(SkipUnlessEqual(call, 1));
    filter.push_back(Return(kForbid));
  }
  if (!has_network) {
    const std::vector<sock_filter> unconnected{
        SkipUnlessEqual(SYS_connect, 1), Return(kForbid),
        SkipUnlessEqual(SYS_socket, 3),  Load(offsetof(seccomp_data, args[0])),
        SkipIfEqual(AF_UNIX, 1),         Return(kForbid),
    };
    filter.insert(filter.end(), unconnected.begin(), unconnected.end());
  }
  filter.push_back(Return(SECCOMP_RET_ALLOW));
  return filter;
}

}  // namespace

void ForbidSystemCalls(bool has_network) {
  std::vector<sock_filter> filter = Filter(has_network);
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  const bool filtered = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
  if (!filtered) throw std::system_error(errno, std::generic_category(), "seccomp");
}
