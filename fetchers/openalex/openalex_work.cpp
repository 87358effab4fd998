#include "fetchers/openalex/openalex_work.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "fetchers/json/json.hpp"
#include "fetchers/record/day_time.hpp"
#include "fetchers/record/markup_text.hpp"
#include "fetchers/record/orcid.hpp"

namespace bibsmith::fetchers {

namespace {

FetchError bad_response(std::string message) {
  return FetchError{.code = FetchError::Code::bad_response, .message = std::move(message)};
}

std::string marked_up(const Json& value) { return markup_text(text(value)); }

// OpenAlex's types are coarse (docs.openalex.org, "type"): papers of proceedings are articles, and told by
// the kind of what holds them.
PublicationType type_of(std::string_view type, std::string_view kind_of_source) {
  constexpr std::array<std::pair<std::string_view, PublicationType>, 8> types = {{
      {"article", PublicationType::article},
      {"review", PublicationType::article},
      {"letter", PublicationType::article},
      {"book-chapter", PublicationType::incollection},
      {"book", PublicationType::book},
      {"dissertation", PublicationType::thesis},
      {"report", PublicationType::report},
      {"dataset", PublicationType::dataset},
  }};
  if (type == "preprint" || kind_of_source == "repository") return PublicationType::preprint;
  if (kind_of_source == "conference") return PublicationType::inproceedings;
  const auto found = std::ranges::find(types, type, &std::pair<std::string_view, PublicationType>::first);
  return found == types.end() ? PublicationType::unknown : found->second;
}

std::vector<Author> authors_of(const Json& authorships) {
  std::vector<Author> authors;
  if (!authorships.is_array()) return authors;
  for (const Json& authorship : authorships) {
    const Json& person = member(authorship, "author");
    Author author;
    // The name as it stands on the paper; the other one is that of the person, who may have changed it.
    author.name = marked_up(member(authorship, "raw_author_name"));
    if (author.name.empty()) author.name = marked_up(member(person, "display_name"));
    author.orcid = orcid_in(text(person, "orcid"));
    if (!author.name.empty()) authors.push_back(std::move(author));
  }
  return authors;
}

// "5998" and "6008" -> "5998-6008"
std::string pages_of(const Json& biblio) {
  const std::string first = text(biblio, "first_page");
  const std::string last = text(biblio, "last_page");
  return first.empty() || last.empty() || first == last ? first : first + '-' + last;
}

std::optional<ArxivId> preprint_of(const Json& work) {
  const Json& locations = member(work, "locations");
  const auto id_at = [](const Json& location) -> std::optional<ArxivId> {
    const std::string url = text(location, "landing_page_url");
    if (url.find("arxiv") == url.npos && url.find("arXiv") == url.npos) return std::nullopt;
    const auto id = ArxivId::parse(url);
    return id ? std::optional(*id) : std::nullopt;
  };
  if (auto id = id_at(member(work, "primary_location"))) return id;
  if (!locations.is_array()) return std::nullopt;
  for (const Json& location : locations) {
    if (auto id = id_at(location)) return id;
  }
  return std::nullopt;
}

Publication publication_of(const Json& work) {
  Publication publication;
  const Json& source = member(member(work, "primary_location"), "source");
  publication.type = type_of(text(work, "type"), text(source, "type"));
  if (publication.type != PublicationType::preprint) {
    publication.container = marked_up(member(source, "display_name"));
  }
  const Json& biblio = member(work, "biblio");
  publication.volume = text(biblio, "volume");
  publication.number = text(biblio, "issue");
  publication.pages = pages_of(biblio);
  const std::string day = text(work, "publication_date");
  publication.date = Date::parse(day.empty() ? text(work, "publication_year") : day).value_or(Date{});
  return publication;
}

Record record_of(const Json& work, const Origin& origin) {
  Record record;
  record.origins.push_back(origin);
  record.title = marked_up(member(work, "title"));
  if (record.title.empty()) record.title = marked_up(member(work, "display_name"));
  record.authors = authors_of(member(work, "authorships"));
  record.arxiv_id = preprint_of(work);
  if (const auto doi = Doi::parse(text(work, "doi"))) {
    if (doi->arxiv_id() && !record.arxiv_id) record.arxiv_id = doi->arxiv_id();
    record.dois.push_back(*doi);
  }
  record.publication = publication_of(work);
  const Json& retracted = member(work, "is_retracted");
  record.withdrawn = retracted.is_boolean() && retracted.get<bool>();
  if (record.withdrawn) record.notices.push_back({NoticeKind::retracted, {}});
  return record;
}

}  // namespace

tl::expected<Record, FetchError> parse_openalex_work(std::string_view raw_work, const Origin& origin) {
  const auto json = parse_json(raw_work);
  if (!json) return tl::unexpected(json.error());
  Record record = record_of(*json, origin);
  if (record.title.empty()) return tl::unexpected(bad_response("the work has no title"));
  return record;
}

tl::expected<Record, FetchError> parse_openalex_line(std::string_view line) {
  const auto json = parse_json(line);
  if (!json) return tl::unexpected(json.error());
  Origin origin{.source = std::string(openalex_source), .url = {}, .retrieved = {}};
  // "2024-05-13T09:37:51.123456"
  const std::string changed = text(*json, "updated_date").substr(0, 10);
  if (const auto day = Date::parse(changed)) origin.retrieved = begin_of(*day);
  Record record = record_of(*json, origin);
  if (record.title.empty()) return tl::unexpected(bad_response("the work has no title"));
  return record;
}

tl::expected<std::vector<AnsweredWork>, FetchError> parse_openalex_answer(std::string_view body,
                                                                          const Origin& origin) {
  const auto json = parse_json(body);
  if (!json) return tl::unexpected(json.error());
  const Json& results = member(*json, "results");
  if (!results.is_array() && text(*json, "id").empty() && text(*json, "doi").empty()) {
    return tl::unexpected(bad_response("the answer holds no works"));
  }
  std::vector<AnsweredWork> works;
  const auto take = [&](const Json& work, std::string_view raw) {
    Record record = record_of(work, origin);
    if (record.dois.empty()) return;
    const Doi doi = record.dois.front();
    works.push_back({doi, std::move(record), raw});
  };
  if (!results.is_array()) {
    take(*json, body);
    return works;
  }
  const std::vector<std::string_view> raws = raw_elements(body, {"results"});
  for (std::size_t i = 0; i < results.size(); ++i) {
    take(results[i], i < raws.size() ? raws[i] : std::string_view{});
  }
  return works;
}

TitleAnswer parse_openalex_hits(std::string_view body, const Origin& origin) {
  const auto json = parse_json(body);
  if (!json) return tl::unexpected(json.error());
  const Json& results = member(*json, "results");
  if (!results.is_array()) return tl::unexpected(bad_response("the answer holds no works"));
  std::vector<Record> records;
  for (const Json& work : results) {
    records.push_back(record_of(work, origin));
    if (records.back().title.empty()) records.pop_back();
  }
  return records;
}

}  // namespace bibsmith::fetchers
