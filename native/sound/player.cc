#include "player.h"

#include <sysexits.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace {

constexpr pa_sample_spec kForm{.format = PA_SAMPLE_S16LE, .rate = kSampleRate, .channels = 2};
constexpr uint32_t kDefault = static_cast<uint32_t>(-1);

// In bytes of a twentieth of a second.
constexpr uint32_t kTwentieth = kSampleRate / 20 * kFrameBytes;
// As long as the sound of a guest is late; shorter ones stutter when the computer is busy. The
// server begins when it has half of it.
constexpr pa_buffer_attr kBuffer{.maxlength = 4 * kTwentieth,
                                 .tlength = 2 * kTwentieth,
                                 .prebuf = kTwentieth,
                                 .minreq = kDefault,
                                 .fragsize = kDefault};
// What may be sent before the server wants it: samples come in pieces of their own size.
constexpr size_t kMostAhead = kTwentieth;

[[noreturn]] void EndWithout(pa_context *context) {
  std::fprintf(stderr, "the sound server: %s\n", pa_strerror(pa_context_errno(context)));
  std::_Exit(EX_UNAVAILABLE);
}

// For as long as the sound server's thread must not come in between.
class Lock {
 public:
  explicit Lock(pa_threaded_mainloop *loop) : loop_(loop) { pa_threaded_mainloop_lock(loop_); }
  Lock(const Lock &) = delete;
  Lock &operator=(const Lock &) = delete;
  ~Lock() { pa_threaded_mainloop_unlock(loop_); }

 private:
  pa_threaded_mainloop *const loop_;
};

void ContextChanged(pa_context *context, void *loop) {
  if (!PA_CONTEXT_IS_GOOD(pa_context_get_state(context))) EndWithout(context);
  pa_threaded_mainloop_signal(static_cast<pa_threaded_mainloop *>(loop), 0);
}

void StreamChanged(pa_stream *stream, void *loop) {
  if (!PA_STREAM_IS_GOOD(pa_stream_get_state(stream))) EndWithout(pa_stream_get_context(stream));
  pa_threaded_mainloop_signal(static_cast<pa_threaded_mainloop *>(loop), 0);
}

void Forget(pa_operation *operation) {
  if (operation != nullptr) pa_operation_unref(operation);
}

}  // namespace

Player::Player() : loop_(pa_threaded_mainloop_new()) {
  context_ = pa_context_new(pa_threaded_mainloop_get_api(loop_), "VMNetX");
  pa_context_set_state_callback(context_, ContextChanged, loop_);
  // One that does not run is none: nobody asked for it.
  if (pa_context_connect(context_, nullptr, PA_CONTEXT_NOAUTOSPAWN, nullptr) < 0)
    EndWithout(context_);
  pa_threaded_mainloop_start(loop_);
  const Lock lock(loop_);
  while (pa_context_get_state(context_) != PA_CONTEXT_READY) pa_threaded_mainloop_wait(loop_);
  stream_ = pa_stream_new(context_, "Virtual machine", &kForm, nullptr);
  pa_stream_set_state_callback(stream_, StreamChanged, loop_);
  constexpr auto kFlags =
      static_cast<pa_stream_flags_t>(PA_STREAM_START_CORKED | PA_STREAM_ADJUST_LATENCY);
  if (pa_stream_connect_playback(stream_, nullptr, &kBuffer, kFlags, nullptr, nullptr) < 0)
    EndWithout(context_);
  while (pa_stream_get_state(stream_) != PA_STREAM_READY) pa_threaded_mainloop_wait(loop_);
}

void Player::Play(std::span<const uint8_t> samples) {
  const Lock lock(loop_);
  if (isResting_) Forget(pa_stream_cork(stream_, 0, nullptr, nullptr));
  isResting_ = false;
  Write(samples);
}

// A server that has less than it begins with waits for more, so it is given silence.
void Player::End() {
  static constexpr std::array<uint8_t, kTwentieth> kSilence{};
  Play(kSilence);
}

void Player::Rest() {
  const Lock lock(loop_);
  if (!isResting_) Forget(pa_stream_cork(stream_, 1, nullptr, nullptr));
  isResting_ = true;
}

void Player::Write(std::span<const uint8_t> samples) {
  if (pa_stream_writable_size(stream_) > 0) ahead_ = 0;
  if (ahead_ >= kMostAhead) return;
  ahead_ += samples.size();
  pa_stream_write(stream_, samples.data(), samples.size(), nullptr, 0, PA_SEEK_RELATIVE);
}
