#pragma once

#include <cstddef>
#include <functional>
#include <sys/stat.h>
#include <sys/types.h>

namespace bibsmith::plugin {

// The system calls that reading, locking and replacing a file make. A seam for tests, which fail or end the
// program at each of them; each does as its namesake, errno included.
struct FileSystem {
  std::function<int(const char* path, int flags, mode_t mode)> open;
  std::function<int(char* name_template)> make_temporary;  // mkostemp, closed on exec
  std::function<ssize_t(int descriptor, void* bytes, std::size_t size)> read;
  std::function<ssize_t(int descriptor, const void* bytes, std::size_t size)> write;
  std::function<off_t(int descriptor, off_t offset)> seek;  // from the start
  std::function<int(int descriptor, struct stat* status)> fstat;
  std::function<int(const char* path, struct stat* status)> stat;
  std::function<int(const char* path, int mode)> access;
  std::function<int(int descriptor, uid_t user, gid_t group)> fchown;
  std::function<int(int descriptor, mode_t mode)> fchmod;
  std::function<int(int descriptor)> fsync;
  std::function<int(int descriptor, int operation)> flock;
  std::function<int(const char* from, const char* to)> rename;
  std::function<int(const char* path)> unlink;
  std::function<int(int descriptor)> close;
};

// The calls themselves.
FileSystem real_file_system();

// An open file of a FileSystem, closed with the object. `files` outlives it.
class FileDescriptor {
 public:
  FileDescriptor(const FileSystem& files, int descriptor) : files_(&files), descriptor_(descriptor) {}
  ~FileDescriptor();
  FileDescriptor(FileDescriptor&& other) noexcept;
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  int get() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }

 private:
  const FileSystem* files_;
  int descriptor_;
};

}  // namespace bibsmith::plugin
