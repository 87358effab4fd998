#include "bibtex/verify/work_match.hpp"

#include <algorithm>
#include <tuple>

#include "bibtex/verify/doi_hint.hpp"
#include "bibtex/verify/record_text.hpp"

namespace bibsmith::bibtex {

namespace {

bool bears_doi(const Record& record, const Doi& doi) {
  if (std::find(record.dois.begin(), record.dois.end(), doi) != record.dois.end()) return true;
  const auto id = doi.arxiv_id();
  return id && record.arxiv_id && same_paper(*id, *record.arxiv_id);
}

// Titles of a word or two are borne by many works ("Introduction", "Deep Learning").
bool is_telling(const TitleText& title) {
  constexpr std::size_t words_min = 4;
  constexpr std::size_t letters_min = 20;
  return title.size() >= words_min && title.letters.size() >= letters_min;
}

// What is the same for all candidates of a claim.
struct Search {
  const ClaimText& claim;
  TitleText doi_title;             // of the work that the DOI leads to
  bool is_doi_title_said = false;  // it is the claim's title
  bool was_found = true;           // some record has the claim's title
};

WorkMatch compared(const Search& search, const Candidate& candidate, std::size_t index) {
  const ClaimText& claim = search.claim;
  WorkMatch match;
  match.candidate = index;
  match.record = candidate.record;
  const Record& record = *candidate.record;
  match.by_doi =
      candidate.found_by == Question::doi || (claim.claim.doi && bears_doi(record, *claim.claim.doi));
  match.by_arxiv_id =
      candidate.found_by == Question::arxiv_id ||
      (claim.claim.arxiv_id && record.arxiv_id && same_paper(*claim.claim.arxiv_id, *record.arxiv_id));
  const TitleText title = title_text(record.title);
  match.says_retracted = title.says_retracted;
  match.title = compare_titles(claim.title, title);
  // A record without a DOI, and the DOI leads to its title.
  if (!search.doi_title.letters.empty() && record.dois.empty() &&
      compare_titles(search.doi_title, title).match == TitleMatch::same)
    match.by_doi = true;
  match.is_preprint = is_preprint_record(record);
  return match;
}

void compare_people(const ClaimText& claim, WorkMatch& match) {
  match.authors = compare_authors(claim.authors, claim.claim.others, persons_of(*match.record));
}

// The title of the work that the DOI leads to, where its registry tells little else.
std::string_view title_by_doi(const Evidence& evidence) {
  if (!evidence.doi_title.empty()) return evidence.doi_title;
  for (const Candidate& candidate : evidence.candidates) {
    if (candidate.found_by == Question::doi && candidate.record->authors.empty())
      return candidate.record->title;
  }
  return {};
}

// The venue and the year of the record are those of the claim.
bool is_same_place(const ClaimText& claim, const Record& record) {
  const std::vector<int> years = years_of(record);
  if (std::find(years.begin(), years.end(), claim.claim.year) == years.end()) return false;
  const std::vector<VenueText> venues = venues_of(record);
  return std::any_of(venues.begin(), venues.end(), [&](const VenueText& venue) {
    const VenueMatch match = compare_venues(claim.venue, venue);
    return match == VenueMatch::same || match == VenueMatch::kin;
  });
}

// Another title, and yet not by chance: the authors are the same, or all but a word and when and where it
// came out; or the same people published something there and then, and nobody has a work of this title.
bool is_renamed(const Search& search, const WorkMatch& match) {
  const AuthorsComparison& authors = match.authors;
  const bool same_people = authors.agree() && authors.said >= 2;
  if (match.title.match == TitleMatch::near && !match.title.other_number) {
    if (same_people && match.title.differing <= 2) return true;
    constexpr std::size_t words_min = 5;
    return match.title.differing == 1 && search.claim.title.size() >= words_min &&
           is_same_place(search.claim, *match.record);
  }
  // Of a list that was cut or sorted, more has to be there.
  const bool are_these_people = (authors.match == AuthorsMatch::same && authors.shared >= 2) ||
                                (authors.agree() && authors.shared >= 3);
  return !search.was_found && are_these_people && !match.title.other_number &&
         is_same_place(search.claim, *match.record);
}

// The title alone, or with the authors, says that this is the work.
bool is_named(const Search& search, const WorkMatch& match) {
  const bool authors_known = match.authors.match != AuthorsMatch::unknown;
  const bool authors_fit = match.authors.share_half() || match.authors.first_same;
  switch (match.title.match) {
    case TitleMatch::same:
      return is_telling(search.claim.title) || search.is_doi_title_said ||
             (authors_known ? authors_fit : match.is_own());
    case TitleMatch::cut:
      return authors_known ? authors_fit : match.is_own();
    case TitleMatch::near:
    case TitleMatch::other:
      return is_renamed(search, match);
    case TitleMatch::unknown:
      return false;
  }
  return false;
}

// The identifier leads here, and something else does too.
bool is_identified(const Search& search, const WorkMatch& match) {
  if (!match.is_own()) return false;
  switch (match.title.match) {
    case TitleMatch::same:
    case TitleMatch::cut:
    case TitleMatch::near:
      return true;
    case TitleMatch::unknown:
      return match.authors.match == AuthorsMatch::unknown || match.authors.share_half();
    case TitleMatch::other:
      if (match.authors.share_half() && (match.authors.first_same || match.authors.agree())) return true;
      constexpr double part_of_title = 0.4;
      return match.title.shared >= part_of_title && is_same_place(search.claim, *match.record);
  }
  return false;
}

bool has_this_title(const WorkMatch& match) {
  return match.title.match == TitleMatch::same || match.title.match == TitleMatch::cut;
}

// Works are ordered by how surely they are the one that is meant; the last parts only make the order one.
auto rank(const WorkMatch& match) {
  return std::make_tuple(!match.is_same_work, match.title.match, !match.authors.agree(), !match.is_own(),
                         match.is_preprint, match.record->publication ? 0 : 1,
                         match.record->origins.empty()
                             ? std::string_view()
                             : std::string_view(match.record->origins.front().source),
                         std::string_view(match.record->title));
}

}  // namespace

ClaimText::ClaimText(const Claim& said)
    : claim(said), title(title_text(said.title)), venue(venue_text(said.venue)) {
  authors.reserve(said.authors.size());
  for (std::size_t i = 0; i < said.authors.size(); ++i) {
    PersonText person = person_text(said.authors[i]);
    person.place = i;
    if (!person.letters.empty()) authors.push_back(std::move(person));
  }
}

bool is_registered_title(const ClaimText& claim, const Evidence& evidence) {
  if (evidence.doi_title.empty()) return false;
  const TitleMatch match = compare_titles(claim.title, title_text(evidence.doi_title)).match;
  return match == TitleMatch::same || match == TitleMatch::cut;
}

std::vector<WorkMatch> match_works(const ClaimText& claim, const Evidence& evidence) {
  Search search{claim, title_text(title_by_doi(evidence)), is_registered_title(claim, evidence), true};
  std::vector<WorkMatch> matches;
  matches.reserve(evidence.candidates.size());
  for (std::size_t i = 0; i < evidence.candidates.size(); ++i)
    matches.push_back(compared(search, evidence.candidates[i], i));
  search.was_found = search.is_doi_title_said || std::any_of(matches.begin(), matches.end(), has_this_title);
  for (WorkMatch& match : matches) {
    // Once the work is found, what a search brought along by chance is not looked at any further.
    if (match.title.match == TitleMatch::other && !match.is_own() && search.was_found) continue;
    compare_people(claim, match);
    match.is_same_work = is_named(search, match) || is_identified(search, match);
  }

  // Where one record has the title and the authors, another title is another work, even under the claim's own
  // identifier; a record with this title and quite other authors is a namesake.
  const bool found = std::any_of(matches.begin(), matches.end(), [](const WorkMatch& match) {
    return has_this_title(match) && match.authors.share_half();
  });
  if (found) {
    for (WorkMatch& match : matches) {
      const bool strangers = match.authors.match != AuthorsMatch::unknown && match.authors.shared == 0;
      if (match.title.match == TitleMatch::other || (strangers && !match.is_own()))
        match.is_same_work = false;
    }
  }
  std::stable_sort(matches.begin(), matches.end(),
                   [](const WorkMatch& a, const WorkMatch& b) { return rank(a) < rank(b); });
  return matches;
}

}  // namespace bibsmith::bibtex
