// Run in place of a program that decompresses: does what one that was taken over could try. Says on
// standard output of each what came of it: 0, or the errno.
//
//   taken-over-filter FILE NEW-FILE SOCKET

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void tell(const char *what, long result) {
  printf("%s: %d\n", what, result < 0 ? errno : 0);
}

static long connect_to(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  const int end = socket(AF_UNIX, SOCK_STREAM, 0);
  return end < 0 ? -1 : connect(end, (struct sockaddr *)&address, sizeof address);
}

static long second_process(void) {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  return child < 0 ? -1 : waitpid(child, NULL, 0);
}

static void *nothing(void *unused) { return unused; }

static long thread(void) {
  pthread_t one;
  errno = pthread_create(&one, NULL, nothing, NULL);
  return errno != 0 ? -1 : -pthread_join(one, NULL);
}

static long memory(int kind) {
  const size_t bytes = 64 << 20;
  void *place = mmap(NULL, bytes, PROT_READ | PROT_WRITE, kind | MAP_ANONYMOUS, -1, 0);
  return place == MAP_FAILED ? -1 : 0;
}

static long raise_limit(void) {
  const struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
  return setrlimit(RLIMIT_DATA, &all);
}

// Of its parent, with what that has already.
static long set_affinity(void) {
  cpu_set_t processors;
  CPU_ZERO(&processors);
  const pid_t other = getppid();
  sched_getaffinity(other, sizeof processors, &processors);
  return sched_setaffinity(other, sizeof processors, &processors);
}

static long set_priority(void) {
  const id_t other = getppid();
  return setpriority(PRIO_PROCESS, other, getpriority(PRIO_PROCESS, other));
}

static long set_disk_priority(void) {
  const int process = 1;
  const pid_t other = getppid();
  return syscall(SYS_ioprio_set, process, other, syscall(SYS_ioprio_get, process, other));
}

static long set_exact_owner(void) {
  const struct f_owner_ex other = {F_OWNER_PID, getppid()};
  return fcntl(STDOUT_FILENO, F_SETOWN_EX, &other);
}

static long set_socket_owner(unsigned long request) {
  const int other = getppid();
  return ioctl(STDOUT_FILENO, request, &other);
}

int main(int count, char **words) {
  if (count != 4) return 1;
  tell("read", open(words[1], O_RDONLY));
  tell("list", open("/proc", O_RDONLY | O_DIRECTORY));
  tell("write", open(words[1], O_WRONLY | O_APPEND));
  tell("make", open(words[2], O_WRONLY | O_CREAT, 0600));
  tell("chmod", chmod(words[1], 0644));
  tell("connect", connect_to(words[3]));
  tell("network", socket(AF_INET, SOCK_STREAM, 0));
  tell("kill", kill(getppid(), 0));
  tell("limits", prlimit(getppid(), RLIMIT_CPU, NULL, NULL));
  tell("affinity", set_affinity());
  tell("priority", set_priority());
  tell("disk priority", set_disk_priority());
  tell("owner", fcntl(STDOUT_FILENO, F_SETOWN, getppid()));
  tell("exact owner", set_exact_owner());
  tell("signal", fcntl(STDOUT_FILENO, F_SETSIG, SIGURG));
  tell("socket owner", set_socket_owner(FIOSETOWN));
  tell("socket group", set_socket_owner(SIOCSPGRP));
  tell("ptrace", ptrace(PTRACE_ATTACH, 0, NULL, NULL));
  tell("unshare", unshare(0));
  tell("process", second_process());
  tell("thread", thread());
  tell("memory", memory(MAP_PRIVATE));
  tell("shared", memory(MAP_SHARED));
  tell("limit", raise_limit());
  fflush(stdout);
  execl("/bin/echo", "echo", "exec: 0", NULL);
  tell("exec", -1);
  return 0;
}
