#include "plugin/cli/console.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <unistd.h>

#include "plugin/cli/colored_diff.hpp"
#include "plugin/cli/terminal_text.hpp"

namespace bibsmith::plugin {

Console::Console(const CommonArguments& arguments, bool no_color, std::FILE* out, std::FILE* err)
    : out_(out),
      err_(err),
      quiet_(arguments.quiet),
      verbose_(arguments.verbose),
      is_terminal_(::isatty(::fileno(err)) == 1),
      has_color_(arguments.color == "always" || (arguments.color == "auto" && is_terminal_ && !no_color)),
      has_diff_color_(arguments.color == "always" ||
                      (arguments.color == "auto" && ::isatty(::fileno(out)) == 1 && !no_color)) {}

void Console::print(std::string_view text) {
  if (!failed_ && std::fwrite(text.data(), 1, text.size(), out_) != text.size()) failed_ = true;
}

void Console::print_diff(std::string_view unified) {
  if (has_diff_color_) {
    print(colored_diff(unified));
  } else {
    print(unified);
  }
}

void Console::line(std::string_view text, Tone tone) {
  constexpr std::string_view red = "\x1b[1;31m";
  constexpr std::string_view yellow = "\x1b[33m";
  std::string whole;
  const bool colored = has_color_ && tone != Tone::plain;
  if (colored) whole += tone == Tone::error ? red : yellow;
  whole += "bibsmith:";
  if (colored) whole += "\x1b[0m";
  whole += ' ';
  const std::size_t indent = std::min(text.find_first_not_of(' '), text.size());
  whole += text.substr(0, indent);
  whole += terminal_text(text.substr(indent)) + '\n';  // it may hold a title, or a server's message
  std::fwrite(whole.data(), 1, whole.size(), err_);
}

void Console::error(std::string_view text) { line(text, Tone::error); }

void Console::warn(std::string_view text) {
  if (!quiet_) line(text, Tone::warning);
}

void Console::flush() {
  if (std::fflush(out_) != 0) failed_ = true;
}

void Console::note(std::string_view text) {
  if (!quiet_) line(text, Tone::plain);
}

void Console::inform(std::string_view text) {
  if (verbose_) line(text, Tone::plain);
}

ExitStatus Console::finish(ExitStatus status) {
  errno = 0;
  if (std::fflush(out_) != 0 || failed_) {
    const int cause = errno;
    if (cause != EPIPE) {
      error("cannot write standard output" +
            (cause == 0 ? std::string{} : ": " + std::system_category().message(cause)));
    }
    return ExitStatus::file_failed;
  }
  return status;
}

}  // namespace bibsmith::plugin
