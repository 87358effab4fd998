#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/http/clock.hpp"
#include "fetchers/http/transport.hpp"
#include "fetchers/record/work_fetcher.hpp"

namespace bibsmith::fetchers {

// Reads the answer to a search: best first, empty if the source knows none.
using TitleAnswerReader = std::function<TitleAnswer(std::string_view body, const Origin& origin)>;

// How a source is searched by title: DBLP, Crossref and OpenAlex differ in nothing else.
struct TitleProtocol {
  std::string source;  // as in Origin
  std::string accept;
  std::function<std::string(const TitleQuery&)> url;  // empty: there is no word to search for
  TitleAnswerReader read;
};

// Gets each good answer as received, one that found nothing too: a cache keeps that.
using TitleSink = std::function<void(const TitleQuery& query, std::string_view body, const Origin& origin)>;

// Works by title: one request a title. The transport has to be polite. Transport and clock outlive this
// object. [one thread at a time]
class TitleLookup : public TitleFetcher {
 public:
  TitleLookup(TitleProtocol protocol, Transport& transport, Clock& clock, TitleSink sink = {});

  TitleAnswer find(const TitleQuery& query, std::stop_token stop = {}) override;

 private:
  TitleProtocol protocol_;
  Transport& transport_;
  Clock& clock_;
  TitleSink sink_;
};

}  // namespace bibsmith::fetchers
