#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "tests/arxiv_emulator/stored_paper.hpp"

namespace bibsmith::emulator {

// A query in the strict language that adapt_query() writes, ready to be asked of papers.
//
// Operators bind alike and to the left. Words are compared in lower case and whole; a quoted text must
// occur in that order; "*" and "?" stand for any characters of a word. Stemming is not imitated.
class SearchQuery {
 public:
  // The error is empty: arXiv says no more than that the query is invalid.
  static tl::expected<SearchQuery, std::monostate> parse(std::string_view adapted);

  bool matches(const StoredPaper& paper) const;

 private:
  enum class Step : std::uint8_t { term, negation, conjunction, disjunction, difference };
  struct Term {
    std::string field;
    std::string text;  // words in lower case between single spaces; as written for id, cat and dates
  };
  // Reverse Polish notation: no recursion, however deep the parentheses.
  struct Instruction {
    Step step = Step::term;
    std::size_t term = 0;
  };

  static bool matches(const Term& term, const StoredPaper& paper);

  std::vector<Instruction> program_;
  std::vector<Term> terms_;
};

// Words in lower case with a space before, between and after them; punctuation but "*" and "?" separates.
std::string searchable(std::string_view text);
// Whether `text` is what `pattern` says; "*" stands for any run, "?" for one byte.
bool matches_pattern(std::string_view text, std::string_view pattern);

}  // namespace bibsmith::emulator
