#pragma once

#include <memory>
#include <string>

#include "plugin/rpc/session_pool.hpp"
#include "tests/support/temp_dir.hpp"

namespace bibsmith::testing {

// Sessions for a server under test, in a folder of their own: offline, or with an emulator of arXiv.
class ServeWorld {
 public:
  explicit ServeWorld(const std::string& atom_url = {})
      : atom_url_(atom_url),
        pool_([this] { return std::make_unique<plugin::Session>(settings(), plugin::Warn{}); }) {}

  plugin::SessionPool& pool() { return pool_; }
  std::string path(std::string_view name) const { return dir_ / name; }

  plugin::Settings settings() const {
    plugin::Settings settings;
    settings.offline = atom_url_.empty();
    settings.arxiv_url = atom_url_;
    settings.use_oai = settings.use_datacite = settings.use_crossref = settings.use_dblp = false;
    settings.arxiv_interval = std::chrono::milliseconds(1);
    settings.contact = "tests@example.org";
    settings.cache_dir = settings.state_dir = dir_ / "";
    return settings;
  }

 private:
  std::string atom_url_;
  TempDir dir_;
  plugin::SessionPool pool_;
};

// A request for what needs no network.
inline std::string id_request(int id) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"bibsmith/id.parse","params":{"text":"arXiv:1706.03762v7"}})";
}

}  // namespace bibsmith::testing
