#pragma once

#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "plugin/session/file_change.hpp"

namespace bibsmith::plugin {

// Held while a file is replaced, so that no second bibsmith replaces it too. Ends with the object, or with
// the process.
class FileLock {
 public:
  // Waits for another bibsmith for `context.lock_patience`. Without a state directory that can be written
  // there is no lock, and the context's warn() says so: the comparison before the rename still holds.
  // `path` is canonical.
  static tl::expected<FileLock, FileError> take(const std::string& path, const ChangeContext& context);

 private:
  explicit FileLock(FileDescriptor file) : file_(std::move(file)) {}

  FileDescriptor file_;
};

}  // namespace bibsmith::plugin
