/* To be preloaded: each large write takes SLOW_DISK_MICROSECONDS longer. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

enum { LARGE = 64 * 1024 };

static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static useconds_t delay;

__attribute__((constructor)) static void begin(void) {
  real_pwrite = dlsym(RTLD_NEXT, "pwrite");
  const char *value = getenv("SLOW_DISK_MICROSECONDS");
  delay = value == NULL ? 0 : (useconds_t)atoi(value);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t offset) {
  if (size >= LARGE) usleep(delay);
  return real_pwrite(file, bytes, size, offset);
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off_t offset) {
  return pwrite(file, bytes, size, offset);
}
