#pragma once

#include <string>

namespace chunkfs {

// While it lives, what libfuse says on this thread is kept here. What it says on other threads is
// dropped: nothing of it reaches stderr.
class LogCapture {
 public:
  LogCapture();
  ~LogCapture();
  LogCapture(const LogCapture &) = delete;
  LogCapture &operator=(const LogCapture &) = delete;

  const std::string &text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace chunkfs
