#include <string>

#include <nlohmann/json.hpp>

#include "tests/plugin/cli_program.hpp"
#include "tests/source_emulator/politeness.hpp"
#include "tests/source_emulator/source_emulator.hpp"
#include "tests/support/catch.hpp"

using bibsmith::emulator::SourceEmulator;
using bibsmith::testing::broken_rules;
using bibsmith::testing::CliProgram;
using bibsmith::testing::Run;
using bibsmith::testing::write_file;
using nlohmann::json;

namespace {

// The command line with all sources of papers on this machine.
struct World {
  CliProgram program;
  SourceEmulator sources{
      {.records = {"data/invented_works.jsonl"}, .interval = std::chrono::milliseconds(20)}};

  explicit World(std::vector<std::string> faults,
                 std::chrono::milliseconds interval = std::chrono::milliseconds(20))
      : program(std::move(faults), interval) {
    program.environment()["BIBSMITH_CONTACT"] = "tests@example.org";
    program.environment()["BIBSMITH_OAI_URL"] = program.arxiv().oai_url();
    program.environment()["BIBSMITH_DATACITE_URL"] = sources.datacite_url();
    const std::string config = program.path("config.toml");
    write_file(config, "[arxiv]\npatience_s = 0\n");
  }

  Run run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--config", program.path("config.toml")});
    return program.run(std::move(arguments));
  }
};

}  // namespace

TEST_CASE("get has the same entry from Atom and from OAI-PMH") {
  World atom({});
  World oai({"429:on=atom"}, std::chrono::milliseconds(100));  // its pace is judged
  const Run first = atom.run({"get", "1412.6980", "hep-th/9711200"});
  const Run second = oai.run({"get", "1412.6980", "hep-th/9711200"});
  CHECK(first.status == 0);
  CHECK(second.status == 0);
  CHECK(second.err.empty());
  CHECK(second.out == first.out);
  CHECK(broken_rules(oai.program.arxiv().report()) == std::vector<std::string>{});
}

TEST_CASE("get --json names the source of each entry") {
  World world({"429:on=atom", "503:on=oai@3-"});
  const Run run = world.run({"get", "--json", "1810.04805", "1412.6980", "1207.7214"});
  CHECK(run.status == 3);
  const json out = json::parse(run.out);
  REQUIRE(out["entries"].size() == 2);
  CHECK(out["entries"][0]["source"] == "arxiv-oai");
  CHECK(out["entries"][0]["record"]["version"].is_null());
  CHECK(out["entries"][1]["source"] == "datacite");
  CHECK(out["entries"][1]["record"]["version"] == 9);
  CHECK(out["not_found"].empty());
  REQUIRE(out["could_not_ask"].size() == 1);
  const json& failure = out["could_not_ask"][0];
  CHECK(failure["id"] == "1207.7214");
  CHECK(failure["code"] == "rate_limited");
  REQUIRE(failure["sources"].size() == 3);
  CHECK(failure["sources"][0]["source"] == "arxiv-atom");
  CHECK(failure["sources"][0]["retry_after_s"] == 30);
  CHECK(failure["sources"][1]["source"] == "arxiv-oai");
  CHECK(failure["sources"][2]["message"] == "has no such paper, but it does not have all of them");
  CHECK(run.err.find("bibsmith: 1207.7214: could not ask arXiv: arxiv-atom: 127.0.0.1") != std::string::npos);
}

TEST_CASE("get: no such paper on the word of OAI-PMH") {
  World world({"429:on=atom"});
  const Run run = world.run({"get", "2411.99999"});
  CHECK(run.status == 1);
  CHECK(run.err == "bibsmith: 2411.99999: arXiv has no such paper\n");
}
