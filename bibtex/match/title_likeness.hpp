#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bibsmith::bibtex {

// How one title reads beside another.
struct TitleLikeness {
  enum class Kind : std::uint8_t {
    same,      // but for case, accents, punctuation, hyphens
    typos,     // each word is there, some with a typo
    words,     // one word more or less
    subtitle,  // one of them lacks the other's end
    differs,
  };
  Kind kind = Kind::differs;
  double similarity = 0;      // 1: same; the share of letters that need not change
  bool lost_article = false;  // with Kind::words: the word is one
};

// Both are keys (title_key). Numbers, and words that differ by more than a slip of the finger, are other
// words: "two-layer" is not "three-layer", "linear" is not "nonlinear", "offline" is not "online". [any
// thread]
TitleLikeness compare_title_keys(std::string_view a, std::string_view b);

// Whether one word is the other with a typo: a letter lost, added, wrong or swapped with its neighbour in
// words of 4 letters or more, two in words of 8 or more; numbers, first letters (of shorter words), and
// prefixes that turn the meaning ("un-", "non-", "multi-") are none. Both in lower case. [any thread]
bool is_typo(std::string_view a, std::string_view b);

}  // namespace bibsmith::bibtex
