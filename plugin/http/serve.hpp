#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "plugin/http/http_server.hpp"
#include "plugin/session/settings.hpp"

namespace bibsmith::plugin {

// What `bibsmith serve` listens on; several at once, or standard input alone.
struct ServeOptions {
  std::optional<std::string> socket;  // empty: socket_path()
  std::optional<HttpOptions> http;
  bool cayw = false;                   // with http: editors may pick citations
  std::vector<std::string> libraries;  // .bib files to pick from, and to show on the pages
  // With http, for a group: the file with its tokens (read_tokens()). Requests that were begun are answered
  // before it ends, for ten seconds at most.
  std::string tokens_file;
  ServiceWatch::WriteLine log = {};  // with tokens_file: everything that is told goes there, as JSON
};

// Where news for people go: what is listened on, and warnings. Called by any thread, one at a time.
using Tell = std::function<void(const std::string& line)>;

// Serves until `stop` is requested, or standard input ends where that is the one way in. Returns what could
// not be opened; empty: all went well.
std::string serve(const Settings& settings, const Environment& environment, const ServeOptions& options,
                  const Tell& tell, const std::stop_token& stop);

}  // namespace bibsmith::plugin
