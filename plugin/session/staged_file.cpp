#include "plugin/session/staged_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace bibsmith::plugin {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view temporary_suffix = ".bibsmith-";
constexpr std::string_view temporary_pattern = "XXXXXX";

bool write_all(const FileSystem& files, int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = files.write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count == 0) errno = ENOSPC;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

tl::unexpected<FileError> unwritable(const char* what, const std::string& path) {
  return file_error(FileError::Code::unwritable, std::string("cannot ") + what + " " + path + ": " +
                                                     system_reason() + "; the file is as it was");
}

// Gives the new file the owner of the old one; returns the mode that it shall have.
mode_t take_owner(const FileSystem& files, int descriptor, const std::optional<struct stat>& before) {
  if (!before) {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return 0666u & ~mask;
  }
  const mode_t mode = before->st_mode & 07777u;
  // Only root may give a file away; for all others the group is tried. Without the owner the bits that lend
  // his rights must go.
  if (files.fchown(descriptor, before->st_uid, before->st_gid) == 0) return mode;
  if (files.fchown(descriptor, static_cast<uid_t>(-1), before->st_gid) == 0) return mode;
  return mode & 0777u;
}

bool is_same_state(const struct stat& a, const struct stat& b) {
  return a.st_ino == b.st_ino && a.st_dev == b.st_dev && a.st_size == b.st_size &&
         a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec &&
         a.st_ctim.tv_sec == b.st_ctim.tv_sec && a.st_ctim.tv_nsec == b.st_ctim.tv_nsec;
}

// Hands on the rest of an open file, a piece at a time, until `take` returns false: fresh memory for the
// whole would take longer than reading it. False: it cannot be read.
bool read_pieces(const FileSystem& files, int descriptor, const std::function<bool(std::string_view)>& take) {
  constexpr std::size_t piece_bytes = 256u << 10;
  std::string piece(piece_bytes, '\0');
  while (true) {
    const ssize_t count = files.read(descriptor, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count == 0;
    if (!take({piece.data(), static_cast<std::size_t>(count)})) return true;
  }
}

}  // namespace

tl::expected<StagedFile, FileError> StagedFile::make(const FileSystem& files, const std::string& path,
                                                     const std::optional<struct stat>& before) {
  // A folder may let us replace a file that says read-only.
  if (before && files.access(path.c_str(), W_OK) != 0) return unwritable("write", path);
  std::string temporary = path;
  temporary.append(temporary_suffix).append(temporary_pattern);
  FileDescriptor file(files, files.make_temporary(temporary.data()));
  if (!file.is_open()) return unwritable("write beside", path);
  StagedFile staged(files, path, std::move(temporary), std::move(file));
  const int descriptor = staged.file_.get();
  // A file system without locks has no remains removed either.
  (void)files.flock(descriptor, LOCK_EX | LOCK_NB);
  const mode_t mode = take_owner(files, descriptor, before);
  if (files.fchmod(descriptor, mode) != 0) return unwritable("set the mode of", path);
  return staged;
}

StagedFile::StagedFile(StagedFile&& other) noexcept
    : files_(other.files_),
      path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      file_(std::move(other.file_)) {}

StagedFile::~StagedFile() {
  if (!temporary_.empty()) files_->unlink(temporary_.c_str());
}

tl::expected<void, FileError> StagedFile::write(std::string_view bytes) {
  if (!write_all(*files_, file_.get(), bytes)) return unwritable("write", path_);
  return {};
}

tl::expected<void, FileError> StagedFile::flush() {
  if (files_->fsync(file_.get()) != 0) return unwritable("write", path_);
  return {};
}

tl::expected<void, FileError> StagedFile::read_back(const std::function<bool(std::string_view)>& take) const {
  if (files_->seek(file_.get(), 0) != 0 || !read_pieces(*files_, file_.get(), take)) {
    return unwritable("read back what was written for", path_);
  }
  return {};
}

tl::expected<void, FileError> StagedFile::put_in_place() {
  if (files_->rename(temporary_.c_str(), path_.c_str()) != 0) return unwritable("replace", path_);
  temporary_.clear();
  const std::string folder = fs::path(path_).parent_path().string();
  const FileDescriptor directory(
      *files_, files_->open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0));
  if (directory.is_open()) (void)files_->fsync(directory.get());
  return {};
}

bool looks_unchanged(const FileSystem& files, const std::string& path,
                     const std::optional<struct stat>& before) {
  struct stat now {};
  if (files.stat(path.c_str(), &now) != 0) return !before && errno == ENOENT;
  return before && is_same_state(now, *before);
}

bool is_unchanged(const FileSystem& files, const std::string& path, const std::optional<struct stat>& before,
                  std::string_view text) {
  if (!looks_unchanged(files, path, before)) return false;
  if (!before) return true;
  const FileDescriptor file(files, files.open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0));
  if (!file.is_open()) return false;
  bool is_equal = true;
  const bool is_read = read_pieces(files, file.get(), [&](std::string_view piece) {
    is_equal = text.starts_with(piece);
    if (is_equal) text.remove_prefix(piece.size());
    return is_equal;
  });
  return is_read && is_equal && text.empty();
}

void remove_remains(const FileSystem& files, const std::string& path) {
  const fs::path whole(path);
  const std::string begin = whole.filename().string().append(temporary_suffix);
  const fs::path folder = whole.parent_path().empty() ? fs::path(".") : whole.parent_path();
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (!name.starts_with(begin) || name.size() != begin.size() + temporary_pattern.size()) continue;
    const std::string remains = at->path().string();
    const FileDescriptor file(files,
                              files.open(remains.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0));
    if (file.is_open() && files.flock(file.get(), LOCK_EX | LOCK_NB) == 0) files.unlink(remains.c_str());
  }
}

}  // namespace bibsmith::plugin
