#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "fetchers/profile/category_area.hpp"
#include "fetchers/profile/same_person.hpp"

namespace bibsmith::fetchers {

// What is known of a person from the papers that are surely theirs, and what it says about other papers.
// `papers` and `named` outlive it. [one thread at a time]
class PersonEvidence {
 public:
  PersonEvidence(std::span<const AuthoredPaper> papers, std::span<const NamedPaper> named,
                 const PersonName& wanted);

  // Indices into `named`.
  void add(std::size_t index);
  void remove(std::size_t index);
  std::size_t size() const { return size_; }

  // What speaks for and against the papers of a group, which is not among those added, being the person's.
  // `linked_share`: of the person's papers, how many have a co-author in common with another.
  std::vector<PersonReason> weigh(std::span<const std::size_t> group, double linked_share) const;

 private:
  PersonReason weigh_name(std::span<const std::size_t> group) const;
  PersonReason weigh_categories(std::span<const std::size_t> group) const;
  PersonReason weigh_years(std::span<const std::size_t> group) const;
  double weigh_coauthor(const PersonName& name, const std::string& key) const;
  PersonReason weigh_coauthors(std::span<const std::size_t> group, double linked_share) const;
  void weigh_self(std::span<const std::size_t> group, std::vector<PersonReason>& reasons) const;
  const AuthoredPaper& paper(std::size_t index) const { return papers_[named_[index].paper]; }
  const PersonName& self(std::size_t index) const { return paper(index).authors[named_[index].author]; }
  void count(std::size_t index, int by);

  std::span<const AuthoredPaper> papers_;
  std::span<const NamedPaper> named_;
  PersonName wanted_;
  std::size_t size_ = 0;
  std::map<std::string, int> categories_;
  std::map<CategoryArea, int> areas_;
  std::map<int, int> years_;
  std::map<NameAgreement, int> forms_;
  std::map<std::string, int> coauthors_;                           // by coauthor_key()
  std::map<std::string, std::vector<PersonName>> coauthor_forms_;  // the same; what was removed stays
  std::map<std::string, int> places_;
  std::map<std::string, int> orcids_;
};

double total_of(std::span<const PersonReason> reasons);
double certainty_of(double total);

}  // namespace bibsmith::fetchers
