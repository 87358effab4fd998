#include "bibtex/model/key_formula.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <utility>
#include <vector>

#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t number_max = 999;

// A function, the marker that it is, and the numbers that it takes where none are given.
struct Function {
  std::string_view name;
  std::string_view marker;
  std::size_t numbers_max = 0;
  std::size_t first = 0;
};
constexpr std::array functions = std::to_array<Function>({
    {"auth", "auth", 2, 0},
    {"authors", "authors", 1, 0},
    {"authEtAl", "authEtAl"},
    {"authEtal2", "auth.etal"},
    {"authAuthEa", "auth.auth.ea"},
    {"authorsAlpha", "authorsAlpha"},
    {"authShort", "authshort"},
    {"authorLast", "authorLast"},
    {"authForeIni", "authForeIni"},
    {"authorLastForeIni", "authorLastForeIni"},
    {"authIni", "authIni", 1, 0},
    {"authorIni", "authorIni"},
    {"edtr", "edtr", 2, 0},
    {"title", "title"},
    {"camel", "camel", 1, 0},
    {"shorttitle", "shorttitle", 2, 3},
    {"veryshorttitle", "shorttitle", 2, 1},
    {"year", "year"},
    {"shortyear", "shortyear"},
    {"firstpage", "firstpage"},
    {"lastpage", "lastpage"},
    {"journal", "journal"},
    {"type", "entrytype"},
});

// What a filter is as a modifier; those that make ASCII of text or drop signs are done to every key and are
// nothing.
struct Filter {
  std::string_view name;
  std::string_view modifier;
};
constexpr std::array filters = std::to_array<Filter>({
    {"lower", ":lower"},
    {"upper", ":upper"},
    {"capitalize", ":capitalize"},
    {"abbr", ":abbr"},
    {"ascii", ""},
    {"clean", ""},
    {"fold", ""},
    {"nopunct", ""},
});

template <typename Row, std::size_t size>
const Row* find_row(const std::array<Row, size>& rows, std::string_view name) {
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const Row& one) { return equal_ignoring_case(one.name, name); });
  return row == rows.end() ? nullptr : &*row;
}

class FormulaReader {
 public:
  explicit FormulaReader(std::string_view text) : text_(text) {}

  bool is_formula() {
    if (text_.find_first_of("[]") != text_.npos) return false;
    skip_space();
    if (is_at('\'') || is_at('"')) return true;
    const std::string_view name = take_name();
    at_ = 0;
    return find_row(functions, name) != nullptr;
  }

  tl::expected<std::string, PatternError> read() {
    do {
      skip_space();
      if (!read_term()) return tl::unexpected(std::move(error_));
      skip_space();
    } while (take('+'));
    if (at_ == text_.size()) return std::move(out_);
    fail(at_, std::string("expected '+', got '") + text_[at_] + '\'');
    return tl::unexpected(std::move(error_));
  }

 private:
  bool is_at(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool take(char c) {
    if (!is_at(c)) return false;
    ++at_;
    return true;
  }
  void skip_space() {
    while (at_ < text_.size() && is_white_space(text_[at_])) ++at_;
  }
  std::string_view take_name() {
    const std::size_t begin = at_;
    const auto is_part = [](char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || is_digit(c); };
    while (at_ < text_.size() && is_part(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }
  bool fail(std::size_t at, std::string message) {
    error_ = PatternError{at, std::move(message)};
    return false;
  }

  bool read_term() {
    if (is_at('\'') || is_at('"')) return read_text();
    const std::size_t begin = at_;
    const std::string_view name = take_name();
    const Function* const function = find_row(functions, name);
    if (function == nullptr) return fail(begin, "no such function: '" + std::string(name) + '\'');
    std::vector<std::size_t> numbers;
    if (!read_numbers(numbers)) return false;
    if (numbers.size() > function->numbers_max) {
      return fail(begin, std::string(function->name) + " takes " + std::to_string(function->numbers_max) +
                             " numbers at most");
    }
    out_ += '[' + std::string(function->marker) + numbers_of(*function, numbers);
    while (take('.')) {
      if (!read_filter()) return false;
    }
    out_ += ']';
    return true;
  }

  // As a marker has them: "3", "3_2".
  static std::string numbers_of(const Function& function, const std::vector<std::size_t>& numbers) {
    std::size_t first = numbers.empty() ? function.first : numbers[0];
    const std::size_t second = numbers.size() < 2 ? 0 : numbers[1];
    if (first == 0 && second > 0) first = number_max;  // all letters of the second author
    if (first == 0) return "";
    return std::to_string(first) + (second > 0 ? '_' + std::to_string(second) : "");
  }

  bool read_text() {
    const char quote = text_[at_++];
    const std::size_t end = text_.find(quote, at_);
    if (end == text_.npos) return fail(at_ - 1, "the text is never closed");
    out_ += text_.substr(at_, end - at_);
    at_ = end + 1;
    return true;
  }

  // "(3, 2)", if it stands here.
  bool read_numbers(std::vector<std::size_t>& numbers) {
    if (!take('(')) return true;
    skip_space();
    while (!take(')')) {
      const std::size_t begin = at_;
      std::size_t number = 0;
      const auto [stop, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), number);
      if (error != std::errc() || number > number_max) return fail(begin, "expected a number up to 999");
      numbers.push_back(number);
      at_ = static_cast<std::size_t>(stop - text_.data());
      skip_space();
      if (!take(',') && !is_at(')')) return fail(at_, "expected ',' or ')'");
      skip_space();
    }
    return true;
  }

  bool read_filter() {
    const std::size_t begin = at_;
    const std::string_view name = take_name();
    std::vector<std::size_t> numbers;
    if (!read_numbers(numbers)) return false;
    if (equal_ignoring_case(name, "substring") && numbers.size() == 2 && numbers[0] == 1 && numbers[1] > 0) {
      out_ += ":truncate" + std::to_string(numbers[1]);
      return true;
    }
    const Filter* const filter = find_row(filters, name);
    if (filter == nullptr || !numbers.empty()) {
      return fail(begin, "no such filter: '" + std::string(text_.substr(begin, at_ - begin)) + '\'');
    }
    out_ += filter->modifier;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
  PatternError error_;
};

}  // namespace

std::optional<tl::expected<std::string, PatternError>> pattern_of_formula(std::string_view formula) {
  if (!FormulaReader(formula).is_formula()) return std::nullopt;
  return FormulaReader(formula).read();
}

}  // namespace bibsmith::bibtex
