#pragma once

#include <cstddef>
#include <thread>

namespace bibsmith::bibtex {

// Calls `part(begin, end)` for the numbers below `count`, both halves at once if there are at least
// `worth_a_thread` of them. The parts must not need one another.
template <typename Part>
void in_halves(std::size_t count, std::size_t worth_a_thread, const Part& part) {
  const std::size_t middle = count < worth_a_thread ? count : count / 2;
  std::jthread other;
  if (middle < count) other = std::jthread([&] { part(middle, count); });
  part(0, middle);
}

}  // namespace bibsmith::bibtex
