#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

// Which program reads the file: classic BibTeX styles, or biblatex with biber.
enum class Dialect : std::uint8_t { bibtex, biblatex };

// How characters outside ASCII are written: as LaTeX commands, or as UTF-8.
enum class TextEncoding : std::uint8_t { latex, utf8 };

// One part of a value as it is written: {braced}, "quoted", 1999 or a macro's name. `text` is what stands
// between the delimiters. Braces are balanced in braced and quoted pieces.
struct Piece {
  enum class Kind : std::uint8_t { braced, quoted, number, macro };
  Kind kind = Kind::braced;
  std::string text;

  friend bool operator==(const Piece&, const Piece&) = default;
};

// What stands right of '=': pieces joined by '#'.
struct Value {
  std::vector<Piece> pieces;

  static Value braced(std::string text) { return of(Piece::Kind::braced, std::move(text)); }
  static Value macro(std::string name) { return of(Piece::Kind::macro, std::move(name)); }

  friend bool operator==(const Value&, const Value&) = default;

 private:
  // An initializer list would copy the text.
  static Value of(Piece::Kind kind, std::string text) {
    Value value;
    value.pieces.push_back({kind, std::move(text)});
    return value;
  }
};

struct Field {
  std::string name;  // as written; compared without regard to ASCII case
  Value value;

  friend bool operator==(const Field&, const Field&) = default;
};

// One work in a .bib file. Fields keep their order; a name may stand twice in a file that we read, the
// first is the one that counts (as in BibTeX).
struct Entry {
  std::string type;  // "article", as written
  std::string key;
  std::vector<Field> fields;

  // The first field of that name, or nullptr; valid until `fields` changes.
  const Field* find(std::string_view name) const;
  // Replaces the first field of that name in place, or appends.
  void set(std::string_view name, Value value);

  friend bool operator==(const Entry&, const Entry&) = default;
};

}  // namespace bibsmith::bibtex
