#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/record/doi.hpp"
#include "fetchers/record/fetcher.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith {

// What became of a request for several DOIs. Every DOI asked for is in exactly one of the three lists.
struct DoiResult {
  struct Found {
    Doi doi;  // as asked
    Record record;
  };
  struct Missing {
    Doi doi;
    std::vector<std::string> said_by;  // the sources that were asked and do not have it
  };
  struct Failure {
    Doi doi;
    std::vector<SourceError> errors;  // in the order in which the sources were asked
  };

  std::vector<Found> found;  // in the order asked
  std::vector<Missing> not_found;
  std::vector<Failure> failures;  // could not ask
};

// Anything that turns DOIs into Records: Crossref, DataCite, the cache in front of them, a test double.
class DoiFetcher {
 public:
  virtual ~DoiFetcher() = default;

  // Blocks; returns early, with the rest as `cancelled` failures, when `stop` is requested. Duplicate DOIs
  // are asked for once and answered for each. Callable from one thread at a time.
  virtual DoiResult fetch(std::span<const Doi> dois, std::stop_token stop = {},
                          const FetchProgress& progress = {}) = 0;
};

// A published work as an entry without identifiers knows it.
struct TitleQuery {
  std::string title;         // plain UTF-8
  std::string first_author;  // the family name; empty: any
  // Works that have half of the title's words, for one or two of them may be wrong, or else these two words
  // in the names of authors. DBLP alone can be asked so.
  bool is_near = false;

  friend bool operator==(const TitleQuery&, const TitleQuery&) = default;
};

// The works that a source knows for a title, best first; empty: none. Or why it could not be asked.
using TitleAnswer = tl::expected<std::vector<Record>, FetchError>;

// Anything that looks works up by their title: DBLP, the cache in front of it, a test double.
class TitleFetcher {
 public:
  virtual ~TitleFetcher() = default;

  // Works whose title has all the words asked for, best first; empty: the source knows none. Whether one
  // of them is the work that was meant is for the caller to judge.
  virtual TitleAnswer find(const TitleQuery& query, std::stop_token stop = {}) = 0;
};

// Anything that takes several titles in one request: arXiv, a test double.
class TitlesFetcher {
 public:
  virtual ~TitlesFetcher() = default;

  // One answer a query, in the order asked. First authors are not asked for.
  virtual std::vector<TitleAnswer> find(const std::vector<TitleQuery>& queries,
                                        std::stop_token stop = {}) = 0;
};

}  // namespace bibsmith
