#include "fetchers/index/query_filter.hpp"

#include <algorithm>
#include <string_view>

#include "fetchers/record/key_words.hpp"

namespace bibsmith::fetchers {

namespace {

bool has_word(std::string_view key, const std::vector<std::string>& forms) {
  const auto words = key_words(key);
  return std::ranges::any_of(forms, [&](const std::string& form) {
    return std::ranges::find(words, std::string_view(form)) != words.end();
  });
}

bool in_category(const std::vector<std::string>& categories, std::string_view wanted) {
  const bool is_prefix = wanted.ends_with('*');
  if (is_prefix) wanted.remove_suffix(1);
  return std::ranges::any_of(categories, [&](std::string_view category) {
    return is_prefix ? category.starts_with(wanted) : category == wanted;
  });
}

// A date of which month or day is unknown stands for all of it.
Date with_gaps_filled(Date date, std::uint8_t month, std::uint8_t day) {
  if (date.month == 0) date.month = month;
  if (date.day == 0) date.day = day;
  return date;
}

}  // namespace

bool QueryFilter::matches(const Record& record) const {
  if (!query_.category.empty() && !in_category(record.categories, query_.category)) return false;
  if (query_.from.known() && record.published < with_gaps_filled(query_.from, 1, 1)) return false;
  if (query_.to.known() && record.published > with_gaps_filled(query_.to, 12, 31)) return false;
  const std::string title = read_title_(record.title);
  std::string names;
  for (const Author& author : record.authors) names += author.name + ' ';
  names = read_title_(names);
  for (const WordForms& word : words_) {
    if (!has_word(title, word.title) && !has_word(names, word.author)) return false;
  }
  if (query_.abstract.empty()) return true;
  const std::string abstract = read_title_(record.abstract);
  const std::string wanted = read_title_(query_.abstract);
  for (const std::string_view word : key_words(wanted)) {
    if (!has_word(abstract, {std::string(word)})) return false;
  }
  return true;
}

}  // namespace bibsmith::fetchers
