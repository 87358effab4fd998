#include <algorithm>
#include <cstdlib>

#include "bibtex/verify/doi_hint.hpp"
#include "bibtex/verify/doi_publisher.hpp"
#include "bibtex/verify/field_findings.hpp"
#include "bibtex/verify/record_text.hpp"

namespace bibsmith::bibtex {

namespace {

using Outcome = FieldFinding::Outcome;

std::string_view code_of(VenueMatch match) {
  switch (match) {
    case VenueMatch::unknown:
      return "venue.unknown";
    case VenueMatch::same:
      return "venue.same";
    case VenueMatch::kin:
      return "venue.kin";
    case VenueMatch::preprint:
      return "venue.preprint";
    case VenueMatch::unclear:
      return "venue.unclear";
    case VenueMatch::other:
      return "venue.other";
  }
  return {};
}

// What one record says: agreement in any of its names wins, then contradiction.
struct VenueWitness {
  VenueMatch match = VenueMatch::unknown;
  std::string known;
  bool is_meeting = false;
  bool is_journal = false;
};

VenueWitness hear(const ClaimText& claim, const Record& record) {
  VenueWitness witness;
  const auto weight = [](VenueMatch match) {
    switch (match) {
      case VenueMatch::same:
      case VenueMatch::kin:
        return 4;
      case VenueMatch::unclear:
        return 3;
      case VenueMatch::other:
        return 2;
      case VenueMatch::preprint:
        return 1;
      case VenueMatch::unknown:
        return 0;
    }
    return 0;
  };
  for (const VenueText& venue : venues_of(record)) {
    const VenueMatch match = compare_venues(claim.venue, venue);
    if (weight(match) > weight(witness.match))
      witness = {match, venue.plain, venue.is_meeting, venue.is_journal};
  }
  return witness;
}

bool all_titles_answered(const Evidence& evidence) {
  bool answered = false;
  for (const SourceAnswer& answer : evidence.answers) {
    if (answer.question != Question::title) continue;
    if (answer.status == SourceAnswer::Status::could_not_ask) return false;
    answered = answered || answer.status != SourceAnswer::Status::does_not_cover;
  }
  return answered;
}

// No record is of about the year that the claim says.
bool is_far_in_time(const ClaimText& claim, std::span<const WorkMatch> works) {
  constexpr int years_between_max = 2;  // from the preprint to the volume
  if (claim.claim.year == 0) return false;
  return std::none_of(works.begin(), works.end(), [&](const WorkMatch& work) {
    const std::vector<int> years = years_of(*work.record);
    return years.empty() || std::any_of(years.begin(), years.end(), [&](int year) {
             return std::abs(claim.claim.year - year) <= years_between_max;
           });
  });
}

// A preprint and the published work are both right; but the claim's DOI is that of the one, and its venue
// that of the other. Where the DOI is a preprint's, all were asked, and none knows the work at this venue nor
// at any, the claim is of the preprint; so too where its authors or its year are wrong. Where the DOI is a
// publisher's, "bioRxiv" is out of date.
bool is_of_preprint(const ClaimText& claim, const WorkMatch& work, std::span<const WorkMatch> works,
                    bool authors_are_wrong, const Evidence& evidence) {
  const bool has_preprint_doi = work.by_doi && claim.claim.doi && doi_hint(*claim.claim.doi).is_preprint;
  if (claim.venue.is_preprint_server)
    return work.by_doi && claim.claim.doi && !has_preprint_doi && !work.is_preprint;
  // Where nobody knows more than the title of the DOI, nothing speaks against the venue.
  if (work.authors.match == AuthorsMatch::unknown) return false;
  const bool only_preprints =
      std::all_of(works.begin(), works.end(), [](const WorkMatch& other) { return other.is_preprint; });
  return only_preprints && (has_preprint_doi || authors_are_wrong || is_far_in_time(claim, works)) &&
         all_titles_answered(evidence);
}

// The journal version of a conference paper, which comes later; or the conference paper, of which an index
// has the journal version. A DOI of its own would tell.
bool may_be_other_form(const ClaimText& claim, const WorkMatch& work, const VenueWitness& witness) {
  if (work.is_own()) return false;
  constexpr int years_between_max = 5;
  const std::vector<int> years = years_of(*work.record);
  const int said = claim.claim.year;
  return std::any_of(years.begin(), years.end(), [&](int year) {
    const int later = said - year;
    if (claim.venue.is_journal && witness.is_meeting) return later > 0 && later <= years_between_max;
    if (claim.venue.is_meeting && witness.is_journal) return later < 0 && -later <= years_between_max;
    return false;
  });
}

// The record does not say where it came out, but its DOI is that of a publisher who has nothing to do with
// the meeting. Another form of the work has another DOI: this one is the claim's, or of the year of the
// claim.
const Doi* doi_from_elsewhere(const ClaimText& claim, const WorkMatch& work) {
  if (claim.venue.meetings.empty() || work.record->dois.empty()) return nullptr;
  const std::vector<int> years = years_of(*work.record);
  const bool is_this_form =
      work.by_doi || std::find(years.begin(), years.end(), claim.claim.year) != years.end();
  const Doi& doi = work.record->dois.front();
  const bool is_elsewhere =
      std::all_of(claim.venue.meetings.begin(), claim.venue.meetings.end(),
                  [&](const Venue* meeting) { return is_of_other_publisher(doi, *meeting); });
  return is_this_form && is_elsewhere ? &doi : nullptr;
}

}  // namespace

FieldFinding judge_venue(const ClaimText& claim, std::span<const WorkMatch> works,
                         std::span<const FieldFinding> authors, const Evidence& evidence) {
  FieldFinding finding{ClaimField::venue, Outcome::not_compared, "venue.unknown", claim.claim.venue, {}, {}};
  if (claim.venue.empty()) return finding;
  const bool authors_are_wrong = std::any_of(authors.begin(), authors.end(), [](const FieldFinding& author) {
    return author.outcome == Outcome::contradicted;
  });
  int gravest = 0;
  for (const WorkMatch& work : works) {
    const VenueWitness witness = hear(claim, *work.record);
    if (witness.match == VenueMatch::unknown) {
      const Doi* const doi = doi_from_elsewhere(claim, work);
      if (doi == nullptr || gravest > 0) continue;
      gravest = 1;
      finding = {ClaimField::venue, Outcome::contradicted, "venue.other-publisher", claim.claim.venue,
                 doi->str(),        work.candidate};
      continue;
    }
    FieldFinding heard{ClaimField::venue, Outcome::not_compared, code_of(witness.match),
                       claim.claim.venue, witness.known,         work.candidate};
    if (witness.match == VenueMatch::same || witness.match == VenueMatch::kin) {
      heard.outcome = Outcome::agreed;
      return heard;
    }
    int gravity = 1;
    if (witness.match == VenueMatch::preprint &&
        is_of_preprint(claim, work, works, authors_are_wrong, evidence)) {
      heard.outcome = Outcome::contradicted;
      heard.code = "venue.of-other-form";
      gravity = 2;
    } else if (witness.match == VenueMatch::other && may_be_other_form(claim, work, witness)) {
      heard.code = "venue.perhaps-other-form";
      gravity = 4;
    } else if (witness.match == VenueMatch::other) {
      heard.outcome = Outcome::contradicted;
      gravity = 3;
    } else if (witness.match == VenueMatch::unclear) {
      gravity = 4;  // it may be this venue after all
    }
    if (gravity <= gravest) continue;
    gravest = gravity;
    finding = std::move(heard);
  }
  return finding;
}

}  // namespace bibsmith::bibtex
