#include "fetchers/snapshot/snapshot_line.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "fetchers/json/json.hpp"
#include "fetchers/json/raw_json.hpp"
#include "fetchers/record/author_line.hpp"
#include "fetchers/record/day_time.hpp"
#include "fetchers/record/mail_day.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr std::size_t authors_max = 10'000;
constexpr std::size_t versions_max = 1000;

FetchError bad_line(std::string message) {
  return FetchError{.code = FetchError::Code::bad_response, .message = std::move(message)};
}

std::string element(const Json& list, std::size_t index) {
  return list.is_array() && index < list.size() ? text(list[index]) : std::string();
}

// A list within the line; null if it is none, or nests too deeply.
Json parsed(std::string_view value) {
  if (!value.starts_with('[') || is_deeper(value, json_depth_max)) return {};
  Json json = Json::parse(value.begin(), value.end(), nullptr, false);
  return json.is_array() ? json : Json();
}

Author author_of(const Json& parts) {
  Author author;
  author.family = element(parts, 0);
  author.given = element(parts, 1);
  author.suffix = element(parts, 2);
  for (const std::string* part : {&author.given, &author.family, &author.suffix}) {
    if (part->empty()) continue;
    if (!author.name.empty()) author.name += ' ';
    author.name += *part;
  }
  for (std::size_t i = 3; parts.is_array() && i < parts.size(); ++i) {
    if (std::string affiliation = element(parts, i); !affiliation.empty()) {
      author.affiliations.push_back(std::move(affiliation));
    }
  }
  return author;
}

void read_versions(Record& record, const Json& versions) {
  if (!versions.is_array()) return;
  for (const Json& one : versions) {
    if (record.versions.size() == versions_max) break;
    const std::string name = text(one, "version");
    Version version;
    const char* const end = name.data() + name.size();
    if (name.size() < 2 || name.front() != 'v') continue;
    const auto [stop, error] = std::from_chars(name.data() + 1, end, version.number);
    if (error != std::errc{} || stop != end || version.number == 0) continue;
    version.date = mail_day(text(one, "created"));
    record.versions.push_back(version);
  }
  std::ranges::sort(record.versions, {}, &Version::number);
  if (record.versions.empty()) return;
  record.published = record.versions.front().date;
  record.updated = record.versions.back().date;
  record.arxiv_id = record.arxiv_id->with_version(record.versions.back().number);
}

}  // namespace

tl::expected<Record, FetchError> parse_snapshot_line(std::string_view line) {
  if (line.size() > snapshot_line_bytes_max) return tl::unexpected(bad_line("the line is longer than 2 MiB"));
  const auto members = raw_members(line);
  if (!members) return tl::unexpected(bad_line("the line is no JSON object"));
  const auto raw = [&](std::string_view name) {
    const auto found = std::ranges::find(*members, name, &RawMember::name);
    return found == members->end() ? std::string_view{} : found->value;
  };
  const auto said = [&](std::string_view name) { return plain_text(raw_string(raw(name)).value_or("")); };
  const auto id = ArxivId::parse(said("id"));
  if (!id) return tl::unexpected(bad_line("the line has no arXiv id: " + id.error().message));
  Record record;
  record.arxiv_id = id->without_version();
  record.title = said("title");
  if (record.title.empty()) return tl::unexpected(bad_line("the line of " + id->base() + " has no title"));
  record.abstract = said("abstract");
  record.comment = said("comments");
  record.journal_ref = said("journal-ref");
  record.report_number = said("report-no");
  record.license = said("license");
  add_dois(record.dois, said("doi"));
  const std::string categories = said("categories");
  for (std::size_t at = 0; at < categories.size();) {
    const std::size_t end = std::min(categories.find(' ', at), categories.size());
    record.categories.push_back(categories.substr(at, end - at));
    at = end + 1;
  }
  const Json authors = parsed(raw("authors_parsed"));
  for (std::size_t i = 0; authors.is_array() && i < authors.size() && i < authors_max; ++i) {
    if (Author author = author_of(authors[i]); !author.name.empty()) {
      record.authors.push_back(std::move(author));
    }
  }
  if (record.authors.empty()) record.authors = authors_of_line(said("authors"));
  read_versions(record, parsed(raw("versions")));
  const Date update = Date::parse(said("update_date")).value_or(Date{});
  if (!record.updated.known()) record.updated = update;
  if (!record.published.known()) record.published = record.updated;
  record.origins = {{std::string(snapshot_source), "https://arxiv.org/abs/" + id->base(), begin_of(update)}};
  return record;
}

}  // namespace bibsmith::fetchers
