#include "plugin/session/file_store.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <system_error>

#include "bibtex/syntax/huge_pages.hpp"

namespace bibsmith::plugin {

namespace {

namespace fs = std::filesystem;

constexpr int links_max = 40;

}  // namespace

std::string system_reason() { return std::system_category().message(errno); }

tl::expected<std::string, FileError> resolve_links(const std::string& path) {
  fs::path current = path;
  for (int i = 0; i < links_max; ++i) {
    std::error_code error;
    if (!fs::is_symlink(fs::symlink_status(current, error))) return current.string();
    const fs::path target = fs::read_symlink(current, error);
    if (error) {
      return file_error(FileError::Code::unreadable,
                        "cannot follow the link " + path + ": " + error.message());
    }
    current = target.is_absolute() ? target : current.parent_path() / target;
  }
  return file_error(FileError::Code::unreadable, path + " is a link that leads in a circle");
}

std::string canonical_path(const std::string& path) {
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(fs::absolute(path, error), error);
  return error ? path : canonical.string();
}

std::string read_stream(std::FILE* in, std::size_t bytes_max) {
  std::string text;
  char buffer[4096];
  while (text.size() < bytes_max) {
    const std::size_t read = std::fread(buffer, 1, std::min(sizeof buffer, bytes_max - text.size()), in);
    if (read == 0) break;
    text.append(buffer, read);
  }
  return text;
}

tl::expected<std::optional<Snapshot>, FileError> read_snapshot(const FileSystem& files,
                                                               const std::string& path) {
  const auto unreadable = [&] {
    return file_error(FileError::Code::unreadable, "cannot read " + path + ": " + system_reason());
  };
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  const FileDescriptor file(files, files.open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0));
  if (!file.is_open()) {
    if (errno == ENOENT) return std::nullopt;
    return unreadable();
  }
  Snapshot snapshot;
  if (files.fstat(file.get(), &snapshot.status) != 0) return unreadable();
  if (!S_ISREG(snapshot.status.st_mode)) {
    return file_error(
        FileError::Code::refused,
        path + (S_ISDIR(snapshot.status.st_mode) ? " is a directory" : " is not a regular file"));
  }
  const auto size = static_cast<std::uint64_t>(snapshot.status.st_size);
  if (size > bib_file_bytes_max)
    return file_error(FileError::Code::refused, path + " is larger than 256 MiB");
  bibtex::reserve_large(snapshot.text, size + 1);
  // One byte more shows whether it grows while we read. A string clears what it is resized to: some of it at
  // a time, so that it is still in the cache when it is read over.
  constexpr std::size_t piece_bytes = 256u << 10;
  std::size_t done = 0;
  while (done < size + 1) {
    snapshot.text.resize(std::min(size + 1, done + piece_bytes));
    const ssize_t count = files.read(file.get(), snapshot.text.data() + done, snapshot.text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable();
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  if (done > size) {
    return file_error(FileError::Code::changed, path + " grows while it is read, try again");
  }
  snapshot.text.resize(done);
  return snapshot;
}

tl::expected<std::optional<std::string>, FileError> read_file(const std::string& path) {
  auto snapshot = read_snapshot(real_file_system(), path);
  if (!snapshot) return tl::unexpected(snapshot.error());
  if (!*snapshot) return std::nullopt;
  return std::move((*snapshot)->text);
}

}  // namespace bibsmith::plugin
