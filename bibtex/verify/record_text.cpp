#include "bibtex/verify/record_text.hpp"

#include <algorithm>

#include "bibtex/normalize/comment.hpp"
#include "bibtex/normalize/journal_ref.hpp"
#include "bibtex/verify/authors.hpp"
#include "bibtex/verify/doi_hint.hpp"

namespace bibsmith::bibtex {

namespace {

// "2107.05580", "hep-th/9901001": the year in which the number was given (arXiv identifier scheme).
std::int16_t submission_year(const ArxivId& id) {
  const std::string& base = id.base();
  const std::size_t slash = base.find('/');
  const std::size_t at = slash == std::string::npos ? 0 : slash + 1;
  const int year = (base[at] - '0') * 10 + (base[at + 1] - '0');
  return static_cast<std::int16_t>(year >= 91 ? 1900 + year : 2000 + year);
}

}  // namespace

std::vector<PersonText> persons_of(const Record& record) {
  const std::size_t count = std::min(record.authors.size(), authors_judged_max + 1);
  std::vector<PersonText> persons;
  persons.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    PersonText person = person_text(record.authors[i]);
    person.place = i;
    if (!person.letters.empty()) persons.push_back(std::move(person));
  }
  return persons;
}

std::vector<VenueText> venues_of(const Record& record) {
  std::vector<VenueText> venues;
  const auto add = [&](std::string_view name) {
    if (name.empty()) return;
    VenueText venue = venue_text(name);
    if (!venue.is_series && !venue.empty()) venues.push_back(std::move(venue));
  };
  if (record.publication) {
    add(record.publication->container);
    if (record.publication->container_short != record.publication->container)
      add(record.publication->container_short);
    add(record.publication->event);
    add(record.publication->series);
  }
  if (!record.journal_ref.empty() && venues.empty())
    add(read_journal_ref(record.journal_ref).publication.container);
  if (!record.dois.empty() && venues.empty()) add(doi_hint(record.dois.front()).venue);
  if (record.arxiv_id && venues.empty()) add("arXiv");
  return venues;
}

std::vector<int> years_of(const Record& record) {
  std::vector<int> years;
  const auto add = [&](const Date& date) {
    if (date.known() && std::find(years.begin(), years.end(), date.year) == years.end())
      years.push_back(date.year);
  };
  if (record.publication) add(record.publication->date);
  // It names the venue, and so the year in which the work came out there.
  if (!record.journal_ref.empty()) add(read_journal_ref(record.journal_ref).publication.date);
  add(record.published);
  add(record.updated);
  for (const Version& version : record.versions) add(version.date);
  if (record.arxiv_id) add({submission_year(*record.arxiv_id), 0, 0});
  return years;
}

// As entries are written (bibtex/normalize): arXiv's Atom feed flags nothing, and the comment has to tell.
// Where only an older version is flagged the paper was submitted again, and the comment speaks of what was.
bool is_withdrawn(const Record& record) {
  bool was_withdrawn = false;
  for (const Version& version : record.versions) {
    if (!version.withdrawn) continue;
    const bool is_described = record.arxiv_id && record.arxiv_id->version() == version.number;
    if (is_described || &version == &record.versions.back()) return true;
    was_withdrawn = true;
  }
  return record.withdrawn || (!was_withdrawn && says_withdrawn(record.comment));
}

bool is_preprint_record(const Record& record) {
  if (record.publication) {
    if (record.publication->type == PublicationType::preprint) return true;
    if (!record.publication->container.empty())
      return venue_text(record.publication->container).is_preprint_server;
  }
  if (!record.journal_ref.empty()) return false;
  if (!record.dois.empty()) return doi_hint(record.dois.front()).is_preprint;
  return record.arxiv_id.has_value();
}

}  // namespace bibsmith::bibtex
