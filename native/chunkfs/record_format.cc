#include "record_format.h"

#include <sys/random.h>
#include <xxhash.h>

#include <cctype>
#include <fstream>
#include <string>

namespace chunkfs {

namespace {

constexpr std::array<char, 8> kRecordMagic = {'V', 'M', 'N', 'X', 'r', 'e', 'c', '\n'};
constexpr std::array<char, 8> kLiveMagic = {'V', 'M', 'N', 'X', 'l', 'i', 'v', '\n'};

constexpr uint64_t RoundToPages(uint64_t bytes) {
  return (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
}

template <typename Header>
uint64_t ChecksumOfHeader(const Header &header) {
  return XXH3_64bits(&header, offsetof(Header, checksum));
}

}  // namespace

RecordLayout::RecordLayout(uint64_t chunks)
    : bitmap_bytes(Bits::WordsFor(chunks) * sizeof(Bits::Word)),
      checksums(kBitmap + RoundToPages(bitmap_bytes)),
      file_bytes(checksums + RoundToPages(chunks * sizeof(uint64_t))) {}

LiveLayout::LiveLayout(uint64_t chunks)
    : unsettled(kPresent + RoundToPages(Bits::WordsFor(chunks) * sizeof(Bits::Word))),
      file_bytes(unsettled + (unsettled - kPresent)) {}

RecordHeader MakeRecordHeader(const Generation &generation, const Identity &identity,
                              const ImageShape &shape) {
  RecordHeader header{};
  header.magic = kRecordMagic;
  header.version = kRecordVersion;
  header.generation = generation;
  header.identity = identity;
  header.shape = shape;
  header.checksum = ChecksumOfHeader(header);
  return header;
}

LiveHeader MakeLiveHeader(const BootId &boot, const Generation &generation,
                          const ImageShape &shape) {
  LiveHeader header{};
  header.magic = kLiveMagic;
  header.version = kRecordVersion;
  header.boot = boot;
  header.generation = generation;
  header.shape = shape;
  header.checksum = ChecksumOfHeader(header);
  return header;
}

HeaderState Examine(const RecordHeader &header, const Identity &identity, const ImageShape &shape) {
  if (header.magic != kRecordMagic || header.checksum != ChecksumOfHeader(header))
    return HeaderState::kWrong;
  if (header.version > kRecordVersion) return HeaderState::kNewer;
  return header.version == kRecordVersion && header.identity == identity && header.shape == shape
             ? HeaderState::kGood
             : HeaderState::kWrong;
}

bool IsGood(const LiveHeader &header, const BootId &boot, const Generation &generation,
            const ImageShape &shape) {
  return header.magic == kLiveMagic && header.version == kRecordVersion && header.boot == boot &&
         header.generation == generation && header.shape == shape &&
         header.checksum == ChecksumOfHeader(header);
}

uint64_t ChecksumOf(std::span<const char> bytes, uint64_t chunk) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), chunk);
}

std::optional<BootId> CurrentBootId() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  BootId boot{};
  size_t digits = 0;
  for (char letter; file.get(letter) && digits < boot.size() * 2;) {
    if (!std::isxdigit(static_cast<unsigned char>(letter))) continue;
    const auto value = static_cast<uint8_t>(std::stoi(std::string(1, letter), nullptr, 16));
    boot[digits / 2] = static_cast<uint8_t>(boot[digits / 2] << 4 | value);
    ++digits;
  }
  if (digits != boot.size() * 2) return std::nullopt;
  return boot;
}

std::optional<Generation> RandomGeneration() {
  Generation generation;
  // So few bytes come whole, or not at all.
  if (getrandom(generation.data(), generation.size(), 0) < 0) return std::nullopt;
  return generation;
}

}  // namespace chunkfs
