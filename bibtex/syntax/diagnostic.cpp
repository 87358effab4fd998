#include "bibtex/syntax/diagnostic.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace bibsmith::bibtex {

namespace {

// What follows the words of the message.
enum class Shown : std::uint8_t { nothing, next_character, whole_span, byte };

struct Wording {
  SyntaxProblem problem;
  std::string_view code;
  Severity severity;
  Shown shown;
  std::string_view words;
};

using enum SyntaxProblem;
using enum Severity;
using enum Shown;

constexpr std::array wordings = {
    Wording{missing_comma, "syntax.missing-comma", error, next_character,
            "expected ',' after field value, got "},
    Wording{missing_comma_after_key, "syntax.missing-comma", error, next_character,
            "expected ',' after citation key, got "},
    Wording{missing_close, "syntax.missing-close", error, next_character,
            "expected the closing delimiter of the entry, got "},
    Wording{wrong_close, "syntax.wrong-close", error, next_character,
            "entry is closed by the wrong delimiter: "},
    Wording{missing_equals, "syntax.missing-equals", error, next_character,
            "expected '=' after field name, got "},
    Wording{missing_value, "syntax.missing-value", error, next_character, "expected a value after '=', got "},
    Wording{dangling_concatenation, "syntax.dangling-concatenation", error, next_character,
            "expected a value after '#', got "},
    Wording{extra_comma, "syntax.extra-comma", error, next_character, "expected a field name, got "},
    Wording{unexpected_text, "syntax.unexpected-text", error, next_character, "expected a field name, got "},
    Wording{digit_in_front_of_name, "syntax.digit-first", error, whole_span,
            "bibtex reads no field name that starts with a digit: "},
    Wording{digit_in_front_of_type, "syntax.digit-first", error, whole_span,
            "bibtex reads no entry type that starts with a digit: "},
    Wording{missing_key, "syntax.missing-key", error, next_character, "expected a citation key, got "},
    Wording{name_too_long, "syntax.name-too-long", error, nothing, "name is longer than 4095 bytes"},
    Wording{percent_comment, "syntax.percent-comment", error, nothing,
            "'%' inside an entry: a comment for biber, the end of the entry for bibtex"},
    Wording{odd_space, "syntax.odd-space", error, byte, "not white space for bibtex: "},
    Wording{bad_token, "syntax.bad-token", error, whole_span,
            "expected a number, a macro name or a delimited value, got "},
    Wording{brace_in_quotes, "syntax.unbalanced-braces", error, nothing,
            "'}' without '{' in a quoted value: bibtex drops the field"},
    Wording{escaped_delimiter, "syntax.escaped-delimiter", warning, next_character,
            "'\\' does not protect the closing "},
    Wording{deep_nesting, "syntax.deep-nesting", warning, nothing, "braces nest deeper than 512"},
    Wording{unclosed_value, "syntax.unclosed-value", error, next_character,
            "value is never closed, it opens with "},
    Wording{unclosed_comment, "syntax.unclosed-comment", warning, next_character,
            "comment is never closed, it opens with "},
    Wording{entry_in_comment, "syntax.entry-in-comment", warning, nothing,
            "entry inside @comment: live for bibtex, dead for biber"},
    Wording{entry_after_percent, "syntax.entry-after-percent", warning, nothing,
            "entry after '%': live for bibtex, dead for biber"},
    Wording{text_after_entry, "syntax.text-after-entry", warning, next_character,
            "entry has ended, yet here stands "},
    Wording{second_macro, "syntax.second-macro", warning, whole_span,
            "bibtex reads one macro in each @string and ignores "},
    Wording{duplicate_field, "syntax.duplicate-field", warning, whole_span,
            "the first field of this name counts, bibtex ignores the later "},
    Wording{duplicate_key, "syntax.duplicate-key", warning, whole_span,
            "the first entry of this key counts, bibtex ignores the later "},
    Wording{last_line, "syntax.last-line", warning, nothing,
            "bibtex ignores what follows the first entry on the last line"},
    Wording{byte_order_mark, "syntax.byte-order-mark", note, nothing, "text starts with a byte order mark"},
    Wording{invalid_utf8, "syntax.invalid-utf8", warning, byte, "not UTF-8: "},
    Wording{nul_byte, "syntax.nul-byte", warning, byte, "biber aborts at "},
    Wording{iso_2022, "syntax.iso-2022", warning, nothing,
            "ISO 2022 escape: the bytes after it may look like braces and quotes"},
    Wording{utf_16, "syntax.utf-16", error, nothing, "text is UTF-16: convert it to UTF-8"},
    Wording{too_large, "syntax.too-large", error, nothing, "text is larger than 256 MiB"},
    Wording{and_more, "syntax.and-more", note, nothing, "and more: only the first 100000 findings are kept"},
};

// The table is indexed by the enumerator.
constexpr bool in_order() {
  for (std::size_t i = 0; i < wordings.size(); ++i) {
    if (static_cast<std::size_t>(wordings[i].problem) != i) return false;
  }
  return true;
}
static_assert(in_order());
static_assert(wordings.size() == static_cast<std::size_t>(and_more) + 1);

std::string byte_name(char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(c);
  return std::string("byte 0x") + digits[value >> 4] + digits[value & 15];
}

bool is_printable(char c) { return c > ' ' && c < '\x7f'; }

std::string character_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return "end of file";
  const char c = text[at];
  if (is_printable(c)) return std::string("'") + c + '\'';
  return byte_name(c);
}

std::string in_quotes(std::string_view shown) {
  constexpr std::size_t shown_bytes_max = 60;
  std::string out = "'";
  for (const char c : shown.substr(0, shown_bytes_max)) out += is_printable(c) ? c : '?';
  if (shown.size() > shown_bytes_max) out += "...";
  return out + '\'';
}

}  // namespace

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      break;
  }
  return "note";
}

std::string_view code_of(SyntaxProblem problem) { return wordings[static_cast<std::size_t>(problem)].code; }

Severity severity_of(SyntaxProblem problem) { return wordings[static_cast<std::size_t>(problem)].severity; }

Diagnostic describe(const Finding& finding, std::string_view text) {
  const Span span = finding.span;
  const Wording& wording = wordings[static_cast<std::size_t>(finding.problem)];
  std::string message(wording.words);
  switch (wording.shown) {
    case nothing:
      break;
    case next_character:
      message += character_at(text, span.begin);
      break;
    case whole_span:
      message += in_quotes(span.in(text));
      break;
    case byte:
      message += byte_name(text[span.begin]);
      break;
  }
  return Diagnostic{wording.code, wording.severity, span, std::move(message)};
}

}  // namespace bibsmith::bibtex
