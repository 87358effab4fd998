#include "plugin/session/file_store.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "bibtex/syntax/huge_pages.hpp"

namespace bibsmith::plugin {

namespace {

namespace fs = std::filesystem;

constexpr int attempts_max = 3;
constexpr int links_max = 40;

std::string reason() { return std::system_category().message(errno); }

class FileDescriptor {
 public:
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  ~FileDescriptor() { close(); }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  int get() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }
  bool close() {
    const int descriptor = std::exchange(descriptor_, -1);
    return descriptor < 0 || ::close(descriptor) == 0;
  }

 private:
  int descriptor_;
};

tl::unexpected<FileError> failed(FileError::Code code, std::string message) {
  return tl::unexpected(FileError{code, std::move(message)});
}

// The file that a chain of symbolic links ends at; a link to nothing ends at the missing file.
tl::expected<std::string, FileError> resolve_links(const std::string& path) {
  fs::path current = path;
  for (int i = 0; i < links_max; ++i) {
    std::error_code error;
    if (!fs::is_symlink(fs::symlink_status(current, error))) return current.string();
    const fs::path target = fs::read_symlink(current, error);
    if (error)
      return failed(FileError::Code::unreadable, "cannot follow the link " + path + ": " + error.message());
    current = target.is_absolute() ? target : current.parent_path() / target;
  }
  return failed(FileError::Code::unreadable, path + " is a link that leads in a circle");
}

struct Snapshot {
  std::string text;
  struct stat status {};
};

tl::expected<std::optional<Snapshot>, FileError> read_snapshot(const std::string& path) {
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) {
    if (errno == ENOENT) return std::nullopt;
    return failed(FileError::Code::unreadable, "cannot read " + path + ": " + reason());
  }
  Snapshot snapshot;
  if (::fstat(file.get(), &snapshot.status) != 0) {
    return failed(FileError::Code::unreadable, "cannot read " + path + ": " + reason());
  }
  if (!S_ISREG(snapshot.status.st_mode)) {
    return failed(FileError::Code::refused,
                  path + (S_ISDIR(snapshot.status.st_mode) ? " is a directory" : " is not a regular file"));
  }
  const auto size = static_cast<std::uint64_t>(snapshot.status.st_size);
  if (size > bib_file_bytes_max) return failed(FileError::Code::refused, path + " is larger than 256 MiB");
  bibtex::reserve_large(snapshot.text, size + 1);
  snapshot.text.resize(size + 1);  // one more shows whether it grows while we read
  std::size_t done = 0;
  while (done < snapshot.text.size()) {
    const ssize_t count = ::read(file.get(), snapshot.text.data() + done, snapshot.text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(FileError::Code::unreadable, "cannot read " + path + ": " + reason());
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  if (done > size) return failed(FileError::Code::changed, path + " grows while it is read, try again");
  snapshot.text.resize(done);
  return snapshot;
}

// Whether the file holds `text` now.
bool is_text_of(const std::string& path, std::string_view text) {
  const auto now = read_snapshot(path);
  return now && *now && (*now)->text == text;
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool same_state(const struct stat& a, const struct stat& b) {
  return a.st_ino == b.st_ino && a.st_dev == b.st_dev && a.st_size == b.st_size &&
         a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

// Whether the file is still what we read.
bool is_unchanged(const std::string& path, const std::optional<Snapshot>& before) {
  struct stat now {};
  if (::stat(path.c_str(), &now) != 0) return !before && errno == ENOENT;
  return before && same_state(now, before->status);
}

// A temporary file that is removed unless it was renamed into place.
struct TemporaryFile {
  std::string path;
  bool in_place = false;

  ~TemporaryFile() {
    if (!in_place && !path.empty()) ::unlink(path.c_str());
  }
};

enum class Replaced : std::uint8_t { yes, changed_meanwhile };

tl::expected<Replaced, FileError> replace(const std::string& path, const std::optional<Snapshot>& before,
                                          std::string_view text) {
  const auto unwritable = [&](const char* what) {
    return failed(FileError::Code::unwritable,
                  std::string("cannot ") + what + " " + path + ": " + reason() + "; the file is as it was");
  };
  if (before && ::access(path.c_str(), W_OK) != 0) return unwritable("write");
  TemporaryFile temporary{path + ".bibsmith-XXXXXX"};
  FileDescriptor file(::mkostemp(temporary.path.data(), O_CLOEXEC));
  if (!file.is_open()) {
    temporary.path.clear();
    return unwritable("write beside");
  }
  mode_t mode = 0;
  if (before) {
    mode = before->status.st_mode & 07777u;
    // Only root may give a file away; for all others the group is tried, and the mode is kept in any case.
    if (::fchown(file.get(), before->status.st_uid, before->status.st_gid) != 0 &&
        ::fchown(file.get(), static_cast<uid_t>(-1), before->status.st_gid) != 0) {
      mode &= 0777u;
    }
  } else {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    mode = 0666u & ~mask;
  }
  if (::fchmod(file.get(), mode) != 0) return unwritable("set the mode of");
  if (!write_all(file.get(), text) || ::fsync(file.get()) != 0 || !file.close()) return unwritable("write");

  if (!is_unchanged(path, before)) return Replaced::changed_meanwhile;
  if (::rename(temporary.path.c_str(), path.c_str()) != 0) return unwritable("replace");
  temporary.in_place = true;
  // The new name reaches the disk with its folder; a file system that cannot do this has no such notion.
  const std::string folder = fs::path(path).parent_path().string();
  const FileDescriptor directory(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.is_open()) ::fsync(directory.get());
  return Replaced::yes;
}

// FNV-1a: a name for the lock that any process makes the same way.
std::string lock_name(const std::string& path) {
  std::error_code error;
  fs::path canonical = fs::weakly_canonical(path, error);
  if (error) canonical = path;
  std::uint64_t hash = 14695981039346656037ull;
  for (const char c : canonical.string()) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string name;
  for (int shift = 60; shift >= 0; shift -= 4) name += digits[(hash >> shift) & 15];
  return name;
}

}  // namespace

tl::expected<std::optional<std::string>, FileError> read_file(const std::string& path) {
  auto snapshot = read_snapshot(path);
  if (!snapshot) return tl::unexpected(snapshot.error());
  if (!*snapshot) return std::nullopt;
  return std::move((*snapshot)->text);
}

tl::expected<bool, FileError> change_file(const std::string& given_path, const std::string& state_dir,
                                          const TextChange& change) {
  const auto path = resolve_links(given_path);
  if (!path) return tl::unexpected(path.error());

  std::error_code error;
  const std::string locks = state_dir + "/locks";
  fs::create_directories(locks, error);
  const FileDescriptor lock(
      ::open((locks + '/' + lock_name(*path)).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  // Without a writable state directory there is no lock; the check before the rename still holds.
  if (lock.is_open() && ::flock(lock.get(), LOCK_EX) != 0) {
    return failed(FileError::Code::locked, "cannot lock " + given_path + ": " + reason());
  }

  for (int attempt = 0; attempt < attempts_max; ++attempt) {
    auto before = read_snapshot(*path);
    if (!before) return tl::unexpected(before.error());
    std::string old_text = *before ? std::move((*before)->text) : std::string{};
    const std::size_t old_size = old_text.size();
    auto text = change(std::move(old_text));
    if (!text) return tl::unexpected(text.error());
    if (!*text || (*before && (*text)->size() == old_size && is_text_of(*path, **text))) return false;
    const auto replaced = replace(*path, *before, **text);
    if (!replaced) return tl::unexpected(replaced.error());
    if (*replaced == Replaced::yes) return true;
  }
  return failed(
      FileError::Code::changed,
      given_path + " keeps changing under our hands; it is as the other program left it, try again");
}

}  // namespace bibsmith::plugin
