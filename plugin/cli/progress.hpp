#pragma once

#include <chrono>
#include <cstddef>

#include "plugin/cli/console.hpp"

namespace bibsmith::plugin {

// How far a long run is: a bar with rate and time left on a terminal, at most one line a second elsewhere,
// nothing with -q or for a run shorter than that.
class Progress {
 public:
  explicit Progress(Console& console);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::size_t done, std::size_t total);

 private:
  Console& console_;
  std::chrono::steady_clock::time_point begin_;
  std::chrono::steady_clock::time_point shown_;  // last
  bool has_bar_ = false;
};

}  // namespace bibsmith::plugin
