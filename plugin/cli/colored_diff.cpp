#include "plugin/cli/colored_diff.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fetchers/record/ascii.hpp"

namespace bibsmith::plugin {

namespace {

using Texts = std::vector<std::string_view>;

constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view cyan = "\x1b[36m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view reverse = "\x1b[7m";
constexpr std::string_view not_reverse = "\x1b[27m";
constexpr std::string_view reset = "\x1b[0m";

// Longer lines are shown without emphasis: comparing words takes the product of their numbers.
constexpr std::size_t words_max = 400;

bool is_word_byte(char c) { return is_letter_or_digit(c) || static_cast<unsigned char>(c) >= 0x80; }

// Runs of letters and digits; every other byte for itself.
Texts words_of(std::string_view line) {
  Texts words;
  while (!line.empty()) {
    std::size_t size = 1;
    if (is_word_byte(line[0])) {
      while (size < line.size() && is_word_byte(line[size])) ++size;
    }
    words.push_back(line.substr(0, size));
    line.remove_prefix(size);
  }
  return words;
}

// Of each word whether the longest common subsequence of both lines leaves it out.
struct Differences {
  std::vector<bool> removed;
  std::vector<bool> added;
};

Differences compare(const Texts& before, const Texts& after) {
  const std::size_t width = after.size() + 1;
  std::vector<std::uint16_t> common((before.size() + 1) * width);  // of the rests from (i, j) on
  for (std::size_t i = before.size(); i-- > 0;) {
    for (std::size_t j = after.size(); j-- > 0;) {
      common[i * width + j] = before[i] == after[j]
                                  ? static_cast<std::uint16_t>(common[(i + 1) * width + j + 1] + 1)
                                  : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  Differences differences{std::vector<bool>(before.size(), true), std::vector<bool>(after.size(), true)};
  for (std::size_t i = 0, j = 0; i < before.size() && j < after.size();) {
    if (before[i] == after[j]) {
      differences.removed[i++] = differences.added[j++] = false;
    } else if (common[(i + 1) * width + j] >= common[i * width + j + 1]) {
      ++i;
    } else {
      ++j;
    }
  }
  return differences;
}

void append_shown(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte >= 0x20 && byte != 0x7f) || c == '\t') out += c;
  }
}

// "-  year = {1997}" in one color, with its differing words in reverse.
void append_line(std::string& out, std::string_view color, char mark, const Texts& words,
                 const std::vector<bool>& differs) {
  out += color;
  out += mark;
  bool is_reverse = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool wants = i < differs.size() && differs[i];
    if (wants != is_reverse) out += wants ? reverse : not_reverse;
    is_reverse = wants;
    append_shown(out, words[i]);
  }
  out += reset;
  out += '\n';
}

// The name of a field, or the type of an entry: what a line of a .bib file begins with.
std::string_view first_word(std::string_view line) {
  const std::size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
  return line.substr(begin, line.find_first_of(" \t={(,", begin) - begin);
}

// Lines that were removed together, and the lines that came in their place.
void append_change(std::string& out, const Texts& removed, const Texts& added) {
  struct Line {
    Texts words;
    std::vector<bool> differs;
  };
  const auto split = [](const Texts& lines) {
    std::vector<Line> parts;
    for (const std::string_view line : lines) parts.push_back({words_of(line), {}});
    return parts;
  };
  std::vector<Line> before = split(removed);
  std::vector<Line> after = split(added);
  std::size_t next = 0;  // the first added line that no line is compared with yet
  for (std::size_t i = 0; i < removed.size(); ++i) {
    for (std::size_t j = next; j < added.size(); ++j) {
      if (first_word(removed[i]) != first_word(added[j])) continue;
      next = j + 1;
      if (before[i].words.size() > words_max || after[j].words.size() > words_max) break;
      Differences differences = compare(before[i].words, after[j].words);
      before[i].differs = std::move(differences.removed);
      after[j].differs = std::move(differences.added);
      break;
    }
  }
  for (const Line& line : before) append_line(out, red, '-', line.words, line.differs);
  for (const Line& line : after) append_line(out, green, '+', line.words, line.differs);
}

}  // namespace

std::string colored_diff(std::string_view unified) {
  std::string out;
  Texts removed;
  Texts added;
  const auto end_change = [&] {
    append_change(out, removed, added);
    removed.clear();
    added.clear();
  };
  bool in_hunk = false;  // else "---" and "+++" are the names of files
  while (!unified.empty()) {
    const std::size_t end = unified.find('\n');
    const std::string_view line = unified.substr(0, end);
    unified.remove_prefix(end == std::string_view::npos ? unified.size() : end + 1);
    const bool is_name = line.starts_with("--- ") && unified.starts_with("+++ ");
    if (is_name) in_hunk = false;
    const char mark = line.empty() ? ' ' : line[0];
    if (in_hunk && mark == '-') {
      if (!added.empty()) end_change();
      removed.push_back(line.substr(1));
    } else if (in_hunk && mark == '+') {
      added.push_back(line.substr(1));
    } else {
      end_change();
      if (mark == '@') in_hunk = true;
      if (mark != ' ' && mark != '\\') out += mark == '@' ? cyan : bold;
      append_shown(out, line);
      if (mark != ' ' && mark != '\\') out += reset;
      out += '\n';
    }
  }
  end_change();
  return out;
}

}  // namespace bibsmith::plugin
