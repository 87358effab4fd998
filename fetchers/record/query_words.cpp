#include "fetchers/record/query_words.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "fetchers/record/ascii.hpp"
#include "fetchers/record/markup_text.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith {

namespace {

constexpr std::size_t words_max = 24;
// Of a text that is not asked for: lists of authors too.
constexpr std::size_t compared_words_max = 500;

// Adds the words of `text`: letters and digits, and what is no ASCII. Signs have a meaning to the search
// engines (DBLP: "-word" excludes, "|" is an or; OpenAlex: quotes, "~" and "*"), and titles are searched
// without them. Lower case, for "NOT" in capitals is an operator.
void add_words(std::vector<std::string>& words, const std::string& text, std::size_t max = words_max) {
  std::string word;
  const auto take = [&] {
    if (!word.empty() && words.size() < max && std::ranges::find(words, word) == words.end()) {
      words.push_back(word);
    }
    word.clear();
  };
  bool is_command = false;  // "\alpha" of TeX is no word of a title
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    // General punctuation, U+2000 to U+203F: dashes and quotes of typesetters.
    if (text.compare(i, 2, "\xE2\x80") == 0 && i + 2 < text.size()) {
      i += 2;
      is_command = false;
      if (text[i] != '\x99') take();  // the apostrophe, as in "it's"
      continue;
    }
    const bool is_letter_or_more = is_letter(c) || static_cast<unsigned char>(c) >= 0x80;
    if (c == '\\') {
      take();
      is_command = true;
    } else if (is_letter_or_more || is_digit(c)) {
      if (is_command && is_letter_or_more) continue;
      is_command = false;
      word += lower(c);
    } else {
      is_command = false;
      // "it's" is one word there.
      if (c != '\'') take();
    }
  }
  take();
}

// "large|faster|ann models|sampling|bo": of `n` words that may be wrong n / 2 groups; one name in the first
// half of them, another in the rest.
std::string alternatives(std::vector<std::string> words, const std::vector<std::string>& names) {
  constexpr std::size_t letters_min = 3;
  constexpr std::size_t words_min = 4;
  std::erase_if(words, [](const std::string& word) {
    constexpr std::array<std::string_view, 8> common = {"the",  "and",  "for",   "with",
                                                        "from", "into", "using", "via"};
    return word.size() < letters_min || std::ranges::find(common, word) != common.end();
  });
  if (words.size() < words_min) return {};
  const std::size_t groups = words.size() / 2;
  // Two groups with names in them are met by too many.
  if (!names.empty() && groups < 3) return {};
  std::string joined;
  for (std::size_t i = 0; i < groups; ++i) {
    joined += (i == 0 ? "" : " ") + words[i];
    for (std::size_t other = i + groups; other < words.size(); other += groups) joined += '|' + words[other];
    if (!names.empty()) joined += '|' + (i * 2 < groups ? names.front() : names.back());
  }
  return joined;
}

}  // namespace

std::string query_words(const TitleQuery& query) {
  std::vector<std::string> words;
  add_words(words, markup_text(query.title));  // "&apos;" and "<i>" are no words
  if (words.empty()) return {};
  if (query.is_near) {
    std::vector<std::string> names;
    add_words(names, plain_text(query.first_author), 2);
    return alternatives(std::move(words), names);
  }
  add_words(words, plain_text(query.first_author));
  std::string joined;
  for (const std::string& word : words) joined += (joined.empty() ? "" : " ") + word;
  return joined;
}

std::set<std::string> title_words(std::string_view title) {
  std::vector<std::string> words;
  add_words(words, markup_text(title), compared_words_max);
  return {words.begin(), words.end()};
}

std::size_t shared_words(const std::set<std::string>& a, const std::set<std::string>& b) {
  return static_cast<std::size_t>(
      std::ranges::count_if(a, [&](const std::string& word) { return b.contains(word); }));
}

}  // namespace bibsmith
