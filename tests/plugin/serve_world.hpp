#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "plugin/http/service_watch.hpp"
#include "plugin/rpc/session_pool.hpp"
#include "tests/support/temp_dir.hpp"

namespace bibsmith::testing {

// Sessions for a server under test, in a folder of their own: offline, or with an emulator of arXiv.
class ServeWorld {
 public:
  explicit ServeWorld(const std::string& atom_url = {}, const std::string& store = {})
      : atom_url_(atom_url),
        store_(store),
        pool_(
            [this] {
              auto session = std::make_unique<plugin::Session>(settings(), plugin::Warn{});
              session->count_store(watch_.store());
              return session;
            },
            std::chrono::milliseconds(0)) {}

  plugin::SessionPool& pool() { return pool_; }
  // Has what is told of requests in log().
  plugin::ServiceWatch& watch() { return watch_; }
  std::vector<std::string> log() const {
    const std::lock_guard lock(log_mutex_);
    return log_;
  }
  std::string path(std::string_view name) const { return dir_ / name; }

  plugin::Settings settings() const {
    plugin::Settings settings;
    settings.offline = atom_url_.empty();
    settings.arxiv_url = atom_url_;
    settings.use_oai = settings.use_datacite = settings.use_crossref = settings.use_dblp = false;
    settings.arxiv_interval = std::chrono::milliseconds(1);
    settings.contact = "tests@example.org";
    settings.store = store_;
    settings.cache_dir = settings.state_dir = dir_ / "";
    return settings;
  }

 private:
  std::string atom_url_;
  std::string store_;
  TempDir dir_;
  mutable std::mutex log_mutex_;
  std::vector<std::string> log_;
  plugin::ServiceWatch watch_{[this](const std::string& line) {
    const std::lock_guard lock(log_mutex_);
    log_.push_back(line);
  }};
  plugin::SessionPool pool_;
};

// A request for what needs no network.
inline std::string id_request(int id) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"bibsmith/id.parse","params":{"text":"arXiv:1706.03762v7"}})";
}

}  // namespace bibsmith::testing
