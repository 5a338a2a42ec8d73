#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "bits.h"

namespace chunkfs {

// The layout of the two files that say which chunks of an image are present (docs/store-record.md).
// All numbers are little-endian, which the computers are that we run on.
static_assert(std::endian::native == std::endian::little);

constexpr uint32_t kRecordVersion = 1;
constexpr uint64_t kPageBytes = 4096;
// 8 TiB in chunks of 128 KiB: bounds what a size that somebody claims can cost, to 8 MiB for each
// bitmap of an image's chunks.
constexpr uint64_t kMostChunks = uint64_t{1} << 26;

using Generation = std::array<uint8_t, 16>;
using BootId = std::array<uint8_t, 16>;
using Identity = std::array<uint8_t, 32>;

// What both files are about.
struct ImageShape {
  uint64_t size_bytes;
  uint64_t chunk_bytes;

  uint64_t chunks() const { return (size_bytes + chunk_bytes - 1) / chunk_bytes; }
  bool operator==(const ImageShape &) const = default;
};

// The first page of the durable record.
struct RecordHeader {
  std::array<char, 8> magic;
  uint32_t version;
  uint32_t reserved;
  // Random; ties a live file to the record that it was made from.
  Generation generation;
  Identity identity;
  ImageShape shape;
  std::array<uint8_t, 4008> unused;
  // XXH3_64bits of all before it, in this and all later versions.
  uint64_t checksum;
};
static_assert(sizeof(RecordHeader) == kPageBytes);

// The first page of the live file.
struct LiveHeader {
  std::array<char, 8> magic;
  uint32_t version;
  uint32_t reserved;
  BootId boot;
  Generation generation;
  ImageShape shape;
  std::array<uint8_t, 4016> unused;
  // XXH3_64bits of all before it.
  uint64_t checksum;
  // How often somebody said that chunks are not present any more; changes while the file is used.
  uint64_t forgettings;
};
static_assert(sizeof(LiveHeader) == kPageBytes);

// Where things lie in the durable record, in bytes: header, bitmap, checksums.
struct RecordLayout {
  explicit RecordLayout(uint64_t chunks);

  static constexpr uint64_t kBitmap = kPageBytes;
  uint64_t bitmap_bytes;
  uint64_t checksums;
  uint64_t file_bytes;
};

// A claim on a chunk: its number shifted left by 8, and the claimant's slot plus one. 0: none.
using ClaimEntry = std::atomic<uint64_t>;
constexpr uint64_t kClaimSlots = 64;
constexpr uint64_t kClaimEntries = 4096;

// Where things lie in the live file, in bytes: header, claims, and two bitmaps.
struct LiveLayout {
  explicit LiveLayout(uint64_t chunks);

  static constexpr uint64_t kClaims = kPageBytes;
  static constexpr uint64_t kPresent = kClaims + kClaimEntries * sizeof(ClaimEntry);
  uint64_t unsettled;
  uint64_t file_bytes;
};

RecordHeader MakeRecordHeader(const Generation &generation, const Identity &identity,
                              const ImageShape &shape);
LiveHeader MakeLiveHeader(const BootId &boot, const Generation &generation,
                          const ImageShape &shape);

enum class HeaderState { kGood, kNewer, kWrong };
// kNewer only where the checksum holds: a flipped bit is no newer version.
HeaderState Examine(const RecordHeader &header, const Identity &identity, const ImageShape &shape);

// Whether a live file belongs to this boot and to the record.
bool IsGood(const LiveHeader &header, const BootId &boot, const Generation &generation,
            const ImageShape &shape);

// The checksum of a chunk's bytes: XXH3_64bits_withSeed, where the seed is the chunk's number, so
// that a chunk in another's place is noticed.
uint64_t ChecksumOf(std::span<const char> bytes, uint64_t chunk);

// Different at each start of the computer. None where the system does not tell.
std::optional<BootId> CurrentBootId();

// None, with errno, where the system has no random bytes.
std::optional<Generation> RandomGeneration();

}  // namespace chunkfs
