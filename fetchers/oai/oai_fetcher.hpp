#pragma once

#include <cstddef>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "fetchers/http/clock.hpp"
#include "fetchers/http/transport.hpp"
#include "fetchers/oai/oai_answer.hpp"
#include "fetchers/record/fetcher.hpp"

namespace bibsmith::fetchers {

inline constexpr std::string_view oai_endpoint = "https://oaipmh.arxiv.org/oai";
inline constexpr std::string_view oai_source = "arxiv-oai";

// Papers by arXiv's OAI-PMH interface: one id a request, authors in parts, the newest version alone.
//
// An id with a version takes two requests: arXivRaw tells the newest version, and only if that is the one
// asked for does the format arXiv give the paper. An older version is a failure, a higher one is not found.
// Not found is also what the interface calls idDoesNotExist, and an item that it calls deleted.
//
// The transport has to be polite (PoliteTransport). Transport and clock outlive this object.
// [one thread at a time]
class OaiFetcher final : public Fetcher {
 public:
  OaiFetcher(Transport& transport, Clock& clock, RawAnswerSink sink = {},
             std::string endpoint = std::string(oai_endpoint));

  // `progress` is called after each id.
  FetchResult fetch(std::span<const ArxivId> ids, std::stop_token stop = {},
                    const FetchProgress& progress = {}) override;

 private:
  Transport& transport_;
  Clock& clock_;
  RawAnswerSink sink_;
  std::string endpoint_;
};

enum class OaiFormat : std::uint8_t { arxiv, arxiv_raw };

std::string oai_record_url(std::string_view endpoint, const ArxivId& id, OaiFormat format);

// An answer of the interface, or why there is none: a status that is not 200, or what parse_oai refuses. Each
// error carries `request_url` and the status.
tl::expected<OaiAnswer, FetchError> read_oai_answer(const HttpResponse& response, const Origin& origin,
                                                    const std::string& request_url);

}  // namespace bibsmith::fetchers
