#include "bibtex/match/list_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "bibtex/syntax/ascii.hpp"
#include "fetchers/record/markup_text.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t line_bytes_max = 64 * 1024;

// Plain text, but for the tabs between columns.
std::string plain_line(std::string_view line) {
  std::string out;
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t end = std::min(line.find('\t', at), line.size());
    const std::string column = plain_text(line.substr(at, end - at));
    if (!column.empty()) out += (out.empty() ? "" : "\t") + column;
    at = end + 1;
  }
  return out;
}

// "div" of "<div class=…>" and of "</div>"; empty: `at` begins no tag.
std::string tag_name(std::string_view html, std::size_t at) {
  std::string name;
  for (std::size_t i = at + 1; i < html.size() && name.size() < 12; ++i) {
    const char c = lower(html[i]);
    if (c == '/' && i == at + 1) continue;
    const bool in_name = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9' && !name.empty());
    if (!in_name) break;
    name += c;
  }
  return name;
}

// Those that stand within a line.
bool is_inline(std::string_view name) {
  constexpr std::array<std::string_view, 25> inlines = {
      "a",  "abbr", "b", "bdi", "cite",  "code", "em",     "font", "i",   "kbd", "mark", "math", "mi",
      "mo", "mrow", "q", "s",   "small", "span", "strong", "sub",  "sup", "u",   "var",  "wbr"};
  return std::ranges::find(inlines, name) != inlines.end();
}

// Behind the element `name` that begins at `at`, whose content is no text.
std::size_t end_of_element(std::string_view html, const std::string& lowered, std::size_t at,
                           const std::string& name) {
  const std::size_t end = lowered.find("</" + name, at);
  if (end == lowered.npos) return html.size();
  return std::min(html.find('>', end), html.size() - 1) + 1;
}

}  // namespace

std::vector<TextLine> lines_of(std::string_view text) {
  std::vector<TextLine> lines;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    ++number;
    std::string line = plain_line(text.substr(at, std::min(end - at, line_bytes_max)));
    if (!line.empty()) lines.push_back({std::move(line), number});
    at = end + 1;
  }
  return lines;
}

bool is_html(std::string_view text) {
  constexpr std::size_t looked_at = 64 * 1024;
  const std::string begin = in_lower_case(text.substr(0, looked_at));
  constexpr std::array<std::string_view, 9> tags = {"<!doctype html", "<html", "<body", "<div", "<li>",
                                                    "<li ",           "<p>",   "<h1",   "<h2"};
  return std::ranges::any_of(tags, [&](std::string_view tag) { return begin.find(tag) != begin.npos; });
}

std::string text_of_html(std::string_view html) {
  const std::string lowered = in_lower_case(html);
  std::string out;      // lines
  std::string pending;  // of the line, with its inline tags and entities
  const auto end_line = [&] {
    out += markup_text(pending);
    out += '\n';
    pending.clear();
  };
  for (std::size_t at = 0; at < html.size();) {
    const char c = html[at];
    if (c != '<') {
      pending += c == '\n' || c == '\r' ? ' ' : c;
      ++at;
      continue;
    }
    if (html.substr(at).starts_with("<!--")) {
      const std::size_t end = html.find("-->", at);
      at = end == html.npos ? html.size() : end + 3;
      continue;
    }
    const std::string name = tag_name(html, at);
    const bool is_declaration = at + 1 < html.size() && (html[at + 1] == '!' || html[at + 1] == '?');
    if (name.empty() && !is_declaration) {  // "p < 0.05"
      pending += c;
      ++at;
      continue;
    }
    const std::size_t close = std::min(html.find('>', at), html.size() - 1);
    if (is_inline(name)) {
      pending += html.substr(at, close + 1 - at);
      at = close + 1;
      continue;
    }
    end_line();
    const bool has_no_text = name == "script" || name == "style" || name == "head" || name == "svg" ||
                             name == "noscript" || name == "template";
    at = has_no_text && html[at + 1] != '/' ? end_of_element(html, lowered, at, name) : close + 1;
  }
  end_line();
  return out;
}

}  // namespace bibsmith::bibtex
