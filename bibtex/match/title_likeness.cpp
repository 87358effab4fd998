#include "bibtex/match/title_likeness.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "bibtex/match/title_key.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "fetchers/record/edit_distance.hpp"

namespace bibsmith::bibtex {

namespace {

// Longer titles are compared by their first words.
constexpr std::size_t words_max = 60;
// Titles less alike are not compared word by word.
constexpr double similarity_min = 0.6;
// A title of fewer words says too little without its subtitle.
constexpr std::size_t head_words_min = 2;

bool is_article(std::string_view word) { return word == "a" || word == "an" || word == "the"; }

// One swap of neighbours makes one of the other.
bool is_swap(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const auto at = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  return at + 1 < a.size() && a[at] == b[at + 1] && a[at + 1] == b[at] &&
         a.substr(at + 2) == b.substr(at + 2);
}

// The words of one title against those of the other, at the least cost.
struct Alignment {
  int cost = 0;
  int typos = 0;
  int lost = 0;           // words of either that the other lacks
  int lost_articles = 0;  // of them, articles
};

Alignment step(Alignment from, int cost, int typos, int lost, bool is_one) {
  from.cost += cost;
  from.typos += typos;
  from.lost += lost;
  from.lost_articles += is_one ? lost : 0;
  return from;
}

constexpr int typo_cost = 2;
constexpr int lost_cost = 5;

Alignment align(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  const std::size_t width = b.size() + 1;
  std::vector<Alignment> best((a.size() + 1) * width);
  const auto offer = [&](std::size_t i, std::size_t j, const Alignment& way) {
    Alignment& here = best[i * width + j];
    if (way.cost < here.cost) here = way;
  };
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i + j == 0) continue;
      best[i * width + j].cost = 1 << 20;
      if (i > 0) offer(i, j, step(best[(i - 1) * width + j], lost_cost, 0, 1, is_article(a[i - 1])));
      if (j > 0) offer(i, j, step(best[i * width + j - 1], lost_cost, 0, 1, is_article(b[j - 1])));
      if (i == 0 || j == 0) continue;
      const Alignment& before = best[(i - 1) * width + j - 1];
      if (a[i - 1] == b[j - 1]) {
        offer(i, j, before);
      } else if (is_typo(a[i - 1], b[j - 1])) {
        offer(i, j, step(before, typo_cost, 1, 0, false));
      }
      // A hyphen more or less: two words are one.
      const auto joined = [&](const std::vector<std::string_view>& words, std::size_t end) {
        return std::string(words[end - 2]) += words[end - 1];
      };
      const auto offer_joined = [&](const std::string& two, std::string_view one, const Alignment& way) {
        if (two == one) offer(i, j, way);
        if (two != one && is_typo(two, one)) offer(i, j, step(way, typo_cost, 1, 0, false));
      };
      if (i > 1) offer_joined(joined(a, i), b[j - 1], best[(i - 2) * width + j - 1]);
      if (j > 1) offer_joined(joined(b, j), a[i - 1], best[(i - 1) * width + j - 2]);
    }
  }
  return best.back();
}

bool is_head(std::string_view head, std::string_view whole, std::size_t head_words) {
  return head_words >= head_words_min && whole.size() > head.size() && whole.starts_with(head) &&
         whole[head.size()] == ' ';
}

}  // namespace

bool is_typo(std::string_view a, std::string_view b) {
  constexpr std::size_t size_min = 4;
  constexpr std::size_t long_size = 8;
  const std::size_t shorter = std::min(a.size(), b.size());
  if (shorter < size_min || digit_bytes.any_in(a) || digit_bytes.any_in(b)) return false;
  // "convex" and "nonconvex", "symmetric" and "asymmetric".
  if (a.size() != b.size() && (a.ends_with(b) || b.ends_with(a))) return false;
  if (a.front() != b.front() && shorter < long_size) return false;
  if (is_swap(a, b)) return true;
  const std::size_t distance = word_distance(a, b, 2);
  if (distance > 1 && a.front() != b.front()) return false;  // "inductive" and "deductive"
  return distance <= (shorter >= long_size ? 2u : 1u);
}

TitleLikeness compare_title_keys(std::string_view a, std::string_view b) {
  using Kind = TitleLikeness::Kind;
  TitleLikeness likeness;
  const std::string x = squeezed_key(a);
  const std::string y = squeezed_key(b);
  if (x.empty() || y.empty()) return likeness;
  if (x == y) return {Kind::same, 1, false};
  likeness.similarity =
      1 - static_cast<double>(edit_distance(x, y)) / static_cast<double>(std::max(x.size(), y.size()));
  std::vector<std::string_view> left = key_words(a);
  std::vector<std::string_view> right = key_words(b);
  if (is_head(a, b, left.size()) || is_head(b, a, right.size())) likeness.kind = Kind::subtitle;
  if (likeness.similarity < similarity_min) return likeness;
  left.resize(std::min(left.size(), words_max));
  right.resize(std::min(right.size(), words_max));
  const Alignment alignment = align(left, right);
  const std::size_t words = std::min(left.size(), right.size());
  const int typos_max = words <= 2 ? 1 : words <= 8 ? 2 : 3;
  if (alignment.typos > typos_max) return likeness;
  if (alignment.lost == 0) likeness.kind = Kind::typos;
  if (alignment.lost == 1 && words >= 3) {
    likeness.kind = Kind::words;
    likeness.lost_article = alignment.lost_articles == 1;
  }
  return likeness;
}

}  // namespace bibsmith::bibtex
