#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/record/edit_distance.hpp"

namespace bibsmith::fetchers {

// Titles that an index offers for one that is looked for, compared letter by letter. Titles are words as
// ReadTitle gives them. [one thread at a time]
class TitleRanking {
 public:
  struct Near {
    std::int64_t work = 0;
    double similarity = 0;       // the share of letters that are the same, 0.5 at least but for a lost piece
    bool is_piece_lost = false;  // one title is the other without one to three words in one place within it
    bool has_all_words = false;  // of the shorter of the two titles
  };

  explicit TitleRanking(std::string key);

  // Each work once; sort() after the last of several.
  void offer(std::int64_t work, std::string_view title);
  void sort();
  const std::vector<Near>& best() const { return near_; }  // the nearest first
  // No further step has to look for anything nearer.
  bool is_near_enough() const;

 private:
  std::string key_;
  std::string letters_;
  EditDistance distance_;
  std::vector<Near> near_;
};

}  // namespace bibsmith::fetchers
