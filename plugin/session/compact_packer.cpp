#include "plugin/session/compact_packer.hpp"

#include <new>
#include <utility>
#include <zstd.h>

namespace bibsmith::plugin {

namespace {

constexpr std::size_t chunk_bytes = 128u << 10;  // stays in the cache until it is compressed
constexpr std::size_t worth_it_bytes = 32u << 10;
constexpr int level = 1;  // 1 GB/s; the higher ones make it no smaller by half

}  // namespace

void CompactPacker::add(std::string_view text) {
  packer_.add(text);
  if (packer_.bytes().size() >= chunk_bytes) compress_chunk();
}

void CompactPacker::compress_chunk() {
  if (!context_) context_.reset(ZSTD_createCCtx(), ZSTD_freeCCtx);
  if (!context_) throw std::bad_alloc();
  const std::string& chunk = packer_.bytes();
  const std::size_t before = frames_.size();
  frames_.resize(before + ZSTD_compressBound(chunk.size()));
  const std::size_t size = ZSTD_compressCCtx(context_.get(), frames_.data() + before, frames_.size() - before,
                                             chunk.data(), chunk.size(), level);
  if (ZSTD_isError(size) != 0) throw std::bad_alloc();  // the room suffices, so that memory is what lacks
  frames_.resize(before + size);
  packer_.clear();
}

PackedBytes CompactPacker::finish() {
  if (frames_.empty() && packer_.bytes().size() < worth_it_bytes) return {packer_.bytes(), false};
  if (!packer_.bytes().empty()) compress_chunk();
  return {std::move(frames_), true};
}

std::optional<std::string> decompressed(std::string_view frames, std::size_t bytes_max) {
  std::string out;
  while (!frames.empty()) {
    const std::size_t frame_bytes = ZSTD_findFrameCompressedSize(frames.data(), frames.size());
    if (ZSTD_isError(frame_bytes) != 0) return std::nullopt;
    const unsigned long long size = ZSTD_getFrameContentSize(frames.data(), frames.size());
    if (size > bytes_max - out.size())
      return std::nullopt;  // so are the marks of an error or an unknown size
    const std::size_t before = out.size();
    out.resize(before + size);
    if (ZSTD_decompress(out.data() + before, size, frames.data(), frame_bytes) != size) return std::nullopt;
    frames.remove_prefix(frame_bytes);
  }
  return out;
}

}  // namespace bibsmith::plugin
