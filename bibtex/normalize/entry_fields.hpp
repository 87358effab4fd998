#pragma once

#include <string>
#include <string_view>

#include "bibtex/normalize/normalizer.hpp"

namespace bibsmith::bibtex {

// The fields of an entry in the order in which they are written, each with its reason. Empty values are left
// out.
class FieldList {
 public:
  explicit FieldList(NormalizedEntry& result) : result_(result) {
    result_.entry.fields.reserve(14);
    result_.reasons.reserve(14);
  }
  void add(std::string_view name, std::string text, RecordField from, std::string_view rule);
  // BibTeX: year, and month as a macro; biblatex: date.
  void add_date(const Date& date, Dialect dialect, RecordField from, std::string_view rule);

 private:
  void append(std::string_view name, Piece::Kind kind, std::string text);
  void add_macro(std::string_view name, std::string_view macro, RecordField from, std::string_view rule);

  NormalizedEntry& result_;
};

// Adds where the work was published, from a publication that is whole (decide_published), and returns the
// type of the entry.
std::string add_publication(FieldList& fields, const Publication& publication, const Record& record,
                            const NormalizeOptions& options);

}  // namespace bibsmith::bibtex
