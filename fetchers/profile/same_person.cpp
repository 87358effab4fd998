#include "fetchers/profile/same_person.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "fetchers/profile/person_evidence.hpp"

namespace bibsmith::fetchers {

namespace {

using Group = std::vector<std::size_t>;  // of indices into the named papers

// Namesakes are told apart so far; what is left are groups by themselves.
constexpr std::size_t namesakes_merged_max = 30;
// Groups that are so clearly the person's that they need not wait for one another.
constexpr double clear_from = 2.5;
constexpr std::size_t rounds_of_wanted_max = 200;
constexpr std::size_t rounds_of_namesake_max = 3;

class Attribution {
 public:
  Attribution(std::span<const AuthoredPaper> papers, std::vector<NamedPaper> named, const PersonName& wanted,
              const Corrections& corrections)
      : papers_(papers), named_(std::move(named)), wanted_(wanted), corrections_(corrections) {}

  std::vector<PersonPapers> people() {
    std::vector<Group> left = coauthor_groups(papers_, named_);
    take_out_corrected(left);
    std::vector<PersonPapers> people;
    people.push_back(result_of(next_person(left, true)));
    std::vector<Group> namesakes;
    while (!left.empty() && namesakes.size() < namesakes_merged_max) {
      namesakes.push_back(next_person(left, false));
    }
    namesakes.insert(namesakes.end(), left.begin(), left.end());
    for (const std::size_t index : denied_) namesakes.push_back({index});
    std::ranges::stable_sort(namesakes, [](const Group& a, const Group& b) { return a.size() > b.size(); });
    for (const Group& group : namesakes) people.push_back(result_of(group));
    return people;
  }

 private:
  const std::string& id_of(std::size_t index) const { return papers_[named_[index].paper].id; }

  // What the user said needs no evidence: denied papers are nobody's we look for, and confirmed ones begin
  // the person.
  void take_out_corrected(std::vector<Group>& groups) {
    for (Group& group : groups) {
      std::erase_if(group, [&](std::size_t index) {
        const bool is_denied = corrections_.not_theirs.contains(id_of(index));
        if (is_denied) denied_.push_back(index);
        return is_denied;
      });
    }
    std::erase_if(groups, [](const Group& group) { return group.empty(); });
  }

  bool is_confirmed(const Group& group) const {
    return std::ranges::any_of(group,
                               [&](std::size_t index) { return corrections_.theirs.contains(id_of(index)); });
  }

  CategoryArea area_of_paper(std::size_t index) const {
    const auto& categories = papers_[named_[index].paper].categories;
    return categories.empty() ? CategoryArea::unknown : area_of(categories.front());
  }

  bool is_in_full(std::size_t index) const { return compare(wanted_, name_at(index)) == NameAgreement::full; }

  // The largest group of the area in which the name stands in full most often.
  std::size_t seed_of(const std::vector<Group>& groups) const {
    std::map<CategoryArea, std::size_t> in_full;
    for (const Group& group : groups) {
      for (const std::size_t index : group) in_full[area_of_paper(index)] += is_in_full(index) ? 1u : 0u;
    }
    const auto rank = [&](const Group& group) {
      std::size_t area = 0;
      std::size_t full = 0;
      for (const std::size_t index : group) {
        full += is_in_full(index) ? 1u : 0u;
        area = std::max(area, in_full[area_of_paper(index)]);
      }
      return std::tuple(full == 0 ? 0 : area, full, group.size());
    };
    std::size_t best = 0;
    for (std::size_t i = 1; i < groups.size(); ++i) {
      if (rank(groups[i]) > rank(groups[best])) best = i;
    }
    return best;
  }

  static void take(std::vector<Group>& groups, std::size_t which, Group& person) {
    person.insert(person.end(), groups[which].begin(), groups[which].end());
    groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(which));
  }

  // Takes the groups of one person out of `left`.
  Group next_person(std::vector<Group>& left, bool is_wanted) const {
    Group person;
    if (left.empty()) return person;
    if (is_wanted) {
      for (std::size_t i = left.size(); i-- > 0;) {
        if (is_confirmed(left[i])) take(left, i, person);
      }
    }
    if (person.empty()) take(left, seed_of(left), person);
    // Of namesakes a rough picture will do: their groups need not wait for one another.
    const std::size_t rounds_max = is_wanted ? rounds_of_wanted_max : rounds_of_namesake_max;
    std::size_t rounds = 0;
    while (rounds++ < rounds_max && absorb(left, person, is_wanted ? clear_from : 0)) {
    }
    return person;
  }

