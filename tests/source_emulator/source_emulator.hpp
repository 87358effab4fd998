#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "tests/arxiv_emulator/conduct.hpp"
#include "tests/arxiv_emulator/fault.hpp"
#include "tests/source_emulator/endpoints.hpp"

namespace bibsmith::emulator {

struct SourceEmulatorOptions {
  std::vector<std::string> records = {};     // JSON-lines files, see load_works()
  Works works = {};                          // added to those of the files
  std::chrono::milliseconds interval{1000};  // between two requests to one source: the rule to judge by
  std::vector<std::string> faults = {};      // as of the arXiv emulator; endpoints: crossref, datacite, dblp,
                                             // openalex
};

// Crossref, DataCite, DBLP and OpenAlex on 127.0.0.1, from the constructor to the destructor. Each is judged
// for itself; connections are counted for all, as one client has one.
class SourceEmulator {
 public:
  explicit SourceEmulator(SourceEmulatorOptions options);
  ~SourceEmulator();
  SourceEmulator(const SourceEmulator&) = delete;
  SourceEmulator& operator=(const SourceEmulator&) = delete;

  // Why it does not listen, one line; empty if all is well.
  const std::string& problem() const;

  std::string crossref_url() const;  // a base: "/works/…" follows
  std::string datacite_url() const;  // "/dois/…" follows
  std::string dblp_url() const;      // "/search/publ/api" follows
  std::string openalex_url() const;  // "/works…" follows

  // Replaces all faults; requests are counted from 1 again.
  tl::expected<void, std::string> set_faults(const std::vector<std::string>& specifications);

  // "crossref", "datacite", "dblp" or "openalex".
  ConductReport report(const std::string& source) const;
  std::size_t requests() const;  // to all

 private:
  class Service;
  std::unique_ptr<Service> service_;
};

}  // namespace bibsmith::emulator
