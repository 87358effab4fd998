#include "bibtex/verify/spelling.hpp"

#include <algorithm>
#include <array>

namespace bibsmith::bibtex {

std::size_t edits(std::string_view a, std::string_view b, std::size_t bound) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > bound) return bound + 1;
  while (!a.empty() && a.front() == b.front()) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
  if (a.empty()) return b.size();
  constexpr std::size_t letters_max = 48;  // longer words are no words
  if (b.size() > letters_max) return bound + 1;
  std::array<std::size_t, letters_max + 1> row{};
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    std::size_t least = row[0];
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0U : 1U)});
      diagonal = above;
      least = std::min(least, row[j + 1]);
    }
    if (least > bound) return bound + 1;
  }
  return std::min(row[b.size()], bound + 1);
}

}  // namespace bibsmith::bibtex
