#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/normalize/reference_tokens.hpp"
#include "bibtex/normalize/reference_words.hpp"
#include "fetchers/record/date.hpp"

namespace bibsmith::bibtex {

// A number of a locator, as it stands: what it is has to be settled by its place among the others. Valid as
// long as the text that it was read from.
struct LocatorItem {
  std::string_view first;  // "L57", "081301", "12"
  std::string_view last;   // of a range
  NumberLabel label = NumberLabel::none;
  bool in_brackets = false;
  bool joined = false;    // no space and no comma before it: "41(3-4)"
  std::size_t token = 0;  // the first of its tokens

  bool is_range() const { return !last.empty(); }
  bool label_is_pages() const { return label == NumberLabel::pages; }
  bool is_plain_number() const;  // digits only, no range
  std::string text() const {
    std::string out(first);
    if (!last.empty()) out.append("-").append(last);
    return out;
  }
};

struct LocatorItems {
  std::vector<LocatorItem> items;
  Date date;  // from a month or a day with its year
  bool date_in_brackets = false;
};

// Cuts tokens [from, to) into items and dates, and marks what was read: labels, numbers, dates, counts of
// pages ("6 pp", "(1-4)") and the "(R)" of rapid communications.
LocatorItems locator_items(std::string_view text, ReferenceTokens& tokens, std::size_t from, std::size_t to);

}  // namespace bibsmith::bibtex
