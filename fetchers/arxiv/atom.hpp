#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/record/fetcher.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::fetchers {

inline constexpr std::size_t atom_bytes_max = 16u << 20;

struct AtomEntry {
  Record record;
  // The <entry>…</entry> as received: bytes [raw_begin, raw_end) of the body. Empty when something but white
  // space follows it (arXiv sends no such thing), for then its end is not sure.
  std::size_t raw_begin = 0;
  std::size_t raw_end = 0;

  std::string_view raw(std::string_view body) const { return body.substr(raw_begin, raw_end - raw_begin); }
};

// arXiv understood the request and refused it.
struct AtomRejection {
  std::string message;                // "incorrect id format for abc"
  std::optional<std::string> bad_id;  // "abc", when it names one
};

// One answer of arXiv's Atom API (info.arxiv.org/help/api/user-manual.html).
struct AtomFeed {
  std::string title;
  std::uint64_t total_results = 0;
  std::uint64_t start_index = 0;
  std::uint64_t items_per_page = 0;
  std::vector<AtomEntry> entries;  // in arXiv's order, which is not that of the id_list
  std::size_t skipped = 0;         // entries that name no paper
  std::optional<AtomRejection> rejection;
};

// Reads what arXiv sent, in the shape of either engine (before and since November 2025). Each record gets
// `origin` and the version that its id names; `published` is the day of v1, `updated` that of this version.
//
// An error of arXiv's is a feed too, of one entry whose id leads to /api/errors; it comes under any status.
// Errors: rate_limited for the text "Rate exceeded."; bad_response for an empty body, HTML, other
// text, XML that is not well formed or not a feed, and bodies over atom_bytes_max. [any thread]
tl::expected<AtomFeed, FetchError> parse_atom(std::string_view body, const Origin& origin);

// Reads one <entry>…</entry> that AtomEntry::raw gave. [any thread]
tl::expected<Record, FetchError> parse_atom_entry(std::string_view raw_entry, const Origin& origin);

}  // namespace bibsmith::fetchers
