#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plugin/session/session.hpp"
#include "tests/arxiv_emulator/emulator.hpp"
#include "tests/source_emulator/politeness.hpp"
#include "tests/source_emulator/source_emulator.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace bibsmith::testing {

// All sources on this machine, and sessions that ask them over sockets, each like a process of its own.
struct SessionWorld {
  static constexpr std::chrono::milliseconds interval{100};

  TempDir dir;
  emulator::Emulator arxiv{{.records = {"data/sample_papers.jsonl"}, .interval = interval}};
  emulator::SourceEmulator sources{{.records = {"data/invented_works.jsonl"}, .interval = interval}};
  plugin::Settings settings;
  std::vector<std::string> warnings;

  SessionWorld() {
    REQUIRE(arxiv.problem() == "");
    REQUIRE(sources.problem() == "");
    settings.arxiv_url = arxiv.atom_url();
    settings.oai_url = arxiv.oai_url();
    settings.datacite_url = sources.datacite_url();
    settings.crossref_url = sources.crossref_url();
    settings.dblp_url = sources.dblp_url();
    settings.openalex_url = sources.openalex_url();
    settings.arxiv_interval = interval;
    settings.arxiv_patience = std::chrono::seconds(0);
    settings.contact = "tests@example.org";
    settings.cache_dir = dir / "cache";
    settings.state_dir = dir / "state";
    REQUIRE(plugin::finish_settings(settings, [](const char*) { return std::nullopt; }, {}));
  }

  std::unique_ptr<plugin::Session> session() {
    return std::make_unique<plugin::Session>(settings,
                                             [this](std::string_view line) { warnings.emplace_back(line); });
  }

  // Pauses that sources asked for are over.
  void forget_pauses() { std::filesystem::remove_all(dir.path() / "state"); }
};

}  // namespace bibsmith::testing
