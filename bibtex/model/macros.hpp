#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bibtex/syntax/document.hpp"

namespace bibsmith::bibtex {

// A macro that names others grows by doubling; what is longer than this is cut.
inline constexpr std::size_t expansion_bytes_max = 1 << 16;

// The macros that a Document defines, each from the place of its @string on, and the twelve months, as BibTeX
// reads them: names without regard to ASCII case, a later definition replaces the earlier for what follows.
// Owns its texts; knows the Document only while it is made. [const: any thread]
class Macros {
 public:
  Macros() : Macros(Document()) {}
  explicit Macros(const Document& document);

  // What the macro stands for in a value at `offset`, white space as written; nothing if it is not defined
  // there.
  std::optional<std::string_view> find(std::string_view name, std::uint32_t offset) const;

  // The value as BibTeX sees it: pieces joined, macros replaced, each run of white space one space, none at
  // the ends. The name of a macro that is not defined stands for itself: a style may define it.
  std::string value_text(const Document& document, const FieldNode& field) const;
  // That of the field of a name (in lower case); empty without one.
  std::string field_text(const Document& document, const Block& entry, std::string_view name) const;

 private:
  struct Definition {
    std::uint32_t from = 0;  // defined for offsets from here on
    std::string text;
  };

  void define(std::string_view name, std::uint32_t from, std::string text);
  std::string join(const Document& document, const FieldNode& field) const;

  std::unordered_map<std::string, std::vector<Definition>> definitions_;  // by the name in lower case
};

// A finding for each macro that a value names and that is not defined there: BibTeX reads nothing in its
// place.
std::vector<Diagnostic> undefined_macros(const Document& document, const Macros& macros);

// The text with each run of white space made one space and none at the ends (bibtex.web, section 252).
std::string collapse_white_space(std::string_view text);

}  // namespace bibsmith::bibtex
