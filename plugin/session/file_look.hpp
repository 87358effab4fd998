#pragma once

#include <string>
#include <sys/stat.h>

namespace bibsmith::plugin {

// What changes when somebody saves a file.
struct FileLook {
  bool is_there = false;
  ino_t inode = 0;
  off_t size = 0;
  timespec time{};

  static FileLook at(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return {};
    return {true, status.st_ino, status.st_size, status.st_mtim};
  }

  friend bool operator==(const FileLook& a, const FileLook& b) {
    return a.is_there == b.is_there && a.inode == b.inode && a.size == b.size &&
           a.time.tv_sec == b.time.tv_sec && a.time.tv_nsec == b.time.tv_nsec;
  }
};

}  // namespace bibsmith::plugin
