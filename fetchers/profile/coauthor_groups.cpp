#include "fetchers/profile/coauthor_groups.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "fetchers/profile/category_area.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr double joined_from = 2;
constexpr double known_joined_from = 4;
constexpr std::size_t known_from_papers = 4;
// A co-author of more papers than that links each only to the next, so that work stays bounded.
constexpr std::size_t pairs_of_papers_max = 200;

struct Link {
  double weight = 0;
  std::size_t a = 0;
  std::size_t b = 0;
};

double category_weight(const AuthoredPaper& a, const AuthoredPaper& b) {
  if (a.categories.empty() || b.categories.empty()) return 0;
  for (const std::string& category : a.categories) {
    if (std::ranges::find(b.categories, category) != b.categories.end()) return 0.5;
  }
  return area_of(a.categories.front()) == area_of(b.categories.front()) ? 0 : -1.5;
}

double year_weight(const AuthoredPaper& a, const AuthoredPaper& b) {
  if (!a.submitted.known() || !b.submitted.known()) return 0;
  const int years = std::abs(a.submitted.year - b.submitted.year);
  return years > 15 ? -1 : years > 8 ? -0.5 : 0;
}

double self_weight(const PersonName& a, const PersonName& b) {
  if (!a.orcid.empty() && a.orcid == b.orcid) return 4;
  for (const std::string& affiliation : a.affiliations) {
    if (std::ranges::find(b.affiliations, affiliation) != b.affiliations.end()) return 2;
  }
  return 0;
}

// Disjoint sets that know which names and ORCIDs they hold.
class Groups {
 public:
  Groups(std::span<const AuthoredPaper> papers, std::span<const NamedPaper> named)
      : parents_(named.size()), sizes_(named.size(), 1) {
    std::iota(parents_.begin(), parents_.end(), std::size_t{0});
    for (const NamedPaper& one : named) names_.push_back({&papers[one.paper].authors[one.author]});
  }

  std::size_t root(std::size_t i) {
    while (parents_[i] != i) i = parents_[i] = parents_[parents_[i]];
    return i;
  }

  void join(const Link& link) {
    const std::size_t a = root(link.a);
    const std::size_t b = root(link.b);
    if (a == b || exclude_each_other(a, b)) return;
    // One common name does not make one person of two who have papers enough to be known by.
    const bool are_known = std::min(sizes_[a], sizes_[b]) >= known_from_papers;
    if (are_known && link.weight < known_joined_from) return;
    parents_[b] = a;
    sizes_[a] += sizes_[b];
    for (const PersonName* name : names_[b]) {
      // One of each form is enough.
      const bool is_known = std::ranges::any_of(names_[a], [&](const PersonName* other) {
        return other->given == name->given && other->orcid == name->orcid;
      });
      if (!is_known) names_[a].push_back(name);
    }
  }

 private:
  bool exclude_each_other(std::size_t a, std::size_t b) const {
    for (const PersonName* one : names_[a]) {
      for (const PersonName* other : names_[b]) {
        if (compare(*one, *other) == NameAgreement::none) return true;
        if (!one->orcid.empty() && !other->orcid.empty() && one->orcid != other->orcid) return true;
      }
    }
    return false;
  }

  std::vector<std::size_t> parents_;
  std::vector<std::size_t> sizes_;
  std::vector<std::vector<const PersonName*>> names_;
};

// Somebody in a paper who may link it to others: the index of the paper among the named, and the name.
struct Occurrence {
  std::size_t named = 0;
  const PersonName* name = nullptr;
};

struct Shared {
  std::size_t full = 0;
  std::size_t partial = 0;
  std::size_t initials = 0;

  void add(NameAgreement agreement) {
    if (agreement == NameAgreement::full) ++full;
    if (agreement == NameAgreement::partial) ++partial;
    if (agreement == NameAgreement::initials) ++initials;
  }
  double weight() const {
    return (full > 0 ? 2 + static_cast<double>(full) : 0) + 1.5 * static_cast<double>(partial) +
           static_cast<double>(initials);
  }
};

