#include "bibtex/normalize/published.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "bibtex/normalize/comment.hpp"
#include "bibtex/normalize/doi_reading.hpp"
#include "bibtex/normalize/journal_names.hpp"
#include "bibtex/normalize/journal_ref.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

// Years that a publication may stand before or behind what a witness says loosely.
constexpr int loose_years = 1;
// A journal_ref may be typed long after the paper was printed, but not long before.
constexpr int years_before_submission_max = 60;
constexpr int years_ahead_max = 1;

// The number without the letters and zeros before it: "e0010355" is 10355.
std::string_view core_of(std::string_view locator) {
  while (!locator.empty() && !is_digit(locator.front())) locator.remove_prefix(1);
  while (locator.size() > 1 && locator.front() == '0') locator.remove_prefix(1);
  return locator;
}

std::string_view first_page(std::string_view pages) { return pages.substr(0, pages.find('-')); }

std::string_view locator_of(const Publication& publication) {
  return publication.eid.empty() ? first_page(publication.pages) : std::string_view(publication.eid);
}

enum class Agreement : std::uint8_t { unknown, agreed, contradicted };

Agreement compare(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return Agreement::unknown;
  return same_locator(a, b) ? Agreement::agreed : Agreement::contradicted;
}

Agreement compare_journals(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return Agreement::unknown;
  if (a == b) return Agreement::agreed;
  const JournalName* const left = find_journal(a);
  const JournalName* const right = find_journal(b);
  // A name that the table does not know may be any journal's.
  if (left == nullptr || right == nullptr) return Agreement::unknown;
  return left == right ? Agreement::agreed : Agreement::contradicted;
}

Agreement compare_years(const Date& a, const Date& b, bool loose) {
  if (!a.known() || !b.known()) return Agreement::unknown;
  return std::abs(a.year - b.year) <= (loose ? loose_years : 0) ? Agreement::agreed : Agreement::contradicted;
}

std::string difference(std::string_view part, std::string_view said, std::string_view doi_says) {
  return std::string(part) + " " + std::string(said) + " against " + std::string(doi_says);
}

// What contradicts between what was read and what the DOI says; empty: nothing does.
struct Comparison {
  std::string contradiction;
  bool place_agrees = false;  // volume and locator are the same: no two papers share them by chance
};

Comparison compare(const Publication& read, const DoiReading& doi) {
  const Publication& other = doi.publication;
  Comparison result;
  const Agreement volume = compare(read.volume, other.volume);
  const Agreement locator = compare(locator_of(read), locator_of(other));
  result.place_agrees = volume == Agreement::agreed && locator == Agreement::agreed;
  const auto note = [&](std::string text) {
    if (!result.contradiction.empty()) result.contradiction += ", ";
    result.contradiction += text;
  };
  // Journals that count their volumes by years write either the year or the number of the month as volume.
  const bool yearly = other.date.known() && other.volume == std::to_string(other.date.year);
  if (volume == Agreement::contradicted &&
      !(yearly && compare(read.volume, other.number) == Agreement::agreed)) {
    note(difference("volume", read.volume, other.volume));
  }
  if (locator == Agreement::contradicted) note(difference("page", locator_of(read), locator_of(other)));
  // Letters of a journal share its volumes: where the place agrees, the DOI knows the journal best.
  if (!result.place_agrees && compare_journals(read.container, other.container) == Agreement::contradicted) {
    note(difference("journal", read.container, other.container));
  }
  if (compare_years(read.date, other.date, doi.year_is_loose) == Agreement::contradicted) {
    note(difference("year", std::to_string(read.date.year), std::to_string(other.date.year)));
  }
  return result;
}

// Fills what `publication` leaves open from a witness that agrees with it.
void complete(Publication& publication, const Publication& witness, bool place_agrees) {
  const auto fill = [](std::string& value, const std::string& from) {
    if (value.empty()) value = from;
  };
  if (!witness.container.empty() && publication.container != witness.container &&
      (place_agrees || find_journal(publication.container) == nullptr)) {
    publication.container = witness.container;
    publication.container_short.clear();
  }
  fill(publication.volume, witness.volume);
  if (publication.volume == witness.volume) fill(publication.number, witness.number);
  if (locator_of(publication).empty()) {
    publication.pages = witness.pages;
    publication.eid = witness.eid;
  } else if (!witness.eid.empty() && publication.eid.empty() &&
             publication.pages.find('-') == std::string::npos) {
    publication.eid = witness.eid;  // a lone number that the publisher calls an article number
    publication.pages.clear();
  }
  if (publication.container_short.empty()) {
    if (const JournalName* const name = find_journal(publication.container)) {
      publication.container = name->full;
      publication.container_short = name->iso4;
    }
  }
}

std::string_view type_name(PublicationType type) {
  switch (type) {
    case PublicationType::article:
      return "article";
    case PublicationType::inproceedings:
      return "paper of proceedings";
    case PublicationType::incollection:
      return "part of a book";
    case PublicationType::book:
      return "book";
    case PublicationType::thesis:
      return "thesis";
    default:
      return "work";
  }
}

// What a reader needs to find it, beyond BibTeX's required fields. Empty: nothing is missing.
std::string missing_part(const Publication& publication, bool has_doi) {
  if (!publication.date.known()) return "a year";
  const bool has_place = !publication.volume.empty() || !locator_of(publication).empty();
  switch (publication.type) {
    case PublicationType::article:
      if (publication.container.empty()) return "a journal";
      return has_place || has_doi ? "" : "a volume or page";
    case PublicationType::inproceedings:
    case PublicationType::incollection:
      return publication.container.empty() ? "a book title" : "";
    case PublicationType::book:
      return publication.publisher.empty() ? "a publisher" : "";
    case PublicationType::thesis:
      return publication.publisher.empty() ? "an institution" : "";
    default:
      return "a kind of work";
  }
}

