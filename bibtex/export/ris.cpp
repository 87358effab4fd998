#include <algorithm>
#include <cstdio>

#include "bibtex/export/formats.hpp"
#include "bibtex/export/plain_entry.hpp"
#include "bibtex/export/type_names.hpp"
#include "bibtex/model/inheritance.hpp"
#include "bibtex/model/utf8.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

// "TAG  - text", ended by CR LF as the specification has it.
void line(std::string& out, std::string_view tag, std::string_view text) {
  if (text.empty()) return;
  out += std::string(tag) + "  - ";
  for (const char c : text) out += is_line_end(c) ? ' ' : c;
  out += "\r\n";
}

// "Family, Given, Suffix"; an organisation as it is.
std::string ris_name(const PlainName& name) {
  if (!name.literal.empty()) return name.literal;
  std::string out = name.prefix.empty() ? name.family : name.prefix + ' ' + name.family;
  if (!name.given.empty() || !name.suffix.empty()) out += ", " + name.given;
  if (!name.suffix.empty()) out += ", " + name.suffix;
  return out;
}

void names(std::string& out, std::string_view tag, const Entry& entry, std::string_view field) {
  for (const PlainName& name : plain_names_and_others(entry, field)) line(out, tag, ris_name(name));
}

// "YYYY/MM/DD/", the unknown parts empty.
std::string ris_date(const DatePart& date) {
  char text[24];
  const bool has_month = date.month >= 1 && date.month <= 12;
  if (!has_month) {
    std::snprintf(text, sizeof text, "%04d///", date.year);
  } else if (date.day == 0) {
    std::snprintf(text, sizeof text, "%04d/%02u//", date.year, unsigned{date.month});
  } else {
    std::snprintf(text, sizeof text, "%04d/%02u/%02u/", date.year, unsigned{date.month}, unsigned{date.day});
  }
  return text;
}

void dates(std::string& out, const Entry& entry) {
  const auto date = entry_date(entry);
  const std::optional<DatePart> part = date ? (date->begin ? date->begin : date->end) : std::nullopt;
  if (!part) return;
  char year[16];
  std::snprintf(year, sizeof year, "%04d", part->year);
  line(out, "PY", year);
  if (part->month != 0) line(out, "DA", ris_date(*part));
}

// SP and EP: what stands before and after the first dash.
void pages(std::string& out, const Entry& entry) {
  const std::string text = plain_pages(entry);
  constexpr std::string_view dash = "\xE2\x80\x93";
  const std::size_t at = text.find(dash);
  line(out, "SP", std::string_view(text).substr(0, at));
  if (at != std::string::npos) line(out, "EP", std::string_view(text).substr(at + dash.size()));
  if (text.empty()) line(out, "SP", plain_text(entry, "eid"));
}

void work(std::string& out, const Entry& entry) {
  const std::string_view type = type_names(entry).ris;
  line(out, "TY", type);
  line(out, "ID", repair_utf8(entry.key));
  names(out, "AU", entry, "author");
  names(out, "ED", entry, "editor");
  names(out, "A4", entry, "translator");
  line(out, "TI", plain_title(entry, ""));
  line(out, "ST", plain_text(entry, "shorttitle"));
  std::string container = plain_title(entry, "book");
  if (container.empty()) container = plain_journal(entry);
  line(out, type == "JOUR" ? "JO" : "BT", container);  // what Zotero and bibutils both take
  line(out, "T3", plain_text(entry, "series"));
  dates(out, entry);
  line(out, "VL", plain_text(entry, "volume"));
  line(out, "IS", plain_text(entry, "number", "issue"));
  pages(out, entry);
  line(out, "ET", plain_text(entry, "edition"));
  line(out, "PB", plain_publisher(entry));
  line(out, "CY", plain_text(entry, "location", "address"));
  line(out, "M3", plain_text(entry, "type"));
  line(out, "SN", plain_text(entry, "isbn", "issn"));
  line(out, "DO", plain_doi(entry));
  const std::string url = plain_url(entry);
  const std::string arxiv = arxiv_eprint(entry);
  line(out, "UR", url.empty() && !arxiv.empty() ? "https://arxiv.org/abs/" + arxiv : url);
  if (!arxiv.empty()) line(out, "AN", "arXiv:" + arxiv);
  if (const auto accessed = parse_date(field_text(entry, "urldate")); accessed && accessed->begin) {
    line(out, "Y2", ris_date(*accessed->begin));
  }
  line(out, "LA", plain_text(entry, "langid", "language"));
  for (const std::string& keyword : plain_keywords(entry)) line(out, "KW", keyword);
  line(out, "AB", plain_text(entry, "abstract"));
  line(out, "N1", plain_text(entry, "note", "addendum"));
  out += "ER  - \r\n";
}

}  // namespace

std::string to_ris(std::span<const Entry> entries) {
  std::string out;
  for (const Entry& entry : entries) {
    if (!out.empty()) out += "\r\n";
    work(out, entry);
  }
  return out;
}

}  // namespace bibsmith::bibtex
