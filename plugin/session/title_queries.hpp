#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/match/reading_list.hpp"
#include "fetchers/arxiv/query.hpp"

namespace bibsmith::plugin {

// A search that asks for several items of a reading list at once.
struct ListQuery {
  fetchers::SearchQuery query;
  std::vector<std::size_t> items;  // indices of those that it asks for
  std::uint32_t results_max = 0;
};

// Titles as phrases, many in one request, each URL within arXiv's limit. `wanted` are indices into the items;
// one without a word to search for is in no query.
std::vector<ListQuery> exact_title_queries(std::string_view endpoint, const bibtex::ReadingList& list,
                                           std::span<const std::size_t> wanted);

// The same for what those did not find: a few of the title's words, or the beginning of the abstract; with
// the author where the list names one.
std::vector<ListQuery> loose_title_queries(std::string_view endpoint, const bibtex::ReadingList& list,
                                           std::span<const std::size_t> wanted);

}  // namespace bibsmith::plugin
