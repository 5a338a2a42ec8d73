#include "flusher.h"

#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "threads.h"

namespace chunkfs {

namespace {
// What a power cut may cost, at the price of a few writes.
constexpr std::chrono::seconds kBetweenFlushes{5};
}  // namespace

struct Flusher::State {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::shared_ptr<Pristine>> images;
  std::vector<uint64_t> asked_for;
  bool hurry = false;
  bool running = false;
  bool stopped = false;
  // Empty once nobody wants to hear.
  OnSynced on_synced;

  int FlushAll(bool also_clean);
  void Answer(const std::vector<uint64_t> &asked, int error);
};

Flusher::Flusher(OnSynced on_synced) : state_(std::make_shared<State>()) {
  state_->on_synced = std::move(on_synced);
}

Flusher::~Flusher() { Stop(std::chrono::milliseconds(0)); }

void Flusher::Start(std::vector<std::shared_ptr<Pristine>> images) {
  std::erase_if(images, [](const auto &image) { return !image->HasRecord(); });
  if (images.empty()) return;
  state_->images = std::move(images);
  state_->running = true;
  // Detached: `Stop` waits for it as long as it can.
  StartThread([state = state_] { Work(state); }).detach();
}

void Flusher::Sync(uint64_t id) {
  std::unique_lock lock(state_->mutex);
  if (state_->running && !state_->stopped) {
    state_->asked_for.push_back(id);
    state_->changed.notify_all();
    return;
  }
  const int error = state_->stopped ? ECANCELED : 0;
  const OnSynced answer = state_->on_synced;
  lock.unlock();
  if (answer) answer(id, error);
}

void Flusher::Hurry() {
  const std::lock_guard lock(state_->mutex);
  state_->hurry = true;
  state_->changed.notify_all();
}

bool Flusher::Stop(std::chrono::milliseconds limit) {
  std::unique_lock lock(state_->mutex);
  state_->stopped = true;
  state_->changed.notify_all();
  const bool ended = state_->changed.wait_for(lock, limit, [this] { return !state_->running; });
  const std::vector<uint64_t> unanswered = std::exchange(state_->asked_for, {});
  const OnSynced answer = std::exchange(state_->on_synced, {});
  lock.unlock();
  if (answer)
    for (const uint64_t id : unanswered) answer(id, ETIMEDOUT);
  return ended;
}

void Flusher::Work(const std::shared_ptr<State> &state) {
  std::unique_lock lock(state->mutex);
  for (bool last = false; !last;) {
    state->changed.wait_for(lock, kBetweenFlushes, [&] {
      return state->stopped || state->hurry || !state->asked_for.empty();
    });
    last = state->stopped;
    state->hurry = false;
    // Those asked before the flush began; they stay in the list, for who stops waiting.
    const std::vector<uint64_t> asked = state->asked_for;
    lock.unlock();
    const int error = state->FlushAll(last || !asked.empty());
    lock.lock();
    state->Answer(asked, error);
  }
  state->running = false;
  state->images.clear();
  state->changed.notify_all();
}

int Flusher::State::FlushAll(bool also_clean) {
  int first_error = 0;
  for (const auto &image : images) {
    // Also where nobody reads: who asks what is verified need not be told of what is gone.
    image->Revise();
    if (!also_clean && !image->NeedsSync()) continue;
    const int error = image->Sync();
    if (first_error == 0) first_error = error;
  }
  return first_error;
}

// With the lock held, so that nobody is told after `Stop`.
void Flusher::State::Answer(const std::vector<uint64_t> &asked, int error) {
  if (!on_synced) return;
  asked_for.erase(asked_for.begin(), asked_for.begin() + static_cast<std::ptrdiff_t>(asked.size()));
  for (const uint64_t id : asked) on_synced(id, error);
}

}  // namespace chunkfs
