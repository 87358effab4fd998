#include "fetchers/oai/oai_metadata.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <string>
#include <utility>

#include "fetchers/record/ascii.hpp"
#include "fetchers/record/author_line.hpp"
#include "fetchers/record/mail_day.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith::fetchers {

namespace {

std::string text_of(const pugi::xml_node& node) { return plain_text(node.child_value()); }

Author read_author(const pugi::xml_node& node) {
  Author author;
  author.family = text_of(node.child("keyname"));
  author.given = text_of(node.child("forenames"));
  author.suffix = text_of(node.child("suffix"));
  for (const std::string* part : {&author.given, &author.family, &author.suffix}) {
    if (part->empty()) continue;
    if (!author.name.empty()) author.name += ' ';
    author.name += *part;
  }
  for (const pugi::xml_node& child : node.children("affiliation")) {
    if (std::string affiliation = text_of(child); !affiliation.empty()) {
      author.affiliations.push_back(std::move(affiliation));
    }
  }
  return author;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t pos = 0; pos < text.size();) {
    const std::size_t end = std::min(text.find(' ', pos), text.size());
    if (end > pos) words.emplace_back(text.substr(pos, end - pos));
    pos = end + 1;
  }
  return words;
}

void read_version(Record& record, const pugi::xml_node& node) {
  std::string_view name = node.attribute("version").value();
  if (!name.starts_with('v')) return;
  name.remove_prefix(1);
  Version version;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), version.number);
  if (error != std::errc{} || end != name.data() + name.size() || version.number == 0) return;
  version.date = mail_day(text_of(node.child("date")));
  // "I": the source may not be shown, which is how arXiv marks a withdrawal.
  version.withdrawn = text_of(node.child("source_type")).find('I') != std::string::npos;
  record.versions.push_back(version);
}

// The versions tell what the format arXiv says in <created> and <updated>.
void finish_versions(Record& record) {
  std::ranges::sort(record.versions, {}, &Version::number);
  if (record.versions.empty()) return;
  const Version& newest = record.versions.back();
  if (record.versions.front().number == 1) record.published = record.versions.front().date;
  record.updated = newest.date;
  record.withdrawn = newest.withdrawn;
  if (record.arxiv_id) record.arxiv_id = record.arxiv_id->with_version(newest.number);
}

}  // namespace

std::optional<Record> read_oai_metadata(const pugi::xml_node& metadata, const Origin& origin) {
  const std::string_view format = metadata.name();
  if (format != "arXiv" && format != "arXivRaw") return std::nullopt;
  const auto id = ArxivId::parse(text_of(metadata.child("id")));
  if (!id) return std::nullopt;

  Record record;
  record.arxiv_id = id->without_version();
  record.origins.push_back(origin);
  for (const pugi::xml_node& child : metadata) {
    const std::string_view name = child.name();
    if (name == "title") {
      record.title = text_of(child);
    } else if (name == "authors" && format == "arXivRaw") {
      record.authors = authors_of_line(child.child_value());
    } else if (name == "authors") {
      for (const pugi::xml_node& author : child.children("author")) {
        if (Author read = read_author(author); !read.name.empty()) record.authors.push_back(std::move(read));
      }
    } else if (name == "abstract") {
      record.abstract = text_of(child);
    } else if (name == "comments") {
      record.comment = text_of(child);
    } else if (name == "journal-ref") {
      record.journal_ref = text_of(child);
    } else if (name == "doi") {
      add_dois(record.dois, child.child_value());
    } else if (name == "report-no") {
      record.report_number = text_of(child);
    } else if (name == "license") {
      record.license = text_of(child);
    } else if (name == "categories") {
      record.categories = words_of(text_of(child));
    } else if (name == "created") {
      record.published = Date::parse(text_of(child)).value_or(Date{});
    } else if (name == "updated") {
      record.updated = Date::parse(text_of(child)).value_or(Date{});
    } else if (name == "version") {
      read_version(record, child);
    }
  }
  finish_versions(record);
  if (!record.updated.known())
    record.updated = record.published;  // <updated> is left out of papers with a v1 alone
  return record;
}

}  // namespace bibsmith::fetchers
