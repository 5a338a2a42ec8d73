#include "pristine.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "file_io.h"

namespace chunkfs {

Pristine::Pristine(Descriptor file, uint64_t size_bytes, uint64_t chunk_bytes,
                   std::optional<RecordFiles> record)
    : file_(std::move(file)),
      shape_{size_bytes, chunk_bytes},
      chunk_shift_(static_cast<unsigned>(std::countr_zero(chunk_bytes))),
      record_files_(std::move(record)),
      verified_(shape_.chunks()) {}

std::optional<RecordFailure> Pristine::Open() {
  if (!record_files_) return std::nullopt;
  auto opened = Record::Open(std::move(*record_files_), file_.number(), shape_);
  record_files_.reset();
  if (auto *failure = std::get_if<RecordFailure>(&opened)) return std::move(*failure);
  record_ = std::get<std::unique_ptr<Record>>(std::move(opened));
  return std::nullopt;
}

uint64_t Pristine::LengthOf(uint64_t chunk) const {
  return std::min(chunk_bytes(), size() - (chunk << chunk_shift_));
}

bool Pristine::CompareNow(uint64_t chunk) {
  if (!record_->present().Test(chunk)) return false;
  const std::lock_guard lock(LockOf(chunk));
  // Others may have compared, dropped or stored it in the meantime.
  if (verified_.Test(chunk)) return true;
  if (!record_->present().Test(chunk)) return false;
  if (!IsRight(chunk)) {
    record_->Forget(chunk, 1);
    damaged_.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  if (!record_->IsDoubted(chunk)) verified_.Set(chunk, 1);
  return true;
}

bool Pristine::IsRight(uint64_t chunk) const {
  thread_local std::vector<char> buffer;
  buffer.resize(std::max<uint64_t>(buffer.size(), chunk_bytes()));
  const auto bytes = std::span(buffer).first(LengthOf(chunk));
  return ReadFully(file_.number(), bytes, chunk << chunk_shift_) == 0 &&
         record_->IsRight(chunk, bytes);
}

void Pristine::MarkPresent(uint64_t first, uint64_t count) {
  if (!record_) verified_.Set(first, count);
}

int Pristine::Store(uint64_t chunk, std::span<const char> bytes) {
  if (Verify(chunk)) return 0;
  const std::lock_guard lock(LockOf(chunk));
  if (IsVerified(chunk)) return 0;
  if (const int error = WriteFully(file_.number(), bytes, chunk << chunk_shift_)) return error;
  if (record_)
    if (const int error = record_->Keep(chunk, ChecksumOf(bytes, chunk))) return error;
  verified_.Set(chunk, 1);
  return 0;
}

int Pristine::Read(uint64_t offset, std::span<char> to, const BorrowedChunks &borrowed) const {
  if (borrowed.empty()) return ReadFully(file_.number(), to, offset);
  while (!to.empty()) {
    const uint64_t chunk = ChunkOf(offset);
    const uint64_t inside = offset & (chunk_bytes() - 1);
    const size_t length = std::min<uint64_t>(to.size(), chunk_bytes() - inside);
    if (const char *bytes = borrowed.Find(chunk)) {
      std::memcpy(to.data(), bytes + inside, length);
    } else if (const int error = ReadFully(file_.number(), to.first(length), offset)) {
      return error;
    }
    to = to.subspan(length);
    offset += length;
  }
  return 0;
}

std::vector<std::unique_lock<std::mutex>> Pristine::LockAll() {
  return {changing_.begin(), changing_.end()};
}

void Pristine::ForgetAll() {
  const auto locks = LockAll();
  verified_.Clear(0, chunk_count());
  if (record_) record_->Forget(0, chunk_count());
  if (on_unverified_) on_unverified_();
}

uint64_t Pristine::Claim(uint64_t first, uint64_t count, bool steal) {
  const uint64_t end = first + std::min(count, chunk_count() - first);
  for (uint64_t chunk = first; chunk < end; ++chunk) {
    if (IsPresent(chunk)) return chunk - first;
    if (!record_) continue;
    if (!record_->claims().Take(chunk, steal)) return chunk - first;
    // It may have come before the claim: its end was then before the claim too.
    if (!IsPresent(chunk)) continue;
    record_->claims().Release(chunk);
    return chunk - first;
  }
  return end - first;
}

void Pristine::Release(uint64_t first, uint64_t count) {
  if (!record_) return;
  const uint64_t end = first + std::min(count, chunk_count() - first);
  for (uint64_t chunk = first; chunk < end; ++chunk) record_->claims().Release(chunk);
}

void Pristine::CloseFiles() {
  file_.Close();
  if (record_) record_->CloseFiles();
}

int Pristine::Sync() {
  if (!record_) return 0;
  const auto [error, lost] = record_->Flush(file_.number());
  if (error != 0) sync_failures_.fetch_add(1, std::memory_order_relaxed);
  if (lost) {
    // Nobody is in the middle of storing a chunk: those that began before are doubted too.
    const auto locks = LockAll();
    record_->DoubtUnsynced();
    for (uint64_t chunk = 0; chunk < chunk_count(); ++chunk)
      if (record_->IsDoubted(chunk)) verified_.Clear(chunk, 1);
    if (on_unverified_) on_unverified_();
  }
  return error;
}

}  // namespace chunkfs
