#include "fetchers/datacite/datacite_work.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "fetchers/json/json.hpp"
#include "fetchers/record/markup_text.hpp"
#include "fetchers/record/orcid.hpp"

namespace bibsmith::fetchers {

namespace {

std::string marked_up(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_string() ? markup_text(value.get_ref<const std::string&>()) : text(value);
}

// A publisher and an affiliation are texts, or objects with a name, by the version of the API.
std::string name_of_value(const Json& value) { return value.is_object() ? text(value, "name") : text(value); }

Author author_of(const Json& creator) {
  Author author;
  author.name = text(creator, "name");
  author.family = text(creator, "familyName");
  author.given = text(creator, "givenName");
  author.is_literal = text(creator, "nameType") == "Organizational";
  if (author.is_literal) {
    author.family.clear();
    author.given.clear();
  } else if (author.family.empty()) {
    // The schema writes a person "Family, Given" (DataCite metadata schema 4.5, property 2.1).
    if (const std::size_t comma = author.name.find(", "); comma != author.name.npos) {
      author.family = author.name.substr(0, comma);
      author.given = author.name.substr(comma + 2);
    }
  }
  if (!author.family.empty()) {
    author.name = author.given.empty() ? author.family : author.given + ' ' + author.family;
  }
  if (const Json& identifiers = member(creator, "nameIdentifiers"); identifiers.is_array()) {
    for (const Json& identifier : identifiers) {
      if (author.orcid.empty() && text(identifier, "nameIdentifierScheme") == "ORCID") {
        author.orcid = orcid_in(text(identifier, "nameIdentifier"));
      }
    }
  }
  if (const Json& affiliations = member(creator, "affiliation"); affiliations.is_array()) {
    for (const Json& affiliation : affiliations) {
      if (std::string name = name_of_value(affiliation); !name.empty()) {
        author.affiliations.push_back(std::move(name));
      }
    }
  }
  return author;
}

// The main title is the one without a type ("Subtitle", "TranslatedTitle", …).
std::string title_of(const Json& attributes) {
  const Json& titles = member(attributes, "titles");
  if (!titles.is_array()) return {};
  for (const Json& title : titles) {
    if (!text(title, "titleType").empty()) continue;
    if (std::string main = marked_up(title, "title"); !main.empty()) return main;
  }
  return marked_up(first(titles), "title");
}

// The number in "v7" or "7"; 0: there is none.
std::uint16_t version_in(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : std::uint16_t{0};
}

// arXiv names the version of a date beside it: {"date": …, "dateType": "Submitted", "dateInformation": "v7"}.
// "Updated" is the day on which DataCite was told, some time after the submission: it counts where there is
// no other.
void read_versions(Record& record, const Json& attributes) {
  const Json& dates = member(attributes, "dates");
  for (const std::string_view wanted : {"Submitted", "Updated"}) {
    if (!dates.is_array()) break;
    for (const Json& value : dates) {
      const std::uint16_t number = version_in(text(value, "dateInformation"));
      const Date date = Date::parse(text(value, "date")).value_or(Date{});
      if (text(value, "dateType") != wanted || !date.known()) continue;
      const bool is_known =
          std::ranges::find(record.versions, number, &Version::number) != record.versions.end();
      if (number != 0 && !is_known) record.versions.push_back({.number = number, .date = date});
      if (number == 0 && wanted == "Submitted" && !record.published.known()) record.published = date;
    }
  }
  std::ranges::sort(record.versions, {}, &Version::number);
  std::uint16_t newest = version_in(text(attributes, "version"));
  if (!record.versions.empty()) {
    const Version& oldest_known = record.versions.front();
    const Version& newest_known = record.versions.back();
    if (oldest_known.number == 1) record.published = oldest_known.date;
    if (newest_known.number >= newest) record.updated = newest_known.date;
    newest = std::max(newest, newest_known.number);
  }
  if (!record.updated.known() && newest <= 1) record.updated = record.published;
  if (newest != 0) record.arxiv_id = record.arxiv_id->with_version(newest);
}

// "Computation and Language (cs.CL)", of the scheme "arXiv".
void read_categories(Record& record, const Json& attributes) {
  const Json& subjects = member(attributes, "subjects");
  if (!subjects.is_array()) return;
  for (const Json& subject : subjects) {
    if (text(subject, "subjectScheme") != "arXiv") continue;
    const std::string name = text(subject, "subject");
    const std::size_t open = name.rfind('(');
    if (open == name.npos || !name.ends_with(')')) continue;
    std::string category = name.substr(open + 1, name.size() - open - 2);
    if (std::ranges::find(record.categories, category) == record.categories.end()) {
      record.categories.push_back(std::move(category));
    }
  }
}

void read_descriptions(Record& record, const Json& attributes) {
  const Json& descriptions = member(attributes, "descriptions");
  if (!descriptions.is_array()) return;
  for (const Json& description : descriptions) {
    const std::string type = text(description, "descriptionType");
    if (type == "Abstract" && record.abstract.empty())
      record.abstract = marked_up(description, "description");
    // arXiv puts the author's comment there.
    if (type == "Other" && record.arxiv_id && record.comment.empty()) {
      record.comment = marked_up(description, "description");
    }
  }
}

// Which published work an arXiv paper is a version of, and which paper of arXiv's another work is.
void read_relations(Record& record, const Json& attributes) {
  const Json& relations = member(attributes, "relatedIdentifiers");
  if (!relations.is_array()) return;
  for (const Json& relation : relations) {
    const std::string type = text(relation, "relationType");
    const std::string kind = text(relation, "relatedIdentifierType");
    const std::string identifier = text(relation, "relatedIdentifier");
    if (record.arxiv_id && type == "IsVersionOf" && kind == "DOI") {
      const auto doi = Doi::parse(identifier);
      if (doi && !doi->arxiv_id() && std::ranges::find(record.dois, *doi) == record.dois.end()) {
        record.dois.push_back(*doi);
      }
    }
  }
}

PublicationType type_of(const Json& types) {
  constexpr std::array<std::pair<std::string_view, PublicationType>, 16> known = {{
      {"JournalArticle", PublicationType::article},
      {"ConferencePaper", PublicationType::inproceedings},
      {"BookChapter", PublicationType::incollection},
      {"Book", PublicationType::book},
      {"ConferenceProceeding", PublicationType::book},
      {"Dissertation", PublicationType::thesis},
      {"Report", PublicationType::report},
      {"Dataset", PublicationType::dataset},
      {"Preprint", PublicationType::preprint},
      // Of works of the older type "Text", the word that DataCite derives for BibTeX.
      {"article", PublicationType::article},
      {"inproceedings", PublicationType::inproceedings},
      {"inbook", PublicationType::incollection},
      {"incollection", PublicationType::incollection},
      {"book", PublicationType::book},
      {"phdthesis", PublicationType::thesis},
      {"techreport", PublicationType::report},
  }};
  const std::string general = text(types, "resourceTypeGeneral");
  for (const std::string& word : {general, general == "Text" ? text(types, "bibtex") : std::string{}}) {
    const auto found = std::ranges::find(known, word, &std::pair<std::string_view, PublicationType>::first);
    if (found != known.end()) return found->second;
  }
  return PublicationType::unknown;
}

Date date_of_work(const Json& attributes) {
  if (const Json& dates = member(attributes, "dates"); dates.is_array()) {
    for (const Json& value : dates) {
      if (text(value, "dateType") != "Issued") continue;
      if (const auto date = Date::parse(text(value, "date"))) return *date;
    }
  }
  return Date::parse(text(attributes, "publicationYear")).value_or(Date{});
}

Publication publication_of(const Json& attributes) {
  Publication publication;
  publication.type = type_of(member(attributes, "types"));
  const Json& container = member(attributes, "container");
  publication.container = marked_up(container, "title");
  publication.volume = text(container, "volume");
  publication.number = text(container, "issue");
  publication.pages = text(container, "firstPage");
  if (const std::string last = text(container, "lastPage"); !last.empty() && last != publication.pages) {
    publication.pages += (publication.pages.empty() ? "" : "-") + last;
  }
  publication.publisher = name_of_value(member(attributes, "publisher"));
  publication.date = date_of_work(attributes);
  return publication;
}

std::optional<AnsweredWork> work_of(const Json& object, const Origin& origin) {
  const Json& attributes = member(object, "attributes");
  const auto doi = Doi::parse(text(attributes, "doi"));
  if (!doi) return std::nullopt;
  Record record;
  record.origins.push_back(origin);
  record.arxiv_id = doi->arxiv_id();
  record.title = title_of(attributes);
  if (const Json& creators = member(attributes, "creators"); creators.is_array()) {
    for (const Json& creator : creators) {
      if (Author author = author_of(creator); !author.name.empty())
        record.authors.push_back(std::move(author));
    }
  }
  read_descriptions(record, attributes);
  record.license = text(first(member(attributes, "rightsList")), "rightsUri");
  if (record.arxiv_id) {
    read_versions(record, attributes);
    read_categories(record, attributes);
  } else {
    record.dois.push_back(*doi);
    record.publication = publication_of(attributes);
  }
  read_relations(record, attributes);
  return AnsweredWork{*doi, std::move(record), {}};
}

// States other than "findable" are of DOIs that nobody may know of yet, or any more.
bool is_public(const Json& object) {
  const std::string state = text(member(object, "attributes"), "state");
  return state.empty() || state == "findable";
}

FetchError bad_response(std::string message) {
  return FetchError{.code = FetchError::Code::bad_response, .message = std::move(message)};
}

}  // namespace

tl::expected<Record, FetchError> parse_datacite_work(std::string_view raw_work, const Origin& origin) {
  const auto json = parse_json(raw_work);
  if (!json) return tl::unexpected(json.error());
  auto work = work_of(*json, origin);
  if (!work) return tl::unexpected(bad_response("the object has no DOI"));
  return std::move(work->record);
}

tl::expected<std::vector<AnsweredWork>, FetchError> parse_datacite_answer(std::string_view body,
                                                                          const Origin& origin) {
  const auto json = parse_json(body);
  if (!json) return tl::unexpected(json.error());
  const Json& data = member(*json, "data");
  if (!data.is_array() && !data.is_object()) {
    return tl::unexpected(bad_response("the answer holds no DOIs"));
  }
  const std::vector<std::string_view> raws = raw_elements(body, {"data"});
  std::vector<AnsweredWork> works;
  for (std::size_t i = 0; i < (data.is_array() ? data.size() : 1); ++i) {
    const Json& object = data.is_array() ? data[i] : data;
    if (!is_public(object)) continue;
    auto work = work_of(object, origin);
    if (!work) continue;
    if (i < raws.size()) work->raw = raws[i];
    works.push_back(*std::move(work));
  }
  return works;
}

}  // namespace bibsmith::fetchers
