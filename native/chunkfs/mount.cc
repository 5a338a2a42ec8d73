#include "mount.h"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>
#include <fstream>
#include <sstream>
#include <utility>

#include "threads.h"

namespace chunkfs {

namespace {

// How long the end of a mount may take for the sake of the records. What is not durable by then is
// made so by the next mount of this boot.
constexpr std::chrono::milliseconds kLastFlushLimit{1000};

struct Free {
  void operator()(char *memory) const { std::free(memory); }
  void operator()(DIR *listing) const { closedir(listing); }
};

// The directory without symbolic links, as the list of mounts will show it, or why it cannot be
// used.
std::variant<std::string, MountFailure> CheckDirectory(const std::string &path) {
  const auto unusable = [](const char *reason) {
    return MountFailure{MountFailure::Kind::kDirectory, reason};
  };
  const std::unique_ptr<char, Free> real(realpath(path.c_str(), nullptr));
  if (!real) return unusable(std::strerror(errno));
  const std::unique_ptr<DIR, Free> listing(opendir(real.get()));
  if (!listing) return unusable(std::strerror(errno));
  while (const dirent *entry = readdir(listing.get()))
    if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
      return unusable("the directory is not empty");
  return std::string(real.get());
}

bool IsMounted(dev_t device) {
  std::ifstream mounts("/proc/self/mountinfo");
  const std::string wanted = std::to_string(major(device)) + ":" + std::to_string(minor(device));
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream fields(line);
    std::string id, parent, number;
    if (fields >> id >> parent >> number && number == wanted) return true;
  }
  return false;
}

}  // namespace

Mount::Mount(MountOptions options, MountEvents &events)
    : events_(events),
      environment_(CurrentEnvironment()),
      threads_(options.threads),
      directory_(std::move(options.directory)),
      tree_{{}, getuid(), getgid(), time(nullptr)},
      courier_([this] { events_.Relieved(); }),
      chores_([this](uint64_t id, int error) { events_.Done(id, error); }),
      flusher_([this](uint64_t id, int error) { events_.Done(id, error); }) {
  for (ImageOptions &image : options.images) AddImage(std::move(image));
  thread_ = StartThread([this] { Run(); });
}

Mount::~Mount() {
  Unmount();
  thread_.join();
}

void Mount::AddImage(ImageOptions options) {
  const size_t index = tree_.images.size();
  auto pristine = std::make_shared<Pristine>(std::move(options.pristine), options.size_bytes,
                                             options.chunk_bytes, std::move(options.record));
  std::unique_ptr<Overlay> overlay;
  if (options.overlay)
    overlay = std::make_unique<Overlay>(std::move(options.overlay), options.size_bytes);
  tree_.images.push_back(std::make_unique<ServedImage>(std::move(options.name), std::move(pristine),
                                                       std::move(overlay), options.wait_limit,
                                                       deadlines_, courier_, EventsOf(index)));
}

ImageEvents Mount::EventsOf(size_t index) {
  return {
      .on_miss = [this, index](const Miss &miss) { events_.Missed(index, miss); },
      .on_mark = [this, index](uint64_t chunk) { events_.MarkReached(index, chunk); },
      .on_store_failed = [this, index](uint64_t chunk,
                                       int error) { events_.StoreFailed(index, chunk, error); },
  };
}

void Mount::Run() {
  std::optional<MountFailure> failure;
  try {
    failure = SetUp();
  } catch (const std::exception &error) {
    // There is no memory for an image of that size, or no thread.
    failure = {MountFailure::Kind::kOther, error.what()};
  }
  if (failure) {
    TearDown();
    events_.MountFailed(std::move(*failure));
    return;
  }
  events_.Mounted();
  ServeDeadlines();
  events_.Unmounted(TearDown());
}

