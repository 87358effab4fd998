#include "tests/arxiv_emulator/search_query.hpp"

#include <algorithm>

#include "tests/arxiv_emulator/moment.hpp"
#include "tests/arxiv_emulator/tex2utf.hpp"
#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {
namespace {

constexpr std::string_view fields[] = {"ti", "au", "abs", "co",  "jr",           "cat",
                                       "rn", "id", "all", "doi", "submittedDate"};

bool is_operator(std::string_view word) { return word == "AND" || word == "OR" || word == "ANDNOT"; }

// Whether the words of `phrase` occur in `text` in this order; both are searchable().
bool contains_phrase(std::string_view text, std::string_view phrase) {
  if (phrase.find_first_of("*?") == phrase.npos) return text.find(phrase) != text.npos;
  const auto words_of = [](std::string_view spaced) {
    std::vector<std::string_view> words = split(spaced, ' ');
    std::erase(words, std::string_view{});
    return words;
  };
  const auto text_words = words_of(text);
  const auto phrase_words = words_of(phrase);
  for (std::size_t begin = 0; begin + phrase_words.size() <= text_words.size(); ++begin) {
    std::size_t i = 0;
    while (i < phrase_words.size() && matches_pattern(text_words[begin + i], phrase_words[i])) ++i;
    if (i == phrase_words.size()) return true;
  }
  return false;
}

bool matches_id(const StoredPaper& paper, std::string_view pattern) {
  if (matches_pattern(paper.id, pattern)) return true;
  const std::string current = paper.id + "v" + std::to_string(paper.versions.back().number);
  return matches_pattern(current, pattern);
}

// "202301010600 TO 202401010600", of the submission of version 1, both ends included.
bool matches_dates(const StoredPaper& paper, std::string_view range) {
  const std::size_t to = range.find(" TO ");
  if (to == range.npos) return false;
  const std::string submitted = minute_digits(paper.versions.front().created);
  return trim(range.substr(0, to)) <= submitted && submitted <= trim(range.substr(to + 4));
}

}  // namespace

std::string searchable(std::string_view text) {
  std::string out = " ";
  for (const char c : lower(text)) {
    const bool in_word =
        is_letter(c) || is_digit(c) || c == '*' || c == '?' || static_cast<unsigned char>(c) >= 0x80;
    if (in_word) {
      out += c;
    } else if (out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.back() != ' ') out += ' ';
  return out;
}

bool matches_pattern(std::string_view text, std::string_view pattern) {
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t star = pattern.npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != pattern.npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

tl::expected<SearchQuery, std::monostate> SearchQuery::parse(std::string_view adapted) {
  SearchQuery query;
  std::vector<std::string> waiting;  // operators and open parentheses
  bool operand_expected = true;
  const auto reduce = [&] {
    while (!waiting.empty() && waiting.back() != "(") {
      const std::string& name = waiting.back();
      query.program_.push_back({name == "AND"  ? Step::conjunction
                                : name == "OR" ? Step::disjunction
                                : name == "-"  ? Step::negation
                                               : Step::difference});
      waiting.pop_back();
    }
  };
  const auto invalid = [] { return tl::unexpected(std::monostate{}); };

  std::size_t i = 0;
  while (i < adapted.size()) {
    if (is_space(adapted[i])) {
      ++i;
      continue;
    }
    if (adapted[i] == '(') {
      if (!operand_expected) return invalid();
      waiting.emplace_back("(");
      ++i;
      continue;
    }
    if (adapted[i] == ')') {
      if (operand_expected) return invalid();
      reduce();
      if (waiting.empty()) return invalid();
      waiting.pop_back();
      ++i;
      continue;
    }
    const std::size_t end = std::min(adapted.find_first_of(" \t\r\n()\"", i), adapted.size());
    const std::string_view word = adapted.substr(i, end - i);
    if (is_operator(word)) {
      if (operand_expected && word != "ANDNOT") return invalid();
      if (!operand_expected) reduce();
      waiting.emplace_back(operand_expected ? "-" : word);
      operand_expected = true;
      i = end;
      continue;
    }
    const std::size_t colon = word.find(':');
    if (!operand_expected || colon == word.npos) return invalid();
    const std::string_view field = word.substr(0, colon);
    if (std::ranges::find(fields, field) == std::end(fields)) return invalid();
    std::string_view text = word.substr(colon + 1);
    i = end;
    if (text.empty() && end < adapted.size() && adapted[end] == '"') {
      const std::size_t close = adapted.find('"', end + 1);
      if (close == adapted.npos) return invalid();
      text = adapted.substr(end + 1, close - end - 1);
      i = close + 1;
    } else if (text.empty() || text.find_first_of("[]") != text.npos) {
      return invalid();
    }
    const bool verbatim = field == "id" || field == "cat" || field == "doi" || field == "submittedDate";
    query.program_.push_back({Step::term, query.terms_.size()});
    query.terms_.push_back({std::string(field), verbatim ? std::string(text) : searchable(tex2utf(text))});
    operand_expected = false;
  }
  if (operand_expected) return invalid();
  reduce();
  if (!waiting.empty()) return invalid();
  return query;
}

bool SearchQuery::matches(const StoredPaper& paper) const {
  std::vector<bool> stack;
  for (const Instruction& instruction : program_) {
    if (instruction.step == Step::term) {
      stack.push_back(matches(terms_[instruction.term], paper));
      continue;
    }
    const bool right = stack.back();
    stack.pop_back();
    if (instruction.step == Step::negation) {
      stack.push_back(!right);
      continue;
    }
    const bool left = stack.back();
    stack.back() = instruction.step == Step::conjunction   ? left && right
                   : instruction.step == Step::disjunction ? left || right
                                                           : left && !right;
  }
  return !stack.empty() && stack.back();
}

bool SearchQuery::matches(const Term& term, const StoredPaper& paper) {
  if (term.field == "id") return matches_id(paper, term.text);
  if (term.field == "submittedDate") return matches_dates(paper, term.text);
  if (term.field == "cat") {
    return std::ranges::any_of(paper.categories, [&term](const std::string& category) {
      return matches_pattern(category, term.text);
    });
  }
  if (term.field == "doi") {
    const auto dois = split(paper.doi, ' ');
    return std::ranges::any_of(
        dois, [&term](std::string_view doi) { return matches_pattern(lower(doi), lower(term.text)); });
  }
  const auto in = [&term](std::string_view text) {
    return contains_phrase(searchable(tex2utf(text)), term.text);
  };
  if (term.field == "ti") return in(paper.title);
  if (term.field == "au") return in(paper.authors);
  if (term.field == "abs") return in(paper.abstract);
  if (term.field == "co") return in(paper.comments);
  if (term.field == "jr") return in(paper.journal_ref);
  if (term.field == "rn") return in(paper.report_number);
  return in(paper.title) || in(paper.authors) || in(paper.abstract) || in(paper.comments) ||
         in(paper.journal_ref) || in(paper.report_number) || in(paper.doi) || in(paper.id);
}

}  // namespace bibsmith::emulator
