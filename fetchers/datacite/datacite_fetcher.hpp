#pragma once

#include <string>
#include <string_view>

#include "fetchers/datacite/datacite_work.hpp"

namespace bibsmith::fetchers {

inline constexpr std::string_view datacite_base = "https://api.datacite.org";
inline constexpr std::string_view datacite_source = "datacite";

// arXiv's own DOI of a paper: "10.48550/arXiv.1706.03762". It has no version.
Doi arxiv_doi(const ArxivId& id);

// Works by DOI, and arXiv's papers by their own DOIs, from DataCite's REST API; several travel in one
// request (/dois?query=doi:(… OR …)). The transport has to be polite. Transport and clock outlive this
// object. [one thread at a time]
class DataciteFetcher final : public Fetcher, public DoiFetcher {
 public:
  DataciteFetcher(Transport& transport, Clock& clock, WorkSink sink = {},
                  std::string base = std::string(datacite_base));

  // DataCite hears of papers late and of some not at all: who relies on it for not_found is mistaken. A named
  // version that is not the newest is a failure.
  FetchResult fetch(std::span<const ArxivId> ids, std::stop_token stop = {},
                    const FetchProgress& progress = {}) override;
  DoiResult fetch(std::span<const Doi> dois, std::stop_token stop = {},
                  const FetchProgress& progress = {}) override;

 private:
  Transport& transport_;
  Clock& clock_;
  WorkSink sink_;
  DoiProtocol protocol_;
};

}  // namespace bibsmith::fetchers
