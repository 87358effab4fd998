#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bibsmith::bibtex {

// A title as titles are compared: words of ASCII letters and digits in lower case, so that accents, case,
// punctuation, hyphens, mark-up and TeX do not count.
struct TitleText {
  std::string letters;                   // the words, end to end
  std::vector<std::uint32_t> ends;       // of each word in `letters`
  std::vector<std::uint32_t> subtitles;  // offsets in `letters` at which a subtitle or a remark may begin
  std::string without_symbols;           // the same letters but for Greek letters, if there are any
  bool is_cut = false;                   // it ends with "..."
  bool is_remark = false;                // "Correction to: ...", "Comment on ...": about a work, not the work
  bool says_retracted = false;           // "RETRACTED ARTICLE: ...", which is left out of the words

  std::size_t size() const { return ends.size(); }
  std::string_view word(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return std::string_view(letters).substr(begin, ends[i] - begin);
  }
};

// Words beyond this are not compared.
inline constexpr std::size_t title_words_max = 200;

// Plain text with left-overs of HTML, JATS, MathML or TeX. [any thread]
TitleText title_text(std::string_view text);

// How two titles compare, the nearest first.
enum class TitleMatch : std::uint8_t {
  same,  // word by word, however they are joined ("time scale" is "timescale")
  cut,   // one leaves out a subtitle, a remark in parentheses, or its end
  near,  // some words differ: another title, but surely not by chance
  other,
  unknown,  // one of them is empty
};

struct TitleComparison {
  TitleMatch match = TitleMatch::unknown;
  double shared = 0;          // of the words of both, how many are shared, in order; 1 for same
  std::size_t differing = 0;  // words of the longer one that the other lacks
  bool other_number = false;  // "Part II" and "Part III", "GPT-3" and "GPT-4": perhaps another work of a
                              // series; or a correction of a work
};

TitleComparison compare_titles(const TitleText& a, const TitleText& b);

// Titles that share less than this are about something else.
inline constexpr double near_title_shared_min = 0.6;

}  // namespace bibsmith::bibtex
