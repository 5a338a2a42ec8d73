// Runs a guest of a few instructions on /dev/kvm and ends with 0 if it came to its end.
//
// On hosts with a nested, paravirtual KVM the device can be opened and a virtual machine be made,
// but kernel-mode code is emulated one instruction at a time: firmware gets by, operating systems
// take hours. So the guest counts in 64-bit mode with paging, long enough that a processor needs
// milliseconds and an emulator many seconds. The caller limits the time and kills this process.
//
// Exit status: 0 the guest ran; 1 it could not (one line on stderr says where it failed).

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>

#if defined(__x86_64__) && __has_include(<linux/kvm.h>)
#include <linux/kvm.h>

namespace {

constexpr size_t kMemoryBytes = 1 << 20;
constexpr uint64_t kCodeAddress = 0x1000;
constexpr uint64_t kPageTables = 0x10000;
constexpr uint64_t kPageBytes = 0x1000;
constexpr uint64_t kTssAddress = 0xfffbd000;  // Intel needs three pages of the guest's space.
constexpr uint16_t kDonePort = 0x80;

// mov ecx, 0x1000000; again: dec ecx; jnz again; out 0x80, al; hlt
constexpr uint8_t kGuest[] = {0xb9, 0x00, 0x00, 0x00, 0x01, 0xff,
                              0xc9, 0x75, 0xfc, 0xe6, 0x80, 0xf4};

// Bits of the control registers and page tables (Intel SDM vol. 3, 2.5 and 4.5).
constexpr uint64_t kCr0ProtectionPaging = 0x80000011;
constexpr uint64_t kCr4PhysicalAddressExtension = 0x20;
constexpr uint64_t kEferLongMode = 0x500;
constexpr uint64_t kPresentWritable = 0x3;
constexpr uint64_t kPresentWritableLarge = 0x83;

int Fail(const char *what) {
  std::fprintf(stderr, "%s: %s\n", what, std::strerror(errno));
  return 1;
}

void MapMemory(uint8_t *memory) {
  const auto table = [memory](uint64_t page) {
    return reinterpret_cast<uint64_t *>(memory + kPageTables + page * kPageBytes);
  };
  table(0)[0] = (kPageTables + kPageBytes) | kPresentWritable;
  table(1)[0] = (kPageTables + 2 * kPageBytes) | kPresentWritable;
  table(2)[0] = kPresentWritableLarge;  // the first 2 MiB, one to one
}

void EnterLongMode(kvm_sregs &special) {
  special.cr0 = kCr0ProtectionPaging;
  special.cr3 = kPageTables;
  special.cr4 = kCr4PhysicalAddressExtension;
  special.efer = kEferLongMode;
  kvm_segment code{};
  code.limit = 0xffffffff;
  code.selector = 8;
  code.type = 11;
  code.present = code.s = code.l = code.g = 1;
  kvm_segment data = code;
  data.selector = 16;
  data.type = 3;
  data.l = 0;
  data.db = 1;
  special.cs = code;
  special.ds = special.es = special.fs = special.gs = special.ss = data;
}

int Probe() {
  const int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
  if (kvm < 0) return Fail("open /dev/kvm");
  if (ioctl(kvm, KVM_GET_API_VERSION, 0) != KVM_API_VERSION) return Fail("API version");
  const int machine = ioctl(kvm, KVM_CREATE_VM, 0);
  if (machine < 0) return Fail("create a machine");
  ioctl(machine, KVM_SET_TSS_ADDR, kTssAddress);

  void *mapped =
      mmap(nullptr, kMemoryBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return Fail("memory");
  auto *memory = static_cast<uint8_t *>(mapped);
  MapMemory(memory);
  std::memcpy(memory + kCodeAddress, kGuest, sizeof kGuest);
  kvm_userspace_memory_region region{};
  region.memory_size = kMemoryBytes;
  region.userspace_addr = reinterpret_cast<uint64_t>(memory);
  if (ioctl(machine, KVM_SET_USER_MEMORY_REGION, &region) < 0) return Fail("give it memory");

  const int processor = ioctl(machine, KVM_CREATE_VCPU, 0);
  if (processor < 0) return Fail("create a processor");
  const int run_bytes = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
  if (run_bytes < 0) return Fail("size of the run area");
  mapped = mmap(nullptr, run_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, processor, 0);
  if (mapped == MAP_FAILED) return Fail("run area");
  const auto *run = static_cast<const kvm_run *>(mapped);

  kvm_sregs special{};
  if (ioctl(processor, KVM_GET_SREGS, &special) < 0) return Fail("read registers");
  EnterLongMode(special);
  kvm_regs general{};
  general.rip = kCodeAddress;
  general.rflags = 2;
  if (ioctl(processor, KVM_SET_SREGS, &special) < 0 || ioctl(processor, KVM_SET_REGS, &general) < 0)
    return Fail("set registers");
  if (ioctl(processor, KVM_RUN, 0) < 0) return Fail("run");
  if (run->exit_reason != KVM_EXIT_IO || run->io.port != kDonePort) {
    std::fprintf(stderr, "the guest stopped early (KVM exit %u)\n", run->exit_reason);
    return 1;
  }
  return 0;
}

}  // namespace

int main() { return Probe(); }
#else
int main() {
  std::fprintf(stderr, "KVM is looked for on x86-64 only\n");
  return 1;
}
#endif
