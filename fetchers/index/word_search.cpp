#include "fetchers/index/word_search.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "fetchers/index/statements.hpp"
#include "fetchers/index/word_variants.hpp"
#include "fetchers/record/key_words.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr std::size_t words_max = 20;
constexpr std::size_t word_bytes_max = 40;
constexpr std::size_t works_of_word_max = 50'000;
// Records that are read for one search; without a word that narrows it down, the newest.
constexpr std::size_t records_read_max = 20'000;

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

WordSearch::WordSearch(RecordIndex& index, const IndexQuery& query) : index_(index), query_(query) {}

WordSearch::Done WordSearch::read(Word& word, const std::string& prefix, std::vector<std::string>& forms) {
  PostingReader& postings = index_.statements_->postings;
  const auto take = [&](const std::string& form) -> Done {
    auto list = postings.read(prefix + form, works_of_word_max);
    if (!list) return tl::unexpected(list.error());
    word.is_cut = word.is_cut || list->is_cut;
    std::ranges::copy(list->works, std::back_inserter(word.works));
    return {};
  };
  const std::string asked = forms.front();
  const auto is_there = postings.has(prefix + asked);
  if (!is_there) return tl::unexpected(is_there.error());
  if (*is_there || asked.size() < 4 || asked.size() > word_bytes_max) return take(asked);
  Done result;
  for_each_typo(asked, [&](const std::string& variant) {
    const auto found = result ? postings.has(prefix + variant) : false;
    if (!found) {
      result = tl::unexpected(found.error());
    } else if (*found && std::ranges::find(forms, variant) == forms.end()) {
      forms.push_back(variant);
      result = take(variant);
    }
  });
  return result;
}

WordSearch::Done WordSearch::add_words(const std::string& text, bool in_title, bool in_author) {
  const std::string key = index_.options_.read_title(text);
  for (const std::string_view one : key_words(key)) {
    if (words_.size() == words_max) break;
    if (in_author && !in_title && one.size() < 2) continue;  // an initial
    Word word;
    if (in_title) {
      word.title.emplace_back(one);
      if (auto done = read(word, title_term, word.title); !done) return done;
    }
    // A name that is spelt right is not taken for a typo of a word, nor the other way round.
    if (in_author && (!in_title || word.title.size() == 1)) {
      word.author.emplace_back(one);
      if (auto done = read(word, author_term, word.author); !done) return done;
    }
    std::ranges::sort(word.works);
    word.works.erase(std::unique(word.works.begin(), word.works.end()), word.works.end());
    words_.push_back(std::move(word));
  }
  return {};
}

tl::expected<std::vector<std::int64_t>, DatabaseError> WordSearch::candidates() {
  std::vector<const Word*> lists;
  for (const Word& word : words_) {
    if (!word.is_cut) lists.push_back(&word);
  }
  std::ranges::sort(lists, {}, [](const Word* word) { return word->works.size(); });
  if (!lists.empty()) {
    std::vector<std::int64_t> works = lists.front()->works;
    for (std::size_t i = 1; i < lists.size(); ++i) {
      std::vector<std::int64_t> both;
      std::ranges::set_intersection(works, lists[i]->works, std::back_inserter(both));
      works = std::move(both);
    }
    return works;
  }
  std::vector<std::int64_t> works;
  if (!words_.empty()) {
    works = std::ranges::min_element(words_, {}, [](const Word& word) { return word.works.size(); })->works;
    return works;
  }
  const auto last = index_.database_.number("SELECT coalesce(max(id), 0) FROM works");
  if (!last) return tl::unexpected(last.error());
  for (std::int64_t id = std::max<std::int64_t>(1, *last - std::int64_t{records_read_max}); id <= *last; ++id)
    works.push_back(id);
  return works;
}

bool WordSearch::matches(const Record& record) const {
  const ReadTitle read_key = index_.options_.read_title;
  if (!query_.category.empty() && !in_category(record.categories, query_.category)) return false;
  if (query_.from.known() && record.published < with_gaps_filled(query_.from, 1, 1)) return false;
  if (query_.to.known() && record.published > with_gaps_filled(query_.to, 12, 31)) return false;
  const std::string title = read_key(record.title);
  std::string names;
  for (const Author& author : record.authors) names += author.name + ' ';
  names = read_key(names);
  for (const Word& word : words_) {
    if (!has_word(title, word.title) && !has_word(names, word.author)) return false;
  }
  if (query_.abstract.empty()) return true;
  const std::string abstract = read_key(record.abstract);
  const std::string wanted = read_key(query_.abstract);
  for (const std::string_view word : key_words(wanted)) {
    if (!has_word(abstract, {std::string(word)})) return false;
  }
  return true;
}

tl::expected<std::vector<IndexedWork>, DatabaseError> WordSearch::find() {
  Done done = add_words(query_.words, true, true);
  if (done) done = add_words(query_.title, true, false);
  if (done) done = add_words(query_.author, false, true);
  if (!done) return tl::unexpected(done.error());
  auto ids = candidates();
  if (!ids) return tl::unexpected(ids.error());
  std::vector<IndexedWork> works;
  std::size_t read = 0;
  for (auto id = ids->rbegin(); id != ids->rend() && works.size() < query_.results_max; ++id) {
    if (++read > records_read_max) break;
    auto record = index_.record_of(*id);
    if (!record) return tl::unexpected(record.error());
    if (*record && matches(**record)) works.push_back({*std::move(*record), 1});
  }
  return works;
}

}  // namespace bibsmith::fetchers
