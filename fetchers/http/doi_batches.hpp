#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/http/clock.hpp"
#include "fetchers/http/transport.hpp"
#include "fetchers/record/work_fetcher.hpp"

namespace bibsmith::fetchers {

// One work of an answer that may hold many.
struct AnsweredWork {
  Doi doi;
  Record record;
  std::string_view raw;  // the object as received, inside the body that was read
};

using WorkSink = std::function<void(const AnsweredWork& work, const Origin& origin)>;

// How a source is asked for DOIs: Crossref, DataCite and OpenAlex differ in nothing else.
struct DoiProtocol {
  std::string source;  // as in Origin
  std::string accept;
  // The request for one DOI, which answers 404 if there is none, and for several; empty where a DOI cannot
  // travel with others.
  std::function<std::string(const Doi&)> single_url;
  std::function<std::string(std::span<const Doi>)> batch_url;
  std::function<tl::expected<std::vector<AnsweredWork>, FetchError>(std::string_view body, const Origin&)>
      read;
  std::size_t batch_max = 100;  // DOIs in one request
  std::size_t url_bytes_max = 7500;
  std::size_t singles_max = 2000;
};

// Asks for each DOI once, in the largest batches that the protocol takes, and says what became of each.
//
// A DOI that a good answer leaves out is not found. An answer with works that nobody asked for proves
// nothing: what it leaves out could not be asked. A server that knows no lists is asked for each DOI alone,
// up to singles_max: one that answers 404 to a list, or that has a work which its list did not have (up to
// three are tried when a list of several brings none of them). A batch that the source rejects is halved, so
// that one bad DOI does not spoil the others. After an error that concerns all (unreachable, rate limited,
// cancelled) no more requests are sent. `sink` gets each work before the next request is sent. [one thread at
// a time]
DoiResult fetch_dois(std::span<const Doi> dois, const DoiProtocol& protocol, Transport& transport,
                     Clock& clock, const WorkSink& sink, std::stop_token stop, const FetchProgress& progress);

// The same as a source. The transport has to be polite. Transport and clock outlive this object. [one thread
// at a time]
class DoiLookup final : public DoiFetcher {
 public:
  DoiLookup(DoiProtocol protocol, Transport& transport, Clock& clock, WorkSink sink = {});

  DoiResult fetch(std::span<const Doi> dois, std::stop_token stop = {},
                  const FetchProgress& progress = {}) override;

 private:
  DoiProtocol protocol_;
  Transport& transport_;
  Clock& clock_;
  WorkSink sink_;
};

}  // namespace bibsmith::fetchers
