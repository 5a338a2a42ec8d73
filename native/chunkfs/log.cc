#include "log.h"

#include <cstdarg>
#include <cstdio>

#include "fuse.h"

namespace chunkfs {

namespace {

constexpr size_t kLongestLine = 512;

thread_local std::string *listener = nullptr;

void Listen(fuse_log_level, const char *format, va_list arguments) {
  if (listener == nullptr) return;
  char line[kLongestLine];
  vsnprintf(line, sizeof line, format, arguments);
  listener->append(line);
}

}  // namespace

LogCapture::LogCapture() {
  fuse_set_log_func(Listen);
  listener = &text_;
}

LogCapture::~LogCapture() { listener = nullptr; }

}  // namespace chunkfs
