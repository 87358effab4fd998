#include "tests/arxiv_emulator/oai_sets.hpp"

#include <algorithm>

namespace bibsmith::emulator {
namespace {

constexpr std::string_view groups[] = {"cs", "econ", "eess", "math", "q-bio", "q-fin", "stat"};

// arxiv.org/category_taxonomy: one category, two names, and papers normally list both.
struct Alias {
  std::string_view name;
  std::string_view other;
};
constexpr Alias aliases[] = {{"math.MP", "math-ph"},  {"stat.TH", "math.ST"}, {"math.IT", "cs.IT"},
                             {"q-fin.EC", "econ.GN"}, {"cs.SY", "eess.SY"},   {"cs.NA", "math.NA"}};

void append_once(std::vector<std::string>& sets, std::string set) {
  if (std::ranges::find(sets, set) == sets.end()) sets.push_back(std::move(set));
}

}  // namespace

std::string set_of_category(std::string_view category) {
  const std::size_t dot = category.find('.');
  const std::string archive(category.substr(0, dot));
  std::string set = std::ranges::find(groups, archive) == std::end(groups) ? "physics" : archive;
  set += ":" + archive;
  if (dot != category.npos) set += ":" + std::string(category.substr(dot + 1));
  return set;
}

std::vector<std::string> sets_of(const StoredPaper& paper) {
  std::vector<std::string> sets;
  for (const std::string& category : paper.categories) {
    append_once(sets, set_of_category(category));
    for (const Alias& alias : aliases) {
      if (category == alias.name) append_once(sets, set_of_category(alias.other));
      if (category == alias.other) append_once(sets, set_of_category(alias.name));
    }
  }
  return sets;
}

bool is_in_set(std::string_view set, std::string_view wanted) {
  return set.starts_with(wanted) && (set.size() == wanted.size() || set[wanted.size()] == ':');
}

}  // namespace bibsmith::emulator
