#include "fetchers/snapshot/snapshot_line.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

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

std::string said_by(std::string_view value) { return plain_text(raw_string(value).value_or("")); }

std::string_view raw_in(const std::vector<RawMember>& members, std::string_view name) {
  const auto found = std::ranges::find(members, name, &RawMember::name);
  return found == members.end() ? std::string_view{} : found->value;
}

// ["family", "given", "suffix", "affiliation", ...]
Author author_of(std::string_view parts) {
  Author author;
  std::string* const names[] = {&author.family, &author.given, &author.suffix};
  std::size_t number = 0;
  for (const std::string_view part : raw_items(parts)) {
    std::string text = said_by(part);
    if (number < std::size(names)) {
      *names[number] = std::move(text);
    } else if (!text.empty()) {
      author.affiliations.push_back(std::move(text));
    }
    ++number;
  }
  for (const std::string* part : {&author.given, &author.family, &author.suffix}) {
    if (part->empty()) continue;
    if (!author.name.empty()) author.name += ' ';
    author.name += *part;
  }
  return author;
}

void read_versions(Record& record, std::string_view versions) {
  for (const std::string_view one : raw_items(versions)) {
    if (record.versions.size() == versions_max) break;
    const auto members = raw_members(one);
    if (!members) continue;
    const std::string name = said_by(raw_in(*members, "version"));
    Version version;
    const char* const end = name.data() + name.size();
    if (name.size() < 2 || name.front() != 'v') continue;
    const auto [stop, error] = std::from_chars(name.data() + 1, end, version.number);
    if (error != std::errc{} || stop != end || version.number == 0) continue;
    version.date = mail_day(said_by(raw_in(*members, "created")));
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
  const auto said = [&](std::string_view name) { return said_by(raw_in(*members, name)); };
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
  for (const std::string_view one : raw_items(raw_in(*members, "authors_parsed"))) {
    if (record.authors.size() == authors_max) break;
    if (Author author = author_of(one); !author.name.empty()) record.authors.push_back(std::move(author));
  }
  if (record.authors.empty()) record.authors = authors_of_line(said("authors"));
  read_versions(record, raw_in(*members, "versions"));
  const Date update = Date::parse(said("update_date")).value_or(Date{});
  if (!record.updated.known()) record.updated = update;
  if (!record.published.known()) record.published = record.updated;
  record.origins = {{std::string(snapshot_source), "https://arxiv.org/abs/" + id->base(), begin_of(update)}};
  return record;
}

}  // namespace bibsmith::fetchers
