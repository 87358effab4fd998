#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/record/arxiv_id.hpp"
#include "fetchers/record/shared_records.hpp"

namespace bibsmith {

// Why a source could not be asked. "Not found" is not among them: that is an answer.
struct FetchError {
  enum class Code : std::uint8_t {
    offline,       // the user, or a setting, forbids the network
    unreachable,   // no name, no route, refused, TLS failed
    timed_out,     // connected, then silence or a drip too slow
    rate_limited,  // 429 or 503, or the body "Rate exceeded.", or a cool-down that still runs
    bad_response,  // not what the source's protocol allows
    rejected,      // the source understood and refused (arXiv's "Error" entry, 4xx)
    cancelled,     // the caller asked to stop
  };
  Code code = Code::unreachable;
  std::string message;  // one line, for a human, lower case, no stop; names host and remedy
  std::string url;      // of the request that failed, if one was made
  int http_status = 0;  // 0: no answer came
  std::optional<std::chrono::seconds> retry_after;
  bool lasting = false;  // asking again soon cannot help: a certificate that does not verify, a bad URL

  friend bool operator==(const FetchError&, const FetchError&) = default;
};

// A stable word for scripts: "offline", "rate_limited", …
std::string_view name_of(FetchError::Code code);

// Which source could not be asked, and why.
struct SourceError {
  std::string source;  // as in Origin
  FetchError error;

  friend bool operator==(const SourceError&, const SourceError&) = default;
};

// Gets each paper as it arrives, with the answer as the source sent it (one element, one object): a cache
// keeps that.
using RawAnswerSink =
    std::function<void(const RecordPointer& record, std::string_view raw_answer, const Origin& origin)>;

// What became of a request for several papers. Every id asked for is in exactly one of the three lists.
struct FetchResult {
  struct Failure {
    ArxivId id;
    FetchError error;                    // of the main source; of several, its message names them all
    std::vector<SourceError> by_source;  // where several were asked, in that order
  };

  SharedRecords records;           // in the order asked
  std::vector<ArxivId> not_found;  // a source that knows said: no such paper, or no such version
  // The source that said so, for each of not_found; empty: the one source that there is.
  std::vector<std::string> not_found_by;
  std::vector<Failure> failures;  // could not ask
};

// Called now and then with the ids done so far (found, not found or failed) and the ids in all.
using FetchProgress = std::function<void(std::size_t done, std::size_t total)>;

// Anything that turns identifiers into Records: arXiv, the cache in front of it, a test double.
class Fetcher {
 public:
  virtual ~Fetcher() = default;

  // Blocks; returns early, with the rest as `cancelled` failures, when `stop` is requested.
  // Duplicate ids are asked for once and answered for each. Callable from one thread at a time.
  virtual FetchResult fetch(std::span<const ArxivId> ids, std::stop_token stop = {},
                            const FetchProgress& progress = {}) = 0;
};

}  // namespace bibsmith
