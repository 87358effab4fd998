#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace bibsmith::plugin {

struct FileError {
  enum class Code : std::uint8_t { not_found, unreadable, unwritable, locked, changed, refused };
  Code code = Code::unreadable;
  std::string message;  // one line that names file, cause and, where there is one, the remedy
};

inline constexpr std::uint64_t bib_file_bytes_max = 256ull << 20;

// The bytes of a regular file; a link is followed. nullopt: there is no such file.
tl::expected<std::optional<std::string>, FileError> read_file(const std::string& path);

// What a change of a file's text comes to: the new text, or nothing to do. It is given the text to keep, so
// that a Document of it needs no copy.
using TextChange = std::function<tl::expected<std::optional<std::string>, FileError>(std::string text)>;

// Reads `path` (a file that does not exist reads as empty), lets `change` make the new text, and puts that in
// its place: to a temporary file beside it, flushed to the disk, renamed over it; mode, owner (where we may)
// and links are kept. A reader sees the old file or the new one, and a crash leaves one of them.
//
// A second bibsmith waits for the first (a lock in `state_dir`). If another program changes the file
// meanwhile, `change` runs again on the new text, three times at most. Returns whether the file changed.
tl::expected<bool, FileError> change_file(const std::string& path, const std::string& state_dir,
                                          const TextChange& change);

}  // namespace bibsmith::plugin
