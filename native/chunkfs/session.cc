#include "session.h"

#include <pthread.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "device.h"
#include "log.h"
#include "threads.h"

namespace chunkfs {

namespace {
// The kernel sends its greeting when the mount is made.
constexpr int kGreetingLimitMilliseconds = 5000;
}  // namespace

Session::Worker::~Worker() { std::free(buffer.mem); }

Session::Session(FileTree &tree, OnEnd on_end) : tree_(tree), on_end_(std::move(on_end)) {}

Session::~Session() {
  Stop();
  Close();
}

std::optional<std::string> Session::Prepare() {
  const LogCapture log;
  char name[] = "vmnetx";
  char *arguments[] = {name, nullptr};
  fuse_args parsed = FUSE_ARGS_INIT(1, arguments);
  session_ = fuse_session_new(&parsed, &FileOperations(), sizeof(fuse_lowlevel_ops), &tree_);
  fuse_opt_free_args(&parsed);
  if (session_ != nullptr) return std::nullopt;
  return "libfuse: " + log.text();
}

std::optional<std::string> Session::Start(Descriptor mounted, size_t threads) {
  const LogCapture log;
  fuse_custom_io io{};
  io.read = ReadRequest;
  io.writev = WriteReply;
  if (fuse_session_custom_io(session_, &io, mounted.number()) != 0) return "libfuse: " + log.text();
  // Libfuse closes it.
  const int descriptor = mounted.Release();

  // The greeting on this thread, so that all others find the session settled.
  Worker greeting;
  if (!WaitForRequest(descriptor, kGreetingLimitMilliseconds) ||
      fuse_session_receive_buf(session_, &greeting.buffer) <= 0)
    return "the kernel sent no greeting";
  fuse_session_process_buf(session_, &greeting.buffer);
  if (fuse_session_exited(session_)) return "libfuse: " + log.text();

  while (workers_.size() < threads) {
    Worker &worker = *workers_.emplace_back(std::make_unique<Worker>());
    worker.thread = StartThread([this, &worker] { Serve(worker); });
  }
  return std::nullopt;
}

// A thread can be cancelled only while it waits for a request: then it holds nothing.
void Session::Serve(Worker &worker) {
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, nullptr);
  while (!stopping_ && !fuse_session_exited(session_) && turns_.Take()) {
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, nullptr);
    const int received = fuse_session_receive_buf(session_, &worker.buffer);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, nullptr);
    turns_.Received();
    if (received == -EINTR || received == -EAGAIN) continue;
    if (received <= 0) break;
    fuse_session_process_buf(session_, &worker.buffer);
  }
  turns_.Leave();
  if (stopping_ || ended_.exchange(true)) return;
  fuse_session_exit(session_);
  on_end_(LastReadError());
}

void Session::Stop() {
  stopping_ = true;
  turns_.Stop();
  for (const auto &worker : workers_)
    if (worker->thread.joinable()) pthread_cancel(worker->thread.native_handle());
  for (const auto &worker : workers_)
    if (worker->thread.joinable()) worker->thread.join();
}

void Session::Close() {
  if (session_ != nullptr) fuse_session_destroy(std::exchange(session_, nullptr));
}

}  // namespace chunkfs
