#include "plugin/session/file_lock.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>

#include "plugin/session/fingerprint.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::chrono::milliseconds between_tries{50};

}  // namespace

tl::expected<FileLock, FileError> FileLock::take(const std::string& path, const ChangeContext& context) {
  std::error_code error;
  const std::string locks = context.state_dir + "/locks";
  std::filesystem::create_directories(locks, error);
  const std::string name = locks + '/' + hex_of(fingerprint_of(path).hash);
  FileDescriptor file(context.files, context.files.open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file.is_open()) {
    if (context.warn) {
      context.warn("cannot lock " + path + " (" + name + ": " + system_reason() +
                   "): let no second bibsmith change it now");
    }
    return FileLock(std::move(file));
  }
  std::chrono::nanoseconds waited{0};
  while (context.files.flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) {
      return file_error(FileError::Code::locked,
                        "cannot lock " + path + ": " + system_reason() + "; the file is as it was");
    }
    if (waited >= context.lock_patience) {
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(context.lock_patience).count();
      return file_error(FileError::Code::locked,
                        path + " is held by another bibsmith, and " + std::to_string(seconds) +
                            " s of waiting did not help; the file is as it was, try again");
    }
    if (!context.clock->sleep_for(between_tries, context.stop)) {
      return file_error(FileError::Code::interrupted, "interrupted; " + path + " is as it was");
    }
    waited += between_tries;
  }
  return FileLock(std::move(file));
}

}  // namespace bibsmith::plugin
