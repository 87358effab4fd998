#pragma once

#include <cstddef>
#include <string_view>

#include <tl/expected.hpp>

#include "fetchers/record/fetcher.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::fetchers {

inline constexpr std::string_view snapshot_source = "arxiv-snapshot";
// The longest author lists of collaborations take some 200 KB.
inline constexpr std::size_t snapshot_line_bytes_max = 2u << 20;

// One line of arXiv's metadata snapshot (kaggle.com/datasets/Cornell-University/arxiv): a JSON object with
// id, title, authors, authors_parsed ([family, given, suffix, affiliations…]), abstract, categories,
// comments, journal-ref, doi, report-no, license, versions ({version, created}) and update_date. The id gets
// the newest version; the record counts as retrieved on the day of update_date. Errors: bad_response for what
// is no such object. [any thread]
tl::expected<Record, FetchError> parse_snapshot_line(std::string_view line);

}  // namespace bibsmith::fetchers
