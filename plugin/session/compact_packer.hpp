#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "plugin/session/packed.hpp"

struct ZSTD_CCtx_s;

namespace bibsmith::plugin {

struct PackedBytes {
  std::string bytes;
  bool is_compressed = false;
};

// A Packer whose bytes are compressed where they are many: the records of a large change repeat each other,
// and writing them whole takes longer than all else. Only the last chunk is ever kept as it was packed.
class CompactPacker {
 public:
  void add(std::uint64_t number) { packer_.add(number); }
  void add(std::string_view text);

  // What was added so far; nothing may be added behind it.
  PackedBytes finish();

 private:
  void compress_chunk();

  Packer packer_;
  std::string frames_;                    // Zstandard (RFC 8878), one behind the other
  std::shared_ptr<ZSTD_CCtx_s> context_;  // its tables, for one frame after the other
};

// What was packed before CompactPacker compressed it. nullopt: `frames` is none of that, or stands for more
// than `bytes_max` bytes.
std::optional<std::string> decompressed(std::string_view frames, std::size_t bytes_max);

}  // namespace bibsmith::plugin
