#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "fetchers/arxiv/arxiv_fetcher.hpp"
#include "fetchers/cache/store.hpp"
#include "fetchers/chain/cached_fetcher.hpp"
#include "fetchers/chain/work_chain.hpp"
#include "fetchers/http/clock.hpp"
#include "fetchers/http/transport.hpp"
#include "fetchers/index/record_index.hpp"
#include "fetchers/record/shared_pace.hpp"
#include "plugin/extend/plugins.hpp"
#include "plugin/session/file_change.hpp"
#include "plugin/session/settings.hpp"

namespace bibsmith::fetchers {
struct StoreCounts;
}

namespace bibsmith::plugin {

class Network;

// What the verbs (cite, add, search, …) share: settings, the clock, the cache and the road to arXiv. Nothing
// is opened before it is needed: an answer from the cache never touches the network. One thread at a time;
// two Sessions share the rate limit and the cache through their files.
class Session {
 public:
  // `settings` are finished (finish_settings). `transport` stands in for the network in tests; null: libcurl,
  // at the pace that arXiv asks for.
  Session(Settings settings, Warn warn, std::unique_ptr<fetchers::Transport> transport = nullptr);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const Settings& settings() const { return settings_; }
  fetchers::Clock& clock() { return *clock_; }
  void warn(std::string_view line) const;
  // For changes of files. Valid as long as the Session.
  ChangeContext change_context(std::stop_token stop = {});

  // arXiv's papers: the cache, then Atom, OAI-PMH and DataCite.
  Fetcher& papers();
  // Who hears of each record while papers().fetch() goes on (CachedFetcher::on_arrival); empty: nobody.
  void on_paper(std::function<void(const RecordPointer&)> arrived);
  // Published works by DOI and by title: the cache, then Crossref, DataCite and DBLP.
  fetchers::WorkChain& works();
  // Somebody will be asked, most likely: what the network needs is loaded beside the caller, once, and the
  // cache opened.
  void expect_requests();
  // From now on no source is waited for that asks for a pause: who has many questions goes on with the next.
  void hurry();
  // Somebody's build waits: papers are asked for once, shortly, and after a failure not again for a minute,
  // by no build of this machine. Before the network is used.
  void for_build() { in_build_ = true; }
  // Whether the settings let the source of that name (as in Origin) be asked. Offline forbids nothing here:
  // the cache answers.
  bool may_ask(std::string_view source) const;
  // nullptr: offline.
  fetchers::ArxivFetcher* arxiv();
  // What arxiv() brought on its own (a search) goes into the cache now.
  void keep_answers();

  // OAI-PMH for a harvest, with all the patience that the settings have. nullptr: offline.
  fetchers::Transport* harvest_transport();

  // The local index, opened on first use, with all that the cache holds; nullptr: it cannot be used, and the
  // user was told why.
  fetchers::RecordIndex* index();
  // The same, with the reason, and without what the cache has.
  tl::expected<fetchers::RecordIndex*, fetchers::IndexError> open_index();
  // What the index holds already; nullptr: there is none, and none is made.
  fetchers::RecordIndex* kept_index();

  // What the user's plugins can do. Looked for on first use.
  Plugins& plugins();
  // Answers a request of a plugin: at the pace of its server, which all programs share.
  tl::expected<fetchers::HttpResponse, FetchError> send_for_plugin(const PluginRequest& request,
                                                                   const std::stop_token& stop);

  // The cache, opened on first use; nullptr: it cannot be used, and the user was told why.
  fetchers::Store* store();
  // The same, with the reason.
  tl::expected<fetchers::Store*, fetchers::StoreError> open_store();
  // From now on, and before the store is opened: `counts` hears of what is found in it. It outlives this.
  void count_store(fetchers::StoreCounts& counts) { store_counts_ = &counts; }
  // A group's store that could not be opened, or was given up: this Session goes on without it for good.
  bool has_lost_store() const;

 private:
  // nullptr: offline.
  Network* network();
  bool has_index() const;
  // What the cache has kept since the index was last filled from it.
  void fill_index();

  Settings settings_;
  Warn warn_;
  std::unique_ptr<fetchers::Clock> clock_;
  std::unique_ptr<fetchers::Transport> given_transport_;
  std::unique_ptr<SharedPace> pace_;  // of a group; nullptr: none
  using OpenedStore = tl::expected<std::unique_ptr<fetchers::Store>, fetchers::StoreError>;
  std::once_flag store_opening_;  // of the first opening, by whoever comes first
  std::optional<OpenedStore> store_opened_;
  std::future<void> loading_;  // uses what stands before it
  std::unique_ptr<Network> network_;
  bool in_hurry_ = false;
  bool in_build_ = false;
  std::unique_ptr<fetchers::Store> store_;
  bool store_tried_ = false;
  fetchers::StoreCounts* store_counts_ = nullptr;
  std::unique_ptr<fetchers::RecordIndex> index_;
  bool index_tried_ = false;
  // When the index was filled; none: answers came since.
  std::optional<std::chrono::sys_seconds> index_filled_;
  std::unique_ptr<Fetcher> roads_;  // nullptr: offline
  std::unique_ptr<Fetcher> roads_and_index_;
  std::unique_ptr<fetchers::CachedFetcher> papers_;
  std::unique_ptr<fetchers::WorkChain> works_;
  std::unique_ptr<Plugins> plugins_;
};

}  // namespace bibsmith::plugin
