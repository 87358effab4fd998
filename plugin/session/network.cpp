#include "plugin/session/network.hpp"

#include <algorithm>
#include <utility>

#include "fetchers/http/curl_transport.hpp"

namespace bibsmith::plugin {

namespace {

using std::chrono::milliseconds;

// Between two requests. Crossref serves lists at one a second to those who do not say who they are
// (crossref.org, "Access and authentication"), DBLP asks for a second or two (dblp.org/faq), DataCite allows
// 3,000 in five minutes (support.datacite.org/docs/rate-limit).
constexpr milliseconds crossref_interval{1000};
constexpr milliseconds datacite_interval{1000};
constexpr milliseconds dblp_interval{2000};
// OpenAlex takes ten a second (docs.openalex.org, "Rate limits and authentication"): nobody needs that many.
constexpr milliseconds openalex_interval{500};

// OAI-PMH takes one paper a request, three seconds apart: twenty are a minute. What is more goes to sources
// that take many at once.
constexpr std::size_t oai_papers_max = 20;
// A second road is no place for long waits: one more try, for a connection that was lost.
constexpr int retries_of_second_roads = 1;
constexpr int retries_of_main_roads = 3;

// In a build: to connect (names are looked up in that time too), silence, and a whole answer.
constexpr milliseconds build_connect_max{2000};
constexpr std::chrono::seconds build_stall_max{5};
constexpr milliseconds build_total_max{20'000};

constexpr milliseconds plugin_interval_min{1000};
constexpr std::size_t servers_of_plugins_max = 64;
constexpr std::size_t group_bytes_max = 100;  // it names a file

std::unique_ptr<fetchers::Transport> curl(const Settings& settings, NetworkUse use) {
  fetchers::CurlOptions options;
  options.user_agent = fetchers::user_agent(settings.contact);
  if (use == NetworkUse::build) {
    options.connect_max = build_connect_max;
    options.stall_max = build_stall_max;
    options.total_max = build_total_max;
  }
  return std::make_unique<fetchers::CurlTransport>(options);
}

fetchers::RateLimits limits(milliseconds interval) {
  fetchers::RateLimits limits;
  limits.interval = interval;
  return limits;
}

// Requests to this machine are no burden to anybody, and do not wait for those that are.
std::string group_of(std::string_view url, std::string_view name) {
  return (is_loopback_url(url) ? "loopback-" : "") + std::string(name);
}

milliseconds interval_of(const Settings& settings, std::string_view url, milliseconds interval) {
  return is_loopback_url(url) ? std::min(interval, settings.arxiv_interval) : interval;
}

}  // namespace

Network::Road::Road(const Settings& settings, const std::string& group, milliseconds interval,
                    fetchers::Transport& below, fetchers::Clock& clock, const Warn& warn, int retries_max,
                    fetchers::Outage* outage)
    : limiter(settings.state_dir, group, clock, limits(interval), warn),
      polite(below, limiter, clock,
             {.retries_max = retries_max,
              .back_off_first = settings.arxiv_interval,
              .patience = settings.arxiv_patience,
              .outage = outage}) {}

Network::Network(const Settings& settings, fetchers::Clock& clock, std::unique_ptr<fetchers::Transport> given,
                 AnswerSinks sinks, const Warn& warn, SharedPace* pace, NetworkUse use)
    : settings_(settings),
      clock_(clock),
      warn_(warn),
      pace_(pace),
      use_(use),
      outage_(use == NetworkUse::build
                  ? std::make_unique<fetchers::Outage>(settings.state_dir,
                                                       group_of(settings.arxiv_url, "builds"), clock)
                  : nullptr),
      transport_(given ? std::move(given) : curl(settings, use)),
      atom_road_(settings, is_loopback_url(settings.arxiv_url) ? "loopback" : "arxiv",
                 settings.arxiv_interval, *transport_, clock, warn, retries_of_main_roads, outage_.get()),
      paced_(*transport_, atom_road_.limiter, clock),
      // Its pace is that of Atom: this has a cool-down and no interval.
      oai_road_(settings, group_of(settings.oai_url, "arxiv-oai"), milliseconds{0}, paced_, clock, {},
                retries_of_second_roads, outage_.get()),
      datacite_road_(settings, group_of(settings.datacite_url, "datacite"),
                     interval_of(settings, settings.datacite_url, datacite_interval), *transport_, clock, {},
                     retries_of_second_roads, outage_.get()),
      crossref_road_(settings, group_of(settings.crossref_url, "crossref"),
                     interval_of(settings, settings.crossref_url, crossref_interval), *transport_, clock, {},
                     3),
      dblp_road_(settings, group_of(settings.dblp_url, "dblp"),
                 interval_of(settings, settings.dblp_url, dblp_interval), *transport_, clock, {},
                 retries_of_main_roads),
      openalex_road_(settings, group_of(settings.openalex_url, "openalex"),
                     interval_of(settings, settings.openalex_url, openalex_interval), *transport_, clock, {},
                     retries_of_second_roads),
      arxiv_(atom_road_.polite, clock, sinks.papers, settings.arxiv_url),
      oai_(oai_road_.polite, clock, sinks.papers, settings.oai_url),
      datacite_papers_(datacite_road_.polite, clock, sinks.papers_of_datacite, settings.datacite_url),
      datacite_works_(datacite_road_.polite, clock, sinks.works, settings.datacite_url),
      crossref_(fetchers::crossref_dois(settings.contact, settings.crossref_url), crossref_road_.polite,
                clock, sinks.works),
      dblp_(fetchers::dblp_titles(settings.dblp_url), dblp_road_.polite, clock, sinks.titles),
      crossref_titles_(fetchers::crossref_titles(settings.contact, settings.crossref_url),
                       crossref_road_.polite, clock, sinks.titles),
      openalex_titles_(fetchers::openalex_titles(settings.contact, settings.openalex_url),
                       openalex_road_.polite, clock, sinks.titles),
      arxiv_titles_(atom_road_.polite, clock, sinks.titles, settings.arxiv_url),
      openalex_(fetchers::openalex_dois(settings.contact, settings.openalex_url), openalex_road_.polite,
                clock, sinks.works),
      papers_(paper_sources(), use == NetworkUse::build ? std::chrono::seconds{0} : settings.arxiv_patience) {
  atom_road_.share(pace_, settings_.arxiv_url);
  oai_road_.share(pace_, settings_.oai_url);
  datacite_road_.share(pace_, settings_.datacite_url);
  crossref_road_.share(pace_, settings_.crossref_url);
  dblp_road_.share(pace_, settings_.dblp_url);
  openalex_road_.share(pace_, settings_.openalex_url);
}

void Network::Road::share(SharedPace* pace, std::string_view url) {
  if (pace != nullptr && !is_loopback_url(url)) limiter.share(*pace);
}

std::vector<fetchers::PaperSource> Network::paper_sources() {
  // A server that stalls costs half a minute each time: where there is another road it gets one more try.
  const bool has_others = settings_.use_oai || settings_.use_datacite;
  const auto patience_of = [has_others, use = use_](Road& road, int retries_max) {
    return [&road, has_others, use, retries_max](std::chrono::seconds patience) {
      road.polite.set_patience(patience);
      if (use == NetworkUse::build) return road.polite.set_retries(0);
      const bool may_hurry = has_others && patience == std::chrono::seconds{0};
      road.polite.set_retries(may_hurry ? std::min(retries_max, retries_of_second_roads) : retries_max);
    };
  };
  std::vector<fetchers::PaperSource> sources;
  sources.push_back({.name = "arxiv-atom",
                     .fetcher = &arxiv_,
                     .knows_all = true,
                     .set_patience = patience_of(atom_road_, retries_of_main_roads)});
  if (settings_.use_oai) {
    sources.push_back({.name = std::string(fetchers::oai_source),
                       .fetcher = &oai_,
                       .knows_all = true,
                       .ids_max = oai_papers_max,
                       .set_patience = patience_of(oai_road_, retries_of_second_roads)});
  }
  if (settings_.use_datacite) {
    sources.push_back({.name = std::string(fetchers::datacite_source),
                       .fetcher = &datacite_papers_,
                       .set_patience = patience_of(datacite_road_, retries_of_second_roads)});
  }
  return sources;
}

void Network::hurry() {
  for (Road* road :
       {&atom_road_, &oai_road_, &datacite_road_, &crossref_road_, &dblp_road_, &openalex_road_}) {
    road->polite.set_patience(std::chrono::seconds{0});
    road->polite.set_retries(retries_of_second_roads);
  }
  papers_.set_patience(std::chrono::seconds{0});
}

fetchers::ArxivFetcher& Network::arxiv() {
  atom_road_.polite.set_patience(settings_.arxiv_patience);
  atom_road_.polite.set_retries(retries_of_main_roads);
  return arxiv_;
}

fetchers::Transport& Network::harvest_transport() {
  oai_road_.polite.set_patience(settings_.arxiv_patience);
  oai_road_.polite.set_retries(retries_of_main_roads);
  return oai_road_.polite;
}

fetchers::Transport* Network::road_of(const PluginRequest& request) {
  const std::string host(fetchers::host_of(request.url));
  for (const auto& [url, road] :
       {std::pair{&settings_.arxiv_url, &atom_road_}, std::pair{&settings_.oai_url, &oai_road_},
        std::pair{&settings_.datacite_url, &datacite_road_},
        std::pair{&settings_.crossref_url, &crossref_road_}, std::pair{&settings_.dblp_url, &dblp_road_},
        std::pair{&settings_.openalex_url, &openalex_road_}}) {
    if (host == fetchers::host_of(*url)) return &road->polite;
  }
  // arXiv's terms count all its servers as one.
  if (host == "arxiv.org" || host.ends_with(".arxiv.org")) return &atom_road_.polite;
  std::string group = group_of(request.url, "plugin-" + host);
  for (char& c : group) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    if (!is_plain) c = '-';
  }
  group.resize(std::min(group.size(), group_bytes_max));
  const auto known = roads_of_plugins_.find(group);
  if (known != roads_of_plugins_.end()) return &known->second->polite;
  if (roads_of_plugins_.size() == servers_of_plugins_max) return nullptr;
  const milliseconds interval =
      interval_of(settings_, request.url, std::max(request.interval, plugin_interval_min));
  auto& road = roads_of_plugins_[group];
  road =
      std::make_unique<Road>(settings_, group, interval, *transport_, clock_, warn_, retries_of_main_roads);
  road->share(pace_, request.url);
  return &road->polite;
}

tl::expected<fetchers::HttpResponse, FetchError> Network::send_for_plugin(const PluginRequest& request,
                                                                          const std::stop_token& stop) {
  fetchers::Transport* road = road_of(request);
  if (road == nullptr) {
    return tl::unexpected(
        FetchError{FetchError::Code::rejected, "plugins have asked more than 64 servers in this run"});
  }
  return road->send({.url = request.url, .accept = request.accept}, stop);
}

}  // namespace bibsmith::plugin
