#include "bibtex/verify/authors.hpp"

#include <algorithm>
#include <cstdlib>

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

// For each name of the reference the place of that person in the record, or none.
struct Places {
  std::vector<std::size_t> of_said;
  std::vector<bool> taken;  // of the record
  bool is_misspelt = false;
  std::vector<bool> is_variant;  // of said
};

Places find_places(std::span<const PersonText> said, std::span<const PersonText> known) {
  Places places;
  places.of_said.assign(said.size(), none);
  places.taken.assign(known.size(), false);
  places.is_variant.assign(said.size(), false);
  // Long lists differ by shifts, not by any order: what is far away is not looked for.
  constexpr std::size_t all_compared_max = 60;
  constexpr std::size_t window = 30;
  const bool is_long = said.size() > all_compared_max && known.size() > all_compared_max;
  const auto take = [&](std::size_t i, std::size_t j) {
    if (j >= known.size() || places.taken[j]) return false;
    const PersonMatch match = compare_persons(said[i], known[j]);
    // A variant is no match by itself; in its place among others that match it may be one.
    if (match == PersonMatch::other || (match == PersonMatch::variant && i != j)) return false;
    places.is_variant[i] = match == PersonMatch::variant;
    places.of_said[i] = j;
    places.taken[j] = true;
    places.is_misspelt = places.is_misspelt || match == PersonMatch::misspelt;
    return true;
  };
  for (std::size_t i = 0; i < said.size(); ++i) take(i, i);
  for (std::size_t i = 0; i < said.size(); ++i) {
    if (places.of_said[i] != none) continue;
    const std::size_t begin = is_long && i > window ? i - window : 0;
    const std::size_t end = is_long ? std::min(known.size(), i + window) : known.size();
    for (std::size_t j = begin; j < end && !take(i, j); ++j) continue;
  }
  return places;
}

// "Misha Belkin" for Mikhail Belkin is believed where the others of the list are right; else it is another
// one.
void drop_variants(Places& places) {
  const auto variants =
      static_cast<std::size_t>(std::count(places.is_variant.begin(), places.is_variant.end(), true));
  const auto found = static_cast<std::size_t>(std::count_if(places.of_said.begin(), places.of_said.end(),
                                                            [](std::size_t place) { return place != none; }));
  constexpr std::size_t right_for_a_variant = 2;
  if (variants * right_for_a_variant + variants <= found) return;
  for (std::size_t i = 0; i < places.of_said.size(); ++i) {
    if (!places.is_variant[i]) continue;
    places.taken[places.of_said[i]] = false;
    places.of_said[i] = none;
  }
}

bool is_sorted_by_family(std::span<const PersonText> people) {
  return people.size() > 1 && std::is_sorted(people.begin(), people.end(), [](const auto& a, const auto& b) {
           return a.sort_name < b.sort_name;
         });
}

// An organisation beside people is named by some and not by others.
std::vector<PersonText> people_of(std::span<const PersonText> list) {
  std::vector<PersonText> people;
  for (const PersonText& person : list.first(std::min(list.size(), authors_judged_max))) {
    if (!person.is_literal && !person.letters.empty()) people.push_back(person);
  }
  return people;
}

bool has_literals(std::span<const PersonText> list) {
  return std::any_of(list.begin(), list.end(), [](const PersonText& person) { return person.is_literal; });
}

AuthorsMatch match_of(const Places& places, std::span<const PersonText> said, bool others,
                      std::span<const PersonText> known, const AuthorsComparison& found) {
  const bool in_order = std::is_sorted(places.of_said.begin(), places.of_said.end());
  if (found.wrong.empty()) {
    const bool leading = in_order && (said.empty() || places.of_said.back() + 1 == said.size());
    if (!in_order && is_sorted_by_family(known) && (said.size() == known.size() || others))
      return AuthorsMatch::record_sorted;
    if (!in_order) return said.size() == known.size() || others ? AuthorsMatch::order : AuthorsMatch::missing;
    if (!leading) {
      // "A, ..., Z and others" of a list that the record sorted.
      if (others && is_sorted_by_family(known)) return AuthorsMatch::record_sorted;
      return AuthorsMatch::missing;
    }
    if (said.size() == known.size()) return places.is_misspelt ? AuthorsMatch::misspelt : AuthorsMatch::same;
    if (places.is_misspelt) return AuthorsMatch::misspelt;
    return others ? AuthorsMatch::others : AuthorsMatch::cut;
  }
  // The record ends where it still agrees.
  const bool record_leads =
      said.size() > known.size() && found.shared == known.size() && found.wrong.front() == known.size();
  constexpr std::size_t names_of_a_cut_min = 3;
  if (record_leads && known.size() >= names_of_a_cut_min) return AuthorsMatch::record_cut;
  return found.shared == known.size() ? AuthorsMatch::extra : AuthorsMatch::other;
}

}  // namespace

bool AuthorsComparison::share_half() const {
  const std::size_t shorter = std::min(said, known);
  return shorter > 0 && 2 * shared >= shorter;
}

AuthorsComparison compare_authors(std::span<const PersonText> said, bool others,
                                  std::span<const PersonText> known) {
  AuthorsComparison result;
  if (has_literals(said) != has_literals(known)) {
    const std::vector<PersonText> said_people = people_of(said);
    const std::vector<PersonText> known_people = people_of(known);
    // A collaboration alone stands for all its members.
    if (said_people.empty() || known_people.empty()) return result;
    return compare_authors(said_people, others, known_people);
  }
  if (said.size() > authors_judged_max || known.size() > authors_judged_max) {
    const bool same_length = said.size() == known.size();
    others = others || (same_length || said.size() > authors_judged_max);
    said = said.first(std::min(said.size(), authors_judged_max));
    known = known.first(std::min(known.size(), authors_judged_max));
  }
  result.said = said.size();
  result.known = known.size();
  if (said.empty() || known.empty()) return result;
  Places places = find_places(said, known);
  drop_variants(places);
  for (std::size_t i = 0; i < said.size(); ++i) {
    if (places.of_said[i] == none) {
      result.wrong.push_back(i);
    } else {
      ++result.shared;
    }
  }
  for (std::size_t j = 0; j < known.size(); ++j) {
    if (!places.taken[j]) result.missing.push_back(j);
  }
  result.first_same = places.of_said.front() == 0;
  result.match = match_of(places, said, others, known, result);
  for (std::size_t& i : result.wrong) i = said[i].place;
  for (std::size_t& j : result.missing) j = known[j].place;
  return result;
}

}  // namespace bibsmith::bibtex
