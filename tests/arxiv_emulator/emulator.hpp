#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/arxiv_emulator/archive.hpp"
#include "tests/arxiv_emulator/conduct.hpp"
#include "tests/arxiv_emulator/fault.hpp"

namespace bibsmith::emulator {

struct EmulatorOptions {
  std::vector<std::string> records = {};     // JSON-lines files
  std::vector<StoredPaper> papers = {};      // added to those of the files
  std::chrono::milliseconds interval{3000};  // between requests: the rule to judge by
  std::vector<std::string> faults = {};      // specifications, see README.md
  Engine engine = Engine::current;
  int port = 0;  // 0: a free one
  std::size_t oai_records_per_page = 2500;
  std::size_t oai_headers_per_page = 20'000;
  std::optional<std::chrono::sys_seconds> now = std::nullopt;  // fixed, for tests
  std::function<void(std::string_view)> log = {};  // one line a request; called from several threads
};

// arXiv on 127.0.0.1: listens from the constructor to the destructor, in threads of its own.
//
//   Emulator emulator({.records = {"data/sample_papers.jsonl"}, .interval = 50ms});
//   REQUIRE(emulator.problem() == "");
//   … emulator.atom_url() …
//   CHECK(emulator.report().is_polite());
class Emulator {
 public:
  explicit Emulator(EmulatorOptions options);
  ~Emulator();
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  // Why it does not listen, one line; empty if all is well.
  const std::string& problem() const;

  int port() const;
  std::string url() const;         // "http://127.0.0.1:40123"
  std::string atom_url() const;    // …/api/query
  std::string oai_url() const;     // …/oai
  std::string bibtex_url() const;  // …/bibtex; "/<id>" follows
  std::string abs_url() const;     // …/abs; "/<id>" follows

  // Replaces all faults; requests are counted from 1 again. The error is that of parse_fault().
  tl::expected<void, std::string> set_faults(const std::vector<std::string>& specifications);

  ConductReport report() const;
  void forget();  // starts the report afresh

 private:
  class Service;
  std::unique_ptr<Service> service_;
};

}  // namespace bibsmith::emulator
