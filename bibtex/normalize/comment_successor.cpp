#include "bibtex/normalize/comment_successor.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "bibtex/normalize/reference_words.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t ids_tried_max = 32;
constexpr std::size_t words_before_bytes = 120;

bool ends_word(char c) {
  return is_space(c) || std::string_view(",;()[]\"").find(c) != std::string_view::npos;
}

// The word that starts at `at`, without the stop behind it.
std::string_view word_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && !ends_word(text[end])) ++end;
  while (end > at && (text[end - 1] == '.' || text[end - 1] == ':')) --end;
  return text.substr(at, end - at);
}

std::optional<ArxivId> parse_id(std::string_view text) {
  const auto id = ArxivId::parse(text);
  if (!id) return std::nullopt;
  return *id;
}

bool names_successor(std::string_view before) {
  for (const std::string_view word : {"overlap", "plagiar", "supersedes", "violation"}) {
    if (before.rfind(word) != std::string_view::npos) return false;
  }
  static constexpr auto words = std::to_array<std::string_view>(
      {"superse",     "superce",         "replaced",    "merged",       "subsum",       "see",
       "appear",      "instead",         "included in", "incorporated", "contained in", "refer to",
       "new version", "updated version", "combined",    "duplicate",    "part of",      "resubmitted",
       "improved",    "extended",        "absorbed"});
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return before.find(word) != std::string_view::npos; });
}

// "superseded by 0809.1234": an id without "arXiv" is taken behind "by" and "see" only.
std::optional<ArxivId> find_bare_id(std::string_view comment, std::string_view lowered) {
  for (const std::string_view link :
       {"superseded by ", "superceded by ", "replaced by ", "see ", "merged with ", "merged into "}) {
    const std::size_t at = lowered.find(link);
    if (at == std::string_view::npos) continue;
    const std::string_view word = word_at(comment, at + link.size());
    const bool looks_like_id =
        word.size() > 8 && is_digit(word[0]) && (word[4] == '.' || word.find('/') != std::string_view::npos);
    if (!looks_like_id && word.find('/') == std::string_view::npos) continue;
    if (const std::optional<ArxivId> id = parse_id(word)) return id;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ArxivId> find_successor(std::string_view comment) {
  const std::string lowered = in_lower_case(comment);
  std::size_t tried = 0;
  for (std::size_t at = lowered.find("arxiv"); at != std::string::npos && tried < ids_tried_max;
       at = lowered.find("arxiv", at + 5), ++tried) {
    // "https://arxiv.org/abs/…" begins before the name.
    std::size_t begin = at;
    while (begin > 0 && !ends_word(comment[begin - 1])) --begin;
    std::optional<ArxivId> id = parse_id(word_at(comment, begin));
    if (!id && begin != at) id = parse_id(word_at(comment, at));
    if (!id) {
      // "arXiv: 1603.01573"
      std::size_t next = at + 5;
      while (next < comment.size() && (is_space(comment[next]) || comment[next] == ':')) ++next;
      id = parse_id(word_at(comment, next));
    }
    if (!id) continue;
    const std::size_t from = begin > words_before_bytes ? begin - words_before_bytes : 0;
    if (names_successor(std::string_view(lowered).substr(from, begin - from))) return id;
  }
  return find_bare_id(comment, lowered);
}

}  // namespace bibsmith::bibtex
