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

}  // namespace

WordSearch::WordSearch(SqliteIndex& index, const IndexQuery& query)
    : index_(index), query_(query), filter_(query, index.options_.read_title) {}

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
    filter_.require({word.title, word.author});
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
    if (*record && filter_.matches(**record)) works.push_back({*std::move(*record), 1});
  }
  return works;
}

}  // namespace bibsmith::fetchers
