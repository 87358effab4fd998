#include "plugin/session/title_queries.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "bibtex/normalize/person.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::ReadingItem;
using bibtex::ReadingList;
using fetchers::SearchField;
using fetchers::SearchQuery;

// Together less than one request for ten titles.
constexpr std::size_t exact_titles_max = 30;
constexpr std::size_t loose_titles_max = 20;
constexpr std::uint32_t exact_results_each = 15;
constexpr std::uint32_t loose_results_each = 40;
constexpr std::uint32_t results_min = 50;
constexpr std::uint32_t results_max = 1000;

// The words that follow one another without anything that arXiv's index may read in another way: TeX,
// accents, apostrophes, wildcards. Hyphens and other marks are spaces to it.
std::vector<std::vector<std::string>> plain_runs(std::string_view text) {
  std::vector<std::vector<std::string>> runs(1);
  std::string word;
  bool is_plain = true;
  const auto end_word = [&] {
    if (!is_plain) {
      if (!runs.back().empty()) runs.emplace_back();
    } else if (!word.empty()) {
      runs.back().push_back(word);
    }
    word.clear();
    is_plain = true;
  };
  std::size_t at = 0;
  for (const char c : text) {
    ++at;
    const bool in_word = is_letter_or_digit(c);
    const bool is_final_mark = c == '?' && (at == text.size() || text[at] == ' ');
    if (in_word) {
      word += c;
    } else if (is_final_mark || std::string_view(" -,:;.!()[]\"/").find(c) != std::string_view::npos) {
      end_word();
    } else {
      is_plain = false;
    }
  }
  end_word();
  return runs;
}

std::string joined(std::span<const std::string> words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

// The last word of the family name of the first author, or of the owner of the page; empty: none is known.
std::string author_word(const ReadingItem& item, const ReadingList& list) {
  std::string family = !item.authors.empty() ? item.authors.front()
                       : list.author.empty() ? std::string()
                                             : bibtex::person_from_text(list.author).family;
  if (const std::size_t space = family.rfind(' '); space != family.npos) family.erase(0, space + 1);
  const bool is_plain = std::ranges::all_of(family, is_letter);
  return is_plain ? family : std::string();
}

std::optional<SearchQuery> with_author(std::optional<SearchQuery> query, const std::string& author) {
  const auto by = SearchQuery::words(SearchField::author, author);
  return query && by ? SearchQuery::both(*by, *query) : query;
}

std::optional<SearchQuery> exact_query(const ReadingItem& item, const ReadingList& list) {
  constexpr std::size_t few_words = 3;
  std::vector<std::vector<std::string>> runs = plain_runs(item.title);
  std::vector<std::string> all;
  for (const auto& run : runs) all.insert(all.end(), run.begin(), run.end());
  const auto longest = std::ranges::max_element(runs, {}, [](const auto& run) { return joined(run).size(); });
  const bool is_enough = longest->size() == all.size() || longest->size() > few_words;
  const auto query = is_enough ? SearchQuery::phrase(SearchField::title, joined(*longest))
                               : SearchQuery::words(SearchField::title, joined(all));
  // "Introduction" has thousands of results.
  return all.size() <= few_words ? with_author(query, author_word(item, list)) : query;
}

// Words that say something, the longest first.
std::vector<std::string> telling_words(std::string_view title, std::size_t most) {
  constexpr std::size_t letters_min = 4;
  std::vector<std::string> words;
  for (auto& run : plain_runs(title)) {
    for (std::string& word : run) {
      const bool is_known = std::ranges::find(words, word) != words.end();
      if (word.size() >= letters_min && !is_known) words.push_back(std::move(word));
    }
  }
  std::ranges::stable_sort(words, std::ranges::greater{}, &std::string::size);
  words.resize(std::min(words.size(), most));
  return words;
}

// A typo in one group of words leaves the other.
std::optional<SearchQuery> by_words(const ReadingItem& item, const std::string& author) {
  constexpr std::size_t words_most = 6;
  const std::vector<std::string> words = telling_words(item.title, words_most);
  if (words.empty()) return std::nullopt;
  if (!author.empty()) {
    std::vector<SearchQuery> any;
    for (const std::string& word : words) {
      if (auto one = SearchQuery::words(SearchField::title, word)) any.push_back(*std::move(one));
    }
    return any.empty() ? std::nullopt : with_author(SearchQuery::any(any), author);
  }
  if (words.size() < 4) return SearchQuery::words(SearchField::title, joined(words));
  std::vector<std::string> groups[2];
  for (std::size_t i = 0; i < words.size(); ++i) groups[i % 2].push_back(words[i]);
  const auto left = SearchQuery::words(SearchField::title, joined(groups[0]));
  const auto right = SearchQuery::words(SearchField::title, joined(groups[1]));
  return left && right ? SearchQuery::either(*left, *right) : left;
}

// The first words of the abstract, as a phrase: a renamed paper keeps them.
std::optional<SearchQuery> by_abstract(const ReadingItem& item) {
  constexpr std::size_t looked_at = 160;
  constexpr std::size_t words_min = 6;
  constexpr std::size_t words_most = 10;
  for (const auto& run : plain_runs(std::string_view(item.teaser).substr(0, looked_at))) {
    if (run.size() < words_min) continue;
    return SearchQuery::phrase(SearchField::abstract_text,
                               joined(std::span(run).first(std::min(run.size() - 1, words_most))));
  }
  return std::nullopt;
}

std::optional<SearchQuery> loose_query(const ReadingItem& item, const ReadingList& list) {
  const auto words = by_words(item, author_word(item, list));
  const auto abstract = by_abstract(item);
  return words && abstract ? SearchQuery::either(*words, *abstract) : words ? words : abstract;
}

using MakeQuery = std::optional<SearchQuery> (*)(const ReadingItem&, const ReadingList&);

std::vector<ListQuery> packed(std::string_view endpoint, const ReadingList& list,
                              std::span<const std::size_t> wanted, MakeQuery make, std::size_t titles_max,
                              std::uint32_t results_each) {
  std::vector<ListQuery> queries;
  std::vector<SearchQuery> parts;
  std::vector<std::size_t> items;
  const auto results = [&](std::size_t titles) {
    return std::clamp(static_cast<std::uint32_t>(titles) * results_each, results_min, results_max);
  };
  const auto take = [&] {
    if (parts.empty()) return;
    queries.push_back({*SearchQuery::any(parts), std::exchange(items, {}), results(parts.size())});
    parts.clear();
  };
  const auto url_size = [&] {
    return search_url(endpoint, *SearchQuery::any(parts), {.size = results_max}).size();
  };
  for (const std::size_t item : wanted) {
    auto query = make(list.items[item], list);
    if (!query) continue;
    parts.push_back(*query);
    if (parts.size() > 1 && (parts.size() > titles_max || url_size() > fetchers::url_bytes_max)) {
      parts.pop_back();
      take();
      parts.push_back(*std::move(query));
    }
    items.push_back(item);
  }
  take();
  return queries;
}

}  // namespace

std::vector<ListQuery> exact_title_queries(std::string_view endpoint, const ReadingList& list,
                                           std::span<const std::size_t> wanted) {
  return packed(endpoint, list, wanted, exact_query, exact_titles_max, exact_results_each);
}

std::vector<ListQuery> loose_title_queries(std::string_view endpoint, const ReadingList& list,
                                           std::span<const std::size_t> wanted) {
  return packed(endpoint, list, wanted, loose_query, loose_titles_max, loose_results_each);
}

}  // namespace bibsmith::plugin
