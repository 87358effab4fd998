#include <algorithm>
#include <cstdint>
#include <map>

#include "bibtex/export/formats.hpp"
#include "bibtex/export/plain_entry.hpp"
#include "bibtex/export/type_names.hpp"
#include "bibtex/model/inheritance.hpp"
#include "bibtex/model/utf8.hpp"

namespace bibsmith::bibtex {

namespace {

// A double-quoted scalar, which takes any text (YAML 1.2, section 7.3.1).
std::string scalar(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      constexpr std::string_view digits = "0123456789abcdef";
      out += std::string("\\x") + digits[byte >> 4] + digits[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

// Braces keep the case of what they hold in hayagriva; there are none in plain text.
class Mapping {
 public:
  explicit Mapping(std::string indent) : indent_(std::move(indent)) {}

  void add(std::string_view name, std::string_view text) {
    if (!text.empty()) out_ += indent_ + std::string(name) + ": " + scalar(text) + '\n';
  }
  // A number or date, which must not be quoted.
  void add_plain(std::string_view name, std::string_view text) {
    if (!text.empty()) out_ += indent_ + std::string(name) + ": " + std::string(text) + '\n';
  }
  void add_names(std::string_view name, const std::vector<PlainName>& names) {
    if (names.empty()) return;
    out_ += indent_ + std::string(name) + ":\n";
    for (const PlainName& one : names) {
      if (!one.literal.empty()) {
        out_ += indent_ + "  - name: " + scalar(one.literal) + '\n';
        continue;
      }
      out_ += indent_ + "  - name: " + scalar(one.family) + '\n';
      if (!one.given.empty()) out_ += indent_ + "    given-name: " + scalar(one.given) + '\n';
      if (!one.prefix.empty()) out_ += indent_ + "    prefix: " + scalar(one.prefix) + '\n';
      if (!one.suffix.empty()) out_ += indent_ + "    suffix: " + scalar(one.suffix) + '\n';
    }
  }
  void add_mapping(std::string_view name, const Mapping& inner) {
    if (!inner.out_.empty()) out_ += indent_ + std::string(name) + ":\n" + inner.out_;
  }
  std::string deeper() const { return indent_ + "  "; }
  const std::string& text() const { return out_; }

 private:
  std::string indent_;
  std::string out_;
};

std::string date_of(const Entry& entry) {
  const auto date = entry_date(entry);
  if (!date) return {};
  return iso_date(date->begin ? *date->begin : *date->end);
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void add_number(Mapping& mapping, std::string_view name, const std::string& text) {
  if (is_number(text) && text.size() <= 9 && (text.size() == 1 || text[0] != '0')) {
    mapping.add_plain(name, text);
  } else {
    mapping.add(name, text);
  }
}

void add_publisher(Mapping& mapping, const Entry& entry) {
  std::string publisher = plain_text(entry, "publisher");
  if (publisher.empty() && howpublished_address(entry).empty()) publisher = plain_text(entry, "howpublished");
  const std::string location = plain_text(entry, "location", "address");
  if (publisher.empty()) {
    mapping.add("location", location);
    return;
  }
  Mapping inner(mapping.deeper());
  inner.add("name", publisher);
  inner.add("location", location);
  mapping.add_mapping("publisher", inner);
}

enum class SerialNumbers : std::uint8_t { of_work, of_container, all };

void add_serial_numbers(Mapping& mapping, const Entry& entry, SerialNumbers which) {
  Mapping inner(mapping.deeper());
  if (which != SerialNumbers::of_container) {
    inner.add("doi", plain_doi(entry));
    inner.add("arxiv", arxiv_eprint(entry));
    inner.add("serial", plain_text(entry, "eid"));
  }
  if (which != SerialNumbers::of_work) {
    inner.add("isbn", plain_text(entry, "isbn"));
    inner.add("issn", plain_text(entry, "issn"));
  }
  mapping.add_mapping("serial-number", inner);
}

// The series that a book is in, with its number there.
Mapping series_of(const Entry& entry, std::string indent) {
  Mapping series(std::move(indent));
  const std::string title = plain_text(entry, "series");
  if (title.empty()) return series;
  series.add_plain("type", "anthology");
  series.add("title", title);
  add_number(series, "volume", plain_text(entry, "number"));
  return series;
}

// The types that are a whole book, which may be one of a series.
bool is_book(std::string_view type) {
  return type == "book" || type == "anthology" || type == "proceedings" || type == "reference";
}

// What the work appeared in: the journal, the book, the proceedings.
Mapping parent_of(const Entry& entry, std::string_view type, std::string indent) {
  Mapping parent(std::move(indent));
  std::string title = plain_title(entry, "book");
  if (title.empty()) title = plain_journal(entry);
  if (title.empty()) return parent;
  parent.add_plain("type", type);
  parent.add("title", title);
  parent.add_names("editor", plain_names_and_others(entry, "editor"));
  add_number(parent, "volume", plain_text(entry, "volume"));
  add_number(parent, "issue", type == "periodical" ? plain_text(entry, "number", "issue") : "");
  add_publisher(parent, entry);
  add_serial_numbers(parent, entry, SerialNumbers::of_container);
  if (const std::string series = plain_text(entry, "series"); !series.empty()) {
    Mapping inner(parent.deeper());
    inner.add_plain("type", "anthology");
    inner.add("title", series);
    add_number(inner, "volume", type == "periodical" ? "" : plain_text(entry, "number"));
    parent.add_mapping("parent", inner);
  }
  return parent;
}

void add_link(Mapping& mapping, const Entry& entry) {
  const std::string url = plain_url(entry);
  if (url.find("://") == std::string::npos) return;
  const auto accessed = parse_date(field_text(entry, "urldate"));
  if (!accessed || !accessed->begin) {
    mapping.add("url", url);
    return;
  }
  Mapping inner(mapping.deeper());
  inner.add("value", url);
  inner.add_plain("date", iso_date(*accessed->begin));
  mapping.add_mapping("url", inner);
}

std::string work_of(const Entry& entry) {
  const TypeNames names = type_names(entry);
  Mapping work("  ");
  const Mapping parent = names.parent.empty() ? Mapping("") : parent_of(entry, names.parent, work.deeper());
  const bool has_parent = !parent.text().empty();
  const Mapping series = is_book(names.hayagriva) ? series_of(entry, work.deeper()) : Mapping("");
  work.add_plain("type", names.hayagriva);
  work.add("title", plain_title(entry, ""));
  work.add_names("author", plain_names_and_others(entry, "author"));
  if (!has_parent) work.add_names("editor", plain_names_and_others(entry, "editor"));
  work.add_plain("date", date_of(entry));
  work.add("genre", plain_text(entry, "type"));
  work.add("organization", plain_text(entry, "institution", "school"));
  add_number(work, "edition", plain_text(entry, "edition"));
  const std::string pages = plain_pages(entry);
  work.add("page-range", pages);
  add_number(work, "page-total", plain_text(entry, "pagetotal"));
  add_number(work, "chapter", plain_text(entry, "chapter"));
  if (!has_parent) {
    add_number(work, "volume", plain_text(entry, "volume"));
    // Of a book in a series it is the number there.
    if (series.text().empty()) add_number(work, "issue", plain_text(entry, "number"));
    add_publisher(work, entry);
  }
  add_serial_numbers(work, entry, has_parent ? SerialNumbers::of_work : SerialNumbers::all);
  add_link(work, entry);
  work.add("note", plain_text(entry, "note", "addendum"));
  work.add("abstract", plain_text(entry, "abstract"));
  work.add_mapping("parent", has_parent ? parent : series);
  return work.text();
}

}  // namespace

std::string to_hayagriva(std::span<const Entry> entries) {
  std::string out;
  std::map<std::string, std::size_t> uses;
  for (const Entry& entry : entries) {
    // Typst refuses an empty key.
    const std::string key = entry.key.empty() ? "without-key" : repair_utf8(entry.key);
    if (uses[key]++ > 0) continue;  // the first entry of a key counts, and YAML forbids a second
    out += scalar(key) + ":\n" + work_of(entry);
  }
  return out.empty() ? "{}\n" : out;
}

}  // namespace bibsmith::bibtex
