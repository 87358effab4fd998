#include <nlohmann/json.hpp>

#include "bibtex/export/formats.hpp"
#include "bibtex/export/plain_entry.hpp"
#include "bibtex/export/type_names.hpp"
#include "bibtex/model/inheritance.hpp"

namespace bibsmith::bibtex {

namespace {

using json = nlohmann::ordered_json;

void add(json& item, const char* name, const std::string& text) {
  if (!text.empty()) item[name] = text;
}

// CSL's particles: one that sorts with the family name does not drop (CSL 1.0.2, "Name particles").
void add_names(json& item, const char* name, const Entry& entry, std::string_view field) {
  for (const PlainName& one : plain_names_and_others(entry, field)) {
    json out = json::object();
    add(out, "family", one.family);
    add(out, "given", one.given);
    add(out, "non-dropping-particle", one.prefix);
    add(out, "suffix", one.suffix);
    add(out, "literal", one.literal);
    item[name].push_back(std::move(out));
  }
}

json date_parts(const DatePart& date) {
  json parts = {date.year};
  if (date.month >= 1 && date.month <= 12) {
    parts.push_back(date.month);
    if (date.day != 0) parts.push_back(date.day);
  }
  return parts;
}

// citeproc-js and pandoc read an open end as [0].
void add_date(json& item, const char* name, const std::optional<DateValue>& date,
              const std::string& literal) {
  if (!date) {
    if (!literal.empty()) item[name] = {{"literal", literal}};
    return;
  }
  json out;
  out["date-parts"] = json::array();
  const DatePart& first = date->begin ? *date->begin : *date->end;
  out["date-parts"].push_back(date_parts(first));
  if (date->is_range && date->begin) {
    out["date-parts"].push_back(date->end ? date_parts(*date->end) : json::array({0}));
  }
  if (first.month > 20) out["season"] = first.month - 20;
  if (first.approximate || first.uncertain) out["circa"] = true;
  item[name] = std::move(out);
}

void add_numbers(json& item, const Entry& entry, std::string_view csl_type) {
  add(item, "volume", plain_text(entry, "volume"));
  const std::string number = plain_text(entry, "number");
  const std::string issue = plain_text(entry, "issue");
  const bool is_in_periodical = csl_type.starts_with("article-") || csl_type == "periodical";
  if (is_in_periodical) {
    add(item, "issue", number.empty() ? issue : number);
  } else if (csl_type == "chapter" || csl_type == "book" || csl_type == "paper-conference") {
    add(item, "collection-number", number);
  } else {
    add(item, "number", number);
  }
  add(item, "page", plain_pages(entry));
  if (is_in_periodical && !item.contains("page")) add(item, "number", plain_text(entry, "eid"));
  add(item, "edition", plain_text(entry, "edition"));
  add(item, "chapter-number", plain_text(entry, "chapter"));
  add(item, "number-of-pages", plain_text(entry, "pagetotal"));
  add(item, "number-of-volumes", plain_text(entry, "volumes"));
  add(item, "version", plain_text(entry, "version"));
}

std::string publisher_of(const Entry& entry, std::string_view csl_type) {
  std::string publisher = plain_publisher(entry);
  if (!publisher.empty()) return publisher;
  return csl_type == "article" && !arxiv_eprint(entry).empty() ? "arXiv" : "";
}

std::string genre_of(const Entry& entry) {
  const std::string type = plain_text(entry, "type");
  if (entry.type == "phdthesis" || type == "phdthesis") return "PhD thesis";
  if (entry.type == "mastersthesis" || type == "mathesis") return "Master’s thesis";
  if (type == "techreport") return "Technical report";
  return type;
}

json item_of(const Entry& entry) {
  const std::string_view type = type_names(entry).csl;
  json item{{"id", entry.key}, {"type", type}};
  add_names(item, "author", entry, "author");
  add_names(item, "editor", entry, "editor");
  add_names(item, "translator", entry, "translator");
  add_names(item, "container-author", entry, "bookauthor");
  add_date(item, "issued", entry_date(entry), plain_text(entry, "date", "year"));
  add(item, "title", plain_title(entry, ""));
  add(item, "title-short", plain_text(entry, "shorttitle"));
  std::string container = plain_title(entry, "book");
  if (container.empty()) container = plain_journal(entry);
  if (container.empty()) container = plain_title(entry, "main");
  add(item, "container-title", container);
  add(item, "container-title-short", plain_text(entry, "shortjournal"));
  add(item, "collection-title", plain_text(entry, "series"));
  add_numbers(item, entry, type);
  add(item, "publisher", publisher_of(entry, type));
  add(item, "publisher-place", plain_text(entry, "location", "address"));
  add(item, "event-title", plain_text(entry, "eventtitle"));
  add(item, "event-place", plain_text(entry, "venue"));
  add(item, "genre", genre_of(entry));
  const std::string arxiv = arxiv_eprint(entry);
  if (!arxiv.empty() && type == "article") add(item, "number", "arXiv:" + arxiv);
  add(item, "DOI", plain_doi(entry));
  const std::string url = plain_url(entry);
  add(item, "URL", url.empty() && !arxiv.empty() ? "https://arxiv.org/abs/" + arxiv : url);
  add_date(item, "accessed", parse_date(field_text(entry, "urldate")), {});
  add(item, "ISBN", plain_text(entry, "isbn"));
  add(item, "ISSN", plain_text(entry, "issn"));
  add(item, "language", plain_text(entry, "langid", "language"));
  add(item, "abstract", plain_text(entry, "abstract"));
  add(item, "note", plain_text(entry, "note", "addendum"));
  add(item, "keyword", plain_text(entry, "keywords"));
  return item;
}

}  // namespace

std::string to_csl_json(std::span<const Entry> entries) {
  json items = json::array();
  for (const Entry& entry : entries) items.push_back(item_of(entry));
  return items.dump(2, ' ', false, json::error_handler_t::replace) + '\n';
}

}  // namespace bibsmith::bibtex
