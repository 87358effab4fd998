#include <array>
#include <cstdio>
#include <string_view>
#include <utility>

#include "bibtex/export/formats.hpp"
#include "bibtex/model/date.hpp"
#include "bibtex/model/inheritance.hpp"
#include "bibtex/model/name.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

struct NamePair {
  std::string_view bibtex;
  std::string_view biblatex;
};

constexpr std::array field_names = std::to_array<NamePair>({{"journal", "journaltitle"},
                                                            {"address", "location"},
                                                            {"archiveprefix", "eprinttype"},
                                                            {"primaryclass", "eprintclass"},
                                                            {"annote", "annotation"}});

// biblatex types that BibTeX lacks and what is nearest to them there.
constexpr std::array nearest_types = std::to_array<NamePair>({{"misc", "online"},
                                                              {"misc", "electronic"},
                                                              {"misc", "www"},
                                                              {"misc", "dataset"},
                                                              {"misc", "software"},
                                                              {"misc", "patent"},
                                                              {"techreport", "report"},
                                                              {"book", "mvbook"},
                                                              {"book", "collection"},
                                                              {"book", "mvcollection"},
                                                              {"book", "reference"},
                                                              {"book", "mvreference"},
                                                              {"book", "periodical"},
                                                              {"proceedings", "mvproceedings"},
                                                              {"incollection", "inreference"},
                                                              {"incollection", "suppcollection"},
                                                              {"incollection", "bookinbook"},
                                                              {"incollection", "suppbook"},
                                                              {"article", "suppperiodical"}});

constexpr std::array<std::string_view, 12> month_macros = {"jan", "feb", "mar", "apr", "may", "jun",
                                                           "jul", "aug", "sep", "oct", "nov", "dec"};

bool is_any(std::string_view word, std::initializer_list<std::string_view> words) {
  for (const std::string_view one : words) {
    if (equal_ignoring_case(word, one)) return true;
  }
  return false;
}

std::string year_of(const DatePart& date) {
  char year[16];
  std::snprintf(year, sizeof year, "%04d", date.year);
  return year;
}

// `date` as year and month; what BibTeX cannot say (seasons, an open end) goes.
void add_bibtex_date(Entry& out, const std::string& text) {
  const auto date = parse_date(text);
  if (!date) {
    out.set("year", Value::braced(text));
    return;
  }
  const DatePart& first = date->begin ? *date->begin : *date->end;
  std::string year = year_of(first);
  if (date->is_range && date->end && date->begin && date->end->year != first.year) {
    year += "--" + year_of(*date->end);
  }
  out.set("year", Value::braced(std::move(year)));
  if (first.month >= 1 && first.month <= 12) {
    out.set("month", Value::macro(std::string(month_macros[first.month - 1u])));
  }
}

// Names in biblatex's extended format, which BibTeX cannot read, in the usual one; the others as they are.
std::string usual_names(const std::string& list) {
  std::string out;
  for (const std::string_view text : split_names(list)) {
    if (!out.empty()) out += " and ";
    const auto name = parse_extended_name(text);
    out += name ? format_name(*name) : std::string(text);
  }
  return out;
}

Entry to_bibtex(const Entry& entry) {
  Entry out;
  out.key = entry.key;
  out.type = entry.type;
  const std::string type = field_text(entry, "type");
  if (is_any(entry.type, {"thesis"})) {
    out.type = is_any(type, {"mathesis", "mastersthesis"}) ? "mastersthesis" : "phdthesis";
  }
  for (const NamePair& pair : nearest_types) {
    if (equal_ignoring_case(entry.type, pair.biblatex)) out.type = pair.bibtex;
  }
  const bool is_thesis = is_any(out.type, {"phdthesis", "mastersthesis"});
  for (const Field& field : entry.fields) {
    std::string_view name = field.name;
    if (is_any(name, {"crossref", "xdata", "subtitle", "booksubtitle"}))
      continue;  // resolved, or joined below
    if (is_any(name, {"date"})) {
      add_bibtex_date(out, field_text(entry, "date"));
      continue;
    }
    if (is_any(name, {"type"}) && is_any(type, {"phdthesis", "mathesis", "techreport"})) continue;
    if (is_thesis && is_any(name, {"institution"})) name = "school";
    for (const NamePair& pair : field_names) {
      if (equal_ignoring_case(name, pair.biblatex)) name = pair.bibtex;
    }
    if (out.find(name) != nullptr) continue;
    if (is_any(name, {"author", "editor"}) && field_text(entry, name).find('=') != npos) {
      out.set(name, Value::braced(usual_names(field_text(entry, name))));
    } else {
      out.set(name, field.value);
    }
  }
  for (const std::string prefix : {"", "book"}) {
    const std::string subtitle = field_text(entry, prefix + "subtitle");
    if (!subtitle.empty()) {
      out.set(prefix + "title", Value::braced(field_text(entry, prefix + "title") + ": " + subtitle));
    }
  }
  return out;
}

Entry to_biblatex(const Entry& entry) {
  Entry out;
  out.key = entry.key;
  out.type = entry.type;
  if (is_any(entry.type, {"phdthesis", "mastersthesis"})) out.type = "thesis";
  if (is_any(entry.type, {"techreport"})) out.type = "report";
  if (is_any(entry.type, {"conference"})) out.type = "inproceedings";
  const auto date = entry_date(entry);
  const bool has_date = date && date->begin && !date->is_range && field_text(entry, "date").empty();
  if (out.type != entry.type && out.type != "inproceedings" && field_text(entry, "type").empty()) {
    const std::string_view kind = is_any(entry.type, {"phdthesis"})       ? "phdthesis"
                                  : is_any(entry.type, {"mastersthesis"}) ? "mathesis"
                                                                          : "techreport";
    out.set("type", Value::braced(std::string(kind)));
  }
  for (const Field& field : entry.fields) {
    std::string_view name = field.name;
    if (is_any(name, {"crossref", "xdata"})) continue;
    if (has_date && is_any(name, {"year"})) {
      std::string text = year_of(*date->begin);
      const DatePart& part = *date->begin;
      char rest[8] = "";
      if (part.month >= 1 && part.month <= 12)
        std::snprintf(rest, sizeof rest, "-%02u", unsigned{part.month});
      text += rest;
      if (part.day != 0) {
        std::snprintf(rest, sizeof rest, "-%02u", unsigned{part.day});
        text += rest;
      }
      out.set("date", Value::braced(std::move(text)));
      continue;
    }
    if (has_date && is_any(name, {"month", "day"})) continue;
    if (is_any(name, {"school"})) name = "institution";
    for (const NamePair& pair : field_names) {
      if (equal_ignoring_case(name, pair.bibtex)) name = pair.biblatex;
    }
    if (out.find(name) == nullptr) out.set(name, field.value);
  }
  return out;
}

}  // namespace

Entry to_dialect(const Entry& entry, Dialect dialect) {
  return dialect == Dialect::bibtex ? to_bibtex(entry) : to_biblatex(entry);
}

}  // namespace bibsmith::bibtex
