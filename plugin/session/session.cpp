#include "plugin/session/session.hpp"

#include <charconv>
#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>
#include <vector>

#include "bibtex/match/title_key.hpp"
#include "bibtex/syntax/run_beside.hpp"
#include "fetchers/cache/counted_store.hpp"
#include "fetchers/cache/postgres_address.hpp"
#include "fetchers/cache/postgres_pace.hpp"
#include "fetchers/cache/postgres_store.hpp"
#include "fetchers/cache/sqlite_store.hpp"
#include "fetchers/cache/write_behind_store.hpp"
#include "fetchers/chain/stored_records.hpp"
#include "fetchers/http/curl_transport.hpp"
#include "fetchers/index/indexed_fetcher.hpp"
#include "fetchers/index/postgres_index.hpp"
#include "fetchers/index/sqlite_index.hpp"
#include "plugin/session/network.hpp"
#include "plugin/session/plugin_services.hpp"

namespace bibsmith::plugin {

namespace {

// --store takes a path, "sqlite:PATH", or the URL of a database.
std::string store_path(const Settings& settings) {
  constexpr std::string_view scheme = "sqlite:";
  if (settings.store.empty()) return settings.cache_dir + "/cache.sqlite";
  return settings.store.starts_with(scheme) ? settings.store.substr(scheme.size()) : settings.store;
}

tl::expected<std::unique_ptr<fetchers::Store>, fetchers::StoreError> opened_store(const Settings& settings,
                                                                                  const Warn& warn) {
  if (fetchers::is_postgres_url(settings.store))
    return fetchers::PostgresStore::open({.url = settings.store});
  if (settings.store.find("://") != std::string::npos) {
    return tl::unexpected(
        fetchers::StoreError{"cannot use the store " + fetchers::shown_address(settings.store) +
                             ": give the path of a SQLite file, or postgresql://HOST/DATABASE"});
  }
  return fetchers::SqliteStore::open({store_path(settings), settings.cache_bytes_max, warn});
}

std::string index_path(const Settings& settings) {
  const bool is_file = !settings.store.empty() && settings.store.find("://") == std::string::npos;
  return is_file ? store_path(settings) + ".index" : settings.cache_dir + "/index.sqlite";
}

// In the store of a group, or a file of this machine where its engine keeps none.
tl::expected<std::unique_ptr<fetchers::RecordIndex>, fetchers::IndexError> opened_index(
    const Settings& settings, const Warn& warn) {
  if (fetchers::is_postgres_url(settings.store)) {
    auto index = fetchers::PostgresIndex::open({{.url = settings.store}, bibtex::title_key});
    if (index) return std::move(*index);
    if (!index.error().is_never_kept) return tl::unexpected(index.error());
  }
  auto index = fetchers::SqliteIndex::open({index_path(settings), bibtex::title_key, warn});
  if (!index) return tl::unexpected(index.error());
  return std::move(*index);
}

// The roads to the sources, built by the first paper that the cache does not have.
class LaterFetcher final : public Fetcher {
 public:
  explicit LaterFetcher(std::function<Fetcher&()> build) : build_(std::move(build)) {}

  FetchResult fetch(std::span<const ArxivId> ids, std::stop_token stop,
                    const FetchProgress& progress) override {
    return build_().fetch(ids, std::move(stop), progress);
  }

