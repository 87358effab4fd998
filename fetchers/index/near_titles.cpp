#include "fetchers/index/near_titles.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "fetchers/index/statements.hpp"
#include "fetchers/index/word_variants.hpp"
#include "fetchers/record/key_words.hpp"

namespace bibsmith::fetchers {

namespace {

// A word with more works tells too little at first; of one with still more only the newest are read at last.
constexpr std::size_t rare_works_max = 1'500;
constexpr std::size_t common_works_max = 100'000;
constexpr std::size_t words_max = 40;
constexpr std::size_t common_words_max = 100'000;  // that are remembered
constexpr std::size_t word_bytes_max = 40;         // that typos are looked for in

// Counts ids by weight: open addressing, no allocation but one.
class Votes {
 public:
  explicit Votes(std::size_t ids) : slots_(std::bit_ceil(2 * ids + 1)) {}

  void add(std::int64_t id, float weight) {
    Slot& slot = slot_of(id);
    slot.id = id;
    slot.weight += weight;
  }

  // For an id that is there.
  void strengthen(std::int64_t id, float weight) {
    Slot& slot = slot_of(id);
    if (slot.id == id) slot.weight += weight;
  }

  // The ids with the most weight, in no order.
  std::vector<std::int64_t> best(std::size_t most) {
    std::erase_if(slots_, [](const Slot& slot) { return slot.id == 0; });
    if (slots_.size() > most) {
      std::nth_element(slots_.begin(), slots_.begin() + static_cast<std::ptrdiff_t>(most), slots_.end(),
                       [](const Slot& a, const Slot& b) { return a.weight > b.weight; });
      slots_.resize(most);
    }
    std::vector<std::int64_t> ids;
    for (const Slot& slot : slots_) ids.push_back(slot.id);
    return ids;
  }

 private:
  struct Slot {
    std::int64_t id = 0;
    float weight = 0;
  };

  // That of the id, or the one that it would take.
  Slot& slot_of(std::int64_t id) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = (static_cast<std::uint64_t>(id) * 0x9E3779B97F4A7C15) >> 32;
    for (at &= mask; slots_[at].id != 0 && slots_[at].id != id; at = (at + 1) & mask) {
    }
    return slots_[at];
  }

  std::vector<Slot> slots_;
};

}  // namespace

NearTitles::NearTitles(SqliteIndex& index, std::string_view title)
    : index_(index), key_(index.options_.read_title(title)), ranking_(key_) {}

NearTitles::Done NearTitles::read_lists(const std::vector<std::string>& words,
                                        std::size_t works_of_word_max) {
  const bool are_rare = works_of_word_max <= rare_works_max;
  for (const std::string& word : words) {
    if (lists_.size() == words_max) break;
    if (std::ranges::any_of(lists_, [&](const List& list) { return list.word == word; })) continue;
    if (are_rare && index_.common_words_.contains(word)) continue;
    auto postings = index_.statements_->postings.read(title_term + word, works_of_word_max);
    if (!postings) return tl::unexpected(postings.error());
    if (are_rare && postings->is_cut) {
      if (index_.common_words_.size() < common_words_max) index_.common_words_.insert(word);
      continue;
    }
    lists_.push_back({word, std::move(postings->works)});
  }
  std::ranges::stable_sort(lists_, {}, [](const List& list) { return list.works.size(); });
  return {};
}

NearTitles::Done NearTitles::compare_best(const Effort& effort) {
  // Works come from the rarest words, of which there is one at least; all words say which of them are best.
  std::size_t total = 0;
  std::size_t used = 0;
  while (used < lists_.size() &&
         (used == 0 || total + lists_[used].works.size() <= effort.works_counted_max)) {
    total += lists_[used++].works.size();
  }
  Votes votes(total);
  for (std::size_t i = 0; i < lists_.size(); ++i) {
    const auto weight = 1.0f / (1.0f + std::log1p(static_cast<float>(lists_[i].works.size())));
    for (const std::int64_t id : lists_[i].works) {
      if (i < used) {
        votes.add(id, weight);
      } else {
        votes.strengthen(id, weight);
      }
    }
  }
  for (const std::int64_t id : votes.best(effort.works_compared_max)) {
    if (!compared_.insert(id).second) continue;
    const auto title = index_.title_of(id);
    if (!title) return tl::unexpected(title.error());
    if (!title->empty()) ranking_.offer(id, *title);  // else of a work that has another title now
  }
  ranking_.sort();
  return {};
}

NearTitles::Done NearTitles::add_variants(std::string_view word, std::vector<std::string>& variants) {
  if (word.size() > word_bytes_max) return {};
  Done result;
  const auto has = [&](const std::string& variant) {
    if (!result) return false;
    const auto found = index_.statements_->postings.has(title_term + variant);
    if (!found) result = tl::unexpected(found.error());
    return found && *found;
  };
  for_each_typo(word, [&](const std::string& variant) {
    if (has(variant)) variants.push_back(variant);
  });
  for (std::size_t i = 2; i + 2 <= word.size(); ++i) {
    const std::string left(word.substr(0, i));
    const std::string right(word.substr(i));
    if (!has(left) || !has(right)) continue;
    variants.push_back(left);
    variants.push_back(right);
  }
  return result;
}

tl::expected<std::vector<std::string>, DatabaseError> NearTitles::corrected() {
  const std::vector<std::string_view> words = key_words(key_);
  std::vector<std::string> variants;
  for (std::size_t i = 0; i + 1 < words.size() && i < words_max; ++i) {
    variants.push_back(std::string(words[i]) += words[i + 1]);
  }
  // A word that no title has, or hardly any, is the first to hold a typo.
  constexpr std::size_t suspects_max = 4;
  constexpr std::size_t works_of_suspect_max = 3;
  std::size_t suspects = 0;
  const std::vector<List> rarest(lists_.begin(), lists_.end());
  for (const List& list : rarest) {
    if (suspects == suspects_max || list.works.size() > works_of_suspect_max) break;
    if (list.word.size() < 3) continue;
    ++suspects;
    if (auto done = add_variants(list.word, variants); !done) return tl::unexpected(done.error());
  }
  return variants;
}

tl::expected<std::vector<IndexedWork>, DatabaseError> NearTitles::find(std::size_t works_max) {
  std::vector<std::string> words;
  for (const std::string_view word : key_words(key_)) words.emplace_back(word);
  constexpr Effort few = {24'000, 64};
  constexpr Effort many = {100'000, 512};
  Done done = read_lists(words, rare_works_max);
  if (done) done = compare_best(few);
  if (done && !ranking_.is_near_enough()) {
    const auto variants = corrected();
    done = variants ? read_lists(*variants, rare_works_max) : tl::unexpected(variants.error());
    if (done) done = compare_best(few);
    if (variants) words.insert(words.end(), variants->begin(), variants->end());
  }
  if (done && !ranking_.is_near_enough()) {
    done = read_lists(words, common_works_max);
    if (done) done = compare_best(many);
  }
  if (!done) return tl::unexpected(done.error());
  std::vector<IndexedWork> works;
  for (const TitleRanking::Near& near : ranking_.best()) {
    if (works.size() == works_max) break;
    auto record = index_.record_of(near.work);
    if (!record) return tl::unexpected(record.error());
    if (*record) works.push_back({*std::move(*record), near.similarity});
  }
  return works;
}

}  // namespace bibsmith::fetchers
