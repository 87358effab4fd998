#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bibsmith::fetchers {

// Calls `visit(word)` with each word that one typo makes of `word`: a letter lost, doubled up or wrong, two
// letters swapped. ASCII letters are tried. Some 54 words a letter, some of them twice.
template <typename Visit>
void for_each_typo(std::string_view word, const Visit& visit) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
  std::string variant;
  for (std::size_t i = 0; i <= word.size(); ++i) {
    for (const char letter : letters) {
      variant.assign(word.substr(0, i)).append(1, letter).append(word.substr(i));
      visit(variant);
      if (i == word.size() || word[i] == letter) continue;
      variant.assign(word);
      variant[i] = letter;
      visit(variant);
    }
    if (i == word.size()) break;
    variant.assign(word.substr(0, i)).append(word.substr(i + 1));
    if (!variant.empty()) visit(variant);
    if (i + 1 < word.size() && word[i] != word[i + 1]) {
      variant.assign(word);
      std::swap(variant[i], variant[i + 1]);
      visit(variant);
    }
  }
}

}  // namespace bibsmith::fetchers
