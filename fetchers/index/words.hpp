#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bibsmith::fetchers {

// The words of a title as a ReadTitle writes it; views into `key`, which must live as long. [any thread]
inline std::vector<std::string_view> words_of(std::string_view key) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < key.size();) {
    const std::size_t end = std::min(key.find(' ', at), key.size());
    if (end > at) words.push_back(key.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

// Without the spaces.
inline std::string squeezed(std::string_view key) {
  std::string out(key);
  std::erase(out, ' ');
  return out;
}

}  // namespace bibsmith::fetchers
