#include "fetchers/profile/author_profile.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace bibsmith::fetchers {

namespace {

using Counts = std::map<std::string, std::size_t>;

std::vector<NamedCount> most_first(const Counts& counts) {
  std::vector<NamedCount> list;
  for (const auto& [name, count] : counts) list.push_back({name, count});
  std::ranges::stable_sort(list, [](const NamedCount& a, const NamedCount& b) { return a.count > b.count; });
  return list;
}

void measure(Measured& measured, std::uint32_t value) {
  if (value == 0) return;
  ++measured.papers;
  measured.total += value;
  measured.most = std::max(measured.most, value);
}

// Co-authors by name. Forms that agree in full ("Simon S. Du", "Simon Shaolei Du") are one person's; so is a
// shorter form that agrees with one person alone.
class CoAuthors {
 public:
  void add(const PersonName& name, std::int16_t year) {
    const auto [at, is_new] = forms_.try_emplace(name.shown);
    Form& form = at->second;
    if (is_new) form.name = &name;
    ++form.papers;
    if (year == 0) return;
    form.first_year = form.first_year == 0 ? year : std::min(form.first_year, year);
    form.last_year = std::max(form.last_year, year);
  }

  std::vector<CoAuthor> list() const {
    // Longer forms first, so that the shorter find them.
    std::vector<const Form*> forms;
    for (const auto& [shown, form] : forms_) forms.push_back(&form);
    std::ranges::stable_sort(
        forms, [](const Form* a, const Form* b) { return letters_of(*a->name) > letters_of(*b->name); });
    std::map<std::string, std::vector<std::size_t>> by_family;
    std::vector<std::vector<const Form*>> people;
    for (const Form* form : forms) {
      std::vector<std::size_t>& of_family = by_family[form->name->family];
      const std::size_t same = person_of(*form, people, of_family);
      if (same == people.size()) {
        of_family.push_back(same);
        people.emplace_back();
      }
      people[same].push_back(form);
    }
    std::vector<CoAuthor> out;
    for (const auto& person : people) out.push_back(joined(person));
    std::ranges::stable_sort(out, [](const CoAuthor& a, const CoAuthor& b) {
      return a.papers != b.papers ? a.papers > b.papers : a.name < b.name;
    });
    return out;
  }

 private:
  struct Form {
    const PersonName* name = nullptr;
    std::size_t papers = 0;
    std::int16_t first_year = 0;
    std::int16_t last_year = 0;
  };

  static std::size_t letters_of(const PersonName& name) {
    std::size_t letters = 0;
    for (const std::string& word : name.given) letters += word.size();
    return letters;
  }

  // The index of the one person that the form may be; people.size(): none, or several.
  static std::size_t person_of(const Form& form, const std::vector<std::vector<const Form*>>& people,
                               const std::vector<std::size_t>& of_family) {
    std::size_t found = people.size();
    for (const std::size_t index : of_family) {
      const bool agrees = std::ranges::all_of(people[index], [&](const Form* known) {
        return compare(*known->name, *form.name) != NameAgreement::none;
      });
      if (!agrees) continue;
      if (found != people.size()) return people.size();
      found = index;
    }
    return found;
  }

  static CoAuthor joined(const std::vector<const Form*>& forms) {
    CoAuthor out;
    out.name = forms.front()->name->shown;
    for (const Form* form : forms) {
      out.forms.push_back(form->name->shown);
      out.papers += form->papers;
      if (form->first_year == 0) continue;
      out.first_year = out.first_year == 0 ? form->first_year : std::min(out.first_year, form->first_year);
      out.last_year = std::max(out.last_year, form->last_year);
    }
    return out;
  }

  std::map<std::string, Form> forms_;  // by the name as it is shown
};

std::vector<NamedCount> years_of(const std::map<int, std::size_t>& counts) {
  std::vector<NamedCount> years;
  if (counts.empty()) return years;
  for (int year = counts.begin()->first; year <= counts.rbegin()->first; ++year) {
    const auto count = counts.find(year);
    years.push_back({std::to_string(year), count == counts.end() ? 0 : count->second});
  }
  return years;
}

}  // namespace

AuthorProfile profile_of(std::span<const AuthoredPaper> papers, std::span<const NamedPaper> theirs) {
  AuthorProfile profile;
  Counts forms;
  Counts places;
  Counts fields;
  for (const NamedPaper& one : theirs) {
    const AuthoredPaper& paper = papers[one.paper];
    if (one.author < paper.authors.size()) {
      const PersonName& self = paper.authors[one.author];
      ++forms[self.shown];
      for (const std::string& place : self.affiliations) ++places[place];
      if (profile.orcid.empty()) profile.orcid = self.orcid;
    }
    if (!paper.categories.empty()) ++fields[paper.categories.front()];
    if (!paper.submitted.known()) continue;
    if (!profile.first.known() || paper.submitted < profile.first) profile.first = paper.submitted;
    profile.last = std::max(profile.last, paper.submitted);
  }
  profile.name_forms = most_first(forms);
  profile.affiliations = most_first(places);
  profile.fields = most_first(fields);
  for (const NamedCount& form : profile.name_forms) {
    const bool is_better = profile.name.empty() || (form.count == profile.name_forms.front().count &&
                                                    form.name.size() > profile.name.size());
    if (is_better) profile.name = form.name;
  }
  return profile;
}

AuthorStatistics statistics_of(std::span<const AuthoredPaper> papers, std::span<const NamedPaper> theirs) {
  AuthorStatistics statistics;
  std::map<int, std::size_t> years;
  Counts categories;
  Counts venues;
  CoAuthors co_authors;
  for (const NamedPaper& one : theirs) {
    const AuthoredPaper& paper = papers[one.paper];
    ++statistics.papers;
    if (paper.submitted.known()) ++years[paper.submitted.year];
    for (const std::string& category : paper.categories) ++categories[category];
    measure(statistics.authors, static_cast<std::uint32_t>(paper.authors.size()));
    if (paper.authors.size() == 1) ++statistics.alone;
    for (std::size_t i = 0; i < paper.authors.size(); ++i) {
      if (i != one.author && !paper.authors[i].is_organisation) {
        co_authors.add(paper.authors[i], paper.submitted.year);
      }
    }
    measure(statistics.pages, paper.pages);
    measure(statistics.versions, paper.versions);
    if (paper.versions > 1) ++statistics.revised;
    if (paper.is_published) ++statistics.published;
    if (paper.is_withdrawn) ++statistics.withdrawn;
    if (!paper.venue.empty()) ++venues[paper.venue];
  }
  statistics.years = years_of(years);
  statistics.categories = most_first(categories);
  statistics.co_authors = co_authors.list();
  statistics.venues = most_first(venues);
  return statistics;
}

}  // namespace bibsmith::fetchers
