#include "plugin/session/author_search.hpp"

#include <algorithm>

#include "bibtex/model/unicode.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::plugin {

namespace {

using fetchers::SearchField;
using fetchers::SearchQuery;

// The words of a given name: "Jean-Pierre" is one.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    if (c == ' ') {
      if (!word.empty()) words.push_back(std::exchange(word, {}));
    } else {
      word += c;
    }
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

// "J." of "Jason"; what begins with no ASCII letter stays.
std::string initial_of(const std::string& word) {
  return is_letter(word.front()) ? std::string(1, word.front()) + '.' : word;
}

void add_forms(std::vector<std::string>& forms, const std::string& given, const std::string& family) {
  const auto add = [&](const std::string& form) {
    if (std::ranges::find(forms, form) == forms.end()) forms.push_back(form);
  };
  const std::vector<std::string> words = words_of(given);
  if (words.empty()) return add(family);
  add(given + ' ' + family);
  std::string spaced;
  std::string close;
  for (const std::string& word : words) {
    spaced += initial_of(word) + ' ';
    close += initial_of(word);
  }
  const bool is_first_whole = words.front().size() > 2 || !words.front().ends_with('.');
  add(spaced + family);
  add(close + ' ' + family);
  if (words.size() > 1 && is_first_whole) {
    add(words.front() + ' ' + family);
    std::string middle_initials = words.front();
    for (std::size_t i = 1; i < words.size(); ++i) middle_initials += ' ' + initial_of(words[i]);
    add(middle_initials + ' ' + family);
  }
  add(family + ' ' + given);
}

}  // namespace

std::vector<std::string> search_forms(const bibtex::Name& name) {
  std::vector<std::string> forms;
  if (name.is_literal()) return {name.literal};
  const std::string family = name.prefix.empty() ? name.family : name.prefix + ' ' + name.family;
  add_forms(forms, name.given, family);
  add_forms(forms, bibtex::to_plain_latin(name.given), bibtex::to_plain_latin(family));
  return forms;
}

std::optional<SearchQuery> search_for_names(std::span<const std::string> names) {
  std::optional<SearchQuery> query;
  for (const std::string& name : names) {
    const auto part = SearchQuery::phrase(SearchField::author, name);
    if (part) query = query ? SearchQuery::either(*query, *part) : *part;
  }
  return query;
}

std::optional<SearchQuery> search_for_person(const bibtex::Name& name) {
  auto query = search_for_names(search_forms(name));
  const std::vector<std::string> given = words_of(name.given);
  if (!query || given.size() != 1 || given.front().size() < 3) return query;
  // A middle name that was not told stands between the words of every phrase.
  const auto words = SearchQuery::words(SearchField::author, given.front() + ' ' + name.family);
  return words ? SearchQuery::either(*query, *words) : *query;
}

bool is_author_id(std::string_view text) {
  const std::size_t number = text.rfind('_');
  if (number == text.npos || number < 3 || number + 1 == text.size()) return false;
  if (!std::ranges::all_of(text.substr(number + 1), is_digit)) return false;
  const std::string_view name = text.substr(0, number);
  const auto is_name_byte = [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '-'; };
  return std::ranges::all_of(name, is_name_byte) && name.find('_') != name.npos && name.front() != '_' &&
         name.back() != '_';
}

}  // namespace bibsmith::plugin
