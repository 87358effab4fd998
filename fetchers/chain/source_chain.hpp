#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "fetchers/record/fetcher.hpp"

namespace bibsmith::fetchers {

// One road to arXiv's papers.
struct PaperSource {
  std::string name;  // as in Origin: "arxiv-atom"
  Fetcher* fetcher = nullptr;
  // It knows every paper of arXiv: its "not found" is proof.
  bool knows_all = false;
  // What it takes in one run; more are left to the sources after it.
  std::size_t ids_max = SIZE_MAX;
  // How long a request may wait for a server that asked for a pause; may be empty.
  std::function<void(std::chrono::seconds)> set_patience;
};

// Several sources of arXiv's papers, tried in order: each is asked once for what those before it could not be
// asked for (nor, where they do not know every paper, did not have).
//
// A source that refuses, or is in its cool-down, is not waited for: the next one is asked. Only when
// that was the last road does the chain wait, up to `patience`, for the source that is ready first, and asks
// it once more. A paper is not found only if a source that knows every paper said so. What no source could be
// asked for is a failure with the reason of each; its code is that of the first source. The sources
// outlive it. [one thread at a time]
class SourceChain final : public Fetcher {
 public:
  SourceChain(std::vector<PaperSource> sources, std::chrono::seconds patience);

  FetchResult fetch(std::span<const ArxivId> ids, std::stop_token stop = {},
                    const FetchProgress& progress = {}) override;

  // From the next fetch() on; see the constructor.
  void set_patience(std::chrono::seconds patience) { patience_ = patience; }

 private:
  std::vector<PaperSource> sources_;
  std::chrono::seconds patience_;
};

}  // namespace bibsmith::fetchers
