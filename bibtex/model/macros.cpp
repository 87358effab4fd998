#include "bibtex/model/macros.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

// As plain.bst and the other standard styles with full names define them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> months = {{{"jan", "January"},
                                                                                   {"feb", "February"},
                                                                                   {"mar", "March"},
                                                                                   {"apr", "April"},
                                                                                   {"may", "May"},
                                                                                   {"jun", "June"},
                                                                                   {"jul", "July"},
                                                                                   {"aug", "August"},
                                                                                   {"sep", "September"},
                                                                                   {"oct", "October"},
                                                                                   {"nov", "November"},
                                                                                   {"dec", "December"}}};

}  // namespace

Macros::Macros(const Document& document) {
  for (const auto& [name, text] : months) define(name, 0, std::string(text));
  for (const Block& block : document.blocks()) {
    if (block.kind != BlockKind::string) continue;
    for (const FieldNode& field : document.fields(block)) {
      if (field.value.empty()) continue;
      define(document.text(field.name), field.value.end, join(document, field));
    }
  }
}

void Macros::define(std::string_view name, std::uint32_t from, std::string text) {
  definitions_[in_lower_case(name)].push_back(Definition{from, std::move(text)});
}

std::optional<std::string_view> Macros::find(std::string_view name, std::uint32_t offset) const {
  const auto known = definitions_.find(in_lower_case(name));
  if (known == definitions_.end()) return std::nullopt;
  const auto after = std::upper_bound(
      known->second.begin(), known->second.end(), offset,
      [](std::uint32_t wanted, const Definition& definition) { return wanted < definition.from; });
  if (after == known->second.begin()) return std::nullopt;
  return std::prev(after)->text;
}

std::string Macros::value_text(const Document& document, const FieldNode& field) const {
  return collapse_white_space(join(document, field));
}

std::string Macros::field_text(const Document& document, const Block& entry, std::string_view name) const {
  const auto field = document.find_field(entry, name);
  return field ? value_text(document, *field) : std::string();
}

// The limit holds for what macros add; a long value that is written out stays whole.
std::string Macros::join(const Document& document, const FieldNode& field) const {
  std::string out;
  for (const PieceNode& piece : document.pieces(field)) {
    const std::string_view inner = document.text(piece.inner);
    const auto expansion =
        piece.kind == PieceKind::macro ? find(inner, piece.span.begin) : std::optional<std::string_view>();
    if (!expansion) {
      out += inner;
    } else if (out.size() < expansion_bytes_max) {
      out += expansion->substr(0, expansion_bytes_max - out.size());
    }
  }
  return out;
}

std::vector<Diagnostic> undefined_macros(const Document& document, const Macros& macros) {
  std::vector<Diagnostic> found;
  for (const Block& block : document.blocks()) {
    for (const FieldNode& field : document.fields(block)) {
      for (const PieceNode& piece : document.pieces(field)) {
        if (piece.kind != PieceKind::macro) continue;
        const std::string_view name = document.text(piece.span);
        if (macros.find(name, piece.span.begin)) continue;
        if (found.size() == findings_max) return found;
        found.push_back(Diagnostic{"model.undefined-macro", Severity::warning, piece.span,
                                   "macro '" + std::string(name) + "' is not defined here"});
      }
    }
  }
  return found;
}

std::string collapse_white_space(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (!is_white_space(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace bibsmith::bibtex
