#pragma once

#include <chrono>
#include <cstddef>

#include "plugin/cli/console.hpp"

namespace bibsmith::plugin {

// How far a long run is: a bar with rate and time left on a terminal, one line a step elsewhere, nothing with
// -q or for a run of one step.
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
  bool has_bar_ = false;
};

}  // namespace bibsmith::plugin
