#include "plugin/http/open_page.hpp"

#include <array>
#include <fcntl.h>
#include <memory>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>

extern char** environ;

namespace bibsmith::plugin {

bool open_page(const std::string& program, const std::string& url) {
  std::string name = program.empty() ? "xdg-open" : program;
  std::string argument = url;
  const std::array<char*, 3> arguments = {name.data(), argument.data(), nullptr};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  // Standard output may be ours to answer on.
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  pid_t child = 0;
  const bool is_started =
      ::posix_spawnp(&child, name.c_str(), &files, &attributes, arguments.data(), environ) == 0;
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  // A browser may run for hours: somebody has to take note of its end, and nobody waits for that.
  if (is_started) std::thread([child] { ::waitpid(child, nullptr, 0); }).detach();
  return is_started;
}

}  // namespace bibsmith::plugin
