#include "image.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <utility>

namespace chunkfs {

Image::Image(std::shared_ptr<Pristine> pristine, std::unique_ptr<Overlay> overlay,
             uint64_t kept_limit)
    : pristine_(std::move(pristine)),
      overlay_(std::move(overlay)),
      arrivals_(kept_limit),
      watch_(std::make_shared<Watch>(pristine_->chunk_count())),
      modified_chunks_(pristine_->chunk_count()),
      size_(pristine_->size()),
      pristine_end_(pristine_->size()) {
  pristine_->OnUnverified(
      [watch = watch_, chunks = pristine_->chunk_count()] { watch->Unsettle(0, chunks); });
}

int Image::ClearOverlay() { return overlay_ ? overlay_->Clear(size()) : 0; }

bool Image::Has(const Wanted &wanted) {
  return pristine_->IsPresent(wanted.chunk) || arrivals_.Find(wanted) != nullptr;
}

bool Image::HasWhole(uint64_t chunk) const {
  return pristine_->IsPresent(chunk) || arrivals_.IsWhole(chunk);
}

bool Image::NeedsOnly(uint64_t chunk, uint64_t offset, uint64_t length) const {
  return pristine_->ChunkOf(offset) == chunk && pristine_->ChunkOf(offset + length - 1) == chunk &&
         !modified_chunks_.Test(chunk);
}

Attempt Image::Read(uint64_t offset, std::span<char> to) {
  // The size first: when it shows a file that was cut and grown again, the end shows the cut too.
  const uint64_t size = this->size();
  const uint64_t pristine_end = pristine_end_.load(std::memory_order_acquire);
  if (offset >= size) return {};
  const uint64_t end = std::min<uint64_t>(size, offset + to.size());
  Attempt attempt;
  BorrowedChunks borrowed;
  pristine_->Revise();
  NeedForReading(offset, std::min(end, pristine_end), pristine_end, attempt, borrowed);
  if (attempt.error != 0) attempt.missing.clear();
  if (attempt.error != 0 || !attempt.missing.empty()) return attempt;
  attempt.bytes = end - offset;
  while (offset < end && attempt.error == 0) {
    const Run run = RunAt(offset, end, pristine_end);
    const size_t length = run.end - offset;
    attempt.error = run.from_overlay
                        ? overlay_->Read(offset, to.first(length))
                        : ReadPristine(offset, to.first(length), pristine_end, borrowed);
    to = to.subspan(length);
    offset = run.end;
  }
  return attempt;
}

// Looks at the chunks of which the read shows pristine bytes.
void Image::NeedForReading(uint64_t offset, uint64_t end, uint64_t pristine_end, Attempt &attempt,
                           BorrowedChunks &borrowed) {
  while (offset < end) {
    const uint64_t chunk = pristine_->ChunkOf(offset);
    const uint64_t chunk_begin = chunk * pristine_->chunk_bytes();
    const uint64_t chunk_end = std::min(end, chunk_begin + pristine_->chunk_bytes());
    if (!watch_->IsSettled(chunk)) {
      const Run run = RunAt(offset, chunk_end, pristine_end);
      const uint64_t begin = run.from_overlay ? run.end : offset;
      uint64_t last = chunk_end;
      while (begin < last && ShowsOverlay((last - 1) / kBlockBytes, pristine_end))
        last = (last - 1) / kBlockBytes * kBlockBytes;
      if (begin < last) Need({chunk, begin - chunk_begin, last - begin}, attempt, borrowed);
    }
    offset = chunk_end;
  }
}

void Image::Need(const Wanted &wanted, Attempt &attempt, BorrowedChunks &borrowed) {
  const uint64_t chunk = wanted.chunk;
  if (watch_->IsSettled(chunk)) return;
  if (watch_->Notice(chunk)) attempt.marked.push_back(chunk);
  int error = 0;
  if (pristine_->Verify(chunk, error)) {
    watch_->Settle(chunk, [this, chunk] { return pristine_->IsVerified(chunk); });
  } else if (auto bytes = arrivals_.Find(wanted)) {
    borrowed.Add(chunk, std::move(bytes));
  } else if (error != 0) {
    attempt.error = error;
  } else {
    attempt.missing.push_back(wanted);
  }
}

bool Image::ShowsOverlay(uint64_t block, uint64_t pristine_end) const {
  return overlay_ && (block * kBlockBytes >= pristine_end || overlay_->IsModified(block));
}

Image::Run Image::RunAt(uint64_t offset, uint64_t end, uint64_t pristine_end) const {
  if (!overlay_) return {end, false};
  uint64_t block = offset / kBlockBytes;
  const bool from_overlay = ShowsOverlay(block, pristine_end);
  while (++block * kBlockBytes < end && ShowsOverlay(block, pristine_end) == from_overlay) {
  }
  return {std::min(end, block * kBlockBytes), from_overlay};
}

int Image::ReadPristine(uint64_t offset, std::span<char> to, uint64_t pristine_end,
                        const BorrowedChunks &borrowed) const {
  const size_t length =
      offset < pristine_end ? std::min<uint64_t>(to.size(), pristine_end - offset) : 0;
  std::fill(to.begin() + static_cast<std::ptrdiff_t>(length), to.end(), '\0');
  return pristine_->Read(offset, to.first(length), borrowed);
}

Attempt Image::Write(uint64_t offset, std::span<const char> from) {
  if (!overlay_) return {.error = EPERM};
  const uint64_t end = offset + from.size();
  if (offset % kBlockBytes == 0 && end % kBlockBytes == 0) {
    const std::shared_lock lock(changing_);
    if (end <= size()) return WriteLocked(offset, from);
  }
  const std::unique_lock lock(changing_);
  Attempt edges = ReplaceEdges(offset, end);
  if (edges.error != 0 || !edges.missing.empty()) return edges;
  Attempt written = WriteLocked(offset, from);
  written.marked = std::move(edges.marked);
  const uint64_t written_end = offset + written.bytes;
  if (written_end > size() && written.error == 0)
    size_.store(written_end, std::memory_order_release);
  // Nothing but zeros may lie beyond the end: growing shows what is there.
  if (written.bytes < from.size() && end > size()) overlay_->Resize(size());
  return written;
}

// Blocks that are written in part are in the overlay already.
Attempt Image::WriteLocked(uint64_t offset, std::span<const char> from) {
  const Overlay::Written written = overlay_->Write(offset, from);
  uint64_t end = offset + written.bytes;
  if (written.error != 0 && !ShowsOverlay(end / kBlockBytes, pristine_end_)) {
    end -= end % kBlockBytes;
  }
  if (end <= offset) return {.error = written.error};
  MarkModified(offset, end);
  return {.bytes = static_cast<size_t>(end - offset)};
}

void Image::MarkModified(uint64_t offset, uint64_t end) {
  const auto mark = [=](uint64_t unit, const auto &set) {
    set(offset / unit, (end - 1) / unit + 1 - offset / unit);
  };
  mark(kBlockBytes,
       [this](uint64_t first, uint64_t count) { overlay_->MarkModified(first, count); });
  mark(pristine_->chunk_bytes(),
       [this](uint64_t first, uint64_t count) { modified_chunks_.Set(first, count); });
}

Attempt Image::Zero(uint64_t offset, uint64_t length, bool grow) {
  if (!overlay_) return {.error = EPERM};
  const std::unique_lock lock(changing_);
  const uint64_t end = std::min(offset + length, size());
  Attempt attempt;
  if (offset < end) {
    attempt = ReplaceEdges(offset, end);
    if (attempt.error != 0 || !attempt.missing.empty()) return attempt;
    attempt.error = overlay_->Zero(offset, end - offset);
    if (attempt.error != 0) return attempt;
    MarkModified(offset, end);
  }
  if (grow && offset + length > size()) attempt.error = ResizeLocked(offset + length);
  return attempt;
}

// Copy-on-write: brings the first and last block of a change into the overlay where the change
// covers only a part of them. All chunks that it takes are looked for before anything is written.
Attempt Image::ReplaceEdges(uint64_t offset, uint64_t end) {
  struct Edge {
    uint64_t block;
    bool keep_content;
  };
  std::array<Edge, 2> edges;
  size_t count = 0;
  Attempt attempt;
  // Two edges of one chunk may find it in memory at two moments, with other bytes of it there.
  std::array<BorrowedChunks, 2> borrowed;
  const auto consider = [&](uint64_t block) {
    const uint64_t begin = block * kBlockBytes;
    if (ShowsOverlay(block, pristine_end_) || (count > 0 && edges[0].block == block)) return;
    const uint64_t content_end = std::min<uint64_t>(begin + kBlockBytes, pristine_end_);
    const bool keep_content = begin < offset || end < content_end;
    const uint64_t chunk = pristine_->ChunkOf(begin);
    const uint64_t chunk_begin = chunk * pristine_->chunk_bytes();
    if (keep_content)
      Need({chunk, begin - chunk_begin, content_end - begin}, attempt, borrowed[count]);
    edges[count++] = {block, keep_content};
  };
  pristine_->Revise();
  if (offset % kBlockBytes != 0) consider(offset / kBlockBytes);
  if (end % kBlockBytes != 0) consider(end / kBlockBytes);
  if (attempt.error != 0) attempt.missing.clear();
  if (attempt.error != 0 || !attempt.missing.empty()) return attempt;
  for (size_t i = 0; i < count && attempt.error == 0; ++i)
    attempt.error = ReplaceBlock(edges[i].block, edges[i].keep_content, borrowed[i]);
  return attempt;
}

int Image::ReplaceBlock(uint64_t block, bool keep_content, const BorrowedChunks &borrowed) {
  std::array<char, kBlockBytes> content{};
  const uint64_t offset = block * kBlockBytes;
  if (keep_content) {
    if (const int error = ReadPristine(offset, content, pristine_end_, borrowed)) return error;
    const Overlay::Written written = overlay_->Write(offset, content);
    if (written.error != 0) return written.error;
    MarkModified(offset, offset + kBlockBytes);
    return 0;
  }
  // Marked only by the write that follows: until then it shows its pristine bytes.
  return overlay_->Zero(offset, kBlockBytes);
}

int Image::Resize(uint64_t size_bytes) {
  if (!overlay_) return EPERM;
  const std::unique_lock lock(changing_);
  return ResizeLocked(size_bytes);
}

int Image::GrowTo(uint64_t size_bytes) {
  if (!overlay_) return EPERM;
  const std::unique_lock lock(changing_);
  return size_bytes > size() ? ResizeLocked(size_bytes) : 0;
}

int Image::ResizeLocked(uint64_t size_bytes) {
  if (const int error = overlay_->Resize(size_bytes)) return error;
  if (size_bytes < pristine_end_) pristine_end_.store(size_bytes, std::memory_order_release);
  size_.store(size_bytes, std::memory_order_release);
  return 0;
}

void Image::CloseFiles() {
  pristine_->CloseFiles();
  if (overlay_) overlay_->CloseFile();
}

}  // namespace chunkfs
