#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "fetchers/index/record_index.hpp"

namespace bibsmith::fetchers {

// The nearest titles of an index. Each step is taken only if what those before it found is not near, and
// reads a bounded number of ids: works that share rare words of the title; works that share words which
// differ by one typo, by a space or by its absence; works that share words which many titles have. What a
// step finds is compared letter by letter.
class NearTitles {
 public:
  NearTitles(RecordIndex& index, std::string_view title);

  // Best first.
  tl::expected<std::vector<IndexedWork>, DatabaseError> find(std::size_t works_max);

 private:
  using Done = tl::expected<void, DatabaseError>;
  struct Near {
    std::int64_t id = 0;
    double similarity = 0;
    bool has_all_words = false;  // of the shorter of the two titles
  };

  Done read_lists(const std::vector<std::string>& words, std::size_t works_of_word_max);
  Done compare_best();
  bool is_near_enough() const;
  tl::expected<std::vector<std::string>, DatabaseError> corrected();
  // The words that stand in the index and differ from `word` by one typo, or are halves of it.
  Done add_variants(std::string_view word, std::vector<std::string>& variants);

  RecordIndex& index_;
  std::string key_;
  std::string letters_;
  struct List {
    std::string word;
    std::vector<std::int64_t> works;
  };
  std::vector<List> lists_;
  std::vector<Near> near_;  // best first, each work once
  std::unordered_set<std::int64_t> compared_;
};

}  // namespace bibsmith::fetchers
