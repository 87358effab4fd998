#pragma once

#include <future>
#include <system_error>
#include <utility>

namespace bibsmith::bibtex {

// Runs `work` beside this thread, or later in it, when it is waited for, if the system gives no thread.
template <typename Work>
auto run_beside(Work work) {
  try {
    return std::async(std::launch::async, work);
  } catch (const std::system_error&) {
    return std::async(std::launch::deferred, std::move(work));
  }
}

}  // namespace bibsmith::bibtex
