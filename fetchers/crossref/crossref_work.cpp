#include "fetchers/crossref/crossref_work.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "fetchers/json/json.hpp"
#include "fetchers/record/markup_text.hpp"
#include "fetchers/record/orcid.hpp"

namespace bibsmith::fetchers {

namespace {

using namespace std::string_view_literals;

std::string marked_up(const Json& value) {
  return value.is_string() ? markup_text(value.get_ref<const std::string&>()) : text(value);
}

// The first of a list of texts, as Crossref has them nearly everywhere.
std::string first_text(const Json& work, const char* name) { return marked_up(first(member(work, name))); }

PublicationType type_of(std::string_view type) {
  constexpr std::array<std::pair<std::string_view, PublicationType>, 18> types = {{
      {"journal-article", PublicationType::article},
      {"proceedings-article", PublicationType::inproceedings},
      {"book-chapter", PublicationType::incollection},
      {"book-section", PublicationType::incollection},
      {"book-part", PublicationType::incollection},
      {"book-track", PublicationType::incollection},
      {"reference-entry", PublicationType::incollection},
      {"book", PublicationType::book},
      {"monograph", PublicationType::book},
      {"edited-book", PublicationType::book},
      {"reference-book", PublicationType::book},
      {"proceedings", PublicationType::book},
      {"dissertation", PublicationType::thesis},
      {"report", PublicationType::report},
      {"report-component", PublicationType::report},
      {"dataset", PublicationType::dataset},
      {"posted-content", PublicationType::preprint},
      {"database", PublicationType::dataset},
  }};
  const auto found = std::ranges::find(types, type, &std::pair<std::string_view, PublicationType>::first);
  return found == types.end() ? PublicationType::unknown : found->second;
}

// {"date-parts": [[2007, 7, 24]]}, with month and day where they are known; [[null]] where nothing is.
Date date_of(const Json& value) {
  const Json& parts = first(member(value, "date-parts"));
  std::string iso;
  if (!parts.is_array()) return {};
  for (std::size_t i = 0; i < std::min<std::size_t>(parts.size(), 3); ++i) {
    const std::string number = text(parts[i]);
    if (number.empty()) break;
    if (i > 0) iso += number.size() == 1 ? "-0" : "-";
    iso += number;
  }
  return Date::parse(iso).value_or(Date{});
}

// The issue that a work is cited by is the printed one, where there is one.
Date date_of_work(const Json& work) {
  for (const char* name : {"published-print", "published-online", "issued", "posted"}) {
    if (const Date date = date_of(member(work, name)); date.known()) return date;
  }
  return {};
}

// "101–128" and "101--128" -> "101-128".
std::string page_range(std::string text) {
  for (const std::string_view dash : {"\u2013"sv, "\u2014"sv, "\u2212"sv, "--"sv, " - "sv}) {
    for (std::size_t pos = 0; (pos = text.find(dash, pos)) != text.npos;) text.replace(pos, dash.size(), "-");
  }
  return text;
}

std::vector<std::string> texts_of(const Json& list) {
  std::vector<std::string> texts;
  if (!list.is_array()) return texts;
  for (const Json& value : list) {
    if (std::string one = marked_up(value); !one.empty()) texts.push_back(std::move(one));
  }
  return texts;
}

Author author_of(const Json& value) {
  Author author;
  author.family = marked_up(member(value, "family"));
  author.given = marked_up(member(value, "given"));
  author.suffix = marked_up(member(value, "suffix"));
  author.orcid = orcid_in(text(value, "ORCID"));
  for (const std::string* part : {&author.given, &author.family, &author.suffix}) {
    if (part->empty()) continue;
    if (!author.name.empty()) author.name += ' ';
    author.name += *part;
  }
  if (author.name.empty()) {
    author.name = marked_up(member(value, "name"));
    author.is_literal = true;
  }
  if (const Json& affiliations = member(value, "affiliation"); affiliations.is_array()) {
    for (const Json& affiliation : affiliations) {
      if (std::string name = marked_up(member(affiliation, "name")); !name.empty()) {
        author.affiliations.push_back(std::move(name));
      }
    }
  }
  return author;
}

// Series that hold volumes with titles of their own. Crossref lists both names, in either order.
bool is_series(std::string_view title) {
  constexpr std::array names = {"Lecture Notes in "sv,
                                "Communications in Computer and Information Science"sv,
                                "Advances in Intelligent Systems"sv,
                                "IFIP Advances in "sv,
                                "IFIP International Federation"sv,
                                "Springer Proceedings in "sv,
                                "Springer Series in "sv,
                                "Studies in Computational Intelligence"sv,
                                "Frontiers in Artificial Intelligence"sv,
                                "Contemporary Mathematics"sv,
                                "Progress in Mathematics"sv,
                                "Graduate Texts in "sv,
                                "ACM International Conference Proceeding Series"sv};
  return std::ranges::any_of(names, [&](std::string_view name) { return title.starts_with(name); });
}

void read_container(Publication& publication, const Json& work) {
  std::vector<std::string> titles = texts_of(member(work, "container-title"));
  publication.container_short = first_text(work, "short-container-title");
  if (titles.empty()) return;
  const bool is_part_of_volume = publication.type == PublicationType::inproceedings ||
                                 publication.type == PublicationType::incollection ||
                                 publication.type == PublicationType::book;
  if (is_part_of_volume && titles.size() >= 2) {
    if (is_series(titles[1]) && !is_series(titles[0])) std::swap(titles[0], titles[1]);
    publication.series = std::move(titles[0]);
    publication.container = std::move(titles[1]);
    publication.container_short.clear();  // it is of one of the two, and the answer does not say of which
  } else if (publication.type == PublicationType::book) {
    publication.series = std::move(titles[0]);
  } else {
    publication.container = std::move(titles[0]);
  }
  if (publication.container_short == publication.container) publication.container_short.clear();
}

Publication publication_of(const Json& work) {
  Publication publication;
  publication.type = type_of(text(work, "type"));
  read_container(publication, work);
  publication.volume = text(work, "volume");
  publication.number = text(work, "issue");
  publication.eid = text(work, "article-number");
  publication.pages = page_range(text(work, "page"));
  // Some publishers give the article number as page too.
  if (publication.pages == publication.eid) publication.pages.clear();
  publication.publisher = marked_up(member(work, "publisher"));
  if (publication.type == PublicationType::thesis) {
    if (std::string school = marked_up(member(first(member(work, "institution")), "name")); !school.empty()) {
      publication.publisher = std::move(school);
    }
  }
  publication.event = marked_up(member(member(work, "event"), "name"));
  publication.date = date_of_work(work);
  return publication;
}

std::string title_of(const Json& work) {
  std::string title = first_text(work, "title");
  const std::string subtitle = first_text(work, "subtitle");
  if (subtitle.empty() || title.find(subtitle) != title.npos) return title;
  if (title.empty()) return subtitle;
  return title + (title.ends_with('?') || title.ends_with('!') || title.ends_with(':') ? " " : ": ") +
         subtitle;
}

// arXiv's paper among the preprints of the work: by its DOI, or by its id.
std::optional<ArxivId> preprint_of(const Json& work) {
  const Json& preprints = member(member(work, "relation"), "has-preprint");
  if (!preprints.is_array()) return std::nullopt;
  for (const Json& preprint : preprints) {
    const std::string id = text(preprint, "id");
    if (const auto doi = Doi::parse(id); doi && doi->arxiv_id()) return doi->arxiv_id();
    if (text(preprint, "id-type") == "arxiv") {
      if (const auto arxiv_id = ArxivId::parse(id)) return *arxiv_id;
    }
  }
  return std::nullopt;
}

std::vector<CrossrefUpdate> updates_of(const Json& list) {
  std::vector<CrossrefUpdate> updates;
  if (!list.is_array()) return updates;
  for (const Json& update : list) {
    if (const auto doi = Doi::parse(text(update, "DOI"))) updates.push_back({text(update, "type"), *doi});
  }
  return updates;
}

// The notice itself need not have a DOI.
bool is_withdrawn(const Json& updates) {
  return updates.is_array() && std::ranges::any_of(updates, [](const Json& update) {
           const std::string type = text(update, "type");
           return type == "retraction" || type == "withdrawal" || type == "removal";
         });
}

// crossref.org/documentation/crossmark, "Status information": the kinds of update. Those that only add, as
// "new edition" of another work, are no notice.
std::vector<Notice> notices_of(const std::vector<CrossrefUpdate>& updates) {
  constexpr std::array<std::pair<std::string_view, NoticeKind>, 9> kinds = {{
      {"retraction", NoticeKind::retracted},
      {"partial_retraction", NoticeKind::retracted},
      {"withdrawal", NoticeKind::withdrawn},
      {"removal", NoticeKind::withdrawn},
      {"expression_of_concern", NoticeKind::expression_of_concern},
      {"new_version", NoticeKind::superseded},
      {"new_edition", NoticeKind::superseded},
      {"correction", NoticeKind::corrected},
      {"erratum", NoticeKind::corrected},
  }};
  std::vector<Notice> notices;
  for (const CrossrefUpdate& update : updates) {
    const auto kind = std::ranges::find(kinds, update.type, &std::pair<std::string_view, NoticeKind>::first);
    if (kind != kinds.end()) notices.push_back({kind->second, update.doi.str()});
  }
  return notices;
}

CrossrefWork work_of(const Json& json, const Origin& origin) {
  CrossrefWork work;
  Record& record = work.record;
  record.origins.push_back(origin);
  if (const auto doi = Doi::parse(text(json, "DOI"))) record.dois.push_back(*doi);
  record.title = title_of(json);
  if (const Json& authors = member(json, "author"); authors.is_array()) {
    for (const Json& value : authors) {
      if (Author author = author_of(value); !author.name.empty()) record.authors.push_back(std::move(author));
    }
  }
  record.abstract = marked_up(member(json, "abstract"));
  record.arxiv_id = preprint_of(json);
  record.publication = publication_of(json);
  work.issn = texts_of(member(json, "ISSN"));
  work.isbn = texts_of(member(json, "ISBN"));
  work.updated_by = updates_of(member(json, "updated-by"));
  work.update_to = updates_of(member(json, "update-to"));
  record.withdrawn = is_withdrawn(member(json, "updated-by"));
  record.notices = notices_of(work.updated_by);
  return work;
}

FetchError bad_response(std::string message) {
  return FetchError{.code = FetchError::Code::bad_response, .message = std::move(message)};
}

FetchError no_works(const Json& answer) {
  return bad_response("the answer holds no works, its message-type is '" +
                      text(answer, "message-type").substr(0, 60) + "'");
}

}  // namespace

tl::expected<CrossrefWork, FetchError> parse_crossref_work(std::string_view raw_work, const Origin& origin) {
  const auto json = parse_json(raw_work);
  if (!json) return tl::unexpected(json.error());
  CrossrefWork work = work_of(*json, origin);
  if (work.record.dois.empty()) return tl::unexpected(bad_response("the work has no DOI"));
  return work;
}

tl::expected<std::vector<AnsweredWork>, FetchError> parse_crossref_answer(std::string_view body,
                                                                          const Origin& origin) {
  const auto json = parse_json(body);
  if (!json) return tl::unexpected(json.error());
  const Json& message = member(*json, "message");
  const Json& items = member(message, "items");
  const bool is_list = items.is_array();
  if (!is_list && !message.is_object()) return tl::unexpected(no_works(*json));
  const std::vector<std::string_view> raws =
      is_list ? raw_elements(body, {"message", "items"}) : raw_elements(body, {"message"});
  std::vector<AnsweredWork> works;
  for (std::size_t i = 0; i < (is_list ? items.size() : 1); ++i) {
    CrossrefWork work = work_of(is_list ? items[i] : message, origin);
    if (work.record.dois.empty()) continue;
    const Doi doi = work.record.dois.front();
    works.push_back({doi, std::move(work.record), i < raws.size() ? raws[i] : std::string_view{}});
  }
  return works;
}

TitleAnswer parse_crossref_hits(std::string_view body, const Origin& origin) {
  const auto json = parse_json(body);
  if (!json) return tl::unexpected(json.error());
  const Json& items = member(member(*json, "message"), "items");
  if (!items.is_array()) return tl::unexpected(no_works(*json));
  std::vector<Record> records;
  for (const Json& item : items) {
    records.push_back(work_of(item, origin).record);
    if (records.back().title.empty()) records.pop_back();
  }
  return records;
}

}  // namespace bibsmith::fetchers
