#include "bibtex/model/dialect.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

// Entry types and fields of biblatex that btxdoc does not have, and the other way round (biblatex manual,
// sections 2.1.2 and 2.2.5: the aliases).
constexpr std::array biblatex_types = std::to_array<std::string_view>(
    {"online", "thesis", "report", "mvbook", "mvcollection", "mvproceedings", "collection", "inreference",
     "reference", "bookinbook", "suppbook", "suppcollection", "xdata", "set", "dataset"});
constexpr std::array biblatex_fields = std::to_array<std::string_view>(
    {"journaltitle", "date", "eprinttype", "eprintclass", "location", "urldate", "booksubtitle", "subtitle",
     "maintitle", "eventtitle", "titleaddon", "langid", "xdata"});
constexpr std::array bibtex_types =
    std::to_array<std::string_view>({"techreport", "phdthesis", "mastersthesis", "conference"});
constexpr std::array bibtex_fields = std::to_array<std::string_view>(
    {"journal", "school", "address", "year", "archiveprefix", "primaryclass"});

template <std::size_t size>
bool is_in(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view one) { return equal_ignoring_case(word, one); });
}

}  // namespace

Dialect measure_dialect(const Document& document) {
  std::size_t biblatex = 0;
  std::size_t bibtex = 0;
  for (const Block& block : document.blocks()) {
    if (block.kind != BlockKind::entry) continue;
    bool is_biblatex = is_in(document.text(block.type), biblatex_types);
    bool is_bibtex = is_in(document.text(block.type), bibtex_types);
    for (const FieldNode& field : document.fields(block)) {
      is_biblatex = is_biblatex || is_in(document.text(field.name), biblatex_fields);
      is_bibtex = is_bibtex || is_in(document.text(field.name), bibtex_fields);
    }
    biblatex += is_biblatex && !is_bibtex ? 2u : is_biblatex ? 1u : 0u;
    bibtex += is_bibtex && !is_biblatex ? 2u : is_bibtex ? 1u : 0u;
  }
  return biblatex > bibtex ? Dialect::biblatex : Dialect::bibtex;
}

TextEncoding measure_encoding(const Document& document, Dialect dialect) {
  const bool is_other =
      std::any_of(document.findings().begin(), document.findings().end(),
                  [](const Finding& finding) { return finding.problem == SyntaxProblem::invalid_utf8; });
  if (is_other) return TextEncoding::latex;
  const std::string& text = document.text();
  const bool has_utf8 =
      std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xC2; });
  return dialect == Dialect::biblatex || has_utf8 ? TextEncoding::utf8 : TextEncoding::latex;
}

}  // namespace bibsmith::bibtex
