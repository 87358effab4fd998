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

inline constexpr std::size_t oai_bytes_max = 16u << 20;

// One <record> of an OAI-PMH answer.
struct OaiRecord {
  // What the metadata says; none when the item was deleted, or its format is not one of arXiv's two.
  //
  // In the format arXiv the authors have their parts (keyname, forenames, suffix), but no version is named:
  // `published` is the day of v1 and `updated` that of the newest. In arXivRaw the versions are there, each
  // with its day, the id names the newest, and texts and names are as the author typed them, TeX included.
  std::optional<Record> record;
  std::string identifier;  // "oai:arXiv.org:1706.03762"
  Date datestamp;          // the last change of the item
  std::vector<std::string> sets;
  bool is_deleted = false;
  // The <record>…</record> as received: bytes [raw_begin, raw_end) of the body; empty when its end is not
  // sure.
  std::size_t raw_begin = 0;
  std::size_t raw_end = 0;

  std::string_view raw(std::string_view body) const { return body.substr(raw_begin, raw_end - raw_begin); }
};

// What OAI-PMH reports instead of an answer, with HTTP 200 (protocol, section 3.6).
struct OaiFault {
  std::string code;  // "idDoesNotExist", "badArgument", "noRecordsMatch", "badResumptionToken", …
  std::string message;
};

// One answer to GetRecord or ListRecords (Open Archives Initiative Protocol for Metadata Harvesting 2.0).
struct OaiAnswer {
  std::vector<OaiRecord> records;
  std::vector<OaiFault> faults;
  // Of a list that goes on. An empty element ends a list and is none.
  std::optional<std::string> resumption_token;
  std::optional<std::size_t> list_size;  // completeListSize, where the server tells

  bool has_fault(std::string_view code) const;
};

// Reads what arXiv's OAI-PMH interface sent, now (since March 2025) or before. Each record gets `origin`.
// Errors: rate_limited for the text "Rate exceeded."; bad_response for an empty body, HTML, other text, XML
// that is not well formed or not OAI-PMH, and bodies over oai_bytes_max. [any thread]
tl::expected<OaiAnswer, FetchError> parse_oai(std::string_view body, const Origin& origin);

// Reads one <record>…</record> that OaiRecord::raw gave. An error if it holds no metadata. [any thread]
tl::expected<Record, FetchError> parse_oai_record(std::string_view raw_record, const Origin& origin);

}  // namespace bibsmith::fetchers
