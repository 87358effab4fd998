#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>

#include <tl/expected.hpp>

#include "plugin/session/file_system.hpp"

namespace bibsmith::plugin {

struct FileError {
  enum class Code : std::uint8_t { not_found, unreadable, unwritable, locked, changed, refused, interrupted };
  Code code = Code::unreadable;
  std::string message;  // one line that names file, cause and, where there is one, the remedy
};

inline tl::unexpected<FileError> file_error(FileError::Code code, std::string message) {
  return tl::unexpected(FileError{code, std::move(message)});
}

inline constexpr std::uint64_t bib_file_bytes_max = 256ull << 20;

// The bytes of a regular file; a link is followed. nullopt: there is no such file.
tl::expected<std::optional<std::string>, FileError> read_file(const std::string& path);

// What a stream gives, up to so many bytes.
std::string read_stream(std::FILE* in, std::size_t bytes_max);

// A file as it was at one moment.
struct Snapshot {
  std::string text;
  struct stat status {};
};

tl::expected<std::optional<Snapshot>, FileError> read_snapshot(const FileSystem& files,
                                                               const std::string& path);

// The file that a chain of symbolic links ends at; a link to nothing ends at the missing file.
tl::expected<std::string, FileError> resolve_links(const std::string& path);

// The one name that a file has for locks and for the history: absolute, without links and dots.
std::string canonical_path(const std::string& path);

// What errno says, in words.
std::string system_reason();

}  // namespace bibsmith::plugin
