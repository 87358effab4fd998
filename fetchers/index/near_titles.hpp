#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "fetchers/index/sqlite_index.hpp"
#include "fetchers/index/title_ranking.hpp"

namespace bibsmith::fetchers {

// The nearest titles of an index. Each step is taken only if what those before it found is not near, and
// reads a bounded number of ids: works that share rare words of the title; works that share words which
// differ by one typo, by a space or by its absence; works that share words which many titles have. What a
// step finds is compared letter by letter.
class NearTitles {
 public:
  NearTitles(SqliteIndex& index, std::string_view title);

  // Best first.
  tl::expected<std::vector<IndexedWork>, DatabaseError> find(std::size_t works_max);

 private:
  using Done = tl::expected<void, DatabaseError>;
  Done read_lists(const std::vector<std::string>& words, std::size_t works_of_word_max);
  struct Effort {
    std::size_t works_counted_max = 0;  // ids of which the best are chosen; more if the rarest word has them
    std::size_t works_compared_max = 0;
  };
  Done compare_best(const Effort& effort);
  tl::expected<std::vector<std::string>, DatabaseError> corrected();
  // The words that stand in the index and differ from `word` by one typo, or are halves of it.
  Done add_variants(std::string_view word, std::vector<std::string>& variants);

  SqliteIndex& index_;
  std::string key_;
  TitleRanking ranking_;
  struct List {
    std::string word;
    std::vector<std::int64_t> works;
  };
  std::vector<List> lists_;
  std::unordered_set<std::int64_t> compared_;
};

}  // namespace bibsmith::fetchers
