#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bibsmith {

// A key is a text in the one form in which texts of its kind are compared: words with one space between two
// (bibtex/match/title_key.hpp makes those of titles).

// The words of a key. The views live as long as what `key` views. [any thread]
inline std::vector<std::string_view> key_words(std::string_view key) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < key.size();) {
    const std::size_t end = std::min(key.find(' ', at), key.size());
    if (end > at) words.push_back(key.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

// A key without its spaces: hyphens and their absence ("fine-tuning", "finetuning", "fine tuning") do not
// count. Two titles are the same when theirs are. [any thread]
inline std::string squeezed_key(std::string_view key) {
  std::string out(key);
  std::erase(out, ' ');
  return out;
}

}  // namespace bibsmith
