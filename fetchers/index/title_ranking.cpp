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

}  // namespace

TitleRanking::TitleRanking(std::string key)
    : key_(std::move(key)), letters_(squeezed_key(key_)), distance_(letters_) {}

void TitleRanking::offer(std::int64_t work, std::string_view title) {
  const std::string letters = squeezed_key(title);
  const auto longer = static_cast<double>(std::max(letters.size(), letters_.size()));
  if (longer == 0) return;
  const double similarity = 1 - static_cast<double>(distance_.to(letters)) / longer;
  if (similarity >= similarity_min) near_.push_back({work, similarity, holds_words_of(title, key_)});
}

void TitleRanking::sort() { std::ranges::stable_sort(near_, std::greater<>{}, &Near::similarity); }

bool TitleRanking::is_near_enough() const {
  return std::ranges::any_of(
      near_, [](const Near& near) { return near.similarity >= near_enough || near.has_all_words; });
}

}  // namespace bibsmith::fetchers
