#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bibtex/model/entry.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/document.hpp"

namespace bibsmith::bibtex {

// Where the checks put what they find; what exceeds findings_max is dropped.
class Findings {
 public:
  void add(std::string_view code, Severity severity, Span span, std::string message);
  std::vector<Diagnostic> take() { return std::move(found_); }

 private:
  std::vector<Diagnostic> found_;
};

// What every check of one entry is given.
struct EntryCheck {
  const Document& document;
  const Macros& macros;
  Dialect dialect;
  const Block& block;
  const Entry& entry;  // resolved: macros expanded, with what it inherits
  Findings& findings;
};

// One idea a file; check.cpp calls them for each entry.
void check_data_model(const EntryCheck& check);  // types, required fields, misspelt fields
void check_references(const EntryCheck& check);  // crossref, xdata
void check_names(const EntryCheck& check);
void check_dates(const EntryCheck& check);        // date, year, month
void check_identifiers(const EntryCheck& check);  // doi, isbn, url in note, pages
void check_text(const EntryCheck& check);         // specials, braces, dollars
void check_title(const EntryCheck& check);        // capitals that a style takes away

// The bytes of `field` that hold its text: inside the delimiters if it is one piece, else the whole value.
Span text_span(const Document& document, const FieldNode& field);

// A piece of a file in a message: on one line, at most 60 bytes.
std::string in_quotes(std::string_view text);

}  // namespace bibsmith::bibtex
