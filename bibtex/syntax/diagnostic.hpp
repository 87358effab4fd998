#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bibtex/syntax/span.hpp"

namespace bibsmith::bibtex {

enum class Severity : std::uint8_t { error, warning, note };

// "error", "warning" or "note".
std::string_view name_of(Severity severity);

// A finding in a text: what, where, and how bad. `code` is stable ("syntax.missing-comma") and always a
// literal, so that the view never dangles. An error means that some program loses data there.
struct Diagnostic {
  std::string_view code;
  Severity severity = Severity::error;
  Span span;
  std::string message;

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

// Every anomaly that the parser knows.
enum class SyntaxProblem : std::uint8_t {
  missing_comma,
  missing_comma_after_key,
  missing_close,
  wrong_close,
  missing_equals,
  missing_value,
  dangling_concatenation,
  extra_comma,
  unexpected_text,
  digit_in_front_of_name,
  digit_in_front_of_type,
  missing_key,
  name_too_long,
  percent_comment,
  odd_space,
  bad_token,
  brace_in_quotes,
  escaped_delimiter,
  deep_nesting,
  unclosed_value,
  unclosed_comment,
  entry_in_comment,
  entry_after_percent,
  text_after_entry,
  second_macro,
  duplicate_field,
  duplicate_key,
  last_line,
  byte_order_mark,
  invalid_utf8,
  nul_byte,
  iso_2022,
  utf_16,
  too_large,
  and_more,
};

// A finding before it is put into words.
struct Finding {
  SyntaxProblem problem = SyntaxProblem::and_more;
  Span span;

  friend bool operator==(const Finding&, const Finding&) = default;
};

// What describe() says of every finding of that problem.
std::string_view code_of(SyntaxProblem problem);
Severity severity_of(SyntaxProblem problem);

// The finding in words. Where the message says what was found, it is read at `span.begin` of `text`.
Diagnostic describe(const Finding& finding, std::string_view text);

}  // namespace bibsmith::bibtex
