#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bibsmith::plugin {

// A long text file read piece by piece: lines, or pages that end with a mark. A piece is never longer than
// the limit; what is behind it in the same piece is passed over. [one thread at a time]
class RecordFile {
 public:
  // `path` "-": `input`, which is not closed. nullptr: it cannot be opened.
  static std::unique_ptr<RecordFile> open(const std::string& path, std::FILE* input);
  ~RecordFile();
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;

  // The first bytes, without taking them.
  std::string_view beginning();
  // Behind `offset` bytes; false: it cannot be done.
  bool skip_to(std::uint64_t offset);

  struct Piece {
    std::string_view text;     // valid until the next call; with the mark
    bool is_too_long = false;  // then the text is its beginning
  };
  // Up to and with `mark`, or to the end of the file; nullopt: there is no more.
  std::optional<Piece> next(std::string_view mark, std::size_t bytes_max);

  bool failed() const { return failed_; }           // reading did, before the end
  std::uint64_t offset() const { return offset_; }  // behind what next() gave
  std::uint64_t size() const { return size_; }      // 0: unknown
  bool has_size() const { return size_ > 0; }

 private:
  RecordFile(std::FILE* file, bool owns, std::uint64_t size) : file_(file), owns_(owns), size_(size) {}
  bool read_more();

  std::FILE* file_;
  bool owns_;
  std::uint64_t size_;
  std::uint64_t offset_ = 0;
  std::string buffer_;
  std::size_t begin_ = 0;  // of what next() has not given
  bool at_end_ = false;
  bool failed_ = false;
};

}  // namespace bibsmith::plugin
