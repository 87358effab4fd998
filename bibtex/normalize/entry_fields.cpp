#include "bibtex/normalize/entry_fields.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "bibtex/normalize/comment.hpp"
#include "bibtex/normalize/title.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::array<std::string_view, 12> month_macros = {"jan", "feb", "mar", "apr", "may", "jun",
                                                           "jul", "aug", "sep", "oct", "nov", "dec"};

// "101-128" -> "101--128": both dialects write a range so (biblatex manual, section 2.3.8).
std::string page_range(std::string_view pages) {
  std::string out;
  for (const char c : pages) {
    out += c;
    if (c == '-') out += c;
  }
  return out;
}

std::string thesis_kind(const Record& record) {
  const std::string kind = read_comment(record.comment).thesis_kind;
  return kind == "mastersthesis" ? kind : "phdthesis";
}

}  // namespace

// In place: a Field that is made first is moved twice.
void FieldList::append(std::string_view name, Piece::Kind kind, std::string text) {
  Field& field = result_.entry.fields.emplace_back();
  field.name = name;
  Piece& piece = field.value.pieces.emplace_back();
  piece.kind = kind;
  piece.text = std::move(text);
}

void FieldList::add(std::string_view name, std::string text, RecordField from, std::string_view rule) {
  if (text.empty()) return;
  append(name, Piece::Kind::braced, std::move(text));
  result_.reasons.push_back({from, rule});
}

void FieldList::add_macro(std::string_view name, std::string_view macro, RecordField from,
                          std::string_view rule) {
  append(name, Piece::Kind::macro, std::string(macro));
  result_.reasons.push_back({from, rule});
}

void FieldList::add_date(const Date& date, Dialect dialect, RecordField from, std::string_view rule) {
  if (!date.known()) return;
  if (dialect == Dialect::biblatex) return add("date", date.iso(), from, rule);
  add("year", std::to_string(date.year), from, rule);
  if (date.month >= 1 && date.month <= 12) add_macro("month", month_macros[date.month - 1U], from, rule);
}

std::string add_publication(FieldList& fields, const Publication& publication, const Record& record,
                            const NormalizeOptions& options) {
  const bool biblatex = options.dialect == Dialect::biblatex;
  const RecordField from = record.publication            ? RecordField::publication
                           : !record.journal_ref.empty() ? RecordField::journal_ref
                                                         : RecordField::dois;
  NormalizeFindings unwritable;  // journals of the table have none; of others the title tells
  const auto add_text = [&](std::string_view name, std::string_view text, std::string_view rule) {
    fields.add(name, normalize_text(text, options.encoding, unwritable), from, rule);
  };
  const std::string_view container = journal_name(publication, options.journals);
  constexpr std::string_view of_reference = "of the published reference";

  std::string type = "article";
  bool has_number = true;
  switch (publication.type) {
    case PublicationType::inproceedings:
    case PublicationType::incollection:
      type = publication.type == PublicationType::inproceedings ? "inproceedings" : "incollection";
      add_text("booktitle", container, of_reference);
      add_text("series", publication.series, of_reference);
      // BibTeX's styles take one of the two, and warn of both.
      has_number = biblatex || publication.volume.empty();
      break;
    case PublicationType::book:
      type = "book";
      add_text("series", publication.series, of_reference);
      has_number = biblatex || publication.volume.empty();
      break;
    case PublicationType::thesis: {
      type = biblatex ? "thesis" : thesis_kind(record);
      if (biblatex)
        fields.add("type", thesis_kind(record), RecordField::comment, "the comment names the degree");
      add_text(biblatex ? "institution" : "school", publication.publisher, of_reference);
      break;
    }
    default:
      add_text(biblatex ? "journaltitle" : "journal", container,
               publication.container_short.empty() ? std::string_view("as the published reference writes it")
                                                   : "its name in full and by ISO 4 is known");
      add_text("series", publication.series, of_reference);
      break;
  }
  const bool counts = std::all_of(publication.volume.begin(), publication.volume.end(),
                                  [](char c) { return c >= '0' && c <= '9'; });
  if (biblatex && !counts) {
    // biblatex's volume is an integer (manual, section 2.2.2), its number is not: PoS LATTICE2010.
    add_text("number", publication.volume + (publication.number.empty() ? "" : "." + publication.number),
             of_reference);
  } else {
    add_text("volume", publication.volume, of_reference);
    if (has_number) add_text("number", publication.number, of_reference);
  }
  if (!publication.eid.empty()) {
    // BibTeX's own styles know no eid: the article number stands where they look for a page.
    add_text(biblatex ? "eid" : "pages", publication.eid, "the number of the article");
  }
  if (publication.eid.empty() || biblatex) {
    fields.add("pages", page_range(normalize_text(publication.pages, options.encoding, unwritable)), from,
               of_reference);
  }
  if (publication.type != PublicationType::thesis && publication.type != PublicationType::article) {
    add_text("publisher", publication.publisher, of_reference);
  }
  fields.add_date(publication.date, options.dialect, from, "year of the publication");
  return type;
}

}  // namespace bibsmith::bibtex
