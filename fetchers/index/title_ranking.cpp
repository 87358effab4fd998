#include "fetchers/index/title_ranking.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "fetchers/record/key_words.hpp"

namespace bibsmith::fetchers {

namespace {

// From here on a title is near enough that no typos are looked for.
constexpr double near_enough = 0.9;
constexpr double similarity_min = 0.5;
constexpr std::size_t lost_words_max = 3;

// Whether one title has all the words of the other: a word is lost, not a letter.
bool holds_words_of(std::string_view a, std::string_view b) {
  constexpr std::size_t words_min = 3;
  auto fewer = key_words(a);
  auto more = key_words(b);
  if (fewer.size() > more.size()) std::swap(fewer, more);
  if (fewer.size() < words_min || more.size() - fewer.size() > 1) return false;
  std::ranges::sort(fewer);
  std::ranges::sort(more);
  return std::ranges::includes(more, fewer);
}

// Whether one key is the other without one to three words that stand beside each other within it, such as
// "models the" of "models by trixi the". What follows a title or precedes it makes rather another title.
bool has_lost_piece(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (a.empty() || a.size() == b.size()) return false;
  // Where the last word ends that both begin with, behind which one at least is left of the shorter.
  std::size_t front = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  front = std::min(front, a.size() - 1);
  while (front > 0 && (a[front] != ' ' || b[front] != ' ')) --front;
  const std::string_view rest = a.substr(front);
  if (front == 0 || !b.ends_with(rest)) return false;
  const std::string_view lost = b.substr(front, b.size() - rest.size() - front);
  return static_cast<std::size_t>(std::ranges::count(lost, ' ')) <= lost_words_max;
}

}  // namespace

TitleRanking::TitleRanking(std::string key)
    : key_(std::move(key)), letters_(squeezed_key(key_)), distance_(letters_) {}

void TitleRanking::offer(std::int64_t work, std::string_view title) {
  const std::string letters = squeezed_key(title);
  const auto longer = static_cast<double>(std::max(letters.size(), letters_.size()));
  if (longer == 0) return;
  const double similarity = 1 - static_cast<double>(distance_.to(letters)) / longer;
  const bool is_piece_lost = has_lost_piece(title, key_);
  if (similarity < similarity_min && !is_piece_lost) return;
  near_.push_back({work, similarity, is_piece_lost, is_piece_lost || holds_words_of(title, key_)});
}

void TitleRanking::sort() {
  // Where words are lost and all others stand as they were, other words with more letters in common tell
  // less; a letter or two may be a typo all the same.
  const auto order = [](const Near& near) {
    return std::pair(near.similarity >= near_enough ? 2 : near.is_piece_lost ? 1 : 0, near.similarity);
  };
  std::ranges::stable_sort(near_, std::greater<>{}, order);
}

bool TitleRanking::is_near_enough() const {
  return std::ranges::any_of(
      near_, [](const Near& near) { return near.similarity >= near_enough || near.has_all_words; });
}

}  // namespace bibsmith::fetchers
