#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "descriptor.h"
#include "file_operations.h"
#include "turns.h"

namespace chunkfs {

// The conversation with the kernel: libfuse's session and the threads that serve it.
//
// The threads are our own, not libfuse's loop: that one can be ended only by a signal, or by a
// mount whose files nobody has open any more.
class Session {
 public:
  // Called once, on a serving thread, when the connection ends without Stop; with the errno of the
  // read that saw it (ENODEV: unmounted, ECONNABORTED: aborted).
  using OnEnd = std::function<void(int error)>;

  // `tree` is borrowed.
  Session(FileTree &tree, OnEnd on_end);
  ~Session();
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;

  // Whether libfuse is content with what it was given; without mounting anything. Returns what it
  // says otherwise.
  std::optional<std::string> Prepare();

  // Greets the kernel and starts serving. Returns what went wrong, if anything.
  std::optional<std::string> Start(Descriptor mounted, size_t threads);

  // Ends all serving threads. Requests that they began are answered or parked when it returns. May
  // be called twice.
  void Stop();

  // Closes the connection: the kernel aborts it, and who still has files open gets ENOTCONN. All
  // requests must have been answered.
  void Close();

 private:
  struct Worker {
    fuse_buf buffer{};
    std::thread thread;
    ~Worker();
  };

  void Serve(Worker &worker);

  FileTree &tree_;
  const OnEnd on_end_;
  fuse_session *session_ = nullptr;
  Turns turns_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> ended_ = false;
};

}  // namespace chunkfs
