#include "bibtex/verify/title.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "bibtex/model/latex.hpp"
#include "bibtex/model/unicode.hpp"
#include "fetchers/record/ascii.hpp"
#include "fetchers/record/edit_distance.hpp"
#include "fetchers/record/markup_text.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t title_bytes_max = 4'096;

// What ends a main title: "Title: subtitle", "Title? Subtitle", "Title (remark)", "Title [remark]", "Title -
// s".
bool may_end_title(char c) { return c == ':' || c == '?' || c == '.' || c == '(' || c == '[' || c == '!'; }

std::string_view name_of_greek(unsigned index) {
  // From U+03B1 on; the final sigma is one.
  constexpr std::array names = std::to_array<std::string_view>(
      {"alpha", "beta",   "gamma",   "delta", "epsilon", "zeta",    "eta",  "theta", "iota",
       "kappa", "lambda", "mu",      "nu",    "xi",      "omicron", "pi",   "rho",   "sigma",
       "sigma", "tau",    "upsilon", "phi",   "chi",     "psi",     "omega"});
  return index < names.size() ? names[index] : std::string_view();
}

// The index of the small or capital Greek letter at text[at], a letter of two bytes; -1: there is none.
int greek_at(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size()) return -1;
  const auto first = static_cast<unsigned char>(text[at]);
  const auto second = static_cast<unsigned char>(text[at + 1]);
  if ((first != 0xCE && first != 0xCF) || second < 0x80 || second > 0xBF) return -1;
  const int code = ((first & 0x1F) << 6) | (second & 0x3F);
  if (code >= 0x3B1 && code <= 0x3C9) return code - 0x3B1;
  if (code >= 0x391 && code <= 0x3A9) return code - 0x391;
  return -1;
}

// A Greek letter by itself is a symbol: "β-VAE" is "beta-VAE". Greek words stay.
std::string with_symbols_spelt(std::string_view text, bool spell, bool& has_symbols) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const int index = greek_at(text, at);
    const bool alone = index >= 0 && greek_at(text, at + 2) < 0 && (at < 2 || greek_at(text, at - 2) < 0);
    if (alone) {
      has_symbols = true;
      if (spell) out += name_of_greek(static_cast<unsigned>(index));
      at += 2;
    } else {
      out += text[at++];
    }
  }
  return out;
}

// `spell` says whether Greek letters are spelt or left out.
std::string plain_title(std::string_view text, bool spell, bool& has_symbols) {
  if (text.size() > title_bytes_max) text = text.substr(0, title_bytes_max);
  std::string plain(text);
  if (plain.find_first_of("<&") != std::string::npos) plain = markup_text(plain);
  if (plain.find_first_of("\\{}$~") != std::string::npos) plain = to_unicode(plain, MathReading::convert);
  const bool is_ascii =
      std::none_of(plain.begin(), plain.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (is_ascii) return plain;
  return to_ascii(with_symbols_spelt(plain, spell, has_symbols));
}

class Builder {
 public:
  explicit Builder(TitleText& out) : out_(out) {}

  void letter(char c) {
    if (out_.ends.size() < title_words_max) out_.letters += lower(c);
  }
  void end_word() {
    const auto end = static_cast<std::uint32_t>(out_.letters.size());
    const std::uint32_t begin = out_.ends.empty() ? 0 : out_.ends.back();
    if (end > begin) out_.ends.push_back(end);
  }
  void subtitle() {
    const auto at = static_cast<std::uint32_t>(out_.letters.size());
    if (at > 0 && (out_.subtitles.empty() || out_.subtitles.back() != at)) out_.subtitles.push_back(at);
  }

 private:
  TitleText& out_;
};

bool starts_with_one_of(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return starts_with_ignoring_case(text, word); });
}

// Publishers put these in front of the title of the work itself.
std::string_view without_retraction(std::string_view text) {
  constexpr std::array marks = std::to_array<std::string_view>(
      {"retracted article", "retracted chapter", "retracted paper", "retracted", "withdrawn article",
       "withdrawn", "removed", "temporary removal"});
  for (const std::string_view mark : marks) {
    if (!starts_with_ignoring_case(text, mark)) continue;
    const std::size_t end = text.find_first_not_of(" ]", mark.size());
    if (end != std::string_view::npos && text[end] == ':') return text.substr(end + 1);
  }
  return text;
}

bool is_remark(std::string_view text) {
  constexpr std::array marks = std::to_array<std::string_view>(
      {"erratum", "errata", "corrigend", "correction to", "correction:", "author correction",
       "publisher correction", "corrections to", "addendum", "retraction", "expression of concern",
       "comment on", "comments on", "reply to", "response to", "rejoinder", "discussion of"});
  return starts_with_one_of(text, marks);
}

