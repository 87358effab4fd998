#include "plugin/session/claim_queries.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <set>
#include <vector>

#include "fetchers/record/query_words.hpp"

namespace bibsmith::plugin {

using bibtex::Claim;

namespace {

// All the authors, or the first three where one of the lists is cut.
bool has_authors(const Claim& claim, const Record& record) {
  constexpr std::size_t authors_min = 3;
  const std::size_t shorter = std::min(claim.authors.size(), record.authors.size());
  if (shorter < (claim.authors.size() == record.authors.size() ? 2 : authors_min)) return false;
  std::string names;
  for (const Author& author : record.authors) names += author.name + ' ';
  const std::set<std::string> known = title_words(names);
  return std::all_of(claim.authors.begin(), claim.authors.begin() + static_cast<std::ptrdiff_t>(shorter),
                     [&](const bibtex::Name& name) {
                       const std::set<std::string> family = title_words(name.family);
                       return !family.empty() && shared_words(family, known) == family.size();
                     });
}

}  // namespace

std::string two_names(const Claim& claim) {
  std::string names;
  std::size_t count = 0;
  for (const bibtex::Name& name : claim.authors) {
    if (name.is_literal() || count == 2) continue;
    std::string longest;
    for (const std::string& word : title_words(name.given + ' ' + name.family)) {
      if (word.size() > longest.size()) longest = word;
    }
    if (longest.empty()) continue;
    names += longest + ' ';
    ++count;
  }
  return names;
}

std::string words_of_authors(const Claim& claim) {
  std::string words;
  std::size_t count = 0;
  for (const bibtex::Name& name : claim.authors) {
    if (name.is_literal() || name.family.empty()) continue;
    words += name.given + ' ' + name.prefix + ' ' + name.family + ' ';
    if (++count == 2) return words;
  }
  if (count == 0) return {};
  std::vector<std::string> of_title;
  for (const std::string& word : title_words(claim.title)) {
    if (std::ranges::all_of(word, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
      of_title.push_back(word);
  }
  std::ranges::stable_sort(of_title, std::ranges::greater{}, &std::string::size);
  for (std::size_t k = 0; k < std::min<std::size_t>(of_title.size(), 2); ++k) words += of_title[k] + ' ';
  return words;
}

bool may_be_meant(const Claim& claim, const Record& record) {
  const std::set<std::string> said = title_words(claim.title);
  const std::set<std::string> known = title_words(record.title);
  if (shared_words(said, known) * 2 >= std::min(said.size(), known.size())) return true;
  return has_authors(claim, record);
}

}  // namespace bibsmith::plugin