int submission_year(const Record& record) {
  if (record.published.known()) return record.published.year;
  return record.versions.empty() ? 0 : record.versions.front().date.year;
}

int year_asked(const Record& record) {
  if (record.origins.empty()) return 0;
  const auto retrieved = std::chrono::floor<std::chrono::days>(record.origins.front().retrieved);
  const int year = int{std::chrono::year_month_day{retrieved}.year()};
  return year > 1990 ? year : 0;
}

std::string implausible_year(const Record& record, const Publication& publication) {
  const int year = publication.date.year;
  const int submitted = submission_year(record);
  const int asked = year_asked(record);
  if ((submitted > 0 && year < submitted - years_before_submission_max) ||
      (asked > 0 && year > asked + years_ahead_max)) {
    return "the year " + std::to_string(year) + " cannot be that of a paper submitted in " +
           std::to_string(submitted);
  }
  return {};
}

// Those of the record, then the one in its reference; valid as long as both.
std::vector<const Doi*> journal_dois(const Record& record, const std::optional<Doi>& in_text) {
  std::vector<const Doi*> dois;
  for (const Doi& doi : record.dois) {
    if (!doi.arxiv_id()) dois.push_back(&doi);
  }
  if (in_text && !in_text->arxiv_id() &&
      std::ranges::none_of(dois, [&](const Doi* doi) { return *doi == *in_text; })) {
    dois.push_back(&*in_text);
  }
  return dois;
}

// Authors name a venue in the comment and another in journal_ref; the latter is the later word.
void weigh_comment(const Record& record, PublishedDecision& decision) {
  if (record.comment.empty() || !decision.publication) return;
  const std::string journal = comment_journal(record.comment);
  if (journal.empty()) return;
  // "Symmetry" of "Symmetry, Integrability and ..." is a name cut short.
  const std::string& container = decision.publication->container;
  if (container.starts_with(journal) || std::string_view(journal).starts_with(container)) return;
  if (compare_journals(journal, container) == Agreement::contradicted) {
    decision.findings.push_back(
        {"published.comment-differs", "the comment names " + journal + ", the reference " + container});
  }
}

JournalRef reference_of(const Record& record, std::vector<std::string>& witnesses) {
  if (record.publication) {
    witnesses.push_back(record.origin(RecordField::publication).source);
    JournalRef reference;
    reference.publication = *record.publication;
    return reference;
  }
  if (record.journal_ref.empty()) return {};
  witnesses.emplace_back("journal_ref");
  return read_journal_ref(record.journal_ref);
}

void decide(const Record& record, PublishedDecision& decision) {
  JournalRef reference = reference_of(record, decision.witnesses);
  const auto stay = [&](std::string code, std::string why) {
    decision.publication.reset();
    decision.witnesses.clear();
    decision.findings.push_back({"published." + std::move(code), "stays a preprint: " + std::move(why)});
  };
  if (reference.forthcoming) return stay("forthcoming", "the reference says that it is to appear");

  Publication& publication = reference.publication;
  std::string contradiction;
  bool witnessed = false;
  for (const Doi* const one : journal_dois(record, reference.doi)) {
    const Doi& doi = *one;
    const auto reading = read_doi(doi);
    if (!reading) {
      if (!decision.doi && !witnessed) decision.doi = doi;
      continue;
    }
    const Comparison compared = compare(publication, *reading);
    if (!compared.contradiction.empty()) {
      if (contradiction.empty()) contradiction = doi.str() + " says otherwise: " + compared.contradiction;
      continue;
    }
    if (witnessed) continue;
    witnessed = true;
    decision.doi = doi;
    const bool alone = decision.witnesses.empty();
    if (alone) publication.type = reading->publication.type;
    complete(publication, reading->publication, compared.place_agrees);
    if (!publication.date.known() && !reading->year_is_loose) publication.date = reading->publication.date;
    decision.witnesses.push_back("doi " + std::string(reading->form));
    if (compared.place_agrees) reference.rest.clear();  // whatever else the text says, this is the paper
  }
  if (decision.witnesses.empty()) return;  // nothing says that it was published
  const bool has_reference = record.publication || !record.journal_ref.empty();
  if (!contradiction.empty() && !witnessed) {
    if (!has_reference) return;
    return stay("contradiction", contradiction);
  }
  if (!reference.rest.empty())
    return stay("not-understood", "of the reference, '" + reference.rest + "' is not understood");
  if (const std::string missing = missing_part(publication, decision.doi.has_value()); !missing.empty()) {
    if (!has_reference) {  // a DOI that says too little by itself
      decision = {};
      return;
    }
    return stay("incomplete",
                "the reference lacks " + missing + " for this " + std::string(type_name(publication.type)));
  }
  if (const std::string why = implausible_year(record, publication); !why.empty()) return stay("year", why);

  complete(publication, {}, false);
  decision.publication = std::move(publication);
  for (NormalizeFinding& finding : reference.findings) decision.findings.push_back(std::move(finding));
  weigh_comment(record, decision);
}

}  // namespace

bool same_locator(std::string_view a, std::string_view b) {
  const auto equal = [](std::string_view x, std::string_view y) {
    return std::ranges::equal(x, y, [](char c, char d) { return lower(c) == lower(d); });
  };
  if (equal(a, b)) return true;
  const std::string_view core = core_of(a);
  return !core.empty() && equal(core, core_of(b));
}

PublishedDecision decide_published(const Record& record) {
  PublishedDecision decision;
  decide(record, decision);
  return decision;
}

}  // namespace bibsmith::bibtex
