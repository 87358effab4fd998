#include "plugin/cli/progress.hpp"

#include <algorithm>
#include <string>

#include <fmt/core.h>

namespace bibsmith::plugin {

namespace {

constexpr std::size_t bar_width = 30;
constexpr std::chrono::milliseconds bar_pause{100};
constexpr std::chrono::milliseconds line_pause{1000};

}  // namespace

Progress::Progress(Console& console)
    : console_(console), begin_(std::chrono::steady_clock::now()), shown_(begin_) {}

Progress::~Progress() {
  if (has_bar_) {
    std::fputs("\r\x1b[K", console_.err());
    std::fflush(console_.err());
  }
}

void Progress::show(std::size_t done, std::size_t total) {
  if (console_.is_quiet() || total == 0) return;
  // Steps shorter than this are no news.
  const auto now = std::chrono::steady_clock::now();
  if (now - shown_ < (console_.is_terminal() ? bar_pause : line_pause) || (done >= total && !has_bar_))
    return;
  shown_ = now;
  const std::chrono::duration<double> elapsed = now - begin_;
  const double rate = elapsed.count() > 0 ? static_cast<double>(done) / elapsed.count() : 0;
  const double left = rate > 0 ? static_cast<double>(total - std::min(done, total)) / rate : 0;
  if (!console_.is_terminal()) {
    console_.note(fmt::format("{} of {} done", done, total));
    return;
  }
  const std::size_t filled = std::min(bar_width, bar_width * done / total);
  fmt::print(console_.err(), "\r\x1b[K[{}{}] {}/{}  {:.0f}/s  {:.0f} s left", std::string(filled, '#'),
             std::string(bar_width - filled, '.'), done, total, rate, left);
  std::fflush(console_.err());
  has_bar_ = true;
}

}  // namespace bibsmith::plugin
