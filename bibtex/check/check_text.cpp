#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "bibtex/check/data_model.hpp"
#include "bibtex/check/findings.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

// Commands whose argument is not text: addresses, keys, colours.
constexpr std::array verbatim_commands = std::to_array<std::string_view>(
    {"url",       "href",        "path",      "nolinkurl", "cite",  "citep",
     "citet",     "ref",         "label",     "index",     "doi",   "burl",
     "hyperlink", "hypertarget", "texttt",    "verb",      "input", "includegraphics",
     "urlprefix", "eprint",      "ensuremath"});

bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

bool is_verbatim(std::string_view command) {
  for (const std::string_view one : verbatim_commands) {
    if (command == one) return true;
  }
  return false;
}

// Walks over the text that one piece gives to TeX.
class PieceText {
 public:
  PieceText(const EntryCheck& check, Span span)
      : check_(check), begin_(span.begin), text_(check.document.text(span)) {}

  void look() {
    for (std::size_t at = 0; at < text_.size();) at = step(at);
    if (open_ != closed_) {
      add("check.unbalanced-braces", 0, text_.size(),
          "without those behind a backslash there are " + std::to_string(open_) + " '{' and " +
              std::to_string(closed_) + " '}': TeX does not balance them as bibtex does");
    }
  }

 private:
  std::size_t step(std::size_t at) {
    switch (text_[at]) {
      case '\\':
        return step_command(at);
      case '$':
        return step_dollar(at);
      case '{':
        ++open_;
        return at + 1;
      case '}':
        ++closed_;
        return at + 1;
      case '&':
      case '%':
      case '#':
      case '_':
      case '^':
        return step_special(at);
      default:
        return at + 1;
    }
  }

  std::size_t step_command(std::size_t at) {
    const std::size_t math =
        at + 1 < text_.size() && (text_[at + 1] == '(' || text_[at + 1] == '[') ? math_end(text_, at) : npos;
    if (math != npos) return math;
    std::size_t end = at + 1;
    while (end < text_.size() && is_letter(text_[end])) ++end;
    const std::string_view command = text_.substr(at + 1, end - at - 1);
    if (command.empty()) return at + 2;
    if (!is_verbatim(command)) return end;
    std::size_t group = end;
    while (group < text_.size() && text_[group] == ' ') ++group;
    if (group == text_.size() || text_[group] != '{') return end;
    const std::size_t after = group_end(text_, group);
    return after == npos ? text_.size() : after;
  }

  std::size_t step_dollar(std::size_t at) {
    const std::size_t end = math_end(text_, at);
    if (end != npos) return end;
    add("check.unescaped", at, at + 1, "'$' opens math that nothing closes: write '\\$' for the sign");
    return at + 1;
  }

  std::size_t step_special(std::size_t at) {
    const char c = text_[at];
    std::size_t end = at + 1;
    if (looks_like_address(at)) {
      while (end < text_.size() && text_[end] != ' ' && text_[end] != '}' && text_[end] != '\n') ++end;
      add("check.unescaped", at, at + 1,
          std::string("'") + c + "' in an address: TeX takes it only inside '\\url{...}'");
      return end;
    }
    // HTML in BibTeX: "&amp;", "&lt;", "&#8211;".
    if (c == '&' && end < text_.size() && (is_letter(text_[end]) || text_[end] == '#')) {
      const std::size_t semicolon = text_.find(';', end);
      if (semicolon != npos && semicolon - at <= 10 && text_.substr(at, semicolon - at).find(' ') == npos) {
        add("check.html-entity", at, semicolon + 1,
            in_quotes(text_.substr(at, semicolon + 1 - at)) + " is HTML, not LaTeX");
        return semicolon + 1;
      }
    }
    add("check.unescaped", at, end,
        std::string("'") + c + "' means something to TeX: write '\\" + c + (c == '^' ? "{}'" : "'"));
    return end;
  }

  bool looks_like_address(std::size_t at) const {
    std::size_t begin = at;
    while (begin > 0 && text_[begin - 1] != ' ' && text_[begin - 1] != '{' && text_[begin - 1] != '\n')
      --begin;
    const std::string_view word = text_.substr(begin, at - begin);
    return word.find("://") != npos || word.starts_with("www.");
  }

  void add(std::string_view code, std::size_t begin, std::size_t end, std::string message) {
    check_.findings.add(
        code, Severity::warning,
        Span{begin_ + static_cast<std::uint32_t>(begin), begin_ + static_cast<std::uint32_t>(end)},
        std::move(message));
  }

  const EntryCheck& check_;
  std::uint32_t begin_;
  std::string_view text_;
  std::size_t open_ = 0;
  std::size_t closed_ = 0;
};

}  // namespace

void check_text(const EntryCheck& check) {
  for (const FieldNode& field : check.document.fields(check.block)) {
    const bool is_definition = check.block.kind == BlockKind::string;
    if (!is_definition && !is_typeset_field(check.document.text(field.name))) continue;
    for (const PieceNode& piece : check.document.pieces(field)) {
      if (piece.kind == PieceKind::braced || piece.kind == PieceKind::quoted) {
        PieceText(check, piece.inner).look();
      }
    }
  }
}

}  // namespace bibsmith::bibtex
