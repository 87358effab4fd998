#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "fetchers/arxiv/arxiv_fetcher.hpp"
#include "fetchers/arxiv/arxiv_titles.hpp"
#include "fetchers/chain/source_chain.hpp"
#include "fetchers/crossref/crossref_fetcher.hpp"
#include "fetchers/datacite/datacite_fetcher.hpp"
#include "fetchers/dblp/dblp_fetcher.hpp"
#include "fetchers/http/clock.hpp"
#include "fetchers/http/outage.hpp"
#include "fetchers/http/paced_transport.hpp"
#include "fetchers/http/polite_transport.hpp"
#include "fetchers/oai/oai_fetcher.hpp"
#include "fetchers/openalex/openalex_fetcher.hpp"
#include "fetchers/record/shared_pace.hpp"
#include "plugin/extend/plugin_services.hpp"
#include "plugin/session/settings.hpp"

namespace bibsmith::plugin {

// Where the answers of the sources go.
struct AnswerSinks {
  RawAnswerSink papers;
  fetchers::WorkSink papers_of_datacite;
  fetchers::WorkSink works;
  fetchers::TitleSink titles;
};

// What the network is used for.
enum class NetworkUse : std::uint8_t {
  usual,
  // Somebody's build waits: one short try for each source of papers, none while an outage is remembered, and
  // no pause is waited out.
  build,
};

// The roads to all sources, from the socket up: one connection at a time for all, and for each source a
// limiter and a cool-down that all processes of the machine share. arXiv's interfaces share one pace, but
// not the cool-down: one that refuses says nothing of the other. One thread at a time.
class Network {
 public:
  // `given` stands in for the network in tests; null: libcurl. `pace`: that of a group, towards all servers
  // but those of this machine; null: there is none. Clock and pace outlive this object.
  Network(const Settings& settings, fetchers::Clock& clock, std::unique_ptr<fetchers::Transport> given,
          AnswerSinks sinks, const Warn& warn, SharedPace* pace = nullptr,
          NetworkUse use = NetworkUse::usual);

  // arXiv's Atom interface alone, with all the patience that the settings have.
  fetchers::ArxivFetcher& arxiv();
  // OAI-PMH for a harvest, which has no other road: the same patience.
  fetchers::Transport& harvest_transport();
  // arXiv's papers, by all roads that the settings allow.
  fetchers::SourceChain& papers() { return papers_; }
  // Null: the settings forbid it.
  DoiFetcher* crossref() { return settings_.use_crossref ? &crossref_ : nullptr; }
  DoiFetcher* datacite() { return settings_.use_datacite ? &datacite_works_ : nullptr; }
  TitleFetcher* dblp() { return settings_.use_dblp ? &dblp_ : nullptr; }
  TitleFetcher* crossref_titles() { return settings_.use_crossref ? &crossref_titles_ : nullptr; }
  TitleFetcher* openalex_titles() { return settings_.use_openalex ? &openalex_titles_ : nullptr; }
  DoiFetcher* openalex() { return settings_.use_openalex ? &openalex_ : nullptr; }
  TitlesFetcher& arxiv_titles() { return arxiv_titles_; }
  // From now on no source is waited for when it asks for a pause, and none is tried more than twice: for who
  // has many questions and more than one source.
  void hurry();
  // A request of a plugin. A server that we know is asked at its own pace, any other once a second at most.
  tl::expected<fetchers::HttpResponse, FetchError> send_for_plugin(const PluginRequest& request,
                                                                   const std::stop_token& stop);

 private:
  // A server with a limiter of its own.
  struct Road {
    fetchers::RateLimiter limiter;
    fetchers::PoliteTransport polite;

    Road(const Settings& settings, const std::string& group, std::chrono::milliseconds interval,
         fetchers::Transport& below, fetchers::Clock& clock, const Warn& warn, int retries_max,
         fetchers::Outage* outage = nullptr);
    void share(SharedPace* pace, std::string_view url);
  };

  std::vector<fetchers::PaperSource> paper_sources();
  // nullptr: plugins have asked too many servers.
  fetchers::Transport* road_of(const PluginRequest& request);

  Settings settings_;
  fetchers::Clock& clock_;
  Warn warn_;
  SharedPace* pace_;
  NetworkUse use_;
  std::unique_ptr<fetchers::Outage> outage_;  // NetworkUse::build alone
  std::unique_ptr<fetchers::Transport> transport_;
  Road atom_road_;
  fetchers::PacedTransport paced_;
  Road oai_road_;
  Road datacite_road_;
  Road crossref_road_;
  Road dblp_road_;
  Road openalex_road_;
  fetchers::ArxivFetcher arxiv_;
  fetchers::OaiFetcher oai_;
  fetchers::DataciteFetcher datacite_papers_;
  fetchers::DataciteFetcher datacite_works_;
  fetchers::DoiLookup crossref_;
  fetchers::TitleLookup dblp_;
  fetchers::TitleLookup crossref_titles_;
  fetchers::TitleLookup openalex_titles_;
  fetchers::ArxivTitles arxiv_titles_;
  fetchers::DoiLookup openalex_;
  fetchers::SourceChain papers_;
  std::map<std::string, std::unique_ptr<Road>> roads_of_plugins_;  // by group
};

}  // namespace bibsmith::plugin
