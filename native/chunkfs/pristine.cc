#include "pristine.h"

#include <algorithm>
#include <bit>
#include <cerrno>
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

bool Pristine::CompareNow(uint64_t chunk, int &error) {
  if (!IsPresent(chunk)) return false;
  const std::lock_guard lock(LockOf(chunk));
  for (;;) {
    const uint64_t forgettings = record_->forgettings();
    // Others may have compared, dropped or stored it in the meantime.
    if (IsVerified(chunk)) return true;
    if (!IsPresent(chunk)) return false;
    bool right;
    error = Compare(chunk, right);
    if (error != 0) return false;
    if (!right) {
      record_->Forget(chunk, 1);
      damaged_.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    verified_.Set(chunk, 1);
    if (record_->forgettings() == forgettings) return true;
    // Who revises may not have seen it.
    verified_.Clear(chunk, 1);
  }
}

// Bytes that the disk cannot give are wrong. Any other error says nothing about them.
int Pristine::Compare(uint64_t chunk, bool &right) const {
  thread_local std::vector<char> buffer;
  buffer.resize(std::max<uint64_t>(buffer.size(), chunk_bytes()));
  const auto bytes = std::span(buffer).first(LengthOf(chunk));
  uint64_t checksum = 0;
  int error = ReadFully(file_.number(), bytes, chunk << chunk_shift_);
  if (error == 0) error = record_->ReadChecksum(chunk, checksum);
  right = error == 0 && checksum == ChecksumOf(bytes, chunk);
  return error == EIO ? 0 : error;
}

int Pristine::VerifyAll(const std::stop_token &stop) {
  for (uint64_t chunk = 0; chunk < chunk_count(); ++chunk) {
    if (stop.stop_requested()) return ECANCELED;
    int error = 0;
    if (!Verify(chunk, error) && error != 0) return error;
  }
  return 0;
}

void Pristine::ReviseNow() {
  const std::lock_guard lock(revising_);
  const uint64_t forgettings = record_->forgettings();
  for (uint64_t at = 0; at * Bits::kBitsPerWord < chunk_count(); ++at)
    if (const uint64_t dropped = verified_.Load(at) & ~record_->DurableWord(at))
      verified_.ClearIn(at, dropped);
  if (on_unverified_) on_unverified_();
  revised_ = forgettings;
}

int Pristine::Store(uint64_t chunk, std::span<const char> bytes) {
  int unreadable = 0;
  if (Verify(chunk, unreadable)) return 0;
  const std::lock_guard lock(LockOf(chunk));
  if (IsVerified(chunk)) return 0;
  for (;;) {
    const uint64_t forgettings = record_ ? record_->forgettings() : 0;
    if (const int error = WriteFully(file_.number(), bytes, chunk << chunk_shift_)) return error;
    if (record_)
      if (const int error = record_->Keep(chunk, ChecksumOf(bytes, chunk))) return error;
    verified_.Set(chunk, 1);
    // Else the disk may have refused the bytes before the chunk was there to be forgotten.
    if (!record_ || record_->forgettings() == forgettings) return 0;
  }
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
  const int error = record_->Flush(file_.number());
  if (error != 0) sync_failures_.fetch_add(1, std::memory_order_relaxed);
  Revise();
  return error;
}

}  // namespace chunkfs
