#include <algorithm>

#include "bibtex/normalize/published.hpp"
#include "bibtex/verify/field_findings.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

using Outcome = FieldFinding::Outcome;

// The first number or locator of "101--128", "e1004", "PP 7-9".
std::string_view first_locator(std::string_view text) {
  const auto is_part = [](char c) { return bibsmith::is_letter(c) || is_digit(c); };
  std::size_t at = 0;
  while (at < text.size() && !is_part(text[at])) ++at;
  std::size_t end = at;
  while (end < text.size() && is_part(text[end])) ++end;
  return text.substr(at, end - at);
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// Both are plain numbers, and they differ: "12" and "XII", "3" and "3-4" tell nothing.
Outcome compare_numbers(std::string_view said, std::string_view known) {
  if (said == known) return Outcome::agreed;
  return is_number(said) && is_number(known) ? Outcome::contradicted : Outcome::not_compared;
}

bool is_range(std::string_view text) {
  constexpr std::string_view en_dash = "\xE2\x80\x93";
  return text.find('-') != std::string_view::npos || text.find(en_dash) != std::string_view::npos;
}

Outcome compare_pages(std::string_view said, const Publication& known) {
  const std::string_view first = first_locator(said);
  if (first.empty()) return Outcome::not_compared;
  const std::string_view page = first_locator(known.pages);
  for (const std::string_view other : {page, first_locator(known.eid)}) {
    if (!other.empty() && same_locator(first, other)) return Outcome::agreed;
  }
  // An article number beside pages is another way to say it; page 1 is what papers have before they get
  // others.
  const bool both_pages = is_number(first) && is_number(page) && known.eid.empty() && page != "1" &&
                          first != "1" && is_range(said) && is_range(known.pages);
  return both_pages ? Outcome::contradicted : Outcome::not_compared;
}

// Preprints and other forms of the work have other pages.
const WorkMatch* same_form(const ClaimText& claim, std::span<const WorkMatch> works,
                           const FieldFinding& venue) {
  if (venue.outcome != Outcome::agreed || !venue.candidate) return nullptr;
  const auto found = std::find_if(works.begin(), works.end(),
                                  [&](const WorkMatch& work) { return work.candidate == *venue.candidate; });
  if (found == works.end() || !found->record->publication) return nullptr;
  const int year = found->record->publication->date.year;
  return year == 0 || claim.claim.year == 0 || year == claim.claim.year ? &*found : nullptr;
}

}  // namespace

std::vector<FieldFinding> judge_locators(const ClaimText& claim, std::span<const WorkMatch> works,
                                         const FieldFinding& venue) {
  std::vector<FieldFinding> findings;
  const WorkMatch* const work = same_form(claim, works, venue);
  const Publication none;
  const Publication& known = work != nullptr ? *work->record->publication : none;
  const auto add = [&](ClaimField field, const std::string& said, const std::string& value, Outcome outcome,
                       std::string_view same, std::string_view other) {
    if (said.empty()) return;
    FieldFinding finding{field, outcome, outcome == Outcome::agreed ? same : other, said, value, {}};
    if (work != nullptr && !value.empty()) finding.candidate = work->candidate;
    findings.push_back(std::move(finding));
  };
  const Claim& said = claim.claim;
  // A volume of proceedings may count the meeting or the series.
  const bool is_meeting = !claim.venue.meetings.empty();
  const Outcome volume = is_meeting ? Outcome::not_compared : compare_numbers(said.volume, known.volume);
  add(ClaimField::volume, said.volume, known.volume, volume, "volume.same",
      volume == Outcome::contradicted ? "volume.other" : "volume.unknown");
  const bool volume_agrees = volume == Outcome::agreed;
  const Outcome number =
      is_meeting || !volume_agrees ? Outcome::not_compared : compare_numbers(said.number, known.number);
  add(ClaimField::number, said.number, known.number, number, "number.same",
      number == Outcome::contradicted ? "number.other" : "number.unknown");
  const Outcome pages = compare_pages(said.pages, known);
  add(ClaimField::pages, said.pages, known.pages.empty() ? known.eid : known.pages, pages, "pages.same",
      pages == Outcome::contradicted ? "pages.other" : "pages.unknown");
  return findings;
}

}  // namespace bibsmith::bibtex
