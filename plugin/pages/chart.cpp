#include "plugin/pages/chart.hpp"

#include <algorithm>

#include "plugin/pages/html_text.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t width = 860;
constexpr std::size_t bar_height_max = 110;
constexpr std::size_t top = 18;  // for the number above a bar
constexpr std::size_t base = top + bar_height_max;
constexpr std::size_t height = base + 20;
constexpr std::size_t bar_width_max = 64;
constexpr std::size_t labels_max = 18;  // so many names stand side by side without touching

std::string number(std::size_t value) { return std::to_string(value); }

std::string text_at(std::size_t x, std::size_t y, std::string_view text) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"middle\">" + html_text(text) +
         "</text>";
}

}  // namespace

std::string bar_chart(std::string_view caption, std::span<const fetchers::NamedCount> counts) {
  if (counts.empty()) return {};
  const std::size_t most =
      std::max<std::size_t>(1, std::ranges::max(counts, {}, &fetchers::NamedCount::count).count);
  const std::size_t step = width / std::max<std::size_t>(counts.size(), 1);
  const std::size_t bar = std::max<std::size_t>(1, std::min(bar_width_max, step * 7 / 10));
  const std::size_t every = (counts.size() + labels_max - 1) / labels_max;
  std::string said;
  std::string drawn;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::size_t tall = counts[i].count * bar_height_max / most;
    const std::size_t middle = i * step + step / 2;
    said += (i == 0 ? "" : ", ") + counts[i].name + ": " + number(counts[i].count);
    if (tall > 0) {
      drawn += "<rect class=\"bar\" x=\"" + number(middle - bar / 2) + "\" y=\"" + number(base - tall) +
               "\" width=\"" + number(bar) + "\" height=\"" + number(tall) + "\" rx=\"2\"/>";
    }
    if (counts[i].count > 0 && step >= 20) drawn += text_at(middle, base - tall - 5, number(counts[i].count));
    if (i % every == 0) drawn += text_at(middle, height - 5, counts[i].name);
    drawn += '\n';
  }
  return "<figure>\n<figcaption>" + html_text(caption) + "</figcaption>\n<svg viewBox=\"0 0 " +
         number(width) + ' ' + number(height) + "\" role=\"img\" aria-label=\"" +
         html_text(without_direction_marks(said)) + "\">\n" + drawn + "<line class=\"axis\" x1=\"0\" y1=\"" +
         number(base) + "\" x2=\"" + number(width) + "\" y2=\"" + number(base) + "\"/>\n</svg>\n</figure>\n";
}

}  // namespace bibsmith::plugin
