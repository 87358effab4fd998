#include <algorithm>
#include <cstdlib>

#include "bibtex/verify/doi_hint.hpp"
#include "bibtex/verify/field_findings.hpp"
#include "bibtex/verify/record_text.hpp"

namespace bibsmith::bibtex {

namespace {

using Outcome = FieldFinding::Outcome;

struct KnownYear {
  int year = 0;
  std::size_t candidate = 0;
};

// Years by record: when it was there, and when the meeting was of which it is a paper.
struct KnownYears {
  std::vector<KnownYear> dates;
  std::vector<KnownYear> meetings;
};

KnownYears years_known(std::span<const WorkMatch> works) {
  KnownYears known;
  for (const WorkMatch& work : works) {
    for (const int year : years_of(*work.record)) known.dates.push_back({year, work.candidate});
    for (const VenueText& venue : venues_of(*work.record)) {
      for (const int year : years_in(venue)) known.meetings.push_back({year, work.candidate});
    }
    for (const Doi& doi : work.record->dois) {
      const DoiHint hint = doi_hint(doi);
      if (hint.year > 0)
        (hint.is_preprint ? known.dates : known.meetings).push_back({hint.year, work.candidate});
    }
  }
  return known;
}

const KnownYear* find(const std::vector<KnownYear>& years, int year) {
  const auto found =
      std::find_if(years.begin(), years.end(), [&](const KnownYear& known) { return known.year == year; });
  return found == years.end() ? nullptr : &*found;
}

const KnownYear* nearest(const std::vector<KnownYear>& years, int year) {
  const auto found =
      std::min_element(years.begin(), years.end(), [&](const KnownYear& a, const KnownYear& b) {
        return std::abs(a.year - year) < std::abs(b.year - year);
      });
  return found == years.end() ? nullptr : &*found;
}

}  // namespace

FieldFinding judge_year(const ClaimText& claim, std::span<const WorkMatch> works,
                        std::span<const FieldFinding> others, const JudgeOptions& options) {
  const int said = claim.claim.year;
  FieldFinding finding{ClaimField::year, Outcome::not_compared, "year.unknown", std::to_string(said), {}, {}};
  const auto set = [&](Outcome outcome, std::string_view code, const KnownYear* known) {
    finding.outcome = outcome;
    finding.code = code;
    if (known != nullptr) {
      finding.known = std::to_string(known->year);
      finding.candidate = known->candidate;
    }
    return finding;
  };
  const auto is_wrong = [](const FieldFinding& other) { return other.outcome == Outcome::contradicted; };
  const bool rest_fits = std::none_of(others.begin(), others.end(), is_wrong);
  // Other people's names on a preprint that was found by its DOI say nothing of the year.
  const bool is_right_preprint = claim.venue.is_preprint_server && works.front().is_own() &&
                                 std::none_of(others.begin(), others.end(), [&](const FieldFinding& other) {
                                   return other.field == ClaimField::venue && is_wrong(other);
                                 });
  const KnownYears known = years_known(works);
  if (const KnownYear* const meeting = find(known.meetings, said))
    return set(Outcome::agreed, "year.same", meeting);
  if (options.this_year > 0 && said > options.this_year + 1)
    return set(Outcome::contradicted, "year.future", nearest(known.dates, said));
  const KnownYear* const date = find(known.dates, said);
  if (std::any_of(others.begin(), others.end(),
                  [](const FieldFinding& other) { return other.code == "venue.perhaps-other-form"; })) {
    if (date == nullptr)
      return set(Outcome::not_compared, "year.perhaps-other-form", nearest(known.dates, said));
  }
  if (!known.meetings.empty()) {
    const KnownYear* const other = nearest(known.meetings, said);
    // Proceedings appear after the meeting; indexes date some papers before it.
    if (date != nullptr && (said > other->year || rest_fits)) return set(Outcome::agreed, "year.same", date);
    return set(Outcome::contradicted, "year.other-meeting", other);
  }
  if (date != nullptr) return set(Outcome::agreed, "year.same", date);
  const KnownYear* const other = nearest(known.dates, said);
  if (other == nullptr) return finding;
  // Online or submitted in one year, in print or published in the next.
  if (std::abs(said - other->year) <= 1 && (rest_fits || is_right_preprint))
    return set(Outcome::agreed, "year.off-by-one", other);
  return set(Outcome::contradicted, "year.other", other);
}

}  // namespace bibsmith::bibtex
