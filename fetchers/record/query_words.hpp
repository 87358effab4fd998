#pragma once

#include <string>

#include "fetchers/record/work_fetcher.hpp"

namespace bibsmith {

// The words that a source is asked for when a work is looked up by its title, lower case, in order, without
// those that occur twice, those of the first author last; 24 at most. Empty: the title has none. They name
// the question in the cache. [any thread]
std::string query_words(const TitleQuery& query);

}  // namespace bibsmith
