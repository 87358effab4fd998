// Published works from Crossref, DataCite and DBLP, over sockets.

#include <string>
#include <vector>

#include "tests/source_emulator/session_world.hpp"

using namespace bibsmith;
using bibsmith::testing::broken_rules;
using bibsmith::testing::SessionWorld;

namespace {

std::vector<Doi> dois(const std::vector<std::string>& texts) {
  std::vector<Doi> out;
  for (const std::string& text : texts) out.push_back(*Doi::parse(text));
  return out;
}

// "doi@source|" of what came, "-doi|" for not found, "!doi:code|" for could not ask.
std::string fetch(plugin::Session& session, const std::vector<std::string>& texts) {
  const DoiResult result = session.works().fetch(dois(texts));
  std::string out;
  for (const auto& found : result.found) {
    out += found.doi.str() + '@' + found.record.origins.front().source + '|';
  }
  for (const auto& missing : result.not_found) out += '-' + missing.doi.str() + '|';
  for (const auto& failure : result.failures) {
    out += '!' + failure.doi.str() + ':' + std::string(name_of(failure.errors.at(0).error.code)) + '|';
  }
  return out;
}

}  // namespace

TEST_CASE("works come from the registry that has them, in as few requests as can be") {
  SessionWorld world;
  CHECK(fetch(*world.session(), {"10.5555/jit.76.013009", "10.5281/zenodo.42", "10.5555/elsewhere.1",
                                 "10.5555/none", "10.5555/978-0-00-000000-2_3", "10.5555/with,comma"}) ==
        "10.5555/jit.76.013009@crossref|10.5281/zenodo.42@datacite|10.5555/elsewhere.1@datacite|"
        "10.5555/978-0-00-000000-2_3@crossref|10.5555/with,comma@crossref|-10.5555/none|");
  const auto crossref = world.sources.report("crossref");
  CHECK(crossref.requests == 2);  // the comma travels alone
  CHECK(crossref.batch_max == 4);
  CHECK(broken_rules(crossref) == std::vector<std::string>{});
  const auto datacite = world.sources.report("datacite");
  CHECK(datacite.requests == 2);  // its own prefix, then what Crossref does not have
  CHECK(broken_rules(datacite) == std::vector<std::string>{});

  CHECK(fetch(*world.session(), {"10.5555/none", "10.5555/elsewhere.1", "10.5555/JIT.76.013009"}) ==
        "10.5555/elsewhere.1@datacite|10.5555/JIT.76.013009@crossref|-10.5555/none|");
  CHECK(world.sources.requests() == 4);
}

TEST_CASE("a work of Crossref reads the same from the answer and from the cache") {
  SessionWorld world;
  for (int round = 0; round < 2; ++round) {
    const DoiResult result =
        world.session()->works().fetch(dois({"10.5555/jit.76.013009", "10.5555/retracted.1"}));
    REQUIRE(result.found.size() == 2);
    const Record& record = result.found[0].record;
    CHECK(record.title == "On the K+ of Invented Things");
    CHECK(record.authors.at(1) ==
          Author{.name = "B. Sample Jr", .family = "Sample", .given = "B.", .suffix = "Jr"});
    CHECK(record.arxiv_id->str() == "0704.0001");
    CHECK(record.publication->eid == "013009");
    CHECK(record.publication->date == Date{2007, 7});
    CHECK(record.origins.front().url ==
          world.sources.crossref_url() + "/works/10.5555/jit.76.013009?mailto=tests@example.org");
    CHECK(result.found[1].record.withdrawn);
  }
  CHECK(world.sources.requests() == 1);
}

TEST_CASE("faults of registries prove nothing, and are not remembered") {
  SessionWorld world;
  for (const std::string kind : {"cut", "reset", "empty", "bad-xml", "html", "429", "503:retry-after=9"}) {
    INFO(kind);
    REQUIRE(world.sources.set_faults({kind}));
    const DoiResult result = world.session()->works().fetch(dois({"10.5555/jit.76.013009"}));
    CHECK(result.found.empty());
    CHECK(result.not_found.empty());
    REQUIRE(result.failures.size() == 1);
    CHECK(result.failures[0].errors.size() == 2);  // Crossref, then DataCite
    world.forget_pauses();
  }
  // DataCite has no such work, so nothing there can be exchanged: it is Crossref that proves nothing.
  REQUIRE(world.sources.set_faults({"other-paper"}));
  CHECK(fetch(*world.session(), {"10.5555/jit.76.013009"}) == "!10.5555/jit.76.013009:bad_response|");
  REQUIRE(world.sources.set_faults({}));
  CHECK(fetch(*world.session(), {"10.5555/jit.76.013009"}) == "10.5555/jit.76.013009@crossref|");
}

TEST_CASE("works without authors are works") {
  SessionWorld world;
  REQUIRE(world.sources.set_faults({"no-authors"}));
  const DoiResult result = world.session()->works().fetch(dois({"10.5555/jit.76.013009"}));
  REQUIRE(result.found.size() == 1);
  CHECK(result.found[0].record.authors.empty());
}

TEST_CASE("half of an answer: what is left out is looked for elsewhere") {
  SessionWorld world;
  REQUIRE(world.sources.set_faults({"missing:on=crossref"}));
  CHECK(fetch(*world.session(), {"10.5555/jit.76.013009", "10.5555/retracted.1"}) ==
        "10.5555/retracted.1@crossref|-10.5555/jit.76.013009|");
}

TEST_CASE("DBLP finds a work by its title, and its preprint") {
  SessionWorld world;
  for (int round = 0; round < 2; ++round) {
    const auto found = world.session()->works().find({"Attention to Invented Things", "Example"});
    REQUIRE(found);
    REQUIRE(found->size() == 2);
    CHECK(found->at(0).title == "Attention to Invented Things");
    CHECK(found->at(0).authors.at(0).name == "Ada Example");
    CHECK(found->at(0).publication->type == PublicationType::inproceedings);
    CHECK(found->at(1).publication->type == PublicationType::preprint);
    CHECK(found->at(1).arxiv_id->str() == "1901.00001");
  }
  CHECK(world.session()->works().find({"No such title", ""}).value().empty());
  const auto report = world.sources.report("dblp");
  CHECK(report.requests == 2);
  CHECK(broken_rules(report) == std::vector<std::string>{});

  REQUIRE(world.sources.set_faults({"429:retry-after=5"}));
  const auto refused = world.session()->works().find({"Things and Their Nets", "Model"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().retry_after == std::chrono::seconds(5));
}