using Occurrences = std::map<std::string, std::vector<Occurrence>>;

// By coauthor_key(). One paper has each key once.
Occurrences coauthors_of(std::span<const AuthoredPaper> papers, std::span<const NamedPaper> named) {
  Occurrences out;
  for (std::size_t i = 0; i < named.size(); ++i) {
    const AuthoredPaper& paper = papers[named[i].paper];
    if (paper.authors.size() > linking_authors_max) continue;
    for (std::size_t j = 0; j < paper.authors.size(); ++j) {
      if (j == named[i].author) continue;
      const std::string key = coauthor_key(paper.authors[j]);
      if (key.empty()) continue;
      auto& list = out[key];
      if (list.empty() || list.back().named != i) list.push_back({i, &paper.authors[j]});
    }
  }
  return out;
}

// By what the author of the name has of their own, an ORCID or an affiliation.
Occurrences selves_of(std::span<const AuthoredPaper> papers, std::span<const NamedPaper> named) {
  Occurrences out;
  for (std::size_t i = 0; i < named.size(); ++i) {
    const PersonName& self = papers[named[i].paper].authors[named[i].author];
    if (!self.orcid.empty()) out[self.orcid].push_back({i, &self});
    for (const std::string& place : self.affiliations) out[place].push_back({i, &self});
  }
  return out;
}

// Calls with each two papers that have something in common.
void for_each_pair(const Occurrences& occurrences, const auto& visit) {
  for (const auto& [key, list] : occurrences) {
    const std::size_t reach = list.size() > pairs_of_papers_max ? 1 : list.size();
    for (std::size_t i = 0; i < list.size(); ++i) {
      for (std::size_t j = i + 1; j < list.size() && j - i <= reach; ++j) visit(key, list[i], list[j]);
    }
  }
}

std::vector<Link> links_of(std::span<const AuthoredPaper> papers, std::span<const NamedPaper> named) {
  std::map<std::pair<std::size_t, std::size_t>, Shared> shared;
  for_each_pair(coauthors_of(papers, named),
                [&](const std::string& key, const Occurrence& a, const Occurrence& b) {
                  const NameAgreement agreement = compare(*a.name, *b.name);
                  // Two people who are both J. Smith may be two.
                  const bool is_known = agreement != NameAgreement::full || is_full_key(key);
                  shared[{a.named, b.named}].add(is_known ? agreement : NameAgreement::initials);
                });
  for_each_pair(selves_of(papers, named), [&](const std::string&, const Occurrence& a, const Occurrence& b) {
    shared.try_emplace({a.named, b.named});
  });
  std::vector<Link> links;
  for (const auto& [pair, count] : shared) {
    const NamedPaper& one = named[pair.first];
    const NamedPaper& other = named[pair.second];
    const AuthoredPaper& a = papers[one.paper];
    const AuthoredPaper& b = papers[other.paper];
    const double weight = count.weight() + self_weight(a.authors[one.author], b.authors[other.author]) +
                          category_weight(a, b) + year_weight(a, b);
    if (weight >= joined_from) links.push_back({weight, pair.first, pair.second});
  }
  std::ranges::stable_sort(links, [](const Link& a, const Link& b) { return a.weight > b.weight; });
  return links;
}

}  // namespace

std::vector<std::vector<std::size_t>> coauthor_groups(std::span<const AuthoredPaper> papers,
                                                      std::span<const NamedPaper> named) {
  Groups sets(papers, named);
  for (const Link& link : links_of(papers, named)) sets.join(link);
  std::map<std::size_t, std::vector<std::size_t>> by_root;
  for (std::size_t i = 0; i < named.size(); ++i) by_root[sets.root(i)].push_back(i);
  std::vector<std::vector<std::size_t>> groups;
  for (auto& [root, members] : by_root) groups.push_back(std::move(members));
  std::ranges::stable_sort(groups, [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return groups;
}

}  // namespace bibsmith::fetchers
