#include "plugin/session/session.hpp"

#include <utility>

#include "fetchers/cache/sqlite_store.hpp"
#include "fetchers/cache/write_behind_store.hpp"
#include "fetchers/http/curl_transport.hpp"
#include "fetchers/http/polite_transport.hpp"
#include "fetchers/http/rate_limiter.hpp"

namespace bibsmith::plugin {

namespace {

// --store takes a path, or "sqlite:PATH".
std::string store_path(const Settings& settings) {
  constexpr std::string_view scheme = "sqlite:";
  if (settings.store.empty()) return settings.cache_dir + "/cache.sqlite";
  return settings.store.starts_with(scheme) ? settings.store.substr(scheme.size()) : settings.store;
}

}  // namespace

// The road to arXiv, from the socket up.
struct Session::Network {
  std::unique_ptr<fetchers::Transport> transport;
  fetchers::RateLimiter limiter;
  fetchers::PoliteTransport polite;
  fetchers::ArxivFetcher arxiv;

  Network(const Settings& settings, fetchers::Clock& clock, std::unique_ptr<fetchers::Transport> given,
          fetchers::RawEntrySink sink, const Warn& warn)
      : transport(given ? std::move(given)
                        : std::make_unique<fetchers::CurlTransport>(curl_options(settings))),
        // Requests to this machine are no burden to arXiv, and do not wait for those that are.
        limiter(settings.state_dir, is_loopback_url(settings.arxiv_url) ? "loopback" : "arxiv", clock,
                limits(settings), warn),
        polite(*transport, limiter, clock, retries(settings)),
        arxiv(polite, clock, std::move(sink), settings.arxiv_url) {}

  static fetchers::CurlOptions curl_options(const Settings& settings) {
    fetchers::CurlOptions options;
    options.user_agent = fetchers::user_agent(settings.contact);
    return options;
  }
  static fetchers::RateLimits limits(const Settings& settings) {
    fetchers::RateLimits limits;
    limits.interval = settings.arxiv_interval;
    return limits;
  }
  static fetchers::RetryOptions retries(const Settings& settings) {
    fetchers::RetryOptions options;
    options.back_off_first = settings.arxiv_interval;
    options.patience = settings.arxiv_patience;
    return options;
  }
};

Session::Session(Settings settings, Warn warn, std::unique_ptr<fetchers::Transport> transport)
    : settings_(std::move(settings)),
      warn_(std::move(warn)),
      clock_(std::make_unique<fetchers::SystemClock>()),
      given_transport_(std::move(transport)) {}

Session::~Session() = default;

void Session::warn(std::string_view line) const {
  if (warn_) warn_(line);
}

Fetcher& Session::papers() {
  if (!papers_) {
    papers_ = std::make_unique<fetchers::CachedFetcher>(store(), arxiv(), *clock_,
                                                        fetchers::Freshness{.newest = settings_.cache_fresh},
                                                        [this](std::string_view line) { warn(line); });
  }
  return *papers_;
}

fetchers::ArxivFetcher* Session::arxiv() {
  if (settings_.offline) return nullptr;
  if (!network_) {
    network_ = std::make_unique<Network>(
        settings_, *clock_, std::move(given_transport_),
        [this](const Record& record, std::string_view raw_entry, const Origin& origin) {
          if (papers_) papers_->collect(record, raw_entry, origin);
        },
        warn_);
  }
  return &network_->arxiv;
}

void Session::keep_answers() {
  if (papers_) papers_->keep();
}

fetchers::Store* Session::store() {
  if (!store_tried_) {
    const auto opened = open_store();
    if (!opened) warn(opened.error().message + "; going on without it");
  }
  return store_.get();
}

tl::expected<fetchers::Store*, fetchers::StoreError> Session::open_store() {
  store_tried_ = true;
  if (!store_) {
    if (settings_.store.find("://") != std::string::npos) {
      return tl::unexpected(fetchers::StoreError{"cannot use the store " + settings_.store +
                                                 ": only SQLite files are known, give a path"});
    }
    auto opened = fetchers::SqliteStore::open(
        {store_path(settings_), settings_.cache_bytes_max, [this](std::string_view line) { warn(line); }});
    if (!opened) return tl::unexpected(opened.error());
    store_ = std::make_unique<fetchers::WriteBehindStore>(std::move(*opened), warn_);
  }
  return store_.get();
}

}  // namespace bibsmith::plugin
