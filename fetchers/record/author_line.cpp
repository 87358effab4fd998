#include "fetchers/record/author_line.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "fetchers/record/plain_text.hpp"

namespace bibsmith {

namespace {

bool is_suffix(std::string_view name) {
  constexpr std::array<std::string_view, 8> suffixes = {"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV", "V"};
  return std::ranges::find(suffixes, name) != suffixes.end();
}

}  // namespace

std::vector<Author> authors_of_line(std::string_view line) {
  const std::string text = plain_text(line);
  std::vector<Author> authors;
  std::string name;
  const auto take = [&] {
    const std::string whole = plain_text(std::exchange(name, {}));
    if (whole.empty()) return;
    if (is_suffix(whole) && !authors.empty()) {
      authors.back().suffix = whole;
      authors.back().name += ' ' + whole;
    } else {
      authors.push_back(Author{.name = whole});
    }
  };
  std::size_t depth = 0;
  for (std::size_t pos = 0; pos < text.size(); ++pos) {
    const char c = text[pos];
    constexpr std::string_view conjunction = " and ";
    if (c == '(') {
      ++depth;
    } else if (c == ')') {
      if (depth > 0) --depth;
    } else if (depth > 0) {
      continue;
    } else if (c == ',') {
      take();
    } else if (std::string_view(text).substr(pos, conjunction.size()) == conjunction) {
      take();
      pos += conjunction.size() - 2;  // its second space may begin another one
    } else {
      name += c;
    }
  }
  take();
  return authors;
}

}  // namespace bibsmith