 private:
  std::function<Fetcher&()> build_;
};

// "17 1496000000": the row and the seconds.
std::string text_of(const fetchers::StorePosition& position) {
  return std::to_string(position.row) + ' ' + std::to_string(position.retrieved.time_since_epoch().count());
}

fetchers::StorePosition store_position(const std::string& text) {
  fetchers::StorePosition position;
  std::int64_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [space, error] = std::from_chars(text.data(), end, position.row);
  if (error != std::errc{} || space == end) return {};
  if (std::from_chars(space + 1, end, seconds).ec != std::errc{}) return {};
  position.retrieved = std::chrono::sys_seconds(std::chrono::seconds(seconds));
  return position;
}

}  // namespace

Session::Session(Settings settings, Warn warn, std::unique_ptr<fetchers::Transport> transport)
    : settings_(std::move(settings)),
      warn_(std::move(warn)),
      clock_(std::make_unique<fetchers::SystemClock>()),
      given_transport_(std::move(transport)) {}

Session::~Session() = default;

void Session::warn(std::string_view line) const {
  if (warn_) warn_(line);
}

ChangeContext Session::change_context(std::stop_token stop) {
  ChangeContext context;
  context.state_dir = settings_.state_dir;
  context.clock = clock_.get();
  context.warn = [this](std::string_view line) { warn(line); };
  context.stop = std::move(stop);
  return context;
}

Fetcher& Session::papers() {
  if (!papers_) {
    if (!settings_.offline) {
      roads_ = std::make_unique<LaterFetcher>([this]() -> Fetcher& { return network()->papers(); });
    }
    roads_and_index_ =
        std::make_unique<fetchers::IndexedFetcher>(roads_.get(), [this]() -> fetchers::RecordIndex* {
          return has_index() ? index() : nullptr;  // nothing is made for a look-up alone
        });
    papers_ = std::make_unique<fetchers::CachedFetcher>(store(), roads_and_index_.get(), *clock_,
                                                        fetchers::Freshness{.newest = settings_.cache_fresh},
                                                        [this](std::string_view line) { warn(line); });
  }
  return *papers_;
}

void Session::on_paper(std::function<void(const RecordPointer&)> arrived) {
  papers();
  papers_->on_arrival(std::move(arrived));
}

fetchers::WorkChain& Session::works() {
  if (!works_) {
    fetchers::WorkChain::Sources sources;
    if (Network* reached = network()) {
      sources = {reached->crossref(),        reached->datacite(),        reached->dblp(),
                 reached->crossref_titles(), reached->openalex_titles(), &reached->arxiv_titles(),
                 reached->openalex()};
    }
    works_ = std::make_unique<fetchers::WorkChain>(store(), sources, *clock_,
                                                   fetchers::Freshness{.newest = settings_.cache_fresh},
                                                   [this](std::string_view line) { warn(line); });
  }
  return *works_;
}

void Session::expect_requests() {
  if (settings_.offline || given_transport_ || network_ || loading_.valid()) return;
  loading_ = bibtex::run_beside([this] {
    fetchers::CurlTransport::prepare();
    std::call_once(store_opening_, [this] { store_opened_ = opened_store(settings_, warn_); });
  });
}

void Session::hurry() {
  in_hurry_ = true;
  if (network_) network_->hurry();
}

bool Session::may_ask(std::string_view source) const {
  if (source == fetchers::crossref_source) return settings_.use_crossref;
  if (source == fetchers::datacite_source) return settings_.use_datacite;
  if (source == fetchers::dblp_source) return settings_.use_dblp;
  return source != fetchers::openalex_source || settings_.use_openalex;
}

fetchers::ArxivFetcher* Session::arxiv() {
  Network* reached = network();
  return reached != nullptr ? &reached->arxiv() : nullptr;
}

Plugins& Session::plugins() {
  if (!plugins_) {
    plugins_ = std::make_unique<Plugins>(settings_.plugins, std::make_unique<SessionPluginServices>(*this));
  }
  return *plugins_;
}

tl::expected<fetchers::HttpResponse, FetchError> Session::send_for_plugin(const PluginRequest& request,
                                                                          const std::stop_token& stop) {
  Network* reached = network();
  if (reached == nullptr) {
    return tl::unexpected(
        FetchError{FetchError::Code::offline, "the network is needed, and offline mode forbids it"});
  }
  return reached->send_for_plugin(request, stop);
}

Network* Session::network() {
  if (settings_.offline) return nullptr;
  if (!network_) {
    AnswerSinks sinks;
    sinks.papers = [this](const RecordPointer& record, std::string_view raw_answer, const Origin& origin) {
      index_filled_.reset();
      if (papers_) papers_->collect(record, raw_answer, origin);
    };
    sinks.papers_of_datacite = [this](const fetchers::AnsweredWork& work, const Origin& origin) {
      index_filled_.reset();
      if (papers_) papers_->collect(std::make_shared<const Record>(work.record), work.raw, origin);
    };
    sinks.works = [this](const fetchers::AnsweredWork& work, const Origin& origin) {
      index_filled_.reset();
      if (works_) works_->collect(work, origin);
    };
    sinks.titles = [this](const TitleQuery& query, std::string_view body, const Origin& origin) {
      index_filled_.reset();
      if (works_) works_->collect(query, body, origin);
    };
    if (fetchers::is_postgres_url(settings_.store)) {
      pace_ =
          std::make_unique<fetchers::PostgresPace>(fetchers::PostgresConnection::Options{settings_.store});
    }
    network_ =
        std::make_unique<Network>(settings_, *clock_, std::move(given_transport_), std::move(sinks), warn_,
                                  pace_.get(), in_build_ ? NetworkUse::build : NetworkUse::usual);
    if (in_hurry_) network_->hurry();
  }
  return network_.get();
}

fetchers::Transport* Session::harvest_transport() {
  Network* reached = network();
  return reached != nullptr ? &reached->harvest_transport() : nullptr;
}

tl::expected<fetchers::RecordIndex*, fetchers::IndexError> Session::open_index() {
  index_tried_ = true;
  if (!index_) {
    // A server that is away is waited for once, for cache and index together.
    if (fetchers::is_postgres_url(settings_.store) && !store_) {
      if (const auto reached = open_store(); !reached)
        return tl::unexpected(fetchers::IndexError{reached.error().message});
    }
    auto opened = opened_index(settings_, warn_);
    if (!opened) return tl::unexpected(opened.error());
    index_ = std::move(*opened);
  }
  return index_.get();
}

bool Session::has_index() const {
  if (index_) return true;
  if (fetchers::is_postgres_url(settings_.store)) return !index_tried_ && !has_lost_store();
  std::error_code error;
  return std::filesystem::exists(index_path(settings_), error);
}

fetchers::RecordIndex* Session::kept_index() {
  if (!has_index()) return nullptr;
  if (!index_tried_) open_index();
  return index_.get();
}

fetchers::RecordIndex* Session::index() {
  if (!index_tried_) {
    if (const auto opened = open_index(); !opened) warn(opened.error().message + "; going on without it");
  }
  // Other processes keep answers too.
  constexpr std::chrono::seconds filled_for{60};
  const auto now = clock_->calendar();
  if (index_ && (!index_filled_ || now - *index_filled_ > filled_for)) {
    index_filled_ = now;
    fill_index();
  }
  return index_.get();
}

void Session::fill_index() {
  constexpr std::size_t records_at_once = 1000;
  // What a group has kept is too much to be read by each of its machines.
  if (fetchers::is_postgres_url(settings_.store) || store() == nullptr) return;
  const auto stats_mark = "cache " + store_path(settings_);
  const auto mark = index_->mark(stats_mark);
  if (!mark) return;
  const fetchers::StorePosition position = store_position(*mark);
  std::vector<Record> records;
  bool failed = false;
  const auto collect = [&] {
    const auto done = failed ? tl::expected<void, fetchers::IndexError>{} : index_->collect(records);
    if (!done) {
      failed = true;
      warn(done.error().message);
    }
    records.clear();
  };
  const auto reached = store_->visit_since(position, [&](const fetchers::StoredAnswer& answer) {
    // An older version is no news of the paper.
    if (!answer.current) return;
    for (Record& record : fetchers::records_of(answer)) records.push_back(std::move(record));
    if (records.size() >= records_at_once) collect();
  });
  if (!reached || (*reached == position && records.empty())) return;
  collect();
  if (failed) return;
  if (const auto done = index_->commit(fetchers::RecordIndex::Mark{stats_mark, text_of(*reached)}); !done) {
    warn(done.error().message);
  }
}

void Session::keep_answers() {
  if (papers_) papers_->keep();
}

bool Session::has_lost_store() const {
  return store_tried_ && fetchers::is_postgres_url(settings_.store) && (!store_ || store_->is_lost());
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
    std::call_once(store_opening_, [this] { store_opened_ = opened_store(settings_, warn_); });
    auto opened = store_opened_ ? *std::move(store_opened_) : opened_store(settings_, warn_);
    store_opened_.reset();
    if (!opened && store_counts_ != nullptr) ++store_counts_->errors;
    if (!opened) return tl::unexpected(opened.error());
    if (store_counts_ != nullptr)
      opened = std::make_unique<fetchers::CountedStore>(std::move(*opened), *store_counts_);
    store_ = std::make_unique<fetchers::WriteBehindStore>(std::move(*opened), warn_);
  }
  return store_.get();
}

}  // namespace bibsmith::plugin
