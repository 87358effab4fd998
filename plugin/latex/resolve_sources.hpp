#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "plugin/latex/cited_sources.hpp"
#include "plugin/session/resolve.hpp"

namespace bibsmith::plugin {

struct ResolveSourcesRequest {
  std::vector<std::string> sources;
  std::vector<std::string> bibliography_folders;  // of BIBINPUTS
  std::string to;                                 // empty: see bibliography_to_fill()
  RequestKeys request_keys = RequestKeys::kept;
  std::string map;
  std::string lock;
  bool is_locked = false;
  bool by_title = false;  // keys of title words ask for papers too
};

struct ResolveSourcesAnswer {
  CitedSources read;
  std::string to;
  ResolveAnswer resolved;
};

// The bibliography that new entries go to if none is named: "auto.bib" where the sources name it, else the
// only one that they name. Empty: neither. One outside of the folders of the sources is never chosen.
std::string bibliography_to_fill(const CitedSources& read);

// Reads the sources and resolves what they cite. Where no request key is cited no bibliography is read.
tl::expected<ResolveSourcesAnswer, FileError> resolve_sources(Session& session,
                                                              const ResolveSourcesRequest& request,
                                                              std::stop_token stop = {},
                                                              const FetchProgress& progress = {});

}  // namespace bibsmith::plugin
