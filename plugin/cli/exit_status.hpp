#pragma once

#include <cstdint>

namespace bibsmith::plugin {

// What scripts read. The worst of a run counts; docs/cli.md is the contract.
enum class ExitStatus : std::uint8_t {
  done = 0,
  findings = 1,       // done, but something was not found
  usage = 2,          // the command line, or an id in it, is wrong
  could_not_ask = 3,  // a source could not be asked
  file_failed = 4,    // a file could not be read, written or locked
  bug = 70,           // ours (EX_SOFTWARE of sysexits.h)
};

}  // namespace bibsmith::plugin
