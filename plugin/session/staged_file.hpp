#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>

#include <tl/expected.hpp>

#include "plugin/session/file_store.hpp"
#include "plugin/session/file_system.hpp"

namespace bibsmith::plugin {

// A new text for a file, on the disk beside it under a temporary name, and not yet in its place. The
// temporary file goes with the object. It is locked as long as its process lives: by that a later run tells
// the remains of a killed one. `files` outlives the object.
class StagedFile {
 public:
  // With the mode of `before`, and its owner where we may; a new file has the mode that the process gives.
  static tl::expected<StagedFile, FileError> make(const FileSystem& files, const std::string& path,
                                                  const std::optional<struct stat>& before);
  ~StagedFile();
  StagedFile(StagedFile&& other) noexcept;
  StagedFile& operator=(StagedFile&&) = delete;
  StagedFile(const StagedFile&) = delete;
  StagedFile& operator=(const StagedFile&) = delete;

  // Adds to the text, and puts it on the disk.
  tl::expected<void, FileError> write(std::string_view bytes);
  tl::expected<void, FileError> flush();
  // Reads it from its start and hands it on, some 256 KiB at a time, until `take` returns false or it ends.
  tl::expected<void, FileError> read_back(const std::function<bool(std::string_view)>& take) const;
  // Renames it over the file, in one step. The new name reaches the disk too, where the file system can.
  tl::expected<void, FileError> put_in_place();

 private:
  StagedFile(const FileSystem& files, std::string path, std::string temporary, FileDescriptor file)
      : files_(&files), path_(std::move(path)), temporary_(std::move(temporary)), file_(std::move(file)) {}

  const FileSystem* files_;
  std::string path_;
  std::string temporary_;  // empty: moved or in place
  FileDescriptor file_;
};

// Whether the file at `path` is still the one that was read, by its number, size and times.
bool looks_unchanged(const FileSystem& files, const std::string& path,
                     const std::optional<struct stat>& before);

// The same, and by its bytes: two changes within one tick of the file system's clock have one time.
bool is_unchanged(const FileSystem& files, const std::string& path, const std::optional<struct stat>& before,
                  std::string_view text);

// Removes temporary files beside `path` whose process was killed.
void remove_remains(const FileSystem& files, const std::string& path);

}  // namespace bibsmith::plugin
