#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "bibtex/normalize/author_line.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::testing {

// "Mon, 2 Apr 2007 19:18:42 GMT" or "2008-09-24 12:33:17".
inline Date submission_date(const std::string& text) {
  if (const auto date = Date::parse(text)) return *date;
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  Date date;
  const std::size_t comma = text.find(", ");
  const std::string_view rest = std::string_view(text).substr(comma + 2);
  const std::size_t space = rest.find(' ');
  date.day = static_cast<std::uint8_t>(std::stoi(std::string(rest.substr(0, space))));
  for (std::size_t i = 0; i < months.size(); ++i) {
    if (rest.substr(space + 1, 3) == months[i]) date.month = static_cast<std::uint8_t>(i + 1);
  }
  date.year = static_cast<std::int16_t>(std::stoi(std::string(rest.substr(space + 5, 4))));
  return date;
}

// A stored arXiv record as a fetcher would give it, the author line split.
inline Record record_of(const nlohmann::json& row) {
  const auto text = [&](const char* name) {
    return row.contains(name) && row[name].is_string() ? row[name].get<std::string>() : std::string();
  };
  Record record;
  record.title = text("title");
  record.comment = text("comments");
  record.journal_ref = text("journal_ref");
  const bibtex::AuthorNames authors = bibtex::split_author_line(text("authors"));
  for (const bibtex::Name& name : authors.names) record.authors.push_back(bibtex::author_of(name));
  if (authors.others) record.authors.push_back({.name = "et al."});
  for (const auto& category : row["categories"]) record.categories.push_back(category);
  if (const auto id = ArxivId::parse(text("id"))) record.arxiv_id = *id;
  if (const auto doi = Doi::parse(text("doi"))) record.dois.push_back(*doi);
  std::uint16_t number = 0;
  for (const auto& version : row["versions"]) {
    record.versions.push_back(
        {++number, submission_date(version["created"]), version.value("is_withdrawn", 0) != 0});
  }
  if (!record.versions.empty()) {
    record.published = record.versions.front().date;
    record.updated = record.versions.back().date;
    record.withdrawn = record.versions.back().withdrawn;
  }
  return record;
}

}  // namespace bibsmith::testing
