#include "plugin/session/file_system.hpp"

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace bibsmith::plugin {

FileSystem real_file_system() {
  FileSystem files;
  files.open = [](const char* path, int flags, mode_t mode) { return ::open(path, flags, mode); };
  files.make_temporary = [](char* name_template) { return ::mkostemp(name_template, O_CLOEXEC); };
  files.read = ::read;
  files.write = ::write;
  files.seek = [](int descriptor, off_t offset) { return ::lseek(descriptor, offset, SEEK_SET); };
  files.fstat = [](int descriptor, struct stat* status) { return ::fstat(descriptor, status); };
  files.stat = [](const char* path, struct stat* status) { return ::stat(path, status); };
  files.access = ::access;
  files.fchown = ::fchown;
  files.fchmod = ::fchmod;
  files.fsync = ::fsync;
  files.flock = ::flock;
  files.rename = [](const char* from, const char* to) { return std::rename(from, to); };
  files.unlink = ::unlink;
  files.close = ::close;
  return files;
}

FileDescriptor::~FileDescriptor() {
  if (descriptor_ >= 0) files_->close(descriptor_);
}

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept
    : files_(other.files_), descriptor_(std::exchange(other.descriptor_, -1)) {}

}  // namespace bibsmith::plugin
