#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "tests/arxiv_emulator/answer.hpp"
#include "tests/arxiv_emulator/archive.hpp"
#include "tests/arxiv_emulator/form.hpp"

namespace bibsmith::emulator {

// How a well-formed answer can be wrong. The first three have been seen on arXiv; other
// papers could come from a cache.
enum class Distortion : std::uint8_t {
  none,
  no_entries,    // totalResults 0 for a query that has results
  half_missing,  // every second result is not there
  other_papers,  // each result is the record of another paper
  no_authors,    // records have none; of the sources of published works alone
};

// What /api/query answers: a feed, or the feed with one entry "Error" and the status 400 or 500.
//
// As on arXiv: ten results unless asked for more, unknown ids silently missing, results of an id_list in an
// order of their own. `now` is the feed's <updated>. [any thread]
Answer answer_atom(const Archive& archive, const Form& form, std::chrono::sys_seconds now,
                   Distortion distortion = Distortion::none);

// The error feed of the current engine.
Answer atom_error(int status, std::string_view message, std::string_view link, std::chrono::sys_seconds now);

// Whether arXiv's endpoint takes the item of an id_list at all.
bool looks_like_id(std::string_view item);

inline constexpr int results_default = 10;
inline constexpr std::int64_t results_window = 10'000;  // nothing past it can be asked for
inline constexpr std::string_view atom_errors_page = "https://arxiv.org/api/errors";
inline constexpr std::string_view atom_content_type = "application/atom+xml; charset=utf-8";

}  // namespace bibsmith::emulator
