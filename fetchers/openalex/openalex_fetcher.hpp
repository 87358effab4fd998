#pragma once

#include <string>
#include <string_view>

#include "fetchers/http/doi_batches.hpp"
#include "fetchers/http/title_lookup.hpp"

namespace bibsmith::fetchers {

inline constexpr std::string_view openalex_base = "https://api.openalex.org";
inline constexpr std::string_view openalex_source = "openalex";

// Works by DOI from OpenAlex, fifty in one request (/works?filter=doi:…|…, docs.openalex.org, "Filter works":
// up to 50 values with an or). Who names an address is served by the polite pool. [any thread]
DoiProtocol openalex_dois(std::string_view contact = {}, std::string base = std::string(openalex_base));

// The same as a source: Transport and clock outlive it. The transport has to be polite. [one thread at a
// time]
class OpenalexFetcher final : public DoiFetcher {
 public:
  OpenalexFetcher(Transport& transport, Clock& clock, WorkSink sink = {}, std::string_view contact = {},
                  std::string base = std::string(openalex_base));

  DoiResult fetch(std::span<const Doi> dois, std::stop_token stop = {},
                  const FetchProgress& progress = {}) override;

 private:
  Transport& transport_;
  Clock& clock_;
  WorkSink sink_;
  DoiProtocol protocol_;
};

// Works by title, by /works?search=…: titles, abstracts and full texts that have all the words, ranked by
// where they stand. [any thread]
TitleProtocol openalex_titles(std::string_view contact = {}, std::string base = std::string(openalex_base));

}  // namespace bibsmith::fetchers
