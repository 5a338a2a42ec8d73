#pragma once

#include <pulse/pulseaudio.h>

#include <cstddef>
#include <cstdint>
#include <span>

constexpr uint32_t kSampleRate = 44100;
// Of two channels, signed 16 bits each, little endian.
constexpr size_t kFrameBytes = 4;

// Plays at the user's sound server (PulseAudio, or PipeWire in its place), and ends the process
// with EX_UNAVAILABLE when there is none, or no longer. There is one, for the rest of the process.
// Never waits but for the server to answer at first, and keeps a tenth of a second at most: of what
// comes faster than it can be heard, the rest is left out.
class Player {
 public:
  Player();

  // Whole frames.
  void Play(std::span<const uint8_t> samples);

  // There is nothing more for now: has the rest be heard.
  void End();

  // There has been nothing for long: leaves the sound hardware alone until there is.
  void Rest();

 private:
  void Write(std::span<const uint8_t> samples);

  pa_threaded_mainloop *const loop_;
  pa_context *context_ = nullptr;
  pa_stream *stream_ = nullptr;
  size_t ahead_ = 0;
  bool isResting_ = true;
};
