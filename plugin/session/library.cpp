#include "plugin/session/library.hpp"

#include <algorithm>
#include <utility>

#include "bibtex/export/plain_entry.hpp"
#include "bibtex/model/dialect.hpp"
#include "bibtex/model/inheritance.hpp"
#include "bibtex/model/macros.hpp"
#include "fetchers/record/arxiv_id.hpp"
#include "fetchers/record/doi.hpp"
#include "plugin/session/file_text.hpp"

namespace bibsmith::plugin {

namespace {

std::string shown_name(const bibtex::PlainName& name) {
  std::string out = name.literal;
  for (const std::string* part : {&name.given, &name.prefix, &name.family, &name.suffix}) {
    if (!part->empty()) out += (out.empty() ? "" : " ") + *part;
  }
  return out;
}

std::vector<std::string> authors_of(const bibtex::Entry& entry) {
  auto names = bibtex::plain_names(entry, "author");
  if (names.empty()) names = bibtex::plain_names(entry, "editor");
  std::vector<std::string> out;
  for (const bibtex::PlainName& name : names) out.push_back(shown_name(name));
  return out;
}

LibraryEntry entry_of(const bibtex::Entry& entry) {
  LibraryEntry out;
  out.key = entry.key;
  out.title = bibtex::plain_title(entry, "");
  out.authors = authors_of(entry);
  if (const auto date = bibtex::entry_date(entry); date && date->begin)
    out.date = bibtex::iso_date(*date->begin);
  out.venue = bibtex::plain_text(entry, "journaltitle", "journal");
  if (out.venue.empty()) out.venue = bibtex::plain_title(entry, "book");
  if (const auto id = ArxivId::parse(bibtex::arxiv_eprint(entry))) out.arxiv_id = id->base();
  out.category = bibtex::verbatim_text(entry, "primaryclass");
  if (out.category.empty()) out.category = bibtex::verbatim_text(entry, "eprintclass");
  if (const auto doi = Doi::parse(bibtex::verbatim_text(entry, "doi"))) out.doi = doi->str();
  return out;
}

std::vector<LibraryEntry> entries_of(const bibtex::Document& document) {
  const bibtex::Macros macros(document);
  const bibtex::Dialect dialect = bibtex::measure_dialect(document);
  std::vector<LibraryEntry> entries;
  for (const bibtex::Block& block : document.entries()) {
    LibraryEntry entry = entry_of(bibtex::resolve_entry(document, macros, block, dialect));
    if (entry.key.empty()) continue;
    entry.text = document.text(block.span);
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace

tl::expected<std::vector<LibraryEntry>, FileError> library_entries(const std::string& path) {
  auto text = read_file(path);
  if (!text) return tl::unexpected(text.error());
  if (!*text) return file_error(FileError::Code::not_found, path + " does not exist");
  const bibtex::Document document = bibtex::Document::parse(std::move(**text));
  if (const auto why = why_not_read(document)) {
    return file_error(FileError::Code::refused, path + ": " + *why);
  }
  return entries_of(document);
}

std::vector<std::string> listed_papers(std::string text) {
  std::vector<std::string> ids;
  if (text.starts_with('@') || text.find("\n@") != text.npos) {
    for (LibraryEntry& entry : entries_of(bibtex::Document::parse(std::move(text)))) {
      if (!entry.arxiv_id.empty()) ids.push_back(std::move(entry.arxiv_id));
    }
    return ids;
  }
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string line = text.substr(begin, std::min(text.find('\t', begin), end) - begin);
    while (line.ends_with(' ') || line.ends_with('\r')) line.pop_back();
    if (!line.empty() && line.front() != '#') ids.push_back(std::move(line));
    begin = end + 1;
  }
  return ids;
}

}  // namespace bibsmith::plugin
