#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/index/record_index.hpp"

namespace bibsmith::fetchers {

// The nearest titles of an index, in two steps: works that share the rarest words of the title, and, where
// none of them is near, works that share words which differ by one typo, by a space or by its absence. What
// both find is compared letter by letter. Each step reads a bounded number of ids.
class TitleSearch {
 public:
  TitleSearch(RecordIndex& index, std::string_view title);

  // Best first.
  tl::expected<std::vector<IndexedWork>, DatabaseError> find(std::size_t works_max);

 private:
  using Done = tl::expected<void, DatabaseError>;
  struct Near {
    std::int64_t id = 0;
    double similarity = 0;
  };

  Done read_lists(const std::vector<std::string>& words);
  Done compare_best();
  tl::expected<std::vector<std::string>, DatabaseError> corrected();
  // The words that stand in the index and differ from `word` by one typo, or are halves of it.
  Done add_variants(std::string_view word, std::vector<std::string>& variants);

  RecordIndex& index_;
  std::string key_;
  std::string letters_;
  struct List {
    std::string word;
    std::vector<std::int64_t> works;
    bool is_cut = false;
  };
  std::vector<List> lists_;
  std::vector<Near> near_;  // best first, each work once
};

}  // namespace bibsmith::fetchers