// Digits, Roman numbers, and the letter behind "part": what tells the works of a series apart.
bool is_number(std::string_view word, std::string_view before) {
  if (is_digit(word.front()) || is_digit(word.back())) return true;
  if (before == "part" || before == "volume" || before == "paper") return true;
  return word.size() >= 2 && word.size() <= 4 && word.find_first_not_of("ivx") == std::string_view::npos;
}

std::vector<std::string_view> numbers_of(const TitleText& title) {
  std::vector<std::string_view> numbers;
  for (std::size_t i = 0; i < title.size(); ++i) {
    const std::string_view word = title.word(i);
    if (is_number(word, i > 0 ? title.word(i - 1) : std::string_view())) numbers.push_back(word);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

bool near_word(std::string_view a, std::string_view b) {
  if (a == b) return true;
  constexpr std::size_t letters_min = 4;
  return a.size() >= letters_min && b.size() >= letters_min && word_distance(a, b, 1) <= 1;
}

// The longest common subsequence of the words; words with one wrong letter count as shared.
std::size_t shared_words(const TitleText& a, const TitleText& b) {
  std::vector<std::size_t> row(b.size() + 1, 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = 0;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t above = row[j + 1];
      row[j + 1] = near_word(a.word(i), b.word(j)) ? diagonal + 1 : std::max(above, row[j]);
      diagonal = above;
    }
  }
  return row.back();
}

bool is_cut_of(const TitleText& part, const TitleText& whole) {
  if (!whole.letters.starts_with(part.letters)) {
    // "NeRF: Representing Scenes": the name in front is left out.
    constexpr std::size_t letters_min = 20;
    return part.letters.size() >= letters_min && whole.letters.ends_with(part.letters) &&
           std::binary_search(whole.subtitles.begin(), whole.subtitles.end(),
                              static_cast<std::uint32_t>(whole.letters.size() - part.letters.size()));
  }
  const auto at = static_cast<std::uint32_t>(part.letters.size());
  if (std::binary_search(whole.subtitles.begin(), whole.subtitles.end(), at)) return true;
  // Sources cut long titles in the middle of a word, with or without a word about it.
  constexpr std::size_t letters_min = 35;
  constexpr std::size_t letters_left_out_min = 8;
  return (part.is_cut && at >= letters_min / 2) ||
         (at >= letters_min && whole.letters.size() >= at + letters_left_out_min);
}

}  // namespace

TitleText title_text(std::string_view text) {
  bool has_symbols = false;
  const std::string read = plain_title(text, true, has_symbols);
  std::string_view plain = read;
  while (!plain.empty() && (plain.front() == ' ' || plain.front() == '[' || plain.front() == '"'))
    plain.remove_prefix(1);
  TitleText out;
  const std::string_view bare = without_retraction(plain);
  out.says_retracted = bare.size() != plain.size();
  plain = bare;
  out.is_remark = is_remark(plain);
  Builder builder(out);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const char c = plain[i];
    if (is_letter_or_digit(c)) {
      builder.letter(c);
    } else if (c == '&') {
      builder.end_word();
      for (const char letter : std::string_view("and")) builder.letter(letter);
      builder.end_word();
    } else if (c != '\'') {
      builder.end_word();
      const bool is_dash = c == '-' && i > 0 && (plain[i - 1] == ' ' || plain[i - 1] == '-');
      if (may_end_title(c) || is_dash) builder.subtitle();
    }
  }
  builder.end_word();
  if (out.ends.size() == title_words_max) out.letters.resize(out.ends.back());
  out.is_cut = plain.ends_with("...");
  if (has_symbols) {
    for (const char c : plain_title(text, false, has_symbols)) {
      if (is_letter_or_digit(c)) out.without_symbols += lower(c);
    }
  }
  return out;
}

TitleComparison compare_titles(const TitleText& a, const TitleText& b) {
  TitleComparison result;
  if (a.letters.empty() || b.letters.empty()) return result;
  if (a.letters == b.letters) return {TitleMatch::same, 1, 0, false};
  // Indexes lose the formulas of titles.
  if (a.without_symbols.empty() != b.without_symbols.empty() &&
      (a.without_symbols == b.letters || b.without_symbols == a.letters))
    return {TitleMatch::same, 1, 0, false};
  const TitleText& shorter = a.letters.size() <= b.letters.size() ? a : b;
  const TitleText& longer = a.letters.size() <= b.letters.size() ? b : a;
  const std::size_t shared = shared_words(a, b);
  result.shared = 2 * static_cast<double>(shared) / static_cast<double>(a.size() + b.size());
  result.differing = std::max(a.size(), b.size()) - shared;
  if (a.is_remark != b.is_remark) {
    result.match = TitleMatch::other;
    result.other_number = true;  // another work by the same people in the same place
    return result;
  }
  if (is_cut_of(shorter, longer)) {
    result.match = TitleMatch::cut;
    return result;
  }
  result.match = result.shared >= near_title_shared_min ? TitleMatch::near : TitleMatch::other;
  result.other_number = numbers_of(a) != numbers_of(b);
  return result;
}

}  // namespace bibsmith::bibtex
