#include "system_calls.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <system_error>
#include <utility>
#include <vector>

namespace {

constexpr uint32_t kForbid = SECCOMP_RET_ERRNO | EPERM;
constexpr uint32_t kUnknown = SECCOMP_RET_ERRNO | ENOSYS;

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

// What a program does not need that reads, computes and writes.
constexpr uint32_t kBeyondFiltering[] = {
    // Others who could be asked for help.
    SYS_socket,
    SYS_socketpair,
    SYS_connect,
    SYS_sendto,
    SYS_sendmsg,
    SYS_sendmmsg,
// Other processes.
#if defined(__x86_64__)
    SYS_fork,
    SYS_vfork,
#endif
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_kill,
    SYS_tkill,
    SYS_tgkill,
    SYS_rt_sigqueueinfo,
    SYS_rt_tgsigqueueinfo,
    424,  // pidfd_send_signal
    434,  // pidfd_open
    438,  // pidfd_getfd
    440,  // process_madvise
    SYS_setpriority,
    SYS_sched_setparam,
    SYS_sched_setscheduler,
    SYS_sched_setattr,
    SYS_sched_setaffinity,
    SYS_migrate_pages,
    SYS_move_pages,
    // What outlives a process.
    SYS_shmget,
    SYS_shmat,
    SYS_msgget,
    SYS_semget,
    SYS_mq_open,
    SYS_add_key,
    SYS_request_key,
    SYS_keyctl,
    // Rights of another kind, and large parts of the kernel.
    SYS_unshare,
    SYS_setns,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_memfd_create,
};

using Filter = std::vector<sock_filter>;

void Append(Filter &filter, std::initializer_list<sock_filter> instructions) {
  filter.insert(filter.end(), instructions);
}

void Forbid(Filter &filter, uint32_t call, uint32_t verdict = kForbid) {
  Append(filter, {SkipUnlessEqual(call, 1), Return(verdict)});
}

// Forbids a call with one of these values as its argument, of which the kernel, too, takes the
// lower half only.
void ForbidWith(Filter &filter, uint32_t call, size_t argument,
                std::initializer_list<uint32_t> values) {
  Filter inner{Load(offsetof(seccomp_data, args) + argument * sizeof(uint64_t))};
  for (const uint32_t value : values) Forbid(inner, value);
  inner.push_back(Load(offsetof(seccomp_data, nr)));
  filter.push_back(SkipUnlessEqual(call, static_cast<uint8_t>(inner.size())));
  filter.insert(filter.end(), inner.begin(), inner.end());
}

// Other processes of the user's are killed, too, by a limit of no processor time, and by the
// signals of a file or socket that is said to be theirs. QEMU's own sandbox knows of the other
// priorities.
void ForbidHarmToOthers(Filter &filter) {
  ForbidWith(filter, SYS_fcntl, 1, {F_SETOWN, F_SETOWN_EX, F_SETSIG});
  ForbidWith(filter, SYS_ioctl, 1, {FIOSETOWN, SIOCSPGRP});
  Forbid(filter, SYS_ioprio_set);
  Append(filter, {SkipUnlessEqual(SYS_prlimit64, 4), Load(offsetof(seccomp_data, args[0])),
                  SkipIfEqual(0, 1), Return(kForbid), Load(offsetof(seccomp_data, nr))});
}

// What nobody may. What follows looks at the number of the call.
Filter Common() {
  Filter filter{
      Load(offsetof(seccomp_data, arch)),
      SkipIfEqual(kArchitecture, 1),
      Return(kForbid),
      Load(offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kFirstForeignCall, 0, 1),
      Return(kForbid),
  };
  Forbid(filter, SYS_io_uring_setup);
  for (const uint32_t call : kOnFiles) Forbid(filter, call);
  ForbidHarmToOthers(filter);
  return filter;
}

// Allows what was not forbidden.
void Enforce(Filter filter) {
  filter.push_back(Return(SECCOMP_RET_ALLOW));
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  const bool filtered = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
  if (!filtered) throw std::system_error(errno, std::generic_category(), "seccomp");
}

}  // namespace

void ForbidSystemCalls(bool has_network) {
  Filter filter = Common();
  if (!has_network) {
    Forbid(filter, SYS_connect);
    Append(filter, {SkipUnlessEqual(SYS_socket, 3), Load(offsetof(seccomp_data, args[0])),
                    SkipIfEqual(AF_UNIX, 1), Return(kForbid)});
  }
  Enforce(std::move(filter));
}

void ForbidAllButFiltering() {
  Filter filter = Common();
  for (const uint32_t call : kBeyondFiltering) Forbid(filter, call);
  // Memory that is shared is not counted as the process's own.
  Append(filter, {SkipUnlessEqual(SYS_mmap, 4), Load(offsetof(seccomp_data, args[3])),
                  BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, MAP_SHARED, 0, 1), Return(kForbid),
                  Load(offsetof(seccomp_data, nr))});
  // clone3: no filter sees what it asks for. The C library then asks by clone.
  Forbid(filter, 435, kUnknown);
  Append(filter, {SkipUnlessEqual(SYS_clone, 3), Load(offsetof(seccomp_data, args[0])),
                  BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0), Return(kForbid)});
  Enforce(std::move(filter));
}
