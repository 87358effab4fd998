#include "plugin/session/record_file.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace bibsmith::plugin {

namespace {

constexpr std::size_t chunk_bytes = 1u << 20;

}  // namespace

std::unique_ptr<RecordFile> RecordFile::open(const std::string& path, std::FILE* input) {
  if (path == "-") {
    return input == nullptr ? nullptr : std::unique_ptr<RecordFile>(new RecordFile(input, false, 0));
  }
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return nullptr;
  std::FILE* const file = std::fopen(path.c_str(), "rbe");
  if (file == nullptr) return nullptr;
  const auto size =
      std::filesystem::is_regular_file(path, error) ? std::filesystem::file_size(path, error) : 0;
  return std::unique_ptr<RecordFile>(new RecordFile(file, true, error ? 0 : size));
}

RecordFile::~RecordFile() {
  if (owns_) std::fclose(file_);
}

bool RecordFile::read_more() {
  if (at_end_) return false;
  buffer_.erase(0, begin_);
  begin_ = 0;
  const std::size_t size = buffer_.size();
  buffer_.resize(size + chunk_bytes);
  const std::size_t read = std::fread(buffer_.data() + size, 1, chunk_bytes, file_);
  buffer_.resize(size + read);
  if (read < chunk_bytes) {
    at_end_ = true;
    failed_ = std::ferror(file_) != 0;
  }
  return read > 0;
}

std::string_view RecordFile::beginning() {
  if (buffer_.empty()) read_more();
  return std::string_view(buffer_).substr(begin_, 1024);
}

bool RecordFile::skip_to(std::uint64_t offset) {
  if (!owns_ || offset > size_ || fseeko(file_, static_cast<off_t>(offset), SEEK_SET) != 0) return false;
  buffer_.clear();
  begin_ = 0;
  offset_ = offset;
  at_end_ = false;
  return true;
}

std::optional<RecordFile::Piece> RecordFile::next(std::string_view mark, std::size_t bytes_max) {
  std::size_t looked_at = begin_;
  std::uint64_t dropped = 0;  // of a piece that is too long
  for (;;) {
    const std::size_t found = buffer_.find(mark, looked_at);
    if (found != buffer_.npos || at_end_) {
      const std::size_t end = found == buffer_.npos ? buffer_.size() : found + mark.size();
      if (end == begin_ && dropped == 0) return std::nullopt;
      const std::string_view text = std::string_view(buffer_).substr(begin_, end - begin_);
      offset_ += dropped + text.size();
      begin_ = end;
      if (dropped + text.size() > bytes_max)
        return Piece{text.substr(0, std::min<std::size_t>(text.size(), 80)), true};
      return Piece{text, false};
    }
    // The mark may lie across the border.
    const std::size_t tail = std::min(mark.size() - 1, buffer_.size() - begin_);
    if (buffer_.size() - begin_ > bytes_max) {
      dropped += buffer_.size() - begin_ - tail;
      begin_ = buffer_.size() - tail;
    }
    const std::size_t unread = buffer_.size() - begin_;
    read_more();
    looked_at = begin_ + unread - std::min(unread, tail);
  }
}

}  // namespace bibsmith::plugin
