#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "plugin/cli/arguments.hpp"
#include "plugin/cli/exit_status.hpp"

namespace bibsmith::plugin {

// Where a command speaks: results to standard output, everything else to standard error.
class Console {
 public:
  // `no_color`: the NO_COLOR of the environment (no-color.org); --color always wins over it.
  Console(const CommonArguments& arguments, bool no_color, std::FILE* out, std::FILE* err);

  // Results. What cannot be written is remembered for finish().
  void print(std::string_view text);
  // What was printed goes out now: of a command that goes on for long.
  void flush();
  // A unified diff; on a terminal in colour (colored_diff).
  void print_diff(std::string_view unified);
  // One line for a human: "bibsmith: LINE". Errors are always shown, the rest not with -q.
  void error(std::string_view line);
  void warn(std::string_view line);
  void inform(std::string_view line);  // with -v only
  void note(std::string_view line);    // news of what was done

  // Flushes; a full disk or a closed pipe makes the status file_failed.
  ExitStatus finish(ExitStatus status);

  bool is_terminal() const { return is_terminal_; }  // standard error is
  bool is_quiet() const { return quiet_; }
  std::FILE* err() const { return err_; }

 private:
  enum class Tone : std::uint8_t { plain, warning, error };
  void line(std::string_view text, Tone tone);

  std::FILE* out_;
  std::FILE* err_;
  bool quiet_;
  bool verbose_;
  bool is_terminal_;
  bool has_color_;       // of messages
  bool has_diff_color_;  // of diffs, which are results
  bool failed_ = false;
};

}  // namespace bibsmith::plugin
