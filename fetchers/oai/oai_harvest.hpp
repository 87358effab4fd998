#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/http/clock.hpp"
#include "fetchers/http/transport.hpp"
#include "fetchers/oai/oai_fetcher.hpp"

namespace bibsmith::fetchers {

// What to list: items changed in a span of days, of one set or of all.
struct OaiSelection {
  OaiFormat format = OaiFormat::arxiv;
  Date from;        // unknown: from the beginning
  Date until;       // unknown: up to now
  std::string set;  // "cs", "physics:hep-th"; empty: all
};

struct OaiPage {
  std::vector<OaiRecord> records;
  std::string body;  // the answer, which the raw bytes of the records point into
};

// A list of many records, page by page, pulled by the caller: ListRecords and its resumption tokens.
//
// Between two pages the harvest can be put away: resumption_token() with the selection is all there is to
// it. A token holds until the end of its day (UTC). After an error the same page can be asked for again.
// The transport has to be polite. [one thread at a time]
class OaiHarvest {
 public:
  OaiHarvest(Transport& transport, Clock& clock, OaiSelection selection,
             std::string endpoint = std::string(oai_endpoint));
  // Goes on where another harvest ended; `token` is its resumption_token().
  OaiHarvest(Transport& transport, Clock& clock, OaiSelection selection, std::string endpoint,
             std::string token);

  // The next page; nullopt: there are no more. A list without any record is no error. Errors: those of the
  // transport, bad_response, and rejected for what the interface refuses (a token that is too old: its
  // message says so, and the harvest has to begin anew, from the last day that it has seen).
  tl::expected<std::optional<OaiPage>, FetchError> next(std::stop_token stop = {});

  const std::optional<std::string>& resumption_token() const { return token_; }
  bool is_at_end() const { return at_end_; }

 private:
  std::string url() const;

  Transport& transport_;
  Clock& clock_;
  OaiSelection selection_;
  std::string endpoint_;
  std::optional<std::string> token_;
  bool at_end_ = false;
  std::uint32_t pages_ = 0;
};

}  // namespace bibsmith::fetchers
