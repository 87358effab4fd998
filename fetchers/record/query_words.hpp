#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "fetchers/record/work_fetcher.hpp"

namespace bibsmith {

// The words that a source is asked for when a work is looked up by its title, lower case, in order, without
// those that occur twice, those of the first author last; 24 at most. Empty: the title has none. They name
// the question in the cache.
//
// Where the title may have wrong words (is_near), its words stand in pairs of alternatives in DBLP's way
// (dblp.org/faq, "How to use the dblp search API": "|" is an or): one of each pair has to be there. A pair is
// made of words that are far from each other, since wrong words stand together. The first two words of
// `first_author` are alternatives to all of them, the one in the first half of the pairs, the other in the
// rest. Words that most titles have are left out; empty: fewer than four are left, or with names fewer than
// six. [any thread]
std::string query_words(const TitleQuery& query);

// The words of a title, or of other text, as a set: 500 at most; and how many of them stand in another. [any
// thread]
std::set<std::string> title_words(std::string_view title);
std::size_t shared_words(const std::set<std::string>& a, const std::set<std::string>& b);

}  // namespace bibsmith