  // One round of step 3: the groups with evidence of `clear` or more, else the best with any.
  bool absorb(std::vector<Group>& left, Group& person, double clear) const {
    PersonEvidence evidence(papers_, named_, wanted_);
    for (const std::size_t index : person) evidence.add(index);
    const double linked = linked_share(person);
    const auto forms = forms_of(person);
    std::vector<std::pair<double, std::size_t>> joining;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (excludes(left[i], forms)) continue;
      const double total = total_of(evidence.weigh(left[i], linked));
      if (total > 0) joining.emplace_back(total, i);
    }
    if (joining.empty()) return false;
    const auto best = std::ranges::max_element(joining);
    if (best->first < clear) {
      take(left, best->second, person);
      return true;
    }
    for (auto one = joining.rbegin(); one != joining.rend(); ++one) {
      // Two clear groups may still exclude each other.
      if (one->first < clear || excludes(left[one->second], forms_of(person))) continue;
      take(left, one->second, person);
    }
    return true;
  }

  const PersonName& name_at(std::size_t index) const {
    return papers_[named_[index].paper].authors[named_[index].author];
  }

  // One of each form.
  std::vector<const PersonName*> forms_of(const Group& group) const {
    std::vector<const PersonName*> forms;
    for (const std::size_t index : group) {
      const PersonName& name = name_at(index);
      const bool is_known =
          std::ranges::any_of(forms, [&](const PersonName* form) { return form->given == name.given; });
      if (!is_known) forms.push_back(&name);
    }
    return forms;
  }

  // Jason D. and Jason B. are two people, though Jason may be either.
  bool excludes(const Group& group, const std::vector<const PersonName*>& forms) const {
    return std::ranges::any_of(group, [&](std::size_t index) {
      return std::ranges::any_of(forms, [&](const PersonName* form) {
        return compare(name_at(index), *form) == NameAgreement::none;
      });
    });
  }

  double linked_share(const Group& person) const {
    std::map<std::string, std::set<std::size_t>> by_coauthor;
    for (const std::size_t index : person) {
      const AuthoredPaper& paper = papers_[named_[index].paper];
      for (std::size_t i = 0; i < paper.authors.size() && paper.authors.size() <= linking_authors_max; ++i) {
        if (i == named_[index].author) continue;
        if (const auto key = coauthor_key(paper.authors[i]); is_full_key(key)) by_coauthor[key].insert(index);
      }
    }
    std::set<std::size_t> linked;
    for (const auto& [key, indices] : by_coauthor) {
      if (indices.size() > 1) linked.insert(indices.begin(), indices.end());
    }
    return static_cast<double>(linked.size()) / static_cast<double>(person.size());
  }

  PersonPapers result_of(Group group) const {
    PersonPapers result;
    if (group.empty()) return result;
    std::ranges::sort(group);
    PersonEvidence evidence(papers_, named_, wanted_);
    for (const std::size_t index : group) evidence.add(index);
    const double linked = linked_share(group);
    for (const std::size_t index : group) {
      AttributedPaper paper{named_[index], 0.5, {}};
      if (corrections_.theirs.contains(id_of(index)) || corrections_.not_theirs.contains(id_of(index))) {
        paper.certainty = 1;
        paper.reasons = {{"user", "you said so", 8}};
      } else {
        evidence.remove(index);
        const std::size_t alone[] = {index};
        if (evidence.size() > 0) paper.reasons = evidence.weigh(alone, linked);
        evidence.add(index);
        paper.certainty = certainty_of(total_of(paper.reasons));
      }
      result.papers.push_back(std::move(paper));
    }
    return result;
  }

  std::span<const AuthoredPaper> papers_;
  std::vector<NamedPaper> named_;
  const PersonName& wanted_;
  const Corrections& corrections_;
  std::vector<std::size_t> denied_;
};

}  // namespace

std::vector<NamedPaper> papers_of_name(std::span<const AuthoredPaper> papers, const PersonName& wanted) {
  std::vector<NamedPaper> named;
  for (std::size_t i = 0; i < papers.size(); ++i) {
    NameAgreement best = NameAgreement::none;
    std::size_t author = 0;
    for (std::size_t j = 0; j < papers[i].authors.size(); ++j) {
      const NameAgreement agreement = compare(wanted, papers[i].authors[j]);
      if (agreement > best) {
        best = agreement;
        author = j;
      }
    }
    if (best != NameAgreement::none) named.push_back({i, author});
  }
  return named;
}

std::vector<PersonPapers> tell_apart(std::span<const AuthoredPaper> papers, const PersonName& wanted,
                                     const Corrections& corrections) {
  return Attribution(papers, papers_of_name(papers, wanted), wanted, corrections).people();
}

}  // namespace bibsmith::fetchers
