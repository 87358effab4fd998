#include "plugin/lsp/citations.hpp"

#include <algorithm>
#include <array>

#include "bibtex/syntax/ascii.hpp"
#include "plugin/latex/citation_scan.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t context_bytes_max = 4000;  // how far a citation may be open before the cursor

bool is_letter(char c) { return bibtex::lower(c) >= 'a' && bibtex::lower(c) <= 'z'; }
bool is_alnum(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Marks inside a key, not at its end (pandoc's manual, "Citation syntax").
constexpr bibtex::ByteSet inner_marks(":.#$%&-+?<>~/");
constexpr bibtex::ByteSet typst_marks(":.-");

bool is_key_byte(char c, Language language) {
  return is_alnum(c) || c == '_' || (language == Language::typst ? typst_marks : inner_marks).contains(c);
}

// The end of the key that begins at `at`.
std::size_t end_of_key(std::string_view text, std::size_t at, Language language) {
  std::size_t end = at;
  while (end < text.size() && is_key_byte(text[end], language)) ++end;
  while (end > at && !is_alnum(text[end - 1]) && text[end - 1] != '_') --end;
  return end;
}

bibtex::Span span_of(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

// Behind the last byte that is no white space before `at`.
std::size_t before_space(std::string_view text, std::size_t at) {
  while (at > 0 && is_space(text[at - 1])) --at;
  return at;
}

// Where the group that ends before `at` begins, if one does: "[…]" or "<…>".
std::size_t before_option(std::string_view text, std::size_t at) {
  for (const auto& [open, close] : {std::pair{'[', ']'}, {'<', '>'}, {'(', ')'}}) {
    if (at == 0 || text[at - 1] != close) continue;
    std::size_t depth = 0;
    for (std::size_t i = at; i-- > 0;) {
      if (text[i] == close) ++depth;
      if (text[i] == open && --depth == 0) return i;
    }
  }
  return at;
}

std::optional<TypedKey> typed_in_latex(std::string_view text, std::size_t cursor) {
  const std::size_t limit = cursor - std::min(cursor, context_bytes_max);
  std::size_t open = cursor;
  while (open > limit && text[open - 1] != '{' && text[open - 1] != '}' && text[open - 1] != '\\') --open;
  if (open == limit || text[open - 1] != '{') return std::nullopt;
  const std::string_view inside = text.substr(open, cursor - open);
  if (inside.find("\n\n") != inside.npos) return std::nullopt;

  std::size_t name_end = before_space(text, open - 1);
  for (std::size_t before = before_option(text, name_end); before != name_end;
       before = before_option(text, name_end)) {
    name_end = before_space(text, before);
  }
  if (name_end > 0 && text[name_end - 1] == '*') --name_end;
  std::size_t name = name_end;
  while (name > 0 && (is_letter(text[name - 1]) || text[name - 1] == '@')) --name;
  if (name == 0 || text[name - 1] != '\\' || !is_cite_command(text.substr(name, name_end - name))) {
    return std::nullopt;
  }
  std::size_t begin = cursor;
  while (begin > open && text[begin - 1] != ',') --begin;
  while (begin < cursor && is_space(text[begin])) ++begin;
  std::size_t end = cursor;
  while (end < text.size() && text[end] != ',' && text[end] != '}' && text[end] != '\n' && text[end] != '%' &&
         text[end] != '\\' && text[end] != '{') {
    ++end;
  }
  end = std::max(cursor, before_space(text, end));
  return TypedKey{span_of(begin, end), std::string(text.substr(begin, cursor - begin))};
}

std::optional<TypedKey> typed_in_markup(std::string_view text, std::size_t cursor, Language language) {
  std::size_t begin = cursor;
  while (begin > 0 && is_key_byte(text[begin - 1], language)) --begin;
  if (begin == 0) return std::nullopt;
  const char mark = text[begin - 1];
  const bool is_braced = mark == '{' && begin > 1 && text[begin - 2] == '@';
  const std::size_t at = begin - (is_braced ? 2 : 1);
  const bool is_at =
      (mark == '@' || is_braced) && (at == 0 || (!is_alnum(text[at - 1]) && text[at - 1] != '\\'));
  const bool is_label =
      mark == '<' && language == Language::typst && text.substr(0, begin - 1).ends_with("cite(");
  if (!is_at && !is_label) return std::nullopt;
  const std::size_t end = std::max(cursor, end_of_key(text, begin, language));
  return TypedKey{span_of(begin, end), std::string(text.substr(begin, cursor - begin))};
}

}  // namespace

bool may_be_label(std::string_view key, Language language) {
  if (language == Language::typst) return true;
  if (language != Language::markdown) return false;
  // pandoc-crossref, Quarto, bookdown
  constexpr std::array<std::string_view, 12> prefixes = {
      "fig:", "tbl:", "eq:", "sec:", "lst:", "tab:", "fig-", "tbl-", "eq-", "sec-", "lst-", "thm-"};
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return key.starts_with(prefix); });
}

std::optional<TypedKey> typed_key(std::string_view text, std::uint32_t cursor, Language language) {
  const std::size_t at = std::min<std::size_t>(cursor, text.size());
  if (language == Language::latex) return typed_in_latex(text, at);
  if (language == Language::bibtex || language == Language::other) return std::nullopt;
  return typed_in_markup(text, at, language);
}

}  // namespace bibsmith::plugin
