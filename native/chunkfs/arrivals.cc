#include "arrivals.h"

#include <utility>

namespace chunkfs {

namespace {

BorrowedChunks::Bytes BytesOf(const std::shared_ptr<Arrival> &arrival) {
  return {arrival, arrival->data()};
}

}  // namespace

bool Arrivals::Add(uint64_t chunk, uint64_t length, uint64_t offset, std::span<const char> bytes) {
  std::shared_ptr<Arrival> arrival;
  {
    const std::lock_guard lock(mutex_);
    Entry &entry = table_[chunk];
    if (!entry.arrival) entry.arrival = std::make_shared<Arrival>(length);
    arrival = entry.arrival;
    if (arrival->IsWhole()) return false;
  }
  arrival->Copy(offset, bytes);
  const std::lock_guard lock(mutex_);
  arrival->Confirm(offset, offset + bytes.size());
  return arrival->IsWhole();
}

BorrowedChunks::Bytes Arrivals::Find(const Wanted &wanted) {
  const std::lock_guard lock(mutex_);
  const auto found = table_.find(wanted.chunk);
  if (found == table_.end()) return nullptr;
  const auto &[arrival, kept] = found->second;
  if (!arrival->Covers(wanted.offset, wanted.offset + wanted.length)) return nullptr;
  if (kept) kept_.splice(kept_.begin(), kept_, *kept);
  return BytesOf(arrival);
}

Arrivals::Whole Arrivals::FindWhole(uint64_t chunk) const {
  const std::lock_guard lock(mutex_);
  const auto found = table_.find(chunk);
  if (found == table_.end() || !found->second.arrival->IsWhole()) return {};
  return {BytesOf(found->second.arrival), found->second.arrival->length()};
}

bool Arrivals::HasPartOf(uint64_t chunk) const {
  const std::lock_guard lock(mutex_);
  return table_.contains(chunk);
}

bool Arrivals::IsWhole(uint64_t chunk) const { return FindWhole(chunk).bytes != nullptr; }

void Arrivals::Erase(Table::iterator entry) {
  if (const auto kept = entry->second.kept) {
    kept_bytes_ -= entry->second.arrival->length();
    kept_.erase(*kept);
  }
  table_.erase(entry);
}

void Arrivals::Remove(uint64_t chunk) {
  const std::lock_guard lock(mutex_);
  if (const auto found = table_.find(chunk); found != table_.end()) Erase(found);
}

void Arrivals::DropParts(uint64_t first, uint64_t count) {
  const std::lock_guard lock(mutex_);
  std::erase_if(table_, [&](const auto &entry) {
    return entry.first >= first && entry.first - first < count && !entry.second.arrival->IsWhole();
  });
}

void Arrivals::Keep(uint64_t chunk) {
  const std::lock_guard lock(mutex_);
  const auto found = table_.find(chunk);
  if (found == table_.end() || found->second.kept || !found->second.arrival->IsWhole()) return;
  kept_.push_front(chunk);
  found->second.kept = kept_.begin();
  kept_bytes_ += found->second.arrival->length();
  while (kept_bytes_ > kept_limit_ && kept_.size() > 1) Erase(table_.find(kept_.back()));
}

std::vector<uint64_t> Arrivals::TakeKept() {
  const std::lock_guard lock(mutex_);
  std::vector<uint64_t> taken(kept_.rbegin(), kept_.rend());
  for (const uint64_t chunk : taken) table_.at(chunk).kept.reset();
  kept_.clear();
  kept_bytes_ = 0;
  return taken;
}

}  // namespace chunkfs
