// Preloaded into a process under test: lets it die at a chosen write or sync of the files `data`,
// `record` and `overlay-*` of one folder, or lets syncs fail.
//
//   FAULT_FOLDER  the folder, an absolute path
//   FAULT_AT      PHASE:NUMBER:SEED, the call at which to die, counted from 1 for each phase:
//                 delivering (writes to data), marking (of checksums), copying (writes to
//                 overlays), syncing (syncs, and writes of the record's other parts)
//   FAULT_POWER   set: power is cut: `after/data` and `after/record` get what was synced, and of
//   each
//                 page that was not either that or what is in memory, at random
//   FAULT_LIE     set: syncs of data do nothing and say that all is well
//
// While the file `fail-sync` is in the folder, syncs of data fail with EIO; while `fail-read` is,
// reads of record.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PAGE = 4096, CHECKSUM = 8, SYNC_MICROSECONDS = 1000 };
enum phase { DELIVERING, MARKING, COPYING, SYNCING, NONE };
static const char *const phase_names[] = {"delivering", "marking", "copying", "syncing"};

struct content {
  char *bytes;
  size_t size;
};
static struct content synced_data, synced_record;

static const char *folder;
static enum phase fault_phase = NONE;
static unsigned long fault_number, calls[NONE];
static uint64_t random_state;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_preadv2)(int, const struct iovec *, int, off_t, int);
static int (*real_fdatasync)(int);
static int (*real_fsync)(int);

static uint64_t next_random(void) {
  random_state += 0x9e3779b97f4a7c15u;
  uint64_t mixed = (random_state ^ random_state >> 30) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
  return mixed ^ mixed >> 31;
}

__attribute__((constructor)) static void start(void) {
  real_pwrite = dlsym(RTLD_NEXT, "pwrite");
  real_preadv2 = dlsym(RTLD_NEXT, "preadv2");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  folder = getenv("FAULT_FOLDER");
  const char *at = getenv("FAULT_AT");
  char name[16];
  unsigned long seed;
  if (at == NULL || sscanf(at, "%15[a-z]:%lu:%lu", name, &fault_number, &seed) != 3) return;
  random_state = seed;
  for (int phase = 0; phase < NONE; ++phase)
    if (strcmp(name, phase_names[phase]) == 0) fault_phase = phase;
}

// The name of an open file in the folder, or an empty one.
static void name_of(int file, char name[PATH_MAX]) {
  char link[64], path[PATH_MAX];
  name[0] = '\0';
  if (folder == NULL) return;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  const size_t prefix = strlen(folder);
  if (length <= (ssize_t)prefix) return;
  path[length] = '\0';
  if (strncmp(path, folder, prefix) == 0 && path[prefix] == '/') strcpy(name, path + prefix + 1);
}

static struct content read_whole(const char *name) {
  char path[PATH_MAX];
  struct stat attributes;
  struct content content = {NULL, 0};
  snprintf(path, sizeof path, "%s/%s", folder, name);
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0 || fstat(file, &attributes) != 0) return content;
  content.size = (size_t)attributes.st_size;
  content.bytes = calloc(content.size + PAGE, 1);
  if (pread(file, content.bytes, content.size, 0) != (ssize_t)content.size) abort();
  close(file);
  return content;
}

static void write_after(const char *name, struct content synced) {
  const struct content now = read_whole(name);
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/after/%s", folder, name);
  const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const size_t size = next_random() % 2 ? now.size : synced.size;
  if (file < 0 || ftruncate(file, (off_t)size) != 0) abort();
  for (size_t at = 0; at < size; at += PAGE) {
    const struct content from = next_random() % 2 ? now : synced;
    const size_t end = from.size < size ? from.size : size;
    const size_t length = at >= end ? 0 : end - at < PAGE ? end - at : PAGE;
    if (real_pwrite(file, from.bytes + at, length, (off_t)at) != (ssize_t)length) abort();
  }
  close(file);
}

// With the mutex held: nobody writes any more.
static void die(void) {
  if (getenv("FAULT_POWER") != NULL) {
    write_after("data", synced_data);
    write_after("record", synced_record);
  }
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

static int is_time(enum phase phase) {
  return phase != NONE && ++calls[phase] == fault_number && phase == fault_phase;
}

static enum phase phase_of_write(const char *name, size_t size) {
  if (strcmp(name, "data") == 0) return DELIVERING;
  if (strcmp(name, "record") == 0) return size == CHECKSUM ? MARKING : SYNCING;
  return strncmp(name, "overlay-", 8) == 0 ? COPYING : NONE;
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t offset) {
  char name[PATH_MAX];
  name_of(file, name);
  const enum phase phase = phase_of_write(name, size);
  if (phase == NONE) return real_pwrite(file, bytes, size, offset);
  pthread_mutex_lock(&mutex);
  if (is_time(phase)) {
    // All of it, or the first part.
    const size_t written = next_random() % 2 ? size : next_random() % size;
    if (real_pwrite(file, bytes, written, offset) < 0) abort();
    die();
  }
  const ssize_t count = real_pwrite(file, bytes, size, offset);
  pthread_mutex_unlock(&mutex);
  return count;
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off_t offset) {
  return pwrite(file, bytes, size, offset);
}

static int is_failing(const char *fault) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/%s", folder, fault);
  return access(path, F_OK) == 0;
}

ssize_t preadv2(int file, const struct iovec *parts, int count, off_t offset, int flags) {
  char name[PATH_MAX];
  name_of(file, name);
  if (strcmp(name, "record") == 0 && is_failing("fail-read")) {
    errno = EIO;
    return -1;
  }
  return real_preadv2(file, parts, count, offset, flags);
}

ssize_t preadv64v2(int file, const struct iovec *parts, int count, off_t offset, int flags) {
  return preadv2(file, parts, count, offset, flags);
}

static int sync_file(int file, int (*real)(int)) {
  char name[PATH_MAX];
  name_of(file, name);
  const int is_data = strcmp(name, "data") == 0;
  if (!is_data && strcmp(name, "record") != 0) return real(file);
  if (is_data && is_failing("fail-sync")) {
    errno = EIO;
    return -1;
  }
  if (is_data && getenv("FAULT_LIE") != NULL) return 0;
  pthread_mutex_lock(&mutex);
  if (is_time(SYNCING)) die();
  // What is written while the disk works may not be on it afterwards.
  const struct content content = read_whole(name);
  pthread_mutex_unlock(&mutex);
  usleep(SYNC_MICROSECONDS);
  pthread_mutex_lock(&mutex);
  struct content *synced = is_data ? &synced_data : &synced_record;
  free(synced->bytes);
  *synced = content;
  pthread_mutex_unlock(&mutex);
  return 0;
}

int fdatasync(int file) { return sync_file(file, real_fdatasync); }
int fsync(int file) { return sync_file(file, real_fsync); }
