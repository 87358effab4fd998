#pragma once

#include <string>
#include <string_view>

namespace bibsmith::emulator {

// Rewrites a search_query of the old API's loose language into the strict one that is then parsed, as
// arXiv's endpoint does; the result is what the feed's title and id show. Empty: nothing was asked for.
//
// Bare words get "all:", a missing operator becomes OR, of several operators the last counts, NOT is
// ANDNOT, "ti:(a b)" is "(ti:a OR ti:b)", date ranges are completed to minutes. An underscore becomes a
// space in the first value only, a quirk of arXiv's that is kept. Total: any bytes are fine. [any thread]
std::string adapt_query(std::string_view query);

}  // namespace bibsmith::emulator
