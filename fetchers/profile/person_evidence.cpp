#include "fetchers/profile/person_evidence.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>
#include <utility>

namespace bibsmith::fetchers {

namespace {

// A person whose papers are fewer has not shown whom they work with.
constexpr double known_from_papers = 8;

void add_to(auto& counts, const auto& key, int by) {
  const auto [at, is_new] = counts.try_emplace(key, 0);
  at->second += by;
  if (at->second <= 0) counts.erase(at);
}

std::string share_text(double share) { return std::to_string(std::lround(100 * share)) + " %"; }

}  // namespace

double total_of(std::span<const PersonReason> reasons) {
  double total = 0;
  for (const PersonReason& reason : reasons) total += reason.weight;
  return total;
}

double certainty_of(double total) { return 1 / (1 + std::exp(-total)); }

PersonEvidence::PersonEvidence(std::span<const AuthoredPaper> papers, std::span<const NamedPaper> named,
                               const PersonName& wanted)
    : papers_(papers), named_(named), wanted_(wanted) {}

void PersonEvidence::add(std::size_t index) {
  ++size_;
  count(index, 1);
}

void PersonEvidence::remove(std::size_t index) {
  --size_;
  count(index, -1);
}

void PersonEvidence::count(std::size_t index, int by) {
  const AuthoredPaper& one = paper(index);
  for (const std::string& category : std::set(one.categories.begin(), one.categories.end())) {
    add_to(categories_, category, by);
  }
  if (!one.categories.empty()) add_to(areas_, area_of(one.categories.front()), by);
  if (one.submitted.known()) add_to(years_, int{one.submitted.year}, by);
  add_to(forms_, compare(wanted_, self(index)), by);
  for (const std::string& place : self(index).affiliations) add_to(places_, place, by);
  if (!self(index).orcid.empty()) add_to(orcids_, self(index).orcid, by);
  if (one.authors.size() > linking_authors_max) return;
  for (std::size_t i = 0; i < one.authors.size(); ++i) {
    if (i == named_[index].author) continue;
    const std::string key = coauthor_key(one.authors[i]);
    if (key.empty()) continue;
    add_to(coauthors_, key, by);
    auto& forms = coauthor_forms_[key];
    if (std::ranges::find(forms, one.authors[i].given, &PersonName::given) == forms.end()) {
      forms.push_back(one.authors[i]);
    }
  }
}

std::vector<PersonReason> PersonEvidence::weigh(std::span<const std::size_t> group,
                                                double linked_share) const {
  std::vector<PersonReason> reasons = {weigh_name(group), weigh_categories(group), weigh_years(group),
                                       weigh_coauthors(group, linked_share)};
  weigh_self(group, reasons);
  std::erase_if(reasons, [](const PersonReason& reason) { return reason.weight == 0; });
  return reasons;
}

// The fullest form in the group counts: a person who is known to sign in one way seldom signs in another.
PersonReason PersonEvidence::weigh_name(std::span<const std::size_t> group) const {
  NameAgreement best = NameAgreement::none;
  std::size_t of_best = group.front();
  for (const std::size_t index : group) {
    const NameAgreement form = compare(wanted_, self(index));
    if (form > best) std::tie(best, of_best) = std::pair(form, index);
  }
  const std::string& shown = self(of_best).shown;
  if (best == NameAgreement::full) {
    // A middle name tells many namesakes apart.
    const double weight = wanted_.given.size() > 1 ? 2 : 1;
    return {"name", "the name is the one that was asked for, " + shown, weight};
  }
  constexpr double of_strangers = 0.3;  // of the papers under a shorter form, those that it is the rule for
  const auto seen = forms_.find(best);
  const double share = ((seen == forms_.end() ? 0 : seen->second) + 0.5) / (static_cast<double>(size_) + 1);
  const double weight = std::clamp(std::log(share / of_strangers) - 0.25, -2.5, 1.0);
  return {"name",
          "the name is a shorter form, " + shown + ", which " +
              (seen == forms_.end() ? "no other paper has" : "other papers have too"),
          weight};
}

PersonReason PersonEvidence::weigh_categories(std::span<const std::size_t> group) const {
  double sum = 0;
  double known = 0;
  double at_home = 0;
  for (const std::size_t index : group) {
    const AuthoredPaper& one = paper(index);
    if (one.categories.empty()) continue;
    ++known;
    double share = 0;
    for (const std::string& category : one.categories) {
      const auto count = categories_.find(category);
      if (count == categories_.end()) continue;
      share = std::max(share, count->second / static_cast<double>(size_));
    }
    sum += share;
    const auto area = areas_.find(area_of(one.categories.front()));
    constexpr double neighbour_share = 0.1;
    if (area != areas_.end() && area->second >= neighbour_share * static_cast<double>(size_)) ++at_home;
  }
  if (known == 0 || size_ == 0) return {"categories", {}, 0};
  const double share = sum / known;
  const std::string& category =
      paper(group.front()).categories.empty() ? wanted_.family : paper(group.front()).categories.front();
  if (share > 0) {
    const double weight = at_home > 0 ? -0.5 + 2.5 * share : -2 + 2.5 * share;
    return {"categories",
            "categories that " + share_text(share) + " of the other papers have, as " + category, weight};
  }
  if (at_home > known / 2) {
    return {"categories", "no other paper is in " + category + ", but near it", -1.5};
  }
  return {"categories", category + " is another field", -3};
}

PersonReason PersonEvidence::weigh_years(std::span<const std::size_t> group) const {
  if (years_.empty()) return {"years", {}, 0};
  int gap_min = 1000;
  for (const std::size_t index : group) {
    const int year = paper(index).submitted.year;
    if (year == 0) return {"years", {}, 0};
    const auto next = years_.lower_bound(year);
    if (next != years_.end()) gap_min = std::min(gap_min, next->first - year);
    if (next != years_.begin()) gap_min = std::min(gap_min, year - std::prev(next)->first);
  }
  const double weight = gap_min > 20 ? -3 : gap_min > 10 ? -1.5 : gap_min > 5 ? -0.5 : 0;
  return {"years", std::to_string(gap_min) + " years from the nearest other paper", weight};
}

double PersonEvidence::weigh_coauthor(const PersonName& name, const std::string& key) const {
  if (!coauthors_.contains(key)) return 0;
  if (!is_full_key(key)) return 0.5;
  const auto forms = coauthor_forms_.find(key);
  double best = 0;
  for (const PersonName& form : forms->second) {
    const NameAgreement agreement = compare(form, name);
    best = std::max(best, agreement == NameAgreement::full   ? 2.0
                          : agreement == NameAgreement::none ? 0
                                                             : 1.0);
  }
  return best;
}

PersonReason PersonEvidence::weigh_coauthors(std::span<const std::size_t> group, double linked_share) const {
  std::map<std::string, double> shared;  // by key
  std::string shown;
  double linked = 0;
  bool has_coauthors = false;
  for (const std::size_t index : group) {
    const AuthoredPaper& one = paper(index);
    bool is_linked = false;
    for (std::size_t i = 0; i < one.authors.size() && one.authors.size() <= linking_authors_max; ++i) {
      if (i == named_[index].author) continue;
      const std::string key = coauthor_key(one.authors[i]);
      if (key.empty()) continue;
      has_coauthors = true;
      const double weight = weigh_coauthor(one.authors[i], key);
      if (weight == 0) continue;
      is_linked = true;
      if (shown.empty() || (shared.size() == 1 && shared.begin()->second < weight))
        shown = one.authors[i].shown;
      shared[key] = std::max(shared[key], weight);
    }
    linked += is_linked ? 1 : 0;
  }
  if (!has_coauthors) return {"co-authors", {}, 0};
  double weight = 0;
  for (const auto& [key, one] : shared) weight += one;
  weight = std::min(weight, 5.0);
  // Of a group, those papers speak against it that share nobody.
  const double known = std::min(1.0, static_cast<double>(size_) / known_from_papers) * linked_share;
  const double papers = static_cast<double>(group.size());
  weight -= known * (0.6 + 1.25 * std::log2(papers)) * (1 - linked / papers);
  if (shared.empty()) return {"co-authors", "no co-author of other papers is among the authors", weight};
  const std::string others = shared.size() == 1
                                 ? " is a co-author"
                                 : " and " + std::to_string(shared.size() - 1) + " more are co-authors";
  return {"co-authors", shown + others + " of other papers too", weight};
}

void PersonEvidence::weigh_self(std::span<const std::size_t> group,
                                std::vector<PersonReason>& reasons) const {
  for (const std::size_t index : group) {
    const PersonName& name = self(index);
    if (!name.orcid.empty() && !orcids_.empty()) {
      const bool is_same = orcids_.contains(name.orcid);
      reasons.push_back(
          {"orcid", is_same ? "the ORCID is the same" : "the ORCID is another", is_same ? 8.0 : -8.0});
      return;
    }
    for (const std::string& place : name.affiliations) {
      if (places_.contains(place)) {
        reasons.push_back({"affiliation", "at " + place + ", as on other papers", 2});
        return;
      }
    }
  }
}

}  // namespace bibsmith::fetchers
