#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/record/fetcher.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::fetchers {

inline constexpr std::string_view dblp_source = "dblp";
inline constexpr std::size_t dblp_bytes_max = 16u << 20;

struct DblpHit {
  Record record;    // with a Publication; of a CoRR entry with the arXiv id and the type preprint
  std::string key;  // "conf/nips/VaswaniSPUJGKP17"
};

struct DblpAnswer {
  std::size_t total = 0;  // hits that DBLP knows of
  std::vector<DblpHit> hits;
};

// Reads an answer of DBLP's publication search, format=xml. XML because it is what DBLP is kept in: JSON is
// made from it, and there one author is an object, two are a list, and entities are escaped twice.
//
// The stop that ends each title and the numbers that tell namesakes apart ("Wei Wang 0001") are dropped.
// Errors: as parse_oai. [any thread]
tl::expected<DblpAnswer, FetchError> parse_dblp(std::string_view body, const Origin& origin);

// What ends each publication of DBLP's dump (dblp.org/xml/dblp.xml.gz; dblp.org/faq, "How to parse
// dblp.xml"), and stands nowhere else in it.
inline constexpr std::string_view dblp_dump_mark = "\n</";
inline constexpr std::size_t dblp_publication_bytes_max = 4u << 20;

// The publication in a piece of the dump that ends before or with that mark; it counts as retrieved on its
// `mdate`. nullopt: there is none in it, or the page of a person. Errors: bad_response. [any thread]
tl::expected<std::optional<Record>, FetchError> parse_dblp_piece(std::string_view piece);

}  // namespace bibsmith::fetchers