std::optional<MountFailure> Mount::SetUp() {
  auto checked = CheckDirectory(directory_);
  if (auto *failure = std::get_if<MountFailure>(&checked)) return std::move(*failure);
  directory_ = std::get<std::string>(std::move(checked));

  // Everything that can be refused is refused before there is a mount.
  std::vector<std::shared_ptr<Pristine>> pristine;
  for (const auto &served : tree_.images) {
    if (auto failure = served->image().pristine().Open())
      return MountFailure{
          failure->newer ? MountFailure::Kind::kRecordNewer : MountFailure::Kind::kRecordUnusable,
          std::move(failure->detail)};
    if (const int error = served->Prepare())
      return MountFailure{MountFailure::Kind::kOther, "overlay: " + std::string(strerror(error))};
    pristine.push_back(served->image().shared_pristine());
  }
  flusher_.Start(std::move(pristine));
  session_ = std::make_unique<Session>(tree_, [this](int error) {
    if (!leaving_) events_.Ended(error);
  });
  if (auto problem = session_->Prepare())
    return MountFailure{MountFailure::Kind::kOther, std::move(*problem)};
  auto mounted = MountDirectory(directory_, environment_);
  if (auto *failure = std::get_if<MountFailure>(&mounted)) return std::move(*failure);
  mounted_as_ = 0;
  if (auto problem = session_->Start(std::get<Descriptor>(std::move(mounted)), threads_))
    return MountFailure{MountFailure::Kind::kOther, std::move(*problem)};
  struct stat attributes;
  if (stat(directory_.c_str(), &attributes) != 0)
    return MountFailure{MountFailure::Kind::kOther, std::strerror(errno)};
  mounted_as_ = attributes.st_dev;
  return std::nullopt;
}

void Mount::ServeDeadlines() {
  while (deadlines_.Sleep()) {
    const auto now = Clock::now();
    for (const auto &served : tree_.images) {
      served->RefuseExpired(now);
      if (const auto next = served->EarliestDeadline()) deadlines_.Expect(*next);
    }
  }
}

// In this order: nobody waits any more; the directory is free; nobody serves; the connection is
// gone, and with it every claim on the files; what was fetched is durable, if the disk is quick.
std::optional<std::string> Mount::TearDown() {
  std::optional<std::string> problem;
  leaving_ = true;
  for (const auto &served : tree_.images) served->RefuseAll(ENOTCONN);
  {
    const std::lock_guard lock(answering_);
    closed_ = true;
  }
  if (mounted_as_) {
    problem = UnmountDirectory(directory_, environment_);
    // Somebody else may have done it before us.
    if (problem && *mounted_as_ != 0 && !IsMounted(*mounted_as_)) problem.reset();
  }
  if (session_) session_->Stop();
  courier_.Stop();
  chores_.Stop();
  if (session_) session_->Close();
  // What a flush still uses is closed after it.
  if (flusher_.Stop(kLastFlushLimit))
    for (const auto &served : tree_.images) served->image().CloseFiles();
  return problem;
}

bool Mount::Deliver(size_t image, uint64_t offset, std::span<const char> bytes) {
  const std::lock_guard lock(answering_);
  if (closed_) return false;
  tree_.images[image]->Deliver(offset, bytes);
  return courier_.HasMuch();
}

void Mount::FailChunk(size_t image, uint64_t chunk, int error) {
  const std::lock_guard lock(answering_);
  if (!closed_) tree_.images[image]->FailChunk(chunk, error);
}

void Mount::FailAll(int error) {
  const std::lock_guard lock(answering_);
  if (closed_) return;
  for (const auto &served : tree_.images) served->RefuseAll(error);
}

void Mount::Wake(size_t image, uint64_t first, uint64_t count) {
  tree_.images[image]->BroughtByOthers(first, count);
}

void Mount::SetStoring(bool on) {
  for (const auto &served : tree_.images) served->SetStoring(on);
}

void Mount::LimitWait(size_t image, std::chrono::milliseconds limit) {
  tree_.images[image]->LimitWait(limit);
}

void Mount::ForgetAll(size_t image, uint64_t id) {
  chores_.Add(id, [this, &pristine = tree_.images[image]->image().pristine()](const auto &) {
    pristine.ForgetAll();
    flusher_.Hurry();
    return 0;
  });
}

void Mount::Compare(size_t image, uint64_t id) {
  chores_.Add(id, [&pristine = tree_.images[image]->image().pristine()](const auto &stop) {
    return pristine.VerifyAll(stop);
  });
}

void Mount::Sync(uint64_t id) { flusher_.Sync(id); }

void Mount::Unmount() { deadlines_.Stop(); }

}  // namespace chunkfs
